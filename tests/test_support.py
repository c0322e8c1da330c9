"""Low marks and their witnesses, each rule by hand."""

import numpy as np
import pandas as pd
import pytest

from data.vocabulary import CUT_OFF, DOUBTS, FAILED_RUN, FORM, ONE_RUN, RUN_DISAGREES
from scoring.verdict import support

HIGH = 0.5  # p-value of a score that is as it should be


def told(*others, value=0.3, name="a/tuned", benchmark="mmlu", by_size=1e-4, is_at_guess=False, runs=()):
    """The sentence on one low mark; others: (benchmark, source, p_low, by_size) of the model's other tested scores, with
    a value where a fifth stands; runs: (benchmark, source, value, data_problem) that were not tested.
    """
    plain = {"model_id": "m", "model_name": name, "metric": "accuracy", "is_subset": False, "unit": "fraction"}
    rows = [plain | {"benchmark_id": benchmark, "source_id": "board", "value": value, "data_problem": None}]
    p_low, sizes = [1e-6], [by_size]
    for test, source, p, p_size, *rest in others:
        rows.append(
            plain | {"benchmark_id": test, "source_id": source, "value": rest[0] if rest else 0.6, "data_problem": None}
        )
        p_low, sizes = [*p_low, p], [*sizes, p_size]
    tested = pd.DataFrame(rows)
    more = [
        plain | {"benchmark_id": test, "source_id": source, "value": number, "data_problem": problem}
        for test, source, number, problem in runs
    ]
    at_guess = np.zeros(len(tested), dtype=bool)
    at_guess[0] = is_at_guess
    lows = support.Lows(
        rows=tested,
        p_low=np.array(p_low),
        by_size=np.array(sizes),
        lower=np.full(len(tested), 0.5),
        is_at_guess=at_guess,
    )
    return support.sentences(lows, np.array([0]), pd.concat([tested, pd.DataFrame(more)], ignore_index=True))[0]


FINE = [(f"t{i}", "board", HIGH, HIGH) for i in range(5)]


def test_a_lone_low_score_is_low_in_one_run_only():
    assert told(*FINE).startswith(ONE_RUN)
    assert told().startswith(ONE_RUN)


def test_another_low_test_is_a_witness():
    assert "low on another test as well (t5)" in told(*FINE, ("t5", "board", 1e-3, HIGH))
    assert told(*FINE, ("t5", "board", 0.02, HIGH)).startswith(ONE_RUN)  # one in six tests is that low by luck
    assert told(*FINE, ("mmlu@2", "board", 1e-5, HIGH)).startswith(ONE_RUN)  # the same test under another version
    assert told(*FINE, ("ifeval", "board", 1e-5, HIGH)).startswith(ONE_RUN)


def test_all_tests_low_together_is_a_weak_model_or_a_wrong_size():
    low = [(f"t{i}", "board", HIGH, 0.02) for i in range(4)]
    assert told(*low).startswith("Its other tests are low")
    assert told(*low, is_at_guess=True).startswith("Its other tests are low")
    assert told(*low[:2]).startswith(ONE_RUN)


def test_a_score_at_the_level_of_guessing_needs_more_than_one_other_test():
    assert told(*FINE, ("t5", "board", 1e-3, HIGH), is_at_guess=True).startswith(FAILED_RUN)


def test_a_rerun_disagrees_or_repeats():
    fine = [("mmlu", "elsewhere", 0.7, None)]
    assert told(*FINE, runs=fine) == f"{RUN_DISAGREES}, which gave 70.0."
    assert told(*FINE, runs=[("mmlu", "elsewhere", 0.7, "Ten times.")]).startswith(ONE_RUN)
    assert told(*FINE, runs=[("mmlu", "elsewhere", 0.4, None)]).startswith(ONE_RUN)
    assert "Another run of this test" in told(*FINE, ("mmlu", "elsewhere", 0.01, 0.01, 0.32))
    assert told(*FINE, ("mmlu", "elsewhere", 0.01, 0.01, 0.3)).startswith(ONE_RUN)  # one number, printed twice


@pytest.mark.parametrize(
    ("name", "word"), [("a/tuned", ""), ("a/R1-Distill-8B", CUT_OFF), ("a/Phi-4-reasoning", CUT_OFF)]
)
def test_a_model_that_reasons_is_low_only_where_other_sources_say_so(name, word):
    witness = ("t5", "board", 1e-4, HIGH)
    said = told(*FINE, witness, name=name)
    assert said.startswith(word) if word else not said.startswith(DOUBTS)
    assert not told(*FINE, ("t5", "elsewhere", 1e-4, HIGH), name=name).startswith(DOUBTS)


def test_a_test_run_several_times_says_what_the_middle_of_its_runs_says():
    once = ("t5@2024-11-25", "board", 1e-5, HIGH)
    assert "low on another test as well (t5@2024-11-25)" in told(*FINE, once)
    later = [("t5@2025-04-02", "board", HIGH, HIGH), ("t5@2025-04-25", "board", HIGH, HIGH)]
    assert told(*FINE, once, *later).startswith(ONE_RUN)  # two later releases are as they should be
    low = [(f"t{i}@1", "board", HIGH, 0.02) for i in range(4)]
    assert told(*low).startswith("Its other tests are low")
    assert told(*low, *((f"t{i}@{k}", "board", HIGH, HIGH) for i in range(4) for k in "23")).startswith(ONE_RUN)


def test_who_is_known_elsewhere_is_judged_from_there():
    away = [(f"e{i}", "elsewhere", HIGH, HIGH) for i in range(support.ELSEWHERE)]
    witness = ("t5", "board", 1e-4, HIGH)
    assert told(*FINE, witness, *away).startswith(ONE_RUN)
    assert not told(*FINE, witness, *away[:-1]).startswith(DOUBTS)


@pytest.mark.parametrize("benchmark", ["ifeval", "bfcl:bfcl-simple-ast@v3"])
def test_a_test_of_form_alone_says_nothing_of_the_model(benchmark):
    assert told(*FINE, ("t5", "board", 1e-4, HIGH), benchmark=benchmark).startswith(FORM)
    assert told(*[(f"t{i}", "board", HIGH, 0.02) for i in range(4)], benchmark=benchmark).startswith("Its other tests")


def test_a_run_of_which_many_tests_failed_is_a_failed_run():
    failed = [(f"f{i}", "board", 0.0, f"{FAILED_RUN}: zero") for i in range(3)]
    low = [(f"t{i}", "board", HIGH, 0.02) for i in range(4)]
    assert "3 of 8 tests" in told(*low, runs=failed)
    assert told(*low, runs=failed[:2]).startswith("Its other tests")
    assert told(*low, runs=[(t, "elsewhere", v, p) for t, _, v, p in failed]).startswith("Its other tests")
