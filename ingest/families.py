"""Which family does a model descend from?

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

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

UNKNOWN = "unknown"
MIXED = "mixed"
# A rule's word may stand beside digits and marks ("llama2_7b") or at a capital ("QwenStock2"), never inside a word.
LEFT = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
RIGHT = r"(?:(?![A-Za-z])|(?<=[a-z0-9])(?=[A-Z]))"
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


def match_names(names: Iterable[str], families: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Family and series of each distinct name (the part after the owner) by the name rules; names without one left out.

    Every rule is run once over one long text of all names, one a line: that is what keeps 12,000 names under two seconds.
    """
    distinct = list(dict.fromkeys(names))
    shown = [n.rsplit("/", 1)[-1].replace("\n", " ") for n in distinct]
    text = "\n".join(shown)
    starts = []
    at = 0
    for part in shown:
        starts.append(at)
        at += len(part) + 1
    edges = pd.Index(starts)
    best: dict[int, tuple[int, dict[tuple[str, str], None]]] = {}
    for rule in families[families["evidence"] == "name"].sort_values("priority", kind="stable").itertuples():
        pattern = re.compile(f"(?m){LEFT}(?i:{rule.pattern}){RIGHT}")
        hits = [m.start() for m in pattern.finditer(text)]
        if not hits:
            continue
        for line in set(edges.searchsorted(hits, side="right") - 1):
            priority, found = best.setdefault(int(line), (int(rule.priority), {}))
            if priority == int(rule.priority):
                found[(rule.family, rule.series)] = None
    named = {}
    for line, (_, found) in best.items():
        kinds = {family for family, _ in found}
        if len(kinds) == 1:
            series = {s for _, s in found if s}
            named[distinct[line]] = (kinds.pop(), series.pop() if len(series) == 1 else "")
    return named


def match_architectures(models: pd.DataFrame, families: pd.DataFrame) -> dict[tuple[str, float], tuple[str, str]]:
    """Family and series of each distinct (architecture, parameter count) by the architecture rules."""
    rules = [
        (re.compile(r.pattern), r.n_parameters_low, r.n_parameters_high, r.family, r.series)
        for r in families[families["evidence"] == "architecture"].sort_values("priority", kind="stable").itertuples()
    ]
    sizes = models["n_parameters"] if "n_parameters" in models else pd.Series(float("nan"), index=models.index)
    pairs = set(zip(models["architecture"].fillna(""), sizes.astype(float).fillna(-1.0), strict=True))
    found = {}
    for architecture, size in pairs:
        for pattern, low, high, family, series in rules:
            if pattern.fullmatch(architecture) and (pd.isna(low) or low <= size <= high):
                found[(architecture, size)] = (family, series)
                break
    return found


def assign(models: pd.DataFrame, families: pd.DataFrame) -> pd.DataFrame:
    """Family, its basis, series and root model of every model.

    models     one row per model: model_id (unique), name, base_model, architecture, optionally n_parameters (a count);
               further columns are ignored.
    families   rules as ingest.facts.read gives them.
    Returns a frame with the index of `models` and the text columns model_id, family, family_basis (base_model, name,
    architecture, several_roots, none), series ("" where not readable) and root_model (the ids at the end of the chain of stated bases,
    joined by ", "; the model itself when none is stated). Raises KeyError for a missing column.
    """
    ids = models["model_id"].astype(str).tolist()
    names = models["name"].fillna("").astype(str).tolist()
    stated = {text: split_bases(text) for text in models["base_model"].fillna("").unique()}
    own = {i: n.lower() for i, n in zip(ids, names, strict=True)}
    bases: dict[str, tuple[str, ...]] = {}
    for model_id, text in zip(ids, models["base_model"].fillna(""), strict=True):
        here = {model_id, f"hf:{own[model_id]}"}
        bases[model_id] = tuple(b for b in (f"hf:{s}" for s in stated[text]) if b not in here)
    by_name = match_names([*names, *(b.removeprefix("hf:") for bs in bases.values() for b in bs)], families)
    by_architecture = match_architectures(models, families)
    sizes = models["n_parameters"] if "n_parameters" in models else pd.Series(float("nan"), index=models.index)
    shapes = dict(
        zip(ids, zip(models["architecture"].fillna(""), sizes.astype(float).fillna(-1.0), strict=True), strict=True)
    )
    printed = dict(zip(ids, names, strict=True))
    known: dict[str, Origin] = {}

    def look_up(model_id: str, above: tuple[str, ...]) -> Origin:
        if model_id in known:
            return known[model_id]
        parents = [p for p in bases.get(model_id, ()) if p not in above]
        origins = [look_up(p, (*above, model_id)) for p in parents]
        roots = tuple(sorted({r for o in origins for r in o.roots})) or (model_id,)
        spoken = [o for o in origins if o.family != UNKNOWN]
        kinds = {o.family for o in spoken}
        if len(kinds) > 1 or MIXED in kinds:
            origin = Origin(MIXED, "several_roots", "", roots)
        elif kinds:
            series = {o.series for o in spoken}
            origin = Origin(kinds.pop(), "base_model", series.pop() if len(series) == 1 else "", roots)
        else:
            named = by_name.get(printed.get(model_id, model_id.removeprefix("hf:")))
            shaped = by_architecture.get(shapes.get(model_id, ("", -1.0)))
            if named:
                origin = Origin(named[0], "name", named[1], roots)
            elif shaped:
                origin = Origin(shaped[0], "architecture", shaped[1], roots)
            else:
                origin = Origin(UNKNOWN, "none", "", roots)
        # Inside a cycle the answer depends on where the walk began: only whole walks are kept.
        if len(parents) == len(bases.get(model_id, ())):
            known[model_id] = origin
        return origin

    found = [look_up(i, ()) for i in ids]
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
