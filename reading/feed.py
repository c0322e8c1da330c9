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
from urllib.parse import quote

import pandas as pd

import store

NAME = "changes.xml"
ADDRESS = f"app/static/{NAME}"  # where Streamlit serves the folder `static` beside app.py
TAG = "tag:benchcred,2026:changes"
ENTRIES = 60  # newest; a reader that comes by once a month misses none
BY = ["changed_date", "what", "reason", "source_title"]  # what makes changes one entry
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
    counts = store.count(connection, "changes", BY)
    return counts.sort_values(["changed_date", "n", *BY[1:]], ascending=[False, False, True, True, True])


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
    newest = groups(connection).head(ENTRIES)
    for row, some in zip(newest.itertuples(), quoted(connection, newest), strict=True):
        day = pd.Timestamp(row.changed_date).date().isoformat()
        entry = ET.SubElement(feed, "entry")
        key = "/".join(quote(str(part), safe="") for part in (day, row.what, row.reason, row.source_title))
        add(entry, "id", f"{TAG}/{key}")
        add(entry, "title", told(row.n, row.source_title, row.what, row.reason))
        add(entry, "updated", f"{day}T00:00:00Z")
        ET.SubElement(entry, "link", {"rel": "alternate", "href": f"../../changes?day={day}", "type": "text/html"})
        add(entry, "summary", "; ".join([f"Because {WHY[row.reason]}", *some]) + ".")
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True)


def told(n: int, whose: str, what: str, reason: str) -> str:
    """How many scores of which source changed how: the title of an entry, a line of the page."""
    noun = "score" if n == 1 else "scores"
    if reason == "new":
        return f"{n:,} new {noun} of {whose} marked"
    return f"{n:,} {noun} of {whose} {LATER[what]}"


def quoted(connection: store.Connection, newest: pd.DataFrame) -> list[list[str]]:
    """The first changes of each row of `groups`, in words: one query for all of them."""
    select = ["model_name", "benchmark_name", "old_value", "new_value", "is_redistributable", "evaluation_id", *BY]
    since = [] if newest.empty else [store.Where("changed_date", "between", (newest["changed_date"].min(), None))]
    rows = store.read(connection, "changes", select, since, ["evaluation_id"])
    some = rows[rows["is_redistributable"].astype(bool)].groupby(BY).head(QUOTED)
    lines = [
        f"{r.model_name}, {r.benchmark_name}: {nothing(r.old_value, r.what)} became {nothing(r.new_value, r.what)}"
        for r in some.itertuples()
    ]
    by_entry = some.assign(line=lines).groupby(BY)["line"].agg(list).to_dict() if len(some) else {}
    return [by_entry.get(key, []) for key in newest[BY].itertuples(index=False, name=None)]


def nothing(value: object, what: str) -> str:
    """A value as printed or a level in words; what it is called where there is none."""
    if value is None or pd.isna(value):
        return "no mark" if what == "answer changed" else "nothing"
    return str(value).replace("_", " ") if what == "answer changed" else str(value)


def add(parent: ET.Element, name: str, text: str) -> None:
    """A child element with a text; characters that XML cannot hold are left out."""
    ET.SubElement(parent, name).text = "".join(c for c in text if c >= " " and c not in "\ufffe\uffff")
