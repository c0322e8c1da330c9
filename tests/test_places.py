"""Is a build the same wherever it is kept: in a folder, in one file, in a lake with files on disk or in an S3 store?"""

import errno
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import store
from store import Where, lake
from tests import lakes, tiny_store
from tests.test_store import FILLER


@pytest.fixture(scope="module")
def tables():
    return tiny_store.tables()


@pytest.fixture(params=["file", "postgres", "s3"])
def place(request, tmp_path, monkeypatch):
    """The address of an empty place of each kind; the environment names it. The folder has its own tests."""
    address, variables = lakes.make(request.param, tmp_path)
    for name, value in (variables | {store.ENVIRONMENT: address}).items():
        monkeypatch.setenv(name, value)
    if request.param != "file":
        lakes.without_signatures(monkeypatch)
    yield address
    lake.asking.cache_clear()


in_a_lake = pytest.mark.parametrize("place", ["postgres"], indirect=True)


def of_day(tables, day, share=1.0):
    """The tables of a build whose data describe that day, with this share of each score."""
    scores = tables["evaluation"].assign(score=lambda t: t["score"] * share)
    return tables | {"build": pd.DataFrame({"name": ["asof"], "value": [day]}), "evaluation": scores}


def asof(build):
    with store.connect(build) as connection:
        return store.read(connection, "build", where=[Where("name", "=", "asof")])["value"].iloc[0]


def scores(build):
    with store.connect(build) as connection:
        return store.read(connection, "evaluation", ["evaluation_id", "score"], order=["evaluation_id"])


def test_what_is_read_is_what_a_folder_gives_and_stays_while_a_new_build_comes(place, tables, tmp_path):
    with pytest.raises(store.NoDatabase, match="no database yet"):
        store.current()
    first = store.write(tables)
    assert store.current() == first
    same = store.write(tables, tmp_path / "beside")
    here, there = store.connect(str(first)), store.connect(same)
    for view in (*store.columns(), *store.VIEWS):
        keys = store.KEYS.get(view) or store.describe(there, view)
        ours, theirs = (store.read(c, view).sort_values(keys, ignore_index=True) for c in (here, there))
        pd.testing.assert_frame_equal(ours, theirs, obj=view)
    made = store.write(of_day(tables, "2026-01-01", 0.5))
    assert store.current() == made != first
    assert store.read(here, "evaluation")["score"].sum() == pytest.approx(2 * scores(made)["score"].sum())
    with pytest.raises(store.InvalidData, match="outside 0 to 1"):
        store.write(tables | {"evaluation": tables["evaluation"].assign(score=1.01)})
    assert store.current() == made
    can_write_nothing(here, tmp_path)


@in_a_lake
def test_the_first_build_compares_with_nothing_and_keeps_the_order_of_its_rows(place, tables, monkeypatch):
    monkeypatch.setattr(lake, "bring", None)
    turned = tables | {"evaluation": tables["evaluation"].iloc[::-1]}
    with store.connect(store.write(turned)) as connection:
        rows = connection.execute("SELECT evaluation_id FROM data.evaluation ORDER BY rowid").fetchall()
    assert [row[0] for row in rows] == turned["evaluation"]["evaluation_id"].tolist()


def can_write_nothing(connection, folder):
    """A reader's connection changes nothing, reaches no other file or address, and keeps its settings."""
    (folder / "secret.csv").write_text("a\n1\n")
    for query in (
        "DELETE FROM data.model",
        "DROP TABLE data.model",
        f"SELECT * FROM read_csv('{folder / 'secret.csv'}')",
        f"COPY data.model TO '{folder / 'out.csv'}'",
        f"ATTACH '{folder / 'x.duckdb'}'",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x')",
        "SET threads = 64",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(query)
    assert not (folder / "out.csv").exists()


@in_a_lake
def test_only_rows_that_differ_are_written(place, tables):
    first = store.write(tables)
    assert store.write(tables) == first
    rows = tables["evaluation"].copy()
    rows.loc[[1, 4], "score"] *= 0.5
    changed = store.write(tables | without(tables, rows, 2) | {"evaluation": rows.drop(index=2)})
    assert written(first, changed, "evaluation") == {"insert": 2, "delete": 3}
    assert written(first, changed, "finding") == {}
    assert scores(first)["score"].tolist() == tables["evaluation"].sort_values("evaluation_id")["score"].tolist()


def without(tables, rows, place):
    """The tables that name evaluations, without the evaluation in one place."""
    gone = rows["evaluation_id"].iloc[place]
    out = {}
    for name in ("sighting", "evaluation_change", "level_change", "review"):
        out[name] = tables[name][tables[name]["evaluation_id"] != gone]
    answers = tables["benchmark_answer"]
    out["benchmark_answer"] = answers.assign(
        best_evaluation_id=answers["best_evaluation_id"].where(answers["best_evaluation_id"] != gone)
    )
    return out


def written(before, after, table):
    """Rows that a build added to and removed from a table, as the lake itself tells."""
    with lake.attached(before.address) as connection:
        return dict(
            connection.execute(
                f"SELECT change_type, COUNT(*) FROM ducklake_table_changes('data', 'main', '{table}', "
                f"{before.version + 1}, {after.version}) GROUP BY 1"
            ).fetchall()
        )


@pytest.mark.parametrize("place", ["s3"], indirect=True)
def test_builds_of_other_days_stay_those_between_go_and_tidying_changes_nothing_that_is_read(
    place, tables, monkeypatch
):
    monkeypatch.setattr(lake, "KEEP", 1)
    monkeypatch.setattr(lake, "DAYS", 2)
    for n, day in enumerate(("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-03")):
        store.write(of_day(tables, day, 1 - n / 10))
    before = [(b.version, asof(b), scores(b)["score"].sum()) for b in store.kept()]
    assert [day for _, day, _ in before] == ["2026-01-03", "2026-01-02"]
    n_objects = lakes.count_objects(os.environ["BENCHMARK_LAKE"])
    assert lake.Lake(place).tidy(timedelta(0)) == 0
    assert [(b.version, asof(b), scores(b)["score"].sum()) for b in store.kept()] == before
    assert lakes.count_objects(os.environ["BENCHMARK_LAKE"]) < n_objects


@in_a_lake
def test_tables_of_another_version_of_the_code_are_made_anew(place, tables, monkeypatch):
    views = {name: query for name, query in store.VIEWS.items() if name != "twin_gaps"}
    with monkeypatch.context() as patch:
        patch.setattr(store.schema, "VIEWS", views)
        old = store.write(tables)
    with store.connect(old) as connection, pytest.raises(store.Unreadable, match="it has no twin_gaps"):
        store.read(connection, "twin_gaps")
    new = store.write(tables)
    with store.connect(new) as connection:
        assert len(store.read(connection, "twin_gaps"))
    assert scores(old).equals(scores(new))


@in_a_lake
def test_of_two_writers_the_second_is_refused_in_one_sentence_and_nothing_is_mixed(place, tables, monkeypatch):
    store.write(tables)
    packed = store.pack(tables | {"evaluation": tables["evaluation"].assign(score=0.25)})
    bring, state = lake.bring, {"is_first": True}

    def and_another(connection, table, rows):
        bring(connection, table, rows)
        if table == "evaluation" and state.pop("is_first", False):  # the other one comes in the middle of this one
            state["made"] = store.write(tables | {"evaluation": tables["evaluation"].assign(score=0.75)})

    monkeypatch.setattr(lake, "bring", and_another)
    with pytest.raises((store.Overtaken, store.InvalidData)) as told:
        lake.Lake(place).write(packed)
    assert "\n" not in str(told.value)
    made = state.get("made") or store.current()
    assert set(scores(made)["score"]) in ({0.75}, set(scores(store.kept()[-1])["score"]))


@in_a_lake
def test_a_parquet_file_that_is_gone_is_one_sentence_and_the_next_build_mends_it(place, tables):
    build = store.write(tables)
    for file in Path(os.environ["BENCHMARK_LAKE"]).rglob("evaluation/*.parquet"):
        file.unlink()
    connection = store.connect(build)
    with pytest.raises(store.Unreadable, match=r"cannot be read \(IOException\)"):
        store.read(connection, "evaluation", ["score"])
    assert len(store.read(connection, "model")) == len(tables["model"])
    assert len(scores(store.write(of_day(tables, "2026-01-01")))) == len(tables["evaluation"])


@in_a_lake
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere files have no such limit")
def test_a_full_disk_is_one_sentence_and_the_build_before_stays(place, tables):
    before = store.write(of_day(tables, "2026-01-01", 0.5))
    done = subprocess.run(
        [sys.executable, "-c", FILLER, place, "2000"], cwd=store.ROOT,
        env=os.environ | {"PYTHONPATH": str(store.ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{errno.ENOSPC} There is no space left for the parquet files")
    lake.forget(place)
    assert store.kept() == [before]


@in_a_lake
def test_a_snapshot_half_written_is_never_seen(place, tables, monkeypatch):
    """The writer ends between two tables, as a kill does: PostgreSQL then takes the whole transaction back."""
    before = store.write(tables)
    bring = lake.bring

    def stop(connection, table, rows):
        bring(connection, table, rows)
        if table == "finding":
            raise KeyboardInterrupt

    monkeypatch.setattr(lake, "bring", stop)
    with pytest.raises(KeyboardInterrupt):
        store.write(of_day(tables, "2026-01-01", 0.5))
    lake.forget(place)
    assert store.kept() == [before]
    assert scores(before)["score"].sum() == pytest.approx(tables["evaluation"]["score"].sum())


@in_a_lake
def test_a_catalog_that_restarts_is_waited_for(place, tables):
    connection = store.connect(store.write(tables))
    lakes.restart_postgres()
    assert len(store.read(connection, "evaluation")) == len(tables["evaluation"])
    lake.forget(place)
    assert store.current()


def test_a_lake_that_is_not_there_is_one_sentence_without_its_address(tmp_path, monkeypatch):
    (tmp_path / "extensions").symlink_to(lakes.extensions())
    lakes.without_signatures(monkeypatch)
    monkeypatch.setenv("BENCHMARK_WORK", str(tmp_path))
    monkeypatch.setattr(store.query, "PATIENCE", 0.1)
    address = f"ducklake:postgres:dbname=x host={tmp_path} password=secret connect_timeout=1"
    for ask in (lambda: store.current(address), lambda: store.connect(f"{address}#3")):
        with pytest.raises(store.NoDatabase) as told:
            ask()
        assert "secret" not in str(told.value) and "\n" not in str(told.value)
    with pytest.raises(store.InvalidData, match="cannot be written"):
        store.write(tiny_store.tables(), address)
