"""What Home shows: three numbers, the strongest unusual scores, the tests at their end, how recent the scores are.

Question  What should a reader look at first?
Input     a `frame.Page` (build and selection).
Output    frames for ui/kit/charts.py and ui/kit/tables.py, sentences, three metrics on the screen.
Silent    Where nothing was tested the number is "none".
"""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from data.vocabulary import TESTED, TOLD_STATUSES
from store import Where
from ui import answers, marks
from ui.kit import case_charts, data, frame, words
from ui.kit.frame import Page
from ui.kit.views import (
    benchmark_label,
    chosen_rows,
    flagged_counts,
    group_name,
    n_tested,
    page_of_model,
)

KNOWN_IN = 3  # sources in which a model stands that people know
FEATURED = (
    "evaluation_id",
    "model_id",
    "model_name",
    "n_parameters",
    "benchmark_name",
    "benchmark_version",
    "series_id",
    "setting_group",
    "score",
    "expected",
    "expected_lower",
    "expected_upper",
    "level",
    "direction",
    "reason",
)
CLOSED_SINCE = date(2025, 1, 1)  # models of the present generation
LISTED = 5  # tests in each of the two lists
SHORT_COLUMNS = {
    "model_link": st.column_config.LinkColumn("Model", display_text=r"#(.*)$", width=325, pinned=True),
    "benchmark": st.column_config.TextColumn("Benchmark", width=152),
    "score_percent": st.column_config.TextColumn("Score", width=55, help="Per cent, or the test's own unit"),
    "range": st.column_config.TextColumn("Usual range (%)", width=120),
    "level_text": st.column_config.TextColumn("Level", width=155),
    "why_here": st.column_config.TextColumn("Why it is here", width=190),
    "source_url": st.column_config.LinkColumn("Source", display_text="open", width=60),
}


def three_numbers(page: Page, tests: pd.DataFrame) -> None:
    """The three numbers of the home page; tests: ui/answers.py `table`."""
    total, tested = data.how_many(page.path, "scores", chosen_rows(page, "scores")), n_tested(page)
    high, low = flagged_counts(page)
    used = tests[tests["use"] == answers.IN_USE]
    known = used[used["status"].isin(TOLD_STATUSES)]
    over = int(answers.at_its_end(known).sum())
    first, second, third = st.columns(3)
    quiet: dict[str, Any] = {"delta_color": "off", "delta_arrow": "off", "border": True, "height": "stretch"}
    first.metric(
        "Scores checked",
        words.count(tested) if total else "none",
        f"of {words.count(total)} here",
        help="Headline scores with enough to compare with: similar models by size and date, or the model's other scores",
        **quiet,
    )
    second.metric(
        "Unusually high",
        words.count(high),
        f"{words.count(low)} unusually low, counted apart",
        help=f"After allowing for how many scores were tested: {words.LUCK} is expected to be luck",
        **quiet,
    )
    third.metric(
        "Tests in use that are at their end",
        words.count(over),
        f"of {words.count(len(known))} in use where this can be told",
        help="At most a tenth of the scale is left, and the best makers are too close to tell apart. One answer per test",
        **quiet,
    )


def featured(page: Page) -> pd.Series | None:
    """The strongest high mark of a model that people know: of a known maker, in three sources or more, with a known size.
    Where the selection holds none, the strongest of any model with a size; None without one.
    """
    if marks.view(page) != "marked":
        return None
    where = (
        *marks.marked_rows(page),
        Where("direction", "=", "high"),
        Where("unit", "=", "fraction"),
        Where("n_parameters", "not null"),
        Where("expected_lower", "not null"),
    )
    known = (Where("is_by_maker", "=", True), Where("n_sources", "between", (KNOWN_IN, None)))
    for more in (known, ()):
        rows = data.read(page.path, "marked", FEATURED, (*where, *more), ("place", "p_value", "evaluation_id"), 1)
        if len(rows):
            return rows.iloc[0]
    return None


def show_featured(page: Page, row: pd.Series) -> None:
    """The one example: what it got, what models like it get, and the sentence of its answer, with its chart."""
    crowd = data.read(
        page.path,
        "anomalies",
        ("n_parameters", "score", "expected", "expected_lower", "expected_upper", "tier"),
        (*data.COUNTED, Where("series_id", "=", row["series_id"]), Where("n_parameters", "not null")),
        ("n_parameters", "evaluation_id"),
    )
    name = str(row["model_name"]).rsplit("/", 1)[-1]
    test = benchmark_label(row["benchmark_name"], row["benchmark_version"]).split(" (")[0]  # the caption says whose
    link = f"[{words.in_markdown(name)}]({page_of_model(row['model_id'])})"
    frame.chart(
        case_charts.example(crowd, row.to_frame().T, name),
        f"{link} got {words.percent(row['score'])}% on {words.in_markdown(test)}; models like it usually get "
        f"{words.between(row['expected_lower'], row['expected_upper'])}%",
        f"Model size against score on {test}, with the usual range as a band and {name} as a star",
    )
    st.markdown(f"{words.level_text(row['level'], row['direction'])}: {words.in_markdown(row['reason'])}")
    st.caption(f"Each dot is one model of the same group of scores ({group_name(page, row['setting_group'])}).")


def strongest(page: Page, limit: int) -> tuple[pd.DataFrame, int]:
    """The high scores that deserve a look first, and how many of them there are."""
    if marks.view(page) != "marked":
        return pd.DataFrame(), 0
    where = (*marks.marked_rows(page), Where("direction", "=", "high"), marks.STRONG)
    return marks.read_marked(page, where, limit), data.how_many(page.path, "marked", where)


def headlines(tests: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Answers of the best known tests in use as Markdown lines: those at their end, and those that still separate."""
    used = tests[tests["use"] == answers.IN_USE]
    lists = (answers.at_its_end(used), used["status"].eq(answers.SEPARATING))
    over, still = (
        [f"- {answers.sentence(row, with_link=True)}" for row in used[where].head(LISTED).to_dict("records")]
        for where in lists
    )
    return over, still


def closed_models(page: Page) -> str:
    """How little can be said of models whose makers state no size, with its numbers."""
    where = (
        *data.COUNTED,
        Where("model_date", "between", (CLOSED_SINCE, None)),
        Where("n_parameters", "is null"),
        Where("unit", "=", "fraction"),
    )
    counts = data.count(page.path, "anomalies", ("level",), where)
    total = int(counts["n"].sum())
    if not total:
        return ""
    told = int(counts.loc[counts["level"].isin(TESTED), "n"].sum())
    least = ""
    if data.has(page.path, "anomalies", "markable_gap"):
        gaps = data.read(page.path, "anomalies", ("markable_gap",), (*where, Where("level", "in", TESTED)))
        if gaps["markable_gap"].notna().any():
            median = 100 * gaps["markable_gap"].median()
            least = f" Half of them could be marked only for {median:.1f} points or more above what is expected."
    return (
        f"**Of closed frontier models little can be said:** {100 * told / total:.0f}% of {words.count(total)} scores of "
        f"models since {CLOSED_SINCE.year} whose makers state no size have a verdict, and it rests on the model's other "
        f"scores alone, so one that is high everywhere would not show.{least}"
    )


def recency(page: Page) -> str:
    """How recent the scores are: share of scores by year of the model's date."""
    counts = data.count(page.path, "scores", ("model_date",), chosen_rows(page, "scores"))
    if counts.empty:
        return ""
    year = pd.to_datetime(counts["model_date"]).dt.year
    share = counts.groupby(year)["n"].sum().sort_index(ascending=False) / counts["n"].sum()
    parts = [f"{int(y)}: {100 * s:.0f}%" for y, s in share.head(4).items()]
    unknown = counts.loc[year.isna(), "n"].sum() / counts["n"].sum()
    if len(share) > 4:
        parts.append(f"earlier: {100 * share.iloc[4:].sum():.0f}%")
    return f"How recent are these scores? By date of the model: {', '.join(parts)}; not reported: {100 * unknown:.0f}%."
