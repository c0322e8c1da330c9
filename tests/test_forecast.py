"""Forecasts: known answers by hand, then what must never matter, then the committed back-test."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from boards import frame_of, population_of
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import backtest
from scoring.expected import forecast
from scoring.expected.forecast import Fan, crossing, first_month, look, look_ahead, meeting, past_of
from scoring.signals import outlook

DAY = np.datetime64("2025-06-30", "D")
OPEN = (1.0, 1.0, 1.0)


def climb(n=24, *, low=0.3, high=0.8, known_later=0):
    """A score a month that rises on the log-odds scale, the last one on DAY."""
    start, end = (math.log(p / (1 - p)) for p in (low, high))
    days = DAY - (np.arange(n)[::-1] * 30).astype("timedelta64[D]")
    return {
        "days": days,
        "known": days + np.timedelta64(known_later, "D"),
        "score": 1 / (1 + np.exp(-np.linspace(start, end, n))),
        "origin": DAY,
        "floor": 0.0,
        "ceiling": OPEN,
        "n_items": 500,
    }


def fan(past, months=(3, 6, 12)):
    return look_ahead(past, np.array(months))


def test_the_past_by_hand():
    past = look(**climb())
    years = 12 / 12
    step = (math.log(0.8 / 0.2) - math.log(0.3 / 0.7)) / 23
    # twelve months are 365.25 days: the score of 390 days ago is the best of then
    assert past.rate == pytest.approx(13 * step / years)
    assert (past.best, past.entries, past.delay) == (pytest.approx(0.8), 13, 0)
    assert past.lead == pytest.approx(0.8 - climb()["score"][-5])
    assert past.record == pytest.approx(step)  # every score is a record
    tied = climb() | {"score": np.r_[np.full(12, 0.3), np.full(12, 0.6)]}
    assert look(**tied).record == pytest.approx(math.log(0.6 / 0.4) - math.log(0.3 / 0.7))  # one record, a tie is none


@pytest.mark.parametrize(
    "change",
    [
        {"n": 4},  # four models
    ],
)
def test_too_little_history_stays_silent(change):
    assert look(**climb(**change)) is None


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"n": 6}, "is_short"),  # half a year
        ({"origin": DAY + np.timedelta64(400, "D")}, "is_quiet"),
    ],
)
def test_a_thin_history_is_answered_with_a_wider_interval_that_starts_at_the_present_best(change, word):
    past = look(**{**climb(change.get("n", 24)), "origin": change.get("origin", DAY)})
    assert getattr(past, word)
    told, plain = fan(past), fan(replace(past, history=math.inf, is_quiet=False))
    assert np.all(told.lower == past.best)
    assert np.all(told.upper - told.lower > plain.upper - plain.lower)
    rise = [math.log(b / (1 - b)) for b in (*told.best, *plain.best)]
    years = np.array([3, 6, 12]) / 12
    assert np.subtract(rise[:3], rise[3:]) == pytest.approx(forecast.LIFT * years * past.is_short)
    assert crossing(past, 0.9).latest is None


def test_several_set_ups_together_have_weights_of_their_own_which_know_short_histories(monkeypatch):
    past, short = look(**climb()), look(**climb(6))
    pooled = [fan(replace(one, is_pooled=True)) for one in (past, short)]
    assert not np.allclose(pooled[0].best, fan(past).best)
    monkeypatch.setattr(forecast, "POOLED_WEIGHTS", forecast.WEIGHTS)
    told, shorter = (fan(replace(one, is_pooled=True)) for one in (past, short))
    assert np.array_equal(told.best, fan(past).best) and np.array_equal(told.upper, fan(past).upper)
    # What is added to a short history of a single set-up is in the weights for several ones.
    assert np.all(shorter.upper < fan(short).upper) and np.all(shorter.best < fan(short).best)
    assert crossing(replace(short, is_pooled=True), 0.99).latest is None


def test_scores_of_one_day_are_answered_without_a_rate():
    same = climb() | {"days": np.full(24, DAY), "known": np.full(24, DAY)}
    past = look(**same)
    assert (past.rate, past.is_short) == (0.0, True)
    told = fan(past)
    assert np.all(told.lower == past.best) and told.upper[-1] > past.best


def test_what_became_known_later_is_not_seen():
    seen = look(**climb(known_later=100))
    assert seen.best == pytest.approx(climb()["score"][-5])  # known 100 days later: four months are missing
    assert seen.delay == pytest.approx(100 / forecast.DAYS_A_MONTH)


def test_a_middle_forecast_rises_and_stays_below_the_ceiling():
    told = fan(look(**climb()), (1, 3, 6, 12, 36))
    assert np.all(np.diff(told.best) >= 0)
    assert told.best[-1] < 1
    assert np.all(told.lower <= told.best)
    assert np.all(told.best <= told.upper)
    assert told.upper[3] > 0.8
    assert told.best[-1] > 0.8


def test_a_decreasing_field_has_no_gain_and_keeps_its_best():
    falling = climb() | {"score": climb()["score"][::-1]}
    past = look(**falling)
    assert (past.best, past.rate) == (pytest.approx(0.8), 0.0)
    assert fan(past).best[0] >= past.best


def test_a_flat_field_is_forecast_to_stay():
    flat = climb(n=40, low=0.9499, high=0.95)
    told = fan(look(**flat) if look(**flat) else None)
    assert told.best == pytest.approx([0.95] * 3, abs=0.01)


def test_a_best_score_above_the_ceiling_takes_the_whole_scale():
    past = look(**(climb() | {"ceiling": (0.7, 0.75, 0.78)}))
    assert past.ceiling == 1.0


def test_a_reviewed_ceiling_bounds_the_forecast():
    past = look(**(climb() | {"ceiling": (0.82, 0.85, 0.88)}))
    told = fan(past, (12, 36))
    assert told.best[-1] <= 0.85
    assert told.upper[-1] <= 0.88


def test_perfect_scores_have_no_infinite_odds():
    told = fan(look(**(climb() | {"score": np.r_[np.full(20, 0.5), np.full(4, 1.0)]})))
    assert np.all(told.best == 1.0) and np.all(told.upper == 1.0)


def test_zero_scores_are_a_start():
    told = fan(look(**(climb() | {"score": np.zeros(24)})))
    assert np.all((told.best >= 0) & (told.upper < 1))


def test_months_until_a_level():
    path = np.array([0.5, 0.6, 0.7])
    assert first_month(path, 0.6) == 2
    assert first_month(path, 0.1 + 0.2 + 0.3) == 2  # not the last bit
    assert first_month(path, 0.71) is None


def test_a_crossing_is_ordered_and_open_where_out_of_sight():
    told = crossing(look(**climb()), 0.85)
    months = [m if m is not None else math.inf for m in (told.earliest, told.middle, told.latest)]
    assert months == sorted(months)
    far = crossing(look(**climb(low=0.01, high=0.02)), 0.9999)
    assert far.middle is None and far.latest is None


def test_the_chaser_meets_the_best():
    best = past_of(
        best=0.9, before=0.89, years=1, entries=20, delay=0, lead=0.05, record=0.2, floor=0, ceiling=OPEN, n_items=500
    )
    kth = past_of(
        best=0.85, before=0.5, years=1, entries=20, delay=0, lead=0.0, record=0.2, floor=0, ceiling=OPEN, n_items=500
    )
    near, far = meeting(best, kth, 0.049), meeting(best, kth, 0.0001)
    assert near.earliest is not None
    assert far.earliest is None or far.earliest >= near.earliest


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.01, 0.99), min_size=8, max_size=40), st.integers(0, 10**6), st.integers(-3000, 3000))
def test_row_order_and_a_shift_in_time_change_nothing(scores, seed, shift):
    days = DAY - (np.arange(len(scores)) * 40).astype("timedelta64[D]")
    plain = climb() | {"days": days, "known": days, "score": np.array(scores)}
    order = np.random.default_rng(seed).permutation(len(scores))
    move = np.timedelta64(shift, "D")
    moved = plain | {
        "days": days[order] + move, "known": days[order] + move, "score": np.array(scores)[order], "origin": DAY + move,
    }  # fmt: skip
    a, b = look(**plain), look(**moved)
    assert a == b
    if a is not None:
        one, other = fan(a), fan(b)
        assert isinstance(one, Fan)
        for name in ("best", "lower", "upper"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@settings(max_examples=50, deadline=None)
@given(
    st.floats(0.0, 0.999),
    st.floats(0, 0.5),
    st.integers(0, 500),
    st.floats(0, 30),
    st.floats(0, 0.5),
    st.floats(0, 4),
    st.floats(0, 0.25),
)
def test_every_interval_holds_its_middle_and_never_falls(best, gain, entries, delay, lead, record, floor):
    best = max(best, floor + 0.001)
    past = past_of(
        best=best, before=max(best - gain, floor), years=1, entries=entries, delay=delay, lead=lead, record=record, floor=floor,
        ceiling=(0.9, 0.95, 0.97), n_items=200,
    )  # fmt: skip
    told = fan(past, tuple(range(1, 37)))
    assert np.all(told.lower >= best - 1e-12)
    assert np.all(told.lower <= told.best + 1e-12) and np.all(told.best <= told.upper + 1e-12)
    assert np.all(told.upper <= 1.0)
    for name in ("best", "upper"):
        assert np.all(np.diff(getattr(told, name)) >= -1e-12)


def rows_of(*, series="s", group="g", n=40, known_later=0, step=0.012):
    days = pd.Timestamp("2021-01-15") + pd.to_timedelta(np.arange(n) * 30, unit="D")
    return pd.DataFrame(
        {
            "series": series, "group": group, "set": "boards", "model": [f"{series}{i}" for i in range(n)], "day": days,
            "known": days + pd.to_timedelta(known_later, unit="D"), "is_printed": True,
            "score": np.minimum(0.3 + step * np.arange(n), 0.99), "n_items": 500.0, "floor": 0.0, "end": pd.NaT,
        }
    )  # fmt: skip


def test_a_back_test_sees_nothing_that_came_later():
    rows = rows_of()
    table = backtest.origins(rows)
    for row in table.itertuples():
        known = rows[rows["known"] <= row.origin]
        assert row.best == known["score"].max()
        assert row.came == rows.loc[rows["day"] <= row.origin + pd.DateOffset(months=row.horizon), "score"].max()
    future = rows.assign(score=rows["score"].where(rows["day"] < "2023-01-01", 0.99))
    early = backtest.origins(future)
    both = table.merge(early, on=["origin", "horizon"])
    both = both[both["origin"] < "2023-01-01"]
    assert len(both) > 20
    assert (both["best_x"] == both["best_y"]).all()
    assert all(np.array_equal(a, b) for a, b in zip(both["x_x"], both["x_y"], strict=True))


def test_an_origin_needs_history_and_a_horizon_that_follows():
    table = backtest.origins(rows_of())
    assert table.query("history == 'long'")["origin"].min() >= pd.Timestamp("2021-09-15")
    assert table.query("history == 'short'")["origin"].max() < pd.Timestamp("2021-09-15")
    last = rows_of()["day"].max()
    assert (table["origin"] + pd.to_timedelta(28 * table["horizon"], unit="D")).max() <= last


def test_a_replaced_version_ends_when_the_next_one_begins():
    table = backtest.origins(rows_of().assign(end=pd.Timestamp("2022-12-31")))
    assert (table["origin"] + pd.to_timedelta(28 * table["horizon"], unit="D")).max() <= pd.Timestamp("2022-12-31")


def test_a_fit_finds_the_quantile_that_the_outcomes_have():
    """Tests that are alike but for their luck: the fit of a level lies above that share of what came."""
    one = backtest.origins(rows_of(n=16)).query("horizon == 3").iloc[[0]]
    came = one["best"].iloc[0] + np.random.default_rng(3).exponential(0.05, 200)
    table = pd.concat([one] * 200, ignore_index=True)
    fit = backtest.Fit(table.assign(came=came, series=[f"s{i}" for i in range(200)]))
    shares = [
        np.mean(fit.came <= fit.score(fit.weights(q, slice(None), backtest.STARTS), slice(None))) for q in (0.5, 0.8)
    ]
    assert shares == pytest.approx([0.5, 0.8], abs=0.05)


def test_weights_lean_on_others_the_more_the_fewer_rows_speak_against_them():
    table = backtest.origins(rows_of()).query("horizon == 3")
    fit = backtest.Fit(table)
    guess = np.r_[backtest.START, np.full(len(forecast.FEATURES), 0.2)]
    near, nearer = (
        np.abs(fit.weights(0.5, slice(None), backtest.STARTS, guess, pull) - guess).max() for pull in (0.01, 1000.0)
    )
    assert nearer < 0.01 < near


def test_errors_are_averaged_within_a_series_and_then_over_series():
    told = pd.DataFrame(
        {
            "set": "boards", "group": ["a", "a", "b"], "series": ["s1", "s1", "s2"], "horizon": 12, "is_fed": True, "history": "long",
            "origin": pd.Timestamp("2024-01-31"), "error": [0.1, 0.3, 0.1], "error_persistence": [0.2, 0.4, 0.3],
            "error_line": [1.0, 1.0, 1.0], "covered": [1.0, 0.0, 1.0], "width": 0.1,
        }
    )  # fmt: skip
    line = backtest.by_horizon(backtest.by_series(told)).query("set == 'all'").iloc[0]
    assert (line["n_series"], line["n_independent"], line["n_forecasts"]) == (2, 2, 3)
    assert line["error"] == pytest.approx(0.15)
    assert line["error_persistence"] == pytest.approx(0.3)
    assert line["ratio_to_better"] == pytest.approx(0.5)
    assert line["coverage"] == pytest.approx(0.75)


def committed(name):
    return pd.read_csv(backtest.METHOD / f"{name}.csv")


def test_the_committed_table_follows_from_the_committed_series():
    series, table = committed("backtest_series"), committed("backtest")
    again = backtest.by_horizon(series)
    for column in ("n_series", "n_independent", "n_forecasts"):
        assert again[column].tolist() == table[column].tolist()
    for column in ("error", "error_persistence", "ratio_to_better", "coverage"):
        np.testing.assert_allclose(again[column], table[column], atol=2e-3)


def outlook_of(frame):
    rows = outlook.compute(population_of(frame)).trends
    words = rows[rows["value_text"].notna()].set_index("statistic")["value_text"].to_dict()
    return rows, words


def climbing_board(n=30, **changes):
    days = pd.Timestamp("2025-06-01") - pd.to_timedelta(np.arange(n)[::-1] * 25, unit="D")
    plain = {
        "score": np.linspace(0.35, 0.8, n), "n_items": 1000, "developer": [f"d{i}" for i in range(n)],
        "evaluated_date": days, "first_seen_date": days, "model_date": days, "date_basis": "submission",
    }  # fmt: skip
    return frame_of(**(plain | changes))


def test_the_outlook_tells_twelve_months_and_why():
    rows, words = outlook_of(climbing_board())
    fan_rows = rows[rows["statistic"].isin(["best", "lower", "upper"])].pivot(
        index="month", columns="statistic", values="value"
    )
    assert len(fan_rows) == 12
    assert (fan_rows["lower"] <= fan_rows["best"]).all() and (fan_rows["best"] <= fan_rows["upper"]).all()
    assert str(fan_rows.index.min()) == "2025-07-01"
    assert words["saturation_earliest"] > "2025-06"
    assert words["day_basis"] == "printed"


def test_rows_printed_twice_and_their_order_do_not_change_the_outlook():
    frame = climbing_board()
    again = frame.assign(evaluation_id="x" + frame["evaluation_id"])
    twice = pd.concat([frame, again]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(outlook_of(twice)[0], outlook_of(frame)[0])


def test_scores_above_the_ceiling_have_a_forecast_but_no_month_of_saturation():
    _, words = outlook_of(climbing_board(ceiling=0.7))
    assert "contradicts the ceiling" in words["reason"] and "saturation_month" not in words


def test_the_outlook_of_a_lower_is_better_test_falls():
    rows, _ = outlook_of(climbing_board(score=np.linspace(0.65, 0.2, 30), is_lower_better=True))
    best = rows[rows["statistic"] == "best"]["value"]
    assert (best <= 0.2 + 1e-9).all()
    low, high = (rows[rows["statistic"] == s]["value"].to_numpy(dtype=float) for s in ("lower", "upper"))
    assert (low <= high).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"model_id": "one model"},
        {"evaluated_date": pd.NaT, "first_seen_date": pd.Timestamp("2025-06-01"), "model_date": pd.NaT},
        {"score": [0.0] * 30},
    ],
)
def test_the_outlook_is_silent_with_its_reason(changes):
    rows, words = outlook_of(climbing_board(**changes))
    assert list(rows["statistic"]) == ["reason"]
    assert words["reason"].startswith("No forecast")


def test_a_best_score_of_100_percent_stays_there():
    rows, words = outlook_of(climbing_board(score=[1.0] * 30))
    ahead = rows[rows["statistic"].isin(["best", "lower", "upper"])]
    assert len(ahead) == 3 * outlook.AHEAD and (ahead["value"] == 1.0).all() and "left already" in words["reason"]


def test_a_test_that_nobody_fed_for_a_year_gets_a_range_with_its_condition_and_no_latest_month():
    board = climbing_board()
    moved = {c: board[c] - pd.DateOffset(months=14) for c in ("evaluated_date", "first_seen_date", "model_date")}
    rows, words = outlook_of(board.assign(**moved))
    last = {s: rows[rows["statistic"] == s]["value"].iloc[-1] for s in ("best", "lower", "upper")}
    assert last["lower"] == pytest.approx(0.8) and last["lower"] <= last["best"] < last["upper"] - 0.02
    assert words["reason"].startswith(forecast.QUIET) and "saturation_latest" not in words


def test_a_tie_or_saturation_that_has_come_is_said():
    _, words = outlook_of(climbing_board(score=np.linspace(0.9, 0.95, 30), n_items=100))
    assert "left already" in words["reason"]
    assert "within the error of the best already" in words["reason"]
    assert "saturation_month" not in words


def test_a_tie_of_averages_is_told_by_the_largest_possible_error():
    plain = {"n_items": np.nan, "is_item_count": False, "score": np.linspace(0.35, 0.8, 30)}
    assert "cannot be told" in outlook_of(climbing_board(**plain))[1]["reason"]
    assert "already" in outlook_of(climbing_board(**plain, n_at_least=100))[1]["reason"]


def test_ratings_and_subtasks_have_no_outlook():
    assert outlook_of(climbing_board(unit="rating"))[0].empty
    assert outlook_of(climbing_board(is_subset=True))[0].empty
