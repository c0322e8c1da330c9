"""Two scores of one model side by side, and whether they differ more than such pairs do.

Question  Does a score differ more from its partner than the same kind of pair does for other models?
Input     A frame with columns observed, partner (fractions, higher is better), n_items, partner_items, group
          (pairs that are judged together), model_id, evaluation_id, other_id, rerun_spread.
Output    The frame with expected, expected_lower, expected_upper (fractions), residual_z, p_value, q_value,
          n_comparable, level, direction, gap.
Method    Difference of count-corrected logits, less the group's median (a twin may be harder for all), over known
          sampling noise and the group's own spread; null from the differences themselves, one per model and side
          (scoring/expected/curve.py; Efron 2004); Benjamini and Hochberg 1995, sides apart.
Silent    Groups of fewer than MIN_PAIRS models give no row.
"""

import numpy as np
import pandas as pd

from scoring.expected import curve, judge
from scoring.results import FINDING, SignalRows
from scoring.verdict import levels

MIN_PAIRS = 20


def place(pairs: pd.DataFrame) -> pd.DataFrame:
    """Judge all pairs; rows of too small groups are left out. Never "very_unusual": a pair speaks alone."""
    size = pairs.groupby("group")["model_id"].transform("nunique")
    pairs = pairs[size >= MIN_PAIRS]
    parts = [_group(part) for _, part in pairs.groupby("group", sort=True)]
    if not parts:
        return pairs.assign(level=None).iloc[:0]
    out = pd.concat(parts)
    one, is_high = np.zeros(len(out)), (out["p_high"] <= out["p_low"]).to_numpy()
    q_high, q_low = levels.adjusted(out["p_high"].to_numpy(), one), levels.adjusted(out["p_low"].to_numpy(), one)
    p, q = np.where(is_high, out["p_high"], out["p_low"]), np.where(is_high, q_high, q_low)
    gap = (out["observed"] - out["expected"]).abs().to_numpy()
    least = np.maximum(levels.MIN_GAP, levels.RERUN_FACTOR * np.nan_to_num(out["rerun_spread"].to_numpy(dtype=float)))
    level = [levels.word(*row, None) for row in zip(p, q, gap, least, strict=True)]
    return out.assign(p_value=p, q_value=q, gap=gap, level=level, direction=np.where(is_high, "high", "low"))


def _group(part: pd.DataFrame) -> pd.DataFrame:
    items, partner_items = part["n_items"].to_numpy(dtype=float), part["partner_items"].to_numpy(dtype=float)
    y = judge.corrected_logit(part["observed"].to_numpy(dtype=float), items)
    reference = judge.corrected_logit(part["partner"].to_numpy(dtype=float), partner_items)
    w = curve.cluster_weights(pd.factorize(part["model_id"])[0])
    n_models = part["model_id"].nunique()
    shift = curve.weighted_quantile(y - reference, w, 0.5)
    nothing = np.full(len(y), np.nan)
    known = judge.sampling_variance(reference + shift, items, nothing)
    known = known + judge.sampling_variance(reference, partner_items, nothing)
    e = y - reference - shift
    knots, spread = curve.fit_spread(e, reference, known, w, n_models)
    sd = judge.standard_deviation(reference, known, {"spread_knots": knots, "spread_log_variance": spread})
    null = curve.empirical_null(e / sd, w, n_models)
    placed = curve.place(e / sd, null) | judge.interval(reference + shift, sd, items, null)
    placed["residual_z"] = placed.pop("z")
    return part.assign(**placed, n_comparable=n_models - 1)


def judged(both: pd.DataFrame, signal_id: str, partner: str) -> SignalRows:
    """Findings on scores beside a partner's, grouped by benchmark and metric, small groups pooled.

    both   One row per score: evaluation_id, model_id, benchmark_id, metric, series_id, value, counted, rerun_spread, and
           the partner's evaluation_id, series_id, value, counted with _other behind. Tier A where the series is the same.
    """
    group = both["benchmark_id"] + ":" + both["metric"]
    enough = both.groupby(group)["model_id"].transform("nunique") >= MIN_PAIRS
    table = pd.DataFrame(
        {
            "evaluation_id": both["evaluation_id"],
            "other_id": both["evaluation_id_other"],
            "model_id": both["model_id"],
            "observed": both["value"],
            "partner": both["value_other"],
            "n_items": both["counted"],
            "partner_items": both["counted_other"],
            "group": group.where(enough, "other tests"),
            "rerun_spread": both["rerun_spread"],
            "tier": (both["series_id"] == both["series_id_other"]).map({True: "A", False: "B"}),
        }
    )
    placed = place(table)
    if not len(placed):
        return SignalRows()
    return SignalRows(findings=findings(placed, signal_id, told(placed, partner))[FINDING])


def findings(placed: pd.DataFrame, signal_id: str, reason: list[str]) -> pd.DataFrame:
    """Placed pairs as rows of the table finding (columns in any order)."""
    return pd.DataFrame(
        {
            "signal_id": signal_id,
            "subject_kind": "evaluation",
            "subject_id": placed["evaluation_id"].to_numpy(),
            "variant": placed["variant"].to_numpy() if "variant" in placed else "",
            "other_evaluation_id": placed["other_id"].to_numpy(),
            "group_id": placed["group"].to_numpy(),
            **{
                c: placed[c].to_numpy()
                for c in ("observed", "expected", "expected_lower", "expected_upper", "residual_z")
            },
            "p_value": placed["p_value"].to_numpy(),
            "p_value_normal": np.where(placed["direction"] == "high", placed["normal_high"], placed["normal_low"]),
            "q_value": placed["q_value"].to_numpy(),
            "n_comparable": pd.array(placed["n_comparable"].to_numpy(dtype=float), dtype="Int64"),
            "n_as_far": pd.array(np.full(len(placed), np.nan), dtype="Int64"),
            "tier": placed["tier"].to_numpy(),
            "level": placed["level"].to_numpy(),
            "direction": placed["direction"].to_numpy(),
            "reason": reason,
        }
    )


def told(placed: pd.DataFrame, partner: str) -> list[str]:
    """One sentence per pair; `partner` names the other score, as "an independent run"."""
    rows = zip(
        placed["level"],
        placed["direction"],
        placed["gap"],
        placed["partner"],
        placed["expected_lower"],
        placed["expected_upper"],
        strict=True,
    )
    texts = []
    for level, direction, gap, other, lower, upper in rows:
        first = f"{100 * other:.1f} in {partner}"
        ends = levels.between(lower, upper)
        if level == "usual":
            texts.append(f"{first}; such pairs usually give {ends} here.")
        elif level == "somewhat":
            texts.append(
                f"{first}; {'higher' if direction == 'high' else 'lower'} than such pairs usually give ({ends})."
            )
        else:
            side = "above" if direction == "high" else "below"
            texts.append(f"{first}; {levels.gap_text(gap, side)} what such pairs usually give ({ends}).")
    return texts


def comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """Entries whose value is a fraction in range and has no data problem: those that may be compared at all."""
    fine = frame["value"].between(0, 1) & frame["data_problem"].isna() & ~frame["is_subset"]
    fine &= frame["kind"].isin(["model", "system"])
    return frame[fine & ~((frame["value"] == 0) & (frame["n_items"] >= 100))]
