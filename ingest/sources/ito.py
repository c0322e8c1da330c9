"""ITO: state-of-the-art results of Papers with Code until 2022, as the Intelligence Task Ontology collected them.

Question  Which results held the record, or were listed, on older tests, and in which month?
Input     sota_ITO_00141.csv (records in language tasks, month), and CSV files of single tests with a day per result.
Output    Reported: benchmark = data set and task, metric as printed, run = title of the paper. Percent where the
          metric's name says so, else points: the collection mixes percentages and fractions and documents no unit.
Method    https://doi.org/10.1038/s41597-022-01435-x. Results whose polarity is "neg" are stored with their sign
          turned, so that more is better; they keep the sign, and the metric says "(negated)".
Silent    Series of fewer than MIN_SERIES records tell no history and are counted as omitted, so are numbers of
          parameters. Months are no days: such rows have no date of evaluation that can be compared. The file of ratios
          (values over the final record, polarity lost) and the file of ImageNet's records (contained in its results)
          are not read.
"""

import re
from collections import Counter
from collections.abc import Iterator

from ingest.columns import TextTable, read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, Source, leave_out, shorten

RAW = "https://raw.githubusercontent.com/OpenBioLink/ITO/master/notebooks/global_dynamics/data"
RECORDS = "sota_ITO_00141.csv"
SINGLE = (
    "df_cifar100_sota.csv", "df_cifar10_sota.csv", "df_vqa2_sota.csv", "fashionmnist_all_results.csv",
    "imagenet_all_results.csv", "proteins_all_results.csv", "ucf101_all_results.csv",
)  # fmt: skip

SOURCE = Source(
    source_id="ito",
    title="Intelligence Task Ontology (Papers with Code until 2022)",
    url="https://github.com/OpenBioLink/ITO",
    licence="CC BY-SA 3.0 AT (data)",
    attribution="Blagec et al., Intelligence Task Ontology (CC BY-SA 3.0 AT); results from Papers with Code",
    status="frozen",
    files=(
        File(name=RECORDS, url=f"{RAW}/{RECORDS}", captures=rf"ito/{re.escape(RECORDS)}"),
        *(File(name=name, url=f"{RAW}/example/{name}", captures=rf"ito/{re.escape(name)}") for name in SINGLE),
    ),
    bundle_by="file",
)

MIN_SERIES = 5  # fewer records draw no curve; two thirds of the collection's 2,873 series have one or two
SIZES = ("Parameters", "Number of params")
PERCENT = re.compile(r"%|\bpercent", re.IGNORECASE)
IN_PAPER = re.compile(r"(?P<model>.*?) model in \\?'(?P<paper>.*?)\\?'", re.DOTALL)
BENCHMARKING = " benchmarking"


def parse(pages: list[Page]) -> Iterator[Reported | Omitted]:
    """Scores and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        table = read_text_table(page)
        yield from (read_records(page, table) if "polarity" in table.header else read_results(page, table))


def read_records(page: Page, table: TextTable) -> Iterator[Reported | Omitted]:
    """Records of all tests, without series that are too short."""
    rows = list(table.pick(["task", "dataset", "metric", "date", "model", "result", "polarity"]))
    sizes = Counter(row[:3] for row in rows)
    short, parameters = [], []
    for task, dataset, metric, month, model, result, polarity in rows:
        if polarity not in ("pos", "neg"):
            raise LayoutChanged(f"{page.name} has a polarity {shorten(polarity)!r}.")
        if metric in SIZES:
            parameters.append(f"{dataset}, {metric}")
        elif sizes[task, dataset, metric] < MIN_SERIES:
            short.append(f"{dataset} ({task}), {metric}")
        else:
            yield report(page, f"{dataset} ({task})", metric, month, model, result, is_negated=polarity == "neg")
    yield from leave_out(page, f"record of a series of fewer than {MIN_SERIES}", short)
    yield from leave_out(page, "number of parameters", parameters)


def read_results(page: Page, table: TextTable) -> Iterator[Reported | Omitted]:
    """Results of one test."""
    label = "class_label" if "class_label" in table.header else "benchmark_process_class_label"
    parameters = []
    for name, metric, day, model, result in table.pick([label, "metricName", "date", "model_label", "result"]):
        dataset, _, task = name.removesuffix(BENCHMARKING).rpartition(" - ")
        if not dataset:
            raise LayoutChanged(f"{page.name} names a test without its task.")
        if metric in SIZES:
            parameters.append(f"{dataset}, {metric}")
        else:
            yield report(page, f"{dataset} ({task})", metric, day, model, result)
    yield from leave_out(page, "number of parameters", parameters)


def report(
    page: Page, benchmark: str, metric: str, day: str, printed: str, result: str, *, is_negated: bool = False
) -> Reported:
    """One row."""
    match = IN_PAPER.fullmatch(printed)
    model, paper = (match["model"], match["paper"]) if match else (printed, "")
    is_percent = PERCENT.search(metric) and not is_negated
    return Reported(
        # An entry is a method as a paper trained it: a system, not one released set of weights.
        snapshot_id=page.snapshot_id, model=model, model_kind="system", run=paper, benchmark=benchmark,
        metric=f"{metric} (negated)" if is_negated else metric, score_reported=result,
        score_unit="percent" if is_percent else "points", evaluated_date=day, read_from="quoted",
        locator=f"{shorten(benchmark)}, {shorten(metric)}, {day}, {shorten(model)}",
    )  # fmt: skip
