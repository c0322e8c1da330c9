"""Are benchmarks found by themselves, and do they measure what they say? Times are never asserted."""

import pandas as pd
import pytest

import bench.__main__ as command
from bench import build
from ingest.gather import Gathered


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


def test_a_sample_keeps_or_leaves_a_model_as_a_whole():
    parts = [build.sampled(gathered(), every) for every in (1, 2, 3)]
    assert len(parts[0].reported) == 4
    for part in parts:
        assert part.reported.groupby("model").size().get("org/a", 2) == 2
        assert set(part.models["model"]) == set(part.reported["model"]) & {"org/a", "b"}
