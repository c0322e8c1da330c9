"""The dashboard as a service: `streamlit run serve.py`. The same pages as app.py, and what a host asks for besides.

Question  Is it well, how much does it work, and may this request pass?
Input     requests; BENCHMARK_METRICS=on opens /metrics.
Output    the pages with security headers; /healthz, which fails where data cannot be read; /metrics for Prometheus.
Method    Streamlit's own ASGI application with two routes and one layer of middleware (ui/service.py).
"""

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from ui import service
from ui.kit import process

process.ask_nobody()
app = st.App(
    "app.py",
    routes=[Route("/healthz", service.healthz), Route("/metrics", service.metrics)],
    middleware=[Middleware(service.Guard)],
)
