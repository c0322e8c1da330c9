"""Benchmark Radar: scores read by hand out of makers' cards and reports, each with its document and protocol.

Question  Which scores do the cards of frontier models print, under which conditions?
Input     benchmark_scores.yml (scores) and model_cards.yml (documents with their addresses); one bundle.
Output    Reported: percent, ratings and dollars as the file's own list of units says; ReportedModel: the maker.
Method    Benchmark = `instrument` (the test's version), setting = `protocol`; the file calls two scores comparable only
          where both are equal. A row with `reported_by` quotes a rival: read as quoted, tester unknown. A card on
          Hugging Face names the repository where the row is about that card's own model.
          https://github.com/ktwu01/benchmark-radar
Silent    `reported_at` is the day on which a repository was made where the document is a Hugging Face card (weeks before
          the release), and is passed on for other documents only.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, shorten
from ingest.sources._printed_json import field
from ingest.sources._printed_yaml import read_yaml

PLACE = "https://raw.githubusercontent.com/ktwu01/benchmark-radar/main/data"

SOURCE = Source(
    source_id="benchmark_radar",
    title="Benchmark Radar",
    url="https://github.com/ktwu01/benchmark-radar",
    licence="MIT",
    attribution="Benchmark Radar (ktwu01), MIT; the makers of each cited document",
    status="live",
    cadence_days=90,
    files=tuple(
        File(name=f"{name}.yml", url=f"{PLACE}/{name}.yml", captures=rf"benchmark-radar/{name}\.yml", bundle="all")
        for name in ("benchmark_scores", "model_cards")
    ),
)

UNITS = {"percent": "percent", "rating": "rating", "elo": "rating", "usd": "points", "dollars": "points"}
REPOSITORY = re.compile(r"https://huggingface\.co/(?!papers/)([\w.-]+/[\w.-]+)")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores and makers of models; raises LayoutChanged."""
    found = {page.name.partition(".")[0]: page for page in pages}
    if set(found) != {"benchmark_scores", "model_cards"}:
        raise LayoutChanged("The scores of Benchmark Radar came without their list of documents, or the reverse.")
    page = found["benchmark_scores"]
    cards = list_by(found["model_cards"], "model_cards", "id")
    tests = list_by(page, "benchmarks", "benchmark_id")
    makers: dict[tuple[str, str], str] = {}
    results = field(page.name, read_yaml(page), "results", list)
    if not results or not page.text().endswith("\n"):
        raise LayoutChanged(f"{page.name} holds no result, or ends in the middle of a line.")
    for result in results:
        card = cards.get(field(page.name, result, "source_id"))
        test = tests.get(field(page.name, result, "benchmark_id"))
        if card is None or test is None:
            raise LayoutChanged(f"{page.name} has a result whose document or test is not listed.")
        row = read_result(page, result, card, test)
        yield row
        makers[row.model, row.name_scheme] = field(page.name, result, "organization")
    for (model, scheme), maker in makers.items():
        yield ReportedModel(snapshot_id=page.snapshot_id, model=model, name_scheme=scheme, developer=maker)


def list_by(page: Page, part: str, key: str) -> dict[str, dict[str, Any]]:
    """A list of records of a page by one of their fields."""
    records = field(page.name, read_yaml(page), part, list)
    return {field(page.name, record, key): record for record in records}


def read_result(page: Page, result: dict[str, Any], card: dict[str, Any], test: dict[str, Any]) -> Reported:
    """One row of the file."""
    address = field("model_cards.yml", card, "url")
    repository = REPOSITORY.fullmatch(address)
    model, instrument = field(page.name, result, "model"), field(page.name, result, "instrument")
    is_own = bool(repository) and model == card.get("model")
    unit = field(page.name, test, "unit")
    is_quoted = bool(result.get("reported_by"))
    document = field(page.name, result, "source_id")
    return Reported(
        snapshot_id=page.snapshot_id, model=repository[1] if repository and is_own else model, name_scheme="hf" if is_own else "",
        benchmark=instrument, metric=field(page.name, test, "metric"), setting=field(page.name, result, "protocol"),
        run=document, score_reported=field(page.name, result, "value"), score_unit=UNITS.get(unit, unit),
        evaluator_relationship="unknown" if is_quoted else "first_party", read_from="quoted" if is_quoted else "page",
        listed_date="" if repository else field(page.name, result, "reported_at"),
        locator=f"results, {document}, {instrument}", source_url=address,
        note=shorten(f"printed by {result['reported_by']}", 200) if is_quoted else "",
    )  # fmt: skip
