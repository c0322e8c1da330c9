"""Before there is a database: one build at a time, what a visitor sees meanwhile, and what happens to builders that die.

The browser tests start from the state of a fresh clone, over a starter folder with one source.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from werkzeug import Response

import store
from building import course
from ingest import starter
from ingest.gather import Folders
from reading import builder
from reading.builder import Keeper, Progress, Step
from tests import browsing, lakes, tiny_store

ROOT = Path(__file__).parents[1]
# A builder of its own process: holds the lock, has done two steps, and then does what the test says.
BUILDER = """
import sys, time
from pathlib import Path
from reading import builder
with builder.alone(Path(sys.argv[1]), print) as report:
    report.begin()
    report.finish("gather", 1000, 3.0)
    report.finish("accept", 1000, 2.6)
    print("ready", flush=True)
    exec(sys.argv[2])
"""


def build_elsewhere(place: Path, then: str) -> subprocess.Popen:
    """A process that builds in `place`; returns when it has the lock and two steps are done."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(place), then], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    while "ready" not in process.stdout.readline():
        assert process.poll() is None
    return process


def kill(process: subprocess.Popen) -> None:
    process.kill()
    process.communicate()


def shell(code: str):
    """A builder for a Keeper that runs this instead of a build, and remembers how often it was asked."""
    asked = []

    def begin():
        asked.append(code)
        return subprocess.Popen([sys.executable, "-c", code])

    begin.asked = asked
    return begin


def looked(keeper: Keeper, place: Path, until: str) -> Progress:
    """The progress when it says `until`, asked again and again as a page does."""
    until_when = time.monotonic() + 60
    while time.monotonic() < until_when:
        progress = keeper.look(place)
        if progress and progress.state == until:
            return progress
        time.sleep(0.05)
    pytest.fail(f"never {until}: {progress}")


def test_a_second_build_waits_for_the_first_and_says_so(tmp_path):
    first = build_elsewhere(tmp_path, "time.sleep(60)")
    said, entered = [], threading.Event()

    def second():
        with builder.alone(tmp_path, said.append):
            entered.set()

    thread = threading.Thread(target=second)
    thread.start()
    try:
        assert not entered.wait(1)
        assert "event=wait" in said[0]
    finally:
        kill(first)
    assert entered.wait(60)
    thread.join()


def test_a_builder_that_was_killed_holds_nothing_and_is_told_as_killed(tmp_path):
    victim = build_elsewhere(tmp_path, "time.sleep(60)")
    assert builder.look(tmp_path).state == "running"
    kill(victim)
    assert (tmp_path / "build.lock").exists()
    assert builder.look(tmp_path).state == "killed"


def test_workers_that_outlive_a_killed_builder_do_not_keep_its_lock(tmp_path):
    fork = "import os\nif os.fork() == 0: os.close(1); time.sleep(3); os._exit(0)\ntime.sleep(60)"
    victim = build_elsewhere(tmp_path, fork)
    time.sleep(0.3)
    kill(victim)
    assert not builder.is_held(tmp_path)


def test_a_finished_build_says_done_and_its_seconds_are_the_next_ones_forecast(tmp_path):
    for _ in range(2):
        with builder.alone(tmp_path, lambda line: None) as report:
            report.begin()
            report.finish("gather", 10, 30.0)
        assert builder.read(tmp_path).state == "done"
    assert builder.read(tmp_path).usual == {"gather": 30.0}


def test_an_error_is_kept_as_one_sentence_and_goes_on(tmp_path):
    with pytest.raises(ValueError, match="no rows"), builder.alone(tmp_path, lambda line: None) as report:
        report.begin()
        raise ValueError("no rows\nin page")
    assert builder.look(tmp_path) == builder.read(tmp_path)
    assert (builder.read(tmp_path).state, builder.read(tmp_path).problem) == (
        "failed",
        "ValueError: no rows in page.",
    )


def test_a_build_that_turns_out_not_to_be_needed_clears_what_a_killed_one_left(tmp_path):
    builder.write(tmp_path, Progress("running", 1.0, 1.0))
    with builder.alone(tmp_path, print):
        pass
    assert builder.look(tmp_path).state == "done"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no device that is always full")
def test_a_full_disk_is_told_plainly_and_what_cannot_be_written_down_does_not_look_like_a_kill(tmp_path):
    told = "There is no space left on the disk of this host."
    with pytest.raises(OSError, match="No space"), builder.alone(tmp_path, print) as report:
        report.begin()
        Path("/dev/full").write_text("rows")
    assert (builder.look(tmp_path).state, builder.look(tmp_path).problem) == ("failed", told)
    with pytest.raises(OSError, match="No space"), builder.alone(tmp_path, print) as report:
        report.begin()
        (tmp_path / "build.json.new").symlink_to("/dev/full")
        Path("/dev/full").write_text("rows")
    assert builder.look(tmp_path) is None
    (tmp_path / "build.json.new").unlink()
    keeper = Keeper(shell("raise SystemExit(1)"))
    assert "its log says more" in looked(keeper, tmp_path, "failed").problem


def test_a_ready_database_that_is_fetched_is_no_build_under_way(tmp_path):
    with builder.alone(tmp_path, print) as report:
        report.begin()
        report.finish("gather", 10, 30.0)
    then = "report.is_begun = False; report.fetch(); print('ready', flush=True); time.sleep(60)"
    other = build_elsewhere(tmp_path, then)
    assert "ready" in other.stdout.readline()
    progress = builder.look(tmp_path)
    assert (progress.state, progress.is_busy, progress.current) == ("fetching", True, None)
    kill(other)
    assert builder.look(tmp_path).state == "killed"
    with builder.alone(tmp_path, print) as report:
        report.fetch()
    assert builder.look(tmp_path).state == "done"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"state": "running"}', '{"state": "x", "steps": [{}]}', '{"odd": 1}'])
def test_progress_that_cannot_be_read_counts_as_none(tmp_path, text):
    (tmp_path / "build.json").write_text(text)
    assert builder.look(tmp_path) is None


def test_the_time_left_follows_the_pace_of_this_machine_and_never_reaches_zero_while_a_step_runs():
    steps = (Step("gather", 2 * builder.SECONDS["gather"], 1), Step("accept", 2 * builder.SECONDS["accept"], 1))
    slow = Progress("running", began_at=0.0, step_at=11.2, steps=steps)
    rest = sum(s for name, s in builder.SECONDS.items() if name not in ("gather", "accept"))
    assert slow.seconds_left(11.2) == pytest.approx(2 * rest)
    assert slow.seconds_left(12.2) == pytest.approx(2 * rest - 1)
    assert slow.seconds_left(1000.0) > 2 * (rest - builder.SECONDS["history"])
    shares = [slow.share(11.2 + seconds) for seconds in range(0, 500, 7)]
    assert all(0 < a < 1 for a in shares)
    assert shares[:2] == sorted(shares[:2])
    assert Progress("done").share(5.0) == 1.0
    assert slow.current == "history"


def test_every_step_of_a_build_has_its_words_and_its_usual_seconds():
    assert list(builder.STEPS) == list(builder.SECONDS) == list(course.STEPS)


def test_a_server_starts_one_builder_however_many_visitors_ask(tmp_path):
    ends = tmp_path / "ends"  # the builder works until this is there, however slow the machine
    keeper = Keeper(shell(f"import time, pathlib\nwhile not pathlib.Path({str(ends)!r}).exists(): time.sleep(0.05)"))
    threads = [threading.Thread(target=keeper.look, args=(tmp_path,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keeper.begin.asked) == 1
    assert keeper.look(tmp_path).state == "starting"
    ends.touch()
    keeper.child.wait()
    assert keeper.look(tmp_path) is None
    assert len(keeper.begin.asked) == 1


def test_a_builder_that_is_killed_is_started_again_a_few_times_and_then_told(tmp_path):
    keeper = Keeper(shell(f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"))
    looked(keeper, tmp_path, "killed")
    assert len(keeper.begin.asked) == builder.TRIES
    assert keeper.look(tmp_path).state == "killed"
    keeper.again()
    assert keeper.look(tmp_path).state == "starting"
    looked(keeper, tmp_path, "killed")
    assert len(keeper.begin.asked) == 2 * builder.TRIES


def test_a_builder_that_cannot_start_is_told_and_not_started_again(tmp_path):
    builder.write(tmp_path, Progress("failed", 1.0, 1.0, problem="Long ago."))
    keeper = Keeper(shell("raise SystemExit(3)"))
    assert "code 3" in looked(keeper, tmp_path, "failed").problem
    assert len(keeper.begin.asked) == 1


def test_a_server_that_waits_for_somebody_elses_build_takes_over_when_that_is_killed(tmp_path):
    other = build_elsewhere(tmp_path, "time.sleep(60)")
    keeper = Keeper(shell("import time; time.sleep(1)"))
    assert keeper.look(tmp_path).state == "running"
    assert keeper.begin.asked == []
    kill(other)
    assert keeper.look(tmp_path).state == "starting"
    assert len(keeper.begin.asked) == 1
    keeper.child.wait()


@pytest.mark.parametrize(
    ("told", "first", "newer"), [("", True, True), ("first", True, False), ("never", False, False)]
)
def test_who_may_start_a_build(monkeypatch, told, first, newer):
    monkeypatch.setenv(builder.SWITCH, told)
    assert (builder.may_start(), builder.may_start(is_first=False)) == (first, newer)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """Environment of a fresh clone whose starter data are one source and a few printed scores."""
    place = tmp_path_factory.mktemp("clone")
    real = Folders()
    shutil.copytree(real.starter / "aider", place / "starter" / "aider")
    listed = (real.starter / "snapshot.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [listed[0], *(row for row in listed if ",aider," in row)]
    (place / "starter" / "snapshot.csv").write_text("".join(kept), encoding="utf-8")
    starter.write_manifest(place / "starter")
    shutil.copytree(real.facts, place / "facts")
    printed = (real.facts / "paper_scores.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (place / "facts" / "paper_scores.csv").write_text("".join(printed[:200]), encoding="utf-8")
    (place / "snapshots").mkdir()
    return {
        "BENCHMARK_STARTER": str(place / "starter"),
        "BENCHMARK_FACTS": str(place / "facts"),
        "BENCHMARK_SNAPSHOTS": str(place / "snapshots"),
        "BENCHMARK_BUILD": "",
    }


def test_a_build_tells_each_step_while_it_runs_and_a_failed_one_says_why(clone, tmp_path):
    place = lakes.place(tmp_path)
    told = os.environ | clone | {"BENCHMARK_DB": place, "BENCHMARK_STARTER": str(tmp_path / "damaged")}
    shutil.copytree(clone["BENCHMARK_STARTER"], tmp_path / "damaged")
    listed = tmp_path / "damaged" / "snapshot.csv"
    listed.write_text(listed.read_text().splitlines(keepends=True)[0])
    command = [sys.executable, str(ROOT / "pipeline.py"), "build"]
    failed = subprocess.run(command, env=told, capture_output=True, text=True)
    assert failed.returncode == 1
    assert re.search(r"^\S+Z build event=begin seconds_expected=\d+$", failed.stderr, re.M)
    assert re.search(r"^\S+Z build event=failed seconds=[\d.]+$", failed.stderr, re.M)
    progress = builder.look(store.folder(place))
    assert progress.state == "failed"
    assert "snapshot.csv" in progress.problem


@pytest.fixture
def page():
    """A page of a visitor to one of the servers below."""
    with closing(browsing.shared.context.new_page()) as page:
        page.set_default_timeout(90_000)
        yield page


def test_a_cold_deep_link_on_a_fresh_clone_shows_the_build_and_then_its_page_by_itself(page, clone, tmp_path):
    place = lakes.place(tmp_path)
    with browsing.serve(place, log=tmp_path, script="app.py", **clone) as server:
        page.goto(f"{server}/unusual_scores?family=Gemma")
        page.get_by_text("The database is being built").wait_for()
        assert "far from what similar models get" in page.inner_text("h1")
        page.get_by_text(builder.STEPS["score"]).wait_for()
        page.get_by_text(re.compile(r"\d+% done · about \d+ (seconds|minutes) left")).wait_for()
        page.get_by_text("What this cannot tell you").wait_for()
        page.get_by_text("The database is being built").wait_for(state="detached")
        assert "family=Gemma" in page.url
        assert page.locator("[data-testid=stException]").count() == 0
    log = (tmp_path / "server.log").read_text()
    assert re.findall(r"build event=step step=(\w+) rows=\d+", log) == list(builder.STEPS)
    assert builder.look(store.folder(place)).state == "done"


def test_a_second_server_shows_the_first_ones_build_and_starts_none(page, clone, tmp_path):
    then = "sys.stdin.readline()\nfrom tests import tiny_store\ntiny_store.write(sys.argv[3])\nreport.finish('write', 1, 1.0)"
    place = lakes.place(tmp_path)
    first = subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(store.folder(place)), then, place],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with browsing.serve(place, log=tmp_path, script="app.py", **clone) as server:
        page.goto(server)
        page.get_by_text(f"{builder.STEPS['accept']} · 1,000 rows, 2.6 s").wait_for()
        page.get_by_text(builder.STEPS["history"]).wait_for()
        first.communicate("go on\n", timeout=60)
        page.get_by_text("The strongest unusual scores").wait_for()
    assert "event=begin" not in (tmp_path / "server.log").read_text()


def test_a_dead_builder_before_the_first_visit_does_not_keep_the_server_from_building(page, clone, tmp_path):
    place = lakes.place(tmp_path)
    dead = build_elsewhere(store.folder(place), "time.sleep(600)")
    with browsing.serve(place, log=tmp_path, script="app.py", **clone) as server:
        page.goto(f"{server}/method")
        page.get_by_text(f"{builder.STEPS['accept']} · 1,000 rows, 2.6 s").wait_for()
        kill(dead)
        # The heading, and not its twin among the contents: a text that stands twice is an error to the browser's driver.
        page.get_by_role("heading", name="How well does this do?").wait_for()
    assert (tmp_path / "server.log").read_text().count("event=begin") == 1


@pytest.mark.files("a lake takes no finished database")
def test_a_ready_database_is_said_to_be_fetched_and_shown_while_a_newer_one_is_made(page, clone, tmp_path, httpserver):
    body, comes = tiny_store.write(tmp_path / "elsewhere").read_bytes(), threading.Event()
    digest = hashlib.sha256(body).hexdigest()
    httpserver.expect_request("/a.duckdb.sha256").respond_with_data(digest)
    httpserver.expect_request("/a.duckdb").respond_with_handler(lambda _: comes.wait(90) and Response(body))
    place = lakes.place(tmp_path)
    told = clone | {"BENCHMARK_ARTEFACT": httpserver.url_for("/a.duckdb")}
    with browsing.serve(place, log=tmp_path, script="app.py", **told) as server:
        page.goto(f"{server}/models?model=hf:qwen/m5")
        try:
            page.get_by_text("A ready database is being fetched").wait_for()
            assert not page.get_by_text(re.compile(r"\d (seconds|minutes) left")).count()
            assert not page.get_by_text("The database is being built").count()
        finally:
            comes.set()
        page.get_by_text("marked by the test").wait_for()
        page.get_by_text("Newer data are being prepared").wait_for()
        page.get_by_text("marked by the test").wait_for(state="detached")


def test_a_failed_build_is_told_in_one_sentence_with_a_way_to_try_again(page, clone, tmp_path):
    empty = {"BENCHMARK_STARTER": str(tmp_path / "nothing"), "BENCHMARK_FACTS": str(tmp_path / "nowhere")}
    with browsing.serve(lakes.place(tmp_path), log=tmp_path, script="app.py", **clone | empty) as server:
        page.goto(server)
        page.get_by_text("The database could not be built").wait_for()
        page.get_by_role("button", name="Try again").click()
        page.get_by_text("The database is being built").wait_for()
        page.get_by_text("The database could not be built").wait_for()
    assert (tmp_path / "server.log").read_text().count("event=begin") == 2


def test_an_older_database_is_shown_at_once_while_a_newer_one_is_made(page, clone, tmp_path):
    place = lakes.place(tmp_path)
    tiny_store.write(place)
    old = time.time() - 10 * 365 * 86_400
    for file in store.folder(place).iterdir():
        os.utime(file, (old, old))
    with browsing.serve(place, log=tmp_path, script="app.py", **clone) as server:
        page.goto(f"{server}/models?model=hf:qwen/m5")
        page.get_by_text("marked by the test").wait_for()
        page.get_by_text("Newer data are being prepared").wait_for()
        page.get_by_text("Newer data are being prepared").wait_for(state="detached")
        page.get_by_text("marked by the test").wait_for(state="detached")
