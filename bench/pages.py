"""How fast are the pages, for one visitor in a browser and for eighty at once, and do they jump while they load?

Question  Seconds to the first chart and from a filter to the new one; a page's run on the server with 1, 40 and 80 visitors;
          memory; how far a page's parts shift while it loads.
Input     the current database (BENCHMARK_DB, else data/database); a browser; `python -m bench.pages --against ROOT`, or
          BENCHMARK_AGAINST=ROOT with `python -m bench pages`: another copy of the project that is measured in the same run.
Output    tables on the screen, a column per copy. Aims: first chart 1.5 s, filter 0.4 s, shift below 0.1.
Method    Copies take turns, so that what else the machine does meets both. Browser: median of REPEATS visits to a server and a
          browser that have seen the page; a filter is the box of the side bar that every page with filters has, timed to the
          first change of a chart, and where none changes to the end of the run. Shift: the browser's own layout-shift
          entries (https://web.dev/articles/cls), summed over a visit. Visitors: one process serves websockets that speak
          Streamlit's protocol, each asks for a page or another filter every PAUSE seconds; p95 of the time from the question
          to the end of the run, all pages together.
"""

import argparse
import asyncio
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import websockets
from rich.console import Console
from rich.table import Table
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Subprotocol

import store
from tests import browsing

REPEATS = 5
USERS = (1, 40, 80)
PAUSE = 5.0  # seconds between two clicks of a visitor
ROUND = 25.0  # seconds that visitors stay
WAIT = 90_000  # milliseconds a page may take
PAGES = {
    "Home": "",
    "Unusual scores": "unusual_scores",
    "Benchmarks": "benchmarks",
    "one benchmark": "benchmarks?benchmark=gpqa-diamond",
    "Models": "models",
    "one model": "models?model=hf%3Agoogle%2Fgemma-2-27b-it",
    "Families": "families",
    "one family": "families?group=family%3AGemma",
    "Compare": "compare?model=hf%3Agoogle%2Fgemma-2-27b-it&model=hf%3Ameta-llama%2Fmeta-llama-3-70b-instruct",
    "Claims": "claims",
    "Check a claim": "check_a_claim?model=Reflection+70B&score=99.2&billions=70&date=2024-09-05",
    "Cases": "cases",
    "Changes": "changes",
    "Method": "method",
}
FAMILIES = ("Qwen", "Llama", "Gemma", "Mistral", "Phi", "GPT", "Claude", "Gemini")
ASKED = tuple(path.partition("?")[0] for path in PAGES.values() if "?" not in path)  # pages that visitors ask for
DRAWN = "() => document.querySelector('.js-plotly-plot .main-svg')"
# Seconds from a click on the filter to the first change of a chart, else to the end of the run that it starts; null where
# neither was seen.
FILTER = """async () => {
  const app = document.querySelector("[data-testid=stApp]");
  const box = document.querySelector("[data-testid=stSidebar] [data-testid=stCheckbox] input");
  if (!box) return null;
  const began = performance.now();
  let chart = null, ran = false;
  const watch = new MutationObserver(() => { chart ??= performance.now(); });
  document.querySelectorAll(".js-plotly-plot").forEach((c) => watch.observe(c, { childList: true, subtree: true, attributes: true }));
  box.click();
  while (performance.now() - began < 60000) {
    await new Promise(requestAnimationFrame);
    const state = app.getAttribute("data-test-script-state");
    if (state === "running") ran = true;
    // A run can be over before its state was seen.
    if (state === "notRunning" && (ran || performance.now() - began > 3000)) break;
  }
  const done = performance.now();
  watch.disconnect();
  if (!ran && chart === null) return null;
  return ((chart ?? done) - began) / 1000;
}"""


def visit(browser: Any, address: str, path: str) -> list[tuple[float, float | None, float]]:
    """Seconds to the first chart, seconds of a filter change (None without filters), shift: REPEATS times after one visit."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.add_init_script(browsing.WATCH_JUMPS)
    found = []
    for turn in range(REPEATS + 1):
        began = time.perf_counter()
        page.goto(f"{address}/{path}")
        page.wait_for_function(DRAWN)
        first = time.perf_counter() - began
        browsing.settle(page)
        shift = float(page.evaluate("window.shift"))
        change = page.evaluate(FILTER)
        if turn:
            found.append((first, change, shift))
    context.close()
    return found


def median(values: list[float | None]) -> float | None:
    """The median of what is known."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def question(turn: random.Random) -> bytes:
    """A visitor's next click: a page, with a filter in two of three cases."""
    name = turn.choice(ASKED)
    message = BackMsg()
    message.rerun_script.page_name = name
    message.rerun_script.query_string = urlencode({"family": turn.choice(FAMILIES)}) if turn.random() < 2 / 3 else ""
    return message.SerializeToString()


async def visitor(address: str, seed: int, until: float) -> list[float]:
    """Seconds of each run that one visitor asks for until a moment of the monotonic clock."""
    turn, seconds = random.Random(seed), []
    await asyncio.sleep(turn.random() * PAUSE)
    place = f"{address.replace('http', 'ws')}/_stcore/stream"
    async with websockets.connect(
        place, max_size=None, open_timeout=60, ping_interval=None, subprotocols=[Subprotocol("streamlit")]
    ) as line:
        while time.monotonic() < until:
            began = time.monotonic()
            await line.send(question(turn))
            async with asyncio.timeout(120):
                while ForwardMsg.FromString(await line.recv(decode=False)).WhichOneof("type") != "script_finished":
                    pass
            seconds.append(time.monotonic() - began)
            await asyncio.sleep(max(0.0, PAUSE - seconds[-1]))
    return seconds


async def crowd(address: str, users: int) -> list[float]:
    """Seconds of all runs of `users` visitors at once."""
    until = time.monotonic() + ROUND
    told = await asyncio.gather(*(visitor(address, seed, until) for seed in range(users)), return_exceptions=True)
    failed = [answer for answer in told if isinstance(answer, BaseException)]
    if failed:
        raise RuntimeError(f"{len(failed)} of {users} visitors were lost: {failed[0]!r}")
    return list(itertools.chain.from_iterable(answer for answer in told if not isinstance(answer, BaseException)))


def memory(port: str) -> tuple[int, int]:
    """Megabytes of the server that listens on a port: now, and at most so far (Linux)."""
    told = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    (pid,) = [row.split()[0] for row in told.splitlines() if f"--server.port {port} " in row and "streamlit" in row]
    status = dict(row.split(":", 1) for row in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines())
    return int(status["VmRSS"].split()[0]) // 1024, int(status["VmHWM"].split()[0]) // 1024


def shown(value: float | None) -> str:
    """A figure for a table."""
    return "-" if value is None else f"{value:.2f}"


def main(against: str | None = None) -> None:
    """Measure this copy, and another one beside it."""
    other = against or os.environ.get("BENCHMARK_AGAINST")
    copies = {"this copy": browsing.ROOT} | ({Path(other).name: Path(other)} if other else {})
    console = Console(width=150)
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(
                browsing.serve(store.folder(), log=Path(stack.enter_context(tempfile.TemporaryDirectory())), root=root)
            )
            for name, root in copies.items()
        }
        table = Table(
            "page", *(f"{what}, {name}" for what in ("first chart s", "filter s", "shift") for name in copies)
        )
        with browsing.browse() as browser:  # its event loop and that of the crowd cannot run at once
            for page, path in PAGES.items():
                found = {name: visit(browser, address, path) for name, address in servers.items()}
                cells = [shown(median([row[k] for row in found[name]])) for k in range(3) for name in copies]
                table.add_row(page, *cells)
                console.print(page, *cells)
        console.print(table)
        crowds = Table("visitors", *(f"{what}, {name}" for what in ("runs", "p95 s", "median s", "MB now", "MB peak") for name in copies))  # fmt: skip
        for users in USERS:
            told = {name: asyncio.run(crowd(address, users)) for name, address in servers.items()}
            held = {name: memory(address.rsplit(":", 1)[1]) for name, address in servers.items()}
            rows = [[str(len(told[name])) for name in copies]]
            rows.append([shown(statistics.quantiles(told[name], n=20)[-1]) for name in copies])
            rows.append([shown(statistics.median(told[name])) for name in copies])
            rows += [[str(held[name][k]) for name in copies] for k in range(2)]
            crowds.add_row(str(users), *itertools.chain.from_iterable(rows))
        console.print(crowds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.pages")
    parser.add_argument("--against", help="root of another copy of the project")
    main(parser.parse_args(sys.argv[1:]).against)
