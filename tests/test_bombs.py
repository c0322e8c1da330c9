"""Small files that would cost gigabytes or minutes: each ends in one sentence, soon."""

import gzip
import io
import re
import tarfile
import threading
from datetime import date
from types import SimpleNamespace

import pyarrow
import pyarrow.parquet
import pytest

from ingest import archives, columns, gather, tables
from ingest.records import LayoutChanged, Page, Source
from ingest.sources import _markdown_tables
from reading import csv_file

SECONDS = 60  # of a slow machine; each takes under two on a quiet one
SOURCE = Source(source_id="x", title="X", url="u", licence="", attribution="", status="live")
FRAGMENTS = Source(source_id="x", title="X", url="u", licence="", attribution="", status="live", open_end=".*")


def page(name, body):
    return Page(
        name=name, body=body, url="u", content_date=date(2026, 1, 1), date_basis="content", snapshot_id="s", licence=""
    )


def sparse_archive():
    """An archive of some 200 bytes whose one member says that it is 2 GB of holes."""
    out, body = io.BytesIO(), b"0\n".ljust(512, b"\0")
    member = tarfile.TarInfo("a.json")
    member.size = len(body)
    member.pax_headers = {
        "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "a.json", "GNU.sparse.realsize": "2000000000",
    }  # fmt: skip
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(member, io.BytesIO(body))
    return gzip.compress(out.getvalue())


def parquet(cells):
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(cells), out, compression="zstd")
    return page("x.parquet", out.getvalue())


def latexml(rows):
    table = "".join(f'<div class="ltx_tr">{row}</div>' for row in rows)
    return f'<html><div class="ltx_document"><div class="ltx_tabular">{table}</div></div></html>'


def cell(text, more=""):
    return f'<span class="ltx_td {more}">{text}</span>'


def read_as(source, html, parse):
    return gather.parse(SimpleNamespace(SOURCE=source, parse=parse), [page("x.html", html.encode())])


WIDE = cell("x", "ltx_colspan_200 ltx_rowspan_200") * 3
NEEDED = ["model", "score"]
BOMBS = {
    "sparse archive": lambda: archives.read_tar_gz(page("x.tar.gz", sparse_archive()), re.compile(".*")),
    "parquet of many equal cells": lambda: columns.read_text_table(
        parquet({"a": pyarrow.repeat(1, columns.MAX_CELLS + 1)})
    ),
    "parquet of one long cell, repeated": lambda: columns.read_text_table(
        parquet({"a": pyarrow.array(["x" * 20_000] * 1000).dictionary_encode()})
    ),
    "parquet of lists": lambda: columns.read_text_table(parquet({"a": [[1, 2]], "b": ["c"]})),
    "blanks in a cell": lambda: tables.read_latexml(latexml([cell("x" + " " * 40_000 + "y")])),
    "blanks in a cell of Markdown": lambda: _markdown_tables.read_cell("x" + " " * 40_000 + "y"),
    "many rows": lambda: tables.read_plain("<html>" + "<tr><td>1</td></tr>" * 400_000 + "</html>"),
    "many rows of a fragment": lambda: read_as(
        FRAGMENTS, "<table>" + "<tr><td>1</td></tr>" * 400_000 + "</table>", lambda pages: []
    ),
    "spans over spans": lambda: tables.read_latexml(latexml([WIDE] * 300)),
    "nested elements": lambda: read_as(
        SOURCE,
        latexml([cell("<span>" * 5000 + "1" + "</span>" * 5000)]),
        lambda pages: tables.read_latexml(pages[0].text()),
    ),
    "an upload of commas": lambda: csv_file.read(b"," * 5_000_000, NEEDED),
    "an upload of commas under a good header": lambda: csv_file.read(b"model,score\n" + b"," * 4_900_000, NEEDED),
    "an upload of commas in quotation marks": lambda: csv_file.read(b'model,score\n"' + b'","' * 1_600_000, NEEDED),
    "an upload of too many rows": lambda: csv_file.read(b"model,score\n" + b"a,1\n" * 1_200_000, NEEDED),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_file_of_huge_cost_ends_in_one_sentence_soon(name):
    outcome = []

    def run():
        try:
            outcome.append(BOMBS[name]())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(SECONDS)
    assert outcome, f"not done within {SECONDS} seconds"
    assert isinstance(outcome[0], LayoutChanged | csv_file.BadFile), outcome[0]
    assert str(outcome[0]).endswith(".")


def test_an_upload_of_at_most_200_columns_is_read():
    header = ",".join([*NEEDED, *(f"c{i}" for i in range(198))])
    assert csv_file.read(f"{header}\n{','.join(['1'] * 200)}\n".encode(), NEEDED).shape == (1, 200)
    with pytest.raises(csv_file.BadFile, match="more than 200 columns"):
        csv_file.read(f"{header},more\n{','.join(['1'] * 201)}\n".encode(), NEEDED)
