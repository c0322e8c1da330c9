"""Finds every source here. The contract, in three lines:

a source file holds `SOURCE` (a records.Source) and `parse(pages)`: the pages of one bundle (list of records.Page) in,
records.Reported, records.ReportedModel and records.Omitted rows out; it raises records.LayoutChanged when the page is not
as it expects. A source whose list of files comes from facts adds `files(facts)`. Nothing is registered anywhere else.
"""

import importlib
import pkgutil
from types import ModuleType


def discover() -> dict[str, ModuleType]:
    """All source modules by source_id, in alphabetical order; raises ImportError when a file breaks the contract."""
    found = {}
    for info in pkgutil.iter_modules(__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{__name__}.{info.name}")
        if not hasattr(module, "SOURCE") or not hasattr(module, "parse"):
            raise ImportError(f"ingest/sources/{info.name}.py has no SOURCE or no parse(pages).")
        if module.SOURCE.source_id != info.name:
            raise ImportError(f"ingest/sources/{info.name}.py calls itself {module.SOURCE.source_id!r}.")
        found[info.name] = module
    return found
