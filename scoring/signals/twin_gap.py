"""Twin gap: a public test beside its fresh, withheld or altered twin.

Question  Does this model fall more, or less, from the public test to its twin than models with the same public score?
Input     Evidence with its twins (pairs of benchmarks, data/facts/twins.csv); used are headline scores (fractions,
          higher is better), numbers of questions, clusters of near-copies and scores of guessing.
Output    One finding per score on a twin whose model has a score on the public test too: observed, expected from the
          public score and the 90% range (fractions), residual_z, one-sided p_value, q_value, level, direction,
          sentence, the public score as other_evaluation_id. "Low" is a larger fall than such models have, "high" a
          smaller one (or a rise).
Method    A fall is normal, for a twin is often harder; GSM1k (Zhang et al. 2024, arXiv 2405.00332) compares models by
          it, EvalPlus (Liu et al. 2023, arXiv 2305.01210) finds that ranks change. Here the twin's score is regressed
          on the public one by scoring/expected/curve.py: a robust, never falling curve on the logit scale between guessing
          and 1, so that how hard the twin is drops out; cross-fitted without the model's whole cluster, near-copies
          weighing as one; p from the residuals themselves (Efron 2004). Known noise is that of both scores: the twin's
          binomial variance under 1 / (1/n_twin + 1/n_public) questions, or, where the twin grades the same answers by
          more tests, that of the share of passed answers that fail them. Tier A pairs two scores of one run: same
          source, setting and run, the public one not newer. B pairs any other two of that metric, judged among such
          pairs, with the measured set-up variance; C is a public score outside those of all other models. Correction by Benjamini and Hochberg 1995 over all twins,
          high and low apart. Never "very_unusual": a pair speaks alone.
Silent    "cannot_tell" below 20 comparable models or 10 clusters. Unknown numbers of questions add no known noise: the
          scatter of such models then holds it. Scores with a data problem, subsets and other units take no part.
"""

from typing import Any

import numpy as np
import pandas as pd

from scoring.expected import curve, judge
from scoring.expected.population import Population
from scoring.results import SignalRows
from scoring.verdict import finding, levels, pairs

TITLE = "Public test and its twin"
QUESTION = "Does the model fall more, or less, from the public test to its twin than models with the same public score?"
METHOD_VERSION = "1"
SIGNAL_ID = "twin_gap"
THRESHOLDS = {
    "min_models": curve.MIN_MODELS,
    "min_clusters": curve.MIN_CLUSTERS,
    **levels.THRESHOLDS,
}
NO_SETTING = "reported"  # name of the setting group whose set-up is not stated alike
ROUNDING = 0.0011  # fraction; values are printed to a tenth of a point, some to a whole count
SAME_RUN = ["source_id", "setting_group", "setting", "run"]  # what two scores of one run have in common
HALF = ["evaluation_id", "model_id", "metric", *SAME_RUN, "first_seen_date", "value", "n_items", "counted"]
WHOLE = [*HALF, "cluster_id", "guess", "rerun_spread", "read_from"]
NUMBERS = ["expected", "expected_lower", "expected_upper", "z", "p_high", "p_low", "normal_high", "normal_low"]
COUNTS = ["n_comparable", "n_as_far_high", "n_as_far_low"]


def compute(population: Population) -> SignalRows:
    """Findings on twin scores."""
    frame = pairs.comparable(population.entries)
    tests = {
        test for twin in population.evidence.twins.itertuples() for test in (twin.benchmark_id, twin.twin_benchmark_id)
    }
    frame = frame[~frame["is_lower_better"] & frame["benchmark_id"].isin(tests)]
    frame = frame.assign(**{c: frame[c].astype(object).where(frame[c].notna(), "") for c in ("setting", "run")})
    found = [_pair_up(frame, twin) for twin in population.evidence.twins.itertuples()]
    found = [part for part in found if len(part)]
    if not found:
        return SignalRows()
    return SignalRows(findings=_findings(pd.concat([_place(part) for part in found], ignore_index=True)))


def _pair_up(frame: pd.DataFrame, twin: Any) -> pd.DataFrame:
    """One row per twin score with the public score that is nearest to its own run."""
    frame = frame[frame["metric"] == twin.metric]
    public = frame.loc[frame["benchmark_id"] == twin.benchmark_id, HALF]
    other = frame.loc[frame["benchmark_id"] == twin.twin_benchmark_id, WHOLE]
    both = other.merge(public, on=["model_id", "metric"], suffixes=("", "_public"))
    differs = {c: (both[c] != both[f"{c}_public"]).astype(int) for c in SAME_RUN}
    # A public score that is newer than the twin's was changed since, or run again.
    differs["newer"] = (both["first_seen_date_public"] > both["first_seen_date"]).astype(int)
    apart = sum(2 ** (len(differs) - rank) * each for rank, each in enumerate(differs.values()))
    is_possible = (both["value"] <= both["value_public"] + ROUNDING) if twin.is_nested else True
    both = both.assign(
        apart=apart,
        is_alike=(apart == 0) & (both["setting_group"] != NO_SETTING) & is_possible,
        setting_pair=both["source_id"] + "|" + both["source_id_public"],
        twin_id=twin.twin_id,
        name=twin.name,
        twin_name=twin.twin_name,
        is_nested=bool(twin.is_nested),
    )
    both = both.sort_values(["apart", "evaluation_id_public"], kind="stable").drop_duplicates("evaluation_id")
    return both.sort_values("evaluation_id", kind="stable", ignore_index=True)


def _place(both: pd.DataFrame) -> pd.DataFrame:
    """The pairs of one twin with their lines, tier and group."""
    out = both.assign(**{name: np.nan for name in [*NUMBERS, *COUNTS]}, tier=None, group="", is_placed=False)
    twin_id, alike = both["twin_id"].iloc[0], both[both["is_alike"]]
    for key, mine in alike.groupby(["source_id", "setting_group"], sort=True).groups.items():
        _fit_into(out, mine, ":".join([twin_id, *dict.fromkeys(key)]), "A")
    # Pairs of different runs are judged among themselves: beside pairs of one run each would look far out.
    rest = out.index[~out["is_placed"] & ~(out["is_alike"] & (out["n_comparable"] >= curve.MIN_MODELS))]
    if len(rest):
        _fit_into(out, rest, twin_id, "B")
    return out


def _fit_into(out: pd.DataFrame, mine: pd.Index, group: str, tier: str) -> None:
    """Fit the rows `mine` and write their lines into `out`, a frame that _place owns."""
    part = out.loc[mine]
    fitted = curve.fit(_rows(part, tier), float(part["guess"].iloc[0]), pooled=tier == "B")
    out.loc[mine, "group"] = group
    if fitted is None:
        out.loc[mine, "n_comparable"] = float(part["model_id"].nunique() - 1)
        return
    lines = pd.DataFrame(fitted.lines, index=mine)
    out.loc[mine, [*NUMBERS, *COUNTS]] = lines[[*NUMBERS, *COUNTS]].astype(float)
    out.loc[mine, "tier"] = np.where(lines["is_extrapolated"], "C", tier)
    out.loc[mine, "is_placed"] = lines["n_comparable"] >= curve.MIN_MODELS


def _rows(part: pd.DataFrame, tier: str) -> curve.Rows:
    """The pairs as rows of a fit in which the logit of the public score takes the place of size."""
    order = part.sort_values(["first_seen_date", "evaluation_id"], ascending=[False, True], kind="stable")
    first = order[order["read_from"] != "quoted"].drop_duplicates("model_id").index
    nothing = np.full(len(part), np.nan)
    public, items = part["value_public"].to_numpy(dtype=float), part["n_items_public"].to_numpy(dtype=float)
    return curve.Rows(
        score=part["value"].to_numpy(dtype=float),
        n_items=part["n_items"].to_numpy(dtype=float),
        counted=_worth(part, is_nested=tier == "A" and bool(part["is_nested"].iloc[0])),
        standard_error=nothing,
        size=judge.corrected_logit(public, items),
        when=nothing,
        basis=np.full(len(part), ""),
        cluster=pd.factorize(part["cluster_id"])[0],
        model=pd.factorize(part["model_id"])[0],
        setting=pd.factorize(part["setting_pair"])[0],
        enters=part.index.isin(first),
    )


def _worth(part: pd.DataFrame, *, is_nested: bool) -> np.ndarray:
    """Questions that the twin's score is worth given the public one; NaN where its own number is unknown."""
    twin, public = part["counted"].to_numpy(dtype=float), part["counted_public"].to_numpy(dtype=float)
    if not is_nested:
        return 1.0 / (1.0 / twin + np.where(np.isnan(public), 0.0, 1.0 / public))
    # Of the answers that passed before, a share s passes again: variance p1 s (1 - s) / n instead of p2 (1 - p2) / n.
    passed = part["value_public"].to_numpy(dtype=float)
    kept = np.median(part["value"].to_numpy(dtype=float)[passed > 0] / passed[passed > 0]) if (passed > 0).any() else 0
    kept = min(float(kept), 1.0 - 1.0 / judge.CORRECTION_ITEMS)  # no loss at all would mean no noise at all
    return twin * (1.0 - passed * kept) / (1.0 - kept)


def _findings(placed: pd.DataFrame) -> pd.DataFrame:
    """Levels and sentences over all twins together."""
    is_placed = placed["is_placed"].to_numpy(dtype=bool)
    number = {name: np.where(is_placed, placed[name].to_numpy(dtype=float), np.nan) for name in [*NUMBERS, *COUNTS]}
    verdict = finding.verdict(
        observed=placed["value"].to_numpy(dtype=float),
        expected=number["expected"],
        p_high=number["p_high"],
        p_low=number["p_low"],
        rerun_spread=placed["rerun_spread"].to_numpy(),
    )
    level = np.where(is_placed, verdict.level, "cannot_tell")
    as_far = verdict.pick(number["n_as_far_high"], number["n_as_far_low"])
    about = {
        "level": level,
        "gap": verdict.gap,
        "least": verdict.least_gap,
        "p": verdict.p_value,
        "q": verdict.q_value,
        "is_high": verdict.is_high,
    }
    rows = placed.assign(**about, as_far=as_far)
    return finding.frame(
        SIGNAL_ID,
        placed["evaluation_id"],
        variant=placed["twin_id"],
        other_evaluation_id=placed["evaluation_id_public"],
        group_id=placed["group"],
        observed=placed["value"],
        expected=number["expected"],
        expected_lower=number["expected_lower"],
        expected_upper=number["expected_upper"],
        residual_z=number["z"],
        p_value=verdict.p_value,
        p_value_normal=verdict.pick(number["normal_high"], number["normal_low"]),
        q_value=verdict.q_value,
        n_comparable=placed["n_comparable"].astype(float),
        n_as_far=as_far,
        tier=placed["tier"].where(is_placed, None),
        level=level,
        direction=np.where(is_placed, verdict.direction, np.array([None])),
        reason=[sentence(row) for row in rows.itertuples()],
    )


def sentence(row: Any) -> str:
    """The level in words: the public score, what such models get on the twin, how rare the difference is."""
    if row.level == "cannot_tell":
        known = int(row.n_comparable)
        few = "" if known < curve.MIN_MODELS else ", mostly near-copies of each other"
        which = "" if row.is_alike else " of different runs"
        who = f"{known} other {'model has' if known == 1 else 'models have'} scores{which}"
        return f"Not enough comparable models to say: {who} on {row.name} and {row.twin_name}{few}."
    ends = levels.between(row.expected_lower, row.expected_upper, row.value)
    text = f"{100 * row.value_public:.1f} on {row.name} and {100 * row.value:.1f} on {row.twin_name}, "
    text += f"where models with that public score usually get {ends}."
    if row.level == "somewhat":
        small = round(row.q, levels.DECIMALS) <= levels.UNUSUAL_Q
        least = levels.points(row.least)
        text += f" {'Higher' if row.is_high else 'Lower'} than most of them. "
        text += (
            f"The gap of {levels.points(row.gap)} points is smaller than what is marked here ({least})."
            if small
            else f"{levels.one_in(row.p)[0].upper()}{levels.one_in(row.p)[1:]} would be this far out on this side."
        )
    elif row.level != "usual":
        side = "above" if row.is_high else "below"
        text += f" That is {levels.gap_text(row.gap, side)} the expected score; "
        text += f"{levels.far_out(int(row.as_far), int(row.n_comparable), 'model')}."
    if row.tier == "C":
        text += " Its public score lies outside those of all others, so the range is extrapolated."
    return text if row.is_alike else f"{text} The two scores are not of one run."
