"""The tables and views: their columns, keys, references and ranges.

Question  What does a database of this version of the code hold?
Input     data/schema.sql (tables, with a comment on every column), data/views.sql (what pages and exports read).
Output    columns with their types and meanings; `define` makes tables and views in a database.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT / "data" / "schema.sql"
VIEWS_FILE = ROOT / "data" / "views.sql"
VIEW = re.compile(r"^CREATE VIEW (\w+) AS\n(.*?);$", re.S | re.M)
VIEWS: dict[str, str] = dict(VIEW.findall(VIEWS_FILE.read_text(encoding="utf-8")))
# Views that stand in a build as tables: short answers for which every page would join hundreds of thousands of rows again.
STORED = ("tally", "apart", "marked", "benchmarks", "claims", "twin_gaps", "changes")

KEYS = {
    "source": ["source_id"],
    "snapshot": ["snapshot_id"],
    "model": ["model_id"],
    "benchmark": ["benchmark_id"],
    "alias": ["kind", "name_key"],
    "twin": ["twin_id"],
    "series": ["series_id"],
    "evaluation": ["evaluation_id"],
    "sighting": ["evaluation_id", "snapshot_id"],
    "signal": ["signal_id"],
    "fit": ["signal_id", "group_id"],
    "finding": ["signal_id", "subject_kind", "subject_id", "variant"],
    "trend": ["signal_id", "series_id", "month", "statistic"],
    "model_summary": ["model_id"],
    "benchmark_answer": ["benchmark_id"],
    "benchmark_alternative": ["benchmark_id", "alternative_id"],
    "family_answer": ["group_kind", "group_name", "subject_kind", "subject_id"],
    "maker": ["developer"],
    "incident": ["incident_id"],
    "build": ["name"],
}
REFERENCES = (
    ("snapshot", "source_id", "source", "source_id"),
    ("series", "benchmark_id", "benchmark", "benchmark_id"),
    ("twin", "benchmark_id", "benchmark", "benchmark_id"),
    ("twin", "twin_benchmark_id", "benchmark", "benchmark_id"),
    ("evaluation", "model_id", "model", "model_id"),
    ("evaluation", "series_id", "series", "series_id"),
    ("evaluation", "benchmark_id", "benchmark", "benchmark_id"),
    ("evaluation", "source_id", "source", "source_id"),
    ("evaluation", "snapshot_id", "snapshot", "snapshot_id"),
    ("evaluation", "supersedes_id", "evaluation", "evaluation_id"),
    ("sighting", "evaluation_id", "evaluation", "evaluation_id"),
    ("sighting", "snapshot_id", "snapshot", "snapshot_id"),
    ("evaluation_change", "evaluation_id", "evaluation", "evaluation_id"),
    ("level_change", "evaluation_id", "evaluation", "evaluation_id"),
    ("trend", "series_id", "series", "series_id"),
    ("model_summary", "model_id", "model", "model_id"),
    ("finding", "signal_id", "signal", "signal_id"),
    ("benchmark_answer", "benchmark_id", "benchmark", "benchmark_id"),
    ("benchmark_answer", "best_evaluation_id", "evaluation", "evaluation_id"),
    ("benchmark_alternative", "benchmark_id", "benchmark", "benchmark_id"),
    ("benchmark_alternative", "alternative_id", "benchmark", "benchmark_id"),
    ("review", "evaluation_id", "evaluation", "evaluation_id"),
)
# Closed ranges; NULL is always allowed here, NOT NULL is the schema's business.
RANGES = {
    ("benchmark", "floor"): (0, 1),
    ("benchmark", "ceiling"): (0, 1),
    ("benchmark", "human_score"): (0, 1),
    ("benchmark", "n_items"): (1, None),
    ("model", "n_parameters"): (1, None),
    ("model", "n_active_parameters"): (1, None),
    ("evaluation", "standard_error"): (0, None),
    ("evaluation", "score_decimals"): (0, None),
    ("evaluation", "n_sightings"): (1, None),
    ("finding", "p_value"): (0, 1),
    ("finding", "q_value"): (0, 1),
    ("model_summary", "p_value"): (0, 1),
    ("model_summary", "q_value"): (0, 1),
}

Connection = duckdb.DuckDBPyConnection


def define(connection: Connection) -> None:
    """Make all tables and views in the database that a connection uses; stored views as tables, still empty."""
    connection.execute(SCHEMA.read_text(encoding="utf-8"))
    for name, query in VIEWS.items():
        if name in STORED:
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM ({query}) WHERE FALSE")
        else:
            connection.execute(f"CREATE VIEW {name} AS {query}")


def stored() -> dict[str, str]:
    """The stored views and their queries: their rows are to be written once all tables are."""
    # In an order of their own, for equal values that lie together take little room.
    return {name: f"SELECT * FROM ({query}) ORDER BY ALL" for name, query in VIEWS.items() if name in STORED}


def fingerprint_of_schema() -> str:
    """A hash over the definitions of all tables and views."""
    text = SCHEMA.read_text(encoding="utf-8") + "".join(f"{name}:{query};" for name, query in VIEWS.items())
    text += " ".join(STORED)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def columns() -> dict[str, dict[str, dict[str, str]]]:
    """Tables and their columns in order, as {table: {column: {"type", "null", "comment"}}}, read from schema.sql."""
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        rows = connection.execute(
            "SELECT table_name, column_name, data_type, is_nullable, COALESCE(comment, '') FROM duckdb_columns() "
            "WHERE schema_name = 'main' AND NOT internal ORDER BY table_oid, column_index"
        ).fetchall()
    found: dict[str, dict[str, dict[str, str]]] = {}
    for table, column, kind, nullable, comment in rows:
        found.setdefault(table, {})[column] = {"type": kind, "null": "yes" if nullable else "no", "comment": comment}
    return found


@cache
def dictionary() -> pd.DataFrame:
    """The data dictionary: one row per column with table, column, type, may be empty, meaning."""
    rows = [
        {"table": t, "column": c, "type": i["type"], "may_be_empty": i["null"], "meaning": i["comment"]}
        for t, known in columns().items()
        for c, i in known.items()
    ]
    return pd.DataFrame(rows)


@cache
def view_columns() -> dict[str, dict[str, str]]:
    """Views and their columns in order with their types: {view: {column: type}}, of this version's schema."""
    with duckdb.connect() as connection:
        define(connection)
        rows = connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY column_index"
        ).fetchall()
    found: dict[str, dict[str, str]] = {view: {} for view in VIEWS}
    for view, column, kind in rows:
        if view in found:
            found[view][column] = kind
    return found


@cache
def expected_columns() -> frozenset[tuple[str, str]]:
    """Tables and views with their columns, as this code reads them."""
    with duckdb.connect() as connection:
        define(connection)
        return columns_of(connection, "memory")


def columns_of(connection: duckdb.DuckDBPyConnection, database: str) -> frozenset[tuple[str, str]]:
    """Tables and views with their columns, as a database has them."""
    query = "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = ? AND NOT internal"
    return frozenset(connection.execute(query, [database]).fetchall())
