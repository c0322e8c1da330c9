"""What people call one model: its dated versions, hosts, spellings and efforts roll up to one release.

Question  Which identifiers are one release (GPT-4o of May, August and November, "gpt-4o" at four hosts)?
Input     the table model (model_id, name, kind, developer, family), facts: families.csv, developers.csv, releases.csv.
Output    release_id and release_name per model; the one spelling of each developer.
Method    A release is a maker and a name. The name loses what hosts put before it, the words of an effort or of a way of
          asking ("-high", "(thinking)", "FC"), then days, months and build numbers. Only what is then equal, letter by
          letter as identity.fold_name compares, rolls up: sizes, "instruct", "mini" and "turbo" stay. The maker is the
          stated developer where developers.csv has it, else the one whose family the name speaks for; exceptions that no
          rule can read ("gpt-4-1106-preview" is GPT-4 Turbo) stand in releases.csv.
Silent    Never: repositories of anybody but a maker, systems, humans and baselines are releases of their own.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

import pandas as pd

from ingest import codes
from ingest.facts import Facts, normalise

# Hosts and makers whose word stands before the model's own name ("us.anthropic.", "OpenAI GPT-4", "c4ai-command-r").
LEADS = frozenset(
    {
        "openai", "anthropic", "google", "meta", "cohere", "amazon", "xai", "mistralai", "microsoft", "alibaba",
        "deepseekai", "moonshotai", "us", "eu", "c4ai", "openrouter", "together", "togethercomputer", "fireworks",
        "bedrock", "azure", "vertex", "chutes", "parasail", "ollama", "zai",
    }
)  # fmt: skip
EFFORTS = frozenset(
    {
        "xhigh", "high", "low", "medium", "minimal", "none", "auto", "adaptive", "effort", "thinking",
        "nothinking", "reasoning",
    }
)  # fmt: skip
# Ways of asking: what stands in brackets after a name and is no part of it.
WAYS = frozenset(
    {
        "fc", "prompt", "original", "optimized", "api", "tools", "tool", "no", "with", "without", "w", "w/", "w/o",
        "and", "shot", "shots", "cot", "few", "zero", "browsing", "search", "python", "max", "default",
        "temperature", "web", "网页",
    }
)  # fmt: skip
# Makers that ask one version in several ways; elsewhere "medium", "max" and "thinking" are names of weights.
ASKED = re.compile(
    r"(?:chat)?gpt|o\d|codex|claude|gemini (?!2\.0 flash thinking)|grok|deepseek v3|glm (?!4\.1v)|sonnet|opus|haiku"
)
MIN_LETTERS = 6  # shorter names of people and teams ("amu", "SAIL") are shared by others
NO_LETTER = re.compile(r"[\W_]")
SPACES = re.compile(r"[\W_]+")
BUDGET = re.compile(r"\d+k")
BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
VERSION = re.compile(r"(?<![\d.])(\d) (\d)(?=$| (?:[a-z(]|20\d{6}))")  # as in identity: "claude 3 5 sonnet" is 3.5
DAY = re.compile(r"(?<!\d)(20\d\d)[. ]?([01]\d)[. ]?([0-3]\d)(?!\d)")
OWNED = re.compile(r"\S+/\S+")
# What hosts put around a name: "us.anthropic.", ":free", "@2024", "-v1:0".
HOSTED = re.compile(r"^(?:us\.)?(?:anthropic|amazon|meta|mistral|cohere)\.|(?::free|@[\w.]+|-v\d+:\d+)$")
ASKED_WITH = re.compile(r"\bw/o?\s+(?:thinking|reasoning|tools?|python)\b.*", re.IGNORECASE)
BETWEEN = re.compile(r"[\s,=_-]+")
LETTER_DIGIT = re.compile(r"(?<=[a-z]) (?=\d)")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH = re.compile(
    "|".join(MONTHS) + "|january|february|march|april|june|july|august|sept(?:ember)?|october|november|december"
)
TWO_DIGITS, YEAR, LATE_YEAR, MONTH_NUMBER = map(re.compile, (r"\d\d", r"(?:20)?\d\d", r"(?:20)?[12]\d|2\d", r"[01]\d"))
WHOLE_DAY = re.compile(r"20[12]\d[01]\d[0-3]\d")
STARTS_DAY = re.compile(rf"\d|{MONTH.pattern}")  # nothing else can begin a day, a month, a year or a build number
SHORT_DAY = re.compile(r"(?:0[1-9]|1[0-2])[0-3]\d|2[2-9](?:0[1-9]|1[0-2])|00[1-9]|(?:feb|may)\d\d")  # 0613, 2407, 002
STAGES = frozenset(["base", "preview", "thinking"])  # of a maker's own weights
VERSION_WORD = re.compile(r"v?[\d.]+|\d+k")  # a version, a day, a length of context
BUILDS = frozenset(["latest", "preview", "exp", "experimental", "beta", "api", "dev"])


def assign(models: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """release_id, release_name, maker and version (the key of one version; "" where a model is its own release).

    models   model_id, name, kind, developer (as name_developers gives it) and family, one row per model; index kept
    """
    makers = {*facts.developers["developer"]}
    speaks = family_makers(facts)
    excepted = {
        (row.developer, version_key(row.name)): row.release_name
        for row in facts.releases.rename(columns={"model": "name"}).itertuples(index=False)
    }
    ids, names, versions, made_by = [], [], [], []
    columns = ("model_id", "name", "kind", "developer", "family")
    for model_id, name, kind, developer, family in codes.rows(models, columns):
        is_known = isinstance(developer, str) and developer in makers
        is_repository = model_id.startswith("hf:")
        maker = developer if is_known else "" if is_repository else speaks.get(family) or ""
        shown = name.rsplit("/", 1)[-1] if is_repository else name
        is_plain = kind == "model" and maker and " + " not in shown and ": " not in shown
        version = version_key(shown) if is_plain else ""
        versions.append(version)
        made_by.append(maker)
        if not version:
            ids.append(model_id)
            names.append(shown)
            continue
        release = excepted.get((maker, version)) or excepted.get((maker, undated_key(shown)))
        key = version_key(release) if release else release_key(shown)
        ids.append(f"{SPACES.sub('-', maker.casefold())}/{key.replace(' ', '-')}")
        names.append(release or shown.strip())
    out = pd.DataFrame({"release_id": ids, "maker": made_by, "version": versions}, index=models.index)
    return out.assign(release_name=out["release_id"].map(best_names(ids, names)))


def best_names(ids: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """One name per release: one from which nothing had to be dropped, with capitals, printed most often, the shortest."""
    counted = Counter(zip(ids, names, strict=True))
    best: dict[str, tuple] = {}
    for (release_id, name), n in counted.items():
        is_whole = glue(normalise(name.replace("+", " plus ")).split()) == release_key(name)
        rank = (not is_whole, 0 if is_whole else len(name), name.islower(), -n, len(name), name)
        best[release_id] = min(best.get(release_id, rank), rank)
    return {release_id: rank[-1] for release_id, rank in best.items()}


def name_developers(models: pd.DataFrame, facts: Facts) -> pd.Series:
    """Developer of every model as developers.csv writes it; what it does not have stays as printed.

    Spellings of what it does not have that differ only in case, blanks and punctuation are one developer, as most models
    spell it; short ones are kept apart, since two may share them. Of several developers in one cell the first counts. Where
    none is stated, the identifier's own maker; the maker of a family that nobody else makes models of (families.csv,
    is_closed); and the maker of any family whose own words alone make up the name (`is_own_name`). A system is built by
    somebody else on such a model.
    models   indexed by model_id, with name, developer, kind, family
    """
    known, speaks = spellings(facts), family_makers(facts)
    closed = set(facts.families.loc[facts.families["is_closed"] == "yes", "family"])
    found = []
    columns = ("model_id", "name", "developer", "kind", "family")
    rows = list(codes.rows(models.rename_axis("model_id").reset_index(), columns))
    for model_id, _, developer, kind, family in rows:
        text = developer if isinstance(developer, str) else ""
        if not text:
            text = known.get(squeeze(model_id.partition(":")[0])) or ""
        if not text and kind == "model" and family in closed:
            text = speaks.get(family, "")
        found.append(known.get(squeeze(text)) or known.get(squeeze(text.partition(",")[0])) or text or None)
    own: dict[str, set[str]] = defaultdict(set)
    for (_, name, *_, family), maker in zip(rows, found, strict=True):
        if maker and maker == speaks.get(family):
            own[family] |= set(words(name))
    for i, (model_id, name, _, kind, family) in enumerate(rows):
        is_open = found[i] is None and kind == "model" and not model_id.startswith("hf:") and family in own
        if is_open and is_own_name(name, own[family]):
            found[i] = speaks[family]
    makers = set(known.values())
    spelt = most_used(text for text in found if text and text not in makers)
    return pd.Series([spelt.get(text, text) if text else None for text in found], index=models.index, dtype=object)


def is_own_name(name: str, own: set[str]) -> bool:
    """Whether a name without an owner ("Kimi K2 Base") holds nothing but words that the family's maker gives its models
    (own), sizes among them, versions and STAGES: whoever tunes another's weights adds a word or a size to the name.
    """
    return " + " not in name and all(
        word in own or word in STAGES or VERSION_WORD.fullmatch(word) for word in words(name)
    )


def most_used(names: Iterable[str]) -> dict[str, str]:
    """Spelling -> the one that most models use, of names that are the same when squeezed; the first by letters of a tie."""
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        spelt[squeeze(name)][name] += 1
    return {
        name: min(counts, key=lambda n: (-counts[n], n))
        for plain, counts in spelt.items()
        if len(counts) > 1 and len(plain) >= MIN_LETTERS
        for name in counts
    }


@cache
def squeeze(name: str) -> str:
    """A developer's name as it is compared: letters and digits only, case folded."""
    return NO_LETTER.sub("", normalise(name))


def spellings(facts: Facts) -> dict[str, str]:
    """Squeezed spelling -> developer."""
    return {squeeze(name): d for name, d in facts.developers[["name", "developer"]].itertuples(index=False)}


def family_makers(facts: Facts) -> dict[str, str]:
    """Family -> the maker whose developers most of its name rules state; of a tie that of the first rule."""
    known = spellings(facts)
    rules = facts.families[(facts.families["evidence"] == "name") & (facts.families["developer"] != "")]
    maker = rules["developer"].map(lambda name: known.get(squeeze(name)))
    counted = rules.assign(maker=maker).dropna(subset="maker").groupby("family")["maker"]
    return counted.agg(lambda makers: makers[makers.isin(makers.mode())].iloc[0]).to_dict()


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of a model's name: host and owner dropped, brackets that only say how it was asked dropped."""
    text = name.rsplit("/", 1)[-1] if OWNED.fullmatch(name.strip()) else name
    text = HOSTED.sub("", text.strip())
    text = BRACKET.sub(lambda found: "" if is_way(found[1]) else f" {found[1]} ", text)
    text = ASKED_WITH.sub("", text)
    plain = (
        normalise(text.replace("+", " plus "))
        .replace("non thinking", "nothinking")
        .replace("no thinking", "nothinking")
    )
    plain = plain.replace("non reasoning", "nothinking").replace("x high", "xhigh")
    found = DAY.sub(r"\1\2\3", VERSION.sub(r"\1.\2", plain)).replace(",", " ").split()
    while len(found) > 1 and found[0] in LEADS:
        found = found[1:]
    return tuple(found)


@cache
def is_way(text: str) -> bool:
    """Whether a bracket says only how the model was asked: efforts, budgets, prompts, tools."""
    said = BETWEEN.split(text.casefold())
    return all(w in EFFORTS or w in WAYS or BUDGET.fullmatch(w) or (w.isdigit() and len(w) < 3) for w in said if w)


def drop_efforts(found: Sequence[str]) -> list[str]:
    """Words without the efforts and budgets at the end, for makers that ask one version in several ways."""
    kept = list(found)
    if not ASKED.match(" ".join(kept)):
        return kept
    ends = EFFORTS | ({"max"} if kept[0] == "claude" else set())
    while len(kept) > 1 and (kept[-1] in ends or BUDGET.fullmatch(kept[-1])):
        kept.pop()
    return kept


def drop_days(found: list[str]) -> list[str]:
    """Words without days, months with a year, and build numbers."""
    kept: list[str] = []
    for i, word in enumerate(found):
        if not (i and STARTS_DAY.match(word)):
            kept.append(word)
            continue
        before, after = found[i - 1] if i else "", found[i + 1] if i + 1 < len(found) else ""
        is_pair = bool(TWO_DIGITS.fullmatch(word)) and (
            YEAR.fullmatch(after) or (TWO_DIGITS.fullmatch(before) and before not in kept)
        )
        is_month = MONTH.fullmatch(word) and (not after or YEAR.fullmatch(after))
        is_year = LATE_YEAR.fullmatch(word) and (before[:3] in MONTHS or MONTH_NUMBER.fullmatch(before))
        is_day = WHOLE_DAY.fullmatch(word) or SHORT_DAY.fullmatch(word)
        if not (is_day or is_pair or is_month or is_year):
            kept.append(word)
    return kept


def drop_builds(found: list[str]) -> list[str]:
    """Words without those of an unfinished or moving build: "preview", "latest"."""
    return [word for i, word in enumerate(found) if not (i and word in BUILDS)]


def order_claude(found: list[str]) -> list[str]:
    """Words of "Claude Sonnet 4" and "claude-4-sonnet" in one order: the version before the line."""
    lines = ("opus", "sonnet", "haiku", "instant", "fable", "mythos")
    if found[:1] == ["claude"] and len(found) > 2 and found[1] in lines and re.fullmatch(r"\d+(?:\.\d+)?", found[2]):
        return ["claude", found[2], found[1], *found[3:]]
    return found


@cache
def version_key(name: str) -> str:
    """A name as one version of a model: efforts dropped, days kept."""
    return glue(order_claude(drop_efforts(words(name))))


@cache
def release_key(name: str) -> str:
    """A name as people call the model: efforts, days and builds dropped."""
    return glue(order_claude(drop_efforts(drop_builds(drop_days(drop_efforts(words(name)))))))


def undated_key(name: str) -> str:
    """A name without efforts and days, its build kept: "o1-preview" of "o1-preview-2024-09-12"."""
    return glue(order_claude(drop_efforts(drop_days(drop_efforts(words(name))))))


def glue(found: list[str]) -> str:
    """Words as one text, "gpt 4" as "gpt4": makers and boards write both."""
    return LETTER_DIGIT.sub("", " ".join(found))
