"""Does every published table say whether the code and the data that made it are still the ones that we have?"""

import pandas as pd
import pytest

from bench import made
from ui import measured
from ui.kit import data

BEFORE = """
\"\"\"What is it?\"\"\"
from scoring import old
A = 1  # one


def f(x):
    \"\"\"Twice.\"\"\"
    # as ever
    return 2 * x
"""
MOVED = """
\"\"\"What is it, said better?\"\"\"
import numpy
from scoring.room import new
A = 1  # one
def f(x):

    \"\"\"Twice as much.\"\"\"
    return 2 * x
"""


def test_every_published_table_has_one_row_that_tells_the_truth():
    rows = made.read()
    assert rows and list(rows[0]) == made.COLUMNS
    assert sorted(row["table"] for row in rows) == sorted(made.makers())
    for now, row in zip(made.looked_at(), rows, strict=True):
        told = (
            f"{row['table']}: run {row['command']}, or `python -m bench made` to say that it is of an earlier version"
        )
        assert now == row, told


@pytest.mark.parametrize("name", sorted(made.makers()))
def test_every_published_table_is_there_with_its_command(name):
    table = pd.read_csv(made.FILE.parent / f"{name}.csv")
    row = next(row for row in made.read() if row["table"] == name)
    assert set(table["command"]) == {row["command"]} == {made.makers()[name].COMMAND}


def test_moving_and_wording_is_the_same_code_and_a_number_is_not(tmp_path):
    def of(text, place="bench/x.py"):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return made.code_sha256("bench.x", tmp_path)

    first = of(BEFORE)
    assert of(MOVED) == first
    assert of(BEFORE.replace("2 * x", "3 * x")) != first


def test_the_code_behind_a_table_is_followed_through_all_imports(tmp_path):
    for place, text in {
        "bench/x.py": "from scoring import a\nfrom ingest import z",
        "scoring/__init__.py": "",
        "scoring/a.py": "def f():\n    from scoring.room import b\n    return b",
        "scoring/room/b.py": "import numpy",
        "ingest/z.py": "",
        "scoring/alone.py": "",
    }.items():
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    names = [p.relative_to(tmp_path).as_posix() for p in made.reached("bench.x", tmp_path)]
    assert names == ["bench/x.py", "scoring/__init__.py", "scoring/a.py", "scoring/room/b.py"]


def test_another_file_or_another_name_is_another_input(tmp_path):
    (tmp_path / "a.csv").write_text("1", encoding="utf-8")
    (tmp_path / "b.csv").write_text("1", encoding="utf-8")
    told = [
        made.inputs_sha256([tmp_path / n for n in names], tmp_path)
        for names in (["a.csv"], ["b.csv"], ["a.csv", "b.csv"])
    ]
    assert len(set(told)) == 3


def test_the_method_page_says_which_version_made_a_table_and_whether_that_is_past(monkeypatch):
    rows = pd.DataFrame(
        [["old", "c", "2026-11-22", "1.0.0", "", "", "no"], ["new", "c", "2026-11-28", "1.1.0", "a", "b", "yes"]],
        columns=made.COLUMNS,
    )
    monkeypatch.setattr(data, "method_table", lambda name: rows if name == "made_by" else None)
    assert measured.version_of("new") == " on 28 Nov 2026 by version 1.1.0"
    assert measured.version_of("old") == (
        " on 22 Nov 2026 by version 1.0.0; code or data have changed since, and it was not made again"
    )
    assert measured.version_of("none") == ""
