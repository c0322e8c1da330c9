"""Calibration: on boards without an odd score almost nothing is marked, and 90% ranges hold 90%."""

import numpy as np
import pandas as pd
import pytest
from boards import evidence_of, null_board

import scoring
from scoring.signals import size_anomaly

# Each nuisance of real boards at least once: heavy tails, scores at the floor, few questions, few clusters, clones.
BOARDS = {
    "plain": {},
    "heavy": {"heavy": True},
    "low": {"floor": 0.0, "level": -2.5, "n_items": 150},
    "short": {"between": 0.2, "n_items": 100},
    "few_clusters": {"n_clusters": 40},
    "many_clusters": {"n_clusters": 400, "largest": 500},
    "high": {"level": 2.0},
    "loose_clones": {"within": 0.4},
}
SEEDS = range(5)


def boards(seed: int) -> pd.DataFrame:
    return pd.concat(
        [null_board(1000 * seed + i, name=name, **how) for i, (name, how) in enumerate(BOARDS.items())],
        ignore_index=True,
    )


@pytest.fixture(scope="module")
def tested() -> pd.DataFrame:
    """All tested scores of all seeds, weighing 1 / rows of the cluster (a cluster is one draw, however many copies)."""
    parts = []
    for seed in SEEDS:
        frame = boards(seed)
        found = size_anomaly.compute(evidence_of(frame)).findings
        names = frame.set_index("evaluation_id")[["benchmark_id", "cluster_id"]]
        parts.append(found.join(names, on="subject_id").assign(seed=seed))
    rows = pd.concat(parts)
    rows = rows[rows["p_value"].notna()]
    size = rows.groupby(["seed", "benchmark_id", "cluster_id"])["subject_id"].transform("size")
    return rows.assign(weight=1 / size, inside=rows["p_value"] >= 0.05)


def share(rows: pd.DataFrame, condition: pd.Series) -> float:
    return float(np.average(condition.loc[rows.index], weights=rows["weight"]))


def test_at_most_one_score_in_a_thousand_is_marked(tested):
    assert len(tested) > 50_000
    assert tested["level"].isin(["unusual", "very_unusual"]).mean() <= 0.001


def test_ninety_percent_ranges_hold_ninety_percent(tested):
    tested = tested.reset_index(drop=True)
    assert 0.88 <= share(tested, tested["inside"]) <= 0.92
    for _, rows in tested.groupby("benchmark_id"):
        assert 0.87 <= share(rows, tested["inside"]) <= 0.93


@pytest.mark.parametrize("side", ["high", "low"])
def test_small_p_values_are_as_rare_as_they_say(tested, side):
    tested = tested.reset_index(drop=True)
    mine = tested["direction"] == side
    assert 0.035 <= share(tested, mine & (tested["p_value"] < 0.05)) <= 0.065
    assert share(tested, mine & (tested["p_value"] < 0.01)) <= 0.015
    assert share(tested, mine & (tested["p_value"] < 0.001)) <= 0.002


def test_no_model_is_called_high_everywhere_and_no_score_odd_on_boards_without_one():
    marked, models, odd, n_scores = 0, 0, 0, 0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        plain = null_board(seed, n_clusters=120, largest=300)
        ability = dict(zip(plain["cluster_id"].unique(), rng.normal(0, 0.3, 120), strict=True))
        parts = []
        for b in range(5):
            # The same models on five tests: abilities are shared, so that means over tests are not independent draws.
            lean = plain["cluster_id"].map(ability).to_numpy() + rng.normal(0, 0.2, len(plain))
            eta = -0.5 + np.log10(plain["n_parameters"].fillna(1e9)) - 9.5 + lean
            score = rng.binomial(300, 0.25 + 0.75 / (1 + np.exp(-eta))) / 300
            parts.append(plain.assign(score=score, benchmark_id=f"b{b}", series_id=f"b{b}:accuracy:board"))
        frame = pd.concat(parts, ignore_index=True)
        frame = frame.assign(evaluation_id=[f"e{i:06d}" for i in range(len(frame))])
        done = scoring.run(evidence_of(frame))
        summary, found = done.summaries, done.findings
        scores = found[(found["signal_id"] == "size_anomaly") & (found["variant"] == "")]
        odd += int(scores["level"].isin(["unusual", "very_unusual"]).sum())
        n_scores += len(scores)
        marked += int(summary["level"].eq("unusual").sum())
        models += len(summary)
    assert marked / models <= 0.001
    # The same for single scores, where size and date, other scores and near-copies speak together.
    assert odd / n_scores <= 0.001
