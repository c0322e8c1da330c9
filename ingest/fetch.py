"""The only file that speaks HTTP: fetches the files of a source politely and keeps their bytes.

Question  What does this address hold now?
Input     a Source and its files; the snapshots that we already have.
Output    new snapshots on disk, and one Outcome per file.
Method    One request at a time; urllib3 retries with back-off, jitter and Retry-After (capped); conditional GET with the
          ETag and Last-Modified of the last snapshot; robots.txt; limits on size (after decompression), time and
          redirects. Retries and pauses are urllib3's and requests' own.
Silent    Never: whatever goes wrong becomes FetchFailed with one sentence, and the last good snapshot stays.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import DecodeError, HTTPError, ProtocolError
from urllib3.util.retry import Retry

from ingest import snapshots
from ingest.records import FetchFailed, File, Source
from ingest.snapshots import Snapshot

AGENT = "benchmark-credibility/1.0 (reads published scores; one request at a time)"
TIMEOUT = (10, 30)  # seconds to connect and between two bytes
DEADLINE = 180  # seconds for one file, so that a page served drop by drop ends
PAUSE = 1.0  # seconds between two requests to one host
REDIRECTS = 5
RETRIES = 3
LONGEST_WAIT = 60  # seconds; a longer Retry-After is the server's wish that we come back another day
RETRY_ON = (429, 500, 502, 503, 504)
CHUNK = 65_536
# A page that turned into a login or an error page comes as HTML; data files do not.
DATA_ENDINGS = (".csv", ".json", ".parquet", ".tar.gz", ".yml", ".yaml", ".md")


@dataclass(frozen=True)
class Outcome:
    """What became of one file: state new | unchanged | failed, the snapshot (None when failed), one sentence."""

    file: File
    state: str
    snapshot: Snapshot | None
    message: str


class CappedRetry(Retry):
    """urllib3's Retry with a cap on Retry-After: the library would sleep for hours when a server asks for it."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds the server asks to wait, None when it asks for more than LONGEST_WAIT (then it is not retried)."""
        wait = super().get_retry_after(response)
        if wait is not None and wait > LONGEST_WAIT:
            raise FetchFailed(f"the server asks to come back in {wait:.0f} seconds")
        return wait


def open_session(retries: int = RETRIES, backoff: float = 1.0) -> requests.Session:
    """A session with our user agent, retries and redirect limit."""
    session = requests.Session()
    session.headers["User-Agent"] = AGENT
    session.max_redirects = REDIRECTS
    retry = CappedRetry(
        total=retries, backoff_factor=backoff, backoff_jitter=backoff / 2, backoff_max=LONGEST_WAIT,
        status_forcelist=RETRY_ON, allowed_methods=["GET"], raise_on_status=False,
    )  # fmt: skip
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def read_body(response: requests.Response, limit: int, deadline: float, clock: Callable[[], float]) -> bytes:
    """The whole body, decompressed; raises FetchFailed beyond `limit` bytes, beyond `deadline`, or when it is cut short."""
    started, parts, size = clock(), [], 0
    # read1 gives what has arrived; reading fixed amounts would wait for a drip to fill them and never see the clock.
    while chunk := response.raw.read1(CHUNK, decode_content=True):
        size += len(chunk)
        if size > limit:
            raise FetchFailed(f"the file is larger than {limit:,} bytes")
        if clock() - started > deadline:
            raise FetchFailed(f"the file did not arrive within {deadline:.0f} seconds")
        parts.append(chunk)
    return b"".join(parts)


def get(
    session: requests.Session,
    url: str,
    limit: int,
    last: Snapshot | None = None,
    deadline: float = DEADLINE,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[bytes | None, requests.Response]:
    """Body and response of one address; the body is None when the server says it has not changed (304).

    Raises FetchFailed with one sentence for everything else that is not a complete 200. Where the server does not say where
    the file ends, a broken connection looks like its end: then it is asked for twice, and both must be the same.
    """
    body, response = get_once(session, url, limit, last, deadline, clock)
    if body is not None and not says_where_it_ends(response):
        again, _ = get_once(session, url, limit, None, deadline, clock)
        if again != body:
            raise FetchFailed("the server does not say how long the file is, and gave two different ones")
    return body, response


def says_where_it_ends(response: requests.Response) -> bool:
    """Whether a response states its length or ends with a chunk of its own, so that urllib3 notices when it is cut."""
    is_chunked = "chunked" in response.headers.get("Transfer-Encoding", "").lower()
    return is_chunked or response.headers.get("Content-Length", "").isdigit()


def get_once(
    session: requests.Session, url: str, limit: int, last: Snapshot | None, deadline: float, clock: Callable[[], float]
) -> tuple[bytes | None, requests.Response]:
    """What one request for an address gives; see `get`."""
    headers = {}
    if last is not None and last.etag:
        headers["If-None-Match"] = last.etag
    if last is not None and last.last_modified:
        headers["If-Modified-Since"] = last.last_modified
    try:
        with session.get(url, headers=headers, timeout=TIMEOUT, stream=True) as response:
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
            body = read_body(response, limit, deadline, clock)
    except requests.TooManyRedirects as error:
        raise FetchFailed(f"more than {REDIRECTS} redirects") from error
    except requests.Timeout as error:
        raise FetchFailed("the server does not answer in time") from error
    except (DecodeError, requests.exceptions.ContentDecodingError) as error:
        raise FetchFailed("the compressed file is broken") from error
    except ProtocolError as error:
        raise FetchFailed("the connection broke off before the file was complete") from error
    except (requests.RequestException, HTTPError) as error:
        raise FetchFailed(f"the server cannot be reached ({type(error).__name__})") from error
    if not body:
        raise FetchFailed("the file is empty")
    return body, response


def is_allowed(session: requests.Session, url: str, rules: dict[str, RobotFileParser | None]) -> bool:
    """Whether robots.txt of the host lets us fetch the address; `rules` remembers one answer per host.

    No robots.txt (4xx) allows everything; one that cannot be read (5xx, no answer) allows nothing, as RFC 9309 asks.
    """
    parts = urlsplit(url)
    host = f"{parts.scheme}://{parts.netloc}"
    if host not in rules:
        parser, is_read = RobotFileParser(), True
        try:
            with session.get(f"{host}/robots.txt", timeout=TIMEOUT, stream=True) as response:
                if response.status_code == 200:
                    parser.parse(
                        read_body(response, 500_000, 30, time.monotonic).decode("utf-8", "replace").splitlines()
                    )
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
    rules: dict[str, RobotFileParser | None] = {}
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
            body, response = get(session, file.url, file.limit, last)
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
