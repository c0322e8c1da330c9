"""Values that somebody types: numbers, sizes, counts and days, read right or refused with a sentence.

Question  Which number, size or day does this text mean?
Input     texts as typed or as a spreadsheet program wrote them; the texts of a whole column decide its decimal mark.
Output    float, int or date; `Unreadable` (a ValueError) with one plain sentence where the text means nothing certain.
Method    Decimal marks: "88,5" can only be a decimal comma, "1.234,5" only the German form, "1,234.5" only the English one.
          "1,319" is either: the other texts of the column decide, then those of the table; a count is then whole.
          Days: a month or a year alone is its last day, by which it was surely known; of a moment with a time zone the
          printed day counts.
Silent    Never: what cannot be read is refused.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’]+")
PERCENT = re.compile(r"^(?:%\s*)?(.*?)\s*(?:%|％|\bpercent|\bper cent|\bpct)?$", re.IGNORECASE | re.DOTALL)
PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
# What can only be a decimal comma, and what can only be a decimal point; groups of three digits prove the other sign.
GROUPS_BY_COMMA = r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}"
GROUPS_BY_POINT = r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}"
COMMA_PROOF = re.compile(rf"\d*,(?:\d{{1,2}}|\d{{4,}})(?:[eE][+-]?\d+)?|0,\d+|{GROUPS_BY_POINT}")
POINT_PROOF = re.compile(rf"\d*\.(?:\d{{1,2}}|\d{{4,}})(?:[eE][+-]?\d+)?|0?\.\d+|{GROUPS_BY_COMMA}")
POWERS = {
    "": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mil": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6, "b": 1e9,
    "bn": 1e9, "bil": 1e9, "billion": 1e9, "billions": 1e9, "g": 1e9, "t": 1e12, "tn": 1e12, "trillion": 1e12, "trillions": 1e12,
}  # fmt: skip
SIZED = re.compile(
    r"(?:~|≈|about |ca\.? ?)?([+-]?[\d.,'’\s\u00a0\u202f]+(?:e[+-]?\d+)?)\s*([a-z]*)\.?(?: ?(?:params?|parameters))?",
    re.I,
)
# How tables set off a value: bold, italics, underlines and code of Markdown, LaTeX and HTML, a link around the whole cell.
SET_OFF = re.compile(
    r"(?:\*{1,3}|_{1,2}|`|\$)(?P<a>[^*_`$]+?)(?:\*{1,3}|_{1,2}|`|\$)|\\(?:textbf|underline|mathbf|textit|emph|uline|bf)\{(?P<b>[^{}]+)\}"
    r"|<(?:b|strong|em|i|u)>(?P<c>[^<>]+)</(?:b|strong|em|i|u)>|^\[(?P<d>[^\[\]]+)\]\([^()\s]+\)$"
)
ONE = r"[+-]?\d[\d.,]*(?:\s?[%％])?"
SPREAD = re.compile(rf"({ONE})\s*(\(?\s*(?:±|\+/-|\+-|\\pm|\$\\pm\$)\s*{ONE}\s*\)?)")
CHANGE = re.compile(rf"({ONE})\s*(\(\s*(?:[+\-−↑↓▲▼]\s*\d[\d.,]*)(?:\s?[%％])?\s*\)|[↑↓▲▼])")
RANGE = re.compile(
    rf"({ONE})\s*([(\[](?:95\s?% ?(?:CI|conf\.?)[:,]?\s*)?({ONE})\s*(?:[,;–]|-|to)\s*({ONE})[)\]])", re.IGNORECASE
)
# Raised signs and letters are footnotes; raised digits are behind decimals or a percent sign, as "10²" may be a hundred.
NOTE = r"[*†‡§¶ᵃᵇᶜᵈᵉ]{1,3}|<sup>[^<>\d]{1,9}</sup>|\[\^[\w-]{1,9}\]|\^\{?(?:[*†‡§¶a-e]|\\d?dagger|\\ast)\}?"
NUMBERED = r"[¹²³⁴-⁹]{1,2}|<sup>\d{1,2}</sup>"
MARKED = re.compile(rf"({ONE})\s*({NOTE})|([+-]?\d+[.,]\d+(?:\s?%)?|\d+\s?%)\s?({NUMBERED})")
MARKED_BEFORE = re.compile(rf"([*†‡§¶]{{1,3}})({ONE})")
TWO = re.compile(rf"{ONE}\s*[(\[/|]\s*{ONE}\s*[)\]]?(?:\s*[%％])?")
TOTAL_ACTIVE = re.compile(
    r"([\d.,]+)\s*B\s*(?:-?\s*A\s*[\d.,]+\s*B|(?:[(,/;]|total,?)\s*[\d.,]+\s*B\s*act\w*\)?)", re.IGNORECASE
)
EXPERTS = re.compile(r"\d+\s*[x×*]\s*[\d.,]+\s*[bm]?(?:[\s_-]*a[\d.,]+\s*b)?", re.IGNORECASE)
MIN_SIZE, MAX_SIZE = 1e6, 5e12  # models with a known size have from 2 million to 2 trillion parameters
# What people write where they have no value.
NOTHING = frozenset(
    [
        "-",
        "–",
        "—",
        "?",
        "n/a",
        "n.a.",
        "na",
        "nan",
        "none",
        "null",
        "nil",
        "unknown",
        "unstated",
        "tbd",
        "tba",
        "undisclosed",
        "not disclosed",
        "not stated",
        "not reported",
        "not available",
        "not known",
    ]
)
SHORT_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS = {m: i + 1 for i, m in enumerate(SHORT_MONTHS.split())}
# The full names and the short ones that are in use, in English; "mai" and the like are not read.
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    r"dec(?:ember)?)\.?"
)
SLASHED = re.compile(
    r"(?=\d+/\d+/|\d+-\d+-)(\d{1,2})[/-](\d{1,2})[/-](\d{4})"
)  # day or month first: only some of them tell
WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? (?=\w)", re.IGNORECASE)
CLOCK = re.compile(r"(?<=\d{4}),? \d{1,2}:\d{2}\b.*$", re.DOTALL)  # behind a day whose year stands last
# A quarter or a half: "2024-Q2", "H1 2024", "2Q 2024".
PART_OF_YEAR = re.compile(
    r"(?P<y>\d{4})[- ]?(?P<a>Q[1-4]|H[12])|(?P<b>Q[1-4]|H[12]|[1-4]Q|[12]H)[- /]?(?P<z>\d{4})", re.IGNORECASE
)
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
FIRST_DAY = date(1950, 1, 1)  # no machine learning before
ZERO_DAYS = (date(1970, 1, 1), date(1900, 1, 1), date(1899, 12, 30), date(1904, 1, 1))  # "no date" of computers


class Unreadable(ValueError):
    """A text that means nothing certain; the message is one sentence."""


@dataclass(frozen=True)
class Marks:
    """What the texts of a column or table show about their separators: is there proof of a decimal comma, of a point?"""

    comma: bool = False
    point: bool = False

    def __or__(self, other: "Marks") -> "Marks":
        return Marks(self.comma or other.comma, self.point or other.point)


@dataclass(frozen=True)
class Typed:
    """A number as typed: its value, the decimals that were printed, and whether a percent sign stood beside it."""

    value: float
    decimals: int
    is_percent: bool


def clean(text: str) -> str:
    """A typed number with plain digits and minus, without a spreadsheet's marks (leading apostrophe, ="...")."""
    plain = text.strip()
    formula = re.fullmatch(r'="([^"]*)"', plain)
    plain = (formula[1] if formula else plain).strip().removeprefix("'").strip()
    # Digits of any script are digits; superscripts ("85\u00b2") are not, they are notes.
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    return (
        plain.replace("\u2212", "-")
        .replace("\u2012", "-")
        .replace("\uff0c", ",")
        .replace("\uff0e", ".")
        .replace("\u066b", ".")  # the decimal mark and the thousands mark beside Arabic digits
        .replace("\u066c", ",")
        .replace("％", "%")
    )


def bare(text: str) -> tuple[str, str]:
    """A score's cell without what tables put around and behind the number, and a sentence on what is not used of it.

    Bold and the like go silently. What stands behind ± is a standard error or half an interval, a signed number in brackets a
    change, a star a footnote: the score before them is certain. "74.2 (0.4)" stays as it is: nothing says what 0.4 is.
    """
    plain = clean(text).replace("\\%", "%")
    while (inner := SET_OFF.sub(_without_mark, plain)) != plain:
        plain = inner.strip()
    for pattern in (SPREAD, CHANGE, MARKED):
        if found := pattern.fullmatch(plain):
            score, aside = (part for part in found.groups() if part)
            return score, f"Not used of its cell: {aside.strip()}."
    if found := MARKED_BEFORE.fullmatch(plain):
        return found[2], f"Not used of its cell: {found[1]}."
    if (found := RANGE.fullmatch(plain)) and _is_inside(*found.group(1, 3, 4)):
        return found[1], f"Not used of its cell: {found[2]}."
    return plain, ""


def _without_mark(found: re.Match[str]) -> str:
    """What a mark of SET_OFF stands around, where that is the whole cell or a number that touches no other ("**74.2** ± 0.4")."""
    inner = next(part for part in found.groups() if part).strip()
    beside = found.string[: found.start()].rstrip()[-1:] + found.string[found.end() :].lstrip()[:1]
    is_apart = re.fullmatch(ONE, inner) and not re.search(r"[\w.,]", beside)
    return inner if found[0] == found.string or is_apart else found[0]


def _is_inside(middle: str, low: str, high: str) -> bool:
    """Whether three texts are numbers in their order."""
    try:
        known = marks([middle, low, high])
        one, *ends = (read_number(t, known).value for t in (middle, low, high))
    except Unreadable:
        return False
    return ends[0] <= one <= ends[1] and ends[0] < ends[1]


def _body(text: str) -> tuple[str, bool]:
    """The digits of a typed number with their separators, and whether a percent sign stood beside them."""
    plain = clean(text)
    body = (PERCENT.fullmatch(plain) or [plain, plain])[1].strip()
    is_percent = body != plain
    # Blanks and apostrophes are thousands separators in groups of three only: "64 3" is no number.
    if SPACES.search(body):
        if not re.fullmatch(r"[+-]?\d{1,3}(?:[\s\u00a0\u2007\u2009\u202f'’]\d{3})+(?:[.,]\d+)?", body):
            return "", is_percent
        body = SPACES.sub("", body)
    return body, is_percent


def marks(texts: Iterable[str]) -> Marks:
    """What the numbers among some texts prove about decimal marks; ambiguous ones ("1,319", "1.319") prove nothing."""
    told = Marks()
    for text in set(texts):
        body = _body(text)[0].lstrip("+-")
        told |= Marks(comma=bool(COMMA_PROOF.fullmatch(body)), point=bool(POINT_PROOF.fullmatch(body)))
    return told


def read_number(text: str, known: Marks | None = None, *, is_whole: bool = False) -> Typed:
    """A typed number. `known`: what its column shows about decimal marks. Raises Unreadable.

    is_whole   only whole numbers make sense (counts): then "1,319" is 1319 and "1.319" is refused, unless `known` says that
               the comma is the decimal mark.
    """
    body, is_percent = _body(text)
    known = (known or Marks()) | marks([text])
    sign, digits = ("-", body[1:]) if body.startswith("-") else ("", body.removeprefix("+"))
    shown = f"{text.strip()[:40]!r}"
    if re.fullmatch(GROUPS_BY_COMMA, digits):
        digits = digits.replace(",", "")
    elif re.fullmatch(GROUPS_BY_POINT, digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[1-9]\d{0,2},\d{3}", digits):
        if known.comma == known.point and not is_whole:
            raise Unreadable(
                f"{shown} is {digits.replace(',', '.')} or {digits.replace(',', '')}: write it with a point, or without a comma."
            )
        digits = digits.replace(",", "." if known.comma and not known.point else "")
    elif re.fullmatch(r"\d*,\d+(?:[eE][+-]?\d+)?", digits):
        digits = digits.replace(",", ".")
    elif re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits) and known.comma and not known.point:
        digits = digits.replace(".", "")
    if not PLAIN.fullmatch(digits) or digits[0] in "+-":  # two signs: "--5", "+-5"
        if TWO.fullmatch(clean(text)):
            raise Unreadable(f"{shown} holds two numbers, and nothing says which is the score: write it alone.")
        raise Unreadable(f"{shown} is no number.")
    value = float(sign + digits)
    if value in (float("inf"), float("-inf")):
        raise Unreadable(f"{shown} is no finite number.")
    mantissa, _, power = digits.lower().partition("e")
    return Typed(value, max(0, len(mantissa.partition(".")[2]) - int(power or 0)), is_percent)


def read_whole(text: str, known: Marks | None = None) -> int:
    """A count from 1 on ("1,319", "1 319", "1319"). Raises Unreadable."""
    number = read_number(text, known, is_whole=True)
    if (zeros := re.fullmatch(r"([1-9]\d{0,2})\.000", clean(text))) and number.value < 1000:
        raise Unreadable(f"{zeros[0]!r} is {zeros[1]} or {zeros[1]}000: write it without a point.")
    if number.is_percent or number.value < 1 or number.value != int(number.value) or number.value > 1e15:
        raise Unreadable(f"{text.strip()[:40]!r} is no whole number from 1 on.")
    return int(number.value)


def read_size(text: str, unit: float = 1.0, known: Marks | None = None) -> float:
    """A number of parameters from "7B", "40M", "7.2 billion" or a plain number times `unit` (1e9 for billions).

    Raises Unreadable for experts ("8x7B") and for sizes that no model has, with what was probably meant.
    """
    plain = clean(text)
    both = TOTAL_ACTIVE.fullmatch(plain)
    if both:
        return _plausible(read_number(both[1], known).value * 1e9, text, unit)
    if EXPERTS.fullmatch(plain):
        raise Unreadable(f"{text.strip()[:40]!r} counts experts: give the total number of parameters.")
    size, is_worded = read_amount(plain, unit, known)
    return _plausible(size, text, 0.0 if is_worded else unit)


def read_amount(text: str, unit: float, known: Marks | None = None) -> tuple[float, bool]:
    """A number with or without a word for its power ("15T", "40 million"), else times `unit`; whether a word stood there.

    Raises Unreadable.
    """
    match = SIZED.fullmatch(clean(text))
    if not match or match[2].casefold() not in POWERS:
        raise Unreadable(f"The size {text.strip()[:40]!r} is not a number such as 7.2B, 40M or 7240000000.")
    word = match[2].casefold()
    # A whole number is only certain without a word: "1,319M" may be 1.319 billion or 1.319 million.
    number = read_number(match[1], known, is_whole=not word and unit == 1.0).value
    return number * (POWERS[word] if word else unit), bool(word)


def is_nothing(text: str) -> bool:
    """True for the signs and words that stand for no value."""
    return clean(text).casefold() in NOTHING


def _plausible(size: float, text: str, unit: float) -> float:
    """The size, when a model can have it; raises Unreadable with what was probably meant."""
    if MIN_SIZE <= size <= MAX_SIZE:
        return size
    shown = text.strip()[:40]
    if size <= 0:
        return _refuse(
            "The size is not a positive number: n_parameters is a count (7240000000), params_b billions (7.24)."
        )
    meant = ""
    if unit == 1.0 and 0 < size < MIN_SIZE:
        meant = f" Was {shown} billion meant? n_parameters is a count (7240000000), params_b is in billions (7.24)."
    elif unit == 1e9 and MIN_SIZE <= size / 1e9 <= MAX_SIZE:
        meant = f" Was a count meant? n_parameters is a count (7240000000), params_b is in billions ({size / 1e18:g})."
    elif unit == 1e9 and MIN_SIZE <= size / 1e3 <= MAX_SIZE:
        meant = f" Were {shown} million meant? params_b is in billions ({size / 1e12:g})."
    elif unit == 1.0 and MIN_SIZE <= size / 1e9 <= MAX_SIZE:
        meant = f" Was {size / 1e9:g} meant, a billion times less? n_parameters is a count (7240000000)."
    else:
        meant = " n_parameters is a count (7240000000), params_b is in billions (7.24)."
    return _refuse(f"No model has {shown} {'billion ' if unit == 1e9 else ''}parameters.{meant}")


def _refuse(sentence: str) -> float:
    raise Unreadable(sentence)


def last_of(year: int, month: int) -> date | None:
    """The last day of a month, None where there is no such month."""
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 and 1 <= year <= 9999 else None


def day_order(texts: Iterable[str]) -> str:
    """How the days of a column with slashes are written, where all that tell it agree: "dm", "md", else ""."""
    told = set()
    for text in set(texts):
        if found := SLASHED.fullmatch(CLOCK.sub("", text.strip())):
            one, other = int(found[1]), int(found[2])
            told |= {"dm"} if one > 12 >= other else {"md"} if other > 12 >= one else set()
    return told.pop() if len(told) == 1 else ""


def read_day(text: str, order: str = "") -> date | None:
    """A day as printed, or None. `order`: what its column shows of days with slashes (`day_order`).

    2024-05-01 (also with a time and zone behind it: the printed day), 2024/5/1, 20240501, 1 May 2024, May 1, 2024,
    31.01.2024. A month, quarter, half or year alone (2024-05, May 2024, 2024-Q2, H1 2024, 2024) is its last day: by then the value was
    surely known, and nothing that looks back may know it earlier. "05/01/2024" may be May or January: None.
    """
    plain = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c for c in str(text).strip().removeprefix("'").strip()
    ).translate(DASHES)
    try:
        return _read_day(plain, order)
    except ValueError:  # Jun 31 and the like
        return None


def _read_day(plain: str, order: str) -> date | None:
    """See read_day; raises ValueError for days that do not exist."""
    if re.search(r"[A-Za-z]{3}|^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", plain):
        plain = CLOCK.sub("", WEEKDAY.sub("", plain))
    if match := re.fullmatch(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?", plain):
        year, month = int(match[1]), int(match[2])
        return date(year, month, int(match[3])) if match[3] else last_of(year, month)
    plain = re.sub(r"^(\d{4})\.0$", r"\1", plain)  # a year alone, from a column of numbers
    if match := re.fullmatch(r"(\d{4})(?:[-/.](\d{1,2}))?", plain):
        return last_of(int(match[1]), int(match[2] or 12)) if int(match[1]) >= 1900 else None
    if match := re.fullmatch(r"(\d{1,2})[/.](\d{4})", plain):
        return last_of(int(match[2]), int(match[1]))
    if match := PART_OF_YEAR.fullmatch(plain):
        part = match["a"] or match["b"]
        months = 6 if "H" in part.upper() else 3
        return last_of(int(match["y"] or match["z"]), months * int(part.strip("QHqh")))
    if match := re.fullmatch(r"(\d{4})([-_/.])(\d{1,2})\2(\d{1,2})(?:(?:[T ]|, ?)\d.*)?", plain):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})(?:T\d{2}.*)?", plain):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(rf"(?:{MONTH}[ ,-]+(\d{{4}})|(\d{{4}})[ -]{MONTH})", plain, re.IGNORECASE):
        return last_of(int(match[2] or match[3]), MONTHS[(match[1] or match[4])[:3].lower()])
    if match := re.fullmatch(rf"{MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})", plain, re.IGNORECASE):
        return date(int(match[3]), MONTHS[match[1][:3].lower()], int(match[2]))
    if match := re.fullmatch(rf"(\d{{1,2}})(?:st|nd|rd|th)?[ -]{MONTH},?[ -](\d{{4}})", plain, re.IGNORECASE):
        return date(int(match[3]), MONTHS[match[2][:3].lower()], int(match[1]))
    if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", plain):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if match := SLASHED.fullmatch(plain):
        one, other, year = (int(g) for g in match.groups())
        if one > 12 or other > 12 or one == other:
            return date(year, min(one, other), max(one, other))
        if order:
            return date(year, other, one) if order == "dm" else date(year, one, other)
    return None


def read_release(text: str, today: date, order: str = "") -> date:
    """The day on which a model may have been released: from FIRST_DAY to the end of this year. Raises Unreadable.

    order   what its column shows of days with slashes (`day_order`)
    """
    day = read_day(text, order)
    if part := re.fullmatch(r"(\d{4})\.([1-9])", clean(text)):
        raise Unreadable(
            f"{part[0]!r} may be month {part[2]} of {part[1]}, month 10 without its zero, or a part of a year: write {part[1]}-0{part[2]} for a month."
        )
    if (
        day is None
        and (match := SLASHED.fullmatch(CLOCK.sub("", text.strip())))
        and 0 < int(match[1]) <= 12
        and 0 < int(match[2]) <= 12
    ):
        one, other, year = (int(g) for g in match.groups())
        raise Unreadable(
            f"The date {text.strip()!r} is not a day such as 2024-05-01: it may be {year}-{other:02d}-{one:02d} or {year}-{one:02d}-{other:02d}."
        )
    if day is None:
        raise Unreadable(f"The date {text.strip()[:40]!r} is not a day such as 2024-05-01, or a month such as 2024-05.")
    if not FIRST_DAY <= day <= date(today.year, 12, 31) or day in ZERO_DAYS:
        raise Unreadable(f"{text.strip()[:40]!r} is no release date of a model.")
    return day
