"""The arrows between rooms, read from the code's imports; each rule is also tried on code that breaks it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = (
    "ingest",
    "scoring",
    "store",
    "reading",
    "ui",
    "pages",
    "app",
    "pipeline",
    "building",
    "bench",
    "tests",
    "serve",
)
# What each room may import of the others: app, pages -> ui -> reading -> store, and every room what lies further on.
# Pages and reading may also import the numpy-only stored fits of scoring. data.vocabulary is no room: constants only.
STORED_FITS = {"scoring.expected.judge", "scoring.brought.claims", "scoring.verdict.needed"}
MAY_IMPORT = {
    "app": {"ui"},
    "serve": {"ui"},
    "pages": {"ui", "reading", *STORED_FITS},
    "ui": {"reading", "store"},
    # Gaps of a visitor's table are filled in a process of its own, never in that of the pages.
    "reading": {"store", "scoring.brought.expect", *STORED_FITS},
    "pipeline": {"building", "ingest", "scoring", "store", "reading"},
    "building": {"ingest", "scoring", "store"},
    "bench": {"building", "ingest", "scoring", "store", "reading", "tests", "ui"},
    "store": set(),
    "scoring": set(),
    "ingest": set(),
}
# Who may import what from outside: module -> places that may.
ONLY = {
    "requests": ("ingest/fetch.py",),
    "urllib3": ("ingest/fetch.py",),
    "http": ("bench/hostile.py",),
    "socket": (),
    "urllib.request": (),
    "duckdb": ("store/",),
    "streamlit": ("app.py", "serve.py", "pages/", "ui/"),
    "starlette": ("serve.py", "ui/service.py", "ui/published.py", "ui/preview.py", "ui/kit/door.py"),
    "plotly": ("ui/",),
    "bs4": ("ingest/",),
    "lxml": ("ingest/",),
    "statsmodels": (),
    "sklearn": ("scoring/", "bench/"),
}
SCORING_SILENT = {"open", "print", "input", "Path", "exec", "eval"}
SCORING_IMPORTS = {"pathlib", "os", "io", "time", "random", "subprocess", "tempfile", "shutil", "socket", "pickle"}
# pkgutil needs the package's own path to discover signals; nothing else in scoring may look at files.
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|CREATE\s+(TEMP\s+)?(TABLE|VIEW)|DELETE\s+FROM|UPDATE\s+\w+\s+SET)\b", re.S
)


def room_of(path: str) -> str:
    first = path.split("/")[0]
    return first.removesuffix(".py")


def imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found |= {f"{node.module}.{a.name}" for a in node.names}
    return found


def strings(tree: ast.AST) -> list[str]:
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation
    ]


def complaints(path: str, code: str) -> list[str]:
    """Every rule that a file breaks, as sentences."""
    tree, room, told = ast.parse(code), room_of(path), []
    names = imports(tree)
    for name in sorted(names):
        top = name.split(".")[0]
        if top in ROOMS and top != room and room in MAY_IMPORT:
            allowed = MAY_IMPORT[room]
            is_allowed = top in allowed or any(name == a or name.startswith(f"{a}.") or a == f"{name}" for a in allowed)
            # `from scoring.expected import judge` names the package first; the module decides.
            is_package_of_allowed = any(a.startswith(f"{name}.") and a in names for a in allowed)
            if not (is_allowed or is_package_of_allowed):
                told.append(f"{path} imports {name}")
        for module, places in ONLY.items():
            is_meant = name == module or name.startswith(f"{module}.")
            is_free = path.startswith(("tests/", "bench/"))
            is_placed = any(path == p or (p.endswith("/") and path.startswith(p)) for p in places)
            if is_meant and not is_free and not is_placed:
                told.append(f"{path} imports {name}")
    if room != "store" and not path.startswith(("tests/", "bench/")):
        told += [f"{path} holds SQL" for text in strings(tree) if SQL.search(text)]
    if path == "data/vocabulary.py" and not all(
        isinstance(n, ast.Assign) or (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)) for n in tree.body
    ):
        told.append(f"{path} is not only constants")
    if room == "scoring":
        told += [f"{path} imports {n}" for n in names if n.split(".")[0] in SCORING_IMPORTS]
        told += [
            f"{path} calls {node.func.id}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SCORING_SILENT
        ]
        told += [
            f"{path} calls {node.func.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"read_csv", "read_parquet", "to_csv", "now", "today", "read_text", "write_text"}
        ]
    if path.startswith("ingest/sources/"):
        told += [f"{path} imports {n}" for n in names if n in {"ingest.fetch", "ingest.snapshots", "ingest.identity"}]
        told += [
            f"{path} calls {ast.unparse(node.func)}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and (
                (isinstance(node.func, ast.Name) and node.func.id in {"open", "float"})
                or (
                    isinstance(node.func, ast.Attribute)
                    and node.func.attr in {"now", "today", "read_text", "read_bytes"}
                )
            )
        ]
    return told


def files() -> list[str]:
    return sorted(
        str(p.relative_to(ROOT))
        for p in ROOT.rglob("*.py")
        if not any(part.startswith(".") for part in p.relative_to(ROOT).parts)
    )


@pytest.mark.parametrize("path", files())
def test_every_file_keeps_to_its_room(path):
    assert complaints(path, (ROOT / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("pages/9_x.py", "import requests", "imports requests"),
        ("pages/9_x.py", "QUERY = 'SELECT a FROM b'", "holds SQL"),
        ("pages/9_x.py", "import duckdb", "imports duckdb"),
        ("pages/9_x.py", "from scoring.expected import curve", "imports scoring"),
        ("pages/9_x.py", "import store", "imports store"),
        ("ui/x.py", "import scoring.expected.judge", "imports scoring.expected.judge"),
        ("reading/x.py", "from ui.kit import words", "imports ui"),
        ("reading/x.py", "import streamlit", "imports streamlit"),
        ("reading/x.py", "from scoring.expected import curve", "imports scoring"),
        ("bench/x.py", "import pipeline", "imports pipeline"),
        ("building/x.py", "import pipeline", "imports pipeline"),
        ("building/x.py", "from reading import exports", "imports reading"),
        ("ingest/x.py", "from building import course", "imports building"),
        ("data/vocabulary.py", "import pandas", "is not only constants"),
        ("scoring/x.py", "def f():\n    return open('x')", "calls open"),
        ("scoring/x.py", "import pandas as pd\npd.read_csv('x')", "calls read_csv"),
        ("scoring/x.py", "from datetime import date\ndate.today()", "calls today"),
        ("scoring/x.py", "import store", "imports store"),
        ("scoring/x.py", "import time", "imports time"),
        ("ingest/sources/x.py", "import requests", "imports requests"),
        ("ingest/sources/x.py", "from ingest import fetch", "imports ingest.fetch"),
        ("ingest/sources/x.py", "from datetime import date\ndate.today()", "calls date.today"),
        ("ingest/sources/x.py", "float('1.0')", "calls float"),
        ("ingest/x.py", "import store", "imports store"),
        ("ingest/x.py", "import streamlit", "imports streamlit"),
        ("store/x.py", "import ingest.records", "imports ingest.records"),
    ],
)
def test_a_file_that_breaks_a_rule_is_told(path, code, words):
    assert any(words in complaint for complaint in complaints(path, code))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("pages/9_x.py", "from scoring.expected import judge\nfrom ui.kit import frame\nimport pandas as pd"),
        ("pages/9_x.py", "TEXT = 'Select a family from the list'"),
        ("scoring/signals/x.py", "import numpy as np\nfrom scoring.verdict import levels"),
        ("ingest/sources/x.py", "from bs4 import BeautifulSoup\nfrom ingest.records import Source"),
        ("pipeline.py", "import scoring, store\nfrom ingest import fetch"),
    ],
)
def test_an_honest_file_is_not_told(path, code):
    assert complaints(path, code) == []


def test_no_committed_file_names_a_machine_path():
    telling = re.compile(r"/work/|/tmp/bash|/root/|\.\./shared")
    listed = [
        p
        for p in ROOT.rglob("*")
        if p.suffix in {".py", ".md", ".csv", ".toml", ".sql", ".txt", ".yml"} and p.is_file()
    ]
    mine = Path(__file__)
    kept = [p for p in listed if not any(part.startswith(".") for part in p.relative_to(ROOT).parts) and p != mine]
    kept = [p for p in kept if "snapshots" not in p.parts]
    assert [str(p) for p in kept if telling.search(p.read_text(encoding="utf-8"))] == []


def modules_imported(path: str, code: str, known: set[str]) -> set[str]:
    """Modules of this project that a file imports, at its top or inside its functions, by their dotted names."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            # `from room import file` asks for the file; only other names come from the room's own __init__.
            found |= {
                f"{node.module}.{a.name}" if f"{node.module}.{a.name}" in known else node.module for a in node.names
            }
    return found & known - {dotted(path)}


def dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Modules that reach themselves again, one list per start."""
    told = []
    for start in sorted(graph):
        walk, seen = [(start, [start])], set()
        while walk:
            name, way = walk.pop()
            for other in sorted(graph.get(name, ())):
                if other == start:
                    told.append([*way, start])
                    walk = []
                    break
                if other not in seen:
                    seen.add(other)
                    walk.append((other, [*way, other]))
    return told


def test_no_file_imports_itself_on_a_way_round_not_even_inside_a_function():
    paths = [p for p in files() if not p.startswith("tests/")]
    known = {dotted(p) for p in paths}
    graph = {dotted(p): modules_imported(p, (ROOT / p).read_text(encoding="utf-8"), known) for p in paths}
    assert circles(graph) == []


def test_a_circle_inside_functions_is_found():
    codes = {
        "a/b.py": "def f():\n    from a import c",
        "a/c.py": "import a.d",
        "a/d.py": "from a.b import x",
        "a/e.py": "import a.b",
    }
    known = {dotted(p) for p in codes}
    found = circles({dotted(p): modules_imported(p, code, known) for p, code in codes.items()})
    assert {way[0] for way in found} == {"a.b", "a.c", "a.d"}


def test_a_finding_is_put_together_in_one_place():
    """The columns that no other table has stand together in one file beside the shapes."""
    holders = [
        path
        for path in files()
        if path.startswith("scoring/")
        and {"subject_kind", "p_value_normal"} <= set(strings(ast.parse((ROOT / path).read_text(encoding="utf-8"))))
    ]
    assert holders == ["scoring/results.py", "scoring/verdict/finding.py"]


def test_only_one_file_writes_the_address():
    writes = re.compile(r"query_params(\[[^\]]+\] = |\.(from_dict|clear|update|pop|setdefault)\()|del st\.query_params")
    files = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "ui").rglob("*.py")]
    found = {str(file.relative_to(ROOT)) for file in files if writes.search(file.read_text(encoding="utf-8"))}
    assert found == {"ui/kit/address.py"}


def test_scoring_keeps_nothing_between_calls():
    """Whatever is worked out once is passed on: no cache of a module or a function outlives its evidence."""
    kept = re.compile(r"WeakKeyDictionary|\blru_cache|functools import cache\b|^_?[A-Z_]+: dict\b.* = \{\}", re.M)
    assert [
        p for p in files() if p.startswith("scoring/") and kept.search((ROOT / p).read_text(encoding="utf-8"))
    ] == []
