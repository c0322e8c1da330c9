"""Expected score and its spread, from size and date, for one group of comparable scores.

Question  What do models of this size and date get on this test, and how far do such models scatter?
Input     `Rows`: arrays of one length, one entry per evaluation (scores are fractions, higher is better).
Output    `Fitted`: parameters (a dict that survives JSON and that scoring/expected/judge.py reads) and one line per input row
          with expected, expected_lower, expected_upper (fractions), z, p_high, p_low and the counts of comparable
          models.
Method    mu = floor + (1 - floor) * sigmoid(eta); eta = non-decreasing piecewise-linear function of log10 parameters
          + piecewise-linear function of date + an offset per date basis. Residuals live on the count-corrected logit
          scale (Anscombe 1956; Cox and Snell 1989), so scores below chance stay and intervals stay inside 0..1.
          Estimation: iteratively reweighted least squares with Huber, then Tukey weights (Huber 1964; Beaton and
          Tukey 1974), Gauss-Newton steps under slope >= 0 (Lawson and Hanson's NNLS), each row weighing 1 / size of
          its cluster. Spread: known sampling noise plus a between-model variance that varies with eta (t4 working
          likelihood). Cross-fitting: the expected value of a row comes from a fit without the row's whole cluster (up
          to FOLDS folds dealt over clusters in order of size, so that every fold spans all sizes). Null: Student's t
          per side from the residuals themselves, cluster-weighted, the outer part of each side censored, in the
          spirit of Efron's empirical null (Efron 2004, JASA 99:96); its tail allows for the few clusters behind it.
          Knots, penalties and thresholds are our choices.
Silent    Fewer than MIN_MODELS models or MIN_CLUSTERS clusters, or one score for MAX_TIED of the clusters: `fit` returns
          None, and single rows with fewer
          comparable models outside their own cluster get NaN.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, nnls
from scipy.special import digamma, gammaln, ndtr, stdtr, stdtrit

from scoring.expected import judge

MIN_MODELS = 20  # fewer comparable models and the interval covers most of floor..1
MIN_CLUSTERS = 10  # near-copies are not evidence: 20 models of three clusters say little
FOLDS = 10  # a fold without a tenth of the clusters; below twice that number every cluster is its own fold
CLUSTERS_PER_SIZE_SEGMENT, MAX_SIZE_SEGMENTS = 12, 6
CLUSTERS_PER_DATE_SEGMENT, MAX_DATE_SEGMENTS = 40, 3
CLUSTERS_PER_SPREAD_KNOT, MAX_SPREAD_KNOTS = 20, 5
MIN_DATED_CLUSTERS, MIN_DATE_SPAN = 10, 0.5  # years; less tells nothing about the effect of age
HUBER, TUKEY = 1.345, 4.685  # 95% efficiency at the normal law
CENSORED = 0.10  # outer share of each side that the null only counts: up to that much may be odd without moving it
# Prior of 1/df: close to normal, as the high side of twelve real boards shows; few clusters lean on it.
TAIL_MEAN, TAIL_SD = 0.05, 0.05
TRUST = 100  # clusters at which the empirical 5% mark of a side counts as much as the fitted one
MIN_TAIL, MAX_TAIL = 0.01, 0.5  # 1/df: 100 degrees of freedom (normal) to 2 (hardly a scale left)
SMOOTHING = 2.0  # pull of neighbouring slopes towards each other, in clusters' worth of evidence
SHRINKAGE = 0.5  # pull of date slopes and basis offsets towards nothing, in clusters' worth per logit unit
ITERATIONS, TOLERANCE = 40, 1e-5  # logits; a curve is not known to a hundredth
NEAR_ROUND = 10  # round at which a fit joins that starts close to its solution
STEP_DECIMALS = 5  # scores are told apart down to a thousandth of a point
MAX_TIED = 0.5  # where half of the models have one and the same score, the spread of the others cannot be told
MIN_SCALE = 0.5  # of a side of the null, in fitted spreads; below that the middle is a heap of equal scores
MANY = 500  # values; fewer are sorted sooner than two sorts are called
BINS = 400  # of residuals, for the likelihood of a tail
STEP = 1e-5  # relative, of the one derivative that is taken by differences
MIN_LOG = math.log(1e-299)  # a tail beyond that is held at 1e-300 and no longer moves


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Evaluations of one group; arrays of one length.

    score           Fractions, higher is better.
    n_items         Questions behind each score (NaN unknown); counted: the same for shares of whole items.
    standard_error  As printed, fraction (NaN unknown).
    size            log10 of total parameters.
    when            Years since judge.EPOCH (NaN unknown); basis: what that date is (text).
    cluster, model, setting   Integer codes.
    enters          True for rows that the fit may use.
    """

    score: np.ndarray
    n_items: np.ndarray
    counted: np.ndarray
    standard_error: np.ndarray
    size: np.ndarray
    when: np.ndarray
    basis: np.ndarray
    cluster: np.ndarray
    model: np.ndarray
    setting: np.ndarray
    enters: np.ndarray

    def take(self, index: np.ndarray) -> "Rows":
        """The rows at `index` (integer or boolean)."""
        return Rows(**{name: getattr(self, name)[index] for name in self.__dataclass_fields__})


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """parameters for the table fit; lines: one array per output column, one entry per input row; counts of the fit."""

    parameters: dict
    lines: dict[str, np.ndarray]
    n_rows: int
    n_clusters: int


def in_order(x: np.ndarray) -> np.ndarray:
    """np.argsort(x, kind="stable"), the same to the last place, at a third of the time: numpy's fastest sort first, then
    the few equal values among each other.
    """
    if len(x) < MANY:
        return np.argsort(x, kind="stable")
    order = np.argsort(x)
    ranked = x[order]
    follows = np.zeros(len(x) + 1, dtype=bool)  # equal to the one before
    np.equal(ranked[1:], ranked[:-1], out=follows[1:-1])
    tied = np.flatnonzero(follows[1:] | follows[:-1])
    if len(tied):
        places = order[tied]
        order[tied] = places[np.lexsort((places, np.cumsum(~follows[tied])))]
    return order


def weighted_quantile(x: np.ndarray, w: np.ndarray, q: float) -> float:
    """Quantile of x under weights w: where the mid-rank cumulated weight crosses q."""
    order = in_order(x)
    share = w[order]
    cumulated = np.cumsum(share)
    wanted = q * cumulated[-1]
    cumulated -= 0.5 * share
    # The two values around the mark; np.interp would look at all of them.
    right = int(np.searchsorted(cumulated, wanted, side="right"))
    if right in (0, len(x)):
        return float(x[order[min(right, len(x) - 1)]])
    low, high = x[order[right - 1]], x[order[right]]
    below, above = cumulated[right - 1], cumulated[right]
    return float(low + (high - low) * (wanted - below) / (above - below))


def _medians(x: np.ndarray, w: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """weighted_quantile(x[inside], w[inside], 0.5) of every row (k, n), the same to the last place; w is 0 outside.

    Short rows are done all at once, because one after the other costs mostly calls.
    """
    if x.shape[1] >= MANY:
        return np.array([weighted_quantile(a[i], b[i], 0.5) for a, b, i in zip(x, w, inside, strict=True)])
    x = np.where(inside, x, np.inf)  # last in order, and without weight
    order, rows = np.argsort(x, axis=1, kind="stable"), np.arange(len(x))
    share = np.take_along_axis(w, order, 1)
    cumulated = np.cumsum(share, axis=1)
    wanted = 0.5 * cumulated[:, -1]
    cumulated -= 0.5 * share
    last = inside.sum(axis=1) - 1
    right = np.count_nonzero(cumulated <= wanted[:, None], axis=1)
    left, right, is_end = np.maximum(right - 1, 0), np.minimum(right, last), (right == 0) | (right > last)
    low, high = x[rows, order[rows, left]], x[rows, order[rows, right]]
    below, above = cumulated[rows, left], cumulated[rows, right]
    step = np.where(is_end, 1.0, above - below)
    return np.where(is_end, high, low + (high - low) * (wanted - below) / step)


def tails(standardised: np.ndarray, null: dict) -> dict[str, np.ndarray]:
    """judge.tails with the tails of scipy: the same values at a tenth of the time."""
    return judge.tails(standardised, null, lambda z, df: stdtr(df, -z), lambda z: ndtr(-z))


# p-values at which a score would be marked: about what the correction of a list of 150,000 scores asks for, over the weight
# of an opinion that stands beside one other, and beside near-copies too (scoring/verdict/combined.py).
MARK_P = {"mark": 1e-5, "mark_near": 1e-6}


def marks(middle: np.ndarray, spread: np.ndarray, n_items: np.ndarray, null: dict) -> dict[str, np.ndarray]:
    """Scores (fractions) from which on this opinion alone would mark, by the names of MARK_P; 1 where none would."""
    far = {k: null["location"] + null["scale_high"] * stdtrit(null["df_high"], 1.0 - p) for k, p in MARK_P.items()}
    return {name: judge.uncorrected_score(middle + spread * z, n_items) for name, z in far.items()}


def end_items(score: np.ndarray) -> float:
    """Questions that the correction at 0 and 1 assumes where their number is not known: one per smallest step between
    scores (fractions), since scores of 30 questions lie a thirtieth apart; at most judge.CORRECTION_ITEMS.
    """
    steps = np.diff(np.unique(np.round(score, STEP_DECIMALS)))
    return min(1.0 / float(steps.min()), float(judge.CORRECTION_ITEMS)) if len(steps) else float(judge.CORRECTION_ITEMS)


def filled(n_items: np.ndarray, ends: float) -> np.ndarray:
    """Numbers of questions for the correction at both ends, `ends` where unknown."""
    return np.where(np.isnan(n_items), ends, n_items)


def largest_tie(score: np.ndarray, w: np.ndarray) -> float:
    """Largest share of the weight that one and the same score holds."""
    _, inverse = np.unique(np.round(score, STEP_DECIMALS), return_inverse=True)
    return float(np.bincount(inverse, w).max() / w.sum())


def is_tied(rows: Rows) -> bool:
    """Whether half of the clusters that may enter have one and the same score, which leaves no spread to measure."""
    inside = rows.take(np.flatnonzero(rows.enters))
    return largest_tie(inside.score, cluster_weights(inside.cluster)) >= MAX_TIED


def cluster_weights(cluster: np.ndarray) -> np.ndarray:
    """1 / size of the row's cluster: every cluster weighs 1."""
    _, inverse, counts = np.unique(cluster, return_inverse=True, return_counts=True)
    return 1.0 / counts[inverse]


def deal_folds(cluster: np.ndarray, w: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    """Fold of each row. Clusters are dealt in order of their mean keys, first key first.

    Labels and row order play no part. w holds 1 / size of the row's cluster; NaN keys count as 0.
    """
    _, inverse = np.unique(cluster, return_inverse=True)
    means = [np.round(np.bincount(inverse, w * np.nan_to_num(key)), 9) for key in keys]
    order = np.lexsort(means[::-1])
    n = len(order)
    fold = np.empty(n, dtype=int)
    fold[order] = np.arange(n) % (n if n < 2 * FOLDS else FOLDS)
    return fold[inverse]


def _inner_knots(x: np.ndarray, w: np.ndarray, n_segments: int) -> np.ndarray:
    """Quantile knots, at least a tenth of the range apart from each other and from the ends."""
    if n_segments < 2:
        return np.array([])
    low, high = float(x.min()), float(x.max())
    apart, kept = 0.1 * (high - low), [low]
    for share in np.arange(1, n_segments) / n_segments:
        knot = round(weighted_quantile(x, w, float(share)), 6)
        if knot - kept[-1] >= apart and high - knot >= apart:
            kept.append(knot)
    return np.array(kept[1:])


def _frame_of(rows: Rows, w: np.ndarray, floor: float) -> dict:
    """What the curve is made of: knots, ranges and centres, from sizes and dates alone (no score is looked at)."""
    n_clusters = len(np.unique(rows.cluster))
    dated = ~np.isnan(rows.when)
    n_dated = len(np.unique(rows.cluster[dated]))
    frame = {
        "floor": floor,
        "size_knots": _inner_knots(
            rows.size, w, min(MAX_SIZE_SEGMENTS, max(1, n_clusters // CLUSTERS_PER_SIZE_SEGMENT))
        ).tolist(),
        "size_range": [float(rows.size.min()), float(rows.size.max())],
        "date_range": None,
        "date_knots": [],
        "date_centre": [],
        "basis_order": [],
    }
    if n_dated >= MIN_DATED_CLUSTERS and np.ptp(rows.when[dated]) >= MIN_DATE_SPAN:
        wd = w[dated]
        n_segments = min(MAX_DATE_SEGMENTS, max(1, n_dated // CLUSTERS_PER_DATE_SEGMENT))
        knots = _inner_knots(rows.when[dated], wd, n_segments)
        bases, inverse = np.unique(rows.basis[dated].astype(str), return_inverse=True)
        common = np.argsort(-np.bincount(inverse, wd), kind="stable")
        frame |= {
            "date_range": [float(rows.when[dated].min()), float(rows.when[dated].max())],
            "date_knots": knots.tolist(),
            "date_centre": (wd @ judge.segments(rows.when[dated], knots) / wd.sum()).tolist(),
            "basis_order": [str(b) for b in bases[common]],
        }
    return frame


def _design(rows: Rows, frame: dict) -> np.ndarray:
    """Columns: intercept, date segments, basis offsets (all but the commonest), size segments (last: slopes >= 0)."""
    columns = [np.ones((len(rows.score), 1))]
    if frame["date_range"] is not None:
        dated = ~np.isnan(rows.when)
        steps = judge.segments(np.nan_to_num(rows.when), np.array(frame["date_knots"])) - np.array(frame["date_centre"])
        columns.append(steps * dated[:, None])
        basis = rows.basis.astype(str)
        columns += [((basis == b) & dated).astype(float)[:, None] for b in frame["basis_order"][1:]]
    columns.append(judge.segments(rows.size, np.array(frame["size_knots"])))
    return np.hstack(columns)


def _penalty(frame: dict) -> np.ndarray:
    """Penalty matrix in clusters' worth: slopes of neighbouring segments agree, date terms lean towards nothing."""
    n_size = len(frame["size_knots"]) + 1
    n_date = len(frame["date_knots"]) + 1 if frame["date_range"] is not None else 0
    n_basis = max(0, len(frame["basis_order"]) - 1)
    p = 1 + n_date + n_basis + n_size
    matrix = np.zeros((p, p))
    for start, n in ((1, n_date), (p - n_size, n_size)):
        for j in range(start, start + n - 1):
            step = np.zeros(p)
            step[j], step[j + 1] = 1.0, -1.0
            matrix += SMOOTHING * np.outer(step, step)
    matrix[range(1, 1 + n_date + n_basis), range(1, 1 + n_date + n_basis)] += SHRINKAGE
    matrix[range(p - n_size, p), range(p - n_size, p)] += 0.02  # keeps flat segments determined
    matrix[0, 0] += 1e-6
    return matrix


def _constrained(a: np.ndarray, b: np.ndarray, n_free: int) -> np.ndarray:
    """Minimise x'Ax/2 - b'x with x[n_free:] >= 0 for every A (k, p, p) and b (k, p); result (k, p)."""
    found = np.linalg.solve(a, b[:, :, None])[:, :, 0]
    for k in np.flatnonzero((found[:, n_free:] < 0).any(axis=1)):
        found[k] = _bounded(a[k], b[k], n_free)
    return found


def _bounded(a: np.ndarray, b: np.ndarray, n_free: int) -> np.ndarray:
    """One problem of _constrained whose bounds hold something back: free part eliminated, the rest by NNLS."""
    aff, afc = a[:n_free, :n_free], a[:n_free, n_free:]
    solved = np.linalg.solve(aff, np.column_stack([afc, b[:n_free]]))
    schur = a[n_free:, n_free:] - afc.T @ solved[:, :-1]
    rest = b[n_free:] - afc.T @ solved[:, -1]
    lower = np.linalg.cholesky(schur + 1e-12 * np.trace(schur) * np.eye(len(schur)))
    bounded, _ = nnls(lower.T, np.linalg.solve(lower, rest))
    return np.concatenate([solved[:, -1] - solved[:, :-1] @ bounded, bounded])


def _products(design: np.ndarray) -> np.ndarray:
    """Products of every two columns of a design (n, p), shape (n, p * p)."""
    return (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)


def _fit_means(
    design: np.ndarray,
    y: np.ndarray,
    w: np.ndarray,
    sd: np.ndarray,
    floor: float,
    start: np.ndarray,
    frame: dict,
    *,
    is_near: bool = False,
    products: np.ndarray | None = None,
) -> np.ndarray:
    """Coefficients (k, p) of k curves by bounded-influence Gauss-Newton; sd is the spread of each row, fixed.

    w         Weights (k, n), one row per curve; 0 leaves a row of the design out. All curves walk at once, because the
              rounds of one fold after the other cost mostly calls.
    is_near   True when `start` solves nearly the same problem: the rounds that look for the right neighbourhood
              (convex loss, moving scale) are then left out.
    products  What _products(design) gives, where the caller has it already: making it costs as much as all rounds.
    """
    n_free = design.shape[1] - len(frame["size_knots"]) - 1
    penalty, beta = _penalty(frame), np.tile(start, (len(w), 1))
    products = _products(design) if products is None else products
    weight_sum, inside, scale = w.sum(axis=1), w > 0, np.ones(len(w))
    first, walking = NEAR_ROUND if is_near else 0, np.arange(len(w))
    mine, weight = inside, w
    for iteration in range(first, ITERATIONS):
        now = beta[walking]
        eta = now @ design.T
        middle, slope = judge.logit_mean_and_slope(eta, floor)
        u = (y - middle) / sd
        far = np.abs(u)
        if iteration in (first, *range(12)):  # then held, so that the iteration settles
            scale[walking] = np.maximum(_medians(far, weight, mine) / 0.6745, 1e-3)
        unit = scale[walking][:, None]
        v = far / unit
        robust = (
            np.minimum(1.0, HUBER / np.maximum(v, 1e-12)) if iteration < 6 else np.maximum(1 - (v / TUKEY) ** 2, 0) ** 2
        )
        precision = weight * robust / (sd * unit) ** 2
        pull = precision * slope
        worth = precision.sum(axis=1) / weight_sum[walking]
        a = ((pull * slope) @ products).reshape(-1, *penalty.shape) + penalty * worth[:, None, None]
        step = _constrained(a, (pull * (u * sd + slope * eta)) @ design, n_free) - now
        move = np.max(np.abs(step @ design.T), axis=1, where=mine, initial=0.0)
        # No leap of more than two logits at once.
        beta[walking] = now + step * np.minimum(1.0, 2.0 / np.maximum(move, 1e-12))[:, None]
        if iteration > 8 and (move < TOLERANCE).any():
            walking = walking[move >= TOLERANCE]
            mine, weight = inside[walking], w[walking]
        if not len(walking):
            break
    return beta


def fit_spread(e: np.ndarray, eta: np.ndarray, known: np.ndarray, w: np.ndarray, n_clusters: int) -> tuple[list, list]:
    """Knots and log variances of the spread between models as a function of eta (t4 working likelihood, smoothed)."""
    n_knots = min(MAX_SPREAD_KNOTS, max(1, n_clusters // CLUSTERS_PER_SPREAD_KNOT))
    shares = (np.arange(n_knots) + 0.5) / n_knots
    knots = np.unique(np.round([weighted_quantile(eta, w, float(s)) for s in shares], 6))
    basis = judge.hats(eta, knots)
    centre = 2 * math.log(max(weighted_quantile(np.abs(e), w, 0.5) / 0.74, 1e-3))
    share, square = w / w.sum(), e * e

    def loss(h: np.ndarray) -> tuple[float, np.ndarray]:
        between = np.exp(np.clip(basis @ h, -16, 8))
        variance = known + between
        pull = 2.5 * square / (4.0 * variance + square)
        value = np.sum(share * (0.5 * np.log(variance) + 2.5 * np.log1p(square / (4.0 * variance))))
        gradient = basis.T @ (share * (0.5 - pull) * between / variance)
        rough = np.diff(h)
        value += (2.0 * np.sum(rough**2) + 0.02 * np.sum((h - centre) ** 2)) / n_clusters
        gradient += 0.04 * (h - centre) / n_clusters
        gradient[:-1] -= 4.0 * rough / n_clusters
        gradient[1:] += 4.0 * rough / n_clusters
        return value, gradient

    found = minimize(
        loss,
        np.full(len(knots), centre),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-14, 6)] * len(knots),
        options={"ftol": 1e-7, "maxiter": 60},
    )
    return knots.tolist(), found.x.tolist()


def _binned(x: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values as at most BINS weighted means of neighbours in order: the likelihood of a smooth law hardly changes."""
    if len(x) <= BINS:
        return x, w
    order = np.argsort(x, kind="stable")
    edges = np.linspace(0, len(x), BINS, endpoint=False).astype(int)
    mass = np.add.reduceat(w[order], edges)
    return np.add.reduceat((x * w)[order], edges) / mass, mass


def half_tail(u: np.ndarray, w: np.ndarray, n_clusters: float) -> tuple[float, float]:
    """Scale and degrees of freedom of one side (u >= 0) by weighted likelihood, the outer CENSORED share only counted.

    Weights are scaled so that a side is worth half the clusters. The returned df allows for the unknown scale as well:
    1/df = 1/df of the shape + 2/clusters, as a normal sample of that size would have.
    """
    if np.sum(u > 0) < 2:
        return 1.0, 2.0
    cut = weighted_quantile(u, w, 1.0 - CENSORED)
    inside = u <= cut * (1 + 1e-9)  # a value that is the mark itself is inside, whatever the last bit says
    weight = w * (0.5 * n_clusters / w.sum())
    near_square, near_weight = _binned(u[inside] ** 2, weight[inside])
    near_total, far_weight = near_weight.sum(), weight[~inside].sum()
    start = math.log(max(weighted_quantile(u, w, 0.5) / 0.69, 1e-6))

    def log_beyond(scale: float, df: float) -> float:
        return math.log(max(stdtr(df, -cut / scale), 1e-300))

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        scale, tail = math.exp(theta[0]), theta[1]
        df = 1.0 / tail
        half = (df + 1) / 2
        density = gammaln(half) - gammaln(df / 2) - 0.5 * math.log(df * math.pi) - theta[0]
        ratio = near_square / (scale * scale * df)
        spread, pull = near_weight @ np.log1p(ratio), near_weight @ (ratio / (1.0 + ratio))
        beyond = log_beyond(scale, df)
        value = near_total * density - half * spread + far_weight * beyond
        by_scale = -near_total + 2.0 * half * pull
        by_df = near_total * 0.5 * (digamma(half) - digamma(df / 2) - tail) - 0.5 * spread + half * pull * tail
        if far_weight and beyond > MIN_LOG:
            mark = cut / scale
            log_density = density + theta[0] - half * math.log1p(mark * mark / df)
            by_scale += far_weight * mark * math.exp(log_density - beyond)
            # No closed form for the derivative of a Student tail in its degrees of freedom.
            by_df += (
                far_weight * (log_beyond(scale, df * (1 + STEP)) - log_beyond(scale, df * (1 - STEP))) / (2 * STEP * df)
            )
        shape = (tail - TAIL_MEAN) / TAIL_SD
        return -value + 0.5 * shape**2, np.array([-by_scale, by_df * df * df + shape / TAIL_SD])

    bounds = [(start - 2, start + 2), (MIN_TAIL, MAX_TAIL)]
    found = minimize(loss, [start, TAIL_MEAN], jac=True, method="L-BFGS-B", bounds=bounds)
    df = 1.0 / min(MAX_TAIL, float(found.x[1]) + 2.0 / n_clusters)
    # Residuals of real boards are flatter in the middle than any Student law (two kinds of models on one board), so
    # with many clusters the scale follows the mark that the interval uses.
    marked = math.log(max(cut, 1e-9) / float(stdtrit(df, 0.5 + 0.5 * (1.0 - CENSORED))))
    trust = n_clusters / (n_clusters + TRUST)
    return max(math.exp((1 - trust) * float(found.x[0]) + trust * marked), MIN_SCALE), df


def empirical_null(u: np.ndarray, w: np.ndarray, n_clusters: int) -> dict:
    """Null law of standardised residuals: median, and a Student tail for each side; `lower`, `upper` are 5% marks."""
    location = weighted_quantile(u, w, 0.5)
    high, low = u >= location, u <= location
    scale_high, df_high = half_tail(u[high] - location, w[high], n_clusters)
    scale_low, df_low = half_tail(location - u[low], w[low], n_clusters)
    share = 0.5 + judge.INTERVAL / 2
    return {
        "location": location,
        "scale_high": scale_high,
        "df_high": df_high,
        "scale_low": scale_low,
        "df_low": df_low,
        "upper": scale_high * float(stdtrit(df_high, share)),
        "lower": scale_low * float(stdtrit(df_low, share)),
    }


def _parameters(frame: dict, beta: np.ndarray) -> dict:
    """The curve as a dict that judge.curve reads."""
    n_date = len(frame["date_knots"]) + 1 if frame["date_range"] is not None else 0
    n_basis = max(0, len(frame["basis_order"]) - 1)
    offsets = dict(zip(frame["basis_order"][1:], beta[1 + n_date : 1 + n_date + n_basis].tolist(), strict=True))
    slopes = beta[1 + n_date + n_basis :]
    low, high = frame["size_range"]
    ends = judge.segments(np.array([low, high]), np.array(frame["size_knots"])) @ slopes
    date_slopes = beta[1 : 1 + n_date]
    return frame | {
        "intercept": float(beta[0]),
        "date_slopes": date_slopes.tolist(),
        "basis_offsets": offsets,
        "size_slopes": slopes.tolist(),
        "size_doubt": max(float(ends[1] - ends[0]) / max(high - low, 0.3), 0.3),
        "date_doubt": float(np.max(np.abs(date_slopes), initial=0.3)),
    }


def _setup_variance(e: np.ndarray, rows: Rows, w: np.ndarray) -> float:
    """Variance that a change of set-up adds (logit units squared): between-setting part of the residuals, or the half
    variance of differences of the same model under two settings, whichever is larger; 0 with one setting.
    """
    settings = np.unique(rows.setting)
    if len(settings) < 2:
        return 0.0
    inside = [(rows.setting == s) for s in settings]
    centre = np.array([weighted_quantile(e[i], w[i], 0.5) for i in inside])
    mass = np.array([w[i].sum() for i in inside])
    spread = np.array(
        [weighted_quantile(np.abs(e[i] - c), w[i], 0.5) / 0.6745 for i, c in zip(inside, centre, strict=True)]
    )
    pooled = float(np.sum(mass * spread**2) / mass.sum())
    mean = np.sum(mass * centre) / mass.sum()
    # Method of moments (DerSimonian and Laird 1986) with pi/2 for the sampling variance of a median.
    excess = np.sum(mass * (centre - mean) ** 2) - (len(settings) - 1) * pooled * math.pi / 2
    between = max(0.0, float(excess / (mass.sum() - np.sum(mass**2) / mass.sum())))
    order = np.lexsort((rows.setting, rows.model))
    same = rows.model[order][1:] == rows.model[order][:-1]
    apart = np.abs(np.diff(e[order]))[same]
    paired = 0.5 * float(np.median(apart) / 0.6745) ** 2 if len(apart) >= 5 else 0.0
    return max(between, paired)


def fit_whole(inside: Rows, w: np.ndarray, floor: float) -> tuple:
    """Two rounds of curve and spread on all rows, then the curve once more.

    Returns parameters, frame, design (n, p), corrected logits (n,), spread of each row (n,), coefficients (p,) and
    _products of the design.
    """
    n_clusters = len(np.unique(inside.cluster))
    frame = _frame_of(inside, w, floor)
    design = _design(inside, frame)
    products = _products(design)
    ends = end_items(inside.score)
    y = judge.corrected_logit(inside.score, filled(inside.n_items, ends))
    start = np.zeros(design.shape[1])
    above = max((float(weighted_quantile(inside.score, w, 0.5)) - floor) / (1 - floor), 0.05)
    start[0] = float(judge.logit(min(above, 0.95)))
    sd, beta = np.ones(len(y)), start
    for _ in range(2):
        beta = _fit_means(design, y, w[None], sd, floor, beta, frame, products=products)[0]
        full = _parameters(frame, beta)
        eta = design @ beta
        middle = judge.logit_mean(eta, floor)
        known = judge.sampling_variance(middle, inside.counted, inside.standard_error)
        dated_only = _undated_variance(inside, full, w)
        full["spread_knots"], full["spread_log_variance"] = fit_spread(y - middle, eta, known, w, n_clusters)
        full["date_variance"] = dated_only
        sd = np.sqrt(
            judge.standard_deviation(eta, known, full) ** 2 + judge.beyond_fit(inside.size, inside.when, eta, full)
        )
    beta = _fit_means(design, y, w[None], sd, floor, beta, frame, is_near=True, products=products)[0]
    return full | _parameters(frame, beta) | {"end_items": ends}, frame, design, y, sd, beta, products


def fit(rows: Rows, floor: float, *, pooled: bool = False, is_lower_better: bool = False) -> Fitted | None:
    """Fit a group and place every row in it; None when the group is too small.

    rows     All rows of the group, entering or not (a second run of a model is placed but does not enter).
    floor    Score of guessing on the scale of rows.score; 0 where unknown.
    pooled   True for a group that pools settings: the measured set-up variance is added to every row.
    """
    inside = rows.take(np.flatnonzero(rows.enters))
    n_clusters, n_models = len(np.unique(inside.cluster)), len(np.unique(inside.model))
    if n_models < MIN_MODELS or n_clusters < MIN_CLUSTERS or is_tied(rows):
        return None
    w = cluster_weights(inside.cluster)
    full, frame, design, y, sd, beta, products = fit_whole(inside, w, floor)
    # The curve again without each fold, then the spread of what those curves leave.
    fold = deal_folds(inside.cluster, w, inside.size, inside.when, inside.score)
    folds = np.unique(fold)
    weights = w * (fold != folds[:, None])
    curves = _fit_means(design, y, weights, sd, floor, beta, frame, is_near=True, products=products)
    fold_of = dict(zip(inside.cluster.tolist(), fold.tolist(), strict=True))

    every = _design(rows, frame)
    row_fold = np.array([fold_of.get(c, -1) for c in rows.cluster.tolist()])
    eta = every @ beta
    for k, coefficients in zip(folds, curves, strict=True):
        mine = row_fold == k
        eta[mine] = every[mine] @ coefficients
    middle = judge.logit_mean(eta, floor)
    known = judge.sampling_variance(middle, rows.counted, rows.standard_error)
    beyond = judge.beyond_fit(rows.size, rows.when, eta, full)
    beyond = beyond + _beyond_own_cluster(rows, inside, eta, full)
    items = filled(rows.n_items, full["end_items"])
    e = judge.corrected_logit(rows.score, items) - middle
    tame = rows.enters & (beyond <= full["date_variance"] + 1e-12)  # extrapolated rows say nothing about the spread
    w_all = np.zeros(len(e))
    w_all[tame] = cluster_weights(rows.cluster[tame])
    full["spread_knots"], full["spread_log_variance"] = fit_spread(
        e[tame], eta[tame], (known + beyond)[tame], w_all[tame], n_clusters
    )
    spread = judge.standard_deviation(eta, known, full) ** 2 + beyond
    full["null"] = empirical_null(e[tame] / np.sqrt(spread[tame]), w_all[tame], n_clusters)
    full["setup_variance"] = _setup_variance(e[tame], rows.take(tame), w_all[tame]) if pooled else 0.0
    spread = np.sqrt(spread + full["setup_variance"])
    lines = tails(e / spread, full["null"]) | judge.interval(middle, spread, items, full["null"])
    lines |= marks(middle, spread, items, full["null"])
    lines["is_extrapolated"] = _way_to_others(rows, inside) != 0
    lines |= _count_others(lines["z"], rows)
    full |= _facts(inside, rows, lines["z"], n_models, n_clusters, is_lower_better, pooled)
    return Fitted(parameters=full, lines=lines, n_rows=len(inside.score), n_clusters=n_clusters)


def _undated_variance(rows: Rows, full: dict, w: np.ndarray) -> float:
    """Variance of the date term over dated rows: what a model without a date leaves open."""
    if full["date_range"] is None:
        return 0.0
    dated = ~np.isnan(rows.when)
    steps = judge.segments(rows.when[dated], np.array(full["date_knots"])) - np.array(full["date_centre"])
    term = steps @ np.array(full["date_slopes"])
    return float(np.sum(w[dated] * term**2) / w[dated].sum())


def _way_to_others(rows: Rows, inside: Rows) -> np.ndarray:
    """Way (log10 parameters) from each row back into the range of sizes in all clusters but its own."""
    clusters, inverse = np.unique(inside.cluster, return_inverse=True)
    low, high = np.full(len(clusters), np.inf), np.full(len(clusters), -np.inf)
    np.minimum.at(low, inverse, inside.size)
    np.maximum.at(high, inverse, inside.size)
    smallest, largest = np.argsort(low, kind="stable")[:2], np.argsort(-high, kind="stable")[:2]
    bottom = np.where(rows.cluster == clusters[smallest[0]], low[smallest[1]], low[smallest[0]])
    top = np.where(rows.cluster == clusters[largest[0]], high[largest[1]], high[largest[0]])
    return judge.way_back(rows.size, bottom, top)


def _beyond_own_cluster(rows: Rows, inside: Rows, eta: np.ndarray, full: dict) -> np.ndarray:
    """Variance for rows that stick out of the range of sizes once their own cluster is left out."""
    extra = _way_to_others(rows, inside) - judge.way_back(rows.size, *full["size_range"])
    return judge.in_doubt(eta, full["size_doubt"] * extra, full["floor"])


def _count_others(z: np.ndarray, rows: Rows) -> dict[str, np.ndarray]:
    """Per row: comparable models outside its cluster, and how many of them are at least as far out on either side."""
    inside = np.flatnonzero(rows.enters)
    models, first, inverse = np.unique(rows.model[inside], return_index=True, return_inverse=True)
    top, bottom = np.full(len(models), -np.inf), np.full(len(models), np.inf)
    rounded = np.round(z, 4)
    np.maximum.at(top, inverse, rounded[inside])
    np.minimum.at(bottom, inverse, rounded[inside])
    home = rows.cluster[inside][first]
    clusters = np.unique(home)
    own = np.searchsorted(clusters, home)
    mine = np.searchsorted(clusters, rows.cluster)
    # Rows whose cluster has no model in the fit get a place of their own behind the others.
    mine = np.where(clusters[np.minimum(mine, len(clusters) - 1)] == rows.cluster, mine, len(clusters))

    def as_far(values: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Models outside the row's cluster with a value of at least x."""
        ranks, heights = np.sort(values), len(values) + 1
        first = np.searchsorted(ranks, x, side="left")
        keys = np.sort(own * heights + np.searchsorted(ranks, values, side="left"))
        near = np.searchsorted(keys, (mine + 1) * heights) - np.searchsorted(keys, mine * heights + first)
        return len(values) - first - near

    n = len(models) - np.append(np.bincount(own, minlength=len(clusters)), 0)[mine]
    high, low = as_far(top, rounded), as_far(-bottom, -rounded)
    return {"n_comparable": n, "n_as_far_high": high, "n_as_far_low": low}


def _facts(
    inside: Rows, rows: Rows, z: np.ndarray, n_models: int, n_clusters: int, is_lower_better: bool, pooled: bool
) -> dict:
    """Plain facts about the fit that judging and reading it need."""
    known = inside.n_items[~np.isnan(inside.n_items)]
    return {
        "n_items": float(np.median(known)) if len(known) else None,
        "is_item_count": bool(np.any(~np.isnan(inside.counted))),
        "is_lower_better": bool(is_lower_better),
        "is_pooled": bool(pooled),
        "n_models": int(n_models),
        "n_clusters": int(n_clusters),
        "population": np.sort(np.round(z[rows.enters], 4)).tolist(),
    }
