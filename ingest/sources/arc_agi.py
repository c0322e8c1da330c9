"""ARC Prize leaderboard: puzzles of coloured grids, in three generations.

Question  Which share of the puzzles does each model or system solve?
Input     evaluations.json (one score per data set and model) and models.json (names, release dates, kind).
Output    Reported: fractions; one benchmark per data set. ReportedModel: release date, maker.
Method    https://arcprize.org/leaderboard. The two files are joined by the model's id, which is the name here: ten
          displayed names stand for two models each. The board runs models itself, also on sets that it keeps to itself;
          entries of its contests and refinements by others are systems that it ran (collaborative).
Silent    Entries that the board holds but does not display, and costs, are counted. Ids of April 2025 that later files
          no longer use are shown as removed: no file says which new id continues them.
"""

from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.sources._printed_json import field, read_json

SOURCE = Source(
    source_id="arc_agi",
    title="ARC Prize leaderboard",
    url="https://arcprize.org/leaderboard",
    licence="none stated",
    attribution="ARC Prize Foundation, https://arcprize.org",
    status="live",
    cadence_days=30,
    is_uniform=True,
    lists_all=r"evaluations.*\.json",
    files=tuple(
        File(
            name=f"{name}.json",
            url=f"https://arcprize.org/media/data/{name}.json",
            captures=rf"arc-agi/{name}(?:_(?P<date>\d{{4}}-\d{{2}}-\d{{2}}))?\.json",
        )
        for name in ("evaluations", "models")
    ),
)

# Data sets and their displayed names.
SETS = {
    "v1_Semi_Private": "ARC-AGI-1", "v1_Public_Eval": "ARC-AGI-1 Public", "v1_Private_Eval": "ARC-AGI-1 Private",
    "v2_Semi_Private": "ARC-AGI-2", "v2_Public_Eval": "ARC-AGI-2 Public", "v2_Private_Eval": "ARC-AGI-2 Private",
    "v3_Semi_Private": "ARC-AGI-3", "v3_Public_Demo": "ARC-AGI-3 Public Demo",
}  # fmt: skip
SYSTEMS = ("Custom", "Refinement")
TEXT = (str, type(None))


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores and models of one bundle; raises LayoutChanged. Of two readings of one file the last one counts."""
    found = {page.name.partition("_")[0].removesuffix(".json"): page for page in pages}
    missing = {"evaluations", "models"} - set(found)
    if missing:
        raise LayoutChanged(f"The ARC Prize data came without its {missing.pop()}.")
    models = read_models(found["models"])
    yield from read_scores(found["evaluations"], models)
    page = found["models"]
    for model, facts in models.items():
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=model, model_kind=tell_kind(facts),
            release_date=field(page.name, facts, "modelReleaseDate", TEXT) or "",
            developer=field(page.name, facts, "providerId"), source_url=facts.get("paperUrl") or "",
        )  # fmt: skip


def read_models(page: Page) -> dict[str, dict]:
    """Model id -> what the board says about it. A few stand there twice: with the same name, date, maker and kind."""
    listed = read_json(page)
    if not isinstance(listed, list) or not listed:
        raise LayoutChanged(f"{page.name} is not a list of models.")
    models: dict[str, dict] = {}
    said: dict[str, tuple] = {}
    # Sorted, so that the order of the page plays no part in which of two rows counts.
    for facts in sorted(listed, key=lambda row: (field(page.name, row, "id"), str(row.get("paperUrl") or ""))):
        words = tuple(field(page.name, facts, k, TEXT) for k in ("displayName", "modelReleaseDate", "providerId"))
        if said.setdefault(facts["id"], (*words, tell_kind(facts))) != (*words, tell_kind(facts)):
            raise LayoutChanged(f"{page.name} describes the model {shorten(facts['id'])!r} in two ways.")
        models[facts["id"]] = facts
    return models


def read_scores(page: Page, models: dict[str, dict]) -> Iterator[Reported | Omitted]:
    """The scores of one file."""
    listed = read_json(page)
    if not isinstance(listed, list) or not listed:
        raise LayoutChanged(f"{page.name} is not a list of scores.")
    hidden: list[str] = []
    costs: list[str] = []
    for entry in listed:
        key, model = field(page.name, entry, "datasetId"), field(page.name, entry, "modelId")
        if key not in SETS or model not in models:
            raise LayoutChanged(f"{page.name} has a score of an unknown set or model: {shorten(f'{key}, {model}')!r}.")
        score = field(page.name, entry, "score", TEXT)
        costs += [f"{model}, {key}"] if entry.get("costPerTask") or entry.get("cost") else []
        if score is None or not field(page.name, entry, "display", bool):
            hidden.append(f"{model}, {key}")
            continue
        kind = tell_kind(models[model])
        yield Reported(
            snapshot_id=page.snapshot_id, model=model, model_kind=kind, benchmark=SETS[key], score_reported=score,
            score_unit="fraction", evaluator_relationship="collaborative" if kind == "system" else "third_party",
            locator=f"{key}, {model} ({field(page.name, models[model], 'displayName')})",
        )  # fmt: skip
    for rule, found in (("entry that the board does not display", hidden), ("cost of an entry", costs)):
        yield from leave_out(page, rule, found)


def tell_kind(facts: dict) -> str:
    """Human panels, contest entries and refinements stand beside the models."""
    if facts.get("providerId") == "Human":
        return "human"
    return "system" if facts.get("modelType") in SYSTEMS else "model"
