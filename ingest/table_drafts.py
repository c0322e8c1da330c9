"""Scores of one table before they are final: which stand, and in which unit.

Question  Are these the scores of one model on one test each, and do they print percent, fractions or points?
Input     `Draft`s of one block of a table.
Output    The drafts that stand, with their units; the others are counted in a `Tally`: rule -> one example per value.
Method    One model with two values on one test in one setting is left out. Values are percent unless a whole block prints
          fractions; a judge's points go from 1 to 10, sums of points beyond 100.
Silent    Where a value could be either, it is left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.records import Reported, read_number
from ingest.table_models import Model
from ingest.table_names import is_known
from ingest.tables import Grid

JUDGED = re.compile(r"mtbench|alignbench|logickor|vicunabench|mmhal")
CAPTIONS = (
    "nocaps",
    "coco",
    "flickr30k",
    "vatex",
    "dream1k",
)  # tests of captions, scored in many ways, none of them in percent
SUMMARIES = ("squality", "govreport", "xsum", "cnndm", "cnndailymail", "samsum", "qmsum", "multinews")
SUMS = ("ocrbench", "mme")
AT_MOST_ONE = re.compile(r"0?\.\d+|0|1|[01]\.0+")
ZERO = re.compile(r"0(?:\.0+)?%?")
FEW_VALUES = 3  # below this, values of at most 1 cannot be told for fractions or for low percentages


@dataclass(frozen=True)
class Draft:
    """A score cell before its unit is known: the row, its model and the form that its benchmark was recognised by."""

    row: Reported
    model: Model
    key: str


Tally = defaultdict[str, list[str]]


def settle_doubles(drafts: list[Draft], grid: Grid, tally: Tally) -> list[Draft]:
    """The drafts of a block without those that give one model two values on one test in one setting.

    Then something that was not read tells them apart: a part of the test, or, where they stand in two rows, a size or a
    base model of their own; that model's other values are left out with them.
    """
    values: dict[tuple[str, ...], set[str]] = defaultdict(set)
    lines: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for d in drafts:
        values[of_draft(d)].add(trim_zeros(d.row.score_reported))
        lines[of_draft(d)].add(d.model.line)
    twice = {key for key, found in values.items() if len(found) > 1}
    unclear = {key[:2] for key in twice if len(lines[key]) > 1}
    left = []
    for d in drafts:
        if of_draft(d) not in twice and of_draft(d)[:2] not in unclear:
            left.append(d)
        else:
            tally["one model has two values on one test in one setting"].append(
                f"{grid.label}: {d.row.model}, {d.row.benchmark} {d.row.score_reported}"
            )
    return left


def without_changes(drafts: list[Draft], grid: Grid, tally: Tally) -> list[Draft]:
    """The drafts without differences from another model: a plus sign says so, and of what stands in its row or column a minus."""
    signed = [d for d in drafts if d.row.score_reported[0] in "+-−"]
    rising = [d for d in signed if d.row.score_reported[0] == "+"]
    lines, tests = {d.model.line for d in rising}, {d.row.benchmark for d in rising}
    changes = [d for d in signed if d.model.line in lines or d.row.benchmark in tests]
    tally["difference from another model"].extend(
        f"{grid.label}: {d.row.model}, {d.row.benchmark} {d.row.score_reported}" for d in changes
    )
    return [d for d in drafts if d not in changes]


def of_draft(draft: Draft) -> tuple[str, ...]:
    """What a draft is the score of: model, mode, test, metric and setting."""
    row = draft.row
    return (row.model.lower(), draft.model.mode, row.benchmark.lower(), row.metric.lower(), row.setting.lower())


def set_units(drafts: list[Draft], grid: Grid, tally: Tally) -> Iterator[Draft]:
    """Drafts of one block with their units: percent unless the whole block prints fractions.

    A block is in fractions when none of its values is above 1 and there are enough of them with decimals. One benchmark
    with nothing above 1 beside others in percent could be either: it is left out. A single low value among percents
    stays a percent, as printed.
    """
    drafts = read_points(drafts, grid, tally)
    above = {d.key for d in drafts if d.row.score_unit == "percent" and is_above(d.row.score_reported, 100)}
    for draft in (d for d in drafts if d.key in above):
        example = f"{grid.label}: {draft.row.benchmark} {draft.row.score_reported}"
        tally["unit unclear: a value above 100 among percentages"].append(example)
    drafts = [d for d in drafts if d.key not in above]
    plain = [d for d in drafts if d.row.score_unit == "percent"]
    small = [d for d in plain if AT_MOST_ONE.fullmatch(d.row.score_reported)]
    if plain and len(small) == len(plain):
        if len(plain) >= FEW_VALUES and any("." in d.row.score_reported for d in plain):
            yield from (replace(d, row=replace(d.row, score_unit="fraction")) if d in small else d for d in drafts)
        else:
            tally["unit unclear: too few values, none above 1"].extend(
                f"{grid.label}: {d.row.model} {d.row.score_reported}" for d in plain
            )
            yield from (d for d in drafts if d.row.score_unit != "percent")
        return
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in plain:
        groups[draft.key].append(draft)
    unclear = {
        key
        for key, group in groups.items()
        if len(group) >= FEW_VALUES
        and all(AT_MOST_ONE.fullmatch(d.row.score_reported) for d in group)
        and not all(ZERO.fullmatch(d.row.score_reported) for d in group)
    }
    # "0.453" beside "45.3": a percentage would be printed with as many decimals as the others. 0.61 of HumanEval is one of
    # 164 among "29.9", so a test with higher values needs two more.
    finest = max(n_decimals(d.row.score_reported) for d in plain if d not in small) if plain else 0
    mixed = {d.key for d in plain if d not in small}
    for draft in drafts:
        printed = draft.row.score_reported
        more = n_decimals(printed) - finest if draft in small and not ZERO.fullmatch(printed) else 0
        if draft.key in unclear:
            tally["unit unclear: no value above 1 beside percentages"].append(
                f"{grid.label}: {draft.row.benchmark} {printed}"
            )
        elif more >= (2 if draft.key in mixed else 1):
            tally["unit unclear: at most 1 with more decimals than the percentages beside it"].append(
                f"{grid.label}: {draft.row.model}, {draft.row.benchmark} {printed}"
            )
        else:
            yield draft


def read_points(drafts: list[Draft], grid: Grid, tally: Tally) -> list[Draft]:
    """The drafts of a block whose tests are scored in points where all their values show it.

    A judge's points go from 1 to 10, sums of points go beyond 100. A test that no list knows, with nothing outside 1 to
    10, could be scored in points or in percent: it is left out.
    """
    groups: dict[str, list[Draft]] = defaultdict(list)
    for d in drafts:
        groups[d.key].append(d)
    small = {k for k, group in groups.items() if not any(is_above(d.row.score_reported, 10) for d in group)}
    large = {k for k, group in groups.items() if all(is_above(d.row.score_reported, 100) for d in group)}
    points = {k for k in groups if (k in small and is_judged(k)) or (k in large and k.partition(":")[0] in SUMS)}
    unclear = {
        k
        for k in small - points
        # AlpacaEval's questions are also put to models that speak, whose answers a judge scores from 1 to 5.
        if (not is_known(k) or (k == "alpacaeval" and len(groups[k]) >= FEW_VALUES))
        and not any(AT_MOST_ONE.fullmatch(d.row.score_reported) for d in groups[k])
    }
    left = []
    for d in drafts:
        kind = d.key.partition(":")[0]
        if kind in (*CAPTIONS, *SUMMARIES) and not d.row.metric:
            tally[f"unit unclear: {'captions' if kind in CAPTIONS else 'summaries'} without a metric"].append(
                f"{grid.label}: {d.row.benchmark} {d.row.score_reported}"
            )
        elif d.key in unclear and d.row.score_unit == "percent" and not d.row.score_reported.endswith("%"):
            tally["unit unclear: points or percent, with nothing outside 1 to 10"].append(
                f"{grid.label}: {d.row.benchmark} {d.row.score_reported}"
            )
        else:
            left.append(replace(d, row=replace(d.row, score_unit="points")) if d.key in points else d)
    return left


def n_decimals(text: str) -> int:
    """How many decimals a printed number has, final zeros among them."""
    return len(text.removesuffix("%").strip().partition(".")[2])


def is_judged(key: str) -> bool:
    """True for a test that a judge scores in points."""
    return bool(JUDGED.search(key))


def is_above(text: str, top: int) -> bool:
    """True for a printed number above a limit."""
    number = read_number(text)
    return number is not None and number > top


def trim_zeros(text: str) -> str:
    """A printed number without its last zeros, for recognising a repeated value ("5.00" and "5.0" are one reading)."""
    plain = text.removesuffix("%").strip()
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
