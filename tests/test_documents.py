"""Do the documents say what the code does? Commands, file trees and numbers are held against the project."""

import re
from pathlib import Path

import pytest

import pipeline
import store
from reading import status

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


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
    readers = ("store.py", "pipeline.py", "ingest/gather.py", "reading/builder.py")
    code = "".join((ROOT / name).read_text(encoding="utf-8") for name in readers)
    for name in re.findall(r"^\| `([A-Z_]+)`", README, re.M):
        assert name in code


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
