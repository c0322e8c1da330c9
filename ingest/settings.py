"""How a model was asked: what of a printed setting keeps two scores of one test apart.

Question  Which scores of one test may stand in one series?
Input     the printed setting, the model's printed name (which often holds the effort) and whether one harness ran the board.
Output    the setting group: shots or board, then ", tools", ", context management", ", several agents", ", thinking", ", high effort", ", fine-tuned" where they apply.
Method    Shots as printed. An effort or a thinking mode is read from the setting, else from the end of the name of makers
          that ask one version in several ways (ingest.releases). Tools, search or code count when they are said to be there;
          "no tools" is the plain setting, and in tests of working with tools, having
          them is. Encoders (BERT and its kin) on a board of one harness are fine-tuned there and
          not asked in words.
Silent    What a page does not say is not guessed: an unstated effort is the plain setting.
"""

import re
from functools import cache

from data.vocabulary import WITH_TOOLS, WITHOUT_TOOLS
from ingest import releases

SHOTS = re.compile(r"(\d+)[\s-]*shots?", re.IGNORECASE)
LEVEL = r"(x[- ]?high|high|medium|low|minimal|none|max)"
# "effort high", "reasoning on (medium)", "high effort", "high reasoning"
STATED = re.compile(
    rf"(?:effort|reasoning|thinking)\W{{0,3}}(?:effort\W{{0,3}})?(?:on\W{{1,2}})?\(?{LEVEL}\b|\b{LEVEL}[- ](?:effort|reasoning|thinking)",
    re.IGNORECASE,
)
OFF = re.compile(
    r"\b(?:no|non|without|w/o)[- ]?(?:extended )?(?:think(?:ing)?|reasoning)\b|/no_think|\bnothinking\b"
    r"|(?:thinking|reasoning)\W{1,2}(?:off|disabled|none)\b",
    re.IGNORECASE,
)
ON = re.compile(r"\bthinking\b|\breasoning\b(?! (?:test|task|questions|benchmark))|\beffort \d+k\b", re.IGNORECASE)
# An agent that forgets what it read.
CONTEXT = re.compile(r"(?<!\bno )(?<!\bwithout )\b(?:context|ctx)[- ]manage|\bdiscard[- ]all\b", re.IGNORECASE)
SWARM = re.compile(r"\bagent swarm\b|\bmulti-?agent\b", re.IGNORECASE)
# Encoders, by the names that their makers give them; "OpenCoder" is none.
ENCODER = re.compile(
    r"bert(?!alpha)|electra|xlm-?r|xlm-(?:v|align|mlm)|canine|distiluse|labse|minilm|mpnet|(?<![a-z])(?:e5|bge|gte)-|mluke"
    r"|infoxlm|ernie-m|(?<![a-z])encoder|use-cmlm|bernice|generic-sentiment|teams-base|mfaq|paraphrase-",
    re.IGNORECASE,
)
WORDS = {"none": "no-thinking", "nothinking": "no-thinking", "thinking": "thinking", "reasoning": "thinking"}


def read_group(board: str, model: str, name_scheme: str, setting: str, is_of_tools: bool = False) -> str:
    """The setting group of one score; `board` is the source where one harness ran everything, else "".

    is_of_tools   the test is one of working with tools (data.vocabulary.TOOL_DOMAINS), so that having them is no setting of its own
    """
    parts = [board or read_shots(setting)]
    if not is_of_tools and (has_tools(setting) or (name_scheme != "hf" and has_tools(model))):
        parts.append("tools")
    if CONTEXT.search(setting):
        parts.append("context management")
    if SWARM.search(setting):
        parts.append("several agents")
    effort = read_effort(setting, takes_effort(model)) or ("" if name_scheme == "hf" else effort_of(model))
    if effort:
        parts.append(effort)
    if board and is_encoder(model):
        parts.append("fine-tuned")
    return ", ".join(parts)


@cache
def read_shots(setting: str) -> str:
    """What a printed setting has in common with others: its number of shots, else "reported"."""
    shots = {int(n) for n in SHOTS.findall(setting)}
    return f"{shots.pop()}-shot" if len(shots) == 1 else "reported"


@cache
def is_encoder(model: str) -> bool:
    """Whether a model's name is that of an encoder, which a board of one harness fine-tunes."""
    return bool(ENCODER.search(model.rsplit("/", 1)[-1]))


@cache
def has_tools(text: str) -> bool:
    """Whether a text says that tools, search or code were at hand."""
    return bool(re.search(WITH_TOOLS, re.sub(WITHOUT_TOOLS, " ", text)))


@cache
def lacks_tools(text: str) -> bool:
    """Whether a text says that tools, search or code were not at hand."""
    return bool(re.search(WITHOUT_TOOLS, text))


@cache
def takes_effort(model: str) -> bool:
    """Whether a word such as "high" alone in the setting of a model can be its effort (in RACE it is a school)."""
    plain = releases.version_key(model)
    return bool(releases.ASKED.match(plain)) or plain.startswith("gpt oss")


@cache
def read_effort(setting: str, is_asked: bool = False) -> str:
    """The effort or thinking mode that a setting states: "no-thinking", "thinking", "high effort" ..., "" for none.

    is_asked   a level alone between commas ("high, zero-shot") counts, since the model takes efforts
    """
    if OFF.search(setting):
        return "no-thinking"
    stated = STATED.search(setting)
    alone = {part.strip().casefold() for part in setting.split(",")} & releases.EFFORTS if is_asked else set()
    level = (
        next((group for group in stated.groups() if group), "") if stated else (alone.pop() if len(alone) == 1 else "")
    )
    if level:
        level = level.casefold().replace("-", "").replace(" ", "")
        return WORDS.get(level, f"{level} effort")
    return "thinking" if ON.search(setting) else ""


@cache
def effort_of(model: str) -> str:
    """The effort or thinking mode at the end of a model's printed name, "" for none."""
    inside = " ".join(found[1] for found in releases.BRACKET.finditer(model) if releases.is_way(found[1]))
    tail = re.search(r"\bw/o? (?:thinking|reasoning)\b", model, re.IGNORECASE)
    said = read_effort(" ".join(t for t in (inside, tail[0].replace("w/ ", "") if tail else "") if t), True)
    if said:
        return said
    spoken = releases.words(model)
    dropped = spoken[len(releases.drop_efforts(spoken)) :]
    if "nothinking" in dropped:
        return "no-thinking"
    levels = [
        word for word in dropped if word in releases.EFFORTS - {"thinking", "reasoning", "effort", "auto", "adaptive"}
    ]
    if levels:
        return WORDS.get(levels[-1], f"{levels[-1]} effort")
    return "thinking" if {"thinking", "reasoning", "effort"} & set(dropped) else ""
