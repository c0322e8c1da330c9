"""Tables of a build that wait on disk until all are there.

Question  Where does a finished table stay while others are worked out, so that it takes no memory meanwhile?
Input     rows of a table of data/schema.sql, or anything else that one step leaves to the next.
Output    `Parts.keep`: sorted by its keys, packed (store.pack) and written; a path. `Parts.table`: the parts of one table
          as one Arrow table, of which the system reads from disk what is asked for. `leave` and `take`: other objects.
Method    Arrow's file format, mapped into memory: pages of such a file are no burden, since the system can drop them.
          Parts of one table are told apart by the first column of its key, so that parts in order make a table in order.
Silent    Never. The folder goes when the build is over; what a killed build leaves is removed by the next one.
"""

import os
import pickle
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any

import pandas as pd

import store


@dataclass(frozen=True)
class Parts:
    """A folder of parts."""

    folder: Path

    def keep(self, table: str, rows: pd.DataFrame) -> Path:
        """Write rows of a table; other columns than its own are left out."""
        import pyarrow

        packed = store.pack({table: finished(table, rows)})[table]
        path = self._fresh(table)
        with pyarrow.OSFile(str(path), "wb") as file, pyarrow.ipc.new_file(file, packed.schema) as writer:
            writer.write_table(packed)
        return path

    def table(self, paths: Sequence[Path]) -> Any:
        """The Arrow table that these parts make."""
        import pyarrow

        parts = [pyarrow.ipc.open_file(pyarrow.memory_map(str(path))).read_all() for path in paths]
        if len(parts) == 1:
            return parts[0]
        parts.sort(key=lambda part: part.column(0)[0].as_py())
        return pyarrow.concat_tables(parts, promote_options="permissive").unify_dictionaries().combine_chunks()

    def leave(self, name: str, thing: object) -> Path:
        """Write anything for another step."""
        path = self._fresh(name)
        with path.open("wb") as file:
            pickle.dump(thing, file, protocol=pickle.HIGHEST_PROTOCOL)
        return path

    def take(self, path: Path) -> Any:
        """What was left; it is gone then."""
        with path.open("rb") as file:
            thing = pickle.load(file)
        path.unlink()
        return thing

    def _fresh(self, name: str) -> Path:
        number, path = mkstemp(prefix=f"{name}-", dir=self.folder)
        os.close(number)
        return Path(path)


def finished(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The columns of a table in their order, its rows in the order of its keys."""
    columns = list(store.columns()[table])
    return rows[columns].sort_values(store.KEYS.get(table, columns), kind="stable").reset_index(drop=True)


@contextmanager
def parts_in(place: Path) -> Iterator[Parts]:
    """A folder for parts beside the builds; it goes with the block."""
    place.mkdir(parents=True, exist_ok=True)
    for leftover in place.glob("unfinished-*-parts"):
        if not store.is_running(leftover):
            shutil.rmtree(leftover, ignore_errors=True)
    folder = place / f"unfinished-{os.getpid()}-parts"
    folder.mkdir()
    try:
        yield Parts(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
