"""Unusual scores: which are far from what similar models get.

One row per benchmark, gaps in points, the verdict of every score in a table, everything as CSV.
"""

import streamlit as st

from data.vocabulary import MARKED
from ui import marks, twins
from ui.kit import address, charts, data, filters, frame, tables, views, words

READ = 4 * tables.SHOWN  # rows behind the chart; the table shows the first of them, the file has all
ROWS = 12  # benchmarks in the chart; more do not fit a screen
SHOW = {
    "unusual or more": MARKED,
    "somewhat or more": (*MARKED, "somewhat"),
    "any verdict": (*MARKED, "somewhat", "usual"),
    "check the data first": ("check_data",),
    "cannot tell": ("cannot_tell",),
}
COLUMNS = {
    "model_link": views.MODEL_LINK,
    "benchmark": st.column_config.TextColumn("Benchmark", width=120),
    "score_short": st.column_config.TextColumn("Score", width=70, help="As printed by the source"),
    "level_text": st.column_config.TextColumn("Level", width=160),
    "still": st.column_config.TextColumn("Still?", width=80, help=words.STILL_HELP),
    "gap_points": st.column_config.NumberColumn(
        "Gap", format="%+.1f", help="Points better (+) or worse (−) than expected"
    ),
    "expected_percent": st.column_config.NumberColumn("Expected (%)", format="%.1f"),
    "range": st.column_config.TextColumn("Usual range (%)", help="90% of similar models"),
    "as_far": st.column_config.TextColumn(
        "As far out", help="Comparable models at least this far out on the same side"
    ),
    "family": st.column_config.TextColumn("Family"),
    "size_billions": st.column_config.NumberColumn("Size (B)", format="%.3g", help="Parameters in billions"),
    "setting": st.column_config.TextColumn("Setting", width="small"),
    "tier": st.column_config.TextColumn("Tier", help="; ".join(f"{k} {v}" for k, v in words.TIERS.items())),
    "ran_by": st.column_config.TextColumn("Who ran it"),
    "maintainer_flag": st.column_config.TextColumn("Mark set by a board", help="Quoted; apart from our own level"),
    "source_url": tables.source_link(),
}

page = frame.open_page("Unusual scores", "Which scores are far from what similar models get?")
with st.container(horizontal=True, vertical_alignment="bottom"):
    level = address.choose("level", "Level", {name: name for name in SHOW}, next(iter(SHOW)), width=200)
    side = address.switch("side", "Side", ["high", "low", "both"], "high")
    names = data.count(page.path, "anomalies", ("benchmark_id", "benchmark_name", "benchmark_version"))
    options = {"": "All benchmarks"} | {
        r.benchmark_id: views.benchmark_label(r.benchmark_name, r.benchmark_version)
        for r in names.sort_values("benchmark_name").itertuples()
    }
    benchmark = address.choose("benchmark", "Benchmark", options, "", width=280)

base = [*data.VERDICTS, data.Where("level", "in", SHOW[level])]
if level in list(SHOW)[:3] and side != "both":
    base.append(data.Where("direction", "=", side))
if benchmark:
    base.append(data.Where("benchmark_id", "=", benchmark))
where = (*base, *page.selection.to_where(data.columns(page.path, "anomalies")))

high, low = views.flagged_counts(page)
tested = views.n_tested(page)
st.markdown(
    f"**{words.count(high)} unusually high, {words.count(low)} unusually low** of {words.count(tested)} scores tested "
    f"in this selection; the two sides are corrected and counted apart. {marks.luck(tested)}"
)

columns = views.table_columns(page)
rows = data.read(page.path, "anomalies", columns, where, ("p_value", "evaluation_id"), READ)
if rows.empty:
    filters.explain_empty(page.path, "anomalies", tuple(base), page.selection)
else:
    shown = views.for_reading(rows)
    shown["benchmark"] = [
        views.benchmark_label(n, v) for n, v in zip(rows["benchmark_name"], rows["benchmark_version"], strict=True)
    ]
    drawn = marks.for_strip(page, shown.dropna(subset=["gap"]), where, ROWS)
    if len(drawn.flagged):
        st.plotly_chart(
            charts.strip(drawn.flagged, drawn.spans),
            config=charts.CONFIG,
            alt="Distance of each score from what similar models get, one row per benchmark",
        )
        st.caption(drawn.caption)
    event = tables.show(
        shown,
        {name: setting for name, setting in COLUMNS.items() if name in shown},
        alt="Scores with their verdicts",
        n_rows=data.how_many(page.path, "anomalies", where),
        key="rows",
        on_select="rerun",
        selection_mode="single-row",
    )
    if "still" in shown and shown["still"].ne("").any():
        st.caption(words.STILL_HELP)
    picked = (event["selection"]["rows"] or [0])[0]
    marks.card(page, shown.iloc[picked if picked < len(shown) else 0])

    with st.container(horizontal=True):
        tables.download(
            "Download CSV (this selection)",
            "anomalies",
            page.asof,
            lambda: data.whole(page.path, "anomalies", where),
            True,
        )
        tables.download(
            "Download CSV (all)",
            "anomalies",
            page.asof,
            lambda: data.whole(page.path, "anomalies", data.VERDICTS),
            False,
        )
    tables.left_out(data.how_many(page.path, "anomalies", (*where, data.Where("is_redistributable", "=", False))))

twins.twin_section(page)

frame.close_page(page, views.source_line(page, where, "anomalies"), views.CANNOT_TELL)
