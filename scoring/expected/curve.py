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
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from scoring.expected import judge, solve
from scoring.expected.solve import Means, Side, Spread, Steps, weighted_quantile

MIN_MODELS = 20  # fewer comparable models and the interval covers most of floor..1
MIN_CLUSTERS = 10  # near-copies are not evidence: 20 models of three clusters say little
FOLDS = 10  # a fold without a tenth of the clusters; below twice that number every cluster is its own fold
CLUSTERS_PER_SIZE_SEGMENT, MAX_SIZE_SEGMENTS = 12, 6
CLUSTERS_PER_DATE_SEGMENT, MAX_DATE_SEGMENTS = 40, 3
MIN_DATED_CLUSTERS, MIN_DATE_SPAN = 10, 0.5  # years; less tells nothing about the effect of age
SMOOTHING = 2.0  # pull of neighbouring slopes towards each other, in clusters' worth of evidence
SHRINKAGE = 0.5  # pull of date slopes and basis offsets towards nothing, in clusters' worth per logit unit
STEP_DECIMALS = 5  # scores are told apart down to a thousandth of a point
MAX_TIED = 0.5  # where half of the models have one and the same score, the spread of the others cannot be told


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


def tails(standardised: np.ndarray, null: dict) -> dict[str, np.ndarray]:
    """judge.tails with the tails of scipy: the same values at a tenth of the time."""
    return judge.tails(standardised, null, lambda z, df: stdtr(df, -z), lambda z: ndtr(-z))


# p-values at which a score would be marked: about what the correction of a list of 150,000 scores asks for, times the middle
# weight of an opinion that stands beside one other, and beside near-copies too (scoring/verdict/combined.py).
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


def fit_spread(e: np.ndarray, eta: np.ndarray, known: np.ndarray, w: np.ndarray, n_clusters: int) -> tuple[list, list]:
    """Knots and log variances of the spread between models as a function of eta, see solve.Spread."""
    return solve.spreads([Spread(e=e, eta=eta, known=known, w=w, n_clusters=n_clusters)])[0]


def half_tail(u: np.ndarray, w: np.ndarray, n_clusters: float) -> tuple[float, float]:
    """Scale and degrees of freedom of one side (u >= 0), see solve.Side."""
    return solve.sides([Side(u=u, w=w, n_clusters=n_clusters)])[0]


def empirical_null(u: np.ndarray, w: np.ndarray, n_clusters: float) -> dict:
    """The null of one group, see null_steps."""
    return solve.alone(null_steps(u, w, n_clusters))


def null_steps(u: np.ndarray, w: np.ndarray, n_clusters: float) -> Steps[dict]:
    """Null law of standardised residuals: median, and a Student tail for each side; `lower`, `upper` are 5% marks."""
    location = weighted_quantile(u, w, 0.5)
    high, low = u >= location, u <= location
    (scale_high, df_high), (scale_low, df_low) = yield [
        Side(u=u[high] - location, w=w[high], n_clusters=n_clusters),
        Side(u=location - u[low], w=w[low], n_clusters=n_clusters),
    ]
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


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A fit of all rows.

    full    Parameters; frame: what the curve is made of; sd: spread of each row (n,).
    means   The last problem of the curve, from which those without a fold start; beta: its coefficients (p,).
    """

    full: dict
    frame: dict
    sd: np.ndarray
    means: Means
    beta: np.ndarray


def whole_steps(inside: Rows, w: np.ndarray, floor: float) -> Steps[Whole]:
    """Two rounds of curve and spread on all rows, then the curve once more."""
    n_clusters = len(np.unique(inside.cluster))
    frame = _frame_of(inside, w, floor)
    ends = end_items(inside.score)
    y = judge.corrected_logit(inside.score, filled(inside.n_items, ends))
    above = max((float(weighted_quantile(inside.score, w, 0.5)) - floor) / (1 - floor), 0.05)
    design = _design(inside, frame)
    start = np.zeros(design.shape[1])
    start[0] = float(judge.logit(min(above, 0.95)))
    means = Means(
        design=design,
        y=y,
        w=w[None],
        sd=np.ones(len(y)),
        floor=floor,
        start=start,
        penalty=_penalty(frame),
        n_bounded=len(frame["size_knots"]) + 1,
    )
    for _ in range(2):
        (curves,) = yield [means]
        beta = curves[0]
        full = _parameters(frame, beta)
        eta = design @ beta
        middle = judge.logit_mean(eta, floor)
        known = judge.sampling_variance(middle, inside.counted, inside.standard_error)
        full["date_variance"] = _undated_variance(inside, full, w)
        (spread,) = yield [Spread(e=y - middle, eta=eta, known=known, w=w, n_clusters=n_clusters)]
        full["spread_knots"], full["spread_log_variance"] = spread
        sd = np.sqrt(
            judge.standard_deviation(eta, known, full) ** 2 + judge.beyond_fit(inside.size, inside.when, eta, full)
        )
        means = replace(means, sd=sd, start=beta)
    (curves,) = yield [replace(means, is_near=True)]
    beta = curves[0]
    full |= _parameters(frame, beta) | {"end_items": ends}
    return Whole(full=full, frame=frame, sd=sd, means=replace(means, start=beta, is_near=True), beta=beta)


def fit_whole(inside: Rows, w: np.ndarray, floor: float) -> Whole:
    """The fit of all rows of one group."""
    return solve.alone(whole_steps(inside, w, floor))


def fit(rows: Rows, floor: float, *, pooled: bool = False, is_lower_better: bool = False) -> Fitted | None:
    """The fit of one group, see fit_steps."""
    return solve.alone(fit_steps(rows, floor, pooled=pooled, is_lower_better=is_lower_better))


def fit_steps(rows: Rows, floor: float, *, pooled: bool = False, is_lower_better: bool = False) -> Steps[Fitted | None]:
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
    whole = yield from whole_steps(inside, w, floor)
    full, frame, beta = whole.full, whole.frame, whole.beta
    # The curve again without each fold, then the spread of what those curves leave.
    fold = deal_folds(inside.cluster, w, inside.size, inside.when, inside.score)
    folds = np.unique(fold)
    (curves,) = yield [replace(whole.means, w=w * (fold != folds[:, None]))]
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
    left = Spread(e=e[tame], eta=eta[tame], known=(known + beyond)[tame], w=w_all[tame], n_clusters=n_clusters)
    ((full["spread_knots"], full["spread_log_variance"]),) = yield [left]
    spread = judge.standard_deviation(eta, known, full) ** 2 + beyond
    full["null"] = yield from null_steps(e[tame] / np.sqrt(spread[tame]), w_all[tame], n_clusters)
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
