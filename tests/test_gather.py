"""What stops at a page, what stops at a source, and what must be heard of?"""

from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner

import pipeline
import store
from building import course, inputs, publishing, workers
from ingest import gather, snapshots, starter
from ingest.gather import Folders
from ingest.records import LayoutChanged, Reported, Source
from tests import lakes, tiny_store

SOURCE = Source(
    source_id="aider", title="Board", url="https://board.example", licence="MIT", attribution="Board", status="live"
)


def parser(parse):
    return SimpleNamespace(SOURCE=SOURCE, parse=parse)


def read(pages):
    for page in pages:
        yield Reported(
            snapshot_id=page.snapshot_id, model="m", benchmark="b", score_reported=page.text(), score_unit="percent",
            locator="row m",
        )  # fmt: skip


def slip(pages):
    return [None + len(page.body) for page in pages]


def slip_on_bad_pages(pages):
    yield from read([page for page in pages if page.text() != "bad"] or slip(pages))


def stranger(pages):
    yield "not a row"


@pytest.fixture
def folders(tmp_path):
    made = Folders(starter=tmp_path / "starter", snapshots=tmp_path / "snapshots", facts=tmp_path / "facts")
    for folder in (made.starter, made.snapshots, made.facts):
        folder.mkdir()
    return made


def keep(folders, day, body):
    from datetime import UTC, date, datetime

    from ingest.records import File

    file = File(name="page.txt", url="https://board.example/page.txt", captures="")
    snapshot = snapshots.describe(
        SOURCE, file, str(day), file.url, body, datetime(2026, 11, day, tzinfo=UTC), content_date=date(2026, 11, day),
        date_basis="content",
    )  # fmt: skip
    snapshots.save(snapshot, body, folders.snapshots)


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyError("x"), IndexError("x"), RecursionError("x"), LayoutChanged("x")]
)
def test_content_that_a_parser_did_not_foresee_is_told_as_a_changed_layout(error):
    def fails(pages):
        raise error

    with pytest.raises(LayoutChanged):
        gather.parse(parser(fails), [])


@pytest.mark.parametrize(("parse", "error"), [(lambda pages: [None + 1], TypeError), (stranger, KeyError)])
def test_a_slip_of_our_own_is_raised_as_it_is(parse, error):
    with pytest.raises(error):
        gather.parse(parser(parse), [])


def test_a_page_that_our_code_fails_on_is_left_out_and_the_fault_is_named(folders):
    keep(folders, 1, b"61.5")
    keep(folders, 2, b"bad")
    found = gather.gather({"aider": parser(slip_on_bad_pages)}, folders)
    assert found.reported["score_reported"].tolist() == ["61.5"]
    assert found.faults == ("aider",)
    assert found.problems["aider"].startswith("Our parser of Board failed in test_gather.py, line ")
    assert "TypeError" in found.problems["aider"]


def test_a_page_that_cannot_be_read_is_a_problem_and_no_fault(folders):
    def fails(pages):
        raise LayoutChanged("The page has no table.")

    keep(folders, 1, b"61.5")
    found = gather.gather({"aider": parser(fails)}, folders)
    assert (found.problems, found.faults) == ({"aider": "The page has no table."}, ())


def test_nothing_is_published_after_a_fault_of_ours(folders, monkeypatch):
    keep(folders, 1, b"61.5")
    monkeypatch.setattr(publishing.sources, "discover", lambda: {"aider": parser(slip)})
    monkeypatch.setattr(gather, "Folders", lambda: folders)
    with pytest.raises(publishing.ParserFailed, match="Our parser of Board failed"):
        publishing.publish(folders.starter)
    assert not list(folders.starter.rglob("*.csv"))


@pytest.mark.parametrize(("faults", "code"), [((), 0), (("aider",), 1)])
def test_a_build_with_a_fault_of_ours_ends_with_an_error(monkeypatch, tmp_path, faults, code):
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    done = course.Built(tmp_path / "x.duckdb", "0" * 64, (), {"aider": "Our parser failed."}, faults)
    monkeypatch.setattr(pipeline.course, "build", lambda *_: done)
    result = CliRunner().invoke(pipeline.app, ["build"])
    assert result.exit_code == code
    assert "aider: Our parser failed." in result.output


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A database that says that it rests on what is there now, in folders of its own."""
    places = {"BENCHMARK_STARTER": "starter", "BENCHMARK_SNAPSHOTS": "snapshots", "BENCHMARK_FACTS": "facts"}
    for variable, name in places.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.csv").write_text("a", encoding="utf-8")
        (tmp_path / name / "b.csv").write_text("b", encoding="utf-8")
        monkeypatch.setenv(variable, str(tmp_path / name))
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(tmp_path))
    write_build()
    return tmp_path


def write_build(asof=""):
    tables = tiny_store.tables()
    told = inputs.fingerprints() | {inputs.ASKED_DAY: asof}
    about = pd.DataFrame({"name": list(told), "value": list(told.values())})
    kept = tables["build"][~tables["build"]["name"].isin(about["name"])]
    store.write(tables | {"build": pd.concat([kept, about], ignore_index=True)})


def is_rebuilt(monkeypatch, *words, room=True):
    asked = []
    monkeypatch.setattr(workers, "has_room", lambda: room)
    done = course.Built(store.ROOT / "x.duckdb", "0" * 64, (), {}, ())
    monkeypatch.setattr(pipeline.course, "build", lambda day, *_: asked.append(day) or done)
    assert CliRunner().invoke(pipeline.app, ["build", "--if-needed", *words]).exit_code == 0
    return bool(asked)


def test_nothing_is_built_while_nothing_has_changed(built, monkeypatch):
    assert not is_rebuilt(monkeypatch)
    (built / "facts" / "a.csv").touch()
    assert not is_rebuilt(monkeypatch)


def test_a_small_host_builds_its_first_database_and_none_beside_it(built, monkeypatch):
    (built / "facts" / "c.csv").write_text("c", encoding="utf-8")
    assert not is_rebuilt(monkeypatch, room=False)
    assert is_rebuilt(monkeypatch, room=True)
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(built / "empty"))
    assert is_rebuilt(monkeypatch, room=False)


@pytest.mark.parametrize("folder", ["starter", "snapshots", "facts"])
def test_a_file_that_is_gone_or_new_asks_for_a_build(built, monkeypatch, folder):
    (built / folder / "c.csv").write_text("c", encoding="utf-8")
    assert is_rebuilt(monkeypatch)
    (built / folder / "c.csv").unlink()
    assert not is_rebuilt(monkeypatch)
    (built / folder / "b.csv").unlink()
    assert is_rebuilt(monkeypatch)


def test_a_file_with_other_contents_and_an_old_date_asks_for_a_build(built, monkeypatch):
    import os

    path = built / "facts" / "a.csv"
    path.write_text("z", encoding="utf-8")
    os.utime(path, (0, 0))
    assert is_rebuilt(monkeypatch)


def test_another_day_asks_for_a_build(built, monkeypatch):
    assert is_rebuilt(monkeypatch, "--asof", "2025-01-01")
    write_build("2025-01-01")
    assert not is_rebuilt(monkeypatch, "--asof", "2025-01-01")
    assert is_rebuilt(monkeypatch)


def test_without_a_database_or_with_one_that_does_not_say_what_it_rests_on_a_build_is_needed(built, monkeypatch):
    store.write(tiny_store.tables())
    assert is_rebuilt(monkeypatch)
    monkeypatch.setenv(store.ENVIRONMENT, lakes.place(built / "none"))
    assert is_rebuilt(monkeypatch)


def test_the_hash_covers_the_code_of_the_writing_half(tmp_path):
    def code(text):
        for name in inputs.CODE_FOLDERS:
            (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / "scoring" / "x.py").write_text(text, encoding="utf-8")
        return inputs.fingerprints(Folders(*[tmp_path / "none"] * 3), tmp_path)[inputs.CODE]

    assert code("a") != code("b")
    assert code("a") == code("a")


def test_the_starter_folder_is_not_read_for_the_word_data():
    assert all(starter.FOLDER not in path.parents for path in inputs.files(store.ROOT / "data", "*.*"))
