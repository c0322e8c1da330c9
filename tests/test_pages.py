"""Every page with the tiny database, without one, with nothing selected, and with deep links; no browser needed."""

import json
import math
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import streamlit
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

import store
from reading import checker, files
from tests import lakes, tiny_store
from ui import answers
from ui.kit import data as kit_data
from ui.kit import filters, tables, words

ROOT = Path(__file__).parents[1]
# What is installed stays as it is while tests run; each visit would read the metadata of a hundred packages, 0.3 seconds.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
PAGES = [
    "app.py",
    "pages/1_unusual_scores.py",
    "pages/2_benchmarks.py",
    "pages/3_models.py",
    "pages/4_families.py",
    "pages/5_compare.py",
    "pages/6_claims.py",
    "pages/7_check_a_claim.py",
    "pages/9_changes.py",
    "pages/10_method.py",
]
LINKS = [
    ("pages/1_unusual_scores.py", {"side": "low"}),
    ("pages/1_unusual_scores.py", {"level": "cannot tell", "benchmark": "gpqa"}),
    ("pages/2_benchmarks.py", {"benchmark": "gsm8k"}),
    ("pages/2_benchmarks.py", {"benchmark": "arena"}),
    ("pages/2_benchmarks.py", {"status": "Tied"}),
    ("pages/2_benchmarks.py", {"use": "also retired", "status": "Closed"}),
    ("pages/1_unusual_scores.py", {"list": "worklist", "family": "Qwen"}),
    ("pages/3_models.py", {"q": "qwen"}),
    ("pages/3_models.py", {"model": "hf:qwen/m5"}),
    ("pages/3_models.py", {"model": "hf:unknown/m3"}),
    ("pages/4_families.py", {"group": "family:Qwen"}),
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    place = lakes.place(tmp_path_factory.mktemp("tiny"))
    tiny_store.write(place)
    return place


@pytest.fixture
def data(tiny, monkeypatch):
    monkeypatch.setenv(store.ENVIRONMENT, str(tiny))


def opened(page: str, **parameters) -> AppTest:
    """The page as it stands after a first visit with these parameters in its address."""
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    if page != "app.py":
        test.switch_page(page)
    for key, value in parameters.items():
        test.query_params[key] = value
    return test.run()


def unfolded(test: AppTest, *keys: str) -> AppTest:
    """The page once a reader has opened these folded parts of it."""
    for key in keys:
        test.session_state[key] = True
    return test.run()


def said(test: AppTest) -> str:
    """All text of the page."""
    parts = [*test.title, *test.header, *test.markdown, *test.caption, *test.info, *test.warning]
    return "\n".join([*(str(part.value) for part in parts), *(part.label for part in test.expander)])


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_one_question_with_a_chart_and_a_table(data, page):
    test = opened(page)
    assert not test.exception
    assert [title.value.endswith("?") for title in test.title] == [True]
    assert len(test.get("plotly_chart")) >= 1
    assert len(test.dataframe) >= 1
    assert "As of 22 Nov 2026" in said(test)
    assert "What this cannot tell you" in said(test)


@pytest.mark.parametrize(("page", "parameters"), LINKS)
def test_deep_links_open_what_they_name(data, page, parameters):
    test = opened(page, **parameters)
    assert not test.exception
    assert len(test.dataframe) >= 1


@pytest.mark.parametrize("page", PAGES)
def test_without_a_database_every_page_says_so_and_stops(page, tmp_path, monkeypatch):
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    test = opened(page)
    assert not test.exception
    assert "There is no database yet: run `python pipeline.py build`." in said(test)
    assert not test.dataframe


@pytest.mark.files("a file that is no database")
def test_an_unreadable_database_is_named_in_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "benchmarks-broken.duckdb").write_bytes(b"not a database")
    (tmp_path / "current").write_text("benchmarks-broken.duckdb\n")
    monkeypatch.setenv(store.ENVIRONMENT, str(tmp_path))
    test = opened("app.py")
    assert not test.exception
    assert "benchmarks-broken.duckdb cannot be read" in said(test)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A database without rows, but for the build itself and its sources."""
    full, place = tiny_store.tables(), lakes.place(tmp_path_factory.mktemp("empty"))
    kept = {"build": full["build"], "source": full["source"]}
    store.write({name: frame.iloc[:0] for name, frame in full.items()} | kept, place)
    return place


@pytest.mark.parametrize("page", [page for page in PAGES[1:] if "check" not in page and "method" not in page])
def test_an_empty_database_gives_no_error(page, empty, monkeypatch):
    monkeypatch.setenv(store.ENVIRONMENT, str(empty))
    test = opened(page)
    assert not test.exception


def test_an_empty_selection_says_what_each_filter_removed_and_offers_to_undo_it(data):
    test = opened("pages/1_unusual_scores.py", family=["Gemma"], size=["150B", "500B"], unknown="no")
    assert not test.exception
    assert "No scores match. 0 of 3: 3 removed by Family." in said(test)
    assert "Clear family filter" in [button.label for button in test.button]
    next(button for button in test.button if button.label == "Clear family filter").click().run()
    assert "No scores match. 0 of 3: 3 removed by Size." in said(test)


def test_a_filter_changes_what_is_counted(data):
    everything, only = opened("pages/1_unusual_scores.py"), opened("pages/1_unusual_scores.py", family="Qwen")
    assert "3 unusually high, 2 unusually low" in said(everything)
    assert "1 unusually high, 1 unusually low" in said(only)


def test_values_in_a_link_that_do_not_exist_are_dropped_and_the_rest_holds(data):
    test = opened("pages/1_unusual_scores.py", family=["Qwen", "Nobody"], side="sideways", size="huge", benchmark="no")
    assert not test.exception
    assert test.multiselect[0].value == ["Qwen"]
    assert test.query_params["family"] == "Qwen"
    assert "side" not in test.query_params
    assert "size" not in test.query_params


def test_an_unknown_model_or_benchmark_is_said_and_the_list_is_shown(data):
    assert "There is no model" in said(opened("pages/3_models.py", model="hf:no/body"))
    assert "There is no benchmark" in said(opened("pages/2_benchmarks.py", benchmark="nothing"))


def test_high_and_low_are_shown_apart_and_high_first(data):
    high, low = opened("pages/1_unusual_scores.py"), opened("pages/1_unusual_scores.py", side="low")
    assert (high.dataframe[0].value["gap_points"] > 0).all()
    assert (low.dataframe[0].value["gap_points"] < 0).all()


def test_every_row_of_the_unusual_scores_has_its_source_link(data):
    shown = opened("pages/1_unusual_scores.py").dataframe[0].value
    assert shown["source_url"].str.startswith("https://example.org/").all()


def test_the_reasons_that_cannot_be_ruled_out_stand_under_every_mark(data):
    for page, parameters in (("pages/1_unusual_scores.py", {}), ("pages/3_models.py", {"model": "hf:llama/m4"})):
        assert words.CANNOT_RULE_OUT in said(opened(page, **parameters))
    assert words.CANNOT_RULE_OUT_LOW in said(opened("pages/1_unusual_scores.py", side="low"))


def test_what_documents_say_stands_apart_from_the_level(data):
    text = said(opened("pages/3_models.py", model="hf:qwen/m5"))
    assert "never added to the level" in text
    assert "set\\-up differed" in text  # the maker's reply, in Markdown


def test_no_page_uses_a_word_of_accusation(data):
    banned = ("cheat", "fraud", "suspicious", "contaminated", "fake", "rigged", "gamed", "guilty")
    for page in PAGES:
        text = said(opened(page)).lower()
        assert [word for word in banned if word in text] == []


def test_a_missing_size_is_never_shown_as_zero(data):
    shown = opened("pages/3_models.py", q="Closed").dataframe[0].value
    assert len(shown) > 0
    assert shown["size_billions"].isna().all()


def test_the_outlook_stands_in_words_beside_the_headroom(data):
    shown = opened("pages/2_benchmarks.py", use="all").dataframe[0].value.set_index("benchmark_link")["under_a_tenth"]
    told = {link.split("benchmark=")[1].split("#")[0]: text for link, text in shown.items()}
    assert told["gsm8k"] == told["gpqa"] == "already"
    assert told["mmlu_pro"] == "not before Mar 2028"
    assert answers.tenth_text({"headroom": 0.3, "forecast_best": None}) == "no forecast"


def test_one_test_draws_its_forecast_and_says_how_far_off_such_forecasts_are(data):
    test = opened("pages/2_benchmarks.py", benchmark="mmlu_pro")
    assert not test.exception
    spec = json.loads(test.get("plotly_chart")[0].proto.spec)
    drawn = {trace["name"]: trace["x"] for trace in spec["data"]}
    assert drawn["In a year (80%)"] == pytest.approx([65, 70])
    assert "in a year the best score is expected at 67.1%, 80% interval 65.0 to 70.0%" in said(test)
    assert "Mar 2028 at the earliest" in said(test).replace("\\", "")
    assert "“nothing changes” was off by" in said(test)


def benchmarks_shown(test: AppTest) -> set[str]:
    """Ids of the benchmarks in the table of the Benchmarks page."""
    links = test.dataframe[0].value["benchmark_link"]
    return {link.split("benchmark=")[1].split("#")[0] for link in links}


def test_benchmarks_are_filtered_by_domain_status_and_renewal_from_the_address(data):
    everything = opened("pages/2_benchmarks.py", use="all")
    some = opened("pages/2_benchmarks.py", use="all", domain="mathematics")
    assert some.query_params["domain"] == "mathematics"
    assert benchmarks_shown(some) < benchmarks_shown(everything)
    dropped = opened("pages/2_benchmarks.py", use="all", domain="alchemy", renewal="sometimes")
    assert "domain" not in dropped.query_params and "renewal" not in dropped.query_params
    assert benchmarks_shown(dropped) == benchmarks_shown(everything)
    none = opened("pages/2_benchmarks.py", renewal="questions renewed")
    assert not none.exception
    assert "No test is left" in said(none) and "by Renewal" in said(none)


def test_the_first_chart_of_benchmarks_draws_one_line_each_in_the_order_of_status(data):
    spec = json.loads(opened("pages/2_benchmarks.py").get("plotly_chart")[0].proto.spec)
    names = [trace["name"] for trace in spec["data"]]
    assert names[:3] == ["From guessing to the ceiling", "Up to the best", "Fifth maker"]
    assert all(name.startswith("Best: ") for name in names[3:])


def test_one_test_says_who_ties_who_ran_it_and_what_documents_say(data):
    test = opened("pages/2_benchmarks.py", benchmark="mmlu_pro")
    assert "In this group alone" in said(test) and "from the number of questions" in said(test)
    assert "What documents say about this test" in said(test)
    assert "[document](" in said(test)
    assert {"ran_by", "source_title", "n"} <= set(test.dataframe[0].value.columns)


def test_a_build_from_before_the_outlook_still_opens(tmp_path, monkeypatch):
    monkeypatch.setitem(
        store.VIEWS, "saturation", store.VIEWS["saturation"].replace("'renewal') AS renewal", "'x') AS x")
    )
    views = {name: query for name, query in store.VIEWS.items() if name != "outlook"}
    monkeypatch.setattr(store.schema, "VIEWS", views)
    place = lakes.place(tmp_path)
    tiny_store.write(place)
    monkeypatch.undo()
    monkeypatch.setenv(store.ENVIRONMENT, place)
    for parameters in ({}, {"benchmark": "gsm8k"}):
        assert not opened("pages/2_benchmarks.py", **parameters).exception


def test_second_opinions_stand_on_the_card_and_on_the_page_of_the_model(tmp_path, monkeypatch):
    full = tiny_store.tables()
    first = full["finding"].iloc[[3]]  # a score that is unusually high
    other = first.assign(signal_id="saturation", level="unusual", observed=0.53, expected=0.41, reason="Said apart.")
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    store.write(full | {"finding": pd.concat([full["finding"], other])})
    model = full["evaluation"].set_index("evaluation_id").loc[first["subject_id"].iloc[0], "model_id"]
    card, own = opened("pages/1_unusual_scores.py"), opened("pages/3_models.py", model=model)
    for test in (card, own):
        assert not test.exception
        assert "expected 41, gap 12" in said(test)
    assert "Second opinions: " in said(own)


def test_method_shows_what_was_measured_with_its_command_or_says_that_it_was_not(data, tmp_path, monkeypatch):
    test = opened("pages/10_method.py")
    assert "How well does this do?" in said(test)
    assert "python -m bench backtest" in said(test)
    assert "What changed" in said(test)
    monkeypatch.setattr("ui.kit.data.METHOD", tmp_path)
    bare = opened("pages/10_method.py")
    assert not bare.exception
    assert "Not measured yet: `python -m bench hit_rate` writes this table." in said(bare)


def test_a_link_to_an_earlier_day_opens_that_build_or_says_that_it_is_gone(tmp_path, monkeypatch):
    older = tiny_store.tables()
    older["build"] = pd.DataFrame({"name": ["asof"], "value": ["2026-10-01"]})
    monkeypatch.setenv(store.ENVIRONMENT, place := lakes.place(tmp_path))
    store.write(older)
    tiny_store.write(place)
    assert "As of 1 Oct 2026" in said(opened("app.py", asof="2026-10-01"))
    assert "no longer kept" in said(opened("app.py", asof="2020-01-01"))


def test_the_chart_of_home_draws_the_band_and_names_at_most_three(data):
    spec = json.loads(opened("app.py").get("plotly_chart")[0].proto.spec)
    assert "Usual range (90%)" in [trace.get("name") for trace in spec["data"]]
    assert 1 <= len(spec["layout"]["annotations"]) <= 3


def test_a_selection_turns_into_conditions_and_leaves_out_columns_that_a_view_lacks():
    chosen = filters.from_widgets(["Qwen", "Gemma"], ("1B", "no limit"), ("2024", "now"), ["the maker"], False)
    rules = {rule.column: rule for rule in chosen.to_where()}
    assert rules["family"].value == ("Gemma", "Qwen")
    assert rules["n_parameters"].value == (1e9, None)
    assert not rules["n_parameters"].or_null
    assert str(rules["model_date"].value[0]) == "2024-01-01"
    assert rules["evaluator_relationship"].value == ("first_party",)
    assert [rule.column for rule in chosen.to_where(["family"])] == ["family"]


def test_what_luck_explains_is_said_by_the_rule_that_marks(data):
    """One in twenty is the q-value at which a score is marked; the numbers are of the whole list, so a filter has none."""
    from scoring.verdict import levels

    assert levels.UNUSUAL_Q == words.LUCKY_SHARE
    said_here = said(opened("pages/1_unusual_scores.py"))
    (n_high, n_low) = (int(n) for n in re.search(r"(\d+) unusually high, (\d+) unusually low", said_here).groups())
    assert n_high and n_low
    high, low = (math.ceil(n / 20) for n in (n_high, n_low))
    assert (
        f"{words.LUCK} is expected to be luck: at most {high} of the {n_high} high ones and at most {low} of"
        in said_here
    )
    assert words.LUCK in said(opened("pages/10_method.py"))
    assert words.LUCK in {metric.label: metric for metric in opened("app.py").metric}["Unusually high"].help
    assert f"{words.LUCK} is expected to be luck." in said(opened("pages/1_unusual_scores.py", family="Qwen"))


def test_the_further_filters_turn_into_conditions_and_stand_in_the_address(data):
    asof = date(2026, 11, 22)
    chosen = filters.from_widgets([], ("any", "no limit"), ("any", "now"), [], True, ["Qwen"], "open", ["code"],
                                  "last 30 days", asof)  # fmt: skip
    rules = {rule.column: rule.value for rule in chosen.to_where()}
    assert rules == {
        "developer": ("Qwen",), "is_open_weights": True, "domain": ("code",), "first_seen_date": (date(2026, 10, 23), None),
    }  # fmt: skip
    asked = {"developer": ["Qwen"], "weights": ["open"], "domain": ["code"], "seen": ["last 30 days"]}
    assert filters.from_parameters(asked, asof) == (chosen, {})
    with pytest.raises(files.Unknown, match="weights cannot be"):
        filters.from_parameters({"weights": ["steel"]}, asof)
    test = opened("pages/1_unusual_scores.py", level="any verdict", domain="mathematics", weights="steel", seen="ever")
    assert not test.exception and test.query_params["domain"] == "mathematics" and "weights" not in test.query_params
    assert set(test.dataframe[0].value["benchmark"]) < set(
        opened("pages/1_unusual_scores.py", level="any verdict").dataframe[0].value["benchmark"]
    )


def test_filters_at_rest_ask_for_nothing():
    resting = filters.from_widgets(*filters.RESTING.values())
    assert resting.is_empty
    assert resting.to_where() == []


def test_a_typed_number_gets_its_answer_its_star_and_a_link_that_says_it_again(data):
    asked = {"test": "mmlu_pro", "setting": "mmlu_pro:accuracy:board", "model": "new", "score": "75.0", "billions": "1"}
    test = opened("pages/7_check_a_claim.py", **asked)
    assert not test.exception
    assert "Unusual, high" in said(test) and "0 of 52 comparable scores are this far out" in said(test)
    assert "is answered by its own chance" in said(test)
    drawn = json.loads(test.get("plotly_chart")[0].proto.spec)
    assert [t["marker"]["symbol"] for t in drawn["data"] if t.get("name") == "new"] == ["star"]
    assert {key: test.query_params[key] for key in asked} == asked


def test_a_link_that_names_a_group_of_scores_as_its_test_still_opens_what_it_meant(data):
    test = opened("pages/7_check_a_claim.py", test="mmlu_pro:accuracy:board", model="new", score="75.0", billions="1")
    assert "0 of 52 comparable scores are this far out" in said(test)
    assert test.selectbox(key="test on Check a claim").value == "mmlu_pro"
    assert test.selectbox(key="setting on Check a claim").value == "mmlu_pro:accuracy:board"


@pytest.mark.parametrize("score", ["75.0", "30.0", "12.5"])
def test_one_claim_has_one_answer_typed_alone_in_a_file_or_among_others(data, score):
    typed = opened("pages/7_check_a_claim.py", test="mmlu_pro", model="new", score=score, billions="1")
    verdict = next(m.value for m in typed.markdown if m.value.startswith("**new**")).replace("\\", "")
    head, row = b"model,benchmark,score,params_b\n", f"new,MMLU-Pro,{score}%,1\n".encode()
    others = b"other,MMLU-Pro,41.0%,13\nthird,GSM8K,66.0%,7\n"
    alone, among = (uploaded(head + row + more).dataframe[-1].value for more in (b"", others))
    for told in (alone, among):
        assert told["level_text"].iloc[0] in verdict
    assert alone["reasons"].iloc[0] in verdict


def test_a_claim_without_a_size_is_asked_for_one_and_a_hostile_name_stays_text(data):
    test = opened("pages/7_check_a_claim.py", model="<b>nobody</b>", score="75.0")
    assert not test.exception
    assert "State the number of parameters" in said(test).replace("\\", "")
    assert "that we hold on this test" in said(test)
    assert "\\<b\\>nobody" in said(test)


def test_the_example_fills_the_form_whatever_was_typed_before(data):
    test = opened("pages/7_check_a_claim.py", test="gpqa", setting="gpqa:accuracy:board", items="12", score="0.3")
    next(button for button in test.button if button.label.startswith("Example")).click().run()
    assert not test.exception
    assert "Reflection 70B" in said(test) and "is above the share of questions" in said(test).replace("\\", "")
    assert test.selectbox(key="test on Check a claim").value == "gsm8k" and test.query_params["score"] == "99.2"
    assert not {"setting", "items"} & set(test.query_params)


def test_a_typed_model_is_told_what_it_should_get(data):
    test = opened("pages/7_check_a_claim.py", test="mmlu_pro", model="new", billions="1")
    button = next(button for button in test.button if button.label.startswith("What should this model get"))
    button.click().run(timeout=120)
    assert not test.exception
    assert "Expected: " in said(test).replace("\\", "") and "nine times of ten between" in said(test)


@pytest.fixture(autouse=True)
def judged_here(monkeypatch):
    """Tables of visitors are judged without a process of their own; test_checker.py and test_browser.py show that it tells
    the same.
    """

    def judge(job: checker.Job) -> None:
        job.table, job.problem = checker.answer(job.body, job.key[1], job.key[2])
        job.state = "refused" if job.problem else "done"

    monkeypatch.setattr(checker, "judge", judge)


def uploaded(content: bytes) -> AppTest:
    test = opened("pages/7_check_a_claim.py")
    return test.file_uploader[0].set_value(("claims.csv", content, "text/csv")).run()


def test_an_uploaded_table_comes_back_with_its_verdicts(data):
    rows = "".join(f"n{i},MMLU-Pro,{20 + i / 10:.1f},1\n" for i in range(20))
    test = uploaded(f"model,benchmark,score,params_b\n{rows}far,MMLU-Pro,85.0,1\n=1+1,?,5,1\n".encode())
    assert not test.exception
    shown = test.dataframe[-1].value
    assert len(shown) == 22 and shown["level_text"].iloc[20] == "○ Unusual, high"
    assert shown["reasons"].iloc[21] == "No test of this name is known here."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,b\n1,2\n", "The table has no column model, benchmark, score"),
        (b"", "cannot be read"),
        (b'model,benchmark,score\n"open,1,2\n', "cannot be read"),
        (b"\xff\xfe\x00\x01", "cannot be read"),
        (b"model,benchmark,score\n" + b"m,GSM8K,5\n" * 10_001, "more than 10,000 rows"),
    ],
)
def test_a_broken_file_is_told_in_one_sentence(data, content, sentence):
    test = uploaded(content)
    assert not test.exception
    assert sentence in test.error[0].value.replace("\\", "")


def test_dots_say_whether_a_mark_holds_in_the_table_and_in_words_on_the_card(data):
    test = opened("pages/1_unusual_scores.py")
    shown = test.dataframe[0].value
    assert set(shown["still"]) == {"● ● ● –", "● ● ○ –"}
    assert "Still unusual? ● without mixtures of experts" in said(test).replace("\\", "")
    plain = opened("pages/1_unusual_scores.py", level="any verdict").dataframe[0].value
    assert plain.loc[plain["level_text"].str.contains("usual range"), "still"].eq("").all()
    own = opened("pages/3_models.py", model="hf:llama/m8").dataframe[0].value
    assert "● ● ○ –" in set(own["still"])


def test_the_sensitivity_runs_and_twins_are_no_second_opinions(data):
    text = said(opened("pages/3_models.py", model="hf:llama/m8"))
    assert "Some left out" not in text


def test_a_public_test_stands_beside_its_twin_on_both_pages(data):
    test = opened("pages/1_unusual_scores.py")
    assert "1 fall unusually far, 0 unusually little" in said(test)
    told = "in the middle"  # of the finding above the chart of one pair
    assert told not in said(test)
    unfolded(test, "twins")
    assert told in said(test)
    spec = json.loads(test.get("plotly_chart")[-1].proto.spec)
    names = [trace.get("name") for trace in spec["data"]]
    assert {"Usual range (90%)", "Same score on both", "Unusual, low"} <= set(names)
    assert test.dataframe[-1].value["level_text"].iloc[0] == "○ Unusual, low"
    # A link to a pair finds it open.
    assert told in said(opened("pages/1_unusual_scores.py", twin="gpqa-fresh"))
    own = opened("pages/3_models.py", model="hf:llama/m1")
    assert "From public tests to their twins: " in said(own)
    assert "MMLU-Pro → GPQA: ○ Unusual, low" in said(own).replace("\\", "")


def test_a_verdict_that_changed_says_what_it_was(data):
    text = said(opened("pages/3_models.py", model="hf:llama/m1"))
    assert "What changed in our verdicts" in text
    assert "Was: ○ Unusual, until 1 Nov 2026 (the source changed)." in text


def test_a_build_from_before_twins_and_sensitivity_still_opens(tmp_path, monkeypatch):
    query = store.VIEWS["anomalies"]
    for name in words.STILL:
        query = query.replace(f"CASE WHEN f.signal_id = 'size_anomaly' THEN z.{name} END AS {name},", "")
    views = {name: text for name, text in store.VIEWS.items() if name != "twin_gaps"} | {"anomalies": query}
    monkeypatch.setattr(store.schema, "VIEWS", views)
    place = lakes.place(tmp_path)
    tiny_store.write(place)
    monkeypatch.undo()
    monkeypatch.setenv(store.ENVIRONMENT, place)
    for page, parameters in (("pages/1_unusual_scores.py", {}), ("pages/3_models.py", {"model": "hf:llama/m8"})):
        test = opened(page, **parameters)
        assert not test.exception
        assert "still" not in test.dataframe[0].value


@pytest.mark.parametrize("page", PAGES)
def test_a_database_of_another_version_ends_a_page_in_one_sentence(tmp_path, monkeypatch, page):
    place = lakes.place(tmp_path)
    tiny_store.write(place)
    lakes.alter(place, "ALTER TABLE model RENAME n_parameters TO former", "ALTER TABLE source RENAME title TO former")
    monkeypatch.setenv(store.ENVIRONMENT, place)
    test = opened(page)
    assert not test.exception
    assert "made by another version of this code, it has no " in said(test)


def test_a_link_to_a_day_whose_build_is_gone_opens_the_newest_and_says_so(data):
    test = opened("app.py", asof="2026-10-01", family="Qwen")
    assert not test.exception
    assert "The build of 1 Oct 2026 is no longer kept: you see that of 22 Nov 2026" in said(test)
    assert "What this cannot tell you" in said(test)


HOSTILE_DAYS = [
    "[x](https://example.org)",
    "![](https://example.org/a.png)",
    ":material/home: **b**",
    "2026-11-22 ",
    "20261122",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_day_in_the_address_is_a_day_or_nothing(data, page):
    for asked in HOSTILE_DAYS:
        test = opened(page, asof=asked)
        assert not test.exception
        assert "asof" not in test.query_params
        assert asked not in said(test)
        assert "no longer kept" not in said(test)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org/a?b=c&d=1#e", "https://example.org/a?b=c&d=1#e"),
        ("https://example.org/a b)[c](d)", "https://example.org/a%20b%29%5Bc%5D%28d%29"),
        ("https://example.org/%C3%A9/é", "https://example.org/%C3%A9/%C3%A9"),
        ("https://example.org/a\nb`c`$d$*e*|<f>", "https://example.org/ab%60c%60%24d%24%2Ae%2A%7C%3Cf%3E"),
        ("https://arxiv.org@example.net/abs/1", None),
        ("https://[::1", None),
        ("https://a)[b](c/d", None),
        ("https:///path", None),
        ("javascript:alert(1)", None),
        ("//example.net", None),
        (None, None),
    ],
)
def test_an_address_is_fit_for_markdown_or_refused(address, safe):
    assert tables.web_address(address) == safe
    assert tables.linked("page", address) == (f"[page]({safe})" if safe else "page")


def test_what_streamlit_looks_for_in_finished_text_is_taken_apart():
    told = words.in_markdown(tiny_store.TRICKS)
    assert not re.search(r":material/|:smile|www\\?\.|http\\?:\\?//|e\\?@\\?e", told)
    assert told.replace(words.JOINER, "").replace("\\", "") == tiny_store.TRICKS
    assert words.in_markdown("hf:org/model-7 at 12:30") == r"hf\:org/model\-7 at 12\:30"


def test_kept_builds_are_read_at_once_by_many_while_one_visitor_empties_the_caches(tmp_path, monkeypatch):
    full, n_days = tiny_store.tables(), 3
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    for number in range(1, n_days + 1):
        asof = pd.DataFrame({"name": ["asof"], "value": [f"2026-10-0{number}"]})
        store.write(full | {"build": asof})

    def visit(number: int) -> int:
        if number % 5 == 0:  # what Streamlit does when a browser sends "Clear caches"
            streamlit.cache_data.clear()
            streamlit.cache_resource.clear()
        build = kit_data.build(date(2026, 10, number % n_days + 1))
        return sum(len(kit_data.read(build.path, view)) for view in ("scores", "anomalies", "models"))

    expected = visit(1)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(visit, range(40))) == {expected}


def test_models_tied_at_the_top_are_links_whatever_they_are_called(data):
    text = said(opened("pages/2_benchmarks.py", benchmark="gsm8k"))
    (line,) = [part for part in text.splitlines() if "In this group alone" in part]
    addresses = re.findall(r"\]\((models[^)]*)\)", line)
    assert len(addresses) == 2 and all(re.fullmatch(r"models\?model=[\w%.~-]+", found) for found in addresses)


@pytest.mark.parametrize(
    ("page", "parameters", "view"),
    [
        ("pages/1_unusual_scores.py", {"level": "any verdict", "side": "both"}, "anomalies"),
        ("pages/3_models.py", {}, "models"),
    ],
)
def test_a_table_that_shows_the_first_rows_says_how_many_there_are(data, monkeypatch, page, parameters, view):
    monkeypatch.setattr("ui.kit.tables.SHOWN", 1)
    test = opened(page, **parameters)
    connection = store.connect(store.current())
    where = {
        "anomalies": [
            store.Where("signal_id", "=", "size_anomaly"), store.Where("variant", "=", ""),
            store.Where("is_subset", "=", False),
            store.Where("level", "in", ["very_unusual", "unusual", "somewhat", "usual"]),
        ],
        "models": [store.Where("kind", "in", ["model", "system"])],
    }  # fmt: skip
    n_rows = int(store.count(connection, view, (), where.get(view, []))["n"].iloc[0])
    assert n_rows > 4  # more than any page reads for its chart, so that the rows read cannot be all that there are
    assert f"The first 1 of {n_rows:,} rows. The file has them all." in said(test)


@pytest.mark.parametrize("table", ["rejection", "omission"])
def test_a_list_that_ends_at_the_last_row_shown_says_how_many_there_are(tmp_path, monkeypatch, table):
    tables = tiny_store.tables()
    tables[table] = pd.concat([tables[table].head(1)] * 7, ignore_index=True)
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    store.write(tables)
    monkeypatch.setattr("ui.kit.tables.SHOWN", 3)
    assert "The first 3 of 7 rows. The file has them all." in said(opened("pages/10_method.py"))


def test_no_page_says_that_only_models_of_known_size_get_a_verdict(data):
    home, method = opened("app.py"), opened("pages/10_method.py")
    helps = " ".join(metric.help or "" for metric in home.metric)
    assert "known size" not in helps and "other scores" in helps
    assert "this method is silent" not in said(method)
    assert "without a size the other scores speak alone" in said(method)


def test_what_is_folded_is_neither_sent_nor_read_until_it_is_opened(data):
    test = opened("pages/1_unusual_scores.py", family="Qwen")
    assert not test.exception
    label = "Link to this view, its data, how to cite it"
    assert label in [part.label for part in test.expander]
    assert not test.get("code") and "as chosen here" not in said(test)
    unfolded(test, "link")
    assert not test.exception
    link, citation = (code.proto.code_text for code in test.get("code"))
    assert "family=Qwen" in link and "asof=2026-11-22" in link and link in citation
    test.query_params["family"] = "Gemma"
    (link, _) = (code.proto.code_text for code in test.run().get("code"))
    assert "family=Gemma" in link, "what stays open is of the view that is shown"
