"""What the scores say: pure functions from frames to frames.

Question  Which scores are far from what similar models get, and which tests still tell models apart?
Input     `scoring.evidence.Evidence`: one row per current evaluation, and the day it describes.
Output    `scoring.results.Results`: frames with the columns of the tables finding, trend, fit, model_summary and
          signal.
Method    One file per statistic in scoring/signals, in the order of scoring/course.py; what a score should be stands in
          scoring/expected, from a distance to a level in scoring/verdict.
Silent    A statistic that cannot speak says so in a finding ("cannot_tell" with its reason); nothing is defaulted.
"""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from scoring.groups import MapGroups, one_by_one

if TYPE_CHECKING:
    from scoring.course import Keep
    from scoring.evidence import Evidence
    from scoring.results import Results


def run(evidence: "Evidence", map_groups: MapGroups = one_by_one) -> "Results":
    """All signals and summaries.

    map_groups   works out groups that know nothing of each other (building/workers.py: on all processors)
    """
    from scoring import course

    with one_thread():
        return course.run(evidence, map_groups)


def in_parts(evidence: "Evidence", keep: "Keep", map_groups: MapGroups, each_apart: MapGroups) -> dict[str, list]:
    """The same by table, in parts that `keep` was given where they were made (course.parts)."""
    from scoring import course

    with one_thread():
        return course.parts(evidence, keep, map_groups, each_apart)


def one_thread() -> AbstractContextManager[object]:
    """Linear algebra on one thread. Thousands of tiny systems: threads cost three times what they bring, and one gives the
    same last digit on every machine. Imported late: pages load scoring.expected.judge without the libraries that fit.
    """
    import scipy.linalg  # noqa: F401 (the limit holds only for libraries that are loaded by then)
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1)
