"""NLP-progress: tables of best results in language tasks, kept by hand from 2018 to 2024.

Question  Which results did papers of some years reach on older tests?
Input     Markdown pages, one per task, with a table per data set; dated copies of some.
Output    Reported: points (the pages document no unit and mix percentages and fractions); benchmark = heading of the
          table and title of the page; run = authors and year in brackets behind a model's name; source_url = the paper.
Method    Only tables whose first column is "Model" hold results. Where a heading has several of them, the line above
          a table says which part it is of: that is the setting. https://nlpprogress.com
Silent    Numbers of parameters are counted as omitted. A cell with two numbers is no number and gets rejected. A year
          is no day: it stands in evaluated_date as printed and can be compared with nothing.

Lower is better for perplexity, bits per character and error: those columns carry the names that the project knows.
"""

import re
from collections import Counter
from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, Source, leave_out, shorten
from ingest.sources._markdown_tables import MarkdownTable, read_cell, read_markdown, require_whole_lines
from ingest.tables import split_markers

RAW = "https://raw.githubusercontent.com/sebastianruder/NLP-progress/master/english"
TASKS = (
    "common_sense", "constituency_parsing", "language_modeling", "machine_translation", "named_entity_recognition",
    "natural_language_inference", "question_answering", "semantic_parsing", "semantic_textual_similarity",
    "sentiment_analysis", "summarization", "text_classification",
)  # fmt: skip

SOURCE = Source(
    source_id="nlp_progress",
    title="NLP-progress",
    url="https://nlpprogress.com",
    licence="MIT",
    attribution="Sebastian Ruder and contributors, NLP-progress (MIT)",
    status="frozen",  # the last results were added in 2024
    files=tuple(
        File(
            name=f"{task}.md",
            url=f"{RAW}/{task}.md",
            captures=rf"nlp-progress/{task}(?:_(?P<date>\d{{4}}-\d{{2}}-\d{{2}}))?\.md",
        )
        for task in TASKS
    ),
    bundle_by="file",
)

ABOUT = re.compile(r"Model|Authors|Paper.*|Code|Link")
SIZES = re.compile(r"Number of params")
EMPTY = re.compile(r"-*|N/A|–")
CITED = re.compile(r"(?P<model>.+?)[\s,]*\((?P<authors>[^()]*?,?\s*(?P<year>(?:19|20)\d{2}))[a-z]?\)(?P<rest>.*)")
# Lower is better: header -> metric, setting.
LOWER = (
    (re.compile(r"(?P<part>\w*)\s*perplexity", re.IGNORECASE), "perplexity"),
    (re.compile(r"(?:Bit per Character \(BPC\)?|(?P<part>\w*)\s*BPC)", re.IGNORECASE), "bits_per_character"),
    (re.compile(r"(?P<part>)Error", re.IGNORECASE), "error_rate"),
)
EXAMPLE = re.compile(r"Examples?:?")  # stands above a table of examples between a part's name and its results
HUMAN = re.compile(r"human\b.*", re.IGNORECASE)


def parse(pages: list[Page]) -> Iterator[Reported | Omitted]:
    """Scores and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        text = require_whole_lines(page)
        lines = text.splitlines()
        boards = [t for t in read_markdown(text) if len(t.header) > 1 and read_cell(t.header[0]).text == "Model"]
        if not boards:
            raise LayoutChanged(f"{page.name} holds no table of models.")
        several = Counter(table.headings for table in boards)
        for table in boards:
            plain = (line for line in reversed(lines[: table.line - 1]) if line.strip() and "|" not in line)
            above = next((line for line in plain if not EXAMPLE.fullmatch(line.strip())), "")
            part = shorten(read_cell(above.strip().rstrip(":")).text) if several[table.headings] > 1 else ""
            yield from read_board(page, table, part)


def read_board(page: Page, table: MarkdownTable, part: str) -> Iterator[Reported | Omitted]:
    """Rows of one table; `part` says which part of the data set it is of, where the heading does not."""
    header = [split_markers(read_cell(cell).text)[0] for cell in table.header]
    sizes = [place for place, name in enumerate(header) if SIZES.fullmatch(name)]
    scores = [place for place, name in enumerate(header) if not ABOUT.fullmatch(name) and place not in sizes]
    papers = [place for place, name in enumerate(header) if name.startswith("Paper")]
    headings = [heading for heading in table.headings if heading]
    if not headings:
        raise LayoutChanged(f"{page.name} has a table of models without a heading.")
    benchmark = headings[0] if len(headings) == 1 else f"{' / '.join(headings[1:])} ({headings[0]})"
    empty: list[str] = []
    parameters: list[str] = []
    for row in table.rows:
        cells = [read_cell(cell) for cell in row]
        texts = [cell.text for cell in cells] + [""] * (len(header) - len(cells))
        model, run, year = read_model(texts[0])
        parameters += [f"{model}: {texts[place]}" for place in sizes if not EMPTY.fullmatch(texts[place])]
        for place in scores:
            value = split_markers(texts[place])[0]
            if EMPTY.fullmatch(value):
                empty.append(f"{model}, {header[place]}")
                continue
            metric, measured = read_metric(header[place])
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, run=run, benchmark=benchmark, metric=metric,
                model_kind="human" if HUMAN.fullmatch(model) else "system", score_reported=value, score_unit="points",
                setting="; ".join(s for s in (part, measured) if s), evaluated_date=year, read_from="quoted",
                locator=f"table {shorten(headings[-1])}, row {shorten(texts[0])}, column {header[place]}",
                source_url=next((cells[p].link for p in papers if p < len(cells)), ""),
            )  # fmt: skip
    yield from leave_out(page, "no value in the cell", empty)
    yield from leave_out(page, "number of parameters", parameters)


def read_model(text: str) -> tuple[str, str, str]:
    """A model's name, the authors and year behind it, and the year: "ACE (Wang et al., 2021) - single"."""
    match = CITED.fullmatch(split_markers(text)[0])
    if not match:
        return split_markers(text)[0], "", ""
    return f"{match['model']}{match['rest']}".strip(), match["authors"], match["year"]


def read_metric(name: str) -> tuple[str, str]:
    """Metric and setting of a column; metrics where less is better get the project's names."""
    for pattern, metric in LOWER:
        match = pattern.fullmatch(name)
        if match:
            return metric, (match["part"] or "").lower()
    return name, ""
