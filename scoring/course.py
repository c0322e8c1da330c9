"""The course of a scoring run: which statistic comes after which.

Question  In what order are signals, sensitivity and summaries worked out, and what does the database receive?
Input     Evidence.
Output    scoring.results.Results: frames with exactly the columns of the tables of the same names in data/schema.sql; or
          the same in parts, each as its keeper left it (`parts`).
Method    Both opinions on every score, by size and date and by other scores; then every signal of scoring/signals, and the
          answers on families; then, over the verdicts of READ_AGAIN, scoring/sensitivity.py, scoring/summaries.py and the
          answers on benchmarks. What stands side by side here does not need each other, and is done at the same time where
          there are processors.
Silent    Never: an empty statistic gives an empty frame with the right columns.
"""

import json
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

import pandas as pd

from scoring import sensitivity, signals, summaries
from scoring.answers import benchmark, documents, family, instead, makers, needed
from scoring.evidence import Evidence
from scoring.expected.population import Population
from scoring.groups import MapGroups, one_by_one
from scoring.results import ANSWERS, FINDING, SIGNAL, STACKED, Results
from scoring.signals import ceiling, size_anomaly

FAMILIES = "families"  # the answers that need no finding, and so are worked out beside the signals
# Seconds of what takes longest, which is begun first.
EFFORT = {
    "size_anomaly": 5.0,
    "saturation": 4.5,
    FAMILIES: 3.5,
    "outlook": 2.5,
    "other_scores": 2.3,
    "twin_gap": 1.8,
    "near_copies": 1.0,
}
# The same of what is said over the verdicts of READ_AGAIN.
OVER_FINDINGS = {"benchmarks": 7.0, "sensitivity": 5.5, "summaries": 0.8}


# Signals whose verdicts these read, and what they read of them: all but the sentences, which are most of their bytes.
READ_AGAIN = (size_anomaly.SIGNAL_ID, ceiling.SIGNAL_ID)
VERDICT = [column for column in FINDING if column not in ("reason", "reason_alone")]
Keep = Callable[
    [str, pd.DataFrame], Any
]  # takes rows of the table of this name, gives what stands for them from then on


def run(evidence: Evidence, map_groups: MapGroups = one_by_one) -> Results:
    """Run every signal, sensitivity and the summaries; raises what a signal raises."""
    found = parts(evidence, as_they_are, map_groups, map_groups)
    stacked = {name: _stack(found[name], columns) for name, columns in STACKED.items()}
    return Results(
        findings=stacked["finding"],
        trends=stacked["trend"],
        fits=stacked["fit"],
        summaries=found["model_summary"][0],
        signals=found["signal"][0],
        answers={name: found[name][0] for name in ANSWERS},
    )


def as_they_are(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The simplest keeper."""
    return rows


def parts(evidence: Evidence, keep: Keep, map_groups: MapGroups, each_apart: MapGroups) -> dict[str, list]:
    """What the tables receive, by table: one part for every statistic that has rows for it.

    keep        is given each part where it is made, so that the rows of one statistic need not wait in memory for those
                of the next
    each_apart  works out the statistics, which are few and take much memory; map_groups the many small groups within them
    """
    population = Population(evidence, map_groups)
    modules = signals.discover()
    # What several of them share is worked out before they go their ways.
    population.hear_opinions(each_apart)
    population.once(makers.of_entries)
    compute = partial(_compute, population=population, modules=modules, keep=keep)
    names = [*modules, FAMILIES]
    said = each_apart(compute, names, [EFFORT.get(name, 0.5) for name in names])
    verdicts = pd.concat([one.pop("verdict") for one in said if "verdict" in one], ignore_index=True)
    over = partial(_over, population=population, verdicts=verdicts, keep=keep)
    said += each_apart(over, list(OVER_FINDINGS), [*OVER_FINDINGS.values()])
    modules = modules | {sensitivity.SIGNAL_ID: sensitivity}
    described = [
        (name, m.TITLE, m.QUESTION, m.__doc__, json.dumps(m.THRESHOLDS, sort_keys=True), m.METHOD_VERSION)
        for name, m in modules.items()
    ]
    found: dict[str, list] = {name: [] for name in STACKED}
    for one in [*said, {"signal": keep("signal", pd.DataFrame(described, columns=SIGNAL))}]:
        for table, part in one.items():
            found.setdefault(table, []).append(part)
    return found


def _compute(name: str, population: Population, modules: dict[str, ModuleType], keep: Keep) -> dict[str, Any]:
    """What one signal, or the answers on families, say, by the name of its table; "verdict" holds the columns VERDICT of
    READ_AGAIN.
    """
    if name == FAMILIES:
        return {"family_answer": keep("family_answer", family.answers(population))}
    rows = modules[name].compute(population)
    findings, told = rows.findings, {}
    if name in READ_AGAIN:
        told["verdict"] = findings[VERDICT]
    if name == size_anomaly.SIGNAL_ID:
        findings = documents.lead(findings, population.evidence, name)
    tables = {"finding": findings, "trend": rows.trends, "fit": rows.fits}
    return told | {table: keep(table, frame[STACKED[table]]) for table, frame in tables.items() if len(frame)}


def _over(name: str, population: Population, verdicts: pd.DataFrame, keep: Keep) -> dict[str, Any]:
    """What one of OVER_FINDINGS says, by the name of its table."""
    if name == "sensitivity":
        findings = sensitivity.rerun(population, verdicts)
        return {"finding": keep("finding", findings)} if len(findings) else {}
    if name == "summaries":
        return {"model_summary": keep("model_summary", summaries.summarise(population, verdicts))}
    rows = benchmark.scores(population.evidence, verdicts)
    tests = benchmark.answers(rows, population.evidence.asof)
    tests = needed.of_answers(tests, population.by_size, population.evidence.asof)
    domains = population.evidence.evaluations.drop_duplicates("benchmark_id").set_index("benchmark_id")["domain"]
    tables = {
        "benchmark_answer": tests,
        "benchmark_alternative": instead.alternatives(benchmark.credible(rows), tests, domains),
        "maker": rows.loc[rows["is_maker"], ["developer", "maker"]].drop_duplicates("developer"),
    }
    return {table: keep(table, frame) for table, frame in tables.items()}


def _stack(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [frame[columns] for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
