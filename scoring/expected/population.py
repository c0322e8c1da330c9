"""The population of one build: its evidence, and what several statistics need of it, each worked out once.

Question  What do the signals, the sensitivity runs and the summaries share?
Input     Evidence.
Output    `Population`: the evidence as entries, its lines by size and date, and its second opinions.
Method    Each part is worked out when it is first asked for and kept with this object, for as long as the object lives.
Silent    Never; the parts say themselves where they cannot speak. Whoever changes a frame works on a copy.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
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
