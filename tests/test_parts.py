"""Tables that wait on disk: do they come back as they went, in order, and does nothing of them stay?"""

import os
import subprocess
import sys

import pandas as pd
import pytest

import store
from building.parts import finished, parts_in
from tests import lakes, tiny_store


@pytest.fixture(scope="module")
def tables():
    return tiny_store.tables()


def test_a_table_kept_whole_or_in_parts_is_the_table_packed_at_once(tables, tmp_path):
    whole = {name: finished(name, frame) for name, frame in tables.items()}
    with parts_in(tmp_path) as parts:
        came = {}
        for name, frame in tables.items():
            shuffled = frame.sample(frac=1.0, random_state=1)
            pieces = [shuffled]
            if name in ("finding", "trend", "fit"):  # the tables to which several statistics add
                pieces = [rows for _, rows in shuffled.groupby("signal_id", sort=False)][::-1]
                assert len(pieces) > 1 or name != "finding"
            came[name] = parts.table([parts.keep(name, rows) for rows in pieces])
        assert store.fingerprint(came) == store.fingerprint(whole)
        for name, table in came.items():
            assert store.unpack(table).shape == whole[name].shape
        connection = store.connect(store.write(came, lakes.place(tmp_path)))
        assert store.count(connection, "finding")["n"].iloc[0] == len(tables["finding"])
    assert not list(tmp_path.glob("unfinished*"))


def test_unpacked_columns_hold_what_was_packed(tables):
    frame = finished("evaluation", tables["evaluation"])
    came = store.unpack(store.pack({"evaluation": frame})["evaluation"], ["evaluation_id", "setting", "score"])
    assert list(came) == ["evaluation_id", "setting", "score"]
    assert came["evaluation_id"].tolist() == frame["evaluation_id"].tolist()
    assert came["score"].tolist() == frame["score"].tolist()
    assert came["setting"].isna().tolist() == frame["setting"].isna().tolist() and came["setting"].isna().any()


def test_what_one_step_leaves_is_taken_once(tmp_path):
    with parts_in(tmp_path) as parts:
        path = parts.leave("evidence", {"a": pd.DataFrame({"x": [1, 2]})})
        assert parts.take(path)["a"]["x"].tolist() == [1, 2]
        assert not path.exists()


def test_the_folder_of_a_killed_build_goes_with_the_next_and_that_of_a_living_one_stays(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "pass"]) as gone:
        gone.wait()
    killed, living = (tmp_path / f"unfinished-{pid}-parts" for pid in (gone.pid, os.getppid()))
    for folder in (killed, living):
        folder.mkdir()
        (folder / "trend-x").touch()
    with parts_in(tmp_path):
        assert not killed.exists() and living.exists()
    assert [path.name for path in tmp_path.iterdir()] == [living.name]
