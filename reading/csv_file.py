"""A CSV file that somebody brings: bytes to a frame of text, read right or refused in one sentence.

Question  Which rows and columns does this file hold?
Input     the bytes of a file as spreadsheet programs and scripts write them, and the names of the columns that are needed or
          known.
Output    a frame of text; known columns under their own names whatever their case ("Model", "Score (%)"), others as printed.
          Row labels are line numbers minus 2, so that a row of a plain file with header has the label of its position; where
          one line holds several scores, a fraction is added.
Method    Text encoding from the byte order mark, else UTF-8, else Windows-1252 where all its letters are Western European.
          The delimiter is the one under which the header names the needed columns; a line "sep=;" states it. Cells are read
          by Python's csv module, strictly. Columns and rows are counted before anything is built from them. A table with one
          row per model and one column per test is read where every column is a known one, a known test, or text beside them.
          A line that begins with # is a remark, one of dashes a ruler; row numbers in a first column without a heading go.
Silent    Never. A row with more or fewer cells than the header is refused by its line, unless what is too much is empty:
          guessing where a cell belongs would shift numbers into other columns.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Collection, Iterable
from itertools import pairwise
from pathlib import Path

import pandas as pd

from data import units, values

MAX_BYTES = 5_000_000  # of an upload
MAX_LOCAL_BYTES = 100_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELLS_A_LINE = 5_000  # a line may hold commas inside quotation marks; more than this is no table
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
NO_TEXT = (
    (b"PK\x03\x04", "a spreadsheet or archive (xlsx, ods, zip)"), (b"\xd0\xcf\x11\xe0", "an old spreadsheet (xls)"),
    (b"\x1f\x8b", "a compressed file (gzip)"), (b"%PDF", "a PDF"), (b"PAR1", "a parquet file"),
)  # fmt: skip
# Letters and signs that Western European texts are made of; anything else says that the encoding is another one.
WESTERN = set("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœ€£§©®°±²³µ·×÷«»¡¿–—‘’“”„™\u00a0ªº¼½¾")
# Headings that say the same in other words; units in brackets are read apart.
SYNONYMS = {
    "model_name": "model", "benchmark_name": "benchmark", "params_billions": "params_b", "parameters_b": "params_b",
    "parameters_billions": "params_b", "size_b": "params_b", "params_bn": "params_b", "n_params": "n_parameters",
    "unit": "score_unit", "num_items": "n_items", "n_questions": "n_items",
}  # fmt: skip
SIZES = ("params", "parameters", "size", "model_size", "param_count", "parameter_count")
ACTIVE_SIZES = tuple(f"{word}_{what}" for word in ("active", "activated") for what in ("params", "parameters", "size"))
# A heading over sizes with their unit ("Active Params (B)", "params_m"): which column it is, and the letter of its unit.
SIZE_WITH_UNIT = re.compile(
    r"(?:n(?:um(?:ber)?)?_(?:of_)?)?(?P<part>total|all|active|activated)?_?(?:n_)?(?:params?|parameters?|model_size|size|param_count)"
    r"_(?:in_)?(?P<unit>b|bn|billions?|m|mn|millions?)"
)
# Headings that mean a needed column where no column has its own name and one alone means it.
MEANING = {
    "benchmark": ("dataset", "data_set", "task", "test", "eval", "evaluation"),
    "score": ("value", "result", "accuracy", "acc"),
    "model": ("llm", "system"),
}
LOW_PERCENT = 0.2  # percentages whose middle is below this are honest results of hard tests
SEMICOLONS = "If commas are decimal marks, separate the cells by semicolons."
MAX_ABOVE = 5  # lines of a title and remarks that may stand above the headings
MAX_HEADING_LINE = 20_000  # characters; a longer line has too many columns, or is none
LINKED = re.compile(r"\[([^\[\]]+)\]\([^()\s]+\)")
NOTED = re.compile(r"(?<=\w)[\])]?\s?[*†‡§¶]{1,3}$")
WITH_UNIT = re.compile(r"[~≈]?\d[\w.,×x-]*\s*(?:[bmt]|bn|billion|million)(?:[ -].*)?", re.IGNORECASE)
ACROSS = ("benchmark", "score")  # what a table with one column per test has no columns of
# Columns of such a table that are no test.
BESIDE = re.compile(
    r"(?:avg|average|mean|overall|macro[ -]?avg|micro[ -]?avg|total|sum|rank|ranking|#|no\.?|id|index|year|votes|downloads|likes|hub ?❤️?)"
    r"(?: ?\W+| score| rank)?",
    re.IGNORECASE,
)
RULE = re.compile(r":?-+:?")
# Lines that programs draw between or below the rows of a table, or write there: "+----+----+", "(2 rows)".
DRAWN = re.compile(r"[-+=|: ]*[-=][-+=|: ]*|\(\d+ rows?\)")
REMARK = re.compile(r"#(?!\d+\.?$)")  # "#1" is a rank
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))  # marks without width, which editors and pages leave in cells
AGAIN = re.compile(r"(.+)\.\d+")  # how pandas writes out a heading that stands there before: "score.1"
FENCE_END = re.compile(
    r"\n(?:```|~~~)\s*$"
)  # of a Markdown table in a block of code; its begin stands above the headings
UNIT_HEADINGS = {
    "score_percent": "percent",
    "score_pct": "percent",
    "score_fraction": "fraction",
    "score_proportion": "fraction",
}


Tests = Callable[[list[str]], Collection[str]]


class BadFile(ValueError):
    """The file cannot be read; the message is one sentence for the person who made it."""


def read(
    body: bytes,
    needed: Iterable[str],
    known: Iterable[str] = (),
    *,
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
    tests: Tests | None = None,
    has_gaps: bool = False,
) -> pd.DataFrame:
    """The rows of a file as text. Raises BadFile with one sentence that says what was found, and on which line.

    tests     says which of some names are tests, for tables with a column per test; None: such tables are refused
    has_gaps  whether an empty cell of such a table is a row without a score; else it is none
    """
    needed, known = list(needed), list(known)
    if len(body) > max_bytes:
        raise BadFile(f"The file has {len(body):,} bytes; at most {max_bytes:,} are read.")
    text = decode(body)
    stated = re.match(r"[\"']?sep=(.)[\"']?[ \t]*(?:\r\n|\r|\n)", text, re.IGNORECASE)
    skipped = 1 if stated else 0
    text = text[stated.end() :] if stated else text
    text = FENCE_END.sub("\n", text)
    if not text.strip():
        raise BadFile("The file is empty.")
    if re.match(r"\s*(?:\{\s*\"|\[\s*[\[{])", text):
        raise BadFile("The file is JSON and no table: save it as CSV with the columns model, benchmark and score.")
    text, above = without_title(text, needed)
    skipped += above
    beside = [c for c in needed if c not in ACROSS]
    refusal = None
    try:
        delimiter = find_delimiter(text, needed, stated[1] if stated else "")
    except BadFile as problem:
        if tests is None or not set(ACROSS) <= set(needed):
            raise
        refusal = problem
        delimiter = find_delimiter(text, beside, stated[1] if stated else "", problem)
    lines = read_lines(text, delimiter, max_rows, skipped)
    (_, header), *rows = lines
    # Files that were written one behind the other repeat the headings.
    rows = [row for row in rows if [c.strip() for c in row[1]] != [c.strip() for c in header]]
    if refusal is None or tests is None:
        return build(header, rows, needed, [*needed, *known], delimiter)
    frame = build(header, rows, beside, [*needed, *known], delimiter)
    return unfold(frame, [*needed, *known], tests, refusal, max_rows, has_gaps)


def read_path(
    path: Path,
    needed: Iterable[str],
    known: Iterable[str] = (),
    tests: Tests | None = None,
    has_gaps: bool = False,
) -> pd.DataFrame:
    """The rows of a file on this computer, up to MAX_LOCAL_BYTES; `tests`, `has_gaps` as in `read`. Raises BadFile, OSError."""
    if path.stat().st_size > MAX_LOCAL_BYTES:
        raise BadFile(f"The file has {path.stat().st_size:,} bytes; at most {MAX_LOCAL_BYTES:,} are read.")
    return read(path.read_bytes(), needed, known, max_bytes=MAX_LOCAL_BYTES, tests=tests, has_gaps=has_gaps)


def unfold(
    frame: pd.DataFrame, known: list[str], tests: Tests, refusal: BadFile, max_rows: int, has_gaps: bool
) -> pd.DataFrame:
    """One row per score of a table with one row per model and one column per test. Raises BadFile."""
    others = [c for c in frame.columns if c not in known]
    named = [c for c in others if not BESIDE.fullmatch(c.strip())]
    found = tests(named)
    unknown = [c for c in named if c not in found and any(map(_is_number, frame[c]))]
    if not found or set(ACROSS) & set(frame.columns):
        raise refusal
    if unknown:
        raise BadFile(
            f"The table has one column per test, and {unknown[0][:40]!r} is no test known here: write one row per score, with "
            "the columns model, benchmark and score."
        )
    columns = [c for c in others if c in found]
    # "MMLU (2)" is the second column of that name, and nothing says how the two differ.
    if twice := next((c for c in columns if re.sub(r" \(\d+\)$", "", c) in set(frame.columns) - {c}), None):
        raise BadFile(f"Two columns are called {twice.rpartition(' (')[0]!r}: name each with its setting.")
    if len(frame) * len(columns) > max_rows:
        raise BadFile(f"The table has more than {max_rows:,} scores.")
    folded = frame.assign(**{c: frame[c].mask(frame[c].map(values.is_nothing), "") for c in columns})
    kept = [c for c in frame.columns if c not in columns]
    # One line holds several rows now: labels stay unique, and their whole part is that of the line.
    places = [folded.index.astype(float) + i / (10 * MAX_COLUMNS) for i in range(len(columns))]
    rows = [folded[kept].assign(benchmark=c, score=folded[c]).set_axis(p) for c, p in zip(columns, places, strict=True)]
    whole = pd.concat(rows).sort_index()
    return whole if has_gaps else whole[whole["score"] != ""]


def _is_number(text: str) -> bool:
    """Whether a cell begins like a number."""
    return bool(re.match(r"[*_`$(]*[+-]?[\d.,]*\d", text.strip()))


def decode(body: bytes) -> str:
    """The text of a file. Raises BadFile for other files than text, and where the encoding is not certain."""
    for start, what in NO_TEXT:
        if body.startswith(start):
            raise BadFile(f"The file is {what}: save the table as CSV (UTF-8) and bring that.")
    encoding = next((name for mark, name in MARKS if body.startswith(mark)), "")
    if not encoding and len(body) >= 4 and b"\0" in body[:200]:
        # Without a mark: in text of mostly plain letters, every second byte of UTF-16 is zero.
        even, odd = body[0:200:2].count(0), body[1:200:2].count(0)
        encoding = "utf-16-le" if odd > 10 * even + 3 else "utf-16-be" if even > 10 * odd + 3 else ""
    try:
        text = body.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        text = "" if encoding else _western(body)
        if not text:
            raise BadFile(
                f"The text encoding is not certain (byte {error.start + 1} is no UTF-8): save it as UTF-8."
            ) from error
    if "\0" in text:
        raise BadFile("The file holds zero bytes, so it is no text.")
    return text.translate(INVISIBLE).removesuffix("\x1a")  # the end of a file on old systems


def _western(body: bytes) -> str:
    """The text as Windows-1252, "" where that is not certain: other letters, or words made of accented letters only."""
    try:
        text = body.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    high = [c for c in text if ord(c) > 127]
    return "" if set(high) - WESTERN or re.search(r"[^\x00-\x7f\u2010-\u2044]{3}", text) else text


def column_key(heading: str) -> tuple[str, str]:
    """A heading as columns are named ("Params (B)" -> "params_b"), and the unit that it states for a score ("percent")."""
    plain = " ".join(heading.replace("\ufeff", "").split()).casefold().lstrip("#").strip()
    bracket = re.fullmatch(r"(.*?)\s*[(\[](.*?)[)\]]", plain)
    rest, inside = (bracket[1], bracket[2].strip()) if bracket else (plain, "")
    if not bracket and plain.endswith("%"):
        rest, inside = re.sub(r"(?:,| in)$", "", plain[:-1].strip()).strip(), "%"
    key = re.sub(r"[\s\-.]+", "_", rest).strip("_")
    key = SYNONYMS.get(key, key)
    if key in UNIT_HEADINGS:
        return "score", UNIT_HEADINGS[key]
    sized = re.fullmatch(r"(?:in )?(b|m)(?:n|illions?)?", inside)
    if sized and SIZE_WITH_UNIT.fullmatch(f"{key}_{sized[1]}"):
        of_all = key in ("params", "parameters", "size", "model_size")
        return "params_b" if of_all and sized[1] == "b" else f"{key}_{sized[1]}", ""
    if inside and key in ("score", *MEANING["score"]):
        return key, inside
    return (re.sub(r"[\s\-.]+", "_", plain) if inside else key), ""


def without_title(text: str, needed: list[str]) -> tuple[str, int]:
    """The text without a title or remarks ("# exported ...") above its headings, and how many lines those were.

    Only where the lines above hold one cell each, and the first other one names all needed columns.
    """
    rest = text
    for above in range(MAX_ABOVE + 1):
        line, _, more = rest.partition("\n")
        if len(line) > MAX_HEADING_LINE:
            break
        if any(set(needed) <= set(means([column_key(h)[0] for h in line.split(d)], needed)) for d in DELIMITERS):
            return rest, above
        cells = [c for c in re.split(r"[,;\t|]", line) if c.strip()]
        if not line.lstrip('\ufeff"').startswith(("#", "//")) and ('"' in line or len(cells) > 1):
            break
        rest = more
    return text, 0


def means(keys: list[str], needed: Iterable[str]) -> list[str]:
    """Keys of headings with those in other words renamed: where a needed column has no name and one alone may mean it."""
    out = list(keys)
    for name in needed:
        places = [i for i, key in enumerate(keys) if key in MEANING.get(name, ())]
        if name not in keys and len(places) == 1:
            out[places[0]] = name
    return out


def plain_name(text: str) -> str:
    """A name without bold, the address that it links to, and footnote signs behind it."""
    text = LINKED.sub(r"\1", text.strip())
    while found := values.SET_OFF.fullmatch(text):
        text = next(part for part in found.groups() if part).strip()
    return NOTED.sub("", text)


def find_delimiter(text: str, needed: list[str], stated: str, refusal: BadFile | None = None) -> str:
    """The delimiter under which the header names the needed columns. Raises BadFile (`refusal`, where it is given)."""
    first = text.lstrip("\r\n").partition("\n")[0]
    if max(first.count(d) for d in DELIMITERS) >= MAX_COLUMNS:
        raise BadFile(f"The file has more than {MAX_COLUMNS} columns.")
    found: dict[str, list[str]] = {}
    for delimiter in [stated] if stated else DELIMITERS:
        try:
            header = next(
                csv.reader(
                    io.StringIO(text.lstrip("\r\n"), newline=""),
                    delimiter=delimiter,
                    skipinitialspace=True,
                    strict=True,
                )
            )
        except (csv.Error, StopIteration, TypeError, ValueError):
            continue
        found[delimiter] = means([column_key(h)[0] for h in header], needed)
    for delimiter, header in found.items():
        if set(needed) <= set(header):
            return delimiter
    best = max(found, key=lambda d: len(found[d]), default="")
    if not best:
        raise BadFile("The first line cannot be read as the headings of a table.")
    if refusal:
        raise refusal
    missing = [c for c in needed if c not in found[best]]
    listed = ", ".join(h or "(no heading)" for h in found[best])[:200]
    how = " Write one row per score: model, benchmark, score." if {"model", "score"} & set(missing) else ""
    raise BadFile(f"The table has no column {', '.join(missing)}; it has {listed}.{how}")


def read_lines(text: str, delimiter: str, max_rows: int, skipped: int) -> list[tuple[int, list[str]]]:
    """Line number and cells of the header and each row that is not blank. Raises BadFile."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1 + skipped):
        if line.count(delimiter) > MAX_CELLS_A_LINE:
            raise BadFile(f"Line {number} has more than {MAX_CELLS_A_LINE:,} cells.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    out: list[tuple[int, list[str]]] = []
    start = 1 + skipped
    try:
        for cells in reader:
            if (
                any(c.strip() for c in cells)
                and not (len(out) == 1 and is_rule(cells))
                and not (out and is_beside(cells))
            ):
                out.append((start, cells))
            if len(out) > max_rows + 1:
                raise BadFile(f"The table has more than {max_rows:,} rows.")
            start = reader.line_num + 1 + skipped
    except csv.Error as error:
        why = (
            "a quotation mark is not closed"
            if "end of data" in str(error)
            else "the quotation marks of a cell do not fit"
        )
        if "field larger" in str(error):
            why = "a cell is too long"
        raise BadFile(f"Line {start}: {why}.") from error
    return out


def build(
    header: list[str], rows: list[tuple[int, list[str]]], needed: list[str], known: list[str], delimiter: str = ""
) -> pd.DataFrame:
    """The frame; raises BadFile where a row does not fit the header."""
    if header[0].strip() and rows and all(len(cells) == len(header) + 1 for _, cells in rows):
        # R writes row numbers without a heading over them.
        header = ["", *header] if is_numbering([cells[0] for _, cells in rows]) else header
    width = len(header)
    while width and not header[width - 1].strip() and all(not "".join(cells[width - 1 :]).strip() for _, cells in rows):
        width -= 1  # trailing delimiters of the header: unnamed columns without a cell
    if width > MAX_COLUMNS:
        raise BadFile(f"The file has more than {MAX_COLUMNS} columns.")
    rows = [(line, rejoin(cells, width)) for line, cells in rows]
    for line, cells in rows:
        if len(cells) < width or any(c.strip() for c in cells[width:]):
            hint = f" {SEMICOLONS}" if len(cells) > width else ""
            cells_text = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
            raise BadFile(f"Line {line} has {cells_text} under {width} headings; nothing was read.{hint}")
    printed = [column_key(h) for h in header[:width]]
    renamed = means([key for key, _ in printed], needed)
    if delimiter == "," and "score" in renamed and (bad := divided(rows, len(header), renamed.index("score"))):
        raise BadFile(f"Line {bad} has a cell more than there are headings, and may hold decimal commas. {SEMICOLONS}")
    keys = [(key, unit) for key, (_, unit) in zip(renamed, printed, strict=True)]
    with_units = {}
    for place, (key, _) in enumerate(keys):
        sizes = SIZE_WITH_UNIT.fullmatch(key)
        if sizes and key not in known and "n_parameters" in known:
            name = "n_active_parameters" if (sizes["part"] or "").startswith("activ") else "n_parameters"
            if (
                name in known
                and name not in [k for k, _ in keys]
                and (name != "n_parameters" or "params_b" not in [k for k, _ in keys])
            ):
                keys[place] = (name, "")
                with_units[place] = sizes["unit"][0].upper()
    first = 1 if width and not header[0].strip() and is_numbering([cells[0] for _, cells in rows]) else 0
    for place in range(first, width):
        if not header[place].strip():
            bad = next((line for line, cells in rows if cells[place].strip()), None)
            if bad is not None:
                raise BadFile(f"Line {bad} has a cell under no heading (column {place + 1}); nothing was read.")
    names: list[str] = []
    for place in range(first, width):
        name = keys[place][0] if keys[place][0] in known else header[place].strip()
        again = AGAIN.fullmatch(name)
        name = again[1] if again and again[1] in known else name
        if name in known and name in names:
            raise BadFile(f"Two columns are called {name!r}.")
        names.append(name)
    sized = [i for i in range(len(names)) if keys[first + i][0] in SIZES]
    if len(sized) == 1 and not {"n_parameters", "params_b"} & set(names) and "n_parameters" in known:
        # "Size" may be a number of billions or of anything; "7B" and "350M" say it themselves.
        told = [cells[first + sized[0]].strip() for _, cells in rows]
        if any(told) and all(WITH_UNIT.fullmatch(text) for text in told if text):
            names[sized[0]] = "n_parameters"
    parts = [i for i in range(len(names)) if keys[first + i][0] in ACTIVE_SIZES]
    if len(parts) == 1 and "n_active_parameters" in known and "n_active_parameters" not in names:
        told = [cells[first + parts[0]].strip() for _, cells in rows]
        if any(told) and all(WITH_UNIT.fullmatch(text) for text in told if text):
            names[parts[0]] = "n_active_parameters"
    for place, unit in with_units.items():
        # "7" under "Params (B)" is written out as "7B", as n_parameters is a count.
        for _, cells in rows:
            cells[place] = (
                f"{cells[place].strip()}{unit}"
                if re.fullmatch(r"[~≈]?\s*\d[\d.,]*", cells[place].strip())
                else cells[place]
            )
    kept = [i for i in range(len(names)) if names[i]]
    unique = [n if names[:i].count(n) == 0 else f"{n} ({names[:i].count(n) + 1})" for i, n in enumerate(names)]
    columns = {unique[i]: [cells[first + i].strip() for _, cells in rows] for i in kept}
    frame = pd.DataFrame(columns, index=pd.Index([line - 2 for line, _ in rows], dtype="int64"), dtype=object)
    for name in {"model", "benchmark"} & set(needed) & set(frame.columns):
        frame[name] = frame[name].map(plain_name)
    unit = next((u for key, u in keys if key == "score" and u), "")
    if unit and "score_unit" in known:
        own = frame["score_unit"] if "score_unit" in frame else pd.Series("", index=frame.index, dtype=object)
        frame["score_unit"] = own.where(own != "", unit)
    refuse_fractions(frame)
    return frame


def refuse_fractions(frame: pd.DataFrame) -> None:
    """Raise BadFile where every score is a bare number of at most 1, their middle no low percentage, and the unit says percent."""
    if not {"score", "score_unit"} <= set(frame.columns):
        return
    stated = frame[frame["score"].map(_is_number)]
    bare = stated["score"].str.fullmatch(r"0?[.,]\d+|1(?:[.,]0*)?|0")
    is_percent = stated["score_unit"].map(units.read_unit).eq("percent")
    if len(stated) < units.MIN_FRACTIONS or not (bare & is_percent).all():
        return
    if stated["score"].str.replace(",", ".").astype(float).median() > LOW_PERCENT:
        first = stated.iloc[0]
        raise BadFile(
            f"All scores are at most 1 (line {int(stated.index[0]) + 2}: {first['score']}), and their unit says percent: "
            "write fraction, or the percentages."
        )


def rejoin(cells: list[str], width: int) -> list[str]:
    """Cells of a row with those put together that a comma inside brackets divided, where just that fits the header.

    "Test (edit distance, lower is better)" without quotation marks is one cell: no other reading closes the bracket.
    """
    if len(cells) <= width or not any("(" in c for c in cells):
        return cells
    out: list[str] = []
    for cell in cells:
        if out and out[-1].count("(") > out[-1].count(")"):
            out[-1] += f", {cell.strip()}"
        else:
            out.append(cell)
    return out if len(out) == width and out[-1].count("(") == out[-1].count(")") else cells


def is_rule(cells: list[str]) -> bool:
    """True for the line of dashes that Markdown draws under the headings of a table."""
    return all(RULE.fullmatch(cell.strip()) for cell in cells if cell.strip())


def is_beside(cells: list[str]) -> bool:
    """True for a line that is no row of the table: a remark, also where commas divide it, or what was drawn."""
    told = [cell.strip() for cell in cells if cell.strip()]
    return bool(REMARK.match(cells[0].strip()) or (len(told) == 1 and DRAWN.fullmatch(told[0])))


def is_numbering(cells: list[str]) -> bool:
    """True for the row numbers that scripts write into an unnamed first column; of a filtered table some are left."""
    told = [int(cell) if re.fullmatch(r"\d{1,9}", cell.strip()) else -1 for cell in cells]
    return bool(told) and told[0] >= 0 and all(one < other for one, other in pairwise(told))


def divided(rows: list[tuple[int, list[str]]], width: int, score: int) -> int | None:
    """The line of the first row with an empty cell too many whose score goes on in the next cell ("64,3"), None where
    there is none, or a score with a point shows that commas only separate.
    """
    long = [(line, cells) for line, cells in rows if len(cells) > width]
    if score + 1 >= width or any("." in cells[score] for _, cells in rows):
        return None
    whole = [line for line, cells in long if all(re.fullmatch(r"\d{1,3}", c.strip()) for c in cells[score : score + 2])]
    return whole[0] if whole else None
