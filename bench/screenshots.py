"""Pictures of every page, on a wide screen and a phone, light and dark, with what is wrong on each.

Question  What does a visitor see, and what does the browser complain about?
Input     the current database (BENCHMARK_DB, else data/database); a browser, as the tests need it.
Output    one PNG per page, width and theme in BENCHMARK_SCREENSHOTS (default: folder screenshots, which git ignores); on
          the screen a line per picture: seconds until its charts stood, requests that failed or left the server,
          errors of scripts, points by which the page is wider than the screen. README's pictures in docs/.
Method    A server of its own on a free port, one browser, one page at a time; the window is made as high as the page.
"""

import os
import time
from pathlib import Path
from typing import Any

from PIL import Image
from rich.console import Console

import store
from tests import browsing

FOLDER = Path(os.environ.get("BENCHMARK_SCREENSHOTS") or Path(__file__).parents[1] / "screenshots")
PAGES = {
    "home": "",
    "unusual": "unusual_scores",
    "unusual_family": "unusual_scores?family=Gemma",
    "benchmarks": "benchmarks",
    "benchmark": "benchmarks?benchmark=gpqa-diamond",
    "models": "models",
    "models_search": "models?q=gemma+2",
    "model": "models?model=hf%3Agoogle%2Fgemma-2-27b-it",
    "families": "families",
    "family": "families?group=family%3AGemma",
    "compare": "compare?model=hf%3Agoogle%2Fgemma-2-27b-it&model=hf%3Ameta-llama%2Fmeta-llama-3-70b-instruct",
    "claims": "claims",
    "cases": "cases",
    "case": "cases?case=gemma-2-27b",
    "changes": "changes",
    "found": "?find=gemma+2",
    "check": "check_a_claim",
    "check_claim": "check_a_claim?model=Reflection+70B&score=99.2&billions=70&date=2024-09-05",
    "method": "method",
}
DOCS = Path(__file__).parents[1] / "docs"
# Pictures of README: the page, and how much of it is shown, in points.
README = {"home": (1280, 900), "benchmark": (1280, 900), "compare": (1280, 900)}
COLOURS = 256  # of a picture of README, which everybody downloads who opens it
WIDTHS = {1440: 900, 390: 844}
THEMES = ("light", "dark")
LONGEST = 120_000  # milliseconds that a page may take
HIGHEST = 12_000  # points of a picture
PATIENCE = 5  # times that a page is measured anew
DRAWN = "() => !document.querySelector('[data-testid=stSkeleton]')"  # no element waits for its script any more


def picture(browser: Any, address: str, name: str, path: str, width: int, theme: str) -> str:
    """Take one picture; says what is wrong on the page."""
    context = browser.new_context(viewport={"width": width, "height": WIDTHS[width]}, color_scheme=theme)
    page = context.new_page()
    page.set_default_timeout(LONGEST)
    wrong: list[str] = []
    page.on("response", lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    page.on("requestfailed", lambda request: wrong.append(f"failed {request.url}"))
    page.on("pageerror", lambda error: wrong.append(f"error {error}"))
    page.on(
        "request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else wrong.append(f"out {r.url}")
    )
    began = time.perf_counter()
    page.goto(f"{address}/{path}")
    browsing.settle(page)
    seconds = time.perf_counter() - began
    wide = page.locator("[data-testid=stMain]").evaluate("m => m.scrollWidth - m.clientWidth")
    if wide > 0:
        wrong.append(f"{wide} points too wide")
    stood = 0
    # Until the page fills its window: a chart that comes late, or draws itself anew at another height, makes it longer.
    for _ in range(PATIENCE):
        high = page.locator("[data-testid=stMain]").evaluate("m => m.scrollHeight")
        if high == stood:
            break
        stood = int(min(max(high, WIDTHS[width]), HIGHEST))
        page.set_viewport_size({"width": width, "height": stood})
        page.wait_for_function(DRAWN)
        page.wait_for_timeout(1200)
    page.screenshot(path=FOLDER / f"{name}_{width}_{theme}.png")
    context.close()
    return f"{name:16} {width:5} {theme:6} {seconds:5.1f} s  {'; '.join(wrong) or 'nothing wrong'}"


def for_readme(browser: Any, address: str, name: str) -> str:
    """Take one picture of README; says how large the file is."""
    width, height = README[name]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(LONGEST)
    page.goto(f"{address}/{PAGES[name]}")
    browsing.settle(page)
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.wait_for_timeout(1200)  # fonts and charts stand
    file = DOCS / f"{name}.png"
    page.screenshot(path=file)
    context.close()
    with Image.open(file) as taken:
        taken.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            file, optimize=True
        )
    return f"docs/{name}.png, {file.stat().st_size // 1000} kB"


def main() -> None:
    """Take all pictures."""
    console = Console()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with browsing.serve(store.folder(), log=FOLDER) as address, browsing.browse() as browser:
        for name, path in PAGES.items():
            for width in WIDTHS:
                for theme in THEMES:
                    console.print(picture(browser, address, name, path, width, theme))
        for name in README:
            console.print(for_readme(browser, address, name))


if __name__ == "__main__":
    main()
