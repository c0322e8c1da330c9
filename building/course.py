"""A build, as the walk of a score: gathered rows -> accepted records -> evaluations with their history -> linked names
-> findings and trends -> a validated database, swapped in whole.

Question  What is the newest database, made from everything that this folder holds?
Input     starter data, facts and fetched snapshots (ingest.gather.Folders); a last content date.
Output    `Built`: the file, the hash over its tables, each step with its seconds, sources with a problem.
Method    After every step `on_stage(name, n_rows, seconds)` is called, so that a caller can show how far it is; STEPS
          names the steps in their order.
Silent    Raises `NothingToBuild` where there is not one row, and whatever the rooms raise; the old database then stays.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

import scoring
import store
from building import inputs, last_good, workers
from building.parts import Parts, finished, parts_in
from ingest import assemble, facts, gather, published, sources
from ingest.facts import Facts
from ingest.gather import Folders, Gathered
from scoring import join
from scoring.evidence import Evidence
from scoring.results import STACKED

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
    the sources that our own code failed on, held those that say what they said in the last build (building/last_good.py).
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


@dataclass(frozen=True)
class Assembled:
    """What gathering and linking leave to the other steps: parts of the tables by name, the day that the build speaks of,
    what scoring reads, the sources with a problem, those that our own code failed on, those held back, and the hash over all
    rows (building/inputs.py).
    """

    parts: dict[str, list[Path]]
    day: date
    for_scoring: Path
    problems: dict[str, str]
    faults: tuple[str, ...]
    held: tuple[str, ...]
    rows_sha256: str


@workers.uncollected()
def make_tables(
    known: Facts, modules: dict[str, ModuleType], gathered: Gathered, asof: date | None = None
) -> tuple[dict[str, pd.DataFrame], list[Stage]]:
    """All tables of data/schema.sql from gathered rows, in memory, and how long each step took; without published levels."""
    watch = Watch()
    day = asof or newest_day(gathered)
    tables = with_spread(assemble.make(known, modules, gathered.reported, gathered, watch.done, workers.at_once))
    found = scoring.run(join.make_evidence(tables, day), workers.map_groups)
    watch.done("score", len(found.findings))
    tables |= {
        "signal": found.signals, "fit": found.fits, "finding": found.findings, "trend": found.trends,
        "model_summary": found.summaries, **found.answers,
        "level_change": published.since(
            None, published.judged(found.findings, found.signals, str(day)), tables["evaluation"]
        ),
        "build": pd.DataFrame({"name": ["asof"], "value": [str(day)]}),
    }  # fmt: skip
    tables = {name: finished(name, frame) for name, frame in tables.items()}
    watch.done("tables", sum(len(t) for t in tables.values()))
    return tables, watch.stages


def newest_day(gathered: Gathered) -> date:
    """The day of the newest content among the gathered rows: the day that a build speaks of where none is asked for."""
    return date.fromisoformat(max(gathered.snapshots["content_date"]))


def with_spread(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables of assemble.make, their series with the spread between runs."""
    series = tables["series"]
    spread = join.rerun_spread(tables["evaluation"])
    return tables | {"series": series.assign(rerun_spread=series["series_id"].map(spread))}


def assembled(
    asof: date | None, accepted: Collection[str], fresh: Path | None, parts: Parts, done: Callable[[str, int], None]
) -> Assembled:
    """The steps up to `link`, their tables kept.

    fresh   where what was gathered is written for a later build to be held against; None: it is not
    """
    known, modules = facts.read(Folders().facts), sources.discover()
    gathered = gather.gather(modules, asof=asof)
    if gathered.reported.empty:
        raise NothingToBuild("There is nothing to build from: data/starter and data/snapshots are empty.")
    done("gather", len(gathered.reported))
    rows_sha256 = inputs.of_rows(gathered)
    left = nullcontext() if fresh is None else workers.beside(partial(last_good.leave, gathered, fresh))
    # The rows are handed over by `pop`, so that nobody else holds them: they are a fifth of all memory until accepted.
    rows = [gathered.reported]
    with left:
        gathered = replace(gathered, reported=gathered.reported.iloc[:0].copy())
        tables = assemble.make(known, modules, rows.pop(), gathered, done, workers.at_once)
    held: tuple[str, ...] = ()
    if fresh is not None:
        place = store.folder()
        gathered, held = last_good.hold(gathered, tables["evaluation"], modules, place, accepted)
        if held:  # rare, so that the rows are gathered anew
            gathered, _ = last_good.hold(gather.gather(modules), tables["evaluation"], modules, place, accepted)
            rows_sha256 = inputs.of_rows(gathered)
            last_good.leave(gathered, fresh)
            tables = assemble.make(known, modules, gathered.reported, gathered, lambda *_: None, workers.at_once)
        last_good.tell(last_good.count(gathered, tables["evaluation"], held), fresh)
    tables = with_spread(tables)
    for_scoring = parts.leave("evidence", join.read_by_scoring(tables))
    kept = workers.at_once([partial(parts.keep, name, rows) for name, rows in tables.items()])
    by_name = {name: [path] for name, path in zip(tables, kept, strict=True)}
    day = asof or newest_day(gathered)
    return Assembled(by_name, day, for_scoring, gathered.problems, gathered.faults, held, rows_sha256)


def scored(
    given: Assembled, asof: date | None, parts: Parts, done: Callable[[str, int], None]
) -> tuple[dict[str, list[Path]], pd.DataFrame]:
    """The steps `score` and `tables`: parts of the tables that scoring fills, by name, and the log of published levels as
    it is once this build is published.
    """
    evidence = join.make_evidence(parts.take(given.for_scoring), given.day)
    found = scoring.in_parts(evidence, parts.keep, workers.map_groups, workers.each_apart)
    del evidence
    for table, columns in STACKED.items():  # no statistic had a row for it
        found[table] = found[table] or [parts.keep(table, pd.DataFrame(columns=columns))]
    findings, evaluations = parts.table(found["finding"]), parts.table(given.parts["evaluation"])
    done("score", len(findings))
    signals = store.unpack(parts.table(found["signal"]))
    now = published.judged(store.unpack(findings, published.READ), signals, str(given.day))
    log = published.read(Folders().starter, asof)
    changes = published.since(log, now, store.unpack(evaluations, ["evaluation_id", "first_seen_date"]))
    found["level_change"] = [parts.keep("level_change", changes)]
    return found, published.renewed(log, now)


@workers.uncollected()
def build(
    asof: date | None = None,
    on_stage: OnStage | None = None,
    check: Callable[[Mapping[str, Any]], None] | None = None,
    accepted: Collection[str] = (),
) -> Built:
    """Build a fresh database from starter data, facts and fetched snapshots, and make it the current one.

    asof      only what was published up to this day
    check     is called with the tables, packed, before they are written; what it raises is raised, and the old database
              stays
    accepted  sources whose losses since the last build are right (building/last_good.py)
    """
    store.columns()  # known before the steps go their ways
    # Text as Python objects: a build walks its text columns row by row, which Arrow does at half the speed.
    renewed = last_good.renewed(store.folder()) if asof is None else nullcontext()
    with pd.option_context("mode.string_storage", "python"), parts_in(store.folder()) as parts, renewed as fresh:
        started, watch = time.monotonic(), Watch(on_stage)
        rests_on = inputs.fingerprints()  # before anything is read: what changes meanwhile asks for another build

        def told(step: tuple[str, int]) -> None:
            watch.done(*step)

        given: Assembled = workers.apart(
            lambda tell: assembled(asof, accepted, fresh, parts, lambda *step: tell(step)), told
        )
        found, log = workers.apart(lambda tell: scored(given, asof, parts, lambda *step: tell(step)), told)
        tables = {name: parts.table(paths) for name, paths in (given.parts | found).items()}
        n_rows = sum(map(len, tables.values()))
        watch.done("tables", n_rows)
        if check is not None:
            check(tables)
        about = {
            "asof": str(given.day),
            "built_at": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
            **rests_on,
            inputs.ROWS: inputs.with_log(given.rows_sha256, log),
            inputs.ASKED_DAY: str(asof or ""),
        }

        def in_turn() -> Iterator[tuple[str, Any]]:
            """Each table, last what the build says of itself: the hash is made while the tables are written."""
            yield from tables.items()
            about["tables_sha256"] = store.fingerprint(tables)
            about["seconds"] = f"{time.monotonic() - started:.1f}"
            yield "build", pd.DataFrame({"name": list(about), "value": list(about.values())})

        path = store.write(in_turn())
        watch.done("write", n_rows)
        return Built(path, about["tables_sha256"], tuple(watch.stages), given.problems, given.faults, given.held)


def read_evidence(connection: store.Connection) -> Evidence:
    """The evidence of a stored build, as its scoring saw it."""
    names = ("evaluation", "model", "series", "benchmark", "twin", "incident")
    day = store.read(connection, "build").set_index("name")["value"]["asof"]
    return join.make_evidence({name: store.read(connection, name) for name in names}, date.fromisoformat(day))
