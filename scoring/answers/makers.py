"""Makers: which organisations have models of their own, by evidence and not by a list.

Question  Whose scores speak for a maker, and whose are somebody's fine-tune of another's weights?
Input     Typed evidence (model_id, source_id, developer, root_model, is_merged).
Output    `named`: the rows with maker (one name for all spellings), is_open and is_maker.
Method    A maker is an organisation with two models of its own or more, in two sources or more. A source that lists more
          than OPEN_MAKERS organisations takes anybody's models and does not count; a merge, or a model whose root is
          another organisation's, is not a model of one's own.
Silent    maker is None where no developer is known.
"""

import pandas as pd

from scoring.expected.population import Population
from scoring.signals import saturation

OPEN_MAKERS = 300


def of_entries(population: Population) -> pd.DataFrame:
    """`named` of the entries, for population.once; its index and order are those of population.entries."""
    return named(population.entries)


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with maker, is_open (its source takes anybody's models) and is_maker (of a maker by the rule above)."""
    frame = frame.assign(maker=saturation.maker_names(frame["developer"]))
    count = frame.groupby("source_id")["maker"].nunique()
    frame["is_open"] = frame["source_id"].isin(count.index[count > OPEN_MAKERS])
    frame["is_maker"] = frame["maker"].isin(known(frame))
    return frame


def known(frame: pd.DataFrame) -> set[str]:
    """Names of the makers; frame: maker, is_open, model_id, source_id, root_model, is_merged."""
    rows = frame[frame["maker"].notna()]
    owner = rows.drop_duplicates("model_id").set_index("model_id")["maker"]
    picked = rows[~rows["is_open"]]
    root = picked["root_model"].map(owner)
    own = picked[(root.isna() | (root == picked["maker"])) & ~picked["is_merged"].eq(True).fillna(False)]
    count = own.groupby("maker")[["source_id", "model_id"]].nunique()
    return set(count.index[(count >= 2).all(axis=1)])
