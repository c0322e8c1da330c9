"""One line per model: whether it is high, or low, everywhere for its size.

Question  Across all its tests, does this model sit above or below models of similar size and date?
Input     Evidence (its lines by size and date alone) and the findings of size_anomaly (for the counts of marks).
Output    One row per model with a score: counts, mean_z, one-sided p_value and q_value, level, direction, sentence.
Method    One z per benchmark: the median over the model's headline scores there of the normal quantile of its
          p-value, so that benchmarks with different tails count alike. The mean over m benchmarks has variance a + b
          / m; a (the part that benchmarks share) and b come from the models themselves, by squared means against 1 /
          m, each cluster of near-copies weighing 1. Standardised means get an empirical null as single scores do
          (scoring/expected/curve.py), then Benjamini and Hochberg 1995 over models, high and low apart.
Silent    "cannot_tell" below MIN_BENCHMARKS benchmarks, or when fewer than MIN_MODELS models have as many.
          "very_unusual" is never given here: one statistic alone does not reach it.
"""

import numpy as np
import pandas as pd
from scipy.stats import norm

from data.vocabulary import MARKED
from scoring.expected import curve, judge
from scoring.expected.population import Population
from scoring.results import SUMMARY
from scoring.signals import size_anomaly
from scoring.verdict import finding, levels

MIN_BENCHMARKS = 3  # fewer is not "everywhere"
MIN_MODELS = curve.MIN_MODELS
BOUND = 8.0  # normal quantiles stop here, beyond any tail that the data can tell
OUTLIER = 3.0  # squared means are bounded at this many standard deviations when the variance is measured
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
    high, low = lines["p_high"].astype(float), lines["p_low"].astype(float)
    by_size = frame.assign(
        p_value=np.minimum(high, low).where(lines["is_placed"]),
        direction=np.where(high <= low, "high", "low"),
        observed=whole["score"],
        expected=judge.turned(lines["expected"].astype(float).to_numpy(), whole["is_lower_better"].to_numpy()),
    )
    means = _means(by_size[by_size["p_value"].notna() & ~by_size["is_subset"].to_numpy(dtype=bool)])
    return _decide(counts, means)


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


def _means(tested: pd.DataFrame) -> pd.DataFrame:
    """Per model: m benchmarks, mean_z, mean gap (fraction, positive = better), cluster; index model_id."""
    z = np.clip(norm.isf(tested["p_value"].to_numpy(dtype=float)), -BOUND, BOUND)
    sign = np.where(tested["direction"] == "high", 1.0, -1.0)
    gap = (tested["observed"] - tested["expected"]).to_numpy(dtype=float)
    rows = pd.DataFrame(
        {
            "model_id": tested["model_id"].to_numpy(),
            "benchmark_id": tested["benchmark_id"].to_numpy(),
            "cluster_id": tested["cluster_id"].to_numpy(),
            "z": sign * z,
            "gap": np.where(tested["is_lower_better"], -gap, gap),
        }
    )
    each = rows.groupby(["model_id", "benchmark_id"])[["z", "gap"]].median()
    means = each.groupby(level="model_id").agg(m=("z", "size"), mean_z=("z", "mean"), gap=("gap", "mean"))
    return means.join(rows.groupby("model_id")["cluster_id"].min())


def mean_variance(mean: np.ndarray, m: np.ndarray, w: np.ndarray) -> tuple[float, float]:
    """Estimate a and b of Var(mean of m benchmarks) = a + b / m, both >= 0, from bounded squared means."""
    centre = curve.weighted_quantile(mean, w, 0.5)
    scale = max(curve.weighted_quantile(np.abs(mean - centre), w, 0.5) / 0.6745, 1e-6)
    square = np.minimum(np.abs(mean - centre), OUTLIER * scale) ** 2
    inverse = 1.0 / m
    x, y = inverse - w @ inverse / w.sum(), square - w @ square / w.sum()
    level, spread = float(w @ square / w.sum()), float(w @ (x * x))
    b = float(w @ (x * y)) / spread if spread > 1e-9 * w.sum() else 0.0
    b = min(max(b, 0.0), level / float(w @ inverse / w.sum()))
    return max(level - b * float(w @ inverse / w.sum()), 0.0), b


def _decide(counts: pd.DataFrame, means: pd.DataFrame) -> pd.DataFrame:
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
    if ready.sum() >= MIN_MODELS and table.loc[ready, "cluster_id"].nunique() >= curve.MIN_CLUSTERS:
        part = table[ready]
        w = curve.cluster_weights(part["cluster_id"].to_numpy(dtype=str))
        mean, m = part["mean_z"].to_numpy(), part["m"].to_numpy(dtype=float)
        a, b = mean_variance(mean, m, w)
        standard = mean / np.sqrt(max(a, 1e-6) + b / m)
        null = curve.empirical_null(standard, w, part["cluster_id"].nunique())
        tails = curve.tails(standard, null)
        copies = np.unique(part["cluster_id"].to_numpy(dtype=str), return_inverse=True)[1]
        side = finding.sides(tails["p_high"], tails["p_low"], copy_group=copies)
        is_high, p, q = side.is_high, side.p_value, side.q_value
        rounded = np.round(tails["z"], 4)
        gap = part["gap"].to_numpy()
        # A mean gap that points the other way than the mean z is no gap on this side.
        sided = np.where(is_high, gap, -gap)
        table.loc[ready, "level"] = finding.level_of(p, q, sided, np.array(levels.MIN_GAP))
        table.loc[ready, "direction"] = side.direction
        table.loc[ready, "p_value"], table.loc[ready, "q_value"] = p, q
        order = np.sort(rounded)
        others = np.where(
            is_high,
            len(order) - np.searchsorted(order, rounded, side="left"),
            np.searchsorted(order, rounded, side="right"),
        )
        table.loc[ready, "reason"] = [
            _sentence(level, above, mean_gap, rare, m, far, len(part))
            for level, above, mean_gap, rare, m, far in zip(
                table.loc[ready, "level"], is_high, sided, q, part["m"].astype(int), others - 1, strict=True
            )
        ]
    else:
        table.loc[ready, "reason"] = "Not enough models with several comparable tests to say."
    return table.reset_index()[SUMMARY]


def _sentence(level: str, is_high: bool, gap: float, q: float, m: int, n_as_far: int, n: int) -> str:
    side = "above" if is_high else "below"
    if level == "usual":
        return f"Across {m} tests, within what similar models get."
    if level == "somewhat" and round(q, levels.DECIMALS) <= levels.UNUSUAL_Q:
        least = levels.points(levels.MIN_GAP)
        return f"Across {m} tests, {side} most similar models, but by fewer than {least} points on average."
    if level == "somewhat":
        return f"Across {m} tests, {side} most similar models. Averages like this turn up by chance."
    return (
        f"Across {m} tests, {levels.points(gap)} points {side} similar models on average; "
        f"{n_as_far} of {n - 1} comparable models are this far out."
    )
