"""Reads a built page: the numbers its words state, and those that its cells show."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from decimal import Decimal
from html import unescape

from bs4 import BeautifulSoup, SoupStrainer
from bs4.element import Tag

# What is no statement of the page: labels of sections and figures, references, permalinks.
LABELS = (
    "script, style, .headerlink, a.reference, .section-number, .caption-number, .citation-list, "
    ".bibliography, dl.citation, .eqno, .quoted-from"
)
BLOCKS = "p, li, td, th, figcaption, h1, h2, h3, h4, dd, dt, div, pre, summary"

RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
GAP = r"(?:\\[,;!]|\{,\}|[\u2009\u202f\u00a0]|(?<!\d\d\d\d),)"
TIMES = r"\s*(?:\\cdot|\\times|×|·|\btimes\b)\s*"
POWER = rf"10(?:\s*\^\s*\{{?\s*(-?\d+)\s*\}}?|([{RAISED}]+)|\s+to the (minus )?(\d+))"
# "line 3", "lines 36 and 38 and again at 133": where a source says something.
LINES = re.compile(
    r"\blines?[ \n]\d+"
    r"(?:(?:\s*[–-]\s*|,\s*|,?\s+(?:(?:and|or|to)\s+)?(?:again\s+)?(?:at\s+)?)\d+)*",
    re.IGNORECASE,
)
PLACES = re.compile(r"\b(?:sections?|chapters?|questions?)[ \n](?:\d+\.)*\d+", re.IGNORECASE)
STATED = re.compile(
    r"(?<![\w.^§])(?<![\^_]\{)(?<![\^_]\{-)(?<!\^-)\d+(?:\.\d+)?(?:e-?\d+)?(?!\d|\.\d)"
)
SHOWN = re.compile(r"(?<![\w.])\d+(?:[,_]\d{3})*(?:\.\d*)?(?:[eE][-+]?\d+)?")
PERCENT = re.compile(r"\s*(?:\\?%|per ?cent\b)")


@dataclass(frozen=True)
class Number:
    """A number that a page states, and the words around it."""

    text: str
    around: str
    percent: bool = False

    @property
    def counts(self) -> bool:
        """Whether it looks like a result: a decimal point, a power of ten, or three digits."""
        return not self.text.isdigit() or len(self.text.lstrip("0")) >= 3

    def agrees(self, value: float) -> bool:
        """Whether a value, rounded as this number is written, gives this number.

        Signs are left aside: words say "falls by 0.3" of a change of -0.3.
        """
        size = abs(Decimal(float(value)))  # 1.8e308 is no float
        sizes = (size, 100 * size) if self.percent else (size,)
        stated = Decimal(self.text)
        if self.text.startswith("1e"):  # a power of ten names the order of magnitude
            root = Decimal(10).sqrt()
            return any(stated / root < size <= stated * root for size in sizes)
        mantissa, _, power = self.text.partition("e")
        last = int(power or 0) - len(mantissa.partition(".")[2])
        if mantissa.isdigit():  # 13000 may be rounded; nothing says at which of its zeros
            last += len(mantissa) - len(mantissa.rstrip("0"))
        half = Decimal("0.500000001").scaleb(last)
        return any(abs(size - stated) <= half for size in sizes)

    def shown_in(self, values: list[float]) -> bool:
        """Whether one of the sorted values agrees."""
        for scale in (1, 100) if self.percent else (1,):
            place = bisect.bisect_left(values, float(self.text) / scale)
            if any(self.agrees(value) for value in values[max(0, place - 1) : place + 1]):
                return True
        return False

    def repeated_in(self, values: set[float]) -> bool:
        """Whether one of the values is this number, digit for digit."""
        return float(self.text) in values or (
            self.percent and float(Decimal(self.text) / 100) in values
        )


@dataclass
class Section:
    """The numbers of one section: those that its words state, and those that its cells show."""

    stated: list[Number]
    shown: list[float]


@dataclass
class Page:
    """The numbers of one page, section by section."""

    sections: list[Section]

    def unbacked(self) -> list[Number]:
        """Return what the page states and no cell shows.

        A cell of the same section may show more digits. Farther away it must show the number as it
        is written: among the hundreds of numbers of a page there is one near everything.
        """
        everywhere = {value for section in self.sections for value in section.shown}
        return [
            number
            for section in self.sections
            for number in section.stated
            if not number.shown_in(section.shown) and not number.repeated_in(everywhere)
        ]


def plain(text: str) -> str:
    r"""Write every number of a text as Python would.

    >>> plain(r"13\,000 steps at 3 \cdot 10^{-4}, 1,500 times 10⁻⁵, and 288 720 lines")
    '13000 steps at 3e-4, 1500e-5, and 288720 lines'
    """
    text = text.replace("−", "-")
    text = re.sub(rf"(?<=\d){GAP}(?=\d{{3}}(?!\d))", "", text)
    text = re.sub(
        r"(?<![\d.])\d{1,3}(?: \d{3})+(?!\d|\.\d)", lambda found: found[0].replace(" ", ""), text
    )

    def exponent(found: re.Match[str]) -> str:
        if found[2]:
            return "e" + found[2].translate(str.maketrans(RAISED, "-0123456789"))
        return f"e{found[1] or ('-' if found[3] else '') + found[4]}"

    text = re.sub(rf"(?<=\d){TIMES}{POWER}", exponent, text)
    return re.sub(rf"(?<![\w.]){POWER}", lambda found: "1" + exponent(found), text)


def numbers_in(text: str) -> list[Number]:
    """Return the numbers of a text that look like results."""
    text = PLACES.sub("", LINES.sub("", plain(text)))
    found = (
        Number(
            match[0],
            " ".join(text[max(0, match.start() - 60) : match.end() + 30].split()),
            bool(PERCENT.match(text, match.end())),
        )
        for match in STATED.finditer(text)
    )
    return [number for number in found if number.counts]


def values_in(text: str) -> list[float]:
    """Return every number that code or its output shows; 98% is a share of 0.98 as well."""
    values = []
    for match in SHOWN.finditer(text):
        values.append(float(match[0].replace(",", "").replace("_", "")))
        if text[match.end() : match.end() + 1] == "%":
            values.append(values[-1] / 100)
    return values


def words(tree: Tag) -> str:
    """Return the text of a part of a page, one block in a line, formulas as their TeX."""
    for table in tree.select("table"):
        heads = [head.get_text().strip() for head in table.select("thead th")]
        for row in table.select("tbody tr"):
            for head, cell in zip(heads, row.select("td, th"), strict=False):
                if head == "lines":  # of a source
                    cell.clear()
    for block in tree.select(BLOCKS):
        block.append("\n")
    return tree.get_text()


def read_section(tree: Tag) -> Section:
    """Read a part of a page, and take it apart on the way."""
    pictures = dict.fromkeys(
        str(part.get("alt") or part.get("aria-label") or "")
        for part in tree.select("img, svg, [role=img]")
    )
    for drawing in tree.select("svg"):  # its labels are part of a picture
        if not drawing.find_parent("div", class_="cell"):
            drawing.replace_with(" ")
    captions = [part.extract() for part in tree.select("div.cell figcaption")]
    shown = []
    for part in tree.select("div.cell, div.quoted"):
        shown.append(part.get_text(" "))
        part.replace_with("\n")
    for part in tree.select("div.highlight"):  # code that is not run states nothing either
        part.replace_with("\n")
    stated = [*map(words, captions), words(tree), *map(unescape, pictures)]
    return Section(
        [number for text in stated for number in numbers_in(text)],
        sorted({value for text in shown for value in values_in(text)}),
    )


def read_page(html: str) -> Page:
    """Read a page of the book.

    Cells, their output and quoted code show numbers; everything else states them: the words, the
    captions, the tables and the descriptions of pictures. What stands before the first heading of
    the second rank is a section of its own.
    """
    tree = BeautifulSoup(html, "html.parser", parse_only=SoupStrainer("article"))
    for formula in tree.find_all(class_="math"):  # first: they are most of the tree
        source = formula.find("annotation")
        formula.replace_with(f" {(source or formula).get_text()} ")
    for part in tree.select(LABELS):
        part.replace_with(" ")
    parts = [part.extract() for part in tree.select("article > section > section")]
    return Page([read_section(part) for part in (tree, *parts)])
