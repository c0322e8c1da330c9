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

from scoring.evidence import Evidence, typed
from scoring.expected import curve, factors, neighbours
from scoring.results import FINDING, FIT, SignalRows
from scoring.verdict import levels

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


def compute(evidence: Evidence) -> SignalRows:
    """Findings of both variants."""
    opinions = factors.opinions(evidence)
    frame = typed(evidence).set_index("evaluation_id").reindex(opinions.index)
    parts = [_findings(frame, opinions, variant, *how) for variant, how in VARIANTS.items()]
    parts = [part for part in parts if len(part)]
    fits = pd.DataFrame([(SIGNAL_ID, *row) for row in factors.fits(evidence)], columns=FIT)
    return SignalRows(findings=pd.concat(parts, ignore_index=True), fits=fits) if parts else SignalRows()


def _findings(frame: pd.DataFrame, opinions: pd.DataFrame, variant: str, prefix: str, words: str) -> pd.DataFrame:
    spoken = opinions[f"{prefix}p_high"].notna().to_numpy(dtype=bool)
    part, said = frame[spoken], opinions[spoken]
    n = len(part)
    if not n:
        return pd.DataFrame(columns=FINDING)
    number = {name: said[prefix + name].to_numpy(dtype=float) for name in factors.PLACES}
    flip, nothing = part["is_lower_better"].to_numpy(), np.full(n, np.nan)
    expected = np.where(flip, 1 - number["expected"], number["expected"])
    lower = np.where(flip, 1 - number["expected_upper"], number["expected_lower"])
    upper = np.where(flip, 1 - number["expected_lower"], number["expected_upper"])
    second = levels.Second(
        expected=expected,
        lower=lower,
        upper=upper,
        p_high=number["p_high"],
        p_low=number["p_low"],
        words=np.full(n, words, dtype=object),
    )
    told = levels.assign(
        levels.Placed(
            observed=part["score"].to_numpy(),
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
            family=np.zeros(n, dtype=bool),
            by_size_high=nothing,
            by_size_low=nothing,
            second=second,
            unit=part.groupby(["series_id", "cluster_id"], sort=False).ngroup().to_numpy(),
        )
    )
    return pd.DataFrame(
        {
            "signal_id": SIGNAL_ID,
            "subject_kind": "evaluation",
            "subject_id": part.index.to_numpy(),
            "variant": variant,
            "other_evaluation_id": None,
            "group_id": part["series_id"].to_numpy(),
            "observed": part["score"].to_numpy(),
            "expected": expected,
            "expected_lower": lower,
            "expected_upper": upper,
            "residual_z": number["z"],
            "p_value": told.p_value,
            "p_value_normal": np.nan,
            "q_value": told.q_value,
            "n_comparable": pd.array(said["n_comparable"].to_numpy(dtype=float), dtype="Int64"),
            "n_as_far": pd.array(np.full(n, np.nan), dtype="Int64"),
            "tier": "A",
            "level": told.level,
            "direction": told.direction,
            "reason": told.reason,
        }
    )[FINDING]
