"""oobabooga benchmark: 48 private questions, one maintainer, hundreds of quantised copies of models that run at home.

Question  How many of 48 questions did each copy of a model answer, and how large is the model?
Input     one HTML page with one table; eight dated copies.
Output    Reported: "34/48" as printed, a fraction; n_items 48; one row per copy. ReportedModel: billions of parameters.
Method    The name of a copy ends in its quantisation ("-Q4_K_M", ".i1-IQ3_XS", "-6.0bpw-h6-exl2"): model = what stands
          before it, setting = quantisation, loader and remark as printed. listed_date = the day under which the
          page's list of updates names this copy with this score. https://oobabooga.github.io/benchmark.html
Silent    A size given as experts times size ("8x7B") is no count of parameters and is omitted; "235B-A22B" states total
          and active parameters. The size of the file is a property of the copy and is omitted, too.

48 questions: the standard error of a share near one half is seven points.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.tables import PlainTable, plain_tables, require_whole, squash

SOURCE = Source(
    source_id="oobabooga",
    title="oobabooga benchmark",
    url="https://oobabooga.github.io/benchmark.html",
    licence="none stated",
    attribution="oobabooga, https://oobabooga.github.io/benchmark.html",
    status="frozen",  # the page says that the work moved to another site
    lists_all=r".*",
    files=(
        File(
            name="benchmark.html",
            url="https://oobabooga.github.io/benchmark.html",
            captures=r"oobabooga/benchmark(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.html",
            limit=2_000_000,
        ),
    ),
    bundle_by="file",
)

BENCHMARK = "oobabooga benchmark"
SCORE = re.compile(r"\d+/(\d+)")
PLAIN_SIZE = re.compile(r"(\d+(?:\.\d+)?)B(?:-A(\d+(?:\.\d+)?)B)?")
UPDATE = re.compile(r"(.+?) \([^()]*\) - (\d+/\d+)")
# What a copy's name ends in: GGUF types (with the maker's prefix), bits per weight of exl2/exl3, AWQ/GPTQ/AQLM/HQQ.
QUANTISATION = re.compile(
    r"[-._]((?:(?:i1|UD)[-.])?(?:IQ\d|Q\d)(?:_[A-Z0-9]+)*"
    r"|(?:B?F16|FP16|F32)"
    r"|(?:(?:h\d+|exl[23])[-_])*\d+(?:\.\d+)?bpw(?:[-_](?:h\d+|exl[23]))*"
    r"|(?:AWQ|GPTQ|AQLM|HQQ)(?:-[\w.]+)*)$",
    re.IGNORECASE,
)


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, sizes and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        text = page.text()
        require_whole(text)
        soup = BeautifulSoup(text, "lxml")
        tables = list(plain_tables(soup))
        if len(tables) != 1:
            raise LayoutChanged(f"{page.name} holds {len(tables)} tables instead of one.")
        yield from read_board(page, tables[0], read_updates(soup))


def read_updates(soup: BeautifulSoup) -> dict[tuple[str, str], str]:
    """(Name, score) of each update -> the oldest day under which it is listed."""
    found: dict[tuple[str, str], str] = {}
    for day in soup.select(".comments h3"):
        listed = day.find_next_sibling()
        for item in listed.find_all("li") if listed and listed.name == "ul" else ():
            match = UPDATE.fullmatch(squash(item.get_text(" ")))
            if match:
                key = (match[1], match[2])
                found[key] = min(found.get(key, "9999"), squash(day.get_text()))
    return found


def read_board(
    page: Page, table: PlainTable, days: dict[tuple[str, str], str]
) -> Iterator[Reported | ReportedModel | Omitted]:
    """Rows of the table."""
    size_column = table.column("Parameters", "Size")
    places = [
        table.column("Score"),
        table.column("Model"),
        size_column,
        table.column("Loader"),
        table.column("Additional info"),
    ]
    by_experts: list[str] = []
    for row in table.rows:
        if len(row) != len(table.header):
            raise LayoutChanged(f"{page.name} has a row with another number of cells than its header.")
        score, name, size, loader = (squash(row[place].get_text(" ")) for place in places[:4])
        model, quantisation = split_name(name)
        stated = PLAIN_SIZE.fullmatch(size)
        if size and not stated:
            by_experts.append(f"{name}: {size}")
        remark, link = read_remark(row[places[4]])
        setting = "; ".join(part for part in (quantisation, loader, remark) if part)
        counted = SCORE.fullmatch(score)
        yield Reported(
            snapshot_id=page.snapshot_id, model=model, benchmark=BENCHMARK, metric="accuracy", setting=setting,
            score_reported=score, score_unit="fraction", n_items=counted[1] if counted else "",
            evaluator_relationship="third_party", listed_date=days.get((name, score), ""), source_url="",
            locator=f"row {shorten(name)}", note=shorten(f"weights: {link}", 200) if link else "",
        )  # fmt: skip
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=model, n_parameters=stated[1] if stated else "",
            parameter_unit="billions" if stated else "", size_precision="stated" if stated else "",
            n_active_parameters=(stated[2] or "") if stated else "", is_open_weights="yes",
            is_moe="yes" if (stated and stated[2]) or "x" in size else "",
        )  # fmt: skip
    yield from leave_out(page, "size given as experts times size", by_experts)
    if "Size (GB)" in table.header:
        yield from leave_out(page, "size of the file", [squash(row[1].get_text(" ")) for row in table.rows])


def split_name(name: str) -> tuple[str, str]:
    """A copy's name as model and quantisation; the latter "" when the name does not end in one."""
    match = QUANTISATION.search(name)
    return (name[: match.start()], match[1]) if match and match.start() else (name, "")


def read_remark(cell: Tag) -> tuple[str, str]:
    """The remark of a row without its link, and the link."""
    anchor = cell.find("a")
    text = squash(cell.get_text(" ")).replace("[link]", "").strip().removeprefix("- ")
    return shorten(text, 150), str(anchor.get("href") or "") if anchor else ""
