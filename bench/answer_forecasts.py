"""How did the forecasts of the answers come out that would have been made at every past month since 2020?

Question  A benchmark's page says where its best credible score may be in 3, 6, 12 and 24 months, and when a tenth of its scale
          is left. Had it been said in earlier months, how often would it have held?
Input     the current database: the scores that may set a frontier (scoring/answers/benchmark.py).
Output    data/method/answer_forecasts.csv: error, coverage and width by horizon and history; answer_days.csv: on which side
          of its 80% range the month came in which a tenth was left; answer_chances.csv: how often it had come by the
          horizon, by the chance that was said; answer_outcomes.csv: per benchmark the forecast made 3, 6, 12 and 24
          months before the last day of the data, and what came. Errors and scores are fractions, higher
          is better; errors are shares of the scale from floor to 1.
Method    Rolling origin over all set-ups of a test together, as in bench/backtest.py, from FIRST on. Half of the tests, by a
          hash of their name without its version, is forecast with weights fitted to the answers of the other half, and
          the other way round; both halves live in the same years, so that the weights of a forecast of 2024 know how
          other tests rose in 2025. Answers are few, so that their weights lean (PULL, chosen on half "0") on those of
          all single set-ups of bench/backtest.py but the ones of the half left out. Which scores are credible is said by the marks and documents of today, which a reader then did not have;
          everything else was known at the origin. A test counts until its last new score; months after it are in
          answer_outcomes.csv alone, with is_fed false. A range of months is judged where the outcome is known: the month
          came, or the latest month of the range is over without it. That favours early outcomes: a range that reaches
          years ahead is judged early or not at all. answer_chances is free of this: its forecasts are picked by
          the horizon alone (fed until then), and the ends of the range say a chance: 10% before the earliest
          month, 50% before the middle one, 90% before the latest. Intervals: bootstrap over tests, 90%.
Tried     Error over that of the better rival at 3 and 12 months, from the other half: weights of single set-ups, moved up
          as was best with all outcomes in view, 1.00 and .81; weights of single set-ups and answers together 1.03 and
          .76; those of answers alone .97 and .67; those that lean on single set-ups .97 and .64 (half "0" 1.02 and .61,
          half "1" .92 and .67; PULL .003 .65, .03 .65, .1 .69). With weights of targets before 2025 alone, on targets
          from then on: the last 1.06 and .69, the first with weights of all years 1.06 and .82; so that at 3 months
          nothing is shown to be better than "nothing changes".
Silent    Ratings, and tests without a known maker's credible score.
"""

import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

import store
from bench import backtest, made
from building.course import read_evidence
from ingest import gather, sources
from scoring.answers import benchmark
from scoring.evidence import Evidence
from scoring.expected import forecast

METHOD = Path(__file__).parent.parent / "data" / "method"
TABLES = ("answer_forecasts", "answer_days", "answer_chances", "answer_outcomes")
COMMAND = "python -m bench answer_forecasts"
FIRST = pd.Timestamp("2020-01-01")
SOURCES = ("artificial_analysis", "epoch", "euroeval", "livebench", "llm_stats", "official_cards")  # most of the rows
PULL = 0.01  # how strongly the weights of answers lean on those of single set-ups
SIDES = ("before", "inside", "after")
ENDS = ("earliest", "middle", "latest")
SAID = ("under 10%", "10 to 50%", "50 to 90%", "over 90%")  # chances of a tenth left, by the months that a range names


def inputs() -> list[Path]:
    """Starter files of the sources that most answers rest on."""
    return made.starter_files(SOURCES)


def rows_of(evidence: Evidence, findings: pd.DataFrame) -> pd.DataFrame:
    """Credible scores of every test in fractions, with the columns that backtest.origins takes."""
    frame = benchmark.scores(evidence, findings)
    frame = benchmark.credible(frame[frame["measure"] == frame["benchmark_id"].map(benchmark.measures(frame))])
    frame = frame[frame["unit"].eq("fraction")]
    flip = frame["is_lower_better"].to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "series": frame["benchmark_id"], "group": half(frame["benchmark_id"]), "set": "boards",
            "model": frame["model_id"], "day": frame["appeared"], "known": frame["known_from"],
            "end": frame["benchmark_id"].map(backtest.ends(frame)), "is_printed": frame["day_basis"] == "printed",
            "score": frame["turned"], "n_items": frame["n_items"].where(frame["is_share"]),
            "floor": frame["floor"].where(~flip).fillna(0.0),
        }
    ).drop_duplicates(["series", "model", "day", "known", "score"])  # fmt: skip


def half(benchmark_id: pd.Series) -> pd.Series:
    """ "0" or "1" by the name of a test without its version."""
    return benchmark_id.str.partition("@")[0].map(backtest.half_of).astype(str)


def taught_by(evidence: Evidence, literature: pd.DataFrame) -> pd.DataFrame:
    """Origins of single set-ups: as from backtest.origins, and half ("" for the literature)."""
    test = evidence.evaluations.drop_duplicates("series_id").set_index("series_id")["benchmark_id"]
    rows = pd.concat([backtest.boards(evidence), literature], ignore_index=True)
    table = backtest.origins(rows)
    table = table[table["history"].eq("long") & table["is_fed"]]
    return table.assign(half=table["series"].map(half(test)).fillna(""))


def weights_of(table: pd.DataFrame, taught: pd.DataFrame) -> tuple[tuple[float, ...], ...]:
    """forecast.POOLED_WEIGHTS from origins of answers, where tests weigh alike and quiet histories do not count, and
    from those of single set-ups, on which they lean.
    """
    used = table[table["is_fed"] & table["history"].ne("quiet")]
    answers = backtest.Fit(used.assign(group=used["series"]).reset_index(drop=True))
    singles, fitted = backtest.Fit(taught.reset_index(drop=True)), []
    for level in forecast.LEVELS:
        usual = singles.weights(level, slice(None), backtest.STARTS)
        fitted.append(answers.weights(level, slice(None), [usual, *backtest.STARTS], usual, PULL))
    return tuple((*np.exp(np.clip(t[:2], *backtest.LOG_BOUNDS)).tolist(), *t[2:].tolist()) for t in fitted)


def origins(rows: pd.DataFrame) -> pd.DataFrame:
    """Every origin and horizon since FIRST, as from backtest.origins."""
    table = backtest.origins(rows)
    table = table[table["origin"] >= FIRST].reset_index(drop=True)
    return table.assign(past=[replace(past, is_pooled=True) for past in table["past"]])


def told_of(table: pd.DataFrame, taught: pd.DataFrame) -> pd.DataFrame:
    """Every origin and horizon with its forecast and range, and the months ahead of a tenth left, by unseen weights."""
    parts = []
    for group, mine in table.groupby("group"):
        unseen = weights_of(table[table["group"].ne(group)], taught[taught["half"].ne(group)])
        with patch.object(forecast, "POOLED_WEIGHTS", unseen):
            fans = [forecast.look_ahead(p, np.array([h])) for p, h in zip(mine["past"], mine["horizon"], strict=True)]
            goals = [1.0 - forecast.SATURATED * (1.0 - floor) for floor in mine["floor"]]
            when = [
                forecast.crossing(p, goal) if p.best < goal else None
                for p, goal in zip(mine["past"], goals, strict=True)
            ]
        ends = {name: [float(getattr(fan, name)[0]) for fan in fans] for name in ("best", "lower", "upper")}
        parts.append(
            mine.assign(
                expected=ends["best"], lower=ends["lower"], upper=ends["upper"], goal=goals,
                **{end: [None if w is None else getattr(w, end) for w in when] for end in ENDS},
                is_open=[w is not None for w in when],
            )
        )  # fmt: skip
    told = pd.concat(parts).sort_index()
    room = 1.0 - told["floor"]
    return told.assign(
        error=(told["expected"] - told["came"]).abs() / room,
        error_persistence=(told["best"] - told["came"]).abs() / room,
        error_line=(told["line"] - told["came"]).abs() / room,
        covered=told["came"].between(told["lower"] - 1e-9, told["upper"] + 1e-9).astype(float),
        width=(told["upper"] - told["lower"]) / room,
    )


def by_horizon(told: pd.DataFrame) -> pd.DataFrame:
    """One row per history and horizon; tests weigh alike."""
    fed, out = told[told["is_fed"]], []
    for history, part in (("all", fed), *fed.groupby("history")):
        for horizon, mine in part.groupby("horizon"):
            tests = mine.groupby("series")[backtest.MEANS].mean()
            draws = np.random.default_rng(backtest.SEED).integers(0, len(tests), (backtest.DRAWS, len(tests)))
            means = tests.to_numpy()[draws].mean(axis=1)
            better = np.minimum(means[:, 1], means[:, 2])
            # Where nothing ever came there is no rival's error to be measured against.
            ratio = means[better > 0, 0] / better[better > 0] if (better > 0).all() else np.array([np.nan])
            whole = tests.mean()
            out.append(
                {
                    "history": history, "horizon": horizon, "n_tests": len(tests), "n_forecasts": len(mine),
                    **{name: whole[name] for name in ("error", "error_persistence", "error_line")},
                    "ratio_to_better": whole["error"] / (min(whole["error_persistence"], whole["error_line"]) or np.nan),
                    "ratio_lower": np.quantile(ratio, 0.05), "ratio_upper": np.quantile(ratio, 0.95),
                    "coverage": whole["covered"], "coverage_lower": np.quantile(means[:, 3], 0.05),
                    "coverage_upper": np.quantile(means[:, 3], 0.95), "interval_width": whole["width"],
                }
            )  # fmt: skip
    return pd.DataFrame(out)


def days(told: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Where in its range the month came in which a tenth was left, for the forecasts whose outcome is known."""
    once = told[told["is_open"] & told["is_fed"]].drop_duplicates(["series", "origin"])
    last = rows.groupby("series")[["day", "known"]].max().max(axis=1)
    sides = []
    for one in once.itertuples():
        mine = rows[rows["series"] == one.series]
        reached = mine.loc[mine["score"] >= one.goal, "day"]
        seen = (last[one.series] - one.origin).days / forecast.DAYS_A_MONTH
        came = (reached.min() - one.origin).days / forecast.DAYS_A_MONTH if len(reached) else np.inf
        earliest, latest = (np.inf if pd.isna(m) else float(m) for m in (one.earliest, one.latest))
        # A forecast names a month: a day within it is no earlier and no later than it.
        side = SIDES[0] if came <= earliest - 1 else SIDES[1] if came <= latest else SIDES[2]
        sides.append(side if came < np.inf or latest < seen else "not known yet")
    counted = once.assign(side=sides).groupby("side").agg(n_forecasts=("origin", "size"), n_tests=("series", "nunique"))
    return counted.reindex([*SIDES, "not known yet"], fill_value=0).rename_axis("came").reset_index()


def chances(told: pd.DataFrame) -> pd.DataFrame:
    """Per horizon and chance said: in which share of the tests (0 to 1, tests weigh alike) a tenth was left by then."""
    known = told[told["is_open"] & told["is_fed"]]
    passed = sum(known[end].astype(float).le(known["horizon"]).astype(int) for end in ENDS)
    known = known.assign(said=pd.Series(passed, index=known.index).map(dict(enumerate(SAID))))
    known = known.assign(share_came=(known["came"] >= known["goal"] - 1e-9).astype(float))
    out = []
    for (horizon, said), mine in known.groupby(["horizon", "said"]):
        tests = mine.groupby("series")["share_came"].mean().to_numpy()
        draws = np.random.default_rng(backtest.SEED).integers(0, len(tests), (backtest.DRAWS, len(tests)))
        low, high = np.quantile(tests[draws].mean(axis=1), [0.05, 0.95])
        out.append((horizon, said, len(tests), len(mine), tests.mean(), low, high))
    names = ["horizon", "said", "n_tests", "n_forecasts", "share_came", "share_lower", "share_upper"]
    order = {word: place for place, word in enumerate(SAID)}
    return pd.DataFrame(out, columns=names).sort_values(["horizon", "said"], key=lambda c: c.replace(order))


def outcomes(told: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Per test and horizon the last forecast whose target is over, where that was within a month of the day."""
    target = [origin + pd.DateOffset(months=h) for origin, h in zip(told["origin"], told["horizon"], strict=True)]
    late = told.assign(target=target)
    late = late[late["target"] > day - pd.DateOffset(months=1)].sort_values(["series", "horizon", "origin"])
    late = late.drop_duplicates(["series", "horizon"], keep="last")
    names = {"series": "benchmark_id", "origin": "made", "best": "best_then", "covered": "is_inside"}
    shown = late.rename(columns=names)
    shown = shown.assign(**{c: shown[c].dt.date for c in ("made", "target")}, is_inside=shown["is_inside"].eq(1.0))
    columns = ["benchmark_id", "horizon", "made", "target", "best_then", "expected", "lower", "upper", "came"]
    return shown[[*columns, "is_inside", "is_fed"]].reset_index(drop=True)


def main() -> None:
    """Write the four tables; about two minutes."""
    connection = store.connect(store.current())
    evidence = read_evidence(connection)
    names = ["signal_id", "variant", "subject_id", "level", "direction"]
    where = [store.Where("signal_id", "=", "size_anomaly"), store.Where("variant", "=", "")]
    rows = rows_of(evidence, store.read(connection, "finding", names, where))
    answers = origins(rows)
    modules = {name: module for name, module in sources.discover().items() if name == backtest.LITERATURE}
    taught = taught_by(evidence, backtest.literature(gather.gather(modules).reported))
    told, weights = told_of(answers, taught), weights_of(answers, taught)
    tables = (by_horizon(told), days(told, rows), chances(told), outcomes(told, pd.Timestamp(evidence.asof)))
    for name, table in zip(TABLES, tables, strict=True):
        path = METHOD / f"{name}.csv"
        table.assign(command=COMMAND).to_csv(path, index=False, float_format="%.5f", lineterminator="\n")
        print(table.head(16).round(3).to_string(index=False), flush=True)
    backtest.say_weights("POOLED_WEIGHTS", weights, forecast.POOLED_WEIGHTS)
    made.record(sys.modules[__name__])


if __name__ == "__main__":
    sys.exit(main())
