"""A second opinion on one number from a stored factor model.

Question  Given what this model gets on other tests of the same board, how unusual is this score?
Input     The model's other scores, the score, and the parameters of one stored factor model (table fit, signal
          other_scores, read as JSON).
Output    `Opinion`: expected score, 90% range, distance in spreads, both one-sided p-values.
Method    scoring/expected/factors.py, evaluated with numpy alone: factors from the model's scores on other benchmarks,
          under the loadings, spread and null of the build. The build leaves a model's own near-copies out of the
          loadings and lets odd scores count less; a new number has no copies in the build yet, and all of its other
          scores count in full here.
Silent    None below the build's number of other benchmarks, where the test has no null, or where the factors point
          beyond all scores that the test has given.
"""

from dataclasses import dataclass

import numpy as np

from scoring.expected import judge


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """expected, lower and upper are fractions as the test prints them; high means better."""

    expected: float
    lower: float
    upper: float
    z: float
    p_high: float
    p_low: float


def tell(
    score: float, series_id: str, others: dict[str, float], table: dict, n_items: float | None = None
) -> Opinion | None:
    """Opinion on a score (fraction as printed) of a series, from other scores {series_id: fraction}; None: silent."""
    series = table["series"]
    target = series.get(series_id)
    if target is None or "null" not in target:
        return None
    known = [s for s in others if s in series and series[s]["benchmark_id"] != target["benchmark_id"]]
    if len({series[s]["benchmark_id"] for s in known}) < table["min_tests"]:
        return None
    loadings, noise = np.array([series[s]["loadings"] for s in known]), np.array([series[s]["noise"] for s in known])
    away = np.array([_logit(others[s], series[s])[0][0] - series[s]["middle"] for s in known])
    weighted = loadings / noise[:, None]
    covariance = np.linalg.inv(np.eye(loadings.shape[1]) + weighted.T @ loadings)
    own = np.array(target["loadings"])
    middle = np.array([target["middle"] + own @ covariance @ (weighted.T @ away)])
    if not target["low"] <= middle[0] <= target["high"]:
        return None
    y, items = _logit(score, target, n_items)
    counted = items if target["is_item_count"] else np.array([np.nan])
    noise_here = judge.sampling_variance(middle, counted, np.array([np.nan]))
    sd = judge.standard_deviation(middle, own @ covariance @ own + noise_here, target)
    tails = {k: float(v[0]) for k, v in judge.tails((y - middle) / sd, target["null"]).items()}
    band = judge.as_printed(judge.interval(middle, sd, items, target["null"]), target["is_lower_better"])
    return Opinion(
        expected=float(band["expected"][0]),
        lower=float(band["expected_lower"][0]),
        upper=float(band["expected_upper"][0]),
        z=tails["z"],
        p_high=tails["p_high"],
        p_low=tails["p_low"],
    )


def _logit(score: float, about: dict, n_items: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Corrected logit (higher is better) of a printed score, and the number of questions behind it."""
    items = np.array([n_items or about["n_items"] or about["end_items"]], dtype=float)
    return judge.corrected_logit(judge.turned(np.array([score]), about["is_lower_better"]), items), items
