"""What the Benchmarks page shows: the table of all groups, and everything about one.

Question  Does this test still tell the best models apart, until when, and who ran what?
Input     a `frame.Page`, a benchmark or a series.
Output    frames for ui/kit/charts.py and ui/kit/tables.py, sentences.
Silent    Where the build makes no forecast the sentence says why.
"""

from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st

from data.vocabulary import TOLD_STATUSES
from store import Where
from ui.kit import data, tables, words
from ui.kit.frame import Page
from ui.kit.views import benchmark_label, ceiling, group_name, link_to_benchmark, link_to_model, page_of_model

OUTLOOK_COLUMNS = (
    "month",
    "last_month",
    "rate",
    "n_entries",
    "day_basis",
    "last_best",
    "last_lower",
    "last_upper",
    "saturation_month",
    "saturation_earliest",
    "saturation_latest",
    "tie_month",
    "tie_earliest",
    "tie_latest",
    "reason",
)
COUNTED_FROM = {
    "printed": "day printed by the page",
    "release": "release of the model",
    "listing": "first listing",
}
ERRORS_FROM = {
    "printed": "printed by the page",
    "count": "from the number of questions",
    "bound": "the largest possible of an average",
}
RENEWED = {True: "questions renewed", False: "questions fixed", None: words.NOT_REPORTED}


def saturation_table(page: Page) -> pd.DataFrame:
    """One row per group of comparable headline scores at its newest month, most models first, with its line of
    bests.
    """
    select = [
        "benchmark_id",
        "benchmark_name",
        "benchmark_version",
        "metric",
        "setting_group",
        "unit",
        "n_models",
        "n_items",
        "best",
        "kth_best",
        "tie_group_size",
        "s_index_sqrt_n",
        "s_index_n",
        "headroom",
        "floor",
        "ceiling",
        "ceiling_low",
        "ceiling_high",
        "ceiling_source_url",
        "status",
        "reason",
        "source_ids",
        "domain",
        "is_dynamic",
        "is_lower_better",
    ]
    extra = ("n_recent", "discrimination", "share_near_ceiling", "date_basis", "renewal", "error_basis")
    select += [name for name in extra if data.has(page.path, "saturation", name)]
    where = (Where("is_subset", "=", False),)
    latest = data.latest_saturation(page.path, tuple(select), where)
    if latest.empty:
        return latest
    lines = data.read(page.path, "saturation", ("series_id", "month", "best"), where, ("series_id", "month"))
    scale = (latest["unit"] == "fraction").map({True: 100.0, False: 1.0})
    names = zip(latest["benchmark_name"], latest["benchmark_version"], strict=True)
    shown = latest.assign(
        label=[benchmark_label(name, version) for name, version in names],
        status_text=[words.status_text(status) for status in latest["status"]],
        best_percent=latest["best"] * scale,
        kth_percent=latest["kth_best"] * scale,
        gap_points=(latest["best"] - latest["kth_best"]).abs() * scale,
        headroom_percent=100 * latest["headroom"],
        ceiling_percent=100 * latest["ceiling"],
        trend=latest["series_id"].map(lines.groupby("series_id")["best"].apply(list)),
        first=latest["series_id"].map(lines.groupby("series_id")["best"].first()),
        domain=latest["domain"].fillna(words.NOT_REPORTED),
        renewed=[RENEWED[None if words.is_missing(value) else bool(value)] for value in latest["is_dynamic"]],
        **{name: 100 * latest[name] for name in extra[1:3] if name in latest},
        **{name: None for name in extra if name not in latest},
    )
    shown["date_basis"] = shown["date_basis"].map(COUNTED_FROM)
    shown["error_basis"] = shown["error_basis"].map(ERRORS_FROM)
    told = outlook(page).set_index("series_id").reindex(shown["series_id"])
    shown["under_a_tenth"] = [
        tenth_text(row, room) for row, room in zip(told.to_dict("records"), shown["headroom"], strict=True)
    ]
    shown["benchmark_link"] = [
        f"{link_to_benchmark(b, s)}#{quote(words.shorten(n, 60), safe=' ')}"
        for b, s, n in zip(shown["benchmark_id"], shown["series_id"], shown["label"], strict=True)
    ]
    shown["group"] = [group_name(page, g) for g in shown["setting_group"]]
    shown["is_silent"] = shown["status"] == "cannot_tell"
    order = ["is_silent", "n_models", "series_id"]
    return shown.sort_values(order, ascending=[True, False, True]).reset_index(drop=True)


def lines_of(shown: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Rows for charts.room: the groups with most models, one per benchmark, in the order of TOLD_STATUSES, most room first.

    A line begins at random guessing, so that only tests are drawn for which that is known.
    """
    falls = shown["is_lower_better"].astype(bool)
    known = shown["status"].isin(TOLD_STATUSES) & (shown["unit"] == "fraction") & shown["kth_best"].notna()
    busiest = shown[known & (shown["floor"].notna() | falls)].drop_duplicates("benchmark_id").head(limit)
    place = busiest["status"].map({status: i for i, status in enumerate(TOLD_STATUSES)})
    # Lower is better: the published ends do not apply, the way leads from all wrong to nothing wrong.
    falls = falls[busiest.index]
    drawn = busiest.assign(
        bottom=busiest["floor"].astype(float).where(~falls, 1.0),
        top=busiest["ceiling"].astype(float).fillna(1.0).where(~falls, 0.0),
        place=place,
    )
    return drawn.sort_values(["place", "headroom", "label"], ascending=[True, False, True]).reset_index(drop=True)


def tie_group(page: Page, series_id: str) -> str:
    """Who cannot be told from the best, by name, in one sentence; empty where that is not told."""
    if not data.has(page.path, "saturation", "tie_group"):
        return ""
    select = ("month", "tie_group", "tie_group_size", "error_basis")
    found = data.read(page.path, "saturation", select, (Where("series_id", "=", series_id),), ("-month",), 1)
    if found.empty or words.is_missing(found["tie_group"].iloc[0]):
        return ""
    row = found.iloc[0]
    ids = tuple(str(row["tie_group"]).split("; "))
    named = data.read(page.path, "model", ("model_id", "name"), (Where("model_id", "in", ids),))
    names = dict(zip(named["model_id"], named["name"], strict=True))
    links = [f"[{words.in_markdown(words.shorten(names[i], 40))}]({page_of_model(i)})" for i in ids if i in names]
    more = int(row["tie_group_size"]) - len(links)
    listed = ", ".join(links) + (f" and {words.count(more)} more" if more > 0 else "")
    said = "alone at the top" if int(row["tie_group_size"]) == 1 else "cannot be told from the best"
    return f"**Tied at the top** (one entry per maker; error {ERRORS_FROM[row['error_basis']]}): {listed}, {said}."


def who_ran(page: Page, where: tuple[Where, ...]) -> pd.DataFrame:
    """Who ran the scores of one group: scores by relationship of the runner and by source, most first."""
    counts = data.count(page.path, "scores", ("evaluator_relationship", "source_title"), where)
    ordered = counts.sort_values(["n", "source_title"], ascending=[False, True])
    return ordered.assign(ran_by=ordered["evaluator_relationship"].map(words.RAN_BY)).reset_index(drop=True)


def known_issues(page: Page, benchmark_id: str) -> pd.DataFrame:
    """What documents say about a test or about scores on it; versions share what is said about the test."""
    plain = benchmark_id.partition("@")[0]
    ids = (benchmark_id,) if plain == benchmark_id else (benchmark_id, plain)
    return data.read(page.path, "incident", None, (Where("benchmark_id", "in", ids),), ("evidence_date", "incident_id"))


def issues(found: pd.DataFrame) -> None:
    """Known issues as a list, each with its document, its day and the maker's reply."""
    lines = []
    for row in found.itertuples():
        who = "" if words.is_missing(row.said_by) else f", {words.in_markdown(row.said_by)}"
        lines.append(
            f"- **{words.in_markdown(row.status)}**, {words.in_markdown(words.shorten(row.model_reported, 80))}: "
            f"{words.in_markdown(row.claim)} ([document]({tables.web_address(row.evidence_url) or ''}){who}, "
            f"{words.day(row.evidence_date)})"
        )
        if not words.is_missing(row.reply):
            lines.append(f"  - **Maker's reply:** {words.in_markdown(row.reply)}")
    st.markdown("\n".join(lines))


def outlook(page: Page, series_id: str | None = None) -> pd.DataFrame:
    """View `outlook`, of one series or of all; without rows where the build has none."""
    where = () if series_id is None else (Where("series_id", "=", series_id),)
    if not data.has(page.path, "outlook"):
        return pd.DataFrame(columns=["series_id", *OUTLOOK_COLUMNS])
    return data.read(page.path, "outlook", ("series_id", *OUTLOOK_COLUMNS), where, ("series_id",))


def tenth_text(row: dict, headroom: Any) -> str:
    """When less than a tenth of the scale is left, for one row of `outlook`: an interval of months, or why not."""
    if not words.is_missing(headroom) and headroom < 0.1:
        return "already"
    if words.is_missing(row["rate"]):
        return "no forecast"
    return words.when(row["saturation_earliest"], row["saturation_latest"])


def fan(page: Page, series_id: str) -> pd.DataFrame:
    """The forecast of one series by month: columns month, best, lower, upper, in the unit of the series."""
    names = ("best", "lower", "upper")
    rows = data.read(
        page.path,
        "trend",
        ("month", "statistic", "value"),
        (Where("signal_id", "=", "outlook"), Where("series_id", "=", series_id), Where("statistic", "in", names)),
        ("month", "statistic"),
    )
    return rows.pivot(index="month", columns="statistic", values="value").reindex(columns=list(names)).reset_index()


def outlook_sentence(page: Page, series_id: str) -> str:
    """What the forecast says about one series, in plain words; empty where the build has no forecast of it."""
    found = outlook(page, series_id)
    if found.empty:
        return ""
    row = found.iloc[0]
    if words.is_missing(row["rate"]):
        return words.in_markdown(row["reason"])
    parts = [
        f"**Outlook:** in {words.month(row['last_month'])} the best score is expected at "
        f"{words.percent(row['last_best'])}%, 80% interval {words.percent(row['last_lower'])} to "
        f"{words.percent(row['last_upper'])}%. {words.in_markdown(words.with_months(row['reason']))}"
    ]
    tested = data.method_table("backtest")
    if tested is not None:
        year = tested[tested["horizon"] == 12]
        parts += [backtest_sentence(line) for line in year[year["set"] == "tests"].itertuples()]
        parts += [
            f"For scores put together from papers: {100 * line.error:.1f}% against {100 * line.error_persistence:.1f}%."
            for line in year[year["set"] == "papers"].itertuples()
        ]
    return " ".join(parts)


def backtest_sentence(line: Any) -> str:
    """One row of data/method/backtest.csv in words: error beside "nothing changes", how often the interval held."""
    return (
        f"Such forecasts {line.horizon} months ahead, made at past months for {words.count(line.n_series)} groups "
        f"of scores of boards and the literature record, were off by {100 * line.error:.1f}% of the scale on average; “nothing changes” was off by "
        f"{100 * line.error_persistence:.1f}%. The 80% interval held {100 * line.coverage:.0f}% of the outcomes. "
        "All this supposes that models go on being tested; months later than a year ahead were not back-tested."
    )


def months(page: Page, series_id: str) -> pd.DataFrame:
    """Best and fifth best of one series by month, the best model by name."""
    # A build from before this column was added lacks it, and the chart then has no band.
    extra = ("best_error",) if data.has(page.path, "saturation", "best_error") else ()
    found = data.read(
        page.path,
        "saturation",
        ("month", "best", "kth_best", "status", "reason", "best_model", "unit", *extra),
        (Where("series_id", "=", series_id),),
        ("month",),
    )
    ids = tuple(found["best_model"].dropna().unique())
    named = data.read(page.path, "model", ("model_id", "name"), (Where("model_id", "in", ids),))
    names = dict(zip(named["model_id"], named["name"], strict=True))
    return found.assign(
        best_model=[names.get(m, words.NOT_REPORTED) for m in found["best_model"]],
        is_fraction=found["unit"] == "fraction",
    )


def benchmark_names(page: Page) -> dict[str, str]:
    """Benchmarks with current headline scores: {benchmark_id: name and version}, by name."""
    found = data.count(page.path, "scores", ("benchmark_id", "benchmark_name", "benchmark_version"), data.CURRENT)
    found = found.sort_values(["benchmark_name", "benchmark_id"])
    return {r.benchmark_id: benchmark_label(r.benchmark_name, r.benchmark_version) for r in found.itertuples()}


def open_benchmark(known: dict[str, str]) -> None:
    """A search box that opens one benchmark."""
    picked = st.selectbox(
        "Open one benchmark",
        list(known),
        index=None,
        format_func=known.__getitem__,
        placeholder="name of a benchmark",
        width=360,
    )
    if picked:
        st.query_params["benchmark"] = picked
        st.rerun()


def benchmark(page: Page, benchmark_id: str) -> pd.Series:
    """The facts about one benchmark."""
    return data.read(page.path, "benchmark", None, (Where("benchmark_id", "=", benchmark_id),)).iloc[0]


def series_of(page: Page, benchmark_id: str) -> pd.DataFrame:
    """Groups of comparable headline scores of one benchmark, most models first."""
    found = data.read(
        page.path,
        "series",
        None,
        (Where("benchmark_id", "=", benchmark_id), Where("is_subset", "=", False)),
        ("-n_models", "series_id"),
    )
    return found[found["n_evaluations"] > 0].reset_index(drop=True)


def benchmark_facts(page: Page, fact: pd.Series, series: pd.Series) -> None:
    """One line of facts with their sources, and the note."""

    def cited(text: str, address: object) -> str:
        safe = tables.web_address(address)
        return f"{text} ([source]({safe}))" if safe else text

    parts = [f"Domain **{words.in_markdown(fact['domain'] or words.NOT_REPORTED)}**"]
    items, least = series["n_items"], series.get("n_at_least")
    shown = words.NOT_REPORTED if words.is_missing(items) else words.count(items)
    if words.is_missing(items) and not words.is_missing(least):
        shown = f"at least {words.count(least)}"
    parts.append(cited(f"questions **{shown}**", series["n_items_source_url"]))
    floor = f"{words.percent(fact['floor'])}%" if not words.is_missing(fact["floor"]) else words.NOT_REPORTED
    parts.append(f"random guessing **{floor}**")
    band = ceiling(fact)
    if band:
        basis = "" if words.is_missing(fact["ceiling_basis"]) else f", {words.in_markdown(fact['ceiling_basis'])}"
        ends = (
            f"{words.percent(band[0])} to {words.percent(band[1])}%"
            if band[0] != band[1]
            else f"{words.percent(band[0])}%"
        )
        parts.append(cited(f"ceiling **{ends}**{basis}", fact["ceiling_source_url"]))
    else:
        parts.append("ceiling **not measured**")
    if not words.is_missing(fact["human_score"]):
        who = "" if words.is_missing(fact["human_who"]) else f", {words.in_markdown(fact['human_who'])}"
        parts.append(cited(f"humans **{words.percent(fact['human_score'])}%**{who}", fact["human_source_url"]))
    parts.append(f"published **{words.day(fact['release_date'])}**")
    st.markdown(" · ".join(parts))
    if not words.is_missing(fact["note"]):
        st.caption(words.in_markdown(fact["note"]))


def series_scores(page: Page, series_id: str) -> pd.DataFrame:
    """Every current reading of one series in the selection, best first, as a table shows it."""
    select = [
        "evaluation_id",
        "model_id",
        "model_name",
        "n_parameters",
        "family",
        "setting",
        "score",
        "score_reported",
        "evaluator_relationship",
        "model_date",
        "first_seen_date",
        "source_url",
        "is_lower_better",
    ]
    where = (
        *data.CURRENT,
        Where("series_id", "=", series_id),
        *page.selection.to_where(data.columns(page.path, "scores")),
    )
    rows = data.read(page.path, "scores", tuple(select), where, ("-score", "evaluation_id"))
    if len(rows) and bool(rows["is_lower_better"].iloc[0]):
        rows = rows.iloc[::-1].reset_index(drop=True)
    return rows.assign(
        model_link=[link_to_model(i, n) for i, n in zip(rows["model_id"], rows["model_name"], strict=True)],
        size_billions=rows["n_parameters"] / 1e9,
        ran_by=rows["evaluator_relationship"].map(words.RAN_BY),
        score_short=rows["score_reported"].map(words.printed),
        source_url=[tables.web_address(u) for u in rows["source_url"]],
    )
