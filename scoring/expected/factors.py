"""Second opinion: what a model's scores on other tests, and its near-copies, say about its score on this one.

Question  Given how well a model does on other tests, how unusual is this score? And given its near-copies as well?
Input     The frame of scoring.evidence.entries; used are headline scores (fractions) that may enter a fit, one per
          model and series, the number of questions, and clusters of near-copies.
Output    One line per placed score, indexed by evaluation_id: expected, expected_lower, expected_upper (fractions,
          higher is better), z, p_high, p_low, n_tests (other benchmarks behind it) and n_comparable; the same with
          near_ in front where the near-copies were asked too, else NaN.
Method    Factor model of rank RANK on count-corrected logits, series as columns, missing scores left out (expectation
          and maximisation, Rubin and Thayer 1982; rows that fit badly weigh less, as under a multivariate Student
          law, Lange, Little and Taylor 1989; near-copies weigh 1 / size of their cluster). Few factors explain score
          tables well: Ruan, Maddison and Hashimoto 2024 (observational scaling laws), Burnell et al. 2023. The
          expected score of a model on a benchmark comes from factors estimated without any of its scores on that
          benchmark, under loadings fitted without its cluster; size and date play no part. The near_ columns then ask
          what the factors leave to the model's neighbours (scoring/expected/neighbours.py): they see far smaller departures,
          but a cluster that is odd as a whole agrees with itself there, which is why they never stand alone. Tables
          of one source are modelled apart from each other, all smaller ones together. Spread and null as in
          scoring/expected/curve.py.
Silent    Below MIN_TESTS other benchmarks, or in a series of fewer than MIN_MODELS models or MIN_CLUSTERS clusters
          that have them, or where half of these have one and the same score: no line. Neighbours are not asked below
          MIN_LOCAL models. A model that is high on every test agrees with itself here; that is what
          scoring/summaries.py is for.
"""

import json
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy import sparse

from data.vocabulary import COUNTED_KINDS
from scoring.evidence import ZERO_ITEMS
from scoring.expected import curve, judge, neighbours, solve
from scoring.groups import MapGroups, one_by_one

METHOD_VERSION = "3"
RANK = 3  # general ability, knowledge against reasoning, following instructions; more does not predict better
MIN_TESTS = 3  # other benchmarks; fewer give no opinion
MIN_MODELS, MIN_CLUSTERS = curve.MIN_MODELS, curve.MIN_CLUSTERS
ROUNDS, FOLD_ROUNDS = 60, 12  # of expectation and maximisation; folds start from the fit of all
STUDENT = 5.0  # degrees of freedom of the row weights
LOADING_WORTH = 1.0  # prior of a loading, in clusters' worth: short columns lean on the mean
SETTLED = 1e-3  # relative change of the noise at which expectation and maximisation stop
ODD = 4.0  # robust standard deviations; scores further out say less about the model's other scores
MIN_LOCAL = 1000  # models; a smaller table has few near-copies to learn from
COMMON = 0.5  # a column helps to find neighbours when it is known for at least this share of the models
SIZE_WORTH, DATE_WORTH = 2.0, 2.0  # distance of a factor of ten in size, or a year, in spreads of a score
BEYOND = 1.0  # logits past all scores of a test at which factors run away and say nothing any more
MIN_NOISE = 1e-3  # logit units squared; keeps a column from being explained without remainder
THIN_CELLS, THIN_SHARE = (
    1_000_000,
    0.1,
)  # from so many cells on, with a smaller share of them filled, only those are gone through
PREFIXES = ("", "near_")  # of the columns of an opinion without and with the near-copies
PLACES = ["expected", "expected_lower", "expected_upper", "z", "p_high", "p_low", "mark", "mark_near"]
NEAR = [f"near_{name}" for name in PLACES]
LINE = [*PLACES, "n_tests", "n_comparable", *NEAR]
Values: TypeAlias = np.ndarray | sparse.csr_array


@dataclass(frozen=True, kw_only=True)
class Opinions:
    """lines: columns LINE by evaluation_id; fits: results.FIT without the signal in front, one factor model per table, as
    second_opinion.py reads it.
    """

    lines: pd.DataFrame
    fits: list[tuple]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Scores that are modelled together: models as rows, series as columns, both in alphabetical order.

    part      One row per score; row, column: its place in the table; items: questions for the correction at both ends.
    y         (models, series) count-corrected logits, NaN where there is no score.
    about     One row per model; cluster, developer: codes of its models (developer -1: unknown).
    names     series_id by column; test: benchmark_id by column; test_code: the same as numbers.
    ends      Questions that the correction assumes by column where their number is not known.
    """

    part: pd.DataFrame
    row: np.ndarray
    column: np.ndarray
    items: np.ndarray
    y: np.ndarray
    about: pd.DataFrame
    cluster: np.ndarray
    developer: np.ndarray
    names: np.ndarray
    test: np.ndarray
    test_code: np.ndarray
    ends: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Model:
    """A factor model: middle (series,), loadings (series, RANK), noise (series,), all in logits."""

    middle: np.ndarray
    loadings: np.ndarray
    noise: np.ndarray


def place(entries: pd.DataFrame, only: str | None = None, map_groups: MapGroups = one_by_one) -> Opinions:
    """Second opinions on the entries, or on those of one benchmark alone."""
    chosen = entries[_may_enter(entries)]
    parts = {name: _usable(whole) for name, whole in chosen.groupby(_table_of(chosen), sort=True)}
    parts = {name: part for name, part in parts.items() if len(part)}
    tables = [_table(part) for part in parts.values()]
    placed = map_groups(partial(_place_table, only=only), tables, [len(part) for part in parts.values()])
    fits = []
    for (name, part), (_, series) in zip(parts.items(), placed, strict=True):
        text = json.dumps({"min_tests": MIN_TESTS, "series": series}, sort_keys=True, allow_nan=False)
        fits.append((f"table:{name}", "A", len(part), part["cluster_id"].nunique(), text, METHOD_VERSION))
    lines = [part_lines for part_lines, _ in placed]
    whole = pd.concat(lines).sort_index(kind="stable") if lines else pd.DataFrame(columns=LINE)
    return Opinions(lines=whole, fits=fits)


def residuals(entries: pd.DataFrame, home: pd.Series) -> pd.DataFrame:
    """Scores against what the model's other scores suggest, under loadings fitted without its whole home.

    home     Group that is left out together, by row of entries (a family, say).
    Returns  residual and spread (logits; spread: robust, of all residuals of the series), expected (fraction, higher is
             better), indexed by evaluation_id.
    """
    chosen = entries.assign(cluster_id=home)
    chosen = chosen[_may_enter(chosen)]
    found = []
    for _, whole in chosen.groupby(_table_of(chosen), sort=True):
        part = _usable(whole)
        if not len(part):
            continue
        table = _table(part)
        mean, _, _ = _cross_fitted(table.y, table.cluster, table.test_code)
        left = table.y - mean
        spread = np.nanmedian(np.abs(left - np.nanmedian(left, axis=0)), axis=0) / 0.6745
        place = (table.row, table.column)
        columns = {"residual": left[place], "spread": spread[table.column], "expected": judge.sigmoid(mean[place])}
        found.append(pd.DataFrame(columns, index=pd.Index(part["evaluation_id"], name="evaluation_id")))
    return pd.concat(found) if found else pd.DataFrame(columns=["residual", "spread", "expected"])


def _table_of(part: pd.DataFrame) -> pd.Series:
    """Name of the table that a score is modelled in: its setting group where one source fills it, else ""."""
    group = part.groupby("setting_group")
    own = (group["source_id"].nunique() == 1) & (group["benchmark_id"].nunique() > MIN_TESTS)
    return part["setting_group"].where(part["setting_group"].map(own), "")


def _table(part: pd.DataFrame) -> Table:
    """The scores of `part` as a table."""
    row, models = pd.factorize(part["model_id"], sort=True)
    column, names = pd.factorize(part["series_id"], sort=True)
    test = part.groupby("series_id", sort=True)["benchmark_id"].first().reindex(names)
    value = part["value"].to_numpy()
    ends = np.array([curve.end_items(value[column == j]) for j in range(len(names))])
    items = curve.filled(part["n_items"].to_numpy(), ends[column])
    y = np.full((len(models), len(names)), np.nan)
    y[row, column] = judge.corrected_logit(value, items)
    about = part.drop_duplicates("model_id").set_index("model_id").reindex(models)
    return Table(
        part=part,
        row=row,
        column=column,
        items=items,
        y=y,
        about=about,
        cluster=pd.factorize(about["cluster_id"])[0],
        developer=pd.factorize(about["developer"])[0],
        names=np.asarray(names, dtype=object),
        test=test.to_numpy(dtype=object),
        test_code=pd.factorize(test)[0],
        ends=ends,
    )


def _place_table(table: Table, only: str | None) -> tuple[pd.DataFrame, dict]:
    """Second opinions on the scores of one table, or of one of its benchmarks; and its factor model by series."""
    mean, variance, model = _cross_fitted(table.y, table.cluster, table.test_code)
    lines, nulls = _lines(table, mean, variance, only)
    return (lines if only is None else lines[lines["z"].notna()]), _stored(table, model, nulls)


def _stored(table: Table, model: Model, nulls: dict[int, dict]) -> dict:
    """The factor model as a dict that survives JSON, by series; spread and null only where there are any."""
    facts = table.part.groupby("series_id", sort=True).agg(
        n_items=("n_items", "median"),
        is_item_count=("is_item_count", "any"),
        is_lower_better=("is_lower_better", "any"),
    )
    return {
        str(name): {
            "benchmark_id": str(table.test[j]),
            "middle": float(model.middle[j]),
            "loadings": model.loadings[j].tolist(),
            "noise": float(model.noise[j]),
            "end_items": float(table.ends[j]),
            "n_items": None if np.isnan(facts.at[name, "n_items"]) else float(facts.at[name, "n_items"]),
            "is_item_count": bool(facts.at[name, "is_item_count"]),
            "is_lower_better": bool(facts.at[name, "is_lower_better"]),
            "low": float(np.nanmin(table.y[:, j])) - BEYOND,
            "high": float(np.nanmax(table.y[:, j])) + BEYOND,
        }
        | nulls.get(j, {})
        for j, name in enumerate(table.names)
    }


def _usable(part: pd.DataFrame) -> pd.DataFrame:
    """Scores of models with more than MIN_TESTS benchmarks, in series that keep enough such models."""
    names = ("model_id", "benchmark_id", "series_id", "cluster_id")
    model, test, series, cluster = (pd.factorize(part[name])[0] for name in names)
    kept = np.arange(len(part))
    while len(kept):
        keep = _distinct(model[kept], test[kept]) > MIN_TESTS
        keep &= _distinct(series[kept], model[kept]) >= MIN_MODELS
        keep &= _distinct(series[kept], cluster[kept]) >= MIN_CLUSTERS
        if keep.all():
            break
        kept = kept[keep]
    return part.iloc[kept]


def _distinct(group: np.ndarray, code: np.ndarray) -> np.ndarray:
    """For every row how many codes its group has; whole numbers from 0 on."""
    n = int(code.max()) + 1
    return np.bincount(np.unique(group * n + code) // n, minlength=int(group.max()) + 1)[group]


def _may_enter(entries: pd.DataFrame) -> pd.Series:
    """One usable headline score per model and series; a model without a size may take part."""
    unsized = pd.isna(entries["size"]) & entries["kind"].isin(COUNTED_KINDS) & entries["data_problem"].isna()
    fine = entries["value"].between(0, 1) & ~((entries["value"] == 0) & (entries["n_items"] >= ZERO_ITEMS))
    usable = (entries["enters"] | (unsized & fine)) & ~entries["is_subset"]
    chosen = entries[usable].drop_duplicates(["model_id", "series_id"], keep="first").index
    return pd.Series(entries.index.isin(chosen), index=entries.index)


def _start(y: np.ndarray, w: np.ndarray) -> Model:
    """Medians, loadings along the first principal directions of the filled table, and noise."""
    seen = ~np.isnan(y)
    middle = np.array([solve.weighted_quantile(c[s], w[s], 0.5) for c, s in zip(y.T, seen.T, strict=True)])
    filled = np.where(seen, y - middle, 0.0) * np.sqrt(w)[:, None]
    values, directions = np.linalg.eigh(filled.T @ filled / w.sum())
    share = np.maximum((w[:, None] * seen).sum(axis=0) / w.sum(), 1e-9)
    loadings = directions[:, ::-1][:, :RANK] * np.sqrt(np.maximum(values[::-1][:RANK], 1e-3)) / np.sqrt(share)[:, None]
    total = np.sum(filled**2, axis=0) / np.maximum((w[:, None] * seen).sum(axis=0), 1e-9)
    return Model(middle=middle, loadings=loadings, noise=np.maximum(0.3 * total, MIN_NOISE))


def _inverse(a: np.ndarray) -> np.ndarray:
    """Inverse of every symmetric matrix (n, r, r) of positive curvature; for r = 3 by cofactors, all rows at once."""
    if a.shape[1] != 3:
        return np.linalg.inv(a)
    (p, q, r), (s, t), u = (a[:, 0, 0], a[:, 0, 1], a[:, 0, 2]), (a[:, 1, 1], a[:, 1, 2]), a[:, 2, 2]
    first, second, third = s * u - t * t, r * t - q * u, q * t - r * s
    out = np.empty(a.shape)
    out[:, 0, 0], out[:, 1, 1], out[:, 2, 2] = first, p * u - r * r, p * s - q * q
    out[:, 0, 1] = out[:, 1, 0] = second
    out[:, 0, 2] = out[:, 2, 0] = third
    out[:, 1, 2] = out[:, 2, 1] = q * r - p * t
    return out / (p * first + q * second + r * third)[:, None, None]


def _times(a: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Every matrix (n, r, r) times its row of x (n, r)."""
    return np.sum(a * x[:, None, :], axis=2)


def _outer(loadings: np.ndarray) -> np.ndarray:
    """Products of every two loadings (m, r) of a series, shape (m, r * r)."""
    return (loadings[:, :, None] * loadings[:, None, :]).reshape(len(loadings), -1)


def _thin(y: np.ndarray, seen: np.ndarray) -> tuple[Values, Values]:
    """Large tables with few values other than 0 without their zeros: the table of all small sources is 98% empty, and grows by
    models times series.
    """
    if seen.size < THIN_CELLS or np.count_nonzero(seen) >= THIN_SHARE * seen.size:
        return y, seen
    return sparse.csr_array(y), sparse.csr_array(seen)


def _factors(y: Values, seen: Values, model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Precision (n, r, r) and weighted sums (n, r) of every row's factors.

    y      0 where a score is missing.
    seen   0 where a score is missing, 1 where it counts in full, less where it counts less.
    """
    rank, per_noise = model.loadings.shape[1], model.loadings / model.noise[:, None]
    precision = (seen @ (_outer(model.loadings) / model.noise[:, None])).reshape(-1, rank, rank) + np.eye(rank)
    return precision, (y * seen) @ per_noise - seen @ (model.middle[:, None] * per_noise)


def _maximise(y: np.ndarray, seen: np.ndarray, w: np.ndarray, start: Model, rounds: int) -> Model:
    """Rounds of expectation and maximisation; every column is a weighted ridge regression on the factors."""
    model, rank = start, start.loadings.shape[1]
    count = seen.sum(axis=1)
    y, there = _thin(np.where(seen, y, 0.0), seen.astype(float))
    square, mass = y * y, np.maximum(w @ there, 1e-9)
    ridge = np.diag([0.0] + [LOADING_WORTH] * rank) + 1e-9 * np.eye(rank + 1)
    known = np.ones((len(seen), rank + 1))
    for _ in range(rounds):
        precision, sums = _factors(y, there, model)
        covariance = _inverse(precision)
        z = _times(covariance, sums)
        known[:, 1:] = z
        # Squared distance of the row from its own factors, in noise.
        inverse = 1.0 / model.noise
        away = square @ inverse - 2.0 * (y @ (model.middle * inverse)) + there @ (model.middle**2 * inverse)
        calm = (STUDENT + count) / (STUDENT + np.maximum(away - np.sum(sums * z, axis=1), 0.0))
        trust = w * calm
        second = known[:, :, None] * known[:, None, :]
        second[:, 1:, 1:] += covariance / calm[:, None, None]
        gram = (there.T @ (trust[:, None] * second.reshape(len(z), -1))).reshape(-1, rank + 1, rank + 1)
        right = y.T @ (known * trust[:, None])
        beta = np.linalg.solve(gram + ridge, right[:, :, None])[:, :, 0]
        left = trust @ square - 2 * np.sum(beta * right, axis=1) + np.sum(beta * _times(gram, beta), axis=1)
        noise, before = np.maximum(left / mass, MIN_NOISE), model.noise
        model = Model(middle=beta[:, 0], loadings=beta[:, 1:], noise=noise)
        if np.max(np.abs(noise / before - 1.0)) < SETTLED:
            break
    return model


def _without_test(
    y: np.ndarray, trust: np.ndarray, test_code: np.ndarray, model: Model
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance (logits) of every seen score from the row's scores on other benchmarks.

    trust   0 where a score is missing, 1 where it counts in full, less where it counts less.
    """
    middle, loadings, noise = model.middle, model.loadings, model.noise
    seen, rank = trust > 0, loadings.shape[1]
    y = np.where(seen, y, 0.0)
    precision, sums = _factors(*_thin(y, trust), model)
    mean, variance = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    for test in np.unique(test_code):
        mine = np.flatnonzero(test_code == test)
        rows = np.flatnonzero(seen[:, mine].any(axis=1))
        if not len(rows):
            continue
        at = (rows[:, None], mine)
        there, weight = seen[at], trust[at]
        load, inverse = loadings[mine], 1.0 / noise[mine]
        outer = _outer(load)
        rest = precision[rows] - (weight @ (outer * inverse[:, None])).reshape(-1, rank, rank)
        centred = (y[at] - middle[mine]) * weight
        covariance = _inverse(rest)
        z = _times(covariance, sums[rows] - (centred * inverse) @ load)
        spread = covariance.reshape(len(rows), -1) @ outer.T
        mean[at] = np.where(there, middle[mine] + z @ load.T, np.nan)
        variance[at] = np.where(there, spread, np.nan)
    return mean, variance


def _cross_fitted(y: np.ndarray, cluster: np.ndarray, test_code: np.ndarray) -> tuple[np.ndarray, np.ndarray, Model]:
    """Mean and factor variance of every seen score, loadings fitted without the row's cluster; the fit of all rows."""
    seen, w = ~np.isnan(y), curve.cluster_weights(cluster)
    full = _maximise(y, seen, w, _start(y, w), ROUNDS)
    mean, variance = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    count = seen.sum(axis=1)
    average = np.where(seen, y - full.middle, 0.0).sum(axis=1) / count
    fold = curve.deal_folds(cluster, w, count, average, np.nanmax(y, axis=1))
    folds = []
    for k in np.unique(fold):
        kept, mine = fold != k, fold == k
        fitted = _maximise(y[kept], seen[kept], curve.cluster_weights(cluster[kept]), full, FOLD_ROUNDS)
        folds.append((mine, fitted))
    # Twice: a score that is odd itself says little about the others, else one odd score makes five look odd.
    trust = seen.astype(float)
    for _ in range(2):
        for mine, fitted in folds:
            mean[mine], variance[mine] = _without_test(y[mine], trust[mine], test_code, fitted)
        trust = seen / np.maximum(1.0, (_robust_z(y - mean) / ODD) ** 2)
    return mean, variance, full


def _robust_z(e: np.ndarray) -> np.ndarray:
    """Residuals (NaN: none) in robust standard deviations of their column; 0 where there is none."""
    centred = e - np.nanmedian(e, axis=0)
    scale = np.nanmedian(np.abs(centred), axis=0) / 0.6745
    return np.nan_to_num(centred / np.maximum(scale, 1e-6))


def _coordinates(table: Table, column: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where models stand on everything but this test: other scores, size, date, in robust spreads; unknown: middle.

    Also a code that models share whose other scores are all the same: the same weights, uploaded again.
    """
    seen = ~np.isnan(table.y[rows])
    others = (table.test_code != table.test_code[column]) & (seen.mean(axis=0) >= COMMON)
    scores = table.y[np.ix_(rows, np.flatnonzero(others))]
    centred = scores - np.nanmedian(scores, axis=0)
    spread = np.nanmedian(np.abs(centred), axis=0) / 0.6745
    columns = [centred / np.maximum(spread, 0.05)]
    for name, worth in (("size", SIZE_WORTH), ("when", DATE_WORTH)):
        x = table.about[name].to_numpy(dtype=float)[rows]
        if not np.isnan(x).all():
            columns.append(worth * (x - np.nanmedian(x))[:, None])
    reupload = np.unique(np.round(np.nan_to_num(scores, nan=-99.0), 6), axis=0, return_inverse=True)[1].ravel()
    return np.nan_to_num(np.hstack(columns)), reupload


def _within(expected: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Where an expected score (logits) lies among those that the test has given: beyond them it is no opinion."""
    return (expected >= np.nanmin(observed) - BEYOND) & (expected <= np.nanmax(observed) + BEYOND)


def _lines(table: Table, mean: np.ndarray, variance: np.ndarray, only: str | None) -> tuple[pd.DataFrame, dict]:
    """The place of every score, series by series; spread and null by column."""
    part, nulls = table.part, {}
    out = {name: np.full(len(part), np.nan) for name in LINE}
    out["n_tests"] = part.groupby("model_id")["benchmark_id"].transform("nunique").to_numpy() - 1
    wanted = np.ones(len(part), dtype=bool) if only is None else part["benchmark_id"].eq(only).to_numpy(dtype=bool)
    places = {}
    for j in np.unique(table.column[wanted]).tolist():
        mine = np.flatnonzero(table.column == j)
        mine = mine[_within(mean[table.row[mine], j], table.y[table.row[mine], j])]
        if len(mine) >= MIN_MODELS:
            places[j] = mine
    found = solve.together([_series_steps(table, j, mine, mean, variance) for j, mine in places.items()])
    for (j, mine), placed in zip(places.items(), found, strict=True):
        if placed is None:
            continue
        line, nulls[j] = placed
        for name, values in line.items():
            out[name][mine] = values
    return pd.DataFrame(out, index=pd.Index(part["evaluation_id"], name="evaluation_id")), nulls


def _series_steps(
    table: Table, j: int, mine: np.ndarray, mean: np.ndarray, variance: np.ndarray
) -> solve.Steps[tuple[dict[str, np.ndarray], dict] | None]:
    """Columns of LINE for the scores `mine` of series j, and its spread and null; None where half of them are tied."""
    who, part = table.row[mine], table.part
    middle, home, questions = mean[who, j], table.cluster[who], table.items[mine]
    value, counted, printed = (part[name].to_numpy()[mine] for name in ("value", "counted", "standard_error"))
    w, n_clusters = curve.cluster_weights(home), len(np.unique(home))
    if curve.largest_tie(value, w) >= curve.MAX_TIED:
        return None
    noise = judge.sampling_variance(middle, counted, printed)
    known = variance[who, j] + noise
    e = table.y[who, j] - middle
    ((knots, log_variance),) = yield [solve.Spread(e=e, eta=middle, known=known, w=w, n_clusters=n_clusters)]
    spread = {"spread_knots": knots, "spread_log_variance": log_variance}
    sd = judge.standard_deviation(middle, known, spread)

    def standard(e: np.ndarray, sd: np.ndarray, middle: np.ndarray) -> solve.Steps[tuple[dict[str, np.ndarray], dict]]:
        null = yield from curve.null_steps(e / sd, w, n_clusters)
        placed = curve.tails(e / sd, null) | judge.interval(middle, sd, questions, null)
        placed |= curve.marks(middle, sd, questions, null)
        return {name: placed[name] for name in PLACES}, null

    line, null = yield from standard(e, sd, middle)
    _, inverse, size = np.unique(home, return_inverse=True, return_counts=True)
    line["n_comparable"] = len(mine) - size[inverse]
    if len(mine) >= MIN_LOCAL:
        position, reupload = _coordinates(table, j, who)
        models = neighbours.Models(
            residual=e, noise=noise, position=position, cluster=home, developer=table.developer[who], reupload=reupload
        )
        more, left = neighbours.predict(models)
        near, _ = yield from standard(e - more, np.sqrt(left), middle + more)
        line |= {f"near_{name}": values for name, values in near.items()}
    return line, spread | {"null": null}
