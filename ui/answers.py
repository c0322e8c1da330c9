"""The one answer of every benchmark, as Home, Benchmarks and a benchmark's own page show it.

Question  What do we say of this test, by whose score, and what should be used instead?
Input     a `frame.Page`; the view `benchmarks`.
Output    frames for ui/kit/answer_charts.py and ui/kit/tables.py, sentences.
Method    The sentence is `reason` as the build wrote it, word for word the same everywhere and in the file; nothing is
          concluded here, and no group of scores speaks for a test.
Silent    Builds from before the answers have no rows here.
"""

from typing import Any
from urllib.parse import quote

import pandas as pd

from data.vocabulary import BENCHMARK_USES, NEAR_END, TOLD_STATUSES
from store import Where
from ui.kit import data, tables, words
from ui.kit.frame import Page
from ui.kit.shelf import remembered
from ui.kit.views import benchmark_label, group_name, link_to_benchmark, page_of_model

IN_USE, RETIRED = BENCHMARK_USES
SEPARATING, CROWDED, TIED, CLOSED = TOLD_STATUSES
KINDS = {
    "best": "Best credible score",
    "best_community": "Best including community models",
    "best_with_tools": "With tools or search",
    "best_by_samples": "By several samples a question, or several models",
}
RENEWED = {True: "questions renewed", False: "questions fixed", None: words.NOT_REPORTED}
COLUMNS = (
    "benchmark_id",
    "benchmark_name",
    "benchmark_version",
    "domain",
    "metric",
    "unit",
    "is_lower_better",
    "status",
    "use",
    "reason",
    *KINDS,
    "best_model",
    "best_maker",
    "best_date",
    "headroom",
    "kth_best",
    "tie_group_size",
    "alternatives",
    "forecast_best",
    "forecast_lower",
    "forecast_upper",
    "saturation_earliest",
    "saturation_latest",
    "n_makers",
    "n_makers_12m",
    "n_models",
    "n_left_out",
    "n_items",
    "floor",
    "ceiling",
    "is_dynamic",
)


FULL = 0.05  # share of a test's scale that is hardly any room


def table(page: Page) -> pd.DataFrame:
    """One row per benchmark with its answer in words and numbers: those with most makers of the last year first."""
    return whole_table(page.path)


@remembered
def whole_table(path: str) -> pd.DataFrame:
    """The same of a database, which no filter changes."""
    if not data.has(path, "benchmarks"):
        return pd.DataFrame(columns=[*COLUMNS, "label"])
    rows = data.read(path, "benchmarks", COLUMNS, (), ("-n_makers_12m", "-n_makers", "benchmark_id"))
    names = zip(rows["benchmark_name"], rows["benchmark_version"], strict=True)
    scale = (rows["unit"] == "fraction").map({True: 100.0, False: 1.0})
    shown = rows.assign(
        label=[benchmark_label(name, version) for name, version in names],
        status_text=[words.status_text(status) for status in rows["status"]],
        use_text=[words.use_text(use) for use in rows["use"]],
        **{f"{kind}_shown": rows[kind] * scale for kind in KINDS},
        kth_shown=rows["kth_best"] * scale,
        headroom_percent=100 * rows["headroom"],
        domain=rows["domain"].fillna(words.NOT_REPORTED),
        renewed=[RENEWED[None if words.is_missing(value) else bool(value)] for value in rows["is_dynamic"]],
    )
    shown["in_a_year"] = [year_ahead(row) for row in shown.to_dict("records")]
    shown["under_a_tenth"] = [tenth_text(row) for row in shown.to_dict("records")]
    shown["benchmark_link"] = [
        f"{link_to_benchmark(i)}#{quote(name, safe=' ')}"
        for i, name in zip(shown["benchmark_id"], shown["label"], strict=True)
    ]
    return shown


def at_its_end(tests: pd.DataFrame) -> pd.Series:
    """True for tests with little left to measure (status, headroom): closed, or tied or crowded with at most NEAR_END of the
    scale left, which their answers call nearly exhausted.
    """
    is_near = tests["headroom"].astype(float).round(9) <= NEAR_END
    return tests["status"].eq(CLOSED) | (tests["status"].isin((CROWDED, TIED)) & is_near)


def year_ahead(row: dict) -> str | None:
    """The 80% range of the best score in a year, in per cent; None without a forecast."""
    if words.is_missing(row["forecast_lower"]):
        return None
    return f"{words.percent(row['forecast_lower'])} to {words.percent(row['forecast_upper'])}"


def tenth_text(row: dict) -> str:
    """When less than a tenth of the scale is left: an interval of months, or why not."""
    if not words.is_missing(row["headroom"]) and row["headroom"] < NEAR_END:
        return "already"
    if words.is_missing(row["forecast_best"]):
        return "no forecast"
    return words.when(row["saturation_earliest"], row["saturation_latest"])


def sentence(row: Any, with_link: bool = False) -> str:
    """The answer of one benchmark as Markdown: its name where it is a link, status, use, and the sentence itself."""
    name = f"**[{words.in_markdown(row['label'])}]({link_to_benchmark(row['benchmark_id'])})** · " if with_link else ""
    use = words.use_text(row["use"])
    return f"{name}**{words.status_text(row['status'])}**, {use}. {words.in_markdown(row['reason'])}"


def counts(shown: pd.DataFrame) -> str:
    """How many tests in use have which status, and how many others there are."""
    used = shown[shown["use"] == IN_USE]
    by_status = used["status"].value_counts()
    told = "; ".join(
        f"{shape} **{words.count(by_status.get(key, 0))}** {word.lower()}"
        for key, (shape, word, _) in words.STATUSES.items()
    )
    n_retired = int((shown["use"] == RETIRED).sum())
    return (
        f"{told}: {words.plural(len(used), 'test')} in use. {words.count(n_retired)} more are retired, and "
        f"{words.count(len(shown) - len(used) - n_retired)} were never reported by five makers within a year."
    )


def one(page: Page, benchmark_id: str) -> pd.Series | None:
    """The answer of one benchmark with all its columns; None where the build has none."""
    if not data.has(page.path, "benchmarks"):
        return None
    rows = data.read(page.path, "benchmarks", None, (Where("benchmark_id", "=", benchmark_id),))
    return None if rows.empty else rows.iloc[0]


def newest_list(page: Page, row: pd.Series) -> str:
    """For a test that has the answer of its newest list: which list that is, and what this page holds; "" for others."""
    if words.is_missing(row["best_series_id"]):
        return ""
    said = data.read(page.path, "series", ("benchmark_id",), (Where("series_id", "=", row["best_series_id"]),))
    if said.empty or said["benchmark_id"].iloc[0] == row["benchmark_id"]:
        return ""
    newest = str(said["benchmark_id"].iloc[0])
    return (
        f"The answer is that of its newest list, [{words.in_markdown(newest)}]({link_to_benchmark(newest)}). The evidence below is "
        "older: numbers that are printed without the day of their list. What leads among them leads no list of today."
    )


def best_lines(row: pd.Series) -> list[str]:
    """The best scores as Markdown lines: the credible one, with community models beside it, tools and samples apart."""
    lines = []
    for kind, title in KINDS.items():
        if words.is_missing(row[kind]):
            continue
        if kind == "best_community" and row["best_community_model_id"] == row["best_model_id"]:
            lines.append(f"- {title}: the same")
            continue
        value = words.percent(row[kind]) + "%" if row["unit"] == "fraction" else f"{row[kind]:g}"
        model = "best_model" if kind == "best" else f"{kind}_model"
        link = f"[{words.in_markdown(row[model])}]({page_of_model(row[f'{model}_id'])})"
        source = tables.web_address(row[f"{kind}_source_url"])
        parts = [link]
        if kind == "best":
            parts += [words.in_markdown(row["best_maker"]), words.day(row["best_date"])]
        lines.append(f"- {title}: **{value}** ({', '.join(parts)}{f', [source]({source})' if source else ''})")
    if n := int(row["n_left_out"]):
        lines.append(
            f"- {words.plural(n, 'score')} {'leads' if n == 1 else 'lead'} nothing here: marked, questioned, withdrawn, quoted "
            "of a rival, or unclear about tools"
        )
    return lines


def tied_line(page: Page, row: pd.Series) -> str:
    """Who cannot be told from the best, by name; "" where that is not told or nobody is near."""
    if words.is_missing(row["tie_group"]) or words.is_missing(row["tie_group_size"]) or int(row["tie_group_size"]) < 2:
        return ""
    ids = tuple(str(row["tie_group"]).split("; "))
    named = data.read(page.path, "model", ("model_id", "name"), (Where("model_id", "in", ids),))
    names = dict(zip(named["model_id"], named["name"], strict=True))
    links = [f"[{words.in_markdown(words.shorten(names[i], 60))}]({page_of_model(i)})" for i in ids if i in names]
    more = int(row["tie_group_size"]) - len(links)
    listed = ", ".join(links) + (f" and {words.count(more)} more" if more > 0 else "")
    if words.is_missing(row["tie_series_id"]):
        among = "in one list" if row["unit"] == "rating" else "over all set-ups"
        return f"**Not told apart from the best** (each maker's best, {among}): {listed}."
    series = data.read(page.path, "series", ("setting_group",), (Where("series_id", "=", row["tie_series_id"]),))
    group = group_name(page, series["setting_group"].iloc[0])
    return (
        "**Not told apart in the newest set-up with five makers of the last twelve months** "
        f"({words.in_markdown(group)}; each maker's best): {listed}."
    )


def forecast_line(row: pd.Series) -> str:
    """What is expected of the best score, as the build wrote it, with months in words; "" without a sentence."""
    if words.is_missing(row["forecast_reason"]):
        return ""
    start = ""
    if not words.is_missing(row["forecast_best"]):
        start = (
            f"in a year the best score is expected at {words.percent(row['forecast_best'])}%, 80% interval "
            f"{words.percent(row['forecast_lower'])} to {words.percent(row['forecast_upper'])}%. "
        )
    return f"**Outlook:** {start}{words.in_markdown(words.with_months(row['forecast_reason']))}"


def unusual_from(row: pd.Series) -> str:
    """What a new model would have to score to be unusual, as the build wrote it; "" where that is not told."""
    text = row.get("unusual_from_reason")  # a build from before this column lacks it
    return "" if words.is_missing(text) else f"**What would be unusual:** {words.in_markdown(text)}"


def tested_forecasts() -> str:
    """How far off such forecasts were, from data/method/backtest.csv; "" where it was not measured."""
    tested = data.method_table("backtest")
    if tested is None:
        return ""
    year, furthest = tested[tested["horizon"] == 12], int(tested["horizon"].max())
    return " ".join(
        f"Such forecasts {line.horizon} months ahead, made at past months for {words.count(line.n_series)} groups of scores of "
        f"boards and the literature record, were off by {100 * line.error:.1f}% of the scale on average; “nothing "
        f"changes” was off by {100 * line.error_persistence:.1f}%. The 80% interval held {100 * line.coverage:.0f}% of "
        f"the outcomes. All this supposes that models go on being tested; more than {furthest} months ahead was not "
        "back-tested."
        for line in year[year["set"] == "tests"].itertuples()
    )


def instead(page: Page, benchmark_id: str) -> list[str]:
    """Tests in use that rank models most alike, as Markdown lines, the most alike first."""
    if not data.has(page.path, "benchmark_alternative"):
        return []
    where = (Where("benchmark_id", "=", benchmark_id),)
    found = data.read(page.path, "benchmark_alternative", None, where, ("place",))
    ids = tuple(found["alternative_id"])
    about = data.read(
        page.path, "benchmark", ("benchmark_id", "name", "version"), (Where("benchmark_id", "in", ids),)
    ).set_index("benchmark_id")
    return [
        f"- [{words.in_markdown(benchmark_label(about.at[i, 'name'], about.at[i, 'version']))}]({link_to_benchmark(i)}): "
        f"rank correlation {r:.2f} over {words.plural(n, 'shared model')}"
        for i, r, n in zip(found["alternative_id"], found["correlation"], found["n_shared"], strict=True)
    ]


def room_finding(lines: pd.DataFrame) -> str:
    """What the chart of `lines_of` shows, in one sentence."""
    left = (lines["top"] - lines["best"].astype(float)).abs() / (lines["top"] - lines["bottom"]).abs()
    n_full = int(left.lt(FULL).sum())
    return (
        f"On {words.count(n_full)} of {words.plural(len(lines), 'test')} less than {100 * FULL:.0f}% of the way from guessing to "
        "the end is left"
    )


def lines_of(shown: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Rows for answer_charts.room: the first tests of the list that have a status and a known score of guessing, in
    the order of TOLD_STATUSES, most room first.
    """
    falls = shown["is_lower_better"].astype(bool)
    known = shown["status"].isin(TOLD_STATUSES) & (shown["unit"] == "fraction") & shown["best"].notna()
    busiest = shown[known & (shown["floor"].notna() | falls)].head(limit)
    place = busiest["status"].map({status: i for i, status in enumerate(TOLD_STATUSES)})
    # Lower is better: the published ends do not apply, the way leads from all wrong to nothing wrong.
    falls = falls[busiest.index]
    drawn = busiest.assign(
        bottom=busiest["floor"].astype(float).where(~falls, 1.0),
        top=busiest["ceiling"].astype(float).fillna(1.0).where(~falls, 0.0),
        place=place,
    )
    return drawn.sort_values(["place", "headroom", "label"], ascending=[True, False, True]).reset_index(drop=True)
