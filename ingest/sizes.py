"""How large is a model, in all and per token?

Question  Which parameter count of a model holds, and may it be used without a word?
Input     what sources state about models, the names themselves, and data/facts/sizes.csv.
Output    choose_sizes: n_parameters, n_active_parameters, n_training_tokens (counts), size_precision, size_source_id,
          size_note. doubt_sizes and mark_mixtures say what a table of models shows beside that.
Method    Each statement is first read against the model's name and the facts: a column that prints what the name or a fact
          calls active ("235B-A22B", 22B) states the active size, an active size above the total or against the name is
          left out, "E4B" is an effective size and no total. Then exact before stated before floored; where statements
          differ by more than named_sizes.SIZE_FACTOR, the one that the name states, else that most sources state, else of a
          mixture the larger, else the newest. What disagrees is always told in size_note.
Silent    A size that stays in doubt keeps its note among checks.SIZE_DOUBTS, and its scores leave the fits.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data import named_sizes
from data.vocabulary import SIZE_PRECISIONS
from ingest import checks, codes
from ingest.records import read_counts
from ingest.releases import version_key

PRECISIONS = {name: rank for rank, name in enumerate(SIZE_PRECISIONS)}
SAME = 0.01  # two counts of one set of weights
HALF = 1.15  # twice a column of packed weights comes that near to the size that a name rounds
SPREAD = 0.10  # sizes of one model that differ by more than this share are told to the reader
DENSE = 0.9  # one page's active size below this share of its total is a mixture's; rounding stays above
ACROSS = 0.7  # the same where two pages state the two: one may count without embeddings (1.5 of 1.9 billion)
BILLION = 1e9
FROM_NAME = "No source states its size: it is the one in its name."
MIN_ALIKE = 5  # models with one size: fewer may repeat one slip


@dataclass(frozen=True)
class Statement:
    """One source's words on one model: counts, None where it states none; note: what was mended, "" where nothing."""

    total: float | None
    active: float | None
    note: str = ""


def read_facts(facts: pd.DataFrame) -> dict[str, tuple[float | None, float | None, str]]:
    """Version key -> total, active (counts or None) and address, from data/facts/sizes.csv."""
    return {
        version_key(row.model): (in_counts(row.params_b), in_counts(row.active_params_b), row.source_url)
        for row in facts.itertuples(index=False)
    }


def in_counts(billions: float) -> float | None:
    """Billions as a count, None where they are not stated."""
    return None if pd.isna(billions) else billions * BILLION


def is_near(one: float | None, other: float | None, share: float = SPREAD) -> bool:
    """Whether two counts are the same size within a share of the larger."""
    return bool(one and other and abs(one - other) <= share * max(one, other))


def mend(
    name: str, total: float | None, active: float | None, fact: tuple | None = None, is_stated: bool = False
) -> Statement:
    """A statement read against the model's own name and a fact about it (read_facts).

    is_stated   the total is printed in a text; counted weights may be those of experts that were merged into one
    """
    named_total, named_active = named_sizes.read_mixture(name)
    known_total, known_active = fact[:2] if fact else (None, None)
    whole, part = named_total or known_total, named_active or known_active
    if total and is_near(total, named_sizes.read_effective(name)):
        return Statement(None, active, f"A size of {told(total)} is left out: its name calls it effective.")
    if total and named_sizes.implausible(name, total) and not is_near(total, known_total):
        return Statement(None, active, f"A size of {told(total)} is left out: no model has so many parameters.")
    if total and is_stated and not known_total and total < named_sizes.SHARED * named_sizes.most_of(name):
        return Statement(
            None,
            active,
            f"A stated size of {told(total)} is left out: all experts have more, so it may count active parameters.",
        )
    notes = []
    if total and not is_near(total, whole):
        # A page that prints active sizes prints them for every mixture: 22B beside a name that says 235B-A22B, or
        # 22B where the maker states 28B of 241B.
        is_active = is_near(total, part) or bool(known_active and whole and total < min(2 * part, whole / 4))
        if is_active or bool(known_active and not whole and is_near(total, part, 0.3)):
            active, total = active or total, None
            notes.append(f"A stated size of {told(active)} is its active size.")
    if active and part and named_sizes.differ(active, part) > named_sizes.SIZE_FACTOR:
        notes.append(f"A stated active size of {told(active)} is left out: its maker says {told(part)}.")
        active = part
    if active and total and active > total:
        if not is_near(active, total):
            notes.append(f"A stated active size of {told(active)} is left out: it is more than {told(total)} in all.")
            active = part
        else:
            active = total  # dense, and one of the two is rounded
    return Statement(total, active, " ".join(notes))


def told(count: float) -> str:
    """A count as people say it: 7.24B."""
    return f"{count / BILLION:.3g}B"


def choose_sizes(said: pd.DataFrame, facts: Mapping[str, tuple] | None = None) -> pd.DataFrame:
    """Size columns per model, and support: how many sources state that size to SAME; `facts` as read_facts gives them.

    Zero and negative values are unknown, and so is a size that was read off the page of another model, or that is the
    number of bits in the model's name.
    """
    columns = [
        "model_id", "model", "source_id", "source_url", "n_parameters", "n_active_parameters", "n_training_tokens",
        "parameter_unit", "size_precision", "is_moe", "architecture",
    ]  # fmt: skip
    rows = said[columns].copy()
    rows["n"] = read_counts(rows["n_parameters"], rows["parameter_unit"])
    rows["active"] = read_counts(rows["n_active_parameters"], rows["parameter_unit"])
    rows["tokens"] = read_counts(rows["n_training_tokens"], "count")
    rows["rank"] = rows["size_precision"].map(PRECISIONS)
    rows, notes = mend_rows(rows, facts or {})
    sized = rows[rows["n"].notna() & rows["rank"].notna()]
    addressed = sized[sized["source_url"] != ""]
    borrowed = [checks.is_size_of_another(*r) for r in codes.rows(addressed, ("model", "n", "source_url"))]
    borrowed = addressed[np.array(borrowed, dtype=bool)]
    sized = sized.drop(index=borrowed.index)
    wide = sized[sized["model"].str.contains("bit", case=False, regex=False)]
    is_wide = [checks.is_number_of_bits(*r) for r in codes.rows(wide, ("model", "n"))]
    wide = wide[np.array(is_wide, dtype=bool)]
    sized = sized.drop(index=wide.index)
    best = sized[sized["rank"] == sized.groupby("model_id")["rank"].transform("min")]
    out = best.groupby("model_id", sort=True).agg(
        n_parameters=("n", "last"), size_precision=("size_precision", "last"), size_source_id=("source_id", "last"),
        low=("n", "min"), high=("n", "max"),
    )  # fmt: skip
    whole = sized.groupby("model_id")["n"].agg(["min", "max"]).reindex(out.index)
    counted = sized[sized["size_precision"] != "floored"].join(out["n_parameters"].rename("used"), on="model_id")
    counted = counted[(counted["n"] - counted["used"]).abs() <= SAME * counted["used"]]
    out["support"] = counted.groupby("model_id")["source_id"].nunique().reindex(out.index)
    differ = (out["high"] - out["low"]) > SPREAD * out["high"]
    slipped = whole["max"] > named_sizes.SIZE_FACTOR * whole["min"]
    stated: dict[str, list] = {model_id: [] for model_id in out.index[differ | slipped]}
    for row in sized[sized["model_id"].isin(list(stated))].itertuples():
        stated[row.model_id].append(row)
    ranges = dict(zip(whole.index, zip(whole["min"].tolist(), whole["max"].tolist(), strict=True), strict=True))
    settled = {}
    for model_id, statements in stated.items():
        row, why = settle_size(statements)
        settled[model_id] = (row.n, row.size_precision, row.source_id)
        low, high = ranges[model_id]
        notes.setdefault(model_id, f"Sources state sizes from {told(low)} to {told(high)}; {why}.")
    # Column by column: a frame that is written to row by row takes a second for 900 rows.
    for i, column in enumerate(("n_parameters", "size_precision", "size_source_id")):
        out.loc[list(settled), column] = [values[i] for values in settled.values()]
    for model_id, n in borrowed.groupby("model_id")["n"].last().items():
        notes.setdefault(model_id, f"A stated size of {told(n)} is left out: its page is about another model.")
    for model_id, n in wide.groupby("model_id")["n"].last().items():
        notes.setdefault(model_id, f"A stated size of {told(n)} is left out: it is the number of bits in its name.")
    out = out.drop(columns=["low", "high"])
    for column, name in (("active", "n_active_parameters"), ("tokens", "n_training_tokens")):
        last = rows[rows[column].notna()].groupby("model_id")[column].last().rename(name)
        out = out.join(last, how="outer")
    out = out.reindex(out.index.union(list(notes)))
    out["size_note"] = pd.Series([notes.get(i) for i in out.index], index=out.index, dtype=object)
    return fit_active(out)


def mend_rows(rows: pd.DataFrame, facts: Mapping[str, tuple]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Rows with n and active mended, and the first note per model. Only rows with something to compare are walked."""
    names = rows["model"].unique().tolist()
    spoken = {name: facts.get(version_key(name)) if facts else None for name in names}
    odd = {
        name
        for name in names
        if spoken[name]
        or any(named_sizes.read_mixture(name))
        or named_sizes.read_effective(name)
        or named_sizes.most_of(name)
    }
    chosen = rows[
        (rows["model"].isin(list(odd)) | rows["active"].notna() | (rows["n"] >= named_sizes.WIDE))
        & (rows["n"].notna() | rows["active"].notna())
    ]
    out = rows.copy()
    notes: dict[str, str] = {}
    for row in chosen.itertuples():
        n, active = (None if pd.isna(value) else value for value in (row.n, row.active))
        fixed = mend(row.model, n, active, spoken[row.model], row.size_precision == "stated")
        if (fixed.total, fixed.active) != (n, active):
            out.at[row.Index, "n"], out.at[row.Index, "active"] = fixed.total, fixed.active
        if fixed.note:
            notes.setdefault(row.model_id, fixed.note)
    return out, notes


def fit_active(sizes: pd.DataFrame) -> pd.DataFrame:
    """Active sizes that two pages' statements put above the total: equal to it where that is rounding, else left out."""
    out = sizes.copy()
    above = out["n_active_parameters"] > out["n_parameters"]
    rounded = above & (out["n_active_parameters"] <= (1 + SPREAD) * out["n_parameters"])
    out.loc[rounded, "n_active_parameters"] = out.loc[rounded, "n_parameters"]
    for model_id in out.index[above & ~rounded]:
        active, total = out.loc[model_id, ["n_active_parameters", "n_parameters"]]
        note = f"A stated active size of {told(active)} is left out: it is more than {told(total)} in all."
        out.loc[model_id, "n_active_parameters"] = np.nan
        out.at[model_id, "size_note"] = text(out.at[model_id, "size_note"]) or note
    return out


def settle_size(stated: Sequence) -> tuple[Any, str]:
    """The row of a model's size statements that is used where they differ, and why.

    stated  rows of one model with model, source_id, n, rank, active, is_moe, architecture; oldest first
    """
    finest = min(row.rank for row in stated)
    best = [row for row in stated if row.rank == finest]
    named = {size for row in stated for size in named_sizes.read_named_sizes(row.model)}
    fitting = [row for row in best if any(named_sizes.differ(row.n, size) <= 1 + 2 * SPREAD for size in named if size)]
    if fitting and any(
        all(named_sizes.differ(row.n, size) > named_sizes.SIZE_FACTOR for size in named if size) for row in best
    ):
        return fitting[-1], "the one that its name states is used"
    support = [len({r.source_id for r in stated if is_near(r.n, b.n)}) for b in best]
    top = [row for row, n in zip(best, support, strict=True) if n == max(support)]
    counts = [row.n for row in top]
    if max(counts) - min(counts) <= SPREAD * max(counts):
        is_alone = len(best) == 1 or max(r.n for r in best) - min(r.n for r in best) <= SPREAD * max(r.n for r in best)
        return top[-1], "the most exact is used" if is_alone else "the one that most sources state is used"
    is_mixture = any(
        row.is_moe == "yes"
        or pd.notna(row.active)
        or re.search(checks.MIXTURE, row.architecture)
        or re.search(named_sizes.EXPERTS, row.model)
        for row in stated
    )
    if is_mixture:
        return top[int(np.argmax(counts))], "the largest is used, as a smaller one may count active parameters"
    return top[-1], "the newest is used"


def fill_from_facts(models: pd.DataFrame, facts: Mapping[str, tuple]) -> pd.DataFrame:
    """Total and active sizes of facts where no source states one; models indexed by model_id with name and sizes."""
    out = models.copy()
    for model_id, name in out["name"].items():
        total, active, address = facts.get(version_key(name), (None, None, ""))
        if total and pd.isna(out.at[model_id, "n_parameters"]):
            out.at[model_id, "n_parameters"], out.at[model_id, "size_precision"] = total, "stated"
            note = f"Its size is stated at {address}."
            out.at[model_id, "size_note"] = " ".join(t for t in (text(out.at[model_id, "size_note"]), note) if t)
        if active and pd.isna(out.at[model_id, "n_active_parameters"]):
            out.at[model_id, "n_active_parameters"] = active
    return fit_active(out)


def text(value: object) -> str:
    """A text, "" where it is missing."""
    return value if isinstance(value, str) else ""


def use_named_sizes(models: pd.DataFrame) -> pd.DataFrame:
    """Totals from names where no column states one: "235B-A22B" says both, and a size rounded down to whole billions
    is the named one ("1.8B" beside a column of 1). models indexed by model_id.
    """
    out = models.copy()
    columns = ("name", "n_parameters", "size_precision")
    for model_id, (name, n, precision) in zip(out.index.tolist(), codes.rows(models, columns), strict=True):
        total, active = named_sizes.read_mixture(name)
        if total and active and pd.isna(n):
            out.at[model_id, "n_parameters"], out.at[model_id, "size_precision"] = total, "stated"
        if active and pd.isna(out.at[model_id, "n_active_parameters"]):
            out.at[model_id, "n_active_parameters"] = active
        if precision == "floored" and n % BILLION == 0:
            named = {s for s in named_sizes.read_named_sizes(name) if n <= s < n + BILLION and s > n * (1 + SPREAD)}
            if len(named) == 1:
                out.at[model_id, "n_parameters"], out.at[model_id, "size_precision"] = named.pop(), "stated"
    return out


def take_only_sizes(models: pd.DataFrame) -> pd.DataFrame:
    """Sizes of models of which no source and no fact states one, from names that state one alone, with a note.

    models  indexed by model_id with name, kind, size columns. A system's size is none of its scaffold's, and what was left
            out as wrong is not guessed again.
    """
    out = models.copy()
    open_ones = out[out["n_parameters"].isna() & out["size_note"].isna() & (out["kind"] == "model")]
    for model_id, name in open_ones["name"].items():
        size = named_sizes.only_size(name)
        active = out.at[model_id, "n_active_parameters"]
        if size and not active > size:
            out.at[model_id, "n_parameters"], out.at[model_id, "size_precision"] = size, "stated"
            out.at[model_id, "size_note"] = FROM_NAME
    return out


def mark_mixtures(models: pd.DataFrame) -> pd.Series:
    """is_moe of every model: what its sizes, architecture or name say before what a page's column says.

    models  name, architecture, n_parameters, n_active_parameters, is_moe
    """
    found = []
    columns = ["name", "architecture", "n_parameters", "n_active_parameters", "is_moe"]
    for name, architecture, total, active, stated in codes.rows(models, columns):
        share = active / total if total and active else np.nan
        if named_sizes.read_effective(name):
            found.append(stated)  # parameters kept outside the accelerator are no experts
        elif (
            share < ACROSS
            or checks.is_mixture_by_name(name, total)
            or checks.is_mixture_by_class(text(architecture), total)
        ):
            found.append(True)
        elif checks.DENSE_CLASS.fullmatch(text(architecture)):
            found.append(False)  # a class without experts, whatever a column says
        elif share < DENSE:
            found.append(stated if isinstance(stated, bool) else None)
        elif share >= DENSE and stated is not True:
            found.append(False)
        else:
            found.append(stated)
    return pd.Series(found, index=models.index, dtype=object)


def doubt_sizes(models: pd.DataFrame) -> pd.Series:
    """The first doubt about each model's size, as a sentence, else None; `models` is indexed by model_id."""
    mixture = models["architecture"].fillna("").str.contains(checks.MIXTURE) | models["is_moe"].isin([True])
    rows = codes.rows(models.assign(mixture=mixture), ("name", "n_parameters", "mixture", "size_precision"))
    doubts = pd.Series([checks.find_size_conflict(*row) for row in rows], index=models.index, dtype=object)
    flat = models.rename_axis("model_id").reset_index()
    for find in (checks.find_base_conflicts, checks.find_rare_sizes):
        more = find(flat)
        more.index = flat.loc[more.index, "model_id"]
        doubts = doubts.where(doubts.notna(), more.reindex(doubts.index))
    return doubts.where(doubts.notna(), None)


def settle_doubts(models: pd.DataFrame) -> pd.DataFrame:
    """Models with their doubts as size_note, and sizes mended where the doubt has its evidence; indexed by model_id.

    Half or double: twice (or half) the column is the size that name or base model says, and MIN_ALIKE models of the
    architecture have it: weights packed two to a number, or stored twice. A size with decimals that two sources state
    is only told ("1B" is a rounded 1.67). Else the doubt stands.
    """
    out = models.copy()
    doubts = doubt_sizes(out).dropna()
    sized = out[(out["size_precision"] == "exact") & out["architecture"].notna()]
    shapes = {kind: np.sort(part.to_numpy(dtype=float)) for kind, part in sized.groupby("architecture")["n_parameters"]}
    bases = sized["n_parameters"].to_dict()
    rows = out.loc[doubts.index, ["name", "n_parameters", "architecture", "base_model", "support"]]
    for model_id, name, n, kind, base, support in rows.itertuples(name=None):
        other = [*named_sizes.read_named_sizes(name), bases.get("hf:" + text(base).strip().casefold())]
        note = doubts[model_id]
        for factor, word in ((2.0, "half"), (0.5, "twice")):
            is_so = any(size and named_sizes.differ(factor * n, size) <= HALF for size in other)
            if is_so and count_near(shapes.get(kind, np.array([])), factor * n) >= MIN_ALIKE:
                out.at[model_id, "n_parameters"] = factor * n
                usual = f"{word} of what its name or base model says; {told(factor * n)}, usual for {kind}, is used."
                note = f"The column says {told(n)}, {usual}"
        if note == doubts[model_id] and support >= 2 and n % BILLION:
            note = f"Its sizes differ: {note[0].lower()}{note[1:]} Two sources state the latter, which is used."
        out.at[model_id, "size_note"] = note
    return out


def count_near(ordered: np.ndarray, n: float) -> int:
    """How many of the sorted sizes lie within 1% of n."""
    return int(np.searchsorted(ordered, 1.01 * n, "right") - np.searchsorted(ordered, 0.99 * n, "left"))
