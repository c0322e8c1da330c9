"""Are alias rows suggested for names of one model, and never across versions, sizes, dates and variants?"""

import itertools
import time

import pandas as pd
import pytest

from ingest import suggest


def try_pair(name, target, kind="model", target_id="hf:owner/x"):
    names = pd.DataFrame([{"kind": kind, "source_id": "board", "name": name, "n": 3}])
    targets = pd.DataFrame([{"kind": kind, "target_id": target_id, "name": target, "n": 1}])
    return suggest.suggest(names, targets)


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Llama 3.1 8B Instruct", "meta-llama/Llama-3.1-8B-Instruct"),
        ("Qwen2.5 Coder 7B Inst", "Qwen/Qwen2.5-Coder-7B-Instruct"),
        ("Gemma2-9b-it", "google/gemma-2-9b-it"), ("LLaMA-2 13B", "meta-llama/Llama-2-13b-hf"),
        ("GPT-4o 2024-08-06", "gpt-4o-20240806"), ("claude-3.5-sonnet-20241022", "claude-3-5-sonnet-20241022"),
        ("Mistral Large Instruct 2411", "mistralai/Mistral-Large-Instruct-2411"),
    ],
)  # fmt: skip
def test_another_spelling_of_a_name_is_suggested(name, target):
    found = try_pair(name, target)
    row = found[["kind", "source_id", "name", "target_id"]].to_numpy().tolist()
    assert row == [["model", "board", name, "hf:owner/x"]]
    assert found["score"].between(suggest.MIN_SCORE, 100).all()
    assert "same numbers" in found["why"].iloc[0]


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Llama-3.1-8B", "Llama-3.1-8B-Instruct"), ("Llama-3-8B-Instruct", "Llama-3.1-8B-Instruct"),
        ("llama-2-7b-chat", "llama-2-70b-chat"), ("Phi-3-mini-4k-instruct", "Phi-3.5-mini-4k-instruct"),
        ("Phi-3-mini-4k-instruct", "Phi-3-small-4k-instruct"), ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06"),
        ("gpt-4o", "gpt-4"), ("gpt-4o", "gpt-4o-2024-08-06"), ("gpt-4o", "gpt-4o-mini"),
        ("o3-mini-low", "o3-mini-high"),
        ("claude-3-sonnet-20240229", "claude-3-opus-20240229"), ("qwen3-32b-thinking", "qwen3-32b"),
        ("Llama-2-7B-GPTQ", "Llama-2-7B"), ("Mistral-7B-v0.1", "Mistral-7B-v0.2"), ("gemma-7b", "gemma-7b-it"),
        ("Qwen2.5-Coder-7B", "Qwen2.5-Math-7B"), ("pythia-2.8b", "pythia-2.8b-deduped"), ("Yi-34B", "Yi-1.5-34B"),
        ("opt-1.3b", "opt-13b"), ("falcon-7b", "mpt-7b"), ("Ministral-3-3B", "Ministral-3-3B-Base"),
        ("deepseek-v3.1", "deepseek-v3"), ("gpt-oss-20b-high", "gpt-oss-20b-low"),
        ("mixtral-8x7b-instruct-v0.1", "mixtral-8x22b-instruct-v0.1"),
        ("Llama-4-Maverick-17B-FP8", "Llama-4-Maverick-17B"),
    ],
)  # fmt: skip
def test_near_misses_are_never_suggested(name, target):
    assert try_pair(name, target).empty


@pytest.mark.parametrize(
    ("name", "target", "expected"),
    [
        ("Human Eval", "HumanEval", 1), ("GPQA diamond", "GPQA-Diamond", 1), ("HumanEval+", "HumanEval", 0),
        ("GPQA", "GPQA Diamond", 0), ("MMLU-Pro", "MMLU", 0),
        ("MATH-500", "MATH", 0), ("MMMU (val)", "MMMU (test)", 0), ("AIME 2024", "AIME 2025", 0),
    ],
)  # fmt: skip
def test_benchmarks_are_suggested_by_the_same_rule(name, target, expected):
    assert len(try_pair(name, target, "benchmark", "x")) == expected


def test_a_source_never_gets_its_own_names_and_kinds_do_not_mix():
    assert try_pair("Model 7B", "model-7b", target_id="board:model-7b").empty
    names = pd.DataFrame([{"kind": "benchmark", "source_id": "board", "name": "Model 7B", "n": 3}])
    targets = pd.DataFrame([{"kind": "model", "target_id": "hf:a/model-7b", "name": "a/model-7b", "n": 1}])
    assert suggest.suggest(names, targets).empty


def test_of_equal_targets_the_one_with_more_scores_is_suggested_and_row_order_changes_nothing():
    names = pd.DataFrame({"kind": "model", "source_id": "b", "name": ["Tiny 1B", "Big 2B"], "n": [5, 9]})
    ids = ["hf:copy/tiny-1b", "hf:own/tiny-1b", "hf:own/big-2b"]
    targets = pd.DataFrame({"kind": "model", "target_id": ids, "name": [i[3:] for i in ids], "n": [2, 8, 1]})
    found = suggest.suggest(names, targets)
    assert found["target_id"].tolist() == ["hf:own/big-2b", "hf:own/tiny-1b"]
    pd.testing.assert_frame_equal(found, suggest.suggest(names[::-1], targets[::-1]))
    assert suggest.suggest(names, targets, limit=1)["name"].tolist() == ["Big 2B"]


def test_only_unlinked_models_and_tests_are_asked_about():
    models = pd.DataFrame(
        {
            "model_id": ["hf:a/m-7b", "board:M 7B", "board:Agent", "openai:gpt-4o-2024-08-06"],
            "name": ["a/M-7B", "M 7B", "Agent", "GPT-4o (0806)"], "kind": ["model", "model", "system", "model"],
            "is_linked": [True, False, False, True], "n": [1, 2, 3, 4],
        }
    )  # fmt: skip
    benchmarks = pd.DataFrame({"benchmark_id": ["gsm8k", "board:gsm-8k"], "name": ["GSM8K", "GSM-8K"], "n": [5, 6]})
    names, targets = suggest.read_names(models, benchmarks, ["board"])
    assert names["name"].tolist() == ["M 7B", "GSM-8K"]
    assert set(targets["target_id"]) == {"hf:a/m-7b", "openai:gpt-4o-2024-08-06", "gsm8k"}
    assert "gpt-4o-2024-08-06" in set(targets["name"])
    assert set(suggest.suggest(names, targets)["target_id"]) == {"hf:a/m-7b", "gsm8k"}


def test_twelve_thousand_names_take_less_than_thirty_seconds():
    words = ["llama", "qwen", "gemma", "mistral", "falcon", "yi", "phi", "olmo"]
    parts = itertools.product(words, (1, 2, 3), (1, 7, 13, 70), ("chat", "instruct"), range(63))
    made = [f"{word}-{version}-{size}b-{tuned}-{k}" for word, version, size, tuned, k in parts]
    names = pd.DataFrame({"kind": "model", "source_id": "board", "name": [m.upper() for m in made], "n": 1})
    targets = pd.DataFrame({"kind": "model", "target_id": [f"hf:a/{m}" for m in made], "name": made, "n": 1})
    started = time.monotonic()
    found = suggest.suggest(names, targets)
    assert len(names) > 12_000 and len(found) == len(names)
    assert time.monotonic() - started < 30
