"""What stands between the browser and Streamlit: first visits compressed, no request that fails, unknown paths refused.

Question  What does a visitor's browser get before the app itself speaks?
Input     requests (ASGI); Streamlit's own answers.
Output    Streamlit's scripts and styles compressed (its server leaves them as they are: 7 MB instead of 2 on a first visit);
          its document with our title and icon, the address of the server, without which the browser asks every deep link
          twice in vain, our style, so that the parts of a page have their places before they come, and the scripts that
          pages are drawn with, which would else be asked for one after the other; "404" for a path that is no page.
Method    An ASGI middleware (https://asgi.readthedocs.io/en/latest/specs/www.html), used by serve.py. A host that runs
          `streamlit run app.py` does without it.
Silent    Everything else goes through untouched, the websocket included.
"""

import gzip
import html
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import streamlit
from starlette.concurrency import run_in_threadpool

from ui.kit import words

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Describe = Callable[[str, str], Mapping[str, str] | None]
App = Callable[[Message, Receive, Send], Awaitable[None]]

ROOT = Path(__file__).parents[2]
STATIC = Path(streamlit.__file__).parent / "static"
ICON = Path(__file__).parent / "mark.svg"
LOOK = Path(__file__).parent / "look.css"
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
OWN = (
    "/healthz",
    "/metrics",
    "/data",
    "/preview",
    "/embed",
    "/_stcore",
    "/static",
    "/media",
    "/component",
    "/app",
    "/vendor",
)  # paths of Streamlit that are no pages
A_YEAR = b"public, max-age=31536000, immutable"  # names of these files change with their contents
HEAD = """<script>window.__streamlit = {{BACKEND_BASE_URL: location.origin}}</script>
<title>{title}</title><meta name="description" content="{about}">
<meta property="og:title" content="{title}"><meta property="og:description" content="{about}">
<meta property="og:type" content="website"><meta property="og:site_name" content="{site}">{image}
<link rel="icon" type="image/svg+xml" href="/mark.svg">
{early}"""
# Parts of Streamlit that nearly every page draws with, by the names of their files before the hash.
DRAWN_WITH = (
    "PlotlyChart",
    "DataFrame",
    "Html",
    "PageLink",
    "TextInput",
    "Multiselect",
    "Selectbox",
    "Slider",
    "Checkbox",
    "DownloadButton",
    "Button",
    "ButtonGroup",
)
IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")
PICTURE = """<meta property="og:image" content="{address}"><meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630"><meta property="og:image:alt" content="{about}">
<meta name="twitter:card" content="summary_large_image">"""
MISSING = """<!DOCTYPE html><html lang="en"><title>Not found</title><body style="font-family: system-ui; margin: 3rem">
<h1>There is no such page</h1><p><a href="/">Home</a></p></body></html>"""


def paths() -> dict[str, str]:
    """Path of every page and what it is called."""
    found = {"/": words.NAME}
    for file in (ROOT / "pages").glob("[0-9]*_*.py"):
        name = file.stem.split("_", 1)[1]
        found[f"/{name}"] = f"{name.replace('_', ' ').capitalize()} · {words.NAME}"
    return found


@lru_cache(maxsize=256)
def compressed(path: str) -> bytes | None:
    """A script or style of Streamlit, gzipped once a process; None where there is none of this name."""
    file = (STATIC / path.lstrip("/")).resolve()
    if STATIC.resolve() not in file.parents or file.suffix not in KINDS or not file.is_file():
        return None
    return gzip.compress(file.read_bytes(), 6)


@cache
def early() -> str:
    """What a document brings before any script has run: how pages look, and which of Streamlit's scripts to ask for."""
    folder = STATIC / "static" / "js"
    ahead = [file for name in DRAWN_WITH for file in sorted(folder.glob(f"{name}.*.js"))]
    names: dict[str, None] = {}
    while ahead:
        file = ahead.pop()
        if file.name not in names and file.is_file():
            names[file.name] = None
            ahead += [folder / name for name in IMPORTED.findall(file.read_text(encoding="utf-8"))]
    links = (f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in names)
    return "\n".join([f"<style>{LOOK.read_text(encoding='utf-8')}</style>", *links])


class Door:
    """The middleware; `app` is what stands behind it."""

    def __init__(self, app: App, describe: Describe | None = None) -> None:
        """What stands behind; `describe` gives title, about and image of a path and its query, None for the site's own."""
        self.app, self.describe = app, describe

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through."""
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
        elif path == "/mark.svg":
            await answer(send, 200, ICON.read_bytes(), b"image/svg+xml")
        elif path.startswith("/static/") and accepts_gzip(scope) and compressed(path) is not None:
            kind = KINDS[Path(path).suffix].encode()
            more = [(b"content-encoding", b"gzip"), (b"vary", b"accept-encoding"), (b"cache-control", A_YEAR)]
            await answer(send, 200, compressed(path) or b"", kind, more)
        elif path.rstrip("/") in {p.rstrip("/") for p in paths()}:
            await self.document(scope, receive, send, paths().get(path.rstrip("/") or "/", words.NAME))
        elif path.startswith(OWN) or "." in path.rsplit("/", 1)[-1]:
            await self.app(scope, receive, send)
        else:
            await answer(send, 404, MISSING.encode(), b"text/html; charset=utf-8")

    async def document(self, scope: Message, receive: Receive, send: Send, title: str) -> None:
        """Streamlit's document with our head instead of its title and icon."""
        parts: list[bytes] = []
        first: Message = {}

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                first.update(message)
            else:
                parts.append(message.get("body", b""))

        plain = dict(scope, headers=[(k, v) for k, v in scope["headers"] if k not in (b"accept-encoding", b"range")])
        await self.app(plain, receive, keep)
        query = scope.get("query_string", b"").decode("latin-1")
        told = await run_in_threadpool(self.describe, scope["path"], query) if self.describe and query else None
        head = written_head(told or {"title": title, "about": words.PROMISE}, root(scope))
        body = b"".join(parts).decode("utf-8").replace("<title>Streamlit</title>", head, 1)
        body = body.replace('<link rel="shortcut icon" href="./favicon.png" />', "", 1)
        dropped = (b"content-length", b"etag", b"content-encoding", b"last-modified")
        kept = [(key, value) for key, value in first["headers"] if key.lower() not in dropped]
        content = body.encode()
        kept.append((b"content-length", str(len(content)).encode()))
        await send({**first, "headers": kept})
        await send({"type": "http.response.body", "body": content if scope["method"] == "GET" else b""})


def root(scope: Message) -> str:
    """The address of the site as the asker sees it, ending in a slash."""
    headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
    scheme = str(headers.get("x-forwarded-proto") or scope.get("scheme") or "http").split(",")[0].strip()
    return (
        f"{'https' if scheme == 'https' else 'http'}://{headers.get('host', 'localhost')}{scope.get('root_path', '')}/"
    )


def written_head(told: Mapping[str, str], place: str) -> str:
    """The head of a page's document; pictures need a whole address."""
    title, about = html.escape(told["title"]), html.escape(told["about"])
    image = PICTURE.format(address=html.escape(place + told["image"]), about=about) if "image" in told else ""
    return HEAD.format(title=title, about=about, site=html.escape(words.NAME), image=image, early=early())


def accepts_gzip(scope: Message) -> bool:
    """Whether the browser reads gzip."""
    return any(key == b"accept-encoding" and b"gzip" in value for key, value in scope["headers"])


async def answer(
    send: Send, status: int, body: bytes, kind: bytes, more: list[tuple[bytes, bytes]] | None = None
) -> None:
    """One whole answer."""
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
