"""Marked scores: the strip of gaps, the card of one score, second opinions, and what documents say.

Question  How is a mark shown, with everything that speaks for and against it?
Input     a `frame.Page`, rows of the view `anomalies`.
Output    frames for ui/kit/charts.py; cards and lists on the screen.
Silent    Where no document is held, the card says so, and that this is no finding either way.
"""

import math
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pandas as pd
import streamlit as st

from data.vocabulary import COUNTED_KINDS, DOUBTS, FAILED_RUN, MARKED
from reading import search
from store import Where
from ui.kit import data, parts, tables, words
from ui.kit.fold import folded
from ui.kit.frame import Page
from ui.kit.shelf import Keyed, remembered
from ui.kit.views import MODEL_LINK, benchmark_label, for_reading, members, table_columns
from ui.provenance import level_history, was
from ui.twins import twin_lines, twin_rows

# Place in the list that people see first (view `marked`): 1 reviewed, 2 very unusual, 3 of a maker or in three sources.
PLACES = {1: "looked up at its source", 2: "very unusual", 3: "of a known maker, or in three sources", 4: "worklist"}
STRONG = Where("place", "between", (None, 3))
LISTED_APART = 200
BY_TEST = ("benchmark_id", "evaluation_id")
APART = {
    "model_link": MODEL_LINK,
    "benchmark": st.column_config.TextColumn("Benchmark", width="medium"),
    "score_percent": st.column_config.TextColumn("Score", width=70, help="Per cent, or the test's own unit"),
    "range": st.column_config.TextColumn("Usual range (%)", width=120),
    "size_billions": st.column_config.NumberColumn("Size (B)", format="%.3g", help="Parameters in billions"),
    "source_title": st.column_config.TextColumn("Where it stands", width="medium"),
    "source_url": tables.source_link(),
}
FAILED_COLUMN = {"reason": st.column_config.TextColumn("What is wrong", width="large")}
# Statistics that have a place of their own beside a score, and are no line among the second opinions.
SHOWN_APART = ("sensitivity", "twin_gap")


def about_low_marks() -> str:
    """How often a low mark was judged to say something of the model; "" where none was judged."""
    judged = data.method_table("review_low")
    if judged is None or judged.empty:
        return ""
    n_artefacts, n_open = (int(judged["judged"].eq(word).sum()) for word in ("artefact", "undecided"))
    return (
        f"Of {words.plural(len(judged), 'low mark')} judged one by one, {n_artefacts} "
        f"look{'s' if n_artefacts == 1 else ''} like artefacts: failed runs, answers that were not "
        f"parsed, another scale. {n_open} stayed open, {len(judged) - n_artefacts - n_open} held: weak, damaged or odd models. "
        "They were judged from the scores held here, mostly without their source. Low scores that only one run speaks for are "
        "listed apart below."
    )


def luck(page: Page, high: int, low: int) -> str:
    """How many of the marked scores the rule that marks them lets be luck; the numbers only where all scores are looked at,
    as the rule holds for the whole list.
    """
    said = f"Marking allows for how many were tested: {words.LUCK} is expected to be luck"
    if not page.selection.is_empty or not high + low:
        return f"{said}."
    counts = [(n, side) for n, side in ((high, "high"), (low, "low")) if n]
    each = (
        f"at most {words.count(math.ceil(words.LUCKY_SHARE * n))} of the {words.count(n)} {side} ones"
        for n, side in counts
    )
    return f"{said}: {' and '.join(each)}."


@dataclass(frozen=True)
class Strip:
    """What charts.strip needs, and the sentence below it."""

    flagged: pd.DataFrame
    spans: pd.DataFrame
    caption: str


def for_strip(page: Page, shown: pd.DataFrame, asked: pd.DataFrame, n_rows: int) -> Strip:
    """The benchmarks with most of the scores asked for (n of each), with the middle 90% of all gaps on each of them."""
    in_order = asked.sort_values(["n", "benchmark_id"], ascending=[False, True])
    top = in_order["benchmark_id"].head(n_rows).tolist()
    middles = middle_of_gaps(page.path)
    label = dict(zip(shown["benchmark_id"], shown["benchmark"], strict=True))
    kept = [b for b in top if b in label and b in middles.index]
    spans = middles.loc[kept].assign(row=[label[b] for b in kept])
    flagged = shown[shown["benchmark_id"].isin(kept)].assign(row=lambda f: f["benchmark"])
    caption = (
        "Right is better. Grey bars hold the middle 90% of all scores on a benchmark; marks are the scores that you asked "
        "for; one inside its bar stands out by what the model gets elsewhere."
    )
    if len(in_order) > len(kept):
        caption += f" {words.plural(len(kept), 'benchmark')} of {len(in_order)} shown, those with most such scores."
    if len(flagged) < int(in_order.loc[in_order["benchmark_id"].isin(kept), "n"].sum()):
        caption += f" The {words.count(len(flagged))} most unusual of them are drawn."
    return Strip(flagged, spans, caption)


@remembered
def middle_of_gaps(path: str) -> pd.DataFrame:
    """The middle 90% of all gaps on each benchmark: low and high in fractions, better is positive; index benchmark_id. The same
    whatever the reader chose, so it is worked out once for a build.
    """
    where = (*data.COUNTED, Where("gap", "not null"), Where("unit", "=", "fraction"))
    gaps = data.read(path, "anomalies", ("benchmark_id", "gap", "direction"), where)
    better = gaps["gap"].abs().where(gaps["direction"] == "high", -gaps["gap"].abs())
    by_test = better.groupby(gaps["benchmark_id"])
    return pd.DataFrame({"low": by_test.quantile(0.05), "high": by_test.quantile(0.95)})


def strip_finding(flagged: pd.DataFrame, n_tests: int) -> str:
    """What the chart of `for_strip` shows, in one sentence: on which tests, and how far out half of the scores are."""
    busiest = flagged["row"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    far = 100 * flagged["gap"].abs()
    most = words.in_markdown(words.shorten(str(busiest.index[0]), 40))
    where = "on one test" if n_tests == 1 else f"on {n_tests} tests, {words.count(busiest.iloc[0])} of them on {most}"
    if n_tests == 1:
        where = f"on {most}"
    apart = f"{far.min():.0f} to {far.max():.0f} points" if far.min() < far.max() else f"{far.max():.0f} points"
    return f"{words.plural(len(flagged), 'score')} {where}, {apart} from what similar models get"


def tally_of(
    path: str, source: str, by: tuple[str, ...], where: tuple[Where, ...], rows: pd.DataFrame, n_most: int
) -> pd.DataFrame:
    """Scores that are asked for, per combination of `by`, as data.count gives them: from the rows that were read, where these
    are fewer than the n_most that were asked for, and so are all.
    """
    if len(rows) >= n_most:
        return data.count(path, source, by, where)
    return rows.groupby(list(by), as_index=False).size().rename(columns={"size": "n"})


def strong(rows: pd.DataFrame) -> pd.Series:
    """The rows (column place) that STRONG asks for."""
    return rows["place"].le(STRONG.value[1])


def view(page: Page) -> str:
    """Where marked scores are read from: in their order, or from a build before that order as they are."""
    return "marked" if data.has(page.path, "marked", "review_note") else "anomalies"


def marked_rows(page: Page) -> tuple[Where, ...]:
    """Conditions on the view `marked`: whole benchmarks and models that count, in the reader's selection."""
    return (
        Where("is_subset", "=", False),
        Where("kind", "in", COUNTED_KINDS),
        *page.selection.to_where(data.columns(page.path, "marked")),
    )


def read_marked(page: Page, where: tuple[Where, ...], limit: int) -> pd.DataFrame:
    """Marked scores in the order in which they deserve a look, ready for a table, with why each stands where it does."""
    return marked_of(page.path, table_columns(page), where, limit)


def marked_of(path: str, columns: tuple[str, ...], where: tuple[Where, ...], limit: int) -> pd.DataFrame:
    """The same of a database, with these columns."""
    extra = (
        "place",
        "is_by_maker",
        "n_sources",
        "verdict_of_reviewer",
        "checked_by",
        "checked_date",
        "review_url",
        "review_note",
    )
    order = ("place", "p_value", "evaluation_id")
    rows = data.read(path, "marked", (*columns, *extra), where, order, limit)
    return for_reading(rows).assign(why_here=[why_here(row) for row in rows.to_dict("records")])


def why_here(row: dict) -> str:
    """Why a marked score stands in this place of the list."""
    if not words.is_missing(row["verdict_of_reviewer"]):
        return f"Looked up: {row['verdict_of_reviewer']}"
    reasons = ["known maker"] if row["is_by_maker"] else []
    reasons += [f"in {row['n_sources']} sources"] if row["n_sources"] >= 3 else []
    return ", ".join(reasons) or PLACES[row["place"]]


@remembered
def tests_compared(path: str) -> dict[str, str]:
    """Names of the tests with a verdict on any whole score, behind "All benchmarks", for a box in which one is chosen."""
    names = data.count(path, "anomalies", ("benchmark_id", "benchmark_name", "benchmark_version"), data.VERDICTS)
    return {"": "All benchmarks"} | {
        r.benchmark_id: benchmark_label(r.benchmark_name, r.benchmark_version)
        for r in names.sort_values("benchmark_name").itertuples()
    }


def shown_apart(page: Page) -> None:
    """What counts in no total: demonstrations, runs that failed, and low scores that only one run speaks for."""
    view = "apart" if data.has(page.path, "apart") else "anomalies"
    filters = page.selection.to_where(data.columns(page.path, view))
    made = (*data.VERDICTS, Where("kind", "=", "demonstration"), *filters)
    where = (*data.COUNTED, Where("level", "=", "check_data"), *filters)
    ids = doubted(page.path, view, where)
    broken = ids.pop(FAILED_RUN)
    if n_made := data.how_many(page.path, view, made):
        folded(
            f"Demonstrations ({words.plural(n_made, 'score')}), made on purpose, in no count above",
            "demonstrations",
            lambda: demonstrations(page, view, made),
        )
    if broken:
        folded(
            f"Failed runs ({words.plural(len(broken), 'score')}), no low scores, in no count above",
            "failed_runs",
            lambda: failed_runs(page, view, where, broken),
        )
    if n_low := sum(map(len, ids.values())):
        folded(
            f"Low in one run ({words.plural(n_low, 'score')}): look at the run first; in no count above",
            "one_run_only",
            lambda: one_run_only(page, view, where, ids),
        )


@remembered
def doubted(path: str, view: str, where: tuple[Where, ...]) -> dict[str, tuple[str, ...]]:
    """Scores to check at their source by what is doubted about them: ids in the order of the benchmarks. Asked for once with
    their reason, then by id: most of them are listed nowhere.
    """
    known = data.read(path, view, ("evaluation_id", "benchmark_id", "reason"), where, BY_TEST)
    said = known["reason"].str.lower()
    found = {name: known.loc[said.str.contains(name.lower(), regex=False), "evaluation_id"] for name in DOUBTS}
    return {name: tuple(ids) for name, ids in found.items()}


def demonstrations(page: Page, view: str, where: tuple[Where, ...]) -> None:
    """Scores of models that were made to show something."""
    st.markdown(
        "Models that were trained or built on purpose to show what a test can be made to say. They are known cases, "
        "no finds of ours."
    )
    rows = data.read(page.path, view, table_columns(page), where, ("-score", "evaluation_id"))
    tables.show(for_reading(rows), APART, alt="Scores of demonstrations")


def failed_runs(page: Page, view: str, where: tuple[Where, ...], ids: tuple[str, ...]) -> None:
    """Runs that failed."""
    st.markdown("Constant answers, or answers that the scorer could not read: a problem of the data, not of the model.")
    rows = among(page, view, where, ids[:LISTED_APART], BY_TEST)
    tables.show(for_reading(rows), APART | FAILED_COLUMN, alt="Failed runs", n_rows=len(ids))


def among(
    page: Page, view: str, where: tuple[Where, ...], ids: tuple[str, ...], order: tuple[str, ...]
) -> pd.DataFrame:
    """Rows of a view of verdicts with these ids."""
    chosen = tuple(sorted(set(ids)))
    return data.read(page.path, view, table_columns(page), (*where, Where("evaluation_id", "in", chosen)), order)


def one_run_only(page: Page, view: str, where: tuple[Where, ...], ids: dict[str, tuple[str, ...]]) -> None:
    """Low scores that no other test and no other run of the model speaks for, by what they are called."""
    rows = among(page, view, where, tuple(chain.from_iterable(ids.values())), ("p_value", "evaluation_id"))
    called = [rows[rows["evaluation_id"].isin(some)].assign(called=name) for name, some in ids.items()]
    low = pd.concat(called, ignore_index=True)
    st.markdown(
        "Far below what they should be, and no other test and no other run of the model says the same. Most such scores "
        "come from a broken template, answers that were cut off, or a form that the scorer did not read."
    )
    st.markdown("\n".join(f"- {name}: {n}" for name, n in low["called"].value_counts(sort=False).items()))
    tables.show(for_reading(low), APART | FAILED_COLUMN, alt="Low scores that only one run speaks for")


OPINION_COLUMNS = (
    "subject_id",
    "signal_id",
    "variant",
    "level",
    "direction",
    "reason",
    "observed",
    "expected",
    "residual_z",
)


def second_opinions(page: Page, kind: str, subjects: tuple[str, ...]) -> pd.DataFrame:
    """What the other statistics and the sensitivity variants say about these scores or models."""
    where = (Where("subject_kind", "=", kind), Where("subject_id", "in", subjects))
    rows = data.read(page.path, "finding", OPINION_COLUMNS, where, ("subject_id", "signal_id", "variant"))
    rows = rows[(rows["signal_id"] != data.HEADLINE) | (rows["variant"] != "")]
    return rows[~rows["signal_id"].isin(SHOWN_APART)].reset_index(drop=True)


def opinion(row: Any, titles: dict[str, str]) -> str:
    """One second opinion as a short line: who says it, the level, expected score and gap in points, the reason."""
    variant = f" ({row.variant.replace('_', ' ')})" if row.variant else ""
    numbers = ""
    if not words.is_missing(row.expected) and not words.is_missing(row.observed):
        gap = 100 * (row.observed - row.expected)
        numbers = f": expected {100 * row.expected:.0f}, gap {gap:.0f}".replace("-", "−")
    name = words.in_markdown(titles.get(row.signal_id, row.signal_id) + variant)
    return f"{name}: {words.level_text(row.level, row.direction)}{numbers}. {words.in_markdown(row.reason)}"


def still_text(row: pd.Series) -> str | None:
    """Whether a marked score is still unusual when some models are left out, one dot and its words each."""
    values = [row.get(name) for name in words.STILL]
    if all(words.is_missing(v) for v in values):
        return None
    parts = [f"{words.DOTS[v]} {text}" for v, text in zip(values, words.STILL.values(), strict=True)]
    return f"Still unusual? {' · '.join(parts)}"


def signal_titles(page: Page) -> dict[str, str]:
    """Titles of the statistics by signal_id."""
    known = data.read(page.path, "signal", ("signal_id", "title"))
    return dict(zip(known["signal_id"], known["title"], strict=True))


def of_this_name(page: Page, model_id: str) -> tuple[set[str], dict[str, str]]:
    """Models of the same release, and those of the same developer under a longer name, {model_id: name}:
    "Reflection-Llama-3.1-70B" for "Reflection-70B". The longer names may be other models, so pages say which they are.
    """
    same = set(members(page, model_id))
    own = data.read(page.path, "model", ("name", "developer"), (Where("model_id", "=", model_id),))
    if own.empty or words.is_missing(own["developer"].iloc[0]):
        return same, {}
    asked = set(search.tokens(bare_name(own["name"].iloc[0])))
    mine = (Where("developer", "=", own["developer"].iloc[0]),)
    others = data.read(page.path, "model", ("model_id", "name"), mine, ("model_id",))
    longer = {
        row.model_id: row.name
        for row in others.itertuples(index=False)
        if row.model_id not in same and asked < set(search.tokens(bare_name(row.name)))
    }
    return same, longer


def bare_name(name: object) -> str:
    """A repository's name without the account before its slash."""
    return str(name).rsplit("/", 1)[-1]


def incidents(page: Page, model_id: str) -> pd.DataFrame:
    """What documents say about a model, under whichever of its names; `about` holds a longer one (`of_this_name`)."""
    same, longer = of_this_name(page, model_id)
    where = (Where("model_id", "in", tuple(sorted(same | set(longer)))),)
    found = data.read(page.path, "incident", None, where, ("evidence_date", "incident_id"))
    return found.assign(about=[longer.get(i) for i in found["model_id"]])


def documents(found: pd.DataFrame) -> None:
    """The second axis: what documents say, with link, day and the maker's reply; never added to the level."""
    if found.empty:
        st.markdown("**What documents say:** no record found. That is not a finding either way.")
        return
    st.markdown("**What documents say** (recorded, never added to the level)")
    for row in found.itertuples():
        who = "" if words.is_missing(row.said_by) else f", {words.in_markdown(row.said_by)}"
        about = "" if words.is_missing(row.about) else f", about {words.in_markdown(row.about)}"
        about += "" if words.is_missing(row.benchmark_reported) else f" on {words.in_markdown(row.benchmark_reported)}"
        st.markdown(
            f"- **{words.in_markdown(row.status)}**{about}: {words.in_markdown(row.claim)} "
            f"({tables.linked('document', row.evidence_url)}{who}, {words.day(row.evidence_date)})"
        )
        if not words.is_missing(row.reply):
            st.markdown(f"  - **Maker's reply:** {words.in_markdown(row.reply)}")


def in_brief(row: pd.Series, unit: str) -> str:
    """A score as everywhere on screen, with what its source printed where that is something else and short."""
    shown, printed = words.score(row["score"], unit), str(row["score_reported"])
    return shown if shown == printed else f"{shown} (printed {words.printed(printed, 10)})"


@parts.kept
def card(page: Page, asked: Keyed[pd.Series]) -> None:
    """One score in full: the verdict in words, the numbers behind it, second opinions, documents, the source.

    asked   its row, by the id of its evaluation.
    """
    row = asked.value
    with st.container(border=True):
        st.markdown(
            f"**{words.in_markdown(words.shorten(row['model_name'], 90))}** on "
            f"**{words.in_markdown(row['benchmark_name'])}**  \n{row['level_text']}: "
            f"{words.in_markdown(row['reason'])}"
        )
        unit = row.get("unit", "fraction")
        sign = " (%)" if unit == "fraction" else ""
        facts = [
            (f"Score{sign}", in_brief(row, unit)),
            (f"Expected{sign}", words.score(row["expected"], unit)),
            (f"Usual range{sign}", words.between(row["expected_lower"], row["expected_upper"], unit)),
            ("Size", words.size(row["n_parameters"])),
            ("Setting", words.NOT_REPORTED if words.is_missing(row["setting"]) else words.shorten(row["setting"], 60)),
            ("Who ran it", words.RAN_BY[row["evaluator_relationship"]]),
        ]
        if not words.is_missing(row["n_as_far"]):
            facts.append(
                ("Models this far out", f"{words.count(row['n_as_far'])} of {words.count(row['n_comparable'])}")
            )
            facts.append(("Compared with", words.TIERS.get(row["tier"], words.NOT_REPORTED)))
            chance = f"p {row['p_value']:.2g}"
            if not words.is_missing(row["q_value"]):
                chance += f", q {row['q_value']:.2g} after correction"
            facts.append(("Chance", chance))
        st.markdown(" · ".join(f"{name}: **{words.in_markdown(value)}**" for name, value in facts))
        if not words.is_missing(row.get("markable_gap")):
            st.markdown(
                f"The smallest gap that could have been marked here: **{words.scale(unit) * row['markable_gap']:.1f} points**"
            )
        still = still_text(row)
        if still:
            st.markdown(words.in_markdown(still))
        if not words.is_missing(row.get("verdict_of_reviewer")):
            looked = tables.web_address(row["review_url"])
            note = "" if words.is_missing(row["review_note"]) else f" {words.in_markdown(row['review_note'])}"
            st.markdown(
                f"**{words.in_markdown(why_here(row.to_dict()))}** ({words.day(row['checked_date'])}, {words.in_markdown(row['checked_by'])}, "
                f"[page]({looked})).{note}"
            )
        for before in level_history(page, (row["evaluation_id"],)).itertuples():
            st.markdown(f"{was(before)}")
        if not words.is_missing(row["maintainer_flag"]):
            st.markdown(f"Marked by a board's maintainers, quoted: “{words.in_markdown(row['maintainer_flag'])}”")
        titles = signal_titles(page)
        documents(incidents(page, row["model_id"]))
        others = [
            f"- {opinion(o, titles)}" for o in second_opinions(page, "evaluation", (row["evaluation_id"],)).itertuples()
        ]
        for column in ("evaluation_id", "public_evaluation_id"):
            twins = twin_lines(twin_rows(page, (Where(column, "=", row["evaluation_id"]),)))
            others += [f"- Twin test {line}" for line in twins]
        if others:
            with st.expander(f"{words.plural(len(others), 'second opinion')}: other statistics, and twins of the test"):
                st.markdown("\n".join(others))
        if row["level"] in MARKED:
            st.caption(words.CANNOT_RULE_OUT if row["direction"] == "high" else words.CANNOT_RULE_OUT_LOW)
        with st.container(horizontal=True, vertical_alignment="center"):
            if row["source_url"]:
                title = words.in_markdown(words.shorten(row["source_title"], 40))
                st.link_button(f"Source: {title}", row["source_url"])
            st.page_link("pages/3_models.py", label="All scores of this model", query_params={"model": row["model_id"]})
