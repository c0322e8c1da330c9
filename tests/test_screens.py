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
