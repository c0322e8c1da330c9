"""Figures from frames: kind of trace by number of points, escaped names, the band, nothing drawn that is missing."""

import json

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from tests import tiny_store
from ui.kit import answer_charts, case_charts, charts, comparison_charts, words


def scores(n: int, name: str = "Model") -> pd.DataFrame:
    """n scores exactly on the curve 0.2 + 0.1 log10(size / 1e9)."""
    size = np.logspace(8.5, 11, n)
    middle = 0.3 + 0.1 * np.log10(size / 1e9)
    return pd.DataFrame(
        {
            "model_name": name,
            "n_parameters": size,
            "score": middle,
            "score_reported": "31.0",
            "expected": middle,
            "expected_lower": middle - 0.05,
            "expected_upper": middle + 0.05,
            "residual_z": 0.0,
            "level": "usual",
            "direction": "high",
            "tier": "A",
        }
    )


@pytest.mark.parametrize(("n", "kind"), [(5000, go.Scatter), (20_000, go.Scattergl)])
def test_webgl_starts_at_five_thousand_dots_that_are_drawn(n, kind):
    rows = scores(n).assign(score=np.random.default_rng(1).uniform(size=n))
    (dots,) = [t for t in charts.size_scatter(rows).data if t.mode == "markers"]
    assert type(dots) is kind is charts.scatter_kind(len(dots.x))
    assert [charts.scatter_kind(n) for n in (4999, 5000)] == [go.Scatter, go.Scattergl]


def test_of_thousands_of_dots_those_on_one_spot_are_drawn_once_as_dark_as_all_of_them():
    rows = scores(6000)
    rows.loc[:4, ["n_parameters", "score"]] = [7e9, 0.5]
    rows.loc[5, ["n_parameters", "score"]] = [7e9, 0.6]
    (dots,) = [t for t in charts.size_scatter(rows).data if t.mode == "markers"]
    assert len(dots.x) == len(dots.text) == len(dots.marker.opacity) < 6000
    at = [i for i, (x, y) in enumerate(zip(dots.x, dots.y, strict=True)) if x == 7e9 and y == 50.0]
    assert len(at) == 1 and "and 4 more on this spot" in dots.text[at[0]]
    assert dots.marker.opacity[at[0]] == pytest.approx(1 - 0.5**5)
    kept, n = charts.once_a_spot(rows, 100.0)
    assert n.sum() == 6000 and len(kept) == len(n) and {50.0, 60.0} <= set(100 * kept["score"])


def test_the_band_follows_a_known_curve():
    band = charts.band(scores(400))
    expected = 0.3 + 0.1 * np.log10(band["n_parameters"] / 1e9)
    inner = slice(3, -3)  # smoothing is one-sided at both ends
    assert np.allclose(band["expected"][inner], expected[inner], atol=0.004)
    assert np.allclose(band["upper"] - band["lower"], 0.1, atol=1e-9)


def test_the_band_does_not_depend_on_the_order_of_rows_and_leaves_out_extrapolation():
    rows = scores(200)
    shuffled = rows.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(charts.band(rows), charts.band(shuffled))
    odd = rows.assign(tier=["C", *["A"] * 199], expected_upper=[9.0, *rows["expected_upper"][1:]])
    assert charts.band(odd)["upper"].max() < 1


@pytest.mark.parametrize("name", [tiny_store.HOSTILE, "<b>x</b>", "<a href='javascript:alert(1)'>x</a>"])
def test_mark_up_in_names_is_made_harmless(name):
    rows = scores(3, name).assign(level="unusual", residual_z=[5.0, 4.0, 3.0], row=name, benchmark=name)
    rows = rows.assign(better_gap=0.1, evaluator_relationship="third_party")
    spans = pd.DataFrame({"row": [name], "low": [-0.1], "high": [0.1]})
    for figure in (charts.size_scatter(rows), charts.strip(rows, spans), charts.dot_range(rows)):
        text = (
            json.dumps(json.loads(figure.to_json()), ensure_ascii=False)
            .replace("<br>", "")
            .replace("<extra></extra>", "")
        )
        for own in ("<b>", "</b>", "%{text}"):
            text = text.replace(own, "")
        assert "<" not in text, text[max(0, text.find("<") - 40) :][:120]


def test_a_score_without_a_size_is_not_drawn():
    rows = scores(10).assign(n_parameters=[np.nan, *np.logspace(9, 10, 9)])
    drawn = [t for t in charts.size_scatter(rows).data if t.mode == "markers"]
    assert sum(len(trace.x) for trace in drawn) == 9


def test_no_rows_give_an_empty_figure_and_no_error():
    assert len(charts.size_scatter(scores(5).iloc[:0]).data) == 0
    assert len(charts.model_scatter(pd.DataFrame(columns=["name", "n_parameters", "mean_z"])).data) == 0


def test_unusual_points_are_ringed_and_at_most_three_named():
    rows = scores(40).assign(level="unusual", residual_z=5.0, score=np.linspace(0.1, 0.95, 40))
    figure = charts.size_scatter(rows)
    assert len(figure.layout.annotations) == charts.NAMED
    symbols = [s for t in figure.data if t.name == "Unusual, high" for s in t.marker.symbol]
    assert set(symbols) == {"circle-open"}


def test_levels_differ_in_shape_and_not_only_in_colour():
    assert len({level.shape for level in words.LEVELS.values()}) == len(words.LEVELS)
    assert len({level.symbol for level in words.LEVELS.values()}) == len(words.LEVELS)


def test_the_maker_s_own_number_is_hollow():
    rows = scores(2).assign(row=["a", "b"], evaluator_relationship=["first_party", "third_party"])
    marks = {t.name: t.marker.symbol for t in charts.dot_range(rows).data if t.type == "scatter"}
    assert marks == {"Score": "circle", "Score, the maker's own": "circle-open"}


def test_the_frontier_is_shaded_from_the_month_in_which_the_top_five_tie_for_good():
    months = pd.DataFrame(
        {
            "month": pd.date_range("2025-01-01", periods=6, freq="MS"),
            "best": np.linspace(0.8, 0.9, 6),
            "kth_best": np.linspace(0.7, 0.89, 6),
            "status": ["tied", "separating", "separating", "tied", "tied", "tied"],
            "best_model": "m",
            "is_fraction": True,
        }
    )
    (shade,) = charts.frontier(months).layout.shapes
    assert pd.Timestamp(shade.x0) == pd.Timestamp("2025-04-01")


def test_one_line_per_benchmark_and_a_mark_per_status():
    rows = pd.DataFrame(
        {
            "label": ["a", "b", "c<b>"],
            "status": ["separating", "tied", "closed"],
            "best": [0.6, 0.7, 0.97],
            "kth_best": [0.5, 0.69, 0.96],
            "bottom": [0.25, 0.0, 0.0],
            "top": [1.0, 0.95, 1.0],
        }
    )
    figure = answer_charts.room(rows)
    drawn = {trace.name: trace for trace in figure.data}
    assert list(drawn["Up to the best"].x[:2]) == [25, 60]
    assert list(drawn["From guessing to the ceiling"].x[3:5]) == [0, 95]
    assert len({drawn[f"Best: {status}"].marker.symbol for status in rows["status"]}) == 3
    assert "<b>" not in figure.to_json()


def test_the_scale_of_a_test_shows_what_it_has_and_nothing_else():
    row = pd.Series(
        {
            "best": 0.9, "best_community": 0.92, "best_with_tools": None, "best_by_samples": None, "kth_best": 0.85,
            "forecast_lower": 0.91, "forecast_upper": 0.96, "floor": 0.25, "is_lower_better": False,
        }
    )  # fmt: skip
    drawn = {trace.name: list(trace.x) for trace in answer_charts.scale(row, (0.97, 0.98)).data}
    assert drawn["Best credible score"] == pytest.approx([90])
    assert drawn[answer_charts.AHEAD] == pytest.approx([91, 96])
    assert "With tools or search" not in drawn
    assert (
        len(answer_charts.scale(row, None).layout.shapes) == 1
    )  # guessing; a ceiling that nobody measured is not drawn


@pytest.mark.parametrize(
    ("earliest", "latest", "text"),
    [
        (None, None, "not in sight"),
        ("2027-05", None, "not before May 2027"),
        ("2027-05", "2027-05", "May 2027"),
        ("2027-05", "2028-01", "May 2027 to Jan 2028"),
    ],
)
def test_an_interval_of_months_reads_in_plain_words(earliest, latest, text):
    assert words.when(earliest, latest) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(7.24e9, "7.24B"), (1.2e12, "1.2T"), (124e6, "124M"), (None, "not reported"), (float("nan"), "not reported")],
)
def test_sizes_read_as_people_write_them(value, text):
    assert words.size(value) == text


def test_the_best_score_has_a_band_of_its_sampling_error_where_that_is_known():
    months = pd.DataFrame(
        {
            "month": pd.date_range("2025-01-01", periods=3, freq="MS"), "best": [0.5, 0.6, 0.99], "kth_best": None,
            "status": "separating", "best_model": "m", "is_fraction": True, "best_error": [0.02, 0.02, 0.02],
        }
    )  # fmt: skip
    drawn = [trace for trace in charts.frontier(months).data if trace.fill == "tonexty"]
    assert [trace.name for trace in drawn] == ["Its sampling error (90%)"]
    assert list(drawn[0].y) == pytest.approx([53.29, 63.29, 100.0])
    unknown = charts.frontier(months.assign(best_error=None))
    older = charts.frontier(months.drop(columns="best_error"))
    assert all(trace.fill is None for figure in (unknown, older) for trace in figure.data)


def test_a_version_too_long_for_one_line_takes_a_second_and_a_short_one_none():
    assert words.in_two("LiveBench zebra_puzzle (2024-08-31)", 26) == ["LiveBench zebra_puzzle", "(2024-08-31)"]
    assert words.in_two("MMLU (5-shot)", 26) == ["MMLU (5-shot)"]
    assert words.in_two("IFEval · Open LLM Leaderboard v2", 26) == ["IFEval", "Open LLM Leaderboard v2"]


@pytest.mark.parametrize(
    ("level", "side", "score", "lower", "upper", "text"),
    [
        ("usual", "high", 0.5, 0.4, 0.6, "● In the usual range"),
        ("usual", "high", 0.7, 0.4, 0.6, "● Not unusual"),
        ("usual", "low", 0.3, 0.4, 0.6, "● Not unusual"),
        ("usual", None, 0.7, float("nan"), float("nan"), "● In the usual range"),
        ("somewhat", "high", 0.7, 0.4, 0.6, "◐ Somewhat high"),
        ("unusual", "low", 0.1, 0.4, 0.6, "○ Unusual, low"),
        ("cannot_tell", float("nan"), 0.7, 0.4, 0.6, "– Cannot tell"),
    ],
)
def test_a_score_outside_its_usual_range_is_not_called_inside_it(level, side, score, lower, upper, text):
    assert words.verdict_text(level, side, score, lower, upper) == text


def test_a_long_name_on_an_axis_is_cut_after_an_underscore():
    told = answer_charts.short(pd.Series(["gsm8k_cot_self_consistency", "EuroEval danske_talemaader", "MATH"]))
    assert list(told.values()) == ["gsm8k_cot_self_<br>consistency", "EuroEval<br>danske_talemaader", "MATH"]


def test_a_change_that_rounds_to_nothing_has_no_sign():
    assert [case_charts.points(value) for value in (-0.3, 0.4, -6.2, 2.6)] == ["0", "0", "−6", "+3"]


def test_the_first_and_the_last_best_model_of_a_family_are_named_above_all_points_in_rows_of_their_own():
    days, scores = pd.to_datetime(["2024-02-21", "2024-03-10", "2024-06-27", "2024-07-01"]), [0.64, 0.8, 0.75, 0.1]
    same = {"score_reported": "1", "setting": "", "who": "a board", "evaluator_relationship": "third_party"}
    rows = pd.DataFrame({"model_name": list("abcd"), "model_date": days, "score": scores, **same})
    rows = rows.assign(is_own=[True, False, True, True], source_url="", model_id=list("abcd"))
    figure = comparison_charts.over_time(rows, rows.iloc[[0, 2]])
    first, last = figure.layout.annotations
    assert (first.text, first.y, last.text, last.y) == ("a", 64, "c", 75)
    line = 0.09 * 70  # a row of text is about a fifteenth of the chart's height
    assert [first.ay, last.ay, figure.layout.yaxis.range[1]] == pytest.approx([80 + line, 80 + 2 * line, 80 + 3 * line])
