"""Leaderboards of benchmark data sets on Hugging Face. Not yet seen live.

Question  Which scores do models' repositories show for a benchmark data set, and who stands behind each?
Input     the answer of https://huggingface.co/api/datasets/{id}/leaderboard: a list of entries with the documented
          fields rank, model_id, value, verified, author, source, filename, pull_request, notes
          (https://huggingface.co/docs/hub/leaderboard-data-guide); the data set's id stands in the page's address.
Output    Reported: one score per entry, setting = notes. The unit is the one in TESTS.
Method    A repository's score is its maker's own where the entry's author owns the repository and no pull request of
          somebody else placed it; `verified` means that the hub itself ran it: third party. Everything else is unknown.
Silent    rank follows from the value and is not read. No answer of the service was seen when this was written: the parser
          follows the documented fields and raises LayoutChanged for anything else.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, shorten
from ingest.sources._printed_json import field, read_json

API = "https://huggingface.co/api/datasets"
UNSTATED = "unit not stated"
# Data set -> benchmark, metric, unit as the hub's documentation prints an entry of it (20.90 for HLE, 0.412 for GPQA;
# https://huggingface.co/docs/hub/eval-results) or its maker posts entries. Where nothing tells, values get rejected.
TESTS = {
    "cais/hle": ("Humanity's Last Exam", "accuracy", "percent"),
    "Idavidrein/gpqa": ("GPQA", "accuracy", "fraction"),
    "TIGER-Lab/MMLU-Pro": ("MMLU-Pro", "accuracy", UNSTATED),
    "SWE-bench/SWE-bench_Verified": ("SWE-bench Verified", "resolved", UNSTATED),
    "MathArena/aime_2026": ("AIME 2026", "accuracy", "percent"),
    "MathArena/hmmt_feb_2026": ("HMMT Feb 2026", "accuracy", "percent"),
}
ADDRESS = re.compile(rf"{re.escape(API)}/([\w.-]+/[\w.-]+)/leaderboard")

SOURCE = Source(
    source_id="hf_leaderboards",
    title="Leaderboards of benchmark data sets on Hugging Face",
    url="https://huggingface.co/datasets?benchmark=benchmark:official",
    licence="none stated",
    attribution="The submitter of each score, via Hugging Face",
    status="live",
    cadence_days=30,
    files=tuple(
        File(name=f"{name.replace('/', '--')}.json", url=f"{API}/{name}/leaderboard", captures="", bundle=name)
        for name in TESTS
    ),
)


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores of the data sets among the pages; raises LayoutChanged."""
    for page in pages:
        match = ADDRESS.fullmatch(page.url)
        if not match or match[1] not in TESTS:
            raise LayoutChanged(f"The address of {page.name} names no data set that is known.")
        entries = read_json(page)
        if not isinstance(entries, list) or not entries:
            raise LayoutChanged(f"{page.name} is not a list of entries.")
        for entry in entries:
            yield read_entry(page, entry, TESTS[match[1]])


def read_entry(page: Page, entry: Any, test: tuple[str, str, str]) -> Reported:
    """One entry of a leaderboard."""
    benchmark, metric, unit = test
    model = field(page.name, entry, "model_id")
    file, notes = (field(page.name, entry, key, (str, type(None))) or "" for key in ("filename", "notes"))
    return Reported(
        snapshot_id=page.snapshot_id, model=model, name_scheme="hf", run=file, benchmark=benchmark, metric=metric,
        setting=notes, score_reported=field(page.name, entry, "value"), score_unit=unit,
        evaluator_relationship=tell_tester(page, entry, model), locator=f"{shorten(model)}, {shorten(file)}, value",
        source_url=f"https://huggingface.co/{model}" if re.fullmatch(r"[\w.-]+/[\w.-]+", model) else "",
    )  # fmt: skip


def tell_tester(page: Page, entry: dict[str, Any], model: str) -> str:
    """Who tested, as far as the entry says."""
    if field(page.name, entry, "verified", bool):
        return "third_party"
    author = field(page.name, entry, "author", (dict, str, type(None)))
    name = author.get("name") if isinstance(author, dict) else author
    is_owner = isinstance(name, str) and name.casefold() == model.partition("/")[0].casefold()
    return "first_party" if is_owner and entry.get("pull_request") in (None, "") else "unknown"
