"""Failed runs: constant answers, crashed runs and unread text are told from weak models."""

import numpy as np
import pandas as pd
import pytest

from data.vocabulary import FAILED_RUN
from ingest import failed_runs


def board(scores, **changes):
    """One series of models of 7B and no near-copies, four choices a question."""
    n = len(scores)
    plain = {
        "series_id": "mmlu:accuracy:board",
        "benchmark_id": "mmlu",
        "model_id": [f"m{i}" for i in range(n)],
        "cluster_id": [f"c{i}" for i in range(n)],
        "score": np.array(scores, dtype=float),
        "n_items": 14042.0,
        "floor": 0.25,
        "size": np.log10(7e9),
    }
    return pd.DataFrame(plain | changes)


ABLE = list(np.linspace(0.5, 0.7, 40))


def test_a_spike_of_one_value_near_guessing_is_a_constant_answer():
    rng = np.random.default_rng(0)
    weak = list(rng.uniform(0.22, 0.28, 40))  # weak models are spread out
    rows = board([*ABLE, *weak, *[0.2312] * 6], size=np.nan)
    found = failed_runs.find(rows)
    assert sorted(found.index) == list(range(80, 86))
    assert found.str.startswith(FAILED_RUN).all() and "23.1" in found.iloc[0]


def test_near_copies_make_no_spike():
    rows = board([*ABLE, *[0.2312] * 6], size=np.nan)
    rows.loc[40:, "cluster_id"] = "one"
    assert failed_runs.find(rows).empty


def test_a_score_at_guessing_among_able_models_of_its_size():
    assert failed_runs.find(board([*ABLE, 0.26])).index.tolist() == [40]
    small = board([*ABLE, 0.26])
    small.loc[40, "size"] = np.log10(1e8)  # no models of its size: it may be weak
    assert failed_runs.find(small).empty


def test_a_size_at_which_many_guess_says_nothing():
    assert failed_runs.find(board([*ABLE[:20], *np.linspace(0.23, 0.27, 20), 0.26])).empty


def test_a_model_that_is_able_elsewhere():
    names = [f"m{i}" for i in range(120)]
    one = board(np.linspace(0.3, 0.7, 120), model_id=names, size=np.nan)
    other = one.assign(series_id="arc:accuracy:board", benchmark_id="arc")
    one.loc[100, "score"] = 0.25
    rows = pd.concat([one, other], ignore_index=True)
    assert failed_runs.find(rows).index.tolist() == [100]


@pytest.mark.parametrize(("score", "failed"), [(0.02, True), (0.2, False)])
def test_where_nothing_can_be_guessed_only_hardly_anything_is_a_failed_run(score, failed):
    rows = board([*ABLE, score], floor=np.nan)
    assert (40 in failed_runs.find(rows).index) == failed


def test_a_small_series_is_not_asked():
    assert failed_runs.find(board([*ABLE[:10], 0.25])).empty


def test_order_of_rows_changes_nothing():
    rows = board([*ABLE, 0.26, 0.2312, 0.2312])
    turned = rows.sample(frac=1, random_state=1)
    pd.testing.assert_series_equal(failed_runs.find(rows).sort_index(), failed_runs.find(turned).sort_index())


def beside(metric, score, unit="fraction", model="a", run="r"):
    return {
        "source_id": "s", "run": run, "snapshot_id": "p", "model_id": model, "benchmark_id": "t", "setting": "val",
        "metric_id": metric, "score": score, "score_unit": unit, "score_reported": str(score),
    }  # fmt: skip


def test_a_score_beside_a_correlation_of_exactly_zero_is_that_of_one_answer_to_all():
    mcc = "matthews-correlation-coefficient"
    rows = pd.DataFrame([
        beside("accuracy", 0.26), beside(mcc, 0.0, "points"),
        beside("accuracy", 0.24, model="b"), beside(mcc, 0.7, "points", model="b"),  # near guessing, yet no constant
        beside("accuracy", 0.26, run="other"),  # other answers of the same model
    ])  # fmt: skip
    nothing = pd.Series(None, index=rows.index, dtype=object)
    told = failed_runs.find_beside(rows, nothing)
    assert told.index.tolist() == [0] and told.iloc[0].startswith(FAILED_RUN)


def test_a_low_score_beside_a_failed_one_of_the_same_answers_failed_too():
    rows = pd.DataFrame([
        beside("exact-match", 0.0), beside("f1", 0.14), beside("chrf3", 0.6), beside("f1", 0.14, model="b"),
        beside("exact-match", 0.0, model="c"), beside("exact-match", 0.1, model="c"),
    ])  # fmt: skip
    problems = pd.Series([f"{FAILED_RUN}: zero", None, None, None, f"{FAILED_RUN}: zero", None], dtype=object)
    told = failed_runs.find_beside(rows, problems)
    assert told.index.tolist() == [1]
    assert "exact-match" in told.iloc[0]


def test_answers_that_hold_the_words_and_never_match_are_not_in_the_form_asked_for():
    rows = pd.DataFrame([
        beside("exact_match", 0.002), beside("f1", 0.3), beside("exact_match", 0.1, model="b"), beside("f1", 0.3, model="b"),
        beside("exact_match", 0.0, model="c"), beside("f1", 0.08, model="c"), beside("f1", 0.5, model="d"),
    ])  # fmt: skip
    told = failed_runs.find_unformed(rows)
    assert told.index.tolist() == [0, 1] and told.str.startswith(FAILED_RUN).all()
    assert "0.2 of 100" in told[0] and "F1 30.0" in told[1]
