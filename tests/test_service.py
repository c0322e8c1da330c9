"""What a host asks of the running dashboard: health, numbers, headers, and that strangers cannot hold it up."""

import configparser
import json
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import yaml
from streamlit import net_util
from streamlit.web.server import server_util

import pipeline
import store
from tests import browsing, tiny_store
from ui import service
from ui.kit import process

DEPLOY = browsing.ROOT / "deploy"


def answer(address: str) -> tuple[int, dict, str]:
    """Status, headers and text of an address."""
    try:
        with urllib.request.urlopen(address, timeout=60) as response:
            return response.status, dict(response.headers), response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def handshake(address: str, origin: str, asked_host: str = "") -> str:
    """The first line of the answer to a websocket that a page of `origin` opens."""
    name, port = address.removeprefix("http://").split(":")
    host = asked_host or f"{name}:{port}"
    with socket.create_connection((name, int(port)), timeout=60) as line:
        asked = f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
        asked += (
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        line.sendall(asked.encode())
        return line.recv(200).decode().split("\r\n")[0]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    tiny_store.write(folder)
    return folder


@pytest.fixture(scope="module")
def server(place):
    """One server over the tiny store for all tests of this file; the last of them takes its database away."""
    with browsing.serve(place) as address:
        yield address


@pytest.mark.skipif(not browsing.has_nginx(), reason="Debian's nginx-light is not installed")
def test_behind_nginx_pages_and_websockets_pass_and_numbers_and_strangers_do_not(server, tmp_path):
    with browsing.behind(tmp_path, server) as outside:
        assert answer(f"{outside}/healthz")[0] == 200
        assert service.HEADERS.items() <= answer(outside)[1].items()
        assert {answer(outside + path)[0] for path in service.NUMBERS} == {404}
        assert "101" in handshake(outside, "http://example.org", "example.org")
        assert "403" in handshake(outside, "https://example.org.stranger.example", "example.org")
        assert "403" in handshake(outside, "https://stranger.example", "example.org")
        script = re.search(r'src="\./(static/js/[^"]+)"', answer(outside)[2])[1]
        asked = urllib.request.Request(f"{outside}/{script}", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(asked, timeout=60) as response:
            assert response.headers["Content-Encoding"] == "gzip"
        with ThreadPoolExecutor(8) as pool:
            # The limit is that of all pages; this one takes the server the least time.
            states = set(pool.map(lambda _: answer(f"{outside}/_stcore/health")[0], range(200)))
        assert states <= {200, 503}


def test_the_container_runs_what_is_tested_as_nobody_in_particular(server):
    told = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    command = json.loads(re.search(r"^CMD (\[.*\])$", told, re.M)[1])
    assert command[:5] == ["python", "-m", "streamlit", "run", "serve.py"]
    probe = json.loads(re.search(r"^HEALTHCHECK .*?CMD (\[.*\])$", told, re.M)[1])
    for address, code in ((server, 0), ("http://127.0.0.1:1", 1)):
        asked = probe[2].replace("http://127.0.0.1:8501", address)
        assert subprocess.run([sys.executable, "-c", asked], capture_output=True).returncode == code
    assert "\nUSER 1000\n" in told
    assert "--require-hashes -r requirements-lake.lock" in told
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    for one in services.values():
        assert one["read_only"] and one["user"] == "1000" and one["cap_drop"] == ["ALL"]
        assert one["volumes"] == ["data:/data"]
    known = {c.name or c.callback.__name__ for c in pipeline.app.registered_commands}
    assert set(re.findall(r"pipeline\.py (\w+)", str(services))) == {"refresh"} <= known
    assert services["dashboard"]["ports"] == ["127.0.0.1:8501:8501"]


def test_the_compose_file_of_a_lake_names_a_place_that_is_one_and_no_password():
    text = (DEPLOY / "compose.lake.yaml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]
    for name in ("dashboard", "refresh"):
        told = services[name]["environment"]
        assert isinstance(store.locate(told[store.ENVIRONMENT]), store.lake.Lake)
        assert "host=catalog" in told[store.ENVIRONMENT] and told[store.lake.PARQUET].startswith("s3://")
        assert {told[k] for k in ("PGPASSWORD", "AWS_SECRET_ACCESS_KEY")} == {
            "${POSTGRES_PASSWORD:?}",
            "${S3_PASSWORD:?}",
        }
    known = {c.name or c.callback.__name__ for c in pipeline.app.registered_commands}
    assert set(re.findall(r"pipeline\.py (\w+)", text)) <= known


@pytest.mark.parametrize("name", ["benchcred.service", "benchcred-refresh.service", "benchcred-refresh.timer"])
def test_systemd_units_are_whole(name, tmp_path):
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str
    unit.read(DEPLOY / name)
    if name.endswith(".service"):
        told = unit["Service"]
        assert told["User"] != "root" and told["ProtectSystem"] == "strict" and "MemoryMax" in told
        switches = dict(re.findall(r"(BENCHMARK_[A-Z]+)=(\S+)", told["Environment"]))
        assert {"BENCHMARK_DB", "BENCHMARK_SNAPSHOTS"} <= set(switches)
        # Only refresh may hold a build back: the dashboard of such a host makes the first database and no other.
        assert switches.get("BENCHMARK_BUILD") == ("first" if name == "benchcred.service" else None)
    if shutil.which("systemd-analyze"):
        for path in DEPLOY.glob("benchcred*"):
            text = path.read_text(encoding="utf-8").replace("/opt/benchcred/.venv/bin/python", sys.executable)
            (tmp_path / path.name).write_text(text.replace("/opt/benchcred", str(browsing.ROOT)), encoding="utf-8")
        checked = subprocess.run(["systemd-analyze", "verify", str(tmp_path / name)], capture_output=True, text=True)
        assert "benchcred" not in checked.stderr, checked.stderr


def test_health_is_a_query_numbers_are_for_those_who_asked_for_them_and_strangers_are_refused(server, place):
    status, headers, text = answer(f"{server}/healthz")
    assert (status, json.loads(text)["asof"]) == (200, "2026-11-22")
    assert service.HEADERS.items() <= headers.items()
    assert {answer(server + path)[0] for path in service.NUMBERS} == {404}
    assert "403" in handshake(server, "https://stranger.example")
    assert "101" in handshake(server, server)
    for path in store.kept(place):
        path.unlink()
    status, _, text = answer(f"{server}/healthz")
    assert status == 503
    assert "is gone" in json.loads(text)["problem"]
    assert answer(f"{server}/_stcore/health")[0] == 200


def test_a_build_that_holds_nothing_is_not_healthy(tmp_path, monkeypatch):
    full = tiny_store.tables()
    store.write({n: f.iloc[:0] for n, f in full.items()} | {"build": full["build"]}, tmp_path)
    monkeypatch.setenv(store.ENVIRONMENT, str(tmp_path))
    with pytest.raises(store.NoDatabase, match="has no evaluation"):
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
