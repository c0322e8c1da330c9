"""Does the log of published levels tell what changed and why, and keep everything it ever held?"""

import pandas as pd
import pytest
from typer.testing import CliRunner

import pipeline
import store
from ingest import published
from tests import lakes, tiny_store

EMPTY = pd.DataFrame(columns=list(published.COLUMNS), dtype=str)


def now(levels, asof, version="1"):
    rows = [(e, level, "high" if level in published.TOLD else "", version, asof) for e, level in levels.items()]
    return pd.DataFrame(rows, columns=list(published.COLUMNS), dtype=str)


def told(log, first_seen):
    rows = published.changes(log, pd.Series(first_seen, dtype=str))
    return {tuple(None if pd.isna(v) else v for v in row) for row in rows.itertuples(index=False, name=None)}


SEEN = {"a": "2024-01-01", "b": "2024-01-01", "c": "2026-02-01", "d": "2024-01-01"}
FIRST = published.update(EMPTY, now({"a": "unusual", "b": "usual", "d": "check_data"}, "2026-01-01"))


def test_only_marks_are_logged_and_the_first_publication_is_no_change():
    assert FIRST["evaluation_id"].tolist() == ["a", "d"]
    assert told(FIRST, SEEN) == set()


def test_publishing_the_same_again_adds_nothing():
    again = published.update(FIRST, now({"a": "unusual", "b": "usual", "d": "check_data"}, "2026-03-01"))
    pd.testing.assert_frame_equal(again, FIRST)


def test_marks_that_come_go_and_change_are_told_with_their_reason():
    second = published.update(FIRST, now({"a": "somewhat", "b": "unusual", "c": "very_unusual"}, "2026-03-01"))
    assert told(second, SEEN) == {
        ("a", "unusual", "somewhat", "2026-03-01", "source_changed"),
        ("b", None, "unusual", "2026-03-01", "source_changed"),
        ("c", None, "very_unusual", "2026-03-01", "new"),
        ("d", "check_data", None, "2026-03-01", "source_changed"),
    }


def test_another_version_of_the_method_is_the_reason_even_on_the_same_day():
    second = published.update(FIRST, now({"a": "usual", "b": "unusual", "d": "check_data"}, "2026-01-01", "2"))
    assert told(second, SEEN) == {
        ("a", "unusual", "usual", "2026-01-01", "rule_changed"),
        ("b", None, "unusual", "2026-01-01", "rule_changed"),
    }


def test_what_was_told_once_is_still_told_after_later_publications():
    second = published.update(FIRST, now({"a": "usual", "b": "usual", "d": "check_data"}, "2026-02-01"))
    third = published.update(second, now({"a": "unusual", "b": "usual", "d": "check_data"}, "2026-03-01"))
    assert told(second, SEEN) <= told(third, SEEN)
    assert ("a", "usual", "unusual", "2026-03-01", "source_changed") in told(third, SEEN)
    pd.testing.assert_frame_equal(third.head(len(FIRST)), FIRST)


def test_a_score_that_this_build_does_not_hold_has_no_row():
    second = published.update(FIRST, now({"b": "usual", "d": "check_data"}, "2026-02-01"))
    assert told(second, {"b": "2024-01-01", "d": "2024-01-01"}) == set()


def test_an_earlier_day_sees_only_what_was_published_by_then(tmp_path):
    second = published.update(FIRST, now({"a": "usual", "d": "check_data"}, "2026-02-01"))
    published.starter.write_csv(second, tmp_path / published.FILE)
    assert len(published.read(tmp_path)) == 3
    assert len(published.read(tmp_path, pd.Timestamp("2026-01-15").date())) == 2


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A published record with a database of the tiny store beside it."""
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    for name in ("STARTER", "SNAPSHOTS"):
        monkeypatch.setenv(f"BENCHMARK_{name}", str(tmp_path / name.lower()))
    store.write(tiny_store.tables())
    return tmp_path


def publish():
    result = CliRunner().invoke(pipeline.app, ["publish"])
    assert result.exit_code == 0, result.output


def test_publish_writes_the_marks_of_the_current_database_and_a_build_tells_the_difference(place):
    publish()
    log = published.read(place / "starter")
    findings = tiny_store.tables()["finding"]
    findings = findings[findings["signal_id"] == published.SIGNAL]
    marked = findings[(findings["variant"] == "") & findings["level"].isin(published.TOLD)]
    assert set(log["evaluation_id"]) == set(marked["subject_id"])
    before = (place / "starter" / published.FILE).read_bytes()
    publish()
    assert (place / "starter" / published.FILE).read_bytes() == before
    tables = tiny_store.tables()
    first = marked["subject_id"].iloc[0]
    tables["finding"].loc[tables["finding"]["subject_id"] == first, "level"] = "usual"
    judged = published.judged(tables["finding"], tables["signal"], str(tiny_store.ASOF))
    changed = published.since(log, judged, tables["evaluation"])
    assert changed["evaluation_id"].tolist() == [first]
    store.validate(tables | {"level_change": changed.assign(changed_date=pd.to_datetime(changed["changed_date"]))})


def test_without_a_database_the_published_levels_stay(place, monkeypatch):
    publish()
    before = (place / "starter" / published.FILE).read_bytes()
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(place / "elsewhere"))
    publish()
    assert (place / "starter" / published.FILE).read_bytes() == before


def test_nothing_is_told_without_a_log(place):
    tables = tiny_store.tables()
    judged = published.judged(tables["finding"], tables["signal"], str(tiny_store.ASOF))
    assert published.since(None, judged, tables["evaluation"]).empty
