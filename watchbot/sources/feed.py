"""Feed documents to items; the only user of feedparser.

    bytes -> text (charset) -> no document type -> JSON Feed | strict lxml | on any doubt feedparser -> items

Synchronous and slow on purpose-made input: the daemon runs it in the worker process (worker.py), never inline.
"""

import re
from io import BytesIO
from typing import Any

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.charset import decode
from watchbot.sources.entries import (
    MOST_ITEMS,
    Entry,
    Feed,
    address_of,
    cut_document,
    first_of,
    line_of,
    text_of,
    tidy,
    title_of,
)
from watchbot.sources.feed_json import read_json
from watchbot.sources.feed_xml import read_xml

LARGEST = 10 * 1024 * 1024
_DECLARATION = re.compile(r"\s*<\?xml[^<>]{0,400}\?>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)\b", re.IGNORECASE)
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_BAD_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BAD_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,8})|0*(\d{1,9}));")
_WEB_PAGE = re.compile(r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_CATEGORY = re.compile(
    r"<(category|dc:subject|media:category|itunes:keywords)\b[^<>]{0,4000}(?:/>|>[^<]{0,4000}</\1\s{0,9}>)"
)
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_TAG = re.compile(
    r"<(/?)(?!(?:br|hr|img|input|meta|link|area|base|p|li|td|tr|th|dd|dt|wbr)\b)([a-zA-Z][^\s<>/]{0,100})([^<>]*)>"
)
_DEEPEST = 1000
_LONGEST_TAG = 50_000
_MOST_TAGS = 200_000
# feedparser lets many kinds of error through on broken input; none of them is a reason to die.
_ITS_ERRORS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    RuntimeError,
    SyntaxError,
    EOFError,
    OSError,
)


def parse(document: RawDocument) -> CutDocument:
    """The items of a feed document. Raises InputError, in one line, where it is none."""
    if len(document.body) > LARGEST:
        raise InputError(f"the feed is larger than {LARGEST // 1024 // 1024} MB")
    text, _encoding = decode(document.body, document.media_type)
    text = text.lstrip("\ufeff")
    start = text.lstrip()[:1]
    if not start:
        raise InputError("the feed is empty")
    if start in "{[":
        return cut_document(read_json(text, document.url), document)
    page = bool(_WEB_PAGE.match(text[:8000]))
    body = without_doctype(_DECLARATION.sub("", text, count=1)).encode("utf-8", "replace")
    feed = (None if page else read_xml(body.strip(), document.url)) or _patient(body, document, page)
    return cut_document(feed, document)


def without_doctype(text: str) -> str:
    """The text without document types: their entities are how a small document becomes a huge one."""
    found = _DOCTYPE.search(text)
    if not found:
        return text
    root = re.search(r"<[A-Za-z_]", text)
    if root and root.start() > found.start():
        text = text[: found.start()] + text[_end_of_doctype(text, found.end()) :]
    return _DOCTYPE.sub(lambda one: "&lt;" + one[0][1:], text)


def _end_of_doctype(text: str, position: int) -> int:
    """Where a document type ends; the end of the text where it never does."""
    depth, end = 1, min(len(text), position + 2_000_000)
    while position < end and depth:
        mark = text[position]
        if mark in "\"'" or text.startswith(("<!--", "<?"), position):
            literal = _LITERAL.match(text, position)
            position = literal.end() if literal else position + 1
            continue
        depth += (mark == "<") - (mark == ">")
        position += 1
        if depth == 1 and mark == "[":
            position, depth = _end_of_subset(text, position, end), 1
    return position


def _end_of_subset(text: str, position: int, end: int) -> int:
    """Where the inner part of a document type, `[ ... ]`, ends."""
    while position < end and text[position] != "]":
        literal = _LITERAL.match(text, position) if text[position] in "\"'<" else None
        position = literal.end() if literal else position + 1
    return position + 1


def _patient(body: bytes, document: RawDocument, page: bool) -> Feed:
    """The feed as feedparser reads it: it knows what to make of almost anything."""
    import feedparser

    text = _BAD_CHARACTERS.sub("", body.decode("utf-8", "replace"))
    text = _affordable(_BAD_REFERENCE.sub(_lawful_reference, text).strip())
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": document.url}
    try:
        parsed = feedparser.parse(
            BytesIO(text.encode("utf-8")), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
        entries = list(parsed.get("entries") or ())
        if not entries and (page or not parsed.get("version")):
            raise InputError("this is a web page, not a feed" if page else "this is no feed")
        return _feed(parsed.get("feed") or {}, entries, document)
    except _ITS_ERRORS:
        raise InputError("this is no feed that can be read") from None


def _affordable(text: str) -> str:
    """The text without categories, of which feedparser takes the square in time and we take none.

    Raises InputError where the text is nested or stuffed as no feed is: that would take minutes to find out.
    """
    text = _CATEGORY.sub("", text)
    depth = deepest = count = 0
    for found in _TAG.finditer(_CDATA.sub("", text)):
        count += 1
        if len(found[3]) > _LONGEST_TAG:
            raise InputError("this is no feed: a tag in it is far too long")
        if not found[3].endswith("/"):
            depth += -1 if found[1] else 1
            deepest = max(deepest, depth)
    if deepest > _DEEPEST or count > _MOST_TAGS:
        raise InputError("this is no feed: its tags are broken and far too many")
    return text


def _lawful_reference(found: re.Match[str]) -> str:
    """A character reference, or nothing where there is no such character."""
    code = int(found[1], 16) if found[1] else int(found[2])
    lawful = 0x20 <= code <= 0xD7FF or code in (9, 10, 13) or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    return found[0] if lawful else ""


def _feed(data: Any, entries: list[Any], document: RawDocument) -> Feed:
    """feedparser's answer as a feed."""
    base = first_of([document.url, address_of(_string(data, "link"), "")])
    minutes = _string(data, "ttl")
    return Feed(
        title=title_of(_string(data, "title")),
        lang=_string(data, "language"),
        base=base,
        ttl=float(minutes) * 60.0 if minutes.isascii() and minutes.isdigit() and len(minutes) < 10 else 0.0,
        entries=[_entry(one, base) for one in entries[:MOST_ITEMS]],
        total=len(entries),
    )


def _entry(data: Any, base: str) -> Entry:
    """One of feedparser's entries."""
    details = [one for one in (dict.get(data, "content") or ()) if isinstance(one, dict)]
    if isinstance(summary := dict.get(data, "summary_detail"), dict):
        details.append(summary)
    texts = [_plain(one) for one in details]
    link = first_of([_string(data, "link"), *_alternates(data), _string(data, "id")])
    own_base = (dict.get(data, "title_detail") or {}).get("base") or ""
    return Entry(
        id=_string(data, "id"),
        title=_title(data),
        texts=[text for text in (*texts, text_of(_string(data, "media_description"))) if text],
        link=address_of(link, address_of(own_base, base) or base),
        dates=[text for name in ("published", "created", "updated") if (text := _string(data, name))],
        lang=_string(data, "language"),
    )


def _title(data: Any) -> str:
    """The entry's headline."""
    detail = dict.get(data, "title_detail")
    if isinstance(detail, dict) and detail.get("type") == "text/plain" and "<" not in _string(detail, "value"):
        return title_of(_string(detail, "value"))
    return title_of(first_of([_string(data, "title"), _string(data, "media_title")]))


def _plain(detail: Any) -> str:
    """The text of a content or summary."""
    value = _string(detail, "value")
    return text_of(value) if "html" in _string(detail, "type") or "<" in value or "&" in value else tidy(value)


def _alternates(data: Any) -> list[str]:
    """The addresses of an entry's other links that lead to a page."""
    links = [one for one in (dict.get(data, "links") or ()) if isinstance(one, dict)]
    return [_string(one, "href") for one in links if one.get("rel", "alternate") in ("alternate", "related", "via")]


def _string(data: Any, name: str) -> str:
    """A value where it is a text."""
    value = dict.get(data, name) if isinstance(data, dict) else None
    return line_of(value) if isinstance(value, str) and name in ("id", "link", "href") else _text(value)


def _text(value: object) -> str:
    """A text, "" for anything else."""
    return value if isinstance(value, str) else ""
