"""Kinds of tables that draws of unseen cards showed: each with what is right, in words and numbers of our own.

The draws, their hand counts and what the reader gave at its first run on each: bench/hand_scores.py.
"""

from collections import defaultdict
from datetime import date

import pytest

from data.vocabulary import UNREAD_TABLE
from ingest.records import Omitted, Page, Reported, ReportedModel
from ingest.sources import hf_model_cards


def read(text):
    """What the reader makes of a card: scores by (model, test), their settings and units, sizes, rules with counts."""
    page = Page(
        name="Heron.md", body=text.encode(), url="https://raw.githubusercontent.com/maker/Heron/main/README.md",
        content_date=date(2026, 1, 1), date_basis="content", snapshot_id="card", licence="per card",
    )  # fmt: skip
    rows = list(hf_model_cards.read_card(page, "Heron"))
    scores = [r for r in rows if isinstance(r, Reported)]
    sizes = {r.model: r.n_parameters for r in rows if isinstance(r, ReportedModel) and r.n_parameters}
    omitted = defaultdict(int)
    for r in rows:
        if isinstance(r, Omitted):
            omitted[r.rule] += r.n_values
    return scores, sizes, omitted


def plain(scores):
    return [(s.model, s.benchmark, s.score_reported) for s in scores]


def markdown(*rows):
    header, *body = rows
    return "\n".join(["| " + " | ".join(r) + " |" for r in (header, ["---"] * len(header), *body)]) + "\n"


def html(*rows, head=()):
    def line(row, tag):
        cells = (c if isinstance(c, tuple) else (c, "") for c in row)
        return "<tr>" + "".join(f"<{tag} {more}>{text}</{tag}>" for text, more in cells) + "</tr>"

    top = "<thead>" + "".join(line(r, "th") for r in head) + "</thead>" if head else ""
    return f"<table>{top}<tbody>" + "".join(line(r, "td") for r in rows) + "</tbody></table>\n"


def test_the_size_of_a_part_is_neither_the_size_nor_the_name_of_the_model():
    rows = [["LLaVA-1.5", "13B", "61.3", "67.7"], ["InternVL-1.5", "20B", "80.6", "82.3"]]
    scores, sizes, _ = read(markdown(["Model", "LLM Size", "TextVQA", "MMBench"], *rows))
    assert plain(scores)[:2] == [("LLaVA-1.5", "TextVQA", "61.3"), ("LLaVA-1.5", "MMBench", "67.7")]
    assert sizes == {}
    scores, sizes, _ = read(markdown(["Model", "#TP", "#AP", "MMLU"], ["Qwen3-X", "16B", "2.4B", "61.3"]))
    assert list(sizes.values()) == ["16"]


def test_lists_stacked_in_the_cells_of_a_row_are_rows():
    scores, _, _ = read(
        markdown(
            ["Topic", "Bench", "GPT-4o", "Qwen3-8B"],
            ["Math", "AIME 2024<br>MATH", "9.3<br>76.6", "76<br>-"],
            ["Agent", "BFCL v3", "70.1", "66.2"],
        )
    )
    assert plain(scores) == [
        ("GPT-4o", "AIME 2024", "9.3"), ("Qwen3-8B", "AIME 2024", "76"), ("GPT-4o", "MATH", "76.6"),
        ("GPT-4o", "BFCL v3", "70.1"), ("Qwen3-8B", "BFCL v3", "66.2"),
    ]  # fmt: skip


def test_a_mean_and_its_spread_on_two_lines_are_no_two_rows():
    scores, _, _ = read(
        markdown(["Bench", "GPT-4o", "Qwen3-8B"], ["MMLU<br>(acc)", "88.1<br>(±1.2)", "76.0<br>(±1.1)"])
    )
    assert not {"(acc)"} & {s.benchmark for s in scores}


def test_one_model_with_two_values_on_one_test_gets_neither_of_them():
    rows = [["LLaMA 65B", "69.7", "10.6"], ["LLaMA 65B", "50.9", "20.5"], ["GPT-4", "92.0", "42.5"]]
    scores, _, omitted = read(markdown(["Model", "GSM8K", "MATH"], *rows))
    assert {s.model for s in scores} == {"GPT-4"}
    assert omitted["one model has two values on one test in one setting"] == 4
    # Two parts of a test under two headings without a name of their own.
    scores, _, _ = read(
        html(
            ["Qwen3-4B", "91.5", "69.2", "73.3"], ["Qwen3-14B", "93.9", "75.4", "82.7"],
            head=[[("Model", "rowspan=2"), "Comprehension", "Reasoning", "Knowledge"], ["KoBEST", "KoBEST", "MMLU"]],
        )
    )  # fmt: skip
    assert {s.benchmark for s in scores} == {"MMLU"}


def test_a_base_model_beside_equal_names_tells_them_apart():
    rows = [["Vicuna-13B", "LLaVA-NeXT", "70.0", "62.2"], ["Yi-34B", "LLaVA-NeXT", "79.3", "68.7"]]
    scores, _, _ = read(markdown(["LLM", "Model", "MMBench", "ChartQA"], *rows))
    assert {s.model for s in scores} == {"LLaVA-NeXT (Vicuna-13B)", "LLaVA-NeXT (Yi-34B)"}


def test_reasoning_over_tests_is_a_subject_and_not_a_mode():
    head = [[("Model", "rowspan=2"), "Instruction", ("Reasoning", "colspan=2")], ["IFEval", "BBH", "GPQA"]]
    scores, _, _ = read(html(["Qwen3-4B", "79.7", "79.0", "39.8"], ["Qwen3-14B", "83.9", "83.4", "49.8"], head=head))
    assert {s.setting for s in scores} == {""}


@pytest.mark.parametrize("mode", ["Reasoning Mode", "Non-Reasoning Mode", "Thinking mode"])
def test_a_mode_that_a_heading_names_is_the_setting_of_all_scores_below(mode):
    text = f"### 32B {mode}\n\n" + html(["", "Heron", "Qwen3-32B"], ["MMLU", "92.3", "90.9"], ["GPQA", "75.4", "68.4"])
    scores, _, _ = read(text)
    assert len(scores) == 4 and {s.setting for s in scores} == {mode}


def test_a_name_below_a_heading_for_tuned_models_is_not_that_of_the_base_model():
    table = [["Models", "MMLU", "GSM8K"], ["Llama-3.1-8b", "65.2", "50.9"], ["Qwen2.5-7b", "74.2", "83.9"]]
    tuned = [["Models", "MMLU", "GSM8K"], ["Llama-3.1-8b", "71.2", "82.7"], ["Qwen2.5-7b", "77.2", "91.6"]]
    text = f"### Base Model Evaluation\n\n{markdown(*table)}\n### Instruct Model Evaluation\n\n{markdown(*tuned)}"
    scores, _, _ = read(text)
    assert ("Llama-3.1-8b", "MMLU", "65.2") in plain(scores)
    assert ("Llama-3.1-8b Instruct", "MMLU", "71.2") in plain(scores)
    # Without a table of base models there is nothing to tell apart.
    scores, _, _ = read(f"### Instruct Model Evaluation\n\n{markdown(*tuned)}")
    assert {s.model for s in scores} == {"Llama-3.1-8b", "Qwen2.5-7b"}


def test_the_head_of_a_table_ends_where_its_body_begins():
    head = [[("Benchmarks", "rowspan=2"), "GPT-4o", "o3", "Grok-4"]]
    scores, _, _ = read(html(["MMLU-Pro", "72.6", "85.0", "85.9"], ["GPQA", "49.9", "83.3", "87.5"], head=head))
    assert ("Grok-4", "MMLU-Pro", "85.9") in plain(scores) and len(scores) == 6


def test_ticks_thinking_budgets_and_pictures_name_nothing():
    scores, _, _ = read(
        markdown(
            ["Task", "🔥 Qwen3-32B", "DeepSeek-R1", "GPT-4o (New!)"],
            ["Hybrid Reasoning", "✅", "", "✅"],
            ["Extended Thinking", "80K", "32k", "-"],
            ["AIME 2024", "🏆 **86.0**", "79.8 ✅", "9.3"],
        )
    )
    assert plain(scores) == [
        ("Qwen3-32B", "AIME 2024", "86.0"), ("DeepSeek-R1", "AIME 2024", "79.8"), ("GPT-4o", "AIME 2024", "9.3"),
    ]  # fmt: skip
    assert [s.setting for s in scores] == ["Extended Thinking 80K", "Extended Thinking 32k", ""]


def test_two_values_under_a_heading_for_two_metrics_are_two_scores():
    rows = [["QwQ-32B", "79.5 / 86.7", "60.4 (55.5)"], ["DeepSeek-R1", "79.8 / 86.7", "70.7 (66.5)"]]
    scores, _, _ = read(markdown(["Models", "AIME 2024 (pass@1 / cons@64)", "HumanEval (+)"], *rows))
    found = {(s.model, s.benchmark, s.metric, s.score_reported) for s in scores}
    assert ("QwQ-32B", "AIME 2024", "pass@1", "79.5") in found and ("QwQ-32B", "AIME 2024", "cons@64", "86.7") in found
    assert ("QwQ-32B", "HumanEval", "", "60.4") in found and ("QwQ-32B", "HumanEval+", "", "55.5") in found
    assert len(found) == 8
    _, _, omitted = read(
        markdown(["Models", "AIME 2024", "MMLU"], ["QwQ-32B", "60.4 (55.5)", "80.1"], ["GPT-4o", "1 (2)", "9"])
    )
    assert omitted["two values in a cell without a heading for each"] == 2


def test_points_are_told_from_percentages_by_all_values_of_a_test():
    rows = [["GPT-4o", "736", "7.1", "8.8", "69.1", "137.3"], ["Qwen-VL-Chat", "488", "6.6", "8.1", "35.9", "81.0"]]
    scores, _, omitted = read(markdown(["Model", "OCRBench", "AlignBench", "HeronChat-Eval", "MMMU", "COCO"], *rows))
    units = {s.benchmark: s.score_unit for s in scores}
    assert units == {"OCRBench": "points", "AlignBench": "points", "MMMU": "percent"}
    assert omitted["unit unclear: points or percent, with nothing outside 1 to 10"] == 2
    assert omitted["unit unclear: captions without a metric"] == 2
    scores, _, _ = read(
        markdown(["Model", "OCRBench", "MMMU"], ["GPT-4o", "73.6", "69.1"], ["Qwen-VL-Chat", "48.8", "35.9"])
    )
    assert {s.score_unit for s in scores} == {"percent"}


def test_small_words_are_settings():
    rows = [["ChartQA<sub>relaxed</sub>", "88.1", "90.8"], ["Video-MME<sub>w/o sub</sub>", "71.9", "75.0"]]
    scores, _, _ = read(markdown(["Tasks", "GPT-4o", "Gemini-1.5-Pro"], *rows, ["MMMU<sub>val</sub>", "69.1", "62.2"]))
    said = {(s.benchmark, s.metric or s.setting) for s in scores}
    assert said == {("ChartQA", "relaxed"), ("Video-MME", "w/o sub"), ("MMMU", "val")}


def test_rows_under_the_name_of_another_test_are_its_parts():
    rows = [["**VoiceBench**", "", ""], ["IFEval", "77.99", "66.81"], ["OpenBookQA", "93.41", "87.90"]]
    scores, _, omitted = read(markdown(["Benchmark", "Qwen3-Omni", "GPT-4o"], ["MMLU", "90.3", "86.2"], *rows))
    assert {s.benchmark for s in scores} == {"MMLU"}
    assert omitted["part of a test that its section names"] == 4


def test_what_announces_a_table_names_its_test():
    table = markdown(["Model", "4k", "128k"], ["GPT-4o", "97.0", "88.4"], ["Gemini-1.5-Pro", "96.2", "91.7"])
    scores, _, _ = read(f"**RULER**\n{table}")
    assert {(s.benchmark, s.setting) for s in scores} == {("RULER", "4k"), ("RULER", "128k")}
    rows = [["ChatGLM2-6B", "41.5", "24.8", "51.3"], ["ChatGLM3-6B", "50.2", "26.6", "61.2"]]
    table = markdown(["Model", "Average", "Summary", "Few-shot"], *rows)
    scores, _, _ = read(f"### LongBench\n\n{table}")
    assert plain(scores) == [("ChatGLM2-6B", "LongBench", "41.5"), ("ChatGLM3-6B", "LongBench", "50.2")]


def test_the_best_of_many_models_is_no_model_and_the_mean_of_many_tests_no_test():
    rows = [
        ["Open-source SOTA 13B-70B", "77.4", "71.3", "60.1"],
        ["Zephyr-7B", "61.4", "48.1", "50.2"],
        ["Mistral-7B", "60.1", "30.5", "49.0"],
    ]
    scores, _, _ = read(markdown(["Model", "MMLU", "HumanEval", "OpenCompass"], *rows))
    assert {s.model for s in scores} == {"Zephyr-7B", "Mistral-7B"} and {s.benchmark for s in scores} == {
        "MMLU",
        "HumanEval",
    }


def test_the_total_beside_parts_is_the_score_of_the_test():
    rows = [["BFCL-v3 (Overall)", "69.6", "63.8"], ["BFCL-v3 (MultiTurn)", "41.0", "35.8"], ["IFEval", "81.9", "83.4"]]
    scores, _, _ = read(markdown(["Benchmark", "GPT-4o", "DeepSeek-R1"], *rows))
    assert [(s.benchmark, s.score_reported) for s in scores] == [
        ("BFCL-v3", "69.6"), ("BFCL-v3", "63.8"), ("IFEval", "81.9"), ("IFEval", "83.4"),
    ]  # fmt: skip


def test_a_table_whose_values_are_not_plain_numbers_is_listed_as_unread():
    _, _, omitted = read(markdown(["Model", "MMLU"], ["GPT-4o", "88.7 of 100"], ["Qwen3-8B", "76.9 of 100"]))
    assert [rule for rule in omitted if rule.startswith(UNREAD_TABLE)]


def test_an_arrow_up_beside_a_test_is_no_part_of_its_name_and_one_that_points_down_makes_it_no_accuracy():
    rows = [["Mistral-7B-v0.1", "59.58", "64.16", "7.3"], ["Zephyr-7B", "61.72", "61.39", "7.8"]]
    scores, _, omitted = read(markdown(["Model", "ARC ⬆️ (25-s)", "MMLU↑", "ToxiGen ⬇️"], *rows))
    assert plain(scores)[:2] == [("Mistral-7B-v0.1", "ARC", "59.58"), ("Mistral-7B-v0.1", "MMLU", "64.16")]
    assert {s.benchmark for s in scores} == {"ARC", "MMLU"}
    assert omitted["column that is not an accuracy"] == 2


def test_a_card_that_runs_its_models_with_a_tool_says_so_of_their_scores():
    table = markdown(["Model", "GSM8K", "MATH"], ["Heron-7B", "79.4", "50.9"], ["Qwen-7B", "77.9", "45.1"])
    scores, _, _ = read(f"# Code Interpreter Performance\n\n{table}")
    assert {s.setting for s in scores} == {"Code Interpreter"}
    scores, _, _ = read(markdown(["Model", "MATH", "MATH-Python", "GSM8K"], ["Qwen-7B", "34.6", "50.9", "78.1"]))
    assert [(s.benchmark, s.setting) for s in scores] == [("MATH", ""), ("MATH", "Python"), ("GSM8K", "")]


def test_benchmark_in_the_corner_over_names_of_models_is_the_word_for_the_headings_beside_it():
    rows = [["Llama2-7B", "14.6", "2.5"], ["Llemma-7B", "36.4", "18.0"], ["Minerva-8B", "16.2", "14.1"]]
    scores, _, _ = read(markdown(["Benchmark", "GSM8K MAJ@1", "MATH MAJ@1"], *rows))
    assert plain(scores)[:2] == [("Llama2-7B", "GSM8K", "14.6"), ("Llama2-7B", "MATH", "2.5")]
    assert len(scores) == 6 and {s.metric for s in scores} == {"MAJ@1"}


def test_tasks_of_a_harness_beside_their_metrics_are_tests_whatever_else_their_names_mean():
    rows = [["record/em", "0.88", "0.91"], ["record/f1", "0.88", "0.92"], ["truthfulqa_mc/mc1", "0.20", "0.21"],
            ["anli_r1/acc", "0.32", "0.35"]]  # fmt: skip
    scores, _, _ = read(markdown(["Task/Metric", "GPT-J 6B", "LLaMA 7B"], *rows))
    assert {(s.benchmark.lower(), s.metric) for s in scores} == {
        ("record", "em"), ("record", "f1"), ("truthfulqa_mc", "mc1"), ("anli_r1", "acc"),
    }  # fmt: skip
    # Two metrics of one test with one value are two scores.
    assert sum(s.model == "GPT-J 6B" and s.score_reported == "0.88" for s in scores) == 2


def test_a_title_with_its_metric_or_a_word_for_scores_is_that_of_the_table():
    table = markdown(
        ["Model", "Pass@1", "Pass@10"], ["CodeGen-16B-multi", "19.2", "34.6"], ["StarCoder-15B", "33.2", "61"]
    )
    scores, _, _ = read(f"### HumanEval (Pass@1,10)\n\n{table}")
    assert [(s.benchmark, s.metric) for s in scores[:2]] == [("HumanEval", "Pass@1"), ("HumanEval", "Pass@10")]
    rows = [["StarCoder-15B", "35.5", "28.2", "27.9"], ["CodeGeeX2-6B", "35.9", "29.3", "28.1"]]
    scores, _, _ = read(f"### HumanEval-X (Pass@1)\n\n{markdown(['Model', 'Python', 'C++', 'Overall'], *rows)}")
    assert [(s.benchmark, s.metric, s.score_reported) for s in scores] == [
        ("HumanEval-X", "Pass@1", "27.9"), ("HumanEval-X", "Pass@1", "28.1"),
    ]  # fmt: skip
    rows = [["Qwen-14B", "72.1", "65.7", "85.4"], ["XVERSE-13B", "54.7", "45.6", "66.2"]]
    for title in ("C-Eval Scores", "NLU Evaluation: C-Eval"):
        scores, _, _ = read(f"### {title}\n\n{markdown(['', 'Avg', 'STEM', 'Social Sciences'], *rows)}")
        assert plain(scores) == [("Qwen-14B", "C-Eval", "72.1"), ("XVERSE-13B", "C-Eval", "54.7")]
    scores, _, _ = read(markdown(["MMLU (Acc)", "Average"], ["Llama-2-7b-chat", "45.62"], ["SeaLLM-7b", "47.16"]))
    assert plain(scores) == [("Llama-2-7b-chat", "MMLU", "45.62"), ("SeaLLM-7b", "MMLU", "47.16")]


def test_summaries_are_scored_by_overlap_and_are_no_percentages_of_right_answers():
    rows = [["Yi-6B-200K", "30.9", "14.2", "8.1", "20.4"], ["Qwen-14B-Chat", "18.8", "22.9", "16.6", "24.9"]]
    scores, _, _ = read(markdown(["Model", "2WikiMQA", "HotpotQA", "VCSUM(zh)", "QMSum"], *rows))
    assert {s.benchmark for s in scores} == {"2WikiMQA", "HotpotQA"}
    rows = [["MMLU", "5", "macro_avg/acc", "49.3", "63.4"], ["TLDR9+ (test)", "1", "rougeL", "16.8", "19.0"]]
    scores, *_ = read(markdown(["Benchmark", "# Shots", "Metric", "Llama 3.2 1B", "Llama 3.2 3B"], *rows))
    assert [(s.benchmark, s.setting.split(", ")[0]) for s in scores] == [("MMLU", "5-shot")] * 2


def test_a_chat_model_that_was_trained_once_more_is_another_model():
    rows = [
        ["AquilaChat2-34B", "16.7", "80"],
        ["AquilaChat2-34B+SFT", "16.7", "73.3"],
        ["ChatGPT (GPT-3.5)", "6.7", "83.3"],
    ]
    scores, _, omitted = read(markdown(["Model", "CLUTRR", "EntailmentBank"], *rows))
    assert {s.model for s in scores} == {"AquilaChat2-34B", "ChatGPT (GPT-3.5)"}
    assert omitted["value under a condition that makes another model of it"] == 2


def test_two_lists_side_by_side_are_two_tables():
    head = ["LLaMA Models", "CMMLU (0/few-shot)", "Alpaca Models", "CMMLU (0/few-shot)"]
    rows = [["Chinese-LLaMA-2-13B", "38.9 / 42.5", "Chinese-Alpaca-2-13B", "43.2 / 45.5"],
            ["Chinese-LLaMA-2-7B", "27.9 / 34.1", "Chinese-Alpaca-2-7B", "40.0 / 41.8"]]  # fmt: skip
    scores, _, _ = read(markdown(head, *rows))
    assert [(s.model, s.score_reported, s.setting) for s in scores][:2] == [
        ("Chinese-LLaMA-2-13B", "38.9", "0-shot"), ("Chinese-LLaMA-2-13B", "42.5", "few-shot"),
    ]  # fmt: skip
    assert len(scores) == 8 and ("Chinese-Alpaca-2-7B", "CMMLU", "41.8") in plain(scores)


def test_a_column_of_languages_names_the_translation_of_each_row_below_one_name():
    rows = [["General", "MMLU (5-shot)", "Portuguese", "39.8", "54.5"], ["", "", "Spanish", "41.5", "55.1"]]
    scores, _, _ = read(markdown(["Category", "Benchmark", "Language", "Llama 3.2 1B", "Llama 3.2 3B"], *rows))
    assert [s.benchmark for s in scores] == ["MMLU (Portuguese)"] * 2 + ["MMLU (Spanish)"] * 2


def card(text, url="https://huggingface.co/maker/Heron-7B/raw/main/README.md"):
    """What the reader makes of the card of a repository."""
    page = Page(
        name="README.md", body=text.encode(), url=url, content_date=date(2026, 1, 1), date_basis="content",
        snapshot_id="card", licence="per card",
    )  # fmt: skip
    return [r for r in hf_model_cards.read_card(page) if isinstance(r, Reported)]


@pytest.mark.parametrize(
    "rows, found",
    [
        ([["Task", "Score"], ["MMLU (5-shot)", "61.3"], ["GSM8K", "70.2"]], [("MMLU", "61.3"), ("GSM8K", "70.2")]),
        ([["English Benchmark", "**Value**"], ["MMLU-5shots", "61.3"]], [("MMLU", "61.3")]),
        ([["Benchmark", "Metric", "Accuracy (%)"], ["MMLU", "acc", "61.3"]], [("MMLU", "61.3")]),
        ([["MMLU", "HumanEval"], ["61.3", "40.2"]], [("MMLU", "61.3"), ("HumanEval", "40.2")]),
        ([["", ""], ["**Task**", "**Value**"], ["MMLU", "61.3"]], [("MMLU", "61.3")]),
    ],
)
def test_a_table_that_names_no_model_is_about_the_model_of_the_card(rows, found):
    scores = card("## Evaluation\n\n" + markdown(*rows))
    assert [(s.benchmark, s.score_reported) for s in scores] == found
    assert {(s.model, s.name_scheme, s.evaluator_relationship) for s in scores} == {
        ("maker/Heron-7B", "hf", "first_party")
    }


def test_a_table_without_a_model_is_not_read_where_the_page_may_be_about_several():
    rows = [["Task", "Score"], ["MMLU", "61.3"], ["GSM8K", "70.2"]]
    scores, _, _ = read("## Evaluation\n\n" + markdown(*rows))
    assert scores == []
    assert card("## Qwen2-7B\n\n" + markdown(*rows)) == []  # a section about another model
    assert card("## Evaluation\n\n" + markdown(["Task", "Before", "After"], ["MMLU", "60.1", "61.3"])) == []


def test_a_row_is_the_repository_that_it_prints_and_columns_of_facts_and_links_are_no_conditions():
    head = ["Version", "LLM", "Schedule", "Checkpoint", "MMMU", "MM-Vet"]
    rows = [
        ["LLaVA-1.6", "Vicuna-7B", "full-1e", "[lab/llava-v1.6-vicuna-7b](https://huggingface.co/lab/llava-v1.6-vicuna-7b)", "35.8", "43.9"],
        ["LLaVA-1.6", "Mistral-7B", "lora-1e", "[lab/llava-v1.6-mistral-7b](https://huggingface.co/lab/llava-v1.6-mistral-7b)", "35.3", "47.3"],
    ]  # fmt: skip
    scores, _, _ = read(markdown(head, *rows))
    assert plain(scores)[::2] == [
        ("lab/llava-v1.6-vicuna-7b", "MMMU", "35.8"),
        ("lab/llava-v1.6-mistral-7b", "MMMU", "35.3"),
    ]
    head = [
        "Model",
        "Trained From",
        "Release Date",
        "Leading Organization",
        "HF Checkpoints",
        "Corpus",
        "GSM8K",
        "MATH",
    ]
    rows = [
        ["Qwen-7B", "N/A", "25.1.20", "Alibaba", "[7B](https://example.org)", "2400B tokens", "51.7", "11.6"],
        ["Light-7B (ours) 🤗", "Qwen-7B", "25.3.12", "Lab", "[7B](https://example.org/2)", "1B tokens", "59.1", "44.3"],
    ]
    scores, _, _ = read(markdown(head, *rows))
    assert [s.model for s in scores] == ["Qwen-7B", "Qwen-7B", "Light-7B", "Light-7B"]
    # A column that says how a row was run is still a condition.
    scores, _, _ = read(markdown(["Model", "Retrieval", "GSM8K", "MATH"], ["Qwen-7B", "BM25", "51.7", "11.6"]))
    assert scores == []


@pytest.mark.parametrize(
    "name", ["A.X 4.0 (72B)", "Falke-350M", "moss-moon-003 (16B)", "Qwen-7B-Chat (Int4)", "Heron-Mini-Omni"]
)
def test_names_with_sizes_in_brackets_or_in_millions_precisions_and_the_cards_own_name(name):
    scores, _, _ = read(markdown(["Model", "GSM8K", "MATH", "MMLU"], [name, "51.7", "11.6", "58.2"]))
    assert [s.model for s in scores] == [name] * 3


@pytest.mark.parametrize("name", ["LAION-400M", "C4 (15B)", "Synth-100M tokens"])
def test_a_number_behind_the_name_of_a_corpus_is_no_size(name):
    assert read(markdown(["Model", "GSM8K", "MATH", "MMLU"], [name, "51.7", "11.6", "58.2"]))[0] == []


def test_parts_and_draws_behind_a_tests_name_are_its_setting_and_metric():
    head = ["Model", "MMMU_val", "ChartQA_TEST", "HUMANEVAL@1", "GPQA_diamond", "CRUXEval-Input-CoT", "Bird"]
    scores, _, _ = read(markdown(head, ["Qwen-7B", "51.7", "81.6", "58.2", "33.3", "40.1", "55.5"]))
    assert [(s.benchmark, s.metric, s.setting) for s in scores] == [
        ("MMMU", "", "val"), ("ChartQA", "", "TEST"), ("HUMANEVAL", "pass@1", ""), ("GPQA_diamond", "", ""),
        ("CRUXEval-Input", "", "CoT"), ("Bird", "", ""),
    ]  # fmt: skip


def test_math_is_the_data_set_beside_gsm8k_and_a_group_of_tests_elsewhere():
    scores, _, _ = read(markdown(["Model", "MMLU", "GSM8K", "Math"], ["Qwen-7B", "58.2", "51.7", "11.6"]))
    assert [s.benchmark for s in scores] == ["MMLU", "GSM8K", "MATH"]
    for head in (["Model", "MMLU", "Code", "Math"], ["Model", "GSM8K", "Knowledge", "Math"]):
        scores, _, _ = read(markdown(head, ["Qwen-7B", "58.2", "51.7", "11.6"]))
        assert [s.benchmark for s in scores] == [head[1]]


def test_parts_of_a_judged_test_and_units_are_no_tests_and_its_mean_is_its_score():
    head = ["Model", "Math.", "Logi.", "Writ.", "Avg."]
    rows = [["Qwen-14B-Chat", "4.91", "4.71", "6.64", "5.72"], ["Llama2-13B-Chat", "3.05", "3.79", "6.63", "4.70"]]
    scores, _, _ = read("### 3.2. Subjective evaluation of AlignBench\n\n" + markdown(head, *rows))
    assert [(s.benchmark, s.score_reported, s.score_unit) for s in scores] == [
        ("AlignBench", "5.72", "points"), ("AlignBench", "4.70", "points"),
    ]  # fmt: skip
    head = ["Model", "GB", "PIQA", "OBQA", "ARC-c", "BoolQ"]
    scores, _, _ = read(markdown(head, ["Pythia 410M", "25", "66.7", "18.2", "21.4", "60.0"]))
    assert "GB" not in {s.benchmark for s in scores}
    head = ["total", "writing", "reasoning", "turn 1"]
    scores = card("## MT-Bench (GPT-4-Turbo)\n\n" + markdown(head, ["8.22", "8.70", "6.40", "8.61"]))
    assert [(s.benchmark, s.score_reported, s.score_unit) for s in scores] == [("MT-Bench", "8.22", "points")]


def test_tests_in_writing_under_a_heading_for_speech_are_left_out():
    head = ["Model", "SD-QA", "OpenBookQA", "IFEval"]
    scores, _, omitted = read("#### SpeechQA\n\n" + markdown(head, ["Qwen-7B", "35.4", "49.0", "22.6"]))
    assert [s.benchmark for s in scores] == ["SD-QA"]
    assert omitted["test in writing under a heading for speech"] == 2


@pytest.mark.parametrize(
    ("heading", "is_read"),
    [
        ("LongChat evaluation of LongBench", False),
        ("ZeroSCROLLS (validation)", False),
        ("Results on L-Eval", False),
        ("LongBench v2 and others", True),  # whose parts have no names of other tests
        ("Scrolling agents", True),
        ("Long context and other benchmarks", True),
    ],
)
def test_tasks_of_a_suite_of_long_texts_are_not_the_tests_that_they_are_named_after(heading, is_read):
    head = ["Model", "TriviaQA", "NarrativeQA"]
    scores, _, omitted = read(f"#### {heading}\n\n" + markdown(head, ["Qwen-7B", "87.8", "18.7"]))
    assert {s.benchmark for s in scores} == ({"TriviaQA", "NarrativeQA"} if is_read else set())
    assert sum(omitted.values()) == (0 if is_read else 2)


def test_a_licence_named_after_a_model_is_no_heading():
    rows = [
        ["*Release Date*", "2024.09.08", "2024.06.25"],
        ["*License*", "MIT", "gemma"],
        ["MMLU", "79.1", "76.1"],
        ["IFEval", "84.4", "75.4"],
    ]
    scores, _, _ = read(markdown(["", "Solar-pro-preview", "Gemma 2 27B IT"], *rows))
    assert plain(scores)[:2] == [("Solar-pro-preview", "MMLU", "79.1"), ("Gemma 2 27B IT", "MMLU", "76.1")]


def test_a_corner_for_both_axes_modes_in_one_word_and_columns_of_base_and_chat():
    head = ["Models/Benchmarks", "Coding", "", "Math", "Knowledge"]
    rows = [["", "HumanEval", "MBPP", "MATH", "MMLU"], ["Heron-70b", "79.3", "71.9", "41.7", "59.4"]]
    scores, _, _ = read(markdown(head, *rows))
    assert [s.benchmark for s in scores] == ["HumanEval", "MBPP", "MATH", "MMLU"]
    head = ["Model", "Type", "MMLU", "C-Eval"]
    rows = [["Yi-6B", "pretrained", "63.2", "72.0"], ["Yi-6B-Chat", "fine-tuned", "60.3", "70.1"]]
    assert [s.model for s in read(markdown(head, *rows))[0]] == ["Yi-6B", "Yi-6B", "Yi-6B-Chat", "Yi-6B-Chat"]
    rows = [["Yi-6B", "zero-shot prompted", "63.2", "72.0"], ["Yi-6B", "fine-tuned", "80.3", "90.1"]]
    assert [s.score_reported for s in read(markdown(head, *rows))[0]] == ["63.2", "72.0"]  # tuned for the tests
    scores, _, _ = read(markdown(["Model", "GSM8K", "MATH"], ["Phi4-14B (nothink)", "84.6", "55.5"]))
    assert {(s.model, s.setting) for s in scores} == {("Phi4-14B", "nothink")}


def test_the_cards_own_words_for_its_model_and_numbers_beside_a_list_of_scores():
    scores = card(markdown(["Benchmark", "This model", "GPT-4"], ["MMLU", "60.1", "86.4"], ["GSM8K", "61.3", "92.0"]))
    assert plain(scores)[:2] == [("maker/Heron-7B", "MMLU", "60.1"), ("GPT-4", "MMLU", "86.4")]
    head = ["Benchmark", "Samples", "n-shot", "Accuracy"]
    scores = card(markdown(head, ["MMLU", "14042", "5", "60.1"], ["GSM8K", "1319", "8", "61.3"]))
    assert [(s.benchmark, s.setting, s.score_reported) for s in scores] == [
        ("MMLU", "5-shot", "60.1"), ("GSM8K", "8-shot", "61.3"),
    ]  # fmt: skip
    for head in (["Benchmark", "Rank", "Score"], ["Benchmark", "Epoch", "Score"]):
        assert len(card(markdown(head, ["MMLU", "3", "60.1"], ["GSM8K", "5", "61.3"]))) == 2 * ("Rank" in head)


def test_spreads_in_typewriter_signs_words_behind_a_value_and_names_of_two_models():
    rows = [["Qwen-7B", "61.3 +/- 0.4", "70.2 (our eval)"], ["Yi-6B", "63.2±0.3", "32.6"]]
    scores, _, _ = read(markdown(["Model", "MMLU", "GSM8K"], *rows))
    assert [(s.score_reported, s.uncertainty) for s in scores] == [
        ("61.3", "0.4 unknown"), ("70.2", ""), ("63.2", "0.3 unknown"), ("32.6", ""),
    ]  # fmt: skip
    scores, _, _ = read(
        markdown(["Benchmark", "Qwen-7B vs Yi-6B", "Yi-6B"], ["MMLU", "61.3", "63.2"], ["BBH", "7.2", "32.6"])
    )
    assert {s.model for s in scores} == {"Yi-6B"}


def all_of(text, url="https://huggingface.co/maker/Heron-7B/raw/main/README.md"):
    """Scores, by model, scheme and test, and what was left out, of the card of a repository."""
    page = Page(
        name="README.md", body=text.encode(), url=url, content_date=date(2026, 1, 1), date_basis="content",
        snapshot_id="card", licence="per card",
    )  # fmt: skip
    rows = list(hf_model_cards.read_card(page))
    scores = {(r.model, r.benchmark): r.score_reported for r in rows if isinstance(r, Reported)}
    return scores, {r.rule: r.n_values for r in rows if isinstance(r, Omitted)}


SIZES = markdown(["Benchmark", "Metric", "2B Params", "7B Params"], ["MMLU", "5-shot, top-1", "42.3", "64.3"])


def test_headings_that_are_sizes_are_the_models_of_the_cards_family():
    scores, _ = all_of(SIZES)
    assert scores == {("Heron-2B", "MMLU"): "42.3", ("maker/Heron-7B", "MMLU"): "64.3"}
    rows = markdown(["Size", "MMLU", "PIQA"], ["1.5B", "42.3", "70.1"], ["7B", "64.3", "81.2"])
    assert ("Heron-1.5B", "PIQA") in all_of(rows)[0]
    # Of a variant's card nothing tells whether they are sizes of the variant or of what it was made from.
    for name in ("Heron-7B-it", "Heron-3B", "Heron"):
        scores, left_out = all_of(SIZES, f"https://huggingface.co/maker/{name}/raw/main/README.md")
        assert (scores, left_out) == ({}, {"value under a size alone: which model of that size is not said": 2})


def test_how_released_models_were_aligned_is_no_condition():
    head = ["Model", "Size", "Alignment", "MT-Bench (score)"]
    rows = [
        ["Zephyr-7b-β", "7B", "dDPO", "7.34"],
        ["Vicuna v1.3", "33B", "SFT", "7.12"],
        ["GPT-4", "-", "RLHF", "8.99"],
    ]
    assert len(all_of(markdown(head, *rows))[0]) == 3
    # One model under two of them is two models, and neither is the one that was released under the name.
    again = [["Mistral 7B", "7B", "SFT", "6.34"], ["Mistral 7B", "7B", "DPO", "7.12"]]
    assert all_of(markdown(head, *again))[0] == {}
    only = markdown(["Model", "MT-Bench (score)"], ["Heron-7B (SFT only)", "6.04"], ["Vicuna 33B", "7.12"])
    assert all_of(only)[0] == {("Vicuna 33B", "MT-Bench"): "7.12"}


@pytest.mark.parametrize("name", ["[Kite-13B][kite]", "**[Kite-13B][]**", "[Kite-13B]", "[Kite-13B](https://x.org/k)"])
def test_links_by_reference_are_links(name):
    table = markdown(["Model", "MMLU"], [name, "51.6"], ["Falcon-7B [12]", "35.0"])
    models = {s.model: s.name_scheme for s in card(table)}
    assert models == {"Kite-13B": "", "Falcon-7B": ""}
    defined = "\n\n[kite]: https://huggingface.co/sky/Kite-13B-v1\n[Kite-13B]: https://huggingface.co/sky/Kite-13B-v1\n"
    if "](" not in name:
        assert ("sky/Kite-13B-v1", "hf") in {(s.model, s.name_scheme) for s in card(table + defined)}


def test_a_repository_in_brackets_behind_a_name_says_which_model_it_is():
    scores, _ = all_of(markdown(["Model", "MMLU"], ["Zephyr dDPO (HuggingFaceH4/zephyr-7b-beta)", "61.1"]))
    assert scores == {("HuggingFaceH4/zephyr-7b-beta", "MMLU"): "61.1"}


@pytest.mark.parametrize("task", ["hellaswag_it", "m_mmlu_de", "ARC-PL", "arc_challenge_fr", "MMLU_ita"])
def test_a_task_with_the_code_of_a_language_is_a_test_of_its_own(task):
    for head in (["Model", "GSM8K", f"{task} acc_norm"], ["Metric", "GSM8K", f"{task} acc_norm"]):
        label = "Heron-7B" if head[0] == "Model" else "Accuracy normalized"
        scores, _ = all_of(markdown(head, [label, "70.2", "65.1"]))
        assert scores == {("maker/Heron-7B", "GSM8K"): "70.2", ("maker/Heron-7B", task): "65.1"}


def test_a_table_of_metrics_and_values_is_read_where_the_model_index_says_less():
    index = (
        "---\nmodel-index:\n- name: Heron-7B\n  results:\n  - dataset:\n      name: HellaSwag (10-Shot)\n      type: hellaswag\n"
        "    metrics:\n    - type: acc_norm\n      value: 61.52\n    source:\n      name: Open LLM Leaderboard\n---\n"
    )
    rows = [["Avg.", "35.5"], ["HellaSwag (10-shot)", "61.5"], ["DROP (3-shot)", "14.33"]]
    text = index + "## Open LLM Leaderboard Evaluation Results\n\n" + markdown(["Metric", "Value"], *rows)
    scores, left_out = all_of(text)
    assert scores == {("maker/Heron-7B", "HellaSwag"): "61.52", ("maker/Heron-7B", "DROP"): "14.33"}
    assert left_out == {"table of metrics and values, as in the model-index": 2}
    (drop,) = [s for s in card(text) if s.benchmark == "DROP"]
    assert (drop.evaluator_relationship, drop.read_from, drop.setting) == ("third_party", "quoted", "3-shot")
    # Such a table of the second board prints normalised values.
    second = markdown(["Metric", "Value"], ["IFEval (0-Shot)", "75.3"], ["MMLU-PRO (5-shot)", "31.69"])
    assert card("## Open LLM Leaderboard Evaluation Results\n\n" + second) == []


def test_a_table_with_a_known_test_is_counted_whatever_its_columns_describe():
    scores, left_out = all_of(markdown(["Benchmark", "Total", "Time"], ["MMLU", "61.3 B", "12.1"]))
    assert scores == {} and sum(left_out.values()) == 2


def test_a_table_that_holds_tables_sets_them_side_by_side():
    left = html(["GPT-4", "83"], ["Heron-7B", "74.35"], head=[["Model", "mmlu (0-shot)"]])
    right = html(["GPT-4", "71"], ["Heron-7B", "78.68"], head=[["Model", "cmmlu (0-shot)"]])
    scores, _ = all_of(f"<table><tr><td><div>{left}</div></td><td><div>{right}</div></td></tr></table>")
    assert scores == {
        ("GPT-4", "mmlu"): "83", ("maker/Heron-7B", "mmlu"): "74.35", ("GPT-4", "cmmlu"): "71",
        ("maker/Heron-7B", "cmmlu"): "78.68",
    }  # fmt: skip


def test_two_spellings_of_a_base_model_are_one_below_a_heading_for_tuned_models():
    base = "## Base pretrained models\n\n" + markdown(["Benchmark", "Llama2 7B"], ["MMLU", "45.7"])
    tuned = "\n\n## Instruction tuned models\n\n" + markdown(["Benchmark", "Llama 2 7B"], ["MMLU", "34.1"])
    assert all_of(base + tuned)[0] == {("Llama2 7B", "MMLU"): "45.7", ("Llama 2 7B Instruct", "MMLU"): "34.1"}


@pytest.mark.parametrize(
    "model, test, cell, read",
    [
        ("Falcon-7B", "BBH 3-shot@1", "44.1", ("Falcon-7B", "BBH", "", "3-shot@1", "44.1")),
        ("Falcon-7B", "HumanEval", "50.6 pass@1", ("Falcon-7B", "HumanEval", "pass@1", "", "50.6")),
        ("Med-PaLM-2 (5-shot)", "MedQA", "79.7", ("Med-PaLM-2", "MedQA", "", "5-shot", "79.7")),
        ("LLaMA-MoE-3.5B (4/16)", "MMLU", "26.8", ("LLaMA-MoE-3.5B (4/16)", "MMLU", "", "", "26.8")),
        ("Heron", "MMLU", "26.8", ("maker/Heron-7B", "MMLU", "", "", "26.8")),
        ("Falcon-7B", "TriviaQA-Wiki", "78.5", ("Falcon-7B", "TriviaQA-Wiki", "", "", "78.5")),
    ],
)
def test_further_words_beside_models_tests_and_values(model, test, cell, read):
    (score,) = card(markdown(["Model", test], [model, cell]))
    assert (score.model, score.benchmark, score.metric, score.setting, score.score_reported) == read


def test_a_size_that_the_page_doubts_is_no_part_of_a_name():
    scores, _ = all_of(
        markdown(["Model", "MT-Bench", "Size"], ["gpt-3.5-turbo", "7.94", "20b?"], ["vicuna-33b", "7.1", "33b"])
    )
    assert scores == {("gpt-3.5-turbo", "MT-Bench"): "7.94", ("vicuna-33b", "MT-Bench"): "7.1"}


@pytest.mark.parametrize("title", ["### C-Eval各项分数", "**C-Eval Average Turn**", "### C-Eval 评测结果"])
def test_words_for_results_around_a_test_leave_it_the_title_of_its_table(title):
    scores, _ = all_of(
        f"{title}\n\n" + markdown(["", "平均", "STEM", "人文科学"], ["Qwen-14B", "72.1", "65.7", "75.3"])
    )
    assert scores == {("Qwen-14B", "C-Eval"): "72.1"}


def test_chinese_headings_over_models_kinds_and_totals_are_read():
    rows = [
        ["模型", "开源/闭源", "总分", "中文推理"],
        ["gpt-4-0613", "闭源", "7.53", "7.47"],
        ["Qwen1.5-72B-Chat (通义千问)", "开源", "7.19", "6.45"],
    ]
    text = '**Alignbench** (https://x.org/a)\n<div align="center">\n\n' + markdown(*rows)
    assert {(m, b): v for (m, b), v in all_of(text)[0].items()} == {
        ("gpt-4-0613", "Alignbench"): "7.53", ("Qwen1.5-72B-Chat (通义千问)", "Alignbench"): "7.19",
    }  # fmt: skip
    rows = [
        ["Models", "类型", "Valid (0-shot)", "Test (5-shot)"],
        ["Qwen-7B", "基座", "45.8", "49.1"],
        ["Qwen-7B-Chat", "指令", "51.7", "51.5"],
    ]
    scores = card("#### C-Eval\n\n" + markdown(*rows))
    assert [(s.model, s.benchmark, s.score_reported) for s in scores][:2] == [
        ("Qwen-7B", "C-Eval", "45.8"), ("Qwen-7B", "C-Eval", "49.1"),
    ]  # fmt: skip
    assert len(scores) == 4


def test_a_heading_for_results_alone_belongs_to_the_test_before_it():
    rows = markdown(["Model", "Average"], ["LLaMA-7B", "27.81"], ["Heron-7B", "36.24"])
    for heading in ("### Gaokao\n\ntext\n\n### 结果", "### Gaokao\n\n### Results"):
        assert all_of(f"{heading}\n\n{rows}")[0] == {
            ("LLaMA-7B", "Gaokao"): "27.81",
            ("maker/Heron-7B", "Gaokao"): "36.24",
        }
    assert all_of(f"### Gaokao\n\n### Speed\n\n{rows}")[0] == {}


def test_shots_in_the_corner_and_frameworks_beside_a_row_are_settings():
    (score,) = card(markdown(["Model 5-shot", "C-Eval"], ["Qwen-7B", "59.7"]))
    assert (score.model, score.setting) == ("Qwen-7B", "5-shot")
    rows = [["Heron-7B", "Agentless", "30.7", "34.0"], ["Heron-7B", "OpenHands", "27.2", "28.0"]]
    scores = card(markdown(["Model", "Framework", "SWE-bench Verified", "SWE-bench Verified mini"], *rows))
    assert [(s.benchmark, s.setting, s.score_reported) for s in scores] == [
        ("SWE-bench Verified", "Agentless", "30.7"), ("SWE-bench Verified mini", "Agentless", "34.0"),
        ("SWE-bench Verified", "OpenHands", "27.2"), ("SWE-bench Verified mini", "OpenHands", "28.0"),
    ]  # fmt: skip


def test_a_column_of_repositories_names_the_models_beside_methods():
    rows = [
        ["Mistral Base 7B KTO", "lab/Mistral-7B-KTO", "13.1"],
        ["Mistral Base 7B ORPO", "kaist-ai/mistral-orpo-beta", "14.7"],
    ]
    assert all_of(markdown(["models", "", "AE2 LC"], *rows))[0] == {
        ("lab/Mistral-7B-KTO", "AE2"): "13.1", ("kaist-ai/mistral-orpo-beta", "AE2"): "14.7",
    }  # fmt: skip


def test_tasks_of_a_suite_named_by_its_other_tasks_are_not_the_tests_of_that_name():
    head = ["Model", "Coursera", "GSM", "QuALITY", "TOEFL", "CodeU"]
    assert all_of(markdown(head, ["Qwen-72B-Chat", "58.13", "76.0", "77.22", "86.24", "6.66"]))[0] == {}
