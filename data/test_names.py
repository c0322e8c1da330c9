"""What stands inside the name of a test besides the test: shots, metric, prompt style, the task syntax of harnesses.

Question  Which test, which metric and which setting does "MMLU(5-shot)", "HumanEval pass@1" or "gsm8k_cot" name?
Input     a name as printed.
Output    `TestName`: the bare name, the metric and the setting, "" where the name says nothing of them.
Method    Only words that are never part of a test's name are taken out, from the ends and from brackets: numbers of shots,
          "CoT", pass@k and maj@k, accuracies and F1, the four accuracies of IFEval, the multiple-choice rules mc1 and mc2, the answer filters of
          lm-evaluation-harness, the ways in which it puts a test ("mmlu_flan_n_shot_generative"), the task syntax of
          harnesses ("harness|arc:challenge|25"), and in brackets the agent, tools, effort or decoding of a run ("OpenHands").
Silent    A name of which nothing would remain stays as it is.
"""

import re
from dataclasses import dataclass

SHOTS = re.compile(r"(\d+|zero|one|two|three|four|five|eight|ten|few|many|k|n)[ _-]*shots?", re.IGNORECASE)
SHORT_SHOTS = re.compile(r"(\d+)[ -]?s", re.IGNORECASE)  # "ARC (25-s)": only in brackets, elsewhere it may be seconds
NUMBER_WORDS = dict(
    zip(
        ["zero", "one", "two", "three", "four", "five", "eight", "ten"],
        ["0", "1", "2", "3", "4", "5", "8", "10"],
        strict=True,
    )
)
# The four accuracies of IFEval, however a harness or a card spells them.
LEVEL = r"(?:prompt|inst(?:r(?:uction)?)?)(?:[ _-]?level)?"
RULE = r"(?:strict|loose)"
IFEVAL = re.compile(rf"(?:{LEVEL}[ _-]{RULE}|{RULE}[ _-]{LEVEL})(?:[ _-]acc(?:uracy)?\.?)?", re.IGNORECASE)
METRIC = re.compile(
    rf"{IFEVAL.pattern}|"
    r"(?:pass|maj|cons|avg|best|maj1|recall|precision|hits?|top|hit rate)[ _]?@[ _]?\d+|pass\^\d+|acc(?:uracy)?(?:_norm|,none)?|acc\.|"
    r"exact[ _-]match|em|f1|macro[ _-]f1|micro[ _-]f1|mc[12]|(?:lc |length[- ]controlled )?win[ -]?rate|bleu|chrf|rouge[ -_]?[l12]|"
    r"top[ -_]1(?: accuracy)?",
    re.IGNORECASE,
)
WIN_RATE = re.compile(r"(lc |length[- ]controlled )?win[ -]?rate")
STYLE = re.compile(
    r"(?:with |w/ ?|no |w/o |without |native[ _-]|english[ _-]|en_)?(?:cot|chain[ -]of[ -]thought)(?: prompting)?",
    re.IGNORECASE,
)
FILTER = re.compile(
    r"strict[ _-]match|flexible[ _-]extract|(?:remove_whitespace|get[ _-]response|custom[ _-]extract|create_test|take_first|score-first|none)",
    re.I,
)
# How a harness puts one test in several ways: "mmlu_flan_n_shot_generative".
TASK_FORM = re.compile(r"generative|generation|loglikelihood|continuation|flan|direct", re.IGNORECASE)
# The task group of a board, before a test whose name says the rest; "leaderboard_bbh" is a test of its own.
GROUP = re.compile(r"leaderboard_(?=gpqa_)", re.IGNORECASE)
# "HumanEval@1" counts the answers that were drawn, "MMLU@5" most often the shots: behind other tests it stays as printed.
DRAWS = re.compile(r"(.*\w) ?@ ?(\d+)")
OF_CODE = re.compile(
    r"humaneval|mbpp|livecodebench|lcb|codecontests|\bapps\b|multipl-?e|codeforces|bigcodebench", re.IGNORECASE
)
# With what and how it was run, as it stands in brackets: agents around the model, tools, effort, decoding.
RUN = re.compile(
    r"open ?hands.*|(?:mini-?)?swe-?agent.*|agentless.*|moatless.*|auto ?code ?rover.*|aider.*|claude[- ]code.*|codex(?:[- ]cli)?.*|"
    r"terminus.*|gemini[- ]cli.*|qwen[- ]code.*|kimi[- ]cli.*|goose|devin|cursor|bash[- ]only|r2e-?gym.*|"
    r"(?:own|custom|internal|in-?house|simple|our) (?:scaffold(?:ing)?|harness|agent|tools).*|scaffold(?:ed|ing)?|agentic (?:search|harness|scaffold|setup|loop).*|"
    r"(?:with|without|using) \S.{1,60}|(?:no|tool|tools|web) (?:tools?|tool use|python|search|browsing|internet|think(?:ing)?|reasoning|use)|"
    r"(?:python|code|web|search) (?:tools?|interpreter|execution|only)|tools|browsing|python|"
    r"(?:non-?|no-?|extended )?thinking(?: (?:mode|on|off|high|medium|low))?|(?:non-?|no-?)reasoning|reasoning (?:mode|on|off|high|medium|low)|"
    r"(?:x-?high|high|medium|low|minimal|max)(?: (?:reasoning|effort|thinking|reasoning effort|compute))|"
    r"(?:temp(?:erature)?|t|top-?p) ?[=:]? ?[01](?:\.\d+)?|greedy|single attempt|"
    r"(?:avg|average|mean) of \d+(?: runs)?|\d+ (?:runs|seeds|samples|attempts)",
    re.IGNORECASE,
)
# Words that are a part of these tests: the schools of RACE, the language of a test of code.
PARTS = re.compile(
    r"race\b.*\n(?:high|middle|medium)|.*(?:code|coder|swe|polyglot|aider|multipl|crux|ds-?1000|mbpp|eval).*\n(?:python|code execution)",
    re.IGNORECASE,
)
USUAL_SHOTS = {*range(11), 15, 16, 20, 25, 32, 50, 64}
# Tests that are asked with examples, behind which a number alone in brackets is that of the examples.
FEW_SHOT = re.compile(
    r"(?:c?mmlu(?: |-pro|-redux)?|winogrande|hella ?swag|arc(?:[- _]?(?:c|e|challenge|easy))?|gsm-?8k|truthful ?qa|bbh|big-?bench[- ]hard|"
    r"drop|piqa|siqa|boolq|trivia ?qa|natural ?questions|nq|open ?book ?qa|obqa|common ?sense ?qa|csqa|agi ?eval|c-?eval|race.?[hm]?|"
    r"lambada|mbpp|copa|xnli|xstorycloze|squad.*|mgsm|math-?qa|sciq)[ _]*",
    re.IGNORECASE,
)
SPLIT_WORDS = re.compile(r"(?:test|dev|val(?:idation)?)(?: set| split)?", re.IGNORECASE)
HARNESS = re.compile(
    r"(?:(?:harness|leaderboard|lighteval|helm|original|community|extended|lm[_-]eval)\||(?=[^|]+\|\d{1,2}(?:\||$)))([^|]+)(?:\|(\d+))?(?:\|\d+)?",
    re.I,
)
BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
TRAIL = re.compile(r"[\s_,;:/|-]+$")
WIDE = str.maketrans("（）［］，：％", "()[],:%")  # as Chinese and Japanese pages print them
# Signs behind a name that say unit or direction, which data/units.py hears: "MMLU %", "GSM8K (↑)", "WER (lower is better)".
SIGNS = re.compile(r"\s*(?:[↑↓⬆⬇▲▼⇧⇩%]|[(\[]\s*(?:[↑↓⬆⬇▲▼⇧⇩%]|(?:higher|lower) is better)\s*[)\]])$", re.IGNORECASE)
# Suffixes of one word after an underscore, as harness tasks have them ("gsm8k_cot_zeroshot", "truthfulqa_mc2").
SUFFIX = re.compile(
    rf"[ _,;:/|-]+({SHOTS.pattern}|{METRIC.pattern}|{STYLE.pattern}|{FILTER.pattern}|zeroshot|fewshot|(?<=_)(?:{TASK_FORM.pattern})|"
    r"(?:without|no) (?:tools?|python|web search|browsing))$",
    re.IGNORECASE,
)
TWO_SHOTS = re.compile(r"\b\d{1,2} ?/$")  # before "5-shot": "MMLU 0/5-shot" is of two settings
LEAD_METRIC = re.compile(r"((?:pass|maj|cons|avg)@\d+|mc[12])[ :]+(.+)", re.IGNORECASE)
MEANING = {"em": "exact_match", "acc": "accuracy", "acc.": "accuracy", "acc,none": "accuracy"}


@dataclass(frozen=True)
class TestName:
    """A test's bare name with the metric and the setting that its printed name states."""

    __test__ = False  # no test class, whatever pytest thinks of the name

    name: str
    metric: str
    setting: str

    @property
    def is_split(self) -> bool:
        """Whether the name said more than the test."""
        return bool(self.metric or self.setting)


def read_test(printed: str) -> TestName:
    """The test, metric and setting that a printed name states."""
    text = " ".join(printed.replace("\u2011", "-").replace("\u2013", "-").translate(WIDE).split())
    text = re.sub(r",none(?=[)\s]|$)", "", text)  # lm-evaluation-harness: no answer filter
    text = re.sub(r"\bw/ ?o\b ?", "without ", re.sub(r"\bw/ (?!o\b)", "with ", text))
    metrics: list[str] = []
    settings: list[str] = []
    text = GROUP.sub("", text)
    harness = HARNESS.fullmatch(text)
    if harness:
        text = harness[1].replace(":", " ")
        if harness[2]:
            settings.append(f"{harness[2]}-shot")
    if IFEVAL.fullmatch(text):  # of these four, only one test knows
        _note(text, metrics, settings)
        return TestName("IFEval", metrics[0], "")
    while True:
        rest = _take(text, metrics, settings)
        if rest is None:
            break
        text = rest
    if measured := LEAD_METRIC.fullmatch(text):
        text = measured[2]
        _note(measured[1], metrics, settings)
    glued = re.fullmatch(rf"(.*?[A-Za-z0-9+])[ _]?({SHOTS.pattern})", text, re.IGNORECASE)
    lead = re.fullmatch(rf"({SHOTS.pattern})(?:[ _,-]+({STYLE.pattern})(?=[ _,]))?[ _,-]+(.+)", text, re.IGNORECASE)
    if glued and glued[1]:
        text = glued[1]
        _note(glued[2], metrics, settings)
    elif lead:
        text = lead[4]
        for token in filter(None, (lead[3], lead[1])):
            _note(token, metrics, settings)
    return TestName(text, ", ".join(dict.fromkeys(reversed(metrics))), "; ".join(dict.fromkeys(reversed(settings))))


def _take(text: str, metrics: list[str], settings: list[str]) -> str | None:
    """The text without one bracket or word at its end that says how the test was run; None where there is none."""
    signs = SIGNS.search(text)
    if signs and signs.start():
        return text[: signs.start()]
    bracket = BRACKET.search(text)
    if bracket and text[: bracket.start()].strip():
        tokens = [
            t.strip()
            for t in re.split(r"[,;/]|(?<=shot) |(?<=shots) |(?<=CoT) |-(?=(?i:cot)\b)", bracket[1])
            if t.strip()
        ]
        if (
            bracket[1].strip().isdecimal()
            and FEW_SHOT.fullmatch(text[: bracket.start()])
            and int(bracket[1]) in USUAL_SHOTS
        ):
            tokens = [f"{bracket[1].strip()}-shot"]
        is_part = PARTS.fullmatch(f"{text[: bracket.start()].strip()}\n{bracket[1].strip()}")
        if tokens and not is_part and all(_is_known(t) for t in tokens):
            for token in reversed(tokens):
                _note(token, metrics, settings)
            return TRAIL.sub("", text[: bracket.start()])
        # Of "LiveCodeBench (v5, pass@1)" the version stays with the name.
        told = [t for t in tokens if any(p.fullmatch(t) for p in (SHOTS, METRIC, STYLE, FILTER))]
        if told and not is_part:
            for token in reversed(told):
                _note(token, metrics, settings)
            return f"{text[: bracket.start()]} ({', '.join(t for t in tokens if t not in told)})"
        return None
    suffix = SUFFIX.search(text)
    if suffix and suffix.start() and not TWO_SHOTS.search(text[: suffix.start(1)]):
        _note(suffix[1], metrics, settings)
        return TRAIL.sub("", text[: suffix.start()])
    draws = DRAWS.fullmatch(text)
    if draws and not METRIC.fullmatch(text):
        (metrics if OF_CODE.search(draws[1]) else settings).append(read_draws(draws[1], draws[2]))
        return draws[1]
    return None


def plain_name(printed: str) -> str:
    """The bare name of a test that somebody asks about, also of a harness's task with the prompts that Llama was tested with
    ("gsm8k_cot_llama"). Tables of scores do not ask: there "llama" may be the model.
    """
    return read_test(re.sub(r"(?<=[a-z0-9])_llama$", "", printed.strip(), flags=re.IGNORECASE)).name


def read_draws(test: str, number: str) -> str:
    """What the number behind a test's name and an at sign says: a metric for tests of code, else a setting as printed."""
    return f"pass@{number}" if OF_CODE.search(test) else f"@{number}"


def _is_known(token: str) -> bool:
    """Whether a text between commas is a setting, a metric or a filter as a whole."""
    return any(p.fullmatch(token) for p in (SHOTS, SHORT_SHOTS, METRIC, STYLE, FILTER, SPLIT_WORDS, RUN)) or token in (
        "%",
        "zeroshot",
        "fewshot",
    )


def _note(token: str, metrics: list[str], settings: list[str]) -> None:
    """Keep one token where it belongs; "none", "%" and splits say nothing."""
    plain = token.strip().casefold()
    shots = SHOTS.fullmatch(plain)
    if shots:
        settings.append(f"{NUMBER_WORDS.get(shots[1], shots[1])}-shot")
    elif plain in ("zeroshot", "fewshot"):
        settings.append("0-shot" if plain == "zeroshot" else "few-shot")
    elif short := SHORT_SHOTS.fullmatch(plain):
        settings.append(f"{short[1]}-shot")
    elif IFEVAL.fullmatch(plain):
        level, rule = "prompt" if "prompt" in plain else "inst", "strict" if "strict" in plain else "loose"
        metrics.append(f"{level}_{rule}_accuracy")
    elif win := WIN_RATE.fullmatch(plain):
        metrics.append("lc_win_rate" if win[1] else "win_rate")
    elif METRIC.fullmatch(plain):
        metrics.append(_metric(plain))
    elif STYLE.fullmatch(plain):
        of = re.match(r"native|en(?=[ _-]|glish)", plain)
        kind = "no " if plain.startswith(("no ", "w/o", "without")) else f"{of[0]} " if of else ""
        settings.append(f"{kind}CoT")
    elif TASK_FORM.fullmatch(plain):
        settings.append("flan prompts" if plain == "flan" else plain)
    elif FILTER.fullmatch(plain) and plain != "none":
        settings.append(plain.replace("_", "-").replace(" ", "-"))
    elif RUN.fullmatch(plain):
        settings.append(token.strip())


def _metric(plain: str) -> str:
    """A metric as this project writes it; a consensus of k answers is what most of them say."""
    drawn = re.sub(r" ?@ ?", "@", plain)
    return MEANING.get(plain, re.sub(r"^cons@", "maj@", drawn).replace(" ", "_"))


def read_metric(printed: str) -> tuple[str, str]:
    """The metric and the setting that a harness's name of a metric states ("exact_match,strict-match")."""
    metrics: list[str] = []
    settings: list[str] = []
    for token in (t.strip() for t in printed.split(",")):
        if FILTER.fullmatch(token) or IFEVAL.fullmatch(token):
            _note(token, metrics, settings)
        elif token:
            metrics.append(re.sub(r"^cons ?@ ?(?=\d+$)", "maj@", token, flags=re.IGNORECASE))
    return ", ".join(metrics), "; ".join(settings)


def read_shots(setting: str) -> str:
    """The number of shots that a setting states, as groups of scores are called ("5-shot"); "" for none or several."""
    found = {NUMBER_WORDS.get(n.casefold(), n.casefold()) for n in SHOTS.findall(setting)}
    return f"{found.pop()}-shot" if len(found) == 1 else ""
