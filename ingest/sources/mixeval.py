"""MixEval: questions of older tests mixed so that a model's score follows its rating by voters.

Question  What did each chat and base model score on MixEval, MixEval-Hard and the parts taken from older tests?
Input     the page of the board with two tables (chat models, base models); two dated copies.
Output    Reported: percent; MixEval and MixEval-Hard, and one row per part (is_subset); setting = chat or base.
          ReportedModel: link to weights.
Method    https://arxiv.org/abs/2406.06565
Silent    "Arena Elo" is another board's value and is counted as omitted; "-" is no value. The page states no sizes and
          no dates. The parts are selected questions: never the tests that they are named after.
"""

import re
from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.tables import PlainTable, read_plain, squash

SOURCE = Source(
    source_id="mixeval",
    title="MixEval",
    url="https://mixeval.github.io",
    licence="none stated",
    attribution="MixEval, https://mixeval.github.io",
    status="live",
    cadence_days=365,  # the tables grew for five months of 2024 and have not changed since
    is_uniform=True,
    files=(
        File(
            name="index.html",
            url="https://mixeval.github.io/",
            captures=r"mixeval/index(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.html",
            limit=2_000_000,
        ),
    ),
    bundle_by="file",
)

BOARDS = {"table1": "chat", "table2": "base"}
WHOLE = ("MixEval", "MixEval-Hard")
PART = re.compile(r"[A-Za-z-]+ \(Mixed\)")
OTHER_BOARD = re.compile(r"Arena Elo \(\d+\)")
WEIGHTS = re.compile(r"https://huggingface\.co/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, links and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        tables = {table.element.get("id"): table for table in read_plain(page.text())}
        for name, setting in BOARDS.items():
            if name not in tables:
                raise LayoutChanged(f"{page.name} has no table {name!r}.")
            yield from read_board(page, tables[name], setting)


def read_board(page: Page, table: PlainTable, setting: str) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores of one table; its header is a row of ordinary cells."""
    first, *rows = table.rows
    header = [squash(cell.get_text(" ").replace("🔥", "")) for cell in first]
    others = [place for place, name in enumerate(header) if OTHER_BOARD.fullmatch(name)]
    scores = [place for place, name in enumerate(header) if name in WHOLE or PART.fullmatch(name)]
    if [0, *sorted(scores + others)] != list(range(len(header))) or not set(WHOLE) <= set(header):
        raise LayoutChanged(f"{page.name} has other columns than a table of MixEval.")
    empty: list[str] = []
    copied: list[str] = []
    for row in rows:
        if len(row) != len(header):
            raise LayoutChanged(f"{page.name} has a row with another number of cells than its header.")
        cells = [squash(cell.get_text(" ")) for cell in row]
        anchor = row[0].find("a")
        link = str(anchor.get("href") or "") if anchor else ""
        is_open = WEIGHTS.fullmatch(link)
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=cells[0], source_url=link if is_open else "",
            is_open_weights="yes" if is_open else "",
        )  # fmt: skip
        copied += [f"{cells[0]}: {cells[place]}" for place in others]
        for place in scores:
            if cells[place] in ("", "-"):
                empty.append(f"{cells[0]}, {header[place]}")
                continue
            is_part = header[place] not in WHOLE
            yield Reported(
                snapshot_id=page.snapshot_id, model=cells[0], metric="score", setting=setting,
                benchmark=f"MixEval {header[place]}" if is_part else header[place], score_reported=cells[place],
                score_unit="percent", evaluator_relationship="third_party", is_subset=is_part,
                locator=f"table of {setting} models, row {shorten(cells[0])}, column {header[place]}",
            )  # fmt: skip
    yield from leave_out(page, "no value in the cell", empty)
    yield from leave_out(page, "value of another board", copied)
