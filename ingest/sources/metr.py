"""METR: how long the tasks are that a model finishes half the time, in minutes of a person's work.

Question  Which task length does each model reach at 50% and at 80% success, and how sure is that?
Input     benchmark_results_1_1.yaml of https://metr.org (Time Horizon 1.1).
Output    Reported: minutes (unit points) for both horizons, with the interval in the note; the average score as a
          fraction. ReportedModel: release day.
Method    A horizon is where a logistic curve over the logarithm of task length crosses 50% (80%); it is no percentage,
          lives on a log scale, and its interval is wide and lopsided. https://arxiv.org/abs/2503.14499
Silent    `is_sota` and doubling times are made from the horizons and are not read.
"""

from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, shorten
from ingest.sources._printed_json import field
from ingest.sources._printed_yaml import read_yaml

SOURCE = Source(
    source_id="metr",
    title="METR time horizons",
    url="https://metr.org/time-horizons",
    licence="none stated",
    attribution="METR, https://metr.org",
    status="live",
    cadence_days=120,
    is_uniform=True,
    files=(
        File(
            name="benchmark_results_1_1.yaml",
            url="https://metr.org/assets/benchmark_results_1_1.yaml",
            captures=r"metr/benchmark_results_1_1_(?P<date>\d{4}-\d{2}-\d{2})\.yaml",
        ),
    ),
    bundle_by="file",
)

# Key of the file -> metric, unit.
METRICS = {
    "p50_horizon_length": ("50% time horizon (minutes)", "points"),
    "p80_horizon_length": ("80% time horizon (minutes)", "points"),
    "average_score": ("average score", "fraction"),
}
HORIZONS = ("p50_horizon_length", "p80_horizon_length")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Horizons and release days; raises LayoutChanged."""
    for page in pages:
        if not page.text().endswith("\n"):
            raise LayoutChanged(f"{page.name} ends in the middle of a line.")
        said = read_yaml(page)
        version = field(page.name, said, "benchmark_name")
        results = field(page.name, said, "results", dict)
        if not results:
            raise LayoutChanged(f"{page.name} holds no results.")
        for run, result in results.items():
            model = run.removesuffix("_inspect")
            yield ReportedModel(
                snapshot_id=page.snapshot_id, model=model, run=run,
                release_date=field(page.name, result, "release_date"),
            )  # fmt: skip
            metrics = field(page.name, result, "metrics", dict)
            for key, (metric, unit) in METRICS.items():
                if key not in metrics and key not in HORIZONS:  # some early models have no average
                    continue
                found = field(page.name, metrics, key, dict)
                low, high = found.get("ci_low"), found.get("ci_high")
                yield Reported(
                    snapshot_id=page.snapshot_id, model=model, run=run, benchmark="METR time horizon",
                    benchmark_version="1.1" if version.endswith("v1.1") else version, metric=metric,
                    score_reported=field(page.name, found, "estimate"), score_unit=unit,
                    evaluator_relationship="third_party", locator=f"results, {shorten(run)}, {key}",
                    note=f"95% interval {low} to {high}" if isinstance(low, str) and isinstance(high, str) else "",
                )  # fmt: skip
