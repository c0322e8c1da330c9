"""Two to four models on the tests that they share: which differences are larger than chance?

Question  On which shared tests does one model lead the others by more than noise?
Input     current headline scores of the chosen models (view `scores` with what `series` says of each group), the column
          `entity` naming the model; what another set-up moves a score by, per benchmark.
Output    one row per shared test and model (`readings`), the same with the parts of one benchmark as one test (`whole`), one
          row per test with its verdict (`verdicts`).
Method    Parts of a benchmark count as one test, or one board of thirty tasks would outvote ten tests: its overall score where
          all models have one, else the plain mean of the parts that all share, with the error of a mean of independent parts.
          Parts are told by their names (`benchmark_of`). Of a renewed test the newest version that all share. Numbers are compared within one group of comparable scores
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

import re
from statistics import NormalDist

import numpy as np
import pandas as pd

AT_MOST = 4  # models side by side; more fit no screen and no sentence
FALSE_ALARMS = 0.05  # over all tests together
APART, WITHIN, CANNOT = "apart", "within noise", "cannot tell"
TEST = ["benchmark_id", "metric"]
VERDICT = [*TEST, "leader", "second", "gap", "noise", "verdict", "is_same_setup"]


OVERALL = ("", "average", "overall")  # what stands in brackets behind the name of a whole benchmark
MEAN = "mean of parts"  # the metric of a benchmark that is the mean of its parts


def plain(name: str) -> str:
    """A name as letters and digits, without what stands in brackets and without a version at its end."""
    letters = re.sub(r"[^\w+]|_", "", name.partition(" (")[0].casefold())
    return re.sub(r"(?<=\D)v\d+$", "", letters) or letters


def benchmark_of(name: str, source_id: str, is_own: bool) -> str:
    """The benchmark that a test is, or is a part of, as `plain` writes it: "mmlu" for "MMLU: Anatomy" and "MMLU (French)",
    "bfcl" for "BFCL Live Simple AST (v3)" on the board of that name.

    source_id   the board that shows it; its own tasks begin with its name.
    is_own      whether the test is one by itself, as the facts about benchmarks say: only a colon or brackets in its name make
                it a part then ("SWE-bench Verified" is no part of SWE-bench).
    """
    head = name.partition(": ")[0]
    if not is_own:
        first, board = re.split(r"[ _]", head, maxsplit=1)[0], plain(source_id)
        if plain(first) == board or ("_" in head and " " not in head.partition(" (")[0]):
            return plain(first)
    return plain(head)


def is_overall(name: str, benchmark: str) -> bool:
    """Whether a test is its whole benchmark: nothing but an average in brackets stands behind its name."""
    inside = name.partition(" (")[2].partition(")")[0]
    return plain(name) == benchmark and inside.casefold() in OVERALL


def comparable(scores: pd.DataFrame) -> pd.DataFrame:
    """Rows that can be compared: shares of right answers without a data problem."""
    return scores[scores["unit"].eq("fraction") & scores["data_problem"].isna()]


def readings(scores: pd.DataFrame, entities: list[str]) -> pd.DataFrame:
    """One row per shared test and model: the chosen reading with its error, and is_same_setup. Order as in `entities`."""
    rows = comparable(scores)
    rows = rows.assign(error=errors(rows), is_own=rows["evaluator_relationship"].eq("first_party"))
    is_renewed = rows["is_dynamic"].astype("boolean").fillna(False).astype(bool)
    is_local = rows["benchmark_id"].str.contains(":") | is_renewed
    told = zip(rows["benchmark_name"], rows["source_id"], ~is_local, strict=True)
    rows = rows.assign(is_local=is_local, n_parts=1)
    rows["benchmark"] = [benchmark_of(str(name), str(source), is_own) for name, source, is_own in told]
    rows["stem"] = rows["benchmark_id"].str.partition("@")[0].where(is_renewed, rows["benchmark_id"])
    rows = rows[rows.groupby(TEST)["entity"].transform("nunique") == len(entities)]
    # Is there a group of comparable scores that all models stand in, and which is the best of these?
    rows["is_same_setup"] = rows.groupby([*TEST, "series_id"])["entity"].transform("nunique") == len(entities)
    groups = rows[rows["is_same_setup"]].groupby([*TEST, "series_id"], as_index=False)
    groups = groups.agg(n_own=("is_own", "sum"), seen=("last_seen_date", "max"))
    groups = groups.sort_values([*TEST, "n_own", "seen", "series_id"], ascending=[True, True, True, False, True])
    best = groups.drop_duplicates(TEST).set_index(TEST)["series_id"]
    keys = pd.MultiIndex.from_frame(rows[TEST])
    shared = pd.Series(best.reindex(keys).to_numpy(), index=rows.index)
    pool = rows[shared.isna() | rows["series_id"].eq(shared)]
    pool = newest(pool)
    per = [*TEST, "entity"]
    has_others = (~pool["is_own"]).groupby([pool[name] for name in per]).transform("any")
    pool = pool[~pool["is_own"] | ~has_others].sort_values([*per, "score", "evaluation_id"], kind="stable")
    place = pool.groupby(per).cumcount()
    picked = pool[place == (pool.groupby(per)["score"].transform("size") - 1) // 2]
    order = {entity: number for number, entity in enumerate(entities)}
    return picked.sort_values(["benchmark_id", "metric", "entity"], key=lambda c: c.map(order) if c.name == "entity" else c,
                              ignore_index=True)  # fmt: skip


def newest(pool: pd.DataFrame) -> pd.DataFrame:
    """Of each test one version and metric: the newest version, then one with a shared set-up, then most readings."""
    tests = pool.groupby(["stem", *TEST], as_index=False).agg(
        version=("benchmark_version", "first"), is_same=("is_same_setup", "any"), n=("score", "size")
    )
    tests["version"] = tests["version"].fillna("").astype(str)
    best = tests.sort_values(
        ["stem", "version", "is_same", "n", *TEST], ascending=[True, False, False, False, True, True]
    ).drop_duplicates("stem")
    return pool[pd.MultiIndex.from_frame(pool[TEST]).isin(pd.MultiIndex.from_frame(best[TEST]))]


def whole(read: pd.DataFrame) -> pd.DataFrame:
    """Rows of `readings` with each benchmark once: n_parts is 1 for a test or an overall score, else the number of parts
    behind the mean. `benchmark` is the key that parts share.
    """
    order = read.groupby("entity", sort=False).ngroup()
    by = read.groupby(["benchmark", "benchmark_id", "metric"], as_index=False, sort=True).agg(
        is_local=("is_local", "first"),
        name=("benchmark_name", "first"),
        version=("benchmark_version", "first"),
        is_same=("is_same_setup", "all"),
        error=("error", "mean"),
        n_own=("is_own", "sum"),
    )
    by["is_overall"] = [is_overall(str(name), key) for name, key in zip(by["name"], by["benchmark"], strict=True)]
    by["version"] = by["version"].fillna("").astype(str)
    # Tests by themselves that share a name ("GPQA (main)", "GPQA (extended)") are no parts whose mean says anything: the one speaks
    # whose readings say most, in one set-up, run by others, with the smallest error.
    overall = by[by["is_overall"] | ~by["is_local"]].sort_values(
        ["benchmark", "is_overall", "is_same", "n_own", "error", "version", "name"],
        ascending=[True, False, False, True, True, False, False],
    ).drop_duplicates("benchmark")  # fmt: skip
    keeps = pd.MultiIndex.from_frame(read[TEST]).isin(pd.MultiIndex.from_frame(overall[TEST]))
    n_tests = read["benchmark"].map(by["benchmark"].value_counts())
    single = read[keeps | n_tests.eq(1)].assign(place=order)
    parts = read[~read["benchmark"].isin(overall["benchmark"]) & n_tests.gt(1)].assign(place=order)
    if parts.empty:
        return single.drop(columns="place")
    better = parts["score"].where(~parts["is_lower_better"].astype(bool), 1 - parts["score"])
    grouped = parts.assign(score=better, square=parts["error"] ** 2).groupby(["benchmark", "place"], sort=True)
    means = grouped.first().reset_index()
    n_parts = grouped.size().to_numpy()
    means = means.assign(
        score=grouped["score"].mean().to_numpy(),
        error=np.sqrt(grouped["square"].sum(skipna=False).to_numpy()) / n_parts,
        n_parts=n_parts,
        metric=MEAN,
        score_reported="",
        setting=None,
        is_lower_better=False,
        rerun_spread=grouped["rerun_spread"].max().to_numpy(),
        is_same_setup=grouped["is_same_setup"].all().to_numpy(),
        is_redistributable=grouped["is_redistributable"].all().to_numpy(),
        is_own=grouped["is_own"].any().to_numpy(),
    ).drop(columns="square")
    both = pd.concat([single, means[single.columns]], ignore_index=True)
    return both.sort_values(["benchmark_id", "metric", "place"], ignore_index=True).drop(columns="place")


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
    better = read["score"].where(~read["is_lower_better"].astype(bool), -read["score"])
    ordered = read.assign(better=better).sort_values([*TEST, "better", "entity"], ascending=[True, True, False, True])
    place = ordered.groupby(TEST).cumcount()
    first, second = (ordered[place == n].reset_index(drop=True) for n in (0, 1))
    again = first["rerun_spread"].astype(float).fillna(0) * np.sqrt(2)
    error = np.sqrt(first["error"] ** 2 + second["error"] ** 2 + again**2)
    measured = first["benchmark_id"].map(setup_points).astype(float) / 100
    setup = measured.where((measured > 0) & first["n_parts"].eq(1)).where(~first["is_same_setup"], 0.0)
    rows = first[[*TEST, "is_same_setup"]].assign(
        leader=first["entity"], second=second["entity"], gap=(first["score"] - second["score"]).abs()
    )
    is_known = error.notna() & setup.notna()
    z = NormalDist().inv_cdf(1 - FALSE_ALARMS / (2 * max(1, int(is_known.sum()))))
    rows["noise"] = np.hypot(z * error, setup)
    rows["verdict"] = np.where(~is_known, CANNOT, np.where(rows["gap"] > rows["noise"], APART, WITHIN))
    return rows[VERDICT]
