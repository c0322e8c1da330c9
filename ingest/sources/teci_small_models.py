"""Makers' scores of small Qwen and Gemma models, collected with sizes, modes and sources (timfduffy/teci).

Question  Which scores do the makers print for their models of 0.5B to 35B, in which mode, on which page?
Input     qwen_gemma_benchmarks.csv, the score sheets of the collection's workbook in one table (as captured).
Output    Reported: percent, ratings and judges' points as in UNITS; setting = mode and remarks. ReportedModel: size in
          billions, release month, whether it is a mixture.
Method    The makers' own reports and cards: first party. A pretrained model and its chat version share a name there, so
          the pretrained one carries its variant in the name. https://github.com/timfduffy/teci
Silent    Rows of the Open LLM Leaderboard and of LiveBench repeat sources here and are counted as omitted.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from ingest.columns import read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten

SOURCE = Source(
    source_id="teci_small_models",
    title="Makers' scores of small Qwen and Gemma models (teci)",
    url="https://github.com/timfduffy/teci",
    licence="MIT",
    attribution="timfduffy/teci, MIT; the makers of each cited page",
    status="captured_only",
    files=(File(name="qwen_gemma_benchmarks.csv", url=None, captures=r"teci-small-models/qwen_gemma_benchmarks\.csv"),),
    bundle_by="file",
)

SHEETS = ("Qwen scores", "Gemma scores")
COPIES = ("OLL cross-family", "OLL scores", "LiveBench scores")
UNITS = {
    "CodeForces rating": "rating",
    "CodeForces Elo": "rating",
    "CFEval": "rating",
    "LMArena Elo": "rating",
    "LMSYS Chatbot Arena Elo": "rating",
    "MT-Bench": "points",
}
PRETRAINED = ("Pretrained (PT)", "Base (no official chat academic scores)")
COLUMNS = ("sheet", "Family", "Model", "Params (B)", "Architecture", "Release", "Variant / mode", "Benchmark",
           "Eval config / notes", "Score", "Source")  # fmt: skip
MAKERS = {"Qwen": "Qwen", "Gemma": "Google"}
ADDRESS = re.compile(r"(?:https://)?((?:huggingface\.co|ai\.google\.dev|qwenlm\.github\.io|github\.com)/[\w./-]*[\w-])")
PAPER = re.compile(r"arXiv:(\d{4}\.\d{4,5})")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        left: defaultdict[str, list[str]] = defaultdict(list)
        models: dict[ReportedModel, None] = {}
        for row in read_text_table(page).pick(COLUMNS):
            sheet, family, name, size, build, release, variant, benchmark, remarks, score, source = row
            if sheet in COPIES:
                left["row of a board that is a source here"].append(f"{name}, {benchmark}")
                continue
            if sheet not in SHEETS or family not in MAKERS:
                raise LayoutChanged(f"{page.name} has an unknown sheet or family: {shorten(sheet)}, {shorten(family)}.")
            model = f"{name} (pretrained)" if variant in PRETRAINED else name
            models[describe(page, model, size, build, release, MAKERS[family])] = None
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, benchmark=benchmark, score_reported=score,
                score_unit=UNITS.get(benchmark, "percent"), setting="; ".join(t for t in (variant, remarks) if t),
                evaluator_relationship="first_party", source_url=read_address(source),
                locator=f"{sheet}, row {shorten(name)}, {shorten(variant)}, {shorten(benchmark)}",
                note=shorten(source, 200),
            )  # fmt: skip
        yield from models
        for rule, listed in left.items():
            yield from leave_out(page, rule, listed)


def describe(page: Page, model: str, size: str, build: str, release: str, maker: str) -> ReportedModel:
    """What the collection says about one model; "effective" sizes leave parameters out and are not passed on."""
    is_whole = bool(size) and "effective" not in build
    return ReportedModel(
        snapshot_id=page.snapshot_id, model=model, n_parameters=size if is_whole else "",
        parameter_unit="billions" if is_whole else "", size_precision="stated" if is_whole else "",
        developer=maker, release_date=release, is_moe="yes" if build.startswith("MoE") else "no",
        is_open_weights="yes",
    )  # fmt: skip


def read_address(source: str) -> str:
    """The page that a row cites, else its paper, else ""."""
    found, paper = ADDRESS.search(source), PAPER.search(source)
    return f"https://{found[1]}" if found else f"https://arxiv.org/abs/{paper[1]}" if paper else ""
