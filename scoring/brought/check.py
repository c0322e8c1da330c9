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
from scoring.brought.claims import ADDED, NO_CLOCK, UNSIZED, Sizes, empty, printed, read
from scoring.evidence import COLUMNS, Evidence
from scoring.expected import curve, factors, judge, small_board
from scoring.expected.population import Population
from scoring.signals import size_anomaly
from scoring.verdict import finding, levels

SMALL = [column for column in ADDED if column != "score_unit"]
MAX_LOOSE = 1e8  # a size that is no multiple of this is an exact count, which only near-copies share


def alone(frame: pd.DataFrame, asof: date, today: date = NO_CLOCK, sizes: Sizes = UNSIZED) -> pd.DataFrame:
    """Judge a table by its own rows (`sizes`: claims.read); returns the columns ADDED, one row per input row."""
    rows = read(frame, today, sizes)
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
        flip = population.entries["is_lower_better"]  # sorted by evaluation_id, as the findings are
        suggested = second["near_expected"].where(is_near, second["expected"]).reindex(found.index).astype(float)
        found["second_opinion_expected"] = judge.turned(suggested.to_numpy(), flip.to_numpy(dtype=bool))
        found["second_opinion_z"] = second["near_z"].where(is_near, second["z"])
        found = found.rename(columns={"reason": "reasons"})
        columns = [c for c in ADDED if c in found.columns]
        out.loc[found.index, columns] = found[columns].astype(object)
        small = _small(good, population.entries)
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


def _small(good: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Rows of benchmarks with too few models for near-copies, judged by other scores and by size and date together."""
    known = entries.set_index(entries["evaluation_id"].astype(int))
    # A number whose data need checking is no evidence, and keeps its reason.
    known = known[known["level"] != "check_data"]
    # The first number that a table states for a model and benchmark; only that one is judged here.
    first = good.loc[known.index].assign(row=known.index, value=known["value"], test=known["benchmark_id"])
    first = first.sort_index().drop_duplicates(["model", "test"])
    wide = first.pivot(index="model", columns="test", values="value")
    row_of = first.pivot(index="model", columns="test", values="row")
    about = first.drop_duplicates("model").set_index("model").reindex(wide.index)
    by_size = {test: _by_size(wide[test].dropna(), about) for test in wide.columns}
    tame = pd.DataFrame({test: _tame(wide[test], by_size[test]) for test in wide.columns})
    parts = []
    for test in wide.columns:
        part = _small_test(wide[test].dropna(), tame.drop(columns=test), by_size[test])
        if part is not None:
            parts.append(part.set_axis(row_of.loc[part.index, test].astype(int)))
    if not parts:
        return pd.DataFrame(columns=SMALL)
    part = pd.concat(parts)
    return _levelled(part, known.loc[part.index, "is_lower_better"].to_numpy())


def _by_size(score: pd.Series, about: pd.DataFrame) -> small_board.LeftOut | None:
    """What size (or compute) and date say of one benchmark's scores; None where the table does not state them."""
    covariates = _covariates(about.loc[score.index])
    if not curve.MIN_MODELS <= len(score) < factors.MIN_LOCAL or not covariates.shape[1]:
        return None
    return small_board.leave_one_out(score.to_numpy(), np.empty((len(score), 0)), covariates)


def _tame(score: pd.Series, by_size: small_board.LeftOut | None) -> pd.Series:
    """Scores as they may speak for the model's others: an odd one is held at what size and date say."""
    if by_size is None:
        return score
    known = score.dropna()
    held = np.where(np.abs(by_size.z(known.to_numpy())) > factors.ODD, by_size.expected, known)
    return pd.Series(held, index=known.index).reindex(score.index)


def _small_test(score: pd.Series, others: pd.DataFrame, by_size: small_board.LeftOut | None) -> pd.DataFrame | None:
    """Expected scores and p-values of one benchmark by model; None where there is not enough to go by."""
    others = others.loc[score.index]
    others = others.loc[:, others.notna().mean() >= factors.COMMON]
    if by_size is None or others.shape[1] < factors.MIN_TESTS:
        return None
    y = score.to_numpy()
    by_others = small_board.by_others(y, others.fillna(others.median()).to_numpy())
    z_size, z_others = by_size.z(y), by_others.z(y)
    ones = np.ones(len(y))
    total = small_board.together(z_size, z_others)
    tails = judge.tails(total, curve.empirical_null(total, ones, len(y)))
    null = curve.empirical_null(z_size, ones, len(y))
    ends = (by_size.expected + by_size.sd * (null["location"] + mark) for mark in (-null["lower"], null["upper"]))
    lower, upper = (np.clip(end, 0.0, 1.0) for end in ends)  # no score lies outside, so nothing is lost
    return pd.DataFrame(
        {
            "observed": y,
            "expected": by_size.expected,
            "expected_lower": lower,
            "expected_upper": upper,
            "residual_z": z_size,
            "second_opinion_expected": by_others.expected,
            "second_opinion_z": z_others,
            "p_high": tails["p_high"],
            "p_low": tails["p_low"],
            "n_comparable": len(y) - 1,
        },
        index=score.index,
    )


def _levelled(part: pd.DataFrame, flip: np.ndarray) -> pd.DataFrame:
    """Columns SMALL from the expected scores and p-values of all small benchmarks; never very unusual.

    flip   True where the test prints lower as better; up to here higher is better everywhere.
    """
    side = finding.sides(part["p_high"].to_numpy(), part["p_low"].to_numpy())
    z_size, z_others = part["residual_z"].to_numpy(), part["second_opinion_z"].to_numpy()
    # The clearer of both on the score's own side gives the gap, as in a build.
    is_second = np.where(side.is_high, z_others > z_size, z_others < z_size)
    gap = np.abs(part["observed"] - np.where(is_second, part["second_opinion_expected"], part["expected"])).to_numpy()
    level = finding.level_of(side.p_value, side.q_value, gap, np.array(levels.MIN_GAP))
    facts = zip(level, side.is_high != flip, np.sign(z_size) == np.sign(z_others), gap, side.q_value, strict=True)
    rows = part.assign(
        **judge.as_printed({name: part[name].to_numpy() for name in part}, flip),
        second_opinion_expected=judge.turned(part["second_opinion_expected"].to_numpy(), flip),
        p_value=side.p_value,
        q_value=side.q_value,
        level=level,
        direction=side.direction,
        tier="A",
        reasons=[_sentence(*row) for row in facts],
    )
    return rows[SMALL]


def _sentence(level: str, is_above: bool, agree: bool, gap: float, q: float) -> str:
    if level == "usual":
        return "Within what its size, date and other scores suggest."
    text = f"{'Higher' if is_above else 'Lower'} than its size, date and other scores suggest, "
    text += "which agree." if agree else "which do not agree."
    if level == "somewhat" and round(q, levels.DECIMALS) <= levels.UNUSUAL_Q:
        least = levels.points(levels.MIN_GAP)
        text += f" The gap of {levels.points(gap)} points is smaller than what is marked ({least})."
    return text


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
