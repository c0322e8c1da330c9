"""The only door to the database: writes a fresh file and swaps it in, reads views with parameterised queries.

Question  Where do tables live, and are they fit to be read?
Input     frames with the columns of data/schema.sql; on the reading side a view's name and conditions on its columns.
Output    `<folder>/benchmarks-<stamp>.duckdb` and a pointer file `current` that names it; frames.
Method    A database that the app has open is never written: a new file is built beside it, validated, checkpointed,
          flushed to disk, then the pointer is replaced in one step. Readers open files by their versioned name, because
          DuckDB would hand out its cached instance of an equal path. Names sort in the order of writing whatever the
          clock says. The last KEEP files stay, and for links into the past the last one of each of DAYS days.
Silent    Never: a table that breaks a rule raises InvalidData with one sentence, and the old database stays. Where the
          current file is gone, cut short or of another schema, the newest one beside it that can be read is current.
"""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from data import vocabulary

ROOT = Path(__file__).parent
SCHEMA = ROOT / "data" / "schema.sql"
KEEP = 3  # newest builds that are kept: pages may be reading the one before; one build is about 100 MB
DAYS = 5  # as-of days whose last build is kept, for links into the past
NAME = re.compile(r"benchmarks-(\d{8}T\d{12})Z\.duckdb")
STAMP = "%Y%m%dT%H%M%S%f"
HEADERS = 3 * 4096  # bytes of a DuckDB file before its blocks
MEMORY, SPILL, THREADS = "1GB", "1GB", 2  # at most, of one reading connection: a page takes the host from nobody
ABANDONED = 86_400  # seconds after which an unfinished file belongs to no running build
DIGITS, BITS = 9, 30  # significant digits of a number that count in a fingerprint, and the bits of as many
TEXT_TYPES = ("VARCHAR", "DATE", "TIMESTAMP")
NUMBER = re.compile(r"-?\d+\.\d+(?:[eE][-+]?\d+)?")
ENVIRONMENT = "BENCHMARK_DB"  # folder of the database files; default data/database

# What a query raises where a block of the file is not what was written, or where it needs more than its limits.
DAMAGED = (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException, duckdb.OutOfMemoryException)

KEYS = {
    "source": ["source_id"],
    "snapshot": ["snapshot_id"],
    "model": ["model_id"],
    "benchmark": ["benchmark_id"],
    "alias": ["kind", "name_key"],
    "twin": ["twin_id"],
    "series": ["series_id"],
    "evaluation": ["evaluation_id"],
    "sighting": ["evaluation_id", "snapshot_id"],
    "signal": ["signal_id"],
    "fit": ["signal_id", "group_id"],
    "finding": ["signal_id", "subject_kind", "subject_id", "variant"],
    "trend": ["signal_id", "series_id", "month", "statistic"],
    "model_summary": ["model_id"],
    "benchmark_answer": ["benchmark_id"],
    "benchmark_alternative": ["benchmark_id", "alternative_id"],
    "family_answer": ["group_kind", "group_name", "subject_kind", "subject_id"],
    "maker": ["developer"],
    "incident": ["incident_id"],
    "build": ["name"],
}
REFERENCES = (
    ("snapshot", "source_id", "source", "source_id"),
    ("series", "benchmark_id", "benchmark", "benchmark_id"),
    ("twin", "benchmark_id", "benchmark", "benchmark_id"),
    ("twin", "twin_benchmark_id", "benchmark", "benchmark_id"),
    ("evaluation", "model_id", "model", "model_id"),
    ("evaluation", "series_id", "series", "series_id"),
    ("evaluation", "benchmark_id", "benchmark", "benchmark_id"),
    ("evaluation", "source_id", "source", "source_id"),
    ("evaluation", "snapshot_id", "snapshot", "snapshot_id"),
    ("evaluation", "supersedes_id", "evaluation", "evaluation_id"),
    ("sighting", "evaluation_id", "evaluation", "evaluation_id"),
    ("sighting", "snapshot_id", "snapshot", "snapshot_id"),
    ("evaluation_change", "evaluation_id", "evaluation", "evaluation_id"),
    ("level_change", "evaluation_id", "evaluation", "evaluation_id"),
    ("trend", "series_id", "series", "series_id"),
    ("model_summary", "model_id", "model", "model_id"),
    ("finding", "signal_id", "signal", "signal_id"),
    ("benchmark_answer", "benchmark_id", "benchmark", "benchmark_id"),
    ("benchmark_answer", "best_evaluation_id", "evaluation", "evaluation_id"),
    ("benchmark_alternative", "benchmark_id", "benchmark", "benchmark_id"),
    ("benchmark_alternative", "alternative_id", "benchmark", "benchmark_id"),
    ("review", "evaluation_id", "evaluation", "evaluation_id"),
)
# Closed ranges; NULL is always allowed here, NOT NULL is the schema's business.
RANGES = {
    ("benchmark", "floor"): (0, 1),
    ("benchmark", "ceiling"): (0, 1),
    ("benchmark", "human_score"): (0, 1),
    ("benchmark", "n_items"): (1, None),
    ("model", "n_parameters"): (1, None),
    ("model", "n_active_parameters"): (1, None),
    ("evaluation", "standard_error"): (0, None),
    ("evaluation", "score_decimals"): (0, None),
    ("evaluation", "n_sightings"): (1, None),
    ("finding", "p_value"): (0, 1),
    ("finding", "q_value"): (0, 1),
    ("model_summary", "p_value"): (0, 1),
    ("model_summary", "q_value"): (0, 1),
}

# What pages and exports read. One definition each, so that a page and the file it offers cannot disagree.
VIEWS = {
    "scores": """
        SELECT e.evaluation_id, e.model_id, m.name AS model_name, m.kind, m.developer, m.family, m.family_basis,
            m.series AS model_series, m.base_model, m.root_model, m.model_date, m.date_basis, m.n_parameters,
            m.n_active_parameters, m.size_precision, m.size_note, m.is_moe, m.is_merged, m.is_open_weights,
            m.maintainer_flag, e.benchmark_id, b.name AS benchmark_name, b.version AS benchmark_version, b.domain,
            e.series_id, e.metric, e.setting, s.setting_group, s.unit, s.is_lower_better, e.n_items, e.score,
            e.score_reported, e.score_unit, e.score_decimals, e.standard_error, e.uncertainty_reported,
            e.evaluator_relationship, e.read_from, e.evaluated_date, e.first_seen_date, e.last_seen_date,
            e.n_sightings, e.status, e.supersedes_id, e.is_subset, e.data_problem, e.model_reported,
            e.benchmark_reported, e.note, e.run, e.source_id, o.title AS source_title, e.locator, e.snapshot_id,
            e.source_url, e.licence, o.attribution, o.is_redistributable
        FROM evaluation e JOIN model m USING (model_id) JOIN benchmark b ON b.benchmark_id = e.benchmark_id
        JOIN series s ON s.series_id = e.series_id JOIN source o ON o.source_id = e.source_id""",
    "anomalies": """
        SELECT e.evaluation_id, e.model_id, m.name AS model_name, m.kind, m.developer, m.family,
            m.series AS model_series, m.model_date, m.date_basis, m.n_parameters, m.n_active_parameters, m.is_moe,
            m.is_merged, m.root_model, m.cluster_id, m.maintainer_flag, e.benchmark_id, b.name AS benchmark_name,
            b.version AS benchmark_version, b.domain, e.series_id, e.metric, e.setting, s.setting_group, e.n_items,
            s.unit, e.is_subset, e.score, e.score_reported, e.score_unit, f.signal_id, f.variant, f.group_id,
            f.expected, f.expected_lower, f.expected_upper,
            -- Positive is better than expected, as in residual_z and direction.
            CASE WHEN s.is_lower_better THEN f.expected - f.observed ELSE f.observed - f.expected END AS gap,
            f.residual_z, f.p_value, f.p_value_normal, f.q_value, f.n_comparable, f.n_as_far, f.tier, f.level,
            f.direction, f.reason, f.markable_gap, COALESCE(f.level_alone, f.level) AS level_alone,
            COALESCE(f.reason_alone, f.reason) AS reason_alone,
            CASE WHEN f.signal_id = 'size_anomaly' THEN z.still_without_mixtures END AS still_without_mixtures,
            CASE WHEN f.signal_id = 'size_anomaly' THEN z.still_without_merges END AS still_without_merges,
            CASE WHEN f.signal_id = 'size_anomaly' THEN z.still_without_developer END AS still_without_developer,
            CASE WHEN f.signal_id = 'size_anomaly' THEN z.still_in_newer_half END AS still_in_newer_half,
            t.method_version, e.evaluator_relationship, e.read_from, e.evaluated_date, e.first_seen_date,
            e.data_problem, e.source_id, o.title AS source_title, e.locator, e.source_url, e.licence, o.attribution,
            o.is_redistributable
        FROM finding f JOIN evaluation e ON f.subject_kind = 'evaluation' AND f.subject_id = e.evaluation_id
        JOIN model m USING (model_id) JOIN benchmark b ON b.benchmark_id = e.benchmark_id
        JOIN series s ON s.series_id = e.series_id JOIN source o ON o.source_id = e.source_id
        JOIN signal t ON t.signal_id = f.signal_id
        LEFT JOIN (
            SELECT subject_id,
                MAX(still) FILTER (variant = 'without_mixtures') AS still_without_mixtures,
                MAX(still) FILTER (variant = 'without_merges') AS still_without_merges,
                MAX(still) FILTER (variant = 'without_developer') AS still_without_developer,
                MAX(still) FILTER (variant = 'newer_half') AS still_in_newer_half
            FROM (SELECT subject_id, variant,
                    CASE level WHEN 'unusual' THEN 'yes' WHEN 'cannot_tell' THEN 'cannot tell' ELSE 'no' END AS still
                  FROM finding WHERE signal_id = 'sensitivity')
            GROUP BY subject_id) z
        -- The answers are about the headline verdict; a condition on the left side here would double the time of a count.
        ON z.subject_id = f.subject_id""",
    # One row per score on a twin, beside the public score of the same model.
    "twin_gaps": """
        SELECT w.twin_id, w.kind AS twin_kind, w.what_differs, w.usual_change, w.is_nested,
            w.source_url AS twin_source_url, e.evaluation_id, e.model_id, m.name AS model_name, m.kind, m.developer,
            m.family, m.n_parameters, m.model_date, w.benchmark_id, b.name AS benchmark_name, w.twin_benchmark_id,
            a.name AS twin_benchmark_name, e.metric, u.evaluation_id AS public_evaluation_id, u.score AS public_score,
            u.score_reported AS public_score_reported, e.score, e.score_reported, f.expected, f.expected_lower,
            f.expected_upper, f.observed - f.expected AS gap, f.residual_z, f.p_value, f.p_value_normal, f.q_value,
            f.n_comparable, f.n_as_far, f.tier, f.level, f.direction, f.reason, t.method_version,
            e.evaluator_relationship, e.setting, e.first_seen_date, e.source_id, o.title AS source_title, e.source_url,
            u.source_url AS public_source_url, e.licence, u.licence AS public_licence, o.attribution,
            o.is_redistributable AND v.is_redistributable AS is_redistributable
        FROM finding f JOIN twin w ON f.signal_id = 'twin_gap' AND w.twin_id = f.variant
        JOIN evaluation e ON e.evaluation_id = f.subject_id JOIN evaluation u ON u.evaluation_id = f.other_evaluation_id
        JOIN model m ON m.model_id = e.model_id JOIN benchmark b ON b.benchmark_id = w.benchmark_id
        JOIN benchmark a ON a.benchmark_id = w.twin_benchmark_id JOIN source o ON o.source_id = e.source_id
        JOIN source v ON v.source_id = u.source_id JOIN signal t ON t.signal_id = f.signal_id""",
    "saturation": """
        SELECT s.series_id, s.benchmark_id, b.name AS benchmark_name, b.version AS benchmark_version, b.domain,
            s.metric, s.setting_group, s.unit, s.is_lower_better, s.is_subset, t.month,
            MAX(t.value) FILTER (t.statistic = 'n_models') AS n_models, s.n_items,
            MAX(t.value) FILTER (t.statistic = 'best') AS best,
            MAX(t.value) FILTER (t.statistic = 'best_error') AS best_error,
            MAX(t.value_text) FILTER (t.statistic = 'best_model') AS best_model,
            MAX(t.value) FILTER (t.statistic = 'kth_best') AS kth_best,
            MAX(t.value) FILTER (t.statistic = 'kth_best_raw') AS kth_best_raw,
            MAX(t.value) FILTER (t.statistic = 'k') AS k,
            MAX(t.value) FILTER (t.statistic = 'tie_group_size') AS tie_group_size,
            MAX(t.value_text) FILTER (t.statistic = 'tie_group') AS tie_group,
            MAX(t.value_text) FILTER (t.statistic = 'error_basis') AS error_basis,
            MAX(t.value) FILTER (t.statistic = 's_index_sqrt_n') AS s_index_sqrt_n,
            MAX(t.value) FILTER (t.statistic = 's_index_n') AS s_index_n,
            MAX(t.value) FILTER (t.statistic = 'headroom') AS headroom,
            MAX(t.value) FILTER (t.statistic = 'n_recent') AS n_recent,
            MAX(t.value) FILTER (t.statistic = 'discrimination') AS discrimination,
            MAX(t.value) FILTER (t.statistic = 'share_near_ceiling') AS share_near_ceiling,
            MAX(t.value_text) FILTER (t.statistic = 'date_basis') AS date_basis,
            MAX(t.value_text) FILTER (t.statistic = 'renewal') AS renewal,
            b.floor, b.ceiling, b.ceiling_low, b.ceiling_high, b.ceiling_basis, b.ceiling_source_url, b.human_score,
            MAX(t.value_text) FILTER (t.statistic = 'status') AS status,
            MAX(t.value_text) FILTER (t.statistic = 'reason') AS reason,
            b.release_date AS benchmark_release_date, b.is_public_test, b.is_dynamic, s.n_evaluations,
            x.source_ids, x.source_url, x.licences, x.newest_score_date, x.is_redistributable
        FROM trend t JOIN series s USING (series_id) JOIN benchmark b ON b.benchmark_id = s.benchmark_id
        JOIN (SELECT e.series_id, STRING_AGG(DISTINCT e.source_id, '; ' ORDER BY e.source_id) AS source_ids,
                COALESCE(MIN(o.url), '') AS source_url,
                STRING_AGG(DISTINCT e.licence, '; ' ORDER BY e.licence) AS licences,
                MAX(e.last_seen_date) AS newest_score_date, BOOL_AND(o.is_redistributable) AS is_redistributable
              FROM evaluation e JOIN source o USING (source_id) GROUP BY e.series_id) x ON x.series_id = s.series_id
        WHERE t.signal_id = 'saturation'
        GROUP BY ALL""",
    # One row per series: the month of the evidence, and the fan at its end. The months between stand in `trend`.
    "outlook": """
        SELECT s.series_id, s.benchmark_id, b.name AS benchmark_name, b.version AS benchmark_version, s.metric,
            s.setting_group, s.unit, s.is_lower_better, MIN(t.month) AS month, MAX(t.month) AS last_month,
            MAX(t.value) FILTER (t.statistic = 'rate') AS rate,
            MAX(t.value) FILTER (t.statistic = 'n_entries') AS n_entries,
            MAX(t.value_text) FILTER (t.statistic = 'day_basis') AS day_basis,
            ARG_MAX(t.value, t.month) FILTER (t.statistic = 'best') AS last_best,
            ARG_MAX(t.value, t.month) FILTER (t.statistic = 'lower') AS last_lower,
            ARG_MAX(t.value, t.month) FILTER (t.statistic = 'upper') AS last_upper,
            MAX(t.value_text) FILTER (t.statistic = 'saturation_month') AS saturation_month,
            MAX(t.value_text) FILTER (t.statistic = 'saturation_earliest') AS saturation_earliest,
            MAX(t.value_text) FILTER (t.statistic = 'saturation_latest') AS saturation_latest,
            MAX(t.value_text) FILTER (t.statistic = 'tie_month') AS tie_month,
            MAX(t.value_text) FILTER (t.statistic = 'tie_earliest') AS tie_earliest,
            MAX(t.value_text) FILTER (t.statistic = 'tie_latest') AS tie_latest,
            MAX(t.value_text) FILTER (t.statistic = 'reason') AS reason, x.source_url, x.is_redistributable
        FROM trend t JOIN series s USING (series_id) JOIN benchmark b ON b.benchmark_id = s.benchmark_id
        JOIN (SELECT e.series_id, COALESCE(MIN(o.url), '') AS source_url,
                BOOL_AND(o.is_redistributable) AS is_redistributable
              FROM evaluation e JOIN source o USING (source_id) GROUP BY e.series_id) x ON x.series_id = s.series_id
        WHERE t.signal_id = 'outlook'
        GROUP BY ALL""",
    # One row per benchmark: the one answer that every page, file and headline takes its words from.
    "benchmarks": """
        SELECT a.benchmark_id, b.name AS benchmark_name, b.version AS benchmark_version, b.domain, a.metric, a.unit,
            a.is_lower_better, a.status, a."use", a.reason, a.best, m.name AS best_model,
            COALESCE(m.developer, a.best_maker) AS best_maker, a.best_date,
            a.best_community, cm.name AS best_community_model, a.best_with_tools, tm.name AS best_with_tools_model,
            a.best_by_samples, sm.name AS best_by_samples_model, a.headroom, a.kth_best, a.tie_group_size,
            a.tie_group, i.alternatives, a.forecast_best, a.forecast_lower, a.forecast_upper, a.saturation_month,
            a.saturation_earliest, a.saturation_latest, a.forecast_reason, a.n_makers, a.n_makers_12m, a.n_models,
            a.n_left_out, a.newest_date, a.setup_points, b.n_items, b.floor, b.ceiling, b.ceiling_low,
            b.ceiling_high, b.human_score, b.is_public_test, b.is_dynamic, b.release_date AS benchmark_release_date,
            a.best_model_id, a.best_series_id, a.tie_series_id, a.best_evaluation_id,
            c.model_id AS best_community_model_id, t.model_id AS best_with_tools_model_id,
            s.model_id AS best_by_samples_model_id, e.source_id AS best_source_id, e.source_url AS best_source_url,
            c.source_url AS best_community_source_url, t.source_url AS best_with_tools_source_url,
            s.source_url AS best_by_samples_source_url, e.licence,
            -- An answer that rests on a score that may not be passed on is not passed on either.
            COALESCE(eo.is_redistributable, TRUE) AND COALESCE(co.is_redistributable, TRUE)
            AND COALESCE(tt.is_redistributable, TRUE) AND COALESCE(so.is_redistributable, TRUE) AS is_redistributable
        FROM benchmark_answer a JOIN benchmark b USING (benchmark_id)
        LEFT JOIN evaluation e ON e.evaluation_id = a.best_evaluation_id
        LEFT JOIN evaluation c ON c.evaluation_id = a.best_community_evaluation_id
        LEFT JOIN evaluation t ON t.evaluation_id = a.best_with_tools_evaluation_id
        LEFT JOIN evaluation s ON s.evaluation_id = a.best_by_samples_evaluation_id
        LEFT JOIN model m ON m.model_id = a.best_model_id LEFT JOIN model cm ON cm.model_id = c.model_id
        LEFT JOIN model tm ON tm.model_id = t.model_id LEFT JOIN model sm ON sm.model_id = s.model_id
        LEFT JOIN source eo ON eo.source_id = e.source_id LEFT JOIN source co ON co.source_id = c.source_id
        LEFT JOIN source tt ON tt.source_id = t.source_id LEFT JOIN source so ON so.source_id = s.source_id
        LEFT JOIN (
            SELECT v.benchmark_id, STRING_AGG(w.name || COALESCE(' ' || w.version, '') || ' (rank correlation '
                || PRINTF('%.2f', v.correlation) || ' over ' || v.n_shared || ' models)', '; ' ORDER BY v.place)
                AS alternatives
            FROM benchmark_alternative v JOIN benchmark w ON w.benchmark_id = v.alternative_id GROUP BY v.benchmark_id
        ) i ON i.benchmark_id = a.benchmark_id""",
    # One row per family or maker and test, or contrast of tests.
    "families": """
        SELECT f.group_kind, f.group_name, f.subject_kind, f.subject_id, COALESCE(b.name, f.subject_id) AS subject_name,
            f.n_models, f.n_units, f.effect, f.effect_error, f.effect_points, f.p_value, f.q_value, f.level, f.direction, f.reason
        FROM family_answer f LEFT JOIN (
            -- Versions of a test count as one here; the plain one sorts first.
            SELECT SPLIT_PART(benchmark_id, '@', 1) AS subject_id, ARG_MIN(name, benchmark_id) AS name
            FROM benchmark GROUP BY 1) b ON f.subject_kind = 'benchmark' AND b.subject_id = f.subject_id""",
    # The list that people see first: marked scores in the order in which they deserve a look.
    "marked": """
        SELECT a.*, r.verdict_of_reviewer, r.checked_by, r.checked_date, r.source_url AS review_url,
            r.note AS review_note,
            k.maker IS NOT NULL AS is_by_maker, n.n_sources,
            CASE WHEN r.verdict_of_reviewer = 'real' THEN 1 WHEN r.verdict_of_reviewer IN ('good model', 'artefact')
                THEN 4 WHEN a.level = 'very_unusual' THEN 2 WHEN k.maker IS NOT NULL OR n.n_sources >= 3 THEN 3 ELSE 4
                END AS place
        FROM anomalies a LEFT JOIN maker k ON k.developer = a.developer
        LEFT JOIN (SELECT model_id, COUNT(DISTINCT source_id) AS n_sources FROM evaluation WHERE status = 'current'
            GROUP BY model_id) n ON n.model_id = a.model_id
        LEFT JOIN review r ON r.evaluation_id = a.evaluation_id
        WHERE a.signal_id = 'size_anomaly' AND a.variant = '' AND a.level IN ('very_unusual', 'unusual')""",
    # One row per number of a maker beside an independent run of the same model and test (signal claim_gap).
    "claims": """
        SELECT e.evaluation_id, e.model_id, m.name AS model_name, m.kind, m.developer, k.maker, m.family, m.n_parameters,
            m.model_date, m.is_open_weights, e.benchmark_id, b.name AS benchmark_name, b.version AS benchmark_version,
            b.domain, e.metric, e.score AS maker_score, e.score_reported AS maker_score_reported,
            e.setting AS maker_setting, e.first_seen_date AS maker_first_seen_date, u.score AS independent_score,
            u.score_reported AS independent_score_reported, u.setting AS independent_setting,
            u.first_seen_date AS independent_first_seen_date,
            -- Positive: the maker's number is the better one.
            CASE WHEN s.is_lower_better THEN u.score - e.score ELSE e.score - u.score END AS gap,
            n.n_independent, n.independent_low, n.independent_high, f.expected, f.expected_lower, f.expected_upper,
            f.residual_z, f.p_value, f.q_value, f.n_comparable, f.tier, f.level, f.direction, f.reason,
            t.method_version, e.source_id AS maker_source_id, o.title AS source_title, e.source_url,
            u.evaluation_id AS independent_evaluation_id, u.source_id AS independent_source_id,
            v.title AS independent_source_title, u.source_url AS independent_source_url, e.licence,
            u.licence AS independent_licence, o.is_redistributable AND v.is_redistributable AS is_redistributable
        FROM finding f JOIN evaluation e ON f.signal_id = 'claim_gap' AND e.evaluation_id = f.subject_id
        JOIN evaluation u ON u.evaluation_id = f.other_evaluation_id JOIN model m ON m.model_id = e.model_id
        JOIN benchmark b ON b.benchmark_id = e.benchmark_id JOIN series s ON s.series_id = e.series_id
        JOIN source o ON o.source_id = e.source_id JOIN source v ON v.source_id = u.source_id
        JOIN signal t ON t.signal_id = f.signal_id LEFT JOIN maker k ON k.developer = m.developer
        LEFT JOIN (SELECT model_id, benchmark_id, metric, COUNT(*) AS n_independent, MIN(score) AS independent_low,
                MAX(score) AS independent_high
            FROM evaluation WHERE evaluator_relationship = 'third_party' AND status = 'current' AND NOT is_subset
            GROUP BY ALL) n
        ON n.model_id = e.model_id AND n.benchmark_id = e.benchmark_id AND n.metric = e.metric
        -- A number that a maker printed in several places is one claim.
        QUALIFY ROW_NUMBER() OVER (PARTITION BY e.model_id, e.benchmark_id, e.metric, ROUND(e.score, 3),
            f.other_evaluation_id ORDER BY f.tier, e.first_seen_date, e.evaluation_id) = 1""",
    # What changed: values that a source revised or took away, and answers of ours that are others than before.
    "changes": """
        SELECT c.changed_date, c.what, c.old_value, c.new_value, c.reason, e.evaluation_id, e.model_id,
            m.name AS model_name, m.developer, m.family, m.n_parameters, m.model_date, e.benchmark_id,
            b.name AS benchmark_name, b.version AS benchmark_version, e.metric, e.setting, e.evaluator_relationship,
            e.source_id, o.title AS source_title, e.source_url, e.licence, o.is_redistributable
        FROM (SELECT evaluation_id, changed_date, 'value ' || kind AS what, old_value, new_value, reason
              FROM evaluation_change
              UNION ALL SELECT evaluation_id, changed_date, 'answer changed', old_level, new_level, reason
              FROM level_change) c
        JOIN evaluation e USING (evaluation_id) JOIN model m ON m.model_id = e.model_id
        JOIN benchmark b ON b.benchmark_id = e.benchmark_id JOIN source o ON o.source_id = e.source_id""",
    "models": """
        SELECT m.*, y.n_evaluations, y.n_tested, y.n_unusual_high, y.n_unusual_low, y.mean_z, y.p_value, y.q_value,
            COALESCE(y.level, 'cannot_tell') AS level, y.direction,
            COALESCE(y.reason, 'No current headline score.') AS reason
        FROM model m LEFT JOIN model_summary y USING (model_id)""",
}


Connection = duckdb.DuckDBPyConnection


class InvalidData(Exception):
    """A table breaks a rule: nothing is written, the old database stays."""


class NoDatabase(Exception):
    """There is no database yet, or the one that was asked for is gone."""


class Unreadable(NoDatabase):
    """The open database cannot give what is asked: it was made by another version of this code, or it is damaged."""


@dataclass(frozen=True)
class Where:
    """One condition on a column of a view.

    operator   "=", "in", "between" (pair, either end may be None), "contains" (text, case-insensitive), "is null",
               "not null".
    or_null    True keeps rows whose value is not reported.
    """

    column: str
    operator: str
    value: Any = None
    or_null: bool = False


@cache
def columns() -> dict[str, dict[str, dict[str, str]]]:
    """Tables and their columns in order, as {table: {column: {"type", "null", "comment"}}}, read from schema.sql."""
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        rows = connection.execute(
            "SELECT table_name, column_name, data_type, is_nullable, COALESCE(comment, '') FROM duckdb_columns() "
            "WHERE schema_name = 'main' AND NOT internal ORDER BY table_oid, column_index"
        ).fetchall()
    found: dict[str, dict[str, dict[str, str]]] = {}
    for table, column, kind, nullable, comment in rows:
        found.setdefault(table, {})[column] = {"type": kind, "null": "yes" if nullable else "no", "comment": comment}
    return found


@cache
def dictionary() -> pd.DataFrame:
    """The data dictionary: one row per column with table, column, type, may be empty, meaning."""
    rows = [
        {"table": t, "column": c, "type": i["type"], "may_be_empty": i["null"], "meaning": i["comment"]}
        for t, known in columns().items()
        for c, i in known.items()
    ]
    return pd.DataFrame(rows)


@cache
def view_columns() -> dict[str, dict[str, str]]:
    """Views and their columns in order with their types: {view: {column: type}}, of this version's schema."""
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        for name, query in VIEWS.items():
            connection.execute(f"CREATE VIEW {name} AS {query}")
        rows = connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() JOIN duckdb_views() "
            "ON view_oid = table_oid WHERE NOT duckdb_views.internal ORDER BY table_oid, column_index"
        ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for view, column, kind in rows:
        found.setdefault(view, {})[column] = kind
    return found


def folder() -> Path:
    """Folder of the database files: the environment variable BENCHMARK_DB, else data/database."""
    return Path(os.environ.get(ENVIRONMENT) or ROOT / "data" / "database")


def pack(tables: Mapping[str, Any]) -> dict[str, Any]:
    """The tables as Arrow holds them: each distinct text, day or moment once, numbers as they are, NULL for what is missing.

    Hash, checks and database then read the same bytes, a third of the memory, and no Python object for each cell.
    A packed table stays. Raises InvalidData where columns are not those of the schema.
    """
    import pyarrow

    known, packed = columns(), {}
    for table, frame in tables.items():
        names = list(frame.column_names if isinstance(frame, pyarrow.Table) else frame.columns)
        if names != list(known.get(table, names)):
            odd = sorted(set(names) ^ set(known[table])) or "the order"
            raise InvalidData(f"Table {table}: columns do not match the schema ({odd}).")
        if not isinstance(frame, pyarrow.Table):
            kinds = {column: known.get(table, {}).get(column, {}).get("type", "VARCHAR") for column in names}
            frame = pyarrow.table({c: pack_column(frame[c], kind in TEXT_TYPES) for c, kind in kinds.items()})
        packed[table] = frame
    return packed


def pack_column(values: pd.Series, is_text: bool) -> Any:
    """One column as an Arrow array, text as a dictionary of its distinct values."""
    import pyarrow

    if not is_text:
        return pyarrow.array(values, from_pandas=True)
    kind = pyarrow.dictionary(pyarrow.int32(), pyarrow.large_string())
    try:
        return pyarrow.array(values.to_numpy(dtype=object), type=kind, from_pandas=True)
    except pyarrow.ArrowTypeError:  # days or moments as objects: each distinct one is written once
        places, distinct = pd.factorize(values)
        texts = pyarrow.array(pd.Series(distinct).astype(str).to_numpy(dtype=object), type=kind.value_type)
        return pyarrow.DictionaryArray.from_arrays(pyarrow.array(places, type=kind.index_type, mask=places < 0), texts)


def validate(tables: Mapping[str, Any]) -> None:
    """Check every table against the schema, keys, references, words and ranges; raises InvalidData."""
    import pyarrow
    from pyarrow import compute

    known = columns()
    missing, extra = sorted(set(known) - set(tables)), sorted(set(tables) - set(known))
    if missing or extra:
        raise InvalidData(f"Tables do not match the schema: missing {missing}, unknown {extra}.")
    packed = pack(tables)
    for table, rows in packed.items():
        for column, info in known[table].items():
            if info["null"] == "no" and rows[column].null_count:
                raise InvalidData(f"Table {table}: {column} is empty in {rows[column].null_count} rows.")
    for table, key in KEYS.items():
        twice = np.flatnonzero(is_repeated(packed[table], key))
        if len(twice):
            first = packed[table].select(key).slice(twice[0], 1).to_pylist()[0]
            raise InvalidData(f"Table {table}: {len(twice)} rows repeat a key, the first is {first}.")
    for table, column, target, target_key in REFERENCES:
        lost = outside(packed[table][column], packed[target][target_key])
        if lost:
            raise InvalidData(f"Table {table}: {column} {lost[0]!r} does not exist in {target}.")
    for (table, column), allowed in vocabulary.COLUMNS.items():
        odd = outside(packed[table][column], pyarrow.array(sorted(allowed)))
        if odd:
            raise InvalidData(f"Table {table}: {column} {odd[0]!r} is not one of {sorted(allowed)}.")
    for (table, column), (low, high) in RANGES.items():
        check_range(table, column, packed[table][column], low, high)
    scores = packed["evaluation"]
    is_share = compute.is_in(scores["score_unit"].cast(pyarrow.string()), pyarrow.array(vocabulary.SHARE_UNITS))
    check_range("evaluation", "score", scores.filter(is_share)["score"], 0, 1)


def is_repeated(rows: Any, key: Sequence[str]) -> np.ndarray:
    """Whether the values of these columns stand in an earlier row already; NULL equals NULL."""
    place = np.zeros(len(rows), dtype=np.int64)
    for column in key:
        coded = rows[column].combine_chunks()
        number = coded.indices.fill_null(len(coded.dictionary)).to_numpy()
        # Numbered anew after each column, so that the numbers stay small.
        place = pd.factorize(place * (len(coded.dictionary) + 1) + number)[0]
    return pd.Series(place).duplicated().to_numpy()


def outside(values: Any, allowed: Any) -> list:
    """The distinct values of a column of text that are none of the allowed ones; missing ones are left out."""
    from pyarrow import compute

    found, known = (compute.unique(v.drop_null()).cast("large_string") for v in (values, allowed))
    return found.filter(compute.invert(compute.is_in(found, known))).to_pylist()


def check_range(table: str, column: str, values: Any, low: float, high: float | None) -> None:
    """Raise InvalidData where a number lies outside a closed range; None has no upper end."""
    ends = numbers(values)
    for value in (np.nanmin(ends), np.nanmax(ends)) if not np.isnan(ends).all() else ():
        if value < low or (high is not None and value > high):
            raise InvalidData(f"Table {table}: {column} {value} is outside {low} to {high}.")


def numbers(values: Any) -> np.ndarray:
    """An Arrow column of numbers or booleans as floats, NaN where one is missing."""
    import pyarrow

    return values.cast(pyarrow.float64(), safe=False).to_numpy()


def fingerprint(tables: Mapping[str, Any]) -> str:
    """A hash over the contents of all tables but `build`, independent of time, machine and how a frame holds a value.

    Numbers count to DIGITS significant digits, so that the last bits, in which processors and versions of numpy differ,
    do not.
    """
    digest = hashlib.sha256()
    packed = pack(tables)
    for table in sorted(set(tables) - {"build"}):
        kinds = columns()[table]
        for column in packed[table].column_names:
            digest.update(f"{table}.{column}:{len(packed[table])}".encode())
            values = packed[table][column]
            if kinds[column]["type"] in TEXT_TYPES:
                hash_texts(digest, values, is_json=column == "parameters")
            else:
                digest.update(rounded(numbers(values)).tobytes())
    return digest.hexdigest()


def hash_texts(digest: "hashlib._Hash", values: Any, is_json: bool = False) -> None:
    """Add an Arrow column of text to a hash; JSON is full of numbers, which are rounded."""
    import pyarrow

    if is_json:
        found = [NUMBER.sub(lambda m: f"{float(m[0]):.{DIGITS}g}", text) for text in values.to_pylist()]
        values = pyarrow.chunked_array([pyarrow.array(found, type=pyarrow.large_string())])
    for texts in values.cast(pyarrow.large_string()).chunks:  # column by column, since decoded text takes much room
        _, ends, characters = texts.buffers()
        offsets = np.frombuffer(ends, dtype=np.int64, count=len(texts) + 1)
        parts: tuple[Any, ...] = (
            texts.is_null().to_numpy(zero_copy_only=False), offsets, memoryview(characters or b"")[: offsets[-1]]
        )  # fmt: skip
        for part in parts:
            digest.update(part)


def rounded(values: np.ndarray) -> np.ndarray:
    """Numbers to BITS significant bits; one NaN, and one zero."""
    fraction, exponent = np.frexp(values)
    out = np.ldexp(np.round(np.ldexp(fraction, BITS)), exponent - BITS) + 0.0
    out[np.isnan(out)] = np.nan
    return out


def write(tables: Mapping[str, Any], into: Path | None = None) -> Path:
    """Validate the tables, write them to a fresh database file and make it the current one.

    Returns the new file. Raises InvalidData, or OSError when the disk is full; either way the old database stays and the
    unfinished file is removed. A killed process leaves at most an unfinished file that no reader opens; the next write
    removes it.
    """
    packed = pack(tables)
    validate(packed)
    place = into or folder()
    place.mkdir(parents=True, exist_ok=True)
    for leftover in place.glob("unfinished-*"):
        if not is_running(leftover):
            leftover.unlink(missing_ok=True)
    stamp = next_stamp(place)
    unfinished = place / f"unfinished-{os.getpid()}-{stamp}.duckdb"
    final = place / f"benchmarks-{stamp}.duckdb"
    try:
        # The layout of the newest version is an eighth smaller, and written in three quarters of the time.
        connection = duckdb.connect(str(unfinished), config={"storage_compatibility_version": "latest"})
        try:
            connection.execute("BEGIN")  # one transaction: each would wait for the disk
            connection.execute(SCHEMA.read_text(encoding="utf-8"))
            for table, known in columns().items():
                connection.register("incoming", packed[table])
                names = ", ".join(f'"{c}"' for c in known)
                casts = ", ".join(f'CAST("{c}" AS {i["type"]})' for c, i in known.items())
                connection.execute(f'INSERT INTO "{table}" ({names}) SELECT {casts} FROM incoming')
                connection.unregister("incoming")
            for name, query in VIEWS.items():
                connection.execute(f"CREATE VIEW {name} AS {query}")
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")
        finally:
            connection.close()
        flush(unfinished)
        os.replace(unfinished, final)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        Path(f"{unfinished}.wal").unlink(missing_ok=True)
        raise
    point(place, final.name)
    for old in set(kept(place)) - worth_keeping(place, final):
        old.unlink(missing_ok=True)
    return final


def kept(place: Path) -> list[Path]:
    """The builds of a folder, newest first; none where it cannot be read."""
    try:
        return sorted((p for p in place.glob("benchmarks-*.duckdb") if p.is_file()), reverse=True)
    except OSError:
        return []


def next_stamp(place: Path) -> str:
    """The moment as a part of a name; after those of all builds that are there, also when the clock was set back."""
    now = datetime.now(UTC).replace(tzinfo=None)
    found = [NAME.fullmatch(path.name) for path in kept(place)]
    last = max((datetime.strptime(match[1], STAMP) for match in found if match), default=datetime.min)
    return f"{max(now, last + timedelta(microseconds=1)):{STAMP}}Z"


def worth_keeping(place: Path, newest: Path) -> set[Path]:
    """The builds that a new one does not push out: the last KEEP, and the last one of each of DAYS as-of days."""
    days: dict[str, Path] = {}
    for path in kept(place):
        try:
            with connect(path) as connection:
                day = read(connection, "build", where=[Where("name", "=", "asof")])["value"].iloc[0]
        except (NoDatabase, IndexError):  # damaged, or of another version of the code: shown to nobody
            continue
        if len(days) < DAYS:
            days.setdefault(day, path)
    return {newest, *kept(place)[:KEEP], *days.values()}


def adopt(unfinished: Path, place: Path | None = None) -> Path:
    """Make a database that was built elsewhere, and lies in the folder under a name that no reader opens, the current one.

    Returns its new path. Raises NoDatabase where it cannot be read or is of another version of this code; it is then gone.
    """
    where = place or folder()
    try:
        with connect(unfinished) as connection:
            lost = sorted(expected_columns() - columns_of(connection, "data"))
        if lost:
            raise NoDatabase(f"It was made by another version of this code, it has no {'.'.join(lost[0])}.")
        flush(unfinished)
        final = where / f"benchmarks-{next_stamp(where)}.duckdb"
        os.replace(unfinished, final)
    finally:
        unfinished.unlink(missing_ok=True)
    point(where, final.name)
    return final


def is_running(unfinished: Path) -> bool:
    """Whether the process that writes an unfinished file is still alive (its number is part of the name)."""
    match = re.match(r"unfinished-(\d+)-", unfinished.name)
    if not match:
        return False
    if os.name == "nt":
        # There signal 0 would interrupt the process. A file that its writer holds open cannot be removed there, so the
        # only files taken for abandoned are old ones.
        return time.time() - unfinished.stat().st_mtime < ABANDONED
    try:
        os.kill(int(match.group(1)), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return int(match.group(1)) != os.getpid()


def flush(path: Path) -> None:
    """Force a file's bytes to disk: a pointer must never survive a power cut that its target did not."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def point(place: Path, name: str) -> None:
    """Make `name` the current database, in one step; whoever may read the databases may read the pointer."""
    temporary = place / f"unfinished-{os.getpid()}-pointer"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, place / "current")


def current(place: Path | None = None) -> Path:
    """The database to read: the one that the pointer names, else the newest one beside it that can be read.

    Raises NoDatabase with one sentence.
    """
    where = place or folder()
    try:
        told = (where / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):  # not there, or somebody else's alone
        told = ""
    named = [where / told] if told and Path(told).name == told else []
    problems = []
    for path in [*named, *(p for p in kept(where) if p not in named)]:
        try:
            about = path.stat()
            prove(str(path), about.st_size, about.st_mtime_ns)
        except FileNotFoundError:
            problems.append(f"The database {path.name} is gone: run `python pipeline.py build`.")
        except OSError as error:
            problems.append(f"The database {path.name} cannot be read ({error.strerror}).")
        except NoDatabase as problem:
            problems.append(str(problem))
        else:
            return path
    raise NoDatabase(problems[0] if problems else "There is no database yet: run `python pipeline.py build`.")


@lru_cache(maxsize=64)
def prove(path: str, n_bytes: int, changed_at: int) -> None:
    """Open a database once, while its size and its time of change stay; raises NoDatabase when it cannot be read."""
    connect(Path(path)).close()


@cache
def expected_columns() -> frozenset[tuple[str, str]]:
    """Tables and views with their columns, as this code reads them."""
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        for name, query in VIEWS.items():
            connection.execute(f"CREATE VIEW {name} AS {query}")
        return columns_of(connection, "memory")


def columns_of(connection: duckdb.DuckDBPyConnection, database: str) -> frozenset[tuple[str, str]]:
    """Tables and views with their columns, as a database has them."""
    query = "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = ? AND NOT internal"
    return frozenset(connection.execute(query, [database]).fetchall())


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection that can reach no other file and whose settings stay; `.cursor()` it per thread.

    Raises NoDatabase when the file cannot be read or was cut short.
    """
    spill = str(Path(tempfile.gettempdir()) / "benchcred")
    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "temp_directory": spill,
        "max_temp_directory_size": SPILL,
    }
    connection = duckdb.connect(config=limits)
    try:
        quoted = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS data (READ_ONLY)")
        for setting in ("enable_external_access = false", "lock_configuration = true"):
            connection.execute(f"SET {setting}")
        sizes = "SELECT total_blocks * block_size FROM pragma_database_size() WHERE database_name = 'data'"
        connection.execute("SELECT COUNT(*) FROM data.build")
        is_whole = path.stat().st_size >= connection.execute(sizes).fetchall()[0][0] + HEADERS
    except (duckdb.Error, OSError) as error:
        connection.close()
        raise NoDatabase(f"The database {path.name} cannot be read ({type(error).__name__}).") from error
    if not is_whole:
        connection.close()
        raise NoDatabase(f"The database {path.name} cannot be read (it was cut short).")
    return connection


def lacking(view: str, column: str = "") -> Exception:
    """What to raise where an open database has no such view, or no such column in it: Unreadable when this code expects
    it there, KeyError when nobody does.
    """
    if (view, column) in expected_columns() or (not column and view in {*VIEWS, *columns()}):
        name = f"{view}.{column}" if column else view
        return Unreadable(
            f"This database was made by another version of this code, it has no {name}: run `python pipeline.py build`."
        )
    return KeyError(f"There is no column {column!r} in {view!r}." if column else f"There is no table or view {view!r}.")


def describe(connection: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    """Column names of a view or table; raises KeyError for an unknown name, Unreadable for one that this build lacks."""
    if view not in VIEWS and view not in columns():
        raise lacking(view)
    try:
        return [row[0] for row in connection.cursor().execute(f'DESCRIBE data."{view}"').fetchall()]
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise lacking(view) from error


def run(connection: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> pd.DataFrame:
    """The answer to a query; raises Unreadable where the file's contents are damaged or the query needs too much."""
    try:
        return connection.cursor().execute(query, values).df()
    except DAMAGED as error:
        raise Unreadable(f"The database cannot be read ({type(error).__name__}).") from error


def condition(known: Sequence[str], where: Sequence[Where]) -> tuple[str, list[object]]:
    """A WHERE clause and its parameters; column names are checked against `known`, values are only ever bound."""
    clauses: list[str] = []
    values: list[object] = []
    for rule in where:
        if rule.column not in known:
            raise KeyError(f"There is no column {rule.column!r}.")
        name = f'"{rule.column}"'
        if rule.operator == "=":
            clause, bound = f"{name} = ?", [rule.value]
        elif rule.operator == "in":
            chosen = list(rule.value)
            clause = f"{name} IN ({', '.join('?' * len(chosen))})" if chosen else "FALSE"
            bound = chosen
        elif rule.operator == "between":
            low, high = rule.value
            parts = [f"{name} >= ?"] * (low is not None) + [f"{name} <= ?"] * (high is not None)
            clause, bound = " AND ".join(parts) or "TRUE", [v for v in (low, high) if v is not None]
            clause = clause if parts else f"{name} IS NOT NULL"
        elif rule.operator == "contains":
            clause, bound = f"CONTAINS(LOWER({name}), LOWER(?))", [rule.value]
        elif rule.operator in ("is null", "not null"):
            clause, bound = f"{name} {'IS' if rule.operator == 'is null' else 'IS NOT'} NULL", []
        else:
            raise KeyError(f"There is no operator {rule.operator!r}.")
        clauses.append(f"({clause} OR {name} IS NULL)" if rule.or_null else f"({clause})")
        values += bound
    return (" WHERE " + " AND ".join(clauses) if clauses else ""), values


def read(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    select: Sequence[str] | None = None,
    where: Sequence[Where] = (),
    order: Sequence[str] = (),
    limit: int | None = None,
) -> pd.DataFrame:
    """Rows of a view or table as a frame.

    select   columns to return (default all); order: columns, "-" in front means descending with empty values last.
    """
    known = describe(connection, view)
    chosen = list(select) if select is not None else known
    for name in [*chosen, *(o.removeprefix("-") for o in order), *(rule.column for rule in where)]:
        if name not in known:
            raise lacking(view, name)
    clause, values = condition(known, where)
    query = "SELECT " + ", ".join(f'"{c}"' for c in chosen) + f' FROM data."{view}"{clause}'
    if order:
        terms = [f'"{o.removeprefix("-")}" {"DESC" if o.startswith("-") else "ASC"} NULLS LAST' for o in order]
        query += f" ORDER BY {', '.join(terms)}"
    if limit is not None:
        query += f" LIMIT {int(limit)}"
    return run(connection, query, values)


def count(
    connection: duckdb.DuckDBPyConnection, view: str, by: Sequence[str] = (), where: Sequence[Where] = ()
) -> pd.DataFrame:
    """Number of rows of a view per combination of the columns `by`, as a frame with these columns and `n`."""
    known = describe(connection, view)
    for name in [*by, *(rule.column for rule in where)]:
        if name not in known:
            raise lacking(view, name)
    clause, values = condition(known, where)
    names = ", ".join(f'"{name}"' for name in by)
    head = f"SELECT {names}, COUNT(*) AS n" if by else "SELECT COUNT(*) AS n"
    tail = f" GROUP BY {names} ORDER BY {names}" if by else ""
    return run(connection, f'{head} FROM data."{view}"{clause}{tail}', values)
