"""Parts of pages that are drawn once and sent to every later visitor as they are.

Question  What did this part of this page look like to the visitor before?
Input     a function that draws elements without a widget among them, from a page and arguments that can be hashed.
Output    the same elements where the page stands now, and what the function returned.
Method    A first visitor's elements are kept as the bytes that go to the browser, on the shelf of answers (ui/kit/shelf.py),
          under everything that they can depend on: the function, its code and its arguments, the build, the selection, the parameters
          of the address and the day; a part that says that it looks at neither selection nor address is the same under all of
          them. For a later visitor only their places on the page are written anew. Streamlit's own
          caches replay elements too, but count entries whatever their size, and any visitor's browser can empty them.
Silent    A part that holds a widget, or writes elsewhere than where it began, is drawn anew each time.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

import streamlit as st
from streamlit.cursor import Cursor
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from ui.kit import address
from ui.kit.shelf import frozen, shared, shelf

P = ParamSpec("P")
T = TypeVar("T")
# Elements that ask nothing of the visitor; a table or chart whose rows can be picked is told apart by its selection mode.
STILL = frozenset(
    ("markdown", "heading", "plotly_chart", "dataframe", "alert", "page_link", "link_button", "html", "code", "metric", "text")
)  # fmt: skip
PICKED = ("plotly_chart", "dataframe")
UNREAD = (
    "find",
    "score",
)  # parameters of the address that no part reads by itself: what is looked for, which row is picked


class PageLike(Protocol):
    """What of a page its parts can depend on (ui/kit/frame.py `Page`)."""

    @property
    def name(self) -> str:
        """Of the page."""

    @property
    def build(self) -> Any:
        """The database and its day."""

    @property
    def selection(self) -> Any:
        """What the reader filters by."""


Q = TypeVar("Q", bound=PageLike)


class Unkept(Exception):
    """A part that cannot be kept, with what its function returned."""

    def __init__(self, value: Any) -> None:
        """What to return."""
        super().__init__()
        self.value = value


class Part(NamedTuple):
    """What a function returned, its elements with their places from the first one on, and how many places they took."""

    value: Any
    elements: tuple[tuple[tuple[int, ...], bytes], ...]
    n_places: int


@dataclass
class Recorder:
    """Elements that a part sends: its own place on the page, theirs within it, and their bytes."""

    place: tuple[int, ...]  # of the first element
    elements: list[tuple[tuple[int, ...], bytes]] = field(default_factory=list)
    is_still: bool = True

    def take(self, message: ForwardMsg) -> None:
        """Keep one element before it is sent."""
        where = tuple(message.metadata.delta_path)
        depth = len(self.place) - 1
        is_inside = where[:depth] == self.place[:depth] and where[depth:] >= self.place[depth:]
        if not (message.WhichOneof("type") == "delta" and is_inside and is_quiet(message)):
            self.is_still = False
            return
        populate_hash_if_needed(message)
        self.elements.append((where[depth:], message.SerializeToString()))


def is_quiet(message: ForwardMsg) -> bool:
    """Whether an element asks nothing of the visitor, and belongs to no part that runs by itself."""
    delta = message.delta
    if delta.fragment_id:
        return False
    if delta.WhichOneof("type") == "add_block":
        return True
    name = delta.new_element.WhichOneof("type") if delta.WhichOneof("type") == "new_element" else ""
    return name in STILL and not (name in PICKED and getattr(delta.new_element, name).selection_mode)


@contextmanager
def recording(context: ScriptRunContext, place: tuple[int, ...]) -> Iterator[Recorder]:
    """Keep what is sent to the browser meanwhile; parts within parts are kept by both."""
    recorder, send, outer = Recorder(place), context.enqueue, vars(context).get("enqueue")

    def both(message: ForwardMsg) -> None:
        recorder.take(message)
        send(message)

    vars(context)["enqueue"] = both
    try:
        yield recorder
    finally:
        vars(context).pop("enqueue")
        if outer is not None:
            vars(context)["enqueue"] = outer


def send_again(context: ScriptRunContext, cursor: Cursor, part: Part) -> None:
    """The elements of a part, where the page stands now."""
    start, *above = cursor.index, *cursor.delta_path[:-1]
    for (at, *below), body in part.elements:
        message = ForwardMsg.FromString(body)
        message.metadata.delta_path[:] = (*above, start + at, *below)
        context.enqueue(message)
    for _ in range(part.n_places):
        cursor.lock_element()


def kept(function: Callable[Concatenate[Q, P], T]) -> Callable[Concatenate[Q, P], T]:
    """The function, whose elements are drawn once and then sent again."""
    return keeping(function, chosen)


def kept_for_all(function: Callable[Concatenate[Q, P], T]) -> Callable[Concatenate[Q, P], T]:
    """The same of a part that looks at neither the selection nor the address: a link to it may bring any filter."""
    return keeping(function, lambda _: ())


def chosen(page: PageLike) -> Hashable:
    """What a part can see of the reader's choice: the selection, and the parameters of the address that parts read."""
    asks = {name: values for name, values in address.whole().items() if name not in UNREAD}
    return page.selection, frozen(asks)


def keeping(
    function: Callable[Concatenate[Q, P], T], choice: Callable[[PageLike], Hashable]
) -> Callable[Concatenate[Q, P], T]:
    """The function, whose elements are drawn once for each choice of the reader."""

    @wraps(function)
    def drawn(page: Q, /, *args: P.args, **options: P.kwargs) -> T:
        context = get_script_run_ctx(suppress_warning=True)
        cursor = st._main._active_dg._cursor
        if context is None or cursor is None:
            return function(page, *args, **options)
        is_first = False

        def draw() -> Part:
            nonlocal is_first
            is_first, place = True, tuple(cursor.delta_path)
            with recording(context, place) as recorder:
                value = function(page, *args, **options)
            if not recorder.is_still:
                raise Unkept(value)
            elements = tuple(((where[0] - place[-1], *where[1:]), body) for where, body in recorder.elements)
            return Part(value, elements, cursor.index - place[-1])

        asked = (function.__qualname__, function.__code__, frozen(args), frozen(options))
        about = (page.name, page.build, choice(page), date.today())
        try:
            part = shelf.ask(("part", *asked, *about), draw, page.build.path)
        except Unkept as told:
            return told.value
        if not is_first:
            send_again(context, cursor, part)
        return shared(part.value)

    return drawn
