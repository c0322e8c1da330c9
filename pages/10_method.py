"""Method: how this is computed, from what, and how to object."""

from functools import partial

import pandas as pd
import streamlit as st

from reading import about
from ui import measured, provenance
from ui.kit import charts, data, frame, parts, tables, views, words

# Parts of this page: the anchor of each and its heading, in their order.
PARTS = {
    "funnel": "From printed value to verdict",
    "words": "The words",
    "statistics": "The statistics",
    "measured": "How well does this do?",
    "changed": "What changed",
    "sources": "The sources",
    "rejection": "Values that could not be accepted",
    "omission": "What is left out on purpose",
    "columns": "What the columns mean",
    "object": "How to object",
}
OBJECT = (
    "Tell us **what is wrong, a source that shows it, and who you are** by {issue}, with the link of the view (at the "
    "bottom of every page). We acknowledge within 3 days and check within 7. An error in our data is mended at once and "
    "recorded; a disagreement is printed beside the mark, dated, in up to 120 of your words. "
    "Nothing is deleted: corrected marks stay with the reason."
)
LIMITS = (
    "- Most scores are of open models on a few boards: the commercial ones rarely report a size, and without a size "
    "only a model's other scores can speak: where it has too few, we cannot tell.\n"
    "- Models that were never submitted to a board, or that were taken off it before we looked, are missing.\n"
    "- A date is often the day of an upload or of a listing, later than the model itself.\n"
    "- Near-copies of one base model are many; they weigh as one, and a model is compared without its own.\n"
    "- " + words.CANNOT_RULE_OUT
)


def heading(part: str) -> None:
    """The heading of a part of this page, with the anchor that the contents and other pages lead to."""
    st.header(PARTS[part], anchor=part)


@parts.kept_for_all
def beginning(page: frame.Page) -> None:
    """What is done in short, from printed value to verdict, the words, the statistics."""
    st.markdown(
        "For every benchmark we fit a curve of score against model size and date, once, on everything we hold, and for "
        "every board we ask what a model's other scores let expect. A score is compared with both, its own near-copies left "
        "out, and gets one of six words; without a size the other scores speak alone. The chance of each score is "
        f"corrected for how many were tested, high and low apart, so that {words.LUCK} is expected to be luck."
    )
    st.markdown("**On this page:** " + " · ".join(f"[{title}](#{part})" for part, title in PARTS.items()))
    heading("funnel")
    steps = provenance.funnel_steps(page)
    frame.chart(
        charts.funnel(steps),
        f"Of {words.count(steps[0][1])} values that were read, {words.count(steps[3][1])} could be compared and {words.count(steps[4][1])} "
        "are unusual",
        "Number of values after each step",
        "Read: values on the pages that we hold. Accepted: a number in range, of a known benchmark. Scores: copies of one "
        "run counted once, current ones, whole benchmarks only. Compared: enough similar models by size and date, or by their other scores. Unusual: after correction.",
    )

    heading("words")
    st.markdown("\n".join(f"- **{k.shape} {k.word}**: {k.sentence}" for k in words.LEVELS.values()))
    st.markdown("Benchmarks: " + " ".join(f"**{s} {w}**: {t}" for s, w, t in words.STATUSES.values()))
    st.markdown(words.ONE_ANSWER)
    st.markdown(words.LIST_ORDER)

    heading("statistics")
    for signal in data.read(page.path, "signal").itertuples():
        with st.expander(f"{signal.title}: {signal.question}"):
            st.text(signal.method)
            st.caption(f"Thresholds: {words.in_markdown(signal.thresholds)} · method version {signal.method_version}")


@parts.kept_for_all
def table_of_sources(page: frame.Page) -> None:
    """Every source with its age and counts."""
    tables.show(
        provenance.source_table(page),
        {
            "title": st.column_config.TextColumn("Source", pinned=True, width="medium"),
            "age": st.column_config.TextColumn("Newest content", width=130, help="◷ means older than its usual rhythm"),
            "status": st.column_config.TextColumn("Status", help="live, frozen by its owner, or read from copies only"),
            "n_evaluations": st.column_config.NumberColumn("Scores", format="%d"),
            "n_sightings": st.column_config.NumberColumn(
                "Sightings", format="%d", help="Scores times the snapshots that show them"
            ),
            "n_snapshots": st.column_config.NumberColumn("Snapshots", format="%d"),
            "rejections": st.column_config.TextColumn("Rejected values", width="medium"),
            "n_omitted": st.column_config.NumberColumn("Left out by rule", format="%d"),
            "licence": st.column_config.TextColumn("Licence"),
            "attribution": st.column_config.TextColumn("Credit"),
            "may_copy": st.column_config.TextColumn("In downloads"),
            "problem": st.column_config.TextColumn("Problem", width="large"),
            "url": st.column_config.LinkColumn("Page", display_text="open", width="small"),
        },
        alt="Sources with their age and counts",
    )


@parts.kept_for_all
def first_rows(page: frame.Page, table: str) -> None:
    """The first rows of a table of what was refused or left out."""
    tables.show(
        provenance.with_source(page, table),
        {name: name.replace("_", " ").capitalize() for name in provenance.READABLE[table]},
        alt=PARTS[table],
        n_rows=data.how_many(page.path, table),
    )


@parts.kept_for_all
def table_of_columns(page: frame.Page) -> None:
    """The data dictionary."""
    meanings = provenance.meanings()
    tables.show(meanings, {name: name.replace("_", " ").capitalize() for name in meanings}, alt="Data dictionary")


page = frame.open_page("Method", "How is this computed, and how do I object?", has_filters=False)
beginning(page)

heading("measured")
measured.section(page)

heading("changed")
provenance.what_changed(page)

heading("sources")
n_sources = data.how_many(page.path, "source")
with st.expander(f"All {words.plural(n_sources, 'source')}: age, counts, licences, what was rejected and left out"):
    table_of_sources(page)
    tables.download("Download CSV", "sources", page.asof, lambda: [data.read(page.path, "source")], False)


def every_row(table: str) -> list[pd.DataFrame]:
    """All rows of a table with the titles of their sources, for its file."""
    return [provenance.with_source(page, table, everything=True)]


for table, empty in (
    ("rejection", "Every value that was read could be accepted."),
    ("omission", "Nothing is left out by rule."),
):
    heading(table)
    n_rows = data.how_many(page.path, table)
    if not n_rows:
        st.info(empty)
        continue
    with st.expander(f"All {words.plural(n_rows, 'row')}, with source and reason"):
        first_rows(page, table)
        tables.download("Download CSV", table, page.asof, partial(every_row, table), False)

heading("columns")
meanings = provenance.meanings()
with st.expander(f"All {words.plural(len(meanings), 'column')} of the database and of the files"):
    table_of_columns(page)
    tables.download("Download CSV", "data_dictionary", page.asof, lambda: [meanings], False)

heading("object")
address = about.new_issue("", frame.issue_text(page))
st.markdown(
    OBJECT.format(
        issue=f"[opening an issue]({address})"
        if address
        else "opening an issue in the repository that you have this from"
    )
)
st.caption("; ".join(f"{name} {value}" for name, value in sorted(data.facts(page.path).items())))
frame.close_page(page, views.source_line(page, data.CURRENT), LIMITS)
