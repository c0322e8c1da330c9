"""Tables of Markdown pages as rows of text.

Question  What does each cell of a table say, and under which headings and header does it stand?
Input     the text of a Markdown page.
Output    `MarkdownTable`s in page order; cells as raw Markdown, `read_cell` tells text, link and footnotes apart.
Method    A table is a header line, a line of dashes with as many columns, and the lines with a pipe that follow
          (https://github.github.com/gfm/#tables-extension-). Rows may be shorter than the header.
Silent    A page that ends in the middle of a line raises LayoutChanged where the caller asks for whole lines.
"""

import re
from dataclasses import dataclass
from html import unescape

from ingest.records import LayoutChanged, Page
from ingest.tables import DOWN, MAX_CELL, PLAIN, UP, read_tex, split_shifted, squash

RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
RESULTS = re.compile(
    r"(?:evaluation |experimental )?(?:results?|performance|scores?)|结果|效果|(?:评测|评估|测试)结果", re.IGNORECASE
)
PIPE = re.compile(r"(?<!\\)\|")
FOOTNOTE = re.compile(r"\[\^([^\]]+)\]")
LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^()\s>]*(?:\([^()\s]*\)[^()\s]*)*)>?[^()]*\)")
PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
# An address in pointed brackets; of a repository its name is what stands there.
AUTOLINK = re.compile(r"<(https?://[^\s<>]+)>")
REPOSITORY = re.compile(r"https://huggingface\.co/(?!spaces/|datasets/|docs/|papers/|blog/)([\w.-]+/[\w.-]+)(?:/.*)?")
EMPTY_LINK = re.compile(r"\[\s*\]\([^()]*\)")
# Links whose addresses stand elsewhere in the page: "[name][ref]", "[name][]", "[name]", and the line "[ref]: address".
REFERENCE = re.compile(r" {0,3}\[([^\[\]^]+)\]:\s+<?([^\s>]+)>?(?:\s+[\"'(].*)?")
REFERRED = re.compile(r"(?<!\])\[([^\[\]^|]+)\](?:\[([^\[\]|]*)\])?(?![(\[:])")
# Tags that only dress text; anything else in pointed brackets is text.
TAG = re.compile(
    r"</?(?:br|b|i|u|a|ins|del|em|strong|sup|sub|span|font|small|center|img|div|p)\b[^<>]*>", re.IGNORECASE
)
# Only what wraps text: an underscore or asterisk inside a name is part of it.
WRAPS = re.compile(
    r"\*\*(.+?)\*\*|__(.+?)__|`(.+?)`|(?<![\w*])\*([^*]+)\*(?![\w*])|(?<![\w_])_([^_]+)_(?![\w_])|~~(.+?)~~"
)


# Small print above or below the line, and formulas ("$\\tau^2$"; "$5" and "$10" are prices).
RAISED_TAG, LOWERED_TAG = re.compile(r"<sup\b[^<>]*>", re.IGNORECASE), re.compile(r"<sub\b[^<>]*>", re.IGNORECASE)
SHIFT_END = re.compile(r"</su[pb]\s*>", re.IGNORECASE)
FORMULA = re.compile(r"\$([^$|]*[\\^_{][^$|]*)\$")


@dataclass(frozen=True)
class MarkdownTable:
    """One table: the headings above it from the outermost in, its header and its rows as raw Markdown.

    line    Number of the header's line in the page, counted from 1.
    """

    headings: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int


@dataclass(frozen=True)
class MarkdownCell:
    """What a cell shows: its text without marks, the address of its first link, the names of its footnotes.

    A raised number or letter behind a word or a number ("45.3<sup>1</sup>") is a footnote, never a digit of the number.
    """

    text: str
    link: str
    footnotes: tuple[str, ...]


def require_whole_lines(page: Page) -> str:
    """The text of a page; raises LayoutChanged when it ends in the middle of a line."""
    text = page.text()
    if not text.endswith("\n"):
        raise LayoutChanged(f"{page.name} ends in the middle of a line.")
    return text


def read_markdown(text: str) -> list[MarkdownTable]:
    """All tables of a page."""
    lines = text.splitlines()
    addresses = {m[1].strip().casefold(): m[2] for line in lines if (m := REFERENCE.fullmatch(line))}
    tables: list[MarkdownTable] = []
    headings: dict[float, str] = {}
    number, is_code = 0, False
    while number < len(lines):
        line = lines[number]
        is_code = not is_code if line.lstrip().startswith(("```", "~~~")) else is_code
        # In code a line with a hash is a comment; a table there is one.
        heading = None if is_code else HEADING.fullmatch(line)
        if heading:
            level: float = len(heading[1])
            said = read_cell(heading[2]).text
            # A heading for results alone goes with the one before it, though both have one rank.
            level += 0.5 if level in headings and RESULTS.fullmatch(said) else 0
            headings = {k: v for k, v in headings.items() if k < level} | {level: said}
        following = lines[number + 1] if number + 1 < len(lines) else ""
        header = split_cells(line)
        is_table = "|" in line and "-" in following and RULE.fullmatch(following)
        if not is_table or len(split_cells(following)) != len(header):
            number += 1
            continue
        start, number = number, number + 2
        rows = []
        while number < len(lines) and "|" in lines[number]:
            rows.append(split_cells(lines[number]))
            number += 1
        header, *rows = [tuple(link_references(cell, addresses) for cell in row) for row in (header, *rows)]
        tables.append(MarkdownTable(tuple(headings[k] for k in sorted(headings)), header, tuple(rows), start + 1))
    return tables


def link_references(raw: str, addresses: dict[str, str]) -> str:
    """A raw cell whose links by reference carry their addresses; without one a name alone in brackets loses them.

    A number in brackets is a reference to the literature, and a tick box ("[x]") no link.
    """

    def put(match: re.Match[str]) -> str:
        text, address = match[1], addresses.get((match[2] or match[1]).strip().casefold(), "")
        if text.strip().isdecimal() or len(text.strip()) < 2:
            return match[0]
        if address:
            return f"[{text}]({address})"
        return text if match[2] is not None or match[0] == raw.strip(" *_`") else match[0]

    return REFERRED.sub(put, raw)


def split_cells(line: str) -> tuple[str, ...]:
    """The raw cells of a line; the pipes at its ends are borders."""
    plain = line.strip()
    plain = plain.removeprefix("|")
    if plain.endswith("|") and not plain.endswith("\\|"):
        plain = plain[:-1]
    return tuple(cell.strip().replace("\\|", "|") for cell in PIPE.split(plain))


def without_pictures(raw: str) -> str:
    """A raw cell without its pictures: their texts ("logo") are no part of the name beside them. A cell of nothing else keeps them."""
    rest = PICTURE.sub("", raw)
    return rest if re.search(r"\w", EMPTY_LINK.sub("", rest)) else raw


def name_address(address: str) -> str:
    """What an address that stands for itself names: the repository that it leads to, else "link"."""
    repository = REPOSITORY.fullmatch(address)
    return repository[1] if repository else "link"


def read_cell(raw: str) -> MarkdownCell:
    """A raw cell as text, link and footnotes."""
    if len(raw) > MAX_CELL:
        raise LayoutChanged(f"A cell of the page holds more than {MAX_CELL:,} characters.")
    raw = AUTOLINK.sub(lambda match: f"[{name_address(match[1])}]({match[1]})", without_pictures(raw))
    raw = f"[{name_address(raw)}]({raw})" if REPOSITORY.fullmatch(raw) else raw
    links = [match[2] for match in LINK.finditer(raw)]
    footnotes = tuple(FOOTNOTE.findall(raw))
    text = FORMULA.sub(lambda match: read_tex(match[1]), FOOTNOTE.sub("", raw))
    text = SHIFT_END.sub(PLAIN, LOWERED_TAG.sub(DOWN, RAISED_TAG.sub(UP, text)))
    for _ in range(3):  # marks nest: **[`name`](address)**
        text = LINK.sub(lambda match: match[1], text)
        text = WRAPS.sub(lambda match: next(group for group in match.groups() if group is not None), text)
    text, notes = split_shifted(re.sub(r"\\([\\`*_{}\[\]()#+.!|~<>-])", r"\1", unescape(TAG.sub(" ", text))))
    return MarkdownCell(squash(text).rstrip("\\"), links[0] if links else "", footnotes + ((notes,) if notes else ()))
