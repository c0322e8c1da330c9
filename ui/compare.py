"""Two to four models side by side, on the tests that they share.

Question  On which tests does one lead by more than noise, and on which can nobody tell?
Input     a `frame.Page`; models named in the address; the view `scores`.
Output    releases, frames for ui/kit/comparison_charts.py and ui/kit/tables.py, sentences.
Method    reading/compare.py. A model is its release: dated versions, hosts and spellings count as one.
Silent    Fewer than two models, or no shared test: the page says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import pandas as pd
import streamlit as st

from data.vocabulary import COUNTED_KINDS
from reading import compare, search
from store import Where
from ui.kit import data, filters, tables, words
from ui.kit.frame import Page
from ui.kit.shelf import remembered, shelf
from ui.kit.views import benchmark_label, group_name, link_to_benchmark

KEY = "model"  # parameter of the address, once per model
LOOKED_AT = 40  # models with most scores among which the first example is found
DRAWN = 30  # tests in the chart; more do not fit a screen
SCORES = (
    "evaluation_id",
    "model_id",
    "model_name",
    "benchmark_id",
    "benchmark_name",
    "benchmark_version",
    "domain",
    "series_id",
    "setting_group",
    "metric",
    "setting",
    "unit",
    "is_lower_better",
    "n_items",
    "score",
    "score_reported",
    "standard_error",
    "evaluator_relationship",
    "data_problem",
    "last_seen_date",
    "source_id",
    "source_title",
    "source_url",
    "licence",
    "is_redistributable",
)


@dataclass(frozen=True)
class Release:
    """One model to compare: the release, what to call it, its members, and the member whose page opens."""

    id: str
    name: str
    members: tuple[str, ...]
    lead_id: str


@remembered
def release(path: str, model_id: str) -> Release | None:
    """The release that a model belongs to; None for a model that does not exist."""
    found = data.read(path, "model", ("release_id",), (Where("model_id", "=", model_id),))
    if found.empty:
        return None
    key = found["release_id"].iloc[0]
    select = ("model_id", "release_name")
    rows = data.read(path, "models", select, (Where("release_id", "=", key),), ("-n_evaluations", "model_id"))
    return Release(key, rows["release_name"].iloc[0], tuple(rows["model_id"]), rows["model_id"].iloc[0])


def asked(page: Page) -> tuple[list[Release], list[str]]:
    """Models of the address, each release once, at most four, and the names that mean none."""
    found: dict[str, Release] = {}
    wrong = []
    for model_id in st.query_params.get_all(KEY):
        known = release(page.path, model_id)
        if known is None:
            wrong.append(model_id)
        else:
            found.setdefault(known.id, known)
    return list(found.values())[: compare.AT_MOST], wrong


def example(page: Page) -> list[Release]:
    """Two models of different makers with most scores: what the page opens with."""
    where = (
        Where("kind", "in", COUNTED_KINDS),
        Where("developer", "not null"),
        Where("n_evaluations", "not null"),
        *page.selection.about(filters.OF_MODELS),
    )
    select = ("model_id", "developer", "release_id")
    rows = data.read(page.path, "models", select, where, ("-n_evaluations", "model_id"), LOOKED_AT)
    rows = rows.drop_duplicates("developer").head(2)
    found = [release(page.path, model_id) for model_id in rows["model_id"]]
    return [some for some in found if some is not None]


def scores(page: Page, chosen: list[Release]) -> pd.DataFrame:
    """Current headline scores of the models that the reader's filters of tests and scores leave, with what their groups and
    tests are.
    """
    entity = {model_id: some.id for some in chosen for model_id in some.members}
    looked_at = page.selection.about(filters.OF_SCORES)
    where = (*data.CURRENT, *looked_at, Where("model_id", "in", tuple(sorted(entity))))
    rows = data.read(page.path, "scores", SCORES, where, ("evaluation_id",))
    # Only tests on which all of them have a score can be compared; the rest need not be asked about.
    rows = rows.assign(entity=rows["model_id"].map(entity))
    groups = tuple(sorted(rows["series_id"].unique()))
    tests = tuple(sorted(rows["benchmark_id"].unique()))
    facts = ("series_id", "is_item_count", "n_at_least", "rerun_spread")
    series = data.read(page.path, "series", facts, (Where("series_id", "in", groups),))
    about = data.read(page.path, "benchmark", ("benchmark_id", "is_dynamic"), (Where("benchmark_id", "in", tests),))
    return rows.merge(series, on="series_id", how="left").merge(about, on="benchmark_id", how="left")


def offered(page: Page, hits: Sequence[search.Hit]) -> list[search.Hit]:
    """The models among some that the reader's filters of models leave."""
    looked_at = page.selection.about(filters.OF_MODELS)
    if not looked_at or not hits:
        return list(hits)
    ids = tuple(sorted({member for hit in hits for member in hit.members}))
    left = set(data.read(page.path, "models", ("model_id",), (Where("model_id", "in", ids), *looked_at))["model_id"])
    return [hit for hit in hits if left & set(hit.members)]


def compared(page: Page, chosen: tuple[Release, ...]) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """The chosen readings of the shared tests, their table (both empty without any), and the number of other tests; worked
    out once.
    """
    return shelf.ask(
        ("compared", page.path, page.selection, chosen), lambda: compared_anew(page, list(chosen)), page.path
    )


def compared_anew(page: Page, chosen: list[Release]) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """The same."""
    found = scores(page, chosen)
    read = compare.readings(found, [some.id for some in chosen])
    rows = read if read.empty else table(page, chosen, compare.whole(read))
    return read, rows, found["benchmark_id"].nunique() - read["benchmark_id"].nunique()


def setup_points(page: Page, tests: tuple[str, ...]) -> dict[str, float]:
    """What another set-up moves a score by, in points, where it was measured."""
    if not data.has(page.path, "benchmark_answer", "setup_points"):
        return {}
    where = (Where("benchmark_id", "in", tests), Where("setup_points", "not null"))
    rows = data.read(page.path, "benchmark_answer", ("benchmark_id", "setup_points"), where)
    return dict(zip(rows["benchmark_id"], rows["setup_points"], strict=True))


def table(page: Page, chosen: list[Release], read: pd.DataFrame) -> pd.DataFrame:
    """One row per shared test: verdict, who leads, the numbers and their sources; those apart first, the widest first."""
    told = compare.verdicts(read, setup_points(page, tuple(sorted(read["benchmark_id"].unique()))))
    names = {some.id: some.name for some in chosen}
    groups = {group: group_name(page, group) for group in read["setting_group"].unique()}
    first = read.drop_duplicates("benchmark_id").set_index("benchmark_id")
    shown = told.assign(
        benchmark=told["benchmark_id"].map(first["benchmark"]),
        test=[
            f"{head(str(first.at[b, 'benchmark_name']), first.at[b, 'benchmark'])} (mean of {first.at[b, 'n_parts']} parts)"
            if first.at[b, "n_parts"] > 1
            else benchmark_label(first.at[b, "benchmark_name"], first.at[b, "benchmark_version"])
            for b in told["benchmark_id"]
        ],
        domain=told["benchmark_id"].map(first["domain"]).fillna(words.NOT_REPORTED),
        leads=[
            names[leader] if verdict == compare.APART else "–" if verdict == compare.CANNOT else "nobody for certain"
            for leader, verdict in zip(told["leader"], told["verdict"], strict=True)
        ],
        gap_points=100 * told["gap"],
        noise_points=100 * told["noise"],
        setup=[
            groups[first.at[b, "setting_group"]] if same else "not the same"
            for b, same in zip(told["benchmark_id"], told["is_same_setup"], strict=True)
        ],
        is_apart=told["verdict"].eq(compare.APART),
    )
    shown["test_link"] = [
        f"{link_to_benchmark(b)}#{quote(name, safe=' ')}"
        for b, name in zip(shown["benchmark_id"], shown["test"], strict=True)
    ]
    for place, some in enumerate(chosen):
        own = read[read["entity"] == some.id].set_index("benchmark_id")
        shown[f"score_{place}"] = shown["benchmark_id"].map(own["score"])
        shown[f"percent_{place}"] = 100 * shown[f"score_{place}"]
        shown[f"error_{place}"] = shown["benchmark_id"].map(own["error"])
        shown[f"model_{place}"] = shown["benchmark_id"].map(own["model_name"])
        shown[f"source_{place}"] = shown["benchmark_id"].map(own["source_url"]).map(tables.web_address)
        boxed = own[["model_name", "score_reported", "setting", "evaluator_relationship", "n_parts"]]
        boxes = boxed.astype(object).to_dict("index")
        shown[f"text_{place}"] = [dot_text(boxes[b]) for b in shown["benchmark_id"]]
    order = {compare.APART: 0, compare.WITHIN: 1, compare.CANNOT: 2}
    ranked = shown.assign(place=shown["verdict"].map(order), label=shown["test"])
    return ranked.sort_values(["place", "gap", "benchmark_id"], ascending=[True, False, True]).reset_index(drop=True)


def head(name: str, benchmark: str) -> str:
    """What a benchmark (its key of reading/compare.py) is called, one of whose parts has this name: the shortest beginning."""
    begins = (name[: end.start()] for end in re.finditer(r"[\s_:(]", name))
    return next((some for some in begins if compare.plain(some) == benchmark), name)


def dot_text(row: dict) -> str:
    """What the box over a dot says: the reading, who ran it, its set-up."""
    if row["n_parts"] > 1:
        return f"{words.in_chart(row['model_name'], 50)}: mean of {row['n_parts']} parts that all models share"
    setting = words.NOT_REPORTED if words.is_missing(row["setting"]) else row["setting"]
    return (
        f"{words.in_chart(row['model_name'], 50)}: {words.in_chart(row['score_reported'])}<br>"
        f"Run by {words.RAN_BY[row['evaluator_relationship']]}, set-up: {words.in_chart(setting, 50)}"
    )


def finding(chosen: list[Release], rows: pd.DataFrame) -> str:
    """The comparison in one sentence, as Markdown."""
    counts = rows["verdict"].value_counts()
    n_apart, n_within, n_cannot = (int(counts.get(v, 0)) for v in (compare.APART, compare.WITHIN, compare.CANNOT))
    leads = rows.loc[rows["is_apart"], "leader"].value_counts()
    by_name = ", ".join(
        f"**{words.in_markdown(some.name)}** on {words.count(int(leads.get(some.id, 0)))}" for some in chosen
    )
    who, best = ("one leads the other", "they") if len(chosen) == 2 else ("one leads all others", "the first two")
    return (
        f"On {words.count(n_apart)} of {words.plural(len(rows), 'shared test')} {who} by more than noise: {by_name}. "
        f"On {words.count(n_within)} {best} are within noise, and on {words.count(n_cannot)} it cannot be told, because the "
        "number of questions is not known or the set-ups differ."
    )


def file(rows: pd.DataFrame, chosen: list[Release], read: pd.DataFrame) -> pd.DataFrame:
    """One row per shared test and model: every number behind the page, with its source and licence; a part of a benchmark
    has the verdict of its whole, which `part_of` names.
    """
    names = {some.id: some.name for some in chosen}
    verdict = rows[["benchmark", "test", "verdict", "leader", "gap", "noise", "is_same_setup"]]
    columns = ["entity", "model_id", "model_name", "benchmark_id", "metric", "benchmark_name", "benchmark_version"]
    columns += ["setting_group", "setting", "score", "score_reported", "error", "n_items", "evaluator_relationship"]
    columns += ["evaluation_id", "source_title", "source_url", "licence", "is_redistributable"]
    both = read[[*columns, "benchmark"]].merge(verdict, on="benchmark").rename(columns={"test": "part_of"})
    return both.assign(release=both["entity"].map(names), leader=both["leader"].map(names)).drop(
        columns=["entity", "benchmark"]
    )
