"""The evidence behind the answer of one benchmark, group by group: facts, scores over time, ties, who ran what.

Question  Which scores stand behind the answer, compared within one set-up each, and who ran them?
Input     a `frame.Page`, a benchmark or a series.
Output    frames for ui/kit/charts.py and ui/kit/tables.py, sentences.
Silent    A group of scores has no status of its own here: the answer of the test is in ui/answers.py.
"""

import pandas as pd
import streamlit as st

from store import Where
from ui.kit import address, data, tables, words
from ui.kit.frame import Page
from ui.kit.shelf import remembered
from ui.kit.views import benchmark_label, ceiling, link_to_model, page_of_model

NINE_IN_TEN = 1.645  # standard errors on either side that hold 90% of a normal law
ERRORS_FROM = {
    "printed": "printed by the page",
    "count": "from the number of questions",
    "bound": "the largest possible of an average",
}


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
    said = "alone at its top" if int(row["tie_group_size"]) == 1 else "not told apart"
    return f"**In this group alone** (one entry per maker; error {ERRORS_FROM[row['error_basis']]}): {listed}, {said}."


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
            f"{words.in_markdown(row.claim)} ({tables.linked('document', row.evidence_url)}{who}, "
            f"{words.day(row.evidence_date)})"
        )
        if not words.is_missing(row.reply):
            lines.append(f"  - **Maker's reply:** {words.in_markdown(row.reply)}")
    st.markdown("\n".join(lines))


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


@remembered
def benchmark_names(path: str) -> dict[str, str]:
    """Benchmarks with current headline scores: {benchmark_id: name and version}, by name."""
    found = data.count(path, "scores", ("benchmark_id", "benchmark_name", "benchmark_version"), data.CURRENT)
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
        address.open_item("benchmark", picked)


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

    def cited(text: str, link: object) -> str:
        safe = tables.web_address(link)
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
        "unit",
        "evaluator_relationship",
        "model_date",
        "first_seen_date",
        "source_url",
        "is_lower_better",
        "standard_error",
        "n_items",
        "score_reported",
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
        score_percent=[words.score(score, unit) for score, unit in zip(rows["score"], rows["unit"], strict=True)],
        source_url=[tables.web_address(u) for u in rows["source_url"]],
    )


def ranking_finding(best: pd.DataFrame) -> str:
    """What the chart of `ranked` shows, in one sentence."""
    name = words.in_markdown(str(best["label"].iloc[0]).rsplit("/", 1)[-1])
    sign = "%" if best["unit"].eq("fraction").all() else ""
    if len(best) == 1:
        return f"{name}: {best['shown'].iloc[0]:.1f}{sign}, the only score"
    apart = abs(best["shown"].iloc[0] - best["shown"].iloc[1])
    return f"{name} is first with {best['shown'].iloc[0]:.1f}{sign}, {apart:.1f} {'points ' if sign else ''}ahead of the second"


def frontier_finding(months: pd.DataFrame) -> str:
    """What the chart of `months` shows, in one sentence: since when which score stands, and how it grew in the last year."""
    last = months.iloc[-1]
    scale = 100 if bool(last["is_fraction"]) else 1
    since = months.loc[months["best"].eq(last["best"]), "month"].iloc[0]
    told = f"{words.in_markdown(str(last['best_model']).rsplit('/', 1)[-1])} leads with {scale * last['best']:.1f}"
    year = months[months["month"] <= last["month"] - pd.DateOffset(years=1)]
    told += f" since {words.month(since)}"
    if year.empty:
        return told
    before = scale * year["best"].iloc[-1]
    is_same = f"{before:.1f}" == f"{scale * last['best']:.1f}"
    return f"{told}, unsurpassed for a year" if is_same else f"{told}; a year before the best was {before:.1f}"


def ranked(rows: pd.DataFrame, limit: int) -> pd.DataFrame:
    """The best entries of a group, one per model, with the error that 90% of samples stay within: columns label, shown and
    error (NaN where neither an error is printed nor a number of questions known), in the unit of the screen.
    """
    best = rows.drop_duplicates("model_id").head(limit)
    is_fraction = best["unit"] == "fraction"
    score, n = best["score"].astype(float), best["n_items"].astype(float)
    counted = (score * (1 - score) / n.where(n > 0)).where(is_fraction & score.between(0, 1)) ** 0.5
    scale = is_fraction.map({True: 100.0, False: 1.0})
    printed = best["standard_error"].astype(float)
    return best.assign(
        label=best["model_name"], shown=scale * score, error=scale * NINE_IN_TEN * printed.fillna(counted)
    ).reset_index(drop=True)
