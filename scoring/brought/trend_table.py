"""Trend table: state and forecast of tests from a plain table of scores, without a database.

Question  For each test of somebody's own table: does it still tell the best apart, and until when?
Input     Frame of text with benchmark, date, model, score and, where known, metric, n_items, floor, ceiling,
          score_unit, developer. One row per score; floor and ceiling in the unit of the score.
Output    One row per benchmark and metric with exactly COLUMNS; scores, forecasts and k-th best in the unit of the
          input, headroom and indices 0..1, dates ISO text; empty means unknown, with the reason in words.
Method    scoring.signals.saturation for the state, scoring.expected.forecast for what follows. A row counts, and is known, from
          its date; rows after as_of are not read. Identical rows count once. A score_unit that is not stated is read
          from the values: fraction when none is above 1, per cent when none is above 100, else a rating; the reason
          says so. Lower is better where floor is above ceiling (the worst is the larger number), or where the metric's
          name says error. saturation_date: first day of the month in which less than SATURATED of the scale may be
          left; a past day when that has happened.
Silent    Status "cannot_tell" and empty forecasts with fewer than five models, ratings without floor and ceiling, and
          as in the two modules above. Raises BadTable, one sentence, for missing columns and unreadable cells.
"""

import math
import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from scoring.expected import forecast
from scoring.signals import saturation
from scoring.signals.saturation import Scale

COLUMNS = (
    "benchmark", "metric", "status", "n_models", "best", "kth_best", "k", "tie_group_size", "s_index_sqrt_n",
    "s_index_n", "headroom", "forecast_at", "forecast_best", "forecast_lower", "forecast_upper", "saturation_date",
    "saturation_date_lower", "saturation_date_upper", "score_unit", "reason",
)  # fmt: skip
NEEDED = ("benchmark", "date", "model", "score")
OPTIONAL = ("metric", "n_items", "floor", "ceiling", "score_unit", "developer")
NUMBERS = ("score", "n_items", "floor", "ceiling")
SATURATED = 0.1  # a tenth of the scale: where headroom under it begins, the word is "saturated"
SCALES = {"fraction": 1.0, "percent": 100.0}
LOWER_IS_BETTER = re.compile(
    r"\b(error|errors|wer|cer|loss|perplexity|ppl|rmse|mae|mse|hallucination|latency|cost)\b|_error\b|error_rate", re.I
)
DECIMALS = 6  # of what is printed; keeps the last bit of a binary fraction out of the file


class BadTable(Exception):
    """The input cannot be read; the message is one sentence for the person who made it."""


@dataclass(frozen=True, kw_only=True)
class Test:
    """One benchmark and metric; arrays of one length, sorted by nothing. `value` is turned and on the scale 0..1."""

    value: np.ndarray
    day: np.ndarray
    arrays: dict[str, np.ndarray]
    scale: Scale
    unit: str
    low: float
    high: float
    n_items: float | None
    remarks: str

    def printed(self, value: float | None) -> float | None:
        """A turned value in the unit and direction of the input."""
        return None if value is None else self.in_unit(self.scale.printed(value))

    def in_unit(self, value: float | None) -> float | None:
        """A value that was turned back already in the unit of the input."""
        return None if value is None else round(self.low + value * (self.high - self.low), DECIMALS)


def read(table: pd.DataFrame, as_of: date | None) -> tuple[pd.DataFrame, date]:
    """The rows up to as_of, typed, each once, and the day (else the newest date of the table). Raises BadTable."""
    missing = [c for c in NEEDED if c not in table.columns]
    if missing:
        raise BadTable(f"The table has no column {', '.join(missing)}; it has {', '.join(map(str, table.columns))}.")
    text = {c: table[c].astype(object).where(table[c].notna(), "").astype(str).str.strip() for c in NEEDED}
    text |= {
        c: table[c].astype(object).where(table[c].notna(), "").astype(str).str.strip()
        if c in table.columns
        else pd.Series("", index=table.index, dtype=object)
        for c in OPTIONAL
    }
    rows = pd.DataFrame(text)
    rows = rows[(rows[list(NEEDED)] != "").any(axis=1)]
    for column in ("benchmark", "model"):
        if (rows[column] == "").any():
            raise BadTable(f"Row {_first(rows[column] == '')} has no {column}.")
    days = pd.to_datetime(rows["date"].str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
    if days.isna().any():
        raise BadTable(f"Row {_first(days.isna())}: {rows['date'][days.isna()].iloc[0]!r} is no date like 2025-03-31.")
    changes = {"day": days}
    for column in NUMBERS:
        number = pd.to_numeric(rows[column].where(rows[column] != "", None), errors="coerce").astype(float)
        bad = (number.isna() | ~np.isfinite(number.fillna(0))) & ((rows[column] != "") | (column == "score"))
        if bad.any():
            raise BadTable(f"Row {_first(bad)}: {rows[column][bad].iloc[0]!r} is no number ({column}).")
        changes[column] = number
    rows = rows.assign(**changes).drop(columns="date")
    last = as_of or (rows["day"].max().date() if len(rows) else date.min)
    return rows[rows["day"] <= pd.Timestamp(last)].drop_duplicates(), last


def _first(bad: pd.Series) -> int:
    """Line of the first bad row in a CSV file: the header is line 1."""
    return int(bad[bad].index[0]) + 2


def make(table: pd.DataFrame, as_of: date | None = None, at: date | None = None) -> pd.DataFrame:
    """The trend table; `at` is the day of the forecast, 12 months after as_of when not given. Raises BadTable."""
    rows, last = read(table, as_of)
    if rows.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    target = pd.Timestamp(at) if at else pd.Timestamp(last) + pd.DateOffset(months=12)
    if target <= pd.Timestamp(last):
        raise BadTable(f"The forecast day {target.date()} is not after {last}.")
    order = sorted(rows.groupby(["benchmark", "metric"]).indices.items())
    told = [_row(name, metric, rows.iloc[places], last, target) for (name, metric), places in order]
    return pd.DataFrame(told, columns=list(COLUMNS))


def understand(part: pd.DataFrame, metric: str) -> Test:
    """Scale, direction and values of one test. Raises BadTable where its rows contradict each other."""
    name = part["benchmark"].iloc[0]
    units = {_unit(u) for u in part["score_unit"] if u}
    ends = {c: part[c].dropna().unique() for c in ("floor", "ceiling")}
    if len(units) > 1 or any(len(v) > 1 for v in ends.values()):
        raise BadTable(f"The rows of {name!r} state different units, floors or ceilings.")
    remarks = []
    floor, ceiling = (float(ends[c][0]) if len(ends[c]) else math.nan for c in ("floor", "ceiling"))
    score = part["score"].to_numpy()
    unit = next(iter(units), "")
    if not unit:
        unit = "rating" if score.min() < 0 or score.max() > 100 else "percent" if score.max() > 1 else "fraction"
        remarks.append(f"No unit stated: read as {unit}.")
    has_ends = not (math.isnan(floor) or math.isnan(ceiling))
    flip = floor > ceiling if has_ends else LOWER_IS_BETTER.search(metric or name) is not None
    if flip:
        remarks.append("Lower is better.")
    top = SCALES.get(unit)
    bounded = top is not None or has_ends
    low, high = (
        (0.0, top) if top is not None else (min(floor, ceiling), max(floor, ceiling)) if has_ends else (0.0, 1.0)
    )
    value = (score - low) / (high - low)
    worst, best = (floor - low) / (high - low), (ceiling - low) / (high - low)
    scale = Scale(
        is_fraction=bounded, is_lower_better=flip,
        floor=1 - worst if flip else worst, ceiling=1 - best if flip else best,
        is_count=top is not None,
    )  # fmt: skip
    value = np.array([scale.printed(v) for v in value.tolist()])  # turning twice gives the same, so it turns here too
    items = part["n_items"].where(part["n_items"] > 0).to_numpy() if top is not None else np.full(len(part), np.nan)
    known = items[~np.isnan(items)]
    arrays = {
        "score": value, "n": items, "bound": np.full(len(part), np.nan), "se": np.full(len(part), np.nan),
        "developer": saturation.makers(part["developer"]),
        "root": pd.factorize(part["model"])[0], "model": pd.factorize(part["model"])[0],
        "basis": np.full(len(part), "printed"), "name": part["model"].to_numpy(dtype=object),
        "key": part["model"].to_numpy(dtype=str),
        "month": part["day"].to_numpy().astype("datetime64[M]").astype(np.int64),
    }  # fmt: skip
    return Test(
        value=value, day=part["day"].to_numpy().astype("datetime64[D]"), arrays=arrays, scale=scale, unit=unit, low=low,
        high=high, n_items=float(np.median(known)) if len(known) else None, remarks=" ".join(remarks),
    )  # fmt: skip


def _unit(text: str) -> str:
    """One name for the spellings of a unit."""
    plain = text.casefold().strip()
    return {"%": "percent", "per cent": "percent", "percentage": "percent", "proportion": "fraction"}.get(plain, plain)


def _row(name: str, metric: str, part: pd.DataFrame, last: date, target: pd.Timestamp) -> dict[str, object]:
    """One line of the output."""
    test = understand(part, metric)
    order = np.lexsort((test.arrays["key"], -test.value))
    month = pd.Period(last, freq="M").ordinal
    now = saturation.state(order, test.arrays, test.scale, month)
    reason = [str(now["reason"])]
    if not test.scale.is_fraction:
        reason = [f"The unit {test.unit!r} has no stated floor and ceiling, so there is no headroom and no forecast."]
    ahead, said = _ahead(test, last, target) if test.scale.is_fraction else ({}, "")
    shown = {k: test.in_unit(now[k]) for k in ("best", "kth_best")}
    if test.remarks:
        reason.append(test.remarks)
    if said:
        reason.append(said)
    counts = ("n_models", "k", "tie_group_size")
    return {
        "benchmark": name, "metric": metric or None, "status": now["status"], **shown,
        **{c: None if now[c] is None else int(now[c]) for c in counts},
        **{c: None if now[c] is None else round(now[c], DECIMALS) for c in ("s_index_sqrt_n", "s_index_n", "headroom")},
        "forecast_at": str(target.date()), "score_unit": test.unit, "reason": " ".join(reason), **ahead,
    }  # fmt: skip


def _ahead(test: Test, last: date, target: pd.Timestamp) -> tuple[dict[str, object], str]:
    """Forecast columns and a sentence about them."""
    floor = 0.0 if math.isnan(test.scale.floor) else test.scale.floor
    stated = 1.0 if math.isnan(test.scale.ceiling) else test.scale.ceiling
    best = float(test.value.max())
    is_contradicted = best > stated
    if is_contradicted and best >= 1.0:
        return {}, "No forecast: the best score is above every stated end of the scale."
    ceiling = 1.0 if is_contradicted else stated
    if ceiling <= floor:
        return {}, "No forecast: the floor is not below the ceiling."
    goal = ceiling - SATURATED * (ceiling - floor)
    told: dict[str, object] = {}
    said = ""
    saturated = None if is_contradicted else _first_day(test, goal)
    if saturated is not None:
        day = str(saturated)
        told |= {"saturation_date": day, "saturation_date_lower": day, "saturation_date_upper": day}
        said = f"Less than {SATURATED:.0%} of the scale is left since {day}."
    past = forecast.look(
        days=test.day, known=test.day, score=test.value, origin=np.datetime64(last, "D"), floor=floor,
        ceiling=(ceiling,) * 3, n_items=test.n_items,
    )  # fmt: skip
    if past is None or len(np.unique(test.arrays["model"])) < forecast.MIN_MODELS:
        why = f"No forecast: it takes {forecast.MIN_MODELS} models, {forecast.MIN_MONTHS} months of history and a score"
        return told, f"{said} {why} in the last {forecast.STALE_MONTHS} months.".strip()
    months = (target - pd.Timestamp(last)).days / forecast.DAYS_A_MONTH
    fan = forecast.look_ahead(past, np.array([months]))
    ends = sorted(x for x in (test.printed(float(fan.lower[0])), test.printed(float(fan.upper[0]))) if x is not None)
    told |= {"forecast_best": test.printed(float(fan.best[0])), "forecast_lower": ends[0], "forecast_upper": ends[-1]}
    if saturated is not None or is_contradicted:
        return told, said
    when = forecast.crossing(past, goal)
    if when.earliest is None:
        return told, f"Less than {SATURATED:.0%} of the scale left: not in sight within {forecast.SIGHT_MONTHS} months."
    for column, ahead in zip(
        ("saturation_date", "saturation_date_lower", "saturation_date_upper"),
        (when.middle, when.earliest, when.latest),
        strict=True,
    ):
        if ahead is not None:
            told[column] = str((pd.Timestamp(last) + pd.DateOffset(months=ahead)).to_period("M").start_time.date())
    if when.middle is None or when.latest is None:
        said = f"An empty end of the saturation date is later than {forecast.SIGHT_MONTHS} months ahead."
    return told, said


def _first_day(test: Test, goal: float) -> date | None:
    """The first day on which a score reached a level; None where none did."""
    reached = test.day[np.round(test.value - goal, saturation.DECIMALS) > 0]
    return reached.min().astype(date) if len(reached) else None
