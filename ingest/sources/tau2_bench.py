"""tau2-bench: agents that serve simulated customers, one file per submission.

Question  How often did each model or agent finish all of k tries of a task, by domain, with which simulated customer?
Input     submission files of the leaderboard (JSON) and manifest.json, which says which generation each belongs to.
Output    Reported: percent, metric pass^1 to pass^4. ReportedModel: maker, release day.
Method    pass^k is the share of tasks that k independent tries all solve; https://arxiv.org/abs/2506.07982. Voice runs
          are a benchmark of their own. The setting holds effort, version, simulated customer and changed prompts. Custom
          submissions are agents, so systems. A submission without runs to look at repeats the page that it cites: read
          as quoted; else the submitter tested, first party where it is the model's maker.
Silent    Mail addresses and names of persons are never read. Days of submission of the oldest generation are copies of
          each other and are not passed on. null stands for no run, cost is no score.
"""

from collections.abc import Iterator
from typing import Any

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.sources._printed_json import field, read_json

SOURCE = Source(
    source_id="tau2_bench",
    title="tau2-bench",
    url="https://taubench.com",
    licence="MIT",
    attribution="Sierra Research, tau2-bench, MIT; the submitter of each run",
    status="captured_only",
    files=(File(name="submission.json", url=None, captures=r"tau2-bench/[^/]+\.json", bundle="all"),),
)

GENERATIONS = {"submissions": "text", "voice_submissions": "voice", "legacy_submissions": "legacy"}
DOMAINS = {"retail": "Retail", "airline": "Airline", "telecom": "Telecom", "banking_knowledge": "Banking Knowledge"}
TRIES = ("pass_1", "pass_2", "pass_3", "pass_4")
BOARD = "Sierra"


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores and facts about models; raises LayoutChanged."""
    manifests = [page for page in pages if page.name == "manifest.json"]
    if len(manifests) != 1:
        raise LayoutChanged("The submissions of tau2-bench came without their manifest.")
    listed = read_json(manifests[0])
    kinds: dict[str, str] = {}
    for key, kind in GENERATIONS.items():
        names = field("manifest.json", listed, key, list)
        if not all(isinstance(name, str) for name in names):
            raise LayoutChanged(f"manifest.json lists a submission in {key} that is no text.")
        kinds |= dict.fromkeys(names, kind)
    left: list[str] = []
    for page in pages:
        if page.name == "manifest.json":
            continue
        generation = kinds.get(page.name.removesuffix(".json"))
        if generation is None:
            left.append(page.name)
            continue
        yield from read_submission(page, generation)
    yield from leave_out(manifests[0], "submission that the manifest does not list", left)


def read_submission(page: Page, kind: str) -> Iterator[Reported | ReportedModel]:
    """Scores of one submission of a generation (text, voice or legacy)."""
    said = read_json(page)
    model, maker, submitter = (
        field(page.name, said, key) for key in ("model_name", "model_organization", "submitting_organization")
    )
    method = field(page.name, said, "methodology", dict)
    is_agent = said.get("submission_type") == "custom"
    checked = method.get("verification")
    checked = checked if isinstance(checked, dict) else {}
    has_runs = field(page.name, said, "trajectories_available", bool)
    relationship = "first_party" if submitter == maker else "third_party"
    if not has_runs:
        relationship = "unknown"
    yield describe(page, said, model, maker, "system" if is_agent else "model")
    for domain, tries in field(page.name, said, "results", dict).items():
        if tries is None:
            continue
        if domain not in DOMAINS:
            raise LayoutChanged(f"{page.name} has an unknown domain {shorten(domain)!r}.")
        retrieval = field(page.name, {"tries": tries}, "tries", dict).get("retrieval_config")
        for key in TRIES:
            value = tries.get(key)
            if value is None:
                continue
            if not isinstance(value, str):
                raise LayoutChanged(f"{page.name} has a {key} that is no number.")
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, model_kind="system" if is_agent else "model",
                run=page.name.removesuffix(".json"),
                benchmark=f"tau2-bench{' voice' if kind == 'voice' else ''} {DOMAINS[domain]}",
                metric=key.replace("_", "^"), score_reported=value, score_unit="percent",
                setting=tell_setting(said, method, checked, retrieval), evaluator_relationship=relationship,
                read_from="page" if has_runs else "quoted",
                evaluated_date="" if kind == "legacy" else text_of(method.get("evaluation_date")),
                locator=f"results, {domain}, {key}", source_url=read_address(said),
                note="" if checked.get("omitted_questions") is not True else "questions left out",
            )  # fmt: skip


def text_of(value: Any) -> str:
    """A field that may be absent, as text."""
    return value if isinstance(value, str) else ""


def tell_setting(said: dict[str, Any], method: dict[str, Any], checked: dict[str, Any], retrieval: Any) -> str:
    """Effort, version, simulated customer, retrieval, changed prompts: what makes two runs comparable or not."""
    parts = (
        ("effort ", said.get("reasoning_effort")),
        ("version ", method.get("tau2_bench_version")),
        ("user simulator ", method.get("user_simulator")),
        ("retrieval ", retrieval),
    )
    told = [f"{word}{text_of(value)}" for word, value in parts if text_of(value)]
    return "; ".join([*told, *(["modified prompts"] if checked.get("modified_prompts") is True else [])])


def read_address(said: dict[str, Any]) -> str:
    """The first page that a submission cites, "" where none is."""
    cited = said.get("references")
    for reference in cited if isinstance(cited, list) else ():
        address = text_of(reference.get("url")) if isinstance(reference, dict) else ""
        if address.startswith("https://"):
            return address
    return ""


def describe(page: Page, said: dict[str, Any], model: str, maker: str, kind: str) -> ReportedModel:
    """What a submission says about its model."""
    release = said.get("model_release")
    day = text_of(release.get("release_date")) if isinstance(release, dict) else ""
    return ReportedModel(
        snapshot_id=page.snapshot_id, model=model, model_kind=kind, run=page.name.removesuffix(".json"),
        developer=maker, release_date=day,
    )  # fmt: skip
