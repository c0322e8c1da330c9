"""ZeroEval: reasoning tests under one zero-shot harness, with the number of questions in every row.

Question  What did each model score on ZebraLogic, MMLU-Redux, GSM8K, CRUX, MATH level 5 and three smaller tests?
Input     one JSON list per test; dated copies of ZebraLogic.
Output    Reported: percent; n_items from the row; setting = decoding mode as printed (greedy, sampling), and the way of
          choosing among several answers where there were several. ZebraLogic has puzzle accuracy (its headline), cell
          accuracy, and puzzle accuracy by difficulty and size (is_subset).
Method    https://github.com/WildEval/ZeroEval
Silent    The share of unanswered questions and the length of answers are no scores and are counted as omitted. The
          board's summary files hold rounded copies of these values and averages of them: they are not read. A model's
          host stands in its name ("Llama-3.1-405B-Inst@hyperbolic") and stays there. No sizes, no dates.
"""

from collections.abc import Iterator
from typing import Any

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, Source, leave_out, shorten
from ingest.sources._printed_json import read_json

RAW = "https://raw.githubusercontent.com/WildEval/ZeroEval/main/result_dirs"
# File -> name of the test.
TESTS = {
    "crux": "CRUX",
    "gplanet": "G-PlanET",
    "gsm": "GSM8K",
    "math-l5": "MATH-L5",
    "mmlu-redux": "MMLU-Redux",
    "numersense-v2": "NumerSense-v2",
    "zebra-grid": "ZebraLogic",
}

SOURCE = Source(
    source_id="zeroeval",
    title="ZeroEval",
    url="https://github.com/WildEval/ZeroEval",
    licence="Apache-2.0",
    attribution="WildEval, ZeroEval (Apache-2.0)",
    status="live",
    cadence_days=180,  # results came in waves, two to four months apart, the last one in April 2025
    is_uniform=True,
    files=tuple(
        File(
            name=f"{name}.summary.json",
            url=f"{RAW}/{name}.summary.json",
            captures=rf"zeroeval/{name}\.summary(?:_(?P<date>\d{{4}}-\d{{2}}-\d{{2}}))?\.json",
            limit=2_000_000,
        )
        for name in TESTS
    ),
    bundle_by="file",
)

# Key of a record -> metric, part of the test ("" = all of it).
SCORES = {
    "Acc": ("accuracy", ""),
    "Puzzle Acc": ("Puzzle Acc", ""),
    "Cell Acc": ("Cell Acc", ""),
    "Easy Puzzle Acc": ("Puzzle Acc", "Easy"),
    "Hard Puzzle Acc": ("Puzzle Acc", "Hard"),
    "Small Puzzle Acc": ("Puzzle Acc", "Small"),
    "Medium Puzzle Acc": ("Puzzle Acc", "Medium"),
    "Large Puzzle Acc": ("Puzzle Acc", "Large"),
    "XL Puzzle Acc": ("Puzzle Acc", "XL"),
    "precision": ("precision", ""),
    "recall": ("recall", ""),
    "f1": ("f1", ""),
    "average rank similarity": ("average rank similarity", ""),
    "exact match": ("exact match", ""),
    "plan relative": ("plan relative", ""),
}
COUNTED = ("Acc", "Puzzle Acc")  # shares of the questions that the row counts
TOTALS = ("Total", "Total Puzzles")
NO_SCORES = ("No answer", "Reason Lens")
KNOWN = {"Model", "Mode", "N_Mode", "N_Size", *SCORES, *TOTALS, *NO_SCORES}


def parse(pages: list[Page]) -> Iterator[Reported | Omitted]:
    """Scores and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        name = page.name.partition(".summary")[0]
        if name not in TESTS:
            raise LayoutChanged(f"{page.name} is not named like a test of ZeroEval.")
        records = read_json(page)
        if not isinstance(records, list) or not records:
            raise LayoutChanged(f"{page.name} lists no results.")
        for record in records:
            yield from read_record(page, TESTS[name], record)
        left = [record["Model"] for record in records for key in NO_SCORES if key in record]
        yield from leave_out(page, "share without an answer, length of answers", left)


def read_record(page: Page, benchmark: str, record: Any) -> Iterator[Reported]:
    """Scores of one model in one decoding mode."""
    if not isinstance(record, dict) or not {"Model", "Mode"} <= record.keys():
        raise LayoutChanged(f"{page.name} has a record without model or mode.")
    unknown = record.keys() - KNOWN
    if unknown or not any(key in record for key in TOTALS):
        raise LayoutChanged(f"{page.name} has other fields than a list of ZeroEval.")
    model, total = record["Model"], next(record[key] for key in TOTALS if key in record)
    setting = record["Mode"]
    if record.get("N_Size", "1") != "1":
        setting += f"; {record['N_Mode']} of {record['N_Size']}"
    for key, (metric, part) in SCORES.items():
        if key in record:
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, benchmark=f"{benchmark} ({part})" if part else benchmark,
                metric=metric, setting=setting, score_reported=record[key], score_unit="percent",
                n_items=total if key in COUNTED else "", evaluator_relationship="third_party", is_subset=bool(part),
                locator=f"{shorten(model)}, {record['Mode']}, {key}",
            )  # fmt: skip
