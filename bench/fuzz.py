"""Which damaged pages do parsers survive, and is a cut page ever taken for a whole one?

Question  Does every parser answer a damaged page with rows or with LayoutChanged, whatever the damage; does accepting the
          rows never fail; does a page that was cut off never pass as complete?
Input     the golden pages of every source, damaged by seeded random changes: see CHANGES, NASTY and `cut`. BENCHMARK_CASES says
          how many (default 20,000).
Output    printed: cases, pages refused, pages read, and every fault with the seed that repeats it. A fault is an error of
          another kind, a row that is not text, a row neither accepted nor rejected, or a cut page taken for a whole one.
Method    One change of one page a case; the page's bundle is parsed as a build parses it (gather.parse), then
          records.accept decides on every row. One case in four is a cut, half of them at any byte and half at the end of a
          line; what only loses blanks at its end is no cut. It is read twice:
          after the whole page, as at every refresh (whole.Before): it must be refused;
          in every second case after another version of it, with a line dropped, moved, doubled or changed, and alone, as the
          first page ever read from its address: it may pass only where nothing in it can show the cut (`cannot_tell`),
          and those are counted.
"""

import os
import random
import re
import sys
import traceback
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from types import ModuleType

from bench import golden
from ingest import gather
from ingest.records import (
    MODEL_COLUMNS,
    REPORTED_COLUMNS,
    LayoutChanged,
    Omitted,
    Page,
    Reported,
    ReportedModel,
    Source,
    accept,
    frame,
    read_counts,
)  # fmt: skip
from ingest.whole import Before

CASES = 20_000
SEED = 20261128
# Values that ended builds or lied in them: huge and tiny exponents, other types, control characters, lone surrogates.
NASTY = (
    "9e9999999", "1e-9999999999", "1000000000000000000", "-1", "nan", "Infinity", "1,5", "0x1F", "٣", "1/0", "null",
    "true", "[]", "{}", "[1, 2]", '""', '"\\ud800"', '"\\u0000"', "\x00", "\ud800", "\u202e", "<script>", "%", "1e400",
    "0.5%", "--", "=1+1", "a" * 400,
)  # fmt: skip
SCALAR = re.compile(
    r'(?<=[:,\[\s|>])\s*("(?:[^"\\\n]|\\.){0,80}"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|null|true|false)(?=\s*[,\]\}\n|<])'
)
CUT_SHARE = 0.25
# Formats that say nowhere how long they are: a list cut between two records is a shorter list.
LISTS = (".csv", ".yml", ".yaml", ".md", ".jsonl")


@dataclass
class Tally:
    """What came of the cases; faults: what happened, one sentence each; alone, changed: cut pages, by format, that nothing
    shows to be cut when they are the first that is read from their address, or the one before was another version.
    """

    n: int = 0
    n_cut: int = 0
    refused: int = 0
    read: int = 0
    faults: list[str] = field(default_factory=list)
    kinds: Counter = field(default_factory=Counter)
    alone: Counter = field(default_factory=Counter)
    changed: Counter = field(default_factory=Counter)


def damage(text: str, rng: random.Random) -> str:
    """One random change of a text."""
    change = rng.choice(CHANGES)
    return change(text, rng)


def drop_span(text: str, rng: random.Random) -> str:
    """Some characters go."""
    start = rng.randrange(len(text) or 1)
    return text[:start] + text[start + rng.randrange(1, 60) :]


def repeat_span(text: str, rng: random.Random) -> str:
    """Some characters come twice."""
    start = rng.randrange(len(text) or 1)
    end = start + rng.randrange(1, 200)
    return text[:end] + text[start:end] + text[end:]


def put_nasty(text: str, rng: random.Random) -> str:
    """A nasty value somewhere."""
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(NASTY) + text[place:]


def swap_scalar(text: str, rng: random.Random) -> str:
    """A nasty value in the place of a number or a text, so that the page stays well-formed."""
    found = list(SCALAR.finditer(text))
    if not found:
        return put_nasty(text, rng)
    match = rng.choice(found)
    return text[: match.start(1)] + rng.choice(NASTY) + text[match.end(1) :]


def swap_lines(text: str, rng: random.Random) -> str:
    """Two lines change places."""
    lines = text.splitlines(keepends=True)
    if len(lines) > 1:
        one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
        lines[one], lines[two] = lines[two], lines[one]
    return "".join(lines)


def drop_line(text: str, rng: random.Random) -> str:
    """A line goes."""
    lines = text.splitlines(keepends=True)
    if lines:
        del lines[rng.randrange(len(lines))]
    return "".join(lines)


CHANGES = (drop_span, repeat_span, put_nasty, swap_scalar, swap_scalar, swap_scalar, swap_lines, drop_line)


def cut(body: bytes, rng: random.Random) -> bytes:
    """A page as a broken connection leaves it: at any byte, or at the end of a line. At least one sign is missing."""
    length = len(body.rstrip())
    ends = [place + 1 for place in range(length - 1) if body[place] == ord("\n")]
    return body[: rng.choice(ends) if ends and rng.random() < 0.5 else rng.randrange(length)]


@dataclass(frozen=True)
class Case:
    """One damaged page among the pages of its bundle: what was done to it; where it was cut, the whole pages, and another
    version of them.
    """

    pages: list[Page]
    place: int
    what: str
    whole: list[Page] | None = None
    other: list[Page] | None = None


def make_case(source: str, rng: random.Random) -> Case:
    """A damaged page with the pages that are parsed with it."""
    entries = golden.read_entries(source)
    entry = rng.choice(entries)
    texts, bundle = golden.read_texts(source, entry), golden.bundle_of(source, entry)

    def pages(body: bytes) -> list[Page]:
        return golden.read_bundles(source, {entry["file"]: body})[bundle]

    place = [p.name for p in pages(b"")].index(entry["file"])
    is_cut, name = rng.random() < CUT_SHARE, rng.choice(sorted(texts))
    if is_cut:
        whole = golden.build(entry, texts)
        body, other = cut(whole, rng), None
        if rng.random() < 0.5 and not entry.get("build"):
            change = rng.choice((drop_line, swap_lines, repeat_span, swap_scalar))
            changed = golden.build(entry, texts | {name: change(texts[name], rng)})
            other = pages(changed) if changed.rstrip() != body.rstrip() else None  # else nothing known is missing
        return Case(pages(body), place, f"{entry['file']}, cut at byte {len(body)}", pages(whole), other)
    texts[name] = damage(texts[name], rng)
    try:
        return Case(pages(golden.build(entry, texts)), place, f"{entry['file']}, change of {name}")
    except (ValueError, OSError):  # no parquet file can be made of it
        return Case(pages(rng.randbytes(200)), place, f"{entry['file']}, random bytes")


def cannot_tell(source: Source, page: Page) -> bool:
    """Whether nothing in a cut page can show the cut: a list that ends with a line, or whose last line is left open anyway."""
    is_open = bool(source.open_end and re.fullmatch(source.open_end, page.name))
    if is_open and page.name.endswith(".html"):  # a fragment: only the script behind its table is gone
        return page.body.rstrip().endswith((b"</table>", b"</script>"))
    return page.name.endswith(LISTS) and (is_open or page.body.endswith(b"\n"))


def is_read(module: ModuleType, case: Case, before: list[Page] | None) -> bool:
    """Whether the cut page of a case is read: a day after other pages of its addresses were, or as the first."""
    history = Before([], *(frame([], columns) for columns in (REPORTED_COLUMNS, MODEL_COLUMNS)))
    pages = case.pages
    if before is not None:
        rows = gather.parse(module, before)
        history.require_whole(module.SOURCE, before, rows[Reported], rows[ReportedModel])
        late = replace(
            pages[case.place], snapshot_id="cut", date_basis="retrieval",
            content_date=pages[case.place].content_date + timedelta(days=1),
        )  # fmt: skip
        pages = [late if place == case.place else page for place, page in enumerate(pages)]
    try:
        rows = gather.parse(module, pages)
        history.require_whole(module.SOURCE, pages, rows[Reported], rows[ReportedModel])
    except LayoutChanged:
        return False
    return True


def is_readable(module: ModuleType, pages: list[Page] | None) -> bool:
    """Whether another version of a page can be read at all, so that it can stand before the cut one."""
    try:
        return pages is not None and bool(gather.parse(module, pages))
    except LayoutChanged:
        return False


def check_cut(module: ModuleType, case: Case, told: str, tally: Tally) -> None:
    """One cut page: is it refused after the whole one, and where that can be told also alone and after another version?"""
    tally.n_cut += 1
    page = case.pages[case.place]
    kind = page.name.rpartition(".")[2]
    is_hidden = cannot_tell(module.SOURCE, page)
    passed = {"after the whole one": is_read(module, case, case.whole), "alone": is_read(module, case, None)}
    if is_readable(module, case.other):
        passed["after another version"] = is_read(module, case, case.other)
    tally.refused += not passed["alone"]
    tally.read += passed["alone"]
    for how, count in (("alone", tally.alone), ("after another version", tally.changed)):
        if is_hidden and passed.pop(how, False):
            count[kind] += 1
    for how, is_fault in passed.items():
        if is_fault:
            tally.kinds["cut page taken for a whole one"] += 1
            tally.faults.append(f"{told}: a cut page was taken for a whole one, read {how}.")


def check(source: str, module: ModuleType, seed: int, tally: Tally) -> None:
    """One case."""
    case = make_case(source, random.Random(seed))
    tally.n += 1
    told = f"{source}, seed {seed}, {case.what}"
    try:
        if case.whole is not None:
            check_cut(module, case, told, tally)
            return
        rows = gather.parse(module, case.pages)
        tally.read += 1
        problem, kind = look_at(rows), "row"
    except LayoutChanged:
        tally.refused += 1
        return
    except Exception as error:  # every other kind is the finding
        place = traceback.extract_tb(error.__traceback__)[-1]
        problem = f"{type(error).__name__} in {place.filename}, line {place.lineno}: {error}"
        kind = "error of another kind"
    if problem:
        tally.kinds[kind] += 1
        tally.faults.append(f"{told}: {problem}")


def look_at(rows: dict[type, list]) -> str:
    """What is wrong with parsed rows, "" where nothing is."""
    for row in (*rows[Reported], *rows[ReportedModel]):
        for f in fields(row):
            value = getattr(row, f.name)
            if type(value) is not (bool if f.name == "is_subset" else str):
                return f"{f.name} is {type(value).__name__}, not text."
            if isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
                return f"{f.name} holds half of a character."
    for row in rows[Omitted]:
        if row.n_values < 1:
            return "an omission counts nothing."
    if rows[Reported]:
        records, rejections = accept(frame(rows[Reported], REPORTED_COLUMNS))
        if len(records) + len(rejections) != len(rows[Reported]):
            return "a row is neither accepted nor rejected."
        if not records["score"].map(lambda n: abs(n) < float("inf")).all():
            return "an accepted score is not finite."
        read_counts(records["n_items"], "count")
    models = rows[ReportedModel]
    if models:
        about = frame(models, tuple(f.name for f in fields(ReportedModel)))
        read_counts(about["n_parameters"], about["parameter_unit"])
        read_counts(about["n_training_tokens"], "count")
    return ""


def run(n: int, seed: int = SEED, only: str = "") -> Tally:
    """n cases over all sources in turn; a case's seed alone repeats it."""
    tally = Tally()
    names = [name for name in sorted(golden.MODULES) if not only or name == only]
    for number in range(n):
        source = names[number % len(names)]
        check(source, golden.MODULES[source], seed + number, tally)
    return tally


def main() -> None:
    """All cases; exit code 1 where there is a fault."""
    tally = run(int(os.environ.get("BENCHMARK_CASES", CASES)))
    print(
        f"{tally.n:,} cases: {tally.refused:,} pages refused, {tally.read:,} read, {len(tally.faults):,} faults "
        f"({', '.join(f'{k} {n:,}' for k, n in tally.kinds.most_common()) or 'none'})"
    )
    print(
        f"{tally.n_cut:,} of the pages were cut; after the whole page none may pass. Lists that nothing shows to be cut:"
    )
    for how, count in (("as the first of their address", tally.alone), ("after another version", tally.changed)):
        told = ", ".join(f"{kind} {n:,}" for kind, n in count.most_common()) or "none"
        print(f"{count.total():,} {how} ({told})")
    for fault in tally.faults[:50]:
        print(ascii(fault))
    if tally.faults:
        sys.exit(1)
