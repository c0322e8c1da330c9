"""What a source says, and whether we can accept it.

Question  Is this printed value a score, and which number is it?
Input     `Reported` rows: text exactly as printed, with the source's own names.
Output    accepted records (typed, in range) and rejections (each with a reason people can read).
Method    The unit of a value is declared by the parser from what the page documents (percent, fraction, rating, points);
          magnitude never decides it. A value is converted by moving its decimal point, in decimal arithmetic.
Silent    Never: a value is accepted or rejected, nothing is defaulted, clipped or dropped.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

import numpy as np
import pandas as pd

from data.values import read_day
from data.vocabulary import (
    EVALUATOR_RELATIONSHIPS,
    PARAMETER_UNITS,
    READ_FROM,
    REPORTED_KINDS,
    SCORE_UNITS,
    SHARE_UNITS,
)
from ingest import codes

MAX_EXPONENT = 300  # binary fractions end there; the largest honest count has 13 digits
MAX_ITEMS = 100_000_000  # no test asks more; the largest counted one has some 3 million questions
MAX_NAME = 300  # the longest honest model name seen is 96 characters; longer ones are pasted prose or hostile
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
# A thousands separator ("1,234.5") is unambiguous only in groups of three after the first comma.
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
UNREADABLE = "\ufffd"  # the sign for a character that could not be read
# "34/48": a share printed as a count of a count, in a column whose unit is fraction.
SHARE = re.compile(r"(\d{1,6})/([1-9]\d{0,5})")


class FetchFailed(Exception):
    """A page could not be fetched: the last good snapshot stays, other sources go on, the exit code says so."""


class LayoutChanged(Exception):
    """A page is not laid out as its parser expects: the source falls back to its last readable snapshot."""


class InvalidFact(Exception):
    """A row of data/facts breaks a rule: the build stops, the old database stays."""


@dataclass(frozen=True, kw_only=True)
class File:
    """One file of a source: where it lives on the network, and what its captured copies are called.

    url        Live address; None when the file is only known from copies.
    captures   Regular expression over the paths of a mirror's manifest, fully matched. A group named `date`
               (2025-03-21 or 2025_03_21) is the content date that the file name states.
    bundle     Name of the bundle that the file belongs to; "" = its content date (see Source.bundle_by).
    limit      Largest size accepted, in bytes.
    """

    name: str
    url: str | None
    captures: str
    bundle: str = ""
    limit: int = 20_000_000


@dataclass(frozen=True, kw_only=True)
class Source:
    """One site or family of pages.

    source_id        File name in ingest/sources.
    licence          Licence of the figures as the source states it; "none stated" where it states none.
    status           live | frozen | captured_only; only live sources go stale.
    cadence_days     Days between expected updates (live sources).
    is_uniform       True when every score of the board ran under one harness: the board is then one setting group.
    lists_all        Regular expression over names of files that list every row of the board, so that a missing row means
                     removed; "" when no file does.
    versions         What a new version of a test on this board is: "corrects" (its values replace the older ones),
                     "renews" (some tasks are new, results of the others are carried over), "" (another test).
    redistribute     False keeps its figures out of starter data and exports.
    files            What to fetch. Empty when the list comes from facts (see `files` in ingest/sources/__init__.py).
    bundle_by        "date": files of one content date form a bundle. "file": every file is its own bundle.
    facts_file       For figures transcribed by hand: the file in data/facts that is the page.
    open_end         Regular expression over names of files that their publisher ends without the format's own end (the
                     line ending of the last line, the closing tag of HTML); see ingest/whole.py.
    shrank_on        Content dates of pages that hold over a fifth fewer rows than before, were looked at and are right.
    """

    source_id: str
    title: str
    url: str
    licence: str
    attribution: str
    status: str
    cadence_days: int | None = None
    is_uniform: bool = False
    lists_all: str = ""
    versions: str = ""
    redistribute: bool = True
    files: tuple[File, ...] = ()
    bundle_by: str = "date"
    facts_file: str | None = None
    open_end: str = ""
    shrank_on: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """One file of a bundle, as bytes, with what is known of its origin. Parsers read it and nothing else."""

    name: str
    body: bytes
    url: str
    content_date: date
    date_basis: str
    snapshot_id: str
    licence: str

    def text(self) -> str:
        """The body as UTF-8 text, a byte order mark dropped; raises LayoutChanged for other encodings."""
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise LayoutChanged(f"{self.name} is not UTF-8 text (byte {error.start}).") from error


@dataclass(frozen=True, kw_only=True)
class Reported:
    """One score as printed: text only, the source's own names, nothing converted.

    model, benchmark   As printed. `benchmark_version` is a release date or version that the page states.
    name_scheme        "hf" when the model's name is a Hugging Face repository id, else "".
    run                The board's own run where it has one (precision, revision), without the model's name.
    metric, setting    As printed, or what the page's caption or documentation states for the column; "" when neither does.
    score_unit         percent | fraction | rating | points: what the page documents for this column, never read off the size.
    uncertainty        What stands after a plus-minus sign, with its kind: "1.9 ci95", "0.8 stderr", "1.2 unknown"; in the score's unit.
    evaluated_date     Day of run or submission as printed.
    listed_date        Day on which this row was first listed, only where the page itself prints that.
    is_subset          True for a subject or subtask, False for a benchmark's headline score.
    locator            How a reader finds the value in any copy of the page ("Table 6, row MMLU, column Gemma 7B").
    source_url         Address to lead the reader to, when better than the page's own; "" = the page's.
    note               Footnote markers and short remarks (at most 200 characters).
    """

    snapshot_id: str
    model: str
    benchmark: str
    score_reported: str
    score_unit: str
    locator: str
    name_scheme: str = ""
    model_kind: str = "model"
    run: str = ""
    benchmark_version: str = ""
    metric: str = ""
    setting: str = ""
    uncertainty: str = ""
    n_items: str = ""
    evaluator_relationship: str = "unknown"
    read_from: str = "page"
    evaluated_date: str = ""
    listed_date: str = ""
    is_subset: bool = False
    source_url: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportedModel:
    """What a source says about a model itself: text only. `run` limits a row to one run of the model ("" = all)."""

    snapshot_id: str
    model: str
    name_scheme: str = ""
    model_kind: str = "model"
    run: str = ""
    n_parameters: str = ""
    parameter_unit: str = ""  # count | millions | billions
    size_precision: str = ""  # exact | stated | floored
    n_active_parameters: str = ""  # same unit
    n_training_tokens: str = ""  # a count
    developer: str = ""
    base_model: str = ""
    architecture: str = ""
    model_type: str = ""
    release_date: str = ""
    upload_date: str = ""
    submission_date: str = ""
    is_moe: str = ""  # "yes" | "no" | "" (not stated), already turned the right way round
    is_merged: str = ""
    is_open_weights: str = ""
    is_flagged: str = ""
    source_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Omitted:
    """What a parser rule leaves out on purpose, counted: n values of a snapshot, with one example."""

    snapshot_id: str
    rule: str
    n_values: int
    example: str


def leave_out(page: Page, rule: str, left: Collection[str]) -> Iterator[Omitted]:
    """What a parser rule leaves out of a page, counted: one row where anything is left out, else none.

    left   one description per value; the first in the alphabet is the example, whatever the order of rows
    """
    if left:
        yield Omitted(
            snapshot_id=page.snapshot_id, rule=rule, n_values=len(left), example=shorten(min(as_text(t) for t in left))
        )


REPORTED_COLUMNS = tuple(f.name for f in fields(Reported))
MODEL_COLUMNS = tuple(f.name for f in fields(ReportedModel))


def frame(rows: Iterable[object], columns: tuple[str, ...]) -> pd.DataFrame:
    """Rows of one of the classes above as a frame with exactly these columns (also when there is no row)."""
    # vars() instead of dataclasses.asdict(): the copies that asdict makes cost ten times as much.
    values = [vars(row) for row in rows]
    try:
        return pd.DataFrame(values, columns=list(columns))
    except UnicodeEncodeError:  # half of a character somewhere
        whole = [{k: as_text(v) if isinstance(v, str) else v for k, v in row.items()} for row in values]
        return pd.DataFrame(whole, columns=list(columns))


@dataclass(frozen=True)
class Number:
    """A printed value that could be read: its number, and how many decimals were printed."""

    value: float
    decimals: int


@dataclass(frozen=True)
class Refusal:
    """Why a printed value could not be read: a short reason for counting, and one sentence."""

    reason: str
    detail: str


def read_number(text: str) -> Decimal | None:
    """The number that a text states, or None when it is not exactly one plain number.

    Accepts one percent sign and thousands separators; refuses everything else ("0.61 / 0.7", "1,5", "nan", "12a").
    """
    if not isinstance(text, str):
        return None
    plain = text.strip().removesuffix("%").strip().replace("\u2212", "-")
    if THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    if not NUMBER.fullmatch(plain):
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    # "1e-9999999999" is a number to nobody, and arithmetic on it overflows.
    return number if max(abs(number.adjusted()), abs(int(number.as_tuple().exponent))) <= MAX_EXPONENT else None


def decimals_of(number: Decimal) -> int:
    """Decimals with which a finite number was printed: "12.50%" has 2, "3e-05" has 5."""
    return max(0, -int(number.as_tuple().exponent))


def read_score(text: str, unit: str) -> Number | Refusal:
    """A printed score as a number: a fraction of 1 for percent and fraction, else in its own unit.

    Percent 0..100 and fraction 0..1 are the only values accepted for those units; a printed percent sign decides for
    percent whatever the column documents, since it is part of what was printed.
    """
    if unit not in SCORE_UNITS:
        return Refusal("unknown unit", f"The unit {unit!r} is not one of {', '.join(SCORE_UNITS)}.")
    share = SHARE.fullmatch(text.strip()) if unit == "fraction" else None
    if share and int(share[1]) <= int(share[2]):
        # One count more or less moves the share by 1/n, so len(n) + 1 decimals tell any two counts apart.
        return Number(int(share[1]) / int(share[2]), len(share[2]) + 1)
    number = read_number(text)
    if number is None:
        return Refusal("not a number", f"{shorten(text)!r} is not a number.")
    if unit == "fraction" and text.strip().endswith("%"):
        unit = "percent"
    if not number.is_finite() or abs(number) > Decimal(10) ** 12:
        return Refusal("not a number", f"{shorten(text)!r} is not a finite number.")
    decimals = decimals_of(number)
    if unit not in SHARE_UNITS:
        return Number(float(number), decimals)
    top = Decimal(100) if unit == "percent" else Decimal(1)
    if not 0 <= number <= top:
        return Refusal("out of range", f"{shorten(text)!r} is outside 0 to {top} ({unit}).")
    return Number(float(number / top), decimals)


def read_count(text: str, unit: str) -> float | None:
    """A count of parameters or tokens from its printed form and unit; zero and negative values mean unknown.

    Open LLM Leaderboard stores 0 and -1 where a size could not be read; taken as numbers they would top every
    list of models too good for their size.
    """
    scale = PARAMETER_UNITS.get(unit)
    number = read_number(text) if scale else None
    if scale is None or number is None or not number.is_finite() or number <= 0:
        return None
    return float(number * scale)


def read_counts(texts: pd.Series, units: pd.Series | str) -> pd.Series:
    """read_count of each row, NaN where it is None; every distinct text and unit is read once."""
    pairs = list(zip(texts.tolist(), pd.Series(units, index=texts.index).tolist(), strict=True))
    read = {pair: read_count(*pair) for pair in set(pairs)}
    return pd.Series([read[pair] for pair in pairs], index=texts.index, dtype=float)


def shorten(text: str, limit: int = 80) -> str:
    """A text on one line, at most `limit` characters, control characters replaced: safe to print in a message."""
    plain = "".join(c if c.isprintable() else " " for c in str(text))
    plain = re.sub(r"\s+", " ", plain).strip()
    return plain if len(plain) <= limit else plain[: limit - 1] + "\u2026"


def read_date(text: str) -> date | None:
    """A day as printed, by the one rule of data/values.py (a month or a year alone is its last day), or None.

    A day that does not exist ("Jun 31, 2024") is None: the value is shown with its date unknown.
    """
    day = read_day(str(text).replace("_", "-"))
    return day if day and 1900 <= day.year <= 2200 else None


def refuse_row(
    model: str, benchmark: str, n_items: str, evaluator_relationship: str, model_kind: str, read_from: str
) -> Refusal | None:
    """Why a row cannot be accepted whatever its number: empty or overlong names, unknown words. None when it can."""
    if not model.strip():
        return Refusal("no model name", "The row names no model.")
    if not benchmark.strip():
        return Refusal("no benchmark name", "The row names no benchmark.")
    if max(len(model), len(benchmark)) > MAX_NAME:
        return Refusal("name too long", f"A name of more than {MAX_NAME} characters is not a name: {shorten(model)!r}.")
    if UNREADABLE in model or UNREADABLE in benchmark:
        return Refusal("unreadable name", f"A name holds a character that nobody can read: {shorten(model)!r}.")
    count = read_count(n_items, "count")
    if count is not None and count > MAX_ITEMS:
        return Refusal("impossible number of questions", f"{shorten(n_items)!r} questions are more than any test has.")
    if count is not None and count % 1:  # "1.319" may be a German 1,319
        return Refusal("impossible number of questions", f"{shorten(n_items)!r} is no whole number of questions.")
    for value, allowed, what in (
        (evaluator_relationship, EVALUATOR_RELATIONSHIPS, "evaluator relationship"),
        (model_kind, REPORTED_KINDS, "model kind"),
        (read_from, READ_FROM, "reading"),
    ):
        if value not in allowed:
            return Refusal(f"unknown {what}", f"{shorten(value)!r} is not one of {', '.join(allowed)}.")
    return None


def as_text(value: object) -> str:
    """A value that should be text as text: "" for none, JSON for what is no text, so that it is refused as what it is.

    Half of a character (a lone surrogate) becomes the sign for an unreadable one: no file could hold it.
    """
    if isinstance(value, str):
        return HALF_CHARACTER.sub(UNREADABLE, value) if HALF_CHARACTER.search(value) else value
    is_missing = value is None or (isinstance(value, float) and value != value)
    return "" if is_missing else json.dumps(value, ensure_ascii=True, default=str)


def texts_only(reported: pd.DataFrame) -> pd.DataFrame:
    """The same rows with every column of Reported that should be text as text."""
    odd = [
        c for c in REPORTED_COLUMNS
        if c != "is_subset"
        and (pd.api.types.infer_dtype(reported[c], skipna=False) not in ("string", "empty") or reported[c].hasnans)
    ]  # fmt: skip
    return reported.assign(**{c: [as_text(v) for v in reported[c].tolist()] for c in odd}) if odd else reported


def accept(
    reported: pd.DataFrame, held: Mapping[int, Refusal] = MappingProxyType({})
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split reported rows into records and rejections. No value raises: what is no text is read as its JSON.

    Input    frame with REPORTED_COLUMNS, one row per printed value; the refusals of rows that facts hold back, by label.
    Output   records: the same columns plus score (fraction, or own unit), score_decimals (count), standard_error
             (fraction; only where the page says it is one) and evaluated_on (day or None);
             rejections: snapshot_id, model_reported, benchmark_reported, score_reported, reason, detail.
    """
    reported = texts_only(reported)
    place, printed = codes.distinct(reported["score_reported"], reported["score_unit"])
    outcome = [read_score(text, unit) for text, unit in printed]
    refused = {**held, **refuse_rows(reported)}
    is_number = np.array([isinstance(o, Number) for o in outcome], dtype=bool)
    good = is_number[place] & ~reported.index.isin(refused)
    records = reported[good].copy()
    value = np.array([o.value if isinstance(o, Number) else np.nan for o in outcome], dtype=float)
    decimals = np.array([o.decimals if isinstance(o, Number) else -1 for o in outcome], dtype=np.int64)
    records["score"], records["score_decimals"] = value[place[good]], decimals[place[good]]
    errors = codes.each(read_standard_error, records["uncertainty"], records["score_unit"], records["score_reported"])
    records["standard_error"] = errors.astype(float)
    records["evaluated_on"] = codes.each(lambda text: read_date(text) if text else None, records["evaluated_date"])
    bad = reported[~good]
    why = [refused.get(label, outcome[i]) for label, i in zip(bad.index.tolist(), place[~good].tolist(), strict=True)]
    rejections = pd.DataFrame(
        {
            "snapshot_id": bad["snapshot_id"].tolist(),
            "model_reported": [shorten(m, MAX_NAME) for m in bad["model"]],
            "benchmark_reported": [shorten(b, MAX_NAME) for b in bad["benchmark"]],
            "score_reported": [shorten(s) for s in bad["score_reported"]],
            "reason": [r.reason for r in why],
            "detail": [r.detail for r in why],
        }
    )
    return records.reset_index(drop=True), rejections


def refuse_rows(reported: pd.DataFrame) -> dict[int, Refusal]:
    """The refusals of refuse_row, by the row's label. Rows are looked at one by one only where one of their words alone
    is refused, since a row of good words is a good row.
    """
    good = {
        "model": "m", "benchmark": "b", "n_items": "", "evaluator_relationship": EVALUATOR_RELATIONSHIPS[0],
        "model_kind": REPORTED_KINDS[0], "read_from": READ_FROM[0],
    }  # fmt: skip
    doubtful = np.zeros(len(reported), dtype=bool)
    for column in good:
        is_refused = codes.each(
            lambda text, name=column: refuse_row(**good | {name: text}) is not None, reported[column]
        )
        doubtful |= is_refused.astype(bool)
    return {
        label: refusal
        for label, *words in reported.loc[doubtful, list(good)].itertuples(name=None)
        if (refusal := refuse_row(*words))
    }


def read_standard_error(text: str, unit: str, score: str = "") -> float | None:
    """A printed uncertainty as a standard error in the unit of `score`, only when the page calls it one.

    score   the text of the score beside it: a percent sign there, or at the uncertainty, makes both percent ("87% ± 1.2").
    """
    number, _, kind = text.partition(" ")
    if kind not in ("stderr", "ci95"):
        return None
    value = read_number(number)
    if value is None or value < 0:
        return None
    width = float(value) / (1.96 if kind == "ci95" else 1.0)
    is_percent = unit == "percent" or (unit == "fraction" and (score.strip().endswith("%") or number.endswith("%")))
    return width / 100 if is_percent else width
