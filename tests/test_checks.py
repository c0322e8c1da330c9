"""Which numbers need a look at the data before anything else?"""

import numpy as np
import pandas as pd
import pytest

from data import named_sizes
from ingest import checks


def column(values, unit="percent", **more):
    scale = 100 if unit == "percent" else 1
    return pd.DataFrame(
        {
            "snapshot_id": "s", "series_id": "s", "model_kind": "model", "run_group": "Table 3", "benchmark_id": "humaneval", "metric": "pass@1",
            "score": np.array([float(v) for v in values]) / scale, "score_reported": values, "score_unit": unit, **more,
        }
    )  # fmt: skip


def test_a_fraction_among_percentages_is_told():
    found = checks.find_scale_slips(column(["26.2", "67.0", "48.1", "0.61", "30.5", "12.8"]))
    assert found.index.tolist() == [3]
    assert found.iloc[0] == "Printed 0.61 in a column of percentages around 28: it may be a fraction."


@pytest.mark.parametrize(
    "values",
    [
        ["0.3", "0.5", "1.2", "0.8", "2.1", "0.0"],  # a hard test: values near 1 are honest
        ["26.2", "67.0", "0.61"],  # too few neighbours to say
        ["26.2", "67.0", "48.1", "30.5", "2.0"],
    ],
)
def test_honest_low_values_are_not_told(values):
    assert checks.find_scale_slips(column(values)).empty


def test_an_exact_zero_is_told_only_with_many_items():
    rows = column(["0", "0", "50", "0"], n_items=[1324.0, 40.0, 1324.0, np.nan], is_lower_better=False)
    assert checks.find_exact_zeros(rows).index.tolist() == [0]
    assert checks.find_exact_zeros(rows.assign(is_lower_better=True)).empty


def test_an_exact_zero_is_told_without_a_count_where_close_scores_show_that_there_are_many_items():
    values = [f"{40 + 0.5 * k}" for k in range(30)]
    rows = column(["0", *values], n_items=np.nan, is_lower_better=False)
    told = checks.find_exact_zeros(rows)
    assert told.index.tolist() == [0]
    assert told.iloc[0].startswith(
        "Failed run or unparsed answers: exactly zero, as 3.2% of 31 scores here, which lie down to 0.5 points apart"
    )
    assert checks.find_exact_zeros(rows.assign(model_kind="system")).empty


@pytest.mark.parametrize(
    "values",
    [
        ["0", *[f"{5 * k}" for k in range(1, 20)] * 2],  # multiples of 1/20: a zero of 20 items is an ordinary result
        [*["0"] * 4, *[f"{0.5 * k}" for k in range(1, 31)]],  # a hard test: more than one in ten is zero
        ["0", "40.0", "40.5", "41.0", "41.5"],  # too few scores to say
        ["0", *["40.00", "40.005", "60"] * 10],  # one value printed twice with other precision
    ],
)
def test_an_exact_zero_without_a_count_is_not_told_where_it_may_be_a_result(values):
    assert checks.find_exact_zeros(column(values, n_items=np.nan, is_lower_better=False)).empty


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("google/gemma-2-27b-it", {27}), ("stabilityai/stablelm-2-1_6b", {1.6}), ("Qwen/Qwen1.5-0.5B", {0.5}),
        ("internlm/internlm2-1_8b", {1.8}), ("a/b-0_5b", {0.5}), ("Marsouuu/lareneg1_78B-ECE", {1.78, 78}),
        ("SicariusSicariiStuff/LLAMA-3_8B_Unaligned_BETA", {3.8, 8}), ("a/LLaMA_2_13B_SFT_v1", {13}),
        ("pankajmathur/orca_mini_v9_7_1B-Instruct", {1}), ("pankajmathur/orca_mini_v8_1_70b", {70}),
        ("mistralai/Mixtral-8x7B-v0.1", set()), ("Qwen/Qwen2-57B-A14B", set()), ("meta-llama/Llama-2", set()),
        ("meta-llama/Llama-4-Maverick-17B-128E-Instruct", set()), ("a/merge-7b-13b", set()),
        ("org/model-4bit-7b", set()), ("org/v1.2b3", set()), ("org/v1.2b", set()),
    ],
)  # fmt: skip
def test_a_size_is_read_off_a_name_in_every_way_that_it_may_be_meant(name, sizes):
    assert sorted(size / 1e9 for size in named_sizes.read_named_sizes(name)) == pytest.approx(sorted(sizes))


def test_a_name_that_disagrees_with_the_size_column_is_told():
    told = checks.find_size_conflict("KeyonZeng/lion-gemma-2b", 8.54e9)
    assert told == "The name says 2B, the size column says 8.54B."
    assert told.startswith(checks.SIZE_DOUBTS)
    assert checks.find_size_conflict("internlm/internlm2-1_8b", 8e9) is not None


@pytest.mark.parametrize(
    ("name", "size", "is_mixture"),
    [
        ("mistralai/Mistral-7B-v0.1", 7.24e9, False), ("tiiuae/falcon-40b", 41.8e9, False),
        ("org/model-7b", None, False), ("org/model-7b", float("nan"), False), ("a/lareneg1_78B-ECE", 1.777e9, False),
        ("pankajmathur/orca_mini_v9_2_70b", 70.6e9, False), ("ibivibiv/multimaster-7b-v2", 35.4e9, True),
        ("a/LLaMA_2_13B_SFT_v1", 13e9, False), ("org/model-0b", 7e9, False),
    ],
)  # fmt: skip
def test_a_name_that_may_agree_with_the_size_column_is_not_told(name, size, is_mixture):
    assert checks.find_size_conflict(name, size, is_mixture) is None


def sized(*rows):
    columns = ["model_id", "name", "n_parameters", "architecture", "base_model", "is_merged"]
    frame = pd.DataFrame(rows, columns=columns).assign(size_precision="exact")
    return frame.astype({"is_merged": object})


def test_a_size_far_from_that_of_the_base_model_is_told():
    models = sized(
        ("hf:a/base", "a/Base", 3.2e9, "Llama", None, None), ("hf:a/tune", "a/Tune", 0.765e9, "Llama", "a/Base", False),
        ("hf:a/merge", "a/Merge", 0.765e9, "Llama", "a/Base", True),
        ("hf:a/other", "a/Other", 0.7e9, "Gemma", "a/base", False),
        ("hf:a/near", "a/Near", 3.3e9, "Llama", "a/base", None), ("hf:a/self", "a/Self", 1e9, "Llama", "a/self", None),
        ("hf:a/said", "a/Said-1b", 1e9, "Llama", "a/base", None),
        ("hf:a/far", "a/Far", 0.1e9, "Llama", "not/listed", None),
    )  # fmt: skip
    told = checks.find_base_conflicts(models)
    assert told.to_dict() == {1: "Its base model has 3.2B, the size column says 0.765B."}
    assert told.iloc[0].startswith(checks.SIZE_DOUBTS)
    assert checks.find_base_conflicts(models.assign(size_precision="floored")).empty


def test_a_size_that_an_architecture_never_has_is_told_unless_the_name_says_it():
    usual = [(f"hf:a/{i}", f"a/{i}", 7e9, "Llama", None, None) for i in range(500)]
    odd = [
        ("hf:a/glass", "a/Glass_v0.3", 7e6, "Llama", None, None), ("hf:a/half", "a/Half", 3e9, "Llama", None, None),
        ("hf:a/small-7m", "a/Small-7m", 7e6, "Llama", None, None), ("hf:b/only", "b/Only", 7e6, "Rare", None, None),
        ("hf:a/32mx2", "a/Tiny-32Mx2-Chat", 4.3e7, "Llama", None, None),
    ]  # fmt: skip
    told = checks.find_rare_sizes(sized(*usual, *odd))
    assert list(told.index) == [500]
    assert told.iloc[0].startswith("The size column says 0.007B, less than a tenth of 99% of the models")
    assert told.iloc[0].startswith(checks.SIZE_DOUBTS)


def test_a_score_quoted_from_a_board_that_shows_rescaled_ones_is_told():
    rows = pd.DataFrame({
        "benchmark_id": ["bbh", "mmlu-pro", "ifeval", "bbh", "gpqa@main"],
        "setting": ["Open LLM Leaderboard v2", "open LLM leaderboard V2, 5-shot", "Open LLM Leaderboard v2", "3-shot", None],
        "score_reported": ["6.18", "2.41", "46.86", "34", "30"],
    })  # fmt: skip
    told = checks.find_rescaled(rows)
    assert told.index.tolist() == [0, 1]
    assert "6.18 is most likely rescaled" in told.iloc[0]
