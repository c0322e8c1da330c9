"""Which marks does a plainer explanation hold back?

Question  Is a score that stands far out on the high side plainly that of a model made for such tests, of a family whose
          maker gets the same, or of a size at which all others still guess?
Input     Rows of the entries of marked scores (model_name, domain, metric, family, size, value, guess, series_id, maker, is_maker),
          the upper end of the range of similar models and the q-value; all entries for the parents.
Output    One sentence per row, "" where nothing holds the mark back. A held score is called "somewhat", with the sentence.
Method    Six rules, the first that applies:
          guessing  the range of similar models ends less than NEAR_GUESS above guessing (above 0 where nothing can be
                    guessed): their spread is that of models that have not learned the test, and says nothing of one that has.
          overlap   the test counts words or meanings shared with a reference text (OVERLAP): style and length move that.
          tuned     models of TUNED families are fine-tuned on a test's own training questions where their papers report it
                    (Raffel et al. 2020, JMLR 21:140), most others are asked as they are.
          purpose   the model's name states the subject of the test (PURPOSES).
          parent    a model by a known maker, of the same family and within PARENT_SIZE of its size, is at most twice the least
                    gap below on the same test and makes at most MORE_ERRORS times its errors: the score came with the
                    weights.
          alone     without a comparison by size the other scores are one opinion: ALONE_Q is asked of it, and that not
                    COMMON makers or more have a model that gets as much on the series.
Silent    Low scores and scores without a mark are not asked about.
"""

from typing import Any

import numpy as np
import pandas as pd

from scoring.verdict import levels

NEAR_GUESS = 0.08  # fraction above the score of guessing
ROUNDING = 1e-9
NOWHERE = np.array([], dtype=int)
PARENT_SIZE = 0.12  # log10 of size: a third more or less
MORE_ERRORS = 2.0  # near the end of a test a few points are most of the errors that are left
ALONE_Q = levels.VERY_UNUSUAL_Q
COMMON = 3
TUNED = ("T5",)
OVERLAP = r"bert.?score|rouge|chrf|bleu|meteor"
PURPOSES = {
    "mathematics": r"math|mammoth|numina|prover|olympi|[-_ ](?:r1|qwq|o1)\b|reason|think",
    "code": r"cod(?:e|er|ing)\b|coder|starcoder|[-_ ](?:r1|qwq|o1)\b|program",
    "reasoning": r"[-_ ]?(?:r1|qwq|o1)\b|reason|think",
    "science": r"[-_ ]?(?:r1|qwq|o1)\b|qwq|reason|think",
    "agent": r"tool|function|agent|xlam|hammer",
    "tool use": r"tool|function|agent|xlam|hammer",
}


def sentences(
    part: pd.DataFrame, upper: np.ndarray, q: np.ndarray, sized: np.ndarray, least: np.ndarray, whole: pd.DataFrame
) -> np.ndarray:
    """Sentences for the rows of `part`; upper: fractions, higher is better, NaN unknown; least: least gap, fraction."""
    guess = part["guess"].to_numpy()
    reasons = (
        (
            upper <= guess + NEAR_GUESS,
            " Similar models are at the level of guessing, so any that has learned the test stands out.",
        ),
        (
            part["metric"].astype(str).str.contains(OVERLAP, case=False).to_numpy(),
            " The test counts overlap with a reference text, which style and length move.",
        ),
        (
            part["family"].isin(TUNED).to_numpy(),
            " Models of its kind are fine-tuned on a test's own training questions, most others are not.",
        ),
        (_purposes(part), " Its name says that it was made for this kind of task."),
        (_parents(part, least, whole), " A model by the maker of this family, of about its size, gets about the same."),
        (
            ~sized & _common(part, least, whole),
            " Models of several makers get as much; only its other scores are lower.",
        ),
        (~sized & ~(np.round(q, levels.DECIMALS) <= ALONE_Q), " One opinion alone is not enough to mark it."),
    )
    return np.select([where for where, _ in reasons], [text for _, text in reasons], default="").astype(object)


def _purposes(part: pd.DataFrame) -> np.ndarray:
    name, domain = part["model_name"].astype(str), part["domain"].astype(str).str.casefold()
    found = np.zeros(len(part), dtype=bool)
    for word, pattern in PURPOSES.items():
        found |= (domain.str.contains(word) & name.str.contains(pattern, case=False, regex=True)).to_numpy()
    return found


def _common(part: pd.DataFrame, least: np.ndarray, whole: pd.DataFrame) -> np.ndarray:
    """Whether COMMON other makers or more have a model that is not clearly below the score on its series."""
    known = whole[whole["is_maker"] & whole["series_id"].isin(set(part["series_id"]))]
    best = known.groupby(["series_id", "maker"], as_index=False)["value"].max()
    makers, values = best["maker"].to_numpy(dtype=object), best["value"].to_numpy()
    on_series = _places(best, "series_id")
    found = np.zeros(len(part), dtype=bool)
    for i, (series, value, maker) in enumerate(part[["series_id", "value", "maker"]].itertuples(index=False)):
        there = on_series.get(series, NOWHERE)
        # An unknown maker is none of them.
        found[i] = int(((makers[there] != maker) & (values[there] >= value - least[i])).sum()) >= COMMON
    return found


def _parents(part: pd.DataFrame, least: np.ndarray, whole: pd.DataFrame) -> np.ndarray:
    """Whether a maker's model of the same family and size is about as good on the same series."""
    known = whole[whole["is_maker"] & whole["size"].notna() & ~whole["family"].isin(["unknown", "mixed"])]
    known = known[known["series_id"].isin(set(part["series_id"])) & known["family"].isin(set(part["family"]))]
    alike = _places(known, ["series_id", "family"])
    models, makers = (known[name].to_numpy(dtype=object) for name in ("model_id", "maker"))
    sizes, values = known["size"].to_numpy(), known["value"].to_numpy()
    found = np.zeros(len(part), dtype=bool)
    columns = ["series_id", "family", "size", "value", "maker", "model_id"]
    for i, (series, family, size, value, maker, model) in enumerate(part[columns].itertuples(index=False)):
        like = alike.get((series, family), NOWHERE)
        near = (models[like] != model) & (makers[like] != maker) & (np.abs(sizes[like] - size) <= PARENT_SIZE)
        is_alike = (values[like] >= value - 2 * least[i]) & (1 - values[like] <= MORE_ERRORS * (1 - value) + ROUNDING)
        found[i] = bool((near & is_alike).any())
    return found


def _places(frame: pd.DataFrame, keys: str | list[str]) -> dict[Any, np.ndarray]:
    """Places of the rows by what they have in these columns: asked once, instead of a search of the frame per score."""
    return {} if frame.empty else frame.groupby(keys).indices
