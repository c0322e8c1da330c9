"""One answer per family and per maker: on which tests do its models stand above or below what their other scores suggest?

Question  Which tests is this family good or bad at for its general strength, and does it do better on public tests that
          stand still than on hidden, fresh or renewed ones?
Input     Population (entries) and is_public_test, is_dynamic of each benchmark.
Output    One row per family or maker and test, columns FAMILY; one more per family or maker for the contrast of static
          public tests with the others, where subject_kind is "contrast".
Method    Models of known makers (scoring/answers/makers.py). What a score should be by the model's other scores comes from
          the factor model of scoring/expected/factors.py, fitted here without the whole family. Distances are logits over
          the robust spread of the test's distances, bounded at BOUND; versions of a renewed test count as one test.
          Models of one family are not independent: near-copies share one unit, the mean over a test is taken over units,
          and its error is that of units within families (pooled over families, Student's t). Each test is centred at the
          median of the families, in spreads and in points, so that a test that all find hard is nobody's mark. A
          difference of under MIN_POINTS, or of another sign in points, is none that a reader would see. Two-sided p; Benjamini and Hochberg
          1995 over all families and tests together. The contrast is the same with a unit's mean distance on static public
          tests minus its mean on the others.
Silent    Fewer than MIN_UNITS units, or fewer than MIN_FREEDOM units in all families beyond one each.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtr

from data.vocabulary import GROUP_KINDS
from scoring.answers import makers
from scoring.expected import factors
from scoring.expected.population import Population
from scoring.verdict import levels

METHOD_VERSION = "2"
MIN_UNITS = 3
MIN_FREEDOM = 10
BOUND = 4.0  # robust spreads; a broken run is further out and would speak for its whole family
MIN_SPREAD = 0.05  # logits; a test on which all agree to the last digit has no smaller spread
MIN_EFFECT = 0.5  # robust spreads of a test; less is not worth a sentence however sure it is
MIN_POINTS = 1.0
NO_FAMILY = ("unknown", "mixed")
CONTRAST = "public tests that stand still against hidden, fresh or renewed ones"
FAMILY = [
    "group_kind",
    "group_name",
    "subject_kind",
    "subject_id",
    "n_models",
    "n_units",
    "effect",
    "effect_error",
    "effect_points",
    "p_value",
    "q_value",
    "level",
    "direction",
    "reason",
]


def answers(population: Population) -> pd.DataFrame:
    """Rows FAMILY of every family and maker, sorted by kind, name and p-value."""
    rows = distances(population)
    parts = [of_groups(rows.assign(group=rows[kind]), kind) for kind in GROUP_KINDS if len(rows)]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=FAMILY)
    return found.sort_values(["group_kind", "group_name", "p_value", "subject_id"], kind="stable", ignore_index=True)


def distances(population: Population) -> pd.DataFrame:
    """One row per model and test: family, maker, cluster_id, test, distance (robust spreads), points, is_static."""
    entries = population.once(makers.of_entries)
    entries = entries[entries["is_maker"] & entries["kind"].eq("model")]
    home = entries["family"].where(~entries["family"].isin(NO_FAMILY), entries["cluster_id"])
    left = factors.residuals(entries, home)
    if left.empty:
        return pd.DataFrame(
            columns=["model_id", "family", "maker", "cluster_id", "test", "distance", "points", "is_static"]
        )
    rows = entries.set_index("evaluation_id").loc[left.index]
    test = rows["benchmark_id"].astype(str).str.partition("@")[0]
    # NULL becomes NaN: what is not stated puts a test on no side.
    public, renewed = (
        rows[name].astype(object).map({True: 1.0, False: 0.0}).astype(float)
        for name in ("is_public_test", "is_dynamic")
    )
    is_hidden = (renewed == 1.0) | (public == 0.0)
    table = pd.DataFrame(
        {
            "model_id": rows["model_id"],
            "family": rows["family"],
            "maker": rows["maker"],
            "cluster_id": rows["cluster_id"],
            "test": test,
            "distance": (left["residual"] / left["spread"].clip(lower=MIN_SPREAD)).clip(-BOUND, BOUND),
            "points": 100 * (rows["value"] - left["expected"]),
            "is_static": public.mask(is_hidden, 0.0),
        }
    )
    keys = ["model_id", "family", "maker", "cluster_id", "test"]
    return table.groupby(keys, as_index=False)[["distance", "points", "is_static"]].median()


def of_groups(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Rows FAMILY of the groups named in column `group`."""
    rows = rows[rows["group"].notna() & ~rows["group"].isin(NO_FAMILY)]
    units = rows.groupby(["group", "cluster_id", "test"], as_index=False).agg(
        distance=("distance", "mean"), points=("points", "mean"), n=("model_id", "nunique")
    )
    tests = effects(units).assign(subject_kind="benchmark")
    both = effects(contrasts(rows)).assign(subject_kind="contrast")
    found = pd.concat([tests, both], ignore_index=True)
    if found.empty:
        return pd.DataFrame(columns=FAMILY)
    found["q_value"] = levels.adjusted(found["p_value"].to_numpy())
    is_seen = (found["effect_points"] * np.sign(found["effect"])).round(levels.DECIMALS) >= MIN_POINTS
    is_far = is_seen & (found["effect"].abs().round(levels.DECIMALS) >= MIN_EFFECT)
    q = found["q_value"].round(levels.DECIMALS)
    found["level"] = np.select(
        [is_far & (q <= levels.UNUSUAL_Q), is_seen & (found["p_value"] < 2 * levels.OUTSIDE_P)],
        ["unusual", "somewhat"],
        "usual",
    )
    found["direction"] = np.where(found["effect"] > 0, "high", "low")
    found = found.rename(columns={"group": "group_name", "test": "subject_id"}).assign(group_kind=kind)
    found["reason"] = [_sentence(row) for row in found.itertuples(index=False)]
    return found[FAMILY]


def contrasts(rows: pd.DataFrame) -> pd.DataFrame:
    """Per unit the mean distance on static public tests minus that on the others; only units that have both."""
    known = rows[rows["is_static"].notna()].assign(side=lambda r: np.where(r["is_static"] > 0.5, "static", "other"))
    keys = ["group", "cluster_id"]
    wide = known.pivot_table(index=keys, columns="side", values=["distance", "points"], aggfunc="mean").dropna()
    if wide.empty:
        return pd.DataFrame(columns=[*keys, "test", "distance", "points", "n"])
    out = pd.DataFrame({name: wide[name]["static"] - wide[name]["other"] for name in ("distance", "points")})
    out["n"] = known.groupby(keys)["model_id"].nunique().reindex(out.index)
    return out.reset_index().assign(test=CONTRAST)


def effects(units: pd.DataFrame) -> pd.DataFrame:
    """Per group and test: effect (centred mean distance), effect_error, effect_points, n_models, n_units, two-sided
    p_value.
    """
    group = units.groupby(["group", "test"])
    found = group.agg(
        mean=("distance", "mean"), effect_points=("points", "mean"), n_units=("distance", "size"), n_models=("n", "sum"),
    ).reset_index()  # fmt: skip
    distance, places = units["distance"].to_numpy(), group.indices
    keys = zip(found["group"], found["test"], strict=True)
    found["squares"] = [_squares(distance[places[key]]) for key in keys]
    by_test = found.groupby("test")
    freedom = by_test["n_units"].transform("sum") - by_test["n_units"].transform("size")
    spread = np.sqrt(by_test["squares"].transform("sum") / freedom.where(freedom > 0))
    found["effect"] = found["mean"] - by_test["mean"].transform("median")
    found["effect_points"] -= by_test["effect_points"].transform("median")
    found = found.assign(freedom=freedom, effect_error=spread / np.sqrt(found["n_units"]))
    found = found[(found["n_units"] >= MIN_UNITS) & (found["freedom"] >= MIN_FREEDOM) & (found["effect_error"] > 0)]
    p = 2 * stdtr(found["freedom"], -np.abs(found["effect"] / found["effect_error"]))
    return found.assign(p_value=p).drop(columns=["mean", "squares", "freedom"]).reset_index(drop=True)


def _squares(x: np.ndarray) -> float:
    """Sum of squared differences from the mean."""
    return float(np.sum((x - np.sum(x) / len(x)) ** 2))


def _sentence(row: Any) -> str:
    side = "above" if row.effect > 0 else "below"
    of = f"{row.n_models} models" + (
        "" if row.n_models == row.n_units else f" ({row.n_units} that are not near-copies)"
    )
    if row.subject_kind == "contrast":
        what = "on public tests that stand still, compared with hidden, fresh or renewed ones"
        if row.level == "usual":
            return f"Its {of} do about as well {what}."
        return f"Its {of} stand {abs(row.effect):.1f} spreads {side} {what}."
    if row.level == "usual":
        return f"Its {of} get about what their other scores suggest."
    hedge = "" if row.level == "unusual" else " Among so many families and tests, some are this far out by luck."
    return (
        f"Its {of} stand {abs(row.effect_points):.1f} points {side} what their other scores suggest, "
        f"{abs(row.effect):.1f} spreads of this test.{hedge}"
    )
