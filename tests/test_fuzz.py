"""Does any damage to a page, or any odd value, end a build? A small part of `python -m bench fuzz` and `fuzz_visitors`."""

import random

import pandas as pd
import pytest

from bench import fuzz, fuzz_visitors
from ingest.records import REPORTED_COLUMNS, Reported, accept, frame, read_count, read_number

ODD = (
    "9e9999999", "-9e9999999", "1e-9999999999", "0e9999999999", "nan", "inf", "1" * 5000, "\ud800", "\x00", "", None, True,
    [], [1], {}, {"a": 1}, 1.5, 3, float("nan"), float("inf"), b"1",
)  # fmt: skip


def row(**changes) -> Reported:
    """A good row with some fields changed."""
    return Reported(
        **{"snapshot_id": "s", "model": "m", "benchmark": "b", "score_reported": "50", "score_unit": "percent",
           "locator": "l"} | changes
    )  # fmt: skip


@pytest.mark.parametrize("column", [c for c in REPORTED_COLUMNS if c != "is_subset"])
@pytest.mark.parametrize("value", ODD, ids=lambda v: ascii(v)[:20])
def test_no_single_value_ends_a_build(column, value):
    records, rejections = accept(frame([row(), row(**{column: value}), row(model="other")], REPORTED_COLUMNS))
    assert len(records) + len(rejections) == 3
    assert {"m", "other"} <= set(records["model"])
    assert records["score"].between(0, 1).all()


def test_a_number_outside_of_all_arithmetic_is_no_number():
    for text in ("9e9999999", "1e-9999999999", "0e9999999999", "1e400"):
        assert read_number(text) is None
        assert read_count(text, "count") is None
    assert read_number("3e-05") is not None


def test_a_test_of_more_questions_than_there_are_is_refused_with_its_row():
    rows = [row(n_items="1000000000000000000"), row(n_items="1319", model="other")]
    records, rejections = accept(frame(rows, REPORTED_COLUMNS))
    assert records["model"].tolist() == ["other"]
    assert rejections["reason"].tolist() == ["impossible number of questions"]


def test_half_of_a_character_in_a_name_refuses_its_row():
    records, rejections = accept(frame([row(model="a\ud800"), row()], REPORTED_COLUMNS))
    assert records["model"].tolist() == ["m"]
    assert rejections["reason"].tolist() == ["unreadable name"]


def test_damaged_pages_are_read_or_refused_and_a_cut_one_is_never_complete():
    tally = fuzz.run(300, seed=7)
    assert tally.faults == []
    assert tally.n == 300 and tally.refused > 60 and tally.read > 60 and tally.n_cut > 40


def test_a_cut_list_that_nothing_shows_to_be_cut_is_counted_and_refused_once_the_page_was_known():
    tally, number = fuzz.Tally(), 0
    while not tally.alone and number < 400:
        fuzz.check("obs_scaling", fuzz.golden.MODULES["obs_scaling"], number, tally)
        number += 1
    assert tally.alone["csv"] == 1
    assert tally.faults == []


def test_a_fault_is_found_where_there_is_one(monkeypatch):
    class Broken:
        SOURCE = fuzz.golden.MODULES["metr"].SOURCE
        parse = staticmethod(lambda pages: iter([row(score_reported=None).__class__(**{})]))

    tally = fuzz.Tally()
    fuzz.check("metr", Broken, 1, tally)
    assert tally.kinds == {"error of another kind": 1}


def test_every_change_changes_something_now_and_then():
    text = '{"a": 1, "b": "two"}\n{"c": 3.5}\n'
    for change in set(fuzz.CHANGES):
        assert any(change(text, random.Random(seed)) != text for seed in range(20)), change.__name__


def test_the_frame_of_accepted_rows_holds_text_only():
    records, _ = accept(frame([row(note=None, setting=[1])], REPORTED_COLUMNS))
    texts = records[[c for c in REPORTED_COLUMNS if c != "is_subset"]]
    assert all(isinstance(v, str) for v in pd.Series(texts.to_numpy().ravel()))


def test_a_flag_where_a_record_holds_a_text_is_refused_by_name():
    # Found by 20,000 cases on 2026-11-28: a description that is true ended in a TypeError.
    tally = fuzz.run(1, seed=20268592, only="every_eval_ever")
    assert tally.faults == [] and tally.refused == 1


def test_damaged_uploads_and_odd_addresses_are_answered_or_refused_in_one_sentence():
    tally, faults = fuzz_visitors.run(150)
    assert not faults
    assert (
        tally["upload answered"] and tally["upload refused"] and tally["address answered"] and tally["address refused"]
    )
