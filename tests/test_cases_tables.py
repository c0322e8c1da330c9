"""Tables of papers and cards that were once read wrong, each with what is right, then further members of its kind.

The numbers are those of the cases of `test_cases.py`; the kinds: footnote marks, columns and rows that describe models,
mixes of data, stages of training, words of settings, entries of a model-index, names.
"""

from collections import defaultdict
from datetime import date

import pandas as pd
import pytest

from data.vocabulary import UNREAD_TABLE
from ingest.records import Omitted, Page, Reported, ReportedModel
from ingest.score_tables import read_grid
from ingest.sources import arxiv_tables, hf_model_cards
from ingest.table_models import Names, describe
from ingest.tables import read_latexml
from reading import status


def latexml(rows, caption="Results."):
    """A table as LaTeXML writes it, from rows of cells in HTML."""
    lines = "".join(
        '<tr class="ltx_tr">' + "".join(f'<td class="ltx_td">{cell}</td>' for cell in row) + "</tr>" for row in rows
    )
    return (
        '<html><body><article class="ltx_document"><figure class="ltx_table"><figcaption class="ltx_caption">'
        f'<span class="ltx_tag">Table 1: </span>{caption}</figcaption><table class="ltx_tabular">{lines}</table>'
        "</figure></article></body></html>"
    )


def read_table(rows, caption="Results."):
    """What the reader of papers finds in one table: (model, benchmark, score) -> (note, facts of the model); what it omits."""
    tally = defaultdict(list)
    (grid,) = read_latexml(latexml(rows, caption))
    drafts = list(read_grid(grid, Names(), tally))
    found = {
        (d.row.model, d.row.benchmark, d.row.score_reported): (d.row.note, describe(d.model), d.row.setting)
        for d in drafts
    }
    assert len(found) == len(drafts)
    return found, {rule: len(examples) for rule, examples in tally.items()}


def table_scores(rows, caption="Results."):
    """The scores of a table, as rows."""
    (grid,) = read_latexml(latexml(rows, caption))
    return [d.row for d in read_grid(grid, Names(), defaultdict(list))]


def read_card(text, name="demo"):
    """Rows of a model card."""
    page = Page(
        name=f"{name}.md", body=text.encode(), url=f"https://huggingface.co/maker/{name}/raw/main/README.md",
        content_date=date(2026, 1, 1), date_basis="content", snapshot_id="card", licence="per card",
    )  # fmt: skip
    return list(hf_model_cards.read_card(page))


def card_scores(rows):
    return [(r.model, r.benchmark, r.metric, r.setting, r.score_reported) for r in rows if isinstance(r, Reported)]


def card_sizes(rows):
    """Billions of parameters, all and active, by model."""
    return {r.model: (r.n_parameters, r.n_active_parameters) for r in rows if isinstance(r, ReportedModel)}


def test_case_19_filters_and_rows_that_continue_a_task_are_scores_of_their_own():
    rows = read_card(
        "# x\n|    Tasks    |Version|Filter|n-shot|  Metric   |   |Value |   |Stderr|\n"
        "|---|---:|---|---:|---|---|---:|---|---:|\n"
        "|hellaswag|1|none|10|acc|↑|0.6122|±|0.0049|\n|||none|10|acc_norm|↑|0.8033|±|0.0040|\n"
        "|gsm8k|3|flexible-extract|5|exact_match|↑|0.3571|±|0.0132|\n|||strict-match|5|exact_match|↑|0.1274|±|0.0092|\n"
        "|wikitext|2|none|0|word_perplexity|↓|9.6173|±|N/A|\n|||none|0|bits_per_byte|↓|0.6103|±|N/A|\n"
    )
    found = {(b, m, v): s for _, b, m, s, v in card_scores(rows)}
    assert "filter flexible-extract" in found["gsm8k", "exact_match", "0.3571"]
    assert "filter strict-match" in found["gsm8k", "exact_match", "0.1274"]
    assert found["hellaswag", "acc_norm", "0.8033"] == "10-shot; harness task version 1"
    units = {r.metric: r.score_unit for r in rows if isinstance(r, Reported)}
    assert (units["word_perplexity"], units["bits_per_byte"], units["acc"]) == ("points", "points", "fraction")


@pytest.mark.parametrize("header", ["Groups", "Group", "Task"])
def test_case_19_further_tables_of_groups_are_read_too(header):
    rows = read_card(
        f"# x\n|{header}|Version|Filter|n-shot|Metric|Value|Stderr|\n|---|---|---|---|---|---|---|\n"
        "|mmlu|2|none|5|acc|0.61|0.004|\n|mmlu_flan|2|get_response|5|acc|0.61|0.004|\n"
    )
    assert [(b, v) for _, b, _, _, v in card_scores(rows)] == [("mmlu", "0.61"), ("mmlu_flan", "0.61")]


@pytest.mark.parametrize(
    ("head", "labels", "caption"),
    [
        ("Dataset (Real Tok.)", ("C4-15B", "C4-60B", "QA-35B"), "Evaluation of 350M parameter LLMs trained for 75B tokens."),
        ("Data mix", ("FineWeb-100B", "Mix-30B", "Web-50B"), "Evaluation of our 1B models."),
        ("# Tokens", ("Run-100B", "Run-200B", "Run-300B"), "Evaluation during training."),
        ("", ("C4-15B", "Pile-100B", "RefinedWeb-600B"), "Evaluation of corpora."),
        ("Checkpoint", ("Step-100B", "Step-200B", "Step-500B"), "Evaluation during training."),
        ("Tokenizer", ("BPE-32B", "Uni-32B", "BPE-64B"), "Evaluation."),
    ],
)  # fmt: skip
def test_case_24_mixes_of_data_and_counts_of_tokens_are_no_models(head, labels, caption):
    found, omitted = read_table([[head, "ARC-C", "MMLU"], *[[x, "21.2", "23.1"] for x in labels]], caption)
    assert found == {}
    assert sum(omitted.values()) == 6


@pytest.mark.parametrize(
    ("heads", "cells", "stated"),
    [
        (["#Act. Params", "#Total Params"], ["21B", "236B"], ("236", "21", "yes")),
        (["#Total Params", "#Act. Params"], ["236B", "21B"], ("236", "21", "yes")),
        (["Active Params (B)", "Params (B)"], ["21", "236"], ("236", "21", "yes")),
        (["Params (activated / total)"], ["21B / 236B"], ("236", "21", "yes")),
        (["Params"], ["236B (21B active)"], ("236", "21", "yes")),
        (["Params"], ["236B-A21B"], ("236", "21", "yes")),
        (["# Layers", "Params"], ["60", "236B"], ("236", "", "")),
        (["Context Length", "Training Tokens"], ["128K", "8.1T"], ("", "", "")),
        (["Architecture", "# Total Params"], ["MoE", "0.236T"], ("236", "", "yes")),
        (["Params"], ["7"], ("", "", "")),
    ],
)
def test_case_26_active_parameters_layers_and_tokens_are_not_the_size(heads, cells, stated):
    found, _ = read_table(
        [
            ["Model", *heads, "MMLU", "GSM8K"],
            ["DeepSeek-V2", *cells, "78.5", "79.2"],
            ["Grok-1", *cells, "73.0", "62.9"],
        ]
    )
    assert {b: s for (m, b, s) in found if m.startswith("DeepSeek-V2")} == {"MMLU": "78.5", "GSM8K": "79.2"}
    for _, facts, _ in found.values():
        assert tuple(facts.get(k, "") for k in ("n_parameters", "n_active_parameters", "is_moe")) == stated


@pytest.mark.parametrize(
    ("cell", "value", "note"),
    [
        ('45.3<sup class="ltx_sup">1</sup>', "45.3", "1"),
        ("45.3¹", "45.3", "¹"),
        ("45.3<sup>a,b</sup>", "45.3", "a,b"),
        ("45.3†‡", "45.3", "†; ‡"),
        ("45.3 **", "45.3", "*"),
        ("45.3△", "45.3", "△"),
        ("45.3#", "45.3", "#"),
        ("45.3%²", "45.3%", "²"),
        ('<math alttext="45.3^{2}">45.3</math>', "45.3", "2"),
        ('<math alttext="45.3_{\\pm 0.2}">45.3</math>', "45.3", ""),
        ("45.3<sub>0.2</sub>", "45.3", "0.2"),
        ("45.3 [12]", "45.3", ""),
    ],
)
def test_cases_28_and_34_footnote_marks_and_small_print_never_join_a_number(cell, value, note):
    found, _ = read_table(
        [
            ["Model", "MMLU", "GSM8K"],
            ["Llama 2 7B", cell, "14.6"],
            ["Mistral 7B", "60.1²", "35.4"],
            ["Gemma 7B", "64.3", "46.4"],
        ]
    )
    assert found.pop(("Llama 2 7B", "MMLU", value))[0] == note
    assert set(found) == {
        ("Llama 2 7B", "GSM8K", "14.6"), ("Mistral 7B", "MMLU", "60.1"), ("Mistral 7B", "GSM8K", "35.4"),
        ("Gemma 7B", "MMLU", "64.3"), ("Gemma 7B", "GSM8K", "46.4"),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["τ<sup>2</sup>-Bench", "τ²-Bench", "$\\tau^2$-Bench"])
def test_a_raised_digit_inside_a_name_is_part_of_it(name):
    rows = read_card(f"# x\n| Benchmark | GPT-4o | Llama 2 7B |\n|---|---|---|\n| {name} | 45.3<sup>1</sup> | 14.6 |\n")
    assert {(m, v) for m, _, _, _, v in card_scores(rows)} == {("GPT-4o", "45.3"), ("Llama 2 7B", "14.6")}


MOE_ROWS = (
    "| Architecture | - | MoE | MoE | Dense |", "| # Activated Params | - | 37B | 49B | 72B |",
    "| # Total Params | - | 671B | 1.6T | 72B |", "| Context Length | - | 128K | 1M | 128K |",
)  # fmt: skip


@pytest.mark.parametrize("first", [0, 1, 2])
def test_cases_30_and_31_rows_that_describe_models_are_no_scores(first):
    body = "\n".join([*MOE_ROWS[first:], *MOE_ROWS[:first]])
    rows = read_card(
        "# x\n| Benchmark (Metric) | # Shots | DeepSeek-V3 | DeepSeek-V4-Pro | Qwen2.5 |\n|---|---|---|---|---|\n"
        f"{body}\n| **World Knowledge** | | | | |\n| AGIEval (EM) | 0-shot | 80.1 | **83.1** | 70 |\n"
        "| MMLU (EM) | 5-shot | 87.8 | 90.1 | 85.0 |\n| GSM8K (EM) | 8-shot | 91.1 | 92.6 | - |\n"
    )
    assert {(m, b, s, v) for m, b, _, s, v in card_scores(rows)} == {
        ("DeepSeek-V3", "AGIEval", "0-shot", "80.1"), ("DeepSeek-V4-Pro", "AGIEval", "0-shot", "83.1"),
        ("Qwen2.5", "AGIEval", "0-shot", "70"), ("DeepSeek-V3", "MMLU", "5-shot", "87.8"),
        ("DeepSeek-V4-Pro", "MMLU", "5-shot", "90.1"), ("Qwen2.5", "MMLU", "5-shot", "85.0"),
        ("DeepSeek-V3", "GSM8K", "8-shot", "91.1"), ("DeepSeek-V4-Pro", "GSM8K", "8-shot", "92.6"),
    }  # fmt: skip
    sizes = card_sizes(rows)
    assert sizes["DeepSeek-V3"] == ("671", "37")
    assert sizes["DeepSeek-V4-Pro"] == ("1600", "49")
    assert sizes["Qwen2.5"] == ("72", "72")


@pytest.mark.parametrize("ranks", [("Rank", "1", "2", "3"), ("#", "1", "2", "3"), ("", "1", "2", "3"), ("Year", "2023", "2023", "2024"),
                                   ("Layers", "32", "32", "28"), ("Params (B)", "7", "7", "7"), ("No.", "1.", "2.", "3.")])  # fmt: skip
def test_case_32_a_column_of_ranks_years_or_layers_is_no_score_and_hides_none(ranks):
    models = ("Llama 2 7B", "Mistral 7B", "Gemma 7B")
    found, _ = read_table(
        [
            [ranks[0], "Model", "MMLU"],
            *[[n, m, v] for n, m, v in zip(ranks[1:], models, ("45.3", "60.1", "64.3"), strict=True)],
        ]
    )
    assert set(found) == {("Llama 2 7B", "MMLU", "45.3"), ("Mistral 7B", "MMLU", "60.1"), ("Gemma 7B", "MMLU", "64.3")}


def test_decimal_commas_are_read_where_a_whole_table_prints_them():
    rows = [["Model", "MMLU", "GSM8K"], ["Llama 2 7B", "45,3", "14,6"], ["Mistral 7B", "60,1%", "35,4"]]
    assert {s for _, _, s in read_table(rows)[0]} == {"45.3", "14.6", "60.1%", "35.4"}
    mixed = [["Model", "MMLU", "GSM8K"], ["Llama 2 7B", "45,3", "14.6"], ["Mistral 7B", "60,1", "35,4"]]
    assert {s for _, _, s in read_table(mixed)[0]} & {"45.3", "60.1"} == set()


def test_headings_over_some_columns_only_and_rows_of_training_stages():
    page = latexml([["Model", "Tokens", "MMLU"], ["TinyLlama 1.1B", "105B", "25.0"], ["TinyLlama 1.1B", "3T", "26.0"]])
    tally = defaultdict(list)
    assert list(read_grid(read_latexml(page)[0], Names(), tally)) == []
    assert sum(map(len, tally.values())) == 2
    heads = '<tr class="ltx_tr"><td class="ltx_td" rowspan="2">Model</td><td class="ltx_td" colspan="2">English</td><td class="ltx_td" rowspan="2">C-Eval</td></tr>'
    page = latexml([["MMLU", "GSM8K"], ["Yi-6B", "63.2", "32.5", "72.0"]]).replace(
        '<table class="ltx_tabular">', f'<table class="ltx_tabular">{heads}'
    )
    drafts = list(read_grid(read_latexml(page)[0], Names(), tally))
    assert {(d.row.benchmark, d.row.score_reported) for d in drafts} == {
        ("MMLU", "63.2"),
        ("GSM8K", "32.5"),
        ("C-Eval", "72.0"),
    }


@pytest.mark.parametrize(
    ("model", "benchmark", "setting"),
    [
        ("GPT-5 (high)", "HLE (w/o tools)", "w/o tools, high"),
        ("DeepSeek V3.2 (Thinking)", "MMLU 5-shot", "5-shot, Thinking"),
        ("Gemini 2.5 Pro", "GSM8K (8-shot, CoT)", "8-shot, CoT"),
        ("Claude 4 (non-thinking)", "MathVista (testmini)", "testmini, non-thinking"),
        ("GPT-4o", "MATH (maj@4)", ""),
    ],
)
def test_words_of_settings_in_the_heads_of_rows_and_columns_are_kept_as_setting(model, benchmark, setting):
    rows = read_card(
        f"# x\n| Benchmark | {model} | Llama 2 7B |\n|---|---|---|\n| {benchmark} | 45.3 | 14.6 |\n| MMLU-Pro | 5 | 6 |\n"
    )
    plain = model.split(" (")[0]
    found = [r for r in rows if isinstance(r, Reported) and r.score_reported == "45.3"]
    assert [(r.model, r.setting) for r in found] == [(plain, setting)]


def test_a_table_with_a_known_test_and_model_that_gave_nothing_is_named():
    found, omitted = read_table([["Data", "MMLU"], ["Llama 2 7B", "45.3"]])
    assert found == {}
    assert omitted == {f"{UNREAD_TABLE}: Table 1": 1}


def test_status_lists_the_tables_that_gave_nothing(monkeypatch):
    tables = {
        "omission": pd.DataFrame(
            [
                ("arxiv_tables", "s1", f"{UNREAD_TABLE}: Table 3", 6, "Table 3: Results. (average)"),
                ("arxiv_tables", "s1", "average", 2, "Table 1: Llama 2 7B, Average 50.0"),
            ],
            columns=["source_id", "snapshot_id", "rule", "n_values", "example"],
        ),
        "snapshot": pd.DataFrame([("s1", "https://arxiv.org/html/2401.00001v1")], columns=["snapshot_id", "url"]),
    }
    monkeypatch.setattr(status.store, "read", lambda connection, name, columns: tables[name][columns])
    assert status.unread_tables(None) == [
        {
            "source": "arxiv_tables",
            "page": "https://arxiv.org/html/2401.00001v1",
            "n_values": 6,
            "table": "Table 3: Results. (average)",
        }
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "  - task: {name: NER}\n    metrics:\n    - {name: NER F Score, type: f_score, value: 0.85}",
        "  - task: {name: NER}\n    dataset: {name: CoNLL}\n    metrics:\n    - {name: F1, type: f1}",
        "  - task: {name: NER}\n    dataset: {type: conll}\n    metrics:\n    - {name: F1, type: f1, value: 0.5}",
        "  - task: {name: NER}\n    dataset: {name: CoNLL}\n    metrics:\n    - {name: F1, type: f1, value: [1, 2]}",
        "  - dataset: conll\n    metrics:\n    - {name: F1, type: f1, value: 0.5}",
        "  - dataset: {name: CoNLL}\n    metrics:\n    - 0.5",
    ],
)
def test_case_52_a_model_index_entry_without_a_data_set_is_refused_alone(entry):
    rows = read_card(
        f"---\nmodel-index:\n- name: en_core\n  results:\n{entry}\n---\n| Model | MMLU |\n|---|---|\n| Llama 2 7B | 45.3 |\n"
        "| Mistral 7B | 60.1 |\n| Demo 7B | 61.3 |\n"
    )
    assert {(m, v) for m, _, _, _, v in card_scores(rows)} == {
        ("Llama 2 7B", "45.3"),
        ("Mistral 7B", "60.1"),
        ("Demo 7B", "61.3"),
    }
    assert [(r.rule, r.n_values) for r in rows if isinstance(r, Omitted)] == [(hf_model_cards.NO_DATA_SET, 1)]


@pytest.mark.parametrize("name", ["H.-R.", "c++", "a(b", "x[1", "-", "H.-R.-7B"])
def test_any_name_of_a_repository_is_text_and_no_pattern(name):
    page = Page(
        name=f"{name}.md", body=b"| Model | MMLU |\n|---|---|\n| Llama 2 7B | 45.3 |\n", url="https://huggingface.co/",
        content_date=date(2026, 1, 1), date_basis="content", snapshot_id="card", licence="per card",
    )  # fmt: skip
    assert [r.evaluator_relationship for r in hf_model_cards.read_card(page) if isinstance(r, Reported)] == ["unknown"]


@pytest.mark.parametrize(
    ("title", "own", "others"),
    [
        ("Nemotron-4 15B Technical Report", "Nemotron-4 15B", "LLaMA-2 34B"),
        ("OLMo : Accelerating the Science of Language Models", "OLMo-7B", "Llama 7B"),
        ("Qwen2.5-Coder Technical Report", "Qwen2.5-Coder-7B", "StarCoder2-7B"),
        ("Ovis2.5 Technical Report", "Ovis2.5-9B", "GPT-4o"),
        ("Hunyuan-Large: An Open-Source MoE Model", "Hunyuan-Large", "Llama 3.1 405B"),
        ("2 OLMo 2 Furious", "OLMo 2 7B", "Gemma 2 9B"),
        ("Kimi K2: Open Agentic Intelligence", "Kimi K2", "DeepSeek-V3"),
        ("LLaMA-Adapter: Efficient Fine-tuning", "", "LLaMA 7B"),
        ("Llama Guard: LLM-based Input-Output Safeguard", "", "Llama 7B"),
    ],
)
def test_case_53_a_title_names_the_models_of_its_authors(title, own, others):
    pattern = arxiv_tables.read_own_models(f"<title>{title}</title>")
    assert bool(pattern) == bool(own)
    if pattern:
        assert pattern.match(own)
        assert not pattern.match(others)


def test_cases_12_and_13_units_of_model_index_entries():
    front = "---\nmodel-index:\n- name: demo\n  results:\n" + "".join(
        f"  - dataset: {{name: {b}}}\n    metrics:\n    - {{type: {m}, value: {v}}}\n"
        for b, m, v in (
            ("MMLU", "accuracy", "0.643"), ("HellaSwag", "accuracy", "81.2"),
            ("Wikitext", "perplexity", "5.3"), ("Wikitext", "loss", "1.6"), ("Wikitext", "bits_per_byte", "0.61"),
        )
    )  # fmt: skip
    units = {(r.metric, r.score_reported): r.score_unit for r in read_card(front + "---\n") if isinstance(r, Reported)}
    assert units == {
        ("accuracy", "0.643"): hf_model_cards.UNSTATED, ("accuracy", "81.2"): "percent", ("perplexity", "5.3"): "points",
        ("loss", "1.6"): "points", ("bits_per_byte", "0.61"): "points",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "caption", "name"),
    [
        ("H.-R.", "Results in Korean (KMMLU, HAE-RAE, KoBigBench) and English.", "HAE-RAE"),
        ("H. E.", "Results on HumanEval and MMLU.", "HumanEval"),
        ("Hella. Swag", "Results on HellaSwag and MMLU.", "Hella. Swag"),
        ("Nat. Q.", "Results on MMLU and Natural Questions.", "Natural Questions"),
        ("Trivia.", "Results on TriviaQA and MMLU.", "triviaqa"),
        ("Hella.", "Results.", "hellaswag"),
        ("H.-R.", "Results.", ""),
        ("Wino.", "Results.", ""),
        ("Avg.", "Results on AGIEval and MMLU.", ""),
    ],
)
def test_names_cut_short_with_full_stops_are_read_where_one_test_alone_fits(heading, caption, name):
    rows = [["Model", heading, "MMLU"], ["Yi-6B", "51.2", "63.2"], ["Llama 2 7B", "23.9", "45.3"]]
    found, _ = read_table(rows, caption)
    assert {b for m, b, _ in found if m == "Yi-6B"} == {"MMLU", name} - {""}


def test_groups_of_rows_beside_their_models_are_no_condition():
    rows = [
        ["Scale", "Model", "GSM8K", "MATH"],
        ["Large", "GPT-4o", "94.1", "60.3"],
        ["Small", "Llama-3.1-8B", "84.4", "51.9"],
    ]
    assert len(table_scores(rows)) == 4
    assert (
        len(
            table_scores(
                [["Group", *rows[0][1:]], ["Fine-tuned on it", *rows[1][1:]], ["Few-shot prompt", *rows[2][1:]]]
            )
        )
        == 0
    )


def test_changes_beside_a_value_shots_in_small_print_and_modes_of_a_row():
    rows = [
        ["Model", "MMLU<sub>5-shot</sub>", "MATH"],
        ["Qwen2.5-7B", "74.2", "49.8"],
        ["Foo-7B (ours)", "75.1 (+0.9)", "51.1 ↑1.3"],
    ]
    assert sorted((r.benchmark, r.setting, r.score_reported) for r in table_scores(rows)) == [
        ("MATH", "", "49.8"), ("MATH", "", "51.1"), ("MMLU", "5-shot", "74.2"), ("MMLU", "5-shot", "75.1"),
    ]  # fmt: skip
    rows = [["Model", "Mode", "AIME24"], ["Qwen3-8B", "Thinking", "76.0"], ["Qwen3-8B", "Non-thinking", "29.1"]]
    assert sorted((r.setting, r.score_reported) for r in table_scores(rows)) == [
        ("Non-thinking", "29.1"),
        ("Thinking", "76.0"),
    ]


def test_a_caption_may_go_on_behind_its_test_and_lists_no_other():
    rows = [
        ["Model", "Overall", "Easy", "Hard"],
        ["GPT-4o", "55.2", "70.1", "40.3"],
        ["Llama-3.1-70B", "45.1", "60.3", "30.3"],
    ]
    assert [r.score_reported for r in table_scores(rows, "Accuracy of models on FooBench, our new benchmark.")] == [
        "55.2",
        "45.1",
    ]
    assert table_scores(rows, "Accuracy of models on FooBench, BarBench.") == []


def names_of(rows, caption="Results."):
    return sorted((r.model, r.benchmark, r.score_reported) for r in table_scores(rows, caption))


def test_a_heading_over_a_group_of_models_is_no_part_of_their_names():
    rows = [
        ["", "Small models", "Small models", "Large models", "Large models"],
        ["", "phi-4 14b", "GPT 4o-mini", "Llama-3.3 70b", "GPT 4o"],
        ["MMLU", "84.8", "81.8", "86.3", "88.1"],
        ["GPQA", "56.1", "40.9", "49.1", "50.6"],
    ]
    assert {m for m, *_ in names_of(rows)} == set(rows[1][1:])


def test_a_test_that_the_page_calls_internal_is_left_out():
    rows = [["Model", "MMLU", "GPQA", "HeronBench (internal)", "KiteEval (in-house)"]]
    rows += [["Foo-7B", "61.1", "31.2", "55.5", "44.4"], ["Bar-7B", "62.1", "32.2", "56.5", "45.4"]]
    assert {b for _, b, _ in names_of(rows)} == {"MMLU", "GPQA"}


def test_differences_from_another_model_are_no_scores():
    rows = [
        ["Model", "MMLU", "GSM8K", "MATH"],
        ["Foo-7B", "+3.0", "+2.2", "-0.7"],
        ["Bar-7B", "61.2", "55.5", "30.1"],
    ]
    found, omitted = read_table(rows)
    assert {m for m, *_ in found} == {"Bar-7B"}
    assert omitted["difference from another model"] == 3
    # A value below zero beside none above it stands as printed: some tests take points off.
    assert len(table_scores([rows[0], ["Foo-7B", "-0.7", "12.0", "3.3"]])) == 3


@pytest.mark.parametrize(
    ("caption", "n"),
    [
        ("Comparison of models: closed ones, our base model, and models fine-tuned on different datasets.", 4),
        ("Results of models fine-tuned on different datasets.", 0),
        ("Released resources of models. MMLU scores are reported for the corresponding chat models.", 0),
        ("Released resources of models. MMLU scores are reported for all models.", 4),
    ],
)
def test_a_caption_that_lists_trained_models_among_others_or_names_other_models_than_the_rows(caption, n):
    rows = [["Model", "MMLU", "GSM8K"], ["Foo-7B", "61.1", "31.2"], ["Bar-7B", "62.1", "32.2"]]
    assert len(table_scores(rows, caption)) == n


def test_below_a_test_stand_its_own_name_its_harder_form_and_its_listed_parts():
    rows = [
        ["Model", "HumanEval", "HumanEval", "MBPP", "MBPP", "MBPP", "BigCodeBench", "BigCodeBench", "MMLU"],
        ["", "HE", "HE+", "MBPP", "MBPP+", "3-shot", "Full", "Hard", "Anatomy"],
        ["Foo-7B", "61.1", "51.1", "71.1", "66.1", "60.1", "41.1", "12.1", "33.1"],
    ]
    assert sorted((r.benchmark, r.setting, r.score_reported) for r in table_scores(rows)) == [
        ("BigCodeBench", "Full", "41.1"), ("BigCodeBench Hard", "", "12.1"), ("HumanEval", "", "61.1"),
        ("HumanEval+", "", "51.1"), ("MBPP", "", "71.1"), ("MBPP", "3-shot", "60.1"), ("MBPP+", "", "66.1"),
    ]  # fmt: skip


def test_what_kind_a_model_is_behind_its_name_and_the_names_of_mixes_of_data():
    rows = [["Model", "MMLU", "GSM8K"], ["Foo-7B", "61.1", "31.2"], ["Bar-7B", "62.1", "32.2"], ["Baz-9B", "63", "33"]]
    assert len(table_scores([*rows, ["KT-Tern-V2-Lite(MoE)", "64.1", "34.2"]])) == 8
    assert len(table_scores([*rows, ["QA+C4-85B", "64.1", "34.2"]])) == 6


def test_rows_of_data_sets_are_no_models_where_few_look_like_them():
    data = [["Dataset", "MMLU", "GSM8K"], ["C4", "26.7", "0.9"], ["Falcon-RW", "25.3", "0.5"], ["Kite", "25.6", "0.8"]]
    assert table_scores(data) == []
    data[1:] = [["Falcon-7B", "26.7", "0.9"], ["Llama-2-7B", "45.3", "14.5"]]
    assert len(table_scores(data)) == 4


def test_the_mean_over_runs_is_a_score_and_short_names_mean_tests_beside_others():
    rows = [["Model", "AIME24 pass@1 (64 average)", "MATH500 (avg of 4 runs)", "Average", "GPQA"]]
    rows += [["Foo-7B", "55.5", "81.1", "66.6", "31.2"]]
    assert {b for _, b, _ in names_of(rows)} == {"AIME24", "MATH500", "GPQA"}
    rows = [["Model", "ARC-c", "PIQA", "HS.", "OB.", "Wino.", "Avg"], ["Foo-7B", "45", "75", "60", "30", "65", "55"]]
    assert {b for _, b, _ in names_of(rows)} == {"ARC-c", "PIQA", "HellaSwag", "OpenBookQA", "WinoGrande"}


def test_a_stage_of_tuning_at_the_end_of_a_name_is_no_model_of_its_own():
    rows = [["Model", "MMLU", "GSM8K"], ["Foo-7B-SFT-stage1", "61.1", "31.2"], ["Foo-R1-32B", "62.1", "32.2"]]
    assert {m for m, *_ in names_of([*rows, ["Bar-7B", "60.0", "30.0"]])} == {"Foo-R1-32B", "Bar-7B"}


@pytest.mark.parametrize(("section", "n"), [("Agentic Search", 4), ("Reasoning w/ Tools", 3), ("Reasoning", 4)])
def test_a_mark_is_left_out_where_a_section_says_with_tools_and_not_where_its_tests_are_of_using_them(section, n):
    rows = [["Test", "GPT-4o", "Llama-3.1-70B"], [f'{section}</td><td class="ltx_td"></td><td class="ltx_td">']]
    rows += [["BrowseComp", "55.1*", "33.1"], ["GPQA", "50.6", "45.1"]]
    assert len(table_scores(rows)) == n


# More members of the kinds above


def test_a_column_of_tools_says_of_each_row_whether_there_were_any():
    rows = read_card(
        "# x\n## Agents with tools\n| Model | Tools | HLE |\n|---|---|---|\n| GPT-4o | ✗ | 5.3 |\n| GPT-4o | ✓ | 10.3 |\n"
        "| Claude 3.5 Sonnet | w/o | 6.3 |\n"
    )
    assert [(m, s, v) for m, _, _, s, v in card_scores(rows)] == [
        ("GPT-4o", "without tools", "5.3"), ("GPT-4o", "with tools", "10.3"), ("Claude 3.5 Sonnet", "without tools", "6.3"),
    ]  # fmt: skip
    rows = read_card(
        "# x\n| Benchmark | Tools | GPT-4o | Claude 3.5 Sonnet |\n|---|---|---|---|\n| HLE | no | 5.3 | 6.3 |\n"
    )
    assert {s for _, _, _, s, _ in card_scores(rows)} == {"without tools"}


def test_a_section_with_tools_is_none_for_a_row_whose_column_denies_them():
    rows = read_card(
        "# x\n| Test | Tools | GPT-4o | Claude 3.5 Sonnet |\n|---|---|---|---|\n| **With tools** | | | |\n"
        "| HLE | w/o | 5.3 | 6.3 |\n| AIME 2025 | w/ | 6.3 | 7.1 |\n"
    )
    assert {(b, s) for _, b, _, s, _ in card_scores(rows)} == {
        ("HLE", "without tools"),
        ("AIME 2025", "with tools, With tools"),
    }


def test_fractions_beside_percentages_are_left_out_also_where_they_are_few():
    mixed = read_card(
        "# x\n| Model | MMLU | GSM8K |\n|---|---|---|\n| Llama 2 7B | 0.453 | 14.6 |\n| Mistral 7B | 0.60 | 35.4 |\n"
    )
    assert [v for *_, v in card_scores(mixed)] == ["14.6", "35.4"]
    signed = read_card(
        "# x\n| Model | MMLU | GSM8K |\n|---|---|---|\n| Llama 2 7B | 45.3% | 14.6% |\n| Mistral 7B | 60.1% | 0.354 |\n"
    )
    assert [v for *_, v in card_scores(signed)] == ["45.3%", "14.6%", "60.1%"]


def test_how_a_model_was_run_may_stand_below_its_name():
    rows = read_card(
        "# x\n<table><tr><th rowspan=2>Benchmark</th><th colspan=2>GPT-4o</th><th colspan=2>Qwen3-8B</th></tr><tr><th>w/o tools</th>"
        "<th>w/ tools</th><th>0-shot</th><th>Non-thinking</th></tr><tr><td>HLE</td><td>5.3</td><td>10.3</td><td>4.1</td><td>4.2</td></tr></table>\n"
    )
    assert [(m, s, v) for m, _, _, s, v in card_scores(rows)] == [
        ("GPT-4o", "w/o tools", "5.3"), ("GPT-4o", "w/ tools", "10.3"), ("Qwen3-8B", "0-shot", "4.1"), ("Qwen3-8B", "Non-thinking", "4.2"),
    ]  # fmt: skip


def test_a_number_of_tokens_beside_a_size_is_no_size():
    rows = read_card(
        "# x\n| Model | Params / Tokens | MMLU |\n|---|---|---|\n| Llama 2 | 7B / 2T | 45.3 |\n| Mistral | 7B / 8T | 60.1 |\n"
    )
    assert {size for size in card_sizes(rows).values()} <= {("", ""), ("7", "")}


def test_the_text_of_a_picture_is_no_part_of_the_name_beside_it():
    rows = read_card(
        "# x\n| Model | MMLU |\n|---|---|\n| ![logo](a.png) Llama 2 7B | 45.3 |\n| ![Mistral 7B](b.png) | 60.1 |\n"
    )
    assert [m for m, *_ in card_scores(rows)] == ["Llama 2 7B", "Mistral 7B"]


def test_a_section_over_models_that_says_how_they_were_run_is_their_setting():
    rows = read_card(
        "# x\n| Model | MMLU | GSM8K |\n|---|---|---|\n| **w/ CoT** | | |\n| GPT-4o | 51.4 | 54.2 |\n| **w/o CoT** | | |\n| GPT-4o | 50.1 | 54.2 |\n"
    )
    assert [(b, s, v) for _, b, _, s, v in card_scores(rows)] == [
        ("MMLU", "w/ CoT", "51.4"), ("GSM8K", "w/ CoT", "54.2"), ("MMLU", "w/o CoT", "50.1"), ("GSM8K", "w/o CoT", "54.2"),
    ]  # fmt: skip


def test_a_raised_digit_in_front_of_a_number_is_a_footnote():
    rows = table_scores(
        [
            ["Model", "MMLU"],
            ["Llama 2 7B<sup class='ltx_sup'>3</sup>", "<sup class='ltx_sup'>1</sup>5.3"],
            ["Mistral 7B", "60.1"],
        ]
    )
    assert [(r.score_reported, r.note) for r in rows] == [("5.3", "1; 3"), ("60.1", "")]


def test_points_at_half_height_are_decimal_points():
    rows = table_scores([["Model", "MMLU", "GSM8K"], ["Llama 2 7B", "45·3", "14·6"], ["Mistral 7B", "60·1", "35·4"]])
    assert [r.score_reported for r in rows] == ["45.3", "14.6", "60.1", "35.4"]


def test_numbers_of_shots_in_words_over_rows_are_their_setting():
    over = "<td class='ltx_td' colspan='2'>Five-shot</td>"
    (grid,) = read_latexml(
        latexml([["Model", "MMLU"], ["Llama 2 7B", "45.3"]], "Results.").replace(
            "</tr>", f"</tr><tr class='ltx_tr'>{over}</tr>", 1
        )
    )
    assert [d.row.setting for d in read_grid(grid, Names(), defaultdict(list))] == ["Five-shot"]


def test_tokens_in_a_column_of_sizes_and_sizes_of_no_model_are_left_out():
    found, _ = read_table(
        [
            ["Model", "Size", "MMLU"],
            ["Mistral", "7B-instruct", "60.1"],
            ["Llama 2", "1.5T tokens", "45.3"],
            ["Gemma", "70T", "46.3"],
        ]
    )
    assert {key[0]: facts.get("n_parameters") for key, (_, facts, _) in found.items()} == {
        "Mistral 7B-instruct": "7", "Llama 2": None, "Gemma 70T": None,
    }  # fmt: skip


def test_a_link_to_another_size_of_a_family_does_not_change_the_model():
    rows = read_card(
        "# x\n| Model | MMLU |\n|---|---|\n| [falcon-7b](https://huggingface.co/tiiuae/falcon-40b) | 35.0 |\n"
        "| [falcon-40b](https://huggingface.co/tiiuae/falcon-40b) | 52.7 |\n| [cerebras-gpt-7b](https://huggingface.co/cerebras/Cerebras-GPT-6.7B) | 25.9 |\n"
    )
    assert [m for m, *_ in card_scores(rows)] == ["falcon-7b", "tiiuae/falcon-40b", "cerebras/Cerebras-GPT-6.7B"]


@pytest.mark.parametrize(
    ("heading", "name", "metric", "setting"),
    [
        ("0-shot-cot MMLU", "MMLU", "", "0-shot, CoT"), ("MMLU（5-shot）", "MMLU", "", "5-shot"), ("truthfulqa_mc2", "truthfulqa", "mc2", ""),
        ("pass@1 HumanEval", "HumanEval", "pass@1", ""), ("gpqa_diamond_cot_zeroshot", "gpqa_diamond", "", "CoT, 0-shot"),
        ("MMLU, 5-shot", "MMLU", "", "5-shot"), ("MMLU (↑)", "MMLU", "", ""), ("MMLU (higher is better)", "MMLU", "", ""),
    ],
)  # fmt: skip
def test_headings_of_tables_are_read_like_the_names_that_people_bring(heading, name, metric, setting):
    rows = read_card(
        f"# x\n| Model | {heading} |\n|---|---|\n| Llama 2 7B | 45.3 |\n| Mistral 7B | 60.1 |\n| Gemma 7B | 64.3 |\n"
    )
    assert {(b, m, s) for _, b, m, s, _ in card_scores(rows)} == {(name, metric, setting)}


@pytest.mark.parametrize("heading", ["MMLU avg", "MMLU 0/5-shot", "gsm8k_cot_llama", "WikiText ppl 5-shot"])
def test_headings_of_means_two_settings_and_other_measures_name_no_test(heading):
    rows = read_card(
        f"# x\n| Model | {heading} | PIQA |\n|---|---|---|\n| Llama 2 7B | 45.3 | 70.1 |\n| Mistral 7B | 60.1 | 80.1 |\n"
    )
    assert {b for _, b, *_ in card_scores(rows)} == {"PIQA"}


def card_of(lines, name="demo-9B"):
    """(model, benchmark, metric and setting, score) of a card with one Markdown table, given by its lines without the rule."""
    head, *rows = lines
    rule = "|" + "---|" * (head.count("|") - head.count("\\|") - 1)
    scores = card_scores(read_card("\n".join(["# Card", head, rule, *rows]) + "\n", name))
    return {(m, b, ", ".join(t for t in (metric, how) if t), s) for m, b, metric, how, s in scores}


@pytest.mark.parametrize(
    ("over", "heads", "caption", "settings"),
    [
        ("MATH (CoT)", ("w/", "w/o"), "Results.", {"with CoT", "without CoT"}),
        ("MATH (tools)", ("with", "without"), "Results.", {"with tools", "without tools"}),
        ("MATH", ("w/", "w/o"), "Results on MATH with and without tools.", {"with tools", "without tools"}),
        ("MATH", ("w/o", "w/"), "Results (w/o vs. w/ Python).", {"with Python", "without Python"}),
        ("MATH", ("w/ CoT", "w/o CoT"), "Results.", {"w/ CoT", "w/o CoT"}),
        ("MATH", ("w/", "w/o"), "Results.", set()),
    ],
)
def test_with_and_without_alone_are_read_where_the_page_says_what_and_refused_where_not(over, heads, caption, settings):
    rows = [["Model", over, over, "GSM8K"], ["", *heads, ""], ["Llama-3.1-8B", "51.9", "31.2", "84.5"]]
    rows += [["Gemma-2-9B", "44.3", "28.0", "82.1"]]
    found, omitted = read_table(rows, caption)
    assert {how for (_, test, _), (_, _, how) in found.items() if test == "MATH"} == settings
    assert len(found) == (6 if settings else 2)
    assert settings or omitted == {"value under a heading that names no known benchmark": 4}


def test_an_empty_heading_of_a_card_continues_the_one_before_it_over_a_row_of_headings():
    found = card_of(
        ["| Model | MATH | | GPQA |", "| | w/ tools | w/o tools | 0-shot |", "| Qwen3-8B | 84.9 | 77.7 | 62.0 |"]
    )
    assert found == {
        ("Qwen3-8B", "MATH", "w/ tools", "84.9"),
        ("Qwen3-8B", "MATH", "w/o tools", "77.7"),
        ("Qwen3-8B", "GPQA", "0-shot", "62.0"),
    }
    # Over a row of scores an empty heading is none.
    assert card_of(["| Model | MATH | |", "| Qwen3-8B | 84.9 | 77.7 |"]) == {("Qwen3-8B", "MATH", "", "84.9")}


def test_a_pipe_inside_a_cell_parts_a_name_from_what_is_said_of_it():
    found = card_of([r"| Benchmark | demo-9B \| ours | Qwen3-8B |", r"| MMLU \| 5-shot | 72.1 | 74.2 |"])
    assert found == {("maker/demo-9B", "MMLU", "5-shot", "72.1"), ("Qwen3-8B", "MMLU", "5-shot", "74.2")}


def test_efforts_below_beside_or_under_a_model_are_settings_of_it():
    wanted = {("gpt-oss-20b", t, f"{e} effort", s) for t, e, s in (
        ("GPQA", "low", "56.8"), ("GPQA", "medium", "66.0"), ("GPQA", "high", "74.2"),
        ("HLE", "low", "4.2"), ("HLE", "medium", "7.0"), ("HLE", "high", "17.3"),
    )}  # fmt: skip
    body = ["| low | 56.8 | 4.2 |", "| medium | 66.0 | 7.0 |", "| high | 74.2 | 17.3 |"]
    below = ["| Test | gpt-oss-20b | | |", "| | low | medium | high |", "| GPQA | 56.8 | 66.0 | 74.2 |", "| HLE | 4.2 | 7.0 | 17.3 |"]  # fmt: skip
    beside = ["| Model | Effort | GPQA | HLE |", *(f"| gpt-oss-20b {row}" for row in body)]
    under = ["| Model | GPQA | HLE |", "| **gpt-oss-20b** | | |", *body]
    assert card_of(below) == card_of(beside) == card_of(under) == wanted
    # Beside "Small" and "Large" it is the size of a model.
    sizes = card_of(["| Test | Mistral | | |", "| | Small | Medium | Large |", "| GPQA | 45.3 | 57.1 | 48.6 |"])
    assert {m for m, *_ in sizes} == {"Mistral Small", "Mistral Medium", "Mistral Large"}


def test_rows_for_groups_of_models_are_no_models_and_tell_the_sizes_of_names_that_stand_below_several():
    found = card_of(["| Model | MMLU | BBH |", "| Open 13B models | 57.0 | 44.0 |", "| Llama-2-13B | 54.8 | 39.4 |", "| Yi-34B | 76.3 | 54.3 |"])  # fmt: skip
    assert {m for m, *_ in found} == {"Llama-2-13B", "Yi-34B"}
    found = card_of(
        ["| Model | MMLU |", "| 7B models | |", "| LLaMA-2 | 45.3 |", "| Mistral-7B | 62.5 |", "| 13B models | - |", "| LLaMA-2 | 54.8 |"]
    )  # fmt: skip
    assert {(m, s) for m, _, _, s in found} == {("LLaMA-2 7B", "45.3"), ("Mistral-7B", "62.5"), ("LLaMA-2 13B", "54.8")}


def test_an_address_that_stands_for_itself_names_the_repository_that_it_leads_to():
    found = card_of(
        ["| Model | MMLU |", "| <https://huggingface.co/maker/demo-9B> | 72.1 |", "| https://huggingface.co/Qwen/Qwen2.5-7B | 74.7 |"]
    )  # fmt: skip
    assert {(m, s) for m, _, _, s in found} == {("maker/demo-9B", "72.1"), ("Qwen/Qwen2.5-7B", "74.7")}


@pytest.mark.parametrize(
    ("head", "cell", "wanted"),
    [
        ("HumanEval (HumanEval+)", "72.6 (67.1)", {("HumanEval", "", "72.6"), ("HumanEval+", "", "67.1")}),
        ("HumanEval / HumanEval+", "72.6 / 67.1", {("HumanEval", "", "72.6"), ("HumanEval+", "", "67.1")}),
        ("AIME24 pass@1 (cons@64)", "72.6 (79.8)", {("AIME24", "pass@1", "72.6"), ("AIME24", "cons@64", "79.8")}),
        ("MMLU 0-shot (5-shot)", "66.7 (69.4)", {("MMLU", "0-shot", "66.7"), ("MMLU", "5-shot", "69.4")}),
        ("HLE (no tools / with tools)", "9.1 / 20.4", {("HLE", "no tools", "9.1"), ("HLE", "with tools", "20.4")}),
        ("MMLU (5-shot)", "66.7 (69.4)", set()),
        ("MMLU", "66.7 / 69.4", set()),
        ("HLE (no tools / with tools)", "20.4", set()),
        ("AIME24 (pass@1 / cons@64)", "72.6", set()),
    ],
)
def test_two_values_in_a_cell_are_read_where_the_heading_says_each_and_refused_elsewhere(head, cell, wanted):
    def scores(rows):
        return {
            (r.benchmark, ", ".join(t for t in (r.metric, r.setting) if t), r.score_reported)
            for r in table_scores(rows)
            if r.benchmark != "BBH"
        }

    across = [["Model", head, "BBH"], ["Qwen3-8B", cell, "41.0"], ["Llama-3.1-8B", cell, "42.0"]]
    assert scores(across) == scores([list(row) for row in zip(*across, strict=True)]) == wanted
    omitted = read_table(across)[1]
    assert sum(omitted.values()) == (0 if wanted else 2)


def test_of_one_value_beside_lists_nothing_tells_whose_it_is():
    rows = [["Test", "Qwen3-8B", "Llama-3.1-8B"], ["HLE (no tools / with tools)", "9.1 / 20.4", "5.3"], ["BBH", "61.0", "62.0"]]  # fmt: skip
    assert {r.benchmark for r in table_scores(rows)} == {"BBH"}


def test_german_and_french_headings_are_read_and_their_errors_and_means_are_no_scores():
    found = card_of(
        ["| Modell | MMLU Genauigkeit | GSM8K (Fehlerrate) | Durchschnitt BBH |", "| Qwen3-8B | 72.1 | 15.8 | 60.1 |"]
    )
    assert found == {("Qwen3-8B", "MMLU", "Genauigkeit", "72.1")}
    found = card_of(
        ["| Modèle | MMLU (exactitude) | GSM8K (taux d'erreur) | BBH (moyenne) |", "| Qwen3-8B | 72.1 | 15.8 | 60.1 |"]
    )
    assert found == {("Qwen3-8B", "MMLU", "exactitude", "72.1")}


def test_whether_a_model_is_open_stands_below_its_name_and_is_no_part_of_it():
    rows = [["Test", "Gemini 2.5 Pro", "Kimi K2", "Granite 4.0"], ["", "(Closed)", "(Open)", "H-Small"], ["MMLU-Pro", "86.0", "81.1", "60.2"]]  # fmt: skip
    assert {r.model for r in table_scores(rows)} == {"Gemini 2.5 Pro", "Kimi K2", "Granite 4.0 H-Small"}


@pytest.mark.parametrize(("base", "tuned"), [("Pre-trained", "Instruction-tuned"), ("Base models", "Chat models")])
def test_one_name_under_a_section_of_base_and_one_of_tuned_models_is_that_of_two(base, tuned):
    wanted = {("Llama 3.2 1B", "32.2"), ("Gemma 2 2B", "51.8"), ("Llama 3.2 1B Instruct", "49.3"), ("Gemma 2 2B Instruct", "57.8")}  # fmt: skip
    tests = ["| | Llama 3.2 1B | Gemma 2 2B |", f"| {base} | | |", "| MMLU | 32.2 | 51.8 |", f"| {tuned} | | |", "| MMLU | 49.3 | 57.8 |"]  # fmt: skip
    models = ["| Model | MMLU |", f"| {base} | |", "| Llama 3.2 1B | 32.2 |", "| Gemma 2 2B | 51.8 |", f"| {tuned} | |", "| Llama 3.2 1B | 49.3 |", "| Gemma 2 2B | 57.8 |"]  # fmt: skip
    assert {(m, s) for m, _, _, s in card_of(tests)} == wanted
    assert {(m, s) for m, _, _, s in card_of(models)} == wanted


def test_ranges_changes_and_about_so_much_hide_no_values_beside_them():
    rows = [["Model", "MMLU", "GSM8K"], ["Llama-3-8B", "66.6 → 65.1", "55.3 → 70.2"], ["Falcon-40B", "~55", "19.6"], ["Yi-34B", "76.3", "65-67"]]  # fmt: skip
    scores = {(r.model, r.benchmark): r.score_reported for r in table_scores(rows)}
    assert scores["Falcon-40B", "GSM8K"] == "19.6" and scores["Yi-34B", "MMLU"] == "76.3"
    # What is no number is handed on as printed, and refused with that reason.
    others = {k: v for k, v in scores.items() if v not in ("19.6", "76.3")}
    assert set(others.values()) <= {"66.6 → 65.1", "55.3 → 70.2", "~55", "65-67"}


def test_the_length_that_a_maker_claims_is_no_condition_and_a_mean_over_languages_a_score():
    found, _ = read_table([["Model", "Claimed", "4K", "8K"], ["Llama-3.1-8B", "128K", "95.5", "93.8"]], "RULER accuracy by length.")  # fmt: skip
    assert {(m, s) for m, _, s in found} == {("Llama-3.1-8B", "95.5"), ("Llama-3.1-8B", "93.8")}
    found, _ = read_table(
        [["Model", "English", "German", "Avg"], ["Gemma 3 12B", "71.2", "69.9", "70.6"]],
        "Results on Global-MMLU-Lite by language.",
    )
    assert {s for *_, s in found} == {"70.6"}


def test_with_and_without_below_or_under_a_model_is_how_it_was_run():
    wanted = {("Llama-3.1-8B", t, how, s) for t, how, s in (
        ("MATH", "w/ CoT", "51.9"), ("MATH", "w/o CoT", "31.2"), ("GSM8K", "w/ CoT", "84.5"), ("GSM8K", "w/o CoT", "55.2"),
    )}  # fmt: skip
    below = ["| Test | Llama-3.1-8B | |", "| | w/ CoT | w/o CoT |", "| MATH | 51.9 | 31.2 |", "| GSM8K | 84.5 | 55.2 |"]
    under = [
        "| Model | MATH | GSM8K |",
        "| Llama-3.1-8B | | |",
        "| w/ CoT | 51.9 | 84.5 |",
        "| w/o CoT | 31.2 | 55.2 |",
    ]
    assert card_of(below) == card_of(under) == wanted


@pytest.mark.parametrize("cell", ["72.1<br>70.0", r"72.1 \| 70.0", "72.1, 70.0", "50 (48, 52)"])
def test_several_values_in_a_cell_hide_none_beside_them_and_none_of_them_is_taken(cell):
    rows = ["| Model | MMLU | GSM8K |", f"| Llama-3.1-8B | {cell} | 84.2 |", "| Qwen3-8B | 76.9 | 89.8 |"]
    found = {(m, t): s for m, t, _, s in card_of(rows)}
    assert found.get(("Llama-3.1-8B", "MMLU")) not in ("72.1", "70.0", "50", "48", "52")
    assert {v for k, v in found.items() if k != ("Llama-3.1-8B", "MMLU")} == {"84.2", "76.9", "89.8"}


@pytest.mark.parametrize("cell", ["46.6 (-2.1, 2.5)", "46.6 (-2.1, +2.5)", "46.6 [44.5, 49.1]"])
def test_an_interval_behind_a_value_is_a_note_on_it(cell):
    rows = [["Model", "Arena-Hard", "BBH"], ["Llama-3-70B", cell, "80.2"], ["Qwen3-8B", cell, "70.0"]]
    found = {r.score_reported: r.note for r in table_scores(rows)}
    assert found == {"46.6": cell.partition(" ")[2], "80.2": "", "70.0": ""}


def test_a_caption_that_says_by_what_its_scores_are_told_apart_names_their_test():
    rows = [["Model", "Easy", "Medium", "Hard", "Overall"], ["DeepSeek-R1", "98.2", "81.0", "32.1", "65.9"]]
    assert {r.score_reported for r in table_scores(rows, "LiveCodeBench by difficulty.")} == {"65.9"}


def test_how_a_row_was_asked_in_a_column_of_methods_is_its_setting_beside_methods_that_are_none():
    rows = [["Model", "Method", "GSM8K"], ["Llama-3-8B", "Zero-shot CoT", "79.6"], ["Llama-3-8B", "Ours", "88.0"]]
    rows += [["Qwen2-7B", "Zero-shot CoT", "85.7"], ["Qwen2-7B", "Ours", "90.2"]]
    assert {(r.score_reported, r.setting) for r in table_scores(rows)} == {("79.6", "Zero-shot CoT"), ("85.7", "Zero-shot CoT")}  # fmt: skip


def test_this_model_behind_a_name_is_the_cards_own():
    found = card_of(["| Test | Llama-3.1-8B | Llama-3.1-8B-FP8 (this model) |", "| MMLU | 67.95 | 67.97 |"])
    assert {(m, s) for m, _, _, s in found} == {("Llama-3.1-8B", "67.95"), ("maker/demo-9B", "67.97")}


def test_a_number_of_tokens_to_think_with_is_no_length_of_a_text():
    rows = [["Budget", "Qwen3-8B", "QwQ-32B"], ["1K", "20.1", "25.0"], ["32K", "76.0", "79.5"]]
    assert table_scores(rows, "AIME 2024 accuracy by budget.") == []
    assert len(table_scores(rows, "RULER accuracy by length.")) == 4
    below = [["Model", "AIME 2024", "AIME 2024", "MMLU"], ["", "8K", "32K", ""], ["Qwen3-8B", "55.3", "76.0", "76.9"]]
    assert {r.score_reported for r in table_scores(below)} == {"76.9"}


def test_shots_in_the_corner_are_of_all_tests_and_numbers_of_questions_hide_no_metric_behind_them():
    rows = table_scores(
        [["5-shot", "Llama-3.1-8B", "Gemma-2-9B"], ["MMLU", "66.7", "71.3"], ["TriviaQA", "77.6", "76.6"]]
    )
    assert {r.setting for r in rows} == {"5-shot"} and len(rows) == 4
    rows = table_scores([["Test", "# Samples", "Metric", "InternVL3-8B"], ["MMMU", "900", "Acc.", "62.7"], ["DocVQA", "5188", "ANLS", "92.7"]])  # fmt: skip
    assert {(r.benchmark, r.metric, r.score_reported) for r in rows} == {("MMMU", "Acc.", "62.7"), ("DocVQA", "ANLS", "92.7")}  # fmt: skip
