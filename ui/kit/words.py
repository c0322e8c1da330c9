"""The words on screen: one place for levels, states, who ran a test, and the sentences that never change.

Question  What does the page call it?
Input     words of data/schema.sql, numbers as stored (fractions, counts of parameters, dates).
Output    plain English, with a shape beside every level so that colour never carries meaning alone.
Silent    A missing number is always `NOT_REPORTED`, never 0 and never an empty cell that could be read as 0.
"""

import html
import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from data.vocabulary import ANSWER_SUBJECTS, DIRECTIONS, MARKED

NAMED = 2  # tests that the sentence about a family names on each side
NAME = "BenchCred"
NOT_REPORTED = "not reported"
PROMISE = (
    "We compare reported AI test scores with what similar models get. "
    "An unusual score is a reason to look, not proof of anything."
)
CANNOT_RULE_OUT = (
    "Reasons we cannot rule out: better training data or method, distillation, more thinking time or tools, a "
    "different prompt or scorer, a wrong parameter count, test questions seen in training, or an error in our copy. "
    "We do not know which."
)
# The same of a low score.
CANNOT_RULE_OUT_LOW = (
    "Reasons we cannot rule out: a weak model, or one damaged by merging, training or packing, a template or scorer that "
    "does not fit it, answers that were cut off, a wrong parameter count, or an error in our copy. We do not know which."
)


@dataclass(frozen=True)
class Level:
    """How a level of data/schema.sql is shown: shape for text, symbol for charts, word, one sentence."""

    shape: str
    symbol: str
    word: str
    sentence: str


LEVELS = {
    "very_unusual": Level(
        "◎",
        "circle-open-dot",
        "Very unusual",
        "Far from similar models, also after allowing for how many scores were tested, and a second opinion agrees.",
    ),
    "unusual": Level(
        "○",
        "circle-open",
        "Unusual",
        "Far from similar models, also after allowing for how many scores were tested.",
    ),
    "somewhat": Level(
        "◐",
        "diamond",
        "Somewhat high or low",
        "Outside the usual range; among so many scores tested, some are this far out by luck.",
    ),
    "usual": Level(
        "●",
        "circle",
        "In the usual range",
        "Within what similar models get; “not unusual” where size and date alone would not expect it, but the other scores do.",
    ),
    "check_data": Level(
        "△",
        "triangle-up-open",
        "Check the data first",
        "This number needs checking, starting with our copy of it.",
    ),
    "cannot_tell": Level("–", "line-ew-open", "Cannot tell", "Not enough comparable scores to say."),
}
RAN_BY = {
    "first_party": "the maker",
    "third_party": "someone else",
    "collaborative": "both together",
    "other": "other",
    "unknown": "not stated",
}
STATUSES = {
    "separating": ("▲", "Separating", "The top models still differ by more than chance."),
    "crowded": ("◆", "Crowded", "The top models are close; some differences may be chance."),
    "tied": ("■", "Tied", "The top five cannot be told apart by this test."),
    "closed": ("□", "Closed", "Hardly any room is left between the best scores and the ceiling."),
    "cannot_tell": (
        "–",
        "Cannot tell",
        "Too few models, scores too old to speak of today's, or no number of questions.",
    ),
}
USES = {"in_use": "in use", "retired": "retired"}
ONE_ANSWER = (
    "A benchmark has one answer, made from all set-ups: the best credible score is of a known maker (an organisation with "
    "models of its own in two sources or more), without tools, and nothing speaks against it: no mark, no question in a "
    "document, no number quoted of a rival. **In use**: five makers brought a model within the last twelve months; "
    "**retired**: they once did. The sentence is the same on every page and in the file."
)
LIST_ORDER = (
    "Marked scores are listed in the order in which they deserve a look: what was looked up at its source and found "
    "real, very unusual scores, models of known makers or seen in three sources; all others are a worklist. "
    "Demonstrations, made on purpose to show a weakness of a test, and failed runs stand apart and count in no total."
)
# What q <= UNUSUAL_Q (scoring/verdict/levels.py) says of the list of marked scores of one side.
LUCKY_SHARE = 0.05
LUCK = "at most 1 in 20 of all marked scores of a side"
# Is a marked score still unusual when some models are left out? In the order in which the dots stand.
STILL = {
    "still_without_mixtures": "without mixtures of experts",
    "still_without_merges": "without merges",
    "still_without_developer": "without its developer's other models",
    "still_in_newer_half": "among the newer half of the models",
}
DOTS = {"yes": "●", "no": "○", "cannot tell": "–"}
STILL_HELP = (
    "Still unusual? In this order: "
    + "; ".join(STILL.values())
    + ". ● still, ○ no longer, – cannot tell (too few left)"
)
TWIN_KINDS = {
    "fresh": "new questions",
    "withheld": "questions that are not public",
    "stricter_tests": "stricter grading",
    "corrected_keys": "corrected answer keys",
    "rewritten": "altered questions",
}
TIERS = {
    "A": "same test, metric and setting",
    "B": "same test and metric, any setting",
    "C": "outside the sizes seen, extrapolated",
}
DATE_BASIS = {
    "release": "release",
    "upload": "upload of the weights",
    "listing": "first listing on a board",
    "submission": "submission to a board",
}
FAMILY_BASIS = {
    "base_model": "stated base model",
    "name": "its name",
    "architecture": "its architecture",
    "several_roots": "several root families",
    "none": "no evidence",
}
SIZE_PRECISION = {"exact": "exact", "stated": "rounded by its maker", "floored": "rounded down to a whole billion"}


def level_text(level: str, direction: str | None = None) -> str:
    """Shape and word of a level: `unusual`, `high` gives "○ Unusual, high"."""
    known = LEVELS[level]
    if level == "somewhat" and direction in DIRECTIONS:
        return f"{known.shape} Somewhat {direction}"
    return f"{known.shape} {known.word}" + (f", {direction}" if level in MARKED and direction else "")


def verdict_text(level: str, direction: Any, score: Any, lower: Any, upper: Any) -> str:
    """level_text of a score beside its usual range (one unit): what is usual by the model's other scores, though not by its
    size and date, is not called inside that range.
    """
    if level == "usual" and not any(map(is_missing, (score, lower, upper))) and not lower <= score <= upper:
        return f"{LEVELS[level].shape} Not unusual"
    return level_text(level, None if is_missing(direction) else direction)


def dots(values: Sequence[Any]) -> str:
    """One dot per answer of STILL, in its order; "" for a score that is not marked, where nothing is missing."""
    return "" if all(is_missing(v) for v in values) else " ".join(DOTS[v] for v in values)


def status_text(status: str | None) -> str:
    """Shape and word of a benchmark's status."""
    shape, word, _ = STATUSES[status if status in STATUSES else "cannot_tell"]
    return f"{shape} {word}"


def use_text(use: object) -> str:
    """Whether makers still report a benchmark, in words."""
    return "never widely reported" if is_missing(use) else USES[str(use)]


def family_sentence(rows: pd.DataFrame) -> str:
    """The answer of one family or maker as Markdown, from its rows of the view `families`, the surest first: how often it
    stands out, on which side, and on which tests most clearly.
    """
    tests = rows[rows["subject_kind"] == ANSWER_SUBJECTS[0]]
    strong = tests[tests["level"].isin(MARKED)]
    if tests.empty:
        return "has too few models of known makers on any one test to say."
    if strong.empty:
        return f"stands where its other scores suggest on {plural(len(tests), 'test')}, as far as can be told."
    parts = []
    for side, word in zip(DIRECTIONS, ("above", "below"), strict=True):
        some = strong[strong["direction"] == side]
        if len(some):
            named = ", ".join(in_markdown(name) for name in some["subject_name"].head(NAMED))
            surest = named if len(some) <= NAMED else f"clearest: {named}"
            parts.append(f"{word} what its other scores suggest on {count(len(some))} ({surest})")
    return f"stands out on {count(len(strong))} of {plural(len(tests), 'test')}: {', '.join(parts)}."


def is_missing(value: object) -> bool:
    """Whether a cell holds nothing (None, NaN, NaT, NA)."""
    return value is None or bool(pd.isna(value))


def size(n_parameters: Any) -> str:
    """A count of parameters as people write it: 7.24e9 gives "7.2B"."""
    if is_missing(n_parameters):
        return NOT_REPORTED
    for unit, name in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if n_parameters >= unit:
            return f"{n_parameters / unit:.3g}{name}"
    return f"{n_parameters:,.0f}"


def percent(fraction: Any, decimals: int = 1) -> str:
    """A fraction as per cent without the sign: 0.614 gives "61.4"."""
    return NOT_REPORTED if is_missing(fraction) else f"{100 * fraction:.{decimals}f}"


def score(value: Any, unit: str) -> str:
    """A score for a table: per cent with one decimal for fractions, else the number in its own unit."""
    return percent(value) if unit == "fraction" or is_missing(value) else f"{value:.1f}"


def scale(unit: str) -> float:
    """What numbers of this unit are multiplied by on screen: fractions become per cent, ratings stay."""
    return 100.0 if unit == "fraction" else 1.0


def between(lower: Any, upper: Any, unit: str = "fraction") -> str:
    """A range in the unit of the screen: "61 to 69"."""
    if is_missing(lower) or is_missing(upper):
        return NOT_REPORTED
    return f"{scale(unit) * lower:.0f} to {scale(unit) * upper:.0f}"


def day(value: object) -> str:
    """A date as "22 Nov 2026"."""
    if is_missing(value):
        return NOT_REPORTED
    found = pd.Timestamp(value)
    return f"{found.day} {found:%b %Y}"


def month(value: object) -> str:
    """A month as "May 2027", from a date or from text such as "2027-05"."""
    return NOT_REPORTED if is_missing(value) else f"{pd.Timestamp(value):%b %Y}"


def with_months(text: str) -> str:
    """A sentence with months such as 2027-05 written out: "May 2027"."""
    return re.sub(r"\b(\d{4}-(?:0[1-9]|1[0-2]))\b(?!-)", lambda found: month(found[1]), text)


def when(earliest: object, latest: object) -> str:
    """An interval of months in words; an end that is missing is not in sight."""
    if is_missing(earliest):
        return "not in sight"
    if is_missing(latest):
        return f"not before {month(earliest)}"
    return month(earliest) if month(earliest) == month(latest) else f"{month(earliest)} to {month(latest)}"


def count(number: float) -> str:
    """A whole number with thousands separators."""
    return f"{int(number):,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 score, 2 scores."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def in_two(label: str, length: int) -> list[str]:
    """The lines of a label: what it is and in which group, else, where it is too long, its name and its version."""
    parts = label.split(" · ", 1)
    if len(parts) == 1 and len(label) > length and label.endswith(")"):
        name, _, version = label.rpartition(" (")
        parts = [name, f"({version}"] if name else [label]
    if len(parts) == 1 and len(label) > length:
        first, *rest = textwrap.wrap(label, length)
        parts = [first, " ".join(rest)] if rest else [first]
    return parts


def shorten(text: str, length: int = 44) -> str:
    """The text, cut in the middle so that version suffixes at its end stay readable."""
    clean = " ".join(str(text).split())
    if len(clean) <= length:
        return clean
    tail = length // 3
    return f"{clean[: length - tail - 1]}…{clean[-tail:]}"


def printed(text: str, length: int = 7) -> str:
    """A printed value cut for a narrow column: "0.826913650808806" is "0.8269…"; the file and the card have all
    digits.
    """
    return text if len(text) <= length else f"{text[: length - 1]}…"


def short_names(names: list[str], length: int = 34) -> dict[str, str]:
    """Names for a chart's axis: without what stands in brackets, where they stay different from each other."""
    plain = {name: name.split(" (")[0] for name in names}
    count_of = Counter(plain.values())
    return {name: shorten(plain[name] if count_of[plain[name]] == 1 else name, length) for name in names}


def in_chart(text: object, length: int = 44) -> str:
    """Text for a chart: shortened, with mark-up made harmless (charts read a subset of HTML)."""
    return html.escape(shorten(str(text), length), quote=False)


MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:@^=&\"])")
# Streamlit looks for these in the finished text, where no backslash helps: icons, emoji, bare and e-mail addresses.
FOUND_LATER = re.compile(r":(?=material/|[\w+-]+:)|https?:(?=//)|www(?=\.)|(?<=[\w.+-])@(?=[\w-])", re.IGNORECASE)
JOINER = "\u2060"  # is not seen, has no width and allows no line break


def in_markdown(text: object) -> str:
    """Text for Markdown: whatever Markdown, LaTeX, directives, icons and bare addresses are made of is made literal."""
    plain = FOUND_LATER.sub(lambda found: found[0] + JOINER, " ".join(str(text).split()))
    return MARKS.sub(r"\\\1", plain)


def plain(markdown: str) -> str:
    """What a reader sees of a sentence in Markdown: without its links, its bold type and what `in_markdown` put in."""
    text = re.sub(r"\[((?:\\.|[^\]\\])*)\]\((?:\\.|[^)\\])*\)", r"\1", markdown.replace(JOINER, "").replace("**", ""))
    return re.sub(r"\\(\W|_)", r"\1", text)


def age_in_days(newest: object, today: date) -> int | None:
    """Days between a date and the day of the data; None when the date is not reported."""
    return None if is_missing(newest) else (today - pd.Timestamp(newest).date()).days
