"""Home: what to double-check today.

Three numbers, the strongest unusual scores, the tests at their end, one chart with the usual range. Run with
`streamlit run app.py`.
"""

import streamlit as st

from ui import answers, home
from ui.kit import address, charts, filters, frame, tables, views, words

FIRST = 8  # unusual scores in the table

page = frame.open_page("Home", "Which AI test scores deserve a second look?")
st.markdown(words.PROMISE)
tests = answers.table(page)
home.three_numbers(page, tests)

st.subheader("The strongest unusual scores", anchor=False)
strongest, n_strong = home.strongest(page, FIRST)
if strongest.empty:
    st.info("No strong mark in this selection. That does not mean every score is right.")
else:
    tables.show(strongest, home.SHORT_COLUMNS, alt="The strongest unusual scores", missing="not stated")
    st.caption(
        f"The first {words.count(len(strongest))} of {words.count(n_strong)}: scores that a person looked up, then very unusual "
        "ones, then models of known makers or seen in three sources. All others are a worklist, on the next page."
    )
with st.container(horizontal=True):
    if st.button("See unusual scores", type="primary"):
        st.switch_page("pages/1_unusual_scores.py", query_params=filters.parameters())
    if st.button("Check a claim"):
        st.switch_page("pages/7_check_a_claim.py", query_params=filters.parameters())
st.markdown(home.closed_models(page))

for title, lines in zip(
    ("Tests in use that are at their end", "Tests in use that still tell the best apart"),
    home.headlines(tests),
    strict=True,
):
    if lines:
        st.subheader(title, anchor=False)
        st.markdown("\n".join(lines))
st.caption("Of each kind the five that most makers reported in the last twelve months.")
st.page_link(
    "pages/2_benchmarks.py", label="All tests, and what to use instead →", query_params=filters.parameters() or None
)

series = home.comparable_series(page)
if series:
    st.subheader("Size against score", anchor=False)
    chosen = address.choose("series", "Test", series, next(iter(series)))
    rows = views.series_rows(page, chosen)
    if rows.empty:
        filters.explain_empty(page.path, "anomalies", views.series_where(page, chosen), page.selection)
    else:
        st.plotly_chart(
            charts.size_scatter(rows),
            config=charts.CONFIG,
            alt=f"Model size against score on {series[chosen]}, with the usual range as a band",
        )
        st.caption(views.scatter_caption(rows))
st.caption(home.recency(page))
frame.close_page(page, views.source_line(page), views.CANNOT_TELL)
