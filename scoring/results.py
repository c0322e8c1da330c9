"""Shapes of what the statistics return: the columns of the tables of the same names in data/schema.sql."""

from dataclasses import dataclass, field

import pandas as pd

FINDING = [
    "signal_id",
    "subject_kind",
    "subject_id",
    "variant",
    "other_evaluation_id",
    "group_id",
    "observed",
    "expected",
    "expected_lower",
    "expected_upper",
    "residual_z",
    "p_value",
    "p_value_normal",
    "q_value",
    "n_comparable",
    "n_as_far",
    "tier",
    "level",
    "direction",
    "reason",
    "markable_gap",
    "level_alone",
    "reason_alone",
]
TREND = ["signal_id", "series_id", "month", "statistic", "value", "value_text"]
FIT = ["signal_id", "group_id", "tier", "n_rows", "n_clusters", "parameters", "method_version"]
STACKED = {"finding": FINDING, "trend": TREND, "fit": FIT}  # tables to which several statistics add
SUMMARY = [
    "model_id",
    "n_evaluations",
    "n_tested",
    "n_unusual_high",
    "n_unusual_low",
    "mean_z",
    "p_value",
    "q_value",
    "level",
    "direction",
    "reason",
]
ANSWERS = ("benchmark_answer", "benchmark_alternative", "family_answer", "maker")
SIGNAL = ["signal_id", "title", "question", "method", "thresholds", "method_version"]


@dataclass(frozen=True, kw_only=True)
class SignalRows:
    """What one signal returns: frames with the columns FINDING, TREND and FIT (any of them may be empty)."""

    findings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=FINDING))
    trends: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=TREND))
    fits: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=FIT))


@dataclass(frozen=True, kw_only=True)
class Results:
    """Everything the scoring half says; see the tables of the same names. answers: one frame per name in ANSWERS."""

    findings: pd.DataFrame
    trends: pd.DataFrame
    fits: pd.DataFrame
    summaries: pd.DataFrame
    signals: pd.DataFrame
    answers: dict[str, pd.DataFrame]
