"""Models: do the scores of one model fit together.

Without ?model= a searchable list; with it, one model: each score against what similar models get, the facts we hold
about it, what documents say, every reading with its source.
"""

import streamlit as st

from data.vocabulary import COUNTED_KINDS, MARKED
from ui import families, marks, models, twins
from ui.kit import address, charts, data, filters, find, frame, parts, tables, views, words

DRAWN = 30  # tests in the chart; more do not fit a screen
LISTED = {
    "model_link": views.model_link(362),
    "level_text": st.column_config.TextColumn("All its scores together", width=165),
    "developer": st.column_config.TextColumn("Maker", width=120),
    "size_billions": st.column_config.NumberColumn("Size (B)", format="%.3g", width=72),
    "model_date": st.column_config.DateColumn("Date", format="D MMM YYYY", width=100),
    "n_unusual_high": st.column_config.NumberColumn("High", format="%d", width=50, help="Unusually high scores"),
    "n_unusual_low": st.column_config.NumberColumn("Low", format="%d", width=50, help="Unusually low scores"),
    "n_tested": st.column_config.NumberColumn("Scores tested", format="%d", width=102),
    "family": st.column_config.TextColumn("Family", width=90),
    "n_names": st.column_config.NumberColumn(
        "Names", format="%d", width=70, help="Dated versions, hosts and spellings"
    ),
    "maintainer_flag": st.column_config.TextColumn("Mark set by a board"),
}
READINGS = {
    "benchmark": st.column_config.TextColumn("Benchmark", width=330, pinned=True),
    "score_percent": st.column_config.TextColumn("Score", width=60, help="Per cent, or the test's own unit"),
    "level_text": st.column_config.TextColumn(
        "Level",
        width=150,
        help="Of each score by its own chance; the lists of many models also correct for how many were tested",
    ),
    "still": st.column_config.TextColumn("Still unusual?", width=110, help=words.STILL_HELP),
    "range": st.column_config.TextColumn("Usual range", width=110, help="Per cent, or the test's own unit"),
    "gap_points": st.column_config.NumberColumn(
        "Gap", width=62, format="%+.1f", help="Points better (+) or worse (−) than expected"
    ),
    "source_url": tables.source_link(),
    "setting": st.column_config.TextColumn("Setting", width=155),
    "ran_by": st.column_config.TextColumn("Who ran it", width=108),
    "first_seen_date": st.column_config.DateColumn("First seen", format="D MMM YYYY"),
    "reason": st.column_config.TextColumn("In words", width="large"),
}


@parts.kept
def chart_of_all(page: frame.Page, where: tuple[data.Where, ...]) -> None:
    """How far all scores of each model together lie from what similar models get."""
    everywhere = models.everywhere(page, where)
    if everywhere["mean_z"].notna().any():
        frame.chart(
            charts.model_scatter(everywhere),
            models.everywhere_finding(everywhere),
            "Model size against the average distance of its scores from expected",
            "Each dot is one model with at least two scores tested: how far all its scores together lie from what "
            "similar models get, in standard deviations. Good models are high everywhere too. A click on a ringed dot opens "
            "its model.",
        )


def listing(page: frame.Page) -> None:
    """All models in the selection, found by a part of the name."""
    sought = address.bound(
        "q",
        lambda widget: st.text_input(
            "Find a model", key=widget, placeholder="any spelling, such as gpt4o", type="search"
        ),
        "",
        lambda texts: texts[0],
        address.alone,
    )
    base: tuple[data.Where, ...] = (data.Where("kind", "in", COUNTED_KINDS),)
    ids, meant = models.found_models(page, sought) if sought else ((), "")
    if sought:
        base = (data.Where("model_id", "in", ids),)
    where = (*base, *page.selection.to_where(data.columns(page.path, "models")))
    n, rows = models.model_list(page.path, where, ids)
    if not n:
        if sought and not ids:
            st.info(f"No model is called “{words.in_markdown(words.shorten(sought))}”, or nearly so.")
        else:
            filters.explain_empty(page.path, "models", base, page.selection, "models")
        return
    if meant:
        st.caption(f"No name has “{words.in_markdown(words.shorten(sought))}”: these are called “{meant}”.")
    order = "the likeliest first" if sought else "most unusually high scores first"
    st.markdown(
        f"{words.plural(n, 'model')}, one row each whatever their hosts and spellings, {order}. "
        "Pick a row to see all its scores."
    )
    families.section(page)
    chart_of_all(page, where)
    event = tables.show(
        rows,
        LISTED,
        alt="Models",
        n_rows=n,
        key="models",
        on_select="rerun",
        selection_mode="single-row",
    )
    if event["selection"]["rows"]:
        address.open_item("model", rows["model_id"].iloc[event["selection"]["rows"][0]])
    tables.download(
        "Download CSV",
        "models",
        page.asof,
        lambda: [models.models_file(page, where)],
        bool(sought) or not page.selection.is_empty,
    )
    frame.close_page(page, views.source_line(page), views.CANNOT_TELL, {"models": {}})


@parts.kept
def scores_of(page: frame.Page, model_id: str) -> int:
    """Its answer, facts, chart and every reading; returns how many these are."""
    model = data.read(page.path, "models", None, (data.Where("model_id", "=", model_id),)).iloc[0]
    if model["kind"] == "demonstration":
        st.info(
            "A demonstration: made on purpose to show what a test can be made to say. It counts in no total and leads no test."
        )
    st.markdown(f"**{words.level_text(model['level'], model['direction'])}.** {words.in_markdown(model['reason'])}")
    models.model_facts(page, model)
    names = models.other_names(page, model_id)
    if names:
        st.markdown(names)
    rows = models.model_scores(page, model_id)
    tests = models.one_a_test(rows)
    if len(tests):
        drawn = models.by_domain(page, tests, DRAWN)
        n_tests, n_all = drawn["stem"].nunique(), tests["stem"].nunique()
        more = f" The {n_tests} of {n_all} tests on which it is furthest from expected." if n_tests < n_all else ""
        frame.chart(
            charts.dot_range(drawn),
            models.range_finding(model["name"], tests),
            f"Each score of {model['name']} against its usual range, by domain",
            "Bar: what 90% of similar models get. Hollow dot: the maker's own number. Ring: unusual. Of a renewed test the "
            f"newest version. A click on a dot opens its test.{more}",
        )
    else:
        st.info("No score of this model is a share of right answers, so there is nothing to draw.")
    st.markdown(f"**Every reading** ({words.count(len(rows))})")
    # Most models have no score that was looked at again without others: an empty column would push the next ones away.
    told = [name for name in READINGS if name in rows and (name != "still" or rows[name].ne("").any())]
    tables.show(rows, {name: READINGS[name] for name in told}, alt="All scores of this model")
    marked = rows.loc[rows["level"].isin(MARKED), "direction"]
    if len(marked):
        if "still" in rows:
            st.caption(words.STILL_HELP)
        st.caption(words.CANNOT_RULE_OUT if marked.eq("high").any() else words.CANNOT_RULE_OUT_LOW)
    return len(rows)


@parts.kept
def said_elsewhere(page: frame.Page, model_id: str) -> None:
    """What documents, twins and other statistics say, and what changed."""
    rows = models.model_scores(page, model_id)
    tables.left_out(int((~rows["is_redistributable"].astype(bool)).sum()))
    marks.documents(marks.incidents(page, model_id))
    twins.model_twins(page, model_id)
    models.model_opinions(page, model_id, rows)
    models.changes(page, rows)
    models.verdict_changes(page, rows)
    if not page.selection.is_empty:
        st.caption("The filters choose which models are listed; a model's own page shows all its scores.")


def one(page: frame.Page, model_id: str) -> None:
    """One model in full."""
    st.page_link("pages/3_models.py", label="← All models", query_params=filters.parameters() or None)
    n = scores_of(page, model_id)
    where = (*data.CURRENT, data.Where("model_id", "=", model_id))
    tables.download(
        f"Download CSV ({words.plural(n, 'score')})",
        f"scores_{model_id}",
        page.asof,
        lambda: data.whole(page.path, "scores", where),
        False,
    )
    said_elsewhere(page, model_id)
    mine = {"model": [model_id]}
    frame.close_page(page, views.source_line(page, where), views.CANNOT_TELL, {"scores": mine, "anomalies": mine})


asked = st.query_params.get("model")


def meant(path: str) -> str:
    """The id of the model that the address asks for: by its id, else, where one name fits a text exactly, by its name."""
    if len(data.read(path, "model", ("model_id",), (data.Where("model_id", "=", asked),))):
        return str(asked)
    return find.exact(path, str(asked), "model")


def name_of(path: str) -> str | None:
    """Name of the model that the address asks for."""
    rows = data.read(path, "model", ("name",), (data.Where("model_id", "=", meant(path)),))
    return None if rows.empty else str(rows["name"].iloc[0])


page = frame.open_page("Models", "Do this model's scores fit together?", item=name_of if asked else "")
if asked and name_of(page.path):
    address.put("model", meant(page.path))
    one(page, meant(page.path))
else:
    if asked:
        st.caption(f"There is no model “{words.in_markdown(words.shorten(asked, 80))}” here; pick one below.")
    listing(page)
