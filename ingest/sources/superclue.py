"""SuperCLUE: Chinese abilities of chat models in five releases of 2023, each with its own questions.

Question  What did each model score in each release, in the open and the multiple-choice part and by ability?
Input     five Markdown pages, one per release, with up to five tables each.
Output    Reported: percent; the parts that a total is made of (open questions and multiple choice; before October three
          groups of abilities), and single abilities (is_subset). benchmark_version = the release named in the heading
          above a table: "v1.0", else year and month. People (人类) are human. Developer from the column 机构.
Method    https://arxiv.org/abs/2307.15020
Silent    Totals (总分) and means (平均) come from the other columns and are counted as omitted, so are ranks. "-" is no
          value. The same value in several tables of a page is one value.
"""

import re
from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.sources._markdown_tables import MarkdownTable, read_cell, read_markdown, require_whole_lines

RAW = "https://raw.githubusercontent.com/CLUEbenchmark/SuperCLUE/main"
RELEASES = ("README_2305.md", "README_2307.md", "README_2310.md", "README_2311.md", "README.md")

SOURCE = Source(
    source_id="superclue",
    title="SuperCLUE",
    url="https://github.com/CLUEbenchmark/SuperCLUE",
    licence="none stated",
    attribution="CLUE, SuperCLUE, https://github.com/CLUEbenchmark/SuperCLUE",
    status="frozen",  # the tables end in December 2023
    is_uniform=True,
    files=tuple(
        File(name=name, url=f"{RAW}/{name}", captures=rf"superclue/{re.escape(name)}", limit=2_000_000)
        for name in RELEASES
    ),
    bundle_by="file",
)

MODEL, DEVELOPER, TOTAL, HUMAN = "模型", "机构", "总分", "人类"
ABOUT = (MODEL, DEVELOPER, "排名", "使用", "使用方式", "许可证")
COMPUTED = (TOTAL, "平均", "平均分")
# The two parts have another title in every release.
PARTS = re.compile(r"(OPEN|OPT)(?:总分|分数|多轮开放(?:问题)?|开放多轮|(?:三大能力)?客观题)")
RELEASE = re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月|(?P<version>v\d+\.\d+)")
SECTIONS_AFTER = 3  # every copy goes on for several sections after its last table: without them it is cut off


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, developers and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        text = require_whole_lines(page)
        found = [(table, read_release(table)) for table in read_markdown(text)]
        boards = [(table, release) for table, release in found if release]
        if not boards:
            raise LayoutChanged(f"{page.name} holds no table under the heading of a release.")
        below = text.splitlines()[boards[-1][0].line :]
        if sum(line.startswith("#") for line in below) < SECTIONS_AFTER:
            raise LayoutChanged(f"{page.name} breaks off after its last table.")
        for table, release in boards:
            yield from read_board(page, table, release)


def read_release(table: MarkdownTable) -> str:
    """The release that the heading above a table names, "" when it names none."""
    match = RELEASE.search(table.headings[-1]) if table.headings else None
    if not match:
        return ""
    return match["version"] or f"{match['year']}-{match['month']:0>2}"


def read_board(page: Page, table: MarkdownTable, release: str) -> Iterator[Reported | ReportedModel | Omitted]:
    """Rows of one table."""
    header = ["".join(read_cell(cell).text.split()) for cell in table.header]
    if MODEL not in header:
        raise LayoutChanged(f"{page.name} has a table without the column {MODEL}.")
    has_total = TOTAL in header
    # The same words name a group of abilities in the table of one part, and a single ability elsewhere.
    parts = [match[1] for match in map(PARTS.fullmatch, header) if match]
    group = "" if has_total or len(parts) != 1 else f"{parts[0]} "
    empty: list[str] = []
    left: list[str] = []
    for row in table.rows:
        if len(row) != len(header):
            raise LayoutChanged(f"{page.name} has a row with another number of cells than its header.")
        cells = {name: read_cell(cell).text for name, cell in zip(header, row, strict=True)}
        model = cells[MODEL]
        kind = "human" if model == HUMAN else "model"
        if cells.get(DEVELOPER) and kind == "model":
            yield ReportedModel(snapshot_id=page.snapshot_id, model=model, developer=cells[DEVELOPER])
        for column, value in cells.items():
            if column in COMPUTED:
                left.append(f"{model}, {column}: {value}")
            if column in (*ABOUT, *COMPUTED):
                continue
            if value in ("", "-"):
                empty.append(f"{model}, {column}")
                continue
            part = PARTS.fullmatch(column)
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, model_kind=kind, metric="score",
                benchmark=f"SuperCLUE {part[1] if part else group + column}", benchmark_version=release,
                score_reported=value, score_unit="percent", evaluator_relationship="third_party",
                is_subset=not (part or has_total),
                locator=f"table {shorten(table.headings[-1])}, row {shorten(model)}, column {column}",
            )  # fmt: skip
    yield from leave_out(page, "no value in the cell", empty)
    yield from leave_out(page, "total or mean of other columns", left)
