"""The course of a scoring run: which statistic comes after which.

Question  In what order are signals, sensitivity and summaries worked out, and what does the database receive?
Input     Evidence.
Output    scoring.results.Results: five frames with exactly the columns of the tables of the same names in data/schema.sql.
Method    Every signal of scoring/signals in alphabetical order, on one population; then scoring/sensitivity.py and
          scoring/summaries.py over their findings; scoring/answers over all of it.
Silent    Never: an empty statistic gives an empty frame with the right columns.
"""

import json
from functools import partial
from types import ModuleType

import pandas as pd

from scoring import sensitivity, signals, summaries
from scoring.answers import benchmark, documents, family, instead
from scoring.evidence import Evidence
from scoring.expected.population import Population
from scoring.groups import MapGroups, one_by_one
from scoring.results import FINDING, FIT, SIGNAL, TREND, Results, SignalRows
from scoring.signals import size_anomaly

# Seconds of the signals that take longest: they are begun first.
EFFORT = {
    "other_scores": 4.0,
    "saturation": 3.0,
    "outlook": 2.0,
    "size_anomaly": 2.0,
    "twin_gap": 1.5,
    "near_copies": 1.2,
}


def run(evidence: Evidence, map_groups: MapGroups = one_by_one) -> Results:
    """Run every signal, sensitivity and the summaries; raises what a signal raises."""
    population = Population(evidence, map_groups)
    modules = signals.discover()
    rows = _signals(population, modules)
    findings = _stack([r.findings for r in rows], FINDING)
    findings = _stack([findings, sensitivity.rerun(population, findings)], FINDING)
    findings = documents.lead(findings, evidence, size_anomaly.SIGNAL_ID)
    modules = modules | {sensitivity.SIGNAL_ID: sensitivity}
    described = [
        (name, m.TITLE, m.QUESTION, m.__doc__, json.dumps(m.THRESHOLDS, sort_keys=True), m.METHOD_VERSION)
        for name, m in modules.items()
    ]
    return Results(
        findings=findings,
        trends=_stack([r.trends for r in rows], TREND),
        fits=_stack([r.fits for r in rows], FIT),
        summaries=summaries.summarise(population, findings),
        signals=pd.DataFrame(described, columns=SIGNAL),
        answers=_answers(population, findings),
    )


def _signals(population: Population, modules: dict[str, ModuleType]) -> list[SignalRows]:
    """What every signal says, in the order of the modules."""
    # What several of them share is worked out before they go their ways.
    for shared in ("typed", "entries", "by_size", "opinions"):
        getattr(population, shared)
    effort = [EFFORT.get(name, 1.0) for name in modules]
    return population.map_groups(partial(_compute, population=population, modules=modules), list(modules), effort)


def _compute(name: str, population: Population, modules: dict[str, ModuleType]) -> SignalRows:
    return modules[name].compute(population)


def _answers(population: Population, findings: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables ANSWERS: what is said of one benchmark, of what to use instead, of one family or maker."""
    rows = benchmark.scores(population.evidence, findings)
    tests = benchmark.answers(rows, population.evidence.asof)
    return {
        "benchmark_answer": tests,
        "benchmark_alternative": instead.alternatives(benchmark.credible(rows), tests),
        "family_answer": family.answers(population),
        "maker": rows.loc[rows["is_maker"], ["developer", "maker"]].drop_duplicates("developer"),
    }


def _stack(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [frame[columns] for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
