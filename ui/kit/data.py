"""Cached queries: every frame that a page draws comes through here, and through here only from store.

Question  What does the page need to know?
Input     the path of a database file, which is part of every cache key: a new build is a new path, so nothing goes
          stale.
Output    frames with the columns asked for; small frozen facts about the build.
Method    A few columns at a time: the widest view over 85,000 scores would not fit beside three sessions in a small
          host.
Silent    Raises store.NoDatabase with one sentence; ui/kit/frame.py shows it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import pandas as pd
import streamlit as st

import store
from reading import claims
from reading.exports import COUNTED, CURRENT, HEADLINE, VERDICTS, csv_bytes
from store import Where
from ui.kit import shelf
from ui.kit.shelf import remembered

__all__ = ["COUNTED", "CURRENT", "HEADLINE", "VERDICTS", "Where"]  # pages reach these through here, never store itself
METHOD = Path(__file__).parents[2] / "data" / "method"  # committed tables that `python -m bench` writes
P = ParamSpec("P")
T = TypeVar("T")
SAMPLE = 400  # rows by which the size of a file is judged
PIECE = 8_000  # rows of a file that are read at a time, about 20 MB


@dataclass(frozen=True)
class Build:
    """One database file: where it is, the day its data describe, and the moment it was made (UTC, as text).

    gone   the day that was asked for, where its build is no longer kept and this one stands in for it
    """

    path: str
    asof: date
    built_at: str
    is_newest: bool
    gone: date | None = None


@lru_cache(maxsize=shelf.BUILDS)
def connection(path: str) -> store.Connection:
    """One read-only connection per database file, for all visitors.

    Never closed by hand: a page may be reading through it when it is forgotten here, and DuckDB closes a file when its
    last reader lets go. As few as builds whose answers are kept: one of a lake takes 15 MB.
    """
    return store.connect(path)


def ask(path: str, question: Callable[[store.Connection], T]) -> T:
    """What a question to a database gives; asked once more of a fresh connection where this one has failed.

    DuckDB gives up a whole connection when the catalog of a lake goes away under a query: kept, it would fail for everybody.
    """
    try:
        return question(connection(path))
    except store.Unreadable:
        connection.cache_clear()
        return question(connection(path))


def in_one_sentence(function: Callable[P, T]) -> Callable[P, T]:
    """The function, for pages: where the open database cannot give what is asked, the page says so and ends there."""

    @wraps(function)
    def asked(*args: P.args, **options: P.kwargs) -> T:
        try:
            return function(*args, **options)
        except store.NoDatabase as problem:
            st.warning(str(problem), icon="🗄️")
            st.stop()

    return asked


@in_one_sentence
@remembered
def read(
    path: str,
    view: str,
    select: tuple[str, ...] | None = None,
    where: tuple[Where, ...] = (),
    order: tuple[str, ...] = (),
    limit: int | None = None,
) -> pd.DataFrame:
    """Rows of a view, as in store.read."""
    return ask(path, lambda data: store.read(data, view, select, where, order, limit))


@in_one_sentence
@remembered
def count(path: str, view: str, by: tuple[str, ...] = (), where: tuple[Where, ...] = ()) -> pd.DataFrame:
    """Rows of a view per combination of the columns `by`, as in store.count."""
    return ask(path, lambda data: store.count(data, view, by, where))


def how_many(path: str, view: str, where: tuple[Where, ...] = ()) -> int:
    """Number of rows of a view."""
    return int(count(path, view, (), where)["n"].iloc[0])


@remembered
def columns(path: str, view: str) -> list[str]:
    """Column names of a view."""
    return ask(path, lambda data: store.describe(data, view))


def facts(path: str) -> dict[str, str]:
    """Table `build` as a dictionary."""

    def asked() -> dict[str, str]:
        frame = ask(path, lambda data: store.read(data, "build"))
        return dict(zip(frame["name"], frame["value"], strict=True))

    # Of no build: a look through all days must not push out what is kept of the day that everybody reads.
    told: dict[str, str] = shelf.shelf.ask(("facts", path), asked)
    return told


def has(path: str, view: str, *names: str) -> bool:
    """Whether the build has this view or table with these columns; a build from before a column was added lacks it."""
    try:
        return set(names) <= set(columns(path, view))
    except (KeyError, store.Unreadable):
        return False


@remembered
def written(path: Path, stamp: int) -> pd.DataFrame:
    """A CSV file as a frame; `stamp` is its time of change, so that a new file is read anew."""
    return pd.read_csv(path)


def method_stamp(name: str) -> int:
    """Time of change of a committed table, 0 when there is none: parts that are drawn once are drawn anew with it."""
    path = METHOD / f"{name}.csv"
    return path.stat().st_mtime_ns if path.exists() else 0


def method_table(name: str) -> pd.DataFrame | None:
    """The committed table data/method/<name>.csv, None when there is none or nothing stands in it."""
    path = METHOD / f"{name}.csv"
    try:
        frame = written(path, path.stat().st_mtime_ns)
    except (FileNotFoundError, pd.errors.EmptyDataError):
        return None
    return None if frame.empty else frame


def build(asof: date | None = None) -> Build:
    """The newest build, or the newest one whose data describe the day `asof`; where that is no longer kept, the newest
    one again, with that day in `gone`.

    Raises store.NoDatabase when there is none.
    """
    newest = store.current()
    others = [path for path in store.kept() if path != newest] if asof else []
    for path in [newest, *others]:
        try:
            found = described(path, path == newest)
        except store.NoDatabase:  # damaged, or of another version of the code
            continue
        if asof in (None, found.asof):
            return found
    return replace(described(newest, True), gone=asof)


def described(path: store.Build, is_newest: bool) -> Build:
    """One database file with the day that its data describe."""
    known = facts(str(path))
    return Build(str(path), date.fromisoformat(known["asof"][:10]), known.get("built_at", ""), is_newest)


def whole(path: str, view: str, where: tuple[Where, ...]) -> Iterator[pd.DataFrame]:
    """All columns of the rows that match, in pieces of whole benchmarks.

    The wide rows of a large file never sit in memory all at once, and few pieces keep the number of queries small.
    """
    counts = count(path, view, ("benchmark_id",), where)
    piece = counts["n"].cumsum() // PIECE
    for _, some in counts.groupby(piece):
        chosen = Where("benchmark_id", "in", tuple(some["benchmark_id"]))
        yield ask(path, lambda data, found=(*where, chosen): store.read(data, view, None, found, ("benchmark_id",)))  # type: ignore[misc]


@in_one_sentence
@remembered
def file_size(path: str, view: str, where: tuple[Where, ...]) -> tuple[int, int]:
    """Rows of a whole file, and its megabytes as its first SAMPLE rows let expect."""
    n_rows = how_many(path, view, where)
    some = ask(path, lambda data: store.read(data, view, None, where, limit=SAMPLE))
    return n_rows, round(len(csv_bytes(some, header=False)) / max(len(some), 1) * n_rows / 1e6)


@remembered
def fitted(path: str) -> pd.DataFrame:
    """Groups that a number can be held against, the largest first: group_id, benchmark_id, setting, tier, n_rows ...;
    without the parameters.
    """
    return (
        ask(path, lambda data: claims.fits(data, [])).drop(columns="parameters").sort_values("n_rows", ascending=False)
    )


@in_one_sentence
def held(path: str, rows: pd.DataFrame) -> dict:
    """What the build holds about the rows of a table of a few rows, as in claims.held."""
    return held_on(path, rows, date.today())


@remembered
def held_on(path: str, rows: pd.DataFrame, today: date) -> dict:
    """The same, which changes with the day."""
    return ask(path, lambda data: claims.held(data, rows)) | {"today": today}
