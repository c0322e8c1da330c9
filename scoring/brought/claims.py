"""Judge numbers that somebody brings by what the database already holds.

Question  Which of these numbers are far from what similar models get?
Input     A frame of text with columns model, benchmark, score and, where known, those of KNOWN; `Held`: stored fits,
          facts about the models, and the findings of scores that the database has already (reading/claims.py reads them).
Output    One row per input row in its order, columns ADDED; scores in the unit of the input.
Method    Size and date: scoring/expected/judge.py on a stored fit: the fit of the stated setting (tier A), else of any setting, with the
          measured variance between set-ups (tier B), else of the largest board (tier B, and said). Other scores:
          scoring/expected/second_opinion.py on the board's stored factor model, from what the table and the database say of the
          same model on the same board; both add up as in a build (scoring/verdict/combined.py). A table of several
          rows is corrected like a board (Benjamini and Hochberg 1995, sides apart); one number alone has no q_value,
          and its rank among comparable scores stands in the reason. Numbers, sizes and days are read by data/values.py,
          units by data/units.py (a unit that is not stated is settled by all scores of the test together, else asked for),
          shots and metric in a test's name by data/test_names.py.
Silent    A row that cannot be judged comes back with level "cannot_tell" (or "check_data") and its reason.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from data import named_sizes, test_names, units, values
from data.model_names import no_model
from data.vocabulary import SCORE_UNITS, UNSIGNED_UNITS
from scoring.expected import judge, second_opinion
from scoring.verdict import combined, finding, levels, opinions

KNOWN = [
    "family",
    "n_parameters",
    "params_b",
    "n_active_parameters",
    "n_training_tokens",
    "release_date",
    "n_items",
    "score_unit",
    "evaluator_relationship",
    "setting",
    "metric",
]
NEEDED = ["model", "benchmark", "score"]
ADDED = [
    "expected",
    "expected_lower",
    "expected_upper",
    "residual_z",
    "second_opinion_expected",
    "second_opinion_z",
    "p_value",
    "q_value",
    "level",
    "direction",
    "tier",
    "n_comparable",
    "score_unit",
    "reasons",
]
SCORED = ["expected", "expected_lower", "expected_upper", "second_opinion_expected"]
UNITS = units.SCALES
SLIP, LOW_END = 15.0, 5.0  # as in ingest/checks.py: how far and above what a fraction stands out among percentages
SAME_SIZE = 3.0  # a model whose held size is further from the stated one is another model of that name
SHORT_NAME = 5  # a word of so many letters without a digit ("DPR", "Ada", "Orca") names many things
NO_CLOCK = date(9999, 12, 31)
Sizes = Mapping[str, tuple[float | None, float | None]]
UNSIZED: Sizes = MappingProxyType({})
NO_SIZE = "State the number of parameters (n_parameters or params_b): without a size there are no similar models."
NAME_SHOWN, COLUMNS_SHOWN = 40, 5  # what a sentence repeats of a file's own column names
WITHOUT_SIZE = "Its size is not stated, so its other scores alone speak."
WITHOUT_FIT = "Too few models of known size to compare by size; its other scores alone speak."
OUT_OF_RANGE = "The score is outside 0 to 100%."
NO_SHARE = "This is no share of 100 (a rating, points, an amount): only shares, and ratings that we hold, are judged."
# Metrics by which a fit is chosen when the test's name states them; all others are ways to print the usual one.
DISTINCT = ("mc1", "mc2", "f1", "macro-f1", "micro-f1", "bleu", "chrf", "rouge-l", "win_rate", "lc_win_rate")


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the database holds about the models and tests of a table; scores are fractions.

    tests    printed benchmark -> benchmark_id; models: printed model -> model_id
    fits     benchmark_id, group_id, setting (text of the group, "" for any), tier, n_rows, parameters (JSON),
             rerun_spread, ceiling, ceiling_high
    about    model_id, n_parameters, model_date, date_basis and, where known, n_active_parameters
    found    model_id, benchmark_id, score and the columns ADDED but score_unit
    factors  parameters (JSON) of the stored factor models, one per board
    scores   model_id, series_id, score: what the models of the table get elsewhere
    today    no model has a release date after this year
    """

    tests: dict[str, str]
    models: dict[str, str]
    fits: pd.DataFrame
    about: pd.DataFrame
    found: pd.DataFrame
    factors: list[str] = field(default_factory=list)
    scores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["model_id", "series_id", "score"]))
    today: date = NO_CLOCK


def read(
    frame: pd.DataFrame,
    today: date = NO_CLOCK,
    sizes: Sizes = UNSIZED,
) -> pd.DataFrame:
    """Typed rows (score as fraction, numbers, day) with `problem`, a sentence where a row cannot be used, else None.

    Beside them: `is_doubtful` (the problem is one to check in the data), `test` (the benchmark's name without what it
    states of metric and setting), `read_as` (a sentence on what was used of the name, or not used of the score's cell). Raises
    ValueError when a needed column is missing.

    sizes   printed model -> total and active parameters that are known of it (counts)
    """
    missing = [c for c in NEEDED if c not in frame.columns]
    if missing:
        raise ValueError(f"The table has no column {', '.join(missing)}.")
    text = frame.reset_index(drop=True)
    text = text.assign(**{c: "" for c in KNOWN if c not in text.columns}).fillna("").astype(str)
    text = text.apply(lambda c: c.str.strip())
    for column in ("score_unit", "n_items", "n_training_tokens", "release_date", "n_parameters", "params_b"):
        text[column] = text[column].mask(text[column].map(values.is_nothing), "")
    rows = text.assign(problem=None, is_doubtful=False, **_named(text))
    problems = _Problems(rows)
    problems.add(text["model"].eq("") | text["benchmark"].eq(""), "Name the model and the benchmark.")
    problems.say(list(text["model"].map(no_model)))
    numeric = {
        c: values.marks(text[c].map(lambda t: values.bare(t)[0]))
        for c in ("score", "n_items", "n_training_tokens", "n_parameters", "params_b")
    }
    whole = values.Marks(any(m.comma for m in numeric.values()), any(m.point for m in numeric.values()))
    marks = {c: m if m.comma or m.point else whole for c, m in numeric.items()}
    bare = text["score"].map(values.bare)
    rows["read_as"] = [f"{said} {aside}".strip() for said, (_, aside) in zip(rows["read_as"], bare, strict=True)]
    typed = [_try(values.read_number, t, marks["score"]) for t, _ in bare]
    score = [t.value if isinstance(t, values.Typed) else np.nan for t in typed]
    rows["score"] = pd.Series(score, index=rows.index, dtype=float)
    rows["decimals"] = [t.decimals if isinstance(t, values.Typed) else 0 for t in typed]
    problems.say([_unread(t) if isinstance(t, str) else None for t in typed])
    is_signed = pd.Series([isinstance(t, values.Typed) and t.is_percent for t in typed], index=rows.index, dtype=bool)
    rows["score_unit"] = _units(rows, is_signed, problems)
    rows["fraction"] = rows["score"] / rows["score_unit"].map(UNITS).astype(float)
    problems.add(rows["score_unit"].isin(["rating", "points"]), NO_SHARE)
    problems.add(rows["fraction"].isna(), "State the unit of the score: percent or fraction.")
    problems.add(~rows["fraction"].between(0, 1), OUT_OF_RANGE, is_doubtful=True)
    _slips(rows, text["score"], problems)
    for column, known in (("n_items", values.read_whole), ("n_training_tokens", _amount)):
        read_as = [_try(known, t, marks[column]) if t else np.nan for t in text[column]]
        what = "The number of questions" if column == "n_items" else "The number of training tokens"
        problems.say([f"{what}: {t}" if isinstance(t, str) else None for t in read_as])
        rows[column] = [np.nan if isinstance(t, str) else float(t) for t in read_as]
    order = values.day_order(text["release_date"])
    days = [_try(values.read_release, t, today, order) if t else pd.NaT for t in text["release_date"]]
    problems.say([d if isinstance(d, str) else None for d in days])
    rows["release_date"] = pd.to_datetime(
        pd.Series([pd.NaT if isinstance(d, str) else d for d in days], index=rows.index)
    )
    stated = [_size(n, b, marks) for n, b in zip(text["n_parameters"], text["params_b"], strict=True)]
    problems.say([n if isinstance(n, str) else None for n in stated])
    problems.say([
        None if isinstance(n, str) or pd.isna(n) else _against(m, n, a, sizes.get(m))
        for m, n, a in zip(text["model"], stated, text["n_active_parameters"], strict=True)
    ])  # fmt: skip
    rows["n_parameters"] = pd.Series(
        [np.nan if isinstance(n, str) else n for n in stated], index=rows.index, dtype=float
    )
    return rows


class _Problems:
    """The first problem of each row, kept in its columns `problem` and `is_doubtful`."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows

    def add(self, where: pd.Series, sentence: str, is_doubtful: bool = False) -> None:
        """One sentence for all rows where it holds."""
        self.say([sentence if w else None for w in where], is_doubtful)

    def say(self, sentences: list[str | None], is_doubtful: bool = False) -> None:
        """A sentence per row, None where there is nothing to say."""
        new = pd.Series(sentences, index=self.rows.index, dtype=object)
        fresh = self.rows["problem"].isna() & new.notna()
        self.rows["problem"] = self.rows["problem"].where(~fresh, new)
        self.rows["is_doubtful"] = self.rows["is_doubtful"] | (fresh & is_doubtful)


def _try(reader: Callable[..., Any], *texts: Any) -> Any:
    """What a reader of data/values.py makes of a text, else its sentence."""
    try:
        return reader(*texts)
    except values.Unreadable as problem:
        return str(problem)


def _unread(sentence: str) -> str:
    """Why a score could not be read; that it is no number is said without its text."""
    return "The score is not a number." if sentence.endswith("number.") else f"The score is not certain: {sentence}"


def _amount(text: str, marks: values.Marks) -> float:
    """A number of tokens ("15T", "2e12")."""
    return values.read_amount(text, 1.0, marks)[0]


def _size(count: str, billions: str, marks: dict[str, values.Marks]) -> float | str:
    """Number of parameters of a row from its two columns, NaN where neither says it, a sentence where it cannot be."""
    told = [
        _try(values.read_size, text, unit, marks[column])
        for text, unit, column in ((count, 1.0, "n_parameters"), (billions, 1e9, "params_b"))
        if text
    ]
    wrong = [t for t in told if isinstance(t, str)]
    if wrong:
        return wrong[0]
    if len(told) == 2 and max(told) > 1.5 * min(told):
        return f"The two sizes differ: n_parameters is {told[0]:,.0f}, params_b {told[1] / 1e9:g} billion."
    return told[0] if told else float("nan")


def _against(name: str, size: float, active: str, known: tuple[float | None, float | None] | None) -> str | None:
    """A sentence where a stated size contradicts the model's name, what is known of it or its own active size."""
    part = _try(values.read_size, active, 1.0) if active else None
    if isinstance(part, float) and part > named_sizes.SIZE_FACTOR * size:
        return f"Its active parameters ({part / 1e9:g} billion) are more than all of them ({size / 1e9:g}): one of them is wrong."
    return named_sizes.contradiction(name, size, *(known or (None, None)))


def known_sizes(models: Mapping[str, str], about: pd.DataFrame) -> Sizes:
    """Total and active size of the models of a table by printed name; a short name of several things has none."""
    facts = about.drop_duplicates("model_id").set_index("model_id").to_dict("index")
    return {
        name: (facts[model]["n_parameters"], facts[model].get("n_active_parameters"))
        for name, model in models.items()
        if model in facts and not _is_short(name)
    }


def _is_short(name: str) -> bool:
    """Whether a name is one of several things ("DPR", "Ada", "Orca")."""
    return len(name) <= SHORT_NAME and name.isalpha()


def _named(text: pd.DataFrame) -> dict[str, pd.Series]:
    """Test, metric, setting and read_as: what the test's name states counts where no column states it."""
    names = {printed: test_names.read_test(printed) for printed in text["benchmark"].unique()}
    name = text["benchmark"].map(names)
    stated = text["metric"].map({printed: test_names.read_metric(printed) for printed in text["metric"].unique()})
    metric = stated.str[0].where(text["metric"] != "", name.map(lambda n: n.metric))
    setting = text["setting"].where(
        text["setting"] != "", stated.str[1].where(stated.str[1] != "", name.map(lambda n: n.setting))
    )
    told = [
        f"Read as {n.name}, {', '.join(t for t in (n.metric, n.setting) if t)}." if n.is_split else "" for n in name
    ]
    return {
        "test": name.map(lambda n: n.name), "metric": metric, "setting": setting,
        "read_as": pd.Series(told, index=text.index, dtype=object),
    }  # fmt: skip


def _units(rows: pd.DataFrame, is_signed: pd.Series, problems: _Problems) -> pd.Series:
    """percent, fraction, rating or points; "" where the unit has to be asked for (the reason is noted)."""
    read_as = rows["score_unit"].map({t: units.read_unit(t) for t in rows["score_unit"].unique()})
    unknown = read_as.isna()
    problems.say([
        f"The unit {unit[:40]!r} is not known: write {units.known_units()}." if bad else None
        for unit, bad in zip(rows["score_unit"], unknown, strict=True)
    ])  # fmt: skip
    problems.say([
        f"The score has a percent sign, and its unit says {unit}: one of them is wrong." if bad else None
        for unit, bad in zip(read_as, is_signed & read_as.isin(UNSIGNED_UNITS), strict=True)
    ])  # fmt: skip
    stated = read_as.fillna("").mask(is_signed & read_as.eq(""), "percent").astype(object)
    pairs = list(zip(rows["metric"], rows["benchmark"], strict=True))
    by_name = {pair: units.read_measure(*pair) for pair in set(pairs)}
    named = pd.Series([by_name[pair].unit for pair in pairs], index=rows.index, dtype=object)
    problems.say([units.contradiction(unit, *pair) for unit, pair in zip(stated, pairs, strict=True)])
    problems.say([units.asked(by_name[pair]) for pair in pairs])
    open_ = stated.eq("") & ~unknown
    stated = stated.mask(open_ & named.isin(SCORE_UNITS), named)
    open_ &= stated.eq("") & rows["score"].notna()
    for (test, _), part in rows[open_].groupby(["test", "metric"]):
        told = units.settle(part["score"].tolist())
        stated[part.index] = told.unit
        if told.unit == "":
            sentence = f"State the unit of the score, percent or fraction: {told.reason}."
            problems.say([sentence if i in part.index else None for i in rows.index])
        elif told.unit == "percent":
            odd = {i for i, stray, v in zip(part.index, told.stray, part["score"], strict=True) if stray and 0 < v <= 1}
            sentence = f"State the unit of the score: the others of {test} are percentages, and this one is at most 1."
            if odd:
                problems.say([sentence if i in odd else None for i in rows.index])
    return stated


def _slips(rows: pd.DataFrame, printed: pd.Series, problems: _Problems) -> None:
    """Note percentages of at most 1 among others many times larger: a column that mixes fractions and percentages."""
    percent = rows.loc[(rows["score_unit"] == "percent") & rows["score"].notna(), ["test", "metric", "score"]]
    told: dict[int, str] = {}
    for _, part in percent.groupby(["test", "metric"]):
        low, high = part[(part["score"] > 0) & (part["score"] <= 1)], part[part["score"] > 1]
        middle = high["score"].median() if len(high) else 0.0
        for i in low.index[(middle >= LOW_END) & (middle / low["score"] >= SLIP)]:
            told[i] = f"{printed[i]} percent stands beside percentages around {middle:.0f}: it may be a fraction."
    problems.say([told.get(i) for i in rows.index], is_doubtful=True)


def empty(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns ADDED, nothing judged yet; rows with a problem keep it as their reason."""
    out = pd.DataFrame({c: np.nan for c in ADDED}, index=rows.index).astype(object)
    out["level"] = np.where(rows["is_doubtful"], "check_data", "cannot_tell")
    out["score_unit"] = rows["score_unit"]
    return out.assign(reasons=rows["problem"])


def printed(rows: pd.DataFrame, out: pd.DataFrame) -> pd.DataFrame:
    """Scores in the unit of the input."""
    factor = rows["score_unit"].map(UNITS).astype(float).fillna(1.0)
    return out.assign(**{c: out[c].astype(float) * factor for c in SCORED})[ADDED]


def against(frame: pd.DataFrame, held: Held) -> pd.DataFrame:
    """Judge a table by stored fits; returns the columns ADDED, one row per input row."""
    rows = read(frame, held.today, known_sizes(held.models, held.about))
    out = empty(rows)
    about = held.about.drop_duplicates("model_id").set_index("model_id")
    fits = {name: part for name, part in held.fits.groupby("benchmark_id")}
    chosen_of: dict[tuple, tuple] = {}
    found = {
        (r.model_id, r.benchmark_id, round(r.score, 4)): i
        for i, r in zip(held.found.index, held.found.itertuples(index=False), strict=True)
    }
    for i, row in rows[rows["problem"].eq(NO_SHARE)].iterrows():
        own = _held_rating(held, row)
        if own is not None:
            for column in (c for c in ADDED if c != "score_unit"):
                out.at[i, column] = own[column]
    tables = [json.loads(text) for text in held.factors]
    asked_of = []
    for i, row in rows[rows["problem"].isna()].iterrows():
        test, model = held.tests.get(row["benchmark"]), held.models.get(row["model"])
        known, doubt = _same(row, about.loc[model] if model in about.index else None)
        model = model if not doubt else None
        own = found.get((model, test, round(row["fraction"], 4)))
        if own is not None:
            for column in (c for c in ADDED if c != "score_unit"):
                out.at[i, column] = held.found.at[own, column]
            continue
        asked = (test, row["setting"], row["metric"])
        if asked not in chosen_of:
            mine = with_metric(fits[test], row["metric"]) if test in fits else pd.DataFrame()
            chosen, where = choose(mine, row["setting"]) if len(mine) else (None, "")
            chosen_of[asked] = (chosen, where, {} if chosen is None else json.loads(chosen["parameters"]))
        asked_of.append(_ask(row, known, doubt, test, model, chosen_of[asked], tables) | {"row": i})
    judged = []
    unread = [str(c)[:NAME_SHOWN] for c in frame.columns if c not in (*NEEDED, *KNOWN)]
    aside = f" Not read: {', '.join(unread[:COLUMNS_SHOWN])}." if unread else ""
    for row in _with_seconds(asked_of, held):
        if row["by_size"] is None and row["second"] is None:
            out.at[row["row"], "reasons"] = row["silent"] + (aside if row["silent"].startswith(NO_SIZE) else "")
        else:
            judged.append(row)
    if judged:
        lines = _levels(judged)
        out.loc[lines.index, lines.columns] = lines.astype(object)
    return printed(rows, out)


def _held_rating(held: Held, row: pd.Series) -> pd.Series | None:
    """What the database says of a rating that it holds, in the newest edition of the list that prints it."""
    test, model = held.tests.get(row["benchmark"]), held.models.get(row["model"])
    if test is None or model is None or held.found.empty:
        return None
    name = held.found["benchmark_id"].astype(str)
    mine = held.found[held.found["model_id"].eq(model) & (name.eq(test) | name.str.startswith(f"{test}@"))]
    same = mine[(mine["score"] - row["score"]).abs() <= 0.5 * 10.0 ** -row["decimals"]]
    return None if same.empty else same.sort_values("benchmark_id", kind="stable").iloc[-1]


def _ask(
    row: pd.Series,
    known: pd.Series | None,
    doubt: str,
    test: str | None,
    model: str | None,
    chosen_fit: tuple[pd.Series | None, str, dict],
    tables: list[dict],
) -> dict:
    """What size and date say of a row (`by_size`, None where they cannot speak, `silent` says why), and what its other
    scores need to know of it.
    """
    chosen, where, fit = chosen_fit
    new = _new(row, known)
    by_size, by_size_full, silent = None, None, ""
    if test is None:
        silent = "No test of this name is known here."
    elif chosen is None:
        which = f"in {row['metric']} " if row["metric"] else ""
        silent = f"Too few models with a known size have a score {which}on this test."
    elif not new.n_parameters > 0:
        silent = NO_SIZE
    else:
        by_size = judge.judge(new, fit)
        by_size_full = judge.judge(replace(new, score=0.0 if fit["is_lower_better"] else 1.0), fit)
    group, table = (
        _board(tables, test, row)
        if by_size is None or chosen is None
        else (chosen["group_id"], _table_with(tables, chosen["group_id"]))
    )
    about_test = fit if fit else {} if table is None else table["series"][group]
    more = [row["read_as"], doubt, *_facts(row, known)]
    more += remarks(row, chosen, fit) if chosen is not None else []
    if by_size is None:
        more.append(WITHOUT_SIZE if chosen is not None else WITHOUT_FIT)
    return {
        "by_size": by_size,
        "by_size_full": by_size_full,
        "silent": f"{silent} {doubt}".strip(),
        "score": row["fraction"],
        "group_id": group,
        "table": table,
        "is_lower_better": bool(about_test.get("is_lower_better", False)),
        "rerun_spread": np.nan if chosen is None else chosen["rerun_spread"],
        "where": where if by_size is not None else "",
        "remarks": more,
        "model": row["model"],
        "model_id": model,
        "n_items": new.n_items,
    }


def _table_with(tables: list[dict], series_id: str) -> dict | None:
    """The stored factor model that has a series."""
    return next((table for table in tables if series_id in table["series"]), None)


def _board(tables: list[dict], test: str | None, row: pd.Series) -> tuple[str, dict | None]:
    """The series on which a row without a verdict by size stands beside other scores: of the stated metric and setting
    where there is one, else the only one of its test; ("", None) where it is not clear which.
    """
    mine = [(n, table) for table in tables for n, of in table["series"].items() if of["benchmark_id"] == test]
    for part, stated in ((-2, row["metric"]), (-1, row["setting"])):
        same = [(n, table) for n, table in mine if n.split(":")[part].casefold() == stated.casefold()]
        mine = same or mine
    return mine[0] if len(mine) == 1 else ("", None)


def usual_range(row: pd.DataFrame, held: Held, n_sizes: int = 40) -> pd.DataFrame | None:
    """What models of every fitted size get on the test of a one-row table, at the row's date: columns n_parameters,
    expected, lower, upper (fractions); None where there is no fit.
    """
    typed = read(row, held.today, known_sizes(held.models, held.about)).iloc[0]
    mine = with_metric(held.fits[held.fits["benchmark_id"] == held.tests.get(typed["benchmark"])], typed["metric"])
    if mine.empty:
        return None
    fit = json.loads(choose(mine, typed["setting"])[0]["parameters"])
    about = held.about.set_index("model_id")
    model = held.models.get(typed["model"])
    new = _new(typed, _same(typed, about.loc[model] if model in about.index else None)[0])
    lines = []
    for size in np.logspace(fit["size_range"][0], fit["size_range"][1], n_sizes):
        usual = judge.judge(replace(new, score=fit["floor"], n_parameters=float(size)), fit)
        lines.append((size, usual.expected, usual.expected_lower, usual.expected_upper))
    return pd.DataFrame(lines, columns=["n_parameters", "expected", "lower", "upper"])


def with_metric(fits: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The fits of the stated metric, where it is one that gives other numbers (DISTINCT, pass@k, IFEval's); else all of them."""
    asked = metric.casefold().replace(" ", "_").replace("macro_", "macro-").replace("micro_", "micro-")
    is_distinct = asked in DISTINCT or asked.startswith(("pass@", "maj@", "pass^"))
    if not is_distinct and not asked.endswith(("_strict_accuracy", "_loose_accuracy")):  # IFEval's four
        return fits
    return fits[fits["metric"].str.casefold() == asked]


def _same(row: pd.Series, known: pd.Series | None) -> tuple[pd.Series | None, str]:
    """What is held under a model's name, None where that may be another thing of this name, and a sentence then."""
    if known is None:
        return None, ""
    stated, held = row["n_parameters"], known["n_parameters"]
    if not pd.isna(stated) and not pd.isna(held):
        if max(stated, held) > SAME_SIZE * min(stated, held):
            return None, f"A model of this name is held with {held / 1e9:.3g}B parameters: taken as another one."
        return known, ""
    name = row["model"]
    if _is_short(name):
        return None, f"{name} names several things: no size or date is taken from what is held under it."
    return known, ""


def choose(fits: pd.DataFrame, setting: str) -> tuple[pd.Series, str]:
    """The stored fit for a number, and a sentence on what it is compared with ("" where the setting is the same)."""
    named = {setting.casefold(), test_names.read_shots(setting)} - {""}
    same = fits[(fits["tier"] == "A") & fits["setting"].str.casefold().isin(named)]
    if len(same):
        return same.sort_values("n_rows").iloc[-1], ""
    asked = "another setting" if setting else "its setting is not stated"
    pooled = fits[fits["tier"] == "B"]
    if len(pooled):
        return pooled.sort_values("n_rows").iloc[-1], f"Compared with scores in any setting ({asked})."
    largest = fits.sort_values("n_rows").iloc[-1]
    return (
        largest,
        f"Compared with scores in the setting {largest['setting']} ({asked}): part of a gap may be the set-up.",
    )


def _new(row: pd.Series, known: pd.Series | None) -> judge.New:
    """One row as a number to judge; what it does not state comes from what is held about the model. Size NaN: unknown."""
    size, day, basis = row["n_parameters"], row["release_date"], "release"
    if known is not None:
        size = known["n_parameters"] if pd.isna(size) else size
        if pd.isna(day):
            day, basis = known["model_date"], known["date_basis"]
    return judge.New(
        score=row["fraction"],
        n_parameters=float("nan") if pd.isna(size) else float(size),
        model_date=None if pd.isna(day) else pd.Timestamp(day).date(),
        date_basis=None if pd.isna(day) else basis,
        n_items=None if pd.isna(row["n_items"]) else row["n_items"],
    )


def _facts(row: pd.Series, known: pd.Series | None) -> list[str]:
    """Which facts came from the database and not from the row."""
    if known is None:
        return []
    taken = [
        word
        for word, stated, held in (
            ("size", row["n_parameters"], known["n_parameters"]),
            ("date", row["release_date"], known["model_date"]),
        )
        if pd.isna(stated) and not pd.isna(held)
    ]
    return [f"Its {' and '.join(taken)} as held in the database."] if taken else []


def remarks(row: pd.Series, chosen: pd.Series, fit: dict) -> list[str]:
    """What else there is to say of a number: above the share of right keys, no whole number of questions."""
    sentences = []
    top = chosen["ceiling"] if pd.isna(chosen["ceiling_high"]) else chosen["ceiling_high"]
    if not fit["is_lower_better"] and not pd.isna(top) and round(row["fraction"], 6) > round(top, 6):
        sentences.append(
            f"{100 * row['fraction']:.1f} is above the share of questions whose published answer a review found right "
            f"({100 * top:.1f})."
        )
    n_items = fit["n_items"] if pd.isna(row["n_items"]) else row["n_items"]
    if fit["is_item_count"] and n_items is not None and row["decimals"] <= judge.MAX_DECIMALS:
        places = np.array([row["decimals"] + (2 if row["score_unit"] == "percent" else 0)], dtype=float)
        possible, share = judge.is_possible(np.array([row["fraction"]]), np.array([float(n_items)]), places)
        if not possible[0] and share[0] <= judge.POWER:
            sentences.append(f"Not a whole number of the {int(n_items):,} questions for one run.")
    return sentences


def _with_seconds(asked: list[dict], held: Held) -> list[dict]:
    """The rows with `second`: what the model's other scores on the same board say, None where nothing."""
    stored = {model: dict(zip(p["series_id"], p["score"], strict=True)) for model, p in held.scores.groupby("model_id")}
    brought: dict[str, dict[str, float]] = {}
    for row in asked:
        brought.setdefault(row["model"], {})[row["group_id"]] = row["score"]
    out = []
    for row in asked:
        # What is held of a model speaks for it; the table's own rows do where nothing is, so that a claim about a known
        # model has one answer whatever stands beside it.
        others = (stored.get(row["model_id"]) or brought[row["model"]]) | {row["group_id"]: row["score"]}
        opinion, full = None, None
        if row["table"] is not None:
            opinion, full = (
                second_opinion.tell(score, row["group_id"], others, row["table"], row["n_items"])
                for score in (row["score"], 0.0 if row["is_lower_better"] else 1.0)
            )
        if opinion is not None and _is_beyond(opinion, row):
            aside = f"Its other scores would suggest {levels.between(opinion.lower, opinion.upper)}, which similar models do not get."
            row, opinion = row | {"remarks": [*row["remarks"], aside]}, None
        out.append(row | {"second": opinion, "second_full": None if opinion is None else full})
    return out


def _is_beyond(second: second_opinion.Opinion, row: dict) -> bool:
    """Whether other scores promise more than any similar model gets, of a model that gets what similar models get.

    Few-shot scores of base models say nothing of a test of instructions: the factors then point where no model of this size
    is, and a low mark would follow from the extrapolation alone.
    """
    by_size = row["by_size"]
    if by_size is None:
        return False
    low, high = by_size.expected_lower, by_size.expected_upper
    beyond = second.upper < low if row["is_lower_better"] else second.lower > high
    return bool(beyond and low <= row["score"] <= high)


def _levels(judged: list[dict]) -> pd.DataFrame:
    """Columns ADDED of all judged rows, by row; several rows are corrected together, one row alone never is."""
    p_high, p_low = (np.array([_opinions(row, is_high=side) for row in judged]) for side in (True, False))
    # What the best score of all would get: where it would not be marked either, an ordinary one says nothing.
    full = [row | {"by_size": row["by_size_full"], "second": row["second_full"]} for row in judged]
    is_blind = combined.combine(np.array([_opinions(row, is_high=True) for row in full])) > levels.ALONE_P
    by_size = [row["by_size"] for row in judged]
    second = [row["second"] for row in judged]

    def of(held: list, name: str) -> np.ndarray:
        """One number of every row's opinion; NaN where it has none."""
        return np.array([np.nan if one is None else getattr(one, name) for one in held], dtype=float)

    levelled = opinions.assign(
        opinions.Placed(
            observed=np.array([row["score"] for row in judged]),
            expected=of(by_size, "expected"),
            lower=of(by_size, "expected_lower"),
            upper=of(by_size, "expected_upper"),
            p_high=combined.combine(p_high),
            p_low=combined.combine(p_low),
            n_comparable=of(by_size, "n_comparable"),
            as_far_high=of(by_size, "n_as_far"),
            as_far_low=of(by_size, "n_as_far"),
            rerun_spread=np.array([row["rerun_spread"] for row in judged], dtype=float),
            is_lower_better=np.array([row["is_lower_better"] for row in judged]),
            remark=np.array([" ".join(filter(None, [row["where"], *row["remarks"]])) for row in judged], dtype=object),
            by_size_high=p_high[:, 0],
            by_size_low=p_low[:, 0],
            second=opinions.Second(
                expected=of(second, "expected"),
                lower=of(second, "lower"),
                upper=of(second, "upper"),
                p_high=p_high[:, 1],
                p_low=p_low[:, 1],
                words=np.full(len(judged), "its other scores", dtype=object),
            ),
            rank=_ranks(judged, combined.combine(p_high) <= combined.combine(p_low)),
            # Every number is answered by itself, so that one claim has one answer in a table of one or of ten thousand.
            is_list=False,
        )
    )
    # For a reader who looks through the whole table; a single number has none.
    sides = finding.sides(combined.combine(p_high), combined.combine(p_low), is_list=len(judged) > 1)
    q_value = sides.q_value
    is_blind &= levelled.level == "usual"
    return pd.DataFrame(
        {
            "expected": of(by_size, "expected"),
            "expected_lower": of(by_size, "expected_lower"),
            "expected_upper": of(by_size, "expected_upper"),
            "residual_z": of(by_size, "residual_z"),
            "second_opinion_expected": of(second, "expected"),
            "second_opinion_z": of(second, "z"),
            "p_value": levelled.side.p_value,
            "q_value": q_value,
            "level": np.where(is_blind, "cannot_tell", levelled.level),
            "direction": levelled.side.direction,
            "tier": [_tier(row) for row in judged],
            "n_comparable": of(by_size, "n_comparable"),
            "reasons": np.where(is_blind, levelled.reason + f" {levels.NO_POWER}", levelled.reason),
        },
        index=[row["row"] for row in judged],
    )


def _opinions(row: dict, *, is_high: bool) -> list[float]:
    """p-values of one row on one side: size and date, other scores, near-copies (never asked here)."""
    by_size, second = row["by_size"], row["second"]
    p_by_size = np.nan
    if by_size is not None:
        p_by_size = by_size.p_value if (by_size.direction == "high") == is_high else 1.0 - by_size.p_value
    other = np.nan if second is None else second.p_high if is_high else second.p_low
    return [p_by_size, other, np.nan]


def _tier(row: dict) -> str:
    """A the same setting, B any setting, C a size beyond the fitted ones; other scores alone are of one setting."""
    if row["by_size"] is not None and row["by_size"].is_extrapolated:
        return "C"
    return "B" if row["where"] else "A"


def _ranks(judged: list[dict], is_high: np.ndarray) -> np.ndarray:
    """Sentences on the rank by size and date, where that is on the score's own side."""
    every = [row["by_size"] for row in judged]
    ranks = [
        f"{levels.far_out(one.n_as_far, one.n_comparable, 'score')}."
        if one is not None and (one.direction == "high") == high
        else ""
        for one, high in zip(every, is_high.tolist(), strict=True)
    ]
    return np.array(ranks, dtype=object)
