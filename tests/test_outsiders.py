"""What people from outside rely on: locked versions, the changelog, the workflow and hooks that name real commands."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
LOCKS = ("requirements.lock", "requirements-lake.lock", "requirements-dev.lock")
VERSION = re.compile(r'^METHOD_VERSION(?:: str)? = "(\d+)"$', re.M)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    """Name to version of the lines of a requirements file; the rest of a line (hashes, markers) does not count."""
    found = re.findall(r"^([A-Za-z0-9_.-]+)(.*?)(?:[ ;\\].*)?$", read(name), re.M)
    return {package.lower().replace("_", "-"): version for package, version in found}


def method_versions() -> dict[str, int]:
    """METHOD_VERSION of every file of scoring that states one, by the file's name."""
    files = (ROOT / "scoring").rglob("*.py")
    stated = {file.stem: VERSION.search(file.read_text(encoding="utf-8")) for file in files}
    return {name: int(match.group(1)) for name, match in stated.items() if match}


def told_versions(name: str) -> list[int]:
    """Versions that the changelog tells of one method, in its order."""
    section = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", CHANGELOG.split("## Method versions")[1], re.M | re.S)
    return (
        [int(number) for number in re.findall(r"^- \*\*(\d+)\*\* \(\d{4}-\d\d-\d\d\): \S", section[1], re.M)]
        if section
        else []
    )


def test_the_methods_that_state_a_version_are_found():
    assert len(method_versions()) >= 10
    assert method_versions()["size_anomaly"] >= 4


@pytest.mark.parametrize("name", sorted(method_versions()))
def test_each_method_version_stands_in_the_changelog_newest_first(name):
    assert told_versions(name) == list(range(method_versions()[name], 0, -1))


def test_the_changelog_has_an_unreleased_part_and_the_version_of_the_project():
    released = re.search(r'^version = "(.+)"$', read("pyproject.toml"), re.M).group(1)
    headings = re.findall(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", CHANGELOG, re.M)
    assert headings[0] == ("Unreleased", "")
    assert headings[1][0] == released
    assert all(day for _, day in headings[1:])


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-lake.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_exactly_and_locked_as_pinned(name):
    stated, locked = pins(name), pins(name.replace(".txt", ".lock"))
    stated.pop("-r", None)
    assert {"numpy", "scipy"} <= set(locked)
    assert [n for n, version in stated.items() if not version.startswith("==")] == []
    assert {n: version for n, version in stated.items() if locked.get(n) != version} == {}


def test_tests_run_on_the_versions_that_the_dashboard_runs_on():
    runtime, tests = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {n: version for n, version in runtime.items() if tests.get(n) != version} == {}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_has_a_hash_for_every_package_and_names_no_host(name):
    text = read(name)
    assert "://" not in text
    blocks = re.split(r"^(?=[a-z])", text, flags=re.M)[1:]
    assert len(blocks) > 40
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_both_commands_install_from_the_lock_files():
    makefile = read("Makefile")
    assert re.findall(r"call install,(\S+)\)", makefile) == ["requirements.lock", "requirements-dev.lock"]
    assert makefile.count("--require-hashes") == 2


def test_every_import_from_outside_is_a_stated_requirement():
    names = {"bs4": "beautifulsoup4", "yaml": "pyyaml", "PIL": "pillow"}
    rooms = ("app.py", "pipeline.py", "store", "pages", "ui", "reading", "ingest", "scoring", "building")
    files = [f for room in rooms for f in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py"))]
    trees = [ast.parse(f.read_text(encoding="utf-8")) for f in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    used = {a.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for a in node.names}
    used |= {n.module.split(".")[0] for n in nodes if isinstance(n, ast.ImportFrom) and n.module and not n.level}
    own = {room.removesuffix(".py") for room in rooms} | {"data"}
    outside = {names.get(m, m) for m in used - own - set(sys.stdlib_module_names)}
    stated = set(pins("requirements.txt"))
    assert {n for n in outside if n.lower() not in stated} == set()
    # Two that others use for us: pandas keeps text in the one, Beautiful Soup parses with the other.
    assert stated - {n.lower() for n in outside} <= {"pyarrow", "lxml"}


def test_the_scheduled_workflow_runs_commands_that_exist_publishes_nothing_that_was_held_back_and_fails_aloud():
    text = read(".github/workflows/refresh.yml")
    workflow = yaml.safe_load(text)
    steps = {step["name"]: step for step in workflow["jobs"]["refresh"]["steps"] if "name" in step}
    known = set(re.findall(r"`python pipeline\.py ([a-z]+)", read("README.md")))
    assert set(re.findall(r"pipeline\.py ([a-z]+)", text)) == {"refresh", "document"} <= known
    assert "'3'" not in steps["Publish"]["if"] and steps["Say what is late or broken"]["if"].endswith("!= '0'")
    assert workflow["concurrency"]["cancel-in-progress"] is False
    for step in steps.values():
        done = subprocess.run(["bash", "-n", "-c", step["run"]], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def test_the_workflow_runs_the_script_that_ci_runs_and_the_hooks_run_modules_that_are_locked():
    workflow = yaml.safe_load(read(".github/workflows/ci.yml"))
    steps = workflow["jobs"]["test"]["steps"]
    assert [s["run"] for s in steps if "run" in s] == ["bash .ci/run"]
    assert (ROOT / ".ci" / "run").exists()
    hooks = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"][0]["hooks"]
    modules = {re.search(r"-m (\w+)", hook["entry"]).group(1) for hook in hooks}
    assert modules <= set(pins("requirements-dev.lock"))
    assert {"ruff", "mypy"} <= modules
