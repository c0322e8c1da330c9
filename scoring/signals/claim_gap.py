"""Claim against check: a maker's own number beside an independent one for the same model and test.

Question  Is the maker's number further from an independent number than makers' numbers usually are?
Input     Evidence; used are headline scores (fractions) of first and third parties, and numbers of questions.
Output    One finding per first-party score that has a third-party partner: observed, expected from the partner and
          the 90% range (fractions), residual_z, p_value, q_value, level, direction, sentence, other_evaluation_id.
Method    scoring/verdict/pairs.py over all such pairs of a benchmark and metric (empirical null: Efron 2004). The partner is
          of the same series where there is one (tier A), else of the same benchmark and metric (B); of several, the one of
          the highest effort, since makers print what a model does at its best, then the first seen. Set-ups differ, which the measured spread of the pairs contains; a run that thinks is never paired
          with one that does not, nor one with tools with one without (`pairs.asked_alike`).
Silent    Benchmarks with fewer than 20 models that have both are pooled; below 20 in all, no finding.
"""

from scoring.expected.population import Population
from scoring.results import SignalRows
from scoring.verdict import levels, pairs

TITLE = "Claim against check"
QUESTION = "Is the maker's number further from an independent number than such pairs usually are?"
METHOD_VERSION = "3"
SIGNAL_ID = "claim_gap"
THRESHOLDS = {"min_pairs": pairs.MIN_PAIRS, **levels.THRESHOLDS}


def compute(population: Population) -> SignalRows:
    """Findings on first-party scores that an independent score stands beside."""
    frame = pairs.comparable(population.entries)
    columns = [
        "evaluation_id",
        "model_id",
        "benchmark_id",
        "metric",
        "series_id",
        "asked",
        "value",
        "n_items",
        "first_seen_date",
    ]
    own = frame.loc[
        frame["evaluator_relationship"] == "first_party", [*columns, "counted", "rerun_spread", "is_lower_better"]
    ]
    other = frame.loc[frame["evaluator_relationship"] == "third_party", [*columns, "counted"]]
    both = own.merge(other, on=["model_id", "benchmark_id", "metric"], suffixes=("", "_other"))
    both = both[pairs.asked_alike(both["asked"], both["asked_other"])].copy()
    if not len(both):
        return SignalRows()
    both["tier"] = (both["series_id"] == both["series_id_other"]).map({True: "A", False: "B"})
    both["effort"] = -pairs.effort_ranks(both["asked_other"])
    order = ["evaluation_id", "tier", "effort", "first_seen_date_other", "evaluation_id_other"]
    both = both.sort_values(order, kind="stable")
    both = both.drop_duplicates("evaluation_id")
    return pairs.judged(both, SIGNAL_ID, "an independent run")
