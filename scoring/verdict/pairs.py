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

import re

import numpy as np
import pandas as pd

from data.vocabulary import COUNTED_KINDS
from scoring.evidence import ZERO_ITEMS
from scoring.expected import curve, judge, solve
from scoring.results import SignalRows
from scoring.verdict import finding, levels

MIN_PAIRS = 20
EFFORTS = ("minimal", "low", "medium", "high", "xhigh", "max")
EFFORT_ALONE = re.compile(r"(?:^|[;,(])\s*(x[- ]?high|high|medium|low|minimal|max)\s*(?:$|[;,)])", re.IGNORECASE)
# What any of those who compare reads of an entry: half of its columns.
COMPARED = [
    "evaluation_id", "model_id", "benchmark_id", "metric", "series_id", "setting_group", "setting", "run", "source_id",
    "cluster_id", "evaluator_relationship", "read_from", "first_seen_date", "score", "score_decimals", "value", "guess",
    "n_items", "counted", "ceiling", "ceiling_high", "rerun_spread", "is_lower_better",
]  # fmt: skip
SAYS_MODE = re.compile("thinking|effort")
WORKED_OUT = (
    "observed", "expected", "expected_lower", "expected_upper", "residual_z", "p_value", "p_value_normal", "q_value",
    "n_comparable", "tier", "level", "direction",
)  # fmt: skip


def place(pairs: pd.DataFrame) -> pd.DataFrame:
    """Judge all pairs; rows of too small groups are left out. Never "very_unusual": a pair speaks alone."""
    size = pairs.groupby("group")["model_id"].transform("nunique")
    pairs = pairs[size >= MIN_PAIRS]
    parts = [_group(part) for _, part in pairs.groupby("group", sort=True)]
    if not parts:
        return pairs.assign(level=None).iloc[:0]
    out = pd.concat(parts)
    verdict = finding.verdict(
        observed=out["observed"].to_numpy(),
        expected=out["expected"].to_numpy(),
        p_high=out["p_high"].to_numpy(),
        p_low=out["p_low"].to_numpy(),
        rerun_spread=out["rerun_spread"].to_numpy(),
    )
    return out.assign(
        p_value=verdict.p_value,
        p_value_normal=verdict.pick(out["normal_high"], out["normal_low"]),
        q_value=verdict.q_value,
        gap=verdict.gap,
        level=verdict.level,
        direction=verdict.direction,
    )


def _group(part: pd.DataFrame) -> pd.DataFrame:
    items, partner_items = part["n_items"].to_numpy(dtype=float), part["partner_items"].to_numpy(dtype=float)
    y = judge.corrected_logit(part["observed"].to_numpy(dtype=float), items)
    reference = judge.corrected_logit(part["partner"].to_numpy(dtype=float), partner_items)
    w = curve.cluster_weights(pd.factorize(part["model_id"])[0])
    n_models = part["model_id"].nunique()
    shift = solve.weighted_quantile(y - reference, w, 0.5)
    nothing = np.full(len(y), np.nan)
    known = judge.sampling_variance(reference + shift, items, nothing)
    known = known + judge.sampling_variance(reference, partner_items, nothing)
    e = y - reference - shift
    knots, spread = curve.fit_spread(e, reference, known, w, n_models)
    sd = judge.standard_deviation(reference, known, {"spread_knots": knots, "spread_log_variance": spread})
    null = curve.empirical_null(e / sd, w, n_models)
    placed = curve.tails(e / sd, null) | judge.interval(reference + shift, sd, items, null)
    placed["residual_z"] = placed.pop("z")
    return part.assign(**placed, n_comparable=n_models - 1)


def judged(both: pd.DataFrame, signal_id: str, partner: str) -> SignalRows:
    """Findings on scores beside a partner's, grouped by benchmark and metric, small groups pooled.

    both   One row per score: evaluation_id, model_id, benchmark_id, metric, series_id, is_lower_better, value, counted,
           rerun_spread, and the partner's evaluation_id, series_id, value, counted with _other behind. Tier A where the series is the same.
    """
    group = both["benchmark_id"] + ":" + both["metric"]
    enough = both.groupby(group)["model_id"].transform("nunique") >= MIN_PAIRS
    table = pd.DataFrame(
        {
            "evaluation_id": both["evaluation_id"],
            "other_id": both["evaluation_id_other"],
            "model_id": both["model_id"],
            "is_lower_better": both["is_lower_better"],
            "observed": both["value"],
            "partner": both["value_other"],
            "n_items": both["counted"],
            "partner_items": both["counted_other"],
            "group": group.where(enough, "other tests"),
            "rerun_spread": both["rerun_spread"],
            "tier": (both["series_id"] == both["series_id_other"]).map({True: "A", False: "B"}),
        }
    )
    placed = _as_printed(place(table))
    if not len(placed):
        return SignalRows()
    rows = finding.frame(
        signal_id,
        placed["evaluation_id"],
        other_evaluation_id=placed["other_id"],
        group_id=placed["group"],
        reason=sentences(placed, partner),
        **{name: placed[name] for name in WORKED_OUT},
    )
    return SignalRows(findings=rows)


def _as_printed(placed: pd.DataFrame) -> pd.DataFrame:
    """Placed pairs with their scores in the direction in which the test prints them."""
    flip = placed["is_lower_better"].to_numpy(dtype=bool)
    if not len(placed):
        return placed
    scores = {name: judge.turned(placed[name].to_numpy(), flip) for name in ("observed", "partner")}
    return placed.assign(**scores, **judge.as_printed({name: placed[name].to_numpy() for name in placed}, flip))


def sentences(placed: pd.DataFrame, partner: str) -> list[str]:
    """One sentence per pair; `partner` names the other score, as "an independent run"."""
    is_above = (placed["direction"] == "high") != placed["is_lower_better"]
    columns = (placed[c] for c in ("level", "partner", "gap", "expected_lower", "expected_upper"))
    return [_sentence(partner, *row) for row in zip(is_above, *columns, strict=True)]


def _sentence(partner: str, is_above: bool, level: str, other: float, gap: float, lower: float, upper: float) -> str:
    first, ends = f"{100 * other:.1f} in {partner}", levels.between(lower, upper)
    if level == "usual":
        return f"{first}; such pairs usually give {ends} here."
    if level == "somewhat":
        return f"{first}; {'higher' if is_above else 'lower'} than such pairs usually give ({ends})."
    return f"{first}; {levels.gap_text(gap, 'above' if is_above else 'below')} what such pairs usually give ({ends})."


def asked_alike(groups: pd.Series, others: pd.Series) -> np.ndarray:
    """Whether two setting groups (ingest/settings.py) may be of one way of asking, row by row.

    A run with tools is no partner of one without, nor one without thinking of one that thinks, nor one effort of another.
    Where one of both does not say how the model thought, they may be alike, unless the other says that it did not: makers
    print what a model does at its best.
    """
    pairs = list(zip(groups, others, strict=True))
    told = {pair: _may_be_one(*pair) for pair in set(pairs)}
    return np.array([told[pair] for pair in pairs], dtype=bool)


def _may_be_one(group: str, other: str) -> bool:
    parts, those = ({*text.split(", ")[1:]} - {"fine-tuned"} for text in (group, other))
    modes = (parts - {"tools"}, those - {"tools"})
    if ("tools" in parts) != ("tools" in those):
        return False
    if modes[0] == modes[1]:
        return True
    if {"no-thinking"} in modes:
        return False
    return not modes[0] or not modes[1] or {"thinking"} in modes


def effort_ranks(asked: pd.Series) -> pd.Series:
    """How hard each run let its model think, from 0; what does not say so stands with "high": most models' usual way."""
    named = asked.str.extract(r", (\w+) effort")[0]
    return named.map({name: rank for rank, name in enumerate(EFFORTS)}).fillna(EFFORTS.index("high"))


def comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns COMPARED of entries whose value is a fraction in range and has no data problem: those that may be compared at
    all; with `asked`, the setting group and, where a board of one harness keeps several efforts in one group, the effort
    that its row states.
    """
    fine = frame["value"].between(0, 1) & frame["data_problem"].isna() & ~frame["is_subset"]
    fine &= frame["kind"].isin(COUNTED_KINDS)
    frame = frame.loc[fine & ~((frame["value"] == 0) & (frame["n_items"] >= ZERO_ITEMS)), COMPARED]
    (group, groups), (setting, settings) = (
        pd.factorize(frame[name].astype(object).fillna("")) for name in ("setting_group", "setting")
    )
    ways, place = np.unique(group * len(settings) + setting, return_inverse=True)
    # Each way of asking is read once, not row by row.
    names = [_asked(groups[way // len(settings)], settings[way % len(settings)]) for way in ways.tolist()]
    return frame.assign(asked=pd.Series(np.array(names, dtype=object)[place], index=frame.index, dtype="str"))


def _asked(group: str, setting: str) -> str:
    level = "" if SAYS_MODE.search(group) else effort_alone(setting)
    return f"{group}, {level}" if level else group


def effort_alone(setting: str) -> str:
    """The effort that stands by itself between the marks of a printed setting ("low; mean of 5 runs"), "" for none."""
    found = EFFORT_ALONE.search(setting)
    return f"{found[1].casefold().replace('-', '').replace(' ', '')} effort" if found else ""
