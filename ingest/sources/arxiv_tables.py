"""Score tables of papers, read from the HTML that arXiv (or ar5iv) makes of them.

Question  Which model scored what on which benchmark, according to the tables of a paper?
Input     HTML pages of the papers listed in data/facts/papers.csv, one page per paper and version, or the tables of such
          a page alone (a JSON list of table_content and table_caption).
Output    One `Reported` per score cell (text as printed), one `ReportedModel` per model whose size is printed, and
          `Omitted` for the rest.
Method    `score_tables` reads each table; here stands what is true of the paper as a whole. Its title names the authors'
          own models, and a survey quotes others. Its date is that of arXiv's watermark. A score that a later table
          prints again is one more reading of the same run. An ar5iv page is read where no arXiv page can be.
Silent    A page without a score table is left out and counted.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape

import pandas as pd

from data.vocabulary import UNREAD_TABLE
from ingest.facts import Facts
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out
from ingest.score_tables import read_grid, read_made
from ingest.table_blocks import split_blocks
from ingest.table_drafts import Tally, trim_zeros
from ingest.table_models import FAMILY, Names, describe
from ingest.tables import read_latexml, squash

SOURCE = Source(
    source_id="arxiv_tables",
    title="Tables of arXiv papers",
    url="https://arxiv.org",
    licence="per paper",
    attribution="The authors of each paper, via arXiv",
    status="captured_only",
    bundle_by="date",
)
SHOT_COUNT = re.compile(r"(\d+)[- ]?shots?", re.IGNORECASE)
WATERMARK = re.compile(r"arXiv:(\d{4}\.\d{4,5})(v\d+)\s*\[[\w.\-]+\]\s*(\d{1,2} [A-Z][a-z]{2} \d{4})")
SURVEY = re.compile(r"<title>[^<]*\b(?:survey|overview|review)\b", re.IGNORECASE)
# A title that names the models of its authors: "Gemma: Open Models ...", "Qwen2.5-Coder Technical Report".
TITLE = re.compile(
    r"(?:Introducing |The |\d )?(?P<name>(?:K-)?[A-Za-z]+)(?:[ -]?[KMVR]?v?\d+(?:\.\d+)*(?:[BbMkK]|V)?)*"
    r"(?:[ -](?:LLM|VL|Coder|Math|Audio|Omni|Large|Mini|Nano|Flash|Thinking|MoE|Edge|Chat|Code|Base|R1|V))*"
    r"(?:[ -]?v?\d+(?:\.\d+)*[BbM]?)*"
    r"(?P<end> ?:| ?$| technical report| of experts| herd of models| model card| system card| furious)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"//(ar5iv)?[^/]*/(?:html|abs|pdf)/(\d{4}\.\d{4,5})(v\d+)?")


def files(facts: Facts | Mapping[str, pd.DataFrame]) -> tuple[File, ...]:
    """The pages to fetch: for each row of papers.csv the arXiv page of that version (no version: the newest), then its
    ar5iv twin as a fallback; the tables alone where a mirror kept nothing else.

    facts  The facts of a build, or its tables by name; only papers is read.
    """
    papers = facts["papers"] if isinstance(facts, Mapping) else facts.papers
    found = []
    for arxiv_id, version in papers[["arxiv_id", "version"]].itertuples(index=False):
        name, plain = f"{arxiv_id}{version}", re.escape(arxiv_id)
        here = rf"arxiv-html-pages/{plain}{re.escape(version)}\.html"
        twin = rf"arxiv-html-pages/{plain}\.ar5iv\.html"
        found.append(File(name=f"{name}.html", url=f"https://arxiv.org/html/{name}", captures=here))
        found.append(
            File(name=f"{arxiv_id}.ar5iv.html", url=f"https://ar5iv.labs.arxiv.org/html/{arxiv_id}", captures=twin)
        )
        found.append(File(name=f"{name}-tables.json", url=None, captures=rf"arxiv-html/{plain}-tables\.json"))
    return tuple(found)


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Rows of all papers of a bundle; an ar5iv page is read only where no arXiv page of that paper can be.

    A page without any score table is left out and counted, so that one paper's failure does not hide the others;
    raises LayoutChanged when no page of the bundle can be read.
    """
    # arXiv before ar5iv and tables alone, so that a copy knows whether it is needed.
    order = sorted(
        ((ADDRESS.search(p.url), p) for p in pages),
        key=lambda pair: (bool(pair[0] and pair[0][1]) or is_tables_alone(pair[1]), pair[1].name),
    )
    done: set[str] = set()
    problem: LayoutChanged | None = None
    for address, page in order:
        arxiv_id = address[2] if address else page.name
        if address and (address[1] or is_tables_alone(page)) and arxiv_id in done:
            yield from leave_out(page, "ar5iv copy of a paper read from arXiv", [page.name])
            continue
        rows: list[Reported | ReportedModel | Omitted] = []
        problem_here = LayoutChanged(f"{page.name} holds no table that sets known models against known benchmarks.")
        try:
            rows = read_paper(page, f"{arxiv_id}{(address and address[3]) or ''}")
        except LayoutChanged as error:
            problem_here = error
        if not any(isinstance(row, Reported) for row in rows):
            problem = problem_here
            yield from leave_out(page, "page without a readable score table", [page.name])
            yield from (row for row in rows if isinstance(row, Omitted) and row.rule.startswith(UNREAD_TABLE))
            continue
        done.add(arxiv_id)
        yield from rows
    if problem and not done:
        raise problem


def read_paper(page: Page, name: str) -> list[Reported | ReportedModel | Omitted]:
    """Rows of one paper; a score that a later table of the same paper repeats belongs to the run of the first.

    Papers repeat a model's row from table to table. It is one run of the test, so it must not become two evaluations:
    the later reading carries the names and the setting of the first, and only its place says where it stands. A repeat
    printed with fewer or more digits is left out and counted, as one page may not print two values of a run.
    """
    html = join_tables(page.text()) if is_tables_alone(page) else page.text()
    grids = read_latexml(html)
    made = frozenset(label for grid in grids for block in split_blocks(grid) for label in read_made(block))
    names = Names(read_own_models(html), made)
    # A survey runs no tests: it repeats what others printed.
    read_from = "quoted" if SURVEY.search(html) else "page"
    mark = WATERMARK.search(html)
    listed = mark[3] if mark else ""
    tally: Tally = defaultdict(list)
    seen: dict[tuple[str, str, str], tuple[int, Reported]] = {}
    scores: list[Reported] = []
    models: dict[str, ReportedModel] = {}
    n_unlabelled = 0
    for number, grid in enumerate(grids):
        label = re.sub("^TABLE", "Table", grid.label)
        drafts = list(read_grid(grid, names, tally))
        if drafts and not label:
            n_unlabelled += 1
            label = f"uncaptioned score table {n_unlabelled}"
        for draft in drafts:
            model = draft.model
            row = replace(
                draft.row,
                snapshot_id=page.snapshot_id,
                run=f"{name} {label}",
                locator=f"{label}, {draft.row.locator}",
                listed_date=listed,
                read_from=read_from,
            )
            key = (re.sub(r"[^a-z0-9.]", "", row.model.lower()), draft.key, trim_zeros(row.score_reported))
            table, first = seen.setdefault(key, (number, row))
            if table != number and is_same_run(first, row):
                if row.score_reported.rstrip(" %") != first.score_reported.rstrip(" %"):
                    tally["score repeated from an earlier table with other digits"].append(
                        f"{label}: {row.model}, {row.benchmark} {row.score_reported}"
                    )
                    continue
                row = replace(first, locator=f"{first.locator}; printed again in {row.locator}", note=row.note)
            scores.append(row)
            stated = describe(model)
            if stated:
                models.setdefault(row.model, ReportedModel(snapshot_id=page.snapshot_id, model=row.model, **stated))
    left_out = [row for rule, examples in tally.items() for row in leave_out(page, rule, examples)]
    return [*scores, *models.values(), *left_out]


def is_tables_alone(page: Page) -> bool:
    """True for a file that holds the tables of a page and nothing else."""
    return page.name.endswith(".json")


def join_tables(text: str) -> str:
    """Tables that were kept alone, as the least of a page around them; raises LayoutChanged for another JSON."""
    try:
        tables = [(t["table_content"], t["table_caption"]) for t in json.loads(text)]
    except (ValueError, TypeError, KeyError) as error:
        raise LayoutChanged("The file is no JSON list of table_content and table_caption.") from error
    figures = []
    for content, caption in tables:
        label, _, words = caption.partition(":")
        tag = f'<span class="ltx_tag">{escape(label)}: </span>'
        figures.append(f'<figure class="ltx_table"><p class="ltx_caption">{tag}{escape(words)}</p>{content}</figure>')
    body = "".join(figures)
    return f'<html><head><title></title></head><body><article class="ltx_document">{body}</article></body></html>'


def is_same_run(first: Reported, later: Reported) -> bool:
    """True when two equal values of one model on one test may be one run: nothing printed beside them tells them apart."""
    metrics, shots = (
        [{r.metric.lower()} - {""} for r in (first, later)],
        [set(SHOT_COUNT.findall(r.setting)) for r in (first, later)],
    )
    return all(not a or not b or a == b for a, b in (metrics, shots))


def read_own_models(html: str) -> re.Pattern[str] | None:
    """Pattern of the names of the authors' own models, where the paper is named after them; None for other titles.

    "Gemma: Open Models ..." and "Phi-3 Technical Report" are by the makers; "Llama-Adapter: ..." names another thing
    than Llama, so only a bare family name with a version or size counts.
    """
    title = re.search(r"<title>\s*(?:\[[^\]]*\]\s*)?([^<]*)", html)
    named = TITLE.match(squash(title[1])) if title else None
    if not named:
        return None
    # A report names its models whatever they are called; before a colon other things than models are named too.
    is_report = named["end"].strip().lower() in ("technical report", "model card", "system card")
    is_known = is_report or FAMILY.fullmatch(named["name"])
    return re.compile(re.escape(named["name"]) + "(?![a-z])", re.IGNORECASE) if is_known else None
