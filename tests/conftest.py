"""What holds for every test: opening a page builds nothing, unless the test says so; no made example has a time limit,
because other tests share the processors; the longest files begin first; circles of objects are looked for seldom.
"""

import gc
import os
from pathlib import Path

from hypothesis import settings

from building import workers
from reading import builder

os.environ.setdefault(builder.SWITCH, "never")
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
if "PYTEST_XDIST_WORKER" in os.environ:
    # Every processor has a test process already; tests/test_workers.py asks for more where that is the question.
    os.environ.setdefault(workers.ENVIRONMENT, "1")

# Files with minutes of work, the longest first, so that none of them is begun when the others are done (measured with
# `pytest -n 0 --durations 0`). test_starter_data.py holds the one build from the whole starter data.
FIRST = (
    "test_starter_data.py",
    "test_axe.py",
    "test_pages.py",
    "test_screens.py",
    "test_browser.py",
    "test_start.py",
    "test_hostile.py",
    "test_killed.py",
    "test_more_pages.py",
    "test_store.py",
    "test_places.py",
    "test_calibration.py",
    "test_expect.py",
    "test_answer_pages.py",
    "test_answers.py",
    "test_pipeline.py",
    "test_last_good.py",
    "test_service.py",
    "test_refresh.py",
    "test_gather.py",
    "test_twin_gap.py",
    "test_opinions.py",
)


def pytest_collection_finish() -> None:
    """What the imports made is no garbage, and statistics make hardly any circle: a tenth of the time went into looking."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


def pytest_collection_modifyitems(items: list) -> None:
    """Long files before all others, which keep their order."""
    rank = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: rank.get(Path(item.fspath).name, len(FIRST)))
