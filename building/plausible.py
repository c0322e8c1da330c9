"""Is a new build believable beside the one that is shown?

Question  Have scores vanished, or marks multiplied, as they do when a source or a parser breaks and not when the world moves?
Input     the tables of the new build, packed, before they are written; the database that is current.
Output    sentences, none where the build is believable; `HeldBack` carries them.
Method    Scores that stand today, by their ids, which survive rebuilds; headline marks, by their number.
Silent    Without a current database there is nothing to compare with.
"""

from collections.abc import Mapping
from typing import Any

import store
from data.vocabulary import MARKED
from store import Where

VANISHED = 0.05  # share of the scores that stand; sources revise or take off a few in a thousand between two builds
TIMES, LEAST = 2.0, 20  # marks; so few more are the work of one new board
HEADLINE = "size_anomaly"


class HeldBack(Exception):
    """The new build is not believable: it is not shown, and the one before it stays."""


def complaints(tables: Mapping[str, Any], connection: store.Connection) -> list[str]:
    """What is not believable about the tables of a new build, packed (store.pack)."""
    told = []
    evaluations = store.unpack(tables["evaluation"], ["evaluation_id", "status"])
    standing = evaluations.loc[evaluations["status"] == "current", "evaluation_id"]
    before = store.read(connection, "evaluation", ["evaluation_id", "source_id"], [Where("status", "=", "current")])
    lost = before[~before["evaluation_id"].isin(standing)]
    if len(lost) > VANISHED * len(before):
        most = lost["source_id"].value_counts()
        told.append(f"{len(lost):,} of {len(before):,} scores are gone, {most.iloc[0]:,} of them from {most.index[0]}.")
    found = store.unpack(tables["finding"], ["signal_id", "variant", "level"])
    is_mark = (found["signal_id"] == HEADLINE) & (found["variant"] == "") & found["level"].isin(MARKED)
    marks = [Where("signal_id", "=", HEADLINE), Where("variant", "=", ""), Where("level", "in", MARKED)]
    n_marks, n_before = int(is_mark.sum()), int(store.count(connection, "finding", (), marks)["n"].iloc[0])
    if n_marks > TIMES * n_before and n_marks - n_before > LEAST:
        told.append(f"{n_marks:,} scores are marked where {n_before:,} were.")
    return told


def check(tables: Mapping[str, Any]) -> None:
    """Raise HeldBack where the tables are not believable beside the current database."""
    try:
        connection = store.connect(store.current())
    except store.NoDatabase:
        return
    with connection:
        if told := complaints(tables, connection):
            raise HeldBack(
                f"The new build is held back: {' '.join(told)} `python pipeline.py build` shows it all the same."
            )
