"""Worker processes: the same answers in the same order, errors that come through, and no orphans."""

import gc
import os
import subprocess
import sys
import textwrap
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from building import alike, workers
from scoring.evidence import entries
from scoring.expected import by_size
from scoring.expected.population import Population
from scoring.groups import one_by_one
from tests.boards import evidence_of, null_board, null_table

ROOT = Path(__file__).parents[1]


def process_of(group: int) -> int:
    return os.getpid()


def refuse(group: int) -> int:
    if group == 3:
        raise ValueError("the third group cannot be read")
    return group


def test_answers_stand_in_the_order_of_the_groups_and_come_from_other_processes(monkeypatch):
    monkeypatch.setenv(workers.ENVIRONMENT, "2")
    numbers = list(range(20))
    assert workers.map_groups(partial(pow, 2), numbers, [n % 7 for n in numbers]) == [2**n for n in numbers]
    processes = set(workers.map_groups(process_of, numbers, numbers))
    assert os.getpid() not in processes and 1 <= len(processes) <= 2


def test_one_processor_starts_no_process(monkeypatch):
    monkeypatch.setenv(workers.ENVIRONMENT, "1")
    for put in (workers.map_groups, workers.each_apart):
        assert set(put(process_of, range(20), range(20))) == {os.getpid()}


def test_what_a_group_raises_is_raised(monkeypatch):
    monkeypatch.setenv(workers.ENVIRONMENT, "2")
    with pytest.raises(ValueError, match="the third group"):
        workers.map_groups(refuse, range(6), range(6))


@pytest.mark.skipif(not workers.CAN_FORK, reason="nothing is done apart where the system cannot fork")
def test_large_groups_are_each_done_in_a_process_of_their_own(monkeypatch):
    monkeypatch.setenv(workers.ENVIRONMENT, "2")
    numbers = list(range(7))
    assert workers.each_apart(partial(pow, 2), numbers, [n % 3 for n in numbers]) == [2**n for n in numbers]
    processes = workers.each_apart(process_of, numbers, numbers)
    assert len(set(processes)) == len(numbers) and os.getpid() not in processes
    with pytest.raises(ValueError, match="the third group") as told:
        workers.each_apart(refuse, range(6), range(6))
    assert "in refuse" in told.value.__notes__[0]


@pytest.mark.skipif(not workers.CAN_FORK, reason="nothing is done apart where the system cannot fork")
def test_a_step_tells_how_far_it_is_and_leaves_nothing_in_memory(monkeypatch):
    monkeypatch.setenv(workers.ENVIRONMENT, "2")
    heard = []

    def step(tell):
        tell(("begun", os.getpid()))
        filled = np.ones(40_000_000)
        tell(("filled", int(filled.sum())))
        return workers.map_groups(process_of, range(4), range(4))

    before = anonymous_bytes()
    processes = workers.apart(step, heard.append)
    assert [word for word, _ in heard] == ["begun", "filled"] and heard[1][1] == 40_000_000
    assert heard[0][1] != os.getpid() and heard[0][1] not in processes and os.getpid() not in processes
    assert anonymous_bytes() - before < 50_000_000


def anonymous_bytes() -> int:
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Anonymous:"))


@pytest.mark.skipif(not workers.CAN_FORK, reason="nothing is done apart where the system cannot fork")
def test_a_step_that_the_system_ends_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setenv(workers.ENVIRONMENT, "2")
    with pytest.raises(workers.Ended, match=r"ended a process of the build \(code -9\)"):
        workers.apart(lambda tell: os.kill(os.getpid(), 9), print)
    with pytest.raises(workers.Ended, match="want of memory"):
        workers.each_apart(lambda group: os.kill(os.getpid(), 9), range(2), range(2))


def test_fits_are_the_same_to_the_last_bit(monkeypatch):
    monkeypatch.setenv(workers.ENVIRONMENT, "2")
    names = [f"test{seed}" for seed in range(5)]
    boards = [null_board(seed, name=name, n_clusters=40, largest=50) for seed, name in enumerate(names)]
    frame = entries(evidence_of(pd.concat(boards, ignore_index=True)))
    alone, together = by_size.place(frame, one_by_one), by_size.place(frame, workers.map_groups)
    assert alone.fits == together.fits and len(alone.fits) == 5
    for name in by_size.LINES:
        assert np.array_equal(alone.lines[name], together.lines[name], equal_nan=True)


def test_both_opinions_are_the_same_side_by_side(monkeypatch):
    evidence = evidence_of(null_table(5, 5))
    alone, side_by_side = Population(evidence), Population(evidence)
    monkeypatch.setenv(workers.ENVIRONMENT, "2")
    side_by_side.hear_opinions(workers.each_apart)
    assert {"by_size", "opinions"} <= side_by_side.__dict__.keys()
    for name in ("by_size", "opinions"):
        one, other = getattr(alone, name), getattr(side_by_side, name)
        assert one.fits == other.fits and len(one.fits)
        pd.testing.assert_frame_equal(one.lines, other.lines, check_exact=True)
    pd.testing.assert_frame_equal(alone.by_size.entries, side_by_side.by_size.entries)


@pytest.mark.skipif(not workers.CAN_FORK, reason="nothing is done apart where the system cannot fork")
@pytest.mark.parametrize("processors", ["1", "2"])
def test_what_is_done_beside_is_done_when_the_block_ends(processors, tmp_path, monkeypatch):
    monkeypatch.setenv(workers.ENVIRONMENT, processors)
    told = tmp_path / "told"
    with workers.beside(lambda: told.write_text(str(os.getpid()))):
        pass
    assert (int(told.read_text()) == os.getpid()) == (processors == "1")
    with pytest.raises(ValueError, match="cannot be written"), workers.beside(partial(complain, "cannot be written")):
        pass
    with pytest.raises(KeyError), workers.beside(time.monotonic):
        raise KeyError  # what the block raises goes on


def complain(words: str) -> None:
    raise ValueError(words)


@pytest.mark.parametrize(
    ("group", "files", "limit"),
    [
        ("0::/app\n", {"app/memory.max": "1000000000"}, 1e9),
        ("0::/app/part\n", {"app/memory.max": "900000000", "app/part/memory.max": "max"}, 9e8),
        ("0::/seen/from/the/host\n", {"memory.max": "690000000"}, 6.9e8),
        ("4:memory:/app\n3:cpu:/\n", {"memory/app/memory.limit_in_bytes": "1000000000"}, 1e9),
        ("4:cpu,memory:/far\n0::/\n", {"memory/memory.limit_in_bytes": "700000000"}, 7e8),
    ],
)
def test_little_memory_means_one_worker_unless_more_are_asked_for(group, files, limit, tmp_path, monkeypatch):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    groups = tmp_path / "groups"
    groups.write_text(group, encoding="utf-8")
    assert workers.memory(groups, tmp_path) == limit
    monkeypatch.delenv(workers.ENVIRONMENT, raising=False)
    monkeypatch.setattr(workers, "memory", lambda: limit)
    assert workers.count() == 1
    monkeypatch.setenv(workers.ENVIRONMENT, "3")
    assert workers.count() == 3


def test_no_limit_on_memory_means_as_many_workers_as_processors(tmp_path, monkeypatch):
    groups = tmp_path / "groups"
    groups.write_text("0::/app\n4:memory:/app\n", encoding="utf-8")
    assert workers.memory(groups, tmp_path) == workers.memory(tmp_path / "none", tmp_path)  # that of the machine
    monkeypatch.delenv(workers.ENVIRONMENT, raising=False)
    monkeypatch.setattr(workers, "memory", lambda: 8e9)
    assert workers.count() >= 1
    if hasattr(os, "sched_getaffinity"):
        assert workers.count() == len(os.sched_getaffinity(0))


def collects(group: int) -> bool:
    return gc.isenabled()


def test_no_worker_looks_for_circles_and_a_build_does_so_again_when_it_is_over(monkeypatch):
    monkeypatch.setenv(workers.ENVIRONMENT, "2")
    assert not any(workers.map_groups(collects, range(6), range(6)))
    with pytest.raises(KeyError), workers.uncollected():
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()


@pytest.mark.skipif(os.name == "nt", reason="kills with a POSIX signal")
def test_workers_end_when_their_parent_is_killed(tmp_path):
    script = textwrap.dedent("""
        import os, sys, time
        from pathlib import Path
        from building import alike, workers

        def wait(group):
            Path(sys.argv[1], str(os.getpid())).touch()
            time.sleep(600)

        if __name__ == "__main__":
            workers.map_groups(wait, range(8), range(8))
    """)
    (tmp_path / "hold.py").write_text(script, encoding="utf-8")
    seen = tmp_path / "seen"
    seen.mkdir()
    environment = os.environ | {workers.ENVIRONMENT: "2", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, str(tmp_path / "hold.py"), str(seen)], env=environment) as parent:
        wait_for(lambda: len(list(seen.iterdir())) == 2)
        parent.kill()
    wait_for(lambda: not any(is_alive(int(p.name)) for p in seen.iterdir()))


def wait_for(is_so, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.1)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


TOLD = """
import os, sys
import pipeline
from numpy._core._multiarray_umath import __cpu_features__ as features
print(os.environ.get("OPENBLAS_CORETYPE"), any(features.get(f) for f in ("X86_V4", "AVX512_ICL", "AVX512_SPR")))
"""


@pytest.mark.skipif(
    not alike.PROCESSOR.exists() or "avx2" not in alike.PROCESSOR.read_text(), reason="no processor of this level"
)
def test_a_build_takes_the_same_machine_code_on_every_processor():
    outside = {k: v for k, v in os.environ.items() if k not in alike.LEVEL}
    told = subprocess.run(
        [sys.executable, "-c", TOLD], cwd=ROOT, env=outside, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["Haswell", "False"]


@pytest.mark.parametrize(("flags", "is_set"), [("fma avx2", True), ("avx2", False), ("sse2 fma", False), (None, False)])
def test_an_older_processor_is_left_to_choose(flags, is_set, tmp_path, monkeypatch):
    for name in alike.LEVEL:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    if flags is not None:
        (tmp_path / "cpuinfo").write_text(f"flags\t\t: {flags} sse4_2\n")
    alike.settle(tmp_path / "cpuinfo")
    assert ("OPENBLAS_CORETYPE" in os.environ) is is_set


def test_what_stands_in_the_environment_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", {"OPENBLAS_CORETYPE": "Zen"})
    (tmp_path / "cpuinfo").write_text("flags : avx2 fma\n")
    alike.settle(tmp_path / "cpuinfo")
    assert os.environ["OPENBLAS_CORETYPE"] == "Zen"
