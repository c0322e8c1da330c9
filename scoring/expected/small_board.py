"""Expected scores on a small table: what a model's other scores, and compute, say about one score.

Question  On a table of a few dozen models, which scores are higher than the model's other scores allow?
Input     y (n,) scores, others (n, k) scores of the same models on other tests, and covariates (n, c) such as log10
          training compute and date; fractions, no gaps.
Output    Expected score of every row and its spread, from a fit without that row; residuals in such spreads.
Method    Regression with coefficients >= 0 for other scores and compute (better elsewhere never means worse here;
          Lawson and Hanson 1974), bounded influence (Huber 1964) and a weight that leans to the lower side, because odd
          scores are mostly too high. On the scale of fractions: at small numbers of right answers logits stretch
          differences that mean little.
Silent    Below MIN_ROWS rows: NaN.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

METHOD_VERSION = "1"
MIN_ROWS = 20
LEAN = 0.3  # quantile that the fit leans to
RIDGE = 0.1  # pull of coefficients towards nothing, in rows' worth
HUBER = 1.345
ROUNDS = 30
MIN_SCALE = 0.005  # half a point: below that, differences between models are rounding


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Expected score (fraction) of every row from the others, and the robust standard deviation of that prediction."""

    expected: np.ndarray
    sd: np.ndarray

    def z(self, y: np.ndarray) -> np.ndarray:
        """Distance of the scores from what is expected, in spreads; positive: higher."""
        return (y - self.expected) / self.sd


def residuals(y: np.ndarray, others: np.ndarray, covariates: np.ndarray) -> np.ndarray:
    """Leave-one-out residuals in robust standard deviations (positive: higher than expected)."""
    return leave_one_out(y, others, covariates).z(y)


def leave_one_out(y: np.ndarray, others: np.ndarray, covariates: np.ndarray) -> LeftOut:
    """What every row is expected to have, the row itself left out."""
    n = len(y)
    if n < MIN_ROWS:
        return LeftOut(expected=np.full(n, np.nan), sd=np.full(n, np.nan))
    x = np.column_stack([others, covariates])
    x = (x - np.median(x, axis=0)) / np.maximum(x.std(axis=0), 1e-9)
    expected, sd = np.array([_one(np.delete(x, i, 0), np.delete(y, i), x[i]) for i in range(n)]).T
    return LeftOut(expected=expected, sd=sd)


def _one(x: np.ndarray, y: np.ndarray, new: np.ndarray) -> tuple[float, float]:
    """Expected score of one row from the others, and its spread."""
    # The constant may have either sign: two columns that differ in it.
    a = np.column_stack([np.ones(len(y)), -np.ones(len(y)), x])
    pull = np.sqrt(RIDGE) * np.eye(a.shape[1])
    pull[0, 0] = pull[1, 1] = 1e-3
    left, scale, beta = y - _median(y), 1.0, np.zeros(a.shape[1])
    for _ in range(ROUNDS):
        scale = max(_median(np.abs(left - _median(left))) / 0.6745, MIN_SCALE)
        sided = 2.0 * np.where(left > 0, LEAN, 1.0 - LEAN)
        w = np.sqrt(sided * np.minimum(1.0, HUBER / np.maximum(np.abs(left) / scale, 1e-9)))
        beta = nnls(np.vstack([a * w[:, None], pull]), np.concatenate([y * w, np.zeros(len(pull))]))[0]
        before, left = left, y - a @ beta
        if np.array_equal(before, left):  # every further round would give the same
            break
    row = np.concatenate([[1.0, -1.0], new])
    gram = (a * w[:, None]).T @ (a * w[:, None]) + (RIDGE + 1e-3) * np.eye(a.shape[1])
    return float(row @ beta), float(scale * np.sqrt(1.0 + row @ np.linalg.solve(gram, row)))


def _median(values: np.ndarray) -> float:
    """The median of numbers without gaps, to the last bit that of np.median, which takes five times as long for so few."""
    middle = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, middle)[middle])
    low, high = np.partition(values, (middle - 1, middle))[middle - 1 : middle + 1]
    return float((low + high) / 2)
