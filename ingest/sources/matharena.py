"""MathArena: scores that it measured itself and placed on the cards of open models.

Question  Which share of two contests of 2026 did each open model solve when this outside evaluator ran it?
Input     hf_eval_pr_registry.json of https://github.com/eth-sri/matharena: one entry per score and repository.
Output    Reported: percent, with the pull request as address and the day of posting.
Method    The number stands on the maker's own card, yet a pull request of an outside evaluator put it there: third party.
          A score is the mean over several runs of a contest. https://arxiv.org/abs/2505.23281
Silent    Never.
"""

from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, shorten
from ingest.sources._printed_json import field, read_json

SOURCE = Source(
    source_id="matharena",
    title="MathArena (scores placed on model cards)",
    url="https://matharena.ai",
    licence="MIT",
    attribution="MathArena (ETH Zurich), MIT",
    status="live",
    cadence_days=180,
    files=(
        File(
            name="hf_eval_pr_registry.json",
            url="https://raw.githubusercontent.com/eth-sri/matharena/main/scripts/curation/hf_eval_pr_registry.json",
            captures=r"matharena/hf_eval_pr_registry\.json",
        ),
    ),
    bundle_by="file",
)

CONTESTS = {"aime/aime_2026": "AIME 2026", "hmmt/hmmt_feb_2026": "HMMT Feb 2026"}


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores; raises LayoutChanged."""
    for page in pages:
        entries = field(page.name, read_json(page), "entries", dict)
        if not entries:
            raise LayoutChanged(f"{page.name} holds no entries.")
        for key, entry in entries.items():
            contest = field(page.name, entry, "competition_name")
            yield Reported(
                snapshot_id=page.snapshot_id, model=field(page.name, entry, "model_huggingface_id"), name_scheme="hf",
                run=field(page.name, entry, "model_config_path"), benchmark=CONTESTS.get(contest, contest),
                metric="accuracy", setting="mean of several runs", score_reported=field(page.name, entry, "score"),
                score_unit="percent", evaluator_relationship="third_party",
                listed_date=field(page.name, entry, "date"), locator=f"entries, {shorten(key, 200)}",
                source_url=field(page.name, entry, "pr_url"),
            )  # fmt: skip
