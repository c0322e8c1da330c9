"""Tables on screen and the button that saves them as a file.

Question  Which rows are behind the chart, and how does the reader take them away?
Input     a frame; a title for each column, with its kind.
Output    a Streamlit table (first 1,000 rows) and a download button for all of them.
Method    The button makes its bytes when it is pressed, not before: a page with 85,000 scores opens without making a
          file.
Silent    Addresses that are not http or https are not shown as links.
"""

import gzip
import io
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import IO, Any
from urllib.parse import quote, urlsplit, urlunsplit

import pandas as pd
import streamlit as st

from reading import exports
from ui.kit import address, cards, words

MISSING = "–"  # a number column is too narrow for the words, which stand below the table
GREY = "#8a94a3"  # readable on white and on black
HOST = re.compile(r"[\w.-]+(:\d{1,5})?", re.ASCII)  # no name of a user, which would pass for one
PLAIN = "%:/?#&=+,;@~!'"  # of an address; what else is no letter, digit, hyphen, dot or underscore is encoded
UNSAID = ("asof", "score", "list", "find")  # parameters that choose no rows, or say how they are listed
SHOWN = 1000  # more rows than anyone scrolls; the file has them all


def web_address(text: object) -> str | None:
    """The address when it is one that a browser may open, else None; whatever Markdown could read in it is
    percent-encoded.
    """
    try:
        parts = urlsplit(text) if isinstance(text, str) and text.startswith(("https://", "http://")) else None
    except ValueError:  # brackets where a host should be
        return None
    if parts is None or not HOST.fullmatch(parts.netloc):
        return None
    return quote(urlunsplit(parts), safe=PLAIN)


def linked(text: str, address: object) -> str:
    """A word of ours as a Markdown link; without a link where the address is none that a browser may open."""
    safe = web_address(address)
    return f"[{text}]({safe})" if safe else text


def show(
    frame: pd.DataFrame,
    settings: dict,
    alt: str,
    missing: str = words.NOT_REPORTED,
    n_rows: int | None = None,
    grey: pd.Series | None = None,
    **how: Any,
) -> Any:
    """A table without row numbers; `settings` maps the columns to show, in order, to their titles or column
    settings; `missing` says what an empty cell means; `n_rows` how many rows there are, where the frame holds only the
    first of them; rows with True in `grey` are drawn grey. On a phone the rows are cards (ui/kit/cards.py).
    """
    shown = frame.head(SHOWN)[list(settings)]
    drawn: Any = shown
    if grey is not None and bool(grey.any()):
        faint = grey.reindex(shown.index)
        drawn = shown.style.apply(lambda column: faint.map({True: f"color: {GREY}", False: ""}), axis=0)
    whole = len(frame) if n_rows is None else n_rows
    with st.container(key=f"wide {alt}"):
        event = st.dataframe(
            drawn, hide_index=True, column_config=settings, width="stretch", alt=alt, placeholder=MISSING, **how
        )
    if len(shown):
        with st.container(key=f"narrow {alt}"):
            st.html(cards.cards(shown, settings, whole))
    if bool(shown.isna().to_numpy().any()):
        st.caption(f"{MISSING} {missing}")
    if whole > len(shown):
        st.caption(f"The first {words.count(len(shown))} of {words.count(whole)} rows. The file has them all.")
    return event


def source_link() -> object:
    """Column setting for the address of a number."""
    return st.column_config.LinkColumn(
        "Source", display_text="open", width="small", help="The page that shows the number"
    )


def download(
    label: str,
    table: str,
    asof: date,
    pieces: Callable[[], Iterable[pd.DataFrame]],
    filtered: bool,
    is_packed: bool = False,
) -> None:
    """A button that saves the frames of `pieces()` as one CSV file, without rows of sources that may not be passed
    on. A filtered file says in its name which rows it has; a packed one is gzipped, as a large one should be.
    """
    name = exports.file_name(table, asof, choice() if filtered else "")
    st.download_button(
        label,
        data=lambda: packed(pieces()) if is_packed else joined(pieces()),
        file_name=f"{name}.gz" if is_packed else name,
        mime="application/gzip" if is_packed else "text/csv",
        on_click="ignore",
        key=f"download_{table}_{filtered}",
    )


def choice() -> str:
    """What the address asks for, as a part of a file's name: "family-qwen_size-1b-35b"."""
    parts = (f"{key}-{'-'.join(values)}" for key, values in sorted(address.whole().items()) if key not in UNSAID)
    return "_".join(parts) or "filtered"


def joined(pieces: Iterable[pd.DataFrame]) -> bytes:
    """One CSV file from frames with equal columns."""
    written = io.BytesIO()
    write(pieces, written)
    return written.getvalue()  # shares the buffer; bytes(bytearray) would hold the file twice


def packed(pieces: Iterable[pd.DataFrame]) -> bytes:
    """The same file, gzipped piece by piece, so that a large one is nowhere whole."""
    written = io.BytesIO()
    with gzip.GzipFile(fileobj=written, mode="wb", compresslevel=5, mtime=0) as file:
        write(pieces, file)
    return written.getvalue()


def write(pieces: Iterable[pd.DataFrame], file: IO[bytes] | gzip.GzipFile) -> None:
    """Write the rows of the frames that may be passed on, under one header."""
    for place, piece in enumerate(pieces):
        kept, _ = exports.shareable(piece)
        file.write(exports.csv_bytes(kept, header=place == 0))


def about_files(also: str = "") -> None:
    """How the numbers of a file are written, and where its columns are explained; also: a sentence of the page before it."""
    st.caption(
        f"{also}In the files, scores and gaps are fractions as in 0.82 for 82%, days are ISO dates, and an empty cell is not reported. "
        "What each column means: [data dictionary](method#columns)."
    )


def left_out(n_rows: int) -> None:
    """Say how many rows a file does not have because their source does not allow copies."""
    if n_rows:
        st.caption(f"The file leaves out {words.plural(n_rows, 'row')} of sources that do not allow copies.")
