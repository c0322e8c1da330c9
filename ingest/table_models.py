"""Names of models in tables: is this text the name of a model, whose is it, and what does it say about the model?

Question  Which model does a label or a heading name, in which mode was it run, and which size does the table state?
Input     Texts as printed in a table, and the `Names` that a paper makes known.
Output    Names of models as printed, modes ("thinking"), and what is stated: parameters (all, active), mixture of experts.
Method    A model is recognised by its family, a size in its name, as one of the authors' own, or by the company it keeps.
          A number of tokens, layers or a length is no size. "-A22B" and a heading tell active parameters from all.
Silent    A text that names no model; a size that is not stated, or that the name contradicts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from data import values
from ingest.tables import is_number, squash

# Families that print names without a size. Any other name counts as a model when a size stands in it ("Foo-7B").
FAMILIES = (
    "abab ace-instruct acemath alpaca amber apertus aquila arctic arctic-tilt aya baichuan baize bard bert bielik bitnet "
    "blip bloom bloomberg btlm cambrian cerebras-gpt chatglm chatgpt chinchilla claude codegeex codegemma codegen "
    "codellama codestral codet5 codex cogvlm cohere command-a command-r crystal-?coder ct-llm davinci dbrx dclm "
    "deepcoder deepseek devstral dolly dolphin doubao eeve emu ernie ernie-?bot eurollm exaone falcon fastchat flan fuyu "
    "galactica gemini gemma glam glm gopher gpt granite grok guanaco h2o-danube hermes hunyuan hymba hyperclova "
    "idefics incoder inflection instructblip instructgpt intern-s1 internlm internvl jais jamba jurassic k-exaone "
    "kanana kimi koala kosmos lamda lfm llama llava llm360 longcat magicoder magistral mammoth marin mathstral "
    "med-?palm metamath midm mimo minerva minicpm minigpt minimax ministral mistral mixtral molmo moonshot moss mplug-owl mpt "
    "nemotron nous-hermes nova octocoder olmo olmoe open-llama openassistant openbuddy openchat opencoder openelm "
    "openhermes openllama openmath openorca opt orca orion otter ovis palm palmyra pangu persimmon phi pixtral "
    "platypus pythia qwen qwq recurrentgemma redpajama reka reflection replit rwkv salamandra sarvam saullm "
    "santacoder sea-lion seallm shikra skywork smollm solar sphinx stablebeluga stablecode stablelm starchat starcoder "
    "sutra t5 telechat text-bison text-davinci tinyllama tulu tülu ul2 vicuna viking wizardcoder wizardlm wizardmath "
    "xgen xlm xverse yi yuan zamba zephyr"
)
FAMILY = re.compile(
    r"(?:[\w.-]+/|google |openai |anthropic |meta |mistral |alibaba |tencent |bytedance |nvidia |ibm |code ?|chat)?(?:"
    + "|".join(
        re.escape(name).replace(r"\-", "[- ]?").replace(r"\?", "?").replace("?\\?", "?") for name in FAMILIES.split()
    )
    + r"|o[134](?:-mini|-preview|-pro)?|seed-?(?:\d\.\d|oss)|step-?\d(?:[.-]|(?=v\b))|ling-|ring-\d)(?![a-z])\S*(?: .*)?",
    re.IGNORECASE,
)
SIZE = re.compile(r"(?<![\w./])(\d+(?:\.\d+)?) ?([BbM])(?![A-Za-z0-9/])")
SIZED_NAME = re.compile(
    r"[A-Za-z][\w.+/\- ]*(?:[-_ ]|[-_ ]\()(?:(?:\d+[x×])?\d+(?:\.\d+)?[Bb]|\d{2,3}[Mm])(?![A-Za-z0-9])(?!.*\btok(?:en)?s?\b).*"
)
GLUED_NAME = re.compile(r"[A-Za-z][A-Za-z\-]*[A-Za-z]{2}\d+(?:\.\d+)?B(?:[-_ ].*)?")  # "PLM8B"
# A name that is that of a corpus, and the number behind it one of tokens ("C4-15B", "QA+C4-35B").
CORPUS = re.compile(
    r"(?:\w+ ?\+ ?)*(?:m?c4|(?:the[- ])?pile|refined-?web|fine-?web\S*|dolma|slim-?pajama|open-?web-?text|owt|wiki\w*|common-?crawl|"
    r"s2orc|arxiv|laion|coyo|yfcc|cc|datacomp|redpajama|(?:the[- ])?stack|proof-?pile\S*|mix\w*|synth\w*|tokens?|(?:real|web|code|math|qa|en|zh|books?)[-_ ]+\d)"
    r"(?:$|[-_ +/&.\d])",
    re.IGNORECASE,
)
EXPERT_COUNT = re.compile(r"\d+ ?[x×] ?\d+(?:\.\d+)? ?[Bb]|\d+[Bb]/\d+E\b", re.IGNORECASE)
EXPERTS = re.compile(EXPERT_COUNT.pattern + r"|\bMoE\b", re.IGNORECASE)
TOTAL_AND_ACTIVE = re.compile(r"(?<![\w./])(\d+(?:\.\d+)?) ?[Bb](?:[- ]?A|/)(\d+(?:\.\d+)?) ?[Bb]\b")
# A cell of a column of sizes: one number with its unit, or two of which one is active.
ONE_SIZE = re.compile(
    r"[~≈<]? ?(\d+(?:,\d{3})*(?:\.\d+)?) ?(b|m|k|t|billions?|millions?|trillions?)?(?: param(?:eter)?s)?"
    r"(?: ?\(?(moe|dense|total)\)?)?",
    re.IGNORECASE,
)
TWO_SIZES = re.compile(
    r"[~≈]? ?(?P<first>\d+(?:\.\d+)?) ?(?P<unit>[bmt])?(?:illions?)? ?(?P<word>total|activ\w+)?(?: ?[/|,(]+ ?|[- ]?(?=A))"
    r"(?P<sign>A)?(?:activ\w+:? ?)?(?P<second>\d+(?:\.\d+)?) ?(?P<unit2>[bmt])?(?:illions?)?(?: ?(?:total|activ\w*|act\.?))?\)?",
    re.IGNORECASE,
)
UNIT_IN_HEADING = re.compile(r"\b(b|m|t|billions?|millions?|trillions?)\b", re.IGNORECASE)
BILLIONS = {"b": Decimal(1), "t": Decimal(1000), "m": Decimal("0.001"), "k": Decimal("0.000001")}
CONTRADICTION = Decimal("1.5")  # a size in a table that is so many times another one in the name is not used
# The shape of an unknown name of a model, and words that are no part of one when they stand alone or lead.
NAME_SHAPE = re.compile(r"[A-Za-z][\w.\-]*(?:(?: \+)? ?[\w.\-]+){0,4}")
INNER_CAPITAL = re.compile(r"[a-z][A-Z]|[A-Z]{2}|\d")
NOT_A_NAME = re.compile(
    r"human|expert|\bleader|random|chance|guess|majority|frequent|annotator|crowd|baseline|oracle|previous|sota|best|"
    r"\b(?:models|llms|lms|systems)\b|average|\bavg|overall|delta|improv|^gain|\bdiff|metric|shots?\b|^#|\bvs\.? |rank|"
    r"^(?:(?:sft|dpo|ppo|rlhf|orpo|kto|ipo|rft|q?lora|cot|tot|rag|icl|kd|cpt|ift|full|ours|base|it|pt|ft)(?:[-_ +]|$))+",
    re.IGNORECASE,
)
MAX_MODEL_NAME = 80  # longer texts in a label cell are sentences
FEW_NAMES = 3  # known names that it takes, and a third of all, before a column's other names are taken for models
# A name that is none: what changed a model in training, or in brackets with a number that is no size, version or date.
# Within a hyphenated name ("TinyLlama-1.1B-step-50K-105b") a step is part of what was released under that name.
CHANGED = re.compile(
    r"(?<=[ (])(?:init(?:ial(?:i[sz](?:ed|ation))?)?|(?:stage|phase|epochs?|steps?)[-_ ]?\d+k?|"
    r"\d+k?[- ](?:steps?|epochs?|iterations?)|ckpt|checkpoint|without|with|\w+ only)\b|[ -]baseline$|(?<=[ (])w/|"
    r"-(?:sft|dpo|rl|cpt)[-_ ]?(?:stage|phase)[-_ ]?\d+$",
    re.IGNORECASE,
)
MOST_BILLIONS = values.MAX_SIZE / 1e9  # a larger number is a count of tokens, or a slip
BRACKET = re.compile(r"\(([^()]*\d[^()]*)\)")
PLAIN_BRACKET = re.compile(
    r"v?\d+(?:\.\d+)*|\d+ ?[/x×] ?\d+|(?:b?fp?|int|nf|w)\d+\w*|\d+[- ]?bits?|(?:gptq|awq|gguf|mlx)\b.*|.*\d ?[BbMT]\b.*|\d{4}|.*(?<!\d)(?:19|20)\d\d(?!\w).*|.*shots?.*|.*@\d+.*|\d{4}-\d\d(?:-\d\d)?|\d\d-\d\d",
    re.IGNORECASE,
)
RUN_WITH = r"(?:w/ ?|with |w/o |without |no )(?:tools?|cot|python|code interpreter|(?:web )?search)"
# How a model was run, in brackets behind its name: two modes of one model are two settings, not two models.
MODE = re.compile(
    r"\s*[(\[]((?:[^()\[\]]*\b(?:(?:non?-?)?think\w*|(?:non?-?)?reason\w*|effort)\b[^()\[\]]*|x?-?high|med(?:ium)?|low|minimal|max|"
    r"(?:few|zero|one|\d+)-shot|(?:(?:few|zero|\d+)-shot[ ,]*)?(?:cot|pal|pot|tir|code interpreter)|(?:maj|cons|bon|best|rm)@\d+|"
    rf"{RUN_WITH}))[)\]]",
    re.IGNORECASE,
)
# The same where it stands in a heading or a column of its own.
EFFORT_LEVEL = r"(?:x-?)?high|med(?:ium)?|low|minimal|max"
EFFORT = re.compile(
    rf"(?:{EFFORT_LEVEL})(?: (?:reasoning )?effort)?|(?:non-?)?(?:thinking|reasoning)(?: (?:on|off|mode))?|{RUN_WITH}",
    re.IGNORECASE,
)
KIND_BEHIND = re.compile(r" ?\((?:moe|dense|hybrid|mla|ssm)\)$", re.IGNORECASE)  # "DS-Coder-V2-Lite-Base(MoE)"
# The part that a model plays in a paper, behind its name or around it: "X (base model)", "Base (X)".
ROLE = re.compile(
    r"^(?:base|backbone|teacher|student)(?: model)? \((?P<inside>[^()]+)\)$|"
    r" \((?:the )?(?:base|bootstrap|teacher|student|backbone|reference|starting) model\)$",
    re.IGNORECASE,
)
OURS = re.compile(r"\s*(?:[(（](?:ours?|本项目|我们)[)）]|[|] ?ours?$)", re.IGNORECASE)  # "X (ours)", "X | ours"
# What a heading says of the models below it: that they are tuned to follow instructions, or are not.
INSTRUCT = re.compile(r"\b(?:instruct(?:ion)?(?:[- ]tuned)?|chat|post-?trained|aligned)(?: models?)?\b", re.IGNORECASE)
BASE = re.compile(r"\b(?:base|pre-?trained)(?: models?)?\b", re.IGNORECASE)
HAS_VARIANT = re.compile(r"instruct|chat|\bit\b|base|\bpt\b|think|reason|sft|dpo|rlhf", re.IGNORECASE)
CONTEXT = re.compile(r"\s*\((\d+[kK])\)$")  # the length of text that a model without a size was given: "GPT-4 (32k)"
# Behind a model's name: how often it was preferred to another one.
PREFERENCE = re.compile(
    r"\b(?:wins?|ties?|tied|los[et]s?|loss(?:es)?|preferred|better|worse|win ?rate)(?: ?\(?%\)?)?$", re.IGNORECASE
)
# The best of many, or none of them: "Open-source SOTA 13B-70B".
NO_ONE_MODEL = re.compile(
    r"\bsota\b|\bvs\b|\bleader\b|state[- ]of[- ]the[- ]art|\b(?:best|previous|prior|top) (?:open|closed|models?|llms?|results?|published)|"
    r"\d[Bb] ?[-–~] ?\d+(?:\.\d+)?[Bb]\b|\b(?:models|llms|lms|systems)\b|"
    r"^(?:the |our )?(?:base|policy|student|teacher|target|draft|reward|proxy|small|large)?[- ]?\d+(?:\.\d+)?[BM] (?:base )?(?:models?|l?lms?)$",
    re.IGNORECASE,
)
# A plus sign joins a step of training to a model's name; anything else behind one makes a system of it.
PLUS = re.compile(
    r"(?: \+ ?|\+)"
    r"(?!s?dpo|sft|ppo|rlhf|rlaif|kto|orpo|simpo|ipo|rft|rm\b|grpo|it\b|instruct|chat|q?lora|cpt|pt\b|ft\b)[a-z]"
)
# A model that follows instructions already, trained once more: for the tests of its table.
TUNED_AGAIN = re.compile(r"(?:chat|instruct).*\+ ?(?:sft|ft)\b", re.IGNORECASE)
# What may stand under a family in a stacked heading ("Gemma" over "7B", "Gemini 1.5" over "Flash"); all else is a
# condition.
VARIANT = re.compile(
    r"(?:\d+(?:\.\d+)? ?[BbM]|\d+ ?[x×] ?\d+ ?[Bb]|\d+[Bb][-/]A?\d+[Bb]|v?\d+(?:\.\d+)*|it|pt|chat|instruct|inst\.?|base|flash|"
    r"pro|ultra|nano|mini|lite|air|(?:[A-Z]-)?(?:tiny|micro)|[A-Z]-small|E\d+B|small|medium|large|turbo|opus|sonnet|haiku|preview|thinking|\(?ours\)?)(?:[ -].*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Model:
    """A model as printed on an axis, with what the table prints beside its name ("" = nothing).

    size, active   Parameters with their unit ("671B", "37B"); mode: how it was run; kind: its architecture; line: the row
                   or column of its table that it heads.
    """

    name: str
    size: str
    note: str
    active: str = ""
    mode: str = ""
    kind: str = ""
    line: int = 0


@dataclass(frozen=True)
class Names:
    """What a paper says about names of models.

    own    Pattern of the authors' own models, where the title names them.
    made   Names, without case, that some table of the paper sets beside the model they were made from.
    kin    Pattern of the names that begin like the page's own model ("Heron-Mini" on the page of Heron): models too,
           by whomever.
    """

    own: re.Pattern[str] | None = None
    made: frozenset[str] = frozenset()
    kin: re.Pattern[str] | None = None


def is_model_name(text: str, names: Names) -> bool:
    """True when a text reads as the name of a model: a known family, a size in the name, or the authors' own mark."""
    text = re.sub(r"(?<=[A-Za-z]):(?=[A-Za-z])", "", text)  # "Mi:dm"
    if (
        not text
        or len(text) > MAX_MODEL_NAME
        or is_number(text)
        or PREFERENCE.search(text)
        or NO_ONE_MODEL.search(text)
    ):
        return False
    is_sized = bool(SIZED_NAME.fullmatch(text) or GLUED_NAME.fullmatch(text)) and not CORPUS.match(text)
    is_kin = bool(names.kin and names.kin.fullmatch(text))
    return is_own(text, names) or is_kin or text.lower() in names.made or bool(FAMILY.fullmatch(text)) or is_sized


def may_be_model_name(text: str) -> bool:
    """True when an unknown name has the shape of a model's: few words, none of them for people, chance or a method."""
    return bool(NAME_SHAPE.fullmatch(text)) and not NOT_A_NAME.search(text)


def known_by_company(texts: Iterable[str], names: Names, few: int = FEW_NAMES) -> frozenset[str]:
    """Unknown names among known models that are names of models too, when enough of all are known.

    They must look like names of products (capitals inside a word, digits, a family's name in them: "Mini-Gemini"), not like
    methods, people or chance.
    """
    labels = [t for t in dict.fromkeys(texts) if t]
    known = [t for t in labels if is_model_name(t, names)]
    if len(known) < max(few, len(labels) / 3):
        return frozenset()
    return frozenset(
        t
        for t in labels
        if may_be_model_name(KIND_BEHIND.sub("", MODE.sub("", t)))
        and t not in known
        and (INNER_CAPITAL.search(t) or any(FAMILY.fullmatch(word) for word in t.split("-")))
    )


def is_own(name: str, names: Names) -> bool:
    """True when a name is one of the authors' own models, by the paper's title or by the table's own word."""
    return bool((names.own and names.own.match(name)) or OURS.search(name))


def read_model(texts: list[str], names: Names, others: frozenset[str] = frozenset()) -> str | None:
    """The model that a heading path names ("LLaMA-2" over "7B" -> "LLaMA-2 7B"), or None; `others` are names too.

    How it was run may stand below it, as in brackets behind a name ("GPT-4o" over "w/o tools" -> "GPT-4o (w/o tools)").
    """
    for i, text in enumerate(texts):
        if is_model_name(text, names) or text in others:
            below = [
                t if VARIANT.fullmatch(t) and "shot" not in t.lower() else f"({t.strip('()[] ')})"
                for t in texts[i + 1 :]
            ]
            return " ".join([text, *below]) if all(VARIANT.fullmatch(t) or MODE.fullmatch(t) for t in below) else None
    return None


def say_effort(text: str) -> str:
    """An effort as it stands alone in a heading or a column with the word that tells what it is a level of ("low effort")."""
    return f"{text} effort" if re.fullmatch(EFFORT_LEVEL, text, re.IGNORECASE) else text


def split_mode(name: str) -> tuple[str, str]:
    """A name without the mode in brackets behind it, and the mode: "GPT-5 (high)" -> ("GPT-5", "high")."""
    name = ROLE.sub(lambda m: m["inside"] or "", name)
    modes = MODE.findall(name)
    plain = squash(MODE.sub("", name))
    if not SIZE.search(plain):
        modes += CONTEXT.findall(plain)
        plain = CONTEXT.sub("", plain)
    return (plain, ", ".join(modes)) if plain else (name, "")


def is_changed(name: str) -> bool:
    """True when a name says that this is a stage of training of the model or the model under a condition."""
    name, _ = split_mode(name)
    return bool(
        CHANGED.search(name, 1)
        or PLUS.search(name.lower())
        or TUNED_AGAIN.search(name)
        or re.match(r"\((?:-|−|vs)", name)
        or any(not PLAIN_BRACKET.fullmatch(b) and not FAMILY.fullmatch(b) for b in BRACKET.findall(name))
    )


def read_sizes(text: str, heading: str) -> tuple[str, str]:
    """All and active parameters that a cell under a heading prints, with their units: ("671B", "37B"); "" = not stated.

    Of two numbers in a cell the heading's order ("#Activated / #Total"), else the words in the cell, else their size
    tells which is active. A number without a unit means nothing unless the heading has one.
    """
    stated = UNIT_IN_HEADING.search(heading)
    unit = stated[1][0].upper() if stated else ""
    is_active = bool(re.search(r"\bact|# ?ap$", heading, re.IGNORECASE))
    one = ONE_SIZE.fullmatch(text)
    if one:
        number = f"{one[1].replace(',', '')}{(one[2] or unit)[:1].upper()}"
        number = number if number[-1].isalpha() else ""
        return ("", number) if is_active and not re.search("total", heading, re.IGNORECASE) else (number, "")
    two = TWO_SIZES.fullmatch(text)
    if not two or not (two["unit2"] or two["unit"] or unit):
        return "", ""
    last = (two["unit2"] or two["unit"] or unit).upper()
    sizes = [two["first"] + (two["unit"] or last).upper(), two["second"] + last]
    words = [w for w in re.findall(r"act|total", heading.lower())]
    first_is_active = words[:1] == ["act"] if set(words) == {"act", "total"} else None
    if two["sign"] or (two["word"] or "").lower() == "total":
        first_is_active = False
    elif two["word"]:
        first_is_active = True
    if first_is_active is None:
        first_is_active = in_billions(sizes[0]) < in_billions(sizes[1])
    return (sizes[1], sizes[0]) if first_is_active else (sizes[0], sizes[1])


def in_billions(size: str) -> Decimal:
    """A size with its unit in billions."""
    return Decimal(size[:-1]) * BILLIONS[size[-1].lower()]


def describe(model: Model) -> dict[str, str]:
    """What a table states about a model itself: parameters (all and active), mixture of experts.

    What stands in columns or rows for it wins over the name; a size that the name contradicts is not used.
    """
    both = TOTAL_AND_ACTIVE.search(model.name)
    # "7B/13B" names two models, "671B/37B" one with its active parameters.
    both = both if both and Decimal(both[1]) > Decimal(both[2]) else None
    named = {number + unit.upper() for number, unit in SIZE.findall(model.name)}
    # "8x7B" counts experts, not parameters, and a name with two sizes does not say which is the model's.
    name_size = (
        f"{both[1]}B" if both else named.pop() if len(named) == 1 and not EXPERT_COUNT.search(model.name) else ""
    )
    size, active = model.size, model.active
    if size and name_size and not is_near(size, name_size) and not (active and is_near(active, name_size)):
        return {}
    size = size or name_size
    size = size if size and in_billions(size) <= MOST_BILLIONS else ""
    active = active or (f"{both[2]}B" if both else "")
    if size and active and in_billions(active) > in_billions(size):
        return {}
    stated: dict[str, str] = {}
    is_mixture = EXPERTS.search(f"{model.name} {model.kind}") or (
        size and active and in_billions(active) < in_billions(size)
    )
    if is_mixture:
        stated["is_moe"] = "yes"
    elif re.fullmatch("dense", model.kind, re.IGNORECASE) or (size and size == active):
        stated["is_moe"] = "no"
    if not size:
        return stated
    unit = "millions" if size[-1] == "M" and (not active or active[-1] == "M") else "billions"

    def count(printed: str) -> str:
        is_in_unit = unit == "millions" or printed[-1] == "B"
        return printed[:-1] if is_in_unit else f"{in_billions(printed).normalize():f}"

    stated |= {"n_parameters": count(size), "parameter_unit": unit, "size_precision": "stated"}
    return stated | ({"n_active_parameters": count(active)} if active else {})


def is_near(size: str, other: str) -> bool:
    """True when two sizes with their units are the same but for rounding and what is counted."""
    a, b = in_billions(size), in_billions(other)
    return a > 0 and b > 0 and max(a, b) / min(a, b) <= CONTRADICTION
