"""Faults that people met on the screens, each in a real browser: once mended they stay mended.

What was wrong, and the test that holds it (in this file where no other is named):

an item stays in the address after it was left       test_leaving_a_model..., test_leaving_a_benchmark...
the example of Check a claim finds no documents      test_the_example_of_a_claim_brings...
three verdicts for one claim                         test_a_claim_has_one_answer...; test_claims.py
a claim without a size is a dead end                 test_a_claim_without_a_size...
fields refuse "7B", "Sept 2024", "88,5", take 2099   test_fields_take_what_people_write_and_refuse_what_cannot_be
search is literal                                    test_search.py; test_a_model_is_found_by_another_spelling...
a test opens on its largest group of old scores      test_a_test_opens_on_its_answer...
fractions beside percentages, fifteen digits         test_a_box_over_a_dot_has_no_more_digits_than_its_score
maker's and independent numbers stand nowhere        test_makers_and_independent_numbers...
one title for all models, a menu that stays open     test_every_model_and_test_has_its_own_title...; test_the_menu_of_a_phone...
models of unknown size stay, and it is not said      test_a_filter_by_size_says_that_unknown_sizes_stay
headlines ignore the filters                         test_pages.py: test_a_filter_changes_what_is_counted
files say neither how large nor what they hold       test_files_say_how_large_they_are_and_where_their_columns_are_explained;
                                                     test_browser.py: test_the_downloaded_file_has_its_name...
a page jumps while it loads, megabytes uncompressed  test_walk.py; test_door.py
contrast, headings, focus                            test_walk.py
a link to a build that is gone has no way on         test_a_link_to_a_build_that_is_gone...
the row that was picked is not in the link           test_a_picked_row_stands_in_the_link
Method has no contents                               test_method_begins_with_its_contents
"""

import re
from pathlib import Path

import pytest

from tests.browsing import PHONE, parameters, pick_row, settle


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


def test_fields_take_what_people_write_and_refuse_what_cannot_be(page, server):
    page.goto(f"{server}/check_a_claim?test=mmlu_pro&score=88,5&billions=7B&date=Sept+2024")
    page.get_by_text("Chance of a score this far out").first.wait_for()
    page.get_by_text("Size: 7B").first.wait_for()
    for wrong, said in (
        ("billions=1e30&score=50", "No model has 1e30 billion parameters"),
        ("date=2099-01-01&score=50&billions=7", "is no release date of a model"),
        ("score=abc&billions=7", "The score is not a number"),
    ):
        page.goto(f"{server}/check_a_claim?test=mmlu_pro&{wrong}")
        page.get_by_text(said).first.wait_for()


def test_a_box_over_a_dot_has_no_more_digits_than_its_score(page, server):
    page.goto(f"{server}/models?model=hf:qwen/m5")
    settle(page)
    page.wait_for_selector(".js-plotly-plot .main-svg")
    texts = page.evaluate("""() => [...document.querySelectorAll('.js-plotly-plot')].flatMap((chart) => chart.data)
      .flatMap((trace) => trace.text ?? []).filter((text) => text.includes('Score '))""")
    assert texts
    assert not [text for text in texts if re.search(r"\d\.\d{2}", re.sub(r"\(printed.*?\)", "", text))]


def test_a_filter_by_size_says_that_unknown_sizes_stay(page, server):
    said = "Models whose size or date is not reported are shown too"
    page.goto(f"{server}/models?size=4B&size=no+limit")
    page.get_by_text(said).wait_for()
    page.goto(f"{server}/models?size=4B&size=no+limit&unknown=no")
    page.get_by_role("button", name="Clear all filters").wait_for()
    settle(page)
    assert page.get_by_text(said).count() == 0


def test_files_say_how_large_they_are_and_where_their_columns_are_explained(page, server):
    page.goto(f"{server}/unusual_scores?level=any+verdict")
    page.get_by_role("button", name=re.compile(r"all [\d,]+ scores")).wait_for()
    page.get_by_text(re.compile(r"has tested and other ones, about \d+ MB")).wait_for()
    page.get_by_role("link", name="data dictionary").first.wait_for()


def test_a_picked_row_stands_in_the_link(page, server):
    page.goto(f"{server}/unusual_scores?list=worklist")
    settle(page)
    pick_row(page, "Scores with their verdicts", 1)
    page.wait_for_function("() => location.search.includes('score=')")
    (picked,) = parameters(page)["score"]
    page.get_by_text("Link to this view, its data, how to cite it").click()
    page.locator("[data-testid=stCode]", has_text=f"score={picked}").first.wait_for()


def test_method_begins_with_its_contents(page, server):
    page.goto(f"{server}/method")
    page.get_by_text("On this page:").wait_for()
    page.get_by_role("link", name="How to object").click()
    page.wait_for_function("() => location.hash === '#object'")


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
    page.get_by_role("link", name="← All models").wait_for()
    page.go_forward()
    gone(page, "model")
    page.get_by_label("Find a model").wait_for()


def test_the_menu_of_a_phone_closes_when_one_of_its_links_is_followed(page, server):
    page.set_viewport_size(PHONE)
    page.goto(f"{server}/unusual_scores")
    settle(page)
    page.locator("[data-testid=stExpandSidebarButton]").click()
    page.locator("[data-testid=stSidebar]").get_by_role("link", name="Method", exact=True).click()
    page.wait_for_function("() => location.pathname === '/method'")
    page.wait_for_function("() => document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().right <= 0")


def test_every_model_and_test_has_its_own_title_on_the_page_and_in_the_tab(page, server):
    for path, name in (("models?model=hf:qwen/m5", "Qwen-5"), ("benchmarks?benchmark=gsm8k", "GSM8K")):
        page.goto(f"{server}/{path}")
        page.get_by_role("heading", level=1, name=name, exact=True).wait_for()
        page.wait_for_function("name => document.title.startsWith(name + ' · ')", arg=name)


def test_a_model_is_found_by_another_spelling_and_with_a_letter_wrong(page, server):
    page.goto(f"{server}/models")
    settle(page)
    for typed, said in (("qwen5", "Pick a row to see all its scores"), ("qwem 5", "these are called “qwen 5”")):
        page.get_by_label("Find a model").fill(typed)
        page.keyboard.press("Enter")
        page.wait_for_function("typed => new URLSearchParams(location.search).get('q') === typed", arg=typed)
        page.get_by_text(said).wait_for()


def test_the_slash_key_goes_to_the_box_that_finds_anything_and_a_hit_opens_its_page(page, server):
    page.goto(f"{server}/changes")
    settle(page)
    box = page.get_by_label("Find anything")
    box.wait_for()
    page.keyboard.press("/")  # once: the page listens before it shows the box
    page.wait_for_function("() => document.activeElement?.ariaLabel === 'Find anything'")
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


def test_a_click_on_a_dot_opens_its_test_and_a_saved_drawing_has_title_and_source(page, server):
    page.goto(f"{server}/models?model=hf:qwen/m5")
    settle(page)
    chart = page.locator(".js-plotly-plot").first
    chart.scroll_into_view_if_needed()
    chart.hover()
    with page.expect_download() as waiting:
        chart.locator(".benchcred-svg").click()
    drawing = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert waiting.value.suggested_filename.startswith("benchcred_qwen-5") and drawing.startswith("<svg")
    assert "Qwen-5:" in drawing and "data of 22 Nov 2026" in drawing
    dot = chart.locator(".scatterlayer .point").first.bounding_box()
    page.mouse.move(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_function("() => location.pathname.endsWith('/benchmarks') && location.search.includes('benchmark=')")


def test_on_a_phone_a_table_is_cards_that_show_the_score_and_the_level(page, server):
    page.set_viewport_size(PHONE)
    page.goto(f"{server}/unusual_scores?list=worklist")
    settle(page)
    card = page.locator(".benchcred-cards article").first
    card.wait_for()
    text = card.inner_text()
    assert "Benchmark" in text and "Score" in text and "Level" in text and "nusual" in text
    assert page.get_by_role("radio", name="high", exact=True).get_attribute("aria-checked") == "true", (
        "the side stands above"
    )
    assert page.locator("[data-testid=stDataFrame]:visible").count() == 0


def test_the_example_of_a_claim_brings_its_own_test(page, server):
    page.goto(f"{server}/check_a_claim?test=gpqa&items=12&score=0.3")
    settle(page)
    page.get_by_role("button", name=re.compile("Example")).click()
    page.get_by_text("is above the share of questions").wait_for()
    settle(page)
    assert page.get_by_label("Model", exact=True).input_value() == "Reflection 70B"
    assert page.get_by_label("Test", exact=True).input_value().startswith("GSM8K")
    told = parameters(page)
    assert told["score"] == ["99.2"] and not {"setting", "items"} & set(told)


def test_a_claim_has_one_answer_typed_and_in_a_file(page, server):
    page.set_viewport_size(PHONE)  # where a table is text
    page.goto(f"{server}/check_a_claim?test=mmlu_pro&model=new&score=75.0&billions=1")
    typed = page.get_by_test_id("stMarkdown").filter(has_text=re.compile("^new: ")).first.inner_text()
    rows = b"model,benchmark,score,params_b\nnew,MMLU-Pro,75.0%,1\nother,MMLU-Pro,41.0%,13\n"
    page.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": rows})
    page.get_by_role("button", name="Download CSV (with verdicts)").wait_for()
    settle(page)
    card = page.locator("article").filter(has=page.locator("p", has_text=re.compile("^new$")))
    level = card.locator("dt:text-is('Level') + dd").inner_text()
    assert level and typed.startswith(f"new: {level}.")


def test_a_claim_without_a_size_asks_for_it_and_a_name_stays_text(page, server):
    page.goto(f"{server}/check_a_claim?model=%3Cb%3Enobody%3C%2Fb%3E&score=75.0")
    page.get_by_text("State the number of parameters").first.wait_for()
    page.get_by_text("<b>nobody</b>").first.wait_for()


def test_makers_and_independent_numbers_stand_side_by_side(page, server):
    page.goto(f"{server}/claims")
    page.get_by_text(re.compile(r"^Half of \d+ numbers of makers lie within")).wait_for()
    page.locator(".legendtext", has_text="The maker's number").wait_for()
    page.locator(".legendtext", has_text="Independent run").wait_for()


def test_a_test_opens_on_its_answer_which_home_tells_too(page, server):
    page.goto(f"{server}/benchmarks?benchmark=mmlu_pro")
    answer = page.get_by_test_id("stMarkdown").filter(has_text=re.compile("^▲ Separating, ")).first.inner_text()
    page.goto(server)
    settle(page)
    assert answer.partition(". ")[2].strip() in page.locator("[data-testid=stMain]").inner_text()


def test_a_link_to_a_build_that_is_gone_opens_the_newest(page, server):
    page.goto(f"{server}/?asof=2026-10-01&family=Qwen")
    page.get_by_text("The build of 1 Oct 2026 is no longer kept: you see that of").wait_for()
    page.get_by_text("What this cannot tell you").wait_for()
