"""Which numbers need a look at the data before anything else?"""

import numpy as np
import pandas as pd
import pytest

from ingest import checks


def column(values, unit="percent", **more):
    scale = 100 if unit == "percent" else 1
    return pd.DataFrame(
        {
            "snapshot_id": "s", "run_group": "Table 3", "benchmark_id": "humaneval", "metric": "pass@1",
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


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("google/gemma-2-27b-it", 27e9), ("stabilityai/stablelm-2-1_6b", 1.6e9), ("Qwen/Qwen1.5-0.5B", 0.5e9),
        ("mistralai/Mixtral-8x7B-v0.1", None), ("Qwen/Qwen2-57B-A14B", None), ("meta-llama/Llama-2", None),
        ("a/merge-7b-13b", None), ("org/model-4bit-7b", None), ("org/v1.2b3", None),
    ],
)  # fmt: skip
def test_a_size_is_read_off_a_name_only_when_it_is_one_plain_size(name, size):
    assert checks.read_named_size(name) == size


def test_a_name_that_disagrees_with_the_size_column_is_told():
    told = checks.find_size_conflict("Marsouuu/lareneg1_78B-ECE-PRYMMAL-Martial", 1.777e9)
    assert told == "The name says 78B, the size column says 1.78B."
    assert checks.find_size_conflict("mistralai/Mistral-7B-v0.1", 7.24e9) is None
    assert checks.find_size_conflict("tiiuae/falcon-40b", 41.8e9) is None
    assert checks.find_size_conflict("org/model-7b", None) is None
    assert checks.find_size_conflict("org/model-7b", float("nan")) is None
