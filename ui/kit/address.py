"""Widgets whose value stands in the address of the page, so that a copied link shows the same view.

Question  Which value does a widget have: the one in the link, or the one that the reader just chose?
Input     the widget's key (also the name of the parameter), its resting value, how to read and write its value as
          texts.
Output    the value; the address is kept in step, values at rest are left out of it.
Method    The address wins whenever it differs from what this function last wrote (a first visit, a link, Back and
          Forward); else the widget wins. Streamlit's own `bind="query-params"` does the same within one page, but with
          files in pages/ it drops the parameters of the page that the reader leaves, links that carry them included;
          tests/test_browser.py shows that filters survive here.
Silent    A value that does not exist is dropped and the widget rests; the rest of the link still holds.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")
HELD = "parameters that the browser's address holds"
SEEN = "what the address held last, by widget"  # in one place: Streamlit walks all entries of a session for each of its boxes


def bound(
    key: str,
    draw: Callable[[str], T],
    resting: T,
    read: Callable[[list[str]], T | None],
    write: Callable[[T], list[str]],
) -> T:
    """Draw a widget and keep it in step with the parameter `key` of the address.

    draw   makes the widget with the widget key that it is given, and returns its value; a slider needs its resting pair
           to know that it has two ends.
    read   texts of the address to a value, None when they mean nothing; write: a value to texts.
    """
    state, widget = st.session_state, widget_key(key)
    asked, seen = st.query_params.get_all(key), state.setdefault(SEEN, {})
    wanted = asked if widget not in state or asked != seen.get(widget, []) else write(state[widget])
    value = read(wanted) if wanted else resting
    value = resting if value is None else value
    if widget not in state or state[widget] != value:
        state[widget] = value
    value = draw(widget)
    written = [] if value == resting else write(value)
    if written:
        if written != asked:
            st.query_params[key] = written
            state[HELD].add(key)
    elif key in st.query_params:
        del st.query_params[key]
        state[HELD].discard(key)
    seen[widget] = written
    return value


def start(page: str) -> None:
    """Say which page is drawn, before its first widget.

    A link from a page to itself (the menu, "All models") comes without the parameters that it drops, but Streamlit leaves
    them in the browser's address, and the next click would bring them back: the browser is told what the address is.
    """
    state, now = st.session_state, whole()
    if state.get("page") == page and state.get(HELD, set()) - set(now):
        st.query_params.from_dict(now)
    state["page"], state[HELD] = page, set(now)


def whole() -> dict[str, list[str]]:
    """Every parameter of the address with all its values."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def put(key: str, value: str) -> None:
    """Write a parameter that belongs to no widget; an empty one is taken out."""
    held = st.session_state.setdefault(HELD, set())
    if value and st.query_params.get(key) != value:
        st.query_params[key] = value
        held.add(key)
    elif not value and key in st.query_params:
        del st.query_params[key]
        held.discard(key)


def open_item(key: str, value: str) -> None:
    """Open one item of the page that is shown, such as one model, and begin anew."""
    st.query_params[key] = value
    st.rerun()


def widget_key(key: str) -> str:
    """The widget behind a parameter. One for each page: Streamlit forgets a widget's value with the page it was on, but
    not that there was one, so a shared key would look set and come back empty.
    """
    return f"{key} on {st.session_state['page']}"


def day(key: str) -> date | None:
    """The day that the parameter `key` of the address names, as YYYY-MM-DD; anything else is dropped from it."""
    asked = st.query_params.get(key)
    if asked is None:
        return None
    try:
        return datetime.strptime(asked, "%Y-%m-%d").date()
    except ValueError:
        del st.query_params[key]
        return None


def one_of(options: Collection[str]) -> Callable[[list[str]], str | None]:
    """Reads a single text that must be one of the options."""
    return lambda texts: texts[0] if texts[0] in options else None


def some_of(options: Collection[str]) -> Callable[[list[str]], list[str] | None]:
    """Reads any number of texts; those that are no options are dropped."""
    return lambda texts: [text for text in texts if text in options] or None


def span_of(steps: list[str]) -> Callable[[list[str]], tuple[str, str] | None]:
    """Reads the two ends of a slider over `steps`."""

    def read(texts: list[str]) -> tuple[str, str] | None:
        if len(texts) != 2 or not set(texts) <= set(steps):
            return None
        first, last = sorted(texts, key=steps.index)
        return first, last

    return read


def alone(value: str) -> list[str]:
    """Writes a single text; an empty one is no parameter."""
    return [value] if value else []


def choose(key: str, label: str, options: dict[str, str], resting: str, **how: Any) -> str:
    """A select box: the address holds the stable id, the reader sees the name."""
    return bound(
        key,
        lambda widget: st.selectbox(label, list(options), format_func=lambda o: options.get(o, o), key=widget, **how),
        resting,
        one_of(options),
        alone,
    )


def switch(key: str, label: str, options: list[str], resting: str) -> str:
    """A row of buttons of which one is pressed."""
    return bound(
        key,
        lambda widget: st.segmented_control(label, options, required=True, key=widget) or resting,
        resting,
        one_of(options),
        alone,
    )
