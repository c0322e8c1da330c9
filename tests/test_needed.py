"""The score that a new model would have to reach to be unusual: just there the verdict turns."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from boards import evidence_of, null_table

from data.vocabulary import MARKED
from scoring.answers import needed as answered
from scoring.expected import judge
from scoring.expected.population import Population
from scoring.verdict import finding, levels, needed

DAY = date(2024, 6, 1)
SIZES = np.array([1e9, 8e9, 70e9])


@pytest.fixture(scope="module")
def population() -> Population:
    return Population(evidence_of(null_table(3, 1)))


@pytest.fixture(scope="module")
def fit(population) -> dict:
    import json

    return json.loads(population.by_size.fits[0][4])


def level(fit: dict, score: float, size: float, spread: float = np.nan) -> str:
    told = judge.judge(judge.New(score=score, n_parameters=size, model_date=DAY), fit)
    p = told.p_value if told.direction == "high" else 1.0
    return levels.word(p, np.nan, abs(score - told.expected), float(finding.least_gap(np.array(spread))), None)


def test_the_verdict_turns_at_the_score_that_is_needed(fit):
    found = needed.scores(fit, SIZES, DAY, np.nan)
    assert not np.isnan(found).any()
    for score, size in zip(found.tolist(), SIZES.tolist(), strict=True):
        assert level(fit, score, size) in MARKED and level(fit, score - 0.001, size) not in MARKED


def test_the_least_gap_is_that_of_the_verdict(fit):
    tight = fit | {"spread_log_variance": [-12.0] * len(fit["spread_log_variance"]), "n_items": 1e6}
    expected = np.array(
        [judge.judge(judge.New(score=0.5, n_parameters=s, model_date=DAY), tight).expected for s in SIZES]
    )
    assert needed.scores(tight, SIZES, DAY, np.nan) == pytest.approx(expected + levels.MIN_GAP, abs=0.002)
    assert needed.scores(tight, SIZES, DAY, 0.05) == pytest.approx(expected + 2 * 0.05, abs=0.002)


def test_where_not_even_a_full_score_would_be_unusual_nothing_is_told(fit):
    wide = fit | {"spread_log_variance": [4.0] * len(fit["spread_log_variance"])}
    assert np.isnan(needed.scores(wide, SIZES, DAY, np.nan)).all()


def test_where_lower_is_better_the_score_is_told_as_it_is_printed(fit):
    plain, turned = (needed.scores(fit | {"is_lower_better": flip}, SIZES, DAY, np.nan) for flip in (False, True))
    assert turned == pytest.approx(1 - plain)


def test_an_answer_tells_both_sizes_or_why_not(population):
    name = population.by_size.entries["series_id"].iloc[0]
    test, metric = population.by_size.entries[["benchmark_id", "metric"]].iloc[0]
    rows = [(test, metric, "in_use", name), ("else", metric, "in_use", "no such"), (test, metric, "retired", name)]
    asked = pd.DataFrame(rows, columns=["benchmark_id", "metric", "use", "best_series_id"])
    told = answered.of_answers(asked.assign(unit="fraction", is_lower_better=False), population.by_size, DAY)
    assert told["unusual_from_8b"].notna().tolist() == [True, False, False]
    assert told["unusual_from_8b"].iloc[0] < told["unusual_from_70b"].iloc[0]
    assert (
        f"8 billion parameters: from {100 * told['unusual_from_8b'].iloc[0]:.1f}" in told["unusual_from_reason"].iloc[0]
    )
    rated = answered.of_answers(asked.assign(unit="rating", is_lower_better=False), population.by_size, DAY)
    assert rated[answered.NEEDED].isna().all(axis=None)
    assert told["unusual_from_reason"].iloc[1] == answered.NO_FIT and pd.isna(told["unusual_from_reason"].iloc[2])
