"""CMMLU: 11,528 multiple-choice questions in Chinese, by area, with five and with no examples.

Question  Which share of the questions did each model get right, in all and by area?
Input     README.md; one table for five-shot, one for zero-shot; six dated copies.
Output    Reported: percent; CMMLU is the column of means over the 67 subjects (which no other column tells), the five
          areas are is_subset. "Random" is a baseline. Names and headers are Chinese and stay so.
Method    Setting = the line "Five-shot" or "Zero-shot" that stands before the table.
          https://arxiv.org/abs/2306.09212
Silent    Lines that divide a table are no rows. Sizes stand in names only and are not read.

Who tested: makers send results in by pull request (nobody is named); results of models that are not open to the public
were verified by the authors (collaborative).
"""

import re
from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, shorten
from ingest.sources._markdown_tables import MarkdownTable, read_cell, read_markdown, require_whole_lines

SOURCE = Source(
    source_id="cmmlu",
    title="CMMLU",
    url="https://github.com/haonan-li/CMMLU",
    licence="CC BY-NC-SA 4.0",
    attribution="Li et al., CMMLU (CC BY-NC-SA 4.0)",
    status="live",
    cadence_days=180,  # the tables changed two to four months apart
    files=(
        File(
            name="README.md",
            url="https://raw.githubusercontent.com/haonan-li/CMMLU/master/README.md",
            captures=r"cmmlu/README(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.md",
        ),
    ),
    bundle_by="file",
)

MODEL, MEAN = "模型", "平均分"
AREAS = ("STEM", "人文学科", "社会科学", "其他", "中国特定主题")
SHOTS = re.compile(r"(?:<summary>|#+\s*)(Five-shot|Zero-shot)")
SETTINGS = {"Five-shot": "5-shot", "Zero-shot": "0-shot"}
NOT_OPEN = "未开放测试的模型"  # "models not open for testing"
RANDOM = "Random"
LAST_HEADING = "许可证"  # "licence", the last section of every copy
WEIGHTS = re.compile(r"https://huggingface\.co/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores and links; raises LayoutChanged."""
    for page in pages:
        text = require_whole_lines(page)
        tables = [table for table in read_markdown(text) if read_cell(table.header[0]).text == MODEL]
        if not tables or not re.search(rf"^#+ {LAST_HEADING}", text, re.MULTILINE):
            raise LayoutChanged(f"{page.name} has no table of models, or breaks off before its end.")
        for table in tables:
            above = SHOTS.findall("\n".join(text.splitlines()[: table.line]))
            if not above:
                raise LayoutChanged(f"{page.name} does not say with how many examples its table was made.")
            yield from read_board(page, table, SETTINGS[above[-1]])


def read_board(page: Page, table: MarkdownTable, setting: str) -> Iterator[Reported | ReportedModel]:
    """Rows of one table."""
    header = tuple(read_cell(cell).text for cell in table.header)
    if header != (MODEL, *AREAS, MEAN):
        raise LayoutChanged(f"{page.name} has other columns than a table of CMMLU.")
    section = ""
    for row in table.rows:
        cells = [read_cell(cell) for cell in row]
        if len(cells) == 1:
            section = cells[0].text
            continue
        if len(cells) != len(header):
            raise LayoutChanged(f"{page.name} has a row with another number of cells than its header.")
        model, link = cells[0].text, cells[0].link
        kind = "baseline" if model == RANDOM else "model"
        is_open = WEIGHTS.fullmatch(link)
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=model, model_kind=kind, source_url=link if is_open else "",
            is_open_weights="yes" if is_open else "",
        )  # fmt: skip
        relationship = "collaborative" if section == NOT_OPEN and kind == "model" else "unknown"
        for column, cell in zip(header[1:], cells[1:], strict=True):
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, model_kind=kind, metric="accuracy", setting=setting,
                benchmark="CMMLU" if column == MEAN else f"CMMLU {column}", score_reported=cell.text,
                score_unit="percent", evaluator_relationship=relationship, is_subset=column != MEAN,
                source_url=link, locator=f"{setting} table, row {shorten(model)}, column {column}",
            )  # fmt: skip
