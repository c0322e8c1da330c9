"""Scores in a table: which cell is the score of which model on which benchmark.

Question  Which model scored what on which benchmark, according to one table of a paper or of a model card?
Input     A `Grid` of texts as printed (headings, rows, caption) and the `Names` that its page makes known.
Output    One `Draft` per score cell: a `Reported` without its page, its score as printed with the unit, and the model.
          What is left out is counted in a `Tally`: rule -> one example per value.
Method    A table counts when one axis names known benchmarks and the other known models (`table_names`); header rows are
          rows without scores, as what a page marks as header is a guess. Models may be rows or columns; a family over a
          size is one name. Where no heading names a benchmark, the caption may: its total or its metrics are then read.
          What names something else (an average, an ablation, a stage of training, a part of a benchmark) is left out.
          Values are percent unless a whole block prints fractions; footnotes and spreads mean what the caption says.
Silent    A table whose axes are not both recognised gives nothing: a wrong reading would be worse than a missing one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from data import units
from data.vocabulary import UNREAD_TABLE
from ingest.records import Reported, shorten
from ingest.settings import has_tools, lacks_tools
from ingest.table_blocks import (
    BASE_HEADER,
    COMPONENT_HEADER,
    METHOD_HEADER,
    MODE_ROW,
    MODEL_HEADER,
    MODEL_KIND,
    NO_MODEL_HEADER,
    NO_PARAMETERS,
    SIZE_ALONE,
    WITH_SHOTS,
    Block,
    bottom,
    column_roles,
    distinct,
    is_base,
    is_setting,
    is_size_heading,
    names_models,
    section_over,
    setting_of,
    split_blocks,
    with_sections,
)
from ingest.table_drafts import Draft, Tally, set_units, settle_doubles, without_changes
from ingest.table_lists import one_value_a_cell
from ingest.table_models import (
    BASE,
    EXPERTS,
    HAS_VARIANT,
    INSTRUCT,
    SIZE,
    Model,
    Names,
    is_changed,
    is_model_name,
    is_own,
    known_by_company,
    may_be_model_name,
    read_model,
    read_sizes,
    split_mode,
)
from ingest.table_names import (
    AVERAGE,
    LANGUAGE,
    METRIC,
    NOT_ACCURACY,
    PAIR_OF_METRICS,
    PAIR_OF_SHOTS,
    SHOTS,
    Benchmark,
    beside_metrics,
    captioned_headings,
    is_known,
    names_benchmark,
    read_benchmark,
    read_caption,
    read_headings,
    translated,
    under_same_metrics,
)
from ingest.tables import BRACKETED, MARKERS, PAIR, RAISED, SHAPES, VALUE, Cell, Grid, is_missing, is_number

# Where the documented unit is not percent: Arena ratings, sums of points (MME), and a judge's points from 1 to 10.
OTHER_UNITS = {
    "chatbotarena": "rating",
    "mtbench": "points",
    "codeforces": "rating",
    "chcbench": "points",
    "cvaluesqa": "points",
}
# A row over others that says under which condition all of them were tested, or that they were trained further.
SECTION_CONDITION = re.compile(
    r"\b(?:with|using|w/) (?:\w+[- ])?(?:retriev\w+|rag|search|tools?|code|cot|self-consistency|voting|verifiers?|"
    r"fine-?tuning|sft|our)\b|\bfine-?tuning setting\b|\bcontinu\w+ (?:pre-?)?train|\b(?:trained|tuned) (?:on|with|from)\b",
    re.IGNORECASE,
)
# Of these the plain ones are how a model was run, as in brackets behind its name: "With tools" over rows of models.
SECTION_MODE = re.compile(r"(?:with|using|w/) (?:tools?|cot|python|code interpreter|(?:web )?search)", re.IGNORECASE)
# First sentence of a caption: the rows are named after the model or the data that they start from.
TRAINED_FURTHER = re.compile(
    r"\bafter (?:\w+[- ]){0,2}(?:training|tuning|pre-?training|fine-?tuning) (?:on|with)\b|"
    r"\b(?:trained|tuned) (?:on|with|using) (?:various|varying|different|each|several|the same|\d)|"
    r"\b(?:methods|strategies|recipes) (?:trained|tuned)\b",
    re.IGNORECASE,
)
# The same anywhere in a caption: its names are of teachers, or of what all rows start from.
ALL_TRAINED = re.compile(
    r"\ball (?:the )?models are (?:supervised[- ])?(?:fine-?tuned|trained|tuned) (?:on|from|with|using)\b|"
    r"\bwhen (?:fine-?)?(?:tuning|training) (?:different|various|several) base models\b|"
    r"\bas (?:the |a )?(?:response generators?|teachers?(?: models?)?)\b",
    re.IGNORECASE,
)
# The last of several kinds of models that a caption lists: the others were not trained for its table.
ALSO_TRAINED = re.compile(
    r"(?:,|\band\b) (?:and )?(?:other )?(?:models|baselines|those) (?:that (?:are|were) )?(?:fine-?)?(?:tuned|trained) .*",
    re.IGNORECASE,
)
# A caption that says that its scores are those of other models than its rows name.
OF_CHAT_MODELS = re.compile(
    r"\bscores? (?:is|are) (?:reported|given|shown) (?:for|of) (?:the|their) (?:corresponding )?(?:chat|instruct\w*|tuned) "
    r"(?:models?|versions?|variants?)\b",
    re.IGNORECASE,
)
# What a caption says of the number in brackets behind a value.
SPREAD_IN_BRACKETS = re.compile(
    r"(?:standard (?:deviations?|errors?)|std\.?(?: ?dev\w*)?|stderr) ?(?:are|is)? ?(?:given |shown |reported )?(?:in|within) (?:the )?"
    r"(?:parenthes[ie]s|brackets)|\((?:in )?(?:parenthes[ie]s|brackets)\)|"
    r"(?:parenthes[ie]s|brackets)[^.]{0,40}(?:standard (?:deviation|error)|std)|standard deviations? \(in parenthes[ie]s\)",
    re.IGNORECASE,
)
MARKS = MARKERS + SHAPES + RAISED
# Two values, or one and a sign for none, with footnotes: "51.4† / 67.6†", "- / 60.2".
TWO_VALUES = re.compile(rf"(?:\d[\d.]*|[-–—]) ?[{MARKERS}]* ?/ ?(?:\d[\d.]*|[-–—]) ?[{MARKERS}]*")
SOME_VALUE = re.compile(r"[~≈]?[+\-−]?\d+\.\d|[+\-−]?\d+ ?%?$")  # a value, whatever stands behind it
# A column of methods names a model only by its size or by a maker who gives out no weights ("WizardLM+" is a recipe there),
# unless every name in it is a model's.
CLOSED = re.compile(
    r"(?:openai |google |anthropic )?(?:gpt-?[34]|chatgpt|claude|gemini|palm|grok|o[134]\b)", re.IGNORECASE
)
TEST_HEADER = re.compile(r"(?:benchmark|data ?set|task|test|eval)\w*(?: names?)?", re.IGNORECASE)
# A column whose numbers tell stages of one model's training apart.
TRAINED_SO_FAR = re.compile(r".*(?:tokens?|steps?|epochs?|stages?|iter(?:ation)?s?|checkpoints?)\b.*", re.IGNORECASE)
# A row over others that says how all of them were run, beside what it says of tools.
SECTION_SETTING = re.compile(
    r"\b(?:w/o|w/|with|without|no) (?:any )?(?:cot|thinking|reasoning|code|image|retrieval)|\btool[- ]calling\b|\bbrowser\b|"
    r"\bpython interpreter|\bcode execution\b|\b(?:non-?)?(?:thinking|reasoning) modes?\b|\b(?:non-?thinking|thinking)\b|\b(?:\d+|zero|one|two|three|four|five|eight|few)-shots?\b|\bcot\b|\bgreedy\b",
    re.IGNORECASE,
)
# A caption that says that its rows are variants of one model under study.
ABLATION = re.compile(
    r"^\W*(?:results (?:of|for) (?:the |our )?|(?:more|fine-grained|additional) )?ablat\w+|\bablation (?:stud|experiment|result)",
    re.IGNORECASE,
)
# Headings under which the names of known tests mean others: heard instead of read; tasks of a suite of long texts, which
# takes a sample of a test's questions and counts words in common.
OTHERS_TESTS = {
    "test in writing under a heading for speech": re.compile(r"\b(?:speech|spoken|voice)", re.IGNORECASE),
    "task of a suite of long texts": re.compile(
        r"\b(?:long-?bench(?![ -]?v2)|(?:zero-?)?scrolls|l-?eval)\b", re.IGNORECASE
    ),
}
SAYS_WITH = re.compile(r"\b(?:w/|with) ", re.IGNORECASE)
WITH_PLUS = "+"  # a heading's setting that announces two values
# In a column of methods: the model answered as it does, so that this makes no other thing of it.
PLAIN_METHOD = re.compile(
    r"system ?1|vanilla|direct(?: answer(?:ing)?)?|standard(?: prompting)?|none|default", re.IGNORECASE
)
OPENNESS = re.compile(
    r"(?:open|closed)(?:[- ]?(?:source|weights?))?d?|proprietary|commercial|api|dense|moe", re.IGNORECASE
)
LONG_SETTING = 60  # longer texts beside a test are prompts in full: no words for a setting
TUNED = re.compile(r"fine-?tun|specialist|single-task", re.IGNORECASE)  # beside a row: trained for the test itself
FEW_ROWS = 4  # rows of a column of methods, all of them named like models, before it is taken for one of models
FEW_MODELS = 2  # known models that it takes, and a third of all, before other names over columns are taken for models
BY_AUTHORS = re.compile(
    r"(?:run|evaluated|reproduced|obtained|tested) by (?:us|ourselves)|"
    r"\bour (?:own )?(?:evaluation|run|reproduction)s?\b|\bwe (?:ran|evaluated?)\b",
    re.IGNORECASE,
)
ALL_SHOTS = re.compile(r"[(（]((?:few|zero|one|\d+)[- ]shots?(?:,? ?(?:cot|pal|pot))?)[)）]\s*[:：]?$", re.IGNORECASE)
CAPTION_SHOTS = re.compile(r"([A-Za-z][\w+\-]*(?: [A-Z][\w\-]*)?)(?: (?:pass|maj)@\d+)? ?\((\d+-shot)\)")


NO_AXES = "value in a table that does not set known models against known benchmarks"
SIZES_ALONE = "value under a size alone: which model of that size is not said"
Heads = dict[int, Benchmark | None]  # the benchmark of each row or column of values
Reader = Callable[[Block, int, Heads, Names, Tally], Iterator[Draft]]


def read_grid(grid: Grid, names: Names, tally: Tally) -> Iterator[Draft]:
    """Score cells of a table with their units; everything else that looks like a value is counted in `tally`.

    A table that names known benchmarks and known models and gives nothing has a rule of its own, UNREAD_TABLE and its label.
    """
    left_out: Tally = defaultdict(list)
    drafts: list[Draft] = []
    grid = with_sections(one_value_a_cell(grid)) if grid.rows and grid.rows[0] else grid
    for block in split_blocks(grid):
        drafts += read_block(block, names, left_out)
    n_values = sum(bool(SOME_VALUE.match(cell.text)) for row in grid.rows for cell in distinct(list(row)))
    if n_values and not drafts and not any(left_out.values()) and any(read_benchmark([t]) for t in texts_of(grid)):
        left_out[NO_AXES] = [place_of(grid)] * n_values
    if n_values and not drafts and is_about_scores(grid, names):
        rules = Counter({rule: len(examples) for rule, examples in left_out.items()})
        why = rules.most_common(1)[0][0] if rules else "no row of headings over a row of values"
        rule = f"{UNREAD_TABLE}: {grid.label or 'no caption'}"
        left_out = defaultdict(list, {rule: [f"{place_of(grid)} ({why})"] * n_values})
    for rule, examples in left_out.items():
        if examples:
            tally[rule].extend(examples)
    yield from drafts


def read_block(block: Block, names: Names, tally: Tally) -> list[Draft]:
    """Score cells of one block with their units."""
    grid, opening = block.grid, first_sentence(block.grid.caption)
    n_values = sum(is_number(grid.text(r, c)) for r in block.body for c in block.values)
    found = best_reading(block, names) if block.labels and block.values else None
    if found is None:
        texts = texts_of(grid)
        is_of_sizes = any(SIZE_ALONE.fullmatch(t) for t in texts) and not any(is_model_name(t, names) for t in texts)
        rule = SIZES_ALONE if is_of_sizes and any(read_benchmark([t]) for t in texts) else NO_AXES
    elif OF_CHAT_MODELS.search(block.grid.caption):
        rule = "value of a chat model under the name of its base, as the caption says"
    elif TRAINED_FURTHER.search(ALSO_TRAINED.sub("", opening)) or ALL_TRAINED.search(block.grid.caption):
        rule = "value of a model that the caption says was trained further"
    elif ABLATION.search(opening):
        rule = "value in a table of ablations"
    else:
        reader, main, heads = found
        drafts = list(reader(block, main, heads, names, tally))
        for rule, heading in OTHERS_TESTS.items():
            if heading.search(grid.section):
                others = [d for d in drafts if is_known(d.key) and not heading.search(d.row.benchmark)]
                tally[rule].extend(
                    f"{grid.label}: {d.row.model}, {d.row.benchmark} {d.row.score_reported}" for d in others
                )
                drafts = [d for d in drafts if d not in others]
        return list(set_units(settle_doubles(without_changes(drafts, grid, tally), grid, tally), grid, tally))
    tally[rule].extend([place_of(grid)] * n_values)
    return []


def place_of(grid: Grid) -> str:
    """A table by its label and caption, for the list of what was left out."""
    return f"{grid.label or 'uncaptioned table'}: {shorten(grid.caption or grid.section, 120)}"


def is_about_scores(grid: Grid, names: Names) -> bool:
    """True when some cell or the caption names a known benchmark and some cell a known model."""
    texts = texts_of(grid)
    return any(is_model_name(t, names) for t in texts) and (
        any(read_benchmark([t]) for t in texts) or read_caption(grid.caption) is not None
    )


def texts_of(grid: Grid) -> list[str]:
    """What the cells of a table print, spanning ones once a row."""
    return [cell.text for row in grid.rows for cell in distinct(list(row))]


def first_sentence(caption: str) -> str:
    """A caption up to its first full stop after a word or a bracket."""
    return re.split(r"(?<=[a-z\d)])\.(?:\s|$)", caption, maxsplit=1)[0]


def best_reading(block: Block, names: Names) -> tuple[Reader, int, Heads] | None:
    """How to read a block: (reader, label column that names the rows, benchmark of each row or column).

    None when its axes are not recognised. A caption is asked only where nothing in the block names a benchmark.
    """
    grid, labels, values, paths = block.grid, block.labels, block.values, block.paths
    by_row = {c: row_headings(block, c) | own_metrics_beside(block, c, names) for c in labels}
    by_column = column_headings(block) | own_metrics_below(block, names)
    as_benchmarks = {c: sum(h is not None for h in by_row[c].values()) for c in labels}
    as_models = {c: sum(is_model_name(grid.text(r, c), names) for r in block.body) for c in labels}
    heads = {c: bottom(block, c) for c in labels}
    named = [c for c in labels if names_models(heads[c])]
    # A base model is no name of its row where another column has one ("Model | Backbone").
    for c in labels:
        if is_base(heads[c]) and any(as_models[o] for o in named if o != c):
            as_models[c] = 0
    for c in labels:
        # "Benchmark" in the corner of a table whose columns are benchmarks names the headings beside it.
        is_corner = (
            c == labels[0]
            and TEST_HEADER.fullmatch(heads[c])
            and not as_benchmarks[c]
            and any(by_column.values())
            # Beside a few names of models, or none but the page's own, its rows are data sets that models were trained on.
            and sum(is_model_name(grid.text(r, c), Names()) for r in block.body) * 2 > len(block.body)
            # Under the name of a base model they are what it was trained on.
            and not any(is_base_section(section_over(block, r), names) for r in block.body)
        )
        if NO_MODEL_HEADER.fullmatch(heads[c]) and not MODEL_HEADER.fullmatch(heads[c]) and not is_corner:
            as_models[c] = 0
    models_above = sum(read_model(below_groups(paths[c]), names) is not None for c in values)
    tests, models = max(labels, key=lambda c: as_benchmarks[c]), max(labels, key=lambda c: as_models[c])
    if not any(as_benchmarks.values()) and not any(by_column.values()):
        if models_above and not any(as_models.values()) and len(labels) == 1:
            if not TEST_HEADER.fullmatch(bottom(block, tests)):
                by_row = {tests: captioned_headings({r: grid.text(r, tests) for r in block.body}, grid.caption)}
        else:
            joined = {c: " ".join(cell.text for cell in paths[c]) for c in values}
            # "MMLU (Acc)" over the names of models, beside "Average", is the title of its table.
            by_column = captioned_headings(joined, heads[models] if read_benchmark([heads[models]]) else grid.caption)
    down = min(sum(h is not None for h in by_row[tests].values()), models_above)
    across = min(as_models[models], sum(h is not None for h in by_column.values()))
    if down == across:
        return None
    return (models_in_columns, tests, by_row[tests]) if down > across else (models_in_rows, models, by_column)


def is_base_section(text: str, names: Names) -> bool:
    """True for a row over others that names the model that they start from: "Qwen-2.5-7B Base Model"."""
    plain = re.sub(r"\W*\b(?:base|backbone|student)(?: models?)?\W*", " ", text, flags=re.IGNORECASE).strip(" :★☆")
    return plain != text and is_model_name(plain, names)


def column_headings(block: Block) -> dict[int, Benchmark | None]:
    """The benchmark that each value column scores, by what stands above it."""
    above = {c: [cell.text for cell in block.paths[c]] for c in block.values}
    return read_headings(above, block.grid.caption)


def own_metrics_below(block: Block, names: Names) -> Heads:
    """Unknown tests over columns, known by the metrics that stand below them; a model over metrics is none."""
    heads = {c: [cell.text for cell in block.paths[c]] for c in block.values}
    pairs = {c: (texts[-2], texts[-1]) if len(texts) > 1 else ("", "") for c, texts in heads.items()}
    found = under_same_metrics(pairs) | beside_metrics(pairs)
    return {c: b for c, b in found.items() if not is_model_name(b.name, names)}


def own_metrics_beside(block: Block, column: int, names: Names) -> Heads:
    """Unknown tests in rows, known by the metrics that stand beside them; an empty name continues the one above."""
    beside = [c for c in block.labels if c == column + 1]
    if not beside:
        return {}
    above = fill_down(block, column)
    pairs = {r: (above[r], block.grid.text(r, beside[0])) for r in block.body}
    # What stands beside it is read as the metric of its row already.
    return {r: replace(b, metrics=()) for r, b in beside_metrics(pairs).items() if not is_model_name(b.name, names)}


def row_headings(block: Block, column: int) -> dict[int, Benchmark | None]:
    """The benchmark that each row scores, by its label in a column; an empty label beside a setting continues the last."""
    labels: dict[int, list[str]] = {}
    above = ""
    for r in block.body:
        text = block.grid.text(r, column)
        others = [block.grid.text(r, c) for c in block.labels if c > column]
        continues = any(others) and all(not t or is_setting(t) or LANGUAGE.fullmatch(t) for t in others)
        above = text or (above if continues else "")
        labels[r] = [above]
    return read_headings(labels, block.grid.caption)


def models_in_columns(block: Block, main: int, benchmarks: Heads, names: Names, tally: Tally) -> Iterator[Draft]:
    """Score cells of a block whose rows are benchmarks and whose columns are models."""
    grid, values, paths, roles = block.grid, block.values, block.paths, column_roles(block, main)
    under = {c: below_groups(paths[c]) for c in values}
    others = known_by_company([read_model(under[c], names) or " ".join(under[c]) for c in values], names, FEW_MODELS)
    heads = apart_by_group({c: model_over(block, c, names, others) for c in values}, paths)
    # A column of languages says which translation each row scores; among groups ("English", "Code", "Math") it says less.
    beside = {c: [t for t in (grid.text(r, c) for r in block.body) if t] for c in roles["condition"]}
    languages = [c for c, texts in beside.items() if texts and all(LANGUAGE.fullmatch(t) for t in texts)]
    repeated: Counter[Benchmark | None] = Counter(b for b in benchmarks.values() if b)
    # "5-shot" in the corner is how all tests below it were put.
    corner = [head for head in [bottom(block, main)] if SHOTS.fullmatch(head) and "shot" in head.lower()]
    sections = {section_over(block, r) for r in block.body}
    for r in block.body:
        benchmark, head = benchmarks[r], grid.rows[r][main]
        label = grid.text(r, main) or (benchmark.name if benchmark else "")
        note = head.note if head else ""
        categories = tuple(t for t in (grid.text(r, c) for c in beside) if LANGUAGE.fullmatch(t))
        benchmark = benchmark and replace(benchmark, settings=(*categories, *benchmark.settings))
        benchmark = translated(benchmark) if benchmark and any(grid.text(r, c) for c in languages) else benchmark
        settings = [*corner, *settings_beside(block, r, roles["metric"])]
        if benchmark and any(NOT_ACCURACY.search(t) for t in settings):
            what = f"{grid.label}: {label}, {', '.join(settings)}"
            tally["column that is not an accuracy"].extend([what] * sum(is_number(grid.text(r, c)) for c in values))
            continue
        if names_test(over := section_over(block, r)) and benchmark and bare_test(over) != bare_test(label):
            # Under "VoiceBench" a row "IFEval" is a part of VoiceBench, not IFEval.
            what = f"{grid.label}: {over}, {label}"
            tally["part of a test that its section names"].extend(
                [what] * sum(is_number(grid.text(r, c)) for c in values)
            )
            continue
        # Where a test stands in several rows, what stands beside it (a prompt, a method) tells their scores apart.
        apart = [grid.text(r, c) for c in beside if benchmark and repeated[benchmarks[r]] > 1]
        apart = [t for t in apart if t and not LANGUAGE.fullmatch(t)]
        is_long = any(len(t) > LONG_SETTING for t in apart)
        settings += apart
        for c in values:
            cell = grid.rows[r][c]
            model = heads[c]
            model = tuned_by_section(model, over, sections) if model else None
            if cell is None or (cell.row, cell.column) != (r, c):
                continue
            what = f"{grid.label}: {label}, {path_text(paths[c])} {cell.text}"
            if benchmark and model and (is_changed(model.name) or is_long):
                tally["value under a condition that makes another model of it"].append(what)
                continue
            if not benchmark or not model:
                skip(cell, what, label, "model" if benchmark else "benchmark", tally)
                continue
            if cell.note and any(SAYS_WITH.search(s) and has_tools(s) for s in settings) and is_number(cell.text):
                # Makers mark what was measured otherwise than its section says, most often without tools. Under the name of
                # a kind of work ("Agentic Search") a mark says something else.
                tally["value with a mark in a section with tools"].append(what)
                continue
            place = f"row {label}, column {model.name}"
            marks = " ".join((cell.note, note, model.note))
            stated = [*settings, model.mode]
            yield from read_cell(cell, stated, benchmark, model, marks, place, what, grid, names, tally)


def apart_by_group(heads: dict[int, Model | None], paths: Mapping[int, list[Cell]]) -> dict[int, Model | None]:
    """The models over columns; of one that stands in several groups ("FLARE", "HELM") the group is how it was run."""
    times = Counter(model.name for model in heads.values() if model and not model.mode)
    return {
        c: replace(model, mode=paths[c][0].text)
        if model
        and not model.mode
        and times[model.name] > 1
        and len(paths[c]) > 1
        and paths[c][0].text not in model.name
        else model
        for c, model in heads.items()
    }


def tuned_by_section(model: Model, over: str, sections: set[str]) -> Model:
    """The model of a row that stands under "Instruction-tuned" in a table that also has a section of base models.

    One name over both is that of two models: the tuned one is called so, where the name itself says nothing of it.
    """
    is_tuned = bool(INSTRUCT.search(over)) and not BASE.search(over)
    if not is_tuned or not any(BASE.search(s) and not INSTRUCT.search(s) for s in sections):
        return model
    return (
        replace(model, name=f"{model.name} Instruct")
        if SIZE.search(model.name) and not HAS_VARIANT.search(model.name)
        else model
    )


def names_test(text: str) -> bool:
    """True for a section that is named after one test."""
    return bool(read_benchmark([text])) and not is_model_name(text, Names())


def bare_test(text: str) -> str:
    """A test's name without case, punctuation and what stands in brackets."""
    return re.sub(r"\(.*?\)|[^a-z0-9+]", "", text.lower())


def path_text(path: list[Cell]) -> str:
    """The headings over a column as one text."""
    return " ".join(cell.text for cell in path)


def below_groups(path: list[Cell]) -> list[str]:
    """The texts over a column without the kinds of models that head whole groups of them ("Small models", "Open")."""
    texts = [cell.text for cell in path]
    while len(texts) > 1 and MODEL_KIND.fullmatch(texts[0]):
        texts = texts[1:]
    # Below a name "(Open)" says the same; "Medium" is part of it.
    return texts[:1] + [t for t in texts[1:] if not OPENNESS.fullmatch(t.strip("() "))]


def model_over(block: Block, column: int, names: Names, others: frozenset[str]) -> Model | None:
    """The model that stands over a column, with what the rows that describe models say of it; None for no model."""
    path = block.paths[column]
    texts = below_groups(path)
    name = read_model(texts, names) or (" ".join(texts) if " ".join(texts) in others else "")
    if not name:
        return None
    size = active = kind = run = ""
    for r in block.attributes:
        label, text = " ".join(block.grid.text(r, c) for c in block.labels), block.grid.text(r, column)
        if MODE_ROW.fullmatch(label.strip()):
            run = "" if is_missing(text) else f"{label.strip()} {text}"
        elif is_size_heading(label):
            stated = read_sizes(text, label)
            size, active = stated[0] or size, stated[1] or active
        elif re.search(r"architecture|\btype", label, re.IGNORECASE):
            kind = text
    name, mode = split_mode(name)
    mode = ", ".join(t for t in (mode, run) if t)
    return Model(name, size, "".join(cell.note for cell in path), active, mode, kind, column)


def settings_beside(block: Block, row: int, columns: list[int]) -> list[str]:
    """What columns and the section say of how a row was measured; a column that denies tools wins over a section that names them."""
    stated = [setting_of(block, row, c) for c in columns]
    return stated if any(map(lacks_tools, stated)) else [*stated, *section_setting(block, row)]


def section_setting(block: Block, row: int) -> list[str]:
    """The section that a row stands in, where that says how its scores were measured ("Reasoning w/o Tool Use")."""
    over = section_over(block, row)
    is_setting = SECTION_SETTING.search(over) or has_tools(over) or lacks_tools(over)
    return [over] if is_setting and not is_model_name(over, Names()) else []


def models_in_rows(block: Block, main: int, benchmarks: Heads, names: Names, tally: Tally) -> Iterator[Draft]:
    """Score cells of a block whose rows are models and whose columns are benchmarks."""
    grid, values, paths, roles = block.grid, block.values, block.paths, column_roles(block, main)
    beside = read_neighbours(block, main, names)
    stages = [c for c in roles["harmless"] if TRAINED_SO_FAR.fullmatch(bottom(block, c))]
    above: Cell | None = None
    rows: list[tuple[int, Cell | None, str, Model]] = []
    for r in block.body:
        label = grid.rows[r][main]
        printed = printed_size(block, r, roles)
        # An empty name beside a printed size continues the family of the row above, one beside a setting its model.
        said = printed or any(is_setting(grid.text(r, c)) for c in roles["metric"])
        label = above if (label is None or not label.text) and said else label
        above = label
        text = label.text if label else ""
        model = model_beside(block, r, text, roles)
        released = next((grid.text(r, c) for c in roles["repository"] if grid.text(r, c)), "")
        if released and is_model_name(model.name, names):
            # The repository that a row prints says which model it is, whatever the name beside it leaves open.
            model = replace(model, name=released)
        rows.append((r, label, text, replace(model, note=label.note if label else "")))
    repeated = Counter(model.name for *_, model in rows)
    bases = [c for c in block.labels if c != main and is_base(bottom(block, c))]
    if len(bases) == 1 and not stages:
        # Of models with one name the base tells which it is: "LLaVA-NeXT" over Vicuna-13B and over Yi-34B.
        above_base = fill_down(block, bases[0])
        rows = [
            (r, label, text, name_with_base(model, above_base[r]) if repeated[model.name] > 1 else model)
            for r, label, text, model in rows
        ]
    sections = {section_over(block, r) for r in block.body}
    rows = [
        (
            r,
            label,
            text,
            tuned_by_section(model, section_over(block, r), sections) if repeated[model.name] > 1 else model,
        )
        for r, label, text, model in rows
    ]
    repeated = repeated if stages else Counter()
    are_methods = METHOD_HEADER.fullmatch(bottom(block, main)) and not (
        len(rows) >= FEW_ROWS
        and all(bool(bases) or (is_model_name(t, names) and "+" not in t and not is_changed(t)) for *_, t, _ in rows)
    )
    asked = WITH_SHOTS.fullmatch(bottom(block, main))
    corner = [asked["shots"]] if asked and MODEL_HEADER.fullmatch(asked["head"]) else []
    for r, label, text, model in rows:
        named = is_model_name(model.name, names) or text in beside
        if are_methods:
            named = named and bool(SIZE.search(model.name) or CLOSED.match(model.name))
        beside_it = [t for t in (grid.text(r, c) for c in roles["condition"]) if not is_missing(t)]
        condition = next((t for t in beside_it if not PLAIN_METHOD.fullmatch(t) and not is_setting(t)), "")
        over = section_over(block, r)
        condition = condition or next((t for c in roles["kind"] if TUNED.search(t := grid.text(r, c))), "")
        condition = condition or (
            text
            if is_changed(text)
            else over
            if SECTION_CONDITION.search(over) and not SECTION_MODE.fullmatch(over)
            else ""
        )
        # What was released under a name of its own is that model, however it was made.
        condition = "" if roles["repository"] and model.name == grid.text(r, roles["repository"][0]) else condition
        if repeated[model.name] > 1:
            condition = condition or " ".join(grid.text(r, c) for c in stages)
        settings = [
            *corner,
            *settings_beside(block, r, roles["metric"]),
            *filter(is_setting, beside_it),  # among methods ("Zero-shot CoT" beside "Ours")
            model.mode,
        ]
        for c in values:
            cell = grid.rows[r][c]
            if cell is None or (cell.row, cell.column) != (r, c):
                continue
            head = path_text(paths[c])
            what = f"{grid.label}: {text}, {head} {cell.text}"
            test = benchmarks[c]
            if condition and named and test:
                tally["value under a condition that makes another model of it"].append(f"{what} ({condition})")
                continue
            if not named or not test:
                skip(cell, what, head, "model" if test else "benchmark", tally)
                continue
            shots = [p.text for p in paths[c] if PAIR_OF_SHOTS.fullmatch(p.text)]
            marks = " ".join((cell.note, label.note if label else "", *(p.note for p in paths[c])))
            place = f"row {model.name}, column {test.name if test.name.split(' ')[0] in head else head}"
            stated = [*settings, *shots]
            yield from read_cell(cell, stated, test, model, marks, place, what, grid, names, tally)


def fill_down(block: Block, column: int) -> dict[int, str]:
    """What a column says of each row; an empty cell repeats the one above."""
    said: dict[int, str] = {}
    above = ""
    for r in block.body:
        above = said[r] = block.grid.text(r, column) or above
    return said


def name_with_base(model: Model, base: str) -> Model:
    """A model with its base in brackets behind its name, where that is a model's name."""
    return replace(model, name=f"{model.name} ({base})") if is_model_name(base, Names()) else model


def model_beside(block: Block, row: int, text: str, roles: dict[str, list[int]]) -> Model:
    """The model that a row names, with what the columns that describe models say of it.

    A size beside the name of a family is part of the name ("Falcon" and "7B"); one beside a mixture's is not, as its
    columns tell all parameters from the active ones.
    """
    grid, size, active = block.grid, "", ""
    for c in (*roles["size"], *roles["active"], *roles["both"]):
        stated = read_sizes(grid.text(row, c), bottom(block, c))
        size, active = size or stated[0], active or stated[1]
    kind = " ".join(grid.text(row, c) for c in (*roles["kind"], *roles["size"]) if EXPERTS.search(grid.text(row, c)))
    printed = printed_size(block, row, roles)
    is_family = bool(re.search(r"[A-Za-z]", printed)) and not SIZE.search(text) and not EXPERTS.search(text)
    name = f"{text} {printed}" if text and is_family and (not active or active == size) else text
    name, mode = split_mode(name)
    return Model(name, size, "", active, mode, kind, row)


def printed_size(block: Block, row: int, roles: dict[str, list[int]]) -> str:
    """What the columns of sizes print in a row, "" for none, for what the page itself doubts ("???B", "20b?") and for what
    is no size ("1.5T tokens").
    """
    texts = (block.grid.text(row, c) for c in roles["size"])
    return next((t for t in texts if re.search(r"\d", t) and "?" not in t and not NO_PARAMETERS.search(t)), "")


def read_neighbours(block: Block, main: int, names: Names) -> frozenset[str]:
    """Labels that are names of models by the company they keep, in a column headed "Model" or not at all."""
    head = bottom(block, main)
    texts = [block.grid.text(r, main) for r in block.body]
    parts = [c for c in block.labels if c != main and COMPONENT_HEADER.fullmatch(bottom(block, c))]
    filled = [block.grid.text(r, c) for c in parts for r in block.body if not is_missing(block.grid.text(r, c))]
    # Where a column says which language model each is built on, methods are models.
    is_built = bool(filled) and all(is_model_name(t, names) for t in filled) and METHOD_HEADER.fullmatch(head)
    if MODEL_HEADER.fullmatch(head) or is_built:
        return known_by_company(texts, names)
    return known_by_company(texts, names, max(FEW_MODELS, len(set(texts)) // 2 + 1)) if not head else frozenset()


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
    cell: Cell, stated: list[str],  benchmark: Benchmark, model: Model, marks: str, place: str,
    what: str, grid: Grid, names: Names, tally: Tally,
) -> Iterator[Draft]:  # fmt: skip
    """The score of a cell, or two where the heading announces a pair ("0-shot / 5-shot"); the unit is set later."""
    if is_missing(cell.text):
        tally["cell without a value"].append(what)
        return
    both = BRACKETED.fullmatch(cell.text) if not VALUE.fullmatch(cell.text) else None
    if both and SPREAD_IN_BRACKETS.search(grid.caption):
        cell, both = replace(cell, text=f"{both[1]} ± {both[2]}"), None
    if WITH_PLUS in benchmark.settings and both:
        # "HumanEval (+)" over "60.4 (55.5)": the test, and in brackets its harder form.
        plain = replace(benchmark, settings=tuple(s for s in benchmark.settings if s != WITH_PLUS))
        harder = replace(plain, name=f"{plain.name}+", key=f"{plain.key}+")
        for text, test in ((both[1], plain), (both[2], harder)):
            yield from read_cell(replace(cell, text=text), stated, test, model, marks, place, what, grid, names, tally)
        return
    if WITH_PLUS in benchmark.settings or both:
        tally["two values in a cell without a heading for each"].append(what)
        return
    pair = PAIR.fullmatch(cell.text)
    texts = [*stated, *benchmark.settings]
    split = next((m for t in texts if (m := PAIR_OF_SHOTS.fullmatch(t) or PAIR_OF_METRICS.fullmatch(t))), None)
    if (pair or TWO_VALUES.fullmatch(cell.text)) and not split:
        tally["two values in a cell without a heading for each"].append(what)
        return
    if not pair and any(PAIR_OF_METRICS.fullmatch(t) or is_choice(t) for t in texts):
        tally["one value in a cell under a heading for two"].append(what)
        return
    readings = [(pair[1], split[1]), (pair[2], split[2])] if pair and split else [(cell.text, "")]
    metrics = list(benchmark.metrics)
    around = [s for s in benchmark.settings if not PAIR_OF_METRICS.fullmatch(s) and not PAIR_OF_SHOTS.fullmatch(s)]
    # Over a single value "3/0-shot" says how its parts were run.
    around += [t for t in texts if PAIR_OF_SHOTS.fullmatch(t)][:1] if not pair else []
    for token in (t.strip() for text in stated if not PAIR_OF_SHOTS.fullmatch(text) for t in re.split(r"[,;]", text)):
        if not is_missing(token):
            (metrics if METRIC.fullmatch(token) else around).append(token)
    if not any(re.search("shot", t, re.IGNORECASE) for t in around) and not split:
        around += [
            s
            for name, s in CAPTION_SHOTS.findall(grid.caption)
            if names_benchmark(name, benchmark.key.partition(":")[0])
        ][:1]
    if not any(re.search("shot", t, re.IGNORECASE) for t in around) and not split:
        around += ALL_SHOTS.findall(grid.caption)  # "Base models (Few-shot CoT):"
    is_share = any(re.search("percent|%", m, re.IGNORECASE) for m in metrics)
    is_amount = units.contradiction("percent", ", ".join(metrics), benchmark.name)  # a perplexity, a loss
    other = OTHER_UNITS.get(benchmark.key.partition(":")[0], "points" if is_amount else "percent")
    unit = "percent" if is_share else other
    note, by_authors = explain(marks, grid.caption)
    relationship = "first_party" if is_own(model.name, names) else "third_party" if by_authors else "unknown"
    for text, told in readings:
        shots = "" if METRIC.fullmatch(told) else f"{told}-shot" if told.isdigit() else told
        value = VALUE.fullmatch(text)
        spread = f"{value['spread']} {spread_kind(grid.caption)}" if value and value["spread"] else ""
        change = (value["change"] or value["interval"] or "") if value else ""
        beside = [value["metric"]] if value and value["metric"] else []
        row = Reported(
            snapshot_id="",
            model=model.name,
            benchmark=benchmark.name,
            score_reported=value["value"].strip() if value else text,
            score_unit=unit,
            locator=place,
            metric=", ".join(dict.fromkeys([*metrics, *beside, *([told] if told and not shots else [])])),
            setting=", ".join(dict.fromkeys([*around, *([shots] if shots else [])])),
            uncertainty=spread,
            evaluator_relationship=relationship,
            note=shorten(" ".join(t for t in (note, change) if t), 200),
        )
        yield Draft(row, model, benchmark.key)


def is_choice(text: str) -> bool:
    """True for a setting that names two, of which a value can be one only ("no tools / with tools"); shots may be of parts."""
    parts = re.split(r" ?/ ?", text)
    return len(parts) > 1 and all(map(SHOTS.fullmatch, parts)) and not PAIR_OF_SHOTS.fullmatch(text)


def explain(marks: str, caption: str) -> tuple[str, bool]:
    """Footnote markers with what the caption says about them, and whether that is that the authors ran the test."""
    notes, by_authors = [], False
    for mark in dict.fromkeys(re.findall(rf"[{MARKS}]|[^{MARKS}\s]+", marks)):
        clause = mark in MARKS and re.search(
            rf"{re.escape(mark)}\s*(?=[A-Za-z])([^{MARKS}]{{3,120}}?)(?:\.\s|;|\.?$|(?=[{MARKS}]))", caption
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


def read_made(block: Block) -> Iterator[str]:
    """Names, in lower case, of a block's models that a column for the base model tells to be made from a known one."""
    grid = block.grid
    heads = {c: bottom(block, c) for c in block.paths}
    bases = [c for c, head in heads.items() if BASE_HEADER.fullmatch(head)]
    models = [c for c, head in heads.items() if MODEL_HEADER.fullmatch(head) and c not in bases]
    if len(bases) != 1 or len(models) != 1:
        return
    for r in block.body:
        label, base = grid.text(r, models[0]), grid.text(r, bases[0])
        if is_model_name(base, Names()) and may_be_model_name(label):
            yield label.lower()
