"""Hit rate: how often odd scores are found on known cases, and how often clean ones are called odd.

Question  How well do the p-values rank planted points, models trained on the task, and models marked by maintainers?
Input     the current database (Open LLM Leaderboard v1 and v2), data/facts/controlled_training.csv and incidents.csv.
Output    data/method/hit_rate.csv: one row per case set, benchmark, method and metric with its interval over draws, the
          base rate, the number of draws, the command and the hash of the inputs. Needs scikit-learn for two baselines.
Method    20 fixed seeds from FIRST_SEED on, which chose nothing: the weights of scoring/verdict/combined.py and
          scoring/expected/small_board.py were chosen on points planted with other, smaller seeds, in the first of two halves
          of the families (HALVES, by a hash of their name). Every method sees the same draws. Planted: 1,500 models of a board at
          random, points added to 60 random scores of one benchmark; recall at false alarms counts among the untouched
          scores of it. Controlled
          training: five scores replaced by those after training, 200 draws. Marks: all models of the board, marked ones
          are the cases. Newer base models: the models of the controlled set before training, those released from NEWER on
          against the older ones, under the curve of scoring/expected/curve.py by size alone and by size and date. Intervals
          are the central 90% over draws (planted, controlled) or of 200 resamples of models. Planted elsewhere: a share
          of PLANTED_SHARE of the scores of a whole source, all its tests at once. Negative controls: scores that should
          not be marked, with the share that the build marks as unusual on the high side.
          Trees and the isolation forest run on the first TREE_SEEDS seeds.
"""

import csv
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy.stats import rankdata

import store
from bench import half_of, made
from building.course import read_evidence
from data.vocabulary import MARKED, TESTED
from ingest import facts
from scoring.evidence import Evidence, entries
from scoring.expected import by_size, curve, factors, judge, small_board
from scoring.expected.population import Population
from scoring.verdict import combined

ROOT = Path(__file__).parent.parent
TABLES = ("hit_rate",)
OUT = ROOT / "data" / "method" / "hit_rate.csv"
COMMAND = "python -m bench hit_rate"
BOARDS = ("open_llm_leaderboard_v2", "open_llm_leaderboard_v1")
FIRST_SEED, SEEDS, TREE_SEEDS, DRAWS = 100, 20, 3, 200
N_MODELS, N_PLANTED = 1500, 60
ELSEWHERE = (
    "euroeval",
    "prescriptive_scaling",
    "bigcodebench",
    "bfcl",
)  # sources with most sized models and several tests
PLANTED_SHARE = N_PLANTED / N_MODELS
ELSEWHERE_POINTS = (0.03, 0.05, 0.10, 0.20)
CONFIRMED = 0.02  # a maker's claim is confirmed where others' runs of the same test differ by at most two points
HALVES = ("families chosen on", "families left out")
SMALL_ROWS, SMALL_FAMILY, N_SMALL, SMALL_POINTS = (22, 55), 5, 5, (0.08, 0.15, 0.25)
MAIN, SIDE = 0.08, (0.02, 0.04, 0.16)  # points as fractions
TESTS = ("arc_challenge", "gsm8k", "hellaswag", "mmlu", "truthfulqa_mc2", "winogrande")
NEWER = "2023-11"  # the cut of Dominguez-Olmedo, Dorner and Hardt 2024, who trained both kinds on the task
ITEMS = {"gsm8k": 1319, "mmlu": 14042}
FLOORS = {"gsm8k": 0.0, "mmlu": 0.25}
MOVED = 0.05  # training that moved a score less than this is not a case
Part: TypeAlias = tuple[Callable[..., list[dict]], tuple]  # what makes rows of the table, and its arguments
COLUMNS = [
    "case_set",
    "benchmark",
    "method",
    "metric",
    "value",
    "lower",
    "upper",
    "base_rate",
    "n_draws",
    "command",
]


def inputs() -> list[Path]:
    """Starter files of both boards and the facts used."""
    facts_used = [ROOT / "data" / "facts" / name for name in ("controlled_training.csv", "incidents.csv")]
    return [*made.starter_files(BOARDS), *facts_used]


def auroc(score: np.ndarray, case: np.ndarray) -> float:
    """Chance that a case ranks above a clean row."""
    n = case.sum()
    return float((rankdata(score)[case].sum() - n * (n + 1) / 2) / (n * (~case).sum()))


def metrics(score: np.ndarray, case: np.ndarray) -> dict[str, float]:
    """AUROC, average precision, precision at 50 and 100, recall at 1% and 5% false alarms; NaN scores rank last."""
    score = np.where(np.isnan(score), -np.inf, score)
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(case[order])
    rank = np.arange(1, len(order) + 1)
    clean = score[~case]
    found = {"auroc": auroc(score, case), "average_precision": float((hits / rank)[case[order]].mean())}
    found |= {f"precision_at_{k}": float(hits[k - 1] / k) for k in (50, 100) if k <= len(order)}
    for share in (0.01, 0.05):
        found[f"recall_at_{share:.0%}"] = float((score[case] > np.quantile(clean, 1 - share)).mean())
    return found


def board_of(evidence: Evidence, source_id: str) -> pd.DataFrame:
    """Entering headline evaluations of the board's models that have all its benchmarks."""
    rows = entries(evidence)
    kept = rows.loc[
        rows["enters"] & ~rows["is_subset"] & (rows["source_id"] == source_id), ["evaluation_id", "model_id"]
    ]
    whole = kept.groupby("model_id").size()
    kept = kept[kept["model_id"].isin(whole.index[whole == whole.max()])]
    frame = evidence.evaluations
    return frame[frame["evaluation_id"].isin(kept["evaluation_id"])].reset_index(drop=True)


def opinions_of(frame: pd.DataFrame, benchmark: str, asof) -> pd.DataFrame:
    """Rows of one benchmark with every method's ranking value (higher: odder on the high side)."""
    second = factors.place(entries(Evidence(evaluations=frame, asof=asof)), benchmark).lines
    part = frame[frame["benchmark_id"] == benchmark].reset_index(drop=True)
    placed = by_size.place(entries(Evidence(evaluations=part, asof=asof)))
    rows, lines = placed.entries, placed.lines
    second = second.reindex(rows["evaluation_id"])
    high, _ = combined.both_sides(lines, second)
    wide = frame.pivot(index="model_id", columns="benchmark_id", values="score").loc[rows["model_id"]]
    above_curve = rows["value"] - lines["expected"].astype(float)
    out = {
        "combined": -np.log(np.maximum(high, 1e-300)),
        "other scores and near-copies": second["near_z"].to_numpy(),
        "other scores, own cluster left out": second["z"].to_numpy(),
        "size and date": lines["z"].to_numpy(dtype=float),
        "baseline: average score": wide.mean(axis=1).to_numpy(),
        "baseline: score minus size-and-date curve": above_curve.to_numpy(),
        "baseline: size only": least_squares(rows[["size"]].to_numpy(), rows["value"].to_numpy()),
        "baseline: other scores by least squares": least_squares(
            wide.drop(columns=benchmark).to_numpy(), rows["value"].to_numpy()
        ),
    }
    return pd.DataFrame(out, index=rows["model_id"])


def least_squares(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Residuals of an ordinary regression; gaps stand at the mean."""
    x = np.where(np.isnan(x), np.nanmean(x, axis=0), x)
    a = np.column_stack([np.ones(len(x)), x])
    return y - a @ np.linalg.lstsq(a, y, rcond=None)[0]


def with_trees(frame: pd.DataFrame, benchmark: str, seed: int, models: pd.Index) -> dict[str, np.ndarray]:
    """Cross-fitted boosted trees with a noise model, and an isolation forest over all scores."""
    from sklearn.ensemble import HistGradientBoostingRegressor, IsolationForest

    wide = frame.pivot(index="model_id", columns="benchmark_id", values="score").loc[models]
    about = frame.drop_duplicates("model_id").set_index("model_id").loc[models]
    y = judge.logit(np.clip(wide[benchmark].to_numpy(), 1e-3, 1 - 1e-3))
    x = wide.drop(columns=benchmark).assign(
        size=np.log10(about["n_parameters"]),
        day=(about["model_date"] - pd.Timestamp("2020-01-01")).dt.days,
        cluster=pd.factorize(about["cluster_id"])[0],
    )
    x = x.to_numpy(dtype=float)
    fold = np.random.default_rng(seed).integers(0, 5, len(y))
    e, noise = np.zeros(len(y)), np.zeros(len(y))
    for k in range(5):
        tree = HistGradientBoostingRegressor(max_iter=120, learning_rate=0.07, random_state=0)
        e[fold == k] = y[fold == k] - tree.fit(x[fold != k], y[fold != k]).predict(x[fold == k])
    for k in range(5):
        tree = HistGradientBoostingRegressor(max_iter=50, min_samples_leaf=40, random_state=0)
        fitted = tree.fit(x[fold != k], np.log(e[fold != k] ** 2 + 1e-4))
        noise[fold == k] = fitted.predict(x[fold == k])
    forest = IsolationForest(random_state=0).fit(wide.to_numpy())
    return {
        "baseline: boosted trees with a noise model": e / np.exp(noise / 2),
        "baseline: isolation forest": -forest.score_samples(wide.to_numpy()),
    }


def planted(evidence: Evidence, board: str, points: float) -> list[dict]:
    """One line per seed, benchmark, method and metric."""
    frame, lines = board_of(evidence, board), []
    models = np.sort(frame["model_id"].unique())
    for seed in range(FIRST_SEED, FIRST_SEED + SEEDS):
        rng = np.random.default_rng(seed)
        drawn = frame[frame["model_id"].isin(rng.choice(models, N_MODELS, replace=False))]
        for benchmark in sorted(frame["benchmark_id"].unique()):
            chosen = rng.choice(np.sort(drawn["model_id"].unique()), N_PLANTED, replace=False)
            hit = (drawn["benchmark_id"] == benchmark) & drawn["model_id"].isin(chosen)
            told = drawn.assign(score=np.where(hit, np.minimum(drawn["score"] + points, 1.0), drawn["score"]))
            told = told.reset_index(drop=True)
            ranked = opinions_of(told, benchmark, evidence.asof)
            columns = dict(ranked.items())
            if seed < FIRST_SEED + TREE_SEEDS and points == MAIN:
                columns |= with_trees(told, benchmark, seed, ranked.index)
            case = ranked.index.isin(chosen)
            for method, score in columns.items():
                for metric, value in metrics(np.asarray(score, dtype=float), case).items():
                    lines.append(
                        {"benchmark": benchmark, "method": method, "metric": metric, "value": value, "seed": seed}
                    )
        print(f"{board} +{100 * points:.0f} seed {seed}", flush=True)
    return lines


def halves(rows: pd.DataFrame) -> np.ndarray:
    """0 or 1 by family; a model without one goes with its near-copies."""
    home = rows["family"].where(~rows["family"].isin(["unknown", "mixed"]), rows["cluster_id"]).astype(str)
    return home.map({name: half_of(name) for name in home.unique()}).to_numpy()


def small_tables(evidence: Evidence) -> list[dict]:
    """Points added to a few scores of small tables from one half of the families each; one line per draw and method."""
    lines = []
    for board in BOARDS:
        frame = board_of(evidence, board)
        wide = frame.pivot(index="model_id", columns="benchmark_id", values="score")
        about = frame.drop_duplicates("model_id").set_index("model_id").loc[wide.index]
        about = about[about["n_parameters"].notna() & about["model_date"].notna()]
        half = halves(about)
        for draw in range(FIRST_SEED, FIRST_SEED + SEEDS):
            rng = np.random.default_rng(draw)
            for i, where in enumerate(HALVES):
                drawn = about[half == i].iloc[rng.permutation(int((half == i).sum()))].drop_duplicates("cluster_id")
                drawn = drawn[drawn.groupby("family").cumcount() < SMALL_FAMILY].head(int(rng.integers(*SMALL_ROWS)))
                years = (drawn["model_date"] - pd.Timestamp(judge.EPOCH)).dt.days / judge.DAYS_A_YEAR
                covariates = np.column_stack([np.log10(drawn["n_parameters"].astype(float)), years])
                for test in wide.columns:
                    case = np.isin(np.arange(len(drawn)), rng.choice(len(drawn), N_SMALL, replace=False))
                    y = np.minimum(wide.loc[drawn.index, test].to_numpy() + rng.choice(SMALL_POINTS) * case, 1.0)
                    others = wide.loc[drawn.index].drop(columns=test).to_numpy()
                    found = small_opinions(y, others, covariates)
                    lines += [{"benchmark": f"{board}, {where}", "method": m, "metric": "auroc",
                               "value": auroc(score, case), "seed": draw} for m, score in found.items()]  # fmt: skip
        print(f"small tables of {board}", flush=True)
    each = pd.DataFrame(lines).groupby(["benchmark", "method", "metric", "seed"], as_index=False)["value"].mean()
    return [*each.to_dict("records"), *against_best(each, lambda name: name != "combined")]


def small_opinions(y: np.ndarray, others: np.ndarray, covariates: np.ndarray) -> dict[str, np.ndarray]:
    """Ranking values of a small table: both opinions, their combination, and baselines."""
    by_size = small_board.leave_one_out(y, np.empty((len(y), 0)), covariates).z(y)
    by_others = small_board.by_others(y, others).z(y)
    return {
        "combined": small_board.together(by_size, by_others),
        "other scores": by_others,
        "size and date": by_size,
        "baseline: both opinions alike": by_size + by_others,
        "baseline: other scores by least squares": least_squares(others, y),
        "baseline: other scores by least squares, left out": left_out(others, y),
    }


def against_best(each: pd.DataFrame, is_other: Callable[[str], bool]) -> list[dict]:
    """The combination minus the best other method, which is chosen over all draws, draw by draw."""
    lines = []
    for benchmark, rows in each.groupby("benchmark"):
        part = rows.pivot(index="seed", columns="method", values="value")
        best = part[[name for name in part.columns if is_other(name)]].mean().idxmax()
        gaps = (part["combined"] - part[best]).items()
        lines += [{"benchmark": benchmark, "method": f"combined minus {best}", "metric": "auroc_difference",
                   "value": gap, "seed": draw} for draw, gap in gaps]  # fmt: skip
    return lines


def planted_elsewhere(evidence: Evidence, source_id: str, points: float) -> list[dict]:
    """Points added to random clean scores of a whole source; one line per seed, method and metric."""
    mine = evidence.evaluations
    mine = mine[(mine["source_id"] == source_id) & ~mine["is_subset"].astype(bool)].reset_index(drop=True)
    known = entries(Evidence(evaluations=mine, asof=evidence.asof)).set_index("evaluation_id")
    able = mine["evaluation_id"].map(known["enters"] & known["size"].notna() & ~known["is_lower_better"])
    able = able.to_numpy(dtype=bool) & mine["score"].le(1 - points).to_numpy()
    lines = []
    for seed in range(FIRST_SEED, FIRST_SEED + SEEDS):
        rng = np.random.default_rng(seed)
        hit = able & (rng.random(len(mine)) < PLANTED_SHARE)
        population = Population(
            Evidence(evaluations=mine.assign(score=mine["score"] + points * hit), asof=evidence.asof)
        )
        rows, found = population.by_size.entries, population.by_size.lines
        second = population.opinions.lines.reindex(rows["evaluation_id"])
        high, _ = combined.both_sides(found, second)
        placed = found["z"].notna().to_numpy() & rows["evaluation_id"].isin(mine["evaluation_id"][able]).to_numpy()
        group = rows["series_id"]
        above_curve = rows["value"] - found["expected"].astype(float)
        columns = {
            "combined": -np.log(np.maximum(high, 1e-300)),
            "size and date": found["z"].to_numpy(dtype=float),
            "other scores, own cluster left out": second["z"].to_numpy(),
            "baseline: score within its test": rows["value"].groupby(group).rank(pct=True).to_numpy(),
            "baseline: score minus size-and-date curve": above_curve.to_numpy(),
        }
        case = rows["evaluation_id"].isin(mine["evaluation_id"][hit]).to_numpy()[placed]
        half = halves(rows)[placed]
        parts = {"all its tests": np.ones(len(case), dtype=bool)} | {name: half == i for i, name in enumerate(HALVES)}
        for where, there in parts.items():
            for method, score in columns.items():
                told = metrics(np.asarray(score, dtype=float)[placed][there], case[there])
                lines += [{"benchmark": where, "method": method, "metric": metric, "value": value, "seed": seed}
                          for metric, value in told.items()]  # fmt: skip
    print(f"{source_id} +{100 * points:.0f}", flush=True)
    return lines


def confirmed(evidence: Evidence) -> pd.Series:
    """evaluation_id of makers' own scores that others' runs of the same benchmark and metric confirm."""
    rows = entries(evidence)
    rows = rows[rows["value"].notna() & ~rows["is_subset"] & rows["level"].isna()]
    key = ["model_id", "benchmark_id", "metric"]
    others = rows[rows["evaluator_relationship"] == "third_party"].groupby(key)["value"].median().rename("other")
    makers = rows[(rows["evaluator_relationship"] == "first_party") & (rows["read_from"] != "quoted")]
    makers = makers.merge(others, left_on=key, right_index=True)
    return makers.loc[(makers["value"] - makers["other"]).abs().round(6) <= CONFIRMED, "evaluation_id"]


def negative_controls(evidence: Evidence, verdicts: pd.DataFrame, cleared: set[str]) -> tuple[list[dict], dict]:
    """Share of scores that should not be marked and are marked unusual, high side; one line per resample of models.

    verdicts   evaluation_id, model_id, level, direction of the tested scores of the build
    cleared    models whose mark a board's maintainers took back
    """
    is_marked = verdicts["level"].isin(MARKED) & (verdicts["direction"] == "high")
    verdicts = verdicts.assign(is_marked=is_marked)
    sets = {
        "makers' claims that others' runs confirm": verdicts["evaluation_id"].isin(confirmed(evidence)),
        "models whose mark was taken back": verdicts["model_id"].isin(cleared),
    }
    rate = dict.fromkeys(sets, float(is_marked.mean()))
    lines = []
    for name, mine in sets.items():
        part = verdicts[mine]
        each = part.groupby("model_id")["is_marked"].agg(["sum", "size"])
        found = {"scores": len(part), "models": len(each)}
        for draw in range(-1, DRAWS):
            rng = np.random.default_rng(draw + 1)
            one = each if draw < 0 else each.iloc[rng.choice(len(each), len(each))]
            found["share_marked_unusual"] = one["sum"].sum() / one["size"].sum()
            lines += [{"benchmark": name, "method": "the build's levels", "metric": m, "value": v, "seed": draw}
                      for m, v in found.items()]  # fmt: skip
    return lines, rate


def controlled() -> list[dict]:
    """Five scores replaced by those after training; one line per draw."""
    table = facts.read(ROOT / "data" / "facts").controlled_training
    month = pd.to_datetime(table["release_month"] + "-01")
    compute = np.log10(6 * table["params_b"] * table["tokens_b"]).to_numpy()
    day = ((month - month.min()).dt.days / judge.DAYS_A_YEAR).to_numpy()
    size, lines = np.log10(table["params_b"]).to_numpy(), []
    for test in ("gsm8k", "mmlu"):
        others = table[[t for t in TESTS if t != test]].to_numpy()
        before, after = table[test].to_numpy(), table[f"{test}_after"].to_numpy()
        moved = np.flatnonzero(after - before >= MOVED)
        rng = np.random.default_rng(0)
        for draw in range(DRAWS):
            chosen = rng.choice(moved, 5, replace=False)
            y, case = before.copy(), np.zeros(len(before), dtype=bool)
            y[chosen], case[chosen] = after[chosen], True
            columns = small_opinions(y, others, np.column_stack([compute, day])) | {
                "baseline: average score": (others.sum(axis=1) + y) / 6,
                "baseline: size only": least_squares(size[:, None], y),
                "baseline: compute only": least_squares(compute[:, None], y),
                "baseline: the same on logits": left_out(judge.logit(others), judge.logit(np.clip(y, 1e-3, 0.999))),
            }
            columns["compute and date"] = columns.pop("size and date")
            for method, score in columns.items():
                lines.append(
                    {"benchmark": test, "method": method, "metric": "auroc", "value": auroc(score, case), "seed": draw}
                )
    return lines + against_best(pd.DataFrame(lines), lambda name: name.startswith("baseline"))


def by_date(test: str) -> pd.DataFrame:
    """Base models before any training on the test: is_newer, and for curves by size and by size_and_date the distance
    from the expected score (`z_` in front) and whether the score is above the 90% range (`is_above_`).
    """
    table = facts.read(ROOT / "data" / "facts").controlled_training
    day = pd.to_datetime(table["release_month"] + "-01")
    n, unknown = len(table), np.full(len(table), np.nan)
    out = {"is_newer": (table["release_month"] >= NEWER).to_numpy()}
    dates = {
        "size": unknown,
        "size_and_date": ((day - pd.Timestamp(judge.EPOCH)).dt.days / judge.DAYS_A_YEAR).to_numpy(),
    }
    for name, when in dates.items():
        rows = curve.Rows(
            score=table[test].to_numpy(), n_items=np.full(n, float(ITEMS[test])), counted=np.full(n, float(ITEMS[test])),
            standard_error=unknown, size=np.log10(1e9 * table["params_b"]).to_numpy(), when=when,
            basis=np.full(n, "release"), cluster=np.arange(n), model=np.arange(n), setting=np.zeros(n, dtype=int),
            enters=np.ones(n, dtype=bool),
        )  # fmt: skip
        lines = curve.fit(rows, FLOORS[test]).lines
        out |= {f"z_{name}": lines["z"], f"is_above_{name}": lines["p_high"] < (1 - judge.INTERVAL) / 2}
    return pd.DataFrame(out)


def newer_models() -> list[dict]:
    """Shares above the expected score and above the range, newer and older models; one line per resample of models."""
    lines = []
    for test in ITEMS:
        table = by_date(test)
        for draw in range(-1, DRAWS):
            n, rng = len(table), np.random.default_rng(draw + 1)
            part = table if draw < 0 else table.iloc[rng.choice(n, n)]
            for kind in ("size", "size_and_date"):
                for age, mine in (("newer", part[part["is_newer"]]), ("older", part[~part["is_newer"]])):
                    found = {
                        "share_above_expected": (mine[f"z_{kind}"] > 0).mean(),
                        "share_above_range": mine[f"is_above_{kind}"].mean(),
                    }
                    method = f"{age} models, {kind.replace('_', ' ')}"
                    lines += [
                        {"benchmark": test, "method": method, "metric": m, "value": v, "seed": draw}
                        for m, v in found.items()
                    ]
    return lines


def left_out(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Leave-one-out residuals of an ordinary regression."""
    a = np.column_stack([np.ones(len(x)), x])
    hat = a @ np.linalg.solve(a.T @ a, a.T)
    return (y - hat @ y) / (1.0 - np.diag(hat))


def classes() -> dict[str, str]:
    """Class of a mark by model name (lower case), from the recorded reason: undeclared_merge or other_reason."""
    rows = facts.read(ROOT / "data" / "facts").incidents
    rows = rows[rows["incident_id"].str.startswith("open-llm-v1-")]
    merge = rows["claim"].str.contains("merge", case=False)
    return dict(zip(rows["model"].str.lower(), np.where(merge, "undeclared_merge", "other_reason"), strict=True))


def marks(evidence: Evidence, flags: pd.DataFrame) -> tuple[list[dict], dict[str, float]]:
    """Marked models of v1 among all its models: one line per resample, and base rates."""
    source = BOARDS[1]
    mine = evidence.evaluations
    mine = mine[(mine["source_id"] == source) & ~mine["is_subset"].astype(bool)].reset_index(drop=True)
    part = Evidence(evaluations=mine, asof=evidence.asof)
    population = Population(part)
    rows, lines = population.by_size.entries, population.by_size.lines
    second = population.opinions.lines.reindex(rows["evaluation_id"])
    high, _ = combined.both_sides(lines, second)
    each = pd.DataFrame(
        {
            "model_id": rows["model_id"],
            "size and date, mean over tests": lines["z"].astype(float),
            "combined, clearest test": -np.log(np.maximum(high, 1e-300)),
            "baseline: average score": rows["value"],
            "baseline: average minus size-and-date curve": rows["value"] - lines["expected"].astype(float),
        }
    )
    each["sum"] = each["combined, clearest test"]
    group = each.groupby("model_id")
    table = group[[c for c in each.columns if "mean" in c or "baseline" in c]].mean()
    table["combined, clearest test"] = group["combined, clearest test"].max()
    ranks = table[["size and date, mean over tests", "combined, clearest test"]].rank(pct=True)
    table["both routes (ranks)"] = ranks.mean(axis=1)
    forest_rows = mine.pivot_table(index="model_id", columns="benchmark_id", values="score").reindex(table.index)
    from sklearn.ensemble import IsolationForest

    filled = forest_rows.fillna(forest_rows.median())
    table["baseline: isolation forest"] = -IsolationForest(random_state=0).fit(filled).score_samples(filled)
    kind = classes()
    flagged = flags.set_index("model_id")["maintainer_flag"].reindex(table.index)
    marked = flagged.str.contains("v1: flagged", na=False).to_numpy()
    label = np.array([kind.get(i.removeprefix("hf:"), "no_reason_recorded") for i in table.index])
    sets = {"all marks": marked} | {f"marks, {c}": marked & (label == c) for c in np.unique(label[marked])}
    out, rate = [], {}
    for name, case in sets.items():
        whole = np.flatnonzero(case | ~marked)
        rate[name] = float(case.sum() / len(whole))
        for draw in range(-1, DRAWS):
            rng = np.random.default_rng(draw + 1)
            index = whole if draw < 0 else rng.choice(whole, len(whole))
            if case[index].sum() < 2:
                continue
            for method in table.columns:
                for metric, value in metrics(table[method].to_numpy()[index], case[index]).items():
                    out.append({"benchmark": name, "method": method, "metric": metric, "value": value, "seed": draw})
    return out, rate


def told(case_set: str, lines: list[dict], rate: float | dict[str, float]) -> list[dict]:
    """Mean and central 90% over draws, also over benchmarks; seed -1 is the point estimate."""
    frame = pd.DataFrame(lines)
    rows = []
    if isinstance(rate, float):
        mean = frame.groupby(["method", "metric", "seed"], as_index=False)["value"].mean().assign(benchmark="mean")
        frame = pd.concat([frame, mean]) if "difference" not in "".join(frame["metric"].unique()) else frame
    for (benchmark, method, metric), part in frame.groupby(["benchmark", "method", "metric"]):
        draws = part.loc[part["seed"] >= 0, "value"]
        point = part.loc[part["seed"] < 0, "value"]
        low, high = draws.quantile([0.05, 0.95])
        rows.append(
            {
                "case_set": case_set, "benchmark": benchmark, "method": method, "metric": metric,
                "value": f"{point.iloc[0] if len(point) else draws.mean():.4f}",
                "lower": f"{low:.4f}",
                "upper": f"{high:.4f}",
                "base_rate": f"{rate if isinstance(rate, float) else rate[benchmark]:.4f}", "n_draws": len(draws),
                "command": COMMAND,
            }
        )  # fmt: skip
    return rows


def from_the_build(evidence: Evidence) -> list[dict]:
    """The case sets that plant nothing on a whole board: trained models, small tables, owners' marks, and scores that should
    be left unmarked.
    """
    connection = store.connect(store.current())
    flags = store.read(connection, "model", ["model_id", "maintainer_flag"])
    rows = told("controlled training", controlled(), 5 / 31)
    small = small_tables(evidence)
    rate = dict.fromkeys((line["benchmark"] for line in small), N_SMALL / np.mean(SMALL_ROWS))
    rows += told("small tables", small, rate)
    rows += told("newer and older base models", newer_models(), dict.fromkeys(ITEMS, 14 / 31))
    rows += told("Open LLM Leaderboard v1", *marks(evidence, flags))
    where = [
        store.Where("signal_id", "=", "size_anomaly"), store.Where("variant", "=", ""),
        store.Where("is_subset", "=", False), store.Where("level", "in", TESTED),
    ]  # fmt: skip
    verdicts = store.read(connection, "anomalies", ["evaluation_id", "model_id", "level", "direction"], where)
    back = facts.read(ROOT / "data" / "facts").incidents
    back = back[back["incident_id"].str.startswith("open-llm-v1-") & (back["status"] == "withdrawn or corrected")]
    cleared = set("hf:" + back["model"].str.lower())
    return rows + told("negative controls", *negative_controls(evidence, verdicts, cleared))


def on_a_board(evidence: Evidence, board: str, points: float) -> list[dict]:
    """Points planted on one benchmark of a board at a time."""
    return told(f"planted +{100 * points:.0f}, {board}", planted(evidence, board, points), N_PLANTED / N_MODELS)


def in_a_source(evidence: Evidence, source_id: str, points: float) -> list[dict]:
    """Points planted on all tests of a source at once."""
    rate = dict.fromkeys(("all its tests", *HALVES), PLANTED_SHARE)
    return told(f"planted +{100 * points:.0f}, {source_id}", planted_elsewhere(evidence, source_id, points), rate)


def parts() -> list[Part]:
    """Every case set of the table, in its order."""
    return [
        (from_the_build, ()),
        *((in_a_source, (source, points)) for source in ELSEWHERE for points in ELSEWHERE_POINTS),
        *((on_a_board, (board, MAIN)) for board in BOARDS),
        *((on_a_board, (board, points)) for points in SIDE for board in BOARDS),
    ]


@cache
def _evidence() -> Evidence:
    """The evidence of the current database, read once in every worker."""
    return read_evidence(store.connect(store.current()))


def _run(part: Part) -> list[dict]:
    made_by, arguments = part
    return made_by(_evidence(), *arguments)


def main() -> None:
    """Write the table, the parts side by side on all cores; about a quarter of an hour on two."""
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # one core for every worker
    rows = []
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as workers:
        for found in workers.map(_run, parts()):
            rows += found
            write(rows)


def write(rows: list[dict]) -> None:
    """The rows as CSV; written after every part, so that a broken-off run leaves what it has."""
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with OUT.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    made.record(sys.modules[__name__])


if __name__ == "__main__":
    sys.exit(main())
