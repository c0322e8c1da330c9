"""Sensitivity: is a marked score still unusual when some of the models that it is compared with are left out?

Question  Does the mark of a score hang on mixtures of experts, on merges, on its own developer's models or on old ones?
Input     Evidence and the findings of size_anomaly; used are those called unusual or very unusual.
Output    Four findings per marked score, one per variant (VARIANTS): observed, expected and the 90% range (fractions),
          residual_z, p_value, n_comparable, level, direction, sentence. "unusual" means still unusual; "somewhat" or
          "usual" no longer; "cannot_tell" too few models left. No q_value: nothing is corrected anew.
Method    Leave one kind out and judge again (deletion diagnostics: Belsley, Kuh and Welsch 1980). Size and date are
          refitted on the models that are left (scoring/expected/curve.py, cross-fitted as ever). The expected values by
          other scores and near-copies stay as they are; how rare such a distance is, is measured anew among the models
          that are left (empirical null: Efron 2004). "Still" means two things on the score's own side: the combined
          p-value (scoring/verdict/combined.py) is at most the cut-off of this build's own correction (0.05 times marked over
          tested scores of that side: Benjamini and Hochberg 1995), and the gap by the clearest opinion is at least the
          smallest that is marked on this test. Developers are left out in batches of at most a tenth of the weight, so
          a score may miss some more than its own. "The newer half" is every dated model from the median date on.
Silent    Below 20 models or 10 clusters that are left: "cannot_tell". So is a developer that is not known. Where less
          than a hundredth of the weight would be left out (near-copies weighing as one), the finding stands as it was
          and says so. A model of which it is not stated that it is a merge or a mixture counts as none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from data.vocabulary import DIRECTIONS, MARKED
from scoring.evidence import Evidence, entries
from scoring.expected import by_size, curve, factors, judge, ratings, solve
from scoring.expected.population import Population
from scoring.results import FINDING
from scoring.signals import size_anomaly
from scoring.verdict import combined, finding, levels

TITLE = "Sensitivity of the marks"
QUESTION = "Is a marked score still unusual when some of the models that it is compared with are left out?"
METHOD_VERSION = "1"
SIGNAL_ID = "sensitivity"
LEAST = 0.01  # share of the weight; less cannot move a robust curve, nor the spread around it
TOLERANCE = 1e-6  # relative; an exact tie with the cut-off must not flip on the last bit
BATCH = 0.1  # share of a group's models that one refit may leave out for several developers at once
VARIANTS = {
    "without_mixtures": "Without mixtures of experts",
    "without_merges": "Without merges",
    "without_developer": "Without its developer's other models",
    "newer_half": "Among the newer half of the models",
}
THRESHOLDS = {
    "min_models": curve.MIN_MODELS,
    "min_clusters": curve.MIN_CLUSTERS,
    **levels.THRESHOLDS,
    "least_share": LEAST,
    "batch": BATCH,
}
USED = [
    "evaluation_id",
    "model_id",
    "series_id",
    "home",
    "cluster_id",
    "developer",
    "is_moe",
    "is_merged",
    "when",
    "enters",
    "is_placed",
    "is_subset",
    "is_lower_better",
    "rerun_spread",
    "z",
    "expected",
    "near_z",
    "near_expected",
]
KEPT = ("expected", "expected_lower", "expected_upper", "residual_z", "p_value", "n_comparable", "tier")
TOLD = ("subject_id", "variant", "group_id", "observed", "direction", "level", "reason", *KEPT)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One refit: its variant, the rows of the frame that are left out, and the marked rows that it answers for."""

    variant: str
    left_out: np.ndarray
    subjects: np.ndarray


def rerun(population: Population, findings: pd.DataFrame) -> pd.DataFrame:
    """Findings of all variants on the marked scores among the findings of size_anomaly."""
    mine = findings[(findings["signal_id"] == size_anomaly.SIGNAL_ID) & (findings["variant"] == "")]
    # Ratings are corrected among themselves, and their lists are fitted apart.
    rated = population.entries.loc[population.entries["unit"].eq(ratings.RATING), "evaluation_id"]
    mine = mine[~mine["subject_id"].isin(set(rated))]
    marked = mine[mine["level"].isin(MARKED)].set_index("subject_id")
    if not len(marked):
        return pd.DataFrame(columns=FINDING)
    frame = _about(population)
    about = frame.set_index("evaluation_id")[["is_subset", "series_id", "cluster_id"]]
    limits = _limits(mine.set_index("subject_id").join(about))
    is_marked = frame["evaluation_id"].isin(marked.index).to_numpy()
    is_pooled = is_marked & (frame["group"] == frame["pool_id"]).to_numpy()
    # A row belongs to the fitted group that a marked score was compared in: its series, or the pool around it.
    home = frame["series_id"].where(~frame["pool_id"].isin(set(frame.loc[is_pooled, "pool_id"])), frame["pool_id"])
    frame = frame.assign(home=home)
    frame = frame.loc[frame["home"].isin(set(frame.loc[is_marked, "home"])), USED]
    frame = frame.assign(weight=_weight(frame))
    rows = population.evidence.evaluations.drop_duplicates("evaluation_id").set_index("evaluation_id")
    cases = list(_cases(frame, frame["evaluation_id"].isin(marked.index).to_numpy()))
    judge_case = partial(_judge, frame=frame, rows=rows, marked=marked, limits=limits, evidence=population.evidence)
    sizes = [int(case.subjects.sum()) for case in cases]
    answers = [one for part in population.map_groups(judge_case, cases, sizes) for one in part]
    columns = {name: [one.get(name) for one in answers] for name in TOLD}
    return finding.frame(SIGNAL_ID, columns.pop("subject_id"), **columns)


def _about(population: Population) -> pd.DataFrame:
    """The entries with the group that each was compared in, and its second opinions."""
    whole, lines = population.by_size.entries, population.by_size.lines
    said = population.opinions.lines.reindex(whole["evaluation_id"]).reset_index(drop=True)
    return whole.join(said[[*factors.PLACES, *factors.NEAR]].astype(float)).assign(
        group=np.where(lines["group"] == whole["pool_id"], whole["pool_id"], whole["series_id"]),
        is_placed=lines["is_placed"].to_numpy(),
    )


def _limits(tested: pd.DataFrame) -> dict[tuple[bool, str], float]:
    """Cut-off p-value of this build, by subset or not and by side: the critical value of Benjamini and Hochberg 1995,
    near-copies on one test counting as one discovery, as in scoring/verdict/levels.py.
    """
    limits = {}
    for is_subset, group in tested[tested["p_value"].notna()].groupby("is_subset"):
        is_reached = group["q_value"].astype(float).round(levels.DECIMALS) <= levels.UNUSUAL_Q
        for side in DIRECTIONS:
            reached = group[is_reached & (group["direction"] == side)]
            n_reached = len(reached[["series_id", "cluster_id"]].drop_duplicates())
            limits[(bool(is_subset), side)] = levels.UNUSUAL_Q * max(n_reached, 1) / len(group)
    return limits


def _weight(frame: pd.DataFrame) -> np.ndarray:
    """Share of its group that a model weighs, near-copies weighing as one; 0 for rows that shape nothing."""
    counts = (frame["enters"].astype(bool) | frame["z"].notna()).astype(float)
    cluster = counts / counts.groupby([frame["home"], frame["cluster_id"]]).transform("sum").where(counts > 0, 1.0)
    return (cluster / cluster.groupby(frame["home"]).transform("sum")).to_numpy()


def _cases(frame: pd.DataFrame, is_marked: np.ndarray) -> Iterator[Case]:
    """The refits: one per variant, and one per batch of developers."""
    enters, home = frame["enters"].to_numpy(dtype=bool), frame["home"]
    middle = frame["when"].where(enters).groupby(home).transform("median")
    simple = {
        "without_mixtures": frame["is_moe"],
        "without_merges": (frame["is_merged"] == True).fillna(False),  # noqa: E712 (object column, NULL must not raise)
        "newer_half": ~(frame["when"] >= middle),
    }
    for variant, left_out in simple.items():
        yield Case(variant=variant, left_out=left_out.to_numpy(dtype=bool), subjects=is_marked)
    batch = _batches(frame, is_marked)
    last = batch.max() if (batch >= 0).any() else 0
    for k in range(last + 1):
        left_out = batch == k
        # Marked scores that no batch is for (developer unknown, or hardly a model of it) get their answer with the first.
        yield Case(
            variant="without_developer", left_out=left_out, subjects=is_marked & (left_out | ((batch < 0) & (k == 0)))
        )


def _batches(frame: pd.DataFrame, is_marked: np.ndarray) -> np.ndarray:
    """Number of the batch in which a row is left out with its developer; -1 where that is not asked."""
    batch = np.full(len(frame), -1)
    share = frame.groupby(["home", "developer"])["weight"].sum()
    asked = frame.loc[is_marked & frame["developer"].notna().to_numpy(), ["home", "developer"]].drop_duplicates()
    asked = asked.assign(share=[share.get(key, 0.0) for key in asked.itertuples(index=False, name=None)])
    asked = asked[asked["share"] >= LEAST]
    number: dict[tuple[str, str], int] = {}
    for home, mine in asked.sort_values(["home", "share", "developer"], kind="stable").groupby("home", sort=True):
        filled, last = 0.0, 0
        for developer, more in zip(mine["developer"], mine["share"], strict=True):
            if filled and filled + more > BATCH:
                filled, last = 0.0, last + 1
            filled += more
            number[(home, developer)] = last
    keys = zip(frame["home"], frame["developer"], strict=True)
    batch[:] = [number.get(key, -1) for key in keys]
    return batch


def _judge(
    case: Case, frame: pd.DataFrame, rows: pd.DataFrame, marked: pd.DataFrame, limits: dict, evidence: Evidence
) -> list[dict]:
    """Findings of one case, as the arguments of finding.frame."""
    subjects, lost = frame[case.subjects], frame[case.left_out & (frame["weight"] > 0).to_numpy()].groupby("home")
    gone = lost["model_id"].nunique()[lost["weight"].sum() >= LEAST]
    touched = set(gone.index) & set(subjects["home"])
    around = frame["home"].isin(touched).to_numpy()
    # A marked score that is left out itself is still placed, as quoted numbers are: judged, but in no fit.
    kept = frame[around & (~case.left_out | case.subjects)]
    part = rows.loc[kept["evaluation_id"]].reset_index()
    apart = set(frame.loc[around & case.left_out & case.subjects, "evaluation_id"])
    part["read_from"] = part["read_from"].astype(object).where(~part["evaluation_id"].isin(apart), "quoted")
    left = entries(Evidence(evaluations=part, asof=evidence.asof))
    asked = left["evaluation_id"].isin(subjects.loc[subjects["is_placed"], "evaluation_id"]).to_numpy()
    again = by_size.place(left, wanted=asked)
    lines = again.lines.set_index(again.entries["evaluation_id"])
    second = _second(frame[around], case.left_out[around], subjects[subjects["home"].isin(touched)])
    return [
        _tell(case.variant, row, marked.loc[row.evaluation_id], gone, lines, second, limits)
        for row in subjects.itertuples()
    ]


def _second(frame: pd.DataFrame, left_out: np.ndarray, subjects: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Second opinions' p-values on the marked scores, by (evaluation_id, column), among the models that are left."""
    asked, nulls = [], []
    cluster, model = pd.factorize(frame["cluster_id"])[0], pd.factorize(frame["model_id"])[0]
    distance = {prefix: frame[f"{prefix}z"].to_numpy() for prefix in factors.PREFIXES}
    places = frame.groupby("series_id").indices
    for name, mine in subjects.groupby("series_id", sort=True):
        for prefix, z in distance.items():
            heard = mine[mine[f"{prefix}z"].notna()]
            rows = places[name][~left_out[places[name]] & ~np.isnan(z[places[name]])]
            n_clusters = len(np.unique(cluster[rows]))
            is_enough = len(np.unique(model[rows])) >= curve.MIN_MODELS and n_clusters >= curve.MIN_CLUSTERS
            if not len(heard) or not is_enough:
                continue
            asked.append((prefix, heard))
            nulls.append(curve.null_steps(z[rows], curve.cluster_weights(cluster[rows]), n_clusters))
    found: dict[tuple[str, str], float] = {}
    for (prefix, heard), null in zip(asked, solve.together(nulls), strict=True):
        tails = curve.tails(heard[f"{prefix}z"].to_numpy(), null)
        for side in ("p_high", "p_low"):
            keys = [(i, f"{prefix}{side}") for i in heard["evaluation_id"]]
            found |= dict(zip(keys, tails[side].tolist(), strict=True))
    return found


def _tell(
    variant: str, row: Any, before: pd.Series, gone: pd.Series, lines: pd.DataFrame, second: dict, limits: dict
) -> dict:
    """One finding on one marked score."""
    words = VARIANTS[variant]
    out = {
        "subject_id": row.evaluation_id,
        "variant": variant,
        "group_id": before["group_id"],
        "observed": before["observed"],
        "direction": before["direction"],
        "level": "cannot_tell",
    }
    if variant == "without_developer" and pd.isna(row.developer):
        return out | {"reason": f"{words}: its developer is not known."}
    if row.home not in gone.index:
        same = {c: before[c] for c in KEPT} | {"level": MARKED[1]}
        return out | same | {"reason": f"{words}: hardly any are there to leave out, so it is as unusual as it was."}
    side, flip = f"p_{before['direction']}", bool(row.is_lower_better)
    line = lines.loc[row.evaluation_id] if row.is_placed else None
    left = None if line is None or pd.isna(line["is_placed"]) or not line["is_placed"] else line
    p_values = [np.nan if left is None else float(left[side])]
    p_values += [second.get((row.evaluation_id, f"{prefix}{side}"), np.nan) for prefix in factors.PREFIXES]
    p = float(combined.combine(np.array([p_values]))[0])
    if np.isnan(p) or (row.is_placed and left is None):
        return out | {"reason": f"{words}: too few comparable models are left to say."}
    suggested = [np.nan if left is None else float(left["expected"])]
    suggested += [float(getattr(row, f"{prefix}expected")) for prefix in factors.PREFIXES]
    clearest = float(judge.turned(np.array(suggested), flip)[int(np.nanargmin(p_values))])
    gap, least = abs(float(before["observed"]) - clearest), float(finding.least_gap(row.rerun_spread))
    is_rare = p <= limits[(bool(row.is_subset), before["direction"])] * (1 + TOLERANCE)
    level = levels.word(p, 0.0 if is_rare else 1.0, gap, least, None)
    numbers = {"expected": clearest, "n_comparable": before["n_comparable"], "tier": before["tier"]}
    if left is not None:
        numbers = {name: float(end) for name, end in judge.as_printed(left, flip).items()}
        numbers |= {"residual_z": float(left["z"]), "n_comparable": int(left["n_comparable"]), "tier": left["tier"]}
    text = _sentence(
        int(gone[row.home]), level, gap, p, is_rare=is_rare, is_above=(before["direction"] == "high") != flip
    )
    return out | numbers | {"p_value": p, "level": level, "reason": f"{words} {text}"}


def _sentence(n_gone: int, level: str, gap: float, p: float, *, is_rare: bool, is_above: bool) -> str:
    left = f"({n_gone:,} {'model' if n_gone == 1 else 'models'} left out)"
    if level in MARKED:
        return f"{left}: still unusual, {levels.gap_text(gap, 'above' if is_above else 'below')}."
    if is_rare:
        return f"{left}: no longer unusual, the gap shrinks to {levels.points(gap)} points."
    return f"{left}: no longer unusual, {levels.one_in(p)} would be this far out."
