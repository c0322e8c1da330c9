"""Tables that visitors bring, judged outside the server: one at a time, in a line of bounded length, each in a process of its own.

Question  What does the database say about the rows of this file, without making other visitors wait?
Input     the bytes of a CSV file, the unit of rows that state none, the path of a database.
Output    a `Job`: waiting, running, done with a frame, or refused with one sentence.
Method    A child process (`python -m reading.checker DATABASE UNIT`, the file on its standard input) with limits on memory
          and time: what a file does to it happens to nobody else. The page asks its job every second; one that nobody
          has asked about for PATIENCE seconds is ended, because its visitor left.
Silent    A file is never written to disk.
"""

import hashlib
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
MAX_ROWS = 10_000  # of a visitor's table; longer ones belong on the command line
SEATS = 1  # tables judged at a time: one processor for them leaves the others to the pages
LINE = 8  # tables that wait; who comes after them is asked to come back
PATIENCE = 20.0  # seconds without a question after which nobody waits for the answer
SECONDS = 180  # of processor time for one table; 10,000 rows take 20
MEMORY = 1_800_000_000  # bytes that one table may ask for, beside a server within 3 GB; 10,000 rows use one
POLITE = 10  # niceness: pages answer first
FULL = "Many tables are being checked right now: try again in a minute, or use `python pipeline.py check`."
TOO_MUCH = "This table needs more memory or time than a check on this page may take: use `python pipeline.py check`."
LEFT = "The check was ended because nobody waited for it: load the file again."
PASSING = (FULL, LEFT)  # what may be otherwise the next time


@dataclass
class Job:
    """One table. key says which file, unit and database it is about; state: waiting | running | done | refused."""

    key: tuple[str, str, str]
    body: bytes = field(repr=False)
    state: str = "waiting"
    table: pd.DataFrame | None = None
    problem: str = ""
    asked_at: float = field(default_factory=time.monotonic)

    @property
    def is_over(self) -> bool:
        """Whether there is an answer."""
        return self.state in ("done", "refused")

    def ask(self) -> str:
        """The state; whoever asks is still there."""
        self.asked_at = time.monotonic()
        return self.state

    def forget(self) -> None:
        """Nobody wants the answer any more."""
        self.asked_at = -PATIENCE

    def is_wanted(self) -> bool:
        """Whether somebody asked lately."""
        return time.monotonic() - self.asked_at < PATIENCE

    def refuse(self, problem: str) -> None:
        """There will be no answer, and why."""
        self.problem, self.state = problem, "refused"


def key(body: bytes, unit: str, path: str) -> tuple[str, str, str]:
    """What an answer depends on."""
    return hashlib.sha256(body).hexdigest(), unit, path


class Desk:
    """The line and the threads that see to it; one a server process."""

    def __init__(self, seats: int = SEATS, line: int = LINE) -> None:
        """Open with so many seats and so many places to wait."""
        self.line: queue.Queue[Job] = queue.Queue(line)
        for _ in range(seats):
            threading.Thread(target=self.work, daemon=True).start()

    def take(self, body: bytes, unit: str, path: str) -> Job:
        """A job for this file; refused at once where the line is full."""
        job = Job(key(body, unit, path), body)
        try:
            self.line.put_nowait(job)
        except queue.Full:
            job.refuse(FULL)
        return job

    def work(self) -> None:
        """One seat: job after job."""
        while True:
            job = self.line.get()
            if job.is_wanted():
                try:
                    judge(job)
                except Exception as error:  # such as no memory for a process: the seat must stay taken care of
                    job.refuse(f"The table could not be checked ({type(error).__name__}).")
            else:
                job.refuse(LEFT)
            job.body = b""


@cache
def desk() -> Desk:
    """The desk of this server process."""
    return Desk()


def command(job: Job) -> list[str]:
    """How the child of a job is started."""
    return [sys.executable, "-m", "reading.checker", job.key[2], job.key[1]]


def judge(job: Job) -> None:
    """Run the child of a job to its end, or to that of its visitor's patience."""
    job.state = "running"
    pipe = subprocess.PIPE
    with subprocess.Popen(command(job), cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as child:
        threading.Thread(target=watch, args=(job, child), daemon=True).start()
        told, _ = child.communicate(job.body)
    if child.returncode:
        job.refuse(TOO_MUCH if job.is_wanted() else LEFT)
        return
    table, problem = pickle.loads(told)
    if problem:
        job.refuse(problem)
    else:
        job.table, job.state = table, "done"


def watch(job: Job, child: subprocess.Popen[bytes]) -> None:
    """End a child for which nobody waits any more, or that waits for something itself."""
    began_at = time.monotonic()
    while child.poll() is None:
        if not job.is_wanted() or time.monotonic() - began_at > 5 * SECONDS:
            child.kill()
        time.sleep(0.5)


def set_limits() -> None:
    """Limits of this process, where the system knows them."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(POLITE)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def answer(body: bytes, unit: str, path: str) -> tuple[pd.DataFrame | None, str]:
    """The rows of a file with their verdicts, those without a score with what it should be, or one sentence why not."""
    import store
    from reading import claims as known
    from reading import csv_file
    from scoring.brought import claims, expect

    try:
        connection = store.connect(path)
        rows = csv_file.read(
            body,
            claims.NEEDED,
            expect.COLUMNS,
            max_rows=MAX_ROWS,
            tests=lambda names: known.known_tests(connection, names),
            has_gaps=True,
        ).reset_index(drop=True)
        if unit:
            stated = rows["score_unit"] if "score_unit" in rows else pd.Series("", index=rows.index)
            rows["score_unit"] = stated.where(stated.str.strip() != "", unit)
        told = claims.against(rows, claims.Held(**known.held(connection, rows)))
        if rows["score"].str.strip().eq("").any():
            told = with_gaps(told, expect.against(rows, expect.Held(**known.evidence(connection, rows)), date.today()))
    except (ValueError, store.NoDatabase) as problem:
        return None, f"The file cannot be read: {problem}"
    return pd.concat([rows.drop(columns=[c for c in told.columns if c in rows.columns]), told], axis=1), ""


def with_gaps(told: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """Verdicts with the answers to rows without a score, which say in words what such a score should be."""
    told = told.assign(n_other_scores=gaps["n_other_scores"], basis=gaps["basis"])
    filled = gaps["basis"].notna()
    shared = ["expected", "expected_lower", "expected_upper", "score_unit", "n_comparable"]
    told[shared] = told[shared].astype(object).where(~filled, gaps[shared])
    ends = [gaps.loc[filled, name] for name in ("expected", "expected_lower", "expected_upper", "score_unit", "reason")]
    told.loc[filled, "reasons"] = [
        f"Expected: {middle:,.1f} {unit}, nine times of ten between {low:,.1f} and {high:,.1f}. {reason}"
        for middle, low, high, unit, reason in zip(*ends, strict=True)
    ]
    told.loc[gaps["reason"].notna() & gaps["score_unit"].isna() & ~filled, "reasons"] = gaps["reason"]
    return told


if __name__ == "__main__":
    set_limits()
    sys.stdout.buffer.write(pickle.dumps(answer(sys.stdin.buffer.read(), sys.argv[2], sys.argv[1])))
