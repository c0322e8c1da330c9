"""Check a table of model, benchmark and score by its own rows alone, without a database.

Question  Which numbers of this table are far from what similar models get?
Input     A frame of text with columns model, benchmark, score and, where known, those of claims.KNOWN.
Output    One row per input row in its order, columns claims.ADDED; scores in the unit of the input.
Method    The table becomes evidence and walks through scoring/signals/size_anomaly.py; tables of fewer than
          factors.MIN_LOCAL models use scoring/expected/small_board.py, where size, date and other scores add up. Units and
          unusable rows: scoring/brought/claims.py, which judges the same tables by the fits of the database.
Silent    A row that cannot be judged comes back with level "cannot_tell" (or "check_data") and its reason.
"""

from datetime import date

import numpy as np
import pandas as pd

from data import units
from scoring.brought.claims import ADDED, NO_CLOCK, empty, printed, read
from scoring.evidence import COLUMNS, Evidence
from scoring.expected import curve, factors, judge, small_board
from scoring.expected.population import Population
from scoring.signals import size_anomaly
from scoring.verdict import finding, levels

MAX_LOOSE = 1e8  # a size that is no multiple of this is an exact count, which only near-copies share


def alone(frame: pd.DataFrame, asof: date, today: date = NO_CLOCK) -> pd.DataFrame:
    """Judge a table by its own rows; returns the columns ADDED, one row per input row."""
    rows = read(frame, today)
    out = empty(rows)
    good = rows[rows["problem"].isna()]
    if len(good):
        evidence = Evidence(evaluations=_evidence(good), asof=asof)
        population = Population(evidence)
        found = size_anomaly.compute(population).findings.set_index("subject_id")
        found.index = found.index.astype(int)
        second = population.opinions.lines.copy()
        second.index = second.index.astype(int)
        is_near = second["near_z"].notna()
        found["second_opinion_expected"] = second["near_expected"].where(is_near, second["expected"])
        found["second_opinion_z"] = second["near_z"].where(is_near, second["z"])
        found = found.rename(columns={"reason": "reasons"})
        columns = [c for c in ADDED if c in found.columns]
        out.loc[found.index, columns] = found[columns].astype(object)
        small = _small(good)
        if len(small):
            out.loc[small.index, small.columns] = small.astype(object)
    return printed(rows, out)


def _evidence(good: pd.DataFrame) -> pd.DataFrame:
    """The rows as an evidence frame; evaluation_id is the row's number."""
    size = good["n_parameters"]
    exact = size.notna() & (size % MAX_LOOSE != 0)
    digits = size.map(lambda x: f"{x:.2e}", na_action="ignore").fillna("")
    home = (good["family"] + "|" + digits).where(good["family"].ne("") & size.notna(), good["model"])
    home = home.where(good["family"].ne("") | ~exact, "|" + digits)
    names = dict.fromkeys(zip(good["metric"], good["benchmark"], strict=True))
    falls = {pair: units.read_measure(*pair).is_lower_better for pair in names}
    test = (good["test"] + ":" + good["metric"]).str.rstrip(":")
    about = {
        "evaluation_id": good.index.map(lambda i: f"{i:09d}"),
        "model_id": good["model"],
        "model_name": good["model"],
        "kind": "model",
        "series_id": test + ":" + good["setting"],
        "benchmark_id": test,
        "metric": "score",
        "setting_group": "table",
        "unit": "fraction",
        "is_lower_better": [falls[pair] for pair in zip(good["metric"], good["benchmark"], strict=True)],
        "is_subset": False,
        "score": good["fraction"],
        "n_items": good["n_items"],
        "is_item_count": good["n_items"].notna(),
        "n_parameters": size,
        "is_moe": False,
        "is_merged": False,
        "model_date": good["release_date"],
        "date_basis": "release",
        "cluster_id": home,
        "root_model": good["model"],
        "family": good["family"],
        "source_id": "table",
        "evaluator_relationship": good["evaluator_relationship"],
        "read_from": "page",
        "is_dynamic": False,
        "data_problem": None,
        "developer": None,
    }
    whole = pd.DataFrame(about, index=good.index)
    return whole.assign(**{c: pd.NaT if c.endswith("_date") else np.nan for c in COLUMNS if c not in whole})[COLUMNS]


def _small(good: pd.DataFrame) -> pd.DataFrame:
    """Rows of benchmarks with too few models for near-copies, judged by other scores and by size and date together."""
    wide = good.pivot_table(index="model", columns="benchmark", values="fraction", aggfunc="first")
    about = good.drop_duplicates("model").set_index("model").reindex(wide.index)
    parts = []
    for test in wide.columns:
        who = wide.index[wide[test].notna()]
        if not curve.MIN_MODELS <= len(who) < factors.MIN_LOCAL:
            continue
        others = wide.loc[who].drop(columns=test)
        others = others.loc[:, others.notna().mean() >= factors.COMMON]
        others = others.fillna(others.median())
        covariates = _covariates(about.loc[who])
        y, nothing = wide.loc[who, test].to_numpy(), np.empty((len(who), 0))
        if others.shape[1] < factors.MIN_TESTS or not covariates.shape[1]:
            continue
        z_others = small_board.residuals(y, others.to_numpy(), nothing)
        z_size = small_board.residuals(y, nothing, covariates)
        total = z_others + z_size
        null = curve.empirical_null(total, np.ones(len(total)), len(total))
        place = judge.tails(total, null)
        rows = (
            good[(good["benchmark"] == test) & good["model"].isin(who)]
            .drop_duplicates("model")
            .set_index("model")
            .loc[who]
        )
        index = good.reset_index().drop_duplicates(["model", "benchmark"]).set_index(["benchmark", "model"])["index"]
        parts.append(
            pd.DataFrame(
                {
                    "p_high": place["p_high"],
                    "p_low": place["p_low"],
                    "residual_z": z_size,
                    "second_opinion_z": z_others,
                    "n_comparable": len(who) - 1,
                    "observed": rows["fraction"].to_numpy(),
                    "test": test,
                },
                index=index.loc[test].loc[who].to_numpy(),
            )
        )
    if not parts:
        return pd.DataFrame()
    part = pd.concat(parts)
    side = finding.sides(part["p_high"].to_numpy(), part["p_low"].to_numpy())
    agree = np.sign(part["residual_z"]) == np.sign(part["second_opinion_z"])
    # Spread of the benchmark stands in for the gap: a gap below MIN_GAP is never marked.
    spread = part.groupby("test")["observed"].transform(lambda s: (s - s.median()).abs().max())
    level = finding.level_of(side.p_value, side.q_value, spread.to_numpy(), np.array(levels.MIN_GAP))
    words = {True: "higher", False: "lower"}
    reasons = [
        "Within what its size, date and other scores suggest."
        if word == "usual"
        else f"{words[bool(high)].capitalize()} than its size, date and other scores suggest"
        + (", which agree." if same else ", which do not agree.")
        for word, high, same in zip(level, side.is_high, agree, strict=True)
    ]
    return pd.DataFrame(
        {
            "residual_z": part["residual_z"],
            "second_opinion_z": part["second_opinion_z"],
            "p_value": side.p_value,
            "q_value": side.q_value,
            "level": level,
            "direction": side.direction,
            "n_comparable": part["n_comparable"],
            "reasons": reasons,
        },
        index=part.index,
    )


def _covariates(about: pd.DataFrame) -> np.ndarray:
    """log10 of training compute where all models state it, else of size; years of release where all have one."""
    size, tokens = about["n_parameters"], about["n_training_tokens"]
    columns = []
    if size.notna().all():
        compute = 6 * size * tokens if (tokens > 0).all() else size
        columns.append(np.log10(compute.to_numpy(dtype=float)))
    if about["release_date"].notna().all():
        columns.append((about["release_date"] - pd.Timestamp(judge.EPOCH)).dt.days.to_numpy() / judge.DAYS_A_YEAR)
    return np.column_stack(columns) if columns else np.empty((len(about), 0))
