"""Charts: a frame in, a Plotly figure out. Nothing else happens here: no query, no screen.

Question  What does the reader see at a glance?
Input     frames with scores as fractions, sizes as counts of parameters.
Output    go.Figure; scores on screen in per cent, sizes on a logarithmic axis.
Method    WebGL from 5,000 points (faster), SVG below (sharper, and countable by a test). Every name is escaped before
          it reaches the chart, because Plotly reads a subset of HTML in labels. Shapes say the level, position says the
          side; colour (blue low, orange high) only repeats it.
Silent    Rows without the number that a chart needs are not drawn; the caller says how many.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from data.vocabulary import DIRECTIONS, MARKED
from ui.kit import links, words

SPOTS_ACROSS, SPOT = 450, 0.5  # two pixels wide and high on a wide screen: half a dot
WEBGL_FROM = 5000
HIGH, LOW, USUAL, LINE = "#d9730d", "#2f7fc9", "#8a94a3", "#7b8798"
COLOURS = {"high": HIGH, "low": LOW}
BAND = "rgba(47, 127, 201, 0.16)"
GRID = "rgba(128, 140, 158, 0.22)"
OPENING = 1500  # dots up to which each carries the address that a click opens; above, only marked ones do
NAMED = 3  # more labels than this overlap on a phone
SIZE_TICKS = (1e8, 3e8, 1e9, 3e9, 7e9, 14e9, 32e9, 70e9, 180e9, 400e9, 1e12)
WIDE_TICKS = (1e6, 1e7, 1e8, 1e9, 7e9, 7e10, 1e12)  # for more than three powers of ten
CONFIG = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
    "responsive": True,
}
NINE_IN_TEN = 1.645  # standard errors on either side that hold 90% of a normal law
TEXTS = 40_000  # hover boxes that are kept ready, 300 bytes each: every page asks for the same ones
BIN = 0.08  # width of a size bin of the band, in powers of ten: a fifth of a size
TWIN_BIN = 0.03  # width of a bin of public scores for the band, a fraction
SMOOTHING = 0.15  # spread of the smoothing over bins, in powers of ten: sizes within 40% of each other


def scatter_kind(n_points: int) -> type:
    """go.Scattergl from WEBGL_FROM points on, else go.Scatter."""
    return go.Scattergl if n_points >= WEBGL_FROM else go.Scatter


def dressed(figure: go.Figure, height: int, **layout: Any) -> go.Figure:
    """The figure with the margins, legend and grid that all charts share."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 12, "t": 30, "b": 8},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "xanchor": "left", "title": None},
        hoverlabel={"align": "left"},
        dragmode=False,
        **layout,
    )
    figure.update_xaxes(gridcolor=GRID, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=GRID, zeroline=False, automargin=True)
    return figure


def band(findings: pd.DataFrame) -> pd.DataFrame:
    """The usual range by size: medians of expected, lower and upper end per size bin, smoothed over neighbouring bins.

    findings   columns n_parameters, expected, expected_lower, expected_upper (fractions), tier.
    Returns columns n_parameters, expected, lower, upper, sorted by size. Each score has its own range, because dates
    differ; the median of a bin is the range in the middle of the dates. Extrapolated ranges (tier C) are not part of
    the band.
    """
    ends = ["expected", "expected_lower", "expected_upper"]
    known = findings[findings["tier"] != "C"].dropna(subset=["n_parameters", *ends])
    size = np.log10(known["n_parameters"].astype(float))
    grouped = known.assign(size=size).groupby(np.floor(size / BIN))
    middle = grouped[["size", *ends]].median()
    at = middle["size"].to_numpy()
    weights = (
        np.exp(-0.5 * ((at[:, None] - at[None, :]) / SMOOTHING) ** 2) * np.sqrt(grouped.size().to_numpy())[None, :]
    )
    smooth = weights @ middle[ends].to_numpy() / weights.sum(axis=1, keepdims=True)
    return pd.DataFrame(
        {"n_parameters": 10**at, "expected": smooth[:, 0], "lower": smooth[:, 1], "upper": smooth[:, 2]}
    )


def size_axis(figure: go.Figure, sizes: pd.Series) -> None:
    """A logarithmic size axis with ticks where models are."""
    low, high = float(sizes.min()), float(sizes.max())
    marks = WIDE_TICKS if high > 1000 * low else SIZE_TICKS
    ticks = [t for t in marks if low / 1.6 <= t <= high * 1.6]
    figure.update_xaxes(
        type="log",
        title="Model size (parameters, logarithmic)",
        tickvals=ticks,
        ticktext=[words.size(t) for t in ticks],
        range=[np.log10(low) - 0.12, np.log10(high) + 0.16],
    )


def listed(rows: pd.DataFrame, *names: str) -> Iterator[tuple]:
    """The values of some columns row by row, None where one is missing; quicker than rows of texts that are kept packed."""
    return zip(*(rows[name].astype(object).where(rows[name].notna(), None).tolist() for name in names), strict=True)


def hover(rows: pd.DataFrame, unit: str = "fraction") -> list[str]:
    """Ready text for the hover box of each row: name, size, score, usual range, level. Escaped."""
    names = ("model_name", "n_parameters", "score", "score_reported", "expected", "expected_lower", "expected_upper")
    with_unit = rows if "unit" in rows else rows.assign(unit="fraction")
    return [hover_text(unit, *row) for row in listed(with_unit, *names, "level", "direction", "unit")]


@lru_cache(maxsize=TEXTS)
def hover_text(
    unit: str, name: str, size: float | None, score: float | None, printed: str, expected: float | None,
    lower: float | None, upper: float | None, level: str, direction: str | None, own_unit: str,
) -> str:  # fmt: skip
    """The text of one hover box."""
    lines = [f"<b>{words.in_chart(name, 60)}</b>", f"Size {words.size(size)}"]
    lines.append(f"Score {printed_score(score, str(printed), own_unit)}")
    if expected is not None:
        lines.append(f"Expected {words.score(expected, unit)}, usual {words.between(lower, upper, unit)}")
    lines.append(words.verdict_text(level, direction, score, lower, upper))
    return "<br>".join(lines)


def opens(rows: pd.DataFrame) -> list[str] | None:
    """What a click on each dot opens, where the rows say which models they are and are not too many."""
    return links.of_models(rows["model_id"]) if "model_id" in rows and len(rows) <= OPENING else None


def printed_score(score: float | None, printed: str, unit: str) -> str:
    """A score for a hover box: rounded as everywhere, the digits as printed behind it where there are more."""
    shown = words.score(score, unit)
    return shown if printed.strip().rstrip("%").strip() == shown else f"{shown} (printed {words.in_chart(printed, 24)})"


def size_scatter(
    rows: pd.DataFrame,
    ceiling: tuple[float, float] | None = None,
    human: float | None = None,
    usual: pd.DataFrame | None = None,
    needed: pd.DataFrame | None = None,
) -> go.Figure:
    """Size against score, the usual range as a band, unusual scores ringed, the most unusual ones named.

    rows      columns model_name, n_parameters, score, score_reported, expected, expected_lower, expected_upper, level,
              direction, residual_z and, where not a fraction, unit (one for all rows); those without a size are not drawn.
    ceiling   ends of the ceiling band, fractions; human: a published human score, fraction.
    usual     the band where it is known and need not be read off the rows, as `band` returns it.
    needed    n_parameters and the score from which on a new model would be unusual (NaN: no score would be).
    """
    drawn = rows.dropna(subset=["n_parameters"])
    figure = go.Figure()
    if drawn.empty:
        return dressed(figure, 420)
    unit = str(drawn["unit"].iloc[0]) if "unit" in drawn else "fraction"
    scale = words.scale(unit)
    usual_range = band(drawn) if usual is None else usual
    if len(usual_range) > 1:
        figure.add_trace(
            go.Scatter(
                x=[*usual_range["n_parameters"], *usual_range["n_parameters"][::-1]],
                y=[*(scale * usual_range["upper"]), *(scale * usual_range["lower"][::-1])],
                mode="lines",
                fill="toself",
                fillcolor=BAND,
                line={"width": 0},
                hoverinfo="skip",
                name="Usual range (90%)",
            )
        )
        figure.add_trace(
            go.Scatter(
                x=usual_range["n_parameters"],
                y=scale * usual_range["expected"],
                mode="lines",
                line={"color": LOW, "width": 1.5},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    if needed is not None:
        figure.add_trace(
            go.Scatter(
                x=needed["n_parameters"],
                y=scale * needed["score"],
                mode="lines",
                line={"color": HIGH, "width": 1.5, "dash": "dot"},
                hovertemplate="A new model would be unusual from %{y:.1f}<extra></extra>",
                name="A new model would be unusual from here",
            )
        )
    flagged = drawn["level"].isin(MARKED)
    rest = drawn[~flagged]
    size = 5 if len(rest) < 1500 else 4
    on_spot = np.ones(len(rest))
    if len(rest) >= WEBGL_FROM:
        rest, on_spot = once_a_spot(rest, scale)
    # By the dots that are left: a context of WebGL costs more than two thousand dots as a drawing.
    kind = scatter_kind(len(rest) + int(flagged.sum()))
    more = [f"<br>and {words.count(n - 1)} more on this spot" if n > 1 else "" for n in on_spot.astype(int)]
    figure.add_trace(
        kind(
            x=rest["n_parameters"],
            y=scale * rest["score"],
            mode="markers",
            # As dark as that many dots of half opacity on top of each other.
            marker={"size": size, "color": USUAL, "opacity": 1 - 0.5**on_spot if on_spot.max(initial=1) > 1 else 0.5},
            text=[told + others for told, others in zip(hover(rest, unit), more, strict=True)],
            customdata=opens(rest),
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    for direction in DIRECTIONS:
        side = drawn[flagged & (drawn["direction"] == direction)]
        if side.empty:
            continue
        symbols = [words.LEVELS[level].symbol for level in side["level"]]
        figure.add_trace(
            kind(
                x=side["n_parameters"],
                y=scale * side["score"],
                mode="markers",
                marker={"size": 11, "color": COLOURS[direction], "symbol": symbols, "line": {"width": 2}},
                text=hover(side, unit),
                customdata=opens(side),
                hovertemplate="%{text}<extra></extra>",
                name=f"Unusual, {direction}",
            )
        )
    name_points(figure, drawn[flagged & (drawn["direction"] == "high")], drawn["n_parameters"], scale)
    reference_lines(figure, ceiling, human)
    dressed(figure, 460, hovermode="closest")
    size_axis(figure, drawn["n_parameters"])
    figure.update_yaxes(title="Score (%)" if unit == "fraction" else "Rating")
    return figure


def once_a_spot(rows: pd.DataFrame, scale: float) -> tuple[pd.DataFrame, np.ndarray]:
    """The first of the rows that would be drawn on each spot (SPOTS_ACROSS of them across the sizes, SPOT points high), and
    how many there are on it.
    """
    place = np.log10(rows["n_parameters"].astype(float))
    across = np.floor(SPOTS_ACROSS * (place - place.min()) / max(float(place.max() - place.min()), 1e-9))
    spot = pd.MultiIndex.from_arrays([across, np.floor(scale * rows["score"].astype(float) / SPOT)])
    where, first = pd.factorize(spot)
    return rows[~spot.duplicated()], np.bincount(where, minlength=len(first)).astype(float)


def starred(figure: go.Figure, n_parameters: float, score: float, name: str) -> go.Figure:
    """The scatter with one more number as a star: its size, its score (fraction), what to call it."""
    marked = go.Figure(figure)
    marked.add_trace(
        go.Scatter(
            x=[n_parameters],
            y=[100 * score],
            mode="markers",
            marker={"size": 18, "symbol": "star", "color": HIGH, "line": {"width": 1.5, "color": "#ffffff"}},
            text=[words.in_chart(name, 60)],
            hovertemplate="%{text}<extra></extra>",
            name=words.in_chart(name, 30),
        )
    )
    low, high = marked.layout.xaxis.range or (np.inf, -np.inf)
    place = float(np.log10(n_parameters))
    marked.update_xaxes(range=[min(low, place - 0.2), max(high, place + 0.2)])
    return marked


def name_points(figure: go.Figure, flagged: pd.DataFrame, sizes: pd.Series, scale: float) -> None:
    """Write the names of the most unusual points beside them, on the side where a phone has more room, leaving out those
    that would lie on top of each other. The owner before a name's slash stands in the hover box.
    """
    middle = float(np.log10(sizes.astype(float)).agg(["min", "max"]).mean())
    placed: list[tuple[float, float]] = []
    order = flagged.reindex(flagged["residual_z"].abs().sort_values(ascending=False, kind="stable").index)
    for row in order.itertuples():
        x, y = float(np.log10(row.n_parameters)), scale * float(row.score)
        if any(abs(y - other) < 6 for _, other in placed):
            continue
        is_right = x > middle
        figure.add_annotation(
            x=x,
            y=y,
            text=words.in_chart(str(row.model_name).rsplit("/", 1)[-1], 20),
            showarrow=False,
            xanchor="right" if is_right else "left",
            xshift=-10 if is_right else 10,
            font={"size": 12},
        )
        placed.append((x, y))
        if len(placed) == NAMED:
            return


def reference_lines(figure: go.Figure, ceiling: tuple[float, float] | None, human: float | None) -> None:
    """A ceiling band and a human line across a chart whose y axis is in per cent."""
    if ceiling is not None:
        low, high = ceiling
        figure.add_hrect(y0=100 * low, y1=100 * max(high, low + 0.002), fillcolor=LINE, opacity=0.25, line_width=0)
        figure.add_annotation(
            xref="paper", x=0, y=100 * high, yanchor="bottom", text="ceiling: wrong answer keys", showarrow=False,
            font={"size": 11}, xanchor="left",
        )  # fmt: skip
    if human is not None:
        figure.add_hline(y=100 * human, line={"color": LINE, "width": 1.2, "dash": "dot"})
        figure.add_annotation(
            xref="paper", x=1, y=100 * human, yanchor="bottom", text="published human score", showarrow=False,
            font={"size": 11}, xanchor="right",
        )  # fmt: skip


def strip(flagged: pd.DataFrame, spans: pd.DataFrame) -> go.Figure:
    """One row per benchmark: how many points each score lies from what similar models get.

    flagged   columns row (label), model_name, n_parameters, score_reported, expected, expected_lower, expected_upper,
              level, direction, better_gap (fraction, positive is better).
    spans     columns row, low, high: the middle 90% of gaps of all scores on that benchmark, fractions. Top row first.
    """
    figure = go.Figure()
    short = {name: words.in_chart(text) for name, text in words.short_names(list(spans["row"])).items()}
    labels = [short[row] for row in spans["row"]]
    figure.add_trace(
        go.Bar(
            y=labels,
            x=100 * (spans["high"] - spans["low"]),
            base=100 * spans["low"],
            orientation="h",
            marker={"color": GRID, "line": {"width": 0}},
            width=0.5,
            hovertemplate="90% of all scores here lie between %{base:.1f} and %{customdata:.1f} points<extra></extra>",
            customdata=100 * spans["high"],
            name="90% of all scores",
        )
    )
    kind = scatter_kind(len(flagged))
    for direction in DIRECTIONS:
        for level, known in words.LEVELS.items():
            side = flagged[(flagged["direction"] == direction) & (flagged["level"] == level)]
            if side.empty:
                continue
            figure.add_trace(
                kind(
                    x=100 * side["better_gap"],
                    y=[short[row] for row in side["row"]],
                    mode="markers",
                    marker={
                        "size": 7 if level == "usual" else 10,
                        "color": COLOURS[direction],
                        "symbol": known.symbol,
                        "opacity": 0.9 if level in MARKED else 0.5,
                        "line": {"width": 1.8},
                    },
                    text=hover(side),
                    customdata=opens(side),
                    hovertemplate="%{text}<br>%{x:+.1f} points<extra></extra>",
                    name=words.level_text(level, direction).split(" ", 1)[1],
                )
            )
    figure.add_vline(x=0, line={"color": LINE, "width": 1})
    dressed(figure, 130 + 30 * max(len(spans), 2), hovermode="closest", barmode="overlay")
    figure.update_xaxes(title="Points from expected")
    figure.update_yaxes(autorange="reversed", type="category", categoryorder="array", categoryarray=labels)
    return figure


def frontier(
    months: pd.DataFrame,
    ceiling: tuple[float, float] | None = None,
    human: float | None = None,
    height: int = 380,
) -> go.Figure:
    """Best and fifth best score of one series by month, shaded from the month in which the top five tie.

    months   columns month, best, kth_best, status, best_model (name) and, where known, best_error; sorted by month. Fractions, or another unit when
             `is_fraction` (a column) is False.
    """
    figure = go.Figure()
    scale = 100 if bool(months["is_fraction"].iloc[0]) else 1
    fifth = months.dropna(subset=["kth_best"])
    modes = ["lines" if len(rows) > 1 else "markers" for rows in (fifth, months)]  # one month is no line
    tied = months.loc[months["status"] == "tied", "month"]
    if len(tied) and months["status"].iloc[-1] == "tied":
        since = tied[tied > months.loc[months["status"] != "tied", "month"].max()] if len(tied) < len(months) else tied
        figure.add_vrect(x0=since.min(), x1=months["month"].max(), fillcolor=LINE, opacity=0.16, line_width=0)
    figure.add_trace(
        go.Scatter(
            x=fifth["month"], y=scale * fifth["kth_best"], mode=modes[0], name="Fifth best",
            line={"color": USUAL, "width": 1.4, "shape": "hv", "dash": "dot"},
            hovertemplate="%{y:.1f}<extra>fifth best</extra>",
        )
    )  # fmt: skip
    if scale == 100:
        add_error(figure, months)
    figure.add_trace(
        go.Scatter(
            x=months["month"], y=scale * months["best"], mode=modes[1], name="Best so far",
            line={"color": LOW, "width": 2.2, "shape": "hv"},
            text=[words.in_chart(name) for name in months["best_model"]],
            hovertemplate="%{y:.1f} · %{text}<extra>best</extra>",
        )
    )  # fmt: skip
    if scale == 100:
        reference_lines(figure, ceiling, human)
    dressed(figure, height, hovermode="x unified")
    figure.update_xaxes(title=None, showgrid=False)
    figure.update_yaxes(title="Score (%)" if scale == 100 else "Score")
    return figure


def add_error(figure: go.Figure, months: pd.DataFrame) -> None:
    """The range that a fresh set of as many questions would give the best model in nine cases of ten."""
    known = months.dropna(subset=["best_error"]) if "best_error" in months else months.iloc[:0]
    if len(known) < 2:
        return
    low = (known["best"] - NINE_IN_TEN * known["best_error"]).clip(lower=0)
    high = (known["best"] + NINE_IN_TEN * known["best_error"]).clip(upper=1)
    common = {"x": known["month"], "mode": "lines", "hoverinfo": "skip"}
    none = {"width": 0, "shape": "hv"}
    figure.add_trace(go.Scatter(**common, y=100 * low, line=none, showlegend=False))
    figure.add_trace(
        go.Scatter(
            **common, y=100 * high, line=none, fill="tonexty", fillcolor=BAND, name="Its sampling error (90%)",
        )
    )  # fmt: skip


@lru_cache(maxsize=TEXTS)
def model_text(name: str, size: float | None, n_tested: int, level: str, direction: str | None) -> str:
    """The text of the hover box of a model."""
    told = f"{words.plural(n_tested, 'score')} tested<br>{words.level_text(level, direction)}"
    return f"<b>{words.in_chart(name, 60)}</b><br>Size {words.size(size)}<br>{told}"


def model_scatter(models: pd.DataFrame) -> go.Figure:
    """Size against the average distance of a model's scores from expected: high everywhere, low everywhere, or neither.

    models   columns name, n_parameters, mean_z (robust standard deviations, positive is better), n_tested, level,
             direction.
    """
    drawn = models.dropna(subset=["n_parameters", "mean_z"])
    figure = go.Figure()
    if drawn.empty:
        return dressed(figure, 380)
    kind = scatter_kind(len(drawn))
    flagged = drawn["level"].isin(MARKED)
    groups: list[tuple[pd.DataFrame, str, str | None]] = [(drawn[~flagged], USUAL, None)]
    groups += [(drawn[flagged & (drawn["direction"] == side)], COLOURS[side], f"Unusual, {side}") for side in COLOURS]
    for some, colour, name in groups:
        if some.empty:
            continue
        texts = [model_text(*row) for row in listed(some, "name", "n_parameters", "n_tested", "level", "direction")]
        symbols = [words.LEVELS[level].symbol for level in some["level"]] if name else "circle"
        figure.add_trace(
            kind(
                x=some["n_parameters"],
                y=some["mean_z"],
                mode="markers",
                marker={
                    "size": 10 if name else 5,
                    "color": colour,
                    "symbol": symbols,
                    "opacity": 0.95 if name else 0.4,
                    "line": {"width": 2 if name else 0},
                },
                text=texts,
                customdata=opens(some),
                hovertemplate="%{text}<extra></extra>",
                name=name,
                showlegend=name is not None,
            )
        )
    figure.add_hline(y=0, line={"color": LINE, "width": 1})
    dressed(figure, 400, hovermode="closest")
    size_axis(figure, drawn["n_parameters"])
    figure.update_yaxes(title="Average distance from expected")
    return figure


def dot_range(rows: pd.DataFrame) -> go.Figure:
    """One row per score of a model: the dot is the score, the bar what similar models get.

    A hollow dot is the maker's own number, a ring around a dot an unusual score. Where the rows have a column `domain`, its
    name stands over the first row of each.

    rows   columns row (label), benchmark_id, model_name, n_parameters, score, score_reported, expected, expected_lower,
           expected_upper, level, direction, evaluator_relationship; scores are fractions. Top row first.
    """
    figure = go.Figure()
    # Two lines, "benchmark" over "compared within": on a phone one long line would leave no room for the chart.
    named = words.short_names(list(dict.fromkeys(rows["row"])), 60)
    short = {
        row: "<br>".join(words.in_chart(part, 26) for part in words.in_two(text, 26)) for row, text in named.items()
    }
    labels: list[str] = []
    heads = rows["domain"].map(lambda name: f"<b>{words.in_chart(name, 26).upper()}</b>") if "domain" in rows else None
    for place, row in enumerate(rows["row"]):
        new = [short[row]] if heads is None else [heads.iloc[place], short[row]]
        labels += [label for label in new if label not in labels]
    # One bar per row: where a row holds two readings their ranges lie on each other.
    ranged = rows.dropna(subset=["expected_lower", "expected_upper"]).drop_duplicates("row")
    figure.add_trace(
        go.Bar(
            y=[short[row] for row in ranged["row"]],
            x=100 * (ranged["expected_upper"] - ranged["expected_lower"]),
            base=100 * ranged["expected_lower"],
            orientation="h",
            marker={"color": BAND.replace("0.16", "0.30"), "line": {"width": 0}},
            width=0.45,
            hoverinfo="skip",
            name="What similar models get (90%)",
        )
    )
    own = rows["evaluator_relationship"] == "first_party"
    for is_own, name in ((False, "Score"), (True, "Score, the maker's own")):
        some = rows[own == is_own]
        if len(some):
            figure.add_trace(
                go.Scatter(
                    x=100 * some["score"],
                    y=[short[row] for row in some["row"]],
                    mode="markers",
                    marker={
                        "size": 9,
                        "color": LINE,
                        "symbol": "circle-open" if is_own else "circle",
                        "line": {"width": 2 if is_own else 0},
                    },
                    text=hover(some),
                    customdata=links.of_benchmarks(some["benchmark_id"]) if "benchmark_id" in some else None,
                    hovertemplate="%{text}<extra></extra>",
                    name=name,
                )
            )
    for side, colour in COLOURS.items():
        some = rows[rows["level"].isin(MARKED) & (rows["direction"] == side)]
        if len(some):
            figure.add_trace(
                go.Scatter(
                    x=100 * some["score"],
                    y=[short[row] for row in some["row"]],
                    mode="markers",
                    marker={"size": 18, "color": colour, "symbol": "circle-open", "line": {"width": 2.4}},
                    hoverinfo="skip",
                    name=f"Unusual, {side}",
                )
            )
    row_height = 34 if any("<br>" in label for label in labels) else 28  # an axis gives every row the same
    dressed(figure, 120 + row_height * max(len(labels), 3), hovermode="closest", barmode="overlay")
    figure.update_xaxes(title="Score (%)")
    ends = [len(labels) - 0.5, -0.5]  # a domain's own line holds no point, so that the axis would end before it
    figure.update_yaxes(range=ends, type="category", categoryorder="array", categoryarray=labels, tickvals=labels)
    return figure


def twin_scatter(rows: pd.DataFrame, public: str, twin: str) -> go.Figure:
    """Score on a public test against the score on its twin, with what models of that public score usually get.

    rows   columns model_name, public_score, score, public_score_reported, score_reported, expected, expected_lower,
           expected_upper (fractions), residual_z, level, direction, tier. public and twin are the names of the tests.
    """
    figure = go.Figure()
    ends = ["expected_lower", "expected_upper"]
    known = rows[rows["tier"].isin(["A", "B"])].dropna(subset=ends)
    # Each score has a range of its own, fitted without its near-copies: the median of neighbours is the band.
    grouped = known.groupby((known["public_score"] / TWIN_BIN).round().rename("bin"))
    middle = grouped[["public_score", *ends]].median().sort_values("public_score")
    if len(middle) > 1:
        x = 100 * middle["public_score"]
        figure.add_trace(
            go.Scatter(
                x=[*x, *x[::-1]], y=[*(100 * middle["expected_upper"]), *(100 * middle["expected_lower"][::-1])],
                mode="lines", fill="toself", fillcolor=BAND, line={"width": 0}, hoverinfo="skip",
                name="Usual range (90%)",
            )
        )  # fmt: skip
    reach = [100 * min(rows["public_score"].min(), rows["score"].min()), 100 * rows["public_score"].max()]
    figure.add_trace(
        go.Scatter(x=reach, y=reach, mode="lines", line={"color": LINE, "width": 1, "dash": "dot"}, hoverinfo="skip",
                   name="Same score on both")
    )  # fmt: skip
    flagged = rows["level"].isin(MARKED)
    groups: list[tuple[pd.DataFrame, str, str | None]] = [(rows[~flagged], USUAL, None)]
    groups += [(rows[flagged & (rows["direction"] == side)], COLOURS[side], f"Unusual, {side}") for side in COLOURS]
    for some, colour, name in groups:
        if some.empty:
            continue
        texts = [
            f"<b>{words.in_chart(row.model_name, 60)}</b><br>{words.in_chart(public)} "
            f"{words.in_chart(row.public_score_reported)}<br>{words.in_chart(twin)} {words.in_chart(row.score_reported)}"
            f"<br>Usual {words.between(row.expected_lower, row.expected_upper)}"
            f"<br>{words.level_text(row.level, row.direction)}"
            for row in some.itertuples()
        ]
        figure.add_trace(
            go.Scatter(
                x=100 * some["public_score"],
                y=100 * some["score"],
                mode="markers",
                marker={
                    "size": 11 if name else 6,
                    "color": colour,
                    "symbol": "circle-open" if name else "circle",
                    "opacity": 1 if name else 0.5,
                    "line": {"width": 2 if name else 0},
                },
                text=texts,
                customdata=opens(some),
                hovertemplate="%{text}<extra></extra>",
                name=name,
                showlegend=name is not None,
            )
        )
    dressed(figure, 420, hovermode="closest")
    figure.update_xaxes(title=f"{words.in_chart(public)} (%)")
    figure.update_yaxes(title=f"{words.in_chart(twin, 30)} (%)")
    return figure


def funnel(steps: list[tuple[str, int]]) -> go.Figure:
    """How many values are left after each step, widest first."""
    names = [name for name, _ in steps]
    values = [value for _, value in steps]
    figure = go.Figure(
        go.Bar(
            x=values,
            y=names,
            orientation="h",
            marker={"color": LOW},
            text=[words.count(v) for v in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:,}<extra></extra>",
        )
    )
    dressed(figure, 70 + 38 * len(steps), showlegend=False)
    figure.update_xaxes(visible=False, range=[0, max([*values, 1]) * 1.4])  # room for seven digits on a phone
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure
