"""Scores of papers, transcribed by hand where no readable page of the paper exists.

Question  Which scores do papers (and documents that quote or repeat them) state, and who ran them?
Input     data/facts/paper_scores.csv: one row per printed figure, with the document's address.
Output    One `Reported` per row (figure as written in the file) and one `ReportedModel` per model and stated size.
Method    A figure is known by document, table, model, benchmark, metric and setting. Where the day of publication is
          not known, published_date is the last day of the month that the arXiv identifier states, so that no figure is
          ever taken to be known too early.
Silent    Never: a row that does not fit is a fault of the file and raises LayoutChanged.
"""

import csv
import io
import re
from collections.abc import Iterator

from ingest.records import LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, shorten

SOURCE = Source(
    source_id="paper_facts",
    title="Papers, transcribed",
    url="https://arxiv.org",
    licence="figures are facts; each paper's own licence for its text",
    attribution="The authors of each paper",
    status="captured_only",
    bundle_by="file",
    facts_file="paper_scores.csv",
)

COLUMNS = (
    "model", "params_b", "benchmark", "metric", "setting", "score_reported", "score_unit", "arxiv_id", "version",
    "table", "published_date", "read_from", "evaluator_relationship", "developer", "source_url", "note",
)  # fmt: skip
INTERVAL = re.compile(
    r"95% CI \+/-(\d+(?:\.\d+)?)"
)  # only symmetric intervals are a spread; "+8/-10" stays in the note


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """All rows of the file. Raises LayoutChanged for a missing column, a short row, or a file that breaks off."""
    for page in pages:
        text = page.text()
        lines = csv.DictReader(io.StringIO(text, newline=""))
        missing = [c for c in COLUMNS if c not in (lines.fieldnames or ())]
        if missing:
            raise LayoutChanged(f"{page.name} has no column {missing[0]!r}.")
        if not text.endswith("\n"):
            raise LayoutChanged(f"{page.name} breaks off in its last row.")
        models: set[ReportedModel] = set()
        for line in lines:
            if None in line or None in line.values():
                raise LayoutChanged(f"{page.name}, row {lines.line_num}: the row has not one value per column.")
            yield read_score(page, line)
            models.add(read_model(page, line))
        yield from sorted(models, key=repr)


def read_score(page: Page, line: dict[str, str]) -> Reported:
    """One row of the file as a reported score."""
    document = f"arXiv:{line['arxiv_id']}{line['version']}" if line["arxiv_id"] else line["source_url"]
    spread = INTERVAL.search(line["note"])
    return Reported(
        snapshot_id=page.snapshot_id,
        model=line["model"],
        run=" ".join(t for t in (document, line["table"]) if t),
        benchmark=line["benchmark"],
        metric=line["metric"],
        setting=line["setting"],
        score_reported=line["score_reported"],
        score_unit=line["score_unit"],
        uncertainty=f"{spread[1]} ci95" if spread else "",
        evaluator_relationship=line["evaluator_relationship"],
        read_from=line["read_from"],
        listed_date=line["published_date"],
        source_url=line["source_url"],
        locator=", ".join(t for t in (document, line["table"], line["benchmark"], line["model"]) if t),
        note=shorten(line["note"], 200),
    )


def read_model(page: Page, line: dict[str, str]) -> ReportedModel:
    """What a row of the file states about its model."""
    sized = bool(line["params_b"])
    return ReportedModel(
        snapshot_id=page.snapshot_id,
        model=line["model"],
        n_parameters=line["params_b"],
        parameter_unit="billions" if sized else "",
        size_precision="stated" if sized else "",
        developer=line["developer"],
    )
