"""Check a claim: is this number unusual, for a model of that size and date on that test.

One typed number against the stored fit of a test, as a star in the chart; or a table of numbers, as a file.
"""

import time
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from reading import checker, exports
from scoring.brought import claims
from ui import marks
from ui.kit import address, charts, data, frame, parts, tables, views, words
from ui.kit.shelf import Keyed, frozen, remembered, shelf

NEAREST = 10  # models of similar size in the table
EXAMPLE_TEST = "gsm8k"
EXAMPLE = {
    "test": EXAMPLE_TEST,
    "setting": "",
    "model": "Reflection 70B",
    "score": "99.2",
    "unit": "percent",
    "billions": "70",
    "date": "2024-09-05",
    "items": "",
}
UNNAMED = "this model"
UNITS = ["as typed", "percent", "fraction"]
TEMPLATE = "model,benchmark,score,score_unit,params_b,release_date,n_items,setting\n"
LIKE_IT = {
    "model_link": views.MODEL_LINK,
    "size_billions": st.column_config.NumberColumn("Size (B)", format="%.3g"),
    "score_percent": st.column_config.TextColumn("Score (%)", width=80),
    "range": st.column_config.TextColumn("Usual range (%)", width=120),
    "level_text": st.column_config.TextColumn("Level", width=160),
    "model_date": st.column_config.DateColumn("Model date", width=110, format="D MMM YYYY"),
    "source_url": tables.source_link(),
}
# Of the scores of a test: what the chart and the table of the nearest ones need. A test can have four thousand.
DRAWN_COLUMNS = (
    *views.CHART_COLUMNS,
    "benchmark_name",
    "benchmark_version",
    "model_date",
    "gap",
    "n_as_far",
    "n_comparable",
    "evaluator_relationship",
    "source_url",
)
RUNS = {
    "model_link": views.model_link(310),
    "score_percent": st.column_config.TextColumn("Score (%)", width=80),
    "ran_by": st.column_config.TextColumn("Who ran it", width=108),
    "setting": st.column_config.TextColumn("Setting", width=165),
    "level_text": st.column_config.TextColumn("Level", width=160),
    "first_seen_date": st.column_config.DateColumn("First seen", width=108, format="D MMM YYYY"),
    "source_url": tables.source_link(),
}
JUDGED = {
    "model": st.column_config.TextColumn("Model", pinned=True),
    "benchmark": st.column_config.TextColumn("Benchmark"),
    "score": st.column_config.TextColumn("Score", width="small"),
    "level_text": st.column_config.TextColumn("Level", width=160),
    "reasons": st.column_config.TextColumn("In words", width="large"),
}


def text(key: str, label: str, **how: Any) -> str:
    """A text box that stands in the address."""
    box = address.bound(
        key, lambda widget: st.text_input(label, key=widget, **how), "", lambda texts: texts[0][:200], address.alone
    )
    return box.strip()


@remembered
def tests(path: str) -> dict[str, str]:
    """Tests that a number can be held against: {benchmark_id: what the reader sees}, those with most scores first."""
    found = data.fitted(path).groupby("benchmark_id", sort=False)["n_rows"].max().reset_index()
    found = found.merge(data.read(path, "benchmark", ("benchmark_id", "name", "version")), on="benchmark_id")
    return {
        row.benchmark_id: f"{views.benchmark_label(row.name, row.version)} · {words.plural(row.n_rows, 'score')}"
        for row in found.itertuples(index=False)
    }


def settings(page: frame.Page, benchmark_id: str) -> dict[str, str]:
    """Settings in which scores of a test can be compared: {group_id: what the reader sees}; "" for none stated."""
    found = data.fitted(page.path)
    found = found[(found["benchmark_id"] == benchmark_id) & found["setting"].ne("")]
    return {"": "not stated"} | {
        row.group_id: f"{views.group_name(page, row.setting)} · {row.metric} · {words.plural(row.n_rows, 'score')}"
        for row in found.itertuples(index=False)
    }


def read_old_link(page: frame.Page) -> None:
    """A link from before test and setting were two parameters names a group of scores as its test."""
    asked, known = st.query_params.get("test"), data.fitted(page.path).set_index("group_id")
    if asked and asked in known.index and asked not in set(known["benchmark_id"]):
        address.put("test", str(known.at[asked, "benchmark_id"]))
        if known.at[asked, "setting"]:
            address.put("setting", asked)


def typed(page: frame.Page, options: dict[str, str]) -> pd.DataFrame:
    """The typed number as a table of one row, as a file would state it."""
    first = EXAMPLE_TEST if EXAMPLE_TEST in options else next(iter(options))
    place, side = st.columns([3, 2])
    with place:
        test = address.choose("test", "Test", options, first)
    with side:
        group = address.choose("setting", "Setting", settings(page, test), "")
    left, middle, right = st.columns(3)
    with left:
        model = text("model", "Model", placeholder="its name; known names bring size and date")
        score = text("score", "Score", placeholder="such as 74.1 or 74.1%")
    with middle:
        unit = address.switch("unit", "Unit", UNITS, UNITS[0])
        size = text("billions", "Size in billions of parameters", placeholder="such as 7.2, 7.2B or 40M")
    with right:
        day = text("date", "Release date", placeholder="such as 2024-05-01 or May 2024")
        items = text("items", "Number of questions", placeholder="if not all of the test")
    known = data.fitted(page.path).set_index("group_id")
    row = {
        "model": model or UNNAMED,
        "benchmark": test,
        "score": score,
        "score_unit": "" if unit == UNITS[0] else unit,
        "params_b": size,
        "release_date": day,
        "n_items": items,
        "setting": known.at[group, "setting"] if group else "",
        "metric": known.at[group, "metric"] if group else "",
    }
    return pd.DataFrame([row])


def verdict(page: frame.Page, row: pd.DataFrame) -> tuple[pd.Series, dict, claims.Held]:
    """The answer to one typed number, the same that a file with this row gets, the facts behind it, and what the build
    holds.
    """
    held = claims.Held(**data.held(page.path, row))
    answer, read = claims.against(row, held).iloc[0], claims.read(row, held.today).iloc[0]
    known = held.about.set_index("model_id")
    model_id = held.models.get(row["model"].iloc[0])
    about = known.loc[model_id] if model_id in known.index else None
    size = read["n_parameters"]
    if about is not None and words.is_missing(size):
        size = about["n_parameters"]
    return answer, {"size": size, "fraction": read["fraction"], "model_id": model_id}, held


def test_is(row: pd.DataFrame) -> data.Where:
    """Condition: the test of the typed number."""
    return data.Where("benchmark_id", "=", row["benchmark"].iloc[0])


def in_words_of_the_form(reason: object) -> str:
    """A reason without the names of a file's columns, which this form does not have."""
    if words.is_missing(reason):
        return ""
    told = str(reason)
    if "params_b" in told or "n_parameters" in told:
        told = told.partition(".")[0] + ". Write the size in billions, such as 7.2, 7.2B or 40M."
    return told


def show_verdict(page: frame.Page, row: pd.DataFrame, answer: pd.Series, facts: dict) -> None:
    """The answer in words, the numbers behind it, the runs that we hold, and what documents say."""
    with st.container(border=True):
        name = words.in_markdown(words.shorten(row["model"].iloc[0], 90))
        st.markdown(
            f"**{name}**: {words.level_text(answer['level'], answer['direction'])}. "
            f"{words.in_markdown(in_words_of_the_form(answer['reasons']))}"
        )
        share = 100 if answer["score_unit"] == "percent" else 1
        if not words.is_missing(answer["expected"]):
            lines = [
                ("Expected (%)", words.percent(answer["expected"] / share)),
                ("Usual range (%)", words.between(answer["expected_lower"] / share, answer["expected_upper"] / share)),
                ("Size", words.size(facts["size"])),
                ("Compared with", words.TIERS.get(answer["tier"], words.NOT_REPORTED)),
                ("Chance of a score this far out", f"{answer['p_value']:.2g}"),
            ]
            st.markdown(" · ".join(f"{label}: **{words.in_markdown(value)}**" for label, value in lines))
            st.caption(
                "One number that somebody asks about is answered by its own chance; the lists of marked scores are also corrected "
                "for how many were tested. " + words.CANNOT_RULE_OUT
            )
        elif 0 <= facts["fraction"] <= 1:
            st.markdown(rank(page, row, facts["fraction"]))
            if not words.is_missing(answer["second_opinion_expected"]):
                st.markdown(
                    "Its other scores suggest "
                    f"**{words.percent(answer['second_opinion_expected'] / share)}%** on this test."
                )
        about = data.read(page.path, "benchmark", ("note", "source_url"), (test_is(row),))
        if len(about) and not words.is_missing(about["note"].iloc[0]):
            link = tables.web_address(about["source_url"].iloc[0])
            st.markdown(
                f"About the test: {words.in_markdown(about['note'].iloc[0])}" + (f" ([source]({link}))" if link else "")
            )
        if facts["model_id"] is not None:
            held_runs(page, row, facts["model_id"])
            marks.documents(marks.incidents(page, facts["model_id"]))
            st.page_link(
                "pages/3_models.py", label="All scores of this model", query_params={"model": facts["model_id"]}
            )


def rank(page: frame.Page, row: pd.DataFrame, fraction: float) -> str:
    """Where a number stands among all scores that we hold on its test, whatever the size of their models."""
    where = (*data.COUNTED, test_is(row), data.Where("unit", "=", "fraction"))
    total = data.how_many(page.path, "anomalies", where)
    if not total:
        return ""
    above = data.how_many(page.path, "anomalies", (*where, data.Where("score", "between", (fraction, None))))
    return (
        f"Of {words.plural(total, 'score')} of models of any size that we hold on this test, "
        f"**{words.count(above)}** {'is' if above == 1 else 'are'} as high or higher."
    )


def held_runs(page: frame.Page, row: pd.DataFrame, model_id: str) -> None:
    """Every number that we hold of this model on this test, whoever ran it, under whatever name."""
    same, longer = marks.of_this_name(page, model_id)
    ids = data.Where("model_id", "in", tuple(sorted(same | set(longer))))
    order = ("evaluator_relationship", "first_seen_date", "evaluation_id")
    # One score that somebody asks about is judged by its own chance, as the typed one is.
    alone = ("level_alone",) if data.has(page.path, "anomalies", "level_alone") else ()
    where = (*data.VERDICTS, test_is(row), ids)
    runs = data.read(page.path, "anomalies", (*views.TABLE_COLUMNS, *alone), where, order)
    if alone:
        runs = runs.assign(level=runs["level_alone"])
    if runs.empty:
        st.markdown("**Runs that we hold of a model of this name on this test:** none.")
        return
    st.markdown(f"**Runs that we hold of models of this name on this test** ({words.count(len(runs))})")
    tables.show(views.for_reading(runs), RUNS, alt="Runs of this model on this test")


def drawing(page: frame.Page, held: claims.Held, facts: dict, row: pd.DataFrame) -> pd.DataFrame:
    """Draw the scores of the group with the usual range at the claim's date, and the claim as a star; returns them."""
    fits = held.fits[held.fits["benchmark_id"] == row["benchmark"].iloc[0]]
    chosen, _ = claims.choose(claims.with_metric(fits, row["metric"].iloc[0]), row["setting"].iloc[0])
    where = [*data.VERDICTS, test_is(row), data.Where("metric", "=", chosen["metric"])]
    if chosen["setting"]:
        where.append(data.Where("setting_group", "=", chosen["setting"]))
    where += page.selection.to_where(data.columns(page.path, "anomalies"))
    rows = data.read(page.path, "anomalies", DRAWN_COLUMNS, tuple(where), ("n_parameters", "evaluation_id"))
    drawn = rows.dropna(subset=["n_parameters"])
    if drawn.empty:
        st.info("No scores of this test match the filters, so there is nothing to draw beside the number.")
        return rows
    usual = shelf.ask(("range", page.path, held.today, frozen(row)), lambda: claims.usual_range(row, held))
    figure = charts.size_scatter(drawn, usual=usual)
    if not words.is_missing(facts["size"]) and 0 <= facts["fraction"] <= 1:
        figure = charts.starred(figure, facts["size"], facts["fraction"], row["model"].iloc[0])
    frame.chart(
        figure,
        drawn_finding(row, drawn, facts),
        "Model size against score, the typed number as a star",
        "Each dot is one score, a dark one several on one spot. The band holds 90% of similar models of the typed date; without a date, of the date that "
        "we hold for the model, else of all dates.",
    )
    return drawn


def drawn_finding(row: pd.DataFrame, drawn: pd.DataFrame, facts: dict) -> str:
    """What the chart shows, in one sentence."""
    test = words.in_markdown(words.shorten(benchmark_of(drawn), 60))
    typed = facts["fraction"]
    if words.is_missing(typed):
        return f"{words.plural(len(drawn), 'score')} on {test} by the size of the model"
    n_above = int((drawn["score"] >= typed).sum())
    name = words.in_markdown(words.shorten(row["model"].iloc[0] or "The typed number", 40))
    return f"{name}: {words.percent(typed)}% on {test}, where {words.count(n_above)} of {words.plural(len(drawn), 'score')} {'is' if n_above == 1 else 'are'} as high"


def benchmark_of(rows: pd.DataFrame) -> str:
    """Name and version of the test that all rows are of."""
    return views.benchmark_label(rows["benchmark_name"].iloc[0], rows["benchmark_version"].iloc[0])


def one_number(page: frame.Page) -> None:
    """The typed number: answer, chart, models of similar size."""
    options = tests(page.path)
    if not options:
        st.info("No test here has enough models of known size to compare with.")
        return
    read_old_link(page)
    row = typed(page, options)
    st.button(
        "Example: Reflection 70B, 99.2% on GSM8K", on_click=fill, args=(EXAMPLE,), disabled=EXAMPLE_TEST not in options
    )
    if st.button("What should this model get on this test?"):
        show_expected(page, row)
    about_number(page, Keyed(frozen(row), row))


@parts.kept
def about_number(page: frame.Page, asked: Keyed[pd.DataFrame]) -> None:
    """The answer to a typed number, the chart of its test, and the models of the nearest size."""
    row = asked.value
    answer, facts, held = verdict(page, row)
    if row["score"].iloc[0]:
        show_verdict(page, row, answer, facts)
    drawn = drawing(page, held, facts, row)
    sized = not words.is_missing(facts["size"])
    near = drawn.assign(far=(drawn["n_parameters"].astype(float) / facts["size"]).map(abs_log)) if sized else drawn
    near = near.sort_values(["far", "evaluation_id"] if sized else ["residual_z"], ascending=sized).head(NEAREST)
    st.markdown("**Models of the nearest size on this test**" if sized else "**The highest scores for their size**")
    tables.show(views.for_reading(near), LIKE_IT, alt="Scores to compare with")


def show_expected(page: frame.Page, row: pd.DataFrame) -> None:
    """What the model should get by its other scores, size and date, whatever score was typed."""
    named = data.read(page.path, "benchmark", ("name",), (test_is(row),))["name"].iloc[0]
    asked = row.assign(score="", score_unit="", benchmark=named)
    job = judged(asked.to_csv(index=False).encode(), "", page.path, "gap")
    with st.container(border=True):
        told = job.problem if job.table is None else str(job.table["reasons"].iloc[0])
        st.markdown(words.in_markdown(words.shorten(told, 300)))


def abs_log(ratio: float) -> float:
    """How far a ratio is from 1, the same for 2 and 1/2."""
    return max(ratio, 1 / ratio)


def fill(example: dict[str, str]) -> None:
    """Put an example into the widgets, whatever they held; a callback, so it runs before they are drawn."""
    for key, value in example.items():
        st.session_state[address.widget_key(key)] = value


def judged(body: bytes, unit: str, path: str, kept: str = "check") -> checker.Job:
    """The answer to a file, waited for; kept while the reader stays with this file, so that a rerun asks nothing anew."""
    job = st.session_state.get(kept)
    if job is None or job.key != checker.key(body, unit, path) or job.problem in checker.PASSING:
        if job is not None:
            job.forget()
        job = st.session_state[kept] = checker.desk().take(body, unit, path)
    place = st.empty()
    while not job.is_over:
        doing = "Checking the table …" if job.ask() == "running" else "Other tables are being checked before this one …"
        try:
            place.info(doing)
        except StopException:  # the reader has left
            job.forget()
            raise
        time.sleep(0.3)
    place.empty()
    return job


def whole_table(page: frame.Page) -> None:
    """Many numbers at once: a file goes in, the same rows with their verdicts come out."""
    st.header("A whole table", anchor=False)
    st.markdown(
        f"A CSV file of at most {words.count(checker.MAX_ROWS)} rows and 5 MB with the columns `model`, `benchmark`, `score` and, "
        f"where known, {', '.join(f'`{name}`' for name in claims.KNOWN)}. A row without a score is told what it should be. "
        "It is read in memory and not kept."
    )
    st.download_button(
        "Empty table to fill in", TEMPLATE, "benchcred_check_template.csv", "text/csv", on_click="ignore"
    )
    unit = st.segmented_control("Unit where a row does not state it", UNITS, default=UNITS[0], required=True)
    file = st.file_uploader("CSV file", type="csv")
    if file is None:
        return
    job = judged(file.getvalue(), "" if unit == UNITS[0] else str(unit), page.path)
    if job.table is None:
        st.error(words.in_markdown(words.shorten(job.problem, 300)))
        return
    whole = job.table
    pairs = zip(whole["level"], whole["direction"], strict=True)
    shown = whole.assign(level_text=[words.level_text(level, side) for level, side in pairs])
    st.markdown(f"**{words.plural(len(whole), 'row')}**, in the order of the file.")
    tables.show(shown, JUDGED, alt="The file's rows with their verdicts")
    st.download_button(
        "Download CSV (with verdicts)",
        lambda: exports.csv_bytes(whole),
        exports.file_name("check", page.asof),
        "text/csv",
        on_click="ignore",
    )


page = frame.open_page("Check a claim", "Is this number unusual?")
one_number(page)
whole_table(page)
frame.close_page(page, views.source_line(page), views.CANNOT_TELL)
