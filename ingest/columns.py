"""Files made of named columns (CSV, parquet) as rows of text.

Question  What does each cell of a column say?
Input     a Page whose body is a CSV file with a header line, or a parquet file.
Output    `TextTable`: header and rows, every cell as text; `TextTable.pick` gives some columns, in the order asked for.
Method    CSV: RFC 4180 as Python's csv module reads it, in strict mode. Parquet: a number's text is the shortest that
          reads back as the same number, an absent value is "".
Silent    Never: a broken line, a missing or repeated column, or a file cut off in mid-line raises LayoutChanged.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.compute
import pyarrow.parquet

from ingest.records import LayoutChanged, Page, shorten

PARQUET_MAGIC = b"PAR1"
# A hundred times the largest parquet file seen. Cells are counted before they are made: repeated ones take no place in a file.
MAX_CELLS = 5_000_000
MAX_CELL_BYTES = 10_000
MOST_RAGGED = 20  # more than one odd row in twenty is another layout, not a slip


@dataclass(frozen=True, kw_only=True)
class TextTable:
    """Header and rows of a file, all text; every row is as long as the header. `ragged` holds the rows that are not."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    ragged: tuple[tuple[str, ...], ...] = ()

    def pick(self, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The cells of these columns, row by row; raises LayoutChanged when a column is missing or stands there twice.

        "" asks for a column that this file does not have: its cells are "".
        """
        for column in columns:
            if column and self.header.count(column) != 1:
                many = "no column" if column not in self.header else "more than one column"
                raise LayoutChanged(f"{self.name} has {many} {shorten(column)!r}.")
        # An empty cell behind every row stands in for the columns that the file does not have.
        places = [self.header.index(c) if c else len(self.header) for c in columns]
        if len(places) == 1:  # itemgetter of one place gives the cell itself, not a tuple
            return (((*row, "")[places[0]],) for row in self.rows)
        choose = itemgetter(*places)
        return (choose((*row, "")) for row in self.rows)


def read_text_table(page: Page, *, has_final_newline: bool = True, may_be_ragged: bool = False) -> TextTable:
    """A page as a TextTable; raises LayoutChanged when it cannot be read whole.

    has_final_newline   False for files whose publisher leaves the last line open: a file cut off inside its very last
                        cell can then not be told from a whole one.
    may_be_ragged       True sets a few rows of another length than the header aside instead of raising. The last row is
                        never among them: a short last row is how a file looks that was cut off.
    """
    if page.body[:4] == PARQUET_MAGIC:
        return read_parquet(page)
    text = page.text()
    if has_final_newline and not text.endswith("\n"):
        raise LayoutChanged(f"{page.name} ends in the middle of a line.")
    try:
        lines = [tuple(line) for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except csv.Error as error:
        raise LayoutChanged(f"{page.name} is not a readable CSV file ({error}).") from error
    if len(lines) < 2:
        raise LayoutChanged(f"{page.name} holds no rows.")
    header, *rows = lines
    ragged = [number for number, row in enumerate(rows) if len(row) != len(header)]
    allowed = max(1, len(rows) // MOST_RAGGED) if may_be_ragged else 0
    if len(ragged) > allowed or len(rows) - 1 in ragged:
        raise LayoutChanged(
            f"Row {ragged[-1] + 1} of {page.name} has {len(rows[ragged[-1]])} cells where the header has {len(header)}."
        )
    whole = tuple(row for row in rows if len(row) == len(header))
    return TextTable(name=page.name, header=header, rows=whole, ragged=tuple(rows[number] for number in ragged))


def read_frame(path: Path) -> pd.DataFrame:
    """A CSV file of the project's own as text columns, empty cells as empty text; raises ValueError.

    pandas alone would take the first column for an index where rows are longer than the header, and fill short ones: then
    values stand in other columns than they were written into.
    """
    text = path.read_text(encoding="utf-8")
    try:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        width = len(next(lines, ()))
        for cells in lines:
            if cells and len(cells) != width:
                raise ValueError(f"line {lines.line_num} has {len(cells)} cells under {width} headings")
        return pd.read_csv(io.StringIO(text, newline=""), dtype=str, keep_default_na=False, index_col=False)
    except (csv.Error, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ValueError(shorten(str(error))) from error


def read_parquet(page: Page) -> TextTable:
    """A parquet page as a TextTable: True and False for booleans, "" for absent values.

    Raises LayoutChanged for more cells, or longer ones, than any table of scores has.
    """
    try:
        file = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(page.body))
        about = file.metadata
        groups = [about.row_group(i) for i in range(about.num_row_groups)]
        n_cells = sum(g.column(i).num_values for g in groups for i in range(g.num_columns))
        if max(n_cells, about.num_rows * about.num_columns) > MAX_CELLS:
            raise LayoutChanged(f"{page.name} holds more than {MAX_CELLS:,} cells.")
        # Texts stay in their dictionary, where a repeated one stands once, until it is known how long they are.
        texts = [
            f.name for f in file.schema_arrow if pyarrow.types.is_string(f.type) or pyarrow.types.is_binary(f.type)
        ]
        table = pyarrow.parquet.read_table(pyarrow.BufferReader(page.body), read_dictionary=texts)
        for column in (table.column(i) for i in range(table.num_columns)):
            for chunk in column.chunks:
                if pyarrow.types.is_nested(chunk.type):
                    raise LayoutChanged(f"{page.name} holds tables inside its cells.")
                values = chunk.dictionary if pyarrow.types.is_dictionary(chunk.type) else None
                longest = pyarrow.compute.max(pyarrow.compute.binary_length(values)).as_py() if values else 0
                if longest > MAX_CELL_BYTES:
                    raise LayoutChanged(f"{page.name} holds a cell of more than {MAX_CELL_BYTES:,} bytes.")
        header = tuple(table.column_names)
        columns = [[say(value) for value in column.to_pylist()] for column in table.columns]
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise LayoutChanged(f"{page.name} is not a readable parquet file.") from error
    if table.num_rows == 0:
        raise LayoutChanged(f"{page.name} holds no rows.")
    return TextTable(name=page.name, header=header, rows=tuple(zip(*columns, strict=True)))


def say(value: object) -> str:
    """One parquet value as text; repr is the shortest text that reads back as the same floating point number."""
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)
