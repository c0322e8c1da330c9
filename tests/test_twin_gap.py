"""Twin gap: an unusual fall is found and a usual one is not, whatever the twin's difficulty."""

import numpy as np
import pandas as pd
import pytest
from boards import ASOF, frame_of, sigmoid

from scoring.evidence import TWINS, Evidence
from scoring.expected.population import Population
from scoring.signals import twin_gap


def twins_of(*, is_nested: bool = False) -> pd.DataFrame:
    row = ("fresh", "old", "new", "accuracy", is_nested, "Old test", "New test")
    return pd.DataFrame([row], columns=TWINS)


def halves(
    n: int = 60, *, seed: int = 1, harder: float = 0.8, scatter: float = 0.1, n_items: float = 1000, **changes
) -> pd.DataFrame:
    """Rows of a public test and of its twin, which is harder by `harder` logits for every model."""
    rng = np.random.default_rng(seed)
    ability = rng.uniform(-1.5, 3.0, n)
    drawn = int(n_items) if n_items == n_items else 1000
    parts = []
    for name, minus in (("old", 0.0), ("new", harder)):
        chance = sigmoid(ability - minus + scatter * rng.normal(size=n))
        part = {
            "score": rng.binomial(drawn, chance) / drawn,
            "n_items": n_items,
            "benchmark_id": name,
            "series_id": f"{name}:accuracy:board",
            "evaluation_id": [f"{name}-{i:04d}" for i in range(n)],
        }
        parts.append(frame_of(**(part | changes)))
    return pd.concat(parts, ignore_index=True)


def findings_of(frame: pd.DataFrame, **how) -> pd.DataFrame:
    found = twin_gap.compute(Population(Evidence(evaluations=frame, asof=ASOF, twins=twins_of(**how)))).findings
    return found.set_index("subject_id")


def test_a_planted_fall_is_unusual_and_low_and_nothing_else_is():
    frame = halves()
    frame.loc[frame["evaluation_id"] == "old-0007", "score"] = 0.90
    frame.loc[frame["evaluation_id"] == "new-0007", "score"] = 0.50
    found = findings_of(frame)
    row = found.loc["new-0007"]
    assert (row["level"], row["direction"], row["tier"]) == ("unusual", "low", "A")
    assert row["other_evaluation_id"] == "old-0007"
    assert row["expected"] == pytest.approx(sigmoid(np.log(9) - 0.8), abs=0.02)
    assert row["reason"].startswith("90.0 on Old test and 50.0 on New test, where models with that public score")
    assert "points below the expected score; 0 of 59 comparable models" in row["reason"]
    assert (found["level"] == "unusual").sum() == 1


def test_a_model_that_does_not_fall_is_unusual_and_high():
    frame = halves()
    for name in ("old", "new"):
        frame.loc[frame["evaluation_id"] == f"{name}-0007", "score"] = 0.60
    row = findings_of(frame).loc["new-0007"]
    assert (row["level"], row["direction"]) == ("unusual", "high")


@pytest.mark.parametrize("harder", [-0.5, 0.0, 2.0])
def test_how_hard_the_twin_is_marks_nobody(harder):
    found = findings_of(halves(120, harder=harder))
    assert len(found) == 120
    assert not found["level"].isin(["unusual", "very_unusual"]).any()


def test_near_copies_with_the_same_fall_are_no_evidence_that_it_is_usual():
    frame = halves(60)
    copies = [f"{i:04d}" for i in range(60, 100)]
    rows = [
        frame_of(
            score=np.full(40, score),
            n_items=1000,
            benchmark_id=name,
            series_id=f"{name}:accuracy:board",
            evaluation_id=[f"{name}-{c}" for c in copies],
            model_id=[f"copy{c}" for c in copies],
            cluster_id="copies",
        )
        for name, score in (("old", 0.9), ("new", 0.5))
    ]
    found = findings_of(pd.concat([frame, *rows], ignore_index=True))
    mine = found.loc[[f"new-{c}" for c in copies]]
    assert set(mine["level"]) == {"unusual"}
    assert (mine["n_comparable"] == 60).all()


def test_fewer_than_twenty_other_pairs_cannot_tell_and_say_how_many():
    found = findings_of(halves(20))
    assert set(found["level"]) == {"cannot_tell"}
    assert found["reason"].str.contains("19 other models have scores on Old test and New test").all()
    assert set(findings_of(halves(21))["level"]) != {"cannot_tell"}


def test_without_numbers_of_questions_the_scatter_itself_is_the_measure():
    frame = halves(n_items=np.nan)
    frame.loc[frame["evaluation_id"] == "old-0007", "score"] = 0.90
    frame.loc[frame["evaluation_id"] == "new-0007", "score"] = 0.50
    found = findings_of(frame)
    assert found["p_value"].notna().all()
    assert found.loc["new-0007", "level"] == "unusual"


@pytest.mark.parametrize("n_items", [100, np.nan])
def test_a_public_score_at_the_ceiling_gives_a_finite_range_inside_the_scale(n_items):
    frame = halves(n_items=n_items)
    for name, score in (("old-0003", 1.0), ("new-0003", 1.0), ("old-0004", 1.0), ("new-0005", 1.0)):
        frame.loc[frame["evaluation_id"] == name, "score"] = score
    found = findings_of(frame)
    numbers = found[["expected", "expected_lower", "expected_upper", "residual_z", "p_value"]].astype(float)
    assert np.isfinite(numbers).all(axis=None)
    assert found["expected_lower"].between(0, 1).all() and found["expected_upper"].between(0, 1).all()
    assert found.loc[["new-0003", "new-0004"], "tier"].tolist() == ["A", "A"]  # two at 1.0: inside each other's range


def test_few_questions_widen_the_range_for_every_pair():
    few, many = findings_of(halves(n_items=60)), findings_of(halves(n_items=4000))
    width = (few["expected_upper"] - few["expected_lower"]).mean()
    assert width > 2 * (many["expected_upper"] - many["expected_lower"]).mean()


def test_scores_of_different_runs_are_judged_among_themselves_and_say_so():
    frame = halves(60)
    late = frame["evaluation_id"].isin([f"old-{i:04d}" for i in range(30)])
    frame.loc[late, "first_seen_date"] = pd.Timestamp("2024-07-01")  # changed after the twin was printed
    found = findings_of(frame)
    apart = found.loc[[f"new-{i:04d}" for i in range(30)]]
    assert set(apart["tier"]) <= {"B", "C"}
    assert set(found.loc[[f"new-{i:04d}" for i in range(30, 60)], "tier"]) <= {"A", "C"}
    assert apart["reason"].str.contains("not of one run").all()
    assert set(apart["n_comparable"]) == {29}


def test_of_several_runs_each_twin_score_gets_the_public_score_of_its_own():
    frame = halves(40).assign(run="prompt")
    again = halves(40, seed=2).assign(run="tools")
    again["evaluation_id"] = again["evaluation_id"] + "t"
    found = findings_of(pd.concat([again, frame], ignore_index=True))
    assert (found["other_evaluation_id"] == found.index.str.replace("new", "old")).all()
    assert set(found["n_comparable"]) == {39}


def test_the_same_answers_under_stricter_tests_cannot_gain():
    frame = halves(60, scatter=0.02)
    frame.loc[frame["evaluation_id"] == "old-0007", "score"] = 0.40
    frame.loc[frame["evaluation_id"] == "new-0007", "score"] = 0.70
    assert findings_of(frame, is_nested=True).loc["new-0007", "level"] == "cannot_tell"
    assert findings_of(frame).loc["new-0007", "level"] == "unusual"


def test_subsets_problems_other_metrics_and_lower_is_better_take_no_part():
    frame = halves(40)
    twin = frame["benchmark_id"] == "new"
    changes = ({"is_subset": True}, {"metric": "f1"}, {"is_lower_better": True}, {"data_problem": "Ten times."})
    for change in changes:
        other = frame.astype({"data_problem": object})
        for column, value in change.items():
            other.loc[twin, column] = value
        assert len(findings_of_maybe(other)) == 0


def findings_of_maybe(frame: pd.DataFrame) -> pd.DataFrame:
    return twin_gap.compute(Population(Evidence(evaluations=frame, asof=ASOF, twins=twins_of()))).findings


def test_row_order_changes_nothing_and_the_evidence_stays_as_it_was():
    frame = halves(60)
    before = frame.copy(deep=True)
    plain = findings_of(frame)
    pd.testing.assert_frame_equal(frame, before)
    turned = findings_of(frame.iloc[np.random.default_rng(3).permutation(len(frame))])
    for column in ("expected", "p_value", "residual_z"):
        np.testing.assert_allclose(
            turned[column].reindex(plain.index).astype(float), plain[column].astype(float), rtol=1e-4, atol=1e-6
        )


@pytest.mark.parametrize("n_items", [150, np.nan])
def test_without_an_odd_fall_almost_nothing_is_marked_and_ninety_percent_ranges_hold_ninety(n_items):
    tested, marked, inside = 0, 0, 0
    for seed in range(30):
        found = findings_of(halves(80, seed=seed, harder=0.5 + 0.02 * seed, scatter=0.15, n_items=n_items))
        tested += len(found)
        marked += int(found["level"].isin(["unusual", "very_unusual"]).sum())
        inside += int((found["p_value"] >= 0.05).sum())
    assert tested == 2400
    assert marked / tested <= 0.002
    assert 0.87 <= inside / tested <= 0.93
