"""Score tables of papers, read from the HTML that arXiv (or ar5iv) makes of them.

Question  Which model scored what on which benchmark, according to the tables of a paper?
Input     HTML pages of the papers listed in data/facts/papers.csv, one page per paper and version.
Output    One `Reported` per score cell (text as printed), one `ReportedModel` per model whose size is printed, and
          `Omitted` for the rest.
Method    A table counts when one axis names known benchmarks and the other known models; header rows are rows without
          scores (what LaTeXML marks as <thead> is its guess). Models may be rows or columns; a family over a size is
          one name. What names something else (an average, an ablation, a training recipe) is left out and counted.
Silent    A table whose axes are not both recognised gives nothing: a wrong reading would be worse than a missing one.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from ingest.facts import Facts
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, shorten
from ingest.tables import MARKERS, Cell, Grid, read_latexml, squash

SOURCE = Source(
    source_id="arxiv_tables",
    title="Tables of arXiv papers",
    url="https://arxiv.org",
    licence="per paper",
    attribution="The authors of each paper, via arXiv",
    status="captured_only",
    bundle_by="date",
)

# Printed forms of benchmark names, without case and punctuation; forms between two bars mean one benchmark. A parser
# sees only its page, so the list stands here: it decides which tables are score tables, not how a benchmark is
# identified (that is done from the printed name).
BENCHMARK_FORMS = (
    "mmlu hendryckstest | mmlupro | mmluredux | cmmlu | ceval | gaokao gaokaobench | agieval agievalenglish | "
    "bbh bigbenchhard bbhard | bigbench| hellaswag hellas | piqa | siqa sociqa socialiqa | boolq | winogrande "
    "winog | cqa csqa commonsenseqa | obqa openbookqa | copa| race raceh racem | arc | arce arceasy | arcc "
    "arcchallenge | triviaqa | nq naturalquestions naturalq | webq webquestions| squad squad20 squadv2 | quac "
    "| drop | lambada | anli | rte | wic | multirc | truthfulqa | medqa | pubmedqa | gpqa | gpqadiamond | "
    "musr| ifeval | simpleqa | theoremqa | gsm8k | mgsm | gsmic | svamp | asdiv | mawps | math500 | mathvista "
    "| mmmu | cmmmu | safetybench| humaneval | humaneval+ humanevalplus | mbpp | mbpp+ mbppplus | "
    "livecodebench| chatbotarena lmsyschatbotarena | mtbench | alpacaeval"
)
BENCHMARKS = {form: group.split()[0] for group in BENCHMARK_FORMS.split("|") for form in group.split()}
# Where the documented unit is not percent: Arena ratings, and MT-Bench's judge score from 1 to 10.
OTHER_UNITS = {"chatbotarena": "rating", "mtbench": "points"}
AVERAGE = re.compile(r"\b(?:avg|average|mean|overall|aggregate|total|h4|h6)(?![a-z])", re.IGNORECASE)
# Columns that are not an accuracy even under a benchmark's name; a down arrow says that lower is better.
NOT_ACCURACY = re.compile(
    r"perplexity|\bppl\b|calibration|\bloss\b|\bbleu\b|\brouge|\blength\b|\blatency\b|tokens?/s|\bcost\b|↓",
    re.IGNORECASE,
)

# Families that print names without a size. Any other name counts as a model when a size stands in it ("Foo-7B").
FAMILIES = (
    "alpaca aquila baichuan bard bert bloom bloomberg chatglm chatgpt chinchilla claude codegen codex cogvlm "
    "command-r ct-llm davinci dbrx deepseek dolly eeve ernie exaone falcon flan galactica gemini gemma glam "
    "glm gopher gpt grok hyperclova internlm jamba jurassic lamda llama llava metamath minicpm minerva "
    "mistral mixtral mpt nemotron olmo openchat openhermes opt orca palm phi pythia qwen recurrentgemma "
    "reflection saullm skywork solar stablelm starcoder text-davinci tinyllama vicuna wizardcoder wizardlm "
    "wizardmath xverse yi yuan zephyr"
)
FAMILY = re.compile(
    r"(?:[\w.-]+/|google |openai |anthropic |meta |code ?)?(?:"
    + "|".join(re.escape(name) for name in FAMILIES.split())
    + r"|o[134](?:-mini|-preview)?)(?![a-z])\S*(?: .*)?",
    re.IGNORECASE,
)
SIZE = re.compile(r"(?<![\w./])(\d+(?:\.\d+)?) ?([BbM])(?![A-Za-z0-9/])")
SIZED_NAME = re.compile(r"[A-Za-z][\w.+/\- ]*[-_ ]\d+(?:\.\d+)?[Bb](?![A-Za-z0-9])(?!.*tokens).*")
EXPERTS = re.compile(r"\d+ ?[x×] ?\d+(?:\.\d+)? ?[Bb]|\d+[Bb]/\d+E\b|\bMoE\b", re.IGNORECASE)
TOTAL_AND_ACTIVE = re.compile(r"(?<![\w./])(\d+(?:\.\d+)?) ?[Bb](?:-A|/)(\d+(?:\.\d+)?) ?[Bb]\b")
MAX_MODEL_NAME = 80  # longer texts in a label cell are sentences
# What may stand under a family in a stacked heading ("Gemma" over "7B", "Gemini 1.5" over "Flash"); all else is a
# condition.
VARIANT = re.compile(
    r"(?:\d+(?:\.\d+)? ?[BbM]|\d+ ?[x×] ?\d+ ?[Bb]|\d+[Bb][-/]A?\d+[Bb]|v?\d+(?:\.\d+)*|it|pt|chat|instruct|base|flash|"
    r"pro|ultra|nano|mini|small|medium|large|turbo|opus|sonnet|haiku|preview|thinking|\(?ours\)?)(?:[ -].*)?",
    re.IGNORECASE,
)
NUMBER = r"[+\-−]?\d+(?:,\d{3})*(?:\.\d+)? ?%?"
VALUE = re.compile(
    rf"(?P<value>{NUMBER})(?: ?\(?± ?(?P<spread>\d+(?:\.\d+)?)%?\)?)?(?: ?(?P<change>\([+\-−↑↓] ?\d+(?:\.\d+)?%?\)))?"
)
PAIR = re.compile(rf"({NUMBER}) ?/ ?({NUMBER})")
AT_MOST_ONE = re.compile(r"0?\.\d+|0|1|[01]\.0+")
ZERO = re.compile(r"0(?:\.0+)?%?")
FEW_VALUES = 3  # below this, values of at most 1 cannot be told for fractions or for low percentages
MISSING = {"", "-", "–", "—", "--", "---", "−", "n/a", "na", "?", "...", "…", "/", "✗", "×"}
SHOTS = re.compile(
    r"(?:\d+|zero|one|few|many|k)(?:-\d+)?[- ]?shots?|cot|val|dev|test|(?:\d+|zero|few)[- ]shots? cot", re.IGNORECASE
)
METRIC = re.compile(
    r"top-1|pass@\d+|maj1?@\d+|acc(?:uracy)?(?:_norm)?(?: ?%)?|em|exact match|f1|mc[12]|partial scoring|win rate|elo",
    re.IGNORECASE,
)
LANGUAGE = re.compile(
    r"english|chinese|korean|japanese|french|german|spanish|multilingual|\w+ prompts?|en|zh|ko|tw", re.IGNORECASE
)
PAIR_OF_SHOTS = re.compile(r"(\S*\d+[- ]?shots?\S*) ?/ ?(\S*\d+[- ]?shots?\S*)", re.IGNORECASE)
SIZE_HEADER = re.compile(r"(?:model )?size|#? ?(?:total )?param(?:eter)?s?\.?(?: ?\(b\))?", re.IGNORECASE)
METRIC_HEADER = re.compile(r"metrics?|settings?|(?:n-|# ?)?shots?", re.IGNORECASE)
# Columns that describe a model without changing which model it is.
HARMLESS_HEADER = re.compile(
    r"types?|(?:pre-?train(?:ing)? )?tokens?\S*|open\??|open source|licen[cs]e|organi[sz]ation|org\.?|date|"
    r"release|rank|category",
    re.IGNORECASE,
)
# Rows in a heading that describe the models above them.
ATTRIBUTE_ROW = re.compile(r"architecture|#.*|.*\bparam(?:eter)?s?\b.*|.*tokens.*|types?", re.IGNORECASE)
BY_AUTHORS = re.compile(
    r"(?:run|evaluated|reproduced|obtained|tested) by (?:us|ourselves)|"
    r"\bour (?:own )?(?:evaluation|run|reproduction)s?\b|\bwe (?:ran|evaluated?)\b",
    re.IGNORECASE,
)
CAPTION_SHOTS = re.compile(r"([A-Za-z][\w+\-]*(?: [A-Z][\w\-]*)?)(?: (?:pass|maj)@\d+)? ?\((\d+-shot)\)")
WATERMARK = re.compile(r"arXiv:(\d{4}\.\d{4,5})(v\d+)\s*\[[\w.\-]+\]\s*(\d{1,2} [A-Z][a-z]{2} \d{4})")
TITLE = re.compile(
    r"(?:The )?([A-Za-z]+)(?:[ -]?v?\d+(?:\.\d+)*[BbM]?)?"
    r"(?=:|$| technical report| of experts| herd of models| model card| system card)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"//(ar5iv)?[^/]*/(?:html|abs|pdf)/(\d{4}\.\d{4,5})(v\d+)?")


@dataclass(frozen=True)
class Benchmark:
    """A benchmark as a heading prints it: bare name, the form it was recognised by, what stands around the name."""

    name: str
    key: str
    metrics: tuple[str, ...]
    settings: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """A model as printed on an axis; `size` is what the table prints about its size beside the name ("" = nothing)."""

    name: str
    size: str
    note: str


@dataclass(frozen=True)
class Block:
    """Consecutive rows of a grid under one heading: row numbers of the heading and of the body."""

    heading: tuple[int, ...]
    body: tuple[int, ...]


@dataclass(frozen=True)
class Draft:
    """A score cell before its unit is known: the row, its model and the form that its benchmark was recognised by."""

    row: Reported
    model: Model
    key: str


Tally = defaultdict[str, list[str]]
Own = re.Pattern[str] | None
Paths = dict[int, list[Cell]]  # the heading cells above each column, top down
Reader = Callable[..., Iterator["Draft"]]


def files(facts: Facts | Mapping[str, pd.DataFrame]) -> tuple[File, ...]:
    """The pages to fetch: for each row of papers.csv the arXiv page of that version, then its ar5iv twin as a fallback.

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
    return tuple(found)


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Rows of all papers of a bundle; an ar5iv page is read only where no arXiv page of that paper can be.

    A page without any score table is left out and counted, so that one paper's failure does not hide the others;
    raises LayoutChanged when no page of the bundle can be read.
    """
    # arXiv before ar5iv, so that a twin knows whether it is needed.
    order = sorted(
        ((ADDRESS.search(p.url), p) for p in pages), key=lambda pair: (bool(pair[0] and pair[0][1]), pair[1].name)
    )
    done: set[str] = set()
    problem: LayoutChanged | None = None
    for address, page in order:
        arxiv_id = address[2] if address else page.name
        if address and address[1] and arxiv_id in done:
            yield Omitted(
                snapshot_id=page.snapshot_id,
                rule="ar5iv copy of a paper read from arXiv",
                n_values=1,
                example=page.name,
            )
            continue
        try:
            rows = read_paper(page, f"{arxiv_id}{(address and address[3]) or ''}")
        except LayoutChanged as error:
            problem = error
            yield Omitted(
                snapshot_id=page.snapshot_id, rule="page without a readable score table", n_values=1, example=page.name
            )
            continue
        done.add(arxiv_id)
        yield from rows
    if problem and not done:
        raise problem


def read_paper(page: Page, name: str) -> list[Reported | ReportedModel | Omitted]:
    """Rows of one paper; a score that a later table of the same paper repeats is left out there and counted.

    Papers repeat a model's row from table to table. It is one run of the test, so it must not become two evaluations.
    Raises LayoutChanged when no table of the page is a score table.
    """
    html = page.text()
    grids = read_latexml(html)
    own = read_own_models(html)
    mark = WATERMARK.search(html)
    listed = mark[3] if mark else ""
    tally: Tally = defaultdict(list)
    first_table: dict[tuple[str, str, str], str] = {}
    scores: list[Reported] = []
    models: dict[str, ReportedModel] = {}
    n_unlabelled = 0
    for number, grid in enumerate(grids):
        label = re.sub("^TABLE", "Table", grid.label)
        drafts = list(read_grid(grid, own, tally))
        if drafts and not label:
            n_unlabelled += 1
            label = f"uncaptioned score table {n_unlabelled}"
        for draft in drafts:
            row, model = draft.row, draft.model
            key = (re.sub(r"[^a-z0-9.]", "", row.model.lower()), draft.key, trim_zeros(row.score_reported))
            table = f"{label}#{number}"
            if first_table.setdefault(key, table) != table:
                tally["score repeated from an earlier table of the paper"].append(
                    f"{label}: {row.model}, {row.benchmark} {row.score_reported}"
                )
                continue
            scores.append(
                replace(
                    row,
                    snapshot_id=page.snapshot_id,
                    run=f"{name} {label}",
                    locator=f"{label}, {row.locator}",
                    listed_date=listed,
                )
            )
            stated = describe(model)
            if stated:
                models.setdefault(row.model, ReportedModel(snapshot_id=page.snapshot_id, model=row.model, **stated))
    if not scores:
        raise LayoutChanged(f"{page.name} holds no table that sets known models against known benchmarks.")
    left_out = [
        Omitted(snapshot_id=page.snapshot_id, rule=rule, n_values=len(examples), example=shorten(examples[0]))
        for rule, examples in tally.items()
    ]
    return [*scores, *models.values(), *left_out]


def read_own_models(html: str) -> re.Pattern[str] | None:
    """Pattern of the names of the authors' own models, where the paper is named after them; None for other titles.

    "Gemma: Open Models ..." and "Phi-3 Technical Report" are by the makers; "Llama-Adapter: ..." names another thing
    than Llama, so only a bare family name with a version or size counts.
    """
    title = re.search(r"<title>\s*(?:\[[^\]]*\]\s*)?([^<]*)", html)
    named = TITLE.match(squash(title[1])) if title else None
    return (
        re.compile(re.escape(named[1]) + "(?![a-z])", re.IGNORECASE) if named and FAMILY.fullmatch(named[1]) else None
    )


def trim_zeros(text: str) -> str:
    """A printed number without its last zeros, for recognising a repeated value ("5.00" and "5.0" are one reading)."""
    plain = text.removesuffix("%").strip()
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def is_number(text: str) -> bool:
    """True for one printed value or a pair of them."""
    return bool(VALUE.fullmatch(text) or PAIR.fullmatch(text))


def is_missing(text: str) -> bool:
    """True for the signs that papers print where there is no value."""
    return text.strip(" $" + MARKERS).lower() in MISSING


def distinct(cells: list[Cell | None]) -> list[Cell]:
    """Cells that carry text, each once, in order (a spanning cell stands in several places)."""
    found: dict[tuple[int, int], Cell] = {(c.row, c.column): c for c in cells if c is not None and c.text}
    return list(found.values())


def split_blocks(grid: Grid) -> Iterator[Block]:
    """The grid as blocks of heading and body: a heading row shows no score; a second heading starts a new block."""
    heading: list[int] = []
    body: list[int] = []
    for r, row in enumerate(grid.rows):
        cells = distinct(list(row))
        numbers = [c for c in cells if c.column > 0 and is_number(c.text)]
        has_missing = any(c.column > 0 and is_missing(c.text) for c in cells)
        is_shots_row = not body and cells and METRIC_HEADER.fullmatch(cells[0].text)
        if (numbers or (has_missing and heading)) and not is_shots_row:
            body.append(r)
        elif len(cells) < 2 or any(c.colspan >= max(2, len(row) - 1) for c in cells):
            # A section row ("Open models") or an empty one; above all others a lone cell may be a family over sizes.
            if not body and cells and cells[0].column > 0:
                heading.append(r)
        elif not body:
            heading.append(r)
        elif sum(bool(read_benchmark([c.text]) or is_model_name(c.text, None)) for c in cells if c.column > 0) >= 2:
            yield Block(tuple(heading), tuple(body))
            heading, body = [r], []
        else:
            # Words where values stand are no heading: they are reported as printed, and refused later with a reason.
            body.append(r)
    if heading and body:
        yield Block(tuple(heading), tuple(body))


def read_grid(grid: Grid, own: Own, tally: Tally) -> Iterator[Draft]:
    """Score cells of a table with their units; everything else that looks like a value is counted in `tally`."""
    for block in split_blocks(grid):
        columns = range(len(grid.rows[0]))
        numeric = {
            c: [is_number(grid.text(r, c)) for r in block.body if not is_missing(grid.text(r, c))] for c in columns
        }
        values = [c for c in columns if sum(numeric[c]) * 2 > len(numeric[c])]
        labels = [c for c in columns if not values or c < values[0]]
        paths = {c: distinct([grid.rows[r][c] for r in block.heading]) for c in columns}
        if not labels or not values:
            continue
        found = best_reading(grid, block, labels, values, paths, own)
        if found is None:
            n = sum(sum(numeric[c]) for c in values)
            example = f"{grid.label or 'uncaptioned table'}: {grid.caption or grid.section}"
            tally["value in a table that does not set known models against known benchmarks"].extend([example] * n)
            continue
        reader, main = found
        drafts = list(reader(grid, block, labels, values, paths, main, own, tally))
        yield from set_units(drafts, grid, tally)


def best_reading(
    grid: Grid, block: Block, labels: list[int], values: list[int], paths: Paths, own: Own
) -> tuple[Reader, int] | None:
    """How to read a block: (reader, label column that names the rows), or None when its axes are not recognised."""
    rows = {c: [grid.text(r, c) for r in block.body] for c in labels}
    as_benchmarks = {c: sum(read_benchmark([t]) is not None for t in rows[c]) for c in labels}
    as_models = {c: sum(is_model_name(t, own) for t in rows[c]) for c in labels}
    heads = {c: [cell.text for cell in paths[c]] for c in values}
    benchmarks_above = sum(read_benchmark(heads[c]) is not None for c in values)
    models_above = sum(read_model(heads[c], own) is not None for c in values)
    down = min(max(as_benchmarks.values()), models_above)
    across = min(max(as_models.values()), benchmarks_above)
    if down == across:
        return None
    if down > across:
        return models_in_columns, max(labels, key=lambda c: as_benchmarks[c])
    return models_in_rows, max(labels, key=lambda c: as_models[c])


def take_tokens(text: str) -> tuple[str, list[str], list[str]]:
    """A heading without the metric and setting printed with it: (rest, metrics, settings).

    "GSM-8K (0-Shot; CoT)" -> ("GSM-8K", [], ["0-Shot", "CoT"]); "Human-Eval pass@1" -> ("Human-Eval", ["pass@1"], []).
    """
    metrics: list[str] = []
    settings: list[str] = []
    bracketed = re.findall(r"[(\[]([^()\[\]]*)[)\]]", text)
    rest = squash(re.sub(r"[(\[][^()\[\]]*[)\]]|↑", " ", text))
    for token in (t.strip() for part in bracketed for t in re.split(r"[,;]", part)):
        if token and token != "%":
            (metrics if METRIC.fullmatch(token) else settings).append(token)
    while True:
        parts = re.fullmatch(r"(.*?)[ ,;]*(?:(?<=[ ,;])|^)(\S+(?: \S+)?)", rest)
        tail = (
            next((t for t in (parts[2], parts[2].split(" ")[-1]) if METRIC.fullmatch(t) or SHOTS.fullmatch(t)), "")
            if parts
            else ""
        )
        if not tail:
            return rest, metrics, settings
        (metrics if METRIC.fullmatch(tail) else settings).insert(0, tail)
        rest = rest[: -len(tail)].rstrip(" ,;")


def read_benchmark(texts: list[str]) -> Benchmark | None:
    """The benchmark that a heading path names, or None: unknown names, parts of a benchmark, averages, not an accuracy.

    What stands below the name must be a metric or a setting: all else ("MMLU" over "Anatomy") is a part of it.
    """
    joined = " ".join(texts)
    if NOT_ACCURACY.search(joined) or AVERAGE.search(joined):
        return None
    found: Benchmark | None = None
    metrics: list[str] = []
    settings: list[str] = []
    for text in texts:
        if PAIR_OF_SHOTS.fullmatch(text):
            continue
        rest, more_metrics, more_settings = take_tokens(text)
        form = re.sub(r"[^a-z0-9+_]", "", rest.lower())
        # "MATH" is a data set; "Math" heads whole groups of them.
        key = "math" if rest in ("MATH", "Hendrycks MATH") else BENCHMARKS.get(form, "")
        metrics += more_metrics
        settings += more_settings
        if key:
            if found:
                return None
            found = Benchmark(rest, key, (), ())
        elif LANGUAGE.fullmatch(rest):
            settings.append(rest)
        elif rest and found:
            return None
    return replace(found, metrics=tuple(metrics), settings=tuple(settings)) if found else None


def is_model_name(text: str, own: Own) -> bool:
    """True when a text reads as the name of a model: a known family, a size in the name, or the authors' own mark."""
    if not text or len(text) > MAX_MODEL_NAME or is_number(text):
        return False
    return bool(is_own(text, own) or FAMILY.fullmatch(text) or SIZED_NAME.fullmatch(text))


def read_model(texts: list[str], own: Own) -> str | None:
    """The model that a heading path names ("LLaMA-2" over "7B" -> "LLaMA-2 7B"), or None."""
    for i, text in enumerate(texts):
        if is_model_name(text, own):
            return " ".join(texts[i:]) if all(VARIANT.fullmatch(t) for t in texts[i + 1 :]) else None
    return None


def describe(model: Model) -> dict[str, str]:
    """What a table states about a model itself: size (total and active), mixture of experts."""
    stated: dict[str, str] = {}
    for text in (model.size, model.name):
        both, sizes = TOTAL_AND_ACTIVE.search(text), set(SIZE.findall(text))
        if EXPERTS.search(text) or both:
            stated["is_moe"] = "yes"
        if both:
            return stated | {
                "n_parameters": both[1],
                "n_active_parameters": both[2],
                "parameter_unit": "billions",
                "size_precision": "stated",
            }
        # "8x7B" counts experts, not parameters, and a name with two sizes does not say which is the model's.
        if len(sizes) == 1:
            number, unit = sizes.pop()
            words = "millions" if unit == "M" else "billions"
            return stated | {"n_parameters": number, "parameter_unit": words, "size_precision": "stated"}
    return stated


def is_own(name: str, own: Own) -> bool:
    """True when a name is one of the authors' own models, by the paper's title or by the table's own word."""
    return bool((own and own.match(name)) or re.search(r"\(ours?\)", name, re.IGNORECASE))


def column_roles(grid: Grid, block: Block, labels: list[int], main: int) -> dict[str, list[int]]:
    """What the label columns beside the main one hold: size, metric, harmless descriptions, or conditions."""
    roles: dict[str, list[int]] = defaultdict(list)
    for c in labels:
        if c == main:
            continue
        head = next((grid.text(r, c) for r in reversed(block.heading) if grid.text(r, c)), "")
        filled = [t for t in (grid.text(r, c) for r in block.body) if not is_missing(t)]
        if not filled or HARMLESS_HEADER.fullmatch(head):
            roles["harmless"].append(c)
        elif SIZE_HEADER.fullmatch(head) or all(VARIANT.fullmatch(t) and SIZE.search(t) for t in filled):
            roles["size"].append(c)
        elif METRIC_HEADER.fullmatch(head) or all(SHOTS.search(t) or METRIC.search(t) for t in filled):
            roles["metric"].append(c)
        else:
            roles["condition"].append(c)
    return roles


def models_in_columns(
    grid: Grid, block: Block, labels: list[int], values: list[int], paths: Paths, main: int, own: Own, tally: Tally
) -> Iterator[Draft]:
    """Score cells of a block whose rows are benchmarks and whose columns are models."""
    roles = column_roles(grid, block, labels, main)
    heads: dict[int, Model | None] = {}
    for c in values:
        plain, size = [], ""
        for cell in paths[c]:
            label = grid.text(cell.row, main)
            if ATTRIBUTE_ROW.fullmatch(label) and cell.row > paths[c][0].row:
                size = cell.text if "param" in label.lower() and "activ" not in label.lower() else size
            else:
                plain.append(cell.text)
        name = read_model(plain, own)
        heads[c] = Model(name, size, "".join(cell.note for cell in paths[c])) if name else None
    for r in block.body:
        label = grid.rows[r][main]
        benchmark = read_benchmark([label.text]) if label else None
        settings = [grid.text(r, c) for c in roles["metric"]]
        categories = [t for t in (grid.text(r, c) for c in roles["condition"]) if LANGUAGE.fullmatch(t)]
        for c in values:
            cell = grid.rows[r][c]
            model = heads[c]
            if cell is None or (cell.row, cell.column) != (r, c):
                continue
            what = f"{grid.label}: {label.text if label else ''}, {' '.join(p.text for p in paths[c])} {cell.text}"
            if not benchmark or not model:
                skip(cell, what, label.text if label else "", "model" if benchmark else "benchmark", tally)
                continue
            place = f"row {label.text}, column {model.name}"
            marks = "".join((cell.note, label.note, model.note))
            yield from read_cell(cell, [*settings], categories, benchmark, model, marks, place, what, grid, own, tally)


def models_in_rows(
    grid: Grid, block: Block, labels: list[int], values: list[int], paths: Paths, main: int, own: Own, tally: Tally
) -> Iterator[Draft]:
    """Score cells of a block whose rows are models and whose columns are benchmarks."""
    roles = column_roles(grid, block, labels, main)
    heads = {c: read_benchmark([p.text for p in paths[c]]) for c in values}
    sizes = [c for c in values if paths[c] and SIZE_HEADER.fullmatch(paths[c][-1].text)]
    above: Cell | None = None
    for r in block.body:
        label = grid.rows[r][main]
        size = next((t for t in (grid.text(r, c) for c in roles["size"]) if not is_missing(t)), "")
        for c in sizes:
            # A column headed "#Params (B)" prints bare numbers; elsewhere a bare number has no unit and says nothing.
            if re.search(r"\(b\)", paths[c][-1].text, re.IGNORECASE) and not is_missing(grid.text(r, c)):
                size = f"{grid.text(r, c)}B"
        # An empty name over a printed size continues the family of the row above.
        label = above if (label is None or not label.text) and size else label
        above = label
        text = label.text if label else ""
        name = (
            f"{text} {size}" if size and not SIZE.search(text) and roles["size"] and not EXPERTS.search(text) else text
        )
        named = is_model_name(name, own)
        condition = next((t for t in (grid.text(r, c) for c in roles["condition"]) if not is_missing(t)), "")
        settings = [grid.text(r, c) for c in roles["metric"]]
        for c in values:
            cell = grid.rows[r][c]
            if cell is None or (cell.row, cell.column) != (r, c) or c in sizes:
                continue
            head = " ".join(p.text for p in paths[c])
            what = f"{grid.label}: {text}, {head} {cell.text}"
            if condition and named and heads[c]:
                tally["value under a condition that makes another model of it"].append(f"{what} ({condition})")
                continue
            if not named or not heads[c]:
                skip(cell, what, head, "model" if heads[c] else "benchmark", tally)
                continue
            shots = [p.text for p in paths[c] if PAIR_OF_SHOTS.fullmatch(p.text)]
            marks = "".join((cell.note, label.note, *(p.note for p in paths[c])))
            model = Model(name, size, label.note)
            place = f"row {name}, column {heads[c].name}"
            yield from read_cell(cell, [*settings, *shots], [], heads[c], model, marks, place, what, grid, own, tally)


def skip(cell: Cell, what: str, heading: str, axis: str, tally: Tally) -> None:
    """Count a cell that names no known model or benchmark; words and empty cells are no values and are not counted."""
    if not is_number(cell.text):
        return
    if axis == "benchmark" and AVERAGE.search(heading):
        tally["average"].append(what)
    elif axis == "benchmark" and NOT_ACCURACY.search(heading):
        tally["column that is not an accuracy"].append(what)
    else:
        tally[f"value under a heading that names no known {axis}"].append(what)


def read_cell(
    cell: Cell, stated: list[str], settings: list[str], benchmark: Benchmark, model: Model, marks: str, place: str,
    what: str, grid: Grid, own: Own, tally: Tally,
) -> Iterator[Draft]:  # fmt: skip
    """The score of a cell, or two where the heading announces a pair ("0-shot / 5-shot"); the unit is set later."""
    if is_missing(cell.text):
        tally["cell without a value"].append(what)
        return
    pair = PAIR.fullmatch(cell.text)
    split = next((PAIR_OF_SHOTS.fullmatch(t) for t in stated if PAIR_OF_SHOTS.fullmatch(t)), None)
    if pair and not split:
        tally["two values in a cell without a heading for each"].append(what)
        return
    readings = [(pair[1], split[1]), (pair[2], split[2])] if pair and split else [(cell.text, "")]
    metrics, around = list(benchmark.metrics), [*settings, *benchmark.settings]
    for token in (t.strip() for text in stated if not PAIR_OF_SHOTS.fullmatch(text) for t in re.split(r"[,;]", text)):
        if not is_missing(token):
            (metrics if METRIC.fullmatch(token) else around).append(token)
    if not any(re.search("shot", t, re.IGNORECASE) for t in around) and not split:
        around += [s for name, s in CAPTION_SHOTS.findall(grid.caption) if names_benchmark(name, benchmark.key)][:1]
    note, by_authors = explain(marks, grid.caption)
    relationship = "first_party" if is_own(model.name, own) else "third_party" if by_authors else "unknown"
    for text, shots in readings:
        value = VALUE.fullmatch(text)
        spread = f"{value['spread']} {spread_kind(grid.caption)}" if value and value["spread"] else ""
        change = value["change"] if value and value["change"] else ""
        row = Reported(
            snapshot_id="",
            model=model.name,
            benchmark=benchmark.name,
            score_reported=value["value"].strip() if value else text,
            score_unit=OTHER_UNITS.get(benchmark.key, "percent"),
            locator=place,
            metric=", ".join(dict.fromkeys(metrics)),
            setting=", ".join(dict.fromkeys([*around, *([shots] if shots else [])])),
            uncertainty=spread,
            evaluator_relationship=relationship,
            note=shorten(" ".join(t for t in (note, change) if t), 200),
        )
        yield Draft(row, model, benchmark.key)


def names_benchmark(name: str, key: str) -> bool:
    """True when a name in a caption, or its last word, is a printed form of a benchmark."""
    forms = (name, name.split(" ")[-1])
    return key in [BENCHMARKS.get(re.sub(r"[^a-z0-9+_]", "", f.lower()), "math" if f == "MATH" else "") for f in forms]


def explain(marks: str, caption: str) -> tuple[str, bool]:
    """Footnote markers with what the caption says about them, and whether that is that the authors ran the test."""
    notes, by_authors = [], False
    for mark in dict.fromkeys(marks):
        clause = re.search(
            rf"{re.escape(mark)}\s*(?=[A-Za-z])([^{MARKERS}]{{3,120}}?)(?:\.\s|;|\.?$|(?=[{MARKERS}]))", caption
        )
        notes.append(f"{mark} {clause[1].strip()}" if clause else mark)
        by_authors = by_authors or bool(clause and BY_AUTHORS.search(clause[1]))
    return "; ".join(notes), by_authors


def spread_kind(caption: str) -> str:
    """What stands after a plus-minus sign, as far as the caption says: ci95, stderr or unknown."""
    if re.search(r"95 ?%?[- ]?(?:CI|conf)", caption, re.IGNORECASE):
        return "ci95"
    return (
        "stderr"
        if re.search(r"standard errors?|std\.? ?err|stderr|\bs\.?e\.?m\b", caption, re.IGNORECASE)
        else "unknown"
    )


def set_units(drafts: list[Draft], grid: Grid, tally: Tally) -> Iterator[Draft]:
    """Drafts of one block with their units: percent unless the whole block prints fractions.

    A block is in fractions when none of its values is above 1 and there are enough of them with decimals. One benchmark
    with nothing above 1 beside others in percent could be either: it is left out. A single low value among percents
    stays a percent, as printed.
    """
    plain = [d for d in drafts if d.row.score_unit == "percent"]
    small = [d for d in plain if AT_MOST_ONE.fullmatch(d.row.score_reported)]
    if plain and len(small) == len(plain):
        if len(plain) >= FEW_VALUES and any("." in d.row.score_reported for d in plain):
            yield from (replace(d, row=replace(d.row, score_unit="fraction")) if d in small else d for d in drafts)
        else:
            tally["unit unclear: too few values, none above 1"].extend(
                f"{grid.label}: {d.row.model} {d.row.score_reported}" for d in plain
            )
            yield from (d for d in drafts if d.row.score_unit != "percent")
        return
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in plain:
        groups[draft.key].append(draft)
    unclear = {
        key
        for key, group in groups.items()
        if len(group) >= FEW_VALUES
        and all(AT_MOST_ONE.fullmatch(d.row.score_reported) for d in group)
        and not all(ZERO.fullmatch(d.row.score_reported) for d in group)
    }
    for draft in drafts:
        if draft.key in unclear:
            tally["unit unclear: no value above 1 beside percentages"].append(
                f"{grid.label}: {draft.row.benchmark} {draft.row.score_reported}"
            )
        else:
            yield draft
