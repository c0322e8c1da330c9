"""One run printed more than once on a board: corrected versions, results carried over, answers read by two filters.

Question  Does a new version of a test replace the old values, and is a value in two releases two runs?
Input     History (history.collapse) and the sources' own word on their versions (Source.versions).
Output    The same History: corrected values superseded, carried-over ones joined to the release that ran them, second
          readings of the same answers counted among the repeats.
Method    "corrects": a new version of a test corrects the old one (EvalPlus mends its tests and prompts, and prints all
          models again), so that of one model's values only the newest version's stands. "renews": a release replaces part
          of the questions and carries the other tasks' results over (LiveBench). The same model, task and score to the
          last of at least two decimals in a later release is the earlier release's run: its copies are sightings of it.
          Filters: lm-evaluation-harness reads one run's answers twice, "strict-match" as the task asks and
          "flexible-extract" by the last number. Where both stand, the strict reading is the evaluation.
Silent    A score of 0 or 100%, or with fewer decimals, may be the same by chance and stays a run of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from data.vocabulary import SHARE_UNITS
from ingest import codes
from ingest.history import History, tell_changes
from ingest.records import Source

RUN = ["source_id", "run", "model_key", "benchmark", "metric", "setting"]  # history.KEY without the version
CARRIED = "carried over from an earlier release of the test"
SECOND_FILTER = "second reading of a run's answers (flexible-extract), whose strict reading counts"
FILTER = re.compile(r"[-_;,\s]*(?:strict[-_ ]match|flexible[-_ ]extract)")
MIN_DECIMALS = 2


def settle(past: History, sources: Mapping[str, Source]) -> History:
    """The history with corrected versions superseded and carried-over results joined."""
    kinds = {source_id: source.versions for source_id, source in sources.items()}
    kind = past.evaluations["source_id"].map(kinds)
    joined = join_filters(join_carried(past, (kind == "renews").to_numpy()))
    corrects = joined.evaluations["source_id"].map(kinds) == "corrects"
    kept = supersede_corrected(joined.evaluations, corrects.to_numpy())
    return replace(joined, evaluations=kept, changes=tell_changes(kept))


def runs_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with model_key: names of repositories compare without case, as in history."""
    folded = [n.casefold() if s == "hf" else n for n, s in codes.rows(rows, ("model", "name_scheme"))]
    return rows.assign(model_key=folded)


def join_filters(past: History) -> History:
    """The history without readings by the flexible filter of runs whose strict reading is there too."""
    said = past.evaluations["metric"].str.cat(past.evaluations["setting"], sep="\x1f")
    texts = pd.Series({text: FILTER.sub("", text) for text in said.unique()}, dtype=object)
    is_flexible = said.map({text: "flexible" in text and bare != text for text, bare in texts.items()}).astype(bool)
    bare = said.map(texts)
    rows = runs_of(past.evaluations[bare.isin(set(bare[is_flexible]))])
    rows = rows.assign(bare=bare[rows.index], is_second=is_flexible[rows.index])
    run = ["source_id", "run", "model_key", "benchmark", "benchmark_version", "bare"]
    has_strict = ~rows.groupby(run, sort=False)["is_second"].transform("all")
    second = rows[rows["is_second"] & has_strict]
    if second.empty:
        return past
    gone = set(second["evaluation_id"])
    counted = count_copies(second, SECOND_FILTER)
    return replace(
        past,
        evaluations=past.evaluations[~past.evaluations["evaluation_id"].isin(gone)].reset_index(drop=True),
        sightings=past.sightings[~past.sightings["evaluation_id"].isin(gone)].reset_index(drop=True),
        repeats=pd.concat([past.repeats, counted], ignore_index=True),
    )


def count_copies(rows: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Evaluations that are no runs of their own, counted per snapshot."""
    counted = rows.groupby("snapshot_id", as_index=False).agg(
        source_id=("source_id", "first"), n_values=("model", "size"), example=("model", "first")
    )
    return counted.assign(rule=rule)


def supersede_corrected(kept: pd.DataFrame, corrects: pd.Series) -> pd.DataFrame:
    """Evaluations with status `superseded` for values whose run has a value under a newer version of the test."""
    out = kept.copy()
    rows = runs_of(kept[corrects & kept["status"].isin(["current", "removed"]).to_numpy()])
    rows = rows.sort_values([*RUN, "last_seen_date", "first_seen_date", "benchmark_version"], kind="stable")
    newer = rows.groupby(RUN, sort=False)["evaluation_id"].shift(-1)
    older = rows["evaluation_id"].where(newer.notna())
    out.loc[newer.index[newer.notna()], "status"] = "superseded"
    before = dict(zip(newer.dropna(), older.dropna(), strict=True))
    found = out["evaluation_id"].map(before)
    out["supersedes_id"] = out["supersedes_id"].where(out["supersedes_id"].notna(), found)
    return out


def join_carried(past: History, renews: pd.Series) -> History:
    """The history without carried-over copies: their sightings belong to the first release that has the value."""
    rows = runs_of(past.evaluations[renews])
    rows = rows[
        (rows["benchmark_version"] != "")
        & (rows["score_decimals"] >= MIN_DECIMALS)
        & (rows["score"] > 0)
        & ((rows["score"] < 1) | ~rows["score_unit"].isin(SHARE_UNITS))
        & rows["supersedes_id"].isna()
        & (rows["status"] != "superseded")
    ].sort_values([*RUN, "benchmark_version"], kind="stable")
    first = rows.groupby([*RUN, "score_reported"], sort=False)["evaluation_id"].transform("first")
    copies = rows[first != rows["evaluation_id"]]
    if copies.empty:
        return past
    ran_as = dict(zip(copies["evaluation_id"], first[copies.index], strict=True))
    out = past.evaluations[~past.evaluations["evaluation_id"].isin(list(ran_as))].reset_index(drop=True)
    run_ids = past.sightings["evaluation_id"].map(ran_as)
    run_ids = run_ids.where(run_ids.notna(), past.sightings["evaluation_id"])
    seen = past.sightings.assign(evaluation_id=run_ids).drop_duplicates(["evaluation_id", "snapshot_id"])
    more = copies.assign(ran_as=copies["evaluation_id"].map(ran_as)).sort_values("last_seen_date", kind="stable")
    last, n = (
        out["evaluation_id"].map(more.drop_duplicates("ran_as", keep="last").set_index("ran_as")["last_seen_date"]),
        out["evaluation_id"].map(more.groupby("ran_as")["n_sightings"].sum()),
    )
    out["last_seen_date"] = out["last_seen_date"].where(~(last > out["last_seen_date"]), last)
    out["n_sightings"] = (out["n_sightings"] + n.fillna(0)).astype(int)
    # A release's page lists its own rows only: what a later release carries is still shown.
    out.loc[n.notna() & (out["status"] == "removed"), "status"] = "current"
    repeats = pd.concat([past.repeats, count_copies(copies, CARRIED)], ignore_index=True)
    sightings = seen.iloc[codes.order(seen, ["evaluation_id", "snapshot_id"])].reset_index(drop=True)
    return replace(past, evaluations=out, sightings=sightings, repeats=repeats)
