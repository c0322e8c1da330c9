"""A finding: from a distance to a side, a p, a q, a level, and the row that says so. Once, for every statistic.

Question  On which side of the expected score is this one, how rare is that, and what is it called?
Input     Arrays of one length, one entry per score: observed and expected score (fractions as printed), one-sided p-values
          (high: better than expected), spread between re-runs of the same model (fraction, NaN never measured).
Output    `Verdict`: side, p, q, gap, the least gap that is marked, level; `frame`: rows with the columns results.FINDING.
Method    The side is that of the smaller p-value. q by Benjamini and Hochberg 1995, sides apart (levels.adjusted). The
          least gap is 3 points, and twice the spread between re-runs where that is more.
Silent    A score without p-values has no q and no level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from scoring.results import FINDING
from scoring.verdict import levels

NUMBERS = (
    "observed", "expected", "expected_lower", "expected_upper", "residual_z", "p_value", "p_value_normal", "q_value",
    "markable_gap",
)  # fmt: skip
COUNTS = ("n_comparable", "n_as_far")
Column: TypeAlias = Sequence | np.ndarray | pd.Series
Values: TypeAlias = Column | float | str | None  # a column, or one value for all rows


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The clearer side of every score; q_value is NaN where nothing was tested."""

    is_high: np.ndarray
    p_value: np.ndarray
    q_value: np.ndarray

    @property
    def direction(self) -> np.ndarray:
        """High or low; high means better than expected."""
        return np.where(self.is_high, "high", "low").astype(object)

    def pick(self, high: np.ndarray, low: np.ndarray) -> np.ndarray:
        """What belongs to the score's own side."""
        return np.where(self.is_high, high, low)


@dataclass(frozen=True, kw_only=True)
class Verdict(Sides):
    """gap, least_gap: fractions; level: None where nothing was tested."""

    gap: np.ndarray
    least_gap: np.ndarray
    level: np.ndarray


def sides(
    p_high: np.ndarray,
    p_low: np.ndarray,
    correction_group: np.ndarray | None = None,
    copy_group: np.ndarray | None = None,
    *,
    is_list: bool = True,
) -> Sides:
    """Side, p and q of every score; both groups as in levels.adjusted.

    is_list   False for numbers that are asked about one by one: those have no q.
    """
    p_high, p_low = np.asarray(p_high, dtype=float), np.asarray(p_low, dtype=float)
    is_high = p_high <= p_low
    q, tested = np.full(len(p_high), np.nan), ~np.isnan(p_high)
    if is_list and tested.any():
        groups = [None if group is None else np.asarray(group)[tested] for group in (correction_group, copy_group)]
        adjusted = [levels.adjusted(p[tested], *groups) for p in (p_high, p_low)]
        q[tested] = np.where(is_high[tested], *adjusted)
    return Sides(is_high=is_high, p_value=np.where(is_high, p_high, p_low), q_value=q)


def least_gap(rerun_spread: np.ndarray) -> np.ndarray:
    """Smallest gap (fraction) that is marked, from the spread between re-runs (fraction, NaN: never measured)."""
    spread = np.asarray(rerun_spread, dtype=float)
    return np.maximum(levels.MIN_GAP, levels.RERUN_FACTOR * np.nan_to_num(spread))


def level_of(
    p: np.ndarray, q: np.ndarray, gap: np.ndarray, least: np.ndarray, agrees: np.ndarray | None = None
) -> np.ndarray:
    """Level of every tested score, None elsewhere; without `agrees` nothing is called very unusual."""
    found = levels.words(p, q, gap, least, np.array(False) if agrees is None else agrees)
    found[np.isnan(p)] = None
    return found


def verdict(
    *,
    observed: np.ndarray,
    expected: np.ndarray,
    p_high: np.ndarray,
    p_low: np.ndarray,
    rerun_spread: np.ndarray,
) -> Verdict:
    """Verdict of a statistic that speaks alone over all its scores: never very unusual."""
    side = sides(p_high, p_low)
    gap = np.abs(np.asarray(observed, dtype=float) - np.asarray(expected, dtype=float))
    least = least_gap(rerun_spread)
    return Verdict(
        is_high=side.is_high,
        p_value=side.p_value,
        q_value=side.q_value,
        gap=gap,
        least_gap=least,
        level=level_of(side.p_value, side.q_value, gap, least),
    )


def frame(
    signal_id: str,
    subject_id: Column,
    *,
    observed: Values,
    level: Values,
    reason: Column,
    direction: Values,
    group_id: Values,
    tier: Values,
    variant: Values = "",
    other_evaluation_id: Values = None,
    expected: Values = np.nan,
    expected_lower: Values = np.nan,
    expected_upper: Values = np.nan,
    residual_z: Values = np.nan,
    p_value: Values = np.nan,
    p_value_normal: Values = np.nan,
    q_value: Values = np.nan,
    n_comparable: Values = np.nan,
    n_as_far: Values = np.nan,
    markable_gap: Values = np.nan,
    level_alone: Values = None,
    reason_alone: Values = None,
) -> pd.DataFrame:
    """Rows of the table finding on evaluations: sequences of one length, or one value for all rows.

    Numbers are float64, counts Int64, the rest text; what is missing is NULL in its own column's type.
    """
    n = len(subject_id)
    given = {
        "signal_id": signal_id,
        "subject_kind": "evaluation",
        "subject_id": subject_id,
        "variant": variant,
        "other_evaluation_id": other_evaluation_id,
        "group_id": group_id,
        "observed": observed,
        "expected": expected,
        "expected_lower": expected_lower,
        "expected_upper": expected_upper,
        "residual_z": residual_z,
        "p_value": p_value,
        "p_value_normal": p_value_normal,
        "q_value": q_value,
        "n_comparable": n_comparable,
        "n_as_far": n_as_far,
        "tier": tier,
        "level": level,
        "direction": direction,
        "reason": reason,
        "markable_gap": markable_gap,
        "level_alone": level_alone,
        "reason_alone": reason_alone,
    }
    return pd.DataFrame({name: _column(name, given[name], n) for name in FINDING})


def _column(name: str, values: Values, n: int) -> pd.Series:
    """One column in its own type."""
    if values is None or np.isscalar(values):
        values = np.full(n, values, dtype=object)
    values = values.array if isinstance(values, pd.Series) else values
    if name in NUMBERS:
        return pd.Series(values, dtype=float)
    if name in COUNTS:
        return pd.Series(pd.array(pd.Series(values, dtype=float).to_numpy(), dtype="Int64"))
    return pd.Series(values, dtype="str")
