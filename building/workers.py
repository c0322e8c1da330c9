"""Worker processes: the same work on many groups, on all processors.

Question  How are the groups of a statistic, which know nothing of each other, worked out at the same time?
Input     a function of one group, the groups, and how large each is.
Output    what the function returns for each group, in the order of the groups (scoring.groups.MapGroups).
Method    Processes, since the work holds the interpreter's lock. Largest groups first, each worker taking the next one
          when it is free, so that no long one is left for the end. Where the system can fork, workers inherit the groups
          and only answers travel; elsewhere both do. Linear algebra runs on one thread in every worker, as it does
          without workers, so that the answers are the same to the last bit however many processors there are.
Silent    Never; what the function raises is raised here. A worker ends by itself when its parent is gone, since it holds
          the parent's files open, the lock on a build among them.
"""

import ctypes
import gc
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from threadpoolctl import threadpool_limits

ENVIRONMENT = "BENCHMARK_WORKERS"  # number of worker processes; default: the processors that this process may use
WATCH = 1.0  # seconds between two looks for the parent

_inherited: tuple[Callable, Sequence] | None = None
_is_worker = False  # a worker starts no workers of its own


def count() -> int:
    """Worker processes that a build may start."""
    stated = os.environ.get(ENVIRONMENT, "")
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, int(stated)) if stated.isdigit() else available


def map_groups(function: Callable[[Any], Any], groups: Sequence, sizes: Sequence[float]) -> list:
    """function(group) of every group, in their order; sizes say which take long."""
    global _inherited
    trim()
    n = min(count(), len(groups))
    if _is_worker or n < 2:
        return [function(group) for group in groups]
    can_fork = (
        "fork" in multiprocessing.get_all_start_methods() and os.name == "posix" and os.uname().sysname == "Linux"
    )
    order = sorted(range(len(groups)), key=lambda i: -sizes[i])
    found: list = [None] * len(groups)
    _inherited = (function, groups)
    try:
        context = multiprocessing.get_context("fork" if can_fork else "spawn")
        with ProcessPoolExecutor(n, mp_context=context, initializer=begin, initargs=(os.getpid(),)) as pool:
            waiting = {i: pool.submit(answer, i) if can_fork else pool.submit(function, groups[i]) for i in order}
            for i, future in waiting.items():
                found[i] = future.result()
    finally:
        _inherited = None
    return found


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


def begin(parent: int) -> None:
    """What a worker does first: one thread for linear algebra, no collector (`uncollected`), a look-out for its parent."""
    global _is_worker
    import scipy.linalg  # noqa: F401 (the limit holds only for libraries that are loaded by then)

    _is_worker = True
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
