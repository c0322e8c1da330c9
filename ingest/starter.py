"""The starter data: the permanent record of what was read, in files that people can compare line by line.

Question  How do rows that were read once stay with the project, small and exactly as printed?
Input     frames of reported scores, reported models and omissions (columns of ingest.records), snapshots.
Output    data/starter/snapshot.csv, manifest.csv and, per source, run.csv (names and runs), test.csv (benchmark, metric, setting and
          what else is said once for many scores), model.csv with kind.csv, omission.csv and one <year>.csv of scores.
Method    Nothing is converted. What repeats is written once: equal rows of several snapshots become one row that lists
          its snapshots; names and settings stand in run.csv and test.csv under the first hex digits of a sha256 over
          their fields. Everything is sorted, so that a refresh shows up as the lines that really changed. One file a
          source and year keeps differences readable; run.csv and test.csv cut the size to a third.
          manifest.csv counts the rows of every file and holds its hash, so that a file that is missing or cut is never
          taken for a smaller record; line endings do not count, since Git may change them.
          The files name each other, so they change together or not at all: a new record is written whole beside the old
          one, then the folders are swapped (`replaced`); a swap that was killed half way is undone by the next reader.
Silent    Never: a row that points to nothing and, asked by `require_whole`, a file that is not the one of the manifest
          raise StarterDamaged.
"""

import csv
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from ingest import codes
from ingest.columns import read_frame
from ingest.records import MODEL_COLUMNS, REPORTED_COLUMNS
from ingest.snapshots import COLUMNS as SNAPSHOT_COLUMNS
from ingest.snapshots import sweep

FOLDER = Path(__file__).parent.parent / "data" / "starter"
RUN = ("model", "name_scheme", "model_kind", "run")
TEST = (
    "benchmark", "benchmark_version", "metric", "setting", "score_unit", "n_items", "evaluator_relationship",
    "read_from", "is_subset", "locator", "source_url",
)  # fmt: skip
SCORE = ("score_reported", "uncertainty", "evaluated_date", "listed_date", "note")
# What few models share many times; the rest of a model's row is its own.
KIND = (
    "parameter_unit", "size_precision", "architecture", "model_type", "is_moe", "is_merged", "is_open_weights",
    "is_flagged",
)  # fmt: skip
OWN = tuple(c for c in MODEL_COLUMNS if c not in (*RUN, *KIND, "snapshot_id"))
# A place or an address that differs from row to row only by the model's name is written once, with this in its stead.
MODEL = "{model}"
# A board with few tests and nothing beside its scores is written as it looks: one row a run, one column a test.
MAX_COLUMNS = 40
WIDE = ("run_key", "evaluated_date", "listed_date", "snapshots", "copy")
OMISSION_COLUMNS = ("snapshot_id", "rule", "n_values", "example")
MANIFEST = "manifest.csv"
MANIFEST_COLUMNS = ("file", "n_rows", "sha256")
SHORT = 9  # hex digits of a key: among 1e4 runs of a source two collide with chance 0.1%, and a collision raises
PAGE = 6  # hex digits of a snapshot: among 100 snapshots of a source two collide with chance 0.03%, and it raises


class StarterDamaged(Exception):
    """The starter data does not hold together."""


def key(values: Sequence[str]) -> str:
    """Short stable name of a tuple of texts."""
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:SHORT]


def keyed(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[pd.Series, pd.DataFrame]:
    """The key of each row over some columns, and the table of distinct keys; raises StarterDamaged on a collision."""
    distinct = frame[list(columns)].drop_duplicates()
    names = [key(row) for row in distinct.itertuples(index=False, name=None)]
    if len(set(names)) < len(names):
        raise StarterDamaged("Two different rows share a key; lengthen SHORT in ingest/starter.py.")
    table = distinct.assign(key=names)
    merged = frame[list(columns)].merge(table, on=list(columns), how="left")
    return pd.Series(merged["key"].to_numpy(), index=frame.index), table[["key", *columns]]


def collapse(frame: pd.DataFrame, columns: Sequence[str], short: dict[str, str]) -> pd.DataFrame:
    """Equal rows of several snapshots as one row with a list of short snapshot names, sorted."""
    rows = frame.assign(snapshots=frame["snapshot_id"].map(short)).sort_values("snapshots")
    grouped = rows.groupby(list(columns), sort=True, observed=True)["snapshots"]
    return grouped.agg(lambda names: ";".join(dict.fromkeys(names))).reset_index()


def spread(frame: pd.DataFrame, long: dict[str, str]) -> pd.DataFrame:
    """The reverse of collapse: one row per snapshot, with its full snapshot_id."""
    code, lists = codes.encode(frame["snapshots"])
    shown = [[long.get(name) for name in text.split(";")] for text in lists]
    if any(None in names for names in shown):
        raise StarterDamaged("The starter data names a snapshot that snapshot.csv does not have.")
    n_shown = np.array([len(names) for names in shown], dtype=np.int64)[code]
    rows = frame.drop(columns="snapshots").take(np.repeat(np.arange(len(frame)), n_shown)).reset_index(drop=True)
    return rows.assign(snapshot_id=[name for i in code.tolist() for name in shown[i]])


def beside(rows: pd.DataFrame, column: str, table: pd.DataFrame) -> pd.DataFrame:
    """The rows beside those of a table that their column names by `key`; raises StarterDamaged where one is not there."""
    place = pd.Index(table["key"]).get_indexer(rows[column]) if table["key"].is_unique else np.array([-1])
    if (place < 0).any():
        raise StarterDamaged(f"The starter data names a {column.removesuffix('_key')} that its table does not have.")
    more = table.drop(columns="key").take(place).set_axis(rows.index)
    return pd.concat([rows.drop(columns=column), more], axis=1)


def read_csv(path: Path) -> pd.DataFrame:
    """A starter file as text columns, empty cells as empty text; raises StarterDamaged."""
    try:
        return read_frame(path)
    except ValueError as error:
        raise StarterDamaged(f"{path.name} cannot be read as UTF-8 CSV: {error}.") from error


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a starter file and flush it to disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        frame.to_csv(file, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        file.flush()
        os.fsync(file.fileno())


def lines_of(path: Path) -> bytes:
    """The bytes of a file with the line endings that its hash is made over."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def count_rows(body: bytes) -> str:
    """Number of rows under the heading, or "unreadable"."""
    try:
        return str(max(0, sum(1 for cells in csv.reader(io.StringIO(body.decode(), newline="")) if cells) - 1))
    except (UnicodeDecodeError, csv.Error):
        return "unreadable"


def describe(folder: Path, path: Path) -> tuple[str, str, str]:
    """A file as a row of the manifest: its path in the folder, its number of rows, the hash of its lines."""
    body = lines_of(path)
    return path.relative_to(folder).as_posix(), count_rows(body), hashlib.sha256(body).hexdigest()


def write_manifest(folder: Path) -> None:
    """Write which files the record consists of, with their rows and hashes."""
    files = sorted(p for p in folder.rglob("*.csv") if p != folder / MANIFEST)
    write_csv(pd.DataFrame([describe(folder, p) for p in files], columns=list(MANIFEST_COLUMNS)), folder / MANIFEST)


def require_whole(folder: Path, part: str) -> None:
    """Raise StarterDamaged where a part of the record (a source's folder, or a file) is not what the manifest says.

    A folder without any file is an empty record, not a damaged one.
    """
    place = folder / part
    there = sorted(place.rglob("*.csv")) if place.is_dir() else [p for p in [place] if p.is_file()]
    if not (folder / MANIFEST).exists():
        if there:
            raise StarterDamaged(f"The starter data have lost {MANIFEST}, so whether {part} is whole cannot be told.")
        return
    stated = {row.file: row for row in read_csv(folder / MANIFEST).itertuples()}
    mine = {name for name in stated if name == part or name.startswith(f"{part}/")}
    if missing := sorted(mine - {p.relative_to(folder).as_posix() for p in there}):
        raise StarterDamaged(f"{missing[0]} of the starter data is missing; nothing of {part} is used.")
    for path in there:
        name, body = path.relative_to(folder).as_posix(), lines_of(path)
        if name not in mine:
            raise StarterDamaged(f"{name} of the starter data is not listed in {MANIFEST}; nothing of {part} is used.")
        if hashlib.sha256(body).hexdigest() != stated[name].sha256:
            raise StarterDamaged(
                f"{name} of the starter data is not the file that {MANIFEST} describes ({count_rows(body)} of "
                f"{stated[name].n_rows} rows); nothing of {part} is used."
            )


def set_aside(folder: Path) -> Path:
    """Where the old record stands for the moment of the swap."""
    return folder.with_name(f".{folder.name}.before")


@contextmanager
def replaced(folder: Path = FOLDER) -> Iterator[Path]:
    """An empty folder to write a whole record into; it takes the place of `folder` when the block ends well.

    Whatever happens before that, also a kill or a full disk, leaves the old record as it was.
    """
    undo_half_swap(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    sweep(folder.parent, f".{folder.name}.unfinished-*")
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.unfinished-", dir=folder.parent))
    fresh.chmod(0o755)  # mkdtemp keeps others out; the record is for everybody
    try:
        yield fresh
        discard_set_aside(folder)  # left by a kill after a finished swap
        if folder.exists():
            folder.rename(set_aside(folder))
        fresh.rename(folder)
    except BaseException:
        undo_half_swap(folder)
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    discard_set_aside(folder)


def discard_set_aside(folder: Path) -> None:
    """Remove the old record, under another name first: a half-removed one must never be put back."""
    before = set_aside(folder)
    if before.exists():
        doomed = Path(tempfile.mkdtemp(prefix=f".{folder.name}.unfinished-", dir=folder.parent))
        before.rename(doomed / before.name)
        shutil.rmtree(doomed, ignore_errors=True)


def undo_half_swap(folder: Path) -> None:
    """Put the old record back where a kill hit between the two renames of a swap."""
    before = set_aside(folder)
    if before.exists() and not folder.exists():
        before.rename(folder)


def shorten_by_model(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Texts with the row's model name replaced by MODEL, where restore_model() can put it back."""
    changed = {}
    for column in columns:
        pairs = zip(rows[column].tolist(), rows["model"].tolist(), strict=True)
        changed[column] = [t.replace(m, MODEL) if m and MODEL not in t and MODEL not in m else t for t, m in pairs]
    return rows.assign(**changed)


def restore_model(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The reverse of shorten_by_model."""
    changed = {
        column: [
            t.replace(MODEL, m) if MODEL in t else t
            for t, m in zip(rows[column].tolist(), rows["model"].tolist(), strict=True)
        ]
        for column in columns
    }
    return rows.assign(**changed)


def texts(frame: pd.DataFrame) -> pd.DataFrame:
    """All columns as text; booleans as yes and empty."""
    out = frame.copy()
    for column in out.columns:
        if out[column].dtype == bool:
            out[column] = out[column].map({True: "yes", False: ""})
        else:
            out[column] = out[column].astype(str)
    return out


def write(
    source_id: str,
    reported: pd.DataFrame,
    models: pd.DataFrame,
    omitted: pd.DataFrame,
    snapshots: pd.DataFrame,
    folder: Path,
) -> None:
    """Write the starter files of one source (not snapshot.csv) into a fresh folder. Frames as read() returns them."""
    place = folder / source_id
    mine = snapshots[snapshots["source_id"] == source_id]
    short = {s: s[:PAGE] for s in mine["snapshot_id"]}
    if len(set(short.values())) < len(short):
        raise StarterDamaged("Two snapshots share their first digits; lengthen PAGE in ingest/starter.py.")
    scores = shorten_by_model(texts(reported[list(REPORTED_COLUMNS)]), ["locator", "source_url"])
    about = shorten_by_model(texts(models[list(MODEL_COLUMNS)]), ["base_model", "source_url"])
    named = pd.concat([scores[list(RUN)], about[list(RUN)]], ignore_index=True)
    keys, runs = keyed(named, RUN)
    run_key = pd.Series(keys.to_numpy()[: len(scores)], index=scores.index)
    kind_key, kinds = keyed(about, KIND)
    about = about.assign(run_key=keys.to_numpy()[len(scores) :], kind_key=kind_key)
    test_key, tests = keyed(scores, TEST)
    rows = scores[["snapshot_id", *SCORE]].assign(run_key=run_key, test_key=test_key)
    rows = collapse(rows, ["run_key", "test_key", *SCORE], short)
    year = {s[:PAGE]: d[:4] for s, d in zip(mine["snapshot_id"], mine["content_date"], strict=True)}
    first = rows["snapshots"].map(lambda names: min(year[n] for n in names.split(";")))
    is_wide = len(tests) <= MAX_COLUMNS and (rows[["uncertainty", "note"]] == "").all(axis=None)
    for name, part in rows.groupby(first):
        write_csv(widen(part) if is_wide else part.reset_index(drop=True), place / f"{name}.csv")
    write_csv(runs.sort_values("key"), place / "run.csv")
    write_csv(tests.sort_values("key"), place / "test.csv")
    write_csv(kinds.sort_values("key"), place / "kind.csv")
    write_csv(collapse(about, ["run_key", "kind_key", *OWN], short), place / "model.csv")
    left = texts(omitted[list(OMISSION_COLUMNS)])
    write_csv(collapse(left, ["rule", "n_values", "example"], short), place / "omission.csv")


def widen(rows: pd.DataFrame) -> pd.DataFrame:
    """Score rows as one row per run and list of snapshots, with a column per test key; "" where there is no score."""
    # Two values of one test on one page are kept in a second row; history will call them ambiguous.
    copy = rows.groupby(["run_key", "evaluated_date", "listed_date", "snapshots", "test_key"]).cumcount().astype(str)
    wide = rows.assign(copy=copy).pivot(index=list(WIDE), columns="test_key", values="score_reported")
    return wide.fillna("").reset_index().rename_axis(columns=None)


def lengthen(rows: pd.DataFrame) -> pd.DataFrame:
    """The reverse of widen; a frame that is not wide is returned as it is."""
    if "test_key" in rows.columns:
        return rows
    tests = [c for c in rows.columns if c not in WIDE]
    long = rows.melt(id_vars=list(WIDE), value_vars=tests, var_name="test_key", value_name="score_reported")
    long = long[long["score_reported"] != ""].drop(columns="copy")
    return long.assign(uncertainty="", note="")


def read_snapshots(folder: Path = FOLDER) -> pd.DataFrame:
    """All snapshots that the starter data comes from, as text columns; empty frame when there is none."""
    undo_half_swap(folder)
    path = folder / "snapshot.csv"
    if not path.exists():
        return pd.DataFrame(columns=list(SNAPSHOT_COLUMNS), dtype=str)
    return read_csv(path)


def read(source_id: str, snapshots: pd.DataFrame, folder: Path = FOLDER) -> tuple[pd.DataFrame, ...]:
    """Reported scores, reported models and omissions of one source, one row per snapshot that shows them."""
    place = folder / source_id
    mine = snapshots[snapshots["source_id"] == source_id]
    long = {s[:PAGE]: s for s in mine["snapshot_id"]}
    years = [lengthen(read_csv(p)) for p in sorted(place.glob("[12][0-9][0-9][0-9].csv"))]
    if not years:
        return (
            pd.DataFrame(columns=list(REPORTED_COLUMNS)),
            pd.DataFrame(columns=list(MODEL_COLUMNS)),
            pd.DataFrame(columns=list(OMISSION_COLUMNS)),
        )
    rows = spread(pd.concat(years, ignore_index=True), long)
    runs, tests = read_csv(place / "run.csv"), read_csv(place / "test.csv")
    rows = beside(beside(rows, "run_key", runs), "test_key", tests)
    models = beside(spread(read_csv(place / "model.csv"), long), "run_key", runs)
    models = beside(models, "kind_key", read_csv(place / "kind.csv"))
    rows = restore_model(rows, ["locator", "source_url"])
    models = restore_model(models, ["base_model", "source_url"])
    rows["is_subset"] = rows["is_subset"] == "yes"
    omitted = spread(read_csv(place / "omission.csv"), long)
    omitted["n_values"] = omitted["n_values"].astype(int)
    return rows[list(REPORTED_COLUMNS)], models[list(MODEL_COLUMNS)], omitted[list(OMISSION_COLUMNS)]


def write_snapshots(snapshots: pd.DataFrame, folder: Path) -> None:
    """Write snapshot.csv, sorted."""
    rows = snapshots[list(SNAPSHOT_COLUMNS)].drop_duplicates("snapshot_id")
    write_csv(rows.sort_values(["source_id", "content_date", "file_name", "snapshot_id"]), folder / "snapshot.csv")
