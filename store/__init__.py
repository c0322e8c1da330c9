"""The only door to the database: writes checked tables as a new build, reads views with parameterised queries.

Question  Where do tables live, and are they fit to be read?
Input     frames with the columns of data/schema.sql; on the reading side a view's name and conditions on its columns.
Output    a build, by its name; frames.
Method    Where builds live is told by an address (BENCHMARK_DB): a folder of DuckDB files or one such file
          (store/files.py), or a lake with its catalog in PostgreSQL and parquet files beside it or in an S3 store
          (store/lake.py). The same tables, views and queries stand in each; readers stay with the build that they opened.
Silent    Never: a table that breaks a rule raises InvalidData with one sentence, and the old build stays.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from store import files, lake
from store.check import fingerprint, pack, pack_each, rounded, unpack, validate
from store.edition import Build, Edition, parse
from store.errors import InvalidData, NoDatabase, Overtaken, Unreadable
from store.files import DAYS, KEEP, is_running
from store.lake import WORK
from store.query import Where, count, describe, read
from store.schema import KEYS, ROOT, VIEWS, Connection, columns, dictionary, view_columns

__all__ = [
    "DAYS",
    "ENVIRONMENT",
    "KEEP",
    "KEYS",
    "ROOT",
    "VIEWS",
    "WORK",
    "Build",
    "Connection",
    "Edition",
    "InvalidData",
    "NoDatabase",
    "Overtaken",
    "Unreadable",
    "Where",
    "adopt",
    "columns",
    "connect",
    "count",
    "current",
    "describe",
    "dictionary",
    "fingerprint",
    "folder",
    "is_running",
    "kept",
    "pack",
    "read",
    "rounded",
    "tidy",
    "unpack",
    "validate",
    "view_columns",
    "write",
]

ENVIRONMENT = "BENCHMARK_DB"  # where builds live: a folder (default data/database), one file, or the address of a lake
FILE_SUFFIXES = (".duckdb", ".db")  # of an address that names one file


def locate(place: Path | str | None = None) -> files.Folder | files.SingleFile | lake.Lake:
    """The kind of place that an address names; None: what BENCHMARK_DB says."""
    address = str(place or os.environ.get(ENVIRONMENT) or ROOT / "data" / "database")
    if address.startswith("ducklake:"):
        return lake.Lake(address)
    path = Path(address)
    is_file = path.is_file() or (path.suffix in FILE_SUFFIXES and not path.is_dir())
    return files.SingleFile(path) if is_file else files.Folder(path)


def folder(place: Path | str | None = None) -> Path:
    """The local folder where builders keep their lock and their progress; builds too, where these are files."""
    return locate(place).folder


def current(place: Path | str | None = None) -> Build:
    """The build to read. Raises NoDatabase with one sentence."""
    return locate(place).current()


def kept(place: Path | str | None = None) -> Sequence[Build]:
    """The builds that are kept, newest first."""
    return locate(place).kept()


def write(tables: Mapping[str, Any] | Iterable[tuple[str, Any]], into: Path | str | None = None) -> Build:
    """Validate the tables, write them as a new build and make it the current one.

    tables   by name; or one name and table after the other: a file takes each of them while the next is being made.

    Raises InvalidData, or OSError when the disk is full; either way the old build stays.
    """
    place, packed = locate(into), pack_each(tables)
    if isinstance(place, lake.Lake):
        whole = dict(packed)
        validate(whole)
        return place.write(whole)
    return place.write(packed)


def adopt(unfinished: Path, place: Path | str | None = None) -> Build:
    """Make a database file that was built elsewhere, and lies beside the builds under a name that no reader opens, the
    current one.

    Raises NoDatabase where it cannot be read or is of another version of this code; it is then gone.
    """
    return locate(place).adopt(unfinished)


def tidy(place: Path | str | None = None) -> int:
    """Remove builds that nothing asks for any more, and what else is of no use; returns the number of builds."""
    return locate(place).tidy()


def connect(build: Build | str) -> Connection:
    """A read-only connection to a build that reaches nothing else and whose settings stay; `.cursor()` it per thread.

    Raises NoDatabase when it cannot be read.
    """
    named = parse(build)
    if isinstance(named, Edition) and named.address.startswith("ducklake:"):
        return lake.connect(named)
    return files.connect(named)
