"""The record that the project ships: everything that was read, written into data/starter.

Question  What do the starter data become?
Input     gathered rows, the log of published levels, the current database where there is one.
Output    the starter folder, replaced in one step; `Published` says what went into it.
Silent    Sources that may not be passed on, and figures that stand in data/facts, are not written.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import store
from building import last_good
from ingest import gather, published, sources, starter


class ParserFailed(Exception):
    """Our own code failed on a page: what it would have read is missing, so nothing is published."""


@dataclass(frozen=True)
class Published:
    """Sources that were written, bytes of the whole folder, and whether a database gave its levels."""

    source_ids: tuple[str, ...]
    n_bytes: int
    has_levels: bool


def update_levels(levels: pd.DataFrame, connection: store.Connection) -> pd.DataFrame:
    """The log of published levels with those of the current database."""
    asof = store.read(connection, "build", where=[store.Where("name", "=", "asof")])["value"].iloc[0]
    findings = store.read(connection, "finding", published.READ)
    return published.renewed(levels, published.judged(findings, store.read(connection, "signal"), asof))


def publish(folder: Path) -> Published:
    """Write everything that was read into a starter folder."""
    modules = sources.discover()
    gathered, levels, has_levels = gather.gather(modules), published.read(folder), True
    gathered = last_good.with_held(gathered, store.folder())
    if gathered.faults:
        raise ParserFailed(gathered.problems[gathered.faults[0]])
    try:
        levels = update_levels(levels, store.connect(store.current()))
    except store.NoDatabase:
        has_levels = False
    written = []
    with starter.replaced(folder) as fresh:
        for source_id, module in modules.items():
            if not module.SOURCE.redistribute or module.SOURCE.facts_file:
                continue
            reported, models, omitted = (
                f[f["source_id"] == source_id] for f in (gathered.reported, gathered.models, gathered.omitted)
            )
            if reported.empty:
                continue
            starter.write(source_id, reported, models, omitted, gathered.snapshots, fresh)
            written.append(source_id)
        starter.write_snapshots(gathered.snapshots[gathered.snapshots["source_id"].isin(written)], fresh)
        starter.write_csv(levels, fresh / published.FILE)
        starter.write_manifest(fresh)
    return Published(tuple(written), sum(p.stat().st_size for p in folder.rglob("*.csv")), has_levels)
