"""Tables as files in three forms, and which rows somebody asks for by the parameters of an address.

Question  Which rows of an exported table does an address ask for, and what stands in the file?
Input     an open database, the name of a table of exports.ROWS, parameters as the pages write them, {name: values}.
Output    conditions for store.read; a CSV, Parquet or JSON file, its rows in a stable order.
Method    The parameters are those of the pages' own addresses. CSV as reading/exports.py writes it (no cell that a spreadsheet
          runs); Parquet with the types of the views; JSON as one list of objects, days as ISO dates, null for not reported.
          A few benchmarks at a time, so that a large table is never whole in memory.
Silent    Never: a parameter that the table has no column for, or a value that stands nowhere in it, raises Unknown with one
          sentence: a program must not take everything for what it asked for. Rows that may not be passed on are left out.
"""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import store
from data.vocabulary import DIRECTIONS, GROUP_KINDS, LEVELS, MARKED, TESTED
from reading import exports
from store import Where

FORMS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet", "json": "application/json"}
PACKED = ("csv", "json")  # kept gzipped, and sent so to who reads that
PIECE = 8_000  # rows that are read at a time, about 20 MB
# Groups of levels by the words of the page "Unusual scores", which reads them from here.
LEVELS_ASKED = {
    "unusual or more": MARKED,
    "somewhat or more": (*MARKED, "somewhat"),
    "any verdict": TESTED,
    "check the data first": ("check_data",),
    "cannot tell": ("cannot_tell",),
}
# Parameters that name one value of a column.
EQUAL = {
    "benchmark": "benchmark_id",
    "model": "model_id",
    "series": "series_id",
    "maker": "maker",
    "source": "source_id",
    "twin": "twin_id",
}
SETUPS = {"same set-up": ("A",), "any set-up": ("A", "B")}  # of the pairs of the table `claims`
WHAT = {"everything": None, "sources": ("value revised", "value removed"), "our answers": ("answer changed",)}
SPANS = {"last 30 days": 30, "last 90 days": 90, "last 365 days": 365, "since the beginning": None}
ARROW = {"DOUBLE": pa.float64(), "BIGINT": pa.int64(), "INTEGER": pa.int32(), "BOOLEAN": pa.bool_(), "DATE": pa.date32(), "TIMESTAMP": pa.timestamp("us")}  # fmt: skip


class Unknown(Exception):
    """The address asks for what there is not; the sentence says what."""


def asked(
    connection: store.Connection,
    table: str,
    parameters: Mapping[str, Sequence[str]],
    filters: Sequence[Where],
    asof: date,
) -> tuple[Where, ...]:
    """Conditions for the rows that an address asks for, those of the whole file among them.

    filters   what the filters of the side bar say (ui/kit/filters.py); `parameters` are all others.
    """
    known = store.describe(connection, table)
    where = [*exports.ROWS[table], *filters]
    for name, values in parameters.items():
        value = values[-1] if values else ""
        if name in EQUAL and EQUAL[name] in known:
            where.append(Where(EQUAL[name], "in", tuple(values)))
        elif name == "level" and "level" in known:
            where.append(Where("level", "in", one(LEVELS_ASKED | {level: (level,) for level in LEVELS}, name, value)))
            where += exports.COUNTED if table == "anomalies" else ()
        elif name == "side" and "direction" in known:
            sides = one({side: (side,) for side in DIRECTIONS} | {"both": DIRECTIONS}, name, value)
            where.append(Where("direction", "in", sides))
        elif name == "group":
            where += group(connection, known, value)
        elif name == "setup" and table == "claims":
            where.append(Where("tier", "in", one(SETUPS, name, value)))
        elif name == "what" and table == "changes":
            kinds = one(WHAT, name, value)
            where += [Where("what", "in", kinds)] if kinds else []
        elif name == "span" and table == "changes":
            days = one(SPANS, name, value)
            where += [Where("changed_date", "between", (asof - timedelta(days=days), None))] if days else []
        elif name == "day" and table == "changes":
            where.append(Where("changed_date", "=", day(value)))
        else:
            raise Unknown(f"The table {table} has no parameter {name!r}.")
    for rule in where:
        check(connection, table, known, rule)
    return tuple(where)


def one(options: Mapping, name: str, value: str):  # type: ignore[no-untyped-def]  # whatever the options hold
    """What a word of a parameter stands for."""
    if value not in options:
        raise Unknown(f"{name} can be {', '.join(options)}, and not {value!r}.")
    return options[value]


def day(text: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unknown(f"{text!r} is no day such as 2026-11-22.") from None


def group(connection: store.Connection, known: Sequence[str], value: str) -> list[Where]:
    """Conditions for a family or maker, as "family:Qwen": of the answers about it, else of the scores of its models."""
    kind, _, name = value.partition(":")
    if kind not in GROUP_KINDS or not name:
        raise Unknown(f"A group is family:NAME or maker:NAME, and not {value!r}.")
    if "group_name" in known:
        return [Where("group_kind", "=", kind), Where("group_name", "=", name)]
    if kind == "family":
        return [Where("family", "=", name)]
    spellings = store.read(connection, "maker", ("developer",), (Where("maker", "=", name),))["developer"]
    return [Where("developer", "in", tuple(spellings))]


def check(connection: store.Connection, table: str, known: Sequence[str], rule: Where) -> None:
    """Raise Unknown where a condition is on a column that the table lacks, or names a value that stands nowhere in it."""
    if rule.column not in known:
        raise Unknown(f"The table {table} has no column {rule.column}, so it cannot be filtered by it.")
    if rule.column not in (*EQUAL.values(), "family", "developer", "domain", "group_name"):
        return
    wanted = rule.value if rule.operator == "in" else (rule.value,)
    if not wanted:
        raise Unknown("There is no maker of this name.")
    for value in wanted:
        if int(store.count(connection, table, (), (Where(rule.column, "=", value),))["n"].iloc[0]) == 0:
            raise Unknown(f"The table {table} has no {rule.column} {str(value)[:80]!r}.")


def pieces(connection: store.Connection, table: str, where: Sequence[Where]) -> Iterator[pd.DataFrame]:
    """All rows that match and may be passed on, a few benchmarks at a time; at least one frame, which may be empty."""
    known = store.describe(connection, table)
    order = [c for c in ("changed_date", "benchmark_id", *exports.ORDER) if c in known]
    if "benchmark_id" not in known or "changed_date" in known:
        yield exports.shareable(store.read(connection, table, None, where, order))[0]
        return
    counts = store.count(connection, table, ("benchmark_id",), where).dropna(subset=["benchmark_id"])
    if counts.empty:
        yield store.read(connection, table, None, where, limit=0)
    for _, some in counts.groupby(counts["n"].cumsum() // PIECE):
        chosen = Where("benchmark_id", "in", tuple(some["benchmark_id"]))
        yield exports.shareable(store.read(connection, table, None, (*where, chosen), order))[0]


def write(
    connection: store.Connection, table: str, where: Sequence[Where], form: str, into: Path, is_packed: bool = True
) -> None:
    """Write the rows to a file; CSV and JSON gzipped where `is_packed`."""
    found = pieces(connection, table, where)
    if form == "parquet":
        kinds = store.view_columns()[table]
        schema = pa.schema([(name, ARROW.get(kinds[name], pa.string())) for name in store.describe(connection, table)])
        with pq.ParquetWriter(into, schema, compression="zstd") as target:
            for piece in found:
                target.write_table(pa.Table.from_pandas(piece, schema=schema, preserve_index=False))
        return
    with gzip.open(into, "wb", compresslevel=5) if is_packed else into.open("wb") as target_file:
        (write_csv if form == "csv" else write_json)(found, target_file)


def write_csv(found: Iterator[pd.DataFrame], target: IO[bytes] | gzip.GzipFile) -> None:
    """One header, then all rows."""
    for place, piece in enumerate(found):
        target.write(exports.csv_bytes(piece, header=place == 0))


def write_json(found: Iterator[pd.DataFrame], target: IO[bytes] | gzip.GzipFile) -> None:
    """One list of objects, a line each."""
    target.write(b"[")
    is_first = True
    for piece in found:
        days = [name for name in piece if pd.api.types.is_datetime64_any_dtype(piece[name])]
        told = piece.assign(**{name: exports.as_written(piece[name]) for name in days})
        for line in told.to_json(orient="records", lines=True, double_precision=15, force_ascii=False).splitlines():
            target.write((b"\n" if is_first else b",\n") + line.encode())
            is_first = False
    target.write(b"\n]\n")
