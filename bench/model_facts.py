"""Are sizes and days of release what others say of the same models?

Question  Which share of models has a size that an independent statement confirms, and how far are days of release from
          those that other tables state?
Input     data/method/sizes_sample.csv: two draws with seed 20261128. "all sizes": 200 models with a size, drawn before the
          rules of sizes were made, with what a repository's own count, a registry or the name says ("" where nobody but
          our source does). "counted sizes": 200 of the 3,351 models whose files the Hugging Face hub counted, with their
          size before the rules; data/method/release_days_sample.csv: 60 well-known models of 2023 to 2026 and the day that
          the tables named beside it state, within three days of each other.
Output    shares before the rules and today, by who states the other size, and the largest distance in days: with
          data/facts/release_dates.csv and by the rules alone, since some of the 60 stand in that file.
Method    Agreement: within AGREES of a count, within ROUNDED of a name, whose sizes are rounded. Today's figures come from the
          starter data and whatever snapshots lie beside it.
Silent    Models without an independent statement are counted and not judged.
"""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from data import named_sizes
from ingest import facts, gather, history, identity, records, sources
from ingest.gather import Folders

METHOD = Path(__file__).parent.parent / "data" / "method"
AGREES, ROUNDED = 1.1, 1.3
NEAR = 14  # days: what one model's announcement, weights and first version in an interface may lie apart


def agree(sizes: pd.Series, stated: pd.Series, stated_by: pd.Series) -> pd.Series:
    """Whether each size is the stated one; False where it is missing."""
    limit = stated_by.map(lambda who: ROUNDED if who == "name" else AGREES)
    return pd.Series(
        [pd.notna(n) and named_sizes.differ(n, s) <= most for n, s, most in zip(sizes, stated, limit, strict=True)],
        index=sizes.index,
    )


def make_models() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Table model as a build makes it, and as it would be without release_dates.csv; both indexed by model_id."""
    known, modules = facts.read(Folders().facts), sources.discover()
    gathered, declared = gather.gather(modules), {name: module.SOURCE for name, module in modules.items()}
    pages = gathered.snapshots.set_index("snapshot_id")
    accepted, _ = records.accept(gathered.reported)
    for column in ("content_date", "file_name", "url", "licence"):
        accepted[column] = accepted["snapshot_id"].map(pages[column])
    evaluations = history.collapse(accepted, declared).evaluations
    linked = evaluations.assign(model_id=identity.name_models(evaluations, known))
    about = gathered.models.assign(content_date=gathered.models["snapshot_id"].map(pages["content_date"]))
    undated = replace(known, release_dates=known.release_dates.iloc[:0])
    told, alone = (identity.make_models(linked, about, k, declared).set_index("model_id") for k in (known, undated))
    return told, alone


def show_sizes(sample: pd.DataFrame, models: pd.DataFrame) -> None:
    """Print the figures of one draw of sizes, by who states the other size."""
    for who, rows in sample.groupby("stated_by", dropna=False):
        if pd.isna(who):
            print(f"    {len(rows)} have no other statement")
            continue
        stated, today = rows["n_parameters_stated"], rows["model_id"].map(models["n_parameters"])
        before, now = (agree(sizes, stated, rows["stated_by"]) for sizes in (rows["n_parameters_before"], today))
        told = now | rows["model_id"].map(models["size_note"]).notna()
        print(
            f"    by {who:10} of {len(rows)} before {before.sum()}, today {now.sum()}, {told.sum()} agree or say in a note"
        )


def main() -> None:
    """Print the figures of all samples."""
    models, alone = make_models()
    for draw, sample in pd.read_csv(METHOD / "sizes_sample.csv", keep_default_na=False, na_values=[""]).groupby("draw"):
        print(f"  sizes, {draw}: {len(sample)} models")
        show_sizes(sample, models)
    days = pd.read_csv(METHOD / "release_days_sample.csv")
    for name, column in (
        ("before", days["model_date_before"]),
        ("by the rules alone", days["model_id"].map(alone["model_date"])),
        ("today", days["model_id"].map(models["model_date"])),
    ):
        apart = (pd.to_datetime(column) - pd.to_datetime(days["release_date"])).abs().dt.days
        print(f"  days {name}: {(apart <= NEAR).sum()} of {len(days)} within {NEAR} days; farthest {apart.max():.0f}")
        for row in days.assign(day=column)[~(apart <= NEAR)].itertuples():
            print(f"    {row.model_id}: {row.day}, stated {row.release_date} ({row.stated_by})")
