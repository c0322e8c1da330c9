"""Do names mean what exact rows say, and nothing more? Are sizes, dates and clusters chosen as stated?"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench import name_pairs
from ingest import facts, identity, records
from ingest.records import ReportedModel, Source

FACTS = facts.read(Path(__file__).parent.parent / "data" / "facts")
SOURCES = {
    name: Source(
        source_id=name,
        title=name,
        url=f"https://{name}.example",
        licence="x",
        attribution="x",
        status="live",
        is_uniform=uniform,
    )
    for name, uniform in (("board", True), ("papers", False), ("open_llm_leaderboard_v1", True))
}


def named(model, scheme="", source="papers"):
    return identity.name_models(
        pd.DataFrame([{"source_id": source, "model": model, "name_scheme": scheme}]), FACTS
    ).iloc[0]


def find_test(benchmark, metric="", setting="", version="", source="papers", model="m", scheme=""):
    row = {
        "model": model,
        "name_scheme": scheme,
        "source_id": source,
        "benchmark": benchmark,
        "benchmark_version": version,
        "metric": metric,
        "setting": setting,
    }
    return identity.name_tests(pd.DataFrame([row]), FACTS, SOURCES).iloc[0]


def test_a_repository_id_is_shared_by_all_sources_whatever_its_case():
    assert named("Google/Gemma-7B", "hf") == named("google/gemma-7b", "hf", "board") == "hf:google/gemma-7b"


def test_a_name_without_an_alias_row_stays_with_its_source():
    assert named("Some New Model 7B") == "papers:Some New Model 7B"
    assert named('=HYPERLINK("http://x","y")') == 'papers:=HYPERLINK("http://x","y")'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gemma-7b", "gemma-7b-it"), ("Qwen2.5-7B", "Qwen2.5-7B-Instruct"), ("GPT-4o", "GPT-4o mini"),
        ("claude-3-5-sonnet-20240620", "claude-3-5-sonnet-20241022"), ("o1-low", "o1-high"), ("llama-7b", "llama-70b"),
        ("model-7b", "model-7b-GPTQ"), ("Phi-3-mini", "Phi-3.5-mini"),
    ],
)  # fmt: skip
def test_variants_of_a_model_stay_apart(one, other):
    assert named(one) != named(other)


@pytest.mark.parametrize("drawn", ["", "drawn before", "drawn after", "drawn last", "drawn fresh"])
def test_linked_names_are_the_same_model_and_names_of_the_same_model_are_linked(drawn):
    mine = FACTS.name_pairs[FACTS.name_pairs["judged_by"].str.contains(drawn)]
    assert len(mine) >= (1400 if not drawn else 200)
    # A link between names that do not say which version they mean counts as wrong, too.
    found = name_pairs.measure(mine, FACTS)
    assert found["precision"] >= 0.995
    assert found["recall"] >= 0.95


def test_the_first_figure_of_a_fresh_draw_stays_as_it_was_measured():
    # The misses of a draw are read in afterwards; what is published is the figure before that.
    first = pd.read_csv(Path(__file__).parent.parent / "data" / "method" / "name_links.csv")
    assert len(first) >= 1
    for row in first.itertuples():
        mine = FACTS.name_pairs[FACTS.name_pairs["judged_by"].str.endswith(row.draw)]
        assert (row.n, row.n_same) == (len(mine), (mine["is_same"] == "yes").sum())
        for name, n in (("precision", row.n_linked), ("recall", row.n_same)):
            shown = [getattr(row, c) for c in (name, f"{name}_low", f"{name}_high")]
            assert shown == pytest.approx([row.n_right / n, *name_pairs.wilson(row.n_right, n)], abs=5e-4)
        assert row.recall >= 0.95
        now = name_pairs.measure(mine, FACTS)
        assert now["precision"] >= row.precision and now["recall"] >= row.recall


def test_the_wilson_interval_is_that_of_the_textbook():
    assert name_pairs.wilson(9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert name_pairs.wilson(0, 5)[0] == pytest.approx(0, abs=1e-12)
    assert all(np.isnan(name_pairs.wilson(0, 0)))


def test_a_draw_depends_on_its_seed_only_and_leaves_out_what_was_drawn_and_pairs_of_repositories():
    rows = [(s, f"{word}-{size}b") for s in ("a", "b", "c") for word in ("Llama-3", "Qwen2", "Yi") for size in (7, 70)]
    names = pd.DataFrame([*rows, ("d", "hf:x/yi-7b"), ("e", "hf:x/yi-7b")], columns=["source_id", "name"])
    one = name_pairs.draw(names, 5, 12, set())
    pd.testing.assert_frame_equal(one, name_pairs.draw(names[::-1], 5, 12, set()))
    pairs = one.drop(columns="kind").to_numpy().tolist()
    before = {frozenset([(a, b), (c, d)]) for a, b, c, d in pairs}
    assert len(before) == 12 and one["kind"].value_counts().to_dict() == {"near miss": 6, "plausible": 6}
    assert not any(b.startswith("hf:") and d.startswith("hf:") for _, b, _, d in pairs)
    again = name_pairs.draw(names, 5, 12, before).drop(columns="kind").to_numpy().tolist()
    assert not before & {frozenset([(a, b), (c, d)]) for a, b, c, d in again}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Llama 3.1 8B Instruct", "llama3.1-8b_instruct"), ("claude-3-5-sonnet-20241022", "Claude 3.5 Sonnet 2024-10-22"),
        ("gpt-5-4-mini-high", "GPT-5.4 mini high"), ("gemma-2 2B", "Gemma2-2b"), ("GPT-4o (2024-08-06)", "gpt-4o (20240806)"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_fold_to_the_same(one, other):
    assert identity.fold_name(one) == identity.fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gemma-2-2b", "gemma-22b"), ("gemma-2-9b", "gemma-2.9b"), ("llama-2-7b", "llama-27b"), ("o1-mini", "o1 mini high"),
        ("stablelm-2-1_6b", "stablelm-2.1-6b"), ("gpt-4-0613", "gpt-4.0613"), ("Command R+", "Command R"),
        ("claude-3-5-sonnet", "claude-35-sonnet"), ("mixtral-8x7b", "mixtral-8x22b"), ("phi-3-mini", "phi-3.5-mini"),
    ],
)  # fmt: skip
def test_names_that_differ_in_a_number_or_a_word_fold_apart(one, other):
    assert identity.fold_name(one) != identity.fold_name(other)


def test_two_models_by_one_folded_name_are_refused():
    rows = FACTS.aliases.tail(2).assign(
        kind="model", source_id="x", name=["Llama 3 8B", "llama3-8b"], target_id=["hf:a/base", "hf:a/tuned"]
    )
    with pytest.raises(records.InvalidFact, match="already means hf:a/base"):
        identity.alias_models(replace(FACTS, aliases=rows))


def test_the_pairs_hold_enough_of_each_kind_to_tell_something():
    counts = FACTS.name_pairs["is_same"].value_counts()
    assert counts["yes"] >= 150 and counts["no"] >= 150
    assert FACTS.name_pairs["judged_by"].str.contains("near miss").mean() == pytest.approx(0.5, abs=0.05)


def test_a_repository_that_was_moved_is_one_model_and_its_neighbours_stay_themselves():
    assert named("gpt2", "hf") == named("openai-community/gpt2", "hf") == "hf:openai-community/gpt2"
    assert named("meta-llama/Meta-Llama-3.1-8B", "hf") != named("meta-llama/Meta-Llama-3.1-8B-Instruct", "hf")
    old = FACTS.aliases["name"][FACTS.aliases["name"].str.startswith("hf:")]
    assert not set(old) & set(FACTS.aliases["target_id"][old.index])


def test_undated_names_of_a_service_are_not_linked_to_a_dated_version():
    models = FACTS.aliases[(FACTS.aliases["kind"] == "model") & ~FACTS.aliases["target_id"].str.startswith("hf:")]
    dated = models[models["target_id"].str.contains(r":.*20\d\d", regex=True)]
    assert len(dated) > 100
    assert dated["name"].str.contains(r"\d{4}|\d\d-\d\d", regex=True).all()
    for name in ("gpt-4o", "GPT-4", "claude-3-5-sonnet", "gemini-1.5-pro"):
        assert named(name) == f"papers:{name}"


def test_a_repository_is_called_by_its_own_name_whatever_another_source_calls_it():
    rows = pd.DataFrame(
        {
            "model_id": ["hf:google/gemma-2-9b-it", "hf:google/gemma-2-9b-it", "hf:a/b", "openai:gpt-4o-2024-08-06"],
            "model": ["Gemma 2 9B IT", "google/gemma-2-9B-it", "The B Model", "GPT-4o (0806)"],
            "name_scheme": ["", "hf", "", ""], "model_kind": "model", "source_id": "papers",
            "first_seen_date": "2024-01-01", "evaluation_id": ["1", "2", "3", "4"], "evaluated_on": None,
            "listed_date": "", "file_name": "page.csv",
        }
    )  # fmt: skip
    said_of = [ReportedModel(snapshot_id="s", model="else", release_date="2024-01-01", upload_date="2024-01-01")]
    nobody = records.frame(said_of, records.MODEL_COLUMNS).assign(source_id="papers", content_date="2024-01-01")
    models = identity.make_models(rows, nobody, FACTS, SOURCES).set_index("model_id")
    assert models["name"].to_dict() == {
        "hf:google/gemma-2-9b-it": "google/gemma-2-9B-it", "hf:a/b": "a/b", "openai:gpt-4o-2024-08-06": "GPT-4o (0806)"
    }  # fmt: skip
    assert models["is_linked"].all()
    assert models.loc["hf:a/b", "source_url"] == "https://huggingface.co/a/b"


def test_different_tests_versions_and_splits_stay_apart():
    names = ["GPQA", "GPQA Diamond", "MMLU", "MMLU-Pro", "MMLU-Redux", "HumanEval", "HumanEval+", "MATH", "MATH-500"]
    assert len({find_test(n)["benchmark_id"] for n in names}) == len(names)
    assert (
        find_test("LiveBench x", version="2024-06-24")["benchmark_id"]
        != find_test("LiveBench x", version="2024-07-26")["benchmark_id"]
    )


def test_parts_that_differ_in_chinese_words_only_stay_apart():
    parts = ["SuperCLUE 代码", "SuperCLUE 对话", "SuperCLUE"]
    ids = [find_test(part)["benchmark_id"] for part in parts]
    assert ids == ["papers:superclue-代码", "papers:superclue-对话", "papers:superclue"]


def test_spellings_of_one_test_meet_through_alias_rows():
    assert find_test("GSM8K")["benchmark_id"] == find_test("GSM-8K")["benchmark_id"] == "gsm8k"
    assert find_test("HumanEval")["benchmark_id"] == find_test("Human-Eval")["benchmark_id"]


def test_an_unknown_test_is_named_after_its_source_and_its_metric_is_not_guessed():
    row = find_test("Brand New Test")
    assert (row["benchmark_id"], row["metric_id"]) == ("papers:brand-new-test", "unspecified")


def test_the_setting_group_is_the_board_or_the_number_of_shots():
    assert find_test("MMLU", setting="5-shot", source="board")["setting_group"] == "board"
    assert find_test("MMLU", setting="5-shot, CoT")["setting_group"] == "5-shot"
    assert find_test("MMLU", setting="0 shot")["setting_group"] == "0-shot"
    assert find_test("MMLU", setting="5-shot / 0-shot")["setting_group"] == "reported"
    assert find_test("MMLU")["setting_group"] == "reported"


def test_near_copies_share_a_cluster_and_sizes_keep_them_apart():
    models = pd.DataFrame(
        {
            "architecture": ["MistralForCausalLM", "MistralForCausalLM", "MistralForCausalLM", None, None],
            "root_model": ["a", "b", "c", "Root", "root"],
            "n_parameters": [7.24e9, 7.242e9, 12.2e9, 1e9, None],
        }
    )
    clusters = identity.cluster(models).tolist()
    assert clusters[0] == clusters[1] != clusters[2]
    assert clusters[3] != clusters[4]


def test_spellings_of_one_name_within_a_source_are_one_model_and_other_names_stay_apart():
    rows = pd.DataFrame(
        [(s, n, "") for s, n in (("papers", "GPT 4"), ("papers", "GPT-4"), ("papers", "gpt4"), ("papers", "New-7B"),
                                 ("papers", "NEW 7b"), ("board", "new 7b"), ("papers", "New-70B"))],
        columns=["source_id", "model", "name_scheme"],
    )  # fmt: skip
    ids = identity.name_models(rows, FACTS).tolist()
    assert len(set(ids[:3])) == 1 and ids[3] == ids[4] == "papers:NEW 7b" and ids[5] == "board:new 7b"
    assert ids[6] == "papers:New-70B"


def test_a_repository_printed_in_a_paper_is_that_repository():
    rows = pd.DataFrame(
        [
            ("board", "meta-llama/Llama-2-7b-hf", "hf"),
            ("papers", "meta-llama/Llama-2-7B-hf", ""),
            ("papers", "w/o tools", ""),
        ],
        columns=["source_id", "model", "name_scheme"],
    )
    assert identity.name_models(rows, FACTS).tolist() == [
        "hf:meta-llama/llama-2-7b-hf", "hf:meta-llama/llama-2-7b-hf", "papers:w/o tools"
    ]  # fmt: skip


def test_weights_converted_to_another_layout_are_the_weights_that_they_were():
    sizes = {
        "hf:qwen/qwen-14b": 14.17e9, "hf:a/qwen-14b-llamafied": 14.2e9, "hf:qwen/qwen-7b-chat": 7.7e9,
        "hf:b/qwen-llamafied-7b-chat": 7.7e9, "hf:01-ai/yi-34b": 34.4e9, "hf:c/yi-34b-llama": 34.4e9,
        "hf:d/t-llama": 7e9, "hf:e/yi-9b-llama": 9e9, "hf:01-ai/yi-9b": 34.4e9,
    }  # fmt: skip
    models = pd.DataFrame({"n_parameters": sizes})
    assert identity.find_converted(models) == {
        "hf:a/qwen-14b-llamafied": "hf:qwen/qwen-14b", "hf:b/qwen-llamafied-7b-chat": "hf:qwen/qwen-7b-chat",
        "hf:c/yi-34b-llama": "hf:01-ai/yi-34b",
    }  # fmt: skip


def test_a_versions_own_count_of_questions_wins_over_that_of_the_test_in_general():
    row = {
        "series_id": "s", "metric_id": "accuracy", "setting_group": "reported", "source_id": "papers",
        "score_unit": "fraction", "is_subset": False,
    }  # fmt: skip
    counts = {"race": 4934, "race@v2": 80}
    table = FACTS.benchmarks[FACTS.benchmarks["benchmark_id"] == "race"]
    known = pd.concat(
        [table.assign(benchmark_id=b, n_items=n, n_items_source_url=f"https://{n}.example") for b, n in counts.items()]
    )
    none = {"items": FACTS.items.head(0), "averages": FACTS.averages.head(0), "benchmarks": known}
    for version, n in (("race", 4934), ("race@v1", 4934), ("race@v2", 80)):
        made = identity.make_series(pd.DataFrame([row | {"benchmark_id": version}]), replace(FACTS, **none)).iloc[0]
        assert (made["n_items"], made["n_items_source_url"]) == (n, f"https://{n}.example")
