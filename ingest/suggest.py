"""Which alias rows might a person want to add?

Question  Which names that are linked to nothing probably mean a known model or benchmark?
Input     names (kind model or benchmark, source_id, name, n = scores under it); targets (kind, target_id, name, n).
Output    one row per suggestion: kind, source_id, name, target_id, score (0 to 100), why; best first.
Method    Two names are compared only where all their numbers (sizes, versions, dates) and all their variant words
          (instruct, chat, mini, thinking, effort, quantisation, split ...) agree; that is also what keeps it fast. The
          score is rapidfuzz's ratio (https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html) of the sorted words or of
          the name run together, whichever is higher. Of equal targets the one with more scores is given.
Silent    When no target with the same numbers and variant words reaches MIN_SCORE.

Similarity never decides: a person reads the two names and moves the row into data/facts/aliases.csv, with the address
that says so.
"""

import re
import unicodedata
from collections import defaultdict

import pandas as pd
from rapidfuzz import fuzz, process

COLUMNS = ("kind", "source_id", "name", "target_id", "score", "why")
MIN_SCORE = 86.0  # our choice: below it, of 100 suggestions read, most were other models of the same size
MIN_SCORE_NO_NUMBER = 95.0  # nothing but the letters speaks for these
WORD = re.compile(r"\d+(?:\.\d+)*[a-z]?(?![a-z0-9])|\d+(?:\.\d+)*|[a-z]+|\+")
# 2024-05-13, 20240513 and 2024_05_13 are one date; "3-5" and "3_5" between a word and a word are the version 3.5.
DATE = re.compile(r"(20\d\d)[-_. ]?([01]\d)[-_. ]?([0-3]\d)(?!\d)")
VERSION = re.compile(r"(?<![\d.])(\d)[-_](\d)(?=$|[-_ ][a-z])")
SAME_WORDS = {"inst": "instruct", "ins": "instruct", "it": "instruct", "pt": "base", "validation": "val"}
DROPPED = frozenset({"hf", "v", "the", "of", "bench", "benchmark"})
VARIANTS = frozenset(
    word
    for words in (
        "base instruct chat sft dpo rlhf simpo orpo kto expo reward rm merge slerp ties dare abliterated uncensored",
        "deduped",
        "mini nano small medium large xl xxl tiny lite flash pro plus ultra max turbo sonnet haiku opus",
        "preview exp latest beta alpha old fast thinking reasoning think nothinking no non high low minimal xhigh",
        "effort",
        "coder code math vision vl vlm audio omni distill long online search concise verbose together",
        "awq gptq gguf exl int fp nf bit bits quantized q k bnb lora qlora",
        "diamond main hard easy verified multilingual multimodal test testmini dev val pass hs challenge extended",
        "redux",
        "prox + x average mean overall category subset with without w o sub",
    )
    for word in words.split()
)


def read_words(name: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, str]]:
    """Numbers, variant words, and two texts of a name: its words sorted, and run together as printed.

    "meta-llama/Meta-Llama-3.1-8B-Instruct" -> (("3.1", "8b"), ("instruct",), ("3.1 8b instruct llama meta",
    "metallama3.18binstruct")); the owner of a repository is no part of its name.
    """
    plain = unicodedata.normalize("NFKC", name).casefold().strip()
    plain = plain.removeprefix("hf:").rsplit("/", 1)[-1] if plain.count("/") == 1 else plain
    plain = VERSION.sub(r"\1.\2", DATE.sub(r" \1\2\3 ", plain))
    words = [SAME_WORDS.get(word, word) for word in WORD.findall(plain)]
    words = [word for word in words if word not in DROPPED]
    numbers = tuple(sorted(word for word in words if word[0].isdigit()))
    variants = tuple(sorted(word for word in words if word in VARIANTS))
    return numbers, variants, (" ".join(sorted(words)), "".join(words))


def suggest(names: pd.DataFrame, targets: pd.DataFrame, limit: int | None = None) -> pd.DataFrame:
    """Suggestions for `names`, most scores first among equals; at most `limit` rows.

    names    columns kind, source_id, name, n; targets: kind, target_id, name, n. A target may have several names.
    """
    blocks: dict[tuple, list[tuple[tuple[str, str], str, str, int]]] = defaultdict(list)
    for row in targets.sort_values(["target_id", "name"]).itertuples(index=False):
        numbers, variants, texts = read_words(row.name)
        blocks[row.kind, numbers, variants].append((texts, row.target_id, row.name, row.n))
    rows = []
    for row in names.itertuples(index=False):
        numbers, variants, texts = read_words(row.name)
        # A source's own names are no targets for it: what it prints apart is apart.
        block = [b for b in blocks.get((row.kind, numbers, variants), ()) if not b[1].startswith(f"{row.source_id}:")]
        least = MIN_SCORE if numbers else MIN_SCORE_NO_NUMBER
        found = [
            match
            for i, text in enumerate(texts)
            for match in process.extract(
                text, [b[0][i] for b in block], scorer=fuzz.ratio, score_cutoff=least, limit=None
            )
        ]
        if not found:
            continue
        _, score, best = max(found, key=lambda f: (f[1], block[f[2]][3], block[f[2]][1]))
        why = f"called {block[best][2]!r} there"
        for what, agreed in (("numbers", numbers), ("variant words", variants)):
            why += f"; same {what} {' '.join(agreed)}" if agreed else ""
        rows.append((row.kind, row.source_id, row.name, block[best][1], round(score, 1), why, row.n))
    out = pd.DataFrame(rows, columns=[*COLUMNS, "n"])
    out = out.sort_values(["score", "n", "source_id", "name"], ascending=[False, False, True, True])
    return out[list(COLUMNS)].head(limit).reset_index(drop=True)


def read_names(models: pd.DataFrame, benchmarks: pd.DataFrame, sources: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Names that are linked to nothing, and what they may mean, from a database.

    models       columns model_id, name, kind, is_linked, n; only models are looked at, never systems or humans
    benchmarks   columns benchmark_id, name, n; a benchmark is linked unless its id begins with a source's name
    sources      all source_ids
    """
    tests = benchmarks.rename(columns={"benchmark_id": "id"}).assign(kind="benchmark")
    tests["is_linked"] = ~tests["id"].str.partition(":")[0].isin(sources)
    weights = models[models["kind"] == "model"].rename(columns={"model_id": "id"}).assign(kind="model")
    columns = ["kind", "id", "name", "is_linked", "n"]
    both = pd.concat([weights[columns], tests[columns]], ignore_index=True)
    linked = both["is_linked"].astype(bool)
    unlinked = both[~linked].assign(source_id=both["id"].str.partition(":")[0])
    known = both[linked].rename(columns={"id": "target_id"})
    by_id = known.assign(name=known["target_id"].str.rpartition(":")[2])
    targets = pd.concat([known, by_id], ignore_index=True).drop_duplicates(["kind", "target_id", "name"])
    return unlinked[["kind", "source_id", "name", "n"]], targets[["kind", "target_id", "name", "n"]]
