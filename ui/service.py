"""What a host and its watchers ask of the running dashboard (serve.py puts it around the pages).

Question  Can data be read right now? How much work is done, how fast, in how much memory? What may a page load?
Input     HTTP requests.
Output    /healthz: 200 and the build, or 503 and one sentence; /metrics: text as Prometheus reads it; headers.
Method    Health is a query, not a sign of life: Streamlit's own /_stcore/health says 200 while every page shows an error.
          The policy of the headers lets a page load nothing from elsewhere, whatever stands in the data.
Silent    /metrics and Streamlit's own statistics answer 404 unless BENCHMARK_METRICS is "on".
"""

import os
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import store
from ui.kit import process

if sys.platform != "win32":
    import resource

    def peak_memory() -> int:
        """The most bytes that this process has held."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

else:

    def peak_memory() -> int:
        """Not told there."""
        return 0


SWITCH = "BENCHMARK_METRICS"  # "on" shows numbers about the process to whoever asks
NUMBERS = ("/metrics", "/_stcore/metrics")
READ_FOR_HEALTH = ("evaluation", "finding", "models")  # of which one row each must come; joins would cost half a second
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss: data: blob:; worker-src 'self' blob:; "
    "frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
EMBEDS = "/embed/"  # charts that may stand in frames of other sites
FRAMES = ("Content-Security-Policy", "X-Frame-Options", "Cross-Origin-Opener-Policy")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@lru_cache(maxsize=2)
def opened(path: store.Build) -> store.Connection:
    """A connection of its own: pages keep theirs in ui/kit/data.py, whose caches want a running Streamlit."""
    return store.connect(path)


def facts() -> dict[str, str]:
    """Table `build` of the database that pages show. Raises store.NoDatabase with one sentence."""
    return store.read(opened(store.current()), "build").set_index("name")["value"].to_dict()


def look() -> dict[str, str]:
    """The build that pages show, once something was read from it. Raises store.NoDatabase with one sentence."""
    try:
        about = look_at(store.current())
    except store.Unreadable:  # a connection whose lake went away stays broken: see ui/kit/data.py
        opened.cache_clear()
        about = look_at(store.current())
    return {"status": "ok", "asof": about["asof"], "built_at": about.get("built_at", "")}


def look_at(path: store.Build) -> dict[str, str]:
    """Table `build` of a database of which every table for health gave a row."""
    for view in READ_FOR_HEALTH:
        if store.read(opened(path), view, limit=1).empty:
            raise store.NoDatabase(f"The database has no {view}.")
    return facts()


async def healthz(request: Request) -> Response:
    """200 with the build that is shown, 503 with one sentence where none can be read."""
    try:
        return JSONResponse(await run_in_threadpool(look), headers={"Cache-Control": "no-store"})
    except store.NoDatabase as problem:
        return JSONResponse({"status": "no data", "problem": str(problem)}, 503, {"Cache-Control": "no-store"})


def numbers() -> str:
    """Requests, runs of pages, memory and the age of the build, in Prometheus' text format."""
    told = process.lines()
    told += ["# TYPE benchcred_memory_peak_bytes gauge", f"benchcred_memory_peak_bytes {peak_memory()}"]
    try:
        made = datetime.fromisoformat(facts()["built_at"]).replace(tzinfo=UTC)
    except (store.NoDatabase, KeyError, ValueError):
        return "\n".join(told) + "\n"
    told += [
        "# TYPE benchcred_build_age_seconds gauge",
        f"benchcred_build_age_seconds {time.time() - made.timestamp():.0f}",
    ]
    return "\n".join(told) + "\n"


async def metrics(request: Request) -> Response:
    """The numbers; whether somebody may see them is asked by Guard."""
    return PlainTextResponse(await run_in_threadpool(numbers), media_type="text/plain; version=0.0.4")


class Guard:
    """Middleware: headers on every answer, requests counted, numbers about the process only where they are wanted."""

    def __init__(self, app: ASGIApp) -> None:
        """Around the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                process.add("benchcred_requests_total", f'status="{message["status"]}"')
                own = list(message.get("headers", ()))
                # A chart for other sites brings a policy of its own, under which it may stand in their frames.
                is_framed = scope["path"].startswith(EMBEDS) and any(k == b"content-security-policy" for k, _ in own)
                told = {k: v for k, v in HEADERS.items() if not is_framed or k not in FRAMES}
                message["headers"] = [*own, *((k.encode(), v.encode()) for k, v in told.items())]
            await send(message)

        is_hidden = scope["path"] in NUMBERS and os.environ.get(SWITCH, "") != "on"
        await (PlainTextResponse("Not found", 404) if is_hidden else self.app)(scope, receive, with_headers)
