"""Scores that makers report, collected from their own pages (yiyuanli939/LLM-Benchmark-Reported-Data).

Question  Which scores did the maker of a model print when it was released, and under which setting?
Input     metadata.csv and open_metadata.csv: a row per model, a pair of columns per benchmark: value and setting.
Output    Reported: first party, read as quoted, percent. ReportedModel: developer, release date, and the size where the
          table's remark states one.
Method    A value is a number, with a percent sign or not, and perhaps its metric in brackets ("88.1% (accuracy)").
          https://github.com/yiyuanli939/LLM-Benchmark-Reported-Data collects official sources only.
Silent    Values of at most 1 without a percent sign are fractions where a model's row holds three or more and nothing
          above 1; a single one among percentages could be either: its unit is not stated and it gets rejected, as do
          exam grades ("5 (86th-100th percentile)") and ratings, which are no percentages. benchmark_features.csv is not
          read: it holds no scores.
"""

import re
from collections.abc import Iterator

from ingest.columns import TextTable, read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, read_number

RAW = "https://raw.githubusercontent.com/yiyuanli939/LLM-Benchmark-Reported-Data/main/data"
TABLES = ("metadata", "open_metadata")

SOURCE = Source(
    source_id="llm_benchmark_reported_data",
    title="LLM Benchmark Reported Data",
    url="https://github.com/yiyuanli939/LLM-Benchmark-Reported-Data",
    licence="none stated",
    attribution="yiyuanli939/LLM-Benchmark-Reported-Data; the scores are their makers'",
    status="live",
    cadence_days=180,
    files=tuple(
        File(
            name=f"{name}.csv",
            url=f"{RAW}/{name}.csv",
            captures=rf"llm-benchmark-reported-data/{name}\.csv",
            bundle=name,
        )
        for name in TABLES
    ),
)

SETTING = "__setting"
METRICS = r"accuracy|acc|F1|ANLS|pass@\d+|EM|em|exact match|relaxed accuracy|win rate"
VALUE = re.compile(rf"([\d.,]+) ?\(({METRICS})\)")
SIGNED = re.compile(r"([\d.,]+ ?%) ?(?:\(([^()]+)\))?")
SIZE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)B parameters")
UNSTATED = "unit not stated"
FEW_VALUES = 3  # below this, values of at most 1 cannot be told for fractions or for low percentages


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of empty cells; raises LayoutChanged."""
    for page in pages:
        yield from read_page(page, read_text_table(page))


def read_page(page: Page, table: TextTable) -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that one table says."""
    benchmarks = [c.removesuffix(SETTING) for c in table.header if c.endswith(SETTING)]
    if not benchmarks:
        raise LayoutChanged(f"{page.name} has no column for a setting.")
    empty = []
    columns = ["model_name", "organization", "release_date", "source_url", "notes"]
    pairs = [c for name in benchmarks for c in (name, f"{name}{SETTING}")]
    for model, developer, day, address, notes, *cells in table.pick([*columns, *pairs]):
        link = address if address.startswith("http") else ""
        values = [read_value(printed) for printed in cells[::2]]
        small = is_all_small([score for score, _, _ in values if score])
        for benchmark, (score, metric, unit), setting in zip(benchmarks, values, cells[1::2], strict=True):
            if not score:
                empty.append(f"{model}, {benchmark}")
                continue
            yield Reported(
                snapshot_id=page.snapshot_id,
                model=model,
                benchmark=benchmark,
                metric=metric,
                setting=setting,
                score_reported=score,
                score_unit="fraction" if small and unit == UNSTATED else unit,
                evaluator_relationship="first_party",
                read_from="quoted",
                locator=f"{page.name}, row {model}, column {benchmark}",
                source_url=link,
            )
        sizes = set(SIZE.findall(notes))
        size = sizes.pop() if len(sizes) == 1 else ""
        yield ReportedModel(
            snapshot_id=page.snapshot_id,
            model=model,
            n_parameters=size,
            parameter_unit="billions" if size else "",
            size_precision="stated" if size else "",
            developer=developer,
            release_date=day,
            is_open_weights="yes" if "Open weights" in notes else "",
            source_url=link,
        )
    yield from leave_out(page, "empty cell", empty)


def is_all_small(scores: list[str]) -> bool:
    """True for a row of fractions: enough values, every one a plain number of at most 1."""
    numbers = [read_number(score) for score in scores if not score.endswith("%")]
    return len(numbers) >= FEW_VALUES and all(n is not None and n <= 1 for n in numbers)


def read_value(printed: str) -> tuple[str, str, str]:
    """Value, metric and unit of a cell; a cell that is no value stays whole."""
    plain = printed.strip()
    signed = SIGNED.fullmatch(plain)
    if signed:
        metric = signed[2] or ""
        return signed[1], metric if re.fullmatch(METRICS, metric) else "", "percent"
    match = VALUE.fullmatch(plain)
    score, metric = (match[1], match[2]) if match else (plain, "")
    number = read_number(score)
    return score, metric, UNSTATED if number is not None and number <= 1 else "percent"
