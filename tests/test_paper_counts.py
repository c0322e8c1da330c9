"""Scores found in the tables of real papers against a count by hand; needs BENCHMARK_MIRROR, else there are no pages.

The figures below are what was measured on the captured pages: a change of the reader may raise them, never lower them.
"""

import csv
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bench import hand_scores, paper_tables
from ingest.records import Reported

MIRROR = os.environ.get("BENCHMARK_MIRROR")
# Right scores and found scores that are not right, by page.
MEASURED = {
    "2404.14219v1": (176, 0),
    "2404.06395v1": (347, 0),
    "2403.04652v1": (291, 0),
    "2404.04167v3": (197, 0),
    "2410.24175": (88, 0),
    "2402.06196v2": (195, 0),  # its Table IX prints LLaMA 7B, 33B and 65B twice with other values: they are left out
    "2402.14714v1": (112, 0),
    "2403.18058v1": (
        0,
        0,
    ),  # its caption tells of further training, so that two scores of other models are left out too
    "2403.02178v1": (0, 0),
    "2312.05934v3": (0, 0),
    "2310.08754v4": (0, 0),
    "2403.03883v2": (0, 0),
    "2402.16819v2": (89, 0),
    "2402.00838v3": (128, 0),
    "2308.09583": (73, 0),
    "2306.08568": (32, 0),
}
# Pages that the mirror holds; of the others only the counts are kept.
HELD = [a for a in MEASURED if MIRROR and (Path(MIRROR) / paper_tables.PAGES[a]).exists()]
PLACE = {"2403.04652v1": "Table 5", "2404.14219v1": "uncaptioned score table 1"}


@pytest.mark.parametrize("arxiv_id", sorted(HELD))
def test_recall_and_precision_on_a_paper_are_at_least_what_was_measured(arxiv_id):
    count = paper_tables.count_page(Path(MIRROR), arxiv_id)
    right, wrong = MEASURED[arxiv_id]
    assert count.right >= right, count.wrong
    assert count.found - count.right <= wrong, count.wrong


@pytest.mark.parametrize("arxiv_id", sorted(set(PLACE) & set(HELD)))
def test_the_second_reader_counts_what_was_counted_by_hand(arxiv_id):
    html = paper_tables.read_page(Path(MIRROR) / paper_tables.PAGES[arxiv_id])
    by_table = {}
    for (label, *_), n in paper_tables.read_again(html, arxiv_id).items():
        by_table[label] = by_table.get(label, 0) + n
    with paper_tables.HAND_COUNT.open(encoding="utf-8", newline="") as file:
        hand = {r["table"]: int(r["n_score_cells"]) for r in csv.DictReader(file) if r["arxiv_id"] == arxiv_id}
    assert by_table == {label: hand[label] for label in by_table}


def test_the_hand_count_covers_every_page_that_is_measured():
    assert set(paper_tables.read_hand_count()) == set(paper_tables.PAGES) == set(MEASURED)


def tiny_page() -> str:
    cells = [["", "Size", "Gone", "MMLU", "BBH"], ["Yi", "6B", "", "63.2", "42.8"], ["Yi", "34B", "", "76.3", "54.3"]]
    rows = ["".join(f'<td class="ltx_td">{text}</td>' for text in row) for row in cells]
    table = "".join(f'<tr class="ltx_tr">{row}</tr>' for row in rows)
    return f'<html><table class="ltx_tabular">{table}</table></html>'


def found(model: str, benchmark: str, score: str) -> Reported:
    return Reported(
        snapshot_id="s", model=model, benchmark=benchmark, score_reported=score, score_unit="percent",
        run="p Table 1", locator="Table 1, row here, column there",
    )  # fmt: skip


def test_a_value_under_another_model_benchmark_or_number_is_not_right(monkeypatch):
    monkeypatch.setattr(paper_tables, "LAYOUTS", {("p", 0, "Table 1"): paper_tables.Layout("rows", (3, 4), size=1)})
    stated = [
        paper_tables.ReportedModel(
            snapshot_id="s", model=f"Yi {n}B", n_parameters=n, parameter_unit="billions", size_precision="stated"
        )
        for n in ("6", "34")
    ]
    good = found("Yi 6B", "MMLU", "63.2")
    assert paper_tables.compare(tiny_page(), [good, *stated], "p") == []
    for change in (
        {"model": "Yi 34B"},
        {"benchmark": "BBH"},
        {"score_reported": "63.3"},
        {"locator": "Table 2, row here, column there"},
    ):
        assert len(paper_tables.compare(tiny_page(), [replace(good, **change), *stated], "p")) == 1
    assert len(paper_tables.compare(tiny_page(), [good, good, *stated], "p")) == 1
    assert len(paper_tables.compare(tiny_page(), [good], "p")) == 1


# Right scores of the pages of bench/hand_scores.py, whose first run stands in first_run.csv; nothing found is wrong.
HAND_READ = {"K-EXAONE card": 130, "DeepSeek-V3.2-Exp card": 28, "MiniMax-M2 card": 179, "llama-mistral": 173}


@pytest.mark.parametrize("name", [n for n in HAND_READ if MIRROR and (Path(MIRROR) / hand_scores.PAGES[n]).exists()])
def test_every_score_written_down_by_hand_is_read_with_its_size(name):
    rows = hand_scores.read_page(Path(MIRROR) / hand_scores.PAGES[name], name)
    found, right, sized, wrong, missed = hand_scores.judge(rows, hand_scores.read_hand()[name])
    assert (found, right, sized) == (HAND_READ[name],) * 3, (wrong, missed)
