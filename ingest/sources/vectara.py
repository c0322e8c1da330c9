"""Vectara's hallucination leaderboard: summaries that say what their document does not.

Question  In which share of its summaries does each model add something that the document does not say?
Input     the README of the board's repository, a Markdown table among prose.
Output    Reported: percent, metric hallucination_rate (lower is better).
Method    https://github.com/vectara/hallucination-leaderboard. A model of Vectara (HHEM) judges; the README names its
          version, and versions are never joined. From HHEM-2.3 on the documents are others too (November 2025). Until
          2024 the README named no version; a later one says that those values were judged by HHEM-1.0.
Silent    The rate of factual consistency is 100 minus the hallucination rate and is left out; the share of documents
          that a model answered and the length of its summaries describe the answers and are left out as well. All are
          counted. Names changed their spelling with the documents, and no row says which old name it continues.
"""

import re
from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, Source, leave_out
from ingest.tables import squash

SOURCE = Source(
    source_id="vectara",
    title="Vectara hallucination leaderboard",
    url="https://github.com/vectara/hallucination-leaderboard",
    licence="Apache-2.0",
    attribution="Vectara, Apache-2.0",
    status="live",
    cadence_days=30,
    is_uniform=True,
    files=(
        File(
            name="README.md",
            url="https://raw.githubusercontent.com/vectara/hallucination-leaderboard/main/README.md",
            captures=r"vectara-hallucination/README(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.md",
        ),
    ),
    bundle_by="file",
)

JUDGE = re.compile(r"This leaderboard uses (HHEM-\d+(?:\.\d+)*)\b")
FIRST_JUDGE = "HHEM-1.0"
AFTER_TABLE = re.compile(r"^## Methodology", re.MULTILINE)
RATE = "Hallucination Rate"
OTHERS = (
    ("Factual Consistency Rate", "100 minus the hallucination rate"), ("Accuracy", "100 minus the hallucination rate"),
    ("Answer Rate", "share of documents that were summarised"),
    ("Average Summary Length (Words)", "length of the summaries"),
)  # fmt: skip


def parse(pages: list[Page]) -> Iterator[Reported | Omitted]:
    """All rows of each README; raises LayoutChanged."""
    for page in pages:
        yield from read_page(page)


def read_page(page: Page) -> Iterator[Reported | Omitted]:
    """One README."""
    text = page.text()
    if not AFTER_TABLE.search(text):
        raise LayoutChanged(f"{page.name} breaks off before its section on methodology.")
    judges = set(JUDGE.findall(text))
    if len(judges) > 1 or (not judges and "HHEM-" in text):
        raise LayoutChanged(f"{page.name} does not say which version of HHEM judged.")
    header, rows = read_table(page, text)
    if "Model" not in header or RATE not in header:
        raise LayoutChanged(f"{page.name} has no table with the columns Model and {RATE}.")
    left_out: dict[str, list[str]] = {}
    for cells in rows:
        row = dict(zip(header, cells, strict=True))
        yield Reported(
            snapshot_id=page.snapshot_id, model=row["Model"], benchmark="Vectara hallucination",
            benchmark_version=next(iter(judges), FIRST_JUDGE), metric="hallucination_rate",
            score_reported=row[RATE], score_unit="percent", evaluator_relationship="third_party",
            locator=f"row {row['Model']}, {RATE}",
        )  # fmt: skip
        for column, rule in OTHERS:
            if row.get(column):
                left_out.setdefault(rule, []).append(f"{row['Model']}, {column}")
    for rule, found in left_out.items():
        yield from leave_out(page, rule, found)


def read_table(page: Page, text: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the one Markdown table; raises LayoutChanged for rows of another length."""
    lines = [
        [squash(cell) for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if line.lstrip().startswith("|")
    ]
    if len(lines) < 3 or not all(re.fullmatch(r":?-+:?", cell) for cell in lines[1]):
        raise LayoutChanged(f"{page.name} holds no table.")
    header, _, *rows = lines
    for row in rows:
        if len(row) != len(header):
            raise LayoutChanged(f"{page.name} has a row of {len(row)} cells under {len(header)} headings.")
    return header, rows
