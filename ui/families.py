"""What is said of a family or maker: on which tests its models stand above or below what their other scores suggest.

Question  Where does this family stand out, how did its models develop, and which of its scores are unusual?
Input     a `frame.Page`; the views `families`, `scores` and `marked`.
Output    a sentence per family or maker, the same wherever it stands; frames for ui/kit/comparison_charts.py and tables.
Method    Nothing is concluded here: levels and sentences are those of the build. The surest answers come first.
Silent    A family with too few models of known makers on any one test has no answer and says so.
"""

from dataclasses import dataclass
from urllib.parse import quote

import pandas as pd
import streamlit as st

import store
from data.vocabulary import ANSWER_SUBJECTS, COUNTED_KINDS, DIRECTIONS, GROUP_KINDS, MARKED
from reading.search import NO_FAMILY
from store import Where
from ui import answers, marks
from ui.kit import address, data, filters, parts, tables, waiting, words
from ui.kit.frame import Page
from ui.kit.shelf import remembered
from ui.kit.views import benchmark_label

LINES = 5
DRAWN = 24  # tests in the fingerprint, the surest; more do not fit a screen
FEWEST = 3  # models of known makers that make a test worth a chart over time
FAMILY, MAKER = GROUP_KINDS
TEST, CONTRAST = ANSWER_SUBJECTS


@dataclass(frozen=True)
class Group:
    """A family or a maker: its kind, its name in the tables, what to call it, and its spellings in model.developer."""

    kind: str
    name: str
    title: str
    developers: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What stands in the address: "family:Gemma"."""
        return f"{self.kind}:{self.name}"

    @property
    def models(self) -> tuple[Where, ...]:
        """Conditions for its models in any view that has family and developer."""
        if self.kind == FAMILY:
            return (Where("family", "=", self.name),)
        return (Where("developer", "in", self.developers),)


def link_to_group(key: str) -> str:
    """Address of the page of one family or maker, fit for Markdown."""
    return f"families?group={quote(key, safe='')}"


@remembered
def spellings(path: str) -> dict[str, tuple[str, ...]]:
    """Makers and their spellings in model.developer, the one with most models first."""
    if not data.has(path, "maker"):
        return {}
    known = data.read(path, "maker", ("developer", "maker"))
    counts = data.count(path, "models", ("developer",), (Where("developer", "in", tuple(known["developer"])),))
    sized = known.merge(counts, on="developer", how="left").sort_values(
        ["maker", "n", "developer"], ascending=[True, False, True]
    )
    return {maker: tuple(some["developer"]) for maker, some in sized.groupby("maker")}


def group(path: str, key: str | None) -> Group | None:
    """The family or maker that an address names; None when there is none of this name."""
    kind, _, name = (key or "").partition(":")
    if (
        kind == FAMILY
        and name
        and name not in NO_FAMILY
        and data.how_many(path, "model", (Where("family", "=", name),))
    ):
        return Group(kind, name, name)
    known = spellings(path) if kind == MAKER else {}
    return Group(kind, name, known[name][0], known[name]) if name in known else None


def asked() -> Group | None:
    """The family or maker of the address, before the page is drawn: its name stands in the title."""
    key = st.query_params.get("group")
    if not key or not waiting.has_database():
        return None
    try:
        return group(data.build(address.day(filters.DAY)).path, key)
    except store.NoDatabase:
        return None


def section(page: Page) -> None:
    """The strongest answers about each family that the reader filters by, above a list."""
    chosen = page.selection.family
    if not chosen or not data.has(page.path, "families"):
        return
    mine = (Where("group_kind", "=", FAMILY), Where("group_name", "in", chosen))
    order = ("group_name", "-subject_kind", "p_value", "subject_id")
    with st.container(border=True):
        strongest(page, chosen, mine, order)
        with st.container(horizontal=True):
            these = "Download CSV (these families)"
            tables.download(
                these, "families", page.asof, lambda: [data.read(page.path, "families", None, mine, order)], True
            )
            everything = "Download CSV (all families and makers)"
            tables.download(everything, "families", page.asof, lambda: [data.read(page.path, "families")], False)


@parts.kept
def strongest(page: Page, chosen: tuple[str, ...], mine: tuple[Where, ...], order: tuple[str, ...]) -> None:
    """The lines of `section`."""
    rows = data.read(page.path, "families", None, mine, order)
    for family in chosen:
        own = rows[rows["group_name"] == family]
        strong = own[own["level"].isin(MARKED)]
        name = f"[{words.in_markdown(family)}]({link_to_group(f'{FAMILY}:{family}')})"
        st.markdown(f"**The family {name} as a whole** {words.family_sentence(own)}")
        lines = zip(strong["subject_name"].head(LINES), strong["reason"].head(LINES), strict=True)
        st.markdown("\n".join(f"- **{words.in_markdown(n)}**: {words.in_markdown(reason)}" for n, reason in lines))


def subjects(page: Page) -> tuple[Where, ...]:
    """The condition on answers that asks for the kinds of tests that the reader chose; none where all are looked at."""
    if not page.selection.domain:
        return ()
    mine = page.selection.about(("domain",))
    found = data.count(page.path, "benchmark", ("benchmark_id",), mine)["benchmark_id"].str.partition("@")[0]
    return (Where("subject_kind", "=", TEST), Where("subject_id", "in", tuple(sorted(set(found)))))


def asked_for(page: Page, kind: str) -> tuple[Where, ...]:
    """Conditions on answers: about families or about makers, those that the reader chose, on the kinds of tests chosen."""
    mine = (Where("group_kind", "=", kind), *subjects(page))
    asked = page.selection.family if kind == FAMILY else page.selection.developer
    names = asked
    if kind == MAKER:
        names = tuple(maker for maker, some in spellings(page.path).items() if set(some) & set(asked))
    return (*mine, Where("group_name", "in", names)) if asked else mine


def listing(page: Page, kind: str) -> pd.DataFrame:
    """One row per family or maker with an answer: key, name, sentence, n_high, n_low, n_asked, n_models; those that stand
    out most often first. Of what the reader filters by, families, makers and kinds of tests choose the answers; all else
    chooses the models that are counted.
    """
    mine = (Where("kind", "in", COUNTED_KINDS), *page.selection.about(filters.OF_MODELS))
    return listed(page.path, kind, asked_for(page, kind), mine)


@remembered
def listed(path: str, kind: str, asked: tuple[Where, ...], mine: tuple[Where, ...]) -> pd.DataFrame:
    """The same, from the conditions on answers and those on models."""
    select = ("group_name", "subject_kind", "subject_name", "level", "direction")
    known = spellings(path)
    found = data.read(path, "families", select, asked, ("group_name", "p_value", "subject_id"))
    column = "family" if kind == FAMILY else "developer"
    counted = data.count(path, "models", (column,), mine)
    makers = {spelling: maker for maker, some in known.items() for spelling in some}
    names = counted[column] if kind == FAMILY else counted[column].map(makers)
    n_models = counted.groupby(names)["n"].sum()
    tests = found[found["subject_kind"] == TEST]
    rows = []
    for name, own in found.groupby("group_name"):
        strong = tests[(tests["group_name"] == name) & tests["level"].isin(MARKED)]
        title = name if kind == FAMILY else known.get(name, (name,))[0]
        said = words.family_sentence(own).replace("\\", "")
        rows.append(
            {
                "key": f"{kind}:{name}",
                "name": title,
                "reason": said[0].upper() + said[1:],
                "n_high": int(strong["direction"].eq("high").sum()),
                "n_low": int(strong["direction"].eq("low").sum()),
                "n_asked": int((own["subject_kind"] == TEST).sum()),
                "n_models": int(n_models.get(name, 0)),
            }
        )
    columns = ["key", "name", "reason", "n_high", "n_low", "n_asked", "n_models"]
    shown = pd.DataFrame(rows, columns=columns)
    shown = shown.assign(
        n_marked=shown["n_high"] + shown["n_low"],
        group_link=[
            f"{link_to_group(key)}#{quote(name, safe=' ')}"
            for key, name in zip(shown["key"], shown["name"], strict=True)
        ],
    )
    return shown.sort_values(["n_marked", "n_asked", "name"], ascending=[False, False, True]).reset_index(drop=True)


def answers_of(page: Page, chosen: Group) -> pd.DataFrame:
    """Every answer about one family or maker, the surest first, ready for chart and table."""
    where = (Where("group_kind", "=", chosen.kind), Where("group_name", "=", chosen.name), *subjects(page))
    rows = data.read(page.path, "families", None, where, ("p_value", "subject_id"))
    return rows.assign(
        label=rows["subject_name"],
        level_text=[
            words.level_text(level, side) for level, side in zip(rows["level"], rows["direction"], strict=True)
        ],
    )


def surest(rows: pd.DataFrame) -> pd.DataFrame:
    """The tests of the fingerprint, highest first."""
    tests = rows[rows["subject_kind"] == TEST].head(DRAWN)
    return tests.sort_values(["effect", "subject_id"], ascending=[False, True]).reset_index(drop=True)


def tests_over_time(page: Page, chosen: Group) -> dict[str, str]:
    """Tests with scores of enough dated models of known makers: those in use first, then by number of scores."""
    makers = tuple(name for some in spellings(page.path).values() for name in some)
    looked_at = page.selection.to_where(data.columns(page.path, "scores"))
    where = (*data.CURRENT, *chosen.models, *looked_at, Where("model_date", "not null"), Where("unit", "=", "fraction"))
    by = ("benchmark_id", "benchmark_name", "benchmark_version")
    counts = data.count(page.path, "scores", by, (*where, Where("developer", "in", makers))) if makers else None
    if counts is None or counts.empty:
        counts = data.count(page.path, "scores", by, where)
    counts = counts[counts["n"] >= FEWEST]
    used = set()
    if data.has(page.path, "benchmarks"):
        in_use = (Where("use", "=", answers.IN_USE),)
        used = set(data.read(page.path, "benchmarks", ("benchmark_id",), in_use)["benchmark_id"])
    ordered = counts.assign(is_used=counts["benchmark_id"].isin(used)).sort_values(
        ["is_used", "n", "benchmark_id"], ascending=[False, False, True]
    )
    return {r.benchmark_id: benchmark_label(r.benchmark_name, r.benchmark_version) for r in ordered.itertuples()}


def scores_over_time(page: Page, chosen: Group, benchmark_id: str) -> pd.DataFrame:
    """Dated scores of the family's models on one test, by day; of several metrics the one with most scores."""
    select = (
        "evaluation_id",
        "model_id",
        "model_name",
        "developer",
        "family",
        "model_date",
        "metric",
        "setting",
        "score",
        "score_reported",
        "evaluator_relationship",
        "is_lower_better",
        "source_title",
        "source_url",
        "is_redistributable",
    )
    where = (
        *data.CURRENT,
        *chosen.models,
        Where("benchmark_id", "=", benchmark_id),
        Where("model_date", "not null"),
        Where("unit", "=", "fraction"),
        *page.selection.to_where(data.columns(page.path, "scores")),
    )
    rows = data.read(page.path, "scores", select, where, ("model_date", "evaluation_id"))
    if rows.empty:
        return rows
    makers = {name for some in spellings(page.path).values() for name in some}
    rows = rows[rows["metric"] == rows["metric"].value_counts().index[0]]
    who = [words.NOT_REPORTED if words.is_missing(s) else str(s) for s in rows["setting"]]
    ran = rows["evaluator_relationship"].map(words.RAN_BY)
    return rows.assign(
        is_own=rows["developer"].isin(makers), who=[f"run by {r}; {s}" for r, s in zip(ran, who, strict=True)]
    ).reset_index(drop=True)


def records(rows: pd.DataFrame) -> pd.DataFrame:
    """Scores of known makers' models that were the best when they came, by day."""
    own = rows[rows["is_own"]].sort_values(["model_date", "score"], ascending=[True, False])
    if own.empty:
        return own
    if bool(own["is_lower_better"].iloc[0]):
        return own[own["score"] < own["score"].cummin().shift(fill_value=float("inf"))]
    return own[own["score"] > own["score"].cummax().shift(fill_value=-1.0)]


def progress(best: pd.DataFrame, test: str) -> str:
    """What the chart over time shows, in one sentence."""
    if best.empty:
        return f"No dated model of a known maker on {test}"
    first, last = best.iloc[0], best.iloc[-1]
    end = f"{words.percent(last['score'])} ({words.month(last['model_date'])})"
    if len(best) == 1:
        return f"On {test} its best printed score is {end}"
    start = f"{words.percent(first['score'])} ({words.month(first['model_date'])})"
    return f"On {test} its best printed score went from {start} to {end}"


def unusual(page: Page, chosen: Group, limit: int) -> tuple[pd.DataFrame, dict[str, int]]:
    """Marked scores of its models, those worth a look first, and how many there are on each side."""
    if marks.view(page) != "marked":
        return pd.DataFrame(), dict.fromkeys(DIRECTIONS, 0)
    where = (*marks.marked_rows(page), *chosen.models)
    counts = data.count(page.path, "marked", ("direction",), where)
    n = dict(zip(counts["direction"], counts["n"], strict=True))
    return marks.read_marked(page, where, limit), {side: int(n.get(side, 0)) for side in DIRECTIONS}
