"""What a shared link shows elsewhere: title, sentence and picture of one model, test or family, made when somebody asks.

Question  What is behind this link, for a reader who sees it in a chat?
Input     path and parameters of a page; the newest database.
Output    `describe`: title, sentence, address of the picture; `picture`: the route /preview/KIND.png?id=ID, a PNG of WIDTH by
          HEIGHT with name, answer and a small chart; `embed`: the route /embed/KIND?id=ID, a page with that chart alone, for
          a frame on other sites.
Method    Drawn with Pillow and its own typeface, without a browser; what that typeface lacks is spelt in plain letters. The
          sentence is the answer that the page shows.
Silent    A link to anything else, or to what the database does not hold, gets the site's own words and no picture; the routes
          answer 404.
"""

import base64
import html
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, urlencode

import pandas as pd
from PIL import Image, ImageDraw, ImageFont
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

import store
from data.vocabulary import ANSWER_SUBJECTS, GROUP_KINDS, MARKED
from reading.exports import CURRENT, HEADLINE
from store import Where
from ui import service
from ui.kit import words

WIDTH, HEIGHT = 1200, 630  # what Open Graph asks for: https://ogp.me
ROWS = 5  # lines of the small chart
INK, FAINT, BAND, BLUE, ORANGE = "#1b2430", "#5b6675", "#cfe0f2", "#2f7fc9", "#d9730d"
PLAIN = str.maketrans({"–": "-", "−": "-", "×": "x", "→": "to", "’": "'", "…": "..."})
NINE_IN_TEN = 1.645  # standard errors on either side that hold 90% of a normal law
# Which page shows one thing, by which parameter, and what that is.
PAGES = {"/models": ("model", "model"), "/benchmarks": ("benchmark", "benchmark"), "/families": ("group", "group")}
EMBEDDED = "frame-ancestors *; default-src 'none'; img-src data:; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Line:
    """One line of the small chart: a range and a dot in it; all numbers share one scale."""

    label: str
    low: float
    high: float
    at: float
    is_marked: bool = False


@dataclass(frozen=True)
class Card:
    """What is told of one thing; `ends` are those of the scale of the lines, `unit` says what it counts."""

    kind: str
    id: str
    title: str
    sentence: str
    lines: tuple[Line, ...] = ()
    ends: tuple[float, float] = (0.0, 100.0)
    unit: str = "Score (%); bar: what 90% of similar models get"
    asof: str = ""


def of_model(connection: store.Connection, model_id: str) -> Card | None:
    """One model: the verdict on all its scores, and those furthest from expected."""
    rows = store.read(
        connection, "models", ("name", "level", "direction", "reason"), (Where("model_id", "=", model_id),)
    )
    if rows.empty:
        return None
    row = rows.iloc[0]
    side = None if words.is_missing(row["direction"]) else row["direction"]
    where = (*CURRENT[1:], Where("signal_id", "=", HEADLINE), Where("variant", "=", ""), Where("model_id", "=", model_id),
             Where("unit", "=", "fraction"), Where("expected_lower", "not null"))  # fmt: skip
    columns = ("benchmark_name", "score", "expected_lower", "expected_upper", "residual_z", "level")
    found = store.read(connection, "anomalies", columns, where)
    found = found.reindex(found["residual_z"].abs().sort_values(ascending=False, kind="stable").index)
    lines = tuple(
        Line(r.benchmark_name, 100 * r.expected_lower, 100 * r.expected_upper, 100 * r.score, r.level in MARKED)
        for r in found.drop_duplicates("benchmark_name").head(ROWS).itertuples()
    )
    return Card("model", model_id, row["name"], f"{words.level_text(row['level'], side)}. {row['reason']}", lines)


def of_benchmark(connection: store.Connection, benchmark_id: str) -> Card | None:
    """One test: its answer, and its best scores on the way from guessing to its end."""
    rows = store.read(connection, "benchmarks", None, (Where("benchmark_id", "=", benchmark_id),))
    if rows.empty:
        return None
    row = rows.iloc[0]
    name = row["benchmark_name"]
    if not words.is_missing(row["benchmark_version"]) and str(row["benchmark_version"]) not in name:
        name = f"{name} {row['benchmark_version']}"
    sentence = f"{words.status_text(row['status'])}, {words.use_text(row['use'])}. {row['reason']}"
    told = {"best": "Best credible score", "kth_best": "Fifth maker", "best_community": "Whoever made the model"}
    floor, top = (pd.Series([row["floor"], row["ceiling"]]).astype(float).fillna(pd.Series([0.0, 1.0])) * 100).tolist()
    if bool(row["is_lower_better"]):
        floor, top = 0.0, 100.0
    lines = tuple(
        Line(label, floor, top, 100 * float(row[column]))
        for column, label in told.items()
        if row["unit"] == "fraction" and not words.is_missing(row[column])
    )
    return Card("benchmark", benchmark_id, name, sentence, lines, unit="Score (%); bar: from guessing to the ceiling")


def of_group(connection: store.Connection, key: str) -> Card | None:
    """A family or maker: on how many tests it stands out, and the surest of them."""
    kind, _, name = key.partition(":")
    if kind not in GROUP_KINDS:
        return None
    where = (Where("group_kind", "=", kind), Where("group_name", "=", name))
    rows = store.read(connection, "families", None, where, ("-subject_kind", "p_value", "subject_id"))
    if rows.empty:
        return None
    tests = rows[rows["subject_kind"] == ANSWER_SUBJECTS[0]].dropna(subset=["effect", "effect_error"])
    lines = tuple(
        Line(r.subject_name, r.effect - NINE_IN_TEN * r.effect_error, r.effect + NINE_IN_TEN * r.effect_error, r.effect,
             r.level in MARKED)
        for r in tests.head(ROWS).itertuples()
    )  # fmt: skip
    reach = max([1.0, *(max(abs(line.low), abs(line.high)) for line in lines)])
    unit = "Spreads of the test above (right) or below what its other scores suggest; bar: 90% interval"
    return Card("group", key, name, f"{name} {words.plain(words.family_sentence(rows))}", lines, (-reach, reach), unit)


MAKERS = {"model": of_model, "benchmark": of_benchmark, "group": of_group}


@lru_cache(maxsize=512)
def card(path: store.Build, kind: str, key: str) -> Card | None:
    """What the database at `path` tells of one thing; None where it holds none of this name."""
    connection = service.opened(path)
    try:
        found = MAKERS[kind](connection, key)
        known = store.read(connection, "build").set_index("name")["value"]
    except store.NoDatabase:
        return None
    return None if found is None else Card(**{**vars(found), "asof": words.day(known["asof"][:10])})


def asked(path: str, query: str) -> tuple[str, str] | None:
    """Kind and id of the one thing that an address is about; None for a list."""
    parameter, kind = PAGES.get(path.rstrip("/"), ("", ""))
    values = parse_qs(query).get(parameter, [])
    return (kind, values[-1]) if parameter and values else None


def describe(path: str, query: str) -> Mapping[str, str] | None:
    """Title, sentence and the path of the picture for the head of a page's document; None where it has none of its own."""
    about = asked(path, query)
    if about is None:
        return None
    try:
        found = card(store.current(), *about)
    except store.NoDatabase:
        return None
    if found is None:
        return None
    image = f"preview/{found.kind}.png?{urlencode({'id': found.id})}"
    return {"title": f"{found.title} · {words.NAME}", "about": words.shorten(found.sentence, 300), "image": image}


def plain(text: str) -> str:
    """Text in the letters that the typeface has."""
    known = unicodedata.normalize("NFKD", text.translate(PLAIN))
    shown = "".join(letter for letter in known if letter.isascii() and letter.isprintable())
    return " ".join(shown.split()).lstrip(". ,")


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int, most: int) -> list[str]:
    """The text in lines of at most `width` points; the last of `most` lines ends in dots where more would follow."""
    lines: list[str] = []
    for word in plain(text).split():
        while font.getlength(word) > width:
            word = f"{word[: max(1, len(word) - 4)].rstrip('.')}..."
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = lines[:most]
        while font.getlength(f"{lines[-1]} ...") > width:
            lines[-1] = lines[-1].rpartition(" ")[0]
        lines[-1] += " ..."
    return lines


def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own typeface."""
    found = ImageFont.load_default(size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was made without FreeType")
    return found


@lru_cache(maxsize=128)
def drawn(what: Card) -> bytes:
    """The picture as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 14, HEIGHT), fill=BLUE)
    draw.text((60, 40), words.NAME, font=font(30), fill=BLUE)
    draw.text((WIDTH - 60, 40), f"data of {what.asof}", font=font(26), fill=FAINT, anchor="ra")
    y = 96
    for text in wrapped(what.title, font(60), WIDTH - 120, 2):
        draw.text((60, y), text, font=font(60), fill=INK)
        y += 70
    for text in wrapped(what.sentence, font(32), WIDTH - 120, 3):
        draw.text((60, y + 6), text, font=font(32), fill=INK)
        y += 42
    low, high = what.ends
    left, right, y = 420, WIDTH - 150, max(y + 34, 330)
    step = min(44, (HEIGHT - 66 - y) // max(1, len(what.lines)))
    for line in what.lines:
        at, start, end = (left + (right - left) * (v - low) / (high - low) for v in (line.at, line.low, line.high))
        label = wrapped(line.label, font(24), left - 90, 1)[:1]
        draw.text((left - 20, y + step / 2), "".join(label), font=font(24), fill=FAINT, anchor="rm")
        draw.line((left, y + step / 2, right, y + step / 2), fill="#e3e8ee", width=2)
        draw.rectangle((start, y + step / 2 - 9, end, y + step / 2 + 9), fill=BAND)
        colour = ORANGE if line.is_marked else BLUE
        draw.ellipse((at - 9, y + step / 2 - 9, at + 9, y + step / 2 + 9), fill=colour)
        draw.text((right + 24, y + step / 2), f"{line.at:.1f}", font=font(24), fill=INK, anchor="lm")
        y += step
    if what.lines:
        draw.text((left, HEIGHT - 52), plain(what.unit), font=font(20), fill=FAINT)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def found(request: Request) -> Card | None:
    """The card that a request names."""
    kind, key = request.path_params["kind"], request.query_params.get("id", "")
    return card(store.current(), kind, key) if kind in MAKERS and key else None


async def picture(request: Request) -> Response:
    """The picture of one thing."""
    try:
        what = await run_in_threadpool(found, request)
    except store.NoDatabase as problem:
        return PlainTextResponse(f"{problem}\n", 503)
    if what is None:
        return PlainTextResponse("There is nothing of this name here.\n", 404)
    body = await run_in_threadpool(drawn, what)
    headers = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(body, 200, headers, "image/png")


async def embed(request: Request) -> Response:
    """The chart of one thing alone, for a frame on another site, with a link to its page."""
    try:
        what = await run_in_threadpool(found, request)
    except store.NoDatabase as problem:
        return PlainTextResponse(f"{problem}\n", 503)
    if what is None:
        return PlainTextResponse("There is nothing of this name here.\n", 404)
    image = base64.b64encode(await run_in_threadpool(drawn, what)).decode()
    page, parameter = next((path, name) for path, (name, kind) in PAGES.items() if kind == what.kind)
    link = html.escape(f"..{page}?{urlencode({parameter: what.id})}")
    text = html.escape(f"{what.title}. {what.sentence}")
    body = (
        f'<!DOCTYPE html><html lang="en"><head><title>{html.escape(what.title)}</title></head><body style="margin:0">'
        f'<a href="{link}" target="_blank" rel="noopener"><img src="data:image/png;base64,{image}" alt="{text}" '
        'style="width:100%;height:auto;display:block"></a></body></html>'
    )
    return HTMLResponse(body, headers={"Content-Security-Policy": EMBEDDED, "Cache-Control": "public, max-age=3600"})
