"""The figures that the project ships: built once from the starter data, then held against what is known of them."""

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import store
from building import course
from ingest import facts, gather, sources, starter
from ingest.gather import Folders
from reading import status
from tests import lakes

GOLDEN = Path(__file__).parent / "golden"
MODULES = sources.discover()
SAMPLED = sorted(p.parent.name for p in GOLDEN.glob("*/sample.csv"))


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    """All rows of the starter data and the facts, no snapshot of this machine among them."""
    return gather.gather(MODULES, Folders(snapshots=tmp_path_factory.mktemp("none")))


@pytest.fixture(scope="module")
def tables(gathered):
    return course.make_tables(facts.read(Folders().facts), MODULES, gathered)[0]


@pytest.fixture(scope="module")
def current(tables):
    rows = tables["evaluation"]
    rows = rows[rows["status"] == "current"]
    return rows.merge(tables["model"].drop(columns=["source_url"]), on="model_id")


@pytest.fixture(scope="module")
def connection(tables, tmp_path_factory):
    """The database of these tables, which are checked before they are written."""
    return store.connect(store.write(tables, lakes.place(tmp_path_factory.mktemp("built"))))


def test_the_tables_are_fit_to_be_served(connection, tables):
    (n,) = connection.execute("SELECT COUNT(*) FROM data.evaluation").fetchone()
    assert n == len(tables["evaluation"])


def test_every_score_leads_back_to_an_address(tables):
    assert tables["evaluation"]["source_url"].str.match(r"https?://").all()


def test_the_scale_that_the_readme_states_is_there(tables):
    headline = ~tables["evaluation"]["is_subset"] & (tables["evaluation"]["status"] != "superseded")
    assert headline.sum() >= 75_000
    assert tables["model"]["n_parameters"].notna().sum() >= 9_000


def test_under_two_percent_of_the_printed_values_are_rejected_and_each_says_why(tables):
    n_rejected, n_seen = len(tables["rejection"]), len(tables["sighting"])
    assert n_rejected / (n_rejected + n_seen) < 0.02
    assert tables["rejection"]["detail"].str.endswith(".").all()


def test_the_family_is_known_for_most_models(tables):
    models = tables["model"]
    models = models[models["kind"] == "model"]
    assert (models["family"] != "unknown").mean() >= 0.85


@pytest.mark.parametrize("source_id", SAMPLED)
def test_values_read_by_hand_or_by_other_means_stand_in_the_data_as_printed(gathered, source_id):
    """Printed value = stored score_reported, for every sampled value of every source."""
    if MODULES[source_id].SOURCE.facts_file is None and not MODULES[source_id].SOURCE.redistribute:
        return
    pages = gathered.snapshots.set_index("snapshot_id")
    rows = gathered.reported[gathered.reported["source_id"] == source_id]
    url, name = rows["snapshot_id"].map(pages["url"]), rows["snapshot_id"].map(pages["file_name"])
    columns = ("model", "run", "benchmark", "benchmark_version", "metric", "setting", "locator", "score_reported")
    stored = {
        (u, n, *values)
        for u, n, values in zip(url, name, rows[list(columns)].itertuples(index=False, name=None), strict=True)
    }
    with (GOLDEN / source_id / "sample.csv").open(encoding="utf-8", newline="") as file:
        sample = list(csv.DictReader(file))
    assert len(sample) >= min(200, len(rows))
    missing = [r for r in sample if (r["url"], Path(r["capture"]).name, *(r[c] for c in columns)) not in stored]
    assert missing == []


def test_a_run_in_two_copies_of_board_v1_is_one_evaluation(tables):
    rows = tables["evaluation"]
    v1 = rows[rows["source_id"] == "open_llm_leaderboard_v1"]
    assert (v1["n_sightings"] >= 3).sum() > 30_000
    assert (v1["status"] == "superseded").sum() < 10


def test_between_two_dated_versions_of_board_v2_only_the_rescored_test_changed_much(gathered):
    pages = gathered.snapshots.set_index("snapshot_id")
    rows = gathered.reported[gathered.reported["source_id"] == "open_llm_leaderboard_v2"]
    rows = rows.assign(file=rows["snapshot_id"].map(pages["file_name"]), model=rows["model"].str.casefold())
    key = ["model", "run", "benchmark"]
    old = rows[rows["file"] == "huggingface_v2_2024-12-31.csv"].set_index(key)["score_reported"].astype(float)
    new = rows[rows["file"] == "huggingface_v2_2025-03-21.csv"].set_index(key)["score_reported"].astype(float)
    both = pd.concat([old, new], axis=1, join="inner", keys=["old", "new"])
    changed = both[(both["old"] - both["new"]).abs() > 1e-9].groupby("benchmark").size().to_dict()
    assert changed.pop("MATH Lvl 5") == 2371
    assert max(changed.values()) <= 28


def test_board_v1_has_its_flags_the_right_way_round(tables):
    flagged = tables["model"][tables["model"]["maintainer_flag"].str.contains("v1", na=False)]
    assert "Contamination/contaminated_proof_7b_v1.0" in set(flagged["name"])
    assert 95 <= len(flagged) <= 109


def test_raw_scores_are_stored_and_never_the_normalised_ones(current):
    v2 = current[current["source_id"] == "open_llm_leaderboard_v2"]
    gpqa = v2[v2["benchmark_reported"] == "GPQA"]["score"]
    assert gpqa.min() > 0.2 and gpqa.max() < 0.6  # normalised values start at 0 for random guessing


def test_a_fraction_among_percentages_is_kept_as_printed_and_marked(current, tables):
    row = current[
        (current["source_id"] == "arxiv_tables")
        & current["model_reported"].str.contains("Falcon")
        & (current["score_reported"] == "0.61")
    ]
    assert len(row) == 1
    assert "may be a fraction" in row["data_problem"].iloc[0]
    level = tables["finding"].set_index("subject_id").loc[row["evaluation_id"].iloc[0], "level"]
    assert level == "check_data"


def test_no_size_is_zero_or_negative_and_floored_sizes_say_so(tables):
    models = tables["model"]
    assert (models["n_parameters"].dropna() > 0).all()
    assert models.loc[models["n_parameters"].notna(), "size_precision"].notna().all()


def test_every_release_of_a_renewed_test_is_its_own_benchmark(tables):
    versions = tables["benchmark"].loc[tables["benchmark"]["benchmark_id"].str.startswith("livebench"), "version"]
    assert versions.nunique() == 11
    assert tables["benchmark"].loc[tables["benchmark"]["benchmark_id"].str.startswith("livebench"), "is_dynamic"].all()


def test_an_earlier_day_shows_only_what_was_published_by_then(tmp_path):
    early = gather.gather(
        {"open_llm_leaderboard_v2": MODULES["open_llm_leaderboard_v2"]}, Folders(snapshots=tmp_path), date(2024, 12, 31)
    )
    assert early.snapshots["content_date"].max() == "2024-12-31"
    assert set(early.reported["snapshot_id"]) <= set(early.snapshots["snapshot_id"])


def test_the_starter_data_stays_small():
    assert sum(p.stat().st_size for p in starter.FOLDER.rglob("*.csv")) <= 30_000_000


def test_the_numbers_in_the_documents_are_those_of_the_starter_data(connection):
    """A figure in a document that no command reproduces is not true for long."""
    parts = status.blocks(status.summarise(connection))
    for name in status.DOCUMENTS:
        text = (status.ROOT / name).read_text(encoding="utf-8")
        assert status.fill(text, parts) == text, f"{name} is stale: run `python pipeline.py build` and `document`."
