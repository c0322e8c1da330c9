"""Is a page whole, or did it break off?

Question  Does this page end where its publisher ended it?
Input     a Page; what was read before from its address.
Output    nothing, or `BrokenOff` with one sentence.
Method    Three layers, each for what the one before cannot see.
          1. Bytes: ingest/fetch.py refuses a response that is shorter than the server says, ingest/snapshots.py a file that
             is not the one that was fetched, ingest/starter.py a file that its manifest does not describe.
          2. The page alone (`require_end`): each format's own end. JSON, archives and parquet close by themselves, HTML by
             its last tag. CSV, YAML and Markdown have no end of their own: there the last line has its line ending, no
             quotation mark, code block, front matter or table row is left open, and the last record has the cells and
             fields that all others have.
          3. Against what was read before (`require_tail`, `require_rows`). A list cut exactly between two records looks
             like a shorter list. It is refused where it ends at a place in the middle of the page before and nothing
             distinctive of what followed there is left, or where it gives over a fifth fewer rows. Of 169 pairs of successive
             versions of real pages none looks cut by the first rule.
Silent    A first reading of a page that was cut exactly between two records before it was sent: it says nothing that a
          shorter list would not say. The same for a page whose publisher leaves the last line without its line ending
          (Source.open_end) and that is cut in its last cell.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ingest.records import LayoutChanged, Page, Reported, ReportedModel, Source
from ingest.snapshots import Snapshot
from ingest.sources._printed_yaml import read_yaml
from ingest.tables import MAX_TAGS

MOST_LOST = 0.2  # share of rows by which a page may shrink from one reading to the next
MOST_NEW = 3  # new lines at the end of a page behind which the end of the one before is still looked for
FEW_RECORDS = 3  # fewer say nothing about which fields all records have
FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})(.*)")
FRONT_MATTER = "---"
END_OF_HTML = re.compile(r"</html\s*>\s*(?:<!--.*?-->\s*)*", re.IGNORECASE | re.DOTALL)
ENDS_OF_LINES = ("csv", "yml", "yaml", "md", "jsonl")


class BrokenOff(LayoutChanged):
    """A page is not whole, so nothing is read from it."""

    def __init__(self, page: Page, what: str) -> None:
        """The page, and what shows it, as the end of a sentence."""
        super().__init__(f"{page.name} {what}, so it is not whole and nothing was read from it.")
        self.snapshot_id = page.snapshot_id


def require_end(page: Page, open_end: str = "") -> None:
    """Raise BrokenOff where a page lacks its format's end, LayoutChanged where it is no text.

    open_end   regular expression over names of pages whose publisher leaves that end off (Source.open_end)
    """
    kind = page.name.rpartition(".")[2].lower()
    is_open = bool(open_end and re.fullmatch(open_end, page.name))
    if kind == "html":
        require_closing_tag(page, page.text(), is_open)
    if kind not in ENDS_OF_LINES:
        return
    text = page.text()
    if not is_open and not text.endswith(("\n", "\r")):
        raise BrokenOff(page, "ends in the middle of a line")
    if kind == "csv":
        require_cells(page, text)
    elif kind == "md":
        require_closed_blocks(page, text)
    elif kind in ("yml", "yaml"):
        require_last_record(page)


def require_closing_tag(page: Page, text: str, is_fragment: bool) -> None:
    """Raise BrokenOff where an HTML page has text behind its closing tag or none, and a fragment something left open."""
    if not is_fragment and not END_OF_HTML.fullmatch(text[_last_tag(text) :]):
        raise BrokenOff(page, "breaks off before its closing tag")
    if text.count("<") > MAX_TAGS:
        raise LayoutChanged(f"{page.name} has more than {MAX_TAGS:,} tags.")
    low = text.lower()
    if is_fragment and (
        not low.rstrip().endswith(">")
        or any(low.count(f"<{tag}") > low.count(f"</{tag}") for tag in ("table", "script"))
    ):
        raise BrokenOff(page, "ends inside a table or script")


def _last_tag(text: str) -> int:
    """Where the last </html> of a page begins; its end where there is none."""
    found = text.lower().rfind("</html")
    return found if found >= 0 else len(text)


def require_cells(page: Page, text: str) -> None:
    """Raise BrokenOff where a quotation mark of a CSV page is not closed, or its last line has too few cells."""
    try:
        rows = [cells for cells in csv.reader(io.StringIO(text, newline=""), strict=True) if cells]
    except csv.Error as error:
        if "end of data" in str(error):
            raise BrokenOff(page, "ends inside a quotation") from error
        raise LayoutChanged(f"{page.name} is not a readable CSV file ({error}).") from error
    if rows and len(rows[-1]) < len(rows[0]):
        raise BrokenOff(page, f"has {len(rows[-1])} cells in its last line under {len(rows[0])} headings")


def require_closed_blocks(page: Page, text: str) -> None:
    """Raise BrokenOff where front matter, a code block, an HTML table or a row of a Markdown page is left open."""
    lines = text.splitlines()
    if lines and lines[0].strip() == FRONT_MATTER and FRONT_MATTER not in (line.strip() for line in lines[1:]):
        raise BrokenOff(page, "ends inside its front matter")
    fence = ""
    for line in lines:
        match = FENCE.fullmatch(line)
        if not match:
            continue
        if not fence:
            fence = match[1]
        elif match[1].startswith(fence) and not match[2].strip():
            fence = ""
    if fence:
        raise BrokenOff(page, "ends inside a block of code")
    if text.lower().count("<table") > text.lower().count("</table"):
        raise BrokenOff(page, "ends inside a table")
    last = [line.strip() for line in lines[-2:]]
    if len(last) == 2 and all("|" in line for line in last):
        above, row = last
        if (above.endswith("|") and not row.endswith("|")) or row.count("|") < above.count("|"):
            raise BrokenOff(page, "ends inside a row of a table")


def require_last_record(page: Page) -> None:
    """Raise BrokenOff where the last record of a YAML page lacks what every other record of its list has."""
    node: Any = read_yaml(page)
    while isinstance(node, list | dict) and node:
        values = list(node.values()) if isinstance(node, dict) else node
        if lacks(values[-1], values[:-1]):
            raise BrokenOff(page, "lacks fields in its last record that all others have")
        node = values[-1]


def lacks(last: Any, others: Sequence[Any]) -> bool:
    """Whether a record has no value where each of the others has one, at any depth."""
    if len(others) < FEW_RECORDS or not all(isinstance(other, dict) for other in others):
        return False
    if not isinstance(last, dict):
        return True
    for key in set.intersection(*(set(other) for other in others)):
        values = [other[key] for other in others]
        if all(values) and not last.get(key):
            return True
        if key in last and lacks(last[key], values):
            return True
    return False


def require_tail(page: Page, before: Page) -> None:
    """Raise BrokenOff where a page ends in the middle of the one before and what followed there is gone.

    The place is behind the last line that stands in the earlier page too, told from equal ones by the lines above it; where
    more than MOST_NEW new lines follow it, the page was written anew.
    What followed is gone when none of its lines that stood nowhere else is left (where it has none: when each stands here
    less often) and more of them are missing than new ones stand here instead. An unfinished last line counts when it begins the line that followed.
    """
    if page.name.endswith((".gz", ".zip", ".parquet")):
        return
    old, new = before.text(), page.text()
    if new.rstrip() == old.rstrip():
        return
    lines, found = _lines(old), _lines(new)
    count, left = Counter(lines), Counter(found)
    last = max((i for i, line in enumerate(found) if line in count), default=-1)
    n_new = len(found) - 1 - last
    start = _follow(lines, found[: last + 1])
    rest = lines[start:] if start else []
    if n_new == 1 and rest and not new.endswith(("\n", "\r")) and rest[0].startswith(found[-1]):
        raise BrokenOff(page, "ends in the middle of a line that was longer before")
    own = [line for line in rest if count[line] == 1]
    is_gone = not any(line in left for line in own) if own else all(left[line] < count[line] for line in rest)
    if rest and is_gone and n_new <= MOST_NEW and len(rest) > n_new:
        raise BrokenOff(page, f"ends where {len(rest):,} more lines followed before")


def _lines(text: str) -> list[str]:
    """Lines without the blanks at their ends; empty ones left out."""
    return [line for line in map(str.strip, text.splitlines()) if line]


def _follow(lines: Sequence[str], found: Sequence[str]) -> int:
    """The place in `lines` behind the last lines of `found`, 0 where these stand nowhere or at several places."""
    ends = [i + 1 for i, line in enumerate(lines) if found and line == found[-1]]
    for back in range(2, len(found) + 1):
        if len(ends) < 2:
            break
        ends = [end for end in ends if end >= back and lines[end - back] == found[-back]]
    return ends[0] if len(ends) == 1 else 0


def require_rows(page: Page, now: Counter[str], before: Counter[str]) -> None:
    """Raise BrokenOff where a page gives over a fifth fewer scores, or facts about models, than it gave before."""
    for what in ("scores", "models"):
        if now[what] < (1 - MOST_LOST) * before[what]:
            raise BrokenOff(
                page,
                f"of {page.content_date} gives {now[what]:,} {what} where it gave {before[what]:,} before (if it is right, "
                f"name this day in SOURCE.shrank_on)",
            )


@dataclass(frozen=True)
class Reading:
    """What one page gave: its day and name, how many scores and facts about models, the page while its bytes are at hand."""

    day: str
    name: str
    counts: Counter[str]
    page: Page | None


class Before:
    """What was read of one source so far, by address, for the pages that come later."""

    def __init__(self, recorded: Sequence[Snapshot], scores: pd.DataFrame, models: pd.DataFrame) -> None:
        """Start from the record: its snapshots, its reported scores and reported models."""
        n_scores, n_models = (Counter(rows["snapshot_id"].value_counts().to_dict()) for rows in (scores, models))
        self.recorded = {s.snapshot_id for s in recorded}
        self.readings: dict[str, list[Reading]] = {}
        for s in recorded:
            counts = Counter(scores=n_scores[s.snapshot_id], models=n_models[s.snapshot_id])
            self.readings.setdefault(s.url, []).append(Reading(s.content_date, s.file_name, counts, None))

    def find(self, page: Page) -> Reading | None:
        """The newest reading of a page's address up to its day, None where there is none. Copies count only when their
        names agree as well: a mirror keeps several files of one repository under that one's address.
        """
        found = [
            reading
            for reading in self.readings.get(page.url, [])
            if reading.day <= str(page.content_date) and (reading.name == page.name or page.date_basis == "retrieval")
        ]
        return max(found, key=lambda reading: reading.day) if found else None

    def require_whole(
        self, source: Source, pages: Sequence[Page], scores: Sequence[Reported], models: Sequence[ReportedModel]
    ) -> None:
        """Raise BrokenOff for a page that lost its end or over a fifth of its rows since it was last read; when all are
        whole, they are what later ones are held against.
        """
        counts: dict[str, Counter[str]] = {p.snapshot_id: Counter(scores=0, models=0) for p in pages}
        for name, rows in (("scores", scores), ("models", models)):
            for row in rows:
                counts[row.snapshot_id][name] += 1
        for page in pages:
            last = self.find(page)
            if last is None or page.snapshot_id in self.recorded or str(page.content_date) in source.shrank_on:
                continue
            if last.page is not None:
                require_tail(page, last.page)
            require_rows(page, counts[page.snapshot_id], last.counts)
        for page in pages:
            self.recorded.add(page.snapshot_id)
            # One page an address is kept: bytes of a whole history would fill the memory.
            earlier = [replace(reading, page=None) for reading in self.readings.get(page.url, [])]
            now = Reading(str(page.content_date), page.name, counts[page.snapshot_id], page)
            self.readings[page.url] = [*earlier, now]
