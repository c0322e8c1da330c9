"""Several opinions about one score: level, direction and the sentence of the clearer one.

Question  What is a score called of which size and date, other scores and near-copies all say something?
Input     `Placed`: arrays of one length, one entry per tested score (fractions, p-values, counts), with `Second` beside it.
Output    `Levelled`: side, p, q, level, direction and the sentence; level and sentence once more for somebody who asks about
          this one score, by its own p-value.
Method    scoring/verdict/finding.py on the combined p-values. The clearer opinion gives the gap and the sentence; only two
          opinions that agree reach the highest level.
Silent    Never: every tested score gets its sentence.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from data.vocabulary import MARKED
from scoring.verdict import finding, levels

VERY_UNUSUAL = MARKED[0]


@dataclass(frozen=True, kw_only=True)
class Second:
    """Second opinions beside Placed; arrays of its length, NaN where there is none.

    expected, lower, upper   As in Placed.
    p_high, p_low            One-sided p-values.
    words                    Who speaks: "its other scores", or the like.
    borne_out                Who else suggests the score, with the range ("" for nobody); None: nobody anywhere.
    """

    expected: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    p_high: np.ndarray
    p_low: np.ndarray
    words: np.ndarray
    borne_out: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Tested scores; arrays of one length.

    observed, expected, lower, upper   Fractions as printed (lower-is-better tests not turned round).
    p_high, p_low                      One-sided p-values (high = better).
    n_comparable, as_far_high, as_far_low   Counts of comparable models.
    rerun_spread                       Fraction, NaN where never measured.
    is_lower_better                    True where a lower printed value is the better one.
    remark                             Further sentences about the comparison ("" for none).
    correction_group                   Scores corrected together share a value (headline scores, subset scores); None: all.
    by_size_high, by_size_low          p-values of size and date alone (None: the same as p_high, p_low); NaN where
                                       the size is not known.
    second                             Second opinions, None where there is none.
    copy_group                         Near-copies of one test share a code (see levels.adjusted); None: no near-copies.
    rank                               Sentence on the score's rank ("" for none), where the level does not say it itself.
    is_list                            False for numbers that are asked about one by one: those have no q.
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
    correction_group: np.ndarray | None = None
    by_size_high: np.ndarray | None = None
    by_size_low: np.ndarray | None = None
    second: Second | None = None
    copy_group: np.ndarray | None = None
    rank: np.ndarray | None = None
    is_list: bool = True


@dataclass(frozen=True, kw_only=True)
class Levelled:
    """One entry per tested score."""

    side: finding.Sides
    n_as_far: np.ndarray
    level: np.ndarray
    reason: np.ndarray
    level_alone: np.ndarray
    reason_alone: np.ndarray


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
    side = finding.sides(
        placed.p_high, placed.p_low, placed.correction_group, placed.copy_group, is_list=placed.is_list
    )
    as_far = side.pick(placed.as_far_high, placed.as_far_low)
    high, low = placed.by_size_high, placed.by_size_low
    if high is None or low is None:
        high, low = placed.p_high, placed.p_low
    by_size, far_side = side.pick(high, low), side.pick(low, high)
    other = side.pick(second.p_high, second.p_low)
    # The clearer opinion gives the gap and the sentence; a missing one is never the clearer.
    is_second = np.where(np.isnan(other), False, ~(by_size <= other))
    gap = np.abs(placed.observed - np.where(is_second, second.expected, placed.expected))
    smallest = finding.least_gap(placed.rerun_spread)
    # NaN compares as False: an opinion that is missing never agrees.
    agrees = _outside(by_size) & _outside(other)
    # Other scores alone never mark a score that similar models get: then it is the others that are odd.
    is_inside = ~np.isnan(by_size) & ~_outside(by_size)
    asked = replace(side, q_value=nothing)  # one score that somebody asks about has no list to be corrected over
    level, alone = (
        _held_inside(finding.level_of(one.p_value, one.q_value, gap, smallest, agrees), is_inside)
        for one in (side, asked)
    )
    columns = (gap, smallest, is_second, by_size, far_side, as_far, is_inside)
    reason = np.array(_sentences(placed, second, side, level, *columns), dtype=object)
    other, reason_alone = np.flatnonzero(alone != level), reason.copy()
    reason_alone[other] = _sentences(
        _taken(placed, other), _taken(second, other), _taken(asked, other), alone[other], *(c[other] for c in columns)
    )
    return Levelled(
        side=side, n_as_far=as_far, level=level, reason=reason, level_alone=alone, reason_alone=reason_alone
    )


def _held_inside(level: np.ndarray, is_inside: np.ndarray) -> np.ndarray:
    """Levels, in which no score inside the range of similar models is marked."""
    return np.where(np.isin(level.astype(str), MARKED) & is_inside, "somewhat", level).astype(object)


def _taken(columns: Any, index: np.ndarray) -> Any:
    """One of the dataclasses here with its arrays at `index`."""
    arrays = {f.name: getattr(columns, f.name) for f in fields(columns)}
    return replace(columns, **{name: a[index] for name, a in arrays.items() if isinstance(a, np.ndarray)})


def joined(part: pd.DataFrame, p_high: np.ndarray, p_low: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """p-values of the model in the series: of several readings the least extreme on each side speaks for all."""
    group = part.groupby(["model_id", "series_id"], sort=False).ngroup().to_numpy()
    high, low = (pd.Series(p).groupby(group).transform("max").to_numpy() for p in (p_high, p_low))
    return high, low


def _outside(p: np.ndarray) -> np.ndarray:
    """Whether an opinion alone puts the score outside its 90% range."""
    return np.round(p, levels.DECIMALS) < levels.OUTSIDE_P


def _sentences(
    placed: Placed,
    second: Second,
    side: finding.Sides,
    level: np.ndarray,
    gap: np.ndarray,
    smallest: np.ndarray,
    is_second: np.ndarray,
    by_size: np.ndarray,
    far_side: np.ndarray,
    as_far: np.ndarray,
    is_inside: np.ndarray,
) -> list[str]:
    """One text per score: the sentence of its level, its rank, the opinion that is less clear, and remarks."""
    no_words = np.full(len(level), "", dtype=object)
    # Of several readings that are judged together one may lie outside a range that the others lie in.
    is_above, is_below = placed.observed > placed.upper, placed.observed < placed.lower
    is_outside = _outside(by_size) | is_above | is_below
    # A sentence about size and date alone, where both opinions together are ordinary, tells its own frequency.
    is_alone = (level == "usual") & is_outside & ~is_second
    is_high = np.where(is_alone & (is_above | is_below), is_above != placed.is_lower_better, side.is_high)
    p_value = np.where(is_alone, np.where(is_high == side.is_high, by_size, far_side), side.p_value)
    # Plain numbers: a million of them are rounded and printed five times faster than numpy's own.
    common = [c.tolist() for c in (is_high, placed.is_lower_better, gap, smallest, p_value, side.q_value)]
    ends = [column.tolist() for column in (placed.lower, placed.upper, second.lower, second.upper)]
    counts = [np.nan_to_num(column, nan=0.0).astype(int).tolist() for column in (placed.n_comparable, as_far)]
    has_second = (~np.isnan(side.pick(second.p_high, second.p_low))).tolist()
    # An ordinary score that its own size alone would not expect: what its other scores say comes first.
    is_borne_out = is_alone & (placed.observed >= second.lower) & (placed.observed <= second.upper)
    rank = no_words if placed.rank is None else placed.rank
    borne_out = no_words if second.borne_out is None else second.borne_out
    columns = [
        placed.observed.tolist(), borne_out, level, is_second, is_outside, is_inside.tolist(), has_second, is_borne_out.tolist(), second.words, rank, placed.remark
    ]  # fmt: skip
    rows = zip(zip(*common, strict=True), zip(*ends, strict=True), zip(*counts, strict=True), *columns, strict=True)
    names = ("is_better", "is_lower_better", "gap", "smallest_gap", "p", "q")
    texts = []
    for values, (lower, upper, low, high), (
        n_comparable,
        n_as_far,
    ), score, also, word, is_clearer, is_out, is_in, is_heard, is_second_inside, who, *rest in rows:
        about = dict(zip(names, values, strict=True))
        if is_clearer:
            ranges = {"second": (low, high), "similar": (lower, upper), "observed": score}
            explained = {"is_inside": is_in, "borne_out": also}
            parts = [levels.second_sentence(word, words=who, **ranges, **explained, **about)]
        elif is_second_inside:
            side_of = "above" if about["is_better"] != about["is_lower_better"] else "below"
            parts = [
                f"Within what {who} suggest ({levels.between(low, high, score)}), but {side_of} most similar models "
                f"({levels.between(lower, upper, score)}): {levels.one_in(about['p'])} would be this far out on this side."
            ]
        else:
            shown = "somewhat" if word == "usual" and is_out else word
            counted = {"n_comparable": n_comparable, "n_as_far": n_as_far}
            parts = [levels.sentence(shown, lower=lower, upper=upper, observed=score, **counted, **about)]
        if word not in MARKED:
            parts.append(rest[0])
        if is_heard and not is_clearer and not is_second_inside and word != VERY_UNUSUAL:
            parts.append(f"{who.capitalize()} suggest {levels.between(low, high, score)}.")
        texts.append(" ".join(filter(None, [*parts, rest[1]])))
    return texts
