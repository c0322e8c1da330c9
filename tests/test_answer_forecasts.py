"""The back-test of the forecasts of answers: outcomes fall on the right side of their range, and what came is told."""

import pandas as pd

from bench import answer_forecasts as af
from ui import forecasts

ORIGIN = pd.Timestamp("2025-01-31")


def told(**changes) -> pd.DataFrame:
    plain = {
        "series": "a", "origin": ORIGIN, "horizon": 3, "goal": 0.9, "earliest": 3, "middle": 6, "latest": 9, "is_open": True,
        "is_fed": True, "best": 0.8, "expected": 0.85, "lower": 0.8, "upper": 0.9, "came": 0.84, "covered": 1.0,
        "history": "long",
    }  # fmt: skip
    return pd.DataFrame([plain | changes])


def history(reached: str | None) -> pd.DataFrame:
    """A test that is fed until 2026 and reaches 90% on a day, or never."""
    days = ["2024-01-01", *([reached] if reached else []), "2026-01-01"]
    score = [0.8, *([0.95] if reached else []), 0.8]
    day = pd.to_datetime(pd.Series(days))
    return pd.DataFrame({"series": "a", "day": day, "known": day, "score": score})


def side(reached: str | None, **changes) -> str:
    counted = af.days(told(**changes), history(reached)).set_index("came")["n_forecasts"]
    assert counted.sum() == 1
    return str(counted.idxmax())


def test_a_month_is_before_inside_or_after_its_range():
    assert side("2025-03-01") == "before"
    assert side("2025-04-15") == "inside"  # within the third month, the earliest one
    assert side("2025-10-20") == "inside"
    assert side("2025-11-20") == "after"
    assert side(None) == "after"  # the range was over before the last new score


def test_what_has_not_come_is_open_while_the_range_is():
    assert side(None, latest=None) == side(None, latest=30) == "not known yet"
    assert side("2025-02-10", earliest=None, latest=None) == "before"  # said to be out of sight


def test_a_range_says_a_chance_and_what_came_is_counted_beside_it():
    rows = pd.concat(
        [
            told(horizon=horizon, series=name, came=came)
            for horizon in (2, 3, 6, 9)
            for name, came in (("a", 0.91), ("b", 0.89))
        ]
    )
    found = af.chances(pd.concat([rows, told(horizon=3, is_fed=False), told(horizon=3, is_open=False)]))
    assert found["horizon"].tolist() == [2, 3, 6, 9] and found["said"].tolist() == list(af.SAID)
    assert found["share_came"].tolist() == [0.5] * 4 and found["n_forecasts"].tolist() == [2] * 4
    never = af.chances(told(horizon=24, earliest=None, middle=None, latest=None))
    assert never["said"].tolist() == [af.SAID[0]] and never["share_came"].tolist() == [0.0]
    assert "where the range said 10 to 50%, it had on 0% of 1 test" in forecasts.about_chances(
        af.chances(told(horizon=12, middle=None, latest=None))
    )


def test_the_outcome_is_that_of_the_last_forecast_whose_day_is_over():
    rows = pd.concat(
        [told(origin=ORIGIN - pd.DateOffset(months=1)), told(), told(series="b", origin=pd.Timestamp("2024-01-31"))]
    )
    found = af.outcomes(rows, pd.Timestamp("2025-05-10"))
    assert found[["benchmark_id", "horizon"]].to_numpy().tolist() == [["a", 3]]
    assert str(found["made"].iloc[0]) == "2025-01-31" and bool(found["is_inside"].iloc[0])


def test_both_versions_of_a_test_are_in_one_half():
    assert af.half(pd.Series(["x@2024", "x@2025"])).nunique() == 1


def test_errors_are_means_over_tests_that_weigh_alike():
    columns = {"error": 0.1, "error_persistence": 0.2, "error_line": 0.4, "width": 0.1}
    rows = pd.concat([told(**columns), told(**columns), told(series="b", **(columns | {"error": 0.3, "covered": 0.0}))])
    line = af.by_horizon(rows).iloc[0]
    assert line["history"] == "all" and round(line["error"], 9) == 0.2 and line["coverage"] == 0.5
    assert round(line["ratio_to_better"], 9) == 1.0


def test_the_sentences_say_how_many_held():
    outcomes = af.outcomes(told(), pd.Timestamp("2025-05-10"))
    assert forecasts.about_outcomes(outcomes).startswith("Made 3 months ago, 1 of 1 came out inside")
    days = af.days(told(), history("2025-04-15"))
    assert "of 1 forecasts whose outcome is known, 100% held it" in forecasts.about_days(days)
