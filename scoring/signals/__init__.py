"""Finds every signal here.

A signal file holds TITLE, QUESTION, THRESHOLDS (a dict that survives JSON), METHOD_VERSION and compute(population),
which takes a scoring.expected.population.Population and returns scoring.results.SignalRows; its docstring is the method
text that people read; findings are made by scoring.verdict.finding.frame, in the words of the schema. A signal that needs
the findings of others does not belong here. Nothing is registered anywhere else.
"""

import importlib
import pkgutil
from types import ModuleType

REQUIRED = ("TITLE", "QUESTION", "THRESHOLDS", "METHOD_VERSION", "compute")


def discover() -> dict[str, ModuleType]:
    """All signal modules by signal_id (their file name), in alphabetical order; raises ImportError for a broken one."""
    found = {}
    for info in pkgutil.iter_modules(__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{__name__}.{info.name}")
        missing = [name for name in REQUIRED if not hasattr(module, name)]
        if missing or not module.__doc__:
            raise ImportError(f"scoring/signals/{info.name}.py has no {', '.join(missing) or 'docstring'}.")
        found[info.name] = module
    return found
