"""A build that is under way: one at a time, how far it is, when it will be done, and starting one.

Question  Is a database being built, how far is it, and does somebody have to start it?
Input     the folder of the database files.
Output    `build.lock`, held by the process that builds; `build.json`, what it has done so far (a `Progress`).
Method    The lock belongs to a process, not to a file: the operating system takes it back when its holder ends, however
          that ends, so a file that is left over blocks nobody. The time left comes from the seconds that each step took
          in the last finished build here, else from SECONDS, stretched by how this build has gone so far. A builder that
          was killed is started again, at most TRIES times a server; one that stopped with an error is not.
Silent    Progress that cannot be read counts as none.

`python -m reading.builder` starts a build and does not wait for it.
"""

import errno
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
SWITCH = "BENCHMARK_BUILD"  # "never": the dashboard starts no build; "first": only where there is no database
TRIES = 3  # a builder that is killed three times will be killed again: too little memory, mostly
POLL = 0.3  # seconds between two looks at a lock that another process holds
BUSY = ("starting", "fetching", "running")
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # what a system says that can write no more
POLITE = 5  # niceness of a build that a server started: pages answer first
# Steps of a build in their order: what it does for a reader, and its usual seconds on two cores.
STEPS = {
    "gather": "Reading the recorded pages",
    "accept": "Checking every printed value",
    "history": "Merging copies of one run, keeping what changed",
    "link": "Linking the names of models and tests",
    "score": "Comparing each score with those of similar models",
    "tables": "Putting the tables in order",
    "write": "Writing the database",
}
SECONDS = {"gather": 3.5, "accept": 1.6, "history": 4.4, "link": 9.8, "score": 41.9, "tables": 2.0, "write": 7.6}


@dataclass(frozen=True)
class Step:
    """A step that is done: its seconds and the rows that it gave."""

    name: str
    seconds: float
    n_rows: int


@dataclass(frozen=True)
class Progress:
    """How far a build is.

    state     "starting", "fetching" (a ready database, before anything is built), "running", "done", "failed" (it said why),
              "killed" (it is gone without a word)
    began_at  seconds since 1970, of the build; step_at the same, of the step that is under way
    usual     seconds of each step in the last finished build here
    problem   one sentence when it failed
    """

    state: str
    began_at: float = 0.0
    step_at: float = 0.0
    steps: tuple[Step, ...] = ()
    usual: dict[str, float] = field(default_factory=dict)
    problem: str = ""

    @property
    def is_busy(self) -> bool:
        """Whether somebody is at work."""
        return self.state in BUSY

    @property
    def current(self) -> str | None:
        """The step under way."""
        done = {step.name for step in self.steps}
        return next((name for name in STEPS if name not in done), None) if self.state == "running" else None

    def seconds_left(self, now: float) -> float:
        """Seconds until the build is done, at the pace that it has had so far."""
        expected = SECONDS | self.usual
        done = {step.name: step.seconds for step in self.steps}
        foreseen = sum(expected.get(name, 0.0) for name in done)
        pace = sum(done.values()) / foreseen if foreseen > 2 else 1.0  # less than 2 seconds say little about pace
        left = sum(expected[name] * pace for name in STEPS if name not in done and name != self.current)
        if self.current:
            gone = max(now - self.step_at, 0.0)
            # A step that overruns has a tenth of its time ahead, again and again: never "0 seconds" while it works.
            left += max(expected[self.current] * pace - gone, gone / 10)
        return left

    def share(self, now: float) -> float:
        """Share of the build that is done, 0 to 1, by time."""
        if self.state == "done":
            return 1.0
        gone = max(now - self.began_at, 0.0) if self.state == "running" else 0.0
        return gone / (gone + self.seconds_left(now))


def read(place: Path) -> Progress | None:
    """What the last builder wrote; None when there is nothing that can be read."""
    try:
        told = json.loads((place / "build.json").read_text(encoding="utf-8"))
        return Progress(**{**told, "steps": tuple(Step(**step) for step in told["steps"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write(place: Path, progress: Progress) -> None:
    """Replace the progress in one step, so that no reader sees half of it; only the holder of the lock writes."""
    temporary = place / "build.json.new"
    temporary.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    for attempt in range(20):
        try:
            os.replace(temporary, place / "build.json")
            return
        except PermissionError:  # Windows refuses while a reader has the file open, for a moment
            if attempt == 19:
                raise
            time.sleep(0.05)


if sys.platform == "win32":
    import msvcrt

    def seize(file: IO[bytes]) -> bool:
        """Take the lock of an open file, without waiting; False when another process holds it."""
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def seize(file: IO[bytes]) -> bool:
        """Take the lock of an open file, without waiting; False when another process holds it.

        `lockf` and not `flock`: workers that a build forked must not keep the lock of a builder that is gone.
        """
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        return True


def is_held(place: Path) -> bool:
    """Whether a living process builds. Never to be asked by that process itself: its answer would drop the lock."""
    try:
        with (place / "build.lock").open("r+b") as file:
            return not seize(file)
    except FileNotFoundError:
        return False


def look(place: Path) -> Progress | None:
    """How far the build is; "killed" when a builder is gone that had not finished."""
    held = is_held(place)  # before reading: a builder that finishes in between must not look killed
    progress = read(place)
    if held:
        return progress if progress and progress.is_busy else Progress("starting")
    return replace(progress, state="killed") if progress and progress.is_busy else progress


@dataclass
class Report:
    """What a builder says while it works: into the folder for the pages, and line by line to whoever started it."""

    place: Path
    say: Callable[[str], None]
    progress: Progress  # of the builder before this one, until this one begins
    is_begun: bool = False

    def usual(self) -> dict[str, float]:
        """Seconds of each step in the last finished build here."""
        known = {step.name: step.seconds for step in self.progress.steps} if self.progress.state == "done" else {}
        return known or self.progress.usual

    def fetch(self) -> None:
        """A ready database is asked for; whether anything is built is known when that has come, or has not."""
        now = time.time()
        self.progress = Progress("fetching", now, now, usual=self.usual())
        write(self.place, self.progress)

    def begin(self) -> None:
        """The build starts."""
        now = time.time()
        self.progress = Progress("running", now, now, usual=self.usual())
        self.is_begun = True
        write(self.place, self.progress)
        self.say(line("begin", seconds_expected=f"{self.progress.seconds_left(now):.0f}"))

    def finish(self, name: str, n_rows: int, seconds: float) -> None:
        """A step is done; the next one begins."""
        now = time.time()
        steps = (*self.progress.steps, Step(name, round(seconds, 2), n_rows))
        self.progress = replace(self.progress, step_at=now, steps=steps)
        write(self.place, self.progress)
        left = f"{self.progress.seconds_left(now):.0f}"
        self.say(line("step", step=name, rows=n_rows, seconds=f"{seconds:.1f}", seconds_left=left))

    def end(self, problem: str = "") -> None:
        """The build is over: finished, or failed with one sentence."""
        self.progress = replace(self.progress, state="failed" if problem else "done", problem=problem)
        write(self.place, self.progress)
        self.say(line("failed" if problem else "end", seconds=f"{time.time() - self.progress.began_at:.1f}"))


def line(event: str, **values: object) -> str:
    """One event of a build as a line of name=value pairs."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return " ".join([moment, "build", f"event={event}", *(f"{name}={value}" for name, value in values.items())])


@contextmanager
def alone(place: Path, say: Callable[[str], None]) -> Iterator[Report]:
    """Hold the lock of a folder while building there; waits as long as another process holds it.

    An error that passes through is written down for the pages as one sentence, and goes on its way.
    """
    place.mkdir(parents=True, exist_ok=True)
    with (place / "build.lock").open("a+b") as file:
        if not seize(file):
            say(line("wait", reason="another-build-is-running"))
            while not seize(file):
                time.sleep(POLL)
        report = Report(place, say, read(place) or Progress("done"))
        try:
            yield report
        except BaseException as error:
            if report.is_begun:
                try:
                    report.end(sentence(error))
                except OSError:  # the disk is full: no word is better than one that says that it still runs
                    (place / "build.json").unlink(missing_ok=True)
            raise
        if report.is_begun:
            report.end()
        elif report.progress.state != "done":  # what an earlier builder left unfinished is of no use any more
            write(place, Progress("done", usual=report.progress.usual))


def sentence(error: BaseException) -> str:
    """What went wrong, for a reader."""
    if isinstance(error, KeyboardInterrupt):
        return "It was stopped by hand."
    if isinstance(error, OSError) and error.errno in FULL:
        return "There is no space left on the disk of this host."
    text = " ".join(str(error).split())
    return text if text.endswith(".") else f"{type(error).__name__}: {text}".rstrip(": ") + "."


def may_start(is_first: bool = True) -> bool:
    """Whether a dashboard builds by itself: the first database (is_first), or one from inputs newer than what it has."""
    told = os.environ.get(SWITCH, "")
    return told != "never" and (is_first or told != "first")


def start() -> subprocess.Popen[bytes]:
    """Start a build in a process of its own, whose memory goes back when it ends; it does nothing when none is
    needed.
    """
    command = [sys.executable, str(ROOT / "pipeline.py"), "build", "--if-needed"]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, child.pid, POLITE)
    return child


@dataclass
class Keeper:
    """Sees to it, for one server process, that a build runs when one is needed; safe to ask from many threads."""

    begin: Callable[[], subprocess.Popen[bytes]] = start
    turn: threading.Lock = field(default_factory=threading.Lock)
    child: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    n_started: int = 0

    def look(self, place: Path) -> Progress | None:
        """How far the build is; starts one when this server has not asked for one yet, or its builder was killed."""
        with self.turn:
            progress = look(place)
            if progress and progress.is_busy:
                self.n_started = max(self.n_started, 1)  # somebody else's build is as good as one of ours
                return progress
            if self.child and self.child.poll() is None:
                return Progress("starting")
            code = self.child.returncode if self.child else 0
            if code and (progress is None or progress.began_at < self.started_at):  # it ended before its first word
                problem = f"Its process ended with code {code} and could not write down why: its log says more."
                progress = Progress("killed" if code < 0 else "failed", problem=problem)
            if self.n_started == 0 or (progress and progress.state == "killed" and self.n_started < TRIES):
                self.n_started += 1
                self.started_at = time.time()
                self.child = self.begin()
                return Progress("starting")
            return progress

    def again(self) -> None:
        """Forget what went wrong: the next look starts a build."""
        with self.turn:
            self.n_started, self.child = 0, None


if __name__ == "__main__":
    start()
