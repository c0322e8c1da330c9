"""The expected score: reference values first, then what must not change it."""

import json
import math
import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import lsq_linear, minimize

from bench.scoring import without_each_cluster
from scoring.expected import curve, judge, solve
from scoring.expected.curve import Rows


def rows_of(
    n: int = 200, *, seed: int = 1, floor: float = 0.0, noise: float = 0.2, n_items: float = 2000.0, **changes
) -> Rows:
    """Independent models on a known curve: eta = -0.5 + 1.2 (log10 size - 9.5) + 0.5 (years - 4)."""
    rng = np.random.default_rng(seed)
    size, when = rng.uniform(8.5, 11, n), rng.uniform(3, 5, n)
    eta = -0.5 + 1.2 * (size - 9.5) + 0.5 * (when - 4) + noise * rng.normal(size=n)
    truth = floor + (1 - floor) / (1 + np.exp(-eta))
    plain = {
        "score": rng.binomial(int(n_items), truth) / n_items,
        "n_items": np.full(n, n_items),
        "counted": np.full(n, n_items),
        "standard_error": np.full(n, np.nan),
        "size": size,
        "when": when,
        "basis": np.full(n, "release"),
        "cluster": np.arange(n),
        "model": np.arange(n),
        "setting": np.zeros(n, dtype=int),
        "enters": np.ones(n, dtype=bool),
    }
    return Rows(**(plain | changes))


# Known answers


@pytest.mark.parametrize("df", [1.0, 2.0, 3.7, 10.0, 100.0])
def test_students_tail_equals_scipy(df):
    z = np.array([-40.0, -3.0, -0.5, 0.0, 1e-9, 0.3, 1.0, 2.5, 8.0, 30.0, 200.0])
    np.testing.assert_allclose(judge.student_upper(z, df), stats.t.sf(z, df), rtol=1e-9)


def test_normal_tail_equals_scipy():
    z = np.linspace(-6, 12, 37)
    np.testing.assert_allclose(judge.normal_upper(z), stats.norm.sf(z), rtol=1e-12)


def test_corrected_logit_by_hand():
    # 7 of 9: (7 + 0.5) / (9 + 1) = 0.75, whose logit is ln 3
    assert judge.corrected_logit(np.array([7 / 9]), np.array([9.0]))[0] == pytest.approx(math.log(3))
    assert judge.corrected_logit(np.array([0.0]), np.array([9.0]))[0] == pytest.approx(math.log(1 / 19))


@given(st.floats(0, 1), st.integers(1, 20000))
def test_uncorrecting_undoes_the_correction(score, n):
    there = judge.corrected_logit(np.array([score]), np.array([float(n)]))
    assert judge.uncorrected_score(there, np.array([float(n)]))[0] == pytest.approx(score, abs=1e-9)


def test_the_mean_is_the_floor_for_hopeless_models_and_one_for_perfect_ones():
    mean = judge.sigmoid(judge.logit_mean(np.array([-60.0, 0.0, 30.0]), 0.25))
    np.testing.assert_allclose(mean, [0.25, 0.625, 1.0], atol=1e-9)


def test_segments_have_unit_slope_each_and_run_on_at_both_ends():
    basis = judge.segments(np.array([-5.0, 1.5, 9.0]), np.array([1.0, 2.0]))
    np.testing.assert_allclose(basis, [[-5, 0, 0], [1, 0.5, 0], [1, 1, 7]])


def test_weighted_quantile_counts_mid_ranks():
    x = np.array([3.0, 1.0, 2.0])
    assert solve.weighted_quantile(x, np.ones(3), 0.5) == 2.0
    # weight 2 on the value 1 pulls the median half way to it
    assert solve.weighted_quantile(x, np.array([1.0, 2.0, 1.0]), 0.5) == pytest.approx(1 + 1 / 1.5)


def test_bounded_least_squares_equals_scipy():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(60, 5)), rng.normal(size=60)
    free = 2
    targets = np.stack([y, y + 3 * x[:, 2:].sum(axis=1)])  # a bound holds something back in the first alone
    ours = solve._constrained(np.stack([x.T @ x] * 2), targets @ x, free)
    for mine, target in zip(ours, targets, strict=True):
        theirs = lsq_linear(x, target, bounds=([-np.inf] * free + [0] * 3, np.inf), method="bvls", tol=1e-14).x
        np.testing.assert_allclose(mine, theirs, atol=1e-7)
    assert np.any(ours[0, free:] == 0) and np.all(ours[1, free:] > 0)


def test_curves_fitted_together_equal_curves_fitted_one_by_one():
    rows = rows_of(200)
    w = curve.cluster_weights(rows.cluster)
    means = curve.fit_whole(rows, w, 0.0).means
    weights = w * (np.arange(200) % 4 != np.arange(4)[:, None])
    (together,) = solve.means([replace(means, w=weights)])
    for k in range(4):
        kept = weights[k] > 0
        part = replace(means, design=means.design[kept], y=means.y[kept], sd=means.sd[kept], w=weights[k][None, kept])
        np.testing.assert_allclose(together[k], solve.means([part])[0][0], atol=1e-9)


def test_groups_fitted_together_equal_groups_fitted_one_by_one():
    few = rows_of(45, seed=3, floor=0.25, n_items=60.0)
    groups = [
        (rows_of(200), 0.0),
        (few, 0.25),
        (rows_of(70, seed=4, when=np.full(70, np.nan)), 0.0),
        (rows_of(12), 0.0),
    ]
    groups.append((rows_of(45, seed=5), 0.0))
    together = solve.together([curve.fit_steps(rows, floor) for rows, floor in groups])
    assert together[3] is None
    for mine, (rows, floor) in zip(together, groups, strict=True):
        alone = curve.fit(rows, floor)
        if mine is None:
            assert alone is None
            continue
        for name, values in alone.lines.items():
            np.testing.assert_allclose(mine.lines[name], values, rtol=1e-6, atol=1e-9, err_msg=name)


def test_spreads_and_tails_are_those_of_a_general_optimiser():
    """Each likelihood written out anew, and left to scipy."""
    rng = np.random.default_rng(8)
    for n, n_clusters in ((30, 25), (300, 120)):
        e, eta, known, w = rng.standard_t(4, n), rng.normal(size=n), rng.uniform(0, 0.3, n), rng.uniform(0.2, 1, n)
        knots, found = curve.fit_spread(e, eta, known, w, n_clusters)
        centre = 2 * math.log(solve.weighted_quantile(np.abs(e), w, 0.5) / 0.74)

        def loss(h, knots=knots, e=e, eta=eta, known=known, w=w, n_clusters=n_clusters, centre=centre):
            variance = known + np.exp(np.interp(eta, knots, h))
            fit = np.sum(w / w.sum() * (0.5 * np.log(variance) + 2.5 * np.log1p(e**2 / (4 * variance))))
            return fit + (2 * np.sum(np.diff(h) ** 2) + 0.02 * np.sum((h - centre) ** 2)) / n_clusters

        best = minimize(
            loss,
            np.full(len(knots), centre),
            method="Nelder-Mead",
            options={"xatol": 1e-7, "fatol": 1e-12, "maxiter": 5000},
        )
        np.testing.assert_allclose(found, best.x, atol=1e-3)
    u, w = np.abs(rng.standard_t(5, 200)), rng.uniform(0.2, 1, 200)
    scale, df = curve.half_tail(u, w, 60)
    cut, share = solve.weighted_quantile(u, w, 0.9), w * 30 / w.sum()

    def side_loss(theta):
        law = stats.t(1 / theta[1], scale=math.exp(theta[0]))
        inside = u <= cut * (1 + 1e-9)
        fit = share[inside] @ law.logpdf(u[inside]) + share[~inside].sum() * law.logsf(cut)
        return -fit + 0.5 * ((theta[1] - solve.TAIL_MEAN) / solve.TAIL_SD) ** 2

    bounds = [(-3, 3), (solve.MIN_TAIL, solve.MAX_TAIL)]
    best = minimize(side_loss, [0.0, 0.1], method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-8, "fatol": 1e-12})
    assert df == pytest.approx(1 / (best.x[1] + 2 / 60), rel=1e-3)
    marked = math.log(cut / stats.t.ppf(0.95, df))
    assert scale == pytest.approx(math.exp((100 * best.x[0] + 60 * marked) / 160), rel=1e-3)


def test_expected_scores_are_close_to_those_of_a_refit_without_the_own_cluster():
    rows = rows_of(60)
    fitted = curve.fit(rows, 0.0)
    naive = without_each_cluster(rows, 0.0, fitted.parameters["null"])
    assert np.median(np.abs(naive - fitted.lines["expected"])) < 0.005


def test_unknown_numbers_of_questions_are_told_by_the_steps_between_scores():
    assert curve.end_items(np.array([0.0, 3, 4, 20, 30]) / 30) == pytest.approx(30, rel=1e-3)
    assert curve.end_items(np.linspace(0.1, 0.9, 1000)) == judge.CORRECTION_ITEMS
    assert curve.end_items(np.array([0.5, 0.5])) == judge.CORRECTION_ITEMS


def test_one_score_for_half_of_the_clusters_leaves_nothing_to_compare_with():
    rows = rows_of(100)
    score = np.where(np.arange(100) < 49, 0.0, rows.score)
    assert curve.fit(replace(rows, score=score), 0.0) is not None
    score[49] = 0.0
    assert curve.fit(replace(rows, score=score), 0.0) is None


def test_equal_scores_of_many_do_not_make_the_others_odd():
    rows = rows_of(100)
    score = np.where(np.arange(100) % 20 < 9, 0.0, np.round(0.1 * rows.score, 2))
    fitted = curve.fit(replace(rows, score=score, n_items=np.full(100, np.nan), counted=np.full(100, np.nan)), 0.0)
    assert fitted.lines["p_high"].min() > 1e-5


def test_the_known_curve_is_found():
    rows = rows_of(600)
    fitted = curve.fit(rows, 0.0)
    eta = judge.curve(np.array([9.0, 9.5, 10.5]), np.array([4.0, 4.0, 4.0]), ["release"] * 3, fitted.parameters)
    np.testing.assert_allclose(eta, [-1.1, -0.5, 0.7], atol=0.08)
    late = judge.curve(np.array([9.5]), np.array([5.0]), ["release"], fitted.parameters)
    assert late[0] - eta[1] == pytest.approx(0.5, abs=0.08)


def test_the_spread_between_models_is_found_net_of_sampling_noise():
    fitted = curve.fit(rows_of(600, noise=0.3, n_items=200.0), 0.0)
    null = fitted.parameters["null"]
    between = np.exp(0.5 * np.array(fitted.parameters["spread_log_variance"]))
    assert between.mean() * (null["scale_high"] + null["scale_low"]) / 2 == pytest.approx(0.3, rel=0.25)


def test_the_null_of_normal_residuals_is_normal():
    u = np.random.default_rng(5).normal(size=4000)
    null = curve.empirical_null(u, np.ones(4000), 4000)
    assert null["location"] == pytest.approx(0, abs=0.05)
    assert null["scale_high"] == pytest.approx(1, abs=0.06)
    assert null["upper"] == pytest.approx(1.645, abs=0.06)
    assert null["df_high"] > 15


def test_the_null_of_heavy_residuals_has_a_heavy_tail():
    u = np.random.default_rng(6).standard_t(3, size=4000)
    null = curve.empirical_null(u, np.ones(4000), 4000)
    assert null["df_high"] < 6
    assert judge.student_upper(np.array(6.0 / null["scale_high"]), null["df_high"]) == pytest.approx(
        stats.t.sf(6, 3), rel=0.6
    )


def test_a_few_wild_scores_on_one_side_do_not_move_the_null():
    u = np.random.default_rng(7).normal(size=1000)
    clean = curve.empirical_null(u, np.ones(1000), 1000)
    wild = curve.empirical_null(np.concatenate([u, np.full(15, 25.0)]), np.ones(1015), 1015)
    assert wild["upper"] == pytest.approx(clean["upper"], rel=0.1)
    assert wild["lower"] == pytest.approx(clean["lower"], rel=0.1)


def test_few_clusters_make_the_tail_heavier():
    u = np.random.default_rng(8).normal(size=400)
    assert curve.half_tail(np.abs(u), np.ones(400), 20)[1] < 10 < curve.half_tail(np.abs(u), np.ones(400), 2000)[1]


# What the fit promises


def test_a_row_and_its_near_copies_never_enter_their_own_expected_value():
    rows = rows_of(120)
    cluster = rows.cluster.copy()
    cluster[:10] = 0
    plain = curve.fit(replace(rows, cluster=cluster), 0.0)
    score = rows.score.copy()
    score[:10] = np.linspace(0.9, 0.99, 10)
    size = replace(rows, cluster=cluster, score=score)
    moved = curve.fit(size, 0.0)
    # The spread is shared, so ends may move a little; the middle may not follow the ten.
    np.testing.assert_allclose(moved.lines["expected"][:10], plain.lines["expected"][:10], atol=0.02)


def test_the_curve_never_falls_with_size():
    rng = np.random.default_rng(4)
    rows = rows_of(150)
    fitted = curve.fit(replace(rows, score=rng.uniform(0.2, 0.8, 150)), 0.0)
    assert min(fitted.parameters["size_slopes"]) >= 0


def test_intervals_stay_inside_the_scale_and_around_the_expected_score():
    for floor in (0.0, 0.25):
        lines = curve.fit(rows_of(200, floor=floor, noise=1.0, n_items=50.0), floor).lines
        assert np.all((lines["expected_lower"] >= 0) & (lines["expected_upper"] <= 1))
        assert np.all((lines["expected_lower"] <= lines["expected"]) & (lines["expected"] <= lines["expected_upper"]))


def test_outside_the_interval_and_p_below_five_percent_are_the_same():
    rows = rows_of(300, noise=0.6)
    lines = curve.fit(rows, 0.0).lines
    inside = (rows.score >= lines["expected_lower"]) & (rows.score <= lines["expected_upper"])
    usual = (lines["p_high"] >= 0.05) & (lines["p_low"] >= 0.05)
    assert np.array_equal(inside, usual)


def test_scores_below_chance_stay():
    rows = rows_of(200, floor=0.25, n_items=100.0)
    score = rows.score.copy()
    score[[3, 4]] = 0.2, 0.0
    lines = curve.fit(replace(rows, score=score), 0.25).lines
    assert np.all(np.isfinite(lines["z"]))
    assert np.all(lines["z"][[3, 4]] < 0)


def test_an_honest_outlier_far_above_gets_a_tiny_p():
    rows = rows_of(300)
    score = rows.score.copy()
    small = int(np.argmin(rows.size))
    score[small] = 0.95
    lines = curve.fit(replace(rows, score=score), 0.0).lines
    assert lines["p_high"][small] < 1e-6
    assert lines["n_as_far_high"][small] == 0


def test_too_few_models_or_clusters_give_no_fit():
    assert curve.fit(rows_of(19), 0.0) is None
    assert curve.fit(rows_of(60, cluster=np.arange(60) % 9), 0.0) is None
    assert curve.fit(rows_of(20), 0.0) is not None


def test_a_second_run_is_placed_but_changes_nothing():
    rows = rows_of(100)
    index = np.concatenate([np.arange(100), [3]])
    twice = rows.take(index)
    twice = replace(twice, enters=np.arange(101) < 100)
    plain, more = curve.fit(rows, 0.0), curve.fit(twice, 0.0)
    np.testing.assert_allclose(more.lines["expected"][:100], plain.lines["expected"], rtol=1e-9)
    assert more.lines["z"][100] == pytest.approx(more.lines["z"][3])


def test_an_undated_model_gets_a_wider_interval():
    rows = rows_of(200)
    when = rows.when.copy()
    when[5] = np.nan
    fitted = curve.fit(replace(rows, when=when), 0.0)
    width = fitted.lines["expected_upper"] - fitted.lines["expected_lower"]
    near = np.argsort(np.abs(rows.size - rows.size[5]))[1:8]
    assert width[5] > width[near].mean()


def test_the_interval_widens_beyond_the_fitted_sizes():
    rows = rows_of(200)
    size = rows.size.copy()
    size[0] = 13.0
    fitted = curve.fit(replace(rows, size=size), 0.0)
    assert fitted.lines["is_extrapolated"][0]
    assert fitted.lines["is_extrapolated"].sum() <= 2  # and perhaps the smallest
    assert (fitted.lines["p_high"][0] > 0.02) or (fitted.lines["p_low"][0] > 0.02)


def test_pooling_settings_adds_the_set_up_variance():
    rows = rows_of(200, setting=np.arange(200) % 4)
    shifted = np.clip(rows.score + 0.05 * (rows.setting - 1.5), 0, 1)
    pooled = curve.fit(replace(rows, score=shifted), 0.0, pooled=True)
    plain = curve.fit(replace(rows, score=shifted), 0.0)
    assert pooled.parameters["setup_variance"] > 0.02
    width = [np.mean(f.lines["expected_upper"] - f.lines["expected_lower"]) for f in (pooled, plain)]
    assert width[0] > width[1]


# What must change nothing


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_row_order_and_labels_change_nothing(seed):
    rng = np.random.default_rng(seed)
    rows = rows_of(80, cluster=np.arange(80) // 2)
    order = rng.permutation(80)
    names = rng.permutation(1000)
    turned = replace(rows.take(order), cluster=names[rows.cluster[order]], model=names[rows.model[order]])
    plain, other = curve.fit(rows, 0.0), curve.fit(turned, 0.0)
    for column in ("expected", "expected_lower", "expected_upper", "z", "p_high"):
        np.testing.assert_allclose(other.lines[column], plain.lines[column][order], rtol=1e-4, atol=1e-5)


def test_the_unit_of_size_changes_nothing():
    rows = rows_of(150)
    in_billions = curve.fit(replace(rows, size=rows.size - 9), 0.0)
    plain = curve.fit(rows, 0.0)
    for column in ("expected", "expected_lower", "z"):
        np.testing.assert_allclose(in_billions.lines[column], plain.lines[column], rtol=1e-3, atol=2e-4)


def test_copies_inside_a_cluster_change_nothing():
    rows = rows_of(100)
    index = np.concatenate([np.arange(100), np.full(50, 7)])
    copied = replace(rows.take(index), model=np.arange(150))
    plain, more = curve.fit(rows, 0.0), curve.fit(copied, 0.0)
    np.testing.assert_allclose(more.lines["expected"][:100], plain.lines["expected"], atol=1e-4)
    np.testing.assert_allclose(more.lines["z"][:100], plain.lines["z"], atol=0.02)


# Judging from the stored fit


def test_a_stored_fit_judges_as_the_build_did():
    rows = rows_of(200, floor=0.25)
    fitted = curve.fit(rows, 0.25)
    stored = json.loads(json.dumps(fitted.parameters, allow_nan=False))
    day = date(2024, 3, 1)
    verdict = judge.judge(judge.New(score=0.61, n_parameters=7e9, model_date=day, date_basis="release"), stored)
    # The same by the fit's own functions.
    size, when = np.log10([7e9]), np.array([judge.years(day)])
    eta = judge.curve(size, when, ["release"], fitted.parameters)
    middle = judge.logit_mean(eta, 0.25)
    sd = judge.standard_deviation(
        eta, judge.sampling_variance(middle, np.array([2000.0]), np.array([np.nan])), fitted.parameters
    )
    z = judge.tails(
        (judge.corrected_logit(np.array([0.61]), np.array([2000.0])) - middle) / sd, fitted.parameters["null"]
    )
    assert verdict.residual_z == pytest.approx(z["z"][0])
    assert verdict.p_value == pytest.approx(min(z["p_high"][0], z["p_low"][0]))
    assert verdict.expected_lower < verdict.expected < verdict.expected_upper
    assert verdict.n_comparable == 200


def test_judging_a_row_again_agrees_with_its_cross_fitted_line():
    rows = rows_of(400)
    fitted = curve.fit(rows, 0.0)
    for i in range(0, 400, 40):
        day = date.fromordinal(judge.EPOCH.toordinal() + round(rows.when[i] * judge.DAYS_A_YEAR))
        new = judge.New(score=rows.score[i], n_parameters=10 ** rows.size[i], model_date=day, date_basis="release")
        assert judge.judge(new, fitted.parameters).expected == pytest.approx(fitted.lines["expected"][i], abs=0.01)


def test_a_full_score_of_an_unknown_number_of_questions_is_judged_by_the_steps_between_scores():
    rows = rows_of(200, n_items=10)
    unknown = np.full(200, np.nan)
    fitted = curve.fit(replace(rows, n_items=unknown, counted=unknown), 0.0)
    i = int(np.flatnonzero(rows.score == 1.0)[0])
    day = date.fromordinal(judge.EPOCH.toordinal() + round(rows.when[i] * judge.DAYS_A_YEAR))
    new = judge.New(score=1.0, n_parameters=10 ** rows.size[i], model_date=day, date_basis="release")
    assert judge.judge(new, fitted.parameters).residual_z == pytest.approx(fitted.lines["z"][i], abs=0.1)
    # As if of 500 questions, as where nothing tells their number, the same score would be far out.
    assert judge.judge(new, fitted.parameters | {"end_items": 500.0}).residual_z > fitted.lines["z"][i] + 2


def test_lower_is_better_is_judged_in_its_own_direction():
    fitted = curve.fit(rows_of(200), 0.0, is_lower_better=True)
    verdict = judge.judge(judge.New(score=0.02, n_parameters=1e9), fitted.parameters)
    assert verdict.direction == "high"
    assert verdict.expected_lower < verdict.expected < verdict.expected_upper
    assert verdict.expected > 0.02


@pytest.mark.parametrize(
    ("score", "size"), [(1.2, 1e9), (-0.1, 1e9), (math.nan, 1e9), (0.5, 0), (0.5, -1), (0.5, math.nan)]
)
def test_judge_refuses_what_it_cannot_use(score, size):
    fitted = curve.fit(rows_of(60), 0.0)
    with pytest.raises(ValueError, match="must be"):
        judge.judge(judge.New(score=score, n_parameters=size), fitted.parameters)


def test_judge_needs_numpy_alone():
    code = "import sys, scoring.expected.judge; print([m for m in ('scipy', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_order_of_equal_values_is_that_of_a_stable_sort():
    rng = np.random.default_rng(3)
    for n, kinds in ((0, 1), (1, 1), (7, 2), (3000, 3), (3000, 400), (3000, 10**9)):
        x = rng.integers(0, kinds, n) / 7
        assert np.array_equal(solve.in_order(x), np.argsort(x, kind="stable"))


def test_beyond_the_range_the_doubt_is_the_way_back_to_its_edge_on_the_scale_of_the_scores():
    fit = {"size_range": [9.0, 11.0], "size_doubt": 1.5, "date_range": None, "floor": 0.0}
    inside, below, above = np.array([10.0]), np.array([8.0]), np.array([13.0])
    eta = np.array([-2.0])
    assert judge.beyond_fit(inside, np.array([np.nan]), eta, fit)[0] == 0
    assert judge.beyond_fit(below, np.array([np.nan]), eta, fit)[0] == pytest.approx(1.5**2)
    assert judge.beyond_fit(above, np.array([np.nan]), eta, fit)[0] == pytest.approx(3.0**2)
    # Just above a floor of one in four, a smaller model can hardly fall further: the doubt is small there.
    guess = fit | {"floor": 0.25}
    assert judge.beyond_fit(below, np.array([np.nan]), np.array([-4.0]), guess)[0] < 0.25**2
    assert judge.beyond_fit(below, np.array([np.nan]), np.array([4.0]), guess)[0] == pytest.approx(1.5**2, rel=0.2)
