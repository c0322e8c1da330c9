"""What the copies of both Open LLM Leaderboards share: one row per run, a few columns per task.

Question  Which scores, and which facts about the model, does one copy of the board print for each run?
Input     `TextTable`s of a page; a `Layout` says under which column each thing stands in that copy, a `Task` what a
          column measures.
Output    Reported rows (one per printed score), one ReportedModel row per table row, Omitted rows with counts.
Method    The layout is chosen by the names in the header, never by file name or date, so that a newer copy of a known
          layout can be read. Yes/no columns that hold the opposite of their name are turned; the layout names them.
Silent    Empty cells, averages and rescaled copies of a score are counted as omitted. Sizes that are no parameter count
          (see PACKED) and base models given as "Removed" are left out and counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.columns import TextTable
from ingest.records import LayoutChanged, Omitted, Page, Reported, ReportedModel, leave_out, shorten

# Several weights share one stored value in these repositories, so a count of stored values is up to eight times too
# small; one board multiplied it by eight and then it is too large. Taken as sizes they would top every list of models
# too good for their size.
PACKED = re.compile(r"(?<![a-z])gptq|(?<![a-z])awq(?![a-z])|(?<![0-9])[48][-_]?bit", re.IGNORECASE)
WORDS = {"true": True, "false": False}


@dataclass(frozen=True, kw_only=True)
class Task:
    """One column of scores: the benchmark's name (the same for all copies), metric and setting as documented."""

    benchmark: str
    metric: str
    setting: str


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where one copy of a board keeps what: names of columns, "" where it has none.

    scores          One column per task, in the order of the tasks.
    derived         Columns that are computed from the scores: (rule, columns).
    opposite        Yes/no columns that hold the opposite of their name or meaning.
    only_yes        Yes/no columns whose False does not mean no.
    size_stated_in  Column that shows whether the size was read from the weights: it then begins with a digit.
    """

    model: str
    precision: str
    sha: str
    scores: tuple[str, ...]
    derived: tuple[tuple[str, tuple[str, ...]], ...]
    chat_template: str = ""
    size: str = ""
    size_precision: str = ""
    size_stated_in: str = ""
    architecture: str = ""
    model_type: str = ""
    base_model: str = ""
    upload_date: str = ""
    submission_date: str = ""
    is_moe: str = ""
    is_merged: str = ""
    is_flagged: str = ""
    url: str = ""
    opposite: tuple[str, ...] = ()
    only_yes: tuple[str, ...] = ()

    def columns(self) -> list[str]:
        """All columns but the derived ones, "" where there is none; `read_rows` relies on this order."""
        return [
            self.model, self.precision, self.sha, self.chat_template, self.size, self.size_stated_in, self.architecture,
            self.model_type, self.base_model, self.upload_date, self.submission_date, self.is_moe, self.is_merged,
            self.is_flagged, self.url, *self.scores,
        ]  # fmt: skip


def choose_layout(table: TextTable, layouts: tuple[Layout, ...]) -> Layout:
    """The first layout whose columns all stand in the header; raises LayoutChanged, naming the nearest one's gaps."""
    gaps = []
    for layout in layouts:
        named = [*layout.columns(), *(c for _, columns in layout.derived for c in columns)]
        missing = sorted({c for c in named if c} - set(table.header))
        if not missing:
            return layout
        gaps.append(missing)
    nearest = min(gaps, key=len)
    raise LayoutChanged(f"{table.name} has no known layout: the nearest one needs {shorten(', '.join(nearest), 200)}.")


def read_rows(
    page: Page, table: TextTable, layout: Layout, tasks: tuple[Task, ...], score_unit: str, locator: str
) -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that one copy says. `locator` is a format with {benchmark}."""
    fixed = [(t.benchmark, t.metric, t.setting, locator.format(benchmark=t.benchmark)) for t in tasks]
    left: dict[str, list[str]] = {}
    n_flagged = 0
    for cells in table.pick(layout.columns()):
        (model, precision, sha, chat_template, size, size_origin, architecture, model_type, base_model, upload_date,
         submission_date, is_moe, is_merged, is_flagged, url), scores = cells[:15], cells[15:]  # fmt: skip
        run = f"{precision}_{sha}"
        if layout.chat_template:
            run += f"_{read_word(chat_template, layout.chat_template, table.name)}"
        for (benchmark, metric, setting, place), score in zip(fixed, scores, strict=True):
            if not score.strip():
                left.setdefault("empty cell", []).append(f"{model}, {benchmark}")
                continue
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, name_scheme="hf", run=run, benchmark=benchmark,
                metric=metric, setting=setting, score_reported=score, score_unit=score_unit,
                evaluator_relationship="third_party", evaluated_date=submission_date, locator=place,
            )  # fmt: skip
        if size and layout.size_stated_in and not size_origin[:1].isdigit():
            if not size.startswith("-"):  # -1 stands for unknown
                left.setdefault("size that the copy took from the model's name", []).append(f"{model}: {size}")
            size = ""
        if size and (PACKED.search(model) or precision.upper() == "GPTQ"):
            left.setdefault("size of packed weights, not a parameter count", []).append(f"{model}: {size}")
            size = ""
        if base_model == "Removed":
            left.setdefault('base model given as "Removed"', []).append(model)
            base_model = ""
        # The board adds this remark to the name; is_merged has its own column.
        base_model = base_model.removesuffix(" (Merge)")
        flagged = answer(layout, layout.is_flagged, is_flagged, table.name)
        n_flagged += flagged == "yes"
        owner, slash, _ = model.partition("/")
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=model, name_scheme="hf", run=run,
            n_parameters=size, parameter_unit="billions" if size else "",
            size_precision=layout.size_precision if size else "",
            developer=owner if slash else "", architecture=architecture if architecture != "error" else "",
            model_type=model_type, base_model=base_model, upload_date=upload_date, submission_date=submission_date,
            is_moe=answer(layout, layout.is_moe, is_moe, table.name),
            is_merged=answer(layout, layout.is_merged, is_merged, table.name), is_flagged=flagged, source_url=url,
        )  # fmt: skip
    if n_flagged > len(table.rows) / 2:
        # A copy that turned the column the other way round would otherwise flag every honest model.
        raise LayoutChanged(f"{table.name} flags {n_flagged} of {len(table.rows)} rows: its yes and no are exchanged.")
    first_model = min(name for (name,) in table.pick([layout.model]))
    for rule, columns in layout.derived:
        yield from leave_out(page, rule, [f"{first_model}, {columns[0]}"] * len(columns) * len(table.rows))
    for rule, examples in left.items():
        yield from leave_out(page, rule, examples)


def read_word(text: str, column: str, name: str) -> bool:
    """True or False as printed in any case; raises LayoutChanged for another word."""
    try:
        return WORDS[text.lower()]
    except KeyError:
        raise LayoutChanged(f"{name} says {shorten(text)!r} in its yes/no column {column!r}.") from None


def answer(layout: Layout, column: str, text: str, name: str) -> str:
    """yes, no, or "" when the copy has no such column; turned where the column holds the opposite."""
    if not column:
        return ""
    says_yes = read_word(text, column, name) != (column in layout.opposite)
    if says_yes:
        return "yes"
    return "" if column in layout.only_yes else "no"
