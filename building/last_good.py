"""What each source said in the last build, and sources that suddenly say much less.

Question  Did a source lose over a fifth of its scores, of those that stand, or of the models that it describes?
Input     gathered rows and the tables made from them; what the last build kept in the folder of the builds.
Output    the gathered rows, where such a source says what it said in the last build, and one sentence for each of them.
Method    A page is held against the one before it where it is read (ingest/whole.py). This looks at a source as a whole,
          and so at what that cannot see: pages or a record that are gone or damaged, values that are refused, a slip of ours.
          Each build that looks at everything keeps its rows in `last_good/`, one folder a source: exactly as they were
          gathered, so that they can be judged anew. The folder is written whole and then swapped in.
Silent    Without a build before it, for sources that a person accepts (`build --accept`), and for a shrunken page that
          SOURCE.shrank_on names. Rows of another version of the code, or that cannot be read, count as none.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ingest import starter
from ingest.gather import Gathered
from ingest.whole import MOST_LOST

FOLDER, COUNTS = "last_good", "counts.json"
KINDS = ("reported", "models", "omitted", "snapshots")


@dataclass(frozen=True)
class Counts:
    """What one source gave: scores that it ever showed, those of them that stand, models that it describes, the day of its
    newest page; is_held: whether these are of an earlier build.
    """

    scores: int
    standing: int
    models: int
    newest: str
    is_held: bool = False


def count(gathered: Gathered, evaluations: pd.DataFrame, held: Collection[str] = ()) -> dict[str, Counts]:
    """By source, what was gathered and what came of it."""
    scores = evaluations["source_id"].value_counts()
    standing = evaluations.loc[evaluations["status"] == "current", "source_id"].value_counts()
    models = gathered.models[["source_id", "model", "run"]].drop_duplicates()["source_id"].value_counts()
    newest = gathered.snapshots.groupby("source_id")["content_date"].max()
    return {
        name: Counts(
            int(scores.get(name, 0)), int(standing.get(name, 0)), int(models.get(name, 0)), str(day), name in held
        )
        for name, day in newest.items()
    }


def read_counts(place: Path) -> dict[str, Counts]:
    """What the last build counted; nothing where it kept nothing that can be read."""
    starter.undo_half_swap(place / FOLDER)
    try:
        told = json.loads((place / FOLDER / COUNTS).read_text(encoding="utf-8"))
        return {name: Counts(**values) for name, values in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def lost(now: Counts | None, before: Counts, shrank_on: Collection[str]) -> str:
    """What a source lost, as the middle of a sentence; "" where it lost a fifth at most."""
    is_known = now is not None and any(before.newest < day <= now.newest for day in shrank_on)
    for name, words in (("scores", "scores"), ("standing", "scores that stand"), ("models", "described models")):
        n_now, n_before = getattr(now, name, 0), getattr(before, name)
        if n_now < (1 - MOST_LOST) * n_before and not (is_known and name == "standing"):
            return f"gave {n_now:,} {words} where the last build had {n_before:,}"
    return ""


def read(place: Path, source_id: str, like: Gathered) -> dict[str, pd.DataFrame] | None:
    """The rows of a source in the last build, by kind; None where they cannot be read or this code has other columns."""
    found = {}
    for kind in KINDS:
        fresh = getattr(like, kind)
        try:
            rows = pq.read_table(place / FOLDER / source_id / f"{kind}.parquet").to_pandas()
        except (OSError, pa.ArrowException):
            return None
        if list(rows.columns) != list(fresh.columns):
            return None
        found[kind] = rows.astype(fresh.dtypes.to_dict())
    return found


def put_back(gathered: Gathered, kept: Mapping[str, dict[str, pd.DataFrame]]) -> Gathered:
    """The gathered rows, those of some sources replaced by the ones that were kept."""
    frames = {}
    for kind in KINDS:
        fresh = getattr(gathered, kind)
        parts = [fresh[~fresh["source_id"].isin(kept)], *(rows[kind] for rows in kept.values() if len(rows[kind]))]
        frames[kind] = pd.concat(parts, ignore_index=True)
    frames["snapshots"] = frames["snapshots"].sort_values(["source_id", "content_date", "file_name", "snapshot_id"])
    return replace(gathered, **{**frames, "snapshots": frames["snapshots"].reset_index(drop=True)})


def hold(
    gathered: Gathered,
    evaluations: pd.DataFrame,
    modules: Mapping[str, ModuleType],
    place: Path,
    accepted: Collection[str] = (),
) -> tuple[Gathered, tuple[str, ...]]:
    """The gathered rows with what the last build had of each source that lost too much, and the names of these sources."""
    now, kept, problems = count(gathered, evaluations), {}, dict(gathered.problems)
    for name, before in read_counts(place).items():
        if name not in modules or name in accepted:
            continue
        told = lost(now.get(name), before, modules[name].SOURCE.shrank_on)
        rows = read(place, name, gathered) if told else None
        if rows is None:
            continue
        kept[name] = rows
        sentence = (
            f"{modules[name].SOURCE.title} {told}, so it says what it said then. "
            f"(`python pipeline.py build --accept {name}` takes what it says now.)"
        )
        problems[name] = f"{problems[name]} {sentence}" if name in problems else sentence
    return (replace(put_back(gathered, kept), problems=problems), tuple(kept)) if kept else (gathered, ())


def with_held(gathered: Gathered, place: Path) -> Gathered:
    """The gathered rows as the last build took them: with the kept rows of the sources that it held back."""
    names = [name for name, counts in read_counts(place).items() if counts.is_held]
    found = {name: read(place, name, gathered) for name in names}
    kept = {name: rows for name, rows in found.items() if rows is not None}
    return put_back(gathered, kept) if kept else gathered


@contextmanager
def renewed(place: Path) -> Iterator[Path]:
    """A folder for `leave` and `tell`; it is what a later build is held against, once the block has ended well."""
    place.mkdir(parents=True, exist_ok=True)
    with starter.replaced(place / FOLDER) as fresh:
        yield fresh


def leave(gathered: Gathered, fresh: Path) -> None:
    """Write what was gathered."""
    for kind in KINDS:
        rows = getattr(gathered, kind)
        by_source = dict(iter(rows.groupby("source_id", sort=False)))
        for name in gathered.snapshots["source_id"].unique():
            (fresh / name).mkdir(exist_ok=True)
            table = packed(by_source.get(name, rows.iloc[:0]))
            pq.write_table(table, fresh / name / f"{kind}.parquet", compression="zstd")


def packed(rows: pd.DataFrame) -> pa.Table:
    """The rows with each distinct text once, which takes half the time of every text of every row."""
    kind = pa.dictionary(pa.int32(), pa.string())
    return pa.table(
        {
            name: pa.array(column.to_numpy(dtype=object), type=kind, from_pandas=True)
            if isinstance(column.dtype, pd.StringDtype)
            else pa.array(column, from_pandas=True)
            for name, column in rows.items()
        }
    )


def tell(counts: Mapping[str, Counts], fresh: Path) -> None:
    """Write what came of it."""
    told = json.dumps({name: asdict(one) for name, one in counts.items()}, indent=1)
    (fresh / COUNTS).write_text(told, encoding="utf-8")
