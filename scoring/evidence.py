"""What the statistics may look at: one row per current evaluation, and which of them may enter a fit.

Question  Which score of which model may shape an expected value, and why may the others not?
Input     `Evidence`: the frame of current evaluations (columns COLUMNS; scores are fractions of 1 where unit is
          "fraction") and the day that it describes.
Output    `entries`: the same rows, sorted by evaluation_id, each with value (fraction, higher is better), guess
          (floor on the same scale), counted, when, enters, and for rows that cannot be placed at all the level and
          the reason.
Method    Rules in a fixed order; the first that applies gives the reason. Several runs of one model in one series are
          all placed, but one of them enters: the latest run by its stated day, then by first listing, then the
          smallest evaluation_id. The score itself never decides which run enters.
Silent    Never: every row comes back, with a reason where it is not used.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from data.vocabulary import TRAINED
from scoring.expected import judge

COLUMNS = [
    "evaluation_id",
    "model_id",
    "model_name",
    "kind",
    "series_id",
    "benchmark_id",
    "metric",
    "setting_group",
    "unit",
    "is_lower_better",
    "is_subset",
    "score",
    "score_decimals",
    "standard_error",
    "n_items",
    "is_item_count",
    "n_at_least",
    "floor",
    "ceiling",
    "ceiling_high",
    "ceiling_low",
    "human_score",
    "n_parameters",
    "n_active_parameters",
    "is_moe",
    "is_merged",
    "model_date",
    "date_basis",
    "first_seen_date",
    "evaluated_date",
    "benchmark_release_date",
    "is_dynamic",
    "is_public_test",
    "domain",
    "cluster_id",
    "root_model",
    "developer",
    "family",
    "source_id",
    "evaluator_relationship",
    "read_from",
    "data_problem",
    "rerun_spread",
    "run",
    "setting",
]
NUMBERS = [
    "score",
    "standard_error",
    "n_items",
    "n_at_least",
    "floor",
    "ceiling",
    "ceiling_high",
    "ceiling_low",
    "human_score",
    "n_parameters",
    "n_active_parameters",
    "rerun_spread",
]
DOCUMENTS = ["model_id", "benchmark_id", "status", "said_by", "evidence_date"]
TWINS = ["twin_id", "benchmark_id", "twin_benchmark_id", "metric", "is_nested", "name", "twin_name"]
DAYS = ["model_date", "first_seen_date", "evaluated_date", "benchmark_release_date"]
# Not one right answer in 100 is a broken run or a slip, rarely a weak model.
ZERO_ITEMS = 100


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """Current evaluations and the day they describe; raises ValueError when a column is missing or an id is NULL.

    twins   Pairs of benchmarks (columns TWINS): a public test and its fresh, withheld or altered twin.
    documents  What documents say of models (columns DOCUMENTS; benchmark_id NULL: of the model as a whole), marks of
            board owners among them.
    """

    evaluations: pd.DataFrame
    asof: date
    twins: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=TWINS))
    documents: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=DOCUMENTS))

    def __post_init__(self) -> None:
        missing = [c for c in COLUMNS if c not in self.evaluations.columns]
        if missing:
            raise ValueError(f"The evidence has no column {', '.join(missing)}.")
        for key in ("evaluation_id", "model_id", "series_id", "cluster_id"):
            if self.evaluations[key].isna().any():
                raise ValueError(f"The evidence has a row without {key}.")


def typed(evidence: Evidence) -> pd.DataFrame:
    """A copy with one row per evaluation_id, sorted by it; numbers are float64 (NaN: not reported), days datetime64."""
    frame = evidence.evaluations[COLUMNS].reset_index(drop=True)
    # Rows of a build come like this, and are shared with the evidence: a copy is a fifth of all that scoring holds.
    if not (frame["evaluation_id"].is_unique and frame["evaluation_id"].is_monotonic_increasing):
        frame = frame.drop_duplicates("evaluation_id").sort_values("evaluation_id", kind="stable", ignore_index=True)
    changes = {c: pd.to_numeric(frame[c]).astype(float) for c in NUMBERS if frame[c].dtype != np.float64}
    changes |= {c: pd.to_datetime(frame[c]) for c in DAYS if frame[c].dtype.kind != "M"}
    changes |= {c: _true(frame[c]) for c in ("is_lower_better", "is_subset", "is_item_count", "is_moe")}
    return frame.assign(**changes)


def _true(column: pd.Series) -> np.ndarray:
    """True where the column says True; NULL counts as not stated, hence False."""
    return (column == True).fillna(False).to_numpy(dtype=bool)  # noqa: E712 (element-wise, and NULL must not raise)


def entries(evidence: Evidence) -> pd.DataFrame:
    """Every evaluation with value, guess, counted, size, when, enters, and level and reason (None when usable)."""
    frame = typed(evidence)
    flip = frame["is_lower_better"].to_numpy()
    is_fraction = (frame["unit"] == "fraction").to_numpy()
    score = frame["score"].where(is_fraction)
    # Unknown floor: the fit starts from 0 (and the fit row says so).
    floor = frame["floor"].where(frame["floor"].between(0, 0.95))
    # Without a size there is no log; 0 and -1 are how some boards write "unknown".
    size = np.log10(frame["n_parameters"].where(frame["n_parameters"] > 0))
    level, reason = _refusals(frame, score, size)
    usable = pd.isna(level)
    return frame.assign(
        value=judge.turned(score.to_numpy(), flip),
        # A lower-is-better fraction is turned round; the score of guessing then bounds nothing from below.
        guess=floor.where(~flip, 0.0).fillna(0.0),
        counted=frame["n_items"].where(frame["is_item_count"]),
        size=size,
        when=(frame["model_date"] - pd.Timestamp(judge.EPOCH)).dt.days / judge.DAYS_A_YEAR,
        level=level,
        reason=reason,
        # A number that one source quotes from another is no second measurement: it is judged, but enters no fit.
        enters=_one_run_each(frame, usable & (frame["read_from"] != "quoted").to_numpy()),
    )


def _refusals(frame: pd.DataFrame, score: pd.Series, size: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Level and reason of rows that cannot be placed; None elsewhere. First rule wins."""
    level = np.full(len(frame), None, dtype=object)
    reason = np.full(len(frame), None, dtype=object)

    def refuse(where: pd.Series, word: str, sentence: str, of_column: pd.Series | None = None) -> None:
        """of_column   its text takes the place of {} in the sentence"""
        chosen = where.to_numpy(dtype=bool) & pd.isna(level)
        level[chosen] = word
        told = None if of_column is None else [sentence.format(text) for text in of_column[chosen].astype(str).tolist()]
        reason[chosen] = sentence if told is None else told

    problem = frame["data_problem"]
    refuse(
        problem.notna(),
        "check_data",
        "This number needs checking, starting with our copy of it. {}",
        problem,
    )
    refuse(frame["kind"] == "human", "cannot_tell", "A human result: it has no size to compare by.")
    refuse(frame["kind"] == "baseline", "cannot_tell", "A baseline, not a model: it has no size to compare by.")
    refuse(
        frame["unit"] != "fraction",
        "cannot_tell",
        "The score is not a share of right answers (its unit is {}), so it is not compared by size.",
        frame["unit"],
    )
    refuse(
        frame["setting"].astype(object).fillna("").astype(str).str.contains(TRAINED),
        "cannot_tell",
        "The model was trained on this test's own training questions: those that were not are no comparison.",
    )
    refuse(
        ~score.between(0, 1),
        "check_data",
        "This number needs checking, starting with our copy of it: it is outside 0 to 100%.",
    )
    refuse(
        (score == 0) & (frame["n_items"] >= ZERO_ITEMS) & ~frame["is_lower_better"],
        "check_data",
        "This number needs checking, starting with our copy of it: not one right answer on 100 questions or more.",
    )
    refuse(
        size.isna() & (frame["kind"] == "system"),
        "cannot_tell",
        "A system without a stated size: not compared with models of similar size.",
    )
    refuse(
        size.isna(), "cannot_tell", "The number of parameters is not reported, so there are no models of similar size."
    )
    return level, reason


def _one_run_each(frame: pd.DataFrame, usable: np.ndarray) -> np.ndarray:
    """True for the one usable run per model and series that may enter a fit."""
    order = frame.loc[
        usable, ["model_id", "series_id", "evaluated_date", "first_seen_date", "evaluation_id"]
    ].sort_values(
        ["evaluated_date", "first_seen_date", "evaluation_id"],
        ascending=[False, False, True],
        na_position="last",
        kind="stable",
    )
    chosen = order.drop_duplicates(["model_id", "series_id"]).index
    result = np.zeros(len(frame), dtype=bool)
    result[chosen] = True
    return result
