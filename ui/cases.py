"""Cases that people know: what happened, from its document, and what the numbers here say of it.

Question  What does an unusual score, a claim, or a test at its end look like?
Input     a `frame.Page`; data/facts/cases.csv (texts and their sources, no numbers of scores).
Output    per case its sentence as Markdown, its chart, the rows behind it.
Method    Every number is read from the database when the page is drawn; each kind of case asks what the page of its subject
          asks too: `score` the range of similar models, `arena` the ratings and the tests that two models share, `benchmark`
          its answer, `renewed` what the same models got before and after questions changed.
Silent    A case whose model or test is not in the database is not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from reading import compare as comparing
from store import ROOT, Where
from ui import answers, compare
from ui.kit import case_charts, data, frame, shelf, tables, views, words
from ui.kit.frame import Page

FILE = ROOT / "data" / "facts" / "cases.csv"
SAME = 1e-4  # two readings nearer than this are the same answers, printed again
MOSTLY = 0.5  # share of models with another score from which a task's questions count as changed


@dataclass(frozen=True)
class Case:
    """One case as the facts have it: a row of cases.csv."""

    id: str
    kind: str
    label: str
    title: str
    model_id: str
    other_model_id: str
    benchmark_id: str
    what_happened: str
    source_url: str
    lesson: str


@dataclass(frozen=True)
class Told:
    """What the numbers say: one sentence (Markdown), the chart, the rows behind it."""

    sentence: str
    figure: go.Figure
    rows: pd.DataFrame


def known() -> list[Case]:
    """All cases of the facts, in their order."""
    rows = data.written(FILE, FILE.stat().st_mtime_ns)
    texts = rows.astype(object).where(rows.notna(), "")
    return [Case(**row) for row in texts.rename(columns={"case_id": "id"}).to_dict("records")]


def told(page: Page, case: Case) -> Told | None:
    """What the numbers say of a case; None where the database has not got them."""
    return KINDS[case.kind](page, case)


def of_score(page: Page, case: Case) -> Told | None:
    """The model's highest number on the test among what similar models get."""
    where = (*data.VERDICTS, Where("model_id", "=", case.model_id), Where("benchmark_id", "=", case.benchmark_id))
    select = (
        *views.CHART_COLUMNS,
        "series_id",
        "benchmark_name",
        "n_as_far",
        "n_comparable",
        "setting",
        "reason",
        "source_url",
    )
    own = data.read(page.path, "anomalies", select, where, ("-score", "evaluation_id"))
    own = own.dropna(subset=["expected_lower", "n_parameters"])
    if own.empty:
        return None
    top = own.iloc[0]
    crowd = data.read(
        page.path,
        "anomalies",
        ("n_parameters", "score", "expected", "expected_lower", "expected_upper", "tier"),
        (*data.COUNTED, Where("series_id", "=", top["series_id"]), Where("n_parameters", "not null")),
        ("n_parameters", "evaluation_id"),
    )
    sentence = (
        f"**{words.percent(top['score'])}%** stands there; models like it usually get "
        f"**{words.between(top['expected_lower'], top['expected_upper'])}%**"
    )
    if not words.is_missing(top["n_as_far"]):
        sentence += f", and {words.count(top['n_as_far'])} of {words.count(top['n_comparable'])} are as far out"
    others = own["score"].iloc[1:]
    if len(others):
        low, high = words.percent(others.min()), words.percent(others.max())
        n = words.plural(len(others), "other reading")
        sentence += f". {n} of it here: {low if low == high else f'{low} to {high}'}%"
    figure = case_charts.example(crowd, own, case.label)
    return Told(f"{sentence}.", figure, own)


def of_arena(page: Page, case: Case) -> Told | None:
    """Two models rated in an arena, by version, and how they compare on everything else that both took."""
    pair = [compare.release(page.path, model_id) for model_id in (case.model_id, case.other_model_id)]
    if None in pair:
        return None
    chosen = [some for some in pair if some is not None]
    members = {model_id: some.name for some in chosen for model_id in some.members}
    rows = data.read(
        page.path,
        "scores",
        ("evaluation_id", "model_id", "benchmark_id", "metric", "score", "first_seen_date", "source_url"),
        (
            *data.CURRENT,
            Where("model_id", "in", tuple(sorted(members))),
            Where("unit", "=", "rating"),
            Where("benchmark_id", "contains", case.benchmark_id),
        ),
        ("first_seen_date", "evaluation_id"),
    )
    rows = rows.assign(name=rows["model_id"].map(members))
    keys = ["benchmark_id", "metric"]
    both = rows[rows.groupby(keys)["name"].transform("nunique") == len(chosen)]
    read = comparing.readings(compare.scores(page, chosen), [some.id for some in chosen])
    if both.empty or read.empty:
        return None
    wide = both.pivot_table(index=[*keys, "first_seen_date"], columns="name", values="score", aggfunc="median").dropna()
    wide = wide.reset_index().sort_values("first_seen_date")
    first, second = (some.name for some in chosen)
    last = wide.iloc[-1]
    ahead = int((wide[first] > wide[second]).sum())
    verdicts = compare.table(page, chosen, comparing.whole(read))
    leads = verdicts.loc[verdicts["is_apart"], "leader"].value_counts()
    sentence = (
        f"In the arena it stood above {words.in_markdown(second)} in **{words.count(ahead)} of "
        f"{words.plural(len(wide), 'version')}** that rate both (newest: {last[first]:,.0f} and {last[second]:,.0f}). On "
        f"{words.plural(len(verdicts), 'other test')} that both took it leads by more than noise on "
        f"**{words.count(int(leads.get(chosen[0].id, 0)))}**, the other on **{words.count(int(leads.get(chosen[1].id, 0)))}**."
    )
    return Told(sentence, case_charts.counts_of_leads(verdicts, {some.id: some.name for some in chosen}), both)


def of_benchmark(page: Page, case: Case) -> Told | None:
    """The answer of a test, and its best scores so far by day."""
    row = answers.one(page, case.benchmark_id)
    if row is None:
        return None
    best = records_of(page, case.benchmark_id, row)
    if best.empty:
        return None
    return Told(
        answers.sentence(row), case_charts.room_left(best, views.ceiling(row), views.number(row["floor"])), best
    )


def records_of(page: Page, benchmark_id: str, row: pd.Series) -> pd.DataFrame:
    """Scores of known makers' models that were the best when they came, up to the best credible one; by day."""
    makers = data.read(page.path, "maker", ("developer",))
    rows = data.read(
        page.path,
        "scores",
        ("evaluation_id", "model_name", "model_date", "score", "metric", "source_url"),
        (
            *data.CURRENT,
            Where("benchmark_id", "=", benchmark_id),
            Where("developer", "in", tuple(makers["developer"])),
            Where("model_date", "not null"),
            Where("metric", "=", row["metric"]),
        ),
        ("model_date", "-score", "evaluation_id"),
    )
    # What leads nothing in the answer (marked, questioned, quoted) leads nothing here: above the best credible score.
    rows = rows[rows["score"] <= row["best"]]
    return rows[rows["score"] > rows["score"].cummax().shift(fill_value=-1.0)].reset_index(drop=True)


def of_renewed(page: Page, case: Case) -> Told | None:
    """What the same models got on the same tasks before and after their questions changed, version by version."""
    rows = data.read(
        page.path,
        "scores",
        ("benchmark_id", "benchmark_version", "model_id", "score"),
        (*data.CURRENT, Where("benchmark_id", "contains", f"{case.benchmark_id}-"), Where("unit", "=", "fraction")),
        ("benchmark_id", "model_id", "evaluation_id"),
    )
    rows = rows[rows["benchmark_id"].str.startswith(f"{case.benchmark_id}-") & rows["benchmark_version"].notna()]
    if rows.empty:
        return None
    steps = renewals(rows.assign(task=rows["benchmark_id"].str.partition("@")[0]))
    changed = steps[steps["n_tasks"] > 0]
    if changed.empty:
        return None
    largest = changed.sort_values(["n_pairs", "version"], ascending=[False, True]).iloc[0]
    n_lower = int((changed["change"] < 0).sum())
    side = "lower" if largest["change"] < 0 else "higher"
    sentence = (
        f"Its questions changed in {words.count(len(changed))} of {words.plural(len(steps), 'renewal')} here. In the one that "
        f"changed most ({words.day(largest['version'])}), the same {words.plural(int(largest['n_models']), 'model')} scored "
        f"**{abs(100 * largest['change']):.0f} points {side}** in the middle on the "
        f"{words.plural(int(largest['n_tasks']), 'task')} with new questions; in {words.count(n_lower)} of "
        f"{words.count(len(changed))} renewals scores fell."
    )
    return Told(sentence, case_charts.renewals(steps), steps)


def renewals(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per version and the one before: n_tasks whose questions changed (most models of both have another score), the
    middle change on them (fraction), n_models, n_pairs; best and middle score over all tasks.

    rows   columns task, benchmark_version, model_id, score (fraction).
    """
    readings = rows.groupby(["benchmark_version", "task", "model_id"])["score"].median()
    by_task = readings.groupby(["benchmark_version", "task"])
    over = pd.DataFrame(
        {
            "best": by_task.max().groupby("benchmark_version").median(),
            "middle": by_task.median().groupby("benchmark_version").median(),
        }
    )
    versions, found = list(over.index), []
    for before, version in pairwise(versions):
        both = pd.concat([readings[before], readings[version]], axis=1, keys=["before", "after"]).dropna()
        change = both["after"] - both["before"]
        moved = (change.abs() > SAME).groupby("task").mean()
        new = change[change.index.get_level_values("task").isin(moved[moved > MOSTLY].index)]
        found.append(
            {
                "version": version,
                "n_tasks": int((moved > MOSTLY).sum()),
                "n_models": new.index.get_level_values("model_id").nunique(),
                "n_pairs": len(new),
                "change": new.median() if len(new) else None,
                "best": over.at[version, "best"],
                "middle": over.at[version, "middle"],
            }
        )
    columns = ["version", "n_tasks", "n_models", "n_pairs", "change", "best", "middle"]
    return pd.DataFrame(found, columns=columns).astype({"change": float})


KINDS: dict[str, Callable[[Page, Case], Told | None]] = {
    "score": of_score,
    "arena": of_arena,
    "benchmark": of_benchmark,
    "renewed": of_renewed,
}


def way_on(case: Case) -> tuple[str, str, dict[str, list[str]]]:
    """The page that says more of a case: its file, the label of the link, its parameters."""
    if case.kind == "arena":
        both = [case.model_id, case.other_model_id]
        return "pages/5_compare.py", "Compare the two on every shared test", {compare.KEY: both}
    if case.kind == "score":
        return "pages/3_models.py", "All scores of this model", {"model": [case.model_id]}
    return "pages/2_benchmarks.py", "Everything about this test", {"benchmark": [case.benchmark_id]}


def cards(told: list[tuple[Case, Told]], across: int) -> None:
    """Cases as cards, so many beside each other on a wide screen: title, sentence, chart, way to the case."""
    for start in range(0, len(told), across):
        for column, (case, said) in zip(st.columns(across), told[start : start + across], strict=False):
            with column, st.container(border=True, height="stretch"):
                st.markdown(f"**{words.in_markdown(case.title)}**")
                st.markdown(said.sentence)
                frame.chart(
                    said.figure,
                    "",
                    f"Chart of the case {case.title}",
                    key=f"case {case.id}",
                    title=f"{case.title}. {said.sentence}",
                )
                st.page_link(
                    "pages/8_cases.py", label="What happened, and what follows →", query_params={"case": case.id}
                )


def cached(page: Page, case: Case) -> Told | None:
    """`told`, worked out once a database and case; whoever draws its chart writes the same into it."""
    return shelf.shelf.ask(("case", page.path, case), lambda: told(page, case), page.path)


COLUMNS = {
    "case_link": st.column_config.LinkColumn("Case", display_text=r"#(.*)$", width=290, pinned=True),
    "says": st.column_config.TextColumn("What the numbers say", width=500),
    "lesson": st.column_config.TextColumn("What follows", width=380),
    "source_url": st.column_config.LinkColumn("Document", display_text="open", width=100),
}


_PERCENT = st.column_config.NumberColumn("Score (%)", format="%.1f", width=90)
_SOURCE = st.column_config.LinkColumn("Source", display_text="open", width=80)
_DAY = "D MMM YYYY"
# The columns of the rows behind a case, by its kind: who, how much, when, where from.
ROWS: dict[str, dict] = {
    "score": {
        "model_name": st.column_config.TextColumn("Model", width=190),
        "score": _PERCENT,
        "expected_lower": st.column_config.NumberColumn("Usual from", format="%.0f%%", width=95),
        "expected_upper": st.column_config.NumberColumn("to", format="%.0f%%", width=60),
        "setting": st.column_config.TextColumn("Set-up", width=120),
        "reason": st.column_config.TextColumn("Verdict", width=400),
        "source_url": _SOURCE,
    },
    "arena": {
        "name": st.column_config.TextColumn("Model", width=240),
        "score": st.column_config.NumberColumn("Rating", format="%.0f", width=90),
        "metric": st.column_config.TextColumn("Kind of rating", width=200),
        "first_seen_date": st.column_config.DateColumn("Day of the list", format=_DAY, width=130),
        "source_url": _SOURCE,
    },
    "benchmark": {
        "model_name": st.column_config.TextColumn("Model", width=300),
        "score": _PERCENT,
        "model_date": st.column_config.DateColumn("Day of the model", format=_DAY, width=140),
        "source_url": _SOURCE,
    },
    "renewed": {
        "version": st.column_config.TextColumn("Release", width=120),
        "n_tasks": st.column_config.NumberColumn("Tasks with new questions", width=190),
        "n_models": st.column_config.NumberColumn("Models in both", width=120),
        "change": st.column_config.NumberColumn("Change (points)", format="%+.1f", width=130),
        "best": st.column_config.NumberColumn("Best (%)", format="%.1f", width=90),
        "middle": st.column_config.NumberColumn("Middle (%)", format="%.1f", width=100),
    },
}
TALL = 110  # pixels of a row with a whole sentence in it
SHARES = ("score", "expected_lower", "expected_upper", "change", "best", "middle")


def rows_shown(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows behind a case as its table shows them: shares in per cent, ratings as they are."""
    shares = [name for name in SHARES if name in rows and case.kind != "arena"]
    return rows.assign(**{name: 100 * rows[name].astype(float) for name in shares})


def link_to_case(case_id: str) -> str:
    """Address of the page of one case."""
    return f"cases?case={quote(case_id, safe='')}"


def as_table(told: list[tuple[Case, Told]]) -> pd.DataFrame:
    """One row per case: what happened, what the numbers say, what follows, the document."""
    rows = [
        {
            "case_id": case.id,
            "title": case.title,
            "what_happened": case.what_happened,
            "says": said.sentence.replace("**", "").replace("\\", ""),
            "lesson": case.lesson,
            "source_url": tables.web_address(case.source_url),
            "case_link": f"{link_to_case(case.id)}#{quote(case.title, safe=' ')}",
        }
        for case, said in told
    ]
    return pd.DataFrame(rows)


def of_page(page: Page) -> list[tuple[Case, Told]]:
    """Every case that the database can tell, in the order of the facts."""
    every = ((case, cached(page, case)) for case in known())
    return [(case, said) for case, said in every if said is not None]
