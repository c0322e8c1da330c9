"""Unusual scores: which are far from what similar models get.

Marked scores open with what is strong; the rest is a worklist, one click away. One row per benchmark, gaps in points, the
verdict of every score in a table, everything as CSV; demonstrations, failed runs and low scores of one run stand apart and
count nowhere.
"""

import pandas as pd
import streamlit as st

from data.vocabulary import MARKED
from reading import files
from ui import families, marks, twins
from ui.kit import address, charts, data, filters, frame, parts, tables, views, words
from ui.kit.shelf import Keyed, remembered

READ = 4 * tables.SHOWN  # rows behind the chart; the table shows the first of them, the file has all
PACKED_FROM = 20  # megabytes from which a file is gzipped
ROWS = 12  # benchmarks in the chart; more do not fit a screen
SHOW = files.LEVELS_ASKED
COLUMNS = {
    "model_link": views.model_link(325),
    "benchmark": st.column_config.TextColumn("Benchmark", width=152),
    "score_percent": st.column_config.TextColumn("Score", width=58, help="Per cent, or the test's own unit"),
    "level_text": st.column_config.TextColumn("Level", width=123),
    "why_here": st.column_config.TextColumn("Why it is here", width=200),
    "gap_points": st.column_config.NumberColumn(
        "Gap", width=58, format="%+.1f", help="Points better (+) or worse (−) than expected"
    ),
    "still": st.column_config.TextColumn("Still unusual?", width=108, help=words.STILL_HELP),
    "expected_percent": st.column_config.NumberColumn("Expected (%)", format="%.1f"),
    "range": st.column_config.TextColumn("Usual range (%)", help="90% of similar models"),
    "markable_points": st.column_config.NumberColumn(
        "Markable gap", format="%.1f", help="The smallest gap in points that could have been marked"
    ),
    "as_far": st.column_config.TextColumn(
        "Models this far out", help="Comparable models at least this far out on the same side"
    ),
    "family": st.column_config.TextColumn("Family"),
    "size_billions": st.column_config.NumberColumn("Size (B)", format="%.3g", help="Parameters in billions"),
    "setting": st.column_config.TextColumn("Setting", width="small"),
    "tier_text": st.column_config.TextColumn("Compared with", width=230),
    "ran_by": st.column_config.TextColumn("Who ran it"),
    "maintainer_flag": st.column_config.TextColumn("Mark set by a board", help="Quoted; apart from our own level"),
    "source_url": tables.source_link(),
}


def picked(rows: list[int]) -> pd.Series:
    """The score whose card is shown: the row that was just picked, else the one that the link names, where it is among
    those that are asked for, else the first. What was picked stands in the address.
    """
    if rows and rows[0] < len(shown):
        address.put("score", str(shown["evaluation_id"].iloc[rows[0]]))
        return shown.iloc[rows[0]]
    asked = st.query_params.get("score")
    if asked:
        found = shown[shown["evaluation_id"] == asked]
        if found.empty:
            only = (*where, data.Where("evaluation_id", "=", asked))
            found = (
                marks.read_marked(page, only, 1)
                if is_marked
                else views.for_reading(data.read(page.path, source, columns, only))
            )
        if len(found):
            return found.iloc[0]
        address.put("score", "")
    return shown.iloc[0]


@remembered
def rows_of(path: str, is_marked: bool, columns: tuple[str, ...], where: tuple[data.Where, ...]) -> pd.DataFrame:
    """The first READ rows, ready for chart and table; the strongest of marked ones are taken from all, where all were read."""
    if is_marked and marks.STRONG in where:
        rows = rows_of(path, True, columns, tuple(rule for rule in where if rule != marks.STRONG))
        if len(rows) < READ:
            return rows[marks.strong(rows)].reset_index(drop=True)
    if is_marked:
        return marks.marked_of(path, columns, where, READ)
    return views.for_reading(data.read(path, "anomalies", columns, where, ("p_value", "evaluation_id"), READ))


@parts.kept
def counted(page: frame.Page, is_about_low: bool) -> None:
    """How many scores of the selection are marked."""
    high, low = views.flagged_counts(page)
    tested = views.n_tested(page)
    st.markdown(
        f"**{words.count(high)} unusually high, {words.count(low)} unusually low** of {words.count(tested)} scores tested "
        f"in this selection; the two sides are corrected and counted apart. {marks.luck(page, high, low)}"
    )
    if is_about_low and low:
        st.caption(marks.about_low_marks())


@parts.kept
def chart_of(page: frame.Page, is_marked: bool, columns: tuple[str, ...], where: tuple[data.Where, ...]) -> None:
    """The rows as a chart, one line a benchmark."""
    shown = rows_of(page.path, is_marked, columns, where)
    asked = marks.tally_of(page.path, "marked" if is_marked else "anomalies", ("benchmark_id",), where, shown, READ)
    drawn = marks.for_strip(page, shown.dropna(subset=["gap"]), asked, ROWS)
    if len(drawn.flagged):
        frame.chart(
            charts.strip(drawn.flagged, drawn.spans),
            marks.strip_finding(drawn.flagged, len(drawn.spans)),
            "Distance of each score from what similar models get, one row per benchmark",
            f"{drawn.caption} A click on a mark opens its model.",
        )


page = frame.open_page("Unusual scores", "Which scores are far from what similar models get?")
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    level = address.choose("level", "Level", {name: name for name in SHOW}, next(iter(SHOW)), width=200)
    side = address.switch("side", "Side", ["high", "low", "both"], "high")
    benchmark = address.choose("benchmark", "Benchmark", marks.tests_compared(page.path), "", width=280)

is_marked = SHOW[level] == MARKED and marks.view(page) == "marked"
source = "marked" if is_marked else "anomalies"
base = [*data.COUNTED, data.Where("level", "in", SHOW[level])]
is_one_sided = level in list(SHOW)[:3] and side != "both"
if is_one_sided:
    base.append(data.Where("direction", "=", side))
if benchmark:
    base.append(data.Where("benchmark_id", "=", benchmark))
where = (*base, *page.selection.to_where(data.columns(page.path, "anomalies")))
columns = views.table_columns(page)
shown = rows_of(page.path, is_marked, columns, where)
by = ("place", "is_redistributable") if is_marked else ("is_redistributable",)
tally = marks.tally_of(page.path, source, by, where, shown, READ)
whole, n_strong = int(tally["n"].sum()), int(tally.loc[marks.strong(tally), "n"].sum()) if is_marked else 0

counted(page, is_marked and side != "high")
families.section(page)
has_rest = is_marked and 0 < n_strong < whole
if has_rest and address.switch("list", "List", ["strongest", "worklist"], "strongest") == "strongest":
    where, tally = (*where, marks.STRONG), tally[marks.strong(tally)]
    shown = rows_of(page.path, is_marked, columns, where)
    st.caption(
        f"{words.count(n_strong)} of {words.count(whole)}: looked up at their source, very unusual, of a known maker, or of a "
        "model in three sources. The worklist has the rest: look at the source before you say anything of them."
    )
n_chosen = int(tally["n"].sum())
if shown.empty:
    filters.explain_empty(page.path, "anomalies", tuple(base), page.selection)
else:
    chart_of(page, is_marked, columns, where)
    event = tables.show(
        # The side of a one-sided list stands above it.
        shown.assign(level_text=shown["level_text"].str.removesuffix(f", {side}")) if is_one_sided else shown,
        {name: setting for name, setting in COLUMNS.items() if name in shown},
        alt="Scores with their verdicts",
        n_rows=n_chosen,
        key="rows",
        on_select="rerun",
        selection_mode="single-row",
    )
    if "still" in shown and shown["still"].ne("").any():
        st.caption(words.STILL_HELP)
    row = picked(event["selection"]["rows"])
    marks.card(page, Keyed(str(row["evaluation_id"]), row))

    with st.container(horizontal=True):
        tables.download(
            f"Download CSV ({words.plural(n_chosen, 'score')} of this selection)",
            "anomalies",
            page.asof,
            lambda: data.whole(page.path, source, where),
            True,
        )
        n_all, large = data.file_size(page.path, "anomalies", data.VERDICTS)
        tables.download(
            f"Download CSV (all {words.count(n_all)} scores)",
            "anomalies",
            page.asof,
            lambda: data.whole(page.path, "anomalies", data.VERDICTS),
            False,
            is_packed=large >= PACKED_FROM,
        )
    size = f"about {large} MB{' once unpacked' if large >= PACKED_FROM else ''}"
    tables.about_files(f"The file of all scores has tested and other ones, {size}. ")
    tables.left_out(int(tally.loc[~tally["is_redistributable"].astype(bool), "n"].sum()))

marks.shown_apart(page)
twins.twin_section(page)

asked = (
    {"level": [level]}
    | ({"side": [side]} if level in list(SHOW)[:3] else {})
    | ({"benchmark": [benchmark]} if benchmark else {})
)
frame.close_page(page, views.source_line(page, where, source), views.CANNOT_TELL, {"anomalies": asked})
