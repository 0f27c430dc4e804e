"""What all feed formats have in common: an entry as read, and the item it becomes.

Entry (texts and dates as the feed has them) -> title, body, link, id, time by the fall-backs -> Item
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from watchbot.model.item import CutDocument, Item, RawDocument
from watchbot.sources.dates import parse_date
from watchbot.sources.html import html_line, html_text, joined
from watchbot.text.lines import clean, columns

MOST_ITEMS = 1000
LONGEST_TITLE = 1000
LONGEST_BODY = 20_000
LONGEST_ID = 2000
LONGEST_MARKUP = 400_000
TITLE_COLUMNS = 90
LONGEST_TTL = 86_400.0
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>|<!--|<!\[CDATA\[")
_HTML_TAGS = """
    a abbr address article aside audio b big blockquote body br caption center cite code col dd del details dfn
    div dl dt em embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img
    input ins kbd label li link main mark meta nav nobr noscript object ol p param picture pre q rp rt ruby s
    samp script section small source span strike strong style sub summary sup svg table tbody td tfoot th thead
    time title tr tt u ul var video wbr
"""
_KNOWN_TAGS = frozenset(_HTML_TAGS.split())
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|(?<=[。！？])|\n")


@dataclass(slots=True)
class Entry:
    """One entry of a feed, its texts plain. `texts` holds contents and summaries, `dates` the best one first."""

    id: str = ""
    title: str = ""
    texts: list[str] = field(default_factory=list)
    link: str = ""
    dates: list[str] = field(default_factory=list)
    lang: str = ""


@dataclass(slots=True)
class Feed:
    """What a feed says of itself, and its entries. `base` is what relative links are relative to."""

    title: str = ""
    lang: str = ""
    base: str = ""
    ttl: float = 0.0
    entries: list[Entry] = field(default_factory=list)
    total: int = 0


def cut_document(feed: Feed, document: RawDocument) -> CutDocument:
    """The feed's items in its own order."""
    items: list[Item] = []
    empty = twice = cut = 0
    ids: set[str] = set()
    for entry in feed.entries[:MOST_ITEMS]:
        item = _item(entry, feed, document)
        if item is None:
            empty += 1
        elif item.id in ids:
            twice += 1
        else:
            ids.add(item.id)
            cut += len(item.body) > LONGEST_BODY
            items.append(replace(item, body=item.body[:LONGEST_BODY]) if len(item.body) > LONGEST_BODY else item)
    over = max(feed.total, len(feed.entries)) - MOST_ITEMS
    told = [(empty, "entries without any text"), (cut, f"texts cut after {LONGEST_BODY} characters")]
    told += [(over, f"entries after the first {MOST_ITEMS}"), (twice, "entries that repeat the id of another")]
    skipped = tuple(f"{count} {what}" for count, what in told if count > 0)
    return CutDocument(tuple(items), _short(feed.title, 300), min(max(feed.ttl, 0.0), LONGEST_TTL), skipped)


def text_of(text: str) -> str:
    """A text that may be HTML, may be HTML escaped twice, or may be plain, as a reader would see it."""
    text = text[:LONGEST_MARKUP]
    if not _is_html(text):
        return tidy(text)
    plain = html_text(text)
    return html_text(plain) if _is_html(plain) else plain


def title_of(text: str) -> str:
    """A headline that may be HTML, in one line."""
    text = text[: 20 * LONGEST_TITLE]
    return html_line(text) if _is_html(text) else line_of(text)


def line_of(text: str) -> str:
    """A plain text in one line."""
    return " ".join(clean(text).split())


def tidy(text: str) -> str:
    """A plain text with single spaces, its lines kept."""
    lines = [" ".join(line.split()) for line in clean(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def address_of(link: str, base: str) -> str:
    """A link as an absolute web address, "" for anything else."""
    url = joined(base, link) if link else ""
    return url[:4000] if url.startswith(("http://", "https://")) else ""


def _is_html(text: str) -> bool:
    """Whether there is markup in the text: a known tag, or an entity."""
    if "<" in text and any(not found[1] or found[1].lower() in _KNOWN_TAGS for found in _TAG.finditer(text)):
        return True
    return "&" in text and bool(_ENTITY.search(text))


def _item(entry: Entry, feed: Feed, document: RawDocument) -> Item | None:
    """One entry as an item, None where it holds nothing to read."""
    body = max((clean(text).strip() for text in entry.texts), key=len, default="")
    url = address_of(entry.link, feed.base or document.url)
    title = _short(clean(entry.title).strip() or _beginning(body) or url, LONGEST_TITLE)
    if not title:
        return None
    published = next((moment for text in entry.dates if (moment := parse_date(text, document.fetched_at))), None)
    own = entry.id.strip()[:LONGEST_ID]
    return Item(
        id=clean(own) or _made_id(url, title, body),
        title=title,
        body=body,
        url=url,
        published=published,
        source=document.source,
        lang=(entry.lang or feed.lang).strip()[:35],
        document=document.name,
    )


def _made_id(url: str, title: str, body: str) -> str:
    """An id for an entry that has none: of its address, else of its words."""
    return hashlib.sha256((url or f"{title}\n{body}").encode("utf-8", "replace")).hexdigest()[:32]


def _beginning(body: str) -> str:
    """The first sentence of a text, in the place of a headline."""
    first = next((part for part in _SENTENCE_END.split(body[:2000]) if part and part.strip()), "").strip()
    if columns(first) <= TITLE_COLUMNS:
        return first
    short = first[: TITLE_COLUMNS - 1]
    while columns(short) > TITLE_COLUMNS - 1:
        short = short[:-1]
    words, space, _rest = short.rpartition(" ")
    return f"{(words if space and len(words) > TITLE_COLUMNS // 3 else short).rstrip(' ,;:')}…"


def _short(text: str, most: int) -> str:
    """The text, cut where it is far too long."""
    return text if len(text) <= most else text[: most - 1] + "…"


def first_of(values: Iterable[str]) -> str:
    """The first that is not empty."""
    return next((value for value in values if value and value.strip()), "")
