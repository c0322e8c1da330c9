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
from ui.kit import address, charts, data, frame, tables, views, words

NEAREST = 10  # models of similar size in the table
EXAMPLE = {"model": "Reflection 70B", "score": "99.2", "unit": "percent", "size": "70", "date": "2024-09-05"}
EXAMPLE_TEST = "gsm8k"
UNITS = ["as typed", "percent", "fraction"]
TEMPLATE = "model,benchmark,score,score_unit,params_b,release_date,n_items,setting\n"
LIKE_IT = {
    "model_link": views.MODEL_LINK,
    "size_billions": st.column_config.NumberColumn("Size (B)", format="%.3g"),
    "score_short": st.column_config.TextColumn("Score", width="small", help="As printed by the source"),
    "range": st.column_config.TextColumn("Usual range (%)", width=120),
    "level_text": st.column_config.TextColumn("Level", width=160),
    "model_date": st.column_config.DateColumn("Model date", width="small", format="D MMM YYYY"),
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


def groups(page: frame.Page) -> dict[str, str]:
    """Groups of scores that a number can be held against: {group_id: what the reader sees}, the largest test first."""
    found = data.fitted(page.path)
    names = data.read(page.path, "benchmark", ("benchmark_id", "name", "version"))
    found = found.merge(names, on="benchmark_id")
    found["total"] = found.groupby("benchmark_id")["n_rows"].transform("max")
    found = found.sort_values(["total", "benchmark_id", "n_rows"], ascending=[False, True, False])
    return {
        row.group_id: f"{views.benchmark_label(row.name, row.version)} · {row.metric} · "
        f"{views.group_name(page, row.setting) if row.setting else 'any setting'} · {words.plural(row.n_rows, 'score')}"
        for row in found.itertuples(index=False)
    }


def typed(page: frame.Page, options: dict[str, str]) -> tuple[pd.Series, pd.DataFrame]:
    """The chosen group and the typed number as a table of one row."""
    first = next((g for g in options if g.startswith(f"{EXAMPLE_TEST}:")), next(iter(options)))
    group = address.choose("test", "Test and setting", options, first)
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
    chosen = data.fitted(page.path).set_index("group_id", drop=False).loc[group]
    row = {
        "model": model or "this model",
        "benchmark": chosen["benchmark_id"],
        "score": score,
        "score_unit": "" if unit == UNITS[0] else unit,
        "params_b": size,
        "release_date": day,
        "n_items": items,
        "setting": chosen["setting"],
        "metric": chosen["metric"],
    }
    return chosen, pd.DataFrame([row])


def verdict(page: frame.Page, chosen: pd.Series, row: pd.DataFrame) -> tuple[pd.Series, dict, claims.Held]:
    """The answer to one typed number, the facts behind it, and what the build holds."""
    found = data.held(page.path, row)
    found["fits"] = found["fits"][found["fits"]["group_id"] == chosen["group_id"]]
    # The reader asks about one group: the build's own finding is shown below, it does not stand in for the answer.
    held = claims.Held(**(found | {"found": found["found"].iloc[:0]}))
    answer, read = claims.against(row, held).iloc[0], claims.read(row, held.today).iloc[0]
    known = held.about.set_index("model_id")
    model_id = held.models.get(row["model"].iloc[0])
    about = known.loc[model_id] if model_id in known.index else None
    size = read["n_parameters"]
    if about is not None and words.is_missing(size):
        size = about["n_parameters"]
    own = found["found"][found["found"]["benchmark_id"] == chosen["benchmark_id"]]
    return answer, {"size": size, "fraction": read["fraction"], "model_id": model_id, "own": own}, held


def test_is(row: pd.DataFrame) -> data.Where:
    """Condition: the test of the typed number."""
    return data.Where("benchmark_id", "=", row["benchmark"].iloc[0])


def show_verdict(page: frame.Page, row: pd.DataFrame, answer: pd.Series, facts: dict) -> None:
    """The answer in words, the numbers behind it, what documents say, and the build's own findings."""
    with st.container(border=True):
        name = words.in_markdown(words.shorten(row["model"].iloc[0], 90))
        st.markdown(
            f"**{name}**: {words.level_text(answer['level'], answer['direction'])}. "
            f"{words.in_markdown(answer['reasons'])}"
        )
        if not words.is_missing(answer["expected"]):
            share = 100 if answer["score_unit"] == "percent" else 1
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
        about = data.read(page.path, "benchmark", ("note", "source_url"), (test_is(row),))
        if len(about) and not words.is_missing(about["note"].iloc[0]):
            link = tables.web_address(about["source_url"].iloc[0])
            st.markdown(
                f"About the test: {words.in_markdown(about['note'].iloc[0])}" + (f" ([source]({link}))" if link else "")
            )
        for own in facts["own"].head(views.OPINIONS).itertuples():
            st.markdown(
                f"- We hold {words.in_markdown(own.score_reported)} ({words.in_markdown(own.source_title)}): "
                f"{words.level_text(own.level, own.direction)}. {words.in_markdown(own.reasons)}"
            )
        if facts["model_id"] is not None:
            marks.documents(marks.incidents(page, facts["model_id"]))
            st.page_link(
                "pages/3_models.py", label="All scores of this model", query_params={"model": facts["model_id"]}
            )


def drawing(page: frame.Page, chosen: pd.Series, held: claims.Held, facts: dict, row: pd.DataFrame) -> pd.DataFrame:
    """Draw the scores of the group with the usual range at the claim's date, and the claim as a star; returns them."""
    where = [*data.VERDICTS, test_is(row)]
    where.append(data.Where("metric", "=", chosen["metric"]))
    if chosen["setting"]:
        where.append(data.Where("setting_group", "=", chosen["setting"]))
    where += page.selection.to_where(data.columns(page.path, "anomalies"))
    rows = data.read(page.path, "anomalies", views.TABLE_COLUMNS, tuple(where), ("n_parameters", "evaluation_id"))
    drawn = rows.dropna(subset=["n_parameters"])
    if drawn.empty:
        st.info("No scores of this test match the filters, so there is nothing to draw beside the number.")
        return rows
    usual = claims.usual_range(row, held)
    figure = charts.size_scatter(drawn, usual=usual)
    if not words.is_missing(facts["size"]) and 0 <= facts["fraction"] <= 1:
        figure = charts.starred(figure, facts["size"], facts["fraction"], row["model"].iloc[0])
    st.plotly_chart(figure, config=charts.CONFIG, alt="Model size against score, the typed number as a star")
    st.caption(
        "Each dot is one score. The band holds 90% of similar models of the typed date; without a date, of the date that "
        "we hold for the model, else of all dates."
    )
    return drawn


def one_number(page: frame.Page) -> None:
    """The typed number: answer, chart, models of similar size."""
    options = groups(page)
    if not options:
        st.info("No test here has enough models of known size to compare with.")
        return
    chosen, row = typed(page, options)
    st.button(
        "Example: Reflection 70B, 99.2% on GSM8K", on_click=fill, args=(EXAMPLE,), disabled=not has_example(options)
    )
    answer, facts, held = verdict(page, chosen, row)
    if row["score"].iloc[0]:
        show_verdict(page, row, answer, facts)
    drawn = drawing(page, chosen, held, facts, row)
    sized = not words.is_missing(facts["size"])
    near = drawn.assign(far=(drawn["n_parameters"].astype(float) / facts["size"]).map(abs_log)) if sized else drawn
    near = near.sort_values(["far", "evaluation_id"] if sized else ["residual_z"], ascending=sized).head(NEAREST)
    st.markdown("**Models of the nearest size on this test**" if sized else "**The highest scores for their size**")
    tables.show(views.for_reading(near), LIKE_IT, alt="Scores to compare with")


def abs_log(ratio: float) -> float:
    """How far a ratio is from 1, the same for 2 and 1/2."""
    return max(ratio, 1 / ratio)


def has_example(options: dict[str, str]) -> bool:
    """Whether the example's test is there."""
    return any(group.startswith(f"{EXAMPLE_TEST}:") for group in options)


def fill(example: dict[str, str]) -> None:
    """Put an example into the widgets; a callback, so it runs before they are drawn."""
    for key, value in (example | {"billions": example["size"]}).items():
        if key != "size":
            st.session_state[address.widget_key(key)] = value


def judged(body: bytes, unit: str, path: str) -> checker.Job:
    """The answer to a file, waited for; kept while the reader stays with this file, so that a rerun asks nothing anew."""
    job = st.session_state.get("check")
    if job is None or job.key != checker.key(body, unit, path) or job.problem in checker.PASSING:
        if job is not None:
            job.forget()
        job = st.session_state["check"] = checker.desk().take(body, unit, path)
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
    st.subheader("A whole table", anchor=False)
    st.markdown(
        f"A CSV file of at most {words.count(checker.MAX_ROWS)} rows and 5 MB with the columns `model`, `benchmark`, `score` and, "
        f"where known, {', '.join(f'`{name}`' for name in claims.KNOWN)}. It is read in memory and not kept."
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
