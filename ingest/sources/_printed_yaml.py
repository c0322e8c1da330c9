"""YAML pages with every value as the text that was printed.

Question  What does a YAML page say, before "1.10" became 1.1, "on" became true and 2024-05-01 became a date?
Input     a Page whose body is one YAML document of lists, mappings and scalars.
Output    the same structure of lists and dicts; every scalar is text ("" where nothing stands).
Method    PyYAML's parser up to the node tree, without its guesses about types.
Silent    Never: no YAML, a key that stands twice, or a reference to another place raises LayoutChanged.
"""

from typing import Any

import yaml

from ingest.records import LayoutChanged, Page, shorten

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C parser where PyYAML was built with it: ten times faster


def read_yaml(page: Page) -> Any:
    """A page's YAML; raises LayoutChanged."""
    seen: set[int] = set()

    def walk(node: yaml.Node | None) -> Any:
        if node is None or isinstance(node, yaml.ScalarNode):
            return node.value if node else ""
        # A node met twice was referred to by an alias; a small page could grow without end by that.
        if id(node) in seen:
            raise LayoutChanged(f"{page.name} refers to one of its own parts.")
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [walk(child) for child in node.value]
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = walk(key)
            if not isinstance(name, str) or name in found:
                raise LayoutChanged(f"{page.name} names {shorten(str(name))!r} twice in one place.")
            found[name] = walk(value)
        return found

    try:
        return walk(yaml.compose(page.text(), Loader=LOADER))
    except (yaml.YAMLError, RecursionError) as error:
        raise LayoutChanged(f"{page.name} is not YAML.") from error
