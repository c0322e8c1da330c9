"""What near-copies and the most similar models say about a score that the factor model could not explain.

Question  Models that agree on all other tests mostly agree on this one too; how far is this score from its neighbours'?
Input     `Models`: arrays over the models of one series.
Output    Predicted residual and its variance (n,), the row's own sampling noise included, both without the row itself.
Method    Kriging in a local neighbourhood (Vecchia 1988; Gramacy and Apley 2015): covariance = a part shared by a
          cluster + parts that fade with the distance between positions, over all, within a cluster and within a
          developer + a slope, so that the neighbourhood may lean, as in local linear regression. Variances by
          leave-one-out likelihood (Sundararajan and Keerthi 2001) under Student's t, so that odd rows do not set them;
          odd neighbours weigh less, and the spread follows the neighbours' own misfit. Length scales, numbers of
          neighbours and bounds are our choices.
Silent    Never: without a near neighbour the prediction is 0 with the full variance.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.spatial import cKDTree

NEAREST, AT_HOME = 18, 12  # neighbours over all and in the own cluster; more does not predict better
REACH = 3.0  # distance (robust spreads of the other scores) over which likeness fades; half of it at home
SAMPLE = 150  # rows that choose the variances
ODD = 3.0  # neighbours further out than this (standard deviations) weigh less
LOCAL_WORTH = 4.0  # neighbours that the overall spread is worth beside the local one
STUDENT = 4.0  # degrees of freedom of the likelihood
LEANING = 1e-3  # pull of log variances towards their start; keeps a part that the data cannot tell where it was
UNUSED = 1e6  # noise variance (logits squared) of an entry that must not count
CHUNK = 400  # rows at once, so that the matrices stay within a few megabytes


# Where the search for the variances starts, as shares of the robust variance of all residuals.
START = {"cluster": 0.2, "near": 0.2, "near_in_cluster": 0.3, "near_by_developer": 0.1, "slope": 0.05, "own": 0.2}
MAX_STEPS = 12  # of that search; a variance is not known to a tenth


@dataclass(frozen=True, kw_only=True)
class Models:
    """The models of one series; arrays of one length.

    residual   What the factor model leaves, logits; noise: sampling variance of the score, logits squared.
    position   (n, d) the other scores, size and date in robust spreads.
    cluster, developer   Codes; developer -1 is unknown.
    reupload   Codes: rows that share one are the same weights uploaded again, so they say nothing about each other.
    """

    residual: np.ndarray
    noise: np.ndarray
    position: np.ndarray
    cluster: np.ndarray
    developer: np.ndarray
    reupload: np.ndarray

    @property
    def has_developer(self) -> np.ndarray:
        """1.0 where the developer is known, else 0.0."""
        return (self.developer >= 0).astype(float)


@dataclass(frozen=True, kw_only=True)
class Around:
    """index: neighbours (n, k) of every row; counts: where such an entry counts (a row itself and doubles do not)."""

    index: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Variances:
    """What a residual is made of, logits squared: parts shared with neighbours in the order of START, and its own."""

    shared: np.ndarray
    own: float

    def of_row(self, has_developer: np.ndarray) -> np.ndarray:
        """The part of a row's own variance that neighbours may know about; a slope says nothing about the row."""
        in_cluster_and_near, by_developer = self.shared[:3].sum(), self.shared[3]
        return in_cluster_and_near + by_developer * has_developer


def predict(models: Models) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of every residual from those of its neighbours, the row itself left out."""
    around = _neighbours(models.position, models.cluster)
    is_same = models.reupload[around.index] == models.reupload[:, None]
    around = Around(index=around.index, counts=around.counts & ~is_same)
    variances = _choose_variances(models, around)
    n = len(models.residual)
    chunks = [np.arange(first, min(first + CHUNK, n)) for first in range(0, n, CHUNK)]
    mixed = [_mixed(_likeness(mine, around, models), variances.shared) for mine in chunks]
    mean, left, misfit = _krige(models, around, variances, chunks, mixed)
    return mean, _follow_misfit(left, around, variances, np.concatenate([cross for _, cross in mixed]), misfit)


def _solve(
    models: Models,
    around: Around,
    rows: np.ndarray,
    gram: np.ndarray,
    cross: np.ndarray,
    variances: Variances,
    extra: np.ndarray | float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Kriging of `rows` from their neighbours.

    gram (n, k, k), cross (n, k)   Covariance among the neighbours, and of the row with them.
    extra                          Variance added to every model's own, which holds odd ones back.

    Returns mean (n,), variance (n,), the solved systems (n, k, 2: cross, residuals) and where the neighbours leave
    something open.
    """
    near = around.index[rows]
    gram, k = gram.astype(float), gram.shape[1]
    blocked = np.where(around.counts[rows], 0.0, UNUSED)
    gram[:, np.arange(k), np.arange(k)] += variances.own + (models.noise + extra)[near] + blocked
    solved = np.linalg.solve(gram, np.stack([cross, models.residual[near]], axis=2))
    known = variances.of_row(models.has_developer[rows])
    saved = np.maximum(known - np.sum(cross * solved[:, :, 0], axis=1), 0.0)
    mean = np.sum(cross * solved[:, :, 1], axis=1)
    return mean, saved + variances.own + models.noise[rows], solved, saved > 0


def _choose_variances(models: Models, around: Around) -> Variances:
    """Variances by leave-one-out likelihood over a sample of rows, pulled lightly towards START."""
    residual = models.residual
    rows = _sampled(residual)
    grams, crosses = (_summands(part) for part in _likeness(rows, around, models))
    total = (np.median(np.abs(residual - np.median(residual))) / 0.6745) ** 2 + 1e-6
    start = np.log(total * np.array(list(START.values())))
    # What each shared variance adds to that of the row itself, as in Variances.of_row.
    tops = np.stack([np.ones(len(rows))] * 3 + [models.has_developer[rows], np.zeros(len(rows))])

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        every = np.exp(theta)
        variances = Variances(shared=every[:5], own=every[5])
        cross, gram = np.tensordot(every[:5], crosses, 1), np.tensordot(every[:5], grams, 1)
        mean, left, solved, is_open = _solve(models, around, rows, gram, cross, variances, 0.0)
        misfit = residual[rows] - mean
        ratio = misfit**2 / (STUDENT * left)
        value = np.mean(0.5 * np.log(left) + 0.5 * (STUDENT + 1) * np.log1p(ratio))
        by_left = 0.5 / left * (1.0 - (STUDENT + 1) * ratio / (1.0 + ratio))
        by_mean = -(STUDENT + 1) * misfit / (STUDENT * left * (1.0 + ratio))
        means, lefts = _derivatives(grams, crosses, tops, solved, is_open)
        slope = every * np.mean(by_mean * means + by_left * lefts, axis=1)
        away = theta - start
        return float(value + LEANING * np.sum(away**2)), slope + 2.0 * LEANING * away

    bounds = [(a - 4, a + 3) for a in start]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": MAX_STEPS})
    every = np.exp(found.x)
    return Variances(shared=every[:5], own=every[5])


def _derivatives(
    grams: np.ndarray, crosses: np.ndarray, tops: np.ndarray, solved: np.ndarray, is_open: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How mean and variance follow each variance (6, n): derivatives of c'K^-1 r and c'K^-1 c, the own one last."""
    onto_self, onto_residual = solved[:, :, 0], solved[:, :, 1]
    turned = grams @ solved
    means = np.sum(crosses * onto_residual, axis=2) - np.sum(onto_self * turned[..., 1], axis=2)
    lefts = tops - 2.0 * np.sum(crosses * onto_self, axis=2) + np.sum(onto_self * turned[..., 0], axis=2)
    means = np.vstack([means, -np.sum(onto_self * onto_residual, axis=1)])
    lefts = np.vstack([lefts * is_open, 1.0 + np.sum(onto_self**2, axis=1) * is_open])
    return means, lefts


def _krige(
    models: Models, around: Around, variances: Variances, chunks: list[np.ndarray], mixed: list[list[np.ndarray]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, variance and squared misfit (in variances) of every row, chunk by chunk.

    Twice, the second time with odd neighbours held back: one three times as far out as ODD counts a ninth.
    """
    n = len(models.residual)
    mean, left, extra, wanted = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, dtype=bool)
    for _ in range(2):
        for mine, (gram, cross) in zip(chunks, mixed, strict=True):
            there = wanted[mine]
            if there.any():
                rows = mine[there]
                mean[rows], left[rows], _, _ = _solve(models, around, rows, gram[there], cross[there], variances, extra)
        misfit = (models.residual - mean) ** 2 / left
        extra = np.maximum(misfit / ODD**2 - 1.0, 0.0) * left
        wanted = ((extra[around.index] > 0) & around.counts).any(axis=1)  # without an odd neighbour nothing changes
    return mean, left, misfit


def _follow_misfit(
    left: np.ndarray, around: Around, variances: Variances, cross: np.ndarray, misfit: np.ndarray
) -> np.ndarray:
    """The variances `left`, following the misfit of the neighbours, which count by their likeness."""
    like = cross / variances.shared[:4].sum() * around.counts
    local = LOCAL_WORTH + np.sum(like * np.minimum(misfit, ODD**2)[around.index], axis=1)
    return left * local / (LOCAL_WORTH + like.sum(axis=1))


def _sampled(residual: np.ndarray) -> np.ndarray:
    """Rows that choose the variances: evenly over the order of the residuals, so that labels play no part."""
    order = np.argsort(residual, kind="stable")
    return order[np.unique(np.linspace(0, len(order) - 1, min(SAMPLE, len(order))).astype(int))]


def _neighbours(position: np.ndarray, cluster: np.ndarray) -> Around:
    """The nearest models over all and at home."""
    n = len(position)
    near = cKDTree(position).query(position, k=min(NEAREST + 1, n))[1]
    home = np.full((n, AT_HOME + 1), -1)
    order = np.argsort(cluster, kind="stable")
    for mine in np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1):
        if len(mine) > 1:
            k = min(AT_HOME + 1, len(mine))
            home[mine, :k] = mine[cKDTree(position[mine]).query(position[mine], k=k)[1]]
    both = np.hstack([near, home])
    order = np.argsort(both, axis=1, kind="stable")
    ranked = np.take_along_axis(both, order, 1)
    doubled = np.zeros(both.shape, dtype=bool)
    np.put_along_axis(doubled, order[:, 1:], ranked[:, 1:] == ranked[:, :-1], 1)
    return Around(index=np.maximum(both, 0), counts=(both >= 0) & (both != np.arange(n)[:, None]) & ~doubled)


def _likeness(rows: np.ndarray, around: Around, models: Models) -> tuple[tuple, tuple]:
    """What likeness is made of, among the neighbours of `rows` (n, k, k), and of the rows to them (n, k).

    Each: same cluster (0 or 1), same known developer (0 or 1), exp(-distance / REACH), product of the offsets from the
    row (a slope through the row itself says nothing about it, hence 0 there).
    """
    near, position = around.index[rows], models.position
    # Measured from the row itself, so that single precision loses nothing that matters.
    offset = (position[near] - position[rows][:, None, :]).astype(np.float32)
    square = np.sum(offset**2, axis=2)
    product = offset @ offset.transpose(0, 2, 1)
    inner = np.maximum(square[:, :, None] + square[:, None, :] - 2.0 * product, 0.0)
    homes, makers = models.cluster[near], models.developer[near]
    known = makers >= 0
    return (
        (
            (homes[:, :, None] == homes[:, None, :]),
            (makers[:, :, None] == makers[:, None, :]) & known[:, :, None],
            np.exp(np.sqrt(inner) / np.float32(-REACH)),
            product,
        ),
        (
            homes == models.cluster[rows][:, None],
            (makers == models.developer[rows][:, None]) & known,
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
