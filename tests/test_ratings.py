"""Ratings by votes: known answers, what must change nothing, and ranges that hold nine in ten."""

import numpy as np
import pandas as pd
import pytest

from data.vocabulary import MARKED
from scoring.answers import documents
from scoring.evidence import Evidence
from scoring.expected import ratings
from scoring.signals import size_anomaly
from scoring.verdict import rated as rated_findings
from tests.boards import ASOF, frame_of, population_of

LIST = {"unit": "rating", "benchmark_id": "arena@2025-01-01", "series_id": "arena@2025-01-01:elo:reported"}


def a_list(seed: int, n: int = 120, spread: float = 25.0) -> pd.DataFrame:
    """A list on which a rating is 1,000 + 100 per factor of ten in size, with scatter; a third state no size."""
    rng = np.random.default_rng(seed)
    size = 10 ** rng.uniform(9, 11.5, n)
    rating = 1000 + 100 * (np.log10(size) - 9) + rng.normal(0, spread, n)
    size[::3] = np.nan
    return frame_of(score=rating, n_parameters=size, n_items=np.nan, metric="elo", is_item_count=False, **LIST)


def told(frame: pd.DataFrame) -> pd.DataFrame:
    return size_anomaly.compute(population_of(frame)).findings.set_index("subject_id")


@pytest.fixture(scope="module")
def plain() -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = a_list(1)
    return frame, told(frame)


def test_the_expected_rating_is_the_line_and_stands_in_rating_points(plain):
    frame, found = plain
    sized = frame["n_parameters"].notna().to_numpy()
    line = 1000 + 100 * (np.log10(frame["n_parameters"][sized]) - 9)
    assert np.abs(found["expected"].to_numpy()[sized] - line).max() < 15
    assert found["level"].to_numpy()[~sized].tolist() == ["cannot_tell"] * int((~sized).sum())


def test_a_rating_far_above_its_size_is_marked_and_others_are_not(plain):
    frame, before = plain
    assert not before["level"].isin(MARKED).any()
    found = told(frame.assign(score=frame["score"].where(frame.index != 1, frame["score"] + 400)))
    assert found.index[found["level"].isin(MARKED)].tolist() == ["e00001"]
    assert "points above similar models" in found.loc["e00001", "reason"]


def test_the_scale_of_a_list_has_no_zero(plain):
    frame, found = plain
    moved = told(frame.assign(score=frame["score"] + 500))
    sized = found["expected"].notna()
    assert (moved["expected"] - found["expected"])[sized].to_numpy() == pytest.approx(500, abs=1e-6)
    assert moved["p_value"][sized].to_numpy() == pytest.approx(found["p_value"][sized].to_numpy())


def test_the_sentence_says_the_place_the_neighbours_and_which_larger_models_stand_below(plain):
    frame, found = plain
    order = frame.sort_values("score", ascending=False).reset_index(drop=True)
    place = int(order.index[order["n_parameters"].notna()][30])
    mine, above, below = (order.loc[i] for i in (place, place - 1, place + 1))
    reason = found.loc[mine["evaluation_id"], "reason"]
    assert f"Place {place + 1} of {len(frame)} on this list" in reason
    assert f"after {above['model_name']} ({above['score']:.0f}), before {below['model_name']}" in reason
    larger = order[order["n_parameters"] >= 2 * mine["n_parameters"]]
    n_beaten = int((larger["score"] < mine["score"]).sum())
    assert f"Of {len(larger)} models of at least twice its size and no later date" in reason
    assert (f" {n_beaten} stand" in reason) if n_beaten else (" none stands" in reason)


def test_a_list_of_a_few_models_keeps_its_reason():
    found = told(a_list(2, n=19))
    assert found["level"].eq("cannot_tell").all() and found["reason"].str.contains("its unit is rating").any()


def test_ranges_hold_nine_in_ten_and_almost_nothing_is_marked():
    inside, n_marked = [], 0
    for seed in range(10, 15):
        rated = ratings.place(population_of(a_list(seed)).entries)
        assert rated is not None
        lines = rated.lines[rated.lines["is_placed"].astype(bool)]
        value = rated.entries.loc[lines.index, "value"]
        inside += ((value >= lines["expected_lower"]) & (value <= lines["expected_upper"])).tolist()
        n_marked += int(rated_findings.findings(rated, "")["level"].isin(MARKED).sum())
    assert 0.86 <= np.mean(inside) <= 0.94
    assert n_marked <= 1


def test_a_document_about_a_list_speaks_of_all_its_editions(plain):
    frame, found = plain
    about = pd.DataFrame(
        [("m00001", "arena", "disclosed by the maker", "Its report", "2024-07-31")],
        columns=["model_id", "benchmark_id", "status", "said_by", "evidence_date"],
    )
    evidence = Evidence(evaluations=frame, asof=ASOF, documents=about)
    led = documents.lead(found.reset_index(), evidence, size_anomaly.SIGNAL_ID).set_index("subject_id")["reason"]
    assert led["e00001"].startswith("On record: disclosed by the maker (Its report, 2024-07-31).")
    assert not led["e00002"].startswith("On record")
