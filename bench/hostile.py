"""What is said to hostile input, one line each, and what is kept of it?

Question  Uploads, addresses, parameters of pages and of data files, printed values, archives and bombs, redirects, names: does each
          end in one sentence or in harmless text, soon?
Input     the inputs below; the tiny database of the tests, served on a free port.
Output    a table on the screen: what was given, what is said, what is kept, seconds. Exit code 1 where an input ends otherwise
          than its group allows, or takes longer than SECONDS.
Method    Each group goes through the code that meets it in the dashboard: uploads through the checker's answer in a process with
          limits, pages and data files through a running server, pages of sources through their readers, redirects through the
          fetcher's own rule.
"""

import asyncio
import csv
import gzip
import http.client
import io
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from urllib.parse import quote

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench import load
from ingest import fetch, gather, records
from ingest.apart import TooCostly, apart
from ingest.records import LayoutChanged, Reported, Source
from ingest.sources import _printed_json, _printed_yaml
from reading import checker, csv_file, exports
from tests import browsing, odd_values, tiny_store
from tests.test_bombs import BOMBS, page
from ui.kit import tables, words

SECONDS = float(checker.SECONDS)  # what a check may take; on a quiet machine most take under one
HEAD = b"model,benchmark,score\n"
LONG = "W" * 10_000
SCRIPT = "<script>window.ran=1</script>"
RIGHT_TO_LEFT = "\u202egnp.exe\u202c"


@dataclass(frozen=True)
class Case:
    """One input: its group, what it is, what answers it with (what is said, what is kept); it raises where that is wrong."""

    group: str
    given: str
    answer: Callable[[], tuple[str, str]]


UPLOADS = {
    "nothing": b"",
    "a spreadsheet": b"PK\x03\x04" + b"\0" * 100,
    "a parquet file": b"PAR1" + b"\0" * 100,
    "a gzip bomb": gzip.compress(b"\0" * 10**7),
    "5 MB of commas": b"," * 4_999_999,
    "5 MB of commas under a good header": HEAD + b"," * 4_900_000,
    "5 MB of commas in quotation marks": HEAD + b'"' + b'","' * 1_600_000,
    "6 MB": HEAD + b"a,b,1\n" * 1_000_000,
    "10,001 rows": HEAD + b"a,b,1\n" * 10_001,
    "zero bytes": HEAD + b"a\0,b,1\n",
    "half of a character": HEAD + b"a\xff\xfe\x80,b,1\n",
    "an open quotation": HEAD + b'"a,b,1\n' * 3,
    "a header twice": b"model,model,benchmark,score\na,b,c,1\n",
    "no score column": b"model,benchmark\na,b\n",
    "rows of other lengths": HEAD + b"a,b\n",
    "a cell of 4 MB": HEAD + b"a" * 4_000_000 + b",b,1\n",
    "UTF-16 with a mark": (HEAD.decode() + "a,GSM8K,50\n").encode("utf-16"),
    "scripts as names": HEAD + f"{SCRIPT},GSM8K,50\n".encode(),
    "a formula as name": HEAD + b'"=HYPERLINK(""https://x.example"")",GSM8K,50\n',
    "numbers without end": HEAD + b"m,GSM8K,9e9999999\nm,GSM8K,1e-9999999999\nm,GSM8K,nan\n",
    "a name of 10,000 letters": HEAD + f"{LONG},{LONG},50\n".encode(),
    "a right-to-left mark": HEAD + f"{RIGHT_TO_LEFT},GSM8K,50\n".encode(),
    "ten thousand different unknown tests": HEAD + b"".join(b"m,test%d,50\n" % n for n in range(9_999)),
}
PARAMETERS = {
    "a day that is none": "asof=[x](https://x.example)",
    "a day in another calendar": "asof=0000-00-00",
    "a script as day": f"asof={quote(SCRIPT)}",
    "a script as model": f"model={quote(SCRIPT)}",
    "SQL as model": "model=%27%3B%20DROP%20TABLE%20model%3B--",
    "SQL as benchmark": "benchmark=gsm8k%27%20OR%201%3D1--",
    "10,000 letters as model": f"model={LONG}",
    "a zero byte": "model=%00",
    "half of a character": "model=%ED%A0%80",
    "2,000 families": "&".join(f"family=f{n}" for n in range(2_000)),
    "a size without end": "size=1e999B&size=NaN",
    "a list that is none": "list=../../etc/passwd&side=%0A",
    "a score that is none": "score=9e9999999&billions=-1&date=9999-99-99",
    "a group of no kind": "group=%3A%3A%3A&find=%25%25%25",
    "a search of brackets": f"q={quote('(((((.*)*)*)*)*)$' * 40)}&find={quote('[[[[' * 500)}",
    "right-to-left": f"model={quote(RIGHT_TO_LEFT)}&q={quote(RIGHT_TO_LEFT)}",
}
FILES = {
    "a path out of the folder": "../../../etc/passwd",
    "the same, encoded": "..%2f..%2f..%2fetc%2fpasswd",
    "a table of the system": "duckdb_settings.csv",
    "a table with SQL in its name": "scores%22%3B--.csv",
    "SQL as value": "scores.csv?benchmark=%27%20OR%20%27%27%3D%27",
    "a zero byte": "scores.csv?benchmark=%00",
    "a parameter of SQL": "scores.csv?1%3D1--=x",
    "a day of letters": "scores.csv?asof=%F0%9F%98%80",
    "no form": "scores.exe",
    "10,000 letters": f"scores.csv?benchmark={LONG}",
}
REDIRECTS = (
    "http://source.example/x", "https://source.example:22/x", "https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x",
    "https://169.254.169.254/latest/meta-data", "https://10.0.0.1/x", "https://[::ffff:127.0.0.1]/x", "https://2130706433/x",
    "https://0x7f.1/x", "https://user:word@other.example/x", "ftp://other.example/x", "file:///etc/passwd",
    "javascript:alert(1)", "https://intranet/x", "https://[fe80::1%25eth0]/x", "https://[2002:7f00:1::]/x", "https://0/x",
)  # fmt: skip
ADDRESSES = (
    "javascript:alert(1)", "data:text/html,<script>", "https://x.example/a b) ![x](https://y.example/i.png) (c", "https://[::1",
    "https://user@bank.example@x.example/", "//x.example", "https://x.example/\u202eabc", "https://x.example/" + LONG,
    " https://x.example", "HTTPS://x.example\n.evil.example",
)  # fmt: skip
PAGES = {
    "nested JSON": lambda: _printed_json.read_json(page("x.json", b"[" * 100_000 + b"]" * 100_000)),
    "JSON with a key twice": lambda: _printed_json.read_json(page("x.json", b'{"a": 1, "a": 2}')),
    "JSON cut off": lambda: _printed_json.read_json(page("x.json", b'{"a": [1, 2')),
    "JSON in another encoding": lambda: _printed_json.read_json(page("x.json", '{"a": "ä"}'.encode("utf-16"))),
    "YAML of aliases": lambda: _printed_yaml.read_yaml(
        page("x.yml", b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n")
    ),
    "nested YAML": lambda: _printed_yaml.read_yaml(page("x.yml", b"[" * 3_000 + b"]" * 3_000)),
    "YAML with a tag that runs": lambda: _printed_yaml.read_yaml(
        page("x.yml", b"a: !!python/object/apply:os.system [id]\n")
    ),
    "YAML with a tab": lambda: _printed_yaml.read_yaml(page("x.yml", b"a:\n\t- b\n")),
}
NAMES = (
    SCRIPT, "[x](javascript:alert(1))", "![i](https://x.example/i.png)", "$\\href{x}{y}$ :red[x] :material/home:", RIGHT_TO_LEFT,
    "| a | b |\n|---|---|", "# heading", "https://x.example www.x.example a@x.example", "<https://x.example>", LONG,
)  # fmt: skip
CELLS = (
    "=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1+1", "\n=1+1", "＝1+1", "x;=1+1", "\r=1+1",
)  # fmt: skip


def one_sentence(error: Exception) -> str:
    """What is said, where it is one sentence."""
    told = str(error)
    if not told.endswith((".", ")")) and not isinstance(error, records.FetchFailed):
        raise AssertionError(f"no sentence: {told!r}")
    return told


def uploaded(body: bytes, place: str) -> tuple[str, str]:
    """A visitor's file: the answer of its child process, within the limits of one."""
    if len(body) > csv_file.MAX_BYTES:
        return "refused by the server before it is read whole (5 MB)", "nothing"
    try:
        table, problem = apart(checker.answer, body, "", place)
    except TooCostly as error:
        return f"{checker.TOO_MUCH} [{error}]", "nothing"
    if table is None:
        return problem, "nothing"
    reasons = table["reasons"].iloc[0]
    written = pd.read_csv(io.BytesIO(exports.csv_bytes(table)), keep_default_na=False, dtype=str)
    risky = [cell for cell in written["model"] if cell.startswith(("=", "+", "@"))]
    if risky:
        raise AssertionError(f"a formula in the file that is given back: {risky[0]!r}")
    return f"{len(table):,} rows judged: {reasons}", "nothing; the file is given back guarded"


def opened(address: str, query: str) -> tuple[str, str]:
    """A page with these parameters: every page, by the websocket."""

    async def see() -> list[str]:
        async with load.connect(address, 1) as line:
            visitor = load.Visitor(line)
            failed = []
            for name in load.ASKED:
                asked = load.question(name)
                asked.rerun_script.query_string = query
                failed += [f"{name or 'home'}: {told}" for told in [await visitor.run(asked)] if told]
            return failed

    failed = asyncio.run(see())
    if failed:
        raise AssertionError("; ".join(failed))
    return f"all {len(load.ASKED)} pages are shown, without what they cannot read", "nothing"


def asked_for(address: str, path: str) -> tuple[str, str]:
    """A data file at this address, asked for as it stands."""
    line = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    line.request("GET", f"/data/{path}")
    answer = line.getresponse()
    body = answer.read().decode(errors="replace").strip()
    if not 400 <= answer.status < 500 or (body.count("\n") > 1 and "<html" not in body):
        raise AssertionError(f"{answer.status} {body[:100]}")
    said = "There is no such page" if "<html" in body else body
    return f"{answer.status} {said}", "nothing"


def sent_to(target: str) -> tuple[str, str]:
    """A redirect of a source to this place."""
    try:
        fetch.refuse_redirect("https://source.example/page.csv", target)
    except records.FetchFailed as error:
        return one_sentence(error), "the last good snapshot"
    raise AssertionError("it is followed")


def linked(address: str) -> tuple[str, str]:
    """An address that data hold, as a link."""
    told = tables.linked("source", address)
    if any(sign in told.partition("](")[2][:-1] for sign in " ()[]<>\n\u202e"):
        raise AssertionError(told)
    return ("no link" if told == "source" else f"a link, encoded: {told}"), "the text, as printed"


def read(work: Callable[[], object]) -> tuple[str, str]:
    """A page of a source, read as a build reads it: in a process with limits."""
    source = Source(source_id="x", title="Board", url="https://x.example", licence="", attribution="", status="live")

    def parse(_: list) -> list[Reported]:
        work()
        return []

    try:
        apart(gather.parse, SimpleNamespace(SOURCE=source, parse=parse), [])
    except (LayoutChanged, csv_file.BadFile, TooCostly) as error:
        return one_sentence(error) if not isinstance(error, TooCostly) else str(error), "what the source said before"
    return "read as text, of which nothing runs", "rows, each accepted or rejected"


def printed(value: str) -> tuple[str, str]:
    """A value where a page prints a score."""
    row = {name: "" for name in records.REPORTED_COLUMNS} | {
        "model": "m", "benchmark": "b", "metric": "accuracy", "read_from": "page", "name_scheme": "", "score_reported": value, "score_unit": "percent",
        "snapshot_id": "s", "locator": "x", "evaluator_relationship": "third_party", "model_kind": "model", "is_subset": False,
    }  # fmt: skip
    accepted, rejected = records.accept(pd.DataFrame([row]))
    if len(accepted) + len(rejected) != 1:
        raise AssertionError("neither a score nor a rejection")
    if len(rejected):
        return f"{rejected['reason'].iloc[0]}: {rejected['detail'].iloc[0]}", "a rejection with its reason"
    return f"the score {accepted['score'].iloc[0]:.4g}", "the score"


def named(text: str) -> tuple[str, str]:
    """A name where a page shows Markdown, and where a chart reads HTML."""
    told, drawn = words.in_markdown(text), words.in_chart(text)
    if any(sign in drawn for sign in "<>") or len(drawn) > 200:
        raise AssertionError(drawn)
    bare = told
    for sign in '\\`*_{}[]()<>#+-.!|~$:@^=&"':
        bare = bare.replace(f"\\{sign}", "")
    if any(sign in bare for sign in "`*_[]<>#|$") or (words.JOINER not in told and "://" in text):
        raise AssertionError(told)
    return f"shown letter by letter: {words.shorten(told, 60)}", "the text, as printed"


def guarded(cell: str) -> tuple[str, str]:
    """A text in a file that a reader saves."""
    (row,) = list(
        csv.reader(io.StringIO(exports.csv_bytes(pd.DataFrame({"a": [cell]}), header=False).decode(), newline=""))
    )
    if not ("'" in row[0] and row[0] != cell):
        raise AssertionError(row[0])
    return f"saved as {row[0]!r}", "the text, as printed"


def cases(address: str, place: str) -> Iterator[Case]:
    """Every input."""
    for given, body in UPLOADS.items():
        yield Case("upload", given, partial(uploaded, body, place))
    for given, query in PARAMETERS.items():
        yield Case("page", given, partial(opened, address, query))
    for given, path in FILES.items():
        yield Case("data file", given, partial(asked_for, address, path))
    for target in REDIRECTS:
        yield Case("redirect", target, partial(sent_to, target))
    for text in ADDRESSES:
        yield Case("address", text, partial(linked, text))
    for given, work in (PAGES | {name: work for name, work in BOMBS.items() if "upload" not in name}).items():
        yield Case("page of a source", given, partial(read, work))
    for value in odd_values.NUMBERS:
        yield Case("printed value", value, partial(printed, value))
    for text in NAMES:
        yield Case("name", text, partial(named, text))
    for cell in CELLS:
        yield Case("saved cell", cell, partial(guarded, cell))


def shown(text: str, length: int) -> str:
    """A text that no terminal takes for anything else."""
    return words.shorten(ascii(text)[1:-1], length)


def main() -> None:
    """Try every input, and print what is said to it."""
    rows, wrong, n = Table("group", "given", "said", "kept", "s"), [], 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        place = tiny_store.write(folder)
        address = stack.enter_context(browsing.serve(folder))
        for case in cases(address, str(place)):
            began, n = time.monotonic(), n + 1
            try:
                said, kept = case.answer()
            except Exception as error:  # whatever it is, it is the finding
                said, kept = f"WRONG: {type(error).__name__}: {error}", "?"
                wrong.append(case)
            took = time.monotonic() - began
            if took > SECONDS:
                wrong.append(case)
            rows.add_row(*map(escape, (case.group, shown(case.given, 46), shown(said, 110), kept, f"{took:.1f}")))
    Console(width=230).print(rows)
    print(
        f"{n} inputs, {len(wrong)} wrong{': ' if wrong else '.'}{', '.join(f'{c.group} {shown(c.given, 30)}' for c in wrong)}"
    )
    if wrong:
        raise SystemExit(1)
