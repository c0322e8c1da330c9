"""The facts that the project ships are well formed, sourced and unambiguous; a malformed one stops the build."""

import csv
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from ingest import facts
from ingest.records import InvalidFact

FOLDER = Path(__file__).parent.parent / "data" / "facts"
HERE = {"source_url": "https://a.org"}
RULE = HERE | {"evidence": "name", "pattern": "x", "family": "X", "priority": "1"}


@pytest.fixture(scope="module")
def shipped() -> facts.Facts:
    return facts.read(FOLDER)


def lay(folder: Path, name: str, *rows: dict[str, str]) -> None:
    """Write one facts file with the given rows; columns left out are empty."""
    columns = facts.LAYOUTS[name].columns
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def benchmark(**changes: str) -> dict[str, str]:
    row = {
        "benchmark_id": "gsm8k",
        "name": "GSM8K",
        "metric": "accuracy",
        "source_url": "https://arxiv.org/abs/2110.14168",
    }
    return {**row, "verified": "derived", **changes}


def alias(**changes: str) -> dict[str, str]:
    row = {
        "kind": "benchmark",
        "name": "GSM-8K",
        "target_id": "gsm8k",
        "source_url": "https://arxiv.org/abs/2110.14168",
    }
    return {**row, **changes}


def incident(**changes: str) -> dict[str, str]:
    row = {"incident_id": "a", "model": "M", "status": "disputed", "claim": "It says so.", "said_by": "Someone"}
    url = "https://arxiv.org/abs/2110.14168"
    return {**row, "evidence_url": url, "evidence_date": "2024-05-01", "source_url": url, **changes}


def review(**changes: str) -> dict[str, str]:
    row = {"evaluation_id": "e", "verdict_of_reviewer": "real", "checked_by": "Someone", "checked_date": "2026-11-28"}
    return {**row, "source_url": "https://arxiv.org/abs/2110.14168", **changes}


def test_the_shipped_facts_are_read_and_none_of_the_main_files_is_empty(shipped):
    for name in ("benchmarks", "items", "aliases", "families", "family_sample", "name_pairs", "incidents"):
        assert len(getattr(shipped, name)) > 0, name


def test_text_stays_text_and_numbers_are_floats_with_nan_for_not_stated(shipped):
    for name, layout in facts.LAYOUTS.items():
        table = getattr(shipped, name)
        assert tuple(table.columns) == layout.columns
        for column in layout.columns:
            if column in layout.numbers:
                assert table[column].dtype == float, (name, column)
            else:
                assert all(isinstance(v, str) for v in table[column]), (name, column)


def test_every_shipped_row_names_an_address(shipped):
    for name in facts.LAYOUTS:
        assert getattr(shipped, name)["source_url"].str.startswith("http").all(), name


def test_no_figure_rests_on_memory(shipped):
    for name in facts.LAYOUTS:
        for column in getattr(shipped, name).columns:
            texts = getattr(shipped, name)[column].astype(str)
            assert not texts.str.contains(r"\brecalled\b", case=False).any(), (name, column)


def test_days_and_sizes_whose_address_is_a_table_name_that_table(shipped):
    tables = {"epoch.ai": "Epoch", "artificialanalysis.ai": "Artificial Analysis", "llm-stats.com": "LLM Stats"}
    for name in ("release_dates", "sizes"):
        rows = getattr(shipped, name)
        for url, who in zip(rows["source_url"], rows["stated_by"], strict=True):
            host = url.split("/")[2]
            assert tables.get(host, "") in who, (name, url, who)


def test_a_ceiling_rests_on_wrong_keys_only(shipped):
    given = shipped.benchmarks[shipped.benchmarks["wrong_key_share"].notna()]
    assert len(given) > 0
    assert given["wrong_key_basis"].str.contains("wrong key").all()
    assert not given["wrong_key_basis"].str.contains("ambig|screen|subset|upper bound|lower bound").any()


def test_mmlu_has_the_published_share_of_wrong_keys(shipped):
    mmlu = shipped.benchmarks.set_index("benchmark_id").loc["mmlu"]
    assert mmlu["wrong_key_share"] == pytest.approx(107 / 5700, abs=1e-6)
    assert mmlu["floor"] == 0.25


def test_a_derived_floor_states_its_derivation_and_equals_it(shipped):
    table = shipped.benchmarks
    derived = table[table["floor_basis"].str.startswith("derived: 1/")]
    assert len(derived) > 10
    for fact in derived.itertuples():
        options = int(re.match(r"derived: 1/(\d+) from \1 options", fact.floor_basis).group(1))
        assert fact.floor == pytest.approx(1 / options, abs=1e-6), fact.benchmark_id


def test_different_tests_versions_and_splits_are_different_benchmarks(shipped):
    known = set(shipped.benchmarks["benchmark_id"])
    for apart in (
        ("gpqa", "gpqa-main", "gpqa-diamond", "gpqa-openllm"),
        ("math", "math-500", "math-lvl-5"),
        ("humaneval", "humaneval-plus"),
        ("mmlu", "mmlu-redux", "mmlu-redux-2", "mmlu-pro", "cmmlu", "mmmlu"),
        ("squad", "squad@1-1", "squad@2-0"),
        ("mmmu", "mmmu-val", "mmmu-pro"),
        ("swe-bench", "swe-bench@verified", "swe-bench@lite", "swe-bench@test", "swe-bench@bash-only"),
    ):
        assert set(apart) <= known


def test_open_llm_leaderboard_counts_are_the_measured_ones(shipped):
    items = shipped.items.set_index(["benchmark_id", "source_id"])
    v2, v1 = "open_llm_leaderboard_v2", "open_llm_leaderboard_v1"
    for key, n, counted in (
        (("gpqa-openllm", v2), 1192, "yes"), (("mmlu-pro", v2), 12032, "yes"), (("math-lvl-5", v2), 1324, "yes"),
        (("arc-challenge", v1), 1172, "yes"), (("gsm8k", v1), 1319, "yes"), (("truthfulqa", v1), 817, "no"),
        (("mmlu", v1), 14042, "no"),
    ):  # fmt: skip
        assert (items.loc[key, "n_items"], items.loc[key, "is_item_count"]) == (n, counted), key


def test_no_shipped_alias_means_two_things_within_a_source(shipped):
    table = shipped.aliases.assign(plain=shipped.aliases["name"].map(facts.normalise))
    targets = table.groupby(["kind", "source_id", "plain"])["target_id"].nunique()
    assert targets.max() == 1


# Tuned models beside whose names one site prints the numbers of their base models, each compared with its maker's table.
BASE_UNDER_TUNED_NAMES = {
    ("llm_stats", "gemma-2-27b-it"), ("llm_stats", "gemma-2-9b-it"), ("llm_stats", "mistral-nemo-instruct-2407"),
}  # fmt: skip


def test_a_name_for_all_sources_and_one_for_a_source_differ_only_where_the_note_or_source_says_so(shipped):
    table = shipped.aliases.assign(plain=shipped.aliases["name"].map(facts.normalise))
    general = table[table["source_id"] == ""].set_index(["kind", "plain"])["target_id"].to_dict()
    differing = {
        (row.source_id, row.name_)
        for row in table.rename(columns={"name": "name_"}).itertuples()
        if row.source_id and general.get((row.kind, row.plain), row.target_id) != row.target_id
    }
    # The boards whose column of that name is another split or version than the name alone says.
    assert differing == {
        ("llm_stats", "Arc"), ("open_llm_leaderboard_v1", "ARC"), ("open_llm_leaderboard_v2", "BBH"),
        ("open_llm_leaderboard_v2", "GPQA"),
        ("simple_evals", "GPQA"),  # its loader takes the diamond set
        ("llm_stats", "HLE"),  # the site keeps runs with and without tools under one name
        ("llm_stats", "Humanity's Last Exam"),
        *BASE_UNDER_TUNED_NAMES,
    }  # fmt: skip


def test_base_and_tuned_weights_stay_apart(shipped):
    models = shipped.aliases[shipped.aliases["kind"] == "model"]
    assert len(models) > 100
    told = {(row.source_id, row.alias): row.note for row in models.rename(columns={"name": "alias"}).itertuples()}
    assert all("base model" in told[pair] for pair in BASE_UNDER_TUNED_NAMES)  # the note says how that was found out
    for source, name, target in zip(models["source_id"], models["name"], models["target_id"], strict=True):
        if (source, name) not in BASE_UNDER_TUNED_NAMES and {"instruct", "chat", "it"} & set(
            facts.normalise(name).split()
        ):
            # Two makers call the tuned weights by the plain name.
            assert re.search(r"instruct|chat|it$|it-|nemotron|granite-4\.0", target.casefold()), (name, target)


def test_metric_targets_of_benchmarks_and_aliases_are_canonical(shipped):
    canonical = set(shipped.aliases.loc[shipped.aliases["kind"] == "metric", "target_id"])
    used = shipped.aliases[shipped.aliases["kind"] == "benchmark"].set_index(["source_id", "name"])["metric"]
    # A page that prints no metric for a test whose metrics lie far apart says so in that word, which no page prints.
    assert used["llm_stats", "TruthfulQA"] == "unspecified"
    assert set(used) - {"", "unspecified"} <= canonical


def test_claims_are_short_and_every_quotation_has_a_date(shipped):
    assert shipped.incidents["claim"].str.len().max() <= facts.MAX_CLAIM
    quoted = shipped.incidents[shipped.incidents["claim"].str.contains('"')]
    assert (quoted["evidence_date"] != "").all()


def test_the_public_stories_carry_the_agreed_status(shipped):
    status = shipped.incidents.set_index("incident_id")["status"]
    assert status["data-laundering-gpqa"] == "deliberate demonstration"
    assert status["open-llm-v1-contamination-contaminated-proof-7b-v1-0"] == "deliberate demonstration"
    assert (status[status.index.str.startswith("gemma2-arena-prompts")] == "disclosed by the maker").all()


@pytest.mark.parametrize(
    ("one", "other"),
    [("GSM-8K", "gsm8k "), ("ARC\u2013c", "arc_C"), ("MATH\u00a0Lvl  5", "math lvl-5"), ("\uff27PQA", "gpqa")],
)
def test_names_are_compared_without_case_and_kinds_of_separators(one, other):
    assert facts.normalise(one).replace("gsm 8k", "gsm8k") == facts.normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("GPQA", "GPQA Diamond"), ("gemma-7b", "gemma-7b-it"), ("MATH", "MATH-500"), ("GSM8K", "GSM-8K")],
)
def test_nothing_else_makes_names_equal(one, other):
    assert facts.normalise(one) != facts.normalise(other)


def test_normalising_twice_changes_nothing(shipped):
    for name in shipped.aliases["name"]:
        assert facts.normalise(facts.normalise(name)) == facts.normalise(name)


def test_missing_files_are_empty_frames_with_all_columns(tmp_path):
    read = facts.read(tmp_path)
    for name, layout in facts.LAYOUTS.items():
        assert len(getattr(read, name)) == 0
        assert tuple(getattr(read, name).columns) == layout.columns


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("benchmarks", benchmark(source_url=""), "source_url is missing"),
        ("benchmarks", benchmark(source_url="arxiv"), "not an address"),
        ("benchmarks", benchmark(floor="25", floor_basis="derived: 1/4 from 4 options"), "floor is outside 0 to 1"),
        ("benchmarks", benchmark(floor="0.25"), "floor is given without floor_basis"),
        ("benchmarks", benchmark(floor="a", floor_basis="derived"), "floor is not a number"),
        ("benchmarks", benchmark(floor="nan", floor_basis="derived"), "floor is outside"),
        ("benchmarks", benchmark(n_items="1319"), "n_items is given without n_items_source_url"),
        ("benchmarks", benchmark(wrong_key_low="0.1"), "without wrong_key_share"),
        ("benchmarks", benchmark(verified="recalled"), "verified must be one of"),
        ("benchmarks", benchmark(benchmark_id="GSM 8K"), "not a lower-case slug"),
        ("benchmarks", benchmark(release_date="2021-02-30"), "not a day"),
        ("benchmarks", benchmark(is_dynamic="maybe"), "not yes, no or empty"),
        ("benchmarks", benchmark(name=" GSM8K"), "white space at an end"),
        ("aliases", alias(target_id="nowhere"), "not in benchmarks.csv"),
        ("aliases", alias(kind="model", target_id="hf:Google/Gemma"), "neither hf:owner/name"),
        ("aliases", alias(kind="thing"), "kind must be one of"),
        ("items", HERE | {"benchmark_id": "nowhere", "is_item_count": "no"}, "not in benchmarks.csv"),
        ("items", HERE | {"benchmark_id": "gsm8k", "is_item_count": "yes"}, "n_items is empty"),
        ("families", RULE | {"pattern": "("}, "does not compile"),
        ("families", RULE | {"pattern": "a?"}, "empty text"),
        ("families", RULE | {"n_parameters_low": "1e9", "n_parameters_high": "2e9"}, "and an architecture"),
        (
            "name_pairs",
            HERE | dict.fromkeys(("source_a", "name_a", "source_b", "name_b", "judged_by"), "x") | {"is_same": "maybe"},
            "is_same must be",
        ),
        ("incidents", incident(status="guilty"), "status must be one of"),
        ("incidents", incident(claim="They cheated."), "judges in our own words"),
        ("incidents", incident(claim="x" * 241), "more than 240 characters"),
        ("incidents", incident(claim='"' + "word " * 26 + '"'), "quotes more than 25 words"),
        ("incidents", incident(claim='"word"', evidence_date=""), "without evidence_date"),
        (
            "paper_scores",
            HERE | {"model": "M", "benchmark": "B", "score_reported": "1", "score_unit": "x"},
            "score_unit",
        ),
        ("papers", HERE | {"arxiv_id": "x", "title": "T", "url": "https://a.org"}, "not an arXiv identifier"),
        ("reviews", review(model="M"), "an evaluation_id, or a model and a benchmark"),
        ("reviews", review(evaluation_id="", model="M"), "names the benchmark too"),
        ("reviews", review(verdict_of_reviewer="good"), "must be one of real"),
        ("reviews", review(note="They cheated."), "judges in our own words"),
        ("reviews", review(checked_by=""), "checked_by is empty"),
        ("replies", HERE | {"incident_id": "z", "reply": "R", "said_by": "S"}, "not in incidents.csv"),
    ],
)
def test_a_malformed_fact_stops_with_file_row_and_rule(tmp_path, name, row, message):
    lay(tmp_path, "benchmarks", benchmark())
    lay(tmp_path, name, row)
    with pytest.raises(InvalidFact, match=rf"^{name}\.csv, row 2: .*{re.escape(message)}.*\.$"):
        facts.read(tmp_path)


def test_a_judging_word_is_allowed_inside_a_dated_quotation(tmp_path):
    lay(tmp_path, "incidents", incident(claim='The list says "contaminated model".'))
    assert len(facts.read(tmp_path).incidents) == 1


TWIN = {
    "twin_id": "a",
    "benchmark_id": "gsm8k",
    "twin_benchmark_id": "gsm8k@2",
    "metric": "accuracy",
    "kind": "fresh",
    "what_differs": "New questions",
    "is_nested": "no",
    "source_url": "https://a.org",
}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"twin_benchmark_id": "gsm8k"}, "not its own twin"),
        ({"twin_benchmark_id": "nothing"}, "not in benchmarks.csv"),
        ({"kind": "harder"}, "kind must be one of fresh"),
        ({"usual_change": "down"}, "usual_change must be one of"),
        ({"is_nested": ""}, "is_nested is empty"),
        ({"metric": "Pass @ 1"}, "not a canonical metric"),
        ({"source_url": ""}, "every fact needs one"),
    ],
)
def test_a_malformed_twin_stops(tmp_path, changes, message):
    lay(tmp_path, "benchmarks", benchmark())
    lay(tmp_path, "twins", TWIN)
    assert len(facts.read(tmp_path).twins) == 1
    lay(tmp_path, "twins", TWIN | changes)
    with pytest.raises(InvalidFact, match=message):
        facts.read(tmp_path)


@pytest.mark.parametrize(
    ("reason", "message"),
    [("Wrong.", "one sentence"), ("The score is suspicious and so it is left out here.", "judges in our own words")],
)
def test_what_holds_a_value_back_is_a_plain_sentence(tmp_path, reason, message):
    fact = {
        "source_id": "board",
        "model": "m",
        "benchmark": "b",
        "score_reported": "0.9",
        "source_url": "https://a.org",
    }
    lay(tmp_path, "held_back", fact | {"reason": "The maker prints this value for one domain of the test."})
    assert len(facts.read(tmp_path).held_back) == 1
    lay(tmp_path, "held_back", fact | {"reason": reason})
    with pytest.raises(InvalidFact, match=message):
        facts.read(tmp_path)


def test_the_word_of_a_variant_says_whether_it_is_an_item_of_a_list(tmp_path):
    variant = {
        "benchmark_id": "gsm8k",
        "setting_word": "hard",
        "is_item": "yes",
        "target_id": "gsm8k",
        "source_url": "https://a.org",
    }
    lay(tmp_path, "benchmarks", benchmark())
    lay(tmp_path, "variants", variant)
    assert len(facts.read(tmp_path).variants) == 1
    lay(tmp_path, "variants", variant | {"is_item": "maybe"})
    with pytest.raises(InvalidFact, match="is_item must be yes or no"):
        facts.read(tmp_path)


def test_a_pair_of_twins_stands_once(tmp_path):
    lay(tmp_path, "benchmarks", benchmark())
    lay(tmp_path, "twins", TWIN, TWIN | {"twin_id": "b"})
    with pytest.raises(InvalidFact, match="same pair"):
        facts.read(tmp_path)


def test_the_same_answers_are_claimed_only_for_stricter_grading(shipped):
    nested = shipped.twins[shipped.twins["is_nested"] == "yes"]
    assert len(nested) > 0
    assert set(nested["kind"]) == {"stricter_tests"}


def test_a_second_row_with_the_same_key_stops(tmp_path):
    lay(tmp_path, "benchmarks", benchmark(), benchmark(name="Other"))
    with pytest.raises(InvalidFact, match="row 3: the key benchmark_id"):
        facts.read(tmp_path)


def test_one_name_with_two_targets_stops_although_it_is_spelled_differently(tmp_path):
    lay(tmp_path, "benchmarks", benchmark(), benchmark(benchmark_id="gsm1k"))
    lay(tmp_path, "aliases", alias(name="GSM-8K"), alias(name="gsm_8k", target_id="gsm1k"))
    with pytest.raises(InvalidFact, match="row 3: 'gsm_8k' already means gsm8k"):
        facts.read(tmp_path)


def test_an_unknown_column_stops(tmp_path):
    path = tmp_path / "benchmarks.csv"
    shutil.copy(FOLDER / "benchmarks.csv", path)
    table = pd.read_csv(path, dtype=str, keep_default_na=False).assign(colour="red")
    table.to_csv(path, index=False)
    with pytest.raises(InvalidFact, match="differing: colour"):
        facts.read(tmp_path)


def test_the_order_of_rows_changes_nothing(tmp_path):
    rows = [benchmark(), benchmark(benchmark_id="gsm1k")]
    for folder, order in (("a", rows), ("b", rows[::-1])):
        (tmp_path / folder).mkdir()
        lay(tmp_path / folder, "benchmarks", *order)
    read = [facts.read(tmp_path / f).benchmarks for f in ("a", "b")]
    one, other = (table.sort_values("benchmark_id", ignore_index=True) for table in read)
    pd.testing.assert_frame_equal(one, other)
