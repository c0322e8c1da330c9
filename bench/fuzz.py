"""Which mutated pages do parsers survive, and is a cut page ever taken for a whole one?

Question  Does every parser answer a damaged page with rows or with LayoutChanged, whatever the damage; does accepting the
          rows never fail; does a page that was cut off never pass as complete?
Input     the golden pages of every source, damaged by seeded random changes: see CHANGES and NASTY.
Output    printed: cases, pages refused, pages read, and every fault with the seed that repeats it. A fault is an error of
          another kind, a row that is not text, a row neither accepted nor rejected, or a cut page read as complete.
Method    One change of one page a case; the page's bundle is parsed as a build parses it (gather.parse), then
          records.accept decides on every row. A cut page counts as read as complete where it gives as many scores as the
          whole page, or fewer without a word, in a format that can tell (JSON, YAML lists, archives, parquet, CSV).
"""

import random
import re
import sys
import traceback
from collections import Counter
from dataclasses import dataclass, field, fields
from types import ModuleType

from bench import golden
from ingest import gather
from ingest.records import (
    REPORTED_COLUMNS,
    LayoutChanged,
    Omitted,
    Page,
    Reported,
    ReportedModel,
    accept,
    frame,
    read_counts,
)

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
# Formats whose reader can tell a cut from an end.
CLOSED = (".json", ".tar.gz", ".zip", ".parquet", ".jsonl")


@dataclass
class Tally:
    """What came of the cases; faults: what happened, one sentence each."""

    n: int = 0
    refused: int = 0
    read: int = 0
    faults: list[str] = field(default_factory=list)
    kinds: Counter = field(default_factory=Counter)


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
    """A page as a broken connection leaves it: at least one byte that says something is missing."""
    return body[: rng.randrange(len(body.rstrip()))]


def make_case(source: str, rng: random.Random) -> tuple[list[Page], str, bool]:
    """The pages of one bundle of which one is damaged, what was done, and whether it is a cut."""
    entries = golden.read_entries(source)
    entry = rng.choice(entries)
    texts = golden.read_texts(source, entry)
    is_cut = rng.random() < 0.2
    if is_cut:
        body, what = cut(golden.build(entry, texts), rng), "cut"
    else:
        name = rng.choice(sorted(texts))
        texts[name] = damage(texts[name], rng)
        try:
            body, what = golden.build(entry, texts), f"change of {name}"
        except (ValueError, OSError):  # no parquet file can be made of it
            body, what = rng.randbytes(200), "random bytes"
    bundle = golden.bundle_of(source, entry)
    return golden.read_bundles(source, {entry["file"]: body})[bundle], f"{entry['file']}, {what}", is_cut


def count_scores(rows: dict[type, list]) -> int:
    """Scores among parsed rows."""
    return len(rows[Reported])


def check(source: str, module: ModuleType, seed: int, tally: Tally) -> None:
    """One case."""
    rng = random.Random(seed)
    pages, what, is_cut = make_case(source, rng)
    tally.n += 1
    told = f"{source}, seed {seed}, {what}"
    try:
        rows = gather.parse(module, pages)
    except LayoutChanged:
        tally.refused += 1
        return
    except Exception as error:  # every other kind is the finding
        place = traceback.extract_tb(error.__traceback__)[-1]
        tally.kinds["error of another kind"] += 1
        tally.faults.append(f"{told}: {type(error).__name__} in {place.filename}, line {place.lineno}: {error}")
        return
    tally.read += 1
    name = what.partition(", ")[0]
    if is_cut and name.endswith(CLOSED):
        tally.kinds["cut page read as complete"] += 1
        tally.faults.append(f"{told}: a cut page gave {count_scores(rows)} scores.")
        return
    try:
        problem = look_at(rows)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        problem = f"{type(error).__name__} in {place.filename}, line {place.lineno}: {error}"
    if problem:
        tally.kinds["row"] += 1
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
    """20,000 cases; exit code 1 where there is a fault."""
    tally = run(CASES)
    print(
        f"{tally.n:,} cases: {tally.refused:,} pages refused, {tally.read:,} read, {len(tally.faults):,} faults "
        f"({', '.join(f'{k} {n:,}' for k, n in tally.kinds.most_common()) or 'none'})"
    )
    for fault in tally.faults[:50]:
        print(ascii(fault))
    if tally.faults:
        sys.exit(1)
