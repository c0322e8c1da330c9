"""What changed, and why: values that sources revised or took away, and answers of ours that are others than before.

Question  What is different from last time, and who changed it?
Input     a `frame.Page`; the view `changes`.
Output    sentences, counts by month, rows for ui/kit/tables.py.
Method    The words of a reason stand in reading/feed.py, which writes the same changes as a feed.
Silent    A score that is merely new is no change, and is not listed.
"""

from datetime import timedelta

import pandas as pd
import streamlit as st

from reading import feed, files
from store import Where
from ui.kit import data, tables, words
from ui.kit.frame import Page
from ui.kit.shelf import remembered
from ui.kit.views import benchmark_label, link_to_model

VALUES = ("value revised", "value removed")
ANSWERS = "answer changed"
WHAT: dict[str, tuple[Where, ...]] = {
    "everything": (),
    "sources": (Where("what", "in", VALUES),),
    "our answers": (Where("what", "=", ANSWERS),),
}
DAYS = files.SPANS
NEWEST = 6  # lines of what changed last
LISTED = 300  # rows of the table: with a thousand of them it was the slowest of all pages; the file has every change


def chosen(page: Page, what: str, span: str, day: str) -> tuple[tuple[Where, ...], tuple[Where, ...]]:
    """Conditions on the view `changes`: kind and days; and the same with the reader's filters."""
    base = list(WHAT[what])
    if day:
        base.append(Where("changed_date", "=", pd.Timestamp(day).date()))
    elif DAYS[span] is not None:
        base.append(Where("changed_date", "between", (page.asof - timedelta(days=DAYS[span] or 0), None)))
    return tuple(base), (*base, *page.selection.to_where(data.columns(page.path, "changes")))


@remembered
def days(path: str) -> list[str]:
    """Days with a change, newest first."""
    counts = data.count(path, "changes", ("changed_date",))
    return [f"{day:%Y-%m-%d}" for day in pd.to_datetime(counts["changed_date"]).sort_values(ascending=False)]


def counted(page: Page, where: tuple[Where, ...]) -> pd.DataFrame:
    """Changes by day, what and reason, the newest day first."""
    counts = data.count(page.path, "changes", ("changed_date", "what", "reason", "source_title"), where)
    return counts.assign(changed_date=pd.to_datetime(counts["changed_date"]))


def finding(counts: pd.DataFrame) -> str:
    """How many changes of each kind there are, in one sentence."""
    n = counts.groupby("what")["n"].sum()
    parts = [
        f"sources revised {words.plural(int(n.get(VALUES[0], 0)), 'value')}",
        f"took away {words.count(int(n.get(VALUES[1], 0)))}",
        f"{words.plural(int(n.get(ANSWERS, 0)), 'answer')} of ours changed",
    ]
    return f"{parts[0][0].upper()}{parts[0][1:]} and {parts[1]}; {parts[2]}"


def newest(counts: pd.DataFrame) -> list[str]:
    """What changed last, as Markdown lines: day, how many, whose, why."""
    grouped = counts.groupby(["changed_date", "what", "reason"]).agg(
        n=("n", "sum"), n_sources=("source_title", "nunique"), first=("source_title", "first")
    )
    ordered = grouped.reset_index().sort_values(["changed_date", "n"], ascending=[False, False]).head(NEWEST)
    lines = []
    for row in ordered.itertuples():
        whose = words.in_markdown(row.first) if row.n_sources == 1 else words.plural(row.n_sources, "source")
        lines.append(
            f"- **{words.day(row.changed_date)}**: {feed.told(row.n, whose, row.what, row.reason)}, because "
            f"{feed.WHY[row.reason]}"
        )
    return lines


def months(counts: pd.DataFrame) -> pd.DataFrame:
    """Changes by month and kind, for the chart."""
    month = counts["changed_date"].dt.to_period("M").dt.to_timestamp()
    return counts.groupby([month.rename("month"), "what"], as_index=False)["n"].sum()


def rows(page: Page, where: tuple[Where, ...]) -> pd.DataFrame:
    """The newest changes for the table: those of values first on a day, then by model."""
    select = (
        "changed_date",
        "what",
        "old_value",
        "new_value",
        "reason",
        "evaluation_id",
        "model_id",
        "model_name",
        "benchmark_name",
        "benchmark_version",
        "setting",
        "source_title",
        "source_url",
    )
    found = data.read(page.path, "changes", select, where, ("-changed_date", "-what", "evaluation_id"), LISTED)
    names = zip(found["benchmark_name"], found["benchmark_version"], strict=True)
    pairs = zip(found["what"], found["old_value"], found["new_value"], strict=True)
    both = [(value_text(what, old), value_text(what, new)) for what, old, new in pairs]
    return found.assign(
        test=[benchmark_label(name, version) for name, version in names],
        model_link=[link_to_model(i, n) for i, n in zip(found["model_id"], found["model_name"], strict=True)],
        old=[old for old, _ in both],
        new=[new for _, new in both],
        why=found["reason"].map(feed.WHY),
        source_url=[tables.web_address(u) for u in found["source_url"]],
    )


def value_text(what: str, value: object) -> str:
    """A printed value, or a level in words."""
    if words.is_missing(value):
        return "no mark" if what == ANSWERS else "nothing"
    return words.level_text(str(value)) if what == ANSWERS else str(value)


def offer_feed(page: Page) -> None:
    """The address of the feed where the server has the file, else the feed as a file."""
    if feed.is_served():
        st.markdown(f"[Atom feed of changes]({feed.ADDRESS}): the same, for a feed reader; every build writes it anew.")
        return
    st.download_button(
        "Download the changes as an Atom feed",
        data=lambda: feed.atom(data.connection(page.path)),
        file_name=feed.NAME,
        mime="application/atom+xml",
        on_click="ignore",
    )
