"""The parts of a table: what is a heading, a body, a label, a value, or a description of the models.

Question  Which rows of a table are headings and which are bodies, which columns hold scores, and what stands beside them?
Input     A `Grid` of texts as printed.
Output    `Block`s: consecutive rows under one heading, with their columns of labels, values and descriptions.
Method    A heading row shows no score: what a page marks as header is a guess. Rows and columns that describe the models
          (architecture, parameters, context length, training tokens, layers, rank) are neither headings nor scores.
Silent    A table without a body of numbers gives no block.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ingest.table_models import EFFORT, SIZE, VARIANT, Names, is_model_name, say_effort
from ingest.table_names import METRIC, SHOTS, read_benchmark
from ingest.tables import NO_ONE_VALUE, Cell, Grid, is_missing, is_number

MODEL_HEADER = re.compile(
    r"(?:[\w.-]+ )?(?:models?|m?llms?|lms?|l?vlms?)(?: names?)?(?: ?[/\\|] ?(?:benchmarks?|tasks?|tests?|data ?sets?|metrics?))?|模型(?:名称)?|modelle?|modèles?",
    re.IGNORECASE,
)
# How a model was made ready, in a column where every row says one of these words: base and chat models, no condition.
# How it was aligned, in a column headed so: part of what a released model is, where each row is another one.
ALIGNMENT_HEADER = re.compile(
    r"align(?:ment|ed)?(?: (?:method|technique|with|by))?|post-?training(?: method)?", re.IGNORECASE
)
READINESS = re.compile(
    r"(?:基座|指令|对话|对齐|pre-?trained|fine-?tuned|base|chat|instruct(?:ion)?(?:[- ]?(?:fine-?)?tuned)?|sft|rlhf|aligned|post-?trained)"
    r"(?: models?| llms?)?",
    re.IGNORECASE,
)
BASE_HEADER = re.compile(
    r"(?:back-?bone|base|foundation|(?:initiali[sz]ed|(?:fine-?)?tuned|trained|distilled|derived|built|initial) (?:from|on)|"
    r"based on|derived from|parent|init)(?: (?:models?|llms?|lms?))?",
    re.IGNORECASE,
)
# A part of a model beside the model itself ("LLM", "Language Model" of one that reads pictures).
COMPONENT_HEADER = re.compile(
    r"(?:base |text )?(?:language models?|llms?|lms?|vision (?:encoder|tower))", re.IGNORECASE
)
METHOD_HEADER = re.compile(
    r"(?:[\w-]+ )?(?:methods?|approach(?:es)?|strateg(?:y|ies)|recipes?|techniques?)", re.IGNORECASE
)
MODEL_AND_SIZE = re.compile(
    r"models? ?(?:name ?)?(?:and|&|/|,|\() ?(?:the )?(?:model )?(?:size|params?|parameters)\b", re.IGNORECASE
)
PRETRAINED_ON = re.compile(r"(?:(?:pre-?)?train(?:ing)? )?(?:data|corpus|corpora)", re.IGNORECASE)
# Words for kinds of models that stand beside groups of rows and say nothing of how they were tested.
MODEL_KIND = re.compile(
    r"(?:(?:open|closed)(?:[- ]?(?:source|weights?))?d?|proprietary|commercial|public|private|generalists?|specialists?|"
    r"baselines?|dense|moe|small|medium|large|(?:v|m)?l?lms?|mllms?|(?:vision|language|multi-?modal|reasoning)(?: language)?|"
    r"apis?|models?|systems?|[- /&])+",
    re.IGNORECASE,
)
GROUPS_HEADER = re.compile(
    r"(?:model )?(?:scale|group|class|kind|famil(?:y|ies)|series|tier|type|category|source|access|openness|availability)s?",
    re.IGNORECASE,
)
MADE_WITH = re.compile(
    r"tun(?:e|ing)|train|shot|prompt|\bcot\b|\brag\b|retriev|agent|search|\bsft\b|\brl\b|\bdpo\b|distil|merg|quant|prun|tool|method|baseline|ours",
    re.IGNORECASE,
)
METRIC_HEADER = re.compile(
    r"(?:(?:eval(?:uation)? )?(?:metrics?|settings?|prompts?|modes?|config)|(?:(?:reasoning|thinking) )?effort|(?:agent(?:ic)? )?(?:framework|scaffold(?:ing)?|harness)s?|(?:n-|# ?)?(?:few-)?shots?|length)"
    r"(?: ?/ ?(?:metrics?|settings?|shots?|length|prompts?))?",
    re.IGNORECASE,
)
# The corner of a table whose models were all asked so: "Model 5-shot".
WITH_SHOTS = re.compile(r"(?P<head>.*\S) \(?(?P<shots>(?:\d+|zero|few)-shots?)\)?", re.IGNORECASE)
# Its column holds the number of shots of each row, and no score.
SHOTS_HEADER = re.compile(r"(?:n-|# ?|number of )?(?:few-)?shots?", re.IGNORECASE)
# What a heading calls the parameters of a model. Layers, tokens, lengths and widths are none.
PARAMETERS = re.compile(r"\bparam(?:eter)?s?\b|^# ?[ta]p$|\b(?:model )?size\b|\b(?:activ|total)", re.IGNORECASE)
NO_PARAMETERS = re.compile(
    r"token|layer|context|length|vocab|hidden|head|dim|width|depth|data|batch|window|memory|disk|\bgb\b|file|train|step",
    re.IGNORECASE,
)
# The size of a part is not that of the model: "LLM Size" of one that reads pictures, "trainable parameters".
PART_SIZE = re.compile(
    r"\b(?:llm|lm|language model|vision|visual|encoder|decoder|vit|trainable|learnable|adapter|(?:non-?)?emb(?:ed(?:ding)?)?)\b",
    re.IGNORECASE,
)
ACTIVE = re.compile(r"\bact(?:\.|iv\w*|\b)|# ?ap\b", re.IGNORECASE)
TOTAL = re.compile(r"\btotal\b", re.IGNORECASE)
KIND = re.compile(r"(?:model )?(?:architecture|arch\.?|types?)|(?:模型)?类型|架构", re.IGNORECASE)
# Rows and columns that describe a model without changing which model it is.
DESCRIPTION = re.compile(
    r"(?:model )?(?:architecture|arch\.?|types?)|#|no\.?|idx|index|position|pos\.?|"
    r"(?:#|n|num(?:ber)?)? ?(?:of )?(?:(?:pre-?)?train\w* |total |uniq(?:ue|\.) )?tokens?(?: ?\(\w+\))?|"
    r"(?:(?:pre-?)?train\w* |inference |total )?(?:flops?\S*|compute|time|cost|speed)(?: ?\([\w /.-]+\))?|"
    r"claimed(?: (?:context|length))?|(?:max(?:imum|\.)? )?(?:context|ctx|sequence|seq\.?)(?:[ -](?:length|len\.?|window|size))?(?: ?\([\w ]+\))?|"
    r"(?:#|n|num(?:ber)?(?: of)?)? ?(?:of )?(?:attention |kv )?(?:layers?|heads?|experts?|blocks?)|"
    r"(?:hidden|embedding|intermediate|ffn|model)[ -](?:size|dim\w*)|d_?model|vocab(?:ulary)?(?:[ -]size)?|"
    r"open\??|open[ -](?:source|weights?|data)\w*\??|licen[cs]es?|access|(?:lead(?:ing)? )?org(?:ani[sz]ations?|s|\.)?|"
    r"compan(?:y|ies)|from|by|makers?|developers?|affiliations?|teams?|countr(?:y|ies)|authors?|"
    r"provider|publisher|creator|vendor|institution|(?:release |publication |launch )?(?:date|year)|released?|venue|"
    r"knowledge cut-?off|cut-?off|quanti[sz]ation|precision|rank(?:ing)?|category|(?:input|output)? ?price\S*|flops?\S*|"
    r"gpu\S*(?: hours?)?|memory(?: ?\(gb\))?|vision encoder|res(?:olution|\.)?|source|reference|"
    r"(?:(?:download|hugging ?face|hf|model ?scope|paper|code|demo|model|transformers) ?)?(?:links?|checkpoints?|weights|cards?|urls?)|"
    r"(?:transformers|model ?scope|wise ?model|hugging ?face)(?: ?\(\w+\))?|"
    r"papers?|demos?|home ?pages?|"
    r"pre-?train|sft|开源 ?[/／] ?闭源|是否开源|(?:模型)?(?:参数量?|尺寸|大小|规格)|机构|公司|发布(?:时间|日期)|上下文(?:长度)?|链接|下载(?:地址)?",
    re.IGNORECASE,
)
# A heading that is a size: the models of a family stand under it, not their sizes ("2B Params" over scores).
SIZE_ALONE = re.compile(r"((?:\d+[x×])?\d+(?:\.\d+)? ?[BbM])(?:[- ]?(?:[Pp]aram(?:eter)?s?|[Mm]odels?))?")
# A row over models of one size.
SIZE_GROUP = re.compile(
    r"(?:(?:open|closed|dense|base)[- ]?(?:source|weights?)?d? )?(\d+(?:\.\d+)?B)(?:[- ](?:size|scale|class|param(?:eter)?s?))?"
    r"(?: (?:base |chat |instruct\w* )?(?:models?|llms?))?:?",
    re.IGNORECASE,
)
# How many questions a test has: a number beside its name, and no score.
QUESTIONS = re.compile(
    r"(?:#|no\.?|num(?:ber)?)? ?(?:of )?(?:test )?(?:samples?|questions?|examples?|items?|problems?|instances?)",
    re.IGNORECASE,
)
LAYERS = re.compile(r"\d+ ?L[-_ ]?\d+ ?H(?:[-_ ]?\d+ ?A)?", re.IGNORECASE)  # layers, width, heads: "24L1024H"
MODE_ROW = re.compile(
    r"(?:extended )?(?:thinking|reasoning)(?: (?:budget|effort|tokens?|mode|length))?|(?:thinking|reasoning) ?/ ?\w+|"
    r"(?:generation|output|decod\w+) (?:length|budget|mode)|temperature",
    re.IGNORECASE,
)
TICK = re.compile(r"[✅✔✓☑❌✗✘]\ufe0f?|yes|no", re.IGNORECASE)
# A column that says of each row whether the model had tools, or was asked to reason in words.
AT_HAND = re.compile(
    r"(?:with |w/ ?|use (?:of )?)?(?P<what>tools?|tool[- ](?:use|calling|integrated)|code interpreter|python|(?:web )?search|browsing|cot|"
    r"(?:extended )?thinking|reasoning(?= mode))(?: used?| mode)?\??",
    re.IGNORECASE,
)
YES = re.compile(r"[✅✔✓☑√]\ufe0f?|yes|true|w/?|with|on", re.IGNORECASE)
NO = re.compile(r"[❌✗✘×]\ufe0f?|no|none|false|w/ ?o|without|off", re.IGNORECASE)
RANK = re.compile(r"#|rank(?:ing)?|no\.?|idx|index|position|pos\.?|", re.IGNORECASE)
# What a column may print of each model whatever heads it: how many tokens it was trained on, a day, a word for a link.
FACT = re.compile(
    r"\d+(?:\.\d+)?[eE][+-]?\d+|[~≈约]? ?\d+(?:\.\d+)? ?[BMT](?:illion|rillion)? ?tok(?:en)?s?\b.*|(?:\d{4}|\d{2})[-./]\d{1,2}[-./]\d{1,4}|"
    r"(?:download |model |hf )?(?:links?|ckpts?|checkpoints?|weights|hugging ?face|model ?scope|github|url|here)",
    re.IGNORECASE,
)
REPOSITORY = re.compile(r"(?=[\w.-]*[A-Za-z])[\w.-]+/(?=[\w.-]*[A-Za-z])[\w.-]*\d[\w.-]*")  # "maker/Model-7B"
ANY_REPOSITORY = re.compile(r"(?=[\w.-]*[A-Za-z])[\w.-]+/(?=[\w.-]*[A-Za-z])[\w.-]+")
# A column of these names no model, whatever its labels look like: mixes of data, recipes, settings of training.
NO_MODEL_HEADER = re.compile(
    r".*\b(?:data|data ?sets?|data ?mix\w*|mix(?:es|tures?)?|corpus|corpora|tokens?|tok\.?|steps?|stages?|epochs?|checkpoints?|"
    r"ablations?|variants?|config\w*|hyper-?param\w*|tokeni[sz]ers?|vocab\w*|layers?|tasks?|benchmarks?|subjects?|"
    r"categor(?:y|ies)|languages?|prompts?)\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """Consecutive rows of a grid under one heading.

    heading, body   Row numbers.
    attributes      Row numbers of the rows that describe the models that stand in the columns.
    labels, values  Column numbers: the columns of scores, and those that say what a row is.
    described       Column numbers of the columns that describe the models that stand in the rows.
    paths           The heading cells above each column, top down.
    """

    grid: Grid
    heading: tuple[int, ...]
    body: tuple[int, ...]
    attributes: tuple[int, ...]
    labels: tuple[int, ...]
    values: tuple[int, ...]
    described: tuple[int, ...]
    paths: Mapping[int, list[Cell]]


def split_blocks(grid: Grid) -> Iterator[Block]:
    """The grid as blocks of heading and body: a heading row shows no score; a second heading starts a new block."""
    heading: list[int] = []
    body: list[int] = []
    attributes: list[int] = []
    for r, row in enumerate(grid.rows):
        cells = distinct(list(row))
        numbers = [c for c in cells if c.column > 0 and (is_number(c.text) or is_no_one_value(c.text))]
        has_missing = any(c.column > 0 and is_missing(c.text) for c in cells)
        is_shots_row = not body and cells and METRIC_HEADER.fullmatch(cells[0].text)
        own = [c for c in cells if c.row == r]
        if (heading or body) and (describes_models(own) or is_ticked(own) or says_mode(own)):
            attributes.append(r)
        elif heading and not body and continues_heading(grid, r, heading):
            heading.append(r)
        elif (numbers or (has_missing and heading)) and not is_shots_row:
            body.append(r)
        elif len(cells) < 2 or any(c.colspan >= max(2, len(row) - 1) for c in cells):
            # A section row ("Open models") or an empty one; above all others a cell over all columns but the first may be a family
            # over sizes, or a model over its efforts.
            if not body and cells and (cells[-1].column > 0 if r == 0 else cells[0].column > 0):
                heading.append(r)
        elif not body:
            heading.append(r)
        elif sum(bool(read_benchmark([c.text]) or is_model_name(c.text, Names())) for c in cells if c.column > 0) >= 2:
            yield make_block(grid, heading, body, attributes)
            heading, body, attributes = [r], [], []
        else:
            # Words where values stand are no heading: they are reported as printed, and refused later with a reason.
            body.append(r)
    if heading and body:
        yield make_block(grid, heading, body, attributes)


def with_sections(grid: Grid) -> Grid:
    """The grid with what a row over others says of the names below it: "gpt-oss-120b" over "low" and "high" is the model of both,
    and of a name that stands below several sizes ("7B models", "13B models") each is its size.
    """
    over: dict[int, str] = {}
    section = ""
    for r, row in enumerate(grid.rows[1:], start=1):
        if row[0] and row[0].text and all(is_missing(grid.text(r, c)) or row[c] == row[0] for c in range(1, len(row))):
            section = row[0].text
        elif section and row[0] and row[0].row == r:
            over[r] = section
    sizes: dict[str, set[str]] = defaultdict(set)
    for r, text in over.items():
        if found := SIZE_GROUP.fullmatch(text):
            sizes[grid.text(r, 0)].add(found[1])
    names: dict[int, str] = {}
    for r, text in over.items():
        label, found = grid.text(r, 0), SIZE_GROUP.fullmatch(text)
        if is_model_name(text, Names()) and EFFORT.fullmatch(label):
            names[r] = f"{text} ({say_effort(label)})"
        elif is_model_name(text, Names()) and not SIZE.search(text) and SIZE_ALONE.fullmatch(label):
            names[r] = f"{text} {label}"
        elif found and len(sizes[label]) > 1 and is_model_name(label, Names()) and not SIZE.search(label):
            names[r] = f"{label} {found[1]}"
    rows = (
        (replace(row[0], text=names[r]), *row[1:]) if r in names and row[0] else row for r, row in enumerate(grid.rows)
    )
    return replace(grid, rows=tuple(rows))


def is_no_one_value(text: str) -> bool:
    """True for a range, a change or an approximate number with decimals; without them it may be a heading ("0-4", "< 8")."""
    return "." in text and bool(NO_ONE_VALUE.fullmatch(text))


def n_values(texts: list[str]) -> int:
    """How many texts are values, or stand where one would."""
    return sum(is_number(t) or bool(NO_ONE_VALUE.fullmatch(t)) for t in texts)


def continues_heading(grid: Grid, row: int, heading: list[int]) -> bool:
    """True for a row whose label belongs to the heading above it, whatever numbers stand in it: "GPT-4o" over "0513".

    Its first cell is one of the heading that reaches down into it, or the place under the heading's first text is empty
    beside more words than numbers.
    """
    own = [c for c in distinct(list(grid.rows[row])) if c.row == row]
    words = [c for c in own if not is_number(c.text) and not is_missing(c.text)]
    label = next((c for c in grid.rows[row] if c and c.text), None)
    reaches = label is not None and label.row in heading
    corner = next((c.column for c in grid.rows[row - 1] if c and c.text), 0) if row - 1 in heading else 0
    is_unlabelled = row - 1 in heading and not any(grid.text(row, c) for c in range(corner + 1)) and len(own) > 2
    return bool(words) and (reaches or (is_unlabelled and len(words) * 2 > len(own)))


def says_mode(cells: list[Cell]) -> bool:
    """True for a row that says how each model was run: "Extended Thinking | 80K | 32k"."""
    labels = [c for c in cells if MODE_ROW.fullmatch(c.text)]
    # "Qwen3-8B | Thinking | 76.0" is a row of scores.
    is_of_model = len(labels) == 1 and any(is_model_name(c.text, Names()) for c in cells[: cells.index(labels[0])])
    return len(labels) == 1 and len(cells) > 2 and not is_of_model and not any(read_benchmark([c.text]) for c in cells)


def is_ticked(cells: list[Cell]) -> bool:
    """True for a row that says which models have something: "Hybrid Reasoning | ✅ | | ✅"."""
    return len(cells) > 1 and all(TICK.fullmatch(c.text) for c in cells[1:])


def describes_models(cells: list[Cell]) -> bool:
    """True for a row such as "Architecture | MoE | Dense", "# Total Params | 671B", "Context Length | 128K"."""
    printed = [c.text for c in cells]
    # What stands below several headings ("Type, SR, Type, SR") is a heading of columns.
    labels = [t for t in printed[:2] if not is_number(t) and not FACT.fullmatch(t) and printed.count(t) == 1]
    is_licence = bool(labels) and bool(re.fullmatch(r"licen[cs]es?", labels[0], re.IGNORECASE))  # "gemma", "llama3.1"
    if any(read_benchmark([c.text]) or is_model_name(c.text, Names()) for c in cells) and not is_licence:
        return False
    return len(cells) > 1 and any(
        DESCRIPTION.fullmatch(t) or (PARAMETERS.search(t) and not NO_PARAMETERS.search(t) and not SIZE.search(t))
        for t in labels
    )


def make_block(grid: Grid, heading: list[int], body: list[int], attributes: list[int]) -> Block:
    """A block of these rows; a column holds scores when more than half of what stands in its body are numbers.

    A rank, a year or a number of parameters is a number and no score: such columns describe the models.
    """
    columns = range(len(grid.rows[0]))
    printed = {c: [t for t in (grid.text(r, c) for r in body) if not is_missing(t)] for c in columns}
    paths = with_efforts({c: distinct([grid.rows[r][c] for r in heading]) for c in columns})
    heads = {c: paths[c][-1].text if paths[c] else "" for c in columns}
    times = Counter(heads.values())
    described = tuple(
        c
        for c in columns
        if (
            # What stands below several headings measures each of them ("Type" below every test of an agent).
            (DESCRIPTION.fullmatch(heads[c]) and (times[heads[c]] == 1 or len(paths[c]) == 1))
            or (is_size_heading(heads[c]) and not is_sum(heads[c], printed[c]))
            or is_part_size(heads[c])
            or all(LAYERS.fullmatch(t) for t in printed[c])
            or is_rank(heads[c], printed[c])
            or (QUESTIONS.fullmatch(heads[c]) and all(map(is_number, printed[c])))
        )
        and not read_benchmark([heads[c]])
    )
    numeric = [c for c in columns if any(map(is_number, printed[c])) and n_values(printed[c]) * 2 > len(printed[c])]
    values = tuple(c for c in numeric if c not in described and not SHOTS_HEADER.fullmatch(heads[c]))
    first = values[0] if values else len(columns)
    labels = tuple(c for c in columns if c < first and not (c in described and c in numeric))
    return Block(grid, tuple(heading), tuple(body), tuple(attributes), labels, values, described, paths)


def with_efforts(paths: dict[int, list[Cell]]) -> dict[int, list[Cell]]:
    """The headings with the efforts below a model's name as they stand in brackets behind one: "medium" beside "low" and "high"
    is no size of a model.
    """
    below: dict[tuple[int, int], set[str]] = defaultdict(set)
    for path in paths.values():
        if len(path) > 1 and is_model_name(path[-2].text, Names()):
            below[path[-2].row, path[-2].column].add(path[-1].text)
    of_efforts = {place for place, texts in below.items() if len(texts) > 1 and all(map(EFFORT.fullmatch, texts))}
    return {
        c: [*path[:-1], replace(path[-1], text=f"({say_effort(path[-1].text)})")]
        if len(path) > 1 and (path[-2].row, path[-2].column) in of_efforts
        else path
        for c, path in paths.items()
    }


def is_size_heading(text: str) -> bool:
    """True for a heading over numbers of parameters of whole models; "Model and size" stands over names."""
    is_size = (
        bool(PARAMETERS.search(text))
        and not MODEL_AND_SIZE.match(text)
        and not SIZE_ALONE.fullmatch(text)
        and not NO_PARAMETERS.search(text)
        and not read_benchmark([text])
    )
    return is_size and not PART_SIZE.search(text)


def is_sum(head: str, printed: list[str]) -> bool:
    """True for a column headed "total" and no more whose numbers have no unit: they sum up scores, and are no sizes."""
    return head.strip().lower() == "total" and not any(re.search(r"\d ?[BbMT]", t) for t in printed)


def is_part_size(text: str) -> bool:
    """True for a heading over the size of a part of a model ("LLM Size")."""
    return bool(PARAMETERS.search(text) and PART_SIZE.search(text))


def is_rank(head: str, printed: list[str]) -> bool:
    """True for a column that counts its rows: 1, 2, 3 under a heading for a rank or under none."""
    counted = [str(n + 1) for n in range(len(printed))]
    return bool(RANK.fullmatch(head)) and len(printed) > 1 and [t.rstrip(".") for t in printed] == counted


def distinct(cells: list[Cell | None]) -> list[Cell]:
    """Cells that carry text, each once, in order (a spanning cell stands in several places)."""
    found: dict[tuple[int, int], Cell] = {(c.row, c.column): c for c in cells if c is not None and c.text}
    return list(found.values())


def bottom(block: Block, column: int) -> str:
    """The lowest text of a block's heading over a column."""
    return next((t for t in (block.grid.text(r, column) for r in reversed(block.heading)) if t), "")


def column_roles(block: Block, main: int) -> dict[str, list[int]]:
    """What the columns beside the main one hold: size, active, kind, metric, harmless descriptions, or conditions."""
    roles: dict[str, list[int]] = defaultdict(list)
    for c in sorted({*block.labels, *block.described}):
        if c == main:
            continue
        head = bottom(block, c)
        filled = [t for t in (block.grid.text(r, c) for r in block.body) if not is_missing(t)]
        if is_size_heading(head) and any(re.search(r"\d", t) for t in filled):
            both = ACTIVE.search(head) and TOTAL.search(head)
            roles["both" if both else "active" if ACTIVE.search(head) else "size"].append(c)
        elif AT_HAND.fullmatch(head) and filled and any(YES.fullmatch(t) or NO.fullmatch(t) for t in filled):
            roles["metric"].append(c)
        elif filled and all(map(READINESS.fullmatch, filled)) and len(set(filled)) > 1:
            roles["harmless"].append(c)
        elif KIND.fullmatch(head):
            roles["kind"].append(c)
        elif ALIGNMENT_HEADER.fullmatch(head) and are_distinct(row_labels(block, main)):
            roles["harmless"].append(c)
        elif not is_base(head) and filled and are_repositories(filled):
            roles["repository"].append(c)
        elif not filled or c in block.described or all(FACT.fullmatch(t) or TICK.fullmatch(t) for t in filled):
            roles["harmless"].append(c)
        elif all(VARIANT.fullmatch(t) and SIZE.search(t) for t in filled) and not NO_PARAMETERS.search(head):
            roles["size"].append(c)
        elif METRIC_HEADER.fullmatch(head) or all(is_setting(t) or EFFORT.fullmatch(t) for t in filled):
            roles["metric"].append(c)
        elif (not head or GROUPS_HEADER.fullmatch(head)) and all(MODEL_KIND.fullmatch(t) for t in filled):
            roles["harmless"].append(c)
        elif c < main and GROUPS_HEADER.fullmatch(head) and not any(MADE_WITH.search(t) for t in filled):
            # Groups of rows beside their models ("Scale | Large"), which say nothing of how these were made or asked.
            roles["harmless"].append(c)
        elif PRETRAINED_ON.fullmatch(head) and are_distinct(row_labels(block, main)):
            # What a model was trained on first, where each row is another model, is no condition either.
            roles["harmless"].append(c)
        elif not (is_base(head) and names_models(bottom(block, main))):
            # A column for the base model beside one for the model says what it was made from, not under which condition.
            roles["condition"].append(c)
    return roles


def row_labels(block: Block, main: int) -> list[str]:
    """What names each row of a block: its label and the size beside it."""
    sizes = [c for c in (*block.labels, *block.described) if c != main and is_size_heading(bottom(block, c))]
    return [" ".join(block.grid.text(r, c) for c in (main, *sizes)) for r in block.body if block.grid.text(r, main)]


def are_repositories(texts: list[str]) -> bool:
    """True for names of repositories; half of them must have a digit, as other things are joined by a slash too."""
    return all(map(ANY_REPOSITORY.fullmatch, texts)) and sum(map(bool, map(REPOSITORY.fullmatch, texts))) * 2 >= len(
        texts
    )


def are_distinct(labels: list[str]) -> bool:
    """True when no label stands twice."""
    return len(set(labels)) == len(labels)


def is_base(head: str) -> bool:
    """True for a heading over what the models beside it were made from."""
    return bool(BASE_HEADER.fullmatch(head) or COMPONENT_HEADER.fullmatch(head))


def names_models(head: str) -> bool:
    """True for a heading over models or over methods, and not over what they were made from."""
    return bool(MODEL_HEADER.fullmatch(head) or METHOD_HEADER.fullmatch(head)) and not is_base(head)


def setting_of(block: Block, row: int, column: int) -> str:
    """What a column of settings says of a row; a bare number under a heading of shots with its unit ("5-shot"), a yes under
    "Tools" as "with tools".
    """
    text = block.grid.text(row, column)
    if at_hand := AT_HAND.fullmatch(bottom(block, column)):
        what = "tools" if at_hand["what"].casefold().startswith("tool") else at_hand["what"]
        return f"with {what}" if YES.fullmatch(text) else f"without {what}" if NO.fullmatch(text) else text
    is_shots = SHOTS_HEADER.fullmatch(bottom(block, column)) and re.fullmatch(r"\d+(?:-\d+)?", text)
    return f"{text}-shot" if is_shots else say_effort(text)


def is_setting(text: str) -> bool:
    """True when all that a text says is a metric or a setting ("5-shot, top-1")."""
    return all(SHOTS.fullmatch(t.strip()) or METRIC.fullmatch(t.strip()) for t in re.split(r"[,;]", text))


def section_over(block: Block, row: int) -> str:
    """Text of the nearest row above, below the heading, that holds one text only ("Baselines with retrieval"), or ""."""
    for r in range(row - 1, max(block.heading), -1):
        cells = distinct(list(block.grid.rows[r]))
        if len(cells) == 1 and cells[0].rowspan == 1 and not is_number(cells[0].text):
            return cells[0].text
    return ""
