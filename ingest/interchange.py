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
          A direction that a record states wins over its metric's name, and is then written into it.
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

from data import test_names, units
from data.test_names import read_test
from data.vocabulary import EVALUATOR_RELATIONSHIPS, REPORTED_KINDS, SHARE_UNITS
from ingest.records import LayoutChanged, Reported, ReportedModel, read_date, read_number, shorten

VERSION = "0.3.0"
GROUP = ["source_id", "evaluator_relationship", "kind", "model_id", "model_reported"]
# The schema's words for a bound that there is not; its own model refuses null where a score is continuous.
UNBOUNDED = ("-Infinity", "Infinity")
UNITS: dict[str, tuple[str, object, object]] = {"fraction": ("proportion", 0, 1), "percent": ("percent", 0, 100)}
UNITS |= {unit: (unit, *UNBOUNDED) for unit in ("rating", "points")}
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
# Names that a folder may not have: the schema's own, and those of devices.
RESERVED = re.compile(r"(?:data|con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
# Of a moment in seconds: an earlier one is a day ("20260501"), a year or no date, a later one is not in seconds.
FIRST_MOMENT = datetime(1990, 1, 1, tzinfo=UTC).timestamp()
LAST_MOMENT = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
# What stands around a repository's name where an id is the address of its page.
ADDRESS = re.compile(
    r"^(?:hf:|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/)(?=[^/]+/[^/]+)|/(?:tree/[\w./-]+)?$", re.IGNORECASE
)
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
    plain = re.sub(r"[^A-Za-z0-9.-]+", "_", text).strip("._")[:80].rstrip(".") or "unnamed"
    return f"{plain}_" if RESERVED.fullmatch(plain) else plain


def as_text(record: dict[str, Any]) -> str:
    """A record as the text of its file."""
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; raises LayoutChanged where it states one field twice, as nothing says which of them holds."""
    out = dict(pairs)
    if len(out) < len(pairs):
        twice = next(name for name, _ in pairs if [n for n, _ in pairs].count(name) > 1)
        raise LayoutChanged(f"{shorten(twice)!r} stands twice in one object of the JSON.")
    return out


def load(text: str) -> dict[str, Any]:
    """A record with its numbers as text; raises LayoutChanged for anything that is not a JSON object of version 0.3."""
    try:
        # Some editors begin a file with a mark of its byte order.
        plain = text.removeprefix("\ufeff")
        record = json.loads(plain, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=once)
        text.encode()
    except RecursionError as error:
        raise LayoutChanged("The JSON is nested too deeply for a record.") from error
    except ValueError as error:
        raise LayoutChanged(f"This is not JSON ({type(error).__name__}).") from error
    if not isinstance(record, dict):
        raise LayoutChanged(f"This is not a record of Every Eval Ever {VERSION}: it is no JSON object.")
    version = record.get("schema_version")
    if not isinstance(version, str) or not version.startswith("0.3"):
        raise LayoutChanged(f"{shorten(str(version))!r} is not schema version 0.3.")
    return record


def read(text: str, snapshot_id: str) -> Iterator[Reported | ReportedModel]:
    """The scores of one record, and what it says of its model; raises LayoutChanged."""
    record = load(text)
    try:
        rows = list(read_record(record, snapshot_id))
    except KeyError as error:
        raise LayoutChanged(f"This is not a record of Every Eval Ever {VERSION}: it has no {error.args[0]}.") from error
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise LayoutChanged(
            f"This is not a record of Every Eval Ever {VERSION} ({type(error).__name__}: {error})."
        ) from error
    if not any(isinstance(row, Reported) for row in rows):
        raise LayoutChanged("The record holds no result.")
    for row in rows:
        for name, value in vars(row).items():
            if not isinstance(value, str) and not (isinstance(value, bool) and name == "is_subset"):
                raise LayoutChanged(f"{name} is {shorten(json.dumps(value))}, where the schema has text or a number.")
            if isinstance(value, str) and re.search("[\ud800-\udfff]", value):
                raise LayoutChanged(f"{name} holds half a character (a lone surrogate).")
    yield from rows


def read_record(record: dict[str, Any], snapshot_id: str) -> Iterator[Reported | ReportedModel]:
    """Rows of a record whose numbers are text."""
    source, model = record["source_metadata"], record["model_info"]
    about = model.get("additional_details") or {}
    name, scheme = name_model(model, about)
    names = {
        "snapshot_id": snapshot_id, "model": name, "name_scheme": scheme,
        # Kinds that facts of ours give (demonstration) are not printed by a source; the facts give them again.
        "model_kind": about["kind"] if about.get("kind") in REPORTED_KINDS else "model",
    }  # fmt: skip
    relationship = (source.get("additional_details") or {}).get("evaluator_relationship")
    results = record["evaluation_results"]
    if not isinstance(results, list) or not all(isinstance(found, dict) for found in results):
        raise TypeError("evaluation_results is no list of objects")
    for found in results:
        data, config, score = found["source_data"], found["metric_config"], found["score_details"]
        said, known = score.get("details") or {}, data.get("additional_details") or {}
        benchmark = name_test(found["evaluation_name"], data["dataset_name"])
        stated = ((found.get("generation_config") or {}).get("additional_details") or {}).get("setting")
        in_name = read_test(benchmark)
        metric, of_metric = read_metric(config, benchmark) if is_named(config) else (in_name.metric, "")
        yield Reported(
            **names,
            benchmark=benchmark,
            benchmark_version=known.get("benchmark_version", ""),
            metric=metric,
            setting=stated or "; ".join(t for t in (in_name.setting, of_metric) if t),
            score_reported=said.get("score_reported") or read_value(score["score"], config),
            score_unit=read_unit(config, metric, benchmark),
            uncertainty=said.get("uncertainty_reported") or read_uncertainty(score),
            n_items=known.get("n_items") or data.get("samples_number") or "",
            run=said.get("run", ""),
            evaluator_relationship=relationship or source["evaluator_relationship"],
            read_from=said.get("read_from", "page"),
            evaluated_date=read_day(found.get("evaluation_timestamp") or ""),
            is_subset=said.get("is_subset") == "yes",
            locator=said.get("locator") or f"result {found.get('evaluation_result_id') or found['evaluation_name']}",
            source_url=read_address(data),
            note=said.get("note", ""),
        )
    yield ReportedModel(
        **names,
        n_parameters=about.get("n_parameters", ""),
        parameter_unit="count" if about.get("n_parameters") else "",
        size_precision=about.get("size_precision", ""),
        developer=model.get("developer") or "",
        is_open_weights={"open_weights": "yes", "closed_weights": "no"}.get(str(about.get("model_availability")), ""),
    )


def name_model(model: dict[str, Any], about: dict[str, Any]) -> tuple[str, str]:
    """A model's name and its scheme: the repository that its id is, else the printed name.

    The schema writes every model's id like a repository ("openai/gpt-4o" too), so it counts as one only where the weights
    are open. Our own records say it themselves (`model_id` in their details).
    """
    name, identifier = model["name"], ADDRESS.sub("", (as_words(model, "id") or "").strip())
    if "model_id" in about or about.get("model_availability") != "open_weights":
        return name, about.get("name_scheme", "")
    return (identifier, "hf") if REPOSITORY.fullmatch(identifier) else (name, about.get("name_scheme", ""))


def as_words(part: dict[str, Any], name: str) -> str | None:
    """A field that is text, or a number as text, None where there is none; raises TypeError for anything else."""
    value = part.get(name)
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"{name} is {shorten(json.dumps(value))} and no text")


def is_named(config: dict[str, Any]) -> bool:
    """Whether a record names its metric."""
    return bool(config.get("metric_id") or config.get("metric_name"))


def read_metric(config: dict[str, Any], benchmark: str) -> tuple[str, str]:
    """The metric, with the direction that the record states where its name says another one or none, and the setting that a
    harness puts into its name ("exact_match,strict-match").
    """
    metric, setting = test_names.read_metric(as_words(config, "metric_id") or as_words(config, "metric_name") or "")
    is_lower_better = config.get("lower_is_better")
    if not isinstance(is_lower_better, bool):
        raise TypeError("lower_is_better is neither true nor false")
    return units.name_direction(metric, is_lower_better, benchmark), setting


def read_value(score: object, config: dict[str, Any]) -> str:
    """A score's text. What is no number keeps its JSON text, so that the build rejects this one value with it.

    Of scores that are levels, -1 stands for an unknown level.
    """
    if (
        config.get("score_type") == "levels"
        and config.get("has_unknown_level") is not False
        and str(score) in ("-1", "-1.0")
    ):
        return f"{score} (unknown level)"
    return score if isinstance(score, str) else shorten(json.dumps(score))


def read_address(data: dict[str, Any]) -> str:
    """Where a result can be seen: the first web address of a list, an address given as text, or the data set's page."""
    given = data.get("url") or []
    listed = [given] if isinstance(given, str) else given
    if repository := data.get("hf_repo"):
        listed = [*listed, f"https://huggingface.co/datasets/{repository}"]
    return next((a for a in listed if isinstance(a, str) and re.match(r"https?://\S+$", a, re.IGNORECASE)), "")


def name_test(name: str, dataset: str) -> str:
    """The test of a result: records by others may put their platform before the data set ("platform.test")."""
    return dataset if name.endswith(f".{dataset}") else name


def read_moment(text: object) -> date | None:
    """The day (UTC) of a moment of the schema: seconds since 1970, whole or with a fraction; else a day as printed."""
    seconds = read_number(text) if isinstance(text, str) else None
    if isinstance(text, str) and (seconds is None or re.fullmatch(r"(?:19|20)\d{6}", text.strip())):
        return read_date(text)
    if seconds is None or not FIRST_MOMENT <= seconds < LAST_MOMENT:
        return None
    return datetime.fromtimestamp(float(seconds), UTC).date()


def read_day(moment: str) -> str:
    """A moment of the schema as text of a day; what cannot be read stays as it is."""
    day = read_moment(moment)
    return day.isoformat() if day else moment


def is_ours(text: str) -> bool:
    """Whether a record was written by `records`: its details carry our name of the source and of every series."""
    record = load(text)
    details = record["source_metadata"].get("additional_details") or {}
    scores = [r["score_details"].get("details") or {} for r in record["evaluation_results"]]
    return "source_id" in details and all("series_id" in said for said in scores)


def read_retrieved(text: str) -> date:
    """The day on which a record says that its figures were retrieved (UTC); raises LayoutChanged."""
    told = load(text).get("retrieved_timestamp")
    day = read_moment(told)
    if day is None:
        found = f" {shorten(json.dumps(told))} is no day and no moment in seconds." if told else ""
        raise LayoutChanged(f"The record does not say when its figures were retrieved.{found}")
    return day


def read_unit(config: dict[str, Any], metric: str = "", benchmark: str = "") -> str:
    """The unit that a record states in words, else by its bounds; anything else is points of its own.

    Words and bounds that contradict each other ("percent" from 0 to 1), or an upper bound that is no higher than the lower
    one, are no unit: the value is then rejected with them. The number of a level ("2" of low, middle, high) is no share.
    """
    if config.get("score_type") == "levels":
        return "points"
    low, high = (read_number(str(config.get(key))) for key in ("min_score", "max_score"))
    by_bounds = None if low != 0 else "fraction" if high == 1 else "percent" if high == 100 else None
    word = as_words(config, "metric_unit") or ""
    stated = units.read_unit(word) or ""
    is_empty = low is not None and high is not None and low >= high
    if {stated, by_bounds} == {*SHARE_UNITS} or is_empty:
        return f"{word} from {low} to {high}"
    told = stated or by_bounds or "points"
    return f"{told} of {metric or benchmark}" if units.contradiction(told, metric, benchmark) else told


def read_uncertainty(score: dict[str, Any]) -> str:
    """A standard error that a record by others states; its intervals need not be symmetric and stay unread."""
    error = ((score.get("uncertainty") or {}).get("standard_error") or {}).get("value")
    return f"{error} stderr" if isinstance(error, str) and error else ""
