"""How many steps and seconds do eight tasks take that people come with?

Question  Does somebody who never saw the site get what they came for, in how many clicks and texts, in how many seconds?
Input     the current database (BENCHMARK_DB, else data/database); a browser; `python -m bench.tasks --against ROOT`: another
          copy of the project, whose tasks are tried in the same run.
Output    a table on the screen: steps and seconds of each task, "not done" with what was missing where it cannot be done.
Method    Each task begins on Home in a fresh visit and ends when what was asked for is read on the screen or stands in the
          file. A step is a click, a text with its Enter, or an option that is picked; seconds are those of the machine, a reader's
          own time apart. The way is the one that the words of the pages suggest; it is written down here, not searched for.
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

import store
from tests import browsing

WAIT = 90_000  # milliseconds that anything may take


class Visitor:
    """A browser's page that counts what its user does."""

    def __init__(self, browser: Any, address: str) -> None:
        """A fresh visit of Home."""
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.steps = 0
        self.page.goto(address)
        browsing.settle(self.page)
        # The footer is there before the menu, and its link of the same name opens a tab of its own.
        self.page.get_by_test_id("stSidebar").get_by_role("link", name="Method").wait_for()

    def click(self, role: str, name: str | re.Pattern[str]) -> None:
        """Click the first thing of this role and name in the menu or on the page."""
        self.steps += 1
        self.page.get_by_role(role, name=name).first.click()

    def write(self, label: str, text: str) -> None:
        """Write into a field and press Enter."""
        self.steps += 1
        self.page.get_by_label(label, exact=True).first.fill(text)
        self.page.keyboard.press("Enter")

    def pick(self, label: str, text: str) -> None:
        """Pick an option of a box by writing its beginning."""
        self.steps += 1
        self.page.get_by_label(re.compile(re.escape(label))).first.fill(text)
        self.page.get_by_role("option", name=re.compile(re.escape(text))).first.click()
        browsing.settle(self.page)

    def read(self, said: str) -> str:
        """Wait for a sentence on the page, a regular expression; returns what the page says then."""
        found = self.page.get_by_text(re.compile(said)).first
        found.wait_for()
        browsing.settle(self.page)
        return str(self.page.inner_text("[data-testid=stMain]"))

    def save(self, name: str | re.Pattern[str]) -> Path:
        """Press a button that saves a file, and return where it is."""
        self.steps += 1
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name=name).first.click()
        return Path(waiting.value.path())


def family_marks(visitor: Visitor) -> None:
    """Which scores of Gemma are unusual?"""
    visitor.write("Find anything", "gemma")
    visitor.click("link", "Family: Gemma")
    visitor.read("Unusual scores of its models")
    visitor.read(r"unusually high|No score of its models is marked")


def use_of_a_test(visitor: Visitor) -> None:
    """Is GSM8K still useful?"""
    visitor.write("Find anything", "gsm8k")
    visitor.read(r"(Closed|Tied|Crowded|Separating)\. ")


def one_claim(visitor: Visitor) -> None:
    """Is 99.2% on GSM8K unusual for a model of 70 billion parameters?"""
    visitor.click("button", "Check a claim")
    visitor.read("Is this number unusual")
    visitor.pick("Test", "GSM8K")
    visitor.write("Score", "99.2")
    visitor.write("Size in billions of parameters", "70")
    visitor.read("Chance of a score this far out")


def family_file(visitor: Visitor) -> None:
    """All unusual scores of the Qwen family as CSV."""
    visitor.write("Find anything", "qwen")
    visitor.click("link", "Family: Qwen")
    visitor.read("Unusual scores of its models")
    families = set(pd.read_csv(visitor.save(re.compile("its unusual scores")))["family"])
    if families != {"Qwen"}:
        raise AssertionError(f"the file has {families}")


def rejected(visitor: Visitor) -> None:
    """Why was a printed value rejected?"""
    visitor.click("link", "Method")
    visitor.read("On this page")
    visitor.click("link", "Values that could not be accepted")
    visitor.steps += 1
    visitor.page.get_by_text(re.compile(r"^All [\d,]+ rows?, with source and reason")).first.click()
    visitor.page.get_by_role("button", name="Download CSV").first.wait_for()


def compared(visitor: Visitor) -> None:
    """Are Llama 3 70B and Gemma 2 27B apart by more than noise?"""
    visitor.click("link", "Compare")
    visitor.read("Which differences between models are larger than noise")
    for text in ("llama 3 70b instruct", "gemma 2 27b it"):
        visitor.write("Add a model", text)
        visitor.click("button", re.compile(r"^\+ "))
        visitor.page.get_by_role("button", name=re.compile(r"^\+ ")).first.wait_for(state="detached")
        browsing.settle(visitor.page)
    visitor.read(r"70B-Instruct and gemma-2-27b-it: .* apart")


def tie(visitor: Visitor) -> None:
    """Who is best on SWE-bench Verified, and is it a tie?"""
    visitor.write("Find anything", "swe-bench verified")
    visitor.read(r"(Closed|Tied|Crowded|Separating)\. Best credible score")


def same_view(visitor: Visitor) -> None:
    """Send exactly this view to a colleague."""
    visitor.click("button", "See unusual scores")
    visitor.read("Which scores are far from")
    visitor.pick("Family", "Qwen")
    said = visitor.read("unusually high, .* of .* scores tested in this selection")
    visitor.steps += 1
    visitor.page.get_by_text("Link to this view, its data, how to cite it").click()
    link = visitor.page.locator("[data-testid=stCode]", has_text="asof=").first.inner_text().strip()
    other = visitor.context.browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    other.set_default_timeout(WAIT)
    other.goto(link)
    sentence = next(line for line in said.splitlines() if "scores tested in this selection" in line)
    other.get_by_text(sentence[:40]).first.wait_for()
    other.context.close()


TASKS: tuple[Callable[[Visitor], None], ...] = (
    family_marks,
    use_of_a_test,
    one_claim,
    family_file,
    rejected,
    compared,
    tie,
    same_view,
)


def tried(browser: Any, address: str, task: Callable[[Visitor], None]) -> tuple[str, str]:
    """Steps and seconds of one task, as a table shows them."""
    visitor = Visitor(browser, address)
    began = time.perf_counter()
    try:
        task(visitor)
    except Exception as problem:  # whatever stands in a reader's way is the finding
        return "not done", " ".join(str(problem).split())[:100]
    finally:
        visitor.context.close()
    return str(visitor.steps), f"{time.perf_counter() - began:.1f}"


def main(against: str | None = None) -> None:
    """Try every task with this copy, and with another one beside it."""
    copies = {"this copy": browsing.ROOT} | ({Path(against).name: Path(against)} if against else {})
    console = Console(width=150)
    with ExitStack() as stack:
        table = Table("task", *(f"{what}, {name}" for name in copies for what in ("steps", "seconds")))
        servers = {
            name: stack.enter_context(
                browsing.serve(store.folder(), log=Path(stack.enter_context(tempfile.TemporaryDirectory())), root=root)
            )
            for name, root in copies.items()
        }
        browser = stack.enter_context(browsing.browse())
        for address in servers.values():
            Visitor(browser, address).context.close()  # a server that nobody visited yet is another question
        for task in TASKS:
            cells = [cell for address in servers.values() for cell in tried(browser, address, task)]
            table.add_row((task.__doc__ or "").strip(), *cells)
            console.print(task.__name__, *cells)
        console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.tasks")
    parser.add_argument("--against", help="root of another copy of the project")
    main(parser.parse_args(sys.argv[1:]).against)
