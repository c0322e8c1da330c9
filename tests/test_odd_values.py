"""Does any odd value in any field of a row end a build, on its whole way from a page to a checked database?"""

from dataclasses import fields, replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

import store
from building import course
from ingest import facts, gather, snapshots, sources
from ingest.records import Omitted, Page, Reported, ReportedModel, frame
from tests.odd_values import ALL

SOURCE = "squad"
SNAPSHOT = "feedfacefeedface"
OURS = ("snapshot_id", "is_subset")  # a parser sets these; what is odd there is a slip of our own


def good(n, **changes):
    """A row that is right but for some fields."""
    row = Reported(
        snapshot_id=SNAPSHOT, model=f"m{n}", benchmark="GSM8K", score_reported=f"{10 + n % 80}.5", score_unit="percent",
        locator="row",
    )  # fmt: skip
    return replace(row, **changes)


def odd_rows():
    """Forty good rows, then one row for each odd value in each field of a score and of a model."""
    rows = [good(n) for n in range(40)]
    for field in fields(Reported):
        rows += [good(len(rows) + n, **{field.name: value}) for n, value in enumerate(ALL) if field.name not in OURS]
    about = []
    for field in fields(ReportedModel):
        for value in ALL if field.name not in OURS else ():
            rows.append(good(len(rows)))
            about.append(replace(ReportedModel(snapshot_id=SNAPSHOT, model=rows[-1].model), **{field.name: value}))
    return rows, about


def page():
    return Page(
        name="x.json", body=b"{}", url="https://board.example/", content_date=date(2024, 1, 1), date_basis="content",
        snapshot_id=SNAPSHOT, licence="MIT",
    )  # fmt: skip


def gathered(module, rows):
    """What a build would gather where the source's parser gives these rows."""
    found = gather.parse(SimpleNamespace(SOURCE=module.SOURCE, parse=lambda pages: rows), [page()])
    frames = {k: frame(v, gather.LISTS[k]).drop_duplicates().assign(source_id=SOURCE) for k, v in found.items()}
    about = {
        "snapshot_id": SNAPSHOT, "source_id": SOURCE, "bundle": "b", "file_name": "x.json", "url": page().url,
        "content_date": "2024-01-01", "date_basis": "content", "retrieved_at": "2024-01-02T00:00:00", "sha256": "0" * 64,
        "n_bytes": 2, "licence": "MIT",
    }  # fmt: skip
    listed = pd.DataFrame([about])[list(snapshots.COLUMNS)]
    return gather.Gathered(frames[Reported], frames[ReportedModel], frames[Omitted], listed, {})


def test_every_odd_value_in_every_field_ends_as_a_score_or_a_rejection_and_never_a_build():
    module, (rows, about) = sources.discover()[SOURCE], odd_rows()
    assert len(ALL) > 150 and len(rows) > 6000
    tables, _ = course.make_tables(facts.read(gather.FACTS), {SOURCE: module}, gathered(module, [*rows, *about]))
    store.validate(tables)
    n_repeats = tables["omission"].loc[tables["omission"]["rule"].str.contains("printed twice"), "n_values"].sum()
    assert len(tables["sighting"]) + len(tables["rejection"]) + n_repeats >= len(set(map(repr, rows)))
    kept = tables["evaluation"].set_index("model_reported")["score"]
    assert [n for n in range(40) if kept.get(f"m{n}") != pytest.approx((10 + n % 80 + 0.5) / 100)] == []
    assert tables["rejection"]["reason"].ne("").all() and len(tables["rejection"]) > 300


@pytest.mark.parametrize("changes", [{"snapshot_id": "other"}, {"is_subset": None}, {"is_subset": []}])
def test_a_slip_of_a_parser_that_would_end_the_build_stops_at_its_source(changes):
    with pytest.raises(TypeError):
        gathered(sources.discover()[SOURCE], [good(1), good(2, **changes)])
