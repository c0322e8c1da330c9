"""Back-test of the forecasts: how far off would they have been, had they been made at the time?

Question  At every past month: how far is the forecast of the best score in 3, 6, 12 and 24 months from what came, compared
          with "nothing changes" and with a straight line, and how often does the 80% interval hold it?
Input     the current database (boards, papers) and the rows of the Papers-with-Code record (literature, by the month).
Output    data/method/backtest.csv, one row per set of series and horizon; backtest_series.csv, one row per series and
          horizon, with the largest single step of its best score; backtest_cases.csv, known events. Errors are shares of the attainable range (floor to 1). On the
          screen: the weights of scoring/expected/forecast.py from all series, and whether that file holds them.
Method    Rolling origin (Tashman 2000): every month-end with at least a month of history behind it and the horizon
          before the last row of its series (before the next version, where a test is renewed). Only rows with
          known_from up to the origin are seen (scoring.signals.saturation, `dated`); series without printed days are
          only forecast from months in which a capture came. The outcome is the best score that counts from the target
          day or earlier, whenever it became known. Reviewed ceilings are not used: most were published later. Weights
          for a board come from all other boards (literature: five folds of data sets); they minimise the quantile
          loss, series weighing alike but many series of one board as the square root of their number. Errors are
          averaged within a series, then over series. Intervals: bootstrap over groups of correlated series (one board
          or one data set of the literature is one group), 2,000 draws, 90%. The form of the curve and the levels of
          the interval were chosen with these results in view; only the weights are left out, and those of boards from later
          years are not: a forecast of 2024 uses what other boards did in 2025. The set "tests" is boards
          and literature; "papers" are series put together from what papers quote, whose best score depends on which
          papers were read. "unfed": targets after the last row of a series, up to the last capture of its board: what
          the forecast costs when nobody is tested any more; not in the other sets, not fitted. "short" and "quiet" are
          histories under MIN_MONTHS and those without a score for STALE_MONTHS, each in two halves by a hash of the
          group ("_other" is the second); no weights are fitted to them, but the slack of their intervals was chosen with
          both halves in view, so that their coverage is no test of it.
Tried     Ratio to the better rival at 12 months, set "tests", boards dealt to eight folds: .77 without the size of
          records and with rates up to 4 log-odds a year, .74 with the former, .70 with both. No better on top of
          these: gradient boosting on 31 numbers of the history (.80 to .82); one ability factor over all boards as
          known at the time, with a slope per test (how far the strongest models are ahead of the best here .71, its
          growth .70); the rise of the same board's other tests .72; months since the last record .72; length of the
          history .73; number of records .71; weights fitted to short histories too .76. The features were chosen with
          all boards in view. Forward selection by one half alone takes the size of a record, the rate times the share
          and its square, and brings the other half (with ARC-AGI) from .88 to .82; by that half alone it takes other
          ones, and the first goes from .60 to .62. Weights of targets until December 2024 alone, boards left out as
          well: .82 from that month on (31 series), where the former features have .95. What rises most cannot be seen
          in what came before: the two series of ARC-AGI-2 went from 2.5% to 85% in the year after their only origin
          and are 30% of the error; without them .63, as where the weights are fitted to the very outcomes (with them
          .52). Choosing the better rival of each series after the fact is .77, the best of both and the forecast .61.
Silent    ratings, unbounded units, subjects and subtasks (they repeat their board), series with fewer than MIN_MODELS
          scores.
"""

import csv
import hashlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit

import store
from bench import half_of, made
from building.course import read_evidence
from ingest import gather, sources
from scoring.evidence import Evidence
from scoring.expected import forecast
from scoring.signals import saturation

ROOT = Path(__file__).parent.parent
METHOD = ROOT / "data" / "method"
COMMAND = "python -m bench backtest"
HORIZONS = (3, 6, 12, 24)
LOOKS = (12, 6, 3)  # months before a known event; most boards are too young for the first
LITERATURE = "ito"
# Collections of what others printed or ran once; a paper's own table is not a board that goes on.
PAPERS = (
    "arxiv_tables", "hf_model_cards", "llm_benchmark_reported_data", "llm_stats", "obs_scaling", "paper_facts",
    "prescriptive_scaling", "sloth_scaling",
)  # fmt: skip
FOLDS = 5
DRAWS = 2000
SEED = 20261122
EDGE = 0.005  # shares closer to 0 or 1 count as this far from it on the log-odds scale
SOFT_SHARE, SOFT_ODDS, SOFT_GAIN = 0.001, 0.04, 0.02  # widths over which the corners of the loss are rounded
PENALTY = 0.003  # a light pull of the weights towards 0, in units of relative loss
# The literature record states no units. These metrics are shares by their name; others (BLEU, perplexity) are left out.
IS_SHARE = re.compile(
    r"acc|f1|exact match|\bem\b|percentage correct|precision|recall|\bmap\b|mrr|hits|@|-at-|score$", re.I
)
TABLES = ("backtest", "backtest_series", "backtest_cases")
# Events on record: the test, the score level, and the day it was reached.
CASES = (
    ("squad@1-1:f1:squad", "passes the human F1 of 91.2%", 0.91221),
    ("squad@2-0:f1:squad", "passes the human F1 of 89.5%", 0.89452),
    ("aider-code-editing:pass_rate_2:reported", "passes 80%; replaced by the polyglot test", 0.80),
    ("aider-polyglot:pass_rate_2:reported", "passes 80%", 0.80),
    ("arc-agi-1:solved:arc_agi", "a tenth of the scale left", 0.90),
    ("mgsm:exact_match:reported", "a tenth of the scale left; called saturated in September 2024", 0.90),
    ("drop:f1:3-shot", "a tenth of the scale left; called saturated in September 2024", 0.90),
    ("vectara-hallucination@hhem-2-1:hallucination_rate:vectara", "below 1%; data set replaced in November 2025", 0.99),
    ("bird-sql-test:execution_accuracy:reported", "control: the human 93% not reached", 0.9296),
    ("swe-bench@multimodal:resolved:reported", "control: a tenth of the scale left, not reached", 0.90),
    ("swe-bench@verified:resolved:reported", "control: a tenth of the scale left, not reached", 0.90),
)


def boards(evidence: Evidence) -> pd.DataFrame:
    """Rows of headline series in fractions: series, group, set, model, day, known, score (higher is better), end."""
    frame = saturation.usable(evidence)
    frame = frame[(frame["unit"] == "fraction") & ~frame["is_subset"] & (frame["source_id"] != LITERATURE)]
    flip = frame["is_lower_better"].to_numpy(dtype=bool)
    out = pd.DataFrame(
        {
            "series": frame["series_id"], "group": frame["source_id"], "model": frame["model_id"],
            "day": frame["appeared"], "end": frame["benchmark_id"].map(ends(frame)), "known": frame["known_from"],
            "is_printed": frame["day_basis"] == "printed",
            "score": np.where(flip, 1 - frame["score"], frame["score"]),
            "n_items": frame["n_items"].where(frame["is_share"]),
            "floor": frame["floor"].where(~flip).fillna(0.0),
        }
    )  # fmt: skip
    # A series that several sources fill belongs to the one that fills most of it.
    main = out.groupby("series")["group"].agg(lambda s: s.value_counts().sort_index().idxmax())
    out = out.drop_duplicates(["series", "model", "day", "known", "score"])
    group = out["series"].map(main)
    return out.assign(group=group, set=np.where(group.isin(PAPERS), "papers", "boards"))


def ends(frame: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """Day on which a version of a renewed test was followed by the next: nobody is tested on it from then on."""
    renewed = frame[frame["is_dynamic"].eq(True).fillna(False) & frame["benchmark_id"].str.contains("@")]
    began = renewed.groupby("benchmark_id")["known_from"].min()
    stem = began.index.str.partition("@").get_level_values(0) if len(began) else began.index
    following = began.groupby(stem).shift(-1)  # versions are dates, so that their names sort by time
    return following.dropna().to_dict()


def literature(reported: pd.DataFrame) -> pd.DataFrame:
    """The same columns from the reported rows of published results; a month counts from its last day."""
    rows = reported[reported["source_id"] == LITERATURE]
    rows = rows[(rows["model_kind"] != "human") & ~rows["is_subset"].astype(bool)]
    value = pd.to_numeric(rows["score_reported"], errors="coerce")
    text = rows["evaluated_date"].str.strip()
    is_month = text.str.fullmatch(r"\d{4}-\d{2}")
    day = pd.to_datetime(text.where(~is_month, text + "-01"), errors="coerce", format="%Y-%m-%d")
    day = day.where(~is_month, day + pd.offsets.MonthEnd(0))
    series = "ito:" + rows["benchmark"] + ":" + rows["metric"]
    top = value.groupby(series).transform("max")
    bottom = value.groupby(series).transform("min")
    good = value.notna() & day.notna() & rows["metric"].str.contains(IS_SHARE) & (bottom >= 0) & (top <= 100)
    scale = np.where(top <= 1, 1.0, 100.0)  # a share of which every value is below 1 is a fraction
    test = rows["benchmark"].str.split(" (", regex=False).str[0]
    out = pd.DataFrame(
        {
            "series": series, "group": "ito:" + test, "model": rows["model"], "set": "literature", "day": day,
            "known": day, "is_printed": True,
            "score": value / scale, "n_items": np.nan, "floor": 0.0, "end": pd.NaT,
        }
    )[good]  # fmt: skip
    return out.drop_duplicates(["series", "model", "day", "score"])


def origins(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per series, origin and horizon: features, present best, the straight line, and what came (fractions)."""
    last = rows.groupby("group")[["known", "day"]].max().max(axis=1)
    last = last.where(~last.index.str.startswith("ito:"), last[last.index.str.startswith("ito:")].max())
    out = []
    for series, part in rows.groupby("series", sort=True):
        days = part["day"].to_numpy().astype("datetime64[D]")
        known = part["known"].to_numpy().astype("datetime64[D]")
        score, floor = part["score"].to_numpy(), float(part["floor"].iloc[0])
        counts = part["n_items"].dropna()
        n_items = float(counts.median()) if len(counts) else None
        replaced = part["end"].iloc[0]
        # What the best would have been is unknown once nobody is tested any more. The literature record keeps records
        # only, so that its last row says nothing about when people stopped trying: it is followed to its end.
        end = np.datetime64(min(last[part["group"].iloc[0]], replaced if pd.notna(replaced) else pd.Timestamp.max), "D")
        is_record = part["set"].iloc[0] == "literature"
        fed = end if is_record else min(end, np.datetime64(part[["known", "day"]].max().max(), "D"))
        is_listed = part["is_printed"].mean() < 0.5
        first = pd.Timestamp(days.min()) + pd.DateOffset(months=1)
        for origin in pd.date_range(first, pd.Timestamp(end), freq="ME"):
            at = np.datetime64(origin, "D")
            seen = known <= at
            if not seen.any() or (is_listed and (at - known[seen].max()).astype(int) > 31):
                continue
            past = forecast.look(
                days=days, known=known, score=score, origin=at, floor=floor, ceiling=(1.0, 1.0, 1.0), n_items=n_items
            )
            if past is None:
                continue
            age = (at - days[seen]).astype(int) / forecast.DAYS_A_MONTH
            span = max(min(float(age.max()), 12.0), 1.0)
            slope = (past.best - score[seen][age >= min(span, float(age.max()))].max()) / span
            for horizon in HORIZONS:
                target = np.datetime64(origin + pd.DateOffset(months=horizon), "D")
                if target > end:
                    continue
                out.append(
                    {
                        "set": part["set"].iloc[0], "group": part["group"].iloc[0], "series": series, "origin": origin,
                        "horizon": horizon, "floor": floor, "n_items": n_items, "best": past.best,
                        "line": min(past.best + slope * horizon, 1.0), "came": float(score[days <= target].max()),
                        "past": past, "is_fed": bool(target <= fed), "x": forecast.features(past),
                        "history": "quiet" if past.is_quiet else "short" if past.is_short else "long",
                    }
                )  # fmt: skip
    return pd.DataFrame(out)


def fold_of(table: pd.DataFrame) -> pd.Series:
    """Boards are left out one by one, data sets of the literature in five parts by a hash of their name."""
    parts = {
        g: f"literature {int(hashlib.sha256(g.encode()).hexdigest(), 16) % FOLDS}" for g in table["group"].unique()
    }
    return table["group"].where(table["set"] == "boards", table["group"].map(parts))


def odds(share: np.ndarray) -> np.ndarray:
    """Log-odds of shares, bounded at EDGE from either end."""
    inside = np.clip(share, EDGE, 1 - EDGE)
    return np.log(inside / (1 - inside))


class Fit:
    """The arrays that the quantile loss needs, prepared once."""

    def __init__(self, table: pd.DataFrame) -> None:
        """Table as from `origins`."""
        self.x = np.stack(table["x"].to_numpy())
        self.months = table["horizon"].to_numpy(dtype=float)
        room = 1.0 - table["floor"].to_numpy()
        self.best = (table["best"].to_numpy() - table["floor"].to_numpy()) / room
        self.came = (table["came"].to_numpy() - table["floor"].to_numpy()) / room
        self.start = np.array([forecast.log_odds(p.best, p.floor, 1.0, p.n_items) for p in table["past"]])
        fed = table["is_fed"]
        size = fed.groupby([table["series"], table["horizon"]]).transform("sum").clip(lower=1).to_numpy()
        # Series of one board rise together: as many of them as it has, they count as the square root of that many.
        size = size * np.sqrt(table.groupby(["group", "horizon"])["series"].transform("nunique").to_numpy())
        spread = pd.Series(np.abs(self.came - self.best) / size).groupby(self.months).transform("sum").to_numpy()
        self.weight = 1.0 / size / spread  # horizons weigh alike
        self.even = 1.0 / size / (1.0 / size).sum()

    def score(self, theta: np.ndarray, rows: np.ndarray | slice, slack: np.ndarray | float = 0.0) -> np.ndarray:
        """Forecast shares of the range: theta is log damping, log wait, then the weights; slack is added to the gain."""
        damping, wait = np.exp(np.clip(theta[:2], *LOG_BOUNDS))
        gain = forecast.grow(self.x[rows], self.months[rows], float(damping), float(wait), theta[2:]) + slack
        rising = 1.0 / (1.0 + np.exp(-(self.start[rows] + gain)))
        return np.where(gain > 0, np.maximum(rising, self.best[rows]), self.best[rows])

    def weights(
        self,
        level: float,
        rows: np.ndarray | slice,
        starts: Iterable[np.ndarray],
        toward: np.ndarray | None = None,
        pull: float = PENALTY,
    ) -> np.ndarray:
        """The theta with the smallest quantile loss on some rows; the loss is smoothed, so that it has a slope.

        toward, pull   a theta that is taken where the rows say little (None: START and weights of 0), and how strongly
        """
        guess = np.r_[START, np.zeros(self.x.shape[1])] if toward is None else toward
        stiff = pull * np.r_[1 / 3, 1 / 3, np.ones(self.x.shape[1])]
        # The middle is fitted where its error is measured, in shares of the range; the ends on the log-odds scale,
        # since an interval must hold as often on a slow series as on a fast one.
        is_middle = level == 0.5
        x, months, start = self.x[rows], self.months[rows], self.start[rows]
        came = self.came[rows] if is_middle else odds(self.came[rows])
        weight = 2 * self.weight[rows] if is_middle else 4 * self.even[rows]
        soft = SOFT_SHARE if is_middle else SOFT_ODDS

        def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
            damping, wait = np.exp(theta[:2])
            waited = wait * np.log(months / 12)
            push = (x @ theta[2:] + waited) / SOFT_GAIN
            passed, year = np.exp(-damping * months), np.exp(-12 * damping)
            shape = (1 - passed) / (1 - year)
            by_shape = damping * (months * passed * (1 - year) - 12 * year * (1 - passed)) / (1 - year) ** 2
            gain = np.logaddexp(0, push) * SOFT_GAIN
            share = expit(start + gain * shape)
            error = came - (share if is_middle else odds(share))
            size = np.hypot(error, soft)
            inside = share * (1 - share) if is_middle else ((share > EDGE) & (share < 1 - EDGE)).astype(float)
            slope = -weight * (error / size / 2 + level - 0.5) * inside
            by_push = slope * shape * expit(push)
            gradient = np.r_[(slope * gain * by_shape).sum(), (by_push * waited).sum(), x.T @ by_push]
            away = theta - guess
            total = (weight * (size / 2 + (level - 0.5) * error)).sum() + (stiff * away**2).sum()
            return float(total), gradient + 2 * stiff * away

        bounds = [LOG_BOUNDS] * 2 + [(None, None)] * x.shape[1]
        found = [
            minimize(loss, s, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 400}) for s in starts
        ]
        return min(found, key=lambda f: f.fun).x


# log damping, log wait, weights: a slow field that has to be waited for, and a fast one.
STARTS = (
    np.array([-3.0, -1.5, -0.8, 0.3, 0.2, -0.5, -0.4, 0.0, 0.0, 0.0, 0.0]),
    np.array([-3.0, -1.5, 0.1, 0.1, 0.05, -0.1, -0.1, 0.0, 0.0, 0.0, 0.0]),
)
START = STARTS[0][:2]
LOG_BOUNDS = (-5.0, 0.5)  # damping 0.7% to 165% a month


def cross_fit(table: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Middle forecast and interval of every origin from weights that never saw its board; and the weights from all."""
    fit, folds = Fit(table), fold_of(table)
    is_long = table["history"].eq("long").to_numpy()
    trained, fed = Fit(table[is_long]), table.loc[is_long, "is_fed"].to_numpy()
    kind = {f"is_{word}": table["history"].eq(word).to_numpy() for word in ("short", "quiet")}
    all_weights, left_out = [], np.empty((len(forecast.LEVELS), len(table)))
    for place, level in enumerate(forecast.LEVELS):
        near = [w for w in all_weights[-1:]]
        slack = forecast.slack(level, fit.months, **kind)
        whole = trained.weights(level, fed, [*STARTS, *near])
        all_weights.append(whole)
        for fold in sorted(folds.unique()):
            mine = (folds == fold).to_numpy()
            others = fed & ~mine[is_long]
            fitted = whole if mine[is_long].sum() == 0 else trained.weights(level, others, [whole, STARTS[0]])
            left_out[place, mine] = fit.score(fitted, mine, slack[mine])
    low, middle, most, high = np.maximum.accumulate(left_out, axis=0)
    stays = low <= fit.best
    told = table.assign(
        share_came=fit.came, error=np.abs(middle - fit.came), error_persistence=np.abs(fit.best - fit.came),
        error_line=np.abs((table["line"] - table["floor"]) / (1 - table["floor"]) - fit.came),
        middle=middle, lower=np.where(stays | ~is_long, fit.best, low), upper=np.maximum(np.where(stays, most, high), middle),
    )  # fmt: skip
    inside = (told["share_came"] >= told["lower"] - 1e-9) & (told["share_came"] <= told["upper"] + 1e-9)
    weights = [np.r_[np.exp(np.clip(w[:2], *LOG_BOUNDS)), w[2:]] for w in all_weights]
    return told.assign(covered=inside.astype(float), width=told["upper"] - told["lower"]), np.array(weights)


MEANS = ["error", "error_persistence", "error_line", "covered", "width"]


def by_series(told: pd.DataFrame) -> pd.DataFrame:
    """One row per series and horizon: means over its origins."""
    keys = ["set", "group", "series", "horizon", "is_fed", "history"]
    means = told.groupby(keys)[MEANS].mean()
    about = told.groupby(keys).agg(n_origins=("origin", "size"), first=("origin", "min"), last=("origin", "max"))
    return about.join(means).reset_index()


def steps(rows: pd.DataFrame) -> pd.DataFrame:
    """The largest single gain of the best score of every series, its day and its model; indexed by series."""
    ordered = rows.sort_values(["series", "day", "score", "model"])
    best = ordered.groupby("series")["score"].cummax()
    gain = (best - best.groupby(ordered["series"]).shift()).fillna(0.0)
    largest = ordered.assign(largest_step=gain).loc[gain.groupby(ordered["series"]).idxmax()]
    named = largest.assign(step_day=largest["day"].dt.date, step_model=largest["model"])
    return named.set_index("series")[["largest_step", "step_day", "step_model"]]


def by_horizon(series: pd.DataFrame) -> pd.DataFrame:
    """One row per set and horizon, with bootstrap intervals over groups."""
    out = []
    fed = series[series["is_fed"] & series["history"].eq("long")]
    thin = series[series["is_fed"] & series["history"].ne("long")]
    is_even = thin["group"].map(half_of).eq(0)
    sets = (
        ("all", fed),
        ("tests", fed[fed["set"] != "papers"]),
        *fed.groupby("set"),
        ("unfed", series[~series["is_fed"] & series["history"].eq("long")]),
        *((kind, thin[is_even & thin["history"].eq(kind)]) for kind in ("short", "quiet")),
        *((f"{kind}_other", thin[~is_even & thin["history"].eq(kind)]) for kind in ("short", "quiet")),
    )
    for name, part in sets:
        for horizon, rows in part.groupby("horizon"):
            sums = rows.groupby("group")[MEANS].sum().assign(n=rows.groupby("group").size())
            draws = np.random.default_rng(SEED).integers(0, len(sums), (DRAWS, len(sums)))
            totals = sums.to_numpy()[draws].sum(axis=1)
            whole = sums.sum().to_numpy()
            # Where nothing ever came there is no rival's error to be measured against.
            better = np.minimum(totals[:, 1], totals[:, 2])
            ratio = totals[:, 0] / np.where(better > 0, better, np.nan)
            covered = totals[:, 3] / totals[:, 5]
            out.append(
                {
                    "set": name, "horizon": horizon, "n_series": len(rows), "n_independent": len(sums),
                    "n_forecasts": int(rows["n_origins"].sum()), "error": whole[0] / whole[5],
                    "error_persistence": whole[1] / whole[5], "error_line": whole[2] / whole[5],
                    "ratio_to_better": whole[0] / (min(whole[1], whole[2]) or np.nan),
                    "ratio_lower": np.quantile(ratio, 0.05), "ratio_upper": np.quantile(ratio, 0.95),
                    "coverage": whole[3] / whole[5], "coverage_lower": np.quantile(covered, 0.05),
                    "coverage_upper": np.quantile(covered, 0.95), "interval_width": whole[4] / whole[5],
                }
            )  # fmt: skip
    return pd.DataFrame(out)


def inputs() -> list[Path]:
    """Starter files of the sources whose series the committed table holds."""
    with (METHOD / "backtest_series.csv").open(encoding="utf-8", newline="") as file:
        groups = {row["group"].partition(":")[0] for row in csv.DictReader(file)}
    return made.starter_files(sorted(groups))


def cases(rows: pd.DataFrame) -> pd.DataFrame:
    """Known events: when each was forecast to come LOOKS months before, or before the last row of a control."""
    out = []
    for series, event, level in CASES:
        part = rows[rows["series"] == series].sort_values("day")
        if part.empty:
            continue
        reached = part[part["score"] >= level]
        came = reached["day"].iloc[0] if len(reached) else None
        for months in LOOKS:
            made = (part["day"].max() if came is None else came) - pd.DateOffset(months=months)
            counts = part["n_items"].dropna()
            past = forecast.look(
                days=part["day"].to_numpy().astype("datetime64[D]"),
                known=part["known"].to_numpy().astype("datetime64[D]"),
                score=part["score"].to_numpy(),
                origin=np.datetime64(made, "D"),
                floor=float(part["floor"].iloc[0]),
                ceiling=(1.0, 1.0, 1.0),
                n_items=float(counts.median()) if len(counts) else None,
            )
            said = [None] * 4
            if past is not None:
                told = forecast.crossing(past, level)
                ahead = (told.earliest, told.middle, told.latest)
                said = [past.best, *(None if m is None else (made + pd.DateOffset(months=m)).date() for m in ahead)]
            out.append((series, event, None if came is None else came.date(), made.date(), *said))
    names = ["series", "event", "came", "made", "best_then", "earliest", "middle", "latest"]
    return pd.DataFrame(out, columns=names)


def run(rows: pd.DataFrame, into: Path = METHOD) -> pd.DataFrame:
    """Back-test, write the tables, print what matters; returns the table by horizon."""
    told, weights = cross_fit(origins(rows))
    series = by_series(told)
    horizon = by_horizon(series)
    into.mkdir(parents=True, exist_ok=True)
    marks = {"command": COMMAND}
    told = series.join(steps(rows), on="series")
    for name, table in (("backtest", horizon), ("backtest_series", told), ("backtest_cases", cases(rows))):
        table.assign(**marks).to_csv(into / f"{name}.csv", index=False, float_format="%.5f", lineterminator="\n")
    print(horizon.round(3).to_string(index=False))
    say_weights("WEIGHTS", weights, forecast.WEIGHTS)
    return horizon


def say_weights(name: str, weights: np.ndarray, held: tuple[tuple[float, ...], ...]) -> None:
    """Print the weights from all series, and whether scoring/expected/forecast.py holds them."""
    print(f"{name} from all series (scoring/expected/forecast.py holds them):")
    for row in weights:
        print("    (" + ", ".join(f"{w:.3f}" for w in row) + "),")
    if not np.allclose(weights, np.array(held), atol=0.002):
        print("scoring/expected/forecast.py holds other weights: copy these and run again.")


def main() -> None:
    """Run on the current database and write the tables of the Method page."""
    modules = {name: module for name, module in sources.discover().items() if name == LITERATURE}
    published = gather.gather(modules).reported
    run(pd.concat([boards(read_evidence(store.connect(store.current()))), literature(published)], ignore_index=True))
    made.record(sys.modules[__name__])
