"""Other scores: how far a score is from what the same model's results on other tests suggest.

Question  Given how well this model does on other tests, is this score unusual?
Input     Evidence; used are headline scores (fractions), number of questions, clusters of near-copies and, for the
          variant with_near_copies, size, date and developer.
Output    One finding per evaluation that can be judged so: observed, expected and the 90% range (fractions),
          residual_z, one-sided p_value, q_value over all such scores of that side, level, direction, sentence. The
          variant "" leaves the model's whole cluster out; with_near_copies asks its near-copies and the most similar
          models too.
Method    scoring/expected/factors.py (factor model; Ruan, Maddison and Hashimoto 2024) and scoring/expected/neighbours.py (kriging
          in a local neighbourhood; Vecchia 1988). Correction by Benjamini and Hochberg 1995, high and low apart.
Silent    No finding with fewer than 3 other benchmarks, below 20 models or 10 clusters with as many, where half of them
          have one and the same score, or for subsets; near-copies are not asked below 1,000 models. A model that is
          high on every test agrees with itself here.
"""

import numpy as np
import pandas as pd

from scoring.expected import curve, factors, judge, neighbours
from scoring.expected.population import Population
from scoring.results import FIT, SignalRows
from scoring.verdict import finding, levels, opinions

TITLE = "Score for its other scores"
QUESTION = "Is this score far from what the same model's other scores suggest?"
METHOD_VERSION = factors.METHOD_VERSION
SIGNAL_ID = "other_scores"
THRESHOLDS = {
    "rank": factors.RANK,
    "min_tests": factors.MIN_TESTS,
    "min_models": factors.MIN_MODELS,
    "min_clusters": factors.MIN_CLUSTERS,
    "max_tied": curve.MAX_TIED,
    "min_models_for_near_copies": factors.MIN_LOCAL,
    "neighbours": [neighbours.NEAREST, neighbours.AT_HOME],
    **levels.THRESHOLDS,
}
VARIANTS = {"": ("", "its other scores"), "with_near_copies": ("near_", "its other scores and near-copies")}


def compute(population: Population) -> SignalRows:
    """Findings of both variants."""
    said = population.opinions
    frame = population.entries.set_index("evaluation_id").reindex(said.lines.index)
    parts = [_findings(frame, said.lines, variant, *how) for variant, how in VARIANTS.items()]
    parts = [part for part in parts if len(part)]
    fits = pd.DataFrame([(SIGNAL_ID, *row) for row in said.fits], columns=FIT)
    return SignalRows(findings=pd.concat(parts, ignore_index=True), fits=fits) if parts else SignalRows()


def _findings(frame: pd.DataFrame, lines: pd.DataFrame, variant: str, prefix: str, words: str) -> pd.DataFrame:
    """Findings of one variant on the scores that it speaks about; `prefix` marks its columns among the lines."""
    spoken = lines[f"{prefix}p_high"].notna().to_numpy(dtype=bool)
    part, said = frame[spoken], lines[spoken]
    n = len(part)
    number = {name: said[prefix + name].to_numpy(dtype=float) for name in factors.PLACES}
    flip, nothing, observed = part["is_lower_better"].to_numpy(dtype=bool), np.full(n, np.nan), part["score"].to_numpy()
    band = judge.as_printed(number, flip)
    levelled = opinions.assign(
        opinions.Placed(
            observed=observed,
            expected=nothing,
            lower=nothing,
            upper=nothing,
            p_high=number["p_high"],
            p_low=number["p_low"],
            n_comparable=said["n_comparable"].to_numpy(dtype=float),
            as_far_high=nothing,
            as_far_low=nothing,
            rerun_spread=part["rerun_spread"].to_numpy(),
            is_lower_better=flip,
            remark=np.full(n, "", dtype=object),
            copy_group=part.groupby(["series_id", "cluster_id"], sort=False).ngroup().to_numpy(),
            by_size_high=nothing,
            by_size_low=nothing,
            second=opinions.Second(
                expected=band["expected"],
                lower=band["expected_lower"],
                upper=band["expected_upper"],
                p_high=number["p_high"],
                p_low=number["p_low"],
                words=np.full(n, words, dtype=object),
            ),
        )
    )
    return finding.frame(
        SIGNAL_ID,
        part.index,
        variant=variant,
        group_id=part["series_id"],
        observed=observed,
        **band,
        residual_z=number["z"],
        p_value=levelled.side.p_value,
        q_value=levelled.side.q_value,
        n_comparable=said["n_comparable"],
        tier="A",
        level=levelled.level,
        direction=levelled.side.direction,
        reason=levelled.reason,
    )
