"""Find anything from every page: models, tests, families and makers, by any spelling, each with its answer.

Question  Where is the page of what the reader has in mind, and what does it say?
Input     a `frame.Page` and a text.
Output    a box in the side bar, results above the page.
Method    reading/search.py; its index is made once a database, when somebody first looks for something.
Silent    Nothing that the text means: one sentence says so.
"""

from collections.abc import Collection

import streamlit as st

from reading import search
from ui.kit import data
from ui.kit.frame import Page


@st.cache_resource(max_entries=2, show_spinner="Reading all names once …")
def index(path: str) -> search.Index:
    """All names of one database."""
    return search.index(data.connection(path))


def look(page: Page, text: str, kinds: Collection[str] = search.KINDS, limit: int | None = None) -> search.Found:
    """What a text means."""
    return search.find(index(page.path), text, kinds, limit)
