"""What the fake feed server serves: items, and the pages (RSS, Atom, raw bytes, redirects) made of them."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from xml.sax.saxutils import escape, quoteattr

from aiohttp import web

NOW = "now"


@dataclass(frozen=True)
class FeedItem:
    """One entry; an empty `guid` or `link` is left out, and so is `published=None`."""

    title: str
    link: str = ""
    guid: str = ""
    summary: str = ""
    published: datetime | str | None = None

    def rss(self) -> str:
        """The entry in RSS 2.0."""
        parts = [f"<title>{escape(self.title)}</title>"] if self.title else []
        if self.link:
            parts.append(f"<link>{escape(self.link)}</link>")
        if self.guid:
            permanent = "true" if self.guid == self.link else "false"
            parts.append(f'<guid isPermaLink="{permanent}">{escape(self.guid)}</guid>')
        if self.summary:
            parts.append(f"<description>{escape(self.summary)}</description>")
        if self.published is not None:
            when = self.published if isinstance(self.published, str) else format_datetime(self.published)
            parts.append(f"<pubDate>{escape(when)}</pubDate>")
        return f"<item>{''.join(parts)}</item>"

    def atom(self) -> str:
        """The entry in Atom."""
        parts = [f"<title>{escape(self.title)}</title>"]
        if self.link:
            parts.append(f"<link href={quoteattr(self.link)}/>")
        if self.guid:
            parts.append(f"<id>{escape(self.guid)}</id>")
        if self.summary:
            parts.append(f'<summary type="html">{escape(self.summary)}</summary>')
        if self.published is not None:
            when = self.published if isinstance(self.published, str) else self.published.isoformat()
            parts.append(f"<published>{escape(when)}</published><updated>{escape(when)}</updated>")
        return f"<entry>{''.join(parts)}</entry>"


@dataclass
class Page:
    """What one path answers; a feed's body is made from its items, newest first."""

    kind: str
    title: str = ""
    items: list[FeedItem] = field(default_factory=list)
    body: bytes = b""
    content_type: str = "application/rss+xml; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    etag: bool = True
    last_modified: bool = True
    changed_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def content(self) -> bytes:
        """The body as it is now."""
        if self.kind == "rss":
            items = "".join(one.rss() for one in self.items)
            channel = f"<title>{escape(self.title)}</title><link>http://127.0.0.1/</link><description/>{items}"
            return (
                f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{channel}</channel></rss>'.encode()
            )
        if self.kind == "atom":
            entries = "".join(one.atom() for one in self.items)
            head = f"<title>{escape(self.title)}</title><id>urn:x:feed</id><updated>2026-01-01T00:00:00Z</updated>"
            feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'
            return f'<?xml version="1.0" encoding="utf-8"?>{feed}'.encode()
        return self.body

    def touch(self) -> None:
        """Move the modification time on, by at least the second that HTTP dates can tell apart."""
        now = datetime.now(UTC).replace(microsecond=0)
        self.changed_at = max(now, self.changed_at.fromtimestamp(self.changed_at.timestamp() + 1, UTC))

    def answer(self, request: web.BaseRequest) -> web.Response:
        """The page, or 304 where the client's validators still hold."""
        body = self.content()
        headers = dict(self.headers)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.kind != "redirect":
            if self.etag:
                headers.setdefault("ETag", tag)
            if self.last_modified:
                headers.setdefault("Last-Modified", format_datetime(self.changed_at, usegmt=True))
            if self._unchanged(request, headers.get("ETag", "")):
                return web.Response(status=304, headers=headers)
        headers.setdefault("Content-Type", self.content_type)
        return web.Response(status=self.status, body=body, headers=headers)

    def _unchanged(self, request: web.BaseRequest, tag: str) -> bool:
        asked = request.headers.get("If-None-Match")
        if asked is not None:  # it counts alone: If-Modified-Since is for clients without it
            given = {one.strip().removeprefix("W/") for one in asked.split(",")}
            return bool(tag) and (tag.removeprefix("W/") in given or "*" in given)
        since = request.headers.get("If-Modified-Since")
        if since is None or not self.last_modified:
            return False
        try:
            return self.changed_at <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False
