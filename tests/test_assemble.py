"""Do tables come together as their docstrings say, where two rules could both speak?"""

import numpy as np
import pandas as pd

from ingest import assemble, facts, records
from ingest.records import Reported


def rows(**columns):
    one = {
        "snapshot_id": "s", "series_id": "t:accuracy:reported", "model_kind": "model", "run": "Table 3", "model_id": "m",
        "benchmark_id": "t", "metric": "accuracy", "metric_id": "accuracy", "score": 0.0, "score_reported": "0", "score_unit": "percent",
        "n_items": 1000.0, "source_id": "papers", "setting": "",
    }  # fmt: skip
    return pd.DataFrame([one, one | {"model_id": "n"}, one | {"model_id": "n", "score": 0.5}]).assign(**columns)


def problems(note):
    models = pd.DataFrame({"model_id": ["m", "n"], "size_note": [note, None]})
    series = pd.DataFrame({"series_id": ["t:accuracy:reported"], "is_lower_better": [False]})
    models = models.assign(n_parameters=None, cluster_id=models["model_id"])
    benchmarks = pd.DataFrame({"benchmark_id": ["t"], "floor": [None]})
    evaluations = rows(status="current", metric_id="accuracy")
    return assemble.check(evaluations, models, series, benchmarks, {"papers"}).tolist()


def test_the_first_finding_of_the_checks_stands():
    note = "The name says 7B, the size column says 70B."
    zero = "Failed run or unparsed answers: exactly zero of 1000 items is more often that than a result."
    assert problems(note) == [note, zero, None]
    assert problems(None) == [zero, zero, None]


def test_omissions_of_one_rule_and_page_are_one_row():
    left = pd.DataFrame(
        {
            "source_id": "s", "snapshot_id": ["a", "a", "b"], "rule": "empty cell", "n_values": [2, 3, 1],
            "example": ["y", "x", "z"],
        }
    )  # fmt: skip
    told = assemble.sum_omissions(left, left.head(0))
    assert told[["snapshot_id", "n_values", "example"]].values.tolist() == [["a", 5, "x"], ["b", 1, "z"]]
    twice = assemble.sum_omissions(left, left.assign(rule="printed twice alike on one page"))
    assert set(twice["rule"]) == {"empty cell", "printed twice alike on one page"}
    assert np.array_equal(twice.groupby("rule")["n_values"].sum(), [6, 6])


def test_a_review_speaks_of_the_score_it_names_or_of_all_current_scores_of_a_model_on_a_test(tmp_path):
    common = "real,Someone,2026-11-28,https://example.org/page,"
    (tmp_path / "reviews.csv").write_text(
        "evaluation_id,model,benchmark,verdict_of_reviewer,checked_by,checked_date,source_url,note\n"
        f"e1,,,{common}\n,Org/Some-Model,t,{common}\ngone,,,{common}\n"
    )
    evaluations = pd.DataFrame(
        {
            "evaluation_id": ["e1", "e2", "e3", "e4"], "model_id": ["x:1", "hf:org/some-model", "hf:org/some-model", "x:1"],
            "benchmark_id": "t", "status": ["current", "current", "superseded", "current"],
        }
    )  # fmt: skip
    models = pd.DataFrame({"model_id": ["x:1", "hf:org/some-model"], "name": ["One", "some-model"]})
    found = assemble.list_reviews(facts.read(tmp_path), evaluations, models)
    assert found["evaluation_id"].tolist() == ["e1", "e2"]
    assert found["note"].isna().all()


def test_a_value_that_a_fact_holds_back_is_rejected_with_its_reason_and_address(tmp_path):
    (tmp_path / "held_back.csv").write_text(
        "source_id,model,benchmark,score_reported,reason,source_url\n"
        "board,m,Domains,0.993,The maker prints 99.3 for one domain of the test.,https://a.org/card\n"
    )
    known = facts.read(tmp_path)
    rows = [
        Reported(
            snapshot_id=snapshot, model=model, benchmark=test, score_reported=score, score_unit="fraction", locator="r"
        )
        for snapshot, model, test, score in (
            ("s", "m", "Domains", "0.993"),
            ("s", "m", "Domains", "0.92"),  # another value of the same row is heard
            ("s", "m", "Telecom", "0.993"),
            ("s", "n", "Domains", "0.993"),
            ("other", "m", "Domains", "0.993"),
        )
    ]
    reported = records.frame(rows, records.REPORTED_COLUMNS)
    held = assemble.hold_back(reported, known, pd.Series({"s": "board", "other": "maker"}))
    accepted, refused = records.accept(reported, held)
    assert len(accepted) == 4
    assert refused["score_reported"].tolist() == ["0.993"] and refused["model_reported"].tolist() == ["m"]
    assert refused["reason"].tolist() == ["held back by a fact"]
    assert refused["detail"].tolist() == ["The maker prints 99.3 for one domain of the test (https://a.org/card)."]
