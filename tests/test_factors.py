"""The second opinion: the closed form first, then what it promises, then calibration on tables without an odd score."""

import numpy as np
import pandas as pd
import pytest
from boards import evidence_of, frame_of, sigmoid

from scoring.evidence import entries
from scoring.expected import factors


def table(seed: int, n_models: int = 300, n_tests: int = 6, missing: float = 0.2, clones: int = 60) -> pd.DataFrame:
    """Models with two abilities on several tests; the first `clones` models are near-copies of one model."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(0, [0.9, 0.4], (n_models, 2))
    ability[:clones] = ability[0] + rng.normal(0, 0.05, (clones, 2))
    loadings = np.column_stack([rng.uniform(0.6, 1.2, n_tests), rng.normal(0, 1, n_tests)])
    eta = -0.2 + ability @ loadings.T + rng.normal(0, 0.2, (n_models, n_tests))
    score = rng.binomial(500, sigmoid(eta)) / 500
    parts = [
        frame_of(
            score=score[:, j],
            n_items=500,
            benchmark_id=f"b{j}",
            series_id=f"b{j}:accuracy:x",
            cluster_id=["clones" if i < clones else f"c{i}" for i in range(n_models)],
            evaluation_id=[f"e{j}-{i:04d}" for i in range(n_models)],
            n_parameters=np.nan if seed % 2 else 1e9,
        )[rng.uniform(size=n_models) >= missing]
        for j in range(n_tests)
    ]
    return pd.concat(parts, ignore_index=True)


def opinions(frame: pd.DataFrame) -> pd.DataFrame:
    return factors.place(entries(evidence_of(frame))).lines


def test_expected_scores_equal_the_conditional_normal_law():
    rng = np.random.default_rng(1)
    loadings, noise, middle = rng.normal(size=(5, 3)), rng.uniform(0.1, 0.5, 5), rng.normal(size=5)
    y = rng.normal(size=(1, 5))
    y[0, 4] = np.nan
    test_code = np.array([0, 0, 1, 2, 3])  # the first two columns are one test
    mean, variance = factors._without_test(
        y, ~np.isnan(y), test_code, factors.Model(middle=middle, loadings=loadings, noise=noise)
    )
    sigma = loadings @ loadings.T + np.diag(noise)
    for target, others in ((0, [2, 3]), (1, [2, 3]), (2, [0, 1, 3])):
        gain = sigma[target, others] @ np.linalg.inv(sigma[np.ix_(others, others)])
        assert mean[0, target] == pytest.approx(middle[target] + gain @ (y[0, others] - middle[others]))
        expected = sigma[target, target] - noise[target] - gain @ sigma[others, target]
        assert variance[0, target] == pytest.approx(expected)


def test_a_thin_table_gives_what_it_gives_with_its_empty_cells(monkeypatch):
    frame = table(3, missing=0.5)
    full = opinions(frame)
    monkeypatch.setattr(factors, "THIN_CELLS", 0)
    monkeypatch.setattr(factors, "THIN_SHARE", 1.1)
    thin = opinions(frame)
    assert full["p_high"].notna().sum() > 400
    pd.testing.assert_frame_equal(thin, full, rtol=1e-9, atol=1e-12)


def test_a_score_does_not_follow_itself_or_its_near_copies():
    frame = table(2, missing=0.0)
    plain = opinions(frame)
    chosen = frame["cluster_id"].eq("clones") & frame["benchmark_id"].eq("b0")
    moved = opinions(frame.assign(score=frame["score"].where(~chosen, 0.99)))
    rows = frame.loc[chosen, "evaluation_id"]
    np.testing.assert_allclose(moved.loc[rows, "expected"], plain.loc[rows, "expected"], atol=0.04)
    # Nobody can be expected to reach 99% here: the whole cluster stands out on its own test.
    assert (moved.loc[rows, "p_high"] < 1e-3).all()


def test_a_planted_score_stands_out_and_its_model_does_not_elsewhere():
    frame = table(4)
    where = frame.index[(frame["model_id"] == "m00150") & (frame["benchmark_id"] == frame["benchmark_id"].iloc[0])]
    where = where if len(where) else frame.index[frame["model_id"] == "m00150"][:1]
    weak = opinions(frame).loc[frame.loc[where[0], "evaluation_id"], "expected"]
    frame.loc[where[0], "score"] = sigmoid(np.log(weak / (1 - weak)) + 3)
    found = opinions(frame)
    assert found.loc[frame.loc[where[0], "evaluation_id"], "p_high"] < 1e-6


def test_models_with_few_other_tests_get_no_opinion():
    assert len(opinions(table(3, n_tests=3))) == 0
    frame = table(3, n_tests=4, missing=0.0)
    assert (opinions(frame)["n_tests"] == 3).all()
    assert len(opinions(frame.iloc[:0])) == 0


def test_order_and_duplicates_change_nothing():
    frame = table(6, n_models=120, clones=20)
    order = np.random.default_rng(1).permutation(len(frame))
    turned = opinions(pd.concat([frame.iloc[order], frame.iloc[:40]]))
    plain = opinions(frame)
    assert sorted(turned.index) == sorted(plain.index)
    np.testing.assert_allclose(turned.loc[plain.index, "z"], plain["z"], rtol=1e-5, atol=1e-6)


def test_ranges_hold_ninety_percent_and_small_p_values_are_rare():
    rows = []
    for seed in range(4):
        frame = table(seed).set_index("evaluation_id")
        found = opinions(table(seed))
        cluster = frame["cluster_id"].reindex(found.index)
        size = found.groupby([cluster, frame["benchmark_id"].reindex(found.index)])["z"].transform("size")
        rows.append(found.assign(weight=1 / size))
    rows = pd.concat(rows)

    def share(condition: pd.Series) -> float:
        return float(np.average(condition, weights=rows["weight"]))

    assert 0.88 <= share((rows["p_high"] >= 0.05) & (rows["p_low"] >= 0.05)) <= 0.92
    assert share(rows["p_high"] < 0.001) <= 0.002
    assert share(rows["p_low"] < 0.001) <= 0.002
