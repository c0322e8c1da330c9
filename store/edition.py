"""The name of one build: a file's path, or a state of an address whose contents change in place.

A build's name is part of every cache key, so what it names must never change.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True)
class Edition:
    """One state of a single file or of a lake: the address, and a version that no other state of it has."""

    address: str
    version: int

    @property
    def name(self) -> str:
        """How sentences and logs call it; an address may tell more than they should."""
        kind = "lake" if self.address.startswith("ducklake:") else Path(self.address).name
        return f"{kind}#{self.version}"

    def __str__(self) -> str:
        return f"{self.address}#{self.version}"


Build: TypeAlias = Path | Edition


def parse(name: str | Build) -> Build:
    """The build that a text names, as `str` of it reads."""
    if not isinstance(name, str):
        return name
    address, mark, version = name.rpartition("#")
    return Edition(address, int(version)) if mark and version.isdigit() else Path(name)
