"""Is a page that broke off ever taken for a whole one, and a whole one never for a cut one?"""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingest import gather, snapshots, starter, whole
from ingest.gather import Folders
from ingest.records import File, Omitted, Page, Reported, ReportedModel, Source, frame
from ingest.whole import BrokenOff

SOURCE = Source(
    source_id="aider", title="Board", url="https://board.example", licence="MIT", attribution="Board", status="live",
    bundle_by="file",
)  # fmt: skip
ADDRESS = "https://board.example/page.csv"


def page(name, text, day="2026-11-01", basis="content"):
    return Page(
        name=name, body=text.encode(), url=ADDRESS, content_date=date.fromisoformat(day), date_basis=basis,
        snapshot_id=snapshots.identify(ADDRESS, text.encode()), licence="MIT",
    )  # fmt: skip


RECORDS = "".join(f"- model: m{i}\n  score: {i}\n  about:\n    size: {i}B\n" for i in range(1, 6))
CARD = "---\nname: x\n---\n\n| test | score |\n|---|---|\n| MMLU | 61.5 |\n| GSM8K | 70.25 |\n"
CUT = [
    ("x.csv", "model,score\na,1\nb,2", "in the middle of a line"),
    ("x.csv", "model,score\na,1\nb\n", "1 cells in its last line"),
    ("x.csv", 'model,score\na,1\n"b\n', "inside a quotation"),
    ("x.yml", RECORDS[:-1], "in the middle of a line"),
    ("x.yaml", RECORDS + "- model: m6\n", "lacks fields in its last record"),
    ("x.yml", RECORDS + "- model: m6\n  score:\n  about:\n    size: 6B\n", "lacks fields"),
    ("x.yml", RECORDS + "- model: m6\n  score: 6\n  about:\n", "lacks fields"),
    ("x.md", CARD[:-1], "in the middle of a line"),
    ("x.md", CARD[:-4] + "\n", "inside a row of a table"),
    ("x.md", CARD + "```\nsome code\n", "inside a block of code"),
    ("x.md", CARD + "<table><tr><td>1</td></tr>\n", "inside a table"),
    ("x.md", "---\nname: x\nresults:\n", "inside its front matter"),
    ("x.html", "<html><table><tr><td>1</td></tr></table>\n", "before its closing tag"),
    ("x.html", "<html>a</html> b <p>", "before its closing tag"),
    ("x.jsonl", '{"a": 1}\n{"a": 2}', "in the middle of a line"),
]
WHOLE = [
    ("x.csv", 'model,score\na,1\n"b, c",2\n'), ("x.yml", RECORDS), ("x.md", CARD), ("x.md", CARD + "```py\na\n```\n"),
    ("x.html", "<html>a</HTML >\n<!-- made by hand -->\n"), ("x.json", "{"), ("x.yml", "a: 1\nb:\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "words"), CUT)
def test_a_page_without_its_formats_end_is_refused(name, text, words):
    with pytest.raises(BrokenOff, match=words):
        whole.require_end(page(name, text))


@pytest.mark.parametrize(("name", "text"), WHOLE)
def test_a_page_with_its_formats_end_is_not(name, text):
    whole.require_end(page(name, text))


def test_an_end_that_its_publisher_leaves_off_is_not_asked_for():
    whole.require_end(page("x.csv", "model,score\na,1"), r"x\.csv")
    whole.require_end(page("x.html", "<table></table>"), r"x\.html")
    with pytest.raises(BrokenOff, match="1 cells"):
        whole.require_end(page("x.csv", "model,score\na"), r"x\.csv")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("a\nb\nc\nd\n", "a\nb\n"),  # the same list, shorter
        ("a\nb\nc\nd\n", "a\nnew\nb\nc\n"),  # a new row, and the last one gone
        ("a\nb\nc\nd\ne\n", "a\nb\nchanged\n"),  # the last row that is left was changed
        ("x\na\nx\nb\nx\nc\n", "x\na\nx\n"),  # a line that stands everywhere is told by those above it
        ("r1\n x\nr2\n x\nr3\n x\n", "r1\n x\nr2\n x\nr3\n"),  # what is gone stands elsewhere too
        ("a\nb\nscore: 17.6270", "a\nb\nscore: 17.6"),  # a last line left open
    ],
)
def test_a_page_that_ends_in_the_middle_of_the_one_before_is_cut(before, now):
    with pytest.raises(BrokenOff):
        whole.require_tail(page("x.txt", now), page("x.txt", before))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("a\nb\nc\n", "a\nb\nc\nd\n"),
        ("a\nb\nc\n", "new\na\nb\nc\n"),
        ("a\nb\nc\n", "c\nb\na\n"),  # another order
        ("a\nb\nc\n", "a\nb\nchanged\n"),  # the last row was changed
        ("a\nb\nc\nd\n", "a\nc\nd\n"),  # a row in the middle was taken away
        ("a\nb\nc\nd\ne\nf\n", "a\n1\n2\n3\n4\n"),  # written anew
        ("a\nb\n", "a\nb"),
    ],
)
def test_a_page_that_was_brought_up_to_date_is_not_cut(before, now):
    whole.require_tail(page("x.txt", now), page("x.txt", before))


def parse(pages):
    for p in pages:
        for line in p.text().splitlines()[1:]:
            model, score = line.split(",")
            yield Reported(
                snapshot_id=p.snapshot_id, model=model, benchmark="b", score_reported=score, score_unit="percent",
                locator=f"row {model}",
            )  # fmt: skip


MODULE = SimpleNamespace(SOURCE=SOURCE, parse=parse)


@pytest.fixture
def folders(tmp_path):
    made = Folders(starter=tmp_path / "starter", snapshots=tmp_path / "snapshots", facts=tmp_path / "facts")
    for folder in (made.starter, made.snapshots, made.facts):
        folder.mkdir()
    return made


def keep(folders, day, scores, basis="retrieval", name="page.csv"):
    body = ("model,score\n" + "".join(f"{m},{s}\n" for m, s in scores)).encode()
    moment = datetime(2026, 11, day, tzinfo=UTC)
    snapshot = snapshots.describe(
        SOURCE, File(name=name, url=ADDRESS, captures=""), name, ADDRESS, body, moment, content_date=moment.date(),
        date_basis=basis,
    )  # fmt: skip
    snapshots.save(snapshot, body, folders.snapshots)
    return snapshot


BOARD = [(f"m{i}", f"{i}.5") for i in range(10)]
# The same board with other numbers throughout, so that no line of the page before is left.
NEW_BOARD = [(f"m{i}", f"{i}.7") for i in range(10)]


def test_a_source_that_loses_over_a_fifth_of_its_rows_keeps_what_it_said_before(folders):
    keep(folders, 1, BOARD)
    keep(folders, 2, NEW_BOARD[:7])
    found = gather.gather({"aider": MODULE}, folders)
    assert found.reported["score_reported"].tolist() == [s for _, s in BOARD]
    assert "gives 7 scores where it gave 10 before" in found.problems["aider"]
    keep(folders, 3, NEW_BOARD[:8])  # exactly a fifth fewer is no alarm
    found = gather.gather({"aider": MODULE}, folders)
    assert len(found.reported) == 18


def test_a_smaller_page_that_was_looked_at_is_taken(folders):
    keep(folders, 1, BOARD)
    keep(folders, 2, NEW_BOARD[:3])
    looked = SimpleNamespace(SOURCE=Source(**{**vars(SOURCE), "shrank_on": ("2026-11-02",)}), parse=parse)
    found = gather.gather({"aider": looked}, folders)
    assert (len(found.reported), found.problems) == (13, {})


def test_a_page_cut_between_two_rows_keeps_the_one_before_and_a_whole_one_after_it_is_taken(folders):
    keep(folders, 1, BOARD)
    keep(folders, 2, BOARD[:9])
    found = gather.gather({"aider": MODULE}, folders)
    assert len(found.reported) == 10
    assert "ends where 1 more lines followed before" in found.problems["aider"]
    keep(folders, 3, [*BOARD, ("new", "99")])
    assert len(gather.gather({"aider": MODULE}, folders).reported) == 21


def test_the_starter_data_count_as_what_was_read_before(folders):
    kept = keep(folders, 1, BOARD)
    found = gather.gather({"aider": MODULE}, folders)
    with starter.replaced(folders.starter) as fresh:
        starter.write("aider", found.reported, found.models, found.omitted, found.snapshots, fresh)
        starter.write_snapshots(found.snapshots, fresh)
        starter.write_manifest(fresh)
    for path in (folders.snapshots / "aider" / kept.snapshot_id).iterdir():
        path.unlink()
    keep(folders, 2, NEW_BOARD[:7])
    again = gather.gather({"aider": MODULE}, folders)
    assert sorted(again.reported["score_reported"]) == [s for _, s in BOARD]
    assert "gives 7 scores where it gave 10 before" in again.problems["aider"]


@pytest.fixture
def recorded(folders):
    """A record of the board in the starter data, and nothing on disk."""
    rows = [r for r in parse([page("x.csv", "model,score\n" + "".join(f"{m},{s}\n" for m, s in BOARD))])]
    listed = gather.pd.DataFrame(
        [{"snapshot_id": rows[0].snapshot_id, "source_id": "aider", "bundle": "b", "file_name": "x.csv", "url": ADDRESS,
          "content_date": "2026-11-01", "date_basis": "content", "retrieved_at": "", "sha256": "0" * 64, "n_bytes": 1,
          "licence": "MIT"}]
    )  # fmt: skip
    with starter.replaced(folders.starter) as fresh:
        reported = frame(rows, gather.LISTS[Reported])
        starter.write(
            "aider", reported, frame([], gather.LISTS[ReportedModel]), frame([], gather.LISTS[Omitted]), listed, fresh
        )
        starter.write_snapshots(listed, fresh)
        starter.write_manifest(fresh)
    return folders


def test_the_record_is_read_while_it_is_whole_whatever_git_does_to_its_line_endings(recorded):
    assert len(gather.gather({"aider": MODULE}, recorded).reported) == 10
    path = recorded.starter / "aider" / "2026.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(gather.gather({"aider": MODULE}, recorded).reported) == 10


def cut_file(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2].rpartition(b"\n")[0] + b"\n")


def add_file(path):
    (path.parent / "1999.csv").write_text("a\n1\n", encoding="utf-8")


FILES = ("2026.csv", "run.csv", "test.csv", "model.csv", "omission.csv", "kind.csv")
DAMAGES = [(name, Path.unlink) for name in FILES] + [(name, cut_file) for name in FILES[:3]] + [(FILES[0], add_file)]


@pytest.mark.parametrize(("name", "damage"), DAMAGES)
def test_a_starter_file_that_is_cut_missing_or_unlisted_leaves_its_source_out_and_only_that(recorded, name, damage):
    damage(recorded.starter / "aider" / name)
    keep(recorded, 9, BOARD[:2], name="other.csv", basis="content")
    found = gather.gather({"aider": MODULE}, recorded)
    assert len(found.reported) == 2
    assert found.faults == ("aider",)
    assert "starter data" in found.problems["aider"]


@pytest.mark.parametrize("damage", [cut_file, Path.unlink])
@pytest.mark.parametrize("name", ["snapshot.csv", "manifest.csv"])
def test_a_record_without_its_lists_is_refused_whole(recorded, name, damage):
    damage(recorded.starter / name)
    with pytest.raises(starter.StarterDamaged):
        gather.gather({"aider": MODULE}, recorded)


def test_the_record_that_the_project_ships_is_whole():
    for part in ("snapshot.csv", "levels.csv", *sorted(p.name for p in starter.FOLDER.iterdir() if p.is_dir())):
        starter.require_whole(starter.FOLDER, part)
