"""One document to items, synchronously: what the worker process does, and the commands that try a file."""

from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.pages import read_page
from watchbot.sources.sniff import Form, sniff


def cut(document: RawDocument) -> CutDocument:
    """The items of a fetched feed, or of a dropped file (a document with a name). Raises InputError."""
    if not document.name:
        from watchbot.sources.feed import parse

        return parse(document)
    form, text = sniff(document)
    if form is Form.FEED:
        from watchbot.sources.feed import parse

        return parse(document)
    return read_page(document, form, text)
