"""Signals: every evaluation gets one answer with a reason, and nothing that should not matter matters."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from boards import ASOF, evidence_of, frame_of, null_board, population_of, sigmoid

import scoring
from data.vocabulary import FAILED_RUN, MARKED
from scoring import evidence, results, signals
from scoring.signals import claim_gap, replication, size_anomaly
from scoring.verdict import pairs

ROOT = Path(__file__).parent.parent


def columns_of(table: str) -> list[str]:
    """Column names of a table in the order of the data dictionary."""
    text = (ROOT / "data" / "schema.sql").read_text()
    body = re.search(rf"CREATE TABLE {table} \((.*?)\n\);", text, re.DOTALL).group(1)
    return re.findall(r"^\s+(\w+) ", body, re.MULTILINE)


def plain_board(n: int = 60, seed: int = 1, **changes) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    log_size = rng.uniform(8.5, 11, n)
    score = rng.binomial(1000, sigmoid(log_size - 9.5 + 0.2 * rng.normal(size=n))) / 1000
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 400, n), unit="D")
    return frame_of(**({"score": score, "n_parameters": 10**log_size, "model_date": day} | changes))


def findings_of(frame: pd.DataFrame) -> pd.DataFrame:
    return size_anomaly.compute(population_of(frame)).findings.set_index("subject_id")


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("finding", results.FINDING),
        ("trend", results.TREND),
        ("fit", results.FIT),
        ("model_summary", results.SUMMARY),
        ("signal", results.SIGNAL),
    ],
)
def test_frames_have_the_columns_of_the_data_dictionary(table, columns):
    assert list(columns) == columns_of(table)


def test_signals_are_discovered_and_described():
    found = signals.discover()
    assert {"saturation", "size_anomaly"} <= set(found)
    for module in found.values():
        assert module.TITLE and module.QUESTION.endswith("?") and module.METHOD_VERSION
        json.dumps(module.THRESHOLDS)
        for part in ("Question", "Input", "Output", "Method", "Silent"):
            assert f"\n{part} " in module.__doc__


def test_a_run_fills_every_frame():
    frame = pd.concat(
        [plain_board(seed=s).assign(benchmark_id=f"b{s}", series_id=f"b{s}:accuracy:x") for s in range(4)]
    )
    frame = frame.assign(evaluation_id=[f"e{i:04d}" for i in range(len(frame))])
    done = scoring.run(evidence_of(frame))
    for name in ("finding", "trend", "fit", "model_summary", "signal"):
        rows = getattr(done, {"finding": "findings", "trend": "trends", "fit": "fits"}.get(name, "summaries"))
        if name == "signal":
            rows = done.signals
        assert list(rows.columns) == columns_of(name)
        assert len(rows) > 0
    assert done.summaries["model_id"].is_unique
    for column in ("signal_id", "subject_kind", "subject_id", "variant", "level", "reason"):
        assert done.findings[column].notna().all()
    assert set(done.findings["level"]) <= {"usual", "somewhat", "unusual", "very_unusual", "check_data", "cannot_tell"}
    assert set(done.findings["direction"].dropna()) <= {"high", "low"}


def test_an_empty_database_gives_empty_frames():
    done = scoring.run(evidence_of(plain_board(3).iloc[:0]))
    assert len(done.findings) == len(done.trends) == len(done.fits) == len(done.summaries) == 0
    assert list(done.findings.columns) == columns_of("finding")


def test_every_evaluation_gets_exactly_one_finding():
    frame = null_board(3, n_clusters=40, largest=50)
    found = size_anomaly.compute(population_of(frame)).findings
    assert sorted(found["subject_id"]) == sorted(frame["evaluation_id"])


def test_every_refusal_says_why():
    frame = plain_board(60).astype({"kind": object, "unit": object, "data_problem": object, "score": float})
    frame.loc[0, "kind"] = "human"
    frame.loc[1, "kind"] = "baseline"
    frame.loc[2, ["kind", "n_parameters"]] = "system", np.nan
    frame.loc[3, ["unit", "score"]] = "rating", 1300.0
    frame.loc[4, "n_parameters"] = np.nan
    frame.loc[5, "n_parameters"] = -1.0
    frame.loc[6, "data_problem"] = "Ten times the value of its other copies."
    frame.loc[7, "score"] = 0.0
    frame.loc[8, "score"] = 1.3
    frame = frame.assign(setting=frame["setting"].astype(object))
    frame.loc[9, "setting"] = "fine-tuned, hidden test"
    found = findings_of(frame)
    level, reason = found["level"], found["reason"]
    expected = {
        "e00000": ("cannot_tell", "human"),
        "e00001": ("cannot_tell", "baseline"),
        "e00002": ("cannot_tell", "system without a stated size"),
        "e00003": ("cannot_tell", "its unit is rating"),
        "e00004": ("cannot_tell", "parameters is not reported"),
        "e00005": ("cannot_tell", "parameters is not reported"),
        "e00006": ("check_data", "Ten times the value"),
        "e00007": ("check_data", "not one right answer"),
        "e00008": ("check_data", "outside 0 to 100%"),
        "e00009": ("cannot_tell", "trained on this test's own"),
    }
    for subject, (word, text) in expected.items():
        assert level[subject] == word
        assert text in reason[subject]
        assert pd.isna(found.loc[subject, "p_value"])
    assert found["p_value"].notna().sum() == 50
    assert pd.isna(found.loc["e00003", "observed"])


def test_a_short_test_may_have_an_exact_zero():
    frame = plain_board(60, n_items=30)
    frame.loc[0, "score"] = 0.0
    assert FAILED_RUN not in findings_of(frame).loc["e00000", "reason"]


def test_fewer_than_twenty_other_models_cannot_tell():
    found = findings_of(plain_board(20))
    assert set(found["level"]) == {"cannot_tell"}
    assert found["reason"].str.contains("19 other models").all()
    assert findings_of(plain_board(21))["p_value"].notna().all()


def test_a_small_series_is_compared_with_the_pooled_test():
    big, small = plain_board(60), plain_board(10, seed=2)
    small = small.assign(setting_group="few", series_id="test:accuracy:few", evaluation_id=[f"f{i}" for i in range(10)])
    found = findings_of(pd.concat([big, small.assign(model_id=[f"s{i}" for i in range(10)])]))
    assert set(found.loc["e00000":"e00059", "tier"]) <= {"A", "C"}
    pooled = found.loc[[f"f{i}" for i in range(10)]]
    assert set(pooled["tier"]) <= {"B", "C"}
    assert set(pooled["group_id"]) == {"test:accuracy"}
    assert pooled["reason"].str.contains("under any set-up").all()


def test_different_metrics_and_subsets_are_never_pooled():
    big, small = plain_board(60), plain_board(10, seed=2)
    small = small.assign(evaluation_id=[f"f{i}" for i in range(10)], model_id=[f"s{i}" for i in range(10)])
    other_metric = small.assign(metric="f1", series_id="test:f1:few")
    subset = small.assign(is_subset=True, series_id="test:accuracy:part")
    for part in (other_metric, subset):
        found = findings_of(pd.concat([big, part]))
        assert set(found.loc[[f"f{i}" for i in range(10)], "level"]) == {"cannot_tell"}


def test_a_size_beyond_all_others_is_extrapolated_and_says_so():
    frame = plain_board(60)
    frame.loc[0, "n_parameters"] = 5e12
    found = findings_of(frame)
    assert found.loc["e00000", "tier"] == "C"
    assert "extrapolated" in found.loc["e00000", "reason"]


def test_a_model_without_a_date_is_compared_by_size_and_says_so():
    frame = plain_board(60)
    frame.loc[0, "model_date"] = pd.NaT
    found = findings_of(frame)
    assert "compared by size alone" in found.loc["e00000", "reason"]
    assert pd.notna(found.loc["e00000", "p_value"])


def test_a_mixture_of_experts_says_what_it_was_compared_by():
    frame = plain_board(60)
    frame["is_moe"] = [True] + [False] * 59
    assert "total parameters" in findings_of(frame).loc["e00000", "reason"]


def two_tests(score: float, **changes) -> pd.DataFrame:
    """Findings on two tests of the same models, the largest of which has `score` on both."""
    boards = []
    for number in (1, 2):
        board = plain_board(200).assign(evaluation_id=[f"{number}{i:05d}" for i in range(200)])
        board.loc[board["n_parameters"].idxmax(), "score"] = score
        boards.append(board.assign(**{name: values[number - 1] for name, values in changes.items()}))
    frame = pd.concat(boards, ignore_index=True)
    found = findings_of(frame)
    return found.loc[frame.loc[frame["n_parameters"] == frame["n_parameters"].max(), "evaluation_id"]]


def test_a_low_score_is_a_mark_where_another_test_says_the_same():
    series = ("one:accuracy:board", "other:accuracy:board")
    both = two_tests(0.05, series_id=series, benchmark_id=("one", "other"))
    assert both["level"].isin(MARKED).all() and both["direction"].eq("low").all()
    assert both["reason"].str.contains("low on another test as well").all()


def test_one_run_has_one_mark_whatever_it_is_told_in():
    series = ("one:accuracy:board", "one:f1:board")
    both = two_tests(0.999, series_id=series, benchmark_id=("one", "one"), metric=("accuracy", "f1"))
    assert sorted(both["level"]) == ["somewhat", "unusual"]
    assert both.loc[both["level"] == "somewhat", "reason"].str.contains("for it once already").all()


def test_a_planted_score_stands_out_on_its_side():
    frame = plain_board(200)
    small, large = frame["n_parameters"].idxmin(), frame["n_parameters"].idxmax()
    frame.loc[small, "score"], frame.loc[large, "score"] = 0.93, 0.05
    found = findings_of(frame)
    for where, direction, level in ((small, "high", "unusual"), (large, "low", "check_data")):
        row = found.loc[frame.loc[where, "evaluation_id"]]
        assert (row["level"], row["direction"]) == (level, direction)
        assert "comparable scores are this far out" in row["reason"]
    assert (found["level"] == "unusual").sum() == 1


def test_lower_is_better_findings_are_in_printed_direction():
    frame = plain_board(100)
    frame["score"] = 1 - frame["score"]
    frame["is_lower_better"] = True
    weakest = frame["n_parameters"].idxmin()
    frame.loc[weakest, "score"] = 0.02
    found = findings_of(frame)
    row = found.loc[frame.loc[weakest, "evaluation_id"]]
    assert row["direction"] == "high"
    assert row["expected"] > row["observed"]
    assert (found["expected_lower"] <= found["expected_upper"]).all()
    assert "better: lower is better" in row["reason"]


def test_of_several_runs_the_latest_enters_and_all_are_placed():
    frame = plain_board(60)
    again = frame.iloc[:1].assign(
        evaluation_id="z", score=0.99, first_seen_date=pd.Timestamp("2024-01-02"), evaluated_date=pd.NaT
    )
    both = pd.concat([frame, again])
    entering = evidence.entries(evidence_of(both)).set_index("evaluation_id")["enters"]
    assert entering["e00000"] and not entering["z"]
    found, plain = findings_of(both), findings_of(frame)
    assert found.loc["z", "direction"] == "high"
    np.testing.assert_allclose(found.loc[plain.index, "expected"], plain["expected"], rtol=1e-9)


def test_row_order_duplicated_rows_and_labels_change_nothing():
    frame = null_board(5, n_clusters=40, largest=60)
    rng = np.random.default_rng(1)
    turned = pd.concat([frame.iloc[rng.permutation(len(frame))], frame.iloc[:30]])
    turned = turned.assign(
        cluster_id="x" + turned["cluster_id"].str[::-1], family="other", developer=turned["cluster_id"].str[::-1]
    )
    plain, other = findings_of(frame), findings_of(turned)
    assert plain.index.tolist() == other.index.tolist()
    for column in ("expected", "expected_lower", "p_value", "q_value", "residual_z"):
        np.testing.assert_allclose(other[column].astype(float), plain[column].astype(float), rtol=1e-4, atol=1e-6)
    assert other["level"].tolist() == plain["level"].tolist()


def test_the_evidence_itself_is_left_as_it_was():
    frame = null_board(6, n_clusters=30, largest=20)
    before = frame.copy(deep=True)
    scoring.run(evidence_of(frame))
    pd.testing.assert_frame_equal(frame, before)


def test_missing_columns_and_ids_are_named():
    frame = plain_board(3)
    with pytest.raises(ValueError, match="no column floor"):
        evidence.Evidence(evaluations=frame.drop(columns="floor"), asof=ASOF)
    with pytest.raises(ValueError, match="without cluster_id"):
        evidence.Evidence(evaluations=frame.assign(cluster_id=None), asof=ASOF)


def test_a_model_high_everywhere_is_said_once_on_the_model():
    rng = np.random.default_rng(2)
    parts = []
    for b in range(6):
        part = plain_board(150, seed=10).assign(benchmark_id=f"b{b}", series_id=f"b{b}:accuracy:x")
        eta = np.log10(part["n_parameters"]) - 9.5 + 0.25 * rng.normal(size=150)
        eta[7] += 2.2
        parts.append(part.assign(score=rng.binomial(1000, sigmoid(eta)) / 1000))
    frame = pd.concat(parts)
    frame = frame.assign(evaluation_id=[f"e{i:05d}" for i in range(len(frame))])
    summary = scoring.run(evidence_of(frame)).summaries.set_index("model_id")
    row = summary.loc["m00007"]
    assert (row["level"], row["direction"], row["n_tested"]) == ("unusual", "high", 6)
    assert "Across 6 tests" in row["reason"]
    assert (summary["level"] == "unusual").sum() <= 2


def test_too_few_tests_are_not_everywhere():
    summary = scoring.run(evidence_of(plain_board(60))).summaries
    assert set(summary["level"]) == {"cannot_tell"}


def test_no_sentence_accuses():
    frame = null_board(7, n_clusters=60, largest=30)
    done = scoring.run(evidence_of(frame))
    words = " ".join([*done.findings["reason"], *done.summaries["reason"], *done.signals["method"]]).lower()
    for word in ("cheat", "fraud", "suspicious", "contaminat", "fake", "rigged", "gamed"):
        assert word not in words


def test_nullable_column_types_are_read_as_plain_ones():
    frame = plain_board(60)
    frame.loc[0, ["n_parameters", "n_items"]] = np.nan
    database = frame.astype(
        {"n_items": "Int64", "n_parameters": "Float64", "is_moe": "boolean", "is_item_count": "boolean"}
    )
    database.loc[1, ["is_moe", "is_item_count"]] = pd.NA
    plain, other = findings_of(frame.assign(is_item_count=[True, False, *[True] * 58])), findings_of(database)
    pd.testing.assert_frame_equal(plain, other)


@pytest.mark.parametrize("apart", [{"read_from": "quoted"}, {"kind": "demonstration"}], ids=str)
def test_quoted_numbers_and_deliberate_demonstrations_are_judged_but_move_no_fit(apart):
    board = plain_board(60).reset_index(drop=True)
    odd = board.index[:6]
    # Tiny models with the best scores of the board, as a demonstration of training on the test has them.
    board.loc[odd, "n_parameters"], board.loc[odd, "score"] = 4e7, 0.9
    for column, value in apart.items():
        board.loc[odd, column] = value
    found = findings_of(board)
    without = findings_of(board.drop(odd))
    ids = board["evaluation_id"]
    pd.testing.assert_series_equal(found.loc[ids.drop(odd), "expected"], without.loc[ids.drop(odd), "expected"])
    assert set(found.loc[ids[odd], "level"]) == {"unusual"}
    assert set(found.loc[ids[odd], "tier"]) == {"C"}


def turned_round(frame: pd.DataFrame) -> pd.DataFrame:
    """The same board with wrong answers counted instead of right ones."""
    return frame.assign(score=1 - frame["score"], is_lower_better=True)


def test_every_signal_says_the_same_of_wrong_answers_as_of_right_ones():
    rng = np.random.default_rng(4)
    own = plain_board(60).assign(evaluator_relationship="first_party")
    again = own.assign(
        evaluator_relationship="third_party", source_id="other", evaluation_id=[f"x{i}" for i in range(60)],
        score=np.clip(own["score"] + rng.normal(0, 0.01, 60), 0.01, 0.99),
    )  # fmt: skip
    more = again.assign(source_id="third", evaluation_id=[f"y{i}" for i in range(60)])
    frame = pd.concat([own, again, more], ignore_index=True)
    frame.loc[5, "score"], frame.loc[130, "score"] = 0.95, 0.9
    keys = ["signal_id", "subject_id", "variant"]
    plain = scoring.run(evidence_of(frame)).findings.set_index(keys)
    other = scoring.run(evidence_of(turned_round(frame))).findings.set_index(keys)
    assert {"size_anomaly", "claim_gap", "replication"} <= set(plain.index.get_level_values("signal_id"))
    assert plain.index.tolist() == other.index.tolist()
    for column in ("residual_z", "p_value", "q_value"):
        np.testing.assert_allclose(other[column].astype(float), plain[column].astype(float), rtol=1e-6, atol=1e-9)
    assert (other["level"].tolist(), other["direction"].fillna("").tolist()) == (
        plain["level"].tolist(), plain["direction"].fillna("").tolist(),
    )  # fmt: skip
    for column, mirror in (("observed",) * 2, ("expected",) * 2, ("expected_lower", "expected_upper")):
        np.testing.assert_allclose(other[column].astype(float), 1 - plain[mirror].astype(float), atol=1e-9)
    told = other[(other["level"] == "unusual") & (other.index.get_level_values("signal_id") != "sensitivity")]
    assert len(told) and (np.sign(told["residual_z"]) == np.sign(told["expected"] - told["observed"])).all()
    assert told["reason"].str.contains(" below ").all()


@pytest.mark.parametrize(
    ("group", "other", "is_alike"),
    [
        ("reported", "board", True),
        ("reported, thinking", "board, thinking", True),
        ("reported, thinking", "board", True),  # the board does not say
        ("reported, high effort", "board, thinking", True),
        ("reported, high effort", "board, low effort", False),
        ("reported, thinking", "board, no-thinking", False),
        ("reported", "board, no-thinking", False),  # makers print what a model does at its best
        ("5-shot, no-thinking", "board, no-thinking", True),
        ("reported, tools", "board", False),
        ("reported, tools, thinking", "board, tools", True),
    ],
)
def test_only_runs_that_asked_alike_stand_beside_each_other(group, other, is_alike):
    told = pairs.asked_alike(pd.Series([group, other]), pd.Series([other, group]))
    assert told.tolist() == [is_alike, is_alike]


@pytest.mark.parametrize(
    ("setting", "effort"),
    [
        ("low; mean of 5 runs", "low effort"), ("x-high, zero-shot", "xhigh effort"), ("5-shot (Max)", "max effort"),
        ("high school", ""), ("5-shot; low temperature", ""), ("", ""),
    ],
)  # fmt: skip
def test_an_effort_that_stands_alone_in_a_setting_is_read(setting, effort):
    assert pairs.effort_alone(setting) == effort


@pytest.mark.parametrize(("group", "stated"), [("reported, max effort", "reasoning=max"), ("reported", "")])
def test_a_board_of_several_efforts_gives_the_partner_of_the_same_effort_or_the_highest(group, stated):
    n = 30
    parts = [
        frame_of(
            evaluation_id=[f"{name}{i}" for i in range(n)], model_id=[f"m{i}" for i in range(n)], source_id=source,
            setting_group=asked, setting=setting, series_id=f"test:accuracy:{asked}", score=score, evaluator_relationship=who,
        )
        for name, source, asked, setting, score, who in (
            ("own", "own", group, stated, np.linspace(0.6, 0.8, n), "first_party"),
            ("low", "board", "board", "low; mean of 5 runs", np.linspace(0.1, 0.2, n), "third_party"),
            ("max", "board", "board", "max; mean of 5 runs", np.linspace(0.6, 0.8, n), "third_party"),
        )
    ]  # fmt: skip
    found = claim_gap.compute(population_of(pd.concat(parts, ignore_index=True))).findings
    assert len(found) == n and found["other_evaluation_id"].str.startswith("max").all()


@pytest.mark.parametrize("signal", [claim_gap, replication])
def test_a_thinking_run_is_never_paired_with_one_that_does_not_think(signal):
    n = 30
    own = {"evaluator_relationship": "first_party" if signal is claim_gap else "third_party"}
    parts = [
        frame_of(
            evaluation_id=[f"{name}{i}" for i in range(n)], model_id=[f"m{i}" for i in range(n)],
            source_id=name, setting_group=group, series_id=f"test:accuracy:{group}", score=score, **more,
        )
        for name, group, score, more in (
            ("own", "reported, thinking", np.linspace(0.6, 0.8, n), own),
            ("plain", "board, no-thinking", np.linspace(0.2, 0.4, n), {"evaluator_relationship": "third_party"}),
            ("thinks", "board, thinking", np.linspace(0.6, 0.8, n), {"evaluator_relationship": "third_party"}),
        )
    ]  # fmt: skip
    found = signal.compute(population_of(pd.concat(parts, ignore_index=True))).findings
    mine = found[found["subject_id"].str.startswith("own")]
    assert len(mine) == n
    assert mine["other_evaluation_id"].str.startswith("thinks").all()
    assert not (found["subject_id"].str.startswith("plain") & found["other_evaluation_id"].notna()).any()
