"""Scores as records of Every Eval Ever, the shared JSON schema of the EvalEval coalition, and back.

Question  How do others read our scores, and we theirs, without a parser for each other's tables?
Input     rows of the view `scores` with facts of source and snapshot joined on (`records`); the text of a record
          (`read`).
Output    dicts of schema 0.3.0 (https://github.com/evaleval/every_eval_ever), one per source, model as printed and
          evaluator relationship, each with all its results; Reported and ReportedModel rows, text as printed.
Method    A score is written in the unit that its source printed, with that unit's bounds. Whatever the schema has no
          field for (the text as printed, setting, locator, licence) stands in its `additional_details` or `details`,
          which hold text only. Reading prefers that text; a record by others gives its numbers as its file prints them.
          The schema has no word for an unknown relationship: "other", and the details say "unknown".
Silent    A field that is not reported is left out, never filled. `read` raises LayoutChanged for anything else.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from data.vocabulary import EVALUATOR_RELATIONSHIPS, REPORTED_KINDS
from ingest.records import LayoutChanged, Reported, ReportedModel, read_number, shorten

VERSION = "0.3.0"
GROUP = ["source_id", "evaluator_relationship", "kind", "model_id", "model_reported"]
UNITS = {"fraction": ("proportion", 0, 1), "percent": ("percent", 0, 100), "rating": ("rating", None, None)}
UNITS |= {"points": ("points", None, None)}
NAMED_UNITS = {named: unit for unit, (named, _, _) in UNITS.items()}
STATED_RELATIONSHIPS = EVALUATOR_RELATIONSHIPS[:-1]  # the format has no word for "unknown"


def stated(**values: object) -> dict[str, str]:
    """Details as text, what is not reported left out."""
    return {k: str(v) for k, v in values.items() if v is not None and v != "" and not (v != v or v is pd.NaT)}


def score_in_unit(score: float, unit: str) -> float:
    """A stored score in the unit that was printed; percent through decimals, so that 0.6177 is 61.77 and not nearly."""
    return float(Decimal(repr(score)) * 100) if unit == "percent" else score


def moment(row: dict[str, Any]) -> str:
    """Unix seconds of the retrieval; for figures transcribed by hand the day on which they were last seen."""
    when = row["last_seen_date"] if pd.isna(row["retrieved_at"]) else row["retrieved_at"]
    return str(int(pd.Timestamp(when).timestamp()))


def result(row: dict[str, Any]) -> dict[str, Any]:
    """One score as an evaluation result."""
    named, low, high = UNITS[row["score_unit"]]
    score = score_in_unit(row["score"], row["score_unit"])
    out = {
        "evaluation_result_id": row["evaluation_id"],
        "evaluation_name": row["benchmark_reported"],
        "source_data": {
            "dataset_name": row["benchmark_name"],
            "source_type": "url",
            "url": [row["source_url"]],
            "additional_details": stated(
                benchmark_id=row["benchmark_id"], benchmark_version=row["benchmark_version"], licence=row["licence"],
                n_items=None if pd.isna(row["n_items"]) else int(row["n_items"]),
            ),
        },
        "metric_config": {
            "metric_id": row["metric"], "metric_name": row["metric"], "metric_unit": named,
            "lower_is_better": bool(row["is_lower_better"]), "score_type": "continuous", "min_score": low,
            "max_score": high,
        },
        "score_details": {
            "score": score,
            "details": stated(
                score_reported=row["score_reported"], uncertainty_reported=row["uncertainty_reported"],
                run=row["run"], locator=row["locator"], read_from=row["read_from"], note=row["note"],
                is_subset="yes" if row["is_subset"] else None, series_id=row["series_id"],
                first_seen_date=pd.Timestamp(row["first_seen_date"]).date(), data_problem=row["data_problem"],
            ),
        },
    }  # fmt: skip
    if not pd.isna(row["evaluated_date"]):
        out["evaluation_timestamp"] = pd.Timestamp(row["evaluated_date"]).date().isoformat()
    if setting := stated(setting=row["setting"]):
        out["generation_config"] = {"additional_details": setting}
    number, _, kind = (row["uncertainty_reported"] or "").partition(" ")
    width = read_number(number)
    if width is not None and kind == "stderr":
        out["score_details"]["uncertainty"] = {"standard_error": {"value": float(width)}}
    elif width is not None and kind == "ci95":
        middle = Decimal(repr(score))
        bounds = {"lower": float(middle - width), "upper": float(middle + width), "confidence_level": 0.95}
        out["score_details"]["uncertainty"] = {"confidence_interval": bounds}
    return out


def describe_model(row: dict[str, Any]) -> dict[str, Any]:
    """The model as its source names it, with its repository where one is known."""
    is_repository = row["model_id"] == f"hf:{row['model_reported']}".lower()
    weights = {True: "open_weights", False: "closed_weights", None: "unknown"}
    out = {
        "name": row["model_reported"],
        "id": row["model_reported"] if is_repository else row["model_id"].removeprefix("hf:"),
        "additional_details": {
            "deployment_type": "unknown",
            "model_availability": weights[row["is_open_weights"]],
        }
        | stated(
            model_id=row["model_id"], name_scheme="hf" if is_repository else None, kind=row["kind"],
            n_parameters=None if pd.isna(row["n_parameters"]) else int(row["n_parameters"]),
            size_precision=row["size_precision"],
        ),
    }  # fmt: skip
    return out | stated(developer=row["developer"])


def records(scores: pd.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    """Records with the path at which each belongs: data/<source>/<developer>/<model>/<uuid>.json.

    scores  rows of the view `scores`, with source_home (address of the source) and retrieved_at joined on
    """
    rows = scores.astype(object).where(scores.notna(), None)
    for key, part in rows.sort_values([*GROUP, "evaluation_id"]).groupby(GROUP, sort=True):
        found = part.to_dict("records")
        first = found[0]
        source_id, relationship, *_, name = key
        retrieved = max((moment(row) for row in found), key=int)
        record = {
            "schema_version": VERSION,
            "evaluation_id": f"{source_id}-{relationship}/{name.replace('/', '_')}/{retrieved}",
            "retrieved_timestamp": retrieved,
            "source_metadata": {
                "source_name": first["source_title"],
                "source_type": "documentation",
                "source_organization_name": first["attribution"],
                "source_organization_url": first["source_home"],
                "evaluator_relationship": relationship if relationship in STATED_RELATIONSHIPS else "other",
                "additional_details": stated(source_id=source_id, evaluator_relationship=relationship),
            },
            "eval_library": {"name": "unknown", "version": "unknown"},
            "model_info": describe_model(first),
            "evaluation_results": [result(row) for row in found],
        }
        # The schema asks for a random uuid; one that follows from the key makes a second export overwrite the first.
        digest = hashlib.sha256("\x1f".join(key).encode()).digest()
        folders = (source_id, first["developer"] or "unknown", name)
        path = "/".join(["data", *map(folder_name, folders), f"{uuid.UUID(bytes=digest[:16], version=4)}.json"])
        yield path, record


def folder_name(text: str) -> str:
    """A name that is safe as a folder on every system; the uuid beside it keeps two records apart."""
    return re.sub(r"[^A-Za-z0-9.-]+", "_", text).strip("._")[:80].rstrip(".") or "unnamed"


def as_text(record: dict[str, Any]) -> str:
    """A record as the text of its file."""
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read(text: str, snapshot_id: str) -> Iterator[Reported | ReportedModel]:
    """The scores of one record, and what it says of its model; raises LayoutChanged."""
    try:
        record = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
        if not record["schema_version"].startswith("0.3"):
            raise LayoutChanged(f"{shorten(record['schema_version'])!r} is not schema version 0.3.")
        rows = list(read_record(record, snapshot_id))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise LayoutChanged(f"This is not a record of Every Eval Ever {VERSION} ({type(error).__name__}).") from error
    yield from rows


def read_record(record: dict[str, Any], snapshot_id: str) -> Iterator[Reported | ReportedModel]:
    """Rows of a record whose numbers are text."""
    source, model = record["source_metadata"], record["model_info"]
    about = model.get("additional_details") or {}
    names = {
        "snapshot_id": snapshot_id, "model": model["name"], "name_scheme": about.get("name_scheme", ""),
        # Kinds that facts of ours give (demonstration) are not printed by a source; the facts give them again.
        "model_kind": about["kind"] if about.get("kind") in REPORTED_KINDS else "model",
    }  # fmt: skip
    relationship = (source.get("additional_details") or {}).get("evaluator_relationship")
    for found in record["evaluation_results"]:
        data, config, score = found["source_data"], found["metric_config"], found["score_details"]
        said, known = score.get("details") or {}, data.get("additional_details") or {}
        yield Reported(
            **names,
            benchmark=name_test(found["evaluation_name"], data["dataset_name"]),
            benchmark_version=known.get("benchmark_version", ""),
            metric=config.get("metric_id") or config.get("metric_name") or "",
            setting=((found.get("generation_config") or {}).get("additional_details") or {}).get("setting", ""),
            score_reported=said.get("score_reported") or score["score"],
            score_unit=read_unit(config),
            uncertainty=said.get("uncertainty_reported") or read_uncertainty(score),
            n_items=known.get("n_items") or data.get("samples_number") or "",
            run=said.get("run", ""),
            evaluator_relationship=relationship or source["evaluator_relationship"],
            read_from=said.get("read_from", "page"),
            evaluated_date=read_day(found.get("evaluation_timestamp", "")),
            is_subset=said.get("is_subset") == "yes",
            locator=said.get("locator") or f"result {found.get('evaluation_result_id') or found['evaluation_name']}",
            source_url=(data.get("url") or [""])[0],
            note=said.get("note", ""),
        )
    yield ReportedModel(
        **names,
        n_parameters=about.get("n_parameters", ""),
        parameter_unit="count" if about.get("n_parameters") else "",
        size_precision=about.get("size_precision", ""),
        developer=model.get("developer", ""),
        is_open_weights={"open_weights": "yes", "closed_weights": "no"}.get(str(about.get("model_availability")), ""),
    )


def name_test(name: str, dataset: str) -> str:
    """The test of a result: records by others may put their platform before the data set ("platform.test")."""
    return dataset if name.endswith(f".{dataset}") else name


def read_day(moment: str) -> str:
    """A moment of the schema as text of a day: seconds since 1970 become their day (UTC), a date stays as it is."""
    return datetime.fromtimestamp(int(moment), UTC).date().isoformat() if moment.isdecimal() else moment


def is_ours(text: str) -> bool:
    """Whether a record was written by `records`: its details carry our name of the source and of every series."""
    record = json.loads(text)
    details = record["source_metadata"].get("additional_details") or {}
    scores = [r["score_details"].get("details") or {} for r in record["evaluation_results"]]
    return "source_id" in details and all("series_id" in said for said in scores)


def read_retrieved(text: str) -> date:
    """The day on which a record says that its figures were retrieved (UTC); raises LayoutChanged."""
    try:
        return datetime.fromtimestamp(int(json.loads(text)["retrieved_timestamp"]), UTC).date()
    except (ValueError, KeyError, TypeError, OverflowError, OSError) as error:
        raise LayoutChanged("The record does not say when its figures were retrieved.") from error


def read_unit(config: dict[str, Any]) -> str:
    """The unit that a record states in words, else by its bounds; anything else is points of its own."""
    if config.get("metric_unit") in NAMED_UNITS:
        return NAMED_UNITS[config["metric_unit"]]
    low, high = (read_number(str(config.get(key))) for key in ("min_score", "max_score"))
    return "points" if low != 0 else "fraction" if high == 1 else "percent" if high == 100 else "points"


def read_uncertainty(score: dict[str, Any]) -> str:
    """A standard error that a record by others states; its intervals need not be symmetric and stay unread."""
    error = ((score.get("uncertainty") or {}).get("standard_error") or {}).get("value")
    return f"{error} stderr" if error else ""
