"""Two to four models on the tests that they share: which differences are larger than chance?

Question  On which shared tests does one model lead the others by more than noise?
Input     current headline scores of the chosen models (view `scores` with what `series` says of each group), the column
          `entity` naming the model; what another set-up moves a score by, per benchmark.
Output    one row per shared test and model (`readings`), one row per shared test with its verdict (`verdicts`).
Method    Of a renewed test the newest version that all share. Numbers are compared within one group of comparable scores
          where there is one that all models stand in, runs of others before makers' own; of several readings of a model
          in it the middle one. Where no group is shared, each model's middle reading, runs of others first, and what
          another set-up moves a score by is added. The error of a score is printed with it, or that of a share of n
          questions, sqrt(p (1 - p) / n), p drawn half a question towards the middle so that 0 and 1 have an error; of an
          average of questions it is at most that of its n_at_least. The first two differ when their distance is larger than
          the two errors, the spread of re-runs where it was measured, and the set-up together, at 5% over all tests that
          can be told (Bonferroni: Dunn 1961). Questions are the same for both, so that this is an upper bound: fewer
          differences are called than a paired comparison would find.
Silent    Number of questions unknown, or set-ups that differ on a test on which their weight was never measured: "cannot
          tell". Other units than shares of right answers are left out by `comparable` and counted by the page.
"""

from statistics import NormalDist

import numpy as np
import pandas as pd

AT_MOST = 4  # models side by side; more fit no screen and no sentence
FALSE_ALARMS = 0.05  # over all tests together
APART, WITHIN, CANNOT = "apart", "within noise", "cannot tell"
NOTHING = ["benchmark_id", "metric", "leader", "second", "gap", "noise", "verdict", "is_same_setup"]


def comparable(scores: pd.DataFrame) -> pd.DataFrame:
    """Rows that can be compared: shares of right answers without a data problem."""
    return scores[scores["unit"].eq("fraction") & scores["data_problem"].isna()]


def readings(scores: pd.DataFrame, entities: list[str]) -> pd.DataFrame:
    """One row per shared test and model: the chosen reading with its error, and is_same_setup. Order as in `entities`."""
    rows = comparable(scores)
    rows = rows.assign(error=errors(rows), is_own=rows["evaluator_relationship"].eq("first_party"))
    rows["stem"] = (
        rows["benchmark_id"]
        .str.partition("@")[0]
        .where(rows["is_dynamic"].astype("boolean").fillna(False).astype(bool), rows["benchmark_id"])
    )
    found = []
    for _, versions in rows.groupby("stem", sort=True):
        shared = [
            some
            for _, some in versions.groupby(["benchmark_id", "metric"])
            if some["entity"].nunique() == len(entities)
        ]
        if shared:
            best = max(
                shared,
                key=lambda some: (str(some["benchmark_version"].iloc[0]), in_one_group(some, entities), len(some)),
            )
            found.append(chosen(best, entities))
    if not found:
        return rows.head(0).assign(is_same_setup=pd.Series(dtype=bool))
    return pd.concat(found, ignore_index=True)


def in_one_group(rows: pd.DataFrame, entities: list[str]) -> bool:
    """Whether all models stand in one group of comparable scores."""
    return bool((rows.groupby("series_id")["entity"].nunique() == len(entities)).any())


def chosen(rows: pd.DataFrame, entities: list[str]) -> pd.DataFrame:
    """One reading per model of one test: within a shared group where there is one, runs of others before makers' own."""
    counts = rows.groupby("series_id").agg(
        n=("entity", "nunique"), n_own=("is_own", "sum"), seen=("last_seen_date", "max")
    )
    shared = counts[counts["n"] == len(entities)].sort_values(["n_own", "seen"], ascending=[True, False], kind="stable")
    pool = rows[rows["series_id"] == shared.index[0]] if len(shared) else rows
    picked = [middle(pool[pool["entity"] == entity]) for entity in entities]
    return pd.DataFrame(picked).assign(is_same_setup=len(shared) > 0)


def middle(rows: pd.DataFrame) -> pd.Series:
    """The middle reading of one model, runs of others before makers' own; of an even number the lower."""
    others = rows[~rows["is_own"]]
    ordered = (others if len(others) else rows).sort_values(["score", "evaluation_id"])
    return ordered.iloc[(len(ordered) - 1) // 2]


def errors(rows: pd.DataFrame) -> pd.Series:
    """Standard error of each score, fraction; missing where the number of questions is not known."""
    p = rows["score"].to_numpy(dtype=float)
    n_items, least = (rows[name].to_numpy(dtype=float, na_value=np.nan) for name in ("n_items", "n_at_least"))
    is_count = rows["is_item_count"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    n = np.where(is_count, n_items, np.fmin(least, np.where(np.isnan(least), np.nan, n_items)))
    inner = (p * n + 0.5) / (n + 1)
    counted = pd.Series(np.sqrt(inner * (1 - inner) / n), index=rows.index)
    return rows["standard_error"].astype(float).fillna(counted)


def verdicts(read: pd.DataFrame, setup_points: dict[str, float]) -> pd.DataFrame:
    """One row per shared test: leader and second (entity), gap and noise (fractions), verdict, is_same_setup.

    read            rows of `readings`.
    setup_points    what another set-up moves a score by, in points, of the benchmarks on which it was measured.
    """
    told = [verdict(key, some, setup_points.get(str(key[0]))) for key, some in read.groupby(["benchmark_id", "metric"])]
    rows = (
        pd.DataFrame(told, columns=[*NOTHING, "error", "setup"])
        if told
        else pd.DataFrame(columns=[*NOTHING, "error", "setup"])
    )
    known = rows["error"].notna() & rows["setup"].notna()
    z = NormalDist().inv_cdf(1 - FALSE_ALARMS / (2 * max(1, int(known.sum()))))
    rows["noise"] = np.hypot(z * rows["error"].astype(float), rows["setup"].astype(float))
    is_apart = rows["gap"].astype(float) > rows["noise"]
    rows["verdict"] = np.where(~known, CANNOT, np.where(is_apart, APART, WITHIN))
    return rows[NOTHING].reset_index(drop=True)


def verdict(key: tuple, some: pd.DataFrame, setup: float | None) -> dict:
    """The two best of one test, their distance and its error."""
    is_lower = bool(some["is_lower_better"].iloc[0])
    ordered = some.sort_values(["score", "entity"], ascending=[is_lower, True])
    first, second = ordered.iloc[0], ordered.iloc[1]
    is_same = bool(some["is_same_setup"].iloc[0])
    rerun = first["rerun_spread"]
    again = 0.0 if pd.isna(rerun) else float(rerun) * np.sqrt(2)
    added = 0.0 if is_same else np.nan if not setup or pd.isna(setup) else setup / 100
    return {
        "benchmark_id": key[0],
        "metric": key[1],
        "leader": first["entity"],
        "second": second["entity"],
        "gap": abs(float(first["score"]) - float(second["score"])),
        "error": float(np.sqrt(first["error"] ** 2 + second["error"] ** 2 + again**2)),
        "setup": added,
        "is_same_setup": is_same,
    }
