"""What changed, as an Atom feed (RFC 4287): one entry per day, kind of change and source.

Question  What is new since the reader last looked?
Input     an open database; its view `changes`.
Output    `atom`: the bytes of the feed. `write` puts them where the server finds static files.
Method    Entries have tag addresses (RFC 4151) that stay the same in every build; links are relative to the feed, so that it
          works under any host name and path. Written with the standard library's XML, which escapes every name.
Silent    Rows of sources that may not be passed on are counted in an entry, never quoted.
"""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

import store

NAME = "changes.xml"
ADDRESS = f"app/static/{NAME}"  # where Streamlit serves the folder `static` beside app.py
TAG = "tag:benchcred,2026:changes"
ENTRIES = 60  # newest; a reader that comes by once a month misses none
QUOTED = 10  # changes that an entry names
LATER = {
    "value revised": "revised at their source",
    "value removed": "no longer at their source",
    "answer changed": "with another answer of ours",
}
WHY = {
    "source_changed": "the source changed",
    "rule_changed": "our method changed",
    "new": "the score is new",
    "our_error": "our error",
    "corrected_by_maker": "corrected by its maker",
}


def place() -> Path:
    """Folder of the feed: `static` beside app.py for the database in its usual place, else beside that database."""
    return (store.ROOT if store.folder() == store.ROOT / "data" / "database" else store.folder()) / "static"


def is_served() -> bool:
    """Whether the feed stands where Streamlit serves it."""
    return place().parent == store.ROOT and (place() / NAME).exists()


def write(connection: store.Connection) -> Path:
    """Write the feed of an open database, in one step, and return its file."""
    file = place() / NAME
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".new")
    unfinished.write_bytes(atom(connection))
    return unfinished.replace(file)


def groups(connection: store.Connection) -> pd.DataFrame:
    """Changes counted by day, kind, reason and source: changed_date, what, reason, source_title, n; newest first."""
    by = ["changed_date", "what", "reason", "source_title"]
    counts = store.count(connection, "changes", by)
    return counts.sort_values(["changed_date", "n", *by[1:]], ascending=[False, False, True, True, True])


def atom(connection: store.Connection) -> bytes:
    """The feed of an open database."""
    known = store.read(connection, "build").set_index("name")["value"]
    feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    add(feed, "id", TAG)
    add(feed, "title", "BenchCred: changes of AI test scores")
    add(feed, "subtitle", "Values that sources revised or took away, and answers of ours that changed, with the reason")
    add(feed, "updated", f"{known['asof'][:10]}T00:00:00Z")
    ET.SubElement(ET.SubElement(feed, "author"), "name").text = "BenchCred"
    ET.SubElement(feed, "link", {"rel": "self", "href": NAME, "type": "application/atom+xml"})
    ET.SubElement(feed, "link", {"rel": "alternate", "href": "../../changes", "type": "text/html"})
    for row in groups(connection).head(ENTRIES).itertuples():
        day = pd.Timestamp(row.changed_date).date().isoformat()
        entry = ET.SubElement(feed, "entry")
        key = "/".join(quote(str(part), safe="") for part in (day, row.what, row.reason, row.source_title))
        add(entry, "id", f"{TAG}/{key}")
        add(entry, "title", told(row.n, row.source_title, row.what, row.reason))
        add(entry, "updated", f"{day}T00:00:00Z")
        ET.SubElement(entry, "link", {"rel": "alternate", "href": f"../../changes?day={day}", "type": "text/html"})
        add(entry, "summary", summary(connection, row))
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True)


def told(n: int, whose: str, what: str, reason: str) -> str:
    """How many scores of which source changed how: the title of an entry, a line of the page."""
    noun = "score" if n == 1 else "scores"
    if reason == "new":
        return f"{n:,} new {noun} of {whose} marked"
    return f"{n:,} {noun} of {whose} {LATER[what]}"


def summary(connection: store.Connection, row: Any) -> str:
    """The reason and the first changes of one entry, in words."""
    keys = ("changed_date", "what", "reason", "source_title")
    where = [store.Where(key, "=", getattr(row, key)) for key in keys]
    select = ["model_name", "benchmark_name", "old_value", "new_value", "is_redistributable", "evaluation_id"]
    some = store.read(connection, "changes", select, where, ["evaluation_id"], QUOTED)
    some = some[some["is_redistributable"].astype(bool)]
    lines = [
        f"{r.model_name}, {r.benchmark_name}: {nothing(r.old_value)} became {nothing(r.new_value)}"
        for r in some.itertuples()
    ]
    return "; ".join([f"Because {WHY[row.reason]}", *lines]) + "."


def nothing(value: object) -> str:
    """A value as printed, or "nothing"."""
    return "nothing" if value is None or pd.isna(value) else str(value).replace("_", " ")


def add(parent: ET.Element, name: str, text: str) -> None:
    """A child element with a text; characters that XML cannot hold are left out."""
    ET.SubElement(parent, name).text = "".join(c for c in text if c >= " " and c not in "\ufffe\uffff")
