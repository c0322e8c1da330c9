"""Epoch AI: what its tables know about models, and the scores of its Benchmarking Hub.

Question  How large is a model, when was it published; which scores did Epoch measure or collect for it?
Input     four tables of models (CSV, two layouts) and the Hub's download: one CSV per benchmark in an archive (.zip
          live, .tar.gz in copies), https://epoch.ai/benchmarks. All files form one bundle: the Hub names a model, the
          tables size it.
Output    Reported: unit per table as in TABLES (most hold fractions, also where a column is called "% Resolved").
          ReportedModel: parameters as counts, publication date, developer, base model, training tokens.
Method    Tables with a column mean_score are Epoch's own runs (third party, its run id, standard error and date). All
          other tables are collected from papers and boards: read as quoted, the tester unknown where the table's own
          source does not say it. "gpt-5_high" is the model gpt-5 at effort high.
Silent    Counted as omitted: tables of boards that are sources of their own, and rows of HELM's Classic and Lite
          boards (in every_eval_ever); further columns; Epoch's own index (derived); sizes that Epoch calls likely or
          speculative (its words for "right to a factor of ten" or less); names that stand for several rows of a
          table. Training data counts are tokens only where Epoch's note on a language model says so.

Standard errors of WeirdML (below 0.0003) and APEX-Agents (in points, while the score is a fraction) are left out.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ingest.archives import MAX_UNPACKED, read_tar_gz
from ingest.columns import TextTable, read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out

TABLES_OF_MODELS = ("all_ai_models", "large_scale_ai_models", "notable_ai_models")

SOURCE = Source(
    source_id="epoch",
    title="Epoch AI (models and Benchmarking Hub)",
    url="https://epoch.ai/benchmarks",
    licence="CC BY 4.0 (Epoch AI)",
    attribution="Epoch AI, https://epoch.ai, CC BY 4.0",
    status="live",
    cadence_days=90,
    files=(
        *(
            File(
                name=f"{name}.csv",
                url=f"https://epoch.ai/data/{name}.csv",
                captures=rf"epoch-ai-models/{pattern}_\d{{4}}-\d{{2}}\.csv",
                bundle="all",
            )
            for name, pattern in zip(
                TABLES_OF_MODELS,
                ("all_(?:ai_models|ml_systems_full_view)", "large_scale_ai_models", "notable_ai_models"),
                strict=True,
            )
        ),
        File(
            name="benchmark_data.zip",
            url="https://epoch.ai/data/benchmark_data.zip",
            captures=r"epoch-benchmark-hub/epoch_benchmark_data_(?P<date>\d{4}-\d{2}-\d{2})\.tar\.gz",
            bundle="all",
        ),
    ),
)

WANTED = re.compile(r"(?:[\w-][^/]*/)?([a-z0-9_]+)\.csv")
INDEX = "epoch_capabilities_index"
EFFORT = re.compile(r"(.+)_(none|minimal|low|medium|high|xhigh|max|unknown|thinking|\d+K)")
# A row of one of these boards is in every_eval_ever already.
HELM = re.compile(r"https://crfm\.stanford\.edu/.*")
HELM_TESTS = ("bool_q", "hella_swag", "mmlu")
OWN_SOURCES = ("aider_polyglot", "arc_agi", "arc_agi_2", "gso", "live_bench", "swe_bench_bash")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of scores of a table; `benchmark` "" = the table's own."""

    name: str
    benchmark: str = ""
    metric: str = ""
    setting: str = ""
    error: str = ""
    is_subset: bool = False
    score_unit: str = "fraction"


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of the Hub.

    system      Column that names the agent or scaffold; its rows are systems.
    as_printed  True when that column already names the whole system.
    id          Column with Epoch's id of the row.
    day         Column with the day of the run.
    """

    benchmark: str
    columns: tuple[Column, ...]
    relationship: str = "unknown"
    system: str = ""
    as_printed: bool = False
    id: str = "id"
    day: str = ""
    version: str = ""
    extra: str = ""


def own(benchmark: str) -> Table:
    """A table of Epoch's own runs."""
    return Table(
        benchmark=benchmark,
        columns=(Column(name="mean_score", error="stderr"),),
        relationship="third_party",
        day="Started at",
    )


def collected(benchmark: str, *columns: Column | str, **more: Any) -> Table:
    """A table of values from elsewhere; a column given by name alone holds fractions, its name is no metric."""
    return Table(
        benchmark=benchmark, columns=tuple(Column(name=c) if isinstance(c, str) else c for c in columns), **more
    )


LENGTHS = ("Short", "Medium", "Long")
GAMES = ("BabyAI", "Crafter", "TextWorld", "BabaIsAI", "MiniHack", "NetHack")
CONTEXTS = ("0", "400", "1k", "2k", "4k", "8k", "16k", "32k", "60k", "192k")

TABLES = {
    "chess_puzzles": own("Chess Puzzles"),
    "frontiermath": own("FrontierMath"),
    "frontiermath_tier_4": own("FrontierMath Tier 4"),
    "gpqa_diamond": own("GPQA Diamond"),
    "math_level_5": own("MATH Level 5"),
    "otis_mock_aime_2024_2025": own("OTIS Mock AIME 2024-2025"),
    "simpleqa_verified": own("SimpleQA Verified"),
    # At most 484 of the 500 issues, run by Epoch's own agent: no row of the board of the same name.
    "swe_bench_verified": own("SWE-bench Verified (Epoch's subset)"),
    "adversarial_nli_external": collected("ANLI", "Score"),
    "apex_agents_external": collected("APEX-Agents", Column(name="Pass@1 score", metric="Pass@1")),
    "arc_ai2_external": collected("ARC Challenge", "Challenge score", Column(name="Easy score", benchmark="ARC Easy")),
    "balrog_external": collected(
        "BALROG",
        Column(name="Average progress", metric="progress", error="Average Standard error"),
        *(
            Column(
                name=f"{g} progress",
                benchmark=f"BALROG: {g}",
                metric="progress",
                error=f"{g} Standard error",
                is_subset=True,
            )
            for g in GAMES
        ),
    ),
    "bbh_external": collected("BBH", "Average"),
    "bool_q_external": collected("BoolQ", "Score"),
    "cad_eval_external": collected("CadEval", Column(name="Overall pass (%)", metric="Overall pass")),
    "common_sense_qa_2_external": collected("CommonsenseQA 2.0", "Score"),
    "cybench_external": collected("Cybench", Column(name="Unguided % Solved", metric="% Solved", setting="unguided")),
    "deepresearchbench_external": collected("DeepResearch Bench (FutureSearch)", "Average score"),
    "fictionlivebench_external": collected(
        "Fiction.LiveBench",
        Column(name="120k token score", setting="120k tokens"),
        *(
            Column(name=f"{c} token score", benchmark=f"Fiction.LiveBench: {c} tokens", is_subset=True)
            for c in CONTEXTS
        ),
    ),
    "gdpval_external": collected(
        "GDPval",
        Column(name="Win Rate (%)", metric="win rate"),
        Column(name="Win + tie rate (%)", metric="win + tie rate"),
        id="id",
    ),
    "geobench_external": collected(
        "GeoBench", Column(name="ACW Avg Score", metric="ACW Avg Score", score_unit="points"), extra="Tools"
    ),
    "gsm8k_external": collected("GSM8K", Column(name="EM", metric="EM")),
    "hella_swag_external": collected("HellaSwag", Column(name="Overall accuracy", metric="accuracy")),
    "hle_external": collected(
        "HLE",
        Column(name="Accuracy", metric="accuracy", error="Accuracy Standard Error"),
        Column(name="Calibration Error", metric="calibration error", score_unit="percent"),
    ),
    "lambada_external": collected("LAMBADA", "Score"),
    "lech_mazur_writing_external": collected(
        "Creative Story-Writing Benchmark (Lech Mazur)",
        Column(name="Mean score", metric="mean score", score_unit="points"),
        relationship="third_party",
        id="ID",
    ),
    "metr_time_horizons_external": collected(
        "METR time horizon",
        Column(name="Time horizon", metric="50% time horizon (minutes)", score_unit="points"),
        Column(name="Time Horizon (80%)", metric="80% time horizon (minutes)", score_unit="points"),
        relationship="third_party",
        extra="METR version",
    ),
    "mmlu_external": collected("MMLU", Column(name="EM", metric="EM")),
    "open_book_qa_external": collected("OpenBookQA", Column(name="Accuracy", metric="accuracy")),
    "os_world_external": collected(
        "OSWorld", Column(name="Score", score_unit="percent"), system="Agent", as_printed=True, id=""
    ),
    "piqa_external": collected("PIQA", "Score"),
    "posttrainbench_external": collected("PostTrainBench", "Average (%)", system="Scaffold", id=""),
    "science_qa_external": collected("ScienceQA", "Score"),
    "simplebench_external": collected("SimpleBench", Column(name="Score (AVG@5)", metric="AVG@5")),
    "superglue_external": collected("SuperGLUE", "Score"),
    "terminalbench_external": collected(
        "Terminal-Bench",
        Column(name="Accuracy mean", metric="accuracy", error="Accuracy SE"),
        system="Agent",
        day="Run date",
        version="2.0",
    ),
    "the_agent_company_external": collected(
        "TheAgentCompany",
        Column(name="% Score", metric="score"),
        Column(name="% Resolved", metric="resolved"),
        system="Name",
        as_printed=True,
        id="UUID",
    ),
    "trivia_qa_external": collected("TriviaQA", Column(name="EM", metric="EM")),
    "video_mme_external": collected(
        "Video-MME",
        *(
            Column(
                name=f"{part} ({sub} subtitles)",
                setting=f"{sub} subtitles",
                benchmark="" if part == "Overall" else f"Video-MME: {part}",
                is_subset=part != "Overall",
            )
            for part in ("Overall", *(f"{length} videos" for length in LENGTHS))
            for sub in ("no", "with")
        ),
    ),
    "vpct_external": collected("VPCT", Column(name="Correct", metric="correct")),
    "webdev_arena_external": collected(
        "WebDev Arena",
        Column(name="Arena Score", metric="Arena Score", score_unit="rating"),
        relationship="third_party",
    ),
    "weirdml_external": collected("WeirdML", Column(name="Accuracy", metric="accuracy")),
    "wino_grande_external": collected("Winogrande", Column(name="Accuracy", metric="accuracy")),
}

# Columns beside the scores. "" = the table has none.
ABOUT = ("Model version", "Release date", "Organization")
SIDE = {
    *ABOUT,
    "Name",
    "Country",
    "Training compute (FLOP)",
    "Training compute notes",
    "Shots",
    "Source",
    "Source link",
    "Source Link",
    "Source link (site from table)",
    "Notes",
    "Notes (details)",
    "Log viewer",
    "Logs",
    "Model Org",
    "Agent Org",
    "Country (of organization)",
    "Date added",
    "Created",
    "Benchmark Organization",
    "Edit format",
    "Prompt",
}
LINKS = ("Source link", "Source Link", "Source link (site from table)", "Log viewer")
UNSURE = ("Likely", "Speculative")
TOKENS = (
    "Training dataset size (datapoints)",
    "(DEPRECATED) Training dataset size (datapoints)",
    "Training dataset size (total)",
)
IS_OPEN = {"Open weights": "yes", "API access": "no", "Hosted access": "no", "Unreleased": "no"}


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    known: dict[str, ReportedModel] = {}
    for page in pages:
        if page.name.endswith(".csv"):
            for row in read_models(page):
                yield row
                if isinstance(row, ReportedModel) and (row.n_parameters or row.model not in known):
                    known[row.model] = row
    for page in pages:
        if not page.name.endswith(".csv"):
            yield from count_once(read_hub(page, known))


def count_once(
    rows: Iterator[Reported | ReportedModel | Omitted],
) -> Iterator[Reported | ReportedModel | Omitted]:
    """The same rows with the omissions of all tables added up by rule."""
    by_rule: dict[str, list[Omitted]] = {}
    for row in rows:
        if isinstance(row, Omitted):
            by_rule.setdefault(row.rule, []).append(row)
        else:
            yield row
    for listed in by_rule.values():
        first = min(listed, key=lambda row: row.example)
        yield replace(first, n_values=sum(row.n_values for row in listed))


def read_models(page: Page) -> Iterator[ReportedModel | Omitted]:
    """One row per name of a table of models."""
    table = read_text_table(page)
    tokens = next((c for c in TOKENS if c in table.header), "")
    rows = list(
        table.pick(
            [
                "Model",
                "Parameters",
                "Publication date",
                "Organization",
                "Confidence",
                "Domain",
                "Base model",
                "Model accessibility",
                "Dataset size notes",
                tokens,
            ]
        )
    )
    times = Counter(row[0] for row in rows)
    shared = [name for name, *_ in rows if times[name] > 1 or not name.strip()]
    unsure, foreign = [], []
    for name, size, day, developer, confidence, domain, parent, access, size_notes, n_tokens in rows:
        if times[name] > 1 or not name.strip():
            continue
        if size and confidence in UNSURE:
            unsure.append(f"{name}: {size} ({confidence})")
            size = ""
        is_tokens = domain == "Language" and "token" in size_notes.lower()
        if n_tokens and not is_tokens:
            foreign.append(f"{name}: {n_tokens}")
        opened = [word for start, word in IS_OPEN.items() if access.startswith(start)]
        yield ReportedModel(
            snapshot_id=page.snapshot_id,
            model=name,
            n_parameters=size,
            parameter_unit="count" if size else "",
            size_precision="stated" if size else "",
            n_training_tokens=n_tokens if is_tokens else "",
            developer=developer,
            base_model=parent,
            release_date=day,
            is_open_weights=opened[0] if opened else "",
        )
    for rule, listed in (
        ("name that stands for several rows", shared),
        ("size that Epoch calls likely or speculative", unsure),
        ("size of training data that is not told to be in tokens", foreign),
    ):
        yield from leave_out(page, rule, listed)


def read_members(page: Page) -> dict[str, bytes]:
    """Tables of the Hub by name, from either kind of archive; raises LayoutChanged."""
    if page.body[:2] != b"PK":
        found = read_tar_gz(page, WANTED)
    else:
        try:
            with zipfile.ZipFile(io.BytesIO(page.body)) as archive:
                members = [m for m in archive.infolist() if WANTED.fullmatch(m.filename)]
                if sum(m.file_size for m in members) > MAX_UNPACKED:
                    raise LayoutChanged(f"{page.name} unpacks to more than {MAX_UNPACKED} bytes.")
                found = {m.filename: archive.read(m) for m in members}
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as error:
            raise LayoutChanged(f"{page.name} is not a whole .zip file.") from error
    return {match[1]: body for name, body in sorted(found.items()) if (match := WANTED.fullmatch(name))}


def read_hub(page: Page, known: dict[str, ReportedModel]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores of the Hub, and what it and the tables know of its models."""
    members = read_members(page)
    if not TABLES.keys() & members.keys() or INDEX not in members:
        raise LayoutChanged(f"{page.name} holds none of the Hub's tables, or not its list of models.")
    for name, body in members.items():
        table = read_text_table(replace(page, name=f"{name}.csv", body=body))
        plain = name.removesuffix("_external")
        if name == INDEX:
            yield from read_index(page, table, known)
        elif plain in OWN_SOURCES:
            yield from leave_out(page, "table of a board that is a source of its own", [name] * len(table.rows))
        elif name not in TABLES:
            yield from leave_out(page, f"table of a benchmark that is not known here: {name}", [name] * len(table.rows))
        else:
            yield from read_scores(page, name, TABLES[name], table)


def read_index(page: Page, table: TextTable, known: dict[str, ReportedModel]) -> Iterator[ReportedModel | Omitted]:
    """What the Hub's list of models says, and the facts that the tables of models have under the name it gives."""
    derived = []
    done: set[str] = set()
    columns = ["Model version", "ECI Score", "Release date", "Organization", "Model accessibility", "Model name"]
    for version, index, day, developer, access, name in table.pick(columns):
        if index:
            derived.append(f"{version}: {index}")
        model = split_effort(version)[0]
        opened = [word for start, word in IS_OPEN.items() if access.startswith(start)]
        yield ReportedModel(
            snapshot_id=page.snapshot_id,
            model=model,
            developer=developer,
            release_date=day,
            is_open_weights=opened[0] if opened else "",
        )
        if name in known and model not in done:
            done.add(model)
            # The version's own release date is the Hub's; the table dates the model as a whole.
            yield replace(known[name], model=model, release_date="" if day else known[name].release_date)
    yield from leave_out(page, "Epoch's index, derived from the scores", derived)


def split_effort(version: str) -> tuple[str, str]:
    """Model and effort of a version as the Hub writes it."""
    match = EFFORT.fullmatch(version)
    return (match[1], match[2]) if match else (version, "")


def read_scores(page: Page, name: str, table: Table, rows: TextTable) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores of one table."""
    scores = [c.name for c in table.columns]
    errors = [c.error for c in table.columns]
    link = next((c for c in LINKS if c in rows.header), "")
    optional = [c if c in rows.header else "" for c in ("Name", "Shots", "Frames", "Score 95% CI")]
    asked = [*ABOUT, *optional, link, table.id, table.day, table.system, table.extra, *scores, *errors]
    used = {*asked, *SIDE, "id"}
    further = [
        f"{name}, {c}: {row[i]}" for i, c in enumerate(rows.header) if c not in used for row in rows.rows if row[i]
    ]
    copied, empty = [], []
    is_own = "mean_score" in scores
    for cells in rows.pick(asked):
        (version, day, developer, title, shots, frames, interval, address, row_id, ran, system, extra) = cells[:12]
        if HELM.fullmatch(address) and name.removesuffix("_external") in HELM_TESTS:
            copied += [f"{name}, {version or title}"] * sum(bool(v) for v in cells[12 : 12 + len(scores)])
            continue
        model, effort = split_effort(version or title)
        kind, scaffold_setting = "model", []
        if table.system and system and (table.as_printed or version or title):
            kind = "system"
            model = system if table.as_printed else f"{system}: {model}"
        if table.extra == "Tools":
            scaffold_setting = [f"tools: {extra}"]
        is_helm = bool(HELM.fullmatch(address))
        stated = f"{shots}-shot" if shots.isdecimal() else shots
        for column, score, error in zip(
            table.columns, cells[12 : 12 + len(scores)], cells[12 + len(scores) :], strict=True
        ):
            if not score.strip():
                empty.append(f"{name}, {model}, {column.name}")
                continue
            settings = [
                column.setting,
                stated,
                *scaffold_setting,
                frames and f"{frames} frames",
                effort and f"effort {effort}",
            ]
            half = re.fullmatch(r"=?\+(\d+)/-(\d+)", interval)
            yield Reported(
                snapshot_id=page.snapshot_id,
                model=model,
                model_kind=kind,
                run=row_id,
                benchmark=column.benchmark or table.benchmark,
                benchmark_version="HELM Classic"
                if is_helm
                else extra
                if table.extra == "METR version"
                else table.version,
                metric=column.metric,
                setting="; ".join(s for s in settings if s),
                score_reported=score,
                score_unit=column.score_unit,
                uncertainty=f"{error} stderr" if error else f"{half[1]} ci95" if half and half[1] == half[2] else "",
                evaluator_relationship="third_party" if is_helm else table.relationship,
                read_from="page" if is_own else "quoted",
                evaluated_date=ran,
                is_subset=column.is_subset,
                locator=f"{name}.csv, {f'id {row_id}' if row_id else f'row of {model}'}, {column.name}",
                source_url=address if address.startswith("http") else "",
            )
        if kind == "model" and model and (day or developer):
            yield ReportedModel(snapshot_id=page.snapshot_id, model=model, developer=developer, release_date=day)
    for rule, listed in (
        ("copy of a HELM board that every_eval_ever holds", copied),
        ("empty cell", empty),
        ("further column of a table", further),
    ):
        yield from leave_out(page, rule, listed)
