"""Shared links: what a chat shows of a model, a test and a family, and a chart for other sites."""

import asyncio
import io
import re

import pytest
from PIL import Image
from starlette.requests import Request

import store
from tests import lakes, tiny_store
from ui import preview, service
from ui.kit import door, words


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    address = lakes.place(tmp_path_factory.mktemp("preview"))
    tiny_store.write(address)
    return address


@pytest.fixture(autouse=True)
def tiny(place, monkeypatch):
    monkeypatch.setenv(store.ENVIRONMENT, str(place))


def route(function, kind: str, key: str):
    """The answer of a route."""
    scope = {
        "type": "http",
        "path": "/",
        "path_params": {"kind": kind},
        "query_string": b"id=" + key.encode(),
        "headers": [],
    }
    return asyncio.run(function(Request(scope)))


def head(path: str, query: str) -> str:
    """The head of the document that a path gets."""

    async def behind(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"<head><title>Streamlit</title></head>"})

    told = []

    async def send(message):
        told.append(message)

    headers = [(b"host", b"example.org"), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": headers}
    asyncio.run(door.Door(behind, preview.describe)(scope, None, send))
    return told[1]["body"].decode()


@pytest.mark.parametrize(
    ("path", "query", "title", "said"),
    [
        ("/models", "model=hf%3Aqwen%2Fm5", "Qwen-5", "standard deviations|usual range|unusual"),
        ("/benchmarks", "benchmark=gsm8k&family=Qwen", "GSM8K", "Best credible score|Cannot tell"),
        ("/families", "group=family%3AQwen", "Qwen", "stands out on"),
    ],
)
def test_a_shared_link_shows_the_name_the_answer_and_a_picture(path, query, title, said):
    text = head(path, query)
    assert f"<title>{title} · {words.NAME}</title>" in text
    assert re.search(f'property="og:description" content="[^"]*({said})', text, re.I)
    assert re.search(r'property="og:image" content="https://example\.org/preview/\w+\.png\?id=', text)


@pytest.mark.parametrize(
    ("path", "query"), [("/models", "model=none"), ("/models", "family=Qwen"), ("/method", "model=x")]
)
def test_a_link_to_nothing_in_particular_shows_the_words_of_the_site(path, query):
    text = head(path, query)
    assert "og:image" not in text and words.PROMISE.split(".")[0] in text


def test_a_hostile_name_stays_text_in_the_head():
    assert "&lt;img src=x" in head("/models", "model=hf%3Aunknown%2Fm2")
    assert "<img" not in head("/models", "model=hf%3Aunknown%2Fm2")


@pytest.mark.parametrize(("kind", "key"), [("model", "hf:qwen/m5"), ("model", "hf:unknown/m3"), ("benchmark", "gsm8k"), ("group", "family:Qwen")])  # fmt: skip
def test_the_picture_has_the_size_that_chats_ask_for_and_is_not_empty(kind, key):
    answer = route(preview.picture, kind, key)
    picture = Image.open(io.BytesIO(answer.body))
    assert (answer.status_code, answer.media_type, picture.size) == (200, "image/png", (preview.WIDTH, preview.HEIGHT))
    colours = {colour for _, colour in picture.getcolors(1 << 20)}
    assert {(47, 127, 201), (255, 255, 255)} <= colours and len(colours) > 20


@pytest.mark.parametrize(("kind", "key"), [("model", "none"), ("odd", "gsm8k"), ("group", "Qwen"), ("benchmark", "")])
def test_nothing_is_drawn_of_what_is_not_there(kind, key):
    assert {route(f, kind, key).status_code for f in (preview.picture, preview.embed)} == {404}


def test_letters_that_the_typeface_lacks_are_spelt_plainly_and_long_names_end_in_dots():
    assert preview.plain("● Größe – 模 £") == "Groe -"
    lines = preview.wrapped("a-very-long-name" * 9, preview.font(60), 600, 2)
    assert len(lines) == 1 and lines[0].endswith("...")


def test_a_chart_may_stand_in_a_frame_of_another_site_and_nothing_else_may():
    async def whole(path: str) -> dict:
        told = []

        async def behind(scope, receive, send):
            own = [(b"content-security-policy", preview.EMBEDDED.encode())] if path == "/embed/model" else []
            await send({"type": "http.response.start", "status": 200, "headers": own})

        async def send(message):
            told.append(message)

        await service.Guard(behind)({"type": "http", "path": path}, None, send)
        return dict(told[0]["headers"])

    assert b"X-Frame-Options" not in asyncio.run(whole("/embed/model"))
    assert asyncio.run(whole("/embed/other"))[b"X-Frame-Options"] == b"SAMEORIGIN"
    assert asyncio.run(whole("/models"))[b"X-Frame-Options"] == b"SAMEORIGIN"
    body = route(preview.embed, "benchmark", "gsm8k").body.decode()
    assert 'href="../benchmarks?benchmark=gsm8k"' in body and "<script" not in body
