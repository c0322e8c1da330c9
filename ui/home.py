"""What Home shows: three numbers, the tests to choose from, the newest unusual scores, how recent they are.

Question  What should a reader look at first?
Input     a `frame.Page` (build and selection).
Output    frames for ui/kit/charts.py and ui/kit/tables.py, sentences, three metrics on the screen.
Silent    Where nothing was tested the share is "none".
"""

from typing import Any

import pandas as pd
import streamlit as st

from data.vocabulary import MARKED, TOLD_STATUSES
from store import Where
from ui.kit import data, words
from ui.kit.frame import Page
from ui.kit.views import (
    MODEL_LINK,
    benchmark_label,
    chosen_rows,
    flagged_counts,
    for_reading,
    group_name,
    n_tested,
    table_columns,
)

# The test that Home opens with: broad, uniform set-up, thousands of models of known size.
FIRST_BENCHMARKS = ("bbh-openllm", "mmlu-pro")
SHORT_COLUMNS = {
    "model_link": MODEL_LINK,
    "benchmark_name": st.column_config.TextColumn("Benchmark", width=130),
    "score_short": st.column_config.TextColumn("Score", width="small", help="As printed by the source"),
    "range": st.column_config.TextColumn("Usual range (%)", width=120),
    "level_text": st.column_config.TextColumn("Level", width=160),
    "model_date": st.column_config.DateColumn("Model date", width="small", format="D MMM YYYY"),
    "source_url": st.column_config.LinkColumn("Source", display_text="open", width="small"),
}


def three_numbers(page: Page) -> None:
    """The three numbers of the home page."""
    total, tested = data.how_many(page.path, "scores", chosen_rows(page, "scores")), n_tested(page)
    high, low = flagged_counts(page)
    latest = data.latest_saturation(page.path, ("status",))
    known = latest[latest["status"].isin(TOLD_STATUSES)]
    tied = int((known["status"] == "tied").sum())
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
        help="After allowing for how many scores were tested: at most 1 in 20 of these is expected to be chance",
        **quiet,
    )
    third.metric(
        "Tests whose top five tie",
        words.count(tied),
        f"of {words.count(len(known))} where this can be told",
        help="Groups of comparable scores in which the five best models cannot be told apart",
        **quiet,
    )


def comparable_series(page: Page) -> dict[str, str]:
    """Groups of comparable scores with an expected score, most scores first: {series_id: what the reader sees}."""
    by = ("series_id", "benchmark_id", "benchmark_name", "benchmark_version", "metric", "setting_group")
    where = (*data.VERDICTS, Where("expected", "not null"))
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


def newest_unusual(page: Page, limit: int = 5) -> pd.DataFrame:
    """The newest unusually high scores, the very unusual ones before the others."""
    where = (*chosen_rows(page), Where("direction", "=", "high"))
    for levels in (("very_unusual",), MARKED):
        rows = data.read(
            page.path,
            "anomalies",
            table_columns(page),
            (*where, Where("level", "in", levels)),
            ("-model_date", "p_value", "evaluation_id"),
            limit,
        )
        if len(rows) == limit:
            break
    return for_reading(rows)


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
