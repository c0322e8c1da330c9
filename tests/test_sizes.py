"""Sizes of models: total and active, and what is told where statements, names and facts disagree."""

import pandas as pd
import pytest

from ingest import checks, records, sizes
from ingest.records import ReportedModel
from ingest.sources import mmmu


def said(*rows):
    frame = records.frame(
        [ReportedModel(snapshot_id="s", model="m", name_scheme="hf", **r) for r in rows], records.MODEL_COLUMNS
    )
    return frame.assign(model_id="hf:m", source_id="board", content_date="2025-01-01")


def test_an_exact_size_wins_over_a_floored_one_and_zero_is_no_size():
    found = sizes.choose_sizes(
        said(
            {"n_parameters": "7", "parameter_unit": "billions", "size_precision": "floored"},
            {"n_parameters": "7.242", "parameter_unit": "billions", "size_precision": "exact"},
            {"n_parameters": "0", "parameter_unit": "billions", "size_precision": "exact"},
            {"n_parameters": "-1", "parameter_unit": "billions", "size_precision": "exact"},
        )
    )
    assert found["n_parameters"].tolist() == [7.242e9]
    assert found["size_precision"].tolist() == ["exact"]
    assert found["size_note"].isna().all()


def test_only_zero_and_minus_one_leave_the_size_unknown():
    found = sizes.choose_sizes(
        said(
            *({"n_parameters": t, "parameter_unit": "billions", "size_precision": "exact"} for t in ("0", "-1", "0.0"))
        )
    )
    assert found.empty or found["n_parameters"].isna().all()


def test_sizes_that_disagree_are_told():
    found = sizes.choose_sizes(
        said(*({"n_parameters": t, "parameter_unit": "billions", "size_precision": "exact"} for t in ("1.2", "7.2")))
    )
    assert found["size_note"].iloc[0] == "Sources state sizes from 1.2B to 7.2B; the newest is used."


def stated(*rows, **more):
    return sizes.choose_sizes(
        said(*({"n_parameters": n, "parameter_unit": "billions", "size_precision": p} for _, n, p in rows)).assign(
            source_id=[source for source, _, _ in rows], **more
        )
    )


def test_of_sizes_stated_alike_precisely_the_one_that_most_sources_state_is_used():
    found = stated(("epoch", "236", "stated"), ("paper_facts", "236", "stated"), ("obs_scaling", "21", "stated"))
    assert found["n_parameters"].tolist() == [236e9] and found["size_source_id"].tolist() == ["paper_facts"]
    told = "Sources state sizes from 21B to 236B; the one that most sources state is used."
    assert found["size_note"].tolist() == [told]


def test_of_two_sizes_of_a_mixture_the_larger_is_used_and_a_slip_beside_an_exact_size_is_told():
    found = stated(("a", "141", "stated"), ("b", "39", "stated"), model="Mixtral-8x22B")
    assert found["n_parameters"].tolist() == [141e9] and "active parameters" in found["size_note"].iloc[0]
    found = stated(("a", "140.6", "exact"), ("sloth_scaling", "22", "stated"))
    assert found["size_note"].tolist() == ["Sources state sizes from 22B to 141B; the most exact is used."]
    assert stated(("a", "7.24", "exact"), ("b", "7", "stated"))["size_note"].isna().all()


def test_a_size_from_the_page_of_another_model_is_left_out_and_told():
    page = "https://mistral.ai/news/announcing-mistral-7b"
    found = stated(("prescriptive_scaling", "7.3", "stated"), model="mistral-large-2402", source_url=page)
    assert found["n_parameters"].isna().all()
    assert found["size_note"].tolist() == ["A stated size of 7.3B is left out: its page is about another model."]
    kept = stated(("prescriptive_scaling", "7.3", "stated"), model="Mistral-7B-v0.1", source_url=page)
    assert kept["n_parameters"].tolist() == [7.3e9] and kept["size_note"].isna().all()


@pytest.mark.parametrize(
    ("name", "total", "active", "right"),
    [
        ("Qwen3-VL 235B-A22B", 22e9, None, (None, 22e9)),
        ("ERNIE-4.5-VL-28B-A3B", 3e9, None, (None, 3e9)),
        ("Qwen3-30B-A3B", 30.5e9, None, (30.5e9, None)),
        ("google/gemma-4-26B-A4B-it", 27e9, 27e9, (27e9, 4e9)),
        ("llm-jp/llm-jp-4-32b-a3b-thinking", 32e9, 32e9, (32e9, 3e9)),
        ("Gemma 4 E4B", 4e9, None, (None, None)),
        ("gemma-3n-E2B-it", 5.4e9, None, (5.4e9, None)),
        ("Falcon3-1B", 1.67e9, 1.7e9, (1.67e9, 1.67e9)),
        ("Some-7B", 7e9, 14e9, (7e9, None)),
        ("stablelm-3b-4e1t", 2.8e9, None, (2.8e9, None)),
        ("Lucie-7B-3e-5", 7.24e9, None, (7.24e9, None)),
        ("Llama-4-Scout-17B-16E-Instruct", 17e9, None, (None, 17e9)),
    ],
)  # fmt: skip
def test_a_statement_is_read_against_the_name(name, total, active, right):
    found = sizes.mend(name, total, active)
    assert (found.total, found.active) == right
    assert bool(found.note) == (right not in ((total, active), (1.67e9, 1.67e9)))


@pytest.mark.parametrize(
    ("name", "printed", "fact", "right"),
    [
        ("Intern-S1", 22e9, (241e9, 28e9, "u"), (None, 22e9)),
        ("dots.vlm1", 37e9, (671e9, 37e9, "u"), (None, 37e9)),
        ("Llama 4 Behemoth", 288e9, (2000e9, 288e9, "u"), (None, 288e9)),
        ("Seed 1.5-VL", 20e9, (None, 20e9, "u"), (None, 20e9)),
        ("DeepSeek-V3", 685e9, (671e9, 37e9, "u"), (685e9, None)),
        ("gpt-oss-120b", 63e9, (116.8e9, 5.1e9, "u"), (63e9, None)),
    ],
)  # fmt: skip
def test_a_statement_is_read_against_what_the_maker_says(name, printed, fact, right):
    found = sizes.mend(name, printed, None, fact)
    assert (found.total, found.active) == right


def test_a_known_active_size_goes_to_its_column_and_the_total_comes_from_name_or_fact():
    facts = {"interns1": (241e9, 28e9, "https://arxiv.org/abs/2508.15763")}
    from_board = {"n_parameters": "22", "parameter_unit": "billions", "size_precision": "stated"}
    found = sizes.choose_sizes(said(from_board).assign(model="Intern-S1"), {"intern s1": facts["interns1"]})
    assert found.loc["hf:m", "n_active_parameters"] == 22e9
    table = table_of(name="Intern-S1", n_active_parameters=22e9)
    filled = sizes.fill_from_facts(table, {"intern s1": facts["interns1"]})
    assert filled["n_parameters"].tolist() == [241e9] and "arxiv.org" in filled["size_note"].iloc[0]
    named = sizes.use_named_sizes(table_of(name="Qwen3-VL 235B-A22B", n_active_parameters=22e9))
    assert named["n_parameters"].tolist() == [235e9]


def table_of(**row):
    given = {
        "name": "m", "kind": "model", "n_parameters": None, "n_active_parameters": None, "size_precision": None, "size_note": None,
        "architecture": None, "is_moe": None, "base_model": None, "is_merged": None, "support": 1, **row,
    }  # fmt: skip
    table = pd.DataFrame(
        {column: [value] for column, value in given.items()}, index=pd.Index(["hf:x"], name="model_id")
    )
    return table.astype({"n_parameters": float, "n_active_parameters": float})


def test_a_floored_size_is_the_named_one_where_the_name_lies_in_the_same_billion():
    assert sizes.use_named_sizes(table_of(name="a/quan-1.8b", n_parameters=1e9, size_precision="floored"))[
        "n_parameters"
    ].tolist() == [1.8e9]
    kept = table_of(name="a/merge-13b", n_parameters=7e9, size_precision="floored")
    assert sizes.use_named_sizes(kept)["n_parameters"].tolist() == [7e9]


@pytest.mark.parametrize(
    ("name", "column", "usual", "right"),
    [
        ("T145/ZEUS-8B-V15", 4.015e9, 8.03e9, 8.03e9),
        ("DreadPoor/Again-8B-Model_Stock", 4.015e9, 8.03e9, 8.03e9),
        ("bamec66557/VICIOUS_MESH-12B", 6.124e9, 12.248e9, 12.248e9),
        ("GodlikeHHD/Qwen-2.5-1.5B-cherry", 0.772e9, 1.544e9, 1.544e9),
        ("x/Rombotiestest-7b", 3.808e9, 7.616e9, 7.616e9),
        ("x/mistral-7b-dpo", 14.483e9, 7.2415e9, 7.2415e9),
        ("x/llama-8b-pruned", 5.195e9, 8.03e9, 5.195e9),
    ],
)
def test_packed_and_doubled_weights_are_counted_once_where_the_architecture_shows_it(name, column, usual, right):
    row = table_of(name=name, n_parameters=column, size_precision="exact", architecture="A")
    others = [table_of(name=f"o/{i}", n_parameters=usual, size_precision="exact", architecture="A") for i in range(5)]
    table = pd.concat([row, *others])
    table.index = [f"hf:{i}" for i in range(6)]
    found = sizes.settle_doubts(table).iloc[0]
    assert found["n_parameters"] == right and isinstance(found["size_note"], str)
    assert found["size_note"].startswith(checks.SIZE_DOUBTS) == (right == column)


def test_without_such_evidence_half_a_size_stays_in_doubt_and_two_sources_settle_a_rounded_name():
    alone = sizes.settle_doubts(table_of(name="x/A-8B", n_parameters=4.015e9, size_precision="exact", architecture="A"))
    assert alone["size_note"].iloc[0] == "The name says 8B, the size column says 4.01B."
    row = {"name": "tiiuae/Falcon3-1B", "n_parameters": 1.669e9, "size_precision": "exact", "architecture": "A"}
    assert sizes.settle_doubts(table_of(**row, support=2))["size_note"].iloc[0].startswith("Its sizes differ")
    assert sizes.settle_doubts(table_of(**row))["size_note"].iloc[0].startswith(checks.SIZE_DOUBTS)
    whole = {**row, "name": "o/llama_7b_v2", "n_parameters": 13e9}
    assert sizes.settle_doubts(table_of(**whole, support=2))["size_note"].iloc[0].startswith(checks.SIZE_DOUBTS)


@pytest.mark.parametrize(
    ("row", "is_moe"),
    [
        ({"n_parameters": 671e9, "n_active_parameters": 37e9}, True),
        ({"n_parameters": 1.9e9, "n_active_parameters": 1.5e9}, None),
        ({"n_parameters": 7e9, "n_active_parameters": 7e9}, False),
        ({"name": "a/open_gpt4_8x7B", "n_parameters": 46.7e9, "is_moe": False}, True),
        ({"name": "a/mistral-2x7b-merged", "n_parameters": 7.24e9, "is_moe": False}, False),
        ({"name": "a/x", "architecture": "MixtralForCausalLM", "n_parameters": 12.9e9, "is_moe": False}, True),
        ({"name": "lmarena:Qwen3-235B-A22B"}, True),
        ({"name": "DPN-131 (224x224)"}, None),
        ({"name": "Gemma 4 E4B", "n_parameters": 8e9, "n_active_parameters": 4.5e9}, None),
        ({"name": "a/thinker-7b"}, None),
        ({"name": "unsloth/gpt-oss-20b-BF16", "n_parameters": 20e9}, True),
        ({"name": "Pinkstack/distilgpt-oss-qwen3-4B", "n_parameters": 4e9}, None),
        ({"name": "xai-org/grok-1", "n_parameters": 314e9}, True),
        ({"name": "a/DeepSeek-V2-Grand-Horror-Llama-3.1-16.5B", "n_parameters": 16.5e9}, None),
        ({"name": "a/dolphin", "architecture": "LlamaForCausalLM", "n_parameters": 8e9, "is_moe": True}, False),
        ({"name": "GLM-4.6V-Flash", "n_parameters": 9e9}, None),
    ],
)
def test_mixtures_are_marked_by_sizes_architecture_and_name(row, is_moe):
    found = sizes.mark_mixtures(table_of(**row)).iloc[0]
    assert (None if found is None or found != found else bool(found)) is is_moe


def test_a_size_with_its_own_copy_at_half_is_the_one_of_the_name():
    found = stated(("a", "7.383", "exact"), ("b", "14.766", "exact"), model="CultriX/Qwen2.5-14B-Emerged")
    assert found["n_parameters"].tolist() == [14.766e9]
    assert found["size_note"].tolist() == [
        "Sources state sizes from 7.38B to 14.8B; the one that its name states is used."
    ]


def test_mmmu_prints_active_sizes_of_mixtures():
    rows = {
        "Qwen3-VL 235B-A22B": "22B",
        "Intern-S1": "22B",
        "dots.vlm1": "37B",
        "Llama 4 Behemoth": "288B",
        "Seed 1.5-VL": "20B",
    }
    page = type("Page", (), {"name": "leaderboard_data.json", "snapshot_id": "s"})
    for name, size in rows.items():
        row = mmmu.describe(page, name, "model", size, "2025-09-22", "", "yes")
        assert (row.n_parameters, row.n_active_parameters) == ("", size.removesuffix("B"))
    dense = mmmu.describe(page, "Qwen2.5-VL 7B", "model", "7B", "2025-09-22", "", "yes")
    assert (dense.n_parameters, dense.n_active_parameters) == ("7", "")


@pytest.mark.parametrize(
    ("model", "size", "used"),
    [
        ("floflob/10k_phi-3-mini-4k-instruct_unsloth_merged_16bit", "16.0", []),
        ("someone/Qwen2.5-Coder-8bit", "8", []),
        ("someone/awq-4-bit", "4", []),
        ("unsloth/Qwen3-4B-Base-bnb-4bit", "4", [4e9]),
        ("someone/llama-16b-16bit", "16", [16e9]),
        ("64bits/LexPodLM-13B", "12.9", [12.9e9]),
    ],
)
def test_the_bits_in_a_name_are_no_size(model, size, used):
    """A leaderboard whose reader looks for a number before a "b" printed 16.0 for "merged_16bit"."""
    assert stated(("a", size, "exact"), model=model)["n_parameters"].dropna().tolist() == used


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("WizardMath-70B-V1.0", 70e9),
        ("adept/persimmon-8b-base", 8e9),
        ("Internlm2-chat-1_8b", None),  # 1.8 billion, or version 1 of 8 billion
        ("zhenting/evolm-0.5B-10BT", 0.5e9),  # 10 billion tokens
        ("TinyLlama-1.1B-intermediate-step-715k-1.5T", 1.1e9),
        ("GLM-4.6V-Flash (9B)", 9e9),
        ("ai2/tulu-2-7b-rm-v0-nectar-3.8m.json", 7e9),
        ("qblocks/gpt2_137m_DolphinCoder", 137e6),
        ("facebook/opt-125m", 125e6),
        ("TinyLlama-1.1B-intermediate-step-50K-104b", None),  # parameters and tokens, both in billions
        ("DeepSeek-3B-16B", None),
        ("Mixtral-8x7B-Instruct-v0.1_concise", None),
        ("GLaM 62B/64E", None),
        ("Qwen3-VL A22B", None),
        ("lora_moe_7b", None),
        ("miniGPT4 (LLaMA-2-7B)", None),
        ("aligner-2b_claude-3-opus-20240229", None),
        ("grok-4.20-beta-0309b-reasoning", None),
        ("Llama-3-8B-262k-1M", 8e9),
        ("Wikipedia-1400k-m", None),
    ],
)
def test_the_one_size_of_a_name_is_taken_where_nobody_states_one(name, size):
    found = sizes.take_only_sizes(table_of(name=name)).iloc[0]
    assert (found["n_parameters"] == size) if size else pd.isna(found["n_parameters"])
    assert found["size_note"] == (sizes.FROM_NAME if size else None)


def test_what_is_stated_left_out_or_a_systems_is_not_taken_from_a_name():
    for row in ({"n_parameters": 13e9}, {"size_note": "A stated size of 64B is left out."}, {"kind": "system"}):
        table = table_of(name="a/llama-7b", **row)
        pd.testing.assert_frame_equal(sizes.take_only_sizes(table), table)
