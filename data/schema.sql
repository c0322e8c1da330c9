-- The tables, and the data dictionary: every column carries a comment that says what it holds and in what unit.
-- Types, NOT NULL and comments stand here; keys and ranges are checked by store.validate on every engine.
-- NULL means "not reported". Counts are n_*, days *_date, moments *_at (UTC, no time zone stored), ids *_id, yes/no is_*/has_*.

CREATE TABLE source (
    source_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    licence VARCHAR NOT NULL,
    attribution VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    cadence_days INTEGER,
    is_redistributable BOOLEAN NOT NULL,
    n_snapshots INTEGER NOT NULL,
    newest_content_date DATE,
    last_retrieved_at TIMESTAMP,
    problem VARCHAR
);
COMMENT ON TABLE source IS 'One row per site or family of pages that scores are read from';
COMMENT ON COLUMN source.source_id IS 'Short name of the source: the file name in ingest/sources';
COMMENT ON COLUMN source.title IS 'Name of the source as people know it';
COMMENT ON COLUMN source.url IS 'Home page of the source';
COMMENT ON COLUMN source.licence IS 'Licence of the figures as the source states it; "none stated" where it states none';
COMMENT ON COLUMN source.attribution IS 'Whom to credit when figures of this source are used';
COMMENT ON COLUMN source.status IS 'live (still updated), frozen (retired by its owner) or captured_only (read from copies, its live address never tried)';
COMMENT ON COLUMN source.cadence_days IS 'Days between expected updates; a live source older than this is shown as stale';
COMMENT ON COLUMN source.is_redistributable IS 'False keeps the figures of this source out of starter data and exports';
COMMENT ON COLUMN source.n_snapshots IS 'Number of snapshots that this build read';
COMMENT ON COLUMN source.newest_content_date IS 'Newest content date among its snapshots';
COMMENT ON COLUMN source.last_retrieved_at IS 'Moment of its newest retrieval, UTC';
COMMENT ON COLUMN source.problem IS 'One sentence when the newest fetch or parse failed and an older snapshot is shown; NULL when all is well';

CREATE TABLE snapshot (
    snapshot_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    bundle VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    content_date DATE NOT NULL,
    date_basis VARCHAR NOT NULL,
    retrieved_at TIMESTAMP,
    sha256 VARCHAR NOT NULL,
    n_bytes BIGINT NOT NULL,
    licence VARCHAR NOT NULL
);
COMMENT ON TABLE snapshot IS 'One row per file read: what was fetched, from where, when, and its fingerprint';
COMMENT ON COLUMN snapshot.snapshot_id IS 'First 16 hex digits of sha256 over url and bytes';
COMMENT ON COLUMN snapshot.source_id IS 'Source that the file belongs to';
COMMENT ON COLUMN snapshot.bundle IS 'Files of one source at one moment share a bundle name';
COMMENT ON COLUMN snapshot.file_name IS 'Name of the file';
COMMENT ON COLUMN snapshot.url IS 'Address at which the file is, or was, published';
COMMENT ON COLUMN snapshot.content_date IS 'Day that the content describes';
COMMENT ON COLUMN snapshot.date_basis IS 'Where content_date comes from: content, file_name, manifest (a copy''s commit date, up to half a year late) or retrieval';
COMMENT ON COLUMN snapshot.retrieved_at IS 'Moment of retrieval, UTC; NULL for a transcription by hand';
COMMENT ON COLUMN snapshot.sha256 IS 'SHA-256 of the bytes';
COMMENT ON COLUMN snapshot.n_bytes IS 'Size of the file in bytes';
COMMENT ON COLUMN snapshot.licence IS 'Licence of this file''s figures';

CREATE TABLE model (
    model_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    release_id VARCHAR NOT NULL,
    release_name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    developer VARCHAR,
    family VARCHAR NOT NULL,
    family_basis VARCHAR NOT NULL,
    series VARCHAR,
    n_parameters DOUBLE,
    n_active_parameters DOUBLE,
    size_precision VARCHAR,
    size_source_id VARCHAR,
    size_note VARCHAR,
    n_training_tokens DOUBLE,
    model_date DATE,
    date_basis VARCHAR,
    date_note VARCHAR,
    first_seen_date DATE NOT NULL,
    base_model VARCHAR,
    root_model VARCHAR,
    cluster_id VARCHAR NOT NULL,
    architecture VARCHAR,
    model_type VARCHAR,
    is_moe BOOLEAN,
    is_merged BOOLEAN,
    is_open_weights BOOLEAN,
    is_linked BOOLEAN NOT NULL,
    maintainer_flag VARCHAR,
    source_url VARCHAR
);
COMMENT ON TABLE model IS 'One row per model, system, human or baseline that has a score';
COMMENT ON COLUMN model.model_id IS 'Identifier: hf:owner/name for a Hugging Face repository (lower case), else source:name as the source prints it';
COMMENT ON COLUMN model.name IS 'Name to show';
COMMENT ON COLUMN model.release_id IS 'What people call one model: its dated versions, hosts, spellings and efforts share it (maker/name); the model''s own identifier where nothing rolls up';
COMMENT ON COLUMN model.release_name IS 'Name of the release to show';
COMMENT ON COLUMN model.kind IS 'model (one released set of weights or dated API version), system (scaffold and model), human, baseline, or demonstration (made on purpose to show a weakness of a test, kept out of frontiers)';
COMMENT ON COLUMN model.developer IS 'Organisation or account that published it; spellings of one maker are one (data/facts/developers.csv)';
COMMENT ON COLUMN model.family IS 'Family for filtering (Llama, Qwen, Gemma ...); mixed = several root families; unknown = no evidence';
COMMENT ON COLUMN model.family_basis IS 'Evidence for family: base_model, name, architecture, several_roots or none';
COMMENT ON COLUMN model.series IS 'Generation within the family where it can be read (Llama 3, Qwen2.5)';
COMMENT ON COLUMN model.n_parameters IS 'Total parameters, a count; NULL when not reported';
COMMENT ON COLUMN model.n_active_parameters IS 'Parameters active per token (mixture of experts), a count';
COMMENT ON COLUMN model.size_precision IS 'exact (decimals or a count), stated (rounded by its maker) or floored (integer billions rounded down)';
COMMENT ON COLUMN model.size_source_id IS 'Source that n_parameters was read from';
COMMENT ON COLUMN model.size_note IS 'Disagreement between size sources or between name and size column, or what the size rests on, one sentence';
COMMENT ON COLUMN model.n_training_tokens IS 'Training tokens, a count';
COMMENT ON COLUMN model.model_date IS 'Date used for comparison by age; NULL where only a copy of a page shows the model, whose day says nothing of its age';
COMMENT ON COLUMN model.date_basis IS 'What model_date is: release, upload, listing (printed beside its row, or first in a board''s own dated versions: an upper bound) or submission';
COMMENT ON COLUMN model.date_note IS 'Disagreement between sources on the day of release, one sentence';
COMMENT ON COLUMN model.first_seen_date IS 'First day on which any page shows a score of it: it existed by then; never a day of release';
COMMENT ON COLUMN model.base_model IS 'Base model as the source states it';
COMMENT ON COLUMN model.root_model IS 'Model at the end of the chain of stated base models; the model itself when none is stated';
COMMENT ON COLUMN model.cluster_id IS 'Near-copies share a cluster: same root or architecture, and same size; expected scores leave out the whole cluster';
COMMENT ON COLUMN model.architecture IS 'Architecture class as the source states it';
COMMENT ON COLUMN model.model_type IS 'Type as the source states it (pretrained, chat, merge ...)';
COMMENT ON COLUMN model.is_moe IS 'Mixture of experts';
COMMENT ON COLUMN model.is_merged IS 'Merge of several models, as the source states it';
COMMENT ON COLUMN model.is_open_weights IS 'Weights can be downloaded, as the source states it';
COMMENT ON COLUMN model.is_linked IS 'True when the name is a shared identifier or an alias row links it to one';
COMMENT ON COLUMN model.maintainer_flag IS 'Mark set by the maintainers of a board, quoted as board: mark';
COMMENT ON COLUMN model.source_url IS 'Page that describes the model';

CREATE TABLE benchmark (
    benchmark_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    version VARCHAR,
    domain VARCHAR,
    metric VARCHAR,
    floor DOUBLE,
    floor_basis VARCHAR,
    ceiling DOUBLE,
    ceiling_low DOUBLE,
    ceiling_high DOUBLE,
    ceiling_basis VARCHAR,
    ceiling_source_url VARCHAR,
    human_score DOUBLE,
    human_who VARCHAR,
    human_source_url VARCHAR,
    n_items INTEGER,
    n_items_source_url VARCHAR,
    release_date DATE,
    is_public_test BOOLEAN,
    is_dynamic BOOLEAN,
    source_url VARCHAR,
    note VARCHAR
);
COMMENT ON TABLE benchmark IS 'One row per benchmark: a test in one version and split';
COMMENT ON COLUMN benchmark.benchmark_id IS 'Stable slug, never reused; source:name where no fact row exists yet';
COMMENT ON COLUMN benchmark.name IS 'Name to show';
COMMENT ON COLUMN benchmark.version IS 'Version or release date of the test; scores of different versions are never joined';
COMMENT ON COLUMN benchmark.domain IS 'Subject area (knowledge, mathematics, code ...)';
COMMENT ON COLUMN benchmark.metric IS 'The benchmark''s own headline metric';
COMMENT ON COLUMN benchmark.floor IS 'Score of random guessing, fraction; NULL when unknown (fits then start from 0 and say so)';
COMMENT ON COLUMN benchmark.floor_basis IS 'source_read, or derived with the derivation in words';
COMMENT ON COLUMN benchmark.ceiling IS '1 minus the share of wrong keys from a full or random-sample review, fraction; NULL without such a review';
COMMENT ON COLUMN benchmark.ceiling_low IS 'Lower end of the ceiling band, fraction';
COMMENT ON COLUMN benchmark.ceiling_high IS 'Upper end of the ceiling band, fraction';
COMMENT ON COLUMN benchmark.ceiling_basis IS 'Kind and scope of the review behind the ceiling, in words';
COMMENT ON COLUMN benchmark.ceiling_source_url IS 'Address of that review';
COMMENT ON COLUMN benchmark.human_score IS 'Published human score, fraction';
COMMENT ON COLUMN benchmark.human_who IS 'Who the humans were';
COMMENT ON COLUMN benchmark.human_source_url IS 'Address of the human score';
COMMENT ON COLUMN benchmark.n_items IS 'Number of test items of the standard set, a count';
COMMENT ON COLUMN benchmark.n_items_source_url IS 'Address of the item count';
COMMENT ON COLUMN benchmark.release_date IS 'Day the benchmark was published';
COMMENT ON COLUMN benchmark.is_public_test IS 'True when questions and answers can be downloaded';
COMMENT ON COLUMN benchmark.is_dynamic IS 'True when its questions are renewed';
COMMENT ON COLUMN benchmark.source_url IS 'Page that describes the benchmark';
COMMENT ON COLUMN benchmark.note IS 'Anything a reader should know, one sentence';

CREATE TABLE alias (
    kind VARCHAR NOT NULL,
    name_key VARCHAR NOT NULL,
    target_id VARCHAR NOT NULL
);
COMMENT ON TABLE alias IS 'Names under which a model or benchmark is found, whoever uses them; a name that means two things is left out';
COMMENT ON COLUMN alias.kind IS 'model or benchmark';
COMMENT ON COLUMN alias.name_key IS 'The name in lower case, hyphens and underscores as spaces';
COMMENT ON COLUMN alias.target_id IS 'model_id or benchmark_id';

CREATE TABLE twin (
    twin_id VARCHAR NOT NULL,
    benchmark_id VARCHAR NOT NULL,
    twin_benchmark_id VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    what_differs VARCHAR NOT NULL,
    usual_change VARCHAR,
    is_nested BOOLEAN NOT NULL,
    source_url VARCHAR NOT NULL,
    note VARCHAR
);
COMMENT ON TABLE twin IS 'One row per pair of benchmarks that have scores: a public test and its fresh, withheld or altered twin';
COMMENT ON COLUMN twin.twin_id IS 'Stable key; the variant of the findings of twin_gap';
COMMENT ON COLUMN twin.benchmark_id IS 'The public test';
COMMENT ON COLUMN twin.twin_benchmark_id IS 'Its twin';
COMMENT ON COLUMN twin.metric IS 'Metric under which the two are compared';
COMMENT ON COLUMN twin.kind IS 'fresh (new questions of the same kind), withheld (a set that is not public), stricter_tests (the same tasks graded more strictly), corrected_keys (wrong answer keys corrected) or rewritten (the same questions altered)';
COMMENT ON COLUMN twin.what_differs IS 'In what the twin differs, one sentence';
COMMENT ON COLUMN twin.usual_change IS 'lower or higher: how scores on the twin usually are by its makers'' account; NULL when they do not say';
COMMENT ON COLUMN twin.is_nested IS 'True when both grade the same answers, so that the twin cannot be passed without the public test';
COMMENT ON COLUMN twin.source_url IS 'Page that describes the twin';
COMMENT ON COLUMN twin.note IS 'Anything a reader should know, one sentence';

CREATE TABLE series (
    series_id VARCHAR NOT NULL,
    benchmark_id VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    setting_group VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    is_lower_better BOOLEAN NOT NULL,
    is_subset BOOLEAN NOT NULL,
    is_item_count BOOLEAN,
    n_items INTEGER,
    n_items_source_url VARCHAR,
    n_at_least INTEGER,
    n_evaluations INTEGER NOT NULL,
    n_models INTEGER NOT NULL,
    n_sized_models INTEGER NOT NULL,
    rerun_spread DOUBLE
);
COMMENT ON TABLE series IS 'One row per group of directly comparable scores: same benchmark, metric and setting group';
COMMENT ON COLUMN series.series_id IS 'benchmark_id:metric:setting_group';
COMMENT ON COLUMN series.benchmark_id IS 'Benchmark of the series';
COMMENT ON COLUMN series.metric IS 'Metric of the series';
COMMENT ON COLUMN series.setting_group IS 'What makes the scores comparable: a board that runs one harness, or a shared number of shots; "reported" where the setting is not uniform';
COMMENT ON COLUMN series.unit IS 'fraction (of 1), or the name of another unit (rating, points); fractions are fitted, and ratings on their own scale';
COMMENT ON COLUMN series.is_lower_better IS 'True when a lower value is the better one';
COMMENT ON COLUMN series.is_subset IS 'True for subjects and subtasks of a benchmark, counted apart from headline scores';
COMMENT ON COLUMN series.is_item_count IS 'True when a score is a share of whole items, False when it is an average of other things, NULL when unknown';
COMMENT ON COLUMN series.n_items IS 'Items behind one score in this series, a count';
COMMENT ON COLUMN series.n_items_source_url IS 'Address of that count; where it is unknown, of n_at_least';
COMMENT ON COLUMN series.n_at_least IS 'Where a score is an average of per-question scores: 1 / the largest weight of one question in it, a count; bounds its sampling error from above';
COMMENT ON COLUMN series.n_evaluations IS 'Current evaluations in the series';
COMMENT ON COLUMN series.n_models IS 'Distinct models in the series';
COMMENT ON COLUMN series.n_sized_models IS 'Distinct models with a parameter count in the series';
COMMENT ON COLUMN series.rerun_spread IS 'Standard deviation between runs of the same model, fraction; NULL when it was never measured';

CREATE TABLE evaluation (
    evaluation_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    model_id VARCHAR NOT NULL,
    series_id VARCHAR NOT NULL,
    benchmark_id VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    setting VARCHAR,
    score DOUBLE NOT NULL,
    score_reported VARCHAR NOT NULL,
    score_unit VARCHAR NOT NULL,
    score_decimals INTEGER NOT NULL,
    standard_error DOUBLE,
    uncertainty_reported VARCHAR,
    n_items INTEGER,
    evaluator_relationship VARCHAR NOT NULL,
    read_from VARCHAR NOT NULL,
    evaluated_date DATE,
    first_seen_date DATE NOT NULL,
    last_seen_date DATE NOT NULL,
    n_sightings INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    supersedes_id VARCHAR,
    is_subset BOOLEAN NOT NULL,
    data_problem VARCHAR,
    model_reported VARCHAR NOT NULL,
    benchmark_reported VARCHAR NOT NULL,
    note VARCHAR,
    locator VARCHAR NOT NULL,
    snapshot_id VARCHAR NOT NULL,
    source_url VARCHAR NOT NULL,
    licence VARCHAR NOT NULL
);
COMMENT ON TABLE evaluation IS 'One row per score: one run of one model on one benchmark, metric and setting, however many copies of it exist';
COMMENT ON COLUMN evaluation.evaluation_id IS 'First 16 hex digits of sha256 over source, run, model, benchmark, metric and setting as printed; a superseded reading adds its value';
COMMENT ON COLUMN evaluation.source_id IS 'Source that published the score';
COMMENT ON COLUMN evaluation.run IS 'The source''s own run: name, precision and revision where it states them, else empty';
COMMENT ON COLUMN evaluation.model_id IS 'Model that was tested';
COMMENT ON COLUMN evaluation.series_id IS 'Group of directly comparable scores';
COMMENT ON COLUMN evaluation.benchmark_id IS 'Benchmark';
COMMENT ON COLUMN evaluation.metric IS 'Metric';
COMMENT ON COLUMN evaluation.setting IS 'Shots, reasoning effort, tools, harness: as printed';
COMMENT ON COLUMN evaluation.score IS 'The value: a fraction of 1 where score_unit is percent or fraction, else in its own unit';
COMMENT ON COLUMN evaluation.score_reported IS 'The value exactly as printed';
COMMENT ON COLUMN evaluation.score_unit IS 'Unit of the printed value: percent, fraction, rating or points';
COMMENT ON COLUMN evaluation.score_decimals IS 'Decimals of the printed value';
COMMENT ON COLUMN evaluation.standard_error IS 'Standard error printed with the value, fraction';
COMMENT ON COLUMN evaluation.uncertainty_reported IS 'Uncertainty exactly as printed, with its kind (stderr, ci95, unknown)';
COMMENT ON COLUMN evaluation.n_items IS 'Items behind this score, a count: printed beside it, else the series'' own; NULL when unknown';
COMMENT ON COLUMN evaluation.evaluator_relationship IS 'Who ran the test: first_party (the maker), third_party, collaborative, other or unknown';
COMMENT ON COLUMN evaluation.read_from IS 'page (read by a parser), paper, quoted (by others) or reproduction; all but page are transcribed by hand';
COMMENT ON COLUMN evaluation.evaluated_date IS 'Day of the run or submission as the source states it';
COMMENT ON COLUMN evaluation.first_seen_date IS 'Content date of the first snapshot that shows the value';
COMMENT ON COLUMN evaluation.last_seen_date IS 'Content date of the last snapshot that shows the value';
COMMENT ON COLUMN evaluation.n_sightings IS 'Number of snapshots that show the value';
COMMENT ON COLUMN evaluation.status IS 'current, superseded (the source changed the value) or removed (no longer on a page that lists its rows in full)';
COMMENT ON COLUMN evaluation.supersedes_id IS 'Earlier reading of the same run that this value replaced';
COMMENT ON COLUMN evaluation.is_subset IS 'True for a subject or subtask';
COMMENT ON COLUMN evaluation.data_problem IS 'Why the number itself needs checking first (scale slip, exact zero, clash), one sentence; such scores leave the fits';
COMMENT ON COLUMN evaluation.model_reported IS 'Model name exactly as printed';
COMMENT ON COLUMN evaluation.benchmark_reported IS 'Benchmark name exactly as printed';
COMMENT ON COLUMN evaluation.note IS 'Footnote markers and short remarks kept apart from the value';
COMMENT ON COLUMN evaluation.locator IS 'Where on the page the value stands (table, row, column)';
COMMENT ON COLUMN evaluation.snapshot_id IS 'Newest snapshot that shows the value';
COMMENT ON COLUMN evaluation.source_url IS 'Address that leads a reader to the value';
COMMENT ON COLUMN evaluation.licence IS 'Licence of the figure, from its source';

CREATE TABLE sighting (
    evaluation_id VARCHAR NOT NULL,
    snapshot_id VARCHAR NOT NULL,
    score_reported VARCHAR NOT NULL
);
COMMENT ON TABLE sighting IS 'One row per place where a value was seen: copies and dated versions of the same run';
COMMENT ON COLUMN sighting.evaluation_id IS 'Evaluation that was seen';
COMMENT ON COLUMN sighting.snapshot_id IS 'Snapshot in which it was seen';
COMMENT ON COLUMN sighting.score_reported IS 'The value as printed there (copies round differently)';

CREATE TABLE rejection (
    source_id VARCHAR NOT NULL,
    snapshot_id VARCHAR NOT NULL,
    model_reported VARCHAR NOT NULL,
    benchmark_reported VARCHAR NOT NULL,
    score_reported VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR NOT NULL
);
COMMENT ON TABLE rejection IS 'One row per printed value that could not be accepted, with the reason';
COMMENT ON COLUMN rejection.source_id IS 'Source of the value';
COMMENT ON COLUMN rejection.snapshot_id IS 'Snapshot in which it stands';
COMMENT ON COLUMN rejection.model_reported IS 'Model name as printed';
COMMENT ON COLUMN rejection.benchmark_reported IS 'Benchmark name as printed';
COMMENT ON COLUMN rejection.score_reported IS 'Value as printed';
COMMENT ON COLUMN rejection.reason IS 'Short reason, for counting';
COMMENT ON COLUMN rejection.detail IS 'The reason in one sentence';

CREATE TABLE omission (
    source_id VARCHAR NOT NULL,
    snapshot_id VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    n_values INTEGER NOT NULL,
    example VARCHAR NOT NULL
);
COMMENT ON TABLE omission IS 'What a parser rule leaves out on purpose (averages, normalised copies, empty cells), counted';
COMMENT ON COLUMN omission.source_id IS 'Source';
COMMENT ON COLUMN omission.snapshot_id IS 'Snapshot';
COMMENT ON COLUMN omission.rule IS 'The rule, in words';
COMMENT ON COLUMN omission.n_values IS 'Values left out by the rule in this snapshot';
COMMENT ON COLUMN omission.example IS 'One of them';

CREATE TABLE signal (
    signal_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    question VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    thresholds VARCHAR NOT NULL,
    method_version VARCHAR NOT NULL
);
COMMENT ON TABLE signal IS 'One row per statistic: its question, method and thresholds, the same words that the Method page shows';
COMMENT ON COLUMN signal.signal_id IS 'File name in scoring/signals';
COMMENT ON COLUMN signal.title IS 'Short title';
COMMENT ON COLUMN signal.question IS 'The question it answers';
COMMENT ON COLUMN signal.method IS 'How, with the published source of the method';
COMMENT ON COLUMN signal.thresholds IS 'Constants of the method, as JSON';
COMMENT ON COLUMN signal.method_version IS 'Changes whenever the numbers can change';

CREATE TABLE fit (
    signal_id VARCHAR NOT NULL,
    group_id VARCHAR NOT NULL,
    tier VARCHAR NOT NULL,
    n_rows INTEGER NOT NULL,
    n_clusters INTEGER NOT NULL,
    parameters VARCHAR NOT NULL,
    method_version VARCHAR NOT NULL
);
COMMENT ON TABLE fit IS 'One row per fitted group: what a new number needs to be judged without refitting';
COMMENT ON COLUMN fit.signal_id IS 'Signal';
COMMENT ON COLUMN fit.group_id IS 'Series (tier A), benchmark:metric (tier B), or table:setting group for a factor model of other scores';
COMMENT ON COLUMN fit.tier IS 'A same setting, B any setting';
COMMENT ON COLUMN fit.n_rows IS 'Evaluations in the fit';
COMMENT ON COLUMN fit.n_clusters IS 'Clusters of near-copies in the fit';
COMMENT ON COLUMN fit.parameters IS 'Fitted parameters, as JSON';
COMMENT ON COLUMN fit.method_version IS 'Version of the method that made them';

CREATE TABLE finding (
    signal_id VARCHAR NOT NULL,
    subject_kind VARCHAR NOT NULL,
    subject_id VARCHAR NOT NULL,
    variant VARCHAR NOT NULL,
    other_evaluation_id VARCHAR,
    group_id VARCHAR,
    observed DOUBLE,
    expected DOUBLE,
    expected_lower DOUBLE,
    expected_upper DOUBLE,
    residual_z DOUBLE,
    p_value DOUBLE,
    p_value_normal DOUBLE,
    q_value DOUBLE,
    n_comparable INTEGER,
    n_as_far INTEGER,
    tier VARCHAR,
    level VARCHAR NOT NULL,
    direction VARCHAR,
    reason VARCHAR NOT NULL,
    markable_gap DOUBLE,
    level_alone VARCHAR,
    reason_alone VARCHAR
);
COMMENT ON TABLE finding IS 'One row per signal and subject: the answer of a statistic about one score or one model';
COMMENT ON COLUMN finding.signal_id IS 'Signal that speaks';
COMMENT ON COLUMN finding.subject_kind IS 'evaluation or model';
COMMENT ON COLUMN finding.subject_id IS 'evaluation_id or model_id';
COMMENT ON COLUMN finding.variant IS 'Variant of the signal (sensitivity runs), else empty';
COMMENT ON COLUMN finding.other_evaluation_id IS 'Second evaluation where two are compared';
COMMENT ON COLUMN finding.group_id IS 'Fitted group that the subject was compared with';
COMMENT ON COLUMN finding.observed IS 'The score, fraction (of a rating: rating points)';
COMMENT ON COLUMN finding.expected IS 'Expected score for a model like this, fraction (of a rating: rating points)';
COMMENT ON COLUMN finding.expected_lower IS 'Lower end of the 90% prediction interval, fraction (of a rating: rating points)';
COMMENT ON COLUMN finding.expected_upper IS 'Upper end of the 90% prediction interval, fraction (of a rating: rating points)';
COMMENT ON COLUMN finding.residual_z IS 'Distance from expected in robust standard deviations; positive is better than expected, also where a lower score is better';
COMMENT ON COLUMN finding.p_value IS 'Share of comparable models expected at least this far out on this side, from the residuals'' own spread';
COMMENT ON COLUMN finding.p_value_normal IS 'The same under a normal law, for comparison';
COMMENT ON COLUMN finding.q_value IS 'False-discovery-rate-adjusted p_value over all scores tested on this side';
COMMENT ON COLUMN finding.n_comparable IS 'Comparable models in the fitted group, the model''s own cluster left out';
COMMENT ON COLUMN finding.n_as_far IS 'How many of them are at least as far out on the same side';
COMMENT ON COLUMN finding.tier IS 'A same benchmark, metric and setting; B same benchmark and metric, any setting; C outside the fitted size range, extrapolated';
COMMENT ON COLUMN finding.level IS 'usual, somewhat, unusual, very_unusual, check_data or cannot_tell';
COMMENT ON COLUMN finding.direction IS 'high or low';
COMMENT ON COLUMN finding.reason IS 'The level in one sentence';
COMMENT ON COLUMN finding.markable_gap IS 'Smallest gap above the expected score that would have been marked, fraction (of a rating: rating points); NULL where not even a full score would have been';
COMMENT ON COLUMN finding.level_alone IS 'Level for somebody who asks about this one score: by its own p_value, without the correction of a list (same words as finding.level); NULL where it is the same';
COMMENT ON COLUMN finding.reason_alone IS 'That level in one sentence; NULL where it is the same';

CREATE TABLE trend (
    signal_id VARCHAR NOT NULL,
    series_id VARCHAR NOT NULL,
    month DATE NOT NULL,
    statistic VARCHAR NOT NULL,
    value DOUBLE,
    value_text VARCHAR
);
COMMENT ON TABLE trend IS 'One row per series, month and statistic: how a benchmark develops';
COMMENT ON COLUMN trend.signal_id IS 'Signal that speaks';
COMMENT ON COLUMN trend.series_id IS 'Series';
COMMENT ON COLUMN trend.month IS 'First day of the month; the statistic describes the end of it';
COMMENT ON COLUMN trend.statistic IS 'Name: best, best_error (its standard error), kth_best, k, n_models, tie_group_size, s_index_sqrt_n, s_index_n, headroom, status, reason ...';
COMMENT ON COLUMN trend.value IS 'Value: fractions for scores, counts for counts, NULL for text';
COMMENT ON COLUMN trend.value_text IS 'Value in words (status, reason, model id)';

CREATE TABLE model_summary (
    model_id VARCHAR NOT NULL,
    n_evaluations INTEGER NOT NULL,
    n_tested INTEGER NOT NULL,
    n_unusual_high INTEGER NOT NULL,
    n_unusual_low INTEGER NOT NULL,
    mean_z DOUBLE,
    p_value DOUBLE,
    q_value DOUBLE,
    level VARCHAR NOT NULL,
    direction VARCHAR,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE model_summary IS 'One line per model across its benchmarks';
COMMENT ON COLUMN model_summary.model_id IS 'Model';
COMMENT ON COLUMN model_summary.n_evaluations IS 'Current headline evaluations of the model';
COMMENT ON COLUMN model_summary.n_tested IS 'Of them, compared with similar models';
COMMENT ON COLUMN model_summary.n_unusual_high IS 'Scores called unusual or very unusual, high side';
COMMENT ON COLUMN model_summary.n_unusual_low IS 'Scores called unusual or very unusual, low side';
COMMENT ON COLUMN model_summary.mean_z IS 'Average residual over its benchmarks, one per benchmark, in robust standard deviations';
COMMENT ON COLUMN model_summary.p_value IS 'Chance of an average this far out on this side, dependence between benchmarks allowed for';
COMMENT ON COLUMN model_summary.q_value IS 'False-discovery-rate-adjusted p_value over all models on this side';
COMMENT ON COLUMN model_summary.level IS 'Same words as finding.level: is the model high (or low) everywhere for its size?';
COMMENT ON COLUMN model_summary.direction IS 'high or low';
COMMENT ON COLUMN model_summary.reason IS 'The level in one sentence';

CREATE TABLE benchmark_answer (
    benchmark_id VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    is_lower_better BOOLEAN NOT NULL,
    status VARCHAR NOT NULL,
    "use" VARCHAR,
    best DOUBLE,
    best_evaluation_id VARCHAR,
    best_model_id VARCHAR,
    best_maker VARCHAR,
    best_series_id VARCHAR,
    best_date DATE,
    best_community DOUBLE,
    best_community_evaluation_id VARCHAR,
    best_with_tools DOUBLE,
    best_with_tools_evaluation_id VARCHAR,
    best_by_samples DOUBLE,
    best_by_samples_evaluation_id VARCHAR,
    kth_best DOUBLE,
    tie_group VARCHAR,
    tie_group_size INTEGER,
    tie_series_id VARCHAR,
    setup_points DOUBLE,
    headroom DOUBLE,
    n_makers INTEGER NOT NULL,
    n_makers_12m INTEGER NOT NULL,
    n_models INTEGER NOT NULL,
    newest_date DATE,
    forecast_best DOUBLE,
    forecast_lower DOUBLE,
    forecast_upper DOUBLE,
    saturation_month VARCHAR,
    saturation_earliest VARCHAR,
    saturation_latest VARCHAR,
    forecast_reason VARCHAR,
    unusual_from_8b DOUBLE,
    unusual_from_70b DOUBLE,
    unusual_from_reason VARCHAR,
    n_left_out INTEGER NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE benchmark_answer IS 'One answer per benchmark, from the best credible evidence across settings, years and sources';
COMMENT ON COLUMN benchmark_answer.benchmark_id IS 'Benchmark';
COMMENT ON COLUMN benchmark_answer.metric IS 'Metric of the answer; accuracy, normalised accuracy and exact match count the same thing and stand together';
COMMENT ON COLUMN benchmark_answer.unit IS 'Unit of the scores: fraction (of 1), or the name of another unit';
COMMENT ON COLUMN benchmark_answer.is_lower_better IS 'True when a lower value is the better one';
COMMENT ON COLUMN benchmark_answer.status IS 'separating, crowded, tied, closed or cannot_tell: can the test still tell the makers best models apart?';
COMMENT ON COLUMN benchmark_answer."use" IS 'in_use (models of five makers in the last twelve months), retired (no longer), NULL when it never had five makers within a year';
COMMENT ON COLUMN benchmark_answer.best IS 'Best credible score of a known maker, without tools and by one answer per question, in the unit of the test';
COMMENT ON COLUMN benchmark_answer.best_evaluation_id IS 'The score behind best';
COMMENT ON COLUMN benchmark_answer.best_model_id IS 'Its model';
COMMENT ON COLUMN benchmark_answer.best_maker IS 'Its maker, one name for all spellings';
COMMENT ON COLUMN benchmark_answer.best_series_id IS 'The series that it stands in';
COMMENT ON COLUMN benchmark_answer.best_date IS 'Day of that model: its release or upload, else the first day on which it was listed';
COMMENT ON COLUMN benchmark_answer.best_community IS 'Best score that nothing speaks against, whoever made the model';
COMMENT ON COLUMN benchmark_answer.best_community_evaluation_id IS 'The score behind best_community';
COMMENT ON COLUMN benchmark_answer.best_with_tools IS 'Best credible score of a maker with tools or search';
COMMENT ON COLUMN benchmark_answer.best_with_tools_evaluation_id IS 'The score behind best_with_tools';
COMMENT ON COLUMN benchmark_answer.best_by_samples IS 'Best credible score of a maker by several samples a question (majority, best of n) or by several models together';
COMMENT ON COLUMN benchmark_answer.best_by_samples_evaluation_id IS 'The score behind best_by_samples';
COMMENT ON COLUMN benchmark_answer.kth_best IS 'Best score of the fifth maker, in the group in which ties were looked for';
COMMENT ON COLUMN benchmark_answer.tie_group IS 'model_ids of the makers best entries that cannot be told from the best, best first, at most 20, separated by "; "; NULL for a closed test, where nearly all are near the best';
COMMENT ON COLUMN benchmark_answer.tie_group_size IS 'How many; NULL for a closed test, and where the sampling error of one of the first five is not known';
COMMENT ON COLUMN benchmark_answer.tie_series_id IS 'The one set-up in which ties were looked for; NULL: all set-ups together';
COMMENT ON COLUMN benchmark_answer.setup_points IS 'What another set-up moves a score by on this test, in points; 0 within one set-up';
COMMENT ON COLUMN benchmark_answer.headroom IS '(ceiling - best) / (ceiling - floor), fraction; NULL where the best score is above the ceiling, where scores are no share of the questions, and below five makers';
COMMENT ON COLUMN benchmark_answer.n_makers IS 'Known makers with a score';
COMMENT ON COLUMN benchmark_answer.n_makers_12m IS 'Of them, with a model of the last twelve months';
COMMENT ON COLUMN benchmark_answer.n_models IS 'Models with a score';
COMMENT ON COLUMN benchmark_answer.newest_date IS 'Day of the newest model of a known maker';
COMMENT ON COLUMN benchmark_answer.forecast_best IS 'Best score in twelve months, fraction; NULL where there is no forecast';
COMMENT ON COLUMN benchmark_answer.forecast_lower IS 'Lower end of its 80% range';
COMMENT ON COLUMN benchmark_answer.forecast_upper IS 'Upper end of its 80% range';
COMMENT ON COLUMN benchmark_answer.saturation_month IS 'Month (2027-05) in which a tenth of the scale is left; NULL: not in sight, or past';
COMMENT ON COLUMN benchmark_answer.saturation_earliest IS 'Earliest such month by the 80% range';
COMMENT ON COLUMN benchmark_answer.saturation_latest IS 'Latest such month by the 80% range';
COMMENT ON COLUMN benchmark_answer.forecast_reason IS 'The forecast in one sentence, or why there is none';
COMMENT ON COLUMN benchmark_answer.unusual_from_8b IS 'Score from which on a new model of 8 billion parameters, dated on the day of the data, would be called unusual by its size and date, whoever makes it; fraction as the test prints it. NULL for a test that is not in use, for ratings and points, and where unusual_from_reason says why';
COMMENT ON COLUMN benchmark_answer.unusual_from_70b IS 'The same for 70 billion parameters';
COMMENT ON COLUMN benchmark_answer.unusual_from_reason IS 'Both in one sentence, with the scores that they are compared with, or why it cannot be told; empty for a test that is not in use, and for ratings and points';
COMMENT ON COLUMN benchmark_answer.n_left_out IS 'Scores without tools that set no frontier: marked, questioned, withdrawn, quoted (where others are known), or unclear about tools';
COMMENT ON COLUMN benchmark_answer.reason IS 'The answer in words: whose score leads, the room left, ties, and use';

CREATE TABLE benchmark_alternative (
    benchmark_id VARCHAR NOT NULL,
    alternative_id VARCHAR NOT NULL,
    place INTEGER NOT NULL,
    correlation DOUBLE NOT NULL,
    correlation_lower DOUBLE NOT NULL,
    n_shared INTEGER NOT NULL
);
COMMENT ON TABLE benchmark_alternative IS 'What to use instead of a closed, tied or retired test: tests in use that rank models most alike';
COMMENT ON COLUMN benchmark_alternative.benchmark_id IS 'The test to be replaced';
COMMENT ON COLUMN benchmark_alternative.alternative_id IS 'A test in use';
COMMENT ON COLUMN benchmark_alternative.place IS '1 for the most alike';
COMMENT ON COLUMN benchmark_alternative.correlation IS 'Rank correlation of the models that both tests share';
COMMENT ON COLUMN benchmark_alternative.correlation_lower IS 'Lower end of its 95% interval';
COMMENT ON COLUMN benchmark_alternative.n_shared IS 'Models that both tests share';

CREATE TABLE family_answer (
    group_kind VARCHAR NOT NULL,
    group_name VARCHAR NOT NULL,
    subject_kind VARCHAR NOT NULL,
    subject_id VARCHAR NOT NULL,
    n_models INTEGER NOT NULL,
    n_units INTEGER NOT NULL,
    effect DOUBLE NOT NULL,
    effect_error DOUBLE NOT NULL,
    effect_points DOUBLE NOT NULL,
    p_value DOUBLE NOT NULL,
    q_value DOUBLE NOT NULL,
    level VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE family_answer IS 'Where the models of a family or maker stand against what their other scores suggest, test by test';
COMMENT ON COLUMN family_answer.group_kind IS 'family or maker';
COMMENT ON COLUMN family_answer.group_name IS 'Name of the family or maker';
COMMENT ON COLUMN family_answer.subject_kind IS 'benchmark, or contrast: static public tests against hidden, fresh or renewed ones';
COMMENT ON COLUMN family_answer.subject_id IS 'benchmark_id without its version, or the contrast in words';
COMMENT ON COLUMN family_answer.n_models IS 'Models of the group with a score there';
COMMENT ON COLUMN family_answer.n_units IS 'Of them, groups of near-copies, which count once';
COMMENT ON COLUMN family_answer.effect IS 'Mean distance from what the models other scores suggest, less the middle of all families, in robust spreads of the test';
COMMENT ON COLUMN family_answer.effect_error IS 'Standard error of effect, near-copies counted once, in the same spreads';
COMMENT ON COLUMN family_answer.effect_points IS 'The same distance in points, centred alike';
COMMENT ON COLUMN family_answer.p_value IS 'Two-sided chance of a mean this far out, near-copies counted once';
COMMENT ON COLUMN family_answer.q_value IS 'False-discovery-rate-adjusted p_value over all groups of this kind and tests';
COMMENT ON COLUMN family_answer.level IS 'Same words as finding.level: unusual, somewhat or usual';
COMMENT ON COLUMN family_answer.direction IS 'high or low';
COMMENT ON COLUMN family_answer.reason IS 'The answer in one sentence';

CREATE TABLE maker (
    developer VARCHAR NOT NULL,
    maker VARCHAR NOT NULL
);
COMMENT ON TABLE maker IS 'Organisations with models of their own in two sources or more, found by evidence and not by a list';
COMMENT ON COLUMN maker.developer IS 'As in model.developer';
COMMENT ON COLUMN maker.maker IS 'One name for all spellings';

CREATE TABLE review (
    evaluation_id VARCHAR NOT NULL,
    verdict_of_reviewer VARCHAR NOT NULL,
    checked_by VARCHAR NOT NULL,
    checked_date DATE NOT NULL,
    source_url VARCHAR NOT NULL,
    note VARCHAR
);
COMMENT ON TABLE review IS 'Marked scores that a person looked up at their source; never added to the computed level';
COMMENT ON COLUMN review.evaluation_id IS 'Evaluation; a review of a model on a test speaks of each of its current scores there';
COMMENT ON COLUMN review.verdict_of_reviewer IS 'real (the number stands at its source and nothing ordinary explains it), good model, artefact (of the data or the method) or undecided';
COMMENT ON COLUMN review.checked_by IS 'Who checked the source';
COMMENT ON COLUMN review.checked_date IS 'When';
COMMENT ON COLUMN review.source_url IS 'Page that was looked at';
COMMENT ON COLUMN review.note IS 'What was seen there, one sentence';

CREATE TABLE incident (
    incident_id VARCHAR NOT NULL,
    model_reported VARCHAR NOT NULL,
    model_id VARCHAR,
    benchmark_reported VARCHAR,
    benchmark_id VARCHAR,
    status VARCHAR NOT NULL,
    claim VARCHAR NOT NULL,
    said_by VARCHAR,
    evidence_url VARCHAR NOT NULL,
    evidence_date DATE,
    reply VARCHAR
);
COMMENT ON TABLE incident IS 'What documents say: disclosures, reports and maintainers'' marks, each with a link; never added to the computed level';
COMMENT ON COLUMN incident.incident_id IS 'Stable key';
COMMENT ON COLUMN incident.model_reported IS 'Model as the document names it';
COMMENT ON COLUMN incident.model_id IS 'Model in this database, where the name links exactly';
COMMENT ON COLUMN incident.benchmark_reported IS 'Benchmark as the document names it';
COMMENT ON COLUMN incident.benchmark_id IS 'Benchmark in this database, where the name links exactly';
COMMENT ON COLUMN incident.status IS 'disclosed by the maker, reported by a third party, tested by a third party, marked by the test''s owner, disputed, withdrawn or corrected, deliberate demonstration';
COMMENT ON COLUMN incident.claim IS 'What the document says, in our words';
COMMENT ON COLUMN incident.said_by IS 'Who says it';
COMMENT ON COLUMN incident.evidence_url IS 'Address of the document';
COMMENT ON COLUMN incident.evidence_date IS 'Day of the document';
COMMENT ON COLUMN incident.reply IS 'The maker''s reply, where one is recorded';

CREATE TABLE evaluation_change (
    evaluation_id VARCHAR NOT NULL,
    changed_date DATE NOT NULL,
    kind VARCHAR NOT NULL,
    old_value VARCHAR,
    new_value VARCHAR,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE evaluation_change IS 'What changed in the sources: revised and removed values';
COMMENT ON COLUMN evaluation_change.evaluation_id IS 'Current (or removed) evaluation';
COMMENT ON COLUMN evaluation_change.changed_date IS 'Content date of the first snapshot with the new state';
COMMENT ON COLUMN evaluation_change.kind IS 'revised or removed';
COMMENT ON COLUMN evaluation_change.old_value IS 'Value as printed before';
COMMENT ON COLUMN evaluation_change.new_value IS 'Value as printed since';
COMMENT ON COLUMN evaluation_change.reason IS 'source_changed, our_error, corrected_by_maker or rule_changed';

CREATE TABLE level_change (
    evaluation_id VARCHAR NOT NULL,
    old_level VARCHAR,
    new_level VARCHAR,
    changed_date DATE NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE level_change IS 'What changed in our answers: scores whose mark (unusual, very_unusual, check_data) came, went or changed since the record was first published';
COMMENT ON COLUMN level_change.evaluation_id IS 'Evaluation';
COMMENT ON COLUMN level_change.old_level IS 'Level before, same words as finding.level; NULL when it carried no mark before';
COMMENT ON COLUMN level_change.new_level IS 'Level since, same words as finding.level; NULL when the score is no longer judged';
COMMENT ON COLUMN level_change.changed_date IS 'Day up to which the data of the build with the new level goes';
COMMENT ON COLUMN level_change.reason IS 'rule_changed (another version of the method), new (the score is new) or source_changed (its value, or values that it is compared with)';

CREATE TABLE build (
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE build IS 'Facts about this build, one per row';
COMMENT ON COLUMN build.name IS 'built_at, asof, seconds, tables_sha256 ...';
COMMENT ON COLUMN build.value IS 'Its value as text';
