"""What the reader looks at: the same filters, with the same names, on every page and in every link.

Question  Which scores does the reader want to see?
Input     widgets in the side bar, each bound to the address; the options come from the whole database.
Output    a frozen `Selection`, which turns itself into conditions for store and into parameters of a link.
Method    Streamlit keeps a bound widget's value in the address and carries it to the next page, because all pages use the
          same keys. A filter only chooses what is looked at: expected scores are fitted on everything, at build time.
Silent    A value in a link that does not exist is dropped by Streamlit, the rest of the link still holds.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import streamlit as st

from store import Where
from ui import data, words

# Steps of the size slider, in parameters; None stands for no limit at this end.
STEPS: dict[str, float | None] = {
    "any": None,
    "0.5B": 0.5e9,
    "1B": 1e9,
    "2B": 2e9,
    "4B": 4e9,
    "8B": 8e9,
    "10B": 10e9,
    "15B": 15e9,
    "35B": 35e9,
    "75B": 75e9,
    "150B": 150e9,
    "500B": 500e9,
    "no limit": None,
}
SMALLEST, LARGEST = "any", "no limit"
FIRST_YEAR = 2018  # models before it are rare; the lower end of the slider keeps them
KEYS = ("family", "size", "released", "ran_by", "unknown")
LABELS = {
    "family": "Family",
    "size": "Size",
    "released": "Released between",
    "ran_by": "Who ran it",
    "unknown": "Unknown",
}


@dataclass(frozen=True)
class Selection:
    """What the reader chose. Empty tuples and None mean no condition; sizes are counts of parameters, both ends included."""

    family: tuple[str, ...] = ()
    size: tuple[float | None, float | None] = (None, None)
    released: tuple[int | None, int | None] = (None, None)
    ran_by: tuple[str, ...] = ()
    keeps_unknown: bool = True

    def rules(self) -> dict[str, Where]:
        """Conditions by the key of the filter that asks for them."""
        found: dict[str, Where] = {}
        if self.family:
            found["family"] = Where("family", "in", self.family)
        if self.size != (None, None):
            found["size"] = Where("n_parameters", "between", self.size, self.keeps_unknown)
        elif not self.keeps_unknown:
            found["unknown"] = Where("n_parameters", "not null")
        first, last = self.released
        if self.released != (None, None):
            days = (date(first, 1, 1) if first else None, date(last, 12, 31) if last else None)
            found["released"] = Where("model_date", "between", days, self.keeps_unknown)
        if self.ran_by:
            found["ran_by"] = Where("evaluator_relationship", "in", self.ran_by)
        return found

    def to_where(self, columns: Collection[str] | None = None) -> list[Where]:
        """Conditions for store, those on columns that a view does not have left out."""
        return [rule for rule in self.rules().values() if columns is None or rule.column in columns]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered."""
        return not self.rules()


def years(last: int) -> list[str]:
    """Steps of the release slider: "before 2018", the years up to the last one."""
    return ["any", *(str(year) for year in range(FIRST_YEAR, last + 1)), "now"]


def from_widgets(family, size, released, ran_by, keeps_unknown) -> Selection:
    """A Selection from the values as the widgets hold them (texts, both ends of the sliders)."""
    codes = {text: code for code, text in words.RAN_BY.items()}
    return Selection(
        family=tuple(sorted(family)),
        size=(STEPS.get(size[0]), STEPS.get(size[1])),
        released=tuple(int(text) if text.isdigit() else None for text in released),
        ran_by=tuple(sorted(codes[text] for text in ran_by if text in codes)),
        keeps_unknown=bool(keeps_unknown),
    )


def sidebar(path: str, asof: date) -> Selection:
    """Draw the filters in the side bar and return what they say."""
    families = data.count(path, "models", ("family",)).sort_values(["n", "family"], ascending=[False, True])
    steps, span = list(STEPS), years(asof.year)
    with st.sidebar:
        st.subheader("Filters")
        family = st.multiselect(
            "Family", families["family"].tolist(), key="family", bind="query-params", placeholder="All families"
        )
        size = st.select_slider("Size (parameters)", steps, value=(SMALLEST, LARGEST), key="size", bind="query-params")
        released = st.select_slider(
            "Released between", span, value=(span[0], span[-1]), key="released", bind="query-params"
        )
        ran_by = st.multiselect(
            "Who ran it", list(words.RAN_BY.values()), key="ran_by", bind="query-params", placeholder="Anyone"
        )
        unknown = st.checkbox("Include size or date not reported", value=True, key="unknown", bind="query-params")
        chosen = from_widgets(family, size, released, ran_by, unknown)
        if not chosen.is_empty:
            st.button("Clear all filters", on_click=clear, args=KEYS, width="stretch")
        st.caption("Filters choose what you look at. Expected scores always come from all models.")
    return chosen


def clear(*keys: str) -> None:
    """Put filters back to "everything"; a callback, so it runs before the widgets are drawn."""
    resting = {"family": [], "size": (SMALLEST, LARGEST), "ran_by": [], "unknown": True}
    for key in keys:
        if key == "released":
            st.session_state[key] = ("any", "now")
        elif key in resting:
            st.session_state[key] = resting[key]


def parameters() -> dict[str, str | list[str]]:
    """The filters as parameters of a link, those at rest left out; read from the widgets of this run."""
    found: dict[str, str | list[str]] = {}
    state = st.session_state
    for key in ("family", "ran_by"):
        if state.get(key):
            found[key] = list(state[key])
    for key, resting in (("size", (SMALLEST, LARGEST)), ("released", ("any", "now"))):
        if key in state and tuple(state[key]) != resting:
            found[key] = list(state[key])
    if state.get("unknown") is False:
        found["unknown"] = "false"
    return found


def removed_by(path: str, view: str, base: tuple[Where, ...], selection: Selection) -> list[tuple[str, int]]:
    """How many rows each filter takes away, in the order of the side bar: what an empty page says."""
    left, so_far, found = data.how_many(path, view, base), base, []
    for key, rule in selection.rules().items():
        if rule.column not in data.columns(path, view):
            continue
        so_far = (*so_far, rule)
        now = data.how_many(path, view, so_far)
        if now < left:
            found.append((key, left - now))
        left = now
    return found


def explain_empty(path: str, view: str, base: tuple[Where, ...], selection: Selection, thing: str = "scores") -> None:
    """The empty state: what was there, what each filter removed, and a button for each to undo it."""
    total = data.how_many(path, view, base)
    removed = removed_by(path, view, base, selection)
    if not removed:
        st.info(f"No {thing} here. That does not mean every score is right.")
        return
    parts = ", ".join(f"{words.count(n)} removed by {LABELS[key]}" for key, n in removed)
    st.info(f"No {thing} match. 0 of {words.count(total)}: {parts}.")
    with st.container(horizontal=True):
        for key, _ in removed:
            st.button(f"Clear {LABELS[key].lower()} filter", key=f"clear_{view}_{key}", on_click=clear, args=(key,))


def chosen(key: str, label: str, options: dict[str, str], default: str, **how) -> str:
    """A select box whose address parameter is the stable id, while the reader sees the name.

    A bound widget would put the shown text into the address, and a renamed benchmark would break every link to it.
    """
    asked, widget, seen = st.query_params.get(key), f"{key}_choice", f"{key}_in_address"
    if seen not in st.session_state or asked != st.session_state[seen]:
        st.session_state[widget] = asked if asked in options else default
    elif st.session_state.get(widget) not in options:
        st.session_state[widget] = default
    value = st.selectbox(label, list(options), format_func=lambda o: options.get(o, o), key=widget, **how)
    if value == default:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = value
    st.session_state[seen] = None if value == default else value
    if asked and asked not in options:
        st.caption(f"“{words.in_markdown(words.shorten(asked))}” is not in this list, so the usual choice is shown.")
    return value
