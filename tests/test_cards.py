"""Rows of a table as cards for phones, and the sentences that charts carry."""

import pandas as pd
import streamlit as st

from ui import models
from ui.kit import cards, charts, words

SETTINGS = {
    "model_link": st.column_config.LinkColumn("Model", display_text=r"#(.*)$", width=380),
    "score": st.column_config.NumberColumn("Score", format="%.1f"),
    "gap": st.column_config.NumberColumn("Gap", format="%+.1f"),
    "n": st.column_config.NumberColumn("Runs", format="%d"),
    "day": st.column_config.DateColumn("Day"),
    "source_url": st.column_config.LinkColumn("Source", display_text="open"),
    "why": "Why",
}


def rows(n: int = 1, **changed) -> pd.DataFrame:
    row = {
        "model_link": "models?model=a%2Fb#a/b%20%3Cimg%3E",
        "score": 87.4567,
        "gap": 3.0,
        "n": 4.0,
        "day": pd.Timestamp("2026-11-22"),
        "source_url": 'https://example.org/?a=1&b="x',
        "why": "<b>bold</b>",
    }
    return pd.DataFrame([row | changed] * n)


def test_a_card_says_what_the_columns_of_the_table_say_and_escapes_every_text():
    text = cards.cards(rows(), SETTINGS)
    assert '<a href="models?model=a%2Fb" target="_self">a/b &lt;img&gt;</a>' in text
    for title, value in (("Score", "87.5"), ("Gap", "+3.0"), ("Runs", "4"), ("Day", "22 Nov 2026")):
        assert f"<dt>{title}</dt><dd>{value}</dd>" in text
    assert 'href="https://example.org/?a=1&amp;b=&quot;x"' in text
    assert "&lt;b&gt;bold" in text and "<b>" not in text and "<img" not in text


def test_a_large_size_is_written_out_and_a_long_sentence_ends_at_a_word():
    size = st.column_config.NumberColumn("Size (B)", format="%.3g")
    settings = {"model_link": SETTINGS["model_link"], "size": size, "why": "Why"}
    text = cards.cards(rows(size=2800.0, why="as models like it get " * 40), settings)
    assert "<dt>Size (B)</dt><dd>2,800</dd>" in text
    told = text.partition("<dt>Why</dt><dd>")[2].partition("</dd>")[0]
    assert told.endswith(" …") and set(told.split()[:-1]) == {"as", "models", "like", "it", "get"} and len(told) > 380
    assert "<dd>7</dd>" in cards.cards(rows(size=7.0), settings)


def test_empty_cells_are_left_out_and_rows_after_the_first_wait_behind_a_line():
    assert "Gap" not in cards.cards(rows(gap=None), SETTINGS)
    text = cards.cards(rows(cards.LAST + 5), SETTINGS)
    assert text.count("<article>") == cards.LAST
    assert f"<summary>{cards.LAST - cards.FIRST} more, the first {cards.LAST} of {cards.LAST + 5}</summary>" in text
    assert "<summary>2 more</summary>" in cards.cards(rows(cards.FIRST + 2), SETTINGS)
    assert cards.cards(rows(0), SETTINGS) == ""


def test_the_title_of_a_saved_picture_is_what_a_reader_sees_of_the_sentence():
    name = words.in_markdown("a_b [x](y) *z* user@example.org")
    assert words.plain(f"**[{name}](models?model=1)** is first with 9.5%") == (
        "a_b [x](y) *z* user@example.org is first with 9.5%"
    )


def readings() -> pd.DataFrame:
    """Two versions of a renewed test, a maker's number beside another's, a test outside its range on each side."""
    ranges = {"expected_lower": 0.4, "expected_upper": 0.6, "is_fraction": True}
    told = [
        ("live@1", "1", "third_party", 0.9),
        ("live@2", "2", "third_party", 0.5),
        ("plain", None, "first_party", 0.7),
        ("plain", None, "third_party", 0.5),
        ("plain", None, "third_party", 0.45),
        ("low", None, "third_party", 0.1),
    ]
    names = ("benchmark_id", "benchmark_version", "evaluator_relationship", "score")
    return pd.DataFrame([dict(zip(names, row, strict=True)) | ranges for row in told])


def test_a_model_is_drawn_with_the_newest_version_and_one_reading_of_each_side():
    known = models.one_a_test(readings())
    assert known["benchmark_id"].tolist() == ["live@2", "plain", "plain", "low"]
    said = models.range_finding("maker/some-model", known)
    assert said.startswith("some\\-model: of 3 tests, 1 with a score above what 90% of similar models get and 1 below")


def test_a_domain_heads_its_tests_and_a_click_on_a_score_opens_its_test():
    known = models.one_a_test(readings()).assign(
        row=lambda f: f["benchmark_id"], domain=["b", "a", "a", "b"], model_name="m", n_parameters=1e9, level="usual",
        score_reported="1", expected=0.5, direction=None,
    )  # fmt: skip
    figure = charts.dot_range(known.sort_values("domain", kind="stable"))
    assert list(figure.layout.yaxis.categoryarray) == ["<b>A</b>", "plain", "<b>B</b>", "live@2", "low"]
    links = [link for trace in figure.data for link in (trace.customdata if trace.customdata is not None else ())]
    assert "benchmarks?benchmark=live%402" in links
