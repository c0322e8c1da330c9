"""The verdict on a rating: level, place, who stands above and below, and larger models that it beats.

Question  Is this rating unusual for a model like this, and where does the model stand on the list?
Input     scoring.expected.ratings.Ratings.
Output    Rows of the table finding; observed, expected, range and gap in rating points.
Method    scoring/verdict/opinions.py on both opinions, as for shares of right answers. The least gap that is marked is
          what levels.MIN_GAP of wins are between equals, and twice the printed standard error where that is more.
          Ratings are corrected among themselves (Benjamini and Hochberg 1995), high and low apart. Where no size is known,
          the one opinion that is left needs levels.VERY_UNUSUAL_Q. A model is larger from LARGER times the size on.
Silent    "cannot_tell" where neither opinion speaks; the place on the list is told all the same.
"""

import numpy as np
import pandas as pd

from data.vocabulary import MARKED
from scoring.expected import by_size, factors, ratings
from scoring.verdict import combined, finding, levels, opinions

LARGER = 2.0
NAMED = 2
POINTS = 100.0  # the sentences of levels.py print hundredths, which here are rating points
LEAST_GAP = 4.0 * levels.MIN_GAP * ratings.SCALE  # rating points
ONE_OPINION = " One opinion alone is not enough to mark it."
SILENT = "Too few comparable models, and too few other scores of this model, to say what it should be."


def findings(rated: ratings.Ratings, signal_id: str) -> pd.DataFrame:
    """One finding per rating."""
    frame = rated.entries.assign(standing=standings(rated.entries))
    told = rated.lines["is_placed"].to_numpy(dtype=bool) | rated.second["p_high"].notna().to_numpy()
    silent = frame[~told]
    parts = [
        _told(frame[told], rated.lines[told], rated.second[told], rated.middle[told], signal_id),
        finding.frame(
            signal_id,
            silent["evaluation_id"],
            observed=silent["score"],
            level="cannot_tell",
            reason=[f"{SILENT} {standing}" for standing in silent["standing"]],
            group_id=None,
            tier=None,
            direction=None,
        ),
    ]
    return pd.concat(parts, ignore_index=True)


def _told(
    frame: pd.DataFrame, lines: pd.DataFrame, said: pd.DataFrame, middle: np.ndarray, signal_id: str
) -> pd.DataFrame:
    """Findings on ratings of which at least one opinion speaks."""
    sized = lines["is_placed"].to_numpy(dtype=bool)
    number = {name: np.where(sized, lines[name].to_numpy(dtype=float), np.nan) for name in by_size.LINES}
    second = {name: said[name].to_numpy(dtype=float) for name in factors.PLACES}
    ranges, others = (
        {name: ratings.printed(of[name], middle) for name in ("expected", "expected_lower", "expected_upper", "mark")}
        for of in (number, second)
    )
    share = frame["value"].to_numpy()
    noise = np.nan_to_num(frame["standard_error"].to_numpy() / (share * (1.0 - share)) * ratings.SCALE)
    p_high, p_low = opinions.joined(frame, *combined.both_sides(number, said))
    levelled = opinions.assign(
        opinions.Placed(
            observed=frame["score"].to_numpy() / POINTS,
            expected=ranges["expected"] / POINTS,
            lower=ranges["expected_lower"] / POINTS,
            upper=ranges["expected_upper"] / POINTS,
            p_high=p_high,
            p_low=p_low,
            n_comparable=number["n_comparable"],
            as_far_high=number["n_as_far_high"],
            as_far_low=number["n_as_far_low"],
            rerun_spread=np.maximum(LEAST_GAP / levels.RERUN_FACTOR, noise) / POINTS,
            is_lower_better=np.zeros(len(frame), dtype=bool),
            remark=frame["standing"].to_numpy(dtype=object),
            copy_group=frame.groupby(["series_id", "cluster_id"], sort=False).ngroup().to_numpy(),
            by_size_high=number["p_high"],
            by_size_low=number["p_low"],
            second=opinions.Second(
                expected=others["expected"] / POINTS,
                lower=others["expected_lower"] / POINTS,
                upper=others["expected_upper"] / POINTS,
                p_high=second["p_high"],
                p_low=second["p_low"],
                words=np.full(len(frame), "its other scores", dtype=object),
            ),
        )
    )
    side = levelled.side
    (level, reason), (level_alone, reason_alone) = (
        _held(word, text, sized | (np.round(rare, levels.DECIMALS) <= limit))
        for word, text, rare, limit in (
            (levelled.level, levelled.reason, side.q_value, levels.VERY_UNUSUAL_Q),
            (levelled.level_alone, levelled.reason_alone, side.p_value, levels.ALONE_VERY_P),
        )
    )
    # The opinion that would notice first.
    lowest = np.fmin(ranges["mark"] - ranges["expected"], others["mark"] - others["expected"])
    return finding.frame(
        signal_id,
        frame["evaluation_id"],
        group_id=frame["series_id"],
        observed=frame["score"],
        expected=np.where(sized, ranges["expected"], others["expected"]),
        expected_lower=np.where(sized, ranges["expected_lower"], others["expected_lower"]),
        expected_upper=np.where(sized, ranges["expected_upper"], others["expected_upper"]),
        residual_z=np.where(sized, number["z"], second["z"]),
        p_value=side.p_value,
        q_value=side.q_value,
        n_comparable=np.where(sized, number["n_comparable"], said["n_comparable"].to_numpy(dtype=float)),
        n_as_far=levelled.n_as_far,
        tier=np.where(sized, lines["tier"], "A"),
        level=level,
        direction=side.direction,
        reason=reason,
        markable_gap=np.maximum(lowest, LEAST_GAP),
        level_alone=np.where(reason_alone != reason, level_alone, np.array([None])),
        reason_alone=np.where(reason_alone != reason, reason_alone, np.array([None])),
    )


def _held(level: np.ndarray, reason: np.ndarray, is_enough: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Level and sentence, in which one opinion alone marks nothing."""
    is_alone = np.isin(level.astype(str), MARKED) & ~is_enough
    return np.where(is_alone, "somewhat", level), np.where(is_alone, reason + ONE_OPINION, reason)


def standings(frame: pd.DataFrame) -> list[str]:
    """Where each rating stands on its list: place, neighbours, and the larger models that it stands above."""
    told = np.full(len(frame), "", dtype=object)
    order = np.lexsort((frame["evaluation_id"], -frame["score"]))
    for places in frame.iloc[order].groupby("series_id", sort=True).indices.values():
        part = frame.iloc[order[places]]
        models = part.drop_duplicates("model_id")
        facts = [models[name].to_numpy() for name in ("model_id", "model_name", "score", "size", "when")]
        rows = zip(order[places], *(part[name] for name in ("model_id", "score", "size", "when")), strict=True)
        for place, own, *about in rows:
            others = facts[0] != own
            told[place] = _standing(*about, *(column[others] for column in facts[1:]))
    return told.tolist()


def _standing(
    own: float, own_size: float, own_day: float, name: np.ndarray, score: np.ndarray, size: np.ndarray, when: np.ndarray
) -> str:
    """One text; name, score, size and day of all other models, best first."""
    after = int(np.sum(score > own))
    parts = [f"Place {after + 1} of {len(score) + 1} on this list"]
    parts += [f"after {name[after - 1]} ({score[after - 1]:.0f})"] if after else []
    parts += [f"before {name[after]} ({score[after]:.0f})"] if after < len(score) else []
    text = ", ".join(parts) + "."
    # Unknown sizes and days compare as False.
    larger = (size >= own_size + np.log10(LARGER)) & (when <= own_day)
    n_larger, beaten = int(larger.sum()), np.flatnonzero(larger & (score < own))
    if not n_larger:
        return text
    whose = f"{n_larger} model{'s' if n_larger > 1 else ''} of at least twice its size and no later date"
    if not len(beaten):
        return f"{text} Of {whose} none stands below it."
    first = ", ".join(f"{name[i]} ({score[i]:.0f})" for i in beaten[:NAMED])
    return f"{text} Of {whose} {len(beaten)} stand{'s' if len(beaten) == 1 else ''} below it, first {first}."
