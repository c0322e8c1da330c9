"""What holds for every test: opening a page builds nothing, unless the test says so; no made example has a time limit,
because other tests share the processors; the longest files begin first; circles of objects are looked for seldom; where
BENCHMARK_TEST_STORE names a lake, no test writes its database anywhere else.
"""

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from building import workers
from reading import builder
from store import files
from tests import browsing, lakes

PROGRAM = sys.modules["__main__"]
os.environ.setdefault(builder.SWITCH, "never")
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
if "PYTEST_XDIST_WORKER" in os.environ:
    # Every processor has a test process already; tests/test_workers.py asks for more where that is the question.
    os.environ.setdefault(workers.ENVIRONMENT, "1")

# Files that share one browser and one server, in this order: the first test of the first one is the server's first visit.
BROWSED = (
    "test_browser.py",
    "test_walk.py",
    "test_screens.py",
    "test_hostile.py",
    "test_start.py",
    "test_data_addresses.py",
)
EVERY_STORE = "test_places.py"  # asks for one kind of store after the other, whatever the run is about
# Files with minutes of work, the longest first, so that none of them is begun when the others are done (measured with
# `pytest -n 0 --durations 0`). test_starter_data.py holds the one build from the whole starter data.
FIRST = (
    "test_starter_data.py",
    *BROWSED,
    "test_killed.py",
    "test_places.py",
    "test_pages.py",
    "test_more_pages.py",
    "test_store.py",
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
    """Long files before all others, which keep their order; in a lake what is about files does not apply."""
    rank = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: rank.get(Path(item.fspath).name, len(FIRST)))
    for item in items if lakes.in_a_lake() else ():
        if about := item.get_closest_marker("files"):
            item.add_marker(pytest.mark.skip(reason=f"About the store of files: {about.args[0]}."))


@pytest.fixture(scope="session", autouse=True)
def store_of_this_run():
    """In a lake, a database that is written as a file fails the test that wrote it."""
    if not lakes.in_a_lake():
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        lakes.without_signatures(patch)
        lakes.forgetful()
        make = files.make

        def only_where_asked_for(packed, unfinished, final):
            told = os.environ.get("PYTEST_CURRENT_TEST", "")
            assert EVERY_STORE in told, f"A database in files, in {told}: use lakes.place or pytest.mark.files(reason)."
            return make(packed, unfinished, final)

        patch.setattr(files, "make", only_where_asked_for)
        yield


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After the last test that has the browser in common with others it ends; a page that a test drew is not the program,
    which new processes would run first.
    """
    sys.modules["__main__"] = PROGRAM
    if nextitem is None or nextitem.path.name not in BROWSED:
        browsing.shared.close()


def pytest_sessionfinish() -> None:
    browsing.shared.close()
    lakes.close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling:
    return Together(config, log)


class Together(LoadFileScheduling):
    """A file is done by one process; all files that share the browser by the same one."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "browsed" if Path(file).name in BROWSED else file


@pytest.fixture
def browser():
    return browsing.shared.browser


@pytest.fixture
def server() -> str:
    """A server over the tiny store, which nobody changes."""
    return browsing.shared.server


@pytest.fixture
def page(server):
    with browsing.watched(browsing.shared.context, server) as page:
        yield page


@pytest.fixture
def first_page(browser, server):
    """A page of somebody who was never here, whose browser has to load every script."""
    own = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    with browsing.watched(own, server) as page:
        yield page
    own.close()
