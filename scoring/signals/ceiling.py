"""Ceiling: scores above the share of questions whose published answer is right.

Question  Is this score higher than the reviewed share of right keys allows?
Input     Evidence; used are headline scores (fractions, higher is better) and the benchmark's ceiling with its band.
Output    One finding per score above the band: observed, expected_upper (upper end of the band, fraction), level,
          n_comparable and n_as_far (models of the series, and those above the band too), sentence. No p-value.
Method    Ceiling = 1 - share of wrong keys from a full or random-sample review (Northcutt, Athalye and Mueller 2021;
          Gema et al. 2024; the source of each ceiling stands with its benchmark). The ceiling itself where no band is
          known. It is a finding only where fewer than RARE of the models of the series are above the band.
Silent    Benchmarks without such a review; scores inside the band. Where many honest models are above it, the review is
          contradicted by scores: level "usual", with that reason.
"""

import numpy as np

from scoring.expected.population import Population
from scoring.results import SignalRows
from scoring.verdict import finding, pairs

TITLE = "Ceiling of right keys"
QUESTION = "Is this score above the share of questions whose published answer is right?"
METHOD_VERSION = "1"
SIGNAL_ID = "ceiling"
RARE = 0.05
MIN_MODELS = 20  # fewer models cannot show that a score above the band is rare
THRESHOLDS = {"rare_share": RARE, "min_models": MIN_MODELS}


def compute(population: Population) -> SignalRows:
    """Findings on scores above their benchmark's band."""
    frame = pairs.comparable(population.entries)
    frame = frame[~frame["is_lower_better"] & frame["ceiling"].notna()]
    top = frame["ceiling_high"].fillna(frame["ceiling"])
    frame = frame.assign(top=top, is_above=frame["value"].round(6) > top.round(6))
    group = frame.groupby("series_id")
    n_models = group["model_id"].transform("nunique")
    n_above = frame["series_id"].map(frame[frame["is_above"]].groupby("series_id")["model_id"].nunique()).fillna(0)
    frame = frame.assign(n_models=n_models, n_above=n_above)[frame["is_above"]]
    if not len(frame):
        return SignalRows()
    rare = (frame["n_above"] < RARE * frame["n_models"]) & (frame["n_models"] >= MIN_MODELS)
    contradicted = (frame["n_above"] >= RARE * frame["n_models"]) & (frame["n_models"] >= MIN_MODELS)
    level = np.where(rare, "check_data", np.where(contradicted, "usual", "cannot_tell"))
    reason = [
        _sentence(*row)
        for row in zip(level, frame["value"], frame["top"], frame["n_above"], frame["n_models"], strict=True)
    ]
    rows = finding.frame(
        SIGNAL_ID,
        frame["evaluation_id"],
        group_id=frame["series_id"],
        observed=frame["score"],
        expected_upper=frame["top"],
        n_comparable=frame["n_models"] - 1,
        n_as_far=frame["n_above"] - 1,
        tier="A",
        level=level,
        direction="high",
        reason=reason,
    )
    return SignalRows(findings=rows)


def _sentence(level: str, value: float, top: float, n_above: float, n_models: int) -> str:
    first = f"{100 * value:.1f} is above the share of questions whose published answer a review found right"
    first = f"{first} ({100 * top:.1f})"
    others = f"{int(n_above) - 1} of {n_models - 1} other models are above it too"
    if level == "usual":
        return f"{first}, but {others}: the review is contradicted by scores."
    if level == "cannot_tell":
        return f"{first}; too few models to say whether that is rare."
    return f"{first}; {others}."
