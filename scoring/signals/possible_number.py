"""Could this number exist? Printed scores that are no whole number of questions.

Question  Is there a number of right answers that gives this printed score?
Input     Evidence; used are headline scores (fractions), printed decimals and the number of questions, for metrics that
          are shares of whole items.
Output    One finding per score that no number of right answers gives: observed, level "check_data", sentence.
Method    GRIM (Brown and Heathers 2017): of n questions only n + 1 shares exist; a printed value is possible when one
          of them rounds to it. Used only where few enough printable values are possible (POWER), and where at least
          WHOLE of the source's values for that benchmark are whole numbers, since averages over several runs are not.
Silent    Unknown numbers of questions, metrics that are no counts, sources with fewer than MIN_VALUES values, and tests
          where more than POWER of the printable values are possible (about 1,000 questions at one decimal of percent).
"""

import numpy as np
import pandas as pd

from scoring.expected import judge
from scoring.expected.population import Population
from scoring.results import SignalRows
from scoring.verdict import finding, pairs

TITLE = "Possible number"
QUESTION = "Is there a number of right answers that gives this printed score?"
METHOD_VERSION = "1"
SIGNAL_ID = "possible_number"
WHOLE = 0.95
MIN_VALUES = 20
THRESHOLDS = {
    "whole_share": WHOLE,
    "min_values": MIN_VALUES,
    "power": judge.POWER,
    "max_decimals": judge.MAX_DECIMALS,
}


def compute(population: Population) -> SignalRows:
    """Findings on impossible printed values."""
    frame = pairs.comparable(population.entries)
    frame = frame[frame["counted"].notna() & frame["score_decimals"].between(0, judge.MAX_DECIMALS)]
    if not len(frame):
        return SignalRows()
    places = resolution(frame)
    possible, share = judge.is_possible(frame["score"].to_numpy(), frame["counted"].to_numpy(), places)
    frame = frame.assign(possible=possible, share=share)
    group = frame.groupby(["source_id", "series_id"])["possible"]
    fit = (group.transform("mean") >= WHOLE) & (group.transform("size") >= MIN_VALUES)
    odd = frame[fit & ~frame["possible"] & (frame["share"] <= judge.POWER)]
    if not len(odd):
        return SignalRows()
    rows = finding.frame(
        SIGNAL_ID,
        odd["evaluation_id"],
        group_id=odd["series_id"],
        observed=odd["score"],
        tier="A",
        level="check_data",
        direction=None,
        reason=[
            f"Not a whole number of the {int(n):,} questions for one run ({s:.0%} of printable values are)."
            for n, s in zip(odd["counted"], odd["share"], strict=True)
        ],
    )
    return SignalRows(findings=rows)


def resolution(frame: pd.DataFrame) -> np.ndarray:
    """Decimals of the fraction: printed decimals, and two more where the source prints percent.

    Percent is told by values that are no multiple of the coarser step; one such value settles it for its source.
    """
    coarse = frame["score"] * 10.0 ** frame["score_decimals"]
    is_finer = (coarse - coarse.round()).abs() > 1e-6
    is_percent = is_finer.groupby([frame["source_id"], frame["series_id"]]).transform("any")
    return (frame["score_decimals"] + 2 * is_percent).to_numpy(dtype=float)
