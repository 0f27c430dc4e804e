"""A small web for the desk: pages and feeds by address, files that people send, cut in this process."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.unit.bot.conftest import Desk
from watchbot.bot.asked import SentFile
from watchbot.bot.handlers import Handlers
from watchbot.model.errors import FetchError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.model.outline import Discovery
from watchbot.ports.fetcher import Fetched, FetchRequest, NotModified
from watchbot.sources.cut import cut
from watchbot.sources.discover import discover
from watchbot.sources.opml import read_list


@dataclass
class FakeWeb:
    """Implements SourceFetcher and Cutter. `asked` are the addresses that were asked for, in order."""

    pages: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    errors: dict[str, Exception] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    before_cut: Callable[[], None] = lambda: None

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """What lies at an address."""
        self.asked.append(request.url)
        if request.url in self.errors:
            raise self.errors[request.url]
        if request.url not in self.pages:
            raise FetchError(f"{request.url}: 404 Not Found", status=404)
        body, media_type = self.pages[request.url]
        return Fetched(body, media_type, request.url)

    async def cut(self, document: RawDocument) -> CutDocument:
        """The items of a document."""
        self.before_cut()
        return cut(document)

    async def close(self) -> None:
        """Nothing runs."""

    async def download(self, sent: SentFile) -> bytes:
        """The bytes of a sent file."""
        return self.files[sent.id]

    def feed(self, address: str, title: str, *headlines: str) -> None:
        """An RSS feed, the newest item first."""
        items = "".join(
            f"<item><title>{text}</title><link>{address}/{number}</link><guid>{address}#{number}</guid></item>"
            for number, text in enumerate(headlines)
        )
        body = f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'
        self.pages[address] = (body.encode(), "application/rss+xml")

    def page(self, address: str, html: str) -> None:
        """A web page."""
        self.pages[address] = (html.encode(), "text/html; charset=utf-8")


def with_web(desk: Desk) -> FakeWeb:
    """Give the desk a web."""
    web = FakeWeb()

    async def find(address: str) -> Discovery:
        return await discover(web, web, desk.clock, address)

    desk.tools = replace(
        desk.tools, fetcher=web, cutter=web, find_feeds=find, download=web.download, read_opml=read_list
    )
    desk.handlers = Handlers(desk.tools, lambda: None)
    return web
