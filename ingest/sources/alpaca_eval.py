"""AlpacaEval: how often a judge prefers a model's answers to those of a reference model.

Question  Which share of 805 instructions does each model win against the reference, as a language model judges?
Input     one CSV table per board: AlpacaEval 1 (reference text_davinci_003) and AlpacaEval 2 (reference gpt4_1106).
Output    Reported: percent, win rate and length controlled win rate, with standard error and number of comparisons.
Method    https://arxiv.org/abs/2404.04475. Who made the answers is told by the mode, as the board describes its
          filters: minimal and dev are its own runs, verified ones were checked by it, community ones were sent in.
          The mode of a row can change, so it stands in the note.
Silent    The reference's 50.0 against itself holds by construction (its standard error is zero) and is no score; the
          discrete win rate is computed from the printed wins and draws. Both are left out, counted, as are empty cells.
          The copy of the table on the web page renames models and is not read; nor is the table of correlations with
          other boards.
"""

from collections.abc import Iterator

from ingest.columns import read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, Source, leave_out, read_number, shorten

FOLDER = "https://raw.githubusercontent.com/tatsu-lab/alpaca_eval/main/src/alpaca_eval/leaderboards/"
DATED = r"(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.csv"

SOURCE = Source(
    source_id="alpaca_eval",
    title="AlpacaEval",
    url="https://tatsu-lab.github.io/alpaca_eval/",
    licence="data CC BY-NC 4.0",
    attribution="AlpacaEval, tatsu-lab, CC BY-NC 4.0",
    status="frozen",  # last changed in December 2024
    is_uniform=True,
    files=(
        File(
            name="weighted_alpaca_eval_gpt4_turbo_leaderboard.csv",
            url=f"{FOLDER}data_AlpacaEval_2/weighted_alpaca_eval_gpt4_turbo_leaderboard.csv",
            captures=rf"alpaca-eval/weighted_alpaca_eval_gpt4_turbo_leaderboard{DATED}",
        ),
        File(
            name="alpaca_eval_gpt4_leaderboard.csv",
            url=f"{FOLDER}data_AlpacaEval/alpaca_eval_gpt4_leaderboard.csv",
            captures=rf"alpaca-eval/alpaca_eval_gpt4_leaderboard{DATED}",
        ),
    ),
    bundle_by="file",
    open_end=r".*_2024-09-25\.csv",
)

RUN_BY = {"minimal": "third_party", "dev": "third_party", "verified": "collaborative", "community": "unknown"}
# Column -> metric, column of its standard error.
METRICS = {
    "win_rate": ("win rate", "standard_error"),
    "length_controlled_winrate": ("length controlled win rate", "lc_standard_error"),
}


def parse(pages: list[Page]) -> Iterator[Reported | Omitted]:
    """All rows of each table; raises LayoutChanged."""
    for page in pages:
        yield from read_page(page, "AlpacaEval 2" if page.name.startswith("weighted") else "AlpacaEval 1")


def read_page(page: Page, benchmark: str) -> Iterator[Reported | Omitted]:
    """One table; the column of names has no heading."""
    # Some of the published tables have no newline at their end.
    table = read_text_table(page, has_final_newline=False)
    if table.header[0] != "":
        raise LayoutChanged(f"{page.name} heads its first column {shorten(table.header[0])!r} instead of nothing.")
    optional = ["length_controlled_winrate", "lc_standard_error", "discrete_win_rate"]
    columns = ["win_rate", "standard_error", "n_total", "mode", *(c if c in table.header else "" for c in optional)]
    left_out: dict[str, list[str]] = {}
    for names, cells in zip(table.rows, table.pick(columns), strict=True):
        model = names[0]
        row = dict(zip(["win_rate", "standard_error", "n_total", "mode", *optional], cells, strict=True))
        if row["mode"] not in RUN_BY:
            raise LayoutChanged(f"{page.name} has a row of the unknown mode {shorten(row['mode'])!r}.")
        if row["discrete_win_rate"]:
            left_out.setdefault("discrete win rate, computed from wins and draws", []).append(model)
        is_reference = read_number(row["standard_error"]) == 0
        for column, (metric, error) in METRICS.items():
            if column not in table.header:
                continue
            if is_reference:
                left_out.setdefault("reference model against itself", []).append(f"{model}, {metric}")
            elif not row[column]:
                left_out.setdefault("no value printed", []).append(f"{model}, {metric}")
            else:
                yield Reported(
                    snapshot_id=page.snapshot_id, model=model, benchmark=benchmark, metric=metric,
                    score_reported=row[column], score_unit="percent", n_items=row["n_total"],
                    uncertainty=f"{row[error]} stderr" if row[error] else "",
                    evaluator_relationship=RUN_BY[row["mode"]], locator=f"row {model}, {column}", note=row["mode"],
                )  # fmt: skip
    for rule, found in left_out.items():
        yield from leave_out(page, rule, found)
