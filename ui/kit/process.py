"""What concerns the process as a whole: its garbage, its outside address, and counts of what it has done.

Question  How many requests, how many runs of each page, and how long did they take?
Input     a name, labels as Prometheus writes them, what to add.
Output    lines in Prometheus' text format; they begin at zero with the process (ui/service.py shows them).
"""

import gc
import threading
from collections import Counter

import streamlit.net_util

OFTEN = 5  # runs between two collections of what is not frozen: figures hold themselves in circles, and their rows with them
AGAIN = 100  # runs between two that freeze

_turn = threading.Lock()
_runs = 0
_counts: Counter[tuple[str, str]] = Counter()


_served: set[str] = set()


def serve(what: str) -> None:
    """Note that this process serves something besides the pages (serve.py does)."""
    _served.add(what)


def serves(what: str) -> bool:
    """Whether it does; False where a host runs app.py alone."""
    return what in _served


def settle() -> None:
    """At the start of a run: collect garbage now and then, as Streamlit is told not to after each run (.streamlit/config.toml).

    Frozen, and so not walked, are the modules after the first run's imports, and in every AGAIN-th run what was kept since:
    names to search, answers, sessions. It is let loose before, so that no garbage stays for longer.
    """
    global _runs
    with _turn:
        is_due, is_often, _runs = _runs % AGAIN == 0, _runs % OFTEN == 0, _runs + 1
    if is_often and not is_due:
        gc.collect()
    if is_due:
        ask_nobody()
        gc.unfreeze()
        gc.collect()
        gc.freeze()


def ask_nobody() -> None:
    """Give Streamlit an outside address of this host, so that it asks no service on the internet for one.

    It would ask inside its event loop at every websocket of a foreign Origin, two seconds each where that is blocked,
    and meanwhile no page is served. The loopback address is allowed as an Origin anyway, so nothing more is.
    """
    streamlit.net_util._external_ip = "127.0.0.1"


def add(name: str, labels: str, value: float = 1) -> None:
    """Add to a counter."""
    with _turn:
        _counts[name, labels] += value  # type: ignore[assignment]  # typeshed knows whole numbers only


def lines() -> list[str]:
    """All counters with their types, each counter's lines together."""
    with _turn:
        found = sorted(_counts.items())
    told: list[str] = []
    for place, ((name, labels), value) in enumerate(found):
        if place == 0 or found[place - 1][0][0] != name:
            told.append(f"# TYPE {name} counter")
        told.append(f"{name}{{{labels}}} {value:.10g}")
    return told
