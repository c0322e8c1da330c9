"""Four readers and one writer: does anybody see a mixture of two builds, and how long does each wait?

Question  Commits, reads, errors, inconsistent reads, p50 and p95, while builds come and writers are killed.
Input     the tiny database of the tests, in each kind of place: a folder of files, then a lake with its parquet files in a folder
          and in an S3 store, beside a PostgreSQL server, all temporary. BENCHMARK_SECONDS says how long each (default 120).
Output    one table on the screen. Errors and inconsistent reads must be 0, and every commit must be found.
Method    A writer process makes build after build; in build n every score is n / UNIT. Every KILLED builds it is killed at a
          random moment and another one takes its place. Reader processes open the newest build and ask for the scores of two
          tables: a read is consistent where all of them tell the same build. Half-way PostgreSQL restarts, where there is one.
"""

import multiprocessing
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import store
from tests import lakes, tiny_store

SECONDS = "BENCHMARK_SECONDS"
KINDS = {"folder": "folder", "postgres": "lake, folder", "s3": "lake, S3 store"}
N_READERS, KILLED, SEED = 4, 3, 20261128
UNIT = 10_000  # more than all builds of a run


def numbered(tables: dict[str, Any], n: int) -> dict[str, Any]:
    """The tables of build n: every score and every observed value is n / UNIT."""
    value = n / UNIT
    findings = tables["finding"].assign(observed=value)
    return tables | {"evaluation": tables["evaluation"].assign(score=value), "finding": findings}


def write(address: str, first: int, said: Any) -> None:
    """Build after build from number `first` on; tells the number and seconds of each that is finished."""
    tables, n = tiny_store.tables(), first
    while True:
        began = time.monotonic()
        store.write(numbered(tables, n), address)
        said.put((n, time.monotonic() - began))
        n += 1


def read(address: str, until: float, said: Any) -> None:
    """The newest build again and again; tells the seconds of each read, its number, or what went wrong."""
    opened: tuple[store.Build, store.Connection] | None = None
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            build = store.current(address)
            if opened is None or opened[0] != build:
                opened = build, store.connect(build)
            try:
                told = see(opened[1])
            except store.Unreadable:  # as the pages do (ui/kit/data.py)
                opened = build, store.connect(build)
                told = see(opened[1])
            said.put(("read", time.monotonic() - began, sorted(told)))
        except Exception as error:
            said.put(("error", time.monotonic() - began, repr(error)[:200]))


def see(connection: store.Connection) -> set[float]:
    """The scores that two tables tell."""
    told = set(store.read(connection, "evaluation", ["score"])["score"])
    return told | set(store.read(connection, "finding", ["observed"])["observed"])


def main() -> None:
    """Run readers and writers, and print what they saw."""
    seconds, rows = float(os.environ.get(SECONDS, "120")), []
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            address, variables = lakes.make(kind, Path(folder))
            os.environ.update(variables)  # readers and writers are processes of their own and inherit it
            found = {"kept in": KINDS[kind]} | run(address, seconds, random.Random(SEED))
        for error in found.pop("said"):
            print(error)
        rows.append(found)
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*map(str, row.values()))
    Console(width=180).print(table)
    if any(row["errors"] or row["mixtures"] or row["lost"] for row in rows):
        raise SystemExit(1)


def run(address: str, seconds: float, chance: random.Random) -> dict[str, Any]:
    """What was seen in so many seconds."""
    context = multiprocessing.get_context("spawn")
    written, seen = context.Queue(), context.Queue()
    store.write(numbered(tiny_store.tables(), 1), address)
    until = time.monotonic() + seconds
    readers = [context.Process(target=read, args=(address, until, seen), daemon=True) for _ in range(N_READERS)]
    for reader in readers:
        reader.start()
    commits: dict[int, float] = {1: 0.0}
    rows: list[tuple] = []
    n_killed, writer, dies_after = 0, None, 0
    is_restarted = not address.startswith("ducklake:")  # files have no server
    while time.monotonic() < until or any(reader.is_alive() for reader in readers):
        if writer is None and time.monotonic() < until:
            writer = context.Process(target=write, args=(address, max(commits) + 10, written), daemon=True)
            writer.start()
            dies_after = len(commits) + KILLED
        while not written.empty():
            n, took = written.get()
            commits[n] = took
        while not seen.empty():
            rows.append(seen.get())
        if writer is not None and (len(commits) >= dies_after or time.monotonic() >= until):
            time.sleep(chance.random())
            writer.kill()
            writer.join()
            writer, n_killed = None, n_killed + 1
        if not is_restarted and time.monotonic() > until - seconds / 2:
            lakes.restart_postgres()
            is_restarted = True
        time.sleep(0.05)
    reads = [row for row in rows if row[0] == "read"]
    newest = store.connect(store.current(address))
    last = set(store.read(newest, "evaluation", ["score"])["score"])
    told = [took for _, took, _ in reads]
    return {
        "said": sorted({row[2] for row in rows if row[0] == "error"}),
        "commits": len(commits), "commit p50 s": round(statistics.median(commits.values()), 2),
        "writers killed": n_killed, "reads": len(reads), "read p50 s": round(statistics.median(told), 3),
        "read p95 s": round(statistics.quantiles(told, n=20)[-1], 3),
        "errors": sum(row[0] == "error" for row in rows),
        "mixtures": sum(len(row[2]) != 1 for row in reads), "lost": int(not last or max(last) * UNIT < max(commits) - 0.5),
    }  # fmt: skip
