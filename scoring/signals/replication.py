"""Replication: the same model on the same test, run again by somebody else.

Question  Does a score come back when another source runs the same test?
Input     Evidence; used are headline scores (fractions) that are not the maker's own, and numbers of questions.
Output    One finding per score that a second source has a partner for: observed, expected from the partner and the 90%
          range (fractions), residual_z, one-sided p_value, q_value, level, direction, sentence, other_evaluation_id.
Method    scoring/verdict/pairs.py over all such pairs of a benchmark and metric (empirical null: Efron 2004); the partner is
          the first score of another source whose model was asked alike (`pairs.asked_alike`).
Silent    Benchmarks with fewer than 20 models run twice are pooled; below 20 in all, no finding. Copies of one run
          are one evaluation and never a replication.
"""

from scoring.expected.population import Population
from scoring.results import SignalRows
from scoring.verdict import levels, pairs

TITLE = "Replication"
QUESTION = "Does the score come back when another source runs the same test?"
METHOD_VERSION = "3"
SIGNAL_ID = "replication"
THRESHOLDS = {"min_pairs": pairs.MIN_PAIRS, **levels.THRESHOLDS}


def compute(population: Population) -> SignalRows:
    """Findings on scores of which another source has a run of its own."""
    frame = pairs.comparable(population.entries)
    frame = frame[frame["evaluator_relationship"] == "third_party"]
    columns = [
        "evaluation_id", "model_id", "benchmark_id", "metric", "series_id", "asked", "source_id", "value", "counted",
    ]  # fmt: skip
    frame = frame[[*columns, "first_seen_date", "rerun_spread", "is_lower_better"]]
    several = frame.groupby(["model_id", "benchmark_id", "metric"])["source_id"].transform("nunique") > 1
    frame = frame[several].sort_values(["first_seen_date", "evaluation_id"], kind="stable")
    both = frame.merge(frame[columns], on=["model_id", "benchmark_id", "metric"], suffixes=("", "_other"))
    both = both[both["source_id"] != both["source_id_other"]]
    both = both[pairs.asked_alike(both["asked"], both["asked_other"])].drop_duplicates("evaluation_id")
    if not len(both):
        return SignalRows()
    return pairs.judged(both, SIGNAL_ID, "another source's run")
