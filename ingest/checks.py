"""Is a number itself odd, before any statistics?

Question  Should a reader look at our copy of this number, or at its page, before thinking about the model?
Input     evaluations (history.collapse) and models with their sizes.
Output    one sentence per odd evaluation (column data_problem), else None. Nothing is changed or dropped.
Method    Our choice: three plain rules. Scale slip: a percentage of at most 1 in a column of a page whose other values are
          many times larger, or a fraction that is a hundredth of its neighbours. Exact zero on a test with many items.
          A size column that disagrees by more than a factor of two with the size that the name states.
Silent    When a page's column has fewer than MIN_NEIGHBOURS values there is nothing to compare with.
"""

import re

import pandas as pd

MIN_NEIGHBOURS = 4  # fewer values in the column and its median says little
SLIP = 15.0  # honest neighbours of a score differ by factors of 2 to 5; a unit slip is a factor of 100
LOW_END = 5.0  # percent: below this a column may really hold values near 1 (hard tests), so no slip is called
MIN_ITEMS = 100  # with fewer items an exact zero is an ordinary result
SIZE_FACTOR = 2.0  # rounding ("7B" for 7.6e9, "40B" for 41.8e9) stays far below; packed weights and wrong columns exceed it
# "8x7B" and "57B-A14B" name experts and active parameters; "1_8b" means 1.8b. What is left is a plain size.
NAMED_SIZE = re.compile(r"(?<![a-z0-9.])(\d{1,3}(?:[._]\d{1,2})?)b(?![a-z0-9])", re.IGNORECASE)
NOT_PLAIN = re.compile(r"\d+x\d|a\d+(\.\d+)?b|moe|\d+bit", re.IGNORECASE)


def find_scale_slips(evaluations: pd.DataFrame) -> pd.Series:
    """Sentences for values that look like a fraction among percentages, by row of `evaluations` (index kept)."""
    percent = evaluations[evaluations["score_unit"] == "percent"]
    column = percent.groupby(["snapshot_id", "run_group", "benchmark_id", "metric"], observed=True)["score"]
    size, middle = column.transform("size") - 1, column.transform("median") * 100
    value = percent["score"] * 100
    odd = (size >= MIN_NEIGHBOURS) & (value <= 1) & (value > 0) & (middle >= LOW_END) & (middle / value >= SLIP)
    texts = [
        f"Printed {printed} in a column of percentages around {centre:.0f}: it may be a fraction."
        for printed, centre in zip(percent.loc[odd, "score_reported"], middle[odd], strict=True)
    ]
    return pd.Series(texts, index=percent.index[odd], dtype=object)


def find_exact_zeros(evaluations: pd.DataFrame) -> pd.Series:
    """Sentences for exact zeros on tests with many items (n_items joined on; higher must be better)."""
    odd = (
        (evaluations["score"] == 0)
        & (evaluations["n_items"].fillna(0) >= MIN_ITEMS)
        & ~evaluations["is_lower_better"].astype(bool)
        & evaluations["score_unit"].isin(["percent", "fraction"])
    )
    texts = [f"Exactly zero of {int(n)} items: more often a failed run than a result." for n in evaluations.loc[odd, "n_items"]]
    return pd.Series(texts, index=evaluations.index[odd], dtype=object)


def read_named_size(name: str) -> float | None:
    """The parameter count that a model's name states, when it states exactly one plain size."""
    plain = name.rsplit("/", 1)[-1]
    if NOT_PLAIN.search(plain):
        return None
    sizes = {float(s.replace("_", ".")) * 1e9 for s in NAMED_SIZE.findall(plain)}
    return sizes.pop() if len(sizes) == 1 else None


def find_size_conflict(name: str, n_parameters: float | None) -> str | None:
    """One sentence when the name's size and the column's disagree by more than SIZE_FACTOR."""
    stated = read_named_size(name)
    if stated is None or not stated or n_parameters is None or pd.isna(n_parameters):
        return None
    ratio = max(stated, n_parameters) / min(stated, n_parameters)
    if ratio <= SIZE_FACTOR:
        return None
    return f"The name says {stated / 1e9:g}B, the size column says {n_parameters / 1e9:.3g}B."
