"""One p-value from several opinions about the same score.

Question  Size and date, the model's other scores and its near-copies each give a p-value: how rare are they together?
Input     p-values (n, k), one column per opinion, NaN where an opinion is missing; weights in the same order.
Output    One p-value per row, NaN where no opinion spoke.
Method    Cauchy combination (Liu and Xie 2020, JASA 115:393): valid in the tail whatever the dependence between the
          opinions, and close to the clearest of them divided by its weight, so that none vetoes another. p-values above
          HIGHEST are brought down to it, as in Fang, Chang, Park and Tseng 2023 (Statistica Sinica 33:907), because one
          strong contrary opinion would otherwise outweigh any number of others. The weights are our choice, made on
          planted points: near-copies see single odd scores best; size and date need a p-value twenty times smaller to
          speak alone, and they are what remains where a whole group of near-copies is odd. Without near-copies the
          other scores see more than size and date: NO_COPIES was chosen on one half of the families (by a hash of
          their name) of six tables with 5 or 10 points planted, and holds on the other half. Weights that lean to size
          there, as WEIGHTS does without its last, lost to the other scores alone (bench/hit_rate.py, HALVES).
Silent    Never; a row with a single opinion keeps that opinion's p-value.
"""

from collections.abc import Mapping

import numpy as np

OPINIONS = ("size_and_date", "other_scores", "near_copies")
WEIGHTS = (0.05, 0.03, 0.92)
NO_COPIES = (0.2, 0.8, 0.0)  # where near-copies were not asked
HIGHEST = 0.99


def combine(p: np.ndarray) -> np.ndarray:
    """Combined p-value of every row of p (n, k); missing opinions give their weight to the others."""
    known = ~np.isnan(p)
    weight = np.where(known, np.where(known[:, 2:], np.array(WEIGHTS), np.array(NO_COPIES)), 0.0)
    total = weight.sum(axis=1)
    share = weight / np.where(total > 0, total, np.nan)[:, None]
    bounded = np.clip(np.where(known, p, 0.5), 1e-300, HIGHEST)
    # tan((0.5 - p) pi) as 1 / tan(p pi): the former loses every digit for small p.
    together = np.sum(np.where(known, share / np.tan(bounded * np.pi), 0.0), axis=1)
    result = np.where(
        together > 0, np.arctan(1.0 / np.where(together > 0, together, 1.0)) / np.pi, 0.5 - np.arctan(together) / np.pi
    )
    single = known.sum(axis=1) == 1
    result = np.where(single, np.nansum(np.where(known, p, 0.0), axis=1), result)
    return np.where(total > 0, result, np.nan)


def both_sides(by_size: Mapping[str, np.ndarray], second: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Combined p_high and p_low from lines by size and date and from second opinions (columns as of expected/factors.py)."""
    high, low = (
        combine(np.column_stack([by_size[side], second[side], second[f"near_{side}"]]).astype(float))
        for side in ("p_high", "p_low")
    )
    return high, low
