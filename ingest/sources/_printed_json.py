"""JSON pages with every number spelled as it was printed.

Question  What does a JSON page say, before anybody turned its numbers into binary fractions?
Input     a Page whose body is JSON.
Output    the same structure; numbers are text (61.10 stays "61.10"), true and false are bool, null is None.
Method    Python's json module with its number readers replaced.
Silent    Never: no JSON, or an object that names a field twice, raises LayoutChanged.
"""

import json
from typing import Any

from ingest.records import LayoutChanged, Page, shorten


def read_json(page: Page) -> Any:
    """A page's JSON; raises LayoutChanged."""
    return read_json_text(page.name, page.text())


def read_json_text(name: str, text: str) -> Any:
    """JSON text of the page `name`; raises LayoutChanged."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise LayoutChanged(f"{name} names {shorten(twice)!r} twice in one object.")
        return found

    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise LayoutChanged(f"{name} is not JSON.") from error


def field(name: str, record: Any, key: str, kind: type | tuple[type, ...] = str) -> Any:
    """A field that every record has, of this type; raises LayoutChanged naming it."""
    if not isinstance(record, dict) or key not in record:
        raise LayoutChanged(f"{name} has a record without {shorten(key)!r}.")
    if not isinstance(record[key], kind):
        raise LayoutChanged(f"{name} has a record with another kind of {shorten(key)!r} than usual.")
    return record[key]
