"""Makers' own numbers beside independent runs of the same model and test.

Question  Do makers' numbers match what others measure, and where do they not?
Input     a `frame.Page`; the view `claims`, one row per pair.
Output    frames for ui/kit/comparison_charts.py and ui/kit/tables.py, sentences.
Method    Pairs and levels are those of the signal claim_gap. A pair counts as the same set-up where both numbers stand in
          one group of comparable scores (tier A): as far as their pages state it. Typical gaps are medians; a maker's row
          needs FEWEST pairs and stands in the order of its number of pairs, because gaps of few pairs say little.
Silent    Without pairs there is no sentence.
"""

from urllib.parse import quote

import pandas as pd

from data.vocabulary import MARKED
from store import Where
from ui.families import MAKER, link_to_group, spellings
from ui.kit import data, tables, words
from ui.kit.frame import Page
from ui.kit.shelf import remembered
from ui.kit.views import benchmark_label, link_to_model

FEWEST = 5  # pairs below which nothing is said of a maker
EQUAL = 0.005  # numbers nearer than half a point are the same number, rounded
SETUPS = {"same set-up": (Where("tier", "=", "A"),), "any set-up": ()}
COLUMNS = (
    "evaluation_id",
    "model_id",
    "model_name",
    "maker",
    "benchmark_id",
    "benchmark_name",
    "benchmark_version",
    "maker_score",
    "maker_score_reported",
    "maker_setting",
    "independent_score",
    "independent_score_reported",
    "independent_setting",
    "gap",
    "n_independent",
    "level",
    "direction",
    "reason",
    "tier",
    "source_title",
    "source_url",
    "independent_source_title",
    "independent_source_url",
    "is_redistributable",
)


def chosen(page: Page, setup: str, maker: str) -> tuple[Where, ...]:
    """Conditions on the view `claims`: the reader's filters, the set-up and the maker asked for."""
    base = (*SETUPS[setup], *page.selection.to_where(data.columns(page.path, "claims")))
    return (*base, Where("maker", "=", maker)) if maker else base


def pairs(page: Page, where: tuple[Where, ...]) -> pd.DataFrame:
    """Every pair that is asked for, the furthest apart first, ready for charts and tables."""
    return pairs_of(page.path, where)


@remembered
def pairs_of(path: str, where: tuple[Where, ...]) -> pd.DataFrame:
    """The same of a database."""
    rows = data.read(path, "claims", COLUMNS, where, ("evaluation_id",))
    names = zip(rows["benchmark_name"], rows["benchmark_version"], strict=True)
    shown = rows.assign(
        test=[benchmark_label(name, version) for name, version in names],
        distance=rows["gap"].abs(),
        gap_points=100 * rows["gap"],
        maker_percent=100 * rows["maker_score"],
        independent_percent=100 * rows["independent_score"],
        model_link=[link_to_model(i, n) for i, n in zip(rows["model_id"], rows["model_name"], strict=True)],
        level_text=[
            words.level_text(level, side) for level, side in zip(rows["level"], rows["direction"], strict=True)
        ],
        source_url=[tables.web_address(u) for u in rows["source_url"]],
        independent_source_url=[tables.web_address(u) for u in rows["independent_source_url"]],
    )
    return shown.sort_values(["distance", "evaluation_id"], ascending=[False, True]).reset_index(drop=True)


def finding(rows: pd.DataFrame) -> str:
    """What all pairs say together, in one sentence."""
    higher, lower = ((side * rows["gap"] > EQUAL).mean() for side in (1, -1))
    return (
        f"Half of {words.plural(len(rows), 'number')} of makers lie within {100 * rows['distance'].median():.1f} points of an "
        f"independent run, one in ten is more than {100 * rows['distance'].quantile(0.9):.1f} away; "
        f"{100 * higher:.0f}% are higher, {100 * lower:.0f}% lower, the others the same within half a point"
    )


def largest(rows: pd.DataFrame, limit: int) -> pd.DataFrame:
    """The pairs furthest apart as rows of a dumbbell, the maker's number first."""
    some = rows.head(limit)
    labels = [
        f"{name.rsplit('/', 1)[-1]} · {test}" for name, test in zip(some["model_name"], some["test"], strict=True)
    ]
    texts = {}
    for place, kind, who in ((0, "maker", "the maker"), (1, "independent", "someone else")):
        stated = [words.NOT_REPORTED if words.is_missing(s) else str(s) for s in some[f"{kind}_setting"]]
        texts[f"text_{place}"] = [
            f"{words.in_chart(value)} by {who}<br>Set-up: {words.in_chart(setting, 60)}"
            for value, setting in zip(some[f"{kind}_score_reported"], stated, strict=True)
        ]
    return some.assign(
        label=labels,
        is_apart=some["level"].isin(MARKED),
        score_0=some["maker_score"],
        score_1=some["independent_score"],
        **texts,
    )


def by_maker(page: Page, rows: pd.DataFrame) -> pd.DataFrame:
    """One row per maker with enough pairs: typical gap, typical distance, the widest, how many are unusual."""
    known = spellings(page.path)
    grouped = rows.dropna(subset=["maker"]).groupby("maker")
    found = grouped.agg(
        n_pairs=("gap", "size"),
        n_models=("model_id", "nunique"),
        typical_gap=("gap_points", "median"),
        typical_distance=("distance", lambda d: 100 * d.median()),
        widest=("gap_points", lambda g: g.loc[g.abs().idxmax()]),
        n_unusual=("level", lambda level: int(level.isin(MARKED).sum())),
    ).reset_index()  # fmt: skip
    found = found[found["n_pairs"] >= FEWEST].sort_values(["n_pairs", "maker"], ascending=[False, True])
    titles = [known.get(maker, (maker,))[0] for maker in found["maker"]]
    links = [
        f"{link_to_group(f'{MAKER}:{maker}')}#{quote(title, safe=' ')}"
        for maker, title in zip(found["maker"], titles, strict=True)
    ]
    return found.assign(title=titles, maker_link=links).reset_index(drop=True)


def makers(page: Page) -> dict[str, str]:
    """Makers with a pair, by name: what the select box offers."""
    return makers_of(page.path)


@remembered
def makers_of(path: str) -> dict[str, str]:
    """The same of a database."""
    known = spellings(path)
    counts = data.count(path, "claims", ("maker",), (Where("maker", "not null"),))
    named = {maker: known.get(maker, (maker,))[0] for maker in counts["maker"]}
    return {"": "All makers"} | dict(sorted(named.items(), key=lambda item: item[1].casefold()))
