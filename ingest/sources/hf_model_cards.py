"""Hugging Face model cards: scores in a card's YAML metadata and in the tables of its text.

Question  Which scores does the card of a model print, and who measured them?
Input     one README.md per repository: YAML front matter with `model-index`
          (https://huggingface.co/docs/hub/model-cards#evaluation-results), then Markdown and HTML.
Output    Reported per metric of the model-index, per score cell of a table and per line of an lm-evaluation-harness
          table; ReportedModel: base model and whether it is a merge.
Method    The model is the repository; where an entry's source is the Open LLM Leaderboard, it is the repository that
          the source's address names. Tables are read like those of papers (`score_tables`): known models against known
          benchmarks. An entry without source is the maker's own. A copy of a board's value is read as quoted.
          Units: entries of the first leaderboard are percent, those of its result files fractions, MT-Bench is points.
          Other entries of one source and metric in one card share a scale: percent when one of them is above 1; when
          none is, a fraction only if the card's text prints one of them times a hundred. Else the unit is not stated,
          and the value gets rejected. Harness tables hold fractions, unless a value above 1 shows that the card
          rescaled them.
Silent    Counted as omitted: values of Open LLM Leaderboard v2, which are normalised there (chance is 0) and would
          never compare with raw ones; tables of the leaderboards' results that repeat the model-index; a value that the
          card has printed before.

A run is a table of a card: the same comparison in two cards is two readings, each with its own address.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml
from bs4 import BeautifulSoup, Tag

from data import named_sizes, units
from ingest.records import (
    File,
    LayoutChanged,
    Omitted,
    Page,
    Reported,
    ReportedModel,
    Source,
    leave_out,
    read_number,
    shorten,
)
from ingest.score_tables import read_grid
from ingest.settings import lacks_tools
from ingest.sources._markdown_tables import REPOSITORY, RESULTS, RULE, MarkdownTable, read_cell, read_markdown
from ingest.table_drafts import trim_zeros
from ingest.table_models import BASE, HAS_VARIANT, INSTRUCT, OURS, SIZE, Names, describe
from ingest.table_names import AVERAGE, BENCHMARKS, read_benchmark, read_caption
from ingest.table_owners import (
    about_one_model,
    has_two_lists,
    heading_model,
    side_by_side,
    with_own_name,
    with_sizes_named,
)
from ingest.tables import (
    EDGE_SHAPES,
    Cell,
    Grid,
    is_missing,
    is_number,
    lay_out,
    split_markers,
    squash,
    unstack,
    with_points,
    without_citations,
)

SOURCE = Source(
    source_id="hf_model_cards",
    title="Hugging Face model cards",
    url="https://huggingface.co/models",
    licence="per card",
    attribution="The authors of each model card, via Hugging Face",
    status="captured_only",
    files=(File(name="README.md", url=None, captures=r"hf-model-cards/[^/]+\.md"),),
    bundle_by="file",
    open_end=r".*\.md",  # every second card
)

FRONT = re.compile(r"\s*---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", re.DOTALL)
QUERY = re.compile(r".*/open_llm_leaderboard\?query=([\w.-]+/[\w.-]+)")
SECOND_BOARD = "/open-llm-leaderboard/"  # the address of the second board's space; the first one's is HuggingFaceH4/...
BOARD, RESULT_FILES = "Open LLM Leaderboard", "Open LLM Leaderboard Results"
NORMALISED = ("ifeval", "bbh", "math lvl 5", "gpqa", "musr", "mmlu-pro")
SHOTS = re.compile(r"\s*\((\d+)[- ]shot\)", re.IGNORECASE)
MATH_LEVEL = re.compile(r"math[- ](?:lvl|\|v\|)[- ]?5", re.IGNORECASE)  # one card spells it "Math-|v|-5"
RESCALED = "normalised value of Open LLM Leaderboard v2"
UNSTATED = "unit not stated"
OTHER_FORMS = {"ai2reasoningchallenge": "arcchallenge", "arc": "arcchallenge", "truthful_qa": "truthfulqa"}
NO_METRIC = ("", "unknown")
PART = re.compile(r"\s*-|(?:agieval|bigbench|mmlu|hendrycksTest)[_-].*")
ANNOUNCES = re.compile(r".*:(?:\*\*)?|\*\*[^*]+\*\*.*|.*\b(?:table below|following table)[^.]*\.")
# What a heading says of the models below it: how they were run.
MODE = re.compile(
    r"\b(?:non-?\s?)?(?:thinking|reasoning) modes?\b|\bcode[- ]inter?preter\b|"
    r"\b(?:with|w/|using) (?:tools?|python|code|search|retrieval)\b|\btool[- ](?:use|integrated)\b",
    re.IGNORECASE,
)
COMPARES = re.compile(r"\b(?:compar\w+|results?|leaderboard)\b", re.IGNORECASE)
TAGS_ALONE = re.compile(r"(?:</?[A-Za-z][^<>]*>\s*)*")
ADDRESS = re.compile(r"\s*\((?:https?://)[^()\s]*\)")  # behind what announces a table
TITLE_WORDS = re.compile(
    r"\b(?:scores?|results?|performance|evaluations?|benchmarks?|leaderboard|average(?: turn)?)\b", re.IGNORECASE
)
# The same in Chinese, behind a test's name.
TITLE_END = re.compile(r" ?(?:各项|评测|测试)?(?:分数|结果|成绩|榜单|性能|得分)$")
NAMED_REPOSITORY = re.compile(r".*\S \(([A-Za-z][\w.-]*/(?=[\w.-]*\d)[A-Za-z][\w.-]*)\)")  # "Zephyr (maker/zephyr-7b)"
BOARD_HEADING = re.compile(r"open llm leaderboard evaluation results", re.IGNORECASE)  # of tables that the board wrote
MIN_KIN = 4  # letters and digits of a card's name before names that begin with it are taken for models
FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
LINE_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
HARNESS = ("Metric", "Value", "Stderr")
FILTER = "filter "  # in a setting, before the name of a harness's answer filter
RESULT_PARTS = {"task", "metrics", "source"}  # of a result, beside its data set
NO_DATA_SET = "model-index entry without a data set, a metric or a value"


@dataclass(frozen=True)
class Entry:
    """One metric of the model-index."""

    model: str
    is_repository: bool
    benchmark: str
    metric: str
    setting: str
    value: str
    source: str
    address: str
    place: str


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about the model and counts of what was left out, card by card; raises LayoutChanged."""
    for page in pages:
        yield from read_card(page)


def read_card(page: Page, model: str = "") -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that one card says. A value that it prints a second time is left out there.

    model  The model of a card that stands elsewhere than on Hugging Face.
    """
    text = page.text()
    front, body = split_front(page, text)
    address = REPOSITORY.fullmatch(page.url.split("/raw/")[0])
    tally: defaultdict[str, list[str]] = defaultdict(list)
    entries = list(read_index(page, front, address[1] if address else "", tally))
    named = name_card(page, address[1] if address else "", entries)
    name, is_repository = (model, False) if model else named
    seen: dict[tuple[str, str, str, str], set[tuple[str, tuple[str, str]]]] = defaultdict(set)
    stated: dict[tuple[str, str], dict[str, str]] = {}
    index = {form(e.benchmark) for e in entries}
    rows = [
        *read_entries(entries, body, tally),
        *read_body(body, name, (is_repository, not model), tally, stated, index),
    ]
    for row in rows:
        mode = filter_of(row.setting)
        key = (row.model.rpartition("/")[2].casefold(), form(row.benchmark), in_percent(row), mode)
        # Two metrics or settings of one test in one table are two scores, also where they have one value.
        earlier, how = seen[key], (row.metric, row.setting)
        is_repeated = any(run != row.run or how == other for run, other in earlier)
        earlier.add((row.run, how))
        if is_repeated and not row.locator.startswith("model-index"):
            again = f"{row.model}, {row.benchmark} {row.score_reported}"
            tally["value that the card prints a second time"].append(again)
            continue
        table = "" if row.locator.startswith("model-index") else f", {row.run}"
        yield replace(row, snapshot_id=page.snapshot_id, run=f"{name}{table}")
    parents = front.get("base_model") or []
    parents = sorted({parents} if isinstance(parents, str) else {p for p in parents if isinstance(p, str)})
    tags = front.get("tags") or []
    yield ReportedModel(
        snapshot_id=page.snapshot_id,
        model=name,
        name_scheme="hf" if is_repository else "",
        base_model=parents[0] if len(parents) == 1 else "",
        is_merged="yes" if len(parents) > 1 or "merge" in tags else "",
        **stated.pop((name, "hf" if is_repository else ""), {}),
    )
    for (other, scheme), facts in stated.items():
        yield ReportedModel(snapshot_id=page.snapshot_id, model=other, name_scheme=scheme, **facts)
    for rule, listed in tally.items():
        yield from leave_out(page, rule, listed)


def in_percent(row: Reported) -> str:
    """A printed score without its last zeros, a fraction as percent: one value, however often a card prints it."""
    text = trim_zeros(row.score_reported)
    number = read_number(text) if row.score_unit == "fraction" else None
    return text if number is None else trim_zeros(f"{number * 100:.6f}")


def split_front(page: Page, text: str) -> tuple[dict[str, Any], str]:
    """Metadata, every value as printed, and the text after it; raises LayoutChanged."""
    match = FRONT.match(text)
    if not match:
        if text.lstrip().startswith("---"):
            raise LayoutChanged(f"{page.name} ends inside its metadata.")
        return {}, text
    try:
        front = yaml.load(match[1], Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise LayoutChanged(f"{page.name} has metadata that is not YAML.") from error
    if not isinstance(front, dict):
        raise LayoutChanged(f"{page.name} has metadata that is not a mapping.")
    return front, text[match.end() :]


def name_card(page: Page, repository: str, entries: list[Entry]) -> tuple[str, bool]:
    """The card's model: its repository, or the one that its leaderboard entries name; else the file's name."""
    if repository:
        return repository, True
    plain = page.name.removesuffix(".md")
    named = {e.model for e in entries if e.is_repository and e.model.rpartition("/")[2].casefold() == plain.casefold()}
    return (named.pop(), True) if len(named) == 1 else (plain, False)


def read_index(
    page: Page, front: dict[str, Any], repository: str, tally: defaultdict[str, list[str]]
) -> Iterator[Entry]:
    """The metrics of the model-index; an entry that lacks what it measured is counted in `tally`.

    Raises LayoutChanged when the whole is not built as documented, or when a part of it has another name.
    """
    models = front.get("model-index") or []
    is_built = isinstance(models, list) and all(isinstance(m, dict) and "results" in m for m in models)
    results = [(n, m, r) for n, m in enumerate(models, start=1) for r in m["results"] or []] if is_built else []
    if not is_built or any(
        not isinstance(r, dict) or ("dataset" not in r and set(r) - RESULT_PARTS) for *_, r in results
    ):
        raise LayoutChanged(f"{page.name} has a model-index that is not built as documented.")
    for number, model, result in results:
        metrics = result.get("metrics")
        for metric in metrics if isinstance(metrics, list) else []:
            entry = read_entry(model, result, metric, repository, number)
            if entry:
                yield entry
            else:
                tally[NO_DATA_SET].append(f"model-index {number}: {metric}")


def read_entry(
    model: dict[str, Any], result: dict[str, Any], metric: object, repository: str, number: int
) -> Entry | None:
    """One metric of a result, None when it does not say of which data set or with which value."""
    dataset, source = result.get("dataset"), result.get("source") or {}
    if not (isinstance(dataset, dict) and isinstance(metric, dict) and isinstance(source, dict)):
        return None
    texts = [dataset.get("name"), metric.get("value"), repository or model.get("name")]
    if not all(isinstance(t, str) and t.strip() for t in texts):
        return None
    test, value, name = map(str, texts)
    printed, kind, address = (str(t or "") for t in (metric.get("name"), metric.get("type"), source.get("url")))
    query = QUERY.fullmatch(address)
    measure = printed if kind in NO_METRIC or "/" in kind else kind
    # Some cards name the test where the metric belongs, and the training data where the test does.
    if kind == printed and read_benchmark([SHOTS.sub("", kind)]):
        test, measure = kind, ""
    args = dataset.get("args")
    shots = args.get("num_few_shot") if isinstance(args, dict) else None
    stated = SHOTS.search(test)
    shots = shots if isinstance(shots, str) else stated[1] if stated else ""
    return Entry(
        model=query[1] if query else name,
        is_repository=bool(query or repository),
        benchmark=SHOTS.sub("", test),
        metric="" if measure in NO_METRIC else measure,
        setting=f"{shots}-shot" if shots else "",
        value=value,
        source=str(source.get("name") or ""),
        address=address,
        place=f"model-index {number}, {test}, {printed or kind}",
    )


def read_entries(entries: list[Entry], body: str, tally: defaultdict[str, list[str]]) -> Iterator[Reported]:
    """The metrics of the model-index with their units."""
    groups: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        is_second = SECOND_BOARD in entry.address or entry.benchmark.casefold() in NORMALISED
        if entry.source == BOARD and is_second:
            tally[RESCALED].append(f"{entry.model}, {entry.benchmark} {entry.value}")
        else:
            # pass@1 and pass@10 share a scale; BLEU beside them need not.
            groups[entry.source, entry.address, entry.metric.partition("@")[0]].append(entry)
    for (source, _, _), group in groups.items():
        scale = read_scale([e for e in group if not has_points(e)], body)
        for entry in group:
            unit = {BOARD: "percent", RESULT_FILES: "fraction"}.get(source, scale)
            number = read_number(entry.value)
            if unit == scale == "percent" and source != BOARD and number is not None and 0 < number < 1:
                # Beside percentages a value below 1 is a fraction or a very low percentage: nothing tells which.
                unit = UNSTATED
            yield Reported(
                snapshot_id="",
                model=entry.model,
                name_scheme="hf" if entry.is_repository else "",
                benchmark=entry.benchmark,
                metric=entry.metric,
                setting=entry.setting,
                score_reported=entry.value,
                score_unit="points" if has_points(entry) else "percent" if entry.value.endswith("%") else unit,
                evaluator_relationship=read_evaluator(source, entry.address),
                read_from="quoted" if source in (BOARD, RESULT_FILES) else "page",
                locator=entry.place,
                source_url=entry.address if entry.address.startswith("http") else "",
            )


def is_judged(benchmark: str) -> bool:
    """MT-Bench: a judge's points from 1 to 10."""
    return form(benchmark) == "mtbench"


def has_points(entry: Entry) -> bool:
    """An entry whose values are points: a judge's, or a metric without an upper end (perplexity, loss)."""
    return is_judged(entry.benchmark) or is_unbounded(entry.metric, entry.benchmark)


def read_evaluator(source: str, address: str) -> str:
    """Who measured: the leaderboard's makers, the card's author where no source is given, else not told."""
    if source in (BOARD, RESULT_FILES):
        return "third_party"
    return "unknown" if source or address else "first_party"


def read_scale(group: list[Entry], body: str) -> str:
    """The scale that the values of one source share in a card; UNSTATED when nothing tells."""
    numbers = [n for n in (read_number(e.value) for e in group if not e.value.endswith("%")) if n is not None]
    if any(n > 1 for n in numbers):
        return "percent"
    for number in numbers:
        times = f"{number * 100:.2f}".rstrip("0").rstrip(".")
        # Two digits stand in any text by chance; three with a decimal point hardly.
        if "." in times and re.search(rf"(?<![\d.]){re.escape(times)}0?(?![\d])", body):
            return "fraction"
    return UNSTATED


def form(name: str) -> str:
    """A benchmark's name without case and punctuation, one form for all spellings that are known."""
    plain = re.sub(r"[^a-z0-9+_]", "", SHOTS.sub("", name).casefold())
    plain = OTHER_FORMS.get(plain, plain)
    return BENCHMARKS.get(plain, plain)


def read_body(
    body: str,
    name: str,
    kind: tuple[bool, bool],
    tally: defaultdict[str, list[str]],
    stated: dict[tuple[str, str], dict[str, str]],
    index: set[str],
) -> Iterator[Reported]:
    """Scores of the tables in a card's text; what they state about models goes to `stated`, by name and scheme.

    kind   Whether `name` is that of a repository, and whether the page is the card of one model, not of a project.
    index  Forms of the tests of the model-index: a table of metrics and values repeats them.
    """
    is_repository, is_card = kind
    plain = name.rpartition("/")[2] if is_card else ""
    # What a page has in a comment is what it does not show; its lines are kept.
    body = COMMENT.sub(lambda m: "\n" * m[0].count("\n"), body)
    words = [re.escape(w) for w in re.split(r"[-_ .]+", name.rpartition("/")[2]) if w]
    # Without a size beside it the family's name alone is the card's model too.
    sized = f"(?:[-_ .]*{words[-1]})?" if len(words) > 1 and SIZE.fullmatch(name.rpartition("-")[2]) else ""
    own = re.compile("[-_ .]*".join(words[:-1] if sized else words) + sized + "$", re.IGNORECASE)
    is_long = len("".join(words)) >= MIN_KIN
    kin = re.compile("[-_ .]*".join(words) + r"[-_ .]\w[\w.\- ]*(?:\(\w+\))?", re.IGNORECASE) if is_long else None
    names = Names(own, kin=kin)
    grids: list[tuple[Grid, dict[str, str], tuple[str, ...]]] = []
    for number, table in enumerate(read_markdown(body), start=1):
        place = f"Markdown table {number}" + (f" ({shorten(table.headings[-1], 60)})" if table.headings else "")
        header = [read_cell(cell).text for cell in table.header]
        if [h.casefold() for h in header] == ["metric", "value"]:
            listed = [row for row in table.rows if not RULE.fullmatch("|".join(row))]
            repeated = [row for row in listed if form(row[0]) in index or AVERAGE.search(row[0])]
            rule = "table of metrics and values, as in the model-index"
            tally[rule].extend(f"{place}: {' '.join(row)}" for row in repeated)
            table = replace(table, rows=tuple(row for row in listed if row not in repeated))
        if not table.rows:
            continue
        if set(HARNESS) <= set(header):
            yield from read_harness(table, header, place, name, is_repository)
        else:
            grid, links = read_markdown_grid(table, place, announce(body.splitlines(), table))
            grid = with_sizes_named(with_own_name(grid, plain), name.rpartition("/")[2])
            of_one = about_one_model(grid, heading_model(table.headings, name, is_card))
            grids += [(part, links, table.headings) for part in ([of_one] if of_one else side_by_side(grid))]
    if "<table" in body.lower():
        # A table that holds tables only sets them side by side.
        soup = BeautifulSoup(with_headings(body), "lxml")
        for number, element in enumerate((t for t in soup.select("table") if not t.select("table")), start=1):
            rows = [
                [cell for cell in row.find_all(["td", "th"]) if cell.find_parent("tr") is row]
                for row in element.find_all("tr")
                if row.find_parent("table") is element
            ]
            links = {squash(a.get_text(" ")): str(a["href"]) for a in element.select("a[href]")}
            headings = headings_over(element)
            grid = Grid(lay_out(rows), f"HTML table {number}", "", headings[-1] if headings else "", "")
            grid = with_sizes_named(grid, name.rpartition("/")[2])
            grids.append((about_one_model(grid, heading_model(headings, name, is_card)) or grid, links, headings))
    # The names that tables of base models print; below a heading for tuned ones they are other models.
    bases: set[str] = set()
    for grid, _, headings in grids:
        if grid.rows and grid.rows[0] and variant_of(headings) is BASE:
            bases |= {bare_name(d.row.model) for d in read_grid(grid, names, defaultdict(list))}
    for grid, links, headings in grids:
        if not grid.rows or not grid.rows[0]:
            continue
        if has_two_lists(grid):
            tally["table with two lists side by side"].extend(
                f"{grid.label}: {grid.text(r, 0)}" for r in range(1, len(grid.rows)) if grid.text(r, 0)
            )
            continue
        is_boards = bool(headings) and bool(BOARD_HEADING.search(headings[-1]))
        normalised = NORMALISED if is_boards or is_second_board(grid) else ()
        mode = next((m[0] for h in (grid.caption, *reversed(headings)) if (m := MODE.search(h))), "")
        released = {text.casefold() for text, link in links.items() if REPOSITORY.fullmatch(link.split("?")[0])}
        for draft in read_grid(grid, replace(names, made=frozenset(released)), tally):
            by_us = bool(OURS.search(draft.row.model))
            row = replace(draft.row, model=squash(OURS.sub(" ", draft.row.model)))
            if row.benchmark.casefold() in normalised or (normalised and MATH_LEVEL.match(row.benchmark)):
                tally[RESCALED].append(f"{grid.label}, {row.locator}")
                continue
            # What a column says of a row ("Tool-Integrated | w/o") wins over the heading above its table.
            if mode and not HAS_VARIANT.search(row.setting) and not lacks_tools(row.setting):
                row = replace(row, setting=", ".join(dict.fromkeys(t for t in (row.setting, mode) if t)))
            is_tuned = variant_of(headings) is INSTRUCT and bare_name(row.model) in bases
            if is_tuned and SIZE.search(row.model) and not HAS_VARIANT.search(row.model):
                row = replace(row, model=f"{row.model} Instruct")
            is_own = bool(own.match(row.model)) or (is_repository and row.model.casefold() == name.casefold())
            linked = REPOSITORY.fullmatch(links.get(row.model, "").split("?")[0]) or NAMED_REPOSITORY.fullmatch(
                row.model
            )
            # A link to another size of the family is a slip of the page: its scores are of the model that it prints.
            linked = linked if linked and are_one_size(row.model, linked[1]) else None
            repository = name if is_own and is_repository else linked[1] if linked else ""
            facts = describe(draft.model) if draft.model.size or draft.model.active or draft.model.kind else {}
            if facts:
                key = (repository or (name if is_own else row.model), "hf" if repository else "")
                stated.setdefault(key, facts)
            yield replace(
                row,
                run=grid.label,
                model=repository or (name if is_own else row.model),
                name_scheme="hf" if repository else "",
                evaluator_relationship="third_party" if is_boards else "first_party" if is_own or by_us else "unknown",
                read_from="quoted" if is_boards else row.read_from,
                locator=f"{grid.label}, {row.locator}",
            )


def are_one_size(name: str, repository: str) -> bool:
    """Whether a printed name and a repository's may be of one model by the sizes that they state."""
    printed, linked = named_sizes.only_size(name), named_sizes.only_size(repository)
    return not (printed and linked) or named_sizes.differ(printed, linked) <= named_sizes.SIZE_FACTOR


def bare_name(name: str) -> str:
    """A model's name without case, blanks and punctuation: "Llama2 7B" and "Llama 2 7B" are one."""
    return re.sub(r"[^a-z0-9.]", "", name.casefold())


def with_headings(body: str) -> str:
    """A card's text with its Markdown headings as HTML; code, whose comments look like headings, is left out."""
    return re.sub(
        r"^(#{1,6})\s+(.*?)\s*#*$", lambda m: f"<h{len(m[1])}>{m[2]}</h{len(m[1])}>", FENCE.sub("", body), flags=re.M
    )


def headings_over(element: Tag) -> tuple[str, ...]:
    """The headings that a table stands under, from the outermost in."""
    found: dict[int, str] = {}
    for heading in element.find_all_previous(re.compile(r"^h[1-6]$")):
        level = int(heading.name[1])
        if all(level < known for known in found):
            found[level] = squash(heading.get_text(" "))
    return tuple(found[level] for level in sorted(found))


def variant_of(headings: tuple[str, ...]) -> re.Pattern[str] | None:
    """BASE or INSTRUCT, as the nearest heading that says one of them; None where none does or one says both."""
    for heading in reversed(headings):
        said = [p for p in (BASE, INSTRUCT) if p.search(heading)]
        if said:
            return said[0] if len(said) == 1 else None
    return None


def is_second_board(grid: Grid) -> bool:
    """A table of the six tasks of Open LLM Leaderboard v2 under its own names: cards copy its normalised values."""
    texts = {SHOTS.sub("", cell.text).strip().casefold() for row in grid.rows for cell in row if cell}
    return texts >= {"ifeval", "bbh", "gpqa", "musr", "mmlu-pro"} and any(MATH_LEVEL.match(t) for t in texts)


def announce(lines: list[str], table: MarkdownTable) -> str:
    """The line above a table that announces it ("Performance on MVBench:", "**RULER**"), "" where there is none."""
    above = [line.strip() for line in lines[max(0, table.line - 8) : table.line - 1]]
    while above and TAGS_ALONE.fullmatch(above[-1]):
        above.pop()
    caption = ADDRESS.sub("", read_cell(above[-1]).text) if above and ANNOUNCES.fullmatch(above[-1]) else ""
    headings = table.headings[:-1] if RESULTS.fullmatch(" ".join(table.headings[-1:])) else table.headings
    if len(headings) > 1 and COMPARES.search(headings[-1]) and not read_benchmark([headings[-1]]):
        # "## MT-Bench" over "### Comparison with further models"
        headings = headings[:-1] if read_benchmark([headings[-2]]) else headings
    title = TITLE_END.sub("", re.sub(r"^\d[\d.]*\s+", "", headings[-1])) if headings else ""
    # "C-Eval Scores", "NLU Performance: CMMLU": the test with a word for what is measured before or behind it.
    names = (title, re.split(r"[:：]", title)[-1].strip(), TITLE_WORDS.sub("", title).strip())
    said = next((name for name in names if read_benchmark([name])), "")
    bare_caption = TITLE_WORDS.sub("", caption).strip(" :*")
    caption = bare_caption if read_benchmark([bare_caption]) else caption
    # "3.2.1. Subjective evaluation of MT-Bench"
    return caption or said or (title if read_caption(title) else "")


def read_markdown_grid(table: MarkdownTable, place: str, caption: str) -> tuple[Grid, dict[str, str]]:
    """A Markdown table as a grid, and the addresses that its cells lead to by their texts."""
    width = len(table.header)
    raw = [row for row in (table.header, *table.rows) if not RULE.fullmatch("|".join(row))]
    spans = spread_heads([[read_cell(c).text for c in row] for row in raw[:2]], width)
    links: dict[str, str] = {}
    rows = []
    for r, cells in enumerate(raw):
        line: list[Cell | None] = []
        for c in range(width):
            cell = read_cell(cells[c] if c < len(cells) else "")
            text, note = split_markers(without_citations(cell.text), EDGE_SHAPES)
            if cell.link:
                links[text] = cell.link
            parts = LINE_TAG.split(cells[c]) if c < len(cells) else []
            lines = tuple(split_markers(read_cell(part).text, EDGE_SHAPES)[0] for part in parts if part.strip())
            span = spans.get(c, 1) if r == 0 else 1
            line.append(
                line[-1]
                if r == 0 and span == 0
                else Cell(
                    text, " ".join((note, *cell.footnotes)).strip(), r, c, 1, span, lines if len(lines) > 1 else ()
                )
            )
        rows.append(tuple(line))
    return Grid(
        with_points(unstack(tuple(rows))), place, caption, table.headings[-1] if table.headings else "", ""
    ), links


def spread_heads(rows: list[list[str]], width: int) -> dict[int, int]:
    """How many columns each heading of a Markdown table covers, 0 for a place that the heading before it covers too.

    Markdown has no cells over several columns: "MATH | " stands over "w/ tools | w/o tools". Certain only where the row
    below is one of headings: words without a label, one below every heading that is spread.
    """
    heads, below = ([*row, *[""] * width][:width] for row in (*rows, [], [])[:2])
    gaps = [c for c in range(2, width) if not heads[c]]
    is_heading = not below[0] and not any(map(is_number, below)) and all(below[c] for c in gaps)
    spans: dict[int, int] = {}
    first = 0
    for c in range(1, width) if is_heading else ():
        if heads[c]:
            first = c
        elif first and below[first]:
            spans[first], spans[c] = spans.get(first, 1) + 1, 0
    return spans


def read_harness(
    table: MarkdownTable, header: list[str], place: str, name: str, is_repository: bool
) -> Iterator[Reported]:
    """Lines of a table as lm-evaluation-harness prints it: task, version, shots, metric, value, standard error."""
    column = {h.casefold(): i for i, h in reversed(list(enumerate(header)))}
    tasks = next((column[h] for h in ("tasks", "task", "groups", "group") if h in column), 0)
    lines: list[tuple[str, str, str, str, str]] = []
    last = {"task": "", "version": "", "n-shot": ""}
    for row in table.rows:
        cells = [read_cell(c).text for c in row] + [""] * (len(header) - len(row))
        named = cells[tasks].strip()
        stated = {key: cells[column[key]].strip() if key in column else "" for key in ("version", "n-shot", "filter")}
        # A row without a task continues the one above: another metric or another filter of the same run.
        last = {"task": named, **stated} if named else last | {k: v for k, v in stated.items() if v}
        value, metric = cells[column["value"]], directed(cells[column["metric"]], cells)
        if is_missing(value) or RULE.fullmatch("|".join(row)):
            continue
        settings = [f"{last['n-shot']}-shot"] if last["n-shot"].isdecimal() else []
        settings += [f"{FILTER}{last['filter']}"] if last.get("filter", "none") not in ("", "none") else []
        settings += [f"harness task version {last['version']}"] if last["version"].isdecimal() else []
        lines.append((last["task"], "; ".join(settings), metric, value, cells[column["stderr"]].strip("± ")))
    scales = harness_scales([(metric, value) for _, _, metric, value, _ in lines])
    for task, setting, metric, value, error in lines:
        yield Reported(
            snapshot_id="",
            model=name,
            run=place,
            name_scheme="hf" if is_repository else "",
            benchmark=task.lstrip("- "),
            metric=metric,
            setting=setting,
            score_reported=value,
            score_unit=scales[metric, value],
            uncertainty=f"{error} stderr" if read_number(error) is not None and not is_unbounded(metric) else "",
            evaluator_relationship="first_party",
            is_subset=bool(PART.match(task)),
            locator=f"{place}, row {task}, {metric}",
        )


def directed(metric: str, cells: list[str]) -> str:
    """A metric with the direction that the arrow beside it prints, where its name says another one or none."""
    arrows = {c for cell in (metric, *cells) for c in cell if c in "↑↓" and (cell == metric or cell.strip() in "↑↓")}
    plain = metric.strip("↑↓ ")
    return units.name_direction(plain, arrows == {"↓"}) if len(arrows) == 1 else plain


def harness_scales(lines: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The unit of each (metric, value) of a harness table: all values of one metric share a scale, those of two need not.

    acc and exact_match are printed as fractions beside BLEU from 0 to 100; a card may have rescaled all of them.
    """
    found: dict[tuple[str, str], str] = {}
    for name in dict.fromkeys(metric for metric, _ in lines):
        values = [value for metric, value in lines if metric == name]
        numbers = [units.NAN if (n := read_number(v)) is None else n for v in values]
        told = units.settle(numbers, min_fractions=1)
        for value, stray in zip(values, told.stray, strict=True):
            unit = "points" if is_unbounded(name) or told.unit == "points" else told.unit
            found[name, value] = UNSTATED if unit != "points" and (stray or not unit) else unit
    return found


def is_unbounded(metric: str, benchmark: str = "") -> bool:
    """A metric without an upper end."""
    return units.read_measure(metric, benchmark).unit in ("points", "rating")


def filter_of(setting: str) -> str:
    """The answer filter of a harness run: two filters of one run are two scores even where their values agree."""
    return next((part for part in setting.split("; ") if part.startswith(FILTER)), "")
