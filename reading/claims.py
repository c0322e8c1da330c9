"""What the database holds about the models and tests of somebody's own numbers.

Question  Which stored fits, facts and findings concern this table?
Input     an open database and a frame with the text columns model and benchmark.
Output    the fields of scoring.brought.claims.Held, as a dictionary.
Method    Names are looked up in table alias by the key that the build wrote (ingest/facts.normalise).
Silent    Names that are not known are not in the dictionaries.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

import pandas as pd

import store
from data import test_names
from data.vocabulary import UNSIGNED_UNITS
from reading.exports import VERDICTS
from store import Where

SEPARATORS = re.compile("[\\s_\\-\u2010\u2011\u2013\u2014\u2212]+")

FACTORS = Where("signal_id", "=", "other_scores")  # factor models, one per board
HEADLINE = [Where("status", "=", "current"), Where("is_subset", "=", False), Where("unit", "=", "fraction")]

SIZED = ("model_id", "n_parameters", "n_active_parameters")
# Of the build's own findings: what they are about, what Held.found asks for, and what a page says of them.
FOUND = [
    *("evaluation_id", "model_id", "benchmark_id", "score", "expected", "expected_lower", "expected_upper", "residual_z"),
    *("p_value", "q_value", "level", "direction", "tier", "n_comparable", "reason", "level_alone", "reason_alone"),
    *("score_reported", "source_title"),
]  # fmt: skip


def key(name: str) -> str:
    """A name as table alias has it; the same as ingest/facts.normalise, which this room may not import (tested)."""
    return SEPARATORS.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


def known(connection: store.Connection, kind: str, names: Iterable[str]) -> dict[str, str]:
    """Printed name -> id, for the names that are known."""
    keys = {name: key(name) for name in set(names)}
    where = [Where("kind", "=", kind), Where("name_key", "in", tuple(sorted(set(keys.values()))))]
    rows = store.read(connection, "alias", ["name_key", "target_id"], where)
    target = dict(zip(rows["name_key"], rows["target_id"], strict=True))
    return {name: target[k] for name, k in keys.items() if k in target}


def known_tests(connection: store.Connection, names: Iterable[str]) -> dict[str, str]:
    """Printed name -> benchmark_id: by the name as it is, else without the shots and the metric that stand in it.

    A name that one source alone registered ("source:slug") gives way to a test of its own name.
    """
    found = known(connection, "benchmark", names)
    open_ = {name for name in set(names) if ":" in found.get(name, ":")}
    bare = {name: test_names.plain_name(name) for name in open_}
    more = known(connection, "benchmark", bare.values())
    return found | {name: more[plain] for name, plain in bare.items() if plain in more}


def held(connection: store.Connection, rows: pd.DataFrame) -> dict:
    """Fields of scoring.brought.claims.Held for a table; without columns model and benchmark nothing is held."""
    text = (
        rows.reindex(columns=["model", "benchmark"])
        .astype(object)
        .fillna("")
        .astype(str)
        .apply(lambda c: c.str.strip())
    )
    tests, models = known_tests(connection, text["benchmark"]), known(connection, "model", text["model"])
    about = [Where("model_id", "in", tuple(sorted(set(models.values()))))]
    on = [Where("benchmark_id", "in", tuple(sorted(set(tests.values()))))]
    # A list of ratings is a test per edition; who names the list means any of them.
    rated = store.read(connection, "series", ["benchmark_id"], [Where("unit", "=", "rating")])["benchmark_id"]
    editions = sorted({b for b in rated if b.partition("@")[0] in tests.values()} | set(tests.values()))
    return {
        "today": date.today(),
        "tests": tests,
        "models": models,
        "fits": fits(connection, on),
        "about": store.read(connection, "model", [*SIZED, "model_date", "date_basis"], about),
        "found": found(connection, [*about, Where("benchmark_id", "in", tuple(editions))]),
        "factors": store.read(connection, "fit", ["parameters"], [FACTORS])["parameters"].tolist(),
        "scores": store.read(connection, "scores", ["model_id", "series_id", "score"], [*about, *HEADLINE]),
    }


def evidence(connection: store.Connection, rows: pd.DataFrame) -> dict:
    """Fields of scoring.brought.expect.Held: all scores of the table's models, and of all models on the table's tests."""
    text = rows.reindex(columns=["model", "benchmark"]).astype(object).fillna("").astype(str)
    text = text.apply(lambda c: c.str.strip())
    tests, models = known_tests(connection, text["benchmark"]), known(connection, "model", text["model"])
    mine = Where("model_id", "in", tuple(sorted(set(models.values()))))
    columns = ["model_id", "benchmark_id", "score", "unit", "is_lower_better"]
    counted = [Where("status", "=", "current"), Where("is_subset", "=", False)]
    own = store.read(connection, "scores", columns, [*counted, mine])
    on = Where("benchmark_id", "in", tuple(sorted(set(tests.values()) | set(own["benchmark_id"]))))
    scores = store.read(connection, "scores", columns, [*counted, on])
    scores = scores[scores["unit"].isin(UNSIGNED_UNITS)]
    middle = scores.groupby(columns[:2] + columns[3:], as_index=False, observed=True)["score"].median()
    facts = [*SIZED, "model_date", "developer", "family"]
    about = store.read(connection, "model", facts)
    return {
        "tests": tests,
        "models": models,
        "scores": middle[columns],
        "about": about[about["model_id"].isin(set(middle["model_id"]) | set(models.values()))],
    }


def fits(connection: store.Connection, on: list[Where]) -> pd.DataFrame:
    """Fits of the chosen benchmarks with what a judgement needs beside them."""
    facts = store.read(connection, "benchmark", ["benchmark_id", "ceiling", "ceiling_high"], on)
    columns = ["series_id", "benchmark_id", "metric", "setting_group", "rerun_spread"]
    series = store.read(connection, "series", columns, [*on, Where("is_subset", "=", False)])
    pools = series.assign(series_id=series["benchmark_id"] + ":" + series["metric"], setting_group="")
    pools = pools.groupby("series_id", as_index=False).agg(
        {"benchmark_id": "first", "metric": "first", "setting_group": "first", "rerun_spread": "max"}
    )
    groups = pd.concat([series, pools]).merge(facts, on="benchmark_id").rename(columns={"setting_group": "setting"})
    wanted = [Where("signal_id", "=", "size_anomaly"), Where("group_id", "in", tuple(groups["series_id"]))]
    stored = store.read(connection, "fit", ["group_id", "tier", "n_rows", "parameters"], wanted)
    return stored.merge(groups, left_on="group_id", right_on="series_id").sort_values("group_id", ignore_index=True)


def found(connection: store.Connection, where: list[Where]) -> pd.DataFrame:
    """The build's own findings on these models and benchmarks, with the second opinion beside them."""
    rows = store.read(connection, "anomalies", FOUND, [*VERDICTS, *where], ["evaluation_id"])
    subjects = Where("subject_id", "in", tuple(rows["evaluation_id"]))
    second = store.read(
        connection,
        "finding",
        ["subject_id", "variant", "expected", "residual_z"],
        [Where("signal_id", "=", "other_scores"), subjects],
    )
    second = second.sort_values("variant", ascending=False).drop_duplicates("subject_id").set_index("subject_id")
    return rows.assign(
        second_opinion_expected=rows["evaluation_id"].map(second["expected"]),
        second_opinion_z=rows["evaluation_id"].map(second["residual_z"]),
        # Somebody who asks about one score is answered by its own p-value; the correction belongs to the list.
        level=rows["level_alone"],
        reasons=rows["reason_alone"],
        q_value=float("nan"),
    )
