"""A server over a folder of database files and a browser to visit it, for the tests that need a real one."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import store
from tests import lakes, tiny_store

ROOT = Path(__file__).parents[1]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Sums up in window.shift how far the parts of a page jump while it loads (https://web.dev/articles/cls).
WATCH_JUMPS = """
window.shift = 0;
new PerformanceObserver((list) => list.getEntries().forEach((e) => { if (!e.hadRecentInput) window.shift += e.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""
WAIT = 60_000  # milliseconds; a page takes about one second, two cores shared with other tests may need many
PHONE = {"width": 390, "height": 844}
POOR_SHIFT = 0.25  # from here on the same page calls it poor


def browser_path() -> str | None:
    """$CHROMIUM, else Debian's chromium, else None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


USED: list[int] = []  # ports of servers of this process


def free_port() -> int:
    """A port that nobody listens on: one that an earlier server left, because to a browser it is the same place, whose
    scripts it has loaded and compiled already; else a new one.
    """
    for port in (*USED, 0):
        with socket.socket() as free, suppress(OSError):
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: old connections may still close
            free.bind(("127.0.0.1", port))
            if not port:
                USED.append(free.getsockname()[1])
            return free.getsockname()[1]
    raise OSError("no port is free")


@contextmanager
def serve(place: Path | str, log: Path | None = None, script: str = "serve.py", root: Path = ROOT, **environment: str):
    """The dashboard over `place`, on a free port; gives its address. It builds nothing unless it is told to.

    root     the copy of the project that serves.
    script   serve.py as a service runs it, or app.py as a host that knows Streamlit alone does.

    What it says goes into server.log in the folder `log`, without one into the folder of the builder's progress.
    """
    said = (log or store.folder(place)) / "server.log"
    said.parent.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    told = os.environ | {"BENCHMARK_DB": str(place), "BENCHMARK_BUILD": "never"} | environment
    with said.open("w") as file:
        process = subprocess.Popen(command, cwd=root, env=told, stdout=file, stderr=subprocess.STDOUT)
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(address, process, said)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:  # a page under way is waited for; a host then kills, and so do we
                process.kill()
                process.wait(15)


def wait_for(address: str, process: subprocess.Popen, log: Path, seconds: float = 120) -> None:
    """Return when the server answers; the test fails with the server's log where it ends or stays silent."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=10):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(log.read_text())


def has_nginx() -> bool:
    """Whether Debian's nginx is installed."""
    return shutil.which("nginx") is not None


@contextmanager
def behind(folder: Path, *servers: str):
    """Debian's nginx with the project's configuration, over these servers; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = (
        (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8").replace("listen 80;", f"listen 127.0.0.1:{port};")
    )
    places = "\n".join(f"    server {server.removeprefix('http://')};" for server in servers)
    (folder / "site.conf").write_text(told.replace("    server 127.0.0.1:8501;", places), encoding="utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"pid {folder}/pid; events {{}} http {{ access_log off; {temporary} include {folder}/site.conf; }}"
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    command = ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def browse():
    """A running browser; where none is installed the test is skipped, with CI set it fails."""
    path = browser_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("No browser: install Debian's chromium or set CHROMIUM.")
        pytest.skip("No browser on this machine; with CI=true this fails.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


class Shared:
    """What all tests with a browser have in common, each made when it is first asked for: one browser, which has loaded and
    compiled the scripts of the pages, and one server over the tiny store that nobody changes.
    """

    def __init__(self) -> None:
        self.running = ExitStack()

    @cached_property
    def browser(self):
        return self.running.enter_context(browse())

    @cached_property
    def context(self):
        return self.browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)

    @cached_property
    def place(self) -> str:
        folder = Path(self.running.enter_context(tempfile.TemporaryDirectory(prefix="tiny-")))
        place = lakes.place(folder)
        tiny_store.write(place)
        return place

    @cached_property
    def server(self) -> str:
        log = Path(self.running.enter_context(tempfile.TemporaryDirectory(prefix="log-")))
        return self.running.enter_context(serve(self.place, log=log))

    def close(self) -> None:
        """End what runs: the browser's driver has an event loop, beside which no other can run in this process."""
        self.running.close()
        self.__dict__.clear()
        self.__init__()


shared = Shared()


@contextmanager
def watched(context, server):
    """A fresh page that notes every request that leaves the server, every dialog and every script error; it leaves nothing
    behind but what the browser keeps of the scripts.
    """
    page = context.new_page()
    page.outside, page.dialogs, page.broken, page.failed = [], [], [], []
    own = (server, server.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else page.outside.append(request.url))
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    page.on("response", lambda told: page.failed.append(told.url) if told.status >= 400 else None)
    page.on("pageerror", lambda error: page.broken.append(str(error)))
    page.set_default_timeout(WAIT)
    try:
        yield page
        assert page.outside == []
        assert page.dialogs == []
        assert page.broken == []
        assert page.failed == []
    finally:
        if page.url.startswith(server):
            page.evaluate("localStorage.clear()")
        page.close()
        context.clear_cookies()


def parameters(page) -> dict:
    return parse_qs(urlsplit(page.url).query)


def settle(page) -> None:
    """Wait until the title is there and no run is under way."""
    page.wait_for_selector("h1")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def pick_row(page, table: str, place: int) -> None:
    """Click the box of a row, 0 for the first, in the table of this name (`alt` of tables.show).

    By name: the tables of a page are drawn in any order, seconds apart where the machine is busy, and the first one that is
    there may stand at the page's end. The click waits until the table is drawn, stays where it is and is not covered.
    """
    grid = page.get_by_role("region", name=table, exact=True)
    grid.locator("canvas table[role=grid]").wait_for(state="attached")
    grid.click(position={"x": 16, "y": 35 * (place + 1) + 17})  # rows and the header are 35 pixels high
