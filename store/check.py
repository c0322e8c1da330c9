"""Are tables fit to be read? Columns, keys, references, words and ranges; and a hash over their contents.

Input     frames with the columns of data/schema.sql, or the same as Arrow tables (`pack`).
Output    packed tables; a fingerprint that is the same on every machine.
Silent    Never: a table that breaks a rule raises InvalidData with one sentence.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from data import vocabulary
from store.errors import InvalidData
from store.schema import KEYS, RANGES, REFERENCES, columns

DIGITS, BITS = 9, 30  # significant digits of a number that count in a fingerprint, and the bits of as many
TEXT_TYPES = ("VARCHAR", "DATE", "TIMESTAMP")
NUMBER = re.compile(r"-?\d+\.\d+(?:[eE][-+]?\d+)?")


def pack(tables: Mapping[str, Any]) -> dict[str, Any]:
    """The tables as Arrow holds them: each distinct text, day or moment once, numbers as they are, NULL for what is missing.

    Hash, checks and database then read the same bytes, a third of the memory, and no Python object for each cell.
    A packed table stays. Raises InvalidData where columns are not those of the schema.
    """
    import pyarrow

    known, packed = columns(), {}
    for table, frame in tables.items():
        names = list(frame.column_names if isinstance(frame, pyarrow.Table) else frame.columns)
        if names != list(known.get(table, names)):
            odd = sorted(set(names) ^ set(known[table])) or "the order"
            raise InvalidData(f"Table {table}: columns do not match the schema ({odd}).")
        if not isinstance(frame, pyarrow.Table):
            kinds = {column: known.get(table, {}).get(column, {}).get("type", "VARCHAR") for column in names}
            frame = pyarrow.table({c: pack_column(frame[c], kind in TEXT_TYPES) for c, kind in kinds.items()})
        packed[table] = frame
    return packed


def pack_each(tables: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """The tables one after the other, each packed when it is asked for."""
    for table, frame in tables.items() if isinstance(tables, Mapping) else tables:
        yield from pack({table: frame}).items()


def pack_column(values: pd.Series, is_text: bool) -> Any:
    """One column as an Arrow array, text as a dictionary of its distinct values."""
    import pyarrow

    if not is_text:
        return pyarrow.array(values, from_pandas=True)
    kind = pyarrow.dictionary(pyarrow.int32(), pyarrow.large_string())
    try:
        return pyarrow.array(values.to_numpy(dtype=object), type=kind, from_pandas=True)
    except pyarrow.ArrowTypeError:  # days or moments as objects: each distinct one is written once
        places, distinct = pd.factorize(values)
        texts = pyarrow.array(pd.Series(distinct).astype(str).to_numpy(dtype=object), type=kind.value_type)
        return pyarrow.DictionaryArray.from_arrays(pyarrow.array(places, type=kind.index_type, mask=places < 0), texts)


def unpack(table: Any, names: Sequence[str] | None = None) -> pd.DataFrame:
    """A packed table, or some of its columns, as a frame; text as text."""
    import pyarrow

    chosen = table if names is None else table.select(list(names))
    texts = [field.name for field in chosen.schema if pyarrow.types.is_dictionary(field.type)]
    frame: pd.DataFrame = chosen.to_pandas()
    return frame.assign(**{name: frame[name].astype("str") for name in texts})


def validate(tables: Mapping[str, Any]) -> None:
    """Check every table against the schema, keys, references, words and ranges; raises InvalidData."""
    import pyarrow
    from pyarrow import compute

    known = columns()
    missing, extra = sorted(set(known) - set(tables)), sorted(set(tables) - set(known))
    if missing or extra:
        raise InvalidData(f"Tables do not match the schema: missing {missing}, unknown {extra}.")
    packed = pack(tables)
    for table, rows in packed.items():
        for column, info in known[table].items():
            if info["null"] == "no" and rows[column].null_count:
                raise InvalidData(f"Table {table}: {column} is empty in {rows[column].null_count} rows.")
    for table, key in KEYS.items():
        twice = np.flatnonzero(is_repeated(packed[table], key))
        if len(twice):
            first = packed[table].select(key).slice(twice[0], 1).to_pylist()[0]
            raise InvalidData(f"Table {table}: {len(twice)} rows repeat a key, the first is {first}.")
    for table, column, target, target_key in REFERENCES:
        lost = outside(packed[table][column], packed[target][target_key])
        if lost:
            raise InvalidData(f"Table {table}: {column} {lost[0]!r} does not exist in {target}.")
    for (table, column), allowed in vocabulary.COLUMNS.items():
        odd = outside(packed[table][column], pyarrow.array(sorted(allowed)))
        if odd:
            raise InvalidData(f"Table {table}: {column} {odd[0]!r} is not one of {sorted(allowed)}.")
    for (table, column), (low, high) in RANGES.items():
        check_range(table, column, packed[table][column], low, high)
    scores = packed["evaluation"]
    is_share = compute.is_in(scores["score_unit"].cast(pyarrow.string()), pyarrow.array(vocabulary.SHARE_UNITS))
    check_range("evaluation", "score", scores.filter(is_share)["score"], 0, 1)


def is_repeated(rows: Any, key: Sequence[str]) -> np.ndarray:
    """Whether the values of these columns stand in an earlier row already; NULL equals NULL."""
    place = np.zeros(len(rows), dtype=np.int64)
    for column in key:
        coded = rows[column].combine_chunks()
        number = coded.indices.fill_null(len(coded.dictionary)).to_numpy()
        # Numbered anew after each column, so that the numbers stay small.
        place = pd.factorize(place * (len(coded.dictionary) + 1) + number)[0]
    return pd.Series(place).duplicated().to_numpy()


def outside(values: Any, allowed: Any) -> list:
    """The distinct values of a column of text that are none of the allowed ones; missing ones are left out."""
    from pyarrow import compute

    found, known = (compute.unique(v.drop_null()).cast("large_string") for v in (values, allowed))
    return found.filter(compute.invert(compute.is_in(found, known))).to_pylist()


def check_range(table: str, column: str, values: Any, low: float, high: float | None) -> None:
    """Raise InvalidData where a number lies outside a closed range; None has no upper end."""
    ends = numbers(values)
    for value in (np.nanmin(ends), np.nanmax(ends)) if not np.isnan(ends).all() else ():
        if value < low or (high is not None and value > high):
            raise InvalidData(f"Table {table}: {column} {value} is outside {low} to {high}.")


def numbers(values: Any) -> np.ndarray:
    """An Arrow column of numbers or booleans as floats, NaN where one is missing."""
    import pyarrow

    return values.cast(pyarrow.float64(), safe=False).to_numpy()


def fingerprint(tables: Mapping[str, Any]) -> str:
    """A hash over the contents of all tables but `build`, independent of time, machine and how a frame holds a value.

    Numbers count to DIGITS significant digits, so that the last bits, in which processors and versions of numpy differ,
    do not.
    """
    digest = hashlib.sha256()
    packed = pack(tables)
    for table in sorted(set(tables) - {"build"}):
        kinds = columns()[table]
        for column in packed[table].column_names:
            digest.update(f"{table}.{column}:{len(packed[table])}".encode())
            values = packed[table][column]
            if kinds[column]["type"] in TEXT_TYPES:
                hash_texts(digest, values, is_json=column == "parameters")
            else:
                digest.update(rounded(numbers(values)).tobytes())
    return digest.hexdigest()


def hash_texts(digest: "hashlib._Hash", values: Any, is_json: bool = False) -> None:
    """Add an Arrow column of text to a hash; JSON is full of numbers, which are rounded."""
    import pyarrow

    if is_json:
        found = [NUMBER.sub(lambda m: f"{float(m[0]):.{DIGITS}g}", text) for text in values.to_pylist()]
        values = pyarrow.chunked_array([pyarrow.array(found, type=pyarrow.large_string())])
    for texts in values.cast(pyarrow.large_string()).chunks:  # column by column, since decoded text takes much room
        _, ends, characters = texts.buffers()
        offsets = np.frombuffer(ends, dtype=np.int64, count=len(texts) + 1)
        parts: tuple[Any, ...] = (
            texts.is_null().to_numpy(zero_copy_only=False), offsets, memoryview(characters or b"")[: offsets[-1]]
        )  # fmt: skip
        for part in parts:
            digest.update(part)


def rounded(values: np.ndarray) -> np.ndarray:
    """Numbers to BITS significant bits; one NaN, and one zero."""
    fraction, exponent = np.frexp(values)
    out = np.ldexp(np.round(np.ldexp(fraction, BITS)), exponent - BITS) + 0.0
    out[np.isnan(out)] = np.nan
    return out
