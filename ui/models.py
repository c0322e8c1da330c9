"""What the Models page shows: the list, and everything about one model.

Question  Do this model's scores fit together, where do they come from, and what changed?
Input     a `frame.Page`, a model.
Output    frames for ui/kit/charts.py and ui/kit/tables.py, sentences.
Silent    A fact that is not held is "not reported".
"""

import pandas as pd
import streamlit as st

from data.vocabulary import MARKED
from store import Where
from ui.kit import data, find, tables, words
from ui.kit.frame import Page
from ui.kit.shelf import remembered
from ui.kit.views import OPINIONS, benchmark_label, group_name, link_to_model, members, page_of_model
from ui.marks import opinion, second_opinions, signal_titles
from ui.provenance import level_history, was

OTHER = "other"  # the domain of a test that has none in data/facts/benchmarks.csv
TAIL = 0.05  # share of scores on either side of a 90% range
FOUND = 300  # releases that a search shows; a text that means more is too short to mean one
COUNTS = ("n_unusual_high", "n_unusual_low", "n_tested")
LISTED = (
    "model_id",
    "name",
    "level",
    "direction",
    *COUNTS,
    "n_evaluations",
    "family",
    "n_parameters",
    "model_date",
    "developer",
    "maintainer_flag",
)


def model_opinions(page: Page, model_id: str, rows: pd.DataFrame) -> None:
    """Second opinions on a model and its scores that are not simply usual, furthest out first; the rest as a count."""
    found = pd.concat(
        [
            second_opinions(page, "model", (model_id,)),
            second_opinions(page, "evaluation", tuple(rows["evaluation_id"])),
        ],
        ignore_index=True,
    )
    if found.empty:
        return
    titles = signal_titles(page)
    names = dict(zip(rows["evaluation_id"], rows["row"], strict=True))
    heard = found[~found["level"].isin(["usual", "cannot_tell"])]
    order = heard.assign(
        rank=heard["level"].map({level: place for place, level in enumerate(words.LEVELS)}),
        distance=-heard["residual_z"].abs(),
    ).sort_values(["rank", "distance", "subject_id", "signal_id", "variant"])
    lines = []
    for row in order.head(OPINIONS).itertuples():
        subject = names.get(row.subject_id)
        start = f"{words.in_markdown(words.shorten(subject, 60))}: " if subject else ""
        lines.append(f"- {start}{opinion(row, titles)}")
    said = found["level"].value_counts()
    left = len(order) - min(len(order), OPINIONS)
    parts = [f"{words.count(left)} more of these"] if left else []
    parts.append(f"{words.count(said.get('usual', 0))} in the usual range")
    parts.append(f"{words.count(said.get('cannot_tell', 0))} cannot tell")
    with st.expander(f"Second opinions: {words.count(len(order))} of {words.count(len(found))} not simply usual"):
        st.markdown("\n".join(lines))
        st.caption(f"Other opinions on this model's scores: {', '.join(parts)}.")


def found_models(page: Page, text: str) -> tuple[tuple[str, ...], str]:
    """Models that a text means, the likeliest first, and what was looked for where the text stands in no name."""
    found = find.look(page.path, text, ("model",), FOUND)
    return tuple(member for hit in found.hits for member in hit.members), found.corrected


@remembered
def model_list(path: str, where: tuple[Where, ...], in_order: tuple[str, ...] = ()) -> tuple[int, pd.DataFrame]:
    """How many releases there are, and the first of them for the searchable table, one row each: in the order of a search,
    else those with most unusually high scores first. A release is named, sized and judged by its member with most scores;
    counts are those of all its members.
    """
    keys = ("release_id", "release_name") if data.has(path, "models", "release_id") else ("model_id", "name")
    columns = tuple(dict.fromkeys((*LISTED, *keys)))
    rows = data.read(path, "models", columns, where, ("-n_evaluations", "model_id"))
    place = {model_id: i for i, model_id in enumerate(in_order)}
    grouped = rows.groupby(keys[0], sort=False)
    counts = grouped.agg(n_names=("model_id", "size"), release=(keys[1], "first"), **{c: (c, "sum") for c in COUNTS})
    lead = rows.drop_duplicates(keys[0]).drop(columns=list(COUNTS)).set_index(keys[0], drop=False)
    lead.index.name = None
    known = lead.join(counts)
    known["name"] = known["name"].where(known["n_names"] == 1, known["release"])
    if in_order:
        first = rows["model_id"].map(place).groupby(rows[keys[0]]).min()
        known = known.assign(place=first.reindex(known.index)).sort_values("place")
    else:
        known = known.sort_values(["n_unusual_high", "n_tested", "model_id"], ascending=[False, False, True])
    return len(known), for_table(known.head(tables.SHOWN).reset_index(drop=True))


def for_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `model_list` with the columns that a table shows."""
    return rows.assign(
        model_link=[link_to_model(i, n) for i, n in zip(rows["model_id"], rows["name"], strict=True)],
        level_text=[
            words.level_text(level, side) for level, side in zip(rows["level"], rows["direction"], strict=True)
        ],
        size_text=[None if words.is_missing(n) else words.size(n) for n in rows["n_parameters"]],
        size_billions=rows["n_parameters"] / 1e9,
    )


def other_names(page: Page, model_id: str) -> str:
    """The other members of a model's release as links; "" where there are none."""
    ids = tuple(i for i in members(page, model_id) if i != model_id)
    if not ids:
        return ""
    where = (Where("model_id", "in", ids),)
    rows = data.read(page.path, "models", ("model_id", "name", "n_evaluations"), where, ("-n_evaluations", "model_id"))
    links = [
        f"[{words.in_markdown(row.name)}]({page_of_model(row.model_id)})"
        + ("" if words.is_missing(row.n_evaluations) else f" ({words.count(row.n_evaluations)})")
        for row in rows.itertuples(index=False)
    ]
    return f"The same model under other names, hosts or dates, with their number of scores: {', '.join(links)}."


def everywhere(page: Page, where: tuple[Where, ...]) -> pd.DataFrame:
    """Average distance from expected of every model with two or more tested scores, for the chart."""
    select = ("model_id", "name", "n_parameters", "mean_z", "n_tested", "level", "direction")
    enough = (*where, Where("n_tested", "between", (2, None)), Where("n_parameters", "not null"))
    return data.read(page.path, "models", select, enough, ("model_id",))


def everywhere_finding(rows: pd.DataFrame) -> str:
    """What the chart of `everywhere` shows, in one sentence."""
    marked = rows[rows["level"].isin(MARKED)]
    n_high = int(marked["direction"].eq("high").sum())
    return (
        f"{words.count(n_high)} of {words.plural(len(rows), 'model')} {'is' if n_high == 1 else 'are'} unusually high for "
        f"{'its' if n_high == 1 else 'their'} size over all scores together, {words.count(len(marked) - n_high)} unusually low"
    )


def stem(benchmark_ids: pd.Series) -> pd.Series:
    """A renewed test whatever its version: "livebench_math@2024-11-25" is "livebench_math"."""
    return benchmark_ids.str.partition("@")[0]


def one_a_test(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each test, in its newest version, the maker's and the independent reading that are furthest from expected."""
    known = rows[rows["is_fraction"]]
    known = known.assign(stem=stem(known["benchmark_id"]), version=known["benchmark_version"].fillna("").astype(str))
    known = known[known["version"].eq(known.groupby("stem")["version"].transform("max"))]
    known = known.assign(is_own=known["evaluator_relationship"].eq("first_party"))
    return known.drop_duplicates(["stem", "is_own"])  # rows come with the furthest first


def by_domain(page: Page, known: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Rows of `one_a_test` for charts.dot_range: the `limit` tests furthest out, grouped by domain (column `domain`)."""
    first = known.drop_duplicates("stem").head(limit)
    facts = data.read(
        page.path, "benchmark", ("benchmark_id", "domain"), (Where("benchmark_id", "in", tuple(known["benchmark_id"])),)
    )
    domains = dict(zip(facts["benchmark_id"], facts["domain"], strict=True))
    rank = {name: place for place, name in enumerate(first["stem"])}
    drawn = known[known["stem"].isin(rank)].assign(
        domain=lambda f: f["benchmark_id"].map(domains).fillna(OTHER),
        place=lambda f: f["stem"].map(rank),
        row=lambda f: f["benchmark"],
    )
    last = drawn["domain"].eq(OTHER)
    return drawn.assign(last=last).sort_values(["last", "domain", "place", "is_own"], kind="stable", ignore_index=True)


def range_finding(name: str, known: pd.DataFrame) -> str:
    """What all rows of `one_a_test` say, in one sentence."""
    ranged = known.dropna(subset=["expected_lower", "expected_upper"])
    above = ranged.loc[ranged["score"] > ranged["expected_upper"], "stem"].nunique()
    below = ranged.loc[ranged["score"] < ranged["expected_lower"], "stem"].nunique()
    total = ranged["stem"].nunique()
    short = words.in_markdown(str(name).rsplit("/", 1)[-1])
    if not total:
        return f"{short}: the scores that we hold; there is too little to compare them with"
    return (
        f"{short}: of {words.plural(total, 'test')}, {words.count(above)} with a score above what 90% of similar models get and "
        f"{words.count(below)} below; luck alone would make about {total * TAIL:.0f} of each"
    )


def models_file(page: Page, where: tuple[Where, ...]) -> pd.DataFrame:
    """All columns of the models that match: read when the file is asked for."""
    return data.read(page.path, "models", None, where, ("model_id",))


def model_facts(page: Page, model: pd.Series) -> None:
    """What we hold about a model, each fact with its basis; quoted marks apart."""
    own = words.size(model["n_parameters"])
    if not words.is_missing(model["size_precision"]):
        own += f" ({words.SIZE_PRECISION[model['size_precision']]})"
    # Of a dense model all parameters are active: a second figure would only look like another size.
    is_dense = not words.is_missing(model["is_moe"]) and not model["is_moe"]
    if not words.is_missing(model["n_active_parameters"]) and not is_dense:
        own += f", {words.size(model['n_active_parameters'])} active"
    when = words.day(model["model_date"])
    if not words.is_missing(model["date_basis"]):
        when += f" ({words.DATE_BASIS[model['date_basis']]})"
    facts = [
        ("Size", own),
        ("Date", when),
        ("Family", f"{model['family']} (from {words.FAMILY_BASIS[model['family_basis']]})"),
        ("Base model", model["base_model"]),
        ("Maker", model["developer"]),
        ("Kind", model["kind"]),
    ]
    line = " · ".join(
        f"{name} **{words.in_markdown(words.NOT_REPORTED if words.is_missing(v) else words.shorten(v, 80))}**"
        for name, v in facts
    )
    address = tables.web_address(model["source_url"])
    st.markdown(line + (f" · [its page]({address})" if address else ""))
    remarks = {
        "size_note": "About its size: ",
        "date_note": "About its day of release: ",
        "maintainer_flag": "Marked by a board's maintainers, quoted: ",
    }
    for remark, start in remarks.items():
        if not words.is_missing(model.get(remark)):  # earlier builds have no date_note
            st.caption(f"{start}“{words.in_markdown(model[remark])}”")


def model_scores(page: Page, model_id: str) -> pd.DataFrame:
    """Every current headline reading of a model with its verdict, furthest from expected first."""
    select = [
        "evaluation_id",
        "model_id",
        "model_name",
        "n_parameters",
        "benchmark_id",
        "benchmark_name",
        "benchmark_version",
        "setting",
        "setting_group",
        "metric",
        "unit",
        "score",
        "score_reported",
        "evaluator_relationship",
        "first_seen_date",
        "source_title",
        "source_url",
        "is_redistributable",
    ]
    where = (*data.CURRENT, Where("model_id", "=", model_id))
    rows = data.read(page.path, "scores", tuple(select), where, ("benchmark_name", "evaluation_id"))
    # Each score by its own chance: the correction for many tests belongs to lists of many models.
    is_told_alone = data.has(page.path, "anomalies", "level_alone")
    told = ("level_alone", "reason_alone") if is_told_alone else ("level", "reason")
    verdicts = data.read(
        page.path,
        "anomalies",
        (
            "evaluation_id",
            "expected",
            "expected_lower",
            "expected_upper",
            "gap",
            "residual_z",
            "direction",
            *told,
            *(words.STILL if data.has(page.path, "anomalies", *words.STILL) else ()),
        ),
        (*data.VERDICTS, Where("model_id", "=", model_id)),
    ).rename(columns=dict(zip(told, ("level", "reason"), strict=True)))
    joined = rows.merge(verdicts, on="evaluation_id", how="left")
    joined["level"] = joined["level"].fillna("cannot_tell")
    names = zip(joined["benchmark_name"], joined["benchmark_version"], strict=True)
    labels = pd.Series([benchmark_label(name, version) for name, version in names], index=joined.index, dtype=object)
    twice = labels.duplicated(keep=False)
    told = joined[["level", "direction", "score", "expected_lower", "expected_upper"]]
    if set(words.STILL) <= set(joined.columns):
        joined["still"] = [words.dots(list(row)) for row in joined[list(words.STILL)].itertuples(index=False)]
    shown = joined.assign(
        benchmark=labels,
        row=labels.where(~twice, labels + " · " + joined["setting_group"].map(lambda g: group_name(page, g))),
        level_text=[words.verdict_text(*row) for row in told.itertuples(index=False)],
        range=[
            words.between(*row) for row in joined[["expected_lower", "expected_upper", "unit"]].itertuples(index=False)
        ],
        gap_points=joined["unit"].map(words.scale) * joined["gap"],
        ran_by=joined["evaluator_relationship"].map(words.RAN_BY),
        score_percent=[words.score(score, unit) for score, unit in zip(joined["score"], joined["unit"], strict=True)],
        source_url=[tables.web_address(u) for u in joined["source_url"]],
        is_fraction=joined["unit"] == "fraction",
        distance=joined["residual_z"].abs(),
    )
    return shown.sort_values(["distance", "row"], ascending=[False, True], na_position="last").reset_index(drop=True)


def changes(page: Page, rows: pd.DataFrame) -> None:
    """Values that a source changed or took away, for the scores of one model."""
    ids = tuple(rows["evaluation_id"])
    found = data.read(page.path, "evaluation_change", None, (Where("evaluation_id", "in", ids),), ("changed_date",))
    if found.empty:
        return
    names = dict(zip(rows["evaluation_id"], rows["benchmark"], strict=True))
    st.markdown("**What changed in the sources**")
    for row in found.itertuples():
        old, new = (
            words.in_markdown(words.printed(str(v), 9)) if not words.is_missing(v) else "nothing"
            for v in (row.old_value, row.new_value)
        )
        st.markdown(
            f"- {words.day(row.changed_date)}, {words.in_markdown(names[row.evaluation_id])}: {old} became {new} "
            f"({row.reason.replace('_', ' ')})"
        )


def verdict_changes(page: Page, rows: pd.DataFrame) -> None:
    """Verdicts on the scores of one model that changed; nothing without any."""
    found = level_history(page, tuple(rows["evaluation_id"]))
    if found.empty:
        return
    names = dict(zip(rows["evaluation_id"], rows["row"], strict=True))
    st.markdown("**What changed in our verdicts**")
    for row in found.itertuples():
        new = "no longer judged" if words.is_missing(row.new_level) else words.level_text(row.new_level)
        st.markdown(f"- {words.in_markdown(names[row.evaluation_id])}: {new}. {was(row)}")
