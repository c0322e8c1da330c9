"""Is every closed list of words declared once, and does everything that uses it use all of it?"""

import ast
from pathlib import Path

import pytest

import store
from data import vocabulary
from ui.kit import answer_charts, words

ROOT = Path(__file__).parent.parent
LISTS = {name: value for name, value in vars(vocabulary).items() if isinstance(value, tuple)}
# Lists of columns or tables, which have some words in common with us.
ORDINARY = [
    ("model", "benchmark"),
    ("benchmark", "model"),
    ("evaluation", "model"),
    ("low", "high"),
    ("model", "benchmark", "metric"),
]


def spelt_out(code: str) -> list[str]:
    """Lists of the vocabulary that a piece of code spells out: all words of one, also with one or two more, or three of its words and no others."""
    told = []
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Tuple | ast.List | ast.Set):
            continue
        said = tuple(e.value for e in node.elts if isinstance(e, ast.Constant) and isinstance(e.value, str))
        if len(said) < max(2, len(node.elts)) or said in ORDINARY:
            continue
        words_said = set(said)
        for name, known in LISTS.items():
            is_part = len(words_said) > 2 and words_said < set(known)
            is_longer = len(known) > 2 and words_said > set(known) and len(said) <= len(known) + 2
            if words_said == set(known) or is_part or is_longer:
                told.append(f"{name} (line {node.lineno})")
    return told


def files() -> list[str]:
    rooms = ("ingest", "building", "scoring", "reading", "ui", "pages", "bench")
    listed = [*ROOT.glob("*.py"), *(p for room in rooms for p in (ROOT / room).rglob("*.py"))]
    return sorted(str(p.relative_to(ROOT)) for p in listed)


@pytest.mark.parametrize("path", files())
def test_no_list_is_spelt_twice(path):
    assert spelt_out((ROOT / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("MINE = ('unusual', 'very_unusual')", "MARKED"),
        ("x.isin(['percent', 'fraction'])", "SHARE_UNITS"),
        ("for side in ('high', 'low'): pass", "DIRECTIONS"),
        ("SOME = {'usual', 'somewhat', 'check_data'}", "LEVELS"),
    ],
)
def test_a_list_that_is_spelt_twice_is_told(code, name):
    assert [told.split()[0] for told in spelt_out(code)] == [name]


@pytest.mark.parametrize("code", ["['model', 'benchmark']", "('usual', 'somewhat')", "('month', 'best', 'lower')"])
def test_columns_and_choices_among_the_words_are_not_told(code):
    assert spelt_out(code) == []


def test_every_word_stands_in_the_comment_of_its_column():
    for (table, column), allowed in vocabulary.COLUMNS.items():
        comment = store.columns()[table][column]["comment"]
        if "same words as finding.level" in comment.lower():
            comment = store.columns()["finding"]["level"]["comment"]
        assert [word for word in allowed if word not in comment] == [], (table, column)


@pytest.mark.parametrize(
    ("on_screen", "known"),
    [
        (words.LEVELS, vocabulary.LEVELS),
        (words.RAN_BY, vocabulary.EVALUATOR_RELATIONSHIPS),
        (words.STATUSES, vocabulary.BENCHMARK_STATUSES),
        (words.TWIN_KINDS, vocabulary.TWIN_KINDS),
        (words.TIERS, vocabulary.TIERS),
        (words.DATE_BASIS, vocabulary.MODEL_DATE_BASES),
        (words.FAMILY_BASIS, vocabulary.FAMILY_BASES),
        (words.SIZE_PRECISION, vocabulary.SIZE_PRECISIONS),
        (answer_charts.MARKS, vocabulary.TOLD_STATUSES),
        (words.USES, vocabulary.BENCHMARK_USES),
    ],
)
def test_every_word_has_its_words_on_screen_in_the_same_order(on_screen, known):
    assert tuple(on_screen) == known
