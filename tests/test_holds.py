"""Marks that a plainer explanation holds back, each rule by hand."""

import numpy as np
import pandas as pd
import pytest

from scoring.verdict import holds


def marked(**changes):
    plain = {
        "model_name": "somebody/tuned-7b", "domain": "knowledge", "metric": "accuracy", "family": "Llama", "size": np.log10(7e9), "value": 0.7,
        "guess": 0.25, "series_id": "t:accuracy:board", "maker": "somebody", "is_maker": False, "model_id": "tuned",
    }  # fmt: skip
    return pd.DataFrame([plain | changes])


def told(part, *, upper=0.5, q=0.001, sized=True, whole=None):
    every = part if whole is None else pd.concat([part, whole], ignore_index=True)
    return holds.sentences(part, np.array([upper]), np.array([q]), np.array([sized]), np.array([0.03]), every)[0]


def test_a_clear_mark_stands():
    assert told(marked()) == ""


@pytest.mark.parametrize(("metric", "held"), [("bertscore", True), ("rouge-l", True), ("chrf3", True), ("f1", False)])
def test_overlap_with_a_reference_text_is_a_matter_of_style(metric, held):
    assert ("overlap with a reference" in told(marked(metric=metric))) == held


def test_a_text_to_text_model_is_fine_tuned_where_others_are_asked():
    assert "fine-tuned on a test's own training questions" in told(marked(model_name="UNICORN", family="T5"))


def test_where_similar_models_guess():
    assert "level of guessing" in told(marked(), upper=0.31)
    assert "level of guessing" in told(marked(), upper=0.323)
    assert told(marked(), upper=0.34) == ""
    assert "level of guessing" in told(marked(guess=0.0), upper=0.05)
    assert told(marked(guess=0.0), upper=0.2) == ""


@pytest.mark.parametrize(
    ("name", "domain", "held"),
    [
        ("nvidia/AceMath-7B-Instruct", "mathematics", True),
        ("nvidia/AceMath-7B-Instruct", "knowledge", False),
        ("Qwen/Qwen2.5-Coder-7B", "code", True),
        ("x/QwQ-32B-Snowdrop", "science", True),
        ("agurung/Qwen2.5-7B-Instruct-musr-grpo", "reasoning", False),
        ("x/Decoder-7B", "mathematics", False),
    ],
)
def test_a_name_that_states_the_subject(name, domain, held):
    assert ("made for this kind of task" in told(marked(model_name=name, domain=domain))) == held


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({}, True),
        ({"value": 0.63}, False),  # more than twice the least gap below
        ({"size": np.log10(13e9)}, False),
        ({"family": "Qwen"}, False),
        ({"is_maker": False}, False),
        ({"series_id": "other"}, False),
    ],
)
def test_a_maker_s_model_of_its_family_and_size_gets_the_same(changes, held):
    parent = marked(**({"model_id": "parent", "maker": "meta", "is_maker": True, "value": 0.66} | changes))
    assert ("gets about the same" in told(marked(), whole=parent)) == held


def test_what_several_makers_get_is_not_odd_by_other_scores_alone():
    makers = [marked(model_id=f"m{i}", maker=f"maker{i}", is_maker=True, value=0.68) for i in range(3)]
    many, few = pd.concat(makers), pd.concat(makers[:2])
    unsized = marked(size=np.nan)
    assert "several makers" in told(unsized, sized=False, whole=many)
    assert told(unsized, sized=False, whole=few) == ""
    for unknown in (None, np.nan):
        assert "several makers" in told(unsized.assign(maker=unknown), sized=False, whole=many)
        assert told(unsized.assign(maker=unknown), sized=False, whole=few) == ""
    assert told(marked(), whole=many.assign(family="Qwen")) == ""


def test_other_scores_alone_need_more():
    assert "One opinion alone" in told(marked(size=np.nan), sized=False, q=0.02)
    assert told(marked(size=np.nan), sized=False, q=0.01) == ""


@pytest.mark.parametrize(
    ("value", "parent_value", "held"), [(0.992, 0.951, False), (0.992, 0.985, True), (0.7, 0.66, True)]
)
def test_near_the_end_of_a_test_a_model_with_many_times_the_errors_explains_nothing(value, parent_value, held):
    parent = marked(model_id="parent", maker="meta", is_maker=True, value=parent_value)
    assert ("gets about the same" in told(marked(value=value), whole=parent)) == held
