"""Size anomaly: how far a score is from what models of similar size and date get on the same test.

Question  Given how large and how new a model is, how unusual is this score?
Input     Evidence; used are score (fraction), total parameters (a count; for a mixture of experts too the total,
          which its row says), model date and its basis, number of questions, score of guessing, and clusters of
          near-copies.
Output    One finding per current evaluation: observed, expected and the 90% range (fractions), residual_z, one-sided
          p_value and its value under a normal law, q_value over all scores of that side, tier, level, direction,
          sentence. One fit row per fitted group.
Method    p_value combines size and date, other scores (scoring/expected/factors.py) and near-copies by the Cauchy rule of
          Liu and Xie 2020 (scoring/verdict/combined.py); expected, range and residual_z are those of size and date. A score
          without a size is judged by its other scores alone and is then never "very_unusual". Size and date:
          scoring/expected/curve.py, robust curve of the score over log size and date between guessing and 1, cross-fitted
          without the score's whole cluster; p-values from the residuals themselves. Correction by Benjamini and
          Hochberg 1995, high and low apart, headline scores and subsets apart. "High" always means better than
          expected. Tier A compares within one benchmark, metric and setting group; B, where A has fewer than 20
          comparable models, pools the setting groups of a benchmark and metric and adds the measured set-up variance;
          C marks a size outside the sizes of all other clusters, where the curve is continued and the range grows with
          the distance. A model without a date is compared by size alone, at the average date, with the spread of dates
          added to its range. Where the score of guessing is unknown, the curve starts from 0.
Silent    "cannot_tell" without a size and enough other scores, with a unit other than a fraction, for humans and
          baselines, with fewer than 20 comparable models (10 clusters), and where half of them have one and the same
          score; "check_data" for scores with a data
          problem and for an exact 0 of 100 questions or more. Both leave every fit.
"""

import json
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from scoring.evidence import Evidence, entries
from scoring.expected import curve, factors
from scoring.results import FINDING, FIT, SignalRows
from scoring.verdict import combined, levels

TITLE = "Score for size and date"
QUESTION = "Is this score far from what models of similar size and date get on the same test?"
METHOD_VERSION = "4"
THRESHOLDS = {
    "min_models": curve.MIN_MODELS,
    "min_clusters": curve.MIN_CLUSTERS,
    "max_tied": curve.MAX_TIED,
    **levels.THRESHOLDS,
    "very_unusual_q": levels.VERY_UNUSUAL_Q,
    "opinions": list(combined.OPINIONS),
    "opinion_weights": list(combined.WEIGHTS),
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


_KNOWN: WeakKeyDictionary = WeakKeyDictionary()  # the summaries and sensitivity runs ask for the same lines again


def lines(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame, list[tuple]]:
    """Entries, their lines by size and date alone (index as entries), and fit rows; worked out once per evidence."""
    if evidence not in _KNOWN:
        frame = with_pools(entries(evidence))
        usable = pd.isna(frame["level"]).to_numpy()
        series_lines, series_fits = _fit_groups(frame, usable, usable, "A")
        waiting = usable & ~series_lines["is_placed"]
        pooled_lines, pooled_fits = _fit_groups(frame, usable, waiting, "B")
        # A row that neither comparison could place keeps the larger count of comparable models for its sentence.
        is_wider = pooled_lines["n_comparable"] >= series_lines["n_comparable"]
        is_pooled = waiting & (pooled_lines["is_placed"] | is_wider)
        found = pd.DataFrame({c: np.where(is_pooled, pooled_lines[c], values) for c, values in series_lines.items()})
        _KNOWN[evidence] = (frame, found, series_fits + pooled_fits)
    frame, found, fits = _KNOWN[evidence]
    return frame.copy(deep=False), found.copy(deep=False), list(fits)  # a write to a shallow copy copies


def with_pools(frame: pd.DataFrame) -> pd.DataFrame:
    """Entries with pool_id, the name of the group that pools all settings of a benchmark and metric."""
    return frame.assign(pool_id=frame["benchmark_id"].astype(str) + ":" + frame["metric"].astype(str))


def compute(evidence: Evidence) -> SignalRows:
    """One finding per evaluation and one fit per group that could be fitted."""
    frame, found, fits = lines(evidence)
    second = factors.opinions(evidence).reindex(frame["evaluation_id"])
    return SignalRows(findings=_findings(frame, found, second), fits=pd.DataFrame(fits, columns=FIT))


def _fit_groups(
    frame: pd.DataFrame, usable: np.ndarray, wanted: np.ndarray, tier: str
) -> tuple[dict[str, np.ndarray], list[tuple]]:
    """Fit every series (A) or pool (B) that has a wanted row; return columns as long as the frame, filled for its
    wanted rows, and the fit rows.
    """
    keys = ["series_id"] if tier == "A" else ["pool_id", "is_subset", "is_lower_better"]
    lines: dict[str, np.ndarray] = {name: np.full(len(frame), np.nan) for name in LINES}
    lines |= {name: np.full(len(frame), None, dtype=object) for name in ("group", "tier")}
    lines |= {name: np.zeros(len(frame), dtype=bool) for name in ("is_placed", "is_undated", "is_tied")}
    fits = []
    candidates = np.flatnonzero(usable)
    arrays = rows_of(frame)
    enters = arrays.enters
    models, guess = pd.factorize(frame["model_id"])[0], frame["guess"].to_numpy()
    undated, known_floor = frame["when"].isna().to_numpy(), frame["floor"].notna().to_numpy()
    flips = frame["is_lower_better"].to_numpy()
    for key, chosen in frame.loc[usable, keys].groupby(keys, sort=True).indices.items():
        positions = candidates[chosen]
        mine = wanted[positions]
        if not mine.any():
            continue
        name = str(key[0] if isinstance(key, tuple) else key)
        flip = bool(flips[positions[0]])
        n_models = len(np.unique(models[positions[enters[positions]]]))
        fitted = None
        if n_models >= curve.MIN_MODELS:
            rows = arrays.take(positions)
            fitted = curve.fit(rows, float(guess[positions[0]]), pooled=tier == "B", is_lower_better=flip)
        if fitted is None:
            # Every other model of the group is comparable; the group is still too small.
            lines["n_comparable"][positions[mine]] = max(n_models - 1, 0)
            lines["is_tied"][positions[mine]] = n_models >= curve.MIN_MODELS and curve.is_tied(rows)
            continue
        told = _printed(fitted.lines, flip)
        told |= {
            "group": np.full(len(positions), name, dtype=object),
            "tier": np.where(told["is_extrapolated"], "C", tier),
            "is_placed": told["n_comparable"] >= curve.MIN_MODELS,
            "is_undated": undated[positions] & (fitted.parameters["date_range"] is not None),
            "is_tied": np.zeros(len(positions), dtype=bool),
        }
        for column, values in lines.items():
            values[positions[mine]] = told[column][mine]
        parameters = fitted.parameters | {"is_floor_known": bool(known_floor[positions].all())}
        text = json.dumps(parameters, sort_keys=True, allow_nan=False)
        fits.append((SIGNAL_ID, name, tier, fitted.n_rows, fitted.n_clusters, text, METHOD_VERSION))
    return lines, fits


def _printed(lines: dict[str, np.ndarray], flip: bool) -> dict[str, np.ndarray]:
    """Expected scores in the direction in which the test prints them."""
    if not flip:
        return lines
    turned = {"expected": "expected", "expected_lower": "expected_upper", "expected_upper": "expected_lower"}
    return lines | {name: 1.0 - lines[source] for name, source in turned.items()}


def rows_of(part: pd.DataFrame) -> curve.Rows:
    """The part as arrays."""

    def codes(column: str) -> np.ndarray:
        return pd.factorize(part[column])[0]

    return curve.Rows(
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
        # A model made to show what training on a test does says nothing of similar models: it is judged by their curve,
        # and by its other scores, but does not bend the curve.
        enters=(part["enters"] & (part["kind"] != "demonstration")).to_numpy(),
    )


def _remarks(part: pd.DataFrame, lines: pd.DataFrame, sized: np.ndarray) -> list[str]:
    """How a score was compared, where that was not the plain way; "" elsewhere."""
    remarks = (
        (part["size"].isna(), "Its size is not reported, so its other scores alone speak."),
        (
            ~sized & part["size"].notna(),
            "Too few models of known size to compare by size; its other scores alone speak.",
        ),
        ((lines["group"] == part["pool_id"]) & sized, "Compared with the same test under any set-up."),
        ((lines["tier"] == "C") & sized, "Its size lies outside the fitted sizes, so the range is extrapolated."),
        (lines["is_undated"] & sized, "Its date is not known, so it is compared by size alone."),
        (part["is_moe"] & sized, "A mixture of experts, compared by its total parameters."),
    )
    columns = [[text if yes else "" for yes in where] for where, text in remarks]
    return [" ".join(text for text in row if text) for row in zip(*columns, strict=True)]


def _second(frame: pd.DataFrame, second: pd.DataFrame, is_high: np.ndarray) -> levels.Second:
    """The clearer of the two second opinions on each score, in the direction in which the test prints it."""
    number = {name: second[name].to_numpy(dtype=float) for name in factors.LINE}
    flip = frame["is_lower_better"].to_numpy()
    side = "p_high", "p_low"
    far, near = (np.where(is_high, number[a + side[0]], number[a + side[1]]) for a in ("", "near_"))
    is_near = np.where(np.isnan(near), False, ~(far < near))

    def pick(name: str) -> np.ndarray:
        return np.where(is_near, number[f"near_{name}"], number[name])

    expected, lower, upper = pick("expected"), pick("expected_lower"), pick("expected_upper")
    return levels.Second(
        expected=np.where(flip, 1.0 - expected, expected),
        lower=np.where(flip, 1.0 - upper, lower),
        upper=np.where(flip, 1.0 - lower, upper),
        p_high=pick("p_high"),
        p_low=pick("p_low"),
        words=np.where(is_near, "its other scores and near-copies", "its other scores").astype(object),
    )


def together(lines: pd.DataFrame, second: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Combined p_high and p_low of rows from size and date, other scores and near-copies."""
    return tuple(
        combined.combine(
            np.column_stack([lines[side], second[side], second[f"near_{side}"]]).astype(float),
        )
        for side in ("p_high", "p_low")
    )


def _findings(frame: pd.DataFrame, lines: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """One finding per row of the frame: placed ones with numbers, the others with their reason."""
    observed = frame["score"].where(frame["unit"] == "fraction").to_numpy()
    placed = lines["is_placed"].to_numpy()
    usable = pd.isna(frame["level"]).to_numpy()
    spoken = second["p_high"].notna().to_numpy() & (usable | frame["size"].isna().to_numpy())
    tested = np.flatnonzero(placed | spoken)
    level = frame["level"].to_numpy(dtype=object, copy=True)
    reason = frame["reason"].to_numpy(dtype=object, copy=True)
    level[usable] = "cannot_tell"
    reason[usable] = [
        _too_few(*row) for row in zip(lines["n_comparable"][usable], lines["is_tied"][usable], strict=True)
    ]
    out = {name: np.full(len(frame), np.nan) for name in NUMBERS}
    direction, group, tier = (np.full(len(frame), None, dtype=object) for _ in range(3))
    n_comparable = lines["n_comparable"].to_numpy(dtype=float, copy=True)
    if len(tested):
        line, part, other = lines.iloc[tested], frame.iloc[tested], second.iloc[tested]
        sized = placed[tested]
        # A group too small to speak by size keeps no numbers of its own.
        number = {name: np.where(sized, line[name].to_numpy(dtype=float), np.nan) for name in LINES}
        p_high, p_low = together(pd.DataFrame({s: number[s] for s in ("p_high", "p_low")}), other)
        opinion = _second(part, other, p_high <= p_low)
        result = levels.assign(
            levels.Placed(
                observed=observed[tested],
                expected=number["expected"],
                lower=number["expected_lower"],
                upper=number["expected_upper"],
                p_high=p_high,
                p_low=p_low,
                n_comparable=number["n_comparable"],
                as_far_high=number["n_as_far_high"],
                as_far_low=number["n_as_far_low"],
                rerun_spread=part["rerun_spread"].to_numpy(),
                is_lower_better=part["is_lower_better"].to_numpy(),
                remark=np.array(_remarks(part, line, sized), dtype=object),
                family=part["is_subset"].to_numpy(),
                by_size_high=number["p_high"],
                by_size_low=number["p_low"],
                second=opinion,
                unit=part.groupby(["series_id", "cluster_id"], sort=False).ngroup().to_numpy(),
            )
        )
        level[tested], reason[tested], direction[tested] = result.level, result.reason, result.direction
        group[tested] = np.where(sized, line["group"], part["series_id"])
        tier[tested] = np.where(sized, line["tier"], "A")
        n_comparable[tested] = np.where(sized, number["n_comparable"], other["n_comparable"])
        is_high = result.direction == "high"
        z = np.where(other["near_z"].notna(), other["near_z"], other["z"])
        values = {
            "expected": np.where(sized, number["expected"], opinion.expected),
            "expected_lower": np.where(sized, number["expected_lower"], opinion.lower),
            "expected_upper": np.where(sized, number["expected_upper"], opinion.upper),
            "residual_z": np.where(sized, number["z"], z),
            "p_value": result.p_value,
            "p_value_normal": np.where(is_high, number["normal_high"], number["normal_low"]),
            "q_value": result.q_value,
            "n_as_far": result.n_as_far,
        }
        for name, column in values.items():
            out[name][tested] = column
    counts = {"n_comparable": n_comparable, "n_as_far": out.pop("n_as_far")}
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


def _too_few(n_comparable: float, is_tied: bool) -> str:
    if is_tied:
        return "At least half of the comparable models have one and the same score, so their spread cannot be told."
    if n_comparable < curve.MIN_MODELS:
        return f"Not enough comparable scores to say: {int(n_comparable)} other models with a known size."
    return f"Not enough comparable scores to say: {int(n_comparable)} other models, mostly near-copies of each other."
