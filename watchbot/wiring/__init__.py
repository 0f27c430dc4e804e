"""The only place where the rooms are plugged together.

Each room is imported inside the function that plugs it, so that a command pays only for what it uses.
"""

import asyncio
import logging
import os
import platform
import sys
import uuid
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from watchbot.clock import SystemClock
from watchbot.model.item import CutDocument, RawDocument
from watchbot.model.records import SourceRow, SourceSpec
from watchbot.model.settings import Settings
from watchbot.model.watch import Watchlist

if TYPE_CHECKING:
    from watchbot.catalogue import Catalogue
    from watchbot.delivery.courier import Courier
    from watchbot.matching.matcher import Matcher
    from watchbot.model.outline import Discovery, FeedList
    from watchbot.pipeline.directory import Directory
    from watchbot.pipeline.ingest import Ingest
    from watchbot.pipeline.subscriptions import Access
    from watchbot.ports.cutter import Cutter
    from watchbot.ports.fetcher import SourceFetcher
    from watchbot.ports.inbox import Inbox
    from watchbot.ports.store import Tx
    from watchbot.sources.survey import Answer
    from watchbot.store import SqlStore
    from watchbot.web.server import WebServer
    from watchbot.wiring.telegram import TelegramParts


@cache
def catalogue(own: tuple[Path, ...] = ()) -> "Catalogue":
    """The company catalogue with the user's own companies, read once: it never changes."""
    from watchbot.catalogue import load

    return load(own)


def settings(path: Path, need_token: bool = True) -> Settings:
    """Read the whole configuration; ConfigError carries every mistake."""
    from watchbot.config import load

    return load(path, companies=catalogue, need_token=need_token, read_list=feed_list)


def watchlists(path: Path) -> tuple[Watchlist, ...]:
    """Read one watchlist file without a daemon's configuration."""
    from watchbot.config import load_watchlists

    return load_watchlists(path, companies=catalogue)


def directory(settings: Settings) -> "Directory":
    """The watchlists of the configuration, indexed, with the catalogue's companies."""
    from watchbot.pipeline.directory import Directory

    return Directory(settings, names_of(settings.catalogue), catalogue(settings.catalogue).companies())


def names_of(own: tuple[Path, ...]) -> Callable[[str], tuple[str, ...]]:
    """What `company:` of a query asks: the safe names of a catalogue company, read when the first query asks."""

    return lambda company: catalogue(own).names_of(company)


def store(settings: Settings, create: bool = True) -> "SqlStore":
    """Open the database, migrated."""
    from watchbot.store import open_store

    return open_store(settings.database, create=create)


def specs(settings: Settings, lists: Iterable[Watchlist] | None = None) -> tuple[SourceSpec, ...]:
    """Every source there is to ask, addresses as the database may keep them. `lists` are all watchlists, None those
    of the configuration: a search is asked for the companies in them."""
    from watchbot.pipeline import subscriptions

    return subscriptions.specs(settings, settings.watchlists if lists is None else lists, names_of(settings.catalogue))


@dataclass
class Parts:
    """A node's rooms, plugged together."""

    settings: Settings
    store: "SqlStore"
    directory: "Directory"
    ingest: "Ingest"
    fetcher: "SourceFetcher"
    cutter: "Cutter"
    console: "Courier"
    console_queued: asyncio.Event
    clock: SystemClock
    holder: str
    random: Random
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("watchbot.daemon"))
    telegram: "TelegramParts | None" = None

    def specs(self) -> tuple[SourceSpec, ...]:
        """Every source there is to ask, for the watches of now."""
        return specs(self.settings, tuple(self.directory.watchlists.values()))

    def secrets(self) -> "dict[str, Access]":
        """How those sources are really asked whose keys or proxies the database does not hold, by stored address."""
        from watchbot.pipeline import subscriptions

        lists = tuple(self.directory.watchlists.values())
        return subscriptions.secrets(self.settings, lists, names_of(self.settings.catalogue))

    def find_feed(self, address: str) -> Awaitable[str]:
        """The feed of a web page's address. Raises FetchError or InputError in one line where there is none."""
        from watchbot.sources.discover import first_feed

        return first_feed(self.fetcher, self.cutter, self.clock, address)

    def inbox(self, row: SourceRow) -> "Inbox":
        """The folder of one source."""
        from watchbot.sources.folder import Folder

        return Folder(Path(row.spec.address), self.clock)

    def web(self, report: Callable[[], tuple[bool, list[str]]]) -> "WebServer | None":
        """The HTTP server where the configuration asks for one."""
        if self.settings.http is None:
            return None
        from watchbot.web.server import WebServer

        return WebServer(self.settings.http.host, self.settings.http.port, report)

    async def close(self) -> None:
        """Close what was opened, the database last."""
        await self.fetcher.close()
        await self.cutter.close()
        await asyncio.to_thread(self.store.close)


def holder_name(database: str) -> str:
    """The name under which this node takes leases and claims.

    On SQLite the lock says that nobody else runs, so the name stays the same and a restart after a kill takes its own
    leases and claims back at once. Nodes that share a database must differ.
    """
    if database.startswith("sqlite"):
        return "local"
    return f"{platform.node()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def assemble(settings: Settings) -> Parts:
    """Plug a node together. The database is migrated already."""
    from watchbot.delivery.console import ConsoleSender
    from watchbot.delivery.courier import Courier
    from watchbot.pipeline.ingest import Ingest
    from watchbot.sources.cutter import DocumentCutter
    from watchbot.sources.fetch import Fetcher

    clock = SystemClock()
    opened = store(settings)
    people = directory(settings)
    holder = holder_name(settings.database)
    queued = asyncio.Event()
    random = Random()  # noqa: S311 - jitter, not secrets
    parts = Parts(
        settings=settings,
        store=opened,
        directory=people,
        ingest=Ingest(opened, people, clock),
        fetcher=Fetcher(settings.fetch.user_agent, settings.fetch.allow_private, clock),
        cutter=DocumentCutter(),
        console=Courier(opened, ConsoleSender(sys.stdout), clock, "console", holder, queued, random.random),
        console_queued=queued,
        clock=clock,
        holder=holder,
        random=random,
    )
    if settings.connected:
        from watchbot.wiring.telegram import TelegramParts

        parts.telegram = TelegramParts(parts)
    return parts


def migrate(settings: Settings) -> None:
    """Bring the database's schema up to date, made where it is missing."""
    from watchbot.store.migrate import upgrade

    upgrade(settings.database)


def matcher(lists: Iterable[Watchlist]) -> "Matcher":
    """One matcher over some watchlists."""
    from watchbot.matching.matcher import build

    return build(lists, names_of(()))


def trial_directory(live: Settings, lists: tuple[Watchlist, ...]) -> "Directory":
    """The live configuration with other watchlists, to be tried on stored items."""
    return directory(replace(live, watchlists=lists))


def now() -> datetime:
    """The time now, for commands that need no other part."""
    return SystemClock().now()


def cut_page(document: RawDocument) -> CutDocument:
    """The items of a dropped file, without a worker process."""
    from watchbot.sources.cut import cut

    return cut(document)


def cut_feed(document: RawDocument) -> CutDocument:
    """The items of a feed document, without a worker process."""
    from watchbot.sources.feed import parse

    return parse(document)


@contextmanager
def reading(settings: Settings, people: "Directory") -> Iterator[tuple["Tx | None", SourceRow | None]]:
    """A look into the database where there is one: the transaction and the first folder, for `explain`.

    Without a database nothing counts as known; explain must work before the first run too.
    """
    from watchbot.store.address import exists

    if not exists(settings.database):
        yield None, None
        return
    opened = store(settings, create=False)
    try:
        with opened.read() as tx:
            people.refresh(tx)
            yield tx, next((row for row in tx.sources.active() if row.spec.kind == "folder"), None)
    finally:
        opened.close()


def bot_username(settings: Settings) -> str:
    """Ask Telegram for the bot's own name."""
    from watchbot.bot.connection import username

    assert settings.telegram is not None
    return username(settings.telegram.token, settings.telegram.api_url, settings.telegram.proxy)


def secrets(settings: Settings, lists: Iterable[Watchlist] | None = None) -> "dict[str, Access]":
    """How those sources are asked whose whole address, headers or proxy the database must not hold."""
    from watchbot.pipeline import subscriptions

    watched = settings.watchlists if lists is None else lists
    return subscriptions.secrets(settings, watched, names_of(settings.catalogue))


def feed_list(body: bytes) -> "FeedList":
    """The feeds of an OPML file."""
    from watchbot.sources.opml import read_list

    return read_list(body)


def feed_counts(settings: Settings) -> dict[str, int]:
    """How many feeds each OPML file and each search of the configuration becomes, by name."""
    from watchbot.pipeline import subscriptions

    return subscriptions.counts(settings, settings.watchlists, names_of(settings.catalogue))


def watched(settings: Settings, opened: "SqlStore") -> tuple[Watchlist, ...]:
    """All watchlists: those of the configuration and those made in chats."""
    from watchbot.pipeline.directory import chat_watchlists

    with opened.read() as tx:
        return (*settings.watchlists, *chat_watchlists(tx.chats.watches()).values())


def _askers(settings: Settings) -> "tuple[SourceFetcher, Cutter]":
    """What a command asks the web with, beside the daemon."""
    from watchbot.sources.cutter import DocumentCutter
    from watchbot.sources.fetch import Fetcher

    fetcher = Fetcher(settings.fetch.user_agent, settings.fetch.allow_private, SystemClock())
    return fetcher, DocumentCutter(workers=2)


def discover(settings: Settings, address: str) -> "Discovery":
    """The feeds at an address."""
    from watchbot.sources.discover import discover as look
    from watchbot.sources.survey import closing

    fetcher, cutter = _askers(settings)
    return asyncio.run(closing(fetcher, cutter, look(fetcher, cutter, SystemClock(), address)))


def ask(settings: Settings, address: str) -> "Answer":
    """How the feed at an address answers."""
    from watchbot.ports.fetcher import FetchRequest
    from watchbot.sources.survey import ask as ask_one
    from watchbot.sources.survey import closing

    fetcher, cutter = _askers(settings)
    return asyncio.run(closing(fetcher, cutter, ask_one(fetcher, cutter, SystemClock(), FetchRequest(address))))


def survey(
    settings: Settings,
    opened: "SqlStore",
    feeds: "Sequence[tuple[SourceSpec, SourceRow | None]]",
    told: "Callable[[int, Answer], None]",
) -> None:
    """Ask feeds, each as the daemon would; `told` gets the place of each and its answer, in order."""
    from watchbot.pipeline.subscriptions import Access
    from watchbot.ports.fetcher import FetchRequest
    from watchbot.sources.survey import closing
    from watchbot.sources.survey import survey as ask_all

    known = secrets(settings, watched(settings, opened))
    requests: list[FetchRequest] = []
    for spec, row in feeds:
        access = known.get(spec.address) or Access(spec.address)
        url = access.place(spec.address, row.location if row else "")
        requests.append(FetchRequest(url, headers=access.headers, proxy=access.proxy))
    fetcher, cutter = _askers(settings)
    asyncio.run(closing(fetcher, cutter, ask_all(fetcher, cutter, SystemClock(), requests, told)))
