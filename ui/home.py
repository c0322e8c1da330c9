"""What Home shows: three numbers, the strongest unusual scores, the tests at their end, how recent the scores are.

Question  What should a reader look at first?
Input     a `frame.Page` (build and selection).
Output    frames for ui/kit/charts.py and ui/kit/tables.py, sentences, three metrics on the screen.
Silent    Where nothing was tested the share is "none".
"""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from data.vocabulary import TESTED, TOLD_STATUSES
from store import Where
from ui import answers, marks
from ui.kit import data, words
from ui.kit.frame import Page
from ui.kit.views import (
    MODEL_LINK,
    benchmark_label,
    chosen_rows,
    flagged_counts,
    group_name,
    n_tested,
)

# The test that Home opens with: broad, uniform set-up, thousands of models of known size.
FIRST_BENCHMARKS = ("bbh-openllm", "mmlu-pro")
CLOSED_SINCE = date(2025, 1, 1)  # models of the present generation
LISTED = 5  # tests in each of the two lists
SHORT_COLUMNS = {
    "model_link": MODEL_LINK,
    "benchmark": st.column_config.TextColumn("Benchmark", width=180),
    "score_percent": st.column_config.TextColumn("Score", width=60, help="Per cent, or the test's own unit"),
    "range": st.column_config.TextColumn("Usual range (%)", width=125),
    "level_text": st.column_config.TextColumn("Level", width=160),
    "why_here": st.column_config.TextColumn("Why it is here", width=190),
    "model_date": st.column_config.DateColumn("Model date", width="small", format="D MMM YYYY"),
    "source_url": st.column_config.LinkColumn("Source", display_text="open", width="small"),
}


def three_numbers(page: Page, tests: pd.DataFrame) -> None:
    """The three numbers of the home page; tests: ui/answers.py `table`."""
    total, tested = data.how_many(page.path, "scores", chosen_rows(page, "scores")), n_tested(page)
    high, low = flagged_counts(page)
    used = tests[tests["use"] == answers.IN_USE]
    known = used[used["status"].isin(TOLD_STATUSES)]
    over = int(known["status"].isin(answers.AT_ITS_END).sum())
    first, second, third = st.columns(3)
    quiet: dict[str, Any] = {"delta_color": "off", "delta_arrow": "off", "border": True, "height": "stretch"}
    first.metric(
        "Scores checked",
        f"{100 * tested / total:.0f}%" if total else "none",
        f"{words.count(tested)} of {words.count(total)} got a verdict",
        help="Headline scores with enough to compare with: similar models by size and date, or the model's other scores",
        **quiet,
    )
    second.metric(
        "Unusually high",
        words.count(high),
        f"{words.count(low)} unusually low, counted apart",
        help="After allowing for how many scores were tested: at most 1 in 20 of these is expected to be luck",
        **quiet,
    )
    third.metric(
        "Tests in use that are at their end",
        words.count(over),
        f"of {words.count(len(known))} in use where this can be told",
        help="Closed: hardly any room is left. Tied: five makers cannot be told apart. One answer per test",
        **quiet,
    )


def strongest(page: Page, limit: int) -> tuple[pd.DataFrame, int]:
    """The high scores that deserve a look first, and how many of them there are."""
    if marks.view(page) != "marked":
        return pd.DataFrame(), 0
    where = (*marks.marked_rows(page), Where("direction", "=", "high"), marks.STRONG)
    return marks.read_marked(page, where, limit), data.how_many(page.path, "marked", where)


def headlines(tests: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Answers of the best known tests in use as Markdown lines: those at their end, and those that still separate."""
    used = tests[tests["use"] == answers.IN_USE]
    lists = (used["status"].isin(answers.AT_ITS_END), used["status"].eq(TOLD_STATUSES[0]))
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


def comparable_series(page: Page) -> dict[str, str]:
    """Groups of comparable scores with an expected score, most scores first: {series_id: what the reader sees}."""
    by = ("series_id", "benchmark_id", "benchmark_name", "benchmark_version", "metric", "setting_group")
    where = (*data.COUNTED, Where("expected", "not null"), Where("unit", "=", "fraction"))
    found = data.count(page.path, "anomalies", by, where)
    found = found.sort_values(["n", "series_id"], ascending=[False, True])
    names = found["benchmark_id"].str.replace("_", "-")
    preferred = (found[names.str.startswith(name)].head(1) for name in FIRST_BENCHMARKS)
    first = next((rows for rows in preferred if len(rows)), found.head(0))
    ordered = pd.concat([first, found.drop(first.index)])
    return {
        row.series_id: f"{benchmark_label(row.benchmark_name, row.benchmark_version)} · "
        f"{group_name(page, row.setting_group)} · "
        f"{words.plural(row.n, 'score')}"
        for row in ordered.itertuples()
    }


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
