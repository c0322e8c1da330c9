"""How do a build and the pages' queries grow with ten and forty times the data?

Question  Seconds of each step of a build, its memory, bytes on disk, and p95 of every page's queries, each against linear growth;
          and are filters applied where tables are scanned?
Input     the starter data: as they are and several times over (BENCHMARK_TIMES, default "1,10"), each built; and several times
          over without a build (BENCHMARK_COPIES, default "40"): the rows of the first database as they are, under other names.
Output    tables on the screen. to linear: seconds or bytes divided by what linear growth from the first size would give.
Method    A copy has models of its own, with scores moved by half a point at random, since equal ones would be twins. Builds are
          those of `pipeline.py build`, in a process of their own; memory is what all processes of a build hold together
          (shared pages counted once), looked at every second (Linux). Every page is run without and with a filter by family,
          and as the page of one thing, with nothing kept between pages; a query's plan is asked for once.
Silent    Memory where the system does not tell.
"""

import logging
import multiprocessing
import os
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

import store
from bench.build import multiplied
from building import course
from ingest import gather
from ingest.gather import Gathered
from store import files, query, schema

ROOT = Path(__file__).parents[1]
BUILT, COPIED = "BENCHMARK_TIMES", "BENCHMARK_COPIES"
SEED, MOVED = 20261129, 0.5  # points
PLAIN = re.compile(r"\d{1,2}\.\d{1,4}")  # printed scores that can be moved: not whole numbers, which may be counts
# Ids that a copy has of its own. A finding's subject is an evaluation or a model; findings about others are not copied.
OWN = {
    "model": ("model_id", "name", "release_id", "base_model", "root_model", "cluster_id"),
    "evaluation": ("evaluation_id", "model_id", "supersedes_id"),
    "sighting": ("evaluation_id",),
    "finding": ("subject_id", "other_evaluation_id"),
    "model_summary": ("model_id",),
}
COUNTED = ("evaluation", "finding", "sighting")
FAMILIES = ("", "Qwen", "Llama", "GPT")
ONE = {
    "2_benchmarks": ("benchmark", "gpqa-diamond", "mmlu-pro", "gsm8k"),
    "3_models": ("model", "GPT-4o", "Llama 3.1 8B", "Qwen2.5 72B"),
    "4_families": ("group", "family:Qwen", "family:Llama", "maker:OpenAI"),
    "5_compare": ("model", "GPT-4o", "Qwen2.5 72B"),
}  # fmt: skip


def moved(gathered: Gathered, n_first: int) -> Gathered:
    """The rows with the printed scores of all but the first n_first moved at random, with as many decimals."""
    chance = np.random.default_rng(SEED)
    rows = gathered.reported
    printed = rows["score_reported"].iloc[n_first:]
    plain = printed[printed.map(lambda text: PLAIN.fullmatch(text) is not None)]
    unit = np.where(plain.astype(float) <= 1, 100.0, 1.0)  # fractions move by hundredths
    told = [
        f"{max(0.0, float(text) + by):.{len(text.partition('.')[2])}f}"
        for text, by in zip(plain, chance.normal(0, MOVED, len(plain)) / unit, strict=True)
    ]
    scores = rows["score_reported"].copy()
    scores.loc[plain.index] = told
    return replace(gathered, reported=rows.assign(score_reported=scores))


def build(times: int, folder: str, said: Any) -> None:
    """A whole build of the starter data so many times over, its steps told one by one."""
    os.environ |= {"BENCHMARK_DB": folder, "BENCHMARK_SNAPSHOTS": f"{folder}/none"}
    real = gather.gather

    def several(*args: Any, **options: Any) -> Gathered:
        once = real(*args, **options)
        return moved(multiplied(once, times), len(once.reported)) if times > 1 else once

    vars(gather)["gather"] = several  # the steps are forked and inherit it
    course.build(on_stage=lambda name, n, seconds: said.put((name, n, seconds)))


def copy(times: int, first: Path, folder: Path) -> None:
    """A database with the rows of the one in a first folder, those of models and their scores so many times."""
    name = "benchmarks-20260101T000000000000Z.duckdb"
    with duckdb.connect(str(folder / name), config=files.WRITING | {"memory_limit": "4GB"}) as connection:
        schema.define(connection)
        connection.execute(f"ATTACH {query.quote(str(store.current(first)))} AS origin (READ_ONLY)")
        for table in store.columns():
            own = OWN.get(table, ())
            again = ", ".join(f"CASE WHEN n = 0 THEN {c} ELSE {c} || '-copy' || n END AS {c}" for c in own)
            chosen = "subject_kind IN ('evaluation', 'model')" if table == "finding" else "TRUE"
            rows = f"FROM origin.{table}, range({times if own else 1}) AS copies(n) WHERE n = 0 OR {chosen}"
            connection.execute(f"INSERT INTO {table} SELECT * EXCLUDE (n){f' REPLACE ({again})' if own else ''} {rows}")
        connection.execute("CHECKPOINT")
    (folder / "current").write_text(f"{name}\n", encoding="utf-8")


def held(pid: int) -> float:
    """Gigabytes that a process and all below it hold together."""
    parents, told = {}, 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
    for process in parents:
        above = process
        while above not in (pid, 0):
            above = parents.get(above, 0)
        if above == pid:
            try:
                rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            except OSError:  # it has just ended
                continue
            told += sum(int(share) for share in re.findall(r"^Pss:\s+(\d+)", rollup, re.M))
    return told / 1e6


def apart(work: Callable[..., None], *args: Any) -> tuple[list[Any], float]:
    """What a piece of work tells, done in a process of its own, and the most gigabytes that it held."""
    context = multiprocessing.get_context("spawn")
    said = context.Queue()
    process = context.Process(target=work, args=(*args, said))
    process.start()
    told, most = [], 0.0
    while process.is_alive():
        most = max(most, held(process.pid or 0))
        until = time.monotonic() + 1
        while time.monotonic() < until and process.is_alive():
            while not said.empty():
                told.append(said.get())
            time.sleep(0.05)
    while not said.empty():
        told.append(said.get())
    if process.exitcode:
        raise RuntimeError(f"{work.__name__}{args} ended with {process.exitcode}.")
    return told, most


def read_pages(folder: str, said: Any) -> None:
    """Run every page on a database; tells page, statement, seconds and whether its filter reached a scan (None: it has none)."""
    os.environ |= {"BENCHMARK_DB": folder, "BENCHMARK_BUILD": "never"}
    from streamlit.testing.v1 import AppTest

    from ui.kit import shelf

    logging.getLogger("streamlit").setLevel(logging.ERROR)  # there is no browser, as it says at every run
    run, page = query.run, ""
    plans: dict[str, bool | None] = {}

    def watched(connection: Any, statement: str, values: list[object]) -> pd.DataFrame:
        began = time.monotonic()
        found = run(connection, statement, values)
        took = time.monotonic() - began
        if statement not in plans:
            plan = connection.cursor().execute(f"EXPLAIN {statement}", values).fetchall()[0][1]
            plans[statement] = re.search(r"(?<!Dynamic )Filters:", plan) is not None if " WHERE " in statement else None
        said.put((page, statement, took, plans[statement]))
        return found

    vars(query)["run"] = watched
    for file in (ROOT / "app.py", *sorted((ROOT / "pages").glob("[0-9]*.py"))):
        page = file.stem
        shelf.shelf.kept.clear()
        name, *values = ONE.get(page, ("",))
        for asked in [{"family": family} if family else {} for family in FAMILIES] + [{name: v} for v in values]:
            test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=900)
            if page != "app":
                test.switch_page(f"pages/{file.name}")
            for key, value in asked.items():
                test.query_params[key] = value
            test.run()
            if test.exception:
                raise RuntimeError(f"{page} {asked}: {test.exception[0].message}")


def seen(folder: Path) -> tuple[pd.DataFrame, float]:
    """Queries of all pages on the database in a folder, and the most gigabytes that they took."""
    told, most = apart(read_pages, str(folder))
    return pd.DataFrame(told, columns=["page", "statement", "seconds", "is_filtered"]), most


def stated(name: str, default: str) -> list[int]:
    """Numbers that the environment states."""
    return [int(n) for n in os.environ.get(name, default).split(",") if n]


def main() -> None:
    """Build, copy, read, and print how each grows."""
    built, copies = stated(BUILT, "1,10"), stated(COPIED, "40")
    stages: dict[int, pd.DataFrame] = {}
    pages: dict[int, pd.DataFrame] = {}
    sizes: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as place:
        for times in [*built, *copies]:
            folder, most = Path(place) / str(times), float("nan")
            folder.mkdir()
            if times in built:
                told, most = apart(build, times, str(folder))
                steps = pd.DataFrame(told, columns=["step", "rows", "seconds"]).groupby("step", sort=False)
                stages[times] = steps.agg({"rows": "last", "seconds": "sum"})
                print(f"{times}x:\n{stages[times].round(1).to_string()}", flush=True)
            else:
                copy(times, Path(place) / str(built[0]), folder)
            database = Path(str(store.current(str(folder))))
            connection = store.connect(database)
            rows = {name: int(store.count(connection, name)["n"].iloc[0]) for name in COUNTED}
            pages[times], reading = seen(folder)
            sizes.append({"times": times, **rows, "MB on disk": round(database.stat().st_size / 1e6)})
            sizes[-1] |= {"GB while built": round(most, 2), "GB while read": round(reading, 2)}
            print(pd.DataFrame(sizes).to_string(index=False), flush=True)
    for line in (*of_steps(stages), *of_pages(pages)):
        print(line)


def of_steps(stages: dict[int, pd.DataFrame]) -> list[str]:
    """Seconds of each step of a build at each size."""
    base, *others = stages
    told = pd.DataFrame({f"s at {n}x": stages[n]["seconds"].round(1) for n in stages})
    for n in others:
        told[f"{n}x to linear"] = (stages[n]["seconds"] / stages[base]["seconds"] / (n / base)).round(2)
    return ["\nSteps of a build:", told.to_string()]


def of_pages(pages: dict[int, pd.DataFrame]) -> list[str]:
    """p95 of each page's queries at each size, and which conditions reach a scan."""
    base, *others = pages
    p95 = {n: rows.groupby("page", sort=False)["seconds"].quantile(0.95) for n, rows in pages.items()}
    told = pd.DataFrame({"queries": pages[base].groupby("page", sort=False).size()})
    for n in pages:
        told[f"p95 s at {n}x"] = p95[n].round(3)
    for n in others:
        told[f"{n}x to linear"] = (p95[n] / p95[base] / (n / base)).round(2)
    lines = ["\nQueries of the pages:", told.to_string()]
    for n, rows in pages.items():
        asked = rows.dropna(subset=["is_filtered"]).drop_duplicates("statement")
        reach = asked["is_filtered"].astype(bool)
        lines.append(
            f"{n}x: {len(rows):,} queries, median {rows['seconds'].median():.3f} s, slowest {rows['seconds'].max():.2f} s; "
            f"of {len(asked)} statements with a condition {reach.sum()} filter where a table is scanned"
        )
        lines += [f"  not: {text[:200]}" for text in asked.loc[~reach, "statement"]]
    return lines
