"""Which scores of one test stand in one series: shots, tools, effort, fine-tuning, and the part of the test."""

from pathlib import Path

import pandas as pd
import pytest

from ingest import facts, identity, settings
from ingest.records import Source

FACTS = facts.read(Path(__file__).parent.parent / "data/facts")
BOARDS = {
    name: Source(
        source_id=name, title=name, url="https://example.org", licence="", attribution="", status="live", is_uniform=uniform
    )
    for name, uniform in (("papers", False), ("board", True), ("simple_evals", False), ("llm_stats", False))
}  # fmt: skip


def find(benchmark, setting="", model="m", source="papers", scheme=""):
    row = {
        "source_id": source, "benchmark": benchmark, "benchmark_version": "", "metric": "", "setting": setting,
        "model": model, "name_scheme": scheme,
    }  # fmt: skip
    return identity.name_tests(pd.DataFrame([row]), FACTS, BOARDS).iloc[0]


@pytest.mark.parametrize(
    ("board", "model", "scheme", "setting", "group"),
    [
        ("", "gpt-5", "", "effort high", "reported, high effort"),
        ("board", "openai/gpt-oss-20b", "hf", "low", "board, low effort"),
        ("board", "gpt-5-2025-08-07", "", "high, zero-shot, val", "board, high effort"),
        ("board", "Qwen/Qwen3-8B", "hf", "no-thinking", "board, no-thinking"),
        ("board", "x", "hf", "chain-of-thought prompt, reasoning on (medium)", "board, medium effort"),
        ("board", "claude-sonnet-4-6-thinking-auto-high-effort", "", "", "board, high effort"),
        ("board", "gpt-5.2-2025-12-11-nothinking", "", "", "board, no-thinking"),
        ("board", "claude-opus-4-20250514-thinking-1k", "", "", "board, thinking"),
        ("board", "DeepSeek-V3.2-Exp", "", "Prompt + Thinking", "board, thinking"),
        ("", "GPT-5 w/o thinking", "", "", "reported, no-thinking"),
        ("", "GPT-5 (xhigh)", "", "", "reported, xhigh effort"),
    ],
)
def test_thinking_efforts_and_plain_runs_are_settings_of_their_own(board, model, scheme, setting, group):
    assert settings.read_group(board, model, scheme, setting) == group


@pytest.mark.parametrize(
    ("model", "setting"),
    [
        ("Llama2-13B", "high"),  # RACE for high schools
        ("gpt-4-32k", ""),
        ("phi-3-medium", ""),
        ("Qwen3-235B-A22B-Thinking-2507", ""),  # a model of its own
        ("GPT-4o", "chain-of-thought"),
        ("qwen3-max", ""),
    ],
)
def test_other_words_are_no_effort(model, setting):
    assert settings.read_group("", model, "", setting) == "reported"


@pytest.mark.parametrize(
    ("model", "setting", "has_tools"),
    [
        ("o3", "Accuracy (with tools)", True),
        ("o3", "accuracy (with python + browsing)", True),
        ("claude-haiku", "python", True),
        ("deepseek-r1-0528", "Search agent with pre-defined workflow", True),
        ("Claude Sonnet 4.6 w/ tools", "", True),
        ("deepseek-v3.2-exp", "Agentic Tool Use", True),
        ("longcat", "Agentic Tool Using", True),
        ("kimi-k2.5", "Agentic Search, Thinking", True),
        ("m", "mode thinking; effort high; tools python; sampling pass@1", True),
        ("m", "tools: Search", True),
        ("m", "Thinking (High), Search (blocklist) + Code", True),
        ("m", "Thinking (default); vision, CI", True),
        ("m", "with CI", True),
        ("m", "mode thinking; tools none; sampling pass@1", False),
        ("m", "tools: None; effort high", False),
        ("m", "Agentic coding", False),
        ("m", "mini-SWE-agent", False),
        ("o3", "accuracy (no tools)", False),
        ("GPT-5.4 Thinking w/o tools", "", False),
        ("deepseek-v3.2-exp", "Pass@1 (Reasoning Mode w/o Tool Use)", False),
        ("m", "beam search, 5 beams", False),
        ("m", "with beam search", False),
        ("m", "with bootstrap CI", False),
        ("m", "with general tools", True),
        ("m", "no custom tools/prompting", False),
        ("m", "No tools", False),
    ],
)
def test_runs_with_tools_never_stand_with_runs_without(model, setting, has_tools):
    assert settings.read_group("", model, "", setting).split(", ")[1:2] == (["tools"] if has_tools else []) or (
        not has_tools and "tools" not in settings.read_group("", model, "", setting)
    )


@pytest.mark.parametrize(
    ("benchmark", "setting", "group"),
    [
        ("SimpleQA", "Agentic Tool Use", "reported, tools"),
        ("AIME 2025", "with Python", "reported, tools"),
        ("GPQA Diamond", "mode thinking; tools python; sampling pass@1", "reported, tools, thinking"),
        ("HLE", "w/ tools", "reported"),  # with tools it is a test of its own
        ("BrowseComp", "Agentic Tool Use", "reported"),  # a test of searching: tools are no setting of their own
        ("SWE-bench Verified", "Agentic Tool Use", "reported"),
        ("τ²-Bench Retail", "with tools", "reported"),
        ("Humanity's Last Exam (with tools)", "with tools", "reported"),
        ("HumanEval", "python", "reported"),  # the language of its tasks
        ("BrowseComp", "w/ctx manage, Agentic Search", "reported, context management"),
        ("BrowseComp", "no context management", "reported"),
        ("BrowseComp", "Agent Swarm, Agentic Search", "reported, several agents"),
    ],
)
def test_tools_are_a_setting_where_a_test_can_be_taken_without(benchmark, setting, group):
    assert find(benchmark, setting)["setting_group"] == group


def test_what_a_name_says_beside_a_stated_setting_holds_with_it():
    assert find("MMMU-Pro (with tools)", "thinking")["setting_group"] == "reported, tools, thinking"
    assert find("MMMU-Pro (5-shot)", "0-shot")["setting_group"] == "0-shot"


@pytest.mark.parametrize(
    "model",
    ["FacebookAI/xlm-roberta-large", "jhu-clsp/mmBERT-base", "ltg/norbert3-base", "google/electra-base-discriminator",
     "intfloat/multilingual-e5-large", "setu4993/LaBSE", "microsoft/deberta-v3-base", "vesteinn/XLMR-ENIS"],
)  # fmt: skip
def test_encoders_are_fine_tuned_on_a_board_of_language_models(model):
    assert settings.read_group("board", model, "hf", "") == "board, fine-tuned"
    assert settings.read_group("board", "infly/OpenCoder-8B-Base", "hf", "") == "board"
    assert settings.read_group("board", "meta-llama/Llama-3.1-8B", "hf", "") == "board"


@pytest.mark.parametrize(
    ("benchmark", "setting", "source", "benchmark_id"),
    [
        ("GPQA", "Diamond, 0-shot Chain of Thought", "llm_stats", "gpqa-diamond"),
        ("GPQA", "Pass@1 Diamond", "papers", "gpqa-diamond"),
        ("GPQA", "0-shot, CoT", "papers", "gpqa"),
        ("GPQA", "GPT-5 with extended thinking", "papers", "gpqa"),
        ("GPQA", "prompt: chatgpt", "simple_evals", "gpqa-diamond"),
        ("RACE", "high", "papers", "race-high"),
        ("RACE", "middle", "papers", "race-middle"),
        ("ARC", "challenge, 25-shot", "papers", "arc-challenge"),
        ("ARC", "easy", "papers", "arc-easy"),
        ("HLE", "text-only subset", "papers", "hle-text"),
        ("HLE", "text-only subset, with tools", "papers", "hle-text"),
        ("HLE", "w/ tools", "papers", "hle-tools"),
        ("HLE", "reasoning=max, with general tools", "papers", "hle-tools"),
        ("HLE", "Search (blocklist) + Code", "papers", "hle-tools"),
        ("HLE", "no tools, high", "papers", "hle"),
    ],
)
def test_a_part_of_a_test_that_the_setting_names_is_the_test(benchmark, setting, source, benchmark_id):
    assert find(benchmark, setting, source=source)["benchmark_id"] == benchmark_id


def test_thinking_and_plain_runs_of_one_model_share_no_series():
    thinking, plain = (
        find("MMLU", "thinking", "Qwen/Qwen3-8B", "board", "hf"),
        find("MMLU", "", "Qwen/Qwen3-8B", "board", "hf"),
    )
    assert thinking["series_id"] == "mmlu:accuracy:board, thinking" and plain["series_id"] == "mmlu:accuracy:board"


@pytest.mark.parametrize(
    ("setting", "benchmark_id"),
    [
        ("Thinking (High), Telecom", "tau2-bench-telecom"),
        ("Retail, Agentic Tool Use, Reasoning: High", "tau2-bench-retail"),
        ("airline", "tau2-bench-airline"),
        ("Retail and Telecom prompt adjustment; Airline domain fixes", "tau2-bench"),
        ("IT, Thinking mode; avg of 3 domains", "tau2-bench"),
        ("thinking", "tau2-bench"),
    ],
)
def test_a_domain_that_is_an_item_of_the_setting_is_the_test(setting, benchmark_id):
    assert find("τ²-Bench", setting)["benchmark_id"] == benchmark_id
