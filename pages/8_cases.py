"""Cases: what does an unusual score, a claim or a test at its end look like?

Without ?case= all cases, each with its chart and its one sentence; with it one of them: what happened, what the numbers
say, what follows, and the rows behind it.
"""

import streamlit as st

from ui import cases
from ui.kit import frame, parts, tables, views, words

NOTE = (
    "What happened is told by the document that is linked; what the numbers say is read from the database of this day and "
    "changes with it. A case is here because people know it, not because it is the strongest mark. "
)


def one(page: frame.Page, case: cases.Case, told: cases.Told) -> None:
    """One case in full."""
    st.page_link("pages/8_cases.py", label="← All cases")
    what_happened(case)
    st.markdown(f"**What the numbers say.** {told.sentence}")
    frame.chart(told.figure, "", f"Chart of the case {case.title}", title=f"{case.title}. {told.sentence}")
    st.markdown(f"**What follows.** {words.in_markdown(case.lesson)}")
    file, label, parameters = cases.way_on(case)
    with st.container(horizontal=True):
        st.page_link(file, label=f"{label} →", query_params=parameters)
        tables.download(
            f"Download CSV ({words.plural(len(told.rows), 'row')} behind this)", f"case_{case.id}", page.asof,
            lambda: [told.rows], False,
        )  # fmt: skip
    height = cases.TALL if case.kind == "score" else None  # its verdicts are sentences
    shown = cases.rows_shown(case, told.rows)
    tables.show(shown, cases.ROWS[case.kind], alt="Rows behind this case", row_height=height)


def what_happened(case: cases.Case) -> None:
    """The story and its document."""
    st.markdown(
        f"**What happened.** {words.in_markdown(case.what_happened)} ([document]({tables.web_address(case.source_url)}))"
    )


@parts.kept
def listing(page: frame.Page) -> None:
    """All cases, two beside each other on a wide screen."""
    told = cases.of_page(page)
    cases.cards(told, 2)
    st.header("All cases", anchor=False)
    tables.show(cases.as_table(told), cases.COLUMNS, alt="All cases", row_height=80)


known = {case.id: case for case in cases.known()}
asked = st.query_params.get("case", "")
case = known.get(asked)
page = frame.open_page(
    "Cases", f"{case.title}: what do the numbers say?" if case else "Which cases should everybody know?", has_filters=False,
    item=case.title if case else "",
)  # fmt: skip
told = [pair for pair in cases.of_page(page) if case is None or pair[0].id == case.id]
if case is not None and told:
    one(page, *told[0])
elif case is not None:
    st.info("The database of this day holds no numbers for this case.")
    what_happened(case)
else:
    if asked:
        st.caption(f"There is no case “{words.in_markdown(words.shorten(asked, 80))}” here; these are all.")
    if told:
        listing(page)
        tables.download("Download CSV (all cases)", "cases", page.asof, lambda: [cases.as_table(told)], False)
    else:
        st.info("The database of this day holds no numbers for any case.")
frame.close_page(page, views.source_line(page), NOTE + views.CANNOT_TELL)
