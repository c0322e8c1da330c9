"""EvalPlus: HumanEval and MBPP with the original tests and with many more (HumanEval+, MBPP+).

Question  Which share of the programming problems does each model solve at the first attempt?
Input     results.json (one object per model), and the CSV files humaneval.csv and mbpp.csv that came before it.
Output    Reported: percent, benchmarks HumanEval, HumanEval+, MBPP, MBPP+. ReportedModel: size in billions, link.
Method    https://arxiv.org/abs/2305.01210. The page ranks by pass@1 under greedy decoding; the first CSV layout marks
          it with a star and prints pass@1, pass@10 and pass@100 of random sampling beside it: metrics of their own.
          Versions are those that the page states: MBPP+ 0.1.0 until 2024-04-20, then 0.2.0 (MBPP follows: all its
          values before that day are whole counts of 399 tasks, later ones are not); HumanEval+ 0.1.9 from 2024-04-18,
          0.1.10 from 2024-05-07, none stated before.
          The first CSV layout prints name and size in two columns ("CodeGen", "2B"), later ones in one ("CodeGen-2B").
Silent    The size of the JSON layout is, by the page's own note, the weight activated during inference: it is reported
          as active parameters, never as a total. Models without a value on a test are counted as omitted.
"""

import re
from collections.abc import Iterator
from datetime import date

from ingest.columns import read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.sources._printed_json import field, read_json

SOURCE = Source(
    source_id="evalplus",
    title="EvalPlus",
    url="https://evalplus.github.io/leaderboard.html",
    licence="Apache-2.0",
    attribution="EvalPlus team, https://evalplus.github.io",
    status="frozen",  # last changed in December 2024
    is_uniform=True,
    versions="corrects",
    files=(
        File(
            name="results.json",
            url="https://evalplus.github.io/results.json",
            captures=r"evalplus/results(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.json",
        ),
        File(name="humaneval.csv", url=None, captures=r"evalplus/humaneval_(?P<date>\d{4}-\d{2}-\d{2})\.csv"),
        File(name="mbpp.csv", url=None, captures=r"evalplus/mbpp_(?P<date>\d{4}-\d{2}-\d{2})\.csv"),
    ),
    bundle_by="file",
    open_end=r"(?:humaneval|mbpp)_.*\.csv",
)

GREEDY = "greedy decoding"
SAMPLING = "random sampling"
# Versions as the page states them, each from the day on which it first does.
VERSIONS = {
    "HumanEval": ((date.min, ""),),
    "HumanEval+": ((date.min, ""), (date(2024, 4, 18), "0.1.9"), (date(2024, 5, 7), "0.1.10")),
    "MBPP": ((date.min, "0.1.0"), (date(2024, 4, 21), "0.2.0")),
    "MBPP+": ((date.min, "0.1.0"), (date(2024, 4, 21), "0.2.0")),
}
# Keys of the JSON layouts: in the older one the plus stands in the name of the outer object.
TESTS = {"HumanEval": "humaneval", "HumanEval+": "humaneval+", "MBPP": "mbpp", "MBPP+": "mbpp+"}
# Columns of the CSV layouts: metric, setting, and whether the added tests count.
FIRST_LAYOUT = {
    "pass@1*": ("pass@1", GREEDY), "pass@1": ("pass@1, sampled", SAMPLING), "pass@10": ("pass@10, sampled", SAMPLING),
    "pass@100": ("pass@100, sampled", SAMPLING),
}  # fmt: skip
NO_SIZE = ("", "N/A")
BILLIONS = re.compile(r"(\d+(?:\.\d+)?)B")
WEIGHTS = re.compile(r"https://huggingface\.co/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/?")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that the pages say; raises LayoutChanged."""
    for page in pages:
        if page.name.endswith(".json"):
            yield from read_results(page)
        else:
            yield from read_csv(page)


def read_results(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """Both JSON layouts: pass@1 by test, or pass@1_base and pass@1_plus by problem set."""
    results = read_json(page)
    if not isinstance(results, dict) or not results:
        raise LayoutChanged(f"{page.name} does not list results by model.")
    absent: list[str] = []
    for model, result in results.items():
        scores = read_scores(page, result)
        for benchmark, score in scores.items():
            if score is None:
                absent.append(f"{model}, {benchmark}")
            else:
                yield report(page, model, benchmark, "pass@1", GREEDY, score, is_prompted(page, result))
        size = field(page.name, result, "size", (str, type(None)))
        link = field(page.name, result, "link")
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=model, n_active_parameters=size or "",
            parameter_unit="billions" if size else "", size_precision="stated" if size else "",
            is_open_weights="yes" if WEIGHTS.fullmatch(link) else "", source_url=link,
        )  # fmt: skip
    yield from leave_out(page, "no value printed", absent)


def read_scores(page: Page, result: object) -> dict[str, str | None]:
    """Benchmark -> printed value of one model; None where the model was not run."""
    kinds = (str, type(None))
    if isinstance(result, dict) and "pass@1" in result:
        printed = field(page.name, result, "pass@1", dict)
        return {benchmark: field(page.name, printed, key, kinds) for benchmark, key in TESTS.items()}
    base = field(page.name, result, "pass@1_base", dict)
    plus = field(page.name, result, "pass@1_plus", dict)
    return {
        benchmark: field(page.name, plus if key.endswith("+") else base, key.removesuffix("+"), kinds)
        for benchmark, key in TESTS.items()
    }


def is_prompted(page: Page, result: object) -> str:
    """Whether the model was given a chat prompt, as the page marks it."""
    return "prompted" if field(page.name, result, "prompted", bool) else ""


def read_csv(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """Both CSV layouts; the file's name says which problems."""
    problems = "HumanEval" if page.name.startswith("humaneval") else "MBPP"
    table = read_text_table(page, has_final_newline=False)
    is_first = "Size" in table.header
    if is_first:
        columns = {column: (problems, *how) for column, how in FIRST_LAYOUT.items()}
    else:
        columns = {
            "pass@1_base": (problems, "pass@1", GREEDY), "pass@1_plus": (f"{problems}+", "pass@1", GREEDY),
        }  # fmt: skip
    optional = [column if column in table.header else "" for column in ("prompted", "link")]
    absent: list[str] = []
    for name, size, prompted, link, *scores in table.pick(["Model", "Size" if is_first else "", *optional, *columns]):
        model = name if size in NO_SIZE else f"{name}-{size}"
        for (benchmark, metric, setting), score in zip(columns.values(), scores, strict=True):
            if score.strip():
                note = "prompted" if prompted.upper() == "TRUE" else ""
                yield report(page, model, benchmark, metric, setting, score, note)
            else:
                absent.append(f"{model}, {metric}, {setting}")
        billions = BILLIONS.fullmatch(size)
        if is_first and not billions and size not in NO_SIZE:
            raise LayoutChanged(f"{page.name} prints a size in another form: {shorten(size)!r}.")
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=model, n_parameters=billions[1] if billions else "",
            parameter_unit="billions" if billions else "", size_precision="stated" if billions else "",
            is_open_weights="yes" if WEIGHTS.fullmatch(link) else "", source_url=link,
        )  # fmt: skip
    yield from leave_out(page, "no value printed", absent)


def report(page: Page, model: str, benchmark: str, metric: str, setting: str, score: str, note: str) -> Reported:
    """One printed value with the version that the page stated on its day."""
    version = [word for day, word in VERSIONS[benchmark] if page.content_date >= day][-1]
    return Reported(
        snapshot_id=page.snapshot_id, model=model, benchmark=benchmark, benchmark_version=version, metric=metric,
        setting=setting, score_reported=score, score_unit="percent", evaluator_relationship="third_party",
        locator=f"row {model}, {benchmark} {metric} ({setting})", note=note,
    )  # fmt: skip
