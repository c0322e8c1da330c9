"""Search: what people type finds what they mean, with other spacing, other order, a letter wrong, or a part only."""

import pytest

import store
from reading import search
from tests import lakes, tiny_store

NAMES = {
    # release: members, scores
    "Gemma 2 27B": (["google/gemma-2-27b", "Gemma 2 27B"], 170),
    "gemma-2-27b-it": (["google/gemma-2-27b-it"], 250),
    "gemma-2b": (["google/gemma-2b"], 900),
    "GPT-4o": (["gpt-4o", "GPT 4o", "gpt_4o", "openai/gpt-4o-2024-05-13"], 700),
    "GPT-4o mini": (["GPT-4o-mini-2024-07-18"], 380),
    "ChatGPT-4o": (["chatgpt-4o-latest"], 140),
    "Reflection 70B": (["mattshumer/Reflection-Llama-3.1-70B", "Reflection-70B"], 30),
    "Grok 4": (["grok-4-0709"], 170),
    "Grok 4.1": (["grok-4.1-thinking"], 900),
    "Claude 3.5 Sonnet": (["claude-3-5-sonnet-20240620"], 440),
    "Command R+": (["command-r-plus"], 90),
    "Command R": (["command-r"], 95),
    "DeepSeek-V3": (["deepseek-ai/DeepSeek-V3"], 390),
}
TESTS = {"SWE-bench Verified": 450, "SWE-bench Lite": 80, "MMLU-Pro": 7600, "GSM8K": 8800, "HumanEval": 1000}


@pytest.fixture(scope="module")
def made() -> search.Index:
    index = search.Index()
    for release, (members, n) in NAMES.items():
        index.add(search.Thing("model", release, release, members[0], tuple(members), n), [release, *members])
    for name, n in TESTS.items():
        index.add(search.Thing("benchmark", name, name, name, (name,), n), [name])
    index.add(search.Thing("family", "Gemma", "Gemma", "Gemma", ("Gemma",), 5000), ["Gemma"])
    index.add(search.Thing("maker", "anthropic", "Anthropic", "anthropic", ("anthropic",), 5600), ["Anthropic"])
    index.tokens = sorted(index.holders)
    return index


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("gemma 2 27b", "Gemma 2 27B"),
        ("GEMMA2 27B", "Gemma 2 27B"),
        ("gemma-2", "gemma-2-27b-it"),
        ("gpt4o", "GPT-4o"),
        ("GPT 4O", "GPT-4o"),
        ("gpt_4o mini", "GPT-4o mini"),
        ("reflection 70b", "Reflection 70B"),
        ("70B reflection", "Reflection 70B"),
        ("grok 4", "Grok 4"),
        ("grok4.1", "Grok 4.1"),
        ("sonnet claude 3.5", "Claude 3.5 Sonnet"),
        ("command r", "Command R"),
        ("command r+", "Command R+"),
        ("Command R plus", "Command R+"),
        ("deepseekv3", "DeepSeek-V3"),
        ("swebench verified", "SWE-bench Verified"),
        ("mmlupro", "MMLU-Pro"),
        ("gsm 8k", "GSM8K"),
        ("human eval", "HumanEval"),
        ("gemma", "Gemma"),
        ("anthropic", "Anthropic"),
    ],
)
def test_other_spacing_order_and_capitals_find_the_same(made, text, first):
    found = search.find(made, text)
    assert found.hits[0].name == first
    assert found.corrected == ""


@pytest.mark.parametrize(
    ("text", "first", "meant"),
    [
        ("gema 2 27b", "Gemma 2 27B", "gemma 2 27b"),
        ("gemna 2 27b", "Gemma 2 27B", "gemma 2 27b"),
        ("reflexion 70b", "Reflection 70B", "reflection 70b"),
        ("antropic", "Anthropic", "anthropic"),
        ("cluade sonnet", "Claude 3.5 Sonnet", "claude sonnet"),
        ("deepsek v3", "DeepSeek-V3", "deepseek v 3"),
    ],
)
def test_a_misspelt_word_finds_what_is_nearest_and_says_what_was_looked_for(made, text, first, meant):
    found = search.find(made, text)
    assert (found.hits[0].name, found.corrected) == (first, meant)


@pytest.mark.parametrize("text", ["", "   ", "…", "🙂", "xyzzyx", "gemma 9", "%_'; DROP TABLE", "z" * 5000])
def test_what_nothing_is_called_finds_nothing(made, text):
    assert search.find(made, text) == search.Found()


def test_a_model_is_one_hit_whatever_its_hosts_and_spellings_and_brings_them_along(made):
    hits = [hit for hit in search.find(made, "gpt 4o").hits if hit.name == "GPT-4o"]
    assert len(hits) == 1
    assert set(hits[0].members) == {"gpt-4o", "GPT 4o", "gpt_4o", "openai/gpt-4o-2024-05-13"}


def test_kinds_and_limit_choose_among_the_hits(made):
    assert {hit.kind for hit in search.find(made, "gemma").hits} == {"family", "model"}
    assert {hit.kind for hit in search.find(made, "gemma", ("model",)).hits} == {"model"}
    assert len(search.find(made, "gemma", limit=1).hits) == 1


def test_a_number_is_no_beginning_of_a_longer_one(made):
    assert "Gemma 2 27B" not in {hit.name for hit in search.find(made, "gemma 7").hits}
    assert search.find(made, "reflection 70").hits[0].name == "Reflection 70B"


def test_everything_in_a_database_can_be_found_by_its_own_name_and_is_told_with_its_answer(tmp_path):
    connection = store.connect(tiny_store.write(lakes.place(tmp_path)))
    made = search.index(connection)
    for name, kind in (("Qwen-5", "model"), ("MMLU-Pro", "benchmark"), ("Qwen", "family")):
        hit = search.find(made, name).hits[0]
        assert (hit.name, hit.kind) == (name, kind)
    hits = search.find(made, "qwen 5", ("model",)).hits + search.find(made, "gpqa").hits
    told = search.answers(connection, hits)
    assert told["benchmark", "gpqa"]["reason"].startswith("Best credible score")
    assert isinstance(told["model", hits[0].id]["reason"], str)
    assert search.find(made, "<img src=x").hits[0].name == tiny_store.HOSTILE
