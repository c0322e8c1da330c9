"""Outlook: where the best score of a test may go in the next year, and when there is hardly room left.

Question  What may the best score be in a year, when is a tenth of the scale left, and when do the top five tie?
Input     Evidence; as for the signal saturation, which also says from which day a score counts.
Output    Trend rows per series of headline scores in fractions. In the month of the evidence: reason (always), and
          where there is a forecast rate (log-odds per year), n_entries (scores of the last 12 months), day_basis, and
          as text "2027-05" saturation_month, saturation_earliest, saturation_latest, tie_month, tie_earliest,
          tie_latest (absent: not in sight). In each of the next 12 months: best, lower, upper (fractions, 80%).
Method    scoring.expected.forecast from the days on which models of this strength appeared: the printed day, else the release,
          else the listing. saturation: the best reaches the ceiling minus a tenth of the scale. tie: the K-th best, one
          entry per developer and root model, comes within the error of the best; it is forecast like the best, from
          its own gains. A renewed test ends with its version: its forecast speaks of this version only.
          The error is that of the signal saturation: of a count, or the largest possible one of an average.
Silent    Subjects and subtasks, ratings, a best score at the floor; and as scoring.expected.forecast, with the reason. A test
          on which nobody was tested for a year gets the range of that module, and no latest month: mostly nothing
          happens on a board that nobody feeds (back-test, sets "quiet" and "unfed"). A best score of 100% stays. No tie
          month where the number of questions is unknown. A best score above the ceiling contradicts it: 100% is taken and
          no month is told.
"""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from scoring.expected import forecast
from scoring.expected.population import Population
from scoring.results import TREND, SignalRows
from scoring.signals import saturation

TITLE = "What may come next on a test"
QUESTION = "Where may the best score go in the next year, and when is there hardly room left?"
METHOD_VERSION = "7"
AHEAD = 12  # months; as far as the forecasts were back-tested
MIN_HISTORY = 1.0  # months; what was captured once says nothing about a pace
THRESHOLDS = {
    "min_history": MIN_HISTORY,
    "min_models": forecast.MIN_MODELS,
    "min_months": forecast.MIN_MONTHS,
    "short_slack": forecast.SHORT_SLACK,
    "lift": forecast.LIFT,
    "quiet_slack": forecast.QUIET_SLACK,
    "stale_months": forecast.STALE_MONTHS,
    "sight_months": forecast.SIGHT_MONTHS,
    "saturated": forecast.SATURATED,
    "weights": [list(row) for row in forecast.WEIGHTS],
    "pooled_weights": [list(row) for row in forecast.POOLED_WEIGHTS],
}
SIGNAL_ID = "outlook"
SHORT = f"Less than {forecast.MIN_MONTHS} months of history."


def compute(population: Population) -> SignalRows:
    """Trend rows of every headline series in fractions."""
    evidence = population.evidence
    frame = saturation.usable(evidence)
    if not frame.empty:
        frame = frame[(frame["unit"] == "fraction") & ~frame["is_subset"]]
    if frame.empty:
        return SignalRows()
    return SignalRows(trends=pd.DataFrame(rows_by(frame, "series_id", evidence.asof), columns=TREND))


def rows_by(frame: pd.DataFrame, key: str, asof: date, *, has_ties: bool = True) -> list[tuple]:
    """Trend rows of every group of `frame` (rows of saturation.usable in fractions) that shares a value of `key`.

    has_ties   whether months of a tie are told: only within one set-up, since ties are judged otherwise across them;
               the forecast of several set-ups together has weights of its own (`Past.is_pooled`)
    """
    frame = frame.assign(series_id=frame[key])
    scales, arrays = saturation.scales_of(frame), saturation.columns_of(frame)
    arrays |= {name: frame[name].to_numpy().astype("datetime64[D]") for name in ("appeared", "known_from")}
    arrays |= {name: frame[name].to_numpy() for name in ("ceiling_low", "ceiling_high")}
    origin = np.datetime64(asof, "D")
    rows = []
    for name, places in frame.groupby("series_id", sort=True).indices.items():
        part = {column: values[places] for column, values in arrays.items()}
        rows += _series(str(name), part, scales[str(name)], origin, has_ties)
    return rows


def _series(
    series_id: str, part: dict[str, np.ndarray], scale: saturation.Scale, origin: np.datetime64, has_ties: bool
) -> list[tuple]:
    """Rows of one series."""
    month = origin.astype("datetime64[M]").astype(int)
    score = part["score"]
    floor = 0.0 if math.isnan(scale.floor) else scale.floor
    ceiling = _ceiling(part, scale)
    counts = part["n"][~np.isnan(part["n"])]
    n_items = float(np.median(counts)) if len(counts) else None
    past = None
    if len(set(part["model"].tolist())) >= forecast.MIN_MODELS and floor < float(score.max()) <= 1.0:
        once = _once(part["model"], part["appeared"].astype(int), score)
        past = forecast.look(
            days=part["appeared"][once], known=part["known_from"][once], score=score[once], origin=origin,
            floor=floor, ceiling=ceiling, n_items=n_items,
        )  # fmt: skip
    past = past and replace(past, is_pooled=not has_ties)
    if past is None or past.history < MIN_HISTORY:
        why = (
            f"No forecast: it takes {forecast.MIN_MODELS} models, a month of history, and a best score above the floor."
        )
        return [_text(series_id, month, "reason", why)]
    basis = max(saturation.BASES, key=lambda word: int(np.count_nonzero(part["basis"] == word)))
    rows = [
        (SIGNAL_ID, series_id, _day(month), "rate", past.rate, None),
        (SIGNAL_ID, series_id, _day(month), "n_entries", float(past.entries), None),
        _text(series_id, month, "day_basis", basis),
    ]
    fan = forecast.look_ahead(past, np.arange(1, AHEAD + 1))
    for ahead, best, lower, upper in zip(range(1, AHEAD + 1), fan.best, fan.lower, fan.upper, strict=True):
        ends = sorted((scale.printed(float(lower)), scale.printed(float(upper))))
        values = {"best": scale.printed(float(best)), "lower": ends[0], "upper": ends[1]}
        rows += [(SIGNAL_ID, series_id, _day(month + ahead), name, value, None) for name, value in values.items()]
    said = [forecast.QUIET] if past.is_quiet else [f"{SHORT} The range is wide."] if past.is_short else []
    is_contradicted = past.ceiling != ceiling[1]
    goal = past.ceiling - forecast.SATURATED * (past.ceiling - floor)
    if is_contradicted:
        said.append("The best score contradicts the ceiling, so no month of saturation is told.")
    elif past.best > goal:
        said.append("Less than a tenth of the scale is left already.")
    else:
        rows += _months(series_id, month, "saturation", forecast.crossing(past, goal), said)
    if has_ties:
        rows += _tie(series_id, month, part, past, origin, said)
    return [*rows, _text(series_id, month, "reason", " ".join(said))]


def _once(*columns: np.ndarray) -> np.ndarray:
    """Places of rows that differ in a column: the first of each kind, in the order of the columns."""
    order = np.lexsort(columns[::-1])
    is_new = np.zeros(len(order), dtype=bool)
    is_new[0] = True
    for column in columns:
        is_new[1:] |= column[order[1:]] != column[order[:-1]]
    return order[is_new]


def _ceiling(part: dict[str, np.ndarray], scale: saturation.Scale) -> tuple[float, float, float]:
    """Low end, middle and high end of the ceiling; 1.0 without a review, and where lower is better."""
    if math.isnan(scale.ceiling):
        return 1.0, 1.0, 1.0
    low, high = (float(part[name][0]) for name in ("ceiling_low", "ceiling_high"))
    return (
        scale.ceiling if math.isnan(low) else low,
        scale.ceiling,
        scale.ceiling if math.isnan(high) else high,
    )


def _tie(
    series_id: str, month: int, part: dict[str, np.ndarray], past: forecast.Past, origin: np.datetime64, said: list[str]
) -> list[tuple]:
    """Rows about the month in which the top K may tie; adds its sentence to `said`."""
    k = saturation.K
    order = np.lexsort((part["key"], -part["score"]))
    now = part["score"][saturation.distinct(order, part["developer"], part["root"], 2 * k)]
    bounds = part["bound"][~np.isnan(part["bound"])]
    n_items = past.n_items if past.n_items is not None else float(np.median(bounds)) if len(bounds) else None
    if len(now) < k or n_items is None:
        said.append("When the top five tie cannot be told.")
        return []
    apart = saturation.TIE_Z * math.hypot(
        saturation.standard_error(float(now[0]), n_items),
        saturation.standard_error(float(now[k - 1]), n_items),
    )
    if round(float(now[0] - now[k - 1]) - apart, saturation.DECIMALS) <= 0:
        said.append("The top five are within the error of the best already.")
        return []
    age = (origin - part["appeared"]).astype(float) / forecast.DAYS_A_MONTH
    span = min(float(age.max()), forecast.RATE_MONTHS)
    old = order[age[order] >= span]
    before = part["score"][saturation.distinct(old, part["developer"], part["root"], k)]
    chaser = forecast.past_of(
        best=float(now[k - 1]), before=float(before[-1]), years=span / 12, entries=past.entries, delay=past.delay,
        lead=float(now[k - 1] - now[-1]), record=past.record, floor=past.floor, ceiling=(past.ceiling_low, past.ceiling, past.ceiling_high),
        n_items=past.n_items,
    )  # fmt: skip
    return _months(series_id, month, "tie", forecast.meeting(past, chaser, apart), said)


def _months(series_id: str, month: int, name: str, found: forecast.Crossing, said: list[str]) -> list[tuple]:
    """Text rows of a crossing; nothing but a sentence when even the earliest month is out of sight."""
    what = "A tenth of the scale left" if name == "saturation" else "A tie of the top five"
    if found.earliest is None:
        said.append(f"{what}: not in sight within {forecast.SIGHT_MONTHS} months.")
        return []
    ends = (("month", found.middle), ("earliest", found.earliest), ("latest", found.latest))
    months = {end: None if ahead is None else str(_day(month + ahead))[:7] for end, ahead in ends}
    latest = months["latest"] or "not in sight"
    said.append(f"{what}: {months['earliest']} at the earliest, {latest} at the latest.")
    return [_text(series_id, month, f"{name}_{end}", text) for end, text in months.items() if text]


def _day(month: int) -> object:
    """First day of a month given as its number since 1970."""
    years, months = divmod(int(month), 12)
    return date(1970 + years, months + 1, 1)


def _text(series_id: str, month: int, name: str, text: str) -> tuple:
    """A trend row in words."""
    return (SIGNAL_ID, series_id, _day(month), name, None, text)
