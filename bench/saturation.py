"""What saturates, and does our status agree with what people said?

Question  Which properties go with little room left, across benchmarks? And: is a test that people call saturated tied
          or closed here, and one that they call open not?
Input     the current database: the newest month of the signal saturation for headline series in fractions (the
          regression takes the one with most models, a verdict the one with the highest score), the facts, VERDICTS.
Output    data/method/what_saturates.csv, one row per property: effect on the position of the best score between floor
          and 100% in log-odds, with a 90% interval; data/method/verdicts.csv, one row per verdict.
Method    Least squares on the benchmarks with all properties known and at least MIN_MODELS models; interval by 4,000
          bootstrap draws over tests (versions of one test count as one). An association between properties of tests
          that people chose to publish and to keep running: no cause is claimed, and old tests that nobody filled are
          not there. A missing property removes the benchmark; nothing is filled in.
Silent    Properties that fewer than MIN_EACH benchmarks have, or lack.
"""

import numpy as np
import pandas as pd

import store
from bench.backtest import METHOD
from scoring import forecast

COMMAND = "python -m bench saturation"
MIN_MODELS = 10
MIN_EACH = 5
DRAWS = 4000
SEED = 20261122
SIMPLE_EVALS = "https://github.com/openai/simple-evals"
PLATEAU = "https://arxiv.org/abs/2602.16763"
# benchmark_id, metric (empty: any), whether people call it saturated, who says so, where.
VERDICTS = (
    ("mmlu", "accuracy", True, "successors were made because of it", "https://arxiv.org/abs/2406.01574"),
    ("gsm8k", "", True, "left out of later suites for its ceiling", PLATEAU),
    ("hellaswag", "", True, "left out of later suites for its ceiling", PLATEAU),
    ("squad@1-1", "f1", True, "above the human line since 2018", "https://rajpurkar.github.io/SQuAD-explorer/"),
    ("squad@2-0", "f1", True, "above the human line since 2019", "https://rajpurkar.github.io/SQuAD-explorer/"),
    ("mbpp", "", True, "left out of later suites for its ceiling", PLATEAU),
    ("humaneval", "pass@1", True, "left out of later suites for its ceiling", PLATEAU),
    ("mgsm", "", True, "its maintainers call it saturated for newer models", SIMPLE_EVALS),
    ("drop", "f1", True, "its maintainers call it saturated for newer models", SIMPLE_EVALS),
    (
        "aider-code-editing",
        "pass_rate_2",
        True,
        "replaced when the top passed 80%",
        "https://aider.chat/2024/12/21/polyglot.html",
    ),
    ("arc-agi-1", "solved", True, "followed by a second version", "https://arcprize.org/arc-agi"),
    ("hle", "accuracy", False, "made to stay open", "https://arxiv.org/abs/2501.14249"),
    ("arc-agi-2", "solved", False, "made to stay open", "https://arxiv.org/abs/2505.11831"),
    (
        "bird-sql-test",
        "execution_accuracy",
        False,
        "eleven points below the human score",
        "https://bird-bench.github.io/",
    ),
    ("swe-bench@multimodal", "resolved", False, "best below 40%", "https://www.swebench.com/"),
)
SATURATED = ("tied", "closed")
ARGUMENTS = {
    "cannot_tell": "No answer here: the number of questions, or what a score is a share of, is not on record.",
    "crowded": "Near it: several cannot be told from the best, or the published index is high.",
    "separating": "The fifth independent model is told apart: a large test separates close scores near its top.",
    "tied": "The top five are within each other's error although much room is left: few questions, few models.",
    "closed": "Less than a twentieth of the scale is left in our newest rows, which are later than the verdict.",
}


def newest() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The newest month of every headline series in fractions, with the facts of its benchmark; and the facts."""
    connection = store.connect(store.current())
    rows = store.read(connection, "saturation")
    rows = rows[~rows["is_subset"].astype(bool) & (rows["unit"] == "fraction")]
    rows = rows.sort_values(["series_id", "month"]).drop_duplicates("series_id", keep="last")
    return rows, store.read(connection, "benchmark")


def verdicts(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per verdict: our status of the series with the highest score, and how many series of the test agree."""
    out = []
    for benchmark_id, metric, is_saturated, who, url in VERDICTS:
        mine = rows[(rows["benchmark_id"] == benchmark_id) & ((rows["metric"] == metric) | (metric == ""))]
        if mine.empty:
            continue
        # The series that holds the highest score: boards that closed years ago have more models but no news.
        full = mine[mine["n_models"] >= MIN_MODELS]
        first = (mine if full.empty else full).sort_values(["best", "series_id"], ascending=[False, True]).iloc[0]
        told = mine[mine["status"].isin(SATURATED)]
        agrees = (first["status"] in SATURATED) == is_saturated and (is_saturated or first["status"] != "cannot_tell")
        room = first["headroom"]
        out.append(
            {
                "benchmark_id": benchmark_id,
                "people_say": "saturated" if is_saturated else "open",
                "who": who,
                "source_url": url,
                "series_id": first["series_id"],
                "n_models": int(first["n_models"]),
                "best": first["best"],
                "headroom": room,
                "status": first["status"],
                "other_series_saturated": f"{len(told)} of {len(mine)}",
                "agrees": "yes" if agrees else "not told" if first["status"] == "cannot_tell" else "no",
                "argument": "" if agrees else ARGUMENTS[first["status"]],
            }
        )
    return pd.DataFrame(out)


def properties(rows: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """One row per benchmark with every property known: position, test (versions share it), and the properties."""
    best = rows[rows["n_models"] >= MIN_MODELS].sort_values(["n_models", "series_id"], ascending=[False, True])
    best = best.drop_duplicates("benchmark_id")
    best = best[~best["is_lower_better"].astype(bool)]
    about = facts.set_index("benchmark_id")
    out = []
    for row in best.itertuples():
        fact = about.loc[row.benchmark_id]
        if pd.isna(fact["release_date"]) or pd.isna(fact["is_public_test"]) or pd.isna(row.n_items) or row.n_items <= 0:
            continue
        floor = 0.0 if pd.isna(fact["floor"]) else float(fact["floor"])
        age = (pd.Timestamp(row.month) - pd.Timestamp(fact["release_date"])).days / 365.25
        out.append(
            {
                "test": row.benchmark_id.partition("@")[0],
                "position": forecast.log_odds(float(row.best), floor, 1.0, float(row.n_items)),
                "age_years": age,
                "models_tenfold": np.log10(row.n_models),
                "questions_tenfold": np.log10(row.n_items),
                "is_public_test": float(bool(fact["is_public_test"])),
                "is_multiple_choice": float(floor > 0),
                "is_renewed": float(bool(fact["is_dynamic"]) if pd.notna(fact["is_dynamic"]) else False),
            }
        )
    return pd.DataFrame(out)


def regress(table: pd.DataFrame) -> pd.DataFrame:
    """Effects in log-odds with bootstrap intervals; properties that hardly vary are left out."""
    names = [c for c in table.columns if c not in ("test", "position")]
    is_yes = [c for c in names if c.startswith("is_")]
    told = {c: int(table[c].sum()) for c in is_yes}
    names = [c for c in names if c not in is_yes or MIN_EACH <= told[c] <= len(table) - MIN_EACH]
    middle = table[names].mean()
    x = np.column_stack([np.ones(len(table)), table[names] - middle])
    y = table["position"].to_numpy()
    effect = np.linalg.lstsq(x, y, rcond=None)[0]
    groups = list(table.groupby("test").indices.values())
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
            "effect_log_odds": effect,
            "lower": low,
            "upper": high,
            "n_with": [None, *(told.get(c) for c in names)],
            "n_benchmarks": len(table),
            "n_tests": len(groups),
            "explained_share": left,
        }
    )


def main() -> None:
    """Write both tables from the current database."""
    rows, facts = newest()
    METHOD.mkdir(parents=True, exist_ok=True)
    tables = {"verdicts": verdicts(rows), "what_saturates": regress(properties(rows, facts))}
    for name, table in tables.items():
        table.assign(command=COMMAND).to_csv(
            METHOD / f"{name}.csv", index=False, float_format="%.4f", lineterminator="\n"
        )
        shown = [c for c in table.columns if c not in ("source_url", "argument", "who")]
        print(table[shown].round(3).to_string(index=False))
