"""How do a build and the pages' queries grow with ten and forty times the data?

Question  Seconds of each step of a build, its memory, bytes on disk, and p95 of every page's queries, each against linear growth;
          and are filters applied where tables are scanned?
Input     the starter data: as they are and several times over (BENCHMARK_TIMES, default "1,10"), each built; and several times
          over without a build (BENCHMARK_COPIES, default "40"): the rows of the first database as they are, under other names.
          A build that takes longer than BENCHMARK_SECONDS (default: three hours) is ended; the steps that it came to are told,
          and the pages are read on such a copy instead.
Output    tables on the screen, each step of a build as soon as it is over. CPU s: seconds of processor that all processes of
          the step took together; on a machine that does other things too, these tell more than the seconds that passed.
          GB: the most memory that they held together (shared pages counted once), looked at every second (Linux). exponent:
          k where seconds, bytes or rows grow as (times)^k from the first size, so 1 is linear growth.
Method    More models on the same tests, since that is how the record grew: the largest sources are boards that add models.
          A copy has models of its own, linked between sources by alias rows of its own, with sizes and days of the first.
          Its scores lie half a point apart at random, since equal ones would be twins; all that is printed of one model on
          one test moves together, by no less than the coarsest of it is printed to, so that a reading seen again is not
          taken for a revision. Copies of one model share what the cluster of near-copies is told by, so that clusters grow
          as well: the hardest case for a statistic that looks at pairs within one. Builds are those of `pipeline.py
          build`, in a process of their own. Every page is run without and with a filter by family, and as the page of one
          thing, with nothing kept between pages; a query's plan is asked for once.
Silent    Memory and processor where the system does not tell.
"""

import logging
import math
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

import building.alike  # noqa: F401 (builds in processes of their own inherit what it sets)
import store
from bench.build import multiplied
from building import course
from ingest import codes, facts, gather
from ingest.facts import Facts
from ingest.gather import Gathered
from store import files, query, schema

ROOT = Path(__file__).parents[1]
BUILT, COPIED, LIMIT = "BENCHMARK_TIMES", "BENCHMARK_COPIES", "BENCHMARK_SECONDS"
SEED, MOVED = 20261129, 0.5  # points
PLAIN = r"\d{1,2}\.\d+"  # printed scores that can be moved: not whole numbers, which may be counts
# Ids that a copy has of its own. A finding's subject is an evaluation or a model; findings about others are not copied.
OWN = {
    "model": ("model_id", "name", "release_id", "base_model", "root_model", "cluster_id"),
    "evaluation": ("evaluation_id", "model_id", "supersedes_id"),
    "sighting": ("evaluation_id",),
    "finding": ("subject_id", "other_evaluation_id"),
    "model_summary": ("model_id",),
}
COUNTED = ("model", "evaluation", "finding", "sighting")
FAMILIES = ("", "Qwen", "Llama", "GPT")
ONE = {
    "2_benchmarks": ("benchmark", "gpqa-diamond", "mmlu-pro", "gsm8k"),
    "3_models": ("model", "GPT-4o", "Llama 3.1 8B", "Qwen2.5 72B"),
    "4_families": ("group", "family:Qwen", "family:Llama", "maker:OpenAI"),
    "5_compare": ("model", "GPT-4o", "Qwen2.5 72B"),
}  # fmt: skip


def moved(gathered: Gathered, n_first: int) -> Gathered:
    """The rows with the printed scores of all but the first n_first moved at random, with as many decimals; what is printed of
    one model on one test moves together.
    """
    rows = gathered.reported
    copies = rows.iloc[n_first:]
    names = codes.each(str.casefold, copies["model"])
    run = codes.combine([codes.encode(pd.Series(names))[0], codes.encode(copies["benchmark"])[0]])
    is_plain = copies["score_reported"].str.fullmatch(PLAIN).to_numpy(dtype=bool)
    is_fraction = (copies["score_unit"] == "fraction").to_numpy()[is_plain]
    printed = copies["score_reported"][is_plain]
    places, value = printed.str.partition(".")[2].str.len().to_numpy(), printed.astype(float).to_numpy()
    points = np.where(is_fraction, 100 * value, value)
    _, test = np.unique(run[is_plain], return_inverse=True)
    lowest, highest, coarsest = np.full(len(run), np.inf), np.full(len(run), -np.inf), np.full(len(run), 9)
    np.minimum.at(lowest, test, points)
    np.maximum.at(highest, test, points)
    np.minimum.at(coarsest, test, np.maximum(places - 2 * is_fraction, 0))
    by = np.random.default_rng(SEED).normal(0, MOVED, len(run))
    by = np.round(by * 10.0**coarsest) / 10.0**coarsest
    by[(lowest + by <= 0) | (highest + by >= 100)] = 0.0  # beyond an end of the scale it would be no score
    new = value + by[test] / np.where(is_fraction, 100, 1)
    scores = rows["score_reported"].to_numpy(dtype=object, copy=True)
    texts: dict[str, str] = {}  # one object for a text, as in rows that were read
    told = (f"{v:.{n}f}" for v, n in zip(new.tolist(), places.tolist(), strict=True))
    scores[n_first + np.flatnonzero(is_plain)] = [texts.setdefault(text, text) for text in told]
    return replace(gathered, reported=rows.assign(score_reported=scores))


def facts_of_copies(known: Facts, times: int) -> Facts:
    """The facts, with what they say of a model's names, size and days said of its copies too."""

    def copies(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
        parts = [rows.assign(**{c: rows[c] + f"-copy{n}" for c in columns}) for n in range(1, times)]
        return pd.concat(parts, ignore_index=True) if parts else rows.iloc[:0]

    of_models = known.aliases[known.aliases["kind"] == "model"]
    named = {"sizes": ["model"], "release_dates": ["model"], "releases": ["model", "release_name"]}
    more = {"aliases": copies(of_models, ["name", "target_id"])}
    more |= {name: copies(getattr(known, name), columns) for name, columns in named.items()}
    return replace(known, **{n: pd.concat([getattr(known, n), rows], ignore_index=True) for n, rows in more.items()})


def build(times: int, folder: str, said: Any) -> None:
    """A whole build of the starter data so many times over, its steps told one by one, with the seconds of processor so far."""
    os.environ |= {"BENCHMARK_DB": folder, "BENCHMARK_SNAPSHOTS": f"{folder}/none"}
    gather_once, read_once = gather.gather, facts.read

    def several(*args: Any, **options: Any) -> Gathered:
        once = gather_once(*args, **options)
        return moved(multiplied(once, times), len(once.reported)) if times > 1 else once

    # The steps are forked and inherit these.
    vars(gather)["gather"] = several
    vars(facts)["read"] = lambda *args: facts_of_copies(read_once(*args), times)
    course.build(on_stage=lambda name, n, seconds: said.put((name, n, seconds, taken(os.getpid())[1])))


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
        connection.execute("DETACH origin")
        for view, rows_of in schema.stored().items():  # else pages find nothing in them, and ask no further
            connection.execute(f'INSERT INTO "{view}" {rows_of}')
        connection.execute("CHECKPOINT")
    (folder / "current").write_text(f"{name}\n", encoding="utf-8")


def taken(pid: int) -> tuple[float, float]:
    """Gigabytes that a process and all below it hold together, and the seconds of processor that they took so far."""
    about: dict[int, list[str]] = {}
    told, ticks = 0, 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            about[int(status.parent.name)] = status.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
    for process, fields in about.items():
        above = process
        while above not in (pid, 0):
            above = int(about[above][1]) if above in about else 0
        if above == pid:
            ticks += sum(map(int, fields[11:15]))  # its own, and those of processes that it has seen end
            try:
                rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            except OSError:  # it has just ended
                continue
            told += sum(int(share) for share in re.findall(r"^Pss:\s+(\d+)", rollup, re.M))
    return told / 1e6, ticks / (os.sysconf("SC_CLK_TCK") if about else 1)


def apart(work: Callable[..., None], *args: Any, heard: Callable[..., None], limit: float = math.inf) -> bool:
    """Do a piece of work in a process of its own; heard: is called with each thing that it tells, and the most gigabytes that
    it held since the thing before. False where it took longer than the limit in seconds, and was ended.
    """
    context = multiprocessing.get_context("spawn")
    said = context.Queue()
    process = context.Process(target=work, args=(*args, said))
    process.start()
    most, end = 0.0, time.monotonic() + limit
    is_over = False
    while not is_over and time.monotonic() < end:
        is_over = not process.is_alive()
        most = max(most, taken(process.pid or 0)[0])
        until = time.monotonic() + 1
        while time.monotonic() < until and not (is_over and said.empty()):
            while not said.empty():
                heard(*said.get(), most)
                most = 0.0
            time.sleep(0.05)
    if not is_over:
        process.kill()  # its own processes end when they find it gone
        process.join()
        return False
    if process.exitcode:
        raise RuntimeError(f"{work.__name__}{args} ended with {process.exitcode}.")
    return True


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
    told: list[tuple] = []
    apart(read_pages, str(folder), heard=lambda *one: told.append(one))
    found = pd.DataFrame(told, columns=["page", "statement", "seconds", "is_filtered", "GB"])
    return found, float(found["GB"].max())


def stated(name: str, default: str) -> list[int]:
    """Numbers that the environment states."""
    return [int(n) for n in os.environ.get(name, default).split(",") if n]


def built_in(folder: Path, times: int, limit: float) -> tuple[pd.DataFrame, bool]:
    """The steps of a build (rows, s, CPU s, GB), and whether it came to its end; each is printed when it is over."""
    steps: dict[str, dict[str, float]] = {}
    before = 0.0

    def heard(name: str, n: int, seconds: float, processor: float, most: float) -> None:
        nonlocal before
        step = steps.setdefault(name, {"s": 0.0, "CPU s": 0.0, "GB": 0.0})
        step |= {"rows": n, "s": step["s"] + seconds, "CPU s": step["CPU s"] + processor - before}
        step |= {"GB": max(step["GB"], most)}
        before = processor
        print(f"{times}x {name}: {n:,} rows, {seconds:.1f} s, {step['CPU s']:.1f} CPU s, {most:.2f} GB", flush=True)

    is_whole = apart(build, times, str(folder), heard=heard, limit=limit)
    if not is_whole:
        print(f"{times}x: ended after {limit:.0f} s, before its next step was over.", flush=True)
    return pd.DataFrame.from_dict(steps, orient="index"), is_whole


def main() -> None:
    """Build, copy, read, and print how each grows."""
    built, copies, (limit,) = stated(BUILT, "1,10"), stated(COPIED, "40"), stated(LIMIT, "10800")
    stages: dict[int, pd.DataFrame] = {}
    pages: dict[int, pd.DataFrame] = {}
    sizes: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as place:
        for times in [*built, *copies]:
            folder, most, is_built = Path(place) / str(times), float("nan"), False
            folder.mkdir()
            if times in built:
                stages[times], is_built = built_in(folder, times, limit)
                most = stages[times]["GB"].max()
            if not is_built:
                print(f"{times}x: the pages read a copy of the first database's rows, without a build.", flush=True)
                copy(times, Path(place) / str(built[0]), folder)
            database = Path(str(store.current(str(folder))))
            connection = store.connect(database)
            rows = {f"{name}s": int(store.count(connection, name)["n"].iloc[0]) for name in COUNTED}
            connection.close()
            sizes.append({"times": times, "is": "built" if is_built else "copied", **rows})
            sizes[-1] |= {"MB on disk": round(database.stat().st_size / 1e6), "GB while built": round(most, 2)}
            print(pd.DataFrame(sizes).to_string(index=False), flush=True)
            pages[times], reading = seen(folder)
            sizes[-1] |= {"GB while read": round(reading, 2)}
            for line in of_pages({times: pages[times]}):
                print(line, flush=True)
    for line in (*of_sizes(sizes), *of_steps(stages), *of_pages(pages)):
        print(line)


def exponent(first: Any, other: Any, times: float) -> Any:
    """k where what was `first` grew as times^k to `other`."""
    return (np.log(other / first) / math.log(times)).round(2)


def of_sizes(sizes: list[dict[str, Any]]) -> list[str]:
    """Rows, bytes and memory at each size."""
    table = pd.DataFrame(sizes)
    first, told = table.iloc[0], [table.to_string(index=False)]
    for _, row in table.iloc[1:].iterrows():
        grew = {c: exponent(first[c], row[c], row["times"] / first["times"]) for c in table.columns[2:]}
        told.append(f"exponent to {row['times']}x: " + ", ".join(f"{c} {k}" for c, k in grew.items() if not pd.isna(k)))
    return ["\nSizes:", *told]


def of_steps(stages: dict[int, pd.DataFrame]) -> list[str]:
    """Seconds and memory of each step of a build at each size."""
    base, *others = stages
    told = pd.DataFrame(
        {f"{c} at {n}x": stages[n][c].round(2 if c == "GB" else 1) for n in stages for c in ("s", "CPU s", "GB")}
    )
    for n in others:
        told[f"exponent to {n}x"] = exponent(stages[base]["CPU s"], stages[n]["CPU s"], n / base)
    return ["\nSteps of a build (exponents of CPU s):", told.reindex(stages[base].index).to_string()]


def of_pages(pages: dict[int, pd.DataFrame]) -> list[str]:
    """p95 of each page's queries at each size, and which conditions reach a scan."""
    base, *others = pages
    p95 = {n: rows.groupby("page", sort=False)["seconds"].quantile(0.95) for n, rows in pages.items()}
    told = pd.DataFrame({"queries": pages[base].groupby("page", sort=False).size()})
    for n in pages:
        told[f"p95 s at {n}x"] = p95[n].round(3)
    for n in others:
        told[f"exponent to {n}x"] = exponent(p95[base], p95[n], n / base)
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
