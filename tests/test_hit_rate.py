"""The published hit rate belongs to the data and the method that it stands beside."""

import pytest

from bench import hit_rate


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
