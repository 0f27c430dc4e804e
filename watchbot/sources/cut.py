"""One document to items, synchronously: what the worker process does, and the commands that try a file.

fetched feed -> feed.py; dropped file -> sniff -> bounds -> the reader of its form -> items, or InputError in one line
"""

from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources import bounds
from watchbot.sources.sniff import Form, sniff


def cut(document: RawDocument) -> CutDocument:
    """The items of a fetched feed, or of a dropped file (a document with a name). Raises InputError."""
    if not document.name:
        return _feed(document)
    form, text = sniff(document)
    bounds.check(document, form, text)
    return _read(document, form, text)


def _read(document: RawDocument, form: Form, text: str) -> CutDocument:
    """The items of a file whose form is known. A reader is imported when its first file comes."""
    match form:
        case Form.FEED:
            return _feed(document)
        case Form.TEXT | Form.HTML:
            from watchbot.sources.pages import read_page

            return read_page(document, form, text)
        case Form.MAIL:
            from watchbot.sources.mail import read_mail

            return read_mail(document)
        case Form.MHTML:
            from watchbot.sources.mhtml import read_mhtml

            return read_mhtml(document)
        case Form.JSON:
            return _json(document, text)
        case Form.TABLE:
            from watchbot.sources.table import read_table

            return read_table(document, text)
        case Form.OPML:
            from watchbot.sources.outlines import read_outlines

            return read_outlines(document)
        case Form.PDF:
            from watchbot.sources.pdf import read_pdf

            return read_pdf(document)
        case Form.DOCX:
            from watchbot.sources.word import read_word

            return read_word(document)


def _json(document: RawDocument, text: str) -> CutDocument:
    """JSON: a list of news, or a feed whose version stands late in the file."""
    from watchbot.sources.rows import json_feed, read_json_rows

    return _feed(document) if json_feed(text) else read_json_rows(document, text)


def _feed(document: RawDocument) -> CutDocument:
    """A feed document."""
    from watchbot.sources.feed import parse

    return parse(document)
