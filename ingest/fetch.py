"""The only file that speaks HTTP: fetches the files of a source politely and keeps their bytes.

Question  What does this address hold now?
Input     a Source and its files; the snapshots that we already have.
Output    new snapshots on disk, and one Outcome per file.
Method    One request at a time; urllib3 retries with back-off, jitter and Retry-After (capped); conditional GET with the
          ETag and Last-Modified of the last snapshot; robots.txt; limits on size (after decompression) and time. A redirect
          is followed only to the usual port of a public host whose robots.txt allows it, and never from https to http.
          Addresses are looked at on the open connection, before anything is sent, since a name can point anywhere. Time limits
          of sockets start anew with every byte, so a second thread shuts them down when the time is up. Retries and pauses
          are urllib3's and requests' own.
Silent    A host that the list of sources itself writes as a number or as localhost is meant as it stands (tests, a copy on
          this machine); behind a proxy only the proxy can look at addresses. Whatever goes wrong becomes FetchFailed with one sentence, and the last good snapshot stays.
"""

import hashlib
import ipaddress
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError, ProtocolError
from urllib3.util.retry import Retry

from ingest import snapshots
from ingest.records import FetchFailed, File, Source, shorten
from ingest.snapshots import Snapshot

AGENT = "benchmark-credibility/1.0 (reads published scores; one request at a time)"
TIMEOUT = (10, 30)  # seconds to connect and between two bytes
DEADLINE = 180  # seconds for one file from the first request on, so that a page served drop by drop ends
ROBOTS_DEADLINE = 60
PAUSE = 1.0  # seconds between two requests to one host
REDIRECTS = 5
RETRIES = 3
LONGEST_WAIT = 60  # seconds; a longer Retry-After is the server's wish that we come back another day
RETRY_ON = (429, 500, 502, 503, 504)
CHUNK = 65_536
# A page that turned into a login or an error page comes as HTML; data files do not.
DATA_ENDINGS = (".csv", ".json", ".parquet", ".tar.gz", ".yml", ".yaml", ".md")


END: ContextVar[float | None] = ContextVar("end", default=None)  # time.monotonic() at which the time is up
OPEN: "weakref.WeakSet[Any]" = weakref.WeakSet()  # sockets
BOTH_WAYS = 2  # of a socket that is shut down: nothing more is read or sent


def is_over() -> bool:
    """Whether the time of the innermost `until` is up."""
    end = END.get()
    return end is not None and time.monotonic() >= end


@contextmanager
def until(seconds: float) -> Iterator[None]:
    """Shut down every connection that is still in use so many seconds from now; an outer limit that ends sooner holds."""
    outer, now = END.get(), time.monotonic()
    end = now + seconds if outer is None else min(outer, now + seconds)
    token = END.set(end)
    timer = threading.Timer(max(0.0, end - now), shut_down)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        END.reset(token)


def shut_down() -> None:
    """End what the open connections wait for."""
    for opened in list(OPEN):
        try:
            opened.shutdown(BOTH_WAYS)
        except (OSError, ValueError):  # it has just ended by itself
            continue


class CappedRetry(Retry):
    """urllib3's Retry that ends with the time and never waits for longer than LONGEST_WAIT, whatever a server asks."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds the server asks to wait, None when it does not; raises FetchFailed beyond LONGEST_WAIT or the end."""
        wait = super().get_retry_after(response)
        if wait is not None and wait > LONGEST_WAIT:
            raise FetchFailed(f"the server asks to come back in {wait:.0f} seconds")
        end = END.get()
        if wait is not None and end is not None and time.monotonic() + wait >= end:
            raise FetchFailed(f"the server asks to come back in {wait:.0f} seconds, which is too late")
        return wait

    def increment(self, *args: Any, **options: Any) -> "CappedRetry":
        """The retries that are left; raises FetchFailed when the time is up."""
        if is_over():
            raise FetchFailed("the file did not arrive in time")
        return super().increment(*args, **options)


def read_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is written as, None for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address belongs to the public internet, also one that an IPv6 address carries inside."""
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (inner is None or is_public(inner))


def is_local_name(host: str) -> bool:
    """Whether a host is localhost, or a name below it."""
    return host.rstrip(".").lower().rpartition(".")[2] == "localhost"


def is_public_name(host: str) -> bool:
    """Whether somebody may be sent to a host: a public address, or a name with a domain. A last part that begins with a digit
    is an address in a form that only some programs read ("2130706433", "0x7f.1").
    """
    address = read_address(host)
    if address:
        return is_public(address)
    name, _, last = host.rstrip(".").rpartition(".")
    return bool(name) and not last[:1].isdigit() and not is_local_name(host)


def require_public(connection: HTTPConnection) -> None:
    """Raise FetchFailed, and close, where a name leads to an address that is not public; else let it end in time."""
    if connection.sock is None:
        return
    OPEN.add(connection.sock)
    if read_address(connection.host) or is_local_name(connection.host):
        return
    address = connection.sock.getpeername()[0].partition("%")[0]
    if not is_public(ipaddress.ip_address(address)):
        connection.close()
        raise FetchFailed(f"{connection.host} leads to {address}, which is no public address")


class PublicHTTP(HTTPConnection):
    """A connection to a public address that ends in time."""

    def connect(self) -> None:
        """Connect; raises FetchFailed when the time is up or the address is not public."""
        if is_over():
            raise FetchFailed("the file did not arrive in time")
        super().connect()
        require_public(self)


class PublicHTTPS(HTTPSConnection):
    """The same with encryption; the certificate is checked before anything is sent."""

    def connect(self) -> None:
        """Connect; raises FetchFailed when the time is up or the address is not public."""
        if is_over():
            raise FetchFailed("the file did not arrive in time")
        super().connect()
        require_public(self)


class PublicPool(HTTPConnectionPool):
    """Connections of one host."""

    ConnectionCls = PublicHTTP


class PublicPoolWithEncryption(HTTPSConnectionPool):
    """Encrypted connections of one host."""

    ConnectionCls = PublicHTTPS


class PublicAdapter(HTTPAdapter):
    """requests' adapter with these connections."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Open the pools of a session."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": PublicPool, "https": PublicPoolWithEncryption}


@dataclass(frozen=True)
class Outcome:
    """What became of one file: state new | unchanged | failed, the snapshot (None when failed), one sentence."""

    file: File
    state: str
    snapshot: Snapshot | None
    message: str


def open_session(retries: int = RETRIES, backoff: float = 1.0) -> requests.Session:
    """A session with our user agent and retries that connects to public addresses only."""
    session = requests.Session()
    session.headers["User-Agent"] = AGENT
    retry = CappedRetry(
        total=retries, backoff_factor=backoff, backoff_jitter=backoff / 2, backoff_max=LONGEST_WAIT,
        status_forcelist=RETRY_ON, allowed_methods=["GET"], raise_on_status=False,
    )  # fmt: skip
    for scheme in ("http://", "https://"):
        session.mount(scheme, PublicAdapter(max_retries=retry))
    return session


def read_body(
    response: requests.Response, limit: int, deadline: float, clock: Callable[[], float], started: float
) -> bytes:
    """The whole body, decompressed; raises FetchFailed beyond `limit` bytes, beyond `deadline` seconds after `started`, or
    when it is cut short.
    """
    parts, size = [], 0
    # read1 gives what has arrived; reading fixed amounts would wait for a drip to fill them and never see the clock.
    while chunk := response.raw.read1(CHUNK, decode_content=True):
        size += len(chunk)
        if size > limit:
            raise FetchFailed(f"the file is larger than {limit:,} bytes")
        if clock() - started > deadline:
            raise FetchFailed(f"the file did not arrive within {deadline:.0f} seconds")
        parts.append(chunk)
    return b"".join(parts)


Rules = dict[str, RobotFileParser | None]


def get(
    session: requests.Session,
    url: str,
    limit: int,
    last: Snapshot | None = None,
    deadline: float = DEADLINE,
    clock: Callable[[], float] = time.monotonic,
    rules: Rules | None = None,
) -> tuple[bytes | None, requests.Response]:
    """Body and response of one address; the body is None when the server says it has not changed (304).

    deadline   seconds from now until all of it is here, with every retry and redirect
    rules      robots.txt of hosts asked so far; a redirect to another host is followed only where that host's allows it
    Raises FetchFailed with one sentence for everything else that is not a complete 200. Where the server does not say where
    the file ends, a broken connection looks like its end: then it is asked for twice, and both must be the same.
    """
    started = clock()
    with until(deadline):
        body, response = get_once(session, url, limit, last, deadline, clock, started, rules)
        if body is not None and not says_where_it_ends(response):
            again, _ = get_once(session, url, limit, None, deadline, clock, started, rules)
            if again != body:
                raise FetchFailed("the server does not say how long the file is, and gave two different ones")
    return body, response


def says_where_it_ends(response: requests.Response) -> bool:
    """Whether a response states its length or ends with a chunk of its own, so that urllib3 notices when it is cut."""
    is_chunked = "chunked" in response.headers.get("Transfer-Encoding", "").lower()
    return is_chunked or response.headers.get("Content-Length", "").isdigit()


def get_once(
    session: requests.Session,
    url: str,
    limit: int,
    last: Snapshot | None,
    deadline: float,
    clock: Callable[[], float],
    started: float,
    rules: Rules | None,
) -> tuple[bytes | None, requests.Response]:
    """What one request for an address gives; see `get`."""
    headers = {}
    if last is not None and last.etag:
        headers["If-None-Match"] = last.etag
    if last is not None and last.last_modified:
        headers["If-Modified-Since"] = last.last_modified
    try:
        with follow(session, url, headers, rules) as response:
            if response.status_code == 304 and last is not None:
                return None, response
            if response.status_code != 200:
                raise FetchFailed(f"the server answers {response.status_code} {response.reason or ''}".strip())
            kind = response.headers.get("Content-Type", "").lower()
            if kind.startswith("text/html") and urlsplit(url).path.lower().endswith(DATA_ENDINGS):
                raise FetchFailed("the server answers with a web page where a data file is expected")
            stated = response.headers.get("Content-Length", "")
            if stated.isdigit() and int(stated) > limit:
                raise FetchFailed(f"the file is larger than {limit:,} bytes")
            body = read_body(response, limit, deadline, clock, started)
    except requests.Timeout as error:
        raise FetchFailed("the server does not answer in time") from error
    except (DecodeError, requests.exceptions.ContentDecodingError) as error:
        raise FetchFailed("the compressed file is broken") from error
    except (requests.RequestException, HTTPError) as error:
        if is_over():
            raise FetchFailed(f"the file did not arrive within {deadline:.0f} seconds") from error
        if isinstance(error, ProtocolError):
            raise FetchFailed("the connection broke off before the file was complete") from error
        raise FetchFailed(f"the server cannot be reached ({type(error).__name__})") from error
    if is_over():  # what was shut down looks like a file that ended
        raise FetchFailed(f"the file did not arrive within {deadline:.0f} seconds")
    if not body:
        raise FetchFailed("the file is empty")
    return body, response


def follow(session: requests.Session, url: str, headers: dict[str, str], rules: Rules | None) -> requests.Response:
    """The response of an address, or of the one that its redirects lead to; the caller closes it.

    Raises FetchFailed where a redirect leads to a place that nobody may be sent to (`refuse_redirect`), or robots.txt there
    does not allow it.
    """
    place = url
    for _ in range(REDIRECTS + 1):
        response = session.get(place, headers=headers, timeout=TIMEOUT, stream=True, allow_redirects=False)
        if not response.is_redirect:
            return response
        response.close()
        target = urljoin(place, response.headers["Location"])
        refuse_redirect(place, target)
        if rules is not None and not is_allowed(session, target, rules):
            raise FetchFailed("robots.txt of the site that it redirects to does not allow it, or cannot be read")
        place = target
    raise FetchFailed(f"more than {REDIRECTS} redirects")


def refuse_redirect(place: str, target: str) -> None:
    """Raise FetchFailed where a redirect leads away from https, to an unusual port, or to an address that is not public.

    Another page of the same scheme, host and port is always allowed.
    """
    try:
        old, new = urlsplit(place), urlsplit(target)
        port = new.port
    except ValueError as error:
        raise FetchFailed("it redirects to an address that is none") from error
    if (old.scheme, old.netloc) == (new.scheme, new.netloc):
        return
    if new.scheme not in ("http", "https") or not new.hostname:
        raise FetchFailed("it redirects to an address that is none")
    if old.scheme == "https" and new.scheme == "http":
        raise FetchFailed("it redirects from https to http")
    if port not in (None, 443 if new.scheme == "https" else 80):
        raise FetchFailed(f"it redirects to port {port} of {shorten(new.hostname)}")
    if new.username or new.password or not is_public_name(new.hostname):
        raise FetchFailed(f"it redirects to {shorten(new.hostname)}, which is no public address")


def is_allowed(session: requests.Session, url: str, rules: Rules) -> bool:
    """Whether robots.txt of the host lets us fetch the address; `rules` remembers one answer per host.

    No robots.txt (4xx) allows everything; one that cannot be read (5xx, no answer) allows nothing, as RFC 9309 asks.
    """
    parts = urlsplit(url)
    host = f"{parts.scheme}://{parts.netloc}"
    if host not in rules:
        parser, is_read, started = RobotFileParser(), True, time.monotonic()
        try:
            with (
                until(ROBOTS_DEADLINE),
                follow(session, f"{host}/robots.txt", {}, None) as response,
            ):
                if response.status_code == 200:
                    body = read_body(response, 500_000, ROBOTS_DEADLINE, time.monotonic, started)
                    parser.parse(body.decode("utf-8", "replace").splitlines())
                elif 400 <= response.status_code < 500:
                    parser.parse([])
                else:
                    is_read = False
        except (requests.RequestException, HTTPError, FetchFailed):
            is_read = False
        rules[host] = parser if is_read else None
    known = rules[host]
    return known is not None and known.can_fetch(AGENT, url)


def fetch(
    source: Source,
    files: Sequence[File],
    folder: Path = snapshots.FOLDER,
    *,
    session: requests.Session | None = None,
    sleep: Callable[[float], None] = time.sleep,
    pause: float = PAUSE,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Outcome]:
    """Fetch every file of a source that has a live address; one Outcome per file, in order, never an exception.

    Each snapshot is on disk before its Outcome is given, so that an interruption loses nothing that was read.
    """
    session = session or open_session()
    rules: Rules = {}
    # What is damaged on disk is asked for without its validators: "not changed" would leave it as it is.
    have = {s.url: s for s in snapshots.known(source.source_id, folder) if snapshots.is_kept(s, folder)}
    asked: set[str] = set()
    for file in files:
        if file.url is None:
            continue
        host = urlsplit(file.url).netloc
        if host in asked:
            sleep(pause)
        asked.add(host)
        last = have.get(file.url)
        try:
            if not is_allowed(session, file.url, rules):
                raise FetchFailed("robots.txt of the site does not allow it, or cannot be read")
            body, response = get(session, file.url, file.limit, last, rules=rules)
            if body is None:
                yield Outcome(file, "unchanged", last, "not changed since the last fetch")
                continue
            moment = now()
            snapshot = snapshots.describe(
                source, file, file.name, file.url, body, moment, content_date=moment.date(), date_basis="retrieval",
                etag=response.headers.get("ETag", ""), last_modified=response.headers.get("Last-Modified", ""),
            )  # fmt: skip
            is_new = snapshots.save(snapshot, body, folder)
            state, message = ("new", f"{len(body):,} bytes") if is_new else ("unchanged", "the same bytes as before")
            yield Outcome(file, state, snapshot, message)
        except FetchFailed as error:
            yield Outcome(file, "failed", None, f"{source.title}: {file.name} could not be fetched: {error}.")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            yield Outcome(file, "failed", None, f"{source.title}: {file.name} could not be stored: {reason}.")


def copy(source: Source, files: Sequence[File], mirror: Path, folder: Path = snapshots.FOLDER) -> Iterator[Outcome]:
    """The same from a mirror instead of the network; raises FetchFailed only when the folder is no mirror."""
    by_name = {f.name: f for f in files}
    for snapshot, body in snapshots.from_mirror(source, files, mirror):
        file = by_name.get(snapshot.file_name) or File(name=snapshot.file_name, url=snapshot.url, captures="")
        try:
            is_new = snapshots.save(snapshot, body, folder)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            yield Outcome(file, "failed", None, f"{source.title}: {file.name} could not be stored: {reason}.")
            continue
        yield Outcome(file, "new" if is_new else "unchanged", snapshot, f"{len(body):,} bytes")


def notify(address: str, told: dict) -> str:
    """Tell an address of the host's own how a refresh went, as JSON; one sentence where that failed, else nothing."""
    try:
        requests.post(address, json=told, headers={"User-Agent": AGENT}, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        return f"The webhook could not be told ({type(error).__name__})."
    return ""


def download(address: str, target: Path, limit: int = 2_000_000_000) -> None:
    """A file of the host's own into `target`, held against its SHA-256: that after "#sha256=" in the address, else the first
    word of the file `<address>.sha256` beside it.

    Raises FetchFailed with one sentence; `target` may then hold a part.
    """
    plain, _, stated = address.partition("#sha256=")
    try:
        expected = stated or requests.get(f"{plain}.sha256", headers={"User-Agent": AGENT}, timeout=TIMEOUT).text[:64]
        digest, size = hashlib.sha256(), 0
        with requests.get(plain, headers={"User-Agent": AGENT}, timeout=TIMEOUT, stream=True) as response:
            if response.status_code != 200:
                raise FetchFailed(f"the server answers {response.status_code} {response.reason or ''}".strip())
            with target.open("wb") as file:
                for chunk in response.iter_content(CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise FetchFailed(f"the file is larger than {limit:,} bytes")
                    digest.update(chunk)
                    file.write(chunk)
    except requests.RequestException as error:
        raise FetchFailed(f"the server cannot be reached ({type(error).__name__})") from error
    if digest.hexdigest() != expected.lower():
        raise FetchFailed("the file is not the one of its checksum")
