"""The dashboard behind its own door: `streamlit run serve.py`, as `make run` does.

`streamlit run app.py` serves the same pages without it, for hosts that know nothing else.
"""

import streamlit as st

from ui.kit import door

app = st.App("app.py", middleware=[(door.Door, (), {})])  # type: ignore[list-item]  # what Starlette unpacks
