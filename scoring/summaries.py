"""One line per model: whether it is high, or low, everywhere for its size.

Question  Across all its tests, does this model sit above or below models of similar size and date?
Input     Population (lines by size and date alone) and the findings of size_anomaly (for the counts of marks).
Output    One row per model with a score: counts, mean_z, one-sided p_value and q_value, level, direction, sentence.
Method    One distance per benchmark: the log-odds of the score minus the log-odds of what models of its size and date get
          (expected without its whole cluster; the median over the model's headline scores there), less the middle of that
          test. Not over each test's spread: a test on which models differ widely is where a model can be far out, and on
          the marks of a board's owners the plain mean ranks better (average precision .24 against .08). The mean over m
          tests with spreads s has variance ((1 - r) sum s^2 + r (sum s)^2) / m^2; spreads and the common correlation r come
          from the models themselves, each cluster of near-copies weighing 1. Standardised means are placed among the models
          of known makers that are no merges and carry no mark (scoring/answers/makers.py): the reference is what
          organisations release, because thousands of fine-tunes of one base are no independent sample of anything. Then
          Benjamini and Hochberg 1995 over models, high and low apart; near-copies are positively dependent, under which it
          holds (Benjamini and Yekutieli 2001), so that a crowd of them is marked or not as one.
Silent    "cannot_tell" below MIN_BENCHMARKS benchmarks, or when the reference has fewer than MIN_MODELS models.
          "very_unusual" is never given here: one statistic alone does not reach it.
"""

import numpy as np
import pandas as pd

from data.vocabulary import MARKED
from scoring.answers import makers
from scoring.expected import curve, judge, solve
from scoring.expected.population import Population
from scoring.results import SUMMARY
from scoring.signals import size_anomaly
from scoring.verdict import finding, levels

MIN_BENCHMARKS = 3  # fewer is not "everywhere"
MIN_MODELS = curve.MIN_MODELS
OUTLIER = 3.0  # distances are bounded at this many spreads when their correlation is measured
MIN_SPREAD = 0.05  # log-odds; a test on which all agree to the last digit has no smaller spread
SIGNAL_ID = size_anomaly.SIGNAL_ID


def summarise(population: Population, findings: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table model_summary, one per model, sorted by model_id."""
    whole, lines = population.by_size.entries, population.by_size.lines
    frame = whole[["evaluation_id", "model_id", "benchmark_id", "cluster_id", "is_subset", "is_lower_better"]].copy()
    mine = findings[(findings["signal_id"] == SIGNAL_ID) & (findings["variant"] == "")].set_index("subject_id")
    for column in ("p_value", "level", "direction"):
        frame[column] = mine[column].reindex(frame["evaluation_id"]).to_numpy()
    headline = frame[~frame["is_subset"].to_numpy(dtype=bool)]
    models = pd.Index(np.sort(frame["model_id"].unique()), name="model_id")
    counts = _counts(headline, models)
    # By size and date alone: a model that is high on every test agrees with itself, so its other scores must not speak.
    tested = lines["is_placed"].to_numpy(dtype=bool) & ~whole["is_subset"].to_numpy(dtype=bool)
    far = distances(whole[tested], lines.loc[tested, "expected"].to_numpy(dtype=float))
    return _decide(counts, standardised(far), reference(population))


def _counts(headline: pd.DataFrame, models: pd.Index) -> pd.DataFrame:
    marked = headline["level"].isin(MARKED)

    def count(rows: pd.Series) -> np.ndarray:
        return headline.loc[rows, "model_id"].value_counts().reindex(models, fill_value=0).to_numpy()

    return pd.DataFrame(
        {
            "n_evaluations": count(pd.Series(True, index=headline.index)),
            "n_tested": count(headline["p_value"].notna()),
            "n_unusual_high": count(marked & (headline["direction"] == "high")),
            "n_unusual_low": count(marked & (headline["direction"] == "low")),
        },
        index=models,
    )


def distances(rows: pd.DataFrame, expected: np.ndarray) -> pd.DataFrame:
    """One row per model and benchmark: distance (log-odds, centred by test), spread of the test, gap (fraction), cluster_id.

    rows       Entries; expected: fractions, higher is better, as `value`.
    """
    items = rows["n_items"].to_numpy(dtype=float)
    value = rows["value"].to_numpy(dtype=float)
    # Clusters as numbers in the order of their names: pandas takes the least of texts group by group, in Python.
    cluster, names = pd.factorize(rows["cluster_id"], sort=True)
    table = rows[["model_id", "benchmark_id"]].assign(
        cluster=cluster,
        distance=judge.corrected_logit(value, items) - judge.corrected_logit(expected, items),
        gap=value - expected,
    )
    each = table.groupby(["model_id", "benchmark_id"], as_index=False).agg(
        distance=("distance", "median"), gap=("gap", "median"), cluster=("cluster", "min")
    )
    each["cluster_id"] = names[each.pop("cluster")].astype(object)
    each["weight"] = 1.0 / each.groupby(["benchmark_id", "cluster_id"])["distance"].transform("size")
    distance, weight = each["distance"].to_numpy(copy=True), each["weight"].to_numpy()
    spread = np.full(len(each), np.nan)
    for places in each.groupby("benchmark_id").indices.values():
        w = weight[places]
        distance[places] -= solve.weighted_quantile(distance[places], w, 0.5)
        widest = solve.weighted_quantile(np.abs(distance[places]), w, 0.5) / 0.6745
        spread[places] = max(widest, MIN_SPREAD)
    return each.assign(distance=distance, spread=spread)


def standardised(each: pd.DataFrame) -> pd.DataFrame:
    """Per model: m benchmarks, mean_z (mean distance over its standard deviation), odds (mean distance), gap, cluster_id."""
    bounded = (each["distance"] / each["spread"]).clip(-OUTLIER, OUTLIER)
    cluster, names = pd.factorize(each["cluster_id"], sort=True)
    each = each.assign(bounded=bounded, square=bounded**2, variance=each["spread"] ** 2, cluster=cluster)
    table = each.groupby("model_id").agg(
        m=("distance", "size"), odds=("distance", "mean"), gap=("gap", "mean"), cluster=("cluster", "min"),
        total=("bounded", "sum"), squares=("square", "sum"), spreads=("spread", "sum"), variances=("variance", "sum"),
    )  # fmt: skip
    table["cluster_id"] = names[table.pop("cluster")].astype(object)
    several = table[table["m"] >= MIN_BENCHMARKS]
    w = curve.cluster_weights(several["cluster_id"].to_numpy(dtype=str)) if len(several) else np.array([])
    pairs = float(w @ (several["m"] * (several["m"] - 1)))
    within = float(w @ several["squares"]) / max(float(w @ several["m"]), 1e-9)
    common = float(w @ (several["total"] ** 2 - several["squares"])) / max(pairs, 1e-9) / max(within, 1e-9)
    r = min(max(common, 0.0), 1.0)
    variance = ((1 - r) * table["variances"] + r * table["spreads"] ** 2) / table["m"] ** 2
    return table.assign(mean_z=table["odds"] / np.sqrt(variance))[["m", "mean_z", "odds", "gap", "cluster_id"]]


def reference(population: Population) -> set[str]:
    """model_ids of the models of known makers that are no merges and that no board's owners marked."""
    rows = population.once(makers.of_entries)
    about = population.evidence.documents
    marked = set(about["model_id"].dropna())
    fine = rows["is_maker"] & rows["kind"].eq("model") & ~rows["is_merged"].eq(True).fillna(False)
    return set(rows.loc[fine, "model_id"]) - marked


def _decide(counts: pd.DataFrame, means: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    table = counts.join(means)
    for column in ("p_value", "q_value"):
        table[column] = np.nan
    table["level"], table["direction"] = "cannot_tell", None
    table["reason"] = np.where(
        table["n_tested"] == 0,
        "None of its scores could be compared with similar models.",
        f"Fewer than {MIN_BENCHMARKS} tests could be compared: too few to speak of everywhere.",
    )
    ready = (table["m"] >= MIN_BENCHMARKS).to_numpy()
    part = table[ready]
    # Without makers (a table of one's own) everybody is the reference.
    is_known = part.index.isin(known) if part.index.isin(known).sum() >= MIN_MODELS else np.ones(len(part), dtype=bool)
    home = part["cluster_id"].to_numpy(dtype=str)[is_known]
    if is_known.sum() < MIN_MODELS or len(np.unique(home)) < curve.MIN_CLUSTERS:
        table.loc[ready, "reason"] = "Not enough models with several comparable tests to say."
        return table.reset_index()[SUMMARY]
    z = part["mean_z"].to_numpy()
    null = curve.empirical_null(z[is_known], curve.cluster_weights(home), len(np.unique(home)))
    tails = curve.tails(z, null)
    side = finding.sides(tails["p_high"], tails["p_low"])
    gap = part["gap"].to_numpy()
    # A mean gap that points the other way than the mean distance is no gap on this side.
    sided = np.where(side.is_high, gap, -gap)
    table.loc[ready, "level"] = finding.level_of(side.p_value, side.q_value, sided, np.array(levels.MIN_GAP))
    table.loc[ready, "direction"] = side.direction
    table.loc[ready, "p_value"], table.loc[ready, "q_value"] = side.p_value, side.q_value
    order, rounded = np.sort(np.round(z[is_known], 4)), np.round(z, 4)
    as_far = np.where(
        side.is_high,
        len(order) - np.searchsorted(order, rounded, side="left"),
        np.searchsorted(order, rounded, side="right"),
    )
    rows = zip(
        table.loc[ready, "level"], side.is_high, sided, np.exp(np.abs(part["odds"])), side.p_value, side.q_value,
        part["m"].astype(int), as_far - is_known, np.full(len(part), int(is_known.sum())) - is_known, strict=True,
    )  # fmt: skip
    table.loc[ready, "reason"] = [_sentence(*row) for row in rows]
    return table.reset_index()[SUMMARY]


def _sentence(
    level: str, is_high: bool, gap: float, odds: float, p: float, q: float, m: int, n_as_far: int, n: int
) -> str:
    side = "above" if is_high else "below"
    if level == "usual":
        return f"Across {m} tests, within what similar models get."
    if level == "somewhat" and round(q, levels.DECIMALS) <= levels.UNUSUAL_Q:
        least = levels.points(levels.MIN_GAP)
        return f"Across {m} tests, {side} most similar models, but by fewer than {least} points on average."
    if level == "somewhat":
        return f"Across {m} tests, {side} most similar models: {levels.one_in(p)} would be this far {side}."
    times = f"{odds:.1f} times those of" if is_high else f"1 / {odds:.1f} of those of"
    return (
        f"Across {m} tests, {levels.points(gap)} points {side} similar models on average: the odds of a right answer are "
        f"{times} similar models; {n_as_far} of {n:,} models that makers released are this far {side}."
    )
