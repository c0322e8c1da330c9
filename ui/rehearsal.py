"""Pages drawn before anybody asks for them, so that the first visitors of a server, or of a new build, wait for none.

Question  What would a first visitor wait for: packages that are imported, questions to the database, parts of pages?
Input     the running server; the database that it shows now.
Output    nothing but what any visit leaves behind (ui/kit/shelf.py).
Method    A visitor without a browser opens each page once, one after the other, without a filter: at the start, whenever
          another build is shown, and on a new day, on which parts are drawn anew. A start waits for its first round, at most
          START seconds, before the server takes a request: whoever sends visitors sees a closed port, not pages that come
          after many seconds, all of them at once. Whoever opens a page during a later round waits for the same answers, not
          for answers of their own. These runs count in /metrics like any other.
Silent    Without a database, until there is one. A page that fails here fails for its visitors too, and is told to them.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date

import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.session_manager import SessionClient

import store
from ui.kit import frame

EVERY = 3.0  # seconds between two looks for another build
PATIENCE = 120.0  # seconds for one page; a busy host is left alone after that
START = 20.0  # seconds that a start waits for its pages; less than the 30 that deploy/Dockerfile grants it


class Nobody(SessionClient):
    """A visitor without a browser, who only notes when a page is finished."""

    def __init__(self) -> None:
        """Before the first page."""
        self.is_finished = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """What a browser would draw."""
        if msg.WhichOneof("type") == "script_finished" and msg.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self.is_finished.set()

    @property
    def client_context(self) -> None:
        """No headers, no cookies, no address."""
        return None


def shown() -> tuple[store.Build, date] | None:
    """The build that pages show today; None without one."""
    try:
        return store.current(), date.today()
    except store.NoDatabase:
        return None


async def rehearse() -> None:
    """Open each page once. Raises TimeoutError where one takes longer than PATIENCE."""
    runtime, nobody = Runtime.instance(), Nobody()
    session = runtime.connect_session(nobody, {})
    try:
        for label in frame.pages().values():
            visit = BackMsg()
            visit.rerun_script.page_name = "" if label == "Home" else label.lower().replace(" ", "_")
            nobody.is_finished.clear()
            runtime.handle_backmsg(session, visit)
            async with asyncio.timeout(PATIENCE):
                await nobody.is_finished.wait()
    finally:
        runtime.close_session(session)


async def keep_ready(is_ready: asyncio.Event) -> None:
    """Rehearse now and for each build to come, for as long as the server runs; says when the first round is over."""
    rehearsed = None
    while True:
        found = await asyncio.to_thread(shown)
        if found and found != rehearsed:
            rehearsed = found
            try:
                await rehearse()
            except Exception:  # of no visitor's concern: who opens a page draws it
                logging.getLogger(__name__).exception("Pages could not be drawn ahead.")
        is_ready.set()
        await asyncio.sleep(EVERY)


@asynccontextmanager
async def beside(_: st.App) -> AsyncIterator[None]:
    """For the time that the server runs (serve.py), which begins when pages are ready."""
    is_ready = asyncio.Event()
    task = asyncio.create_task(keep_ready(is_ready))
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(START):
                await is_ready.wait()
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
