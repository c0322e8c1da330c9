"""How well the method does: the committed tables of data/method, in columns and sentences that people read.

Question  How far off are the forecasts, how often are known cases found, and where do we disagree with what people say?
Input     data/method/*.csv as `python -m bench` wrote them.
Output    for each table its title, its command, a sentence on base rates and limits, and the columns to show.
Method    Sentences take their numbers from the table, so that they cannot go stale.
Silent    A table that is not there is said in one sentence; a column that a table lacks is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from data.vocabulary import MARKED as LEVELS_MARKED
from store import Where
from ui import forecasts
from ui.kit import data, parts, tables, words
from ui.kit.frame import Page

SETS = {
    "all": "everything",
    "tests": "boards and literature",
    "boards": "boards",
    "literature": "literature record",
    "papers": "scores put together from papers",
    "unfed": "boards after their last new score",
    "short": "less than eight months of history, half of the boards",
    "short_other": "less than eight months of history, the other half",
    "quiet": "no new score for a year, half of the boards",
    "quiet_other": "no new score for a year, the other half",
}
MEASURES = {
    "auroc": "ranks a case above another score (AUROC)",
    "precision_at_50": "share of cases in the top 50",
    "recall_at_1%": "cases found at 1% false alarms",
    "auroc_difference": "difference of two AUROC",
    "share_above_expected": "share above the expected score",
    "share_above_range": "share above the 90% range",
    "scores": "scores that should not be marked",
    "share_marked_unusual": "share of them marked unusual, high",
}
RANKINGS = MEASURES | {"average_precision": "average precision", "precision_at_100": "share of cases in the top 100"}
OURS = "expect"  # the method of the table of expected scores that is ours
ENOUGH = 0.9  # of the error of the best other method: the gain that we set out for
HOLDS = (0.85, 0.95)  # shares inside a 90% range that count as held, in every kind of row
SHARES = {
    "error",
    "error_persistence",
    "error_line",
    "coverage",
    "covered",
    "coverage_lower",
    "coverage_upper",
    "interval_width",
    "best",
    "kth_best",
    "best_then",
    "largest_step",
    "headroom",
    "base_rate",
}
OWN_SHARES = {"calibration": {"value"}, "answer_chances": forecasts.CAME, "answer_outcomes": forecasts.SHARES}
EMPTY = "does not apply, was not forecast, or is not in sight"
WORST = 15  # groups with the furthest forecasts that are listed
RATED = "ratings by votes"  # the board of the calibration that holds all lists of ratings
HELD, MARKED = "held by the 90% range", "share with any unusual score"  # measures of the calibration
DEMONSTRATION = "demonstration"  # what review_high calls scores that were made on purpose
MIN_TESTED = 3  # tested scores; with fewer nothing is high everywhere
# Case sets whose tests stand apart.
SMALL = ("controlled training", "small tables", "newer and older base models", "negative controls")
WHOLE = ("mean", "all marks", "all its tests")  # rows over all tests; the file has each test apart


def text(title: str, width: Literal["small", "medium", "large"] | int = "small", **more: Any) -> object:
    """A column of words."""
    return st.column_config.TextColumn(title, width=width, **more)


def share(title: str, **more: Any) -> object:
    """A column of SHARES, which `section` turns into per cent."""
    return st.column_config.NumberColumn(title, format="%.1f%%", **more)


def number(title: str, form: str = "localized", **more: Any) -> object:
    """A column of numbers."""
    return st.column_config.NumberColumn(title, format=form, **more)


def about_backtest(rows: pd.DataFrame) -> str:
    """Error and coverage a year ahead, and what a forecast costs once nobody is tested any more."""
    parts = [
        "Errors are shares of the scale from random guessing to 100%. A ratio below 1 means better than the better of "
        "the two rivals: nothing changes, and a straight line."
    ]
    year = rows[rows["horizon"] == 12].set_index("set")
    if "tests" in year.index:
        row = year.loc["tests"]
        parts.append(
            f"A year ahead: off by {100 * row['error']:.1f}%, nothing changes by "
            f"{100 * row['error_persistence']:.1f}%; the 80% interval held {100 * row['coverage']:.0f}% "
            f"({100 * row['coverage_lower']:.0f} to {100 * row['coverage_upper']:.0f})."
        )
    if "short_other" in year.index:
        parts.append(
            f"With less than eight months of history the range starts at the present best and is wider; it held "
            f"{100 * year.loc['short_other', 'coverage']:.0f}% on half of the boards (its width was chosen with both halves in view)."
        )
    if "unfed" in year.index:
        row = year.loc["unfed"]
        parts.append(
            f"Limit: on boards that nobody feeds any more the forecast is off by {100 * row['error']:.1f}%, nothing "
            f"changes by {100 * row['error_persistence']:.1f}%: there the rival is better."
        )
    return " ".join(parts)


def about_cases(rows: pd.DataFrame) -> str:
    """How many known events fell into the interval that was told."""
    made = rows[rows["best_then"].notna()]
    told = made[made["earliest"].notna()]
    is_in = (told["came"] >= told["earliest"]) & ((told["came"] <= told["latest"]) | told["latest"].isna())
    return (
        f"Known events, and what a forecast made before would have said. Of {len(rows)} such looks ahead, "
        f"{len(rows) - len(made)} got no forecast (too little was known then); of the other {len(made)}, the interval "
        f"held {int(is_in.sum())} events, {int((told['came'] < told['earliest']).sum())} came earlier than its first "
        f"day, {len(made) - len(told)} were “not in sight”, and {int(told['came'].isna().sum())} look at controls, whose "
        "level has not been reached to this day. These events were picked because they happened, so they "
        "say nothing about how often a forecast event does not come."
    )


def about_verdicts(rows: pd.DataFrame) -> str:
    """Agreement with what people said, by the answer and by the room left."""
    counts, by_room = rows["agrees"].value_counts(), rows["agrees_by_room"].value_counts()
    return (
        f"Tests that people publicly called saturated, or open, beside our answer: we agree on {counts.get('yes', 0)}, "
        f"disagree on {counts.get('no', 0)}, and cannot tell on {counts.get('not told', 0)}. Taking “less than a tenth "
        f"of the scale left” for saturated as well, we agree on {by_room.get('yes', 0)}. "
        f"{int((rows['people_say'] == 'saturated').sum())} of these {len(rows)} are called saturated, so agreement "
        "alone is easy; every disagreement carries the answer in words."
    )


def about_properties(rows: pd.DataFrame) -> str:
    """Which properties go with little room left."""
    found = rows[rows["property"] != "average benchmark"]
    clear = found[(found["lower"] > 0) | (found["upper"] < 0)]
    names = ", ".join(f"{row.property.replace('_', ' ')} ({row.asked})" for row in clear.itertuples()) or "none"
    whole = rows[rows["asked"] == "all together"].iloc[0]
    return (
        "Which properties go with little room left: age alone, each other one beside the age of the test, on all benchmarks where it is "
        f"known, and all together on the {words.count(whole['n_benchmarks'])} where all are. Properties whose interval "
        f"leaves out 0: {names}. All together explain {100 * whole['explained_share']:.0f}% of the differences. An "
        "association among tests that people chose to run; no cause is claimed."
    )


def about_hits(rows: pd.DataFrame) -> str:
    """What the base rates are and what these numbers do not say."""
    cases = rows[~rows["case_set"].isin(SMALL[1:])]
    return (
        "Three kinds of known cases: points that we added to scores ourselves, models that were trained on a test on "
        "purpose by their makers, and models that a board marked. The base rate is the share of cases among all scores "
        f"that were ranked, here {100 * cases['base_rate'].min():.1f}% to {100 * cases['base_rate'].max():.1f}%; ranking "
        "by luck finds that share. A mark of a board is the board's word, not a truth about the model; added points "
        "are a model of what we look for. Simple rivals stand beside our methods, also where they do better. Newer base "
        "models are no cases: they show what a curve that knows no dates would call high. Negative controls are scores "
        "that should not be marked: makers' claims that other people's runs confirm, and models whose mark a board took "
        "back; few of the latter are known by name."
    )


def about_model_level(rows: pd.DataFrame) -> str:
    """How many of a board's marked models are named high everywhere, and how many others with them."""
    count = rows.set_index("metric")["value"]
    marked, others, own = (
        f"{words.count(int(count[f'named, {name}']))} of {words.count(int(count[f'models, {name}']))}"
        for name in ("marked", "others", "makers' own")
    )
    return (
        f"Of the models that the owners of a board marked, {marked} are named here as high everywhere for their size; of the others "
        f"on that board {others}, most of them fine-tunes and merges of the same few models, which nobody may have looked at; "
        f"of those that makers released themselves {own}. Ranked by the verdict, beside simple rivals on the same models."
    )


def ranking(rows: pd.DataFrame) -> pd.DataFrame:
    """The measures of a ranking in words, without the counts."""
    kept = rows[rows["metric"].isin(RANKINGS)]
    return kept.assign(metric=kept["metric"].map(RANKINGS))


def about_calibration(rows: pd.DataFrame) -> str:
    """How often clean boards are marked, and for whom the ranges hold."""
    shares = rows.loc[rows["measure"] == MARKED, "value"]
    marked = " and ".join(f"{100 * share:.1f}%" for share in shares)
    simulated = rows.loc[rows["measure"] == MARKED, "board"]
    held = rows[(rows["measure"] == HELD) & ~rows["board"].isin([*simulated, RATED])]
    ends = held.groupby("weighing")["value"].agg(["min", "max"])
    lists = rows[rows["board"].eq(RATED) & rows["benchmark"].isna() & rows["weighing"].eq("clusters")]
    rated = " and ".join(f"{100 * value:.0f}%" for value in lists["value"])
    return (
        f"On simulated boards without an odd score, {marked} of the boards had any mark. On real boards the 90% range "
        f"held {100 * ends.at['clusters', 'min']:.0f} to {100 * ends.at['clusters', 'max']:.0f}% when near-copies count "
        f"as one, and {100 * ends.at['rows', 'min']:.0f} to {100 * ends.at['rows', 'max']:.0f}% of the rows: people "
        "fine-tune what is good for its size, so the most copied base models and their hundreds of copies sit above the "
        "curve together. Widening the range until it holds all copies of one model would count copies as evidence."
        + (f" Of ratings by votes the ranges by size and date, and by other scores, held {rated}." if rated else "")
    )


def headline_calibration(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as they are, with a word where a row speaks of all tests."""
    return rows.assign(benchmark=rows["benchmark"].fillna("").replace("", "all"))


def about_expected(rows: pd.DataFrame) -> str:
    """How far expected scores were off, and against the best of the other methods of each part."""
    ours = rows[rows["method"].eq(OURS)].set_index("part")
    others = rows[~rows["method"].eq(OURS)].sort_values(["part", "points"]).drop_duplicates("part").set_index("part")
    told = [
        f"{part}: {ours.at[part, 'points']:.1f} points ({best}: {others.at[part, 'points']:.1f})"
        for part, best in others["method"].reindex(ours.index).items()
    ]
    behind = others.index[others["ratio"] > ENOUGH].tolist()
    short = others.index[others["ratio_upper"] >= 1.0].tolist()
    return (
        "What `python pipeline.py expect --alone` misses a hidden score by (median), on tables of models and tests cut from the record, "
        f"beside the nearest of five other methods on the same rows. {'; '.join(told)}."
        + (f" Less than a tenth better than that method: {', '.join(behind)}." if behind else "")
        + (f" Not certainly better, by a bootstrap over models: {', '.join(short)}." if short else "")
    )


def about_ranges(rows: pd.DataFrame) -> str:
    """How often the 90% ranges of expected scores held, and where they did not hold as they should."""
    whole = rows.iloc[0]
    off = rows[~rows["coverage"].between(*HOLDS)]
    where = ", ".join(f"{kind} ({100 * share:.0f}%)" for kind, share in zip(off["kind"], off["coverage"], strict=True))
    return f"{100 * whole['coverage']:.1f}% of {words.count(whole['n_scores'])} hidden scores lay in their range." + (
        f" Outside 85 to 95%: {where}." if where else " Every kind of row lies between 85 and 95%."
    )


def about_times(rows: pd.DataFrame) -> str:
    """How long a table takes."""
    last = rows.iloc[-1]
    return f"A table of {words.count(last['rows'])} rows takes {last['seconds']:.0f} seconds of one processor."


def headline_hits(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows over all tests, and those of controlled training; three measures."""
    is_whole = rows["benchmark"].isin(WHOLE) | rows["case_set"].isin(SMALL)
    kept = rows[is_whole & rows["metric"].isin(MEASURES)]
    return kept.assign(metric=kept["metric"].map(MEASURES))


def readable_sets(rows: pd.DataFrame) -> pd.DataFrame:
    """The back-test with its sets in words."""
    return rows.assign(set=rows["set"].map(SETS).fillna(rows["set"]))


def about_worst(rows: pd.DataFrame) -> str:
    """What made the worst forecasts wrong."""
    far = worst(rows)
    rose = far["largest_step"] > 0.1
    return (
        f"The {len(far)} groups of scores on which forecasts a year ahead were furthest off. On {int(rose.sum())} of them "
        "the best score once rose by more than a tenth of the scale in a single step: a kind of model that nothing "
        "before announced. Where “nothing changes” was nearer, a rise was expected that did not come. The file has all."
    )


def worst(rows: pd.DataFrame) -> pd.DataFrame:
    """The groups with the largest error a year ahead, among those that were still fed."""
    year = rows[(rows["horizon"] == 12) & rows["is_fed"].astype(bool) & (rows["history"] == "long")]
    return year.sort_values(["error", "series"], ascending=[False, True]).head(WORST).reset_index(drop=True)


def readable_properties(rows: pd.DataFrame) -> pd.DataFrame:
    """Properties without underscores."""
    return rows.assign(property=rows["property"].str.replace("_", " "))


def readable_verdicts(rows: pd.DataFrame) -> pd.DataFrame:
    """Verdicts with our status in words."""
    return rows.assign(status=[words.status_text(status) for status in rows["status"]])


def as_they_are(rows: pd.DataFrame) -> pd.DataFrame:
    """The table itself."""
    return rows


@dataclass(frozen=True)
class Measured:
    """One table: file name, title, benchmark that makes it, sentence from its rows, rows on screen, columns."""

    name: str
    title: str
    command: str
    about: Callable[[pd.DataFrame], str]
    on_screen: Callable[[pd.DataFrame], pd.DataFrame]
    columns: Callable[[], dict]


def expected_columns() -> dict:
    """Columns of the errors of expected scores on screen."""
    return {
        "part": text("Hidden", "medium", pinned=True),
        "method": text("Method", "medium"),
        "points": number("Median error (points)", "%.2f"),
        "points_lower": number("Error, low end", "%.2f"),
        "points_upper": number("Error, high end", "%.2f"),
        "ratio": number("Ours to this method", "%.2f"),
        "ratio_lower": number("Ratio, low end", "%.2f"),
        "ratio_upper": number("Ratio, high end", "%.2f"),
        "n_scores": number("Scores"),
        "n_models": number("Models"),
    }


def ranges_columns() -> dict:
    """Columns of the ranges of expected scores on screen."""
    return {
        "kind": text("Rows", "large", pinned=True),
        "coverage": share("90% range held"),
        "width": number("Mean width (points)", "%.1f"),
        "n_scores": number("Scores"),
    }


def times_columns() -> dict:
    """Columns of the times of expected scores on screen."""
    return {
        "rows": number("Rows"),
        "seconds": number("Seconds of processor", "%.1f"),
        "growth": number("Growth per row, 1 = linear", "%.2f"),
    }


def backtest_columns() -> dict:
    """Columns of the back-test on screen."""
    return {
        "set": text("Groups of scores", "medium", pinned=True),
        "horizon": number("Months ahead"),
        "error": share("Error"),
        "error_persistence": share("Error of “nothing changes”"),
        "error_line": share("Error of a straight line"),
        "ratio_to_better": number("Ratio to the better rival", "%.2f"),
        "ratio_lower": number("Ratio, low end", "%.2f"),
        "ratio_upper": number("Ratio, high end", "%.2f"),
        "coverage": share("80% interval held"),
        "coverage_lower": share("Held, low end"),
        "coverage_upper": share("Held, high end"),
        "interval_width": share("Width of the interval"),
        "n_series": number("Groups"),
        "n_independent": number("Independent groups"),
        "n_forecasts": number("Forecasts"),
    }


def worst_columns() -> dict:
    """Columns of the worst groups on screen."""
    return {
        "series": text("Scores of", "medium", pinned=True),
        "error": share("Error"),
        "error_persistence": share("Error of “nothing changes”"),
        "covered": share("80% interval held"),
        "largest_step": share("Largest single step"),
        "step_model": text("By", "medium"),
        "step_day": text("On", 100),
        "n_origins": number("Forecasts"),
    }


def case_columns() -> dict:
    """Columns of the known events on screen."""
    return {
        "series": text("Scores of", "medium", pinned=True),
        "event": text("Event", "medium"),
        "came": text("Came", 100),
        "made": text("Forecast made", 110),
        "best_then": share("Best then"),
        "earliest": text("Earliest", 100),
        "middle": text("Middle", 100),
        "latest": text("Latest", 100),
    }


def verdict_columns() -> dict:
    """Columns of the verdicts of people on screen."""
    return {
        "benchmark_id": text("Test", 150, pinned=True),
        "people_say": text("People say", 100),
        "status": text("Our answer", 120),
        "agrees": text("Answer agrees", 110),
        "agrees_by_room": text("Or room does", 110, help="Tied, closed, or less than a tenth of the scale left"),
        "headroom": share("Headroom"),
        "best": share("Best"),
        "argument": text("Our answer in words", "large"),
        "who": text("Who says so", "medium"),
        "kth_best": share("Fifth maker"),
        "n_models": number("Models"),
        "n_makers_12m": number("Makers, 12 months"),
        "use": text("Use"),
        "source_url": tables.source_link(),
    }


def property_columns() -> dict:
    """Columns of the properties on screen."""
    return {
        "property": text("Property", "medium", pinned=True),
        "asked": text("Asked", 110),
        "effect_log_odds": number("Effect (log-odds)", "%.2f"),
        "lower": number("Low end (90%)", "%.2f"),
        "upper": number("High end (90%)", "%.2f"),
        "n_with": number("Benchmarks with it"),
        "n_benchmarks": number("Benchmarks"),
        "n_tests": number("Tests"),
    }


def hit_columns() -> dict:
    """Columns of the known cases on screen."""
    return {
        "case_set": text("Known cases", "medium", pinned=True),
        "benchmark": text("Test", "small"),
        "method": text("Ranked by", 290),
        "metric": text("Measure", 290),
        "value": number("Value", "%.3f"),
        "lower": number("Low end (90%)", "%.3f"),
        "upper": number("High end (90%)", "%.3f"),
        "base_rate": share("Base rate"),
        "n_draws": number("Draws"),
    }


def calibration_columns() -> dict:
    """Columns of the calibration on screen."""
    return {
        "board": text("Boards", "medium", pinned=True),
        "benchmark": text("Test, or part of the scale", "medium"),
        "weighing": text("Counted by", 110),
        "measure": text("Measure", "large"),
        "value": share("Share"),
        "n": number("Boards or rows"),
    }


def about_review(rows: pd.DataFrame) -> str:
    """How the marks of one direction were judged one by one, in numbers."""
    told = rows["judged"].value_counts()
    parts = ", ".join(f"{word} {n}" for word, n in told.items())
    return (
        f"{len(rows)} marks judged one by one from the evidence beside them: {parts}. “Artefact” means that the number does "
        "not measure the model: a failed run, answers that were not parsed, another scale or metric. The reason of each "
        "stands in the table. Judged once, on one build: later builds leave out what these found."
    )


def review_columns() -> dict:
    """Columns of the reviews on screen."""
    return {
        "model": text("Model", "medium", pinned=True),
        "benchmark_id": text("Benchmark", "small"),
        "level": text("Level", 110),
        "judged": text("Judged", 110),
        "reason": text("Why", "large"),
    }


def readable_review(rows: pd.DataFrame) -> pd.DataFrame:
    """The judged marks, artefacts first, levels in words."""
    shown = rows.sort_values(["judged", "benchmark_id", "model"], kind="stable")
    return shown.assign(level=[words.LEVELS[level].word for level in shown["level"]])[[*review_columns()]]


ALL = (
    Measured("backtest", "Forecasts", "backtest", about_backtest, readable_sets, backtest_columns),
    Measured(
        "answer_forecasts",
        "Forecasts of the answers",
        "answer_forecasts",
        forecasts.about_answers,
        as_they_are,
        forecasts.answers_columns,
    ),
    Measured(
        "answer_days",
        "Months in which a tenth was left",
        "answer_forecasts",
        forecasts.about_days,
        as_they_are,
        forecasts.days_columns,
    ),
    Measured(
        "answer_chances",
        "Chances that a tenth would be left",
        "answer_forecasts",
        forecasts.about_chances,
        as_they_are,
        forecasts.chances_columns,
    ),
    Measured(
        "answer_outcomes",
        "How forecasts made 3, 6, 12 and 24 months ago came out",
        "answer_forecasts",
        forecasts.about_outcomes,
        as_they_are,
        forecasts.outcomes_columns,
    ),
    Measured("backtest_cases", "Forecasts of known events", "backtest", about_cases, as_they_are, case_columns),
    Measured("backtest_series", "Where forecasts were furthest off", "backtest", about_worst, worst, worst_columns),
    Measured(
        "verdicts",
        "Our answers beside what people say",
        "saturation",
        about_verdicts,
        readable_verdicts,
        verdict_columns,
    ),
    Measured(
        "what_saturates",
        "What goes with little room",
        "saturation",
        about_properties,
        readable_properties,
        property_columns,
    ),
    Measured(
        "calibration",
        "How often nothing is called unusual",
        "calibration",
        about_calibration,
        headline_calibration,
        calibration_columns,
    ),
    Measured("expect", "How far off expected scores are", "expect", about_expected, as_they_are, expected_columns),
    Measured("expect_ranges", "How often their ranges hold", "expect", about_ranges, as_they_are, ranges_columns),
    Measured("expect_times", "How long they take", "expect", about_times, as_they_are, times_columns),
    Measured("hit_rate", "Known cases found", "hit_rate", about_hits, headline_hits, hit_columns),
    Measured("model_level", "Whole models that a board marked", "model_level", about_model_level, ranking, hit_columns),
    Measured("review_low", "Low marks, judged by hand", "", about_review, readable_review, review_columns),
)


def version_of(name: str) -> str:
    """Which version made a committed table, and whether code and data are still the same; "" where nobody wrote it."""
    made = data.method_table("made_by")
    mine = None if made is None else made[made["table"] == name]
    if mine is None or mine.empty:
        return ""
    row = mine.iloc[0]
    told = f" on {words.day(row['made_date'])} by version {row['version']}"
    return told if row["is_current"] == "yes" else f"{told}; code or data have changed since, and it was not made again"


def about_list(rows: pd.DataFrame) -> str:
    """How the list of high marks was judged, row by row."""
    judged = rows["judged"].value_counts()
    shown = len(rows) - int(judged.get(DEMONSTRATION, 0))
    parts = ", ".join(f"{n} {word}" for word, n in judged.drop(DEMONSTRATION, errors="ignore").items())
    return (
        f"Precision of the list: all {len(rows)} high marks on whole tests were judged by us, row by row, from the evidence held here. "
        f"{int(judged.get(DEMONSTRATION, 0))} are demonstrations, shown apart; of the other {shown}: {parts}."
    )


def about_owners(page: Page) -> str:
    """How many of the models that a board's owners marked carry a mark of ours, and how many others do."""
    select = ("maintainer_flag", "level", "direction", "n_unusual_high", "n_tested")
    models = data.read(page.path, "models", select, (Where("n_tested", "between", (1, None)),))
    everywhere = models["level"].isin(LEVELS_MARKED) & models["direction"].eq("high")
    is_ours, is_owners = everywhere | models["n_unusual_high"].gt(0), models["maintainer_flag"].notna()
    others = models[~is_owners & models["n_tested"].ge(MIN_TESTED)]
    if not is_owners.any() or others.empty:
        return ""
    n_others = int(is_ours[others.index].sum())
    return (
        f"Recall on known cases: of {words.count(is_owners.sum())} models that a board's owners marked, "
        f"{words.count((is_ours & is_owners).sum())} carry a mark of ours (a high score, or high everywhere for their size). "
        f"So do {words.count(n_others)} of {words.count(len(others))} other models with {MIN_TESTED} tested scores or more "
        f"({100 * n_others / len(others):.0f}%): fine-tunes that are high everywhere, some of which a board never looked at."
    )


def section(page: Page) -> None:
    """All tables, each with its sentence, its command and its file."""
    reviewed = data.method_table("review_high")
    known_cases(page, data.method_stamp("review_high"))
    if reviewed is not None:
        tables.download("Download CSV", "review_high", page.asof, partial(iter, [reviewed]), False)
    for place, one in enumerate(ALL):
        stamp = data.method_stamp(one.name)
        n_shown = above(page, place, stamp)
        rows = data.method_table(one.name)
        if rows is None or n_shown is None:
            continue
        with st.expander(f"{one.title}: the table ({words.plural(n_shown, 'row')})"):
            table(page, place, stamp)
        below(page, place, n_shown, len(rows))
        tables.download("Download CSV", one.name, page.asof, partial(iter, [rows]), False)


@parts.kept_for_all
def known_cases(page: Page, stamp: int) -> None:
    """How the list of marks does on known cases."""
    reviewed = data.method_table("review_high")
    st.markdown("**The list of marks on known cases**")
    texts = ["" if reviewed is None else about_list(reviewed), about_owners(page)]
    st.markdown(words.in_markdown(" ".join(filter(None, texts))))


@parts.kept_for_all
def above(page: Page, place: int, stamp: int) -> int | None:
    """Title and sentence of one of ALL; returns the rows of its table on the screen, None where it was not measured."""
    one = ALL[place]
    st.markdown(f"**{one.title}**")
    rows = data.method_table(one.name)
    if rows is None:
        st.info(
            f"Not measured yet: `python -m bench {one.command}` writes this table."
            if one.command
            else "Not judged yet."
        )
        return None
    st.markdown(words.in_markdown(one.about(rows)))
    return len(one.on_screen(rows))


@parts.kept_for_all
def table(page: Page, place: int, stamp: int) -> None:
    """The table of one of ALL, shares in per cent."""
    one = ALL[place]
    rows = data.method_table(one.name)
    shown = one.on_screen(pd.DataFrame() if rows is None else rows)
    shares = SHARES | OWN_SHARES.get(one.name, set())
    shown = shown.assign(**{name: 100 * shown[name] for name in shares & set(shown)})
    tables.show(shown, {k: v for k, v in one.columns().items() if k in shown}, one.title, EMPTY)


@parts.kept_for_all
def below(page: Page, place: int, n_shown: int, n_rows: int) -> None:
    """By what command one of ALL was made, and what the table leaves out."""
    one = ALL[place]
    more = f" {words.count(n_shown)} of {words.count(n_rows)} rows; the file has all." if n_shown < n_rows else ""
    made = f"Made by `python -m bench {one.command}`{version_of(one.name)}." if one.command else "Judged by hand."
    st.caption(f"{made}{more}")
