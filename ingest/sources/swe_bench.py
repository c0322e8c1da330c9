"""SWE-bench: which share of real GitHub issues a system resolves.

Question  Which system resolved what percentage of the issues of which SWE-bench board?
Input     The site's page: HTML tables until 2025-03, since 2025-06 the JSON in <script id="leaderboard-data">; or the
          same JSON as a file of the site's repository.
Output    One `Reported` (percent resolved) and one `ReportedModel` per entry and board, in order of the page.
Method    An entry is known by its name and the day it is dated: both are the same in all three formats. Where a board
          lists one name twice for one day, the entry's folder tells them apart. Medals and marks before a name are not
          read. Who ran it: the page says that a checked entry was reproduced by the board's team (collaborative);
          entries with a version of mini-SWE-agent, the team's own scaffold, are its runs (third_party); all others were
          sent in (first_party).
Silent    Costs, calls and per-issue results are left out and counted; they are no scores of a board.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.tables import PlainTable, plain_tables, require_whole, squash

SOURCE = Source(
    source_id="swe_bench",
    title="SWE-bench",
    url="https://www.swebench.com/",
    licence="CC BY-NC 4.0",
    attribution="SWE-bench team, swebench.com",
    status="live",
    cadence_days=60,
    lists_all=r".*",
    files=(
        File(
            name="index.html",
            url="https://www.swebench.com/",
            captures=r"swe-bench/index_(?P<date>\d{4}-\d{2}-\d{2})\.html",
        ),
        # The page embeds this file, so only copies of it are read: fetching both would show every row twice.
        File(name="leaderboards.json", url=None, captures=r"swe-bench/leaderboards_(?P<date>\d{4}-\d{2}-\d{2})\.json"),
    ),
)

# What the board prints before a name: new, medals, open source, checked.
MARKS = re.compile("^[\\s\N{SQUARED NEW}\U0001f947\U0001f948\U0001f949\U0001f920\N{WHITE HEAVY CHECK MARK}\ufe0f]+")
CHECKED = "\N{WHITE HEAVY CHECK MARK}"
TICK = "\N{CHECK MARK}"
# Until 2024-03 the tables were headed by how files were found; "assisted" gave the system the right
# files, a setting of its own.
EARLY_BOARDS = {
    "Unassisted": ("Test", ""),
    "Assisted": ("Test", "assisted"),
    "UnassistedLite": ("Lite", ""),
    "AssistedLite": ("Lite", "assisted"),
}
OWN_MODEL = "SWE-Llama"  # fine-tuned by the authors of the benchmark
# What an entry holds beside its score.
SIDE_VALUES = ("cost", "instance_cost", "instance_calls")


@dataclass(frozen=True)
class Entry:
    """One row of a board in any of its formats; `resolved` is as printed."""

    board: str
    setting: str
    name: str
    resolved: str
    day: str
    folder: str
    relationship: str
    note: str
    developer: str
    is_open_model: str


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """All entries of all boards of each page."""
    for page in pages:
        text = page.text()
        if text.lstrip().startswith(("{", "[")):
            yield from read_json(page, text)
            continue
        require_whole(text)
        soup = BeautifulSoup(text, "lxml")
        script = soup.find("script", id="leaderboard-data")
        if script:
            yield from read_json(page, script.get_text())
        else:
            yield from emit(page, read_html(soup))


def read_json(page: Page, text: str) -> Iterator[Reported | ReportedModel | Omitted]:
    """Entries of the JSON form; numbers keep their printed digits. Raises LayoutChanged when a field is missing."""
    try:
        boards: Any = json.loads(text, parse_float=str, parse_int=str)
    except ValueError as error:
        raise LayoutChanged(f"{page.name} holds no readable JSON.") from error
    boards = boards.get("leaderboards") if isinstance(boards, dict) else boards
    entries, side, issues = [], [], []
    try:
        for board in boards:
            for row in board["results"]:
                entries.append(read_entry(board["name"], row))
                what = f"{board['name']}: {entries[-1].name}"
                side += [f"{what}, {field}" for field in SIDE_VALUES if row.get(field) is not None]
                issues += [what] * len(row.get("per_instance_details") or ())
    except (KeyError, TypeError, AttributeError) as error:
        raise LayoutChanged(f"{page.name} has an entry without {error}.") from error
    yield from emit(page, entries)
    for rule, found in (("cost or number of calls of an entry", side), ("result of a single issue", issues)):
        yield from leave_out(page, rule, found)


def read_entry(board: str, row: dict) -> Entry:
    """One entry of the JSON form. `checked` is true, false, missing, or "false (See README ...)"."""
    by_board = bool(row.get("mini-swe-agent_version"))
    checked = row["checked"] is True
    tags = [str(t) for t in row.get("tags") or ()]
    notes = [f"mini-SWE-agent {row['mini-swe-agent_version']}"] if by_board else []
    notes += ["checked"] if checked else []
    notes += [squash(str(row["warning"]))] if row.get("warning") else []
    return Entry(
        board=board,
        setting="",
        name=strip_marks(row["name"]),
        resolved=str(row["resolved"]),
        day=row["date"],
        folder=row["folder"],
        relationship="third_party" if by_board else "collaborative" if checked else "first_party",
        note="; ".join(notes),
        developer=next((t.partition(":")[2].strip() for t in tags if t.startswith("Org:")), ""),
        is_open_model={"True": "yes", "False": "no"}.get(str(row.get("os_model")), ""),
    )


def read_html(soup: BeautifulSoup) -> list[Entry]:
    """Entries of the HTML tables; the board is told by the tab that a table stands in, or by the heading before it."""
    entries = []
    for table in plain_tables(soup):
        board, setting = name_board(table)
        name, resolved = table.column("Model"), table.column("% Resolved")
        day = table.column("Date", "% Date")
        verified = table.column("Verified?") if "Verified?" in table.header else None
        for row in table.rows:
            if len(row) != len(table.header):
                raise LayoutChanged(f"A row of board {board} has {len(row)} cells under {len(table.header)} headings.")
            printed = squash(row[name].get_text(" "))
            plain = strip_marks(printed)
            checked = CHECKED in printed or (verified is not None and TICK in row[verified].get_text())
            # Before 2024-06 the boards held the team's own runs only: its own models, and those of others.
            is_early = len(table.header) == 3
            early = "first_party" if OWN_MODEL in plain else "third_party"
            note = ["checked"] if checked else []
            note += ["*"] if plain.endswith("*") else []
            entries.append(
                Entry(
                    board=board,
                    setting=setting,
                    name=plain.rstrip("*").rstrip(),
                    resolved=squash(row[resolved].get_text(" ")),
                    day=squash(row[day].get_text(" ")),
                    folder="",
                    relationship=early if is_early else "collaborative" if checked else "first_party",
                    note="; ".join(note),
                    developer="",
                    is_open_model="",
                )
            )
    if not entries:
        raise LayoutChanged("The page holds neither leaderboard tables nor leaderboard data.")
    return entries


def name_board(table: PlainTable) -> tuple[str, str]:
    """Board and setting of a table. Raises LayoutChanged when no tab or heading names them."""
    tab = table.element.find_parent(class_="tabcontent")
    place = str(tab.get("id") or "") if tab else ""
    if place.startswith("leaderboard-"):
        return place.removeprefix("leaderboard-"), ""
    if place in EARLY_BOARDS:
        return EARLY_BOARDS[place]
    heading = table.element.find_previous("h2")
    title = squash(heading.get_text(" ")) if heading else ""
    if title in ("Leaderboard", "Leaderboard (Lite)"):
        return ("Lite" if "Lite" in title else "Test"), ""
    raise LayoutChanged(f"A table stands under no known board ({shorten(title or place)!r}).")


def strip_marks(name: str) -> str:
    """A name without the medals and marks that the board prints before it."""
    return MARKS.sub("", squash(name))


def emit(page: Page, entries: list[Entry]) -> Iterator[Reported | ReportedModel]:
    """Entries as rows. The run is the entry's day, or its folder where a board lists one name twice for one day."""
    if not all(isinstance(t, str) for e in entries for t in (e.board, e.setting, e.name, e.day)):
        raise LayoutChanged(f"{page.name} has an entry whose name or day is no text.")
    count = Counter((e.board, e.setting, e.name, e.day) for e in entries)
    about: dict[tuple[str, str], ReportedModel] = {}
    for entry in entries:
        is_twice = count[(entry.board, entry.setting, entry.name, entry.day)] > 1
        run = (entry.folder if is_twice else "") or entry.day
        yield Reported(
            snapshot_id=page.snapshot_id,
            model=entry.name,
            model_kind="system",
            run=run,
            benchmark="SWE-bench",
            benchmark_version=entry.board,
            metric="% Resolved",
            setting=entry.setting,
            score_reported=entry.resolved,
            score_unit="percent",
            evaluator_relationship=entry.relationship,
            evaluated_date=entry.day,
            locator=f"board {entry.board}, entry {entry.name} ({run})",
            note=shorten(entry.note, 200),
        )
        known = ReportedModel(
            snapshot_id=page.snapshot_id,
            model=entry.name,
            model_kind="system",
            run=run,
            developer=entry.developer,
            submission_date=entry.day,
            is_open_weights=entry.is_open_model,
        )
        about.setdefault((entry.name, run), known)
    yield from about.values()
