"""MathVista: mathematics with images, on an open part of 1,000 examples and a hidden part of 5,141.

Question  Which share of the examples did each model get right, in all and by kind of task and reasoning?
Input     model_scores.js (testmini: a JSON object behind "score_table ="), and the page itself with the table of the
          test part; six and five dated copies.
Output    Reported: percent; "MathVista" for testmini and "MathVista (test)", with 12 kinds each (is_subset), n_items
          from the page's sentence on the test part. Human performance and random chance are human and baseline;
          rows with the method "Tool" are systems.
Method    https://arxiv.org/abs/2310.02255. evaluated_date = the row's date, which is that of its link.
Silent    Medals behind a name mark its rank and are taken off, as are footnote markers. "-" is no value and is counted.
          The page keeps an older testmini table in a comment: comments are not read.

Who tested: rows that link to the benchmark's own paper were measured by its authors; the others were sent in, by
whom the page does not say.
"""

import re
from collections.abc import Iterator, Mapping

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.sources._printed_json import read_json_text
from ingest.tables import PlainTable, read_plain, split_markers, squash

DATE = r"(?:_(?P<date>\d{4}-\d{2}-\d{2}))?"

SOURCE = Source(
    source_id="mathvista",
    title="MathVista",
    url="https://mathvista.github.io",
    licence="CC BY-SA 4.0 (website)",
    attribution="MathVista, https://mathvista.github.io (CC BY-SA 4.0)",
    status="live",
    cadence_days=180,  # tables changed two to six months apart
    files=(
        File(
            name="model_scores.js",
            url="https://mathvista.github.io/data/results/model_scores.js",
            captures=rf"mathvista/model_scores{DATE}\.js",
            limit=2_000_000,
        ),
        File(
            name="index.html",
            url="https://mathvista.github.io/",
            captures=rf"mathvista/index{DATE}\.html",
            limit=2_000_000,
        ),
    ),
    bundle_by="file",
)

OWN_PAPER = "https://arxiv.org/abs/2310.02255"
ASSIGNED = re.compile(r"\s*score_table\s*=\s*(\{.*\})\s*;?\s*", re.DOTALL)
MEDALS = str.maketrans("", "", "🥇🥈🥉")
ABOUT = ("Model", "Method", "Source", "Date")
ALL = "ALL"
KINDS = ("FQA", "GPS", "MWP", "TQA", "VQA", "ALG", "ARI", "GEO", "LOG", "NUM", "SCI", "STA")
NAMED = {"Human Performance": "human", "Random Chance": "baseline"}
TESTED = re.compile(r"Accuracy scores on the test subset \(([\d,]+) examples")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        if page.name.endswith(".js"):
            yield from read_rows(page, read_script(page), "MathVista", "")
        else:
            rows, n_items = read_page(page)
            yield from read_rows(page, rows, "MathVista (test)", n_items)


def read_script(page: Page) -> list[dict[str, str]]:
    """Rows of the script."""
    match = ASSIGNED.fullmatch(page.text())
    if not match:
        raise LayoutChanged(f"{page.name} does not assign an object to score_table.")
    return list(read_json_text(page.name, match[1]).values())


def read_page(page: Page) -> tuple[list[dict[str, str]], str]:
    """Rows of the page's table, and the number of examples that its sentence states."""
    text = page.text()
    tables = [table for table in read_plain(text) if is_board(table)]
    if len(tables) != 1:
        raise LayoutChanged(f"{page.name} holds {len(tables)} tables of scores instead of one.")
    paragraph = tables[0].element.find_previous("p")
    above = squash(paragraph.get_text()) if paragraph else ""
    header, *rows = tables[0].rows
    names = [squash(cell.get_text(" ")) for cell in header]
    found = []
    for row in rows:
        if len(row) != len(names):
            raise LayoutChanged(f"{page.name} has a row with another number of cells than its header.")
        cells = dict(zip(names, (squash(cell.get_text(" ")) for cell in row), strict=True))
        link = row[names.index("Source")].find("a")
        found.append(cells | {"Source": str(link.get("href") or "") if link else ""})
    match = TESTED.match(above)
    return found, match[1].replace(",", "") if match else ""


def is_board(table: PlainTable) -> bool:
    """Whether a table is one of models and scores; its header is a row of ordinary cells."""
    names = {squash(cell.get_text(" ")) for cell in table.rows[0]} if table.rows else set()
    return {*ABOUT, ALL} <= names


def read_rows(
    page: Page, rows: list[dict[str, str]], benchmark: str, n_items: str
) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores of a table."""
    empty: list[str] = []
    for row in rows:
        if not isinstance(row, Mapping) or not {*ABOUT, ALL, *KINDS} <= row.keys():
            raise LayoutChanged(f"{page.name} has a row without model, date or score.")
        if not all(isinstance(row[column], str) for column in (*ABOUT, ALL, *KINDS)):
            raise LayoutChanged(f"{page.name} has a row with another kind of cell than usual.")
        model = split_markers(row["Model"].translate(MEDALS).strip())[0]
        method = row["Method"]
        kind = NAMED.get(model) or ("system" if method.startswith("Tool") else "model")
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=model, model_kind=kind,
            is_moe="yes" if method.startswith("MoE") else "",
        )  # fmt: skip
        for column in (ALL, *KINDS):
            if row[column] in ("", "-"):
                empty.append(f"{model}, {column}")
                continue
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, model_kind=kind, metric="accuracy",
                benchmark=benchmark if column == ALL else f"{benchmark} {column}", score_reported=row[column],
                score_unit="percent", n_items=n_items if column == ALL else "", evaluated_date=row["Date"],
                evaluator_relationship="third_party" if row["Source"] == OWN_PAPER else "unknown",
                is_subset=column != ALL, source_url=row["Source"], locator=f"row {shorten(model)}, column {column}",
                note="" if method == "-" else f"method: {shorten(method)}",
            )  # fmt: skip
    yield from leave_out(page, "no value in the cell", empty)
