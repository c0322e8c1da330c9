"""What near-copies and the most similar models say about a score that the factor model could not explain.

Question  Models that agree on all other tests mostly agree on this one too; how far is this score from its neighbours'?
Input     Arrays over the models of one series: residual of the factor model (logits), sampling variance of each score
          (logits squared), place (n, d: the other scores, size and date in robust spreads), codes of cluster and
          developer (developer -1: unknown).
Output    Predicted residual and its variance (n,), the row's own sampling noise included, both without the row itself.
Method    Kriging in a local neighbourhood (Vecchia 1988; Gramacy and Apley 2015): covariance = a part shared by a
          cluster + parts that fade with the distance between places, over all, within a cluster and within a
          developer + a slope, so that the neighbourhood may lean, as in local linear regression. Variances by
          leave-one-out likelihood (Sundararajan and Keerthi 2001) under Student's t, so that odd rows do not set them;
          odd neighbours weigh less, and the spread follows the neighbours' own misfit. Length scales, numbers of
          neighbours and bounds are our choices.
Silent    Never: without a near neighbour the prediction is 0 with the full variance.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.spatial import cKDTree

NEAREST, AT_HOME = 18, 12  # neighbours over all and in the own cluster; more does not predict better
REACH = 3.0  # distance (robust spreads of the other scores) over which likeness fades; half of it at home
SAMPLE = 150  # rows that choose the six variances
ODD = 3.0  # neighbours further out than this (standard deviations) weigh less
LOCAL_WORTH = 4.0  # neighbours that the overall spread is worth beside the local one
STUDENT = 4.0  # degrees of freedom of the likelihood
LEANING = 1e-3  # pull of log variances towards their start; keeps a part that the data cannot tell where it was
UNUSED = 1e6  # noise variance (logits squared) of an entry that must not count
CHUNK = 400  # rows at once, so that the matrices stay within a few megabytes


def predict(
    residual: np.ndarray,
    noise: np.ndarray,
    place: np.ndarray,
    cluster: np.ndarray,
    developer: np.ndarray,
    twin: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of every residual from those of its neighbours, the row itself left out.

    twin   Codes: rows that share one are the same weights uploaded again, so they say nothing about each other.
    """
    n = len(residual)
    around, used = _neighbours(place, cluster)
    used &= twin[around] != twin[:, None]
    rows = _sampled(residual)
    parts = _likeness(rows, around, place, cluster, developer)
    grams, crosses = (_summands(part) for part in parts)
    total = (np.median(np.abs(residual - np.median(residual))) / 0.6745) ** 2 + 1e-6
    start = np.log(total * np.array([0.2, 0.2, 0.3, 0.1, 0.05, 0.2]))
    blocked = np.where(used, 0.0, UNUSED)
    kin = (developer >= 0).astype(float)
    nothing = np.zeros(n)
    # The part of a row's own variance that each of the first five stands for; a slope says nothing about the row.
    tops = np.stack([np.ones(len(rows))] * 3 + [kin[rows], np.zeros(len(rows))])

    def solve(rows, gram, cross, variance, extra):
        near = around[rows]
        gram, k = gram.astype(float), gram.shape[1]
        gram[:, np.arange(k), np.arange(k)] += variance[5] + (noise + extra)[near] + blocked[rows]
        solved = np.linalg.solve(gram, np.stack([cross, residual[near]], axis=2))
        top = variance[:3].sum() + variance[3] * kin[rows]
        saved = np.maximum(top - np.sum(cross * solved[:, :, 0], axis=1), 0.0)
        return np.sum(cross * solved[:, :, 1], axis=1), saved + variance[5] + noise[rows], solved, saved > 0

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        variance = np.exp(theta)
        cross = np.tensordot(variance[:5], crosses, 1)
        mean, left, solved, is_open = solve(rows, np.tensordot(variance[:5], grams, 1), cross, variance, nothing)
        misfit = residual[rows] - mean
        ratio = misfit**2 / (STUDENT * left)
        value = np.mean(0.5 * np.log(left) + 0.5 * (STUDENT + 1) * np.log1p(ratio))
        by_left = 0.5 / left * (1.0 - (STUDENT + 1) * ratio / (1.0 + ratio))
        by_mean = -(STUDENT + 1) * misfit / (STUDENT * left * (1.0 + ratio))
        # How mean and left follow each variance: derivatives of c'K^-1 r and c'K^-1 c, the noise last.
        onto_self, onto_residual = solved[:, :, 0], solved[:, :, 1]
        turned = grams @ solved
        means = np.sum(crosses * onto_residual, axis=2) - np.sum(onto_self * turned[..., 1], axis=2)
        lefts = tops - 2.0 * np.sum(crosses * onto_self, axis=2) + np.sum(onto_self * turned[..., 0], axis=2)
        means = np.vstack([means, -np.sum(onto_self * onto_residual, axis=1)])
        lefts = np.vstack([lefts * is_open, 1.0 + np.sum(onto_self**2, axis=1) * is_open])
        slope = variance * np.mean(by_mean * means + by_left * lefts, axis=1)
        away = theta - start
        return float(value + LEANING * np.sum(away**2)), slope + 2.0 * LEANING * away

    bounds = [(a - 4, a + 3) for a in start]
    options = {"maxiter": 12}  # a variance is not known to a tenth
    variance = np.exp(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x)
    chunks = [np.arange(first, min(first + CHUNK, n)) for first in range(0, n, CHUNK)]
    mixed = [_mixed(_likeness(mine, around, place, cluster, developer), variance[:5]) for mine in chunks]
    mean, left, extra, wanted = np.zeros(n), np.zeros(n), nothing, np.ones(n, dtype=bool)
    # Twice, the second time with odd neighbours held back: one three times as far out as ODD counts a ninth.
    for _ in range(2):
        for mine, (gram, cross) in zip(chunks, mixed, strict=True):
            there = wanted[mine]
            if there.any():
                told = solve(mine[there], gram[there], cross[there], variance, extra)
                mean[mine[there]], left[mine[there]] = told[:2]
        misfit = (residual - mean) ** 2 / left
        extra = np.maximum(misfit / ODD**2 - 1.0, 0.0) * left
        wanted = ((extra[around] > 0) & used).any(axis=1)  # without an odd neighbour nothing changes
    like = np.concatenate([cross for _, cross in mixed]) / variance[:4].sum() * used
    local = LOCAL_WORTH + np.sum(like * np.minimum(misfit, ODD**2)[around], axis=1)
    return mean, left * local / (LOCAL_WORTH + like.sum(axis=1))


def _sampled(residual: np.ndarray) -> np.ndarray:
    """Rows that choose the variances: evenly over the order of the residuals, so that labels play no part."""
    order = np.argsort(residual, kind="stable")
    return order[np.unique(np.linspace(0, len(order) - 1, min(SAMPLE, len(order))).astype(int))]


def _neighbours(place: np.ndarray, cluster: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows (n, k) of the nearest models over all and at home, and where an entry counts (itself and doubles do not)."""
    n = len(place)
    near = cKDTree(place).query(place, k=min(NEAREST + 1, n))[1]
    home = np.full((n, AT_HOME + 1), -1)
    order = np.argsort(cluster, kind="stable")
    for mine in np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1):
        if len(mine) > 1:
            k = min(AT_HOME + 1, len(mine))
            home[mine, :k] = mine[cKDTree(place[mine]).query(place[mine], k=k)[1]]
    both = np.hstack([near, home])
    order = np.argsort(both, axis=1, kind="stable")
    ranked = np.take_along_axis(both, order, 1)
    doubled = np.zeros(both.shape, dtype=bool)
    np.put_along_axis(doubled, order[:, 1:], ranked[:, 1:] == ranked[:, :-1], 1)
    return np.maximum(both, 0), (both >= 0) & (both != np.arange(n)[:, None]) & ~doubled


def _likeness(rows, around, place, cluster, developer) -> tuple[tuple, tuple]:
    """What likeness is made of, among the neighbours of `rows` (n, k, k), and of the rows to them (n, k).

    Each: same cluster (0 or 1), same known developer (0 or 1), exp(-distance / REACH), product of the offsets from the
    row (a slope through the row itself says nothing about it, hence 0 there).
    """
    near = around[rows]
    # Measured from the row itself, so that single precision loses nothing that matters.
    offset = (place[near] - place[rows][:, None, :]).astype(np.float32)
    square = np.sum(offset**2, axis=2)
    product = offset @ offset.transpose(0, 2, 1)
    inner = np.maximum(square[:, :, None] + square[:, None, :] - 2.0 * product, 0.0)
    homes, makers = cluster[near], developer[near]
    known = makers >= 0
    return (
        (
            (homes[:, :, None] == homes[:, None, :]),
            (makers[:, :, None] == makers[:, None, :]) & known[:, :, None],
            np.exp(np.sqrt(inner) / np.float32(-REACH)),
            product,
        ),
        (
            homes == cluster[rows][:, None],
            (makers == developer[rows][:, None]) & known,
            np.exp(np.sqrt(square) / np.float32(-REACH)),
            np.float32(0.0),
        ),
    )


def _summands(part: tuple) -> np.ndarray:
    """What each of the first five variances multiplies, stacked along the first axis."""
    same, kin, near, slope = part
    return np.stack([same, near, same * near**2, kin * near**2, np.broadcast_to(slope, near.shape)]).astype(float)


def _mixed(parts: tuple[tuple, tuple], share: np.ndarray) -> list[np.ndarray]:
    """Covariances from likenesses under the five variances `share`, in single precision."""
    share = share.astype(np.float32)
    return [
        share[0] * same + share[1] * near + (share[2] * same + share[3] * kin) * (near * near) + share[4] * slope
        for same, kin, near, slope in parts
    ]
