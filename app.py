"""Home: what to double-check today.

One sentence, the strongest finding about a model that people know, three numbers, two ways on; cases that people know; then
the strongest unusual scores and the tests at their end. Run with `streamlit run app.py`.
"""

import streamlit as st

from ui import answers, cases, home
from ui.kit import filters, frame, parts, tables, views, words

FIRST = 8  # unusual scores in the table
ACROSS = 3  # cases beside each other


@parts.kept
def finding_of_the_day(page: frame.Page) -> None:
    """The strongest finding about a model that people know, and three numbers."""
    st.markdown(words.PROMISE)
    example = home.featured(page)
    if example is not None:
        home.show_featured(page, example)
    home.three_numbers(page, answers.table(page))


@parts.kept
def lists(page: frame.Page) -> None:
    """Cases, the strongest unusual scores, the tests at their end."""
    told = cases.of_page(page)
    if told:
        st.header("Cases that people know", anchor=False)
        cases.cards(told, ACROSS)

    st.header("The strongest unusual scores", anchor=False)
    strongest, n_strong = home.strongest(page, FIRST)
    if strongest.empty:
        st.info("No strong mark in this selection. That does not mean every score is right.")
    else:
        tables.show(strongest, home.SHORT_COLUMNS, alt="The strongest unusual scores", missing="not stated")
        st.caption(
            f"The first {words.count(len(strongest))} of {words.count(n_strong)}: scores that were looked up, then very unusual "
            "ones, then models of known makers or seen in three sources. All others are a worklist, on the next page."
        )
    st.markdown(home.closed_models(page))

    for title, lines in zip(
        ("Tests in use that are at their end", "Tests in use that still tell the best apart"),
        home.headlines(answers.table(page)),
        strict=True,
    ):
        if lines:
            st.header(title, anchor=False)
            st.markdown("\n".join(lines))
    st.caption("Of each kind the five that most makers reported in the last twelve months.")
    st.page_link(
        "pages/2_benchmarks.py", label="All tests, and what to use instead →", query_params=filters.parameters() or None
    )
    st.caption(home.recency(page))


page = frame.open_page("Home", "Which AI test scores deserve a second look?")
finding_of_the_day(page)
with st.container(horizontal=True):
    if st.button("See unusual scores", type="primary"):
        st.switch_page("pages/1_unusual_scores.py", query_params=filters.parameters())
    if st.button("Check a claim"):
        st.switch_page("pages/7_check_a_claim.py", query_params=filters.parameters())
lists(page)
frame.close_page(page, views.source_line(page), views.CANNOT_TELL, {"scores": {}, "benchmarks": {}})
