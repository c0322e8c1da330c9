"""What this copy of the project is: its version, and where its source code and its issues are.

Question  Which version is running, and where does a reader report an error?
Input     pyproject.toml; the environment variable BENCHMARK_REPOSITORY, else the remote "origin" of the clone.
Output    a version; an https address of the repository, None where nobody says it.
Silent    A remote that is no https or ssh address of a host gives None.
"""

import configparser
import os
import re
import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
VARIABLE = "BENCHMARK_REPOSITORY"


@cache
def version() -> str:
    """Version of pyproject.toml."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


@cache
def repository() -> str | None:
    """Address of the source code without a slash at its end."""
    told = os.environ.get(VARIABLE) or origin(ROOT / ".git" / "config")
    return web(told) if told else None


def origin(config: Path) -> str | None:
    """The address that a clone came from."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        parser.read_string(config.read_text(encoding="utf-8"))
        return parser['remote "origin"']["url"]
    except (OSError, configparser.Error, KeyError):
        return None


def web(address: str) -> str | None:
    """The https form of a repository's address, without what a person signs in with: git@host:owner/name.git and
    https://user@host/owner/name give https://host/owner/name.
    """
    found = re.fullmatch(
        r"(?:https://|ssh://)?(?:[^@/\s]+@)?([\w.-]+\.[a-z]{2,})[:/]([\w./-]+?)(?:\.git)?/?", address.strip()
    )
    return f"https://{found[1]}/{found[2]}" if found else None


def new_issue(title: str, body: str) -> str | None:
    """Address of a form for a new issue that is filled in; None without a repository."""
    place = repository()
    return f"{place}/issues/new?{urlencode({'title': title, 'body': body})}" if place else None
