"""Addresses of pages about one thing, relative to any page of this site.

Question  Where is the page of this model or test?
Input     an id, a name.
Output    an address in which nothing is a space or a bracket: fit for Markdown, tables and charts.
"""

from collections.abc import Iterable
from urllib.parse import quote

from ui.kit import words


def page_of_model(model_id: str) -> str:
    """Address of the model's page."""
    return f"models?model={quote(str(model_id), safe='')}"


def link_to_model(model_id: str, name: str) -> str:
    """Address of the model's page; what stands after # is what a table shows instead of the address."""
    return f"{page_of_model(model_id)}#{quote(words.shorten(name, 60), safe=' ')}"


def link_to_benchmark(benchmark_id: str) -> str:
    """Address of the page of one benchmark."""
    return f"benchmarks?benchmark={quote(str(benchmark_id), safe='')}"


def of_models(ids: Iterable[str]) -> list[str]:
    """What a click on each dot of a chart opens (ui/kit/look.js)."""
    return [page_of_model(model_id) for model_id in ids]


def of_benchmarks(ids: Iterable[str]) -> list[str]:
    """The same for dots that are tests."""
    return [link_to_benchmark(benchmark_id) for benchmark_id in ids]
