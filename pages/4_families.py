"""Families: where does a family or maker stand above or below what its other scores suggest?

Without ?group= a line for each family or maker; with it one of them: its answer, the fingerprint over tests, its models
over time, its unusual scores, high and low.
"""

import streamlit as st

from data.vocabulary import DIRECTIONS, MARKED
from ui import families
from ui.kit import address, comparison_charts, data, filters, frame, parts, tables, views, words

ROWS = 20  # families in the chart; more do not fit a screen
LINES_HIGH = 92  # pixels of a row in which a sentence has up to four lines
LISTED = 200  # unusual scores in the table
KINDS = {families.FAMILY: "families", families.MAKER: "makers"}
COLUMNS = {
    "group_link": st.column_config.LinkColumn("Name", display_text=r"#(.*)$", width=150, pinned=True),
    "n_high": st.column_config.NumberColumn("Above", width=70, help="Tests on which it stands above by more than luck"),
    "n_low": st.column_config.NumberColumn("Below", width=70, help="Tests on which it stands below by more than luck"),
    "n_asked": st.column_config.NumberColumn("Tests asked", width=90),
    "n_models": st.column_config.NumberColumn(
        "Models here", width=90, help="All that have a score, copies and tunings too"
    ),
    "reason": st.column_config.TextColumn("In one sentence", width=560),
}
ANSWERS = {
    "subject_name": st.column_config.TextColumn("Test", width=200, pinned=True),
    "level_text": st.column_config.TextColumn("Level", width=160),
    "effect": st.column_config.NumberColumn(
        "Spreads", format="%+.2f", width=80, help="Spreads of the test, + is above"
    ),
    "effect_points": st.column_config.NumberColumn("Points", format="%+.1f", width=80),
    "n_models": st.column_config.NumberColumn("Models", width=80),
    "reason": st.column_config.TextColumn("In one sentence", width=470),
}
UNUSUAL = {
    "model_link": views.MODEL_LINK,
    "benchmark": st.column_config.TextColumn("Test", width=200),
    "score_percent": st.column_config.TextColumn("Score (%)", width=80),
    "range": st.column_config.TextColumn("Usual range (%)", width=120),
    "level_text": st.column_config.TextColumn("Level", width=160),
    "why_here": st.column_config.TextColumn("Why it is here", width=190),
    "source_url": tables.source_link(),
}
WHAT_IT_SAYS = (
    "A family's tests are held against its own other scores, not against its size: a family that is good at everything stands "
    "nowhere above. Near-copies count once, and each test is centred on the middle of all families. Only models of known "
    "makers are asked. A test on which a family stands above can be one that its makers care about, that its training "
    "resembles, or whose questions it has seen: **the numbers do not say which.**"
)


def about_filters(page: frame.Page) -> None:
    """What filters do here, where the reader uses one that changes no answer."""
    if {*page.selection.rules()} - {"family", "developer", "domain"}:
        st.caption(
            "An answer comes from all models of a family or maker: size, date, weights and who ran it only choose which models "
            "are counted, drawn and listed."
        )


@parts.kept
def chart_and_table(page: frame.Page, kind: str) -> None:
    """On how many tests each stands out, as a chart and a table."""
    rows = families.listing(page, kind)
    about_filters(page)
    both = rows[(rows["n_high"] > 0) & (rows["n_low"] > 0)]
    frame.chart(
        comparison_charts.sides(rows.head(ROWS)),
        f"Of {words.count(len(rows))} {KINDS[kind]}, {words.count(int(rows['n_marked'].gt(0).sum()))} stand out on a test; "
        f"{words.count(len(both))} of them above on some and below on others",
        "On how many tests each family or maker stands above and below what its other scores suggest",
        f"Tests with an answer of level unusual; the first {min(ROWS, len(rows))} by number of them.",
    )
    tables.show(rows, COLUMNS, alt="Families or makers with their answers", row_height=LINES_HIGH)


def listing(page: frame.Page) -> None:
    """A line for each family or maker."""
    kind = address.switch("of", "Show", list(KINDS.values()), KINDS[families.FAMILY])
    kind = next(key for key, name in KINDS.items() if name == kind)
    rows = families.listing(page, kind)
    if rows.empty:
        st.info(
            "No family or maker has enough models on one test to say anything."
            if page.selection.is_empty
            else f"None of the {KINDS[kind]} and kinds of tests that you filter by has an answer."
        )
    else:
        chart_and_table(page, kind)
        tables.download(
            "Download CSV (all answers, test by test)",
            "families",
            page.asof,
            lambda: [data.read(page.path, "families", None, families.asked_for(page, kind))],
            True,
        )
    frame.close_page(page, views.source_line(page), WHAT_IT_SAYS, {"families": {}})


@parts.kept
def fingerprint(page: frame.Page, group: families.Group) -> None:
    """The answer of a family or maker, and where it stands test by test."""
    about_filters(page)
    rows = families.answers_of(page, group)
    name = words.in_markdown(group.title)
    st.markdown(f"**{name}** {words.family_sentence(rows)}")
    apart = rows[rows["subject_kind"] == families.CONTRAST]
    if len(apart):
        st.markdown(words.in_markdown(apart["reason"].iloc[0]))
    drawn = families.surest(rows)
    if len(drawn):
        marked = drawn[drawn["level"].isin(MARKED)]
        n_high, n_low = (int(marked["direction"].eq(side).sum()) for side in DIRECTIONS)
        luck = f"by more than luck above on {n_high} and below on {n_low} of the {len(drawn)} tests drawn"
        if marked.empty:
            luck = "nothing here is more than luck could do"
        frame.chart(
            comparison_charts.fingerprint(drawn),
            f"{name}: {luck}",
            f"How far models of {group.title} stand from what their other scores suggest, test by test",
            "The tests whose answer is surest; right is above what its other scores suggest. Lines: 90% intervals. A spread is how far models usually are from what their "
            "other scores suggest, on that test.",
        )


@parts.kept
def over_time(page: frame.Page, group: families.Group, test: str, name: str) -> None:
    """Its scores on one test by the day of the model."""
    scores = families.scores_over_time(page, group, test)
    best = families.records(scores)
    frame.chart(
        comparison_charts.over_time(scores, best),
        words.in_markdown(families.progress(best, name)),
        f"Scores of {group.title} models on {name} by the day of the model",
        f"{words.plural(len(scores), 'score')} as printed, whatever the set-up. {views.source_line(page, (*data.CURRENT, *group.models))}",
    )


@parts.kept
def lists(page: frame.Page, group: families.Group) -> tuple[int, int]:
    """Its unusual scores and its answers test by test; returns how many of each there are."""
    rows = families.answers_of(page, group)
    found, counts = families.unusual(page, group, LISTED)
    st.header("Unusual scores of its models", anchor=False)
    if found.empty:
        st.info("No score of its models is marked. That does not mean every score is right.")
    else:
        st.markdown(
            f"**{words.count(counts['high'])} unusually high, {words.count(counts['low'])} unusually low**, models that others "
            "built on it included."
            if group.kind == families.FAMILY
            else f"**{words.count(counts['high'])} unusually high, {words.count(counts['low'])} unusually low.**"
        )
        tables.show(found, UNUSUAL, alt="Unusual scores of this family or maker", n_rows=sum(counts.values()))
        st.caption(words.CANNOT_RULE_OUT)
    st.header("Test by test", anchor=False)
    if rows.empty:
        st.info("Too few models of known makers on any one test to say anything.")
    else:
        tables.show(rows, ANSWERS, alt="Answers about this family or maker, test by test", row_height=LINES_HIGH)
    return len(found), len(rows)


def one(page: frame.Page, group: families.Group) -> None:
    """One family or maker."""
    st.page_link("pages/4_families.py", label="← All families and makers", query_params=filters.parameters() or None)
    fingerprint(page, group)
    tests = families.tests_over_time(page, group)
    if tests:
        test = address.choose("test", "Over time, on", tests, next(iter(tests)), width=360)
        over_time(page, group, test, tests[test])
    n_marked, n_answers = lists(page, group)
    with st.container(horizontal=True):
        tables.download(f"Download CSV ({words.plural(n_answers, 'answer')})", f"families_{group.name}", page.asof,
                        lambda: [families.answers_of(page, group)[data.columns(page.path, "families")]], False)  # fmt: skip
        if n_marked:
            chosen = page.selection.to_where(data.columns(page.path, "anomalies"))
            where = (*data.VERDICTS, data.Where("level", "in", MARKED), *group.models, *chosen)
            tables.download("Download CSV (its unusual scores)", f"anomalies_{group.name}", page.asof,
                            lambda: data.whole(page.path, "anomalies", where), False)  # fmt: skip
    mine = {"group": [group.key]}
    frame.close_page(
        page, views.source_line(page, (*data.CURRENT, *group.models)), WHAT_IT_SAYS,
        {"families": mine, "anomalies": mine | {"level": ["unusual or more"]}, "scores": mine},
    )  # fmt: skip


chosen = families.asked()
page = frame.open_page(
    "Families",
    f"Where does {chosen.title} stand out?" if chosen else "Which families stand above or below what their other scores suggest?",
    item=chosen.title if chosen else "",
)  # fmt: skip
if chosen:
    one(page, chosen)
elif not data.has(page.path, "families", "effect_error"):
    st.info("This build has no answers about families.")
else:
    if "group" in st.query_params:
        wrong = words.in_markdown(words.shorten(st.query_params["group"], 80))
        st.caption(f"There is no family or maker “{wrong}” here; pick one below.")
    listing(page)
