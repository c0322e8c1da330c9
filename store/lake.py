"""The database as a DuckLake: a catalog in PostgreSQL, the rows as parquet files in a folder or an S3 store.

Question  Which state of the lake is read, and how does a new build become one?
Input     packed tables (store.check); the address, `ducklake:postgres:dbname=... host=...`, in the words
          of libpq (the password comes from PGPASSWORD or a password file); BENCHMARK_LAKE for the
          parquet files: a folder, or `s3://bucket/prefix` with the usual AWS_* variables.
Output    one labelled snapshot a build; readers open the catalog as it was at that snapshot.
Method    A build writes only rows that differ from those that are there, told by two hashes over the whole row, in one
          transaction (a build that differs in nothing is the one that is there), so that a reader sees the old state or the new one and a killed writer leaves nothing but files
          that no snapshot names. Of two writers at one moment the second is refused. Extensions come from the packages
          of requirements-lake.txt, never over the network.
Silent    Never: NoDatabase or InvalidData say in one sentence what is wrong; a catalog that cannot be asked for a moment
          is asked again, and until then the last build that was known is current.
"""

import errno
import importlib.util
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from store import query
from store.edition import Edition
from store.errors import InvalidData, NoDatabase, Overtaken, is_full
from store.files import DAYS, KEEP
from store.schema import ROOT, Connection, columns, define, fingerprint_of_schema, stored

PARQUET, WORK = "BENCHMARK_LAKE", "BENCHMARK_WORK"  # where the parquet files go; a local folder for locks and progress
LABEL = "build"  # message of the snapshots that are builds; others are of tidying up
ASK_EVERY = 2.0  # seconds for which an answer of the catalog stands: pages ask at every click
GRACE = timedelta(hours=1)  # files that no build names any more stay as long: a reader may be in them
NONE_YET = "There is no database yet: run `python pipeline.py build`."


@dataclass(frozen=True)
class Lake:
    """A lake by its address."""

    address: str

    @property
    def folder(self) -> Path:
        """Where builders on this host keep their lock and their progress, and extensions are unpacked."""
        return Path(os.environ.get(WORK) or ROOT / "data" / "database")

    def current(self) -> Edition:
        """The newest build. Raises NoDatabase with one sentence."""
        found = self.kept()
        if not found:
            raise NoDatabase(NONE_YET)
        return found[0]

    def kept(self) -> list[Edition]:
        """The builds of the lake, newest first."""
        return [Edition(self.address, version) for version, _ in asked(self.address)]

    def write(self, packed: Mapping[str, Any]) -> Edition:
        """Bring the lake to the state of checked tables, as one labelled snapshot.

        Raises InvalidData where the catalog or the store refuses, Overtaken where another build came first, OSError where
        one of them is full.
        """
        try:
            return self.bring_all(packed)
        except duckdb.Error as error:
            problem = told(error)
            if not isinstance(error, duckdb.IOException) or isinstance(problem, OSError):
                raise problem from None
        try:  # what is there cannot be compared with: a parquet file is gone or damaged
            return self.bring_all(packed, is_anew=True)
        except duckdb.Error as error:
            raise told(error) from None

    def bring_all(self, packed: Mapping[str, Any], is_anew: bool = False) -> Edition:
        """Write all tables in one transaction; is_anew: without a look at the rows that are there."""
        facts = dict(zip(packed["build"]["name"].to_pylist(), packed["build"]["value"].to_pylist(), strict=True))
        label = {"asof": facts.get("asof", ""), "schema_sha256": fingerprint_of_schema()}
        with attached(self.address, self.parquet()) as connection:
            last = builds(connection)[:1]
            connection.execute("BEGIN")
            connection.execute("USE data")
            is_empty = is_anew or not last or last[0][1].get("schema_sha256") != label["schema_sha256"]
            if is_empty:
                redefine(connection)
            write_into = fill if is_empty else bring
            for table in columns():
                write_into(connection, table, packed[table])
            for view, rows_of in stored().items():
                write_into(connection, view, connection.execute(rows_of).to_arrow_table())
            connection.execute(
                "CALL data.set_commit_message('pipeline', ?, extra_info => ?)", [LABEL, json.dumps(label)]
            )
            connection.execute("COMMIT")
            version = builds(connection)[0][0]
            with suppress(duckdb.Error):  # the build stands; the next one, or `tidy`, forgets what is too old
                expire(connection)
        forget(self.address)
        return Edition(self.address, version)

    def adopt(self, unfinished: Path) -> Edition:
        """A lake takes builds from its own writers only."""
        unfinished.unlink(missing_ok=True)
        raise NoDatabase("A lake takes no finished database: run `python pipeline.py build`.")

    def parquet(self) -> str:
        """Where the parquet files go: a folder (absolute, with a slash at its end) or an address in an S3 store."""
        told = os.environ.get(PARQUET) or str(self.folder / "lake")
        if told.startswith("s3://"):
            return told.rstrip("/") + "/"
        Path(told).mkdir(parents=True, exist_ok=True)
        return f"{Path(told).resolve()}/"

    def tidy(self, grace: timedelta = GRACE) -> int:
        """Forget the builds that nothing asks for any more and return their number; join small files, remove unused ones."""
        seconds = int(grace.total_seconds())
        try:
            with attached(self.address, self.parquet()) as connection:
                n_old = expire(connection)
                connection.execute("CALL ducklake_rewrite_data_files('data')")
                connection.execute("CALL ducklake_merge_adjacent_files('data')")
                for call in ("ducklake_cleanup_old_files", "ducklake_delete_orphaned_files"):
                    connection.execute(f"CALL {call}('data', older_than => now() - INTERVAL {seconds} SECOND)")
        except duckdb.Error as error:
            raise InvalidData(f"The lake cannot be tidied up ({type(error).__name__}).") from None
        forget(self.address)
        return n_old


def told(error: duckdb.Error) -> Exception:
    """What a person can act on where a build could not be written; the words of the error itself may hold a password."""
    if is_full(error):
        return OSError(errno.ENOSPC, "There is no space left for the parquet files or the catalog of the lake")
    if isinstance(error, duckdb.TransactionException):
        return Overtaken("Another build was written at the same time and stays: run this one again.")
    return InvalidData(f"The lake cannot be written ({type(error).__name__}).")


def expire(connection: Connection) -> int:
    """Forget the builds that nothing asks for any more, and what lies between two builds; returns their number."""
    found = builds(connection)
    stay = worth_keeping(found)
    every = [row[0] for row in connection.execute("SELECT snapshot_id FROM ducklake_snapshots('data')").fetchall()]
    gone = [version for version in every if version not in stay and version < found[0][0]]
    if gone:
        connection.execute(f"CALL ducklake_expire_snapshots('data', versions => [{', '.join(map(str, gone))}])")
    return len(found) - len(stay)


def worth_keeping(found: list[tuple[int, dict[str, str]]]) -> set[int]:
    """Of builds, newest first, the last KEEP and the last one of each of DAYS as-of days."""
    days: dict[str, int] = {}
    for version, label in found:
        if len(days) < DAYS:
            days.setdefault(label.get("asof", ""), version)
    return {*(version for version, _ in found[:KEEP]), *days.values()}


def shape(table: str, rows: Any) -> tuple[str, str]:
    """The columns of a table, or of a stored view, and how they are read from rows; a view's rows have its types already."""
    types = {c: i["type"] for c, i in columns().get(table, {}).items()}
    names = ", ".join(f'"{c}"' for c in types or rows.column_names)
    return names, ", ".join(f'CAST("{c}" AS {kind}) AS "{c}"' for c, kind in types.items()) or names


def fill(connection: Connection, table: str, rows: Any) -> None:
    """Write rows, in their order, into a table or stored view that is empty: there is nothing to compare them with."""
    if not len(rows):
        return  # a statement that changes nothing still costs a walk through the catalog
    names, casts = shape(table, rows)
    connection.register("incoming", rows)
    try:
        connection.execute(f'INSERT INTO data."{table}" ({names}) SELECT {casts} FROM incoming')
    finally:
        connection.unregister("incoming")


def bring(connection: Connection, table: str, rows: Any) -> None:
    """Make a table of the lake, or a stored view, equal to these rows by removing and adding only what differs."""
    names, casts = shape(table, rows)
    # Equal rows may stand in a table more than once: the n-th of them here is the n-th of them there.
    marks = f"hash(ROW({names})) AS mark, hash(ROW('again', {names})) AS other"
    number = "row_number() OVER (PARTITION BY mark, other) AS n"
    connection.register("incoming", rows)
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT *, {number} FROM "
            f"(SELECT *, {marks} FROM (SELECT {casts} FROM incoming))"
        )
        connection.execute(
            f'CREATE OR REPLACE TEMP TABLE stale AS SELECT *, {number} FROM (SELECT rowid AS place, {marks} FROM data."{table}")'
        )
        for rows_of, others in (("stale", "fresh"), ("fresh", "stale")):
            left = f"FROM {rows_of} ANTI JOIN {others} USING (mark, other, n)"
            if connection.execute(f"SELECT COUNT(*) {left}").fetchall() == [(0,)]:
                continue  # a statement that changes nothing still costs a walk through the catalog
            if rows_of == "stale":
                connection.execute(f'DELETE FROM data."{table}" WHERE rowid IN (SELECT place {left})')
            else:
                connection.execute(f'INSERT INTO data."{table}" ({names}) SELECT {names} {left}')
    finally:
        connection.unregister("incoming")


def redefine(connection: Connection) -> None:
    """Make the tables and views of this version of the code anew; builds from before keep theirs."""
    for kind, query_of_names in (
        ("VIEW", "SELECT view_name FROM duckdb_views() WHERE database_name = 'data' AND NOT internal"),
        ("TABLE", "SELECT table_name FROM duckdb_tables() WHERE database_name = 'data' AND NOT internal"),
    ):
        for (name,) in connection.execute(query_of_names).fetchall():
            connection.execute(f'DROP {kind} data."{name}"')
    define(connection)


def builds(connection: Connection) -> list[tuple[int, dict[str, str]]]:
    """Versions and labels of the builds in an attached lake, newest first."""
    rows = connection.execute(
        "SELECT snapshot_id, commit_extra_info FROM ducklake_snapshots('data') WHERE commit_message = ? "
        "ORDER BY snapshot_id DESC", [LABEL]
    ).fetchall()  # fmt: skip
    return [(version, json.loads(label)) for version, label in rows]


@contextmanager
def attached(address: str, parquet: str = "", version: int | None = None) -> Iterator[Connection]:
    """A connection to a lake, closed at the end: to write, with the place of its parquet files, else to read."""
    connection = open_lake(address, parquet, version)
    try:
        yield connection
    finally:
        connection.close()


def open_lake(address: str, parquet: str = "", version: int | None = None) -> Connection:
    """A connection to which the lake is attached as `data`."""
    place = Lake(address).folder / "extensions"
    place.mkdir(parents=True, exist_ok=True)
    if parquet:
        connection = duckdb.connect(config={"extension_directory": str(place)})
    else:
        connection = query.open_limited(extension_directory=str(place))
    try:
        connection.execute("SET enable_progress_bar = false")  # it would be drawn into logs
        is_remote = (parquet or os.environ.get(PARQUET, "")).startswith("s3://")
        for name in ("ducklake", "postgres", *(["httpfs"] if is_remote else [])):
            load(connection, name)
        if is_remote:
            add_secret(connection)
        how = [f"DATA_PATH {query.quote(parquet)}" if parquet else "READ_ONLY"]
        how += [f"SNAPSHOT_VERSION {int(version)}"] if version is not None else []
        connection.execute(f"ATTACH {query.quote(address)} AS data ({', '.join(how)})")
    except BaseException:
        connection.close()
        raise
    return connection


def load(connection: Connection, name: str) -> None:
    """Load an extension; the first time on a host it is copied from its installed package."""
    try:
        connection.execute(f"LOAD {name}")
    except duckdb.Error:
        found = importlib.util.find_spec(f"duckdb_extension_{name}")
        if found is None or found.origin is None:
            raise NoDatabase(
                f"DuckDB's extension {name} is not installed: run `pip install -r requirements-lake.txt`."
            ) from None
        files = Path(found.origin).parent / "extensions" / f"v{duckdb.__version__}"
        connection.execute(f"INSTALL {query.quote(f'{files / name}.duckdb_extension')}")
        connection.execute(f"LOAD {name}")


def add_secret(connection: Connection) -> None:
    """What an S3 store asks for, from the variables that its other clients read."""
    told = os.environ.get
    endpoint = told("AWS_ENDPOINT_URL_S3") or told("AWS_ENDPOINT_URL") or ""
    parts = {
        "KEY_ID": told("AWS_ACCESS_KEY_ID", ""),
        "SECRET": told("AWS_SECRET_ACCESS_KEY", ""),
        "SESSION_TOKEN": told("AWS_SESSION_TOKEN", ""),
        "REGION": told("AWS_REGION") or told("AWS_DEFAULT_REGION") or "us-east-1",
        "ENDPOINT": endpoint.split("://")[-1].rstrip("/"),
        "URL_STYLE": "path" if endpoint else "",
    }
    listed = [f"{name} {query.quote(value)}" for name, value in parts.items() if value]
    listed += ["USE_SSL false"] if endpoint.startswith("http://") else []
    connection.execute(f"CREATE SECRET store (TYPE s3, {', '.join(listed)})")


@lru_cache(maxsize=4)
def asking(address: str) -> Connection:
    """The connection by which this process asks a catalog for its builds."""
    return open_lake(address)


KNOWN: dict[str, tuple[float, list[tuple[int, dict[str, str]]]]] = {}  # address: when it was asked, what it said


def forget(address: str) -> None:
    """Ask the catalog anew the next time."""
    KNOWN.pop(address, None)


def asked(address: str) -> list[tuple[int, dict[str, str]]]:
    """The builds of a lake, as its catalog said at most ASK_EVERY seconds ago; when it does not answer, as it last said.

    Raises NoDatabase where it never answered.
    """
    at, told = KNOWN.get(address, (-ASK_EVERY, []))
    if time.monotonic() - at < ASK_EVERY and told:
        return told
    try:
        told = builds(asking(address).cursor())
    except duckdb.Error as error:
        asking.cache_clear()
        if not told:
            # Not `from error`: its words hold the address, and that may hold a password.
            is_empty = isinstance(error, duckdb.InvalidInputException) and "creating a new DuckLake" in str(error)
            sentence = NONE_YET if is_empty else f"The catalog of the lake cannot be asked ({type(error).__name__})."
            raise NoDatabase(sentence) from None
    KNOWN[address] = time.monotonic(), told
    return told


def connect(build: Edition) -> Connection:
    """A read-only connection to one build of a lake that reaches nothing but its parquet files; `.cursor()` it per thread.

    Raises NoDatabase where that build is no longer kept, or catalog or files cannot be read.
    """
    try:
        return query.patiently(lambda: open_locked(build))
    except (duckdb.Error, IndexError) as error:
        raise NoDatabase(f"The build {build.name} cannot be read ({type(error).__name__}).") from None


def open_locked(build: Edition) -> Connection:
    """The connection, once something was read through it; it reaches nothing else from then on."""
    connection = open_lake(build.address, version=build.version)
    try:
        connection.execute("SELECT COUNT(*) FROM data.build").fetchall()
        where = connection.execute(
            "SELECT value FROM ducklake_options('data') WHERE option_name = 'data_path'"
        ).fetchall()
        query.lock(connection, [where[0][0]])
    except BaseException:
        connection.close()
        raise
    return connection
