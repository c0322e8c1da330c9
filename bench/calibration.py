"""How often is a score called unusual where none is, and do the 90% ranges hold 90%?

Question  On simulated boards without an odd score: how many boards and scores are marked, and how often do the ranges
          hold? On real boards: how often do they, for near-copies as one and for every row, also for families that the
          fit has never seen?
Input     seeds of tests/boards.py; the current database (Open LLM Leaderboard v1 and v2, and lists of ratings).
Output    data/method/calibration.csv: one row per set, test, way of weighing and measure, with the number of boards or
          rows, the command and the hash of the inputs.
Method    Simulated: N_BOARDS leaderboards of one test and as many of N_TESTS, each scored by itself. A score lies
          within its range when it does after a random shift of up to half a question, since a heap at 0 has no other
          way to be nine tenths inside (randomised probability integral transform, Czado, Gneiting and Held 2009).
          "clusters" weighs a row by 1 / its near-copies, "rows" counts each. Real: cross-fitted ranges of the build,
          and ranges from a fit without any model of the row's family; a model without a family is left out with its
          near-copies.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

import store
from bench import made
from bench.hit_rate import BOARDS
from building.course import read_evidence
from data.vocabulary import MARKED
from scoring.evidence import Evidence, entries
from scoring.expected import by_size, curve, judge, ratings
from scoring.expected.population import Population
from scoring.signals import size_anomaly
from tests.boards import evidence_of, null_table

ROOT = Path(__file__).parent.parent
TABLES = ("calibration",)
OUT = ROOT / "data" / "method" / "calibration.csv"
COMMAND = "python -m bench calibration"
N_BOARDS, N_TESTS, FIRST_SEED = 400, 5, 500_000
THIRDS = {"lower third": (0.0, 1 / 3), "middle third": (1 / 3, 2 / 3), "upper third": (2 / 3, 1.01)}
RATED, BY_SIZE, BY_OTHERS = "ratings by votes", "held by the 90% range", "held by the 90% range of other scores"
COLUMNS = ["board", "benchmark", "weighing", "measure", "value", "n", "command"]


def inputs() -> list[Path]:
    """Starter files of both boards."""
    return made.starter_files(BOARDS)


def null_rows(n_tests: int, seeds: range) -> pd.DataFrame:
    """Tested scores of simulated leaderboards: seed, cluster, level, expected, is_inside, and weight (1 / cluster)."""
    parts = []
    for seed in seeds:
        frame = null_table(seed, n_tests)
        with threadpool_limits(limits=1):
            found = size_anomaly.compute(Population(evidence_of(frame))).findings
        about = frame.set_index("evaluation_id")[["series_id", "cluster_id", "n_items"]]
        rows = found[found["p_value"].notna()].join(about, on="subject_id").assign(seed=seed)
        shift = np.random.default_rng(seed).uniform(-0.5, 0.5, len(rows))
        parts.append(rows.assign(is_inside=_inside(rows, shift)))
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(weight=1 / rows.groupby(["seed", "series_id", "cluster_id"])["subject_id"].transform("size"))


def _inside(rows: pd.DataFrame, shift: np.ndarray) -> np.ndarray:
    """Whether scores, moved by `shift` questions, lie in their ranges; NaN without a range by size and date."""
    step = shift / rows["n_items"].fillna(judge.CORRECTION_ITEMS).to_numpy(dtype=float)
    moved = np.clip(rows["observed"].to_numpy(dtype=float) + step, 0.0, 1.0)
    lower, upper = (rows[c].to_numpy(dtype=float) for c in ("expected_lower", "expected_upper"))
    return np.where(np.isnan(lower), np.nan, (moved >= lower) & (moved <= upper)).astype(float)


def share(rows: pd.DataFrame, weights: np.ndarray | pd.Series | None = None) -> float:
    """Share of rows with a range that lie in it."""
    known = rows["is_inside"].notna().to_numpy()
    return float(np.average(rows["is_inside"][known], weights=None if weights is None else np.asarray(weights)[known]))


def simulated() -> list[tuple]:
    """Rows of the table for boards without an odd score."""
    out = []
    for n_tests in (1, N_TESTS):
        rows = null_rows(n_tests, range(FIRST_SEED, FIRST_SEED + N_BOARDS))
        name = f"simulated, {n_tests} test{'s' if n_tests > 1 else ''} each"
        marked = rows["level"].isin(MARKED)
        n_marked = rows.loc[marked, "seed"].nunique()
        out.append((name, "", "boards", "share with any unusual score", n_marked / N_BOARDS, N_BOARDS))
        out.append((name, "", "rows", "share called unusual", marked.mean(), len(rows)))
        thirds = {k: rows[rows["expected"].between(*ends, inclusive="left")] for k, ends in THIRDS.items()}
        for where, part in {"": rows, **thirds}.items():
            out.append((name, where, "clusters", "held by the 90% range", share(part, part["weight"]), len(part)))
            out.append((name, where, "rows", "held by the 90% range", share(part), len(part)))
    return out


def left_out(frame: pd.DataFrame, groups: np.ndarray) -> np.ndarray:
    """Whether each row of one series lies in the range of a fit without its group; NaN where that cannot be fitted."""
    rows, floor = by_size.rows_of(frame), float(frame["guess"].iloc[0])
    inside = np.full(len(frame), np.nan)
    rng = np.random.default_rng(0)
    shift = rng.uniform(-0.5, 0.5, len(frame)) / np.where(np.isnan(rows.n_items), judge.CORRECTION_ITEMS, rows.n_items)
    for name in np.unique(groups):
        mine = np.flatnonzero(groups == name)
        fitted = curve.fit(rows.take(np.flatnonzero(groups != name)), floor)
        if fitted is None:
            continue
        own, full = rows.take(mine), fitted.parameters
        middle = judge.logit_mean(judge.curve(own.size, own.when, own.basis.tolist(), full), floor)
        eta = judge.curve(own.size, own.when, own.basis.tolist(), full)
        known = judge.sampling_variance(middle, own.counted, own.standard_error)
        spread = judge.standard_deviation(eta, known, full) ** 2 + judge.beyond_fit(own.size, own.when, eta, full)
        items = curve.filled(own.n_items, full["end_items"])
        band = judge.interval(middle, np.sqrt(spread), items, full["null"])
        moved = np.clip(own.score + shift[mine], 0.0, 1.0)
        inside[mine] = (moved >= band["expected_lower"]) & (moved <= band["expected_upper"])
    return inside


def real(evidence: Evidence) -> list[tuple]:
    """Rows of the table for both boards: cross-fitted, and without the family."""
    placed = by_size.place(entries(evidence))
    frame, lines = placed.entries, placed.lines
    frame = frame.assign(
        **{c: lines[c].astype(float) for c in ("p_high", "p_low", "expected_lower", "expected_upper")},
        observed=frame["value"],
    )
    chosen = frame["source_id"].isin(BOARDS) & frame["enters"] & ~frame["is_subset"] & lines["is_placed"]
    out = []
    for (board, name), part in frame[chosen].groupby(["source_id", "benchmark_id"]):
        weight = 1 / part.groupby("cluster_id")["model_id"].transform("size")
        family = part["family"].where(~part["family"].isin(["unknown", "mixed"]), part["cluster_id"])
        shift = np.random.default_rng(0).uniform(-0.5, 0.5, len(part))
        inside = {
            "held by the 90% range": _inside(part, shift),
            "held by the 90% range of a fit without the family": left_out(part, family.to_numpy(dtype=str)),
        }
        for measure, values in inside.items():
            told = part.assign(is_inside=values)
            out.append((board, name, "clusters", measure, share(told, weight), len(part)))
            out.append((board, name, "rows", measure, share(told), len(part)))
        print(board, name, flush=True)
    return out


def rated(evidence: Evidence) -> list[tuple]:
    """Rows of the table for ratings by votes: every list, both opinions, each from fits without the row's cluster."""
    told = ratings.place(entries(evidence))
    if told is None:
        return []
    frame = told.entries.reset_index(drop=True)
    out = []
    for measure, lines in ((BY_SIZE, told.lines), (BY_OTHERS, told.second)):
        ends = lines[["expected_lower", "expected_upper"]].astype(float).reset_index(drop=True)
        is_told = ends["expected_lower"].notna()
        rows = frame.assign(
            is_inside=frame["value"].between(ends["expected_lower"], ends["expected_upper"]).astype(float)
        )
        for name, part in rows[is_told].groupby("series_id"):
            weight = 1 / part.groupby("cluster_id")["model_id"].transform("size")
            out.append((RATED, str(name), "clusters", measure, share(part, weight), len(part)))
            out.append((RATED, str(name), "rows", measure, share(part), len(part)))
        whole = rows[is_told]
        weight = 1 / whole.groupby(["series_id", "cluster_id"])["model_id"].transform("size")
        out.append((RATED, "", "clusters", measure, share(whole, weight), len(whole)))
        out.append((RATED, "", "rows", measure, share(whole), len(whole)))
    return out


def main() -> None:
    """Write the table; about five minutes."""
    evidence = read_evidence(store.connect(store.current()))
    with threadpool_limits(limits=1):
        rows = simulated() + real(evidence) + rated(evidence)
    with OUT.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([*key, f"{value:.4f}", n, COMMAND] for *key, value, n in rows)
    made.record(sys.modules[__name__])


if __name__ == "__main__":
    sys.exit(main())
