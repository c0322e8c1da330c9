"""Does anything else of a model say the same as a low mark, or is it one run that went wrong?

Question  A score is far below what it should be: is the model weak, or is only this run low?
Input     `Lows`: all tested scores with their one-sided p-values on the low side; which of them are marked low; all entries.
Output    One sentence per marked score: it begins with a name in data.vocabulary.DOUBTS, or says what supports the mark.
Method    A broken template, answers cut off or in a form that the scorer does not read, a fault of the harness: each lowers
          one test or one board and leaves the rest of a model as it was. A low mark is therefore told only of what two
          witnesses say. The first that applies:
          whole run   WHOLE_RUN tests or more of the model in this source, and WHOLE_SHARE of them, are failed runs.
          disagrees   another run of the same test and metric is where this one should be.
          together    the model's other tests, by size and date alone, have a middle within the lowest LOW_MIDDLE of similar
                      models (LOW_TESTS tests or more): a weak or damaged model, or a wrong size.
          repeated    another run of the same test, with another number, is low (OUTSIDE_P).
          another     another test is low, at OUTSIDE_P over the number of tests (Bonferroni).
          A test that was run several times, or in several releases, says what the middle of its runs says.
          Where the model has ELSEWHERE tests or more in other sources, and always for a model that reasons before it answers
          (its answers may be cut off on a whole board), only other sources are witnesses. Tests that grade the form of an
          answer are none, and neither "another" test nor they speak for such a test or for a score at the level of guessing.
          Our rules, made on 60 low marks judged one by one, and the scores beside them: of 39 artefacts none had a witness.
Silent    Never: each marked score has its sentence.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from data.vocabulary import CUT_OFF, FAILED_RUN, FORM, ONE_RUN, RUN_DISAGREES
from scoring.verdict import holds, levels

WHOLE_RUN, WHOLE_SHARE = 3, 0.2
ELSEWHERE = 5
LOW_TESTS, LOW_MIDDLE = 3, 0.1
SAME = 0.002  # fraction: two numbers within it may be one run, printed twice
# Tests that ask for a form: instructions that a program checks, calls of functions, patches.
GRADES_FORM = r"ifeval|ifbench|follow|bfcl|function|tool"
STRICT = r"strict|ast$"
Scores: TypeAlias = dict[str, np.ndarray]  # rows of one model, column by column
RUN = ["source_id", "benchmark_id", "metric", "value", "is_fine", "is_failed"]
TESTED = [
    "source_id", "benchmark_id", "stem", "grades_form", "is_subset", "value", "p_low", "by_size", "is_at_guess"
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Lows:
    """Tested scores; arrays of one length with `rows`, NaN where an opinion is missing.

    rows           Entries: model_id, model_name, benchmark_id, metric, source_id, value, is_subset.
    p_low          Joined p-value of the low side.
    by_size        The same of size and date alone.
    lower          Lower end of the range that was expected, fraction, higher is better.
    is_at_guess    At the level of guessing.
    """

    rows: pd.DataFrame
    p_low: np.ndarray
    by_size: np.ndarray
    lower: np.ndarray
    is_at_guess: np.ndarray


def sentences(lows: Lows, marked: np.ndarray, whole: pd.DataFrame) -> list[str]:
    """Sentences for the places `marked` of the tested scores; whole: all entries, with data_problem and unit."""
    rows = lows.rows.iloc[marked]
    models = set(rows["model_id"])
    table = lows.rows.assign(p_low=lows.p_low, by_size=lows.by_size, lower=lows.lower, is_at_guess=lows.is_at_guess)
    table = with_kinds(table[table["model_id"].isin(models)])
    mine = whole[whole["model_id"].isin(models) & (whole["unit"] == "fraction")]
    mine = mine.assign(
        is_fine=mine["data_problem"].isna(), is_failed=mine["data_problem"].str.startswith(FAILED_RUN, na=False)
    )
    tested, runs = by_model(table, TESTED), by_model(mine, RUN)
    return [sentence(row, tested[row.model_id], runs[row.model_id]) for row in table.loc[rows.index].itertuples()]


def by_model(rows: pd.DataFrame, names: Sequence[str]) -> dict[str, Scores]:
    """The rows of every model. A frame for each of them, cut a dozen times, took thirty times as long."""
    columns = {name: rows[name].to_numpy() for name in names}
    places = rows.groupby("model_id", sort=False).indices
    return {str(model): {name: values[mine] for name, values in columns.items()} for model, mine in places.items()}


def cut(scores: Scores, chosen: np.ndarray) -> Scores:
    """The rows that are chosen."""
    return {name: values[chosen] for name, values in scores.items()}


def middles(tests: Scores, column: str) -> dict[str, float]:
    """The middle p-value of every test that has one, by its stem in alphabetical order."""
    found: dict[str, list[float]] = {}
    for stem, p in zip(tests["stem"].tolist(), tests[column].tolist(), strict=True):
        if not math.isnan(p):
            found.setdefault(stem, []).append(p)
    return {stem: median(found[stem]) for stem in sorted(found)}


def with_kinds(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with stem (a test under all its versions) and grades_form."""
    tests = table["benchmark_id"].astype(str)
    is_strict = table["metric"].astype(str).str.contains(STRICT)
    return table.assign(stem=tests.str.split("@").str[0], grades_form=tests.str.contains(GRADES_FORM) | is_strict)


def sentence(row: Any, tested: Scores, runs: Scores) -> str:
    """What speaks for or against one mark; tested: the model's tested scores, runs: all its scores that are shares."""
    board = cut(runs, runs["source_id"] == row.source_id)
    n_failed, n_tests = len(set(board["benchmark_id"][board["is_failed"]])), len(set(board["benchmark_id"]))
    if n_failed >= max(WHOLE_RUN, WHOLE_SHARE * n_tests):
        return f"{FAILED_RUN}: {n_failed} of {n_tests} tests of this model in this source are failed runs."
    is_same = (runs["benchmark_id"] == row.benchmark_id) & (runs["metric"] == row.metric) & runs["is_fine"]
    others = runs["value"][is_same]
    fine = others[(others >= row.lower) & (others > row.value + SAME)]
    if len(fine):
        return f"{RUN_DISAGREES}, which gave {100 * fine.max():.1f}."
    reasons = bool(re.search(holds.PURPOSES["reasoning"], str(row.model_name), re.IGNORECASE))
    if said := witness(row, tested, is_elsewhere=reasons):
        return said
    if row.is_at_guess:
        return f"{FAILED_RUN}: at the level of guessing."
    if reasons:
        return f"{CUT_OFF}: the model reasons before it answers, and no test in another source is low."
    if row.grades_form:
        return f"{FORM}: this test grades the form of an answer, and nothing else of this model is low."
    return f"{ONE_RUN}: no other test of this model is as low for it, and no other run of this one."


def witness(row: Any, tested: Scores, *, is_elsewhere: bool) -> str:
    """What of the model's other tested scores says the same as the one in `row`; "" for nothing."""
    others = cut(tested, tested["is_subset"] == row.is_subset)
    is_away = others["source_id"] != row.source_id
    is_rerun = (others["benchmark_id"] == row.benchmark_id) & is_away & (np.abs(others["value"] - row.value) > SAME)
    is_other = (others["stem"] != row.stem) & ~others["grades_form"]
    if is_elsewhere or len(set(others["stem"][is_other & is_away])) >= ELSEWHERE:
        is_other &= is_away
    tests = cut(others, is_other)
    by_size = middles(tests, "by_size")
    if len(by_size) >= LOW_TESTS and median(by_size.values()) <= LOW_MIDDLE:
        return (
            "Its other tests are low for its size as well: a weak or damaged model, or a size that is stated wrongly."
        )
    if (np.fmin(others["p_low"], others["by_size"])[is_rerun] < levels.OUTSIDE_P).any():
        return "Another run of this test is low as well."
    if row.is_at_guess or row.grades_form:
        return ""
    able = cut(tests, ~tests["is_at_guess"])
    middle = middles(able, "p_low")
    if middle and min(middle.values()) < levels.OUTSIDE_P / len(middle):
        lowest = cut(able, able["stem"] == min(middle, key=middle.__getitem__))
        return f"It is low on another test as well ({lowest['benchmark_id'][np.nanargmin(lowest['p_low'])]})."
    return ""
