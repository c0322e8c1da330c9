"""Whether a test is still in use: do models of known makers still come with a score of it?

Question  Does anybody of note still report this test, and since when not?
Input     Scores of makers (benchmark_id, maker, new_from, date_basis), the day of the data.
Output    `Use` per benchmark.
Method    in_use: models of K makers of the last RECENT_MONTHS have a score; retired: there were K makers in twelve months
          once, and are no longer; None: never so many. Models without a day of their own do not count.
Silent    Never; a benchmark without a dated score has no entry.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scoring.signals.saturation import RECENT_MONTHS, K


@dataclass(frozen=True, kw_only=True)
class Use:
    """Whether a test is in_use, retired or was never used by K makers (None); counts of makers, ever and of the last
    RECENT_MONTHS; day of the newest model of a maker.
    """

    word: str | None
    n_makers: int
    n_recent: int
    newest: pd.Timestamp


def dated(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of models with a day of their own. The others, met first on a board of last year, are mostly old: none of
    them shows that a test still draws new models.
    """
    return rows[rows["date_basis"].notna()]


def uses(rows: pd.DataFrame, asof: pd.Timestamp) -> dict[str, Use]:
    """Use of every benchmark from the models of its makers (benchmark_id, maker, new_from, date_basis)."""
    once = dated(rows).drop_duplicates(["benchmark_id", "maker", "new_from"]).sort_values("new_from", kind="stable")
    day, maker = once["new_from"].to_numpy(), pd.factorize(once["maker"])[0]
    month = day.astype("datetime64[M]").astype(np.int64)
    year_ago = np.datetime64(asof - pd.DateOffset(months=RECENT_MONTHS))
    found = {}
    for name, places in once.groupby("benchmark_id", sort=True).indices.items():
        months, makers_of = month[places], maker[places]
        n_recent = len(np.unique(makers_of[day[places] > year_ago]))
        # Whether K makers ever brought models within RECENT_MONTHS: windows that start in a month with a model.
        was_used = n_recent >= K or any(
            len(np.unique(makers_of[(months >= m) & (months < m + RECENT_MONTHS)])) >= K for m in np.unique(months)
        )
        found[str(name)] = Use(
            word="in_use" if n_recent >= K else "retired" if was_used else None,
            n_makers=len(np.unique(makers_of)),
            n_recent=n_recent,
            newest=pd.Timestamp(day[places][-1]),
        )
    return found


def said(used: Use) -> str:
    """The sentence on the use of a test; "" for one in use."""
    if used.word == "in_use":
        return ""
    if used.word == "retired":
        return (
            f" Retired: fewer than {K} makers brought a new model in the last {RECENT_MONTHS} months; the newest is of "
            f"{used.newest:%B %Y}."
        )
    return f" Fewer than {K} makers ever reported it within one year."
