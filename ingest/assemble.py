"""The tables that sources and facts give, before anything is computed from scores.

Question  Which evaluations, models, benchmarks and series are there, and what was refused, left out or changed?
Input     gathered rows, facts, the modules of the sources.
Output    the tables of data/schema.sql that need no statistics, by name; series without rerun_spread.
Method    accept (records) -> collapse readings into evaluations (history) -> link names (identity) -> check the data.
Silent    Never: a row is an evaluation, a further sighting of one, a rejection or counted as left out.
"""

from collections.abc import Callable, Sequence
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from data.vocabulary import SHARE_UNITS
from ingest import checks, codes, facts, failed_runs, history, identity, records, versions
from ingest.facts import Facts
from ingest.gather import Gathered
from ingest.records import Source
from ingest.sources import own_records

OMISSION = ["source_id", "snapshot_id", "rule", "n_values", "example"]


def hold_back(reported: pd.DataFrame, known: Facts, sources: pd.Series) -> dict[int, records.Refusal]:
    """Refusals of the printed values that data/facts/held_back.csv names, by the row's label.

    sources   source_id by snapshot_id. A fact names what stands on the page, letter for letter: a source that prints
              another value tomorrow is heard again.
    """
    reasons = {
        (
            fact.source_id,
            fact.model,
            fact.benchmark,
            fact.score_reported,
        ): f"{fact.reason.removesuffix('.')} ({fact.source_url})."
        for fact in known.held_back.itertuples(index=False)
    }
    asked = reported[reported["model"].isin(list(known.held_back["model"]))]
    rows = asked[["snapshot_id", "model", "benchmark", "score_reported"]].itertuples(name=None)
    return {
        label: records.Refusal("held back by a fact", reasons[key])
        for label, snapshot, *printed in rows
        if (key := (sources.get(snapshot), *printed)) in reasons
    }


def in_turn(works: Sequence[Callable[[], Any]]) -> list:
    """What pieces of work return, one after the other; a caller that has workers brings `AtOnce` of its own."""
    return [work() for work in works]


AtOnce = Callable[[Sequence[Callable[[], Any]]], list]


def link(
    evaluations: pd.DataFrame, reported: pd.DataFrame, known: Facts, declared: dict[str, Source], at_once: AtOnce
) -> tuple[pd.DataFrame, ...]:
    """Evaluations with model_id, benchmark_id, metric_id, setting_group and series_id; the models, benchmarks and series.

    reported   what sources say about models, with source_id and content_date
    """
    named = evaluations.assign(model_id=identity.name_models(evaluations, known))
    # Whose scores they are and on which tests they stand are two questions that do not need each other.
    models, (tests, benchmarks, series) = at_once(
        [
            partial(identity.make_models, named, reported, known, declared),
            partial(link_tests, evaluations, known, declared),
        ]
    )
    return named.assign(**{c: tests[c] for c in tests.columns}), models, benchmarks, series


def link_tests(evaluations: pd.DataFrame, known: Facts, declared: dict[str, Source]) -> tuple[pd.DataFrame, ...]:
    """benchmark_id, metric_id, setting_group and series_id of each evaluation; the benchmarks and the series."""
    tests = identity.name_tests(evaluations, known, declared)
    linked = evaluations.assign(**{c: tests[c] for c in tests.columns})
    return tests, identity.make_benchmarks(linked, known, declared), identity.make_series(linked, known)


def count_items(evaluations: pd.DataFrame, series: pd.DataFrame) -> pd.Series:
    """Items behind each score: the count printed beside it (partial runs differ), else the series' own, else NaN."""
    printed = records.read_counts(evaluations["n_items"], "count")
    return printed.fillna(evaluations["series_id"].map(series.set_index("series_id")["n_items"].astype(float)))


def _guessable(joined: pd.DataFrame, models: pd.DataFrame, benchmarks: pd.DataFrame) -> pd.DataFrame:
    """What failed_runs.find reads: scores of models as fractions, higher better, with floor, size and cluster_id."""
    rows = joined[
        joined["score_unit"].isin(SHARE_UNITS)
        & ~joined["is_lower_better"].astype(bool)
        & (joined["model_kind"] == "model")
        & (joined["status"] == "current")
    ]
    about = models.set_index("model_id")
    return rows[["series_id", "benchmark_id", "model_id", "score", "n_items"]].assign(
        floor=rows["benchmark_id"].map(benchmarks.set_index("benchmark_id")["floor"]).astype(float),
        size=np.log10(rows["model_id"].map(about["n_parameters"]).astype(float)),
        cluster_id=rows["model_id"].map(about["cluster_id"]),
    )


def check(
    evaluations: pd.DataFrame, models: pd.DataFrame, series: pd.DataFrame, benchmarks: pd.DataFrame, typed: set[str]
) -> pd.Series:
    """data_problem of each evaluation: the first finding of the checks, None where there is none.

    typed   sources whose numbers are typed by hand into tables, where a slip of scale can happen
    """
    joined = evaluations.assign(
        is_lower_better=evaluations["series_id"].map(series.set_index("series_id")["is_lower_better"])
    )
    joined["run_group"] = joined["run"].where(joined["source_id"].isin(typed), "")
    conflict = models.set_index("model_id")["size_note"]
    conflict = conflict[conflict.str.startswith(checks.SIZE_DOUBTS, na=False)]
    problems = pd.Series(None, index=evaluations.index, dtype=object)
    for found in (
        joined["model_id"].map(conflict),
        checks.find_exact_zeros(joined),
        failed_runs.find(_guessable(joined, models, benchmarks)),
        checks.find_lone_shares(joined, {own_records.SOURCE.source_id}),
        checks.find_scale_slips(joined[joined["source_id"].isin(typed)]),
        checks.find_rescaled(joined),
        failed_runs.find_unformed(joined),
    ):
        problems = problems.where(problems.notna(), found.reindex(problems.index))
    problems = problems.where(problems.notna(), failed_runs.find_beside(joined, problems).reindex(problems.index))
    return problems.where(problems.notna(), None)


def count_series(series: pd.DataFrame, evaluations: pd.DataFrame, models: pd.DataFrame) -> pd.DataFrame:
    """Series with counts of current evaluations, models and models with a size."""
    rows = evaluations.loc[evaluations["status"] == "current", ["series_id", "model_id"]]
    pairs = rows.drop_duplicates()
    is_sized = pairs["model_id"].isin(models.loc[models["n_parameters"].notna(), "model_id"])
    counts = {"n_evaluations": rows, "n_models": pairs, "n_sized_models": pairs[is_sized]}
    return series.assign(
        **{
            name: series["series_id"].map(part["series_id"].value_counts()).fillna(0).astype(int)
            for name, part in counts.items()
        }
    )


def fill_in(
    linked: pd.DataFrame, models: pd.DataFrame, series: pd.DataFrame, benchmarks: pd.DataFrame, typed: set[str]
) -> pd.DataFrame:
    """Table evaluation: linked rows under the schema's names, item counts and problems of the data added."""
    linked = linked.assign(n_items=count_items(linked, series))
    evaluations = linked.assign(data_problem=check(linked, models, series, benchmarks, typed))
    evaluations = evaluations.drop(columns="metric").rename(
        columns={"metric_id": "metric", "model": "model_reported", "benchmark": "benchmark_reported"}
    )
    evaluations["evaluated_date"] = [d.isoformat() if d else None for d in evaluations["evaluated_on"].tolist()]
    # What a page prints as a link is not always one ("None"); the page's own address then leads the reader.
    is_address = evaluations["source_url"].str.match(r"https?://")
    evaluations["source_url"] = evaluations["source_url"].where(is_address, evaluations["url"])
    for source, target in (("uncertainty", "uncertainty_reported"), ("setting", "setting"), ("note", "note")):
        evaluations[target] = evaluations[source].replace("", None)
    return evaluations


def list_twins(known: Facts, benchmarks: pd.DataFrame) -> pd.DataFrame:
    """Table twin: the pairs of which both halves have a score."""
    present = set(benchmarks["benchmark_id"])
    rows = known.twins[known.twins["benchmark_id"].isin(present) & known.twins["twin_benchmark_id"].isin(present)]
    empty = {c: rows[c].where(rows[c] != "", None) for c in ("usual_change", "note")}
    return rows.assign(**empty, is_nested=rows["is_nested"] == "yes").reset_index(drop=True)


def list_incidents(known: Facts, models: pd.DataFrame, benchmarks: pd.DataFrame) -> pd.DataFrame:
    """Table incident: documents joined to models and benchmarks by exact names and aliases."""
    by_name = {facts.normalise(n): i for n, i in codes.rows(models, ("name", "model_id"))}
    by_name |= {facts.normalise(i.removeprefix("hf:")): i for i in models["model_id"].tolist() if i.startswith("hf:")}
    rows = known.incidents
    # Alias rows of the source "incidents" say which models a document's own words mean.
    linked = identity.name_models(rows.assign(source_id="incidents", name_scheme=""), known)
    present = set(models["model_id"])
    held = set(benchmarks["benchmark_id"])
    aliases = identity.alias_table(known, "benchmark")
    tests = {name: target for (source, name), (target, _) in aliases.items() if source == "" and target in held}
    tests |= {facts.normalise(n): i for n, i in zip(benchmarks["name"], benchmarks["benchmark_id"], strict=True)}
    return pd.DataFrame(
        {
            "incident_id": rows["incident_id"],
            "model_reported": rows["model"],
            "model_id": [
                i if i in present else by_name.get(facts.normalise(m))
                for i, m in zip(linked, rows["model"], strict=True)
            ],
            "benchmark_reported": rows["benchmark"].replace("", None),
            "benchmark_id": [tests.get(facts.normalise(b)) for b in rows["benchmark"]],
            "status": rows["status"],
            "claim": rows["claim"],
            "said_by": rows["said_by"].replace("", None),
            "evidence_url": rows["evidence_url"],
            "evidence_date": [d.isoformat() if (d := records.read_date(t)) else None for t in rows["evidence_date"]],
            "reply": rows["reply"].replace("", None),
        }
    )


def list_reviews(known: Facts, evaluations: pd.DataFrame, models: pd.DataFrame) -> pd.DataFrame:
    """Table review: one row per score that a person checked; a review of a model on a test speaks of its current scores
    there. A review of a score that is not in this build has no row.
    """
    rows = known.reviews
    asked = evaluations["status"].eq("current") & evaluations["benchmark_id"].isin(rows["benchmark"])
    current = evaluations.loc[asked, ["evaluation_id", "model_id", "benchmark_id"]]
    named = current.merge(models[["model_id", "name"]], on="model_id")
    scores: dict[tuple[str, str], list[str]] = {}
    for row in named.itertuples(index=False):
        for name in {facts.normalise(row.name), facts.normalise(row.model_id.removeprefix("hf:"))}:
            scores.setdefault((name, row.benchmark_id), []).append(row.evaluation_id)
    found = [
        [row.evaluation_id] if row.evaluation_id else scores.get((facts.normalise(row.model), row.benchmark), [])
        for row in rows.itertuples(index=False)
    ]
    present = set(evaluations["evaluation_id"])
    table = rows.assign(evaluation_id=found, note=rows["note"].replace("", None)).explode("evaluation_id")
    return table[table["evaluation_id"].isin(present)].drop_duplicates("evaluation_id", keep="last")


def list_sources(modules: dict[str, ModuleType], gathered: Gathered) -> pd.DataFrame:
    """Table source."""
    rows = []
    for source_id, module in modules.items():
        mine = gathered.snapshots[gathered.snapshots["source_id"] == source_id]
        about = module.SOURCE
        rows.append(
            {
                "source_id": source_id,
                "title": about.title,
                "url": about.url,
                "licence": about.licence,
                "attribution": about.attribution,
                "status": about.status,
                "cadence_days": about.cadence_days,
                "is_redistributable": about.redistribute,
                "n_snapshots": len(mine),
                "newest_content_date": mine["content_date"].max() if len(mine) else None,
                "last_retrieved_at": (mine["retrieved_at"].replace("", None).dropna().max() if len(mine) else None),
                "problem": gathered.problems.get(source_id),
            }
        )
    return pd.DataFrame(rows)


def sum_omissions(omitted: pd.DataFrame, repeats: pd.DataFrame) -> pd.DataFrame:
    """Table omission: what parsers leave out, and values printed twice or carried over, by source, page and rule."""
    left = omitted[OMISSION]
    twice = repeats[OMISSION]
    left = pd.concat([left, twice], ignore_index=True) if len(twice) else left
    return left.groupby(["source_id", "snapshot_id", "rule"], as_index=False).agg(
        n_values=("n_values", "sum"), example=("example", "min")
    )


def make(
    known: Facts,
    modules: dict[str, ModuleType],
    reported: pd.DataFrame,
    gathered: Gathered,
    done: Callable[[str, int], None],
    at_once: AtOnce = in_turn,
) -> dict[str, pd.DataFrame]:
    """All tables that need no statistics; `done(name, n_rows)` is called after each step.

    reported   the reported scores, which take much memory and go when they are accepted; gathered: the rest
    """
    declared = {name: module.SOURCE for name, module in modules.items()}
    pages, n_reported = gathered.snapshots.set_index("snapshot_id"), len(reported)
    accepted, refused = records.accept(reported, hold_back(reported, known, pages["source_id"]))
    del reported
    refused["source_id"] = refused["snapshot_id"].map(pages["source_id"])
    for column in ("content_date", "file_name", "url", "licence"):
        accepted[column] = accepted["snapshot_id"].map(pages[column])
    n_accepted = len(accepted)
    done("accept", n_reported)
    past = history.collapse(accepted, declared)
    del accepted
    past = versions.settle(past, declared)
    done("history", n_accepted)

    about = gathered.models.assign(content_date=gathered.models["snapshot_id"].map(pages["content_date"]))
    linked, models, benchmarks, series = link(past.evaluations, about, known, declared, at_once)
    series = count_series(series, linked, models)
    typed = {name for name, source in declared.items() if not source.is_uniform}
    evaluations = fill_in(linked, models, series, benchmarks, typed)
    done("link", len(evaluations))
    return {
        "source": list_sources(modules, gathered),
        "snapshot": gathered.snapshots.assign(retrieved_at=gathered.snapshots["retrieved_at"].replace("", None)),
        "model": models,
        "benchmark": benchmarks,
        "alias": identity.list_names(models, benchmarks, known),
        "twin": list_twins(known, benchmarks),
        "series": series,
        "evaluation": evaluations,
        "sighting": past.sightings,
        "rejection": pd.concat([refused, past.rejections], ignore_index=True),
        "omission": sum_omissions(gathered.omitted, past.repeats),
        "incident": list_incidents(known, models, benchmarks),
        "review": list_reviews(known, evaluations, models),
        "evaluation_change": past.changes,
    }
