"""Finding models, benchmarks, families and makers by whatever people call them.

Question  Which of the things that we hold does this text mean?
Input     an open database, once (`Index`); a text as somebody types it.
Output    `Hit`s, the likeliest first. A model is found as its release: dated versions, hosts and spellings are one hit,
          and its members come with it.
Method    Every name and alias is cut into words and numbers, so that "gpt4o", "GPT-4o" and "gpt 4 o" are the same three
          tokens. A hit has every token of the text, as a whole token or as the beginning of a word, in any order; or the
          text, its separators taken out, from the beginning of a token on ("swebench"). A word that stands in no name
          gives way to the words that are nearest to it by Damerau-Levenshtein distance (rapidfuzz), the same as in a
          misspelling of one or two letters; then `Found.corrected` says what was looked for instead. Equal matches are
          ordered by the number of scores.
Silent    Nothing is guessed beyond that: a text that no name has gives no hit.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

import store
from data.vocabulary import COUNTED_KINDS
from store import Where

KINDS = ("model", "benchmark", "family", "maker")
# A number keeps a unit that follows it, so that "gemma 2" prefers Gemma 2 27B to Gemma 2B; "+" is read as "plus".
TOKEN = re.compile(r"\d+(?:\.\d+)*(?:[bmkt](?![^\W\d_]))?|[^\W\d_]+|(?<=\w)\+")
LONGEST = 120  # characters of a text that are read
FIRST_LETTERS = 2  # of a word that already find it while it is typed
MORE = ("", ".", "b", "m", "k", "t")  # what may follow a number that is found by its beginning
RUN = 4  # characters from which a text without separators is looked for inside a name
NO_FAMILY = ("unknown", "mixed")  # families of models whose family is not known
# How well a name fits, best first.
SAME, BEGINS, TOGETHER, IN_ORDER, ANY_ORDER = range(5)


@dataclass(frozen=True)
class Hit:
    """One thing that was found.

    kind      one of KINDS
    id        release_id of a model, benchmark_id, or the name of a family or maker
    name      what to call it
    lead_id   the page to open: of a model's members the one with most scores; else the same as `id`
    members   model_ids of the release, most scores first; ("id",) for everything else
    n_scores  current headline scores, what equal matches are ordered by
    fit       SAME to ANY_ORDER
    """

    kind: str
    id: str
    name: str
    lead_id: str
    members: tuple[str, ...]
    n_scores: int
    fit: int


@dataclass(frozen=True)
class Found:
    """What a text means: hits, and the text that was looked for where the typed one stands in no name."""

    hits: tuple[Hit, ...] = ()
    corrected: str = ""


@dataclass(frozen=True)
class Thing:
    """One thing that can be found, before anything is looked for."""

    kind: str
    id: str
    name: str
    lead_id: str
    members: tuple[str, ...]
    n_scores: int


@dataclass
class Index:
    """Every name, cut into tokens: made once per database by `index`, read by `find`."""

    things: list[Thing] = field(default_factory=list)
    names: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)  # number of the thing, its tokens
    holders: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # token -> numbers of names
    runs: list[str] = field(default_factory=list)  # the tokens of each name in one, a space before each
    tokens: list[str] = field(default_factory=list)  # every token in alphabetical order

    def add(self, thing: Thing, names: Iterable[str]) -> None:
        """One thing with all that it is called."""
        self.things.append(thing)
        for cut in sorted({tokens(name) for name in names} - {()}):
            number = len(self.names)
            self.names.append((len(self.things) - 1, cut))
            self.runs.append(" " + " ".join(cut))
            for token in cut:
                self.holders[token].add(number)


def tokens(text: str) -> tuple[str, ...]:
    """Words and numbers of a text in small letters: "Qwen2.5-72B" gives qwen, 2.5, 72b."""
    found = TOKEN.findall(unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    return tuple("plus" if token == "+" else token for token in found)


def index(connection: store.Connection) -> Index:
    """All that can be found in an open database; takes a second or two, so it is made once a database."""
    made = Index()
    aliases = store.read(connection, "alias")
    called: dict[str, dict[str, list[str]]] = {"model": defaultdict(list), "benchmark": defaultdict(list)}
    for kind, name, target in zip(aliases["kind"], aliases["name_key"], aliases["target_id"], strict=True):
        called[kind][target].append(name)
    headline = [Where("status", "=", "current"), Where("is_subset", "=", False)]
    add_models(made, connection, called["model"])
    add_benchmarks(made, connection, called["benchmark"], headline)
    counted = store.count(
        connection, "scores", ["family", "developer"], [*headline, Where("kind", "in", COUNTED_KINDS)]
    )
    for name, n in counted[~counted["family"].isin(NO_FAMILY)].groupby("family")["n"].sum().items():
        made.add(Thing("family", str(name), str(name), str(name), (str(name),), int(n)), [str(name)])
    if has(connection, "maker"):
        makers = store.read(connection, "maker")
        maker = counted["developer"].map(dict(zip(makers["developer"], makers["maker"], strict=True)))
        spelled = counted.groupby([maker.rename("maker"), "developer"])["n"].sum().reset_index()
        spelled = spelled.sort_values(["n", "developer"], ascending=[False, True])
        for key, some in spelled.groupby("maker"):
            name = str(some["developer"].iloc[0])  # what most of its scores call it
            made.add(Thing("maker", str(key), name, str(key), (str(key),), int(some["n"].sum())), some["developer"])
    made.tokens = sorted(made.holders)
    return made


def add_models(made: Index, connection: store.Connection, called: dict[str, list[str]]) -> None:
    """Models and systems by release; a build from before releases has each model for itself."""
    known = store.describe(connection, "models")
    release = ("release_id", "release_name") if "release_id" in known else ("model_id", "name")
    columns = ["n_evaluations", "model_id", "name", *release]
    rows = store.read(connection, "models", list(dict.fromkeys(columns)), order=["-n_evaluations", "model_id"])
    n_scores = rows["n_evaluations"].fillna(0).astype(int)
    members: dict[str, list[tuple[str, str, str, int]]] = defaultdict(list)
    for key, title, model_id, name, n in zip(*(rows[c] for c in (*release, "model_id", "name")), n_scores, strict=True):
        members[key].append((model_id, name, title, n))
    for key, some in members.items():
        ids, title = tuple(model_id for model_id, *_ in some), some[0][2]
        spelled = {title}
        for model_id, name, *_ in some:
            spelled |= {name, name.rsplit("/", 1)[-1], *called.get(model_id, ())}
        made.add(Thing("model", key, title, ids[0], ids, sum(n for *_, n in some)), spelled)


def add_benchmarks(
    made: Index, connection: store.Connection, called: dict[str, list[str]], headline: list[Where]
) -> None:
    """Benchmarks with current headline scores."""
    counts = store.count(connection, "scores", ["benchmark_id", "benchmark_name", "benchmark_version"], headline)
    for row in counts.itertuples():
        version = row.benchmark_version if isinstance(row.benchmark_version, str) else ""
        name = row.benchmark_name if version in row.benchmark_name else f"{row.benchmark_name} {version}"
        spelled = {name, row.benchmark_name, *called.get(row.benchmark_id, ())}
        made.add(Thing("benchmark", row.benchmark_id, name, row.benchmark_id, (row.benchmark_id,), int(row.n)), spelled)


def find(made: Index, text: str, kinds: Collection[str] = KINDS, limit: int | None = None) -> Found:
    """What `text` means, the likeliest first; at most `limit` hits."""
    asked = tokens(text)
    if not asked:
        return Found()
    hits = matches(made, asked, kinds)
    corrected = ""
    if not hits:
        for other in spellings(made, asked):
            hits = matches(made, other, kinds)
            if hits:
                corrected = " ".join(other)
                break
    return Found(tuple(hits[:limit]), corrected)


def matches(made: Index, asked: tuple[str, ...], kinds: Collection[str]) -> list[Hit]:
    """Things with a name that has all tokens, or the whole run of characters; one hit each with its best fit."""
    best: dict[int, int] = {}
    for number in holding(made, asked) | running(made, asked):
        thing, cut = made.names[number]
        if made.things[thing].kind in kinds:
            best[thing] = min(best.get(thing, ANY_ORDER), fit(cut, asked))
    found = [Hit(**vars(made.things[thing]), fit=how) for thing, how in best.items()]
    return sorted(found, key=lambda hit: (hit.fit, -hit.n_scores, hit.kind, hit.id))


def holding(made: Index, asked: tuple[str, ...]) -> set[int]:
    """Names that have every token, as a whole token or, for a word, as its beginning."""
    left: set[int] | None = None
    for token in asked:
        holders = set(made.holders.get(token, ()))
        is_number = token[0].isdecimal()
        if is_number or len(token) >= FIRST_LETTERS:
            place = bisect_left(made.tokens, token)
            while place < len(made.tokens) and made.tokens[place].startswith(token):
                longer = made.tokens[place]
                if not is_number or longer[len(token) : len(token) + 1] in MORE:  # 3 finds 3.1 and 3b, not 32b
                    holders |= made.holders[longer]
                place += 1
        left = holders if left is None else left & holders
        if not left:
            return set()
    return left or set()


def running(made: Index, asked: tuple[str, ...]) -> set[int]:
    """Names in which the text stands without its separators, from the beginning of a token on: "swebench"."""
    run = "".join(asked)
    if len(run) < RUN:
        return set()
    # Between two characters of the run there may be the space that separates tokens.
    pattern = re.compile(" " + " ?".join(map(re.escape, run)))
    return {
        number
        for number, name in enumerate(made.runs)
        if name[1] == run[0] or f" {run[0]}" in name
        if pattern.search(name)
    }


def fit(cut: tuple[str, ...], asked: tuple[str, ...]) -> int:
    """How well the tokens of a name fit those of the text."""
    name, run = "".join(cut), "".join(asked)
    if name == run:
        return SAME
    starts = {sum(map(len, cut[:place])) for place in range(len(cut))}
    ends = {0, len(name)} | starts
    if any(name.startswith(run, start) and start + len(run) in ends for start in starts):
        return BEGINS if name.startswith(run) else TOGETHER
    places = iter(cut)
    return IN_ORDER if all(any(part.startswith(token) for part in places) for token in asked) else ANY_ORDER


def spellings(made: Index, asked: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The text with its unknown words as names spell them, the nearest first; empty where no word is near."""
    options: list[list[str]] = []
    for token in asked:
        if token[0].isdecimal() or token in made.holders:
            options.append([token])
            continue
        allowed = 1 if len(token) < 7 else 2
        near = process.extract(
            token,
            [known for known in made.tokens if known[0].isalpha() and abs(len(known) - len(token)) <= allowed],
            scorer=DamerauLevenshtein.distance,
            score_cutoff=allowed,
            limit=None,
        )
        ordered = sorted(near, key=lambda found: (found[1], -len(made.holders[found[0]])))
        options.append([word for word, _, _ in ordered[:3]] if len(token) > 3 else [token])
    if not all(options) or all(len(some) == 1 and some[0] == t for some, t in zip(options, asked, strict=True)):
        return []
    tried = [tuple(some[min(turn, len(some) - 1)] for some in options) for turn in range(3)]
    return list(dict.fromkeys(tried))


def answers(connection: store.Connection, hits: Iterable[Hit]) -> dict[tuple[str, str], pd.Series]:
    """What is said of found models and benchmarks: {(kind, id): a row with level or status, and reason}.

    A release is answered by the model that its hit opens.
    """
    told: dict[tuple[str, str], pd.Series] = {}
    sources = {"model": ("models", "model_id", ["level", "direction", "reason", "n_unusual_high", "n_tested"])}
    sources["benchmark"] = ("benchmarks", "benchmark_id", ["status", "use", "reason"])
    chosen = list(hits)
    for kind, (view, key, columns) in sources.items():
        leads = {hit.lead_id: hit.id for hit in chosen if hit.kind == kind}
        if not leads or (kind == "benchmark" and not has(connection, view)):
            continue
        rows = store.read(connection, view, [key, *columns], [Where(key, "in", tuple(sorted(leads)))])
        told |= {(kind, leads[row[key]]): row for _, row in rows.iterrows()}
    return told


def has(connection: store.Connection, view: str) -> bool:
    """Whether this build has the view; one from before it lacks it."""
    try:
        return bool(store.describe(connection, view))
    except KeyError:
        return False
