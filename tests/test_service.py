"""What a host asks of the running dashboard: health, numbers, headers, and that strangers cannot hold it up."""

import json
import re
import shutil
import socket
import urllib.error
import urllib.request

import pytest
import requests
from streamlit import net_util
from streamlit.web.server import server_util

import store
from tests import browsing, tiny_store
from ui import service
from ui.kit import process


def answer(address: str) -> tuple[int, dict, str]:
    """Status, headers and text of an address."""
    try:
        with urllib.request.urlopen(address, timeout=60) as response:
            return response.status, dict(response.headers), response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def handshake(address: str, origin: str) -> str:
    """The first line of the answer to a websocket that a page of `origin` opens."""
    host = address.removeprefix("http://")
    name, port = host.split(":")
    with socket.create_connection((name, int(port)), timeout=60) as line:
        asked = f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
        asked += (
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        line.sendall(asked.encode())
        return line.recv(200).decode().split("\r\n")[0]


def test_health_is_a_query_numbers_are_for_those_who_asked_for_them_and_strangers_are_refused(tmp_path):
    tiny_store.write(tmp_path)
    with browsing.serve(tmp_path) as server:
        status, headers, text = answer(f"{server}/healthz")
        assert (status, json.loads(text)["asof"]) == (200, "2026-11-22")
        assert service.HEADERS.items() <= headers.items()
        assert {answer(server + path)[0] for path in service.NUMBERS} == {404}
        assert "403" in handshake(server, "https://stranger.example")
        assert "101" in handshake(server, server)
        for path in store.kept(tmp_path):
            path.unlink()
        status, _, text = answer(f"{server}/healthz")
        assert status == 503
        assert "is gone" in json.loads(text)["problem"]
        assert answer(f"{server}/_stcore/health")[0] == 200


def test_a_build_that_holds_nothing_is_not_healthy(tmp_path, monkeypatch):
    full = tiny_store.tables()
    store.write({n: f.iloc[:0] for n, f in full.items()} | {"build": full["build"]}, tmp_path)
    monkeypatch.setenv(store.ENVIRONMENT, str(tmp_path))
    with pytest.raises(store.NoDatabase, match="has no scores"):
        service.look()


def test_numbers_are_in_the_format_that_prometheus_reads(tmp_path, monkeypatch):
    tiny_store.write(tmp_path)
    monkeypatch.setenv(store.ENVIRONMENT, str(tmp_path))
    process.add("benchcred_runs_total", 'page="Home"', 2)
    process.add("benchcred_run_seconds_total", 'page="Home"', 0.25)
    lines = service.numbers().splitlines()
    sample = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"\})? -?[\d.e+]+')
    kinds = {line.split()[2] for line in lines if line.startswith("# TYPE ")}
    names = {re.match(r"[a-z_]+", line)[0] for line in lines if not line.startswith("#")}
    assert all(sample.fullmatch(line) for line in lines if not line.startswith("#"))
    assert {"benchcred_runs_total", "benchcred_memory_peak_bytes", "benchcred_build_age_seconds"} <= names == kinds
    shutil.rmtree(tmp_path)
    assert "benchcred_memory_peak_bytes" in service.numbers()


def test_no_websocket_makes_this_host_ask_for_its_own_address(monkeypatch):
    monkeypatch.setattr(net_util, "_external_ip", None)
    monkeypatch.setattr(requests, "get", lambda *_, **__: pytest.fail("an outside service was asked"))
    process.ask_nobody()
    assert not server_util.is_url_from_allowed_origins("https://stranger.example")
    assert server_util.is_url_from_allowed_origins("http://127.0.0.1:8501")
