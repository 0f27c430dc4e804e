"""Web pages saved as one file (.mhtml, .mht): the page among its parts -> the same road as any other web page."""

from dataclasses import replace
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.html import html_page
from watchbot.sources.lettermap import ITS_ERRORS, header, part_of
from watchbot.sources.mail import sent_at, subject_of
from watchbot.sources.pages import html_lines, page_cut, shortened
from watchbot.text.segment import blocks_of


def read_mhtml(document: RawDocument) -> CutDocument:
    """The items of a saved page. Raises InputError in one line."""
    try:
        message = message_from_bytes(document.body.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
        page = _page_part(message)
        if page is None:
            raise InputError(f"{document.name} is a saved page without a page in it")
        part = part_of(page, document.body, 0)
        saved, subject = sent_at(message, document), subject_of(message)
        base = part.location or header(message, "Snapshot-Content-Location").strip() or document.url
    except (*ITS_ERRORS, MessageError) as error:
        raise InputError(f"{document.name} is no saved page that can be read ({type(error).__name__})") from None
    text, skipped = shortened(part.text)
    found = html_page(text, base)
    lines = [replace(line, number=part.line(line.number)) for line in html_lines(found.blocks)]
    return page_cut(blocks_of(lines, saved or document.fetched_at), document, found.title or subject, skipped=skipped)


def _page_part(message: "Message[str, str]") -> "Message[str, str] | None":
    """The part that is the page: the one its header names as the start, else the first that is a web page."""
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    start = message.get_param("start")
    wanted = str(start).strip("<> ") if start else ""
    named = [part for part in pages if wanted and header(part, "Content-ID").strip("<> \r\n") == wanted]
    return next(iter(named or pages), None)
