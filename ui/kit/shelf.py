"""Answers of the database that many visitors ask for, kept within so many bytes.

Question  Has this been asked of this build before?
Input     a function whose first argument is the path of a database, which is part of every key: a new build is a new path.
Output    what the function returned. Frames are handed out as copies that share their values until somebody writes to them
          (https://pandas.pydata.org/docs/user_guide/copy_on_write.html), so a hit costs microseconds.
Method    The least recently used answers go when all together are larger than BYTES, and all of a build when BUILDS others were
          asked since: a server that sees a new build every day would fill up with answers that nobody asks for. Of visitors who ask the same at once, one
          asks the database and the others wait for the answer; at most HANDS visitors at once have answers worked out, so
          that those whose answers are kept do not share the process with forty others. Not one of Streamlit's caches: these count entries, whatever
          their size, copy every answer byte by byte, and any visitor's browser can ask to have them emptied.
Silent    What a function raises is raised for whoever asked, and not kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

import pandas as pd

from store import Where

P = ParamSpec("P")
T = TypeVar("T")
BYTES = 160_000_000  # of all answers together: every page with ten filters, measured
BUILDS = 3  # whose answers are kept: the newest, one that is being left, and one of an earlier day
HANDS = 2  # answers that are worked out at once; Python runs one at a time, the database works beside it
SMALL = 1_000  # bytes that an answer counts at least, for its key and its place


@dataclass(frozen=True)
class Keyed(Generic[T]):
    """A value that cannot be a part of a key, with what tells it from others of the same build."""

    key: Hashable
    value: T


@dataclass
class Shelf:
    """The answers of one process, least recently used first, with the bytes of each; and the builds that they are of."""

    limit: int = BYTES
    turn: threading.Lock = field(default_factory=threading.Lock)
    kept: OrderedDict[Hashable, tuple[Any, int, str]] = field(default_factory=OrderedDict)
    asking: dict[Hashable, threading.Lock] = field(default_factory=dict)
    hands: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(HANDS))
    busy: threading.local = field(default_factory=threading.local)  # whether this thread has a hand
    n_bytes: int = 0
    builds: OrderedDict[str, None] = field(default_factory=OrderedDict)  # least recently asked first

    def find(self, key: Hashable) -> tuple[Any, int, str] | None:
        """A kept answer, which is now the most recently used."""
        with self.turn:
            found = self.kept.get(key)
            if found:
                self.kept.move_to_end(key)
                self.touch(found[2])
            return found

    def keep(self, key: Hashable, answer: Any, build: str = "") -> None:
        """Keep an answer, and let go of old ones and of those of builds that others have followed; one that is larger than a
        quarter of the shelf is not kept.
        """
        size = SMALL + weigh(answer)
        with self.turn:
            self.drop(key)
            if size <= self.limit / 4:
                self.kept[key] = (answer, size, build)
                self.n_bytes += size
            while self.n_bytes > self.limit:
                self.drop(next(iter(self.kept)))
            self.touch(build)
            while len(self.builds) > BUILDS:
                left, _ = self.builds.popitem(last=False)
                for other in [other for other, (_, _, of) in self.kept.items() if of == left]:
                    self.drop(other)

    def touch(self, build: str) -> None:
        """A build is the most recently asked."""
        if build:
            self.builds[build] = None
            self.builds.move_to_end(build)

    def drop(self, key: Hashable) -> None:
        """Let go of an answer, where it is kept."""
        _, size, _ = self.kept.pop(key, (None, 0, ""))
        self.n_bytes -= size

    def ask(self, key: Hashable, work: Callable[[], T], build: str = "") -> T:
        """The answer to a key: kept, or worked out by the first who asks. build: the database that it is an answer of."""
        found = self.find(key)
        if found is None:
            with self.hand():
                found = self.work_out(key, work, build)
        return shared(found[0])

    def work_out(self, key: Hashable, work: Callable[[], T], build: str) -> tuple[Any, int, str]:
        """The answer to a key and its bytes, where it is not kept yet."""
        with self.turn:
            alone = self.asking.setdefault(key, threading.Lock())
        with alone:
            found = self.find(key)
            if found is None:
                try:
                    answer = work()
                    self.keep(key, answer, build)
                finally:
                    with self.turn:
                        self.asking.pop(key, None)
                found = (answer, 0, build)
        return found

    @contextmanager
    def hand(self) -> Iterator[None]:
        """One of the HANDS. An answer that needs another one has it already: whoever waits for a key has a hand, and so has
        whoever works on it, so that nobody waits in a circle.
        """
        if getattr(self.busy, "is_so", False):
            yield
            return
        with self.hands:
            self.busy.is_so = True
            try:
                yield
            finally:
                self.busy.is_so = False


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
        build = args[0] if args and isinstance(args[0], str) else ""
        return shelf.ask(key, lambda: function(*args, **options), build)

    return asked
