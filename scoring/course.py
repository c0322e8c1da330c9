"""The course of a scoring run: which statistic comes after which.

Question  In what order are signals, sensitivity and summaries worked out, and what does the database receive?
Input     Evidence.
Output    scoring.results.Results: five frames with exactly the columns of the tables of the same names in data/schema.sql.
Method    Every signal of scoring/signals in alphabetical order, on one population; then, over their findings and at the
          same time, scoring/sensitivity.py, scoring/summaries.py and scoring/answers, which do not need each other.
Silent    Never: an empty statistic gives an empty frame with the right columns.
"""

import json
from functools import partial
from types import ModuleType

import pandas as pd

from scoring import sensitivity, signals, summaries
from scoring.answers import benchmark, documents, family, instead, makers, needed
from scoring.evidence import Evidence
from scoring.expected.population import Population
from scoring.groups import MapGroups, one_by_one
from scoring.results import FINDING, FIT, SIGNAL, TREND, Results, SignalRows
from scoring.signals import saturation, size_anomaly

# Seconds of the signals that take longest: they are begun first.
EFFORT = {
    "saturation": 3.5,
    "size_anomaly": 2.5,
    "other_scores": 2.0,
    "outlook": 1.5,
    "twin_gap": 1.3,
    "near_copies": 0.7,
}
# The same of what is said over the findings of all signals.
OVER_FINDINGS = {"sensitivity": 6.0, "benchmarks": 5.0, "families": 3.0, "summaries": 0.8}


def run(evidence: Evidence, map_groups: MapGroups = one_by_one) -> Results:
    """Run every signal, sensitivity and the summaries; raises what a signal raises."""
    population = Population(evidence, map_groups)
    modules = signals.discover()
    rows = _signals(population, modules)
    findings = _stack([r.findings for r in rows], FINDING)
    over = partial(_over, population=population, findings=findings)
    said = dict(
        zip(OVER_FINDINGS, population.map_groups(over, list(OVER_FINDINGS), [*OVER_FINDINGS.values()]), strict=True)
    )
    findings = _stack([findings, said["sensitivity"]["finding"]], FINDING)
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
        summaries=said["summaries"]["model_summary"],
        signals=pd.DataFrame(described, columns=SIGNAL),
        answers=said["benchmarks"] | said["families"],
    )


def _signals(population: Population, modules: dict[str, ModuleType]) -> list[SignalRows]:
    """What every signal says, in the order of the modules."""
    # What several of them share is worked out before they go their ways.
    for shared in ("typed", "entries", "by_size", "opinions"):
        getattr(population, shared)
    population.once(makers.of_entries)
    population.once(saturation.of_population)
    effort = [EFFORT.get(name, 1.0) for name in modules]
    return population.map_groups(partial(_compute, population=population, modules=modules), list(modules), effort)


def _compute(name: str, population: Population, modules: dict[str, ModuleType]) -> SignalRows:
    return modules[name].compute(population)


def _over(name: str, population: Population, findings: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What one of OVER_FINDINGS says, by the name of its table."""
    if name == "sensitivity":
        return {"finding": sensitivity.rerun(population, findings)}
    if name == "summaries":
        return {"model_summary": summaries.summarise(population, findings)}
    if name == "families":
        return {"family_answer": family.answers(population)}
    rows = benchmark.scores(population.evidence, findings, population.once(saturation.of_population))
    tests = benchmark.answers(rows, population.evidence.asof)
    tests = needed.of_answers(tests, population.by_size, population.evidence.asof)
    return {
        "benchmark_answer": tests,
        "benchmark_alternative": instead.alternatives(benchmark.credible(rows), tests),
        "maker": rows.loc[rows["is_maker"], ["developer", "maker"]].drop_duplicates("developer"),
    }


def _stack(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [frame[columns] for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
