"""The door before the pages: what is compressed, named and refused, asked without a browser."""

import asyncio
import gzip

import pytest

from ui.kit import door

DOCUMENT = b'<head><link rel="shortcut icon" href="./favicon.png" /><title>Streamlit</title></head>'


def ask(path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one request, with a Streamlit behind the door that says the same to all."""

    async def behind(scope, receive, send):
        kinds = [(b"content-type", b"text/html"), (b"content-length", str(len(DOCUMENT)).encode()), (b"etag", b"x")]
        await send({"type": "http.response.start", "status": 200, "headers": kinds})
        await send({"type": "http.response.body", "body": DOCUMENT})

    told = []

    async def send(message):
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": path}
    scope["headers"] = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    asyncio.run(door.Door(behind)(scope, None, send))
    known = {k.decode().lower(): v.decode() for k, v in told[0]["headers"]}
    return told[0]["status"], known, b"".join(m.get("body", b"") for m in told[1:])


@pytest.mark.parametrize(("path", "title"), [("/", "BenchCred"), ("/models", "Models · BenchCred"), ("/method/", None)])
def test_a_page_comes_with_its_title_our_icon_and_the_address_of_its_server(path, title):
    status, headers, body = ask(path)
    text = body.decode()
    assert status == 200 and int(headers["content-length"]) == len(body) and "etag" not in headers
    assert "BACKEND_BASE_URL: location.origin" in text and "/mark.svg" in text
    assert "Streamlit</title>" not in text and "favicon.png" not in text
    assert title is None or f"<title>{title}</title>" in text


@pytest.mark.parametrize("path", ["/nothing", "/models/one", "/wp-admin", "/models/nothing"])
def test_a_path_that_is_no_page_is_not_found(path):
    status, _, body = ask(path)
    assert status == 404 and b"There is no such page" in body


@pytest.mark.parametrize("path", ["/_stcore/health", "/media/x.csv", "/favicon.png", "/app/static/feed.atom"])
def test_what_belongs_to_streamlit_goes_through_untouched(path):
    assert ask(path)[2] == DOCUMENT


def test_scripts_travel_compressed_where_the_browser_reads_that():
    script = next((door.STATIC / "static" / "js").glob("index.*.js"))
    path = f"/static/js/{script.name}"
    status, headers, body = ask(path, accept_encoding="gzip, br")
    assert status == 200 and headers["content-encoding"] == "gzip" and "immutable" in headers["cache-control"]
    assert gzip.decompress(body) == script.read_bytes() and len(body) < 0.5 * script.stat().st_size
    assert ask(path)[2] == DOCUMENT


@pytest.mark.parametrize("path", ["/static/../../../server.py", "/static/js/../../index.html", "/static/js/none.js"])
def test_no_file_outside_the_scripts_can_be_asked_for(path):
    assert ask(path, accept_encoding="gzip")[2] == DOCUMENT


def test_our_icon_is_there():
    status, headers, body = ask("/mark.svg")
    assert (status, headers["content-type"]) == (200, "image/svg+xml") and body.startswith(b"<svg")


def test_a_page_comes_with_its_style_and_the_scripts_that_it_is_drawn_with():
    """Without them parts of a page have no place before their scripts are there, and jump."""
    text = ask("/models")[2].decode()
    assert door.LOOK.read_text(encoding="utf-8") in text
    folder = door.STATIC / "static" / "js"
    for name in door.DRAWN_WITH:
        (file,) = folder.glob(f"{name}.*.js")
        assert f'<link rel="modulepreload" crossorigin href="./static/js/{file.name}">' in text
    assert all((folder / name.partition('"')[0]).is_file() for name in text.split("./static/js/")[1:])
