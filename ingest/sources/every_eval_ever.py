"""Every Eval Ever (EvalEval coalition): evaluation records of many boards in one JSON schema.

Question  Which scores did HELM, RewardBench, LiveCodeBench Pro, Global MMLU Lite and HAL print, board by board?
Input     archives (.tar.gz) of data/<board>/<developer>/<model>/<uuid>.json, schema 0.2:
          https://github.com/evaleval/every_eval_ever
Output    Reported: the unit is what metric_config states (0 to 1 fraction, 0 to 100 percent, else the board's
          points). Benchmark and version per board, see `name_test`. ReportedModel: the developer. No record states a
          size.
Method    Who tested stands in the record's own source_metadata, the reader's address in the result's source_data. An
          agent (HAL) is a system: scaffold and model together are its name. A board that the archive holds twice for
          one model was read on two days; the later reading counts.
Silent    Counted as omitted: records of Open LLM Leaderboard v2 (copies of runs that source holds itself), means over
          different tests (HELM's win rate and mean score), values of the tabs that are no accuracy (time,
          calibration, robustness, bias, toxicity), and results whose description says that no run is behind them
          (stored as -1).

HELM draws its own sample of a test (1,000 questions of MMLU-Pro, 446 of GPQA, level 1 of MATH, five subjects of
MMLU): the suite is the benchmark's version there. Only HELM MMLU runs all of MMLU. RewardBench's score is the mean of
the sections that a model has, so a score without a section is another version of it. Repositories in RewardBench are
named as on Hugging Face, except where it lists a prompted model (Generative), which may be an API.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ingest.archives import read_tar_gz
from ingest.records import (
    File,
    LayoutChanged,
    Omitted,
    Page,
    Reported,
    ReportedModel,
    Source,
    as_text,
    leave_out,
    read_number,
    shorten,
)

SOURCE = Source(
    source_id="every_eval_ever",
    title="Every Eval Ever",
    url="https://huggingface.co/datasets/evaleval/EEE_datastore",
    licence="MIT",
    attribution="Every Eval Ever (EvalEval coalition), MIT; each score belongs to the board that its record names",
    status="captured_only",
    files=(
        File(
            name="eee-data.tar.gz", url=None, captures=r"every-eval-ever/eee-data-(?P<date>\d{4}-\d{2}-\d{2})\.tar\.gz"
        ),
        File(name="eee-data-hal.tar.gz", url=None, captures=r"every-eval-ever/eee-data-hal-\d{4}-\d{2}\.tar\.gz"),
    ),
    bundle_by="file",
)

# An archive may have one more folder around it.
WANTED = re.compile(r"(?:[\w-][^/]*/)?(data/[^/]+/.+\.json)")
COPIED = "hfopenllm_v2"
COPY = "record of Open LLM Leaderboard v2, a source of its own"
# Boards whose suites draw their own questions: version of the benchmark that they are.
SUITES = {
    "helm_lite": "HELM Lite",
    "helm_classic": "HELM Classic",
    "helm_capabilities": "HELM Capabilities",
    "helm_instruct": "HELM Instruct",
    "helm_mmlu": "",
}
MEANS = ("Mean win rate", "Mean score")
ACCURACY_TABS = ("Accuracy", "Instruction Following")
SECTIONS = ("Chat", "Chat Hard", "Safety", "Reasoning", "Prior Sets (0.5 weight)")
SETTING_KEYS = ("method", "mode", "level", "use_chain_of_thought")
# "EM on MMLU" and "Pass@1 on Hard Problems" name the metric before the test; other descriptions name none.
METRIC = re.compile(r"(.+) on (.+)")
# What a result may say more of, each an object where it is there.
OBJECTS = (
    ("source_data",), ("metric_config",), ("generation_config", "additional_details"), ("score_details", "details"),
    ("score_details", "uncertainty", "confidence_interval"),
)  # fmt: skip
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


@dataclass(frozen=True)
class Left:
    """What is left out: rule -> one description per value."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, rule: str, what: str) -> None:
        """Note one value."""
        self.found.setdefault(rule, []).append(what)

    def rows(self, page: Page) -> Iterator[Omitted]:
        """One row per rule."""
        for rule, listed in sorted(self.found.items()):
            yield from leave_out(page, rule, listed)


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, developers and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        yield from read_page(page)


def read_page(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that one archive says."""
    files = {m[1]: body for name, body in read_tar_gz(page, WANTED).items() if (m := WANTED.fullmatch(name))}
    if not files:
        raise LayoutChanged(f"{page.name} holds no records.")
    left = Left()
    newest: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    for name, body in files.items():
        record = read_record(name, body)
        if name.split("/")[1] == COPIED:
            for result in record["evaluation_results"]:
                left.add(COPY, f"{name}, {result['evaluation_name']}")
            continue
        key = (as_text(record["source_metadata"]["source_name"]), as_text(name_model(record)))
        older = newest.get(key)
        if older and read_time(older[1]) > read_time(record):
            older, newest[key] = (name, record), older
        else:
            newest[key] = (name, record)
        if older:
            for result in older[1]["evaluation_results"]:
                left.add("earlier reading of a board and model", f"{older[0]}, {result['evaluation_name']}")
    for name, record in newest.values():
        yield from read_results(page, name, record, left)
        yield read_model(page, record)
    yield from left.rows(page)


def read_record(name: str, body: bytes) -> dict[str, Any]:
    """One record with all its numbers as text, exactly as printed; raises LayoutChanged when a field is missing."""
    try:
        record = json.loads(body, parse_float=str, parse_int=str, parse_constant=str)
        for holder, keys in (
            (record, ("retrieved_timestamp", "evaluation_results")),
            (record["source_metadata"], ("source_name", "evaluator_relationship")),
            (record["model_info"], ("name", "id")),
            *((r, ("evaluation_name", "source_data", "metric_config")) for r in record["evaluation_results"]),
            *((r["score_details"], ("score",)) for r in record["evaluation_results"]),
            *((r["metric_config"], ("min_score", "max_score")) for r in record["evaluation_results"]),
        ):
            for key in keys:
                holder[key]
        require_objects(record, "model_info", "additional_details")
        for result in record["evaluation_results"]:
            for path in OBJECTS:
                require_objects(result, *path)
            require_texts(result["source_data"].get("url") or [])
        require_texts([record["source_metadata"].get("source_organization_url") or ""])
        read_time(record)
    except (ValueError, KeyError, TypeError) as error:
        raise LayoutChanged(f"{shorten(name, 200)} is not a record of schema 0.2 ({type(error).__name__}).") from error
    return record


def require_objects(record: dict[str, Any], *path: str) -> None:
    """Raise TypeError unless everything on the way is an object, or not there."""
    here: Any = record
    for key in path:
        here = here.get(key) or {}
        if not isinstance(here, dict):
            raise TypeError(key)


def require_texts(values: object) -> None:
    """Raise TypeError unless this is a list of texts."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("texts")


def read_time(record: dict[str, Any]) -> Decimal:
    """When the record's board was read, in seconds since 1970; raises ValueError when it is no number."""
    seconds = read_number(record["retrieved_timestamp"])
    if seconds is None:
        raise ValueError("retrieved_timestamp")
    return seconds


def read_results(page: Page, name: str, record: dict[str, Any], left: Left) -> Iterator[Reported]:
    """The scores of one record."""
    board = name.split("/")[1]
    printed = [result["evaluation_name"] for result in record["evaluation_results"]]
    for result in record["evaluation_results"]:
        what = f"{record['model_info']['name']}, {result['evaluation_name']}"
        details = result["score_details"].get("details") or {}
        if board in SUITES:
            for label, value in details.items():
                if isinstance(value, dict) and value.get("score") is not None:
                    left.add("value of another tab than accuracy", f"{what}: {label}")
            if result["evaluation_name"] in MEANS:
                left.add("mean over different tests", what)
                continue
            if details.get("tab") not in ACCURACY_TABS:
                left.add("value of another tab than accuracy", what)
                continue
            if details.get("description") == "No matching runs":
                left.add("no run behind the value", what)
                continue
        benchmark, version, is_subset = name_test(board, record, result, printed)
        score = result["score_details"]["score"]
        yield Reported(
            snapshot_id=page.snapshot_id,
            model=name_model(record),
            name_scheme=name_scheme(record),
            model_kind="system" if "agent_scaffold" in about_model(record) else "model",
            benchmark=benchmark,
            benchmark_version=version,
            metric=read_metric(result),
            setting=read_setting(board, record, result),
            score_reported=score if isinstance(score, str) else json.dumps(score),
            score_unit=read_unit(result["metric_config"]),
            uncertainty=read_uncertainty(result["score_details"]),
            n_items=read_n_items(result),
            evaluator_relationship=record["source_metadata"]["evaluator_relationship"],
            is_subset=is_subset,
            locator=f"{name}, {result['evaluation_name']}",
            source_url=read_address(record, result["source_data"]),
            note=shorten(read_note(result), 200),
        )


def name_test(board: str, record: dict[str, Any], result: dict[str, Any], printed: list[str]) -> tuple[str, str, bool]:
    """Benchmark, version and whether the result is a part of its benchmark. `printed`: all results of the record."""
    name = result["evaluation_name"]
    dataset = result["source_data"].get("dataset_name") or record["source_metadata"]["source_name"]
    if board == "helm_mmlu":
        return (name, "", False) if name == "MMLU All Subjects" else (f"MMLU: {name}", "", True)
    if board in SUITES:
        return name, SUITES[board], False
    if board == "reward-bench":
        suite = record["source_metadata"]["source_name"]
        if name != "Score":
            return f"{suite}: {name}", "", True
        missing = [s for s in SECTIONS if s not in printed] if suite == "RewardBench" else []
        return suite, f"without {', '.join(missing)}" if missing else "", False
    if board == "global-mmlu-lite":
        return (name, "", False) if name == "Global MMLU Lite" else (f"Global MMLU Lite: {name}", "", True)
    if board == "livecodebenchpro":
        return f"LiveCodeBench Pro: {name}", "", False
    return name, "", name != dataset


def about_model(record: dict[str, Any]) -> dict[str, Any]:
    """Further details of the model."""
    return record["model_info"].get("additional_details") or {}


def name_model(record: dict[str, Any]) -> str:
    """The model's name as its board prints it; for an agent, scaffold and model."""
    name, scaffold = record["model_info"]["name"], about_model(record).get("agent_scaffold")
    return f"{scaffold}: {name}" if scaffold else name


def read_text(value: object, what: str) -> str:
    """A text of a record, "" where it is missing; raises LayoutChanged when it is something else."""
    if value is None or isinstance(value, str):
        return value or ""
    raise LayoutChanged(f"A record's {what} is {type(value).__name__}, not a text.")


def name_scheme(record: dict[str, Any]) -> str:
    """The scheme "hf" where RewardBench lists a repository."""
    is_board = record["source_metadata"]["source_name"] in ("RewardBench", "RewardBench 2")
    prompted = read_text(about_model(record).get("model_type", "Generative"), "model_type").startswith("Generative")
    return (
        "hf"
        if is_board and not prompted and REPOSITORY.fullmatch(read_text(record["model_info"]["name"], "name"))
        else ""
    )


def read_metric(result: dict[str, Any]) -> str:
    """The metric where the description names it before the test."""
    match = METRIC.fullmatch(read_text(result["metric_config"].get("evaluation_description"), "evaluation_description"))
    return match[1] if match and match[2] == result["evaluation_name"] else ""


def read_setting(board: str, record: dict[str, Any], result: dict[str, Any]) -> str:
    """What the record says of how it was run: shots where all prompts hold as many, method, reasoning effort."""
    stated = (result.get("generation_config") or {}).get("additional_details") or {}
    parts = []
    if board == "helm_mmlu":
        trains = [
            read_text(v.get("description"), "description")
            for k, v in details_of(result).items()
            if k.endswith(" - # train")
        ]
        most = {m[1] for t in trains if (m := re.search(r"max=(\d+),", t))}
        parts += [f"{most.pop()}-shot"] if len(most) == 1 else []
    parts += [f"{k}={stated[k]}" for k in SETTING_KEYS if isinstance(stated.get(k), str | bool)]
    effort = about_model(record).get("inference_effort")
    return "; ".join([*parts, *([f"effort {effort}"] if effort else [])])


def details_of(result: dict[str, Any]) -> dict[str, Any]:
    """Side values of a result."""
    return {k: v for k, v in (result["score_details"].get("details") or {}).items() if isinstance(v, dict)}


def read_unit(config: dict[str, Any]) -> str:
    """Unit from the bounds that the record states for its metric."""
    low, high = (read_number(str(config[key])) for key in ("min_score", "max_score"))
    return "points" if low != 0 else "fraction" if high == 1 else "percent" if high == 100 else "points"


def read_uncertainty(score: dict[str, Any]) -> str:
    """Half width of a symmetric interval; the records do not say how sure it is."""
    interval = (score.get("uncertainty") or {}).get("confidence_interval") or {}
    low, high = interval.get("lower", ""), interval.get("upper", "")
    return f"{high} unknown" if high and low == f"-{high}" else ""


def read_n_items(result: dict[str, Any]) -> str:
    """Number of questions where every run behind the value had as many."""
    counts = [
        read_text(v.get("description"), "description")
        for k, v in details_of(result).items()
        if k == f"{result['evaluation_name']} - # eval"
    ]
    match = re.match(r"min=(\d+), mean=\1, max=\1,", counts[0]) if len(counts) == 1 else None
    return match[1] if match else ""


def read_note(result: dict[str, Any]) -> str:
    """Number of runs and their spread, in percent points, where an agent ran more than once."""
    stated = (result.get("generation_config") or {}).get("additional_details") or {}
    spread = stated.get("accuracy_confidence_interval")
    return f"{stated.get('runs', '')} runs, accuracy {spread} points" if spread else ""


def read_address(record: dict[str, Any], data: dict[str, Any]) -> str:
    """Where the board shows the value: the evaluator's own site before others, a data set's page last."""
    if data.get("hf_repo"):
        return f"https://huggingface.co/datasets/{data['hf_repo']}"
    addresses = data.get("url") or []
    site = record["source_metadata"].get("source_organization_url") or "\0"
    return next((a for a in addresses if a.startswith(site)), addresses[0] if addresses else "")


def read_model(page: Page, record: dict[str, Any]) -> ReportedModel:
    """The developer, the one fact that records state of a model."""
    developer = record["model_info"].get("developer") or ""
    return ReportedModel(
        snapshot_id=page.snapshot_id,
        model=name_model(record),
        name_scheme=name_scheme(record),
        model_kind="system" if "agent_scaffold" in about_model(record) else "model",
        developer="" if developer == "unknown" else developer,
        model_type=about_model(record).get("model_type") or "",
    )
