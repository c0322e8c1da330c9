"""Charts of answers: one line per benchmark, and the scale of one benchmark. A row or frame in, a Plotly figure out.

Question  How much of a test is left, and who stands where on its scale?
Input     rows of ui/answers.py, scores as fractions.
Output    go.Figure, scores in per cent.
Method    As ui/kit/charts.py: shapes say the status, position says the score, colour only repeats it.
Silent    What a test does not have is not drawn.
"""

import textwrap
from collections import Counter

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ui.kit import charts, links, words
from ui.kit.charts import BAND, GRID, LINE, LOW, USUAL

MARKS = {"separating": "triangle-up", "crowded": "diamond", "tied": "square", "closed": "square-open"}
ROWS = {
    "best": ("Best credible score", "circle", LOW),
    "best_community": ("Including community models", "circle-open", USUAL),
    "best_with_tools": ("With tools or search", "diamond-open", USUAL),
    "best_by_samples": ("By several samples", "square-open", USUAL),
    "kth_best": ("Fifth maker", "line-ns-open", USUAL),
}
AHEAD = "In a year (80%)"
LONGEST = 22  # letters of a line on an axis; more leave no room for the chart on a phone
LINE_LENGTH = 18  # letters from which a name on an axis has two lines
ROW, TWO_LINES = 26, 34  # points of height for a row of a chart


def room(rows: pd.DataFrame) -> go.Figure:
    """One line per benchmark: from random guessing to the best credible score, the fifth maker beside it, up to its end.

    rows   columns label, status, best, kth_best, bottom, top (fractions: best, fifth maker, random guessing, ceiling);
           top row first.
    """
    figure = go.Figure()
    named = short(rows["label"])
    labels = [named[label] for label in rows["label"]]
    lines = (("bottom", "top", GRID, "From guessing to the ceiling"), ("bottom", "best", LOW, "Up to the best"))
    for start, end, colour, name in lines:
        # One trace of all lines, cut by empty points: a trace each would be drawn ten times slower.
        ends = [100 * value for pair in zip(rows[start], rows[end], strict=True) for value in (*pair, np.nan)]
        names = [text for label in labels for text in (label, label, label)]
        figure.add_trace(
            go.Scatter(x=ends, y=names, mode="lines", line={"color": colour, "width": 5}, name=name, hoverinfo="skip")
        )
    figure.add_trace(
        go.Scatter(
            x=100 * rows["kth_best"].astype(float), y=labels, mode="markers", name="Fifth maker",
            marker={"size": 9, "color": USUAL, "symbol": "line-ns-open", "line": {"width": 2}},
            hovertemplate="%{x:.1f}<extra>fifth maker</extra>",
        )
    )  # fmt: skip
    for status, symbol in MARKS.items():
        some = rows[rows["status"] == status]
        if some.empty:
            continue
        word = words.STATUSES[status][1].lower()
        figure.add_trace(
            go.Scatter(
                x=100 * some["best"], y=[named[label] for label in some["label"]], mode="markers",
                marker={"size": 10, "color": LOW, "symbol": symbol, "line": {"width": 2, "color": LOW}},
                name=f"Best: {word}", hovertemplate=f"%{{x:.1f}}<extra>best, {word}</extra>",
                customdata=links.of_benchmarks(some["benchmark_id"]) if "benchmark_id" in some else None,
            )
        )  # fmt: skip
    charts.dressed(figure, height(named), hovermode="closest")
    figure.update_xaxes(title="Score (%)", range=[-2, 103])
    in_order(figure, labels)
    return figure


def scale(row: pd.Series, ceiling: tuple[float, float] | None) -> go.Figure:
    """The scale of one benchmark from random guessing to its ceiling, with its best scores and the forecast.

    row   a row of the view `benchmarks`, unit fraction.
    """
    figure = go.Figure()
    names = []
    for column, (name, symbol, colour) in ROWS.items():
        if words.is_missing(row[column]):
            continue
        names.append(name)
        value = 100 * row[column]
        figure.add_trace(
            go.Scatter(
                x=[value], y=[name], mode="markers+text", text=[f"{value:.1f}  "], textposition="middle left",
                marker={"size": 12, "color": colour, "symbol": symbol, "line": {"width": 2, "color": colour}},
                hovertemplate="%{x:.1f}<extra></extra>", name=name, cliponaxis=False,
            )
        )  # fmt: skip
    if not words.is_missing(row["forecast_lower"]):
        names.append(AHEAD)
        ends = [100 * row["forecast_lower"], 100 * row["forecast_upper"]]
        figure.add_trace(
            go.Scatter(
                x=ends, y=[AHEAD, AHEAD], mode="lines+text", line={"color": LOW, "width": 6, "dash": "dot"},
                text=[f"{ends[0]:.1f} to {ends[1]:.1f}  ", ""],
                textposition="middle left", name=AHEAD, hovertemplate="%{x:.1f}<extra>80% interval</extra>",
            )
        )  # fmt: skip
    if not words.is_missing(row["floor"]) and not row["is_lower_better"]:
        figure.add_vline(100 * row["floor"], line={"color": LINE, "dash": "dot", "width": 1})
        figure.add_annotation(
            x=100 * row["floor"], y=1, yref="paper", text="guessing", showarrow=False, yanchor="bottom"
        )
    if ceiling is not None and not row["is_lower_better"]:
        low, high = (100 * end for end in ceiling)
        figure.add_vrect(low, high, fillcolor=BAND, line={"color": LINE, "width": 1})
        figure.add_annotation(x=low, y=1, yref="paper", text="ceiling", showarrow=False, yanchor="bottom")
    charts.dressed(figure, 90 + 40 * max(len(names), 2), hovermode="closest", showlegend=False)
    figure.update_xaxes(title="Score (%)", range=[-2, 103])
    in_order(figure, names)
    return figure


def ranking(rows: pd.DataFrame) -> go.Figure:
    """The best scores of a group, best first, each with its interval.

    rows   columns label, shown, error (both in the unit of the screen; error may be missing), unit, score_reported.
    """
    short = words.short_names(list(dict.fromkeys(rows["label"])), 26)
    labels = [words.in_chart(short[label]) for label in rows["label"]]
    texts = [
        f"<b>{words.in_chart(row.label, 60)}</b><br>{row.shown:.1f}, printed as {words.in_chart(row.score_reported)}"
        for row in rows.itertuples()
    ]
    is_share = bool((rows["unit"] == "fraction").all())
    figure = go.Figure(
        go.Scatter(
            x=rows["shown"],
            y=labels,
            mode="markers",
            marker={"size": 9, "color": LOW},
            error_x={"type": "data", "array": rows["error"].fillna(0), "color": USUAL, "thickness": 1.4, "width": 3},
            text=texts,
            customdata=charts.opens(rows),
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    charts.dressed(figure, 100 + 18 * max(len(rows), 5), hovermode="closest")
    figure.update_xaxes(title="Score (%)" if is_share else "Score")
    in_order(figure, list(dict.fromkeys(labels)))
    return figure


def in_order(figure: go.Figure, labels: list[str]) -> None:
    """Rows from the top in this order."""
    figure.update_yaxes(
        autorange="reversed", type="category", categoryorder="array", categoryarray=labels, showgrid=False
    )


def short(names: pd.Series) -> dict[str, str]:
    """Names for an axis in at most two lines, so that a phone has room for the chart; they stay different from each other.
    "model · test" has a line for each.
    """
    found = {}
    for name, label in words.short_names([str(name) for name in names], 3 * LONGEST).items():
        parts = label.split(" · ", 1)
        # A word that is longer than a line goes on in the next one after an underscore, not anywhere.
        cut = " ".join(word.replace("_", "_ ") if len(word) > LINE_LENGTH else word for word in label.split())
        lines = [parts[0], parts[1].split(" (")[0]] if len(parts) > 1 else textwrap.wrap(cut, LINE_LENGTH)
        if len(lines) > 2:
            lines = [lines[0], " ".join(lines[1:])]
        found[name] = "<br>".join(words.in_chart(line.replace("_ ", "_"), LONGEST) for line in lines)
    counts = Counter(found.values())
    return {
        name: f"{text} ({place + 1})" if counts[text] > 1 else text for place, (name, text) in enumerate(found.items())
    }


def height(labels: dict[str, str]) -> int:
    """Points of height for a chart with a row for each label."""
    row = TWO_LINES if any("<br>" in label for label in labels.values()) else ROW  # an axis gives every row the same
    return 140 + row * max(len(labels), 3)
