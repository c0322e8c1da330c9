"""Charts that hold things against each other: families, models, makers against others, months. Frames in, figures out.

Question  Who stands where against whom, and is the distance larger than chance?
Input     frames of ui/families.py, ui/compare.py, ui/claims.py, ui/changes.py; scores as fractions.
Output    go.Figure, scores in per cent. The sentence above a chart and the sources below it are drawn by
          ui/kit/frame.py `chart`.
Method    As ui/kit/charts.py: position says the score, shape and fill say who or whether, colour only repeats it.
Silent    What is missing is not drawn; the caller says how many.
"""

import pandas as pd
import plotly.graph_objects as go

from data.vocabulary import MARKED
from ui.kit import charts, links, words
from ui.kit.answer_charts import height, in_order, short
from ui.kit.charts import BAND, COLOURS, GRID, HIGH, LINE, LOW, NINE_IN_TEN, USUAL

# One colour and one shape per thing that is compared, at most four: told apart without colour too.
FOUR = ((LOW, "circle"), (HIGH, "diamond"), ("#5b4bb5", "square"), ("#0f8a8a", "triangle-up"))
KINDS = {"value revised": LOW, "value removed": HIGH, "answer changed": USUAL}


def fingerprint(rows: pd.DataFrame) -> go.Figure:
    """One row per test: how far a family's models stand from what their other scores suggest, with the 90% interval.

    rows   columns label, effect, effect_error (spreads of the test), level, direction, reason. Top row first.
    """
    figure = go.Figure()
    labels = short(rows["label"])
    marked = rows["level"].isin(MARKED)
    groups: list[tuple[pd.Series, str, str, str]] = [(~marked, USUAL, "circle", "not sure")]
    groups += [(marked & rows["direction"].eq(side), colour, "diamond", side) for side, colour in COLOURS.items()]
    names = {"not sure": "Could be luck", "high": "Above, more than luck", "low": "Below, more than luck"}
    for which, colour, symbol, name in groups:
        some = rows[which]
        if some.empty:
            continue
        ends = NINE_IN_TEN * some["effect_error"]
        figure.add_trace(
            go.Scatter(
                x=some["effect"], y=[labels[label] for label in some["label"]], mode="markers",
                error_x={"type": "data", "array": ends, "color": colour, "thickness": 1.6, "width": 0},
                marker={"size": 10, "color": colour, "symbol": symbol},
                text=[f"<b>{words.in_chart(t, 60)}</b><br>{folded(r)}" for t, r in zip(some["label"], some["reason"],
                      strict=True)],
                customdata=links.of_benchmarks(some["benchmark_id"]) if "benchmark_id" in some else None,
                hovertemplate="%{text}<extra></extra>", name=names[name],
            )
        )  # fmt: skip
    figure.add_vline(x=0, line={"color": LINE, "width": 1})
    charts.dressed(figure, height(labels), hovermode="closest")
    figure.update_xaxes(title="Spreads of the test")
    in_order(figure, [labels[label] for label in rows["label"]])
    return figure


def sides(rows: pd.DataFrame) -> go.Figure:
    """One row per family or maker: on how many tests it stands below (left) and above (right).

    rows   columns name, n_high, n_low, n_asked (counts). Top row first.
    """
    figure = go.Figure()
    labels = short(rows["name"])
    for column, sign, colour, name in (("n_low", -1, LOW, "below"), ("n_high", 1, HIGH, "above")):
        figure.add_trace(
            go.Bar(
                x=sign * rows[column], y=[labels[n] for n in rows["name"]], orientation="h",
                marker={"color": colour}, text=[str(n) if n else "" for n in rows[column]], textposition="outside",
                cliponaxis=False, customdata=rows[[column, "n_asked", *rows.columns.intersection(["group_link"])]],
                hovertemplate=f"%{{customdata[0]}} of %{{customdata[1]}} tests {name}<extra>%{{y}}</extra>",
                name=f"Tests {name} what other scores suggest",
            )
        )  # fmt: skip
    charts.dressed(figure, 120 + 25 * max(len(rows), 3), barmode="relative", hovermode="closest")
    reach = 1.25 * max(1, int(rows[["n_high", "n_low"]].to_numpy().max()))
    figure.add_vline(x=0, line={"color": LINE, "width": 1})
    figure.update_xaxes(title="Number of tests", range=[-reach, reach], showticklabels=False)
    in_order(figure, [labels[name] for name in rows["name"]])
    return figure


def over_time(rows: pd.DataFrame, best: pd.DataFrame) -> go.Figure:
    """Scores of a family's models on one test by the day of the model; the makers' best so far as a line.

    rows   columns model_name, model_date, score, score_reported, setting, who, is_own (of a known maker),
           evaluator_relationship.
    best   columns model_name, model_date, score: those that were the best when they came, by day.
    """
    figure = go.Figure()
    kind = charts.scatter_kind(len(rows))
    own, by_maker = rows["is_own"], rows["evaluator_relationship"].eq("first_party")
    groups = (
        (~own, "Models built on it", {"size": 5, "color": USUAL, "opacity": 0.4, "symbol": "circle"}),
        (own & ~by_maker, "The makers' models, run by others", {"size": 8, "color": LOW, "symbol": "circle"}),
        (own & by_maker, "The makers' models, their own number",
         {"size": 8, "color": LOW, "symbol": "circle-open", "line": {"width": 2}}),
    )  # fmt: skip
    if len(best) > 1:
        figure.add_trace(
            go.Scatter(
                x=best["model_date"], y=100 * best["score"], mode="lines", name="Best so far",
                line={"color": LOW, "width": 1.6, "shape": "hv"}, hoverinfo="skip",
            )
        )  # fmt: skip
    for which, name, marker in groups:
        some = rows[which]
        if some.empty:
            continue
        figure.add_trace(
            kind(
                x=some["model_date"], y=100 * some["score"], mode="markers", marker=marker, name=name,
                text=[
                    f"<b>{words.in_chart(r.model_name, 60)}</b><br>{words.in_chart(r.score_reported)} · "
                    f"{words.day(r.model_date)}<br>{words.in_chart(r.who, 60)}"
                    for r in some.itertuples()
                ],
                customdata=charts.opens(some),
                hovertemplate="%{text}<extra></extra>",
            )
        )  # fmt: skip
    charts.dressed(figure, 400, hovermode="closest")
    figure.update_xaxes(title="Day of the model")
    figure.update_yaxes(title="Score (%)")
    if len(best) > 1:
        name_ends(figure, 100 * rows["score"], best.iloc[[0, -1]])
    return figure


def name_ends(figure: go.Figure, scores: pd.Series, ends: pd.DataFrame) -> None:
    """Write the names of the first and the last best model above all points, each in a row of its own, because on a phone a
    name is as wide as half the chart: beside its point it would lie on others. A thin line leads down to the point.
    """
    low, high = scores.min(), scores.max()
    line = 0.09 * max(high - low, 1)
    for place, row in enumerate(ends.itertuples()):
        figure.add_annotation(
            x=row.model_date, y=100 * row.score, ax=row.model_date, ay=high + (1 + place) * line, axref="x", ayref="y",
            text=words.in_chart(str(row.model_name).rsplit("/", 1)[-1], 22), font={"size": 12},
            xanchor=("left", "right")[place], arrowhead=0, arrowwidth=1, arrowcolor=LINE,
        )  # fmt: skip
    figure.update_yaxes(range=[low - line, high + 3 * line])


def dumbbell(rows: pd.DataFrame, names: list[str], lines: tuple[str, str], is_hollow: bool = False) -> go.Figure:
    """One row per test or claim: a dot for each number, joined by a line that is strong where they surely differ.

    rows       columns label, is_apart (bool), and for each k of names a column `score_k` (fraction, missing: no dot) and
               `text_k` (for the hover box). Top row first.
    names      what the numbers are: at most four. lines: what a weak line means, and what a strong one.
    is_hollow  the first of two is drawn hollow, as makers' own numbers are everywhere.
    """
    figure = go.Figure()
    labels = short(rows["label"])
    columns = [f"score_{place}" for place in range(len(names))]
    for is_apart, colour, width, name in ((False, GRID, 3, lines[0]), (True, LINE, 4, lines[1])):
        some = rows[rows["is_apart"] == is_apart]
        if some.empty:
            continue
        x, y = [], []
        for row in some.to_dict("records"):
            known = [100 * row[c] for c in columns if not words.is_missing(row[c])]
            x += [min(known), max(known), None]
            y += [labels[row["label"]]] * 3
        figure.add_trace(
            go.Scatter(x=x, y=y, mode="lines", line={"color": colour, "width": width}, hoverinfo="skip", name=name)
        )
    for place, name in enumerate(names):
        colour, symbol = (HIGH if is_hollow else LOW, "circle-open") if is_hollow and place == 0 else FOUR[place]
        if is_hollow and place:
            colour, symbol = FOUR[0]
        some = rows.dropna(subset=[f"score_{place}"])
        figure.add_trace(
            go.Scatter(
                x=100 * some[f"score_{place}"], y=[labels[label] for label in some["label"]], mode="markers",
                marker={"size": 10, "color": colour, "symbol": symbol, "line": {"width": 2, "color": colour}},
                text=[f"<b>{words.in_chart(label, 60)}</b><br>{t}" for label, t in zip(some["label"],
                      some[f"text_{place}"], strict=True)],
                hovertemplate="%{text}<extra></extra>", name=words.in_chart(name, 30),
            )
        )  # fmt: skip
    charts.dressed(figure, height(labels), hovermode="closest")
    figure.update_xaxes(title="Score (%)")
    in_order(figure, [labels[label] for label in rows["label"]])
    return figure


def per_month(counts: pd.DataFrame) -> go.Figure:
    """Number of changes by month, a bar each, what changed stacked.

    counts   columns month (first day), what, n.
    """
    figure = go.Figure()
    for what, colour in KINDS.items():
        some = counts[counts["what"] == what]
        if len(some):
            figure.add_trace(
                go.Bar(
                    x=some["month"], y=some["n"], name=what.capitalize(), marker={"color": colour},
                    hovertemplate=f"%{{y:,}} {what}<extra>%{{x|%b %Y}}</extra>",
                )
            )  # fmt: skip
    charts.dressed(figure, 320, barmode="stack")
    figure.update_xaxes(title=None, tickformat="%b %Y")
    figure.update_yaxes(title="Changes")
    return figure


def gaps(values: pd.Series, typical: float) -> go.Figure:
    """How makers' numbers differ from independent ones: a histogram of gaps in points, the middle half shaded.

    values    gaps as fractions, positive: the maker's number is the better one. typical: half of them are nearer.
    """
    figure = go.Figure(
        go.Histogram(
            x=100 * values.clip(-0.30, 0.30), xbins={"start": -31, "end": 31, "size": 2}, marker={"color": LOW},
            hovertemplate="%{y} pairs, %{x} points<extra></extra>",
        )
    )  # fmt: skip
    figure.add_vrect(-100 * typical, 100 * typical, fillcolor=BAND, line_width=0)
    figure.add_vline(x=0, line={"color": LINE, "width": 1})
    charts.dressed(figure, 280, showlegend=False, bargap=0.06)
    figure.update_xaxes(title="Points (further out: drawn at ±30)")
    figure.update_yaxes(title="Pairs")
    return figure


def folded(text: str, length: int = 60) -> str:
    """A sentence in lines for a hover box, escaped."""
    lines, line = [], ""
    for word in str(text).split():
        if line and len(line) + len(word) >= length:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "<br>".join(words.in_chart(part, 2 * length) for part in [*lines, line])
