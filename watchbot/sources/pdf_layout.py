"""Lines of a PDF page, each with its place, to paragraphs: a PDF knows no paragraphs, only where things stand.

A line goes on in the next where it is full, the next begins where it did, has its size and follows at the usual
distance. Letters larger than those of the text make a heading.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from watchbot.text.lines import Line, ends_sentence, own_link, text_lines, without_read_more

_BULLET = re.compile(
    r"\s*(?:[•◦▪●○■□◆◇★※►▶‣⁃➤✓・·]|[-–—*+]\s|\(?\d{1,3}[.)]\s|\d{1,3}、|[一二三四五六七八九十]{1,3}、)"
)
_WIDE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_HEADING = 1.2


@dataclass(frozen=True, slots=True)
class Link:
    """A web link on a page and the words below it."""

    words: str
    url: str
    left: float
    right: float
    bottom: float
    top: float

    def touches(self, line: "PdfLine") -> bool:
        """Whether the link lies on the line."""
        middle = line.bottom + line.size / 2
        return self.bottom <= middle <= self.top and self.left < line.right and self.right > line.left


@dataclass(slots=True)
class PdfLine:
    """A line as drawn: `bottom` counts upwards from the foot of the page, `size` is the height of its letters."""

    number: int
    text: str
    page: int
    left: float
    right: float
    bottom: float
    size: float
    links: list[Link] = field(default_factory=list)


def paragraphs(lines: list[PdfLine]) -> list[Line]:
    """The logical lines of a document."""
    if not lines:
        return []
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.size * 2) / 2] += len(line.text)
    body = weights.most_common(1)[0][0]
    leading = _leading(lines)
    edges = _edges(lines)
    groups: list[list[PdfLine]] = [[lines[0]]]
    for one, two in pairwise(lines):
        if _continues(one, two, leading, edges[one.page, _column(one)], groups[-1][0]):
            groups[-1].append(two)
        else:
            groups.append([two])
    found: list[Line] = []
    before: PdfLine | None = None
    for group in groups:
        gap = before is None or before.page != group[0].page or before.bottom - group[0].bottom > 1.3 * leading
        found.extend(_logical(group, body, gap))
        before = group[-1]
    return found


def _leading(lines: list[PdfLine]) -> float:
    """The usual distance from one line to the next."""
    steps = [
        one.bottom - two.bottom
        for one, two in pairwise(lines)
        if one.page == two.page and 0 < one.bottom - two.bottom < 3 * one.size
    ]
    return median(steps) if steps else 1.2 * lines[0].size


def _edges(lines: list[PdfLine]) -> dict[tuple[int, int], float]:
    """The right edge of each column of each page."""
    edges: dict[tuple[int, int], float] = {}
    for line in lines:
        key = line.page, _column(line)
        edges[key] = max(edges.get(key, 0.0), line.right)
    return edges


def _column(line: PdfLine) -> int:
    """Lines that begin about one place are of one column, an indent more or less."""
    return int(line.left // 120)


def _continues(one: PdfLine, two: PdfLine, leading: float, edge: float, first: PdfLine) -> bool:
    """Whether a paragraph that has come to line `one`, and began with `first`, goes on in `two`."""
    if abs(one.size - two.size) > 0.12 * max(one.size, two.size) or _BULLET.match(two.text):
        return False
    if one.text.endswith("\u00ad"):
        return True
    word = one.size if _WIDE.match(two.text) else (len(two.text.split()[0]) + 1) * _letter(two)
    if one.right + word < edge - 0.5 * one.size:
        return False
    if one.page != two.page:
        return not ends_sentence(one.text)
    step = one.bottom - two.bottom
    if not 0 < step <= max(1.2 * leading, 1.5 * one.size) or (step > 1.5 * one.size and ends_sentence(one.text)):
        return False
    indent = 4.0 if _BULLET.match(first.text) else 0.8
    return two.left <= one.left + indent * one.size


def _letter(line: PdfLine) -> float:
    """The mean width of the line's letters."""
    return (line.right - line.left) / max(1, len(line.text))


def _logical(group: list[PdfLine], body: float, gap: bool) -> list[Line]:
    """The lines of one paragraph as one logical line."""
    text = group[0].text
    for line in group[1:]:
        text = _glued(text, line.text)
    links = [(link.words, link.url) for line in group for link in line.links]
    large = group[0].size >= _HEADING * body
    level = (1 if group[0].size >= 1.6 * body else 2) if large else 0
    plain = without_read_more(text.replace("\u00ad", ""), links)
    return [
        Line(group[0].number, line.text, own_link(links) or line.url, level or line.heading, line.bullet, gap)
        for line in text_lines(plain)
    ]


def _glued(one: str, two: str) -> str:
    """Two lines of one paragraph as one; a word that was parted is whole again."""
    if one.endswith("\u00ad"):
        return one[:-1] + two
    if _WIDE.match(one[-1]) or _WIDE.match(two[0]):
        return one + two
    return one[:-1] + two if re.search(r"[a-z]-$", one) and two[0].islower() else f"{one} {two}"
