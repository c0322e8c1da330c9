"""Levels: exact boundaries and sentences first, then the correction for many tests."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from boards import evidence_of, null_table
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

import scoring
from scoring import sensitivity, signals
from scoring.expected import curve
from scoring.verdict import levels, opinions
from ui.kit import words


@pytest.mark.parametrize(
    ("p", "q", "gap", "smallest", "agrees", "expected"),
    [
        (0.05, 0.20, 0.10, 0.03, None, "usual"),  # on the edge of the range is inside it
        (0.0499, 0.20, 0.10, 0.03, None, "somewhat"),
        (0.001, 0.0500001, 0.10, 0.03, None, "unusual"),  # rounds to 5%, which is enough
        (0.001, 0.050002, 0.10, 0.03, None, "somewhat"),
        (0.001, 0.01, 0.03, 0.03, None, "unusual"),  # a gap of exactly the smallest counts
        (0.001, 0.01, 0.1 + 0.2 - 0.3 + 0.03, 0.03, None, "unusual"),  # and floating point cannot undo that
        (0.001, 0.01, 0.0299, 0.03, None, "somewhat"),
        (0.001, 0.01, 0.10, 0.12, None, "somewhat"),
        (1e-9, 1e-6, 0.30, 0.03, None, "unusual"),  # no second opinion, no higher word
        (1e-9, 1e-6, 0.30, 0.03, False, "unusual"),
        (1e-9, 0.01, 0.30, 0.03, True, "very_unusual"),
        (1e-9, 0.0101, 0.30, 0.03, True, "unusual"),
        # One number that is asked about alone has no q: its own p marks it.
        (1e-9, float("nan"), 0.30, 0.03, True, "very_unusual"),
        (1e-9, float("nan"), 0.30, 0.03, None, "unusual"),
        (0.001, float("nan"), 0.30, 0.03, True, "unusual"),
        (0.0011, float("nan"), 0.30, 0.03, True, "somewhat"),
    ],
)
def test_word_at_the_boundaries(p, q, gap, smallest, agrees, expected):
    assert levels.word(p, q, gap, smallest, agrees) == expected


def sentence(level, **changes):
    plain = {
        "is_better": True,
        "is_lower_better": False,
        "gap": 0.081,
        "smallest_gap": 0.03,
        "p": 0.031,
        "q": 0.2,
        "lower": 0.61,
        "upper": 0.69,
        "n_comparable": 412,
        "n_as_far": 3,
    }
    return levels.sentence(level, **(plain | changes))


def test_sentences_read_as_agreed():
    assert sentence("usual") == "Within what similar models get (61 to 69)."
    assert sentence("usual", lower=0.611, upper=0.639) == "Within what similar models get (61.1 to 63.9)."
    assert sentence("somewhat") == (
        "Higher than most similar models (61 to 69): about 1 in 32 would be this far out on this side."
    )
    assert sentence("somewhat", is_better=False).startswith("Lower than most similar models")
    assert (
        sentence("unusual", p=0.0001, q=0.01)
        == "8.1 points above similar models; 3 of 412 comparable scores are this far out (about 1 in 10,000 would be)."
    )
    assert sentence("very_unusual", p=1e-7, q=0.001) == (
        "8.1 points above similar models; 3 of 412 comparable scores are this far out, "
        "and also above what this model's other scores suggest (fewer than 1 in 1,000,000 would be)."
    )


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.5, "about 1 in 2"),
        (0.031, "about 1 in 32"),
        (0.0061, "about 1 in 200"),
        (2.3e-5, "about 1 in 40,000"),
        (1e-6, "about 1 in 1,000,000"),
        (9e-7, "fewer than 1 in 1,000,000"),
    ],
)
def test_a_p_value_reads_as_a_frequency(p, words):
    assert levels.one_in(p) == words


def test_a_small_gap_is_named_as_the_reason():
    text = sentence("somewhat", q=0.001, gap=0.021)
    assert (
        text
        == "Higher than most similar models. The gap of 2.1 points is smaller than what is marked on this test (3.0)."
    )


def test_lower_is_better_speaks_of_the_printed_value():
    text = sentence("unusual", is_lower_better=True, q=0.01)
    assert text.startswith("8.1 points below similar models (better: lower is better on this test)")


def test_adjustment_equals_benjamini_and_hochbergs_by_hand():
    p = np.array([0.01, 0.04, 0.03, 0.20])
    np.testing.assert_allclose(levels.adjusted(p), [0.04, 0.16 / 3, 0.16 / 3, 0.20])


def test_near_copies_count_as_one_discovery_by_hand():
    p, copies = np.array([0.001, 0.002, 0.003, 0.5]), np.array([7, 7, 3, 1])
    # ranks 1, 1, 2, 3 instead of 1, 2, 3, 4
    np.testing.assert_allclose(levels.adjusted(p, copy_group=copies), [0.004, 0.006, 0.006, 0.5 * 4 / 3])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_without_near_copies_the_adjustment_is_the_plain_one(p):
    plain = false_discovery_control(np.array(p))
    np.testing.assert_allclose(levels.adjusted(np.array(p)), plain, atol=1e-12)


def test_correction_groups_are_corrected_apart():
    p = np.array([0.01, 0.5, 0.01])
    np.testing.assert_allclose(levels.adjusted(p, np.array([True, True, False])), [0.02, 0.5, 0.01])


def placed(p_high, **changes):
    n = len(p_high)
    p_high = np.asarray(p_high, dtype=float)
    plain = {
        "observed": np.full(n, 0.7),
        "expected": np.full(n, 0.5),
        "lower": np.full(n, 0.4),
        "upper": np.full(n, 0.6),
        "p_high": p_high,
        "p_low": 1 - p_high,
        "n_comparable": np.full(n, 100),
        "as_far_high": np.full(n, 1),
        "as_far_low": np.full(n, 99),
        "rerun_spread": np.full(n, np.nan),
        "is_lower_better": np.zeros(n, dtype=bool),
        "remark": np.full(n, "", dtype=object),
    }
    return opinions.Placed(**(plain | changes))


def test_high_and_low_sides_are_corrected_apart():
    result = opinions.assign(placed([0.001, 0.5, 0.5, 0.999]))
    assert result.side.direction.tolist()[::3] == ["high", "low"]
    assert result.side.q_value[0] == pytest.approx(0.004)
    assert result.side.q_value[3] == pytest.approx(0.004)


def test_a_large_spread_between_reruns_raises_the_smallest_gap():
    p = [0.0001] * 2
    assert opinions.assign(placed(p)).level.tolist() == ["unusual"] * 2
    result = opinions.assign(placed(p, rerun_spread=np.array([0.05, 0.11])))
    assert result.level.tolist() == ["unusual", "somewhat"]


def test_only_an_agreeing_second_opinion_reaches_the_highest_word():
    p, other = [0.0001] * 3, np.array([0.01, 0.2, np.nan])
    range_of = {"expected": np.full(3, 0.5), "lower": np.full(3, 0.45), "upper": np.full(3, 0.55)}
    words = np.full(3, "its other scores", dtype=object)
    second = opinions.Second(p_high=other, p_low=1 - other, words=words, **range_of)
    result = opinions.assign(placed(p, by_size_high=np.array(p), by_size_low=1 - np.array(p), second=second))
    assert result.level.tolist() == ["very_unusual", "unusual", "unusual"]
    assert result.reason[1].endswith("Its other scores suggest 45 to 55.")


def test_the_clearer_opinion_gives_the_sentence_and_the_gap():
    p = np.array([0.0001] * 3)
    range_of = {"expected": np.full(3, 0.6), "lower": np.full(3, 0.55), "upper": np.full(3, 0.65)}
    words = np.full(3, "its other scores", dtype=object)
    second = opinions.Second(p_high=p / 10, p_low=1 - p, words=words, **range_of)
    by_size = np.array([0.2, 0.01, np.nan])
    changes = {"lower": np.array([0.4, 0.4, np.nan]), "upper": np.array([0.8, 0.6, np.nan])}
    result = opinions.assign(placed(p, by_size_high=by_size, by_size_low=1 - by_size, second=second, **changes))
    # A score that similar models get is not marked by its other scores alone: then it is the others that are odd.
    assert result.level.tolist() == ["somewhat", "very_unusual", "unusual"]
    assert result.reason.tolist() == [
        "10.0 points above what its other scores suggest (55 to 65), but within what similar models get (40 to 80).",
        "10.0 points above what its other scores suggest (55 to 65), and also above most similar models (40 to 60) "
        "(about 1 in 10,000 would be this far out).",
        "10.0 points above what its other scores suggest (55 to 65) (about 1 in 10,000 would be this far out).",
    ]


def test_an_ordinary_score_that_its_size_would_not_expect_is_told_by_its_other_scores_first():
    one = {"expected": np.array([0.7]), "lower": np.array([0.65]), "upper": np.array([0.75])}
    second = opinions.Second(
        p_high=np.array([0.4]), p_low=np.array([0.6]), words=np.array(["its other scores"], dtype=object), **one
    )
    size = np.array([0.01])
    result = opinions.assign(placed([0.06], by_size_high=size, by_size_low=1 - size, second=second))
    assert result.level.tolist() == ["usual"]
    assert result.reason[0] == (
        "Within what its other scores suggest (65 to 75), but above most similar models (40 to 60): "
        "about 1 in 100 would be this far out on this side."
    )


def second_of(lower, upper, p_high, **changes):
    one = {"expected": (lower + upper) / 2, "lower": lower, "upper": upper, "p_high": p_high, "p_low": 1 - p_high}
    arrays = {name: np.array([value]) for name, value in one.items()}
    return opinions.Second(words=np.array(["its other scores"], dtype=object), **arrays, **changes)


@pytest.mark.parametrize(
    ("second", "similar", "changes", "text"),
    [
        ((0.6, 0.72), (0.4, 0.9), {}, "Within what its other scores suggest (60 to 72); similar models get 40 to 90."),
        (
            (0.58, 0.68), (0.4, 0.9), {},
            "Above what its other scores suggest (58 to 68), but within what similar models get (40 to 90).",
        ),
        (
            (0.72, 0.8), (0.4, 0.9), {},
            "Below what its other scores suggest (72 to 80), but within what similar models get (40 to 90).",
        ),
        (
            (0.58, 0.68), (0.4, 0.69), {},
            "Above what its other scores suggest (58 to 68) and above most similar models (40 to 69), "
            "but not unusual once everything that is known is weighed together.",
        ),
        (
            (0.58, 0.68), (np.nan, np.nan), {},
            "Above what its other scores suggest (58 to 68), "
            "but not unusual once everything that is known is weighed together.",
        ),
        (
            (0.58, 0.68), (0.4, 0.9), {"borne_out": np.array(["its near-copies suggest (65 to 75)"], dtype=object)},
            "Above what its other scores suggest (58 to 68), but within what its near-copies suggest (65 to 75); "
            "similar models get 40 to 90.",
        ),
    ],
)  # fmt: skip
def test_an_ordinary_score_is_within_a_range_only_where_it_lies_in_it(second, similar, changes, text):
    lower, upper = (np.array([end]) for end in similar)
    size = np.array([np.nan if np.isnan(lower[0]) else 0.3])
    result = opinions.assign(
        placed(
            [0.2], by_size_high=size, by_size_low=1 - size, lower=lower, upper=upper,
            second=second_of(*second, 0.04, **changes),
        )
    )  # fmt: skip
    assert result.level.tolist() == ["usual"]
    assert result.reason.tolist() == [text]


def test_a_reading_that_leaves_the_range_of_similar_models_says_so_on_its_own_side():
    # Judged together with a low reading, whose side is the clearer one.
    result = opinions.assign(
        placed([0.6], by_size_high=np.array([0.06]), by_size_low=np.array([0.94]), lower=np.array([0.4]))
    )
    assert result.level.tolist() == ["usual"] and result.side.direction.tolist() == ["low"]
    assert result.reason[0] == (
        "Higher than most similar models (40 to 60): about 1 in 17 would be this far out on this side."
    )


@pytest.mark.parametrize(
    ("similar", "text"),
    [
        ((0.4, 0.8), "but within what similar models get (40 to 80)"),
        ((0.4, 0.6), "and above most similar models (40 to 60)"),
        ((0.8, 0.9), "but below most similar models (80 to 90)"),
    ],
)
def test_a_score_held_back_by_similar_models_is_within_their_range_only_where_it_lies_in_it(similar, text):
    size, (lower, upper) = np.array([0.1]), (np.array([end]) for end in similar)
    changes = {"by_size_high": size, "by_size_low": 1 - size, "second": second_of(0.55, 0.65, 1e-6)}
    result = opinions.assign(placed([1e-5], lower=lower, upper=upper, **changes))
    assert result.level.tolist() == ["somewhat"]
    assert result.reason[0] == f"10.0 points above what its other scores suggest (55 to 65), {text}."


RANGE = re.compile(
    r"(within|above|below|Higher than|Lower than) (?:what|most) [^();:]*\((\S+) to (\S+)\)", re.IGNORECASE
)
unit = st.floats(0, 1)


@example(
    observed=0.3125,
    of_similar=(0.0, 0.3125),
    of_others=(0.0, 1.0),
    p=0.5,
    by_size=0.0,
    by_others=0.0,
    is_lower_better=True,
)  # on the edge of a range that is printed as "0.0 to 31.2"
@given(
    observed=unit, of_similar=st.tuples(unit, unit), of_others=st.tuples(unit, unit), p=unit, by_size=unit, by_others=unit,
    is_lower_better=st.booleans(),
)  # fmt: skip
def test_no_ordinary_score_contradicts_the_range_that_its_sentence_prints(
    observed, of_similar, of_others, p, by_size, by_others, is_lower_better
):
    (lower, upper), size = (np.array([end]) for end in sorted(of_similar)), np.array([by_size])
    result = opinions.assign(
        placed(
            [p], observed=np.array([observed]), lower=lower, upper=upper, by_size_high=size, by_size_low=1 - size,
            second=second_of(*sorted(of_others), by_others), is_lower_better=np.array([is_lower_better]),
        )
    )  # fmt: skip
    if result.level[0] != "usual":
        return  # farther out, the side is that of all readings together
    # A p-value of an opinion may put a score on the edge of its range, on either side of it, also where that is printed rounded.
    is_on_edge = bool(np.isclose(observed, [*of_similar, *of_others], rtol=0, atol=1e-9).any())
    for word, *ends in RANGE.findall(result.reason[0]):
        low, high = (float(end) / 100 for end in ends)
        if word.casefold() == "within":
            assert low - 0.0006 <= observed <= high + 0.0006, result.reason[0]
        elif not (low <= observed <= high) and not is_on_edge:
            assert (observed > high - 0.0006) == (word.casefold() in ("above", "higher than")), result.reason[0]


@pytest.mark.parametrize(
    ("ends", "observed", "text"),
    [
        ((0.582, 0.784), 0.60, "58 to 78"),
        ((0.582, 0.784), 0.792, "58 to 78"),
        ((0.833, 0.9296), 0.930, "83.30 to 92.96"),
        ((0.833, 0.9294), 0.930, "83.3 to 92.9"),
        ((0.582, 0.8043), 0.804, "58.2 to 80.4"),
        ((0.582, 0.8043), 0.806, "58 to 80"),
        ((0.582, 0.784), np.nan, "58 to 78"),
    ],
)
def test_a_range_is_printed_as_finely_as_the_score_beside_it_asks_for(ends, observed, text):
    assert levels.between(*ends, observed) == text


def test_one_of_many_is_and_several_are():
    assert levels.far_out(1, 99, "model") == "1 of 99 comparable models is this far out"
    assert levels.far_out(0, 99, "score") == "0 of 99 comparable scores are this far out"
    assert levels.far_out(0, 1, "score") == "0 of 1 comparable score is this far out"


def test_remarks_follow_the_sentence():
    remark = np.array(["Compared by size alone."], dtype=object)
    result = opinions.assign(placed([0.5], observed=np.array([0.5]), remark=remark))
    assert result.reason[0] == "Within what similar models get (40 to 60). Compared by size alone."


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.integers(0, 10**6))
def test_order_changes_no_level(p, seed):
    order = np.random.default_rng(seed).permutation(len(p))
    plain, turned = opinions.assign(placed(p)), opinions.assign(placed(np.array(p)[order]))
    assert turned.level.tolist() == plain.level[order].tolist()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_q_is_never_below_p(p):
    assert np.all(levels.adjusted(np.array(p)) >= np.array(p) - 1e-12)


ROOT = Path(__file__).parents[1]
MODULES = signals.discover() | {"sensitivity": sensitivity}


@pytest.mark.parametrize("name", MODULES)
def test_a_signal_states_every_threshold_of_its_levels(name):
    module = MODULES[name]
    source = Path(module.__file__).read_text(encoding="utf-8")
    if re.search(r"levels\.word\(|opinions\.assign\(|finding\.(verdict|level_of)\(|pairs\.judged\(", source):
        assert levels.THRESHOLDS.items() <= module.THRESHOLDS.items()
    elif name not in ("saturation", "outlook"):  # levels from data alone: each has constants of its own
        assert module.THRESHOLDS
    # Whatever decides in the file itself stands in the table as well.
    constants = {
        k: v for k, v in vars(module).items()
        if k.isupper() and k not in ("TOLERANCE", "ROUNDING") and isinstance(v, (int, float)) and re.search(rf"[<>]=? [^\n]*\b{k}\b", source)
    }  # fmt: skip
    stated = json.dumps(module.THRESHOLDS)
    assert all(json.dumps(v) in stated for v in constants.values()), (constants, stated)


def test_the_table_signal_prints_the_thresholds_of_the_code():
    described = scoring.run(evidence_of(null_table(3))).signals.set_index("signal_id")
    assert set(described.index) >= set(signals.discover())
    for name, row in described.iterrows():
        assert json.loads(row["thresholds"]) == json.loads(json.dumps(MODULES[name].THRESHOLDS))
        assert row["method_version"] == MODULES[name].METHOD_VERSION


def test_words_for_people_name_the_thresholds_of_the_code():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    method = next((ROOT / "pages").glob("*_method.py")).read_text(encoding="utf-8")
    assert f"at least {curve.MIN_MODELS} comparable models" in readme
    assert f"at least {100 * levels.MIN_GAP:.0f} points and twice the spread" in readme and levels.RERUN_FACTOR == 2
    assert "{words.LUCK}" in method and "1 in 20" in words.LUCK and levels.UNUSUAL_Q == words.LUCKY_SHARE == 1 / 20
    assert "signal.thresholds" in method  # every signal's own are printed there from the table
