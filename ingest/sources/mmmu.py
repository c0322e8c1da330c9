"""MMMU: college-level questions with images; validation set, test set, and the harder MMMU-Pro.

Question  Which share of the questions does each model answer correctly, overall and by discipline?
Input     leaderboard_data.json (one object per model); before September 2024 the page's two HTML tables.
Output    Reported: percent, accuracy; disciplines and the two parts of MMMU-Pro are subsets. ReportedModel: size, link.
Method    https://arxiv.org/abs/2311.16502, https://arxiv.org/abs/2409.02813. The page marks with a star, the data with
          source "author", what the makers of a model provided (first_party); all else was run by the board. The score
          of MMMU-Pro is by its definition the mean over its two parts and the only value that most rows print, so it is
          kept as the benchmark's score. Which HTML table is which set is told by the button that names the visible
          one.
Silent    The dates of models are neither their release nor explained (GPT-4o stands under 2024-05-27), so they are
          passed on as submission dates only. For some mixture models the printed size is the activated weight: see
          ACTIVE. Cells with "-" are counted.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup

from ingest.checks import is_active_size
from ingest.records import (
    File,
    LayoutChanged,
    Omitted,
    Page,
    Reported,
    ReportedModel,
    Source,
    as_text,
    leave_out,
    shorten,
)
from ingest.sources._printed_json import field, read_json
from ingest.tables import plain_tables, require_whole, split_markers, squash

SOURCE = Source(
    source_id="mmmu",
    title="MMMU",
    url="https://mmmu-benchmark.github.io/",
    licence="CC BY-SA 4.0 (website)",
    attribution="MMMU team, https://mmmu-benchmark.github.io, CC BY-SA 4.0",
    status="live",
    cadence_days=120,
    lists_all=r"leaderboard_data.*\.json",
    files=(
        File(
            name="leaderboard_data.json",
            url="https://mmmu-benchmark.github.io/leaderboard_data.json",
            captures=r"mmmu/leaderboard_data(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.json",
        ),
        File(name="index.html", url=None, captures=r"mmmu/index_(?P<date>\d{4}-\d{2}-\d{2})\.html"),
    ),
    bundle_by="file",
)

SETS = {"validation": "MMMU (Val)", "test": "MMMU (Test)", "pro": "MMMU-Pro"}
DISCIPLINES = {
    "artDesign": "Art & Design", "business": "Business", "science": "Science", "healthMedicine": "Health & Medicine",
    "humanSocialSci": "Human. & Social Sci.", "techEng": "Tech & Eng.",
}  # fmt: skip
PARTS = {"validation": DISCIPLINES, "test": DISCIPLINES, "pro": {"vision": "Vision", "original": "Standard"}}
KINDS = {"human_expert": "human", "random_frequent": "baseline", "proprietary": "model", "open_source": "model"}
OPEN = {"proprietary": "no", "open_source": "yes"}
BILLIONS = re.compile(r"(\d+(?:\.\d+)?)B")
# The makers' pages give this figure as activated, not as total parameters (data/facts/sizes.csv has their addresses).
ACTIVE = (
    "Aria", "DeepSeek-VL2", "DeepSeek-VL2-Small", "DeepSeek-VL2-Tiny", "GLM-4.5V w/ Thinking", "Intern-S1",
    "Llama 4 Behemoth", "Llama 4 Maverick", "Llama 4 Scout", "Seed 1.5-VL", "Seed 1.5-VL Thinking", "Seed 1.6-Thinking",
    "dots.vlm1",
)  # fmt: skip
BUTTON = {"Validation Set Leaderboard": ("validation", "test"), "Test Set Leaderboard": ("test", "validation")}
# Rows of the HTML tables that are no models; the data file states the kind.
BEFORE_KINDS = {"Frequent Choice": "baseline", "Random Choice": "baseline"}


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Everything that the pages say; raises LayoutChanged."""
    for page in pages:
        yield from read_data(page) if page.name.endswith(".json") else read_html(page)


def read_data(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """The data file."""
    rows = field(page.name, read_json(page), "leaderboardData", list)
    if not rows:
        raise LayoutChanged(f"{page.name} lists no models.")
    absent: list[str] = []
    strange: list[str] = []
    for row in rows:
        info = field(page.name, row, "info", dict)
        name, kind = field(page.name, info, "name").strip(), field(page.name, info, "type")
        if kind not in KINDS:
            raise LayoutChanged(f"{page.name} has a row of the unknown type {shorten(kind)!r}.")
        unknown = set(row) - {"info", *SETS}
        if unknown:
            raise LayoutChanged(f"{page.name} has scores on the unknown set {shorten(unknown.pop())!r}.")
        for key in (key for key in SETS if key in row):
            printed = dict(field(page.name, row, key, dict))
            source = printed.pop("source", "")
            names = {"overall": "", **PARTS[key]}
            for part, score in printed.items():
                if part not in names:
                    strange.append(f"{name}, {SETS[key]}, {part}")
                elif as_text(score).strip() in ("", "-"):
                    absent.append(f"{name}, {SETS[key]}, {part}")
                else:
                    yield report(page, name, KINDS[kind], key, names[part], score, source == "author")
        yield describe(
            page,
            name,
            KINDS[kind],
            field(page.name, info, "size"),
            info["date"],
            info.get("link", ""),
            OPEN.get(kind, ""),
        )
    for rule, found in (("no value printed", absent), ("value under a part that its set does not have", strange)):
        yield from leave_out(page, rule, found)


def read_html(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """The two tables of the early page; their header rows are made of <td>."""
    text = page.text()
    require_whole(text)
    soup = BeautifulSoup(text, "lxml")
    tables = {table.element.get("id"): table for table in plain_tables(soup) if table.element.get("id")}
    button = soup.find(id="toggleButton")
    shown = BUTTON.get(squash(button.get_text(" ")).removesuffix("(Click to Switch)").strip()) if button else None
    if not shown or not {"table1", "table2"} <= set(tables):
        raise LayoutChanged(f"{page.name} has no button that says which of its two tables is which.")
    absent: list[str] = []
    about: dict[str, ReportedModel] = {}
    for key, table_id in zip(shown, ("table1", "table2"), strict=True):
        head, *rows = [[squash(cell.get_text(" ")) for cell in row] for row in tables[table_id].rows]
        parts = {"Overall": "", **{label: label for label in DISCIPLINES.values()}}
        if head[0] != "Reset" or not set(parts) <= set(head) or not rows:
            raise LayoutChanged(f"{page.name} has a table with other columns than usual.")
        for cells in rows:
            if len(cells) != len(head):
                raise LayoutChanged(f"{page.name} has a row of {len(cells)} cells under {len(head)} headings.")
            row = dict(zip(head, cells, strict=True))
            name, mark = split_markers(row["Reset"])
            kind = "human" if name.startswith("Human Expert") else BEFORE_KINDS.get(name, "model")
            for label, part in parts.items():
                if row[label] in ("", "-"):
                    absent.append(f"{name}, {SETS[key]}, {label}")
                else:
                    yield report(page, name, kind, key, part, row[label], "*" in mark)
            about.setdefault(name, describe(page, name, kind, row.get("Size", "-"), row.get("Date", ""), "", ""))
    yield from about.values()
    yield from leave_out(page, "no value printed", absent)


def report(page: Page, name: str, kind: str, key: str, part: str, score: str, is_by_author: bool) -> Reported:
    """One score; `part` is "" for the score of the whole set."""
    return Reported(
        snapshot_id=page.snapshot_id, model=name, model_kind=kind, metric="accuracy",
        benchmark=f"{SETS[key]}: {part}" if part else SETS[key], is_subset=bool(part),
        score_reported=score, score_unit="percent", locator=f"row {name}, {SETS[key]}, {part or 'Overall'}",
        evaluator_relationship="first_party" if is_by_author else "third_party",
        note="results provided by the authors" if is_by_author else "",
    )  # fmt: skip


def describe(page: Page, name: str, kind: str, size: str, day: str, link: str, is_open: str) -> ReportedModel:
    """What the board says about one model; a size that is not in billions raises LayoutChanged."""
    billions = BILLIONS.fullmatch(size)
    if not billions and size not in ("-", ""):
        raise LayoutChanged(f"{page.name} prints a size in another form: {shorten(size)!r}.")
    # "Qwen3-VL 235B-A22B" beside 22B: the name itself says which of the two the column prints.
    is_active = name in ACTIVE or bool(billions and is_active_size(name, billions[1]))
    return ReportedModel(
        snapshot_id=page.snapshot_id, model=name, model_kind=kind,
        n_parameters=billions[1] if billions and not is_active else "",
        n_active_parameters=billions[1] if billions and is_active else "",
        parameter_unit="billions" if billions else "", size_precision="stated" if billions else "",
        submission_date=day, source_url=link, is_open_weights=is_open,
    )  # fmt: skip
