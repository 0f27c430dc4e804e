"""A web server on loopback that serves feeds and pages, keeps what was asked, and misbehaves on demand.

with FeedServer.in_thread() as server:       # or: async with FeedServer() as server
    url = server.feed("/wire.xml", items=["An old headline"])
    server.wait_for_request("/wire.xml")
    server.add_item("/wire.xml", title="Foxconn opens a plant")
    server.fault("/wire.xml", "status", status=503, retry_after="120")
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy
from typing_extensions import override

from tests.fakes.feedserver_faults import Fault
from tests.fakes.feedserver_pages import NOW, FeedItem, Page
from tests.fakes.serving import LoopbackServer

__all__ = ["FeedItem", "FeedServer", "Request"]

Items = Iterable[FeedItem | str | dict[str, Any]]


@dataclass(eq=False)
class Request:
    """One request and the status it got (0: none, a fault swallowed it); header names in any case."""

    path: str
    query: str
    method: str
    headers: CIMultiDictProxy[str] = field(repr=False)
    at: float
    wall: float
    status: int = 0


class FeedServer(LoopbackServer):
    """The fake web."""

    def __init__(self) -> None:
        """An empty server: every path is 404 until it is given a page."""
        super().__init__()
        self.pages: dict[str, Page] = {}
        self.faults: list[Fault] = []
        self._requests: list[Request] = []
        self._numbers = 0

    # --- what tests set up ---

    def url_of(self, path: str) -> str:
        """The full address of a path."""
        return self.url + path

    def feed(self, path: str, items: Items = (), title: str = "Wire", **settings: Any) -> str:
        """Serve RSS 2.0 at a path and return its address; settings are fields of Page (etag=False, headers ...)."""
        return self._serve(path, Page("rss", title, self._items(items), **settings))

    def atom(self, path: str, items: Items = (), title: str = "Wire", **settings: Any) -> str:
        """Serve Atom at a path and return its address."""
        settings.setdefault("content_type", "application/atom+xml; charset=utf-8")
        return self._serve(path, Page("atom", title, self._items(items), **settings))

    def raw(self, path: str, body: bytes | str, content_type: str = "text/html; charset=utf-8", **settings: Any) -> str:
        """Serve these bytes at a path and return its address."""
        data = body.encode() if isinstance(body, str) else body
        return self._serve(path, Page("raw", body=data, content_type=content_type, **settings))

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        """Send who asks for a path somewhere else (a path here or a full address)."""
        return self._serve(path, Page("redirect", status=status, headers={"Location": to}))

    def redirect_chain(self, path: str, to: str, hops: int, status: int = 302) -> str:
        """A path that leads to `to` over so many redirects."""
        steps = [path, *(f"{path}.hop{number}" for number in range(1, hops)), to]
        for here, there in pairwise(steps):
            self.redirect(here, there, status)
        return self.url_of(path)

    def add_item(
        self,
        path: str,
        title: str,
        link: str | None = None,
        guid: str | None = None,
        summary: str = "",
        published: datetime | str | None = NOW,
    ) -> FeedItem:
        """Put a new entry on top of a feed; link and guid are made up where left out, "" leaves them out."""
        with self.changed:
            item = self._item({"title": title, "link": link, "guid": guid, "summary": summary, "published": published})
            page = self.pages[path]
            page.items.insert(0, item)
            page.touch()
            return item

    def change(self, path: str, body: bytes | str) -> None:
        """Replace the bytes of a raw page."""
        with self.changed:
            page = self.pages[path]
            page.body = body.encode() if isinstance(body, str) else body
            page.touch()

    def remove(self, path: str) -> None:
        """Answer 404 again."""
        with self.changed:
            self.pages.pop(path, None)

    def fault(self, path: str, kind: str, times: int | None = 1, **settings: Any) -> Fault:
        """Misbehave for a path from now on; `times=None` until cancelled. Kinds: feedserver_faults."""
        fault = Fault(path, kind, times, **settings)
        with self.changed:
            self.faults.append(fault)
        return fault

    def clear_faults(self) -> None:
        """Behave again."""
        with self.changed:
            self.faults.clear()

    def _serve(self, path: str, page: Page) -> str:
        with self.changed:
            self.pages[path] = page
        return self.url_of(path)

    def _items(self, items: Items) -> list[FeedItem]:
        with self.changed:
            return [self._item(one) for one in items]

    def _item(self, given: FeedItem | str | dict[str, Any]) -> FeedItem:
        if isinstance(given, FeedItem):
            return given
        values: dict[str, Any] = {"title": given} if isinstance(given, str) else dict(given)
        self._numbers += 1
        if values.get("link") is None:
            values["link"] = f"{self.url}/articles/{self._numbers}"
        if values.get("guid") is None:
            values["guid"] = values["link"] or f"guid-{self._numbers}"
        if values.setdefault("published", NOW) == NOW:
            values["published"] = datetime.now(UTC).replace(microsecond=0)
        return FeedItem(**values)

    # --- what tests look at ---

    @property
    def requests(self) -> list[Request]:
        """Every request, oldest first."""
        with self.changed:
            return list(self._requests)

    def requests_of(self, path: str) -> list[Request]:
        """The requests for one path."""
        return [one for one in self.requests if one.path == path]

    def wait_for_request(self, path: str, count: int = 1, timeout: float = 30.0) -> list[Request]:
        """Wait until a path was asked for so many times in all."""
        return (
            self.wait_for(
                lambda: found if len(found := self.requests_of(path)) >= count else None,
                timeout,
                f"{count} requests of {path}",
            )
            or []
        )

    @override
    def story(self) -> str:
        """The requests so far."""
        return "\n".join(f"  {one.method} {one.path} -> {one.status}" for one in self.requests[-20:])

    # --- answering ---

    @override
    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        headers = CIMultiDictProxy(CIMultiDict(request.headers))
        record = Request(request.path, request.query_string, request.method, headers, time.monotonic(), time.time())
        with self.changed:
            page = self.pages.get(request.path)
            answer = page.answer(request) if page else web.Response(status=404, text="no such page")
            fault = next((one for one in self.faults if one.strikes(request.path)), None)
            if fault is None:
                record.status = answer.status
            else:
                fault.hits += 1
            self._requests.append(record)
            self.changed.notify_all()
        if fault is None:
            return answer
        response = await fault.respond(request, answer)
        record.status = response.status
        return response
