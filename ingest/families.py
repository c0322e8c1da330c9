"""Families of models: whose weights each was made from.

Question  From whose weights was this model made (Llama, Qwen, Gemma, Mistral ...), and how do we know?
Input     `models`, one row per model: model_id, name, base_model (as stated; several separated by commas; a trailing
          "(Merge)" is dropped), architecture (class name as stated), and where known n_parameters (a count).
          `families`, the rules of data/facts/families.csv.
Output    A frame with the index of `models`: model_id, family, family_basis, series, root_model (all text).
Method    Evidence in this order: the stated base model, followed through the table; the model's name; the architecture,
          where one family alone uses it or where architecture and parameter count together fit one known base; else
          unknown. Rules of a kind with the smallest priority number win. Stated bases of several families give "mixed".
Silent    "unknown" with basis "none" where nothing speaks, and where a name speaks for two families at once.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

UNKNOWN = "unknown"
MIXED = "mixed"
# A rule's word may stand beside digits and marks ("llama2_7b") or at a capital ("QwenStock2"), never inside a word.
LEFT = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
RIGHT = r"(?:(?![A-Za-z])|(?<=[a-z0-9])(?=[A-Z]))"
# Parts of a pattern that say where a match may begin, and parts that may be missing.
PLACE = r"\^|\(\?:(?:\^|\(\?<=(?:[^()\[\]]|\[[^]]*\])*\)|\|)+\)"
OPTIONAL = r"\((?:\?:)?(?:[^()\[\]]|\[[^]]*\])*\)\?"
# What boards print in the base model column where there is none to follow.
NO_BASE = ("", "removed", "unknown", "none", "n/a", "null")


@dataclass(frozen=True)
class Origin:
    """Where a model comes from: family, the evidence for it, series, and the ids at the end of its chain of bases."""

    family: str
    basis: str
    series: str
    roots: tuple[str, ...]


def split_bases(text: str) -> tuple[str, ...]:
    """Stated base models as lower-case repository ids; words that mean "none" are left out."""
    parts = (re.sub(r"\(merge\)", "", p.strip().lower()).strip() for p in str(text).split(","))
    return tuple(dict.fromkeys(p for p in parts if p not in NO_BASE))


def drop_owner(name: str) -> str:
    """The part after the owner of a repository or host; a slash between words ("w/ tools") is none of them."""
    return name if " " in name else name.rsplit("/", 1)[-1]


def match_names(names: Iterable[str], families: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Family and series of each distinct name (the part after the owner) by the name rules; names without one left out."""
    distinct = list(dict.fromkeys(names))
    shown = [drop_owner(n).replace("\n", " ") for n in distinct]
    find = finder(shown)
    best: dict[int, tuple[int, dict[tuple[str, str], None]]] = {}
    for rule in families[families["evidence"] == "name"].sort_values("priority", kind="stable").itertuples():
        pattern = re.compile(f"{LEFT}(?i:{rule.pattern}){RIGHT}")
        for line in find(rule.pattern):
            if not pattern.search(shown[line]):
                continue
            priority, found = best.setdefault(line, (int(rule.priority), {}))
            if priority == int(rule.priority):
                found[(rule.family, rule.series)] = None
    named = {}
    for line, (_, found) in best.items():
        kinds = {family for family, _ in found}
        if len(kinds) == 1:
            series = {s for _, s in found if s}
            named[distinct[line]] = (kinds.pop(), series.pop() if len(series) == 1 else "")
    return named


def finder(shown: Sequence[str]) -> Callable[[str], Iterable[int]]:
    """A function from a rule's pattern to the places of names that may match it, and few others.

    A rule whose every match begins with certain letters gets the names that hold these; any other is run once over one
    long text of all names in small letters, one a line: thirty times as fast as every rule on every name. Patterns that
    tell capitals apart or may reach over a line's end get all names, and so do names beyond ASCII, whose capitals are
    another matter.
    """
    lowered = [name.lower() for name in shown]
    text = "\n".join(lowered)
    edges = np.cumsum([0, *(len(name) + 1 for name in lowered)])
    foreign = {i for i, name in enumerate(shown) if not name.isascii()}

    @cache
    def holding(letters: str) -> list[int]:
        return [i for i, name in enumerate(lowered) if letters in name]

    def find(pattern: str) -> Iterable[int]:
        if re.search(r"[A-Z]|\\s|\[\^", pattern):
            return range(len(shown))
        if all(starts := openings(pattern)):
            return foreign.union(*(holding(letters) for letters in starts))
        hits = [m.start() for m in re.finditer(pattern, text, re.MULTILINE)]
        return foreign.union((edges.searchsorted(hits, side="right") - 1).tolist())

    return find


def openings(pattern: str) -> list[str]:
    """Letters and digits that every match of each alternative of a pattern holds: those it begins with, after what takes no
    letter or may be missing; "" where they are few.
    """
    depth, ends = 0, [-1]
    for at, sign in enumerate(re.sub(r"\\.|\[[^]]*\]", lambda whole: "_" * len(whole[0]), pattern)):
        depth += (sign == "(") - (sign == ")")
        ends += [at] if sign == "|" and not depth else []
    alternatives = [pattern[a + 1 : b] for a, b in itertools.pairwise([*ends, len(pattern)])]
    # A letter before a sign of repetition may be missing.
    found = [re.match(rf"(?:{PLACE}|{OPTIONAL})*([a-z0-9]{{2,}})(?![*?{{])", one) for one in alternatives]
    return [one[1] if one else "" for one in found]


def match_architectures(models: pd.DataFrame, families: pd.DataFrame) -> dict[tuple[str, float], tuple[str, str]]:
    """Family and series of each distinct (architecture, parameter count) by the architecture rules."""
    rules = [
        (re.compile(r.pattern), r.n_parameters_low, r.n_parameters_high, r.family, r.series)
        for r in families[families["evidence"] == "architecture"].sort_values("priority", kind="stable").itertuples()
    ]
    found = {}
    for architecture, size in set(list_shapes(models)):
        for pattern, low, high, family, series in rules:
            if pattern.fullmatch(architecture) and (pd.isna(low) or low <= size <= high):
                found[(architecture, size)] = (family, series)
                break
    return found


def list_shapes(models: pd.DataFrame) -> list[tuple[str, float]]:
    """Architecture and parameter count of each model, -1 where the count is not known."""
    sizes = models["n_parameters"] if "n_parameters" in models else pd.Series(float("nan"), index=models.index)
    return list(zip(models["architecture"].fillna("").tolist(), sizes.astype(float).fillna(-1.0).tolist(), strict=True))


def sort_by_descent(bases: Mapping[str, tuple[str, ...]]) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """Every id after those it descends from, and these; models that name each other in a circle state nothing."""
    nodes = list(dict.fromkeys([*bases, *(b for stated in bases.values() for b in stated)]))
    place = {node: i for i, node in enumerate(nodes)}
    edges = [(place[child], place[base]) for child, stated in bases.items() for base in stated]
    rows, columns = ([e[k] for e in edges] for k in (0, 1))
    graph = coo_matrix(([1] * len(edges), (rows, columns)), shape=(len(nodes), len(nodes)))
    circle = connected_components(graph, directed=True, connection="strong")[1]
    parents = {n: tuple(b for b in bases.get(n, ()) if circle[place[b]] != circle[place[n]]) for n in nodes}
    return list(TopologicalSorter(parents).static_order()), parents


def trace(
    model_id: str, parents: list[Origin], named: tuple[str, str] | None, shaped: tuple[str, str] | None
) -> Origin:
    """Origin of one model from the origins of its stated bases, its name and its architecture, in that order."""
    roots = tuple(sorted({r for o in parents for r in o.roots})) or (model_id,)
    spoken = [o for o in parents if o.family != UNKNOWN]
    kinds = {o.family for o in spoken}
    if len(kinds) > 1 or MIXED in kinds:
        return Origin(MIXED, "several_roots", "", roots)
    if kinds:
        series = {o.series for o in spoken}
        return Origin(kinds.pop(), "base_model", series.pop() if len(series) == 1 else "", roots)
    if named:
        return Origin(named[0], "name", named[1], roots)
    if shaped:
        return Origin(shaped[0], "architecture", shaped[1], roots)
    return Origin(UNKNOWN, "none", "", roots)


def assign(models: pd.DataFrame, families: pd.DataFrame) -> pd.DataFrame:
    """Family, its basis, series and root model of every model.

    models     one row per model: model_id (unique), name, base_model, architecture, optionally n_parameters (a count);
               further columns are ignored.
    families   rules as ingest.facts.read gives them.
    Returns a frame with the index of `models` and the text columns model_id, family, family_basis (base_model, name,
    architecture, several_roots, none), series ("" where not readable) and root_model (the ids at the end of the chain
    of stated bases, joined by ", "; the model itself when none is stated). Raises KeyError for a missing column.
    """
    ids = models["model_id"].astype(str).tolist()
    names = models["name"].fillna("").astype(str).tolist()
    stated = {text: split_bases(text) for text in models["base_model"].fillna("").unique()}
    own = {i: n.lower() for i, n in zip(ids, names, strict=True)}
    bases: dict[str, tuple[str, ...]] = {}
    for model_id, text in zip(ids, models["base_model"].fillna("").tolist(), strict=True):
        here = {model_id, f"hf:{own[model_id]}"}
        bases[model_id] = tuple(b for b in (f"hf:{s}" for s in stated[text]) if b not in here)
    order, parents = sort_by_descent(bases)
    by_name = match_names([*names, *(b.removeprefix("hf:") for b in order if b not in own)], families)
    by_architecture = match_architectures(models, families)
    shapes = dict(zip(ids, list_shapes(models), strict=True))
    printed = dict(zip(ids, names, strict=True))
    known: dict[str, Origin] = {}
    for model_id in order:
        named = by_name.get(printed.get(model_id, model_id.removeprefix("hf:")))
        shaped = by_architecture.get(shapes.get(model_id, ("", -1.0)))
        known[model_id] = trace(model_id, [known[p] for p in parents[model_id]], named, shaped)
    found = [known[i] for i in ids]
    return pd.DataFrame(
        {
            "model_id": ids,
            "family": [o.family for o in found],
            "family_basis": [o.basis for o in found],
            "series": [o.series for o in found],
            "root_model": [", ".join(o.roots) for o in found],
        },
        index=models.index,
    )
