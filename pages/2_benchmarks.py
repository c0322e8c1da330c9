"""Benchmarks: which still tell the top models apart.

Without ?benchmark= one line per test from its first best score to its ceiling, the busiest over time, and a table of
all; with it, one test: its frontier and forecast, its ceiling, who ties at the top, who ran what, its scores by model
size, what documents say about it, every reading with its source.
"""

import pandas as pd
import streamlit as st

from ui import benchmarks
from ui.kit import address, charts, data, filters, frame, tables, views, words

PANELS = 6
LINES = 30  # of the chart; more do not fit a screen
COLUMNS = {
    "benchmark_link": st.column_config.LinkColumn("Benchmark", display_text=r"#(.*)$", width="medium", pinned=True),
    "status_text": st.column_config.TextColumn("Status", width=120),
    "best_percent": st.column_config.NumberColumn("Best", format="%.1f", help="Per cent, or the test's own unit"),
    "headroom_percent": st.column_config.NumberColumn(
        "Headroom", width=110, format="%.1f%%", help="Room left below the ceiling"
    ),
    "under_a_tenth": st.column_config.TextColumn(
        "Headroom under 10%", width=170, help="Months in which a tenth of the scale may be left, 80% interval"
    ),
    "gap_points": st.column_config.NumberColumn("Gap to fifth", format="%.1f", help="One entry per developer"),
    "tie_group_size": st.column_config.NumberColumn(
        "Tied at top", format="%d", help="Models not told apart from the best"
    ),
    "trend": st.column_config.LineChartColumn("Best over time", width=120),
    "kth_percent": st.column_config.NumberColumn("Fifth", format="%.1f"),
    "n_models": st.column_config.NumberColumn("Models", format="%d"),
    "n_items": st.column_config.NumberColumn("Questions", format="%d"),
    "s_index_sqrt_n": st.column_config.NumberColumn(
        "S (√n)", format="%.2f", help="Saturation index as published (arXiv 2602.16763): 1 means the top is one point"
    ),
    "s_index_n": st.column_config.NumberColumn("S (n)", format="%.2f", help="The same with every question counted"),
    "ceiling_percent": st.column_config.NumberColumn("Ceiling (%)", format="%.1f", help="100 minus wrong answer keys"),
    "ceiling_source_url": st.column_config.LinkColumn("Ceiling from", display_text="open", width="small"),
    "discrimination": st.column_config.NumberColumn(
        "Pairs told apart", format="%.0f%%", help="Among the top tenth, at least five"
    ),
    "share_near_ceiling": st.column_config.NumberColumn(
        "Near the ceiling", format="%.0f%%", help="Share of models of the last 12 months above 90% of the way"
    ),
    "n_recent": st.column_config.NumberColumn("Models, 12 months", format="%d"),
    "renewal": st.column_config.TextColumn("Renewal", width="medium", help="Versions of a test that is renewed"),
    "date_basis": st.column_config.TextColumn("Dated by", help="From which day most scores count"),
    "error_basis": st.column_config.TextColumn("Ties from", help="What the error of the top scores rests on"),
    "domain": st.column_config.TextColumn("Domain"),
    "renewed": st.column_config.TextColumn("Questions"),
    "group": st.column_config.TextColumn("Compared within"),
    "metric": st.column_config.TextColumn("Metric"),
    "reason": st.column_config.TextColumn("Reason", width="large"),
    "source_ids": st.column_config.TextColumn("Sources"),
}
ISSUES = 4  # shown at once on the page of a test
RUNNERS = {
    "ran_by": st.column_config.TextColumn("Who ran it", width=110),
    "source_title": st.column_config.TextColumn("Source", width=160),
    "n": st.column_config.NumberColumn("Scores", format="localized", width=70),
}
READINGS = {
    "model_link": views.MODEL_LINK,
    "score_short": st.column_config.TextColumn("Score", width="small", help="As printed by the source"),
    "size_billions": st.column_config.NumberColumn("Size (B)", format="%.3g"),
    "family": st.column_config.TextColumn("Family"),
    "setting": st.column_config.TextColumn("Setting", width="small"),
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
    """All tests: small panels for the busiest, a table for all."""
    latest = benchmarks.saturation_table(page)
    if latest.empty:
        st.info("No benchmark has enough scores over time yet.")
        return
    counts = latest["status"].value_counts()
    st.markdown(
        "; ".join(
            f"{shape} **{words.count(counts.get(key, 0))}** {word.lower()}"
            for key, (shape, word, _) in words.STATUSES.items()
        )
        + f": {words.plural(len(latest), 'group')} of comparable scores."
    )
    shown = chosen_tests(latest)
    if shown.empty:
        return
    lines = benchmarks.lines_of(shown, LINES)
    if len(lines):
        alt = "One line per benchmark from its first best score to its ceiling"
        st.plotly_chart(charts.room(lines), config={"displayModeBar": False}, key="room", alt=alt)
        st.caption(
            "Grey: from random guessing to the ceiling. Blue: from the best score that a test began with to the best "
            "now; the short bar is the fifth best, one entry per maker. "
            f"{words.plural(len(lines), 'benchmark')} of {words.count(shown['benchmark_id'].nunique())}: most models "
            "among those with a status and a known score of guessing, by status and then by room left; all below."
        )
    panels = shown.drop_duplicates("benchmark_id").head(PANELS)
    names = words.short_names(panels["label"].tolist(), 30)
    for start in range(0, len(panels), 3):
        # A row of columns at a time: on a phone they stack, and the order must stay the same.
        for column, row in zip(st.columns(3), panels.iloc[start : start + 3].itertuples(), strict=False):
            with column:
                address_of = views.link_to_benchmark(row.benchmark_id, row.series_id)
                st.markdown(f"**[{words.in_markdown(names[row.label])}]({address_of})**")
                st.caption(f"{words.status_text(row.status)} · {words.plural(row.n_models, 'model')}")
                figure = charts.frontier(
                    benchmarks.months(page, row.series_id), views.ceiling(row), None, 150, is_small=True
                )
                alt = f"Best and fifth best score on {row.label} over time"
                st.plotly_chart(figure, config={"displayModeBar": False}, key=f"panel_{row.series_id}", alt=alt)
    st.caption(
        "Blue: best score so far. Dotted: fifth best, one entry per developer. Shaded: the top five cannot be told "
        "apart. "
        + (
            f"One group for each of {len(panels)} benchmarks, those with a status and most models; all below."
            if len(shown) > len(panels)
            else ""
        )
    )
    tables.show(shown, COLUMNS, alt="Benchmarks with their status")
    months = "Download CSV (all months)"
    with st.container(horizontal=True):
        tables.download(months, "saturation", page.asof, lambda: data.whole(page.path, "saturation", ()), False)
        if data.has(page.path, "outlook"):
            ahead = "Download CSV (outlook)"
            tables.download(ahead, "outlook", page.asof, lambda: [data.read(page.path, "outlook")], False)
    tables.left_out(data.how_many(page.path, "saturation", (data.Where("is_redistributable", "=", False),)))
    if not page.selection.is_empty:
        st.caption("The filters do not change this table: a test's status comes from all its models.")
    frame.close_page(page, views.source_line(page, data.CURRENT), LIMITS)


def chosen_tests(latest: pd.DataFrame) -> pd.DataFrame:
    """The rows that the filters of this page leave, each filter bound to the address; says so when none is left."""
    words_of = {word: key for key, (_, word, _) in words.STATUSES.items()}
    status = address.switch("status", "Status", ["all", *words_of], "all")
    domains = {"all": "All domains"} | {name: name for name in sorted(latest["domain"].unique())}
    kinds = {"all": "Renewed or not"} | {name: name for name in benchmarks.RENEWED.values()}
    left, right = st.columns(2)
    with left:
        domain = address.choose("domain", "Domain", domains, "all")
    with right:
        renewal = address.choose("renewal", "Renewal", kinds, "all")
    shown = latest
    for column, value, label in (
        ("status", words_of.get(status, "all"), "Status"),
        ("domain", domain, "Domain"),
        ("renewed", renewal, "Renewal"),
    ):
        before, shown = len(shown), shown if value == "all" else shown[shown[column] == value]
        if shown.empty:
            st.info(f"No test is left. 0 of {words.count(len(latest))}: the last {words.count(before)} by {label}.")
            break
    return shown


def one(page: frame.Page, benchmark_id: str) -> None:
    """One test in full."""
    fact = benchmarks.benchmark(page, benchmark_id)
    st.page_link("pages/2_benchmarks.py", label="← All benchmarks", query_params=filters.parameters() or None)
    series = benchmarks.series_of(page, benchmark_id)
    if series.empty:
        st.info("No headline score on this benchmark stands today.")
        return
    options = {
        r.series_id: f"{views.group_name(page, r.setting_group)} · {r.metric} · {words.plural(r.n_models, 'model')}"
        for r in series.itertuples()
    }
    st.subheader(f"{words.in_markdown(views.benchmark_label(fact['name'], fact['version']))}", anchor=False)
    chosen = next(iter(options))
    if len(options) > 1:
        chosen = address.choose("series", "Scores compared within", options, chosen)
    benchmarks.benchmark_facts(page, fact, series.set_index("series_id").loc[chosen])
    rows = benchmarks.series_scores(page, chosen)
    base = (*data.CURRENT, data.Where("series_id", "=", chosen))
    findings = views.series_rows(page, chosen)
    months = benchmarks.months(page, chosen)
    left, right = st.columns(2)
    with left:
        st.markdown("**Best score over time**")
        if months.empty:
            st.info("Not enough dated scores for a line.")
        else:
            figure = charts.frontier(
                months, views.ceiling(fact), views.number(fact["human_score"]), 460, fan=benchmarks.fan(page, chosen)
            )
            st.plotly_chart(figure, config=charts.CONFIG, alt="Best and fifth best score over time")
            last = months.iloc[-1]
            st.caption(f"{words.status_text(last['status'])}: {words.in_markdown(last['reason'])}")
            st.caption(benchmarks.tie_group(page, chosen))
            st.caption(benchmarks.outlook_sentence(page, chosen))
    with right:
        st.markdown("**Size against score**")
        if findings["n_parameters"].notna().sum() == 0:
            st.info("No score with a reported size in this selection.")
        else:
            figure = charts.size_scatter(findings, views.ceiling(fact), views.number(fact["human_score"]))
            st.plotly_chart(figure, config=charts.CONFIG, alt="Model size against score, usual range as a band")
            st.caption(views.scatter_caption(findings))
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
    if rows.empty:
        filters.explain_empty(page.path, "scores", base, page.selection)
    else:
        tables.show(rows, READINGS, alt="Scores on this benchmark")
        where = (*base, *page.selection.to_where(data.columns(page.path, "scores")))
        with st.container(horizontal=True):
            tables.download(
                f"Download CSV ({words.plural(len(rows), 'score')})",
                f"scores_{benchmark_id}",
                page.asof,
                lambda: data.whole(page.path, "scores", where),
                not page.selection.is_empty,
            )
        tables.left_out(data.how_many(page.path, "scores", (*where, data.Where("is_redistributable", "=", False))))
    frame.close_page(page, views.source_line(page, base), f"{LIMITS}\n\n{views.CANNOT_TELL}")


asked = st.query_params.get("benchmark")
questions = ("How far can I trust scores on this test?", "Which benchmarks still tell the top models apart?")
page = frame.open_page("Benchmarks", questions[0] if asked else questions[1])
known = benchmarks.benchmark_names(page)
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
