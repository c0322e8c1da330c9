"""Cells that hold several values, as so many columns or rows.

Question  What does each value of "24.9 / 25.4 / 60.1" mean, where a heading or a label lists as many names?
Input     A `Grid` of texts as printed.
Output    The grid with one value a cell: a column becomes several where its heading lists tests ("zh (ceval / cmmlu)") or
          the corner of the table metrics ("3-shot (EM / F1)"), a row where its label lists settings or names
          ("gpt-oss-20B (low / med / high)", "CWM / CWM + tts").
Silent    A list with another number of names than values; a pair that a heading explains itself ("0-shot / 5-shot"), which
          the reading of the cell takes apart. Such a grid is as it was.
"""

import re
from dataclasses import replace

from ingest.table_models import EFFORT, Names, is_model_name
from ingest.table_names import METRIC, PAIR_OF_METRICS, PAIR_OF_SHOTS, SHOTS, may_be_test, read_benchmark, take_tokens
from ingest.tables import BRACKETED, VALUE, Cell, Grid, is_missing, is_number

MAX_VARIANT = 8  # letters of the name of a variant: longer texts are tests or sentences
SLASH = re.compile(r" ?/ ?")
TWO_NAMES = re.compile(r"(?P<first>[^()]+?) ?\((?P<second>[^()/]+)\)")
BRACKET = re.compile(r"(?P<before>.*?)\s*[(\[](?P<listed>[^()\[\]]+/[^()\[\]]+)[)\]]\s*")


def one_value_a_cell(grid: Grid) -> Grid:
    """The grid with its lists of values taken apart, where what they mean is listed as well."""
    return apart_by_rows(apart_by_columns(grid))


def listed(text: str) -> tuple[str, list[str]]:
    """What stands before a list in brackets, and the list: "3-shot (EM / F1)" -> ("3-shot", ["EM", "F1"])."""
    match = BRACKET.fullmatch(text)
    return (match["before"], SLASH.split(match["listed"])) if match else (text, [])


def values_in(text: str) -> list[str]:
    """The values of a cell that slashes separate; [] where a part is no value."""
    parts = SLASH.split(text)
    return parts if len(parts) > 1 and all(is_number(p) or is_missing(p) for p in parts) else []


def values_of(text: str) -> list[str]:
    """The values of a cell that slashes or brackets separate; [] where a part is no value."""
    return values_in(text) or both_values(text)


def both_values(text: str) -> list[str]:
    """The two values of "72.6 (67.1)", [] for any other cell."""
    both = BRACKETED.fullmatch(text) if not VALUE.fullmatch(text) else None
    return [both[1], both[2]] if both else []


def names_of_both(text: str) -> list[str]:
    """What the two values of "72.6 (67.1)" are, where a heading says it alike: "HumanEval (HumanEval+)", "AIME24 pass@1 (cons@64)"."""
    bracket = TWO_NAMES.fullmatch(text)
    if not bracket:
        return []
    first, second = bracket["first"], bracket["second"]
    if read_benchmark([first]) and read_benchmark([second]):
        return [first, second]
    test, metrics, settings = take_tokens(first)
    kind = METRIC if metrics and not settings else SHOTS if settings and not metrics else None
    return [first, f"{test} {second}"] if kind and read_benchmark([test]) and kind.fullmatch(second) else []


def names_listed(text: str) -> list[str]:
    """What the values of "82.6 / 82.8" are, where a heading lists it: "HumanEval / HumanEval+", "MBPP (base / plus)"."""
    names = SLASH.split(text)
    if len(names) > 1 and all(read_benchmark([n]) for n in names):
        return names
    before, inside = listed(text)
    return [f"{before} ({t})" for t in variants_of(before, inside)]


def variants_of(test: str, listed_there: list[str]) -> list[str]:
    """The variants or metrics that a heading lists behind one test's name ("AI2D (w / wo M)", "CharXiv (RQ / DQ)"), else []."""
    is_test = bool(read_benchmark([test])) or may_be_test(test)
    pair = " / ".join(listed_there)
    if PAIR_OF_SHOTS.fullmatch(pair) or PAIR_OF_METRICS.fullmatch(pair):
        return []
    return (
        listed_there
        if is_test
        and len(listed_there) > 1
        and all(0 < len(t) <= MAX_VARIANT or SHOTS.fullmatch(t) or EFFORT.fullmatch(t) for t in listed_there)
        else []
    )


def apart_by_columns(grid: Grid) -> Grid:
    """A column with several values a cell as so many columns, each under its test or its metric."""
    if len(grid.rows) < 2 or not grid.rows[0]:
        return grid
    before, metrics = listed(grid.text(0, 0))
    metrics = metrics if metrics and all(METRIC.fullmatch(m) for m in metrics) else []
    heads: dict[int, list[str]] = {}
    for c in range(1, len(grid.rows[0])):
        cells = [row[c] for row in grid.rows]
        if any(cell is None or cell.colspan > 1 or cell.rowspan > 1 for cell in cells):
            continue
        head = grid.text(0, c)
        before_tests, tests = listed(head)
        tests = tests if all(read_benchmark([t]) for t in tests) else []
        tests = [f"{t} ({before_tests})" for t in tests] if SHOTS.fullmatch(before_tests) else tests
        variants = tests or names_listed(head)
        names = variants or [f"{head} {m} ({before})" if SHOTS.fullmatch(before) else f"{head} {m}" for m in metrics]
        held = [cell.text for cell in cells[1:] if cell and cell.text]
        both = names_of_both(head)
        if both and all(both_values(t) or is_missing(t) for t in held):
            heads[c] = both
            continue
        if names and all(len(values_in(t)) == len(names) or (bool(variants) and is_missing(t)) for t in held):
            heads[c] = names
    if not heads:
        return grid
    rows = []
    for r, row in enumerate(grid.rows):
        line: list[Cell | None] = []
        for c, cell in enumerate(row):
            texts = heads[c] if r == 0 and c in heads else values_of(cell.text) if cell and c in heads else []
            for i in range(len(heads.get(c, [""]))):
                text = texts[i] if texts else cell.text if cell else ""
                line.append(replace(cell, text=text, column=len(line)) if cell else None)
        rows.append(tuple(line))
    # Cells over several columns keep their width: where one covers a column taken apart, the grid is as it was.
    is_plain = all(cell is None or cell.colspan == 1 for row in grid.rows for cell in row)
    return replace(grid, rows=tuple(rows)) if is_plain else grid


def apart_by_rows(grid: Grid) -> Grid:
    """A row with several values a cell as so many rows, each with its setting or its name."""
    if not grid.rows or not grid.rows[0] or any(cell and cell.rowspan > 1 for row in grid.rows for cell in row):
        return grid
    rows: list[tuple[Cell | None, ...]] = []
    for row in grid.rows:
        label = row[0].text if row[0] else ""
        both, names = names_of_both(label), row_names(label) or names_listed(label)
        lists = {
            c: both_values(cell.text) if both else values_in(cell.text) for c, cell in enumerate(row) if cell and c
        }
        lists, names = {c: parts for c, parts in lists.items() if parts}, both or names
        # Of one value beside lists nothing tells whose it is.
        is_one = any(cell and c and c not in lists and is_number(cell.text) for c, cell in enumerate(row))
        if not names or not lists or is_one or any(len(parts) != len(names) for parts in lists.values()):
            rows.append(tuple(cell and replace(cell, row=len(rows)) for cell in row))
            continue
        for i, name in enumerate(names):
            texts = {c: parts[i] for c, parts in lists.items()} | {0: name}
            rows.append(
                tuple(cell and replace(cell, text=texts.get(c, cell.text), row=len(rows)) for c, cell in enumerate(row))
            )
    return replace(grid, rows=tuple(rows))


def row_names(label: str) -> list[str]:
    """The names that a label lists: of one model in several settings, or of several models; [] for any other label."""
    before, settings = listed(label)
    if (
        before
        and is_model_name(before, Names())
        and all(EFFORT.fullmatch(s) or s.lower() in ("on", "off") for s in settings)
    ):
        return [f"{before} ({s})" for s in settings]
    names = re.split(r" / ", label)
    alike = len(names) > 1 and all(n and names[0].lower() in n.lower() for n in names)
    return names if alike or (len(names) > 1 and all(is_model_name(n, Names()) for n in names)) else []
