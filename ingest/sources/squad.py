"""SQuAD: reading comprehension, scored by exact match and F1 on hidden test questions.

Question  Which model reached which exact match and F1 on SQuAD 1.1 and SQuAD 2.0?
Input     The board's page: one table per version of the test; that of 2016 has a development table too and no dates.
Output    Two `Reported` per entry (EM and F1, percent) and one `ReportedModel` per entry.
Method    Everybody's model was run by the maintainers on a test set that they keep (third_party, one set-up for all).
          Half of the entries carry no run id, names repeat, and printed dates move by a day between builds of the page;
          a run on the hidden test never changes its scores, so the pair of scores is what identifies a run. The page of
          2016 rounds to one decimal, so its entries stay apart from the same runs in later pages.
Silent    Entries without a name ("Unnamed submission by null") are left out and counted: nobody could link them.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.tables import PlainTable, plain_tables, require_whole, squash

SOURCE = Source(
    source_id="squad",
    title="SQuAD leaderboard",
    url="https://rajpurkar.github.io/SQuAD-explorer/",
    licence="MIT",
    attribution="SQuAD team, Stanford NLP Group",
    status="captured_only",
    is_uniform=True,
    lists_all=r".*",
    files=(
        File(
            name="index.html",
            url="https://rajpurkar.github.io/SQuAD-explorer/",
            captures=r"squad/index(?:_(?P<date>\d{4}-\d{2}-\d{2}))?\.html",
        ),
    ),
)

HUMAN = "Human Performance"
BASELINES = ("Logistic Regression Baseline",)
UNNAMED = re.compile(r"Unnamed submission\b.*")
COLUMNS = {"EM": ("EM", "Test EM", "Dev EM"), "F1": ("F1", "Test F1", "Dev F1")}


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """All entries of each page."""
    for page in pages:
        text = page.text()
        require_whole(text)
        tables = list(plain_tables(BeautifulSoup(text, "lxml")))
        if not tables:
            raise LayoutChanged(f"{page.name} holds no table.")
        seen: dict[tuple[str, str], ReportedModel] = {}
        unnamed = []
        for table in tables:
            version, setting = name_test(table, tables)
            columns = place_columns(table)
            for row in table.rows:
                entry = read_row(row, columns)
                name, developer, day, scores = entry
                if not name or UNNAMED.fullmatch(name):
                    unnamed += [f"{day}: {metric} {score}" for metric, score in scores.items()]
                    continue
                kind = "human" if name == HUMAN else "baseline" if name in BASELINES else "system"
                run = "" if kind == "human" else name_run(scores)
                for metric, score in scores.items():
                    yield Reported(
                        snapshot_id=page.snapshot_id,
                        model=name,
                        model_kind=kind,
                        run=run,
                        benchmark="SQuAD",
                        benchmark_version=version,
                        metric=metric,
                        setting=setting,
                        score_reported=score,
                        score_unit="percent",
                        # Development scores were sent in; test scores come from the maintainers' own run.
                        evaluator_relationship="first_party" if setting and kind == "system" else "third_party",
                        evaluated_date=day,
                        locator=f"SQuAD{version}{' ' + setting if setting else ''} table, entry {name} {run}".rstrip(),
                        note=shorten(developer, 200),
                    )
                about = ReportedModel(
                    snapshot_id=page.snapshot_id,
                    model=name,
                    model_kind=kind,
                    run=run,
                    developer=developer,
                    submission_date=day,
                )
                seen.setdefault((name, run), about)
        yield from seen.values()
        yield from leave_out(page, "entry without a name", unnamed)


def name_test(table: PlainTable, tables: list[PlainTable]) -> tuple[str, str]:
    """Version of the test and setting ("" = hidden test set, "development set") that a table is about.

    Raises LayoutChanged when the page says neither.
    """
    heading = table.element.find_previous("h2")
    title = squash(heading.get_text(" ")) if heading else ""
    around = table.element.find_parent("div")
    words = squash(around.get_text(" ")) if around else ""
    setting = "development set" if title.startswith("Development") else ""
    if "1.1" in title:
        return "1.1", setting
    paragraph = table.element.find_previous("p")
    above = squash(paragraph.get_text(" ")) if paragraph else ""
    if "SQuAD2.0" in above or "SQuAD 2.0" in above:
        return "2.0", setting
    # Before SQuAD 2.0 existed the page had one test, named in the text over its first table.
    if "v1.1" in words and "SQuAD2.0" not in words:
        return "1.1", setting
    raise LayoutChanged(f"A table under {shorten(title)!r} does not say which version of SQuAD it is about.")


def place_columns(table: PlainTable) -> dict[str, int]:
    """Positions of name, date and scores in a row. The human row of 2016 is a table of its own without a header."""
    if not table.header and len(table.rows) == 1 and len(table.rows[0]) == 3 and HUMAN in table.rows[0][0].get_text():
        return {"name": 0, "EM": 1, "F1": 2}
    found = {"name": table.column("Model"), **{metric: table.column(*names) for metric, names in COLUMNS.items()}}
    return found | ({"date": table.column("Rank")} if "Rank" in table.header else {})


def read_row(row: tuple[Tag, ...], columns: dict[str, int]) -> tuple[str, str, str, dict[str, str]]:
    """Name, institution, day and scores of an entry as printed; raises LayoutChanged for a row of another length."""
    if len(row) <= max(columns.values()):
        raise LayoutChanged(f"A row of the board has only {len(row)} cells.")
    cell = row[columns["name"]]
    lines = [squash(s) for s in cell.stripped_strings]
    named = cell.select_one(".institution")
    # Until 2016 the institution is the second line of the cell.
    institution = squash(named.get_text(" ")) if named else "" if not lines[1:] else lines[1].strip("()")
    date = row[columns["date"]].select_one(".date") if "date" in columns else None
    scores = {metric: squash(row[columns[metric]].get_text(" ")) for metric in COLUMNS}
    return (lines or [""])[0], institution, squash(date.get_text(" ")) if date else "", scores


def name_run(scores: dict[str, str]) -> str:
    """The run by its two scores as printed ("EM 82.209, F1 88.608")."""
    return ", ".join(f"{metric} {score}" for metric, score in scores.items())
