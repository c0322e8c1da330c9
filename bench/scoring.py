"""How long does the scoring of the whole population take, and against refitting once per cluster of near-copies?

Question  What does it cost to score everything, what would ten times as much cost, and what does cross-fitting save?
Input     the current database, as its scoring saw it; for the growth every SAMPLE-th model of it.
Output    three tables on the screen. whole: evaluations, seconds (median), seconds per 100,000 evaluations. growth: the
          same sample once and TIMES times over, seconds, and the ratio to linear growth (1.0 = linear). naive: per
          series the seconds of scoring/expected/curve.py, those of one refit for every cluster left out, how many times
          longer that takes, and by how many points (median, largest) the expected scores of the two differ.
Method    Medians of REPEATS runs in one process, with one thread of linear algebra as in a build. A copy is made of
          other models in other clusters, their scores moved by half a point at random (fixed seed), since equal scores
          would be twins. The refit is the curve and the spread of all other clusters, without cross-fitting; the series
          are those whose numbers of clusters come closest to CLUSTERS.
"""

import hashlib
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

import scoring
import store
from building.course import read_evidence
from scoring.evidence import Evidence, entries
from scoring.expected import by_size, curve, judge

REPEATS = 3
SAMPLE = 10
TIMES = 10
CLUSTERS = (20, 60, 180)  # of the series that are refitted cluster by cluster
JITTER = 0.005


def seconds(call: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median duration of a call."""
    taken = []
    for _ in range(repeats):
        clock = time.monotonic()
        call()
        taken.append(time.monotonic() - clock)
    return statistics.median(taken)


def sampled(frame: pd.DataFrame, every: int) -> pd.DataFrame:
    """The rows of every n-th model, chosen by a hash of its id."""
    names = frame["model_id"].unique()
    kept = [n for n in names if int(hashlib.sha256(n.encode()).hexdigest(), 16) % every == 0]
    return frame[frame["model_id"].isin(kept)].reset_index(drop=True)


def multiplied(frame: pd.DataFrame, times: int) -> pd.DataFrame:
    """The rows several times over: each copy is of models and clusters of its own, with scores moved a little."""
    parts, rng = [frame], np.random.default_rng(0)
    for n in range(1, times):
        renamed = {c: frame[c].astype(str) + f"-copy{n}" for c in ("evaluation_id", "model_id", "cluster_id")}
        moved = (frame["score"] + rng.normal(0, JITTER, len(frame))).clip(0, 1)
        parts.append(frame.assign(**renamed, score=frame["score"].where(frame["unit"] != "fraction", moved)))
    return pd.concat(parts, ignore_index=True)


def measure_whole(evidence: Evidence) -> pd.DataFrame:
    """Scoring of all current evaluations."""
    n = len(evidence.evaluations)
    taken = seconds(lambda: scoring.run(evidence))
    row = {"evaluations": n, "seconds": round(taken, 1), "seconds per 100,000": round(taken / n * 1e5, 1)}
    return pd.DataFrame([row])


def measure_growth(evidence: Evidence) -> pd.DataFrame:
    """Scoring of a sample and of the same sample many times over."""
    small = sampled(evidence.evaluations, SAMPLE)
    rows = []
    for frame in (small, multiplied(small, TIMES)):
        taken = seconds(lambda frame=frame: scoring.run(Evidence(evaluations=frame, asof=evidence.asof)))
        rows.append({"evaluations": len(frame), "seconds": round(taken, 2)})
    ratio = rows[1]["seconds"] / rows[0]["seconds"] / TIMES
    return pd.DataFrame(rows).assign(**{"ratio to linear": [1.0, round(ratio, 2)]})


def without_each_cluster(rows: curve.Rows, floor: float, null: dict) -> np.ndarray:
    """Expected score of every row from a fit of all other clusters, one refit per cluster."""
    expected = np.full(len(rows.score), np.nan)
    for code in np.unique(rows.cluster):
        mine = np.flatnonzero(rows.cluster == code)
        others = rows.take(np.flatnonzero(rows.enters & (rows.cluster != code)))
        full = curve.fit_whole(others, curve.cluster_weights(others.cluster), floor).full
        own = rows.take(mine)
        eta = judge.curve(own.size, own.when, own.basis.tolist(), full)
        middle = judge.logit_mean(eta, floor)
        known = judge.sampling_variance(middle, own.counted, own.standard_error)
        spread = np.sqrt(
            judge.standard_deviation(eta, known, full) ** 2 + judge.beyond_fit(own.size, own.when, eta, full)
        )
        expected[mine] = judge.interval(middle, spread, own.n_items, null)["expected"]
    return expected


def measure_naive(evidence: Evidence) -> pd.DataFrame:
    """One series for each number of clusters: cross-fitted, and refitted once per cluster."""
    frame = entries(evidence)
    frame = frame[frame["enters"] & ~frame["is_subset"]]
    count = frame.groupby("series_id")["cluster_id"].nunique()
    told = []
    for wanted in CLUSTERS:
        name = (count - wanted).abs().sort_values(kind="stable").index[0]
        part = frame[frame["series_id"] == name]
        rows, floor = by_size.rows_of(part), float(part["guess"].iloc[0])
        fitted = curve.fit(rows, floor)
        quick = seconds(lambda rows=rows, floor=floor: curve.fit(rows, floor))
        null = fitted.parameters["null"]
        slow = seconds(lambda rows=rows, floor=floor, null=null: without_each_cluster(rows, floor, null))
        gap = 100 * np.abs(without_each_cluster(rows, floor, null) - fitted.lines["expected"])
        told.append(
            {
                "series": name, "rows": len(part), "clusters": int(count[name]), "seconds": round(quick, 3),
                "seconds, one refit per cluster": round(slow, 2), "times longer": round(slow / quick, 1),
                "median gap in points": round(float(np.median(gap)), 2), "largest": round(float(gap.max()), 1),
            }
        )  # fmt: skip
    return pd.DataFrame(told)


def main() -> None:
    """Print the three tables."""
    evidence = read_evidence(store.connect(store.current()))
    with threadpool_limits(limits=1):
        for title, measure in (
            ("Whole population", measure_whole),
            (f"Growth, one model in {SAMPLE}, then that {TIMES} times over", measure_growth),
            ("Against one refit per cluster", measure_naive),
        ):
            print(f"{title}:\n{measure(evidence).to_string(index=False)}\n", flush=True)
