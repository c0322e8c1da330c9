"""Widgets whose value stands in the address of the page, so that a copied link shows the same view.

Question  Which value does a widget have: the one in the link, or the one that the reader just chose?
Input     the widget's key (also the name of the parameter), its resting value, how to read and write its value as
          texts.
Output    the value; the address is kept in step, values at rest are left out of it.
Method    The address wins on a first visit and where a link, Back or Forward brought another value; else the widget wins.
          Streamlit's own `bind="query-params"` does the same within one page, but with files in pages/ it drops the
          parameters of the page that the reader leaves, links that carry them included; tests/test_browser.py shows that
          filters survive here. A browser sends what the reader does next with the address of that moment, which may lack
          what was chosen just before; with fast reruns any telling of the browser may end the run. So a session keeps what
          the address ought to be, and it is written down before the browser is told.
Silent    A value that does not exist is dropped and the widget rests; the rest of the link still holds.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

T = TypeVar("T")
KNOWN = "page and address"  # one entry: Streamlit walks all entries of a session for each of its boxes


@dataclass
class Known:
    """What a session knows of the address."""

    page: str
    held: dict[str, list[str]]  # what the browser has, or has been told and will have
    brought: set[str] = field(default_factory=set)  # parameters with a new value that their widget has not taken yet


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
    brought = state[KNOWN].brought
    wanted = st.query_params.get_all(key) if widget not in state or key in brought else write(state[widget])
    value = read(wanted) if wanted else resting
    value = resting if value is None else value
    if widget not in state or state[widget] != value:
        state[widget] = value
    value = draw(widget)
    brought.discard(key)
    put(key, *([] if value == resting else write(value)))
    return value


def start(page: str) -> None:
    """Say which page is drawn, before its first widget.

    A run that a widget caused brings no news of the address: where it is not what it ought to be, the browser had not heard
    of that yet when it sent the widget's value.

    A link from a page to itself (the menu, "All models") leaves the browser's address as it was, and what was told just before
    Back may arrive after it: the browser is told what the address is.
    """
    now, known = whole(), st.session_state.get(KNOWN)
    if known is None or known.page != page:
        known = Known(page, now)
    meant = known.held if is_by_widget() else now
    brought = {key for key in known.held.keys() | meant.keys() if known.held.get(key) != meant.get(key)}
    st.session_state[KNOWN] = Known(page, dict(meant), known.brought | brought)
    if meant != now or meant != known.held:
        st.query_params.from_dict(meant)


def is_by_widget() -> bool:
    """Whether a widget's new value caused this run; links, Back and Forward come without one. Streamlit says so nowhere else."""
    context = get_script_run_ctx()
    state = context.session_state._state if context else None
    return state is not None and any(state._widget_changed(widget) for widget in state._new_widget_state)


def whole() -> dict[str, list[str]]:
    """Every parameter of the address with all its values."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def put(key: str, *values: str) -> None:
    """Write a parameter; without a value it is taken out."""
    wanted, held = [value for value in values if value], st.session_state[KNOWN].held
    if wanted:
        held[key] = wanted
        if st.query_params.get_all(key) != wanted:
            st.query_params[key] = wanted
    else:
        held.pop(key, None)
        if key in st.query_params:
            del st.query_params[key]


def open_item(key: str, value: str) -> None:
    """Open one item of the page that is shown, such as one model, and begin anew."""
    put(key, value)
    st.rerun()


def widget_key(key: str) -> str:
    """The widget behind a parameter. One for each page: Streamlit forgets a widget's value with the page it was on, but
    not that there was one, so a shared key would look set and come back empty.
    """
    return f"{key} on {st.session_state[KNOWN].page}"


def day(key: str) -> date | None:
    """The day that the parameter `key` of the address names, as YYYY-MM-DD; anything else is dropped from it."""
    asked = st.query_params.get(key)
    if asked is None:
        return None
    try:
        return datetime.strptime(asked, "%Y-%m-%d").date()
    except ValueError:
        put(key)
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
