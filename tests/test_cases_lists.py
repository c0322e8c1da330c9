"""Kinds of tables that a tenth and an eleventh draw of unseen cards and papers showed, in words and numbers of our own."""

from tests.test_cases_cards import html, markdown, plain, read


def test_a_name_that_goes_on_below_its_first_word_is_one_name_also_where_what_follows_is_a_number():
    heading = ["Benchmark", "GPT-4o", "Claude-3.5-", "Heron"], ["", "0513", "Sonnet-1022", "V3"]
    scores, _, _ = read(markdown(*heading, ["MMLU", "87.2", "88.3", "61.1"], ["GSM8K", "90.1", "90.2", "60.3"]))
    names = {s.model.replace("- ", "-") for s in scores}
    assert names == {"GPT-4o 0513", "Claude-3.5-Sonnet-1022", "Heron V3"} and len(scores) == 6
    top = [("Benchmark", "rowspan=2"), "GPT-4o", "Qwen2.5"]
    scores, _, _ = read(html(["MMLU", "87.2", "71.3"], ["ARC-C", "61.2", "60.3"], head=[top, ["0513", "72B-Inst."]]))
    assert {s.model for s in scores} == {"GPT-4o 0513", "Qwen2.5 72B-Inst."}
    # Words in the first row below a heading are no heading where they have a label of their own.
    rows = [["Optimizer", "AdamW", "-"], ["MMLU", "61.2", "62.3"], ["GSM8K", "51.2", "52.3"]]
    scores, _, _ = read(markdown(["Benchmark", "Qwen2.5-3B", "Gemma-2B"], *rows))
    assert {s.model for s in scores} == {"Qwen2.5-3B", "Gemma-2B"} and len(scores) == 4


def test_values_in_one_cell_are_those_of_the_tests_metrics_or_settings_that_are_listed_as_well():
    rows = [["Heron-1B", "24.9 / 25.4", "58.5 / 68.2 / 43.2"], ["Qwen2.5-1.5B", "55.1 / 60.2", "61.3 / 70.1 / 50.9"]]
    scores, _, _ = read(markdown(["Model", "zh (ceval / cmmlu)", "en (arc / piqa / hellaswag)"], *rows))
    assert plain(scores)[:3] == [
        ("Heron-1B", "ceval", "24.9"),
        ("Heron-1B", "cmmlu", "25.4"),
        ("Heron-1B", "arc", "58.5"),
    ]
    assert len(scores) == 10
    rows = [["Qwen1.5-4B", "34.0 / 53.4", "48.3 / 72.7"], ["Llama-2-7b", "30.6 / 43.8", "56.6 / 72.1"]]
    scores, _, _ = read(markdown(["3-shot (EM / F1)", "XQuAD (th)", "TydiQA (id)"], *rows))
    first = scores[0]
    assert (first.benchmark, first.metric, first.score_reported) == ("XQuAD", "EM", "34.0")
    assert {"th", "3-shot"} <= set(first.setting.split(", ")) and len(scores) == 8
    rows = [["Qwen3-32B", "51.6"], ["gpt-oss-20B (low / med / high)", "37.4 / 53.2 / 60.7"]]
    scores, _, _ = read(markdown(["Model", "SWE-bench Verified"], *rows, ["Gemma-3-27B", "20.1"]))
    assert [(s.score_reported, s.setting) for s in scores if "oss" in s.model] == [
        ("37.4", "low"), ("53.2", "med"), ("60.7", "high")
    ]  # fmt: skip
    # Another number of values than names says nothing.
    scores, _, _ = read(
        markdown(["Model", "zh (ceval / cmmlu)"], ["Heron-1B", "1.0 / 2.0 / 3.0"], ["Qwen2-7B", "4.0 / 5.0"])
    )
    assert not scores


def test_a_prompt_or_a_vote_in_brackets_behind_a_model_is_its_setting_and_a_baseline_another_model():
    rows = [
        ["GPT-4 (PAL)", "51.8"],
        ["GPT-4 (CoT)", "53.4"],
        ["Qwen3-32B (maj@6)", "61.2"],
        ["Qwen3-32B Baseline", "50.0"],
    ]
    scores, _, _ = read(markdown(["Model", "MATH"], *rows, ["Gemma-3-27B", "44.0"]))
    read_as = {(s.model, s.setting or s.metric) for s in scores}
    assert read_as == {("GPT-4", "PAL"), ("GPT-4", "CoT"), ("Qwen3-32B", "maj@6"), ("Gemma-3-27B", "")}


def test_what_a_model_was_trained_on_first_and_at_what_cost_are_no_conditions():
    head = ["Model", "Size", "Data", "Uniq. Token", "Training FLOPs", "GSM8K", "MATH"]
    rows = [
        ["LLemma", "34B", "PPile", "55B", "3.0e21", "54.2", "23.0"],
        ["Mistral", "7B", "-", "-", "-----", "41.2", "11.6"],
    ]
    scores, sizes, _ = read("Base models (Few-shot CoT):\n\n" + markdown(head, *rows))
    assert [(s.model, s.score_reported) for s in scores][:2] == [("LLemma 34B", "54.2"), ("LLemma 34B", "23.0")]
    assert len(scores) == 4 and set(sizes.values()) == {"34", "7"} and scores[0].setting == "Few-shot CoT"
    # Two rows of one model tell what the data did to it.
    rows = [
        ["Gemma-2B", "C4", "34.2", "23.0"],
        ["Gemma-2B", "Pile", "35.1", "21.6"],
        ["Qwen2-7B", "C4", "50.1", "40.2"],
    ]
    scores, _, _ = read(markdown(["Model", "Data", "GSM8K", "MATH"], *rows))
    assert not [s for s in scores if s.model == "Gemma-2B"]


def test_names_are_known_by_the_repository_that_they_lead_to_by_a_size_and_by_what_they_are_built_on():
    linked = "[Kite](https://huggingface.co/maker/Kite-Chat)"
    scores, _, _ = read(
        markdown(["Model", "MMBench", "AI2D"], ["Qwen2-VL-2B", "72.4", "68.5"], [linked, "71.0", "74.7"])
    )
    assert {s.model for s in scores} == {"Qwen2-VL-2B", "maker/Kite-Chat"}
    scores, _, _ = read(markdown(["Model", "DocVQA", "MMMU"], ["PLM1B", "90.7", "34.8"], ["PLM8B", "94.6", "46.1"]))
    assert {s.model for s in scores} == {"PLM1B", "PLM8B"}
    rows = [
        [n, b, "38.1", "9.3"] for n, b in (("LLaVAR", "Vicuna-7B"), ("UniDoc", "Vicuna-7B"), ("LLaVA-1.5", "Vicuna-7B"))
    ]
    scores, _, _ = read(markdown(["Method", "LLM", "TextVQA", "ChartQA"], *rows, ["InternVL", "-", "59.8", "45.6"], ["mPLUG-Owl", "Llama-7B", "34.0", "7.9"]))  # fmt: skip
    assert {"LLaVAR", "UniDoc"} <= {s.model for s in scores}
    scores, _, _ = read(markdown(["Model and Size", "PIQA", "MathQA"], ["GPT-3 125M", "64.6%", "-----"], ["Qwen2-7B", "70.2%", "24.1%"]))  # fmt: skip
    assert len(scores) == 3
    scores, _, _ = read(markdown(["Model", "MMMU", "MME"], ["Kestrel (ours) 2B", "31.0", "1881.9"], ["Qwen2-VL-2B", "30.1", "1876.8"]))  # fmt: skip
    assert {s.model for s in scores} == {"Kestrel 2B", "Qwen2-VL-2B"}


def test_what_a_page_has_in_a_comment_is_not_read_and_part_of_the_parameters_is_no_size():
    table = markdown(["Dataset", "Qwen2-7B"], ["MMLU", "70.3"], ["GSM8K", "80.2"])
    assert read(table)[0] and not read(f"<!-- old\n{table}\n-->\n")[0]
    rows = [["#Non-emb Params", "6.5B"], ["MMLU", "70.3"], ["GSM8K", "80.2"]]
    scores, sizes, _ = read(markdown(["Dataset", "Qwen2-7B"], *rows))
    assert len(scores) == 2 and not sizes


def test_a_split_or_a_metric_behind_a_test_is_read_and_captions_are_no_percentages():
    rows = [["Qwen2-7B", "55.2", "54.8", "52.1"], ["Gemma-2-9B", "50.1", "51.3", "49.8"]]
    scores, _, _ = read(
        "## C-Eval\n\n" + markdown(["Models", "Valid (0-shot)", "Valid (5-shot)", "Test (0-shot)"], *rows)
    )
    assert [s.benchmark for s in scores] == ["C-Eval"] * 6 and {"Valid", "0-shot"} <= set(scores[0].setting.split(", "))
    rows = [["IFeval strict-prompt", "64.1"], ["AlpacaEval 2.0 LC", "45.0"], ["KoMT-Bench", "8.92"]]
    scores, _, _ = read(markdown(["Benchmark", "Qwen2-7B-Instruct"], *rows))
    assert [(s.benchmark, s.metric) for s in scores] == [
        ("IFeval", "strict-prompt"),
        ("AlpacaEval 2.0", "LC"),
        ("KoMT-Bench", ""),
    ]
    scores, _, omitted = read(
        markdown(["Model", "MVBench", "VATEX", "DREAM 1K"], ["Qwen2-VL-7B", "70.1", "92.5", "34.3"])
    )
    assert [s.benchmark for s in scores] == ["MVBench"] and omitted["unit unclear: captions without a metric"] == 2
