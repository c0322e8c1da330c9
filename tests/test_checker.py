"""Tables of visitors: judged in a process of their own, in a bounded line, and no longer than somebody waits."""

import sys
import time

import pandas as pd
import pytest

import store
from reading import checker, csv_file
from reading import claims as known
from scoring.brought import claims
from tests import lakes, tiny_store

TABLE = (
    b"model,benchmark,score,params_b\nnew,GSM8K,50.1,7\nother,MMLU-Pro,99.0,1\n=1+1,nowhere,3,2\n"
    + (b"m" * 500 + b",GSM8K,60,7\n") * 200
)


def over(job: checker.Job, seconds: float = 120) -> checker.Job:
    """The job when it has ended, asked again and again as a page does."""
    end = time.monotonic() + seconds
    while not job.is_over and time.monotonic() < end:
        job.ask()
        time.sleep(0.05)
    assert job.is_over
    return job


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return str(tiny_store.write(lakes.place(tmp_path_factory.mktemp("tiny"))))


def does(code: str):
    """A child that runs this instead of a check."""
    return lambda job: [sys.executable, "-c", code]


def test_a_table_is_answered_as_it_would_be_in_this_process_and_a_bad_one_in_one_sentence(database, monkeypatch):
    monkeypatch.setattr(checker, "PATIENCE", 600)  # this test asks about one after the other
    desk = checker.Desk()
    good, bad = desk.take(TABLE, "percent", database), desk.take(b"model,score\na,1\n", "", database)
    rows = csv_file.read(TABLE, claims.NEEDED, claims.KNOWN).assign(score_unit="percent")
    with store.connect(database) as connection:
        expected = claims.against(rows, claims.Held(**known.held(connection, rows)))
    pd.testing.assert_frame_equal(over(good).table[claims.ADDED], expected[claims.ADDED])
    assert over(bad).problem == "The file cannot be read: The table has no column benchmark; it has model, score."
    assert good.body == b""


def test_a_row_without_a_score_is_told_what_it_should_be_and_the_others_are_judged_as_before(database):
    body = b"model,benchmark,score,params_b\nnew,GSM8K,50.1,7\nnew,MMLU-Pro,,7\nnew,nowhere,,7\n"
    table, problem = checker.answer(body, "percent", database)
    alone, _ = checker.answer(body.replace(b"new,MMLU-Pro,,7\nnew,nowhere,,7\n", b""), "percent", database)
    assert problem == ""
    pd.testing.assert_series_equal(table[claims.ADDED].iloc[0], alone[claims.ADDED].iloc[0], check_dtype=False)
    asked = table.iloc[1]
    assert asked["expected_lower"] < asked["expected"] < asked["expected_upper"]
    assert asked["reasons"].startswith(f"Expected: {asked['expected']:,.1f} percent, nine times of ten between")
    assert asked["level"] == "cannot_tell"
    assert table.iloc[2]["reasons"].startswith("Nobody else has a score on this test")


def test_a_check_whose_visitor_left_is_ended_and_the_next_one_has_its_turn(database, monkeypatch):
    monkeypatch.setattr(checker, "command", does("import time; time.sleep(600)"))
    desk = checker.Desk()
    left = desk.take(b"", "", database)
    while left.ask() != "running":
        time.sleep(0.05)
    gone = desk.take(b"", "", database)
    gone.forget()
    monkeypatch.setattr(checker, "command", does("raise SystemExit(1)"))
    after = desk.take(b"", "", database)
    left.forget()
    assert over(after).problem == checker.TOO_MUCH
    assert left.problem == gone.problem == checker.LEFT


def test_nobody_asking_for_a_while_is_as_good_as_leaving(database, monkeypatch):
    monkeypatch.setattr(checker, "PATIENCE", 0.5)
    monkeypatch.setattr(checker, "command", does("import time; time.sleep(600)"))
    job = checker.Desk().take(b"", "", database)
    for _ in range(600):
        if job.is_over:
            break
        time.sleep(0.1)
    assert job.problem == checker.LEFT


def test_a_full_line_says_so_at_once(database, monkeypatch):
    monkeypatch.setattr(checker, "command", does("import time; time.sleep(600)"))
    desk = checker.Desk(line=1)
    jobs = [desk.take(b"", "", database) for _ in range(4)]
    assert jobs[-1].problem == checker.FULL
    for job in jobs:
        job.forget()


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory hold on Linux")
def test_a_table_that_takes_too_much_memory_ends_its_own_process_alone(database, monkeypatch):
    code = "from reading import checker; checker.set_limits(); x = bytearray(2 * checker.MEMORY)"
    monkeypatch.setattr(checker, "command", does(code))
    assert over(checker.Desk().take(b"", "", database)).problem == checker.TOO_MUCH
