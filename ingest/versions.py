"""Versions of a test on one board: which are corrections, and which results were carried over and not run again.

Question  Does a new version of a test replace the old values, and is a value in two releases two runs?
Input     History (history.collapse) and the sources' own word on their versions (Source.versions).
Output    The same History: corrected values superseded, carried-over ones joined to the release that ran them.
Method    "corrects": a new version of a test corrects the old one (EvalPlus mends its tests and prompts, and prints all
          models again), so that of one model's values only the newest version's stands. "renews": a release replaces part
          of the questions and carries the other tasks' results over (LiveBench). The same model, task and score to the
          last of at least two decimals in a later release is the earlier release's run: its copies are sightings of it.
Silent    A score of 0 or 100%, or with fewer decimals, may be the same by chance and stays a run of its own.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from data.vocabulary import SHARE_UNITS
from ingest import codes
from ingest.history import History, tell_changes
from ingest.records import Source

RUN = ["source_id", "run", "model_key", "benchmark", "metric", "setting"]  # history.KEY without the version
CARRIED = "carried over from an earlier release of the test"
MIN_DECIMALS = 2


def settle(past: History, sources: Mapping[str, Source]) -> History:
    """The history with corrected versions superseded and carried-over results joined."""
    kinds = {source_id: source.versions for source_id, source in sources.items()}
    kind = past.evaluations["source_id"].map(kinds)
    joined = join_carried(past, (kind == "renews").to_numpy())
    corrects = joined.evaluations["source_id"].map(kinds) == "corrects"
    kept = supersede_corrected(joined.evaluations, corrects.to_numpy())
    return replace(joined, evaluations=kept, changes=tell_changes(kept))


def runs_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with model_key: names of repositories compare without case, as in history."""
    folded = [n.casefold() if s == "hf" else n for n, s in zip(rows["model"], rows["name_scheme"], strict=True)]
    return rows.assign(model_key=folded)


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
    more = copies.assign(ran_as=copies["evaluation_id"].map(ran_as)).groupby("ran_as")
    last, n = (
        out["evaluation_id"].map(more["last_seen_date"].max()),
        out["evaluation_id"].map(more["n_sightings"].sum()),
    )
    out["last_seen_date"] = out["last_seen_date"].where(~(last > out["last_seen_date"]), last)
    out["n_sightings"] = (out["n_sightings"] + n.fillna(0)).astype(int)
    # A release's page lists its own rows only: what a later release carries is still shown.
    out.loc[n.notna() & (out["status"] == "removed"), "status"] = "current"
    counted = copies.groupby("snapshot_id", as_index=False).agg(
        source_id=("source_id", "first"), n_values=("model", "size"), example=("model", "first")
    )
    repeats = pd.concat([past.repeats, counted.assign(rule=CARRIED)], ignore_index=True)
    sightings = seen.iloc[codes.order(seen, ["evaluation_id", "snapshot_id"])].reset_index(drop=True)
    return replace(past, evaluations=out, sightings=sightings, repeats=repeats)
