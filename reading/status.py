"""What the database holds, told in numbers: `status`, and the tables of README.md and DATA_LICENCES.md.

Question  How much is there, from where, how recent, and what was refused?
Input     a connection of store.connect.
Output    plain dicts and Markdown text. Documents that quote a number hold it between two markers, so that
          `python pipeline.py document` rewrites it and a test fails when it is stale.
"""

import re
from pathlib import Path

import pandas as pd

import store
from data.vocabulary import COUNTED_KINDS, DIRECTIONS, MARKED, UNREAD_TABLE

ROOT = Path(__file__).parents[1]


def share(part: float, whole: float, places: int = 4) -> float | None:
    """Part / whole rounded, None without a whole."""
    return round(float(part) / float(whole), places) if whole else None


def by_source(connection: store.Connection, scores: pd.DataFrame, models: pd.DataFrame) -> dict[str, dict]:
    """Per source: snapshots, evaluations, sightings, linked share, rejections by reason, newest content date."""
    rejected = store.count(connection, "rejection", ["source_id", "reason"])
    omitted = store.read(connection, "omission", ["source_id", "n_values"]).groupby("source_id")["n_values"].sum()
    seen = scores.groupby("source_id")["n_sightings"].sum()
    linked = scores["model_id"].map(models.set_index("model_id")["is_linked"]).astype(float)
    kept = scores["status"] != "superseded"
    out = {}
    for row in store.read(connection, "source", order=["source_id"]).itertuples(index=False):
        mine = scores["source_id"] == row.source_id
        reasons = rejected[rejected["source_id"] == row.source_id]
        n_sightings, n_rejected = int(seen.get(row.source_id, 0)), int(reasons["n"].sum())
        out[row.source_id] = {
            "title": row.title,
            "url": row.url,
            "snapshots": int(row.n_snapshots),
            "headline_evaluations": int((mine & kept & ~scores["is_subset"]).sum()),
            "subset_evaluations": int((mine & kept & scores["is_subset"]).sum()),
            "superseded": int((mine & ~kept).sum()),
            "removed": int((mine & (scores["status"] == "removed")).sum()),
            "sightings": n_sightings,
            "linked_share": share(linked[mine].sum(), mine.sum(), 3),
            "rejected": {r.reason: int(r.n) for r in reasons.itertuples(index=False)},
            "rejected_share": share(n_rejected, n_sightings + n_rejected, 5),
            "omitted_by_rule": int(omitted.get(row.source_id, 0)),
            "newest_content_date": "" if pd.isna(row.newest_content_date) else str(row.newest_content_date)[:10],
            "status": row.status,
            "licence": row.licence,
            "attribution": row.attribution,
            "problem": None if pd.isna(row.problem) else row.problem,
        }
    return out


def problems(connection: store.Connection) -> dict[str, str]:
    """What is wrong with sources, one sentence each."""
    rows = store.read(connection, "source", ["source_id", "problem"], [store.Where("problem", "not null")])
    return dict(zip(rows["source_id"], rows["problem"], strict=True))


def summarise(connection: store.Connection) -> dict:
    """Everything that `status` tells, as plain data."""
    scores = store.read(
        connection,
        "scores",
        [
            "evaluation_id",
            "source_id",
            "model_id",
            "kind",
            "n_parameters",
            "benchmark_id",
            "is_subset",
            "status",
            "n_sightings",
            "model_date",
            "evaluator_relationship",
        ],
    )
    models = store.read(connection, "models", ["model_id", "kind", "family", "n_parameters", "is_linked", "date_basis"])
    findings = store.read(
        connection,
        "anomalies",
        ["evaluation_id", "level", "direction"],
        [store.Where("signal_id", "=", "size_anomaly"), store.Where("variant", "=", "")],
    )
    found = scores[scores["status"] == "current"].merge(findings, on="evaluation_id")
    found["has_verdict"] = found["level"] != "cannot_tell"
    date = pd.to_datetime(found["model_date"])
    recent = found[date >= "2025-06-01"]
    # Demonstrations are known cases, and count in no total; parts of a test are counted nowhere, as on Home.
    flagged = found[found["level"].isin(MARKED) & found["kind"].isin(COUNTED_KINDS) & ~found["is_subset"]]
    high, low = (flagged[flagged["direction"] == side] for side in DIRECTIONS)
    headline = scores[~scores["is_subset"] & (scores["status"] != "superseded")]
    comparable = scores[(scores["status"] == "current") & ~scores["is_subset"] & scores["n_parameters"].notna()]
    per_test = comparable.groupby("benchmark_id")["model_id"].nunique()
    real = models[models["kind"] == "model"]
    n_rejected, n_seen = int(store.count(connection, "rejection")["n"].sum()), int(scores["n_sightings"].sum())
    omitted = store.read(connection, "omission", ["source_id", "rule", "n_values"])
    sources = by_source(connection, scores, models)
    return {
        "build": store.read(connection, "build").set_index("name")["value"].to_dict(),
        "sources": sources,
        "totals": {
            "sources": len(sources),
            "headline_evaluations": len(headline),
            "subset_evaluations": int((scores["is_subset"] & (scores["status"] != "superseded")).sum()),
            "superseded_readings": int((scores["status"] == "superseded").sum()),
            "sightings": n_seen,
            "models": len(models),
            "models_with_parameter_count": int(models["n_parameters"].notna().sum()),
            "family_known_share_of_models": share((real["family"] != "unknown").sum(), len(real)),
            "benchmarks": int(scores["benchmark_id"].nunique()),
            "benchmarks_with_20_comparable_models": int((per_test >= 20).sum()),
            "rejected": n_rejected,
            "rejected_share": share(n_rejected, n_seen + n_rejected, 5),
            "omitted_by_rule": int(omitted["n_values"].sum()),
            "verdict_share": share(found["has_verdict"].sum(), len(found)),
            "verdict_share_of_models_since_2025_06": share(recent["has_verdict"].sum(), len(recent)),
            "unusual_high": len(high),
            "unusual_low": len(low),
            "share_of_models_with_unusual_high": share(high["model_id"].nunique(), found["model_id"].nunique(), 5),
            "share_of_models_with_unusual_low": share(low["model_id"].nunique(), found["model_id"].nunique(), 5),
        },
        "coverage": coverage(connection, headline, models),
        "levels": {k: int(v) for k, v in found["level"].value_counts().sort_index().items()},
        "verdict_share_by_year": {
            str(int(year)): {"scores": len(part), "share": share(part["has_verdict"].sum(), len(part))}
            for year, part in found.assign(year=date.dt.year).dropna(subset="year").groupby("year")
        },
        "unread_tables": unread_tables(connection),
        "omitted": {
            f"{source}: {rule}": int(n)
            for (source, rule), n in omitted.groupby(["source_id", "rule"])["n_values"].sum().items()
        },
    }


def coverage(connection: store.Connection, headline: pd.DataFrame, models: pd.DataFrame) -> dict:
    """What there is to judge by: item counts, how models are dated, makers' own scores by quarter of the model's day.

    headline   headline scores that are not superseded, with benchmark_id, evaluator_relationship, model_date
    """
    series = store.read(connection, "series", ["benchmark_id", "n_items", "n_at_least"])
    counted = series.loc[series["n_items"].notna() | series["n_at_least"].notna(), "benchmark_id"].unique()
    own = headline[(headline["evaluator_relationship"] == "first_party") & headline["model_date"].notna()]
    quarters = pd.to_datetime(own["model_date"]).dt.to_period("Q").value_counts().sort_index()
    return {
        "headline_evaluations": len(headline),
        "benchmarks_with_item_count": int(pd.Series(counted).isin(headline["benchmark_id"]).sum()),
        "first_party_scores_by_quarter_of_model": {
            f"{quarter.year}-Q{quarter.quarter}": int(n) for quarter, n in quarters.items()
        },
        "models_by_date_basis": {
            str(basis): int(n)
            for basis, n in models["date_basis"].fillna("unknown").value_counts().sort_index().items()
        },
    }


def unread_tables(connection: store.Connection) -> list[dict]:
    """Tables with a known benchmark and a known model from which nothing was read: where each stands, and why."""
    left = store.read(connection, "omission", ["source_id", "snapshot_id", "rule", "n_values", "example"])
    left = left[left["rule"].str.startswith(UNREAD_TABLE)]
    pages = store.read(connection, "snapshot", ["snapshot_id", "url"]).set_index("snapshot_id")["url"]
    return [
        {
            "source": row.source_id,
            "page": pages.get(row.snapshot_id, ""),
            "n_values": int(row.n_values),
            "table": row.example,
        }
        for row in left.sort_values(["source_id", "snapshot_id", "rule"]).itertuples()
    ]


def markdown_table(rows: list[dict], columns: dict[str, str]) -> str:
    """Rows as a Markdown table; columns maps keys to headings. Pipes in texts are escaped."""
    lines = ["| " + " | ".join(columns.values()) + " |", "|" + " --- |" * len(columns)]
    for row in rows:
        cells = [
            f"{row[c]:,}" if isinstance(row[c], int) else str(row[c] if row[c] is not None else "") for c in columns
        ]
        lines.append("| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in cells) + " |")
    return "\n".join(lines)


def blocks(told: dict) -> dict[str, str]:
    """The generated blocks of the documents, by name."""
    sources = [{"source_id": s, **facts} for s, facts in told["sources"].items()]
    totals = told["totals"]
    return {
        "sources": markdown_table(
            [{**s, "link": f"[{s['title']}]({s['url']})"} for s in sources],
            {
                "link": "source",
                "status": "status",
                "snapshots": "files",
                "headline_evaluations": "scores",
                "subset_evaluations": "subset scores",
                "sightings": "sightings",
                "newest_content_date": "newest content",
                "licence": "licence of the figures",
            },
        ),
        "totals": (
            f"**{totals['headline_evaluations']:,} scores** of {totals['models']:,} models and systems "
            f"({totals['models_with_parameter_count']:,} with a parameter count) on {totals['benchmarks']:,} benchmarks "
            f"({totals['benchmarks_with_20_comparable_models']} with 20 comparable models), "
            f"{totals['subset_evaluations']:,} subset scores and {totals['sightings']:,} sightings, "
            f"from {totals['sources']} sources. {totals['verdict_share']:.0%} of the current scores got a verdict; "
            f"{totals['unusual_high']} are unusually high and {totals['unusual_low']} unusually low. "
            f"{totals['rejected']:,} printed values were rejected ({totals['rejected_share']:.2%}), each with its reason."
        ),
        "licences": markdown_table(
            sources, {"source_id": "source", "title": "title", "licence": "licence", "attribution": "attribution"}
        ),
    }


def fill(text: str, parts: dict[str, str]) -> str:
    """A document with its generated blocks renewed: what stands between <!-- name --> and <!-- end name -->."""

    def renewed(block: re.Match[str]) -> str:
        return f"{block[1]}{parts[block['name']]}\n{block['end']}"

    names = "|".join(map(re.escape, parts))
    return re.sub(rf"(<!-- (?P<name>{names}) -->\n).*?(?P<end><!-- end (?P=name) -->)", renewed, text, flags=re.S)


DOCUMENTS = ("README.md", "DATA_LICENCES.md")
