"""Are sizes and days of release what others say of the same models?

Question  Which share of models has a size that an independent statement confirms, and how far are days of release from
          those that the makers announced?
Input     data/method/sizes_sample.csv: 200 models with a size, drawn with seed 20261128 before the rules of sizes were made,
          with what a repository's own count, a registry or the name says ("" where nobody but our source does);
          data/method/release_days_sample.csv: 60 well-known models of 2023 to 2026 and the day of their announcement.
Output    shares before the rules and today, and the largest distance in days.
Method    Agreement: within AGREES of a count, within ROUNDED of a name, whose sizes are rounded. Today's figures come from the
          starter data and whatever snapshots lie beside it.
Silent    Models without an independent statement are counted and not judged.
"""

from pathlib import Path

import pandas as pd

from ingest import assemble, checks, facts, gather, history, identity, records, sources
from ingest.gather import Folders

METHOD = Path(__file__).parent.parent / "data" / "method"
AGREES, ROUNDED = 1.1, 1.3
NEAR = 14  # days: what one model's announcement, weights and first version in an interface may lie apart


def agree(sizes: pd.Series, stated: pd.Series, stated_by: pd.Series) -> pd.Series:
    """Whether each size is the stated one; False where it is missing."""
    limit = stated_by.map(lambda who: ROUNDED if who == "name" else AGREES)
    return pd.Series(
        [pd.notna(n) and checks.differ(n, s) <= most for n, s, most in zip(sizes, stated, limit, strict=True)],
        index=sizes.index,
    )


def make_models() -> pd.DataFrame:
    """Table model as a build makes it, indexed by model_id."""
    known, modules = facts.read(Folders().facts), sources.discover()
    gathered, declared = gather.gather(modules), {name: module.SOURCE for name, module in modules.items()}
    pages = gathered.snapshots.set_index("snapshot_id")
    accepted, _ = records.accept(gathered.reported)
    for column in ("content_date", "file_name", "url", "licence"):
        accepted[column] = accepted["snapshot_id"].map(pages[column])
    linked = assemble.link(history.collapse(accepted, declared).evaluations, known, modules)
    about = gathered.models.assign(content_date=gathered.models["snapshot_id"].map(pages["content_date"]))
    return identity.make_models(linked, about, known, declared).set_index("model_id")


def main() -> None:
    """Print both samples' figures."""
    models = make_models()
    sample = pd.read_csv(METHOD / "sizes_sample.csv", keep_default_na=False, na_values=[""])
    judged = sample[sample["n_parameters_stated"].notna()]
    today = judged["model_id"].map(models["n_parameters"])
    for name, sizes in (("before", judged["n_parameters_before"]), ("today", today)):
        right = agree(sizes, judged["n_parameters_stated"], judged["stated_by"])
        print(
            f"  sizes {name:7} {right.sum()} of {len(judged)} agree; {len(sample) - len(judged)} have no other statement"
        )
    told = (
        agree(today, judged["n_parameters_stated"], judged["stated_by"])
        | judged["model_id"].map(models["size_note"]).notna()
    )
    print(f"  sizes today   {told.sum()} of {len(judged)} agree or say in a note that they do not")
    days = pd.read_csv(METHOD / "release_days_sample.csv")
    for name, column in (("before", days["model_date_before"]), ("today", days["model_id"].map(models["model_date"]))):
        apart = (pd.to_datetime(column) - pd.to_datetime(days["release_date"])).abs().dt.days
        print(f"  days  {name:7} {(apart <= NEAR).sum()} of {len(days)} within {NEAR} days; farthest {apart.max():.0f}")
