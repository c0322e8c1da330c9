"""Groups that know nothing of each other: one after the other here, at the same time where a caller brings workers.

Question  How is one function put to many groups?
Input     a function of one group, the groups, and how large each is.
Output    what the function returns for each, in their order.
Method    The caller of scoring.run may bring a `MapGroups` of its own; answers may not depend on it.
Silent    Never; what the function raises goes on.
"""

from collections.abc import Callable, Sequence
from typing import Any

MapGroups = Callable[[Callable[[Any], Any], Sequence, Sequence[float]], list]


def one_by_one(function: Callable[[Any], Any], groups: Sequence, sizes: Sequence[float]) -> list:
    """function(group) of every group; sizes say which take long, and do not matter here."""
    return [function(group) for group in groups]
