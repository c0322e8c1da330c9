"""A source that suddenly says much less says what it said in the last build; one that lost a little does not."""

import pandas as pd
import pytest

from building import last_good
from ingest import records, snapshots, starter
from ingest.gather import Gathered


class Module:
    class SOURCE:
        title = "Board"
        shrank_on = ()


class Looked:
    class SOURCE:
        title = "Board"
        shrank_on = ("2026-11-20",)


def gathered(sizes, day="2026-11-01", n_models=10):
    """So many scores of each source, all of one page."""
    frames = {}
    empty = {
        "reported": [*records.REPORTED_COLUMNS, "source_id"], "models": [*records.MODEL_COLUMNS, "source_id"],
        "omitted": [*starter.OMISSION_COLUMNS, "source_id"], "snapshots": list(snapshots.COLUMNS),
    }  # fmt: skip
    rows = {
        "reported": [
            {"source_id": s, "model": f"m{i}", "is_subset": False} for s, n in sizes.items() for i in range(n)
        ],
        "models": [{"source_id": s, "model": f"m{i}", "run": ""} for s in sizes for i in range(n_models)],
        "omitted": [{"source_id": s, "n_values": 3} for s in sizes],
        "snapshots": [{"source_id": s, "content_date": day, "n_bytes": 1} for s in sizes],
    }
    for kind, columns in empty.items():
        frame = pd.DataFrame(rows[kind]).reindex(columns=columns)
        text = [c for c in columns if c not in ("is_subset", "n_values", "n_bytes")]
        frames[kind] = frame.astype({c: "str" for c in text}).fillna(dict.fromkeys(text, ""))
    return Gathered(**frames, problems={})


def evaluations(sizes, n_removed=0):
    return pd.DataFrame(
        [
            {"source_id": s, "status": "removed" if i < n_removed else "current"}
            for s, n in sizes.items()
            for i in range(n)
        ],
        columns=["source_id", "status"],
    )


def keep(place, sizes, **more):
    found = gathered(sizes, **more)
    write(found, last_good.count(found, evaluations(sizes)), place)
    return found


def write(found, counts, place):
    with last_good.renewed(place) as fresh:
        last_good.leave(found, fresh)
        last_good.tell(counts, fresh)


def held(place, sizes, module=Module, accepted=(), n_removed=0, **more):
    found = gathered(sizes, **more)
    return last_good.hold(
        found, evaluations(sizes, n_removed), dict.fromkeys(("one", "two"), module), place, accepted
    )  # fmt: skip


def test_a_source_that_lost_over_a_fifth_says_what_it_said_and_the_others_what_they_say(tmp_path):
    before = keep(tmp_path, {"one": 100, "two": 50})
    after, names = held(tmp_path, {"one": 79, "two": 51})
    assert names == ("one",)
    assert after.reported["source_id"].value_counts().to_dict() == {"one": 100, "two": 51}
    assert "gave 79 scores where the last build had 100" in after.problems["one"]
    assert "build --accept one" in after.problems["one"]
    for kind in last_good.KINDS:
        mine, old = (getattr(g, kind) for g in (after, before))
        pd.testing.assert_frame_equal(
            mine[mine["source_id"] == "one"].reset_index(drop=True),
            old[old["source_id"] == "one"].reset_index(drop=True),
        )


def test_what_is_no_loss_changes_nothing(tmp_path):
    assert held(tmp_path, {"one": 1})[1] == ()  # the first build
    keep(tmp_path, {"one": 100})
    assert held(tmp_path, {"one": 80})[1] == ()
    assert held(tmp_path, {"one": 120})[1] == ()
    assert held(tmp_path, {"one": 10}, accepted=["one"])[1] == ()


def test_a_source_that_says_nothing_any_more_is_held_too(tmp_path):
    keep(tmp_path, {"one": 100, "two": 10})
    after, names = held(tmp_path, {"one": 100})
    assert names == ("two",)
    assert (after.snapshots["source_id"] == "two").sum() == 1


def test_scores_that_no_longer_stand_and_models_count_as_well(tmp_path):
    keep(tmp_path, {"one": 100})
    assert "70 scores that stand" in held(tmp_path, {"one": 100}, n_removed=30)[0].problems["one"]
    assert "7 described models" in held(tmp_path, {"one": 100}, n_models=7)[0].problems["one"]


def test_a_page_that_a_person_looked_at_may_shrink_once(tmp_path):
    keep(tmp_path, {"one": 100})
    assert held(tmp_path, {"one": 100}, Looked, n_removed=30, day="2026-11-21")[1] == ()
    assert held(tmp_path, {"one": 100}, Looked, n_removed=30, day="2026-11-02")[1] == ("one",)
    assert held(tmp_path, {"one": 70}, Looked, day="2026-11-21")[1] == ("one",)


def test_a_held_source_stays_held_until_it_recovers(tmp_path):
    keep(tmp_path, {"one": 100})
    for _ in range(2):
        after, names = held(tmp_path, {"one": 10})
        assert names == ("one",)
        write(after, last_good.count(after, evaluations({"one": 100}), names), tmp_path)
        assert len(last_good.with_held(gathered({"one": 10}), tmp_path).reported) == 100
    assert held(tmp_path, {"one": 90})[1] == ()


def test_a_build_that_ends_badly_keeps_what_was_kept(tmp_path):
    keep(tmp_path, {"one": 100})
    small = gathered({"one": 5})
    with pytest.raises(OSError, match="full"), last_good.renewed(tmp_path) as fresh:
        last_good.leave(small, fresh)
        last_good.tell(last_good.count(small, evaluations({"one": 5})), fresh)
        raise OSError("full")
    assert last_good.read_counts(tmp_path)["one"].scores == 100
    assert [p.name for p in tmp_path.iterdir()] == [last_good.FOLDER]


@pytest.mark.parametrize("fault", ["counts", "rows", "columns"])
def test_what_was_kept_by_another_version_or_is_damaged_counts_as_nothing(tmp_path, fault):
    keep(tmp_path, {"one": 100})
    if fault == "counts":
        (tmp_path / last_good.FOLDER / last_good.COUNTS).write_text('{"one": [1]}', encoding="utf-8")
    elif fault == "rows":
        (tmp_path / last_good.FOLDER / "one" / "models.parquet").write_bytes(b"PAR1")
    else:
        path = tmp_path / last_good.FOLDER / "one" / "reported.parquet"
        pd.read_parquet(path).drop(columns="note").to_parquet(path)
    after, names = held(tmp_path, {"one": 10})
    assert names == ()
    assert len(after.reported) == 10
