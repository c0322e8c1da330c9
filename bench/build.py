"""How long does a build take, step by step, and does it grow in line with the rows?

Question  Which step of a build costs most, and what would ten times the data cost?
Input     the whole starter data and the facts for the steps; for the growth every SAMPLE-th model of it, and that
          sample three and ten times over under other model names, so that ten times the sample can be waited for.
Output    tables on the screen. steps: rows, seconds (median) in one process and on every processor, rows per second, how
          many times as fast as one process, ratio to the baseline; the whole build; peak memory of the largest process, and
          whether both gave the same tables. growth: per step the seconds at 1x, 3x and 10x, and these divided by what linear
          growth from the size before would give (1.0 = linear, below 1: fixed costs are shared by more rows).
Method    Medians of REPEATS runs; baseline, one process and all processors take turns, so that what else the machine does
          meets all three. The baseline is pandas.read_csv of the same starter files (for the growth: of the same reported
          rows): seconds depend on the machine, ratios hardly.
"""

import hashlib
import io
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

import store
from building import workers
from building.course import Stage, make_tables
from ingest import codes, facts, gather, sources, starter
from ingest.gather import Folders, Gathered

REPEATS = 3
SAMPLE = 60
TIMES = (1, 3, 10)
BASELINE = "baseline: pandas.read_csv"


def read_files(folder: Path) -> int:
    """The baseline: every starter file into a frame; returns rows."""
    return sum(len(starter.read_csv(path)) for path in sorted(folder.rglob("*.csv")))


def build(gathered: Gathered) -> tuple[list[Stage], str]:
    """All steps of a build after the gathering, written into a folder that is then removed; the hash over its tables."""
    tables, stages = make_tables(facts.read(Folders().facts), sources.discover(), gathered)
    clock = time.monotonic()
    digest = store.fingerprint(tables)
    with tempfile.TemporaryDirectory() as folder:
        store.write(tables, Path(folder))
    return [*stages, Stage("write", time.monotonic() - clock, sum(len(t) for t in tables.values()))], digest


@contextmanager
def processors(n: int) -> Iterator[None]:
    """At most n worker processes."""
    before = os.environ.get(workers.ENVIRONMENT)
    os.environ[workers.ENVIRONMENT] = str(n)
    try:
        yield
    finally:
        del os.environ[workers.ENVIRONMENT]
        if before is not None:
            os.environ[workers.ENVIRONMENT] = before


def peak_memory() -> float:
    """Gigabytes of the largest process so far, workers among them; NaN where the system does not tell."""
    try:
        import resource
    except ImportError:
        return math.nan
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / (1e9 if sys.platform == "darwin" else 1e6)


def gather_all() -> Gathered:
    """Everything that the starter data and the facts say; no snapshot of this machine."""
    with tempfile.TemporaryDirectory() as nothing:
        return gather.gather(sources.discover(), Folders(snapshots=Path(nothing)))


def timed(name: str, call: Callable[[], object]) -> tuple[Stage, object]:
    """One call as a stage of unknown size, and what it returned."""
    clock = time.monotonic()
    result = call()
    return Stage(name, time.monotonic() - clock, 0), result


def sampled(gathered: Gathered, every: int) -> Gathered:
    """The rows of every n-th model, chosen by a hash of its name."""

    def chosen(names: pd.Series) -> pd.Series:
        hashes = {n: int(hashlib.sha256(n.casefold().encode()).hexdigest(), 16) for n in names.unique()}
        return names.map(hashes) % every == 0

    return replace(
        gathered,
        reported=gathered.reported[chosen(gathered.reported["model"])].reset_index(drop=True),
        models=gathered.models[chosen(gathered.models["model"])].reset_index(drop=True),
    )


def multiplied(gathered: Gathered, times: int) -> Gathered:
    """The same rows several times: each copy has its own models, with base models of their own."""

    def copies(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
        parts = [frame]
        coded = {c: codes.encode(frame[c]) for c in columns}
        for n in range(1, times):
            renamed = {
                # One object for a name however many rows have it, as rows that were read do: a build walks these objects.
                c: pd.Series(
                    np.array([f"{name}-copy{n}" if name else name for name in names], dtype=object)[place],
                    index=frame.index,
                    dtype=frame[c].dtype,
                )
                for c, (place, names) in coded.items()
            }
            parts.append(frame.assign(**renamed))
        return pd.concat(parts, ignore_index=True)

    return replace(
        gathered,
        reported=copies(gathered.reported, ["model"]),
        models=copies(gathered.models, ["model", "base_model"]),
    )


def median_stages(runs: list[list[Stage]]) -> list[Stage]:
    """Stage by stage the median of the seconds."""
    return [
        Stage(same[0].name, statistics.median(s.seconds for s in same), same[0].n_rows)
        for same in zip(*runs, strict=True)
    ]


def measure_steps(repeats: int = REPEATS, take: Callable[[], Gathered] = gather_all) -> pd.DataFrame:
    """Steps of a build, in one process and on every processor; the whole; peak memory. Raises where the tables differ."""
    counts = {"alone": 1, "together": max(2, workers.count())}
    runs: dict[str, list[list[Stage]]] = {name: [] for name in (BASELINE, *counts)}
    digests = set()
    with pd.option_context("mode.string_storage", "python"):  # as in a build
        for _ in range(repeats):
            base, n_rows = timed(BASELINE, lambda: read_files(Folders().starter))
            runs[BASELINE].append([replace(base, n_rows=n_rows)])
            for name, n in counts.items():
                with processors(n):
                    gathering, gathered = timed("gather", take)
                    stages, digest = build(gathered)
                stages = [replace(gathering, n_rows=len(gathered.reported)), *stages]
                whole = Stage("whole", sum(s.seconds for s in stages), stages[0].n_rows)
                runs[name].append([*stages, whole])
                digests.add(digest)
    if len(digests) > 1:
        raise RuntimeError("One process and several made different tables.")
    medians = {name: median_stages(same) for name, same in runs.items()}
    base = medians[BASELINE][0]
    rows = [{"step": base.name, "rows": base.n_rows, "seconds, 1 process": round(base.seconds, 2)}]
    for one, many in zip(medians["alone"], medians["together"], strict=True):
        rows.append(
            {
                "step": one.name,
                "rows": one.n_rows,
                "seconds, 1 process": round(one.seconds, 2),
                f"seconds, {counts['together']} processes": round(many.seconds, 2),
                "times as fast": round(one.seconds / max(many.seconds, 1e-6), 2),
                "rows_per_second": round(many.n_rows / max(many.seconds, 1e-6)),
                "ratio to baseline": round(many.seconds / base.seconds, 2),
            }
        )
    return pd.DataFrame(rows)


def measure_growth(every: int = SAMPLE) -> pd.DataFrame:
    """Seconds per step at 1x, and at each further size the share of what linear growth from 1x would give."""
    base = sampled(gather_all(), every)
    build(base)  # the first build of a process pays for imports and caches
    medians = {}
    for times in TIMES:
        gathered = multiplied(base, times)
        text = gathered.reported.to_csv(index=False)
        runs = []
        for _ in range(REPEATS):
            reading, frame = timed(BASELINE, lambda text=text: pd.read_csv(io.StringIO(text), dtype=str))
            runs.append([replace(reading, n_rows=len(frame)), *build(gathered)[0]])
        medians[times] = median_stages(runs)
    rows = []
    for same in zip(*medians.values(), strict=True):
        row = {"step": same[0].name, "rows at 1x": same[0].n_rows}
        row |= {f"s at {times}x": round(stage.seconds, 3) for times, stage in zip(TIMES, same, strict=True)}
        for (few, before), (many, after) in pairwise(zip(TIMES, same, strict=True)):
            row[f"{few}x-{many}x to linear"] = round(after.seconds / before.seconds / (many / few), 2)
        rows.append(row)
    return pd.DataFrame(rows)


def main() -> None:
    """Print both tables."""
    print(measure_steps().to_string(index=False, na_rep=""), flush=True)
    print(f"peak memory of the largest process: {peak_memory():.2f} GB")
    print(f"\nGrowth, one model in {SAMPLE}:")
    print(measure_growth().to_string(index=False))
