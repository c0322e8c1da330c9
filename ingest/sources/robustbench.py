"""RobustBench: image classifiers under attack, with the accuracy that AutoAttack and the best known attack leave.

Question  How accurate is each published defence, and how accurate is it under attack?
Input     one HTML fragment per data set and threat; eight dated copies of CIFAR-10 Linf.
Output    Reported: percent. Metrics as the columns are titled: "Standard accuracy", "AutoAttack robust accuracy" (run
          by the board), "Best known robust accuracy" (where another attack got further, from whoever ran that attack);
          "Robust accuracy" until June 2021 and for corruptions. The venue, and the board's mark on an evaluation, stand
          in `note`.
Method    https://arxiv.org/abs/2010.09670. A paper brings several models: model = title of the paper and architecture,
          setting = whether extra data was used, and the page's remark where only that tells two rows apart.
Silent    Rows that not even the remark tells apart are ambiguous. No size is printed. Ranks are counted as omitted.

The mark "AA eval. potentially unreliable" speaks of the evaluation, not of the model: no model is flagged by it.
"""

from collections import Counter
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, Source, leave_out, shorten
from ingest.tables import PlainTable, plain_tables, squash

BOARDS = {
    "cifar10_leaderboard_Linf": ("cifar10/Linf", "RobustBench CIFAR-10 Linf"),
    "cifar10_leaderboard_L2": ("cifar10/L2", "RobustBench CIFAR-10 L2"),
    "cifar10_leaderboard_corruptions": ("cifar10/corruptions", "RobustBench CIFAR-10 corruptions"),
    "cifar100_leaderboard_Linf": ("cifar100/Linf", "RobustBench CIFAR-100 Linf"),
    "cifar100_leaderboard_corruptions": ("cifar100/corruptions", "RobustBench CIFAR-100 corruptions"),
    "imagenet_leaderboard_Linf": ("imagenet/Linf", "RobustBench ImageNet Linf"),
    "imagenet_leaderboard_corruptions": ("imagenet/corruptions", "RobustBench ImageNet corruptions"),
}

SOURCE = Source(
    source_id="robustbench",
    title="RobustBench",
    url="https://robustbench.github.io",
    licence="none stated",
    attribution="RobustBench, https://robustbench.github.io",
    status="live",
    cadence_days=365,  # the pages changed once or twice a year
    is_uniform=True,
    files=tuple(
        File(
            name=f"{path.replace('/', '_')}.html",
            url=f"https://robustbench.github.io/{path}.html",
            captures=rf"robustbench/{path.replace('/', '_')}(?:_(?P<date>\d{{4}}-\d{{2}}-\d{{2}}))?\.html",
            limit=2_000_000,
        )
        for path, _ in BOARDS.values()
    ),
    bundle_by="file",
    open_end=r".*\.html",  # fragments without <html>; parse() looks for the end of their table
)

FIRST, LAST = ("Rank", "Method", "Standard accuracy"), ("Extra data", "Architecture", "Venue")
MIDDLE = "AA eval. potentially unreliable"
EXTRA_DATA = {"×": "no extra data", "☑": "extra data"}
# Who ran the attack behind a column; others name the page's own measurement.
OTHERS = ("Best known robust accuracy",)


def parse(pages: list[Page]) -> Iterator[Reported | Omitted]:
    """Scores and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        text = page.text()
        # The pages are fragments without <html>: the closing tag of the table is what shows that one is whole.
        if "</table>" not in text:
            raise LayoutChanged(f"{page.name} breaks off before the end of its table.")
        tables = list(plain_tables(BeautifulSoup(text, "lxml")))
        if len(tables) != 1 or tables[0].element.get("id") not in BOARDS:
            raise LayoutChanged(f"{page.name} does not hold the one table of a RobustBench page.")
        yield from read_board(page, tables[0])


def read_board(page: Page, table: PlainTable) -> Iterator[Reported | Omitted]:
    """Scores of one page."""
    benchmark = BOARDS[str(table.element["id"])][1]
    header, extra = table.header, len(table.header) - 3
    if header[:3] != FIRST or header[-3:] != LAST:
        raise LayoutChanged(f"{page.name} has other columns than a RobustBench page.")
    scores = [place for place in range(2, extra) if header[place] != MIDDLE]
    flag = header.index(MIDDLE) if MIDDLE in header else None
    if any(len(row) != len(header) for row in table.rows):
        raise LayoutChanged(f"{page.name} has a row with another number of cells than its header.")
    rows = [(*read_title(page, row[1]), [squash(cell.get_text(" ")) for cell in row]) for row in table.rows]
    alike = Counter((title, cells[extra], cells[-2]) for title, _, _, cells in rows)
    for title, link, remark, cells in rows:
        if cells[extra] not in EXTRA_DATA:
            raise LayoutChanged(f"{page.name} says {shorten(cells[extra])!r} about extra data.")
        setting = EXTRA_DATA[cells[extra]]
        if alike[title, cells[extra], cells[-2]] > 1 and remark:
            setting += f"; {shorten(remark, 120)}"
        for place in scores:
            note = f"venue: {cells[-1]}"
            if header[place].startswith("AutoAttack") and flag is not None and cells[flag] != "×":
                note += f"; {MIDDLE}: {cells[flag]}"
            yield Reported(
                snapshot_id=page.snapshot_id, model=f"{title} ({cells[-2]})", model_kind="system", benchmark=benchmark,
                metric=header[place], setting=setting, score_reported=cells[place],
                score_unit="percent", source_url=link, note=shorten(note, 200),
                evaluator_relationship="other" if header[place] in OTHERS else "third_party",
                locator=f"column {header[place]}",
            )  # fmt: skip
    yield from leave_out(page, "rank, made from the scores", ["1"] * len(table.rows))


def read_title(page: Page, cell: Tag) -> tuple[str, str, str]:
    """Title of a row's paper, its address, and the remark below."""
    anchor = cell.find("a")
    title = squash(anchor.get_text(" ")) if anchor else ""
    if not title:
        raise LayoutChanged(f"{page.name} has a row without the title of its paper.")
    remark = cell.find(class_="td-footer")
    return title, str(anchor.get("href") or "") if anchor else "", squash(remark.get_text(" ")) if remark else ""
