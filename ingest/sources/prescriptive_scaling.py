"""Re-runs of the Open LLM Leaderboard v2 tasks (hlzhang109/prescriptive-scaling), until October 2025.

Question  What do models score when others run the leaderboard's tasks again, and how large is the base they grew from?
Input     tables of https://github.com/hlzhang109/prescriptive-scaling: validation_leaderboard.csv, proteus_2k.csv and
          new_leaderboard_results_with_tokens.csv (scores), top_models_by_base.csv and livebench_model_metadata.csv
          (facts), livebench_category_and_overall.csv. They form one bundle.
Output    Reported: fractions of the six tasks. ReportedModel: base model, and its nominal size.
Method    One harness (lm-evaluation-harness, task group "leaderboard") ran everything; its documentation states the
          shots. A row that a second table repeats is one run; where one score of the row differs it is a second run.
Silent    Counted as omitted: subtasks (no other source runs them, and they would be most of all rows shipped), scores of the task group as a whole (they repeat or average the tasks), empty rows,
          LiveBench's categories (averages of another source), token counts in trillions, and sizes that the model's own
          name contradicts. Sizes are those of the base model in whole billions, so they carry the weakest precision.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from ingest.columns import TextTable, read_text_table
from ingest.records import (
    File,
    LayoutChanged,
    Omitted,
    Page,
    Reported,
    ReportedModel,
    Source,
    leave_out,
    read_number,
    shorten,
)

RAW = "https://raw.githubusercontent.com/hlzhang109/prescriptive-scaling/main/tables"
PLACES = {
    "validation_leaderboard": "open_llm_leaderboard/",
    "proteus_2k": "open_llm_leaderboard/",
    "new_leaderboard_results_with_tokens": "",
    "top_models_by_base": "",
    "livebench_model_metadata": "livebench/",
    "livebench_category_and_overall": "livebench/",
}
# The later ones repeat rows of the earlier ones.
SCORES = ("validation_leaderboard", "proteus_2k", "new_leaderboard_results_with_tokens")

SOURCE = Source(
    source_id="prescriptive_scaling",
    title="Prescriptive scaling: re-runs of Open LLM Leaderboard v2 tasks",
    url="https://github.com/hlzhang109/prescriptive-scaling",
    licence="none stated",
    attribution="hlzhang109/prescriptive-scaling",
    status="frozen",
    is_uniform=True,
    files=tuple(
        File(
            name=f"{name}.csv",
            url=f"{RAW}/{place}{name}.csv",
            captures=rf"prescriptive-scaling/{name}\.csv",
            bundle="all",
        )
        for name, place in PLACES.items()
    ),
)

# Shots as in the documentation of the task group (lm_eval/tasks/leaderboard).
SHOTS = {"bbh": 3, "gpqa": 0, "ifeval": 0, "math": 4, "math_hard": 4, "mmlu_pro": 5, "musr": 0}
TASKS = ("bbh", "gpqa", "ifeval", "math_hard", "mmlu_pro", "musr")
METRICS = ("inst_level_strict_acc", "prompt_level_strict_acc", "exact_match", "acc_norm", "acc")
COLUMN = re.compile(rf"leaderboard_(?:(.+?)_)??({'|'.join(METRICS)})_none")
SIZE_IN_NAME = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)b(?![a-z])", re.IGNORECASE)
LAST_DIGITS = Decimal("1e-9")  # one table prints fewer digits of the same value
TOLERANCE = Decimal("0.2")  # nominal sizes are rounded by up to 15 percent; beyond that a name states another size


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    tables = {page.name.removesuffix(".csv"): (page, read_text_table(page)) for page in pages}
    unknown = sorted(set(tables) - set(PLACES))
    if unknown:
        raise LayoutChanged(f"{shorten(unknown[0])} is not a table that is known here.")
    first: dict[str, tuple[Decimal | None, ...]] = {}
    scored: set[str] = set()
    for name in SCORES:
        if name in tables:
            yield from read_scores(*tables[name], name, first, scored)
    if "top_models_by_base" in tables:
        yield from read_bases(*tables["top_models_by_base"], scored)
    if "livebench_model_metadata" in tables:
        yield from read_sizes(*tables["livebench_model_metadata"])
    if "livebench_category_and_overall" in tables:
        page, table = tables["livebench_category_and_overall"]
        listed = [f"{m}, {c} {v}" for m, c, v in table.pick(["model", "category", "category_mean"])]
        yield from leave_out(page, "average of LiveBench tasks, a source of its own", listed)


def read_scores(
    page: Page, table: TextTable, name: str, first: dict[str, tuple[Decimal | None, ...]], scored: set[str]
) -> Iterator[Reported | Omitted]:
    """Scores of one table. `first` holds the values of each model as first seen, and gets the new ones."""
    columns = [c for c in table.header if COLUMN.fullmatch(c)]
    parts = {c: match.groups() for c in columns if (match := COLUMN.fullmatch(c))}
    whole = [c for c in columns if not parts[c][0]]
    columns = [c for c in columns if c not in whole]
    tasks = [parts[c] for c in columns]
    if {t for t, _ in tasks} & set(TASKS) != set(TASKS):
        raise LayoutChanged(f"{page.name} does not hold the six tasks of the leaderboard.")
    left: dict[str, list[str]] = defaultdict(list)
    for model, *cells in table.pick(["model_id", *columns]):
        if not any(cell.strip() for cell in cells):
            left["model without scores"].append(model)
            continue
        scored.add(model)
        left["score of the task group as a whole"] += [model] * len(whole)
        run = "" if is_same_run(cells, first.get(model)) else name
        first.setdefault(model, tuple(read_number(c) for c in cells))
        for column, (task, metric), score in zip(columns, tasks, cells, strict=True):
            if not score.strip():
                left["empty cell"].append(f"{model}, {column}")
                continue
            if task not in TASKS:
                left["subtask of a re-run task"].append(f"{model}, {column}")
                continue
            yield Reported(
                snapshot_id=page.snapshot_id,
                model=model,
                name_scheme="hf",
                run=run,
                benchmark=f"leaderboard_{task}",
                metric=metric,
                setting=read_shots(task),
                score_reported=score,
                score_unit="fraction",
                evaluator_relationship="third_party",
                locator=f"{page.name}, column {column}",
            )
    if "Pretraining tokens (T)" in table.header:
        for model, tokens in table.pick(["model_id", "Pretraining tokens (T)"]):
            if tokens:
                left["training tokens in trillions"].append(f"{model}: {tokens}")
    for rule, listed in left.items():
        yield from leave_out(page, rule, listed)


def is_same_run(cells: list[str], known: tuple[Decimal | None, ...] | None) -> bool:
    """True for a model's first row, and for one that repeats it up to the last printed digits."""
    if known is None:
        return True
    return len(cells) == len(known) and all(
        number == k or (number is not None and k is not None and abs(number - k) < LAST_DIGITS)
        for number, k in zip(map(read_number, cells), known, strict=True)
    )


def read_shots(task: str) -> str:
    """Shots of a task, or of the task that a subtask belongs to."""
    found = [shots for name, shots in SHOTS.items() if task == name or task.startswith(f"{name}_")]
    return f"{found[0]}-shot" if found else ""


def read_bases(page: Page, table: TextTable, scored: set[str]) -> Iterator[ReportedModel | Omitted]:
    """Base model and nominal size of the models with scores."""
    contradicted, others = [], []
    for model, base, size in table.pick(["model_id", "mapped_base_model", "num_params_B"]):
        if model not in scored:
            others.append(model)
            continue
        stated = {number for s in SIZE_IN_NAME.findall(model) if (number := read_number(s)) is not None}
        nominal = read_number(size)
        if nominal and len(stated) == 1 and abs(stated.pop() / nominal - 1) > TOLERANCE:
            contradicted.append(f"{model}: {size}")
            size = ""
        yield ReportedModel(
            snapshot_id=page.snapshot_id,
            model=model,
            name_scheme="hf",
            n_parameters=size,
            parameter_unit="billions" if size else "",
            size_precision="floored" if size else "",
            base_model="" if base == model else base,
        )
    yield from leave_out(page, "size of the base that the model's own name contradicts", contradicted)
    yield from leave_out(page, "model without scores", others)


def read_sizes(page: Page, table: TextTable) -> Iterator[ReportedModel | Omitted]:
    """Sizes of models on LiveBench, with the page where they were read."""
    tokens = []
    for model, size, where, n_tokens in table.pick(["model", "params_b", "params_source_url", "pretrain_tokens"]):
        if n_tokens:
            tokens.append(f"{model}: {n_tokens}")
        if size:
            yield ReportedModel(
                snapshot_id=page.snapshot_id,
                model=model,
                n_parameters=size,
                parameter_unit="billions",
                size_precision="stated",
                source_url=where if where.startswith("http") else "",
            )
    yield from leave_out(page, "training tokens in trillions", tokens)
