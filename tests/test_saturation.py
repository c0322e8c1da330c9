"""Saturation: the published index by its known answers, then frontier, ties and status."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from boards import evidence_of, frame_of
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.signals import saturation
from scoring.signals.saturation import Scale, headroom, s_index


@pytest.mark.parametrize(
    ("best", "fifth", "n", "with_root", "with_n"),
    [(0.90, 0.85, 198, 0.85, 0.10), (0.88, 0.83, 12032, 0.33, 0.00)],  # GPQA-Diamond and MMLU-Pro
)
def test_published_index_under_both_assumptions(best, fifth, n, with_root, with_n):
    assert round(s_index(best, fifth, math.sqrt(n)), 2) == with_root
    assert round(s_index(best, fifth, n), 2) == with_n


def test_index_at_the_ends():
    assert s_index(0.8, 0.8, 100) == 1.0
    assert s_index(1.0, 1.0, 100) == 1.0
    assert s_index(1.0, 0.0, 100) == 0.0


def test_headroom_by_hand():
    assert headroom(0.85, 0.95, 0.25) == pytest.approx(0.10 / 0.70)
    assert headroom(0.85, math.nan, math.nan) == pytest.approx(0.15)
    assert headroom(0.95, 0.95, 0.25) == 0.0
    assert headroom(0.96, 0.95, 0.25) is None


def board(scores, **changes):
    n = len(scores)
    plain = {
        "score": np.array(scores, dtype=float),
        "developer": [f"d{i}" for i in range(n)],
        "model_date": pd.Timestamp("2025-06-01"),
        "first_seen_date": pd.Timestamp("2025-06-01"),
    }
    return frame_of(**(plain | changes))


def trends(frame):
    return saturation.compute(evidence_of(frame)).trends


def last(frame):
    rows = trends(frame)
    rows = rows[rows["month"] == rows["month"].max()].set_index("statistic")
    text = rows["value_text"].notna()
    return {name: rows.loc[name, "value_text"] if text[name] else rows.loc[name, "value"] for name in rows.index}


FIVE = [0.90, 0.87, 0.80, 0.75, 0.60]


def test_a_plain_board():
    now = last(board(FIVE, n_items=1000))
    assert (now["best"], now["kth_best"], now["n_models"], now["k"]) == (0.90, 0.60, 5, 5)
    assert now["best_model"] == "m00000"
    # 0.90 and 0.87 of 1,000: 1.96 * sqrt(.09/1000 + .1131/1000) = 0.0279 < 0.03, told apart
    assert now["tie_group_size"] == 1
    assert now["headroom"] == pytest.approx(0.10)
    assert now["status"] == "separating"
    assert "No reviewed ceiling: 100% is taken." in now["reason"]


def test_fewer_questions_tie_what_more_questions_told_apart():
    assert last(board(FIVE, n_items=800))["tie_group_size"] == 2


def test_five_that_cannot_be_told_apart_are_tied():
    now = last(board([0.90, 0.89, 0.89, 0.88, 0.88, 0.3], n_items=198))
    assert (now["status"], now["tie_group_size"]) == ("tied", 5)


def test_three_or_a_high_index_are_crowded():
    assert last(board([0.80, 0.79, 0.79, 0.60, 0.50], n_items=500))["status"] == "crowded"
    now = last(board([0.800, 0.760, 0.759, 0.758, 0.757], n_items=3000))
    assert (now["status"], now["tie_group_size"]) == ("crowded", 1)
    assert now["s_index_sqrt_n"] > saturation.CROWDED_INDEX


def test_a_twentieth_of_the_scale_left_is_closed():
    assert last(board([0.95, 0.8, 0.7, 0.6, 0.5]))["status"] == "closed"
    assert last(board([0.949, 0.8, 0.7, 0.6, 0.5]))["status"] == "separating"
    assert last(board([0.949, 0.8, 0.7, 0.6, 0.5], ceiling=0.96))["status"] == "closed"


def test_a_best_score_above_the_ceiling_contradicts_it():
    now = last(board([0.97, 0.8, 0.7, 0.6, 0.5], ceiling=0.95))
    assert math.isnan(now["headroom"]) or now["headroom"] is None
    assert "contradicted by scores" in now["reason"]


def test_an_unknown_number_of_questions_leaves_ties_open_but_not_headroom():
    now = last(board(FIVE, n_items=np.nan))
    assert now["status"] == "cannot_tell"
    assert "number of questions is unknown" in now["reason"]
    assert now["headroom"] == pytest.approx(0.10)
    assert math.isnan(now["tie_group_size"])


def test_an_average_of_other_things_leaves_ties_open():
    now = last(board(FIVE, is_item_count=False))
    assert now["status"] == "cannot_tell"
    assert "no plain share of questions" in now["reason"]


def test_printed_standard_errors_are_enough_for_ties():
    now = last(board(FIVE, n_items=np.nan, standard_error=0.03))
    # 1.96 * 0.03 * sqrt(2) = 0.083: only the second ties
    assert now["tie_group_size"] == 2
    assert math.isnan(now["s_index_n"])


def test_fewer_than_five_independent_models_cannot_tell():
    now = last(board([0.8, 0.7, 0.6, 0.5]))
    assert now["status"] == "cannot_tell"
    assert math.isnan(now["kth_best"])


def test_one_entry_per_developer_and_root_model():
    scores = [0.80, 0.79, 0.78, 0.77, 0.76, 0.60, 0.50, 0.40]
    frame = board(
        scores,
        developer=["a", "a", "b", "c", "d", "e", "f", "g"],
        root_model=["r1", "r2", "r3", "r3", "r4", "r5", "r6", "r7"],
    )
    now = last(frame)
    assert now["kth_best_raw"] == 0.76
    assert now["kth_best"] == 0.50  # a 0.80, b 0.78, d 0.76, e 0.60, f 0.50


def test_unknown_developers_are_not_one_developer():
    assert last(board(FIVE, developer=None))["kth_best"] == 0.60


def test_the_best_run_of_a_model_counts_once():
    frame = board([*FIVE, 0.91], model_id=["m0", "m1", "m2", "m3", "m4", "m0"])
    now = last(frame)
    assert (now["best"], now["n_models"]) == (0.91, 5)


def test_humans_baselines_and_broken_numbers_are_no_frontier():
    frame = board(
        [0.99, 0.98, 0.97, *FIVE],
        kind=["human", "baseline", "model", *["model"] * 4, "system"],
        data_problem=[None, None, "Ten times too large.", *[None] * 5],
    )
    now = last(frame)
    assert (now["best"], now["n_models"]) == (0.90, 5)


def days(frame):
    dated = saturation.usable(evidence_of(frame)).set_index("evaluation_id")
    return {
        key: tuple(str(row[c])[:10] for c in ("counts_from", "known_from", "day_basis"))
        for key, row in dated.iterrows()
    }


def one_row(**changes):
    return frame_of(**({"score": [0.5]} | changes))


DAY = pd.Timestamp


def test_a_printed_day_counts_and_is_known():
    frame = one_row(evaluated_date=DAY("2024-02-10"), first_seen_date=DAY("2024-05-01"))
    assert days(frame) == {"e00000": ("2024-02-10", "2024-02-10", "printed")}


def test_a_row_that_a_capture_lacks_is_known_from_its_listing_on():
    frame = frame_of(
        score=[0.5, 0.6],
        evaluated_date=pd.to_datetime(["2024-02-10", "2024-02-20"]),
        first_seen_date=pd.to_datetime(["2024-05-01", "2024-03-01"]),
    )
    # the capture of 1 March shows the second row but lacks the first, dated 10 February
    assert days(frame)["e00000"] == ("2024-02-10", "2024-05-01", "printed")
    assert days(frame)["e00001"] == ("2024-02-20", "2024-02-20", "printed")


def test_a_capture_of_another_board_says_nothing_about_this_one():
    frame = frame_of(
        score=[0.5, 0.6],
        source_id=["one", "other"],
        evaluated_date=pd.to_datetime(["2024-02-10", "2024-02-20"]),
        first_seen_date=pd.to_datetime(["2024-05-01", "2024-03-01"]),
    )
    assert days(frame)["e00000"] == ("2024-02-10", "2024-02-10", "printed")


def test_a_release_counts_where_no_day_is_printed_but_is_known_from_the_listing():
    frame = one_row(model_date=DAY("2024-02-10"), first_seen_date=DAY("2024-05-01"))
    assert days(frame) == {"e00000": ("2024-02-10", "2024-05-01", "release")}


def test_nothing_counts_before_its_test_was_published():
    frame = one_row(
        model_date=DAY("2023-02-10"), first_seen_date=DAY("2024-05-01"), benchmark_release_date=DAY("2024-01-15")
    )
    assert days(frame) == {"e00000": ("2024-01-15", "2024-05-01", "release")}


def test_a_listing_date_is_all_there_is_and_marked():
    frame = one_row(model_date=DAY("2024-05-01"), date_basis="listing", first_seen_date=DAY("2024-05-01"))
    assert days(frame) == {"e00000": ("2024-05-01", "2024-05-01", "listing")}
    assert last(board(FIVE, model_date=DAY("2025-06-01"), date_basis="listing"))["date_basis"] == "listing"


def test_a_day_of_run_after_the_listing_is_a_slip_and_a_release_after_it_waits():
    slip = one_row(evaluated_date=DAY("2024-06-01"), first_seen_date=DAY("2024-05-01"), model_date=pd.NaT)
    assert days(slip)["e00000"][0] == "2024-05-01"
    late = one_row(model_date=DAY("2024-08-01"), first_seen_date=DAY("2024-05-01"))
    assert days(late)["e00000"][:2] == ("2024-08-01", "2024-08-01")


def test_only_months_that_change_something_are_kept():
    days = pd.to_datetime(["2024-01-05", "2024-03-05", "2024-05-05"])
    frame = board([0.5, 0.4, 0.3], first_seen_date=days, model_date=pd.NaT)
    rows = trends(frame)
    assert sorted(set(rows["month"])) == [date(2024, 1, 1), date(2024, 3, 1), date(2024, 5, 1), date(2025, 6, 1)]
    assert len(rows) == 4 * len(set(rows["statistic"]))


def test_lower_is_better_is_turned_round_and_printed_back():
    now = last(board([0.10, 0.13, 0.20, 0.25, 0.40], is_lower_better=True))
    assert (now["best"], now["kth_best"]) == (pytest.approx(0.10), pytest.approx(0.40))
    assert now["headroom"] == pytest.approx(0.10)


def test_ratings_have_a_frontier_but_no_ceiling():
    now = last(board([1300.0, 1290.0, 1250.0, 1200.0, 1100.0], unit="rating", n_items=np.nan))
    assert (now["best"], now["kth_best"], now["status"]) == (1300, 1100, "cannot_tell")
    assert math.isnan(now["headroom"])
    assert math.isnan(now["s_index_n"])


def test_status_never_depends_on_the_last_bit():
    scale = Scale(is_fraction=True, is_lower_better=False, floor=0.0, ceiling=1.0)
    for room in (0.05, 0.1 + 0.2 - 0.25, 1 - 0.95):
        status, _ = saturation.judge_status(n_entries=9, ties=1, s_sqrt=0.0, room=room, best=0.95, scale=scale)
        assert status == "closed"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 999), min_size=1, max_size=30), st.integers(0, 10**6))
def test_row_order_and_duplicated_rows_change_nothing(scores, seed):
    frame = board([s / 1000 for s in scores])
    order = np.random.default_rng(seed).permutation(len(frame))
    turned = pd.concat([frame.iloc[order], frame.iloc[:1]])
    pd.testing.assert_frame_equal(trends(turned), trends(frame))


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 10**5))
def test_index_is_a_share_and_falls_with_more_questions(a, b, n):
    best, kth = max(a, b), min(a, b)
    assert 0 <= s_index(best, kth, n) <= s_index(best, kth, math.sqrt(n)) <= 1
