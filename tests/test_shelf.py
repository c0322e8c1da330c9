"""Answers that are kept: found again, shared without harm, bounded by bytes, asked for once at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pandas as pd
import pytest

import store
from store import Where
from tests import lakes, tiny_store
from ui.kit import data, shelf


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(shelf, "shelf", shelf.Shelf(limit=400_000))


def frame(n):
    return pd.DataFrame({"x": range(n), "name": ["a long name"] * n})


def test_an_answer_is_worked_out_once_and_a_reader_cannot_change_it():
    asked = []

    @shelf.remembered
    def ask(path, where):
        asked.append(path)
        return frame(10)

    first = ask("a", (Where("x", "in", [1, 2]),))
    first.loc[0, "x"] = 99
    first["more"] = 1
    pd.testing.assert_frame_equal(ask("a", (Where("x", "in", (1, 2)),)), frame(10))
    assert len(asked) == 1
    ask("a", (Where("x", "in", (1, 3)),))
    ask("b", (Where("x", "in", (1, 2)),))
    assert len(asked) == 3


def test_frames_inside_an_answer_are_shared_without_harm_too():
    ask = shelf.remembered(lambda path: {"rows": frame(3), "day": 1})
    rows = ask("a")["rows"]
    rows["x"] = 7
    pd.testing.assert_frame_equal(ask("a")["rows"], frame(3))


def test_the_shelf_holds_so_many_bytes_and_lets_go_of_what_nobody_asks_for():
    ask = shelf.remembered(lambda path, n: frame(1000))
    for n in range(100):
        ask("a", n)
        ask("a", 0)
    kept = shelf.shelf
    assert kept.n_bytes == sum(size for _, size, _ in kept.kept.values()) <= kept.limit
    assert 1 < len(kept.kept) < 30
    assert any(key[2] == ("a", 0) for key in kept.kept)


def test_all_answers_of_a_build_go_when_as_many_others_were_asked_since():
    asked = []
    ask = shelf.remembered(lambda path, n: asked.append(path) or n)
    for build in ("a", "b", "c"):
        ask(build, 1)
    ask("a", 1)
    ask("d", 1)  # "b" is now the one that was left alone for longest
    assert asked == ["a", "b", "c", "d"]
    for build in ("a", "c", "d"):
        ask(build, 1)
    assert asked == ["a", "b", "c", "d"]
    assert len(shelf.shelf.kept) == len(shelf.shelf.builds) == shelf.BUILDS
    assert shelf.shelf.n_bytes == sum(size for _, size, _ in shelf.shelf.kept.values())
    ask("b", 1)
    assert asked[4:] == ["b"]


def test_looking_for_a_day_pushes_nothing_out(tmp_path, monkeypatch):
    place = lakes.place(tmp_path)
    monkeypatch.setenv(store.ENVIRONMENT, place)
    tables = tiny_store.tables()
    days = [f"2026-01-0{n}" for n in range(1, store.DAYS + 1)]
    for day in days:
        about = tables["build"].assign(value=tables["build"]["value"].where(tables["build"]["name"] != "asof", day))
        store.write(tables | {"build": about})
    newest = str(store.current())
    data.how_many(newest, "model")
    monkeypatch.setattr(store, "count", None)
    assert data.build(date.fromisoformat(days[0])).asof == date.fromisoformat(days[0])
    assert data.how_many(newest, "model") == len(tables["model"])


def test_an_answer_that_is_too_large_is_given_but_not_kept():
    ask = shelf.remembered(lambda path: frame(100_000))
    assert len(ask("a")) == 100_000
    assert shelf.shelf.n_bytes == 0


def test_what_is_raised_is_raised_and_not_kept():
    answers = iter([KeyError("x"), 5])

    @shelf.remembered
    def ask(path):
        if isinstance(told := next(answers), Exception):
            raise told
        return told

    with pytest.raises(KeyError):
        ask("a")
    assert ask("a") == 5
    assert shelf.shelf.asking == {}


def test_of_many_who_ask_the_same_at_once_one_asks_the_database():
    asked, everybody = [], threading.Barrier(8)

    @shelf.remembered
    def ask(path):
        asked.append(path)
        return frame(5)

    def visit(_):
        everybody.wait(30)
        return len(ask("a"))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(visit, range(8))) == {5}
    assert len(asked) == 1


def test_a_connection_that_failed_is_opened_anew_and_a_damaged_database_is_told(monkeypatch, tmp_path):
    path = str(tiny_store.write(lakes.place(tmp_path)))
    first = data.connection(path)
    real, faults = store.read, [store.Unreadable("The catalog went away.")]

    def read(connection, *args, **options):
        if faults:
            raise faults.pop()
        assert connection is not first
        return real(connection, *args, **options)

    monkeypatch.setattr(data.store, "read", read)
    assert len(data.read(path, "model")) > 0
    faults += [store.Unreadable("It is damaged.")] * 2
    with pytest.raises(store.Unreadable, match="damaged"):
        data.ask(path, lambda connection: read(connection, "model"))
