"""LMArena (Chatbot Arena): ratings from votes of visitors, and other tests' values that its early tables carried.

Question  Which rating did each model have at each published fit, and which values of MT-bench and MMLU were printed?
Input     JSON files of the board (category -> model -> rating with 2.5% and 97.5% quantiles; with and without style
          control), dated CSV tables of June 2023 to October 2024, dated CSV copies of the board (fboulnois); copies of the
          board's pages and of its published data set since 2026 (JSON), whose ratings are style-controlled.
Output    Reported: ratings over all battles (unit rating; ratings of single categories are counted as left out),
          MT-bench score (points of 10), MT-bench win rate (percent), MMLU (fraction). ReportedModel: developer, and
          that proprietary weights are not open.
Method    Every fit has its own zero and its own pool of models: between March and May 2025 all ratings of one file fell
          by some 60 points. A rating is therefore a reading of one fit only, and benchmark_version = day of the file.
          https://arxiv.org/abs/2403.04132
Silent    "-" stands for no value and is counted; ranks come from the ratings and are counted, too. Quantiles stand in
          the note: they are no half width. A half width is passed on where both halves are the same ("+5/-5").

Who tested: the board ran the votes. The tables do not say who measured MT-bench and MMLU: those values belong to the
makers or to other boards, and no evaluator is named. JSON files name a model by its key, tables by its title.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ingest.columns import TextTable, read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.sources._printed_json import field, read_json

CATALOG = "https://raw.githubusercontent.com/lmarena/arena-catalog/main/data"
COPIES = "https://raw.githubusercontent.com/fboulnois/llm-leaderboard-csv/main/csv"
DATE = r"(?P<date>\d{4}-\d{2}-\d{2})"

SOURCE = Source(
    source_id="lmarena",
    title="LMArena",
    url="https://lmarena.ai",
    licence="none stated",
    attribution="LMArena, https://lmarena.ai; CSV copies by fboulnois/llm-leaderboard-csv (MPL-2.0)",
    status="live",
    cadence_days=90,  # files of the catalogue changed every two to seven months
    files=(
        File(
            name="leaderboard-text.json",
            url=f"{CATALOG}/leaderboard-text.json",
            captures=rf"lmarena/leaderboard-text(?:_{DATE})?\.json",
        ),
        File(
            name="leaderboard-text-style-control.json",
            url=f"{CATALOG}/leaderboard-text-style-control.json",
            captures=r"lmarena/leaderboard-text-style-control\.json",
        ),
        File(name="leaderboard_table.csv", url=None, captures=r"lmarena/leaderboard_table_(?P<date>\d{8})\.csv"),
        File(
            name="arena_page.json",
            url=None,
            captures=rf"lmarena/(?:arena_(?:text|vision|code-webdev|search|document|agent)|text_style_control)_{DATE}\.json",
        ),
        File(
            name="lmarena_text.csv",
            url=f"{COPIES}/lmarena_text.csv",
            captures=rf"fboulnois-llm-csv/(?:lmarena_text|lmsys_{DATE})\.csv",
        ),
        File(
            name="lmarena_vision.csv",
            url=f"{COPIES}/lmarena_vision.csv",
            captures=r"fboulnois-llm-csv/lmarena_vision\.csv",
        ),
    ),
    bundle_by="file",
    open_end=r"leaderboard_table_20230619\.csv",
)

OPEN_ENDED = ("leaderboard_table_20230619.csv",)  # has no newline at its end
ARENA = "Chatbot Arena"
ALL_BATTLES = "full"
OVERALL = "overall"  # the same in the data set of 2026
STYLED = "style-controlled rating"  # another model of the votes, so another estimate
BOARDS = {
    "text": ARENA,
    "vision": f"{ARENA} (vision)",
    "code-webdev": f"{ARENA} (WebDev)",
    "search": f"{ARENA} (search)",
    "document": f"{ARENA} (document)",
}
SIGNALS = "agent"  # a board without ratings
# Column of the dated tables -> benchmark, metric, unit.
TABLE_SCORES = {
    "MT-bench (win rate %)": ("MT-bench", "win rate", "percent"),
    "MT-bench (score)": ("MT-bench", "judge score", "points"),
    "Arena Elo rating": (ARENA, "Elo rating", "rating"),
    "MMLU": ("MMLU", "accuracy", "fraction"),
}
TABLE_REST = {"key", "Model", "Knowledge cutoff date", "License", "Organization", "Link"}
# Names that the rating's column has had in the copies.
RATINGS = ("arena_elo", "arena_score")
RANKS = ("rank", "rank_stylectrl")
HALVES = re.compile(r"\+(\d+(?:\.\d+)?)/-(\d+(?:\.\d+)?)")
WEIGHTS = re.compile(r"https://huggingface\.co/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        if page.body.lstrip()[:1] == b"{":
            yield from read_listed(page)
            continue
        table = read_text_table(page, has_final_newline=page.name not in OPEN_ENDED)
        yield from (read_copy(page, table) if "votes" in table.header else read_table(page, table))


def read_listed(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """Ratings of one JSON file of either layout."""
    listed = read_json(page)
    meta = listed.get("meta") if isinstance(listed, dict) else None
    if not isinstance(meta, dict):
        yield from read_fit(page, listed)
        return
    key, counted = ("rows", "n_rows") if "rows" in listed else ("models", "model_count")
    rows = field(page.name, listed, key, list)
    if field(page.name, meta, counted) != str(len(rows)) or not rows:
        raise LayoutChanged(f"{page.name} holds {len(rows)} rows and says {shorten(meta[counted])}.")
    yield from (read_data_set(page, meta, rows) if key == "rows" else read_board(page, meta, rows))


def read_board(page: Page, meta: dict[str, Any], rows: list[Any]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Ratings of a copy of one of the board's pages; the interval is a half-width, not a bound."""
    board = field(page.name, meta, "leaderboard")
    if board == SIGNALS:
        yield from leave_out(page, "board without ratings", [field(page.name, row, "model") for row in rows])
        return
    if board not in BOARDS:
        raise LayoutChanged(f"{page.name} is a board of an unknown kind: {shorten(board)}.")
    for row in rows:
        model, rating, votes = (field(page.name, row, key) for key in ("model", "score", "votes"))
        licence, vendor = (field(page.name, row, key, (str, type(None))) or "" for key in ("license", "vendor"))
        yield describe(page, model, licence.title(), vendor, "")
        halves = {row[key] for key in ("ci", "ci_low", "ci_high") if isinstance(row.get(key), str)}
        yield Reported(
            snapshot_id=page.snapshot_id, model=model, benchmark=BOARDS[board], metric=STYLED,
            benchmark_version=page.content_date.isoformat(), score_reported=rating, score_unit="rating",
            evaluator_relationship="third_party", uncertainty=f"{halves.pop()} ci95" if len(halves) == 1 else "",
            locator=f"row {shorten(model)}, score", note=f"{votes} votes", source_url=field(page.name, meta, "source_url"),
        )  # fmt: skip


def read_data_set(page: Page, meta: dict[str, Any], rows: list[Any]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Ratings over all battles of a copy of the published data set."""
    day = field(page.name, meta, "leaderboard_publish_date")
    left = [f"{field(page.name, row, 'category')}" for row in rows if field(page.name, row, "category") != OVERALL]
    if len(left) == len(rows):
        raise LayoutChanged(f"{page.name} has no category {OVERALL!r}.")
    for row in rows:
        if row["category"] == OVERALL:
            model = field(page.name, row, "model_name")
            yield describe(page, model, field(page.name, row, "license"), field(page.name, row, "organization"), "")
            low, high = field(page.name, row, "rating_lower"), field(page.name, row, "rating_upper")
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, benchmark=ARENA, metric=STYLED, benchmark_version=day,
                score_reported=field(page.name, row, "rating"), score_unit="rating",
                evaluator_relationship="third_party", locator=f"{OVERALL}, {shorten(model)}, rating",
                note=f"bounds {low}, {high}",
            )  # fmt: skip
    yield from leave_out(page, "rating of a category of votes", left)


def read_fit(page: Page, listed: Any) -> Iterator[Reported | Omitted]:
    """Ratings of one file of the catalogue."""
    if not isinstance(listed, dict) or ALL_BATTLES not in listed:
        raise LayoutChanged(f"{page.name} has no category {ALL_BATTLES!r}.")
    metric = STYLED if "style-control" in page.url else "rating"
    left: list[str] = []
    for category, models in listed.items():
        if not isinstance(models, dict):
            raise LayoutChanged(f"{page.name} lists no models in category {shorten(category)!r}.")
        if category != ALL_BATTLES:
            left += [f"{category}: {len(models)} models"] * len(models)
            continue
        for model, fit in models.items():
            rating, low, high = (get(page, fit, key) for key in ("rating", "rating_q025", "rating_q975"))
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, metric=metric, score_reported=rating,
                benchmark=ARENA,
                benchmark_version=page.content_date.isoformat(), score_unit="rating",
                evaluator_relationship="third_party",
                locator=f"{category}, {shorten(model)}, rating", note=f"quantiles 2.5% {low}, 97.5% {high}",
            )  # fmt: skip
    # 28 categories of the same votes would be nine of ten rows shipped, and a rating is never compared by size.
    yield from leave_out(page, "rating of a category of votes", left)


def get(page: Page, fit: Any, key: str) -> str:
    """A number of a model's fit, as printed."""
    if not isinstance(fit, dict) or not isinstance(fit.get(key), str):
        raise LayoutChanged(f"{page.name} has a model without {key}.")
    return fit[key]


def read_table(page: Page, table: TextTable) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores of one dated table."""
    scores = [column for column in table.header if column not in TABLE_REST]
    unknown = [column for column in scores if column not in TABLE_SCORES]
    if unknown or "MT-bench (score)" not in scores or "MMLU" not in scores:
        found = shorten(", ".join(table.header))
        raise LayoutChanged(f"{page.name} has other columns than a table of the Arena: {found}.")
    organization = "Organization" if "Organization" in table.header else ""
    empty: list[str] = []
    links = Counter(link for (link,) in table.pick(["Link"]))
    for row in table.pick(["Model", "License", organization, "Link", *scores]):
        model, licence, developer, link, *values = row
        yield describe(page, model, licence, developer, link if links[link] == 1 else "")
        for column, value in zip(scores, values, strict=True):
            benchmark, metric, unit = TABLE_SCORES[column]
            if value in ("", "-"):
                empty.append(f"{model}, {column}")
                continue
            yield Reported(
                snapshot_id=page.snapshot_id, model=model, benchmark=benchmark, metric=metric, score_reported=value,
                benchmark_version=page.content_date.isoformat() if benchmark == ARENA else "", score_unit=unit,
                evaluator_relationship="third_party" if benchmark == ARENA else "unknown",
                locator=f"row {shorten(model)}, column {column}",
            )  # fmt: skip
    yield from leave_out(page, "no value in the cell", empty)


def read_copy(page: Page, table: TextTable) -> Iterator[Reported | ReportedModel | Omitted]:
    """Ratings of one copy of the board."""
    found = [name for name in RATINGS if name in table.header]
    if len(found) != 1:
        raise LayoutChanged(f"{page.name} has no column of ratings ({' or '.join(RATINGS)}).")
    benchmark = f"{ARENA} (vision)" if "vision" in page.url else ARENA
    links = Counter(link for (link,) in table.pick(["url"]))
    for row in table.pick(["model", found[0], "95_pct_ci", "votes", "organization", "license", "url"]):
        model, rating, interval, votes, developer, licence, link = row
        yield describe(page, model, licence, developer, link if links[link] == 1 else "")
        yield Reported(
            snapshot_id=page.snapshot_id, model=model, benchmark=benchmark, metric="rating", score_reported=rating,
            benchmark_version=page.content_date.isoformat(), score_unit="rating", evaluator_relationship="third_party",
            uncertainty=read_interval(interval), locator=f"row {shorten(model)}, column {found[0]}",
            note=f"{votes} votes",
        )  # fmt: skip
    for column in RANKS:
        if column in table.header:
            yield from leave_out(page, "rank, made from the ratings", [cell for (cell,) in table.pick([column])])


def read_interval(text: str) -> str:
    """A printed interval: "5 ci95" where both halves are the same number, else as printed."""
    match = HALVES.fullmatch(text)
    if not match:
        return f"{text} unknown" if text else ""
    return f"{match[1]} ci95" if match[1] == match[2] else f"{text} ci95"


def describe(page: Page, model: str, licence: str, developer: str, link: str) -> ReportedModel:
    """What a table says about one model. Only "Proprietary" tells about weights: other licences may be closed, too."""
    return ReportedModel(
        snapshot_id=page.snapshot_id, model=model, developer=developer,
        is_open_weights="no" if licence == "Proprietary" else "",
        source_url=link if WEIGHTS.fullmatch(link) else "",
    )  # fmt: skip
