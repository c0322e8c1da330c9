"""Missing scores of a table: known answers, what must not matter, units, and what cannot be answered."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import pipeline
from reading import claims as known
from scoring.brought import expect
from scoring.expected import missing
from tests import lakes, tiny_store

N_MODELS, N_TESTS = 40, 16


def low_rank(seed: int, share_asked: float = 0.2) -> tuple[pd.DataFrame, pd.Series]:
    """A table of two abilities with a little noise, some cells asked; and the true percentages of all rows."""
    rng = np.random.default_rng(seed)
    ability, load = rng.normal(size=(N_MODELS, 2)), rng.normal([[0.8, 0.0]], [[0.2, 0.5]], (N_TESTS, 2))
    logit = rng.normal(0, 0.8, N_TESTS) + ability @ load.T + rng.normal(0, 0.08, (N_MODELS, N_TESTS))
    cells = pd.DataFrame(np.argwhere(np.ones(logit.shape)), columns=["m", "t"])
    truth = pd.Series((100 / (1 + np.exp(-logit[cells["m"], cells["t"]]))).round(1))
    is_asked = rng.random(len(cells)) < share_asked
    frame = pd.DataFrame(
        {
            "model": [f"{'abcdefgh'[m % 8]}x{m}" for m in cells["m"]],
            "benchmark": [f"Test{chr(97 + t)}" for t in cells["t"]],
            "score": truth.astype(str).mask(is_asked, ""),
            "score_unit": "percent",
        }
    )
    return frame, truth


@pytest.fixture(scope="module")
def answered():
    frame, truth = low_rank(1)
    return frame, truth, expect.alone(frame)


def test_missing_scores_of_a_table_of_two_abilities_are_found_and_nine_of_ten_lie_in_their_range(answered):
    frame, truth, told = answered
    asked = frame["score"].eq("")
    assert told.loc[asked, "expected"].notna().all()
    away = (told["expected"].astype(float) - truth)[asked].abs()
    # The mean of a test's scores is about 15 points off; noise of .08 logits is worth up to 2.
    assert away.median() < 2.5
    inside = truth.between(told["expected_lower"].astype(float) - 0.05, told["expected_upper"].astype(float) + 0.05)
    assert 0.82 <= inside[asked].mean() <= 0.98
    assert told.loc[~asked, "expected"].isna().all()
    assert set(told.loc[~asked, "reason"]) == {expect.EVIDENCE}


def test_the_order_of_rows_and_a_row_given_twice_change_nothing(answered):
    frame, _, told = answered
    shuffled = frame.sample(frac=1, random_state=3)
    twice = pd.concat([shuffled, shuffled[shuffled["score"].ne("")].head(30)])
    again = expect.alone(twice).head(len(frame)).set_axis(shuffled.index).sort_index()
    pd.testing.assert_frame_equal(again, told)


def test_fractions_and_a_test_where_lower_is_better_give_the_same_answers_turned(answered):
    frame, _, _ = answered
    score = pd.to_numeric(frame["score"]) / 100
    errors = frame["benchmark"].eq("Testa")
    # The name stays the first in order, as the order of tests is where the sampler begins.
    turned = frame.assign(
        score=score.where(~errors, 1 - score).round(6).astype(object).where(score.notna(), "").astype(str)
    )
    turned = turned.assign(score_unit="fraction", metric=np.where(errors, "error rate", "")).loc[
        frame["benchmark"].le("Testa")
    ]
    plain = frame[frame["benchmark"].eq("Testa")]
    asked = plain["score"].eq("").to_numpy()
    ours, theirs = (expect.alone(t).loc[asked, "expected"].astype(float) for t in (turned, plain))
    assert np.allclose(100 * (1 - ours), theirs, atol=0.05)


def test_every_row_whose_test_has_one_other_score_is_answered_and_the_others_say_why():
    rows = [
        ("a", "T1", "50", ""), ("b", "T1", "", ""), ("b", "T2", "30", ""), ("a", "T2", "", ""),
        ("new", "T1", "", "2024-05-01"), ("unheard", "T2", "", ""), ("a", "Only", "", ""),
    ]  # fmt: skip
    told = expect.alone(
        pd.DataFrame(rows, columns=["model", "benchmark", "score", "release_date"]).assign(score_unit="%")
    )
    assert told["basis"].tolist()[1:] == ["other scores", None, "other scores", "size and date", "test alone", None]
    assert told["expected"].notna().tolist() == [False, True, False, True, True, True, False]
    wide = told.loc[[1, 3, 4, 5]].astype({"expected_lower": float, "expected_upper": float})
    assert ((wide["expected_upper"] - wide["expected_lower"]) > 15).all()
    assert (
        told.loc[6, "reason"] == "Nobody else has a score on this test in this table, so nothing says what it would be."
    )
    assert told.loc[[1, 4], ["n_comparable", "n_other_scores"]].to_numpy().tolist() == [[1, 1], [1, 0]]


def test_ratings_and_dollars_are_answered_in_their_own_unit(answered):
    frame, truth, _ = answered
    some = frame[frame["benchmark"].le("Testj")].copy()
    rating, dollars = some["benchmark"].eq("Testa"), some["benchmark"].eq("Testb")
    share = truth[some.index] / 100
    elo = 1000 + 200 * np.log(share / (1 - share))
    earned = 100 * np.exp(np.log(share / (1 - share)) * 1.5)
    value = truth[some.index].where(~rating, elo).where(~dollars, earned)
    asked = some["score"].eq("")
    some["score"] = value.round(2).astype(str).mask(asked, "")
    some["score_unit"] = np.select([rating, dollars], ["Elo", "USD"], "")
    told = expect.alone(some).set_axis(some.index)
    mine = told[asked & rating]
    assert set(mine["score_unit"]) == {"rating"}
    assert (mine["expected"].astype(float) - value[mine.index]).abs().median() < 80
    assert np.corrcoef(mine["expected"].astype(float), value[mine.index])[0, 1] > 0.8
    money = told[asked & dollars]
    assert set(money["score_unit"]) == {"points"}
    assert (money["expected_lower"].astype(float) > 0).all()
    assert np.corrcoef(np.log(money["expected"].astype(float)), np.log(value[money.index]))[0, 1] > 0.8
    assert told.loc[asked & ~rating & ~dollars, "score_unit"].eq("percent").all()


def test_a_test_with_few_scores_is_read_in_the_unit_of_the_rest_of_the_table():
    low = [("a", "Hard", "0.8"), ("b", "Hard", "4.2"), ("c", "Hard", "")]
    rest = [(m, f"T{i}", str(40 + 7 * i + 5 * "abc".index(m))) for m in "abc" for i in range(5)]
    told = expect.alone(pd.DataFrame(low + rest, columns=["model", "benchmark", "score"]))
    assert told["score_unit"].eq("percent").all()
    assert 0 < told.loc[2, "expected"] < 40


def test_a_setting_without_scores_is_answered_from_any_and_says_so():
    rows = [
        (m, "T", s, setting) for m, s, setting in (("a", "50", "5-shot"), ("b", "60", "5-shot"), ("c", "", "0-shot"))
    ]
    told = expect.alone(
        pd.DataFrame(rows, columns=["model", "benchmark", "score", "setting"]).assign(score_unit="percent")
    )
    assert expect.ANY_SETTING in told.loc[2, "reason"]
    assert 20 < told.loc[2, "expected"] < 80


def test_rows_that_cannot_be_read_say_why_and_are_no_evidence():
    rows = [
        ("a", "T", "50", "percent", ""), ("b", "T", "many", "percent", ""), ("", "T", "", "percent", ""),
        ("c", "T", "", "bananas", ""), ("d", "T", "", "percent", "someday"), ("e", "T", "150", "percent", ""),
        ("f", "T", "", "percent", ""),
    ]  # fmt: skip
    names = ["model", "benchmark", "score", "score_unit", "release_date"]
    told = expect.alone(pd.DataFrame(rows, columns=names))
    assert told["expected"].notna().tolist() == [False] * 6 + [True]
    assert told.loc[1, "reason"] == "The score is not a number."
    assert told.loc[2, "reason"] == "Name the model and the benchmark."
    assert told.loc[3, "reason"].startswith("The unit of a row is not known")
    assert told.loc[5, "reason"] == "The score is outside 0 to 100%."
    assert told.loc[6, "n_comparable"] == 1
    with pytest.raises(ValueError, match="no column score"):
        expect.alone(pd.DataFrame({"model": ["a"], "benchmark": ["T"]}))


def test_a_range_near_the_end_of_a_share_has_the_error_of_a_count_there():
    few, many = (expect.Scale(kind="share", unit="percent", is_lower_better=False, items=n) for n in (50.0, 2000.0))
    half = np.full(4, 0.3)
    value = np.array([0.0, 2.0, -2.0, 9.0])
    told = few.wider(value, half)
    assert told[0] == pytest.approx(0.3) and told[1] == pytest.approx(told[2]) and told[1] > 0.35
    share = 1 / (1 + np.exp(-2.0))
    by_hand = np.sqrt(0.3**2 + missing.NORMAL_95**2 * (1 / (share * (1 - share)) - 4) / 50)
    assert told[1] == pytest.approx(by_hand)
    assert told[3] == pytest.approx(few.wider(np.array([np.log(48 / 2)]), half[:1])[0])  # two questions wrong, at least
    assert many.wider(value, half)[1] < 0.32
    rating = expect.Scale(kind="amount", unit="rating", is_lower_better=False)
    assert np.array_equal(rating.wider(value, half), half)


def test_the_databases_scores_answer_what_the_table_alone_cannot(tmp_path):
    import store

    path = tiny_store.write(lakes.place(tmp_path))
    with store.connect(path) as connection:
        scores = store.read(connection, "scores", ["model_id", "benchmark_id", "unit"])
        test = scores[scores["unit"].eq("fraction")]["benchmark_id"].value_counts().index[0]
        name = store.read(connection, "benchmark", ["name"], [store.Where("benchmark_id", "=", test)])["name"].iloc[0]
        frame = pd.DataFrame({"model": ["never heard of"], "benchmark": [name], "score": [""], "params_b": ["7"]})
        held = expect.Held(**known.evidence(connection, frame))
    told = expect.against(frame, held).iloc[0]
    assert told["n_comparable"] > 1
    assert 0 <= told["expected_lower"] < told["expected"] < told["expected_upper"] <= 100
    assert expect.alone(frame).iloc[0]["expected"] is None


def test_the_command_answers_a_file_and_refuses_a_bad_one_in_one_sentence(tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("Model;Benchmark;Score (%);maker\na;T;50,5;M\nb;T;;M\n", encoding="utf-8")
    done = CliRunner().invoke(pipeline.app, ["expect", str(source), "--output", str(target), "--alone"])
    assert done.exit_code == 0, done.output
    told = pd.read_csv(target)
    assert {"expected", "expected_lower", "expected_upper", "n_comparable", "n_other_scores", "basis", "reason"} <= set(
        told
    )
    assert 30 < told["expected"].iloc[1] < 70
    source.write_text("model,score\na,1\n", encoding="utf-8")
    refused = CliRunner().invoke(pipeline.app, ["expect", str(source), "--output", str(target), "--alone"])
    assert refused.exit_code == 2


def test_a_model_of_which_nothing_is_known_is_one_like_those_seen():
    """Three models of one test: the answer lay above them all, where single draws had wandered off together."""
    rows = [("a", "MMLU", "70"), ("b", "MMLU", "60"), ("c", "MMLU", "75"), ("a", "GSM8K", "80"), ("b", "GSM8K", "65")]
    frame = pd.DataFrame([*rows, ("d", "MMLU", "")], columns=["model", "benchmark", "score"]).assign(
        score_unit="percent"
    )
    told = expect.alone(frame).iloc[-1]
    assert 60 < told["expected"] < 75
    assert told["expected_lower"] < 60 and told["expected_upper"] > 75
    assert (told["n_comparable"], told["n_other_scores"], told["basis"]) == (3, 0, "test alone")


def test_simpler_methods_find_what_they_assume_and_the_published_table_is_told_as_it_stands():
    from bench import expect as bench
    from ui import measured

    rng = np.random.default_rng(5)
    size, level = rng.normal(10, 1, 30), rng.normal(0, 1, 8)
    y = (size - 10)[:, None] + level
    about = pd.DataFrame({"n_parameters": 10.0**size, "model_date": pd.Timestamp("2024-01-01")}, index=range(30))
    gaps = np.where(rng.random(y.shape) < 0.2, np.nan, y)
    for name in ("two effects", "one factor", "size and date", "second opinion"):
        away = np.abs(bench.BASELINES[name](gaps, about) - y)[np.isnan(gaps)]
        assert np.median(away) < 0.3, name
    assert np.median(np.abs(bench.own_mean(gaps, about) - y)) > 0.4
    rows = pd.read_csv(bench.ROOT / "data" / "method" / "expect.csv")
    ours = rows[rows["method"].eq("expect")].set_index("part")["points"]
    told = measured.about_expected(rows)
    assert all(f"{part}: {points:.1f} points" in told for part, points in ours.items())
    ranges = pd.read_csv(bench.ROOT / "data" / "method" / "expect_ranges.csv")
    assert f"{100 * ranges['coverage'].iloc[0]:.1f}%" in measured.about_ranges(ranges)
    assert all(kind in measured.about_ranges(ranges) for kind in ranges.loc[ranges["coverage"] > 0.95, "kind"])
