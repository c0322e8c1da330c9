"""Tables of cards before they are read like those of papers: whose they are where they name no model.

Question  Which model is a table about that names none, and is it one table or two?
Input     A `Grid` of texts as printed, the headings over it, the card's own model.
Output    Grids in which a model stands over or before the scores; two for two lists side by side.
Method    "Task | Score", or one row of scores under tests, is about the model of the nearest heading, on the card of a
          repository else about its own; "This model" is the card's own. A list of headings printed twice makes two tables.
Silent    A page that may be about several models, and a section about another one.
"""

import re
from collections import defaultdict
from dataclasses import replace

from ingest.records import read_number
from ingest.table_blocks import SHOTS_HEADER, SIZE_ALONE
from ingest.table_models import Names, is_model_name
from ingest.table_names import METRIC, read_benchmark
from ingest.tables import Cell, Grid, is_missing, is_number

# Headings of a table of one model's scores: of its tests, and of its values.
OF_TESTS = re.compile(
    r"(?:[\w-]+ )?(?:benchmarks?|tasks?|test ?sets?|tests?|data ?sets?|evals?|evaluations?)(?: names?)?|metrics?|",
    re.IGNORECASE,
)
OF_VALUES = re.compile(
    r"(?:scores?|values?|results?|acc(?:uracy|\.)?|performance|percent(?:age)?|pass@1|em|exact match|%)(?: ?\(%\))?",
    re.IGNORECASE,
)
OF_ALL_VALUES = re.compile(rf"{OF_VALUES.pattern}|{METRIC.pattern}|(?:acc\w*|normalized)(?: \w+)?", re.IGNORECASE)
OWN_WORDS = re.compile(r"(?:this|our) (?:model|work)|ours|\(ours\)", re.IGNORECASE)
# Numbers beside the scores of a list: ranks, questions, shots, versions and errors.
BESIDE_VALUES = re.compile(
    r"rank(?:ing)?|#|n|(?:# ?|n(?:umber of )?)?(?:samples?|questions?|items?|examples?)|(?:n-?|# ?)?(?:few-?)?shots?|version|"
    r"std(?:err|ev|\.)?(?: ?err(?:or)?)?|standard error",
    re.IGNORECASE,
)
THIS_MODEL = re.compile(r"\S \((?:this|our) (?:model|work)\)$", re.IGNORECASE)  # behind whatever name it is given
FAMILY_AND_SIZE = re.compile(r"(?P<family>[A-Za-z].*[A-Za-z\d.][-_ ])(?P<size>\d+(?:\.\d+)?[BbM])")
ONE_NAME = re.compile(r"(?=.*\d)[\w./\-]+(?: [\w.\-]*\d[\w.\-]*)?")  # a heading that is a model's name and nothing else


def heading_model(headings: tuple[str, ...], name: str, is_repository: bool) -> str:
    """The model that a table is about which names none: that of the nearest heading, else the card's own; "" for none.

    A page that is no repository's may stand for a whole family: there only a heading says which model it is. On a
    repository's card the title is of the card, and a section of another model's is not told from one about the card's.
    """
    own = name.rpartition("/")[2]
    for heading in reversed(headings):
        if is_model_name(heading, Names()) and ONE_NAME.fullmatch(heading):
            return "" if is_repository and bare(heading) != bare(own) else heading
    return own if is_repository else ""


def bare(text: str) -> str:
    """Letters and digits of a name, in lower case."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def about_one_model(grid: Grid, model: str) -> Grid | None:
    """A table of one model's scores with that model in its heading or before its row; None for any other table.

    "Task | Score" over tests and their values, or one row of values under tests, and no other name in either.
    """
    while grid.rows and not any(c and c.text for c in grid.rows[0]):
        moved = (tuple(replace(c, row=c.row - 1) if c else c for c in row) for row in grid.rows[1:])
        grid = replace(grid, rows=tuple(moved))
    width, height = len(grid.rows[0]) if grid.rows else 0, len(grid.rows)
    if not model or height < 2 or any(is_model_name(c.text, Names()) for row in grid.rows for c in row if c):
        return None
    below = {c: [grid.text(r, c) for r in range(1, height)] for c in range(width)}
    numeric = [c for c in range(width) if all(is_number(t) or is_missing(t) for t in below[c]) and any(below[c])]
    is_said = height == 2 and OF_TESTS.fullmatch(grid.text(0, 0)) and OF_ALL_VALUES.fullmatch(grid.text(1, 0))
    if is_said and len(numeric) == width - 1 > 0:
        # "Metric | hellaswag | mmlu" over "Accuracy | 65.2 | 57.3": what is measured stands where the model would.
        label = grid.rows[1][0]
        return replace(grid, rows=(grid.rows[0], (label and replace(label, text=model), *grid.rows[1][1:])))
    if height == 2 and len(numeric) == width:
        named = (Cell("Model", "", 0, 0, 1, 1), Cell(model, "", 1, 0, 1, 1))
        rows = (
            (first, *(replace(c, column=c.column + 1) if c else c for c in row))
            for first, row in zip(named, grid.rows, strict=True)
        )
        return replace(grid, rows=tuple(rows))
    heads = {c: grid.text(0, c) for c in range(width)}
    values = [c for c in numeric if OF_VALUES.fullmatch(heads[c])]
    others = [c for c in numeric if c not in values]
    is_list = len(values) == 1 and values[0] > 0 and OF_TESTS.fullmatch(heads[0])
    if not is_list or not all(BESIDE_VALUES.fullmatch(heads[c]) for c in others):
        return None
    place = values[0]
    kept = [c for c in range(width) if c not in others or SHOTS_HEADER.fullmatch(heads[c])]
    lines: list[tuple[Cell | None, ...]] = []
    for r, row in enumerate(grid.rows):
        line: list[Cell | None] = []
        for i, c in enumerate(kept):
            cell = row[c]
            text = model if (r, c) == (0, place) else cell.text if cell else ""
            line.append(replace(cell, text=text, column=i) if cell else None)
        lines.append(tuple(line))
    return replace(grid, rows=tuple(lines))


def with_sizes_named(grid: Grid, model: str) -> Grid:
    """A grid whose headings or labels are sizes alone ("2B Params", "7B") with the names of the card's family for them.

    Only where the card's own name is a family and a size ("gemma-2b"), that size is among them, and no model is named: on
    the card of a variant ("gemma-2b-it") nothing tells whether they are sizes of the variant or of what it was made from.
    """
    named = FAMILY_AND_SIZE.fullmatch(model)
    axes = [
        [c for c in grid.rows[0][1:] if c] if grid.rows else [],
        [row[0] for row in grid.rows[1:] if row and row[0] and row[0].text],
    ]
    if not named or any(is_model_name(c.text, Names()) for row in grid.rows for c in row if c):
        return grid
    for axis in axes:
        sizes = {c: found[1].replace(" ", "") for c in axis if (found := SIZE_ALONE.fullmatch(c.text))}
        is_whole = axis is axes[0] or len(sizes) == len(axis)
        if is_whole and named["size"].lower() in {s.lower() for s in sizes.values()}:
            names = {c: f"{named['family']}{s.lower() if named['size'].islower() else s}" for c, s in sizes.items()}
            return replace(
                grid,
                rows=tuple(tuple(replace(c, text=names[c]) if c in names else c for c in row) for row in grid.rows),
            )
    return grid


def with_own_name(grid: Grid, model: str) -> Grid:
    """A grid whose words for the card's own model ("This model", "Ours") are its name; as it is where that is unknown."""
    if not model:
        return grid
    named = (
        tuple(
            replace(c, text=model) if c and (OWN_WORDS.fullmatch(c.text) or THIS_MODEL.search(c.text)) else c
            for c in row
        )
        for row in grid.rows
    )
    return replace(grid, rows=tuple(named))


def side_by_side(grid: Grid) -> list[Grid]:
    """A grid as two where its header holds one list of headings twice, each behind a column of words of its own."""
    width, half = len(grid.rows[0]) if grid.rows else 0, len(grid.rows[0]) // 2 if grid.rows else 0
    texts = [grid.text(0, c) for c in range(width)]
    words = [grid.text(r, half) for r in range(1, len(grid.rows))] if half else []
    if half < 2 or width % 2 or texts[1:half] != texts[half + 1 :] or any(is_number(t) or not t for t in words):
        return [grid]
    return [
        replace(
            grid,
            rows=tuple(
                tuple(replace(c, column=c.column - first) if c else c for c in row[first : first + half])
                for row in grid.rows
            ),
        )
        for first in (0, half)
    ]


def has_two_lists(grid: Grid) -> bool:
    """Two tables side by side: a benchmark stands in the header twice, with words in a column between."""
    places: dict[str, list[int]] = defaultdict(list)
    for c in range(len(grid.rows[0])):
        if read_benchmark([grid.text(0, c)]):
            places[grid.text(0, c)].append(c)
    return any(
        any(read_number(grid.text(r, c)) is None and not is_missing(grid.text(r, c)) for r in range(1, len(grid.rows)))
        for found in places.values()
        if len(found) > 1
        for c in range(found[0] + 1, found[1])
    )
