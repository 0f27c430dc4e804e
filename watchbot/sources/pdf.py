"""PDF documents to items (with the extra watchbot[documents]).

bytes -> pages -> lines with their place, size and links (pdfium) -> without what stands on every page
-> paragraphs (pdf_layout.py) -> blocks -> items
"""

import ctypes
import re
from collections import Counter
from typing import Any

from watchbot.model.errors import InputError, RefusedFile
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.extra import library
from watchbot.sources.pages import page_cut
from watchbot.sources.pdf_layout import Link, PdfLine, paragraphs
from watchbot.text.segment import blocks_of

MOST_PAGES = 500
MOST_CHARACTERS = 3_000_000
MOST_LINKS = 1000
_WHAT = "a PDF document"
_EDGE_LINES = 2
_SHORT = 40
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page|p\.|第)?\s*\d{1,4}\s*(?:頁|页|ページ)?(?:\s*(?:/|of|之|共)\s*\d{1,4}\s*(?:頁|页)?)?[-–—\s]*", re.I
)


def read_pdf(document: RawDocument) -> CutDocument:
    """The items of a PDF document. Raises RefusedFile where it has a password, no text or is damaged."""
    pdfium = library("pypdfium2", document.name, _WHAT)
    try:
        pdf = pdfium.PdfDocument(document.body)
    except pdfium.PdfiumError as error:
        raise RefusedFile(f"{document.name} is {_WHAT} {_trouble(str(error))}") from None
    try:
        pages, skipped = _pages(pdf, pdfium)
        title = " ".join(str(pdf.get_metadata_value("Title")).split())[:500]
    except pdfium.PdfiumError:
        raise RefusedFile(f"{document.name} is {_WHAT} {_trouble('')}") from None
    finally:
        pdf.close()
    lines = [line for page in _without_edges(pages) for line in page]
    if not any(mark.isalpha() for line in lines for mark in line.text):
        raise RefusedFile(
            f"{document.name} is {_WHAT} without text, only pictures; make it searchable (OCR) or drop its text"
        )
    try:
        return page_cut(blocks_of(paragraphs(lines), document.fetched_at), document, title, skipped=tuple(skipped))
    except InputError as error:
        raise RefusedFile(str(error)) from None


def _trouble(error: str) -> str:
    """Why pdfium does not open a document."""
    low = error.lower()
    if "password" in low or "security" in low:
        return "with a password; save it without one"
    return "that is damaged and cannot be read"


def _pages(pdf: Any, pdfium: Any) -> tuple[list[list[PdfLine]], list[str]]:
    """The lines of each page, numbered through the document, and what was left out."""
    pages: list[list[PdfLine]] = []
    skipped: list[str] = []
    count, characters, number = len(pdf), 0, 1
    broken = 0
    for index in range(min(count, MOST_PAGES)):
        try:
            page = pdf.get_page(index)
        except pdfium.PdfiumError:
            broken += 1
            continue
        lines = _lines(page, pdf, pdfium, index, number)
        page.close()
        pages.append(lines)
        number += len(lines)
        characters += sum(len(line.text) for line in lines)
        if characters > MOST_CHARACTERS:
            skipped.append(f"what follows page {index + 1}: the document is too long")
            break
    if count > MOST_PAGES:
        skipped.append(f"{count - MOST_PAGES} pages after the first {MOST_PAGES}")
    if broken:
        skipped.append(f"{broken} damaged pages")
    return pages, skipped


def _lines(page: Any, pdf: Any, pdfium: Any, index: int, number: int) -> list[PdfLine]:
    """The lines of one page in its own order."""
    text = page.get_textpage()
    links = _links(page, pdf, text, pdfium.raw)
    found: list[PdfLine] = []
    marks: list[tuple[int, str]] = []
    count = text.count_chars()
    unicode_at = pdfium.raw.FPDFText_GetUnicode
    for place in range(min(count, MOST_CHARACTERS)):
        code = unicode_at(text, place)
        if code not in (10, 13):
            marks.append((place, _character(code)))
            continue
        if line := _line(text, marks, index, number + len(found), links):
            found.append(line)
        marks = []
    if line := _line(text, marks, index, number + len(found), links):
        found.append(line)
    text.close()
    return found


def _character(code: int) -> str:
    """A character; pdfium's mark for a hyphen that parts a word becomes a soft hyphen."""
    if code in (2, 0xFFFE):
        return "\u00ad"
    return chr(code) if 0 < code < 0x110000 else " "


def _line(text: Any, marks: list[tuple[int, str]], index: int, number: int, links: list[Link]) -> PdfLine | None:
    """A line from its characters, None for a blank one."""
    words = "".join(mark for _place, mark in marks)
    if any("\ud800" <= mark <= "\udfff" for mark in words):
        words = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not words.strip():
        return None
    drawn = [place for place, mark in marks if not mark.isspace() and mark != "\u00ad"] or [marks[0][0]]
    left, bottom, _right, top = text.get_charbox(drawn[0], loose=True)
    _left, _bottom, right, _top = text.get_charbox(drawn[-1], loose=True)
    line = PdfLine(number, " ".join(words.split()), index, left, right, bottom, max(top - bottom, 0.1))
    line.links = [link for link in links if link.touches(line)]
    return line


def _links(page: Any, pdf: Any, text: Any, raw: Any) -> list[Link]:
    """The web links that lie on a page, each with the words below it."""
    found: list[Link] = []
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    while len(found) < MOST_LINKS and raw.FPDFLink_Enumerate(page, position, link):
        action = raw.FPDFLink_GetAction(link)
        size = raw.FPDFAction_GetURIPath(pdf, action, None, 0) if action else 0
        box = raw.FS_RECTF()
        if not 8 < size < 4000 or not raw.FPDFLink_GetAnnotRect(link, box):
            continue
        buffer = ctypes.create_string_buffer(size)
        raw.FPDFAction_GetURIPath(pdf, action, buffer, size)
        url = buffer.value.decode("utf-8", "replace").strip()
        if url.startswith(("http://", "https://")):
            left, right = sorted((box.left, box.right))
            bottom, top = sorted((box.bottom, box.top))
            words = " ".join(text.get_text_bounded(left, bottom, right, top).split())
            found.append(Link(words, url, left, right, bottom, top))
    return found


def _without_edges(pages: list[list[PdfLine]]) -> list[list[PdfLine]]:
    """The pages without page numbers and without the head and foot that stand on many of them."""
    edges = Counter(
        key for page in pages for key in {_plain(line) for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])}
    )
    often = {key for key, times in edges.items() if times >= max(3, 0.4 * len(pages))}
    found = []
    for page in pages:
        last = len(page) - _EDGE_LINES
        found.append(
            [
                line
                for place, line in enumerate(page)
                if not (place < _EDGE_LINES or place >= last)
                or not (_plain(line) in often or _PAGE_NUMBER.fullmatch(line.text))
            ]
        )
    return found


def _plain(line: PdfLine) -> str:
    """A line as it is compared from page to page: in a short one any number is the same."""
    return _DIGITS.sub("#", line.text) if len(line.text) <= _SHORT else line.text
