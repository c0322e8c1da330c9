"""Disks, clocks, databases and sources go wrong, one after the other: what does a visitor see, and what is kept?

Question  For each fault: the answer of /healthz, what every page says, which build is shown meanwhile, and whether the next build
          mends it.
Input     the tiny database of the tests, in a folder and in a lake (PostgreSQL, parquet files), served; for faults of sources a
          small mirror of one board (bench/killed.py) and `refresh`. All places are temporary.
Output    one table on the screen. Exit code 1 where a page shows an error box, a build that was finished is lost without being
          damaged, or the next build does not mend it.
Method    Two builds are written, in the first of which every score is 1 / UNIT and in the second 2 / UNIT (bench/lake.py); the fault
          strikes; every page is opened by the websocket; a third build is written, and every page is opened again.
"""

import asyncio
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.markup import escape
from rich.table import Table

import store
from bench import killed, lake, load
from tests import browsing, lakes, tiny_store
from tests.test_store import FILLER

SMALL = 300_000  # bytes to which a file may grow where the disk is full
ALL_PAGES = "all pages as before"
HOSTILE = {
    "is down": None,
    "answers with another page": "<html><h1>We have moved</h1></html>",
    "changed its table": "<html><table><tr><th>Team</th><th>Points</th></tr><tr><td>a</td><td>1</td></tr></table></html>",
    "is cut in the middle": "half",
    "sends scripts as names": "scripts",
    "sends 100,000 nested tables": "<table><tr><td>" * 100_000,
    "sends numbers without end": "numbers",
}


@dataclass(frozen=True)
class Seen:
    """One line of the table: the fault, the answer of /healthz, what pages say, what is shown meanwhile, and what is wrong."""

    fault: str
    health: str
    pages: str
    kept: str
    wrong: str = ""


def write(address: str, n: int) -> store.Build:
    """Build n."""
    return store.write(lake.numbered(tiny_store.tables(), n), address)


def health(server: str) -> str:
    """The code of /healthz."""
    try:
        with urllib.request.urlopen(f"{server}/healthz", timeout=60) as answer:
            return str(answer.status)
    except urllib.error.HTTPError as answer:
        return str(answer.code)


async def said_by(server: str) -> tuple[set[str], list[str]]:
    """What boxes on all pages say, and what failed."""
    said, failed = set(), []
    async with load.connect(server, 1) as line:
        visitor = load.Visitor(line)
        for page in load.ASKED:
            visitor.said.clear()
            failed += [f"{page or 'home'}: {told}" for told in [await visitor.run(load.question(page))] if told]
            said |= set(visitor.said)
    return said, failed


def shown(address: str) -> str:
    """The number of the build that a new reader gets, "none" where it gets one sentence."""
    try:
        if address.startswith("ducklake:"):
            store.lake.forget(address)
        connection = store.connect(store.current(address))
        (value,) = set(store.read(connection, "evaluation", ["score"])["score"])
        connection.close()
    except (store.NoDatabase, store.Unreadable):
        return "none"
    return f"build {round(value * lake.UNIT)}"


def delete(last: Path) -> None:
    """Remove the file of the current build."""
    last.unlink()


def cut(last: Path) -> None:
    """Half of the file is gone."""
    os.truncate(last, last.stat().st_size // 2)


def empty(last: Path) -> None:
    """The file holds nothing."""
    last.write_bytes(b"")


def refuse(last: Path) -> None:
    """The file is a folder: whoever serves, root too, cannot read it."""
    last.unlink()
    last.mkdir()


def scratch(last: Path) -> None:
    """Blocks of the file hold zeros."""
    with last.open("r+b") as file:
        for start in range(store.files.HEADERS, last.stat().st_size - 4096, 65_536):
            file.seek(start)
            file.write(b"\0" * 4096)


def delete_all(last: Path) -> None:
    """No build is left."""
    for file in filter(Path.is_file, last.parent.glob("benchmarks-*")):
        file.unlink()


def spoil_pointer(last: Path) -> None:
    """The file that names the current build names another one."""
    (last.parent / "current").write_bytes(b"../../etc/passwd\n")


def fill_disk(last: Path) -> None:
    """A third build finds no space."""
    process = subprocess.run(
        [sys.executable, "-c", FILLER, str(last.parent), str(SMALL)], cwd=store.ROOT, text=True, capture_output=True, check=True
    )  # fmt: skip
    assert "no space left" in process.stdout, process


def turn_clock(year: int, last: Path) -> None:
    """Build 4 is made while the clock tells another year."""

    class Odd(datetime):
        @classmethod
        def now(cls, tz=None):  # type: ignore[no-untyped-def]  # the clock's own words
            return datetime(year, 1, 1, tzinfo=tz or UTC)

    with patch.object(store.files, "datetime", Odd):
        write(str(last.parent), 4)


def kill_writer(address: str) -> None:
    """A writer of a third build is killed at work."""
    writer = multiprocessing.get_context("spawn").Process(target=write, args=(address, 3))
    writer.start()
    time.sleep(4.0)
    writer.kill()
    writer.join()


def lose_parquet(parquet: str) -> None:
    """The parquet files of the scores are gone."""
    for file in Path(parquet).rglob("evaluation/*.parquet"):
        file.unlink()


# What strikes, and which build may be shown meanwhile: the one before only where the last one is gone.
IN_A_FOLDER: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "disk full while a build is written": (fill_disk, ("build 2",)),
    "database deleted": (delete, ("build 1",)),
    "database truncated to a half": (cut, ("build 1",)),
    "database emptied": (empty, ("build 1",)),
    "database unreadable": (refuse, ("build 1",)),
    "database with zeroed blocks": (scratch, ("build 1", "none")),
    "all databases deleted": (delete_all, ("none",)),
    "pointer to the current build spoilt": (spoil_pointer, ("build 2",)),
    "clock back in 1999 at a build": (partial(turn_clock, 1999), ("build 4",)),
    "clock ahead in 2150 at a build": (partial(turn_clock, 2150), ("build 4",)),
    "writer killed": (lambda last: kill_writer(str(last.parent)), ("build 2",)),
}


def served(
    address: str, server: str, fault: str, strike: Callable[[store.Build], None], may_show: tuple[str, ...]
) -> Seen:
    """Two builds, the fault, a look; a third build, another look."""
    write(address, 1)
    last = write(address, 2)
    usual, _ = asyncio.run(said_by(server))
    strike(last)
    said, failed = asyncio.run(said_by(server))
    code, kept = health(server), shown(address)
    wrong = [*failed, *([] if kept in may_show else [f"shown is {kept}"])]
    write(address, 3)
    time.sleep(store.lake.ASK_EVERY)  # a server asks a catalog no more often
    then_said, failed = asyncio.run(said_by(server))
    wrong += failed + [f"after the next build: {text}" for text in sorted(then_said - usual)]
    if (then := shown(address)) != "build 3" or health(server) != "200":
        wrong.append(f"after the next build: {then}")
    return Seen(fault, code, "; ".join(sorted(said - usual)) or ALL_PAGES, kept, "; ".join(wrong))


def strike_path(strike: Callable[[Path], None], last: store.Build) -> None:
    """A fault of the file of the last build."""
    strike(Path(str(last)))


def strike_all(strike: Callable[[], None], _: store.Build) -> None:
    """A fault of a whole lake."""
    strike()


def in_a_folder(folder: Path) -> Iterator[Seen]:
    """Faults of disk, files and clock."""
    write(str(folder), 1)
    with browsing.serve(folder) as server:
        for fault, (strike, may_show) in IN_A_FOLDER.items():
            yield served(str(folder), server, fault, partial(strike_path, strike), may_show)


def in_a_lake(folder: Path) -> Iterator[Seen]:
    """Faults of a catalog and its parquet files."""
    address, variables = lakes.make("postgres", folder)
    faults: dict[str, tuple[Callable[[], None], tuple[str, ...]]] = {
        "lake: parquet files of the scores missing": (partial(lose_parquet, variables[store.lake.PARQUET]), ("none",)),
        "lake: snapshot half written, its writer killed": (partial(kill_writer, address), ("build 2", "build 3")),
        "lake: PostgreSQL restarts": (lakes.restart_postgres, ("build 2",)),
    }
    with patch.dict(os.environ, variables):
        write(address, 1)
        with browsing.serve(address, folder) as server:
            for fault, (strike, may_show) in faults.items():
                yield served(address, server, fault, partial(strike_all, strike), may_show)


def two_builds(root: Path) -> Seen:
    """Two builds at once in one place."""
    place, _ = killed.prepare(root)
    both = [
        subprocess.Popen([sys.executable, "pipeline.py", "build"], cwd=store.ROOT, env=place.environment, text=True, stderr=subprocess.PIPE)
        for _ in range(2)
    ]  # fmt: skip
    said = " ".join(build.communicate()[1] for build in both)
    told = " ".join(re.findall(r"event=wait \S+", said))
    wrong = "" if told and not any(build.returncode for build in both) else said[-300:]
    killed.told_by_database(place)
    return Seen("two builds at once", "-", f"the second says: {told}", "both, one after the other", wrong)


def without_network(place: killed.Place, command: tuple[str, ...]) -> None:
    """A command that finds nobody."""
    with patch("socket.getaddrinfo", side_effect=OSError("no network")):
        killed.run_pipeline(place, command)


def changed(fault: str, page: str) -> str:
    """The board's page with this fault."""
    told = {
        "half": page[: len(page) // 2],
        "scripts": page.replace("ToyNet", "=1+1 &lt;script&gt;window.ran=1&lt;/script&gt; ToyNet"),
        "numbers": re.sub(r"\d\d\.\d+(?=</)", "9e9999999", page),
    }
    return told.get(fault, fault)


def of_sources(root: Path) -> Iterator[Seen]:
    """What a source can do wrong, met by `refresh`."""
    for n, (fault, text) in enumerate(HOSTILE.items()):
        (folder := root / str(n)).mkdir()
        place = killed.begin(folder)
        mirror = killed.make_mirror(folder / "mirror", 2)
        place.run("refresh", "--mirror", str(mirror), "--source", killed.SOURCE)
        before = scores(place)
        if text is None:
            process = multiprocessing.get_context("fork").Process(
                target=without_network, args=(place, ("refresh", "--source", killed.SOURCE))
            )
            process.start()
        else:
            body = changed(text, killed.PAGE.read_text(encoding="utf-8"))
            third = killed.make_mirror(folder / "third", 3, body)
            process = place.start("refresh", "--mirror", str(third), "--source", killed.SOURCE)
        process.join()
        said = (place.root / killed.SAID).read_text(encoding="utf-8", errors="replace")
        told = [text for text in re.findall(r"problem=(\"(?:[^\"\\]|\\.)*\")", said) if len(text) > 2]
        state = " ".join(re.findall(r"event=refresh (state=\S+ exit=\d+)", said))
        lost = before - scores(place)
        words = json.loads(told[0]) if told else rejected(place)
        wrong = f"{len(lost)} scores are lost" if lost else "" if words or process.exitcode == 0 else said[-300:]
        new = len(scores(place)) - len(before)
        yield Seen(f"source {fault}", "-", f"{words} [{state}]", f"all {len(before)} scores, {new} new", wrong)


def scores(place: killed.Place) -> set[tuple[str, float]]:
    """What the served database of a place says is current."""
    connection = store.connect(store.current(place.database[store.ENVIRONMENT]))
    found = store.read(connection, "evaluation", ["model_reported", "score"])
    connection.close()
    return set(found.itertuples(index=False, name=None))


def rejected(place: killed.Place) -> str:
    """Why values were refused, the first sentence of each reason with how many there are."""
    connection = store.connect(store.current(place.database[store.ENVIRONMENT]))
    found = store.read(connection, "rejection", ["reason", "detail"])
    connection.close()
    return "; ".join(f"{len(some)} refused: {some['detail'].iloc[0]}" for _, some in found.groupby("reason"))


def rows() -> Iterator[Seen]:
    """Every fault."""
    for kind in (in_a_folder, in_a_lake, of_sources):
        with tempfile.TemporaryDirectory() as folder:
            yield from kind(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield two_builds(Path(folder))


def main() -> None:
    """Print one line a fault."""
    table, wrong, n = Table("fault", "health", "what a visitor or the log sees", "shown and kept", "wrong"), 0, 0
    for seen in rows():
        table.add_row(*map(escape, (seen.fault, seen.health, seen.pages, seen.kept, seen.wrong)))
        wrong, n = wrong + bool(seen.wrong), n + 1
    Console(width=230).print(table)
    print(f"{n} faults, {wrong} wrong.")
    if wrong:
        raise SystemExit(1)
