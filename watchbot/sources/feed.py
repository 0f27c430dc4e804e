"""Feed documents to items.

    bytes -> text (charset) -> no document type -> JSON Feed | strict lxml | mended, strict lxml | feedparser
          -> a feed escaped within the document, once more -> items

Synchronous and slow on purpose-made input: the daemon runs it in the worker process (worker.py), never inline.
"""

import re

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.charset import decode
from watchbot.sources.entries import MOST_ITEMS, Feed, cut_document
from watchbot.sources.feed_marks import split
from watchbot.sources.mending import by_number, core, entry_tags, mended, shortened, unwrapped, without_doctype

__all__ = ["LARGEST", "parse", "without_doctype"]

LARGEST = 10 * 1024 * 1024
_DECLARATION = re.compile(r"<\?xml[^<>]{0,400}\?>", re.IGNORECASE)
_WEB_PAGE = re.compile(r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]")


def parse(document: RawDocument) -> CutDocument:
    """The items of a feed document. Raises InputError, in one line, where it is none."""
    if len(document.body) > LARGEST:
        raise InputError(f"the feed is larger than {LARGEST // 1024 // 1024} MB")
    text, _encoding = decode(document.body, document.media_type)
    text = text.lstrip("\ufeff \t\r\n")
    if not text.strip("\0 \t\r\n\f\v\xa0\u3000\u200b"):
        raise InputError("the feed is empty")
    if text[0] in "{[" and (feed := _json(text, document.url)):
        return cut_document(feed, document)
    feed = _xml(text, document.url, split(document.known)) or _inner(text, document.url)
    return cut_document(feed, document)


def _json(text: str, url: str) -> Feed | None:
    """A JSON feed; None where a brace only stands before a feed of the other kind."""
    from watchbot.sources.feed_json import read_json

    try:
        return read_json(text, url)
    except InputError:
        if _ROOT.search(text[:4000]):
            return None
        raise


def _xml(text: str, url: str, known: frozenset[bytes] = frozenset()) -> Feed | None:
    """The feed by the cheapest way that takes it; None for a document that is no feed."""
    from watchbot.sources.feed_xml import read_xml

    text = without_doctype(_DECLARATION.sub("", text, count=1)).strip()
    page = bool(_WEB_PAGE.match(text[:8000]))
    if not page and (feed := read_xml(text.encode("utf-8", "replace"), url, known=known)):
        return feed
    better = mended(shortened(text))
    if len(better) > 2 * LARGEST:
        raise InputError("it became too much text to be read")
    alone = "" if page else core(better)
    if alone and (feed := read_xml(alone.encode("utf-8", "replace"), url)):
        return feed
    from watchbot.sources.feed_patient import read_patiently

    feed = read_patiently(better, url)
    if alone and _readable(feed) < min(entry_tags(alone), MOST_ITEMS):
        forced = _forced(alone, url)
        feed = forced if _readable(forced) > _readable(feed) else feed
    return None if feed is None or (page and not feed.entries) else feed


def _readable(feed: Feed | None) -> int:
    """How many of its entries hold something to read."""
    return sum(1 for entry in feed.entries if entry.title or any(entry.texts)) if feed else 0


def _forced(text: str, url: str) -> Feed | None:
    """The feed as libxml2 mends it: a mistyped closing tag costs feedparser the entry, or those behind it."""
    from watchbot.sources.feed_xml import read_xml

    try:
        return read_xml(by_number(text).encode("utf-8", "replace"), url, recover=True)
    except UnicodeDecodeError:  # its mending lets characters through that are none
        return None


def _inner(text: str, url: str) -> Feed:
    """The feed that stands escaped in the document. Raises InputError where none does."""
    inner = unwrapped(text)
    if inner and (feed := _xml(inner, url)):
        return feed
    page = _WEB_PAGE.match(_DECLARATION.sub("", text, count=1)[:8000])
    raise InputError("this is a web page, not a feed" if page else "this is no feed")
