"""One command for a timer: does it go on when a source fails, hold back what is not believable, and say so?"""

import hashlib
import os
import re
import shutil
import sys

import duckdb
import pandas as pd
import pytest
from typer.testing import CliRunner

import pipeline
import store
from building import plausible, publishing
from ingest import fetch, published, starter
from ingest.gather import Folders
from ingest.records import File
from reading import status
from tests import tiny_store


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    tables = tiny_store.tables()
    return tables, store.connect(store.write(tables, tmp_path_factory.mktemp("tiny")))


def test_the_same_build_again_and_one_that_lost_a_little_are_believable(before):
    tables, connection = before
    assert plausible.complaints(store.pack(tables), connection) == []
    few = tables["evaluation"].iloc[int(0.04 * len(tables["evaluation"])) :]
    assert plausible.complaints(store.pack(tables | {"evaluation": few}), connection) == []


def test_scores_that_vanished_and_marks_that_multiplied_are_told(before):
    tables, connection = before
    some = tables["evaluation"].iloc[int(0.1 * len(tables["evaluation"])) :]
    (told,) = plausible.complaints(store.pack(tables | {"evaluation": some}), connection)
    assert re.fullmatch(r"\d+ of \d+ scores are gone, \d+ of them from \w+\.", told)
    marked = tables["finding"].assign(level="unusual")
    (told,) = plausible.complaints(store.pack(tables | {"finding": marked}), connection)
    assert re.fullmatch(r"\d+ scores are marked where \d+ were\.", told)


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """Folders of a project of one source."""
    real = Folders()
    shutil.copytree(real.starter / "aider", tmp_path / "starter" / "aider")
    listed = (real.starter / "snapshot.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [listed[0], *(row for row in listed if ",aider," in row)]
    (tmp_path / "starter" / "snapshot.csv").write_text("".join(kept), encoding="utf-8")
    shutil.copytree(real.facts, tmp_path / "facts")
    for name in ("paper_scores.csv",):
        printed = (real.facts / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (tmp_path / "facts" / name).write_text("".join(printed[:200]), encoding="utf-8")
    starter.write_manifest(tmp_path / "starter")
    for name, folder in (("STARTER", "starter"), ("FACTS", "facts"), ("SNAPSHOTS", "snapshots"), ("DB", "database")):
        monkeypatch.setenv(f"BENCHMARK_{name}", str(tmp_path / folder))
    monkeypatch.setenv("BENCHMARK_WORKERS", "1")
    return tmp_path


def cut(folder, share):
    """Lose a share of each of a source's files, in a record that holds together."""
    for path in folder.glob("20*.csv"):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        rows.iloc[int(share * len(rows)) :].to_csv(path, index=False, lineterminator="\n")
    starter.write_manifest(folder.parent)


def test_a_source_that_fails_stops_nothing_and_a_build_that_lost_its_scores_is_held_back(
    clone, httpserver, monkeypatch
):
    httpserver.expect_request("/told", method="POST").respond_with_data("")
    command = [
        "refresh",
        "--mirror",
        str(clone / "mirror"),
        "--source",
        "aider",
        "--webhook",
        httpserver.url_for("/told"),
    ]
    down = fetch.Outcome(
        File(name="a.yml", url=None, captures=""), "failed", None, "Aider: a.yml could not be fetched: it is down."
    )
    monkeypatch.setattr(fetch, "copy", lambda *_: [down])
    first = CliRunner().invoke(pipeline.app, [*command, "--no-publish"])
    assert "event=refresh state=built" in first.output, first.output
    shown = store.current()
    assert re.search(r"event=source source=aider new=0 unchanged=0 failed=1 problem=\"", first.output)
    assert first.exit_code == 1
    cut(clone / "starter" / "aider", 0.15)
    second = CliRunner().invoke(pipeline.app, command)
    assert second.exit_code == 3, second.output
    assert re.search(
        r"state=held-back exit=3 problem=\"The new build is held back: \d+ of [\d,]+ scores are gone", second.output
    )
    assert store.current() == shown
    held = CliRunner().invoke(pipeline.app, ["build"])  # shows it all the same: a fifth may go
    assert held.exit_code == 0, held.output
    n_scores = len(store.read(store.connect(store.current()), "evaluation"))
    cut(clone / "starter" / "aider", 0.5)
    told = r"gave \d+ scores where the last build had \d+, so it says what it said then"
    lost = CliRunner().invoke(pipeline.app, ["build"])
    assert lost.exit_code == 1, lost.output
    assert re.search(rf"event=held source=aider problem=\"[^\"]* {told}", lost.output), lost.output
    connection = store.connect(store.current())
    assert len(store.read(connection, "evaluation")) == n_scores
    assert re.search(told, status.problems(connection)["aider"])
    again = CliRunner().invoke(pipeline.app, [*command, "--no-publish"])
    assert again.exit_code == 1
    assert re.search(rf"event=source source=aider .*{told}", again.output)
    taken = CliRunner().invoke(pipeline.app, ["build", "--accept", "aider"])
    assert taken.exit_code == 0, taken.output
    assert len(store.read(store.connect(store.current()), "evaluation")) < n_scores
    states = [request.get_json()["state"] for request, _ in httpserver.log]
    assert states == ["built", "held-back", "up-to-date"]


def test_what_a_run_built_and_could_not_publish_any_more_the_next_run_publishes(clone, monkeypatch):
    monkeypatch.setattr(fetch, "copy", lambda *_: [])
    command = ["refresh", "--mirror", str(clone / "mirror"), "--source", "aider"]
    levels = clone / "starter" / published.FILE
    with monkeypatch.context() as stopped:
        stopped.setattr(publishing, "publish", lambda folder: sys.exit(137))
        assert CliRunner().invoke(pipeline.app, command).exit_code == 137
    assert not levels.exists()
    built = store.current()
    after = CliRunner().invoke(pipeline.app, command)
    assert "event=refresh state=up-to-date" in after.output, after.output
    assert store.current() == built
    assert levels.exists()


@pytest.mark.parametrize("fault", ["", "pinned", "checksum", "schema", "gone", "cut"])
def test_a_fresh_host_takes_a_database_that_is_whole_and_of_this_code(tmp_path, httpserver, monkeypatch, fault):
    made = tiny_store.write(tmp_path / "elsewhere")
    if fault == "schema":
        with duckdb.connect(str(made)) as connection:
            connection.execute("DROP TABLE twin_gaps")
    if fault == "cut":
        os.truncate(made, made.stat().st_size - 1)
    body = made.read_bytes()
    digest = hashlib.sha256(b"other" if fault == "checksum" else body).hexdigest()
    httpserver.expect_request("/a.duckdb").respond_with_data(body, status=404 if fault == "gone" else 200)
    httpserver.expect_request("/a.duckdb.sha256").respond_with_data(
        "" if fault == "pinned" else f"{digest}  a.duckdb\n"
    )
    place = tmp_path / "here"
    place.mkdir()
    pin = f"#sha256={digest}" if fault == "pinned" else ""
    monkeypatch.setenv("BENCHMARK_ARTEFACT", httpserver.url_for("/a.duckdb") + pin)
    pipeline.take_artefact(place)
    if fault in ("", "pinned"):
        assert store.current(place).read_bytes() == body
        n_asked = len(httpserver.log)
        pipeline.take_artefact(place)
        assert len(httpserver.log) == n_asked
    else:
        assert list(place.iterdir()) == []
