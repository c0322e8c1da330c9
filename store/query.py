"""Reading: limits of a connection, and views with parameterised queries.

Question  Which rows of a view match?
Input     an open database, attached as `data`; a view's name and conditions on its columns.
Output    frames.
Method    Names are checked against the database, values are only ever bound.
Silent    Raises Unreadable where the database cannot give what is asked, KeyError for a name that nobody knows.
"""

import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd

from store.errors import Unreadable
from store.schema import VIEWS, Connection, columns, expected_columns

T = TypeVar("T")
MEMORY, SPILL, THREADS = "1GB", "1GB", 2  # at most, of one reading connection: a page takes the host from nobody
# What a query raises where a block of the file is not what was written, or where it needs more than its limits.
PASSING = re.compile(
    r"connect|server closed|starting up|shutting down|terminat|is aborted", re.I
)  # a catalog that restarts
WIDE, KEY = ("anomalies", "scores"), "evaluation_id"  # views with a row for every score
FEW = 8  # columns that cost little for all of them
TALLY = (
    "tally"  # the stored view that has a row for every score of these views under these conditions, ready to be counted
)
PATIENCE, AGAIN = 20.0, 0.25  # seconds for which a restarting catalog is waited for, and between two questions
# The last one too: an extension that finds its catalog gone in the middle of a question calls it a fault of its own.
DAMAGED = (
    duckdb.IOException, duckdb.SerializationException, duckdb.FatalException, duckdb.OutOfMemoryException,
    duckdb.InternalException,
)  # fmt: skip


@dataclass(frozen=True)
class Where:
    """One condition on a column of a view.

    operator   "=", "in", "between" (pair, either end may be None), "contains" (text, case-insensitive), "is null",
               "not null".
    or_null    True keeps rows whose value is not reported.
    """

    column: str
    operator: str
    value: Any = None
    or_null: bool = False


WHOLE = Where("is_subset", "=", False)
TALLIED = {
    "scores": (Where("status", "=", "current"), WHOLE),
    "anomalies": (Where("signal_id", "=", "size_anomaly"), Where("variant", "=", ""), WHOLE),
}


def open_limited(**more: str) -> Connection:
    """An empty database in memory whose connection keeps to the limits of a reader; more: further settings."""
    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "temp_directory": str(Path(tempfile.gettempdir()) / "benchcred"),
        "max_temp_directory_size": SPILL,
    }
    return duckdb.connect(config=limits | more)


def quote(text: str) -> str:
    """A text as SQL holds it, for statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def lock(connection: Connection, folders: Sequence[str] = ()) -> None:
    """From now on the connection reaches no file outside these folders, and its settings stay."""
    if folders:
        connection.execute("SET allowed_directories = ?", [list(folders)])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def lacking(view: str, column: str = "") -> Exception:
    """What to raise where an open database has no such view, or no such column in it: Unreadable when this code expects
    it there, KeyError when nobody does.
    """
    if (view, column) in expected_columns() or (not column and view in {*VIEWS, *columns()}):
        name = f"{view}.{column}" if column else view
        return Unreadable(
            f"This database was made by another version of this code, it has no {name}: run `python pipeline.py build`."
        )
    return KeyError(f"There is no column {column!r} in {view!r}." if column else f"There is no table or view {view!r}.")


def describe(connection: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    """Column names of a view or table; raises KeyError for an unknown name, Unreadable for one that this build lacks."""
    if view not in VIEWS and view not in columns():
        raise lacking(view)
    try:
        told = patiently(lambda: connection.cursor().execute(f'DESCRIBE data."{view}"').fetchall())
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise lacking(view) from error
    except duckdb.Error as error:
        if not isinstance(error, DAMAGED) and not is_passing(error):
            raise
        raise Unreadable(f"The database cannot be read ({type(error).__name__}).") from None
    return [row[0] for row in told]


def run(connection: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> pd.DataFrame:
    """The answer to a query; raises Unreadable where the file's contents are damaged or the query needs too much."""
    try:
        return patiently(lambda: connection.cursor().execute(query, values).df())
    except duckdb.Error as error:
        if not isinstance(error, DAMAGED) and not is_passing(error):
            raise
        raise Unreadable(f"The database cannot be read ({type(error).__name__}).") from None


def patiently(ask: Callable[[], T]) -> T:
    """What `ask` returns; asked again for up to PATIENCE seconds while the catalog of a lake restarts."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except duckdb.Error as error:
            if not is_passing(error) or time.monotonic() > until:
                raise
            time.sleep(AGAIN)


def is_passing(error: duckdb.Error) -> bool:
    """Whether the same question may be answered in a moment: the catalog of a lake restarts."""
    return PASSING.search(str(error)) is not None


def condition(known: Sequence[str], where: Sequence[Where]) -> tuple[str, list[object]]:
    """A WHERE clause and its parameters; column names are checked against `known`, values are only ever bound."""
    clauses: list[str] = []
    values: list[object] = []
    for rule in where:
        if rule.column not in known:
            raise KeyError(f"There is no column {rule.column!r}.")
        name = f'"{rule.column}"'
        if rule.operator == "=":
            clause, bound = f"{name} = ?", [rule.value]
        elif rule.operator == "in":
            chosen = list(rule.value)
            clause = f"{name} IN ({', '.join('?' * len(chosen))})" if chosen else "FALSE"
            bound = chosen
        elif rule.operator == "between":
            low, high = rule.value
            parts = [f"{name} >= ?"] * (low is not None) + [f"{name} <= ?"] * (high is not None)
            clause, bound = " AND ".join(parts) or "TRUE", [v for v in (low, high) if v is not None]
            clause = clause if parts else f"{name} IS NOT NULL"
        elif rule.operator == "contains":
            clause, bound = f"CONTAINS(LOWER({name}), LOWER(?))", [rule.value]
        elif rule.operator in ("is null", "not null"):
            clause, bound = f"{name} {'IS' if rule.operator == 'is null' else 'IS NOT'} NULL", []
        else:
            raise KeyError(f"There is no operator {rule.operator!r}.")
        clauses.append(f"({clause} OR {name} IS NULL)" if rule.or_null else f"({clause})")
        values += bound
    return (" WHERE " + " AND ".join(clauses) if clauses else ""), values


def read(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    select: Sequence[str] | None = None,
    where: Sequence[Where] = (),
    order: Sequence[str] = (),
    limit: int | None = None,
) -> pd.DataFrame:
    """Rows of a view or table as a frame.

    select   columns to return (default all); order: columns, "-" in front means descending with empty values last.
    """
    known = describe(connection, view)
    chosen = list(select) if select is not None else known
    for name in [*chosen, *(o.removeprefix("-") for o in order), *(rule.column for rule in where)]:
        if name not in known:
            raise lacking(view, name)
    tail = ""
    if order:
        terms = [f'"{o.removeprefix("-")}" {"DESC" if o.startswith("-") else "ASC"} NULLS LAST' for o in order]
        tail += f" ORDER BY {', '.join(terms)}"
    if limit is not None:
        tail += f" LIMIT {int(limit)}"
        if view in WIDE and len(chosen) > FEW:
            # Which rows first, then their columns: joined for all rows, the columns of a few of them take a gigabyte.
            clause, values = condition(known, where)
            rows = run(connection, f'SELECT "{KEY}" FROM data."{view}"{clause}{tail}', values)
            where = (*where, Where(KEY, "in", tuple(rows[KEY])))
    clause, values = condition(known, where)
    named = ", ".join(f'"{c}"' for c in chosen)
    return run(connection, f'SELECT {named} FROM data."{view}"{clause}{tail}', values)


def count(
    connection: duckdb.DuckDBPyConnection, view: str, by: Sequence[str] = (), where: Sequence[Where] = ()
) -> pd.DataFrame:
    """Number of rows of a view per combination of the columns `by`, as a frame with these columns and `n`."""
    known = describe(connection, view)
    for name in [*by, *(rule.column for rule in where)]:
        if name not in known:
            raise lacking(view, name)
    if is_tallied(connection, view, by, where):
        view = TALLY
    clause, values = condition(known, where)
    names = ", ".join(f'"{name}"' for name in by)
    head = f"SELECT {names}, COUNT(*) AS n" if by else "SELECT COUNT(*) AS n"
    tail = f" GROUP BY {names} ORDER BY {names}" if by else ""
    return run(connection, f'{head} FROM data."{view}"{clause}{tail}', values)


def is_tallied(connection: duckdb.DuckDBPyConnection, view: str, by: Sequence[str], where: Sequence[Where]) -> bool:
    """Whether the rows of a view can be counted in TALLY: it has these columns, and the conditions leave no other row."""
    if view not in TALLIED or any(rule not in where for rule in TALLIED[view]):
        return False
    try:
        return {*by, *(rule.column for rule in where)} <= {*describe(connection, TALLY)}
    except Unreadable:  # a build from before it
        return False
