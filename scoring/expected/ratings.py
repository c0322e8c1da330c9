"""Expected ratings: what a model's size and date, and its other scores, say about its rating by votes.

Question  What rating do models of similar size and date get on this list, and what do the model's other scores suggest?
Input     The frame of scoring.evidence.entries; used are headline ratings and, for the second opinion, headline scores
          (fractions) of the same models on other tests.
Output    `Ratings`: the ratings as entries in which value is a share of wins (fraction), lines by size and date, second
          opinions (columns as of factors.py), and the middle rating of each list; `printed` turns shares into ratings.
Method    A rating is a logit of shares of wins (Bradley and Terry 1952; Elo): on the logit of the share against the model
          in the middle of the list, distances between ratings are kept. So scoring/expected/curve.py and factors.py fit
          ratings on their own linear scale, without floor, ceiling or correction at the ends; a printed standard error is
          known noise. Every edition of a list is one series. Other ratings of a model, in any edition, say nothing here:
          all ratings count as one test.
Silent    Lists of fewer than MIN_MODELS models; as curve.py and factors.py. Other tests count when SHARED models with a
          rating have a score there.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.vocabulary import COUNTED_KINDS
from scoring.expected import by_size, curve, factors, judge
from scoring.groups import MapGroups, one_by_one

RATING = "rating"  # the unit, and the one test that all ratings count as
SCALE = 400.0 / math.log(10.0)  # rating points per logit: ten times the odds of a win are 400 points
UNCORRECTED = 1e9  # questions at which the correction at 0 and 1 moves nothing
SHARED = 40  # a test that few rated models took teaches little, and costs as much time


@dataclass(frozen=True, kw_only=True)
class Ratings:
    """entries, lines, second and middle (rating points) have one row per rating and the same order."""

    entries: pd.DataFrame
    lines: pd.DataFrame
    second: pd.DataFrame
    middle: np.ndarray


def printed(share: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Ratings of shares of wins against the model in the middle."""
    return middle + SCALE * judge.logit(share)


def place(entries: pd.DataFrame, map_groups: MapGroups = one_by_one) -> Ratings | None:
    """Both opinions on every rating; None where no list is long enough."""
    frame = _lists(entries)
    if frame.empty:
        return None
    middle = frame.groupby("series_id")["score"].transform("median").to_numpy()
    share = judge.sigmoid((frame["score"].to_numpy() - middle) / SCALE)
    order = frame.sort_values(["evaluated_date", "evaluation_id"], ascending=[False, True], kind="stable")
    first = order[order["read_from"] != "quoted"].drop_duplicates(["model_id", "series_id"]).index
    unsized = frame["size"].isna().to_numpy()
    frame = frame.assign(
        value=share,
        standard_error=frame["standard_error"] / SCALE * share * (1.0 - share),
        n_items=UNCORRECTED,
        counted=np.nan,
        guess=0.0,
        level=np.where(unsized, "cannot_tell", np.array([None])),
        enters=frame.index.isin(first) & ~unsized,
    )
    placed = by_size.place(frame, map_groups)
    second = factors.place(_beside_others(frame, entries), only=RATING, map_groups=map_groups).lines
    return Ratings(entries=frame, lines=placed.lines, second=second.reindex(frame["evaluation_id"]), middle=middle)


def _lists(entries: pd.DataFrame) -> pd.DataFrame:
    """Usable ratings of lists with enough models, numbered anew."""
    usable = entries["unit"].eq(RATING) & entries["score"].notna() & entries["data_problem"].isna()
    usable &= entries["kind"].isin(COUNTED_KINDS) & ~entries["is_subset"] & ~entries["is_lower_better"]
    frame = entries[usable]
    n_models = frame.groupby("series_id")["model_id"].transform("nunique")
    return frame[n_models >= curve.MIN_MODELS].reset_index(drop=True)


def _beside_others(frame: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Ratings, as one test, and the scores of the same models on tests that enough of them took: one table."""
    others = entries[entries["unit"].ne(RATING) & ~entries["is_subset"] & entries["value"].notna()]
    others = others[others["model_id"].isin(set(frame["model_id"]))]
    n_models = others.groupby("series_id")["model_id"].transform("nunique")
    both = pd.concat([others[n_models >= SHARED], frame.assign(benchmark_id=RATING)], ignore_index=True)
    return both.assign(setting_group="")
