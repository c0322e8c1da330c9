"""Are pages ready before their first visitor, at a start and for each new build, and does nothing else change?"""

import asyncio
import time
import urllib.request

import pytest

import store
from tests import browsing, lakes, tiny_store
from ui import rehearsal
from ui.kit import frame

SECONDS = 120


def runs(address: str) -> dict[str, int]:
    """How often each page was drawn, as /metrics tells it."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=60) as told:
        lines = [row.split(" ") for row in told.read().decode().splitlines() if row.startswith("benchcred_runs_total")]
    return {" ".join(row[:-1]).split('"')[1]: int(row[-1]) for row in lines}


def drawn(address: str, times: int) -> dict[str, int]:
    """The same once every page was drawn so often, or after SECONDS."""
    until = time.monotonic() + SECONDS
    while (found := runs(address)) != {label: times for label in frame.pages().values()}:
        if time.monotonic() > until:
            return found
        time.sleep(0.2)
    return found


def built(at):
    """The tiny tables of a build of that moment: in a lake a build that differs in nothing is the one that is there."""
    tables = tiny_store.tables()
    build = tables["build"]
    return tables | {"build": build.assign(value=build["value"].where(build["name"] != "built_at", at))}


def test_every_page_is_drawn_once_before_anybody_asks_and_again_for_each_new_build(tmp_path):
    place = lakes.place(tmp_path)
    with browsing.serve(place, log=tmp_path, BENCHMARK_METRICS="on") as address:
        time.sleep(rehearsal.EVERY + 1)
        assert runs(address) == {}, "without a database there is nothing to draw"
        for times in (1, 2):
            store.write(built(f"2026-11-22T06:00:0{times}Z"), place)
            assert drawn(address, times) == {label: times for label in frame.pages().values()}
        time.sleep(rehearsal.EVERY + 1)
        assert set(runs(address).values()) == {2}, "one build is drawn once"
    assert "Traceback" not in (tmp_path / "server.log").read_text(encoding="utf-8")


def test_a_server_with_a_database_takes_its_first_request_when_every_page_is_drawn(tmp_path):
    place = lakes.place(tmp_path)
    tiny_store.write(place)
    with browsing.serve(place, log=tmp_path, BENCHMARK_METRICS="on") as address:
        assert runs(address) == {label: 1 for label in frame.pages().values()}


def test_a_start_waits_for_slow_pages_no_longer_than_it_may(monkeypatch):
    ended = []

    async def slow(_: asyncio.Event) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async def serve() -> None:
        async with rehearsal.beside(None):
            assert not ended, "pages are drawn on while the server runs"

    monkeypatch.setattr(rehearsal, "START", 0.01)
    monkeypatch.setattr(rehearsal, "keep_ready", slow)
    asyncio.run(asyncio.wait_for(serve(), 60))
    assert ended == [True]


def test_a_page_that_cannot_be_drawn_ahead_ends_no_server_and_is_tried_for_the_next_build(monkeypatch, caplog):
    found, tried = iter([None, "one", "one", "two"]), []

    async def fails() -> None:
        tried.append(True)
        raise TimeoutError

    def look() -> str | None:
        told = next(found, "")
        if told == "":
            raise asyncio.CancelledError
        return told

    monkeypatch.setattr(rehearsal, "EVERY", 0.0)
    monkeypatch.setattr(rehearsal, "rehearse", fails)
    monkeypatch.setattr(rehearsal, "shown", look)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(rehearsal.keep_ready(asyncio.Event()))
    assert len(tried) == 2 == caplog.text.count("could not be drawn ahead")


def test_without_a_database_there_is_nothing_to_rehearse(tmp_path, monkeypatch):
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    assert rehearsal.shown() is None
