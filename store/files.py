"""Databases as DuckDB files: a folder of builds, or one file.

Question  Which file is read, and how does a new build take its place?
Input     packed tables (store.check); a folder, or the path of one file.
Output    `<folder>/benchmarks-<stamp>.duckdb` and a pointer file `current` that names it; or the one file, replaced.
Method    A database that the app has open is never written: a new file is built beside it, checkpointed, flushed to
          disk, then the pointer (or the file) is replaced in one step. Readers open files by their versioned name,
          because DuckDB would hand out its cached instance of an equal path. Names sort in the order of writing whatever
          the clock says. The last KEEP files stay, and for links into the past the last one of each of DAYS days; one
          file keeps no past.
Silent    Never: where the current file is gone, cut short or of another schema, the newest one beside it that can be read
          is current; where there is none, NoDatabase says so in one sentence.
"""

import os
import re
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from store import query
from store.check import validate
from store.edition import Build, Edition
from store.errors import NoDatabase
from store.query import Where
from store.schema import Connection, columns, columns_of, define, expected_columns, stored

KEEP = 3  # newest builds that are kept: pages may be reading the one before; one build is about 100 MB
DAYS = 5  # as-of days whose last build is kept, for links into the past
NAME = re.compile(r"benchmarks-(\d{8}T\d{12})Z\.duckdb")
STAMP = "%Y%m%dT%H%M%S%f"
HEADERS = 3 * 4096  # bytes of a DuckDB file before its blocks
# The layout of the newest version is an eighth smaller, and written in three quarters of the time. Two threads would take
# half as much again of the processors, which the packing needs; one checkpoint at the end writes what several would.
WRITING: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "latest", "threads": 1, "wal_autocheckpoint": "10GB"
}  # fmt: skip
ABANDONED = 86_400  # seconds after which an unfinished file belongs to no running build


@dataclass(frozen=True)
class Folder:
    """A folder of builds, one file each."""

    path: Path

    @property
    def folder(self) -> Path:
        """Where builders keep their lock and their progress."""
        return self.path

    def current(self) -> Path:
        """The database to read: the one that the pointer names, else the newest one beside it that can be read."""
        try:
            told = (self.path / "current").read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):  # not there, or somebody else's alone
            told = ""
        named = [self.path / told] if told and Path(told).name == told else []
        problems = []
        for path in [*named, *(p for p in self.kept() if p not in named)]:
            try:
                about = path.stat()
                prove(str(path), about.st_size, about.st_mtime_ns)
            except FileNotFoundError:
                problems.append(f"The database {path.name} is gone: run `python pipeline.py build`.")
            except OSError as error:
                problems.append(f"The database {path.name} cannot be read ({error.strerror}).")
            except NoDatabase as problem:
                problems.append(str(problem))
            else:
                return path
        raise NoDatabase(problems[0] if problems else "There is no database yet: run `python pipeline.py build`.")

    def kept(self) -> list[Path]:
        """The builds of the folder, newest first; none where it cannot be read."""
        return files_in(self.path)

    def write(self, packed: Iterable[tuple[str, Any]]) -> Path:
        """Check tables, write them to a fresh file and make it the current one; the unfinished file goes where that fails."""
        self.path.mkdir(parents=True, exist_ok=True)
        stamp = next_stamp(self.path)
        final = self.path / f"benchmarks-{stamp}.duckdb"
        make(packed, self.path / f"unfinished-{os.getpid()}-{stamp}.duckdb", final)
        point(self.path, final.name)
        self.tidy()
        return final

    def adopt(self, unfinished: Path) -> Path:
        """Make a database that was built elsewhere the current one."""
        final = self.path / f"benchmarks-{next_stamp(self.path)}.duckdb"
        take(unfinished, final)
        point(self.path, final.name)
        return final

    def tidy(self) -> int:
        """Remove the builds that nothing asks for any more, and return their number."""
        newest = self.current()
        old = set(self.kept()) - worth_keeping(self.path, newest)
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


@dataclass(frozen=True)
class SingleFile:
    """One file, replaced in one step by each build; it keeps no past."""

    path: Path

    @property
    def folder(self) -> Path:
        """Where builders keep their lock and their progress."""
        return self.path.parent

    def current(self) -> Edition:
        """The file as it stands now."""
        try:
            about = self.path.stat()
        except FileNotFoundError:
            raise NoDatabase("There is no database yet: run `python pipeline.py build`.") from None
        except OSError as error:
            raise NoDatabase(f"The database {self.path.name} cannot be read ({error.strerror}).") from error
        prove(str(self.path), about.st_size, about.st_mtime_ns)
        return Edition(str(self.path), about.st_mtime_ns)

    def kept(self) -> list[Edition]:
        """The one build that there is."""
        try:
            return [self.current()]
        except NoDatabase:
            return []

    def write(self, packed: Iterable[tuple[str, Any]]) -> Edition:
        """Check tables, write them to a fresh file beside this one, then put it in its place."""
        self.folder.mkdir(parents=True, exist_ok=True)
        make(packed, self.folder / f"unfinished-{os.getpid()}-{self.path.name}", self.path)
        return self.current()

    def adopt(self, unfinished: Path) -> Edition:
        """Put a database that was built elsewhere in this one's place."""
        take(unfinished, self.path)
        return self.current()

    def tidy(self) -> int:
        """Nothing is kept but the one build."""
        return 0


def make(packed: Iterable[tuple[str, Any]], unfinished: Path, final: Path) -> None:
    """Write tables to a fresh file, check them all, and rename the file.

    Each table is written while the next is packed: DuckDB works without the interpreter's lock, and one thread of its
    own has done so when the last one comes. Raises InvalidData, or OSError when the disk is full; what was written then
    goes. A killed process leaves at most an unfinished file that no reader opens; the next one removes it.
    """
    for leftover in unfinished.parent.glob("unfinished-*"):
        if not leftover.is_dir() and not is_running(leftover):  # folders are the builder's own
            leftover.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(unfinished), config=WRITING) as connection:
            connection.execute("BEGIN")  # one transaction: each of 350 statements on its own would wait for the disk
            define(connection)
            connection.execute("COMMIT")
            with ThreadPoolExecutor(1) as hand:
                whole, written = {}, []
                try:
                    for table, rows in packed:
                        whole[table] = rows
                        if table in columns():
                            written.append(hand.submit(fill, connection, table, rows))
                    validate(whole)
                    for done in written:
                        done.result()
                except BaseException:
                    hand.shutdown(cancel_futures=True)
                    raise
            for view, rows_of in stored().items():
                connection.execute(f'INSERT INTO "{view}" {rows_of}')
            connection.execute("CHECKPOINT")
        flush(unfinished)
        os.replace(unfinished, final)
    except BaseException as error:
        unfinished.unlink(missing_ok=True)
        Path(f"{unfinished}.wal").unlink(missing_ok=True)
        if isinstance(error, duckdb.IOException | duckdb.TransactionException):  # the second where the log does not fit
            raise OSError(None, "The disk is full or cannot be written", str(unfinished.parent)) from error
        raise


def fill(connection: Connection, table: str, rows: Any) -> None:
    """Write one packed table, a transaction of its own: nobody reads the file before it is whole."""
    known = columns()[table]
    names = ", ".join(f'"{c}"' for c in known)
    casts = ", ".join(f'CAST("{c}" AS {i["type"]})' for c, i in known.items())
    connection.register("incoming", rows)
    connection.execute(f'INSERT INTO "{table}" ({names}) SELECT {casts} FROM incoming')
    connection.unregister("incoming")


def take(unfinished: Path, final: Path) -> None:
    """Rename a database that was built elsewhere, once it is known to be readable and of this version of the code.

    Raises NoDatabase where it is not; it is then gone.
    """
    try:
        with connect(unfinished) as connection:
            lost = sorted(expected_columns() - columns_of(connection, "data"))
        if lost:
            raise NoDatabase(f"It was made by another version of this code, it has no {'.'.join(lost[0])}.")
        flush(unfinished)
        os.replace(unfinished, final)
    finally:
        unfinished.unlink(missing_ok=True)


def files_in(place: Path) -> list[Path]:
    """The builds of a folder, newest first; none where it cannot be read."""
    try:
        return sorted((p for p in place.glob("benchmarks-*.duckdb") if p.is_file()), reverse=True)
    except OSError:
        return []


def next_stamp(place: Path) -> str:
    """The moment as a part of a name; after those of all builds that are there, also when the clock was set back."""
    now = datetime.now(UTC).replace(tzinfo=None)
    found = [NAME.fullmatch(path.name) for path in files_in(place)]
    last = max((datetime.strptime(match[1], STAMP) for match in found if match), default=datetime.min)
    return f"{max(now, last + timedelta(microseconds=1)):{STAMP}}Z"


def worth_keeping(place: Path, newest: Path) -> set[Path]:
    """The builds that a new one does not push out: the last KEEP, and the last one of each of DAYS as-of days."""
    days: dict[str, Path] = {}
    for path in files_in(place):
        try:
            with connect(path) as connection:
                day = query.read(connection, "build", where=[Where("name", "=", "asof")])["value"].iloc[0]
        except (NoDatabase, IndexError):  # damaged, or of another version of the code: shown to nobody
            continue
        if len(days) < DAYS:
            days.setdefault(day, path)
    return {newest, *files_in(place)[:KEEP], *days.values()}


def is_running(unfinished: Path) -> bool:
    """Whether the process that writes an unfinished file is still alive (its number is part of the name)."""
    match = re.match(r"unfinished-(\d+)-", unfinished.name)
    if not match:
        return False
    if os.name == "nt":
        # There signal 0 would interrupt the process. A file that its writer holds open cannot be removed there, so the
        # only files taken for abandoned are old ones.
        return time.time() - unfinished.stat().st_mtime < ABANDONED
    try:
        os.kill(int(match.group(1)), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return int(match.group(1)) != os.getpid()


def flush(path: Path) -> None:
    """Force a file's bytes to disk: a pointer must never survive a power cut that its target did not."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def point(place: Path, name: str) -> None:
    """Make `name` the current database, in one step; whoever may read the databases may read the pointer."""
    temporary = place / f"unfinished-{os.getpid()}-pointer"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, place / "current")


@lru_cache(maxsize=64)
def prove(path: str, n_bytes: int, changed_at: int) -> None:
    """Open a database once, while its size and its time of change stay; raises NoDatabase when it cannot be read."""
    connect(Path(path)).close()


def connect(build: Build) -> Connection:
    """A read-only connection to a file that can reach no other one and whose settings stay; `.cursor()` it per thread.

    Raises NoDatabase when the file cannot be read, was cut short, or is no longer the one that is named.
    """
    path = Path(build.address) if isinstance(build, Edition) else build
    connection = query.open_limited()
    try:
        connection.execute(f"ATTACH {query.quote(str(path))} AS data (READ_ONLY)")
        query.lock(connection)
        sizes = "SELECT total_blocks * block_size FROM pragma_database_size() WHERE database_name = 'data'"
        connection.execute("SELECT COUNT(*) FROM data.build")
        about = path.stat()
        is_whole = about.st_size >= connection.execute(sizes).fetchall()[0][0] + HEADERS
    except (duckdb.Error, OSError) as error:
        connection.close()
        raise NoDatabase(f"The database {path.name} cannot be read ({type(error).__name__}).") from error
    if not is_whole:
        connection.close()
        raise NoDatabase(f"The database {path.name} cannot be read (it was cut short).")
    if isinstance(build, Edition) and about.st_mtime_ns != build.version:
        connection.close()
        raise NoDatabase(f"The database {path.name} was replaced by a newer one.")
    return connection
