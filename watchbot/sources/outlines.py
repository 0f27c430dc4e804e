"""A dropped list of feeds (OPML): its entries as items; nobody polls them for that, and it says how they would be."""

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.opml import read_list
from watchbot.sources.rows import Row, rows_cut

MOST_NAMED = 20


def read_outlines(document: RawDocument) -> CutDocument:
    """The items of a list of feeds. Raises InputError in one line."""
    try:
        feeds = read_list(document.body)
    except InputError as error:
        raise InputError(f"{document.name}: {error}") from None
    rows = [
        Row(0, one.title or one.xml_url, [one.description], one.html_url or one.xml_url, id=one.xml_url)
        for one in feeds.outlines
    ]
    if not rows:
        raise InputError(f"{document.name} is a list of feeds without any feed in it")
    said = [f"these are feeds; to poll them: watchbot sources import {document.name}"]
    said += [str(line) for line in feeds.refused[:MOST_NAMED]]
    return rows_cut(rows, document, said)
