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
from typing import Any, ParamSpec, TypeVar

import pandas as pd

P = ParamSpec("P")
T = TypeVar("T")
BYTES = 160_000_000  # of all answers together: every page with ten filters, measured
SMALL = 1_000  # bytes that an answer counts at least, for its key and its place


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
        answer = found[0]
        return answer.copy(deep=False) if isinstance(answer, pd.DataFrame) else answer


shelf = Shelf()


def weigh(answer: Any) -> int:
    """Bytes of an answer: of a frame with all that its cells hold."""
    if isinstance(answer, pd.DataFrame):
        return int(answer.memory_usage(deep=True).sum())
    if isinstance(answer, tuple | list):
        return sum(map(weigh, answer))
    return 0


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """The function, asked once for each set of arguments while its answer is on the shelf.

    Arguments are compared as they are where they can be, else as they are written out.
    """

    @wraps(function)
    def asked(*args: P.args, **options: P.kwargs) -> T:
        key: Hashable = (function.__module__, function.__qualname__, args, tuple(sorted(options.items())))
        try:
            hash(key)
        except TypeError:
            key = repr(key)
        return shelf.ask(key, lambda: function(*args, **options))

    return asked
