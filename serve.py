"""The dashboard as a service: `streamlit run serve.py`. The same pages as app.py, and what a host asks for besides.

Question  Is it well, how much does it work, and may this request pass?
Input     requests; BENCHMARK_METRICS=on opens /metrics.
Output    the data files at fixed addresses (ui/published.py) and pictures of shared links (ui/preview.py); the pages with security headers, compressed scripts and 404 for what is no page; /healthz, which fails where data cannot be read; /metrics for Prometheus; pages that are ready before their first visitor (ui/rehearsal.py).
Method    Streamlit's own ASGI application with a few routes and two layers of middleware (ui/service.py, ui/kit/door.py).
"""

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from ui import preview, published, rehearsal, service
from ui.kit import door, process

process.ask_nobody()
process.serve("data")
app = st.App(
    "app.py",
    lifespan=rehearsal.beside,
    routes=[
        Route("/healthz", service.healthz),
        Route("/metrics", service.metrics),
        *(Route(path, published.description) for path in ("/data", "/data/")),
        Route("/preview/{kind}.png", preview.picture),
        Route("/embed/{kind}", preview.embed),
        Route("/data/{file:path}", published.description_or_table),
    ],
    middleware=[Middleware(service.Guard), Middleware(door.Door, describe=preview.describe)],
)
