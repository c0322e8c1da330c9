"""The published hit rate belongs to the data and the method that it stands beside."""

import csv

from bench import hit_rate


def test_the_hit_rate_is_no_older_than_its_inputs():
    with hit_rate.OUT.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows and list(rows[0]) == hit_rate.COLUMNS
    assert {row["inputs_sha256"] for row in rows} == {hit_rate.inputs_sha256()}, f"Stale; run: {hit_rate.COMMAND}"
