"""Where a snapshot lives, which ones exist, what its sidecar says.

Question  Which bytes did we read, from where, and when?
Input     bytes with their address; or the folder of a mirror with its manifest.
Output    `<folder>/<source_id>/<snapshot_id>/<file name>` with `snapshot.json` beside it; bundles of records.Page.
Method    A snapshot is written into a temporary folder, flushed, then renamed: it exists whole or not at all. The name is
          the first 16 hex digits of sha256 over address and bytes, so that fetching the same page twice changes nothing.
Silent    Never: a broken sidecar is told in one sentence, and damaged bytes raise SnapshotDamaged; both are fetched anew.
"""

import csv
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path

from ingest.records import FetchFailed, File, Page, Source, read_date

FOLDER = Path(__file__).parent.parent / "data" / "snapshots"
SIDECAR = "snapshot.json"
ABANDONED = 86_400  # seconds after which an unfinished folder belongs to a killed process and not to a slow one


class SnapshotDamaged(Exception):
    """The bytes of a snapshot do not match its fingerprint, or cannot be read."""

    def __init__(self, snapshot_id: str, source_id: str, what: str) -> None:
        """The snapshot, and what is wrong with it as the end of a sentence."""
        super().__init__(f"Snapshot {snapshot_id} of {source_id} {what}.")
        self.snapshot_id = snapshot_id


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One fetched file: the columns of table `snapshot`, dates as ISO text, plus the validators of its last response."""

    snapshot_id: str
    source_id: str
    bundle: str
    file_name: str
    url: str
    content_date: str
    date_basis: str
    retrieved_at: str
    sha256: str
    n_bytes: int
    licence: str
    etag: str = ""
    last_modified: str = ""


COLUMNS = tuple(f.name for f in fields(Snapshot) if f.name not in ("etag", "last_modified"))


def identify(url: str, body: bytes) -> str:
    """The snapshot_id of bytes found at an address."""
    return hashlib.sha256(url.encode() + b"\n" + body).hexdigest()[:16]


def describe(
    source: Source,
    file: File,
    name: str,
    url: str,
    body: bytes,
    retrieved_at: datetime,
    *,
    content_date: date,
    date_basis: str,
    licence: str = "",
    etag: str = "",
    last_modified: str = "",
) -> Snapshot:
    """The sidecar of a file that was just read."""
    day = content_date.isoformat()
    bundle = file.bundle or (name if source.bundle_by == "file" else day)
    return Snapshot(
        snapshot_id=identify(url, body),
        source_id=source.source_id,
        bundle=bundle,
        file_name=name,
        url=url,
        content_date=day,
        date_basis=date_basis,
        retrieved_at=retrieved_at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
        sha256=hashlib.sha256(body).hexdigest(),
        n_bytes=len(body),
        licence=licence or source.licence,
        etag=etag,
        last_modified=last_modified,
    )


def sweep(folder: Path, pattern: str) -> None:
    """Remove unfinished folders that killed processes left long ago."""
    for leftover in folder.glob(pattern):
        try:
            is_old = time.time() - leftover.stat().st_mtime > ABANDONED
        except FileNotFoundError:  # its owner was quicker
            continue
        if is_old:
            shutil.rmtree(leftover, ignore_errors=True)


def is_kept(snapshot: Snapshot, folder: Path = FOLDER) -> bool:
    """Whether a snapshot is on disk with a readable sidecar and all its bytes."""
    try:
        load(snapshot, folder)
    except SnapshotDamaged:
        return False
    return read_sidecar(folder / snapshot.source_id / snapshot.snapshot_id / SIDECAR) is not None


def save(snapshot: Snapshot, body: bytes, folder: Path = FOLDER) -> bool:
    """Write a snapshot; returns False when it is already there, whole. Raises OSError (disk full) and leaves nothing behind."""
    final = folder / snapshot.source_id / snapshot.snapshot_id
    if is_kept(snapshot, folder):
        return False
    final.parent.mkdir(parents=True, exist_ok=True)
    sweep(final.parent, ".unfinished-*")
    temporary = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=final.parent))
    try:
        for name, content in (
            (snapshot.file_name, body),
            (SIDECAR, json.dumps(asdict(snapshot), indent=1, ensure_ascii=False).encode()),
        ):
            with (temporary / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        if final.exists():  # damaged, or left by an interrupted removal
            shutil.rmtree(final)
        os.replace(temporary, final)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return True


def read_sidecar(path: Path) -> Snapshot | None:
    """What a sidecar says, None where it is no complete one: cut, of other types, or about another snapshot."""
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
        found = Snapshot(**stated)
        is_whole = all(type(getattr(found, f.name)) is (int if f.name == "n_bytes" else str) for f in fields(Snapshot))
        if not is_whole or Path(found.file_name).name != found.file_name:
            return None
        date.fromisoformat(found.content_date)
        place = path.parent
    except (ValueError, TypeError, OSError, RecursionError):
        return None
    return found if (found.snapshot_id, found.source_id) == (place.name, place.parent.name) else None


def survey(source_id: str, folder: Path = FOLDER) -> tuple[list[Snapshot], list[str]]:
    """Snapshots of a source, oldest content first, and one sentence for each that cannot be read. Folders left by a killed
    process are not snapshots.
    """
    found, damaged = [], []
    for sidecar in sorted((folder / source_id).glob(f"[0-9a-f]*/{SIDECAR}")):
        snapshot = read_sidecar(sidecar)
        if snapshot:
            found.append(snapshot)
        else:
            damaged.append(str(SnapshotDamaged(sidecar.parent.name, source_id, "has a broken sidecar")))
    return sorted(found, key=lambda s: (s.content_date, s.file_name, s.snapshot_id)), damaged


def known(source_id: str, folder: Path = FOLDER) -> list[Snapshot]:
    """Snapshots of a source that can be read, oldest content first."""
    return survey(source_id, folder)[0]


def load(snapshot: Snapshot, folder: Path = FOLDER) -> Page:
    """The bytes of a snapshot as a page; raises SnapshotDamaged when they are not what was fetched."""
    try:
        body = (folder / snapshot.source_id / snapshot.snapshot_id / snapshot.file_name).read_bytes()
    except OSError as error:
        raise SnapshotDamaged(snapshot.snapshot_id, snapshot.source_id, "has lost its page") from error
    if hashlib.sha256(body).hexdigest() != snapshot.sha256:
        raise SnapshotDamaged(snapshot.snapshot_id, snapshot.source_id, "no longer has its bytes")
    return as_page(snapshot, body)


def as_page(snapshot: Snapshot, body: bytes) -> Page:
    """What a parser gets to see of a snapshot."""
    return Page(
        name=snapshot.file_name,
        body=body,
        url=snapshot.url,
        content_date=date.fromisoformat(snapshot.content_date),
        date_basis=snapshot.date_basis,
        snapshot_id=snapshot.snapshot_id,
        licence=snapshot.licence,
    )


def from_mirror(source: Source, files: Sequence[File], mirror: Path) -> Iterator[tuple[Snapshot, bytes]]:
    """The files of a source in a mirror: (snapshot, bytes), in the manifest's order.

    A mirror is a folder whose manifest.csv names each file's path, live_url, commit_date and licence. The content date is
    the one that the file's name states, else the copy's commit date. Raises FetchFailed when the mirror is not one.
    """
    try:
        with (mirror / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
            rows = list(csv.DictReader(manifest))
    except OSError as error:
        raise FetchFailed(f"{mirror} is not a mirror: it has no readable manifest.csv.") from error
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise FetchFailed(f"Row {number} of the mirror's manifest.csv has not one cell per column.")
        for file in files:
            match = re.fullmatch(file.captures, row["path"]) if file.captures else None
            if not match:
                continue
            try:
                body = (mirror / row["path"]).read_bytes()
            except OSError as error:
                raise FetchFailed(f"The mirror lists {row['path']} but does not hold it.") from error
            if row.get("sha256") and hashlib.sha256(body).hexdigest() != row["sha256"]:
                raise FetchFailed(f"The mirror's {row['path']} is not the file that its manifest describes.")
            committed = datetime.fromisoformat(row["commit_date"])
            stated = read_date(match.groupdict().get("date") or "")
            yield (
                describe(
                    source,
                    file,
                    Path(row["path"]).name,
                    row["live_url"],
                    body,
                    committed,
                    content_date=stated or committed.date(),
                    date_basis="file_name" if stated else "manifest",
                    licence=row["licence"],
                ),
                body,
            )
            break


def bundles(snapshots: Sequence[Snapshot]) -> dict[str, list[Snapshot]]:
    """Snapshots by bundle, oldest bundle first; of several readings of one file in a bundle the newest content last."""
    groups: dict[str, list[Snapshot]] = {}
    for snapshot in sorted(snapshots, key=lambda s: (s.content_date, s.file_name, s.snapshot_id)):
        groups.setdefault(snapshot.bundle, []).append(snapshot)
    return groups
