"""Many small fits at once: what the curves, spreads and tails of hundreds of groups have in common is solved together.

Question  How are thousands of problems of a few unknowns each solved without thousands of calls for each?
Input     `Steps`: generators, one per group, that yield lists of problems (`Means`, `Spread`, `Side`) where they need their
          answers to go on, and return what the group comes to.
Output    `together`: what each generator returns, in their order.
Method    All groups walk in step: problems of one kind and about one length are padded (rows of weight 0, unknowns that
          nothing depends on) and solved as one stack of arrays. Each problem takes its own steps and stops by itself, so
          that its company moves an answer by rounding alone. Curves: iteratively reweighted least squares, see
          scoring/expected/curve.py. Spreads and tails: Newton's method with bounds (Bertsekas 1982, projected Newton), with
          the absolute values of the curvatures (Gill, Murray and Wright 1981, section 4.4) and damping where a step does
          not lead down. scipy.optimize has no solver for many problems at once, and one call for each took two thirds of
          the time.
Silent    Never; what a generator raises goes on.
"""

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
from scipy.optimize import nnls
from scipy.special import digamma, gammaln, stdtr, stdtrit

from scoring.expected import judge

HUBER, TUKEY = 1.345, 4.685  # 95% efficiency at the normal law
ITERATIONS, TOLERANCE = 40, 1e-5  # logits; a curve is not known to a hundredth
NEAR_ROUND = 10  # round at which a fit joins that starts close to its solution
MANY = 500  # values; fewer are sorted sooner than two sorts are called
CENSORED = 0.10  # outer share of each side that the null only counts: up to that much may be odd without moving it
# Prior of 1/df: close to normal, as the high side of twelve real boards shows; few clusters lean on it.
TAIL_MEAN, TAIL_SD = 0.05, 0.05
TRUST = 100  # clusters at which the empirical 5% mark of a side counts as much as the fitted one
MIN_TAIL, MAX_TAIL = 0.01, 0.5  # 1/df: 100 degrees of freedom (normal) to 2 (hardly a scale left)
CLUSTERS_PER_SPREAD_KNOT, MAX_SPREAD_KNOTS = 20, 5
MIN_SCALE = 0.5  # of a side of the null, in fitted spreads; below that the middle is a heap of equal scores
BINS = 400  # of residuals, for the likelihood of a tail
STEP = 1e-5  # relative, of the one derivative that is taken by differences
TILT = 1e-4  # of an unknown, for curvatures by differences of slopes
LEAST_TAIL = 1e-300  # a tail beyond that is held there
MIN_LOG = math.log(1e-299)  # and no longer moves
SPREAD_BOUNDS = (-14.0, 6.0)  # of a log variance, logits squared
PIVOTS, EXACT = 10, 1e-10  # rounds of changing bounds; relative, of a slope that counts as 0
STEPS, SETTLED = 60, 1e-5  # of Newton's method; log variances and 1/df are not known to a thousandth
LONGER, MORE_ROWS = 1.25, 8  # a problem joins one up to that much shorter: padding then costs less than calls
STACK = 10_000  # rows in one stack, so that its arrays stay within a few megabytes

Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Means:
    """k curves on one design by bounded-influence Gauss-Newton; answer: coefficients (k, p).

    design     (n, p); the last n_bounded coefficients must not fall below 0.
    y, sd      (n,) corrected logits, and the spread of each row, fixed.
    w          (k, n), one row of weights per curve; 0 leaves a row of the design out.
    start      (p,); penalty (p, p) in clusters' worth.
    is_near    True when `start` solves nearly the same problem: the rounds that look for the right neighbourhood
               (convex loss, moving scale) are then left out.
    """

    design: np.ndarray
    y: np.ndarray
    w: np.ndarray
    sd: np.ndarray
    floor: float
    start: np.ndarray
    penalty: np.ndarray
    n_bounded: int
    is_near: bool = False


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Spread between models as a function of eta (t4 working likelihood, smoothed); answer: knots, log variances (lists).

    e residuals, eta, known variances, w weights: (n,), logits.
    """

    e: np.ndarray
    eta: np.ndarray
    known: np.ndarray
    w: np.ndarray
    n_clusters: float


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a null, u >= 0 with weights w: by weighted likelihood, the outer CENSORED share only counted.

    Answer: scale and degrees of freedom. Weights are scaled so that a side is worth half the clusters. The df allows for
    the unknown scale as well: 1/df = 1/df of the shape + 2/clusters, as a normal sample of that size would have.
    """

    u: np.ndarray
    w: np.ndarray
    n_clusters: float


Problem: TypeAlias = Means | Spread | Side
Steps: TypeAlias = Generator[list[Problem], list[Any], Answer]


def together(jobs: Sequence[Steps[Answer]]) -> list[Answer]:
    """What every generator returns; their problems are solved together, round by round."""
    found: list[Any] = [None] * len(jobs)
    said: dict[int, list | None] = dict.fromkeys(range(len(jobs)))
    while said:
        asked: dict[int, list[Problem]] = {}
        for place, answers in said.items():
            try:
                asked[place] = jobs[place].send(answers)  # type: ignore[arg-type]  # None starts a generator
            except StopIteration as end:
                found[place] = end.value
        flat = [problem for problems in asked.values() for problem in problems]
        solved: list[Any] = [None] * len(flat)
        kinds: tuple[tuple[type, Callable[[list[Any]], list]], ...] = ((Means, means), (Spread, spreads), (Side, sides))
        for kind, solve in kinds:
            places = [i for i, problem in enumerate(flat) if isinstance(problem, kind)]
            for i, answer in zip(places, solve([flat[i] for i in places]), strict=True):
                solved[i] = answer
        rest = iter(solved)
        said = {place: [next(rest) for _ in problems] for place, problems in asked.items()}
    return found


def alone(job: Steps[Answer]) -> Answer:
    """What one generator returns."""
    return together([job])[0]


def _stacks(lengths: Sequence[int]) -> list[np.ndarray]:
    """Places of problems that are solved in one stack: about one length each."""
    order = np.argsort(lengths, kind="stable")
    stacks, first, rows = [], 0, 0
    for k, place in enumerate(order.tolist()):
        n = lengths[place]
        if k > first and (n > LONGER * lengths[order[first]] + MORE_ROWS or (k - first + 1) * n > STACK):
            stacks.append(order[first:k])
            first = k
        rows = k + 1
    return [*stacks, order[first:rows]] if rows else []


def _padded(columns: Sequence[np.ndarray], fill: float) -> np.ndarray:
    """Columns of several lengths as rows of one array."""
    out = np.full((len(columns), max(map(len, columns))), fill)
    for row, column in zip(out, columns, strict=True):
        row[: len(column)] = column
    return out


# Order and quantiles


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


def weighted_quantiles(x: np.ndarray, w: np.ndarray, shares: Sequence[float]) -> list[float]:
    """Quantiles of x under weights w: where the mid-rank cumulated weight crosses each share."""
    order = in_order(x)
    share = w[order]
    cumulated = np.cumsum(share)
    total = cumulated[-1]
    cumulated -= 0.5 * share
    found = []
    for q in shares:
        wanted = q * total
        # The two values around the mark; np.interp would look at all of them.
        right = int(cumulated.searchsorted(wanted, side="right"))
        if right in (0, len(x)):
            found.append(float(x[order[min(right, len(x) - 1)]]))
            continue
        low, high = x[order[right - 1]], x[order[right]]
        below, above = cumulated[right - 1], cumulated[right]
        found.append(float(low + (high - low) * (wanted - below) / (above - below)))
    return found


def weighted_quantile(x: np.ndarray, w: np.ndarray, q: float) -> float:
    """One of weighted_quantiles."""
    return weighted_quantiles(x, w, [q])[0]


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


# Curves


def _constrained(a: np.ndarray, b: np.ndarray, n_free: int) -> np.ndarray:
    """Minimise x'Ax/2 - b'x with x[n_free:] >= 0 for every A (k, p, p) and b (k, p); result (k, p).

    Block pivoting (Portugal, Judice and Vicente 1994): what is negative is held at 0, what is held and would rise is let
    go, until neither is left; the few that do not settle so are left to NNLS.
    """
    found = np.linalg.solve(a, b[:, :, None])[:, :, 0]
    held, own = found < 0, np.eye(a.shape[1])
    held[:, :n_free] = False
    left = np.flatnonzero(held.any(axis=1))
    held = held[left]
    for _ in range(PIVOTS):
        if not len(left):
            break
        mine, aim, free = a[left], b[left], ~held
        reduced = mine * (free[:, :, None] & free[:, None, :]) + held[:, :, None] * own
        x = np.linalg.solve(reduced, (aim * free)[:, :, None])[:, :, 0]
        slope = np.sum(mine * x[:, None, :], axis=2) - aim
        is_wrong = np.where(held, slope < -EXACT * np.abs(aim).max(axis=1, keepdims=True), x < 0)
        is_wrong[:, :n_free] = False
        goes_on = is_wrong.any(axis=1)
        found[left[~goes_on]] = x[~goes_on]
        left, held = left[goes_on], (held ^ is_wrong)[goes_on]
    for k in left:
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


def means(problems: list[Means]) -> list[np.ndarray]:
    """Coefficients (k, p) of every problem."""
    found: list[Any] = [None] * len(problems)
    kinds: dict[tuple[bool, bool], list[int]] = {}
    for i, problem in enumerate(problems):
        kinds.setdefault((problem.is_near, problem.floor > 0.0), []).append(i)
    for places in kinds.values():
        # All curves of one problem count as so many rows.
        for stack in _stacks([len(problems[i].y) * len(problems[i].w) for i in places]):
            chosen = [places[k] for k in stack]
            for i, beta in zip(chosen, _walk([problems[i] for i in chosen]), strict=True):
                found[i] = beta
    return found


def _walk(problems: list[Means]) -> list[np.ndarray]:
    """`means` of one stack. Unknowns stand as: free ones, padding, bounded ones, padding."""
    first = np.cumsum([0, *(len(problem.w) for problem in problems)])
    n = max(len(problem.y) for problem in problems)
    n_free = max(problem.design.shape[1] - problem.n_bounded for problem in problems)
    p = n_free + max(problem.n_bounded for problem in problems)
    design, penalty = np.zeros((first[-1], p, n)), np.tile(np.eye(p), (first[-1], 1, 1))
    y, w, sd, floor = (np.zeros((first[-1], n)) for _ in range(4))
    beta = np.zeros((first[-1], p))
    sd += 1.0
    columns = []
    for problem, start, stop in zip(problems, first, first[1:], strict=False):
        m, free = len(problem.y), problem.design.shape[1] - problem.n_bounded
        mine = np.concatenate([np.arange(free), n_free + np.arange(problem.n_bounded)])
        columns.append(mine)
        design[start:stop, mine, :m] = problem.design.T
        penalty[np.ix_(np.arange(start, stop), mine, mine)] = problem.penalty
        beta[start:stop, mine] = problem.start
        y[start:stop, :m], w[start:stop, :m], sd[start:stop, :m] = problem.y, problem.w, problem.sd
        floor[start:stop] = problem.floor
    begin = NEAR_ROUND if problems[0].is_near else 0
    beta = _rounds(design, y, w, sd, floor[:, :1], penalty, beta, n_free, begin)
    return [beta[a:b][:, mine] for a, b, mine in zip(first, first[1:], columns, strict=False)]


def _rounds(
    design: np.ndarray,
    y: np.ndarray,
    w: np.ndarray,
    sd: np.ndarray,
    floor: np.ndarray,
    penalty: np.ndarray,
    beta: np.ndarray,
    n_free: int,
    begin: int,
) -> np.ndarray:
    """Coefficients (k, p) of k curves; design (k, p, n), penalty (k, p, p), floor (k, 1), the rest (k, n)."""
    beta, scale, walking = beta.copy(), np.ones(len(w)), np.arange(len(w))
    inside, weight_sum = w > 0, w.sum(axis=1)
    for iteration in range(begin, ITERATIONS):
        now = beta[walking]
        eta = (now[:, None, :] @ design)[:, 0]
        middle, slope = judge.logit_mean_and_slope(eta, floor)
        u = (y - middle) / sd
        far = np.abs(u)
        if iteration in (begin, *range(12)):  # then held, so that the iteration settles
            scale[walking] = np.maximum(_medians(far, w, inside) / 0.6745, 1e-3)
        unit = scale[walking][:, None]
        v = far / unit
        robust = (
            np.minimum(1.0, HUBER / np.maximum(v, 1e-12)) if iteration < 6 else np.maximum(1 - (v / TUKEY) ** 2, 0) ** 2
        )
        precision = w * robust / (sd * unit) ** 2
        pull = precision * slope
        worth = precision.sum(axis=1) / weight_sum
        a = (design * (pull * slope)[:, None, :]) @ design.transpose(0, 2, 1) + penalty * worth[:, None, None]
        b = (design @ (pull * (u * sd + slope * eta))[:, :, None])[:, :, 0]
        step = _constrained(a, b, n_free) - now
        move = np.max(np.abs((step[:, None, :] @ design)[:, 0]), axis=1, where=inside, initial=0.0)
        # No leap of more than two logits at once.
        beta[walking] = now + step * np.minimum(1.0, 2.0 / np.maximum(move, 1e-12))[:, None]
        goes_on = move >= TOLERANCE
        if iteration > 8 and not goes_on.all():
            walking = walking[goes_on]
            if not len(walking):
                break
            whole = (design, y, w, sd, floor, penalty, inside, weight_sum)
            design, y, w, sd, floor, penalty, inside, weight_sum = (part[goes_on] for part in whole)
    return beta


# Spreads and tails

Loss: TypeAlias = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]


def _least(loss: Loss, start: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Unknowns (k, p) between low and high (k, p) that make each of k losses least, by damped Newton steps.

    loss   (unknowns of some problems, their places) -> values (m,), slopes (m, p), curvatures (m, p, p).
    """
    theta, walking = start.copy(), np.arange(len(start))
    value, slope, bend = loss(theta, walking)
    damping = np.zeros(len(start))
    for _ in range(STEPS):
        now, ends = theta[walking], (low[walking], high[walking])
        is_held = ((now <= ends[0]) & (slope > 0)) | ((now >= ends[1]) & (slope < 0))
        free = ~is_held
        curvature, axes = np.linalg.eigh(
            bend * (free[:, :, None] & free[:, None, :]) + is_held[:, :, None] * np.eye(now.shape[1])
        )
        size = np.maximum(np.abs(curvature), 1e-9)
        along = (axes.transpose(0, 2, 1) @ (slope * free)[:, :, None])[:, :, 0] / (size + damping[:, None])
        trial = np.clip(now - (axes @ along[:, :, None])[:, :, 0], *ends)
        there = loss(trial, walking)
        is_down = there[0] <= value + 1e-12 * np.abs(value)
        theta[walking[is_down]] = trial[is_down]
        value, slope, bend = (
            np.where(is_down.reshape(-1, *[1] * (new.ndim - 1)), new, old)
            for new, old in zip(there, (value, slope, bend), strict=True)
        )
        damping = np.where(is_down, damping / 10, np.maximum(4 * damping, 0.1 * size.max(axis=1)))
        goes_on = np.abs(trial - now).max(axis=1) > SETTLED
        if not goes_on.any():
            break
        walking, value, slope, bend, damping = (part[goes_on] for part in (walking, value, slope, bend, damping))
    return theta


def spreads(problems: list[Spread]) -> list[tuple[list, list]]:
    """Knots and log variances of every problem."""
    found: list[Any] = [None] * len(problems)
    for stack in _stacks([len(problem.e) for problem in problems]):
        for i, answer in zip(stack, _spread_stack([problems[i] for i in stack]), strict=True):
            found[i] = answer
    return found


def _spread_stack(problems: list[Spread]) -> list[tuple[list, list]]:
    """`spreads` of one stack."""
    knots, centre = [], []
    for problem in problems:
        n_knots = min(MAX_SPREAD_KNOTS, max(1, int(problem.n_clusters // CLUSTERS_PER_SPREAD_KNOT)))
        shares = ((np.arange(n_knots) + 0.5) / n_knots).tolist()
        knots.append(np.unique(np.round(weighted_quantiles(problem.eta, problem.w, shares), 6)))
        middle = weighted_quantile(np.abs(problem.e), problem.w, 0.5)
        centre.append(2 * math.log(max(middle / 0.74, 1e-3)))
    many, n, p = len(problems), max(len(problem.e) for problem in problems), max(map(len, knots))
    basis, worth, start = np.zeros((many, p, n)), np.tile(np.eye(p), (many, 1, 1)), np.zeros((many, p))
    for i, (problem, at) in enumerate(zip(problems, knots, strict=True)):
        m = len(at)
        basis[i, :m, : len(problem.e)] = judge.hats(problem.eta, at).T
        steps = np.diff(np.eye(m), axis=0)
        worth[i, :m, :m] = (2.0 * steps.T @ steps + 0.02 * np.eye(m)) / problem.n_clusters
        start[i, :m] = centre[i]
    square, known = (
        _padded([problem.e**2 for problem in problems], 0.0),
        _padded([p.known for p in problems], 1.0),
    )
    share = _padded([problem.w / problem.w.sum() for problem in problems], 0.0)

    def loss(h: np.ndarray, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        mine_basis, mine_square, mine_share = basis[mine], square[mine], share[mine]
        between = np.exp((h[:, None, :] @ mine_basis)[:, 0])
        variance = known[mine] + between
        four = 4.0 * variance
        pull = 2.5 * mine_square / (four + mine_square)
        away = h - start[mine]
        pulled = (worth[mine] @ away[:, :, None])[:, :, 0]
        value = np.sum(mine_share * (0.5 * np.log(variance) + 2.5 * np.log1p(mine_square / four)), axis=1)
        part = between / variance
        slope = (mine_basis @ (mine_share * (0.5 - pull) * part)[:, :, None])[:, :, 0]
        bend = mine_share * part * (pull * four / (four + mine_square) * part + (0.5 - pull) * (1.0 - part))
        bends = (mine_basis * bend[:, None, :]) @ mine_basis.transpose(0, 2, 1)
        return value + np.sum(away * pulled, axis=1), slope + 2.0 * pulled, bends + 2.0 * worth[mine]

    low, high = (np.full(start.shape, end) for end in SPREAD_BOUNDS)
    found = _least(loss, np.clip(start, low, high), low, high)
    return [(at.tolist(), row[: len(at)].tolist()) for at, row in zip(knots, found, strict=True)]


def _binned(x: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values as at most BINS weighted means of neighbours in order: the likelihood of a smooth law hardly changes."""
    if len(x) <= BINS:
        return x, w
    order = np.argsort(x, kind="stable")
    edges = np.linspace(0, len(x), BINS, endpoint=False).astype(int)
    mass = np.add.reduceat(w[order], edges)
    return np.add.reduceat((x * w)[order], edges) / mass, mass


def sides(problems: list[Side]) -> list[tuple[float, float]]:
    """Scale and degrees of freedom of every side."""
    found: list[Any] = [(1.0, 2.0)] * len(problems)
    seen = [i for i, problem in enumerate(problems) if np.count_nonzero(problem.u > 0) >= 2]
    for stack in _stacks([min(len(problems[i].u), BINS) for i in seen]):
        chosen = [seen[k] for k in stack]
        for i, answer in zip(chosen, _side_stack([problems[i] for i in chosen]), strict=True):
            found[i] = answer
    return found


def _side_stack(problems: list[Side]) -> list[tuple[float, float]]:
    """`sides` of one stack; unknowns are log scale and 1/df."""
    near, near_weight, cuts, far, start = [], [], [], [], []
    for problem in problems:
        middle, mark = weighted_quantiles(problem.u, problem.w, [0.5, 1.0 - CENSORED])
        inside = problem.u <= mark * (1 + 1e-9)  # a value that is the mark itself is inside, whatever the last bit says
        weight = problem.w * (0.5 * problem.n_clusters / problem.w.sum())
        x, mass = _binned(problem.u[inside] ** 2, weight[inside])
        near.append(x)
        near_weight.append(mass)
        cuts.append(mark)
        far.append(weight[~inside].sum())
        start.append(math.log(max(middle / 0.69, 1e-6)))
    square, weights = _padded(near, 0.0), _padded(near_weight, 0.0)
    cut, far_weight, first = np.array(cuts), np.array(far), np.array(start)
    total = weights.sum(axis=1)

    def log_beyond(mark: np.ndarray, df: np.ndarray) -> np.ndarray:
        return np.log(np.maximum(stdtr(df, -mark), LEAST_TAIL))

    def sloped(theta: np.ndarray, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Values and slopes."""
        scale, tail = np.exp(theta[:, 0]), theta[:, 1]
        df, mark, outside, inside = 1.0 / tail, cut[mine] / scale, far_weight[mine], total[mine]
        half = (df + 1) / 2
        density = gammaln(half) - gammaln(df / 2) - 0.5 * np.log(df * math.pi) - theta[:, 0]
        ratio = square[mine] / (scale * scale * df)[:, None]
        spread, pull = (np.sum(weights[mine] * part, axis=1) for part in (np.log1p(ratio), ratio / (1.0 + ratio)))
        beyond = log_beyond(mark, df)
        value = inside * density - half * spread + outside * beyond
        by_scale = -inside + 2.0 * half * pull
        by_df = inside * 0.5 * (digamma(half) - digamma(df / 2) - tail) - 0.5 * spread + half * pull * tail
        moves = np.where(beyond > MIN_LOG, outside, 0.0)
        log_density = density + theta[:, 0] - half * np.log1p(mark * mark / df)
        by_scale += moves * mark * np.exp(log_density - beyond)
        # No closed form for the derivative of a Student tail in its degrees of freedom.
        up, down = log_beyond(mark, df * (1 + STEP)), log_beyond(mark, df * (1 - STEP))
        by_df += moves * (up - down) / (2 * STEP * df)
        shape = (tail - TAIL_MEAN) / TAIL_SD
        return -value + 0.5 * shape**2, np.stack([-by_scale, by_df * df * df + shape / TAIL_SD], axis=1)

    def loss(theta: np.ndarray, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        value, slope = sloped(theta, mine)
        tilted = [sloped(theta + TILT * away, mine)[1] - slope for away in np.eye(2)]
        bend = np.stack(tilted, axis=2) / TILT
        return value, slope, 0.5 * (bend + bend.transpose(0, 2, 1))

    low = np.column_stack([first - 2, np.full(len(first), MIN_TAIL)])
    high = np.column_stack([first + 2, np.full(len(first), MAX_TAIL)])
    found = _least(loss, np.column_stack([first, np.full(len(first), TAIL_MEAN)]), low, high)
    n_clusters = np.array([problem.n_clusters for problem in problems], dtype=float)
    df = 1.0 / np.minimum(MAX_TAIL, found[:, 1] + 2.0 / n_clusters)
    # Residuals of real boards are flatter in the middle than any Student law (two kinds of models on one board), so
    # with many clusters the scale follows the mark that the interval uses.
    marked = np.log(np.maximum(cut, 1e-9) / stdtrit(df, 0.5 + 0.5 * (1.0 - CENSORED)))
    trust = n_clusters / (n_clusters + TRUST)
    scale = np.maximum(np.exp((1 - trust) * found[:, 0] + trust * marked), MIN_SCALE)
    return list(zip(scale.tolist(), df.tolist(), strict=True))
