"""From which score on would a small or a large open model of today be unusual on a test?

Question  What would the next model of 8 or of 70 billion parameters have to score to be called unusual?
Input     The answers (scoring/answers/benchmark.py), the fits by size and date, and the day of the evidence.
Output    Columns NEEDED by benchmark_id: the scores (fractions as the test prints them) and a sentence.
Method    scoring/verdict/needed.py on the fit of the set-up in which the best score stands, else of all set-ups together, else
          of the set-up with most scores. 8 and 70 billion: what one graphics card and one server hold, and the
          sizes that open models of most makers come in.
Silent    NULL where the test is not in use, for ratings and points, without a fit, which takes 20 models of known size, and
          where not even the best score of all would be unusual; the sentence says which of the last two.
"""

import json
from datetime import date

import numpy as np
import pandas as pd

from data.vocabulary import BENCHMARK_USES
from scoring.expected import curve
from scoring.expected.by_size import BySize
from scoring.verdict import needed

SIZES = {"unusual_from_8b": 8e9, "unusual_from_70b": 70e9}  # total parameters
NEEDED = [*SIZES, "unusual_from_reason"]
IN_USE = BENCHMARK_USES[0]
NO_FIT = "Cannot tell: no set-up of this test has enough models of known size."


def of_answers(answers: pd.DataFrame, by_size: BySize, day: date) -> pd.DataFrame:
    """The answers with the columns NEEDED."""
    entries = by_size.entries.loc[
        ~by_size.entries["is_subset"], ["series_id", "benchmark_id", "metric", "rerun_spread"]
    ]
    spread = entries.groupby("series_id")["rerun_spread"].max()
    fits = {name: (tier, n, text) for name, tier, n, _, text in by_size.fits}
    series = entries.drop_duplicates("series_id")
    series = series[series["series_id"].isin(list(fits))]
    series = series.assign(n=[fits[name][1] for name in series["series_id"]]).sort_values(["n", "series_id"])
    largest = series.drop_duplicates(["benchmark_id", "metric"], keep="last")
    largest = largest.set_index(["benchmark_id", "metric"])["series_id"].to_dict()
    unknown: dict[str, object] = dict.fromkeys(SIZES, np.nan) | {"unusual_from_reason": NO_FIT}
    rows: list[dict[str, object]] = []
    for one in answers.itertuples(index=False):
        if one.use != IN_USE or one.unit != "fraction":
            rows.append(dict.fromkeys(NEEDED))
            continue
        pool = f"{one.benchmark_id}:{one.metric}"
        names = (one.best_series_id, pool, largest.get((one.benchmark_id, one.metric)))
        name = next((name for name in names if name in fits), None)
        if name is None:
            rows.append(unknown)
            continue
        tier, n, text = fits[name]
        sizes = np.array([*SIZES.values()])
        found = needed.scores(json.loads(text), sizes, day, float(spread.get(name, np.nan)), curve.tails)
        text = sentence(found, day, n, is_pooled=tier == "B", is_lower_better=one.is_lower_better)
        rows.append(dict(zip(SIZES, found.tolist(), strict=True)) | {"unusual_from_reason": text})
    told = pd.DataFrame(rows, columns=NEEDED, index=answers.index)
    return answers.join(told.astype(dict.fromkeys(SIZES, float)))


def sentence(found: np.ndarray, day: date, n_scores: int, *, is_pooled: bool, is_lower_better: bool) -> str:
    """The scores in words; found: one per entry of SIZES, as fractions."""
    said = "at" if is_lower_better else "from"
    more = " or less" if is_lower_better else ""
    parts = []
    for size, score in zip(SIZES.values(), found.tolist(), strict=True):
        told = "cannot tell, not even the best possible score" if np.isnan(score) else f"{said} {100 * score:.1f}{more}"
        parts.append(f"{size / 1e9:.0f} billion parameters: {told}")
    how = "under any set-up" if is_pooled else "in one set-up"
    return (
        f"Unusual for a new model of {day:%B %Y}, by its size and date, beside {n_scores:,} scores {how}: "
        f"{'; '.join(parts)}."
    )
