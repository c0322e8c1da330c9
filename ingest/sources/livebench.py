"""LiveBench: eleven dated releases of one board, each with its own questions and its own set of tasks.

Question  What did each model score on each task of each release?
Input     per release a CSV table (one row per model, one column per task) and a JSON file that sorts the tasks into
          categories.
Output    Reported: percent (0 to 100 as documented), benchmark = task, benchmark_version = day of the release.
Method    The release stands in the file's address (table_2026_01_08.csv). Releases differ in questions, so their scores
          are never joined. The method of the board: https://arxiv.org/abs/2406.19314
Silent    Empty cells are counted as omitted. So is every value of a row that is shorter than the header: in the table
          of 2026-01-08 one such row (nemotron-3-super-120b-a12b, 20 of 23 values) lacks cells in its middle, and filled
          from the left its numbers would stand under other tasks. The board states no size, date or developer, so there
          is no ReportedModel. Rows were taken off some tables later, so a missing row means nothing. A table is a later
          state of its release: it can list models that are younger than the release.
"""

import json
import re
from collections.abc import Iterator

from ingest.columns import read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, Source, leave_out, shorten

RELEASES = (
    "2024_06_24", "2024_07_26", "2024_08_31", "2024_11_25", "2025_04_02", "2025_04_25", "2025_05_30", "2025_11_25",
    "2025_12_23", "2026_01_08", "2026_06_25",
)  # fmt: skip
ADDRESS = re.compile(r".*/(table|categories)_(\d{4}_\d{2}_\d{2})\.(?:csv|json)")

SOURCE = Source(
    source_id="livebench",
    title="LiveBench",
    url="https://livebench.ai",
    licence="none stated",
    attribution="LiveBench, https://livebench.ai",
    status="live",
    versions="renews",
    cadence_days=120,  # releases came one to six months apart, additions to the newest table more often
    is_uniform=True,
    files=tuple(
        File(
            name=f"{kind}_{release}.{ending}",
            url=f"https://livebench.ai/{kind}_{release}.{ending}",
            captures=rf"livebench/{kind}_{release}\.{ending}",
            bundle=release.replace("_", "-"),
            limit=2_000_000,
        )
        for release in RELEASES
        for kind, ending in (("table", "csv"), ("categories", "json"))
    ),
    open_end=r"table_.*\.csv",
)


def parse(pages: list[Page]) -> Iterator[Reported | Omitted]:
    """Scores of the releases among the pages; raises LayoutChanged.

    Where a bundle holds several readings of one file the last one counts.
    """
    found: dict[tuple[str, str], Page] = {}
    for page in pages:
        match = ADDRESS.fullmatch(page.url)
        if not match:
            raise LayoutChanged(f"The address of {page.name} names no release of LiveBench.")
        found[match[2], match[1]] = page
    for release in sorted({release for release, _ in found}):
        missing = {"table", "categories"} - {kind for day, kind in found if day == release}
        if missing:
            raise LayoutChanged(f"Release {release} of LiveBench came without its {missing.pop()}.")
        yield from read_release(release.replace("_", "-"), found[release, "table"], found[release, "categories"])


def read_release(day: str, table_page: Page, categories_page: Page) -> Iterator[Reported | Omitted]:
    """Scores of one release."""
    categories = read_categories(categories_page)
    # Some of the published tables have no newline at their end.
    table = read_text_table(table_page, has_final_newline=False, may_be_ragged=True)
    tasks = [column for column in table.header if column != "model"]
    if set(tasks) != set(categories):
        odd = shorten(", ".join(sorted(set(tasks) ^ set(categories))))
        raise LayoutChanged(f"{table_page.name} and {categories_page.name} do not name the same tasks: {odd}.")
    empty: list[str] = []
    for model, *scores in table.pick(["model", *tasks]):
        for task, score in zip(tasks, scores, strict=True):
            if not score.strip():
                empty.append(f"{model}, {task}")
                continue
            yield Reported(
                snapshot_id=table_page.snapshot_id, model=model, benchmark=task, benchmark_version=day, metric="score",
                score_reported=score, score_unit="percent", evaluator_relationship="third_party",
                locator=f"{categories[task]}: {task}",
            )  # fmt: skip
    yield from leave_out(table_page, "empty cell", empty)
    ragged = [row[0] for row in table.ragged for _ in row[1:]]
    yield from leave_out(table_page, "row with another number of cells than the header", ragged)


def read_categories(page: Page) -> dict[str, str]:
    """Task -> category."""
    try:
        listed = json.loads(page.text())
        pairs = [(task, category) for category, tasks in listed.items() for task in tasks]
    except (ValueError, AttributeError, TypeError) as error:
        raise LayoutChanged(f"{page.name} does not list tasks by category.") from error
    if not all(isinstance(task, str) for task, _ in pairs):
        raise LayoutChanged(f"{page.name} lists a task that is no text.")
    if not pairs or len(dict(pairs)) != len(pairs):
        raise LayoutChanged(f"{page.name} lists no task, or one task twice.")
    return dict(pairs)
