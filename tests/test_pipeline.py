"""Golden pages walk the whole way, offline: rows, records, evaluations, findings, a validated database, exports."""

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import pipeline
import store
from building import course
from ingest import facts, records, sources, starter
from ingest.gather import Folders, Gathered
from ingest.records import Omitted, Reported, ReportedModel
from tests import lakes
from tests.test_sources import GOLDEN, bundle_of, parse_all, read_bundles, read_entries

# A source without golden pages fails in one test of its own below, not in all of these.
MODULES = {name: module for name, module in sources.discover().items() if (GOLDEN / name / "pages.json").exists()}
FACTS = facts.read(Folders().facts)


def gather_golden():
    """Everything that the golden pages say, as a build would gather it."""
    reported, about, left, pages = [], [], [], []
    for source_id in MODULES:
        bundles = read_bundles(source_id)
        rows = parse_all(source_id, bundles)
        rename = {e["file"]: f"{source_id}/{e['file']}" for e in read_entries(source_id)}
        for entry in read_entries(source_id):
            pages.append(
                {
                    "snapshot_id": rename[entry["file"]], "source_id": source_id, "bundle": bundle_of(source_id, entry),
                    "file_name": entry["file"], "url": entry["url"] or "https://page.example", "content_date": entry["content_date"],
                    "date_basis": entry["date_basis"], "retrieved_at": "", "sha256": "0" * 64, "n_bytes": 1,
                    "licence": "test",
                }
            )  # fmt: skip
        for kind, into in ((Reported, reported), (ReportedModel, about), (Omitted, left)):
            into += [
                vars(r) | {"source_id": source_id, "snapshot_id": rename[r.snapshot_id]}
                for r in rows
                if type(r) is kind
            ]
    frame = pd.DataFrame
    return Gathered(
        reported=frame(reported, columns=[*records.REPORTED_COLUMNS, "source_id"]),
        models=frame(about, columns=[*records.MODEL_COLUMNS, "source_id"]),
        omitted=frame(left, columns=[*starter.OMISSION_COLUMNS, "source_id"]),
        snapshots=frame(pages),
        problems={},
    )


@pytest.fixture(scope="module")
def golden():
    return gather_golden()


@pytest.fixture(scope="module")
def tables(golden):
    return course.make_tables(FACTS, MODULES, golden, date(2026, 11, 22))[0]


def test_the_golden_pages_make_a_valid_database_with_every_source(tables):
    store.validate(tables)
    assert set(tables["evaluation"]["source_id"]) == set(MODULES)


def test_every_reported_row_is_an_evaluation_a_copy_or_a_rejection(golden, tables):
    n_repeats = (
        tables["omission"].loc[tables["omission"]["rule"] == "printed twice alike on one page", "n_values"].sum()
    )
    assert len(golden.reported) == len(tables["sighting"]) + len(tables["rejection"]) + n_repeats


def test_every_evaluation_leads_back_to_an_address_a_date_and_a_place(tables):
    rows = tables["evaluation"]
    assert rows["source_url"].str.match(r"https?://").all()
    assert (rows["locator"] != "").all()
    assert rows["first_seen_date"].notna().all()
    assert (rows["first_seen_date"] <= rows["last_seen_date"]).all()


def test_every_current_score_has_exactly_one_answer_with_a_reason(tables):
    current = tables["evaluation"].loc[tables["evaluation"]["status"] == "current", "evaluation_id"]
    answers = tables["finding"]
    answers = answers[(answers["signal_id"] == "size_anomaly") & (answers["variant"] == "")]
    assert sorted(answers["subject_id"]) == sorted(current)
    assert answers["reason"].str.len().gt(10).all()


def test_the_same_rows_in_another_order_give_identical_tables(golden, tables):
    shuffled = Gathered(
        reported=golden.reported.sample(frac=1, random_state=3), models=golden.models.sample(frac=1, random_state=3),
        omitted=golden.omitted.sample(frac=1, random_state=3), snapshots=golden.snapshots, problems={},
    )  # fmt: skip
    again = course.make_tables(FACTS, MODULES, shuffled, date(2026, 11, 22))[0]
    for name in tables:
        pd.testing.assert_frame_equal(again[name], tables[name], obj=name)
    assert store.fingerprint(again) == store.fingerprint(tables)


def test_status_and_export_tell_what_was_built(tables, tmp_path, monkeypatch):
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    store.write(tables)
    told = json.loads(CliRunner().invoke(pipeline.app, ["status", "--json"]).stdout)
    assert set(told["sources"]) == set(MODULES)
    assert told["totals"]["headline_evaluations"] == int((~tables["evaluation"]["is_subset"]).sum()) - int(
        ((tables["evaluation"]["status"] == "superseded") & ~tables["evaluation"]["is_subset"]).sum()
    )
    result = CliRunner().invoke(pipeline.app, ["export", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0
    for name in pipeline.EXPORTS:
        frame = pd.read_csv(tmp_path / "out" / f"{name}.csv", low_memory=False)
        # Too few models of one maker on these pages, and too few that both their maker and others ran.
        assert len(frame) > 0 or name in ("families", "claims"), name


@pytest.mark.parametrize("command", [["status"], ["export", "--out", "x"]])
def test_without_a_database_every_command_says_what_to_do(command, tmp_path, monkeypatch):
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    result = CliRunner().invoke(pipeline.app, command)
    assert result.exit_code == 1
    assert "python pipeline.py build" in result.output
    assert "Traceback" not in result.output


def test_a_full_disk_is_told_with_the_place_and_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    monkeypatch.setattr(course, "build", lambda *_: Path("/dev/full").write_text("rows"))
    result = CliRunner().invoke(pipeline.app, ["build"])
    assert result.exit_code == 1
    told = "Stopped: There is no space left on the disk of this host"
    assert told in result.output, result.output
    assert "What was there stays: free some space and run this again." in result.output


def test_an_unknown_source_is_one_sentence():
    result = CliRunner().invoke(pipeline.app, ["fetch", "--source", "nowhere"])
    assert result.exit_code == 2
    assert "There is no source 'nowhere'" in result.output


@pytest.mark.parametrize(("states", "code"), [(["new", "failed"], 0), (["unchanged", "failed"], 0), (["failed"], 1)])
def test_fetch_fails_only_when_nothing_could_be_read_so_that_a_build_can_follow(monkeypatch, states, code):
    def outcomes(*args, **options):
        return [pipeline.fetch.Outcome(None, state, None, "Board: x.csv could not be fetched.") for state in states]

    monkeypatch.setattr(pipeline.fetch, "fetch", outcomes)
    monkeypatch.delenv("BENCHMARK_MIRROR", raising=False)
    result = CliRunner().invoke(pipeline.app, ["fetch", "--source", "aider"])
    assert result.exit_code == code
    assert "could not be fetched" in result.output


def test_a_folder_that_is_no_mirror_is_one_sentence(tmp_path):
    result = CliRunner().invoke(pipeline.app, ["fetch", "--mirror", str(tmp_path)])
    assert result.exit_code == 1
    assert "not a mirror" in result.output


def test_every_source_has_a_golden_folder():
    assert sorted(p.name for p in GOLDEN.iterdir() if p.is_dir()) == sorted(sources.discover())
