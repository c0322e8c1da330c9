"""Does `status` say what there is to judge by, counted from the database and from nothing else?"""

import pandas as pd

import store
from reading import status
from tests import lakes, tiny_store


def test_status_counts_item_counts_days_and_makers_own_scores(tmp_path):
    tables = tiny_store.tables()
    place = tiny_store.write(lakes.reading_place(tmp_path))
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
