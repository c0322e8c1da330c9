"""Do names mean what exact rows say, and nothing more? Are sizes, dates and clusters chosen as stated?"""

from pathlib import Path

import pandas as pd
import pytest

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


def find_test(benchmark, metric="", setting="", version="", source="papers"):
    row = {
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


def pair_ids(side):
    pairs = FACTS.name_pairs
    is_repository = pairs[f"name_{side}"].str.startswith("hf:")
    return identity.name_models(
        pd.DataFrame(
            {
                "source_id": pairs[f"source_{side}"],
                "model": pairs[f"name_{side}"].str.removeprefix("hf:"),
                "name_scheme": is_repository.map({True: "hf", False: ""}),
            }
        ),
        FACTS,
    )


@pytest.mark.parametrize("drawn", ["", "drawn before", "drawn after", "drawn last"])
def test_linked_names_are_the_same_model_and_names_of_the_same_model_are_linked(drawn):
    mine = FACTS.name_pairs["judged_by"].str.contains(drawn)
    is_linked, judged = (pair_ids("a") == pair_ids("b"))[mine], FACTS.name_pairs["is_same"][mine]
    assert len(judged) >= (900 if not drawn else 200)
    # A link between names that do not say which version they mean counts as wrong, too.
    precision = (judged[is_linked] == "yes").mean()
    recall = is_linked[judged == "yes"].mean()
    assert precision >= 0.995
    assert recall >= 0.95


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


def said(*rows):
    frame = records.frame(
        [ReportedModel(snapshot_id="s", model="m", name_scheme="hf", **r) for r in rows], records.MODEL_COLUMNS
    )
    return frame.assign(model_id="hf:m", source_id="board", content_date="2025-01-01")


def test_an_exact_size_wins_over_a_floored_one_and_zero_is_no_size():
    sizes = identity.choose_sizes(
        said(
            {"n_parameters": "7", "parameter_unit": "billions", "size_precision": "floored"},
            {"n_parameters": "7.242", "parameter_unit": "billions", "size_precision": "exact"},
            {"n_parameters": "0", "parameter_unit": "billions", "size_precision": "exact"},
            {"n_parameters": "-1", "parameter_unit": "billions", "size_precision": "exact"},
        )
    )
    assert sizes["n_parameters"].tolist() == [7.242e9]
    assert sizes["size_precision"].tolist() == ["exact"]
    assert sizes["size_note"].isna().all()


def test_only_zero_and_minus_one_leave_the_size_unknown():
    sizes = identity.choose_sizes(
        said(
            *({"n_parameters": t, "parameter_unit": "billions", "size_precision": "exact"} for t in ("0", "-1", "0.0"))
        )
    )
    assert sizes.empty or sizes["n_parameters"].isna().all()


def test_sizes_that_disagree_are_told():
    sizes = identity.choose_sizes(
        said(*({"n_parameters": t, "parameter_unit": "billions", "size_precision": "exact"} for t in ("1.2", "7.2")))
    )
    assert sizes["size_note"].iloc[0] == "Sources state sizes from 1.2B to 7.2B; the newest is used."


def evaluated(day, first_seen):
    return pd.DataFrame(
        {
            "model_id": ["hf:m"],
            "evaluated_on": [records.read_date(day) if day else None],
            "first_seen_date": [first_seen],
        }
    )


def test_the_best_kind_of_date_is_used_and_called_by_its_name():
    full = said({"release_date": "2024-02-01", "upload_date": "2024-02-03", "submission_date": "2024-03-01"})
    dates = identity.choose_dates(full, evaluated("2024-03-02", "2024-04-01"))
    assert dates.loc["hf:m"].tolist() == ["2024-02-01", "release"]
    dates = identity.choose_dates(full.assign(release_date=""), evaluated("2024-03-02", "2024-04-01"))
    assert dates.loc["hf:m"].tolist() == ["2024-02-03", "upload"]
    dates = identity.choose_dates(full.assign(release_date="", upload_date=""), evaluated("2024-03-02", "2024-04-01"))
    assert dates.loc["hf:m"].tolist() == ["2024-03-01", "submission"]
    dates = identity.choose_dates(full.head(0), evaluated("", "2024-04-01"))
    assert dates.loc["hf:m"].tolist() == ["2024-04-01", "listing"]


def test_an_upload_after_the_first_test_is_a_re_created_page_and_not_the_age():
    dates = identity.choose_dates(said({"upload_date": "2025-01-01"}), evaluated("2024-03-02", "2024-04-01"))
    assert dates.loc["hf:m"].tolist() == ["2024-03-02", "submission"]


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
