"""Which code and which data made the published tables of the Method page, and are they still the ones that we have?

Question  May the page say that a table tells how the method does, or only how an earlier version did?
Input     every benchmark module with TABLES (names of its files in data/method), COMMAND and `inputs()` (the files that
          it reads); the code that it reaches.
Output    data/method/made_by.csv: one row per table with the command, day and version that made it, two hashes and
          is_current. A table writes its row when it is made (`record`); `python -m bench made` looks again at all of
          them and sets is_current, and a test fails while that is not done.
Method    inputs_sha256: SHA-256 over names and bytes of the inputs. code_sha256: over the lines of the benchmark, and of
          every module of scoring and tests that it imports, directly or not; comments, docstrings, blank lines and
          imports do not count, nor does the name of a file, so that what moves and says more is the same code.
Silent    A table from before its hashes were kept has empty cells and is never current.
"""

import ast
import csv
import hashlib
import importlib
import pkgutil
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent.parent
FILE = ROOT / "data" / "method" / "made_by.csv"
COLUMNS = ["table", "command", "made_date", "version", "inputs_sha256", "code_sha256", "is_current"]
STATISTICS = ("scoring", "tests", "bench")


def find(name: str, root: Path) -> Path | None:
    """File of a module of ours, None for what is not one."""
    place = root.joinpath(*name.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None


def reached(name: str, root: Path = ROOT) -> list[Path]:
    """Files of a module and of all modules of STATISTICS that it imports, directly or not."""
    found: dict[str, Path] = {}
    waiting = [name]
    while waiting:
        module = waiting.pop()
        path = find(module, root)
        if path is None or module in found or module.split(".")[0] not in STATISTICS or module == "bench.made":
            continue
        found[module] = path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                waiting += [a.name for a in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{a.name}" for a in node.names)]
    return sorted(found.values())


def lines_of(code: str) -> list[str]:
    """Lines of a module that can change what it computes."""
    left_out: set[int] = set()
    for node in ast.walk(ast.parse(code)):
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        is_text = (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        )
        if is_import or is_text:
            left_out |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    numbered = enumerate(code.splitlines(), start=1)
    kept = [line.rstrip() for number, line in numbered if number not in left_out]
    return [line for line in kept if line and not line.lstrip().startswith("#")]


def code_sha256(name: str, root: Path = ROOT) -> str:
    """Hash of the code that a benchmark reaches, 16 hex digits."""
    modules = sorted("\n".join(lines_of(p.read_text(encoding="utf-8"))) for p in reached(name, root))
    return hashlib.sha256("\0".join(modules).encode()).hexdigest()[:16]


def inputs_sha256(paths: Iterable[Path], root: Path = ROOT) -> str:
    """Hash of files, 16 hex digits."""
    digest = hashlib.sha256()
    for path in sorted(set(paths)):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def starter_files(sources: Iterable[str]) -> list[Path]:
    """Starter files of some sources."""
    return [p for name in sources for p in sorted((ROOT / "data" / "starter" / name).rglob("*.csv"))]


def read() -> list[dict[str, str]]:
    """The rows of made_by.csv."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(rows: list[dict[str, str]]) -> None:
    """Replace made_by.csv."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["table"]))


def hashes(module: ModuleType) -> dict[str, str]:
    """Both hashes of a benchmark as it is now."""
    return {"inputs_sha256": inputs_sha256(module.inputs()), "code_sha256": code_sha256(module.__name__)}


def record(module: ModuleType) -> None:
    """Write down that the tables of a benchmark have just been made."""
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    made = {"command": module.COMMAND, "made_date": datetime.now(UTC).date().isoformat(), "version": about["version"]}
    mine = [{"table": name, **made, **hashes(module), "is_current": "yes"} for name in module.TABLES]
    write([row for row in read() if row["table"] not in module.TABLES] + mine)


def makers() -> dict[str, ModuleType]:
    """The benchmark behind each published table."""
    names = [m.name for m in pkgutil.iter_modules([str(ROOT / "bench")]) if not m.name.startswith("_")]
    modules = [importlib.import_module(f"bench.{name}") for name in names]
    return {table: module for module in modules for table in getattr(module, "TABLES", ())}


def looked_at() -> list[dict[str, str]]:
    """The rows of made_by.csv with is_current as it is now."""
    known, now = makers(), {}
    for module in set(known.values()):
        now[module] = hashes(module)
    out = []
    for row in read():
        same = all(row[name] == value for name, value in now[known[row["table"]]].items())
        out.append(row | {"is_current": "yes" if same else "no"})
    return out


def main() -> None:
    """Set is_current of every table, and say which are older than the code or the data."""
    rows = looked_at()
    write(rows)
    for row in rows:
        print(f"{row['table']:18} {'current' if row['is_current'] == 'yes' else 'stale; run: ' + row['command']}")
