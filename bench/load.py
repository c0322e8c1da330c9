"""How long do pages take to run for many visitors at once, and for one while another checks a large table?

Question  Seconds of a page's run on the server, runs that failed, memory: with 40 and 80 visitors on one process and on two
          behind nginx; and for one visitor while another checks 10,000 rows.
Input     the current database (BENCHMARK_DB, else data/database). BENCHMARK_SECONDS says how long visitors stay (default 60).
Output    two tables on the screen. Aims: p95 of 0.30 s with 40 visitors on one process, 0.15 s beside a check.
Method    Visitors are websockets that speak Streamlit's protocol: each asks for a page, in two of three cases with a filter,
          every PAUSE seconds, and its clock runs from the question to the end of the run. All pages that are no page about one thing are
          asked alike. The first crowd meets a server that has just started and has seen no filter; before the others every
          page was asked once with every filter, as by visitors before them. Each comes from an address of its own, so that nginx, as deploy/nginx.conf sets it up, spreads them over
          both processes. The visitors run on the same machine and take their share of it. A failed run is one that ends
          otherwise than well, shows an error box, or a visitor that is cut off. Where the server begins a run again by itself, as
          it does when a newer build comes, the clock runs to the end of the second, as a reader waits for that.
"""

import asyncio
import csv
import io
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
import websockets
from rich.console import Console
from rich.table import Table
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

import store
from tests import browsing

SECONDS = "BENCHMARK_SECONDS"
USERS = (40, 80)
PAUSE = 5.0  # seconds between two clicks of a visitor
QUICK = 1.0  # the same of the visitor beside a check, who stays only as long as that takes
CHECKS = 3  # tables that are checked one after the other
N_ROWS = 10_000
PATIENCE = 120.0  # seconds for one run
LARGE = 20_000  # bytes: longer messages are charts and tables, of which nobody here reads anything
FAMILIES = ("Qwen", "Llama", "Gemma", "Mistral", "Phi", "GPT", "Claude", "Gemini")
ASKED = (
    "", "unusual_scores", "benchmarks", "models", "families", "compare", "claims", "check_a_claim", "cases", "changes", "method",
)  # fmt: skip


@dataclass
class Told:
    """What visitors saw: the page and seconds of each run; failures, one sentence each."""

    runs: list[tuple[str, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def p(self, share: int) -> float:
        """A percentile of all seconds."""
        seconds = sorted(seconds for _, seconds in self.runs)
        return seconds[min(len(seconds) - 1, len(seconds) * share // 100)] if seconds else float("nan")


@dataclass
class Visitor:
    """One open page: its line to the server, the name of its session, ids of widgets that it has seen by kind, and the texts of
    boxes that say something.
    """

    line: Any
    session_id: str = ""
    widgets: dict[str, str] = field(default_factory=dict)
    files: Any = None
    said: list[str] = field(default_factory=list)

    async def run(self, message: BackMsg) -> str:
        """Ask for a run and wait for its end; "" where it ended well, else what failed."""
        await self.line.send(message.SerializeToString())
        failed = ""
        async with asyncio.timeout(PATIENCE):
            while True:
                body = await self.line.recv()
                if len(body) > LARGE:
                    continue
                told = ForwardMsg.FromString(body)
                kind = told.WhichOneof("type")
                if kind == "new_session":
                    self.session_id = told.new_session.initialize.session_id
                elif kind == "file_urls_response":
                    self.files = told.file_urls_response
                    return failed
                elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                    element = told.delta.new_element
                    name = element.WhichOneof("type")
                    if name == "exception":
                        failed = element.exception.message[:100]
                    elif name == "alert":
                        self.said.append(element.alert.body)
                    elif name == "file_uploader":
                        self.widgets[name] = element.file_uploader.id
                elif kind == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    if told.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                        failed = failed or f"ended with {told.script_finished}"
                    return failed


def connect(address: str, number: int) -> Any:
    """A line to the server from an address of this machine that nginx tells from others."""
    return websockets.connect(
        f"{address.replace('http', 'ws', 1)}/_stcore/stream", max_size=None, open_timeout=60, ping_interval=None,
        subprotocols=["streamlit"], local_addr=(f"127.0.{1 + number % 250}.1", 0),  # type: ignore[list-item]  # asyncio takes a pair here
    )  # fmt: skip


def question(page: str, family: str = "") -> BackMsg:
    """A click on a page, with a filter or without."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = urlencode({"family": family}) if family else ""
    return message


async def visit(address: str, number: int, until: Callable[[], bool], told: Told, pause: float = PAUSE) -> None:
    """One visitor, until it is time to leave."""
    turn = random.Random(number)
    await asyncio.sleep(turn.random() * pause)
    try:
        async with connect(address, number) as line:
            visitor = Visitor(line)
            while not until():
                page = turn.choice(ASKED)
                asked = question(page, turn.choice(FAMILIES) if turn.random() < 2 / 3 else "")
                began = time.monotonic()
                failed = await visitor.run(asked)
                took = time.monotonic() - began
                told.runs.append((page, took))
                told.failures += [f"{page or 'home'}: {failed}"] if failed else []
                await asyncio.sleep(max(0.0, pause - took))
    except (OSError, TimeoutError, websockets.WebSocketException) as error:
        told.failures.append(f"cut off: {error!r}"[:120])


async def crowd(address: str, users: int, seconds: float) -> Told:
    """What so many visitors saw."""
    until, told = time.monotonic() + seconds, Told()
    await asyncio.gather(*(visit(address, n, lambda: time.monotonic() > until, told) for n in range(users)))
    return told


def rows_to_check(n: int) -> bytes:
    """A table of n rows about models and tests that the database has, as a visitor brings it."""
    found = store.read(store.connect(store.current()), "scores", ["model_name", "benchmark_name", "score", "unit"])
    found = found[found["unit"] == "fraction"].drop_duplicates(["model_name", "benchmark_name"])
    some = found.sample(n, random_state=1, replace=len(found) < n)
    body = io.StringIO()
    out = csv.writer(body, lineterminator="\n")
    out.writerow(["model", "benchmark", "score", "score_unit"])
    out.writerows(
        [m, b, f"{100 * s:.1f}", "percent"]
        for m, b, s in zip(some["model_name"], some["benchmark_name"], some["score"], strict=True)
    )
    return body.getvalue().encode()


def upload(address: str, place: str, body: bytes) -> None:
    """Send a file as a browser does."""
    session = requests.Session()
    session.get(f"{address}/_stcore/health", timeout=60)
    session.headers["X-Xsrftoken"] = session.cookies["_streamlit_xsrf"]
    session.put(f"{address}/{place.lstrip('/')}", files={"file": ("t.csv", body)}, timeout=60).raise_for_status()


async def check(address: str, body: bytes) -> tuple[float, str]:
    """Seconds of the check of a table, from the end of its upload to its answer; what failed."""
    async with connect(address, 200) as line:
        visitor = Visitor(line)
        failed = await visitor.run(question("check_a_claim"))
        asked = BackMsg()
        asked.file_urls_request.request_id = "1"
        asked.file_urls_request.file_names.append("t.csv")
        asked.file_urls_request.session_id = visitor.session_id
        failed = failed or await visitor.run(asked)
        (place,) = visitor.files.file_urls
        await asyncio.to_thread(upload, address, place.upload_url, body)
        chosen = question("check_a_claim")
        state = chosen.rerun_script.widget_states.widgets.add(id=visitor.widgets["file_uploader"])
        info = state.file_uploader_state_value.uploaded_file_info.add(
            file_id=place.file_id, name="t.csv", size=len(body)
        )
        info.file_urls.CopyFrom(place)
        began = time.monotonic()
        failed = failed or await visitor.run(chosen)
        return time.monotonic() - began, failed


async def beside_checks(address: str, body: bytes) -> tuple[Told, list[float]]:
    """What one visitor saw while others had tables checked, and the seconds of these checks."""
    told, took = Told(), []
    is_over = False
    waiting = asyncio.create_task(visit(address, 0, lambda: is_over, told, QUICK))
    for n in range(CHECKS):
        seconds, failed = await check(address, body + f"x{n},y,1,percent\n".encode())
        told.failures += [f"check: {failed}"] if failed else []
        took.append(seconds)
    is_over = True
    await waiting
    return told, took


def memory(address: str) -> tuple[int, int]:
    """Megabytes of the server at an address: now, and at most so far (Linux)."""
    port = address.rsplit(":", 1)[1]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            command = (status.parent / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if "streamlit" in command and port in command:
                held = dict(row.split(":", 1) for row in status.read_text(encoding="utf-8").splitlines())
                return int(held["VmRSS"].split()[0]) // 1024, int(held["VmHWM"].split()[0]) // 1024
        except OSError:  # a process that has just ended
            continue
    return 0, 0


async def see_all(address: str) -> None:
    """Open each page once without a filter and once with each, as visitors before these did."""
    async with connect(address, 201) as line:
        visitor = Visitor(line)
        for page in ASKED:
            for family in ("", *FAMILIES):
                await visitor.run(question(page, family))


def report(rows: Table, name: str, users: str, told: Told, servers: list[str]) -> None:
    """One line of a table."""
    held = [memory(address) for address in servers]
    rows.add_row(
        name, users, str(len(told.runs)), f"{told.p(50):.2f}", f"{told.p(95):.2f}", str(len(told.failures)),
        " + ".join(str(now) for now, _ in held), " + ".join(str(most) for _, most in held),
    )  # fmt: skip


def by_page(told: Told) -> str:
    """Median and p95 of each page, slowest first."""
    pages = {page: Told([run for run in told.runs if run[0] == page]) for page in {page for page, _ in told.runs}}
    slowest = sorted(pages.items(), key=lambda item: -item[1].p(50))
    return ", ".join(f"{page or 'home'} {one.p(50):.2f}/{one.p(95):.2f}" for page, one in slowest)


def main() -> None:
    """Measure, and print two tables."""
    seconds, console = float(os.environ.get(SECONDS, "60")), Console(width=150)
    rows = Table("served by", "visitors", "runs", "median s", "p95 s", "failed", "MB now", "MB peak")
    failures: list[str] = []
    with ExitStack() as stack:

        def serve() -> str:
            log = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            server = browsing.serve(store.folder(), log=log, STREAMLIT_SERVER_COOKIE_SECRET="for this measurement")
            return stack.enter_context(server)

        one = serve()
        told = asyncio.run(crowd(one, USERS[0], seconds))
        report(rows, "one process, just started", str(USERS[0]), told, [one])
        failures += told.failures
        asyncio.run(see_all(one))
        for users in USERS:
            told = asyncio.run(crowd(one, users, seconds))
            report(rows, "one process", str(users), told, [one])
            console.print(by_page(told), soft_wrap=True)
            failures += told.failures
        told, took = asyncio.run(beside_checks(one, rows_to_check(N_ROWS)))
        report(rows, f"one process, beside checks of {statistics.median(took):.0f} s", "1", told, [one])
        failures += told.failures
        if browsing.has_nginx():
            servers = [one, serve()]
            asyncio.run(see_all(servers[1]))
            outside = stack.enter_context(
                browsing.behind(Path(stack.enter_context(tempfile.TemporaryDirectory())), *servers)
            )
            for users in USERS:
                told = asyncio.run(crowd(outside, users, seconds))
                report(rows, "two behind nginx", str(users), told, servers)
                failures += told.failures
    console.print(rows)
    for failure in sorted(set(failures)):
        console.print(failure, markup=False)
    if failures:
        raise SystemExit(1)
