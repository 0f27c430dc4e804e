"""The only place where the rooms are plugged together.

Each room is imported inside the function that plugs it, so that a command pays only for what it uses.
"""

import asyncio
import logging
import os
import platform
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from watchbot.clock import SystemClock
from watchbot.model.item import CutDocument, RawDocument
from watchbot.model.records import SourceRow, SourceSpec
from watchbot.model.settings import Settings
from watchbot.model.watch import Watchlist
from watchbot.text.secrets import without_secrets

if TYPE_CHECKING:
    from watchbot.catalogue import Catalogue
    from watchbot.delivery.courier import Courier
    from watchbot.matching.matcher import Matcher
    from watchbot.pipeline.directory import Directory
    from watchbot.pipeline.ingest import Ingest
    from watchbot.ports.cutter import Cutter
    from watchbot.ports.fetcher import SourceFetcher
    from watchbot.ports.inbox import Inbox
    from watchbot.ports.store import Tx
    from watchbot.store import SqlStore
    from watchbot.web.server import WebServer


@cache
def catalogue(own: tuple[Path, ...] = ()) -> "Catalogue":
    """The company catalogue with the user's own companies, read once: it never changes."""
    from watchbot.catalogue import load

    return load(own)


def settings(path: Path, need_token: bool = True) -> Settings:
    """Read the whole configuration; ConfigError carries every mistake."""
    from watchbot.config import load

    return load(path, companies=catalogue, need_token=need_token)


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

    def names(company: str) -> tuple[str, ...]:
        found = catalogue(own).by_id(company) or catalogue(own).resolve(company)
        return found.safe_names() if found else ()

    return names


def store(settings: Settings, create: bool = True) -> "SqlStore":
    """Open the database, migrated."""
    from watchbot.store import open_store

    return open_store(settings.database, create=create)


def specs(settings: Settings) -> tuple[SourceSpec, ...]:
    """The sources of the configuration that this version polls, their addresses as the database may keep them."""
    return tuple(
        SourceSpec(
            entry.name,
            entry.kind,
            without_secrets(entry.address),
            entry.every,
            entry.max_age,
            title_from_feed=entry.title_from_feed,
        )
        for entry in settings.sources
        if entry.kind in ("feed", "folder")
    )


class TelegramParts:
    """What it takes to talk to Telegram, made anew for every time the lease is won."""

    def __init__(self, parts: "Parts") -> None:
        """Keep the parts; nothing is connected yet."""
        assert parts.settings.telegram is not None
        self._parts = parts
        self._settings = parts.settings.telegram
        self._queued = asyncio.Event()
        self.bot_key = self._settings.token.partition(":")[0]

    def application(self) -> Any:
        """A python-telegram-bot Application with the bot's handlers."""
        from watchbot.bot.handlers import Handlers
        from watchbot.delivery.application import make_application
        from watchbot.delivery.limiter import Limiter

        parts = self._parts
        limiter = Limiter(parts.clock)
        application = make_application(self._settings.token, self._settings.api_url, self._settings.proxy, limiter)
        Handlers(parts.store, parts.directory, parts.settings, parts.clock, parts.resolve, self.nudge).register(
            application, self.bot_key
        )
        return application

    def courier(self, application: Any) -> "Courier":
        """The only sender of this bot."""
        from watchbot.delivery.courier import Courier
        from watchbot.delivery.telegram import TelegramSender

        parts = self._parts
        sender = TelegramSender(application.bot)
        return Courier(parts.store, sender, parts.clock, "telegram", parts.holder, self._queued, parts.random.random)

    def nudge(self) -> None:
        """Something was queued."""
        self._queued.set()


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
    resolve: Callable[[str], Any]
    clock: SystemClock
    holder: str
    random: Random
    specs: tuple[SourceSpec, ...]
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("watchbot.daemon"))
    telegram: TelegramParts | None = None

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
        resolve=catalogue(settings.catalogue).resolve,
        clock=clock,
        holder=holder,
        random=random,
        specs=specs(settings),
    )
    if settings.connected:
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
