"""Observational scaling laws (ryoungj/ObsScaling): sizes of base models, and the runs that the authors made themselves.

Question  How large is a model, and what did it score on XWinograd, HumanEval, GSM8K and BBH prompts, and emergent
          tasks?
Input     seven CSV tables of https://github.com/ryoungj/ObsScaling/tree/main/eval_results, a row per model.
Output    Reported: fractions, except BLEU (points) and agent tables (percent). ReportedModel: size in billions as
          stated.
Method    The header of the post-training table spells task, shots, metric and filter. Its scores are counts of a sample
          (every GSM8K value is a multiple of 1/500), so the sample is the benchmark's version. Agent scores come from
          the papers of AgentBench and AgentBoard: read as quoted.
Silent    Counted as omitted: columns that copy Open LLM Leaderboards (equal to its runs in nine rows of ten where both
          have the model; the table does not mark the others), values rescaled from chance, ratings rescaled to 0 to 1,
          averages over agent tasks, token counts in trillions, training compute.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ingest.columns import TextTable, read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten

RAW = "https://raw.githubusercontent.com/ryoungj/ObsScaling/main/eval_results"
BASE = ("base_llm_benchmark_eval", "base_llm_benchmark_eval_sub_10b")
EMERGENT, POST, SECOND = (
    "base_llm_emergent_capability_eval",
    "base_llm_post_training_eval",
    "base_llm_leaderboard_v2_eval",
)
AGENT, INSTRUCT = "instruct_llm_agent_eval", "instruct_llm_benchmark_eval"
# The publisher leaves the last line of these open.
OPEN_ENDED = (EMERGENT, POST)

SOURCE = Source(
    source_id="obs_scaling",
    title="Observational scaling laws",
    url="https://github.com/ryoungj/ObsScaling",
    licence="Apache-2.0",
    attribution="Yangjun Ruan and others, ObsScaling, Apache-2.0",
    status="frozen",
    files=tuple(
        File(name=f"{name}.csv", url=f"{RAW}/{name}.csv", captures=rf"obs-scaling/{name}\.csv", bundle=name)
        for name in (*BASE, EMERGENT, POST, SECOND, AGENT, INSTRUCT)
    ),
    open_end=rf"(?:{EMERGENT}|{POST})\.csv",
)

# "gsm8k_cot_8_exact_match,strict-match" and "parsinlu_qa_2_acc": task, shots, metric, filter, rescaled or not.
RUN = re.compile(r"(\w+?)_(\d+)_(exact_match|acc|bleu)(?:,((?!norm$)[\w@-]+))?(,norm)?")
PART = re.compile(r"bbh_(?:cot_)?fewshot_(?!overall$)\w+")
SAMPLE = "ObsScaling sample"
AGENTS = re.compile(r"(ABench|ABoard)-(.+)")
AVERAGES = ("ABench-OA", "ABoard-Avg_PR", "ABoard-Avg_SR")
OWN_RUNS = ("XWinograd", "HumanEval")
RULES = (
    (
        re.compile(r"MMLU|ARC-C|HellaSwag|Winograd|Winogrande|TruthfulQA|GSM8K"),
        "column that copies open_llm_leaderboard_v1 or a paper",
    ),
    (re.compile(r"leaderboard_\w+"), "column that copies open_llm_leaderboard_v2"),
    (re.compile(r"Arena-Elo|MTBench"), "rating rescaled to 0 to 1"),
    (re.compile(r"Pretraining Data Size \(T\)"), "training tokens in trillions"),
    (re.compile(r"FLOPs \(1E21\)"), "training compute"),
)


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        name = page.name.removesuffix(".csv")
        table = read_text_table(page, has_final_newline=name not in OPEN_ENDED)
        yield from read_page(page, table, name)


def read_page(page: Page, table: TextTable, name: str) -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that one table says."""
    columns = [c for c in table.header if c not in ("Model", "Model Family", "Model Size (B)")]
    left: dict[str, list[str]] = defaultdict(list)
    size_column = "Model Size (B)" if "Model Size (B)" in table.header else ""
    scheme = "" if name in (AGENT, INSTRUCT) else "hf"
    known: list[Any] = [find_rule(c) or read_column(c, name) for c in columns]
    for model, size, *cells in table.pick(["Model", size_column, *columns]):
        for column, what, score in zip(columns, known, cells, strict=True):
            if not score.strip():
                left["empty cell"].append(f"{model}, {column}")
            elif isinstance(what, str):
                left[what].append(f"{model}, {column}")
            else:
                yield Reported(
                    snapshot_id=page.snapshot_id,
                    model=model,
                    name_scheme=scheme,
                    score_reported=score,
                    locator=f"{page.name}, column {column}",
                    **what,
                )
        if size:
            yield ReportedModel(
                snapshot_id=page.snapshot_id,
                model=model,
                name_scheme=scheme,
                n_parameters=size,
                parameter_unit="billions",
                size_precision="stated",
            )
    for rule, listed in left.items():
        yield from leave_out(page, rule, listed)


def find_rule(column: str) -> str:
    """Why a column is left out; "" when it is not."""
    if column in AVERAGES:
        return "average over agent tasks"
    if column.endswith(",norm"):
        return "value rescaled from chance"
    return next((rule for pattern, rule in RULES if pattern.fullmatch(column)), "")


def read_column(column: str, name: str) -> dict[str, str | bool]:
    """Fields of `Reported` that a column states; raises LayoutChanged for an unknown one."""
    if column in OWN_RUNS:
        quoted = name == INSTRUCT
        return {
            "benchmark": column,
            "score_unit": "fraction",
            "evaluator_relationship": "unknown" if quoted else "third_party",
            "read_from": "quoted" if quoted else "page",
        }
    agents = AGENTS.fullmatch(column)
    if agents:
        return {
            "benchmark": f"{'AgentBench' if agents[1] == 'ABench' else 'AgentBoard'} {agents[2]}",
            "score_unit": "percent",
            "read_from": "quoted",
        }
    run = RUN.fullmatch(column)
    if not run or name not in OPEN_ENDED:
        raise LayoutChanged(f"{name} has a column that is not known here: {shorten(column)!r}.")
    task, shots, metric, chosen, _ = run.groups()
    return {
        "benchmark": task,
        "benchmark_version": SAMPLE if name == POST else "",
        "metric": metric,
        "setting": f"{shots}-shot" + (f"; filter {chosen}" if chosen else ""),
        "score_unit": "points" if metric == "bleu" else "fraction",
        "evaluator_relationship": "third_party",
        "is_subset": bool(PART.fullmatch(task)),
    }
