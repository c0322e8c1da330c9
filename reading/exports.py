"""Frames as CSV files that a spreadsheet opens without surprises.

Question  What exactly stands in a downloaded file, which rows and in which form?
Input     an open database and the name of a view; or any frame.
Output    bytes: UTF-8, one header row, CRLF line ends (RFC 4180), ISO 8601 dates, "." decimals, empty = not reported.
Method    Text that a spreadsheet would run as a formula (it begins with = + - @, also in their full width, after blanks or
          quotation marks) gets an apostrophe in front, at the start of a cell and after each character at which some
          spreadsheet begins a new cell: semicolon, tab, line end (OWASP, "CSV Injection"). Negative numbers, also as text,
          and cells of numeric columns are never touched.
Silent    Rows of sources that may not be passed on are taken out by `shareable`, which says how many.
"""

import hashlib
import re
from datetime import date

import pandas as pd

import store
from data.vocabulary import COUNTED_KINDS
from store import Where

LONGEST_CHOICE = 100  # characters of a file's name that say which rows it has
HEADLINE = "size_anomaly"  # the signal whose verdict comes first everywhere; the others are second opinions
CURRENT = (Where("status", "=", "current"), Where("is_subset", "=", False))  # whole benchmarks, values that stand today
VERDICTS = (Where("signal_id", "=", HEADLINE), Where("variant", "=", ""), Where("is_subset", "=", False))
# What counts in a total: demonstrations are shown as such, and humans and baselines are no models.
COUNTED = (*VERDICTS, Where("kind", "in", COUNTED_KINDS))
# Rows of the whole files, before any filter of a reader.
ROWS: dict[str, tuple[Where, ...]] = {
    "scores": CURRENT,
    "anomalies": VERDICTS,
    "saturation": (),
    "outlook": (),
    "models": (),
    "twin_gaps": (),
    "benchmarks": (),
    "families": (),
    "claims": (),
    "changes": (),
}
# What each table is, in one line: the pages that offer it and the descriptions of the files say it so.
TITLES = {
    "scores": "Current headline scores as printed, with what was read of model, test and set-up",
    "anomalies": "Every headline score with its verdict: expected score, usual range, chance, level",
    "saturation": "Best and fifth best score of each group of comparable scores, month by month",
    "outlook": "Forecast of each group of comparable scores",
    "models": "Models with the facts that are held about them and the verdict on all their scores together",
    "twin_gaps": "Scores on a public test beside its twin with other questions, keys or grading",
    "benchmarks": "One answer per test: best credible score, room left, who is not told apart, forecast",
    "families": "On which tests families and makers stand above or below what their other scores suggest",
    "claims": "Makers' own numbers beside independent runs of the same model and test",
    "changes": "What changed: values that sources revised or took away, and our answers",
}
ANSWER_KEYS = ("group_kind", "group_name", "subject_kind", "subject_id", "benchmark_id")
ORDER = (
    "what",
    "series_id",
    "month",
    "model_id",
    "evaluation_id",
    *ANSWER_KEYS,
)  # that makes a file the same each time
NEGATIVE = r"-[\d.,]*\d(?:[eE][-+]?\d+)?[\s%]*(?:$|[;\t\r\n])"  # a plain negative number, to the end of its cell
FORMULA = re.compile(rf"(^|[;\t\r\n])([\s\"']*)(?!{NEGATIVE})(?=[=+\-@＝＋－＠])")
CONTROLS = ("\t", "\r", "\n")  # a spreadsheet may leave them out at the start of a cell


def guarded(text: object) -> object:
    """A text cell that no spreadsheet runs as a formula; anything that is not text comes back as it is."""
    if not isinstance(text, str):
        return text
    return ("'" if text.startswith(CONTROLS) else "") + FORMULA.sub(r"\1\2'", text)


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its texts and headings guarded, all else as it is."""
    return frame.map(guarded).rename(columns=guarded)


def as_written(column: pd.Series) -> pd.Series:
    """A column as it stands in the file: dates without a time of day as YYYY-MM-DD, text guarded, numbers untouched."""
    if pd.api.types.is_datetime64_any_dtype(column):
        filled = column.dropna()
        is_day = bool((filled == filled.dt.normalize()).all())
        written = column.dt.strftime("%Y-%m-%d" if is_day else "%Y-%m-%dT%H:%M:%SZ")
        return written.astype(object).where(column.notna(), None)
    if pd.api.types.is_bool_dtype(column):
        return column.map({True: "true", False: "false"})
    if pd.api.types.is_numeric_dtype(column):
        filled = column.dropna()
        # Counts with gaps arrive as floats; 7000000000.0 would look like a measured value.
        whole = len(filled) > 0 and bool((filled % 1 == 0).all()) and bool((filled.abs() < 2**53).all())
        return column.astype("Int64") if whole and not pd.api.types.is_bool_dtype(column) else column
    text = column.astype(object)
    known = {value: guarded(value) for value in text.dropna().unique()}  # a name stands in thousands of rows
    return text.map(known, na_action="ignore")


def csv_bytes(frame: pd.DataFrame, header: bool = True) -> bytes:
    """The frame as a CSV file; the frame itself stays unchanged."""
    written = pd.DataFrame({name: as_written(frame[name]) for name in frame.columns})
    written.columns = [guarded(name) for name in written.columns]
    return written.to_csv(index=False, header=header, lineterminator="\r\n", na_rep="").encode("utf-8")


def shareable(frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Rows that may be passed on, and how many were left out because their source does not allow it."""
    if "is_redistributable" not in frame:
        return frame, 0
    allowed = frame["is_redistributable"].astype("boolean").fillna(False).astype(bool)
    return frame[allowed], int((~allowed).sum())


def file_name(table: str, asof: date | str, chosen: str = "") -> str:
    """benchcred_<table>_<asof>[_<chosen>].csv, with nothing in it that a file system dislikes; `chosen` says which rows, and
    where it is too long for a name, a hash keeps different choices apart.
    """
    said = safe(chosen)
    if len(said) > LONGEST_CHOICE:
        said = f"{said[: LONGEST_CHOICE - 9].rstrip('_-')}_{hashlib.sha256(said.encode()).hexdigest()[:8]}"
    return f"benchcred_{safe(table)[:80]}_{asof}{f'_{said}' if said else ''}.csv"


def safe(text: str) -> str:
    """Small letters, digits, hyphens and underscores."""
    return re.sub(r"[^a-z0-9_-]+", "_", text.lower()).strip("_-")


def table(connection: store.Connection, view: str) -> pd.DataFrame:
    """All rows of an open database (store.connect) that the pages offer as the whole file of a view, in a stable
    order; raises KeyError for another view.
    """
    known = store.describe(connection, view)
    order = [c for c in ("changed_date", *ORDER) if c in known]
    return shareable(store.read(connection, view, None, ROWS[view], order))[0]
