"""Worker processes: the same work on many groups, on all processors, and steps that give their memory back.

Question  How are the groups of a statistic, which know nothing of each other, worked out at the same time? How is a step
          done so that nothing of it stays in memory but what it returns?
Input     a function of one group, the groups, and how large each is; or a piece of work.
Output    what the function returns for each group, in the order of the groups (scoring.groups.MapGroups); what the work
          returns.
Method    Processes, since the work holds the interpreter's lock. Largest groups first, each worker taking the next one
          when it is free, so that no long one is left for the end. Where the system can fork, workers inherit the groups
          and only answers travel; elsewhere both do. Linear algebra runs on one thread in every worker, as it does
          without workers, so that the answers are the same to the last bit however many processors there are.
          Steps are each done in a forked process of their own, on one processor too: what a process leaves behind in
          pieces that nobody can use goes back to the system with it.
Silent    Never; what the function raises is raised here, and `Ended` where the system ended a process. A worker ends by
          itself when its parent is gone, since it holds the parent's files open, the lock on a build among them.
"""

import ctypes
import gc
import math
import multiprocessing
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

ENVIRONMENT = "BENCHMARK_WORKERS"  # number of worker processes; default: the processors that this process may use
WATCH = 1.0  # seconds between two looks for the parent
ENOUGH = 1.7e9  # bytes: with two workers a build takes up to 1.2 GB, and the dashboard beside it 0.25 GB, other things the rest
CAN_FORK = sys.platform == "linux" and "fork" in multiprocessing.get_all_start_methods()

_inherited: tuple[Callable, Sequence] | None = None
_is_worker = False  # a worker starts no workers of its own


class Ended(Exception):
    """A process of a build was ended from outside."""


@dataclass(frozen=True)
class Child:
    """A forked process at work, and the pipe through which it speaks."""

    process: ForkProcess
    pipe: Connection

    def hear(self) -> tuple[str, Any]:
        """What it says next: ("told", words of the work), ("done", what it returns) or ("failed", what it raised)."""
        try:
            heard: tuple[str, Any] = self.pipe.recv()
        except EOFError:
            self.process.join()
            raise Ended(
                f"The system ended a process of the build (code {self.process.exitcode}), mostly for want of memory."
            ) from None
        return heard

    def end(self) -> None:
        """It is not needed any more."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def count() -> int:
    """Worker processes that a build may start: one where there is no memory for more, unless more are asked for."""
    stated = os.environ.get(ENVIRONMENT, "")
    if stated.isdigit():
        return max(1, int(stated))
    if not has_room():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_room() -> bool:
    """Whether there is memory for a build with several workers, or for one beside a dashboard."""
    return memory() >= ENOUGH


def memory(groups: Path = Path("/proc/self/cgroup"), root: Path = Path("/sys/fs/cgroup")) -> float:
    """Bytes that this process and its workers may take at most, infinite where the system does not say.

    groups, root   where Linux says which control group the process is in (both versions), and what each of them may take
    """
    limits = [math.inf]
    if hasattr(os, "sysconf") and {"SC_PHYS_PAGES", "SC_PAGE_SIZE"} <= os.sysconf_names.keys():
        limits.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    told = groups.read_text(encoding="utf-8").splitlines() if groups.is_file() else []
    for number, kinds, own in (line.split(":", 2) for line in told if line.count(":") >= 2):
        if number != "0" and "memory" not in kinds.split(","):
            continue
        top, name = (root, "memory.max") if number == "0" else (root / "memory", "memory.limit_in_bytes")
        inside = top / own.strip("/")
        # In a container the group may be named as its host sees it, while its limit stands at the top.
        for place in (inside, *inside.parents):
            file = place / name
            text = file.read_text(encoding="utf-8").strip() if file.is_file() else ""
            limits += [int(text)] if text.isdigit() else []
            if place == top:
                break
    return min(limits)


def map_groups(function: Callable[[Any], Any], groups: Sequence, sizes: Sequence[float]) -> list:
    """function(group) of every group, in their order; sizes say which take long."""
    global _inherited
    trim()
    n = min(count(), len(groups))
    if _is_worker or n < 2:
        return [function(group) for group in groups]
    order = sorted(range(len(groups)), key=lambda i: -sizes[i])
    found: list = [None] * len(groups)
    _inherited = (function, groups)
    try:
        context = multiprocessing.get_context("fork" if CAN_FORK else "spawn")
        with ProcessPoolExecutor(n, mp_context=context, initializer=begin, initargs=(os.getpid(),)) as pool:
            waiting = {i: pool.submit(answer, i) if CAN_FORK else pool.submit(function, groups[i]) for i in order}
            for i, future in waiting.items():
                found[i] = future.result()
    finally:
        _inherited = None
    return found


def each_apart(function: Callable[[Any], Any], groups: Sequence, sizes: Sequence[float]) -> list:
    """map_groups for groups that are few and take much memory: each in a process of its own, that ends with it.

    On one processor they come one after the other here: a forked process copies what it looks at, since every look at an
    object of Python writes to it.
    """
    trim()
    if _is_worker or count() < 2:
        return [_and_trim(function, group) for group in groups]
    if not CAN_FORK:
        return map_groups(function, groups, sizes)
    waiting = sorted(range(len(groups)), key=lambda i: sizes[i])
    found: list = [None] * len(groups)
    at_work: dict[int, Child] = {}
    try:
        while waiting or at_work:
            while waiting and len(at_work) < count():
                place = waiting.pop()
                at_work[place] = fork(partial(_one, function, groups[place]), is_worker=True)
            ready = wait([child.pipe for child in at_work.values()])
            for place in [i for i, child in at_work.items() if child.pipe in ready]:
                how, found[place] = at_work[place].hear()
                if how == "failed":
                    raise found[place]
                at_work.pop(place).end()
    finally:
        for child in at_work.values():
            child.end()
    return found


def apart(work: Callable[[Callable[[Any], None]], Any], told: Callable[[Any], None]) -> Any:
    """work(tell) in a process of its own, which may start workers; whatever it tells is told here while it goes on."""
    if not CAN_FORK:
        return work(told)
    trim()
    child = fork(work, is_worker=False)
    try:
        while True:
            how, what = child.hear()
            if how == "done":
                return what
            if how == "failed":
                raise what
            told(what)
    finally:
        child.end()


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[None]:
    """Do something in a process of its own while the block runs, or before it where there is no processor for it; the block
    ends when both have.
    """
    if _is_worker or not CAN_FORK or count() < 2:
        work()
        del work  # what it holds may go while the block runs
        yield
        return
    child = fork(partial(_one, _without_answer, work), is_worker=True)
    del work
    try:
        yield
        how, what = child.hear()
        if how == "failed":
            raise what
    finally:
        child.end()


def fork(work: Callable[[Callable[[Any], None]], Any], *, is_worker: bool) -> Child:
    """A process that does some work and says so."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, work, os.getpid(), is_worker))
    process.start()
    theirs.close()
    return Child(process, ours)


def _work(pipe: Connection, work: Callable[[Callable[[Any], None]], Any], parent: int, is_worker: bool) -> None:
    """What a forked process does."""
    begin(parent, is_worker)
    try:
        heard = ("done", work(lambda words: pipe.send(("told", words))))
    except Exception as error:
        error.add_note(f"In a process of the build:\n{traceback.format_exc()}")
        heard = ("failed", error)
    pipe.send(heard)


def _and_trim(function: Callable[[Any], Any], group: Any) -> Any:
    found = function(group)
    trim()
    return found


def _one(function: Callable[[Any], Any], group: Any, tell: Callable[[Any], None]) -> Any:
    return function(group)


def _without_answer(work: Callable[[], object]) -> None:
    work()


def at_once(works: Sequence[Callable[[], Any]]) -> list:
    """What pieces of work return that do not need each other, the longest named first."""
    return map_groups(_do, works, range(len(works), 0, -1))


def _do(work: Callable[[], Any]) -> Any:
    return work()


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for circles of objects while the block runs.

    A build makes millions of objects and hardly a circle: looking through them took an eighth of its time, and in a worker
    it also copied all that the worker inherits, since the collector writes to every object that it looks at.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def trim() -> None:
    """Return freed memory to the system.

    glibc keeps it for objects of the same size: after linking a third of a gigabyte, which then adds to what scoring needs,
    and every worker would start with it.
    """
    if sys.platform == "linux":
        give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
        if give_back is not None:
            give_back(0)


def begin(parent: int, is_worker: bool = True) -> None:
    """What a process does first: one thread for linear algebra, no collector (`uncollected`), a look-out for its parent."""
    global _is_worker
    import scipy.linalg  # noqa: F401 (the limit holds only for libraries that are loaded by then)

    _is_worker = is_worker
    gc.disable()
    threadpool_limits(limits=1)
    threading.Thread(target=watch, args=(parent,), daemon=True).start()


def watch(parent: int) -> None:
    """End this process when its parent has ended."""
    while os.getppid() == parent:
        time.sleep(WATCH)
    os._exit(1)


def answer(place: int) -> Any:
    """The answer of one inherited group."""
    if _inherited is None:
        raise RuntimeError("This process was not forked to answer.")
    function, groups = _inherited
    return function(groups[place])
