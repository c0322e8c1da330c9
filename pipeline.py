"""The command line: fetch | build | refresh | tidy | status | export | interchange | publish | document.

Every command reads its arguments, calls one room and prints what it says; what a person can act on is one sentence.
"""

import building.alike  # noqa: F401, the first of all: numpy reads what it sets

# isort: split
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import store
from building import course, inputs, plausible, publishing, workers
from data.test_names import plain_name
from data.vocabulary import MARKED
from ingest import (
    facts,
    fetch,
    gather,
    identity,
    interchange,
    records,
    releases,
    sizes,
    snapshots,
    sources,
    starter,
    suggest,
)
from ingest.gather import Folders
from reading import builder, csv_file, dictionary, exports, feed, files, package, status
from reading import claims as known_claims

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
console = Console(stderr=True)
EXPORTS = tuple(exports.ROWS)


EXPECTED = (
    records.FetchFailed,
    records.LayoutChanged,
    records.InvalidFact,
    store.InvalidData,
    store.NoDatabase,
    starter.StarterDamaged,
    snapshots.SnapshotDamaged,
    course.NothingToBuild,
    publishing.ParserFailed,
)


def fail(sentence: str, code: int = 1) -> None:
    """Print one sentence to standard error and leave."""
    console.print(f"[bold]Stopped:[/bold] {records.shorten(sentence, 400)}", highlight=False, soft_wrap=True)
    raise typer.Exit(code)


@contextmanager
def one_sentence() -> Iterator[None]:
    """Errors that a person can act on become one sentence and exit code 1; others keep their traceback."""
    try:
        yield
    except EXPECTED as error:
        fail(str(error))
    except OSError as error:
        if error.errno in builder.FULL:
            at = f" ({error.filename})" if error.filename else ""
            fail(f"{builder.sentence(error)[:-1]}{at}. What was there stays: free some space and run this again.")
        fail(f"{error.strerror or type(error).__name__}: {error.filename or ''}".rstrip(": "))


@app.command("fetch")
def fetch_command(
    mirror: Path | None = typer.Option(
        None, envvar="BENCHMARK_MIRROR", help="Folder of captured pages, not the network."
    ),
    source: list[str] = typer.Option([], help="Only these sources (repeatable)."),
) -> None:
    """Fetch pages from the live sites (or a mirror) into data/snapshots; exit code 1 when no page could be read at all.

    A page that failed is told; `fetch && build` still builds with what is there.
    """
    with one_sentence():
        known, modules = facts.read(Folders().facts), sources.discover()
        unknown = sorted(set(source) - set(modules))
        if unknown:
            fail(f"There is no source {unknown[0]!r}; known are {', '.join(modules)}.", 2)
        tally, problems = fetch_sources([s for s in modules if not source or s in source], mirror, known)
        table = Table("source", "new", "unchanged", "failed", title="Fetched")
        for source_id, counts in tally.items():
            table.add_row(source_id, *(str(counts[k]) for k in ("new", "unchanged", "failed")))
        console.print(table)
        for problem in (told for of_source in problems.values() for told in of_source):
            console.print(problem, markup=False, highlight=False)
        if problems and not any(counts["new"] + counts["unchanged"] for counts in tally.values()):
            raise typer.Exit(1)


def fetch_sources(
    source_ids: list[str], mirror: Path | None, known: facts.Facts
) -> tuple[dict[str, dict[str, int]], dict[str, list[str]]]:
    """Fetch these sources, one after the other: files new, unchanged and failed of each, and sentences about failures."""
    modules, session, folder = sources.discover(), None if mirror else fetch.open_session(), Folders().snapshots
    tally: dict[str, dict[str, int]] = {}
    problems: dict[str, list[str]] = {}
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Fetching", total=len(source_ids))
        for source_id in source_ids:
            about = modules[source_id].SOURCE
            progress.update(task, description=f"Fetching {about.title}")
            counts = tally.setdefault(source_id, {"new": 0, "unchanged": 0, "failed": 0})
            files = gather.list_files(modules[source_id], known)
            for outcome in (
                fetch.copy(about, files, mirror, folder)
                if mirror
                else fetch.fetch(about, files, folder, session=session)
            ):
                counts[outcome.state] += 1
                if outcome.state == "failed":
                    problems.setdefault(source_id, []).append(outcome.message)
            progress.advance(task)
    return tally, problems


@app.command()
def refresh(
    mirror: Path | None = typer.Option(
        None, envvar="BENCHMARK_MIRROR", help="Folder of captured pages, not the network."
    ),
    source: list[str] = typer.Option([], help="Fetch only these sources (repeatable)."),
    no_publish: bool = typer.Option(False, "--no-publish", help="Leave data/starter as it is."),
    webhook: str = typer.Option("", envvar="BENCHMARK_WEBHOOK", help="Address that is told how it went, as JSON."),
) -> None:
    """Fetch, build, check and publish, as a timer runs it: exit code 0 well, 1 with problems, 3 held back."""
    with one_sentence(), builder.alone(store.folder(), tell) as report:
        known, modules = facts.read(Folders().facts), sources.discover()
        if unknown := sorted(set(source) - set(modules)):
            fail(f"There is no source {unknown[0]!r}; known are {', '.join(modules)}.", 2)
        take_artefact(report)  # what a new build is held against where none is here yet
        tally, problems = fetch_sources([s for s in modules if not source or s in source], mirror, known)
        state, code = "up-to-date", 0
        if inputs.is_current():
            for source_id, problem in status.problems(store.connect(store.current())).items():
                problems.setdefault(source_id, []).append(problem)
        else:
            report.begin()
            try:
                done = course.build(None, report.finish, plausible.check)
            except plausible.HeldBack as error:
                problems["build"], state, code = [str(error)], "held-back", 3
            else:
                state = "built"
                for source_id, problem in done.problems.items():
                    problems.setdefault(source_id, []).append(problem)
        if state != "held-back" and not no_publish:  # also of a build that a killed run left unpublished
            try:
                publishing.publish(Folders().starter)
            except publishing.ParserFailed as error:
                problems["build"] = [str(error)]
        for source_id in [*tally, *(name for name in problems if name not in tally and name != "build")]:
            why = quoted(problems.get(source_id, []))
            tell(builder.line("source", source=source_id, **tally.get(source_id, {}), problem=why))
        code = code or int(bool(problems))
        tell(builder.line("refresh", state=state, exit=code, problem=quoted(problems.get("build", []))))
        if webhook:
            told = {"state": state, "exit": code, "problems": problems, "files": tally}
            if trouble := fetch.notify(webhook, told):
                console.print(trouble, markup=False, highlight=False)
    if code:
        raise typer.Exit(code)


def quoted(sentences: list[str]) -> str:
    """Sentences as one value of a log line."""
    return json.dumps(records.shorten(" ".join(sentences), 300), ensure_ascii=False)


@app.command("build")
def build_command(
    asof: datetime | None = typer.Option(None, formats=["%Y-%m-%d"], help="Only what was published up to this day."),
    if_needed: bool = typer.Option(False, help="Do nothing when a build would give the database that is there."),
    accept: list[str] = typer.Option([], help="Sources that rightly lost over a fifth of their scores (repeatable)."),
) -> None:
    """Build a fresh database from starter data, facts and fetched snapshots, and make it the current one.

    Exit code 1 where a source says what it said in the last build, because it lost too much since, or our code failed on it.
    """
    day = asof.date() if asof else None
    with one_sentence(), builder.alone(store.folder(), tell) as report:
        if unknown := sorted(set(accept) - set(sources.discover())):
            fail(f"There is no source {unknown[0]!r}.", 2)
        if if_needed:
            take_artefact(report)
        if if_needed and inputs.is_current(day):
            console.print("The database is up to date.")
            return
        if if_needed and is_too_small():
            tell(builder.line("left", reason="too-little-memory-beside-the-database-that-is-there"))
            return
        report.begin()
        done = course.build(day, report.finish, None, accept)
        try:
            with store.connect(done.path) as built:
                feed.write(built)
        except (OSError, store.NoDatabase) as error:  # the database stands without it
            console.print(f"The feed of changes could not be written: {records.shorten(str(error))}", markup=False)
        table = Table("step", "seconds", "rows", "rows per second", title=f"Built {done.path.name}")
        for stage in done.stages:
            rate = f"{stage.n_rows / max(stage.seconds, 1e-3):,.0f}"
            table.add_row(stage.name, f"{stage.seconds:.1f}", f"{stage.n_rows:,}", rate)
        console.print(table)
        print(f"tables_sha256 {done.tables_sha256}")
        for source_id, problem in done.problems.items():
            console.print(f"{source_id}: {problem}", markup=False, highlight=False)
        for source_id in done.held:
            tell(builder.line("held", source=source_id, problem=quoted([done.problems[source_id]])))
        if done.faults or done.held:
            # The database stands, without what is new of these sources; who runs this must hear of it.
            raise typer.Exit(1)


def is_too_small() -> bool:
    """Whether this host serves a database and has no memory for making a newer one beside it.

    The system would end the build, or with it the dashboard that asked for it.
    """
    try:
        store.current()
    except store.NoDatabase:
        return False
    return not workers.has_room()


def take_artefact(report: builder.Report) -> None:
    """Where there is no database yet, take the one of BENCHMARK_ARTEFACT; it is shown while a newer one is built."""
    address = os.environ.get("BENCHMARK_ARTEFACT", "")
    if not address:
        return
    place = report.place
    try:
        store.current()
    except store.NoDatabase:
        report.fetch()
        unfinished = place / f"unfinished-{os.getpid()}-artefact.duckdb"
        try:
            fetch.download(address, unfinished)
            tell(builder.line("artefact", took=store.adopt(unfinished).name))
        except (records.FetchFailed, store.NoDatabase, OSError) as error:
            unfinished.unlink(missing_ok=True)
            tell(builder.line("artefact", problem=quoted([str(error)])))


def tell(line: str) -> None:
    """One event of a build, at once, on standard error."""
    print(line, file=sys.stderr, flush=True)


@app.command()
def tidy() -> None:
    """Remove builds that nothing asks for any more; in a lake also join small files and remove unused ones."""
    with one_sentence():
        console.print(f"Builds removed: {store.tidy()}")


@app.command("publish")
def publish_command() -> None:
    """Write everything that was read into data/starter, the record that the project ships."""
    with one_sentence():
        done = publishing.publish(Folders().starter)
        if not done.has_levels:
            console.print("There is no database, so the levels stay as they were published.")
        console.print(f"Wrote {len(done.source_ids)} sources, {done.n_bytes / 1e6:.1f} MB.")


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
                source_id,
                str(s["snapshots"]),
                f"{s['headline_evaluations']:,}",
                f"{s['subset_evaluations']:,}",
                f"{s['sightings']:,}",
                linked_share,
                reasons,
                f"{s['omitted_by_rule']:,}",
                s["newest_content_date"],
                s["status"],
            )
        out.print(table)
        for name, value in told["totals"].items():
            out.print(
                f"{name.replace('_', ' ')}: {value:,}"
                if isinstance(value, int)
                else f"{name.replace('_', ' ')}: {value}"
            )
        n_unread = len(told["unread_tables"])
        out.print(f"tables with a known test and a known model that gave no score: {n_unread} (--json lists them)")
        coverage = told["coverage"]
        out.print(f"benchmarks with an item count: {coverage['benchmarks_with_item_count']:,}")
        for name, what in (
            ("models_by_date_basis", "models by how their day is known"),
            ("first_party_scores_by_quarter_of_model", "makers' own scores by quarter of the model's day"),
        ):
            out.print(f"{what}: " + ", ".join(f"{k} {v:,}" for k, v in coverage[name].items()))
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
def export(
    out: Path = typer.Option(..., help="Folder to write the files into."),
    form: list[str] = typer.Option(["csv"], help="csv, parquet or json (repeatable)."),
) -> None:
    """Write the files that the pages offer, whole, with descriptions for programs: benchmarks, families, scores and more."""
    if unknown := sorted(set(form) - set(files.FORMS)):
        fail(f"There is no form {unknown[0]!r}; known are {', '.join(files.FORMS)}.", 2)
    with one_sentence():
        connection = store.connect(store.current())
        out.mkdir(parents=True, exist_ok=True)
        for name in EXPORTS:
            frame = exports.table(connection, name)
            (out / f"{name}.csv").write_bytes(exports.csv_bytes(frame))
            console.print(f"{name}.csv: {len(frame):,} rows")
            for other in sorted(set(form) - {"csv"}):
                files.write(connection, name, exports.ROWS[name], other, out / f"{name}.{other}", is_packed=False)
        facts = store.read(connection, "build").set_index("name")["value"].to_dict()
        for name, describe in package.DESCRIPTIONS.items():
            (out / name).write_text(json.dumps(describe(facts, EXPORTS, ""), indent=1), encoding="utf-8")
        (out / "dictionary.csv").write_bytes(exports.csv_bytes(dictionary.whole()))


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


def refuse_days_to_come(retrieved: date, rows: list) -> None:
    """Raise LayoutChanged where a record says that its figures were retrieved, or a test run, after this year; a month or a
    year alone is its last day.
    """
    run = [records.read_date(row.evaluated_date) for row in rows if isinstance(row, records.Reported)]
    late = [day for day in (retrieved, *run) if day and day.year > datetime.now(UTC).year]
    if late:
        raise records.LayoutChanged(f"The record states {late[0]}, a day that is still to come.")


def tell_rejected(name: str, rows: list) -> None:
    """Say which scores of a record the build will reject; raises LayoutChanged when it would be all of them."""
    reported = records.frame([r for r in rows if isinstance(r, records.Reported)], records.REPORTED_COLUMNS)
    _, rejected = records.accept(reported)
    if not len(rejected):
        return
    first = rejected.iloc[0]
    told = (
        f"{len(rejected)} of {len(reported)} scores rejected, such as {first['benchmark_reported']}: {first['detail']}"
    )
    if len(rejected) == len(reported):
        raise records.LayoutChanged(told)
    console.print(f"{name}: {records.shorten(told, 300)}", markup=False, soft_wrap=True)


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
                text = path.read_text(encoding="utf-8-sig")
                rows = list(interchange.read(text, ""))
                day = interchange.read_retrieved(text)
                refuse_days_to_come(day, rows)
                tell_rejected(name, rows)
            except (records.LayoutChanged, UnicodeDecodeError) as error:
                console.print(f"{name}: {records.shorten(str(error), 300)}", markup=False, soft_wrap=True)
                tally["refused"] += 1
                continue
            addresses = sorted({row.source_url for row in rows if isinstance(row, records.Reported)} - {""})
            body, about = text.encode(), own_records.SOURCE
            file = records.File(name=name, url=None, captures="")
            snapshot = snapshots.describe(
                about,
                file,
                name,
                (addresses or [about.url])[0],
                body,
                datetime.now(UTC),
                content_date=day,
                date_basis="content",
            )
            tally["new" if snapshots.save(snapshot, body, Folders().snapshots) else "unchanged"] += 1
        console.print(", ".join(f"{n:,} {word}" for word, n in tally.items()) + "; `build` reads them.")
        if tally["refused"]:
            raise typer.Exit(1)


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
            rows = csv_file.read_path(table, trend_table.NEEDED, trend_table.OPTIONAL, known_tests)
            last, target = (day.date() if day else None for day in (as_of, at))
            told = trend_table.make(rows, last, target, date.today(), releases.spellings(facts.read(Folders().facts)))
        except (trend_table.BadTable, csv_file.BadFile) as error:
            fail(f"{table.name}: {error}")
        exports.without_formulas(told).to_csv(output, index=False, lineterminator="\n")
        console.print(f"{output}: {len(told):,} rows")


def known_tests(names: list[str]) -> set[str]:
    """Which of these names the facts know as tests, with or without what they say of shots and metric."""
    found = facts.read(Folders().facts)
    listed = {name for source, name in identity.alias_table(found, "benchmark") if not source}
    listed |= set(map(facts.normalise, [*found.benchmarks["name"], *found.benchmarks["benchmark_id"]]))
    return {n for n in names if {facts.normalise(n), facts.normalise(plain_name(n))} & listed}


def tests_for(alone: bool) -> csv_file.Tests:
    """Who knows tests by name: the facts, for a table that is judged by its own rows, else the database."""
    return known_tests if alone else lambda names: known_claims.known_tests(store.connect(store.current()), names)


def sizes_of(rows: pd.DataFrame) -> dict[str, tuple[float | None, float | None]]:
    """Total and active sizes that the facts state of the models of a table, by printed name."""
    known = sizes.read_facts(facts.read(Folders().facts).sizes)
    found = {name: known.get(releases.version_key(name)) for name in rows["model"].unique()}
    return {name: fact[:2] for name, fact in found.items() if fact}


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
            rows = csv_file.read_path(table, claims.NEEDED, claims.KNOWN, tests_for(alone)).reset_index(drop=True)
            if alone:
                told = judging.alone(rows, date(2000, 1, 1), date.today(), sizes_of(rows))
            else:
                told = claims.against(rows, claims.Held(**known_claims.held(store.connect(store.current()), rows)))
        except ValueError as error:
            fail(f"{table.name}: {error}", 2)
        kept = rows.drop(columns=[c for c in told.columns if c in rows.columns])
        judged = exports.without_formulas(pd.concat([kept, told], axis=1))
        judged.to_csv(output, index=False, lineterminator="\n")
        console.print(f"{len(rows):,} rows judged, {int(told['level'].isin(MARKED).sum()):,} unusual")


@app.command("expect")
def expect_command(
    table: Path = typer.Argument(..., metavar="IN.csv", help="CSV as for check; rows without a score are asked."),
    output: Path = typer.Option(..., help="CSV to write: the same rows with the expected scores appended."),
    alone: bool = typer.Option(False, help="Answer from the table's own rows; needs no database."),
) -> None:
    """Say what the missing scores of a table should be: expected score, 90% range, and what it rests on."""
    from scoring.brought import claims
    from scoring.brought import expect as filling

    with one_sentence():
        try:
            rows = csv_file.read_path(table, claims.NEEDED, filling.COLUMNS, tests_for(alone), True).reset_index(
                drop=True
            )
            held = None
            if not alone:
                held = filling.Held(**known_claims.evidence(store.connect(store.current()), rows))
            told = filling.against(rows, held, date.today(), sizes_of(rows))
        except ValueError as error:
            fail(f"{table.name}: {error}", 2)
        kept = rows.drop(columns=[c for c in told.columns if c in rows.columns])
        exports.without_formulas(pd.concat([kept, told], axis=1)).to_csv(output, index=False, lineterminator="\n")
        asked = rows["score"].str.strip().eq("")
        console.print(f"{asked.sum():,} rows asked, {told['expected'].notna().sum():,} answered")


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
        # A name that a spreadsheet would run is for no file that a person opens there, and guarded it would link nothing.
        found = found[(found == exports.without_formulas(found)).all(axis=1)]
        found.to_csv(output or sys.stdout, index=False, lineterminator="\n")
        console.print(f"{len(found):,} suggestions for {len(names):,} names that are linked to nothing")


if __name__ == "__main__":
    sys.exit(app())
