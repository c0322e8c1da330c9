"""Saturation: the published index by its known answers, then frontier, ties and status."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from boards import evidence_of, frame_of, population_of
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.evidence import Evidence
from scoring.expected.population import Population
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
    return saturation.compute(population_of(frame)).trends


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
    assert now["tie_group"] == "m00000; m00001; m00002; m00003; m00004"


def test_three_or_a_high_index_are_crowded():
    assert last(board([0.80, 0.79, 0.79, 0.60, 0.50], n_items=500))["status"] == "crowded"
    now = last(board([0.800, 0.760, 0.759, 0.758, 0.757], n_items=3000))
    assert (now["status"], now["tie_group_size"]) == ("crowded", 1)
    assert now["s_index_sqrt_n"] > saturation.CROWDED_INDEX


def test_a_twentieth_of_the_scale_left_is_closed():
    assert last(board([0.95, 0.95, 0.7, 0.6, 0.5]))["status"] == "closed"
    assert last(board([0.949, 0.8, 0.7, 0.6, 0.5]))["status"] == "separating"
    assert last(board([0.949, 0.949, 0.7, 0.6, 0.5], ceiling=0.96))["status"] == "closed"


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


def test_an_average_of_question_scores_is_told_by_the_largest_possible_error():
    f1 = {"is_item_count": False, "n_items": 5000, "n_at_least": 1000}
    now = last(board([0.90, 0.872, 0.871, 0.870, 0.60], **f1))
    # 1.96 * sqrt(.09/1000 + .1125/1000) = 0.0279 < 0.028
    assert (now["tie_group_size"], now["status"], now["error_basis"]) == (1, "separating", "bound")
    assert "even under the largest possible error" in now["reason"]
    assert math.isnan(now["s_index_n"])
    now = last(board([0.90, 0.873, 0.872, 0.872, 0.872], **f1))
    assert (now["tie_group_size"], now["status"]) == (2, "separating")
    now = last(board([0.90, 0.875, 0.875, 0.875, 0.875], **f1))
    assert (now["tie_group_size"], now["status"]) == (5, "tied")
    assert "under the largest possible error of this average" in now["reason"]


def test_a_printed_error_goes_before_a_bound_and_a_partial_run_has_a_wider_one():
    now = last(board(FIVE, is_item_count=False, n_items=np.nan, n_at_least=1000, standard_error=0.03))
    assert (now["tie_group_size"], now["error_basis"]) == (2, "printed")
    one_part = last(board(FIVE, is_item_count=False, n_items=[100, 1000, 1000, 1000, 1000], n_at_least=1000))
    assert one_part["tie_group_size"] == 2  # 100 questions allow the best 6 points; 1,000 only 2.8
    assert last(board(FIVE, n_items=1000, n_at_least=10))["error_basis"] == "count"  # a count needs no bound


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 400), st.floats(0, 1)), min_size=1, max_size=30))
def test_no_mean_over_tasks_varies_more_than_its_bound(tasks):
    """Tasks of n questions with mean score m, each task weighing alike: the exact variance of right-or-wrong answers."""
    sizes, means = np.array([n for n, _ in tasks]), np.array([m for _, m in tasks])
    exact = (means * (1 - means) / sizes).sum() / len(tasks) ** 2
    n_at_least = len(tasks) * sizes.min()
    assert exact <= saturation.standard_error(float(means.mean()), float(n_at_least)) ** 2 + 1e-12


def test_a_maker_is_one_entry_however_it_is_written():
    same = saturation.makers(pd.Series(["OpenAI", "openai", "Open-AI", "Google,OpenAI", "google", "", None, "-"]))
    assert len(set(same[:3])) == len(set(same[3:5])) == 1
    assert same[0] != same[3]
    assert (same[5:] == -1).all()
    now = last(board([*FIVE, 0.5], developer=["OpenAI", "openai", "c", "d", "e", "f"]))
    assert now["kth_best"] == 0.5


def test_a_board_without_recent_models_says_so():
    old = board(FIVE, model_date=pd.Timestamp("2023-06-01"), first_seen_date=pd.Timestamp("2023-06-01"))
    assert "No model of the last 12 months" in last(old)["reason"]
    assert "No model of the last 12 months" not in last(board(FIVE))["reason"]


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
    # the names of a tie group stand in the last month only
    assert len(rows) == 4 * (len(set(rows["statistic"])) - 1) + 1


def test_lower_is_better_is_turned_round_and_printed_back():
    now = last(board([0.10, 0.13, 0.20, 0.25, 0.40], is_lower_better=True))
    assert (now["best"], now["kth_best"]) == (pytest.approx(0.10), pytest.approx(0.40))
    assert now["headroom"] == pytest.approx(0.10)


def test_ratings_have_a_frontier_but_no_ceiling():
    now = last(board([1300.0, 1290.0, 1250.0, 1200.0, 1100.0], unit="rating", n_items=np.nan))
    assert (now["best"], now["kth_best"], now["status"]) == (1300, 1100, "cannot_tell")
    assert math.isnan(now["headroom"])
    assert math.isnan(now["s_index_n"])


@pytest.mark.parametrize(
    ("error", "status", "n_tied"), [(4.0, "separating", 2), (20.0, "crowded", 3), (100.0, "tied", 5)]
)
def test_ratings_with_printed_errors_tell_models_apart(error, status, n_tied):
    scores = [1300.0, 1290.0, 1250.0, 1200.0, 1100.0]
    now = last(board(scores, unit="rating", n_items=np.nan, standard_error=error))
    assert (now["status"], now["tie_group_size"], now["error_basis"]) == (status, n_tied, "printed")
    assert math.isnan(now["headroom"]) and "A rating has no end" in now["reason"]


def test_one_model_far_ahead_at_the_end_of_the_scale_closes_no_test():
    now = last(board([0.98, 0.56, 0.48, 0.4, 0.38]))
    assert now["status"] == "separating" and "The next independent model has 44% left" in now["reason"]
    assert last(board([0.95, 0.93, 0.48, 0.4, 0.38]))["status"] == "closed"
    alone = last(board([0.98]))
    assert alone["status"] == "cannot_tell" and "next independent model" not in alone["reason"]


def test_status_never_depends_on_the_last_bit():
    scale = Scale(is_fraction=True, is_lower_better=False, floor=0.0, ceiling=1.0)
    for room in (0.05, 0.1 + 0.2 - 0.25, 1 - 0.95):
        status, _ = saturation.judge_status(
            n_entries=9, ties=1, s_sqrt=0.0, room=room, next_room=room, best=0.95, scale=scale
        )
        assert status == "closed"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 999), min_size=1, max_size=30), st.integers(0, 10**6))
def test_row_order_and_duplicated_rows_change_nothing(scores, seed):
    frame = board([s / 1000 for s in scores])
    order = np.random.default_rng(seed).permutation(len(frame))
    turned = pd.concat([frame.iloc[order], frame.iloc[:1]])
    pd.testing.assert_frame_equal(trends(turned), trends(frame))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 999), min_size=5, max_size=20), st.integers(-60, 60))
def test_a_shift_in_time_moves_the_months_and_changes_nothing_else(scores, shift):
    days = pd.Timestamp("2024-01-15") + pd.to_timedelta(30 * np.arange(len(scores)), unit="D")
    dated = [board([s / 1000 for s in scores], model_date=d, first_seen_date=d, evaluated_date=d)
             for d in (days, pd.DatetimeIndex([x + pd.DateOffset(months=shift) for x in days]))]  # fmt: skip
    ends = [d["first_seen_date"].max() for d in dated]
    plain, moved = (
        saturation.compute(Population(Evidence(evaluations=d, asof=end.date()))).trends
        for d, end in zip(dated, ends, strict=True)
    )
    back = moved["month"].map(lambda m: (pd.Timestamp(m) - pd.DateOffset(months=shift)).date())
    pd.testing.assert_frame_equal(moved.assign(month=back), plain)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(800, 1600), min_size=1, max_size=20), st.sampled_from([0.01, 2.0, 1000.0]))
def test_a_rating_in_another_unit_has_the_same_frontier(scores, factor):
    plain, other = (last(board([s * f for s in scores], unit="rating", n_items=np.nan)) for f in (1.0, factor))
    assert other["best"] == pytest.approx(plain["best"] * factor)
    same = [n for n in plain if n not in ("best", "kth_best", "kth_best_raw")]
    assert [str(other[n]) for n in same] == [str(plain[n]) for n in same]


@pytest.mark.parametrize(("score", "status"), [(0.5, "tied"), (1.0, "closed"), (0.0, "tied")])
def test_all_the_same_score_is_a_tie(score, status):
    now = last(board([score] * 6))
    assert (now["status"], now["tie_group_size"], now["s_index_n"]) == (status, 6, 1.0)


def test_a_decreasing_series_keeps_its_best():
    days = pd.to_datetime(["2024-01-05", "2024-03-05", "2024-05-05", "2024-07-05", "2024-09-05"])
    rows = trends(board(FIVE, first_seen_date=days, model_date=pd.NaT))
    assert set(rows.loc[rows["statistic"] == "best", "value"]) == {0.90}


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 10**5))
def test_index_is_a_share_and_falls_with_more_questions(a, b, n):
    best, kth = max(a, b), min(a, b)
    assert 0 <= s_index(best, kth, n) <= s_index(best, kth, math.sqrt(n)) <= 1
