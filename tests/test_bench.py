"""Are benchmarks found by themselves, and do they measure what they say? Times are never asserted."""

import asyncio
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

import bench.__main__ as command
import store
from bench import build, load, scale
from ingest import codes, facts, history, identity
from ingest.gather import FACTS, Gathered
from tests import tiny_store


def gathered():
    reported = pd.DataFrame({"model": ["org/a", "org/a", "b", "c"], "score_reported": ["1", "2", "3", "4"]})
    models = pd.DataFrame({"model": ["org/a", "b"], "base_model": ["", "org/a"]})
    return Gathered(reported=reported, models=models, omitted=reported, snapshots=reported, problems={})


def test_every_benchmark_is_found_and_says_what_it_asks(monkeypatch, capsys):
    found = command.discover()
    assert {"build", "killed"} <= set(found)
    monkeypatch.setattr("sys.argv", ["bench", "--list"])
    command.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(found)
    assert all(len(line.split()) > 3 for line in lines)


def test_an_unknown_benchmark_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["bench", "nothing"])
    with pytest.raises(SystemExit):
        command.main()
    assert "invalid choice" in capsys.readouterr().err


def test_multiplied_rows_belong_to_models_of_their_own():
    more = build.multiplied(gathered(), 3)
    assert len(more.reported) == 12
    assert more.reported["model"].nunique() == 9
    assert more.reported.groupby("model").size().max() == 2
    assert set(more.models["base_model"]) == {"", "org/a", "org/a-copy1", "org/a-copy2"}
    assert build.multiplied(gathered(), 1).reported.equals(gathered().reported)


def test_a_copied_name_is_one_object_as_it_is_in_rows_that_were_read():
    with pd.option_context("mode.string_storage", "python"):  # as in a build
        names = build.multiplied(gathered(), 3).reported["model"].tolist()[4:]
    assert len({id(name) for name in names}) == len(set(names)) == 6


def test_a_sample_keeps_or_leaves_a_model_as_a_whole():
    parts = [build.sampled(gathered(), every) for every in (1, 2, 3)]
    assert len(parts[0].reported) == 4
    for part in parts:
        assert part.reported.groupby("model").size().get("org/a", 2) == 2
        assert set(part.models["model"]) == set(part.reported["model"]) & {"org/a", "b"}


def printed(rows: list[tuple[str, str, str, str]]) -> Gathered:
    """Readings of models, twice over: model, test, score as printed, unit."""
    once = pd.DataFrame(rows, columns=["model", "benchmark", "score_reported", "score_unit"])
    return scale.moved(build.multiplied(Gathered(once, once.assign(base_model=""), once, once, {}), 60), len(once))


READINGS = [
    ("org/a", "MMLU", "61.774744", "percent"),
    ("org/A", "MMLU", "61.77", "percent"),
    ("org/a", "GSM8K", "0.4007936507936508", "fraction"),
    ("org/a", "ARC", "99.9", "percent"),
    ("org/a", "ARC-AGI", "17", "percent"),
    ("org/a", "Elo", "32/48", "count"),
]


def test_copies_score_otherwise_than_the_first_and_two_readings_of_one_run_stay_one():
    rows = printed(READINGS).reported
    n = len(READINGS)
    assert rows["score_reported"].iloc[:n].tolist() == [r[2] for r in READINGS]
    by_copy = [rows["score_reported"].iloc[i::n] for i in range(n)]
    fine, coarse, share, top, whole, text = by_copy
    assert fine.nunique() > 40 and share.nunique() > 20
    assert 0.3 < np.std(fine.astype(float)) < 0.7
    assert 0.003 < np.std(share.astype(float)) < 0.007
    assert top.astype(float).between(0, 100).all() and top.nunique() > 1
    assert set(whole) == {"17"} and set(text) == {"32/48"}
    for long, short in zip(fine, coarse, strict=True):
        assert (len(long), len(short)) == (9, 5)
        assert history.are_equal(float(long), 6, float(short), 2)


def test_a_copy_is_linked_between_sources_and_has_its_size_as_the_first_is():
    known = facts.read(FACTS)
    more = scale.facts_of_copies(known, 3)
    row = known.aliases[(known.aliases["kind"] == "model") & ~known.aliases["name"].str.startswith("hf:")].iloc[0]
    names = [row["name"], f"{row['name']}-copy2", f"{row['name']}-copy3"]
    said = pd.DataFrame({"source_id": row["source_id"] or "x", "model": names, "name_scheme": ""})
    first, second, third = identity.name_models(said, more)
    assert second == f"{first}-copy2" and third != f"{first}-copy3"
    assert {f"{known.sizes['model'].iloc[0]}-copy{n}" for n in (1, 2)} < set(more.sizes["model"])
    assert scale.facts_of_copies(known, 1).aliases.equals(known.aliases.reset_index(drop=True))


@pytest.mark.files("the rows that are copied stand in a folder")
def test_a_copy_of_a_database_answers_as_the_first_does_in_every_view(tmp_path):
    first, same, twice = (tmp_path / name for name in ("first", "same", "twice"))
    tiny_store.write(first)
    for times, folder in ((1, same), (2, twice)):
        folder.mkdir()
        scale.copy(times, first, folder)

    def rows(folder):
        with store.connect(store.current(folder)) as connection:
            return {view: int(store.count(connection, view)["n"].iloc[0]) for view in (*store.columns(), *store.VIEWS)}

    assert rows(same) == rows(first)
    assert {
        view: n / rows(first)[view] for view, n in rows(twice).items() if view in ("tally", "marked", "claims")
    } == {
        "tally": 2,
        "marked": 2,
        "claims": 2,
    }


class Line:
    """What a server says, word by word."""

    def __init__(self, *ends):
        self.said = [ForwardMsg(script_finished=end).SerializeToString() for end in ends]

    async def send(self, asked):
        self.asked = asked

    async def recv(self):
        return self.said.pop(0)


def test_a_run_that_the_server_begins_again_is_over_when_the_second_one_is():
    line = Line(ForwardMsg.FINISHED_EARLY_FOR_RERUN, ForwardMsg.FINISHED_SUCCESSFULLY)
    assert asyncio.run(load.Visitor(line).run(load.question("cases"))) == ""
    assert line.said == []
    line = Line(ForwardMsg.FINISHED_EARLY_FOR_RERUN, ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
    assert asyncio.run(load.Visitor(line).run(load.question("cases"))) == "ended with 1"


def works(said):
    np.linalg.norm(np.ones((600, 600)) @ np.ones((600, 600)))
    said.put(("one", 1))
    said.put(("two", 2))


def waits(said):
    said.put(("one", 1))
    said.put(("two", scale.time.sleep(600)))


def test_work_apart_tells_what_it_came_to_and_is_ended_at_its_limit():
    told = []
    assert scale.apart(works, heard=lambda *one: told.append(one))
    assert [one[:2] for one in told] == [("one", 1), ("two", 2)]
    told.clear()
    assert not scale.apart(waits, heard=lambda *one: told.append(one), limit=3)
    assert [one[:2] for one in told] in ([], [("one", 1)])


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="this system does not tell")
def test_memory_and_processor_of_a_process_count():
    room = np.ones(20_000_000)
    gigabytes, seconds = scale.taken(os.getpid())
    assert gigabytes > room.nbytes / 1e9
    assert seconds > 0


def test_growth_is_told_as_a_power():
    assert scale.exponent(2.0, 20.0, 10) == 1
    assert scale.exponent(pd.Series([1.0]), pd.Series([100.0]), 10).tolist() == [2]
    steps = {n: pd.DataFrame({"s": [1.0 * n], "CPU s": [2.0 * n], "GB": [0.5]}, index=["score"]) for n in (1, 10)}
    assert "1.0" in scale.of_steps(steps)[1].splitlines()[-1]


def test_rows_in_order_are_found_so_and_equal_ones_stay():
    ids = pd.DataFrame({"id": ["a", "b", "b", "c"]})
    assert codes.order(ids, ["id"]).tolist() == [0, 1, 2, 3]
    assert codes.order(ids.iloc[::-1], ["id"]).tolist() == [3, 1, 2, 0]
