"""Judge one number by a stored fit.

Question  How far is this score from what models of similar size and date get on this test?
Input     `New` (one score, one size) and the parameters of one fit (table fit, column parameters, read as JSON).
Output    `Judgement`: expected score, 90% prediction interval, chance of a score at least this far out, rank.
Method    The fitted curve, spread and null distribution of scoring/expected/curve.py, evaluated with numpy alone, so that
          a page can judge a typed number without the libraries that fit. The functions here are the ones that the fit
          itself uses. Student's tail by the continued fraction of the incomplete beta function (Lentz; Press et al.,
          Numerical Recipes, section 6.4).
Silent    A size or a score that is not a number raises ValueError; a q-value needs a whole population and is never
          given.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

INTERVAL = 0.90  # share of similar models inside the prediction interval
# Stand-in for an unknown number of questions in the end correction alone: it keeps 0 and 1 finite, moves 99% by 0.1
# points and nothing in the middle. It never counts as evidence: no sampling error is derived from it.
CORRECTION_ITEMS = 500
POWER = 0.5  # where more of the printable values are possible, "possible" says nothing
MAX_DECIMALS = 6  # longer numbers are computed, not printed; rounding then says nothing
EPOCH = date(2020, 1, 1)  # dates enter as years since then, so that slopes are per year
DAYS_A_YEAR = 365.25
SPAN_DAYS = 9  # days on which a number without a date is looked at, over the span of the board


@dataclass(frozen=True, kw_only=True)
class New:
    """A number to judge.

    score          Fraction, 0..1, in the test's own direction.
    n_parameters   Total parameters, a count.
    model_date     Day of the model; None compares by size alone, with a wider interval.
    date_basis     What model_date is; None or a basis unknown to the fit means the fit's commonest basis.
    n_items        Questions behind the score; None uses the fit's usual count where it has one.
    """

    score: float
    n_parameters: float
    model_date: date | None = None
    date_basis: str | None = None
    n_items: float | None = None


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the fit says. Scores are fractions; p values are one-sided; n_as_far counts members at least as far out."""

    expected: float
    expected_lower: float
    expected_upper: float
    residual_z: float
    direction: str
    p_value: float
    p_value_normal: float
    n_comparable: int
    n_as_far: int
    is_extrapolated: bool


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)) without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(x, dtype=float)))


def logit(p: np.ndarray | float) -> np.ndarray:
    """log(p / (1 - p)) for 0 < p < 1."""
    p = np.asarray(p, dtype=float)
    return np.log(p) - np.log1p(-p)


def corrected_logit(score: np.ndarray, n_items: np.ndarray) -> np.ndarray:
    """logit((k + 0.5) / (n + 1)) of k = score * n right answers; finite at 0 and 1. n_items NaN: CORRECTION_ITEMS."""
    n = np.where(np.isnan(n_items), CORRECTION_ITEMS, n_items)
    return logit((np.asarray(score, dtype=float) * n + 0.5) / (n + 1.0))


def uncorrected_score(value: np.ndarray, n_items: np.ndarray) -> np.ndarray:
    """Inverse of corrected_logit. No score lies outside 0..1, so bounding there loses nothing."""
    n = np.where(np.isnan(n_items), CORRECTION_ITEMS, n_items)
    return np.clip((sigmoid(value) * (n + 1.0) - 0.5) / n, 0.0, 1.0)


def turned(score: np.ndarray, is_lower_better: np.ndarray | bool) -> np.ndarray:
    """A fraction with higher as better; a score as printed becomes so, and one that was turned is as printed again."""
    return np.where(is_lower_better, 1.0 - score, score)


def as_printed(band: dict[str, np.ndarray], is_lower_better: np.ndarray | bool) -> dict[str, np.ndarray]:
    """Expected score and range of a statistic that takes higher as better, in the direction in which the test prints."""
    source = {"expected": "expected", "expected_lower": "expected_upper", "expected_upper": "expected_lower"}
    return {name: np.where(is_lower_better, 1.0 - band[other], band[name]) for name, other in source.items()}


def is_possible(score: np.ndarray, n_items: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether k of n questions rounds to the score (GRIM; Brown and Heathers 2017), and the share of printable values
    for which that is so. score: fractions; places: printed decimals of the fraction.
    """
    step = 10.0**-places
    nearest = np.round(score * n_items) / n_items
    # Half a step, and a little for halves that sources round either way.
    possible = np.abs(nearest - score) <= 0.5 * step * (1 + 1e-6) + 1e-12
    return possible, np.minimum(1.0, (n_items + 1) * step)


def years(day: date | None) -> float:
    """Years since EPOCH; NaN for None."""
    return math.nan if day is None else (day - EPOCH).days / DAYS_A_YEAR


def segments(x: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Piecewise-linear basis, one column per segment: its coefficient is the slope there (open-ended at both ends).

    x (n,), knots (m,) increasing, inner ones only; result (n, m + 1). Slopes >= 0 make the curve non-decreasing.
    """
    x = np.asarray(x, dtype=float)
    if len(knots) == 0:
        return x[:, None].copy()
    columns = [np.minimum(x, knots[0])]
    columns += [np.clip(x, a, b) - a for a, b in pairwise(knots)]
    columns.append(np.maximum(x - knots[-1], 0.0))
    return np.column_stack(columns)


def hats(x: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Linear-interpolation basis on `knots` (n, m), constant outside them."""
    if len(knots) == 1:
        return np.ones((len(x), 1))
    return np.column_stack([np.interp(x, knots, row) for row in np.eye(len(knots))])


def logit_mean(eta: np.ndarray, floor: float) -> np.ndarray:
    """logit(mu) of mu = floor + (1 - floor) * sigmoid(eta)."""
    if floor <= 0.0:
        return np.asarray(eta, dtype=float)
    return np.logaddexp(math.log(floor), eta) - math.log1p(-floor)


def logit_mean_and_slope(eta: np.ndarray, floor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """logit_mean and its derivative in eta, with one exponential for both; |eta| stays below 700.

    floor   Of the shape of eta, or one that spreads over it.
    """
    if not (floor > 0.0).any():
        return eta, np.ones_like(eta)
    odds = np.exp(eta)
    whole = floor + odds
    return np.log(whole) - np.log1p(-floor), odds / whole


def way_back(x: np.ndarray, low: float | np.ndarray, high: float | np.ndarray) -> np.ndarray:
    """What has to be added to x to come back into the range low..high: positive below, negative above, else 0."""
    x = np.asarray(x, dtype=float)
    return np.nan_to_num(np.maximum(low - x, 0.0) + np.minimum(high - x, 0.0))


def in_doubt(eta: np.ndarray, way: np.ndarray, floor: float) -> np.ndarray:
    """Variance (logit units squared) of a curve that was drawn on by `way` (eta units, towards the range) beyond it.

    The slope out there is in doubt by all of itself, so the standard deviation is the way back to the edge of the range.
    It is measured on the scale of the scores: close to the floor hardly anything is left to fall.
    """
    return (logit_mean(eta + way, floor) - logit_mean(eta, floor)) ** 2


def beyond_fit(size: np.ndarray, when: np.ndarray, eta: np.ndarray, fit: dict) -> np.ndarray:
    """Variance (logit units squared) for rows that the fit cannot vouch for: beyond its sizes or dates, or undated."""
    variance = in_doubt(eta, fit["size_doubt"] * way_back(size, *fit["size_range"]), fit["floor"])
    if fit["date_range"] is not None:
        variance = variance + in_doubt(eta, fit["date_doubt"] * way_back(when, *fit["date_range"]), fit["floor"])
        # Measured on the scale of the scores: close to the floor no date moves much.
        way = math.sqrt(fit["date_variance"])
        ends = [logit_mean(eta + step, fit["floor"]) for step in (way, -way)]
        variance = variance + np.where(np.isnan(when), ((ends[0] - ends[1]) / 2) ** 2, 0.0)
    return variance


def student_upper(z: np.ndarray, df: float) -> np.ndarray:
    """P(T >= z) for Student's t with df degrees of freedom, to about 1e-12 relative; z any shape."""
    z = np.asarray(z, dtype=float)
    tail = 0.5 * _incomplete_beta(0.5 * df, 0.5, df / (df + z * z))
    return np.where(z >= 0, tail, 1.0 - tail)


def normal_upper(z: np.ndarray) -> np.ndarray:
    """P(Z >= z) for the standard normal law."""
    z = np.asarray(z, dtype=float)
    return 0.5 * np.vectorize(math.erfc, otypes=[float])(z / math.sqrt(2.0))


def _incomplete_beta(a: float, b: float, x: np.ndarray) -> np.ndarray:
    """Regularised incomplete beta function I_x(a, b), 0 <= x <= 1."""
    x = np.asarray(x, dtype=float)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    inner = np.clip(x, 1e-300, 1.0 - 1e-16)
    factor = np.exp(front + a * np.log(inner) + b * np.log1p(-inner))
    swap = inner > (a + 1.0) / (a + b + 2.0)
    # The fraction that settles quickly, and only where it is wanted: together they are most of the cost of a tail.
    value = np.empty_like(inner)
    value[swap] = 1.0 - factor[swap] * _beta_fraction(b, a, 1.0 - inner[swap]) / b
    value[~swap] = factor[~swap] * _beta_fraction(a, b, inner[~swap]) / a
    return np.where(x >= 1.0, 1.0, value)


def _beta_fraction(a: float, b: float, x: np.ndarray) -> np.ndarray:
    tiny = 1e-300
    c = np.ones_like(x)
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / np.where(np.abs(d) < tiny, tiny, d)
    h = d.copy()
    for m in range(1, 300):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + step * d
            d = 1.0 / np.where(np.abs(d) < tiny, tiny, d)
            c = 1.0 + step / c
            c = np.where(np.abs(c) < tiny, tiny, c)
            h = h * (c * d)
        if np.all(np.abs(c * d - 1.0) < 1e-14):
            break
    return h


def tails(
    standardised: np.ndarray, null: dict, student: Callable = student_upper, normal: Callable = normal_upper
) -> dict[str, np.ndarray]:
    """Place of standardised residuals under the null: z, p_high, p_low, normal_high, normal_low.

    student, normal   upper tails; the build puts faster ones of the same values in their place.
    """
    centred = np.asarray(standardised, dtype=float) - null["location"]
    above = centred >= 0
    up, down = centred / null["scale_high"], centred / null["scale_low"]
    beyond = np.empty_like(centred)
    beyond[above] = student(up[above], null["df_high"])
    beyond[~above] = student(-down[~above], null["df_low"])
    high, low = np.where(above, beyond, 1.0 - beyond), np.where(above, 1.0 - beyond, beyond)
    z = np.where(above, up, down)
    return {"z": z, "p_high": high, "p_low": low, "normal_high": normal(z), "normal_low": normal(-z)}


def curve(size: np.ndarray, when: np.ndarray, basis: list, fit: dict) -> np.ndarray:
    """Height (eta) of the fitted curve for log10 sizes, years and date bases; an undated row sits at the mean date."""
    eta = fit["intercept"] + segments(size, np.array(fit["size_knots"])) @ np.array(fit["size_slopes"])
    if fit["date_range"] is not None:
        steps = segments(np.nan_to_num(when), np.array(fit["date_knots"])) - np.array(fit["date_centre"])
        eta = eta + np.where(np.isnan(when), 0.0, steps @ np.array(fit["date_slopes"]))
        eta = eta + np.array([fit["basis_offsets"].get(b, 0.0) for b in basis]) * ~np.isnan(when)
    return eta


def sampling_variance(logit_mu: np.ndarray, n_items: np.ndarray, standard_error: np.ndarray) -> np.ndarray:
    """Known noise of one score on the logit scale: printed standard error first, else binomial, else 0 (unknown)."""
    information = sigmoid(logit_mu) * sigmoid(-logit_mu)
    binomial = 1.0 / (np.where(np.isnan(n_items), np.inf, n_items) * information)
    return np.where(np.isnan(standard_error), binomial, (np.nan_to_num(standard_error) / information) ** 2)


def standard_deviation(eta: np.ndarray, known: np.ndarray, fit: dict) -> np.ndarray:
    """Spread of similar models around the curve, logit units: known noise and the fitted spread between models."""
    between = np.exp(hats(eta, np.array(fit["spread_knots"])) @ np.array(fit["spread_log_variance"]))
    return np.sqrt(known + between)


def interval(logit_mu: np.ndarray, sd: np.ndarray, n_items: np.ndarray, null: dict) -> dict[str, np.ndarray]:
    """Expected score (median) and ends of the 90% prediction interval, fractions."""
    marks = {"expected": 0.0, "expected_lower": -null["lower"], "expected_upper": null["upper"]}
    return {k: uncorrected_score(logit_mu + sd * (null["location"] + v), n_items) for k, v in marks.items()}


def similar(
    fit: dict, size: np.ndarray, when: np.ndarray, basis: list, n_items: float | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Models of these sizes (log10) and days (years since EPOCH) by a stored fit: middle and spread of their scores (logits,
    higher is better), and the questions that the correction at both ends counts with.
    """
    asked = np.full(len(size), fit["n_items"] if n_items is None else n_items, dtype=float)
    counted = asked if fit["is_item_count"] else np.full(len(size), math.nan)
    # Older builds corrected every unknown number of questions alike and hold no end_items.
    ends = np.where(np.isnan(asked), fit.get("end_items", CORRECTION_ITEMS), asked)
    eta = curve(size, when, basis, fit)
    middle = logit_mean(eta, fit["floor"])
    known = sampling_variance(middle, counted, np.full(len(size), math.nan))
    beyond = beyond_fit(size, when, eta, fit) + fit["setup_variance"]
    return middle, np.sqrt(standard_deviation(eta, known, fit) ** 2 + beyond), ends


def judge(new: New, fit: dict) -> Judgement:
    """Judge a number by a stored fit; raises ValueError when score or size cannot be used.

    A number without a date is no less unusual than it would be on the day of the board's span that suits it best: what no
    day explains is not explained by leaving the day out.
    """
    undated = _judge(new, fit)
    if new.model_date is not None or fit["date_range"] is None:
        return undated
    dated = [_judge(replace(new, model_date=day), fit) for day in _days(*fit["date_range"])]

    def p_of(one: Judgement) -> float:
        return one.p_value if one.direction == undated.direction else 1.0 - one.p_value

    kindest = max(dated, key=p_of)
    told = undated if undated.p_value <= p_of(kindest) else kindest
    return replace(
        told,
        expected=undated.expected,
        expected_lower=max(undated.expected_lower, min(one.expected_lower for one in dated)),
        expected_upper=min(undated.expected_upper, max(one.expected_upper for one in dated)),
    )


def _days(first: float, last: float) -> list[date]:
    """Days over a span given in years since EPOCH, both ends among them."""
    return [EPOCH + timedelta(days=float(day) * DAYS_A_YEAR) for day in np.linspace(first, last, SPAN_DAYS)]


def _judge(new: New, fit: dict) -> Judgement:
    if not 0.0 <= new.score <= 1.0:
        raise ValueError("The score must be a fraction between 0 and 1.")
    if not (new.n_parameters > 0 and math.isfinite(new.n_parameters)):
        raise ValueError("The number of parameters must be a positive count.")
    flip = fit["is_lower_better"]
    size, when = np.log10([new.n_parameters]), np.array([years(new.model_date)])
    middle, sd, ends = similar(fit, size, when, [new.date_basis], new.n_items)
    score = turned(np.array([new.score]), flip)
    tail = tails((corrected_logit(score, ends) - middle) / sd, fit["null"])
    band = {k: float(v[0]) for k, v in as_printed(interval(middle, sd, ends, fit["null"]), flip).items()}
    z = float(tail["z"][0])
    high = z >= 0
    population = np.array(fit["population"], dtype=float)
    as_far = np.sum(population >= round(z, 4)) if high else np.sum(population <= round(z, 4))
    return Judgement(
        **band,
        residual_z=z,
        direction="high" if high else "low",
        p_value=float(tail["p_high" if high else "p_low"][0]),
        p_value_normal=float(tail["normal_high" if high else "normal_low"][0]),
        n_comparable=int(fit["n_models"]),
        n_as_far=int(as_far),
        is_extrapolated=bool(way_back(size, *fit["size_range"])[0] != 0),
    )
