"""What the Method page shows of the data: from printed value to verdict, sources, changes, the dictionary.

Question  What was read, refused and left out, how old is it, and what changed?
Input     a `frame.Page`.
Output    frames for ui/kit/charts.py and ui/kit/tables.py, lists on the screen.
Silent    Days without a change are not listed.
"""

from typing import Any

import pandas as pd
import streamlit as st

from data.vocabulary import MARKED
from reading import dictionary
from store import Where
from ui.kit import data, parts, tables, words
from ui.kit.frame import Page, stale
from ui.kit.views import MODEL_LINK, link_to_model


def level_history(page: Page, ids: tuple[str, ...]) -> pd.DataFrame:
    """Verdicts on these scores that changed since they were published, newest first."""
    if not data.has(page.path, "level_change"):
        return pd.DataFrame(columns=["evaluation_id", "old_level", "new_level", "changed_date", "reason"])
    where = (Where("evaluation_id", "in", ids),)
    return data.read(page.path, "level_change", None, where, ("-changed_date", "evaluation_id"))


def was(row: Any) -> str:
    """A changed verdict as a short line: what it was, until when, why."""
    old = "not marked" if words.is_missing(row.old_level) else words.level_text(row.old_level)
    return f"Was: {old}, until {words.day(row.changed_date)} ({CHANGED[row.reason]})."


CHANGED = {"source_changed": "the source changed", "rule_changed": "our rule changed", "new": "new score"}
CHANGE_KINDS = {"revised": "value revised by its source", "removed": "taken off by its source"}


def what_changed(page: Page) -> None:
    """Values that sources changed, by kind and day, and verdicts that changed with them."""
    lists_of_changes(page)
    if has_level_changes(page):
        tables.download(
            "Download CSV", "level_change", page.asof, lambda: [data.read(page.path, "level_change")], False
        )


def has_level_changes(page: Page) -> bool:
    """Whether a verdict is on record as changed."""
    return data.has(page.path, "level_change") and data.how_many(page.path, "level_change") > 0


@parts.kept_for_all
def lists_of_changes(page: Page) -> None:
    """The lists of both."""
    counts = data.count(page.path, "evaluation_change", ("changed_date", "kind"))
    has_levels = has_level_changes(page)
    if counts.empty and not has_levels:
        st.markdown("No value and no verdict is on record as changed.")
        return
    if len(counts):
        st.markdown("Values that a source revised or took off, by day:")
        counts = counts.assign(kind=counts["kind"].map(CHANGE_KINDS)).iloc[::-1]
        settings = {
            "changed_date": st.column_config.DateColumn("Day", format="D MMM YYYY"),
            "kind": "What",
            "n": st.column_config.NumberColumn("Values", format="localized"),
        }
        tables.show(counts, settings, alt="Changed values by kind and day")
    if not has_levels:
        st.markdown("No verdict is on record as changed.")
        return
    rows = level_changes(page)
    reasons = rows["reason"].value_counts()
    st.markdown(
        "Verdicts that changed: "
        + "; ".join(f"{CHANGED[reason]}: {words.count(n)}" for reason, n in reasons.items())
        + "."
    )
    settings = {
        "model_link": MODEL_LINK,
        "benchmark_name": st.column_config.TextColumn("Benchmark", width=130),
        "changed_date": st.column_config.DateColumn("Day", format="D MMM YYYY"),
        "old": st.column_config.TextColumn("Was", width=160),
        "new": st.column_config.TextColumn("Is", width=160),
        "why": st.column_config.TextColumn("Because", width="medium"),
    }
    tables.show(rows, settings, alt="Changed verdicts")


def level_changes(page: Page) -> pd.DataFrame:
    """Changed verdicts with the names of model and benchmark, newest first."""
    rows = data.read(page.path, "level_change", None, (), ("-changed_date", "evaluation_id"))
    ids = tuple(rows["evaluation_id"].head(tables.SHOWN))
    select = ("evaluation_id", "model_id", "model_name", "benchmark_name")
    named = data.read(page.path, "scores", select, (Where("evaluation_id", "in", ids),))
    joined = rows.merge(named, on="evaluation_id", how="left")
    return joined.assign(
        model_link=[
            None if words.is_missing(i) else link_to_model(i, n)
            for i, n in zip(joined["model_id"], joined["model_name"], strict=True)
        ],
        old=[None if words.is_missing(level) else words.level_text(level) for level in joined["old_level"]],
        new=[None if words.is_missing(level) else words.level_text(level) for level in joined["new_level"]],
        why=joined["reason"].map(CHANGED),
    )


def funnel_steps(page: Page) -> list[tuple[str, int]]:
    """Values left after each step from printed page to unusual score."""
    accepted = data.how_many(page.path, "sighting")
    headline = data.how_many(page.path, "scores", data.CURRENT)
    levels = data.count(page.path, "anomalies", ("level",), data.COUNTED).set_index("level")["n"]
    compared = int(levels.drop(["cannot_tell", "check_data"], errors="ignore").sum())
    return [
        ("Read", accepted + data.how_many(page.path, "rejection")),
        ("Accepted", accepted),
        ("Scores", headline),
        ("Compared", compared),
        ("Unusual", int(levels.reindex(list(MARKED)).fillna(0).sum())),
    ]


def source_table(page: Page) -> pd.DataFrame:
    """One row per source: how old, how many scores, what was rejected and why."""
    found = data.read(page.path, "source", None, (), ("title",))
    scores = data.count(page.path, "evaluation", ("source_id",)).set_index("source_id")["n"]
    omitted = data.read(page.path, "omission", ("source_id", "n_values")).groupby("source_id")["n_values"].sum()
    refused = data.count(page.path, "rejection", ("source_id", "reason"))
    reasons = {
        source_id: ", ".join(
            f"{words.count(r.n)} {r.reason}" for r in rows.sort_values("n", ascending=False).itertuples()
        )
        for source_id, rows in refused.groupby("source_id")
    }
    late = set(stale(found, page.asof))
    seen = data.read(page.path, "evaluation", ("source_id", "n_sightings")).groupby("source_id")["n_sightings"].sum()
    shown = found.assign(
        age=[
            ("◷ " if t in late else "") + words.day(d)
            for t, d in zip(found["title"], found["newest_content_date"], strict=True)
        ],
        n_evaluations=found["source_id"].map(scores).fillna(0).astype(int),
        n_sightings=found["source_id"].map(seen).fillna(0).astype(int),
        n_omitted=found["source_id"].map(omitted).fillna(0).astype(int),
        rejections=found["source_id"].map(reasons),
        may_copy=found["is_redistributable"].map({True: "yes", False: "no, on screen only"}),
    )
    return shown.sort_values(["n_evaluations", "title"], ascending=[False, True]).reset_index(drop=True)


READABLE = {
    "rejection": ("source", "reason", "model_reported", "benchmark_reported", "score_reported", "detail"),
    "omission": ("source", "rule", "n_values", "example"),
}


def with_source(page: Page, table: str, everything: bool = False) -> pd.DataFrame:
    """Rows of rejection or omission with the name of their source."""
    titles = data.read(page.path, "source", ("source_id", "title", "is_redistributable"))
    limit = None if everything else tables.SHOWN
    rows = data.read(page.path, table, None, (), ("source_id", "snapshot_id"), limit)
    return rows.merge(titles.rename(columns={"title": "source"}), on="source_id", how="left")


@st.cache_data(max_entries=1, show_spinner=False)
def meanings() -> pd.DataFrame:
    """The data dictionary."""
    return dictionary.whole()
