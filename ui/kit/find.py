"""Find anything from every page: models, tests, families and makers, by any spelling, each with its answer.

Question  Where is the page of what the reader has in mind, and what does it say?
Input     the path of a database file, a text.
Output    a box in the side bar; above the page the hits, each a link with its answer.
Method    reading/search.py; its index is made once a database, when somebody first looks for something. The text stands in
          the address, so that a link shows the same hits.
Silent    Where no name has the text, one sentence says so.
"""

from collections.abc import Collection

import streamlit as st

from data.vocabulary import GROUP_KINDS
from reading import search
from store import Where
from ui.kit import address, data, words

KEY = "find"
LABEL = "Find anything"  # look.js knows the box by this: the slash key goes to it
SHOWN = 6  # hits above the page; a longer text says more
LONGEST = 120  # letters of a text
PAGES = {
    "model": ("pages/3_models.py", "model", "{}"),
    "benchmark": ("pages/2_benchmarks.py", "benchmark", "{}"),
    "family": ("pages/4_families.py", "group", "family:{}"),
    "maker": ("pages/4_families.py", "group", "maker:{}"),
}
KINDS = {"model": "Model", "benchmark": "Test", "family": "Family", "maker": "Maker"}


@st.cache_resource(max_entries=2, show_spinner="Reading all names once …")
def index(path: str) -> search.Index:
    """All names of one database."""
    return search.index(data.connection(path))


def look(path: str, text: str, kinds: Collection[str] = search.KINDS, limit: int | None = None) -> search.Found:
    """What a text means."""
    return search.find(index(path), text, kinds, limit)


def exact(path: str, text: str, kind: str) -> str:
    """The id of what a text names without a letter to spare ("GPT-4o" for "gpt-4o"); "" where no name or several fit."""
    found = look(path, text, (kind,), 2)
    same = [hit for hit in found.hits if hit.fit == search.SAME]
    return same[0].lead_id if len(same) == 1 and not found.corrected else ""


def box() -> str:
    """The box in the side bar; returns the text."""
    with st.sidebar:
        return address.bound(
            KEY,
            lambda widget: st.text_input(
                LABEL, key=widget, placeholder="model, test, family …  ( / )", type="search", max_chars=LONGEST
            ),
            "",
            lambda texts: texts[0][:LONGEST],
            address.alone,
        )


def close() -> None:
    """Empty the box; a callback."""
    st.session_state[address.widget_key(KEY)] = ""


def results(path: str, text: str) -> None:
    """The likeliest hits, each with its answer, above the page; nothing for an empty text."""
    if not text.strip():
        return
    found = look(path, text, limit=SHOWN + 1)
    hits = found.hits[:SHOWN]
    with st.container(border=True):
        asked = words.in_markdown(words.shorten(text, 80))
        if not hits:
            st.markdown(f"Nothing here is called “{asked}”. Try a part of the name.")
        elif found.corrected:
            st.markdown(f"Nothing is called “{asked}”; these are called **{words.in_markdown(found.corrected)}**:")
        told = answers(path, hits)
        for hit in hits:
            file, key, value = PAGES[hit.kind]
            st.page_link(
                file,
                label=f"{KINDS[hit.kind]}: {words.in_markdown(hit.name)}",
                query_params={key: value.format(hit.lead_id)},
            )
            st.caption(told.get((hit.kind, hit.id), f"{words.plural(hit.n_scores, 'score')}."))
        if len(found.hits) > SHOWN:
            st.caption(f"The first {SHOWN}; write more of the name to see others.")
        st.button("Close", key="close what was found", on_click=close)


def answers(path: str, hits: Collection[search.Hit]) -> dict[tuple[str, str], str]:
    """The answer of each hit as Markdown: {(kind, id): sentence}."""
    told = {}
    for key, row in search.answers(data.connection(path), hits).items():
        said = (
            words.level_text(row["level"], row["direction"]) if key[0] == "model" else words.status_text(row["status"])
        )
        told[key] = f"{said}. {words.in_markdown(row['reason'])}"
    groups = [hit for hit in hits if hit.kind in GROUP_KINDS]
    if groups and data.has(path, "families"):
        select = ("group_kind", "group_name", "subject_kind", "subject_name", "level", "direction")
        names = tuple(sorted({hit.id for hit in groups}))
        rows = data.read(path, "families", select, (Where("group_name", "in", names),), ("p_value", "subject_id"))
        for hit in groups:
            own = rows[(rows["group_kind"] == hit.kind) & (rows["group_name"] == hit.id)]
            said = words.family_sentence(own)
            told[hit.kind, hit.id] = f"{said[0].upper()}{said[1:]}"
    return told
