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

from scoring.expected import curve, judge, solve
from scoring.expected.population import Population
from scoring.results import SignalRows
from scoring.verdict import finding, levels

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


def compute(population: Population) -> SignalRows:
    """Findings of all series with enough clusters of enough models."""
    frame = population.entries
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
    usual = solve.weighted_quantile(spread, w, 0.5)
    sd = np.sqrt((count * spread**2 + MIN_COPIES * usual**2) / (count + MIN_COPIES)) + 1e-6
    null = curve.empirical_null((y - middle) / sd, w, n_clusters)
    placed = curve.tails((y - middle) / sd, null) | judge.interval(middle, sd, part["n_items"].to_numpy(), null)
    return pd.DataFrame(placed | {"n_comparable": count - 1}, index=part.index)


def _findings(frame: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    flip = frame["is_lower_better"].to_numpy()
    observed, number = frame["score"].to_numpy(), {name: lines[name].to_numpy() for name in lines.columns}
    band = judge.as_printed(number, flip)
    verdict = finding.verdict(
        observed=observed,
        expected=band["expected"],
        p_high=number["p_high"],
        p_low=number["p_low"],
        rerun_spread=frame["rerun_spread"].to_numpy(),
    )
    ends = band["expected_lower"], band["expected_upper"], number["n_comparable"].astype(int)
    rows = zip(verdict.level, verdict.is_high != flip, verdict.gap, observed, *ends, strict=True)
    return finding.frame(
        SIGNAL_ID,
        frame["evaluation_id"],
        group_id=frame["series_id"],
        observed=observed,
        **band,
        residual_z=number["z"],
        p_value=verdict.p_value,
        p_value_normal=verdict.pick(number["normal_high"], number["normal_low"]),
        q_value=verdict.q_value,
        n_comparable=number["n_comparable"],
        tier="A",
        level=verdict.level,
        direction=verdict.direction,
        reason=[_sentence(*row) for row in rows],
    )


def _sentence(level: str, is_above: bool, gap: float, observed: float, lower: float, upper: float, n: int) -> str:
    ends = levels.between(lower, upper, observed)
    if level == "usual":
        return f"Within what its {n} near-copies get ({ends})."
    if level == "somewhat":
        return f"{'Higher' if is_above else 'Lower'} than most of its {n} near-copies ({ends})."
    return f"{levels.gap_text(gap, 'above' if is_above else 'below')} the middle of its {n} near-copies ({ends})."
