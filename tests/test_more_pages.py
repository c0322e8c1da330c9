"""Families, Compare, Claims, Cases and Changes: what each page says is what the database and its file say."""

import base64
import json

import numpy as np
import pandas as pd
import pytest

import store
from tests import tiny_store
from tests.test_pages import data, opened, said, tiny  # noqa: F401 (fixtures: pytest finds them by name)


def drawn(test, place: int = 0) -> dict:
    """Traces of a chart by name."""
    spec = json.loads(test.get("plotly_chart")[place].proto.spec)
    return {trace.get("name"): trace for trace in spec["data"]}


def numbers(values) -> list:
    """Numbers of a trace, which travel as a list or packed."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]).tolist()
    return list(values)


def plain(test) -> str:
    return said(test).replace("\\", "")


def test_the_list_of_families_says_of_each_what_its_own_page_says(data):  # noqa: F811 (the argument asks for the fixture)
    listed = opened("pages/4_families.py")
    shown = listed.dataframe[0].value
    assert list(shown["group_link"]) == ["families?group=family%3ALlama#Llama", "families?group=family%3AQwen#Qwen"]
    own = plain(opened("pages/4_families.py", group="family:Qwen"))
    (reason,) = shown.loc[shown["group_link"].str.endswith("#Qwen"), "reason"]
    assert reason == "Stands out on 1 of 1 test: above what its other scores suggest on 1 (GSM8K)."
    assert f"**Qwen** {reason[0].lower()}{reason[1:]}" in own
    assert "Of 2 families, 2 stand out on a test; 0 of them above on some and below on others" in plain(listed)


def test_the_fingerprint_draws_each_test_with_its_interval(data):  # noqa: F811 (the argument asks for the fixture)
    test = opened("pages/4_families.py", group="family:Llama")
    trace = drawn(test)["Below, more than luck"]
    assert trace["y"] == ["GPQA"] and numbers(trace["x"]) == [-0.8]
    assert numbers(trace["error_x"]["array"]) == pytest.approx([1.645 * 0.2])
    assert "by more than luck above on 0 and below on 1 of the 1 tests drawn" in plain(test)


def test_a_family_shows_its_models_over_time_and_its_unusual_scores_of_both_sides(data):  # noqa: F811
    test = opened("pages/4_families.py", group="family:Llama", test="mmlu_pro")
    connection = store.connect(store.current())
    where = [store.Where("family", "=", "Llama"), store.Where("benchmark_id", "=", "mmlu_pro")]
    scores = store.read(connection, "scores", ["score"], [*where, store.Where("model_date", "not null")])
    traces = drawn(test, 1)
    assert sum(len(numbers(t["x"])) for name, t in traces.items() if name != "Best so far") == len(scores)
    marked = store.read(connection, "marked", ["direction"], [store.Where("family", "=", "Llama")])
    n = marked["direction"].value_counts()
    assert n["high"] and n["low"]
    assert f"{n['high']} unusually high, {n['low']} unusually low" in plain(test)
    table = next(t.value for t in test.dataframe if "why_here" in t.value)
    assert len(table) == len(marked)


def test_a_maker_is_found_under_the_spelling_of_its_models(data):  # noqa: F811 (the argument asks for the fixture)
    test = opened("pages/4_families.py", group="maker:Qwen")
    assert test.title[0].value == "Where does Qwen makers stand out?"
    assert "has too few models of known makers on any one test to say" in plain(test)


def test_a_family_that_does_not_exist_is_said_and_the_list_shown(data):  # noqa: F811 (the argument asks for the fixture)
    for wrong in ("family:Nobody", "maker:", "nonsense", "family:"):
        test = opened("pages/4_families.py", group=wrong)
        assert not test.exception
        assert "There is no family or maker" in said(test)
        assert len(test.dataframe[0].value) == 2


def test_a_build_from_before_these_pages_still_opens(tmp_path, monkeypatch):
    views = {
        name: query for name, query in store.VIEWS.items() if name not in ("families", "claims", "changes", "marked")
    }
    monkeypatch.setattr(store, "VIEWS", views)
    tiny_store.write(tmp_path)
    monkeypatch.undo()
    monkeypatch.setenv(store.ENVIRONMENT, str(tmp_path))
    for page in ("pages/4_families.py",):
        test = opened(page)
        assert not test.exception
        assert "This build has no" in said(test)


def test_the_standard_error_of_a_family_is_that_of_its_p_value():
    from scipy.stats import t as student

    from scoring.answers import family

    rows = [
        {"group": g, "cluster_id": f"{g}{u}", "test": "t", "distance": (u % 5) / 5 + (g == "a"), "points": 1.0, "n": 1}
        for g in "abc"
        for u in range(8)
    ]
    found = family.effects(pd.DataFrame(rows)).set_index("group")
    again = 2 * student.sf(found["effect"].abs() / found["effect_error"], 21)
    assert found["p_value"].to_list() == pytest.approx(list(again))
    assert found.at["a", "effect"] == pytest.approx(1.0)
