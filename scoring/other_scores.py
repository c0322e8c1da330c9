"""Second opinion: what a model's scores on other tests say about its score on this one.

Question  Given how well a model does on other tests, how unusual is this score?
Input     The frame of scoring.evidence.entries; used are headline scores (fractions) that may enter a fit, one per
          model and series, the number of questions, and clusters of near-copies. Size and date play no part.
Output    One line per placed score, indexed by evaluation_id: expected, expected_lower, expected_upper (fractions,
          higher is better), z, p_high, p_low, n_tests (other benchmarks behind it) and n_comparable.
Method    Factor model of rank RANK on count-corrected logits, series as columns, missing scores left out (expectation
          and maximisation, Rubin and Thayer 1982; rows that fit badly weigh less, as under a multivariate Student
          law, Lange, Little and Taylor 1989; near-copies weigh 1 / size of their cluster). Few factors explain score
          tables well: Ruan, Maddison and Hashimoto 2024 (observational scaling laws), Burnell et al. 2023. The
          expected score of a model on a benchmark comes from factors estimated without any of its scores on that
          benchmark, under loadings fitted without its cluster. Spread and null as in scoring/regression.py.
Silent    Below MIN_TESTS other benchmarks, or in a series of fewer than MIN_MODELS models or MIN_CLUSTERS clusters
          that have them: no line. A model that is high on every test agrees with itself here; that is what
          scoring/summaries.py is for.
"""

import numpy as np
import pandas as pd

from scoring import judge, regression

RANK = 3  # general ability, knowledge against reasoning, following instructions; more does not predict better
MIN_TESTS = 3  # other benchmarks; fewer give no opinion
MIN_MODELS, MIN_CLUSTERS = regression.MIN_MODELS, regression.MIN_CLUSTERS
ROUNDS, FOLD_ROUNDS = 60, 12  # of expectation and maximisation; folds start from the fit of all
STUDENT = 5.0  # degrees of freedom of the row weights
LOADING_WORTH = 1.0  # prior of a loading, in clusters' worth: short columns lean on the mean
MIN_NOISE = 1e-3  # logit units squared; keeps a column from being explained without remainder
LINE = ["expected", "expected_lower", "expected_upper", "z", "p_high", "p_low", "n_tests", "n_comparable"]


def place(entries: pd.DataFrame) -> pd.DataFrame:
    """Second opinions on all headline scores that can have one; columns LINE, index evaluation_id."""
    part = _usable(entries)
    if not len(part):
        return pd.DataFrame(columns=LINE)
    row, models = pd.factorize(part["model_id"], sort=True)
    column, names = pd.factorize(part["series_id"], sort=True)
    test = part.groupby("series_id", sort=True)["benchmark_id"].first().reindex(names)
    test_code = pd.factorize(test)[0]
    y = np.full((len(models), len(names)), np.nan)
    y[row, column] = judge.corrected_logit(part["value"].to_numpy(), part["n_items"].to_numpy())
    cluster = pd.factorize(part.groupby("model_id", sort=True)["cluster_id"].first())[0]
    mean, variance = _cross_fitted(y, cluster, test_code)
    return _lines(part, row, column, mean, variance, cluster)


def _usable(entries: pd.DataFrame) -> pd.DataFrame:
    """Scores of models with more than MIN_TESTS benchmarks, in series that keep enough such models."""
    part = entries[_may_enter(entries)]
    while True:
        n_tests = part.groupby("model_id")["benchmark_id"].transform("nunique")
        n_models = part.groupby("series_id")["model_id"].transform("nunique")
        n_clusters = part.groupby("series_id")["cluster_id"].transform("nunique")
        keep = (n_tests > MIN_TESTS) & (n_models >= MIN_MODELS) & (n_clusters >= MIN_CLUSTERS)
        if keep.all():
            return part
        part = part[keep]


def _may_enter(entries: pd.DataFrame) -> pd.Series:
    """One usable headline score per model and series; a model without a size may take part."""
    unsized = pd.isna(entries["size"]) & entries["kind"].isin(["model", "system"]) & entries["data_problem"].isna()
    fine = entries["value"].between(0, 1) & ~((entries["value"] == 0) & (entries["n_items"] >= 100))
    usable = (entries["enters"] | (unsized & fine)) & ~entries["is_subset"]
    chosen = entries[usable].drop_duplicates(["model_id", "series_id"], keep="first").index
    return pd.Series(entries.index.isin(chosen), index=entries.index)


def _start(y: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Medians, loadings along the first principal directions of the filled table, and noise."""
    seen = ~np.isnan(y)
    middle = np.array([regression.weighted_quantile(c[s], w[s], 0.5) for c, s in zip(y.T, seen.T, strict=True)])
    filled = np.where(seen, y - middle, 0.0) * np.sqrt(w)[:, None]
    values, directions = np.linalg.eigh(filled.T @ filled / w.sum())
    share = np.maximum((w[:, None] * seen).sum(axis=0) / w.sum(), 1e-9)
    loadings = directions[:, ::-1][:, :RANK] * np.sqrt(np.maximum(values[::-1][:RANK], 1e-3)) / np.sqrt(share)[:, None]
    total = np.sum(filled**2, axis=0) / np.maximum((w[:, None] * seen).sum(axis=0), 1e-9)
    return middle, loadings, np.maximum(0.3 * total, MIN_NOISE)


def _factors(y, seen, middle, loadings, noise) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision (n, r, r) and weighted sums (n, r) of every row's factors, and its squared distance per seen score."""
    rank = loadings.shape[1]
    outer = (loadings[:, :, None] * loadings[:, None, :] / noise[:, None, None]).reshape(len(noise), -1)
    precision = (seen @ outer).reshape(-1, rank, rank) + np.eye(rank)
    centred = np.where(seen, y - middle, 0.0)
    sums = (centred / noise) @ loadings
    z = np.linalg.solve(precision, sums[:, :, None])[:, :, 0]
    distance = np.sum(centred**2 / noise, axis=1) - np.sum(sums * z, axis=1)
    return precision, sums, distance


def _maximise(y, seen, w, middle, loadings, noise, rounds) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rounds of expectation and maximisation; every column is a weighted ridge regression on the factors."""
    rank = loadings.shape[1]
    count = seen.sum(axis=1)
    for _ in range(rounds):
        precision, sums, distance = _factors(y, seen, middle, loadings, noise)
        covariance = np.linalg.inv(precision)
        z = np.einsum("nij,nj->ni", covariance, sums)
        trust = w * (STUDENT + count) / (STUDENT + np.maximum(distance, 0.0))
        known = np.column_stack([np.ones(len(z)), z])
        second = np.zeros((len(z), rank + 1, rank + 1))
        second[:, 1:, 1:] = covariance / ((STUDENT + count) / (STUDENT + np.maximum(distance, 0.0)))[:, None, None]
        second += known[:, :, None] * known[:, None, :]
        weight = seen * trust[:, None]
        gram = (weight.T @ second.reshape(len(z), -1)).reshape(-1, rank + 1, rank + 1)
        ridge = np.diag([0.0] + [LOADING_WORTH] * rank)
        right = (weight * np.where(seen, y, 0.0)).T @ known
        beta = np.linalg.solve(gram + ridge + 1e-9 * np.eye(rank + 1), right[:, :, None])[:, :, 0]
        square = np.sum(weight * np.where(seen, y, 0.0) ** 2, axis=0)
        left = square - 2 * np.sum(beta * right, axis=1) + np.einsum("ji,jik,jk->j", beta, gram, beta)
        middle, loadings = beta[:, 0], beta[:, 1:]
        noise = np.maximum(left / np.maximum((w[:, None] * seen).sum(axis=0), 1e-9), MIN_NOISE)
    return middle, loadings, noise


def _without_test(y, seen, test_code, fitted) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance (logits) of every seen score from the row's scores on other benchmarks."""
    middle, loadings, noise = fitted
    precision, sums, _ = _factors(y, seen, middle, loadings, noise)
    rank = loadings.shape[1]
    mean, variance = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    for test in np.unique(test_code):
        mine = np.flatnonzero(test_code == test)
        rows = np.flatnonzero(seen[:, mine].any(axis=1))
        if not len(rows):
            continue
        there = seen[np.ix_(rows, mine)]
        load, inverse = loadings[mine], 1.0 / noise[mine]
        outer = (load[:, :, None] * load[:, None, :] * inverse[:, None, None]).reshape(len(mine), -1)
        rest = precision[rows] - (there @ outer).reshape(-1, rank, rank)
        centred = np.where(there, y[np.ix_(rows, mine)] - middle[mine], 0.0)
        covariance = np.linalg.inv(rest)
        z = np.einsum("nij,nj->ni", covariance, sums[rows] - (centred * inverse) @ load)
        spread = np.einsum("ji,nik,jk->nj", load, covariance, load)
        mean[np.ix_(rows, mine)] = np.where(there, middle[mine] + z @ load.T, np.nan)
        variance[np.ix_(rows, mine)] = np.where(there, spread, np.nan)
    return mean, variance


def _cross_fitted(y: np.ndarray, cluster: np.ndarray, test_code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and factor variance of every seen score, loadings fitted without the row's cluster."""
    seen, w = ~np.isnan(y), regression.cluster_weights(cluster)
    full = _maximise(y, seen, w, *_start(y, w), ROUNDS)
    mean, variance = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    count = seen.sum(axis=1)
    average = np.where(seen, y - full[0], 0.0).sum(axis=1) / count
    fold = regression.deal_folds(cluster, w, count, average, np.nanmax(y, axis=1))
    for k in np.unique(fold):
        kept, mine = fold != k, fold == k
        fitted = _maximise(y[kept], seen[kept], regression.cluster_weights(cluster[kept]), *full, FOLD_ROUNDS)
        mean[mine], variance[mine] = _without_test(y[mine], seen[mine], test_code, fitted)
    return mean, variance


def _lines(part, row, column, mean, variance, cluster) -> pd.DataFrame:
    """Spread and null per series, then the place of every score."""
    n_tests = part.groupby("model_id")["benchmark_id"].transform("nunique").to_numpy() - 1
    out = pd.DataFrame(np.nan, index=pd.Index(part["evaluation_id"], name="evaluation_id"), columns=LINE)
    n_items, counted = part["n_items"].to_numpy(), part["counted"].to_numpy()
    printed = part["standard_error"].to_numpy()
    score = part["value"].to_numpy()
    for j in np.unique(column):
        mine = np.flatnonzero(column == j)
        middle, factor = mean[row[mine], j], variance[row[mine], j]
        home = cluster[row[mine]]
        w, n_clusters = regression.cluster_weights(home), len(np.unique(home))
        known = factor + judge.sampling_variance(middle, counted[mine], printed[mine])
        e = judge.corrected_logit(score[mine], n_items[mine]) - middle
        knots, log_variance = regression.fit_spread(e, middle, known, w, n_clusters)
        sd = judge.standard_deviation(middle, known, {"spread_knots": knots, "spread_log_variance": log_variance})
        null = regression.empirical_null(e / sd, w, n_clusters)
        line = judge.tails(e / sd, null) | judge.interval(middle, sd, n_items[mine], null)
        for name in ("expected", "expected_lower", "expected_upper", "z", "p_high", "p_low"):
            out.iloc[mine, LINE.index(name)] = line[name]
        _, inverse, size = np.unique(home, return_inverse=True, return_counts=True)
        out.iloc[mine, LINE.index("n_comparable")] = len(mine) - size[inverse]
    out["n_tests"] = n_tests
    return out
