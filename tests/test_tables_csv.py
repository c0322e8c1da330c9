"""What stands in a downloaded file."""

import csv
import gzip
import io
import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import store
from reading import exports
from tests import lakes, tiny_store
from ui.kit import tables


def text_of(frame: pd.DataFrame) -> str:
    return exports.csv_bytes(frame).decode("utf-8")


def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe():
    hostile = [
        "=1+1",
        "+1",
        "-1+1",
        "-x",
        "@x",
        "\tx",
        "\rx",
        "\nx",
        "＝1+1",
        "＋1",
        "－x",
        "＠x",
        "-",
        tiny_store.FORMULA,
    ]
    written = [row[0] for row in csv.reader(io.StringIO(text_of(pd.DataFrame({"name": hostile})), newline=""))][1:]
    assert written == ["'" + cell for cell in hostile]


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        (" =1+1", " '=1+1"),
        ("\u00a0=1+1", "\u00a0'=1+1"),
        ('"=1+1"', '"\'=1+1"'),
        ("a;=1+1;@b", "a;'=1+1;'@b"),
        ('a; "=1"', 'a; "\'=1"'),
        ("a\n=1+1", "a\n'=1+1"),
        ("a\r\n\t@b", "a\r\n\t'@b"),
        ("\t=1", "'\t'=1"),
        ("-1;-2e-3;=3", "-1;-2e-3;'=3"),
        ("-1;2+cmd|' /C calc'!A0", "-1;2+cmd|' /C calc'!A0"),
        ("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"),
    ],
)
def test_text_after_what_begins_a_cell_elsewhere_is_guarded_too(cell, safe):
    assert exports.guarded(cell) == safe


@pytest.mark.parametrize(
    "cell", ["-1", "-0.5", "-.5", "-1,234.5", "-1e-4", "-12 %", "-1;-2", "a - b", "a=b", "x@y.z", "", "'"]
)
def test_plain_negative_numbers_and_signs_inside_text_stay(cell):
    assert exports.guarded(cell) == cell


def test_a_page_offers_no_other_file_than_its_own():
    """The table's own menu would save rows that may not be passed on, and formulas."""
    told = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert told["client"]["disableDataExport"] is True


def test_numbers_are_never_touched():
    frame = pd.DataFrame({"gap": [-0.05, 0.1], "n": pd.array([-3, None], dtype="Int64")})
    assert text_of(frame) == "gap,n\r\n-0.05,-3\r\n0.1,\r\n"


def test_dates_are_iso_counts_are_whole_and_empty_means_not_reported():
    frame = pd.DataFrame(
        {
            "model_date": pd.to_datetime(["2024-05-01", None]),
            "built_at": pd.to_datetime(["2024-05-01 06:07:08", None]),
            "n_parameters": [7.24e9, None],
            "is_moe": pd.array([True, None], dtype="boolean"),
            "name": ["é", None],
        }
    )
    lines = text_of(frame).splitlines()
    assert lines[1] == "2024-05-01,2024-05-01T06:07:08Z,7240000000,true,é"
    assert lines[2] == ",,,,"


def test_writing_changes_nothing_in_the_frame():
    frame = pd.DataFrame({"name": ["=1"], "x": [1.5]})
    before = frame.copy(deep=True)
    exports.csv_bytes(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_rows_that_may_not_be_passed_on_are_left_out_and_counted():
    frame = pd.DataFrame({"score": [1, 2, 3], "is_redistributable": pd.array([True, False, None], dtype="boolean")})
    kept, n_left_out = exports.shareable(frame)
    assert kept["score"].tolist() == [1]
    assert n_left_out == 2


def test_file_names_say_table_day_and_whether_filtered():
    assert exports.file_name("anomalies", date(2026, 11, 22), "family-Qwen_size-1B-no limit") == (
        "benchcred_anomalies_2026-11-22_family-qwen_size-1b-no_limit.csv"
    )
    long = [exports.file_name("anomalies", "2026-11-22", "family-" + "x" * 300 + end) for end in "ab"]
    assert long[0] != long[1] and max(map(len, long)) < 150
    assert exports.file_name("scores_hf:a/../b", date(2026, 11, 22)) == "benchcred_scores_hf_a_b_2026-11-22.csv"


def test_whole_files_hold_what_the_pages_offer(tmp_path):
    connection = store.connect(tiny_store.write(lakes.place(tmp_path)))
    sizes = {view: len(exports.table(connection, view)) for view in exports.ROWS}
    assert sizes == {
        "scores": 186, "anomalies": 174, "saturation": 36, "outlook": 2, "models": 60, "twin_gaps": 54, "benchmarks": 2,
        "families": 2, "claims": 8, "changes": 2,
    }  # fmt: skip
    marks = exports.table(connection, "anomalies")
    marks = marks[marks["level"].isin(["unusual", "very_unusual"])]
    assert set(marks["still_without_developer"]) == {"yes", "no"}
    assert set(marks["still_in_newer_half"]) == {"cannot tell"}
    scores = exports.csv_bytes(exports.table(connection, "scores")).decode("utf-8")
    assert "'=HYPERLINK" in scores
    assert "\n=" not in scores
    assert "Example Closed Board" not in scores


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=5))
def test_any_text_survives_the_file_apart_from_the_apostrophe(texts):
    written = exports.csv_bytes(pd.DataFrame({"name": texts})).decode("utf-8")
    rows = list(csv.reader(io.StringIO(written, newline="")))[1:]
    read = [row[0] if row else "" for row in rows]
    assert read == [exports.guarded(t) for t in texts]
    assert [r.replace("'", "") for r in read] == [t.replace("'", "") for t in texts]


def test_a_large_file_packed_piece_by_piece_is_the_same_file():
    pieces = [pd.DataFrame({"name": [f"=a{k}", "b"], "is_redistributable": [True, k > 0]}) for k in range(3)]
    assert gzip.decompress(tables.packed(iter(pieces))) == tables.joined(iter(pieces))
