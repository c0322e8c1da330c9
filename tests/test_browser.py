"""The pages in a real browser: what only a browser can show (addresses, navigation, drawing, hostile names, outside
requests; test_walk.py visits every page).
"""

from pathlib import Path

from tests import browsing, tiny_store
from tests.browsing import WAIT, parameters, settle
from ui.kit import words

# Fills in text boxes faster than the server answers, which a driver that waits for each of them does only now and then.
FILL_IN = """async (typed) => {
  for (const [label, text] of Object.entries(typed)) {
    const box = document.querySelector(`input[aria-label="${label}"]`);
    box.focus();
    box.select();
    document.execCommand("insertText", false, text);
    await new Promise(requestAnimationFrame);
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    await new Promise(requestAnimationFrame);
  }
}"""
# Whether text boxes hold what the address says.
FOLLOW = """(fields) => Object.entries(fields).every(([key, label]) =>
  document.querySelector(`input[aria-label="${label}"]`).value === (new URLSearchParams(location.search).get(key) ?? ""))"""


def test_a_deep_link_as_the_first_visit_after_a_start_shows_its_page_with_menu_and_filter(page, server):
    page.goto(f"{server}/unusual_scores?family=Gemma")
    settle(page)
    assert "far from what similar models get" in page.inner_text("h1")
    menu = page.locator("[data-testid=stSidebar] [data-testid=stPageLink]")
    from playwright.sync_api import expect

    # The entries mount in any order, so that the first one that stands says nothing of the others.
    expect(menu).to_have_text([
        "Home", "Unusual scores", "Benchmarks", "Models", "Families", "Compare", "Claims", "Check a claim", "Cases", "Changes", "Method",
    ], timeout=WAIT, use_inner_text=True)  # fmt: skip
    assert page.locator("[data-testid=stSidebarNav]").count() == 0
    page.locator("[data-testid=stMultiSelect]").first.get_by_text("Gemma").wait_for()
    assert page.title().startswith("Unusual scores")


def test_filters_and_their_address_survive_moving_between_pages_by_the_menu(page, server):
    page.goto(f"{server}/?family=Qwen&family=Gemma&size=1B&size=35B&unknown=no")
    settle(page)
    for name in ("Unusual scores", "Models", "Benchmarks", "Home"):
        page.locator("[data-testid=stSidebar]").get_by_role("link", name=name).click()
        page.wait_for_function("name => document.title.startsWith(name) || name === 'Home'", arg=name)
        settle(page)
        page.wait_for_function("() => location.search.includes('Qwen') && location.search.includes('35B')")
        assert sorted(parameters(page)["family"]) == ["Gemma", "Qwen"]
        assert parameters(page)["unknown"] == ["no"]
        chips = page.locator("[data-testid=stSidebar] [data-testid=stMultiSelect]").first
        chips.get_by_text("Qwen").wait_for()


def test_a_filter_clicked_by_hand_goes_into_the_address_and_changes_the_numbers(page, server):
    page.goto(f"{server}/unusual_scores")
    settle(page)
    assert page.get_by_text("3 unusually high").count() == 1
    page.locator("[data-testid=stSidebar] [data-testid=stMultiSelect] input").first.click()
    page.get_by_role("option", name="Gemma", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_text("0 unusually high").wait_for()
    assert parameters(page)["family"] == ["Gemma"]
    page.get_by_role("button", name="Clear family filter").click()
    page.get_by_text("3 unusually high").wait_for()
    assert "family" not in parameters(page)


def test_hostile_names_are_shown_as_text_and_do_nothing(page, server):
    page.goto(f"{server}/models?model=hf:unknown/m2")
    settle(page)
    page.get_by_text("<img src=x onerror=alert(1)>").first.wait_for()
    main = page.locator("[data-testid=stMain]")
    told = main.locator("p", has_text="About its size")
    assert tiny_store.TRICKS in told.inner_text().replace(words.JOINER, "")
    assert told.locator("*").count() == 0
    assert page.locator("img[src='x']").count() == 0
    assert (
        main.locator(", ".join(f"a[href^='{s}']" for s in ("http://", "https://example.net", "mailto:"))).count() == 0
    )
    (address,) = [a.get_attribute("href") for a in main.get_by_role("link", name="its page").all()]
    assert address.endswith("/a%20b%29%20%21%5Bx%5D%28https://example.net/x.png%29%20%28c".replace("%21", "!"))
    page.goto(f"{server}/models?model=hf:unknown/m3")
    settle(page)
    assert page.locator("h1").inner_text().startswith("a-model-whose-name")


def test_the_downloaded_file_has_its_name_and_all_rows(page, server):
    page.goto(f"{server}/unusual_scores?family=Llama")
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="of this selection").click()
    saved = waiting.value
    assert saved.suggested_filename == "benchcred_anomalies_2026-11-22_family-llama.csv"
    lines = Path(saved.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("evaluation_id,model_id,model_name")
    assert len(lines) == 3


def test_a_typed_claim_goes_into_the_address_and_an_uploaded_table_comes_back_as_a_file(page, server):
    page.goto(f"{server}/check_a_claim?test=mmlu_pro:accuracy:board&billions=1")
    settle(page)
    page.get_by_label("Score", exact=True).fill("75.0")
    page.keyboard.press("Enter")
    page.get_by_text("points above similar models").first.wait_for()
    assert parameters(page)["score"] == ["75.0"]
    page.locator("input[type=file]").set_input_files(
        {"name": "c.csv", "mimeType": "text/csv", "buffer": b"model,benchmark,score,params_b\n=1+1,GSM8K,50.1,7\n"}
    )
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download CSV (with verdicts)").click()
    assert waiting.value.suggested_filename == "benchcred_check_2026-11-22.csv"
    line = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()[1]
    assert line.startswith("'=1+1,GSM8K,50.1,7,")


def test_fields_filled_in_without_waiting_all_keep_what_was_typed_and_back_undoes_it(page, server):
    page.goto(f"{server}/check_a_claim?test=mmlu_pro:accuracy:board")
    settle(page)
    fields = {"score": "Score", "billions": "Size in billions of parameters", "date": "Release date"}
    for label in fields.values():
        page.get_by_label(label, exact=True).wait_for()
    for turn in range(1, 5):
        typed = {"score": f"7{turn}.0", "billions": f"{turn}", "date": f"2024-0{turn}-01"}
        page.evaluate(FILL_IN, {label: typed[key] for key, label in fields.items()})
        page.wait_for_function("day => location.search.includes(day)", arg=typed["date"])
        settle(page)
        assert {key: page.get_by_label(label, exact=True).input_value() for key, label in fields.items()} == typed
        assert {key: parameters(page).get(key) for key in fields} == {key: [text] for key, text in typed.items()}
    last = parameters(page)
    page.go_back()
    page.wait_for_function(FOLLOW, arg=fields)
    settle(page)
    assert parameters(page) != last


def test_a_row_of_the_model_list_opens_the_model_and_back_returns(page, server):
    page.goto(f"{server}/models?q=Qwen-5")
    settle(page)
    browsing.pick_row(page, "Models", 0)
    page.wait_for_function("() => location.search.includes('model=')")
    page.get_by_text("marked by the test").wait_for()
    assert parameters(page)["model"] == ["hf:qwen/m5"]


def test_on_a_phone_nothing_is_wider_than_the_screen(page, server):
    page.set_viewport_size(browsing.PHONE)
    for path in (
        "",
        "unusual_scores",
        "benchmarks",
        "models?model=hf:qwen/m5",
        "families?group=family:Qwen",
        "compare?model=hf:llama/m1&model=hf:qwen/m5",
        "claims",
        "changes",
        "check_a_claim?score=75.0&billions=7",
        "method",
    ):
        page.goto(f"{server}/{path}")
        settle(page)
        page.wait_for_selector(".js-plotly-plot .main-svg")
        wide = "m => m.scrollWidth - m.clientWidth"
        assert page.locator("[data-testid=stMain]").evaluate(wide) <= 0, path
