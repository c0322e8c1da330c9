"""What saturates and whether people agree: known answers, then the committed tables."""

import math

import numpy as np
import pandas as pd
import pytest

from bench import saturation


@pytest.mark.parametrize(
    ("people", "ours", "status", "said"),
    [
        (True, True, "tied", "yes"),
        (True, False, "separating", "no"),
        (True, False, "cannot_tell", "not told"),
        (True, True, "cannot_tell", "yes"),  # by room: little of the scale is left, whoever ties
        (False, False, "separating", "yes"),
        (False, True, "tied", "no"),
        (False, False, "cannot_tell", "not told"),  # saying nothing is no agreement that a test is open
    ],
)
def test_agreement_with_people_by_hand(people, ours, status, said):
    assert saturation.agreement(people, ours, status) == said


def test_a_test_is_as_old_as_its_release_or_the_month_of_its_paper():
    def day(release, url):
        return saturation.released(pd.Series({"release_date": release, "source_url": url}))

    assert day("2021-10-28", "https://arxiv.org/abs/2110.14168") == pd.Timestamp("2021-10-28")
    assert day(None, "https://arxiv.org/abs/2406.15877") == pd.Timestamp("2024-06-01")
    assert day(None, "https://example.org/abs/2406.15877") is None


def made(n=120, effect=1.5):
    rng = np.random.default_rng(1)
    public, age = rng.integers(0, 2, n).astype(float), rng.uniform(0, 6, n)
    return pd.DataFrame(
        {
            "test": [f"t{i // 2}" for i in range(n)], "sources": "one; two",
            "position": 1 + effect * public + 0.2 * age + rng.normal(0, 0.3, n),
            "age_years": age, "models_tenfold": rng.uniform(1, 3, n), "questions_tenfold": rng.uniform(1, 4, n),
            "is_public_test": public, "is_multiple_choice": np.where(np.arange(n) < 40, math.nan, public),
            "is_renewed": 0.0,
        }
    )  # fmt: skip


def test_a_planted_effect_is_found_and_an_unknown_property_removes_the_benchmark():
    table = saturation.regress(made()).set_index(["asked", "property"])
    alone = table.loc[("with age", "is_public_test")]
    assert alone["lower"] < 1.5 < alone["upper"] and alone["lower"] > 1.2
    assert (alone["n_benchmarks"], alone["n_tests"]) == (120, 60)
    assert table.loc[("with age", "is_multiple_choice"), "n_benchmarks"] == 80
    assert table.loc[("all together", "age_years"), "n_benchmarks"] == 80
    none = table.loc[("with age", "models_tenfold")]
    assert none["lower"] < 0 < none["upper"]


def test_a_property_that_hardly_varies_is_left_out():
    assert "is_renewed" not in set(saturation.regress(made())["property"])


def test_growth_is_told_against_the_smallest_board():
    table = saturation.growth(((2, 30), (4, 30)))
    assert table["rows"].tolist() == [60, 120]
    assert table["to_linear"].iloc[0] == 1.0


def test_every_disagreement_of_the_committed_verdicts_carries_its_argument():
    table = pd.read_csv(saturation.METHOD / "verdicts.csv", keep_default_na=False)
    assert len(table) == len(saturation.VERDICTS)
    assert ((table["agrees"] == "yes") == (table["argument"] == "")).all()


def test_a_verdict_of_people_is_held_against_the_one_answer_of_the_test():
    common = {"use": "in_use", "best": 0.9, "kth_best": 0.89, "n_models": 50, "n_makers_12m": 6, "reason": "Said so."}
    answers = pd.DataFrame(
        [
            {"benchmark_id": "mmlu", "status": "crowded", "headroom": 0.07, **common},
            {"benchmark_id": "hle", "status": "separating", "headroom": 0.5, **common},
        ]
    )
    table = saturation.verdicts(answers, pd.Series({"mmlu": "one; two"})).set_index("benchmark_id")
    assert table["agrees"].to_dict() == {"mmlu": "no", "hle": "yes"}
    assert table["agrees_by_room"].to_dict() == {"mmlu": "yes", "hle": "yes"}
    assert table["argument"].to_dict() == {"mmlu": "Said so.", "hle": ""}
    assert table["source_ids"].to_dict() == {"mmlu": "one; two", "hle": ""}
