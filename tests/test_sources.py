"""Every source: golden pages, changed layouts, row order, hostile names, and the printed values of real captures.

A folder tests/golden/<source>/ holds small pages written by hand, `pages.json` and `records.json`. Keys of a page:
  file, url, content_date, date_basis   as in records.Page; the file's name also serves as its snapshot_id
  rename                                [old, new]: this change of the page's text must raise LayoutChanged
  bundle                                optional; pages of one bundle are parsed together (default: as the source says)
  build, from                           optional: "parquet" from a CSV file, "tar.gz" from a folder
  reorder                               optional: "csv", "json", "tbody", "script:<id>" or "none": how rows are turned
                                        (default: by the file's ending; "none" for HTML)
A missing records.json is written, and its test fails until somebody has reviewed it.

With BENCHMARK_MIRROR set to a folder of captured pages, those are parsed too: `sample.csv` holds 200 printed values per
source, read from the captures by other means than the parser; `counts.csv` (capture, reported, models) the number of
rows that each capture gives.
"""

import csv
import functools
import gzip
import io
import itertools
import json
import os
import re
import tarfile
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from bench.golden import GOLDEN, MODULES, as_page, build, bundle_of, pack, read_bundles, read_entries, read_texts
from ingest import snapshots
from ingest.archives import read_tar_gz
from ingest.records import (
    REPORTED_COLUMNS,
    LayoutChanged,
    Omitted,
    Page,
    Reported,
    ReportedModel,
    accept,
    frame,
)
from ingest.sources import llm_stats

FACTS = Path(__file__).parent.parent / "data" / "facts"
KINDS = {Reported: "reported", ReportedModel: "models", Omitted: "omitted"}
MIRROR = os.environ.get("BENCHMARK_MIRROR")
MIRRORED = [name for name, module in MODULES.items() if not module.SOURCE.facts_file] if MIRROR else []
SAMPLE_KEY = ("model", "run", "benchmark", "benchmark_version", "metric", "setting", "locator")

each_source = pytest.mark.parametrize("source", sorted(MODULES))


def parse_all(source: str, bundles: dict[str, list[Page]]) -> list:
    """All rows of all bundles."""
    return [row for pages in bundles.values() for row in MODULES[source].parse(pages)]


def describe(rows: list) -> dict[str, list[dict]]:
    """Rows as plain dicts with only the fields that differ from their defaults, in a fixed order."""
    found = {name: [] for name in KINDS.values()}
    for row in rows:
        fields = type(row).__dataclass_fields__
        found[KINDS[type(row)]].append({k: getattr(row, k) for k, f in fields.items() if getattr(row, k) != f.default})
    return {name: sorted(listed, key=lambda r: json.dumps(r, sort_keys=True)) for name, listed in found.items()}


def reverse_rows(how: str, text: str) -> str:
    """The same page with its rows in the opposite order."""
    if how == "csv":
        lines = list(csv.reader(io.StringIO(text, newline="")))
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([lines[0], *lines[:0:-1]])
        return out.getvalue()
    if how == "json":
        return reverse_json(text)
    soup = BeautifulSoup(text, "lxml")
    if how == "tbody":
        for body in soup.find_all("tbody"):
            rows = [row.extract() for row in body.find_all("tr", recursive=False)]
            body.extend(rows[::-1])
    else:
        script = soup.find(id=how.removeprefix("script:"))
        script.string = reverse_json(script.string)
    return str(soup)


def reverse_json(text: str) -> str:
    """The same JSON with its lists of objects backwards and every number spelled as before (0.70 stays 0.70)."""
    turned = json.dumps(reverse_lists(json.loads(text, parse_float=lambda t: f"\0{t}\0")), ensure_ascii=False)
    return re.sub(r'"\\u0000(.*?)\\u0000"', r"\1", turned)


def reverse_lists(value: object) -> object:
    """Every list of objects in a JSON value backwards; lists of plain values keep their order."""
    if isinstance(value, list):
        turned = [reverse_lists(v) for v in value]
        return turned[::-1] if any(isinstance(v, dict) for v in value) else turned
    return {k: reverse_lists(v) for k, v in value.items()} if isinstance(value, dict) else value


def is_one_sentence(message: str) -> bool:
    return message.endswith(".") and "\n" not in message and ". " not in message.removesuffix(".")


@each_source
def test_golden_pages_give_exactly_the_reviewed_records(source):
    found = describe(parse_all(source, read_bundles(source)))
    path = GOLDEN / source / "records.json"
    if not path.exists():
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        pytest.fail(f"tests/golden/{source}/records.json was missing and has been written: review it.")
    assert found == json.loads(path.read_text(encoding="utf-8"))


@each_source
def test_a_renamed_column_raises_layout_changed_in_one_sentence(source):
    for entry in read_entries(source):
        old, new = entry["rename"]
        texts = read_texts(source, entry)
        assert any(old in text for text in texts.values()), f"{entry['file']} does not hold {old!r}."
        changed = build(entry, {name: text.replace(old, new) for name, text in texts.items()})
        with pytest.raises(LayoutChanged) as told:
            parse_all(source, {"one": read_bundles(source, {entry["file"]: changed})[bundle_of(source, entry)]})
        assert is_one_sentence(str(told.value)), str(told.value)


def kinds_of_fields(value, path=()):
    """One path to each kind of field of a JSON structure, the first in its lists: names of fields (list items: "") to path."""
    found = {}
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        kind = key if isinstance(value, dict) else ""
        for names, place in {(): (*path, key), **kinds_of_fields(item, (*path, key))}.items():
            found.setdefault((kind, *names), place)
    return found


def changed_at(value, path, new):
    """The structure with another value at `path`."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed_at(copy[path[0]], path[1:], new)
    return copy


@each_source
def test_a_field_of_another_type_is_refused_in_one_sentence_or_does_no_harm(source):
    for entry in read_entries(source):
        texts = read_texts(source, entry)
        for name, text in texts.items():
            try:
                page = json.loads(text)
            except ValueError:
                continue
            for path, new in itertools.product(kinds_of_fields(page).values(), ([1], {"a": 1}, True, "a")):
                body = build(entry, texts | {name: json.dumps(changed_at(page, path, new))})
                try:
                    parse_all(source, {"one": read_bundles(source, {entry["file"]: body})[bundle_of(source, entry)]})
                except LayoutChanged as told:
                    assert is_one_sentence(str(told)), str(told)
                except Exception as error:
                    raise AssertionError(f"{name}, {path}: {new!r} is not refused but ends the parser") from error


@each_source
def test_a_page_cut_off_in_the_middle_raises_layout_changed_in_one_sentence(source):
    for entry in read_entries(source):
        whole = build(entry, read_texts(source, entry))
        cut = read_bundles(source, {entry["file"]: whole[: len(whole) // 2]})[bundle_of(source, entry)]
        with pytest.raises(LayoutChanged) as told:
            parse_all(source, {"one": cut})
        assert is_one_sentence(str(told.value)), str(told.value)


@each_source
def test_the_order_of_rows_does_not_change_the_set_of_records(source):
    turned = {}
    for entry in read_entries(source):
        texts = read_texts(source, entry)
        for name, text in texts.items():
            ending = name.rsplit(".", 1)[-1]
            how = entry.get("reorder") or (ending if ending in ("csv", "json") else "none")
            texts[name] = text if how == "none" else reverse_rows(how, text)
        turned[entry["file"]] = build(entry, texts, backwards=True)
    found = describe(parse_all(source, read_bundles(source, turned)))
    assert found == describe(parse_all(source, read_bundles(source)))


@each_source
def test_a_hostile_model_name_survives_as_text(source):
    names = {row.model for row in parse_all(source, read_bundles(source)) if isinstance(row, Reported)}
    assert any("<script>" in name for name in names), "No golden page holds a model name with <script> in it."


@each_source
def test_every_reported_row_is_accepted_or_rejected_with_a_sentence(source):
    rows = [row for row in parse_all(source, read_bundles(source)) if isinstance(row, Reported)]
    records, rejections = accept(frame(rows, REPORTED_COLUMNS))
    assert rows
    assert len(records) + len(rejections) == len(rows)
    assert rejections["detail"].map(is_one_sentence).all()


@each_source
def test_every_row_is_text_and_names_its_page(source):
    pages = {entry["file"] for entry in read_entries(source)}
    for row in parse_all(source, read_bundles(source)):
        assert row.snapshot_id in pages
        for name, field in type(row).__dataclass_fields__.items():
            assert type(getattr(row, name)).__name__ == field.type.__name__, f"{name} of {row}"


def test_no_pattern_of_one_source_takes_the_file_of_another():
    """Each captured path belongs to at most one file of one source, whatever order they are asked in."""
    seen = defaultdict(list)
    for name, module in MODULES.items():
        for file in module.SOURCE.files:
            seen[file.captures].append(name)
    assert [patterns for patterns in seen.items() if len(patterns[1]) > 1 and patterns[0]] == []


def archive_page(body: bytes) -> Page:
    url = "https://example.org/a.tar.gz"
    return as_page({"file": "a.tar.gz", "url": url, "content_date": "2025-01-01", "date_basis": "content"}, body)


def test_an_archive_that_unpacks_to_gigabytes_is_refused(monkeypatch):
    monkeypatch.setattr("ingest.archives.MAX_UNPACKED", 1_000)
    bomb = gzip.compress(b"\0" * 1_000_000)
    with pytest.raises(LayoutChanged, match="unpacks to more than 1000 bytes"):
        read_tar_gz(archive_page(bomb), llm_stats.WANTED)


def test_an_archive_never_reads_outside_of_itself():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        link = tarfile.TarInfo("data/benchmarks/link.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
        for name in ("../data/benchmarks/up.json", "/data/benchmarks/root.json", "data/benchmarks/good.json"):
            member = tarfile.TarInfo(name)
            member.size = 2
            archive.addfile(member, io.BytesIO(b"{}"))
    found = read_tar_gz(archive_page(out.getvalue()), llm_stats.WANTED)
    assert found == {"data/benchmarks/good.json": b"{}"}


def test_an_archive_that_names_a_file_twice_is_refused():
    twice = pack([("data/benchmarks/a.json", b"{}"), ("data/benchmarks/a.json", b"[]")])
    with pytest.raises(LayoutChanged, match="twice"):
        read_tar_gz(archive_page(twice), llm_stats.WANTED)


def read_mirror(source: str) -> dict[str, list]:
    """Rows of every capture of a source by its path in the mirror, through the same code that a build uses."""
    module, mirror = MODULES[source], Path(MIRROR)
    with (mirror / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        paths = {(row["sha256"], row["live_url"]): row["path"] for row in csv.DictReader(manifest)}
    facts = {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False) for path in FACTS.glob("*.csv")}
    files = module.files(facts) if hasattr(module, "files") else module.SOURCE.files
    read = list(snapshots.from_mirror(module.SOURCE, files, mirror))
    bodies = {snapshot.snapshot_id: body for snapshot, body in read}
    captures = {s.snapshot_id: paths[s.sha256, s.url] for s, _ in read}
    found = {capture: [] for capture in captures.values()}
    for bundle in snapshots.bundles([snapshot for snapshot, _ in read]).values():
        for row in module.parse([snapshots.as_page(s, bodies[s.snapshot_id]) for s in bundle]):
            found[captures[row.snapshot_id]].append(row)
    return found


def read_golden_csv(source: str, name: str) -> list[dict[str, str]]:
    with (GOLDEN / source / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def mirrored(source: str) -> dict[str, list]:
    """read_mirror, each source once."""
    return read_mirror(source)


if MIRROR:  # without a mirror these two are not collected at all

    @pytest.mark.parametrize("source", MIRRORED)
    def test_printed_values_of_the_captures_are_reported_as_printed(source):
        index = {
            capture: {(*(getattr(r, k) for k in SAMPLE_KEY), r.score_reported) for r in rows if isinstance(r, Reported)}
            for capture, rows in mirrored(source).items()
        }
        sample = read_golden_csv(source, "sample.csv")
        n_printed = sum(isinstance(r, Reported) for rows in mirrored(source).values() for r in rows)
        assert len(sample) == min(200, n_printed)  # a board of which no copy exists yet has no sample
        wrong = [s for s in sample if (*(s[k] for k in SAMPLE_KEY), s["score_reported"]) not in index[s["capture"]]]
        assert wrong == []

    @pytest.mark.parametrize("source", MIRRORED)
    def test_every_capture_gives_its_known_number_of_rows(source):
        found = {}
        for capture, rows in mirrored(source).items():
            counted = Counter(KINDS[type(row)] for row in rows)
            found[capture] = (counted["reported"], counted["models"])
        expected = {
            row["capture"]: (int(row["reported"]), int(row["models"])) for row in read_golden_csv(source, "counts.csv")
        }
        assert found == expected


def test_what_parsers_leave_out_is_counted_in_one_place():
    """Every parser counts through records.leave_out, so that a rule without a value is never a row."""
    by_hand = [
        p.name
        for p in (GOLDEN.parents[1] / "ingest" / "sources").glob("*.py")
        if "Omitted(" in p.read_text(encoding="utf-8")
    ]
    assert by_hand == []
