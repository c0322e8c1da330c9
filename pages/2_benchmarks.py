"""Benchmarks: which still tell the top models apart.

Without ?benchmark= the answer of every test: a line each from guessing to its ceiling, and a table; with it, one test:
its answer, the best scores, what is expected and what to use instead, then the evidence set-up by set-up: scores over
time and by model size, who ran what, what documents say, every reading with its source.
"""

import json

import numpy as np
import pandas as pd
import streamlit as st

from data.vocabulary import MARKED
from scoring.verdict import needed
from ui import answers, benchmarks, forecasts
from ui.kit import address, answer_charts, charts, data, filters, frame, parts, tables, views, words

SIZED = 0.5  # share of scores with a size from which a chart by size shows the group
RANKED = 20  # models in the chart by rank
LINES = 30  # of the chart; more do not fit a screen
LINE_POINTS = 40  # of the line in the chart by size
USED = {"in use": (answers.IN_USE,), "also retired": (answers.IN_USE, answers.RETIRED), "all": None}
COLUMNS = {
    "benchmark_link": st.column_config.LinkColumn("Benchmark", display_text=r"#(.*)$", width=240, pinned=True),
    "status_text": st.column_config.TextColumn("Status", width=100),
    "best_shown": st.column_config.NumberColumn(
        "Best credible",
        width=102,
        format="%.1f",
        help="Per cent, or the test's own unit; of a known maker, without tools",
    ),
    "best_model": st.column_config.TextColumn("Model", width=172),
    "best_maker": st.column_config.TextColumn("Maker", width=100),
    "best_date": st.column_config.DateColumn("Day", width=98, format="D MMM YYYY", help="Of the model"),
    "headroom_percent": st.column_config.NumberColumn("Room left", width=82, format="%.0f%%", help="Of the scale"),
    "tie_group_size": st.column_config.NumberColumn(
        "Tied", width=52, format="%d", help="Makers whose best is not told apart from the best"
    ),
    "in_a_year": st.column_config.TextColumn("In a year (%)", width=110, help="Best score, 80% interval"),
    "under_a_tenth": st.column_config.TextColumn(
        "Room under 10%", width=170, help="Months in which a tenth of the scale may be left, 80% interval"
    ),
    "alternatives": st.column_config.TextColumn("Use instead", width="large"),
    "reason": st.column_config.TextColumn("The answer", width="large"),
    "best_community_shown": st.column_config.NumberColumn(
        "Best with community models", format="%.1f", help="Whoever made the model"
    ),
    "best_with_tools_shown": st.column_config.NumberColumn("Best with tools", format="%.1f"),
    "best_by_samples_shown": st.column_config.NumberColumn("Best by samples", format="%.1f"),
    "kth_shown": st.column_config.NumberColumn("Fifth maker", format="%.1f"),
    "n_makers_12m": st.column_config.NumberColumn("Makers, 12 months", format="%d"),
    "n_models": st.column_config.NumberColumn("Models", format="%d"),
    "n_items": st.column_config.NumberColumn("Questions", format="%d"),
    "domain": st.column_config.TextColumn("Domain"),
    "use_text": st.column_config.TextColumn("Use", width=90),
    "renewed": st.column_config.TextColumn("Questions renewed?"),
    "metric": st.column_config.TextColumn("Metric"),
}
ISSUES = 4  # shown at once on the page of a test
RUNNERS = {
    "ran_by": st.column_config.TextColumn("Who ran it", width=110),
    "source_title": st.column_config.TextColumn("Source", width=160),
    "n": st.column_config.NumberColumn("Scores", format="localized", width=70),
}
READINGS = {
    "model_link": views.model_link(270),
    "score_percent": st.column_config.TextColumn("Score", width=60, help="Per cent, or the test's own unit"),
    "size_billions": st.column_config.NumberColumn("Size (B)", format="%.3g"),
    "family": st.column_config.TextColumn("Family"),
    "setting": st.column_config.TextColumn("Setting", width=190),
    "ran_by": st.column_config.TextColumn("Who ran it"),
    "model_date": st.column_config.DateColumn("Model date", format="D MMM YYYY"),
    "first_seen_date": st.column_config.DateColumn("First seen", format="D MMM YYYY"),
    "source_url": tables.source_link(),
}
LIMITS = (
    "A tie at the top means that this test cannot tell these models apart, not that they are equally good. "
    "Which models are the best five depends on who was tested. "
    "Two scores on the same questions are less uncertain than totals let us see, so a tie group may be too large. "
    "A ceiling counts wrong answer keys only: a test can be exhausted below it."
)


def overview(page: frame.Page) -> None:
    """The answers of all tests: a line each for the best known, a table for all."""
    if answers.table(page).empty:
        st.info("This build has no answers about benchmarks.")
        return
    counted(page)
    if {*page.selection.rules()} - {"domain"}:
        st.caption(
            "The answer of a test comes from all its models: filters other than “Kind of test” change nothing here. They choose "
            "the scores on the page of one test."
        )
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        used = address.switch("use", "Use", list(USED), next(iter(USED)))
        statuses = {"all": "any status"} | {word: word for _, word, _ in words.STATUSES.values()}
        status = address.choose("status", "Status", statuses, "all", width=200)
        kinds = {"all": "renewed or not"} | {name: name for name in answers.RENEWED.values()}
        renewal = address.choose("renewal", "Renewal", kinds, "all", width=260)
    if not chart_and_table(page, used, status, renewal):
        return
    with st.container(horizontal=True):
        whole = "Download CSV (answers)"
        tables.download(whole, "benchmarks", page.asof, lambda: [data.read(page.path, "benchmarks")], False)
        months = "Download CSV (by set-up and month)"
        tables.download(months, "saturation", page.asof, lambda: data.whole(page.path, "saturation", ()), False)
        if data.has(page.path, "outlook"):
            ahead = "Download CSV (outlook by set-up)"
            tables.download(ahead, "outlook", page.asof, lambda: [data.read(page.path, "outlook")], False)
    tables.left_out(data.how_many(page.path, "benchmarks", (data.Where("is_redistributable", "=", False),)))
    frame.close_page(
        page, views.source_line(page, data.CURRENT), LIMITS, {"benchmarks": {}, "saturation": {}, "outlook": {}}
    )


@parts.kept
def counted(page: frame.Page) -> None:
    """How many tests have which status."""
    st.markdown(answers.counts(tests_of(page)))


def tests_of(page: frame.Page) -> pd.DataFrame:
    """The tests of the kinds that the reader filters by."""
    known = answers.table(page)
    return known[known["domain"].isin(page.selection.domain)] if page.selection.domain else known


@parts.kept
def chart_and_table(page: frame.Page, used: str, status: str, renewal: str) -> bool:
    """A line for each of the best known tests and a table of all that are asked for; False where there is none."""
    shown = chosen_tests(page, used, status, renewal)
    if shown.empty:
        return False
    lines = answers.lines_of(shown, LINES)
    if len(lines):
        alt = "One line per benchmark from guessing to its ceiling, with its best credible score"
        frame.chart(
            answer_charts.room(lines),
            answers.room_finding(lines),
            alt,
            "Grey: from random guessing to the ceiling. Blue: up to the best credible score of a known maker; the short bar is "
            f"the fifth maker. {words.plural(len(lines), 'benchmark')} of {words.count(len(shown))}: those that most makers "
            "reported in the last twelve months, among those with a status and a known score of guessing; all below. A click on a mark opens its test.",
            key="room",
        )
    is_grey = shown["use"].ne(answers.IN_USE)
    tables.show(shown, COLUMNS, alt="Benchmarks with their answers", grey=is_grey)
    if is_grey.any() and not is_grey.all():
        st.caption("Grey: no longer reported by five makers within a year, or never.")
    return True


def chosen_tests(page: frame.Page, used: str, status: str, renewal: str) -> pd.DataFrame:
    """The rows that the filters of this page leave; says so when none is left."""
    words_of = {word: key for key, (_, word, _) in words.STATUSES.items()}
    known = tests_of(page)
    shown = known
    for column, wanted, label in (
        ("use", USED[used], "Use"),
        ("status", None if status == "all" else (words_of[status],), "Status"),
        ("renewed", None if renewal == "all" else (renewal,), "Renewal"),
    ):
        before, shown = len(shown), shown if wanted is None else shown[shown[column].isin(wanted)]
        if shown.empty:
            st.info(f"No test is left. 0 of {words.count(len(known))}: the last {words.count(before)} by {label}.")
            break
    return shown.reset_index(drop=True)


@parts.kept
def answer(page: frame.Page, benchmark_id: str) -> None:
    """The answer of one test with its best scores, its outlook and what to use instead."""
    row, fact = answers.one(page, benchmark_id), benchmarks.benchmark(page, benchmark_id)
    if row is None:
        st.info("This build has no answer about this test: it holds no headline score of a model.")
        return
    st.markdown(answers.sentence(row))
    if newest := answers.newest_list(page, row):
        st.info(newest)
    left, right = st.columns(2)
    with left:
        st.markdown("\n".join(answers.best_lines(row)))
        for line in (answers.tied_line(page, row), answers.forecast_line(row), answers.unusual_from(row)):
            if line:
                st.markdown(line)
        others = answers.instead(page, row["benchmark_id"])
        if others:
            st.markdown(
                "\n".join(
                    [
                        "**Use instead** (tests in use, of the same domain first, that rank models most alike):",
                        "",
                        *others,
                    ]
                )
            )
        elif answers.at_its_end(pd.DataFrame([row])).item() or row["use"] == answers.RETIRED:
            st.markdown("**Use instead:** no test in use shares enough models with it to say.")
    with right:
        if row["unit"] == "fraction" and not words.is_missing(row["best"]):
            figure = answer_charts.scale(row, views.ceiling(fact))
            alt = "The scale of this test with its best scores"
            title = f"{fact['name']}: best credible score {words.percent(row['best'])}%"
            frame.chart(figure, "", alt, key="scale", title=title)
            if not words.is_missing(row["forecast_lower"]):
                st.caption(" ".join(filter(None, [forecasts.came_out(row), answers.tested_forecasts()])))


def needed_line(page: frame.Page, series: pd.Series, findings: pd.DataFrame) -> pd.DataFrame | None:
    """The score from which on a new model would be unusual, by size, as charts.size_scatter takes it; None without a fit."""
    pool = f"{series['benchmark_id']}:{series['metric']}"
    where = (data.Where("signal_id", "=", "size_anomaly"), data.Where("group_id", "in", (series.name, pool)))
    fits = data.read(page.path, "fit", ("tier", "parameters"), where, ("tier",))
    sizes = findings["n_parameters"].dropna()
    if fits.empty or sizes.empty or series["unit"] != "fraction":
        return None
    across = np.geomspace(sizes.min(), sizes.max(), LINE_POINTS)
    spread = np.nan if words.is_missing(series["rerun_spread"]) else float(series["rerun_spread"])
    found = needed.scores(json.loads(fits["parameters"].iloc[0]), across, page.asof, spread)
    return pd.DataFrame({"n_parameters": across, "score": found})


def needed_caption(line: pd.DataFrame | None, asof: object) -> str:
    """What the dotted line says, and where there is none."""
    if line is None:
        return ""
    if line["score"].isna().all():
        return "For a model of today no score would be unusual here, not even the best possible one: cannot tell."
    gap = " Where it is missing, not even the best possible score would be." if line["score"].isna().any() else ""
    return f"Dotted: the score from which on a new model of {words.day(asof)} would be unusual by its size, whoever makes it.{gap}"


def by_size_or_rank(
    fact: pd.Series, findings: pd.DataFrame, rows: pd.DataFrame, page: frame.Page, series: pd.Series
) -> None:
    """Size against score where most scores have a size, else the best scores with their intervals."""
    sized = findings["n_parameters"].notna()
    if len(findings) and sized.mean() >= SIZED:
        n_far, drawn = int(findings["level"].isin(MARKED).sum()), int(sized.sum())
        line = needed_line(page, series, findings)
        frame.chart(
            charts.size_scatter(findings, views.ceiling(fact), views.number(fact["human_score"]), needed=line),
            f"{words.count(n_far)} of {words.plural(drawn, 'score')} {'is' if n_far == 1 else 'are'} unusual for the model’s size",
            f"Model size against score on {fact['name']}, usual range as a band",
            f"{views.scatter_caption(findings)} A click on a dot opens its model. {needed_caption(line, page.asof)}".strip(),
        )
        return
    if rows.empty:
        st.markdown("**The best scores**")
        st.info("No score in this selection.")
        return
    best = benchmarks.ranked(rows, RANKED)
    lines = "Lines: 90% intervals of sampling, from the printed error or the number of questions. "
    frame.chart(
        answer_charts.ranking(best),
        benchmarks.ranking_finding(best),
        f"The best scores of this group on {fact['name']} with their intervals",
        f"One entry per model, the first {words.count(len(best))}. {lines if best['error'].notna().any() else ''}"
        f"Drawn by rank: {words.count(int(sized.sum()))} of {words.plural(len(findings), 'score')} "
        f"{'has' if int(sized.sum()) == 1 else 'have'} a reported size.",
    )


@parts.kept
def evidence(page: frame.Page, benchmark_id: str, chosen: str, base: tuple[data.Where, ...]) -> None:
    """What stands behind the answer in one group of comparable scores: facts, charts, who ran what, documents, readings."""
    fact, series = benchmarks.benchmark(page, benchmark_id), benchmarks.series_of(page, benchmark_id)
    benchmarks.benchmark_facts(page, fact, series.set_index("series_id").loc[chosen])
    rows = benchmarks.series_scores(page, chosen)
    findings = views.series_rows(page, chosen)
    months = benchmarks.months(page, chosen)
    left, right = st.columns(2)
    with left:
        if months.empty:
            st.markdown("**Best score over time**")
            st.info("Not enough dated scores for a line.")
        else:
            figure = charts.frontier(months, views.ceiling(fact), views.number(fact["human_score"]), 460)
            frame.chart(
                figure,
                benchmarks.frontier_finding(months),
                f"Best and fifth best score over time on {fact['name']}",
                "Every score of this group, credible or not. Shaded: its first five are not told apart.",
            )
            st.caption(benchmarks.tie_group(page, chosen))
    with right:
        by_size_or_rank(fact, findings, rows, page, series.set_index("series_id").loc[chosen])
    left, right = st.columns(2)
    with left:
        st.markdown("**Who ran what**")
        tables.show(benchmarks.who_ran(page, base), RUNNERS, alt="Who ran the scores of this group")
    with right:
        found = benchmarks.known_issues(page, benchmark_id)
        st.markdown("**What documents say about this test** (recorded, never added to a level)")
        if found.empty:
            st.markdown("No record found. That is not a finding either way.")
        benchmarks.issues(found.head(ISSUES))
        if len(found) > ISSUES:
            with st.expander(f"{words.count(len(found) - ISSUES)} more"):
                benchmarks.issues(found.iloc[ISSUES:])
    st.markdown(f"**Every reading** ({words.count(len(rows))})")
    if len(rows):
        tables.show(rows, READINGS, alt="Scores on this benchmark")


def one(page: frame.Page, benchmark_id: str) -> None:
    """One test in full."""
    st.page_link("pages/2_benchmarks.py", label="← All benchmarks", query_params=filters.parameters() or None)
    series = benchmarks.series_of(page, benchmark_id)
    if series.empty:
        st.info("No headline score on this benchmark stands today.")
        return
    options = {
        r.series_id: f"{views.group_name(page, r.setting_group)} · {r.metric} · {words.plural(r.n_models, 'model')}"
        for r in series.itertuples()
    }
    told = answers.one(page, benchmark_id)
    answer(page, benchmark_id)
    st.header("The evidence, by set-up", anchor=False)
    is_lists = told is not None and bool(answers.newest_list(page, told))
    made_from = (
        "The answer above is that of another list." if is_lists else "The answer above is made from all of them."
    )
    st.caption(f"Scores are compared within one set-up at a time. {made_from}")
    leads = [] if told is None else [s for s in options if s == told["best_series_id"]]
    chosen = next(iter([*leads, *options]))
    if len(options) > 1:
        chosen = address.choose("series", "Scores compared within", options, chosen)
    base = (*data.CURRENT, data.Where("series_id", "=", chosen))
    where = (*base, *page.selection.to_where(data.columns(page.path, "scores")))
    evidence(page, benchmark_id, chosen, base)
    n = data.how_many(page.path, "scores", where)
    if not n:
        filters.explain_empty(page.path, "scores", base, page.selection)
    else:
        with st.container(horizontal=True):
            tables.download(
                f"Download CSV ({words.plural(n, 'score')})",
                f"scores_{benchmark_id}",
                page.asof,
                lambda: data.whole(page.path, "scores", where),
                not page.selection.is_empty,
            )
        tables.left_out(data.how_many(page.path, "scores", (*where, data.Where("is_redistributable", "=", False))))
    tables_here = {
        "scores": {"benchmark": [benchmark_id], "series": [chosen]},
        "benchmarks": {"benchmark": [benchmark_id]},
    }
    frame.close_page(page, views.source_line(page, base), f"{LIMITS}\n\n{views.CANNOT_TELL}", tables_here)


asked = st.query_params.get("benchmark")
questions = ("How far can I trust scores on this test?", "Which benchmarks still tell the top models apart?")


def name_of(path: str) -> str | None:
    """Name and version of the test that the address asks for, when there are scores on it."""
    mine = (*data.CURRENT, data.Where("benchmark_id", "=", asked))
    rows = data.count(path, "scores", ("benchmark_name", "benchmark_version"), mine)
    return (
        None if rows.empty else views.benchmark_label(rows["benchmark_name"].iloc[0], rows["benchmark_version"].iloc[0])
    )


page = frame.open_page("Benchmarks", questions[1 - bool(asked)], item=name_of if asked else "")
known = benchmarks.benchmark_names(page.path)
if asked in known:
    one(page, asked)
else:
    if asked:
        st.caption(
            f"There is no benchmark “{words.in_markdown(words.shorten(asked))}” with scores; here are all of them."
        )
    with st.container(horizontal=True):
        benchmarks.open_benchmark(known)
    overview(page)
