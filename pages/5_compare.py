"""Compare: which differences between two to four models are larger than noise?

Models are named in the address (?model=, once each); found by any spelling; the sentence, a dumbbell of the shared tests,
every number with its source.
"""

import streamlit as st

from reading import compare as comparing
from ui import compare
from ui.kit import address, comparison_charts, find, frame, parts, tables, views, words

LINES = ("Within noise, or it cannot be told", "Apart by more than noise")
FOUND = 6  # models that are offered for a text
LOOKED_AT = 200  # models with such a name among which the filters choose
NOISE = (
    "Noise is what a fresh set of as many questions would move two scores apart by in 1 of 20 comparisons like this, over all "
    "shared tests together, and what another set-up moves a score by, where set-ups differ. The questions are the same for "
    "all models, so this errs on the side of “within noise”. A model is its release: of several readings in one set-up (dated "
    "versions, hosts) the middle one. Parts of one benchmark count as one test: its overall score, or the mean of the parts "
    "that all models have. A renewed test counts once, in the newest version that all share. **A lead on these "
    "tests is not a better model**: which tests are shared depends on what people chose to run."
)


def leave(model_id: str) -> None:
    """Take a model out of the comparison; a callback."""
    kept = [known for known in st.session_state["compared"] if known != model_id]
    address.put(compare.KEY, *kept)


def take(model_id: str) -> None:
    """Put a model into the comparison and empty the box; a callback."""
    address.put(compare.KEY, *st.session_state["compared"], model_id)
    st.session_state["model to add"] = ""


def pick(page: frame.Page, chosen: list[compare.Release], is_example: bool) -> None:
    """The models that are compared, each with a way out, and a box that finds more."""
    st.session_state["compared"] = [] if is_example else [some.lead_id for some in chosen]
    if not is_example:
        with st.container(horizontal=True):
            for some in chosen:
                st.button(f"{some.name} ✕", key=f"leave {some.id}", on_click=leave, args=(some.lead_id,),
                          help="Take it out of the comparison")  # fmt: skip
    if len(st.session_state["compared"]) >= comparing.AT_MOST:
        return
    text = st.text_input(
        "Add a model",
        key="model to add",
        placeholder="any name, such as gemma 2 27b or gpt4o",
        width=420,
        max_chars=120,
    )
    if not text:
        return
    known = find.look(page.path, text, ("model",)).hits
    hits = compare.offered(page, known[:LOOKED_AT])[:FOUND]
    if not hits:
        asked = words.in_markdown(words.shorten(text, 80))
        st.caption(f"No model is called “{asked}” {'in this selection' if known else 'here'}.")
    with st.container(horizontal=True):
        for hit in hits:
            st.button(f"+ {hit.name}", key=f"take {hit.id}", on_click=take, args=(hit.lead_id,),
                      help=f"{words.plural(hit.n_scores, 'score')}")  # fmt: skip


def columns(chosen: list[compare.Release]) -> dict:
    """Columns of the table for these models."""
    found = {
        "test_link": st.column_config.LinkColumn("Test", display_text=r"#(.*)$", width=228, pinned=True),
        "leads": st.column_config.TextColumn("Leads by more than noise", width=205),
    }
    for place, some in enumerate(chosen):
        found[f"percent_{place}"] = st.column_config.NumberColumn(f"{some.name} (%)", format="%.1f", width=221)
    found |= {
        "gap_points": st.column_config.NumberColumn("First two apart", format="%.1f", width=115, help="Points"),
        "noise_points": st.column_config.NumberColumn("Noise", format="%.1f", width=68, help="Points"),
        "setup": st.column_config.TextColumn("Set-up", width=200),
        "domain": st.column_config.TextColumn("Domain", width=120),
    }
    for place, some in enumerate(chosen):
        found[f"source_{place}"] = st.column_config.LinkColumn(f"Source, {some.name}", display_text="open", width=130)
    return found


@parts.kept
def side_by_side(page: frame.Page, chosen: tuple[compare.Release, ...]) -> None:
    """The sentence, the chart and the table of the shared tests; says so where there is none."""
    _, rows, _ = compare.compared(page, chosen)
    if rows.empty:
        st.info(
            "These models share no test whose scores are shares of right answers. Take one out, or add another."
            if page.selection.is_empty
            else "These models share no such test in this selection. Clear a filter, take one out, or add another."
        )
        return
    st.markdown(compare.finding(list(chosen), rows))
    drawn = rows.head(compare.DRAWN)
    more = f" The first {compare.DRAWN} of {len(rows)} tests." if len(rows) > compare.DRAWN else ""
    names = " and ".join(words.in_markdown(some.name) for some in chosen)
    n_apart = int(rows["is_apart"].sum())
    apart = "the two" if len(chosen) == 2 else "the first two"
    frame.chart(
        comparison_charts.dumbbell(drawn, [some.name for some in chosen], LINES),
        f"{names}: {words.count(n_apart)} of {words.plural(len(rows), 'shared test')} tell them apart",
        f"Scores of {names} on the tests that they share, differences within noise in weak lines",
        f"Strong lines: {apart} are apart by more than noise; these come first, the widest on top.{more}",
    )
    tables.show(rows, columns(list(chosen)), alt="Shared tests with the scores of each model", missing="not known")


@parts.kept
def left_out(page: frame.Page, chosen: tuple[compare.Release, ...]) -> None:
    """What the file leaves out, and how many tests are not compared."""
    read, _, n_other = compare.compared(page, chosen)
    tables.left_out(int((~read["is_redistributable"].astype(bool)).sum()))
    st.caption(
        f"{words.plural(n_other, 'more test')} of these models are not shared by all, or are not shares of right answers."
    )


page = frame.open_page("Compare", "Which differences between models are larger than noise?")
chosen, wrong = compare.asked(page)
for model_id in wrong:
    st.caption(f"There is no model “{words.in_markdown(words.shorten(model_id, 80))}” here; it was left out.")
is_example = not chosen
chosen = chosen or compare.example(page)
pick(page, chosen, is_example)
if len(chosen) < 2:
    st.info("Add a second model to compare.")
else:
    if is_example:
        st.caption("An example, until you add models: the two of different makers with most scores.")
    side_by_side(page, tuple(chosen))
    read, rows, _ = compare.compared(page, tuple(chosen))
    if len(read):
        tables.download(
            f"Download CSV ({words.plural(len(read), 'score')})", "compare", page.asof,
            lambda: [compare.file(rows, chosen, read)], False,
        )  # fmt: skip
        left_out(page, tuple(chosen))
frame.close_page(page, views.source_line(page), NOISE)
