"""Artificial Analysis: one evaluator's runs of several hundred models, effort by effort.

Question  Which score did this evaluator measure for each model at each effort, and when did it change its gradings?
Input     the payload of its page of models as JSON (collectors keep dated copies), https://artificialanalysis.ai.
Output    Reported: fractions in full precision as in TESTS; the Omniscience index in points from -100 to 100.
          ReportedModel: release day, total and active parameters (billions), maker, link to weights.
Method    One entry per effort: "GPT-5.6 Sol (low)" is the model GPT-5.6 Sol at effort low, and a month in brackets stays
          part of the name. The run is the entry's id, which survives renamed slugs. Values are graded again without
          notice: dated copies are versions, and a changed value is a revision, not a new run.
          https://artificialanalysis.ai/methodology/intelligence-benchmarking
Silent    Counted as omitted: indices and normalised values (derived from the tests), estimated values, breakdowns by
          subject, and an address of weights that stands at several models.

Tests run in this evaluator's own settings (HLE without images, tau2 the telecom domain only, MMMU-Pro in one of its two
settings), which TESTS names per column.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ingest.records import (
    File,
    LayoutChanged,
    Omitted,
    Page,
    Reported,
    ReportedModel,
    Source,
    leave_out,
    read_date,
    shorten,
)
from ingest.sources._printed_json import field, read_json

SOURCE = Source(
    source_id="artificial_analysis",
    title="Artificial Analysis",
    url="https://artificialanalysis.ai/leaderboards/models",
    licence="none stated (attribution asked)",
    attribution="Artificial Analysis, https://artificialanalysis.ai; dated copies by collectors on GitHub (MIT)",
    status="captured_only",
    is_uniform=True,
    files=(
        File(
            name="llms_page.json",
            url=None,
            captures=r"artificial-analysis/llms_page_(?P<date>\d{4}-\d{2}-\d{2})\.json",
        ),
    ),
    bundle_by="file",
)

# Key of the payload -> benchmark, metric, setting, unit.
TESTS = {
    "gpqa": ("GPQA Diamond", "accuracy", "mean of 5 runs", "fraction"),
    "hle": ("Humanity's Last Exam (text only)", "accuracy", "text-only questions", "fraction"),
    "scicode": ("SciCode", "subproblems solved", "mean of 3 runs", "fraction"),
    "ifbench": ("IFBench", "accuracy", "mean of 5 runs", "fraction"),
    "tau2_bench": ("tau2-bench Telecom", "pass@1", "mean of 3 runs", "fraction"),
    "terminal_bench_hard": ("Terminal-Bench Hard", "accuracy", "mean of 3 runs", "fraction"),
    "aa_lcr": ("AA-LCR", "accuracy", "mean of 3 runs", "fraction"),
    "critpt": ("CritPt", "accuracy", "mean of 5 runs", "fraction"),
    "mmmu_pro": ("MMMU-Pro (one setting)", "accuracy", "", "fraction"),
    "apex_agents": ("APEX-Agents", "accuracy", "", "fraction"),
    "aa_omniscience": ("AA-Omniscience", "index", "", "points"),
    "aa_omniscience_accuracy": ("AA-Omniscience", "accuracy", "", "fraction"),
    "aa_omniscience_non_hallucination": ("AA-Omniscience", "non-hallucination rate", "", "fraction"),
}
DERIVED = re.compile(r"artificial_analysis_\w+_index|\w+_normalized")
ESTIMATED = "_is_estimated"
# What stands in brackets and tells how the model was run, not which model it is.
EFFORT = re.compile(
    r"(.+?) \(((?:[^()]*\b(?:reasoning|effort|fallback)\b[^()]*)|none|minimal|low|medium|high|xhigh|max)\)", re.I
)
WEIGHTS = re.compile(r"https://huggingface\.co/([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)/?")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        yield from read_page(page)


def read_page(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that one dated copy says."""
    data = read_json(page)
    entries = field(page.name, data, "models", list)
    counted = field(page.name, field(page.name, data, "meta", dict), "model_count")
    if counted != str(len(entries)) or not entries:
        raise LayoutChanged(f"{page.name} holds {len(entries)} models and says {shorten(counted)}.")
    left: defaultdict[str, list[str]] = defaultdict(list)
    named = [split_effort(field(page.name, entry, "name")) for entry in entries]
    links = [read_link(entry) for entry in entries]
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for (model, _), link in zip(named, links, strict=True):
        owners[link].add(model)
    for entry, (model, effort), link in zip(entries, named, links, strict=True):
        is_repository = bool(link) and len(owners[link]) == 1
        if link and not is_repository:
            left["address of weights that several models share"].append(f"{model}: {link}")
        name, scheme = (link, "hf") if is_repository else (model, "")
        yield describe(page, entry, name, scheme)
        yield from read_scores(page, entry, (name, scheme, effort), left)
        breakdowns = entry.get("breakdowns")
        if isinstance(breakdowns, dict):
            left["breakdown of a test by subject"] += [f"{model}: {key}" for key, value in breakdowns.items() if value]
    for rule, listed in left.items():
        yield from leave_out(page, rule, listed)


def split_effort(name: str) -> tuple[str, str]:
    """An entry's name as model and effort: "Claude Opus 5 (Adaptive Reasoning, Low Effort)", "o3-mini (high)"."""
    match = EFFORT.fullmatch(name)
    return (match[1], match[2]) if match else (name, "")


def read_link(entry: dict[str, Any]) -> str:
    """The repository of an entry's weights, "" where none is named."""
    weights = entry.get("open_weights")
    address = weights.get("huggingface_url") if isinstance(weights, dict) else None
    match = WEIGHTS.fullmatch(address) if isinstance(address, str) else None
    return match[1] if match else ""


def read_scores(
    page: Page, entry: dict[str, Any], who: tuple[str, str, str], left: defaultdict[str, list[str]]
) -> Iterator[Reported]:
    """The measured values of one entry; `who` is the model's name, its scheme and the effort."""
    model, scheme, effort = who
    values = field(page.name, entry, "evaluations", dict)
    missing = [key for key in ("gpqa", "hle", "scicode") if key not in values]
    unknown = [k for k in values if k not in TESTS and not DERIVED.fullmatch(k) and not k.endswith(ESTIMATED)]
    if missing or unknown:
        raise LayoutChanged(f"{page.name} has other tests than usual: {shorten(', '.join(missing or unknown))}.")
    for key, value in values.items():
        if value is None or key.endswith(ESTIMATED):
            continue
        if DERIVED.fullmatch(key):
            left["index or normalised value, made from the tests"].append(f"{model}, {key}")
        elif values.get(key + ESTIMATED) is True:
            left["estimated value"].append(f"{model}, {key}")
        else:
            benchmark, metric, method, unit = TESTS[key]
            if not isinstance(value, str):
                raise LayoutChanged(f"{page.name} has a value of {shorten(model)!r} that is no number.")
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, name_scheme=scheme, run=field(page.name, entry, "id"),
                benchmark=benchmark, metric=metric, score_reported=value, score_unit=unit,
                setting="; ".join(t for t in (effort, method) if t), evaluator_relationship="third_party",
                locator=f"models, {shorten(model)}, {key}",
            )  # fmt: skip


def describe(page: Page, entry: dict[str, Any], model: str, scheme: str) -> ReportedModel:
    """What the page says about one model. A year alone is no release day, and older copies print some."""
    creator = field(page.name, entry, "creator", dict)
    able = entry.get("capabilities")
    able = able if isinstance(able, dict) else {}
    total, active = (
        v if isinstance(v, str) else "" for v in (able.get("total_parameters"), able.get("active_parameters"))
    )
    day = entry.get("release_date")
    day = day if isinstance(day, str) else ""
    weights = entry.get("open_weights")
    is_open = weights.get("is_open_weights") if isinstance(weights, dict) else None
    is_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) and read_date(day)
    return ReportedModel(
        snapshot_id=page.snapshot_id, model=model, name_scheme=scheme, run=field(page.name, entry, "id"),
        n_parameters=total, parameter_unit="billions" if total or active else "",
        size_precision="stated" if total else "", n_active_parameters="" if active == total else active,
        is_moe="" if not total or not active else "no" if active == total else "yes",
        developer=field(page.name, creator, "name"), release_date=day if is_day else "",
        is_open_weights={True: "yes", False: "no"}.get(is_open, "") if isinstance(is_open, bool) else "",
    )  # fmt: skip
