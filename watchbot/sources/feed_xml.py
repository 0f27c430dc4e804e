"""The fast way through RSS 0.9x, 1.0, 2.0, RDF and Atom 0.3, 1.0: strict lxml, and None on any doubt.

UTF-8 without a document type -> well-formed? -> a root we know -> every item and entry where we look for it -> Feed
"""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from watchbot.sources.entries import (
    LONGEST_MARKUP,
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
_TEXTS = ("content:encoded", "description", "atom:content", "atom:summary", "xhtml:body", "xhtml:div",
          "media:description", "itunes:summary", "dc:description", "content")  # fmt: skip
_PERIODS = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0, "monthly": 2592000.0, "yearly": 31536000.0}
_MOST_CHILDREN = 400

Element = etree._Element
Fields = dict[str, list[Element]]


def read_xml(body: bytes, url: str) -> Feed | None:
    """The feed, or None where a more patient reader should look at it."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    kind = _name(root)
    if kind in ("rss", "rdf:RDF"):
        channel = next((child for child in root if _name(child) == "channel"), root)
        nodes = [node for node in _both(root, channel) if _name(node) == "item"]
    elif kind == "atom:feed":
        channel = root
        nodes = [node for node in root if _name(node) == "atom:entry"]
    else:
        return None
    if not nodes or len(nodes) != _items_anywhere(root):
        return None
    return _feed(root, channel, nodes, url)


def _both(root: Element, channel: Element) -> Iterator[Element]:
    """What stands in the channel, then what stands beside it."""
    yield from channel
    if root is not channel:
        yield from root


def _items_anywhere(root: Element) -> int:
    """How many elements are called item or entry, wherever they stand and whatever their namespace."""
    return sum(1 for _node in root.iter("{*}item", "{*}entry"))


def _feed(root: Element, channel: Element, nodes: list[Element], url: str) -> Feed:
    """The feed of a channel and its entries."""
    fields = _fields(channel)
    own = first_of([_link(fields, url), url])
    base = _based(_based(url or own, root), channel) or own
    feed = Feed(
        title=_title(fields),
        lang=first_of(
            [_text(fields, "language"), root.get(_LANG) or "", channel.get(_LANG) or "", _text(fields, "dc:language")]
        ),
        base=base,
        ttl=_ttl(fields),
        total=len(nodes),
    )
    feed.entries = [_entry(node, base) for node in nodes[:MOST_ITEMS]]
    return feed


def _entry(node: Element, base: str) -> Entry:
    """One item or entry."""
    fields = _fields(node)
    here = _based(base, node)
    about = node.get(_ABOUT) or ""
    own = first_of([_text(fields, "guid"), _text(fields, "atom:id"), about, _text(fields, "dc:identifier")])
    texts = [text for name in _TEXTS for element in fields.get(name, ()) if (text := _content(element))]
    return Entry(
        id=own,
        title=_title(fields),
        texts=texts,
        link=_link(fields, here) or _permalink(fields, here) or address_of(about, "") or address_of(own, ""),
        dates=[text for name in _DATES if (text := _text(fields, name))],
        lang=first_of([node.get(_LANG) or "", _text(fields, "dc:language")]),
    )


def _fields(node: Element) -> Fields:
    """The children by name; those of a media group count as the entry's own."""
    fields: Fields = {}
    for count, child in enumerate(node):
        name = _name(child)
        if count > _MOST_CHILDREN and name in fields:
            continue
        fields.setdefault(name, []).append(child)
        if name in ("media:group", "media:content"):
            for inner in islice(child, 20):
                fields.setdefault(_name(inner), []).append(inner)
    return fields


def _name(node: Element) -> str:
    """The element's name with the prefix that its namespace usually has."""
    tag = str(node.tag)
    if tag[0] != "{":
        return tag
    namespace, _brace, local = tag[1:].partition("}")
    prefix = _PREFIXES.get(namespace)
    return f"?:{local}" if prefix is None else prefix + local


def _text(fields: Fields, name: str) -> str:
    """The first text that one of these elements holds."""
    return next((text.strip() for one in fields.get(name, ()) if (text := _raw(one)) and text.strip()), "")


def _raw(node: Element) -> str:
    """All characters of an element."""
    if len(node) == 0:
        return node.text or ""
    return "".join(map(str, node.itertext()))[:LONGEST_MARKUP]


def _title(fields: Fields) -> str:
    """The headline: the element's own, else one of its kin."""
    for name in ("title", "atom:title", "dc:title", "media:title"):
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


def _content(node: Element) -> str:
    """The text of a content or summary element."""
    kind = node.get("type", "")
    if node.get("src") or (node.get("mode") == "base64"):
        return ""
    if kind == "xhtml" or len(node):
        return html_text(_markup(node))
    text = node.text or ""
    if kind in ("text", "text/plain"):
        return tidy(text[:LONGEST_MARKUP])
    if kind and "html" not in kind and not kind.startswith("text") and "/" in kind and "xml" not in kind:
        return ""
    return text_of(text)


def _markup(node: Element) -> str:
    """What an element holds, as HTML without prefixes."""
    pieces = [node.text or ""]
    pieces += [str(etree.tostring(child, encoding="unicode", method="html")) for child in node]
    return "".join(pieces)[:LONGEST_MARKUP].replace("<html:", "<").replace("</html:", "</").replace("<xhtml:", "<")


def _link(fields: Fields, base: str) -> str:
    """The address of the page: an alternate link first, else any that is no enclosure or self."""
    for node in fields.get("link", ()):
        if found := address_of((node.text or "").strip() or node.get("href") or "", base):
            return found
    other = ""
    for node in fields.get("atom:link", ()):
        rel, href = node.get("rel", "alternate"), address_of(node.get("href") or (node.text or "").strip(), base)
        if href and rel == "alternate" and "json" not in node.get("type", ""):
            return href
        other = other or (href if rel in ("related", "via") else "")
    return address_of(_text(fields, "feedburner:origLink"), base) or other


def _permalink(fields: Fields, base: str) -> str:
    """The guid, where it is an address."""
    for node in fields.get("guid", ()):
        text = (node.text or "").strip()
        if node.get("isPermaLink", "true").lower() != "false" and (text.startswith(("http", "/"))):
            return address_of(text, base)
    return ""


def _based(base: str, node: Element) -> str:
    """The base address inside an element."""
    own = node.get(_BASE)
    return address_of(own, base) or base if own else base


def _ttl(fields: Fields) -> float:
    """How often the feed wants to be asked, in seconds."""
    minutes = _number(_text(fields, "ttl"))
    period = _PERIODS.get(_text(fields, "sy:updatePeriod").lower(), 0.0)
    return max(minutes * 60.0, period / max(1.0, _number(_text(fields, "sy:updateFrequency"))))


def _number(text: str) -> float:
    """A plain number, 0 for anything else."""
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0.0
