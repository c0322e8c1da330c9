"""The course of a scoring run: which statistic comes after which.

Question  In what order are signals, sensitivity and summaries worked out, and what does the database receive?
Input     Evidence.
Output    scoring.results.Results: five frames with exactly the columns of the tables of the same names in data/schema.sql.
Method    Every signal of scoring/signals in alphabetical order, on one population; then scoring/sensitivity.py and
          scoring/summaries.py over their findings; scoring/answers over all of it.
Silent    Never: an empty statistic gives an empty frame with the right columns.
"""

import json

import pandas as pd

from scoring import sensitivity, signals, summaries
from scoring.answers import benchmark, family, instead
from scoring.evidence import Evidence
from scoring.expected.population import Population
from scoring.groups import MapGroups, one_by_one
from scoring.results import FINDING, FIT, SIGNAL, TREND, Results


def run(evidence: Evidence, map_groups: MapGroups = one_by_one) -> Results:
    """Run every signal, sensitivity and the summaries; raises what a signal raises."""
    population = Population(evidence, map_groups)
    modules = signals.discover()
    rows = [module.compute(population) for module in modules.values()]
    findings = _stack([r.findings for r in rows], FINDING)
    findings = _stack([findings, sensitivity.rerun(population, findings)], FINDING)
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
