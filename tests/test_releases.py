"""One release, many identifiers: what rolls up, and what stays apart."""

from pathlib import Path

import pandas as pd
import pytest

from ingest import facts, releases

FACTS = Path(__file__).parent.parent / "data/facts"


@pytest.fixture(scope="module")
def shipped():
    return facts.read(FACTS)


def call(shipped, *models, **more):
    """release_id of rows (model_id, name, developer, family)."""
    rows = pd.DataFrame(models, columns=["model_id", "name", "developer", "family"]).assign(kind="model", **more)
    return releases.assign(rows, shipped)


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("gpt4o", ["GPT-4o (2024-08-06)", "gpt-4o-2024-05-13", "openai/gpt-4o", "GPT 4o", "OpenAI GPT-4o"]),
        ("gpt4", ["gpt-4-0613", "GPT-4", "gpt-4-32k-0314", "GPT4(网页)", "gpt-4 (May 2023)", "GPT-4 (8-shot)"]),
        ("claude3.5 sonnet", ["claude-3-5-sonnet-20241022", "Claude 3.5 Sonnet (Oct)", "anthropic.claude-3-5-sonnet-20241022-v2:0"]),
        ("claude4.5 opus", ["claude-opus-4-5-20251101-thinking-32k", "Claude Opus 4.5", "claude-4.5-opus-high-effort"]),
        ("gemini1.5 pro", ["gemini-1.5-pro-002", "gemini-1.5-pro-exp-0801", "Gemini 1.5 Pro (May 2024)", "gemini-1.5-pro-feb24"]),
        ("gemini2.5 pro", ["gemini-2.5-pro-preview-05-06", "gemini-2-5-pro-2025-06-17-thinking-16k"]),
        ("command r plus", ["Command R+", "c4ai-command-r-plus-08-2024", "Command-R-Plus (FC) (Optimized)", "Cohere Command R Plus"]),
        ("o3", ["o3-2025-04-16-high", "o3 (high)", "OpenAI o3"]),
        ("gpt5", ["GPT-5 (high)", "gpt-5-2025-08-07_xhigh", "GPT-5 w/o thinking"]),
    ],
)  # fmt: skip
def test_dates_hosts_spellings_and_efforts_roll_up(key, names):
    assert {releases.release_key(name) for name in names} == {key}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gpt-4o", "gpt-4o-mini"),
        ("GPT-4", "GPT-4 Turbo"),
        ("Qwen3-235B-A22B-Thinking-2507", "Qwen3-235B-A22B-Instruct-2507"),
        ("mistral-medium-2505", "mistral-large-2407"),
        ("Phi-3-medium-128k-instruct", "Phi-3-mini-128k-instruct"),
        ("gemini-2.0-flash-thinking-exp-01-21", "gemini-2.0-flash-exp"),
        ("gpt-5.1-codex-max", "gpt-5.1-codex"),
        ("Kimi K2 Thinking", "kimi-k2-0905"),
        ("Llama-3-8B-Instruct", "Llama-3-8B"),
    ],
)
def test_other_weights_stay_apart(one, other):
    assert releases.release_key(one) != releases.release_key(other)


def test_dated_versions_keep_their_own_key_and_efforts_of_one_version_share_it():
    assert releases.version_key("gpt-4o-2024-05-13") != releases.version_key("gpt-4o-2024-08-06")
    assert releases.version_key("o3-2025-04-16-high") == releases.version_key("o3-2025-04-16")


def test_names_of_sources_and_identifiers_of_makers_meet_in_one_release(shipped):
    out = call(
        shipped,
        ("openai:gpt-4-0613", "gpt-4-0613", "OpenAI", "GPT"),
        ("arxiv_tables:GPT 4", "GPT 4", None, "GPT"),
        ("swe_bench:SWE-agent + GPT 4", "SWE-agent + GPT 4", None, "GPT"),
        ("hf:someone/gpt-4-like", "someone/gpt-4-like", "someone", "GPT"),
        ("openai:gpt-4-1106-preview", "gpt-4-1106-preview", "OpenAI", "GPT"),
        ("openai:o1-preview-2024-09-12", "o1-preview-2024-09-12", "OpenAI", "GPT"),
    )
    assert out["release_id"].tolist() == [
        "openai/gpt4", "openai/gpt4", "swe_bench:SWE-agent + GPT 4", "hf:someone/gpt-4-like", "openai/gpt4-turbo",
        "openai/o1-preview",
    ]  # fmt: skip


def test_a_release_is_shown_under_a_name_from_which_nothing_was_dropped(shipped):
    out = call(
        shipped,
        *((f"s{i}:x", name, "Google", "Gemini") for i, name in enumerate(
            ["gemini-1.5-pro-002", "Gemini 1.5 Pro (May 2024)", "Gemini 1.5 Pro", "gemini-1.5-pro"])),
    )  # fmt: skip
    assert set(out["release_name"]) == {"Gemini 1.5 Pro"}


def test_one_maker_has_one_spelling_and_unknown_accounts_keep_theirs(shipped):
    rows = pd.DataFrame(
        {
            "developer": ["openai", "meta-llama", "facebook", "Google DeepMind,Google", "DreadPoor", None, None, None],
            "kind": ["model"] * 7 + ["system"],
            "family": ["GPT", "Llama", "OPT", "Gemini", "Llama", "Claude", "Llama", "Claude"],
        },
        index=["a:1", "hf:meta-llama/x", "hf:facebook/x", "a:4", "hf:dreadpoor/x", "mmmu:Claude 9", "a:7", "a:8"],
    )
    found = releases.name_developers(rows.assign(name=rows.index), shipped).tolist()
    assert found == ["OpenAI", "Meta", "Meta", "Google", "DreadPoor", "Anthropic", None, None]


def test_spellings_of_an_unlisted_developer_are_the_most_used_one_and_short_ones_stay_apart(shipped):
    names = [
        "Undi95",
        "Undi95",
        "undi95",
        "Nexusflow",
        "nexusflow",
        "Prime Intellect",
        "PrimeIntellect",
        "SAIL",
        "sail",
    ]
    rows = pd.DataFrame({"developer": names, "kind": "model", "family": "unknown"}, index=[f"a:{i}" for i in range(9)])
    rows["name"] = rows.index
    right = [*["Undi95"] * 3, *["Nexusflow"] * 2, *["Prime Intellect"] * 2, "SAIL", "sail"]
    assert releases.name_developers(rows, shipped).tolist() == right
    assert releases.name_developers(rows[::-1], shipped).tolist() == right[::-1]


def test_a_team_of_a_listed_maker_is_that_maker(shipped):
    rows = pd.DataFrame(
        {"developer": ["Alibaba (Qwen Team)", "Alibaba", "Qwen"], "kind": "model", "family": "Qwen"}, index=list("abc")
    ).assign(name="Qwen")
    assert set(releases.name_developers(rows, shipped)) == {"Alibaba"}


@pytest.mark.parametrize(
    ("name", "family", "maker"),
    [
        ("Kimi K2 Base", "Kimi", "Moonshot AI"),
        ("kimi-k2.6-thinking", "Kimi", "Moonshot AI"),
        ("LLaMA3 70B", "Llama", "Meta"),
        ("Llama 3 70B (8-shot)", "Llama", "Meta"),
        ("Llama-3-120B-Instruct", "Llama", None),  # a size that Meta never made: somebody's merge
        ("miniGPT4 (LLaMA-2-7B)", "Llama", None),
        ("Vicuna-7B", "Llama", None),
        ("Llama-3-8B-SFT", "Llama", None),
        ("Llama 3 70B + DPO", "Llama", None),
    ],
)
def test_a_name_of_the_makers_own_words_is_its_makers_and_with_another_word_it_is_not(shipped, name, family, maker):
    rows = pd.DataFrame(
        [
            ["hf:moonshotai/kimi-k2-instruct", "moonshotai/Kimi-K2-Instruct", "moonshotai", "Kimi"],
            ["hf:moonshotai/kimi-k2.6", "moonshotai/Kimi-K2.6", "moonshotai", "Kimi"],
            ["hf:meta-llama/llama-3-70b-instruct", "meta-llama/Llama-3-70B-Instruct", "meta-llama", "Llama"],
            ["hf:meta-llama/llama3-8b", "meta-llama/Llama3-8B", "meta-llama", "Llama"],
            ["hf:somebody/vicuna-dpo-sft", "somebody/Vicuna-DPO-SFT", "somebody", "Llama"],
            ["cards:x", name, None, family],
            ["hf:nobody/kimi-k2-base", "nobody/Kimi-K2-Base", "nobody", "Kimi"],
        ],
        columns=["model_id", "name", "developer", "family"],
    ).set_index("model_id")
    found = releases.name_developers(rows.assign(kind="model"), shipped)
    assert found["cards:x"] == maker and found["hf:nobody/kimi-k2-base"] == "nobody"
    assert releases.name_developers(rows.assign(kind="system"), shipped)["cards:x"] is None


def test_the_maker_of_a_family_is_not_who_tuned_it_first(shipped):
    assert releases.family_makers(shipped)["Pythia"] == "EleutherAI"
    assert releases.family_makers(shipped)["GPT-J"] == "EleutherAI"


def test_a_spelling_of_two_developers_stops_the_build(tmp_path):
    (tmp_path / "developers.csv").write_text(
        "name,developer,source_url\nmeta,Meta,https://ai.meta.com\nMe-ta,Other,https://ai.meta.com\n"
    )
    with pytest.raises(facts.InvalidFact, match="already means Meta"):
        facts.read(tmp_path)
