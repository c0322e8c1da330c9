"""What the real fetcher does when a server misbehaves on purpose, over real sockets on this machine."""

import gzip
import socket
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import quote, unquote

import pytest

from ingest import fetch, snapshots
from ingest.records import FetchFailed, File, Source

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
PAGE = b"model,score\na,1\n"


class Misbehaving(BaseHTTPRequestHandler):
    """Every path is one way to misbehave; `seen` counts the requests per path."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[dict[str, int]] = {}
    headers_seen: ClassVar[dict[str, dict]] = {}

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path
        count = self.seen[path] = self.seen.get(path, 0) + 1
        self.headers_seen[path] = dict(self.headers)
        if path == "/robots.txt":
            self.answer(200, b"User-agent: *\nDisallow: /private/\n", Content_Type="text/plain")
        elif path == "/ok.csv":
            if self.headers.get("If-None-Match") == '"v1"':
                self.answer(304)
            else:
                self.answer(
                    200, PAGE, Content_Type="text/csv", ETag='"v1"', Last_Modified="Sun, 22 Nov 2026 00:00:00 GMT"
                )
        elif path == "/recovers.csv":
            self.answer(500) if count < 3 else self.answer(200, PAGE, Content_Type="text/csv")
        elif path == "/broken.csv":
            self.answer(500)
        elif path == "/busy.csv":
            self.answer(429, Retry_After="1") if count == 1 else self.answer(200, PAGE, Content_Type="text/csv")
        elif path == "/tomorrow.csv":
            self.answer(429, Retry_After="7200")
        elif path == "/missing.csv":
            self.answer(404)
        elif path == "/drip.csv":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _ in range(100):
                try:
                    self.wfile.write(b"x")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.1)
        elif path == "/cut.csv":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(PAGE)
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif path.startswith("/ends/"):
            self.end(path.removeprefix("/ends/"), count)
        elif path.startswith("/to/"):
            self.answer(302, Location=unquote(path.removeprefix("/to/").removesuffix("?.csv")))
        elif path == "/headers.csv":
            self.send_response(200)
            self.flush_headers()
            for _ in range(600):
                try:
                    self.wfile.write(b"X-Slow: 1\r\n")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.1)
        elif path == "/loop.csv":
            self.answer(302, Location="/loop.csv")
        elif path == "/login.csv":
            self.answer(200, b"<html>Please log in</html>", Content_Type="text/html; charset=utf-8")
        elif path == "/bomb.csv":
            self.answer(200, gzip.compress(b"0" * 50_000_000), Content_Type="text/csv", Content_Encoding="gzip")
        elif path == "/notgzip.csv":
            self.answer(200, b"this is not gzip", Content_Type="text/csv", Content_Encoding="gzip")
        elif path == "/gzip.csv":
            self.answer(200, gzip.compress(PAGE), Content_Type="text/csv", Content_Encoding="gzip")
        elif path == "/large.csv":
            self.answer(200, b"0" * 200_000, Content_Type="text/csv")
        elif path == "/empty.csv":
            self.answer(200, b"", Content_Type="text/csv")
        elif path == "/private/ok.csv":
            self.answer(200, PAGE, Content_Type="text/csv")

    def end(self, how, count):
        """A page of 400 rows whose connection breaks off: `how` says how its end is marked and whether it is cut."""
        marked, *packed, whole = how.removesuffix(".csv").split("-")
        body = b"model,score\n" + b"a,1\n" * 400
        body = gzip.compress(body) if packed else body
        sent = body if whole == "whole" else body[: len(body) - 5 * count]
        self.send_response(200)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        if marked == "length":
            self.send_header("Content-Length", str(len(body)))
        if marked == "chunks":
            self.send_header("Transfer-Encoding", "chunked")
            sent = f"{len(sent):x}\r\n".encode() + sent + (b"\r\n0\r\n\r\n" if whole == "whole" else b"\r\n")
        self.end_headers()
        self.wfile.write(sent)
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *args):
        """Keep the test output quiet."""


@pytest.fixture
def server():
    Misbehaving.seen, Misbehaving.headers_seen = {}, {}
    running = ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving)
    running.daemon_threads = True
    running.block_on_close = False
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def fetch_one(url, folder, limit=100_000):
    source = Source(
        source_id="board", title="Board", url=url, licence="CC BY 4.0", attribution="Board", status="live",
        files=(File(name=url.rsplit("/", 1)[-1], url=url, captures="", limit=limit),),
    )  # fmt: skip
    session = fetch.open_session(retries=2, backoff=0.01)
    try:
        outcomes = list(
            fetch.fetch(source, source.files, folder, session=session, sleep=lambda seconds: None, now=lambda: MOMENT)
        )
    finally:
        session.close()
    assert len(outcomes) == 1
    return outcomes[0]


# What each way to misbehave leads to: the state, words of the sentence, and how often the page was asked for.
TABLE = [
    ("/ok.csv", "new", "bytes", 1),
    ("/gzip.csv", "new", "16 bytes", 1),
    ("/recovers.csv", "new", "bytes", 3),
    ("/busy.csv", "new", "bytes", 2),
    ("/broken.csv", "failed", "answers 500", 3),
    ("/tomorrow.csv", "failed", "come back in 7200 seconds", 1),
    ("/missing.csv", "failed", "answers 404", 1),
    ("/cut.csv", "failed", "broke off before the file was complete", 1),
    ("/loop.csv", "failed", "more than 5 redirects", 6),
    ("/login.csv", "failed", "a web page where a data file is expected", 1),
    ("/bomb.csv", "failed", "larger than 100,000 bytes", 1),
    ("/large.csv", "failed", "larger than 100,000 bytes", 1),
    ("/notgzip.csv", "failed", "compressed file is broken", 1),
    ("/empty.csv", "failed", "the file is empty", 1),
    ("/private/ok.csv", "failed", "robots.txt", 0),
]


@pytest.mark.parametrize(("path", "state", "words", "requests"), TABLE)
def test_every_misbehaviour_ends_in_one_sentence_or_a_good_snapshot(server, tmp_path, path, state, words, requests):
    outcome = fetch_one(server + path, tmp_path)
    assert (outcome.state, Misbehaving.seen.get(path, 0)) == (state, requests)
    assert words in outcome.message
    kept = snapshots.known("board", tmp_path)
    assert len(kept) == (state == "new")
    if state == "new":
        assert snapshots.load(kept[0], tmp_path).body == PAGE
    else:
        assert outcome.message.startswith("Board: ") and outcome.message.endswith(".")
    assert not list(tmp_path.rglob(".unfinished*"))


@pytest.mark.parametrize("packed", ["", "-gzip"])
@pytest.mark.parametrize("marked", ["length", "chunks", "nothing"])
def test_a_page_is_kept_only_up_to_an_end_that_the_server_marks_or_gives_twice(server, tmp_path, marked, packed):
    cut = fetch_one(f"{server}/ends/{marked}{packed}-cut.csv", tmp_path)
    assert cut.state == "failed", cut.message
    assert not snapshots.known("board", tmp_path)
    assert fetch_one(f"{server}/ends/{marked}{packed}-whole.csv", tmp_path).state == "new"
    assert snapshots.load(snapshots.known("board", tmp_path)[0], tmp_path).text().count("a,1") == 400


def test_a_page_cut_on_disk_is_fetched_anew_without_its_validators(server, tmp_path):
    kept = fetch_one(server + "/ok.csv", tmp_path).snapshot
    (tmp_path / "board" / kept.snapshot_id / "ok.csv").write_bytes(PAGE[:-2])
    assert fetch_one(server + "/ok.csv", tmp_path).state == "new"
    assert "If-None-Match" not in Misbehaving.headers_seen["/ok.csv"]
    assert snapshots.load(kept, tmp_path).body == PAGE


@pytest.mark.parametrize("sidecar", ["", "{}", "[]", '{"snapshot_id": ', "null", '{"content_date": 5}'])
def test_a_broken_sidecar_is_told_and_the_page_fetched_anew(server, tmp_path, sidecar):
    kept = fetch_one(server + "/ok.csv", tmp_path).snapshot
    (tmp_path / "board" / kept.snapshot_id / snapshots.SIDECAR).write_text(sidecar, encoding="utf-8")
    assert snapshots.survey("board", tmp_path) == ([], [f"Snapshot {kept.snapshot_id} of board has a broken sidecar."])
    assert fetch_one(server + "/ok.csv", tmp_path).state == "new"
    assert snapshots.known("board", tmp_path) == [kept]


def test_a_page_served_drop_by_drop_ends_at_the_deadline(server):
    session = fetch.open_session(retries=0)
    started = time.monotonic()
    with pytest.raises(FetchFailed, match="did not arrive within"):
        # The clock is ours, so that the test need not wait for real minutes.
        ticks = iter(range(0, 10_000, 60))
        fetch.get(session, server + "/drip.csv", 100_000, deadline=100, clock=lambda: next(ticks))
    session.close()
    assert time.monotonic() - started < 20


def test_headers_served_drop_by_drop_end_at_the_deadline_and_are_not_asked_for_again(server):
    session = fetch.open_session(retries=3)
    with pytest.raises(FetchFailed, match="did not arrive"):
        fetch.get(session, server + "/headers.csv", 100_000, deadline=1)
    session.close()
    assert Misbehaving.seen["/headers.csv"] == 1


REFUSED = [
    ("http://127.0.0.1:9/x.csv", "port 9 of 127.0.0.1"), ("http://169.254.169.254/latest/meta-data", "no public address"),
    ("http://10.0.0.1/x.csv", "no public address"), ("http://192.168.1.1/", "no public address"),
    ("http://[::1]/x.csv", "no public address"), ("http://[::ffff:10.0.0.1]/", "no public address"),
    ("http://2130706433/", "no public address"), ("http://0x7f.1/", "no public address"),
    ("http://localhost/x.csv", "no public address"), ("http://intranet/x.csv", "no public address"),
    ("http://[fe80::1]/", "no public address"), ("https://user:word@example.org/", "no public address"),
    ("ftp://example.org/x.csv", "an address that is none"), ("file:///etc/passwd", "an address that is none"),
    ("https://example.org:8443/x.csv", "port 8443"), ("http://example.org:99999/", "an address that is none"),
]  # fmt: skip


@pytest.mark.parametrize(("target", "words"), REFUSED)
def test_nobody_is_sent_to_other_ports_or_to_addresses_that_are_not_public(server, tmp_path, target, words):
    outcome = fetch_one(f"{server}/to/{quote(target, safe='')}?.csv", tmp_path)
    assert outcome.state == "failed"
    assert words in outcome.message


@pytest.mark.parametrize(
    ("place", "target"),
    [
        ("https://example.org/a.csv", "http://example.org/a.csv"),
        ("https://example.org/a.csv", "http://example.com/a.csv"),
    ],
)
def test_nobody_is_sent_from_https_to_http(place, target):
    with pytest.raises(FetchFailed, match="from https to http"):
        fetch.refuse_redirect(place, target)


def test_usual_redirects_are_followed(server, tmp_path):
    assert fetch_one(f"{server}/to/{quote('/ok.csv', safe='')}?.csv", tmp_path).state == "new"
    for place, target in (
        ("http://example.org/a.csv", "https://example.org/a.csv"),
        ("https://example.org/a.csv", "https://cdn.example.com/a.csv"),
        ("https://example.org/a.csv", "https://example.com:443/a.csv"),
    ):
        fetch.refuse_redirect(place, target)


def test_robots_txt_of_the_place_that_a_redirect_leads_to_is_asked(server, tmp_path):
    outcome = fetch_one(f"{server}/to/{quote('/private/ok.csv', safe='')}?.csv", tmp_path)
    assert "robots.txt of the site that it redirects to" in outcome.message
    assert "/private/ok.csv" not in Misbehaving.seen


def test_a_name_that_leads_to_this_machine_is_not_spoken_to(server, tmp_path, monkeypatch):
    port = int(server.rpartition(":")[2])
    plain = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: plain("127.0.0.1", *rest, **more))
    outcome = fetch_one(f"http://board.example:{port}/ok.csv", tmp_path)
    assert outcome.state == "failed"
    assert Misbehaving.seen == {}
    with pytest.raises(FetchFailed, match="which is no public address"):
        fetch.get(fetch.open_session(retries=0), f"http://board.example:{port}/ok.csv", 100_000)


def test_an_unchanged_page_is_asked_for_with_its_validators_and_kept(server, tmp_path):
    first, second = fetch_one(server + "/ok.csv", tmp_path), fetch_one(server + "/ok.csv", tmp_path)
    assert (first.state, second.state) == ("new", "unchanged")
    assert Misbehaving.headers_seen["/ok.csv"]["If-None-Match"] == '"v1"'
    assert len(snapshots.known("board", tmp_path)) == 1


def test_a_failure_keeps_the_last_good_snapshot(server, tmp_path):
    good = fetch_one(server + "/ok.csv", tmp_path).snapshot
    assert fetch_one(server + "/broken.csv", tmp_path).state == "failed"
    assert [s.snapshot_id for s in snapshots.known("board", tmp_path)] == [good.snapshot_id]


def test_a_dead_host_is_one_sentence(tmp_path):
    outcome = fetch_one("http://127.0.0.1:9/ok.csv", tmp_path)
    assert outcome.state == "failed"
    assert "robots.txt" in outcome.message  # asked first; when it cannot be read, nothing else is asked


def test_a_full_disk_is_one_sentence_and_leaves_nothing(server, tmp_path, monkeypatch):
    def no_space(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshots.os, "fsync", no_space)
    outcome = fetch_one(server + "/ok.csv", tmp_path)
    assert outcome.message == "Board: ok.csv could not be stored: No space left on device."
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_damaged_bytes_are_noticed(server, tmp_path):
    kept = fetch_one(server + "/ok.csv", tmp_path).snapshot
    (tmp_path / "board" / kept.snapshot_id / "ok.csv").write_bytes(b"other")
    with pytest.raises(snapshots.SnapshotDamaged, match="no longer has its bytes"):
        snapshots.load(kept, tmp_path)
