"""The age of a model: which day is its release, and which day only says that it existed."""

import pandas as pd

from ingest import dates, records
from ingest.records import ReportedModel


def said(*rows, model="m"):
    frame = records.frame(
        [ReportedModel(snapshot_id="s", model=model, name_scheme="hf", **r) for r in rows], records.MODEL_COLUMNS
    )
    return frame.assign(model_id="hf:m", source_id="board", content_date="2025-01-01")


def evaluated(day, first_seen, listed="", also=()):
    """One score of the model; `also` are days on which its board first showed other models."""
    return pd.DataFrame(
        {
            "model_id": ["hf:m", *(f"hf:other{i}" for i in range(len(also)))],
            "source_id": "board",
            "evaluated_on": [records.read_date(day) if day else None, *(None for _ in also)],
            "first_seen_date": [first_seen, *also],
            "listed_date": [listed, *("" for _ in also)],
            "is_version": True,
        }
    )


def choose(*args, **more):
    return dates.choose_dates(*args, **more).loc["hf:m", ["model_date", "date_basis"]].tolist()


def test_the_best_kind_of_date_is_used_and_called_by_its_name():
    full = said({"release_date": "2024-02-01", "upload_date": "2024-02-03", "submission_date": "2024-03-01"})
    shown = evaluated("2024-03-02", "2024-04-01")
    assert choose(full, shown) == ["2024-02-01", "release"]
    assert choose(full.assign(release_date=""), shown) == ["2024-02-03", "upload"]
    assert choose(full.assign(release_date="", upload_date=""), shown) == ["2024-03-01", "submission"]
    assert choose(full, shown, known={"hf:m": "2024-01-30"}) == ["2024-01-30", "release"]


def test_the_day_of_a_lone_copy_is_no_age_and_says_only_by_when_the_model_existed():
    row = dates.choose_dates(said(), evaluated("", "2026-03-24")).loc["hf:m"]
    assert row["model_date"] is None and row["date_basis"] is None
    assert row["first_seen_date"] == "2026-03-24"


def test_a_listing_needs_a_printed_day_or_an_earlier_version_of_the_board_that_lacks_the_model():
    assert choose(said(), evaluated("", "2024-04-01", listed="2024-04-01")) == ["2024-04-01", "listing"]
    assert choose(said(), evaluated("", "2024-04-01", also=["2024-03-01"])) == ["2024-04-01", "listing"]
    assert choose(said(), evaluated("", "2024-04-01", also=["2023-03-01"])) == [None, None], "a year of silence"
    assert choose(said(), evaluated("", "2024-04-01", also=["2024-05-01"])) == [None, None], "the board's first copy"
    # A later copy that lists other runs than the board did: models of the year before stand in it for the first time.
    other = evaluated("", "2024-04-01", also=["2024-03-01"]).assign(is_version=[False, True])
    assert choose(said(), other) == [None, None]
    assert choose(said(), other.assign(listed_date=["2024-03-20", ""], first_seen_date="2024-03-20")) == [
        "2024-03-20", "listing",
    ], "a printed day is one on any page"  # fmt: skip


def dated(seen="2026-01-01", model="m", **days):
    rows = [{"release_date": day} for texts in days.values() for day in texts]
    told = said(*rows, model=model).assign(source_id=[source for source, texts in days.items() for _ in texts])
    return dates.choose_dates(told, evaluated("", seen)).loc["hf:m", ["model_date", "date_basis", "date_note"]].tolist()


def test_of_release_days_far_apart_the_one_that_most_sources_support_is_used_and_told():
    note = "Sources date its release from 2024-01-31 to 2025-01-31; the one that most sources support is used."
    assert dated(epoch=["2024-01-31", "2025-01-31"], llm_stats=["2025-01-30"]) == ["2025-01-30", "release", note]


def test_release_days_a_few_days_apart_are_one_release():
    assert dated(a=["2024-05-08"], b=["2024-05-01"]) == ["2024-05-01", "release", None]


def test_where_support_is_equal_the_later_day_is_used_since_by_then_the_model_was_out():
    """DeepSeek-V3.1 stood under January 2025 and o3 under December 2024: the earliest of two days."""
    day, _, note = dated(epoch=["2025-08-21"], llm_stats=["2025-01-10"])
    assert day == "2025-08-21" and note.endswith("and by this one it was out.")


def test_a_release_is_neither_before_the_day_in_its_name_nor_after_its_first_score():
    assert dated(a=["2025-10-01"], b=["2025-11-24"], model="claude-opus-4-5-20251101")[0] == "2025-11-24"
    assert dated(seen="2024-06-01", a=["2024-05-20"], b=["2024-09-01"])[0] == "2024-05-20"


def test_a_month_alone_says_nothing_beside_a_day():
    assert dated(a=["2024-05"], b=["2024-04-04"])[0] == "2024-04-04"
    assert dated(a=["2024-05"])[0] == "2024-05-31", "the rule of records.read_date"


def test_a_stated_day_near_the_upload_is_supported_by_it():
    told = said({"release_date": "2024-02-04"}, {"release_date": "2024-04-26"}, {"upload_date": "2024-04-25"})
    told["source_id"] = ["a", "b", "c"]
    assert choose(told, evaluated("", "2024-06-01")) == ["2024-04-26", "release"]


def test_an_upload_after_the_first_test_is_a_re_created_page_and_not_the_age():
    shown = evaluated("2024-03-02", "2024-04-01")
    assert choose(said({"upload_date": "2025-01-01"}), shown) == ["2024-03-02", "submission"]


def test_spellings_of_one_version_share_its_day_and_a_day_in_a_name_serves_where_none_is_stated():
    days = pd.DataFrame(
        {"model_date": ["2024-05-13", None, None, None], "date_basis": ["release", None, None, None],
         "date_note": None, "first_seen_date": "2025-01-01"},
        index=["a", "b", "c", "d"], dtype=object,
    )  # fmt: skip
    called = pd.DataFrame(
        {"maker": "OpenAI", "version": ["gpt4o20240513", "gpt4o20240513", "gpt4o20240806", "gpt4o20260806"]},
        index=days.index,
    )
    out = dates.share_days(days, called)
    assert out["model_date"].tolist()[:3] == ["2024-05-13", "2024-05-13", "2024-08-06"]
    assert out.loc["d", "model_date"] is None, "shown before the day that its name seems to state"
