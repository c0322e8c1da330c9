"""Trend table: state and forecast of tests from a plain table of scores, without a database.

Question  For each test of somebody's own table: does it still tell the best apart, and until when?
Input     Frame of text with benchmark, date, model, score and, where known, metric, n_items, floor, ceiling,
          score_unit, developer. One row per score; floor and ceiling in the unit of the score.
Output    One row per benchmark and metric with exactly COLUMNS; scores, forecasts and k-th best in the unit of the
          input, headroom and indices 0..1, dates ISO text; empty means unknown, with the reason in words.
Method    scoring.signals.saturation for the state, scoring.expected.forecast for what follows. A row counts, and is known, from
          its date; rows after as_of are not read. Identical rows count once. Numbers and days are read by data/values.py
          (a month or year is its last day); a score_unit that is not stated is settled by data/units.py from all scores of
          the test: a tenth of them that do not fit are left out and told, more, and the unit has to be stated. A bare score of
          at most 1 beside others that say percent is asked about: it may be a fraction. A row that
          is no model's (an average, people, chance: data/model_names.py) is left out and told. Lower is
          better where floor is above ceiling (the worst is the larger number), else where the metric's or test's name says
          so. saturation_date: first day of the month in which less than SATURATED of the scale may be left; a past day
          when that has happened.
Silent    Status "cannot_tell" and empty forecasts with fewer than five models, a unit that has to be stated, ratings without
          floor and ceiling, and as in the two modules above. Raises BadTable, one sentence, for missing columns and
          unreadable cells.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from data import test_names, units, values
from data.model_names import no_model
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
SCALES = units.SCALES
LOW_PERCENT = 0.2  # percentages whose middle is below this are honest results of hard tests
MANY = 5  # rows that a remark names
NO_CLOCK = date(9999, 12, 31)
DECIMALS = 6  # of what is printed; keeps the last bit of a binary fraction out of the file


class BadTable(Exception):
    """The input cannot be read; the message is one sentence for the person who made it."""


class Unclear(Exception):
    """One test of the table cannot be read; the message says what has to be stated."""


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


def read(table: pd.DataFrame, as_of: date | None, today: date = NO_CLOCK) -> tuple[pd.DataFrame, date]:
    """The rows up to as_of, typed, each once, and the day (else the newest date of the table). Raises BadTable."""
    missing = [c for c in NEEDED if c not in table.columns]
    if missing:
        raise BadTable(f"The table has no column {', '.join(missing)}; it has {', '.join(map(str, table.columns))}.")
    text = {
        c: table[c].astype(object).where(table[c].notna(), "").astype(str).str.strip()
        if c in table.columns
        else pd.Series("", index=table.index, dtype=object)
        for c in (*NEEDED, *OPTIONAL)
    }
    rows = pd.DataFrame(text)
    rows = rows[(rows[list(NEEDED)] != "").any(axis=1)]
    for column in ("benchmark", "model"):
        if (rows[column] == "").any():
            raise BadTable(f"Row {_first(rows[column] == '')} has no {column}.")
    names = {printed: test_names.read_test(printed) for printed in rows["benchmark"].unique()}
    stated = {printed: test_names.read_metric(printed)[0] for printed in rows["metric"].unique()}
    metric = rows["benchmark"].map(lambda printed: names[printed].metric)
    rows = rows.assign(metric=rows["metric"].map(stated).where(rows["metric"] != "", metric))
    order = values.day_order(rows["date"])
    changes: dict[str, pd.Series] = {
        "day": _each(rows["date"], lambda t: pd.Timestamp(values.read_release(t, today, order)))
    }
    read_as = {unit: units.read_unit(unit) for unit in rows["score_unit"].unique()}
    changes["score_unit"] = rows["score_unit"].map(lambda u: read_as[u] if read_as[u] is not None else u.casefold())
    bare = rows["score"].map(values.bare)
    rows = rows.assign(score=bare.str[0], aside=bare.str[1])
    marks = {c: values.marks(rows[c]) for c in NUMBERS}
    whole = values.Marks(any(m.comma for m in marks.values()), any(m.point for m in marks.values()))
    for column in NUMBERS:
        known = marks[column] if marks[column].comma or marks[column].point else whole
        changes[column] = _each(rows[column], partial(_number, column=column, known=known))
    signed = rows["score"].str.contains("[%％]|percent|pct", case=False)
    bad = signed & ~changes["score_unit"].isin(["", "percent"])
    if bad.any():
        where = bad.idxmax()
        unit = changes["score_unit"][where]
        raise BadTable(f"Row {_first(bad)}: {rows['score'][where]!r} has a percent sign, and its unit says {unit}.")
    changes["score_unit"] = changes["score_unit"].mask(signed, "percent")
    rows = rows.assign(**changes).drop(columns="date")
    last = as_of or (rows["day"].max().date() if len(rows) else date.min)
    return rows[rows["day"] <= pd.Timestamp(last)].drop_duplicates(), last


def _number(text: str, column: str, known: values.Marks) -> float:
    """A cell of a column of numbers; an empty one is unknown, except the score. Raises values.Unreadable."""
    if not text and column != "score":
        return math.nan
    return float(values.read_whole(text, known) if column == "n_items" else values.read_number(text, known).value)


def _each(texts: pd.Series, reader: Callable[[str], Any]) -> pd.Series:
    """What a reader makes of each text; raises BadTable with the line of the first that it refuses."""
    made = {}
    for place, text in texts.items():
        try:
            made[place] = reader(text)
        except values.Unreadable as problem:
            raise BadTable(f"Row {int(place) + 2}: {problem} ({texts.name})") from problem
    return pd.Series(made, index=texts.index, dtype="datetime64[ns]" if texts.name == "date" else float)


def _first(bad: pd.Series) -> int:
    """Line of the first bad row in a CSV file: the header is line 1."""
    return int(bad[bad].index[0]) + 2


def make(
    table: pd.DataFrame,
    as_of: date | None = None,
    at: date | None = None,
    today: date = NO_CLOCK,
    spellings: Mapping[str, str] = MappingProxyType({}),
) -> pd.DataFrame:
    """The trend table; `at` is the day of the forecast, 12 months after as_of when not given. Raises BadTable.

    spellings   letters and digits of a developer's name, case folded -> maker, so that two spellings are one
    """
    table, others = _models_only(table)
    rows, last = read(table, as_of, today)
    if rows.empty:
        told = [_silent(name, None, "", f"No row of a model. {others[name]}") for name in sorted(others)]
        return pd.DataFrame(told, columns=list(COLUMNS))
    rows = rows.assign(developer=saturation.squeeze(rows["developer"]).map(lambda name: spellings.get(name, name)))
    target = pd.Timestamp(at) if at else pd.Timestamp(last) + pd.DateOffset(months=12)
    if target <= pd.Timestamp(last):
        raise BadTable(f"The forecast day {target.date()} is not after {last}.")
    order = sorted(rows.groupby(["benchmark", "metric"]).indices.items())
    told = [
        _row(name, metric, rows.iloc[places], last, target, others.get(name, "")) for (name, metric), places in order
    ]
    empty = sorted(set(others) - {name for (name, _), _ in order})
    told += [_silent(name, None, str(target.date()), f"No row of a model. {others[name]}") for name in empty]
    return pd.DataFrame(told, columns=list(COLUMNS))


def _models_only(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """The rows that may be models', and by test a remark that names the others: they may lack day and score."""
    if not {"benchmark", "model"} <= set(table.columns):
        return table, {}
    names, tests = (table[c].fillna("").astype(str).str.strip() for c in ("model", "benchmark"))
    is_other = names.map(no_model).notna() & (tests != "")
    rows = [(tests[i], f"row {int(i) + 2}: {names[i]}") for i in table.index[is_other]]
    remarks = {
        test: f"Left out, as no model: {', '.join([r for t, r in rows if t == test][:MANY])}." for test, _ in rows
    }
    return table[~is_other], remarks


def understand(part: pd.DataFrame, metric: str) -> Test:
    """Scale, direction and values of one test. Raises BadTable where its rows contradict each other."""
    name = part["benchmark"].iloc[0]
    stated = {u for u in part["score_unit"] if u}
    ends = {c: part[c].dropna().unique() for c in ("floor", "ceiling")}
    if len(stated) > 1 or any(len(v) > 1 for v in ends.values()):
        raise BadTable(f"The rows of {name!r} state different units, floors or ceilings.")
    remarks = []
    floor, ceiling = (float(ends[c][0]) if len(ends[c]) else math.nan for c in ("floor", "ceiling"))
    measure = units.read_measure(metric, name)
    has_ends = not (math.isnan(floor) or math.isnan(ceiling))
    asked = units.contradiction(next(iter(stated), ""), metric, name) or (
        units.asked(measure) if not has_ends else None
    )
    if asked:
        raise Unclear(asked)
    unit = next(iter(stated), "") or measure.unit
    _ask_about_bare(part, unit)
    if not unit:
        unit, part, said = _settle(part, floor, ceiling)
    else:
        part, said = _in_range(part, unit, measure.is_lower_better)
    remarks += said
    score = part["score"].to_numpy()
    if (part["aside"] != "").any():
        remarks.append("Behind some scores stands more (an error, a change, a footnote), which is not used.")
    flip = floor > ceiling if has_ends else measure.is_lower_better
    top = SCALES.get(unit)
    if floor == ceiling:
        raise Unclear(f"Floor and ceiling are both {floor:g}, which is no scale.")
    beyond = [end for end in (floor, ceiling) if top is not None and not flip and (end < 0 or end > top)]
    if beyond:
        raise Unclear(f"A floor or ceiling of {beyond[0]:g} is not in the unit of the scores, {unit} (0 to {top:g}).")
    if flip:
        remarks.append("Lower is better.")
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


def _ask_about_bare(part: pd.DataFrame, unit: str) -> None:
    """Raise Unclear for a score of at most 1 without a unit beside others whose unit is percent: 0.55 may be 55%."""
    bare = part["score_unit"].eq("") & part["score"].gt(0) & part["score"].le(1)
    if unit == "percent" and bare.any() and part["score_unit"].ne("").any():
        row, value = _first(bare), part["score"][bare.idxmax()]
        raise Unclear(
            f"Row {row}: {value:g} states no unit, and others of this test are percentages: write {value:g}% or {100 * value:g}%."
        )


def _settle(part: pd.DataFrame, floor: float, ceiling: float) -> tuple[str, pd.DataFrame, list[str]]:
    """The unit of a test whose rows state none, the rows that fit it, and remarks; raises Unclear."""
    if not (math.isnan(floor) or math.isnan(ceiling)):
        ends = (min(floor, ceiling), max(floor, ceiling))
        if ends[0] >= 0 and 1 < ends[1] <= 100 and part["score"].between(0, 100).all():
            return "percent", part, ["No unit stated: read as percent."]
        if ends[0] < 0 or ends[1] > 100:
            return "rating", part, ["No unit stated: read as rating."]
    told = units.settle(part["score"].tolist(), min_fractions=1)
    if not told.unit:
        raise Unclear(f"State the unit of the score: {told.reason}.")
    unit = "rating" if told.unit == "points" else told.unit
    stray = np.array(told.stray, dtype=bool)
    return unit, part[~stray], [f"No unit stated: read as {unit}.", *_left_out(part[stray], unit)]


def _in_range(part: pd.DataFrame, unit: str, is_lower_better: bool) -> tuple[pd.DataFrame, list[str]]:
    """The rows that a stated unit allows, and a remark on the others; raises Unclear where these are many.

    An error rate may be above 100% (more words inserted than spoken), so of errors only negative ones are left out.
    """
    if unit not in SCALES:
        return part, []
    stray = (part["score"] < 0) | ((part["score"] > SCALES[unit]) & (not is_lower_better))
    if stray.sum() > max(1, units.STRAY_SHARE * len(part)):
        raise Unclear(
            f"{int(stray.sum())} of {len(part)} scores lie outside 0 to {SCALES[unit]:g}, so their unit is not {unit}."
        )
    above = part["score"][part["score"] != 0]
    if unit == "percent" and len(above) >= units.MIN_FRACTIONS and above.le(1).all() and above.median() > LOW_PERCENT:
        raise Unclear("All scores are at most 1, and their unit says percent: fractions, or very low percentages?")
    return part[~stray], _left_out(part[stray], unit)


def _left_out(rows: pd.DataFrame, unit: str) -> list[str]:
    """A remark that names the rows that are left out, none where there are none."""
    some = ", ".join(f"row {int(i) + 2}: {v:g}" for i, v in rows["score"].head(MANY).items())
    return [f"Left out, as no {unit} like the others: {some}."] if some else []


def _silent(name: str, metric: str | None, day: str, reason: str) -> dict[str, object]:
    """The line of a test of which nothing can be told."""
    silent = dict.fromkeys(COLUMNS) | {"benchmark": name, "metric": metric or None, "status": "cannot_tell"}
    return silent | {"forecast_at": day or None, "reason": reason}


def _row(
    name: str, metric: str, part: pd.DataFrame, last: date, target: pd.Timestamp, others: str
) -> dict[str, object]:
    """One line of the output; `others` says which rows of the test are no model's."""
    try:
        test = understand(part, metric)
    except Unclear as problem:
        return _silent(name, metric, str(target.date()), f"{problem} {others}".strip())
    month = pd.Period(last, freq="M").ordinal
    now: dict[str, Any] = saturation.state(saturation.ranked(test.arrays, test.scale), test.scale, month)
    reason = [str(now["reason"])]
    if not test.scale.is_fraction:
        reason = [f"The unit {test.unit!r} has no stated floor and ceiling, so there is no headroom and no forecast."]
    ahead, said = _ahead(test, last, target) if test.scale.is_fraction else ({}, "")
    shown = {k: test.in_unit(now[k]) for k in ("best", "kth_best")}
    reason += [remark for remark in (test.remarks, others) if remark]
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
    goal = ceiling - forecast.SATURATED * (ceiling - floor)
    told: dict[str, object] = {}
    said = ""
    saturated = None if is_contradicted else _first_day(test, goal)
    if saturated is not None:
        day = str(saturated)
        told |= {"saturation_date": day, "saturation_date_lower": day, "saturation_date_upper": day}
        said = f"Less than {forecast.SATURATED:.0%} of the scale is left since {day}."
    past = forecast.look(
        days=test.day, known=test.day, score=test.value, origin=np.datetime64(last, "D"), floor=floor,
        ceiling=(ceiling,) * 3, n_items=test.n_items,
    )  # fmt: skip
    if past is None or len(np.unique(test.arrays["model"])) < forecast.MIN_MODELS:
        return told, f"{said} No forecast: it takes {forecast.MIN_MODELS} models.".strip()
    if past.is_quiet:
        said = f"{said} {forecast.QUIET}".strip()
    elif past.is_short:
        said = f"{said} Less than {forecast.MIN_MONTHS} months of history: the range is wide.".strip()
    months = (target - pd.Timestamp(last)).days / forecast.DAYS_A_MONTH
    fan = forecast.look_ahead(past, np.array([months]))
    ends = sorted(x for x in (test.printed(float(fan.lower[0])), test.printed(float(fan.upper[0]))) if x is not None)
    told |= {"forecast_best": test.printed(float(fan.best[0])), "forecast_lower": ends[0], "forecast_upper": ends[-1]}
    if saturated is not None or is_contradicted:
        return told, said
    when = forecast.crossing(past, goal)
    if when.earliest is None:
        far = (
            f"Less than {forecast.SATURATED:.0%} of the scale left: not in sight within {forecast.SIGHT_MONTHS} months."
        )
        return told, f"{said} {far}".strip()
    for column, ahead in zip(
        ("saturation_date", "saturation_date_lower", "saturation_date_upper"),
        (when.middle, when.earliest, when.latest),
        strict=True,
    ):
        if ahead is not None:
            told[column] = str((pd.Timestamp(last) + pd.DateOffset(months=ahead)).to_period("M").start_time.date())
    if when.middle is None or when.latest is None:
        said = f"{said} An empty end of the saturation date is later than {forecast.SIGHT_MONTHS} months ahead.".strip()
    return told, said


def _first_day(test: Test, goal: float) -> date | None:
    """The first day on which a score reached a level; None where none did."""
    reached = test.day[np.round(test.value - goal, saturation.DECIMALS) > 0]
    return reached.min().astype(date) if len(reached) else None
