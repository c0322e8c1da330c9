"""Opinions beside size and date: how they add up, what near-copies see, and a stranger's table."""

import numpy as np
import pandas as pd
import pytest
from boards import ASOF, frame_of, population_of, sigmoid

from scoring.brought import check
from scoring.expected import small_board
from scoring.signals import ceiling, near_copies, possible_number
from scoring.verdict import combined


def test_a_single_opinion_keeps_its_p_value_and_none_gives_none():
    p = np.array([[0.02, np.nan, np.nan], [np.nan, np.nan, 1e-9], [np.nan] * 3])
    np.testing.assert_allclose(combined.combine(p), [0.02, 1e-9, np.nan])


def test_a_contrary_opinion_does_not_veto_and_the_clearest_loses_no_more_than_its_weight():
    p = combined.combine(np.array([[1.0, 1.0, 1e-8], [1e-8, 0.5, 1.0], [0.3, 0.3, 0.3]]))
    assert p[0] == pytest.approx(1e-8 / combined.WEIGHTS[2], rel=0.01)
    assert p[1] == pytest.approx(1e-8 / combined.WEIGHTS[0], rel=0.01)
    assert p[2] == pytest.approx(0.3)


def test_without_near_copies_other_scores_count_four_times_as_much_as_size_and_date():
    p = combined.combine(np.array([[1e-8, 0.5, np.nan], [0.5, 1e-8, np.nan]]))
    assert p == pytest.approx([1e-8 / combined.NO_COPIES[0], 1e-8 / combined.NO_COPIES[1]], rel=0.01)
    assert combined.NO_COPIES[1] == 4 * combined.NO_COPIES[0] and sum(combined.NO_COPIES) == 1


@pytest.mark.parametrize("n_opinions", [2, 3])
@pytest.mark.parametrize("rho", [0.0, 0.5, 0.95])
def test_combined_p_values_keep_their_word_whatever_the_dependence(rho, n_opinions):
    from scipy.stats import norm

    rng = np.random.default_rng(1)
    z = np.sqrt(rho) * rng.normal(size=(400_000, 1)) + np.sqrt(1 - rho) * rng.normal(size=(400_000, 3))
    p = combined.combine(np.where(np.arange(3) < n_opinions, norm.sf(z), np.nan))
    for mark in (0.05, 0.001, 0.0001):
        assert (p < mark).mean() < 1.25 * mark + 3e-5


def clusters(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    home = np.repeat(np.arange(15), 30)
    eta = rng.normal(0, 1, 15)[home] + rng.normal(0, 0.2, len(home))
    score = rng.binomial(1000, sigmoid(eta)) / 1000
    return frame_of(score=score, cluster_id=[f"c{h}" for h in home], n_parameters=1e9)


def test_a_score_far_from_its_near_copies_stands_out_and_little_else_does():
    frame = clusters(1)
    frame.loc[10, "score"] = min(0.99, frame.loc[:29, "score"].median() + 0.3)
    found = near_copies.compute(population_of(frame)).findings.set_index("subject_id")
    assert found.loc["e00010", "level"] == "unusual" and found.loc["e00010", "direction"] == "high"
    assert (found["level"] == "unusual").sum() <= 2


def test_small_clusters_have_no_near_copies_to_speak():
    frame = clusters(2).assign(cluster_id=[f"c{i}" for i in range(450)])
    assert len(near_copies.compute(population_of(frame)).findings) == 0


def test_a_number_that_no_count_gives_is_a_matter_of_data():
    score = np.round(np.arange(10, 50) / 164, 3)
    score[5] = 0.501
    frame = frame_of(score=np.round(score, 4), n_items=164, score_decimals=3)
    found = possible_number.compute(population_of(frame)).findings
    assert found["subject_id"].tolist() == ["e00005"] and set(found["level"]) == {"check_data"}
    many = frame.assign(n_items=20_000)
    assert len(possible_number.compute(population_of(many)).findings) == 0


def test_a_rare_score_above_the_band_is_told_and_a_common_one_contradicts_the_review():
    score = np.linspace(0.3, 0.9, 40)
    rare = frame_of(score=np.append(score, 0.99), ceiling=0.95, ceiling_high=0.97)
    found = ceiling.compute(population_of(rare)).findings
    assert found["level"].tolist() == ["check_data"]
    common = frame_of(score=np.append(score, [0.98] * 6), ceiling=0.95, ceiling_high=0.97)
    assert set(ceiling.compute(population_of(common)).findings["level"]) == {"usual"}


def test_a_trained_score_leads_a_small_table():
    rng = np.random.default_rng(3)
    ability = rng.normal(0, 1, 31)
    others = sigmoid(ability[:, None] + rng.normal(0, 0.15, (31, 5)))
    y = sigmoid(ability - 0.5 + rng.normal(0, 0.15, 31))
    y[4] += 0.3
    z = small_board.by_others(y, others).z(y)
    assert np.argmax(z) == 4 and z[4] > 4
    assert np.isnan(small_board.by_others(y[:10], others[:10]).z(y[:10])).all()


def test_a_model_unlike_all_others_is_told_with_a_wider_range_and_a_far_outlier_bends_nothing():
    rng = np.random.default_rng(4)
    others = rng.uniform(0.3, 0.6, (40, 3))
    y = others.mean(axis=1) + rng.normal(0, 0.01, 40)
    others[7], y[7] = (0.95, 0.05, 0.5), 0.5
    straight = small_board.by_others(y, others)
    assert straight.sd[7] > 2 * np.median(straight.sd)
    far = np.where(np.arange(40) == 3, y + 0.5, y)
    bent = small_board.by_others(far, others)
    keep = np.arange(40) != 7
    assert np.abs(bent.expected - straight.expected)[keep].max() < 0.02 and np.argmax(bent.z(far)) == 3


def table(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    size = 10 ** rng.uniform(8.5, 11, n)
    rows = [
        {"model": f"m{i}", "benchmark": f"b{b}", "score": f"{100 * s:.1f}", "n_parameters": f"{size[i]:.0f}"}
        for b in range(5)
        for i, s in enumerate(sigmoid(np.log10(size) - 9.5 + 0.2 * rng.normal(size=n)))
    ]
    return pd.DataFrame(rows)


def test_every_row_of_a_table_comes_back_in_order_with_a_reason():
    rows = table()
    rows.loc[3, "score"], rows.loc[4, "score"], rows.loc[5, "model"] = "abc", "140", ""
    told = check.alone(rows, ASOF)
    assert list(told.columns) == check.ADDED and len(told) == len(rows)
    assert told["reasons"].notna().all()
    assert told.loc[3, "reasons"] == "The score is not a number."
    assert told.loc[4, "level"] == "check_data"
    assert (told["score_unit"].drop(3) == "percent").all()  # a text has no unit
    assert told["expected"].dropna().between(1, 100).all()


def test_units_are_read_from_the_scores_or_asked_for():
    rows = pd.DataFrame({"model": list("abcdefg"), "benchmark": ["x"] * 5 + ["y"] * 2, "score": ["0.5"] * 7})
    told = check.read(rows)
    assert told["score_unit"].tolist() == ["fraction"] * 5 + [""] * 2
    assert told.loc[5, "problem"].startswith("State the unit")
    assert check.read(rows.assign(score_unit="%"))["fraction"].iloc[0] == pytest.approx(0.005)


def test_a_table_without_its_columns_is_refused_by_name():
    with pytest.raises(ValueError, match="no column score"):
        check.read(pd.DataFrame({"model": ["a"], "benchmark": ["b"]}))


def tight(n: int = 60, n_tests: int = 5) -> pd.DataFrame:
    """A table of sized models whose scores (percent) on every test follow size to about a tenth of a point."""
    rng = np.random.default_rng(8)
    size = 10 ** rng.uniform(8.5, 11, n)
    rows = [
        {
            "model": f"m{i:02d}",
            "benchmark": f"b{b}",
            "score": s,
            "n_parameters": f"{size[i]:.0f}",
            "score_unit": "percent",
        }
        for b in range(n_tests)
        for i, s in enumerate(20 + 20 * (np.log10(size) - 8.5) + rng.normal(0, 0.1, n))
    ]
    return pd.DataFrame(rows)


def printed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(score=rows["score"].map("{:.2f}".format))


def test_on_a_small_table_a_far_outlier_lends_no_gap_to_a_row_that_is_two_points_off():
    rows = tight()
    far, near = rows.index[(rows["benchmark"] == "b0")][[10, 40]]
    rows.loc[far, "score"] += 25.0
    rows.loc[near, "score"] += 2.0
    told = check.alone(printed(rows), ASOF)
    assert told.loc[far, "level"] == "unusual" and told.loc[far, "direction"] == "high"
    assert told.loc[near, "level"] == "somewhat" and told.loc[near, "q_value"] <= 0.05
    assert "smaller than what is marked (3.0)" in told.loc[near, "reasons"]
    assert (told["level"] == "unusual").sum() == 1


def test_a_row_of_a_small_table_holds_the_numbers_of_one_method():
    rows = tight()
    told = check.alone(printed(rows), ASOF).assign(score=rows["score"].round(2))
    assert (told["tier"] == "A").all() and (told["n_comparable"] == 59).all()
    numbers = told[["score", "expected", "expected_lower", "expected_upper", "residual_z"]].astype(float)
    assert (np.sign(numbers["score"] - numbers["expected"]) == np.sign(numbers["residual_z"])).all()
    inside = numbers["score"].between(numbers["expected_lower"], numbers["expected_upper"])
    assert inside.mean() >= 0.85
    assert told["second_opinion_expected"].notna().all()


def test_a_number_whose_data_need_checking_stays_so_on_a_small_table_and_is_no_evidence():
    rows = tight().assign(n_items="1000")
    zero = rows.index[(rows["benchmark"] == "b0")][3]
    told = check.alone(printed(rows.assign(score=rows["score"].mask(rows.index == zero, 0.0))), ASOF)
    without = check.alone(printed(rows.drop(index=zero)), ASOF)
    assert told.loc[zero, "level"] == "check_data" and "not one right answer" in told.loc[zero, "reasons"]
    assert told.drop(index=zero)["level"].tolist() == without["level"].tolist()


def test_a_small_table_of_error_rates_is_judged_as_the_same_table_of_right_answers():
    rows = tight()
    rows.loc[rows.index[(rows["benchmark"] == "b0")][10], "score"] += 25.0
    plain = check.alone(printed(rows), ASOF)
    wrong = rows.assign(score=100 - rows["score"].round(2), benchmark=rows["benchmark"] + " error rate")
    turned = check.alone(printed(wrong), ASOF)
    assert (turned["level"].tolist(), turned["direction"].tolist()) == (
        plain["level"].tolist(),
        plain["direction"].tolist(),
    )
    for name, other in (
        ("expected", "expected"),
        ("expected_lower", "expected_upper"),
        ("second_opinion_expected",) * 2,
    ):
        np.testing.assert_allclose(turned[name].astype(float), 100 - plain[other].astype(float), atol=1e-6)
    assert (
        turned["reasons"].str.startswith("Lower than").sum() == plain["reasons"].str.startswith("Higher than").sum() > 0
    )
