"""Word documents (.docx) to items, with the extra watchbot[documents].

bytes -> sizes checked before anything is unpacked -> paragraphs, lists, headings, links, tables (python-docx)
-> logical lines -> blocks -> items; the line of an item is that of its paragraph
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from watchbot.model.errors import RefusedFile
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.extra import library
from watchbot.sources.pages import page_cut
from watchbot.text.lines import Line, own_link, text_lines, without_read_more
from watchbot.text.segment import blocks_of

LARGEST_UNPACKED = 100 * 1024 * 1024
LARGEST_TEXT = 24 * 1024 * 1024
LARGEST_RATIO = 200
MOST_ENTRIES = 5000
_WHAT = "a Word document"
_HEADING = re.compile(r"heading (\d)|(title)", re.IGNORECASE)
_LONG_CELL = 60
_DEEPEST = 3
# python-docx lets many kinds of error through on broken documents.
_ITS_ERRORS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RuntimeError, OSError, EOFError)


def read_word(document: RawDocument) -> CutDocument:
    """The items of a Word document. Raises RefusedFile where it is damaged, locked or a trap."""
    _check(document)
    docx = library("docx", document.name, _WHAT)
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        word = docx.Document(BytesIO(document.body))
        lines = list(_Reader(word).lines())
        title = " ".join(str(word.core_properties.title or "").split())[:500]
    except (*_ITS_ERRORS, zipfile.BadZipFile, OpcError, LxmlError, SyntaxError) as error:
        raise RefusedFile(f"{document.name} is {_WHAT} that cannot be read ({type(error).__name__})") from None
    return page_cut(blocks_of(lines, document.fetched_at), document, title)


def _check(document: RawDocument) -> None:
    """Refuse a document that would become far larger than it is."""
    trap = RefusedFile(f"{document.name} is {_WHAT} that would become far too large when unpacked")
    try:
        with zipfile.ZipFile(BytesIO(document.body)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, *_ITS_ERRORS):
        raise RefusedFile(f"{document.name} is {_WHAT} that is damaged and cannot be read") from None
    texts = [entry for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))]
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise trap
    if sum(entry.file_size for entry in texts) > LARGEST_TEXT:
        raise trap
    for entry in entries:
        if entry.file_size > 1024 * 1024 and entry.file_size > LARGEST_RATIO * max(1, entry.compress_size):
            raise trap
        if entry.flag_bits & 1:
            raise RefusedFile(f"{document.name} is {_WHAT} with a password; save it without one")


class _Reader:
    """Reads one document; what a style is called is looked up once."""

    def __init__(self, word: Any) -> None:
        """`word` is python-docx's document."""
        self._word = word
        self._names: dict[str, str] = {}

    def lines(self) -> Iterator[Line]:
        """The logical lines of the document in reading order."""
        from docx.table import Table

        number = 0
        for block in self._word.iter_inner_content():
            if isinstance(block, Table):
                for row in self._rows(block, _DEEPEST):
                    number += 1
                    yield from (replace(line, number=number) for line in row)
            else:
                number += 1
                yield from (replace(line, number=number) for line in self._paragraph(block))

    def _paragraph(self, paragraph: Any) -> list[Line]:
        """The logical lines of one paragraph: more than one where it holds line breaks."""
        links = _links(paragraph)
        style = self._style(paragraph)
        found = _HEADING.match(style)
        level = (min(6, int(found[1])) if found[1] else 1) if found else 0
        bullet = style.startswith("list") or _is_numbered(paragraph)
        text = without_read_more(paragraph.text, links)
        return [
            replace(
                line,
                url=own_link([(words, url) for words, url in links if words in line.text] or links) or line.url,
                heading=level or line.heading,
                bullet=line.bullet or (bullet and not index),
                gap=not index,
            )
            for index, line in enumerate(text_lines(text))
        ]

    def _style(self, paragraph: Any) -> str:
        """The name of a paragraph's style in small letters."""
        key = paragraph._p.style or ""
        if key not in self._names:
            style = paragraph.style
            self._names[key] = str(style.name).lower() if style is not None else ""
        return self._names[key]

    def _rows(self, table: Any, depth: int) -> Iterator[list[Line]]:
        """A row of short cells is one line; a cell that holds a text is read paragraph by paragraph."""
        from docx.table import _Cell

        for row in table._tbl.tr_lst:
            short: list[str] = []
            links: list[tuple[str, str]] = []
            for cell in (_Cell(node, table) for node in row.tc_lst):
                for inner in cell.tables if depth else ():
                    yield from self._rows(inner, depth - 1)
                text = cell.text.strip()
                if len(text) <= _LONG_CELL and "\n" not in text:
                    short.append(text)
                    links.extend(link for paragraph in cell.paragraphs for link in _links(paragraph))
                    continue
                if any(short):
                    yield _joined(short, links)
                    short, links = [], []
                yield from (lines for paragraph in cell.paragraphs if (lines := self._paragraph(paragraph)))
            if any(short):
                yield _joined(short, links)


def _links(paragraph: Any) -> list[tuple[str, str]]:
    """The words and addresses of a paragraph's web links."""
    return [
        (link.text.strip(), link.url)
        for link in paragraph.hyperlinks
        if link.text.strip() and (link.url or "").startswith(("http://", "https://"))
    ]


def _is_numbered(paragraph: Any) -> bool:
    """Whether a paragraph is a point of a list without a style that says so."""
    properties = paragraph._p.pPr
    return properties is not None and properties.numPr is not None


def _joined(cells: list[str], links: list[tuple[str, str]]) -> list[Line]:
    """Short cells as one line."""
    return [Line(0, " ".join(cell for cell in cells if cell), own_link(links), gap=True)]
