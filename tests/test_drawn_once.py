"""Parts of pages that are drawn once: the same elements again for the next visitor, in their place; widgets stay alive."""

import re

import pytest
from streamlit.testing.v1 import AppTest

import store
from tests import lakes, tiny_store
from tests.test_pages import PAGES, opened
from ui.kit import parts, shelf

DETAILS = {
    "pages/1_unusual_scores.py": {"side": "both", "list": "worklist", "family": "Qwen"},
    "pages/2_benchmarks.py": {"benchmark": "gsm8k"},
    "pages/3_models.py": {"model": "hf:qwen/m5"},
    "pages/4_families.py": {"group": "family:Qwen"},
    "pages/7_check_a_claim.py": {"model": "m5", "score": "99"},
}


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    kept = shelf.Shelf()
    monkeypatch.setattr(shelf, "shelf", kept)
    monkeypatch.setattr(parts, "shelf", kept)
    return kept


def script():
    from datetime import date
    from types import SimpleNamespace

    import streamlit as st

    from ui.kit import parts
    from ui.kit.data import Build

    build = Build("a build", date(2026, 1, 1), "", is_newest=True)
    page = SimpleNamespace(name="a page", build=build, selection=st.query_params.get("family", ""))
    st.session_state.setdefault("drawn", [])

    @parts.kept
    def still(page, n):
        st.session_state["drawn"].append(n)
        with st.container(border=True):
            st.markdown(f"first {n}")
            left, right = st.columns(2)
            left.metric("what", n)
            right.caption("beside")
        st.markdown("last")
        return {"n": n}

    @parts.kept
    def alive(page):
        st.session_state["drawn"].append("alive")
        return st.button("press")

    for n in range(st.session_state.get("before", 0)):
        st.text(f"before {n}")
    told = still(page, 1)
    st.text(f"told {told['n']}")
    still(page, 2)
    st.text(f"pressed {alive(page)}")


def test_a_part_is_drawn_once_and_stands_where_the_page_is_on_its_next_run():
    first = AppTest.from_function(script, default_timeout=60).run()
    assert not first.exception
    assert first.session_state["drawn"] == [1, 2, "alive"]
    again = AppTest.from_function(script, default_timeout=60)
    again.session_state["before"] = 3
    again.run()
    assert not again.exception
    assert again.session_state["drawn"] == ["alive"]
    assert elements(again)[3:] == elements(first)
    assert [text.value for text in again.text][:3] == ["before 0", "before 1", "before 2"]


def test_a_part_with_a_widget_is_drawn_anew_and_its_widget_answers():
    test = AppTest.from_function(script, default_timeout=60).run()
    test.button[0].click().run()
    assert test.text[-1].value == "pressed True"
    assert test.session_state["drawn"] == [1, 2, "alive", "alive"]


def test_another_selection_is_another_part(fresh):
    AppTest.from_function(script, default_timeout=60).run()
    other = AppTest.from_function(script, default_timeout=60)
    other.query_params["family"] = "Qwen"
    assert other.run().session_state["drawn"] == [1, 2, "alive"]
    assert fresh.n_bytes == sum(size for _, size, _ in fresh.kept.values())


def test_method_is_drawn_once_for_all_readers_whatever_filters_their_links_bring(place, monkeypatch, fresh):
    monkeypatch.setenv(store.ENVIRONMENT, str(place))
    plain = opened("pages/10_method.py")
    before = set(fresh.kept)
    filtered = opened("pages/10_method.py", family="Qwen", size=["7B", "70B"])
    assert not filtered.exception
    anew = {key[1] for key in set(fresh.kept) - before if key[0] == "part"}
    assert anew == {"menu_of"}, "only links carry the filters"
    assert [table.value.shape for table in filtered.dataframe] == [table.value.shape for table in plain.dataframe]


def elements(test):
    """Every element as it goes to the browser, without the number of a visitor's download."""
    told = [(element.type, str(element.proto)) for element in test.main if getattr(element, "proto", None) is not None]
    return [(kind, re.sub(r'deferred_file_id: "\w+"', "", body)) for kind, body in told]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    address = lakes.place(tmp_path_factory.mktemp("tiny"))
    tiny_store.write(address)
    return address


@pytest.mark.parametrize("page", PAGES)
def test_no_part_of_a_page_holds_a_widget_and_a_second_visitor_sees_the_same(page, place, monkeypatch):
    monkeypatch.setenv(store.ENVIRONMENT, str(place))

    def refuse(self, value):
        raise AssertionError("A part that is drawn once holds a widget.")

    monkeypatch.setattr(parts.Unkept, "__init__", refuse)
    for parameters in ({}, DETAILS[page]) if page in DETAILS else ({},):
        first, second = opened(page, **parameters), opened(page, **parameters)
        assert not first.exception
        assert not second.exception
        assert elements(second) == elements(first)
