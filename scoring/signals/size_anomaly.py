"""Size anomaly: how far a score is from what models of similar size and date get on the same test.

Question  Given how large and how new a model is, how unusual is this score?
Input     Evidence; used are score (fraction), total parameters (a count; for a mixture of experts too the total,
          which its row says), model date and its basis, number of questions, score of guessing, and clusters of
          near-copies.
Output    One finding per current evaluation: observed, expected and the 90% range (fractions; of ratings, rating points), residual_z, one-sided
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
          added to its range. Where the score of guessing is unknown, the curve starts from 0. Several readings of a model
          in a series are judged together: the least extreme one speaks. A score inside the range of similar models is never
          marked by its other scores alone, and scoring/verdict/holds.py holds back marks that have a plainer explanation. A
          low mark needs a second witness, another test or another run (scoring/verdict/support.py); what only one run
          speaks for is called by its name and is to be checked, no low score. One run has one mark, whatever the metrics it
          is told in, and of near-copies that are low on a series only the clearest is marked. markable_gap is
          the smallest gap above the expected score that would be marked at p = 2e-5, about where the correction of a list
          of this size stands; where not even a full score would be, "usual" becomes "cannot_tell". Ratings by votes are placed on their own linear scale (scoring/expected/ratings.py), with
          the place on the list in the sentence (scoring/verdict/rated.py).
Silent    "cannot_tell" without a size and enough other scores, with a unit other than fraction or rating, for humans and
          baselines, with fewer than 20 comparable models (10 clusters), and where half of them have one and the same
          score; "check_data" for scores with a data
          problem and for an exact 0 of 100 questions or more. Both leave every fit.
"""

import numpy as np
import pandas as pd

from data.vocabulary import DOUBTS, MARKED
from scoring.answers import makers
from scoring.evidence import ZERO_ITEMS
from scoring.expected import curve, factors, judge, ratings
from scoring.expected.by_size import LINES, BySize
from scoring.expected.population import Population
from scoring.results import FIT, SignalRows
from scoring.verdict import combined, finding, holds, levels, opinions, support
from scoring.verdict import rated as rated_findings

TITLE = "Score for size and date"
QUESTION = "Is this score far from what models of similar size and date get on the same test?"
METHOD_VERSION = "10"
# At the level of guessing (see ingest/failed_runs.py, which finds such runs before anything is fitted).
GUESS_ERRORS, GUESS_LEAST, NO_GUESS = 2.5, 0.015, 0.04
NONE = np.array([None])  # the level of a list and that of a single score are mostly the same
THRESHOLDS = {
    "min_models": curve.MIN_MODELS,
    "min_clusters": curve.MIN_CLUSTERS,
    "max_tied": curve.MAX_TIED,
    **levels.THRESHOLDS,
    "very_unusual_q": levels.VERY_UNUSUAL_Q,
    "opinions": list(combined.OPINIONS),
    "opinion_weights": list(combined.WEIGHTS),
    "opinion_weights_without_copies": list(combined.NO_COPIES),
    "guess_errors": GUESS_ERRORS,
    "guess_least": GUESS_LEAST,
    "no_guess": NO_GUESS,
    "zero_items": ZERO_ITEMS,
    "whole_run": [support.WHOLE_RUN, support.WHOLE_SHARE],
    "elsewhere": support.ELSEWHERE,
    "low_together": [support.LOW_TESTS, support.LOW_MIDDLE],
}
SIGNAL_ID = "size_anomaly"


def compute(population: Population) -> SignalRows:
    """One finding per evaluation and one fit per group that could be fitted."""
    by_size = population.by_size
    fits = pd.DataFrame([(SIGNAL_ID, *row, METHOD_VERSION) for row in by_size.fits], columns=FIT)
    second = population.opinions.lines.reindex(by_size.entries["evaluation_id"])
    found = _findings(by_size, second, population.once(makers.of_entries))
    rated = ratings.place(population.entries, population.map_groups)
    if rated is not None:
        mine = rated_findings.findings(rated, SIGNAL_ID)
        found = pd.concat([found[~found["subject_id"].isin(set(mine["subject_id"]))], mine])
        found = found.sort_values("subject_id", kind="stable", ignore_index=True)
    return SignalRows(findings=found, fits=fits)


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


def _second(part: pd.DataFrame, said: pd.DataFrame, is_high: np.ndarray) -> opinions.Second:
    """The clearer of the two second opinions on each score, in the direction in which the test prints it."""
    number = {name: said[name].to_numpy(dtype=float) for name in factors.LINE}
    far, near = (np.where(is_high, number[f"{a}p_high"], number[f"{a}p_low"]) for a in factors.PREFIXES)
    is_near = np.where(np.isnan(near), False, ~(far < near))
    clearer, other = (
        {name: np.where(where, number[f"near_{name}"], number[name]) for name in factors.PLACES}
        for where in (is_near, ~is_near)
    )
    band, beside = (judge.as_printed(places, part["is_lower_better"].to_numpy()) for places in (clearer, other))
    near_words, far_words = "its other scores and near-copies", "its other scores"
    observed, lower, upper = part["score"].to_numpy(), beside["expected_lower"], beside["expected_upper"]
    who = np.where(is_near, f"{far_words} alone", near_words)
    is_borne_out = (observed >= lower) & (observed <= upper)
    borne_out = np.full(len(part), "", dtype=object)
    for place in np.flatnonzero(is_borne_out):
        borne_out[place] = f"{who[place]} suggest ({levels.between(lower[place], upper[place], observed[place])})"
    return opinions.Second(
        expected=band["expected"],
        lower=band["expected_lower"],
        upper=band["expected_upper"],
        p_high=clearer["p_high"],
        p_low=clearer["p_low"],
        words=np.where(is_near, near_words, far_words).astype(object),
        borne_out=borne_out,
    )


def _findings(by_size: BySize, second: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """One finding per entry: tested ones with their numbers, the others with their reason; known: entries with makers."""
    frame, lines = by_size.entries, by_size.lines
    usable = pd.isna(frame["level"]).to_numpy()
    has_other_scores = second["p_high"].notna().to_numpy() & (usable | frame["size"].isna().to_numpy())
    is_tested = lines["is_placed"].to_numpy() | has_other_scores
    parts = [
        _tested(frame[is_tested], lines[is_tested], second[is_tested], known),
        _untested(frame[~is_tested], lines[~is_tested], usable[~is_tested]),
    ]
    order = np.concatenate([np.flatnonzero(is_tested), np.flatnonzero(~is_tested)])
    return pd.concat(parts, ignore_index=True).iloc[np.argsort(order)].reset_index(drop=True)


def _untested(part: pd.DataFrame, line: pd.DataFrame, usable: np.ndarray) -> pd.DataFrame:
    """Findings on scores that nothing speaks about, with the reason."""
    reason = part["reason"].to_numpy(dtype=object, copy=True)
    few = line.loc[usable, ["n_comparable", "is_tied"]]
    reason[usable] = [_too_few(*row) for row in few.itertuples(index=False, name=None)]
    return finding.frame(
        SIGNAL_ID,
        part["evaluation_id"],
        observed=part["score"].where(part["unit"] == "fraction"),
        n_comparable=line["n_comparable"],
        level=np.where(usable, "cannot_tell", part["level"]),
        reason=reason,
        group_id=None,
        tier=None,
        direction=None,
    )


def _tested(part: pd.DataFrame, line: pd.DataFrame, said: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Findings on scores that size and date, other scores or both speak about."""
    sized = line["is_placed"].to_numpy()
    # A group too small to speak by size keeps no numbers of its own.
    number = {name: np.where(sized, line[name].to_numpy(dtype=float), np.nan) for name in LINES}
    flip, observed = part["is_lower_better"].to_numpy(), part["score"].to_numpy()
    band = judge.as_printed(number, flip)
    p_high, p_low = opinions.joined(part, *combined.both_sides(number, said))
    opinion = _second(part, said, p_high <= p_low)
    levelled = opinions.assign(
        opinions.Placed(
            observed=observed,
            expected=band["expected"],
            lower=band["expected_lower"],
            upper=band["expected_upper"],
            p_high=p_high,
            p_low=p_low,
            n_comparable=number["n_comparable"],
            as_far_high=number["n_as_far_high"],
            as_far_low=number["n_as_far_low"],
            rerun_spread=part["rerun_spread"].to_numpy(),
            is_lower_better=flip,
            remark=_remarks_of(part, line, sized),
            correction_group=part["is_subset"].to_numpy(),
            copy_group=part.groupby(["series_id", "cluster_id"], sort=False).ngroup().to_numpy(),
            by_size_high=number["p_high"],
            by_size_low=number["p_low"],
            second=opinion,
        )
    )
    lows = support.Lows(
        rows=part,
        p_low=p_low,
        by_size=number["p_low"],
        lower=np.fmin(number["expected_lower"], said["expected_lower"].to_numpy(dtype=float)),
        is_at_guess=_at_guess(part),
    )
    markable = _markable(number, said)
    q_alone = np.where(levelled.side.p_value <= levels.ALONE_VERY_P, 0.0, 1.0)
    (level, reason), (level_alone, reason_alone) = (
        _blind(*_weighed(part, number, sized, q, levelled.side, lows, *told, known), markable)
        for q, told in (
            (levelled.side.q_value, (levelled.level, levelled.reason)),
            (q_alone, (levelled.level_alone, levelled.reason_alone)),
        )
    )
    is_other = (level_alone != level) | (reason_alone != reason)
    return finding.frame(
        SIGNAL_ID,
        part["evaluation_id"],
        group_id=np.where(sized, line["group"], part["series_id"]),
        observed=observed,
        expected=np.where(sized, band["expected"], opinion.expected),
        expected_lower=np.where(sized, band["expected_lower"], opinion.lower),
        expected_upper=np.where(sized, band["expected_upper"], opinion.upper),
        residual_z=np.where(sized, number["z"], said["near_z"].astype(float).fillna(said["z"].astype(float))),
        p_value=levelled.side.p_value,
        p_value_normal=levelled.side.pick(number["normal_high"], number["normal_low"]),
        q_value=levelled.side.q_value,
        n_comparable=np.where(sized, number["n_comparable"], said["n_comparable"].astype(float)),
        n_as_far=levelled.n_as_far,
        tier=np.where(sized, line["tier"], "A"),
        level=level,
        direction=levelled.side.direction,
        reason=reason,
        markable_gap=markable,
        level_alone=np.where(is_other, level_alone, NONE),
        reason_alone=np.where(is_other, reason_alone, NONE),
    )


def _blind(level: np.ndarray, reason: np.ndarray, markable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Level and reason, in which an ordinary score says nothing where not even a full score could have been marked."""
    is_blind = (level == "usual") & np.isnan(markable)
    return np.where(is_blind, "cannot_tell", level), np.where(is_blind, reason + f" {levels.NO_POWER}", reason)


def _remarks_of(part: pd.DataFrame, line: pd.DataFrame, sized: np.ndarray) -> np.ndarray:
    """All remarks of every row in one text."""
    rows = zip(_remarks(part, line, sized), _readings(part), strict=True)
    return np.array([" ".join(filter(None, row)) for row in rows], dtype=object)


def _readings(part: pd.DataFrame) -> np.ndarray:
    """A remark on scores of models with several readings in a series, "" elsewhere."""
    group = part.groupby(["model_id", "series_id"], sort=False)["score"]
    count, lowest, highest = (group.transform(name).to_numpy() for name in ("size", "min", "max"))
    told = [
        f"One of {n} readings ({100 * a:.1f} to {100 * b:.1f}), which are judged together." if n > 1 else ""
        for n, a, b in zip(count, lowest, highest, strict=True)
    ]
    return np.array(told, dtype=object)


def _weighed(
    part: pd.DataFrame,
    number: dict[str, np.ndarray],
    sized: np.ndarray,
    q_value: np.ndarray,
    side: finding.Sides,
    lows: support.Lows,
    level: np.ndarray,
    reason: np.ndarray,
    known: pd.DataFrame,
) -> tuple[np.ndarray, np.ndarray]:
    """Level and reason after everything that may explain a mark has been asked, on the low side and on the high one."""
    told = _doubted(lows, side, level, reason, known)
    return _once(part, side, *_held(part, number, sized, q_value, side, *told, known))


def _at_guess(part: pd.DataFrame) -> np.ndarray:
    """Whether a score is at the level of guessing, or what a parser finds in the wrong text where nothing can be guessed."""
    guess, items = part["guess"].to_numpy(), part["n_items"].fillna(judge.CORRECTION_ITEMS).to_numpy()
    error = np.sqrt(guess * (1 - guess) / items)
    limit = np.where(guess > 0, guess + np.maximum(GUESS_ERRORS * error, GUESS_LEAST), NO_GUESS)
    # Nothing right of a few questions is an ordinary result where nothing can be guessed.
    is_asked = ((guess > 0) | (items >= ZERO_ITEMS)) & ~part["is_lower_better"].to_numpy()
    return is_asked & (part["value"].to_numpy() <= limit)


def _doubted(
    lows: support.Lows, side: finding.Sides, level: np.ndarray, reason: np.ndarray, known: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Level and reason, in which a low mark that only one run speaks for is no low score."""
    places = np.flatnonzero(np.isin(level.astype(str), MARKED) & (side.direction == "low"))
    if not len(places):
        return level, reason
    level, reason = level.copy(), reason.copy()
    for place, said in zip(places, support.sentences(lows, places, known), strict=True):
        is_doubted = said.startswith(DOUBTS)
        level[place] = "check_data" if is_doubted else level[place]
        reason[place] = f"{said} {reason[place]}" if is_doubted else f"{reason[place]} {said}"
    return level, reason


def _once(
    part: pd.DataFrame, side: finding.Sides, level: np.ndarray, reason: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Level and reason, in which one run has one mark, whatever the metrics it is told in, and near-copies have one low mark.
    The clearest stays.
    """
    places = np.flatnonzero(np.isin(level.astype(str), MARKED))
    if not len(places):
        return level, reason
    level, reason = level.copy(), reason.copy()
    rows = part.iloc[places].assign(
        place=places,
        p=side.p_value[places],
        direction=side.direction[places],
        stem=part["benchmark_id"].str.split("@").str[0],
    )
    rows = rows.sort_values(["p", "evaluation_id"], kind="stable")
    is_again = rows.duplicated(["model_id", "source_id", "benchmark_id", "direction"])
    # The same answers, counted again under the next version of a test.
    is_again |= rows.duplicated(["model_id", "source_id", "stem", "score", "direction"])
    is_copy = rows.duplicated(["cluster_id", "series_id", "direction"]) & (rows["direction"] == "low") & ~is_again
    level[rows["place"][is_again | is_copy]] = "somewhat"
    reason[rows["place"][is_again]] += " The model is marked for it once already."
    reason[rows["place"][is_copy]] += " A near-copy of it is marked for the same."
    return level, reason


def _held(
    part: pd.DataFrame,
    number: dict[str, np.ndarray],
    sized: np.ndarray,
    q_value: np.ndarray,
    side: finding.Sides,
    level: np.ndarray,
    reason: np.ndarray,
    known: pd.DataFrame,
) -> tuple[np.ndarray, np.ndarray]:
    """Level and reason, in which a high mark that a plainer explanation holds back is "somewhat"."""
    is_asked = np.isin(level.astype(str), MARKED) & (side.direction == "high")
    is_asked &= (part["kind"] != "demonstration").to_numpy()
    places = np.flatnonzero(is_asked)
    if not len(places):
        return level, reason
    marked = known.loc[part.index[places]]
    least = finding.least_gap(marked["rerun_spread"].to_numpy())
    said = holds.sentences(marked, number["expected_upper"][places], q_value[places], sized[places], least, known)
    level, reason = level.copy(), reason.copy()
    level[places] = np.where(said != "", "somewhat", level[places])
    reason[places] = reason[places] + said
    return level, reason


def _markable(number: dict[str, np.ndarray], said: pd.DataFrame) -> np.ndarray:
    """Smallest gap above the expected score that would be marked, a fraction; NaN where not even a full score would be.

    The opinion that would notice first counts. Its p-value has to be MARK_P times its share of the weight.
    """
    near = said["near_p_high"].notna().to_numpy()
    columns = []
    for name, lines in (("", number), ("", said), ("near_", said)):
        mark = np.where(near, lines[f"{name}mark_near"], lines[f"{name}mark"]).astype(float)
        expected = np.asarray(lines[f"{name}expected"], dtype=float)
        columns.append(np.where(mark < 1.0, np.maximum(mark - expected, levels.MIN_GAP), np.nan))
    found = np.column_stack(columns)
    lowest = np.where(np.isnan(found), np.inf, found).min(axis=1)
    return np.where(np.isinf(lowest), np.nan, lowest)


def _too_few(n_comparable: float, is_tied: bool) -> str:
    if is_tied:
        return "At least half of the comparable models have one and the same score, so their spread cannot be levelled."
    if n_comparable < curve.MIN_MODELS:
        return f"Not enough comparable scores to say: {int(n_comparable)} other models with a known size."
    return f"Not enough comparable scores to say: {int(n_comparable)} other models, mostly near-copies of each other."
