"""A build, as the walk of a score: gathered rows -> accepted records -> evaluations with their history -> linked names
-> findings and trends -> a validated database, swapped in whole.

Question  What is the newest database, made from everything that this folder holds?
Input     starter data, facts and fetched snapshots (ingest.gather.Folders); a last content date.
Output    `Built`: the file, the hash over its tables, each step with its seconds, sources with a problem.
Method    After every step `on_stage(name, n_rows, seconds)` is called, so that a caller can show how far it is; STEPS
          names the steps in their order.
Silent    Raises `NothingToBuild` where there is not one row, and whatever the rooms raise; the old database then stays.
"""

import gc
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import ModuleType
from typing import Any

import pandas as pd

import scoring
import store
from building import inputs, last_good, workers
from ingest import assemble, facts, gather, published, sources
from ingest.facts import Facts
from ingest.gather import Folders, Gathered
from scoring import join
from scoring.evidence import Evidence

STEPS = ("gather", "accept", "history", "link", "score", "tables", "write")
OnStage = Callable[[str, int, float], None]


class NothingToBuild(Exception):
    """Neither starter data nor snapshots hold a single reported score."""


@dataclass(frozen=True)
class Stage:
    """How long one step of a build took, in seconds, and how many rows it gave."""

    name: str
    seconds: float
    n_rows: int


@dataclass(frozen=True)
class Built:
    """A finished build: its file, the hash over its tables, its steps, and one sentence per source with a problem; faults are
    the sources that our own code failed on, held those that lost so much that they say what they said before.
    """

    path: store.Build
    tables_sha256: str
    stages: tuple[Stage, ...]
    problems: dict[str, str]
    faults: tuple[str, ...]
    held: tuple[str, ...] = ()


class Watch:
    """Seconds between the ends of steps; every step is kept, and told to `on_stage`."""

    def __init__(self, on_stage: OnStage | None = None) -> None:
        """Start the clock of the first step."""
        self.stages: list[Stage] = []
        self.on_stage = on_stage
        self.clock = time.monotonic()

    def done(self, name: str, n_rows: int) -> None:
        """The step with this name has just ended and gave so many rows."""
        now = time.monotonic()
        self.stages.append(Stage(name, now - self.clock, n_rows))
        if self.on_stage is not None:
            self.on_stage(name, n_rows, now - self.clock)
        self.clock = time.monotonic()


@workers.uncollected()
def make_tables(
    known: Facts,
    modules: dict[str, ModuleType],
    gathered: Gathered,
    asof: date | None = None,
    levels: pd.DataFrame | None = None,
    watch: Watch | None = None,
) -> tuple[dict[str, pd.DataFrame], list[Stage]]:
    """All tables of data/schema.sql from gathered rows, and how long each step took.

    levels   the log of published levels (published.read); without it nothing counts as changed
    """
    watch = watch or Watch()
    day = asof or newest_day(gathered)
    assembled = assemble.make(known, modules, gathered, watch.done, workers.at_once)
    return judge(assembled, day, levels, watch), watch.stages


def newest_day(gathered: Gathered) -> date:
    """The day of the newest content among the gathered rows: the day that a build speaks of where none is asked for."""
    return date.fromisoformat(max(gathered.snapshots["content_date"]))


def judge(
    assembled: dict[str, pd.DataFrame], day: date, levels: pd.DataFrame | None, watch: Watch
) -> dict[str, pd.DataFrame]:
    """All tables of data/schema.sql from those of assemble.make: what the scores of that day say is added."""
    evaluations = assembled["evaluation"][list(store.columns()["evaluation"])]
    series, spread = assembled["series"], join.rerun_spread(evaluations)
    tables = assembled | {
        "evaluation": evaluations, "series": series.assign(rerun_spread=series["series_id"].map(spread))
    }  # fmt: skip
    gc.collect()
    workers.trim()
    results = scoring.run(join.make_evidence(tables, day), workers.map_groups)
    watch.done("score", len(results.findings))
    now = published.judged(results.findings, results.signals, str(day))
    tables |= {
        "signal": results.signals,
        "fit": results.fits,
        "finding": results.findings,
        "trend": results.trends,
        "model_summary": results.summaries,
        **results.answers,
        "level_change": published.since(levels, now, evaluations),
        "build": pd.DataFrame({"name": ["asof"], "value": [str(day)]}),
    }
    del results
    out = {}
    for name in list(tables):  # a table goes when its sorted copy is there
        frame = tables.pop(name)[list(store.columns()[name])]
        keys = store.KEYS.get(name, list(frame.columns))
        out[name] = frame.sort_values(keys, kind="stable").reset_index(drop=True)
    watch.done("tables", sum(len(t) for t in out.values()))
    return out


@workers.uncollected()
def build(
    asof: date | None = None,
    on_stage: OnStage | None = None,
    check: Callable[[dict[str, pd.DataFrame]], None] | None = None,
    accepted: Collection[str] = (),
) -> Built:
    """Build a fresh database from starter data, facts and fetched snapshots, and make it the current one.

    asof      only what was published up to this day
    check     is called with the tables before they are written; what it raises is raised, and the old database stays
    accepted  sources whose losses since the last build are right (building/last_good.py)
    """
    # Text as Python objects: a build walks its text columns row by row, which Arrow does at half the speed.
    with pd.option_context("mode.string_storage", "python"):
        started, watch = time.monotonic(), Watch(on_stage)
        rests_on = inputs.fingerprint()  # before anything is read: what changes meanwhile asks for another build
        known, modules = facts.read(Folders().facts), sources.discover()
        gathered = gather.gather(modules, asof=asof)
        if gathered.reported.empty:
            raise NothingToBuild("There is nothing to build from: data/starter and data/snapshots are empty.")
        watch.done("gather", len(gathered.reported))
        tables = assemble.make(known, modules, gathered, watch.done, workers.at_once)
        place = store.folder()
        held: tuple[str, ...] = ()
        if asof is None:
            gathered, held = last_good.hold(gathered, tables["evaluation"], modules, place, accepted)
        if held:
            tables = assemble.make(known, modules, gathered, lambda *_: None, workers.at_once)
        levels, day = published.read(Folders().starter, asof), asof or newest_day(gathered)
        problems, faults = gathered.problems, gathered.faults
        counts = last_good.count(gathered, tables["evaluation"], held)
        kept = last_good.renewed(gathered, counts, place) if asof is None else nullcontext()
        with kept:
            del gathered  # its rows are evaluations now, and scoring needs the memory
            tables = judge(tables, day, levels, watch)
            if check is not None:
                check(tables)
            path, digest = write(tables, started, {inputs.RESTS_ON: rests_on, inputs.ASKED_DAY: str(asof or "")}, watch)
        return Built(path, digest, tuple(watch.stages), problems, faults, held)


def write(
    tables: dict[str, pd.DataFrame], started: float, more: dict[str, str], watch: Watch
) -> tuple[store.Build, str]:
    """Write the tables, which are gone then, as a new build: its file, and the hash over them.

    started   moment of time.monotonic at which the build began
    more      what table build says besides
    """
    facts_of_build, n_rows = tables.pop("build"), sum(map(len, tables.values()))
    digests = []

    def in_turn() -> Iterator[tuple[str, Any]]:
        """Each table as it is packed, and gone from `tables` then; last what the build says of itself."""
        packed: dict[str, Any] = {}
        for name in list(tables):
            packed |= store.pack({name: tables.pop(name)})
            yield name, packed[name]
        digests.append(store.fingerprint(packed))
        about = {
            "built_at": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
            "tables_sha256": digests[0],
            "seconds": f"{time.monotonic() - started:.1f}",
            **more,
        }
        rows = pd.DataFrame({"name": list(about), "value": list(about.values())})
        yield "build", pd.concat([facts_of_build, rows], ignore_index=True)

    path = store.write(in_turn())
    watch.done("write", n_rows)
    return path, digests[0]


def read_evidence(connection: store.Connection) -> Evidence:
    """The evidence of a stored build, as its scoring saw it."""
    names = ("evaluation", "model", "series", "benchmark", "twin", "incident")
    day = store.read(connection, "build").set_index("name")["value"]["asof"]
    return join.make_evidence({name: store.read(connection, name) for name in names}, date.fromisoformat(day))
