-- What pages and exports read. One definition each, so that a page and the file it offers cannot disagree.
-- Those named in store/schema.py `STORED` are worked out once, when a build is written, and stand in it as tables.

CREATE VIEW scores AS
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
    JOIN series s ON s.series_id = e.series_id JOIN source o ON o.source_id = e.source_id;

CREATE VIEW anomalies AS
    SELECT e.evaluation_id, e.model_id, m.name AS model_name, m.kind, m.developer, m.family,
        m.series AS model_series, m.model_date, m.date_basis, m.n_parameters, m.n_active_parameters, m.is_moe,
        m.is_merged, m.is_open_weights, m.root_model, m.cluster_id, m.maintainer_flag, e.benchmark_id, b.name AS benchmark_name,
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
    ON z.subject_id = f.subject_id;

-- One row per score on a twin, beside the public score of the same model.
CREATE VIEW twin_gaps AS
    SELECT w.twin_id, w.kind AS twin_kind, w.what_differs, w.usual_change, w.is_nested,
        w.source_url AS twin_source_url, e.evaluation_id, e.model_id, m.name AS model_name, m.kind, m.developer,
        m.family, m.n_parameters, m.model_date, m.is_open_weights, w.benchmark_id, b.name AS benchmark_name, b.domain, w.twin_benchmark_id,
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
    JOIN source v ON v.source_id = u.source_id JOIN signal t ON t.signal_id = f.signal_id;

CREATE VIEW saturation AS
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
    GROUP BY ALL;

-- One row per series: the month of the evidence, and the fan at its end. The months between stand in `trend`.
CREATE VIEW outlook AS
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
    GROUP BY ALL;

-- One row per benchmark: the one answer that every page, file and headline takes its words from.
CREATE VIEW benchmarks AS
    SELECT a.benchmark_id, b.name AS benchmark_name, b.version AS benchmark_version, b.domain, a.metric, a.unit,
        a.is_lower_better, a.status, a."use", a.reason, a.best, m.name AS best_model,
        COALESCE(m.developer, a.best_maker) AS best_maker, a.best_date,
        a.best_community, cm.name AS best_community_model, a.best_with_tools, tm.name AS best_with_tools_model,
        a.best_by_samples, sm.name AS best_by_samples_model, a.headroom, a.kth_best, a.tie_group_size,
        a.tie_group, i.alternatives, a.forecast_best, a.forecast_lower, a.forecast_upper, a.saturation_month,
        a.saturation_earliest, a.saturation_latest, a.forecast_reason, a.unusual_from_8b, a.unusual_from_70b,
        a.unusual_from_reason, a.n_makers, a.n_makers_12m, a.n_models,
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
    ) i ON i.benchmark_id = a.benchmark_id;

-- One row per family or maker and test, or contrast of tests.
CREATE VIEW families AS
    SELECT f.group_kind, f.group_name, f.subject_kind, f.subject_id, COALESCE(b.name, f.subject_id) AS subject_name,
        f.n_models, f.n_units, f.effect, f.effect_error, f.effect_points, f.p_value, f.q_value, f.level, f.direction, f.reason
    FROM family_answer f LEFT JOIN (
        -- Versions of a test count as one here; the plain one sorts first.
        SELECT SPLIT_PART(benchmark_id, '@', 1) AS subject_id, ARG_MIN(name, benchmark_id) AS name
        FROM benchmark GROUP BY 1) b ON f.subject_kind = 'benchmark' AND b.subject_id = f.subject_id;

-- One row per whole-benchmark score that stands today, without its numbers: what pages count and filter by, in one table.
-- Its rows are those of `scores` and of `anomalies` under the conditions in store/query.py `TALLIED`.
CREATE VIEW tally AS
    SELECT m.family, m.developer, m.n_parameters, m.model_date, m.kind, m.is_open_weights, e.benchmark_id,
        b.name AS benchmark_name, b.version AS benchmark_version, b.domain, e.series_id, e.metric, s.unit,
        o.title AS source_title, o.is_redistributable, e.evaluator_relationship, e.first_seen_date, e.status,
        e.is_subset, f.signal_id, f.variant, f.level, f.direction
    FROM evaluation e JOIN model m USING (model_id) JOIN benchmark b ON b.benchmark_id = e.benchmark_id
    JOIN series s ON s.series_id = e.series_id JOIN source o ON o.source_id = e.source_id
    LEFT JOIN finding f ON f.subject_kind = 'evaluation' AND f.subject_id = e.evaluation_id
        AND f.signal_id = 'size_anomaly' AND f.variant = ''
    WHERE NOT e.is_subset AND (e.status = 'current' OR f.signal_id IS NOT NULL);

-- What is shown apart and counts in no total: scores whose number is to be checked first, and those of demonstrations.
CREATE VIEW apart AS
    SELECT a.* FROM anomalies a WHERE a.signal_id = 'size_anomaly' AND a.variant = '' AND NOT a.is_subset
        AND (a.level = 'check_data' OR a.kind = 'demonstration');

-- The list that people see first: marked scores in the order in which they deserve a look.
CREATE VIEW marked AS
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
    WHERE a.signal_id = 'size_anomaly' AND a.variant = '' AND a.level IN ('very_unusual', 'unusual');

-- One row per number of a maker beside an independent run of the same model and test (signal claim_gap).
CREATE VIEW claims AS
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
        f.other_evaluation_id ORDER BY f.tier, e.first_seen_date, e.evaluation_id) = 1;

-- What changed: values that a source revised or took away, and answers of ours that are others than before.
CREATE VIEW changes AS
    SELECT c.changed_date, c.what, c.old_value, c.new_value, c.reason, e.evaluation_id, e.model_id,
        m.name AS model_name, m.developer, m.family, m.n_parameters, m.model_date, e.benchmark_id,
        b.name AS benchmark_name, b.version AS benchmark_version, e.metric, e.setting, e.evaluator_relationship,
        e.source_id, o.title AS source_title, e.source_url, e.licence, o.is_redistributable
    FROM (SELECT evaluation_id, changed_date, 'value ' || kind AS what, old_value, new_value, reason
          FROM evaluation_change
          UNION ALL SELECT evaluation_id, changed_date, 'answer changed', old_level, new_level, reason
          FROM level_change) c
    JOIN evaluation e USING (evaluation_id) JOIN model m ON m.model_id = e.model_id
    JOIN benchmark b ON b.benchmark_id = e.benchmark_id JOIN source o ON o.source_id = e.source_id;

CREATE VIEW models AS
    SELECT m.*, y.n_evaluations, y.n_tested, y.n_unusual_high, y.n_unusual_low, y.mean_z, y.p_value, y.q_value,
        COALESCE(y.level, 'cannot_tell') AS level, y.direction,
        COALESCE(y.reason, 'No current headline score.') AS reason
    FROM model m LEFT JOIN model_summary y USING (model_id);
