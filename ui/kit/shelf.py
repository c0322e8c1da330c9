"""Answers of the database that many visitors ask for, kept within so many bytes.

Question  Has this been asked of this build before?
Input     a function whose first argument is the path of a database, which is part of every key: a new build is a new path.
Output    what the function returned. Frames are handed out as copies that share their values until somebody writes to them
          (https://pandas.pydata.org/docs/user_guide/copy_on_write.html), so a hit costs microseconds.
Method    The least recently used answers go when all together are larger than BYTES. Of visitors who ask the same at once, one
          asks the database and the others wait for the answer. Not one of Streamlit's caches: these count entries, whatever
          their size, copy every answer byte by byte, and any visitor's browser can ask to have them emptied.
Silent    What a function raises is raised for whoever asked, and not kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

import pandas as pd

from store import Where

P = ParamSpec("P")
T = TypeVar("T")
BYTES = 160_000_000  # of all answers together: every page with ten filters, measured
SMALL = 1_000  # bytes that an answer counts at least, for its key and its place


@dataclass(frozen=True)
class Keyed(Generic[T]):
    """A value that cannot be a part of a key, with what tells it from others of the same build."""

    key: Hashable
    value: T


@dataclass
class Shelf:
    """The answers of one process, least recently used first, with the bytes of each."""

    limit: int = BYTES
    turn: threading.Lock = field(default_factory=threading.Lock)
    kept: OrderedDict[Hashable, tuple[Any, int]] = field(default_factory=OrderedDict)
    asking: dict[Hashable, threading.Lock] = field(default_factory=dict)
    n_bytes: int = 0

    def find(self, key: Hashable) -> tuple[Any, int] | None:
        """A kept answer, which is now the most recently used."""
        with self.turn:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def keep(self, key: Hashable, answer: Any) -> None:
        """Keep an answer, and let go of old ones; one that is larger than a quarter of the shelf is not kept."""
        size = SMALL + weigh(answer)
        with self.turn:
            self.n_bytes -= self.kept.pop(key, (None, 0))[1]
            if size <= self.limit / 4:
                self.kept[key] = (answer, size)
                self.n_bytes += size
            while self.n_bytes > self.limit:
                self.n_bytes -= self.kept.popitem(last=False)[1][1]

    def ask(self, key: Hashable, work: Callable[[], T]) -> T:
        """The answer to a key: kept, or worked out by the first who asks."""
        found = self.find(key)
        if found is None:
            with self.turn:
                alone = self.asking.setdefault(key, threading.Lock())
            with alone:
                found = self.find(key)
                if found is None:
                    try:
                        answer = work()
                        self.keep(key, answer)
                    finally:
                        with self.turn:
                            self.asking.pop(key, None)
                    found = (answer, 0)
        return shared(found[0])


shelf = Shelf()


def shared(answer: Any) -> Any:
    """An answer to give away: frames as copies that share their values until somebody writes to them."""
    if isinstance(answer, pd.DataFrame):
        return answer.copy(deep=False)
    return {name: shared(value) for name, value in answer.items()} if isinstance(answer, dict) else answer


def weigh(answer: Any) -> int:
    """Bytes of an answer: of a frame with all that its cells hold."""
    if isinstance(answer, dict):
        return sum(map(weigh, answer.values()))
    if isinstance(answer, pd.DataFrame):
        return int(answer.memory_usage(deep=True).sum())
    if isinstance(answer, bytes | str):
        return len(answer)
    return sum(map(weigh, answer)) if isinstance(answer, tuple | list) else 0


def frozen(value: Any) -> Hashable:
    """A value as a part of a key: lists, dictionaries and what conditions hold as tuples; a frame by its cells, which should be few."""
    if isinstance(value, list | tuple):
        return tuple(map(frozen, value))
    if isinstance(value, dict):
        return tuple(sorted((name, frozen(held)) for name, held in value.items()))
    if isinstance(value, Keyed):
        return value.key
    if isinstance(value, Where):
        return value.column, value.operator, frozen(value.value), value.or_null
    if isinstance(value, pd.DataFrame):
        return tuple(value.columns), tuple(value.itertuples(index=False, name=None))
    return value


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """The function, asked once for each set of arguments while its answer is on the shelf."""

    @wraps(function)
    def asked(*args: P.args, **options: P.kwargs) -> T:
        key = (function.__module__, function.__qualname__, frozen(args), frozen(options))
        return shelf.ask(key, lambda: function(*args, **options))

    return asked
