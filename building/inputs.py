"""What a build rests on, and whether the current one still rests on it.

Question  Would a new build give anything but the database that is there?
Input     the code of the writing half, the facts, the starter data, the fetched snapshots; the day that is asked for.
Output    hashes by their names in table `build` (`fingerprints`, `of_rows`, `with_log`); yes or no (`is_current`).
Method    SHA-256 over the names and bytes of all files; of snapshots, which can be gigabytes and are never rewritten,
          over names and sizes. A file that is gone or older counts as a change too, which times of files do not tell.
          `publish` moves what pages said into the starter data: other files, the same rows. So a build also keeps a hash
          over its rows, in any order, and over the log of levels that its publication leaves. Where code and facts are the
          same, and the pages too (or there are none, as on a host that took database and record from elsewhere), the rows
          are read again and their hash decides.
Silent    Without a database, and for one from before the hashes were kept, the answer is no. That a page could not be read
          is no row: a database that tells it is current beside a record that cannot.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

import store
from building import last_good, workers
from ingest import gather, published, sources
from ingest.gather import Folders, Gathered

CODE, RECORD, PAGES = "code_sha256", "record_sha256", "pages_sha256"  # names in table build: hashes of files
ROWS, ASKED_DAY = "rows_sha256", "asof_asked"
CODE_FOLDERS = ("store", "data", "building", "ingest", "scoring")


def files(place: Path, pattern: str = "**/*") -> Iterator[Path]:
    """Files under a place in a fixed order, without what Python compiles."""
    if place.is_file():
        yield place
    yield from sorted(p for p in place.glob(pattern) if p.is_file() and "__pycache__" not in p.parts)


def fingerprints(folders: Folders | None = None, root: Path = store.ROOT) -> dict[str, str]:
    """Hashes over all files that a build reads: code and facts, the record, fetched pages ("" where there are none)."""
    folders = folders or Folders()
    code = [(root / name, root, "*.*" if name == "data" else "**/*") for name in CODE_FOLDERS]
    parts = {
        CODE: [*code, (folders.facts, folders.facts, "**/*")],
        RECORD: [(folders.starter, folders.starter, "**/*")],
    }
    told = {}
    for name, read in parts.items():
        digest = hashlib.sha256()
        for place, start, pattern in read:
            for path in files(place, pattern):
                digest.update(f"{path.relative_to(start)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        told[name] = digest.hexdigest()
    names = [f"{path.relative_to(folders.snapshots)}\0{path.stat().st_size}\0" for path in files(folders.snapshots)]
    return told | {PAGES: hashlib.sha256("".join(names).encode()).hexdigest() if names else ""}


def of_rows(gathered: Gathered) -> str:
    """Hash over all rows that were gathered, whatever their order and wherever they were read."""
    digest = hashlib.sha256()
    for rows in (gathered.reported, gathered.models, gathered.omitted, gathered.snapshots):
        texts = rows.sort_index(axis="columns").astype("str")  # a flag or a count may be held in several ways
        each = pd.util.hash_pandas_object(texts, index=False).to_numpy()
        digest.update(np.sort(each).tobytes() + b"\0")
    return digest.hexdigest()


def with_log(rows_sha256: str, log: pd.DataFrame) -> str:
    """The hash over rows together with a log of published levels, as it stands after the build was published."""
    return hashlib.sha256(f"{rows_sha256}\0{log.to_csv(index=False)}".encode()).hexdigest()


def is_current(asof: date | None = None) -> bool:
    """Whether the current database is what a build up to the day `asof` (None: everything) would give now."""
    try:
        connection = store.connect(store.current())
    except store.NoDatabase:
        return False
    try:
        about = store.read(connection, "build").set_index("name")["value"]
    finally:
        connection.close()
    now = fingerprints()
    if about.get(CODE) != now[CODE] or about.get(ASKED_DAY) != str(asof or ""):
        return False
    if about.get(RECORD) == now[RECORD] and about.get(PAGES) == now[PAGES]:
        return True
    if ROWS not in about or now[PAGES] not in (about.get(PAGES), ""):
        return False
    # In a process of its own, whose memory goes back before a build begins.
    return bool(workers.apart(lambda tell: rows_now(asof), lambda told: None) == about[ROWS])


def rows_now(asof: date | None) -> str:
    """The hash over the rows that a build would take now, and the log of levels."""
    gathered = gather.gather(sources.discover(), asof=asof)
    if asof is None:  # a look back holds nothing against the last build
        gathered = last_good.with_held(gathered, store.folder())
    return with_log(of_rows(gathered), published.read(Folders().starter, asof))
