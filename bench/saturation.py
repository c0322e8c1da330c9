"""What saturates, and does our status agree with what people said?

Question  Which properties go with little room left, across benchmarks? And: is the answer about a test that people
          call saturated tied or closed, and about one that they call open not? Does the cost of these statistics grow in line with the rows?
Input     the current database: the newest month of the signal saturation for headline series in fractions (the
          regression takes the one with most models), the one answer of each benchmark, the facts, VERDICTS. For the
          growth: made-up series, no database.
Output    data/method/what_saturates.csv, one row per property and way of asking: effect on the position of the best
          score between floor and 100% in log-odds, with a 90% interval; data/method/verdicts.csv, one row per verdict.
          On the screen: seconds of both signals for more series and for longer series, and their ratio to linear.
Method    Least squares; interval by 4,000 bootstrap draws over tests (versions of one test count as one). "alone": the
          age of the test; "with age":
          one property at a time beside the age of the test, on all benchmarks where it is known; "all together": all
          properties at once on the benchmarks where all are known, at least MIN_MODELS models each. An unknown property
          removes the benchmark; nothing is filled in, but an unknown score of guessing bounds the position at 0. The
          age of a test counts from its release, else from the first day of the month in its arXiv number. An
          association between properties of tests that people chose to publish and to keep running: no cause is claimed, and
          old tests that nobody filled are not there.
          Verdicts: "agrees" asks whether the status is tied or closed; "agrees_by_room" asks the other measure of this
          project, less than a tenth of the scale left (the word of forecast and trend table), beside tied or closed.
          data/method/made_by.csv has hashes of the code, the facts and the starter rows that the tables rest on; the
          aliases that link names are not part of them.
Silent    Properties that fewer than MIN_EACH benchmarks have, or lack.
"""

import csv
import math
import re
import statistics
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

import store
from bench import made
from bench.backtest import METHOD, ROOT
from scoring import evidence
from scoring.evidence import Evidence
from scoring.expected import forecast
from scoring.expected.population import Population
from scoring.signals import outlook, saturation

COMMAND = "python -m bench saturation"
TABLES = ("verdicts", "what_saturates")
FACTS_USED = ("averages.csv", "benchmarks.csv", "items.csv")
MIN_MODELS = 10
MIN_EACH = 5
DRAWS = 4000
SEED = 20261122
SIMPLE_EVALS = "https://github.com/openai/simple-evals"
PLATEAU = "https://arxiv.org/abs/2602.16763"
# benchmark_id, whether people call it saturated, who says so, where.
VERDICTS = (
    ("mmlu", True, "successors were made because of it", "https://arxiv.org/abs/2406.01574"),
    ("gsm8k", True, "left out of later suites for its ceiling", PLATEAU),
    ("hellaswag", True, "left out of later suites for its ceiling", PLATEAU),
    ("squad@1-1", True, "above the human line since 2018", "https://rajpurkar.github.io/SQuAD-explorer/"),
    ("squad@2-0", True, "above the human line since 2019", "https://rajpurkar.github.io/SQuAD-explorer/"),
    ("mbpp", True, "left out of later suites for its ceiling", PLATEAU),
    ("humaneval", True, "left out of later suites for its ceiling", PLATEAU),
    ("mgsm", True, "its maintainers call it saturated for newer models", SIMPLE_EVALS),
    ("drop", True, "its maintainers call it saturated for newer models", SIMPLE_EVALS),
    (
        "aider-code-editing",
        True,
        "replaced when the top passed 80%",
        "https://aider.chat/2024/12/21/polyglot.html",
    ),
    ("arc-agi-1", True, "followed by a second version", "https://arcprize.org/arc-agi"),
    ("hle", False, "made to stay open", "https://arxiv.org/abs/2501.14249"),
    ("arc-agi-2", False, "made to stay open", "https://arxiv.org/abs/2505.11831"),
    (
        "bird-sql-test",
        False,
        "eleven points below the human score",
        "https://bird-bench.github.io/",
    ),
    ("swe-bench@multimodal", False, "best below 40%", "https://www.swebench.com/"),
)
SATURATED = ("tied", "closed")
ARXIV = re.compile(r"arxiv\.org/abs/(\d{2})(\d{2})\.\d")


def newest() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The newest month of every headline series in fractions, with the facts of its benchmark; and the facts."""
    connection = store.connect(store.current())
    rows = store.read(connection, "saturation")
    rows = rows[~rows["is_subset"].astype(bool) & (rows["unit"] == "fraction")]
    rows = rows.sort_values(["series_id", "month"]).drop_duplicates("series_id", keep="last")
    bounds = store.read(connection, "series", ("series_id", "n_at_least"))
    return rows.merge(bounds, on="series_id"), store.read(connection, "benchmark")


def verdicts(answers: pd.DataFrame, sources: pd.Series) -> pd.DataFrame:
    """One row per verdict of people that has an answer (rows of the view `benchmarks`): do the two agree?

    sources   source_ids of each benchmark_id, "; " between them.
    """
    by_test = answers.set_index("benchmark_id")
    out = []
    for benchmark_id, is_saturated, who, url in VERDICTS:
        if benchmark_id not in by_test.index:
            continue
        ours = by_test.loc[benchmark_id]
        is_ours = ours["status"] in SATURATED
        is_ours_by_room = is_ours or (pd.notna(ours["headroom"]) and ours["headroom"] < forecast.SATURATED)
        agrees = agreement(is_saturated, is_ours, ours["status"])
        out.append(
            {
                "benchmark_id": benchmark_id,
                "people_say": "saturated" if is_saturated else "open",
                "who": who,
                "source_url": url,
                "status": ours["status"],
                "use": ours["use"],
                "best": ours["best"],
                "kth_best": ours["kth_best"],
                "headroom": ours["headroom"],
                "n_models": int(ours["n_models"]),
                "n_makers_12m": int(ours["n_makers_12m"]),
                "agrees": agrees,
                "agrees_by_room": agreement(is_saturated, is_ours_by_room, ours["status"]),
                "argument": "" if agrees == "yes" else ours["reason"],
                "source_ids": sources.get(benchmark_id, ""),
            }
        )
    return pd.DataFrame(out)


def agreement(people: bool, ours: bool, status: str) -> str:
    """yes, no, or "not told" where there is no status to compare."""
    if people == ours and (people or status != "cannot_tell"):
        return "yes"
    return "not told" if status == "cannot_tell" else "no"


def properties(rows: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """One row per benchmark with a known age: position, test (versions share it), sources, and the properties (NaN:
    not known).
    """
    best = rows[rows["n_models"] >= MIN_MODELS].sort_values(["n_models", "series_id"], ascending=[False, True])
    best = best.drop_duplicates("benchmark_id")
    best = best[~best["is_lower_better"].astype(bool)]
    about = facts.set_index("benchmark_id")
    out = []
    for row in best.itertuples():
        fact = about.loc[row.benchmark_id]
        began = released(fact)
        if began is None:
            continue
        n = float(row.n_items) if pd.notna(row.n_items) else math.nan
        floor = float(fact["floor"]) if pd.notna(fact["floor"]) else math.nan
        out.append(
            {
                "test": row.benchmark_id.partition("@")[0],
                "sources": row.source_ids,
                "position": forecast.log_odds(
                    float(row.best), 0.0 if math.isnan(floor) else floor, 1.0, None if math.isnan(n) else n
                ),
                "age_years": (pd.Timestamp(row.month) - began).days / 365.25,
                "models_tenfold": np.log10(row.n_models),
                "questions_tenfold": np.log10(n) if n > 0 else math.nan,
                "is_public_test": answer(fact["is_public_test"]),
                "is_multiple_choice": math.nan if math.isnan(floor) else float(floor > 0),
                "is_renewed": answer(fact["is_dynamic"]),
            }
        )
    return pd.DataFrame(out)


def released(fact: pd.Series) -> pd.Timestamp | None:
    """Day of publication: the stated one, else the first of the month in the arXiv number of its paper."""
    if pd.notna(fact["release_date"]):
        return pd.Timestamp(fact["release_date"])
    found = ARXIV.search(str(fact["source_url"]))
    return pd.Timestamp(2000 + int(found[1]), int(found[2]), 1) if found else None


def answer(value: object) -> float:
    """1, 0, or NaN where it is not known."""
    return math.nan if pd.isna(value) else float(bool(value))


def regress(table: pd.DataFrame) -> pd.DataFrame:
    """Effects in log-odds, each property beside the age of the test and all together, with bootstrap intervals."""
    names = [c for c in table.columns if c not in ("test", "sources", "position")]
    parts = [effects(table[["test", "position", "age_years"]], "alone")]
    for name in names[1:]:
        told = effects(table[["test", "position", "age_years", name]].dropna(), "with age")
        parts.append(told[told["property"] == name])
    return pd.concat([*parts, effects(table.drop(columns="sources").dropna(), "all together")], ignore_index=True)


def effects(table: pd.DataFrame, asked: str) -> pd.DataFrame:
    """One least-squares fit of `position` on all other columns but `test`; properties that hardly vary are left out."""
    names = [c for c in table.columns if c not in ("test", "position")]
    is_yes = [c for c in names if c.startswith("is_")]
    told = {c: int(table[c].sum()) for c in is_yes}
    names = [c for c in names if c not in is_yes or MIN_EACH <= told[c] <= len(table) - MIN_EACH]
    middle = table[names].mean()
    x = np.column_stack([np.ones(len(table)), table[names] - middle])
    y = table["position"].to_numpy()
    effect = np.linalg.lstsq(x, y, rcond=None)[0]
    groups = list(table.reset_index(drop=True).groupby("test").indices.values())
    rng = np.random.default_rng(SEED)
    draws = []
    for _ in range(DRAWS):
        places = np.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))])
        draws.append(np.linalg.lstsq(x[places], y[places], rcond=None)[0])
    low, high = np.quantile(np.array(draws), [0.05, 0.95], axis=0)
    left = 1 - ((y - x @ effect) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    return pd.DataFrame(
        {
            "property": ["average benchmark", *names],
            "asked": asked,
            "effect_log_odds": effect,
            "lower": low,
            "upper": high,
            "n_with": [None, *(told.get(c) for c in names)],
            "n_benchmarks": len(table),
            "n_tests": len(groups),
            "explained_share": left,
        }
    )


def sources_of(texts: Iterable[str]) -> list[str]:
    """Sources named in cells such as "one; other", each once, in order."""
    return sorted({name for text in texts for name in str(text).split("; ")})


def inputs() -> list[Path]:
    """Starter files of the sources that the committed tables name, and the facts used."""
    texts = [row["source_ids"] for name in TABLES for row in committed(METHOD / f"{name}.csv")]
    return [*made.starter_files(sources_of(texts)), *(ROOT / "data" / "facts" / name for name in FACTS_USED)]


def committed(path: Path) -> list[dict[str, str]]:
    """Rows of a committed table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def board(n_series: int, n_rows: int) -> Evidence:
    """Made-up series of one board: one score a day, slowly rising, each by a model of its own."""
    rng = np.random.default_rng(SEED)
    n = n_series * n_rows
    days = pd.Timestamp("2024-12-31") - pd.to_timedelta(np.tile(np.arange(n_rows) * 700 // n_rows, n_series), unit="D")
    frame = pd.DataFrame(
        {
            "evaluation_id": [f"e{i:07d}" for i in range(n)], "model_id": [f"m{i:07d}" for i in range(n)],
            "series_id": np.repeat([f"s{i:04d}:accuracy:board" for i in range(n_series)], n_rows),
            "benchmark_id": np.repeat([f"s{i:04d}" for i in range(n_series)], n_rows),
            "score": rng.beta(4, 4, n), "n_items": 1000, "is_item_count": True, "unit": "fraction", "kind": "model",
            "is_lower_better": False, "is_subset": False, "is_dynamic": False, "floor": 0.0, "source_id": "board",
            "model_date": days, "first_seen_date": days, "evaluated_date": days, "date_basis": "release",
        }
    )  # fmt: skip
    frame = frame.assign(root_model=frame["model_id"], cluster_id=frame["model_id"], developer=frame["model_id"])
    rest = {
        c: pd.NaT if c in evidence.DAYS else None if c == "data_problem" else np.nan
        for c in evidence.COLUMNS
        if c not in frame
    }
    return Evidence(evaluations=frame.assign(**rest), asof=date(2024, 12, 31))


def growth(
    sizes: Iterable[tuple[int, int]] = ((50, 100), (150, 100), (500, 100), (50, 300), (50, 1000)),
) -> pd.DataFrame:
    """Seconds (median of 3) of both signals by series and rows per series, and their ratio to linear growth."""
    out = []
    saturation.compute(Population(board(2, 30)))  # the first call of a process pays for imports and caches
    for n_series, n_rows in sizes:
        made = board(n_series, n_rows)
        seconds = []
        for _ in range(3):
            clock = time.perf_counter()
            for signal in (saturation, outlook):
                signal.compute(Population(made))
            seconds.append(time.perf_counter() - clock)
        rows = n_series * n_rows
        first = out[0] if out else {"rows": rows, "seconds": statistics.median(seconds)}
        linear = first["seconds"] * rows / first["rows"]
        out.append(
            {
                "series": n_series, "rows_each": n_rows, "rows": rows, "seconds": statistics.median(seconds),
                "to_linear": statistics.median(seconds) / linear,
            }
        )  # fmt: skip
    return pd.DataFrame(out)


def main() -> None:
    """Write both tables from the current database; print them and the growth."""
    rows, facts = newest()
    METHOD.mkdir(parents=True, exist_ok=True)
    known = properties(rows, facts)
    sources = rows.groupby("benchmark_id")["source_ids"].agg(lambda texts: "; ".join(sources_of(texts)))
    told = verdicts(store.read(store.connect(store.current()), "benchmarks"), sources)
    tables = {
        "verdicts": told,
        "what_saturates": regress(known).assign(source_ids="; ".join(sources_of(known["sources"]))),
    }
    for name, table in tables.items():
        table.assign(command=COMMAND).to_csv(
            METHOD / f"{name}.csv", index=False, float_format="%.4f", lineterminator="\n"
        )
        hidden = ("source_url", "argument", "who", "source_ids")
        print(table[[c for c in table.columns if c not in hidden]].round(3).to_string(index=False))
    made.record(sys.modules[__name__])
    print("\nGrowth of the signals saturation and outlook (1.0 = linear in the rows):")
    print(growth().round(3).to_string(index=False))
