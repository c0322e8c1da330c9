"""LLM-Stats (JonathanChavezTamales/llm-leaderboard): scores that makers report about their models, each with its link.

Question  Which scores do makers of models report, and what is known of size, training tokens and release?
Input     the repository as one .tar.gz: data/organizations/<org>/models/<model>/{model,benchmarks}.json and
          data/benchmarks/<id>.json; the live archive has one more folder around it. The repository stands still since
          October 2025; Benchmark Radar (MIT) keeps the site's own table as CSV, which continues it.
Output    Reported: fractions; the board's own points where a benchmark's definition has another scale and the record
          agrees with it. ReportedModel: parameters and tokens as counts, release date, developer.
Method    Model = model_id, which is unique and stable; two human names stand for two models each, so the human name is
          in the locator. Benchmark = the name in the benchmark's definition: records spell it in up to four ways.
          Setting = analysis_method as printed.
Silent    A benchmark whose definition has a maximum other than 1 while the record's own normalised score equals its
          score is undecided: the two disagree on the scale, the value is passed on with that word as its unit, and gets
          rejected. normalized_score serves for this comparison only and is never a score.
          The site's table states no setting: HLE with and without tools, for instance, share one id there. Of it, models
          that the archive could know are left out and counted, so that no score is read twice.

Who tested: is_self_reported means first party; the rest names nobody, unless the site says that it verified the value.
Links to example.com are placeholders and are not passed on. A link to weights identifies a model only when no other
model has the same one.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ingest.archives import read_tar_gz
from ingest.columns import read_text_table
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

SOURCE = Source(
    source_id="llm_stats",
    title="LLM-Stats",
    url="https://github.com/JonathanChavezTamales/llm-leaderboard",
    licence="CC BY 4.0",
    attribution="LLM-Stats (Jonathan Chavez), CC BY 4.0; table of the site kept by Benchmark Radar (MIT)",
    status="frozen",
    lists_all=r".*\.tar\.gz",
    files=(
        File(
            name="llm-leaderboard.tar.gz",
            url="https://codeload.github.com/JonathanChavezTamales/llm-leaderboard/tar.gz/refs/heads/main",
            captures=r"llm-stats/llm_stats_data_(?P<date>\d{4}-\d{2}-\d{2})\.tar\.gz",
        ),
        File(
            name="llm_stats_benchmark_scores.csv",
            url=None,
            captures=r"benchmark-radar/llm_stats_benchmark_scores_(?P<date>\d{4}-\d{2}-\d{2})\.csv",
        ),
    ),
    bundle_by="file",
)

WANTED = re.compile(
    r"(?:[\w-][^/]*/)?data/(?:benchmarks/[^/]+|organizations/[^/]+/models/[^/]+/(?:model|benchmarks))\.json"
)
WEIGHTS = re.compile(r"https://huggingface\.co/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
PLACEHOLDER = re.compile(r"https?://(?:www\.)?example\.com(?:/.*)?")
UNDECIDED = "undecided: definition and record disagree on the scale"
ARCHIVED = "2025-10-16"  # last day of the archive's models: https://github.com/JonathanChavezTamales/llm-leaderboard
TABLE = (
    "benchmark_id", "benchmark_name", "benchmark_max_score", "source_url", "model_id", "organization_id",
    "benchmark_score", "normalized_score", "self_reported", "release_date", "param_count",
)  # fmt: skip


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        yield from (read_table(page) if page.name.endswith(".csv") else read_page(page))


def read_table(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """The site's own table: one row a score, no setting and no document named."""
    archived: list[str] = []
    models: dict[str, ReportedModel] = {}
    for row in read_text_table(page).pick(TABLE):
        test, benchmark, top, address, model, developer, score, share, is_own, day, size = row
        if is_own not in ("True", "False"):
            raise LayoutChanged(f"{page.name} says neither True nor False of who reported {shorten(model)!r}.")
        if day <= ARCHIVED:  # also where no day is given
            archived.append(f"{model}, {test}")
            continue
        models[model] = ReportedModel(
            snapshot_id=page.snapshot_id, model=model, developer=developer, release_date=day, n_parameters=size,
            parameter_unit="count" if size else "", size_precision="stated" if size else "",
        )  # fmt: skip
        yield Reported(
            snapshot_id=page.snapshot_id, model=model, benchmark=benchmark, score_reported=score,
            score_unit=choose_unit(
                {"score": score, "normalized_score": share}, {"max_score": top.removesuffix(".0")}
            ),
            evaluator_relationship="first_party" if is_own == "True" else "unknown",
            locator=f"row {test}, {model}", source_url=address,
        )  # fmt: skip
    yield from models.values()
    yield from leave_out(page, "score of a model that the archive could list, or without a day", archived)


def read_page(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that one archive says."""
    files = {name: read_json(name, body) for name, body in read_tar_gz(page, WANTED).items()}
    definitions = {
        get(name, definition, "benchmark_id"): definition
        for name, definition in files.items()
        if "/benchmarks/" in f"/{name}" and "/organizations/" not in f"/{name}"
    }
    models = {name: facts for name, facts in files.items() if name.endswith("/model.json")}
    if not definitions or not models:
        raise LayoutChanged(f"{page.name} holds no models, or no definitions of benchmarks.")
    names: dict[str, str] = {}
    weights = {name: read_link(name, facts, "source_weights_link") for name, facts in models.items()}
    links = Counter(weights.values())
    shared: list[str] = []
    for name, facts in models.items():
        model = get(name, facts, "model_id")
        if model in names:
            raise LayoutChanged(f"{page.name} describes the model {shorten(model)!r} twice.")
        names[model] = get(name, facts, "name")
        link = weights[name]
        if link and links[link] > 1:
            shared.append(f"{model}: {link}")
        yield read_model(page, name, facts, link if links[link] == 1 and WEIGHTS.fullmatch(link) else "")
    yield from leave_out(page, "link to weights that several models share", shared)
    n_scores = 0
    without: list[str] = []
    for name, records in files.items():
        if not name.endswith("/benchmarks.json"):
            continue
        if not isinstance(records, list):
            raise LayoutChanged(f"{shorten(name, 200)} is not a list of scores.")
        for record in records:
            n_scores += 1
            model, benchmark_id = get(name, record, "model_id"), get(name, record, "benchmark_id")
            if get(name, record, "score", may_be_empty=True) is None:
                without.append(f"{model}, {benchmark_id}")
                continue
            yield read_score(page, name, record, names.get(model, ""), definitions.get(benchmark_id))
    yield from leave_out(page, "record without a score", without)
    if not n_scores:
        raise LayoutChanged(f"{page.name} holds no scores.")


def read_score(
    page: Page, name: str, record: dict[str, Any], human_name: str, definition: dict[str, Any] | None
) -> Reported:
    """One score; `definition` is None when the archive defines no such benchmark."""
    printed = get(name, record, "benchmark_name")
    benchmark = definition["name"] if definition else printed
    score = record["score"]
    link = read_link(name, record, "self_reported_source_link")
    if get(name, record, "is_self_reported", may_be_empty=True) is True:
        relationship = "first_party"
    else:
        relationship = "third_party" if record.get("verified_by_llmstats") is True else "unknown"
    where = name[name.index("data/") :]
    return Reported(
        snapshot_id=page.snapshot_id,
        model=record["model_id"],
        benchmark=benchmark,
        setting=record.get("analysis_method") or "",
        score_reported=score if isinstance(score, str) else json.dumps(score),
        score_unit=choose_unit(record, definition),
        evaluator_relationship=relationship,
        is_subset=bool(definition and definition.get("parent_benchmark_id")),
        locator=f"{where}, record {record['model_benchmark_id']} ({human_name or 'model without a description'})",
        source_url="" if PLACEHOLDER.fullmatch(link) else link,
        note="" if printed == benchmark else shorten(f"benchmark printed as {printed}", 200),
    )


def choose_unit(record: dict[str, Any], definition: dict[str, Any] | None) -> str:
    """Unit of a record's score, from the maximum in its benchmark's definition; the score's own size plays no part.

    A record's normalised score equals its score exactly when that is already a share of the maximum.
    """
    if definition is None or definition.get("max_score") is None:
        return UNDECIDED
    top = read_number(str(definition["max_score"]))
    is_share = record.get("normalized_score") == record["score"]
    if is_share != (top == 1):
        return UNDECIDED
    if top == 1:
        return "fraction"
    return "percent" if top == 100 else "points"


def read_link(name: str, record: Any, key: str) -> str:
    """A link that a record may have, "" without one; raises LayoutChanged where it is no text."""
    link = record.get(key) or "" if isinstance(record, dict) else None
    if not isinstance(link, str):
        raise LayoutChanged(f"{shorten(name, 200)} has no text in {key}.")
    return link


def read_model(page: Page, name: str, facts: dict[str, Any], weights: str) -> ReportedModel:
    """What the archive says about one model. A link to weights, exact or not, says that they can be downloaded."""
    size, tokens = facts.get("param_count"), facts.get("training_tokens")
    return ReportedModel(
        snapshot_id=page.snapshot_id,
        model=facts["model_id"],
        n_parameters=size or "",
        parameter_unit="count" if size else "",
        size_precision="stated" if size else "",
        n_training_tokens=tokens or "",
        developer=get(name, facts, "organization_id"),
        base_model=facts.get("fine_tuned_from_model_id") or "",
        release_date=facts.get("release_date") or "",
        is_open_weights="yes" if facts.get("source_weights_link") else "",
        source_url=weights,
    )


def read_json(name: str, body: bytes) -> Any:
    """A JSON file with all its numbers as text, exactly as printed."""
    try:
        return json.loads(body, parse_float=str, parse_int=str, parse_constant=str)
    except ValueError as error:
        raise LayoutChanged(f"{shorten(name, 200)} is not JSON.") from error


def get(name: str, record: Any, key: str, *, may_be_empty: bool = False) -> Any:
    """A field that every record has; raises LayoutChanged when it is not there, or is no text."""
    if not isinstance(record, dict) or key not in record:
        raise LayoutChanged(f"{shorten(name, 200)} has a record without {key}.")
    if not may_be_empty and not isinstance(record[key], str):
        raise LayoutChanged(f"{shorten(name, 200)} has no text in {key}.")
    return record[key]
