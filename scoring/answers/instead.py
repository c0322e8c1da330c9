"""What to use instead of a test that is at its end or that nobody reports any more?

Question  Which tests in use rank models most like this one did?
Input     Credible scores (scoring/answers/benchmark.py), the answers themselves, and what each test asks for (its domain).
Output    Columns ALTERNATIVE: up to MOST tests per test that is closed, tied, retired or crowded with at most a tenth of its
          scale left: those of its own domain first, of each the most alike first.
Method    Spearman's rank correlation (1904) over the models that both tests share, each with its best credible score
          without tools; at least MIN_SHARED of them. Ordered by the lower end of its 95% interval (Fisher's z with the
          1.06 of Fieller, Hartley and Pearson 1957), so that twelve shared models do not beat two hundred by luck.
          Offered are tests in use that are neither closed nor tied and have more than a tenth of their scale left (where it
          has an end): a test that is nearly used up is no way out. Of a test's releases by day the newest. A test whose
          domain is known is answered with tests whose domain is known, since one that happens to rank models alike (Danish
          sentences for a test of code) asks for something else; and never with the whole of which it is a part, or with the
          same questions at another laboratory.
Silent    A test without such a neighbour has no row.
"""

import re

import numpy as np
import pandas as pd

from data.vocabulary import NEAR_END
from scoring.signals.saturation import DECIMALS

MIN_SHARED = 12  # fewer models and the rank correlation is mostly luck
MIN_LOWER = 0.3  # a lower end below this is no likeness
MOST = 3
RELEASE_DAY = r"@\d{4}-\d{2}-\d{2}$"  # how the id of a test's release or list of one day ends
RELEASE = re.compile(r"v?\d")  # how the name of a release with other questions begins; a laboratory's does not
ALTERNATIVE = ["benchmark_id", "alternative_id", "place", "correlation", "correlation_lower", "n_shared"]


def alternatives(scores: pd.DataFrame, answers: pd.DataFrame, domains: pd.Series) -> pd.DataFrame:
    """Rows ALTERNATIVE. scores: benchmark_id, model_id, turned (higher is better); answers: benchmark.ANSWER; domains: domain
    by benchmark_id, missing where it is not known.
    """
    has_room = ~pd.to_numeric(answers["headroom"]).round(DECIMALS).le(NEAR_END)
    is_over = answers["status"].isin(["closed", "tied"]) | answers["use"].eq("retired")
    is_over |= answers["status"].eq("crowded") & ~has_room
    is_open = answers["use"].eq("in_use") & answers["status"].isin(["separating", "crowded"]) & has_room
    test = answers["benchmark_id"].str.replace(RELEASE_DAY, "", regex=True)
    newest = answers[is_open].sort_values("benchmark_id").groupby(test[is_open]).tail(1)
    is_open &= answers.index.isin(newest.index)
    wide = scores.pivot_table(index="model_id", columns="benchmark_id", values="turned", aggfunc="max")
    over, instead = (
        [name for name in answers.loc[chosen, "benchmark_id"] if name in wide.columns] for chosen in (is_over, is_open)
    )
    old, new = wide[over].to_numpy(), wide[instead].to_numpy()
    # Counted as floats: numpy multiplies whole numbers at a thirtieth of their speed.
    shared = (~np.isnan(old)).astype(float).T @ (~np.isnan(new)).astype(float)
    # Columns as rows of their own: a pair then reads two runs of memory, not two strides over the whole table.
    olds, news = np.ascontiguousarray(old.T), np.ascontiguousarray(new.T)
    kind = domains.dropna().to_dict()
    rows = []
    for i, ours in enumerate(olds):
        mine = np.flatnonzero(~np.isnan(ours))
        others = np.flatnonzero(shared[i] >= MIN_SHARED)
        x, table = ours[mine], news[np.ix_(others, mine)]
        for j, y, both in zip(others.tolist(), table, ~np.isnan(table), strict=True):
            if over[i] == instead[j] or (over[i] in kind) > (instead[j] in kind) or is_same(over[i], instead[j]):
                continue
            r = rank_correlation(x[both], y[both])
            if not np.isnan(r):
                n = int(shared[i, j])
                rows.append((over[i], instead[j], r, lower_end(r, n), n))
    table = pd.DataFrame(
        rows, columns=["benchmark_id", "alternative_id", "correlation", "correlation_lower", "n_shared"]
    )
    own, others = (table[name].map(kind) for name in ("benchmark_id", "alternative_id"))
    table = table.assign(is_of_domain=own.eq(others) & own.notna())
    table = table[table["correlation_lower"] >= MIN_LOWER].sort_values(
        ["benchmark_id", "is_of_domain", "correlation_lower", "alternative_id"],
        ascending=[True, False, False, True],
        kind="stable",
    )
    table["place"] = table.groupby("benchmark_id").cumcount() + 1
    return table.loc[table["place"] <= MOST, ALTERNATIVE].reset_index(drop=True)


def is_same(old: str, new: str) -> bool:
    """Whether a test (by its id) asks the questions of another one: its whole, or a run of it elsewhere."""
    (mine, _, _), (theirs, _, release) = old.partition("@"), new.partition("@")
    return mine.startswith(f"{theirs}-") or (mine == theirs and not RELEASE.match(release))


def rank_correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Spearman's rho of two samples of one length; NaN where one of them does not vary."""
    a, b = (ranks(values) - (len(values) + 1) / 2 for values in (x, y))
    size = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / size) if size > 0 else float("nan")


def ranks(x: np.ndarray) -> np.ndarray:
    """Average ranks from 1, as scipy.stats.rankdata gives them, at a fifth of its time for a dozen values."""
    order = np.argsort(x)
    ranked = x[order]
    first = np.concatenate([[True], ranked[1:] != ranked[:-1]])
    starts = np.append(np.flatnonzero(first), len(x))
    found = np.empty(len(x))
    found[order] = (0.5 * (starts[1:] + starts[:-1] + 1))[np.cumsum(first) - 1]
    return found


def lower_end(r: float, n: int) -> float:
    """Lower end of the 95% interval of a rank correlation over n models, n > 3."""
    return float(np.tanh(np.arctanh(np.clip(r, -0.999, 0.999)) - 1.96 * np.sqrt(1.06 / (n - 3))))
