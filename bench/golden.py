"""Golden pages: the small pages in tests/golden that were written by hand, as parsers get to see them.

Question  What are the bytes of a source's golden pages, and which of them are parsed together?
Input     tests/golden/<source>/pages.json and the files that it names (keys: see tests/test_sources.py).
Output    records.Page per entry; archives and parquet files are built from their texts.
"""

import io
import json
import tarfile
from collections import defaultdict
from datetime import date
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet

from ingest.records import Page
from ingest.sources import discover

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
MODULES = discover()


def read_entries(source: str) -> list[dict]:
    """The pages of a source's golden folder."""
    path = GOLDEN / source / "pages.json"
    assert path.exists(), f"tests/golden/{source}/pages.json is missing: every source needs golden pages."
    return json.loads(path.read_text(encoding="utf-8"))


def read_texts(source: str, entry: dict) -> dict[str, str]:
    """The texts behind a page by name: one file, or all files of a folder that becomes an archive."""
    path = GOLDEN / source / entry.get("from", entry["file"])
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    return {str(f.relative_to(path.parent)): f.read_bytes().decode() for f in files}


def build(entry: dict, texts: dict[str, str], *, backwards: bool = False) -> bytes:
    """The page's bytes from its texts."""
    encoded = {name: text.encode("utf-8", "surrogatepass") for name, text in texts.items()}
    if entry.get("build") == "tar.gz":
        return pack(sorted(encoded.items(), reverse=backwards))
    (body,) = encoded.values()
    if entry.get("build") == "parquet":
        out = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.csv.read_csv(io.BytesIO(body)), out)
        return out.getvalue()
    return body


def pack(members: list[tuple[str, bytes]]) -> bytes:
    """A .tar.gz that holds these files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, body in members:
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return out.getvalue()


def as_page(entry: dict, body: bytes) -> Page:
    """A golden page; its file name is its snapshot_id."""
    return Page(
        name=entry["file"], body=body, url=entry["url"], content_date=date.fromisoformat(entry["content_date"]),
        date_basis=entry["date_basis"], snapshot_id=entry["file"], licence="test",
    )  # fmt: skip


def bundle_of(source: str, entry: dict) -> str:
    """Pages with the same answer are parsed together."""
    by_file = MODULES[source].SOURCE.bundle_by == "file"
    return entry.get("bundle") or entry["file" if by_file else "content_date"]


def read_bundles(source: str, bodies: dict[str, bytes] | None = None) -> dict[str, list[Page]]:
    """All golden pages by bundle; `bodies` replaces the bytes of some of them."""
    found = defaultdict(list)
    for entry in read_entries(source):
        body = (bodies or {}).get(entry["file"])
        body = build(entry, read_texts(source, entry)) if body is None else body
        found[bundle_of(source, entry)].append(as_page(entry, body))
    return found
