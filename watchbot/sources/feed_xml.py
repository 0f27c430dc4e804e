"""The fast way through RSS 0.9x, 1.0, 1.1, 2.0, RDF and Atom 0.3, 1.0: strict lxml, and None on any doubt.

UTF-8 without a document type -> well-formed? -> a root we know -> every item and entry where we look for it -> Feed
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from itertools import islice
from typing import Any

from lxml import etree

from watchbot.sources.entries import (
    LONGEST_MARKUP,
    MOST_ITEMS,
    Entry,
    Feed,
    address_of,
    cleaned,
    first_of,
    line_of,
    text_of,
    tidy,
    title_of,
)
from watchbot.sources.feed_marks import marks_of
from watchbot.sources.feed_wishes import Wishes, wishes
from watchbot.sources.html import html_line, html_text

_NETSCAPE = "http://{}.netscape.com/rdf/"
_PREFIXES = {
    "": "",
    "http://purl.org/rss/1.0/": "",
    f"{_NETSCAPE.format('my')}simple/0.9/": "",
    f"{_NETSCAPE.format('channel')}simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://backend.userland.com/rss": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/net/rss1.1#": "",
    "http://www.w3.org/2005/Atom": "atom:",
    "http://purl.org/atom/ns#": "atom:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://search.yahoo.com/mrss": "media:",
    "http://purl.org/rss/1.0/modules/syndication/": "sy:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
}
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_DATES = ("pubDate", "dc:date", "atom:published", "atom:issued", "dcterms:issued", "dcterms:created", "dcterms:date",
          "atom:updated", "atom:modified", "dcterms:modified", "pubdate", "date", "lastBuildDate")  # fmt: skip
_TEXTS = ("content:encoded", "description", "atom:content", "atom:summary", "xhtml:body", "xhtml:div", "content",
          "media:description", "itunes:summary", "itunes:subtitle", "dc:description", "dcterms:abstract", "fullitem",
          "body")  # fmt: skip
_ROOTS = frozenset(["rss", "rdf:RDF", "atom:feed", "channel", "Channel"])
_AROUND = frozenset(["channel", "Channel", "rss", "rdf:RDF", "atom:feed", "items"])
_ALTERNATE = ("alternate", "http://www.iana.org/assignments/relation/alternate")
_SKIPS = ("skipHours", "skipDays")
_MOST_CHILDREN = 400
LARGE = 1_000_000
_MOST_ELEMENTS = 200_000
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{50000}")
_STRICT: Any = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_PREFIX = re.compile(r"<(/?)[A-Za-z_][\w.-]{0,60}:(?=[A-Za-z])")

Element = etree._Element
Fields = dict[str, list[Element]]


def read_xml(body: bytes, url: str, recover: bool = False, known: frozenset[bytes] = frozenset()) -> Feed | None:
    """The feed, or None where a more patient reader should look at it; `recover` goes on behind an error.

    Entries whose mark is `known` are left out.
    """
    options = _STRICT | {"recover": recover}
    try:
        if len(body) > LARGE:
            root, over = _large_tree(body, options)
        else:
            root, over = etree.fromstring(body, etree.XMLParser(**options)), 0
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or _name(root.tag) not in _ROOTS:
        return None
    nodes = list(root.iter("{*}item", "{*}entry"))
    if not nodes or not all(_is_entry(node) for node in nodes):
        return None
    channel = root if root.tag == "channel" else next((child for child in root if _name(child.tag) == "channel"), root)
    feed = _feed(root, channel, nodes, url, None if over or recover else known)
    feed.total += over
    return feed


def _large_tree(body: bytes, options: Any) -> tuple[Element | None, int]:
    """The root of a large document with no more entries than are read, and how many were left out.

    None where there are more elements than memory has room for, or a tag is longer than any feed's.
    """
    if _LONG_TAG.search(body):
        return None, 0
    count = kept = built = 0
    context = etree.iterparse(BytesIO(body), events=("end",), **options)
    for _event, node in context:
        built += 1
        if built > _MOST_ELEMENTS:
            return None, 0
        if node.tag in ("item", "entry") or node.tag.endswith(("}item", "}entry")):
            count += 1
            if count > MOST_ITEMS and (parent := node.getparent()) is not None and _is_entry(node):
                parent.remove(node)
                built = kept
            kept = built
    return context.root, max(0, count - MOST_ITEMS)


def _is_entry(node: Element) -> bool:
    """Whether an element called item or entry is one, and stands where we expect it."""
    parent = node.getparent()
    return _name(node.tag) in ("item", "atom:entry") and parent is not None and _name(parent.tag) in _AROUND


def _feed(root: Element, channel: Element, nodes: list[Element], url: str, known: frozenset[bytes] | None) -> Feed:
    """The feed of a channel and its entries; without those that are `known`. None: nothing is marked."""
    fields = _fields(channel)
    own = first_of([_link(fields, url), url])
    base = _based(_based(url or own, root), channel) or own
    feed = Feed(
        title=_title(fields),
        lang=first_of(
            [_text(fields, "language"), root.get(_LANG) or "", channel.get(_LANG) or "", _text(fields, "dc:language")]
        ),
        base=base,
        wishes=_wishes(fields),
    )
    if known is not None and len(nodes) <= MOST_ITEMS:
        marks = marks_of(nodes, f"{base} {feed.lang}")
        feed.marks = b"".join(marks)
        fresh = [node for node, mark in zip(nodes, marks, strict=True) if mark not in known] if marks else nodes
        feed.same, nodes = len(nodes) - len(fresh), fresh
    feed.total = len(nodes)
    feed.entries = [_entry(node, base) for node in nodes[:MOST_ITEMS]]
    return feed


def _entry(node: Element, base: str) -> Entry:
    """One item or entry."""
    fields = _fields(node)
    here = _based(base, node)
    about = node.get(_ABOUT) or ""
    own = _text(fields, "guid") or _text(fields, "atom:id") or about or _text(fields, "dc:identifier")
    link = _text(fields, "feedburner:origLink")
    return Entry(
        id=own,
        title=_title(fields),
        texts=[_longest(fields)],
        link=(address_of(link, here) if link else "")
        or _link(fields, here)
        or _permalink(fields, here)
        or address_of(about, "")
        or address_of(own, "")
        or _elsewhere(fields, here),
        dates=[text for name in _DATES if name in fields and (text := _text(fields, name))],
        lang=node.get(_LANG) or _text(fields, "dc:language") or _title_language(fields),
    )


def _fields(node: Element) -> Fields:
    """The children by name; those of a media group count as the entry's own."""
    fields: Fields = {}
    for count, child in enumerate(node):
        name = _name(child.tag)
        if name not in fields:
            fields[name] = [child]
        elif count <= _MOST_CHILDREN:
            fields[name].append(child)
        if name in ("media:group", "media:content") and len(child):
            for inner in _of_media(child):
                fields.setdefault(_name(inner.tag), []).append(inner)
    return fields


def _of_media(node: Element) -> Iterator[Element]:
    """What a media group says, and each picture or film in it."""
    for child in islice(node, 20):
        yield child
        yield from islice(child, 20)


@lru_cache(maxsize=2000)
def _name(tag: object) -> str:
    """An element's name with the prefix that its namespace usually has; "" for a reference that stands open."""
    if not isinstance(tag, str):
        return ""
    if tag[0] != "{":
        return tag
    namespace, _brace, local = tag[1:].partition("}")
    prefix = _PREFIXES.get(namespace)
    return f"?:{local}" if prefix is None else prefix + local


def _text(fields: Fields, name: str) -> str:
    """The first text that one of these elements holds."""
    for one in fields.get(name, ()):
        if text := _raw(one).strip():
            return text
    return ""


def _raw(node: Element) -> str:
    """All characters of an element."""
    if len(node) == 0:
        return node.text or ""
    return "".join(map(str, node.itertext()))[:LONGEST_MARKUP]


def _title(fields: Fields) -> str:
    """The headline: the element's own, else one of its kin."""
    for name in ("title", "atom:title", "dc:title", "media:title", "itunes:title"):
        for node in fields.get(name, ()):
            kind = node.get("type", "html" if name == "title" else "text")
            if kind == "xhtml" or len(node):
                text = html_line(_markup(node))
            elif name == "title" or "html" in kind:
                text = title_of(node.text or "")
            else:
                text = line_of(node.text or "")
            if text:
                return text
    return ""


def _longest(fields: Fields) -> str:
    """The longest of an entry's texts. No text is longer than its markup, so the shorter ones need not be read."""
    found = []
    for name in _TEXTS:
        for node in fields.get(name, ()):
            markup = _markup(node) if len(node) else (node.text or "")
            if markup:
                found.append((markup, node))
    best = ""
    for markup, node in sorted(found, key=lambda pair: -len(pair[0])) if len(found) > 1 else found:
        if len(markup) <= len(best):
            break
        text = _content(markup, node)
        best = text if len(text) > len(best) else best
    return best


def _content(markup: str, node: Element) -> str:
    """The text of a content or summary element."""
    kind = node.get("type", "")
    if kind == "xhtml" or len(node):
        readable = (
            not kind or "xhtml" in kind or "html" in kind or kind in ("xml", "text", "application/xml", "text/xml")
        )
        return cleaned(html_text(markup)) if readable else ""
    if node.get("mode") == "base64":
        return text_of(_from_base64(markup)) if not kind or kind.startswith("text") or "html" in kind else ""
    if kind in ("text", "text/plain"):
        return tidy(markup[:LONGEST_MARKUP])
    if kind and "html" not in kind and not kind.startswith("text") and "/" in kind and "xml" not in kind:
        return ""
    return text_of(markup)


def _from_base64(text: str) -> str:
    """A text that Atom 0.3 packed; "" where it cannot be unpacked."""
    from base64 import b64decode

    try:
        return b64decode(text[:LONGEST_MARKUP], validate=False).decode("utf-8", "replace")
    except ValueError:
        return ""


def _markup(node: Element) -> str:
    """What an element holds, as HTML without prefixes."""
    pieces = [node.text or ""]
    pieces += [str(etree.tostring(child, encoding="unicode", method="html")) for child in node]
    markup = "".join(pieces)[:LONGEST_MARKUP]
    return _PREFIX.sub(r"<\1", markup) if "xmlns:" in markup else markup


def _link(fields: Fields, base: str) -> str:
    """The address of the page: an alternate link first, else one that leads to something related."""
    for node in fields.get("link", ()):
        if found := address_of((node.text or "").strip() or node.get("href") or "", _based(base, node)):
            return found
    other = data = ""
    for node in fields.get("atom:link", ()):
        rel, href = (
            node.get("rel", "alternate"),
            address_of(node.get("href") or (node.text or "").strip(), _based(base, node)),
        )
        if href and rel in _ALTERNATE:
            if "json" not in node.get("type", ""):
                return href
            data = data or href
        other = other or (href if rel in ("related", "via") else "")
    return other or data


def _permalink(fields: Fields, base: str) -> str:
    """The guid, where it is an address."""
    for node in fields.get("guid", ()):
        text = (node.text or "").strip()
        if node.get("isPermaLink", "true").lower() != "false" and (text.startswith(("http", "/"))):
            return address_of(text, base)
    return ""


def _elsewhere(fields: Fields, base: str) -> str:
    """Where the content lies, if it is not in the entry."""
    return next((address_of(node.get("src") or "", base) for node in fields.get("atom:content", ())), "")


def _title_language(fields: Fields) -> str:
    """The language the headline is marked with."""
    for name in ("title", "atom:title"):
        for node in fields.get(name, ()):
            return node.get(_LANG) or ""
    return ""


def _based(base: str, node: Element) -> str:
    """The base address inside an element."""
    own = node.get(_BASE)
    return address_of(own, base) or base if own else base


def _wishes(fields: Fields) -> Wishes:
    """How often and when the feed wants to be asked."""
    ttl, period, frequency = (_text(fields, name) for name in ("ttl", "sy:updatePeriod", "sy:updateFrequency"))
    hours, days = ([_raw(child) for one in fields.get(name, ()) for child in islice(one, 50)] for name in _SKIPS)
    return wishes(ttl, period, frequency, hours, days)
