"""BIRD: questions about large databases that a system answers with an SQL query.

Question  Which share of the questions does each system answer with a query that gives the right rows?
Input     The site's page with its HTML tables: the overall board, efficiency, Mini-Dev, and single trained models.
Output    Reported: percent for execution accuracy on dev, test and Mini-Dev; points for the efficiency scores VES and
          R-VES (not bounded by 100). ReportedModel: size where stated, date of the entry.
Method    https://arxiv.org/abs/2305.03111. An entry is known by its name and day; "Oracle Knowledge" (hints that come
          with the questions) is its setting. A badge "New Dev" marks dev values on the corrected dev set, which its
          tooltip dates: a version of its own. Test values were run by the board on its hidden test set (collaborative);
          who ran the dev values the page does not say; baselines and the human line are the board's own.
Silent    Rows of the single-model table that repeat an entry of the overall table with the same values are the same run
          and are left out, counted; so are empty cells. Sizes: "30B-3B-MoE" is total and active, "3B-MOE" active only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.tables import PlainTable, plain_tables, require_whole, squash

SOURCE = Source(
    source_id="bird",
    title="BIRD-SQL",
    url="https://bird-bench.github.io/",
    licence="none stated",
    attribution="BIRD team, https://bird-bench.github.io",
    status="live",
    cadence_days=60,
    files=(
        File(
            name="index.html",
            url="https://bird-bench.github.io/",
            captures=r"bird/index(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.html",
        ),
    ),
    bundle_by="file",
)

TITLE = re.compile(r"\s*((?:Leaderboard|Mini Dev) - .{5,60}\((?:EX|VES|R-VES)\))\s*")
EXECUTION = "Execution Accuracy"
DEV, TEST = "BIRD (dev)", "BIRD (test)"
# Title of a table -> metric, unit, and which test each column of values holds.
TABLES = {
    "Leaderboard - Execution Accuracy (EX)": (EXECUTION, "percent", {"Dev (%)": DEV, "Test (%)": TEST}),
    "Leaderboard - Valid Efficiency Score (VES)": ("Valid Efficiency Score", "points", {"Dev": DEV, "Test": TEST}),
    "Leaderboard - Reward-based Valid Efficiency Score (R-VES)": (
        "Reward-based Valid Efficiency Score", "points", {"Test": TEST},
    ),
    "Mini Dev - Execution Accuracy (EX)": (
        EXECUTION, "percent", {name: f"BIRD Mini-Dev ({name})" for name in ("SQLite", "MySQL", "PostgreSQL")},
    ),
}  # fmt: skip
SINGLE = "single-model-leaderboard"
KNOWLEDGE = ("Oracle Knowledge", "Orocal Knowledge", "Orale Knowledge")  # as the page spelled it over the years
HUMAN = "Human Performance"
NEW_DEV = re.compile(r"Evaluated on BIRD Dev (\d{8})")
SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([BM])(?:-(\d+(?:\.\d+)?)B-MoE)?", re.IGNORECASE)
ACTIVE_ONLY = re.compile(r"(\d+(?:\.\d+)?)B-MoE", re.IGNORECASE)
NOTHING = ("", "-", "--")


@dataclass(frozen=True)
class Entry:
    """One row of a table: benchmark -> (printed value, version of the test)."""

    name: str
    affiliation: str
    day: str
    size: str
    setting: str
    values: dict[str, tuple[str, str]]


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """All entries of all tables of each page; raises LayoutChanged."""
    for page in pages:
        yield from read_page(page)


def read_page(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """One page; the overall board comes before the single-model table, whatever the order on the page."""
    text = page.text()
    require_whole(text)
    tables = [(*name_table(page, table), table) for table in plain_tables(BeautifulSoup(text, "lxml"))]
    if not any(title == next(iter(TABLES)) and not single for title, single, _ in tables):
        raise LayoutChanged(f"{page.name} has no table of execution accuracy.")
    overall: set[tuple] = set()
    empty: list[str] = []
    copies: list[str] = []
    about: dict[tuple[str, str], ReportedModel] = {}
    for title, single, table in sorted(tables, key=lambda found: found[1]):
        metric, unit, columns = TABLES[title]
        for entry in read_table(page, table, columns, single):
            printed = {benchmark: value for benchmark, value in entry.values.items() if value[0] not in NOTHING}
            known = (entry.name.casefold(), entry.day, tuple(sorted(printed.items())))
            where = f"{title}{', single trained models' if single else ''}, row {entry.name} ({entry.day or 'no date'})"
            if single and known in overall:
                copies += [where] * len(printed)
                continue
            if metric == EXECUTION and not single:
                overall.add(known)
            empty += [f"{where}, {benchmark}" for benchmark in entry.values if benchmark not in printed]
            for benchmark, (value, version) in printed.items():
                yield Reported(
                    snapshot_id=page.snapshot_id, model=entry.name, model_kind=tell_kind(entry), run=entry.day,
                    benchmark=benchmark, benchmark_version=version, metric=metric, setting=entry.setting,
                    score_reported=value, score_unit=unit, evaluated_date=entry.day, locator=f"{where}, {benchmark}",
                    evaluator_relationship=tell_evaluator(entry, benchmark),
                )  # fmt: skip
            model = describe(page, entry)
            if model.n_parameters or (entry.name, entry.day) not in about:
                about[entry.name, entry.day] = model
    yield from about.values()
    for rule, found in (("empty cell", empty), ("copy of an entry of the overall table", copies)):
        yield from leave_out(page, rule, found)


def name_table(page: Page, table: PlainTable) -> tuple[str, bool]:
    """The title over a table, and whether it stands on the tab of single trained models."""
    above = table.element.find_previous(string=TITLE)
    match = TITLE.fullmatch(above) if above else None
    title = squash(match[1]) if match else ""
    if title not in TABLES:
        raise LayoutChanged(f"{page.name} has a table without a known title.")
    return title, table.element.find_parent(id=SINGLE) is not None


def read_table(page: Page, table: PlainTable, columns: dict[str, str], single: bool) -> Iterator[Entry]:
    """The entries of one table."""
    places = {benchmark: table.column(name) for name, benchmark in columns.items() if name in table.header}
    condition = table.column("Self Consistency") if single else table.column(*KNOWLEDGE)
    name, size = table.column("Model"), table.column("Size")
    if not places:
        raise LayoutChanged(f"{page.name} has a table without a column {next(iter(columns))!r}.")
    for row in table.rows:
        if len(row) != len(table.header):
            raise LayoutChanged(f"{page.name} has a row of {len(row)} cells under {len(table.header)} headings.")
        mark = squash(row[condition].get_text(" "))
        if single:
            setting = f"single trained model, self-consistency: {mark or 'none'}"
        else:
            setting = "with oracle knowledge" if mark else "without oracle knowledge"
        badge = row[0].find(class_="badge")
        affiliation = row[name].find(class_="affiliation")
        yield Entry(
            name=read_name(row[name]),
            affiliation=squash(affiliation.get_text(" ")) if affiliation else "",
            day=squash(badge.get_text(" ")) if badge else "",
            size=squash(row[size].get_text(" ")),
            setting=setting,
            values={benchmark: read_value(row[place]) for benchmark, place in places.items()},
        )


def read_name(cell: Tag) -> str:
    """What a cell says before the affiliation and the link to a paper."""
    parts = []
    for node in cell.descendants:
        if isinstance(node, Tag):
            if {"affiliation", "paperlink"} & set(node.get("class") or ()):
                break
        else:
            parts.append(str(node))
    return squash(" ".join(parts))


def read_value(cell: Tag) -> tuple[str, str]:
    """A printed value without its badge, and the version of the dev set that a visible badge states.

    Invisible badges stand in the next column only to keep the numbers on one line.
    """
    badge = cell.find(class_="new-dev-badge")
    if badge is None:
        return squash(cell.get_text(" ")), ""
    shown = "hidden" not in (badge.get("style") or "")
    stated = NEW_DEV.fullmatch(str(badge.get("data-tooltip") or ""))
    if shown and not stated:
        raise LayoutChanged("A badge over a dev value does not say which dev set it stands for.")
    value = squash(" ".join(t for t in cell.find_all(string=True) if badge not in t.parents))
    return value, stated[1] if shown and stated else ""


def tell_kind(entry: Entry) -> str:
    """The board's baselines are bare models; everything else is somebody's system."""
    return "human" if entry.name == HUMAN else "model" if entry.affiliation == "Baseline" else "system"


def tell_evaluator(entry: Entry, benchmark: str) -> str:
    """Who ran an entry on a test."""
    if entry.name == HUMAN or entry.affiliation == "Baseline":
        return "third_party"
    return "collaborative" if benchmark == TEST else "unknown"


def describe(page: Page, entry: Entry) -> ReportedModel:
    """Size and day of one entry; raises LayoutChanged for a size in another form."""
    active_only, size = ACTIVE_ONLY.fullmatch(entry.size), SIZE.fullmatch(entry.size)
    if not active_only and not size and entry.size not in ("", "UNK"):
        raise LayoutChanged(f"{page.name} prints a size in another form: {shorten(entry.size)!r}.")
    total = size[1] if size else ""
    active = active_only[1] if active_only else (size[3] or "") if size else ""
    unit = "millions" if size and size[2].upper() == "M" else "billions"
    return ReportedModel(
        snapshot_id=page.snapshot_id, model=entry.name, model_kind=tell_kind(entry), run=entry.day,
        n_parameters=total, n_active_parameters=active, parameter_unit=unit if total or active else "",
        size_precision="stated" if total or active else "", submission_date=entry.day,
        developer="" if entry.affiliation == "Baseline" else entry.affiliation,
        is_moe="yes" if active else "",
    )  # fmt: skip
