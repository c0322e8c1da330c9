"""Faults that people met on the screens, each in a real browser: once mended they stay mended."""

# Arguments of tests ask for fixtures by the names under which they are imported.
# ruff: noqa: F811

import pytest

from tests.browsing import settle
from tests.test_browser import browser, page, parameters, server  # noqa: F401 (fixtures: pytest finds them by name)


def click_link(page, name: str) -> None:
    """Follow a link inside the app, and wait for what it leads to."""
    page.get_by_role("link", name=name, exact=True).click()


def gone(page, key: str) -> None:
    """Wait until the address has lost a parameter and the page stands."""
    page.wait_for_function("key => !new URLSearchParams(location.search).has(key)", arg=key)
    settle(page)


@pytest.mark.parametrize("link", ["← All models", "Models"])
def test_leaving_a_model_by_its_back_link_or_the_menu_stays_left(page, server, link):
    page.goto(f"{server}/models?model=hf:qwen/m5&family=Qwen")
    settle(page)
    click_link(page, link)
    gone(page, "model")
    assert parameters(page) == {"family": ["Qwen"]}
    page.get_by_label("Find a model").fill("qwen 7")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('q=')")
    settle(page)
    assert "model" not in parameters(page)
    page.reload()
    settle(page)
    page.get_by_label("Find a model").wait_for()
    assert "model" not in parameters(page)


@pytest.mark.parametrize("link", ["← All benchmarks", "Benchmarks"])
def test_leaving_a_benchmark_by_its_back_link_or_the_menu_stays_left(page, server, link):
    page.goto(f"{server}/benchmarks?benchmark=gsm8k")
    settle(page)
    click_link(page, link)
    gone(page, "benchmark")
    page.get_by_role("radio", name="also retired").click()
    page.wait_for_function("() => location.search.includes('use=')")
    settle(page)
    assert "benchmark" not in parameters(page)


def test_back_and_forward_of_the_browser_move_between_list_and_model(page, server):
    page.goto(f"{server}/models?q=Qwen-5")
    settle(page)
    page.goto(f"{server}/models?model=hf:qwen/m5")
    settle(page)
    click_link(page, "← All models")
    gone(page, "model")
    page.go_back()
    page.wait_for_function("() => location.search.includes('model=')")
    settle(page)
    assert page.get_by_role("link", name="← All models").is_visible()
    page.go_forward()
    gone(page, "model")
    page.get_by_label("Find a model").wait_for()


def test_the_slash_key_goes_to_the_box_that_finds_anything_and_a_hit_opens_its_page(page, server):
    page.goto(f"{server}/changes")
    settle(page)
    page.locator("h1").click()
    page.keyboard.press("/")
    box = page.get_by_label("Find anything")
    page.wait_for_function("() => document.activeElement?.getAttribute('aria-label') === 'Find anything'")
    box.press_sequentially("qwen5")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Model: Qwen-5").click()
    page.wait_for_function("() => location.pathname.endsWith('/models')")
    settle(page)
    assert parameters(page) == {"model": ["hf:qwen/m5"]}


def test_models_are_put_together_by_hand_and_the_address_shows_the_same_comparison(page, server):
    page.goto(f"{server}/compare?model=hf:llama/m1")
    settle(page)
    page.get_by_label("Add a model").fill("qwen 5")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="+ Qwen-5").click()
    page.get_by_text("one leads the other by more than noise").wait_for()
    assert parameters(page)["model"] == ["hf:llama/m1", "hf:qwen/m5"]
    page.reload()
    page.get_by_text("one leads the other by more than noise").wait_for()
    page.get_by_role("button", name="Qwen-5 ✕").click()
    page.get_by_text("Add a second model to compare.").wait_for()
    assert parameters(page)["model"] == ["hf:llama/m1"]
