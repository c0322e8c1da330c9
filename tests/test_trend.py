"""The trend command: its columns, its boundaries, and what must not matter; no database, no network."""

import csv
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import facts, releases
from ingest.gather import Folders
from scoring.brought import trend_table
from scoring.brought.trend_table import BadTable, make

ROOT = Path(__file__).parent.parent
HEADER = (
    "benchmark,metric,status,n_models,best,kth_best,k,tie_group_size,s_index_sqrt_n,s_index_n,headroom,forecast_at,"
    "forecast_best,forecast_lower,forecast_upper,saturation_date,saturation_date_lower,saturation_date_upper,score_unit,reason"
)
FORECAST = ["forecast_best", "forecast_lower", "forecast_upper"]
DATES = ["saturation_date", "saturation_date_lower", "saturation_date_upper"]


def board(n=24, *, low=40.0, high=80.0, **changes):
    """One score a month, rising, as text."""
    days = pd.Timestamp("2023-01-15") + pd.to_timedelta(np.arange(n) * 30, unit="D")
    plain = {
        "benchmark": "test",
        "metric": "accuracy",
        "date": days.strftime("%Y-%m-%d"),
        "model": [f"m{i}" for i in range(n)],
        "score": [f"{x:.2f}" for x in np.linspace(low, high, n)],
        "score_unit": "percent",
        "n_items": "500",
    }
    return pd.DataFrame(plain | changes, index=range(n)).astype(str)


def one(table, **days):
    return make(table, **days).iloc[0]


def test_the_columns_are_exactly_these():
    assert ",".join(trend_table.COLUMNS) == HEADER
    assert list(make(board()).columns) == HEADER.split(",")


def test_a_rising_board():
    row = one(board())
    assert (row["n_models"], row["best"], row["kth_best"], row["k"]) == (24, 80, 73.04, 5)
    assert row["headroom"] == pytest.approx(0.2)
    assert 80 <= row["forecast_lower"] <= row["forecast_best"] <= row["forecast_upper"] <= 100
    assert row["forecast_at"] == "2025-12-05"  # twelve months after the newest row
    assert row["score_unit"] == "percent"


def test_rows_after_as_of_are_not_read():
    table = board()
    early = make(table, as_of=date(2024, 1, 1))
    kept = table[table["date"] <= "2024-01-01"]
    pd.testing.assert_frame_equal(early, make(kept, as_of=date(2024, 1, 1)))
    assert early["n_models"].iloc[0] == len(kept)


def test_the_day_of_the_forecast_can_be_chosen_and_lies_ahead():
    near, far = (one(board(), at=d) for d in (date(2025, 3, 1), date(2026, 12, 1)))
    assert (near["forecast_at"], far["forecast_at"]) == ("2025-03-01", "2026-12-01")
    assert near["forecast_upper"] <= far["forecast_upper"]
    with pytest.raises(BadTable, match="is not after"):
        make(board(), at=date(2024, 1, 1))


def test_fewer_than_five_models_cannot_tell():
    row = one(board(4))
    assert row["status"] == "cannot_tell"
    assert pd.isna(row["kth_best"]) and row[FORECAST].isna().all()
    assert "5 models" in row["reason"]


def test_one_date_has_a_state_and_a_forecast_that_says_how_little_it_rests_on():
    row = one(board(date="2024-05-01"))
    assert row["status"] == "crowded" or row["status"] == "separating"
    assert (row["best"], row["forecast_lower"]) == (80, 80)
    assert row["forecast_upper"] - 80 > one(board())["forecast_best"] - 80
    assert "months of history" in row["reason"]


def test_a_test_gone_quiet_is_answered_with_a_condition():
    row = one(pd.concat([board(), board(benchmark="z", date="2026-06-01")], ignore_index=True))
    assert row["forecast_lower"] == 80 <= row["forecast_best"] < row["forecast_upper"]
    assert "if testing goes on" in row["reason"]


def test_all_the_same_score_is_a_tie():
    row = one(board(low=70, high=70))
    assert (row["status"], row["tie_group_size"]) == ("tied", 24)
    assert row["s_index_n"] == 1


def test_scores_above_the_ceiling_contradict_it():
    row = one(board(ceiling="75"))
    assert pd.isna(row["headroom"])
    assert "contradicted" in row["reason"]
    assert row["forecast_best"] >= 80 and row[DATES].isna().all()


def test_a_score_beyond_the_unit_is_left_out_and_told():
    table = board()
    table.loc[10, "score"] = "553"
    row = one(table)
    assert row["best"] == one(board())["best"]
    assert "row 12: 553" in row["reason"]


def test_a_decreasing_series_keeps_its_best():
    row = one(board(low=80, high=40))
    assert row["best"] == 80
    assert row["forecast_lower"] == 80


def test_lower_is_better_by_the_metric_or_by_floor_above_ceiling():
    by_name = one(board(low=60, high=20, metric="error_rate"))
    by_ends = one(board(low=60, high=20, floor="100", ceiling="0"))
    for row in (by_name, by_ends):
        assert (row["best"], row["kth_best"]) == (20, 26.96)
        assert row["forecast_lower"] <= row["forecast_best"] <= row["forecast_upper"] <= 20
        assert row["headroom"] == pytest.approx(0.2)
        assert "Lower is better." in row["reason"]


def test_a_unit_other_than_a_fraction_needs_its_ends():
    rating = one(board(low=1000, high=1300, score_unit="rating"))
    assert rating["status"] == "cannot_tell"
    assert (rating["best"], rating["score_unit"]) == (1300, "rating")
    assert rating[[*FORECAST, "headroom"]].isna().all()
    points = one(board(low=10, high=32, score_unit="points", floor="0", ceiling="40"))
    assert points["headroom"] == pytest.approx(0.2)
    assert 32 <= points["forecast_best"] <= 40


def test_a_unit_that_is_not_stated_is_read_from_the_values_and_said():
    for scale, unit in ((1, "percent"), (0.01, "fraction"), (50, "rating")):
        table = board(score_unit="").assign(score=[str(float(x) * scale) for x in board()["score"]])
        row = one(table)
        assert row["score_unit"] == unit
        assert f"read as {unit}" in row["reason"]


def test_what_is_saturated_already_has_a_day_in_the_past():
    row = one(board(low=60, high=95))
    assert row["saturation_date"] == row["saturation_date_lower"] == row["saturation_date_upper"]
    assert row["saturation_date"] < "2024-12-31"
    assert row["status"] == "closed"


def test_a_slow_board_is_not_in_sight():
    row = one(board(low=10, high=10.4))
    assert row[DATES].isna().all()
    assert "not in sight" in row["reason"]


def test_one_entry_per_developer():
    row = one(board(developer=["same"] * 23 + ["other"]))
    assert pd.isna(row["kth_best"])
    assert row["status"] == "cannot_tell"


def test_metrics_are_told_apart():
    table = pd.concat([board(), board(metric="f1", high=60.0), board(benchmark="b")], ignore_index=True)
    told = make(table)
    assert list(zip(told["benchmark"], told["metric"], strict=True)) == [
        ("b", "accuracy"),
        ("test", "accuracy"),
        ("test", "f1"),
    ]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (board().drop(columns="model"), "no column model"),
        (board().assign(date="31 June"), "Row 2: The date '31 June' is not a day"),
        (board().assign(score=["x", *board()["score"][1:]]), r"Row 2: 'x' is no number\. \(score\)"),
        (board().assign(score=["nan", *board()["score"][1:]]), "is no number"),
        (board().assign(score=["--5", *board()["score"][1:]]), "is no number"),
        (board().assign(score=["+-5", *board()["score"][1:]]), "is no number"),
        (board().assign(model=["", *board()["model"][1:]]), "has no model"),
        (board().assign(ceiling=["90", *["95"] * 23]), "different units, floors or ceilings"),
        (board().assign(n_items="many"), "n_items"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(table, words):
    with pytest.raises(BadTable, match=words):
        make(table)


def test_an_empty_table_gives_an_empty_table():
    assert list(make(board().iloc[:0]).columns) == HEADER.split(",")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 999), min_size=5, max_size=40), st.integers(0, 10**6))
def test_row_order_and_repeated_rows_change_nothing(scores, seed):
    n = len(scores)
    table = board(n).assign(score=[str(s / 10) for s in scores])
    order = np.random.default_rng(seed).permutation(n)
    turned = pd.concat([table.iloc[order], table.iloc[order[:3]]], ignore_index=True)
    pd.testing.assert_frame_equal(make(turned), make(table))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 999), min_size=5, max_size=30))
def test_rescaled_units_change_nothing_but_the_unit(scores):
    table = board(len(scores)).assign(score=[str(s / 10) for s in scores])
    fraction = table.assign(score=[str(s / 1000) for s in scores], score_unit="fraction")
    tenfold = table.assign(score=[str(s) for s in scores], score_unit="points", floor="0", ceiling="1000", n_items="")
    a, b, c = one(table), one(fraction), one(tenfold)
    for name in ("best", "kth_best", *FORECAST):
        for other, scale in ((b, 100), (c, 0.1)):
            if other is c and name in FORECAST:
                continue  # without a number of questions the ends of the scale are bounded elsewhere
            assert pd.isna(a[name]) == pd.isna(other[name])
            if not pd.isna(a[name]):
                assert a[name] == pytest.approx(scale * other[name], abs=2e-4)
    assert a["status"] == b["status"]
    assert all(a[d] == b[d] or (pd.isna(a[d]) and pd.isna(b[d])) for d in DATES)


@settings(max_examples=10, deadline=None)
@given(st.integers(-3, 3))
def test_a_shift_in_time_shifts_the_dates_and_nothing_else(cycles):
    table = board()
    days = pd.to_datetime(table["date"]) + pd.DateOffset(years=4 * cycles)  # whole leap cycles keep every distance
    a, b = one(table), one(table.assign(date=days.dt.strftime("%Y-%m-%d")))
    for name in trend_table.COLUMNS:
        if name.startswith("saturation_date") or name == "forecast_at":
            if isinstance(a[name], str):
                assert int(b[name][:4]) - int(a[name][:4]) == 4 * cycles and a[name][4:] == b[name][4:]
        elif name != "reason":
            assert a[name] == b[name] or (pd.isna(a[name]) and pd.isna(b[name]))


def command(*words):
    return subprocess.run(
        [sys.executable, "pipeline.py", "trend", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_writes_the_table(tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    board().to_csv(source, index=False)
    done = command(source, "--output", target, "--as-of", "2024-06-30", "--at", "2024-12-31")
    assert done.returncode == 0, done.stderr
    with target.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert ",".join(rows[0]) == HEADER
    assert rows[0]["forecast_at"] == "2024-12-31"


def test_the_command_stops_with_one_sentence(tmp_path):
    source = tmp_path / "in.csv"
    board().drop(columns="score").to_csv(source, index=False)
    done = command(source, "--output", tmp_path / "out.csv")
    assert done.returncode == 1
    assert "no column score" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_two_spellings_of_one_maker_are_one_where_the_facts_say_so():
    names = ["Qwen", "Alibaba", "aliyun", "DeepMind", "c", "d", "e"]
    rows = pd.DataFrame(
        {
            "benchmark": "mine", "metric": "accuracy", "date": "2026-01-01", "model": [f"m{i}" for i in range(7)],
            "score": ["0.9", "0.89", "0.88", "0.8", "0.7", "0.6", "0.5"], "score_unit": "fraction", "developer": names,
        }
    )  # fmt: skip
    known = releases.spellings(facts.read(Folders().facts))
    assert [make(rows)["kth_best"].iloc[0], make(rows, spellings=known)["kth_best"].iloc[0]] == [0.7, 0.5]


@pytest.mark.parametrize("unit", ["rating", "points", "percent", ""])
def test_a_floor_that_equals_the_ceiling_is_no_scale_and_is_said(unit):
    made = one(board(score_unit=unit, floor="1", ceiling="1"))
    assert made["status"] == "cannot_tell" and "both 1, which is no scale" in made["reason"]
    assert pd.isna(made["headroom"]) and pd.isna(made["forecast_best"])


def test_a_ceiling_in_another_unit_than_the_scores_is_said():
    made = one(board(score_unit="percent", floor="0", ceiling="950"))
    assert (
        made["status"] == "cannot_tell" and "950 is not in the unit of the scores, percent (0 to 100)" in made["reason"]
    )


def test_a_stated_fraction_of_87_is_never_reported_as_8700():
    table = board(score_unit="fraction")
    made = trend_table.make(table.assign(score="87"))
    assert made["status"].tolist() == ["cannot_tell"] and pd.isna(made["best"].iloc[0])
    assert "their unit is not fraction" in made["reason"].iloc[0]


@pytest.mark.parametrize(
    "name",
    ["Average", "mean", "Human", "Human expert", "Random", "random guess", "Majority class", "SOTA", "previous best"],
)
def test_a_row_that_is_no_models_is_left_out_with_its_reason(name):
    other = board(1, score="99.0", model=name, date="")  # such rows often have no day
    row = one(pd.concat([board(), other], ignore_index=True))
    kept = one(board())
    assert row.drop("reason").equals(kept.drop("reason"))
    assert row["reason"].replace(f" Left out, as no model: row 26: {name}.", "") == kept["reason"] != row["reason"]


def test_names_that_begin_like_them_stay_models():
    for name in (
        "Human-Centric-7B",
        "MeanFlow",
        "Random-Walk-LM",
        "Average-Joe 13B",
        "Baseline",
        "Expert-8x7B",
        "Best-of-4",
    ):
        assert one(board(5, model=["a", "b", "c", "d", name]))["n_models"] == 5


def test_a_test_of_which_only_such_rows_are_left_is_told():
    told = make(pd.concat([board(), board(1, benchmark="other", model="Human")], ignore_index=True))
    row = told[told["benchmark"] == "other"].iloc[0]
    assert row["status"] == "cannot_tell" and pd.isna(row["n_models"])
    assert "No row of a model. Left out, as no model: row 26: Human." in row["reason"]
    alone = one(board(1, model="Human"))
    assert alone["status"] == "cannot_tell" and pd.isna(alone["forecast_at"])


def test_a_bare_score_of_at_most_one_beside_percentages_is_asked_about_by_its_row():
    days = [f"2024-{month:02d}-15" for month in range(1, 9)]
    rows = {"benchmark": "T", "date": days, "model": [f"m{i}" for i in range(8)]}
    frame = pd.DataFrame(rows | {"score": [*(f"{50 + i}%" for i in range(7)), "0.55"]})
    told = trend_table.make(frame).iloc[0]
    assert told["status"] == "cannot_tell" and told["reason"].startswith("Row 9: 0.55 states no unit")
    # Nor does one percent sign make percentages of fractions.
    frame = pd.DataFrame(rows | {"score": [*(f"0.{50 + i}" for i in range(7)), "55%"]})
    assert trend_table.make(frame).iloc[0]["reason"].startswith("Row 2: 0.5 states no unit")
    frame = pd.DataFrame(rows | {"score": [*(f"{50 + i}%" for i in range(7)), "55"]})
    assert trend_table.make(frame).iloc[0]["best"] == 56
