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
          and its rank among comparable scores stands in the reason. A unit that is not stated is percent where any
          score of the benchmark is above 1, fraction where at least MIN_FRACTIONS scores are all at most 1, else asked
          for.
Silent    A row that cannot be judged comes back with level "cannot_tell" (or "check_data") and its reason.
"""

import json
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from scoring.expected import judge, second_opinion
from scoring.verdict import combined, levels

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
]
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
UNITS = {"percent": 100.0, "fraction": 1.0}
MIN_FRACTIONS = 5  # fewer scores, all at most 1, could be very low percentages
POWER = 0.5  # where more of the printable values are possible, "possible" says nothing
MAX_DECIMALS = 6  # longer numbers are computed, not printed
OUT_OF_RANGE = "The score is outside 0 to 100%."


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the database holds about the models and tests of a table; scores are fractions.

    tests    printed benchmark -> benchmark_id; models: printed model -> model_id
    fits     benchmark_id, group_id, setting (text of the group, "" for any), tier, n_rows, parameters (JSON),
             rerun_spread, ceiling, ceiling_high
    about    model_id, n_parameters, model_date, date_basis
    found    model_id, benchmark_id, score and the columns ADDED but score_unit
    factors  parameters (JSON) of the stored factor models, one per board
    scores   model_id, series_id, score: what the models of the table get elsewhere
    """

    tests: dict[str, str]
    models: dict[str, str]
    fits: pd.DataFrame
    about: pd.DataFrame
    found: pd.DataFrame
    factors: list[str] = field(default_factory=list)
    scores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["model_id", "series_id", "score"]))


def read(frame: pd.DataFrame) -> pd.DataFrame:
    """Typed rows (score as fraction, numbers, day) with `problem`, a sentence where a row cannot be used, else None.

    Raises ValueError when a needed column is missing.
    """
    missing = [c for c in ("model", "benchmark", "score") if c not in frame.columns]
    if missing:
        raise ValueError(f"The table has no column {', '.join(missing)}.")
    text = frame.reset_index(drop=True)
    text = text.assign(**{c: "" for c in KNOWN if c not in text.columns}).fillna("").astype(str)
    text = text.apply(lambda c: c.str.strip())
    # A sign behind the number states the unit; nothing else may stand beside a number.
    is_signed = text["score"].str.fullmatch(r"[\d.]+ ?%")
    text["score_unit"] = text["score_unit"].mask(is_signed & text["score_unit"].eq(""), "percent")
    text["score"] = text["score"].mask(is_signed, text["score"].str.rstrip("% "))
    number = {
        c: pd.to_numeric(text[c], errors="coerce").astype(float) for c in ("score", "n_items", "n_training_tokens")
    }
    size = pd.to_numeric(text["n_parameters"], errors="coerce").astype(float)
    size = size.fillna(pd.to_numeric(text["params_b"], errors="coerce").astype(float) * 1e9)
    rows = text.assign(**number, n_parameters=size.where((size > 0) & np.isfinite(size)), problem=None)
    rows["n_items"] = rows["n_items"].where((rows["n_items"] >= 1) & np.isfinite(rows["n_items"]))
    rows["release_date"] = pd.to_datetime(text["release_date"], errors="coerce", format="ISO8601")
    rows["decimals"] = text["score"].str.extract(r"^\d*\.(\d+)$", expand=False).str.len().fillna(0)
    rows["score_unit"] = _units(rows)
    rows["fraction"] = rows["score"] / rows["score_unit"].map(UNITS).astype(float)
    for where, sentence in (
        (text["model"].eq("") | text["benchmark"].eq(""), "Name the model and the benchmark."),
        (rows["score"].isna() | np.isinf(rows["score"]), "The score is not a number."),
        (rows["fraction"].isna(), "State the unit of the score: percent or fraction."),
        (~rows["fraction"].between(0, 1), OUT_OF_RANGE),
        (text["release_date"].ne("") & rows["release_date"].isna(), "The date is not a day such as 2024-05-01."),
        (
            (text["n_parameters"].ne("") | text["params_b"].ne("")) & rows["n_parameters"].isna(),
            "The size is not a positive number: n_parameters is a count (7240000000), params_b billions (7.24).",
        ),
    ):
        rows["problem"] = rows["problem"].where(rows["problem"].notna() | ~where, sentence)
    return rows


def _units(rows: pd.DataFrame) -> pd.Series:
    """percent, fraction, or "" where the unit has to be asked for."""
    group = rows.groupby("benchmark")["score"]
    largest, count = group.transform("max"), group.transform("count")
    guess = np.where(largest > 1, "percent", np.where(count >= MIN_FRACTIONS, "fraction", ""))
    stated = rows["score_unit"].str.lower().replace({"%": "percent", "percentage": "percent", "share": "fraction"})
    return stated.where(stated != "", pd.Series(guess, index=rows.index)).where(lambda u: u.isin(list(UNITS)), "")


def empty(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns ADDED, nothing judged yet; rows with a problem keep it as their reason."""
    out = pd.DataFrame({c: np.nan for c in ADDED}, index=rows.index).astype(object)
    out["level"] = np.where(rows["problem"].eq(OUT_OF_RANGE), "check_data", "cannot_tell")
    out["score_unit"] = rows["score_unit"]
    return out.assign(reasons=rows["problem"])


def printed(rows: pd.DataFrame, out: pd.DataFrame) -> pd.DataFrame:
    """Scores in the unit of the input."""
    factor = rows["score_unit"].map(UNITS).astype(float).fillna(1.0)
    return out.assign(**{c: out[c].astype(float) * factor for c in SCORED})[ADDED]


def against(frame: pd.DataFrame, held: Held) -> pd.DataFrame:
    """Judge a table by stored fits; returns the columns ADDED, one row per input row."""
    rows = read(frame)
    out = empty(rows)
    about = held.about.drop_duplicates("model_id").set_index("model_id")
    fits = {name: part for name, part in held.fits.groupby("benchmark_id")}
    chosen_of: dict[tuple, tuple] = {}
    found = {
        (r.model_id, r.benchmark_id, round(r.score, 4)): i
        for i, r in zip(held.found.index, held.found.itertuples(index=False), strict=True)
    }
    judged = []
    for i, row in rows[rows["problem"].isna()].iterrows():
        test, model = held.tests.get(row["benchmark"]), held.models.get(row["model"])
        own = found.get((model, test, round(row["fraction"], 4)))
        if own is not None:
            for column in (c for c in ADDED if c != "score_unit"):
                out.at[i, column] = held.found.at[own, column]
            continue
        if test not in fits:
            out.at[i, "reasons"] = (
                "No test of this name is known here." if test is None
                else "Too few models with a known size have a score on this test."
            )  # fmt: skip
            continue
        known = about.loc[model] if model in about.index else None
        if (test, row["setting"]) not in chosen_of:
            chosen, where = choose(fits[test], row["setting"])
            chosen_of[test, row["setting"]] = (chosen, where, json.loads(chosen["parameters"]))
        chosen, where, fit = chosen_of[test, row["setting"]]
        new = _new(row, known)
        if not new.n_parameters > 0:
            out.at[i, "reasons"] = "State the number of parameters: without a size there are no similar models."
            continue
        told = judge.judge(new, fit)
        more = [*_facts(row, known), *remarks(row, chosen, fit)]
        judged.append(
            {
                "row": i, "told": told, "score": row["fraction"], "chosen": chosen, "fit": fit, "where": where,
                "remarks": more, "model": row["model"], "model_id": model, "n_items": new.n_items,
            }
        )  # fmt: skip
    if judged:
        lines = _levels(_with_seconds(judged, held))
        out.loc[lines.index, lines.columns] = lines.astype(object)
    return printed(rows, out)


def usual_range(row: pd.DataFrame, held: Held, n_sizes: int = 40) -> pd.DataFrame | None:
    """What models of every fitted size get on the test of a one-row table, at the row's date: columns n_parameters,
    expected, lower, upper (fractions); None where there is no fit.
    """
    typed = read(row).iloc[0]
    mine = held.fits[held.fits["benchmark_id"] == held.tests.get(typed["benchmark"])]
    if mine.empty:
        return None
    fit = json.loads(choose(mine, typed["setting"])[0]["parameters"])
    about = held.about.set_index("model_id")
    model = held.models.get(typed["model"])
    new = _new(typed, about.loc[model] if model in about.index else None)
    lines = []
    for size in np.logspace(*fit["size_range"], n_sizes):
        told = judge.judge(replace(new, score=fit["floor"], n_parameters=float(size)), fit)
        lines.append((size, told.expected, told.expected_lower, told.expected_upper))
    return pd.DataFrame(lines, columns=["n_parameters", "expected", "lower", "upper"])


def choose(fits: pd.DataFrame, setting: str) -> tuple[pd.Series, str]:
    """The stored fit for a number, and a sentence on what it is compared with ("" where the setting is the same)."""
    same = fits[(fits["tier"] == "A") & (fits["setting"].str.casefold() == setting.casefold()) & (setting != "")]
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
    told = []
    top = chosen["ceiling"] if pd.isna(chosen["ceiling_high"]) else chosen["ceiling_high"]
    if not fit["is_lower_better"] and not pd.isna(top) and round(row["fraction"], 6) > round(top, 6):
        told.append(
            f"{100 * row['fraction']:.1f} is above the share of questions whose published answer a review found right "
            f"({100 * top:.1f})."
        )
    n_items = fit["n_items"] if pd.isna(row["n_items"]) else row["n_items"]
    if fit["is_item_count"] and n_items is not None and row["decimals"] <= MAX_DECIMALS:
        places = np.array([row["decimals"] + (2 if row["score_unit"] == "percent" else 0)], dtype=float)
        possible, share = judge.is_possible(np.array([row["fraction"]]), np.array([float(n_items)]), places)
        if not possible[0] and share[0] <= POWER:
            told.append(f"Not a whole number of the {int(n_items):,} questions for one run.")
    return told


def _with_seconds(judged: list[dict], held: Held) -> list[dict]:
    """The judged rows with `second`: what the model's other scores on the same board say, None where nothing."""
    tables = [json.loads(text) for text in held.factors]
    table_of = {name: table for table in tables for name in table["series"]}
    stored = {model: dict(zip(p["series_id"], p["score"], strict=True)) for model, p in held.scores.groupby("model_id")}
    brought: dict[str, dict[str, float]] = {}
    for row in judged:
        brought.setdefault(row["model"], {})[row["chosen"]["group_id"]] = row["score"]
    out = []
    for row in judged:
        name = row["chosen"]["group_id"]
        others = stored.get(row["model_id"], {}) | brought[row["model"]]
        told = None
        if name in table_of:
            told = second_opinion.tell(row["score"], name, others, table_of[name], row["n_items"])
        out.append(row | {"second": told})
    return out


def _levels(judged: list) -> pd.DataFrame:
    """Columns ADDED of all judged rows, by row; several rows are corrected together, one row alone never is."""
    p = np.array([_sides(row) for row in judged])
    on_high, on_low = (combined.combine(p[:, side]) for side in (0, 1))
    high = on_high <= on_low
    q = np.full(len(p), np.nan)
    if len(p) > 1:
        one = np.zeros(len(p))
        q = np.where(high, levels.adjusted(on_high, one), levels.adjusted(on_low, one))
    lines = [
        _line(row, bool(is_high), float(min(up, down)), float(q_value))
        for row, is_high, up, down, q_value in zip(judged, high, on_high, on_low, q, strict=True)
    ]
    return pd.DataFrame(lines, index=[row["row"] for row in judged])


def _sides(row: dict) -> list[list[float]]:
    """p-values of one row, high side then low side: size and date, other scores, near-copies (never asked here)."""
    told, second = row["told"], row["second"]
    by_size = (told.p_value, 1.0 - told.p_value) if told.direction == "high" else (1.0 - told.p_value, told.p_value)
    other = (np.nan, np.nan) if second is None else (second.p_high, second.p_low)
    return [[by_size[side], other[side], np.nan] for side in (0, 1)]


def _line(row: dict, is_high: bool, p_value: float, q_value: float) -> dict:
    """Level and sentence of one judged row; the clearer opinion gives the gap and the sentence, as in a build."""
    told, second, is_lower_better = row["told"], row["second"], bool(row["fit"]["is_lower_better"])
    by_size, other, _ = _sides(row)[0 if is_high else 1]
    is_second = other < by_size  # a missing opinion is never the clearer
    gap = abs(row["score"] - (second.expected if is_second else told.expected))
    spread = row["chosen"]["rerun_spread"]
    least = max(levels.MIN_GAP, 0.0 if pd.isna(spread) else levels.RERUN_FACTOR * spread)
    agrees = bool(by_size < levels.OUTSIDE_P and other < levels.OUTSIDE_P)  # a missing opinion agrees with nothing
    level = levels.word(p_value, q_value, gap, least, agrees)
    common = {
        "is_better": is_high, "is_lower_better": is_lower_better, "gap": gap, "smallest_gap": least,
        "q": 1.0 if np.isnan(q_value) else q_value,
    }  # fmt: skip
    if is_second:
        similar = (told.expected_lower, told.expected_upper)
        text = levels.second_sentence(
            level, words="its other scores", second=(second.lower, second.upper), similar=similar, **common
        )
    else:
        inside = level == "usual" and by_size < levels.OUTSIDE_P
        text = levels.sentence(
            "somewhat" if inside else level,
            lower=told.expected_lower,
            upper=told.expected_upper,
            n_comparable=told.n_comparable,
            n_as_far=told.n_as_far,
            **common,
        )
    if level in ("usual", "somewhat"):
        if np.isnan(q_value):
            text = text.replace(" Scores like this turn up by chance.", "")
        if (told.direction == "high") == is_high:  # the rank is by size and date
            text += f" {told.n_as_far} of {told.n_comparable} comparable scores are this far out."
    if second is not None and not is_second and level != "very_unusual":
        text += f" Its other scores suggest {levels.between(second.lower, second.upper)}."
    return {
        "expected": told.expected,
        "expected_lower": told.expected_lower,
        "expected_upper": told.expected_upper,
        "residual_z": told.residual_z,
        "second_opinion_expected": np.nan if second is None else second.expected,
        "second_opinion_z": np.nan if second is None else second.z,
        "p_value": p_value,
        "q_value": q_value,
        "level": level,
        "direction": "high" if is_high else "low",
        "tier": "C" if told.is_extrapolated else "B" if row["where"] else "A",
        "n_comparable": told.n_comparable,
        "reasons": " ".join([text, *filter(None, [row["where"], *row["remarks"]])]),
    }
