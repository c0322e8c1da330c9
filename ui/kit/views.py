"""What the pages have in common: the queries behind them, shaped for a chart or a table.

Question  Which rows does a page show, and in which words?
Input     a `frame.Page` (build and selection).
Output    frames ready for ui/kit/charts.py and ui/kit/tables.py, sentences ready for the screen.
Method    Everything through ui/kit/data.py; nothing is computed here that belongs to the build.
Silent    Missing numbers stay missing; tables show them as "not reported".
"""

from typing import Any

import pandas as pd
import streamlit as st

from data.vocabulary import DIRECTIONS, MARKED
from store import Where
from ui.kit import data, tables, words
from ui.kit.frame import Page
from ui.kit.links import link_to_benchmark, link_to_model, page_of_model
from ui.kit.shelf import remembered

__all__ = ["link_to_benchmark", "link_to_model", "page_of_model"]  # pages reach these through here

CHART_COLUMNS = (
    "evaluation_id",
    "model_id",
    "model_name",
    "n_parameters",
    "score",
    "score_reported",
    "expected",
    "expected_lower",
    "expected_upper",
    "residual_z",
    "level",
    "direction",
    "tier",
    "unit",
)
TABLE_COLUMNS = (
    *CHART_COLUMNS,
    "benchmark_id",
    "benchmark_name",
    "benchmark_version",
    "setting",
    "setting_group",
    "family",
    "model_date",
    "gap",
    "p_value",
    "q_value",
    "developer",
    "n_as_far",
    "n_comparable",
    "reason",
    "evaluator_relationship",
    "first_seen_date",
    "maintainer_flag",
    "source_title",
    "source_url",
    "is_redistributable",
)
CANNOT_TELL = (
    "It cannot tell **why** a score is unusual. "
    + words.CANNOT_RULE_OUT
    + " A score in the usual range is not thereby right, and a score that we could not compare is neither."
)


def model_link(width: int) -> Any:
    """Column setting for the link to a model's page, under the model's name."""
    return st.column_config.LinkColumn("Model", display_text=r"#(.*)$", width=width, pinned=True)


MODEL_LINK = model_link(380)


def members(page: Page, model_id: str) -> tuple[str, ...]:
    """All models of one release: dated versions, hosts and spellings of what people call one model."""
    if not data.has(page.path, "model", "release_id"):
        return (model_id,)
    own = data.read(page.path, "model", ("release_id",), (Where("model_id", "=", model_id),))
    same = Where("release_id", "in", tuple(own["release_id"]))
    return tuple(data.read(page.path, "model", ("model_id",), (same,), ("model_id",))["model_id"]) or (model_id,)


def benchmark_label(name: str, version: object) -> str:
    """Name and version of a benchmark, the version only where it adds something."""
    return name if words.is_missing(version) or str(version) in str(name) else f"{name} {version}"


def for_reading(rows: pd.DataFrame) -> pd.DataFrame:
    """Findings with the extra columns that tables show: link, level in words, range, per cent, size in billions."""
    shown = rows.copy()
    told = rows[["level", "direction", "score", "expected_lower", "expected_upper"]]
    shown["level_text"] = [words.verdict_text(*row) for row in told.itertuples(index=False)]
    shown["model_link"] = [link_to_model(i, n) for i, n in zip(rows["model_id"], rows["model_name"], strict=True)]
    units = rows["unit"] if "unit" in rows else pd.Series("fraction", index=rows.index)
    ends = zip(rows["expected_lower"], rows["expected_upper"], units, strict=True)
    shown["range"] = [words.between(low, high, unit) for low, high, unit in ends]
    shown["source_url"] = [tables.web_address(u) for u in rows["source_url"]]
    if "tier" in rows:
        shown["tier_text"] = rows["tier"].map(words.TIERS)
    if {"benchmark_name", "benchmark_version"} <= set(rows.columns):
        names = zip(rows["benchmark_name"], rows["benchmark_version"], strict=True)
        labels = [benchmark_label(name, version) for name, version in names]
        short = words.short_names(sorted(set(labels)), 60)  # what stands in brackets would be cut off
        shown["benchmark"] = [short[label] for label in labels]
    if "unit" in rows:
        pairs = zip(rows["score"], rows["unit"], strict=True)
        shown["score_percent"] = [words.score(score, unit) for score, unit in pairs]
    if set(words.STILL) <= set(rows.columns):
        shown["still"] = [words.dots(list(row)) for row in rows[list(words.STILL)].itertuples(index=False)]
    if "gap" in rows:
        scale = units.map(words.scale)
        shown["expected_percent"] = scale * rows["expected"]
        shown["gap_points"] = scale * rows["gap"]
        if "markable_gap" in rows:
            shown["markable_points"] = scale * rows["markable_gap"]
        shown["better_gap"] = rows["gap"].abs().where(rows["direction"] == "high", -rows["gap"].abs())
        shown["size_billions"] = rows["n_parameters"] / 1e9
        shown["as_far"] = [
            None if words.is_missing(far) else f"{words.count(far)} of {words.count(of)}"
            for far, of in zip(rows["n_as_far"], rows["n_comparable"], strict=True)
        ]
        shown["ran_by"] = rows["evaluator_relationship"].map(words.RAN_BY)
    return shown


def table_columns(page: Page) -> tuple[str, ...]:
    """Columns of a table of verdicts; builds from before the sensitivity runs or the smallest gap lack them."""
    extra = (tuple(words.STILL), ("markable_gap",))
    return (*TABLE_COLUMNS, *(c for names in extra if data.has(page.path, "anomalies", *names) for c in names))


def chosen_rows(page: Page, view: str = "anomalies") -> tuple[Where, ...]:
    """Conditions on a view: the headline verdict of every score that counts in the reader's selection."""
    base = data.CURRENT if view == "scores" else data.COUNTED
    return (*base, *page.selection.to_where(data.columns(page.path, view)))


def level_counts(page: Page) -> pd.DataFrame:
    """Number of scores per level and direction in the selection."""
    return data.count(page.path, "anomalies", ("level", "direction"), chosen_rows(page))


def flagged_counts(page: Page) -> tuple[int, int]:
    """Scores called unusual or very unusual in the selection: high side, low side."""
    counts = level_counts(page)
    flagged = counts[counts["level"].isin(MARKED)]
    high, low = (int(flagged.loc[flagged["direction"] == side, "n"].sum()) for side in DIRECTIONS)
    return high, low


def n_tested(page: Page) -> int:
    """Scores in the selection that got a verdict."""
    counts = level_counts(page)
    return int(counts.loc[~counts["level"].isin(["cannot_tell", "check_data"]), "n"].sum())


def group_name(page: Page, setting_group: str) -> str:
    """What makes a group of scores comparable, in words: the name of the board, or the setting itself."""
    known = data.read(page.path, "source", ("source_id", "title"))
    titles = dict(zip(known["source_id"], known["title"], strict=True))
    board, comma, asked = setting_group.partition(", ")
    return titles.get(board, board) + comma + asked


def series_where(page: Page, series_id: str) -> tuple[Where, ...]:
    """Conditions for the scatter of one series, without the reader's filters."""
    return (*data.VERDICTS, Where("series_id", "=", series_id))


def series_rows(page: Page, series_id: str) -> pd.DataFrame:
    """Scores of one series in the selection, with their usual ranges."""
    where = (*series_where(page, series_id), *page.selection.to_where(data.columns(page.path, "anomalies")))
    return data.read(page.path, "anomalies", CHART_COLUMNS, where, ("n_parameters", "evaluation_id"))


def scatter_caption(rows: pd.DataFrame) -> str:
    """What the scatter shows and what it leaves out, in two sentences."""
    unsized = int(rows["n_parameters"].isna().sum())
    text = (
        f"Each dot is one score, a dark one several on one spot. The band holds 90% of similar models, taking size and date together. "
        f"{words.LEVELS['unusual'].shape} unusual, {words.LEVELS['very_unusual'].shape} very unusual; at most three "
        "names."
    )
    if unsized:
        text += f" {words.plural(unsized, 'score')} of models whose size is not reported cannot be drawn."
    return text


def source_line(page: Page, where: tuple[Where, ...] | None = None, view: str = "scores") -> str:
    """Where the numbers come from: the largest sources by name, the rest as a count."""
    return sources_of(page.path, view, chosen_rows(page, view) if where is None else where)


@remembered
def sources_of(path: str, view: str, where: tuple[Where, ...]) -> str:
    """The same of the rows of a view."""
    counts = data.count(path, view, ("source_title",), where)
    if counts.empty:
        return "Sources: see Method."
    ordered = counts.sort_values(["n", "source_title"], ascending=[False, True])["source_title"].tolist()
    more = f" and {len(ordered) - 4} more" if len(ordered) > 4 else ""
    named = ", ".join(words.in_markdown(title) for title in ordered[:4])
    return f"Sources: {named}{more}. Every row links to the page that shows its number."


OPINIONS = 8  # lines on a model's page; more belong into the cards of its scores


def number(value: Any) -> float | None:
    """The value as a float, None where it is missing."""
    return None if words.is_missing(value) else float(value)


def ceiling(fact: Any) -> tuple[float, float] | None:
    """Ends of the ceiling band of a benchmark row (any object with these fields), fractions; None without a ceiling."""
    get = fact.get if isinstance(fact, pd.Series) else lambda name: getattr(fact, name)
    middle = number(get("ceiling"))
    if middle is None:
        return None
    low, high = number(get("ceiling_low")), number(get("ceiling_high"))
    return (middle if low is None else low, middle if high is None else high)
