"""Size anomaly: how far a score is from what models of similar size and date get on the same test.

Question  Given how large and how new a model is, how unusual is this score?
Input     Evidence; used are score (fraction), total parameters (a count; for a mixture of experts too the total,
          which its row says), model date and its basis, number of questions, score of guessing, and clusters of
          near-copies.
Output    One finding per current evaluation: observed, expected and the 90% range (fractions), residual_z, one-sided
          p_value and its value under a normal law, q_value over all scores of that side, tier, level, direction,
          sentence. One fit row per fitted group.
Method    scoring/regression.py: robust curve of the score over log size and date between guessing and 1, cross-fitted
          without the score's whole cluster; p-values from the residuals themselves. Correction by Benjamini and
          Hochberg 1995, high and low apart, headline scores and subsets apart. "High" always means better than
          expected. Tier A compares within one benchmark, metric and setting group; B, where A has fewer than 20
          comparable models, pools the setting groups of a benchmark and metric and adds the measured set-up variance;
          C marks a size outside the sizes of all other clusters, where the curve is continued and the range grows
          with the distance. A model without a date is compared by size alone, at the average date, with the spread of
          dates added to its range. Where the score of guessing is unknown, the curve starts from 0.
Silent    "cannot_tell" without a size, with a unit other than a fraction, for humans and baselines, and with fewer
          than 20 comparable models (10 clusters); "check_data" for scores with a data problem and for an exact 0 of
          100 questions or more. Both leave every fit.
"""

import json

import numpy as np
import pandas as pd

from scoring import levels, regression
from scoring.evidence import Evidence, entries
from scoring.results import FINDING, FIT, SignalRows

TITLE = "Score for size and date"
QUESTION = "Is this score far from what models of similar size and date get on the same test?"
METHOD_VERSION = "1"
THRESHOLDS = {
    "min_models": regression.MIN_MODELS,
    "min_clusters": regression.MIN_CLUSTERS,
    "unusual_q": levels.UNUSUAL_Q,
    "very_unusual_q": levels.VERY_UNUSUAL_Q,
    "outside_p": levels.OUTSIDE_P,
    "min_gap": levels.MIN_GAP,
    "rerun_factor": levels.RERUN_FACTOR,
}
SIGNAL_ID = "size_anomaly"
NUMBERS = [
    "expected",
    "expected_lower",
    "expected_upper",
    "residual_z",
    "p_value",
    "p_value_normal",
    "q_value",
    "n_as_far",
]
LINES = [
    "expected",
    "expected_lower",
    "expected_upper",
    "z",
    "p_high",
    "p_low",
    "normal_high",
    "normal_low",
    "n_comparable",
    "n_as_far_high",
    "n_as_far_low",
]


def compute(evidence: Evidence) -> SignalRows:
    """One finding per evaluation and one fit per group that could be fitted."""
    frame = entries(evidence)
    frame = frame.assign(pool_id=frame["benchmark_id"].astype(str) + ":" + frame["metric"].astype(str))
    usable = pd.isna(frame["level"]).to_numpy()
    series_lines, series_fits = _fit_groups(frame, usable, usable, "A")
    waiting = usable.copy()
    waiting[series_lines.index[series_lines["is_placed"]]] = False
    pooled_lines, pooled_fits = _fit_groups(frame, usable, waiting, "B")
    # A row that neither comparison could place keeps the larger count of comparable models for its sentence.
    lines = pd.concat([series_lines, pooled_lines]).sort_values(["is_placed", "n_comparable"], kind="stable")
    lines = lines[~lines.index.duplicated(keep="last")].reindex(frame.index)
    return SignalRows(findings=_findings(frame, lines), fits=pd.DataFrame(series_fits + pooled_fits, columns=FIT))


def _fit_groups(
    frame: pd.DataFrame, usable: np.ndarray, wanted: np.ndarray, tier: str
) -> tuple[pd.DataFrame, list[tuple]]:
    """Fit every series (A) or pool (B) that has a wanted row; return lines for its wanted rows, and the fit rows."""
    keys = ["series_id"] if tier == "A" else ["pool_id", "is_subset", "is_lower_better"]
    tables, fits = [pd.DataFrame(columns=[*LINES, "group", "tier", "is_placed", "is_undated"])], []
    candidates = np.flatnonzero(usable)
    for key, chosen in frame[usable].groupby(keys, sort=True).indices.items():
        positions = candidates[chosen]
        if not wanted[positions].any():
            continue
        part = frame.iloc[positions]
        name = str(key[0] if isinstance(key, tuple) else key)
        flip = bool(part["is_lower_better"].iloc[0])
        fitted = regression.fit(_rows(part), float(part["guess"].iloc[0]), pooled=tier == "B", is_lower_better=flip)
        if fitted is None:
            # Every other model of the group is comparable; the group is still too small.
            n_models = part.loc[part["enters"], "model_id"].nunique()
            alone = pd.DataFrame({"n_comparable": n_models - 1, "is_placed": False}, index=positions)
            tables.append(alone[wanted[positions]])
            continue
        lines = pd.DataFrame(_printed(fitted.lines, flip), index=positions)
        lines["group"] = name
        lines["tier"] = np.where(lines["is_extrapolated"], "C", tier)
        lines["is_placed"] = lines["n_comparable"] >= regression.MIN_MODELS
        lines["is_undated"] = part["when"].isna().to_numpy() & (fitted.parameters["date_range"] is not None)
        tables.append(lines[wanted[positions]])
        parameters = fitted.parameters | {"is_floor_known": bool(part["floor"].notna().all())}
        text = json.dumps(parameters, sort_keys=True, allow_nan=False)
        fits.append((SIGNAL_ID, name, tier, fitted.n_rows, fitted.n_clusters, text, METHOD_VERSION))
    return pd.concat([t for t in tables if len(t)] or tables), fits


def _printed(lines: dict[str, np.ndarray], flip: bool) -> dict[str, np.ndarray]:
    """Expected scores in the direction in which the test prints them."""
    if not flip:
        return lines
    turned = {"expected": "expected", "expected_lower": "expected_upper", "expected_upper": "expected_lower"}
    return lines | {name: 1.0 - lines[source] for name, source in turned.items()}


def _rows(part: pd.DataFrame) -> regression.Rows:
    """The part as arrays."""

    def codes(column: str) -> np.ndarray:
        return pd.factorize(part[column])[0]

    return regression.Rows(
        score=part["value"].to_numpy(),
        n_items=part["n_items"].to_numpy(),
        counted=part["counted"].to_numpy(),
        standard_error=part["standard_error"].to_numpy(),
        size=part["size"].to_numpy(),
        when=part["when"].to_numpy(),
        basis=part["date_basis"].astype(str).to_numpy(),
        cluster=codes("cluster_id"),
        model=codes("model_id"),
        setting=codes("setting_group"),
        enters=part["enters"].to_numpy(),
    )


def _remarks(part: pd.DataFrame, lines: pd.DataFrame) -> list[str]:
    """How a score was compared, where that was not the plain way; "" elsewhere."""
    remarks = (
        (lines["group"] == part["pool_id"], "Compared with the same test under any set-up."),
        (lines["tier"] == "C", "Its size lies outside the fitted sizes, so the range is extrapolated."),
        (lines["is_undated"] == True, "Its date is not known, so it is compared by size alone."),  # noqa: E712 (object column)
        (part["is_moe"], "A mixture of experts, compared by its total parameters."),
    )
    columns = [[text if yes else "" for yes in where] for where, text in remarks]
    return [" ".join(text for text in row if text) for row in zip(*columns, strict=True)]


def _findings(frame: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """One finding per row of the frame: placed ones with numbers, the others with their reason."""
    observed = frame["score"].where(frame["unit"] == "fraction").to_numpy()
    tested = np.flatnonzero((lines["is_placed"] == True).to_numpy())  # noqa: E712 (object column)
    usable = pd.isna(frame["level"]).to_numpy()
    level = frame["level"].to_numpy(dtype=object, copy=True)
    reason = frame["reason"].to_numpy(dtype=object, copy=True)
    level[usable] = "cannot_tell"
    reason[usable] = [_too_few(n) for n in lines.loc[usable, "n_comparable"]]
    out = {name: np.full(len(frame), np.nan) for name in NUMBERS}
    direction, group, tier = (np.full(len(frame), None, dtype=object) for _ in range(3))
    if len(tested):
        line, part = lines.iloc[tested], frame.iloc[tested]
        number = {name: line[name].to_numpy(dtype=float) for name in LINES}
        result = levels.assign(
            levels.Placed(
                observed=observed[tested],
                expected=number["expected"],
                lower=number["expected_lower"],
                upper=number["expected_upper"],
                p_high=number["p_high"],
                p_low=number["p_low"],
                n_comparable=number["n_comparable"],
                as_far_high=number["n_as_far_high"],
                as_far_low=number["n_as_far_low"],
                rerun_spread=part["rerun_spread"].to_numpy(),
                is_lower_better=part["is_lower_better"].to_numpy(),
                remark=np.array(_remarks(part, line), dtype=object),
                family=part["is_subset"].to_numpy(),
            )
        )
        level[tested], reason[tested], direction[tested] = result.level, result.reason, result.direction
        group[tested], tier[tested] = line["group"], line["tier"]
        is_high = result.direction == "high"
        placed = {name: number[name] for name in ("expected", "expected_lower", "expected_upper")} | {
            "residual_z": number["z"],
            "p_value": result.p_value,
            "p_value_normal": np.where(is_high, number["normal_high"], number["normal_low"]),
            "q_value": result.q_value,
            "n_as_far": result.n_as_far,
        }
        for name, values in placed.items():
            out[name][tested] = values
    counts = {"n_comparable": lines["n_comparable"].astype(float), "n_as_far": out.pop("n_as_far")}
    findings = pd.DataFrame(
        {
            "signal_id": SIGNAL_ID,
            "subject_kind": "evaluation",
            "subject_id": frame["evaluation_id"].to_numpy(),
            "variant": "",
            "other_evaluation_id": None,
            "group_id": group,
            "observed": observed,
            **out,
            **{name: pd.array(np.asarray(values), dtype="Int64") for name, values in counts.items()},
            "tier": tier,
            "level": level,
            "direction": direction,
            "reason": reason,
        }
    )
    return findings[FINDING]


def _too_few(n_comparable: float) -> str:
    if n_comparable < regression.MIN_MODELS:
        return f"Not enough comparable scores to say: {int(n_comparable)} other models with a known size."
    return f"Not enough comparable scores to say: {int(n_comparable)} other models, mostly near-copies of each other."
