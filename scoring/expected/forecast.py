"""Forecast: where the best score of a test may go, and when there is hardly room left.

Question  What will the best score be in 3, 6, 12 or 24 months, and when is less than a tenth of the scale left?
Input     Scores of one test (fractions, higher is better), the day each counts from and the day it became known; floor
          and ceiling (fractions); number of questions. See `look`.
Output    `Fan`: for each month ahead the middle forecast and an 80% interval, fractions; `Crossing`: months ahead until
          a level is reached, with an 80% interval.
Method    A growth curve between floor and ceiling: the best score is placed on the log-odds scale between both, and
          its gain until month h is max(0, w . x) * (1 - exp(-d h)) / (1 - exp(-12 d)), a damped trend (Gardner and
          McKenzie 1985) that can only rise, as a record does. x holds 1; the gain in log-odds per year over the last
          year (the rate), which for a record series is the rate of record-setting times the size of a record; log(1 +
          entries of the last year), since records come from entries (Arnold, Balakrishnan and Nagaraja 1998: the
          chance of a record is the share of new entries) and the field may have stopped submitting; the median delay
          between a score's day and the day it was shown; the position itself, as log-odds and as a share of the
          scale, because growth slows near the top, but not evenly so; while records come (times the rate, up to
          1), their mean size, since a test that rises by leaps goes on by leaps; and the rate times the share, since a
          fast rise slows down near the top.
          One set of weights per level (quantile regression, Koenker and Bassett 1978), pooled over all series of the
          back-test, so that a short series borrows the common slow-down and a middle gain of 0 (nothing happens, the
          strong rival) is chosen wherever records are rare. The spread of these levels holds the uncertainty of the
          curve and the noise of a maximum (the records that it is fitted to are themselves maxima of noisy scores);
          the ends of a reviewed ceiling band bound the ends of the interval. Where even the 10% level is no gain, the
          interval runs from the present best to the 80% level, else from the 10% to the 90% level: 80% both times.
          Weights: WEIGHTS, from bench/backtest.py, which also measures the error on boards left out.
          All this supposes that models go on being tested: once a board is no longer fed, its best stays (back-test,
          set "unfed").
Thin      A history of less than MIN_MONTHS, or one without a score known in the last STALE_MONTHS, is outside of what the
          weights were fitted to. It gets a wider interval, from the present best to the upper end moved up by
          SHORT_SLACK, or by QUIET_SLACK per year. Both were chosen with
          the back-test of all such histories in view; bench/backtest.py reports them as sets of their own.
Pooled    Several set-ups of a test taken as one history rise faster than a single one, the more so while it is short: such
          histories have weights of their own, POOLED_WEIGHTS, fitted to the answers of all tests, short ones too, with a
          pull to the weights of single set-ups, by bench/answer_forecasts.py, which measures them on a half left out.
Lift      A short history of a single set-up rises faster than the weights say: its middle is moved up by LIFT a year,
          chosen with all of them in view; a year ahead it is better on both halves.
Silent    None with fewer than MIN_MODELS scores. Horizons beyond 24 months are extrapolated and were not back-tested.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

SATURATED = 0.1  # a tenth of the scale: where headroom under it begins, the word is "saturated"
MIN_MODELS = 5  # as for the status of a test: fewer say little about a field
MIN_MONTHS = 8  # less than two thirds of a year of history is no trend
STALE_MONTHS = 12  # nobody submits any more: what is forecast is whether somebody starts again
QUIET = f"No score in the last {STALE_MONTHS} months: the range holds if testing goes on."
SHORT_SLACK = 0.35  # log-odds on the upper end of a short history: its best has hardly been tried
LIFT = 0.2  # log-odds per year on the middle of a short history
QUIET_SLACK = 0.3  # log-odds per year on the upper end of a quiet one: somebody may start again
DAYS_A_MONTH = 365.25 / 12
RATE_MONTHS = 12  # records come every few months; a year holds several of them
MAX_DELAY = 12  # months; longer delays are tests run on old models
MAX_POSITION = 4.0  # log-odds: 98.2%; beyond, one question moves the log-odds more than a year does
MAX_RATE = 2.0  # log-odds per year; a faster rise (the first weeks of a board, a leap) foretells no more
UNKNOWN_ITEMS = 1000  # only bounds the log-odds of exact 0 and 1 where the number of questions is unknown
SIGHT_MONTHS = 36  # later than three years ahead is "not in sight"
# Levels of the fit behind the interval. The last stands for 90%: on boards that the fit never saw, the nominal level
# held too rarely, because weights from few boards are themselves uncertain.
LEVELS = (0.1, 0.5, 0.8, 0.94)
RIVAL = 5  # the lead is taken over the fifth best
MAX_RECORD = 2.0  # log-odds; a larger mean size is one leap
FEATURES = ("one", "rate", "entries", "delay", "position", "lead", "share", "record", "rate_share")
# One row per level: damping d per month, wait c, then the weights of FEATURES. Fitted by bench/backtest.py.
WEIGHTS = (
    (0.048, 0.185, -0.349, 0.196, 0.063, -0.070, -0.096, -0.040, -0.142, 0.074, -0.001),
    (0.149, 0.173, -0.755, 0.477, 0.051, 0.220, -0.673, -0.804, 1.646, 0.543, -0.357),
    (0.124, 0.095, -0.027, 0.497, 0.148, 0.486, -0.164, -0.120, 0.287, 0.513, -0.541),
    (0.211, 0.152, 0.525, 0.397, 0.217, 0.783, -0.339, 0.022, 0.104, 0.497, -0.292),
)
# The same for histories of several set-ups. Fitted by bench/answer_forecasts.py.
POOLED_WEIGHTS = (
    (0.040, 0.244, -0.502, 0.282, 0.013, -0.279, -0.146, 0.124, -0.129, 0.091, 0.131),
    (0.084, 0.249, -0.094, -0.202, 0.028, -0.001, -2.415, -0.927, 2.274, 0.217, 0.686),
    (0.139, 0.068, 0.877, 0.815, 0.148, 0.144, -1.260, -0.204, 0.315, 0.436, -0.608),
    (0.241, 0.102, 1.455, 0.735, 0.308, 0.138, -1.026, -0.251, -0.121, 1.094, -0.513),
)


@dataclass(frozen=True, kw_only=True)
class Past:
    """What a forecast starts from; scores are fractions, higher is better.

    best       Best score known at the origin.
    rate       Gain of the best in log-odds per year, over the last RATE_MONTHS or since the first score.
    entries    Scores of the last 12 months, a count.
    delay      Median months between the day of a score and the day it was known, at most MAX_DELAY.
    lead       How far the best is ahead of the fifth best, fraction.
    record     Mean size of the records after the first day's best, in log-odds; 0 without one, at most MAX_RECORD.
    n_items    Number of questions, None when unknown.
    history    Months between the first of the scores and the origin.
    is_quiet   No score became known in the last STALE_MONTHS.
    is_pooled  The scores are of several set-ups of one test (an answer).
    """

    best: float
    rate: float
    entries: int
    delay: float
    lead: float
    record: float
    floor: float
    ceiling: float
    ceiling_low: float
    ceiling_high: float
    n_items: float | None
    history: float = math.inf
    is_quiet: bool = False
    is_pooled: bool = False

    @property
    def is_short(self) -> bool:
        """Less than MIN_MONTHS of history."""
        return self.history < MIN_MONTHS


@dataclass(frozen=True, kw_only=True)
class Fan:
    """Arrays of one length: months ahead, and best, lower, upper as fractions (80% interval)."""

    months: np.ndarray
    best: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Months ahead until a level is reached: middle, earliest, latest; None is beyond SIGHT_MONTHS."""

    middle: int | None
    earliest: int | None
    latest: int | None


def log_odds(score: float, floor: float, ceiling: float, n_items: float | None) -> float:
    """Position between floor and ceiling on the log-odds scale; half a question from either end at most."""
    edge = 1.0 / (2.0 * max(n_items or UNKNOWN_ITEMS, 20.0) + 1.0)
    share = min(max((score - floor) / (ceiling - floor), edge), 1.0 - edge)
    return math.log(share / (1.0 - share))


def look(
    *, days: np.ndarray, known: np.ndarray, score: np.ndarray, origin: np.datetime64, floor: float,
    ceiling: tuple[float, float, float], n_items: float | None,
) -> Past | None:  # fmt: skip
    """The past as it was known on a day; None where the forecast stays silent.

    days, known, score   arrays of one length, any order, no row twice: the day that a score counts from and the day it
                         became known (datetime64), and the score (fraction, higher is better)
    ceiling              its low end, middle and high end; all 1.0 without a review
    """
    seen = known <= origin
    if int(seen.sum()) < MIN_MODELS:
        return None
    age = (origin - days[seen]).astype("timedelta64[D]").astype(float) / DAYS_A_MONTH
    fresh = (origin - known[seen]).astype("timedelta64[D]").astype(float).min() / DAYS_A_MONTH
    oldest = float(age.max())
    value = score[seen]
    best = float(value.max())
    span = min(oldest, RATE_MONTHS)
    before = float(value[age >= span].max())
    rival = float(np.sort(value)[-RIVAL])
    delay = (known[seen] - days[seen]).astype("timedelta64[D]").astype(float) / DAYS_A_MONTH
    bests = np.unique(np.maximum.accumulate(value[np.lexsort((-value, -age))]))
    top = within(best, ceiling)[1]
    climb = log_odds(best, floor, top, n_items) - log_odds(float(bests[0]), floor, top, n_items)
    past = past_of(
        best=best, before=before, years=max(span, 1) / 12, entries=int((age < 12).sum()), delay=float(np.median(delay)),
        lead=best - rival, record=climb / max(len(bests) - 1, 1), floor=floor, ceiling=ceiling, n_items=n_items,
    )  # fmt: skip
    return replace(past, history=oldest, is_quiet=fresh > STALE_MONTHS)


def within(best: float, ceiling: tuple[float, float, float]) -> tuple[float, float, float]:
    """The ends and middle of a ceiling; one below the best score is contradicted, and 1 is taken."""
    return ceiling if best < ceiling[1] else (1.0, 1.0, 1.0)


def past_of(
    *, best: float, before: float, years: float, entries: int, delay: float, lead: float, record: float, floor: float,
    ceiling: tuple[float, float, float], n_items: float | None,
) -> Past:  # fmt: skip
    """A `Past` from the best score now and `years` ago."""
    low, middle, high = within(best, ceiling)
    gain = log_odds(best, floor, middle, n_items) - log_odds(before, floor, middle, n_items)
    return Past(
        best=best, rate=max(gain, 0.0) / years, entries=entries, delay=min(max(delay, 0.0), MAX_DELAY),
        lead=lead, record=min(record, MAX_RECORD), floor=floor, ceiling=middle, ceiling_low=min(max(low, best), middle),
        ceiling_high=max(high, middle), n_items=n_items,
    )  # fmt: skip


def features(past: Past) -> np.ndarray:
    """The numbers that the weights multiply, in the order of FEATURES."""
    position = log_odds(past.best, past.floor, past.ceiling, past.n_items)
    share, rate = 1.0 / (1.0 + math.exp(-position)), min(past.rate, MAX_RATE)
    return np.array(
        [
            1.0, rate, math.log1p(past.entries), past.delay / 6,
            min(max(position, -MAX_POSITION), MAX_POSITION) / 2,
            math.sqrt(max(past.lead, 0.0) / (past.ceiling - past.floor)),
            share, past.record * min(rate, 1.0), rate * share,
        ]
    )  # fmt: skip


def grow(x: np.ndarray, months: np.ndarray, damping: float, wait: float, weights: np.ndarray) -> np.ndarray:
    """Gain in log-odds: features (n, 9) and months (n,) give (n,), and so does one of both; never negative."""
    shape = (1.0 - np.exp(-damping * months)) / (1.0 - math.exp(-12 * damping))
    return np.maximum(x @ weights + wait * np.log(months / 12), 0.0) * shape


def slack(level: float, months: np.ndarray, *, is_short: np.ndarray, is_quiet: np.ndarray) -> np.ndarray:
    """Log-odds by which a level is moved up months ahead; arrays of one length, or single values.

    is_short   short histories of a single set-up: the weights for several ones know short histories
    """
    years = months / 12
    if level <= 0.5:
        return LIFT * years * is_short * (1 - is_quiet) * (level == 0.5)
    return SHORT_SLACK * is_short + QUIET_SLACK * years * is_quiet


def levels(past: Past, months: np.ndarray) -> np.ndarray:
    """Scores at LEVELS for every month ahead: shape (4, months), rising along both axes."""
    x = features(past)[None, :]
    tops = (past.ceiling_low, past.ceiling, past.ceiling_high, past.ceiling_high)
    kind = {"is_short": np.array(past.is_short and not past.is_pooled), "is_quiet": np.array(past.is_quiet)}
    table = POOLED_WEIGHTS if past.is_pooled else WEIGHTS
    rows = []
    for level, top, (damping, wait, *weights) in zip(LEVELS, tops, table, strict=True):
        gain = grow(x, months, damping, wait, np.array(weights)) + slack(level, months, **kind)
        if top <= max(past.floor, past.best):
            rows.append(np.full(len(months), past.best))
            continue
        start = log_odds(past.best, past.floor, top, past.n_items)
        score = past.floor + (top - past.floor) / (1.0 + np.exp(-(start + gain)))
        rows.append(np.where(gain > 0, np.maximum(score, past.best), past.best))
    return np.maximum.accumulate(np.array(rows), axis=0)


def look_ahead(past: Past, months: np.ndarray) -> Fan:
    """Middle forecast and 80% interval for months ahead (positive numbers)."""
    months = np.asarray(months, dtype=float)
    low, middle, most, high = levels(past, months)
    stays = low <= past.best
    return Fan(
        months=months, best=middle, lower=np.where(stays | past.is_short | past.is_quiet, past.best, low),
        upper=np.maximum(np.where(stays, most, high), middle),
    )  # fmt: skip


def first_month(path: np.ndarray, target: float) -> int | None:
    """Index + 1 of the first month of a rising path that reaches a level; None when it never does."""
    reached = np.flatnonzero(np.round(path - target, 9) >= 0)
    return int(reached[0]) + 1 if len(reached) else None


def crossing(past: Past, target: float) -> Crossing:
    """When the best score may reach a level (fraction)."""
    low, middle, _, high = levels(past, np.arange(1.0, SIGHT_MONTHS + 1))
    return Crossing(
        middle=first_month(middle, target),
        earliest=first_month(high, target),
        latest=None if past.is_short or past.is_quiet else first_month(low, target),
    )


def meeting(best: Past, kth: Past, apart: float) -> Crossing:
    """When the k-th best may come within `apart` (fraction) of the best: middle of both, then the k-th fast and the
    best slow, then the other way round. Beyond the sight of a forecast: None.
    """
    months = np.arange(1.0, SIGHT_MONTHS + 1)
    top, chaser = levels(best, months), levels(kth, months)
    chaser = np.minimum(chaser, top)
    return Crossing(
        middle=first_month(chaser[1] - top[1], -apart),
        earliest=first_month(chaser[3] - top[1], -apart),
        latest=first_month(chaser[1] - top[3], -apart),
    )
