"""A function in a process of its own, so that what one source costs is limited.

Question  What does this function return, within so much memory and time?
Input     a function and its arguments.
Output    what it returns; `TooCostly` where it wants more than MEMORY, SECONDS or PATIENCE.
Method    A forked child inherits the arguments and sends its answer through a pipe. The system ends it at its limit, and
          this process goes on.
Silent    Where the system cannot fork (Windows) the function runs here, without limits.
"""

import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
MEMORY = 2 * 10**9  # bytes beside what the build holds by then; a whole build takes less
SECONDS = 600  # of a processor; reading all pages of the largest source takes a few
PATIENCE = 3600.0  # seconds on a clock, for a child that waits for something


class TooCostly(Exception):
    """The function wanted more than it may have."""


def apart(function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """function(*args, **options), in a process of its own; what it raises is raised here."""
    if sys.platform == "win32" or "fork" not in multiprocessing.get_all_start_methods():
        return function(*args, **options)
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=answer, args=(theirs, lambda: function(*args, **options)))
    child.start()
    theirs.close()
    try:
        if not ours.poll(PATIENCE):
            raise TooCostly(f"took more than {PATIENCE / 60:.0f} minutes")
        value, error = ours.recv()
    except EOFError:
        raise TooCostly(f"took more than {MEMORY / 1e9:.0f} GB of memory or {SECONDS / 60:.0f} minutes") from None
    finally:
        child.kill()
        child.join()
        ours.close()
    if isinstance(error, MemoryError):
        raise TooCostly(f"took more than {MEMORY / 1e9:.0f} GB of memory") from None
    if error is not None:
        raise error
    return value


def answer(pipe: Connection, function: Callable[[], object]) -> None:
    """What the child does."""
    set_limits()
    value, problem = None, None
    try:
        value = function()
    except Exception as error:
        problem = error
    try:
        pipe.send((value, problem))
    except MemoryError as error:
        pipe.send((None, error))


def set_limits() -> None:
    """Limits of this process, where the system knows them."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if sys.platform == "linux":  # there alone the limit counts everything that a process allocates
        limit = held() + MEMORY
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def held() -> int:
    """Bytes that this process holds already."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:"))
