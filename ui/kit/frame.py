"""The shell around every page: title, menu, filters, the day of the data, and what is said when there is no data.

Question  What stands around the answer, the same on every page?
Input     the page's name and its question.
Output    a `Page`: the build to read and the reader's selection.
Method    Native `pages/` with Streamlit's own menu switched off (.streamlit/config.toml): with `st.navigation` a deep
          link that is the first visit after a start would skip app.py, and with it the menu and the filters.
Silent    Without a database the page shows how far its build is and stops; without the one asked for it says so.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import store
from reading import about, exports, files, package
from ui.kit import address, charts, data, filters, find, fold, parts, process, waiting, words
from ui.kit.shelf import remembered

ROOT = Path(__file__).parents[2]
KIT = Path(__file__).parent
# Pages about one thing that ui/preview.py draws a chart of: the parameter that names it, and its kind there.
EMBEDDED = {"Models": {"model": "model"}, "Benchmarks": {"benchmark": "benchmark"}, "Families": {"group": "group"}}
FILES = "static/data"  # where README tells a host to put the files; Streamlit serves them below app/
DAY_TOLD = "day of the data that is shown"


@dataclass(frozen=True)
class Page:
    """What a page needs from its shell."""

    name: str
    build: data.Build
    selection: filters.Selection
    began_at: float = 0.0  # on the clock of time.monotonic

    @property
    def path(self) -> str:
        """The database file."""
        return self.build.path

    @property
    def asof(self) -> date:
        """The day that the data describe."""
        return self.build.asof


@cache
def pages() -> dict[str, str]:
    """Files in pages/, in the order of their numbers, and the names for the menu: "2_benchmarks.py" is "Benchmarks"."""
    found = {"app.py": "Home"}
    for file in sorted((ROOT / "pages").glob("[0-9]*_*.py"), key=lambda f: int(f.name.split("_", 1)[0])):
        found[f"pages/{file.name}"] = file.stem.split("_", 1)[1].replace("_", " ").capitalize()
    return found


def open_page(name: str, question: str, has_filters: bool = True, item: str | Callable[[str], str | None] = "") -> Page:
    """Start a page: configure it, draw menu, filters and title; returns what to read. Stops the run without a
    database.

    item   the name of the one thing that the page is about, which leads the browser's tab; or how to find it, from the path
           of the database: it is then the title too, and the question stands below it.
    """
    began_at = time.monotonic()
    show_tab(name, item if isinstance(item, str) else "")
    process.settle()
    address.start(name)
    menu = begin_menu()
    asked = address.day(filters.DAY)
    if not waiting.has_database():
        draw_menu(menu, {})
        st.title(question, anchor=False)
        waiting.wait_for_database()
    try:
        build = data.build(asked)
    except store.NoDatabase as problem:
        draw_menu(menu, {})
        st.title(question, anchor=False)
        st.warning(str(problem), icon="🗄️")
        offer_newest(name)
        st.stop()
    st.session_state[DAY_TOLD] = words.day(build.asof)
    sought = find.box()
    selection = filters.sidebar(build.path, build.asof) if has_filters else filters.Selection()
    page = Page(name, build, selection, began_at)
    with menu:
        menu_of(page)
    title = "" if isinstance(item, str) else item(build.path)
    if title:
        show_tab(name, title)
    st.title(words.in_markdown(title) if title else question, anchor=False)
    st.caption(f"{question} · {as_of(build)}" if title else as_of(build))
    if build.gone:
        st.info(
            f"The build of {words.day(build.gone)} is no longer kept: you see that of {words.day(build.asof)}. "
            f"`python pipeline.py build --asof {build.gone}` on a copy of this project makes it anew."
        )
    if build.gone or not build.is_newest:
        offer_newest(name)
    find.results(build.path, sought)
    with st.sidebar:
        waiting.note_newer_build()
    return page


@parts.kept
def menu_of(page: Page) -> None:
    """The links of the menu, with the filters of the address."""
    draw_links(filters.parameters())


def show_tab(name: str, item: str = "") -> None:
    """Name and icon of the browser's tab; the whole width of the screen."""
    named = (words.shorten(item, 60), "" if name == "Home" else name, words.NAME)
    tab = " · ".join(part for part in named if part)
    st.set_page_config(page_title=tab, page_icon=KIT / "mark.svg", layout="wide", initial_sidebar_state="auto")


def offer_newest(name: str) -> None:
    """A way from a build of an earlier day, or from one that is gone, to the newest, with everything else as it was."""
    file = next((file for file, label in pages().items() if label == name), "app.py")
    kept = {key: values for key, values in address.whole().items() if key != filters.DAY}
    st.page_link(file, label="Show the newest data →", query_params=kept or None)


def begin_menu() -> DeltaGenerator:
    """The place of the menu with our name, how everything looks, and the script; the links come once filters are known."""
    place = st.sidebar.container(key="menu")
    with place:
        st.html(KIT / "look.css")
        with st.container(key="script"):
            st.html(f"<script>{script()}</script>", unsafe_allow_javascript=True)
        st.markdown(f"**{words.NAME}**")
    return place


def draw_menu(place: DeltaGenerator, parameters: dict) -> None:
    """The links of the menu; they carry the filters, so that a page opened in a new tab shows the same selection."""
    with place:
        draw_links(parameters)


def draw_links(parameters: dict) -> None:
    """The same, where the page stands now."""
    for file, label in pages().items():
        st.page_link(file, label=label, query_params=parameters or None, width="stretch")


@cache
def script() -> str:
    """What the menu needs on a phone, and the key that goes to the box that finds anything."""
    return (KIT / "look.js").read_text(encoding="utf-8")


@remembered
def as_of_day(path: str, asof: date) -> str:
    """The day of the data, how many sources they come from, and which of these are late."""
    sources = data.read(path, "source", ("title", "status", "cadence_days", "newest_content_date", "problem"))
    text = f"As of {words.day(asof)} · {words.plural(len(sources), 'source')}"
    late = stale(sources, asof)
    return f"{text} · ◷ {words.plural(len(late), 'source')} late: see Method" if late else text


def as_of(build: data.Build) -> str:
    """The same of a build, and whether a link asks for an earlier one."""
    return as_of_day(build.path, build.asof) + ("" if build.is_newest else " · an earlier build, as the link asks")


def stale(sources: pd.DataFrame, asof: date) -> list[str]:
    """Titles of live sources whose newest content is older than their usual rhythm."""
    found = []
    for row in sources.itertuples():
        age = words.age_in_days(row.newest_content_date, asof)
        rhythm = row.cadence_days
        if row.status == "live" and age is not None and not words.is_missing(rhythm) and age > rhythm:
            found.append(row.title)
    return found


def link(page: Page) -> str:
    """An address that shows this view again, pinned to the day of the data."""
    parameters = address.whole() | {filters.DAY: [page.asof.isoformat()]}
    return f"{(st.context.url or '').split('?')[0]}?{urlencode(parameters, doseq=True)}"


def chart(figure: go.Figure, finding: str, alt: str, below: str = "", key: str | None = None, title: str = "") -> None:
    """A chart under the sentence that it shows, with what a reader needs to read it below.

    finding   Markdown; "" where the sentence stands above already: `title` then says it for the picture that a reader saves
              (ui/kit/look.js puts it there, with the source).
    """
    if finding:
        st.markdown(f"**{finding}**")
    said = words.plain(finding or title or alt)
    source = f"{words.NAME}, data of {st.session_state.get(DAY_TOLD, 'an unknown day')}"
    figure.update_layout(meta={"title": said, "source": source, "file": f"benchcred_{exports.safe(said)[:80]}"})
    st.plotly_chart(figure, height=figure.layout.height or "content", config=charts.CONFIG, alt=alt, key=key)
    if below:
        st.caption(below)


def address_of(page: Page, table: str, form: str, parameters: dict[str, list[str]]) -> str:
    """The fixed address of the rows of a table in the reader's selection (ui/published.py), as a page links to it."""
    known = data.columns(page.path, table)
    rules = page.selection.rules()
    kept = {key: values for key, values in filters.parameters().items() if key in rules and rules[key].column in known}
    if kept.keys() & {"size", "released"} and "unknown" in st.query_params:
        kept["unknown"] = st.query_params.get_all("unknown")
    asked = urlencode({**kept, **parameters}, doseq=True)
    return f"data/{table}.{form}{f'?{asked}' if asked else ''}"


def data_files(tables: Collection[str]) -> dict[str, list[str]]:
    """Tables that a host that knows Streamlit alone has as whole files, with their forms: `pipeline.py export` writes them."""
    told = [table for table in tables if (ROOT / FILES / f"{table}.csv").exists()]
    return {table: [form for form in files.FORMS if (ROOT / FILES / f"{table}.{form}").exists()] for table in told}


def data_of(page: Page, tables: dict[str, dict[str, list[str]]], whole: dict[str, list[str]] | None) -> None:
    """Fixed addresses of the page's tables with what is chosen, and how to cite them; whole: the files of a host that has no
    such addresses.
    """
    if whole is not None:
        for table, forms in whole.items():
            links = (f"[{form.upper()}](app/{FILES}/{table}.{form})" for form in forms)
            st.markdown(f"**{table}**, whole: {' · '.join(links)}")
    else:
        for table, parameters in tables.items():
            if not data.has(page.path, table):
                continue
            links = (f"[{form.upper()}](<{address_of(page, table, form, parameters)}>)" for form in files.FORMS)
            st.markdown(f"**{table}**, as chosen here: {' · '.join(links)}")
        st.caption(
            "These addresses stay. [All tables](data), their [data package](data/datapackage.json), "
            "[Croissant description](data/croissant.json) and [data dictionary](data/dictionary.csv)."
        )
        for key, kind in EMBEDDED.get(page.name, {}).items():
            if key in st.query_params:
                root = (st.context.url or "").split("?")[0].rsplit("/", 1)[0]
                source = f"{root}/embed/{kind}?{urlencode({'id': st.query_params[key]})}"
                st.markdown("**To show its chart on another site**")
                st.code(
                    f'<iframe src="{source}" width="600" height="315" style="border:0"></iframe>',
                    language=None,
                    wrap_lines=True,
                )
    st.markdown("**To cite**")
    st.code(package.citation(page.asof.isoformat(), link(page)), language=None, wrap_lines=True)


def close_page(
    page: Page, source_line: str, cannot_tell: str, tables: dict[str, dict[str, list[str]]] | None = None
) -> None:
    """End a page: what it cannot tell, where its numbers come from, a link to this view, its data, and what this site is.

    tables   the tables that the page shows, each with the parameters that choose its rows besides the filters.
    """
    ending(page, source_line, cannot_tell)
    fold.folded("Link to this view, its data, how to cite it", "link", lambda: link_and_data(page, tables or {}))
    st.caption(footer(page))
    labels = f'page="{page.name}"'
    process.add("benchcred_runs_total", labels)
    process.add("benchcred_run_seconds_total", labels, time.monotonic() - page.began_at)


@parts.kept_for_all
def ending(page: Page, source_line: str, cannot_tell: str) -> None:
    """What a page cannot tell, and where its numbers come from."""
    st.divider()
    st.header("What this cannot tell you", anchor=False)
    st.markdown(cannot_tell)
    st.caption(f"{source_line} As of {words.day(page.asof)}.")


def link_and_data(page: Page, tables: dict[str, dict[str, list[str]]]) -> None:
    """The link to this view, its data, how to cite it."""
    st.code(link(page), language=None, wrap_lines=True)
    data_of(page, tables, None if process.serves("data") else data_files(tables))


def footer(page: Page) -> str:
    """The last line: day of the data, version, licences, source code, and where to report an error."""
    place = about.repository()
    method = "[Method](method)"
    parts = [
        f"{words.NAME} {about.version()}",
        f"data of {words.day(page.asof)}",
        f"code under the [MIT licence]({place}/blob/HEAD/LICENSE)" if place else "code under the MIT licence",
        f"figures under their sources’ [licences]({place}/blob/HEAD/DATA_LICENCES.md)"
        if place
        else f"figures under their sources’ licences: {method}",
    ]
    if place:
        parts.append(f"[source code]({place})")
        parts.append(f"[report an error]({about.new_issue(f'{page.name}: ', issue_text(page))})")
    return " · ".join(parts)


def issue_text(page: Page) -> str:
    """What a form for a new issue holds already."""
    return f"View: {link(page)}\n\nWhat is wrong:\n\nA source that shows it:\n\nWho I am:\n"
