"""The feeds of a web page: what it names itself, else what is at the usual places.

    address -> fetch -> itself a feed? | the feeds the page names | a few usual places -> Discovery

Nothing that a page names is fetched here: it is only listed. At most seven requests are made in all, one at a time.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

from watchbot.model.errors import FetchError, InputError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.model.outline import Discovery, FoundFeed
from watchbot.ports.clock import Clock
from watchbot.ports.cutter import Cutter
from watchbot.ports.fetcher import Fetched, FetchRequest, SourceFetcher
from watchbot.ports.threads import in_thread
from watchbot.sources.charset import decode
from watchbot.sources.html import joined
from watchbot.sources.sniff import Form, sniff
from watchbot.sources.urls import shown_url

USUAL = ("/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/rss")
MOST_FEEDS = 50
_LOOKED_AT = 1024 * 1024
_LONGEST_TITLE = 200
_MOST_TAGS = 10_000
# A tag longer than this is no tag. The quantifiers are possessive: no input makes them go back.
_TAG = re.compile(
    r"<(?P<tag>link|a|base|script|style|textarea|title)(?=[\s/>])"
    r"(?P<rest>(?:\"[^\"]{0,8192}+\"|'[^']{0,8192}+'|[^'\"<>]){0,2000}+)>",
    re.IGNORECASE,
)
_BEGUN = re.compile(r"<(?:!--|(?:link|a|base|script|style|textarea|title)(?=[\s/>]))", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z:-]+)\s*(?:=\s*(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?")
_ENDS = {tag: re.compile(rf"</{tag}[\s>]", re.IGNORECASE) for tag in ("script", "style", "textarea", "title")}
_WORDS = re.compile(r"([^<]{0,400}+)")
_TYPES = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/rdf+xml": "rss",
    "application/x-rss+xml": "rss",
    "application/feed+json": "json",
}
_VAGUE_TYPES = frozenset(["application/xml", "text/xml", "application/json", ""])
_FEED_PATH = re.compile(
    r"(?:^|/)(?:[\w-]*[._-])?(?:rss|atom|feed|feeds|rdf)(?:[._-]?\d|[._-][\w-]+)?(?:\.(?:xml|json|php|aspx?|ashx|cgi|jsp))?/?$"
    r"|\.(?:rss|atom|rdf)$|(?:^|/)(?:rss|feeds?|atom|xml)/(?:[\w.-]+/)*[\w.-]+\.(?:xml|rdf|json)$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:feed|format|type|output|alt)=(?:rss2?|atom|rdf|feed|json-?feed)(?:&|$)", re.IGNORECASE
)
_SUBSCRIBERS = re.compile(
    r"(?:^|\.)(?:feedly|inoreader|newsblur|netvibes|bloglines|theoldreader|facebook|x|twitter)\.com$"
)


async def discover(fetcher: SourceFetcher, cutter: Cutter, clock: Clock, url: str) -> Discovery:
    """The feeds at an address. Raises FetchError in one line where nothing answers, InputError where there are none."""
    address, page = await _first_answer(fetcher, url.strip())
    found = await _as_feed(cutter, clock, page)
    if found is not None:
        return Discovery((FoundFeed(found.title, page.moved_to or address),), found)
    text, _encoding = decode(page.body[:_LOOKED_AT], page.media_type)
    feeds = best(await in_thread(feeds_in, text, page.url))
    if feeds:
        return Discovery(feeds)
    for place in USUAL:
        usual = urljoin(page.url, place)
        if usual == page.url:
            continue
        try:
            answer = await _asked(fetcher, usual)
        except FetchError:
            continue
        if (found := await _as_feed(cutter, clock, answer)) is not None:
            return Discovery((FoundFeed(found.title, answer.moved_to or usual),), found)
    raise InputError(f"{shown_url(address)} names no feed, and none is at the usual places")


async def first_feed(fetcher: SourceFetcher, cutter: Cutter, clock: Clock, url: str) -> str:
    """The address of the feed at an address, the likeliest where a page names several. Raises as `discover` does."""
    return (await discover(fetcher, cutter, clock, url)).feeds[0].url


def feeds_in(html: str, url: str) -> tuple[FoundFeed, ...]:
    """The feeds that a page names: those of its head first, those of its own site before others, comments last."""
    base = url
    found: dict[str, FoundFeed] = {}
    for tag, given, words in _tags(html[:_LOOKED_AT]):
        if tag == "base" and base == url and given.get("href"):
            base = joined(url, given["href"]) or url
        feed = _of_tag(tag, given, words, base)
        if feed is None or feed.url == url:
            continue
        known = found.get(feed.url)
        if known is None or (feed.declared and not known.declared):
            found[feed.url] = feed
    home = _site(url)
    ordered = sorted(found.values(), key=lambda one: (not one.declared, one.comments, _site(one.url) != home))
    return tuple(ordered[:MOST_FEEDS])


def best(feeds: tuple[FoundFeed, ...]) -> tuple[FoundFeed, ...]:
    """Those to choose from: what only looks like a feed counts where the page declares none, comments likewise."""
    declared = tuple(feed for feed in feeds if feed.declared) or feeds
    return tuple(feed for feed in declared if not feed.comments) or declared


async def _first_answer(fetcher: SourceFetcher, url: str) -> tuple[str, Fetched]:
    """The address with its scheme, and what is there. A bare one is asked by https first, then by http."""
    if "://" in url:
        plain = re.sub(r"^feeds?://", "http://", url, flags=re.IGNORECASE)
        return plain, await _asked(fetcher, plain)
    try:
        return f"https://{url}", await _asked(fetcher, f"https://{url}")
    except FetchError as error:
        if error.status:
            raise
        first = error
    try:
        return f"http://{url}", await _asked(fetcher, f"http://{url}")
    except FetchError as second:
        raise (second if second.status else first) from None


async def _asked(fetcher: SourceFetcher, url: str) -> Fetched:
    """What is at an address."""
    answer = await fetcher.fetch(FetchRequest(url))
    if isinstance(answer, Fetched):
        return answer
    raise FetchError(f"{shown_url(url)}: it says that nothing is new, and nobody asked that")


async def _as_feed(cutter: Cutter, clock: Clock, answer: Fetched) -> CutDocument | None:
    """The document read as a feed, None where it is none."""
    now = clock.now()
    try:
        form, _text = sniff(RawDocument("", answer.body, answer.media_type, now, name="page"))
    except InputError:
        form = Form.TEXT
    if form is Form.HTML:
        return None
    try:
        return await cutter.cut(RawDocument("", answer.body, answer.media_type, now, url=answer.url))
    except InputError:
        return None


def _tags(html: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Name, attributes and the words behind every link, a and base, outside of comments and scripts."""
    position = 0
    for _count in range(_MOST_TAGS):
        begun = _BEGUN.search(html, position)
        if not begun:
            return
        start = begun.start()
        if begun[0] == "<!--":
            end = html.find("-->", start + 4)
            if end < 0:
                return
            position = end + 3
            continue
        match = _TAG.match(html, start)
        if not match:
            position = start + 1
            continue
        position = match.end()
        tag = match["tag"].lower()
        if tag in _ENDS:
            closed = _ENDS[tag].search(html, position)
            if not closed:
                return
            position = closed.end()
            continue
        words = _WORDS.match(html, position)
        yield tag, _attributes(match["rest"]), " ".join(unescape(words[1]).split()) if words else ""


def _attributes(rest: str) -> dict[str, str]:
    """The attributes of a tag, the first of each name."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(rest[:20_000]):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or "").strip())
    return found


def _of_tag(tag: str, given: dict[str, str], words: str, base: str) -> FoundFeed | None:
    """The feed a tag names, None where it names none."""
    href = given.get("href", "")
    if tag == "base" or not href:
        return None
    url = _plain(joined(base, href))
    parts = urlsplit(url) if url else None
    if parts is None or _SUBSCRIBERS.search(parts.hostname or ""):
        return None
    media = given.get("type", "").partition(";")[0].strip().lower()
    kind = _TYPES.get(media, "")
    looks = bool(_FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query)) or (parts.hostname or "").startswith(
        ("feeds.", "rss.")
    )
    if tag == "link":
        if {"alternate", "feed", "service.feed"}.isdisjoint(given.get("rel", "").lower().split()):
            return None
        if not kind and not (media in _VAGUE_TYPES and looks):
            return None
        return FoundFeed(given.get("title", "")[:_LONGEST_TITLE], url, kind)
    if not kind and not looks:
        return None
    return FoundFeed((words or given.get("title", ""))[:_LONGEST_TITLE], url, kind, declared=False)


def _plain(url: str) -> str:
    """An address that can be asked, without its fragment; "" for anything else."""
    url = re.sub(r"^feed:(?://)?(?=https?://)", "", url, flags=re.IGNORECASE)
    url = re.sub(r"^feeds?://", "http://", url, flags=re.IGNORECASE).partition("#")[0]
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return ""
    right = parts.scheme.lower() in ("http", "https") and parts.hostname and len(url) <= 8192
    return url if right and url.isprintable() and " " not in url else ""


def _site(url: str) -> str:
    """The site an address is of: its host without www."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
