"""A small valid database for tests: three families, four benchmarks, sixty models, every level, hostile names.

The numbers are made from a known curve plus seeded noise, so tests can say what they expect. Nothing here is a real
score.
"""

import atexit
import json
import shutil
import tempfile
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

import store
from tests import lakes

ASOF = date(2026, 11, 22)
HEADLINE = "size_anomaly"
FORMULA = '=HYPERLINK("http://x","y")'
HOSTILE = "<img src=x onerror=alert(1)>"
TRICKS = (
    ":material/home: :red[red] :smile: www.example.net http://example.net/x me@example.net "
    "![i](https://example.net/i.png) [l](https://example.net) $x^2$ <b>bold</b> `code`"
)
LONG = "a-model-whose-name-never-ends-" * 10
SIZES = (0.5e9, 1.2e9, 2.6e9, 3.2e9, 7.2e9, 8.0e9, 9.2e9, 13e9, 14.8e9, 27e9, 32.5e9, 70.6e9)
BENCHMARKS = {
    # id: name, floor, intercept and slope on log10(size / 1e9) in logits, items, ceiling
    "mmlu_pro": ("MMLU-Pro", 0.1, -1.9, 1.3, 12032, None),
    "gpqa": ("GPQA", 0.25, -3.2, 1.0, 1192, None),
    "gsm8k": ("GSM8K", 0.0, -0.2, 1.8, 1319, 0.98),
}
SPREAD = 0.35  # logits, the noise of the made scores
VIEWS = store.schema.VIEWS  # as they are while no test puts others in their place
VARIANTS = ("without_mixtures", "without_merges", "without_developer", "newer_half")
TYPES = {"DOUBLE": "float64", "INTEGER": "Int64", "BIGINT": "Int64", "BOOLEAN": "boolean"}


def frame(table: str, rows: list[dict]) -> pd.DataFrame:
    """Rows as a frame with every column of the schema, typed so that an empty column keeps its type."""
    known = store.columns()[table]
    odd = {name for row in rows for name in row} - set(known)
    if odd:
        raise KeyError(f"{table}: {sorted(odd)}")
    filled = {}
    for column, info in known.items():
        values = [row.get(column) for row in rows]
        if info["type"] in ("DATE", "TIMESTAMP"):
            filled[column] = pd.to_datetime(pd.Series(values, dtype=object))
        else:
            filled[column] = pd.Series(values, dtype=TYPES.get(info["type"], object))
    return pd.DataFrame(filled)


def benchmark_answers(evaluations: list[dict]) -> list[dict]:
    """One answer per benchmark, led by its best score: GSM8K is closed and retired, GPQA tied, MMLU-Pro still separates."""
    rows = []
    for benchmark_id in BENCHMARKS:
        best = max((e for e in evaluations if e["benchmark_id"] == benchmark_id), key=lambda e: e["score"])
        is_over, is_tied = benchmark_id == "gsm8k", benchmark_id == "gpqa"
        others = [e for e in evaluations if e["benchmark_id"] == benchmark_id and e["model_id"] != best["model_id"]]
        rows.append(
            {
                "benchmark_id": benchmark_id,
                "metric": "accuracy",
                "unit": "fraction",
                "is_lower_better": False,
                "status": "closed" if is_over else "tied" if is_tied else "separating",
                "use": "retired" if is_over else "in_use",
                "best": best["score"],
                "best_evaluation_id": best["evaluation_id"],
                "best_model_id": best["model_id"],
                "best_maker": "maker",
                "best_series_id": best["series_id"],
                "best_date": date(2025, 5, 1),
                "best_community": best["score"],
                "best_community_evaluation_id": best["evaluation_id"],
                "best_with_tools": others[0]["score"] if is_tied else None,
                "best_with_tools_evaluation_id": others[0]["evaluation_id"] if is_tied else None,
                "kth_best": best["score"] - 0.02,
                "tie_group": "; ".join(e["model_id"] for e in (best, *others[:4])) if is_tied else None,
                "tie_group_size": 5 if is_tied else 1,
                "headroom": 0.02 if is_over else 0.08 if is_tied else 0.3,
                "forecast_best": 0.671 if benchmark_id == "mmlu_pro" else None,
                "forecast_lower": 0.65 if benchmark_id == "mmlu_pro" else None,
                "forecast_upper": 0.7 if benchmark_id == "mmlu_pro" else None,
                "saturation_earliest": "2028-03" if benchmark_id == "mmlu_pro" else None,
                "forecast_reason": None if is_tied else "A tenth of the scale left: 2028-03 at the earliest.",
                "unusual_from_8b": 0.6 if benchmark_id == "mmlu_pro" else None,
                "unusual_from_reason": "Unusual for a new model. Made up for tests.",
                "n_makers": 8,
                "n_makers_12m": 1 if is_over else 6,
                "n_models": 60,
                "newest_date": date(2025, 5, 1),
                "n_left_out": 3,
                "reason": f"Best credible score {100 * best['score']:.1f} of {benchmark_id}. Made up for tests.",
            }
        )
    return rows


def family_answers() -> list[dict]:
    """Qwen above and Llama below what their other scores suggest, on one test each."""
    return [
        {
            "group_kind": "family",
            "group_name": family,
            "subject_kind": "benchmark",
            "subject_id": test,
            "n_models": 18,
            "n_units": 6,
            "effect": effect,
            "effect_error": 0.2,
            "effect_points": 3 * effect,
            "p_value": 1e-6,
            "q_value": 1e-4,
            "level": "unusual",
            "direction": "high" if effect > 0 else "low",
            "reason": f"Its 18 models stand {abs(3 * effect):.1f} points from what their other scores suggest.",
        }
        for family, test, effect in (("Qwen", "gsm8k", 1.5), ("Llama", "gpqa", -0.8))
    ]


def logistic(x: float, floor: float) -> float:
    return floor + (1 - floor) / (1 + np.exp(-x))


def models() -> list[dict]:
    """Sixty models: 22 Llama, 18 Qwen, 10 Gemma, 10 without a family; eight without a size."""
    rows = []
    families = [("Llama", 22), ("Qwen", 18), ("Gemma", 10), ("unknown", 10)]
    number = 0
    for family, how_many in families:
        for place in range(how_many):
            name = f"{family}-{place + 1}"
            if family == "unknown":
                name = {0: FORMULA, 1: HOSTILE, 2: LONG}.get(place, f"Closed model {place}")
            has_size = not (family == "unknown" and place >= 2)
            n_parameters = SIZES[number * 5 % len(SIZES)] if has_size else None
            rows.append(
                {
                    "model_id": f"hf:{family.lower()}/m{place + 1}",
                    "name": name,
                    "release_id": f"hf:{family.lower()}/m{place + 1}",
                    "release_name": name,
                    "kind": "model",
                    "developer": None if family == "unknown" else f"{family} makers",
                    "family": family,
                    "family_basis": "none" if family == "unknown" else "base_model",
                    "series": None if family == "unknown" else f"{family} {1 + place % 3}",
                    "n_parameters": n_parameters,
                    "size_precision": "exact" if has_size else None,
                    "size_source_id": "board" if has_size else None,
                    "model_date": date(2023, 6, 1) + timedelta(days=20 * number) if place != 9 else None,
                    "date_basis": "upload" if place != 9 else None,
                    "first_seen_date": date(2024, 6, 1),
                    "base_model": None if place < 3 else f"hf:{family.lower()}/m1",
                    "root_model": f"hf:{family.lower()}/m1",
                    "cluster_id": f"{family}-{n_parameters}",
                    "is_merged": place == 5,
                    "is_linked": True,
                    "maintainer_flag": "Board: flagged by its maintainers" if (family, place) == ("Qwen", 4) else None,
                    "size_note": TRICKS if name == HOSTILE else None,
                    "source_url": f"https://example.org/models/{number}"
                    + ("/a b) ![x](https://example.net/x.png) (c" if name == HOSTILE else ""),
                }
            )
            number += 1
    return rows


def fits() -> list[dict]:
    """The curve that made the scores of each benchmark, as a stored fit."""
    null = {"location": 0.0, "lower": 1.645, "upper": 1.645, "scale_high": 1.0, "scale_low": 1.0}
    rows = []
    for benchmark_id, (_, floor, start, slope, items, _) in BENCHMARKS.items():
        parameters = {
            "basis_offsets": {},
            "date_range": None,
            "floor": floor,
            "intercept": start - 9 * slope,
            "is_item_count": True,
            "is_lower_better": False,
            "n_items": items,
            "n_models": 52,
            "null": null | {"df_high": 1e6, "df_low": 1e6},
            "population": [round(-2 + 4 * place / 51, 4) for place in range(52)],
            "setup_variance": 0.0,
            "size_doubt": slope,
            "size_knots": [],
            "size_range": [8.69, 10.85],
            "size_slopes": [slope],
            "spread_knots": [0.0],
            "spread_log_variance": [2 * np.log(SPREAD)],
        }
        rows.append(
            {
                "signal_id": HEADLINE,
                "group_id": f"{benchmark_id}:accuracy:board",
                "tier": "A",
                "n_rows": 52,
                "n_clusters": 30,
                "parameters": json.dumps(parameters),
                "method_version": "1",
            }
        )
    return rows


def names(model_rows: list[dict], benchmark_rows: list[dict]) -> list[dict]:
    """What each model and benchmark is called: its name, once."""
    found = {("model", m["name"].casefold().replace("-", " ")): m["model_id"] for m in model_rows}
    found |= {("benchmark", b["name"].casefold().replace("-", " ")): b["benchmark_id"] for b in benchmark_rows}
    found |= {("benchmark", b["benchmark_id"].replace("_", " ")): b["benchmark_id"] for b in benchmark_rows}
    return [{"kind": kind, "name_key": name, "target_id": target} for (kind, name), target in found.items()]


def tables() -> dict[str, pd.DataFrame]:
    """Every table of the schema, filled; the caller's own, to change as it likes."""
    return {name: frame.copy() for name, frame in made().items()}


@cache
def made() -> dict[str, pd.DataFrame]:
    """The same, made once a process."""
    random = np.random.default_rng(20261122)
    model_rows = models()
    benchmark_rows, series_rows, evaluations, findings, sightings, trends = [], [], [], [], [], []
    for place, (benchmark_id, (name, floor, start, slope, items, ceiling)) in enumerate(BENCHMARKS.items()):
        series_id = f"{benchmark_id}:accuracy:board"
        benchmark_rows.append(
            {
                "benchmark_id": benchmark_id,
                "name": name,
                "version": "2024-06" if place == 1 else None,
                "domain": "knowledge" if place < 2 else "mathematics",
                "metric": "accuracy",
                "floor": floor,
                "floor_basis": "derived: 1 of the options",
                "ceiling": ceiling,
                "ceiling_low": None if ceiling is None else ceiling - 0.008,
                "ceiling_high": None if ceiling is None else ceiling + 0.008,
                "ceiling_basis": None if ceiling is None else "full review of the answer key",
                "ceiling_source_url": None if ceiling is None else "https://example.org/review",
                "human_score": 0.698 if benchmark_id == "gpqa" else None,
                "human_who": "experts" if benchmark_id == "gpqa" else None,
                "human_source_url": "https://example.org/humans" if benchmark_id == "gpqa" else None,
                "n_items": items,
                "release_date": date(2023, 1, 15),
                "source_url": f"https://example.org/{benchmark_id}",
            }
        )
        series_rows.append(
            {
                "series_id": series_id,
                "benchmark_id": benchmark_id,
                "metric": "accuracy",
                "setting_group": "board",
                "unit": "fraction",
                "is_lower_better": False,
                "is_subset": False,
                "is_item_count": True,
                "n_items": items,
                "n_evaluations": len(model_rows),
                "n_models": len(model_rows),
                "n_sized_models": sum(m["n_parameters"] is not None for m in model_rows),
            }
        )
        for order, model in enumerate(model_rows):
            known = model["n_parameters"] is not None
            middle = start + slope * np.log10((model["n_parameters"] or 7e9) / 1e9)
            z = float(np.clip(random.normal(), -1.9, 1.9))
            # Known answers: three high, two low, one between, on the first benchmark only.
            z = {3: 4.6, 7: 3.9, 22: 3.4, 12: -4.2, 30: -3.8, 15: 2.0}.get(order, z) if place == 0 else z
            score = logistic(middle + SPREAD * z, floor)
            zero = place == 2 and order == 33
            score = 0.0 if zero else round(score, 4)
            evaluation_id = f"{place:04x}{order:012x}"
            if order % 15 == 14 and place != 1:
                relationship, source_id = "first_party", "papers"
            else:
                relationship, source_id = "third_party", "closed" if place == 1 and order % 10 == 0 else "board"
            evaluations.append(
                {
                    "evaluation_id": evaluation_id,
                    "source_id": source_id,
                    "run": "",
                    "model_id": model["model_id"],
                    "series_id": series_id,
                    "benchmark_id": benchmark_id,
                    "metric": "accuracy",
                    "setting": "5-shot",
                    "score": score,
                    "score_reported": f"{100 * score:.2f}",
                    "score_unit": "percent",
                    "score_decimals": 2,
                    "n_items": items,
                    "evaluator_relationship": relationship,
                    "read_from": "page",
                    "first_seen_date": date(2024, 6, 1),
                    "last_seen_date": date(2026, 11, 15),
                    "n_sightings": 1,
                    "status": "current",
                    "is_subset": False,
                    "data_problem": "The score is exactly 0 on 1,319 questions." if zero else None,
                    "model_reported": model["name"],
                    "benchmark_reported": name,
                    "locator": f"row {order + 1}",
                    "snapshot_id": f"s-{source_id}",
                    "source_url": f"https://example.org/{source_id}#row{order + 1}",
                    "licence": "CC BY 4.0" if source_id != "closed" else "none stated",
                }
            )
            sightings.append(
                {
                    "evaluation_id": evaluation_id,
                    "snapshot_id": f"s-{source_id}",
                    "score_reported": f"{100 * score:.2f}",
                }
            )
            base = {
                "signal_id": HEADLINE,
                "subject_kind": "evaluation",
                "subject_id": evaluation_id,
                "variant": "",
                "observed": score,
                "direction": "high" if z > 0 else "low",
            }
            if zero:
                findings.append(
                    base | {"level": "check_data", "direction": None, "reason": "An exact 0: check the data first."}
                )
                continue
            if not known:
                findings.append(
                    base | {"level": "cannot_tell", "direction": None, "reason": "The size is not reported."}
                )
                continue
            level = "usual"
            for edge, word in ((1.7, "somewhat"), (3.2, "unusual"), (3.8, "very_unusual")):
                level = word if abs(z) >= edge else level
            tail = float(min(1.0, np.exp(-(z**2) / 2)))
            findings.append(
                base
                | {
                    "group_id": series_id,
                    "expected": logistic(middle, floor),
                    "expected_lower": logistic(middle - 1.645 * SPREAD, floor),
                    "expected_upper": logistic(middle + 1.645 * SPREAD, floor),
                    "residual_z": z,
                    "p_value": tail,
                    "p_value_normal": tail,
                    "q_value": min(1.0, 8 * tail),
                    "n_comparable": 50,
                    "n_as_far": max(1, round(50 * tail / 2)),
                    "tier": "A",
                    "level": level,
                    "reason": f"{abs(z):.1f} spreads from similar models.",
                }
            )
            if level in ("unusual", "very_unusual"):
                answers = ("unusual", "unusual", "somewhat" if order == 7 else "unusual", "cannot_tell")
                findings += [
                    base | {"signal_id": "sensitivity", "variant": name, "level": word, "reason": "Some left out."}
                    for name, word in zip(VARIANTS, answers, strict=True)
                ]
        trends += saturation(series_id, model_rows, floor, ceiling, tied=benchmark_id == "gsm8k")
        if benchmark_id != "gpqa":
            tied = benchmark_id == "gsm8k"
            trends += outlook(series_id, 0.9765 if tied else 0.6265, tied)
    add_rating(benchmark_rows, series_rows, evaluations, sightings, model_rows)
    findings += twin_findings(evaluations)
    summaries = [summary(m, evaluations, findings) for m in model_rows]
    stamp = pd.Timestamp("2026-11-20 06:00:00")
    sources = [
        ("board", "Example Board", "live", 7, True, date(2026, 11, 15), None),
        ("papers", "Example Papers", "frozen", None, True, date(2025, 3, 1), None),
        ("closed", "Example Closed Board", "live", 7, False, date(2026, 9, 1), "The last fetch failed."),
    ]
    return {
        "source": frame(
            "source",
            [
                {
                    "source_id": key,
                    "title": title,
                    "url": f"https://example.org/{key}",
                    "licence": "CC BY 4.0" if may else "none stated",
                    "attribution": title,
                    "status": status,
                    "cadence_days": cadence,
                    "is_redistributable": may,
                    "n_snapshots": 1,
                    "newest_content_date": newest,
                    "last_retrieved_at": stamp,
                    "problem": problem,
                }
                for key, title, status, cadence, may, newest, problem in sources
            ],
        ),
        "snapshot": frame(
            "snapshot",
            [
                {
                    "snapshot_id": f"s-{key}",
                    "source_id": key,
                    "bundle": f"{key}-1",
                    "file_name": "page.html",
                    "url": f"https://example.org/{key}",
                    "content_date": newest,
                    "date_basis": "content",
                    "retrieved_at": stamp,
                    "sha256": "0" * 64,
                    "n_bytes": 1000,
                    "licence": "CC BY 4.0",
                }
                for key, _, _, _, _, newest, _ in sources
            ],
        ),
        "model": frame("model", model_rows),
        "benchmark": frame("benchmark", benchmark_rows),
        "alias": frame("alias", names(model_rows, benchmark_rows)),
        "twin": frame(
            "twin",
            [
                {
                    "twin_id": "gpqa-fresh",
                    "benchmark_id": "mmlu_pro",
                    "twin_benchmark_id": "gpqa",
                    "metric": "accuracy",
                    "kind": "fresh",
                    "what_differs": "New questions (made up for tests)",
                    "usual_change": "lower",
                    "is_nested": False,
                    "source_url": "https://example.org/twin",
                }
            ],
        ),
        "series": frame("series", series_rows),
        "evaluation": frame("evaluation", evaluations),
        "sighting": frame("sighting", sightings),
        "rejection": frame(
            "rejection",
            [
                {
                    "source_id": "board",
                    "snapshot_id": "s-board",
                    "model_reported": "Llama-1",
                    "benchmark_reported": "MMLU-Pro",
                    "score_reported": value,
                    "reason": "not a number",
                    "detail": f"{value!r} is not a number.",
                }
                for value in ("n/a", "-", "12,3,4")
            ],
        ),
        "omission": frame(
            "omission",
            [
                {
                    "source_id": "board",
                    "snapshot_id": "s-board",
                    "rule": "averages over benchmarks",
                    "n_values": 60,
                    "example": "Average",
                }
            ],
        ),
        "signal": frame(
            "signal",
            [
                {
                    "signal_id": HEADLINE,
                    "title": "Size and date",
                    "question": "Is this score far from what models of this size and age get?",
                    "method": "Robust fit on size and date (made up for tests).",
                    "thresholds": '{"n_comparable": 20, "q_value": 0.05}',
                    "method_version": "1",
                },
                {
                    "signal_id": "saturation",
                    "title": "Top models",
                    "question": "Does this benchmark still tell top models apart?",
                    "method": "Top five against their standard error (made up for tests).",
                    "thresholds": '{"k": 5}',
                    "method_version": "1",
                },
                *(
                    {
                        "signal_id": name,
                        "title": title,
                        "question": "Does it hold?",
                        "method": "Made up for tests.",
                        "thresholds": "{}",
                        "method_version": "1",
                    }
                    for name, title in (
                        ("sensitivity", "Sensitivity"),
                        ("twin_gap", "Twin"),
                        ("claim_gap", "Claim against check"),
                    )
                ),
            ],
        ),
        "fit": frame("fit", fits()),
        "finding": frame("finding", [*findings, *claim_findings(evaluations)]),
        "trend": frame("trend", trends),
        "model_summary": frame("model_summary", summaries),
        "benchmark_answer": frame("benchmark_answer", benchmark_answers(evaluations)),
        "benchmark_alternative": frame(
            "benchmark_alternative",
            [
                {
                    "benchmark_id": "gsm8k",
                    "alternative_id": "mmlu_pro",
                    "place": 1,
                    "correlation": 0.93,
                    "correlation_lower": 0.88,
                    "n_shared": 55,
                }
            ],
        ),
        "family_answer": frame("family_answer", family_answers()),
        "maker": frame("maker", [{"developer": f"{name} makers", "maker": name} for name in ("Gemma", "Qwen")]),
        "review": frame(
            "review",
            [
                {
                    "evaluation_id": next(
                        f["subject_id"] for f in findings if f["level"] == "unusual" and f["direction"] == "high"
                    ),
                    "verdict_of_reviewer": "real",
                    "checked_by": "Example reviewer",
                    "checked_date": date(2026, 11, 20),
                    "source_url": "https://example.org/looked-at",
                    "note": "The number stands there.",
                }
            ],
        ),
        "incident": frame(
            "incident",
            [
                {
                    "incident_id": "one",
                    "model_reported": "Qwen-5",
                    "model_id": "hf:qwen/m5",
                    "benchmark_reported": "MMLU-Pro",
                    "benchmark_id": "mmlu_pro",
                    "status": "marked by the test's owner",
                    "claim": "The board marked this model.",
                    "said_by": "Example Board",
                    "evidence_url": "https://example.org/mark",
                    "evidence_date": date(2025, 5, 1),
                    "reply": "The maker says that the set-up differed.",
                }
            ],
        ),
        "evaluation_change": frame(
            "evaluation_change",
            [
                {
                    "evaluation_id": evaluations[0]["evaluation_id"],
                    "changed_date": date(2026, 1, 1),
                    "kind": "revised",
                    "old_value": "10.00",
                    "new_value": evaluations[0]["score_reported"],
                    "reason": "source_changed",
                }
            ],
        ),
        "level_change": frame(
            "level_change",
            [
                {
                    "evaluation_id": evaluations[0]["evaluation_id"],
                    "old_level": "unusual",
                    "new_level": "usual",
                    "changed_date": date(2026, 11, 1),
                    "reason": "source_changed",
                }
            ],
        ),
        "build": frame(
            "build",
            [
                {"name": "asof", "value": ASOF.isoformat()},
                {"name": "built_at", "value": "2026-11-22T06:00:00Z"},
            ],
        ),
    }


def twin_findings(evaluations: list[dict]) -> list[dict]:
    """One finding per model on the pair of MMLU-Pro and GPQA: the first falls unusually far, the last cannot be told."""
    old, new = ([e for e in evaluations if e["benchmark_id"] == name] for name in ("mmlu_pro", "gpqa"))
    rows = []
    for order, (public, twin) in enumerate(zip(old, new, strict=True)):
        base = {
            "signal_id": "twin_gap",
            "subject_kind": "evaluation",
            "subject_id": twin["evaluation_id"],
            "variant": "gpqa-fresh",
            "other_evaluation_id": public["evaluation_id"],
            "group_id": "gpqa-fresh:board",
            "observed": twin["score"],
            "n_comparable": 58,
        }
        if order == len(old) - 1:
            rows.append(base | {"level": "cannot_tell", "reason": "Not enough comparable models to say."})
            continue
        level = "unusual" if order == 0 else "usual"
        expected = min(twin["score"] + 0.15, 1.0) if order == 0 else twin["score"]
        rows.append(
            base
            | {
                "expected": expected,
                "expected_lower": max(expected - 0.05, 0.0),
                "expected_upper": min(expected + 0.05, 1.0),
                "residual_z": -4.5 if order == 0 else 0.0,
                "p_value": 1e-5 if order == 0 else 0.5,
                "q_value": 6e-4 if order == 0 else 0.9,
                "n_as_far": 0 if order == 0 else 30,
                "tier": "A",
                "level": level,
                "direction": "low",
                "reason": "15.0 points below what they suggest." if order == 0 else "Within the usual range.",
            }
        )
    return rows


def claim_findings(evaluations: list[dict]) -> list[dict]:
    """One finding per maker's number of MMLU-Pro and GSM8K, held against the first independent number on the same test, as
    if both were of one model; the first is unusually high, the second of another set-up.
    """
    rows = []
    for benchmark_id in ("mmlu_pro", "gsm8k"):
        here = [e for e in evaluations if e["benchmark_id"] == benchmark_id]
        other = next(e for e in here if e["evaluator_relationship"] == "third_party")
        for own in (e for e in here if e["evaluator_relationship"] == "first_party"):
            place = len(rows)
            rows.append(
                {
                    "signal_id": "claim_gap",
                    "subject_kind": "evaluation",
                    "subject_id": own["evaluation_id"],
                    "variant": "",
                    "other_evaluation_id": other["evaluation_id"],
                    "observed": own["score"],
                    "expected": other["score"],
                    "tier": "B" if place == 1 else "A",
                    "level": "unusual" if place == 0 else "usual",
                    "direction": "high" if own["score"] > other["score"] else "low",
                    "reason": "Made up for tests.",
                }
            )
    return rows


def add_rating(benchmarks: list, series: list, evaluations: list, sightings: list, model_rows: list) -> None:
    """A fourth benchmark in rating points: shown, never compared by size."""
    benchmarks.append({"benchmark_id": "arena", "name": "Arena", "domain": "preference", "metric": "rating"})
    series.append(
        {
            "series_id": "arena:rating:board",
            "benchmark_id": "arena",
            "metric": "rating",
            "setting_group": "board",
            "unit": "rating",
            "is_lower_better": False,
            "is_subset": False,
            "n_evaluations": 12,
            "n_models": 12,
            "n_sized_models": 12,
        }
    )
    for order, model in enumerate(model_rows[:12]):
        key = f"0003{order:012x}"
        evaluations.append(
            {
                "evaluation_id": key,
                "source_id": "board",
                "run": "",
                "model_id": model["model_id"],
                "series_id": "arena:rating:board",
                "benchmark_id": "arena",
                "metric": "rating",
                "score": 1000.0 + 11 * order,
                "score_reported": str(1000 + 11 * order),
                "score_unit": "rating",
                "score_decimals": 0,
                "evaluator_relationship": "third_party",
                "read_from": "page",
                "first_seen_date": date(2025, 6, 1),
                "last_seen_date": date(2026, 11, 15),
                "n_sightings": 1,
                "status": "current",
                "is_subset": False,
                "model_reported": model["name"],
                "benchmark_reported": "Arena",
                "locator": f"row {order + 1}",
                "snapshot_id": "s-board",
                "source_url": f"https://example.org/board#arena{order}",
                "licence": "CC BY 4.0",
            }
        )
        sightings.append({"evaluation_id": key, "snapshot_id": "s-board", "score_reported": str(1000 + 11 * order)})


def saturation(series_id: str, model_rows: list, floor: float, ceiling: float | None, tied: bool) -> list[dict]:
    """Eighteen months of one series: the best rises, the fifth follows, a tied one closes the gap."""
    rows = []
    for step in range(18):
        month = date(2025 + (5 + step) // 12, (5 + step) % 12 + 1, 1)
        best = (0.9 if tied else 0.55) + 0.0045 * step
        gap = 0.06 - 0.0033 * step if tied else 0.06
        status = "tied" if tied and step >= 10 else "crowded" if tied and step >= 6 else "separating"
        values = {
            "n_models": 20 + 2 * step,
            "best": best,
            "best_error": None if tied else 0.012,
            "kth_best": best - gap,
            "kth_best_raw": best - gap + 0.002,
            "k": 5,
            "tie_group_size": 6 if status == "tied" else 2,
            "s_index_sqrt_n": 0.9 if tied else 0.3,
            "s_index_n": 0.5 if tied else 0.02,
            "headroom": None if ceiling is None else (ceiling - best) / (ceiling - floor),
            "n_recent": 12 + step,
            "discrimination": 0.1 if tied else 0.8,
            "share_near_ceiling": 0.4 if tied else 0.0,
        }
        words = {
            "best_model": model_rows[step]["model_id"],
            "status": status,
            "reason": f"The fifth is {100 * gap:.1f} points behind the best.",
            "date_basis": "release",
            "renewal": None if tied else "1 version",
            "error_basis": "count",
        }
        if step == 17:
            named = [model_rows[0], next(m for m in model_rows if m["name"] == FORMULA)]
            words["tie_group"] = "; ".join(model["model_id"] for model in named)
        common = {"signal_id": "saturation", "series_id": series_id, "month": month}
        rows += [common | {"statistic": name, "value": value} for name, value in values.items()]
        rows += [common | {"statistic": name, "value_text": text} for name, text in words.items()]
    return rows


def outlook(series_id: str, best: float, tied: bool) -> list[dict]:
    """A forecast of one series: twelve months of a fan, and a month of saturation for the one that is not tied."""
    common = {"signal_id": "outlook", "series_id": series_id}
    now = common | {"month": date(2026, 11, 1)}
    said = "Less than a tenth of the scale is left already." if tied else "A tenth of the scale left: 2028-03 at best."
    rows = [now | {"statistic": "rate", "value": 0.4}, now | {"statistic": "n_entries", "value": 30.0}]
    rows += [
        now | {"statistic": "day_basis", "value_text": "release"},
        now | {"statistic": "reason", "value_text": said},
    ]
    if not tied:
        rows.append(now | {"statistic": "saturation_earliest", "value_text": "2028-03"})
    for ahead in range(1, 13):
        month = date(2026 + (10 + ahead) // 12, (10 + ahead) % 12 + 1, 1)
        for name, gain in (("best", 0.004), ("lower", 0.0), ("upper", 0.008)):
            rows.append(common | {"month": month, "statistic": name, "value": min(best + gain * ahead, 1.0)})
    return rows


def summary(model: dict, evaluations: list[dict], findings: list[dict]) -> dict:
    """One line per model, counted from its findings."""
    own = {e["evaluation_id"] for e in evaluations if e["model_id"] == model["model_id"]}
    mine = [f for f in findings if f["subject_id"] in own and not f["variant"]]
    tested = [f for f in mine if f.get("p_value") is not None]
    flagged = [f for f in mine if f["level"] in ("unusual", "very_unusual")]
    mean = float(np.mean([f["residual_z"] for f in tested])) if tested else None
    return {
        "model_id": model["model_id"],
        "n_evaluations": len(own),
        "n_tested": len(tested),
        "n_unusual_high": sum(f["direction"] == "high" for f in flagged),
        "n_unusual_low": sum(f["direction"] == "low" for f in flagged),
        "mean_z": mean,
        "p_value": None if mean is None else 0.4,
        "q_value": None if mean is None else 0.8,
        "level": "usual" if tested else "cannot_tell",
        "direction": ("high" if mean > 0 else "low") if tested else None,
        "reason": "Across its benchmarks the model is where similar models are." if tested else "No size is reported.",
    }


def write(place: Path | str) -> store.Build:
    """Write the tiny database into a place and return its build; into an empty one goes a copy of what was written once."""
    folder = Path(place)
    if str(place).startswith("ducklake:") and store.schema.VIEWS is VIEWS and lakes.is_empty(place):
        return lakes.copy_into(place, write_anew)
    if str(place).startswith("ducklake:") or folder.suffix or store.schema.VIEWS is not VIEWS or any(folder.glob("*")):
        return write_anew(place)
    whole = written()
    folder.mkdir(parents=True, exist_ok=True)
    for file in (whole, whole.parent / "current"):
        shutil.copy(file, folder / file.name)
    return folder / whole.name


def write_anew(place: Path | str) -> store.Build:
    """Write the tiny database into a place."""
    return store.write(made(), place)


@cache
def written() -> Path:
    """A build in a folder of its own, which goes with this process."""
    place = Path(tempfile.mkdtemp(prefix="tiny-store-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return write_anew(place)


if __name__ == "__main__":
    print(write(store.folder()))
