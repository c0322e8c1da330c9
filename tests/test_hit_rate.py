"""The published hit rate belongs to the data and the method that it stands beside."""

import numpy as np
import pandas as pd
import pytest

from bench import hit_rate, model_level


@pytest.mark.parametrize("test", list(hit_rate.ITEMS))
def test_newer_base_models_are_not_all_high_once_their_date_counts(test):
    table = hit_rate.by_date(test)
    newer, older = table[table["is_newer"]], table[~table["is_newer"]]
    assert len(newer) == 14 and len(older) == 17
    # By size alone nearly every newer model is above what is expected, and nearly no older one.
    assert (newer["z_size"] > 0).mean() > 0.9 and (older["z_size"] > 0).mean() < 0.2
    assert 0.35 <= (newer["z_size_and_date"] > 0).mean() <= 0.65
    assert 0.35 <= (older["z_size_and_date"] > 0).mean() <= 0.65
    assert newer["is_above_size_and_date"].mean() <= 0.1


def verdicts():
    """Two hundred models, of which the ten rarest high ones are marked by a board, and one marked model is rare on the low side."""
    n = 200
    p = np.linspace(0.001, 0.9, n)
    is_marked = np.arange(n) < 10
    is_marked[10] = True
    return pd.DataFrame(
        {
            "model_id": [f"m{i:03d}" for i in range(n)],
            "p_value": p,
            "direction": np.where(np.arange(n) == 10, "low", "high"),
            "level": np.where(p < 0.03, "unusual", "usual"),
            "is_marked": is_marked,
        }
    )


def test_verdicts_on_models_are_ranked_by_how_rare_they_are_on_the_high_side(monkeypatch):
    monkeypatch.setattr(hit_rate, "DRAWS", 2)
    lines, rate = model_level.ranked(verdicts())
    point = {line["metric"]: line["value"] for line in lines if line["seed"] == -1}
    assert rate == pytest.approx(11 / 200) and point["recall_at_1%"] == pytest.approx(10 / 11)
    assert point["precision_at_50"] == pytest.approx(10 / 50) and {line["seed"] for line in lines} == {-1, 0, 1}


def test_named_models_are_counted_by_whether_a_board_marked_them_and_who_made_them():
    counts = model_level.named(verdicts(), {"m000", "m150"})
    assert (counts["models, marked"], counts["named, marked"]) == (11, 7)
    assert (counts["models, others"], counts["named, others"]) == (189, 0)
    assert (counts["models, makers' own"], counts["named, makers' own"]) == (2, 1)
