"""Visitors stay while builds come: does one of them see an error, is a build lost, does the memory grow?

Question  Runs, errors and memory of a server with 20 visitors whose lake gets a new build every tenth of the time, whose PostgreSQL
          restarts once, and of whose writers two are killed.
Input     the tiny database of the tests; a PostgreSQL server and a folder of parquet files, both temporary. BENCHMARK_SECONDS says
          how long (default 1200).
Output    one table on the screen. Failed runs and lost builds must be 0.
Method    Visitors are those of bench/load.py. In build n every score is n / UNIT (bench/lake.py); at the end the newest finished
          build must be the one that is read. A run fails where it shows an error box, ends otherwise than well, or is cut off.
"""

import asyncio
import multiprocessing
import os
import random
import tempfile
import threading
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

import store
from bench import lake, load
from tests import browsing, lakes, tiny_store

N_USERS, N_BUILDS, SEED = 20, 10, 20261128
KILLED = (3, 6)  # builds whose writers are killed


def write(address: str, n: int) -> None:
    """Build n."""
    store.write(lake.numbered(tiny_store.tables(), n), address)


def disturb(address: str, server: str, seconds: float, seen: dict[str, list]) -> None:
    """Builds at equal times, two of them killed, and a restart of PostgreSQL in the middle; notes what was finished."""
    context, chance, began = multiprocessing.get_context("spawn"), random.Random(SEED), time.monotonic()
    for n in range(2, N_BUILDS + 2):
        time.sleep(max(0.0, began + (n - 1) * seconds / (N_BUILDS + 1) - time.monotonic()))
        writer = context.Process(target=write, args=(address, n))
        writer.start()
        if n in KILLED:
            time.sleep(2 + chance.random() * 3)
            writer.kill()
        writer.join(300)
        seen["finished" if writer.exitcode == 0 else "killed" if n in KILLED else "failed"].append(n)
        if n == N_BUILDS // 2 + 2:
            lakes.restart_postgres()
        seen["memory"].append(load.memory(server)[0])


def main() -> None:
    """Run, and print one line."""
    seconds = float(os.environ.get(load.SECONDS, "1200"))
    seen: dict[str, list] = {"finished": [1], "killed": [], "failed": [], "memory": []}
    with tempfile.TemporaryDirectory() as folder:
        address, variables = lakes.make("postgres", Path(folder))
        os.environ.update(variables)  # the server and the writers inherit it
        write(address, 1)
        with browsing.serve(address, Path(folder)) as server:
            asyncio.run(load.see_all(server))
            hand = threading.Thread(target=disturb, args=(address, server, seconds, seen))
            hand.start()
            told = asyncio.run(load.crowd(server, N_USERS, seconds))
            hand.join()
        newest = store.connect(store.current(address))
        value = set(store.read(newest, "evaluation", ["score"])["score"])
    is_lost = value != {max(seen["finished"]) / lake.UNIT}
    rows = {
        "minutes": f"{seconds / 60:.0f}", "visitors": N_USERS, "runs": len(told.runs), "median s": f"{told.p(50):.2f}",
        "p95 s": f"{told.p(95):.2f}", "failed runs": len(told.failures), "builds": len(seen["finished"]),
        "writers killed": len(seen["killed"]), "writers failed": len(seen["failed"]), "lost": int(is_lost),
        "MB in the middle": seen["memory"][N_BUILDS // 2], "MB at the end": seen["memory"][-1],
    }  # fmt: skip
    table = Table(*rows)
    table.add_row(*map(str, rows.values()))
    Console(width=170).print(table)
    for failure in sorted(set(told.failures)):
        print(ascii(failure))
    if told.failures or is_lost:
        raise SystemExit(1)
