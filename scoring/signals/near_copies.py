"""Near-copies: how far a score is from those of models with the same root, or the same architecture and size.

Question  Among models made from the same base, does this score stand out?
Input     Evidence; used are headline scores (fractions), number of questions, and clusters of near-copies.
Output    One finding per evaluation in a cluster of at least MIN_COPIES models: observed, expected (median of the other
          scores of its cluster) and the 90% range (fractions), residual_z, one-sided p_value, q_value per side, level,
          direction, sentence.
Method    Count-corrected logits less the median of the cluster's other rows, over a spread that is the cluster's own
          (median absolute deviation) with MIN_COPIES rows' worth of the usual one; each side against its own null over
          all clusters of the series (scoring/expected/curve.py; Efron 2004). Benjamini and Hochberg 1995, sides apart. A
          group of copies that are all odd hides itself here; size and date leave the whole cluster out instead.
Silent    No finding in smaller clusters, or where a series has fewer than MIN_GROUPS of them. "very_unusual" is never
          given: the statistic speaks alone.
"""

import numpy as np
import pandas as pd

from scoring.evidence import Evidence, entries
from scoring.expected import curve, judge
from scoring.results import FINDING, SignalRows
from scoring.verdict import levels

TITLE = "Score among near-copies"
QUESTION = "Does this score stand out among models with the same root, or the same architecture and size?"
METHOD_VERSION = "1"
SIGNAL_ID = "near_copies"
MIN_COPIES = 20
MIN_GROUPS = 10
THRESHOLDS = {
    "min_copies": MIN_COPIES,
    "min_groups": MIN_GROUPS,
    **levels.THRESHOLDS,
}


def compute(evidence: Evidence) -> SignalRows:
    """Findings of all series with enough clusters of enough models."""
    frame = entries(evidence)
    frame = frame[frame["enters"] & ~frame["is_subset"]]
    size = frame.groupby(["series_id", "cluster_id"])["model_id"].transform("nunique")
    frame = frame[size >= MIN_COPIES]
    groups = frame.groupby("series_id")["cluster_id"].transform("nunique")
    frame = frame[groups >= MIN_GROUPS]
    if not len(frame):
        return SignalRows()
    lines = pd.concat([_series(part) for _, part in frame.groupby("series_id", sort=True)])
    frame = frame.loc[lines.index]
    return SignalRows(findings=_findings(frame, lines))


def _series(part: pd.DataFrame) -> pd.DataFrame:
    """Place of every row of one series among its cluster; index as part."""
    y = judge.corrected_logit(part["value"].to_numpy(), part["n_items"].to_numpy())
    home = pd.factorize(part["cluster_id"])[0]
    middle, spread, count = (np.zeros(len(y)) for _ in range(3))
    for code in np.unique(home):
        mine = np.flatnonzero(home == code)
        order = np.sort(y[mine])
        n = len(order)
        # The median of the others: of n sorted values without the one at each rank.
        rank = np.searchsorted(order, y[mine], side="left")
        at = (n - 1) / 2 - 0.5
        low, high = int(np.floor(at)), int(np.ceil(at))
        others = 0.5 * sum(order[np.where(rank <= k, k + 1, k)] for k in (low, high))
        middle[mine], count[mine] = others, n
        spread[mine] = np.median(np.abs(y[mine] - np.median(y[mine]))) / 0.6745
    w, n_clusters = curve.cluster_weights(home), len(np.unique(home))
    usual = curve.weighted_quantile(spread, w, 0.5)
    sd = np.sqrt((count * spread**2 + MIN_COPIES * usual**2) / (count + MIN_COPIES)) + 1e-6
    null = curve.empirical_null((y - middle) / sd, w, n_clusters)
    placed = curve.place((y - middle) / sd, null) | judge.interval(middle, sd, part["n_items"].to_numpy(), null)
    return pd.DataFrame(placed | {"n_comparable": count - 1}, index=part.index)


def _findings(frame: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    flip = frame["is_lower_better"].to_numpy()
    one = np.zeros(len(frame))
    p_high, p_low = lines["p_high"].to_numpy(), lines["p_low"].to_numpy()
    is_high = p_high <= p_low
    p = np.where(is_high, p_high, p_low)
    q = np.where(is_high, levels.adjusted(p_high, one), levels.adjusted(p_low, one))
    expected = np.where(flip, 1 - lines["expected"], lines["expected"])
    lower = np.where(flip, 1 - lines["expected_upper"], lines["expected_lower"])
    upper = np.where(flip, 1 - lines["expected_lower"], lines["expected_upper"])
    observed = frame["score"].to_numpy()
    gap = np.abs(observed - expected)
    least = np.maximum(levels.MIN_GAP, levels.RERUN_FACTOR * np.nan_to_num(frame["rerun_spread"].to_numpy()))
    level = [levels.word(*row, None) for row in zip(p, q, gap, least, strict=True)]
    reason = [
        _sentence(*row)
        for row in zip(level, is_high != flip, gap, lower, upper, lines["n_comparable"].astype(int), strict=True)
    ]
    return pd.DataFrame(
        {
            "signal_id": SIGNAL_ID,
            "subject_kind": "evaluation",
            "subject_id": frame["evaluation_id"].to_numpy(),
            "variant": "",
            "other_evaluation_id": None,
            "group_id": frame["series_id"].to_numpy(),
            "observed": observed,
            "expected": expected,
            "expected_lower": lower,
            "expected_upper": upper,
            "residual_z": lines["z"].to_numpy(),
            "p_value": p,
            "p_value_normal": np.where(is_high, lines["normal_high"], lines["normal_low"]),
            "q_value": q,
            "n_comparable": pd.array(lines["n_comparable"].to_numpy(dtype=float), dtype="Int64"),
            "n_as_far": pd.array(np.full(len(frame), np.nan), dtype="Int64"),
            "tier": "A",
            "level": level,
            "direction": np.where(is_high, "high", "low"),
            "reason": reason,
        }
    )[FINDING]


def _sentence(level: str, is_above: bool, gap: float, lower: float, upper: float, n: int) -> str:
    ends = levels.between(lower, upper)
    if level == "usual":
        return f"Within what its {n} near-copies get ({ends})."
    if level == "somewhat":
        return f"{'Higher' if is_above else 'Lower'} than most of its {n} near-copies ({ends})."
    return f"{levels.gap_text(gap, 'above' if is_above else 'below')} the middle of its {n} near-copies ({ends})."
