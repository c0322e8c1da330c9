"""When did a model come out?

Question  On which day was each model released, and what kind of day is that?
Input     what sources state about models, the evaluations, and the days of data/facts/release_dates.csv.
Output    per model: model_date, date_basis (release, upload, listing, submission or None), date_note, first_seen_date.
Method    A day of the facts file (the maker's own announcement) goes before everything. Of days that sources state, those
          that are refuted fall out: a version is not older than the day in its own name, and not younger than the first
          page that shows a score of it. Of the others the group of days that most sources support is used, an upload on
          one of these days counting as one more; where support is equal, the latest, since by then the model was out (the
          rule that records.read_date has for a month alone). Then the day of upload, then the earlier of listing and
          submission. A listing is a day that a page prints beside the row, or the first of a board's own dated versions
          that has the model while one at most MAX_GAP days older lacks it. The day of a lone copy of a page is no age,
          and a page that is known to list other rows than the board did is none of its versions.
Silent    A model that only such a copy shows has no model_date: first_seen_date says by when it existed.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from ingest import codes
from ingest.records import read_date
from ingest.releases import version_key

NEAR = 10  # days: announcement, weights and first API version of one model lie that close; other versions seldom do
SLACK = 7  # days by which clocks, time zones and early access put a page before an announcement
MAX_GAP = 100  # days: boards are captured once a quarter; after a longer silence the next copy dates nothing
# A version's own day in its name: claude-3-5-sonnet-20241022, gpt-4o-2024-08-06.
NAMED_DAY = re.compile(r"(?<!\d)(20[12]\d)[-_ ]?([01]\d)[-_ ]?([0-3]\d)(?!\d)")
STATED = (("release_date", "release"), ("upload_date", "upload"), ("submission_date", "submission"))


def choose_dates(said: pd.DataFrame, evaluations: pd.DataFrame, known: Mapping[str, str] | None = None) -> pd.DataFrame:
    """model_date (ISO text), date_basis, date_note and first_seen_date per model_id that has an evaluation.

    said          model_id, model, source_id, release_date, upload_date, submission_date as printed
    evaluations   model_id, source_id, first_seen_date (ISO text), evaluated_on (day or None), listed_date as printed,
                  is_version (whether its page may be one of the versions of its board)
    known         model_id -> day of its release, from facts
    """
    seen = first_day(evaluations["first_seen_date"], evaluations["model_id"])
    days = {basis: read_days(said, column) for column, basis in STATED}
    ran = evaluations[evaluations["evaluated_on"].notna()]
    runs = pd.Series(codes.each(date.isoformat, ran["evaluated_on"]), index=ran["model_id"], dtype=object)
    submitted = pd.concat([days["submission"].set_index("model_id")["day"], runs])
    submitted = first_day(submitted, submitted.index.to_series())
    uploaded = first_day(days["upload"]["day"], days["upload"]["model_id"]).to_dict()
    bounds = {"submission": submitted.to_dict(), "listing": list_days(evaluations).to_dict()}
    shown = {
        model_id: choose_bound(day, uploaded.get(model_id), {basis: d.get(model_id) for basis, d in bounds.items()})
        for model_id, day in seen.items()
    }
    used = {model_id: day for model_id, (day, basis) in shown.items() if basis == "upload" and day}
    released = settle_releases(days["release"], used, seen.to_dict(), known or {})
    rows = {
        model_id: (released[model_id][0], "release", released[model_id][1], day)
        if model_id in released
        else (*shown[model_id], None, day)
        for model_id, day in seen.items()
    }
    columns = ["model_date", "date_basis", "date_note", "first_seen_date"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=object)


def choose_bound(seen: str, uploaded: str | None, bounds: Mapping[str, str | None]) -> tuple[str | None, str | None]:
    """The day that is nearest to a model's age where no release is known, and its basis; None twice where there is none.

    seen      first day on which any page shows a score; bounds: days by which the model existed, by basis
    """
    # A later day is a slip of its page, or a board that listed the model late: the score was there to be read.
    days = [(day, basis) for basis, day in bounds.items() if day and day <= seen]
    day, basis = min(days, key=lambda pair: pair[0], default=(None, None))
    # A repository can be re-created after its model was tested: a later upload day is not the model's age.
    return (uploaded, "upload") if uploaded and uploaded <= (day or seen) else (day, basis)


def known_days(called: pd.DataFrame, days: pd.DataFrame) -> dict[str, str]:
    """Release day per model_id that a fact states for its version.

    called   releases.assign, indexed by model_id; days: data/facts/release_dates.csv
    """
    said = {(row.developer, version_key(row.model)): row.release_date for row in days.itertuples(index=False)}
    keys = codes.rows(called.rename_axis("model_id").reset_index(), ("model_id", "maker", "version"))
    return {model_id: said[maker, version] for model_id, maker, version in keys if (maker, version) in said}


def share_days(dated: pd.DataFrame, called: pd.DataFrame) -> pd.DataFrame:
    """Release days for those spellings of a version that no source dates: another spelling's, else the day in the name.

    dated    choose_dates; called: releases.assign; both indexed by model_id
    """
    rows = called[called["version"] != ""].join(dated[["model_date", "date_basis"]])
    released = rows[rows["date_basis"] == "release"].sort_values("model_date")
    days = released.groupby(["maker", "version"])["model_date"].first().to_dict()
    others = rows[rows["date_basis"] != "release"]
    seen = dated["first_seen_date"].to_dict()
    found = {}
    for model_id, maker, version in others[["maker", "version"]].itertuples(name=None):
        named = named_day(version)
        day = days.get((maker, version)) or named
        # Shown before that day: the name means another version, and the day is not this one's.
        if day is None or seen[model_id] < shift(day, -SLACK):
            continue
        told = "The day is that of the same version under another name."
        note = told if (maker, version) in days else "The day is the one in its name."
        found[model_id] = (day, "release", note)
    columns = ["model_date", "date_basis", "date_note"]
    shared = pd.DataFrame.from_dict(found, orient="index", columns=columns, dtype=object).reindex(dated.index)
    return dated.assign(**{c: dated[c].where(shared["date_basis"].isna(), shared[c]) for c in columns})


def read_days(said: pd.DataFrame, column: str) -> pd.DataFrame:
    """model_id, model, source_id, day (ISO text) and is_day (a whole day is printed, not a month or year) of one column."""
    rows = said.loc[said[column] != "", ["model_id", "model", "source_id", column]].drop_duplicates()
    rows = rows.assign(day=codes.each(iso_day, rows[column]), is_day=codes.each(is_whole_day, rows[column]))
    return rows[rows["day"].notna()].drop(columns=column)


def iso_day(text: str) -> str | None:
    """A printed day as ISO text, None where it is none."""
    day = read_date(text)
    return day.isoformat() if day else None


def is_whole_day(text: str) -> bool:
    """Whether a day is printed, and not a month or a year alone."""
    return len(re.sub(r"\D", "", text)) > 6 or not text[:4].isdigit()


def first_day(days: pd.Series, model_id: pd.Series) -> pd.Series:
    """The earliest of the days (ISO text) of each model, by model_id."""
    code, texts = codes.rank(days)
    first = pd.Series(code).groupby(model_id.to_numpy()).min()
    return pd.Series(np.array(texts, dtype=object)[first], index=first.index, dtype=str)


def list_days(evaluations: pd.DataFrame) -> pd.Series:
    """Day of listing per model, for models that a page dates, or that a board's newer version has and an older one lacks."""
    rows = evaluations[["model_id", "source_id", "first_seen_date", "listed_date", "is_version"]].drop_duplicates()
    rows = rows.assign(is_printed=rows["listed_date"] != "")
    boards = rows[~rows["is_printed"] & rows["is_version"]].groupby("source_id")["first_seen_date"].unique()
    is_dated = set()
    for source_id, days in boards.items():
        ordered = sorted(days)
        for before, after in itertools.pairwise(ordered):
            if (date.fromisoformat(after) - date.fromisoformat(before)).days <= MAX_GAP:
                is_dated.add((source_id, after))
    keys = zip(rows["source_id"].tolist(), rows["first_seen_date"].tolist(), strict=True)
    is_new = pd.Series([k in is_dated for k in keys], index=rows.index, dtype=bool) & rows["is_version"]
    usable = rows["is_printed"] | is_new
    return first_day(rows.loc[usable, "first_seen_date"], rows.loc[usable, "model_id"])


def named_day(name: str) -> str | None:
    """The day that a version's name states, as ISO text; None where it states none, or several."""
    found = {day for match in NAMED_DAY.finditer(name) if (day := read_date("-".join(match.groups())))}
    return found.pop().isoformat() if len(found) == 1 else None


def settle_releases(
    stated: pd.DataFrame, uploaded: Mapping[str, str], seen: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, tuple[str, str | None]]:
    """Release day and date_note per model that has a release day: known, else stated (read_days)."""
    out: dict[str, tuple[str, str | None]] = {}
    said = defaultdict(list)
    for model_id, *row in codes.rows(stated, ("model_id", "day", "is_day", "source_id", "model")):
        said[model_id].append(tuple(row))
    for model_id, rows in said.items():
        if model_id not in known:
            out[model_id] = settle_release(rows, uploaded.get(model_id), seen.get(model_id))
    return out | {model_id: (day, None) for model_id, day in known.items()}


def settle_release(
    stated: Iterable[tuple[str, bool, str, str]], uploaded: str | None = None, seen: str | None = None
) -> tuple[str, str | None]:
    """The release day of one model from what sources state, and one sentence where they are more than NEAR days apart.

    stated     day (ISO text), whether a whole day is printed, source_id, the name that the source uses
    uploaded   day on which its repository was made; seen: first day on which any page shows a score of it
    """
    rows = sorted(set(stated))
    whole = [row for row in rows if row[1]] or rows  # a month or a year says little beside a day
    named = {day for _, _, _, name in rows if (day := named_day(name))}
    low = shift(max(named), -SLACK) if named else ""
    high = shift(seen, SLACK) if seen else "9999"
    left = [row for row in whole if low <= row[0] <= high] or whole
    witnesses = [(day, source) for day, _, source, _ in left] + ([(uploaded, "repository")] if uploaded else [])
    days = sorted({row[0] for row in left})
    support = {d: len({source for day, source in witnesses if apart(day, d) <= NEAR}) for d in days}
    most = [d for d in days if support[d] == max(support.values())]
    group = [d for d in most if apart(d, most[-1]) <= NEAR]
    printed = [day for day, _ in witnesses]
    chosen = max(group, key=printed.count)  # of days printed equally often the earliest
    spread = rows[0][0], rows[-1][0]
    if apart(*spread) <= NEAR:
        return chosen, None
    if len(group) < len(most):
        why = "as many support an earlier day as this one, and by this one it was out"
    elif len(most) < len(days):
        why = "the one that most sources support is used"
    else:
        why = "the others do not fit its name or its first score" if len(days) < len(rows) else "the one used fits best"
    return chosen, f"Sources date its release from {spread[0]} to {spread[1]}; {why}."


def shift(day: str, days: int) -> str:
    """An ISO day moved by some days."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def apart(one: str, other: str) -> int:
    """Days between two ISO days."""
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
