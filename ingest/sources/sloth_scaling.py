"""Sloth scaling laws (felipemaiapolo/sloth): sizes and dates of models, and subtask scores of Open LLM Leaderboard v2.

Question  How large is a model, when did it reach the leaderboard, and what did it score on each subtask of BBH, GPQA,
          MATH and MuSR?
Input     data_v1.csv, data_v2.csv (a row per model), tokens.csv and training_tokens.csv of the repository.
Output    Reported: fractions, all of them subsets, read as quoted (they come from the leaderboard's result files).
          ReportedModel: size in billions as stated, day of submission to the leaderboard or of upload.
Method    Both tables come from https://github.com/felipemaiapolo/sloth/tree/main/data; data_v2 is the later state of
          data_v1. Names are the repository's own short ones.
Silent    Counted as omitted: columns that copy runs of other sources (both Open LLM Leaderboards, MMLU's subjects,
          ObsScaling's XWinograd and HumanEval), Arena and MT-Bench values (rescaled to 0 to 1), token counts in
          trillions, and training compute.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from ingest.columns import TextTable, read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten

RAW = "https://raw.githubusercontent.com/felipemaiapolo/sloth/main/data"
TABLES = ("data_v1", "data_v2", "tokens", "training_tokens")

SOURCE = Source(
    source_id="sloth_scaling",
    title="Sloth: scaling laws for LLM skills",
    url="https://github.com/felipemaiapolo/sloth",
    licence="MIT",
    attribution="Felipe Maia Polo and others, felipemaiapolo/sloth, MIT; scores by Open LLM Leaderboard v2",
    status="frozen",
    is_uniform=True,
    files=tuple(
        File(name=f"{name}.csv", url=f"{RAW}/{name}.csv", captures=rf"sloth-scaling/{name}\.csv", bundle=name)
        for name in TABLES
    ),
    open_end=r"training_tokens\.csv",
)

SUBTASK = re.compile(r"(bbh|gpqa|math|musr)_\w+")
METRICS = {"bbh": "acc_norm", "gpqa": "acc_norm", "math": "exact_match", "musr": "acc_norm"}
SHOTS = {"bbh": "3-shot", "gpqa": "0-shot", "math": "4-shot", "musr": "0-shot"}
SIZES = ("#Params (B)", "Parameters (b)")
DATES = ("date", "Upload To Hub Date")
RULES = (
    (re.compile(r"IFEval|BBH|MATH Lvl 5|GPQA|MUSR|MMLU-PRO"), "copy of a run that open_llm_leaderboard_v2 holds"),
    (re.compile(r"MMLU|ARC|HellaSwag|Winogrande|TruthfulQA|GSM8K"), "copy of a run that open_llm_leaderboard_v1 holds"),
    (re.compile(r"hendrycksTest-.+"), "copy of a board v1 run by subject"),
    (re.compile(r"XWinograd|HumanEval"), "copy of a run that obs_scaling holds"),
    (re.compile(r"Arena-Elo|MTBench"), "rating rescaled to 0 to 1"),
    (re.compile(r" ?(?:Pretraining Data Size|Tokens) ?\(T\)"), "training tokens in trillions"),
    (re.compile(r"FLOPs \(1E21\)"), "training compute"),
)
ABOUT = re.compile(r"|Model|Family2?|Instruct|date|Upload To Hub Date|#Params \(B\)| ?Parameters \(b\)")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Subtask scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        # The publisher leaves the last line of one table open.
        table = read_text_table(page, has_final_newline=page.name != "training_tokens.csv")
        odd = [c for c in table.header if not ABOUT.fullmatch(c) and not SUBTASK.fullmatch(c) and not find_rule(c)]
        if odd:
            raise LayoutChanged(f"{page.name} has a column that is not known here: {shorten(odd[0])!r}.")
        yield from read_page(page, table)


def find_rule(column: str) -> str:
    """Why a column is left out; "" when it is not."""
    return next((rule for pattern, rule in RULES if pattern.fullmatch(column)), "")


def read_page(page: Page, table: TextTable) -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that one table says."""
    subtasks = [c for c in table.header if SUBTASK.fullmatch(c)]
    ruled = [c for c in table.header if find_rule(c)]
    size_column = next((c for c in table.header if c.strip() in SIZES), "")
    day_column = next((c for c in DATES if c in table.header), "")
    if not size_column:
        raise LayoutChanged(f"{page.name} has no column for the size of a model.")
    left: dict[str, list[str]] = defaultdict(list)
    for model, size, day, *cells in table.pick(["Model", size_column, day_column, *subtasks, *ruled]):
        scores, others = cells[: len(subtasks)], cells[len(subtasks) :]
        for column, value in zip(ruled, others, strict=True):
            if value:
                left[find_rule(column)].append(f"{model}, {column}")
        for subtask, score in zip(subtasks, scores, strict=True):
            if not score.strip():
                left["empty cell"].append(f"{model}, {subtask}")
                continue
            suite = subtask.partition("_")[0]
            yield Reported(
                snapshot_id=page.snapshot_id,
                model=model,
                benchmark=subtask,
                metric=METRICS[suite],
                setting=SHOTS[suite],
                score_reported=score,
                score_unit="fraction",
                evaluator_relationship="third_party",
                read_from="quoted",
                is_subset=True,
                locator=f"{page.name}, column {subtask}",
            )
        yield ReportedModel(
            snapshot_id=page.snapshot_id,
            model=model,
            n_parameters=size,
            parameter_unit="billions" if size else "",
            size_precision="stated" if size else "",
            submission_date=day if day_column == "date" else "",
            upload_date=day if day_column != "date" else "",
        )
    for rule, listed in left.items():
        yield from leave_out(page, rule, listed)
