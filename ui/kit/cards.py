"""Rows of a table as cards, for screens too narrow for its columns.

Question  What does a reader on a phone see of a table, without scrolling sideways?
Input     the frame that the table shows, and the titles and kinds of its columns.
Output    HTML: each row's first column as a heading, then the next ones with their titles; the first FIRST rows open, the
          others behind a line that opens.
Method    Streamlit draws tables on a canvas that knows no width of the screen, so both forms are sent and look.css shows
          one of them: cards up to 640 points, the table above.
Silent    Empty cells and columns after MOST are left out; the file has them. Every text is escaped.
"""

import html
import textwrap
from typing import Any
from urllib.parse import unquote

import pandas as pd

from ui.kit import words

FIRST = 8  # cards that are open
LAST = 40  # cards in all; nobody reads more on a phone, and each is sent to every visitor
MOST = 6  # columns besides the heading
LONGEST = 400  # characters of a cell; a sentence ends at a word


def cards(frame: pd.DataFrame, settings: dict[str, Any], n_rows: int | None = None) -> str:
    """The rows of a frame as HTML; `settings` and `n_rows` as of tables.show. "" for an empty frame."""
    if frame.empty:
        return ""
    rows = frame.head(LAST)[list(settings)]
    drawn = [card(dict(zip(settings, row, strict=True)), settings) for row in rows.itertuples(index=False, name=None)]
    more = drawn[FIRST:]
    whole = len(frame) if n_rows is None else n_rows
    only = f", the first {words.count(LAST)} of {words.count(whole)}" if whole > LAST else ""
    rest = f"<details><summary>{len(more)} more{only}</summary>{''.join(more)}</details>" if more else ""
    return f'<div class="benchcred-cards">{"".join(drawn[:FIRST])}{rest}</div>'


def card(row: dict[str, Any], settings: dict[str, Any]) -> str:
    """One row."""
    first, *others = settings
    told = [(title(settings[name], name), cell(row[name], settings[name])) for name in others]
    facts = [f"<dt>{html.escape(name)}</dt><dd>{value}</dd>" for name, value in told if value][:MOST]
    return f"<article><p>{cell(row[first], settings[first])}</p><dl>{''.join(facts)}</dl></article>"


def title(setting: Any, name: str) -> str:
    """What stands above a column."""
    return setting if isinstance(setting, str) else str(setting.get("label") or name)


def cell(value: Any, setting: Any) -> str:
    """A cell as HTML, as the table's own column shows it; "" for an empty one."""
    if not isinstance(value, list | tuple) and words.is_missing(value):
        return ""
    kind = {} if isinstance(setting, str) else setting.get("type_config") or {}
    match kind.get("type"):
        case "link":
            return link(str(value), str(kind.get("display_text") or ""))
        case "date":
            return html.escape(words.day(value))
        case "number":
            return html.escape(number(value, str(kind.get("format") or "")))
    if isinstance(value, float):
        return html.escape(f"{value:,.4g}")
    return breakable(textwrap.shorten(str(value), LONGEST, placeholder=" …"))


def link(address: str, shown: str) -> str:
    """A link of a table: what stands after # is its text where the column says so, else the column's word."""
    text = unquote(address.partition("#")[2]) if "#" in shown else shown or address
    where = html.escape(address.partition("#")[0] if "#" in shown else address)
    return f'<a href="{where}" target="_self">{breakable(text)}</a>'


def breakable(text: str) -> str:
    """A text as HTML whose long words go on in the next line after an underscore, not anywhere."""
    return html.escape(text).replace("_", "_<wbr>")


def number(value: Any, pattern: str) -> str:
    """A number as its column writes it: printf, or with thousands separators."""
    if pattern.startswith("%") or "%" in pattern:
        whole = "d" in pattern.split("%")[1][-1:]
        text = str(pattern % (int(value) if whole else float(value)))
        return words.count(value) if "e+" in text else text  # %.3g of 2800 is 2.8e+03
    return words.count(value) if float(value).is_integer() else f"{float(value):,.1f}"
