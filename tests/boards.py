"""Simulated boards: scores that are as they should be, with every nuisance of real boards.

A board has clusters of near-copies (one of up to 900 rows), families, a date trend, few questions, missing sizes and
dates, and scores that pile up at the score of guessing. No score is odd: every model follows the same law.
"""

import numpy as np
import pandas as pd

from scoring.evidence import COLUMNS, Evidence
from scoring.expected.population import Population

ASOF = pd.Timestamp("2025-06-30").date()


def frame_of(**columns: object) -> pd.DataFrame:
    """An evidence frame from a few columns; the rest is unremarkable or not reported."""
    n = len(columns["score"])
    plain = {
        "kind": "model",
        "series_id": "test:accuracy:board",
        "benchmark_id": "test",
        "metric": "accuracy",
        "setting_group": "board",
        "unit": "fraction",
        "is_lower_better": False,
        "is_subset": False,
        "score_decimals": 2,
        "n_items": 1000,
        "is_item_count": True,
        "floor": 0.0,
        "is_moe": False,
        "is_merged": False,
        "model_date": pd.Timestamp("2024-01-01"),
        "date_basis": "release",
        "first_seen_date": pd.Timestamp("2024-06-01"),
        "is_dynamic": False,
        "developer": None,
        "family": "unknown",
        "source_id": "board",
        "evaluator_relationship": "third_party",
        "read_from": "page",
        "data_problem": None,
    }
    frame = pd.DataFrame({name: value for name, value in (plain | columns).items()}, index=range(n))
    names = [f"m{i:05d}" for i in range(n)]
    for column, values in (("model_id", names), ("evaluation_id", [f"e{i:05d}" for i in range(n)])):
        if column not in frame:
            frame[column] = values
    for column, source in (("model_name", "model_id"), ("root_model", "model_id"), ("cluster_id", "model_id")):
        if column not in frame:
            frame[column] = frame[source]
    for column in COLUMNS:
        if column not in frame:
            frame[column] = pd.NaT if column.endswith("_date") else np.nan
    return frame[COLUMNS]


def evidence_of(frame: pd.DataFrame) -> Evidence:
    """The frame as evidence on a fixed day."""
    return Evidence(evaluations=frame, asof=ASOF)


def population_of(frame: pd.DataFrame) -> Population:
    """The frame as the population of a scoring run."""
    return Population(evidence_of(frame))


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def null_board(
    seed: int,
    *,
    name: str = "test",
    n_clusters: int = 150,
    largest: int = 900,
    n_items: int = 300,
    floor: float = 0.25,
    level: float = -1.0,
    between: float = 0.4,
    within: float = 0.15,
    heavy: bool = False,
) -> pd.DataFrame:
    """One board without an odd score. `between` and `within` are spreads (logits) between and within clusters; `heavy`
    draws the former from Student's t with 6 degrees of freedom."""
    rng = np.random.default_rng(seed)
    sizes = np.maximum(1, (rng.pareto(1.1, n_clusters) * 1.5).astype(int))
    sizes = np.minimum(sizes, 60)
    sizes[0] = largest
    log_size = rng.choice([8.1, 8.7, 9.1, 9.5, 9.85, 9.9, 10.1, 10.5, 10.85, 11.3], n_clusters) + rng.normal(
        0, 0.05, n_clusters
    )
    cluster_day = rng.uniform(0, 700, n_clusters)
    effect = rng.standard_t(6, n_clusters) * np.sqrt(4 / 6) if heavy else rng.normal(0, 1, n_clusters)
    cluster = np.repeat(np.arange(n_clusters), sizes)
    n = len(cluster)
    day = cluster_day[cluster] + rng.exponential(40, n)
    eta = (
        level
        + 1.1 * (log_size[cluster] - 9.5)
        + 0.4 * day / 365
        + between * effect[cluster]
        + within * rng.normal(0, 1, n)
    )
    truth = floor + (1 - floor) * sigmoid(eta)
    score = rng.binomial(n_items, truth) / n_items
    n_parameters = np.round(10 ** log_size[cluster], -6)
    missing_size = rng.uniform(size=n) < 0.05
    missing_day = rng.uniform(size=n) < 0.1
    dates = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.round(day), unit="D")
    frame = frame_of(
        score=score,
        n_items=n_items,
        floor=floor,
        benchmark_id=name,
        series_id=f"{name}:accuracy:board",
        n_parameters=np.where(missing_size, np.nan, n_parameters),
        model_date=np.where(missing_day, np.datetime64("NaT"), dates.values),
        date_basis=np.where(rng.uniform(size=n) < 0.2, "submission", "upload"),
        cluster_id=[f"c{c}" for c in cluster],
        root_model=[f"r{c}" for c in cluster],
        family=[f"f{c % 12}" for c in cluster],
        evaluation_id=[f"{name}-{i:06d}" for i in range(n)],
        model_id=[f"{name}-m{i:06d}" for i in range(n)],
    )
    return frame


def null_table(seed: int, n_tests: int = 1) -> pd.DataFrame:
    """A leaderboard of 12 to 90 clusters and `n_tests` tests without an odd score, its nuisances drawn anew each time.

    Families and models differ in ability; one cluster has up to 120 near-copies; scores rise with size and date; sizes
    and dates are missing; of 30 to 1,319 questions, whose number is not always stated, weak models get none right.
    """
    rng = np.random.default_rng(seed)
    n_clusters = int(rng.integers(12, 90))
    sizes = np.clip((1.5 * rng.pareto(1.1, n_clusters)).astype(int), 1, 40)
    sizes[0] = rng.integers(1, 120)
    cluster = np.repeat(np.arange(n_clusters), sizes)
    n = len(cluster)
    family = rng.integers(0, 8, n_clusters)
    common = [8.1, 8.7, 9.1, 9.5, 9.85, 9.9, 10.1, 10.5, 10.85, 11.3]
    log_size = rng.choice(common, n_clusters) + rng.normal(0, 0.05, n_clusters)
    day = rng.uniform(0, 700, n_clusters)[cluster] + rng.exponential(40, n)
    dates = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.round(day), unit="D")
    ability = rng.normal(0, 0.3, n_clusters) + rng.uniform(0, 0.3) * rng.normal(size=8)[family]
    about = {
        "n_parameters": np.where(
            rng.uniform(size=n) < rng.uniform(0, 0.2), np.nan, np.round(10 ** log_size[cluster], -6)
        ),
        "model_date": np.where(rng.uniform(size=n) < 0.1, np.datetime64("NaT"), dates.values),
        "date_basis": np.where(rng.uniform(size=n) < 0.2, "submission", "upload"),
        "cluster_id": [f"c{c}" for c in cluster],
        "root_model": [f"r{c}" for c in cluster],
        "family": [f"f{f}" for f in family[cluster]],
        "model_id": [f"m{i:05d}" for i in range(n)],
    }
    parts = []
    for t in range(n_tests):
        n_items, floor = int(rng.choice([30, 60, 100, 164, 250, 500, 1319])), float(rng.choice([0.0, 0.0, 0.1, 0.25]))
        heavy = rng.uniform() < 0.3
        own = rng.standard_t(6, n_clusters) * np.sqrt(4 / 6) if heavy else rng.normal(size=n_clusters)
        eta = rng.uniform(-5.5, 1.5) + rng.uniform(0.3, 1.5) * (log_size[cluster] - 9.5)
        eta = eta + rng.uniform(0, 0.5) * day / 365 + (ability + rng.uniform(0.1, 0.5) * own)[cluster]
        truth = floor + (1 - floor) * sigmoid(eta + rng.uniform(0.05, 0.25) * rng.normal(size=n))
        is_stated = rng.uniform() < 0.7
        whole = frame_of(
            score=rng.binomial(n_items, truth) / n_items,
            n_items=n_items if is_stated else np.nan,
            is_item_count=is_stated,
            floor=floor,
            benchmark_id=f"b{t}",
            series_id=f"b{t}:accuracy:board",
            evaluation_id=[f"e{t}-{i:05d}" for i in range(n)],
            **about,
        )
        parts.append(whole[rng.uniform(size=n) < rng.choice([1.0, 0.8])])
    return pd.concat(parts, ignore_index=True)
