"""Home: what to double-check today.

Three numbers, one chart with the usual range, the most unusual scores newest first. Run with `streamlit run app.py`.
"""

import streamlit as st

from ui import home
from ui.kit import address, charts, filters, frame, tables, views, words

page = frame.open_page("Home", "Which AI test scores deserve a second look?")
st.markdown(words.PROMISE)
home.three_numbers(page)

series = home.comparable_series(page)
if series:
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

with st.container(horizontal=True):
    if st.button("See unusual scores", type="primary"):
        st.switch_page("pages/1_unusual_scores.py", query_params=filters.parameters())
    if st.button("Check a claim"):
        st.switch_page("pages/4_check_a_claim.py", query_params=filters.parameters())

st.subheader("Newest unusual scores", anchor=False)
newest = home.newest_unusual(page)
if newest.empty:
    st.info("Nothing unusual in this selection. That does not mean every score is right.")
else:
    tables.show(newest, home.SHORT_COLUMNS, alt="The five newest unusual scores")
st.caption(home.recency(page))
frame.close_page(page, views.source_line(page), views.CANNOT_TELL)
