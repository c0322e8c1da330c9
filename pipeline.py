"""The command line: fetch | build | status | export | interchange | publish | document.

build() reads as the walk of a score: gathered rows -> accepted records -> evaluations with their history -> linked names
-> findings and trends -> a validated database, swapped in whole.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import scoring
import store
from data.vocabulary import MARKED
from ingest import (
    checks,
    facts,
    fetch,
    gather,
    history,
    identity,
    interchange,
    published,
    records,
    snapshots,
    sources,
    starter,
    suggest,
)  # fmt: skip
from ingest.facts import Facts
from ingest.gather import Folders, Gathered
from reading import claims as known_claims
from reading import exports, status
from scoring.evidence import TWINS, Evidence

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
console = Console(stderr=True)
EXPORTS = ("scores", "anomalies", "saturation", "outlook", "models", "twin_gaps")


@dataclass(frozen=True)
class Stage:
    """How long one step of a build took, in seconds, and how many rows it gave."""

    name: str
    seconds: float
    n_rows: int


def fail(sentence: str, code: int = 1) -> None:
    """Print one sentence to standard error and leave."""
    console.print(f"[bold]Stopped:[/bold] {records.shorten(sentence, 400)}", highlight=False, soft_wrap=True)
    raise typer.Exit(code)


@contextmanager
def one_sentence() -> Iterator[None]:
    """Errors that a person can act on become one sentence and exit code 1; others keep their traceback."""
    try:
        yield
    except (
        records.FetchFailed, records.LayoutChanged, records.InvalidFact, store.InvalidData, store.NoDatabase,
        starter.StarterDamaged, snapshots.SnapshotDamaged,
    ) as error:  # fmt: skip
        fail(str(error))
    except OSError as error:
        fail(f"{error.strerror or type(error).__name__}: {error.filename or ''}".rstrip(": "))


def link(evaluations: pd.DataFrame, known: Facts, modules: dict) -> pd.DataFrame:
    """Evaluations with model_id, benchmark_id, metric_id, setting_group and series_id."""
    declared = {name: module.SOURCE for name, module in modules.items()}
    tests = identity.name_tests(evaluations, known, declared)
    return evaluations.assign(model_id=identity.name_models(evaluations, known), **{c: tests[c] for c in tests.columns})


def count_items(evaluations: pd.DataFrame, series: pd.DataFrame) -> pd.Series:
    """Items behind each score: the count printed beside it (partial runs differ), else the series' own, else NaN."""
    printed = records.read_counts(evaluations["n_items"], "count")
    return printed.fillna(evaluations["series_id"].map(series.set_index("series_id")["n_items"].astype(float)))


def check(evaluations: pd.DataFrame, models: pd.DataFrame, series: pd.DataFrame, typed: set[str]) -> pd.Series:
    """data_problem of each evaluation: the first finding of the checks, None where there is none.

    typed   sources whose numbers are typed by hand into tables, where a slip of scale can happen
    """
    joined = evaluations.assign(
        is_lower_better=evaluations["series_id"].map(series.set_index("series_id")["is_lower_better"])
    )
    joined["run_group"] = joined["run"].where(joined["source_id"].isin(typed), "")
    problems = pd.Series(None, index=evaluations.index, dtype=object)
    conflict = models.set_index("model_id")["size_note"]
    conflict = conflict[conflict.str.startswith(checks.SIZE_DOUBTS, na=False)]
    problems.update(joined["model_id"].map(conflict).dropna())
    problems.update(checks.find_exact_zeros(joined))
    problems.update(checks.find_scale_slips(joined[joined["source_id"].isin(typed)]))
    return problems.where(problems.notna(), None)


def tell_twins(known: Facts, benchmarks: pd.DataFrame) -> pd.DataFrame:
    """Table twin: the pairs of which both halves have a score."""
    present = set(benchmarks["benchmark_id"])
    rows = known.twins[known.twins["benchmark_id"].isin(present) & known.twins["twin_benchmark_id"].isin(present)]
    empty = {c: rows[c].where(rows[c] != "", None) for c in ("usual_change", "note")}
    return rows.assign(**empty, is_nested=rows["is_nested"] == "yes").reset_index(drop=True)


def make_evidence(
    evaluations: pd.DataFrame,
    models: pd.DataFrame,
    series: pd.DataFrame,
    benchmarks: pd.DataFrame,
    day: date,
    twins: pd.DataFrame | None = None,
) -> Evidence:
    """What the scoring room sees: one row per current evaluation, facts of model, series and benchmark joined on."""
    rows = evaluations[evaluations["status"] == "current"]
    rows = rows[[
        "evaluation_id", "model_id", "series_id", "score", "score_decimals", "standard_error", "first_seen_date",
        "evaluated_date", "source_id", "evaluator_relationship", "read_from", "data_problem", "n_items", "run",
        "setting",
    ]]  # fmt: skip
    about_model = models[[
        "model_id", "name", "kind", "n_parameters", "n_active_parameters", "is_moe", "is_merged", "model_date",
        "date_basis", "cluster_id", "root_model", "developer", "family",
    ]].rename(columns={"name": "model_name"})  # fmt: skip
    about_test = series[[
        "series_id", "benchmark_id", "metric", "setting_group", "unit", "is_lower_better", "is_subset",
        "is_item_count", "n_at_least", "rerun_spread",
    ]].merge(
        benchmarks[[
            "benchmark_id", "floor", "ceiling", "ceiling_low", "ceiling_high", "human_score", "release_date",
            "is_dynamic",
        ]].rename(columns={"release_date": "benchmark_release_date"}),
        on="benchmark_id",
    )  # fmt: skip
    rows = rows.merge(about_model, on="model_id").merge(about_test, on="series_id")
    for column in ("model_date", "first_seen_date", "evaluated_date", "benchmark_release_date"):
        rows[column] = pd.to_datetime(rows[column])
    rows = rows.sort_values("evaluation_id").reset_index(drop=True)
    if twins is None:
        return Evidence(evaluations=rows, asof=day)
    names = benchmarks.set_index("benchmark_id")["name"]
    halves = {"name": "benchmark_id", "twin_name": "twin_benchmark_id"}
    named = twins.assign(**{column: twins[half].map(names) for column, half in halves.items()})
    return Evidence(evaluations=rows, asof=day, twins=named[TWINS])


def count_series(series: pd.DataFrame, evaluations: pd.DataFrame, models: pd.DataFrame) -> pd.DataFrame:
    """Series with counts of current evaluations, models and models with a size, and the spread between runs."""
    rows = evaluations[evaluations["status"] == "current"].merge(models[["model_id", "n_parameters"]], on="model_id")
    out = series.set_index("series_id")
    group = rows.groupby("series_id")
    out["n_evaluations"] = group.size().reindex(out.index).fillna(0).astype(int)
    out["n_models"] = group["model_id"].nunique().reindex(out.index).fillna(0).astype(int)
    sized = rows[rows["n_parameters"].notna()].groupby("series_id")["model_id"].nunique()
    out["n_sized_models"] = sized.reindex(out.index).fillna(0).astype(int)
    # Same model, several runs on one board: their spread is what re-running costs, measured and not assumed.
    several = rows.groupby(["series_id", "model_id"])["score"].agg(["std", "size"])
    several = several[several["size"] > 1]
    spread = several.groupby("series_id")["std"].agg(["median", "size"])
    enough = spread["size"] >= 10  # fewer repeated models and the median is an anecdote
    # The median absolute pair difference understates a standard deviation by 1.48 when errors are normal.
    out["rerun_spread"] = (spread["median"][enough] * 1.4826).reindex(out.index)
    return out.reset_index()


def tell_incidents(known: Facts, models: pd.DataFrame, benchmarks: pd.DataFrame) -> pd.DataFrame:
    """Table incident: documents joined to models and benchmarks by exact names."""
    by_name = {facts.normalise(n): i for n, i in zip(models["name"], models["model_id"], strict=True)}
    by_name |= {facts.normalise(i.removeprefix("hf:")): i for i in models["model_id"] if i.startswith("hf:")}
    rows = known.incidents
    # Alias rows of the source "incidents" say which models a document's own words mean.
    linked = identity.name_models(rows.assign(source_id="incidents", name_scheme=""), known)
    present = set(models["model_id"])
    tests = {facts.normalise(n): i for n, i in zip(benchmarks["name"], benchmarks["benchmark_id"], strict=True)}
    return pd.DataFrame(
        {
            "incident_id": rows["incident_id"],
            "model_reported": rows["model"],
            "model_id": [
                i if i in present else by_name.get(facts.normalise(m))
                for i, m in zip(linked, rows["model"], strict=True)
            ],
            "benchmark_reported": rows["benchmark"].replace("", None),
            "benchmark_id": [tests.get(facts.normalise(b)) for b in rows["benchmark"]],
            "status": rows["status"],
            "claim": rows["claim"],
            "said_by": rows["said_by"].replace("", None),
            "evidence_url": rows["evidence_url"],
            "evidence_date": [d.isoformat() if (d := records.read_date(t)) else None for t in rows["evidence_date"]],
            "reply": rows["reply"].replace("", None),
        }
    )


def tell_level_changes(levels: pd.DataFrame | None, now: pd.DataFrame, evaluations: pd.DataFrame) -> pd.DataFrame:
    """Table level_change: what differs from the levels that were published (none: nothing does)."""
    log = pd.DataFrame(columns=list(published.COLUMNS), dtype=str) if levels is None else levels
    log = published.update(log, now) if len(log) else log
    return published.changes(log, evaluations.set_index("evaluation_id")["first_seen_date"].astype(str))


def tell_sources(modules: dict, gathered: Gathered) -> pd.DataFrame:
    """Table source."""
    rows = []
    for source_id, module in modules.items():
        mine = gathered.snapshots[gathered.snapshots["source_id"] == source_id]
        about = module.SOURCE
        rows.append(
            {
                "source_id": source_id, "title": about.title, "url": about.url, "licence": about.licence,
                "attribution": about.attribution, "status": about.status, "cadence_days": about.cadence_days,
                "is_redistributable": about.redistribute, "n_snapshots": len(mine),
                "newest_content_date": mine["content_date"].max() if len(mine) else None,
                "last_retrieved_at": (mine["retrieved_at"].replace("", None).dropna().max() if len(mine) else None),
                "problem": gathered.problems.get(source_id),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def make_tables(
    known: Facts, modules: dict, gathered: Gathered, asof: date | None = None, levels: pd.DataFrame | None = None
) -> tuple[dict[str, pd.DataFrame], list[Stage]]:
    """All tables of data/schema.sql from gathered rows, and how long each step took.

    levels   the log of published levels (published.read); without it nothing counts as changed
    """
    stages: list[Stage] = []
    clock = time.monotonic()

    def done(name: str, n_rows: int) -> None:
        nonlocal clock
        stages.append(Stage(name, time.monotonic() - clock, n_rows))
        clock = time.monotonic()

    declared = {name: module.SOURCE for name, module in modules.items()}
    pages = gathered.snapshots.set_index("snapshot_id")
    accepted, refused = records.accept(gathered.reported)
    refused["source_id"] = refused["snapshot_id"].map(pages["source_id"])
    for column in ("content_date", "file_name", "url", "licence"):
        accepted[column] = accepted["snapshot_id"].map(pages[column])
    done("accept", len(gathered.reported))
    past = history.collapse(accepted, declared)
    done("history", len(accepted))

    linked = link(past.evaluations, known, modules)
    about = gathered.models.assign(content_date=gathered.models["snapshot_id"].map(pages["content_date"]))
    models = identity.make_models(linked, about, known, declared)
    benchmarks = identity.make_benchmarks(linked, known, declared)
    series = count_series(identity.make_series(linked, known), linked, models)
    typed = {name for name, source in declared.items() if not source.is_uniform}
    linked["n_items"] = count_items(linked, series)
    evaluations = linked.assign(data_problem=check(linked, models, series, typed))
    evaluations = evaluations.drop(columns="metric").rename(
        columns={"metric_id": "metric", "model": "model_reported", "benchmark": "benchmark_reported"}
    )
    evaluations["evaluated_date"] = [d.isoformat() if d else None for d in evaluations["evaluated_on"].tolist()]
    # What a page prints as a link is not always one ("None"); the page's own address then leads the reader.
    is_address = evaluations["source_url"].str.match(r"https?://")
    evaluations["source_url"] = evaluations["source_url"].where(is_address, evaluations["url"])
    for source, target in (("uncertainty", "uncertainty_reported"), ("setting", "setting"), ("note", "note")):
        evaluations[target] = evaluations[source].replace("", None)
    done("link", len(evaluations))

    day = asof or date.fromisoformat(max(gathered.snapshots["content_date"]))
    twins = tell_twins(known, benchmarks)
    results = scoring.run(make_evidence(evaluations, models, series, benchmarks, day, twins))
    done("score", len(results.findings))

    left = gathered.omitted[["source_id", "snapshot_id", "rule", "n_values", "example"]]
    repeats = past.repeats.assign(rule="printed twice alike on one page")[left.columns]
    left = pd.concat([left, repeats], ignore_index=True) if len(repeats) else left
    tables = {
        "source": tell_sources(modules, gathered),
        "snapshot": gathered.snapshots.assign(retrieved_at=gathered.snapshots["retrieved_at"].replace("", None)),
        "model": models,
        "benchmark": benchmarks,
        "alias": identity.list_names(models, benchmarks, known),
        "twin": twins,
        "series": series,
        "evaluation": evaluations,
        "sighting": past.sightings,
        "rejection": pd.concat([refused, past.rejections], ignore_index=True),
        "omission": left.groupby(["source_id", "snapshot_id", "rule"], as_index=False).agg(
            n_values=("n_values", "sum"), example=("example", "min")
        ),
        "signal": results.signals,
        "fit": results.fits,
        "finding": results.findings,
        "trend": results.trends,
        "model_summary": results.summaries,
        "incident": tell_incidents(known, models, benchmarks),
        "evaluation_change": past.changes,
        "level_change": tell_level_changes(
            levels, published.judged(results.findings, results.signals, str(day)), evaluations
        ),
        "build": pd.DataFrame({"name": ["asof"], "value": [str(day)]}),
    }
    known_columns = store.columns()
    out = {}
    for name, table in tables.items():
        frame = table[list(known_columns[name])]
        keys = store.KEYS.get(name, list(frame.columns))
        out[name] = frame.sort_values(keys, kind="stable").reset_index(drop=True)
    done("tables", sum(len(t) for t in out.values()))
    return out, stages


@app.command("fetch")
def fetch_command(
    mirror: Path | None = typer.Option(
        None, envvar="BENCHMARK_MIRROR", help="Folder of captured pages, not the network."
    ),
    source: list[str] = typer.Option([], help="Only these sources (repeatable)."),
) -> None:
    """Fetch pages from the live sites (or a mirror) into data/snapshots; exit code 1 when a source failed."""
    with one_sentence():
        known, modules = facts.read(Folders().facts), sources.discover()
        unknown = sorted(set(source) - set(modules))
        if unknown:
            fail(f"There is no source {unknown[0]!r}; known are {', '.join(modules)}.", 2)
        chosen = {s: m for s, m in modules.items() if not source or s in source}
        session = None if mirror else fetch.open_session()
        tally: dict[str, dict[str, int]] = {}
        problems = []
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Fetching", total=len(chosen))
            for source_id, module in chosen.items():
                progress.update(task, description=f"Fetching {module.SOURCE.title}")
                counts = tally.setdefault(source_id, {"new": 0, "unchanged": 0, "failed": 0})
                files = gather.list_files(module, known)
                folder = Folders().snapshots
                outcomes = (
                    fetch.copy(module.SOURCE, files, mirror, folder)
                    if mirror
                    else fetch.fetch(module.SOURCE, files, folder, session=session)
                )
                for outcome in outcomes:
                    counts[outcome.state] += 1
                    if outcome.state == "failed":
                        problems.append(outcome.message)
                progress.advance(task)
        table = Table("source", "new", "unchanged", "failed", title="Fetched")
        for source_id, counts in tally.items():
            table.add_row(source_id, *(str(counts[k]) for k in ("new", "unchanged", "failed")))
        console.print(table)
        for problem in problems:
            console.print(problem, markup=False, highlight=False)
        if problems:
            raise typer.Exit(1)


@app.command()
def build(
    asof: datetime | None = typer.Option(None, formats=["%Y-%m-%d"], help="Only what was published up to this day."),
    if_needed: bool = typer.Option(False, help="Do nothing when the database is newer than what it is made from."),
) -> None:
    """Build a fresh database from starter data, facts and fetched snapshots, and make it the current one."""
    # Text as Python objects: a build walks its text columns row by row, which Arrow does at half the speed.
    with one_sentence(), pd.option_context("mode.string_storage", "python"):
        if if_needed and is_current():
            console.print("The database is up to date.")
            return
        started = time.monotonic()
        known, modules = facts.read(Folders().facts), sources.discover()
        gathered = gather.gather(modules, asof=asof.date() if asof else None)
        if gathered.reported.empty:
            fail("There is nothing to build from: data/starter and data/snapshots are empty.")
        stages = [Stage("gather", time.monotonic() - started, len(gathered.reported))]
        day = asof.date() if asof else None
        tables, more = make_tables(known, modules, gathered, day, published.read(Folders().starter, day))
        digest = store.fingerprint(tables)
        moment = datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
        about = {"built_at": moment, "tables_sha256": digest, "seconds": f"{time.monotonic() - started:.1f}"}
        facts_of_build = pd.DataFrame({"name": list(about), "value": list(about.values())})
        tables["build"] = pd.concat([tables["build"], facts_of_build], ignore_index=True)
        clock = time.monotonic()
        path = store.write(tables)
        stages += [*more, Stage("write", time.monotonic() - clock, sum(len(t) for t in tables.values()))]
        report = Table("step", "seconds", "rows", "rows per second", title=f"Built {path.name}")
        for stage in stages:
            rate = f"{stage.n_rows / max(stage.seconds, 1e-3):,.0f}"
            report.add_row(stage.name, f"{stage.seconds:.1f}", f"{stage.n_rows:,}", rate)
        console.print(report)
        print(f"tables_sha256 {digest}")
        for source_id, problem in gathered.problems.items():
            console.print(f"{source_id}: {problem}", markup=False, highlight=False)


def is_current() -> bool:
    """Whether the current database is newer than all that it is made from."""
    try:
        made = store.current().stat().st_mtime
    except store.NoDatabase:
        return False
    folders = Folders()
    places = [store.ROOT / "ingest", store.ROOT / "scoring", folders.facts, folders.starter, folders.snapshots]
    inputs = [store.SCHEMA, Path(store.__file__), Path(__file__)]
    inputs += [p for place in places for p in place.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    return all(p.stat().st_mtime <= made for p in inputs)


def update_levels(levels: pd.DataFrame, connection: store.Connection) -> pd.DataFrame:
    """The log of published levels with those of the current database; unchanged when that is of an earlier day."""
    asof = store.read(connection, "build", where=[store.Where("name", "=", "asof")])["value"].iloc[0]
    if len(levels) and asof < levels["asof"].max():
        return levels
    findings = store.read(connection, "finding", ["signal_id", "variant", "subject_id", "level", "direction"])
    return published.update(levels, published.judged(findings, store.read(connection, "signal"), asof))


@app.command()
def publish() -> None:
    """Write everything that was read into data/starter, the record that the project ships."""
    with one_sentence():
        modules, folder = sources.discover(), Folders().starter
        gathered, levels = gather.gather(modules), published.read(folder)
        try:
            levels = update_levels(levels, store.connect(store.current()))
        except store.NoDatabase:
            console.print("There is no database, so the levels stay as they were published.")
        written = []
        with starter.replaced(folder) as fresh:
            for source_id, module in modules.items():
                if not module.SOURCE.redistribute or module.SOURCE.facts_file:
                    continue
                mine = [f[f["source_id"] == source_id] for f in (gathered.reported, gathered.models, gathered.omitted)]
                if mine[0].empty:
                    continue
                starter.write(source_id, *mine, gathered.snapshots, fresh)
                written.append(source_id)
            starter.write_snapshots(gathered.snapshots[gathered.snapshots["source_id"].isin(written)], fresh)
            starter.write_csv(levels, fresh / published.FILE)
        size = sum(p.stat().st_size for p in folder.rglob("*.csv"))
        console.print(f"Wrote {len(written)} sources, {size / 1e6:.1f} MB.")


@app.command("status")
def status_command(as_json: bool = typer.Option(False, "--json", help="Print plain JSON.")) -> None:
    """What the database holds, per source: evaluations, sightings, rejections by reason, newest content."""
    with one_sentence():
        told = status.summarise(store.connect(store.current()))
        if as_json:
            print(json.dumps(told, indent=1, ensure_ascii=False))
            return
        out = Console(width=160)
        table = Table(
            "source",
            "snapshots",
            "headline",
            "subset",
            "sightings",
            "linked",
            "rejected",
            "omitted",
            "newest",
            "status",
        )
        for source_id, s in told["sources"].items():
            linked_share = "" if s["linked_share"] is None else f"{s['linked_share']:.0%}"
            reasons = ", ".join(f"{n} {r}" for r, n in s["rejected"].items()) or "0"
            table.add_row(
                source_id, str(s["snapshots"]), f"{s['headline_evaluations']:,}", f"{s['subset_evaluations']:,}",
                f"{s['sightings']:,}", linked_share, reasons, f"{s['omitted_by_rule']:,}", s["newest_content_date"], s["status"],
            )  # fmt: skip
        out.print(table)
        for name, value in told["totals"].items():
            out.print(
                f"{name.replace('_', ' ')}: {value:,}"
                if isinstance(value, int)
                else f"{name.replace('_', ' ')}: {value}"
            )
        out.print("levels: " + ", ".join(f"{k} {v:,}" for k, v in told["levels"].items()))
        shares = (f"{y}: {v['share']:.0%} of {v['scores']:,}" for y, v in told["verdict_share_by_year"].items())
        out.print("scores with a verdict, by year of model: " + ", ".join(shares))
        for source_id, s in told["sources"].items():
            if s["problem"]:
                out.print(f"{source_id}: {s['problem']}", markup=False)


@app.command()
def document() -> None:
    """Renew the numbers in README.md and DATA_LICENCES.md from the current database."""
    with one_sentence():
        parts = status.blocks(status.summarise(store.connect(store.current())))
        for name in status.DOCUMENTS:
            path = status.ROOT / name
            path.write_text(status.fill(path.read_text(encoding="utf-8"), parts), encoding="utf-8")


@app.command()
def export(out: Path = typer.Option(..., help="Folder to write the CSV files into.")) -> None:
    """Write the CSV files that the pages offer, whole: scores, anomalies, saturation, outlook, models, twin_gaps."""
    with one_sentence():
        connection = store.connect(store.current())
        out.mkdir(parents=True, exist_ok=True)
        for name in EXPORTS:
            frame = exports.table(connection, name)
            (out / f"{name}.csv").write_bytes(exports.csv_bytes(frame))
            console.print(f"{name}.csv: {len(frame):,} rows")


@app.command("interchange")
def interchange_command(
    out: Path = typer.Option(..., help="Folder to write the records into."),
    source: list[str] = typer.Option([], help="Only these sources (repeatable)."),
) -> None:
    """Write the current scores as JSON records of Every Eval Ever 0.3, one per source and model."""
    with one_sentence():
        connection = store.connect(store.current())
        listed = store.read(connection, "source", ["source_id", "url"]).rename(columns={"url": "source_home"})
        if unknown := sorted(set(source) - set(listed["source_id"])):
            fail(f"There is no source {unknown[0]!r}; known are {', '.join(listed['source_id'])}.", 2)
        wanted = [store.Where("status", "=", "current"), store.Where("is_redistributable", "=", True)]
        wanted += [store.Where("source_id", "in", source)] if source else []
        scores = store.read(connection, "scores", where=wanted).merge(listed, on="source_id")
        scores = scores.merge(store.read(connection, "snapshot", ["snapshot_id", "retrieved_at"]), on="snapshot_id")
        n_records = 0
        for path, record in interchange.records(scores):
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(interchange.as_text(record), encoding="utf-8", newline="\n")
            n_records += 1
        console.print(f"{n_records:,} records with {len(scores):,} results")


@app.command()
def bring(folder: Path = typer.Argument(..., help="Folder with JSON records of Every Eval Ever 0.3.")) -> None:
    """Bring records of Every Eval Ever 0.3 in as snapshots for the next build; exit code 1 when a file is none."""
    from ingest.sources import own_records

    with one_sentence():
        found = sorted(folder.rglob("*.json"))
        if not found:
            fail(f"{folder} holds no JSON file.", 2)
        tally = {"new": 0, "unchanged": 0, "refused": 0}
        for path in found:
            name = path.relative_to(folder).as_posix().replace("/", "__")
            try:
                text = path.read_text(encoding="utf-8")
                rows = list(interchange.read(text, ""))
                day = interchange.read_retrieved(text)
            except (records.LayoutChanged, UnicodeDecodeError) as error:
                console.print(f"{name}: {records.shorten(str(error), 300)}", markup=False, soft_wrap=True)
                tally["refused"] += 1
                continue
            addresses = sorted({row.source_url for row in rows if isinstance(row, records.Reported)} - {""})
            body, about = text.encode(), own_records.SOURCE
            file = records.File(name=name, url=None, captures="")
            snapshot = snapshots.describe(
                about, file, name, (addresses or [about.url])[0], body, datetime.now(UTC), content_date=day,
                date_basis="content",
            )  # fmt: skip
            tally["new" if snapshots.save(snapshot, body, Folders().snapshots) else "unchanged"] += 1
        console.print(", ".join(f"{n:,} {word}" for word, n in tally.items()) + "; `build` reads them.")
        if tally["refused"]:
            raise typer.Exit(1)


def read_evidence(connection: object) -> Evidence:
    """The evidence of the current build, as its scoring saw it."""
    tables = [store.read(connection, name) for name in ("evaluation", "model", "series", "benchmark")]
    day = store.read(connection, "build").set_index("name")["value"]["asof"]
    return make_evidence(*tables, date.fromisoformat(day), store.read(connection, "twin"))


@app.command()
def trend(
    table: Path = typer.Argument(..., metavar="INPUT.csv", help="Columns benchmark, date, model, score and more."),
    output: Path = typer.Option(..., help="CSV file to write."),
    as_of: datetime | None = typer.Option(None, formats=["%Y-%m-%d"], help="Rows after this day are not read."),
    at: datetime | None = typer.Option(None, formats=["%Y-%m-%d"], help="Day of the forecast; default a year later."),
) -> None:
    """State and forecast of the tests in a table of your own; needs no database."""
    from scoring.brought import trend_table

    with one_sentence():
        try:
            rows = pd.read_csv(table, dtype=str, keep_default_na=False, encoding="utf-8-sig", skipinitialspace=True)
            told = trend_table.make(rows, as_of.date() if as_of else None, at.date() if at else None)
        except (trend_table.BadTable, pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
            fail(str(error))
        told.to_csv(output, index=False, lineterminator="\n")
        console.print(f"{output}: {len(told):,} rows")


@app.command("check")
def check_command(
    table: Path = typer.Argument(..., help="CSV with columns model, benchmark, score and what else is known."),
    output: Path = typer.Option(..., help="CSV to write: the same rows with the verdict appended."),
    alone: bool = typer.Option(False, help="Fit on the table's own rows; needs no database."),
) -> None:
    """Judge the numbers of a table: every row comes back, in its order, with a verdict and its reason."""
    from scoring.brought import check as judging
    from scoring.brought import claims

    with one_sentence():
        try:
            rows = pd.read_csv(table, dtype=str, keep_default_na=False)
            if alone:
                told = judging.alone(rows, date(2000, 1, 1))
            else:
                told = claims.against(rows, claims.Held(**known_claims.held(store.connect(store.current()), rows)))
        except (ValueError, pd.errors.ParserError) as error:
            fail(f"{table.name}: {error}", 2)
        kept = rows.drop(columns=[c for c in told.columns if c in rows.columns])
        pd.concat([kept, told], axis=1).to_csv(output, index=False, lineterminator="\n")
        console.print(f"{len(rows):,} rows judged, {int(told['level'].isin(MARKED).sum()):,} unusual")


@app.command()
def aliases(
    suggestions: bool = typer.Option(False, "--suggest", help="Suggest rows for names that are linked to nothing."),
    limit: int | None = typer.Option(None, min=1, help="At most this many rows, the most alike first."),
    output: Path | None = typer.Option(None, help="CSV file to write; default standard output."),
) -> None:
    """Suggest alias rows for a person to read and move into data/facts/aliases.csv; nothing is linked by itself."""
    with one_sentence():
        if not suggestions:
            fail("Say --suggest: there is nothing else that this command does.", 2)
        connection = store.connect(store.current())
        models = store.read(connection, "model", ["model_id", "name", "kind", "is_linked"])
        models = models.merge(store.count(connection, "evaluation", ["model_id"]), on="model_id")
        tests = store.read(connection, "benchmark", ["benchmark_id", "name"])
        counts = store.read(connection, "scores", ["benchmark_id"]).value_counts().rename("n").reset_index()
        listed = store.read(connection, "source", ["source_id"])["source_id"].tolist()
        names, targets = suggest.read_names(models, tests.merge(counts, on="benchmark_id"), listed)
        found = suggest.suggest(names, targets, limit)
        found.to_csv(output or sys.stdout, index=False, lineterminator="\n")
        console.print(f"{len(found):,} suggestions for {len(names):,} names that are linked to nothing")


if __name__ == "__main__":
    sys.exit(app())
