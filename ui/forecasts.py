"""How the forecasts of the answers came out: the tables of bench/answer_forecasts.py in words.

Question  Had the forecasts on the tests' pages been made in earlier months, would they have held?
Input     rows of data/method/answer_forecasts.csv, answer_days.csv, answer_chances.csv, answer_outcomes.csv.
Output    sentences, and columns for ui/kit/tables.py.
Silent    "" where a table does not tell of a test.
"""

import pandas as pd
import streamlit as st

from ui.kit import data, words

SHARES = {"expected", "lower", "upper", "came"}  # scores in the table of outcomes
CAME = {"share_came", "share_lower", "share_upper"}  # shares in the table of chances


def about_answers(rows: pd.DataFrame) -> str:
    """How far off the forecasts of the answers would have been."""
    parts = [
        f"{row.horizon} months ahead off by {100 * row.error:.1f}% of the scale (“nothing changes” by "
        f"{100 * row.error_persistence:.1f}%), and the 80% range held {100 * row.coverage:.0f}% "
        f"({100 * row.coverage_lower:.0f} to {100 * row.coverage_upper:.0f})"
        for row in rows[rows["history"] == "all"].itertuples()
    ]
    return (
        "The forecast on a test’s page, made at every past month since 2020 from the credible scores known then, with weights "
        f"from the other half of the tests: {'; '.join(parts)}. Which scores are credible is judged as of today."
    )


def about_days(rows: pd.DataFrame) -> str:
    """How often the range of months held the month in which a tenth of the scale was left."""
    n = rows.set_index("came")["n_forecasts"]
    known = int(n.drop("not known yet").sum())
    if not known:
        return "No outcome is known yet."
    inside, before, after = (100 * n[side] / known for side in ("inside", "before", "after"))
    return (
        f"Months in which a tenth of the scale may be left, as 80% ranges: of {words.count(known)} forecasts whose outcome is known, "
        f"{inside:.0f}% held it; in {before:.0f}% it came earlier, in {after:.0f}% later, or not yet though the range is over. "
        f"Of {words.count(n['not known yet'])} more it is not known yet. The known ones are mostly early ones: a range that "
        "reaches years ahead can be judged early, or not yet. How often it had come by a given time is told next."
    )


def about_chances(rows: pd.DataFrame) -> str:
    """How often a tenth was left a year ahead, by the chance that the range gave it."""
    parts = [
        f"where the range said {row.said}, it had on {100 * row.share_came:.0f}% of {words.plural(row.n_tests, 'test')} "
        f"({100 * row.share_lower:.0f} to {100 * row.share_upper:.0f})"
        for row in rows[rows["horizon"] == 12].itertuples()
    ]
    return (
        "Had only a tenth of the scale been left a year after the forecast? A range of months says the chance: 10% before its "
        f"earliest month, 50% before the middle one, 90% before the latest. It held as follows: {'; '.join(parts)}. Tests "
        "are followed as long as they get new scores."
    )


def about_outcomes(rows: pd.DataFrame) -> str:
    """How the forecasts made 3, 6, 12 and 24 months ago came out."""
    parts = [
        f"{months} months ago, {words.count(part['is_inside'].sum())} of {words.count(len(part))} came out inside their 80% range"
        for months, part in rows.groupby("horizon")
    ]
    return f"Made {'; '.join(parts)}. A test that got no new score in that time counts as having stayed where it was."


def came_out(row: pd.Series) -> str:
    """How the forecasts of one test (a row of the view benchmarks) came out; "" where none was made."""
    known = data.method_table("answer_outcomes")
    mine = None if known is None else known[known["benchmark_id"] == row["benchmark_id"]]
    if mine is None or mine.empty:
        return ""
    parts = []
    for one in mine.itertuples():
        ends, came = (one.lower, one.upper), one.came
        if row["is_lower_better"]:  # the table takes higher as better
            ends, came = (1 - one.upper, 1 - one.lower), 1 - one.came
        parts.append(
            f"Made on {words.day(one.made)} for {one.horizon} months ahead, {words.percent(ends[0])} to "
            f"{words.percent(ends[1])}%; {words.percent(came)}% came, {'inside' if one.is_inside else 'outside'}"
        )
    return f"How such forecasts came out here (80% ranges, by weights from other tests). {'. '.join(parts)}."


def number(title: str, form: str = "localized") -> object:
    """A column of numbers."""
    return st.column_config.NumberColumn(title, format=form)


def answers_columns() -> dict:
    """Columns of the forecasts of answers on screen; shares arrive as per cent."""
    return {
        "history": st.column_config.TextColumn("History", width="medium", pinned=True),
        "horizon": number("Months ahead"),
        "error": number("Error", "%.1f%%"),
        "error_persistence": number("Error of “nothing changes”", "%.1f%%"),
        "error_line": number("Error of a straight line", "%.1f%%"),
        "ratio_to_better": number("Ratio to the better rival", "%.2f"),
        "ratio_lower": number("Ratio, low end", "%.2f"),
        "ratio_upper": number("Ratio, high end", "%.2f"),
        "coverage": number("80% interval held", "%.1f%%"),
        "coverage_lower": number("Held, low end", "%.1f%%"),
        "coverage_upper": number("Held, high end", "%.1f%%"),
        "interval_width": number("Width of the interval", "%.1f%%"),
        "n_tests": number("Tests"),
        "n_forecasts": number("Forecasts"),
    }


def days_columns() -> dict:
    """Columns of the months of a tenth left on screen."""
    came = st.column_config.TextColumn("It came, beside its range", pinned=True)
    return {"came": came, "n_forecasts": number("Forecasts"), "n_tests": number("Tests")}


def chances_columns() -> dict:
    """Columns of the chances of a tenth left on screen; shares arrive as per cent."""
    return {
        "horizon": number("Months ahead"),
        "said": st.column_config.TextColumn("Chance said", pinned=True),
        "share_came": number("It had come", "%.1f%%"),
        "share_lower": number("It had come, low end", "%.1f%%"),
        "share_upper": number("It had come, high end", "%.1f%%"),
        "n_tests": number("Tests"),
        "n_forecasts": number("Forecasts"),
    }


def outcomes_columns() -> dict:
    """Columns of the newest outcomes on screen; scores arrive as per cent, higher is better."""
    titles = {"best_then": "Best then", "expected": "Expected", "lower": "Low end (80%)", "upper": "High end (80%)"}
    return {
        "benchmark_id": st.column_config.TextColumn("Benchmark", width="medium", pinned=True),
        "horizon": number("Months ahead"),
        "made": st.column_config.TextColumn("Made"),
        **{name: number(title, "%.1f%%") for name, title in titles.items()},
        "came": number("Came", "%.1f%%"),
        "is_inside": st.column_config.CheckboxColumn("Inside"),
        "is_fed": st.column_config.CheckboxColumn("A new score on that day or later"),
    }
