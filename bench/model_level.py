"""How well do the verdicts on whole models find those that a board marked, and how many others do they name?

Question  Of the models that the owners of Open LLM Leaderboard v1 marked, how many does the site name as high everywhere, where
          do they rank, and how many unmarked models are named with them?
Input     The current database: model_summary as it is printed, the marks, and the scores of that board for the baselines.
Output    data/method/model_level.csv: rows as of bench/hit_rate.py, for all marks together.
Method    Models of the board with a verdict, ranked by its one-sided p-value; the baselines and the resamples of models are
          those of `marks` in bench/hit_rate.py. A mark is the board's word, and models that nobody marked may be as odd:
          what stands as named without a mark is a count, no rate of false alarms. That rate is told by the models which
          makers released themselves.
Silent    A marked model without a verdict ranks last.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd

import store
from bench import hit_rate, made
from building.course import read_evidence
from data.vocabulary import MARKED
from scoring.answers import makers
from scoring.expected.population import Population

OUT = Path(__file__).parent.parent / "data" / "method" / "model_level.csv"
TABLES = ("model_level",)
COMMAND = "python -m bench model_level"
METHOD = "model level, as printed"
CASE_SET, SET = "Open LLM Leaderboard v1", "all marks"


def inputs() -> list[Path]:
    """Starter files of both boards and the facts used."""
    return hit_rate.inputs()


def ranked(verdicts: pd.DataFrame) -> tuple[list[dict], float]:
    """One line per resample of models and metric, as of hit_rate.marks, and the share of marked models.

    verdicts   model_id, p_value, direction, is_marked (by the board); index 0..n-1, sorted by model_id.
    """
    rarity = -np.log(verdicts["p_value"].astype(float))
    score = rarity.where(verdicts["direction"].eq("high"), -rarity).to_numpy()
    case = verdicts["is_marked"].to_numpy(dtype=bool)
    lines = []
    for draw in range(-1, hit_rate.DRAWS):
        rng = np.random.default_rng(draw + 1)
        index = np.arange(len(case)) if draw < 0 else rng.choice(len(case), len(case))
        told = hit_rate.metrics(score[index], case[index])
        lines += [{"benchmark": SET, "method": METHOD, "metric": m, "value": v, "seed": draw} for m, v in told.items()]
    return lines, float(case.mean())


def named(verdicts: pd.DataFrame, made_by_makers: set[str]) -> dict[str, float]:
    """How many models are named high everywhere: of the marked ones, of the others, and of those of known makers."""
    is_named = verdicts["level"].isin(MARKED) & verdicts["direction"].eq("high")
    is_own = verdicts["model_id"].isin(made_by_makers)
    parts = {"marked": verdicts["is_marked"], "others": ~verdicts["is_marked"], "makers' own": is_own}
    counts: dict[str, float] = {}
    for name, part in parts.items():
        counts |= {f"models, {name}": float(part.sum()), f"named, {name}": float((is_named & part).sum())}
    return counts


def main() -> None:
    """Write the table; about a minute."""
    connection = store.connect(store.current())
    evidence = read_evidence(connection)
    flags = store.read(connection, "model", ["model_id", "maintainer_flag"])
    summaries = store.read(connection, "model_summary", ["model_id", "p_value", "direction", "level"])
    lines, rate = hit_rate.marks(evidence, flags)
    on_board = evidence.evaluations["source_id"].eq(hit_rate.BOARDS[1])
    models = pd.Index(np.sort(evidence.evaluations.loc[on_board, "model_id"].unique()), name="model_id")
    about = flags.set_index("model_id")["maintainer_flag"].reindex(models)
    verdicts = summaries.set_index("model_id").reindex(models).reset_index()
    verdicts["is_marked"] = about.str.contains("v1: flagged", na=False).to_numpy()
    ours, share = ranked(verdicts[verdicts["p_value"].notna() | verdicts["is_marked"]].reset_index(drop=True))
    kept = [line for line in lines if line["benchmark"] == SET and line["method"].startswith("baseline")]
    rows = hit_rate.told(CASE_SET, [*ours, *kept], rate | {SET: share})
    entries = makers.of_entries(Population(evidence))
    own = set(entries.loc[entries["is_maker"] & ~entries["is_merged"].eq(True).fillna(False), "model_id"])
    counts = named(verdicts, own)
    rows += hit_rate.told(
        CASE_SET,
        [
            {"benchmark": SET, "method": METHOD, "metric": m, "value": v, "seed": s}
            for m, v in counts.items()
            for s in (-1, 0)
        ],
        {SET: share},
    )
    with OUT.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, hit_rate.COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"command": COMMAND} for row in rows)
    made.record(sys.modules[__name__])


if __name__ == "__main__":
    sys.exit(main())
