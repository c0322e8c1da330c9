"""Tables of papers: each way in which their HTML differs from a plain table, in a few lines written by hand."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.vocabulary import UNREAD_TABLE
from ingest import facts
from ingest.records import REPORTED_COLUMNS, LayoutChanged, Omitted, Page, Reported, ReportedModel, accept, frame
from ingest.sources import arxiv_tables
from ingest.tables import (
    LINE_BREAK,
    join_lines,
    read_latexml,
    read_plain,
    read_tex,
    split_markers,
)  # fmt: skip


def cell(text: str, extra: str = "", tag: str = "td") -> str:
    return f'<{tag} class="ltx_td ltx_align_center {extra}">{text}</{tag}>'


def table(*rows: list[str], tag: str = "table") -> str:
    row, td = ("tr", "td") if tag == "table" else ("span", "span")
    body = "".join(
        f'<{row} class="ltx_tr">{"".join(c if c.startswith(("<t", "<span")) else cell(c, tag=td) for c in r)}</{row}>'
        for r in rows
    )
    return f'<{tag} class="ltx_tabular">{body}</{tag}>'


def figure(inner: str, caption: str = "Scores.", number: int = 1) -> str:
    tag = f'<span class="ltx_tag ltx_tag_table">Table {number}: </span>'
    words = f'<figcaption class="ltx_caption">{tag}{caption}</figcaption>'
    return f'<figure class="ltx_table" id="S1.T{number}">{words}{inner}</figure>'


def document(*parts: str, title: str = "A paper") -> str:
    section = f'<section class="ltx_section"><h2 class="ltx_title">1 Results</h2>{"".join(parts)}</section>'
    body = f'<body><article class="ltx_document">{section}</article></body>'
    return f"<html><head><title>{title}</title></head>{body}</html>"


def math(tex: str, shown: str = "59.0") -> str:
    notes = f"<annotation-xml><cn>{shown}</cn></annotation-xml><annotation>{shown}</annotation>"
    semantics = f"<semantics><mn>{shown}</mn>{notes}</semantics>"
    return f'<math class="ltx_Math" alttext="{tex}">{semantics}</math>'


def page(html: str, url: str = "https://arxiv.org/html/2401.00001v1") -> Page:
    return Page(
        name="page.html", body=html.encode(), url=url, content_date=date(2024, 1, 2), date_basis="content",
        snapshot_id="s", licence="test",
    )  # fmt: skip


def texts(html: str) -> list[list[str]]:
    (grid,) = read_latexml(html)
    return [[grid.text(r, c) for c in range(len(row))] for r, row in enumerate(grid.rows)]


def read(*parts: str, title: str = "A paper") -> list:
    return list(arxiv_tables.parse([page(document(*parts, title=title))]))


def scores(rows: list) -> dict[tuple[str, str], str]:
    return {(r.model, r.benchmark): r.score_reported for r in rows if isinstance(r, Reported)}


def omissions(rows: list) -> dict[str, int]:
    return {r.rule: r.n_values for r in rows if isinstance(r, Omitted)}


def test_a_number_that_mathml_repeats_is_read_once():
    assert texts(document(table(["MMLU", math("59.0")]))) == [["MMLU", "59.0"]]


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"{27.97}", "27.97"),
        (r"\mathbf{71.3}", "71.3"),
        (r"\bm{71.3}", "71.3"),
        (r"44.4\%", "44.4%"),
        (r"72.0{}^{\dagger}", "72.0†"),
        (r"{}^{*}47.0{}^{*}", "*47.0*"),
        (r"75.25{}^{{\dagger}}", "75.25†"),
        (r"47.8\pm 1.9", "47.8± 1.9"),
        (r"56.0^{\diamond}", "56.0⋄"),
        (r"10^{9}", "10^9"),
        (r"-", "-"),
    ],
)
def test_tex_is_read_as_what_it_shows(tex, shown):
    assert read_tex(tex) == shown


def test_footnote_markers_on_both_sides_go_to_the_note():
    assert split_markers("*47.0*") == ("47.0", "*")
    assert split_markers("75.25 †") == ("75.25", "†")
    assert split_markers("*") == ("*", "")


def test_what_stands_after_a_plus_minus_sign_is_kept_apart_with_its_kind():
    for caption, kind in (("95% CI are shown.", "ci95"), ("With standard errors.", "stderr"), ("Scores.", "unknown")):
        rows = read(figure(table(["Model", "MMLU"], ["Llama 3 8B", math(r"47.8\pm 1.9")]), caption))
        (row,) = [r for r in rows if isinstance(r, Reported)]
        assert (row.score_reported, row.uncertainty) == ("47.8", f"1.9 {kind}")


def test_a_table_of_spans_with_class_tokens_for_spans_reads_like_any_other():
    wide = '<span class="ltx_td ltx_colspan ltx_colspan_2">Gemma</span>'
    tall = '<span class="ltx_td ltx_rowspan ltx_rowspan_2">Benchmark</span>'
    html = document(table([tall, wide], ["2B", "7B"], ["MMLU", "42.3", "64.3"], tag="span"))
    assert texts(html) == [["Benchmark", "Gemma", "Gemma"], ["Benchmark", "2B", "7B"], ["MMLU", "42.3", "64.3"]]


def test_attribute_order_does_not_matter():
    plain = document(table(["MMLU", "1.0"]))
    turned = plain.replace('<td class="ltx_td ltx_align_center ">', '<td id="x" class="ltx_td ltx_align_center ">')
    assert texts(turned) == texts(plain)


def test_a_table_in_a_cell_is_a_line_break_and_no_table_of_its_own():
    stacked = cell(table(["Phi-3-mini"], ["3.8b"]))
    html = document(table(["", stacked], ["MMLU", "68.8"]))
    assert texts(html) == [["", "Phi-3-mini 3.8b"], ["MMLU", "68.8"]]


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (("hella-", "swag"), "hellaswag"),
        (("wino-", "grande"), "winogrande"),
        (("GPT-", "4"), "GPT-4"),
        (("Phi-3", "mini"), "Phi-3 mini"),
    ],
)
def test_words_hyphenated_at_a_line_end_are_put_together(lines, joined):
    assert join_lines(LINE_BREAK.join(lines)) == joined


def test_a_size_under_a_family_joins_its_name():
    family = '<td class="ltx_td" colspan="2">LLaMA-2</td>'
    rows = read(
        table(["", "", family], ["Benchmark", "metric", "7B", "13B"], ["MMLU", "5-shot, top-1", "45.3", "54.8"])
    )
    assert scores(rows) == {("LLaMA-2 7B", "MMLU"): "45.3", ("LLaMA-2 13B", "MMLU"): "54.8"}
    assert {(r.metric, r.setting) for r in rows if isinstance(r, Reported)} == {("top-1", "5-shot")}


def test_a_size_column_joins_the_name_and_an_empty_name_continues_the_family():
    rows = read(
        table(
            ["Model", "Size", "GSM8k", "MATH"],
            ["Qwen", "7B", "51.7", "11.6"],
            ["", "14B", "61.3", "24.8"],
            ["GPT-4", "-", "92.0", "40.2"],
        )
    )
    assert set(scores(rows)) == {(m, b) for m in ("Qwen 7B", "Qwen 14B", "GPT-4") for b in ("GSM8k", "MATH")}
    sizes = {r.model: (r.n_parameters, r.parameter_unit) for r in rows if isinstance(r, ReportedModel)}
    assert sizes == {"Qwen 7B": ("7", "billions"), "Qwen 14B": ("14", "billions")}


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("Qwen2-57B-A14B", ("57", "14", "yes")),
        ("DeepSeek-V3 671B/37B", ("671", "37", "yes")),
        ("Mixtral 8x7B", ("", "", "yes")),
        ("GPT-Neo-125M", ("125", "", "")),
        ("Mistral-7B-Instruct-v0.2", ("7", "", "")),
    ],
)
def test_sizes_of_mixtures_keep_total_and_active_apart(name, size):
    rows = read(table(["Model", "MMLU"], [name, "70.0"]))
    (model,) = [r for r in rows if isinstance(r, ReportedModel)]
    assert (model.n_parameters, model.n_active_parameters, model.is_moe) == size


def test_a_context_length_or_a_list_of_sizes_is_no_size():
    rows = read(table(["Model", "MMLU"], ["Yi 200K", "70.0"], ["Llama-7/13/33B", "60.0"]))
    assert [r for r in rows if isinstance(r, ReportedModel)] == []


def test_models_in_rows_and_models_in_columns_give_the_same_scores():
    across = table(["Model", "MMLU", "PIQA"], ["Gemma 7B", "64.3", "81.2"], ["Mistral 7B", "62.5", "82.2"])
    down = table(["", "Gemma 7B", "Mistral 7B"], ["MMLU", "64.3", "62.5"], ["PIQA", "81.2", "82.2"])
    assert scores(read(across)) == scores(read(down))


def test_empty_columns_between_groups_change_nothing():
    groups = ["", '<td class="ltx_td" colspan="2">Gemma 2</td>', "", '<td class="ltx_td">Gemma 3</td>']
    rows = read(table(groups, ["", "2B", "9B", "", "4B"], ["MMLU", "52.2", "71.2", "", "59.6"]))
    assert scores(rows) == {
        ("Gemma 2 2B", "MMLU"): "52.2",
        ("Gemma 2 9B", "MMLU"): "71.2",
        ("Gemma 3 4B", "MMLU"): "59.6",
    }


def test_a_data_row_inside_thead_is_data():
    html = figure(table(["Model", "MMLU"], ["Gemma 7B", "64.3"])).replace("<tr", "<thead><tr", 1)
    assert scores(read(html)) == {("Gemma 7B", "MMLU"): "64.3"}


def test_section_rows_are_no_models_and_a_second_heading_starts_anew():
    rows = read(
        table(
            ["", "Gemma 7B", "Mistral 7B"],
            ['<td class="ltx_td" colspan="3">English</td>'],
            ["MMLU", "64.3", "62.5"],
            ["", "Yi 6B", "Yi 34B"],
            ["MMLU", "63.2", "76.3"],
        )
    )
    assert {m for m, _ in scores(rows)} == {"Gemma 7B", "Mistral 7B", "Yi 6B", "Yi 34B"}


@pytest.mark.parametrize(
    ("section", "is_setting"),
    [
        ("Agentic Tool Use", True), ("Reasoning Mode w/o Tool Use", True), ("Search Agent", True), ("With browsing", True),
        ("Code Execution", True), ("Python + tools", True), ("General", False), ("Agentic Coding", False), ("English", False),
    ],
)  # fmt: skip
def test_a_row_over_others_that_names_tools_is_the_setting_of_the_rows_below_it_up_to_the_next(section, is_setting):
    row = f'<td class="ltx_td" colspan="3">{section}</td>'
    rows = read(
        table(
            ["", "Gemma 7B", "Mistral 7B"],
            ["MMLU", "64.3", "62.5"],
            [row],
            ["SimpleQA", "41.2", "38.0"],
            ['<td class="ltx_td" colspan="3">General</td>'],
            ["GSM8K", "52.0", "50.1"],
        )
    )
    found = {r.benchmark: r.setting for r in rows if isinstance(r, Reported)}
    assert found == {"MMLU": "", "SimpleQA": section if is_setting else "", "GSM8K": ""}


@pytest.mark.parametrize("sign", ["-", "–", "--", "—", "", "N/A", "?", "...", math("-", "-")])
def test_signs_for_a_missing_value_are_counted_and_give_no_score(sign):
    rows = read(table(["Model", "MMLU", "PIQA"], ["Gemma 7B", "64.3", sign], ["Yi 6B", "63.2", "70.0"]))
    assert len(scores(rows)) == 3
    assert omissions(rows) == {"cell without a value": 1}


def test_tables_of_settings_give_nothing_and_a_page_of_them_is_a_changed_layout():
    with pytest.raises(LayoutChanged, match="no table that sets known models"):
        read(figure(table(["Model", "Layers", "Learning rate"], ["Gemma 2B", "18", "3.0E-04"])))


def test_authors_are_no_table():
    authors = f'<div class="ltx_authors">{table(["A. Author", "B. Author"])}</div>'
    assert read_latexml(document(authors)) == []


def test_a_caption_stands_over_both_tables_of_a_figure():
    two = table(["Model", "MMLU"], ["Gemma 7B", "64.3"]) + table(["Model", "PIQA"], ["Gemma 7B", "81.2"])
    assert [(g.label, g.caption) for g in read_latexml(document(figure(two)))] == [("Table 1", "Scores.")] * 2


def test_buttons_notes_and_citations_are_no_part_of_a_value():
    button = '<button class="sr-only button">Report issue for preceding element</button>'
    noisy = f'33.23{button}<span class="ltx_note">1 note</span><cite>[X]</cite>'
    assert texts(document(table(["BBH", noisy]))) == [["BBH", "33.23"]]


@pytest.mark.parametrize(
    ("heading", "name", "metric", "setting"),
    [
        ("MMLU (5-Shot)", "MMLU", "", "5-Shot"),
        ("GSM-8K (0-Shot; CoT) [CKB+21]", "GSM-8K", "", "0-Shot, CoT"),
        ("Human-Eval pass@1", "Human-Eval", "pass@1", ""),
        ("C-Eval(val)", "C-Eval", "", "val"),
        ("HellaSwag (acc_norm)", "HellaSwag", "acc_norm", ""),
        ("MMLU 5-shot ↑", "MMLU", "", "5-shot"),
    ],
)
def test_metric_and_setting_are_read_from_the_heading(heading, name, metric, setting):
    (row,) = [r for r in read(table(["Model", heading], ["Gemma 7B", "64.3"])) if isinstance(r, Reported)]
    assert (row.benchmark, row.metric, row.setting) == (name, metric, setting)


def test_shots_in_the_caption_belong_to_the_benchmark_they_follow():
    caption = "Arc Challenge (25-shot), MMLU (5-shot), MATH (4-shot), MBPP pass@1(3-shot)."
    rows = read(
        figure(
            table(["Model", "Arc-C", "MMLU", "MATH", "MBPP", "PIQA"], ["Yi-6B", "50.3", "63.2", "4.6", "26.3", "78.0"]),
            caption,
        )
    )
    found = {r.benchmark: r.setting for r in rows if isinstance(r, Reported)}
    assert found == {"Arc-C": "25-shot", "MMLU": "5-shot", "MATH": "4-shot", "MBPP": "3-shot", "PIQA": ""}


def test_two_values_in_a_cell_need_a_heading_for_each():
    rows = read(
        table(["Model", "MMLU", "BBH"], ["", "0-shot / 5-shot", ""], ["Yi-Chat 6B", "58.2 / 61.0", "39.7 / 47.2"])
    )
    assert {(r.setting, r.score_reported) for r in rows if isinstance(r, Reported)} == {
        ("0-shot", "58.2"),
        ("5-shot", "61.0"),
    }
    assert omissions(rows) == {"two values in a cell without a heading for each": 1}


def test_a_low_value_among_percentages_stays_a_percentage_as_printed():
    rows = read(
        table(
            ["Model", "HumanEval", "MBPP"],
            ["Falcon 180B", "0.61", "47.0"],
            ["Qwen 7B", "29.9", "34.0"],
            ["Qwen 14B", "32.3", "48.9"],
        )
    )
    (row,) = [r for r in rows if isinstance(r, Reported) and r.score_reported == "0.61"]
    assert row.score_unit == "percent"


def test_a_table_without_values_above_one_is_in_fractions_and_a_lone_column_of_them_is_left_out():
    fractions = read(table(["Model", "MMLU", "PIQA"], ["Gemma 7B", "0.643", "0.812"], ["Yi 6B", "0.632", "1.0"]))
    assert {r.score_unit for r in fractions if isinstance(r, Reported)} == {"fraction"}
    mixed = read(
        table(
            ["Model", "MMLU", "PIQA"],
            ["Gemma 7B", "64.3", "0.812"],
            ["Yi 6B", "63.2", "0.8"],
            ["Yi 34B", "76.3", "0.9"],
            ["Phi-2", "56.3", "0.7"],
        )
    )
    assert {b for _, b in scores(mixed)} == {"MMLU"}
    assert omissions(mixed) == {"unit unclear: no value above 1 beside percentages": 4}


def test_ratings_have_their_own_unit_and_averages_and_perplexities_are_no_scores():
    rows = read(
        table(
            ["Model", "MMLU", "LMSys Chatbot Arena", "Average", "LAMBADA perplexity"],
            ["Gemma 7B", "64.3", "1243", "56.9", "3.1"],
            ["Yi 6B", "63.2", "1110", "50.0", "3.3"],
        )
    )
    assert {(r.benchmark, r.score_unit) for r in rows if isinstance(r, Reported)} == {
        ("MMLU", "percent"),
        ("LMSys Chatbot Arena", "rating"),
    }
    assert omissions(rows) == {"average": 2, "column that is not an accuracy": 2}


def test_a_part_of_a_benchmark_or_a_heading_of_a_group_is_not_the_benchmark():
    rows = read(
        table(
            ["Model", "MMLU", "MMLU", "Math"],
            ["", "", "Anatomy", ""],
            ["Gemma 7B", "64.3", "55.0", "30.0"],
            ["Yi 6B", "63.2", "50.0", "31.0"],
        )
    )
    assert {b for _, b in scores(rows)} == {"MMLU"}


def test_training_conditions_beside_a_model_make_other_models_of_it():
    rows = read(
        table(["Model", "Training data", "GSM8K"], ["Llama2-7B", "-", "14.6"], ["Llama2-7B", "Toy set", "41.6"]),
    )
    assert scores(rows) == {("Llama2-7B", "GSM8K"): "14.6"}
    assert omissions(rows) == {"value under a condition that makes another model of it": 1}


def test_a_score_repeated_in_a_later_table_is_one_evaluation():
    first = figure(table(["Model", "MMLU"], ["Yi-6B", "63.2"]), number=1)
    second = figure(table(["Model", "MMLU", "PIQA"], ["Yi 6B", "63.2", "78.0"]), number=2)
    rows = [r for r in read(first, second) if isinstance(r, Reported)]
    assert [(r.model, r.benchmark, r.run) for r in rows] == [
        ("Yi-6B", "MMLU", "2401.00001v1 Table 1"),
        ("Yi-6B", "MMLU", "2401.00001v1 Table 1"),
        ("Yi 6B", "PIQA", "2401.00001v1 Table 2"),
    ]
    assert rows[1].locator.endswith("; printed again in Table 2, row Yi 6B, column MMLU")
    one_run = {tuple(getattr(r, c) for c in ("model", "benchmark", "metric", "setting", "run")) for r in rows[:2]}
    assert len(one_run) == 1  # what history.collapse takes for one run


def test_a_repeat_with_other_digits_is_left_out_and_one_with_other_shots_is_another_run():
    first = figure(table(["Model", "MMLU (5-shot)"], ["Yi-6B", "63.20"]), number=1)
    rounded = figure(table(["Model", "MMLU"], ["Yi-6B", "63.2"]), number=2)
    rows = read(first, rounded)
    assert scores(rows) == {("Yi-6B", "MMLU"): "63.20"}
    assert omissions(rows) == {"score repeated from an earlier table with other digits": 1}
    other = figure(table(["Model", "MMLU (0-shot)"], ["Yi-6B", "63.20"]), number=2)
    assert {(r.run, r.setting) for r in read(first, other) if isinstance(r, Reported)} == {
        ("2401.00001v1 Table 1", "5-shot"),
        ("2401.00001v1 Table 2", "0-shot"),
    }


BY_SUBJECT = table(
    ["Model", "Overall", "Art", "STEM"], ["Yi-6B", "63.2", "70.1", "50.2"], ["Yi-34B", "76.3", "80", "60"]
)


@pytest.mark.parametrize(
    ("caption", "found"),
    [
        ("MMMU test set performance.", {("MMMU", "test")}),
        ("Performance on MMLU after adaptation. The length of the context changes little.", {("MMLU", "")}),
        ("Results on MMLU and KoBEST.", set()),  # the other name may be a test as well
        ("Results on KoBEST, MMLU.", set()),
        ("Results of safety tests. We use MMLU as well.", set()),
        ("Results of models fine-tuned on MMLU.", set()),
        ("Overlap with MMLU.", set()),
        ("Our models.", set()),
    ],
)
def test_a_caption_names_the_benchmark_of_a_table_by_subject_only_when_it_names_one(caption, found):
    sure = figure(table(["Model", "PIQA"], ["Phi-2 2.7B", "60.2"]), number=9)
    rows = read(figure(BY_SUBJECT, caption), sure)
    assert {(r.benchmark, r.setting) for r in rows if isinstance(r, Reported)} - {("PIQA", "")} == found
    assert sum(isinstance(r, Reported) for r in rows) == (3 if found else 1)  # the subjects are parts and not read


def test_a_caption_is_not_asked_where_a_heading_or_another_column_of_labels_may_name_benchmarks():
    caption = "Results on TruthfulQA."
    sure = table(["Model", "PIQA"], ["Phi-2 2.7B", "60.2"])
    named = table(["Model", "Kobi Test", "PIQA", "Avg"], ["Yi-6B", "63.2", "70.1", "50.2"])
    beside = table(
        ["Benchmark", "metric", "Yi-6B", "Yi-34B"], ["BOLD", "acc", "38.2", "45.5"], ["Bias", "acc", "9.5", "2"]
    )
    languages = table(["Model", "German", "French", "Avg"], ["Yi-6B", "63.2", "70.1", "50.2"])
    for grid in (named, beside, languages):
        assert {b for _, b in scores(read(figure(grid, caption), figure(sure, number=2)))} == {"PIQA"}


def test_a_total_below_a_benchmark_is_its_score_beside_parts_and_an_average_beside_metrics():
    top = ["Model", "IFEval", "IFEval", "IFEval", "FollowBench (HSR)", "FollowBench (HSR)", "FollowBench (HSR)", "AVG"]
    low = ["", "[S]P", "Inst-level loose", "AVG", "L1", "L2", "AVG", ""]
    rows = read(table(top, low, ["Yi-6B", "31.0", "32.0", "33.0", "34.0", "35.0", "36.0", "37.0"]))
    assert {(r.benchmark, r.metric, r.score_reported) for r in rows if isinstance(r, Reported)} == {
        ("IFEval", "prompt strict", "31.0"),
        ("IFEval", "instruction loose", "32.0"),
        ("FollowBench", "HSR", "36.0"),
    }
    assert omissions(rows)["average"] == 2


def test_a_column_for_the_base_model_names_models_and_no_condition():
    first = table(
        ["Model", "Backbone", "MMLU"], ["Yi-6B", "Yi", "63.2"], ["CrabYi", "Yi", "64.1"], ["(-) data", "Yi", "60.0"]
    )
    later = table(["Model", "LC WinRate"], ["CrabYi", "18.1"], ["(vs.) CrabYi", "60.0"])
    rows = read(figure(first), figure(later, "Win rate on AlpacaEval 2.0.", number=2))
    assert scores(rows) == {
        ("Yi-6B", "MMLU"): "63.2", ("CrabYi", "MMLU"): "64.1", ("CrabYi", "AlpacaEval 2.0"): "18.1",
    }  # fmt: skip
    prompts = table(["Method", "Backbone", "MMLU"], ["Think twice", "GPT-4", "86.4"], ["Plain", "GPT-4", "85.1"])
    assert not any("Think" in m or "Plain" in m for m, _ in scores(read(figure(first), figure(prompts, number=2))))


@pytest.mark.parametrize(
    "name",
    ["Yi-9B Init", "Yi-6B (500 steps)", "Yi-6B (ABF 1000w)", "Yi-6B w/ search", "Yi-6B stage 2", "Yi-6B 40k steps"],
)
def test_a_stage_of_training_or_a_model_under_a_condition_is_left_out_and_counted(name):
    rows = read(table(["Model", "MMLU", "PIQA"], ["Yi-9B", "68.4", "79.0"], [name, "63.0", "78.0"]))
    assert {m for m, _ in scores(rows)} == {"Yi-9B"}
    assert omissions(rows) == {"value under a condition that makes another model of it": 2}


@pytest.mark.parametrize("name", ["Yi-6B (base)", "Phi-2 (2.7B)", "GPT-4 (0314)", "Step-2 16B", "Claude 2 (v2.1)"])
def test_brackets_with_a_size_a_version_or_a_date_are_part_of_a_name(name):
    assert {m for m, _ in scores(read(table(["Model", "MMLU", "PIQA"], [name, "63.0", "78.0"])))} == {name}


def test_unknown_names_among_known_models_are_models_and_methods_people_and_chance_are_not():
    names = ["GPT-4V", "Yi-VL-6B", "LLaVA-1.5-13B", "Emu2-Chat", "SVIT", "Random Choice", "Human Expert", "DPO", "Ours"]
    rows = [[n, str(50 + i)] for i, n in enumerate(names)]
    assert {m for m, _ in scores(read(table(["Model", "MMMU"], *rows)))} == set(names[:5])
    assert {m for m, _ in scores(read(table(["System", "MMMU"], *rows)))} == set(names[:4])


def test_a_column_of_methods_names_models_only_by_a_size_or_a_closed_maker():
    rows = read(
        table(["Method", "MMLU"], ["WizardLM+", "37.9"], ["Yi-6B", "63.2"], ["GPT-4", "86.4"], ["CoT (ours)", "1.5"])
    )
    assert {m for m, _ in scores(rows)} == {"Yi-6B", "GPT-4"}


def test_a_system_and_a_model_trained_further_are_left_out_and_counted():
    rows = read(
        table(["Model", "NQ"], ["Codex + REPLUG", "44.7"], ["Tülu 2+DPO 70B", "50.0"], ["CodeT5+ 16B", "35.0"]),
        figure(table(["Model", "C-Eval"], ["Yi-6B", "73.4"]), "Models after training on our data."),
        figure(table(["Model", "C-Eval"], ["Yi-34B", "81.4"]), "Models trained on English text.", number=2),
    )
    assert {m for m, _ in scores(rows)} == {"Tülu 2+DPO 70B", "CodeT5+ 16B", "Yi-34B"}
    assert omissions(rows) == {
        "value under a condition that makes another model of it": 1,
        f"{UNREAD_TABLE}: Table 1": 1,
    }


def test_rows_under_a_section_that_states_a_condition_are_left_out_and_counted():
    over = '<td class="ltx_td" colspan="2">Baselines with retrieval</td>'
    plain = '<td class="ltx_td" colspan="2">Baselines without retrieval</td>'
    rows = read(table(["Model", "ARC"], [plain], ["Yi-6B", "50.3"], [over], ["Yi-6B", "55.0"], ["Yi-9B", "56.0"]))
    assert scores(rows) == {("Yi-6B", "ARC"): "50.3"}
    assert omissions(rows) == {"value under a condition that makes another model of it": 2}


def test_a_translated_test_is_another_test_and_short_names_are_spelt_as_the_caption_explains():
    caption = "Results. BQ for BoolQ, HS for HellaSwag."
    grid = table(
        ["Model", "English", "English", "Korean", "Korean"], ["", "BQ (0)", "HS (0)", "BQ (0)", "KMMLU"],
        ["Yi-6B", "77.7", "57.1", "52.4", "30.1"],
    )  # fmt: skip
    assert {b for _, b in scores(read(figure(grid, caption)))} == {"BoolQ", "HellaSwag", "BoolQ (Korean)", "KMMLU"}
    above = table(["Model", "JP Harness", "JP Harness"], ["", "MGSM", "MARC"], ["Yi-6B", "29.6", "94.6"])
    assert {b for _, b in scores(read(above))} == {"MGSM (JP)"}
    rows = table(["Benchmark", "Language", "Yi-6B"], ["MMLU", "English", "63.2"], ["MMLU", "Thai", "40.1"])
    assert {b for _, b in scores(read(rows))} == {"MMLU", "MMLU (Thai)"}


def test_the_mean_over_languages_is_the_score_of_a_multilingual_test_only():
    grid = table(["Model", "DE", "FR", "AVG"], ["Yi-6B", "36.8", "36.7", "36.75"])
    sure = figure(table(["Model", "PIQA"], ["Phi-2 2.7B", "60.2"]), number=9)
    assert ("Yi-6B", "MGSM") in scores(read(figure(grid, "Accuracy results on MGSM."), sure))
    assert ("Yi-6B", "MMLU") not in scores(read(figure(grid, "Accuracy results on MMLU."), sure))


def test_settings_under_a_benchmark_that_the_caption_names_are_its_scores():
    grid = table(["Model", "Valid Set", "Test Set"], ["", "5-shot", "Zero-shot"], ["Yi-6B", "72.0", "70.1"])
    rows = read(figure(grid, "Results on C-Eval valid and test sets."))
    assert {(r.benchmark, r.setting, r.score_reported) for r in rows if isinstance(r, Reported)} == {
        ("C-Eval", "Valid Set, 5-shot", "72.0"),
        ("C-Eval", "Test Set, Zero-shot", "70.1"),
    }
    part = figure(table(["Model", "QA", "Avg"], ["Yi-6B", "72.0", "70.1"]), "Results on LongBench (Chinese tasks).")
    assert scores(read(part, figure(grid, "Results on C-Eval.", number=2))).keys() == {("Yi-6B", "C-Eval")}


def test_footnote_references_and_empty_brackets_are_no_part_of_a_name():
    note = '<td class="ltx_td">Claude 2<a class="ltx_ref" href="#footnote5"><span>5</span></a></td>'
    rows = read(table(["Model", "MMLU"], [note, "78.5"], ["[] OLMo-7B", "28.3"]))
    assert {m for m, _ in scores(rows)} == {"Claude 2", "OLMo-7B"}


def test_scores_of_a_survey_are_quoted():
    grid = table(["Model", "MMLU"], ["Yi-6B", "63.2"])
    assert [r.read_from for r in read(grid, title="Large Models: A Survey") if isinstance(r, Reported)] == ["quoted"]
    assert [r.read_from for r in read(grid, title="Large Models") if isinstance(r, Reported)] == ["page"]


def test_own_models_come_from_the_title_and_footnotes_say_who_else_was_run_by_the_authors():
    note = f"Scores. {math('*', '*')} evaluations run by us."
    inner = table(["", "Gemma 7B", "Mistral 7B", "Yi 6B"], ["MMLU", "64.3", math(r"{}^{*}62.5{}^{*}"), "63.2"])
    rows = read(figure(inner, note), title="Gemma: Open Models")
    found = {r.model: r.evaluator_relationship for r in rows if isinstance(r, Reported)}
    assert found == {"Gemma 7B": "first_party", "Mistral 7B": "third_party", "Yi 6B": "unknown"}
    rows = read(figure(inner), title="Gemma-Adapter: Tuning Gemma")
    assert {r.evaluator_relationship for r in rows if isinstance(r, Reported)} == {"unknown"}


def test_an_ar5iv_page_is_read_only_where_the_arxiv_page_is_missing():
    html = document(figure(table(["Model", "MMLU"], ["Gemma 7B", "64.3"])))
    twin = page(html, "https://ar5iv.labs.arxiv.org/html/2401.00001")
    stub = page("<html><body>No HTML for this paper</body></html>")
    assert sum(isinstance(r, Reported) for r in arxiv_tables.parse([twin, page(html)])) == 1
    assert sum(isinstance(r, Reported) for r in arxiv_tables.parse([twin, stub])) == 1
    with pytest.raises(LayoutChanged):
        list(arxiv_tables.parse([stub]))


def test_tables_that_were_kept_alone_read_like_the_page_and_only_where_it_is_missing():
    grid = table(["Model", "MMLU"], ["Yi-6B", "63.2"])
    kept = json.dumps([{"table_content": grid, "table_caption": "Table 3: Scores."}])
    alone = replace(page(kept), name="2401.00001-tables.json")
    (row,) = [r for r in arxiv_tables.parse([alone]) if isinstance(r, Reported)]
    assert (row.model, row.benchmark, row.run) == ("Yi-6B", "MMLU", "2401.00001v1 Table 3")
    whole = page(document(figure(grid, number=3)))
    assert sum(isinstance(r, Reported) for r in arxiv_tables.parse([alone, whole])) == 1
    for damaged in ("{}", "[1]", "not JSON"):
        with pytest.raises(LayoutChanged):
            list(arxiv_tables.parse([replace(page(damaged), name="2401.00001-tables.json")]))


def test_a_value_that_is_no_number_is_reported_as_printed_and_then_rejected():
    rows = [
        r
        for r in read(table(["Model", "MMLU"], ["Gemma 7B", "64.3"], ["Yi 6B", "about 63"], ["Phi-2", "56.3"]))
        if isinstance(r, Reported)
    ]
    _, rejections = accept(frame(rows, REPORTED_COLUMNS))
    assert rejections["score_reported"].tolist() == ["about 63"]


def test_a_page_that_breaks_off_is_a_changed_layout():
    html = document(figure(table(["Model", "MMLU"], ["Gemma 7B", "64.3"])))
    for reader in (read_latexml, read_plain):
        with pytest.raises(LayoutChanged, match="breaks off"):
            reader(html[: len(html) // 2])


def test_a_plain_table_names_its_missing_column():
    (found,) = read_plain(
        "<html><table><tr><th>Rank</th><th>Model</th></tr><tr><td>1</td><td>A</td></tr></table></html>"
    )
    assert found.column("Name", "model") == 1
    with pytest.raises(LayoutChanged, match="no column 'Score'; it has: Rank, Model"):
        found.column("Score")


def test_spans_beyond_the_table_and_hostile_spans_do_no_harm():
    html = document(table(['<td class="ltx_td" rowspan="99" colspan="999999">x</td>'], ["y"]))
    (grid,) = read_latexml(html)
    assert len(grid.rows) == 2
    assert len(grid.rows[0]) <= 401


@given(st.text(max_size=60))
def test_any_text_in_a_cell_is_read_without_error(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    read_tex(text)
    split_markers(text)
    rows = texts(document(table(["MMLU", f"{escaped}"], ["PIQA", math(escaped)])))
    assert len(rows) == 2


def test_numbers_keep_every_digit_through_the_reader():
    assert texts(document(table(["MMLU", "0.70"], ["PIQA", "1,234.50"], ["BBH", "-5.73"]))) == [
        ["MMLU", "0.70"],
        ["PIQA", "1,234.50"],
        ["BBH", "-5.73"],
    ]


def test_titles_name_the_same_own_models_as_the_list_of_papers():
    papers = facts.read(Path(__file__).parent.parent / "data" / "facts").papers
    for title, listed in papers[["title", "own_models"]].itertuples(index=False):
        named = arxiv_tables.read_own_models(f"<title>{title}</title>")
        if named is not None:
            assert named.match(listed), f"{title}: the title names {named.pattern}, papers.csv {listed}"


def test_names_beside_their_own_metrics_are_tests_and_groups_of_runs_stay_apart():
    grid = table(
        ["", "", "OPT 7B", "Yi-6B", "GPT-J-6B"],
        ["FPB", "Acc", "57.2", "52.6", "50.2"],
        ["", "F1", "65.7", "52.1", "49.3"],
        ["FiQA SA", "F1", "31.2", "74.1", "62.1"],
        ["Average", "F1", "50.4", "46.9", "48.2"],
        ["Fluency", "F1", "50.4", "46.9", "48.2"],
    )
    rows = [r for r in read(figure(grid)) if isinstance(r, Reported)]
    assert {(r.benchmark, r.metric) for r in rows} == {("FPB", "Acc"), ("FPB", "F1"), ("FiQA SA", "F1")}
    assert len(rows) == 9
    groups = (
        '<table class="ltx_tabular"><tr class="ltx_tr"><td class="ltx_td"></td><td class="ltx_td" colspan="1"></td>'
        '<td class="ltx_td" colspan="2">FLARE</td><td class="ltx_td" colspan="2">HELM</td></tr>'
        + "".join(
            '<tr class="ltx_tr">' + "".join(f'<td class="ltx_td">{t}</td>' for t in cells) + "</tr>"
            for cells in (
                ["", "", "OPT-66B", "Yi-6B", "OPT-66B", "Yi-6B"],
                ["FPB", "F1", "46.7", "40.0", "44.6", "48.6"],
                ["FiQA SA", "F1", "73.8", "37.3", "50.5", "51.6"],
            )
        )
        + "</table>"
    )
    told = {(r.model, r.setting, r.score_reported) for r in read(figure(groups)) if isinstance(r, Reported)}
    assert ("OPT-66B", "FLARE", "46.7") in told and ("OPT-66B", "HELM", "44.6") in told and len(told) == 8


def test_a_number_in_brackets_is_a_spread_where_the_caption_says_so():
    grid = table(["Model", "MMLU", "BBH"], ["Yi-6B", "63.2 (1.5)", "42.8 (0.9)"], ["Yi-34B", "76.3 (0.4)", "54.3 (1)"])
    rows = [
        r
        for r in read(figure(grid, "Mean and standard deviation (in parenthesis) of 10 runs."))
        if isinstance(r, Reported)
    ]
    assert [(r.score_reported, r.uncertainty) for r in rows if r.model == "Yi-34B"] == [
        ("76.3", "0.4 unknown"),
        ("54.3", "1 unknown"),
    ]
    with pytest.raises(LayoutChanged):  # else it may be anything
        read(figure(grid, "Results."))


def test_parts_of_one_stem_and_translations_are_no_tests_by_company():
    grid = table(
        ["Model", "MMLU", "GSM8K", "BBH", "Gorilla-TH", "Gorilla-TF", "Gorilla-HF", "WMT", "WMT22"],
        ["Yi-6B", "63.2", "42.8", "40.1", "1", "2", "3", "12.1", "20.2"],
    )
    assert {b for _, b in scores(read(figure(grid)))} == {"MMLU", "GSM8K", "BBH"}


def test_a_role_in_brackets_is_no_part_of_a_name_and_a_size_alone_no_model():
    grid = table(
        ["Round", "MMLU", "GSM8K"],
        ["Yi-6B (bootstrap model)", "63.2", "42.8"],
        ["Base (Yi-34B)", "76.3", "54.3"],
        ["Base 7B model", "50.1", "20.2"],
        ["Our policy model", "51.1", "21.2"],
    )
    assert {m for m, _ in scores(read(figure(grid)))} == {"Yi-6B", "Yi-34B"}


def test_plain_ways_to_answer_beside_a_model_are_no_condition_and_others_are():
    grid = table(
        ["Model", "Method", "MMLU", "GSM8K"],
        ["Yi-6B", "System 1", "63.2", "42.8"],
        ["Yi-34B", "-", "76.3", "54.3"],
        ["Yi-9B", "System 2", "70.1", "60.2"],
    )
    assert {m for m, _ in scores(read(figure(grid)))} == {"Yi-6B", "Yi-34B"}


def test_rows_under_the_name_of_a_base_model_and_headed_as_data_are_what_it_was_trained_on():
    rows = [
        ["Dataset", "MMLU", "GSM8K"],
        ["★ Qwen-2.5-7B Base Model"],
        ["Alpaca", "45.1", "60.1"],
        ["WizardLM", "31.1", "64.3"],
    ]
    spanned = '<tr class="ltx_tr"><td class="ltx_td" colspan="3">★ Qwen-2.5-7B Base Model</td></tr>'
    html = table(rows[0], *rows[2:])
    html = html.replace("</tr>", "</tr>" + spanned, 1)
    with pytest.raises(LayoutChanged):
        read(figure(html))
    named = html.replace("Dataset", "Model")  # where they are headed as models they are
    assert {m for m, _ in scores(read(figure(named)))} == {"Alpaca", "WizardLM"}


def test_variants_that_a_heading_lists_are_scores_of_their_own_and_the_mean_over_parts_is_the_tests():
    grid = table(
        ["Model", "AI2D (w / wo M)", "CharXiv (RQ / DQ)", "POPE (avg)", "MMLU", "BigBench (Avg)"],
        ["InternVL2-1B", "64.1 / 70.5", "18.1 / 30.7", "87.3", "40.1", "35.1"],
        ["Qwen2-VL-2B", "74.7 / -", "-", "86.1", "50.2", "35.2"],
    )
    rows = [r for r in read(figure(grid)) if isinstance(r, Reported)]
    told = {(r.model, r.benchmark, r.setting or r.metric, r.score_reported) for r in rows}
    assert ("InternVL2-1B", "AI2D", "wo M", "70.5") in told and ("Qwen2-VL-2B", "AI2D", "w", "74.7") in told
    assert {(b, v) for m, b, _, v in told if m == "InternVL2-1B" and b != "AI2D"} == {
        ("CharXiv", "18.1"), ("CharXiv", "30.7"), ("POPE", "87.3"), ("MMLU", "40.1"),
    }  # fmt: skip


def test_beside_the_mean_over_languages_one_language_is_a_part():
    html = (
        '<table class="ltx_tabular"><tr class="ltx_tr"><td class="ltx_td">Models</td><td class="ltx_td" colspan="2">MGSM</td>'
        '<td class="ltx_td" colspan="2">MMMLU</td></tr>'
        + "".join(
            '<tr class="ltx_tr">' + "".join(f'<td class="ltx_td">{t}</td>' for t in cells) + "</tr>"
            for cells in (
                ["", "en", "mul", "en", "mul"],
                ["Yi-6B", "59.2", "33.1", "62.0", "36.7"],
                ["Yi-34B", "82.0", "47.4", "68.4", "52.2"],
            )
        )
        + "</table>"
    )
    assert scores(read(figure(html))) == {
        ("Yi-6B", "MGSM"): "33.1", ("Yi-6B", "MMMLU"): "36.7", ("Yi-34B", "MGSM"): "47.4", ("Yi-34B", "MMMLU"): "52.2",
    }  # fmt: skip


def test_tests_over_the_same_measures_are_known_by_one_of_them_and_rows_tuned_for_them_are_left_out():
    def spanned(*cells: tuple[str, int]) -> str:
        return '<tr class="ltx_tr">' + "".join(f'<td class="ltx_td" colspan="{n}">{t}</td>' for t, n in cells) + "</tr>"

    measures = ["Type", "Grounding", "SR"]
    html = (
        '<table class="ltx_tabular">'
        + spanned(("Models", 1), ("GUI-Act-Web", 3), ("GUI-Odyssey", 3))
        + spanned(("", 1), *((m, 1) for m in measures * 2))
        + spanned(("Zero-shot OOD Setting", 7))
        + spanned(*((t, 1) for t in ("GPT-4o", "77.1", "45.0", "41.8", "37.5", "14.2", "5.4")))
        + spanned(*((t, 1) for t in ("Yi-6B", "79.2", "58.6", "42.6", "49.6", "34.6", "20.3")))
        + spanned(("Supervised Fine-tuning Setting", 7))
        + spanned(*((t, 1) for t in ("Qwen2-VL-7B", "89.4", "90.7", "82.3", "83.5", "65.9", "60.2")))
        + "</table>"
    )
    rows = [r for r in read(figure(html)) if isinstance(r, Reported)]
    assert {r.model for r in rows} == {"GPT-4o", "Yi-6B"} and len(rows) == 12
    assert {(r.benchmark, r.metric) for r in rows} == {(b, m) for b in ("GUI-Act-Web", "GUI-Odyssey") for m in measures}


def test_an_empty_name_beside_a_setting_continues_the_model_above_and_splits_below_a_test_are_settings():
    grid = table(
        ["Model", "Setting", "MMLU", "POPE"],
        ["Yi-6B", "Direct", "63.2", "86.9"],
        ["", "CoT", "64.2", "82.9"],
        ["Yi-34B", "Direct", "76.3", "87.0"],
        ["", "CoT", "77.3", "88.1"],
    )
    rows = [r for r in read(figure(grid)) if isinstance(r, Reported)]
    assert {(r.model, r.setting) for r in rows} == {(m, s) for m in ("Yi-6B", "Yi-34B") for s in ("Direct", "CoT")}
    splits = table(
        ["Model", "MMBench", "MMMU-Pro", "MathVerse"],
        ["", "en-test", "vision", "mini-vision"],
        ["Yi-6B", "82.1", "49.7", "50.2"],
    )
    told = {(r.benchmark, r.setting) for r in read(figure(splits)) if isinstance(r, Reported)}
    assert told == {("MMBench", "en-test"), ("MMMU-Pro", "vision"), ("MathVerse", "mini-vision")}


@pytest.mark.parametrize(
    "caption",
    [
        "This table compares GPT-4 and other models as the response generator.",
        "Scores of AE2. All models are supervised-fine-tuned on the Yi-6B base model.",
        "Scores when tuning different base models with diverse response generators.",
    ],
)
def test_a_caption_says_anywhere_that_its_names_are_teachers_or_bases(caption):
    grid = table(["Generator Model", "MMLU", "GSM8K"], ["Gemma-2-9b-it", "16.1", "13.7"], ["GPT-4", "6.6", "5.7"])
    sure = table(["Model", "PIQA"], ["Yi-6B", "60.2"])
    assert {b for _, b in scores(read(figure(grid, caption), figure(sure, number=2)))} == {"PIQA"}


def test_the_plain_run_beside_a_papers_method_is_the_models_score():
    heads = '<tr class="ltx_tr"><td class="ltx_td" rowspan="2">Model</td>' + "".join(
        f'<td class="ltx_td" colspan="2">{t}</td>' for t in ("GSM8K", "MMLU")
    )
    rows = (
        ["Single", "Ours"] * 2,
        ["Yi-6B", "35.1", "59.2 (+24.1)", "42.1", "51.3 (+9.2)"],
        ["GPT-4", "88.2", "-", "77.1", "-"],
    )
    body = "".join('<tr class="ltx_tr">' + "".join(f'<td class="ltx_td">{t}</td>' for t in r) + "</tr>" for r in rows)
    html = f'<span class="ltx_tabular">{heads}</tr>{body}</span>'
    told = scores(read(figure(html)))
    assert told == {
        ("Yi-6B", "GSM8K"): "35.1", ("Yi-6B", "MMLU"): "42.1", ("GPT-4", "GSM8K"): "88.2", ("GPT-4", "MMLU"): "77.1",
    }  # fmt: skip
