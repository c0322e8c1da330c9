"""Does the permanent record give back exactly what was read, however often it is written?"""

import os

import pandas as pd
import pytest

from ingest import records, starter
from ingest.records import Omitted, Reported, ReportedModel

SNAPSHOTS = pd.DataFrame(
    [
        {
            "snapshot_id": s, "source_id": "board", "bundle": day, "file_name": f"{day}.csv", "url": "https://board.example",
            "content_date": day, "date_basis": "file_name", "retrieved_at": "", "sha256": s * 4, "n_bytes": 1,
            "licence": "CC BY 4.0",
        }
        for s, day in (("a" * 16, "2024-12-31"), ("b" * 16, "2025-03-21"))
    ]
)  # fmt: skip


def rows():
    reported = [
        Reported(snapshot_id=s, model=m, benchmark="GPQA", score_reported=score, score_unit="fraction", locator="GPQA (raw)",
                 name_scheme="hf", run="r", is_subset=subset, note=note)
        for s in ("a" * 16, "b" * 16)
        for m, score, subset, note in (
            ("org/a", "0.25", False, ""),
            ("org/b", "0.30" if s[0] == "a" else "0.31", True, 'says "no", twice; really'),
            ('=HYPERLINK("http://x","y")', "0.4", False, "line\nbreak, ünïcode"),
        )
    ]  # fmt: skip
    about = [
        ReportedModel(snapshot_id=r.snapshot_id, model=r.model, n_parameters="7.2", parameter_unit="billions")
        for r in reported
    ]
    left = [Omitted(snapshot_id="a" * 16, rule="average", n_values=3, example="x")]
    return (
        records.frame(reported, records.REPORTED_COLUMNS),
        records.frame(about, records.MODEL_COLUMNS),
        records.frame(left, starter.OMISSION_COLUMNS),
    )


def sorted_rows(frame):
    return frame.astype(str).sort_values(list(frame.columns)).reset_index(drop=True)


def test_what_is_written_is_read_back_row_for_row(tmp_path):
    starter.write("board", *rows(), SNAPSHOTS, tmp_path)
    starter.write_snapshots(SNAPSHOTS, tmp_path)
    back = starter.read("board", starter.read_snapshots(tmp_path), tmp_path)
    for expected, got in zip(rows(), back, strict=True):
        pd.testing.assert_frame_equal(sorted_rows(got), sorted_rows(expected), check_dtype=False)


def test_equal_rows_of_two_snapshots_are_one_line(tmp_path):
    starter.write("board", *rows(), SNAPSHOTS, tmp_path)
    year = starter.read_csv(tmp_path / "board" / "2024.csv")
    assert sorted(year["snapshots"]) == ["aaaaaa", "aaaaaa;bbbbbb", "aaaaaa;bbbbbb"]
    assert starter.read_csv(tmp_path / "board" / "2025.csv")["score_reported"].tolist() == ["0.31"]


def test_a_board_with_few_tests_is_written_as_one_row_a_run_and_read_back_alike(tmp_path):
    reported, about, left = rows()
    plain = reported.assign(note="", is_subset=False)
    clash = plain.head(1).assign(score_reported="0.26")  # a page may print two values for one cell
    plain = pd.concat([plain, clash, plain.assign(benchmark="MATH", score_reported="0.5").head(1)], ignore_index=True)
    starter.write("board", plain, about, left, SNAPSHOTS, tmp_path)
    starter.write_snapshots(SNAPSHOTS, tmp_path)
    assert "test_key" not in starter.read_csv(tmp_path / "board" / "2024.csv").columns
    back = starter.read("board", starter.read_snapshots(tmp_path), tmp_path)[0]
    pd.testing.assert_frame_equal(sorted_rows(back), sorted_rows(plain), check_dtype=False)


def test_writing_twice_or_in_another_order_gives_the_same_bytes(tmp_path):
    starter.write("board", *rows(), SNAPSHOTS, tmp_path / "one")
    shuffled = [f.sample(frac=1, random_state=1) for f in rows()]
    starter.write("board", *shuffled, SNAPSHOTS, tmp_path / "two")
    names = sorted(p.name for p in (tmp_path / "one" / "board").iterdir())
    assert names == ["2024.csv", "2025.csv", "kind.csv", "model.csv", "omission.csv", "run.csv", "test.csv"]
    for name in names:
        assert (tmp_path / "one" / "board" / name).read_bytes() == (tmp_path / "two" / "board" / name).read_bytes()


def test_a_row_that_points_to_nothing_stops(tmp_path):
    starter.write("board", *rows(), SNAPSHOTS, tmp_path)
    starter.write_snapshots(SNAPSHOTS.head(1), tmp_path)
    with pytest.raises(starter.StarterDamaged, match="does not have"):
        starter.read("board", starter.read_snapshots(tmp_path), tmp_path)
    starter.write_snapshots(SNAPSHOTS, tmp_path)
    runs = starter.read_csv(tmp_path / "board" / "run.csv")
    starter.write_csv(runs.head(1), tmp_path / "board" / "run.csv")
    with pytest.raises(starter.StarterDamaged, match="names a run that its table does not have"):
        starter.read("board", starter.read_snapshots(tmp_path), tmp_path)


def test_no_starter_data_is_no_rows(tmp_path):
    assert starter.read_snapshots(tmp_path).empty
    assert all(f.empty for f in starter.read("board", starter.read_snapshots(tmp_path), tmp_path))


def test_a_record_that_cannot_be_finished_leaves_the_old_one_as_it_was(tmp_path):
    folder = tmp_path / "starter"
    with starter.replaced(folder) as fresh:
        starter.write_snapshots(SNAPSHOTS, fresh)
    with pytest.raises(OSError, match="full"), starter.replaced(folder) as fresh:
        starter.write_snapshots(SNAPSHOTS.head(1), fresh)
        raise OSError(28, "disk full")
    assert len(starter.read_snapshots(folder)) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["starter"]


def test_what_a_new_record_does_not_hold_is_gone_and_what_a_kill_left_long_ago_too(tmp_path):
    folder = tmp_path / "starter"
    old, young = tmp_path / ".starter.unfinished-old", tmp_path / ".starter.unfinished-young"
    for leftover in (old, young, folder / "closed_board"):
        leftover.mkdir(parents=True)
    os.utime(old, (0, 0))
    with starter.replaced(folder) as fresh:
        starter.write_snapshots(SNAPSHOTS, fresh)
    assert sorted(p.name for p in tmp_path.iterdir()) == [young.name, "starter"]
    assert [p.name for p in folder.iterdir()] == ["snapshot.csv"]


def test_a_swap_that_was_killed_half_way_is_undone_by_the_next_reader(tmp_path):
    folder = tmp_path / "starter"
    with starter.replaced(folder) as fresh:
        starter.write_snapshots(SNAPSHOTS, fresh)
    folder.rename(starter.set_aside(folder))
    assert len(starter.read_snapshots(folder)) == 2
    assert folder.exists() and not starter.set_aside(folder).exists()
