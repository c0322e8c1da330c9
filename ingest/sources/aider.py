"""Aider: programming exercises that a model solves by editing files through the chat tool Aider.

Question  Which share of the exercises does each model solve at the first try, and within two tries?
Input     YAML lists of the Aider site: the polyglot board, the code editing board before it, the refactoring board, and
          two lists of articles that ran the polyglot test.
Output    Reported: percent, pass_rate_1 and pass_rate_2, each with the number of exercises run. ReportedModel: release
          date where the list prints one.
Method    https://aider.chat/docs/leaderboards/. The run is the folder of the run that each row names, so a row is known
          again in every list that repeats it under the same name. The setting is the edit format as printed, with the
          second model that writes the edits where there is one, and the reasoning effort.
Silent    Costs, tokens, error counts and the share of well-formed answers are counted, not passed on. Two further lists
          are not read: quant.yml prints quantisations where others print models, and architect.yml names the editing
          model twice in one row. Some runs cover part of the exercises only (33 or 36 of 133): n_items says so.
"""

import re
from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out
from ingest.sources._printed_json import field
from ingest.sources._printed_yaml import read_yaml

# File -> benchmark.
BOARDS = {
    "polyglot_leaderboard": "Aider polyglot",
    "edit_leaderboard": "Aider code editing",
    "refactor_leaderboard": "Aider refactoring",
    "o1_polyglot_leaderboard": "Aider polyglot",
    "qwen3_leaderboard": "Aider polyglot",
}

SOURCE = Source(
    source_id="aider",
    title="Aider leaderboards",
    url="https://aider.chat/docs/leaderboards/",
    licence="Apache-2.0",
    attribution="Aider (Paul Gauthier and contributors), Apache-2.0",
    status="live",
    cadence_days=60,
    lists_all=r"polyglot_leaderboard.*\.yml",
    files=tuple(
        File(
            name=f"{name}.yml",
            url=f"https://raw.githubusercontent.com/Aider-AI/aider/main/aider/website/_data/{name}.yml",
            captures=rf"aider/{name}(?:_(?P<date>\d{{4}}-\d{{2}}-\d{{2}}))?\.yml",
        )
        for name in BOARDS
    ),
    bundle_by="file",
    open_end=r"(?:edit|qwen3|refactor)_leaderboard.*\.yml|polyglot_leaderboard_2025-03-28\.yml",
)

NAME = re.compile(r"(.+?)(?:_\d{4}-\d{2}-\d{2})?\.yml")
METRICS = ("pass_rate_1", "pass_rate_2")
ONE_TRY = ("Aider refactoring",)  # gives one try only
# What a row must have: the last field that every row prints is among them, so that a cut-off row is noticed.
NEEDED = ("dirname", "test_cases", "model", "edit_format", "pass_rate_1", "date", "seconds_per_case")
PASSED_ON = (
    *NEEDED[:-1], "pass_rate_2", "editor_model", "editor_edit_format", "reasoning_effort", "released", "_released",
    "commit_hash", "command", "versions",
)  # fmt: skip


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """All rows of each list; raises LayoutChanged."""
    for page in pages:
        match = NAME.fullmatch(page.name)
        if not match or match[1] not in BOARDS:
            raise LayoutChanged(f"{page.name} is no list of results that is known.")
        yield from read_list(page, BOARDS[match[1]])


def read_list(page: Page, benchmark: str) -> Iterator[Reported | ReportedModel | Omitted]:
    """The rows of one list."""
    rows = read_yaml(page)
    if not isinstance(rows, list) or not rows:
        raise LayoutChanged(f"{page.name} is not a list of results.")
    side: list[str] = []
    about: dict[str, ReportedModel] = {}
    for row in rows:
        run, n_items, model, edit_format, _, day, _ = (field(page.name, row, key) for key in NEEDED)
        setting = [f"edit format {edit_format}"]
        for key, words in (("editor_model", "editor"), ("editor_edit_format", "editor edit format")):
            setting += [f"{words} {row[key]}"] if row.get(key) else []
        setting += [f"reasoning effort {row['reasoning_effort']}"] if row.get("reasoning_effort") else []
        kind = "system" if row.get("editor_model", model) != model else "model"
        for metric in METRICS[:1] if benchmark in ONE_TRY else METRICS:
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, model_kind=kind, run=run, benchmark=benchmark, metric=metric,
                setting=", ".join(setting), score_reported=field(page.name, row, metric), score_unit="percent",
                n_items=n_items, evaluator_relationship="third_party", evaluated_date=day,
                locator=f"dirname {run}, {metric}",
            )  # fmt: skip
        side += [f"{run}, {key}" for key in row if key not in PASSED_ON and row[key]]
        released = row.get("released") or row.get("_released") or ""
        if released or model not in about:
            about[model] = ReportedModel(
                snapshot_id=page.snapshot_id, model=model, model_kind=kind, release_date=released
            )
    yield from about.values()
    yield from leave_out(page, "cost, token or error count, or share of well-formed answers", side)
