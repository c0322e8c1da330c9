"""Families, Compare, Claims, Cases and Changes: what each page says is what the database and its file say."""

import base64
import json
import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import store
from reading import compare, feed
from tests import lakes, tiny_store
from tests.test_pages import PAGES, data, opened, said, tiny, unfolded  # noqa: F401 (fixtures: pytest finds them by name)
from ui import cases
from ui import compare as comparison
from ui.kit import data as kit_data
from ui.kit.shelf import Shelf


def drawn(test, place: int = 0) -> dict:
    """Traces of a chart by name."""
    spec = json.loads(test.get("plotly_chart")[place].proto.spec)
    return {trace.get("name"): trace for trace in spec["data"]}


def numbers(values) -> list:
    """Numbers of a trace, which travel as a list or packed."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]).tolist()
    return list(values)


def plain(test) -> str:
    return said(test).replace("\\", "")


def test_the_list_of_families_says_of_each_what_its_own_page_says(data):  # noqa: F811 (the argument asks for the fixture)
    listed = opened("pages/4_families.py")
    shown = listed.dataframe[0].value
    assert list(shown["group_link"]) == ["families?group=family%3ALlama#Llama", "families?group=family%3AQwen#Qwen"]
    own = plain(opened("pages/4_families.py", group="family:Qwen"))
    (reason,) = shown.loc[shown["group_link"].str.endswith("#Qwen"), "reason"]
    assert reason == "Stands out on 1 of 1 test: above what its other scores suggest on 1 (GSM8K)."
    assert f"**Qwen** {reason[0].lower()}{reason[1:]}" in own
    assert "Of 2 families, 2 stand out on a test; 0 of them above on some and below on others" in plain(listed)


def test_the_fingerprint_draws_each_test_with_its_interval(data):  # noqa: F811 (the argument asks for the fixture)
    test = opened("pages/4_families.py", group="family:Llama")
    trace = drawn(test)["Below, more than luck"]
    assert trace["y"] == ["GPQA"] and numbers(trace["x"]) == [-0.8]
    assert numbers(trace["error_x"]["array"]) == pytest.approx([1.645 * 0.2])
    assert "by more than luck above on 0 and below on 1 of the 1 tests drawn" in plain(test)


def test_a_family_shows_its_models_over_time_and_its_unusual_scores_of_both_sides(data):  # noqa: F811
    test = opened("pages/4_families.py", group="family:Llama", test="mmlu_pro")
    connection = store.connect(store.current())
    where = [store.Where("family", "=", "Llama"), store.Where("benchmark_id", "=", "mmlu_pro")]
    scores = store.read(connection, "scores", ["score"], [*where, store.Where("model_date", "not null")])
    traces = drawn(test, 1)
    assert sum(len(numbers(t["x"])) for name, t in traces.items() if name != "Best so far") == len(scores)
    marked = store.read(connection, "marked", ["direction"], [store.Where("family", "=", "Llama")])
    n = marked["direction"].value_counts()
    assert n["high"] and n["low"]
    assert f"{n['high']} unusually high, {n['low']} unusually low" in plain(test)
    table = next(t.value for t in test.dataframe if "why_here" in t.value)
    assert len(table) == len(marked)


def test_a_maker_is_found_under_the_spelling_of_its_models(data):  # noqa: F811 (the argument asks for the fixture)
    test = opened("pages/4_families.py", group="maker:Qwen")
    assert test.title[0].value == "Where does Qwen makers stand out?"
    assert "has too few models of known makers on any one test to say" in plain(test)


def test_a_family_that_does_not_exist_is_said_and_the_list_shown(data):  # noqa: F811 (the argument asks for the fixture)
    for wrong in ("family:Nobody", "maker:", "nonsense", "family:", "family:unknown"):
        test = opened("pages/4_families.py", group=wrong)
        assert not test.exception
        assert "There is no family or maker" in said(test)
        assert len(test.dataframe[0].value) == 2


def test_claims_say_how_far_makers_and_others_are_apart_and_the_file_has_the_same_pairs(data):  # noqa: F811
    test = opened("pages/6_claims.py")
    pairs = store.read(store.connect(store.current()), "claims", None, [store.Where("tier", "=", "A")])
    assert len(pairs) > 4
    distance = 100 * pairs["gap"].abs()
    assert f"Half of {len(pairs)} numbers of makers lie within {distance.median():.1f} points" in plain(test)
    shown = test.dataframe[0].value
    assert shown["gap_points"].abs().to_list() == pytest.approx(sorted(distance, reverse=True))
    assert f"Download CSV ({len(pairs)} pairs)" in [b.label for b in test.get("download_button")]
    traces = drawn(test, 1)
    assert len(numbers(traces["Unusually far apart for the test"]["x"])) == 3  # one pair, and the gap after its line
    assert traces["The maker's number"]["marker"]["symbol"] == "circle-open"


def test_claims_of_another_set_up_stand_behind_a_switch_and_a_filter_may_leave_none(data):  # noqa: F811
    same, every = (opened("pages/6_claims.py", **asked) for asked in ({}, {"setup": "any set-up"}))
    assert len(every.dataframe[0].value) == len(same.dataframe[0].value) + 1
    none = opened("pages/6_claims.py", family="Gemma", size=["0.5B", "1B"], unknown="no")
    assert not none.exception
    assert "No pairs match." in said(none)


def scores_of(**columns) -> pd.DataFrame:
    """Readings of two models, a and b, on one test each, as ui/compare.py reads them."""
    n = len(columns["entity"])
    resting = {
        "benchmark_id": "t", "benchmark_version": None, "metric": "accuracy", "series_id": "t:accuracy:board", "unit": "fraction",
        "is_lower_better": False, "n_items": 1000.0, "n_at_least": np.nan, "is_item_count": True, "rerun_spread": np.nan,
        "standard_error": np.nan, "data_problem": None, "is_dynamic": False, "evaluator_relationship": "third_party",
        "last_seen_date": pd.Timestamp("2026-01-01"), "benchmark_name": "T", "source_id": "board", "setting": None,
        "score_reported": "", "is_redistributable": True,
    }  # fmt: skip
    filled = {name: [value] * n for name, value in resting.items()} | columns
    return pd.DataFrame(filled | {"evaluation_id": [f"{place:04}" for place in range(n)]})


def compared(scores: pd.DataFrame, setup: dict | None = None) -> pd.DataFrame:
    return compare.verdicts(compare.readings(scores, ["a", "b"]), setup or {})


def test_a_difference_is_called_where_it_is_larger_than_two_errors_of_as_many_questions():
    # The error of a difference of 0.5 on 1,000 questions each is 0.0224, so 1.96 of them are 0.0438.
    for gap, verdict in ((0.05, "apart"), (0.04, "within noise")):
        (row,) = compared(scores_of(entity=["a", "b"], score=[0.5 + gap / 2, 0.5 - gap / 2])).to_dict("records")
        assert (row["verdict"], row["leader"]) == (verdict, "a")
        assert row["noise"] == pytest.approx(0.0438, abs=2e-4)
    fewer = compared(scores_of(entity=["a", "b"], score=[0.54, 0.46], n_items=[100.0, 100.0]))
    assert fewer["verdict"].item() == "within noise"


def test_more_tests_need_a_larger_difference_each():
    both = scores_of(entity=["a", "b"] * 20, score=[0.525, 0.475] * 20, benchmark_id=[f"t{i // 2}" for i in range(40)])
    assert set(compared(both)["verdict"]) == {"within noise"}
    assert set(compared(both.head(2))["verdict"]) == {"apart"}


def test_without_a_number_of_questions_or_a_measured_set_up_nobody_can_tell():
    unknown = scores_of(entity=["a", "b"], score=[0.9, 0.1], n_items=[np.nan, np.nan])
    assert compared(unknown)["verdict"].item() == "cannot tell"
    apart = scores_of(entity=["a", "b"], score=[0.9, 0.1], series_id=["t:accuracy:x", "t:accuracy:y"])
    assert compared(apart)["verdict"].item() == "cannot tell"
    assert compared(apart, {"t": 3.0})["verdict"].item() == "apart"
    assert compared(apart.assign(score=[0.53, 0.47]), {"t": 6.0})["verdict"].item() == "within noise"


def test_a_shared_set_up_and_runs_of_others_come_first_and_the_middle_reading_counts():
    scores = scores_of(
        entity=["a", "a", "a", "b", "a", "b"],
        score=[0.60, 0.50, 0.55, 0.40, 0.99, 0.98],
        series_id=["t:accuracy:board"] * 4 + ["t:accuracy:reported"] * 2,
        evaluator_relationship=["third_party"] * 4 + ["first_party"] * 2,
    )
    read = compare.readings(scores, ["a", "b"])
    assert read.set_index("entity")["score"].to_dict() == {"a": 0.55, "b": 0.40}
    again = compare.readings(scores.sample(frac=1, random_state=3), ["a", "b"])
    assert again.set_index("entity")["score"].to_dict() == {"a": 0.55, "b": 0.40}


def test_of_a_renewed_test_only_the_newest_shared_version_counts():
    versions = ["2024-06-24", "2024-06-24", "2025-01-01", "2025-01-01", "2026-01-01"]
    scores = scores_of(
        entity=["a", "b", "a", "b", "a"], score=[0.1, 0.2, 0.3, 0.4, 0.5], benchmark_id=[f"live@{v}" for v in versions],
        benchmark_version=versions, is_dynamic=[True] * 5,
    )  # fmt: skip
    assert set(compare.readings(scores, ["a", "b"])["benchmark_id"]) == {"live@2025-01-01"}
    fixed = compare.readings(scores.assign(is_dynamic=False), ["a", "b"])
    assert set(fixed["benchmark_id"]) == {"live@2024-06-24", "live@2025-01-01"}


@pytest.mark.parametrize(
    ("name", "source", "is_own", "benchmark"),
    [
        ("BFCL Live Simple AST (v3)", "bfcl", False, "bfcl"),
        ("BFCL-v3", "llm_stats", True, "bfcl"),
        ("EuroEval mmlu_fr", "euroeval", False, "euroeval"),
        ("MMLU: Anatomy", "every_eval_ever", False, "mmlu"),
        ("MMLU (French)", "hf_model_cards", False, "mmlu"),
        ("MMLU-Pro", "hf_model_cards", True, "mmlupro"),
        ("bbh_causal_judgement", "sloth_scaling", False, "bbh"),
        ("LiveBench zebra_puzzle (2024-11-25)", "livebench", False, "livebench"),
        ("SWE-bench Verified", "swe_bench", True, "swebenchverified"),
        ("HumanEval+ (0.1.10)", "evalplus", True, "humaneval+"),
        ("ARC-AGI-2", "arc_agi", True, "arcagi2"),
        ("MM-BrowserComp", "llm_stats", False, "mmbrowsercomp"),
    ],
)
def test_a_part_of_a_benchmark_is_told_by_its_name(name, source, is_own, benchmark):
    assert compare.benchmark_of(name, source, is_own) == benchmark


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("BFCL Irrelevance Detection (v3)", "BFCL"),
        ("LiveBench AMPS_Hard (2024-07-26)", "LiveBench"),
        ("bbh_causal_judgement", "bbh"),
        ("Global MMLU Lite: Arabic", "Global MMLU Lite"),
        ("EuroEval mmlu_fr", "EuroEval"),
    ],
)
def test_a_benchmark_is_called_by_what_the_names_of_its_parts_begin_with(name, whole):
    assert comparison.head(name, compare.plain(whole)) == whole


def parts_of(names: list[str], ids: list[str], a: list[float], b: list[float]) -> pd.DataFrame:
    """Readings of the models a and b on tests of the board "suite"."""
    both = {"benchmark_name": [*names, *names], "benchmark_id": [*ids, *ids], "source_id": ["suite"] * 2 * len(ids)}
    series = [f"{i}:accuracy:suite" for i in [*ids, *ids]]
    return scores_of(entity=["a"] * len(ids) + ["b"] * len(ids), score=[*a, *b], series_id=series, **both)


def test_parts_of_one_benchmark_count_once_as_the_mean_of_those_that_all_share():
    ids = ["suite:suite-x", "suite:suite-y", "other"]
    scores = parts_of(["Suite x", "Suite y", "Other"], ids, [0.9, 0.7, 0.5], [0.5, 0.5, 0.5])
    read = compare.readings(scores, ["a", "b"])
    counted = compare.whole(read)
    assert len(read) == 6 and len(counted) == 4
    mean = counted[counted["n_parts"] == 2].set_index("entity")
    assert mean["score"].to_dict() == pytest.approx({"a": 0.8, "b": 0.5})
    own = read[read["entity"].eq("b") & read["benchmark"].eq("suite")]["error"]
    assert mean.at["b", "error"] == pytest.approx(np.sqrt((own**2).sum()) / 2)
    told = compare.verdicts(counted, {}).set_index("benchmark_id")
    assert told["verdict"].to_dict() == {"other": "within noise", "suite:suite-x": "apart"}


def test_an_overall_score_that_all_have_speaks_for_its_parts():
    ids = ["suite:suite-x", "suite:suite-y", "suite"]
    scores = parts_of(["Suite x", "Suite y", "Suite (average)"], ids, [0.9, 0.7, 0.6], [0.5, 0.5, 0.5])
    counted = compare.whole(compare.readings(scores, ["a", "b"]))
    assert counted["benchmark_id"].tolist() == ["suite", "suite"] and counted["score"].tolist() == [0.6, 0.5]


def test_of_tests_by_themselves_that_share_a_name_one_speaks_and_no_mean_is_made():
    scores = parts_of(["GPQA (main)", "GPQA (extended)"], ["gpqa-main", "gpqa-x"], [0.9, 0.7], [0.5, 0.5])
    counted = compare.whole(compare.readings(scores, ["a", "b"]))
    assert counted["benchmark_id"].tolist() == ["gpqa-main", "gpqa-main"]
    unknown = scores.assign(n_items=scores["n_items"].where(scores["benchmark_id"].eq("gpqa-x")))
    counted = compare.whole(compare.readings(unknown, ["a", "b"]))
    assert counted["benchmark_id"].tolist() == ["gpqa-x", "gpqa-x"]


def test_where_less_is_better_the_lower_number_leads():
    lower = scores_of(entity=["a", "b"], score=[0.1, 0.4], is_lower_better=[True, True])
    assert compared(lower)["leader"].item() == "a"


def test_compare_draws_the_models_of_the_address_and_drops_unknown_ones_with_a_word(data):  # noqa: F811
    test = opened("pages/5_compare.py", model=["hf:llama/m1", "hf:qwen/m5", "hf:no/body"])
    assert not test.exception
    assert "There is no model “hf:no/body” here" in plain(test)
    shown = test.dataframe[0].value
    assert len(shown) == 3
    connection = store.connect(store.current())
    where = [store.Where("model_id", "in", ("hf:llama/m1", "hf:qwen/m5")), store.Where("benchmark_id", "=", "mmlu_pro")]
    scores = store.read(connection, "scores", ["model_id", "score"], where).set_index("model_id")["score"]
    row = shown[shown["test_link"].str.contains("mmlu_pro")].iloc[0]
    assert [row["percent_0"], row["percent_1"]] == pytest.approx(
        [100 * scores["hf:llama/m1"], 100 * scores["hf:qwen/m5"]]
    )
    gap = abs(scores["hf:llama/m1"] - scores["hf:qwen/m5"])
    assert row["gap_points"] == pytest.approx(100 * gap)
    assert (row["leads"] != "nobody for certain") == (row["gap_points"] > row["noise_points"])
    names = list(drawn(test))
    assert {"Llama-1", "Qwen-5"} <= set(names)


def test_the_filters_of_tests_choose_what_compare_counts_and_those_of_models_what_it_offers(data):  # noqa: F811
    both = ["hf:llama/m1", "hf:qwen/m5"]
    some = opened("pages/5_compare.py", model=both, domain="mathematics")
    assert not some.exception
    whole = opened("pages/5_compare.py", model=both).dataframe[0].value
    shown = some.dataframe[0].value
    assert 0 < len(shown) < len(whole) and set(shown["domain"]) == {"mathematics"}
    other = opened("pages/5_compare.py", model="hf:llama/m1", family="Gemma")
    other.text_input(key="model to add").set_value("qwen 5").run()
    assert "No model is called “qwen 5” in this selection" in plain(other)


def test_families_are_filtered_by_family_maker_and_kind_of_test(data):  # noqa: F811
    names = lambda test: [link.split("#")[1] for link in test.dataframe[0].value["group_link"]]  # noqa: E731
    assert names(opened("pages/4_families.py", family="Qwen")) == ["Qwen"]
    maths = opened("pages/4_families.py", domain="mathematics")
    assert not maths.exception and names(maths) == ["Qwen"]
    sized = opened("pages/4_families.py", size=["8B", "no limit"])
    whole = opened("pages/4_families.py")
    assert sized.dataframe[0].value["n_models"].sum() < whole.dataframe[0].value["n_models"].sum()
    assert list(sized.dataframe[0].value["reason"]) == list(whole.dataframe[0].value["reason"])
    assert "only choose which models" in plain(sized) and "only choose which models" not in plain(whole)


def test_a_model_is_added_by_any_spelling_and_taken_out_again(data):  # noqa: F811 (the argument asks for the fixture)
    test = opened("pages/5_compare.py", model="hf:llama/m1")
    assert "Add a second model to compare." in said(test)
    test.text_input(key="model to add").set_value("qwen 5").run()
    next(b for b in test.button if b.label == "+ Qwen-5").click().run()
    assert not test.exception
    assert test.query_params["model"] == ["hf:llama/m1", "hf:qwen/m5"]
    assert "shared tests one leads the other by more than noise" in plain(test)
    next(b for b in test.button if b.label.startswith("Llama-1")).click().run()
    assert test.query_params["model"] in ("hf:qwen/m5", ["hf:qwen/m5"])


def test_without_models_compare_opens_with_an_example_and_four_are_the_most(data):  # noqa: F811
    assert "An example, until you add models" in said(opened("pages/5_compare.py"))
    five = opened("pages/5_compare.py", model=[f"hf:llama/m{i}" for i in range(1, 6)])
    assert not five.exception
    assert "percent_3" in five.dataframe[0].value and "percent_4" not in five.dataframe[0].value
    assert not [box for box in five.text_input if box.label == "Add a model"]


def test_changes_say_how_many_there_are_and_why_and_the_table_has_them(data):  # noqa: F811
    test = opened("pages/9_changes.py", span="since the beginning")
    assert "sources revised 1 value and took away 0; 1 answer of ours changed" in plain(test)
    shown = test.dataframe[0].value
    assert list(shown["old"]) == ["○ Unusual", "10.00"]
    assert list(shown["why"]) == ["the source changed", "the source changed"]
    assert "1 score of Example Board with another answer of ours, because the source changed" in plain(test)
    only = opened("pages/9_changes.py", span="since the beginning", what="sources")
    assert list(only.dataframe[0].value["old"]) == ["10.00"]
    day = opened("pages/9_changes.py", day="2026-11-01")
    assert list(day.dataframe[0].value["old"]) == ["○ Unusual"]
    none = opened("pages/9_changes.py", day="1999-01-01", family="Gemma")
    assert "day" not in none.query_params and "No changes match." in said(none)


def test_the_table_of_changes_has_the_newest_and_says_how_many_there_are(data, monkeypatch):  # noqa: F811
    monkeypatch.setattr("ui.changes.LISTED", 1)
    monkeypatch.setattr("ui.kit.parts.shelf", Shelf())  # what another test had drawn has all rows
    test = opened("pages/9_changes.py", span="since the beginning")
    assert list(test.dataframe[0].value["old"]) == ["○ Unusual"]
    assert "The first 1 of 2 rows. The file has them all." in said(test)


def test_the_reason_of_a_change_is_seen_whole_on_a_screen_of_1440_points(data):  # noqa: F811
    test = opened("pages/9_changes.py", span="since the beginning")
    widths = [(name, told.get("width")) for name, told in json.loads(test.dataframe[0].proto.columns).items()]
    shown = dict(widths[: [name for name, _ in widths].index("why") + 1])
    assert sum(shown.values()) <= 1440 - 300 - 2 * 40, "the menu, and the margins of the page"
    # Points of the longest text in the widest font of the theme (DejaVu Sans, 14 points) with the margins of its cell.
    longest = {"what": 132, "new": 170, "why": 174}
    assert max(feed.WHY.values(), key=len) == "corrected by its maker"
    assert all(shown[name] >= points for name, points in longest.items())


@pytest.mark.parametrize("page", ["app.py", "pages/1_unusual_scores.py", "pages/9_changes.py"])
def test_a_filter_is_counted_in_stored_tables(tmp_path, monkeypatch, page):
    monkeypatch.setenv(store.ENVIRONMENT, place := lakes.place(tmp_path))
    tiny_store.write(place)
    asked = []
    run = store.query.run
    monkeypatch.setattr(store.query, "run", lambda c, query, values: asked.append(query) or run(c, query, values))
    assert not opened(page, family="Qwen").exception
    counts = [query for query in asked if "COUNT(*)" in query]
    assert any('FROM data."tally"' in query for query in counts)
    assert [query for query in counts if re.search(r'FROM data\."(anomalies|scores)"', query)] == []
    if page == "pages/1_unusual_scores.py":  # what it shows apart comes from a table too
        size = f"LIMIT {kit_data.SAMPLE}"  # rows by which the size of the whole file is judged, whatever the filter
        listed = [query for query in asked if '"reason"' in query and not query.endswith(size)]
        assert any('FROM data."apart"' in query for query in listed)
        assert not any('FROM data."anomalies"' in query for query in listed)


def test_the_feed_has_an_entry_for_each_change_that_keeps_its_address(data):  # noqa: F811
    connection = store.connect(store.current())
    once, again = feed.atom(connection), feed.atom(connection)
    assert once == again
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(once)
    entries = root.findall(f"{atom}entry")
    assert len(entries) == 2
    ids = [entry.findtext(f"{atom}id") for entry in entries]
    assert len(set(ids)) == 2 and all(i.startswith("tag:benchcred,2026:changes/2026-") for i in ids)
    assert [e.find(f"{atom}link").get("href") for e in entries] == [
        "../../changes?day=2026-11-01", "../../changes?day=2026-01-01",
    ]  # fmt: skip
    assert "10.00 became" in entries[1].findtext(f"{atom}summary")
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{atom}{name}") and all(entry.findtext(f"{atom}{name}") for entry in entries)


def test_the_feed_is_written_in_one_step_and_hostile_names_stay_text(tmp_path, monkeypatch):
    tables = tiny_store.tables()
    first = tables["evaluation"]["model_id"].iloc[0]
    names = tables["model"]["name"].where(tables["model"]["model_id"].ne(first), "<b>&\x01]]>")
    tables["model"] = tables["model"].assign(name=names)
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    store.write(tables)
    written = feed.write(store.connect(store.current()))
    assert written.parent.parent == store.folder() and not list(written.parent.glob("*.new"))
    assert "<b>&]]>" in " ".join(ElementTree.fromstring(written.read_bytes()).itertext())


MADE = """case_id,kind,label,title,model_id,other_model_id,benchmark_id,what_happened,source_url,lesson
s,score,Star,A score,hf:llama/m4,,mmlu_pro,It happened.,https://example.org/s,Look.
a,arena,Two,An arena,hf:llama/m1,hf:llama/m2,arena,It happened.,https://example.org/a,Look.
b,benchmark,Test,A test,,,mmlu_pro,It happened.,https://example.org/b,Look.
n,renewed,New,Nothing here,,,live,It happened.,https://example.org/n,Look.
"""


@pytest.fixture
def made_cases(data, tmp_path, monkeypatch):  # noqa: F811 (the argument asks for the fixture)
    file = tmp_path / "cases.csv"
    file.write_text(MADE, encoding="utf-8")
    monkeypatch.setattr("ui.cases.FILE", file)


def test_cases_say_what_the_database_holds_and_leave_out_what_it_does_not(made_cases):
    test = opened("pages/8_cases.py")
    assert not test.exception
    assert [link.split("#")[1] for link in test.dataframe[0].value["case_link"]] == ["A score", "An arena", "A test"]
    connection = store.connect(store.current())
    where = [store.Where("model_id", "=", "hf:llama/m4"), store.Where("benchmark_id", "=", "mmlu_pro")]
    row = store.read(connection, "anomalies", None, [*where, store.Where("signal_id", "=", "size_anomaly")]).iloc[0]
    assert f"**{100 * row['score']:.1f}%** stands there; models like it usually get" in plain(test)
    ratings = store.read(connection, "scores", ["model_id", "score"], [store.Where("benchmark_id", "=", "arena")])
    ratings = ratings.set_index("model_id")["score"]
    newest = f"(newest: {ratings['hf:llama/m1']:,.0f} and {ratings['hf:llama/m2']:,.0f})"
    assert f"**0 of 1 version** that rate both {newest}" in plain(test)
    assert "On 3 other tests that both took" in plain(test)
    answer = store.read(connection, "benchmarks").set_index("benchmark_id").at["mmlu_pro", "reason"]
    assert answer in plain(test)


def test_one_case_has_its_document_its_rows_and_a_way_on(made_cases):
    test = opened("pages/8_cases.py", case="s")
    assert test.title[0].value == "A score: what do the numbers say?"
    assert "It happened. ([document](https://example.org/s))" in plain(test)
    assert len(test.get("plotly_chart")) == 1 and len(test.dataframe) == 1
    star = drawn(test)["Star"]
    assert star["marker"]["symbol"] == "star"
    assert "holds no numbers for this case" in said(opened("pages/8_cases.py", case="n"))
    assert "There is no case “x” here" in plain(opened("pages/8_cases.py", case="x"))


def test_a_renewal_counts_the_same_models_on_tasks_with_new_questions_only():
    rows = [
        ("t", "2024", model, score) for model, score in zip("abc", (0.5, 0.6, 0.7), strict=True)
    ] + [
        ("t", "2025", model, score) for model, score in zip("abcd", (0.4, 0.45, 0.5, 0.9), strict=True)
    ] + [(("same"), year, model, 0.3) for year in ("2024", "2025") for model in "abc"]  # fmt: skip
    steps = cases.renewals(pd.DataFrame(rows, columns=["task", "benchmark_version", "model_id", "score"]))
    (step,) = steps.to_dict("records")
    assert (step["version"], step["n_tasks"], step["n_models"], step["n_pairs"]) == ("2025", 1, 3, 3)
    assert step["change"] == pytest.approx(-0.15)


def test_every_case_of_the_facts_has_its_document_and_names_what_is_known():
    known = cases.known()
    assert {case.kind for case in known} == set(cases.KINDS)
    facts = pd.read_csv(store.ROOT / "data" / "facts" / "benchmarks.csv", dtype=str)
    for case in known:
        assert case.source_url.startswith("https://") and case.what_happened.endswith(".") and case.lesson.endswith(".")
        assert not any(figure in case.lesson for figure in "0123456789")  # numbers come from the database
        assert facts["benchmark_id"].str.startswith(case.benchmark_id).any()
    assert len({case.id for case in known}) == len(known)


def test_home_names_one_model_with_its_range_and_the_sentence_of_its_answer(data):  # noqa: F811
    test = opened("app.py")
    connection = store.connect(store.current())
    where = [store.Where("direction", "=", "high"), store.Where("n_parameters", "not null")]
    row = store.read(connection, "marked", None, where, ["place", "p_value", "evaluation_id"], 1).iloc[0]
    text = plain(test)
    assert f"[{row['model_name']}](models?model=" in text and f"got {100 * row['score']:.1f}% on MMLU-Pro" in text
    assert row["reason"] in text
    assert drawn(test)[row["model_name"]]["marker"]["symbol"] == "star"
    assert [metric.label for metric in test.metric] == [
        "Scores checked", "Unusually high", "Tests in use that are at their end",
    ]  # fmt: skip
    none = opened("app.py", family="Gemma", size=["0.5B", "1B"], unknown="no")
    assert not none.exception and "No strong mark in this selection." in said(none)


@pytest.mark.parametrize("page", [name for name in PAGES if "method" not in name])
def test_anything_is_found_from_every_page_with_its_answer(data, page):  # noqa: F811 (the argument asks for the fixture)
    test = opened(page, find="qwen 5")
    assert not test.exception
    link = next(link for link in links(test) if link.label.startswith("Model: Qwen"))
    assert link.page == "models" and "model=hf%3Aqwen%2Fm5" in link.query_string
    assert "Across its benchmarks the model is where similar models are" in plain(test)
    assert test.query_params["find"] == "qwen 5"


def links(test) -> list:
    return [part.proto for part in test.get("page_link")]


def test_tests_families_and_makers_are_found_with_the_sentence_of_their_own_page(data):  # noqa: F811
    family = opened("app.py", find="Qwen")
    assert {"Family: Qwen", "Maker: Qwen makers"} <= {link.label for link in links(family)}
    assert "Stands out on 1 of 1 test: above what its other scores suggest on 1 (GSM8K)." in plain(family)
    test = opened("app.py", find="gsm8k")
    answer = store.read(store.connect(store.current()), "benchmarks").set_index("benchmark_id").at["gsm8k", "reason"]
    assert plain(test).count(answer) == 1 and "Test: GSM8K" in {link.label for link in links(test)}


def test_a_misspelling_is_mended_nonsense_is_said_and_the_box_closes(data):  # noqa: F811
    typo = opened("app.py", find="lama 4")
    assert "Nothing is called “lama 4”; these are called **llama 4**" in plain(typo)
    none = opened("app.py", find="<b>zzzz</b>")
    assert not none.exception and "Nothing here is called “<b>zzzz</b>”" in plain(none)
    next(button for button in none.button if button.label == "Close").click().run()
    assert "Nothing here is called" not in said(none) and "find" not in none.query_params


def test_a_build_from_before_these_pages_still_opens(tmp_path, monkeypatch):
    views = {
        name: query for name, query in store.VIEWS.items() if name not in ("families", "claims", "changes", "marked")
    }
    monkeypatch.setattr(store.schema, "VIEWS", views)
    place = lakes.place(tmp_path)
    tiny_store.write(place)
    monkeypatch.undo()
    monkeypatch.setenv(store.ENVIRONMENT, place)
    for page in ("pages/4_families.py", "pages/6_claims.py", "pages/9_changes.py"):
        test = opened(page)
        assert not test.exception
        assert "This build has no" in said(test)


def test_the_standard_error_of_a_family_is_that_of_its_p_value():
    from scipy.stats import t as student

    from scoring.answers import family

    rows = [
        {"group": g, "cluster_id": f"{g}{u}", "test": "t", "distance": (u % 5) / 5 + (g == "a"), "points": 1.0, "n": 1}
        for g in "abc"
        for u in range(8)
    ]
    found = family.effects(pd.DataFrame(rows)).set_index("group")
    again = 2 * student.sf(found["effect"].abs() / found["effect_error"], 21)
    assert found["p_value"].to_list() == pytest.approx(list(again))
    assert found.at["a", "effect"] == pytest.approx(1.0)


def test_a_host_that_knows_streamlit_alone_is_told_only_of_files_that_are_there(data, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setattr("ui.kit.frame.ROOT", tmp_path)
    (tmp_path / "pages").symlink_to(store.ROOT / "pages")
    assert "data/benchmarks" not in said(unfolded(opened("pages/2_benchmarks.py"), "link"))
    (tmp_path / "static" / "data").mkdir(parents=True)
    (tmp_path / "static" / "data" / "benchmarks.csv").write_text("benchmark_id\n")
    told = said(unfolded(opened("pages/2_benchmarks.py"), "link"))
    assert "**benchmarks**, whole: [CSV](app/static/data/benchmarks.csv)" in told
    assert "saturation.csv" not in told and "benchmarks.json" not in told
