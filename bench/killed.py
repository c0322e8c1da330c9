"""kill -9 at random moments: is what is served always the old state or the new one, whole?

Question  What do `fetch`, `build`, `publish` and `refresh` leave behind when their process is killed?
Input     a small mirror made from a golden page: one board, one file a day. All folders are temporary. BENCHMARK_TEST_STORE
          (postgres or s3) has the database in a lake instead of a folder.
Output    one row per command: n_kills, n_alive (killed while it worked; the rest had ended), n_old, n_new: which state
          was found afterwards. A third state raises Mixture.
Method    A process of its own runs a command of `pipeline.py` in its own folders and is killed after a seeded random
          delay between its start and the end that an undisturbed run had. It is forked, where the system can, from one
          that has imported everything: a kill hits the work and no import. After each kill everything is read as the
          next command would. At the end an undisturbed run must reach the new state over whatever the kills left
          lying about.
"""

import csv
import hashlib
import multiprocessing
import os
import random
import runpy
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType

import pandas as pd

import store
from ingest import snapshots, starter
from ingest.gather import FACTS
from tests import lakes

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "tests" / "golden" / "squad" / "index_2019.html"
SOURCE = "squad"
N_DAYS = (6, 12)  # files in the mirror of the old state and of the new one
SEED = 20261122
N_KILLS = 25  # of each of the four commands
SAID = "said.txt"  # file in a place with what the last command printed


def context() -> multiprocessing.context.BaseContext:
    """How processes are made: forked from a server that has imported what commands need, else started afresh."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    leaves = [f"{room}.{file.stem}" for room in ("ingest.sources", "scoring.signals")
              for file in sorted((ROOT / room.replace(".", "/")).glob("[a-z]*.py"))]  # fmt: skip
    made.set_forkserver_preload(["bench.killed", "pipeline", "scoring.course", *leaves])
    return made


class Mixture(Exception):
    """What was left is neither the old state nor the new one."""


@dataclass(frozen=True)
class Place:
    """The folders of one run, all below `root`."""

    root: Path
    database: dict[str, str]  # variables that say where it is

    @property
    def environment(self) -> dict[str, str]:
        """Environment of a process that works in these folders and in no others."""
        own = self.database | {
            "BENCHMARK_SNAPSHOTS": str(self.root / "snapshots"),
            "BENCHMARK_STARTER": str(self.root / "starter"),
            "BENCHMARK_FACTS": str(self.root / "facts"),
        }
        return {k: v for k, v in os.environ.items() if k != "BENCHMARK_MIRROR"} | own

    def start(self, *command: str) -> BaseProcess:
        """Start a process that runs `pipeline.py` with this command."""
        process = context().Process(target=run_pipeline, args=(self, command))
        # The child would run our main module again, which under test is the page that was tried last.
        ours = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = ours
        return process

    def run(self, *command: str) -> None:
        """Run a command undisturbed; raises RuntimeError when it fails."""
        process = self.start(*command)
        process.join()
        if process.exitcode:
            raise RuntimeError(f"{' '.join(command)}: {(self.root / SAID).read_text(errors='replace')}")


def run_pipeline(place: Place, command: tuple[str, ...]) -> None:
    """What the process does: the command line, in the folders of this place, its words in a file there."""
    os.environ.clear()
    os.environ.update(place.environment)
    os.chdir(ROOT)
    said = os.open(place.root / SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, sys.stdout.fileno())
    os.dup2(said, sys.stderr.fileno())
    sys.argv = [str(ROOT / "pipeline.py"), *command]
    runpy.run_path(sys.argv[0], run_name="__main__")


def make_mirror(folder: Path, n_days: int, last: str = "") -> Path:
    """A mirror with one page of the board a day; last: what the page of the last day says instead."""
    (folder / SOURCE).mkdir(parents=True)
    text = PAGE.read_text(encoding="utf-8")
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["path", "live_url", "commit_date", "licence", "sha256"])
        for n in range(n_days):
            day = date(2024, 1, 1) + timedelta(days=n)
            body = text.replace("</html>", f"<!-- {day} --></html>").encode()
            if last and n == n_days - 1:
                body = last.encode()
            path = f"{SOURCE}/index_{day}.html"
            (folder / path).write_bytes(body)
            digest = hashlib.sha256(body).hexdigest()
            out.writerow([path, "https://board.example/", f"{day}T00:00:00+00:00", "MIT", digest])
    return folder


def make_facts(folder: Path) -> None:
    """Facts that hardly slow a build down: one transcribed score, nothing else (a file that is missing is empty)."""
    folder.mkdir()
    rows = starter.read_csv(FACTS / "paper_scores.csv")
    chosen = rows[(rows["published_date"] != "") & (rows["arxiv_id"] == "")].head(1)
    chosen.to_csv(folder / "paper_scores.csv", index=False)


def told_by_snapshots(place: Place) -> str:
    """Fingerprint of all snapshots of the board, each of them whole."""
    known = snapshots.known(SOURCE, place.root / "snapshots")
    for snapshot in known:
        snapshots.load(snapshot, place.root / "snapshots")
    return ",".join(s.snapshot_id for s in known)


def told_by_starter(place: Place) -> str:
    """Fingerprint of the starter data as the next build would read it."""
    folder = place.root / "starter"
    written = starter.read_snapshots(folder)
    digest = hashlib.sha256(written.to_csv(index=False).encode())
    for source_id in sorted(written["source_id"].unique()):
        for frame in starter.read(source_id, written, folder):
            digest.update(frame.to_csv(index=False).encode())
    return digest.hexdigest()


def told_by_database(place: Place) -> str:
    """Fingerprint that the served database states, every view of it read."""
    address = place.database[store.ENVIRONMENT]
    store.lake.forget(address)  # another process may have written a moment ago
    connection = store.connect(store.current(address))
    try:
        for view in store.VIEWS:
            store.read(connection, view)
        facts = store.read(connection, "build").set_index("name")["value"]
    finally:
        connection.close()
    return facts["tables_sha256"]


def kill(
    place: Place,
    command: tuple[str, ...],
    told: Callable[[Place], str],
    reset: Callable[[], None],
    n_kills: int,
    seed: int,
    is_partial: bool = False,
) -> dict:
    """Kill a command n times at random moments; raises Mixture.

    told        reads the state that is left and gives its fingerprint
    reset       brings back the old state, leaving alone what kills left beside it
    is_partial  True where any part of the work is a good state too (snapshots: each whole one counts; the steps of refresh)
    """
    chance = random.Random(seed)
    old = told(place)
    place.run("--help")  # the first process of all waits for imports, which the run that is timed must not
    started = time.monotonic()
    place.run(*command)
    whole = time.monotonic() - started
    new = told(place)
    if new == old:
        raise Mixture("The command changes nothing: nothing is tested.")
    found = {"n_kills": n_kills, "n_alive": 0, "n_old": 0, "n_new": 0}
    for _ in range(n_kills):
        reset()
        before = told(place)
        process = place.start(*command)
        time.sleep(chance.uniform(0, 1) * whole)
        found["n_alive"] += process.is_alive()
        process.kill()  # SIGKILL: no clean-up runs
        process.join()
        state = told(place)
        if state == new:
            found["n_new"] += 1
        elif state == before or (is_partial and set(state.split(",")) <= {*new.split(","), *before.split(",")}):
            found["n_old"] += 1
        else:
            raise Mixture(f"{command[0]}: after a kill neither the old state nor the new one is there.")
    place.run(*command)
    if told(place) != new:
        raise Mixture(f"{command[0]}: an undisturbed run after the kills does not reach the new state.")
    return {"command": command[0]} | found


def begin(root: Path) -> Place:
    """A place with facts and nothing else, its database in the kind of store that the environment names."""
    address, variables = lakes.make(os.environ.get(lakes.STORE, "folder"), root)
    os.environ.update(variables)
    make_facts(root / "facts")
    return Place(root, variables | {store.ENVIRONMENT: address})


def prepare(root: Path) -> tuple[Place, Path]:
    """A place whose starter data holds the old state and whose snapshots hold the new one; and the new mirror."""
    place = begin(root)
    few, many = (make_mirror(root / f"mirror-{n}", n) for n in N_DAYS)
    place.run("fetch", "--mirror", str(few), "--source", SOURCE)
    place.run("publish")
    place.run("fetch", "--mirror", str(many), "--source", SOURCE)
    return place, many


def restore(kept: Path, target: Path) -> None:
    """Put a kept folder back in place of what is there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(kept, target, symlinks=True)


def keep_builds(place: Place) -> Callable[[], None]:
    """Remember the builds of a place; what is returned brings them back and leaves what lies beside them."""
    address = place.database[store.ENVIRONMENT]
    if address.startswith("ducklake:"):
        return lakes.keep(address)
    folder, kept = store.folder(address), place.root / "kept-builds"
    shutil.copytree(folder, kept)

    def bring_back() -> None:
        # The pointer alone decides what is served; unfinished files stay, as they would.
        for file in (kept / "current", *kept.glob("benchmarks-*")):
            shutil.copy(file, folder / file.name)

    return bring_back


def kill_fetch(root: Path, n_kills: int = N_KILLS, seed: int = SEED) -> dict:
    """Kill `fetch --mirror`."""
    place, mirror = begin(root), make_mirror(root / "mirror", 3 * N_DAYS[1])

    def reset() -> None:
        for whole in (root / "snapshots" / SOURCE).glob("[0-9a-f]*"):
            shutil.rmtree(whole)

    command = ("fetch", "--mirror", str(mirror), "--source", SOURCE)
    return kill(place, command, told_by_snapshots, reset, n_kills, seed, is_partial=True)


def kill_build(root: Path, n_kills: int = N_KILLS, seed: int = SEED) -> dict:
    """Kill `build`: the old database is of an earlier day."""
    place, _ = prepare(root)
    place.run("build", "--asof", "2024-01-10")
    bring_back = keep_builds(place)
    return kill(place, ("build",), told_by_database, bring_back, n_kills, seed)


def kill_publish(root: Path, n_kills: int = N_KILLS, seed: int = SEED) -> dict:
    """Kill `publish`: the old record has the first days only."""
    place, _ = prepare(root)
    kept = root / "kept"
    shutil.copytree(root / "starter", kept)
    return kill(place, ("publish",), told_by_starter, lambda: restore(kept, root / "starter"), n_kills, seed)


def kill_refresh(root: Path, n_kills: int = N_KILLS, seed: int = SEED) -> dict:
    """Kill `refresh --mirror`: snapshots, database and starter data are each the old ones or the new ones, whole."""
    place, mirror = prepare(root)
    place.run("build", "--asof", "2024-01-06")
    for snapshot in snapshots.known(SOURCE, root / "snapshots"):
        if snapshot.content_date > "2024-01-06":
            shutil.rmtree(root / "snapshots" / SOURCE / snapshot.snapshot_id)
    bring_back = keep_builds(place)
    folders = (root / "snapshots", root / "starter", store.folder(place.database[store.ENVIRONMENT]))
    for folder in folders:
        shutil.copytree(folder, root / "kept" / folder.name, symlinks=True)

    def told(place: Place) -> str:
        parts = (f"database {told_by_database(place)}", f"starter {told_by_starter(place)}")
        return ",".join([told_by_snapshots(place), *parts])

    def reset() -> None:
        for folder in folders:
            restore(root / "kept" / folder.name, folder)
        bring_back()

    command = ("refresh", "--mirror", str(mirror), "--source", SOURCE)
    return kill(place, command, told, reset, n_kills, seed, is_partial=True)


COMMANDS = {"fetch": kill_fetch, "build": kill_build, "publish": kill_publish, "refresh": kill_refresh}


def main() -> None:
    """Kill each command N_KILLS times and print what was found."""
    rows = []
    for run in COMMANDS.values():
        with tempfile.TemporaryDirectory() as folder:
            rows.append(run(Path(folder)))
    print(pd.DataFrame(rows).to_string(index=False))
