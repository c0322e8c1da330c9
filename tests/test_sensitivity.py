"""Sensitivity: a mark that hangs on one kind of models loses it without them; a plain one keeps it."""

import numpy as np
import pandas as pd
import pytest
from boards import evidence_of, frame_of, null_board, population_of, sigmoid

import scoring
from scoring import sensitivity
from scoring.signals import size_anomaly
from scoring.verdict import levels


def board(n: int = 160, *, seed: int = 1, scatter: np.ndarray | float = 0.2, **changes) -> pd.DataFrame:
    """Models that follow one curve, with a scatter (logits) of their own."""
    rng = np.random.default_rng(seed)
    log_size = rng.uniform(8.5, 11, n)
    chance = sigmoid(log_size - 9.5 + scatter * rng.normal(size=n))
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 400, n), unit="D")
    about = {"score": rng.binomial(1000, chance) / 1000, "n_parameters": 10**log_size, "model_date": day}
    return frame_of(**(about | {"developer": [f"maker{i % 40}" for i in range(n)]} | changes))


def planted(frame: pd.DataFrame, score: float) -> pd.DataFrame:
    """The frame with a score of the model whose size is nearest to 3B, which this curve expects at half."""
    row = (np.log10(frame["n_parameters"]) - 9.5).abs().idxmin()
    out = frame.copy()
    out.loc[row, "score"] = score
    return out.assign(is_planted=out.index == row)


def told(frame: pd.DataFrame) -> pd.DataFrame:
    """Findings on the planted score by variant."""
    population = population_of(frame.drop(columns="is_planted"))
    found = sensitivity.rerun(population, size_anomaly.compute(population).findings)
    mine = frame.loc[frame["is_planted"], "evaluation_id"].iloc[0]
    return found[found["subject_id"] == mine].set_index("variant")


def test_a_score_far_from_everybody_is_still_unusual_in_every_variant():
    frame = planted(board(is_merged=[i % 3 == 0 for i in range(160)], is_moe=[i % 5 == 0 for i in range(160)]), 0.97)
    found = told(frame)
    assert sorted(found.index) == sorted(sensitivity.VARIANTS)
    assert set(found["level"]) == {"unusual"}
    assert set(found["direction"]) == {"high"}
    assert found["reason"].str.contains("still unusual").all()
    assert found.loc["without_merges", "n_comparable"] < 110


@pytest.mark.parametrize(("column", "variant"), [("is_merged", "without_merges"), ("is_moe", "without_mixtures")])
def test_a_mark_that_hangs_on_tight_models_of_one_kind_goes_without_them(column, variant):
    kind = np.array([i % 20 != 0 for i in range(600)])
    frame = planted(board(600, scatter=np.where(kind, 0.1, 0.7), **{column: kind}), 0.75)
    frame.loc[frame["is_planted"], column] = False
    found = told(frame)
    assert found.loc[variant, "level"] == "usual"
    assert "no longer unusual" in found.loc[variant, "reason"]
    assert set(found.drop(variant)["level"]) == {"unusual"}


def test_a_mark_that_hangs_on_old_models_goes_among_the_newer_half():
    is_old = np.array([i % 20 != 0 for i in range(640)])
    offset = np.where(is_old, np.arange(640) % 30, 60 + np.arange(640) % 30)
    day = pd.Timestamp("2023-06-01") + pd.to_timedelta(np.where(np.arange(640) >= 320, 90, offset), unit="D")
    loose = ~is_old | (np.arange(640) >= 320)
    # Half the models are tight and old; the newer half scatters widely.
    frame = board(640, scatter=np.where(loose, 0.7, 0.02), model_date=day)
    frame = planted(frame, 0.72)
    population = population_of(frame.drop(columns="is_planted"))
    main = size_anomaly.compute(population).findings
    mine = main["subject_id"].isin(frame.loc[frame["is_planted"], "evaluation_id"])
    found = sensitivity.rerun(population, main.assign(level=np.where(mine, "unusual", "usual"), direction="high"))
    newer = found.set_index("variant").loc["newer_half"]
    assert newer["level"] in ("usual", "somewhat")
    assert newer["n_comparable"] == pytest.approx(320, abs=20)


def test_other_models_of_the_same_developer_do_not_shape_the_answer_without_them():
    plain = planted(board(200), 0.95)
    row = plain.index[plain["is_planted"]][0]
    names = [f"x{i:02d}" for i in range(20)]
    # Twenty further models of the developer, each as high: with them the curve lies higher near this size.
    more = plain.loc[[row] * 20].assign(
        evaluation_id=names, model_id=names, cluster_id=names, score=np.linspace(0.85, 0.9, 20), is_planted=False
    )
    frame = pd.concat([plain, more], ignore_index=True)
    frame.loc[frame["evaluation_id"].isin(names) | frame["is_planted"], "developer"] = "one"
    population = population_of(frame.drop(columns="is_planted"))
    main = size_anomaly.compute(population).findings
    mine = main["subject_id"].isin(frame.loc[frame["is_planted"], "evaluation_id"])
    found = sensitivity.rerun(population, main.assign(level=np.where(mine, "unusual", "usual"))).set_index("variant")
    line = found.loc["without_developer"]
    assert line["n_comparable"] == 199
    assert line["expected"] < main.loc[mine, "expected"].iloc[0]
    assert line["level"] == "unusual"
    assert "21 models left out" in line["reason"]


def test_too_few_models_left_cannot_tell_and_an_unknown_developer_is_said():
    frame = board(60, is_moe=[i >= 15 for i in range(60)]).astype({"developer": object})
    frame = planted(frame, 0.99)
    row = frame.index[frame["is_planted"]][0]
    frame.loc[row, "developer"] = None
    found = told(frame)
    assert found.loc["without_mixtures", "level"] == "cannot_tell"
    assert "too few" in found.loc["without_mixtures", "reason"]
    assert found.loc["without_developer", "level"] == "cannot_tell"
    assert "developer is not known" in found.loc["without_developer", "reason"]
    assert pd.isna(found.loc["without_mixtures", "p_value"])


def test_where_there_is_nothing_to_leave_out_the_finding_stands_as_it_was():
    frame = planted(board(), 0.97)
    population = population_of(frame.drop(columns="is_planted"))
    main = size_anomaly.compute(population).findings.set_index("subject_id")
    found = told(frame)
    before = main.loc[frame.loc[frame["is_planted"], "evaluation_id"].iloc[0]]
    for variant in ("without_merges", "without_mixtures"):
        assert found.loc[variant, "level"] == "unusual"
        assert found.loc[variant, "p_value"] == before["p_value"]
        assert "hardly any" in found.loc[variant, "reason"]


def test_still_means_below_the_cut_off_of_the_correction_and_above_the_smallest_gap(monkeypatch):
    frame = planted(board(is_merged=[i % 3 == 0 for i in range(160)]), 0.97)
    plain = frame.drop(columns="is_planted")
    main = size_anomaly.compute(population_of(plain)).findings
    found = sensitivity.rerun(population_of(plain.assign(rerun_spread=0.4)), main).set_index("variant")
    assert found.loc["without_merges", "level"] == "somewhat"
    assert "gap shrinks" in found.loc["without_merges", "reason"]
    monkeypatch.setattr(levels, "UNUSUAL_Q", 1e-60)
    found = sensitivity.rerun(population_of(plain), main).set_index("variant")
    assert found.loc["without_merges", "level"] == "somewhat"
    assert "would be this far out" in found.loc["without_merges", "reason"]


def test_lower_is_better_scores_keep_their_side():
    frame = planted(board(is_merged=[i % 3 == 0 for i in range(160)]), 0.97)
    turned = frame.assign(score=1 - frame["score"], is_lower_better=True)
    found = told(turned)
    assert set(found["level"]) == {"unusual"}
    assert set(found["direction"]) == {"high"}
    assert found.loc["without_merges", "expected"] == pytest.approx(1 - told(frame).loc["without_merges", "expected"])


def test_without_a_mark_there_is_nothing_to_say_and_a_run_says_four_things_per_mark():
    null = population_of(null_board(3, n_clusters=40, largest=50))
    assert sensitivity.rerun(null, size_anomaly.compute(null).findings).empty
    frame = planted(board(), 0.97).drop(columns="is_planted")
    before = frame.copy(deep=True)
    done = scoring.run(evidence_of(frame))
    pd.testing.assert_frame_equal(frame, before)
    main = done.findings[(done.findings["signal_id"] == "size_anomaly") & (done.findings["variant"] == "")]
    mine = done.findings[done.findings["signal_id"] == sensitivity.SIGNAL_ID]
    marked = main.loc[main["level"].isin(sensitivity.MARKED), "subject_id"]
    assert len(marked) >= 1
    assert sorted(mine["subject_id"].unique()) == sorted(marked)
    assert len(mine) == len(sensitivity.VARIANTS) * len(marked)
    assert sensitivity.SIGNAL_ID in set(done.signals["signal_id"])
    assert mine["reason"].notna().all()
    assert sensitivity.THRESHOLDS["min_gap"] == levels.MIN_GAP
