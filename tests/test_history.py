"""Do copies of a run become one evaluation, and only real differences revisions?"""

import itertools
from dataclasses import replace

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import history, records, versions
from ingest.records import Reported, Source

SOURCES = {
    "board": Source(
        source_id="board", title="Board", url="https://board.example", licence="CC BY 4.0", attribution="Board",
        status="live", is_uniform=True, lists_all=r"full_.*",
    )
}  # fmt: skip


def reading(score, day, *, model="org/Model", run="r1", unit="fraction", file="full", scheme="hf", **more):
    return {
        "row": Reported(
            snapshot_id=f"{file}-{day}", model=model, benchmark="GPQA", score_reported=score, score_unit=unit,
            locator="GPQA", run=run, name_scheme=scheme, metric="acc", **more,
        ),
        "content_date": day,
        "file_name": f"{file}_{day}.csv",
    }  # fmt: skip


def collapse(*readings):
    frame = records.frame([r["row"] for r in readings], records.REPORTED_COLUMNS)
    accepted, rejected = records.accept(frame)
    assert rejected.empty
    return history.collapse(
        accepted.assign(
            content_date=[r["content_date"] for r in readings], file_name=[r["file_name"] for r in readings],
            source_id="board", url="https://board.example", licence="CC BY 4.0",
        ),
        SOURCES,
    )  # fmt: skip


def test_a_rounded_copy_is_a_sighting_and_the_precise_value_is_kept():
    past = collapse(reading("0.82", "2024-09-30"), reading("0.816374", "2024-12-31"), reading("0.8164", "2025-03-21"))
    assert len(past.evaluations) == 1
    one = past.evaluations.iloc[0]
    assert (one["score_reported"], one["n_sightings"], one["status"]) == ("0.816374", 3, "current")
    assert (one["first_seen_date"], one["last_seen_date"]) == ("2024-09-30", "2025-03-21")
    assert set(past.sightings["score_reported"]) == {"0.82", "0.816374", "0.8164"}


def test_a_percentage_and_a_fraction_of_one_run_are_compared_on_one_scale():
    past = collapse(reading("61.77", "2024-06-15", unit="percent"), reading("0.6177474", "2024-08-23"))
    assert len(past.evaluations) == 1
    past = collapse(reading("61.77", "2024-06-15", unit="percent"), reading("0.6190000", "2024-08-23"))
    assert sorted(past.evaluations["status"]) == ["current", "superseded"]


def test_a_larger_difference_is_a_revision_that_points_to_the_old_value():
    past = collapse(reading("0.0083", "2024-12-31"), reading("0.0143", "2025-03-21"))
    now = past.evaluations[past.evaluations["status"] == "current"].iloc[0]
    old = past.evaluations[past.evaluations["status"] == "superseded"].iloc[0]
    assert now["supersedes_id"] == old["evaluation_id"]
    assert past.changes[["kind", "old_value", "new_value", "changed_date"]].values.tolist() == [
        ["revised", "0.0083", "0.0143", "2025-03-21"]
    ]


def test_the_current_id_survives_a_revision():
    before = collapse(reading("0.0083", "2024-12-31")).evaluations["evaluation_id"].iloc[0]
    after = collapse(reading("0.0083", "2024-12-31"), reading("0.0143", "2025-03-21")).evaluations
    assert after.loc[after["status"] == "current", "evaluation_id"].tolist() == [before]


def test_different_runs_of_one_model_are_different_evaluations():
    past = collapse(reading("0.41", "2025-03-21", run="float16_a"), reading("0.43", "2025-03-21", run="bfloat16_a"))
    assert past.evaluations["status"].tolist() == ["current", "current"]


def test_hugging_face_names_compare_without_case_and_other_names_with_it():
    shared = collapse(reading("0.41", "2025-02-08"), reading("0.41", "2025-02-20", model="org/model"))
    assert len(shared.evaluations) == 1
    own = collapse(
        reading("0.41", "2025-02-08", scheme=""), reading("0.41", "2025-02-20", model="org/model", scheme="")
    )
    assert len(own.evaluations) == 2


def test_two_values_for_one_run_on_one_page_are_both_rejected():
    past = collapse(reading("0.41", "2025-03-21"), reading("0.43", "2025-03-21"))
    assert past.evaluations.empty
    assert past.rejections["reason"].tolist() == ["ambiguous", "ambiguous"]


def test_the_same_value_twice_on_one_page_is_counted_once():
    past = collapse(reading("0.41", "2025-03-21"), reading("0.41", "2025-03-21"))
    assert len(past.evaluations) == 1
    assert past.repeats["n_values"].tolist() == [1]


def test_a_row_missing_from_the_newest_full_page_is_removed_and_one_missing_from_a_partial_copy_is_not():
    full = collapse(
        reading("0.41", "2024-12-31"),
        reading("0.5", "2024-12-31", model="org/b"),
        reading("0.5", "2025-03-21", model="org/b"),
    )
    assert full.evaluations.set_index("model")["status"].to_dict() == {"org/Model": "removed", "org/b": "current"}
    assert full.changes["kind"].tolist() == ["removed"]
    partial = collapse(reading("0.41", "2024-12-31"), reading("0.5", "2025-03-21", model="org/b", file="part"))
    assert set(partial.evaluations["status"]) == {"current"}


def test_a_printed_listing_day_counts_as_first_seen_unless_it_lies_after_the_page():
    assert (
        collapse(reading("0.4", "2025-03-21", listed_date="2024-01-05")).evaluations["first_seen_date"][0]
        == "2024-01-05"
    )
    assert (
        collapse(reading("0.4", "2025-03-21", listed_date="2026-01-05")).evaluations["first_seen_date"][0]
        == "2025-03-21"
    )


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(5)))
def test_the_order_of_rows_changes_nothing(order):
    rows = [
        reading("0.82", "2024-09-30"), reading("0.8163", "2024-12-31"), reading("0.7", "2025-03-21"),
        reading("0.5", "2024-12-31", model="org/b"), reading("0.51", "2025-03-21", model="org/c"),
    ]  # fmt: skip
    expected, got = collapse(*rows), collapse(*(rows[i] for i in order))
    pd.testing.assert_frame_equal(got.evaluations, expected.evaluations)
    pd.testing.assert_frame_equal(got.sightings, expected.sightings)


@given(st.floats(0, 1), st.integers(1, 6), st.integers(0, 6))
def test_a_number_and_its_rounded_copy_are_equal(value, places, more):
    fine = round(value, places + more)
    assert history.are_equal(fine, places + more, round(fine, places), places)


def test_one_step_more_than_the_coarser_precision_is_not_equal():
    for places, far in itertools.product(range(1, 5), (1.1, 2, 5)):
        assert not history.are_equal(0.5, places, 0.5 + far * 0.5 * 10**-places + 1e-9, 12)
    assert history.are_equal(0.5, 2, 0.505, 12)


def settled(kind, *readings):
    """A board whose versions are of this kind; it lists no rows in full, as the real ones do not."""
    source = replace(SOURCES["board"], versions=kind, lists_all="")
    return versions.settle(collapse(*readings), {"board": source})


def release(score, day, version, **more):
    return reading(score, day, unit="percent", file=version, benchmark_version=version, **more)


def test_a_new_version_that_corrects_a_test_replaces_the_old_values():
    """HumanEval+ 70.1 was corrected to 36.0 within 18 days, and the old value stayed current."""
    past = settled(
        "corrects",
        release("70.1", "2024-04-29", "0.1.9"),
        release("36.0", "2024-05-17", "0.1.10"),
        release("50.0", "2024-04-29", "0.1.9", model="org/Gone"),
    )
    found = past.evaluations.set_index("score_reported")
    assert found["status"].to_dict() == {"70.1": "superseded", "36.0": "current", "50.0": "current"}
    assert found.loc["36.0", "supersedes_id"] == found.loc["70.1", "evaluation_id"]
    assert past.changes[["old_value", "new_value"]].to_numpy().tolist() == [["70.1", "36.0"]]


def test_results_that_a_release_carries_over_are_sightings_of_the_release_that_ran_them():
    rows = [
        release("29.167", "2024-06-24", "2024-06-24"),
        release("29.167", "2024-07-26", "2024-07-26"),
        release("31.004", "2024-08-31", "2024-08-31"),
        release("50", "2024-06-24", "2024-06-24", model="org/Whole"),
        release("50", "2024-07-26", "2024-07-26", model="org/Whole"),
    ]
    past = settled("renews", *rows)
    found = past.evaluations.groupby("model")["benchmark_version"].agg(sorted).to_dict()
    assert found == {"org/Model": ["2024-06-24", "2024-08-31"], "org/Whole": ["2024-06-24", "2024-07-26"]}
    assert len(past.sightings) == len(rows)
    assert set(past.sightings["evaluation_id"]) == set(past.evaluations["evaluation_id"])
    assert past.repeats[["n_values", "rule"]].to_numpy().tolist() == [[1, versions.CARRIED]]
    row = past.evaluations[past.evaluations["score_reported"] == "29.167"].iloc[0]
    assert (row["n_sightings"], row["last_seen_date"]) == (2, "2024-07-26")


def test_two_filters_over_the_answers_of_one_run_are_one_evaluation():
    """lm-evaluation-harness prints GSM8K twice per run: 94 models of one table counted twice."""
    past = settled(
        "",
        reading("0.36", "2024-06-24", setting="5-shot; filter flexible-extract"),
        reading("0.13", "2024-06-24", setting="5-shot; filter strict-match"),
        reading(
            "0.30", "2024-06-24", setting="8-shot; filter flexible-extract"
        ),  # alone: nothing else says what it got
        reading("0.40", "2024-06-24", setting="8-shot; filter maj@5-flexible-extract"),
        reading("0.41", "2024-06-24", setting="8-shot; filter maj@5"),
        reading("0.50", "2024-06-24", setting="5-shot; filter flexible-extract", model="org/Other"),
    )
    assert sorted(past.evaluations["score_reported"]) == ["0.13", "0.30", "0.41", "0.50"]
    assert set(past.sightings["evaluation_id"]) == set(past.evaluations["evaluation_id"])
    assert past.repeats[["n_values", "rule"]].to_numpy().tolist() == [[2, versions.SECOND_FILTER]]
