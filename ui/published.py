"""Fixed addresses for data: every exported table whole, or filtered by the parameters of the pages, in three forms.

Question  How does a program get what a page shows?
Input     GET /data/TABLE.FORM?PARAMETERS (forms: csv, parquet, json; parameters: those of the pages' own addresses, and
          asof=YYYY-MM-DD for a day of which the build is kept); /data/datapackage.json, /data/croissant.json,
          /data/dictionary.csv; /data says what there is.
Output    the file, with a name, the day of the data and how to cite it in its headers; 400 or 404 with one sentence.
Method    A file is made when it is first asked for and kept beside others of the process, at most KEPT of them; large ones are made
          one at a time, and who comes when many wait is told to come again. Files of a build never change, so that a program may
          ask whether it has the newest one (ETag).
Silent    Where a host runs `streamlit run app.py` alone these addresses do not exist; `python pipeline.py export` writes the
          same files and descriptions into a folder, such as static/data, from which Streamlit serves them.
"""

import gzip
import hashlib
import secrets
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import date
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse

import store
from reading import dictionary, exports, files, package
from ui import service
from ui.kit import door, filters

LARGE = 20_000  # rows from which files are made one at a time; smaller ones need a second and wait for none
KEPT = 24  # files of one process
WAITING = 8  # requests that wait for their file; a further one is told to come again
CHUNK = 1 << 16  # bytes of a file that is unpacked on its way
_turn, _books = threading.Lock(), threading.Lock()
_kept: OrderedDict[str, Path] = OrderedDict()
_seats = threading.BoundedSemaphore(WAITING)


@cache
def folder() -> tempfile.TemporaryDirectory:
    """Where the files of this process lie; gone with it."""
    return tempfile.TemporaryDirectory(prefix="benchcred-data-")


def base(request: Request) -> str:
    """The address of the files as the asker sees it, ending in a slash."""
    return f"{door.root(request.scope)}data/"


def build(day: str) -> store.Build:
    """The database of a day, else the newest. Raises files.Unknown where that of the day is not kept."""
    newest = store.current()
    if not day:
        return newest
    wanted = files.day(day)
    for path in [newest, *(p for p in store.kept() if p != newest)]:
        try:
            facts = store.read(service.opened(path), "build").set_index("name")["value"]
        except store.NoDatabase:  # damaged, or of another version of the code
            continue
        if date.fromisoformat(facts["asof"][:10]) == wanted:
            return path
    raise files.Unknown(f"The build of {wanted} is not kept here.")


def known_tables(connection: store.Connection) -> list[str]:
    """Tables that this build has."""
    found = []
    for table in exports.ROWS:
        try:
            store.describe(connection, table)
        except store.Unreadable:
            continue
        found.append(table)
    return found


def made(path: store.Build, table: str, form: str, parameters: dict[str, list[str]]) -> Path:
    """The file that is asked for, from those that are kept or made now."""
    connection = service.opened(path)
    if table not in known_tables(connection):
        raise files.Unknown(f"There is no table {table!r}; there are {', '.join(exports.ROWS)}.")
    asof = date.fromisoformat(store.read(connection, "build").set_index("name")["value"]["asof"][:10])
    chosen, rest = filters.from_parameters(parameters, asof)
    where = files.asked(connection, table, rest, list(chosen.rules().values()), asof)
    key = hashlib.sha256(repr((str(path), table, form, where)).encode()).hexdigest()[:24]
    target = Path(folder().name) / f"{key}.{form}"
    if not target.exists():
        is_large = int(store.count(connection, table, (), where)["n"].iloc[0]) > LARGE
        with _turn if is_large else nullcontext():
            if not target.exists():
                unfinished = target.with_suffix(f".{secrets.token_hex(4)}")
                files.write(connection, table, where, form, unfinished)
                unfinished.replace(target)
    with _books:
        _kept[key] = target
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)[1].unlink(missing_ok=True)
    return target


def unpacked(path: Path) -> Iterator[bytes]:
    """A gzipped file as it was before."""
    with gzip.open(path, "rb") as packed:
        while chunk := packed.read(CHUNK):
            yield chunk


async def table(request: Request) -> Response:
    """One table in one form."""
    name, _, form = request.path_params["file"].rpartition(".")
    parameters = {key: request.query_params.getlist(key) for key in request.query_params}
    if form not in files.FORMS:
        return problem(f"The forms are {', '.join(files.FORMS)}.", 404)
    if not _seats.acquire(blocking=False):
        return PlainTextResponse("Others are waiting for their files. Try again.\n", 503, {"Retry-After": "20"})
    try:
        path = await run_in_threadpool(build, (parameters.pop("asof", None) or [""])[-1])
        found = await run_in_threadpool(made, path, name, form, parameters)
        facts = store.read(service.opened(path), "build").set_index("name")["value"]
    except files.Unknown as error:
        return problem(str(error), 404 if name not in exports.ROWS or "not kept" in str(error) else 400)
    except store.NoDatabase as error:
        return problem(str(error), 503)
    finally:
        _seats.release()
    asof = str(facts["asof"][:10])
    headers = {
        "Content-Disposition": f'inline; filename="benchcred_{exports.safe(name)}_{asof}.{form}"',
        "ETag": f'"{found.stem}"',
        "Cache-Control": "public, max-age=0, must-revalidate",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Accept-Encoding",
        "X-Data-As-Of": asof,
        "Link": f'<{base(request)}datapackage.json>; rel="describedby"',
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if form not in files.PACKED:
        return FileResponse(found, media_type=files.FORMS[form], headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return FileResponse(found, media_type=files.FORMS[form], headers=headers | {"Content-Encoding": "gzip"})
    return StreamingResponse(unpacked(found), media_type=files.FORMS[form], headers=headers)


def problem(sentence: str, status: int) -> Response:
    """What is wrong, in one sentence."""
    return PlainTextResponse(f"{sentence}\n", status, {"Access-Control-Allow-Origin": "*"})


async def description(request: Request) -> Response:
    """What the files are: the list of them, the data package, the Croissant description, the data dictionary."""
    asked = request.path_params.get("file", "")
    try:
        facts = await run_in_threadpool(service.facts)
        tables = known_tables(service.opened(store.current()))
    except store.NoDatabase as error:
        return problem(str(error), 503)
    headers = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    if asked == "dictionary.csv":
        return Response(exports.csv_bytes(dictionary.whole()), 200, headers, "text/csv; charset=utf-8")
    told = package.DESCRIPTIONS
    if asked in told:
        kind = "application/ld+json" if asked.startswith("croissant") else "application/json"
        return JSONResponse(told[asked](facts, tables, base(request)), 200, headers, kind)
    return PlainTextResponse(listing(tables, base(request), facts["asof"][:10]), 200, headers)


async def description_or_table(request: Request) -> Response:
    """What stands under /data/."""
    is_description = request.path_params["file"] in (*package.DESCRIPTIONS, "dictionary.csv")
    return await (description if is_description else table)(request)


def listing(tables: Iterable[str], place: str, asof: str) -> str:
    """What there is, for a person who opens the address of the files."""
    lines = [f"{place}{name}.csv | .parquet | .json\n    {exports.TITLES[name]}" for name in tables]
    more = [f"{place}{name}" for name in (*package.DESCRIPTIONS, "dictionary.csv")]
    how = "Parameters as in the addresses of the pages: family, size, released, ran_by, unknown, benchmark, model, level, side, ..."
    return "\n".join([*lines, "", *more, "", how, package.citation(asof, place), ""])
