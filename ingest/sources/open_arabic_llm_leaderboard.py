"""Open Arabic LLM Leaderboard (not yet seen live): result files of lighteval, one per run of a model.

Question  What did each run score on each Arabic task?
Input     JSON files results_<moment>.json in a public data set of results: `config_general` (model, revision,
          precision) and `results` (task -> metric -> value).
Output    Reported: fractions; benchmark = task without suite and shots, setting = shots, metric as printed, standard
          error where the file prints one; run = precision and revision. Tasks of a group ("arabic_mmlu:anatomy") are
          is_subset.
Method    Written from the format that lighteval documents and from public result files of other boards; no file of
          this board has been read yet. https://huggingface.co/docs/lighteval/saving-and-reading-results
          https://huggingface.co/spaces/OALL/Open-Arabic-LLM-Leaderboard
Silent    Averages ("all", "..:_average") come from the other tasks and are counted as omitted. Metrics not known
          to be shares are passed on as points. The size in the file is that of the memory used, not of the model.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.sources._printed_json import read_json

SOURCE = Source(
    source_id="open_arabic_llm_leaderboard",
    title="Open Arabic LLM Leaderboard (not yet seen live)",
    url="https://huggingface.co/spaces/OALL/Open-Arabic-LLM-Leaderboard",
    licence="none stated",
    attribution="OALL, Open Arabic LLM Leaderboard",
    status="captured_only",
    is_uniform=True,
    files=(
        # The files of a run are known only to who has a copy of the data set.
        File(
            name="results.json",
            url=None,
            captures=r"open-arabic-llm-leaderboard/.*results_(?P<date>\d{4}-\d{2}-\d{2})T[\d.-]+\.json",
            limit=5_000_000,
        ),
    ),
    bundle_by="file",
)

TASK = re.compile(r"(?P<suite>[^|]+)\|(?P<task>[^|]+)\|(?P<shots>\d+)(?:\|\d+)?")
STDERR = "_stderr"
SHARES = ("acc", "acc_norm", "em", "qem", "pem", "pqem", "f1", "exact_match")
MOMENT = re.compile(r".*results_(\d{4}-\d{2}-\d{2})T.*")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        listed = read_json(page)
        config = listed.get("config_general") if isinstance(listed, dict) else None
        results = listed.get("results") if isinstance(listed, dict) else None
        if not isinstance(config, dict) or not isinstance(config.get("model_name"), str):
            raise LayoutChanged(f"{page.name} does not name the model of its run.")
        if not isinstance(results, dict) or not results:
            raise LayoutChanged(f"{page.name} holds no results.")
        yield from read_run(page, config, results)


def read_run(
    page: Page, config: dict[str, Any], results: dict[str, Any]
) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores of one run."""
    model = config["model_name"]
    run = "_".join(
        part for part in (config.get("model_dtype"), config.get("model_sha")) if isinstance(part, str) and part
    )
    moment = MOMENT.fullmatch(page.name)
    yield ReportedModel(snapshot_id=page.snapshot_id, model=model, name_scheme="hf", run=run, is_open_weights="yes")
    averages: list[str] = []
    for name, values in results.items():
        match = TASK.fullmatch(name)
        if name != "all" and not match:
            raise LayoutChanged(f"{page.name} has a task {shorten(name)!r} without suite and shots.")
        if not isinstance(values, dict):
            raise LayoutChanged(f"{page.name} has no metrics for {shorten(name)!r}.")
        metrics = {metric: value for metric, value in values.items() if not metric.endswith(STDERR)}
        if not match or match["task"].endswith(":_average"):
            averages += [f"{name}, {metric}" for metric in metrics]
            continue
        for metric, value in metrics.items():
            error = values.get(metric + STDERR)
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, name_scheme="hf", run=run, benchmark=match["task"],
                metric=metric, setting=f"{match['shots']}-shot", score_reported=value if isinstance(value, str) else "",
                score_unit="fraction" if metric in SHARES else "points", evaluator_relationship="third_party",
                uncertainty=f"{error} stderr" if isinstance(error, str) else "", is_subset=":" in match["task"],
                evaluated_date=moment[1] if moment else "", locator=f"{name}, {metric}",
            )  # fmt: skip
    yield from leave_out(page, "average over tasks", averages)
