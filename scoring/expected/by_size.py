"""Expected scores by size and date: every evaluation among the models of its series, or of its pooled test.

Question  What do models of similar size and date get on the same test, in the same set-up where there are enough?
Input     The frame of scoring.evidence.entries.
Output    `BySize`: the entries with pool_id, one line per entry (expected score and range as fractions, higher is
          better; z, one-sided p-values, counts of comparable models, group, tier), and one fit row per group.
Method    scoring/expected/curve.py on every series (tier A); where that has fewer than 20 comparable models, on all settings
          of a benchmark and metric together, with the measured variance between set-ups (tier B). Tier C marks a size
          outside the sizes of all other clusters.
Silent    Rows that no group could place have is_placed False and the larger count of comparable models.
"""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scoring.expected import curve, solve
from scoring.groups import MapGroups, one_by_one

LINES = [
    "expected",
    "expected_lower",
    "expected_upper",
    "z",
    "p_high",
    "p_low",
    "normal_high",
    "normal_low",
    "n_comparable",
    "n_as_far_high",
    "n_as_far_low",
    "mark",
    "mark_near",
]
BUNDLE = 5000  # rows that are fitted together: enough for stacks of a hundred small groups, few enough to share out
TIED = "tied"  # what stands for the fit of a group in which half of the models have one and the same score


@dataclass(frozen=True, kw_only=True)
class BySize:
    """entries: as scoring.evidence.entries, and pool_id; lines: one per entry, same index; fits: results.FIT without signal
    and method version.
    """

    entries: pd.DataFrame
    lines: pd.DataFrame
    fits: list[tuple]


@dataclass(frozen=True, kw_only=True)
class Group:
    """A series or pool to fit, and how; n_models: models that may enter the fit."""

    name: str
    rows: curve.Rows
    floor: float
    n_models: int
    is_pooled: bool
    is_lower_better: bool


def place(entries: pd.DataFrame, map_groups: MapGroups = one_by_one, wanted: np.ndarray | None = None) -> BySize:
    """Lines of all entries by size and date alone.

    wanted   True for the entries that are asked about; without it, all. Others shape the fits and get no line.
    """
    frame = with_pools(entries)
    usable = pd.isna(frame["level"]).to_numpy()
    asked = usable if wanted is None else usable & wanted
    rows = rows_of(frame)
    series_lines, series_fits = _fit_groups(frame, rows, usable, asked, "A", map_groups)
    waiting = asked & ~series_lines["is_placed"]
    pooled_lines, pooled_fits = _fit_groups(frame, rows, usable, waiting, "B", map_groups)
    # A row that neither comparison could place keeps the larger count of comparable models for its sentence.
    is_wider = pooled_lines["n_comparable"] >= series_lines["n_comparable"]
    is_pooled = waiting & (pooled_lines["is_placed"] | is_wider)
    lines = pd.DataFrame({c: np.where(is_pooled, pooled_lines[c], values) for c, values in series_lines.items()})
    return BySize(entries=frame, lines=lines, fits=series_fits + pooled_fits)


def with_pools(frame: pd.DataFrame) -> pd.DataFrame:
    """Entries with pool_id, the name of the group that pools all settings of a benchmark and metric."""
    (test, tests), (metric, metrics) = (pd.factorize(frame[c].astype(str)) for c in ("benchmark_id", "metric"))
    pools, place = np.unique(test * len(metrics) + metric, return_inverse=True)
    names = [f"{tests[pool // len(metrics)]}:{metrics[pool % len(metrics)]}" for pool in pools.tolist()]
    # Each name is made once, not row by row.
    return frame.assign(pool_id=pd.Series(np.array(names, dtype=object)[place], index=frame.index, dtype="str"))


def _fit_groups(
    frame: pd.DataFrame,
    rows: curve.Rows,
    usable: np.ndarray,
    wanted: np.ndarray,
    tier: str,
    map_groups: MapGroups,
) -> tuple[dict[str, np.ndarray], list[tuple]]:
    """Fit every series (A) or pool (B) that has a wanted row; return columns as long as the frame, filled for its
    wanted rows, and the fit rows.
    """
    keys = ["series_id"] if tier == "A" else ["pool_id", "is_subset", "is_lower_better"]
    lines: dict[str, np.ndarray] = {name: np.full(len(frame), np.nan) for name in LINES}
    lines |= {name: np.full(len(frame), None, dtype=object) for name in ("group", "tier")}
    lines |= {name: np.zeros(len(frame), dtype=bool) for name in ("is_placed", "is_undated", "is_tied")}
    fits = []
    candidates = np.flatnonzero(usable)
    models, guess = rows.model, frame["guess"].to_numpy()
    undated, known_floor = frame["when"].isna().to_numpy(), frame["floor"].notna().to_numpy()
    flips = frame["is_lower_better"].to_numpy()
    where, groups = [], []
    for key, chosen in frame.loc[usable, keys].groupby(keys, sort=True).indices.items():
        positions = candidates[chosen]
        if not wanted[positions].any():
            continue
        where.append(positions)
        groups.append(
            Group(
                name=str(key[0] if isinstance(key, tuple) else key),
                rows=rows.take(positions),
                floor=float(guess[positions[0]]),
                n_models=len(np.unique(models[positions[rows.enters[positions]]])),
                is_pooled=tier == "B",
                is_lower_better=bool(flips[positions[0]]),
            )
        )
    large = [i for i, group in enumerate(groups) if group.n_models >= curve.MIN_MODELS]
    bundles = _bundles({i: len(where[i]) for i in large})
    sizes = [sum(len(where[i]) for i in bundle) for bundle in bundles]
    answers = map_groups(_fit, [[groups[i] for i in bundle] for bundle in bundles], sizes)
    fitted_of = {
        i: fitted for bundle, part in zip(bundles, answers, strict=True) for i, fitted in zip(bundle, part, strict=True)
    }
    for i, (group, positions) in enumerate(zip(groups, where, strict=True)):
        mine = wanted[positions]
        fitted = fitted_of.get(i)
        if not isinstance(fitted, curve.Fitted):
            # Every other model of the group is comparable; the group is still too small.
            lines["n_comparable"][positions[mine]] = max(group.n_models - 1, 0)
            lines["is_tied"][positions[mine]] = fitted == TIED
            continue
        found = fitted.lines | {
            "group": np.full(len(positions), group.name, dtype=object),
            "tier": np.where(fitted.lines["is_extrapolated"], "C", tier),
            "is_placed": fitted.lines["n_comparable"] >= curve.MIN_MODELS,
            "is_undated": undated[positions] & (fitted.parameters["date_range"] is not None),
            "is_tied": np.zeros(len(positions), dtype=bool),
        }
        for column, values in lines.items():
            values[positions[mine]] = found[column][mine]
        parameters = fitted.parameters | {"is_floor_known": bool(known_floor[positions].all())}
        text = json.dumps(parameters, sort_keys=True, allow_nan=False)
        fits.append((group.name, tier, fitted.n_rows, fitted.n_clusters, text))
    return lines, fits


def _bundles(rows: dict[int, int]) -> list[list[int]]:
    """Groups (by number of rows) that are fitted together: of about one length, and few enough rows for one worker."""
    bundles: list[list[int]] = []
    filled = BUNDLE
    for i in sorted(rows, key=lambda i: (-rows[i], i)):
        if filled + rows[i] > BUNDLE:
            bundles.append([])
            filled = 0
        bundles[-1].append(i)
        filled += rows[i]
    return bundles


def _fit(bundle: list[Group]) -> list[curve.Fitted | str | None]:
    """The fit of every group; where there is none, TIED for that reason, else None."""
    steps = [curve.fit_steps(g.rows, g.floor, pooled=g.is_pooled, is_lower_better=g.is_lower_better) for g in bundle]
    fits = solve.together(steps)
    return [fitted or (TIED if curve.is_tied(group.rows) else None) for group, fitted in zip(bundle, fits, strict=True)]


def rows_of(part: pd.DataFrame) -> curve.Rows:
    """The part as arrays."""

    def codes(column: str) -> np.ndarray:
        return pd.factorize(part[column])[0]

    return curve.Rows(
        score=part["value"].to_numpy(),
        n_items=part["n_items"].to_numpy(),
        counted=part["counted"].to_numpy(),
        standard_error=part["standard_error"].to_numpy(),
        size=part["size"].to_numpy(),
        when=part["when"].to_numpy(),
        basis=part["date_basis"].astype(str).to_numpy(),
        cluster=codes("cluster_id"),
        model=codes("model_id"),
        setting=codes("setting_group"),
        # A model made to show what training on a test does says nothing of similar models: it is judged by their curve,
        # and by its other scores, but does not bend the curve.
        enters=(part["enters"] & (part["kind"] != "demonstration")).to_numpy(),
    )
