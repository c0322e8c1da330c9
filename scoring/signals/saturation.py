"""Saturation: whether a test still tells the best models apart, and how much room is left.

Question  Month by month: who is best, who is fifth, can they be told apart, and how far is it to the ceiling?
Input     Evidence; used are score (fractions and ratings), number of questions or printed standard errors, the days of
          run, release and listing, developer, root model, ceiling and floor.
Output    Trend rows per series and month (months in which something changed, and the last): best, best_model,
          kth_best, kth_best_raw, k, n_models, n_recent, tie_group_size, s_index_sqrt_n, s_index_n, headroom,
          discrimination, share_near_ceiling, date_basis, error_basis (printed, count or bound), renewal, status,
          reason; in the last month also tie_group, the model_ids in it, best first, at most LISTED of them. Scores are
          in the unit of the series; headroom, discrimination, share_near_ceiling and the indices are 0..1.
Method    A score counts from the day that its page prints for the run or submission, else from its model's release
          (not before the test was published), else from its first listing, and never from later than that; see
          `dated`. Models and systems count, humans and baselines do not; of several runs of a model the best counts.
          The k-th best of `kth_best` takes one entry per developer and per root model, going down the list;
          kth_best_raw takes every model. Spellings of one developer across sources count as one, see `makers`. Tie
          group: entries within 1.96 standard errors of the best, difference of two independent binomial scores (or
          the printed standard errors). Runs on the same questions are positively correlated, so this error is an upper
          bound and the tie group may be too large. Averages (F1, part marks, means over tasks or runs) are no counts;
          a per-question score in [0, 1] with mean p has a variance of at most p (1 - p) (Bhatia and Davis 2000, "A
          better bound on the variance"), so that an average in which no question weighs more than 1 / n has a standard
          error of at most sqrt(p (1 - p) / n); n is n_at_least. Their ties are "under the largest possible error";
          being told apart under it is certain to this level. No index is given for them. S-index of "When AI
          Benchmarks Plateau" (arXiv 2602.16763): S = exp(-R^2), R = (best - fifth) / SE, SE^2 = best (1 - best) /
          n_eff + fifth (1 - fifth) / n_eff, with n_eff = sqrt(n) as published and n_eff = n beside it: the first
          supposes that questions are so alike that n of them carry what sqrt(n) independent ones would, the second
          that each counts in full. The truth is between; where both disagree, the reason says so. headroom =
          (ceiling - best) / (ceiling - floor); a ceiling that nobody measured is taken as 1, an unknown floor as 0,
          and the reason says so. discrimination: share of pairs among the top tenth (at least K) of the entries that
          are told apart. share_near_ceiling: share of the models of the last RECENT_MONTHS above NEAR of the way from
          floor to ceiling. renewal: versions of a test whose questions are renewed; a new version is a new series.
          status: closed (headroom at most CLOSED_HEADROOM), tied (the top K cannot be told from the best), crowded (a
          tie group of CROWDED_TIES, or S-index with sqrt(n) at least CROWDED_INDEX), else separating. Thresholds are
          our choices, the index threshold is the published one for "high".
Silent    "cannot_tell" with fewer than K entries or an unknown sampling error; ratings have no ceiling and no index;
          a best score above the ceiling leaves headroom empty: the ceiling is contradicted by scores. Where nobody
          stated whether a score is a share of whole questions, a known number of questions is taken to mean it.
"""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.vocabulary import COUNTED_KINDS
from scoring.evidence import Evidence, typed
from scoring.expected.population import Population
from scoring.results import TREND, SignalRows

TITLE = "Room left on a test"
QUESTION = "Does this test still tell the best models apart, and how much room is left?"
METHOD_VERSION = "3"
K = 5  # as published; fewer entries say little about a field
TIE_Z = 1.96  # two scores closer than this many standard errors of their difference are not told apart
CROWDED_TIES = 3  # three or more that cannot be told apart at the top
CROWDED_INDEX = 0.7  # "high" in arXiv 2602.16763
CLOSED_HEADROOM = 0.05  # a twentieth of the scale left: less than label errors and set-up details move a score
RECENT_MONTHS = 12  # "recent" models; a year holds enough of them on most boards
NEAR = 0.9  # of the way from floor to ceiling
TOP_SHARE = 0.1  # discrimination is asked for among the best tenth
LISTED = 20  # members of a tie group that are named; the rest is a count
DECIMALS = 9  # differences are rounded to this before they meet a threshold
THRESHOLDS = {
    "k": K,
    "tie_z": TIE_Z,
    "crowded_ties": CROWDED_TIES,
    "crowded_index": CROWDED_INDEX,
    "closed_headroom": CLOSED_HEADROOM,
    "recent_months": RECENT_MONTHS,
    "near": NEAR,
    "top_share": TOP_SHARE,
}
SIGNAL_ID = "saturation"
BASES = ("printed", "release", "listing")
ERRORS = ("printed", "count", "bound")
TEXTS = ("best_model", "tie_group", "date_basis", "error_basis", "renewal", "status", "reason")
SEPARATOR = "; "  # between the model_ids of a tie group


@dataclass(frozen=True, kw_only=True)
class Scale:
    """What is known about a series; is_count: a score is a share of whole questions.

    Scores inside this file are turned so that higher is better.
    """

    is_fraction: bool
    is_lower_better: bool
    floor: float
    ceiling: float
    is_count: bool = True

    def printed(self, score: float) -> float:
        """A turned score in the direction in which it was printed."""
        if not self.is_lower_better:
            return score
        return 1.0 - score if self.is_fraction else -score


def standard_error(score: float, n_effective: float) -> float:
    """Binomial standard error of a fraction."""
    return math.sqrt(max(score * (1.0 - score), 0.0) / n_effective)


def s_index(best: float, kth: float, n_effective: float) -> float:
    """exp(-R^2), R = (best - kth) / SE of the difference; both scores fractions. 1: the same; 0: far apart."""
    se = math.hypot(standard_error(best, n_effective), standard_error(kth, n_effective))
    if se == 0.0:
        return 1.0 if best == kth else 0.0
    # Beyond 100 standard errors the index is 0 to the last bit; the square of more could overflow.
    return math.exp(-(min((best - kth) / se, 100.0) ** 2))


def headroom(best: float, ceiling: float, floor: float) -> float | None:
    """(ceiling - best) / (ceiling - floor); None where best exceeds the ceiling. NaN ceiling: 1; NaN floor: 0."""
    top = 1.0 if math.isnan(ceiling) else ceiling
    bottom = 0.0 if math.isnan(floor) else floor
    room = round(top - best, DECIMALS)
    return None if room < 0 or top <= bottom else room / (top - bottom)


def distinct(order: np.ndarray, developer: np.ndarray, root: np.ndarray, stop: int | None = None) -> list[int]:
    """Positions down the list that share neither developer nor root model with an earlier one; -1: not known."""
    order = np.asarray(order, dtype=int)
    seen_developers, seen_roots, kept = set(), set(), []
    # Plain numbers: a list of them is walked five times faster than an array.
    for i, d, r in zip(order.tolist(), developer[order].tolist(), root[order].tolist(), strict=True):
        if (d >= 0 and d in seen_developers) or (r >= 0 and r in seen_roots):
            continue
        seen_developers.add(d)
        seen_roots.add(r)
        kept.append(i)
        if stop is not None and len(kept) == stop:
            break
    return kept


def squeeze(developer: pd.Series) -> pd.Series:
    """Letters and digits of each developer, case folded; of several in one cell the first named counts."""
    plain = developer.astype(object).where(developer.notna(), "").astype(str)
    return plain.str.replace(r"(?s),.*", "", regex=True).str.casefold().str.replace(r"[\W_]", "", regex=True)


def maker_names(developer: pd.Series) -> pd.Series:
    """One key per maker; None where no developer is known."""
    # Spelling by spelling, not row by row; the last one stands for "not known".
    code, names = pd.factorize(developer.astype(object))
    same = squeeze(pd.Series([*names, None], dtype=object)).astype(object)
    return pd.Series(same.where(same != "", None).to_numpy()[code], index=developer.index, dtype=object)


def makers(developer: pd.Series) -> np.ndarray:
    """Whole numbers for developers, the same for one maker; -1: not known.

    The evidence of a build carries one spelling per maker (data/facts/developers.csv), so that only capitals, spaces and
    punctuation are left to forgive.
    """
    code, names = pd.factorize(developer.astype(object))
    return np.append(pd.factorize(maker_names(pd.Series(names, dtype=object)))[0], -1)[code]


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Days of every row of `typed` evidence: counts_from, day_basis (printed, release, listing), appeared, known_from.

    counts_from   The day of the state history: the printed day of the run or submission, else the model's release (not
                  before the test was published), else the first listing; never later than the first listing.
    appeared      The same without the bound by the test's publication: when models of this strength existed.
    known_from    The first day on which a reader could know the score, for back-tests. A printed day holds unless a
                  capture of that board from that day on lacks the row; all else is known from max(release, listing).
    """
    listed, released = frame["first_seen_date"], frame["model_date"]
    # A day of run after the first listing is a slip of the page; the page was there to be read.
    printed = frame["evaluated_date"].where(frame["evaluated_date"] <= listed)
    stated = released.where((frame["date_basis"] != "listing") & (released <= listed))
    bounded = stated.where(~(stated < frame["benchmark_release_date"]), frame["benchmark_release_date"])
    basis = np.where(printed.notna(), "printed", np.where(stated.notna(), "release", "listing"))
    group = frame.groupby(["series_id", "source_id"], sort=False).ngroup().to_numpy() * 10**6
    captures = np.unique(group + _day(listed))
    # The first capture of this board from the printed day on: when it is earlier than the listing, it lacks the row.
    nearest = np.minimum(np.searchsorted(captures, group + _day(printed.fillna(listed))), len(captures) - 1)
    shown_late = captures[nearest] < group + _day(listed)
    known = printed.where(~pd.Series(shown_late, index=frame.index)).fillna(listed)
    # A release after the score was shown is an error of one of the two; the score counts once both have passed.
    waits = released.where(frame["date_basis"] == "release")
    return frame.assign(
        counts_from=_later(pd.concat([printed.fillna(bounded).fillna(listed), listed], axis=1).min(axis=1), waits),
        day_basis=basis,
        appeared=_later(printed.fillna(stated).fillna(listed), waits),
        known_from=_later(known, waits),
    )


def _later(days: pd.Series, other: pd.Series) -> pd.Series:
    """The later of two days, NaT standing for no bound."""
    return days.where(~(other > days), other)


def _day(days: pd.Series) -> np.ndarray:
    """Days as whole numbers."""
    return days.to_numpy().astype("datetime64[D]").astype(np.int64)


def usable(evidence: Evidence) -> pd.DataFrame:
    """Dated rows that count for a frontier: models and systems without a data problem, up to the evidence's day."""
    frame = typed(evidence)
    frame = frame[frame["kind"].isin(COUNTED_KINDS) & frame["data_problem"].isna() & frame["first_seen_date"].notna()]
    if frame.empty:
        return frame.assign(counts_from=pd.NaT, day_basis="", appeared=pd.NaT, known_from=pd.NaT, is_share=False)
    stated = evidence.evaluations.drop_duplicates("evaluation_id").set_index("evaluation_id")["is_item_count"]
    is_no_share = frame["evaluation_id"].map(stated).eq(False).fillna(False).to_numpy(dtype=bool)
    frame = dated(frame).assign(is_share=~is_no_share)
    return frame[frame["counts_from"] <= pd.Timestamp(evidence.asof)]


def compute(population: Population) -> SignalRows:
    """Trend rows of every series."""
    evidence = population.evidence
    frame = usable(evidence)
    if frame.empty:
        return SignalRows()
    rows = []
    last = pd.Timestamp(evidence.asof).to_period("M").ordinal
    versions, scales, arrays = renewals(frame), scales_of(frame), columns_of(frame)
    for series_id, places in frame.groupby("series_id", sort=True).indices.items():
        part = {name: values[places] for name, values in arrays.items()}
        renewal = versions.get(frame["benchmark_id"].iat[places[0]])
        rows += _series(str(series_id), part, scales[series_id], last, renewal)
    return SignalRows(trends=pd.DataFrame(rows, columns=TREND))


def renewals(frame: pd.DataFrame) -> dict[str, str]:
    """Per benchmark_id whose questions are renewed, a sentence about its versions (the part after "@" in the id)."""
    renewed = frame.loc[frame["is_dynamic"].eq(True).fillna(False), "benchmark_id"].unique()
    versions: dict[str, list[str]] = {}
    for benchmark_id in sorted(renewed):
        test, _, version = benchmark_id.partition("@")
        versions.setdefault(test, []).append(version)
    sentences = {}
    for benchmark_id in renewed:
        test, _, version = benchmark_id.partition("@")
        known = versions[test]
        if len(known) == 1:
            sentences[benchmark_id] = "The questions of this test are renewed."
        elif version == known[-1]:
            sentences[benchmark_id] = (
                f"Renewed: the newest of {len(known)} versions; a low best here may be new questions."
            )
        else:
            sentences[benchmark_id] = (
                f"Renewed: {len(known)} versions, the newest of {known[-1]}; this one was replaced."
            )
    return sentences


def scales_of(frame: pd.DataFrame) -> dict[str, Scale]:
    """Scale of every series; a lower-is-better fraction is turned round, so that its published ends do not apply."""
    is_count = (frame["is_share"] | frame["n_items"].isna()).groupby(frame["series_id"]).any()
    firsts = frame.drop_duplicates("series_id")
    return {
        str(series_id): Scale(
            is_fraction=unit == "fraction",
            is_lower_better=bool(flip),
            floor=math.nan if flip else float(floor),
            ceiling=math.nan if flip else float(ceiling),
            is_count=bool(is_count[series_id]),
        )
        for series_id, unit, flip, floor, ceiling in zip(
            firsts["series_id"],
            firsts["unit"],
            firsts["is_lower_better"],
            firsts["floor"],
            firsts["ceiling"],
            strict=True,
        )
    }


def columns_of(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """What `state` reads, as arrays in the order of `frame`.

    score: turned so that higher is better; n, se: questions and standard errors (NaN: unknown); bound: questions of
    equal weight that an average amounts to at least (NaN: a count, or unknown); developer, root, model: whole numbers
    (-1: unknown); basis, name, key: text; month: ordinal of the month that the score counts from.
    """
    score = frame["score"].to_numpy()
    turned = np.where(frame["unit"] == "fraction", 1.0 - score, -score)
    n = frame["n_items"].where(frame["is_share"])
    # A run on part of the questions rests on no more than these.
    bound = frame[["n_at_least", "n_items"]].min(axis=1).where(frame["n_at_least"].notna() & n.isna())
    return {
        "score": np.where(frame["is_lower_better"], turned, score),
        "n": n.to_numpy(),
        "bound": bound.to_numpy(),
        "se": frame["standard_error"].to_numpy(),
        "developer": makers(frame["developer"]),
        "root": pd.factorize(frame["root_model"])[0],
        "model": pd.factorize(frame["model_id"])[0],
        "basis": frame["day_basis"].to_numpy(dtype=str),
        "name": frame["model_id"].to_numpy(dtype=object),
        "key": frame["evaluation_id"].to_numpy(dtype=str),
        "month": frame["counts_from"].to_numpy().astype("datetime64[M]").astype(np.int64),
    }


def _series(series_id: str, arrays: dict[str, np.ndarray], scale: Scale, now: int, renewal: str | None) -> list[tuple]:
    """All months of one series: only months that bring a new entry are looked at, only changes are kept."""
    order = np.lexsort((arrays["key"], -arrays["score"]))  # best first
    rows, before = [], None
    for m in np.union1d(arrays["month"], [now]).tolist():
        block = state(order[arrays["month"][order] <= m], arrays, scale, m) | {"renewal": renewal}
        if m != now:
            del block["tie_group"]
        if block != before or m == now:
            rows += _rows(series_id, m, block)
            before = block
    return rows


def _rows(series_id: str, month: int, block: dict) -> list[tuple]:
    day = date(1970 + month // 12, month % 12 + 1, 1)
    return [
        (SIGNAL_ID, series_id, day, name, None if name in TEXTS else value, value if name in TEXTS else None)
        for name, value in block.items()
    ]


def state(order: np.ndarray, arrays: dict[str, np.ndarray], scale: Scale, month: int) -> dict[str, float | str | None]:
    """All statistics at the end of a month (its ordinal); `order` lists the known scores, best first."""
    _, firsts = np.unique(arrays["model"][order], return_index=True)
    order = order[np.sort(firsts)]  # the best run of each model
    score = arrays["score"]
    entries = distinct(order, arrays["developer"], arrays["root"])
    top = entries[0]
    best = float(score[top])
    kth = float(score[entries[K - 1]]) if len(entries) >= K else None
    raw = float(score[order[K - 1]]) if len(order) >= K else None
    error, n, error_basis = _errors(entries, arrays) if scale.is_fraction else (None, None, None)
    ties, names = None, None
    if error is not None:
        apart = np.round(best - score[entries], DECIMALS)
        near = np.round(TIE_Z * np.hypot(error[0], error), DECIMALS)
        # As in the published rule, a difference of exactly 1.96 standard errors is not yet one.
        is_tied = apart <= near
        ties = int(np.sum(is_tied))
        names = SEPARATOR.join(str(arrays["name"][entry]) for entry in np.array(entries)[is_tied][:LISTED])
    s_sqrt = None if kth is None or n is None else s_index(best, kth, math.sqrt(n))
    s_full = None if kth is None or n is None else s_index(best, kth, n)
    room = headroom(best, scale.ceiling, scale.floor) if scale.is_fraction else None
    printed = scale.printed(best)
    status, reason = judge_status(
        n_entries=len(entries), ties=ties, s_sqrt=s_sqrt, s_full=s_full, room=room, best=printed, scale=scale,
        is_bound=error_basis == "bound",
    )  # fmt: skip
    recent = order[arrays["month"][order] > month - RECENT_MONTHS]
    if not len(recent):
        reason += f" No model of the last {RECENT_MONTHS} months was tested: this speaks of older ones."
    basis = arrays["basis"][order]
    commonest = max(BASES, key=lambda word: int(np.count_nonzero(basis == word)))
    return {
        "best": scale.printed(best),
        "best_error": None if error is None else float(error[0]),
        "best_model": str(arrays["name"][top]),
        "kth_best": None if kth is None else scale.printed(kth),
        "kth_best_raw": None if raw is None else scale.printed(raw),
        "k": float(K),
        "n_models": float(len(order)),
        "n_recent": float(len(recent)),
        "tie_group_size": None if ties is None else float(ties),
        "tie_group": names,
        "s_index_sqrt_n": s_sqrt,
        "s_index_n": s_full,
        "headroom": room,
        "discrimination": None if error is None else _told_apart(score[entries], error),
        "share_near_ceiling": _near(score[recent], scale) if scale.is_fraction else None,
        "date_basis": commonest,
        "error_basis": error_basis,
        "status": status,
        "reason": reason,
    }


def _told_apart(score: np.ndarray, error: np.ndarray) -> float | None:
    """Share of pairs among the best tenth (at least K) that differ by more than their error; None with fewer than K."""
    n = max(K, math.ceil(TOP_SHARE * len(score)))
    if len(score) < n:
        return None
    one, other = np.triu_indices(n, 1)
    apart = np.round(np.abs(score[one] - score[other]), DECIMALS)
    return float(np.mean(apart > np.round(TIE_Z * np.hypot(error[one], error[other]), DECIMALS)))


def _near(score: np.ndarray, scale: Scale) -> float | None:
    """Share of recent scores above NEAR of the way from floor to ceiling; None with fewer than K."""
    if len(score) < K:
        return None
    top = 1.0 if math.isnan(scale.ceiling) else scale.ceiling
    bottom = 0.0 if math.isnan(scale.floor) else scale.floor
    return float(np.mean(np.round(score - bottom - NEAR * (top - bottom), DECIMALS) > 0))


def _errors(entries: list[int], arrays: dict[str, np.ndarray]) -> tuple[np.ndarray | None, float | None, str | None]:
    """Standard error per entry (None when one of the top K lacks one), the number of questions of the best, and what
    the errors of the top K rest on: the weakest of ERRORS among them.

    Entries further down without an error are left out of the tie group rather than guessed: their error is 0, so that
    only scores within the error of the best tie.
    """
    n, bound, printed, score = (arrays[name][entries] for name in ("n", "bound", "se", "score"))
    binomial = np.sqrt(np.maximum(score * (1.0 - score), 0.0) / np.where(np.isnan(n), bound, n))
    error = np.where(np.isnan(printed), binomial, printed)
    count = float(n[0]) if n[0] > 0 else None
    if np.isnan(error[:K]).any():
        return None, count, None
    kinds = np.where(~np.isnan(printed), 0, np.where(np.isnan(n), 2, 1))[:K]
    return np.nan_to_num(error), count, ERRORS[int(kinds.max())]


def judge_status(
    *,
    n_entries: int,
    ties: int | None,
    s_sqrt: float | None,
    room: float | None,
    best: float,
    scale: Scale,
    s_full: float | None = None,
    is_bound: bool = False,
) -> tuple[str, str]:
    """Status of a test and its sentence; is_bound: the errors are the largest possible ones of an average."""
    assumed = " No reviewed ceiling: 100% is taken." if math.isnan(scale.ceiling) else ""
    if scale.is_fraction and scale.is_lower_better:
        assumed = " No reviewed ceiling: 0% errors is taken."
    if not scale.is_fraction:
        return "cannot_tell", "Not a share of right answers: no ceiling, and no sampling error to tell models apart by."
    if room is None:
        prefix = f"The best score ({100 * best:.1f}) is above the reviewed ceiling, which is contradicted by scores. "
    else:
        prefix = f"{100 * room:.0f}% of the scale is left.{assumed} "
    if room is not None and round(room, DECIMALS) <= CLOSED_HEADROOM:
        return "closed", f"{prefix}Hardly any room for a better score."
    if n_entries < K:
        return (
            "cannot_tell",
            f"{prefix}Fewer than {K} independent models: too few to say whether they can be told apart.",
        )
    if ties is None:
        unknown = "The number of questions is unknown" if scale.is_count else "The score is no plain share of questions"
        return "cannot_tell", f"{prefix}{unknown}, so ties cannot be told."
    doubt = ""
    if s_sqrt is not None and s_full is not None and (s_sqrt >= CROWDED_INDEX) != (s_full >= CROWDED_INDEX):
        doubt = f" The published index is {s_sqrt:.2f}; counting every question in full it is {s_full:.2f}."
    if ties >= CROWDED_TIES:
        word = "tied" if ties >= K else "crowded"
        most = (
            "under the largest possible error of this average" if is_bound else "at most: errors taken as independent"
        )
        tied = f"{ties} independent models cannot be told from the best ({most})."
        return word, f"{prefix}{tied}{doubt}"
    if s_sqrt is not None and round(s_sqrt, DECIMALS) >= CROWDED_INDEX:
        high = f"The published saturation index is high ({s_sqrt:.2f}), though the fifth can still be told apart."
        return "crowded", f"{prefix}{high}{doubt}"
    even = ", even under the largest possible error of this average" if is_bound else ""
    return "separating", f"{prefix}The best is told apart from the fifth independent model{even}."
