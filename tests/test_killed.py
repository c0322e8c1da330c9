"""What does a process leave behind that is killed, or that stops at any single step? bench/killed.py kills more."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bench import killed

ROOT = Path(__file__).parent.parent
N_KILLS = 3


@pytest.mark.parametrize("command", killed.COMMANDS)
def test_a_killed_command_leaves_the_old_state_or_the_new_one_and_the_next_run_completes(command, tmp_path):
    found = killed.COMMANDS[command](tmp_path, N_KILLS)
    assert found["n_old"] + found["n_new"] == N_KILLS


# Every call that changes names or flushes bytes is one step; a forked child dies at step n without any clean-up.
STOPPER = """
import hashlib, json, os, shutil, sys
from pathlib import Path
from ingest import starter

folder = Path(sys.argv[1]) / "starter"

def publish(text, n_files):
    with starter.replaced(folder) as fresh:
        for n in range(n_files):
            with (fresh / f"{n}.csv").open("w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())

def told():
    starter.undo_half_swap(folder)
    return sorted((p.name, p.read_text()) for p in folder.iterdir())

def stop_at(step):
    count = 0
    def counted(call):
        def wrapped(*args, **options):
            nonlocal count
            count += 1
            if count == step:
                os._exit(9)
            return call(*args, **options)
        return wrapped
    os.fsync, os.rename, os.mkdir = counted(os.fsync), counted(os.rename), counted(os.mkdir)
    os.unlink, os.rmdir = counted(os.unlink), counted(os.rmdir)

publish("old", 3)
old = told()
outcomes = []
for step in range(1, 100):
    child = os.fork()
    if not child:
        stop_at(step)
        publish("new", 4)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    state = told()
    is_new = state == [(f"{n}.csv", "new") for n in range(4)]
    outcomes.append("old" if state == old else "new" if is_new else str(state))
    publish("old", 3)
    if told() != old:
        outcomes.append("not recovered")
    if ended == 0:
        break
print(json.dumps(outcomes))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_publication_that_stops_at_any_single_step_leaves_the_old_record_or_the_new_one(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(STOPPER), str(tmp_path)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    outcomes = json.loads(done.stdout)
    assert set(outcomes) == {"old", "new"}
    assert len(outcomes) > 8
    assert outcomes == sorted(outcomes, reverse=True)  # once the new record is there, it stays
