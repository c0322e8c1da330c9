"""EuroEval (once ScandEval): tests of language models in European languages, each with its uncertainty.

Question  How does each model score on each data set of a language?
Input     one CSV file per language; its cells hold HTML, and a first line above the header names the tasks.
Output    Reported: two metrics per data set with their 95% intervals. Percent, or points for the Matthews correlation,
          which is no share and can be negative. ReportedModel: exact number of parameters, whether merged and open.
Method    https://arxiv.org/abs/2304.00906. Cells read "68.88 ± 1.26 / 71.90 ± 1.10@@68.88": first and second metric of
          the task, then a key for sorting. Which metrics a task has stands in the board's task_config.yaml (METRICS);
          summarisation changed from BERTScore and ROUGE-L to chrF on 2026-03-11. Of a name, what follows # and what
          stands in brackets is the setting, what follows @ the revision; the rest is a Hugging Face repository where
          the name links to it.
Silent    Ranks are computed from the scores, the column European Values measures no ability, and the European file
          holds averages only: the first two are counted, the third is not read. Cells without a score are counted.
"""

import re
from collections.abc import Iterator
from datetime import date

from bs4 import BeautifulSoup

from ingest.columns import TextTable, read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.tables import squash

LANGUAGES = ("danish", "english", "french", "german")
FOLDER = "https://raw.githubusercontent.com/EuroEval/leaderboards/main/leaderboards/"

SOURCE = Source(
    source_id="euroeval",
    title="EuroEval",
    url="https://euroeval.com/leaderboards/",
    licence="MIT",
    attribution="EuroEval (Dan Saattrup Smart), MIT",
    status="live",
    cadence_days=30,
    is_uniform=True,
    files=(
        *(
            File(
                name=f"{language}_all.csv",
                url=f"{FOLDER}{language}_all.csv",
                # The same files were captured into a second folder as well; only one is read.
                captures=rf"euroeval-history/{language}_all(?:_(?P<date>\d{{4}}-\d{{2}}-\d{{2}}))?\.csv",
            )
            for language in LANGUAGES
        ),
        File(
            name="english_nlu.csv",
            url=f"{FOLDER}english_nlu.csv",
            captures=r"euroeval-history/english_nlu\.csv",
        ),
    ),
    bundle_by="file",
)

MCC = "Matthews correlation coefficient"
METRICS = {
    "Sentiment classification": (MCC, "macro F1"), "Named entity recognition": ("micro F1 without MISC", "micro F1"),
    "Linguistic acceptability": (MCC, "macro F1"), "Reading comprehension": ("F1", "exact match"),
    "Knowledge": (MCC, "accuracy"), "Common sense reasoning": (MCC, "accuracy"),
    "Summarization": ("chrF3++", "chrF4++"),
}  # fmt: skip
SUMMARIES_BEFORE = ("BERTScore", "ROUGE-L")
SUMMARIES_CHANGED = date(2026, 3, 11)
CELL = re.compile(r"(-?[\d.,]+) ± ([\d.]+) / (-?[\d.,]+) ± ([\d.]+)@@-?[\d.]+")
NO_SCORE = re.compile(r"-@@-?[\d.]+")
NAME = re.compile(r"(?P<name>[^#@]+?)(?:@(?P<revision>[^#]+?))?(?:#(?P<parameter>.+?))?(?: \((?P<how>[^()]*)\))?")
YES_NO = {"✓": "yes", "✗": "no"}
FACTS = ("Model", "Rank", "Parameters", "Merge")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """All rows of each file; raises LayoutChanged."""
    for page in pages:
        yield from read_page(page)


def read_page(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """One file."""
    lines = read_text_table(page, has_final_newline=False)
    tasks, header = [strip_tags(cell)[0] for cell in lines.header], [strip_tags(cell)[0] for cell in lines.rows[0]]
    table = TextTable(name=page.name, header=tuple(header), rows=lines.rows[1:])
    if not table.rows:
        raise LayoutChanged(f"{page.name} holds no rows.")
    sets = [name for name in header if f"{name}_version" in header]
    metrics = {name: find_metrics(page, tasks, header.index(name)) for name in sets}
    if not sets:
        raise LayoutChanged(f"{page.name} names no data set.")
    versions = [f"{name}_version" for name in sets]
    others = [name if name in header else "" for name in ("Open", "European Values")]
    left_out: dict[str, list[str]] = {}
    for cells in table.pick([*FACTS, *others, *sets, *versions]):
        printed, _, size, merged, is_open, values = cells[:6]
        shown, link = strip_tags(printed)
        match = NAME.fullmatch(shown)
        if not match:
            raise LayoutChanged(f"{page.name} holds a name in another form: {shorten(shown)!r}.")
        name, revision = match["name"], match["revision"] or ""
        scheme = "hf" if link == f"https://hf.co/{name}" else ""
        setting = ", ".join(part for part in (match["parameter"], match["how"]) if part)
        left_out.setdefault("rank, computed from the scores", []).append(shown)
        if values and values != "?":
            left_out.setdefault("European Values, which measures no ability", []).append(shown)
        for place, name_of_set in enumerate(sets):
            cell, version = cells[6 + place], cells[6 + len(sets) + place].partition("@@")[0]
            if NO_SCORE.fullmatch(cell):
                left_out.setdefault("no score printed", []).append(f"{shown}, {name_of_set}")
                continue
            values_printed = CELL.fullmatch(cell)
            if not values_printed:
                raise LayoutChanged(f"{page.name} prints a score in another form: {shorten(cell)!r}.")
            for number, metric in enumerate(metrics[name_of_set]):
                yield Reported(
                    snapshot_id=page.snapshot_id, model=name, name_scheme=scheme, run=revision,
                    benchmark=f"EuroEval {name_of_set}", metric=metric, setting=setting,
                    score_reported=values_printed[1 + 2 * number], score_unit="points" if metric == MCC else "percent",
                    uncertainty=f"{values_printed[2 + 2 * number]} ci95", evaluator_relationship="third_party",
                    locator=f"row {shown}, column {name_of_set}, {metric}", note=f"EuroEval {version}",
                )  # fmt: skip
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=name, name_scheme=scheme, run=revision,
            n_parameters="" if size == "?" else size, parameter_unit="" if size == "?" else "count",
            size_precision="" if size == "?" else "exact", is_merged=YES_NO.get(merged, ""),
            is_open_weights=YES_NO.get(is_open, ""), source_url=link,
        )  # fmt: skip
    for rule, found in left_out.items():
        yield from leave_out(page, rule, found)


def find_metrics(page: Page, tasks: list[str], place: int) -> tuple[str, str]:
    """The two metrics of a data set, from the task over its column; a task may span several columns."""
    named = [task.strip("~") for task in tasks[: place + 1] if task]
    task = named[-1] if named else ""
    if task not in METRICS:
        raise LayoutChanged(f"{page.name} has a column of the unknown task {shorten(task)!r}.")
    if task == "Summarization" and page.content_date < SUMMARIES_CHANGED:
        return SUMMARIES_BEFORE
    return METRICS[task]


def strip_tags(cell: str) -> tuple[str, str]:
    """The text of a cell and the address that it links to ("" for none)."""
    if "<" not in cell:
        return squash(cell), ""
    soup = BeautifulSoup(cell, "lxml")
    link = soup.find("a")
    return squash(soup.get_text()), str(link.get("href") or "") if link else ""
