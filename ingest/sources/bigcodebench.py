"""BigCodeBench: Python tasks that call many libraries, from a docstring (Complete) or a short instruction (Instruct).

Question  Which share of the tasks does each model solve at the first attempt?
Input     results.json (all 1,140 tasks) and results-hard.json (the Hard subset): one object per model.
Output    Reported: percent, pass@1, four benchmarks. ReportedModel: sizes in billions, the model's date, link.
Method    https://arxiv.org/abs/2406.15877. The page ranks by calibrated pass@1 under greedy decoding; other
          temperatures stand in the names of the models that need them.
Silent    Files that print act_param print total and active size apart; earlier ones print one size, by the page's own
          note the parameters used during inference, which is reported as active. The Elo ratings of early files are
          computed from the printed values and left out. Models without a value are counted.
"""

import re
from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.sources._printed_json import field, read_json

SOURCE = Source(
    source_id="bigcodebench",
    title="BigCodeBench",
    url="https://bigcode-bench.github.io/",
    licence="none stated",
    attribution="BigCodeBench, https://bigcode-bench.github.io",
    status="frozen",  # last changed in April 2025
    is_uniform=True,
    files=(
        File(
            name="results.json",
            url="https://bigcode-bench.github.io/results.json",
            captures=r"bigcodebench/results(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.json",
        ),
        File(
            name="results-hard.json",
            url="https://bigcode-bench.github.io/results-hard.json",
            captures=r"bigcodebench/results-hard\.json",
        ),
    ),
    bundle_by="file",
)

TASKS = {"complete": "Complete", "instruct": "Instruct"}
OPTIONAL = (str, type(None))
WEIGHTS = re.compile(r"https://huggingface\.co/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/?")
YES_NO = {True: "yes", False: "no", None: ""}


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that the pages say; raises LayoutChanged."""
    for page in pages:
        yield from read_page(page)


def read_page(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores and facts of one file."""
    name = "BigCodeBench-Hard" if page.name.startswith("results-hard") else "BigCodeBench"
    results = read_json(page)
    if not isinstance(results, dict) or not results:
        raise LayoutChanged(f"{page.name} does not list results by model.")
    absent: list[str] = []
    ratings: list[str] = []
    for model, result in results.items():
        printed = field(page.name, result, "pass@1", dict)
        notes = ["prompted"] if field(page.name, result, "prompted", bool) else []
        notes += ["without response prefilling"] if result.get("prefill") is False else []
        for key, task in TASKS.items():
            score = field(page.name, printed, key, OPTIONAL)
            if score is None:
                absent.append(f"{model}, {task}")
                continue
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, benchmark=f"{name} {task}", metric="pass@1",
                score_reported=score, score_unit="percent", evaluator_relationship="third_party",
                locator=f"row {model}, {name} {task}", note="; ".join(notes),
            )  # fmt: skip
        ratings += [model] if result.get("elo_mle") is not None else []
        yield read_model(page, model, result)
    for rule, found in (("no value printed", absent), ("rating computed from the printed scores", ratings)):
        yield from leave_out(page, rule, found)


def read_model(page: Page, model: str, result: dict) -> ReportedModel:
    """What a file says about one model."""
    size, link = field(page.name, result, "size", OPTIONAL), field(page.name, result, "link")
    has_both = "act_param" in result
    if not isinstance(result.get("moe"), (bool, type(None))):
        raise LayoutChanged(f"{page.name} says neither yes nor no of the experts of {shorten(model)!r}.")
    active = field(page.name, result, "act_param", OPTIONAL) if has_both else size
    total = size if has_both else None
    return ReportedModel(
        snapshot_id=page.snapshot_id, model=model, n_parameters=total or "", n_active_parameters=active or "",
        parameter_unit="billions" if total or active else "", size_precision="stated" if total or active else "",
        is_moe=YES_NO[result.get("moe")], release_date=result.get("date") or "",
        is_open_weights="yes" if WEIGHTS.fullmatch(link) else "", source_url=link,
    )  # fmt: skip
