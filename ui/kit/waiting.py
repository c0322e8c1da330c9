"""What a page shows while a database is being built, and who starts that.

Question  When is there something to see?
Input     the folder of the database files (`reading.builder` says how far a build is).
Output    without a database: steps, share done and time left, until the page can be drawn, which then happens by
          itself. With one: a line in the sidebar while a newer one is made; the page turns to it when it is there.
Method    The first visit asks for a build in a process of its own. What is shown asks again every second.
Silent    With BENCHMARK_BUILD=never nothing is started and a missing database is told as such; with "first" a newer one is
          left to another process.
"""

import time
from datetime import timedelta
from functools import cache
from pathlib import Path

import streamlit as st

import store
from reading import builder
from ui.kit import words

EVERY = timedelta(seconds=1)
DONE, NOW, NEXT = ":material/check_circle:", ":material/pending:", ":material/radio_button_unchecked:"
AGAIN = "To try again, press the button, or run `python pipeline.py build` to see more."


@cache
def keeper() -> builder.Keeper:
    """One a server; not in a cache of Streamlit's, which any visitor's browser can ask to be emptied."""
    return builder.Keeper()


def has_database() -> bool:
    """Whether there is a database to show."""
    return not why_no_database()


def why_no_database() -> str:
    """One sentence when there is no database to show, else nothing; names of files stand in it as they are."""
    try:
        store.current()
    except store.NoDatabase as problem:
        return str(problem)
    return ""


def look(place: Path, is_first: bool = True) -> builder.Progress | None:
    """How far the build is; asks for one when this server has not yet. is_first: there is no database."""
    return keeper().look(place) if builder.may_start(is_first) else builder.look(place)


def wait_for_database() -> None:
    """Show how far the first build is, and stop the run; it starts anew when there is a database."""
    place = store.folder()
    progress = look(place)
    if (progress is None or progress.state == "done") and not builder.may_start():
        st.warning(why_no_database(), icon="🗄️")
    else:
        waiting(place)
    st.stop()


@st.fragment(run_every=EVERY)
def waiting(place: Path) -> None:
    """How far the first build is, anew every second."""
    if has_database():
        st.rerun()
    progress = look(place)
    if progress is None or progress.state in ("failed", "killed", "done"):
        stopped(progress)
        return
    if progress.state == "fetching":
        st.markdown("**A ready database is being fetched.** The page opens by itself when it is here.")
        return
    now = time.time()
    st.markdown(
        "**The database is being built from the scores in this repository.** "
        "This happens once; the page opens by itself when it is done."
    )
    if progress.state == "starting":  # whether anything has to be built is not known yet
        st.progress(0.0, "Starting")
        return
    share = progress.share(now)
    st.progress(share, f"{100 * share:.0f}% done · {time_left(progress.seconds_left(now))}")
    done = {step.name: step for step in progress.steps}
    for name, doing in builder.STEPS.items():
        if name in done:
            st.markdown(f"{DONE} {doing} · {words.plural(done[name].n_rows, 'row')}, {done[name].seconds:.1f} s")
        elif name == progress.current:
            st.markdown(f"{NOW} **{doing}** · {max(now - progress.step_at, 0):.0f} s so far")
        else:
            st.markdown(f":gray[{NEXT} {doing}]")


def stopped(progress: builder.Progress | None) -> None:
    """There is no database and nobody builds one: why, and a button."""
    if progress and progress.state == "failed":
        st.error(f"The database could not be built. {words.in_markdown(progress.problem)} {AGAIN}")
    elif progress and progress.state == "killed":
        st.error(
            "The database could not be built: the process that builds it was ended from outside "
            f"{words.plural(builder.TRIES, 'time')}, mostly for want of memory. {AGAIN}"
        )
    else:
        st.warning(f"There is no database, and none is being built. {AGAIN}")
    if builder.may_start() and st.button("Try again", type="primary"):
        keeper().again()
        st.rerun()


def time_left(seconds: float) -> str:
    """Seconds in words, no finer than they are known."""
    if seconds < 90:
        return f"about {max(5 * round(seconds / 5), 5)} seconds left"
    return f"about {round(seconds / 60)} minutes left"


def note_newer_build() -> None:
    """With a database: a line while a newer one is made. Costs nothing where there is nothing to say."""
    place = store.folder()
    progress = look(place, is_first=False)
    if progress is None or progress.state == "done":
        return
    if progress.is_busy:
        coming(place)
    elif builder.may_start(is_first=False):
        reason = words.in_markdown(progress.problem) or "Its process was ended from outside."
        st.caption(f"A newer database could not be built: {reason} You see the last one that could.")


@st.fragment(run_every=EVERY)
def coming(place: Path) -> None:
    """How far the newer database is; the page starts anew when it is there."""
    progress = look(place, is_first=False)
    if progress is None or not progress.is_busy:
        st.rerun()
    if progress.state == "running":
        now = time.time()
        st.caption(
            f"Newer data are being prepared: {100 * progress.share(now):.0f}% done, "
            f"{time_left(progress.seconds_left(now))}. You see the last database until then."
        )
