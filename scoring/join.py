"""Tables of the record, joined into what the statistics look at.

Question  Which facts of model, series and benchmark stand beside each current score, and how far do re-runs lie apart?
Input     tables of data/schema.sql, as a build makes them or as a database holds them.
Output    `Evidence`; the spread between runs by series, a standard deviation in the unit of its scores.
Method    The spread between runs: the median, over models with several current runs in a series, of the standard
          deviation of their runs, times 1.4826. Of two runs that deviation is |difference| / sqrt(2), whose median is
          1 / 1.4826 = 0.6745 standard deviations when errors are normal.
Silent    No spread where fewer than MIN_REPEATED models were run several times.
"""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from data.vocabulary import MARKED_BY_OWNER
from scoring.evidence import DOCUMENTS, TWINS, Evidence

MIN_REPEATED = 10  # fewer repeated models and the median is an anecdote
DAYS = ("model_date", "first_seen_date", "evaluated_date", "benchmark_release_date")
# fmt: off
OF_EVALUATION = [
    "evaluation_id", "model_id", "series_id", "score", "score_decimals", "standard_error", "first_seen_date",
    "evaluated_date", "source_id", "evaluator_relationship", "read_from", "data_problem", "n_items", "run", "setting",
]
OF_MODEL = [
    "model_id", "name", "kind", "n_parameters", "n_active_parameters", "is_moe", "is_merged", "model_date",
    "date_basis", "cluster_id", "root_model", "developer", "family",
]
OF_SERIES = [
    "series_id", "benchmark_id", "metric", "setting_group", "unit", "is_lower_better", "is_subset", "is_item_count",
    "n_at_least", "rerun_spread",
]
OF_BENCHMARK = [
    "benchmark_id", "floor", "ceiling", "ceiling_low", "ceiling_high", "human_score", "release_date", "is_dynamic",
    "is_public_test", "domain",
]
# fmt: on


def rerun_spread(evaluations: pd.DataFrame) -> pd.Series:
    """Standard deviation between runs of the same model by series_id; series without a measured one are absent.

    Same model, several runs on one board: their spread is what re-running costs, measured and not assumed.
    """
    rows = evaluations[evaluations["status"] == "current"]
    several = rows.groupby(["series_id", "model_id"])["score"].agg(["std", "size"])
    spread = several[several["size"] > 1].groupby("series_id")["std"].agg(["median", "size"])
    return spread.loc[spread["size"] >= MIN_REPEATED, "median"] * 1.4826


def read_by_scoring(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The rows and columns of tables that make_evidence reads, and nothing else."""
    columns = {
        "evaluation": [*OF_EVALUATION, "status"],
        "model": [*OF_MODEL, "maintainer_flag"],
        "series": OF_SERIES,
        "benchmark": [*OF_BENCHMARK, "name"],
    }
    read = {name: tables[name][of] for name, of in columns.items()}
    read["evaluation"] = read["evaluation"][read["evaluation"]["status"] == "current"]
    return read | {name: tables[name] for name in ("twin", "incident")}


def make_evidence(tables: Mapping[str, pd.DataFrame], day: date) -> Evidence:
    """What the statistics see: one row per current evaluation, facts of model, series and benchmark joined on.

    tables   evaluation, model, series, benchmark; twin where pairs are to be compared; incident where documents speak
    """
    evaluations, benchmarks = tables["evaluation"], tables["benchmark"]
    rows = evaluations.loc[evaluations["status"] == "current", OF_EVALUATION]
    about_model = tables["model"][OF_MODEL].rename(columns={"name": "model_name"})
    about_test = tables["series"][OF_SERIES].merge(
        benchmarks[OF_BENCHMARK].rename(columns={"release_date": "benchmark_release_date"}), on="benchmark_id"
    )
    rows = rows.merge(about_model, on="model_id").merge(about_test, on="series_id")
    for column in DAYS:
        rows[column] = pd.to_datetime(rows[column])
    rows = rows.sort_values("evaluation_id").reset_index(drop=True)
    documents = tell_documents(tables) if "incident" in tables else pd.DataFrame(columns=DOCUMENTS)
    if "twin" not in tables:
        return Evidence(evaluations=rows, asof=day, documents=documents)
    names = benchmarks.set_index("benchmark_id")["name"]
    halves = {"name": "benchmark_id", "twin_name": "twin_benchmark_id"}
    twins = tables["twin"]
    named = twins.assign(**{column: twins[half].map(names) for column, half in halves.items()})
    return Evidence(evaluations=rows, asof=day, twins=named[TWINS], documents=documents)


def tell_documents(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What documents say of models (columns DOCUMENTS); a mark of a board's owners is one more."""
    marked = tables["model"].loc[tables["model"]["maintainer_flag"].notna(), ["model_id"]]
    board = tables["model"]["maintainer_flag"].str.partition(":")[0]
    marks = marked.assign(benchmark_id=None, status=MARKED_BY_OWNER, said_by=board, evidence_date=None)
    return pd.concat([tables["incident"][DOCUMENTS], marks[DOCUMENTS]], ignore_index=True).drop_duplicates()
