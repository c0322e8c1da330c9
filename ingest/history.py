"""The same number across copies and dates becomes one evaluation with its sightings.

Question  Is this reading a copy of a run that we have, a revised value of it, or something new?
Input     accepted records of all sources (records.accept) with source_id, content_date (ISO text) and file_name joined on.
Output    evaluations (one row per run, test and value), sightings, changes, rejections, repeats. See `collapse`.
Method    Readings share a run when source, run, model, benchmark, version, metric and setting are the same as printed
          (Hugging Face names compare without case). In order of content date, a reading equals the one before it when the
          coarser printed precision agrees: copies round, and 61.77 is not a revision of 61.774744. Only a larger
          difference is a revision. Of equal readings the most precise one is kept as the score.
Silent    Never: two different values for one run on one page are ambiguous and rejected, both of them.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ingest import codes
from ingest.records import Source, read_date

KEY = ("source_id", "run", "model_key", "benchmark", "benchmark_version", "metric", "setting")
# Half a unit of the coarser precision, with room for the last bit of a binary fraction.
HALF = 0.5 * (1 + 1e-6)
BITS = 1e-15  # what binary fractions of this size cannot tell apart; copies print up to 17 digits


@dataclass(frozen=True)
class History:
    """evaluations: record columns + evaluation_id, first_seen_date, last_seen_date, n_sightings, status, supersedes_id;
    sightings: evaluation_id, snapshot_id, score_reported; changes: columns of table evaluation_change;
    rejections: source_id + the columns of records.accept's rejections; repeats: rows printed twice alike, per snapshot.
    """

    evaluations: pd.DataFrame
    sightings: pd.DataFrame
    changes: pd.DataFrame
    rejections: pd.DataFrame
    repeats: pd.DataFrame


def name(*parts: str) -> str:
    """An identifier that survives rebuilds: 16 hex digits over the parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def are_equal(first: float, first_decimals: int, second: float, second_decimals: int) -> bool:
    """Whether two readings are the same number at the coarser of their precisions (decimals on the scale of the values)."""
    return abs(first - second) <= HALF * 10.0 ** -min(first_decimals, second_decimals) + BITS


def split_readings(values: list[float], decimals: list[int]) -> list[int]:
    """Segment number of each reading in order: it rises where a value is revised."""
    segment, number = [], 0
    best, best_decimals = values[0], decimals[0]
    for value, places in zip(values, decimals, strict=True):
        if not are_equal(best, best_decimals, value, places):
            number += 1
            best, best_decimals = value, places
        elif places > best_decimals:
            best, best_decimals = value, places
        segment.append(number)
    return segment


def collapse(records: pd.DataFrame, sources: Mapping[str, Source]) -> History:
    """Join readings into evaluations. Rows of `records` in any order give the same result."""
    records = records.reset_index(drop=True)
    rows, days = order_readings(records)
    on_page = rows.groupby(["key", "snapshot_id"], sort=False)["score_reported"].transform("nunique").to_numpy()
    clash, rows = records.iloc[rows.loc[on_page > 1, "at"]], rows[on_page == 1]
    repeated = rows.duplicated(["key", "snapshot_id"]).to_numpy()
    repeats, rows = records.iloc[rows.loc[repeated, "at"]], rows[~repeated].reset_index(drop=True)

    rows["segment"] = number_segments(rows)
    rows["group"] = np.cumsum(is_first(rows["key"]) | is_first(rows["segment"])) - 1
    kept = name_evaluations(rows, records)
    last = is_last(rows["group"])
    first_seen = np.minimum.reduceat(rows["seen"].to_numpy(), np.flatnonzero(is_first(rows["group"])))
    last_seen = np.maximum(rows.loc[last, "day"].to_numpy(), first_seen)
    kept["first_seen_date"] = pd.Series(days[first_seen], dtype=records["content_date"].dtype)
    kept["last_seen_date"] = pd.Series(days[last_seen], dtype=records["content_date"].dtype)
    kept["n_sightings"] = np.bincount(rows["group"])
    kept["snapshot_id"] = records["snapshot_id"].iloc[rows.loc[last, "at"]].to_numpy()
    kept["status"] = np.where(is_last(rows.loc[last, "key"]), "current", "superseded")
    kept.loc[find_removed(kept, rows, records, sources), "status"] = "removed"

    order = np.argsort(kept["evaluation_id"].to_numpy().astype("S16"), kind="stable")
    place = np.empty(len(kept), dtype=np.int64)
    place[order] = np.arange(len(kept))
    seen = rows.iloc[np.argsort(codes.combine([place[rows["group"]], rows["snapshot_id"].to_numpy()]), kind="stable")]
    sightings = records[["snapshot_id", "score_reported"]].iloc[seen["at"]].reset_index(drop=True)
    sightings.insert(0, "evaluation_id", kept["evaluation_id"].iloc[seen["group"]].to_numpy())
    return History(
        evaluations=kept.iloc[order].reset_index(drop=True),
        sightings=sightings,
        changes=tell_changes(kept),
        rejections=refuse_clashes(clash),
        repeats=count_repeats(repeats),
    )


def order_readings(records: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """The readings by run and then by day, as numbers that compare like the texts behind them; the text of each day.

    Columns: key (one number per run), at (place in `records`), day and seen (the content date and `earliest`), places
    (decimals on the scale of `score`), score, and codes of snapshot_id, score_reported and model.
    """
    columns = ("snapshot_id", "score_reported", "locator", "note", "model", "content_date")
    code = {name: codes.rank(records[name])[0] for name in columns}
    key = codes.combine([codes.rank(part)[0] for part in run_key(records)])
    seen = earliest(records)
    days = sorted({*records["content_date"].unique(), *seen.unique()})
    number = {day: i for i, day in enumerate(days)}
    rows = pd.DataFrame(
        {
            "key": np.unique(key, return_inverse=True)[1],
            "at": np.arange(len(records)),
            "day": codes.each(number.__getitem__, records["content_date"]).astype(np.int64),
            "seen": codes.each(number.__getitem__, seen).astype(np.int64),
            # A percentage printed with one decimal is a fraction with three.
            "places": records["score_decimals"].to_numpy() + np.where(is_percent(records), 2, 0),
            "score": records["score"].to_numpy(),
            "snapshot_id": code["snapshot_id"],
            "score_reported": code["score_reported"],
            "model": code["model"],
        }
    )
    decimals = records["score_decimals"].to_numpy(dtype=np.int64)
    # To the last column, so that rows that differ in nothing but a name's capitals come in one order always.
    last = (code[name] for name in ("snapshot_id", "score_reported", "locator", "note", "model"))
    order = np.argsort(codes.combine([rows["key"].to_numpy(), code["content_date"], decimals, *last]), kind="stable")
    return rows.iloc[order].reset_index(drop=True), np.array(days, dtype=object)


def run_key(records: pd.DataFrame) -> list[pd.Series]:
    """The columns KEY: what tells one run's score from another's."""
    folded = codes.each(
        lambda name, scheme: name.casefold() if scheme == "hf" else name, records["model"], records["name_scheme"]
    )
    return [pd.Series(folded, dtype=str) if c == "model_key" else records[c] for c in KEY]


def is_first(numbers: pd.Series) -> np.ndarray:
    """Rows that differ from the row before them."""
    return np.diff(numbers, prepend=-1) != 0


def is_last(numbers: pd.Series) -> np.ndarray:
    """Rows that differ from the row after them."""
    return np.diff(numbers, append=-1) != 0


def refuse_clashes(clash: pd.DataFrame) -> pd.DataFrame:
    """The rejections of readings that contradict another one on their page."""
    return pd.DataFrame(
        {
            "source_id": clash["source_id"], "snapshot_id": clash["snapshot_id"], "model_reported": clash["model"],
            "benchmark_reported": clash["benchmark"], "score_reported": clash["score_reported"],
            "reason": "ambiguous",
            "detail": "The page prints different values for the same model, test and setting.",
        }
    ).reset_index(drop=True)  # fmt: skip


def count_repeats(repeated: pd.DataFrame) -> pd.DataFrame:
    """Readings that a page prints twice alike, counted per snapshot."""
    counted = repeated.groupby("snapshot_id", as_index=False).agg(
        source_id=("source_id", "first"), n_values=("model", "size"), example=("model", "first")
    )
    return counted.assign(rule="printed twice alike on one page")


def number_segments(rows: pd.DataFrame) -> np.ndarray:
    """Which value of its run each reading is: 0, and one more whenever the value was revised."""
    several = rows.groupby("key", sort=False)["score_reported"].transform("nunique").to_numpy() > 1
    starts = np.flatnonzero(several & is_first(rows["key"]))
    ends = np.flatnonzero(several & is_last(rows["key"])) + 1
    segment = np.zeros(len(rows), dtype=np.int64)
    scores, places = rows["score"].tolist(), rows["places"].tolist()
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        segment[start:end] = split_readings(scores[start:end], places[start:end])
    return segment


def name_evaluations(rows: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """The most precise reading of every evaluation, with its evaluation_id and the supersedes_id of a revised value.

    The last value of a run bears the run's own identifier, so that links hold when a value is revised.
    """
    order = codes.combine([rows[c].to_numpy() for c in ("group", "places", "day", "snapshot_id", "model")])
    best = rows.iloc[np.argsort(order, kind="stable")[is_last(rows["group"])]]
    kept = records.iloc[best["at"]].reset_index(drop=True)
    names = []
    base = ""
    for is_new, is_current, segment, printed, *parts in zip(
        is_first(best["key"]).tolist(), is_last(best["key"]).tolist(), best["segment"].tolist(),
        kept["score_reported"].tolist(), *(part.tolist() for part in run_key(kept)), strict=True,
    ):  # fmt: skip
        base = name(*parts) if is_new else base
        names.append(base if is_current else name(base, str(segment), printed))
    before = [None, *names][:-1]
    kept["evaluation_id"] = pd.Series(names, dtype=str)
    kept["supersedes_id"] = pd.Series(before, dtype=str).where(~is_first(best["key"]))
    return kept


def is_percent(rows: pd.DataFrame) -> np.ndarray:
    """Rows whose printed value was divided by 100 (a printed percent sign wins over the column's unit)."""
    return codes.each(
        lambda printed, unit: unit == "percent" or (unit == "fraction" and printed.strip().endswith("%")),
        rows["score_reported"], rows["score_unit"],
    ).astype(bool)  # fmt: skip


def earliest(rows: pd.DataFrame) -> pd.Series:
    """Day on which a row was first shown, as far as its page tells: a printed listing date, else the content date."""

    def choose(printed: str, shown: str) -> str:
        listed = read_date(printed) if printed else None
        # A listing date after the page's own date is a slip of the page; the page was there to be read.
        return min(listed.isoformat(), shown) if listed else shown

    return pd.Series(codes.each(choose, rows["listed_date"], rows["content_date"]), index=rows.index, dtype=str)


def find_removed(
    kept: pd.DataFrame, rows: pd.DataFrame, records: pd.DataFrame, sources: Mapping[str, Source]
) -> np.ndarray:
    """Current values that the newest page no longer shows, where such pages list all rows."""
    removed = np.zeros(len(kept), dtype=bool)
    at, group, day = (rows[c].to_numpy() for c in ("at", "group", "day"))
    source, files = records["source_id"].to_numpy()[at], records["file_name"].to_numpy()[at]
    for source_id, about in sources.items():
        if not about.lists_all:
            continue
        mine = np.flatnonzero(source == source_id)
        lists = [name for name in set(files[mine].tolist()) if re.fullmatch(about.lists_all, name)]
        full = mine[np.isin(files[mine], lists)]
        if len(full):
            removed[group[full]] = True
            removed[group[full[day[full] == day[full].max()]]] = False
    return removed & (kept["status"] == "current").to_numpy()


def tell_changes(kept: pd.DataFrame) -> pd.DataFrame:
    """Rows of table evaluation_change: revised values (on the current evaluation) and removed ones."""
    printed = pd.Series(kept["score_reported"].array, index=kept["evaluation_id"])
    revised = kept[kept["supersedes_id"].notna()]
    removed = kept[kept["status"] == "removed"]
    changes = pd.DataFrame(
        {
            "evaluation_id": [*revised["evaluation_id"], *removed["evaluation_id"]],
            "changed_date": [*revised["first_seen_date"], *removed["last_seen_date"]],
            "kind": ["revised"] * len(revised) + ["removed"] * len(removed),
            "old_value": [
                *printed[revised["supersedes_id"]], *removed["score_reported"],
            ],
            "new_value": [*revised["score_reported"], *([None] * len(removed))],
            "reason": "source_changed",
        }
    )  # fmt: skip
    return changes.sort_values(["evaluation_id", "kind", "changed_date"]).reset_index(drop=True)
