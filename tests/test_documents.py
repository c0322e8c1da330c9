"""Do the documents say what the code does? Commands, file trees and numbers are held against the project."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import pipeline
import store
from reading import dictionary, status

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@cache
def code():
    """Text of every file of the project's code, by its path; without tests and bench."""
    files = [p for pattern in ("*.py", "[a-z]*/**/*.py") for p in ROOT.glob(pattern)]
    ours = [p for p in files if p.relative_to(ROOT).parts[0] not in ("tests", "bench")]
    return {p: p.read_text(encoding="utf-8") for p in ours}


def test_every_pipeline_command_in_the_readme_exists_and_every_command_is_in_the_readme():
    known = {c.name or c.callback.__name__.replace("_", "-") for c in pipeline.app.registered_commands}
    told = set(re.findall(r"python pipeline\.py ([a-z]+)", README))
    assert told == known


def test_every_make_target_in_the_documents_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"`?make ([a-z]+)", README + CONTRIBUTING)) - {"sure"} <= targets


def test_every_path_of_the_tree_exists_and_every_top_level_room_is_in_the_tree():
    tree = re.search(r"```\n(app\.py.*?)```", README, re.S)[1]
    told = [line.split()[0] for line in tree.splitlines()]
    assert [p for p in told if not (ROOT / p).exists()] == []
    rooms = {
        p.name
        for p in ROOT.iterdir()
        if p.is_dir() and not p.name.startswith((".", "_")) and p.name not in ("docs", "exports", "data")
    }
    assert rooms <= {p.strip("/") for p in told}


def test_every_file_that_a_document_names_exists():
    links = re.findall(r"\]\(([\w./-]+)\)", README + CONTRIBUTING)
    assert [name for name in links if not (ROOT / name).exists()] == []


def test_the_environment_variables_of_the_readme_are_the_ones_in_the_code():
    read = {name for text in code().values() for name in re.findall(r'"(BENCHMARK_[A-Z]+)"', text)}
    assert set(re.findall(r"^\| `([A-Z_]+)`", README, re.M)) == read


def test_the_requirements_of_the_windows_lines_exist():
    assert [n for n in re.findall(r"--with-requirements (\S+)", README) if not (ROOT / n).exists()] == []


@pytest.mark.parametrize("name", status.DOCUMENTS)
def test_every_generated_block_is_marked_and_filled(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    marked = re.findall(r"<!-- (\w+) -->\n(.*?)\n?<!-- end \1 -->", text, re.S)
    assert marked
    assert all(len(content) > 100 for _, content in marked)


def test_the_data_dictionary_covers_every_table_and_column():
    known = {(t, c) for t, cs in store.columns().items() for c in cs}
    told = set(store.dictionary()[["table", "column"]].itertuples(index=False, name=None))
    assert told == known


def test_every_fault_of_the_table_names_a_test_that_exists():
    table = re.search(r"## When something fails\n(.*?)\n## ", (ROOT / "SECURITY.md").read_text(encoding="utf-8"), re.S)[
        1
    ]
    rows = [row for row in table.splitlines()[3:] if row.startswith("|")]
    known = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").glob("test_*.py"))
    named = [re.findall(r"`(test_\w+)`", row) for row in rows]
    assert len(rows) > 8 and all(named)
    assert [name for names in named for name in names if f"def {name}(" not in known] == []


WALK = re.findall(r"`([\w/]+\.py):(\w+)`", CONTRIBUTING)


def functions_of(path):
    return {
        n.name for n in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)
    }


def test_the_walk_of_a_score_names_functions_that_exist_and_passes_through_every_room():
    assert [step for step in WALK if step[1] not in functions_of(step[0])] == []
    assert {path.split("/")[0] for path, _ in WALK} == {"ingest", "building", "scoring", "store", "ui", "reading"}
    assert len(WALK) == len(set(WALK)) > 20


@pytest.mark.parametrize(("path", "function"), WALK)
def test_every_step_of_the_walk_is_called_by_the_code(path, function):
    """Outside its own definition, and by the name of its file where it is called from another one."""
    room = path.removesuffix(".py").split("/")[-1]
    by_file = re.compile(
        rf"(?<!def )\b(?:{room}|module)\.{function}\b|from [\w.]+\b{room} import [^\n]*\b{function}\b|import \([^)]*\b{function}\b"
    )
    inside = re.findall(rf"(?<!def )\b{function}\(", (ROOT / path).read_text(encoding="utf-8"))
    assert inside or any(by_file.search(text) for p, text in code().items() if p != ROOT / path)


def test_the_rooms_of_the_contributing_table_exist():
    table = re.search(r"\| before \| now \|\n(.*?)\n\n", CONTRIBUTING, re.S)[1]
    now = " ".join(line.split("|")[2] for line in table.splitlines()[1:])
    named = re.findall(r"`([\w/.*]+)`", now)
    assert len(named) > 10
    assert [name for name in named if not list(ROOT.glob(name.rstrip("/")))] == []


def test_every_column_of_every_file_has_a_meaning_in_the_dictionary():
    known = dictionary.whole()
    assert known["meaning"].ne("").all()
    told = set(known[["table", "column"]].itertuples(index=False, name=None))
    assert {(view, column) for view, columns in store.view_columns().items() for column in columns} <= told
