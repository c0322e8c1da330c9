"""Judging somebody's own numbers by stored fits: known answers on the tiny database, whose fits are its true curves."""

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import store
from data import named_sizes
from ingest.facts import normalise
from reading import claims as held_claims
from reading import exports
from scoring.brought import claims
from scoring.verdict import levels
from tests import lakes, tiny_store
from tests.tiny_store import BENCHMARKS, logistic


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    place = lakes.place(tmp_path_factory.mktemp("tiny"))
    tiny_store.write(place)
    opened = store.connect(store.current(place))
    yield opened
    opened.close()


def judged(connection, **columns) -> pd.DataFrame:
    rows = pd.DataFrame({name: values if isinstance(values, list) else [values] for name, values in columns.items()})
    return claims.against(rows.astype(str), claims.Held(**held_claims.held(connection, rows.astype(str))))


def test_the_expected_score_is_the_true_curve_and_comes_back_in_the_unit_of_the_input(connection):
    _, floor, start, _, _, _ = BENCHMARKS["mmlu_pro"]
    true = logistic(start, floor)  # at one billion parameters
    known = {"model": "new", "benchmark": "MMLU-Pro", "setting": "board", "params_b": "1"}
    percent = judged(connection, score="30.0", score_unit="percent", **known).iloc[0]
    fraction = judged(connection, score="0.300", score_unit="fraction", **known).iloc[0]
    assert percent["expected"] == pytest.approx(100 * true, abs=0.1)
    assert fraction["expected"] == pytest.approx(true, abs=0.001)
    assert percent["residual_z"] == pytest.approx(fraction["residual_z"])
    assert (percent["tier"], percent["score_unit"]) == ("A", "percent")


def test_one_number_has_no_q_value_and_is_answered_by_its_own_p_and_rank(connection):
    row = judged(connection, model="new", benchmark="MMLU-Pro", score="99.0", params_b="1", setting="board").iloc[0]
    assert pd.isna(row["q_value"]) and row["level"] == "unusual" and row["direction"] == "high"
    assert row["p_value"] <= 0.001 and "0 of 52 comparable scores are this far out" in row["reasons"]


def test_several_rows_have_a_q_and_each_is_answered_as_if_alone(connection):
    usual = [f"{100 * logistic(-1.9, 0.1):.1f}"] * 30
    rows = judged(
        connection, model=[f"n{i}" for i in range(31)], benchmark=["MMLU-Pro"] * 31, score=[*usual, "75.0"],
        params_b=["1"] * 31, setting=["board"] * 31,
    )  # fmt: skip
    assert rows["level"].tolist() == ["usual"] * 30 + ["unusual"]
    assert rows["q_value"].notna().all() and (rows["q_value"] >= rows["p_value"]).all()
    alone = judged(connection, model="n30", benchmark="MMLU-Pro", score="75.0", params_b="1", setting="board").iloc[0]
    told = ["level", "p_value", "direction", "reasons"]
    assert alone[told].tolist() == rows.loc[30, told].tolist()


def test_another_setting_than_that_of_the_fit_is_said_and_is_no_longer_tier_a(connection):
    row = judged(connection, model="new", benchmark="GSM8K", score="50.0", params_b="7", setting="8-shot").iloc[0]
    assert row["tier"] == "B"
    assert "Compared with scores in the setting board (another setting)" in row["reasons"]


def test_a_size_beyond_the_fit_is_tier_c(connection):
    assert judged(connection, model="n", benchmark="GSM8K", score="50.0", params_b="2000").iloc[0]["tier"] == "C"


def test_size_and_date_of_a_known_model_are_used_and_said(connection):
    row = judged(connection, model="Qwen-4", benchmark="GSM8K", score="12.3").iloc[0]
    assert row["level"] in ("usual", "somewhat", "unusual")
    assert "Its size and date as held in the database." in row["reasons"]


def test_a_score_that_the_database_has_gets_the_finding_of_the_build_by_its_own_chance(connection):
    asked = [*exports.VERDICTS, store.Where("evaluation_id", "=", f"{0:04x}{3:012x}")]
    own = store.read(connection, "anomalies", None, asked).iloc[0]
    row = judged(
        connection, model=own["model_name"], benchmark=own["benchmark_name"], score=own["score_reported"],
        score_unit="percent",
    ).iloc[0]  # fmt: skip
    assert row["level"] == own["level"] == "very_unusual"
    assert row["p_value"] == own["p_value"] and pd.isna(row["q_value"])
    assert row["expected"] == pytest.approx(100 * own["expected"])
    assert row["reasons"] == own["reason_alone"]


def test_one_claim_has_one_answer_alone_and_in_tables_of_one_and_three(connection):
    claimed = {"model": ["new", "Qwen-4", "other"], "score": ["75.0", "12.3", "99.2"], "params_b": ["0.04", "", "70"]}
    told = ["level", "p_value", "direction", "expected", "expected_lower", "expected_upper", "reasons"]
    table = judged(connection, benchmark=["MMLU-Pro", "GSM8K", "GSM8K"], **claimed)
    for i, benchmark in enumerate(["MMLU-Pro", "GSM8K", "GSM8K"]):
        alone = judged(connection, benchmark=benchmark, **{name: values[i] for name, values in claimed.items()}).iloc[0]
        assert alone[told].tolist() == table.loc[i, told].tolist()


@pytest.mark.parametrize(
    ("changed", "level", "sentence"),
    [
        ({"score": "abc"}, "cannot_tell", "The score is not a number."),
        ({"score": "nan"}, "cannot_tell", "The score is not a number."),
        ({"score": "inf"}, "cannot_tell", "The score is not a number."),
        ({"score": "101"}, "check_data", "The score is outside 0 to 100%."),
        ({"score": "0.5"}, "cannot_tell", "State the unit of the score, percent or fraction: too few scores"),
        ({"model": ""}, "cannot_tell", "Name the model and the benchmark."),
        ({"release_date": "31 June"}, "cannot_tell", "The date '31 June' is not a day such as 2024-05-01, or a month"),
        ({"params_b": "-1"}, "cannot_tell", "The size is not a positive number"),
        ({"params_b": "large"}, "cannot_tell", "The size 'large' is not a number such as 7.2B"),
        ({"params_b": ""}, "cannot_tell", "State the number of parameters"),
        ({"benchmark": "never heard of"}, "cannot_tell", "No test of this name is known here."),
        ({"benchmark": "Arena"}, "cannot_tell", "Too few models with a known size have a score on this test."),
    ],
)
def test_a_row_that_cannot_be_judged_comes_back_with_its_reason(connection, changed, level, sentence):
    row = {"model": "new", "benchmark": "GSM8K", "score": "50.0", "params_b": "7", "release_date": ""} | changed
    told = judged(connection, **row).iloc[0]
    assert told["level"] == level
    assert told["reasons"].startswith(sentence)


def test_a_size_in_a_column_of_another_name_is_told_to_the_reader(connection):
    told = judged(connection, model="new", benchmark="GSM8K", score="50.0", parameters="7B", when="2024").iloc[0]
    assert told["reasons"].endswith(
        "(n_parameters or params_b): without a size there are no similar models. Not read: parameters, when."
    )


def test_a_percent_sign_states_the_unit(connection):
    told = judged(connection, model="new", benchmark="GSM8K", score="0.5%", params_b="7").iloc[0]
    assert told["score_unit"] == "percent" and told["level"] != "cannot_tell"


def test_rows_keep_their_order_and_an_empty_table_stays_empty(connection):
    rows = judged(connection, model=["a", "b", "c"], benchmark=["GSM8K", "?", "GPQA"], score=["50.1", "1", "40.2"],
                  params_b=["7"] * 3)  # fmt: skip
    assert list(rows.columns) == claims.ADDED
    assert rows["level"].tolist()[1] == "cannot_tell" and rows["expected"].notna().tolist() == [True, False, True]
    assert judged(connection, model=[], benchmark=[], score=[]).empty


def test_a_number_above_the_reviewed_keys_and_no_whole_number_of_questions_are_said(connection):
    above = judged(connection, model="n", benchmark="GSM8K", score="99.2", params_b="70").iloc[0]
    assert (
        "99.2 is above the share of questions whose published answer a review found right (98.8)." in above["reasons"]
    )
    odd = judged(connection, model="n", benchmark="GPQA", score="40.11", params_b="70", n_items="198").iloc[0]
    assert "Not a whole number of the 198 questions for one run." in odd["reasons"]
    even = judged(connection, model="n", benchmark="GPQA", score="40.40", params_b="70", n_items="198").iloc[0]
    assert "whole number" not in even["reasons"]


def test_the_usual_range_of_a_claim_is_the_band_of_its_fit(connection):
    row = pd.DataFrame([{"model": "n", "benchmark": "GSM8K", "score": "50", "params_b": "7", "setting": "board"}])
    band = claims.usual_range(row, claims.Held(**held_claims.held(connection, row)))
    assert band["expected"].is_monotonic_increasing
    assert ((band["lower"] < band["expected"]) & (band["expected"] < band["upper"])).all()


def test_the_fit_of_the_stated_setting_comes_first_then_the_pool_then_the_largest_board():
    fits = pd.DataFrame(
        {
            "group_id": ["t:m:5-shot", "t:m:board", "t:m"], "setting": ["5-shot", "board", ""], "tier": ["A", "A", "B"],
            "n_rows": [30, 400, 90],
        }
    )  # fmt: skip
    assert claims.choose(fits, "5-Shot")[0]["group_id"] == "t:m:5-shot"
    assert claims.choose(fits, "")[0]["group_id"] == "t:m"
    assert claims.choose(fits.iloc[:2], "")[0]["group_id"] == "t:m:board"


@given(st.text())
def test_names_are_looked_up_by_the_key_that_the_build_writes(name):
    assert held_claims.key(name) == normalise(name)


def test_the_parameters_of_the_tiny_fits_are_those_that_a_judgement_reads(connection):
    stored = store.read(connection, "fit", ["parameters"])["parameters"]
    assert len(stored) == 3 and all("size_slopes" in json.loads(text) for text in stored)


def test_a_rating_that_is_held_is_answered_by_its_finding_whatever_edition_is_meant():
    about = dict.fromkeys(claims.ADDED) | {
        "model_id": "m",
        "level": "usual",
        "reasons": "Place 3 of 9.",
        "expected": 1250.0,
    }
    found = pd.DataFrame(
        [
            about | {"benchmark_id": "arena@2024-01-01", "score": 1289.4, "reasons": "Place 1 of 9."},
            about | {"benchmark_id": "arena@2025-01-01", "score": 1288.6},
        ]
    )
    nothing = pd.DataFrame(columns=["benchmark_id", "model_id", "group_id", "n_parameters"])
    held = claims.Held(tests={"Arena": "arena"}, models={"M": "m"}, fits=nothing, about=nothing, found=found)
    rows = pd.DataFrame({"model": ["M", "M", "N"], "benchmark": ["Arena"] * 3, "score": ["1289", "1200", "1289"]})
    told = claims.against(rows.assign(score_unit="rating"), held)
    assert told["level"].tolist() == ["usual", "cannot_tell", "cannot_tell"]
    assert told["reasons"].tolist() == ["Place 3 of 9.", claims.NO_SHARE, claims.NO_SHARE]
    assert told["expected"].iloc[0] == 1250.0


def test_where_not_even_a_full_score_could_be_marked_an_ordinary_number_says_nothing(connection):
    row = pd.DataFrame(
        [{"model": "new", "benchmark": "MMLU-Pro", "score": "30.0", "params_b": "1", "setting": "board"}]
    )
    held = held_claims.held(connection, row)
    assert claims.against(row, claims.Held(**held)).iloc[0]["level"] == "usual"

    def widened(text: str) -> str:
        fit = json.loads(text)
        return json.dumps(fit | {"spread_log_variance": [4.0] * len(fit["spread_knots"])})

    wide = held | {"fits": held["fits"].assign(parameters=held["fits"]["parameters"].map(widened))}
    told = claims.against(row, claims.Held(**wide)).iloc[0]
    assert told["level"] == "cannot_tell" and told["reasons"].endswith(levels.NO_POWER)


@pytest.mark.parametrize(
    ("name", "size", "is_contradicted"),
    [
        ("meta-llama/Llama-4-Maverick-17B-128E-Instruct", 402e9, False),  # the name says the active size
        ("Llama 4 Scout (17B)", 109e9, False),
        ("Llama-4-Maverick-17B", 400e9, False),
        ("Llama 4 Scout (17B)", 1.7e9, True),
        ("Llama 3.1 Scout (17B)", 109e9, True),
        ("Ling-2.0 6.1B active", 100e9, False),
        ("Jamba 1.5 Large (94B active/398B total)", 398e9, False),
        ("DeepSeek-Coder-V2-Lite 16B (2.4B active)", 2.4e9, True),
        ("Some-MoE 3B", 30e9, False),
        ("Qwen3-30B-A3B", 30.5e9, False),
        ("Llama-4-Maverick-17B-128E", 4e9, True),  # fewer than are active
        ("Llama-2-7B", 70e9, True),
        ("Moebius-7B", 70e9, True),  # no sign of a mixture
        ("Model-7B-2E5", 70e9, True),
    ],
)
def test_a_mixtures_name_may_say_its_active_size(name, size, is_contradicted):
    assert (named_sizes.contradiction(name, size) is not None) == is_contradicted
