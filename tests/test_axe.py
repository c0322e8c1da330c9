"""axe-core (https://github.com/dequelabs/axe-core) on every page, light and dark: nothing serious or critical."""

from pathlib import Path

import axe_playwright_python
import pytest

from tests import browsing, tiny_store
from tests.browsing import settle

SCRIPT = Path(axe_playwright_python.__file__).parent / "axe.min.js"
WAIT = 90_000  # milliseconds
PAGES = (
    "",
    "unusual_scores",
    "benchmarks",
    "benchmarks?benchmark=gsm8k",
    "models",
    "models?model=hf:qwen/m5",
    "families",
    "families?group=family:Qwen",
    "compare?model=hf:llama/m1&model=hf:qwen/m5",
    "claims",
    "check_a_claim?score=75.0&billions=7",
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


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    place = tmp_path_factory.mktemp("axe")
    tiny_store.write(place)
    with browsing.serve(place) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with browsing.browse() as running:
        yield running


def test_no_page_has_a_serious_finding_light_or_dark(browser, server):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light", bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    found = {}
    for path in PAGES:
        page.emulate_media(color_scheme="light")
        page.goto(f"{server}/{path}")
        settle(page)
        page.get_by_text("What this cannot tell you").first.wait_for()
        page.add_script_tag(path=SCRIPT)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.wait_for_function(IS_DARK, arg=theme == "dark")
            found[f"{path} {theme}"] = page.evaluate(ASK)
    context.close()
    assert {path: said for path, said in found.items() if said} == {}
