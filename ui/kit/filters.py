"""What the reader looks at: the same filters, with the same names, on every page and in every link.

Question  Which scores does the reader want to see?
Input     widgets in the side bar, each bound to the address; the options come from the whole database.
Output    a frozen `Selection`, which turns itself into conditions for store.
Method    ui/kit/address.py keeps widgets and address in step; the menu's links carry the parameters to the next page. A
          filter only chooses what is looked at: expected scores are fitted on everything, at build time.
Silent    A value in a link that does not exist is dropped, the rest of the link still holds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

from data.vocabulary import YES_NO
from reading import files
from store import Where
from ui.kit import address, data, words
from ui.kit.shelf import remembered

# Steps of the size slider, in parameters, chosen to fall between the common sizes; None stands for no limit.
STEPS: dict[str, float | None] = {
    "any": None,
    "0.5B": 0.5e9,
    "1B": 1e9,
    "2B": 2e9,
    "4B": 4e9,
    "8B": 8.5e9,
    "10B": 10e9,
    "15B": 15e9,
    "35B": 35e9,
    "75B": 75e9,
    "150B": 150e9,
    "500B": 500e9,
    "no limit": None,
}
FIRST_YEAR = 2018  # models before it are rare; the lower end of the slider keeps them
DAY = "asof"  # the parameter of a link that is pinned to an earlier build
OPEN = {"open": True, "not open": False}  # whether the weights can be had
SEEN = {"ever": None, "last 30 days": 30, "last 90 days": 90, "last 365 days": 365}
RESTING: dict[str, Any] = {
    "family": [],
    "size": ("any", "no limit"),
    "released": ("any", "now"),
    "ran_by": [],
    "unknown": True,
    "developer": [],
    "weights": "any",
    "domain": [],
    "seen": "ever",
}
MORE = ("developer", "weights", "domain", "seen")  # folded in below the others
RENAMED = {"unknown": "keeps_unknown"}  # parameters under the names of from_widgets
LABELS = {
    "family": "Family",
    "size": "Size",
    "released": "Released between",
    "ran_by": "Who ran it",
    "unknown": "Size or date not reported",
    "developer": "Maker",
    "weights": "Weights",
    "domain": "Kind of test",
    "seen": "First seen here",
}
# Columns that describe a model, and a test or a score: a page about one kind of thing asks for its own.
OF_MODELS = ("family", "n_parameters", "model_date", "developer", "is_open_weights")
OF_SCORES = ("evaluator_relationship", "domain", "first_seen_date")


@dataclass(frozen=True)
class Selection:
    """What the reader chose. Empty tuples and None mean no condition; sizes are counts of parameters, ends included."""

    family: tuple[str, ...] = ()
    size: tuple[float | None, float | None] = (None, None)
    released: tuple[int | None, int | None] = (None, None)
    ran_by: tuple[str, ...] = ()
    keeps_unknown: bool = True
    developer: tuple[str, ...] = ()
    is_open: bool | None = None
    domain: tuple[str, ...] = ()
    seen_from: date | None = None

    def rules(self) -> dict[str, Where]:
        """Conditions by the key of the filter that asks for them."""
        found: dict[str, Where] = {}
        if self.family:
            found["family"] = Where("family", "in", self.family)
        if self.size != (None, None):
            found["size"] = Where("n_parameters", "between", self.size, self.keeps_unknown)
        if self.released != (None, None):
            first, last = self.released
            days = (date(first, 1, 1) if first else None, date(last, 12, 31) if last else None)
            found["released"] = Where("model_date", "between", days, self.keeps_unknown)
        if self.ran_by:
            found["ran_by"] = Where("evaluator_relationship", "in", self.ran_by)
        if not self.keeps_unknown and self.size == (None, None):
            found["unknown"] = Where("n_parameters", "not null")
        if self.developer:
            found["developer"] = Where("developer", "in", self.developer)
        if self.is_open is not None:
            found["weights"] = Where("is_open_weights", "=", self.is_open)
        if self.domain:
            found["domain"] = Where("domain", "in", self.domain)
        if self.seen_from:
            found["seen"] = Where("first_seen_date", "between", (self.seen_from, None))
        return found

    def about(self, columns: Collection[str]) -> tuple[Where, ...]:
        """Conditions on some columns only: those of models, or those of scores."""
        return tuple(self.to_where(columns))

    def to_where(self, columns: Collection[str] | None = None) -> list[Where]:
        """Conditions for store, those on columns that a view does not have left out."""
        return [rule for rule in self.rules().values() if columns is None or rule.column in columns]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered."""
        return not self.rules()


def years(last: int) -> list[str]:
    """Steps of the release slider: "any", the years up to the last one, "now"."""
    return ["any", *(str(year) for year in range(FIRST_YEAR, last + 1)), "now"]


def from_widgets(
    family: Sequence[str],
    size: Sequence[str],
    released: Sequence[str],
    ran_by: Sequence[str],
    keeps_unknown: bool,
    developer: Sequence[str] = (),
    weights: str = "any",
    domain: Sequence[str] = (),
    seen: str = "ever",
    asof: date | None = None,
) -> Selection:
    """A Selection from the values as the widgets hold them (texts, both ends of the sliders); asof: the day of the data,
    from which days are counted back.
    """
    days = SEEN[seen]
    first, last = (int(text) if text.isdigit() else None for text in released)
    codes = {text: code for code, text in words.RAN_BY.items()}
    return Selection(
        family=tuple(sorted(family)),
        size=(STEPS[size[0]], STEPS[size[1]]),
        released=(first, last),
        ran_by=tuple(sorted(codes[text] for text in ran_by)),
        keeps_unknown=bool(keeps_unknown),
        developer=tuple(sorted(developer)),
        is_open=OPEN.get(weights),
        domain=tuple(sorted(domain)),
        seen_from=asof - timedelta(days=days) if asof and days else None,
    )


def from_parameters(parameters: Mapping[str, list[str]], asof: date) -> tuple[Selection, dict[str, list[str]]]:
    """A Selection from the parameters of an address, and the parameters that are no filters.

    For programs: a value that no widget could have raises files.Unknown, where a page would drop it.
    """
    steps = {"size": list(STEPS), "released": years(asof.year)}
    one_of = {"weights": ["any", *OPEN], "seen": list(SEEN)}
    values: dict[str, Any] = dict(RESTING)
    for key in RESTING:
        texts = parameters.get(key)
        if not texts:
            continue
        if key in steps:
            values[key] = address.span_of(steps[key])(texts)
        elif key == "ran_by":
            values[key] = texts if set(texts) <= set(words.RAN_BY.values()) else None
        elif key in one_of:
            values[key] = texts[-1] if texts[-1] in one_of[key] else None
        elif key == "unknown":
            values[key] = {"yes": True, "no": False}.get(texts[-1])
        else:
            values[key] = texts
        if values[key] is None:
            known = ", ".join((steps | one_of).get(key, [*words.RAN_BY.values()] if key == "ran_by" else YES_NO))
            raise files.Unknown(f"{key} cannot be {' and '.join(texts)[:80]!r}; known are {known}.")
    rest = {key: texts for key, texts in parameters.items() if key not in RESTING}
    return from_widgets(**{RENAMED.get(key, key): value for key, value in values.items()}, asof=asof), rest


def sidebar(path: str, asof: date) -> Selection:
    """Draw the filters in the side bar and return what they say."""
    families, steps, span, runners = known_families(path), list(STEPS), years(asof.year), [*words.RAN_BY.values()]
    makers, domains = known_makers(path), known_domains(path)
    widgets = {
        "family": (
            lambda widget: st.multiselect("Family", families, key=widget, placeholder="All families"),
            address.some_of(set(families)),
            list,
        ),
        "size": (
            lambda widget: st.select_slider("Size (parameters)", steps, RESTING["size"], key=widget),
            address.span_of(steps),
            list,
        ),
        "released": (
            lambda widget: st.select_slider("Released between", span, RESTING["released"], key=widget),
            address.span_of(span),
            list,
        ),
        "ran_by": (
            lambda widget: st.multiselect("Who ran it", runners, key=widget, placeholder="Anyone"),
            address.some_of(runners),
            list,
        ),
        "unknown": (
            lambda widget: st.checkbox("Include size or date not reported", key=widget),
            lambda texts: {"yes": True, "no": False}.get(texts[0]),
            lambda ticked: ["yes" if ticked else "no"],
        ),
        "developer": (
            lambda widget: st.multiselect("Maker", makers, key=widget, placeholder="All makers"),
            address.some_of(set(makers)),
            list,
        ),
        "weights": (
            lambda widget: st.selectbox("Weights", ["any", *OPEN], key=widget),
            address.one_of(OPEN),
            address.alone,
        ),
        "domain": (
            lambda widget: st.multiselect("Kind of test", domains, key=widget, placeholder="All kinds"),
            address.some_of(domains),
            list,
        ),
        "seen": (
            lambda widget: st.selectbox("First seen here", list(SEEN), key=widget),
            address.one_of(SEEN),
            address.alone,
        ),
    }
    if not data.has(path, "anomalies", "is_open_weights"):  # a build from before that column
        del widgets["weights"]
    with st.sidebar:
        st.markdown("**Filters**")
        values = {key: address.bound(key, *bound_to(key, widgets)) for key in widgets if key not in MORE}
        with st.expander("More filters", expanded=any(key in st.query_params for key in MORE)):
            values |= {key: address.bound(key, *bound_to(key, widgets)) for key in MORE if key in widgets}
        chosen = from_widgets(**{RENAMED.get(key, key): value for key, value in values.items()}, asof=asof)
        if not chosen.is_empty:
            st.button("Clear all filters", on_click=clear, args=tuple(RESTING), width="stretch")
        if chosen.keeps_unknown and (chosen.size, chosen.released) != ((None, None), (None, None)):
            st.caption("Models whose size or date is not reported are shown too: untick the box to leave them out.")
        st.caption("Filters choose what you look at. Expected scores always come from all models.")
    return chosen


def bound_to(key: str, widgets: Mapping[str, tuple]) -> tuple:
    """How a widget is drawn, what it rests at, and how its value is read from the address and written there."""
    draw, read, write = widgets[key]
    return draw, RESTING[key], read, write


@remembered
def known_families(path: str) -> list[str]:
    """Families as models have them, those with most models first."""
    counts = data.count(path, "models", ("family",)).sort_values(["n", "family"], ascending=[False, True])
    return counts["family"].tolist()


@remembered
def known_makers(path: str) -> list[str]:
    """Makers as model.developer has them, those with most models first."""
    if not data.has(path, "maker"):
        return []
    known = tuple(data.read(path, "maker", ("developer",))["developer"])
    counts = data.count(path, "models", ("developer",), (Where("developer", "in", known),))
    return counts.sort_values(["n", "developer"], ascending=[False, True])["developer"].tolist()


@remembered
def known_domains(path: str) -> list[str]:
    """Kinds of tests, as the facts about benchmarks call them."""
    return sorted(data.count(path, "benchmark", ("domain",))["domain"].dropna())


def clear(*keys: str) -> None:
    """Put filters back to rest; a callback, so it runs before the widgets are drawn."""
    for key in keys:
        st.session_state[address.widget_key(key)] = RESTING[key]


def parameters() -> dict[str, list[str]]:
    """The filters and the day of the data as parameters of a link, those at rest left out."""
    return {key: st.query_params.get_all(key) for key in (*RESTING, DAY) if key in st.query_params}


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
