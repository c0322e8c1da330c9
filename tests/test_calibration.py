"""Calibration: on boards without an odd score almost nothing is marked, and 90% ranges hold 90%."""

import numpy as np
import pandas as pd
import pytest
from boards import evidence_of, null_board, population_of, sigmoid

import scoring
from bench import calibration
from scoring.signals import size_anomaly
from scoring.verdict import levels
from ui import measured

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
NULL_BOARDS = {1: range(60), calibration.N_TESTS: range(60, 100)}  # tests on a leaderboard: seeds


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
        found = size_anomaly.compute(population_of(frame)).findings
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


@pytest.fixture(scope="module")
def leaderboards() -> pd.DataFrame:
    """A hundred small leaderboards, each scored by itself as a leaderboard of its own would be."""
    parts = [calibration.null_rows(n_tests, seeds) for n_tests, seeds in NULL_BOARDS.items()]
    return pd.concat(parts, ignore_index=True)


def test_at_most_seven_leaderboards_in_a_hundred_have_any_mark(leaderboards):
    marked = leaderboards["level"].isin(["unusual", "very_unusual"])
    n_boards = sum(len(seeds) for seeds in NULL_BOARDS.values())
    assert n_boards == 100 and leaderboards["seed"].nunique() >= 95
    assert leaderboards.loc[marked, "seed"].nunique() / n_boards <= 0.07
    assert marked.mean() <= 0.001


def test_ranges_hold_ninety_percent_everywhere_on_the_scale(leaderboards):
    assert 0.88 <= calibration.share(leaderboards, leaderboards["weight"]) <= 0.92
    assert 0.88 <= calibration.share(leaderboards) <= 0.92
    for low, high in calibration.THIRDS.values():
        part = leaderboards[leaderboards["expected"].between(low, high, inclusive="left")]
        assert len(part) > 5_000
        assert 0.85 <= calibration.share(part, part["weight"]) <= 0.95


def test_a_hundred_copies_of_one_model_are_one_discovery():
    frame = null_board(3, n_clusters=60, largest=100, n_items=1000)
    far = frame["cluster_id"].eq("c0")
    above = (frame["score"].clip(0.26, 0.99) - 0.25) / 0.75
    raised = 0.25 + 0.75 * sigmoid(np.log(above / (1 - above)) + 1.85)
    moved = frame.assign(score=frame["score"].where(~far, raised.round(3)))
    found = size_anomaly.compute(population_of(moved)).findings.dropna(subset=["p_value"])
    rows = found["subject_id"].isin(frame.loc[far, "evaluation_id"])
    p_high = found["p_value"].where(found["direction"].eq("high"), 1 - found["p_value"]).to_numpy()
    # Copies that lent each other their rank would nearly all be marked; one draw in sixty is not odd.
    assert np.mean(levels.adjusted(p_high, np.zeros(len(p_high)))[rows] < levels.UNUSUAL_Q) > 0.5
    assert not found.loc[rows, "level"].isin(["unusual", "very_unusual"]).any()


def test_the_method_page_tells_both_coverages_from_the_committed_table():
    rows = pd.read_csv(calibration.OUT)
    told = measured.about_calibration(rows)
    real = rows[rows["board"].isin(calibration.BOARDS) & (rows["measure"] == measured.HELD)]
    for weighing in ("clusters", "rows"):
        held = real.loc[real["weighing"] == weighing, "value"]
        assert f"{100 * held.min():.0f} to {100 * held.max():.0f}%" in told
    assert measured.headline_calibration(rows)["benchmark"].notna().all()


def test_the_method_page_tells_what_a_person_found_in_the_list():
    rows = pd.DataFrame({"judged": ["real"] * 3 + ["undecided"] + ["demonstration"] * 2})
    told = measured.about_list(rows)
    assert (
        "all 6 high marks" in told and "2 are demonstrations" in told and "of the other 4: 3 real, 1 undecided." in told
    )
