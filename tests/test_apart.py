"""Is a source that costs too much left as it was, and does the build go on?"""

import sys
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from ingest import apart, gather, snapshots
from ingest.gather import Folders
from ingest.records import Reported
from tests.test_gather import SOURCE, keep, parser, read

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system counts otherwise")


@pytest.fixture
def folders(tmp_path):
    made = Folders(starter=tmp_path / "starter", snapshots=tmp_path / "snapshots", facts=tmp_path / "facts")
    for folder in (made.starter, made.snapshots, made.facts):
        folder.mkdir()
    keep(folders=made, day=1, body=b"50")
    return made


def fill(pages):
    """A parser that wants all the memory there is."""
    kept = [bytearray(50_000_000) for _ in range(10_000)]
    yield from read(pages[: len(kept)])


def spin(pages):
    """A parser that never ends."""
    while True:
        sum(range(10_000))


@pytest.mark.parametrize(("parse", "words"), [(fill, "GB of memory"), (spin, "minutes")])
def test_a_source_that_costs_too_much_says_so_and_keeps_what_it_said_before(folders, monkeypatch, parse, words):
    monkeypatch.setattr(apart, "MEMORY", 300_000_000)
    monkeypatch.setattr(apart, "SECONDS", 2)
    before = pd.DataFrame([vars(next(iter(read([page("60")]))))])
    recorded = {Reported: before} | {
        kind: pd.DataFrame(columns=c) for kind, c in gather.LISTS.items() if kind is not Reported
    }
    known = snapshot_of(folders)
    monkeypatch.setattr(gather, "read_record", lambda *_: ([known], recorded, None))
    rows, used, problem, is_fault = gather.gather_source(parser(parse), None, folders, None)
    assert rows[Reported]["score_reported"].tolist() == ["60"] and used == [known]
    assert words in problem and problem.startswith("Reading the pages of Board took more than") and not is_fault


def page(text):
    return SimpleNamespace(snapshot_id="0" * 16, text=lambda: text)


def snapshot_of(folders):
    """A snapshot that only the record knows."""
    return replace(snapshots.known(SOURCE.source_id, folders.snapshots)[0], snapshot_id="0" * 16)


def test_what_is_read_apart_is_what_is_read_here(folders):
    empty = pd.DataFrame(columns=["snapshot_id"])
    read_by = (gather.read_pages, gather.read_apart)
    here, there = (f(parser(read), folders.snapshots, None, gather.Before([], empty, empty)) for f in read_by)
    assert here == there and len(here[0][Reported]) == 1


def test_what_the_function_raises_is_raised_here_and_its_answer_comes_whole():
    with pytest.raises(ZeroDivisionError):
        apart.apart(lambda: 1 // 0)
    assert len(apart.apart(bytes, 30_000_000)) == 30_000_000
