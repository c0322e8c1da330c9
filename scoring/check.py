"""Check somebody's own numbers: a table of model, benchmark and score, judged by itself or by stored fits.

Question  Which numbers of this table are far from what similar models get?
Input     A frame of text with columns model, benchmark, score and, where known, those of KNOWN; for `against` also the
          stored fits by benchmark and the findings of scores that the database already has.
Output    The frame's rows in their order with the columns ADDED; scores in the unit of the input.
Method    Alone: the table becomes evidence and walks through scoring/signals/size_anomaly.py; tables of fewer than
          other_scores.MIN_LOCAL models use scoring/small_board.py, where size, date and other scores add up. Against:
          scoring/judge.py; one typed number has no q_value, and its rank among comparable scores stands beside it. A
          unit that is not stated is percent where any score of the benchmark is above 1, fraction where at least
          MIN_FRACTIONS scores are all at most 1, else asked for.
Silent    A row that cannot be judged comes back with level "cannot_tell" (or "check_data") and its reason.
"""

import json
from datetime import date

import numpy as np
import pandas as pd

from scoring import judge, levels, other_scores, regression, small_board
from scoring.evidence import COLUMNS, Evidence
from scoring.signals import size_anomaly

KNOWN = [
    "family",
    "n_parameters",
    "params_b",
    "n_active_parameters",
    "n_training_tokens",
    "release_date",
    "n_items",
    "score_unit",
    "evaluator_relationship",
    "setting",
]
ADDED = [
    "expected",
    "expected_lower",
    "expected_upper",
    "residual_z",
    "second_opinion_expected",
    "second_opinion_z",
    "p_value",
    "q_value",
    "level",
    "direction",
    "tier",
    "n_comparable",
    "score_unit",
    "reasons",
]
SCORED = ["expected", "expected_lower", "expected_upper", "second_opinion_expected"]
MIN_FRACTIONS = 5  # fewer scores, all at most 1, could be very low percentages
MAX_LOOSE = 1e8  # a size that is no multiple of this is an exact count, which only near-copies share


def read(frame: pd.DataFrame) -> pd.DataFrame:
    """Typed rows (score as fraction, numbers, day) with `problem`, a sentence where a row cannot be used, else None."""
    missing = [c for c in ("model", "benchmark", "score") if c not in frame.columns]
    if missing:
        raise ValueError(f"The table has no column {', '.join(missing)}.")
    text = frame.reset_index(drop=True)
    text = text.assign(**{c: "" for c in KNOWN if c not in text.columns}).fillna("").astype(str)
    text = text.apply(lambda c: c.str.strip())
    number = {c: pd.to_numeric(text[c], errors="coerce") for c in ("score", "n_items", "n_training_tokens")}
    size = pd.to_numeric(text["n_parameters"], errors="coerce")
    size = size.fillna(pd.to_numeric(text["params_b"], errors="coerce") * 1e9)
    rows = text.assign(**number, n_parameters=size.where(size > 0), problem=None)
    rows["n_items"] = rows["n_items"].where(rows["n_items"] >= 1)
    rows["release_date"] = pd.to_datetime(text["release_date"], errors="coerce", format="ISO8601")
    rows["score_unit"] = _units(rows)
    rows["fraction"] = rows["score"] / rows["score_unit"].map({"percent": 100.0, "fraction": 1.0})
    for where, sentence in (
        (text["model"].eq("") | text["benchmark"].eq(""), "Name the model and the benchmark."),
        (rows["score"].isna() | np.isinf(rows["score"]), "The score is not a number."),
        (rows["fraction"].isna(), "State the unit of the score: percent or fraction."),
        (~rows["fraction"].between(0, 1), "The score is outside 0 to 100%."),
        (text["release_date"].ne("") & rows["release_date"].isna(), "The date is not a day such as 2024-05-01."),
    ):
        rows["problem"] = rows["problem"].where(rows["problem"].notna() | ~where, sentence)
    return rows


def _units(rows: pd.DataFrame) -> pd.Series:
    """percent, fraction, or "" where the unit has to be asked for."""
    group = rows.groupby("benchmark")["score"]
    largest, count = group.transform("max"), group.transform("count")
    guess = np.where(largest > 1, "percent", np.where(count >= MIN_FRACTIONS, "fraction", ""))
    stated = rows["score_unit"].str.lower().replace({"%": "percent", "percentage": "percent", "share": "fraction"})
    return stated.where(stated != "", pd.Series(guess, index=rows.index)).where(
        lambda u: u.isin(["percent", "fraction"]), ""
    )


def empty(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns ADDED, nothing judged yet; rows with a problem keep it as their reason."""
    out = pd.DataFrame({c: np.nan for c in ADDED}, index=rows.index).astype(object)
    outside = rows["problem"].eq("The score is outside 0 to 100%.")
    out["level"] = np.where(outside, "check_data", "cannot_tell")
    out["score_unit"] = rows["score_unit"]
    return out.assign(reasons=rows["problem"])


def printed(rows: pd.DataFrame, out: pd.DataFrame) -> pd.DataFrame:
    """Scores in the unit of the input."""
    factor = rows["score_unit"].map({"percent": 100.0}).fillna(1.0)
    return out.assign(**{c: out[c].astype(float) * factor for c in SCORED})[ADDED]


def alone(frame: pd.DataFrame, asof: date) -> pd.DataFrame:
    """Judge a table by its own rows; returns the columns ADDED, one row per input row."""
    rows = read(frame)
    out = empty(rows)
    good = rows[rows["problem"].isna()]
    if len(good):
        evidence = Evidence(evaluations=_evidence(good), asof=asof)
        found = size_anomaly.compute(evidence).findings.set_index("subject_id")
        found.index = found.index.astype(int)
        second = other_scores.opinions(evidence)
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
    about = {
        "evaluation_id": good.index.map(lambda i: f"{i:09d}"),
        "model_id": good["model"],
        "model_name": good["model"],
        "kind": "model",
        "series_id": good["benchmark"] + ":" + good["setting"],
        "benchmark_id": good["benchmark"],
        "metric": "score",
        "setting_group": "table",
        "unit": "fraction",
        "is_lower_better": False,
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
        if not regression.MIN_MODELS <= len(who) < other_scores.MIN_LOCAL:
            continue
        others = wide.loc[who].drop(columns=test)
        others = others.loc[:, others.notna().mean() >= other_scores.COMMON]
        others = others.fillna(others.median())
        covariates = _covariates(about.loc[who])
        y, nothing = wide.loc[who, test].to_numpy(), np.empty((len(who), 0))
        if others.shape[1] < other_scores.MIN_TESTS or not covariates.shape[1]:
            continue
        z_others = small_board.residuals(y, others.to_numpy(), nothing)
        z_size = small_board.residuals(y, nothing, covariates)
        total = z_others + z_size
        null = regression.empirical_null(total, np.ones(len(total)), len(total))
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
    is_high = part["p_high"] <= part["p_low"]
    one = np.zeros(len(part))
    q = np.where(
        is_high, levels.adjusted(part["p_high"].to_numpy(), one), levels.adjusted(part["p_low"].to_numpy(), one)
    )
    p = np.where(is_high, part["p_high"], part["p_low"])
    agree = np.sign(part["residual_z"]) == np.sign(part["second_opinion_z"])
    # Spread of the benchmark stands in for the gap: a gap below MIN_GAP is never marked.
    spread = part.groupby("test")["observed"].transform(lambda s: (s - s.median()).abs().max())
    level = [levels.word(*row, levels.MIN_GAP, None) for row in zip(p, q, spread, strict=True)]
    words = {True: "higher", False: "lower"}
    reasons = [
        "Within what its size, date and other scores suggest."
        if word == "usual"
        else f"{words[bool(high)].capitalize()} than its size, date and other scores suggest"
        + (", which agree." if same else ", which do not agree.")
        for word, high, same in zip(level, is_high, agree, strict=True)
    ]
    return pd.DataFrame(
        {
            "residual_z": part["residual_z"],
            "second_opinion_z": part["second_opinion_z"],
            "p_value": p,
            "q_value": q,
            "level": level,
            "direction": np.where(is_high, "high", "low"),
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


def against(frame: pd.DataFrame, fits: pd.DataFrame, stored: pd.DataFrame, key) -> pd.DataFrame:
    """Judge a table by stored fits; returns the columns ADDED, one row per input row.

    fits     One row per benchmark name: key (normalised), group_id, tier, parameters (JSON); the widest fit first.
    stored   Findings of scores in the database: model_key, benchmark_key, score, and the columns ADDED as fractions.
    key      Function that normalises names.
    """
    rows = read(frame)
    out = empty(rows)
    fit_of = fits.drop_duplicates("key").set_index("key")
    parsed: dict[str, dict] = {}
    known = {
        (r.model_key, r.benchmark_key, round(r.score, 4)): i
        for i, r in zip(stored.index, stored.itertuples(index=False), strict=True)
    }
    for i, row in rows[rows["problem"].isna()].iterrows():
        name = key(row["benchmark"])
        own = known.get((key(row["model"]), name, round(row["fraction"], 4)))
        if own is not None:
            found = stored.loc[own]
            for column in ADDED:
                if column != "score_unit":
                    out.at[i, column] = found[column]
            continue
        if name not in fit_of.index:
            out.at[i, "reasons"] = "No fitted test of this name: too few models with a known size, or another spelling."
            continue
        if not row["n_parameters"] > 0:
            out.at[i, "reasons"] = "State the number of parameters: without a size there are no similar models."
            continue
        chosen = fit_of.loc[name]
        fit = parsed.setdefault(name, json.loads(chosen["parameters"])) if name not in parsed else parsed[name]
        day = None if pd.isna(row["release_date"]) else row["release_date"].date()
        items = None if pd.isna(row["n_items"]) else row["n_items"]
        new = judge.New(score=row["fraction"], n_parameters=row["n_parameters"], model_date=day, n_items=items)
        told = judge.judge(new, fit)
        level, sentence = levels.single(told, row["fraction"], bool(fit["is_lower_better"]))
        values = {
            "expected": told.expected, "expected_lower": told.expected_lower, "expected_upper": told.expected_upper,
            "residual_z": told.residual_z, "p_value": told.p_value, "level": level, "direction": told.direction,
            "tier": "C" if told.is_extrapolated else chosen["tier"], "n_comparable": told.n_comparable,
            "reasons": f"{sentence} {told.n_as_far} of {told.n_comparable} comparable scores are this far out.",
        }  # fmt: skip
        for column, value in values.items():
            out.at[i, column] = value
    return printed(rows, out)
