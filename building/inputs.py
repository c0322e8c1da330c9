"""What a build rests on, and whether the current one still rests on it.

Question  Would a new build give anything but the database that is there?
Input     the code of the writing half, the facts, the starter data, the fetched snapshots; the day that is asked for.
Output    a hash (`fingerprint`); yes or no (`is_current`).
Method    SHA-256 over the names and bytes of all files; of snapshots, which can be gigabytes and are never rewritten,
          over names and sizes. The hash stands in table `build`, so that a file that is gone or older counts as a
          change too, which times of files do not tell.
Silent    Without a database, and for one from before the hash was kept, the answer is no.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import store
from ingest.gather import Folders

RESTS_ON, ASKED_DAY = "inputs_sha256", "asof_asked"  # names in table build
CODE = ("store", "data", "building", "ingest", "scoring")


def files(place: Path, pattern: str = "**/*") -> Iterator[Path]:
    """Files under a place in a fixed order, without what Python compiles."""
    if place.is_file():
        yield place
    yield from sorted(p for p in place.glob(pattern) if p.is_file() and "__pycache__" not in p.parts)


def fingerprint(folders: Folders | None = None, root: Path = store.ROOT) -> str:
    """Hash over everything that a build reads."""
    folders = folders or Folders()
    digest = hashlib.sha256()
    read = [(root / name, root, "*.*" if name == "data" else "**/*") for name in CODE]
    read += [(folders.facts, folders.facts, "**/*"), (folders.starter, folders.starter, "**/*")]
    for place, start, pattern in read:
        for path in files(place, pattern):
            digest.update(f"{path.relative_to(start)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    for path in files(folders.snapshots):
        digest.update(f"{path.relative_to(folders.snapshots)}\0{path.stat().st_size}\0".encode())
    return digest.hexdigest()


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
    return about.get(RESTS_ON) == fingerprint() and about.get(ASKED_DAY) == str(asof or "")
