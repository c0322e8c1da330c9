"""Own records: JSON records of Every Eval Ever 0.3 that somebody brought in with `pipeline.py bring`.

Question  Which scores do records say that no site of ours prints?
Input     JSON files of schema 0.3 (https://github.com/evaleval/every_eval_ever), one per source and model.
Output    Reported and ReportedModel as ingest/interchange.read gives them; who tested is what the record says.
Method    ingest/interchange.py, which also writes such records. The licence of the figures is not known, so they stay in
          the database of whoever brought them, and out of starter data and exports.
Silent    Scores that this project exported itself are counted as omitted: they are here already.
"""

from collections.abc import Iterator

from ingest import interchange
from ingest.records import LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out

SOURCE = Source(
    source_id="own_records",
    title="Own records (Every Eval Ever 0.3)",
    url="https://github.com/evaleval/every_eval_ever",
    licence="none stated",
    attribution="whoever brought the records",
    status="captured_only",
    redistribute=False,
    bundle_by="file",
)
OURS = "score that this project exported"


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores and facts about models, or the count of scores that are ours; raises LayoutChanged."""
    for page in pages:
        try:
            rows = list(interchange.read(page.text(), page.snapshot_id))
        except LayoutChanged as error:
            raise LayoutChanged(f"{page.name}: {error}") from error
        if interchange.is_ours(page.text()):
            scores = [f"{row.model}, {row.benchmark}" for row in rows if isinstance(row, Reported)]
            yield from leave_out(page, OURS, scores)
        else:
            yield from rows
