"""RULER (NVIDIA): synthetic tasks at six context lengths, with the size of every open model.

Question  How well does each model do at 4K to 128K tokens of context, and how large is it?
Input     README.md; its table of models and lengths; four dated copies.
Output    Reported: percent, one benchmark per length ("RULER 4K"). ReportedModel: billions of parameters, active and
          total ("94B/398B"), link to weights.
Method    Model = the text of the cell ("Llama3.1 (70B)"), because several rows share the name before the brackets.
          https://arxiv.org/abs/2404.06654
Silent    Averages over lengths, the claimed length, and the effective length (made from the scores with a threshold)
          are counted as omitted. "-" is no value.

Who tested: the board; a star at a name marks a remark below the table. Where that remark says that the authors of the
model reported the results, they are first party; for other stars nobody is named.
"""

import re
from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.sources._markdown_tables import MarkdownTable, read_cell, read_markdown, require_whole_lines
from ingest.tables import split_markers

SOURCE = Source(
    source_id="ruler",
    title="RULER",
    url="https://github.com/NVIDIA/RULER",
    licence="Apache-2.0",
    attribution="NVIDIA, RULER (Apache-2.0)",
    status="live",
    cadence_days=180,  # the table changed two to eight months apart
    files=(
        File(
            name="README.md",
            url="https://raw.githubusercontent.com/NVIDIA/RULER/main/README.md",
            captures=r"ruler/README(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.md",
        ),
    ),
    bundle_by="file",
)

ABOUT = ("Models", "Claimed Length", "Effective Length")
LENGTH = re.compile(r"\d+K")
COMPUTED = ("Avg.", "wAvg. (inc)", "wAvg. (dec)")
LAST_HEADING = "Citation"  # stands at the end of every copy: without it the page is cut off
SIZE = re.compile(r"(?P<name>.*?)\s*\((?:(?P<active>\d+(?:\.\d+)?)B/)?(?P<total>\d+(?:\.\d+)?)B\)")
# "X-1M results are reported by authors": the first word is what the names of these models begin with.
BY_AUTHORS = re.compile(r"^\s*-\s*([A-Za-z0-9.]+).* results are reported by authors", re.MULTILINE)
WEIGHTS = re.compile(r"https://huggingface\.co/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        text = require_whole_lines(page)
        if not re.search(rf"^#+ .*{LAST_HEADING}", text, re.MULTILINE):
            raise LayoutChanged(f"{page.name} has no section {LAST_HEADING!r} at its end.")
        tables = [table for table in read_markdown(text) if table.header[:1] == ("Models",)]
        if len(tables) != 1:
            raise LayoutChanged(f"{page.name} holds {len(tables)} tables of models instead of one.")
        yield from read_board(page, tables[0], tuple(BY_AUTHORS.findall(text)))


def read_board(
    page: Page, table: MarkdownTable, by_authors: tuple[str, ...]
) -> Iterator[Reported | ReportedModel | Omitted]:
    """Rows of the table; `by_authors` holds the first words of models whose authors reported the results."""
    header = [read_cell(cell).text for cell in table.header]
    lengths = [place for place, name in enumerate(header) if LENGTH.fullmatch(name)]
    if tuple(header[:3]) != ABOUT or tuple(header[3 + len(lengths) :]) != COMPUTED or not lengths:
        raise LayoutChanged(f"{page.name} has other columns than the table of RULER.")
    empty: list[str] = []
    computed: list[str] = []
    for row in table.rows:
        cells = [read_cell(cell) for cell in row]
        texts = [cell.text for cell in cells] + [""] * (len(header) - len(cells))
        size = SIZE.fullmatch(texts[0])
        name, stars = split_markers(size["name"] if size else texts[0])
        if "* " in name:  # the mark stands before a remark in brackets
            name, stars = name.replace("* ", " "), "*"
        model = f"{name} ({texts[0].rpartition('(')[2]}" if size else name
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=model, n_parameters=size["total"] if size else "",
            n_active_parameters=(size["active"] or "") if size else "", parameter_unit="billions" if size else "",
            size_precision="stated" if size else "", is_moe="yes" if size and size["active"] else "",
            source_url=cells[0].link if WEIGHTS.fullmatch(cells[0].link) else "",
            is_open_weights="yes" if WEIGHTS.fullmatch(cells[0].link) else "",
        )  # fmt: skip
        for place in lengths:
            if texts[place] in ("", "-"):
                empty.append(f"{model}, {header[place]}")
                continue
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, benchmark=f"RULER {header[place]}", metric="accuracy",
                score_reported=texts[place], score_unit="percent", source_url=cells[0].link,
                evaluator_relationship=choose_relationship(name, stars, by_authors),
                locator=f"row {shorten(texts[0])}, column {header[place]}",
            )  # fmt: skip
        computed += [f"{model}: {text}" for text in (*texts[1:3], *texts[3 + len(lengths) :]) if text]
    yield from leave_out(page, "no value in the cell", empty)
    yield from leave_out(page, "claimed and effective length, averages over lengths", computed)


def choose_relationship(name: str, stars: str, by_authors: tuple[str, ...]) -> str:
    """Who tested a row."""
    if not stars:
        return "third_party"
    return "first_party" if name.startswith(by_authors) else "unknown"
