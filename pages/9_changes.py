"""Changes: what is different from last time, and why?

How many changes of each kind, by month; what changed last; every change with its day, reason and source, as table, file and
feed.
"""

import streamlit as st

from ui import changes
from ui.kit import address, comparison_charts, data, filters, frame, parts, tables, views, words

# On a screen of 1440 points the table is 1060 wide: all columns up to the reason are seen whole without scrolling.
COLUMNS = {
    "changed_date": st.column_config.DateColumn("Day", format="D MMM YYYY", width=104),
    "model_link": views.model_link(220),
    "test": st.column_config.TextColumn("Test", width=167),
    "what": st.column_config.TextColumn("What", width=133),
    "old": st.column_config.TextColumn("Was", width=90),
    "new": st.column_config.TextColumn("Is", width=171),
    "why": st.column_config.TextColumn("Why", width=175),
    "source_title": st.column_config.TextColumn("Source", width=180),
    "source_url": tables.source_link(),
}
LIMITS = (
    "A change of a value is dated by the first page of its source that shows it, so it can be older than its day here. A "
    "source that computes all its values anew with every version revises many at once. An answer of ours changes when "
    "the method changes, when a value changes, or when scores that it is compared with do; answers are compared with those "
    "that were published before, not with every build. **A changed value is no sign of anything by itself.**"
)


@parts.kept
def newest(page: frame.Page, span: str, day: str, where: tuple[data.Where, ...]) -> None:
    """Changes by month, and what changed last."""
    counts = changes.counted(page, where)
    when = f"On {words.day(day)}" if day else span.capitalize()
    frame.chart(
        comparison_charts.per_month(changes.months(counts)),
        f"{when}: {changes.finding(counts)[0].lower()}{changes.finding(counts)[1:]}",
        "Number of changes by month: values revised, values removed, answers changed",
        "By the day on which the change was first seen.",
    )
    st.markdown("**What changed last**")
    st.markdown("\n".join(changes.newest(counts)))


@parts.kept
def table(page: frame.Page, where: tuple[data.Where, ...], n: int) -> None:
    """The first rows of all n changes."""
    tables.show(
        changes.rows(page, where), COLUMNS, alt="Changes, the newest first", missing="no longer there", n_rows=n
    )


page = frame.open_page("Changes", "What changed, and why?")
if not data.has(page.path, "changes"):
    st.info("This build has no record of changes.")
    frame.close_page(page, views.source_line(page), LIMITS)
    st.stop()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    what = address.switch("what", "Changes of", list(changes.WHAT), next(iter(changes.WHAT)))
    span = address.choose("span", "When", {name: name for name in changes.DAYS}, "last 365 days", width=200)
    known = {"": "Any day"} | {day: words.day(day) for day in changes.days(page.path)}
    day = address.choose("day", "One day", known, "", width=170)
base, where = changes.chosen(page, what, span, day)
n = data.how_many(page.path, "changes", where)
if not n:
    filters.explain_empty(page.path, "changes", base, page.selection, "changes")
else:
    newest(page, span, day, where)
    changes.offer_feed(page)
    table(page, where, n)
    tables.download(
        f"Download CSV ({words.plural(n, 'change')})", "changes", page.asof,
        lambda: data.whole(page.path, "changes", where), True,
    )  # fmt: skip
frame.close_page(
    page, views.source_line(page), LIMITS, {"changes": {"what": [what]} | ({"day": [day]} if day else {"span": [span]})}
)
