"""Do scores survive the way through Every Eval Ever records, and are the records what the schema asks for?

The schema below is our own short form of version 0.3.0: required fields, words and types. With BENCHMARK_MIRROR set,
the published schema is used too.
"""

import json
import os
from pathlib import Path

import jsonschema
import pandas as pd
import pytest
from typer.testing import CliRunner

import pipeline
import store
from ingest import gather, interchange, records, starter
from ingest.records import LayoutChanged, Omitted, Reported, ReportedModel
from ingest.sources import own_records
from tests import lakes, tiny_store

TEXT = {"type": "string"}
TEXTS = {"type": "object", "additionalProperties": TEXT}


def whole(required, **optional):
    return {"type": "object", "required": list(required), "properties": required | optional}


RESULT = whole(
    {
        "evaluation_name": TEXT,
        "source_data": whole(
            {
                "dataset_name": TEXT,
                "source_type": {"const": "url"},
                "url": {"type": "array", "items": TEXT, "minItems": 1},
            },
            additional_details=TEXTS,
        ),
        "metric_config": whole(
            {
                "lower_is_better": {"type": "boolean"},
                "score_type": {"enum": ["binary", "continuous", "levels"]},
                "min_score": {"oneOf": [{"type": "number"}, {"const": "-Infinity"}]},
                "max_score": {"oneOf": [{"type": "number"}, {"const": "Infinity"}]},
            },
            metric_id=TEXT,
            metric_unit=TEXT,
        ),
        "score_details": whole({"score": {"type": "number"}}, details=TEXTS),
    },
    evaluation_timestamp=TEXT,
    generation_config={"type": "object", "properties": {"additional_details": TEXTS}},
)
SCHEMA = whole(
    {
        "schema_version": {"const": "0.3.0"},
        "evaluation_id": TEXT,
        "retrieved_timestamp": {"type": "string", "pattern": r"^\d+$"},
        "source_metadata": whole(
            {
                "source_type": {"enum": ["documentation", "evaluation_run"]},
                "source_organization_name": TEXT,
                "evaluator_relationship": {"enum": ["first_party", "third_party", "collaborative", "other"]},
            },
            additional_details=TEXTS,
        ),
        "eval_library": whole({"name": TEXT, "version": TEXT}),
        "model_info": whole(
            {
                "name": TEXT,
                "id": TEXT,
                "additional_details": TEXTS
                | whole(
                    {
                        "deployment_type": {"enum": ["self_deployed", "externally_managed", "unknown"]},
                        "model_availability": {"enum": ["open_weights", "closed_weights", "unknown"]},
                    }
                ),
            },
            developer=TEXT,
        ),
        "evaluation_results": {"type": "array", "items": RESULT, "minItems": 1},
    }
) | {"additionalProperties": False}


def published_schema():
    mirror = os.environ.get("BENCHMARK_MIRROR")
    path = Path(mirror) / "every-eval-ever" / "eval-0.3.0.schema.json" if mirror else None
    return [json.loads(path.read_text(encoding="utf-8"))] if path and path.exists() else []


PUBLISHED = published_schema()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Tables, and the exported records by path."""
    place = tmp_path_factory.mktemp("interchange")
    tables = tiny_store.tables()
    odd = tables["evaluation"].copy()
    # Every unit, relationship and kind of uncertainty at least once, and numbers that are hard to print.
    for row, values in enumerate(
        (
            {"uncertainty_reported": "1.9 ci95", "evaluator_relationship": "unknown", "setting": "5-shot"},
            {"uncertainty_reported": "0.8 stderr", "evaluator_relationship": "first_party", "note": "†"},
            {"score": 1 / 3, "score_reported": "1/3", "score_unit": "fraction", "is_subset": True},
            {"score": 0.6177, "score_reported": "61.770", "score_decimals": 3, "run": "bfloat16 main"},
            {"score": 0.29, "score_reported": "0.29", "score_unit": "fraction"},
        )
    ):
        for column, value in values.items():
            odd.loc[odd.index[row], column] = value
    tables |= {"evaluation": odd}
    database = lakes.place(place)
    store.write(tables, database)
    result = CliRunner().invoke(
        pipeline.app, ["interchange", "--out", str(place / "out")], env={store.ENVIRONMENT: database}
    )
    assert result.exit_code == 0, result.output
    texts = {p: p.read_text(encoding="utf-8") for p in sorted((place / "out").rglob("*.json"))}
    return tables, texts


@pytest.mark.parametrize("schema", [SCHEMA, *PUBLISHED], ids=lambda s: s.get("version", "short form"))
def test_every_record_is_what_the_schema_asks_for(written, schema):
    check = jsonschema.Draft7Validator(schema)
    for path, text in written[1].items():
        assert [e.message for e in check.iter_errors(json.loads(text))] == [], path


def test_a_record_that_breaks_the_schema_is_told(written):
    record = json.loads(next(iter(written[1].values())))
    del record["model_info"]["additional_details"]["deployment_type"]
    record["source_metadata"]["evaluator_relationship"] = "unknown"
    assert len(list(jsonschema.Draft7Validator(SCHEMA).iter_errors(record))) == 2


def test_every_current_score_that_may_be_passed_on_comes_back_as_it_was(written):
    tables, texts = written
    rows = [row for text in texts.values() for row in interchange.read(text, "s")]
    back = records.frame([r for r in rows if isinstance(r, Reported)], records.REPORTED_COLUMNS)
    accepted, refused = records.accept(back)
    assert refused.empty
    columns = {
        "model": "model_reported", "model_kind": "kind", "benchmark": "benchmark_reported", "metric": "metric",
        "setting": "setting", "score": "score", "score_decimals": "score_decimals", "score_reported": "score_reported",
        "score_unit": "score_unit", "uncertainty": "uncertainty_reported", "run": "run", "note": "note",
        "evaluator_relationship": "evaluator_relationship", "read_from": "read_from", "is_subset": "is_subset",
        "locator": "locator", "source_url": "source_url",
    }  # fmt: skip
    expected = tables["evaluation"].merge(tables["model"][["model_id", "kind"]], on="model_id")
    may = tables["source"].loc[tables["source"]["is_redistributable"], "source_id"]
    expected = expected[(expected["status"] == "current") & expected["source_id"].isin(may)]
    expected = expected[list(columns.values())].rename(columns={v: k for k, v in columns.items()}).fillna("")
    order = ["source_url", "locator", "benchmark", "model"]
    pd.testing.assert_frame_equal(
        accepted[list(columns)].sort_values(order).reset_index(drop=True),
        expected.sort_values(order).reset_index(drop=True),
        check_dtype=False, check_exact=True,
    )  # fmt: skip


def test_sizes_developers_and_names_of_models_come_back(written):
    tables, texts = written
    rows = [row for text in texts.values() for row in interchange.read(text, "s")]
    sizes = {r.model: r.n_parameters for r in rows if isinstance(r, ReportedModel)}
    known = tables["model"].set_index("name")["n_parameters"]
    assert len(sizes) == len(known)
    assert all(size == ("" if pd.isna(known[name]) else str(int(known[name]))) for name, size in sizes.items())


def test_ids_are_unique_and_paths_are_safe_whatever_a_model_is_called(written):
    texts = written[1]
    loaded = [json.loads(t) for t in texts.values()]
    assert len({r["evaluation_id"] for r in loaded}) == len(loaded)
    for path in texts:
        assert all(len(part) <= 80 for part in path.parts[-4:-1])
        assert "<" not in str(path) and path.parts[-5] == "data"


def test_figures_of_a_source_that_keeps_its_rights_are_not_exported(written):
    assert "Example Closed Board" not in "".join(written[1].values())


def test_a_record_by_others_is_read_with_its_numbers_as_printed():
    record = {
        "schema_version": "0.3.0",
        "source_metadata": {"evaluator_relationship": "third_party"},
        "model_info": {"name": "m", "id": "org/m", "developer": "org"},
        "evaluation_results": [
            {
                "evaluation_name": "Test",
                "source_data": {"dataset_name": "test", "source_type": "url", "url": ["https://a.example/x"]},
                "metric_config": {"lower_is_better": False, "min_score": 0, "max_score": 100},
                "score_details": {"score": 0.0, "uncertainty": {"standard_error": {"value": 0.5}}},
            }
        ],
    }
    score, about = interchange.read(json.dumps(record).replace('"score": 0.0', '"score": 61.770'), "s")
    assert (score.score_reported, score.score_unit, score.uncertainty) == ("61.770", "percent", "0.5 stderr")
    assert (score.evaluator_relationship, score.source_url) == ("third_party", "https://a.example/x")
    assert (about.model, about.developer, about.n_parameters) == ("m", "org", "")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema_version": "0.2.0"}', '{"schema_version": "0.3.0", "model_info": {}}']
)
def test_what_is_no_such_record_is_one_sentence(text):
    with pytest.raises(LayoutChanged) as error:
        list(interchange.read(text, "s"))
    assert str(error.value).endswith(".")


def brought(place: Path, folder: Path):
    """What `bring` says, and the rows that a build would read."""
    told = CliRunner().invoke(
        pipeline.app, ["bring", str(folder)], env={"BENCHMARK_SNAPSHOTS": str(place)}, catch_exceptions=False
    )
    none = starter.read_snapshots(place / "no starter")
    folders = gather.Folders(facts=place, starter=place, snapshots=place)
    rows, pages, problem, _ = gather.gather_source(own_records, none, folders, None)
    assert problem is None
    return told, rows, pages


def test_records_by_others_are_brought_in_whole_and_a_second_time_changes_nothing(tmp_path):
    golden = Path(__file__).parent / "golden" / "own_records"
    folder = tmp_path / "records" / "lab"
    folder.mkdir(parents=True)
    for path in golden.glob("lab__*.json"):
        (folder / path.name).write_bytes(path.read_bytes())
    told, rows, pages = brought(tmp_path / "snapshots", tmp_path / "records")
    assert told.exit_code == 0 and "3 new, 0 unchanged, 0 refused" in told.output
    assert sorted(rows[Reported]["score_reported"]) == ["0.6175", "61.5", "7.25"]
    assert {s.content_date for s in pages} == {"2025-06-15"}
    again, same, _ = brought(tmp_path / "snapshots", tmp_path / "records")
    assert "0 new, 3 unchanged" in again.output
    pd.testing.assert_frame_equal(same[Reported], rows[Reported])


def test_a_file_that_is_no_record_is_told_and_the_others_are_kept(tmp_path):
    good = Path(__file__).parent / "golden" / "own_records" / "lab__tiny-7b.json"
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "good.json").write_bytes(good.read_bytes())
    (folder / "cut.json").write_bytes(good.read_bytes()[:300])
    (folder / "undated.json").write_text(good.read_text().replace('"1750000001"', '"soon"'))
    told, rows, _ = brought(tmp_path / "snapshots", folder)
    assert told.exit_code == 1 and "1 new, 0 unchanged, 2 refused" in told.output
    assert "undated.json: The record does not say when its figures were retrieved." in told.output
    assert len(rows[Reported]) == 2


def test_scores_of_our_own_export_are_counted_and_not_read_twice(written, tmp_path):
    path = next(iter(written[1]))
    _, rows, _ = brought(tmp_path / "snapshots", path.parent)
    assert rows[Reported].empty
    assert rows[Omitted]["rule"].tolist() == [own_records.OURS]


if PUBLISHED:  # without a mirror it is not collected at all

    def test_the_published_example_is_read():
        mirror = Path(os.environ["BENCHMARK_MIRROR"]) / "every-eval-ever"
        score, about = interchange.read((mirror / "example-0.3-demo-model.json").read_text(encoding="utf-8"), "s")
        assert (score.benchmark, score.score_reported, score.score_unit) == ("demo_bench", "0.75", "fraction")
        assert about.developer == "demo-org"


@pytest.mark.parametrize(
    ("config", "unit"),
    [
        ({"metric_unit": "proportion", "min_score": "1", "max_score": "0"}, "proportion from 1 to 0"),
        ({"metric_unit": "", "min_score": "1", "max_score": "1"}, " from 1 to 1"),
        ({"metric_unit": "proportion", "score_type": "levels", "min_score": "0", "max_score": "1"}, "points"),
        ({"metric_unit": "proportion", "min_score": "0", "max_score": "1"}, "fraction"),
    ],
)
def test_bounds_that_leave_no_room_are_no_unit_and_the_number_of_a_level_is_no_share(config, unit):
    assert interchange.read_unit(config) == unit


def test_a_byte_order_mark_before_a_record_is_no_part_of_it():
    assert interchange.load('\ufeff{"schema_version": "0.3.0"}') == {"schema_version": "0.3.0"}
