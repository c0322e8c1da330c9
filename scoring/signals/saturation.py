"""Saturation: whether a test still tells the best models apart, and how much room is left.

Question  Month by month: who is best, who is fifth, can they be told apart, and how far is it to the ceiling?
Input     Evidence; used are score, number of questions or printed standard errors, the days of
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
          status: closed (headroom at most CLOSED_HEADROOM, and of the next entry at most NEAR_END: one model alone at the end
          of a scale on which the next is far below is told apart from it), tied (the top K cannot be told from the best), crowded (a
          tie group of CROWDED_TIES, or S-index with sqrt(n) at least CROWDED_INDEX), else separating. Thresholds are
          our choices, the index threshold is the published one for "high".
Silent    "cannot_tell" with fewer than K entries or an unknown sampling error; what is no share of right answers has no
          headroom and no index, and of these a rating has ties, by its printed standard errors; a best score above the ceiling leaves headroom empty: the ceiling is contradicted by scores. Where nobody
          stated whether a score is a share of whole questions, a known number of questions is taken to mean it.
"""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.vocabulary import COUNTED_KINDS, NEAR_END
from scoring.evidence import Evidence, typed
from scoring.expected.population import Population
from scoring.results import TREND, SignalRows

TITLE = "Room left on a test"
QUESTION = "Does this test still tell the best models apart, and how much room is left?"
METHOD_VERSION = "5"
K = 5  # as published; fewer entries say little about a field
TIE_Z = 1.96  # two scores closer than this many standard errors of their difference are not told apart
CROWDED_TIES = 3  # three or more that cannot be told apart at the top
CROWDED_INDEX = 0.7  # "high" in arXiv 2602.16763
CLOSED_HEADROOM = 0.05  # a twentieth of the scale left: less than label errors and set-up details move a score
RECENT_MONTHS = 12  # "recent" models; a year holds enough of them on most boards
NEAR = 0.9  # of the way from floor to ceiling
NO_END = "A rating has no end, so no room can be told."
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
    """What is known about a series; is_count: a score is a share of whole questions; is_rating: one by votes or games.

    Scores inside this file are turned so that higher is better.
    """

    is_fraction: bool
    is_lower_better: bool
    floor: float
    ceiling: float
    is_count: bool = True
    is_rating: bool = False

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
    is_due = frame["counts_from"] <= pd.Timestamp(evidence.asof)
    return frame if is_due.all() else frame[is_due]


def compute(population: Population) -> SignalRows:
    """Trend rows of every series."""
    evidence = population.evidence
    frame = usable(evidence)
    if frame.empty:
        return SignalRows()
    names, blocks = [], []
    last = pd.Timestamp(evidence.asof).to_period("M").ordinal
    versions, scales, arrays = renewals(frame), scales_of(frame), columns_of(frame)
    tests = frame["benchmark_id"].to_numpy(dtype=object)
    for series_id, places in frame.groupby("series_id", sort=True).indices.items():
        part = {name: values[places] for name, values in arrays.items()}
        found = _series(part, scales[series_id], last, versions.get(tests[places[0]]))
        names += [str(series_id)] * len(found)
        blocks += found
    return SignalRows(trends=_frame(names, blocks))


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
            is_rating=unit == "rating",
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


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """The rows of one series, best first, with what each of them brings to every month.

    error    Standard error (NaN: unknown); kind: place in ERRORS of what it rests on. Of fractions and ratings.
    is_near  Whether the score is above NEAR of the way from floor to ceiling.
    basis    Place in BASES; pair: a number of its own for every two of developer and root model, from 0 on.
    who      Developer and root model of every pair, a number of its own (negative) where not known.
    model    Models of this series, numbered from 0 to n_models - 1.
    score, month, n, name   As in columns_of.
    """

    score: np.ndarray
    error: np.ndarray
    kind: np.ndarray
    month: np.ndarray
    is_near: np.ndarray
    basis: np.ndarray
    model: np.ndarray
    n_models: int
    pair: np.ndarray
    who: list[tuple[int, int]]
    n: list[float]
    name: list[str]


def ranked(arrays: dict[str, np.ndarray], scale: Scale) -> Ranked:
    """One series, arrays as in columns_of, in the order of its scores."""
    order = np.lexsort((arrays["key"], -arrays["score"]))
    best_first = {name: values[order] for name, values in arrays.items()}
    score, n, printed = (best_first[name] for name in ("score", "n", "se"))
    error, kind, is_near = (
        printed if scale.is_rating else np.full(len(order), np.nan),
        np.zeros(len(order), dtype=int),
        np.zeros(len(order), dtype=bool),
    )
    if scale.is_fraction:
        questions = np.where(np.isnan(n), best_first["bound"], n)
        error = np.where(np.isnan(printed), np.sqrt(np.maximum(score * (1.0 - score), 0.0) / questions), printed)
        kind = np.where(~np.isnan(printed), 0, np.where(np.isnan(n), 2, 1))
        top = 1.0 if math.isnan(scale.ceiling) else scale.ceiling
        bottom = 0.0 if math.isnan(scale.floor) else scale.floor
        is_near = np.round(score - bottom - NEAR * (top - bottom), DECIMALS) > 0
    alone = -1 - np.arange(len(order))
    known = [np.where(best_first[name] < 0, alone, best_first[name]).tolist() for name in ("developer", "root")]
    number: dict[tuple[int, int], int] = {}
    pair = np.array([number.setdefault(both, len(number)) for both in zip(*known, strict=True)], dtype=np.int64)
    models, model = np.unique(best_first["model"], return_inverse=True)
    return Ranked(
        score=score, error=error, kind=kind, month=best_first["month"], is_near=is_near,
        basis=np.array([BASES.index(word) for word in best_first["basis"].tolist()]),
        model=model, n_models=len(models), pair=pair, who=list(number), n=n.tolist(), name=best_first["name"].tolist(),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Who is known at the end of a month; places in Ranked.

    entries   One per developer and root model, best first.
    raw       The K-th best model of all, None with fewer.
    n_models, n_recent, n_near   Models, those of the last RECENT_MONTHS, and those of these that are near the ceiling.
    basis     What kind of day most of the models count from, of BASES.
    """

    entries: list[int]
    raw: int | None
    n_models: int
    n_recent: int
    n_near: int
    basis: str


def _standing(rows: Ranked, month: int) -> Standing:
    """The standing at the end of a month (its ordinal): one walk down the list, the best run of each model counts."""
    known = np.flatnonzero(rows.month <= month)
    places = known[_firsts(rows.model[known], rows.n_models)]
    developers, roots = set(), set()
    entries = []
    # What a pair of developer and root model may not enter after, its later models may not either.
    for i in places[_firsts(rows.pair[places], len(rows.who))].tolist():
        developer, root = rows.who[rows.pair[i]]
        if developer not in developers and root not in roots:
            developers.add(developer)
            roots.add(root)
            entries.append(i)
    recent = rows.is_near[places][rows.month[places] > month - RECENT_MONTHS]
    return Standing(
        entries=entries,
        raw=int(places[K - 1]) if len(places) >= K else None,
        n_models=len(places),
        n_recent=len(recent),
        n_near=int(np.count_nonzero(recent)),
        basis=BASES[int(np.argmax(np.bincount(rows.basis[places], minlength=len(BASES))))],
    )


def _firsts(codes: np.ndarray, n_codes: int) -> np.ndarray:
    """Places at which a code (0 to n_codes - 1) stands for the first time, in order."""
    places, first = np.arange(len(codes)), np.empty(n_codes, dtype=np.int64)
    first[codes[::-1]] = places[::-1]  # of several places the one written last stays
    return places[first[codes] == places]


def _series(arrays: dict[str, np.ndarray], scale: Scale, now: int, renewal: str | None) -> list[tuple[int, dict]]:
    """All months of one series: only months that bring a new entry are looked at, only changes are kept."""
    rows, blocks, before = ranked(arrays, scale), [], None
    for m in sorted({*arrays["month"].tolist(), now}):
        block = state(rows, scale, m) | {"renewal": renewal}
        if m != now:
            del block["tie_group"]
        if block != before or m == now:
            blocks.append((m, block))
            before = block
    return blocks


def _frame(series_ids: list[str], blocks: list[tuple[int, dict]]) -> pd.DataFrame:
    """Trend rows of blocks of statistics, each with its series and month."""
    counts = [len(block) for _, block in blocks]
    days = {m: date(1970 + m // 12, m % 12 + 1, 1) for m, _ in blocks}
    items = [item for _, block in blocks for item in block.items()]
    columns = {
        "signal_id": SIGNAL_ID,
        "series_id": np.repeat(np.array(series_ids, dtype=object), counts),
        "month": np.repeat(np.array([days[m] for m, _ in blocks], dtype=object), counts),
        "statistic": [name for name, _ in items],
        "value": [None if name in TEXTS else value for name, value in items],
        "value_text": [value if name in TEXTS else None for name, value in items],
    }
    return pd.DataFrame(columns)[TREND]


def state(rows: Ranked, scale: Scale, month: int) -> dict[str, float | str | None]:
    """All statistics at the end of a month (its ordinal)."""
    standing = _standing(rows, month)
    entries, score = standing.entries, rows.score
    best = float(score[entries[0]])
    kth = float(score[entries[K - 1]]) if len(entries) >= K else None
    raw = None if standing.raw is None else float(score[standing.raw])
    error, n, error_basis = _errors(rows, entries)
    ties, names, told_apart = None, None, None
    if error is not None:
        among = score[entries]
        apart = np.round(best - among, DECIMALS)
        near = np.round(TIE_Z * np.hypot(error[0], error), DECIMALS)
        # As in the published rule, a difference of exactly 1.96 standard errors is not yet one.
        tied = np.flatnonzero(apart <= near).tolist()
        ties = len(tied)
        names = SEPARATOR.join(str(rows.name[entries[k]]) for k in tied[:LISTED])
        told_apart = _told_apart(among, error)
    n = n if scale.is_fraction else None
    s_sqrt = None if kth is None or n is None else s_index(best, kth, math.sqrt(n))
    s_full = None if kth is None or n is None else s_index(best, kth, n)
    room = headroom(best, scale.ceiling, scale.floor) if scale.is_fraction else None
    is_fellow = scale.is_fraction and len(entries) > 1
    next_room = headroom(float(score[entries[1]]), scale.ceiling, scale.floor) if is_fellow else 1.0
    printed = scale.printed(best)
    status, reason = judge_status(
        n_entries=len(entries), ties=ties, s_sqrt=s_sqrt, s_full=s_full, room=room, next_room=next_room, best=printed,
        scale=scale, is_bound=error_basis == "bound",
    )  # fmt: skip
    if not standing.n_recent:
        reason += f" No model of the last {RECENT_MONTHS} months was tested: this speaks of older ones."
    is_enough = scale.is_fraction and standing.n_recent >= K
    return {
        "best": printed,
        "best_error": None if error is None else float(error[0]),
        "best_model": str(rows.name[entries[0]]),
        "kth_best": None if kth is None else scale.printed(kth),
        "kth_best_raw": None if raw is None else scale.printed(raw),
        "k": float(K),
        "n_models": float(standing.n_models),
        "n_recent": float(standing.n_recent),
        "tie_group_size": None if ties is None else float(ties),
        "tie_group": names,
        "s_index_sqrt_n": s_sqrt,
        "s_index_n": s_full,
        "headroom": room,
        "discrimination": told_apart,
        "share_near_ceiling": standing.n_near / standing.n_recent if is_enough else None,
        "date_basis": standing.basis,
        "error_basis": error_basis,
        "status": status,
        "reason": reason,
    }


def _told_apart(score: np.ndarray, error: np.ndarray) -> float | None:
    """Share of pairs among the best tenth (at least K) that differ by more than their error; None with fewer than K."""
    n = max(K, math.ceil(TOP_SHARE * len(score)))
    if len(score) < n:
        return None
    one, other = slice(n), (slice(n), None)  # every pair twice, and nobody is apart from itself
    apart = np.round(np.abs(score[one] - score[other]), DECIMALS)
    is_apart = apart > np.round(TIE_Z * np.hypot(error[one], error[other]), DECIMALS)
    return int(np.count_nonzero(is_apart)) / (n * (n - 1))


def _errors(rows: Ranked, entries: list[int]) -> tuple[np.ndarray | None, float | None, str | None]:
    """Standard error per entry (None when one of the top K lacks one), the number of questions of the best, and what
    the errors of the top K rest on: the weakest of ERRORS among them.

    Entries further down without an error are left out of the tie group rather than guessed: their error is 0, so that
    only scores within the error of the best tie.
    """
    n, error = rows.n[entries[0]], rows.error[entries]
    count = n if n > 0 else None
    if np.isnan(error[:K]).any():
        return None, count, None
    return np.where(np.isnan(error), 0.0, error), count, ERRORS[int(rows.kind[entries[:K]].max())]


def is_closed(room: float) -> bool:
    """Whether so little of the scale is left that a test is closed: a twentieth, or less."""
    return round(room, DECIMALS) <= CLOSED_HEADROOM


def judge_status(
    *,
    n_entries: int,
    ties: int | None,
    s_sqrt: float | None,
    room: float | None,
    next_room: float | None,
    best: float,
    scale: Scale,
    s_full: float | None = None,
    is_bound: bool = False,
) -> tuple[str, str]:
    """Status of a test and its sentence.

    room, next_room   Headroom of the best and of the next independent model; None above the ceiling.
    is_bound          The errors are the largest possible ones of an average.
    """
    assumed = " No reviewed ceiling: 100% is taken." if math.isnan(scale.ceiling) else ""
    if scale.is_fraction and scale.is_lower_better:
        assumed = " No reviewed ceiling: 0% errors is taken."
    if not scale.is_fraction:
        return _by_printed_errors(n_entries, ties, scale)
    if room is None:
        prefix = f"The best score ({100 * best:.1f}) is above the reviewed ceiling, which is contradicted by scores. "
    else:
        prefix = f"{100 * room:.0f}% of the scale is left.{assumed} "
    if room is not None and is_closed(room):
        if next_room is None or round(next_room, DECIMALS) <= NEAR_END:
            return "closed", f"{prefix}Hardly any room for a better score."
        if n_entries > 1:
            prefix += f"The next independent model has {100 * next_room:.0f}% left. "
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


def _by_printed_errors(n_entries: int, ties: int | None, scale: Scale) -> tuple[str, str]:
    """Status and sentence of scores that are no share of right answers: no end is known, but a list of ratings may print
    their errors.
    """
    if not scale.is_rating:
        return "cannot_tell", "Not a share of right answers: no ceiling, and no sampling error to tell models apart by."
    if n_entries < K:
        few = f"Fewer than {K} independent models: too few to say whether they can be told apart."
        return "cannot_tell", f"{NO_END} {few}"
    if ties is None:
        return "cannot_tell", f"{NO_END} No sampling errors are printed to tell models apart by."
    if ties < CROWDED_TIES:
        return "separating", f"{NO_END} The best is told apart from the fifth independent model by the printed errors."
    tied = f"{ties} independent models cannot be told from the best by the printed errors."
    return "tied" if ties >= K else "crowded", f"{NO_END} {tied}"
