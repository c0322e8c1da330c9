"""The population of one build: its evidence, and what several statistics need of it, each worked out once.

Question  What do the signals, the sensitivity runs and the summaries share?
Input     Evidence.
Output    `Population`: the evidence as entries, its lines by size and date, and its second opinions.
Method    Each part is worked out when it is first asked for and kept with this object, for as long as the object lives.
Silent    Never; the parts say themselves where they cannot speak. Whoever changes a frame works on a copy.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeVar

import pandas as pd

from scoring.evidence import Evidence, entries
from scoring.expected import by_size, factors
from scoring.groups import MapGroups, one_by_one

Part = TypeVar("Part")


@dataclass(frozen=True, eq=False)
class Population:
    """One evidence and what follows from it; map_groups works out groups that know nothing of each other."""

    evidence: Evidence
    map_groups: MapGroups = one_by_one
    _once: dict[Callable, Any] = field(default_factory=dict, repr=False)

    def once(self, work: Callable[["Population"], Part]) -> Part:
        """What `work` makes of this population: worked out when it is first asked for, for all who name the same function."""
        if work not in self._once:
            self._once[work] = work(self)
        return self._once[work]

    def hear_opinions(self, at_once: MapGroups) -> None:
        """Work out by_size and opinions, which do not need each other; at_once may do so in processes of their own."""
        if {"by_size", "opinions"} <= self.__dict__.keys():
            return
        entries = self.entries
        opinions, (lines, fits) = at_once(partial(_opinion, self), ("opinions", "by_size"), (1.2, 1.0))
        self.__dict__["opinions"] = opinions
        if "by_size" not in self.__dict__:  # said by another process, which left out what is known here
            self.__dict__["by_size"] = by_size.BySize(entries=by_size.with_pools(entries), lines=lines, fits=fits)

    @cached_property
    def entries(self) -> pd.DataFrame:
        """The evidence as scoring.evidence.entries gives it."""
        return entries(self.evidence)

    @cached_property
    def by_size(self) -> by_size.BySize:
        """Expected scores by size and date."""
        return by_size.place(self.entries, self.map_groups)

    @cached_property
    def opinions(self) -> factors.Opinions:
        """What other scores and near-copies say."""
        return factors.place(self.entries, map_groups=self.map_groups)


def _opinion(population: Population, name: str) -> Any:
    """One of the two opinions, in what travels between processes; of by_size all but the entries."""
    if name == "opinions":
        return population.opinions
    found = population.by_size
    return found.lines, found.fits
