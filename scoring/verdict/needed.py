"""What a result would have to be: the smallest score that would be called unusual, before anybody has it.

Question  From which score on would the next model of a given size and day be unusual on this test?
Input     A stored fit by size and date (table fit, signal size_anomaly, read as JSON), sizes (parameters, counts), a day,
          and the spread between re-runs (fraction, NaN never measured).
Output    One score per size, a fraction as the test prints it; NaN where not even the best score of all would be.
Method    The level that somebody gets who asks about one number (scoring/verdict/levels.py, by its own p-value; least gap of
          scoring/verdict/finding.py), tried in steps of a tenth of a point. A new model has no other scores yet, so
          size and date alone speak; the maker plays no part in them, so that the score is the same for all.
Silent    Never; a fit that cannot be stretched to a size or day has so wide a range there that the answer is NaN.
"""

from collections.abc import Callable
from datetime import date

import numpy as np

from data.vocabulary import MARKED
from scoring.expected import judge
from scoring.verdict import finding, levels

STEPS = 1000  # a tenth of a point; pages print no more


def scores(
    fit: dict, n_parameters: np.ndarray, day: date, rerun_spread: float, tails: Callable = judge.tails
) -> np.ndarray:
    """The smallest unusual score by size; see the module. tails: a build has faster ones of the same values."""
    n = len(n_parameters)
    where = (np.log10(n_parameters), np.full(n, judge.years(day)), [None] * n)
    middle, spread, ends = judge.similar(fit, *where)
    expected = judge.interval(middle, spread, ends, fit["null"])["expected"]
    least, no_list, nobody = finding.least_gap(np.full(n, rerun_spread)), np.full(n, np.nan), np.zeros(n, dtype=bool)

    def is_marked(step: np.ndarray) -> np.ndarray:
        score = step / STEPS
        p = tails((judge.corrected_logit(score, ends) - middle) / spread, fit["null"])["p_high"]
        told = levels.words(p, no_list, np.abs(score - expected), least, nobody)
        return (score > expected) & np.isin(told.astype(str), MARKED)

    low, high = np.zeros(n, dtype=int), np.full(n, STEPS)
    can = is_marked(high)
    while (high - low).max() > 1:  # whatever is higher is no less unusual
        half = (low + high) // 2
        found = is_marked(half)
        low, high = np.where(found, low, half), np.where(found, half, high)
    return np.where(can, judge.turned(high / STEPS, fit["is_lower_better"]), np.nan)
