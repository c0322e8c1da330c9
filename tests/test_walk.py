"""Every page as somebody sees it who was never here, light and dark: it draws without an error, a jump or a request that
leaves the server; its text stands out, its headings follow in order, and axe-core
(https://github.com/dequelabs/axe-core) finds nothing serious or critical.
"""

import itertools
from pathlib import Path

import axe_playwright_python

from tests import browsing
from tests.browsing import settle

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "",
    "unusual_scores",
    "benchmarks",
    "benchmarks?benchmark=gpqa",
    "benchmarks?benchmark=gsm8k",
    "models",
    "models?model=hf:qwen/m5",
    "families",
    "families?group=family:Qwen",
    "compare?model=hf:llama/m1&model=hf:qwen/m5",
    "claims",
    "check_a_claim?model=new&score=75.0&billions=7",
    "cases",
    "changes",
    "method",
)
ASK = """async () => {
  const told = await axe.run(document, { resultTypes: ["violations"] });
  return told.violations.filter((v) => ["serious", "critical"].includes(v.impact))
    .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")} ${n.html.slice(0, 160)}`));
}"""


IS_DARK = """(wanted) => {
  const ground = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor.match(/\\d+/g).map(Number);
  return (ground[0] < 128) === wanted;
}"""
# Contrast as WCAG 2.2 defines it (success criterion 1.4.3), of every visible text with the nearest ground that is opaque.
FAINT = """() => {
  const parts = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const found = [];
  for (const box of document.querySelectorAll("p, h1, h2, h3, h4, label, li, button, a")) {
    const own = [...box.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const seen = box.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && box.getBoundingClientRect().width;
    if (!own || !seen || box.closest("[disabled], [aria-hidden=true], [data-testid=stSliderTickBar], [data-testid=stSliderThumbValue]")) continue;
    let opacity = 1, ground = null;
    for (let at = box; at; at = at.parentElement) {
      const style = getComputedStyle(at), colour = parts(style.backgroundColor);
      if (!ground && colour.length >= 3 && (colour[3] ?? 1) > 0.95) ground = colour;
      if (!ground) opacity *= Number(style.opacity);
    }
    const back = ground || [255, 255, 255], front = parts(getComputedStyle(box).color);
    if (getComputedStyle(box).color.startsWith("color(")) continue;
    const alpha = (front[3] ?? 1) * opacity;
    const mixed = front.slice(0, 3).map((v, i) => alpha * v + (1 - alpha) * back[i]);
    const [high, low] = [light(mixed), light(back)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05), size = parseFloat(getComputedStyle(box).fontSize);
    if (ratio < (size >= 24 ? 3 : 4.5)) found.push(`${ratio.toFixed(2)} ${box.textContent.trim().slice(0, 40)}`);
  }
  return found;
}"""
HEADINGS = "() => [...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))"


def test_every_page_draws_without_outside_requests_errors_or_jumps_and_can_be_read_light_and_dark(first_page, server):
    page = first_page
    page.add_init_script(browsing.WATCH_JUMPS)
    faults = {}
    for path in PAGES:
        page.emulate_media(color_scheme="light")
        page.goto(f"{server}/{path}")
        settle(page)
        page.get_by_text("What this cannot tell you").first.wait_for()
        if path != "cases":  # none of its cases is in the tiny store, so that there is nothing to draw
            page.wait_for_selector(".js-plotly-plot .main-svg")
        assert page.locator("[data-testid=stException]").count() == 0, path
        assert page.evaluate("window.shift") < browsing.POOR_SHIFT, path
        levels = page.evaluate(HEADINGS)
        assert levels[0] == 1 and levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), path
        page.evaluate(AXE)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.wait_for_function(IS_DARK, arg=theme == "dark")
            faults[f"{path} {theme}"] = [*page.evaluate(ASK), *page.evaluate(FAINT)]
    assert {path: said for path, said in faults.items() if said} == {}
