"""What is said of a test, a family or a mark is said once: the same sentence on every page and in the file."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import store
from reading import exports
from tests import lakes, tiny_store
from tests.test_pages import ROOT, data, opened, said, tiny, unfolded  # noqa: F401 (fixtures: pytest finds them by name)
from ui import answers, marks
from ui.kit import words

FAILED = "Failed run or unparsed answers: the same value stands in 93 rows."
ALONE = "Low in one run only: no other test of this model is as low for it."


def plain(text: str) -> str:
    """Markdown without its escapes."""
    return text.replace("\\", "")


@pytest.mark.parametrize("benchmark_id", list(tiny_store.BENCHMARKS))
def test_the_answer_of_a_test_is_one_sentence_on_every_page_and_in_the_file(data, benchmark_id):  # noqa: F811 (the argument asks for the fixture)
    connection = store.connect(store.current())
    answer = store.read(connection, "benchmarks").set_index("benchmark_id").loc[benchmark_id]
    sentence = answer["reason"]
    file = exports.table(connection, "benchmarks").set_index("benchmark_id")
    assert file["reason"].get(benchmark_id, sentence) == sentence  # one answer rests on a source that is not passed on
    assert len(file) == len(tiny_store.BENCHMARKS) - 1
    assert sentence in plain(said(opened("pages/2_benchmarks.py", benchmark=benchmark_id)))
    listed = opened("pages/2_benchmarks.py", use="all").dataframe[0].value
    assert sentence in set(listed["reason"])
    if answer["use"] == "in_use":
        assert sentence in plain(said(opened("app.py")))


def test_no_page_prints_another_status_for_a_test_than_its_answer(data):  # noqa: F811 (the argument asks for the fixture)
    """The groups of scores of GSM8K and GPQA say something else in the tiny store; only the answers are shown."""
    for benchmark_id, right in (("gsm8k", "closed"), ("gpqa", "tied"), ("mmlu_pro", "separating")):
        text = said(opened("pages/2_benchmarks.py", benchmark=benchmark_id))
        told = {status for status in words.STATUSES if words.status_text(status) in text}
        assert told == {right}
    home = {metric.label: metric.value for metric in opened("app.py").metric}
    assert home["Tests in use that are at their end"] == "1"


def test_retired_tests_are_behind_a_switch(data):  # noqa: F811 (the argument asks for the fixture)
    used = opened("pages/2_benchmarks.py").dataframe[0].value["use_text"]
    both = opened("pages/2_benchmarks.py", use="also retired").dataframe[0].value["use_text"]
    assert set(used) == {"in use"} and set(both) == {"in use", "retired"}


def test_a_closed_test_names_what_to_use_instead_and_a_tied_one_who_ties(data):  # noqa: F811 (the argument asks for the fixture)
    closed = plain(said(opened("pages/2_benchmarks.py", benchmark="gsm8k")))
    assert "[MMLU-Pro](benchmarks?benchmark=mmlu_pro): rank correlation 0.93 over 55 shared models" in closed
    tied = said(opened("pages/2_benchmarks.py", benchmark="gpqa"))
    assert "Not told apart from the best" in tied and "With tools or search: **" in tied
    file = store.read(store.connect(store.current()), "benchmarks").set_index("benchmark_id")["alternatives"]
    assert file["gsm8k"] == "MMLU-Pro (rank correlation 0.93 over 55 models)" and pd.isna(file["gpqa"])


def test_an_answer_that_rests_on_a_score_of_a_closed_source_stays_out_of_the_file(data):  # noqa: F811 (the argument asks for the fixture)
    connection = store.connect(store.current())
    whole, file = store.read(connection, "benchmarks"), exports.table(connection, "benchmarks")
    left = whole[~whole["benchmark_id"].isin(file["benchmark_id"])]
    answer = store.read(connection, "benchmark_answer").set_index("benchmark_id").loc[left["benchmark_id"].item()]
    ids = tuple(answer[[name for name in answer.index if name.endswith("evaluation_id")]].dropna())
    scores = store.read(connection, "scores", ["is_redistributable"], [store.Where("evaluation_id", "in", ids)])
    assert not scores["is_redistributable"].all()


def test_the_list_opens_with_reviewed_marks_and_the_worklist_has_all(data):  # noqa: F811 (the argument asks for the fixture)
    first = opened("pages/1_unusual_scores.py").dataframe[0].value
    whole = opened("pages/1_unusual_scores.py", list="worklist").dataframe[0].value
    assert first["why_here"].iloc[0] == "Looked up: real"
    assert len(first) <= len(whole) == 3
    assert list(whole["why_here"])[: len(first)] == list(first["why_here"])
    assert (
        "**Looked up: real** (20 Nov 2026, Example reviewer, [page](https://example.org/looked-at)). The number stands there."
        in plain(said(opened("pages/1_unusual_scores.py")))
    )
    home = opened("app.py").dataframe[0].value
    assert list(home["model_link"]) == list(first["model_link"])


def test_demonstrations_and_failed_runs_stand_apart_and_count_nowhere(tmp_path, monkeypatch):
    tables = tiny_store.tables()
    findings, scores = tables["finding"], tables["evaluation"].set_index("evaluation_id")
    marked = findings[findings["level"].isin(["unusual", "very_unusual"]) & findings["direction"].eq("high")]
    made = scores.at[marked["subject_id"].iloc[0], "model_id"]
    models = tables["model"]
    tables["model"] = models.assign(kind=models["kind"].where(models["model_id"].ne(made), "demonstration"))
    broken, alone = findings.index[findings["level"] == "usual"][:2]
    for place, reason in ((broken, FAILED), (alone, ALONE)):
        findings.loc[place, ["level", "reason"]] = ["check_data", reason]
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    store.write(tables)
    test = opened("pages/1_unusual_scores.py", list="worklist")
    assert not test.exception
    assert "2 unusually high" in said(test)
    told = {part.label.split(" (")[0] for part in test.expander}
    assert {"Demonstrations", "Failed runs", "Low in one run"} <= told
    assert "Low in one run only: 1" not in said(test)
    unfolded(test, "demonstrations", "failed_runs", "one_run_only")
    assert not test.exception
    assert "Low in one run only: 1" in said(test)
    assert "A demonstration: made on purpose" in said(opened("pages/3_models.py", model=made))
    assert {FAILED, ALONE} <= {reason for t in test.dataframe if "reason" in t.value for reason in t.value["reason"]}


def test_filtering_by_a_family_shows_what_is_said_of_it_on_both_pages(data):  # noqa: F811 (the argument asks for the fixture)
    for page in ("pages/1_unusual_scores.py", "pages/3_models.py"):
        text = plain(said(opened(page, family="Qwen")))
        assert "The family [Qwen](families?group=family%3AQwen) as a whole** stands out on 1 of 1 test: above" in text
        assert "- **GSM8K**: Its 18 models stand 4.5 points" in text
        assert "as a whole" not in said(opened(page))


def test_home_says_how_little_can_be_said_of_models_without_a_size(data):  # noqa: F811 (the argument asks for the fixture)
    connection = store.connect(store.current())
    where = [*exports.COUNTED, store.Where("n_parameters", "is null")]
    rows = store.read(connection, "anomalies", ["model_date", "level"], where)
    rows = rows[rows["model_date"] >= "2025-01-01"]
    told = rows["level"].isin(["usual", "somewhat", "unusual", "very_unusual"]).mean()
    assert f"{100 * told:.0f}% of {len(rows)} scores of models since 2025" in said(opened("app.py"))


def test_the_bars_behind_the_marks_are_the_middle_of_all_gaps_and_none_where_there_are_none(monkeypatch):
    gaps = pd.DataFrame(
        {"benchmark_id": "a", "gap": [0.1, -0.3, 0.0, 0.5], "direction": ["high", "low", "high", "low"]}
    )
    monkeypatch.setattr(marks.data, "read", lambda path, *_: gaps if path == "some" else gaps.head(0))
    middle = marks.middle_of_gaps.__wrapped__("some").loc["a"]
    signed = np.array([0.1, -0.3, 0.0, -0.5])  # better is positive, on tests where lower is better too
    assert middle.tolist() == pytest.approx(np.quantile(signed, [0.05, 0.95]).tolist())
    assert marks.middle_of_gaps.__wrapped__("a store of ratings alone").empty


def test_the_smallest_gap_that_could_be_marked_stands_on_home_and_on_the_card(tmp_path, monkeypatch):
    tables = tiny_store.tables()
    tables["finding"] = tables["finding"].assign(markable_gap=0.19)
    tables["model"] = tables["model"].assign(n_parameters=float("nan"))
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    store.write(tables)
    assert "Half of them could be marked only for 19.0 points or more" in said(opened("app.py"))
    test = opened("pages/1_unusual_scores.py")
    assert "could have been marked here: **19.0 points**" in said(test)
    assert test.dataframe[0].value["markable_points"].eq(19).all()


def test_counts_name_what_is_in_use_and_what_is_not(data):  # noqa: F811 (the argument asks for the fixture)
    text = said(opened("pages/2_benchmarks.py"))
    assert "2 tests in use. 1 more are retired, and 0 were never reported" in text
    assert answers.sentence({"status": "tied", "use": None, "reason": "Said."}) == (
        "**■ Tied**, never widely reported. Said\\."
    )


def test_a_build_from_before_the_answers_still_opens(tmp_path, monkeypatch):
    views = {name: query for name, query in store.VIEWS.items() if name not in ("benchmarks", "families", "marked")}
    monkeypatch.setattr(store.schema, "VIEWS", views)
    place = lakes.place(tmp_path)
    tiny_store.write(place)
    monkeypatch.undo()
    monkeypatch.setenv(store.ENVIRONMENT, place)
    for page, parameters in (
        ("app.py", {}),
        ("pages/1_unusual_scores.py", {"family": "Qwen"}),
        ("pages/2_benchmarks.py", {}),
        ("pages/2_benchmarks.py", {"benchmark": "gpqa"}),
    ):
        assert not opened(page, **parameters).exception
    assert "This build has no answers about benchmarks." in said(opened("pages/2_benchmarks.py"))


def test_low_marks_stand_beside_how_the_list_of_them_was_judged(data):  # noqa: F811 (the argument asks for the fixture)
    judged = pd.read_csv(ROOT / "data" / "method" / "review_low.csv")["judged"]
    sentence = f"Of {len(judged)} low marks judged one by one, {(judged == 'artefact').sum()} look like artefacts"
    assert sentence in said(opened("pages/1_unusual_scores.py", side="low"))
    assert sentence not in said(opened("pages/1_unusual_scores.py", side="high"))


def test_what_a_forecast_says_of_its_back_test_is_what_was_tested():
    tested = pd.read_csv(ROOT / "data" / "method" / "backtest.csv")
    said = answers.tested_forecasts()
    assert f"more than {tested['horizon'].max()} months ahead was not back-tested" in said
    year = tested[(tested["horizon"] == 12) & (tested["set"] == "tests")].iloc[0]
    assert f"held {100 * year['coverage']:.0f}% of the outcomes" in said


@pytest.mark.parametrize(("n", "line"), [(1, "1 score leads nothing"), (2, "2 scores lead nothing"), (0, "")])
def test_scores_that_lead_nothing_are_counted_in_a_sentence(n, line):
    row = pd.Series(
        {f"{kind}{more}": None for kind in answers.KINDS for more in ("", "_model", "_model_id")} | {"n_left_out": n}
    )
    assert line in " ".join(answers.best_lines(row))


def test_a_test_in_lists_by_day_says_whose_answer_it_has(monkeypatch):
    page = SimpleNamespace(path="x")
    row = pd.Series({"benchmark_id": "arena", "best_series_id": "s"})
    for owner, start in (("arena@2026-08-01", "The answer is that of its newest list"), ("arena", "")):
        monkeypatch.setattr("ui.answers.data.read", lambda *_, o=owner: pd.DataFrame({"benchmark_id": [o]}))
        told = answers.newest_list(page, row)
        assert told.startswith(start) and ("benchmark=arena%402026-08-01" in told) == bool(start)
    assert answers.newest_list(page, row.replace("s", None)) == ""


@pytest.mark.parametrize(("unit", "among"), [("rating", "in one list"), ("fraction", "over all set-ups")])
def test_who_ties_is_told_with_what_they_were_compared_in(monkeypatch, unit, among):
    named = pd.DataFrame({"model_id": ["a", "b"], "name": ["A", "B"]})
    monkeypatch.setattr("ui.answers.data.read", lambda *_: named)
    row = pd.Series({"tie_group": "a; b", "tie_group_size": 2, "tie_series_id": None, "unit": unit})
    told = answers.tied_line(SimpleNamespace(path="x"), row)
    assert f"each maker's best, {among})" in told and "[A]" in told and "[B]" in told
