"""WildBench: real requests of users, answers judged by a model alone and against three other models.

Question  Which score did the judge give each model, how did it do against the three, and what rating follows?
Input     score.json (scores), all_stat_wildbench.-1.json (rewards), wb_elo_results.json (ratings).
Output    Reported: metric WB-Score (points, 1 to 10; n_items = answers judged), "WB-Reward against <model>"
          (points, -100 to 100, setting "K=-1": no penalty for length), WB-Elo (rating; its uncertainty is the deviation
          over orders of battles). Five kinds of task each (is_subset); scores by kind are on the board's own adjusted
          scale (-10 to 10) and have a metric of their own.
Method    https://arxiv.org/abs/2406.04770
Silent    Means over kinds or over the three opponents, adjusted copies of a score, ranks, lengths, and values of other
          boards that the files carry along are counted as omitted. The file all_stat.json holds such values only.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, Source, leave_out, shorten
from ingest.sources._printed_json import field, read_json

RAW = "https://raw.githubusercontent.com/allenai/WildBench/main/leaderboard/data_dir"
SCORES, REWARDS, RATINGS = "score.json", "all_stat_wildbench.-1.json", "wb_elo_results.json"

SOURCE = Source(
    source_id="wildbench",
    title="WildBench",
    url="https://github.com/allenai/WildBench",
    licence="Apache-2.0",
    attribution="Allen Institute for AI, WildBench (Apache-2.0)",
    status="frozen",  # unchanged since August 2024
    is_uniform=True,
    files=tuple(
        File(name=name, url=f"{RAW}/{name}", captures=rf"wildbench/{re.escape(name)}", limit=5_000_000)
        for name in (SCORES, REWARDS, RATINGS)
    ),
    bundle_by="file",
)

BENCHMARK = "WildBench"
SCORE_FIELDS = {
    "model", "score", "adjusted_score", "task_macro_score", "adjusted_task_macro_score", "task_categorized_scores",
    "total", "avg_len",
}  # fmt: skip
ADJUSTED = ("adjusted_score", "task_macro_score", "adjusted_task_macro_score", "avg_len")
REWARD = re.compile(r"(?P<opponent>haiku|llama|gpt4t)_reward(?:\.(?P<kind>.+?))?\.(?P<setting>K=-1)")
MACRO = "task_macro"


def parse(pages: list[Page]) -> Iterator[Reported | Omitted]:
    """Scores and counts of what was left out; raises LayoutChanged."""
    readers = {SCORES: read_scores, REWARDS: read_rewards, RATINGS: read_ratings}
    for page in pages:
        listed = read_json(page)
        if page.name not in readers or not isinstance(listed, dict) or not listed:
            raise LayoutChanged(f"{page.name} is not a list of results of WildBench.")
        yield from readers[page.name](page, listed)


def report(page: Page, model: str, metric: str, score: Any, place: str, kind: str = "", **rest: Any) -> Reported:
    """One row; raises LayoutChanged when the score is no number."""
    if not isinstance(score, str):
        raise LayoutChanged(f"{page.name} has no number in {shorten(place)!r}.")
    return Reported(
        snapshot_id=page.snapshot_id, model=model, benchmark=f"{BENCHMARK} ({kind})" if kind else BENCHMARK,
        metric=metric, score_reported=score, is_subset=bool(kind), locator=f"{shorten(model)}, {place}",
        evaluator_relationship="third_party", **{"score_unit": "points", **rest},
    )  # fmt: skip


def read_scores(page: Page, listed: dict[str, Any]) -> Iterator[Reported | Omitted]:
    """Scores by the judge."""
    left: list[str] = []
    for model, record in listed.items():
        if not isinstance(record, dict) or record.keys() != SCORE_FIELDS:
            raise LayoutChanged(f"{page.name} has a record with other fields than before.")
        yield report(page, model, "WB-Score", record["score"], "score", n_items=record["total"])
        for kind, score in field(page.name, record, "task_categorized_scores", dict).items():
            yield report(page, model, "adjusted WB-Score", score, f"task_categorized_scores, {kind}", kind)
        left += [f"{model}, {name}" for name in ADJUSTED]
    yield from leave_out(page, "mean, adjusted copy or length", left)


def read_rewards(page: Page, listed: dict[str, Any]) -> Iterator[Reported | Omitted]:
    """Rewards from comparisons with each opponent."""
    left: list[str] = []
    found = 0
    for model, record in listed.items():
        if not isinstance(record, dict):
            raise LayoutChanged(f"{page.name} has a model without results.")
        for place, value in record.items():
            match = REWARD.fullmatch(place)
            if not match or match["kind"] == MACRO:
                left.append(f"{model}, {place}")
                continue
            found += 1
            metric = f"WB-Reward against {match['opponent']}"
            yield report(page, model, metric, value, place, match["kind"] or "", setting=match["setting"])
    if not found:
        raise LayoutChanged(f"{page.name} holds no rewards.")
    yield from leave_out(page, "mean, rank, length, or value of another board or file", left)


def read_ratings(page: Page, listed: dict[str, Any]) -> Iterator[Reported | Omitted]:
    """Ratings; `avg` is the mean over orders of battles, which is the rating that the board shows."""
    stat = listed.get("elo_stat")
    if not isinstance(stat, dict) or not isinstance(listed.get("config"), dict):
        raise LayoutChanged(f"{page.name} holds no ratings.")
    day = listed["config"].get("time") or ""
    for model, fit in stat.items():
        if not isinstance(fit, dict) or not {"avg", "std"} <= fit.keys():
            raise LayoutChanged(f"{page.name} has a model without a rating.")
        yield report(
            page, model, "WB-Elo", fit["avg"], "avg", score_unit="rating", evaluated_date=day,
            uncertainty=f"{fit['std']} unknown",
        )  # fmt: skip
    yield from leave_out(
        page, "median, start value and interval of a rating", [f"{m}, median" for m in stat for _ in range(3)]
    )
