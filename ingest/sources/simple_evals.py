"""simple-evals (OpenAI): scores of OpenAI's models under its own small harness, beside scores that others reported.

Question  Which scores did OpenAI measure, and which ones did it quote?
Input     README.md with one table of results, six dated copies; multilingual_mmlu_benchmark_results.md.
Output    Reported: percent in the README, fraction in the multilingual table (one row per language, is_subset).
Method    Setting = prompt as printed, and what the header or a section's line states for a column ("F1, 3-shot").
          A section's line that names a test for a column ("MATH-500") renames it for the models below; from 2025-05 a
          footnote says the same: models of o1's time or later were given MATH-500.
Silent    Cells without a value are counted as omitted, so is the average over languages. The default effort is not
          printed for most rows and is not guessed.

Who tested: models of OpenAI first_party; other makers' models in "rerun" rows third_party; reported rows are quoted
from their makers, except SimpleQA, which is younger than the announcements that the rows link to: nobody is named.
"""

import re
from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, Source, leave_out, shorten
from ingest.sources._markdown_tables import MarkdownTable, read_cell, read_markdown, require_whole_lines

RAW = "https://raw.githubusercontent.com/openai/simple-evals/main"

SOURCE = Source(
    source_id="simple_evals",
    title="OpenAI simple-evals",
    url="https://github.com/openai/simple-evals",
    licence="MIT",
    attribution="OpenAI, simple-evals (MIT)",
    status="frozen",  # the page says that it is no longer updated for new models
    files=(
        File(
            name="README.md",
            url=f"{RAW}/README.md",
            captures=r"simple-evals/README(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.md",
        ),
        File(
            name="multilingual_mmlu_benchmark_results.md",
            url=f"{RAW}/multilingual_mmlu_benchmark_results.md",
            captures=r"simple-evals/multilingual_mmlu_benchmark_results\.md",
        ),
    ),
    bundle_by="file",
    open_end=r"README_2024-05-13\.md",
)

LAST_HEADING = "## Legal Stuff"  # stands near the end of every copy: without it the page is cut off
EMPTY = ("", "-", "n/a", "N/A")
# Sections of models of o1's time or later, as the footnote on MATH describes them.
SINCE_O1 = ("o1", "o3", "o3-mini", "o4-mini", "GPT-4.1", "GPT-4.5-preview")
MATH, MATH_500 = "MATH", "MATH-500"
IN_BRACKETS = re.compile(r"(.*?)\s*\((.*)\)")
METRIC = re.compile(r"F1(?:,\s*)?")
AVERAGE = "Average"


def parse(pages: list[Page]) -> Iterator[Reported | Omitted]:
    """Scores and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        if "multilingual" in page.name:
            yield from read_languages(page)
            continue
        text = page.text()
        if LAST_HEADING not in text:
            raise LayoutChanged(f"{page.name} has no section {LAST_HEADING.strip('# ')!r} at its end.")
        tables = [t for t in read_markdown(text) if len(t.header) > 5 and t.header[:2] == ("Model", "Prompt")]
        if len(tables) != 1:
            raise LayoutChanged(f"{page.name} holds {len(tables)} tables of models and prompts instead of one.")
        yield from read_results(page, tables[0])


def read_results(page: Page, table: MarkdownTable) -> Iterator[Reported | Omitted]:
    """Scores of a README."""
    header = [read_cell(cell).text for cell in table.header]
    columns = [read_column(text) for text in header]
    section, stated = "", [""] * len(header)
    empty: list[str] = []
    for row in table.rows:
        cells = [read_cell(cell) for cell in row]
        texts = [cell.text for cell in cells] + [""] * (len(header) - len(cells))
        if len(cells) > 1 and not texts[1]:
            section, stated = texts[0], texts
            continue
        model, prompt = texts[:2]
        reader = choose_reader(section)
        for place in range(2, len(header)):
            benchmark, metric, setting = columns[place]
            if texts[place] in EMPTY:
                empty.append(f"{model}, {benchmark}")
                continue
            told = stated[place]
            if benchmark == MATH and (told == MATH_500 or section in SINCE_O1):
                benchmark, told = MATH_500, ""
            relationship, read_from = reader
            if read_from == "quoted" and benchmark == "SimpleQA":
                relationship = "unknown"
            settings = [setting, told.strip("()"), "" if prompt in EMPTY else f"prompt: {prompt}"]
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, benchmark=benchmark, metric=metric,
                setting="; ".join(s for s in settings if s), score_reported=texts[place], score_unit="percent",
                evaluator_relationship=relationship, read_from=read_from, source_url=cells[0].link,
                locator=f"row {shorten(model)} ({shorten(prompt)}), column {header[place]}",
                note=shorten(f"section {section}", 200) if section else "",
            )  # fmt: skip
    yield from leave_out(page, "no value in the cell", empty)


def read_column(text: str) -> tuple[str, str, str]:
    """Benchmark, metric and setting of a column: "DROP (F1, 3-shot)" -> DROP, F1, 3-shot."""
    match = IN_BRACKETS.fullmatch(text)
    if not match:
        return text, "", ""
    metric = METRIC.match(match[2])
    return match[1], "F1" if metric else "", METRIC.sub("", match[2], count=1)


def choose_reader(section: str) -> tuple[str, str]:
    """Who tested the rows of a section, and where they are read from."""
    words = section.casefold()
    if "rerun" in words:
        return "third_party", "page"
    if "report" in words:
        return "first_party", "quoted"
    return "first_party", "page"


def read_languages(page: Page) -> Iterator[Reported | Omitted]:
    """Scores by language."""
    tables = read_markdown(require_whole_lines(page))
    if len(tables) != 1 or tables[0].header[0] != "Language":
        raise LayoutChanged(f"{page.name} does not hold the one table of languages.")
    header = [read_cell(cell).text for cell in tables[0].header]
    averages: list[str] = []
    for row in tables[0].rows:
        texts = [read_cell(cell).text for cell in row]
        if len(texts) != len(header):
            raise LayoutChanged(f"{page.name} has a row with another number of cells than its header.")
        for model, value in zip(header[1:], texts[1:], strict=True):
            if texts[0] == AVERAGE:
                averages.append(f"{model}: {value}")
                continue
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, benchmark=f"Multilingual MMLU ({texts[0]})",
                score_reported=value, score_unit="fraction", evaluator_relationship="first_party", is_subset=True,
                locator=f"row {texts[0]}, column {shorten(model)}",
            )  # fmt: skip
    yield from leave_out(page, "average over languages", averages)
