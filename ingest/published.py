"""The log of published levels, and what is different now.

Question  A score was called unusual last month and is not today, or the other way round: since when, and why?
Input     the log data/starter/levels.csv; the levels of this build (table finding) and the days of its evaluations.
Output    the log with this build's differences added (`update`); rows of the table level_change (`changes`).
Method    `publish` adds a row to the log for every score whose mark (unusual, very_unusual, check_data) came, went or
          changed since the row before; nothing is ever removed from it. A change is put down to the rule when the
          method's version changed in between, to a new score when it was first seen after the publication before, else
          to the sources (its own value, or those that it is compared with).
Silent    The first publication is where the log starts: its marks are no changes. Scores that this build does not hold
          have no row in level_change; their rows in the log stay.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from data.vocabulary import MARKED
from ingest import starter

FILE = "levels.csv"
COLUMNS = ("evaluation_id", "level", "direction", "method_version", "asof")
TOLD = (*MARKED, "check_data")
READ = ("signal_id", "variant", "subject_id", "level", "direction")  # what `judged` asks of table finding
SIGNAL = "size_anomaly"  # the signal whose level stands on every page; the others are second opinions


def read(folder: Path = starter.FOLDER, asof: date | None = None) -> pd.DataFrame:
    """The log up to a day, as text; empty before the first publication. Raises StarterDamaged where it is cut or gone."""
    starter.undo_half_swap(folder)
    if (folder / starter.MANIFEST).exists():
        starter.require_whole(folder, FILE)
    path = folder / FILE
    log = starter.read_csv(path) if path.exists() else pd.DataFrame(columns=list(COLUMNS), dtype=str)
    return log if asof is None else log[log["asof"] <= str(asof)].reset_index(drop=True)


def judged(findings: pd.DataFrame, signals: pd.DataFrame, asof: str) -> pd.DataFrame:
    """The level of every current score in this build, in the columns of the log.

    findings, signals  tables of these names; asof: the build's day as ISO text
    """
    mine = findings[(findings["signal_id"] == SIGNAL) & (findings["variant"] == "")]
    versions = signals.loc[signals["signal_id"] == SIGNAL, "method_version"]
    return pd.DataFrame(
        {
            "evaluation_id": mine["subject_id"].astype(str),
            "level": mine["level"].astype(str),
            "direction": mine["direction"].astype(object).where(mine["direction"].notna(), ""),
            "method_version": "".join(versions.head(1)),
            "asof": asof,
        }
    ).sort_values("evaluation_id", ignore_index=True)


def update(log: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """The log with a row for every mark that came, went or changed; level "" where a score is no longer judged."""
    last = log.drop_duplicates("evaluation_id", keep="last").set_index("evaluation_id")["level"]
    known = last.to_dict()
    before = pd.Series([known.get(e, "") for e in now["evaluation_id"].tolist()], index=now.index, dtype=str)
    is_different = (now["level"].isin(TOLD) | before.isin(TOLD)) & (now["level"] != before)
    gone = last.index[last.isin(TOLD)].difference(now["evaluation_id"])
    rows = [log[list(COLUMNS)], now.loc[is_different, list(COLUMNS)]]
    if len(gone) and len(now):
        moment = {c: now[c].iloc[0] for c in ("method_version", "asof")}
        rows.append(pd.DataFrame({"evaluation_id": gone, "level": "", "direction": ""}).assign(**moment)[list(COLUMNS)])
    return pd.concat([part for part in rows if len(part)] or rows[:1], ignore_index=True)


def renewed(log: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """The log once a build is published; unchanged by a build of an earlier day."""
    return log if len(log) and len(now) and now["asof"].iloc[0] < log["asof"].max() else update(log, now)


def changes(log: pd.DataFrame, first_seen: pd.Series) -> pd.DataFrame:
    """Rows of the table level_change.

    log         as update() returns it
    first_seen  day on which each score was first seen, ISO text; index evaluation_id: the scores of this build
    """
    publication = pd.factorize(log["asof"] + "\x1f" + log["method_version"])[0]
    # Of each publication: its day and version; the one before the first is the first itself.
    days, versions = (log.groupby(publication)[c].first().to_numpy() for c in ("asof", "method_version"))
    before = np.maximum(publication - 1, 0)
    old = log.groupby("evaluation_id")["level"].shift()
    is_new = old.isna() & (
        log["evaluation_id"].map(first_seen) > pd.Series(days[before], index=log.index, dtype=object)
    )
    is_rule = log["method_version"] != pd.Series(versions[before], index=log.index, dtype=object)
    rows = pd.DataFrame(
        {
            "evaluation_id": log["evaluation_id"],
            "old_level": old.where(old.notna() & (old != ""), None),
            "new_level": log["level"].where(log["level"] != "", None),
            "changed_date": log["asof"],
            "reason": np.select([is_new, is_rule], ["new", "rule_changed"], "source_changed"),
        }
    )
    is_start = (publication == 0) & old.isna()
    return rows[~is_start & log["evaluation_id"].isin(first_seen.index)].reset_index(drop=True)


def since(log: pd.DataFrame | None, now: pd.DataFrame, evaluations: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table level_change for this build: what differs from the levels that were published (none: nothing).

    now   as judged() returns it; evaluations: table of this name
    """
    known = pd.DataFrame(columns=list(COLUMNS), dtype=str) if log is None else log
    known = update(known, now) if len(known) else known
    return changes(known, evaluations.set_index("evaluation_id")["first_seen_date"].astype(str))
