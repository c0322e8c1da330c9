"""Is a broken table refused, and is the old database served whatever happens to the new one?"""

import errno
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

import store
from store import Where
from tests import lakes, tiny_store
from tests.tiny_store import tables as tiny_tables

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def tables():
    return tiny_tables()


@pytest.fixture
def place(tmp_path):
    """A folder with one build, for tests about files."""
    tiny_store.write(tmp_path)
    return tmp_path


@pytest.fixture
def address(tmp_path):
    """A place with one build, in the kind of store that this run is about."""
    address = lakes.place(tmp_path)
    tiny_store.write(address)
    return address


def changed(tables, table, **columns):
    return tables | {table: tables[table].assign(**columns)}


def test_what_was_written_is_read_back(address, tables):
    connection = store.connect(store.current(address))
    for table, frame in tables.items():
        assert len(store.read(connection, table)) == len(frame), table


@pytest.mark.parametrize(
    ("breaks", "words"),
    [
        (lambda t: {k: v for k, v in t.items() if k != "fit"}, "missing"),
        (lambda t: t | {"model": t["model"].drop(columns="family")}, "do not match the schema"),
        (lambda t: t | {"model": pd.concat([t["model"], t["model"].head(1)])}, "repeat a key"),
        (lambda t: changed(t, "evaluation", score=1.01), "outside 0 to 1"),
        (lambda t: changed(t, "evaluation", score=None), "score is empty"),
        (lambda t: changed(t, "evaluation", model_id="nobody"), "does not exist in model"),
        (lambda t: changed(t, "finding", level="suspect"), "is not one of"),
        (lambda t: changed(t, "model", n_parameters=0), "outside 1"),
        (lambda t: changed(t, "finding", p_value=1.5), "outside 0 to 1"),
    ],
)
def test_a_broken_table_is_refused_in_one_sentence_and_the_old_database_stays(address, tables, breaks, words):
    before = store.current(address)
    with pytest.raises(store.InvalidData, match=words) as error:
        store.write(breaks(tables), address)
    assert str(error.value).count("\n") == 0
    assert store.current(address) == before
    assert not list(store.folder(address).glob("unfinished*"))


@pytest.mark.files("counts the files of the builds")
def test_a_reader_keeps_its_file_while_a_new_one_is_swapped_in(place, tables):
    old = store.connect(store.current(place))
    n = len(store.read(old, "model"))
    store.write(tables, place)
    assert len(store.read(old, "model")) == n
    assert len(list(place.glob("benchmarks-*.duckdb"))) == 2


@pytest.mark.files("copies builds as files")
def test_only_the_last_builds_are_kept(place, tables):
    copy_later(store.current(place), store.KEEP)
    store.write(tables, place)
    assert len(list(place.glob("benchmarks-*.duckdb"))) == store.KEEP
    assert store.current(place).exists()


def days(place):
    """As-of days of the builds that are kept, newest build first."""
    return [
        store.read(store.connect(path), "build", where=[Where("name", "=", "asof")])["value"].iloc[0]
        for path in store.kept(place)
    ]


@pytest.mark.files("copies builds as files")
def test_the_last_build_of_a_day_outlives_newer_builds_of_other_days(tmp_path, tables):
    for day, n_more in (("2026-01-01", 1), ("2026-01-02", 0), ("2026-01-03", 2), ("2026-01-03", 0)):
        made = store.write(tables | {"build": pd.DataFrame({"name": ["asof"], "value": [day]})}, tmp_path)
        copy_later(made, n_more)
    assert days(tmp_path) == [*["2026-01-03"] * store.KEEP, "2026-01-02", "2026-01-01"]


def copy_later(path, number):
    """As many further builds, with the same contents; returns the last one."""
    for _ in range(number):
        path = shutil.copy(path, path.parent / f"benchmarks-{store.files.next_stamp(path.parent)}.duckdb")
    return path


@pytest.mark.files("names of files hold the moment; a lake numbers its builds")
@pytest.mark.parametrize("clock", ["1999-01-01", "2150-01-01"])
def test_a_clock_that_was_wrong_takes_no_build_away(place, tables, monkeypatch, clock):
    """A build from a year to come stands there, or one is made in a year that is past: the last one made is current."""

    class Odd(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromisoformat(clock).replace(tzinfo=tz)

    copy_later(store.current(place), store.KEEP)
    monkeypatch.setattr(store.files, "datetime", Odd)
    made = store.write(tables, place)
    assert store.current(place) == made
    monkeypatch.undo()
    again = store.write(tables, place)
    assert store.current(place) == again == store.kept(place)[0]
    assert made in store.kept(place)


def broken(kind, path):
    """The current database as a full disk, a careless hand or another version of the code leaves it."""
    if kind == "deleted":
        path.unlink()
    elif kind.startswith("cut"):
        os.truncate(path, path.stat().st_size - int(kind.removeprefix("cut ")))
    elif kind == "emptied":
        path.write_bytes(b"")
    else:
        with duckdb.connect(str(path)) as connection:
            connection.execute("DROP TABLE build")


@pytest.mark.files("damages files")
@pytest.mark.parametrize("kind", ["deleted", "cut 1", "cut 400000", "emptied", "of another schema"])
def test_where_the_current_database_cannot_be_read_the_last_good_one_is_current(place, tables, kind):
    good = store.current(place)
    last = copy_later(good, 1)
    store.files.point(place, last.name)
    assert store.current(place) == last
    broken(kind, last)
    assert store.current(place) == good
    broken(kind, good)
    with pytest.raises(store.NoDatabase, match=r"is gone|cannot be read") as told:
        store.current(place)
    assert last.name in str(told.value)
    assert store.current(store.write(tables, place).parent) == store.kept(place)[0]


@pytest.mark.files("a lake has no pointer")
@pytest.mark.parametrize("text", [None, b"", b"\xff\xfe", b"../../etc/passwd\n", b"benchmarks-x.duckdb\n", b"current"])
def test_a_pointer_that_names_no_database_is_passed_over(place, text):
    good, pointer = store.current(place), place / "current"
    assert pointer.stat().st_mode & 0o444 == good.stat().st_mode & 0o444
    pointer.unlink()
    if text is not None:
        pointer.write_bytes(text)
    assert store.current(place) == good


@pytest.mark.files("a lake has no pointer")
def test_a_pointer_that_belongs_to_somebody_else_alone_is_passed_over(place, monkeypatch):
    good = store.current(place)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    assert store.current(place) == good


def test_what_a_database_of_another_version_lacks_is_told_by_name(address):
    lakes.alter(address, "DROP TABLE twin_gaps", "ALTER TABLE maker RENAME maker TO former")
    connection = store.connect(store.current(address))
    for ask, name in (
        (lambda: store.read(connection, "twin_gaps"), "no twin_gaps"),
        (lambda: store.count(connection, "twin_gaps"), "no twin_gaps"),
        (lambda: store.read(connection, "maker", ["maker"]), r"no maker\.maker"),
        (lambda: store.read(connection, "maker", where=[Where("maker", "=", "x")]), r"no maker\.maker"),
        (lambda: store.count(connection, "maker", ["maker"]), r"no maker\.maker"),
    ):
        with pytest.raises(store.Unreadable, match=f"another version of this code, it has {name}: run"):
            ask()
    with pytest.raises(KeyError):
        store.read(connection, "maker", ["nonsense"])


@pytest.mark.files("damages a file")
def test_a_block_that_is_not_what_was_written_is_one_sentence(place):
    path = store.current(place)
    with path.open("r+b") as file:
        file.seek(store.files.HEADERS)
        for _ in range((path.stat().st_size - store.files.HEADERS) // 262_144):
            file.write(b"\0" * 4096)
            file.seek(262_144 - 4096, os.SEEK_CUR)
    with pytest.raises(store.NoDatabase, match="cannot be read"):
        connection = store.connect(path)
        for view in store.VIEWS:
            store.read(connection, view)


@pytest.mark.files("damages files")
def test_no_database_and_a_broken_one_are_one_sentence(tmp_path):
    with pytest.raises(store.NoDatabase, match="no database yet"):
        store.current(tmp_path)
    (tmp_path / "current").write_text("benchmarks-x.duckdb\n")
    with pytest.raises(store.NoDatabase, match="is gone"):
        store.current(tmp_path)
    (tmp_path / "benchmarks-x.duckdb").write_bytes(b"not a database")
    with pytest.raises(store.NoDatabase, match="cannot be read"):
        store.connect(store.current(tmp_path))


def test_values_are_bound_and_names_are_checked(address):
    connection = store.connect(store.current(address))
    assert store.read(connection, "scores", where=[Where("model_name", "=", "'; DROP TABLE model; --")]).empty
    for call in (
        lambda: store.read(connection, "scores; DROP TABLE model"),
        lambda: store.read(connection, "scores", ["score; DROP TABLE model"]),
        lambda: store.read(connection, "scores", where=[Where('score" OR 1=1 --', "=", 1)]),
        lambda: store.read(connection, "scores", order=["score; --"]),
        lambda: store.read(connection, "scores", where=[Where("score", "OR 1=1", 1)]),
    ):
        with pytest.raises(KeyError):
            call()


def test_conditions_mean_what_they_say(address):
    connection = store.connect(store.current(address))
    everything = store.read(connection, "models", ["model_id", "family", "n_parameters"])
    families = sorted(everything["family"].unique())[:2]
    chosen = store.read(connection, "models", ["family"], [Where("family", "in", families)])
    assert set(chosen["family"]) == set(families)
    assert store.read(connection, "models", ["family"], [Where("family", "in", [])]).empty
    sized = everything["n_parameters"].notna()
    low = everything.loc[sized, "n_parameters"].median()
    between = store.read(connection, "models", ["n_parameters"], [Where("n_parameters", "between", (low, None))])
    assert len(between) == (everything["n_parameters"] >= low).sum()
    with_unknown = store.read(
        connection, "models", ["n_parameters"], [Where("n_parameters", "between", (low, None), True)]
    )
    assert len(with_unknown) == len(between) + (~sized).sum()
    assert store.count(connection, "models", ["family"])["n"].sum() == len(everything)


@pytest.mark.parametrize("view", ["anomalies", "scores"])
@pytest.mark.parametrize("limit", [0, 1, 7, 10_000])
def test_the_first_rows_are_chosen_before_their_columns_are_read(address, view, limit, monkeypatch):
    """All columns of all rows, of which a few are asked for, took 850 MB of the app's memory."""
    asked = []
    real = store.query.run
    monkeypatch.setattr(store.query, "run", lambda c, query, values: asked.append(query) or real(c, query, values))
    connection = store.connect(store.current(address))
    where, order = (Where("is_subset", "=", False),), ("-score", "evaluation_id")
    narrow = store.read(connection, view, ["evaluation_id"], where, order)
    n_rows = min(limit, len(narrow))
    assert n_rows == limit or limit == 10_000
    few = store.read(connection, view, None, where, order, limit)
    assert few["evaluation_id"].tolist() == narrow["evaluation_id"].head(n_rows).tolist()
    assert few.columns.tolist() == store.describe(connection, view)
    assert len(asked) == 3 and asked[1].startswith('SELECT "evaluation_id" FROM')
    assert ('"evaluation_id" IN' in asked[2]) == (n_rows > 0)


FILTERS = (
    (),
    (Where("family", "in", ("Qwen", "Llama")),),
    (Where("n_parameters", "not null"),),
    (
        Where("n_parameters", "between", (1e9, 8e9), True),
        Where("model_date", "between", (None, date(2024, 6, 30)), True),
    ),
    (Where("evaluator_relationship", "in", ("third_party",)), Where("domain", "in", ("mathematics",))),
    (Where("is_open_weights", "=", True), Where("first_seen_date", "between", (date(2024, 1, 1), None))),
    (Where("developer", "in", ("Qwen", "Google")), Where("kind", "in", ("model", "system"))),
)
BY = (
    (),
    ("benchmark_id", "benchmark_name", "benchmark_version"),
    ("source_title", "is_redistributable"),
    ("family", "model_date"),
)


@pytest.mark.parametrize("chosen", FILTERS)
@pytest.mark.parametrize("view", store.query.TALLIED)
def test_what_is_counted_in_the_tally_are_the_rows_of_the_view(address, view, chosen, monkeypatch):
    connection = store.connect(store.current(address))
    where = (*store.query.TALLIED[view], *chosen)
    rows = store.read(connection, view, None, where)
    asked = []
    run = store.query.run
    monkeypatch.setattr(store.query, "run", lambda c, query, values: asked.append(query) or run(c, query, values))
    for by in (*BY, *((("level", "direction"),) if view == "anomalies" else ())):
        told = store.count(connection, view, by, where)
        told = {tuple(map(str, row[:-1])): row[-1] for row in told.itertuples(index=False, name=None)}
        expected = Counter(tuple(map(str, row)) for row in rows[list(by)].itertuples(index=False, name=None))
        assert told == (expected if by else {(): len(rows)}), by
    assert asked and all('FROM data."tally"' in query for query in asked)
    # Neither without one of the conditions nor by a column that the tally lacks.
    asked.clear()
    assert store.count(connection, view, (), where[1:])["n"].iloc[0] >= len(rows)
    assert len(store.count(connection, view, ("evaluation_id",), where)) == len(rows)
    assert all(f'FROM data."{view}"' in query for query in asked)


def test_a_build_from_before_the_tally_gives_the_same_counts(address, tables, tmp_path, monkeypatch):
    new = store.connect(store.current(address))
    kept = {name: query for name, query in store.VIEWS.items() if name not in ("tally", "apart")}
    monkeypatch.setattr(store.schema, "VIEWS", kept)
    monkeypatch.setattr(store.schema, "STORED", ())
    old = store.connect(store.write(tables, lakes.place(tmp_path / "old")))
    for view, where in store.query.TALLIED.items():
        pd.testing.assert_frame_equal(
            store.count(old, view, ("family",), where), store.count(new, view, ("family",), where)
        )


def test_stored_views_hold_what_their_queries_give(address):
    with lakes.opened(address) as connection:
        for view in store.schema.STORED:
            query = store.VIEWS[view]
            assert connection.execute(f"SELECT COUNT(*) FROM ({query})").fetchone() > (0,), view
            for first, second in ((view, f"({query})"), (f"({query})", view)):
                others = f"SELECT * FROM {first} EXCEPT ALL SELECT * FROM {second}"
                assert connection.execute(others).fetchall() == [], view
            assert connection.execute(
                "SELECT COUNT(*) FROM duckdb_tables() WHERE table_name = ?", [view]
            ).fetchone() == (1,)


def test_the_database_cannot_be_written_and_files_cannot_be_read_through_a_reader(address):
    connection = store.connect(store.current(address))
    for query in (
        "DELETE FROM data.model",
        "SELECT * FROM read_csv('/etc/passwd')",
        "ATTACH 'x.duckdb'",
        "COPY data.model TO 'x.csv'",
        "INSTALL httpfs",
        "SET memory_limit = '64GB'",
        "SET threads = 64",
        "SET enable_external_access = true",
        "RESET lock_configuration",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(query)
    limits = dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert (limits["threads"], limits["memory_limit"]) == ("2", "953.6 MiB")


def test_every_column_has_a_meaning():
    assert (store.dictionary()["meaning"] != "").all()


def test_the_fingerprint_depends_on_contents_and_not_on_the_moment(tables):
    moved = tables | {"build": tables["build"].assign(value="another time")}
    assert store.fingerprint(tables) == store.fingerprint(moved)
    assert store.fingerprint(tables) != store.fingerprint(changed(tables, "model", family="Other"))


def test_the_fingerprint_forgives_the_last_bits_of_a_number_and_how_text_is_held(tables):
    scores = tables["evaluation"]["score"]
    noisy, other = (changed(tables, "evaluation", score=scores * factor) for factor in (1 + 1e-14, 1 + 1e-7))
    assert store.fingerprint(noisy) == store.fingerprint(tables) != store.fingerprint(other)
    plain = {name: frame.astype(dict.fromkeys(frame.select_dtypes("str"), object)) for name, frame in tables.items()}
    assert store.fingerprint(plain) == store.fingerprint(tables)
    assert store.rounded(np.array([-0.0, 1e-300, np.nan, np.inf])).tolist()[:2] == [0.0, pytest.approx(1e-300)]


def test_the_fingerprint_rounds_the_numbers_of_a_fit(tables):
    digests = {
        store.fingerprint(changed(tables, "fit", parameters=f'{{"n": 1, "x": {x}}}'))
        for x in ("0.1234567891", "0.12345678912", "0.1234568")
    }
    assert len(digests) == 2


WRITER = """
import sys
from pathlib import Path
import store
from tests.tiny_store import tables as tiny_tables
tables = tiny_tables()
print("ready", flush=True)
while True:
    store.write(tables, sys.argv[1])
"""


def test_a_build_killed_at_any_moment_leaves_the_old_database(address, tables):
    n = len(tables["evaluation"])
    for delay in (0.0, 0.03, 0.07, 0.11, 0.17):
        writer = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WRITER), address],
            cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        writer.stdout.readline()
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        connection = store.connect(store.current(address))
        assert len(store.read(connection, "evaluation", ["evaluation_id"])) == n
        connection.close()
    store.write(tables, address)
    assert not list(store.folder(address).glob("unfinished-*.duckdb"))


FILLER = """
import resource, signal, sys
from pathlib import Path
import store
from tests.tiny_store import tables
made, n_bytes = tables(), int(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))
try:
    store.write(made, sys.argv[1])
except OSError as error:
    print(error.errno, error.strerror)
"""


@pytest.mark.files("limits the size of files")
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere files have no such limit")
def test_a_full_disk_is_one_sentence_and_the_old_build_stays(place):
    """The system refuses to let a file grow, as a full disk does."""
    before = store.current(place)
    done = subprocess.run(
        [sys.executable, "-c", FILLER, str(place), "300000"], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{errno.ENOSPC} There is no space left on the disk\n"
    assert store.current(place) == before
    assert not list(place.glob("unfinished*"))


def test_on_windows_age_and_not_a_signal_says_whether_a_build_is_running(tmp_path, monkeypatch):
    path = tmp_path / "unfinished-1-x.duckdb"
    path.touch()
    monkeypatch.setattr(store.files.os, "name", "nt")
    monkeypatch.setattr(store.files.os, "kill", lambda *_: pytest.fail("a signal was sent"))
    fresh = store.files.is_running(path)
    monkeypatch.setattr(store.files.time, "time", lambda: path.lstat().st_mtime + store.files.ABANDONED + 1)
    old = store.files.is_running(path)
    assert (fresh, old) == (True, False)


def test_gap_and_residual_are_positive_where_a_score_is_better_also_where_lower_is(tmp_path, tables):
    found, series = tables["finding"], tables["series"]
    named = tables["evaluation"].set_index("evaluation_id")["series_id"].reindex(found["subject_id"])
    flips = set(series["series_id"].iloc[:1])
    is_flipped = named.isin(flips).to_numpy() & found["expected"].notna().to_numpy()
    mirrored = {c: found[c].where(~is_flipped, 1 - found[m]) for c, m in (
        ("observed", "observed"), ("expected", "expected"), ("expected_lower", "expected_upper"),
        ("expected_upper", "expected_lower"),
    )}  # fmt: skip
    turned = changed(tables, "finding", **mirrored)
    turned = changed(turned, "series", is_lower_better=series["series_id"].isin(flips) | series["is_lower_better"])
    rows = store.read(store.connect(store.write(turned, lakes.place(tmp_path))), "anomalies")
    rows = rows[rows["series_id"].isin(flips) & rows["gap"].notna() & (rows["signal_id"] == "size_anomaly")]
    assert len(rows) > 10
    assert (np.sign(rows["gap"].round(9)) == np.sign(rows["residual_z"].round(9))).all()
    assert (rows.loc[rows["gap"] > 0, "direction"] == "high").all()
    comment = store.columns()["finding"]["residual_z"]["comment"]
    assert "positive is better" in comment


@pytest.mark.parametrize("ask", [lambda c: store.read(c, "model"), lambda c: store.describe(c, "model")])
def test_what_an_extension_calls_its_own_fault_is_one_sentence(ask):
    # Found by `bench lake` on 2026-11-30: PostgreSQL restarted while DuckLake was in the middle of a question.
    class Broken:
        def cursor(self):
            raise duckdb.InternalException("INTERNAL Error: Attempted to access index 0 within vector of size 0")

    with pytest.raises(store.Unreadable, match="cannot be read"):
        ask(Broken())
