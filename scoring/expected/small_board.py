"""Expected scores on a small table: what a model's other scores, and compute, say about one score.

Question  On a table of a few dozen models, which scores are higher than the model's other scores allow?
Input     y (n,) scores, others (n, k) scores of the same models on other tests, and covariates (n, c) such as log10
          training compute and date; fractions, no gaps.
Output    Expected score of every row and its spread, from a fit without that row; residuals in such spreads.
Method    Regression with coefficients >= 0 for other scores and compute (better elsewhere never means worse here;
          Lawson and Hanson 1974), bounded influence (Huber 1964) and a weight that leans to the lower side, because odd
          scores are mostly too high. On the scale of fractions: at small numbers of right answers logits stretch
          differences that mean little. What other scores say is the mean of that regression and of a plain one of
          bounded influence: with coefficients of either sign it knows better which tests go together where families
          are new (mean of two forecasts, Bates and Granger 1969). A row that is far from all others in its other scores
          (leverage h; Hoaglin and Welsch 1978) has a spread 1 / (1 - h) times as wide. `together` adds both opinions:
          other scores count nine times as much as size and date, which are the coarser opinion wherever families
          differ; added alike, both lost to the other scores alone. Chosen on half of the families of two boards, by a
          hash of their names, and tested on the other half (bench/hit_rate.py, "small tables").
Silent    Below MIN_ROWS rows: NaN.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

METHOD_VERSION = "2"
MIN_ROWS = 20
LEAN = 0.3  # quantile that the fit leans to
RIDGE = 0.1  # pull of coefficients towards nothing, in rows' worth
HUBER = 1.345
ROUNDS = 30
MIN_SCALE = 0.005  # half a point: below that, differences between models are rounding
SIZE_WEIGHT = 0.1  # of size and date beside other scores
ROWS_EACH = 3  # rows per coefficient below which a plain regression says nothing


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Expected score (fraction) of every row from the others, and the robust standard deviation of that prediction."""

    expected: np.ndarray
    sd: np.ndarray

    def z(self, y: np.ndarray) -> np.ndarray:
        """Distance of the scores from what is expected, in spreads; positive: higher."""
        return (y - self.expected) / self.sd


def by_others(y: np.ndarray, others: np.ndarray) -> LeftOut:
    """What every row is expected to have by its other scores, the row itself left out."""
    leaning = leave_one_out(y, others, np.empty((len(y), 0)))
    if len(y) < max(MIN_ROWS, ROWS_EACH * (others.shape[1] + 1)):
        return leaning
    plain, free = _plain(np.column_stack([np.ones(len(y)), _standard(others)]), y)
    expected = (leaning.expected + plain) / 2
    left = (y - expected) * free
    return LeftOut(expected=expected, sd=max(_spread(left), MIN_SCALE) / free)


def _plain(a: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Expected scores by a regression of bounded influence on the columns of a, each row left out; and what a row leaves
    to the others, 1 - leverage. Which rows count less is asked once, with all of them.
    """
    pull = RIDGE * np.eye(a.shape[1])
    pull[0, 0] = 0.0
    weight, left = np.ones(len(y)), np.zeros(len(y))
    for _ in range(ROUNDS):
        before, left = left, y - a @ np.linalg.solve((a * weight[:, None]).T @ a + pull, a.T @ (weight * y))
        if np.array_equal(before, left):
            break
        weight = np.minimum(1.0, HUBER * max(_spread(left), MIN_SCALE) / np.maximum(np.abs(left), 1e-9))
    weighted = a * weight[:, None]
    gram = weighted.T @ a + pull - weighted[:, :, None] * a[:, None, :]
    onto = (y @ weighted - weighted * y[:, None])[:, :, None]
    told, reach = np.sum(a[:, :, None] * np.linalg.solve(gram, np.concatenate([onto, a[:, :, None]], axis=2)), axis=1).T
    return told, 1.0 / (1.0 + reach)


def together(z_size: np.ndarray, z_others: np.ndarray) -> np.ndarray:
    """Both opinions as one distance, in spreads of neither: its null is that of the table."""
    return SIZE_WEIGHT * z_size + (1.0 - SIZE_WEIGHT) * z_others


def leave_one_out(y: np.ndarray, others: np.ndarray, covariates: np.ndarray) -> LeftOut:
    """What every row is expected to have, the row itself left out."""
    n = len(y)
    if n < MIN_ROWS:
        return LeftOut(expected=np.full(n, np.nan), sd=np.full(n, np.nan))
    x = _standard(np.column_stack([others, covariates]))
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
        scale = max(_spread(left), MIN_SCALE)
        sided = 2.0 * np.where(left > 0, LEAN, 1.0 - LEAN)
        w = np.sqrt(sided * np.minimum(1.0, HUBER / np.maximum(np.abs(left) / scale, 1e-9)))
        beta = nnls(np.vstack([a * w[:, None], pull]), np.concatenate([y * w, np.zeros(len(pull))]))[0]
        before, left = left, y - a @ beta
        if np.array_equal(before, left):  # every further round would give the same
            break
    row = np.concatenate([[1.0, -1.0], new])
    gram = (a * w[:, None]).T @ (a * w[:, None]) + (RIDGE + 1e-3) * np.eye(a.shape[1])
    return float(row @ beta), float(scale * np.sqrt(1.0 + row @ np.linalg.solve(gram, row)))


def _standard(x: np.ndarray) -> np.ndarray:
    """Columns of one scale, around their medians."""
    return (x - np.median(x, axis=0)) / np.maximum(x.std(axis=0), 1e-9)


def _spread(values: np.ndarray) -> float:
    """Robust standard deviation: the median absolute deviation of a normal law is 0.6745 of it."""
    return _median(np.abs(values - _median(values))) / 0.6745


def _median(values: np.ndarray) -> float:
    """The median of numbers without gaps, to the last bit that of np.median, which takes five times as long for so few."""
    middle = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, middle)[middle])
    low, high = np.partition(values, (middle - 1, middle))[middle - 1 : middle + 1]
    return float((low + high) / 2)
