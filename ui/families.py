"""What is said of a family: on which tests its models stand above or below what their other scores suggest.

Question  The reader filters by a family: what is most worth knowing about it?
Input     a `frame.Page` with families selected; the view `families`.
Output    up to LINES sentences of level unusual per family and the file: the contrast of public tests that stand still with
          the others first, then tests, the surest first.
Silent    Without a family in the filter nothing is shown; a family without a strong answer says so.
"""

import streamlit as st

from data.vocabulary import MARKED
from store import Where
from ui.kit import data, tables, words
from ui.kit.frame import Page

LINES = 5


def section(page: Page) -> None:
    """The strongest answers about each family that the reader filters by, above a list."""
    chosen = page.selection.family
    if not chosen or not data.has(page.path, "families"):
        return
    mine = (Where("group_kind", "=", "family"), Where("group_name", "in", chosen))
    rows = data.read(page.path, "families", None, mine, ("group_name", "-subject_kind", "p_value", "subject_id"))
    with st.container(border=True):
        for family in chosen:
            own = rows[rows["group_name"] == family]
            strong = own[own["level"].isin(MARKED)]
            st.markdown(f"**The family {words.in_markdown(family)} as a whole** {summary(len(own), len(strong))}")
            lines = zip(strong["subject_name"].head(LINES), strong["reason"].head(LINES), strict=True)
            st.markdown("\n".join(f"- {words.in_markdown(n)}: {words.in_markdown(reason)}" for n, reason in lines))
        with st.container(horizontal=True):
            tables.download("Download CSV (these families)", "families", page.asof, lambda: [rows], True)
            everything = "Download CSV (all families and makers)"
            tables.download(everything, "families", page.asof, lambda: [data.read(page.path, "families")], False)


def summary(n_asked: int, n_strong: int) -> str:
    """How many answers there are, and how many are strong."""
    if not n_asked:
        return "has too few models of known makers on any one test to say."
    if not n_strong:
        return f"stands where its other scores suggest on {words.plural(n_asked, 'test')}, as far as can be told."
    more = f", the strongest {LINES}" if n_strong > LINES else ""
    return f"stands out on {words.count(n_strong)} of {words.plural(n_asked, 'test')}{more}:"
