"""`python -m bench` runs every benchmark, `python -m bench build` that one, `python -m bench --list` lists them."""

import argparse
import importlib
import pkgutil
from types import ModuleType

import bench


def discover() -> dict[str, ModuleType]:
    """Benchmarks by name: every module in this folder that has a function `main`."""
    names = sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_"))
    modules = {name: importlib.import_module(f"bench.{name}") for name in names}
    return {name: module for name, module in modules.items() if callable(getattr(module, "main", None))}


def main() -> None:
    """List or run benchmarks."""
    found = discover()
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *found], metavar="name", help=", ".join(found))
    parser.add_argument("--list", action="store_true", help="only list what there is")
    chosen = parser.parse_args()
    for name in chosen.names or found:
        title = (found[name].__doc__ or "").strip().partition("\n")[0]
        print(f"{name:12} {title}", flush=True)
        if not chosen.list:
            found[name].main()


if __name__ == "__main__":
    main()
