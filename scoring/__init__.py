"""What the scores say: pure functions from frames to frames.

Question  Which scores are far from what similar models get, and which tests still tell models apart?
Input     `scoring.evidence.Evidence`: one row per current evaluation, and the day it describes.
Output    `scoring.results.Results`: frames with the columns of the tables finding, trend, fit, model_summary and
          signal.
Method    One file per statistic in scoring/signals, in the order of scoring/course.py; what a score should be stands in
          scoring/expected, from a distance to a level in scoring/verdict.
Silent    A statistic that cannot speak says so in a finding ("cannot_tell" with its reason); nothing is defaulted.
"""

from typing import TYPE_CHECKING

from scoring.groups import MapGroups, one_by_one

if TYPE_CHECKING:
    from scoring.evidence import Evidence
    from scoring.results import Results


def run(evidence: "Evidence", map_groups: MapGroups = one_by_one) -> "Results":
    """All signals and summaries. Imported late: pages load scoring.expected.judge without the libraries that fit.

    map_groups   works out groups that know nothing of each other (building/workers.py: on all processors)
    """
    import scipy.linalg  # noqa: F401 (the limit below holds only for libraries that are loaded by then)
    from threadpoolctl import threadpool_limits

    from scoring import course

    # Thousands of tiny systems: threads of the linear algebra library cost three times what they bring, and one thread
    # gives the same last digit on every machine.
    with threadpool_limits(limits=1):
        return course.run(evidence, map_groups)
