"""The shapes in which the feeds of bench_poll come, as the feeds of real sites do.

light: a news agency's RSS with teasers | blog: RSS with categories, an author and the full text in content:encoded
| atom: Atom with summary and content | media: RSS with pictures, credits and keywords
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from benchmarks.poll_news import Story

KINDS = ("light", "blog", "atom", "media")
_SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item on its way into a document. `full` is the whole article as HTML."""

    base: str
    feed: int
    number: int
    story: Story
    full: str
    at: datetime

    @property
    def link(self) -> str:
        """The page of the article."""
        return f"{self.base}/{self.at:%Y/%m/%d}/{self.feed}-{self.number}"


def kind_of(feed: int, mixed: bool) -> str:
    """Which shape a feed has."""
    return KINDS[feed // 10 % len(KINDS)] if mixed else "light"


def item(kind: str, entry: Entry) -> bytes:
    """One item or entry."""
    return _ITEMS[kind](entry).encode()


def document(kind: str, base: str, feed: int, language: str, now: datetime, items: bytes) -> bytes:
    """The whole feed."""
    if kind == "atom":
        head = (
            f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">'
            f"<title>Paper {feed}</title><id>tag:paper{feed}.example,2020:feed</id><updated>{now.isoformat()}</updated>"
            f'<link rel="self" href="{base}/{feed}.xml"/><link href="{base}/"/><generator>Press 4.1</generator>\n'
        )
        return head.encode() + items + b"</feed>\n"
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {_SPACES}><channel>'
        f"<title>Paper {feed}</title><link>{base}/</link><description>News of paper {feed}</description>"
        f'<atom:link href="{base}/{feed}.xml" rel="self" type="application/rss+xml"/><language>{language}</language>'
        f"<lastBuildDate>{format_datetime(now, usegmt=True)}</lastBuildDate>\n"
    )
    return head.encode() + items + b"</channel></rss>\n"


def _light(entry: Entry) -> str:
    """Every other feed wraps its teasers in CDATA, the others escape them."""
    html = entry.story.html
    teaser = f"<![CDATA[{html}]]>" if entry.feed % 2 else escape(html)
    return f"<item>{_head(entry)}<category>News</category><description>{teaser}</description></item>\n"


def _blog(entry: Entry) -> str:
    names = ("Markets", "Technology", "Supply chain", "Analysis", "Asia")
    topics = "".join(f"<category><![CDATA[{name}]]></category>" for name in names)
    return (
        f"<item>{_head(entry)}{topics}<description><![CDATA[{entry.story.html}]]></description>"
        f"<content:encoded><![CDATA[{entry.full}]]></content:encoded><comments>{entry.link}#respond</comments>"
        f"<slash:comments>{entry.number % 7}</slash:comments></item>\n"
    )


def _atom(entry: Entry) -> str:
    at = entry.at.isoformat()
    return (
        f"<entry><title>{escape(entry.story.title)}</title><link rel='alternate' href={quoteattr(entry.link)}/>"
        f"<id>tag:paper{entry.feed}.example,{entry.number}</id><published>{at}</published><updated>{at}</updated>"
        f"<author><name>Newsroom</name><uri>{entry.base}/staff</uri></author><category term='news'/>"
        f"<summary type='html'>{escape(entry.story.html)}</summary>"
        f"<content type='html'>{escape(entry.full)}</content></entry>\n"
    )


def _media(entry: Entry) -> str:
    picture = f"https://img.example/{entry.feed}/{entry.number}"
    return (
        f"<item>{_head(entry)}<description>{escape(entry.story.html)}</description>"
        f'<media:group><media:content url="{picture}-1200.jpg" medium="image" width="1200" height="800"/>'
        f'<media:content url="{picture}-600.jpg" medium="image" width="600" height="400"/></media:group>'
        f'<media:thumbnail url="{picture}-140.jpg" width="140" height="84"/><media:credit>Photo desk</media:credit>'
        f"<media:keywords>news, paper {entry.feed}, markets</media:keywords></item>\n"
    )


def _head(entry: Entry) -> str:
    """What every RSS item has."""
    return (
        f"<title>{escape(entry.story.title)}</title><link>{entry.link}</link>"
        f'<guid isPermaLink="false">tag:paper{entry.feed}.example,{entry.number}</guid>'
        f"<pubDate>{format_datetime(entry.at, usegmt=True)}</pubDate><dc:creator>Newsroom</dc:creator>"
    )


_ITEMS: dict[str, Callable[[Entry], str]] = {"light": _light, "blog": _blog, "atom": _atom, "media": _media}
