"""Did this run fail, or were its answers not understood?

Question  Is a score at the level of guessing a weak model, or a run that broke: a constant answer, a crash, text that the
          scorer could not parse?
Input     Evaluations with floor (score of guessing, NaN unknown), n_items, size (log10 parameters, NaN unknown) and
          cluster_id; scores as fractions, higher is better.
Output    One sentence per such evaluation, which begins with FAILED_RUN; nothing is changed or dropped.
Method    A score beside a correlation of exactly zero, or a low one beside a failed one, of the same answers, failed too
          (find_beside), and so do answers that hold the right words and never match (find_unformed). Of the others only scores at or below the level of guessing (within GUESS_ERRORS standard errors, or NO_FLOOR where nothing
          can be guessed) are asked about. Any of three is enough:
          spike  at least SPIKE models that are no near-copies of each other have the same score to the last digit, far
                 more than the scores around it explain (Poisson, p below SPIKE_P): the share of one answer letter.
          peers  of the models of similar size on that test, at least MIN_PEERS clusters, nine in ten are PEER_GAP or more
                 above the level of guessing.
          other  the model is better than a third of all on another test, and of such models fewer than RARE are at the
                 level of guessing here.
          Our rules; spikes were seen as such on the Open LLM Leaderboard (MMLU .2312, Winogrande .4957).
Silent    Tests without a fraction, lower-is-better tests, and series with fewer than MIN_MODELS models.
"""

import numpy as np
import pandas as pd
from scipy.special import pdtrc

from data.vocabulary import CORRELATIONS, FAILED_RUN, SHARE_UNITS

MIN_MODELS = 30
MIN_ITEMS = 100  # of fewer questions nothing right is an ordinary result where nothing can be guessed
GUESS_ERRORS, GUESS_LEAST = 2.5, 0.015
NO_FLOOR = 0.04  # where nothing can be guessed, less than this is what a parser finds in the wrong text
NEAR_FLOOR = 0.04  # how far the share of one answer letter may lie from guessing
SPIKE, SPIKE_P = 5, 1e-6
AROUND = 0.01  # scores within this make the density that a spike is compared with
MIN_PEERS, PEER_WIDTH, PEER_GAP = 10, 0.15, 0.10  # clusters; log10 of size; fraction
STRONG, RARE = 0.3, 0.02
HOLDS_WORDS, MATCHES = 0.1, 0.1  # F1, fraction; exact matches as a share of it
SAME_ANSWERS = ("source_id", "run", "snapshot_id", "model_id", "benchmark_id", "setting")
LOW = 0.2  # fraction: a score beside a failed one that is higher came from somewhere
NOBODY = pd.DataFrame({"cluster_id": pd.Series(dtype=str), "size": [], "score": []})


def find(rows: pd.DataFrame) -> pd.Series:
    """Sentences by index of `rows`: series_id, benchmark_id, model_id, cluster_id, score, n_items, floor, size."""
    n_models = rows.groupby("series_id")["model_id"].nunique()
    rows = rows[rows["series_id"].isin(n_models.index[n_models >= MIN_MODELS])]
    floor = rows["floor"].fillna(0.0)
    items = rows["n_items"].fillna(1000.0)
    error = np.sqrt(floor * (1 - floor) / items)
    limit = np.where(floor > 0, floor + np.maximum(GUESS_ERRORS * error, GUESS_LEAST), NO_FLOOR)
    rows = rows.assign(
        limit=limit,
        at_guess=(rows["score"] <= limit) & ((floor > 0) | (items >= MIN_ITEMS)),
        spread=np.maximum(4 * error, NEAR_FLOOR),
    )
    percentile = rows.groupby("series_id")["score"].rank(pct=True)
    rows["best_other"] = _best_other(rows.assign(percentile=percentile))
    # A cluster speaks by its middle score, so that forty near-copies are one peer.
    middle = rows[rows["size"].notna()].groupby(["series_id", "cluster_id"])[["size", "score"]].median()
    peers = dict(iter(middle.reset_index("cluster_id").groupby("series_id")))
    found: dict[object, tuple[str, float]] = {}
    asked = set(rows.loc[rows["at_guess"] | (rows["floor"] > 0), "series_id"])
    for series_id, part in rows[rows["series_id"].isin(asked)].groupby("series_id", sort=False):
        for where, text in (
            (_spikes(part), "spike"),
            (_peers(part, peers.get(series_id, NOBODY)), "peers"),
            (_others(part), "other"),
        ):
            for label, score in zip(part.index[where].tolist(), part["score"].to_numpy()[where].tolist(), strict=True):
                found.setdefault(label, (text, score))
    said = {
        "spike": "the same score to the last digit as unrelated models, near the level of guessing",
        "peers": "at the level of guessing, where nine in ten models of its size are well above it",
        "other": "at the level of guessing, though the model is better than a third of all on another test",
    }
    texts = {label: f"{FAILED_RUN}: {100 * score:.1f} is {said[why]}." for label, (why, score) in found.items()}
    return pd.Series(texts, dtype=object).reindex([i for i in rows.index if i in texts])


def find_beside(rows: pd.DataFrame, problems: pd.Series) -> pd.Series:
    """Sentences for scores beside a failed one: another metric of the same answers of a model to the same test.

    A correlation of exactly zero is that of one answer to every question, whatever share of it is right. Where another
    metric is known for a failed run, a low score (below LOW) is taken from the same text.
    rows  source_id, run, snapshot_id, model_id, benchmark_id, setting, metric_id, score, score_unit, score_reported.
    """
    same = list(SAME_ANSWERS)
    constant = rows["metric_id"].isin(CORRELATIONS) & (rows["score"] == 0)
    failed = problems.reindex(rows.index).str.startswith(FAILED_RUN, na=False)
    spoken = rows[constant | failed]
    rows = rows[rows["model_id"].isin(set(spoken["model_id"])) & rows["benchmark_id"].isin(set(spoken["benchmark_id"]))]
    constant, failed = constant[rows.index], failed[rows.index]
    keys = pd.Series(list(rows[same].itertuples(index=False, name=None)), index=rows.index)
    by_run = [{} if not mask.any() else dict(zip(keys[mask], rows.loc[mask, "metric_id"], strict=True))
              for mask in (constant, failed)]  # fmt: skip
    found = {}
    asked = rows["score_unit"].isin(SHARE_UNITS) & ~failed & keys.isin(set(by_run[0]) | set(by_run[1]))
    for label, key, metric, score in zip(
        rows.index[asked], keys[asked], rows.loc[asked, "metric_id"], rows.loc[asked, "score"], strict=True
    ):
        if by_run[0].get(key, metric) != metric:
            found[label] = (
                f"{FAILED_RUN}: the same answers have a correlation of exactly zero, as one answer to all has."
            )
        elif by_run[1].get(key, metric) != metric and score < LOW:
            found[label] = f"{FAILED_RUN}: another metric of the same answers ({by_run[1][key]}) shows it."
    return pd.Series(found, dtype=object)


def find_unformed(rows: pd.DataFrame) -> pd.Series:
    """Sentences for scores of answers that hold the right words (F1 above HOLDS_WORDS) and hardly ever match the key exactly
    (below MATCHES of it): they are not in the form that was asked for. Nine in ten runs with such an F1 match at four times
    that share, and hardly one lies between. rows as for find_beside.
    """
    rows = rows[rows["metric_id"].isin(["exact_match", "f1"]) & rows["score_unit"].isin(SHARE_UNITS)]
    same = [rows[name].fillna("") for name in SAME_ANSWERS]
    exact, words = (
        rows["score"].where(rows["metric_id"] == name).groupby(same).transform("max") for name in ("exact_match", "f1")
    )
    odd = (words > HOLDS_WORDS) & (exact < MATCHES * words)
    texts = [
        f"{FAILED_RUN}: {100 * match:.1f} of 100 answers match the key, whose words they hold (F1 {100 * held:.1f})."
        for match, held in zip(exact[odd], words[odd], strict=True)
    ]
    return pd.Series(texts, index=rows.index[odd], dtype=object)


def _best_other(rows: pd.DataFrame) -> pd.Series:
    """Highest percentile of the row's model on any other benchmark; NaN where it has none."""
    best = rows.groupby(["model_id", "benchmark_id"])["percentile"].max().reset_index()
    order = best.sort_values("percentile", ascending=False, kind="stable")
    first = order.drop_duplicates("model_id").set_index("model_id")
    second = order[order.duplicated("model_id")].drop_duplicates("model_id").set_index("model_id")["percentile"]
    is_own = rows["benchmark_id"] == rows["model_id"].map(first["benchmark_id"])
    return rows["model_id"].map(first["percentile"]).where(~is_own, rows["model_id"].map(second))


def _spikes(part: pd.DataFrame) -> np.ndarray:
    """Rows whose score is shared by far more unrelated models than the scores around it explain; tests with a floor."""
    floor = part["floor"].iat[0]
    if not floor > 0:
        return np.zeros(len(part), dtype=bool)
    value = part["score"].round(6).to_numpy()
    ordered = np.sort(value)
    near = np.abs(value - floor) <= part["spread"].to_numpy()
    clusters = part[near].assign(value=value[near]).groupby("value")["cluster_id"].nunique()
    marked = np.zeros(len(part), dtype=bool)
    step = 1.0 / part["n_items"].median() if part["n_items"].notna().any() else 1e-3
    for spike in clusters.index[clusters >= SPIKE]:
        low, high = np.searchsorted(ordered, [spike - AROUND, spike + AROUND])
        same = int(np.sum(value == spike))
        expected = max((high - low - same) / max(2 * AROUND / step, 1.0), 0.05)
        if pdtrc(same - 1, expected) < SPIKE_P:
            marked |= value == spike
    return marked


def _peers(part: pd.DataFrame, peers: pd.DataFrame) -> np.ndarray:
    """Rows at the level of guessing whose peers in size are nearly all well above it; peers: cluster_id, size, score."""
    marked = np.zeros(len(part), dtype=bool)
    size, at, limit = (part[c].to_numpy() for c in ("size", "at_guess", "limit"))
    ask = np.flatnonzero(at & ~np.isnan(size))
    if not len(ask):
        return marked
    peers = peers.sort_values("score", kind="stable")  # once, so that every part of them is in order
    sizes, scores = peers["size"].to_numpy(), peers["score"].to_numpy()
    own = pd.Index(peers["cluster_id"]).get_indexer(part["cluster_id"])
    low_end: dict[tuple, float] = {}  # near-copies share size and cluster, and so their peers
    for i in ask.tolist():
        key = (size[i], own[i])
        if key not in low_end:
            who = np.abs(sizes - size[i]) <= PEER_WIDTH
            who[own[i]] = False
            near = scores[who]
            low_end[key] = quantile(near, 0.1) if len(near) >= MIN_PEERS else -np.inf
        marked[i] = low_end[key] >= limit[i] + PEER_GAP
    return marked


def quantile(ordered: np.ndarray, share: float) -> float:
    """np.quantile of values in order, which it would sort again."""
    place = share * (len(ordered) - 1)
    first = int(place)
    low, high = ordered[first], ordered[min(first + 1, len(ordered) - 1)]
    return float(low + (high - low) * (place - first))


def _others(part: pd.DataFrame) -> np.ndarray:
    """Rows at the level of guessing of models that are better than a third elsewhere, where that is rare."""
    strong = (part["best_other"] >= STRONG).to_numpy()
    at = part["at_guess"].to_numpy()
    if strong.sum() < MIN_MODELS or not (strong & at).any():
        return np.zeros(len(part), dtype=bool)
    return strong & at & (at[strong].mean() < RARE)
