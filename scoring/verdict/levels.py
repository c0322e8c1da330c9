"""Levels: from a p-value to a word and a sentence.

Question  How should a distance from the expected score be called?
Input     `Placed`: arrays of one length, one entry per tested score (fractions, p-values, counts).
Output    q_value (false-discovery-rate-adjusted, per side), level, direction and the sentence of that level.
Method    Benjamini and Hochberg 1995 over all tested scores, high and low side apart. Everything is rounded before it
          meets a threshold, so that an exact tie cannot flip on the last bit. Thresholds and sentences are our
          choices.
Silent    Never for tested scores; scores that were not tested keep the reason that they came with.
"""

import math
from dataclasses import dataclass

import numpy as np

UNUSUAL_Q = 0.05  # one in twenty of the scores marked unusual is expected to be chance
VERY_UNUSUAL_Q = 0.01
OUTSIDE_P = 0.05  # each side of the 90% range
MIN_GAP = 0.03  # set-up details alone move scores by a few points; smaller gaps are never marked
RERUN_FACTOR = 2.0  # a marked gap is at least twice the spread between runs of the same model
# What every level that rests on chance hangs on, as the table signal and the Method page print it.
THRESHOLDS = {"unusual_q": UNUSUAL_Q, "outside_p": OUTSIDE_P, "min_gap": MIN_GAP, "rerun_factor": RERUN_FACTOR}
DECIMALS = 6  # p, q and gaps are rounded to this before comparison


@dataclass(frozen=True, kw_only=True)
class Second:
    """Second opinions beside Placed; arrays of its length, NaN where there is none.

    expected, lower, upper   As in Placed.
    p_high, p_low            One-sided p-values.
    words                    Who speaks: "its other scores", or the like.
    """

    expected: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    p_high: np.ndarray
    p_low: np.ndarray
    words: np.ndarray


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
    by_size_high, by_size_low          p-values of size and date alone (None: the same as p_high, p_low); NaN where
                                       the size is not known.
    second                             Second opinions, None where there is none.
    unit                               Near-copies of one test share a code (see adjusted); None: no near-copies.
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
    by_size_high: np.ndarray | None = None
    by_size_low: np.ndarray | None = None
    second: "Second | None" = None
    unit: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True)
class Levelled:
    """One entry per tested score."""

    q_value: np.ndarray
    p_value: np.ndarray
    n_as_far: np.ndarray
    level: np.ndarray
    direction: np.ndarray
    reason: np.ndarray


def adjusted(p: np.ndarray, family: np.ndarray, unit: np.ndarray | None = None) -> np.ndarray:
    """Benjamini-Hochberg q-values within each family.

    unit   Integer codes: rows that share one are near-copies on one test and count as one discovery, however many of
           them are far out; thirty copies of one odd model would otherwise lend each other their rank. None: every row
           is its own, which is the plain procedure (scipy.stats.false_discovery_control knows no units).
    """
    unit = np.arange(len(p)) if unit is None else unit
    q = np.full(len(p), np.nan)
    for name in np.unique(family):
        mine = np.flatnonzero(family == name)
        order = mine[np.argsort(p[mine], kind="stable")]
        is_first = np.zeros(len(order), dtype=bool)
        is_first[np.unique(unit[order], return_index=True)[1]] = True
        raw = p[order] * len(order) / np.cumsum(is_first)
        q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
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
        return f"Within what similar models get ({between(lower, upper)})."
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


def between(lower: float, upper: float) -> str:
    """A range of fractions in points: "61 to 69", with a decimal where it is narrow."""
    decimals = 0 if upper - lower >= 0.05 else 1
    return f"{100 * lower:.{decimals}f} to {100 * upper:.{decimals}f}"


def second_sentence(
    level: str,
    *,
    is_better: bool,
    is_lower_better: bool,
    gap: float,
    smallest_gap: float,
    q: float,
    words: str,
    second: tuple[float, float],
    similar: tuple[float, float],
) -> str:
    """The sentence of a level where a second opinion is the clearer one; ranges are (lower, upper), NaN unknown."""
    above = is_better != is_lower_better
    side = "above" if above else "below"
    suggests = f"what {words} suggest ({between(*second)})"
    beside = "" if math.isnan(similar[0]) else f"; similar models get {between(*similar)}"
    if level == "usual":
        return f"Within {suggests}{beside}."
    if level == "somewhat" and round(q, DECIMALS) <= UNUSUAL_Q:
        least = points(smallest_gap)
        return f"{gap_text(gap, side)} {suggests}{beside}. That is less than what is marked on this test ({least})."
    if level == "somewhat":
        return f"{'Higher' if above else 'Lower'} than {suggests}{beside}. Scores like this turn up by chance."
    also = f", and also {side} most similar models ({between(*similar)})" if level == "very_unusual" else beside
    return f"{gap_text(gap, side)} {suggests}{also}."


def gap_text(gap: float, side: str) -> str:
    """A gap with its side: 8.1 points above."""
    return f"{points(gap)} points {side}"


def assign(placed: Placed) -> Levelled:
    """Correct for the number of tests, then word and sentence for every score."""
    n = len(placed.observed)
    nothing = np.full(n, np.nan)
    second = placed.second or Second(
        expected=nothing,
        lower=nothing,
        upper=nothing,
        p_high=nothing,
        p_low=nothing,
        words=np.full(n, "", dtype=object),
    )
    q_high, q_low = (adjusted(p, placed.family, placed.unit) for p in (placed.p_high, placed.p_low))
    is_better = placed.p_high <= placed.p_low
    p = np.where(is_better, placed.p_high, placed.p_low)
    q = np.where(is_better, q_high, q_low)
    as_far = np.where(is_better, placed.as_far_high, placed.as_far_low)
    by_size = p
    if placed.by_size_high is not None and placed.by_size_low is not None:
        by_size = np.where(is_better, placed.by_size_high, placed.by_size_low)
    other = np.where(is_better, second.p_high, second.p_low)
    # The clearer opinion gives the gap and the sentence; a missing one is never the clearer.
    is_second = np.where(np.isnan(other), False, ~(by_size <= other))
    gap = np.abs(placed.observed - np.where(is_second, second.expected, placed.expected))
    smallest = np.maximum(MIN_GAP, RERUN_FACTOR * np.nan_to_num(placed.rerun_spread))
    # NaN compares as False: an opinion that is missing never agrees.
    agrees = (np.round(by_size, DECIMALS) < OUTSIDE_P) & (np.round(other, DECIMALS) < OUTSIDE_P)
    # Plain numbers: a million of them are rounded and printed five times faster than numpy's own.
    told = [column.tolist() for column in (is_better, placed.is_lower_better, gap, smallest, q)]
    ends = [column.tolist() for column in (placed.lower, placed.upper, second.lower, second.upper)]
    counts = [np.nan_to_num(column, nan=0.0).astype(int).tolist() for column in (placed.n_comparable, as_far)]
    level = [
        word(*row) for row in zip(p.tolist(), q.tolist(), gap.tolist(), smallest.tolist(), agrees.tolist(), strict=True)
    ]
    inside = (np.round(by_size, DECIMALS) < OUTSIDE_P).tolist()
    speaks = [column.tolist() for column in (is_second, ~np.isnan(other), second.words, placed.remark)]
    reason = []
    for i, (better, lower_better, far, least, rank) in enumerate(zip(*told, strict=True)):
        common = {"is_better": better, "is_lower_better": lower_better, "gap": far, "smallest_gap": least, "q": rank}
        lower, upper, low, high = (column[i] for column in ends)
        is_clearer, has_second, words, remark = (column[i] for column in speaks)
        if is_clearer:
            text = second_sentence(level[i], words=words, second=(low, high), similar=(lower, upper), **common)
        else:
            shown = "somewhat" if level[i] == "usual" and inside[i] else level[i]
            n_comparable, n_as_far = counts[0][i], counts[1][i]
            text = sentence(shown, lower=lower, upper=upper, n_comparable=n_comparable, n_as_far=n_as_far, **common)
            if level[i] != "very_unusual" and has_second:
                text += f" {words.capitalize()} suggest {between(low, high)}."
        reason.append(f"{text} {remark}" if remark else text)
    return Levelled(
        q_value=q,
        p_value=p,
        n_as_far=as_far,
        level=np.array(level, dtype=object),
        direction=np.where(is_better, "high", "low").astype(object),
        reason=np.array(reason, dtype=object),
    )
