"""One answer per benchmark, family and model: the rules by hand-made evidence, then properties."""

import numpy as np
import pandas as pd
import pytest
from boards import ASOF, frame_of

from ingest import settings
from scoring.answers import benchmark, documents, family, instead, makers
from scoring.evidence import DOCUMENTS, Evidence
from scoring.results import FINDING

MAKERS = [f"maker{i}" for i in range(20)]


def test_of(scores, **changes):
    """Six makers' newest models on `test`, each with an older model of its own on two other sources."""
    n = len(scores)
    groups = [settings.read_group("", "", "", text) for text in changes.get("setting", [""] * n)]
    newest = {
        "score": np.array(scores, dtype=float),
        "developer": MAKERS[:n],
        "model_id": [f"new{i}" for i in range(n)],
        "evaluation_id": [f"a{i}" for i in range(n)],
        "setting_group": groups,
        "series_id": "test:accuracy:reported",
        "model_date": pd.Timestamp("2025-05-01"),
        "first_seen_date": pd.Timestamp("2025-05-02"),
        "n_items": 10000,
    }
    older = [
        frame_of(
            score=np.full(n, 0.1), developer=MAKERS[:n], model_id=[f"old{i}" for i in range(n)], source_id=source,
            evaluation_id=[f"{source}{i}" for i in range(n)], benchmark_id="other", series_id="other:accuracy:reported",
            setting_group="reported", model_date=pd.Timestamp("2023-01-01"),
            first_seen_date=pd.Timestamp("2023-01-02"),
        )
        for source in ("one", "two")
    ]  # fmt: skip
    return pd.concat([frame_of(**(newest | changes)), *older], ignore_index=True)


test_of.__test__ = False


def answer(frame, findings=None, documents=None):
    evidence = Evidence(
        evaluations=frame,
        asof=ASOF,
        documents=pd.DataFrame([] if documents is None else documents, columns=DOCUMENTS),
    )
    found = pd.DataFrame(columns=FINDING) if findings is None else pd.DataFrame(findings)
    rows = benchmark.scores(evidence, found.reindex(columns=FINDING))
    told = benchmark.answers(rows, ASOF)
    return told[told["benchmark_id"] == "test"].iloc[0]


SPREAD = [0.80, 0.70, 0.60, 0.55, 0.50, 0.40]


def test_a_test_that_separates():
    row = answer(test_of(SPREAD))
    assert (row["status"], row["use"], row["best"], row["best_model_id"]) == ("separating", "in_use", 0.80, "new0")
    assert row["headroom"] == pytest.approx(0.20)
    assert (row["n_makers"], row["n_makers_12m"], row["kth_best"]) == (6, 6, 0.50)


@pytest.mark.parametrize(
    ("scores", "status"),
    [
        ([0.96, 0.95, 0.5, 0.5, 0.5, 0.5], "closed"),
        ([0.95, 0.95, 0.95, 0.95, 0.95, 0.5], "closed"),  # a twentieth, as the test page has it set-up by set-up
        ([0.7, 0.7, 0.69, 0.6, 0.5, 0.5], "separating"),  # three tie, with 30% of the scale left
        ([0.80, 0.80, 0.80, 0.79, 0.79, 0.5], "tied"),
        ([0.80, 0.79, 0.78, 0.70, 0.60, 0.5], "crowded"),  # within the 3 points that another set-up moves a score by
        ([0.91, 0.90, 0.70, 0.60, 0.55, 0.5], "crowded"),  # two are there with less than a tenth of the scale left
        ([0.40, 0.40, 0.40, 0.39, 0.39, 0.2], "cannot_tell"),  # a tie with 60% of the scale left is no end
        ([0.40, 0.40, 0.39, 0.30, 0.20, 0.2], "separating"),
        ([0.80, 0.70, 0.60], "cannot_tell"),  # three makers
    ],
)
def test_status_by_hand(scores, status):
    assert answer(test_of(scores))["status"] == status


def test_makers_whom_only_set_ups_hold_together_crowd_a_test_and_do_not_tie():
    near = [0.8, 0.8, 0.79, 0.79, 0.78, 0.5]
    assert answer(test_of(near, n_items=np.nan))["status"] == "crowded"
    assert answer(test_of(near, n_items=100))["status"] == "tied"
    assert answer(test_of([0.8, 0.76, 0.72, 0.7, 0.68, 0.66], n_items=np.nan))["status"] == "cannot_tell"
    assert answer(test_of(SPREAD, n_items=np.nan))["status"] == "separating"  # 50 questions would tell these apart


@pytest.mark.parametrize(
    ("best", "others", "status"),
    [
        (0.60, 15, "separating"),  # five of twenty makers are near the best: fifteen are told from it
        (0.60, 8, "cannot_tell"),  # five of thirteen
        (0.84, 15, "separating"),
        (0.84, 8, "tied"),
        (0.93, 15, "tied"),  # what is left is of the size of wrong keys, however many makers are below
    ],
)
def test_the_more_makers_report_a_test_the_more_may_be_near_the_best(best, others, status):
    row = answer(test_of([best] * 5 + [0.3] * others))
    assert row["status"] == status
    if status == "separating":
        assert f"The best 5 of {5 + others} makers are within" in row["reason"]


def test_ties_among_tests_of_unknown_length_are_told_as_many_as_fifty_questions_would_make():
    few = answer(test_of([0.60, 0.60, 0.59, 0.50, 0.48] + [0.1] * 15, n_items=np.nan))
    assert few["status"] == "separating" and "The best 5 of 20 makers" in few["reason"]
    assert answer(test_of([0.60, 0.60, 0.59, 0.50, 0.48] + [0.1] * 4, n_items=np.nan))["status"] == "cannot_tell"


def test_the_best_of_few_makers_says_nothing_of_the_room_left():
    row = answer(test_of([0.39, 0.30, 0.20]))
    assert pd.isna(row["headroom"]) and "is left" not in row["reason"]
    assert row["reason"].startswith(
        "Too few to compare: 3 makers have a credible score, the best 39.0 (new0, May 2025,"
    )
    assert "one maker has a credible score, 39.0 (new0" in answer(test_of([0.39]))["reason"]


def test_where_guessing_gives_points_the_room_is_of_the_scale_above_it():
    assert "20% of the scale is left" in answer(test_of(SPREAD, floor=0.0))["reason"]
    assert "40% of the scale above guessing is left" in answer(test_of(SPREAD, floor=0.5))["reason"]


@pytest.mark.parametrize(
    ("finding", "left_out"),
    [
        ({"level": "unusual", "direction": "high"}, True),
        ({"level": "very_unusual", "direction": "high"}, True),
        ({"level": "check_data", "direction": None}, True),
        ({"level": "unusual", "direction": "low"}, False),
        ({"level": "somewhat", "direction": "high"}, False),
    ],
)
def test_no_marked_score_sets_a_frontier(finding, left_out):
    mark = {"signal_id": "size_anomaly", "variant": "", "subject_id": "a0"} | finding
    row = answer(test_of(SPREAD), findings=[mark])
    assert row["best"] == (0.70 if left_out else 0.80)
    assert row["n_left_out"] == int(left_out)


@pytest.mark.parametrize(
    ("benchmark_id", "status", "left_out"),
    [
        (None, "marked by the test's owner", True),
        (None, "deliberate demonstration", True),
        ("test", "withdrawn or corrected", True),
        ("test", "reported by a third party", True),
        (None, "reported by a third party", False),  # about the model at large, not about this score
        ("other", "withdrawn or corrected", False),
        ("test", "disclosed by the maker", False),
    ],
)
def test_documents_keep_a_score_from_the_frontier(benchmark_id, status, left_out):
    about = [{"model_id": "new0", "benchmark_id": benchmark_id, "status": status}]
    assert answer(test_of(SPREAD), documents=about)["best"] == (0.70 if left_out else 0.80)


@pytest.mark.parametrize(
    ("benchmark_id", "status", "leads"),
    [
        ("test", "withdrawn or corrected", True),
        ("test", "disclosed by the maker", True),
        (None, "deliberate demonstration", True),
        (None, "disclosed by the maker", False),
        ("other", "withdrawn or corrected", False),
    ],
)
def test_a_document_about_this_score_leads_its_sentence(benchmark_id, status, leads):
    about = {
        "model_id": "new0", "benchmark_id": benchmark_id, "status": status, "said_by": "Example Lab",
        "evidence_date": "2025-05-04",
    }  # fmt: skip
    evidence = Evidence(evaluations=test_of(SPREAD), asof=ASOF, documents=pd.DataFrame([about], columns=DOCUMENTS))
    rows = [
        {"signal_id": signal, "variant": "", "subject_id": name, "reason": "Within what similar models get.", "level": "usual"}
        for signal in ("size_anomaly", "ceiling") for name in ("a0", "a1")
    ]  # fmt: skip
    findings = pd.DataFrame(rows).reindex(columns=FINDING)
    told = documents.lead(findings, evidence, "size_anomaly")
    first = f"On record: {status} (Example Lab, 2025-05-04). " if leads else ""
    assert told["reason"].tolist() == [
        f"{first}Within what similar models get.",
        *["Within what similar models get."] * 3,
    ]
    assert told["level"].tolist() == findings["level"].tolist()


@pytest.mark.parametrize(("level", "best"), [("check_data", 0.70), ("cannot_tell", 0.70), ("usual", 0.80)])
def test_a_score_above_the_share_of_right_keys_sets_no_frontier_unless_many_are(level, best):
    above = {"signal_id": "ceiling", "variant": "", "subject_id": "a0", "level": level, "direction": "high"}
    assert answer(test_of(SPREAD), findings=pd.DataFrame([above]).reindex(columns=FINDING))["best"] == best


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("accuracy", "The unit of its scores is not stated, so no room can be told."),
        ("matthews-correlation-coefficient", "correlations with the right answers (100 is full agreement)"),
        ("judge_score", "Its scores are no share of its questions, so no room can be told."),
    ],
)
def test_scores_that_are_no_fractions_say_why_no_room_is_told(metric, said):
    frame = test_of([96.8, 95.0, 93.0, 90.0, 80.0, 70.0], metric=metric, unit="points", floor=np.nan)
    row = answer(frame)
    assert row["status"] == "cannot_tell" and said in row["reason"]


def test_quoted_numbers_set_no_frontier():
    assert answer(test_of(SPREAD, read_from=["quoted", *["page"] * 5]))["best"] == 0.70


def test_tools_and_samples_are_answers_of_their_own():
    told = ["with search", "maj@64", "0-shot", "0-shot", "0-shot", "no tools"]
    row = answer(test_of(SPREAD, setting=told))
    assert (row["best"], row["best_with_tools"], row["best_by_samples"]) == (0.60, 0.80, 0.70)


@pytest.mark.parametrize(
    ("domain", "said", "best", "with_tools"),
    [
        ("agent", ["with search", "with search", "with search", "", "", ""], 0.80, None),
        ("knowledge", ["with search", "with search", "with search", "no tools", "", ""], 0.58, 0.80),
        (None, ["Agentic Search"] * 6, 0.80, None),
        (None, [*["Agentic Search"] * 5, "no tools"], 0.55, 0.80),
    ],
)
def test_in_a_test_of_working_with_tools_they_are_the_plain_way(domain, said, best, with_tools):
    row = answer(test_of([0.80, 0.70, 0.60, 0.58, 0.57, 0.55], setting=said, domain=domain))
    assert [row[name] for name in ("best", "best_with_tools")] == [best, with_tools]


def test_a_score_that_may_be_with_tools_says_nothing_without_its_setting():
    told = ["", "with tools", "with python", "no tools", "no tools", "no tools"]
    changes = {"setting": told, "evaluator_relationship": "first_party"}
    assert answer(test_of(SPREAD, **changes))["best"] == 0.55
    ran = {"setting": told, "evaluator_relationship": "third_party"}
    assert answer(test_of(SPREAD, **ran))["best"] == 0.80


def test_a_fine_tune_stands_beside_the_answer():
    frame = test_of(SPREAD)
    tuned = frame_of(
        score=[0.9], model_id=["tuned"], evaluation_id=["t"], developer=["somebody"], root_model=["new0"],
        series_id="test:accuracy:reported", setting_group="reported",
    )  # fmt: skip
    row = answer(pd.concat([frame, tuned], ignore_index=True))
    assert (row["best"], row["best_community"]) == (0.80, 0.90)


@pytest.mark.parametrize(
    ("best", "said"),
    [
        (1.0, "Nothing of the scale is left."),
        (0.996, "Only 0.4% of the scale is left."),
        (0.96, "Only 4% of the scale"),
    ],
)
def test_what_is_left_of_a_closed_test_is_told_as_finely_as_it_is_little(best, said):
    assert said in answer(test_of([best, best, 0.5, 0.5, 0.5, 0.5]))["reason"]


@pytest.mark.parametrize(
    ("scores", "status", "said"),
    [
        # One maker at the end of a scale on which the next is far below: the test tells them apart.
        ([0.96, 0.80, 0.79, 0.78, 0.77, 0.7], "separating", "4% of the scale is left to it, 20% to the next maker"),
        ([1.00, 0.80, 0.79, 0.78, 0.77, 0.7], "separating", "Nothing of the scale is left to it, 20% to the next"),
        ([0.92, 0.55, 0.5, 0.5, 0.5, 0.4], "separating", "8% of the scale is left to it, 45% to the next maker"),
        # The next is near: not closed by one maker alone, but nearly exhausted.
        ([0.95, 0.93, 0.7, 0.6, 0.5, 0.4], "crowded", "Nearly exhausted: 5% of the scale is left,"),
        ([0.92, 0.89, 0.7, 0.6, 0.5, 0.4], "crowded", "Nearly exhausted: 8% of the scale is left,"),
        ([0.96, 0.95, 0.7, 0.6, 0.5, 0.4], "closed", "Only 4% of the scale is left."),
        # A single maker closes nothing.
        ([0.99], "cannot_tell", "Too few to compare: one maker has a credible score, 99.0"),
    ],
)
def test_a_test_is_at_its_end_when_two_makers_are_there(scores, status, said):
    row = answer(test_of(scores))
    assert row["status"] == status and said in row["reason"], row["reason"]


def test_the_next_maker_is_near_the_end_too_where_it_passes_people():
    scores = [0.91, 0.82, 0.7, 0.6, 0.5, 0.4]
    assert answer(test_of(scores))["status"] == "separating"
    assert answer(test_of(scores, human_score=0.80))["status"] == "crowded"
    assert answer(test_of(scores, human_score=0.85))["status"] == "separating"


@pytest.mark.parametrize(
    ("best", "said"),
    [
        (0.86, "Little room: 14% of the scale is left, and the best is told apart"),
        (0.84, ". 16% of the scale is left, and the best is told apart"),
    ],
)
def test_a_test_that_separates_with_little_room_says_so(best, said):
    row = answer(test_of([best, 0.78, 0.7, 0.6, 0.5, 0.4]))
    assert row["status"] == "separating" and said in row["reason"], row["reason"]


@pytest.mark.parametrize(
    ("scores", "status", "said"),
    [
        # More makers could only leave less of the scale.
        ([0.92, 0.91, 0.6], "crowded", "Nearly exhausted: 8% of the scale is left"),
        ([0.92, 0.80, 0.6], "cannot_tell", "Too few to compare: 3 makers have a credible score, the best 92.0"),
        ([0.80, 0.79, 0.6], "cannot_tell", "At most 20% of the scale is left."),
    ],
)
def test_two_makers_near_the_end_bound_the_room_that_is_left(scores, status, said):
    row = answer(test_of(scores))
    assert row["status"] == status and said in row["reason"], row["reason"]


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([0.60, 0.60, 0.59, 0.4, 0.3, 0.2], "The best 3 of 6 makers are within sampling error and the 3.0 points"),
        ([0.60, 0.60, 0.59, 0.59, 0.3], "; the other is told apart from the best."),
        (
            [0.60, 0.60, 0.4, 0.3, 0.2, 0.1],
            "40% of the scale is left, and the best is told apart from the fifth maker.",
        ),
    ],
)
def test_of_a_test_that_separates_with_much_room_it_is_said_who_ties(scores, said):
    row = answer(test_of(scores))
    assert row["status"] == "separating" and said in row["reason"], row["reason"]


def test_of_a_test_with_much_room_no_bound_is_told_where_makers_are_few():
    assert "At most" not in answer(test_of([0.60, 0.59, 0.5]))["reason"]


@pytest.mark.parametrize(
    ("human", "day", "said"),
    [
        (0.80, "2023-05-01", "As good as exhausted: 18% of the scale is left, and 3 makers cannot be told apart"),
        (0.80, "2025-05-01", ". 18% of the scale is left, and 3 makers cannot be told apart"),
    ],
)
def test_a_retired_test_on_which_many_are_level_with_people_is_as_good_as_exhausted(human, day, said):
    days = {"model_date": pd.Timestamp(day), "first_seen_date": pd.Timestamp(day)}
    row = answer(test_of([0.82, 0.81, 0.80, 0.6, 0.5, 0.4], human_score=human, **days))
    assert row["status"] == "crowded" and said in row["reason"], row["reason"]


OLD = {"model_date": pd.Timestamp("2023-05-01"), "first_seen_date": pd.Timestamp("2023-05-01")}


@pytest.mark.parametrize(
    ("scores", "human", "status", "said"),
    [
        (
            SPREAD,
            np.nan,
            "cannot_tell",
            "). 20% of the scale was left to it. What today's best models reach is not on record",
        ),
        (
            [0.80, 0.80, 0.80, 0.79, 0.79, 0.5],
            np.nan,
            "cannot_tell",
            "may well be more: this is the state of 2023. Retired",
        ),
        ([0.87, 0.87, 0.87, 0.87, 0.87, 0.5], np.nan, "tied", "13% of the scale is left, and 5 makers cannot"),
        (
            [0.87, 0.70, 0.60, 0.55, 0.50, 0.4],
            0.86,
            "crowded",
            "As good as exhausted: 13% of the scale is left. That is above",
        ),
        ([0.87, 0.70, 0.60, 0.55, 0.50, 0.4], 0.88, "cannot_tell", "13% of the scale was left to it."),
        # Two makers bound the room from above, whether they tie or not.
        ([0.87, 0.86, 0.60, 0.55, 0.50, 0.4], np.nan, "crowded", "Little room: at most 13% of the scale is left. What"),
        ([0.89, 0.85, 0.60, 0.55, 0.50, 0.4], np.nan, "crowded", "Little room: at most 11% of the scale is left. What"),
        ([0.93, 0.92, 0.60, 0.55, 0.50, 0.4], np.nan, "crowded", "Nearly exhausted: 7% of the scale is left"),
    ],
)
def test_what_a_retired_test_told_years_ago_is_not_said_of_todays_models(scores, human, status, said):
    row = answer(test_of(scores, human_score=human, **OLD))
    assert row["status"] == status and said in row["reason"], row["reason"]
    assert answer(test_of(scores, human_score=human))["status"] in ("separating", "tied", "crowded")


@pytest.mark.parametrize(
    ("metric", "said"), [("matched", "unit of its scores is not stated"), ("cider", "are no share of its questions")]
)
def test_of_scores_without_a_unit_it_is_said_whether_they_are_shares(metric, said):
    frame = test_of(SPREAD, metric=metric, unit="points")
    assert said in answer(frame)["reason"]


def test_one_model_near_the_end_of_a_test_that_others_left_years_ago_uses_it_up():
    days = {"model_date": [pd.Timestamp("2025-05-01"), *[pd.Timestamp("2023-05-01")] * 5]}
    row = answer(test_of([0.95, *SPREAD[1:]], **days, first_seen_date=days["model_date"]))
    assert row["status"] == "crowded" and row["use"] == "retired"
    assert "Nearly exhausted: 5% of the scale is left to it; the next maker's model is of 2023." in row["reason"]
    assert answer(test_of([0.95, *SPREAD[1:]]))["status"] == "separating"
    assert answer(test_of([0.95, *SPREAD[1:]], **OLD))["status"] == "crowded"


def test_an_ensemble_sets_no_frontier_of_models():
    names = ["FooNet (ensemble)", *[f"new{i}" for i in range(1, 6)]]
    row = answer(test_of(SPREAD, model_name=names))
    assert (row["best"], row["best_model_id"], row["best_by_samples"]) == (0.70, "new1", 0.80)
    judged = answer(test_of(SPREAD, model_name=["Foo (Bar-4 judge)", *names[1:]]))
    assert judged["best"] == 0.70
    merged = test_of(SPREAD, model_name=["foo-ensemble-v4", *names[1:]])
    assert answer(merged.replace({"model_id": {"new0": "hf:a/foo-ensemble-v4"}}))["best"] == 0.80


def test_a_model_trained_for_a_test_stands_apart_where_five_makers_report_it_without():
    settings_of = ["fine-tuned", *[""] * 5]
    row = answer(test_of(SPREAD, setting=settings_of))
    assert row["best"] == 0.70 and "Fine-tuned for the test, 80.0 was reached (new0, May 2025)." in row["reason"]
    assert row["kth_best"] == 0.40
    ended = answer(test_of([0.97, *SPREAD[1:]], setting=settings_of, **OLD))
    assert (
        ended["status"] == "crowded" and "As good as exhausted by models that were trained for it." in ended["reason"]
    )
    assert "Fine-tuned for the test, 97.0 was reached" in ended["reason"]
    together = answer(test_of(SPREAD, setting=["fine-tuned"] * 2 + [""] * 4))
    assert together["best"] == 0.80 and "(new0, fine-tuned for the test, May 2025," in together["reason"]


def test_of_a_closed_test_no_ties_are_told():
    row = answer(test_of([0.97, 0.97, 0.96, 0.96, 0.96, 0.5]))
    assert row["status"] == "closed" and pd.isna(row["tie_group"]) and pd.isna(row["tie_group_size"])
    assert answer(test_of([0.94, 0.94, 0.94, 0.5, 0.5, 0.5]))["reason"].count("Nearly exhausted: 6% of the scale") == 1


def test_quotes_of_a_collection_count_where_too_few_makers_are_known_otherwise():
    quoted = test_of(SPREAD, read_from="quoted", evaluator_relationship="unknown", source_id="collection")
    row = answer(quoted)
    assert (row["best"], row["use"]) == (0.80, "in_use") and "quoted from elsewhere" in row["reason"]
    own = quoted.assign(evaluator_relationship="first_party")  # a source with numbers of makers quotes their rivals
    assert pd.isna(answer(own)["best"])
    for below, best in ((0.55, 0.80), (0.75, 0.70)):  # one maker is known otherwise, or five: enough to compare
        known = quoted.copy()
        is_known = known["benchmark_id"].eq("test") & known["score"].lt(below)
        known.loc[is_known, ["read_from", "source_id"]] = ["page", "board"]
        assert answer(known)["best"] == best


def test_of_a_renewed_test_only_models_of_the_last_year_lead_where_no_release_is_stated():
    days = {"model_date": [pd.Timestamp("2024-01-31"), *[pd.Timestamp("2025-05-01")] * 5]}
    frame = test_of(SPREAD, is_dynamic=True, **days, first_seen_date=days["model_date"])
    assert answer(frame)["best"] == 0.70
    assert answer(frame.assign(is_dynamic=False))["best"] == 0.80


def test_a_test_in_lists_by_day_has_the_answer_of_its_newest_list():
    columns = ["benchmark_id", "status", "use", "best", "newest_date", "n_models", "reason"]
    table = pd.DataFrame(
        [
            ["arena", "cannot_tell", "retired", 1412.0, "2025-03-28", 75, "Old."],
            ["arena@2026-07-01", "separating", "in_use", 1500.0, "2026-06-30", 90, "Best 1500."],
            ["arena@2026-08-01", "separating", "in_use", 1508.0, "2026-07-31", 99, "Best 1508."],
            ["arena@2026-08-02", "cannot_tell", "in_use", 1509.0, "2026-08-01", 99, "No errors are printed."],
            ["bench", "closed", "in_use", 0.97, "2026-08-01", 50, "Newer than its list."],
            ["bench@2024-01-01", "separating", "retired", 0.5, "2024-01-01", 9, "Older."],
        ],
        columns=columns,
    ).reindex(columns=benchmark.ANSWER)
    told = benchmark.of_newest_lists(table).set_index("benchmark_id")
    assert told.loc["arena", ["status", "use", "best", "n_models"]].tolist() == ["separating", "in_use", 1508.0, 75]
    assert told.loc["arena", "reason"] == "Of the newest list, 1 August 2026: Best 1508."
    assert told.loc["bench", "reason"] == "Newer than its list." and told.loc["arena@2026-08-02", "best"] == 1509.0


def test_a_human_score_that_the_best_reaches_is_told():
    assert "is above the human score on record (75.0)" in answer(test_of(SPREAD, human_score=0.75))["reason"]
    assert "reaches the human score on record (80.0)" in answer(test_of(SPREAD, human_score=0.80))["reason"]
    assert "human" not in answer(test_of(SPREAD, human_score=0.85))["reason"]


def test_a_test_that_few_report_leads_to_its_parts_and_a_retired_one_to_its_version_in_use():
    table = pd.DataFrame(
        [
            ["race", "cannot_tell", None, 1, np.nan, None, np.nan],
            ["race-high", "separating", "retired", 7, 0.8, "2024-01-01", 0.134],
            ["racer", "separating", "in_use", 9, 0.8, "2026-01-01", 0.2],
            ["arena", "cannot_tell", "retired", 9, 0.8, "2025-01-01", np.nan],
            ["arena@2026", "cannot_tell", "in_use", 9, 0.8, "2026-01-01", np.nan],
            ["squad", "cannot_tell", None, 2, np.nan, "2024-01-01", np.nan],
            ["squad@1-1", "crowded", "retired", 9, 0.8, "2021-01-01", 0.09],
            ["squad@3-0", "cannot_tell", "retired", 2, np.nan, "2021-01-01", np.nan],
        ],
        columns=["benchmark_id", "status", "use", "n_makers", "kth_best", "newest_date", "headroom"],
    )
    assert benchmark.see_also(table) == [
        " See also race-high (separating, 13% left).", "", "", " See also arena@2026 (cannot tell).", "",
        " See also squad@1-1 (crowded, 9% left).", "", "",
    ]  # fmt: skip


def test_a_test_nobody_new_reports_is_retired():
    old = {"model_date": pd.Timestamp("2023-05-01"), "first_seen_date": pd.Timestamp("2023-05-02")}
    row = answer(test_of(SPREAD, **old))
    assert row["use"] == "retired" and "Retired" in row["reason"] and "May 2023" in row["reason"]


def test_an_old_model_without_a_day_that_a_new_board_lists_keeps_no_test_in_use():
    row = answer(test_of(SPREAD, model_date=pd.NaT, date_basis=None))
    assert pd.isna(row["use"]) and row["n_makers_12m"] == 0
    assert "(new0, first seen May 2025, " in row["reason"]


def test_a_model_is_as_old_as_the_first_page_that_shows_it():
    frame = test_of(SPREAD, model_date=pd.NaT, date_basis=None)
    frame.loc[len(frame)] = frame.iloc[-1].to_dict() | {
        "evaluation_id": "z", "model_id": "new0", "first_seen_date": pd.Timestamp("2020-02-03"), "score": 0.3
    }  # fmt: skip
    assert "(new0, first seen February 2020, " in answer(frame)["reason"]


def test_of_metrics_that_as_many_makers_report_right_answers_are_the_tests_own():
    frame = test_of(SPREAD)
    rate = frame[frame["benchmark_id"] == "test"].assign(
        metric="refusal rate", score=0.99, evaluation_id=lambda f: "r" + f["evaluation_id"],
        series_id="test:refusal rate:reported",
    )  # fmt: skip
    twice = rate.assign(evaluation_id=lambda f: "s" + f["evaluation_id"], model_id=lambda f: f["model_id"] + "x")
    row = answer(pd.concat([frame, rate, twice], ignore_index=True))
    assert (row["metric"], row["best"]) == ("accuracy", 0.80)


def test_ties_are_looked_for_in_one_set_up_where_five_makers_were_run():
    uniform = {"setting_group": "board", "series_id": "test:accuracy:board"}
    scores = [0.80, 0.78, 0.77, 0.70, 0.60, 0.50]
    assert answer(test_of(scores))["status"] == "crowded"
    row = answer(test_of(scores, **uniform))
    assert (row["status"], row["tie_series_id"], row["setup_points"]) == ("separating", "test:accuracy:board", 0.0)


def test_lower_is_better_turns_everything():
    row = answer(test_of([0.04, 0.05, 0.3, 0.4, 0.5, 0.6], is_lower_better=True, floor=np.nan))
    assert (row["best"], row["status"]) == (0.04, "closed")
    alone = answer(test_of([0.04, 0.2, 0.3, 0.4, 0.5, 0.6], is_lower_better=True, floor=np.nan, human_score=0.5))
    assert alone["status"] == "separating" and "4% of the scale is left to it, 20% to the next" in alone["reason"]


def test_order_of_rows_changes_nothing():
    frame = test_of(SPREAD)
    turned = frame.sample(frac=1, random_state=3).reset_index(drop=True)
    pd.testing.assert_series_equal(answer(frame), answer(turned), check_names=False)


def test_a_maker_has_models_of_its_own_in_two_sources():
    named = makers.named(test_of(SPREAD))
    assert named["is_maker"].all()
    once = makers.named(frame_of(score=[0.5, 0.6], developer="alone", source_id="one"))
    assert not once["is_maker"].any()


RATINGS = [1500.0, 1480.0, 1470.0, 1460.0, 1450.0, 1440.0]


@pytest.mark.parametrize(
    ("scores", "errors", "source", "status", "said"),
    [
        (RATINGS, 3.0, "list", "separating", "by the printed errors the best is told apart from the fifth maker"),
        (RATINGS, 9.0, "list", "separating", "the best is told apart"),  # 24.9 points: two tie with it
        (RATINGS, 30.0, "list", "cannot_tell", "the best 6 of 6 makers are within the printed errors"),
        (RATINGS, np.nan, "list", "cannot_tell", "no sampling errors are printed"),
        (RATINGS, 3.0, ["list", "other"] * 3, "cannot_tell", "the best come from several lists"),
        (RATINGS[:4], 3.0, "list", "cannot_tell", "no room can be told"),
        (
            [*[1500.0 - i for i in range(5)], *[1400.0] * 15],
            3.0,
            "list",
            "separating",
            "the best 5 of 20 makers",
        ),
    ],
)
def test_a_list_of_ratings_tells_makers_apart_by_its_printed_errors(scores, errors, source, status, said):
    rows = test_of(scores, unit="rating", n_items=np.nan, standard_error=errors, source_id=source)
    row = answer(rows.assign(unit=rows["unit"].where(rows["benchmark_id"].eq("test"), "fraction")))
    assert row["status"] == status and said in row["reason"], row["reason"]
    assert pd.isna(row["headroom"]) and "100 *" not in row["reason"]


def test_what_to_use_instead_ranks_models_alike():
    rng = np.random.default_rng(0)
    ability = rng.normal(size=30)
    rows = [
        pd.DataFrame({"benchmark_id": name, "model_id": [f"m{i}" for i in range(30)], "turned": values})
        for name, values in (
            ("over", ability),
            ("alike", ability + 0.1 * rng.normal(size=30)),
            ("unlike", rng.normal(size=30)),
            ("nearly used up", ability + 0.01 * rng.normal(size=30)),
            ("of ratings@2026-01-02", ability + 0.2 * rng.normal(size=30)),
            ("of ratings@2025-01-02", ability + 0.15 * rng.normal(size=30)),  # an older release of the same list
        )
    ]
    told = pd.DataFrame(
        {
            "benchmark_id": [rows[i]["benchmark_id"].iat[0] for i in range(6)],
            "status": ["closed", "separating", "separating", "crowded", "separating", "separating"],
            "use": "in_use",
            "headroom": [0.01, 0.3, 0.3, 0.07, None, None],
        }
    )
    found = instead.alternatives(pd.concat(rows), told, pd.Series(dtype=object))
    assert set(found["benchmark_id"]) == {"over", "nearly used up"}
    found = found[found["benchmark_id"].eq("over")]
    assert found["alternative_id"].tolist() == ["alike", "of ratings@2026-01-02"] and found["n_shared"].iat[0] == 30
    assert found["correlation"].iat[0] == pytest.approx(
        pd.Series(rows[0]["turned"]).corr(rows[1]["turned"], method="spearman")
    )


@pytest.mark.parametrize(
    ("names", "kinds", "expected"),
    [
        # of the same domain first, then the most alike; one of no known domain for none whose domain is known
        (
            ["maths", "tweets", "facts", "proofs"],
            ["mathematics", None, "knowledge", "mathematics"],
            ["proofs", "facts"],
        ),
        (
            ["sentences", "tweets", "facts", "proofs"],
            [None, None, "knowledge", "mathematics"],
            ["tweets", "facts", "proofs"],
        ),
        # never the whole of a part, nor the same questions at another laboratory; a release with other questions is one
        (["quiz-hard", "quiz", "quiz-harder", "quiz-hard@lab"], ["science"] * 4, ["quiz-harder"]),
        (["calls@v3", "calls@v4", "calls@helm", "quiz"], ["tools"] * 4, ["calls@v4", "quiz"]),
    ],
)
def test_what_to_use_instead_asks_for_the_same_thing_but_not_the_same_questions(names, kinds, expected):
    rng = np.random.default_rng(0)
    ability = rng.normal(size=60)
    rows = pd.concat(
        pd.DataFrame(
            {
                "benchmark_id": name,
                "model_id": [f"m{i}" for i in range(60)],
                "turned": ability + 0.2 * place * rng.normal(size=60),
            }
        )
        for place, name in enumerate(names)
    )
    told = pd.DataFrame(
        {
            "benchmark_id": names,
            "status": ["closed", *["separating"] * 3],
            "use": "in_use",
            "headroom": [0.01, *[0.3] * 3],
        }
    )
    found = instead.alternatives(rows, told, pd.Series(kinds, index=names))
    assert found["alternative_id"].tolist() == expected and found["place"].tolist() == [*range(1, len(expected) + 1)]


def groups(effect, seed):
    """Twelve families of eight models on ten tests; the first family stands `effect` spreads above on test 0."""
    rng = np.random.default_rng(seed)
    rows = [
        (f"f{f}", f"c{f}-{m}", f"m{f}-{m}", f"t{t}", rng.normal() + effect * (f == 0 and t == 0))
        for f in range(12)
        for m in range(8)
        for t in range(10)
    ]
    frame = pd.DataFrame(rows, columns=["group", "cluster_id", "model_id", "test", "distance"])
    return frame.assign(
        points=5 * frame["distance"], is_static=np.where(frame["test"].isin(["t0", "t1", "t2"]), 1.0, 0.0)
    )


def test_a_family_above_its_other_scores_is_named_with_its_test():
    found = family.of_groups(groups(3.0, 1), "family")
    marked = found[found["level"] == "unusual"]
    assert ("f0", "t0") in set(zip(marked["group_name"], marked["subject_id"], strict=True))
    assert marked.set_index("subject_id").loc["t0", "direction"] == "high"


@pytest.mark.parametrize("per_spread", [0.1, -5.0])
def test_a_difference_that_no_reader_would_see_is_named_nobody(per_spread):
    frame = groups(3.0, 1)
    found = family.of_groups(frame.assign(points=frame["distance"] * per_spread), "family")
    assert not found["level"].eq("unusual").any()
    assert not found.loc[found["effect_points"].abs() < family.MIN_POINTS, "level"].eq("somewhat").any()


def test_points_are_centred_as_spreads_are():
    frame = groups(3.0, 1)
    moved = frame.assign(points=frame["points"] + np.where(frame["test"] == "t0", 40.0, 0.0))
    before, after = (family.of_groups(f, "family") for f in (frame, moved))
    assert after["effect_points"].to_numpy() == pytest.approx(before["effect_points"].to_numpy())


def test_null_families_are_hardly_ever_named():
    named = [(family.of_groups(groups(0.0, seed), "family")["level"] == "unusual").sum() for seed in range(20)]
    assert sum(named) <= 5  # of 20 times 132 answers


def test_near_copies_count_once():
    frame = groups(0.0, 2)
    frame.loc[frame["group"].eq("f0"), "cluster_id"] = "c0"
    found = family.of_groups(frame, "family")
    assert "f0" not in set(found["group_name"])  # one unit is too few
