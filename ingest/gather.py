"""Everything that sources said, from the starter data and from fetched snapshots.

Question  Which rows does a build start from?
Input     data/starter, data/snapshots, data/facts; a last content date.
Output    `Gathered`: reported scores, reported models, omissions, snapshots, and one sentence per source with a problem.
Method    Bytes win over the record of them: a snapshot that is on disk is parsed again, the starter rows serve for all
          others. A page whose layout changed or that is not whole (ingest/whole.py) is told as a problem; the source falls
          back to what it said before. Starter data that are damaged are left out whole, for that source only.
Silent    Never.
"""

import hashlib
import os
import traceback
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from ingest import snapshots as store_of_pages
from ingest import starter, whole
from ingest.apart import TooCostly, apart
from ingest.facts import Facts
from ingest.records import (
    MODEL_COLUMNS,
    REPORTED_COLUMNS,
    File,
    LayoutChanged,
    Omitted,
    Page,
    Reported,
    ReportedModel,
    as_text,
    frame,
    shorten,
)  # fmt: skip
from ingest.snapshots import Snapshot, SnapshotDamaged
from ingest.starter import StarterDamaged
from ingest.whole import Before, BrokenOff

FACTS = Path(__file__).parent.parent / "data" / "facts"
# What odd content makes a parser raise: a word for a number, a missing field or cell, nesting without end.
CONTENT = (ValueError, LookupError, ArithmeticError, RecursionError)
NO_TEXT = ("is_subset", "n_values")
LISTS = {Reported: REPORTED_COLUMNS, ReportedModel: MODEL_COLUMNS, Omitted: starter.OMISSION_COLUMNS}


@dataclass(frozen=True)
class Gathered:
    """reported: REPORTED_COLUMNS + source_id; models: MODEL_COLUMNS + source_id; omitted: snapshot_id, rule, n_values,
    example + source_id; snapshots: columns of table snapshot, text; problems: source_id -> sentence; faults: those among
    the problems that our own code has, not the page.
    """

    reported: pd.DataFrame
    models: pd.DataFrame
    omitted: pd.DataFrame
    snapshots: pd.DataFrame
    problems: dict[str, str]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Folders:
    """Where the writing half reads and writes: starter data, snapshots, facts.

    Environment variables choose other folders than those of the project, read when an object is made.
    """

    starter: Path = field(default_factory=lambda: Path(os.environ.get("BENCHMARK_STARTER") or starter.FOLDER))
    snapshots: Path = field(
        default_factory=lambda: Path(os.environ.get("BENCHMARK_SNAPSHOTS") or store_of_pages.FOLDER)
    )
    facts: Path = field(default_factory=lambda: Path(os.environ.get("BENCHMARK_FACTS") or FACTS))


def list_files(module: ModuleType, facts: Facts) -> Sequence[File]:
    """The files of a source: its own list, or the one that it makes from facts."""
    return module.files(facts) if hasattr(module, "files") else module.SOURCE.files


def parse(module: ModuleType, pages: list[Page]) -> dict[type, list]:
    """All rows of one bundle by kind.

    Raises BrokenOff for a page without its end, LayoutChanged also for content that a parser did not foresee. What content cannot cause, or cannot be told
    from a slip in the parser (a TypeError, a NameError), is raised as it is.
    """
    for page in pages:
        whole.require_end(page, module.SOURCE.open_end)
    try:
        found = list(module.parse(pages))
    except LayoutChanged:
        raise
    except CONTENT as error:
        raise LayoutChanged(
            f"{', '.join(p.name for p in pages)} cannot be read as {module.SOURCE.title} ({type(error).__name__})."
        ) from error
    rows: dict[type, list] = {kind: [] for kind in LISTS}
    own = {page.snapshot_id for page in pages}
    for row in found:
        of_kind = rows[type(row)]
        require_own(row, own)
        of_kind.append(with_texts(row))
    return rows


def require_own(row: Reported | ReportedModel | Omitted, own: Set[str]) -> None:
    """Raise TypeError where a parser itself, and no page, made something of a row that would end the build of all sources:
    the page it stands on, its flag, its count.
    """
    if row.snapshot_id not in own:
        raise TypeError(f"a row names {row.snapshot_id!r}, which is no page of its bundle")
    if isinstance(row, Reported) and not isinstance(row.is_subset, bool | np.bool_):
        raise TypeError(f"is_subset is {row.is_subset!r}")
    if isinstance(row, Omitted) and not isinstance(row.n_values, int | np.integer):
        raise TypeError(f"n_values is {row.n_values!r}")


def with_texts(row: Reported | ReportedModel | Omitted) -> Reported | ReportedModel | Omitted:
    """The same row where all that should be text is; else one whose odd values stand as their JSON, to be refused."""
    values = vars(row)
    odd = {
        name: as_text(value)
        for name, value in values.items()
        if name not in NO_TEXT and (type(value) is not str or not value.isascii())
    }
    changed: dict[str, Any] = {name: text for name, text in odd.items() if text is not values[name]}
    return replace(row, **changed) if changed else row


def describe_fault(module: ModuleType, error: Exception) -> str:
    """One sentence that sends a reader to the line of ours that failed."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    return f"Our parser of {module.SOURCE.title} failed in {where} ({type(error).__name__}: {shorten(str(error))})."


def read_facts_page(module: ModuleType, facts_folder: Path) -> tuple[Snapshot, Page]:
    """Figures transcribed by hand: the facts file is the page; its content date is its newest publication date."""
    path = facts_folder / module.SOURCE.facts_file
    body = path.read_bytes()
    days = [d for d in starter.read_csv(path)["published_date"] if d]
    url = module.SOURCE.url
    snapshot = Snapshot(
        snapshot_id=store_of_pages.identify(path.name, body), source_id=module.SOURCE.source_id, bundle=path.name,
        file_name=path.name, url=url, content_date=max(days), date_basis="content", retrieved_at="",
        sha256=hashlib.sha256(body).hexdigest(), n_bytes=len(body), licence=module.SOURCE.licence,
    )  # fmt: skip
    return snapshot, store_of_pages.as_page(snapshot, body)


def states(bundle: Sequence[Snapshot], refused: Set[str]) -> Iterator[list[Snapshot]]:
    """The successive states of one bundle: a new one begins when a file comes a second time, the others carry on.

    refused   snapshots that cannot be used, by id; grows while states are read: then the one before stands in its place
    """
    listed: dict[str, list[Snapshot]] = {}
    fresh: set[str] = set()
    told: set[tuple[str, ...]] = {()}

    def current() -> Iterator[list[Snapshot]]:
        while True:
            good = [[s for s in listed[name] if s.snapshot_id not in refused] for name in sorted(listed)]
            state = [found[-1] for found in good if found]
            name = tuple(s.snapshot_id for s in state)
            if name in told:
                return
            told.add(name)
            yield state

    for snapshot in sorted(bundle, key=lambda s: (s.content_date, s.retrieved_at, s.snapshot_id)):
        if snapshot.file_name in fresh:
            yield from current()
            fresh = set()
        listed.setdefault(snapshot.file_name, []).append(snapshot)
        fresh.add(snapshot.file_name)
    yield from current()


def read_pages(
    module: ModuleType, folder: Path, asof: date | None, before: Before
) -> tuple[dict[type, list], dict[str, Snapshot], str | None, bool]:
    """Rows of all snapshots of a source that are on disk, the snapshots used, the problem and whether it is ours."""
    parsed: dict[type, list] = {kind: [] for kind in LISTS}
    used: dict[str, Snapshot] = {}
    refused: set[str] = set()
    known, damaged = store_of_pages.survey(module.SOURCE.source_id, folder)
    problem, is_fault = damaged[0] if damaged else None, False
    on_disk = [s for s in known if asof is None or s.content_date <= str(asof)]
    for bundle in store_of_pages.bundles(on_disk).values():
        for state in states(bundle, refused):
            try:
                pages = [store_of_pages.load(s, folder) for s in state]
                read = parse(module, pages)
                before.require_whole(module.SOURCE, pages, read[Reported], read[ReportedModel])
            except (BrokenOff, SnapshotDamaged) as error:
                refused.add(error.snapshot_id)
                problem = problem if is_fault else str(error)
                continue
            except LayoutChanged as error:
                problem = problem if is_fault else str(error)
                continue
            except MemoryError:  # the limit of this process is reached, whatever comes next
                raise
            except Exception as error:
                problem, is_fault = describe_fault(module, error), True
                continue
            for kind, found in read.items():
                parsed[kind] += found
            used |= {s.snapshot_id: s for s in state}
    return parsed, used, problem, is_fault


def read_apart(
    module: ModuleType, folder: Path, asof: date | None, before: Before
) -> tuple[dict[type, list], dict[str, Snapshot], str | None, bool]:
    """read_pages in a process of its own, for a source that has pages on disk: one that costs too much is left as it was."""
    if not (folder / module.SOURCE.source_id).exists():
        return {kind: [] for kind in LISTS}, {}, None, False
    try:
        return apart(read_pages, module, folder, asof, before)
    except TooCostly as error:
        problem = f"Reading the pages of {module.SOURCE.title} {error}: what it said before stays."
        return {kind: [] for kind in LISTS}, {}, problem, False


def read_record(
    source_id: str, written: pd.DataFrame, folder: Path, asof: date | None
) -> tuple[list[Snapshot], dict[type, pd.DataFrame], str | None]:
    """What the starter data hold of a source: its snapshots, its rows by kind, and the problem where they are damaged."""
    listed = written[written["source_id"] == source_id]
    try:
        starter.require_whole(folder, source_id)
        rows = dict(zip(LISTS, starter.read(source_id, written, folder), strict=True))
        snapshots = [Snapshot(**{**row, "n_bytes": int(row["n_bytes"])}) for row in listed.to_dict("records")]
    except StarterDamaged as error:
        return [], {kind: frame([], columns) for kind, columns in LISTS.items()}, str(error)
    return [s for s in snapshots if asof is None or s.content_date <= str(asof)], rows, None


def gather_source(
    module: ModuleType, written: pd.DataFrame, folders: Folders, asof: date | None
) -> tuple[dict[type, pd.DataFrame], list[Snapshot], str | None, bool]:
    """Rows of one source, the snapshots behind them, its problem in one sentence (None when all is well), and whether
    the fault is ours. A page that cannot be read is left out whoever is to blame, so that other sources go on.
    """
    recorded, rows_of_record, damage = read_record(module.SOURCE.source_id, written, folders.starter, asof)
    before = Before(recorded, rows_of_record[Reported], rows_of_record[ReportedModel])
    parsed, used, problem, is_fault = read_apart(module, folders.snapshots, asof, before)
    problem, is_fault = damage or problem, is_fault or damage is not None
    if module.SOURCE.facts_file:
        snapshot, page = read_facts_page(module, folders.facts)
        for kind, rows in parse(module, [page]).items():
            # The file grows by hand, so a look back takes only the figures that were published by then.
            parsed[kind] += [r for r in rows if asof is None or getattr(r, "listed_date", "") <= str(asof)]
        used[snapshot.snapshot_id] = snapshot
    frames = {kind: frame(rows, LISTS[kind]).drop_duplicates() for kind, rows in parsed.items()}
    kept = [s for s in recorded if s.snapshot_id not in used]
    for kind, found in rows_of_record.items():
        mine = found[found["snapshot_id"].isin([s.snapshot_id for s in kept])]
        if len(mine):
            frames[kind] = pd.concat([frames[kind], mine], ignore_index=True) if len(frames[kind]) else mine
    return frames, [*used.values(), *kept], problem, is_fault


def gather(modules: dict[str, ModuleType], folders: Folders | None = None, asof: date | None = None) -> Gathered:
    """Rows of all sources, up to a content date."""
    folders = folders or Folders()
    starter.undo_half_swap(folders.starter)
    starter.require_whole(folders.starter, "snapshot.csv")
    written = starter.read_snapshots(folders.starter)
    frames: dict[type, list[pd.DataFrame]] = {kind: [] for kind in LISTS}
    pages: list[Snapshot] = []
    problems: dict[str, str] = {}
    faults: list[str] = []
    for source_id, module in modules.items():
        rows, used, problem, is_fault = gather_source(module, written, folders, asof)
        for kind, found in rows.items():
            frames[kind].append(found.assign(source_id=source_id))
        pages += used
        if problem:
            problems[source_id] = problem
        faults += [source_id] if is_fault else []
    table = pd.DataFrame(
        [{c: getattr(s, c) for c in store_of_pages.COLUMNS} for s in pages], columns=store_of_pages.COLUMNS
    )
    joined = {
        kind: pd.concat([f for f in parts if len(f)] or parts[:1], ignore_index=True) for kind, parts in frames.items()
    }
    return Gathered(
        reported=joined[Reported],
        models=joined[ReportedModel],
        omitted=joined[Omitted],
        snapshots=table.sort_values(["source_id", "content_date", "file_name", "snapshot_id"]).reset_index(drop=True),
        problems=problems,
        faults=tuple(faults),
    )
