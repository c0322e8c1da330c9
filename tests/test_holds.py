"""What speaks for a high mark: the words of purposes are those of the tests' domains."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from scoring.verdict import holds

FACTS = Path(__file__).parent.parent / "data" / "facts" / "benchmarks.csv"


def test_every_purpose_is_the_domain_of_some_test():
    with FACTS.open(newline="", encoding="utf-8") as file:
        domains = {row["domain"].casefold() for row in csv.DictReader(file)}
    assert [word for word in holds.PURPOSES if not any(word in domain for domain in domains)] == []


@pytest.mark.parametrize("domain", ["agent", "tool use", "agentic code"])
def test_a_model_whose_name_says_tools_is_made_for_tests_of_tools(domain):
    part = pd.DataFrame({"model_name": ["Salesforce/xLAM-8x7b-r", "a/plain-7b"], "domain": [domain] * 2})
    assert holds._purposes(part).tolist() == [True, False]
