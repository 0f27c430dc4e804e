"""What all feed formats have in common: an entry as read, and the item it becomes.

Entry (texts and dates as the feed has them) -> title, body, link, id, time by the fall-backs -> Item
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape

from watchbot.model.item import CutDocument, Item, RawDocument
from watchbot.sources.dates import parse_date
from watchbot.sources.feed_wishes import Wishes
from watchbot.sources.html import html_text, joined
from watchbot.sources.quick_html import quick_text
from watchbot.text.lines import clean, columns

MOST_ITEMS = 1000
LONGEST_TITLE = 1000
LONGEST_BODY = 20_000
LONGEST_ID = 2000
LONGEST_MARKUP = 400_000
TITLE_COLUMNS = 90
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>|<!--|<!\[CDATA\[")
_HTML_TAGS = """
    a abbr address article aside audio b big blockquote body br caption center cite code col dd del details dfn
    div dl dt em embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img
    input ins kbd label li link main mark meta nav nobr noscript object ol p param picture pre q rp rt ruby s
    samp script section small source span strike strong style sub summary sup svg table tbody td tfoot th thead
    time title tr tt u ul var video wbr
"""
_KNOWN_TAGS = frozenset(_HTML_TAGS.split())
_ENTITY = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});|&(?:amp|copy|reg|nbsp|quot|lt|gt)(?=\s|$)"
)
# A tag and its end: what stands for itself in a headline ("How to use <b>") has none.
_PAIR = re.compile(
    r"<(b|i|em|strong|span|a|p|u|font|mark|sup|sub|small|cite|q|h[1-6])\b[^<>]{0,200}>[^<>]{0,500}</\1>", re.I
)
_GAP = re.compile(r"\n{3,}")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_WINDOWS = re.compile("[\x80-\x84\x86-\x9f]")
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
    """What a feed says of itself, and its entries. `base` is what relative links are relative to; `same` entries are
    left out because they were read before, `marks` are those of all."""

    title: str = ""
    lang: str = ""
    base: str = ""
    wishes: Wishes = field(default_factory=Wishes)
    entries: list[Entry] = field(default_factory=list)
    total: int = 0
    same: int = 0
    marks: bytes = b""


def cut_document(feed: Feed, document: RawDocument) -> CutDocument:
    """The feed's items in its own order."""
    _drop_shared_ids(feed.entries)
    vague = _vague_links(feed.entries)
    items: list[Item] = []
    empty = twice = cut = 0
    ids: set[str] = set()
    for entry in feed.entries[:MOST_ITEMS]:
        body = max(entry.texts, key=len, default="").strip()
        item = _item(entry, body, feed, document, vague)
        if item is None:
            empty += 1
        elif item.id in ids:
            twice += 1
        else:
            ids.add(item.id)
            cut += len(body) > LONGEST_BODY
            items.append(item)
    read = min(len(feed.entries), MOST_ITEMS)
    over = max(feed.total, len(feed.entries)) - read
    told = [(empty, "entries without any text"), (cut, f"texts cut after {LONGEST_BODY} characters")]
    told += [(over, f"entries after the first {read}"), (twice, "entries that repeat the id of another")]
    skipped = tuple(f"{count} {what}" for count, what in told if count > 0)
    wishes = feed.wishes
    return CutDocument(
        tuple(items),
        _short(feed.title, 300),
        wishes.ttl,
        skipped,
        wishes.hours,
        wishes.days,
        feed.same,
        feed.marks,
    )


def _drop_shared_ids(entries: list[Entry]) -> None:
    """Take an id away that stands on different entries: some feeds write the same one on all, and none of them
    is a repeat of another. Entries with one address, or one headline where there is none, are the same."""
    if len({entry.id for entry in entries}) == len(entries):
        return
    meant: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        meant[entry.id].add(entry.link or entry.title or "".join(entry.texts)[:200])
    for entry in entries:
        if len(meant[entry.id]) > 1:
            entry.id = ""


def _vague_links(entries: list[Entry]) -> set[str]:
    """The addresses that entries of different headlines share and that tell none of them apart."""
    if len({entry.link for entry in entries}) == len(entries):
        return set()
    headlines: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if not entry.id:
            headlines[entry.link].add(entry.title or "".join(entry.texts)[:200])
    return {link for link, titles in headlines.items() if len(titles) > 1}


def text_of(text: str) -> str:
    """A text that may be HTML, may be HTML escaped twice, or may be plain, as a reader would see it."""
    text = text[:LONGEST_MARKUP]
    tags = _has_tags(text)
    if not tags and not _has_entities(text):
        return tidy(text)
    plain = quick_text(text) if tags else None
    plain = html_text(text) if plain is None else plain
    return text_of(plain) if not tags and _has_tags(plain) else cleaned(plain)


def title_of(text: str) -> str:
    """A headline that may be HTML, in one line."""
    text = text[: 20 * LONGEST_TITLE]
    if not _has_tags(text) and not _has_entities(text):
        return line_of(text)
    line = line_of(html_text(text))
    return line_of(html_text(line)) if not _has_tags(text) and _PAIR.search(line) else line


def line_of(text: str) -> str:
    """A plain text in one line."""
    return " ".join(cleaned(text).split())


def tidy(text: str) -> str:
    """A plain text with single spaces, its lines kept."""
    text = cleaned(text)
    if "\n" not in text:
        return " ".join(text.split())
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return _GAP.sub("\n\n", "\n".join(lines)).strip()


def cleaned(text: str) -> str:
    """The text without what nobody sees, and with the signs that Windows puts where others have control characters."""
    if text.isascii():
        return clean(text) if _CONTROLS.search(text) else text
    if _WINDOWS.search(text):
        text = _WINDOWS.sub(lambda one: unescape(f"&#{ord(one[0])};"), text)
    return clean(text)


def address_of(link: str, base: str) -> str:
    """A link as an absolute web address, "" for anything else."""
    if not link:
        return ""
    url = joined(base, link)
    return cleaned(url[:4000]) if url.startswith(("http://", "https://")) else ""


def _has_tags(text: str) -> bool:
    """Whether there is a tag of HTML in the text."""
    return "<" in text and any(not found[1] or found[1].lower() in _KNOWN_TAGS for found in _TAG.finditer(text))


def _has_entities(text: str) -> bool:
    """Whether there is a character reference in the text."""
    return "&" in text and bool(_ENTITY.search(text))


def _item(entry: Entry, body: str, feed: Feed, document: RawDocument, vague: set[str]) -> Item | None:
    """One entry as an item, None where it holds nothing to read."""
    url = entry.link
    title = _short(entry.title or _beginning(body) or url, LONGEST_TITLE)
    if not title:
        return None
    body = body[:LONGEST_BODY].rstrip()
    published = next((moment for text in entry.dates if (moment := parse_date(text, document.fetched_at))), None)
    return Item(
        id=cleaned(entry.id.strip()[:LONGEST_ID]) or _made_id("" if url in vague else url, title, body),
        title=title,
        body=body,
        url=url,
        published=published,
        source=document.source,
        lang=cleaned((entry.lang or feed.lang)[:100]).strip()[:35],
        document=document.name,
    )


def _made_id(url: str, title: str, body: str) -> str:
    """An id for an entry that has none: of its address, else of its words."""
    from hashlib import sha256

    return sha256((url or f"{title}\n{body}").encode("utf-8", "replace")).hexdigest()[:32]


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
