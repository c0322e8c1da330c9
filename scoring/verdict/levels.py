"""Levels: from p, q and a gap to a word and a sentence.

Question  How should a distance from the expected score be called?
Input     One score's p-value, q-value, gap and least gap (fractions), and whether a second opinion agrees.
Output    A word of data.vocabulary.LEVELS, the sentence that goes with it, and q-values (`adjusted`).
Method    Benjamini and Hochberg 1995. Everything is rounded before it meets a threshold, so that an exact tie cannot flip
          on the last bit. Thresholds and sentences are our choices.
Silent    Never for tested scores; scores that were not tested keep the reason that they came with.
"""

import math

import numpy as np

from data.vocabulary import MARKED

UNUSUAL_Q = 0.05  # one in twenty of the scores marked unusual is expected to be chance
VERY_UNUSUAL_Q = 0.01
# One number that somebody asks about has no list to be corrected over: it is marked by its own p-value.
ALONE_P, ALONE_VERY_P = 1e-3, 1e-4
OUTSIDE_P = 0.05  # each side of the 90% range
MIN_GAP = 0.03  # set-up details alone move scores by a few points; smaller gaps are never marked
RERUN_FACTOR = 2.0  # a marked gap is at least twice the spread between runs of the same model
# What every level that rests on chance hangs on, as the table signal and the Method page print it.
THRESHOLDS = {
    "unusual_q": UNUSUAL_Q,
    "outside_p": OUTSIDE_P,
    "alone_p": ALONE_P,
    "min_gap": MIN_GAP,
    "rerun_factor": RERUN_FACTOR,
}
NO_POWER = "Not even a full score could be marked here, so this says little."
MOST_DECIMALS = 2  # of the ends of a printed range
# Farther from an end than rounding both can bridge: half a point and half a tenth, or half a tenth twice, and some slack.
CLEAR = (0.0056, 0.0011)
DECIMALS = 6  # p, q and gaps are rounded to this before comparison


def adjusted(
    p: np.ndarray, correction_group: np.ndarray | None = None, copy_group: np.ndarray | None = None
) -> np.ndarray:
    """Benjamini-Hochberg q-values of scores.

    correction_group   Scores that share a value are corrected together; None: all of them.
    copy_group         Integer codes: rows that share one are near-copies on one test and count as one discovery, however
                       many of them are far out; thirty copies of one odd model would otherwise lend each other their rank.
                       None: every row is its own, which is the plain procedure (scipy.stats.false_discovery_control
                       knows no near-copies).
    """
    groups = np.zeros(len(p)) if correction_group is None else correction_group
    copies = np.arange(len(p)) if copy_group is None else copy_group
    q = np.full(len(p), np.nan)
    for name in np.unique(groups):
        mine = np.flatnonzero(groups == name)
        order = mine[np.argsort(p[mine], kind="stable")]
        is_first = np.zeros(len(order), dtype=bool)
        is_first[np.unique(copies[order], return_index=True)[1]] = True
        raw = p[order] * len(order) / np.cumsum(is_first)
        q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q


def words(p: np.ndarray, q: np.ndarray, gap: np.ndarray, smallest_gap: np.ndarray, agrees: np.ndarray) -> np.ndarray:
    """Levels of scores; arrays that spread over each other. gap is an absolute distance in fractions; q NaN: a number that
    is asked about alone; agrees: whether a second opinion does.
    """
    p, q, gap, smallest_gap = (np.round(column, DECIMALS) for column in (p, q, gap, smallest_gap))
    is_alone, (very_unusual, unusual) = np.isnan(q), MARKED
    is_far = np.where(is_alone, p <= ALONE_P, q <= UNUSUAL_Q)
    is_very_far = np.where(is_alone, p <= ALONE_VERY_P, q <= VERY_UNUSUAL_Q)
    is_known = [p >= OUTSIDE_P, ~is_far | (gap < smallest_gap), is_very_far & agrees]
    # One text object per word, not one per score: the frames travel between processes.
    return np.array(["usual", "somewhat", very_unusual, unusual], dtype=object)[np.select(is_known, [0, 1, 2], 3)]


def word(p: float, q: float, gap: float, smallest_gap: float, agrees: bool | None) -> str:
    """Level of one score, see words; agrees None: nobody else was asked."""
    one = np.array([[p], [q], [gap], [smallest_gap]], dtype=float)
    return str(words(one[0], one[1], one[2], one[3], np.array([agrees is True]))[0])


def is_small(p: float, q: float) -> bool:
    """Whether a score is far enough out to be marked, were its gap not too small."""
    return round(p, DECIMALS) <= ALONE_P if math.isnan(q) else round(q, DECIMALS) <= UNUSUAL_Q


def one_in(p: float) -> str:
    """A p-value as a frequency: 0.031 is "about 1 in 30"; below a millionth only that is said."""
    if p < 1e-6:
        return "fewer than 1 in 1,000,000"
    n = 1.0 / p
    digits = 0 if n < 20 else 1 - math.ceil(math.log10(n)) + (1 if n < 100 else 0)
    return f"about 1 in {int(round(n, digits)):,}"


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
    p: float,
    q: float,
    lower: float,
    upper: float,
    n_comparable: int,
    n_as_far: int,
    observed: float = math.nan,
) -> str:
    """The sentence of a level; above and below speak of the printed value; observed as in `between`."""
    above = is_better != is_lower_better
    better = f" ({'better' if is_better else 'worse'}: lower is better on this test)" if is_lower_better else ""
    if level == "usual":
        return f"Within what similar models get ({between(lower, upper, observed)})."
    if level == "somewhat":
        text = f"{'Higher' if above else 'Lower'} than most similar models{better}."
        if is_small(p, q):
            least = points(smallest_gap)
            return f"{text} The gap of {points(gap)} points is smaller than what is marked on this test ({least})."
        return f"{text[:-1]} ({between(lower, upper, observed)}): {one_in(p)} would be this far out on this side."
    text = f"{points(gap)} points {'above' if above else 'below'} similar models{better}; "
    text += far_out(n_as_far, n_comparable, "score")
    if level == MARKED[0]:
        text += f", and also {'above' if above else 'below'} what this model's other scores suggest"
    return f"{text} ({one_in(p)} would be)."


def far_out(n: int, n_comparable: int, noun: str) -> str:
    """How many are as far out: "1 of 99 comparable scores is this far out"."""
    nouns, verb = noun if n_comparable == 1 else f"{noun}s", "is" if 1 in (n, n_comparable) else "are"
    return f"{n} of {n_comparable} comparable {nouns} {verb} this far out"


def between(lower: float, upper: float, observed: float = math.nan) -> str:
    """A range of fractions in points: "61 to 69", with a decimal where it is narrow.

    observed   A score that is told beside the range, to one decimal; more decimals are printed where, rounded, it would seem
               to lie elsewhere than it does. NaN: none.
    """
    least = 0 if upper - lower >= 0.05 else 1
    if min(abs(observed - lower), abs(observed - upper)) > CLEAR[least]:  # most scores: no rounding takes them across
        return f"{100 * lower:.{least}f} to {100 * upper:.{least}f}"
    where, score = place(observed, lower, upper), round(100 * observed, 1)
    for decimals in range(least, MOST_DECIMALS + 1):
        ends = [round(100 * end, decimals) for end in (lower, upper)]
        if place(score, *ends) == where:
            break
    return " to ".join(f"{100 * end:.{decimals}f}" for end in (lower, upper))


def place(observed: float, lower: float, upper: float) -> str:
    """Where a score lies beside a range: "above", "below", or "" inside it or where the range is not known."""
    if observed > upper:
        return "above"
    return "below" if observed < lower else ""


def second_sentence(
    level: str,
    *,
    is_better: bool,
    is_lower_better: bool,
    gap: float,
    smallest_gap: float,
    p: float,
    q: float,
    words: str,
    second: tuple[float, float],
    similar: tuple[float, float],
    observed: float,
    is_inside: bool = False,
    borne_out: str = "",
) -> str:
    """The sentence of a level where a second opinion is the clearer one; ranges are (lower, upper), NaN unknown.

    observed    The score, in the unit of the ranges.
    is_inside   Similar models are as far out on this side, so that the score is not marked.
    borne_out   What else suggests this score, "" for nothing.
    """
    above = is_better != is_lower_better
    side = "above" if above else "below"
    suggests = f"what {words} suggest ({between(*second, observed)})"
    get = "" if math.isnan(similar[0]) else between(*similar, observed)
    beside = f"; similar models get {get}" if get else ""
    where, where_similar = place(observed, *second), place(observed, *similar)
    similar_models = f"{where_similar} most similar models" if where_similar else "within what similar models get"
    if level == "usual" and not where:
        return f"Within {suggests}{beside}."
    if level == "usual":
        text = f"{where.capitalize()} {suggests}"
        if borne_out:
            return f"{text}, but within what {borne_out}{beside}."
        if get and not where_similar:
            return f"{text}, but {similar_models} ({get})."
        also = f" and {similar_models} ({get})" if get else ""
        return f"{text}{also}, but not unusual once everything that is known is weighed together."
    if level == "somewhat" and is_inside:
        return (
            f"{gap_text(gap, side)} {suggests}, {'and' if where_similar == side else 'but'} {similar_models} ({get})."
        )
    if level == "somewhat" and is_small(p, q):
        least = points(smallest_gap)
        return f"{gap_text(gap, side)} {suggests}{beside}. That is less than what is marked on this test ({least})."
    if level == "somewhat":
        return (
            f"{'Higher' if above else 'Lower'} than {suggests}: {one_in(p)} would be this far out on this side{beside}."
        )
    also = f", and also {side} most similar models ({get})" if level == MARKED[0] else beside
    return f"{gap_text(gap, side)} {suggests}{also} ({one_in(p)} would be this far out)."


def gap_text(gap: float, side: str) -> str:
    """A gap with its side: 8.1 points above."""
    return f"{points(gap)} points {side}"
