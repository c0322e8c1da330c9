"""Public tests beside their twins: the section on Unusual scores, the lines on a model's page.

Question  Does a model fall further than others from a public test to its fresh or stricter twin?
Input     a `frame.Page`; rows of the view `twin_gaps`.
Output    sentences on the screen; a chart and a table once they are asked for.
Silent    A build from before twins shows nothing.
"""

import pandas as pd
import streamlit as st

from data.vocabulary import DIRECTIONS, MARKED
from store import Where
from ui.kit import address, charts, data, fold, frame, parts, tables, words
from ui.kit.frame import Page
from ui.kit.views import OPINIONS, link_to_model, model_link

TWIN_COLUMNS = (
    "twin_id",
    "twin_kind",
    "what_differs",
    "twin_source_url",
    "evaluation_id",
    "public_evaluation_id",
    "model_id",
    "model_name",
    "benchmark_name",
    "twin_benchmark_name",
    "public_score",
    "public_score_reported",
    "score",
    "score_reported",
    "expected",
    "expected_lower",
    "expected_upper",
    "gap",
    "residual_z",
    "p_value",
    "n_comparable",
    "n_as_far",
    "tier",
    "level",
    "direction",
    "reason",
    "source_url",
    "is_redistributable",
)


def twin_rows(page: Page, where: tuple[Where, ...], limit: int | None = None) -> pd.DataFrame:
    """Scores on twins beside their public scores, the unlikeliest first; empty in builds from before them."""
    if not data.has(page.path, "twin_gaps"):
        return pd.DataFrame(columns=list(TWIN_COLUMNS))
    rows = data.read(page.path, "twin_gaps", TWIN_COLUMNS, where, ("p_value", "evaluation_id"), limit)
    pairs = zip(rows["level"], rows["direction"], strict=True)
    return rows.assign(
        level_text=[words.level_text(level, None if words.is_missing(side) else side) for level, side in pairs],
        model_link=[link_to_model(i, n) for i, n in zip(rows["model_id"], rows["model_name"], strict=True)],
        public_percent=100 * rows["public_score"],
        twin_percent=100 * rows["score"],
        range=[words.between(a, b) for a, b in zip(rows["expected_lower"], rows["expected_upper"], strict=True)],
        gap_points=100 * rows["gap"],
        source_url=[tables.web_address(u) for u in rows["source_url"]],
    )


def twin_lines(rows: pd.DataFrame) -> list[str]:
    """What a twin, or the public test that it is a twin of, says about a score; one line each."""
    lines = []
    for row in rows.itertuples():
        pair = f"{words.in_markdown(row.benchmark_name)} → {words.in_markdown(row.twin_benchmark_name)}"
        about = f"{words.in_markdown(row.what_differs)} ({tables.linked('source', row.twin_source_url)})."
        lines.append(f"{pair}: {row.level_text}. {words.in_markdown(row.reason)} {about}")
    return lines


def model_twins(page: Page, model_id: str) -> None:
    """A model's public scores beside their twins, the unlikeliest first; nothing without any."""
    rows = twin_rows(page, (Where("model_id", "=", model_id),))
    if rows.empty:
        return
    n_far = int(rows["level"].isin(MARKED).sum())
    with st.expander(
        f"From public tests to their twins: {words.plural(len(rows), 'pair')}, {words.count(n_far)} unusual"
    ):
        st.markdown("\n".join(f"- {line}" for line in twin_lines(rows.head(OPINIONS))))
        more = f" {words.plural(len(rows) - OPINIONS, 'further pair')} not shown." if len(rows) > OPINIONS else ""
        st.caption(
            f"A fall is normal. Unusual is one that models with the same public score do not have, or none at all.{more}"
        )


TWIN_TABLE = {
    "model_link": model_link(330),
    "public_percent": st.column_config.NumberColumn(
        "Public (%)", width=85, format="%.1f", help="Score on the public test"
    ),
    "twin_percent": st.column_config.NumberColumn("Twin (%)", width=80, format="%.1f", help="Score on its twin"),
    "range": st.column_config.TextColumn("Usual range (%)", width=127, help="90% of models with that public score"),
    "gap_points": st.column_config.NumberColumn("Gap", width=62, format="%+.1f", help="Points above or below that"),
    "level_text": st.column_config.TextColumn("Level", width=158),
    "reason": st.column_config.TextColumn("In words", width="large"),
    "source_url": tables.source_link(),
}


def twin_finding(rows: pd.DataFrame) -> str:
    """What the scatter of one pair shows, in one sentence."""
    first = rows.iloc[0]
    fall = 100 * (rows["public_score"] - rows["score"]).median()
    moved = f"{abs(fall):.0f} points {'lower' if fall > 0 else 'higher'} than" if abs(fall) >= 0.5 else "as high as"
    n_far = int(rows["level"].isin(MARKED).sum())
    models, pairs = words.plural(rows["model_id"].nunique(), "model"), words.plural(len(rows), "pair")
    return (
        f"{models} ({pairs} of scores): on {words.in_markdown(first['twin_benchmark_name'])} in the middle {moved} "
        f"on {words.in_markdown(first['benchmark_name'])}; {words.plural(n_far, 'pair')} unusual"
    )


def twin_section(page: Page) -> None:
    """All pairs of a public test and its twin; folded, as it is a second question: the pair that the reader chooses."""
    if names := above(page):
        label = f"Pair by pair ({words.plural(len(names), 'pair')} of tests): chart, table, CSV"
        fold.folded(label, "twins", lambda: chosen_pair(page, names), "twin" in st.query_params)


def chosen_pair(page: Page, names: dict[str, str]) -> None:
    """Chart, table and files of one pair of tests."""
    chosen = address.choose("twin", "Pair", names, next(iter(names)), width=420)
    where = (Where("twin_id", "=", chosen), *page.selection.to_where(data.columns(page.path, "twin_gaps")))
    if not one_pair(page, where):
        return
    with st.container(horizontal=True):
        tables.download(
            "Download CSV (this pair)",
            "twin_gaps",
            page.asof,
            lambda: [data.read(page.path, "twin_gaps", None, where)],
            True,
        )
        tables.download(
            "Download CSV (all pairs)", "twin_gaps", page.asof, lambda: [data.read(page.path, "twin_gaps")], False
        )


@parts.kept
def above(page: Page) -> dict[str, str]:
    """What a twin is and how many scores are unusual; returns the names of all pairs by their id, none without any."""
    if not data.has(page.path, "twin_gaps"):
        return {}
    by = ("twin_id", "benchmark_name", "twin_benchmark_name", "level", "direction")
    chosen_rows = page.selection.to_where(data.columns(page.path, "twin_gaps"))
    counts = data.count(page.path, "twin_gaps", by, (Where("expected", "not null"), *chosen_rows))
    if counts.empty:
        return {}
    is_marked = counts["level"].isin(MARKED)
    sides = [int(counts.loc[is_marked & (counts["direction"] == side), "n"].sum()) for side in reversed(DIRECTIONS)]
    st.header("From a public test to its twin", anchor=False)
    st.markdown(
        "A twin has new, withheld, corrected or altered questions, or grades more strictly. A fall is normal; here each "
        f"model is compared with those that have the same public score. **{words.count(sides[0])} fall unusually far, "
        f"{words.count(sides[1])} unusually little** of {words.plural(int(counts['n'].sum()), 'pair')} of scores that "
        "could be compared" + ("." if page.selection.is_empty else " in this selection.")
    )
    pairs = counts.assign(marked=counts["n"].where(is_marked, 0)).groupby(list(by[:3]), as_index=False)
    pairs = pairs[["n", "marked"]].sum().sort_values(["marked", "n", "twin_id"], ascending=[False, False, True])
    return {
        row.twin_id: f"{row.benchmark_name} → {row.twin_benchmark_name} · {words.plural(int(row.n), 'pair')}"
        for row in pairs.itertuples()
    }


@parts.kept
def one_pair(page: Page, where: tuple[Where, ...]) -> bool:
    """Chart and table of one pair; whether there is any score on both."""
    rows = twin_rows(page, where)
    if rows.empty:
        st.caption("No model in this selection has scores on both.")
        return False
    first = rows.iloc[0]
    frame.chart(
        charts.twin_scatter(rows, first["benchmark_name"], first["twin_benchmark_name"]),
        twin_finding(rows),
        "Score on the public test against the score on its twin",
    )
    n_apart = int((rows["tier"] == "B").sum())
    apart = (
        f" {words.plural(n_apart, 'pair')} of scores {'is' if n_apart == 1 else 'are'} not of one run, so more lies "
        "between the two than the questions."
        if n_apart
        else ""
    )
    st.caption(
        f"{words.TWIN_KINDS[first['twin_kind']].capitalize()}: {words.in_markdown(first['what_differs'])} "
        f"({tables.linked('source', first['twin_source_url'])}).{apart}"
    )
    tables.show(rows, TWIN_TABLE, alt="Scores on both tests")
    return True
