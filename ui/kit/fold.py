"""Parts of pages that stay folded until a reader opens them.

Question  What does a page hold that few readers open, and how is it kept from slowing down those who do not?
Input     a label, a key that is no other part's on the page, and a function that draws what is inside.
Output    the label; inside nothing while it is folded, else what the function draws.
Method    Streamlit's expander sends and draws what it holds also while it is closed: three closed tables took a third of the
          time that Unusual scores needs for another filter, and the two boxes of text to copy at the end of every page made the
          browser load and run 1.6 MB of script. As a fragment (https://docs.streamlit.io/develop/concepts/architecture/fragments)
          it asks the server for what is inside when it is opened, and nothing else of the page runs.
Silent    A part within one that is drawn once (ui/kit/parts.py) must not be folded this way: it asks something of the reader.
"""

from collections.abc import Callable

import streamlit as st


@st.fragment
def folded(label: str, key: str, draw: Callable[[], None], is_open: bool = False) -> None:
    """A label to open, and below it, once it is open, what `draw` draws; `is_open` says how a first visit finds it."""
    place = st.expander(label, expanded=is_open, key=key, on_change="rerun")
    if place.open:
        with place:
            draw()
