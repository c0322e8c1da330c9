"""BenchPress (Microsoft): scores of frontier models collected from cards, reports and boards, each with its address.

Question  Which scores do makers, rivals and boards print for 84 models, in which setting, and on which page?
Input     data.json of the project's website: `observed[i][j]`, `sources[i][j]`, `models[i]`, `benchmarks[j]`.
Output    Reported: percent, but ratings, dollars and one edit distance as in UNITS; address and setting per score.
Method    Who tested follows from the address: the maker's own page is first party; a page of another maker quotes a rival
          (read as quoted, tester unknown); a board is a third party, read as quoted where that board is a source here.
          https://github.com/microsoft/benchpress
Silent    Cells that cite LLM Stats are copies of a source here, at times of another model's row: left out, counted.
          Never read: `predictions`, `prediction_intervals`, `trust_probabilities` (a model's output, no scores). Counted
          as omitted: cells that the project itself dropped, cells without a source, and an index made of other tests.
          Release dates are rough there (2025-07-10 for a model of August) and are not passed on.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.sources._printed_json import field, read_json

SOURCE = Source(
    source_id="benchpress",
    title="BenchPress",
    url="https://github.com/microsoft/benchpress",
    licence="CDLA-Permissive-2.0",
    attribution="BenchPress (Microsoft), CDLA-Permissive-2.0; the makers of each cited page",
    status="live",
    cadence_days=180,
    lists_all=r".*",
    files=(
        File(
            name="data.json",
            url="https://raw.githubusercontent.com/microsoft/benchpress/main/website/data.json",
            captures=r"benchpress/data\.json",
        ),
    ),
    bundle_by="file",
)

UNITS = {
    "chatbot_arena_elo": "rating",
    "codeforces_rating": "rating",
    "gdpval_aa_elo": "rating",
    "swelancer_freelance_dollars": "points",
    "vending_bench_2": "points",
    "omnidocbench": "fraction",
}
METRICS = {
    "factscore": "hallucination rate",
    "longfact_concepts": "hallucination rate",
    "longfact_objects": "hallucination rate",
    "omnidocbench": "normalized edit distance",
    "swelancer_freelance_dollars": "dollars",
    "vending_bench_2": "dollars",
}
DERIVED = ("aa_intelligence_index",)
# Beginning of an address, without its scheme -> whose page it is, in the file's own words for providers.
PUBLISHERS = (
    (r"(?:cdn\.)?openai\.com/|github\.com/openai/|arxiv\.org/abs/2508\.10925", "OpenAI"),
    (r"(?:www\.|www-cdn\.|assets\.)?anthropic\.com/", "Anthropic"),
    (r"deepmind\.google/|storage\.googleapis\.com/deepmind-media/|arxiv\.org/abs/2503\.19786", "Google"),
    (r"huggingface\.co/deepseek-ai/|github\.com/deepseek-ai/|arxiv\.org/(?:abs|html)/(?:2412\.19437|2501\.12948)", "DeepSeek"),
    (r"huggingface\.co/Qwen/|qwenlm\.github\.io/|qwen\.ai/|arxiv\.org/abs/2505\.09388", "Alibaba"),
    (r"huggingface\.co/moonshotai/|arxiv\.org/abs/2507\.20534", "Moonshot AI"),
    (r"huggingface\.co/MiniMaxAI/", "MiniMax"),
    (r"z\.ai/", "Zhipu AI"),
    (r"x\.ai/", "xAI"),
    (r"ai\.meta\.com/|huggingface\.co/meta-llama/", "Meta"),
    (r"mistral\.ai/", "Mistral"),
    (r"cohere\.com/", "Cohere"),
    (r"lf3-static\.bytednsdoc\.com/|arxiv\.org/abs/2504\.13914", "ByteDance"),
)  # fmt: skip
COPIES = r"llm-stats\.com/"
# Boards that are sources here.
OWN_SOURCES = (
    r"(?:arcprize\.org|lmarena\.ai|epoch\.ai|livebench\.ai|bigcode-bench\.github\.io|artificialanalysis\.ai)(?:/|$)"
)
BOARD = ("leaderboard", "third_party")
NOT_SAID = ("", "unknown", "default", "n/a", "official", "none (per-bench override)")
SETTING = ("mode", "effort", "tools", "sampling", "harness", "judge", "prompt_style", "temperature", "context",
           "system_type", "snapshot", "variant", "multimodal_input")  # fmt: skip


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, makers of models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        yield from read_page(page)


def read_page(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that one state of the file says."""
    data = read_json(page)
    models, benchmarks, observed, sources = (
        field(page.name, data, key, list) for key in ("models", "benchmarks", "observed", "sources")
    )
    names = [field(page.name, b, "name") for b in benchmarks]
    ids = [field(page.name, b, "id") for b in benchmarks]
    if not len(models) == len(observed) == len(sources) or len(set(names)) < len(names):
        raise LayoutChanged(f"{page.name} has another number of rows than of models, or one test twice.")
    left: defaultdict[str, list[str]] = defaultdict(list)
    for model, values, cited in zip(models, observed, sources, strict=True):
        name, maker = field(page.name, model, "name"), field(page.name, model, "provider")
        if not isinstance(values, list) or not isinstance(cited, list) or {len(values), len(cited)} != {len(ids)}:
            raise LayoutChanged(f"The row of {shorten(name)!r} in {page.name} has not one cell for each test.")
        is_open = model.get("open_weights")
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=name, developer=maker,
            is_open_weights={True: "yes", False: "no"}.get(is_open, "") if isinstance(is_open, bool) else "",
        )  # fmt: skip
        for test, benchmark, value, source in zip(ids, names, values, cited, strict=True):
            if value is None:
                continue
            cell = f"{name}, {benchmark}"
            if test in DERIVED:
                left["index made of other tests"].append(cell)
            elif not isinstance(source, dict):
                left["cell without a source"].append(cell)
            elif source.get("audit_status") == "dropped":
                left["cell that the project dropped"].append(cell)
            elif re.match(COPIES, place_of(text_of(source.get("url")))):
                left["copy of LLM Stats, which is a source here"].append(cell)
            else:
                yield read_cell(page, name, maker, test, benchmark, value, source)
    for rule, listed in left.items():
        yield from leave_out(page, rule, listed)


def read_cell(
    page: Page, model: str, maker: str, test: str, benchmark: str, value: Any, source: dict[str, Any]
) -> Reported:
    """One score with its page, tester and setting."""
    if not isinstance(value, str):
        raise LayoutChanged(f"{page.name} has a score of {shorten(model)!r} that is no number.")
    address = text_of(source.get("url"))
    relationship, read_from = tell_tester(address, text_of(source.get("type")), maker)
    return Reported(
        snapshot_id=page.snapshot_id, model=model, benchmark=benchmark, metric=METRICS.get(test, ""),
        setting=tell_setting(source.get("reported_setting")), score_reported=value,
        score_unit=UNITS.get(test, "percent"), evaluator_relationship=relationship, read_from=read_from,
        locator=f"observed, model {model}, benchmark {test}",
        source_url=address if re.match(r"https?://", address) else "",
        note=shorten(text_of(source.get("notes")), 200),
    )  # fmt: skip


def text_of(value: Any) -> str:
    """A field that may be absent, as text."""
    return value if isinstance(value, str) else ""


def place_of(address: str) -> str:
    """An address without its scheme."""
    return re.sub(r"^https?://", "", address)


def tell_tester(address: str, kind: str, maker: str) -> tuple[str, str]:
    """Who tested and how the value was read, from the cited page."""
    place = place_of(address)
    if kind in BOARD:
        return (
            ("third_party", "quoted" if re.match(OWN_SOURCES, place) else "page") if address else ("unknown", "quoted")
        )
    publisher = next((who for pattern, who in PUBLISHERS if re.match(pattern, place)), "")
    return ("first_party", "page") if publisher == maker else ("unknown", "quoted")


def tell_setting(stated: Any) -> str:
    """The cell's setting: a sentence as it stands, else its fields in a fixed order without what says nothing."""
    if isinstance(stated, str):
        return stated
    if not isinstance(stated, dict):
        return ""
    said = [(key, text_of(stated.get(key)).strip()) for key in SETTING]
    return "; ".join(f"{key} {text}" for key, text in said if text.casefold() not in NOT_SAID)
