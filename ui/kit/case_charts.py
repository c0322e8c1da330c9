"""Charts of single cases: one example among many. Frames in, figures out; small enough for a card.

Question  What does this one case look like at a glance?
Input     frames of ui/cases.py, scores as fractions.
Output    go.Figure with direct labels, scores in per cent.
Method    As ui/kit/charts.py. The crowd is drawn without boxes: it is there for its shape, and so a card travels light.
Silent    What is missing is not drawn.
"""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ui.kit import charts, words
from ui.kit.charts import BAND, GRID, HIGH, LINE, LOW, USUAL

HEIGHT = 300
BAR = 18 * 86_400_000  # width of a bar in milliseconds: eighteen days, less than two versions are apart
MOST = 1500  # dots of a crowd; more say nothing more


def example(crowd: pd.DataFrame, own: pd.DataFrame, name: str) -> go.Figure:
    """One model's numbers among similar models by size: the usual range as a band, its highest number as a star.

    crowd   columns n_parameters, score, expected, expected_lower, expected_upper, tier (fractions, counts).
    own     columns n_parameters, score, score_reported: its readings, the highest first.
    """
    figure = go.Figure()
    usual = charts.band(crowd)
    if len(usual) > 1:
        figure.add_trace(
            go.Scatter(
                x=[*usual["n_parameters"], *usual["n_parameters"][::-1]],
                y=[*(100 * usual["upper"]), *(100 * usual["lower"][::-1])],
                mode="lines", fill="toself", fillcolor=BAND, line={"width": 0}, hoverinfo="skip",
                name="Usual range (90%)",
            )
        )  # fmt: skip
    drawn = crowd if len(crowd) <= MOST else crowd.iloc[np.linspace(0, len(crowd) - 1, MOST).astype(int)]
    figure.add_trace(
        go.Scatter(
            x=drawn["n_parameters"].astype("float32"), y=(100 * drawn["score"]).astype("float32"), mode="markers",
            marker={"size": 4, "color": USUAL, "opacity": 0.45}, hoverinfo="skip", name="Other models",
        )
    )  # fmt: skip
    if len(own) > 1:
        figure.add_trace(
            go.Scatter(
                x=own["n_parameters"].iloc[1:], y=100 * own["score"].iloc[1:], mode="markers", name="Its other readings",
                marker={"size": 11, "color": LOW, "symbol": "diamond"},
                hovertemplate="%{y:.1f}%<extra>another reading</extra>",
            )
        )  # fmt: skip
    top = own.iloc[0]
    figure.add_trace(
        go.Scatter(
            x=[top["n_parameters"]], y=[100 * top["score"]], mode="markers", name=words.in_chart(name, 30),
            marker={"size": 16, "symbol": "star", "color": HIGH, "line": {"width": 1, "color": "#ffffff"}},
            text=[
                f"<b>{words.in_chart(name, 60)}</b><br>{words.percent(top['score'])}%, size {words.size(top['n_parameters'])}"
                f"<br>Usual: {words.between(top['expected_lower'], top['expected_upper'])}%"
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    sizes = pd.concat([drawn["n_parameters"], own["n_parameters"]]).astype(float)
    middle = float(np.log10(sizes).agg(["min", "max"]).mean())
    is_right = float(np.log10(top["n_parameters"])) > middle
    figure.add_annotation(
        x=float(np.log10(top["n_parameters"])), y=100 * float(top["score"]), showarrow=False, yshift=14,
        text=f"<b>{words.in_chart(name, 26)}: {words.percent(top['score'])}</b>",
        xanchor="right" if is_right else "left", font={"size": 12},
    )  # fmt: skip
    if len(usual) > 1:
        figure.add_annotation(
            xref="paper", yref="paper", x=1, y=0.01, xanchor="right", yanchor="bottom", showarrow=False,
            text="shaded: 90% of similar models", font={"size": 11},
        )  # fmt: skip
    charts.dressed(figure, HEIGHT, hovermode="closest", showlegend=False)
    charts.size_axis(figure, sizes)
    figure.update_xaxes(title="Model size (parameters)")
    figure.update_yaxes(title="Score (%)", range=[-12, 114], tickvals=[0, 25, 50, 75, 100])
    return figure


def counts_of_leads(verdicts: pd.DataFrame, names: dict[str, str]) -> go.Figure:
    """How many shared tests each of two models leads by more than noise, and on how many nobody does.

    verdicts   rows of ui/compare.py `table`. names: what to call the models, by entity.
    """
    leads = verdicts.loc[verdicts["is_apart"], "leader"].value_counts()
    counts = verdicts["verdict"].value_counts()
    bars = [
        (f"{name} leads", int(leads.get(key, 0)), colour)
        for (key, name), colour in zip(names.items(), (LOW, HIGH), strict=False)
    ]
    bars.insert(1, ("Within noise", int(counts.get("within noise", 0)), USUAL))
    bars.append(("Cannot tell", int(counts.get("cannot tell", 0)), GRID))
    figure = go.Figure(
        go.Bar(
            x=[n for _, n, _ in bars], y=[words.in_chart(label, 34) for label, _, _ in bars], orientation="h",
            marker={"color": [colour for _, _, colour in bars]}, text=[str(n) for _, n, _ in bars],
            textposition="outside", cliponaxis=False, hovertemplate="%{y}: %{x} tests<extra></extra>",
        )
    )  # fmt: skip
    charts.dressed(figure, HEIGHT - 60, showlegend=False)
    figure.update_xaxes(
        title="Shared tests", range=[0, 1.2 * max(1, *(n for _, n, _ in bars))], showgrid=False, showticklabels=False
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def room_left(best: pd.DataFrame, ceiling: tuple[float, float] | None, floor: float | None) -> go.Figure:
    """The best score so far by day, from random guessing to the share of right answer keys.

    best   columns model_date, score (fraction), model_name: records by day.
    """
    figure = go.Figure(
        go.Scatter(
            x=best["model_date"], y=100 * best["score"], mode="lines+markers", name="Best so far",
            line={"color": LOW, "width": 2.2, "shape": "hv"}, marker={"size": 7, "color": LOW},
            text=[words.in_chart(name, 50) for name in best["model_name"]],
            hovertemplate="%{y:.1f}% · %{text}<extra></extra>",
        )
    )  # fmt: skip
    for row in best.tail(1).itertuples():
        figure.add_annotation(
            x=row.model_date, y=100 * row.score, showarrow=False, xanchor="right", yanchor="top", yshift=-28,
            text=f"<b>{words.in_chart(str(row.model_name).rsplit('/', 1)[-1], 24)}: {words.percent(row.score)}</b>",
            font={"size": 12},
        )  # fmt: skip
    if ceiling is not None:
        figure.add_hrect(y0=100 * ceiling[0], y1=100 * ceiling[1], fillcolor=LINE, opacity=0.25, line_width=0)
        figure.add_annotation(
            xref="paper", x=0, y=100 * ceiling[1], yanchor="bottom", xanchor="left", showarrow=False,
            text="above: wrong answer keys", font={"size": 11},
        )  # fmt: skip
    if floor is not None:
        figure.add_hline(y=100 * floor, line={"color": LINE, "width": 1, "dash": "dot"})
        figure.add_annotation(
            xref="paper", x=1, y=100 * floor, yanchor="bottom", xanchor="right", showarrow=False, text="guessing",
            font={"size": 11},
        )  # fmt: skip
    charts.dressed(figure, HEIGHT, showlegend=False, hovermode="closest")
    figure.update_xaxes(title=None)
    figure.update_yaxes(title="Score (%)", range=[0, 106])
    return figure


def points(value: float) -> str:
    """A change in whole points with its sign; one that rounds to nothing has none."""
    whole = round(value)
    return f"{whole:+d}".replace("-", "−") if whole else "0"


def renewals(steps: pd.DataFrame) -> go.Figure:
    """Middle change of the same models on tasks whose questions changed, a bar per renewal of a test.

    steps   columns version, n_tasks, n_models, change (fraction); renewals without a changed task have no bar.
    """
    change = 100 * steps["change"]
    figure = go.Figure(
        go.Bar(
            x=pd.to_datetime(steps["version"]), y=change, width=BAR,
            marker={"color": [HIGH if value > 0 else LOW for value in change.fillna(0)]},
            text=["" if words.is_missing(value) else points(value) for value in change], textposition="outside",
            constraintext="none", textangle=0, cliponaxis=False, customdata=steps[["n_tasks", "n_models"]],
            hovertemplate="%{y:+.1f} points<br>%{customdata[0]} tasks with new questions, %{customdata[1]} models in both"
            "<extra>%{x|%d %b %Y}</extra>",
        )
    )  # fmt: skip
    figure.add_hline(y=0, line={"color": LINE, "width": 1})
    charts.dressed(figure, HEIGHT, showlegend=False)
    reach = float(change.abs().max()) if change.notna().any() else 1.0
    figure.update_yaxes(title="Change (points)", range=[-1.25 * reach, max(1.25 * float(change.max()), 0.25 * reach)])
    figure.update_xaxes(showgrid=False)
    return figure
