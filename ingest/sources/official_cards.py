"""Model cards in the makers' own repositories on GitHub: the scores of their tables.

Question  Which scores does the card of a model print that its maker keeps beside the code?
Input     README.md of each repository of `REPOSITORIES`: Markdown with tables in Markdown or HTML, no metadata.
Output    As for the cards on Hugging Face (`hf_model_cards`): Reported per score cell, ReportedModel where a table states
          sizes, Omitted for the rest.
Method    The model is the repository. Its own scores are the maker's; who measured a rival's is not told, as cards mix own
          runs with numbers of others. A new card is one more name in the list.
Silent    A repository without tables of scores gives only what it says of its model.
"""

import re
from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source
from ingest.sources import hf_model_cards

REPOSITORIES = (
    "LG-AI-EXAONE/K-EXAONE",
    "MiniMax-AI/MiniMax-M2",
    "MiniMax-AI/MiniMax-M2.1",
    "MiniMax-AI/MiniMax-M2.5",
    "MoonshotAI/Kimi-K2",
    "MoonshotAI/Kimi-K2.5",
    "XiaomiMiMo/MiMo-V2-Flash",
    "deepseek-ai/DeepSeek-R1",
    "deepseek-ai/DeepSeek-V3",
    "deepseek-ai/DeepSeek-V3.2-Exp",
    "meituan-longcat/LongCat-Flash-Thinking-2601",
    "stepfun-ai/Step3-VL-10B",
)

SOURCE = Source(
    source_id="official_cards",
    title="Model cards in makers' repositories",
    url="https://github.com",
    licence="per card",
    attribution="The makers of each model, via GitHub",
    status="live",
    files=tuple(
        File(
            name=f"{name.replace('/', '_')}.md",
            url=f"https://raw.githubusercontent.com/{name}/main/README.md",
            captures=rf"official-repo-cards/{re.escape(name.replace('/', '_'))}_README\.md",
        )
        for name in REPOSITORIES
    ),
    bundle_by="file",
    open_end=r"MiniMax-AI_MiniMax-M2.*\.md",
)


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out, card by card.

    Raises LayoutChanged for a page of no known repository, and for one that breaks off inside a table.
    """
    for page in pages:
        address = re.search(r"githubusercontent\.com/[\w.-]+/([\w.-]+)/", page.url)
        text = page.text()
        if not address or breaks_off(text):
            raise LayoutChanged(f"{page.name} is no whole card of a repository.")
        yield from hf_model_cards.read_card(page, address[1])


def breaks_off(text: str) -> bool:
    """True for a card that ends inside a table, a line of a table or a block of code."""
    last = text.rstrip("\n").rpartition("\n")[2].strip()
    in_row = last.startswith("|") and not last.endswith("|")
    opened = [len(re.findall(rf"<{tag}\b", text, re.IGNORECASE)) for tag in ("table", "div")]
    closed = [len(re.findall(rf"</{tag}\s*>", text, re.IGNORECASE)) for tag in ("table", "div")]
    return in_row or opened[0] != closed[0] or opened[1] > closed[1] or text.count("```") % 2 == 1
