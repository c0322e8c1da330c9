"""Is a printed value read exactly, or refused with a reason?"""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import records
from ingest.records import Number, Refusal, Reported, read_count, read_date, read_score


@pytest.mark.parametrize(
    ("text", "unit", "value", "decimals"),
    [
        ("12.50%", "percent", 0.125, 2),
        ("12.5", "percent", 0.125, 1),
        ("100", "percent", 1.0, 0),
        ("0", "percent", 0.0, 0),
        ("0.3842", "fraction", 0.3842, 4),
        ("73.8%", "fraction", 0.738, 1),
        ("1,218", "rating", 1218.0, 0),
        ("0.61", "percent", 0.0061, 2),
        ("3.2e-05", "fraction", 0.000032, 6),
        ("36/48", "fraction", 0.75, 3),
    ],
)
def test_a_printed_value_becomes_its_number_in_the_documented_unit(text, unit, value, decimals):
    assert read_score(text, unit) == Number(pytest.approx(value, abs=1e-15), decimals)


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [
        ("101%", "percent", "out of range"),
        ("-0.1", "percent", "out of range"),
        ("1.01", "fraction", "out of range"),
        ("61.2", "fraction", "out of range"),
        ("nan", "percent", "not a number"),
        ("NaN", "fraction", "not a number"),
        ("inf", "rating", "not a number"),
        ("1e99", "rating", "not a number"),
        ("", "percent", "not a number"),
        ("-", "percent", "not a number"),
        ("1,5", "percent", "not a number"),
        ("59.059.059.059.0", "percent", "not a number"),
        ("33.23Report issue", "percent", "not a number"),
        ("47.8 ±plus-or-minus\\pm1.9", "percent", "not a number"),
        ("12", "stars", "unknown unit"),
        ("49/48", "fraction", "not a number"),
        ("0/0", "fraction", "not a number"),
        ("36/48", "percent", "not a number"),
    ],
)
def test_what_is_not_one_number_in_range_is_refused_with_a_reason(text, unit, reason):
    refusal = read_score(text, unit)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert refusal.detail.endswith(".")
    assert len(refusal.detail) < 200


@given(st.integers(0, 10_000), st.integers(0, 2))
def test_a_percentage_is_its_fraction_for_every_number_of_decimals(n, places):
    text = f"{n / 100:.{places}f}"
    assert read_score(text, "percent").value == pytest.approx(float(text) / 100, abs=1e-15)


@given(st.text(max_size=40))
def test_any_text_is_accepted_or_refused_and_never_crashes(text):
    outcome = read_score(text, "percent")
    assert isinstance(outcome, Refusal) or 0 <= outcome.value <= 1


@pytest.mark.parametrize("text", ["0", "0.0", "-1", "-1.0", "", "?", "unknown", "nan"])
def test_sizes_of_zero_or_minus_one_are_unknown(text):
    assert read_count(text, "billions") is None


def test_sizes_are_counts_whatever_their_unit():
    assert read_count("7.242", "billions") == pytest.approx(7.242e9)
    assert read_count("40", "millions") == 4e7
    assert read_count("8290000000", "count") == 8.29e9
    assert read_count("7", "parsecs") is None


def test_days_are_read_and_days_that_do_not_exist_are_not():
    assert read_date("Jun 04, 2021") == date(2021, 6, 4)
    assert read_date("4 June 2021") == date(2021, 6, 4)
    assert read_date("2024-05-05T12:22:44Z") == date(2024, 5, 5)
    assert read_date("20240505") == date(2024, 5, 5)
    assert read_date("2024_06_24") == date(2024, 6, 24)
    assert read_date("2019-02") == date(2019, 2, 28)
    assert read_date("2019") == date(2019, 12, 31)
    assert read_date("2019-13") is None
    assert read_date("Jun 31, 2024") is None
    assert read_date("2024-02-30") is None
    assert read_date("soon") is None


def row(**changes):
    return Reported(
        **({"snapshot_id": "s", "model": "m", "benchmark": "b", "score_reported": "50", "score_unit": "percent",
            "locator": "row 1"} | changes)
    )  # fmt: skip


def accept(*rows):
    return records.accept(records.frame(rows, records.REPORTED_COLUMNS))


def test_every_row_is_either_accepted_or_rejected():
    accepted, rejected = accept(
        row(), row(score_reported="101%"), row(model=" "), row(model="x" * 2000), row(benchmark="")
    )
    assert accepted["score"].tolist() == [0.5]
    assert rejected["reason"].tolist() == ["out of range", "no model name", "name too long", "no benchmark name"]


def test_a_hostile_name_stays_text():
    names = ['=HYPERLINK("http://x","y")', "<img src=x onerror=alert(1)>", "Robert'); DROP TABLE model;--"]
    accepted, rejected = accept(*(row(model=n) for n in names))
    assert accepted["model"].tolist() == names
    assert rejected.empty


def test_unknown_words_are_rejected_not_defaulted():
    _, rejected = accept(row(evaluator_relationship="friend"), row(model_kind="robot"), row(read_from="memory"))
    assert rejected["reason"].tolist() == ["unknown evaluator relationship", "unknown model kind", "unknown reading"]


def test_an_uncertainty_counts_as_standard_error_only_when_the_page_says_so():
    accepted, _ = accept(row(uncertainty="1.96 ci95"), row(uncertainty="0.8 stderr"), row(uncertainty="1.2 unknown"))
    assert accepted["standard_error"].tolist()[:2] == pytest.approx([0.01, 0.008])
    assert pd.isna(accepted["standard_error"].iloc[2])


def test_no_rows_give_no_rows():
    accepted, rejected = accept()
    assert accepted.empty
    assert rejected.empty
