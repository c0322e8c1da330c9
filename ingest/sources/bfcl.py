"""Berkeley Function Calling Leaderboard: how well models call functions, in four versions of the test.

Question  Which share of its calls did each model get right, by category and version?
Input     CSV tables of the board: data.csv (version 1), data_overall.csv (versions 2 to 4), and four tables by category
          that go with the newest data_overall.csv.
Output    Reported: percent, one row per category; benchmark_version v1 to v4. ReportedModel: developer, weights.
Method    Each version changed questions or categories, so versions are never joined. The columns tell which one a table
          is of: web search came with version 4, several turns with 3, live questions with 2.
          https://gorilla.cs.berkeley.edu/leaderboard.html
          A name ends in how the model was asked, "(FC)" or "(Prompt)": that is the setting.
Silent    Everything that the board computes from other columns is counted as omitted: the overall accuracy (a mean over
          categories that changed even within version 3), summaries and means of categories. So are cost, latency and
          the spread over prompt formats. "N/A" is no value. The files state no number of questions.
"""

import re
from collections import Counter
from collections.abc import Iterator

from ingest.columns import TextTable, read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten

SITE = "https://gorilla.cs.berkeley.edu"
PARTS = {"data_agentic": "", "data_live": "Live ", "data_multi_turn": "Multi Turn ", "data_non_live": "Non-Live "}

SOURCE = Source(
    source_id="bfcl",
    title="Berkeley Function Calling Leaderboard",
    url=f"{SITE}/leaderboard.html",
    licence="Apache-2.0",
    attribution="Berkeley Function Calling Leaderboard (Gorilla, UC Berkeley), Apache-2.0",
    status="live",
    cadence_days=120,  # tables changed one to six months apart
    is_uniform=True,
    files=(
        File(
            name="data_overall.csv",
            url=f"{SITE}/data_overall.csv",
            captures=r"bfcl/data_overall(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.csv",
        ),
        File(name="data.csv", url=None, captures=r"bfcl/data_(?P<date>\d{4}-\d{2}-\d{2})\.csv"),
        *(File(name=f"{part}.csv", url=f"{SITE}/{part}.csv", captures=rf"bfcl/{part}\.csv") for part in PARTS),
    ),
    bundle_by="file",
    open_end=r"data.*\.csv",
)

ABOUT = {"Rank", "Model", "Model Link", "Organization", "License"}
# Means over other categories, each in the files that print it.
COMPUTED = re.compile(
    r".*(?:Overall Acc|Summary)|(?:Non-Live (?:AST|Exec)|Live|Multi Turn|Web Search|Memory) Acc|Agentic Overall Acc"
)
# Parts of a category that stands in the tables, too.
BY_LANGUAGE = re.compile(r"\b(?:Python|Java|JavaScript|REST) Simple")
NO_SCORES = re.compile(r".*(?:Cost \(.*|Latency .*)|Format Sensitivity .*")
SPOKEN = re.compile(r"(?P<model>.+?)\s*\((?P<mode>(?:FC|Prompt)[^()]*)\)")
WEIGHTS = re.compile(r"(https://huggingface\.co/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+?)/?")
# Columns that the tables by category call otherwise than data_overall.csv does.
SAME = {
    "Live Python Simple AST": "Live Simple AST",
    "Live Python Multiple AST": "Live Multiple AST",
    "Live Python Parallel AST": "Live Parallel AST",
    "Live Python Parallel Multiple AST": "Live Parallel Multiple AST",
    "Live Relevance Detection": "Relevance Detection",
}


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        # The tables are published without a newline at their end.
        table = read_text_table(page, has_final_newline=False)
        prefix = PARTS.get(page.name.removesuffix(".csv"))
        version = "v4" if prefix is not None else find_version(page, table)
        yield from read_table(page, table, version, prefix)


def find_version(page: Page, table: TextTable) -> str:
    """Which version of the test a table of all categories is of."""
    if "Web Search Acc" in table.header:
        return "v4"
    if "Multi Turn Acc" in table.header:
        return "v3"
    if "Live Acc" in table.header:
        return "v2"
    if "Simple Function AST" in table.header:
        return "v1"
    raise LayoutChanged(f"{page.name} has the columns of no known version of the test.")


def read_table(
    page: Page, table: TextTable, version: str, prefix: str | None
) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores of one table; `prefix` stands before the columns of a table by category, None = a table of all."""
    if not any(column.endswith("Overall Acc") for column in table.header):
        raise LayoutChanged(f"{page.name} has no overall accuracy.")
    rest = [column for column in table.header if column not in ABOUT]
    computed = [column for column in rest if COMPUTED.fullmatch(column)]
    no_scores = [column for column in rest if NO_SCORES.fullmatch(column)]
    scores = [column for column in rest if column not in (*computed, *no_scores)]
    about = ["Model", "Model Link", "Organization"] if prefix is None else ["Model", "", ""]
    links = Counter(link for (link,) in table.pick([about[1]]))
    empty: list[str] = []
    for printed, link, developer, *values in table.pick([*about, *scores]):
        match = SPOKEN.fullmatch(printed)
        model, setting = (match["model"], match["mode"]) if match else (printed, "")
        if prefix is None:
            weights = WEIGHTS.fullmatch(link)
            yield ReportedModel(
                snapshot_id=page.snapshot_id, model=model, developer=developer,
                source_url=weights[1] if weights and links[link] == 1 else "",
                is_open_weights="yes" if weights else "",
            )  # fmt: skip
        for column, value in zip(scores, values, strict=True):
            if value in ("", "N/A"):
                empty.append(f"{printed}, {column}")
                continue
            name = SAME.get(f"{prefix or ''}{column}", f"{prefix or ''}{column}")
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, benchmark=f"BFCL {name}", benchmark_version=version,
                metric="accuracy", setting=setting, score_reported=value, score_unit="percent",
                evaluator_relationship="third_party", is_subset=bool(BY_LANGUAGE.search(name)),
                locator=f"row {shorten(printed)}, column {column}",
            )  # fmt: skip
    yield from leave_out(page, "no value in the cell", empty)
    yield from leave_out(page, "mean over other columns", [column for column in computed for _ in table.rows])
    yield from leave_out(page, "cost, latency, spread over prompt formats", [c for c in no_scores for _ in table.rows])
