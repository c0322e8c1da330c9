"""Tables of web pages as grids of text.

Question  What does each cell of a table say, and which header, caption and section does it stand under?
Input     The HTML text of a page: an arXiv or ar5iv page made by LaTeXML, or any page with <table> elements.
Output    `Grid`s (LaTeXML) or `PlainTable`s (other pages), in page order. All values are text as printed.
Method    LaTeXML writes tables as <table> or as <span>, with spans as attributes or as class tokens, numbers as MathML
          that repeats itself, and line breaks as tables in cells. The class tokens (ltx_tabular, ltx_tr, ltx_td) are
          what all of them share: https://math.nist.gov/~BMiller/LaTeXML/manual/schema.html
Silent    A page without tables gives an empty list. A missing column raises LayoutChanged with its name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup, Tag

from ingest.records import LayoutChanged

# Injected by the site or standing for something else than the cell's value: report buttons, footnotes, citations.
NOT_CONTENT = "button, script, style, cite, .sr-only, .ltx_note, .ltx_ERROR, .ltx_rule, a[href^='#footnote']"
# What a citation or a picture leaves behind: "Falcon []", "[] OLMo-7B".
EMPTY_BRACKETS = re.compile(r"\[\s*\]|\(\s*\)")
# Footnote markers. Arrows are not among them: in headers they say which direction is better.
MARKERS = "*†‡§¶⋆★⋄♢✱✳✻❋"
SHAPES = "☆◇◆♠♣♥♦△▲▽▼○●□■※"  # likewise, in tables of papers and cards; elsewhere they may be part of a name
ASTERISKS = str.maketrans("∗＊", "**")  # ar5iv prints the operator, arXiv the plain sign
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ"
EDGE_MARKERS = re.compile(rf"^[\s{MARKERS}]*|[\s{MARKERS}]*$")
EDGE_SHAPES = re.compile(rf"^[\s{MARKERS}{SHAPES}]*|[\s{MARKERS}{SHAPES}]*$")
# A raised digit after a word or a number is a footnote; after a single letter ("τ²", "R²") it is part of the name.
RAISED_NOTE = re.compile(rf"^([{RAISED}]+)(?=\s*\w)|(?<=[\w%)\]])(?<!τ)(?<!𝜏)(?<!\bR)(?<![Tt]au)([{RAISED}]+)$")
# Marks that mean a footnote, a comparison or a change only when they stand right behind a number.
BEHIND_NUMBER = re.compile(r"(?<=\d)(%?)\s*([#^↑↓⇑⇓]+)$")
HAT = re.compile(r"(?<=[^\W\d_])\^+$")  # likewise behind a word: "MMMU Pro^"
# Little pictures at the ends of a cell ("77.7 ✅", "🔥 MetaMath-7B"): they praise, and say nothing else.
PICTURES = re.compile(
    r"^(?:[\U0001f000-\U0001faff✅❌⭐✨⚡❗\ufe0f] ?)+|(?: ?[\U0001f000-\U0001faff✅❌⭐✨⚡❗\ufe0f]| ?\((?:[Nn]ew|[Uu]pdated)!?\))+$"
)
# "ConiferDPO" with a small "DPO" is a name, and its capitals part of it.
SMALL_WORDS = re.compile(r"\d+-?shots?|(?![A-Z]+$)[A-Za-z]{2,}[\w./\- ]*|w/?o? [\w ]+|\d{4}[\d\-–]*")
# References to the literature: "[12, 13]", "[HBK+21]", "(Touvron et al., 2023)".
CITATION = re.compile(
    r"\s*\[(?:\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*|[A-Z][A-Za-z+]*\d\d[a-z]?(?:[,;] ?[A-Z][A-Za-z+]*\d\d[a-z]?)*)\]|"
    r"\s*[(\[][A-Z][^()\[\]]*\bet al\.?,? ?(?:19|20)\d\d[a-z]?[)\]]"
)
TEX_SYMBOLS = (
    (r"\pm", "±"), (r"\times", "×"), (r"\dagger", "†"), (r"\ddagger", "‡"), (r"\star", "⋆"), (r"\diamond", "⋄"),
    (r"\ast", "*"), (r"\S", "§"),
    (r"\uparrow", "↑"), (r"\downarrow", "↓"), (r"\rightarrow", "→"), (r"\sim", "~"), (r"\approx", "≈"), (r"\to", "→"),
    (r"\alpha", "α"), (r"\beta", "β"), (r"\Delta", "Δ"), (r"\geq", "≥"), (r"\leq", "≤"), (r"\checkmark", "✓"),
    (r"\lambda", "λ"), (r"\infty", "∞"), (r"\ldots", "..."), (r"\cdot", "·"), (r"\quad", " "),
    (r"\tau", "τ"), (r"\triangle", "△"), (r"\clubsuit", "♣"), (r"\spadesuit", "♠"), (r"\heartsuit", "♥"),
    (r"\diamondsuit", "♦"), (r"\bullet", "●"), (r"\circ", "○"),
)  # fmt: skip
TEX_STYLE = re.compile(
    r"\\(?:mathbf|mathrm|mathit|mathsf|mathtt|mathcal|mathbb|text|textbf|textit|textrm|texttt|textsc|bm|boldsymbol|underline|operatorname)"
    r"(?![A-Za-z])"
)
LINE_BREAK = "\ufdd0"  # a noncharacter: cannot occur in a page, so it marks the line breaks of a cell safely
UP, DOWN, PLAIN = "\ufdd1", "\ufdd2", "\ufdd3"  # likewise: a superscript begins, a subscript begins, either ends
SHIFTED = re.compile(rf"([{UP}{DOWN}])([^{UP}{DOWN}{PLAIN}]*){PLAIN}")
# What a superscript holds when it refers to a footnote: numbers, single letters or markers.
FOOTNOTE_NAME = re.compile(
    rf"\s*(?:\d{{1,2}}|[a-z]|[{MARKERS}{SHAPES}#^]+)(?:\s*,\s*(?:\d{{1,2}}|[a-z]|[{MARKERS}{SHAPES}]+))*\s*"
)
# What a cell may print as its value: a number with its spread or change, or two numbers.
NUMBER = r"[+\-−]?\d+(?:,\d{3})*(?:\.\d+)? ?%?"
VALUE = re.compile(
    rf"(?P<value>{NUMBER})(?: ?\(?(?:±|\+/?[-−–]) ?(?P<spread>\d+(?:\.\d+)?)%?\)?)?(?: ?(?P<change>\([+\-−↑↓] ?\d+(?:\.\d+)?%?\)| ?[↑↓] ?\d+(?:\.\d+)?%?|(?<= )[+\-−]\d+\.\d+%?)|(?: ?(?P<interval>\([+\-−]\d+(?:\.\d+)?, ?[+\-−]?\d+(?:\.\d+)?\)|\[\d+\.\d+[,–] ?\d+\.\d+\])))?"
    r"(?: ?\((?:(?:self-?)?reported|report|official|paper|ours?|our (?:eval\w*|run))\))?"
    r"(?: \(?(?P<metric>(?:pass|maj|avg|cons)@\d+|em|f1)\)?)?",  # "50.6 pass@1"
    re.IGNORECASE,
)
# What stands where a value would and is not one: a range, a change from one to another, about so much, several.
NO_ONE_VALUE = re.compile(
    rf"[~≈<>≤≥] ?{NUMBER}|{NUMBER} ?(?:[-–—~|;,]|→|->|(?<= )) ?{NUMBER}|{NUMBER} ?[(\[]{NUMBER} ?[,;–] ?{NUMBER}[)\]]"
)
PAIR = re.compile(rf"({NUMBER}) ?/ ?({NUMBER})")
BRACKETED = re.compile(rf"({NUMBER}) ?\(({NUMBER})\)")  # two values: "60.4 (55.5)"
# The signs for no value.
MISSING = {"", "-", "–", "—", "--", "---", "−", "n/a", "n.a.", "na", "nan", "?", "...", "…", "/", "✗", "×", "x"}
DECIMAL_COMMA = re.compile(r"[+\-−]?(?:\d+,\d{1,2}|0,\d{3,}|\d+,\d{4,}) ?%?")
POINT = re.compile(r"[+\-−]?\d*\.\d+ ?%?")
FEW_COMMAS = 3  # numbers with a decimal comma, and none with a point, before a table is taken to print commas
# Ten times the longest cell, the most tags and the largest table seen. Reading them costs the square of a cell's length.
MAX_CELL = 7_500
MAX_TAGS = 200_000
MAX_PLACES = 200_000
MAX_SPAN = 200  # larger spans are broken or hostile; the widest real one seen is 28


@dataclass(frozen=True)
class Cell:
    """One cell: text as printed without its footnote markers, the markers, and the rows and columns it covers.

    lines  Its lines, each without markers, where the page breaks it into several.
    """

    text: str
    note: str
    row: int
    column: int
    rowspan: int
    colspan: int
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """One table: rows of cells, all of one length. A spanning cell stands in each of its places; None = no cell.

    label     "Table 6", or "" when the table has no caption.
    caption   Text of the caption without the label.
    section   Title of the section that the table stands in.
    anchor    Id of the figure or table element in the page ("S4.T2"), or "".
    """

    rows: tuple[tuple[Cell | None, ...], ...]
    label: str
    caption: str
    section: str
    anchor: str

    def text(self, row: int, column: int) -> str:
        """Text of a place, "" where there is no cell."""
        cell = self.rows[row][column]
        return cell.text if cell else ""


@dataclass(frozen=True)
class PlainTable:
    """One <table> of an ordinary page: the texts of its header row and the <td>/<th> elements of its other rows."""

    element: Tag
    header: tuple[str, ...]
    rows: tuple[tuple[Tag, ...], ...]

    def column(self, *names: str) -> int:
        """Position of the first of `names` (compared without case and blanks at the ends) found in the header.

        Raises LayoutChanged naming the missing column.
        """
        places = {h.lower(): i for i, h in reversed(list(enumerate(self.header)))}
        for name in names:
            if name.lower() in places:
                return places[name.lower()]
        raise LayoutChanged(f"The table has no column {names[0]!r}; it has: {', '.join(self.header) or 'no header'}.")


def squash(text: str) -> str:
    """A text with runs of white space as one blank, none at the ends."""
    return " ".join(text.split())


def is_number(text: str) -> bool:
    """True for one printed value or a pair of them."""
    return bool(VALUE.fullmatch(text) or PAIR.fullmatch(text) or BRACKETED.fullmatch(text))


def is_missing(text: str) -> bool:
    """True for the signs that papers print where there is no value; dashes as many as they like."""
    bare = text.strip(" $" + MARKERS).lower()
    return bare in MISSING or not bare.strip("-–—−")


def split_markers(text: str, edge: re.Pattern[str] = EDGE_MARKERS) -> tuple[str, str]:
    """A text without the footnote markers at its ends, and the markers found there ("47.0*" -> "47.0", "*").

    Raised digits and letters and subscripts behind a number go the same way. `edge` finds the markers at the ends.
    """
    text, found = split_shifted(text)
    plain = PICTURES.sub("", squash(text)) or squash(text)
    while True:
        marks = "".join(c for part in edge.findall(plain) for c in part if not c.isspace())
        bare = edge.sub("", plain)
        marks += "".join(a + b for a, b in RAISED_NOTE.findall(bare))
        bare = RAISED_NOTE.sub("", bare)
        marks += "".join(mark for _, mark in BEHIND_NUMBER.findall(bare))
        bare = squash(BEHIND_NUMBER.sub(r"\1", bare))
        marks += "".join(HAT.findall(bare))
        bare = HAT.sub("", bare)
        if not marks or not bare:
            return plain, "".join(dict.fromkeys(found))
        plain, found = bare, found + marks


def without_citations(text: str) -> str:
    """A text without its references to the literature; a text that is nothing else stays as it is."""
    return CITATION.sub("", text) if CITATION.sub("", text).strip() else text


def split_shifted(text: str) -> tuple[str, str]:
    """A text whose superscripts and subscripts are marked, as plain text, and the footnotes that they were.

    A superscript at the end of a word or a number is a footnote when it holds a number, a letter or a marker; inside a
    word ("τ²-Bench") and in longer words it is text. Behind a number neither ever joins it: "45.3" with a raised 1 is 45.3.
    """
    notes = ""
    while found := SHIFTED.search(text):
        before, inner, after = text[: found.start()], found[2], text[found.end() :]
        number = re.search(r"\d%?\s*$", before)
        # In front of a number it is a footnote too: a raised 1 and 45.3 are not 145.3.
        is_in_front = not before.strip() and is_number(squash(re.sub(f"[{UP}{DOWN}].*", "", after)))
        is_note = bool(FOOTNOTE_NAME.fullmatch(inner)) and (is_in_front or not re.match(r"[\w\-]", after))
        if found[1] == UP and number and re.search(r"(?:[x×·]|\*) ?10$", before):
            middle = f"^{inner}"  # a power of ten
        elif found[1] == UP and is_note and (before.strip() or after.strip()):
            middle, notes = "", notes + squash(inner)
        elif number and is_number(squash(before)):
            # What is set beside a number in small print is its spread or a note on it.
            spread = re.fullmatch(r"\s*\(?(±.*?)\)?\s*", inner)
            middle, notes = (f" {spread[1]}", notes) if spread else ("", notes + squash(inner))
        else:
            # "LLaMA2" with a small "7B" is "LLaMA2 7B"; "GPT" with a small "3.5" is "GPT3.5"; small words say which part or
            # setting of a test it is, as words in brackets do.
            is_apart = (before[-1:].isdigit() and inner[:1].isdigit()) or (found[1] == UP and len(inner) > 3)
            is_said = (
                SMALL_WORDS.fullmatch(inner.strip()) and before[-1:].isalnum() and not after[:1].strip("\ufdd0\ufdd1 ↓")
            )
            middle = f" ({inner.strip()})" if is_said else f" {inner} " if is_apart else inner
        text = before + middle + after
    return re.sub(f"[{UP}{DOWN}{PLAIN}]", "", text), notes


def read_tex(tex: str) -> str:
    r"""What a formula shows, as text: style commands and braces gone, symbols as characters, phantom markers in place.

    `{}^{*}47.0{}^{*}` -> `*47.0*`; `\mathbf{71.3}` -> `71.3`; `44.4\%` -> `44.4%`; `47.8\pm 1.9` -> `47.8± 1.9`.
    A superscript that is no marker keeps its hat (`10^9`), so that it is never read as a digit.
    """
    text = TEX_STYLE.sub("", tex)
    for command, symbol in TEX_SYMBOLS:
        text = re.sub(re.escape(command) + r"(?![A-Za-z])", symbol, text)
    text = re.sub(r"\\(?:left|right|displaystyle|scriptstyle|bigl?|bigr?)(?![A-Za-z])", "", text)
    text = (
        re.sub(r"\\[,;:! ]|~", " ", text)
        .replace(r"\%", "%")
        .replace(r"\_", "_")
        .replace(r"\&", "&")
        .replace(r"\#", "#")
    )
    text = re.sub(r"\{,\}", ",", text)
    text = re.sub(rf"(?:\{{\}})?\^\{{?\{{?([{MARKERS}{SHAPES}%]+)\}}?\}}?", r"\1", text)
    # Behind a number with decimals, or on an empty base, a raised digit or letter is a footnote; "10^9" is a power.
    text = re.sub(r"(?:(?<=\d\.\d)|(?<=\d\.\d\d)|(?<=%)|\{\})\^\{*([\da-z])\}*(?![\w}])", rf"{UP}\1{PLAIN}", text)
    text = re.sub(r"(?:(?<=\d\.\d)|(?<=\d\.\d\d))_\{([\d.]+)\}", rf"{DOWN}\1{PLAIN}", text)
    text = re.sub(r"_\{([^{}]*±[^{}]*)\}", r" \1", text)
    return squash(text.replace("{", "").replace("}", "").replace("$", ""))


def flatten(cell: Tag) -> str:
    """The text of a cell with LINE_BREAK where the line breaks (<br>, rows and cells of a table in the cell)."""
    parts = []

    def walk(node: Tag) -> None:
        for child in node.children:
            if not isinstance(child, Tag):
                if type(child).__name__ == "NavigableString":
                    parts.append(str(child))
                continue
            classes = [str(c) for c in child.get("class") or ()]
            if child.name == "math":
                parts.append(read_tex(str(child.get("alttext") or child.get_text())))
                continue
            if child.name == "br":
                parts.append(LINE_BREAK)
                continue
            shift = UP if child.name == "sup" else DOWN if child.name == "sub" else ""
            parts.append(shift)
            walk(child)
            parts.append(PLAIN if shift else "")
            if "ltx_tr" in classes or "ltx_td" in classes or "ltx_p" in classes or child.name in ("p", "div"):
                parts.append(LINE_BREAK)

    walk(cell)
    return "".join(parts).translate(ASTERISKS)


def join_lines(text: str) -> str:
    """The lines of a cell as one text; a word that was hyphenated at a line end is put together ("hella-|swag")."""
    text = re.sub(rf"\s*(?:{LINE_BREAK}\s*)+", LINE_BREAK, text).strip(LINE_BREAK + " \n\t")
    text = re.sub(rf"(?<=[a-z]{{2}})-{LINE_BREAK}(?=[a-z]{{2}})", "", text)
    text = re.sub(rf"(?<=[A-Za-z])-{LINE_BREAK}", "-", text)
    return squash(EMPTY_BRACKETS.sub(" ", text.replace(LINE_BREAK, " ")))


def read_span(element: Tag, kind: str) -> int:
    """How many places a cell covers: from the attribute (rowspan="2") or the class token (ltx_rowspan_2), else 1."""
    stated = [str(element.get(kind) or "")]
    stated += [c.rpartition("_")[2] for c in element.get("class") or [] if c.startswith(f"ltx_{kind}_")]
    counts = [int(s) for s in stated if s.isdecimal()]
    return min(max([1, *counts]), MAX_SPAN)


def nearest(element: Tag, token: str) -> Tag | None:
    """The nearest ancestor that carries a class token."""
    return element.find_parent(class_=token)


def lay_out(rows: list[list[Tag]]) -> tuple[tuple[Cell | None, ...], ...]:
    """Rows of cell elements as a rectangle, spans spread out; a span ends with its part of the table (head or body)."""
    places: dict[tuple[int, int], Cell] = {}
    ends = part_ends(rows)
    for r, row in enumerate(rows):
        c = 0
        for element in row:
            while (r, c) in places:
                c += 1
            height = min(read_span(element, "rowspan"), ends[r] - r)
            width = read_span(element, "colspan")
            printed = flatten(element)
            if len(printed) > MAX_CELL:
                raise LayoutChanged(f"A cell of the page holds more than {MAX_CELL:,} characters.")
            if max(len(places) + height * width, (c + width) * len(rows)) > MAX_PLACES:
                raise LayoutChanged(f"A table of the page has more than {MAX_PLACES:,} places.")
            text, note = split_markers(without_citations(join_lines(printed)), EDGE_SHAPES)
            lines = tuple(split_markers(line, EDGE_SHAPES)[0] for line in printed.split(LINE_BREAK) if line.strip())
            cell = Cell(text, note, r, c, height, width, lines if len(lines) > 1 else ())
            for i in range(r, r + height):
                for j in range(c, c + width):
                    places.setdefault((i, j), cell)
            c += width
    n_columns = max((c for _, c in places), default=-1) + 1
    return with_points(unstack(tuple(tuple(places.get((r, c)) for c in range(n_columns)) for r in range(len(rows)))))


def part_ends(rows: list[list[Tag]]) -> list[int]:
    """For each row the number of the row behind the last one of its head, body or foot; a row without cells goes on."""
    parts: list[Tag | None] = []
    for row in rows:
        part = row[0].find_parent(["thead", "tbody", "tfoot"]) if row else None
        parts.append(part if row or not parts else parts[-1])
    ends = [len(rows)] * len(rows)
    for r in range(len(rows) - 2, -1, -1):
        ends[r] = ends[r + 1] if parts[r] is parts[r + 1] else r + 1
    return ends


def unstack(rows: tuple[tuple[Cell | None, ...], ...]) -> tuple[tuple[Cell | None, ...], ...]:
    """The rows of a table with each row that holds several, one below the other in its cells, as so many rows."""
    heights = [stack_height([c for c in row if c and c.row == r], r) for r, row in enumerate(rows)]
    if set(heights) <= {1}:
        return rows
    starts = [sum(heights[:r]) for r in range(len(rows) + 1)]
    return tuple(
        tuple(cell and shift(cell, starts, i) for cell in row) for r, row in enumerate(rows) for i in range(heights[r])
    )


def shift(cell: Cell, starts: list[int], line: int) -> Cell:
    """A cell at its place among rows that begin at `starts`; of a stacked cell its line."""
    start, end = starts[cell.row], starts[cell.row + cell.rowspan]
    if cell.rowspan == 1 and len(cell.lines) == end - start > 1:
        return replace(cell, text=cell.lines[line], row=start + line, lines=())
    return replace(cell, row=start, rowspan=end - start)


def stack_height(cells: list[Cell], row: int) -> int:
    """How many rows are stacked in the cells of one: two columns of values or more and a label with as many lines; else 1."""
    distinct = list({c.column: c for c in cells}.values())
    values = [c for c in distinct if c.lines and all(is_number(t) or is_missing(t) for t in c.lines)]
    height = len(values[0].lines) if len(values) > 1 else 1
    labels = [c for c in distinct if c not in values and len(c.lines) == height]
    others = [c for c in distinct if c not in values and is_number(c.text)]
    is_stack = labels and not others and all(len(c.lines) == height and c.rowspan == 1 for c in values)
    return height if is_stack else 1


def with_points(rows: tuple[tuple[Cell | None, ...], ...]) -> tuple[tuple[Cell | None, ...], ...]:
    """The rows of a table that prints decimal commas ("45,3") or points at half height ("45·3") with points; others as they are.

    Certain only where several numbers have a comma that separates no thousands and none has a point.
    """
    texts = [cell.text for row in rows for cell in row if cell]
    told = [t.replace("·", ",") for t in texts]
    if sum(bool(DECIMAL_COMMA.fullmatch(t)) for t in told) < FEW_COMMAS or any(POINT.fullmatch(t) for t in texts):
        return rows
    comma = re.compile(r"[+\-−]?\d+[,·]\d+ ?%?")
    return tuple(
        tuple(
            replace(cell, text=re.sub("[,·]", ".", cell.text)) if cell and comma.fullmatch(cell.text) else cell
            for cell in row
        )
        for row in rows
    )


def read_line(text: str) -> str:
    """A flattened text on one line, superscripts and subscripts as plain text: for captions and titles."""
    return squash(re.sub(f"[{UP}{DOWN}{PLAIN}]", "", text).replace(LINE_BREAK, " "))


def find_caption(tabular: Tag) -> tuple[str, str, str]:
    """Label, caption and anchor of the figure around a table; empty texts where there is none."""
    label, caption, anchor = "", "", str(tabular.get("id") or "")
    for figure in tabular.find_parents(["figure", "div"], class_=["ltx_table", "ltx_figure", "ltx_float"]):
        own = [
            c
            for c in figure.select(".ltx_caption")
            if c.find_parent(["figure", "div"], class_=figure["class"]) is figure
        ]
        if not own:
            continue
        tag = own[0].select_one(".ltx_tag")
        stated = read_line(flatten(tag)).rstrip(":. ") if tag else ""
        whole = read_line(flatten(own[0]))
        words = whole[len(read_line(flatten(tag))) :].strip() if tag else whole
        caption = f"{caption} {words}".strip()
        anchor = str(figure.get("id") or anchor)
        label = f"{stated} {label}".strip()
        if re.match(r"(?:Table|Figure)\b", stated):
            break
    return label, caption, anchor


def find_section(tabular: Tag) -> str:
    """Title of the nearest section around a table, "" when there is none."""
    for section in tabular.find_parents("section"):
        title = section.select_one(".ltx_title")
        if title:
            return read_line(flatten(title))
    return ""


def read_latexml(html: str) -> list[Grid]:
    """All tables of a LaTeXML page; author lists and tables inside cells are not tables of their own.

    Raises LayoutChanged when the page is no LaTeXML document (an error page, or "no HTML for this paper").
    """
    require_whole(html)
    soup = BeautifulSoup(html, "lxml")
    if not soup.select_one(".ltx_document, .ltx_page_main"):
        raise LayoutChanged("The page holds no LaTeXML document: the paper may have no HTML version.")
    for element in soup.select(NOT_CONTENT):
        element.decompose()
    grids = []
    for tabular in soup.select(".ltx_tabular"):
        if nearest(tabular, "ltx_tabular") or nearest(tabular, "ltx_authors"):
            continue
        rows = [
            [cell for cell in row.select(".ltx_td") if nearest(cell, "ltx_tr") is row]
            for row in tabular.select(".ltx_tr")
            if nearest(row, "ltx_tabular") is tabular
        ]
        label, caption, anchor = find_caption(tabular)
        grids.append(Grid(lay_out(rows), label, caption, find_section(tabular), anchor))
    return grids


def require_whole(html: str) -> None:
    """Raise LayoutChanged for a page without its closing tag: one that broke off shows fewer rows and looks fine. The same
    for one of more tags than any page of scores has, before anything is made of them.
    """
    if html.count("<") > MAX_TAGS:
        raise LayoutChanged(f"The page has more than {MAX_TAGS:,} tags.")
    if not re.search(r"</html\s*>", html[-2000:], re.IGNORECASE):
        raise LayoutChanged("The page breaks off before its closing tag.")


def read_plain(html: str) -> list[PlainTable]:
    """All <table> elements of an ordinary page that are not inside another one; a row of <th> only is the header."""
    require_whole(html)
    soup = BeautifulSoup(html, "lxml")
    return list(plain_tables(soup))


def plain_tables(soup: BeautifulSoup) -> Iterator[PlainTable]:
    """The tables of a parsed page, so that callers can also look around them (headings, tabs)."""
    for table in soup.select("table"):
        if table.find_parent("table"):
            continue
        rows = [
            tuple(cell for cell in row.find_all(["td", "th"]) if cell.find_parent("tr") is row)
            for row in table.find_all("tr")
            if row.find_parent("table") is table
        ]
        header: tuple[str, ...] = ()
        if rows and rows[0] and all(cell.name == "th" for cell in rows[0]):
            header = tuple(squash(cell.get_text(" ")) for cell in rows.pop(0))
        yield PlainTable(table, header, tuple(row for row in rows if row))
