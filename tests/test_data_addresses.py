"""Fixed addresses: what a program gets is what the page says, with descriptions that standard tools read."""

import gzip
import io
import json
import urllib.error
import urllib.request
from urllib.parse import urlencode

import pandas as pd
import pytest
from starlette.requests import Request

import store
from reading import dictionary, exports, package
from tests import browsing
from ui import published


@pytest.fixture
def connection(server):
    return store.connect(store.current(browsing.shared.place))


def get(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an address."""
    asked = urllib.request.Request(address, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(asked, timeout=120) as response:
            return response.status, {k.lower(): v for k, v in response.headers.items()}, response.read()
    except urllib.error.HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def csv(body: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(body), keep_default_na=False, dtype=str)


@pytest.mark.parametrize("table", exports.ROWS)
def test_every_table_is_whole_and_the_same_in_three_forms(server, connection, table):
    wanted = exports.table(connection, table)
    bodies = {form: get(f"{server}/data/{table}.{form}") for form in ("csv", "json", "parquet")}
    assert {answer[0] for answer in bodies.values()} == {200}
    frame = csv(bodies["csv"][2])
    rows = json.loads(bodies["json"][2])
    packed = pd.read_parquet(io.BytesIO(bodies["parquet"][2]))
    assert len(frame) == len(rows) == len(packed) == len(wanted)
    assert list(frame) == list(packed) == list(wanted)
    if "evaluation_id" in frame and "month" not in frame:
        assert sorted(frame["evaluation_id"]) == sorted(wanted["evaluation_id"]) == sorted(packed["evaluation_id"])
        assert (
            [row["evaluation_id"] for row in rows]
            == packed["evaluation_id"].tolist()
            == frame["evaluation_id"].tolist()
        )
    if "is_redistributable" in frame:
        assert set(frame["is_redistributable"]) <= {"true"}
    assert not any(cell.startswith(("=", "+", "@")) for column in frame for cell in frame[column])
    assert (
        "2026-11-22" in bodies["csv"][1]["x-data-as-of"] and "attachment" not in bodies["csv"][1]["content-disposition"]
    )


def test_a_filtered_address_has_the_rows_that_the_page_counts(server, connection):
    asked = urlencode({"family": ["Qwen"], "level": "unusual or more", "side": "high"}, doseq=True)
    _, _, body = get(f"{server}/data/anomalies.csv?{asked}")
    where = [*exports.COUNTED, store.Where("level", "in", ("very_unusual", "unusual")), store.Where("direction", "=", "high"),
             store.Where("family", "=", "Qwen")]  # fmt: skip
    wanted = exports.shareable(store.read(connection, "anomalies", where=where))[0]
    assert 0 < len(wanted) < len(exports.table(connection, "anomalies"))
    assert sorted(csv(body)["evaluation_id"]) == sorted(wanted["evaluation_id"])
    _, _, body = get(f"{server}/data/scores.json?benchmark=gsm8k&size=1B&size=8B&unknown=no")
    rows = json.loads(body)
    assert rows and {row["benchmark_id"] for row in rows} == {"gsm8k"}
    assert all(1e9 <= row["n_parameters"] <= 8.5e9 for row in rows)
    _, _, body = get(f"{server}/data/families.json?group=family:Qwen")
    assert {row["group_name"] for row in json.loads(body)} == {"Qwen"}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("nothing.csv", 404, "no table 'nothing'"),
        ("scores.xlsx", 404, "csv, parquet, json"),
        ("scores.csv?family=Nobody", 400, "no family 'Nobody'"),
        ("scores.csv?benchmark=none", 400, "no benchmark_id 'none'"),
        ("scores.csv?size=9B", 400, "size cannot be"),
        ("scores.csv?colour=red", 400, "no parameter 'colour'"),
        ("anomalies.csv?level=odd", 400, "level can be unusual or more"),
        ("benchmarks.csv?family=Qwen", 400, "no column family"),
        ("scores.csv?asof=yesterday", 400, "no day such as"),
        ("scores.csv?asof=2001-01-01", 404, "is not kept here"),
        ("../serve.py", 400, ""),
    ],
)  # fmt: skip
def test_an_address_that_asks_for_what_there_is_not_says_so_in_one_sentence(server, path, status, said):
    told, _, body = get(f"{server}/data/{path}")
    assert told == status and said in body.decode()
    assert body.count(b"\n") <= 1 or not said


def test_a_file_travels_packed_where_that_is_read_and_an_unchanged_one_not_at_all(server):
    address = f"{server}/data/scores.csv"
    _, plain_headers, plain = get(address)
    _, headers, body = get(address, Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip" and gzip.decompress(body) == plain
    assert "content-encoding" not in plain_headers
    assert get(address, If_None_Match=headers["etag"])[0] == 304
    assert get(f"{address}?asof=2026-11-22")[2] == plain


def test_the_descriptions_name_every_column_of_every_file_and_where_it_lies(server):
    _, _, body = get(f"{server}/data/datapackage.json")
    told = json.loads(body)
    named = {r["path"].rsplit("/", 1)[-1]: [f["name"] for f in r["schema"]["fields"]] for r in told["resources"]}
    assert set(named) == {f"{table}.csv" for table in exports.ROWS}
    for resource in told["resources"][:3]:
        assert resource["path"].startswith(f"{server}/data/")
        assert list(csv(get(resource["path"])[2])) == named[resource["path"].rsplit("/", 1)[-1]]
        assert all(field["description"] for field in resource["schema"]["fields"])
    crumbs = json.loads(get(f"{server}/data/croissant.json")[2])
    assert crumbs["conformsTo"].endswith("/croissant/1.0") and "2026-11-22" in crumbs["citeAs"]
    files = {file["@id"] for file in crumbs["distribution"]}
    for records in crumbs["recordSet"]:
        assert {field["source"]["fileObject"]["@id"] for field in records["field"]} <= files
        assert [f["source"]["extract"]["column"] for f in records["field"]] == named[f"{records['name']}.csv"]
    assert len(csv(get(f"{server}/data/dictionary.csv")[2])) == len(dictionary.whole())
    assert b"/data/scores.csv" in get(f"{server}/data")[2]


def test_the_address_of_the_files_follows_the_proxy():
    headers = [(b"host", b"example.org"), (b"x-forwarded-proto", b"https")]
    asked = Request(
        {"type": "http", "headers": headers, "root_path": "/b", "scheme": "http", "path": "/", "server": None}
    )
    assert published.base(asked) == "https://example.org/b/data/"


def test_a_citation_names_version_and_day():
    assert package.citation("2026-11-22", "https://example.org/").endswith(
        "data as of 2026-11-22. https://example.org/"
    )
