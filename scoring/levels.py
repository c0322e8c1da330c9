"""Levels: from a p-value to a word and a sentence.

Question  How should a distance from the expected score be called?
Input     `Placed`: arrays of one length, one entry per tested score (fractions, p-values, counts).
Output    q_value (false-discovery-rate-adjusted, per side), level, direction and the sentence of that level.
Method    Benjamini and Hochberg 1995 over all tested scores, high and low side apart. Everything is rounded before it
          meets a threshold, so that an exact tie cannot flip on the last bit. Thresholds and sentences are our
          choices.
Silent    Never for tested scores; scores that were not tested keep the reason that they came with.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control

UNUSUAL_Q = 0.05  # one in twenty of the scores marked unusual is expected to be chance
VERY_UNUSUAL_Q = 0.01
OUTSIDE_P = 0.05  # each side of the 90% range
MIN_GAP = 0.03  # set-up details alone move scores by a few points; smaller gaps are never marked
RERUN_FACTOR = 2.0  # a marked gap is at least twice the spread between runs of the same model
DECIMALS = 6  # p, q and gaps are rounded to this before comparison


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Tested scores; arrays of one length.

    observed, expected, lower, upper   Fractions as printed (lower-is-better tests not turned round).
    p_high, p_low                      One-sided p-values (high = better).
    n_comparable, as_far_high, as_far_low   Counts of comparable models.
    rerun_spread                       Fraction, NaN where never measured.
    is_lower_better                    True where a lower printed value is the better one.
    remark                             Further sentences about the comparison ("" for none).
    family                             Scores corrected together share a value (headline scores, subset scores).
    agrees                             Second opinion: True agrees, False differs, None not available.
    """

    observed: np.ndarray
    expected: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    p_high: np.ndarray
    p_low: np.ndarray
    n_comparable: np.ndarray
    as_far_high: np.ndarray
    as_far_low: np.ndarray
    rerun_spread: np.ndarray
    is_lower_better: np.ndarray
    remark: np.ndarray
    family: np.ndarray
    agrees: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True)
class Levelled:
    """One entry per tested score."""

    q_value: np.ndarray
    p_value: np.ndarray
    n_as_far: np.ndarray
    level: np.ndarray
    direction: np.ndarray
    reason: np.ndarray


def adjusted(p: np.ndarray, family: np.ndarray) -> np.ndarray:
    """Benjamini-Hochberg q-values within each family."""
    q = np.full(len(p), np.nan)
    for name in np.unique(family):
        mine = family == name
        q[mine] = false_discovery_control(np.clip(p[mine], 0.0, 1.0))
    return q


def word(p: float, q: float, gap: float, smallest_gap: float, agrees: bool | None) -> str:
    """Level of one score. gap is an absolute distance in fractions; q NaN (one typed number) is never marked."""
    p, q, gap = round(p, DECIMALS), round(q, DECIMALS), round(gap, DECIMALS)
    if p >= OUTSIDE_P:
        return "usual"
    if not q <= UNUSUAL_Q or gap < round(smallest_gap, DECIMALS):
        return "somewhat"
    return "very_unusual" if q <= VERY_UNUSUAL_Q and agrees is True else "unusual"


def points(value: float) -> str:
    """A difference of fractions as points: 0.081 is "8.1"."""
    return f"{100 * value:.1f}"


def sentence(
    level: str,
    *,
    is_better: bool,
    is_lower_better: bool,
    gap: float,
    smallest_gap: float,
    q: float,
    lower: float,
    upper: float,
    n_comparable: int,
    n_as_far: int,
) -> str:
    """The sentence of a level; above and below speak of the printed value."""
    above = is_better != is_lower_better
    better = f" ({'better' if is_better else 'worse'}: lower is better on this test)" if is_lower_better else ""
    if level == "usual":
        decimals = 0 if upper - lower >= 0.05 else 1
        return f"Within what similar models get ({100 * lower:.{decimals}f} to {100 * upper:.{decimals}f})."
    if level == "somewhat":
        text = f"{'Higher' if above else 'Lower'} than most similar models{better}."
        if round(q, DECIMALS) <= UNUSUAL_Q:
            least = points(smallest_gap)
            return f"{text} The gap of {points(gap)} points is smaller than what is marked on this test ({least})."
        return f"{text} Scores like this turn up by chance."
    verb = "score is" if n_comparable == 1 else "scores are"
    text = f"{points(gap)} points {'above' if above else 'below'} similar models{better}; "
    text += f"{n_as_far} of {n_comparable} comparable {verb} this far out"
    if level == "very_unusual":
        text += f", and also {'above' if above else 'below'} what this model's other scores suggest"
    return text + "."


def assign(placed: Placed) -> Levelled:
    """Correct for the number of tests, then word and sentence for every score."""
    q_high, q_low = adjusted(placed.p_high, placed.family), adjusted(placed.p_low, placed.family)
    is_better = placed.p_high <= placed.p_low
    p = np.where(is_better, placed.p_high, placed.p_low)
    q = np.where(is_better, q_high, q_low)
    as_far = np.where(is_better, placed.as_far_high, placed.as_far_low)
    gap = np.abs(placed.observed - placed.expected)
    smallest = np.maximum(MIN_GAP, RERUN_FACTOR * np.nan_to_num(placed.rerun_spread))
    agrees = [None] * len(p) if placed.agrees is None else placed.agrees
    level = np.array([word(*row) for row in zip(p, q, gap, smallest, agrees, strict=True)], dtype=object)
    reason = [
        sentence(
            level[i],
            is_better=bool(is_better[i]),
            is_lower_better=bool(placed.is_lower_better[i]),
            gap=gap[i],
            smallest_gap=smallest[i],
            q=q[i],
            lower=placed.lower[i],
            upper=placed.upper[i],
            n_comparable=int(placed.n_comparable[i]),
            n_as_far=int(as_far[i]),
        )
        + (f" {placed.remark[i]}" if placed.remark[i] else "")
        for i in range(len(p))
    ]
    return Levelled(
        q_value=q,
        p_value=p,
        n_as_far=as_far,
        level=level,
        direction=np.where(is_better, "high", "low").astype(object),
        reason=np.array(reason, dtype=object),
    )
