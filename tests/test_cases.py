"""Inputs that were once read wrong, each with the value that is right: one test per case, then further members of its kind.

The kinds are those of the list of defects: columns that slip, units, directions, names of tests, dates and counts, sizes,
records that are brought in. Values are written here; what a test reads is made in the test.
"""

import copy
import dataclasses
import json
import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import pipeline
from data import units, values
from data.test_names import plain_name, read_metric, read_test
from ingest import checks, facts, identity, interchange, records, sizes, starter
from ingest.records import LayoutChanged, Reported, ReportedModel
from ingest.sources import hf_model_cards
from reading import csv_file
from scoring.brought import claims, trend_table

TODAY = date(2026, 11, 28)
SHIPPED = facts.read(Path(__file__).parent.parent / "data/facts")
CHECK = "model,benchmark,score,score_unit,params_b"


def table(text: str | bytes, needed=claims.NEEDED, known=claims.KNOWN) -> pd.DataFrame:
    body = text if isinstance(text, bytes) else text.encode()
    return csv_file.read(body, needed, known).reset_index(drop=True)


def checked(text: str | bytes) -> pd.DataFrame:
    """The rows of a file as the check reads them."""
    return claims.read(table(text), TODAY)


def trend(scores, *, benchmark="T1", metric="", first="2022-01-15", **columns) -> pd.Series:
    """The trend line of one test with a score a month."""
    days = pd.date_range(first, periods=len(scores), freq=pd.DateOffset(months=1)).strftime("%Y-%m-%d")
    rows = {"benchmark": benchmark, "date": days, "model": [f"m{i}" for i in range(len(scores))], "score": scores}
    frame = pd.DataFrame(rows | ({"metric": metric} if metric else {}) | columns).astype(str)
    told = trend_table.make(frame, today=TODAY)
    assert len(told) == 1
    return told.iloc[0]


# Columns slip silently


def test_01_a_trailing_delimiter_shifts_nothing():
    rows = checked(f"{CHECK}\nFoo,MMLU,64.3,percent,7,\nBar,MMLU,60,percent,7,\nBaz,MMLU,99,percent,7,\n")
    assert rows["model"].tolist() == ["Foo", "Bar", "Baz"]
    assert rows["fraction"].tolist() == [0.643, 0.60, 0.99]
    assert rows["n_parameters"].tolist() == [7e9] * 3


def test_02_unquoted_decimal_commas_are_refused_with_the_line():
    with pytest.raises(csv_file.BadFile, match="Line 2 has 5 cells under 4 headings"):
        table("model,benchmark,score,params_b\nFoo,MMLU,64,3,7\nBar,MMLU,60,1,7\nBaz,MMLU,58,2,7\n")


def test_03_one_long_row_is_refused_with_its_line():
    with pytest.raises(csv_file.BadFile, match="Line 2 has 5 cells"):
        table("model,benchmark,score,params_b\nFoo,MMLU,64.3,7.2,extra\nBar,MMLU,60,7\n")


GOOD = [("Foo", "MMLU", 0.643, 7e9), ("Bär", "MMLU", 0.60, 7.2e9)]
PLAIN = "model,benchmark,score,params_b\nFoo,MMLU,64.3,7\nBär,MMLU,60,7.2\n"
GERMAN = "model;benchmark;score;params_b\nFoo;MMLU;64,3;7\nBär;MMLU;60;7,2\n"


@pytest.mark.parametrize(
    "body",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("cp1252"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace(",", "\t").encode("utf-16"),
        PLAIN.replace(",", ";").encode(),
        ("sep=,\n" + PLAIN).encode(),
        ("sep=;\r\n" + GERMAN.replace("\n", "\r\n")).encode("utf-8-sig"),
        GERMAN.encode("cp1252"),
        GERMAN.replace("64,3", "64,3 %").encode(),
        GERMAN.replace("7,2", "7,2 B").encode(),
        PLAIN.replace("model,", "Model ,").replace("score", " Score (%)").replace("params_b", "Params (B)").encode(),
        PLAIN.replace("60", "'60").replace("64.3", '"=""64.3"""').encode(),
        (PLAIN + "\n,,,\n\n").encode(),
        PLAIN.replace("params_b", "params_b,,").replace("7\n", "7,,\n").replace("7.2\n", "7.2,,\n").encode(),
        "model,note,benchmark,score,params_b\nFoo,\"two\nlines, one comma\",MMLU,64.3,7\nBär,,MMLU,60,7.2\n".encode(),
        "model, benchmark, score, params_b\nFoo, \"MMLU\", 64.3, 7\nBär, MMLU, 60, 7.2\n".encode(),
        ",model,benchmark,score,params_b\n0,Foo,MMLU,64.3,7\n1,Bär,MMLU,60,7.2\n".encode(),
        "\n\nmodel,benchmark,score,params_b\nFoo,MMLU,64.3,7000M\nBär,MMLU,60 %,7.2 billion\n".encode(),
        "| model | benchmark | score | params_b |\n|:--|---|---:|---|\n| Foo | MMLU | 64.3 | 7 |\n| Bär | MMLU | 60 | 7.2 |\n".encode(),
        "model,benchmark,score,Size\nFoo,MMLU,64.3,7B\nBär,MMLU,60,7200M\n".encode(),
        "model,benchmark,score,Parameters\nFoo,MMLU,64.3,7 billion\nBär,MMLU,60,7.2B\n".encode(),
    ],
)  # fmt: skip
def test_a_file_is_read_right_however_a_spreadsheet_wrote_it(body):
    rows = checked(body)
    assert rows["problem"].isna().all()
    got = list(zip(rows["model"], rows["benchmark"], rows["fraction"].round(9), rows["n_parameters"], strict=True))
    assert got == GOOD


def test_a_column_of_sizes_without_units_and_a_row_of_dashes_further_down_stay_what_they_are():
    rows = table("model,benchmark,score,size\nFoo,MMLU,64.3,7\nBär,MMLU,60,7.2B\n")
    assert "n_parameters" not in rows and list(rows["size"]) == ["7", "7.2B"]
    assert len(table("model,benchmark,score\nFoo,MMLU,64.3\n--,--,--\n")) == 2


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf\n\n", "The file is empty"),
        (b"PK\x03\x04rest", "spreadsheet or archive"),
        (b"model,benchmark,score\nFoo,MMLU\n", "Line 2 has 2 cells under 3 headings"),
        (b"model,benchmark,score\nA,MMLU,1\nFoo,MMLU,60,7\n", "Line 3 has 4 cells under 3 headings"),
        (b"model,benchmark,score,\nFoo,MMLU,64,3\n", "Line 2 has a cell under no heading"),
        (b",model,benchmark,score\nx,Foo,MMLU,64\n", "Line 2 has a cell under no heading"),
        (b"model,benchmark,score,Score\nFoo,MMLU,64,3\n", "Two columns are called 'score'"),
        (b"model,benchmark,points\nFoo,MMLU,64\n", "no column score; it has model, benchmark, points"),
        (b'model,benchmark,score\n"Foo,MMLU,64\n', "Line 2: a quotation mark is not closed"),
        (b'model,benchmark,score\n"Fo"o,MMLU,64\n', "Line 2: the quotation marks of a cell do not fit"),
        ("модель,benchmark\n".encode("cp1251"), "encoding is not certain"),
        (b"model,benchmark,score\nB\x8er,MMLU,64\nna\x95ve,x,1", "encoding is not certain"),
        (b"model,benchmark,score\nFoo\0,MMLU,64\n", "zero bytes"),
        (b"," * 5_000_000, "more than 200 columns"),
        (b"model,benchmark,score\n" + b"," * 4_900_000, "Line 2 has more than 5,000 cells"),
        (b"model,benchmark,score\nFoo,MMLU," + b"1" * 200_000 + b"\n", "a cell is too long"),
        (b"x" * 5_000_001, "at most 5,000,000"),
    ],
)
def test_a_file_that_is_not_certain_is_refused_with_what_was_found(body, sentence):
    with pytest.raises(csv_file.BadFile, match=sentence):
        table(body)


def test_rows_are_counted_before_they_are_built():
    with pytest.raises(csv_file.BadFile, match="more than 2 rows"):
        csv_file.read(b"model,benchmark,score\n" + b"a,b,1\n" * 3, claims.NEEDED, max_rows=2)


def test_a_comma_inside_brackets_divides_no_cell_where_the_header_says_so():
    rows = table(
        "benchmark,date,model,score\nT (edit distance, lower is better),2024-01-15,m0,0.3\n", trend_table.NEEDED
    )
    assert rows.iloc[0].tolist() == ["T (edit distance, lower is better)", "2024-01-15", "m0", "0.3"]


# Units


def test_05_fractions_and_percentages_in_one_column_are_asked_for():
    lines = "".join(f"m{i},MMLU,{0.4 + i / 200:.3f},{i + 1}\n" for i in range(40))
    rows = checked(f"model,benchmark,score,params_b\n{lines}odd,MMLU,64.3,7\n")
    assert (
        rows["problem"]
        .str.startswith("State the unit of the score, percent or fraction: 40 scores are at most 1")
        .all()
    )


def test_07_a_percent_sign_against_the_stated_unit_is_a_conflict():
    rows = checked(f"{CHECK}\nFoo,MMLU,0.6%,fraction,7\nBar,MMLU,60%,fraction,7\n")
    assert rows["problem"].str.contains("percent sign, and its unit says fraction").all()


def test_08_ratings_and_amounts_are_no_wrong_percentages():
    rows = checked(
        "model,benchmark,score\nGPT-5.2,Codeforces Rating,3148\nGemma 3 27B,Chatbot Arena Elo,1338\n"
        "GPT-5,SWE-Lancer IC SWE Diamond Freelance ($),112000\nFoo,Some board,1500\nBar,Some board,1338\n"
        "Foo,WikiText perplexity,5.3\nFoo,Vending bench (USD),4700\n"
    )
    assert rows["problem"].eq(claims.NO_SHARE).all()
    assert not rows["is_doubtful"].any()


@pytest.mark.parametrize(
    "word", ["percent", "%", "pct", "Percentage", "per cent", "0-100", "in percent", "(%)", "pct."]
)
def test_09_words_for_percent(word):
    rows = checked(f"{CHECK}\nA,MMLU,60,{word},7\n")
    assert rows["fraction"].tolist() == [0.6] and rows["problem"].isna().all()
    assert trend([60, 61, 62, 63, 64, 65], score_unit=word)["score_unit"] == "percent"


@pytest.mark.parametrize("word", ["fraction", "proportion", "ratio", "0-1", "Share", "0 to 1", "[0,1]", "Probability"])
def test_09_words_for_fraction(word):
    rows = checked(table_with_unit := f'{CHECK}\nA,MMLU,0.6,"{word}",7\n')
    assert rows["fraction"].tolist() == [0.6] and rows["problem"].isna().all(), table_with_unit
    assert trend([0.60, 0.61, 0.62, 0.63, 0.64, 0.65], score_unit=word)["score_unit"] == "fraction"


@pytest.mark.parametrize("test", ["MT-Bench", "mt_bench", "MT Bench", "AlignBench v1.1", "MMHal-Bench", "LogicKor"])
def test_a_judges_points_without_a_unit_are_no_percentages(test):
    assert units.read_measure("", test).unit == "points"
    assert checked(f"model,benchmark,score\nA,{test},8.9\n")["problem"].tolist() == [claims.NO_SHARE]


@pytest.mark.parametrize(
    ("metric", "test"), [("win_rate", "MT-Bench"), ("", "MT-Bench win rate"), ("acc", "AlignBench")]
)
def test_a_share_of_a_judged_test_is_a_share(metric, test):
    assert units.read_measure(metric, test).unit == ""


def test_a_mean_rank_is_no_percentage_and_a_percentile_is_one():
    assert units.read_measure("mean rank").unit == "points"
    assert units.read_measure("rank-1 accuracy").unit == units.read_measure("percentile rank").unit == ""


def test_a_word_that_is_no_unit_is_named_with_the_known_ones():
    rows = checked(f"{CHECK}\nA,MMLU,60,parsec,7\n")
    assert rows["problem"].iloc[0] == "The unit 'parsec' is not known: write percent, fraction, rating or points."


def test_10_one_score_over_100_rescales_no_test():
    told = trend([*range(20, 56), 553])
    assert (told["score_unit"], told["headroom"], told["best"]) == ("percent", 0.45, 55)
    assert "row 38: 553" in told["reason"]


def test_one_fraction_among_percentages_rescales_no_test_and_many_are_asked_for():
    assert trend([*range(20, 56), 0.553])["best"] == 55
    mixed = trend([*range(20, 40), *(v / 100 for v in range(20, 40))])
    assert mixed["status"] == "cannot_tell" and mixed["reason"].startswith("State the unit of the score")
    assert np.isnan(float(mixed["best"] or "nan"))


def test_stated_percentages_of_at_most_one_beside_large_ones_are_to_be_checked():
    lines = "".join(f"m{i},MMLU,{60 + i},percent,7\n" for i in range(9))
    rows = checked(f"{CHECK}\n{lines}odd,MMLU,0.643,percent,7\n")
    assert rows["is_doubtful"].tolist() == [False] * 9 + [True]
    assert rows["problem"].iloc[-1] == "0.643 percent stands beside percentages around 64: it may be a fraction."


def test_low_percentages_of_a_hard_test_stay_percentages():
    assert checked(f"{CHECK}\nA,HLE,0.9,percent,7\nB,HLE,2.1,percent,7\nC,HLE,3,percent,7\n")["problem"].isna().all()


# Directions

LOWER = (
    "avg_wer|word_perplexity|EER|TER|CER|FID|bits_per_byte|bpb|Brier|err|error|Error rate|top-1 error|loss|val loss|MAE|RMSE|"
    "latency (ms)|time to first token|toxicity|hallucination rate|rate of hallucination|percentage of toxic generations|"
    "BPB (lower is better)|acc ↓|negative log likelihood|NLL|false positive rate|FPR95|attack success rate|mean rank|ECE|"
    "normalized edit distance|wordPerplexity|standard deviation over 12 prompt formats|cross-entropy loss|accuracy drop|"
    "grammatical error correction error rate|KL divergence|misclassification rate|false refusal rate|LPIPS|cost ($)|"
    "pplx|cross_entropy|minDCF|DCF|CHAIR|CHAIRs|CHAIR_i|1-accuracy|1 - acc|1 - F1|100 - accuracy|error (1 - accuracy)|bits/dim|"
    "MPJPE (mm)|minADE|over-refusal rate|refusal rate on benign prompts|time (s)|latency|steps to solve|turns|tokens used|"
    "average turns|output tokens per task|ASR under attack|wall-clock time (h)|number of tool calls|iterations to converge|cost per task"
)
HIGHER = (
    "MAE (negated)|neg_mean_squared_error|fid-negated|1 - WER|100 - CER|inverted WER|-MAE|error detection accuracy|"
    "toxicity classification accuracy|toxicity AUROC|hallucination detection|hallucination detection F1|wer ↑|"
    "grammatical error correction|error correction F0.5|F1 (error detection)|recall at 5% error|non-toxic rate|error-free rate|"
    "hallucination-free rate|WER reduction|log likelihood|mean reciprocal rank|accuracy (1 - error)|negative predictive value|"
    "negative F1|bias detection accuracy|true negative rate|harmlessness|accuracy|pass@1|Elo|50% time horizon|1-shot accuracy|"
    "score (higher is better)|average-rank-similarity|computer science|interpretability|winobias|cost savings|savings (%)|"
    "token savings|tokens per second|speedup|1-shot accuracy|1-pass rate|1 - FID|1-NED|time horizon (minutes)|refusal F1|"
    "refusal rate on harmful prompts|refusal rate (higher is better)|error fix"
)


@pytest.mark.parametrize("name", LOWER.split("|"))
def test_14_names_that_say_lower_is_better(name):
    assert units.read_measure(name).is_lower_better


@pytest.mark.parametrize("name", HIGHER.split("|"))
def test_17_names_that_do_not_say_lower_is_better(name):
    assert not units.read_measure(name).is_lower_better


def test_14_15_17_trends_go_the_way_that_the_metric_says():
    falling = [round(30 - 0.7 * i, 1) for i in range(36)]
    wer = trend(falling, benchmark="Open ASR", metric="avg_wer")
    assert (wer["best"], wer["kth_best"]) == (5.5, 8.3)
    named = trend([round(0.3 - i / 100, 2) for i in range(20)], benchmark="Omni (edit distance, lower is better)")
    assert named["best"] == 0.11
    assert trend([-v for v in falling], metric="MAE (negated)")["best"] == -5.5


@pytest.mark.parametrize(
    ("test", "metric"),
    [
        ("WikiText", ""), ("WikiText-103", ""), ("wikitext2", "score"), ("PTB", ""), ("Penn Treebank (word level)", ""),
        ("enwik8", ""), ("text8", ""), ("C4", ""), ("C4 (en)", ""), ("LAMBADA-ppl", ""), ("The Pile", ""), ("LM1B", ""),
        ("PG-19", ""), ("steps to solve", ""), ("tokens used", ""), ("time (s)", ""), ("Bits per byte on Pile", ""),
    ],
)  # fmt: skip
def test_texts_and_amounts_are_measured_in_what_is_no_percentage_and_lower_is_better(test, metric):
    told = units.read_measure(metric, test)
    assert (told.unit, told.is_lower_better) == ("points", True)


@pytest.mark.parametrize(
    ("test", "metric"),
    [
        ("LAMBADA", "acc"), ("LAMBADA", ""), ("PTB", "accuracy"), ("Penn Treebank (constituency parsing)", "F1"), ("PTB POS tagging", ""),
        ("C-Eval", ""), ("Fiction.LiveBench: 16k tokens", ""), ("BFCL Memory KV", "accuracy"), ("TimeQA", ""), ("Musical chairs", ""),
        ("Cost of living QA", ""),
    ],
)  # fmt: skip
def test_a_share_on_such_a_text_and_lengths_in_names_stay_shares(test, metric):
    told = units.read_measure(metric, test)
    assert (told.unit, told.is_lower_better) == ("", False)


@pytest.mark.parametrize(
    "metric", ["refusal rate", "refused", "abstention rate", "not attempted", "average length", "ASR"]
)
def test_a_direction_that_depends_on_the_test_is_asked_for_and_never_guessed(metric):
    row = checked(f"model,benchmark,score,score_unit,metric\nA,XSTest,84,percent,{metric}\n").iloc[0]
    assert (
        row["problem"].startswith("Whether more ") and "write 'higher is better' or 'lower is better'" in row["problem"]
    )
    assert trend([40.0, 50.0, 60.0], benchmark="XSTest", metric=metric)["status"] == "cannot_tell"
    said = trend([40.0, 50.0, 60.0], benchmark="XSTest", metric=f"{metric} (lower is better)")
    assert said["best"] == 40.0


def test_a_perplexity_with_a_unit_of_shares_is_asked_for():
    rows = checked(
        "model,benchmark,score,score_unit,metric\nA,WikiText,12.3,percent,\nA,Foo,12.3,%,ppl\nA,PTB,97,percent,accuracy\n"
    )
    assert [p is None or "is a perplexity, a loss or bits" in p for p in rows["problem"]] == [True] * 3
    assert rows["problem"].isna().tolist() == [False, False, True]
    assert "is a perplexity" in trend([30.0, 20.0], benchmark="C4", score_unit="percent")["reason"]


@pytest.mark.parametrize(
    "name", ["DROP", "DROP (F1)", "BBQ bias", "TED talks", "Grammatical error correction", "HaluEval"]
)
def test_the_subject_of_a_test_is_no_direction(name):
    assert not units.read_measure("", name).is_lower_better


# Sizes


@pytest.mark.parametrize(
    ("count", "billions", "sentence"),
    [
        ("7", "", "Was 7 billion meant"),
        ("", "7240000000", "Was a count meant"),
        ("", "1e30", "n_parameters is a count"),
        ("7.2e18", "", "a billion times less"),
        ("", "7000", "Were 7000 million meant"),
        ("", "0", "not a positive number"),
        ("", "-7", "not a positive number"),
        ("", "8x7B", "counts experts"),
        ("", "large", "is not a number such as"),
        ("7000000000", "70", "The two sizes differ"),
        ("1.5", "", "Was 1.5 billion meant"),
    ],
)
def test_27_sizes_that_no_model_has_are_refused_with_what_was_meant(count, billions, sentence):
    rows = checked(f"model,benchmark,score,score_unit,n_parameters,params_b\nA,MMLU,60,percent,{count},{billions}\n")
    assert sentence in rows["problem"].iloc[0]
    assert np.isnan(rows["n_parameters"].iloc[0])


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("7B", 7e9), ("40M", 40e6), ("7", 7e9), ("7.2 billion", 7.2e9), ("1.5T", 1.5e12), ("0.5", 0.5e9), ("30B-A3B", 30e9),
        ("~7b", 7e9), ("124 million", 124e6), ("7b params", 7e9), ("'7", 7e9),
    ],
)  # fmt: skip
def test_sizes_as_people_type_them(typed, size):
    assert values.read_size(typed, 1e9) == pytest.approx(size)


@pytest.mark.parametrize(
    ("typed", "size"), [("7,240,000,000", 7.24e9), ("7 240 000 000", 7.24e9), ("7.240.000.000", 7.24e9), ("7e9", 7e9)]
)
def test_counts_of_parameters_with_separators(typed, size):
    assert values.read_size(typed) == size


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("Foo-70B", "7"),
        ("Foo 500M", "7"),
        ("foo_13b_chat", "7B"),
        ("Foo-3B", "30"),
        ("Foo-30B-A3B", "3"),
        ("Mixtral-8x7B", "7"),
        ("Mixtral-8x7B", "13"),
        ("Foo-8x22B", "39"),
        ("Hunyuan-A13B", "13"),
        ("Llama-4-Scout-17B-16E", "17"),
        ("Llama 4 Scout (17B)", "17"),
        ("Kimi-K2-1T-A32B", "32"),
        ("OLMoE-1B-7B", "1"),
        ("Qwen1.5-MoE-A2.7B", "2.7"),
        ("granite-1b-a400m", "0.4"),
        ("Foo-E4B", "4"),
        ("Qwen3_30B_A3B", "3"),
    ],
)
def test_a_size_that_the_name_contradicts_is_not_used_silently(name, stated):
    rows = checked(f"model,benchmark,score,params_b\n{name},MMLU,60,{stated}\n")
    assert rows["problem"].iloc[0].endswith("one of them is wrong.")


@pytest.mark.parametrize(
    ("stated", "is_asked"), [("37", True), ("671", False), ("685", False), ("67.1", True), ("400", True), ("", False)]
)
def test_a_size_that_what_is_held_of_the_model_contradicts_is_asked_about(stated, is_asked):
    about = pd.DataFrame({"model_id": ["m"], "n_parameters": [671e9], "n_active_parameters": [37e9]})
    known = claims.known_sizes({"DeepSeek-V3": "m", "Ada": "m"}, about)
    table = f"model,benchmark,score,params_b\nDeepSeek-V3,MMLU,60,{stated}\nAda,MMLU,60,{stated}\n"
    problem, of_several = claims.read(csv_file.read(table.encode(), claims.NEEDED, claims.KNOWN), TODAY, known)[
        "problem"
    ]
    assert (problem is not None) == is_asked and of_several is None
    assert not is_asked or "held with 671 billion parameters, 37 billion of them active" in problem


@pytest.mark.parametrize("stated", ["4096", "2048", "1024", "4608", "768", "3000", "2560B"])
def test_a_width_or_a_number_of_tokens_is_no_size(stated):
    rows = checked(f"model,benchmark,score,params_b\nFoo,MMLU,60,{stated}\n")
    assert "was a width, or a number of training tokens, meant?" in rows["problem"].iloc[0]
    row = size_of("Foo", "", {"n_parameters": stated.removesuffix("B")})
    assert pd.isna(row["n_parameters"]) and "left out" in row["size_note"]


@pytest.mark.parametrize(
    ("name", "stated"), [("Foo", "1000"), ("Foo", "671"), ("Foo", "1760"), ("Foo-1T-A32B", "1024"), ("Foo", "405")]
)
def test_large_sizes_that_models_have_stay(name, stated):
    assert checked(f"model,benchmark,score,params_b\n{name},MMLU,60,{stated}\n")["problem"].isna().all()


def test_active_parameters_above_all_of_them_are_asked_about():
    rows = checked("model,benchmark,score,params_b,n_active_parameters\nFoo,MMLU,60,7,30e9\nFoo,MMLU,60,30,3e9\n")
    assert rows["problem"].iloc[0].startswith("Its active parameters (30 billion)") and rows["problem"].iloc[1] is None


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("Foo-7B", "7.6"),
        ("Foo-8x7B", "47"),
        ("Foo-E4B", "8"),
        ("Foo-7B-1M", "7"),
        ("Foo-R1-70B-Distill-8B", "8"),
        ("Foo-15T-7B-4bit", "7"),
        ("Foo-1M", "7"),
        ("Foo-30B-A3B", "30"),
        ("Foo-128k", "7"),
    ],
)
def test_what_else_stands_in_a_name_contradicts_no_size(name, stated):
    assert checked(f"model,benchmark,score,params_b\n{name},MMLU,60,{stated}\n")["problem"].isna().all()


@pytest.mark.parametrize("word", ["N/A", "none", "-", "nan", "unknown", "?", "NULL"])
def test_a_word_for_no_value_is_no_value(word):
    rows = checked(f"model,benchmark,score,params_b,n_items,release_date\nA,MMLU,60,{word},{word},{word}\n")
    assert rows["problem"].isna().all() and rows[["n_parameters", "n_items", "release_date"]].isna().all(axis=None)
    assert checked(f"model,benchmark,score\nA,MMLU,{word}\n")["problem"].iloc[0] == "The score is not a number."


# Names of tests


@pytest.mark.parametrize(
    ("printed", "name", "metric", "setting"),
    [
        ("MMLU(5-shot)", "MMLU", "", "5-shot"),
        ("MMLU (5-shot)", "MMLU", "", "5-shot"),
        ("MMLU 5-shot", "MMLU", "", "5-shot"),
        ("HellaSwag(10-shot)", "HellaSwag", "", "10-shot"),
        ("GSM8K (8-shot CoT)", "GSM8K", "", "8-shot; CoT"),
        ("HumanEval pass@1", "HumanEval", "pass@1", ""),
        ("truthfulqa_mc2", "truthfulqa", "mc2", ""),
        ("gsm8k_cot", "gsm8k", "", "CoT"),
        ("gsm8k_cot_zeroshot", "gsm8k", "", "CoT; 0-shot"),
        ("mmlu_5shot", "mmlu", "", "5-shot"),
        ("zero-shot MMLU", "MMLU", "", "0-shot"),
        ("harness|arc:challenge|25", "arc challenge", "", "25-shot"),
        ("gsm8k,strict-match", "gsm8k", "", "strict-match"),
        ("ARC-C 25-shot acc_norm", "ARC-C", "acc_norm", "25-shot"),
        ("arc_challenge|acc_norm", "arc_challenge", "acc_norm", ""),
        ("DROP (F1, 3-shot)", "DROP", "f1", "3-shot"),
        ("MBPP (3-shot pass@1)", "MBPP", "pass@1", "3-shot"),
        ("HumanEval+", "HumanEval+", "", ""),
        ("CoT-Bench", "CoT-Bench", "", ""),
        ("hendrycksTest-abstract_algebra", "hendrycksTest-abstract_algebra", "", ""),
        ("IFEval (prompt strict)", "IFEval", "prompt_strict_accuracy", ""),
        ("ifeval_prompt_level_strict_acc", "ifeval", "prompt_strict_accuracy", ""),
        ("IFEval inst-level loose accuracy", "IFEval", "inst_loose_accuracy", ""),
        ("IFEval (0-shot, strict prompt)", "IFEval", "prompt_strict_accuracy", "0-shot"),
        ("ARC-C (25-s)", "ARC-C", "", "25-shot"),
        ("WinoGrande (5s)", "WinoGrande", "", "5-shot"),
        ("mmlu_n_shot", "mmlu", "", "n-shot"),
        ("TTS 5s", "TTS 5s", "", ""),
        ("pass@1", "pass@1", "", ""),
        ("0-shot-cot MMLU", "MMLU", "", "0-shot; CoT"),
        ("zero-shot CoT GPQA", "GPQA", "", "0-shot; CoT"),
        ("prompt_level_strict_acc,none", "IFEval", "prompt_strict_accuracy", ""),
        ("leaderboard_ifeval inst_level_loose_acc,none", "leaderboard_ifeval", "inst_loose_accuracy", ""),
        ("arc_challenge acc_norm,none", "arc_challenge", "acc_norm", ""),
        ("winogrande (5)", "winogrande", "", "5-shot"),
        ("MMLU (5)", "MMLU", "", "5-shot"),
        ("ARC-C [25]", "ARC-C", "", "25-shot"),
        ("MMLU (57)", "MMLU (57)", "", ""),
        ("AIME (24)", "AIME (24)", "", ""),
        ("LiveCodeBench (6)", "LiveCodeBench (6)", "", ""),
        ("SWE-bench Verified (OpenHands)", "SWE-bench Verified", "", "OpenHands"),
        ("SWE-bench Verified [Agentless 1.5]", "SWE-bench Verified", "", "Agentless 1.5"),
        ("Terminal-Bench 2.0 (Terminus-2)", "Terminal-Bench 2.0", "", "Terminus-2"),
        ("SWE-bench (Verified)", "SWE-bench (Verified)", "", ""),
        ("HLE (with tools)", "HLE", "", "with tools"),
        ("AIME 2025 (w/ Python)", "AIME 2025", "", "with Python"),
        ("HLE (w/o tools)", "HLE", "", "without tools"),
        ("MultiPL-E (Python)", "MultiPL-E (Python)", "", ""),
        ("RACE (high)", "RACE (high)", "", ""),
        ("ZebraLogic (medium)", "ZebraLogic (medium)", "", ""),
        ("LiveBench (reasoning)", "LiveBench (reasoning)", "", ""),
        ("MMLU (temperature=0)", "MMLU", "", "temperature=0"),
    ],
)
def test_43_shots_and_metric_in_a_name_are_its_setting_and_metric(printed, name, metric, setting):
    told = read_test(printed)
    assert (told.name, told.metric, told.setting) == (name, metric, setting)


@pytest.mark.parametrize(
    ("printed", "metric", "setting"),
    [
        ("prompt_level_strict_acc,none", "prompt_strict_accuracy", ""), ("acc,none", "acc", ""),
        ("exact_match,strict-match", "exact_match", "strict-match"), ("pass@1,create_test", "pass@1", "create-test"),
        ("word_perplexity,none", "word_perplexity", ""), ("F1, macro", "F1, macro", ""),
    ],
)  # fmt: skip
def test_a_harness_name_of_a_metric_is_metric_and_filter_everywhere(printed, metric, setting):
    row = checked(f'model,benchmark,score,metric\nA,T,60,"{printed}"\n').iloc[0]
    assert (row["metric"], row["setting"]) == (metric, setting)
    found = reported(record({"metric_id": printed}))
    assert (found.metric.partition(" (")[0], found.setting) == (metric, setting)


def test_43_what_a_name_states_gives_way_to_the_columns():
    rows = checked("model,benchmark,score,setting\nA,MMLU (5-shot),60,0-shot\nB,MMLU (5-shot),60,\n")
    assert rows["setting"].tolist() == ["0-shot", "5-shot"]


@pytest.mark.parametrize(
    ("name", "stated", "held", "is_same"),
    [
        ("DPR", "7", np.nan, False), ("Ada", "7", 356e6, False), ("Orca", "", 13e9, False), ("Yi", "", 34e9, False),
        ("Ada", "0.35", 356e6, True), ("GPT-2", "", 1.5e9, True), ("Mistral 7B", "7", 7.24e9, True),
        ("Mistral 7B", "70", 7.24e9, False), ("o1", "", np.nan, True),
    ],
)  # fmt: skip
def test_44_a_name_of_several_things_brings_no_size_and_no_date(name, stated, held, is_same):
    row = checked(f"model,benchmark,score,score_unit,params_b\n{name},MMLU,60,percent,{stated}\n").iloc[0]
    known, doubt = claims._same(row, pd.Series({"n_parameters": held, "model_date": pd.Timestamp("2020-06-22")}))
    assert (known is not None) == is_same == (doubt == "")


# Dates and counts


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024-05-01T10:00:00Z", "2024-05-01"), ("2024-05-01 23:30:00-08:00", "2024-05-01"), ("2024-05", "2024-05-31"),
        ("2024", "2024-12-31"), ("Sept 2024", "2024-09-30"), ("2024-Q2", "2024-06-30"), ("1 May 2024", "2024-05-01"),
        ("31.01.2024", "2024-01-31"), ("31/01/2024", "2024-01-31"), ("May 1st, 2024", "2024-05-01"), ("20240501", "2024-05-01"),
        ("2024-02", "2024-02-29"), ("2024-05-01T10:00:00.123+0530", "2024-05-01"),
    ],
)  # fmt: skip
def test_47_49_days_of_the_same_rule_in_check_and_trend(typed, day):
    rows = checked(
        f'model,benchmark,score,score_unit,release_date\nA,MMLU,60,percent,"{typed}"\nB,MMLU,60,percent,2024-06-01\n'
    )
    assert rows["release_date"].iloc[0] == pd.Timestamp(day) and rows["problem"].isna().all()
    read, _ = trend_table.read(
        pd.DataFrame({"benchmark": ["T"], "date": [typed], "model": ["m"], "score": ["1"]}), None, TODAY
    )
    assert read["day"].iloc[0] == pd.Timestamp(day)


@pytest.mark.parametrize(
    "typed", ["2099-01-01", "0001-01-01", "9999-12-31", "1900-01-01", "1970-01-01", "2027-01-15", "1949-12-31"]
)
def test_48_days_on_which_no_model_was_released(typed):
    rows = checked(f"model,benchmark,score,score_unit,release_date\nA,MMLU,60,percent,{typed}\n")
    assert rows["problem"].iloc[0] == f"'{typed}' is no release date of a model."


@pytest.mark.parametrize("typed", ["05/01/2024", "2024-02-30", "2024-13", "May 24", "45413", "1714557600", "soon"])
def test_days_that_are_not_certain_are_refused(typed):
    rows = checked(f"model,benchmark,score,score_unit,release_date\nA,MMLU,60,percent,{typed}\n")
    assert "is not a day such as 2024-05-01" in rows["problem"].iloc[0]


@pytest.mark.parametrize(
    ("typed", "n"), [("1,319", 1319), ("1 319", 1319), ("1319.0", 1319), ("12,032", 12032), ("'541", 541)]
)
def test_51_numbers_of_questions(typed, n):
    rows = checked(f'model,benchmark,score,score_unit,n_items\nA,GSM8K,64.3,percent,"{typed}"\n')
    assert rows["n_items"].iloc[0] == n and rows["problem"].isna().all()


@pytest.mark.parametrize("typed", ["1.319", "all", "0", "-5", "12.5", "1319 questions", "50%"])
def test_51_numbers_of_questions_that_are_none(typed):
    rows = checked(f"model,benchmark,score,score_unit,n_items\nA,GSM8K,64.3,percent,{typed}\n")
    assert rows["problem"].iloc[0].startswith("The number of questions: ")


def test_the_column_decides_what_a_comma_between_three_digits_means():
    german = checked("model;benchmark;score;n_items;params_b\nA;T;64,3;1.319;7,2\nB;T;5,125;1.319;7,2\n")
    assert german["score"].tolist() == [64.3, 5.125] and german["n_items"].tolist() == [1319, 1319]
    alone = checked('model,benchmark,score,score_unit\nA,T,"1,319",percent\n')
    assert alone["problem"].iloc[0].startswith("The score is not certain: '1,319' is 1.319 or 1319")


@pytest.mark.parametrize(
    "typed", ["85²", "64 3", "1,2,3", "<1", "±0.3", "88.5 ±", "n/a", "８x", "1e400", "**", "* 88.5"]
)
def test_scores_that_are_no_numbers(typed):
    rows = checked(f'model,benchmark,score,score_unit\nA,T,"{typed}",percent\n')
    assert rows["problem"].iloc[0] == "The score is not a number."


@pytest.mark.parametrize(
    ("typed", "score", "aside"),
    [
        ("74.2±0.4", 74.2, "±0.4"), ("74.2 ± 0.4", 74.2, "± 0.4"), ("74.2% ± 0.4%", 74.2, "± 0.4%"), ("74.2 +/- 0.4", 74.2, "+/- 0.4"),
        ("74.2 (±0.4)", 74.2, "(±0.4)"), ("**74.2**", 74.2, ""), ("__74.2__", 74.2, ""), ("\\textbf{74.2}", 74.2, ""), ("<b>74.2</b>", 74.2, ""),
        ("**74.2 ± 0.4**", 74.2, "± 0.4"), ("74.2*", 74.2, "*"), ("74.2†", 74.2, "†"), ("74,2 %", 74.2, ""), ("74,2 ± 0,4", 74.2, "± 0,4"),
        ("74.2 (+1.3)", 74.2, "(+1.3)"), ("74.2 [73.1, 75.0]", 74.2, "[73.1, 75.0]"), ("74.2↑", 74.2, "↑"),
    ],
)  # fmt: skip
def test_what_stands_around_a_score_is_taken_off_and_said(typed, score, aside):
    row = checked(f'model,benchmark,score,score_unit\nA,T,"{typed}",percent\n').iloc[0]
    assert (row["problem"], row["score"]) == (None, score)
    assert row["read_as"] == (f"Not used of its cell: {aside}." if aside else "")
    table = pd.DataFrame(
        {"benchmark": "T", "date": ["2024-01-01"], "model": ["m"], "score": [typed], "score_unit": ["percent"]}
    )
    assert trend_table.read(table, None, TODAY)[0]["score"].tolist() == [score]


@pytest.mark.parametrize("typed", ["74.2 (0.4)", "74.2 / 75.1", "74.2 [80, 90]", "74.2 (71.0)"])
def test_two_numbers_in_a_cell_are_refused_with_the_row(typed):
    row = checked(f'model,benchmark,score,score_unit\nA,T,"{typed}",percent\n').iloc[0]
    assert "holds two numbers" in row["problem"] or row["problem"] == "The score is not a number."
    table = pd.DataFrame({"benchmark": "T", "date": ["2024-01-01"], "model": ["m"], "score": [typed]})
    with pytest.raises(trend_table.BadTable, match=r"^Row 2: "):
        trend_table.read(table, None, TODAY)


# Tables with a column per test


def wide(text: str, *, has_gaps: bool = False) -> pd.DataFrame:
    return csv_file.read(
        text.encode(), claims.NEEDED, claims.KNOWN, has_gaps=has_gaps,
        tests=lambda names: {n for n in names if n.partition(" ")[0] in ("MMLU", "GSM8K")},
    )  # fmt: skip


def test_one_model_a_row_and_one_test_a_column_is_read_as_one_score_a_row():
    rows = wide(
        "Model,Size,MMLU (5-shot),GSM8K,Average,License\nA,7B,60.1,**40.2**,50.2,mit\nB,13B,-,50,50,apache-2.0\n"
    )
    assert rows[["model", "benchmark", "score", "n_parameters"]].to_numpy().tolist() == [
        ["A", "MMLU (5-shot)", "60.1", "7B"], ["A", "GSM8K", "**40.2**", "7B"], ["B", "GSM8K", "50", "13B"],
    ]  # fmt: skip
    assert rows.index.is_unique and [int(i) + 2 for i in rows.index] == [2, 2, 3]
    assert len(wide("model,MMLU,GSM8K\nA,1,-\n", has_gaps=True)) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("model,MMLU,Foobar\nA,60,1\n", "'Foobar' is no test known here: write one row per score"),
        ("model,Foobar\nA,60\n", "The table has no column benchmark, score"),
        ("benchmark,GPT-4\nMMLU,60\n", "Write one row per score: model, benchmark, score."),
        ("model,benchmark,MMLU\nA,x,60\n", "The table has no column score"),
    ],
)
def test_such_a_table_that_is_not_certain_is_refused_with_what_to_do(text, sentence):
    with pytest.raises(csv_file.BadFile, match=re.escape(sentence)):
        wide(text)


def test_a_trend_of_such_a_table_keeps_every_test_its_own_scores():
    text = "model,date,MMLU,GSM8K\n" + "".join(f"m{i},2024-0{i + 1}-01,{60 + i},{10 + i}\n" for i in range(6))
    rows = csv_file.read(text.encode(), trend_table.NEEDED, trend_table.OPTIONAL, tests=lambda names: names)
    told = trend_table.make(rows, today=TODAY).set_index("benchmark")
    assert told["best"].to_dict() == {"GSM8K": 15, "MMLU": 65}


# Records that are brought in

RECORD = {
    "schema_version": "0.3.0",
    "evaluation_id": "src/demo-model/1",
    "retrieved_timestamp": "1750000001",
    "source_metadata": {
        "source_name": "Demo",
        "source_type": "documentation",
        "source_organization_name": "Demo org",
        "evaluator_relationship": "third_party",
    },
    "eval_library": {"name": "unknown", "version": "unknown"},
    "model_info": {
        "name": "ZEUS v15 (ours)",
        "id": "T145/ZEUS-8B-V15",
        "developer": "demo-org",
        "additional_details": {"deployment_type": "unknown", "model_availability": "open_weights"},
    },
    "evaluation_results": [
        {
            "evaluation_result_id": "x.MMLU",
            "evaluation_name": "MMLU",
            "source_data": {"dataset_name": "MMLU", "source_type": "url", "url": ["https://example.invalid/x"]},
            "metric_config": {
                "metric_id": "accuracy",
                "metric_unit": "proportion",
                "lower_is_better": False,
                "score_type": "continuous",
                "min_score": 0.0,
                "max_score": 1.0,
            },
            "score_details": {"score": 0.643},
        }
    ],
}


def record(metric=None, model=None, data=None, score=0.643, **top) -> str:
    """The record above with changes, as text."""
    made = copy.deepcopy(RECORD)
    result = made["evaluation_results"][0]
    result["metric_config"] |= metric or {}
    made["model_info"] |= model or {}
    result["source_data"] |= data or {}
    result["score_details"]["score"] = score
    return json.dumps(made | top)


def reported(text: str) -> Reported:
    return next(r for r in interchange.read(text, "s") if isinstance(r, Reported))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("1777613486.918081", date(2026, 5, 1)),
        (1777613486.918081, date(2026, 5, 1)),
        (1750000001, date(2025, 6, 15)),
        ("1.777613486918081e9", date(2026, 5, 1)),
        ("2026-05-01T10:00:00Z", date(2026, 5, 1)),
        ("2026-05-01", date(2026, 5, 1)),
    ],
)
def test_35_moments_with_fractions_and_as_days(moment, day):
    assert interchange.read_retrieved(record(retrieved_timestamp=moment)) == day


@pytest.mark.parametrize("moment", ["1777613486918", "soon", "", None, True, [1], -1, "2024", "nan", "1e400"])
def test_35_moments_that_are_none_are_refused(moment):
    with pytest.raises(LayoutChanged, match="does not say when"):
        interchange.read_retrieved(record(retrieved_timestamp=moment))


@pytest.mark.parametrize("score", [None, True, [0.6], {"a": 1}, "n/a", "NaN", float("inf")])
def test_36_a_score_that_is_no_number_is_rejected_and_nothing_else(score):
    text = record(score=score)
    rows = records.frame([reported(text)], records.REPORTED_COLUMNS)
    accepted, rejected = records.accept(rows)
    assert len(accepted) == 0 and rejected["reason"].tolist() == ["not a number"]


@pytest.mark.parametrize(
    "changes",
    [
        {"model": {"name": None, "id": "x"}},
        {"model": {"name": ["a"], "id": "x"}},
        {"model": {"name": "half \ud800 character", "id": "x"}},
        {"model_info": None},
        {"evaluation_results": {"a": 1}},
        {"evaluation_results": [None]},
        {"metric": {"lower_is_better": "yes"}},
        {"metric": {"metric_id": ["accuracy"]}},
        {"data": {"dataset_name": [1]}, "evaluation_results": []} | {"source_metadata": []},
        {"schema_version": None},
        {"schema_version": "0.2.1"},
    ],
)
def test_36_a_record_that_is_none_is_refused_in_one_sentence(changes):
    with pytest.raises(LayoutChanged) as told:
        list(interchange.read(record(**changes), "s"))
    assert "\n" not in str(told.value) and len(str(told.value)) < 300


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 100_000, "", "[]", "null", "{", '"text"'])
def test_37_deep_and_broken_json_is_refused(text):
    with pytest.raises(LayoutChanged):
        list(interchange.read(text, "s"))


def bring(tmp_path: Path, **files: str):
    (tmp_path / "records").mkdir()
    for name, text in files.items():
        (tmp_path / "records" / f"{name}.json").write_text(text, encoding="utf-8")
    settings = {"BENCHMARK_SNAPSHOTS": str(tmp_path / "snapshots")}
    return CliRunner().invoke(pipeline.app, ["bring", str(tmp_path / "records")], env=settings, catch_exceptions=False)


def test_one_bad_record_stops_no_other_and_is_named(tmp_path):
    told = bring(tmp_path, good=record(), deep="[" * 200_000, null=record(score=None), broken="{")
    assert told.exit_code == 1
    assert all(f"{name}.json: " in told.output for name in ("deep", "null", "broken"))
    assert "1 new, 0 unchanged, 3 refused" in told.output


@pytest.mark.parametrize(
    ("value", "others", "is_told"),
    [(0.00734, [], True), (0.00734, [0.6] * 9, True), (0.0073, [0.01] * 9, False), (0.34, [], False), (0.0, [], False)],
)
def test_39_a_lone_percentage_of_at_most_one_may_be_a_share(value, others, is_told):
    rows = pd.DataFrame(
        {
            "score": [value, *others], "score_unit": "percent", "score_reported": "0.734", "benchmark_id": "mmlu",
            "metric_id": "accuracy", "source_id": ["own_records", *["board"] * len(others)],
        }
    )  # fmt: skip
    found = checks.find_lone_shares(rows, {"own_records"})
    assert found.index.tolist() == ([0] if is_told else [])
    assert not is_told or found[0].startswith(
        "Printed 0.734 with the unit percent: it may be a share (73.4%)".replace("73.4", f"{1e4 * value:.4g}")
    )


@pytest.mark.parametrize(
    ("model", "name", "scheme"),
    [
        ({}, "T145/ZEUS-8B-V15", "hf"),
        ({"id": "zeus-8b"}, "ZEUS v15 (ours)", ""),
        ({"id": "openai/azure/gpt-4o"}, "ZEUS v15 (ours)", ""),
        ({"id": None}, "ZEUS v15 (ours)", ""),
        ({"additional_details": {"model_availability": "closed_weights"}}, "ZEUS v15 (ours)", ""),
        ({"additional_details": {}}, "ZEUS v15 (ours)", ""),
    ],
)
def test_40_the_id_of_an_open_model_is_its_repository(model, name, scheme):
    row = reported(record(model=model))
    assert (row.model, row.name_scheme) == (name, scheme)
    assert all(r.model == name for r in interchange.read(record(model=model), "s") if isinstance(r, ReportedModel))


@pytest.mark.parametrize(
    ("data", "address"),
    [
        ({"url": "https://example.invalid/x"}, "https://example.invalid/x"),
        ({"url": ["https://example.invalid/a", "https://example.invalid/b"]}, "https://example.invalid/a"),
        ({"url": []}, ""),
        ({"url": None}, ""),
        ({"url": ["javascript:alert(1)", "https://example.invalid/b"]}, "https://example.invalid/b"),
        (
            {"url": None, "source_type": "hf_dataset", "hf_repo": "cais/mmlu"},
            "https://huggingface.co/datasets/cais/mmlu",
        ),
    ],
)
def test_41_addresses_of_records(data, address):
    assert reported(record(data=data)).source_url == address


def test_42_unbounded_ratings_have_the_bounds_that_the_format_names():
    assert interchange.UNITS["rating"][1:] == ("-Infinity", "Infinity") == interchange.UNITS["points"][1:]


@pytest.mark.parametrize(
    ("metric", "printed", "is_lower"),
    [
        ({"metric_id": "wer", "lower_is_better": True}, "wer", True),
        ({"metric_id": "score", "lower_is_better": True}, "score (lower is better)", True),
        ({"metric_id": "wer", "lower_is_better": False}, "wer (higher is better)", False),
        ({"metric_id": None, "metric_name": "Mean rank", "lower_is_better": True}, "Mean rank", True),
        ({"metric_id": "toxicity", "lower_is_better": False}, "toxicity (higher is better)", False),
        ({"metric_id": "accuracy", "lower_is_better": False}, "accuracy", False),
    ],
)
def test_18_the_direction_of_a_record_wins_over_its_metrics_name(metric, printed, is_lower):
    row = reported(record(metric=metric))
    assert row.metric == printed
    assert units.read_measure(identity.slug(row.metric)).is_lower_better == is_lower


@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        ({"metric_unit": "pct", "max_score": 100}, "percent"),
        ({"metric_unit": "Percentage", "max_score": 100}, "percent"),
        ({"metric_unit": "ratio"}, "fraction"),
        ({"metric_unit": None}, "fraction"),
        ({"metric_unit": None, "max_score": 100.0}, "percent"),
        ({"metric_unit": "elo", "min_score": "-Infinity", "max_score": "Infinity"}, "rating"),
        ({"metric_unit": "percent", "max_score": "Infinity"}, "percent"),
        ({"metric_unit": "parsec", "max_score": None}, "points"),
    ],
)
def test_09_units_of_records(metric, unit):
    assert interchange.read_unit(RECORD["evaluation_results"][0]["metric_config"] | metric) == unit


def test_a_unit_against_its_bounds_rejects_the_value():
    rows = records.frame(
        [reported(record(metric={"metric_unit": "percent", "max_score": 1.0}))], records.REPORTED_COLUMNS
    )
    assert records.accept(rows)[1]["reason"].tolist() == ["unknown unit"]


def test_an_unknown_level_is_no_score():
    levels = {"score_type": "levels", "level_names": ["low", "high"], "has_unknown_level": True}
    rows = records.frame([reported(record(metric=levels, score=-1))], records.REPORTED_COLUMNS)
    assert records.accept(rows)[1]["reason"].tolist() == ["not a number"]


@pytest.mark.parametrize(
    ("score", "unit", "uncertainty", "error"),
    [
        ("87%", "fraction", "1.2 stderr", 0.012), ("0.87", "fraction", "0.012 stderr", 0.012), ("87", "percent", "1.2 stderr", 0.012),
        ("87 %", "fraction", "1.96 ci95", 0.01), ("0.87", "fraction", "1.2% stderr", 0.012), ("1200", "rating", "5 stderr", 5.0),
    ],
)  # fmt: skip
def test_the_standard_error_has_the_unit_of_its_score(score, unit, uncertainty, error):
    row = Reported(
        snapshot_id="s",
        model="m",
        benchmark="b",
        score_reported=score,
        score_unit=unit,
        locator="l",
        uncertainty=uncertainty,
    )
    accepted, _ = records.accept(records.frame([row], records.REPORTED_COLUMNS))
    assert accepted["standard_error"].iloc[0] == pytest.approx(error)


# Sizes of models


def size_of(name: str, page: str, *statements: dict, scheme: str = "") -> pd.Series:
    """What the table model shows for a model of which a source states sizes, with the shipped facts."""
    rows = [
        ReportedModel(snapshot_id="s", model=name, name_scheme=scheme, parameter_unit="billions",
                      size_precision="stated", source_url=page, **statement)
        for statement in statements
    ]  # fmt: skip
    said = records.frame(rows, records.MODEL_COLUMNS).assign(model_id="m", source_id="board", content_date="2025-01-01")
    known = sizes.read_facts(SHIPPED.sizes)
    found = sizes.choose_sizes(said, known).reindex(["m"]).assign(
        name=name, architecture=None, is_moe=None, base_model=None, is_merged=None
    )  # fmt: skip
    found = sizes.fill_from_facts(sizes.use_named_sizes(found), known)
    return sizes.settle_doubts(found.assign(is_moe=sizes.mark_mixtures(found))).iloc[0]


@pytest.mark.parametrize(
    ("name", "printed", "total", "active"),
    [
        ("Qwen3-VL 235B-A22B", "22", 235e9, 22e9),
        ("Intern-S1", "22", 241e9, 22e9),
        ("dots.vlm1", "37", 671e9, 37e9),
        ("Llama 4 Behemoth", "288", 2000e9, 288e9),
        ("Seed 1.5-VL", "20", None, 20e9),
        ("Qwen3-Omni-30B-A3B", "3", 30e9, 3e9),
        ("ERNIE-4.5-VL-424B-A47B", "47", 424e9, 47e9),
        ("GLM-4.5V", "12", 106e9, 12e9),
        ("gpt-oss-120b", "5.1", 116.8e9, 5.1e9),
        ("Llama 4 Scout", "17", 109e9, 17e9),
    ],
)
def test_20_an_active_size_in_a_size_column_is_no_total(name, printed, total, active):
    row = size_of(name, "", {"n_parameters": printed})
    assert (row["n_parameters"] if pd.notna(row["n_parameters"]) else None) == total
    assert row["n_active_parameters"] == active and "active" in row["size_note"]
    assert total is None or row["is_moe"] is True


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("T145/ZEUS-8B-V15", 4.015),
        ("DreadPoor/Again-8B-Model_Stock", 4.015),
        ("bamec66557/VICIOUS_MESH-12B", 6.124),
        ("GodlikeHHD/Qwen-2.5-1.5B-cherry", 0.772),
        ("x/Fusion-14B", 7.383),
        ("x/y-32B", 17.6),
        ("x/merge-7b", 14.48),
        ("x/small-3b", 1.61),
    ],
)
def test_21_half_a_size_is_noted_however_near_to_half_it_is(name, column):
    assert checks.find_size_conflict(name, column * 1e9) is not None


@pytest.mark.parametrize(
    ("name", "total", "active", "right"),
    [
        ("google/gemma-4-26B-A4B-it", "25.8", "27", 4e9),
        ("google/gemma-4-26B-A4B-it", "27", "27", 4e9),
        ("llm-jp/llm-jp-4-32b-a3b-thinking", "32", "32", 3e9),
        ("Qwen/Qwen3-Next-80B-A3B-Instruct", "80", "80", 3e9),
        ("zai-org/GLM-4.5-Air", "106", "355", 12e9),
        ("a/plain-7b", "7", "30", None),
    ],
)
def test_23_an_active_size_that_contradicts_total_or_name_is_told_and_not_used(name, total, active, right):
    row = size_of(name, "", {"n_parameters": total, "n_active_parameters": active}, scheme="hf")
    assert row["n_parameters"] == float(total) * 1e9
    assert (row["n_active_parameters"] if pd.notna(row["n_active_parameters"]) else None) == right
    assert "left out" in row["size_note"]


# Model cards: units and directions


def card(text: str) -> list[Reported]:
    page = records.Page(
        name="demo.md", body=text.encode(), url="https://huggingface.co/o/demo/raw/main/README.md", content_date=TODAY,
        date_basis="content", snapshot_id="s", licence="",
    )  # fmt: skip
    return [r for r in hf_model_cards.read_card(page) if isinstance(r, Reported)]


def harness(*rows: str) -> list[Reported]:
    head = "| Tasks |Version|Filter|n-shot| Metric | |Value | |Stderr|\n|---|---|---|---|---|---|---|---|---|\n"
    return card("# x\n" + head + "\n".join(f"|{r}|±|0.01|" for r in rows) + "\n")


def test_19_filters_arrows_and_names_of_a_harness_table():
    rows = harness(
        "gsm8k|3|flexible-extract|5|exact_match|↑|0.3571", "||strict-match|5|exact_match|↑|0.1274",
        "wikitext|2|none|0|word_perplexity|↓|9.6173", "||none|0|bits_per_byte|↓|0.6103",
        "truthfulqa_mc2|2|none|0|acc|↑|0.4212", "toxigen|1|none|0|toxicity|↑|0.41", "mytest|1|none|0|score|↓|0.2",
    )  # fmt: skip
    got = [(r.benchmark, r.score_reported, r.score_unit, units.read_measure(r.metric).is_lower_better) for r in rows]
    assert got == [
        ("gsm8k", "0.3571", "fraction", False), ("gsm8k", "0.1274", "fraction", False),
        ("wikitext", "9.6173", "points", True), ("wikitext", "0.6103", "points", True),
        ("truthfulqa_mc2", "0.4212", "fraction", False), ("toxigen", "0.41", "fraction", False), ("mytest", "0.2", "fraction", True),
    ]  # fmt: skip
    assert ["flexible-extract" in rows[0].setting, "strict-match" in rows[1].setting] == [True, True]


def test_one_value_of_a_harness_table_rescales_no_other_metric():
    rows = harness(
        "a|1|none|0|acc|↑|0.61", "b|1|none|0|acc|↑|0.52", "squad|1|none|0|f1|↑|80.2", "c|1|none|0|bleu|↑|24.1"
    )
    assert [r.score_unit for r in rows] == ["fraction", "fraction", "percent", "percent"]
    mixed = harness("a|1|none|0|acc|↑|0.61", "b|1|none|0|acc|↑|52.0")
    assert [r.score_unit for r in mixed] == [hf_model_cards.UNSTATED] * 2


def test_12_13_52_units_of_a_card_are_its_metrics_own():
    entry = "  - dataset: {{name: {0}}}\n    metrics:\n    - type: {1}\n      value: {2}\n"
    listed = (("MMLU", "accuracy", "0.643"), ("HellaSwag", "accuracy", "81.2"), ("Wikitext", "perplexity", "5.3"),
              ("Wikitext", "loss", "1.6"), ("WMT", "ter", "43.0"))  # fmt: skip
    body = "---\nmodel-index:\n- name: demo\n  results:\n" + "".join(entry.format(*e) for e in listed)
    rows = {(r.benchmark, r.metric): r for r in card(body + "  - metrics:\n    - {type: f1, value: 0.85}\n---\n# x\n")}
    got = {key: r.score_unit for key, r in rows.items()}
    assert got == {
        ("MMLU", "accuracy"): hf_model_cards.UNSTATED, ("HellaSwag", "accuracy"): "percent", ("Wikitext", "perplexity"): "points",
        ("Wikitext", "loss"): "points", ("WMT", "ter"): "percent",
    }  # fmt: skip
    assert units.read_measure(rows["WMT", "ter"].metric).is_lower_better


# Directions of the shipped series


@pytest.mark.parametrize(
    ("metric", "is_lower"),
    [
        ("BPB (lower is better)", True),
        ("Error", True),
        ("accuracy", False),
        ("FID (negated)", False),
        ("avg tox", True),
    ],
)
def test_series_take_their_direction_from_the_one_list(metric, is_lower):
    metrics = identity.alias_table(SHIPPED, "metric")
    name = (metrics.get(("", facts.normalise(metric))) or (identity.slug(metric), ""))[0]
    assert units.read_measure(name).is_lower_better == is_lower


# Files of the project's own


@pytest.mark.parametrize(
    ("text", "line"),
    [("a,b\n1,2,3\n4,5,6\n", 2), ("a,b\n1,2\n4,5,6\n", 3), ("a,b\n1,2\n4\n", 3), ("a,b\n1,2,\n3,4,\n", 2), ('a,b\n1,"x\ny"\n2\n', 4)],
)  # fmt: skip
def test_a_file_of_ours_with_a_slipped_row_is_refused_with_its_line(tmp_path, text, line):
    path = tmp_path / "run.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(starter.StarterDamaged, match=rf"run\.csv.*line {line} has"):
        starter.read_csv(path)
    with pytest.raises(records.InvalidFact, match=f"line {line} has"):
        facts.read_file(path, facts.lay_out("a b", "a"))


@pytest.mark.parametrize(
    ("score", "suggested", "is_aside"), [(0.16, 0.68, True), (0.02, 0.68, False), (0.16, 0.15, False)]
)
def test_45_other_scores_beyond_all_similar_models_mark_nothing_low(score, suggested, is_aside):
    told = SimpleNamespace(expected_lower=0.06, expected_upper=0.21)
    second = SimpleNamespace(lower=suggested, upper=suggested + 0.2)
    row = {"by_size": told, "score": score, "is_lower_better": False}
    assert claims._is_beyond(second, row) == is_aside


@pytest.mark.parametrize(
    ("printed", "name", "metric", "setting"),
    [
        ("MMLU@5", "MMLU", "", "@5"),
        ("HumanEval@10", "HumanEval", "pass@10", ""),
        ("mmlu_flan_n_shot_generative", "mmlu", "", "flan prompts; n-shot; generative"),
        ("mmlu_flan_cot_zeroshot", "mmlu", "", "flan prompts; CoT; 0-shot"),
        ("mmlu_continuation", "mmlu", "", "continuation"),
        ("recall@5", "recall@5", "", ""),  # nothing of a test would be left
        ("flan", "flan", "", ""),
    ],
)
def test_draws_and_the_ways_in_which_a_harness_puts_a_test(printed, name, metric, setting):
    found = read_test(printed)
    assert (found.name, found.metric, found.setting) == (name, metric, setting)


# What stands around a table, headings in other words, and cells with more than their value


@pytest.mark.parametrize(
    "above",
    [
        "# exported 2026-01-01\n",
        "My results,,,\n",
        "Results of May\n\n# all zero-shot, greedy\n",
        "// made by a script\n",
    ],
)
def test_a_title_and_remarks_above_the_headings_are_no_headings(above):
    rows = checked(above.encode() + PLAIN.encode())
    assert rows["model"].tolist() == ["Foo", "Bär"] and rows["problem"].isna().all()
    assert csv_file.read((above + PLAIN).encode(), claims.NEEDED, claims.KNOWN).index.tolist() == [
        above.count("\n"), above.count("\n") + 1,
    ]  # fmt: skip


def test_a_row_above_the_headings_that_may_be_a_row_is_not_passed_over():
    with pytest.raises(csv_file.BadFile, match="no column model, benchmark, score"):
        table("Foo,MMLU,64.3\nmodel,benchmark,score\nBar,MMLU,60\n")


def test_headings_repeated_within_a_file_are_no_row():
    rows = checked(PLAIN + PLAIN)
    assert rows["model"].tolist() == ["Foo", "Bär"] * 2 and rows["problem"].isna().all()


@pytest.mark.parametrize(
    ("heading", "of"),
    [("dataset", "benchmark"), ("Task", "benchmark"), ("value", "score"), ("Accuracy (%)", "score"), ("LLM", "model")],
)
def test_a_needed_column_may_have_another_name_where_one_alone_may_mean_it(heading, of):
    header = "model,benchmark,score".replace(of, heading)
    assert checked(f"{header}\nFoo,MMLU,64.3\n")["fraction"].round(9).tolist() == [0.643]
    with pytest.raises(csv_file.BadFile, match="no column"):
        table(
            f"{header},{'task' if of == 'benchmark' and heading != 'Task' else 'dataset' if of == 'benchmark' else 'result' if of == 'score' else 'system'}\nFoo,MMLU,64.3,x\n"
        )


@pytest.mark.parametrize("text", ['{"model": "Foo", "score": 64.3}\n', '[{"model": "Foo"}]', "[[1, 2]]"])
def test_json_is_named_as_what_it_is(text):
    with pytest.raises(csv_file.BadFile, match="The file is JSON"):
        table(text)


@pytest.mark.parametrize(
    ("headings", "cells", "total", "active"),
    [
        ("params_b,active_params_b", "30,3", 30e9, 3e9), ("Total Params (B),Active Params (B)", "30,3", 30e9, 3e9),
        ("params_b,Activated Params", "30,3B", 30e9, 3e9), ("num_params_b,active_size_b", "30.5,3.3", 30.5e9, 3.3e9),
        ("params_m,n_active_parameters", "350,", 350e6, None), ("Parameters (M),note", "125,x", 125e6, None),
        ("params_b,active_params", "30,3", 30e9, None),  # "3" of what, no heading says
        ("Size (GB),note", "14,x", None, None),  # bytes are no parameters
        ("params,note", "30B (3B active),x", 30e9, None),
    ],
)  # fmt: skip
def test_sizes_beside_names_and_active_ones_under_their_headings(headings, cells, total, active):
    row = checked(f"model,benchmark,score,{headings}\nFoo,MMLU,64.3,{cells}\n").iloc[0]
    assert row["problem"] is None
    assert row["n_parameters"] == total if total else pd.isna(row["n_parameters"])
    stated = row["n_active_parameters"]
    assert values.read_size(stated) == active if active else not stated


def test_an_active_size_above_all_parameters_is_asked_about_whatever_its_heading():
    row = checked("model,benchmark,score,params_b,Active Params (B)\nFoo,MMLU,64.3,30,300\n").iloc[0]
    assert row["problem"].startswith("Its active parameters (300 billion) are more than all of them (30)")


@pytest.mark.parametrize(("typed", "mark"), [("†62.1", "†"), ("*62.1", "*"), ("‡62.1%", "‡")])
def test_a_footnote_sign_before_a_score_is_taken_off_and_said(typed, mark):
    row = checked(f"model,benchmark,score,score_unit\nA,T,{typed},percent\n").iloc[0]
    assert (row["problem"], row["score"], row["read_as"]) == (None, 62.1, f"Not used of its cell: {mark}.")


@pytest.mark.parametrize("name", ["**Foo-7B**", "Foo-7B†", "[Foo-7B](https://example.org/a_b)", "`Foo-7B`", "Foo-7B *"])
def test_a_name_is_read_without_what_tables_put_around_it(name):
    assert checked(f"model,benchmark,score\n{name},**MMLU**,64.3\n")[["model", "test"]].values.tolist() == [
        ["Foo-7B", "MMLU"]
    ]


@pytest.mark.parametrize("name", ["Average", "avg.", "Mean", "Overall", "Δ"])
def test_a_row_that_sums_up_others_is_no_model(name):
    rows = checked(f"model,benchmark,score\nFoo,MMLU,64.3\n{name},MMLU,60.0\n")
    assert rows["problem"].tolist() == [None, "This row sums up others: it is no model."]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Human expert", "of people: it is no model"),
        ("Random", "what guessing gets: it is no model"),
        ("SOTA", "the best of others: it names no model"),
    ],
)
def test_a_row_of_people_of_chance_or_of_the_best_of_others_is_no_model(name, what):
    rows = checked(f"model,benchmark,score\nFoo,MMLU,64.3\n{name},MMLU,60.0\n")
    assert rows["problem"].tolist() == [None, f"This row is {what}."]


@pytest.mark.parametrize(
    ("others", "day"),
    [
        (["25/06/2024", "31/01/2025"], "2024-06-07"), (["06/25/2024"], "2024-07-06"), (["05/05/2024"], None),
        (["25/06/2024", "06/25/2024"], None), ([], None),
    ],
)  # fmt: skip
def test_a_day_with_slashes_is_read_where_the_others_of_its_column_tell_the_order(others, day):
    typed = ["07/06/2024", *others]
    lines = "".join(f"A,MMLU,60,percent,{t}\n" for t in typed)
    row = checked("model,benchmark,score,score_unit,release_date\n" + lines).iloc[0]
    frame = pd.DataFrame({"benchmark": "T", "date": typed, "model": [*"mnopq"][: len(typed)], "score": "1"})
    if day:
        assert (row["problem"], row["release_date"]) == (None, pd.Timestamp(day))
        assert trend_table.read(frame, None, TODAY)[0]["day"].iloc[0] == pd.Timestamp(day)
    else:
        assert row["problem"].endswith("it may be 2024-06-07 or 2024-07-06.")
        with pytest.raises(trend_table.BadTable, match=r"Row 2: .* it may be 2024-06-07 or 2024-07-06"):
            trend_table.read(frame, None, TODAY)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2024年5月", "2024-05-31"), ("2024年5月13日", "2024-05-13"), ("Mon, 13 May 2024 10:00:00 GMT", "2024-05-13")],
)
def test_days_as_other_programs_write_them(typed, day):
    assert values.read_day(typed) == pd.Timestamp(day).date()


# More members of the kinds above


@pytest.mark.parametrize(
    ("printed", "name", "metric", "setting"),
    [
        ("MMLU（5-shot）", "MMLU", "", "5-shot"), ("MMLU (five-shot)", "MMLU", "", "5-shot"),
        ("GPQA Diamond w/o tools", "GPQA Diamond", "", "without tools"), ("AIME 2025, no tools", "AIME 2025", "", "no tools"),
        ("LiveCodeBench (pass@1-COT)", "LiveCodeBench", "pass@1", "CoT"),
        ("LiveCodeBench (v5, pass@1)", "LiveCodeBench (v5)", "pass@1", ""),
        ("pass@1 HumanEval", "HumanEval", "pass@1", ""), ("mc2 TruthfulQA", "TruthfulQA", "mc2", ""),
        ("GSM8K ↑", "GSM8K", "", ""), ("GSM8K (↑)", "GSM8K", "", ""), ("MMLU %", "MMLU", "", ""),
        ("MMLU (higher is better)", "MMLU", "", ""), ("AlpacaEval (LC winrate)", "AlpacaEval", "lc_win_rate", ""),
        ("T (edit distance, lower is better)", "T (edit distance, lower is better)", "", ""),
        # Of two settings it is neither; tools that it had may make another test of it.
        ("MMLU 0/5-shot", "MMLU 0/5-shot", "", ""), ("HLE with tools", "HLE with tools", "", ""),
    ],
)  # fmt: skip
def test_what_stands_around_the_name_of_a_test_is_taken_off_it(printed, name, metric, setting):
    told = read_test(printed)
    assert (told.name, told.metric, told.setting) == (name, metric, setting)


@pytest.mark.parametrize(
    ("cell", "score", "aside"),
    [
        ("**74.2** ± 0.4", "74.2", "± 0.4"), ("<b>74.2</b><sup>*</sup>", "74.2", "<sup>*</sup>"), ("74.2¹", "74.2", "¹"),
        ("74%²", "74%", "²"), ("74.2<sup>2</sup>", "74.2", "<sup>2</sup>"), ("74.2[^note]", "74.2", "[^note]"),
        ("74.2ᵃ", "74.2", "ᵃ"), ("74.2^{†}", "74.2", "^{†}"),
        (r"\underline{\textbf{74.2}}", "74.2", ""), (r"\textbf{74.2\%}", "74.2%", ""),
    ],
)  # fmt: skip
def test_bold_and_footnotes_around_a_part_of_a_cell_leave_its_score(cell, score, aside):
    assert values.bare(cell) == (score, f"Not used of its cell: {aside}." if aside else "")


@pytest.mark.parametrize(
    "cell", ["10²", "10<sup>2</sup>", "64*5*", "5 **200**", "**64.3** / 60.1", "**64.3** (0.4)", "64.3_0.4"]
)
def test_a_raised_digit_or_a_second_number_may_be_part_of_the_value(cell):
    with pytest.raises(values.Unreadable):
        values.read_number(values.bare(cell)[0])


def test_a_markdown_rule_may_be_of_single_dashes():
    rows = checked("| Model | Benchmark | Score |\n|-|:-:|-:|\n| Foo | MMLU | **64.3** |\n")
    assert rows[["model", "fraction"]].to_numpy().tolist() == [["Foo", 0.643]]


@pytest.mark.parametrize(
    "metric",
    [
        "$ per task", "USD per query", "peak memory (GB)", "energy (kWh)", "carbon footprint", "GPU hours", "guesses",
        "invalid actions", "crash rate", "collisions per km", "jailbreak rate", "translation edit rate", "real-time factor",
        "logloss", "optimality gap", "insecure code rate", "inaccuracy", "unfaithfulness", "response delay (ms)",
    ],
)  # fmt: skip
def test_what_is_spent_or_goes_wrong_is_better_when_there_is_less_of_it(metric):
    assert units.read_measure(metric).is_lower_better


@pytest.mark.parametrize(
    ("metric", "benchmark"),
    [
        ("", "Toxic comment classification"), ("", "ErrorBench"), ("", "GAP"), ("", "Memory"), ("tokens/s", ""), ("gap closed", ""),
        ("collision avoidance", ""), ("avoided collisions", ""), ("jailbreak resistance", ""), ("cost efficiency", ""),
    ],
)  # fmt: skip
def test_names_that_only_look_like_errors_or_spending_are_none(metric, benchmark):
    assert not units.read_measure(metric, benchmark).is_lower_better


@pytest.mark.parametrize(("moment", "day"), [("20260501", date(2026, 5, 1)), (20260501, date(2026, 5, 1))])
def test_a_day_without_hyphens_is_no_number_of_seconds(moment, day):
    assert interchange.read_retrieved(record(retrieved_timestamp=moment)) == day


@pytest.mark.parametrize("moment", ["20261341", "17000101", "5000000"])
def test_seconds_of_1970_are_no_day_on_which_figures_were_retrieved(moment):
    with pytest.raises(LayoutChanged, match="does not say when"):
        interchange.read_retrieved(record(retrieved_timestamp=moment))


@pytest.mark.parametrize("identifier", ["hf:T145/ZEUS", "https://huggingface.co/T145/ZEUS"])
def test_a_repository_may_stand_in_its_address(identifier):
    found = reported(record(model={"id": identifier}))
    assert (found.model, found.name_scheme) == ("T145/ZEUS", "hf")


def test_a_field_that_stands_twice_in_a_record_is_refused():
    with pytest.raises(LayoutChanged, match="'score' stands twice"):
        interchange.load(record().replace('"score": 0.643', '"score": 0.1, "score": 0.643'))


def test_a_number_of_questions_that_is_not_whole_is_refused():
    found = reported(record(data={"samples_number": "1.319"}))
    _, rejected = records.accept(records.frame([found], records.REPORTED_COLUMNS))
    assert rejected["detail"].tolist() == ["'1.319' is no whole number of questions."]


@pytest.mark.parametrize("change", [{"retrieved_timestamp": "2099-01-01"}, {"retrieved_timestamp": "4e9"}])
def test_a_record_from_a_day_that_is_still_to_come_is_refused(change, tmp_path):
    told = bring(tmp_path, r=record(**change))
    assert told.exit_code == 1 and "still to come" in told.output


def test_a_test_that_was_run_after_this_year_is_refused():
    rows = list(interchange.read(record(), "s"))
    pipeline.refuse_days_to_come(TODAY, rows)
    rows[0] = dataclasses.replace(rows[0], evaluated_date="2099-05-01")
    with pytest.raises(LayoutChanged, match="2099-05-01"):
        pipeline.refuse_days_to_come(TODAY, rows)


def test_a_score_may_be_a_link_and_a_table_a_block_of_code():
    rows = checked(
        "```\n| Model | Benchmark | Score |\n|---|---|---|\n| Foo | MMLU | [**64.3**](https://a.invalid/b) |\n```\n"
    )
    assert rows[["model", "fraction"]].to_numpy().tolist() == [["Foo", 0.643]]


@pytest.mark.parametrize("text", ["2024.5", "2024.1"])
def test_a_year_with_one_decimal_is_no_certain_month(text):
    with pytest.raises(values.Unreadable, match="part of a year"):
        values.read_release(text, TODAY)
    assert values.read_release("2024.05", TODAY) == date(2024, 5, 31)


# A third round of members of the kinds above


@pytest.mark.parametrize(
    "text",
    [
        ",model,benchmark,score\n3,Foo,MMLU,64.3\n17,Bar,MMLU,60\n",  # rows left of a filtered table
        "model,benchmark,score\n1,Foo,MMLU,64.3\n2,Bar,MMLU,60\n",  # R writes no heading over row numbers
        "model,benchmark,score\n# ours, new, great\nFoo,MMLU,64.3\n#Baz,MMLU,99\nBar,MMLU,60\n# end\n",
        "+---+---+---+\n| model | benchmark | score |\n+---+---+---+\n| Foo | MMLU | 64.3 |\n| Bar | MMLU | 60 |\n+---+---+---+\n",
        " model | benchmark | score\n------+-----+----\n Foo | MMLU | 64.3\n Bar | MMLU | 60\n(2 rows)\n",
        "model,benchmark,score\nFoo\u200b,MMLU,64.3\u200b\nBar,MMLU,\u206060\n",
        "model,benchmark,score\nFoo,MMLU,64.3\nBar,MMLU,60\n\x1a",
        "model,benchmark,score in %\nFoo,MMLU,64.3\nBar,MMLU,60\n",
        'model,benchmark,"score, %"\nFoo,MMLU,64.3\nBar,MMLU,60\n',
        "model,benchmark,score,note\nFoo,MMLU,64.3,x,\nBar,MMLU,60,7,\n",  # a point shows that commas only separate
        "model,benchmark,score,n_items,\nFoo,MMLU,64.3,7,\nBar,MMLU,60,7,\n",
    ],
)
def test_what_programs_write_beside_the_rows_is_no_row_and_shifts_none(text):
    rows = checked(text)
    assert rows[["model", "fraction"]].to_numpy().tolist() == [["Foo", 0.643], ["Bar", 0.6]]
    assert rows["problem"].isna().all()


def test_a_rank_with_its_sign_is_no_remark():
    assert table("rank,model,benchmark,score\n#1,Foo,MMLU,64.3\n#2,Bar,MMLU,60\n")["model"].tolist() == ["Foo", "Bar"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("model,benchmark,score,params_b,note\nFoo,MMLU,64,3,7,\nBar,MMLU,60,1,7,\n", "Line 2 has a cell more"),
        ("model,benchmark,score,params_b,n_items\nFoo,MMLU,64,3,7,\n", "may hold decimal commas"),
        ("model,benchmark,score,score.1\nFoo,MMLU,64.3,65\n", "Two columns are called 'score'."),
        (",model,benchmark,score\n17,Foo,MMLU,64.3\n3,Bar,MMLU,60\n", "a cell under no heading"),
        ("model,benchmark,score\nFoo,MMLU,64.3\nas printed\n", "Line 3 has 1 cell under 3 headings"),
    ],
)
def test_columns_that_may_have_slipped_are_refused(text, sentence):
    with pytest.raises(csv_file.BadFile, match=re.escape(sentence)):
        table(text)


def test_two_columns_of_one_test_are_refused_and_two_settings_of_it_are_read():
    with pytest.raises(csv_file.BadFile, match="Two columns are called 'MMLU'"):
        wide("model,MMLU,MMLU\nA,60,50\n")
    assert len(wide("model,MMLU (5-shot),MMLU (0-shot)\nA,60,50\n")) == 2


@pytest.mark.parametrize(("typed", "n"), [("14’042", 14042), ("1\u202f319", 1319), ("٣٠", 30), ("198.00", 198)])
def test_more_numbers_of_questions(typed, n):
    assert values.read_whole(typed) == n


@pytest.mark.parametrize("typed", ["1.000", "198.000"])
def test_a_count_with_three_zeros_behind_a_point_may_be_of_thousands(typed):
    with pytest.raises(values.Unreadable, match="write it without a point"):
        values.read_whole(typed)
    assert values.read_whole("1.000", values.Marks(comma=True)) == 1000


def test_digits_of_other_scripts_have_their_own_decimal_mark():
    assert values.read_number("٦٤٫٣").value == 64.3


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024.0", "2024-12-31"), ("05.2024", "2024-05-31"), ("13-05-2024", "2024-05-13"), ("05-13-2024", "2024-05-13"),
        ("13/06/2024 10:00", "2024-06-13"), ("12.05.2024 10:00", "2024-05-12"), ("H1 2024", "2024-06-30"),
        ("2024H2", "2024-12-31"), ("2Q 2024", "2024-06-30"), ("2024–05–01", "2024-05-01"),
    ],
)  # fmt: skip
def test_more_days_as_other_programs_write_them(typed, day):
    assert values.read_release(typed, TODAY) == pd.Timestamp(day).date()


@pytest.mark.parametrize("typed", ["01-05-2024", "05/06/2024 10:00"])
def test_a_day_that_may_be_two_names_both(typed):
    with pytest.raises(values.Unreadable, match="it may be 2024-0"):
        values.read_release(typed, TODAY)
    assert values.day_order(["13-05-2024", typed]) == "dm"


@pytest.mark.parametrize("typed", ["2024 10:00", "13.2024", "1/5-2024", "2024.00", "3H 2024"])
def test_more_that_is_no_day(typed):
    with pytest.raises(values.Unreadable, match="is not a day"):
        values.read_release(typed, TODAY)


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("Jamba-52B/12B", "12"), ("Jamba (52B/12B)", "12"), ("DeepSeek V3 (37B/671B)", "37"), ("Skywork-MoE 146B (22B)", "22"),
        ("MiniMax-01 456B (45.9B)", "45.9"), ("JetMoE-2B-9B", "2"), ("Mixtral-8x22B-A39B", "39"), ("Kimi-K2-1T", "1"),
        ("Llama 4 Maverick (17Bx128E)", "17"),
    ],
)  # fmt: skip
def test_a_size_of_a_part_of_the_model_is_asked_about(name, stated):
    problem = checked(f"model,benchmark,score,params_b\n{name},MMLU,60,{stated}\n")["problem"].iloc[0]
    assert problem.endswith("one of them is wrong.")


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("Jamba-52B/12B", "52"), ("Llama-2-7B/13B", "7"), ("Mixtral-8x22B-A39B", "141"), ("Kimi-K2-1T", "1000"),
        ("TinyLlama 1.1B-3T", "1.1"), ("pile-7b-250b-tokens", "7"), ("Mistral-7B/v0.2", "7"), ("gemma-2b-2b", "2"),
    ],
)  # fmt: skip
def test_a_size_of_the_whole_model_stays(name, stated):
    assert checked(f"model,benchmark,score,params_b\n{name},MMLU,60,{stated}\n")["problem"].isna().all()


def test_experts_with_their_active_size_are_named_as_such_and_words_for_no_size_are_none():
    rows = checked(
        "model,benchmark,score,params_b\nA,MMLU,60,8x22B-A39B\nB,MMLU,60,undisclosed\nC,MMLU,60,not reported\n"
    )
    assert "counts experts" in rows["problem"].iloc[0] and rows["problem"].iloc[1:].isna().all()


@pytest.mark.parametrize(
    "metric",
    ["rank", "lose rate", "PII leak rate", "memorization", "MetricX", "metricx-24", "timeout rate", "token usage", "surprisal",
     "ID switches", "IDSW", "self-BLEU", "demographic parity difference", "selective risk", "overconfidence", "repetition rate"],
)  # fmt: skip
def test_more_names_that_say_lower_is_better(metric):
    assert units.read_measure(metric).is_lower_better


@pytest.mark.parametrize(
    "metric", ["win/loss ratio", "attack failure rate", "1/PPL", "reciprocal latency", "rank correlation", "risk reduction"]
)  # fmt: skip
def test_more_names_that_do_not(metric):
    assert not units.read_measure(metric).is_lower_better


@pytest.mark.parametrize(
    "benchmark", ["Risk Assessment", "LeakBench", "Insult Detection", "Gap-Filling", "Disparity Map QA", "LlamaRank 7"]
)  # fmt: skip
def test_such_words_in_the_name_of_a_test_say_nothing(benchmark):
    assert not units.read_measure("accuracy", benchmark).is_lower_better
    assert not units.read_measure("", benchmark).is_lower_better


@pytest.mark.parametrize(
    ("word", "unit"),
    [("[0, 1]", "fraction"), ("[0, 100]", "percent"), ("0-100%", "percent"), ("Percent (%)", "percent"), ("% correct", "percent"),
     ("‰", None), ("basis points", None), ("pp", None), ("of 164", None), ("/10", None)],
)  # fmt: skip
def test_more_words_for_units_and_words_that_are_none(word, unit):
    assert units.read_unit(word) == unit


@pytest.mark.parametrize(
    ("printed", "name", "metric", "setting"),
    [
        ("leaderboard_gpqa_diamond", "gpqa_diamond", "", ""), ("leaderboard_bbh", "leaderboard_bbh", "", ""),
        ("mgsm_native_cot", "mgsm", "", "native CoT"), ("MGSM native cot", "MGSM", "", "native CoT"),
        ("mgsm_native_cot_de", "mgsm_native_cot_de", "", ""), ("mgsm_direct", "mgsm", "", "direct"), ("mgsm_en_cot", "mgsm", "", "en CoT"),
        ("arc_challenge|25", "arc_challenge", "", "25-shot"), ("gsm8k|5|0", "gsm8k", "", "5-shot"), ("AIME|2024", "AIME|2024", "", ""),
        ("AIME 2024 cons@64", "AIME 2024", "maj@64", ""), ("AIME24 avg@32", "AIME24", "avg@32", ""), ("AIME24 best@8", "AIME24", "best@8", ""),
        ("Code Llama", "Code Llama", "", ""), ("MMLU direct", "MMLU direct", "", ""),
    ],
)  # fmt: skip
def test_more_names_of_tests_with_their_settings(printed, name, metric, setting):
    read = read_test(printed)
    assert (read.name, read.metric, read.setting) == (name, metric, setting)


def test_a_consensus_of_k_answers_is_what_most_of_them_say_also_as_a_metric_of_its_own():
    assert read_metric("cons@64") == ("maj@64", "") and read_metric("avg@32") == ("avg@32", "")


@pytest.mark.parametrize("result", [[], {}, None, "x", [None], [[]], [{}]])
def test_a_record_without_results_is_refused_in_plain_words(result, tmp_path):
    told = bring(tmp_path, r=record(evaluation_results=result))
    assert told.exit_code == 1 and "0 new" in told.output
    assert re.search("holds no result|no list of objects|it has no source_data", told.output)


@pytest.mark.parametrize(
    "change", [{"data": {"samples_number": True}}, {"metric": {"metric_id": ["acc"]}}, {"metric": {"metric_unit": ["percent"]}},
               {"model": {"id": ["a/b"]}}],
)  # fmt: skip
def test_a_field_of_another_kind_is_named(change):
    with pytest.raises(LayoutChanged, match=r"n_items is true|metric_id is|metric_unit is|id is"):
        reported(record(**change))


def test_what_is_no_moment_is_named():
    with pytest.raises(LayoutChanged, match='"1777613486918" is no day and no moment in seconds'):
        interchange.read_retrieved(record(retrieved_timestamp="1777613486918"))


@pytest.mark.parametrize(
    "identifier",
    ["https://huggingface.co/org/Foo-7B/", "https://hf.co/org/Foo-7B", "huggingface.co/org/Foo-7B", " org/Foo-7B ",
     "https://huggingface.co/org/Foo-7B/tree/main"],
)  # fmt: skip
def test_a_repository_may_stand_in_any_form_of_its_address(identifier):
    found = reported(record(model={"id": identifier, "additional_details": {"model_availability": "open_weights"}}))
    assert (found.model, found.name_scheme) == ("org/Foo-7B", "hf")


@pytest.mark.parametrize(
    ("printed", "name"), [("gsm8k_cot_llama", "gsm8k"), ("mmlu_pro_llama", "mmlu_pro"), ("Code Llama", "Code Llama")]
)
def test_a_task_with_the_prompts_of_llama_is_its_test_where_somebody_asks_about_it(printed, name):
    assert plain_name(printed) == name
    assert pipeline.known_tests([printed]) == ({printed} if "_" in printed else set())


@pytest.mark.parametrize("head", ["model,benchmark,score (%)", "model,benchmark,score,score_unit"])
def test_a_file_of_fractions_that_says_percent_is_asked_about(head):
    unit = ",percent" if "unit" in head else ""
    with pytest.raises(csv_file.BadFile, match=re.escape("All scores are at most 1 (line 2: 0.50)")):
        table(head + "\n" + "".join(f"m{i},MMLU,0.5{i}{unit}\n" for i in range(8)))
    low = head + "\n" + "".join(f"m{i},HLE,0.1{i}{unit}\n" for i in range(8))
    assert len(table(low)) == 8 and len(table(f"{low}n,HLE,3.5{unit}\n")) == 9
    assert len(table(head + "\n" + "".join(f"m{i},MMLU,0.5{i}%{unit}\n" for i in range(8)))) == 8
