"""The stored factor model: the closed form first, then that it agrees with the build, then when it is silent."""

import json

import numpy as np
import pandas as pd
import pytest
from boards import evidence_of
from test_factors import table

from scoring.brought import claims
from scoring.evidence import entries
from scoring.expected import factors, judge, second_opinion
from scoring.expected.judge import Judgement

NULL = {
    "location": 0.0,
    "scale_high": 1.0,
    "df_high": 50.0,
    "scale_low": 1.0,
    "df_low": 50.0,
    "upper": 1.7,
    "lower": 1.7,
}


def known_model() -> dict:
    """Four tests on two factors, with the noise and spread of the last one known."""
    rng = np.random.default_rng(2)
    series = {
        f"s{j}": {
            "benchmark_id": f"b{j}", "middle": 0.1 * j, "loadings": rng.normal(size=2).tolist(), "noise": 0.1 + 0.1 * j,
            "end_items": 500.0, "n_items": 1000.0, "is_item_count": False, "is_lower_better": False, "low": -9.0,
            "high": 9.0,
        }
        for j in range(4)
    }  # fmt: skip
    series["s3"] |= {"null": NULL, "spread_knots": [0.0], "spread_log_variance": [-2.0]}
    return {"min_tests": 3, "series": series}


def test_the_expected_score_equals_the_conditional_normal_law():
    model, others = known_model(), {"s0": 0.4, "s1": 0.7, "s2": 0.55}
    series = model["series"]
    loadings = np.array([series[f"s{j}"]["loadings"] for j in range(4)])
    sigma = loadings @ loadings.T + np.diag([series[f"s{j}"]["noise"] for j in range(4)])
    y = judge.corrected_logit(np.array(list(others.values())), np.full(3, 1000.0))
    gain = sigma[3, :3] @ np.linalg.inv(sigma[:3, :3])
    middle = series["s3"]["middle"] + gain @ (y - [series[f"s{j}"]["middle"] for j in range(3)])
    told = second_opinion.tell(0.5, "s3", others, model)
    assert told.expected == pytest.approx(judge.uncorrected_score(np.array([middle]), np.array([1000.0]))[0])
    variance = sigma[3, 3] - series["s3"]["noise"] - gain @ sigma[:3, 3] + np.exp(-2.0)
    assert told.z == pytest.approx((judge.corrected_logit(0.5, np.array(1000.0)) - middle) / np.sqrt(variance))
    assert told.lower < told.expected < told.upper


def test_too_few_other_tests_or_the_test_itself_give_no_opinion():
    model = known_model()
    assert second_opinion.tell(0.5, "s3", {"s0": 0.4, "s1": 0.7}, model) is None
    assert second_opinion.tell(0.5, "s3", {"s0": 0.4, "s1": 0.7, "s3": 0.5}, model) is None
    assert second_opinion.tell(0.5, "s0", {"s1": 0.4, "s2": 0.7, "s3": 0.5}, model) is None  # no null of its own
    assert second_opinion.tell(0.5, "unknown", {"s0": 0.4, "s1": 0.7, "s2": 0.5}, model) is None


def test_a_lower_is_better_score_is_told_in_its_own_direction():
    model, others = known_model(), {"s0": 0.4, "s1": 0.7, "s2": 0.55}
    plain = second_opinion.tell(0.3, "s3", others, model)
    model["series"]["s3"]["is_lower_better"] = True
    turned = second_opinion.tell(0.7, "s3", others, model)
    assert turned.expected == pytest.approx(1 - plain.expected)
    assert (turned.lower, turned.upper) == pytest.approx((1 - plain.upper, 1 - plain.lower))
    assert turned.p_high == pytest.approx(plain.p_high)


def test_a_stored_model_says_what_the_build_says():
    frame = table(4, missing=0.0, clones=20)
    placed = factors.place(entries(evidence_of(frame)))
    build, model = placed.lines, json.loads(placed.fits[0][4])
    gaps = []
    for _, mine in list(frame.groupby("model_id"))[100:160]:
        scores = dict(zip(mine["series_id"], mine["score"], strict=True))
        for line in mine.itertuples():
            told = second_opinion.tell(line.score, line.series_id, scores, model)
            gaps.append(told.expected - build.at[line.evaluation_id, "expected"])
    assert np.median(np.abs(gaps)) < 0.005 and np.max(np.abs(gaps)) < 0.05


def by_size(p_value: float, direction: str) -> Judgement:
    return Judgement(
        expected=0.4, expected_lower=0.3, expected_upper=0.5, residual_z=2.0, direction=direction, p_value=p_value,
        p_value_normal=p_value, n_comparable=60, n_as_far=1, is_extrapolated=False,
    )  # fmt: skip


def levelled(second: second_opinion.Opinion | None, p_value: float = 1e-9) -> pd.Series:
    """A brought number that size and date give `p_value`, in a table with a plain one."""
    row = {
        "row": 0, "by_size": by_size(p_value, "high"), "score": 0.6, "rerun_spread": np.nan, "is_lower_better": False,
        "where": "", "remarks": [], "second": second, "by_size_full": by_size(1e-12, "high"), "second_full": None,
    }  # fmt: skip
    return claims._levels([row, row | {"row": 1, "by_size": by_size(0.4, "high"), "second": None}]).loc[0]


def test_only_two_opinions_that_agree_reach_the_highest_word_for_a_brought_number():
    opinion = second_opinion.Opinion(expected=0.45, lower=0.4, upper=0.5, z=3.0, p_high=0.02, p_low=0.98)
    agreed, apart = levelled(opinion), levelled(None)
    assert (agreed["level"], apart["level"]) == ("very_unusual", "unusual")
    assert agreed["second_opinion_expected"] == 0.45 and np.isnan(apart["second_opinion_expected"])


def test_the_clearer_opinion_gives_the_sentence_of_a_brought_number():
    opinion = second_opinion.Opinion(expected=0.5, lower=0.45, upper=0.55, z=5.0, p_high=1e-12, p_low=1.0)
    line = levelled(opinion, 0.01)
    assert line["reasons"].startswith("10.0 points above what its other scores suggest (45 to 55)")


def held_with_factors() -> claims.Held:
    """A database that knows four tests by other scores alone: no fit by size, no model of the table."""
    model = known_model()
    names = {f"b{j}:accuracy:board": about for j, about in enumerate(model["series"].values())}
    return claims.Held(
        tests={f"Test {j}": f"b{j}" for j in range(4)},
        models={},
        fits=pd.DataFrame(columns=["benchmark_id"]),
        about=pd.DataFrame(columns=["model_id"]),
        found=pd.DataFrame(columns=["model_id", "benchmark_id", "score"]),
        factors=[json.dumps(model | {"series": names})],
    )


def test_a_number_without_a_size_is_judged_by_its_other_scores():
    rows = pd.DataFrame(
        {"model": "new", "benchmark": [f"Test {j}" for j in range(4)], "score": ["40", "70", "55", "99"]}
    )
    lines = claims.against(rows.assign(score_unit="percent"), held_with_factors())
    assert lines["level"].tolist()[:3] == ["cannot_tell"] * 3  # those tests have no null of their own
    odd, plain = lines.loc[3], second_opinion.tell(
        0.99, "s3", {"s0": 0.4, "s1": 0.7, "s2": 0.55}, known_model()
    )  # fmt: skip
    assert odd["second_opinion_expected"] == pytest.approx(100 * plain.expected)
    assert odd["p_value"] == pytest.approx(plain.p_high) and pd.isna(odd["expected"])
    assert odd["direction"] == "high" and odd["level"] in ("usual", "somewhat", "unusual")
    assert "other scores alone speak" in odd["reasons"]
    alone = claims.against(rows.iloc[3:].assign(score_unit="percent"), held_with_factors()).iloc[0]
    assert alone["level"] == "cannot_tell" and "Too few models with a known size" in alone["reasons"]
