"""Claims: do makers' own numbers match independent runs of the same model and test?

All pairs as a distribution, the widest as a dumbbell, makers in the order of their number of pairs, every pair with both
sources.
"""

import streamlit as st

from data.vocabulary import MARKED
from ui import claims
from ui.kit import address, comparison_charts, data, filters, frame, parts, tables, views, words

LINES = ("As far as such pairs can be", "Unusually far apart for the test")
DRAWN = 20  # pairs in the dumbbell; more do not fit a screen
COLUMNS = {
    "model_link": views.model_link(330),
    "test": st.column_config.TextColumn("Test", width=170),
    "maker_percent": st.column_config.NumberColumn("Maker (%)", format="%.1f", width=85),
    "independent_percent": st.column_config.NumberColumn("Independent (%)", format="%.1f", width=130),
    "gap_points": st.column_config.NumberColumn(
        "Gap", format="%+.1f", width=70, help="Points; +: the maker's is better"
    ),
    "level_text": st.column_config.TextColumn("Among such pairs", width=160),
    "maker_setting": st.column_config.TextColumn("Maker's set-up", width=190),
    "independent_setting": st.column_config.TextColumn("Independent set-up", width=190),
    "n_independent": st.column_config.NumberColumn("Runs", width=60, help="Independent runs of this model and test"),
    "source_url": st.column_config.LinkColumn("Maker's source", display_text="open", width=110),
    "independent_source_url": st.column_config.LinkColumn("Independent source", display_text="open", width=130),
}
MAKERS = {
    "maker_link": st.column_config.LinkColumn("Maker", display_text=r"#(.*)$", width=160, pinned=True),
    "n_pairs": st.column_config.NumberColumn("Pairs", width=70),
    "n_models": st.column_config.NumberColumn("Models", width=80),
    "typical_gap": st.column_config.NumberColumn(
        "Typical gap", format="%+.1f", width=100, help="Middle of its gaps in points; +: the maker's is better"
    ),
    "typical_distance": st.column_config.NumberColumn(
        "Typical distance", format="%.1f", width=120, help="Half of its gaps are smaller, whatever the side"
    ),
    "widest": st.column_config.NumberColumn("Widest gap", format="%+.1f", width=100),
    "n_unusual": st.column_config.NumberColumn("Unusual pairs", width=110),
}
FAIR = (
    "**A gap is no finding about anybody.** Prompt, number of examples, reasoning effort, sampling, scorer and version of the "
    "test move a score by several points, and pages often do not state them; an independent run can be the one that is wrong, "
    "too low because answers were not parsed, for one. The makers' table is no ranking: it is ordered by number of pairs, few "
    "pairs say little, and which of its numbers a maker's pairs hold depends on what others chose to run. Makers whose numbers "
    "nobody ran again have no row."
)


@parts.kept
def chart_and_table(page: frame.Page, setup: str, where: tuple[data.Where, ...]) -> None:
    """All pairs as a distribution, the widest as a dumbbell, every pair in a table."""
    rows = claims.pairs(page, where)
    frame.chart(
        comparison_charts.gaps(rows["gap"], rows["distance"].median()),
        claims.finding(rows),
        "How many makers' numbers lie how far from an independent run of the same model and test",
        "The maker's number minus the independent one. Shaded: half of the pairs. "
        + ("Same set-up as far as both pages state it." if setup == next(iter(claims.SETUPS)) else
           "Any set-up: reasoning effort, number of examples and scorer may differ."),
    )  # fmt: skip
    drawn = claims.largest(rows, DRAWN)
    n_unusual = int(rows["level"].isin(MARKED).sum())
    first = rows.iloc[0]
    frame.chart(
        comparison_charts.dumbbell(drawn, ["The maker's number", "Independent run"], LINES, True),
        f"The widest gap: {words.in_markdown(first['model_name'].rsplit('/', 1)[-1])} on {words.in_markdown(first['test'])}, "
        f"{first['maker_percent']:.1f} by its maker and {first['independent_percent']:.1f} by someone else; "
        f"{words.count(n_unusual)} of {words.plural(len(rows), 'pair')} "
        f"{'is' if n_unusual == 1 else 'are'} unusual for the test",
        "The pairs furthest apart: the maker's number and an independent one",
        f"The {words.count(len(drawn))} pairs furthest apart. Hollow: the maker's own number. Each set-up stands in the box "
        "that opens over a dot.",
    )
    st.header("Every pair", anchor=False)
    tables.show(rows, COLUMNS, alt="Makers' numbers and independent runs")


@parts.kept
def makers_table(page: frame.Page, where: tuple[data.Where, ...]) -> None:
    """Makers with enough pairs."""
    rows = claims.pairs(page, where)
    st.header("By maker", anchor=False)
    table = claims.by_maker(page, rows)
    if table.empty:
        st.info(f"No maker has {claims.FEWEST} pairs here: too few to say anything of one.")
    else:
        tables.show(table, MAKERS, alt="Makers with their typical gaps")
        st.caption(
            f"Makers with {claims.FEWEST} pairs or more, most pairs first. {words.count(rows['maker'].nunique() - len(table))} more have fewer."
        )


page = frame.open_page("Claims", "Do makers’ numbers match what others measure?")
if not data.has(page.path, "claims"):
    st.info("This build has no pairs of makers’ and independent numbers.")
    frame.close_page(page, views.source_line(page), FAIR)
    st.stop()
with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
    setup = address.switch("setup", "Pairs with", list(claims.SETUPS), next(iter(claims.SETUPS)))
    makers = claims.makers(page)
    maker = address.choose("maker", "Maker", makers, "", width=240)
where = claims.chosen(page, setup, maker)
rows = claims.pairs(page, where)
if rows.empty:
    base = claims.chosen(page, setup, maker)[: len(claims.SETUPS[setup])]
    filters.explain_empty(page.path, "claims", base, page.selection, "pairs")
else:
    chart_and_table(page, setup, where)
    tables.download(
        f"Download CSV ({words.plural(len(rows), 'pair')})",
        "claims",
        page.asof,
        lambda: [data.read(page.path, "claims", None, where, ("evaluation_id",))],
        bool(where),
    )
    tables.left_out(int((~rows["is_redistributable"].astype(bool)).sum()))
    makers_table(page, where)
frame.close_page(
    page, views.source_line(page, (*data.CURRENT, data.Where("evaluator_relationship", "=", "first_party"))), FAIR,
    {"claims": {"setup": [setup]} | ({"maker": [maker]} if maker else {})},
)  # fmt: skip
