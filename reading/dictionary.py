"""The data dictionary: every column of the database and of the files, with its meaning.

Question  What does this column mean?
Input     data/schema.sql, data/views.sql, data/file_columns.py.
Output    one row per column: table (or file), column, type, may_be_empty, meaning.
Method    A file's column means what the column of its name means in the table that the file is about, FIRST; else in any
          table; else data/file_columns.py says it.
Silent    Never: a test fails for a column without a meaning.
"""

from functools import cache

import pandas as pd

import store
from data.file_columns import FILE_COLUMNS

FIRST = {
    "scores": ("evaluation", "model", "series"),
    "anomalies": ("finding", "evaluation", "model", "series"),
    "tally": ("evaluation", "finding", "model", "series"),
    "apart": ("finding", "evaluation", "model", "series"),
    "marked": ("finding", "evaluation", "model", "review"),
    "twin_gaps": ("finding", "twin", "evaluation", "model"),
    "saturation": ("trend", "series", "benchmark"),
    "outlook": ("trend", "series", "benchmark"),
    "benchmarks": ("benchmark_answer", "benchmark"),
    "families": ("family_answer",),
    "claims": ("finding", "evaluation", "model"),
    "changes": ("evaluation_change", "evaluation", "model"),
    "models": ("model", "model_summary"),
}


@cache
def whole() -> pd.DataFrame:
    """Tables first, then files."""
    tables = store.columns()
    rows = [
        {
            "table": view,
            "column": column,
            "type": kind,
            "may_be_empty": "",
            "meaning": meaning(column, FIRST.get(view, ()), tables),
        }
        for view, known in store.view_columns().items()
        for column, kind in known.items()
    ]
    return pd.concat([store.dictionary(), pd.DataFrame(rows)], ignore_index=True)


def meaning(column: str, first: tuple[str, ...], tables: dict[str, dict[str, dict[str, str]]]) -> str:
    """What a column of a file says; "" where nobody wrote it."""
    places = [name for name in (*first, *tables) if column in tables[name]]
    return FILE_COLUMNS.get(column) or (tables[places[0]][column]["comment"] if places else "")
