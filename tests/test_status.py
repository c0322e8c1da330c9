"""Does `status` say what there is to judge by, counted from the database and from nothing else?"""

import pandas as pd

import store
from reading import exports, status
from tests import lakes, tiny_store


def test_status_counts_item_counts_days_and_makers_own_scores(tmp_path):
    tables = tiny_store.tables()
    place = tiny_store.write(lakes.place(tmp_path))
    told = status.summarise(store.connect(place))["coverage"]
    evaluations = tables["evaluation"]
    headline = evaluations[~evaluations["is_subset"].astype(bool) & (evaluations["status"] != "superseded")]
    assert told["headline_evaluations"] == len(headline)
    series = tables["series"]
    counted = set(series.loc[series["n_items"].notna() | series["n_at_least"].notna(), "benchmark_id"])
    assert told["benchmarks_with_item_count"] == len(counted & set(headline["benchmark_id"]))
    own = headline[headline["evaluator_relationship"] == "first_party"].merge(tables["model"], on="model_id")
    assert sum(told["first_party_scores_by_quarter_of_model"].values()) == own["model_date"].notna().sum()
    assert sum(told["models_by_date_basis"].values()) == len(tables["model"])
    assert all(pd.Period(quarter.replace("-", ""), "Q") for quarter in told["first_party_scores_by_quarter_of_model"])


def test_status_counts_the_marks_that_home_counts_and_no_part_of_a_test(tmp_path):
    tables = tiny_store.tables()
    findings, evaluations = tables["finding"], tables["evaluation"]
    own = findings[(findings["signal_id"] == "size_anomaly") & (findings["variant"] == "")]
    marked = own[own["level"].isin(["unusual", "very_unusual"]) & (own["direction"] == "high")]["subject_id"]
    evaluations.loc[evaluations["evaluation_id"] == marked.iloc[0], "is_subset"] = True
    connection = store.connect(store.write(tables, lakes.place(tmp_path)))
    marks = store.read(connection, "anomalies", ["level", "direction"], list(exports.COUNTED))
    shown = marks[marks["level"].isin(["unusual", "very_unusual"])]["direction"].value_counts()
    told = status.summarise(connection)["totals"]
    assert (told["unusual_high"], told["unusual_low"]) == (shown.get("high", 0), shown.get("low", 0))
    assert told["unusual_high"] < len(marked)
