"""Feeds as feedparser reads them: it knows what to make of almost anything. The only user of feedparser.

text -> categories and absurd nesting taken out, of which it takes the square in time -> feedparser -> Feed
"""

import re
from io import BytesIO
from itertools import accumulate, pairwise
from typing import Any

from watchbot.model.errors import InputError
from watchbot.sources.entries import (
    MOST_ITEMS,
    Entry,
    Feed,
    address_of,
    first_of,
    line_of,
    text_of,
    tidy,
    title_of,
)
from watchbot.sources.feed_wishes import wishes_in
from watchbot.sources.mending import markup_of

# Without one of these feedparser finds nothing, and takes its time for it.
_HINT = re.compile(r"<(?:[\w.-]{1,20}:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)
_CATEGORY = re.compile(
    r"<(category|dc:subject|media:category|itunes:keywords)\b[^<>]{0,4000}(?:/>|>[^<]{0,4000}</\1\s{0,9}>)"
)
_TAG = re.compile(
    r"<(/?)(?!(?:br|hr|img|input|meta|link|area|base|p|li|td|tr|th|dd|dt|wbr)\b)([a-zA-Z][^\s<>/]{0,100})([^<>]*)>"
)
_ENTRY = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s/>]", re.IGNORECASE)
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


def read_patiently(text: str, url: str) -> Feed | None:
    """The feed, None where feedparser sees none in it. Raises InputError where it cannot be afforded or fails."""
    if not _HINT.search(text):
        return None
    import feedparser

    text, total = _first_entries(text)
    text = _affordable(text)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed = feedparser.parse(
            BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        entries = list(parsed.get("entries") or ())
        if not entries and not parsed.get("version"):
            return None
        feed = _feed(parsed.get("feed") or {}, entries, url)
    except _ITS_ERRORS:
        raise InputError("this is no feed that can be read") from None
    feed.wishes = wishes_in(text)
    feed.total = max(total, feed.total)
    return feed


def _first_entries(text: str) -> tuple[str, int]:
    """The text up to the end of the last entry that is read, and how many there are where that is not the last."""
    places = [found.start() for found in _ENTRY.finditer(text)] if text.count("<") > 2 * MOST_ITEMS else []
    if len(places) < 2:
        return text, 0
    ends = [*places[1 : MOST_ITEMS + 1], len(text)][:MOST_ITEMS]
    if markup_of(text[: ends[-1]]).count("<") > _MOST_TAGS:
        counts = accumulate(text.count("<", start, end) for start, end in pairwise([0, *ends]))
        ends = ends[: max(1, sum(1 for count in counts if count <= _MOST_TAGS))]
    return text[: ends[-1]], len(places) if ends[-1] < len(text) else 0


def _affordable(text: str) -> str:
    """The text without categories, of which feedparser takes the square in time and we take none.

    Raises InputError where the text is nested or stuffed as no feed is: that would take minutes to find out.
    """
    text = _CATEGORY.sub("", text)
    depth = deepest = count = 0
    markup = markup_of(text)
    if markup.count("<") > 2 * _MOST_TAGS:
        raise InputError("this is no feed: its tags are broken and far too many")
    for found in _TAG.finditer(markup):
        count += 1
        if len(found[3]) > _LONGEST_TAG:
            raise InputError("this is no feed: a tag in it is far too long")
        if not found[3].endswith("/"):
            depth += -1 if found[1] else 1
            deepest = max(deepest, depth)
    if deepest > _DEEPEST or count > _MOST_TAGS:
        raise InputError("this is no feed: its tags are broken and far too many")
    return text


def _feed(data: Any, entries: list[Any], url: str) -> Feed:
    """feedparser's answer as a feed."""
    base = first_of([url, address_of(_string(data, "link"), "")])
    return Feed(
        title=title_of(_string(data, "title")),
        lang=_string(data, "language"),
        base=base,
        entries=[_entry(one, base) for one in entries[:MOST_ITEMS]],
        total=len(entries),
    )


def _entry(data: Any, base: str) -> Entry:
    """One of feedparser's entries."""
    details = [one for one in (dict.get(data, "content") or ()) if isinstance(one, dict)]
    if isinstance(summary := dict.get(data, "summary_detail"), dict):
        details.append(summary)
    texts = [_plain(one) for one in details]
    title = dict.get(data, "title_detail")
    title = title if isinstance(title, dict) else {}
    links = [_string(data, "feedburner_origlink"), _string(data, "link"), *_alternates(data), _string(data, "id")]
    links += [_string(one, "src") for one in details]
    return Entry(
        id=_string(data, "id"),
        title=_title(data, title),
        texts=[text for text in (*texts, text_of(_string(data, "media_description"))) if text],
        link=address_of(first_of(links), address_of(_string(title, "base"), base) or base),
        dates=[text for name in ("published", "created", "updated") if (text := _string(data, name))],
        lang=first_of([_string(data, "language"), _string(title, "language")]),
    )


def _title(data: Any, detail: dict[str, Any]) -> str:
    """The entry's headline."""
    if detail.get("type") == "text/plain" and "<" not in _string(detail, "value"):
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
    """A value where it is a text; an address or an id in one line."""
    value = dict.get(data, name) if isinstance(data, dict) else None
    if not isinstance(value, str):
        return ""
    return line_of(value) if name in ("id", "link", "href", "src") else value
