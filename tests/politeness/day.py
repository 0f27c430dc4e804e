"""A day in the life of the feed side of a daemon, as a script: the real fetcher, store and polling, and a clock that
only the test moves.

    wire = day.feed("/wire", [day.item("Old news", hours_ago=3)])
    await day.until("08:00")             # whatever falls due until then is polled at its time
    assert day.polls("/wire") == 1
    await day.asleep_until("17:00")      # nobody polls meanwhile
    await day.restart()                  # a new process over the same database

`jitter` is what chance says, from -1 to 1; 0 makes every interval exact.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from typing_extensions import override

from tests.fakes.feedserver import FeedServer, Request
from watchbot.daemon.feeds import Feeds
from watchbot.message.notices import Happening
from watchbot.model.item import CutDocument, RawDocument
from watchbot.model.records import SourceRow, SourceSpec
from watchbot.model.settings import FetchSettings, Settings, TelegramSettings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.ingest import Ingest
from watchbot.pipeline.notices import tell_sources
from watchbot.pipeline.subscriptions import Access
from watchbot.ports.cutter import Cutter
from watchbot.sources.feed import parse
from watchbot.sources.fetch import Fetcher
from watchbot.store import SqlStore, open_store

USER_AGENT = "watchbot/1.0 (+https://desk.example/contact)"
DATABASE = "sqlite:///{}/day.db"


class DayClock:
    """Time that only a test moves. It begins on a Friday morning."""

    def __init__(self) -> None:
        """Eight o'clock."""
        self.at = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The time now."""
        return self.at

    def monotonic(self) -> float:
        """The same, in seconds."""
        return self.at.timestamp()


class Chance(Random):
    """Chance that says what the test wants."""

    jitter = 0.0

    @override
    def uniform(self, a: float, b: float) -> float:
        """Always the same."""
        return self.jitter


class CountingCutter(Cutter):
    """Reads feeds as the worker does, without a process, and counts them."""

    def __init__(self) -> None:
        """Nothing read yet."""
        self.documents: list[RawDocument] = []

    @override
    async def cut(self, document: RawDocument) -> CutDocument:
        """The items of a feed."""
        self.documents.append(document)
        return parse(document)

    @override
    async def close(self) -> None:
        """Nothing runs."""


@dataclass
class Node:
    """One process: its connections and what it remembers."""

    feeds: Feeds
    fetcher: Fetcher
    store: SqlStore
    directory: Directory


@dataclass
class Day:
    """The script's stage."""

    folder: Path
    web: FeedServer
    elsewhere: FeedServer
    clock: DayClock = field(default_factory=DayClock)
    chance: Chance = field(default_factory=lambda: Chance(1))
    cutter: CountingCutter = field(default_factory=CountingCutter)
    specs: dict[str, SourceSpec] = field(default_factory=dict)
    secrets: dict[str, Access] = field(default_factory=dict)
    notices: list[Happening] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)

    # --- what is read ---

    def feed(
        self, path: str, items: list[dict[str, Any]] | None = None, every: float | None = None, **page: Any
    ) -> str:
        """Serve a feed, and read it under the name of its path."""
        url = self.web.feed(
            path, items if items is not None else [{"title": f"From {path}", "published": None}], **page
        )
        self.read(path, url, every)
        return url

    def read(self, name: str, url: str, every: float | None = None, headers: dict[str, str] | None = None) -> None:
        """Configure a source (or change it)."""
        self.specs[name] = SourceSpec(name, "feed", url, every)
        if headers is not None:
            self.secrets[url] = Access(url, headers)
        self.sync()

    def sync(self) -> None:
        """Bring the configuration into the database."""
        with self.store.write() as tx:
            tx.sources.sync(list(self.specs.values()), self.clock.now())

    def item(self, title: str, hours_ago: float = 0) -> dict[str, Any]:
        """One entry with a date."""
        return {"title": title, "published": self.clock.now() - timedelta(hours=hours_ago)}

    def hourly(self, hours: float, count: int = 12) -> list[dict[str, Any]]:
        """Entries so many hours apart, the newest first."""
        return [self.item(f"Bulletin {number}", number * hours) for number in range(count)]

    def news(self, path: str, title: str, dated: bool = True) -> None:
        """Something new in a feed."""
        self.web.add_item(path, title, published=self.clock.now() if dated else None)

    # --- time ---

    async def until(self, time: str) -> None:
        """Let the first node run until then, as the daemon does: what falls due is polled at its time."""
        end = self.moment(time)
        while (due := self._next_due()) is not None and due <= end:
            self.clock.at = max(self.clock.at, due)
            await self.tick()
        self.clock.at = end
        await self.tick()

    async def tick(self, node: int = 0) -> None:
        """One look of a node at what is due, and what it polls then; notices are told."""
        await self.nodes[node].feeds.tick()
        await self.nodes[node].feeds.idle()
        self.notices += tell_sources(self.store, self.nodes[node].directory, self.clock.now())

    async def asleep_until(self, time: str) -> None:
        """Nobody polls until then; then the first node looks again."""
        self.clock.at = self.moment(time)
        await self.nodes[0].feeds.tick()
        await self.nodes[0].feeds.idle()

    def moment(self, time: str) -> datetime:
        """The next time it is HH:MM or HH:MM:SS; a `+` before it is a day more."""
        parts = [int(part) for part in time.lstrip("+").split(":")]
        moment = self.clock.at.replace(hour=parts[0], minute=parts[1], second=(*parts, 0)[2], microsecond=0)
        if moment < self.clock.at:
            moment += timedelta(days=1)
        return moment + timedelta(days=time.count("+"))

    def _next_due(self) -> datetime | None:
        """When the next feed falls due that is not gone."""
        with self.store.read() as tx:
            return min((row.next_at for row in tx.sources.active() if not row.gone), default=None)

    # --- nodes ---

    @property
    def store(self) -> SqlStore:
        """The first node's database."""
        return self.nodes[0].store

    def node(self, holder: str = "node") -> None:
        """Start a process over the database."""
        allowed = tuple(f"127.0.0.1:{port}" for port in (self.web.port, self.elsewhere.port, *self.ports))
        watchlist = Watchlist("w", "desk", (Watch("foxconn", "Foxconn", names=("Foxconn",), line=1),), chats=("7",))
        settings = Settings(
            path=self.folder / "watchbot.yaml",
            database=DATABASE.format(self.folder),
            fetch=FetchSettings(USER_AGENT, allowed),
            watchlists=(watchlist,),
            telegram=TelegramSettings(token="1:a", admins=(7,)),
        )
        store = open_store(settings.database)
        directory = Directory(settings)
        fetcher = Fetcher(USER_AGENT, allowed, self.clock, seconds=60)
        ingest = Ingest(store, directory, self.clock)
        feeds = Feeds(store, fetcher, self.cutter, ingest, self.clock, holder, lambda: None, self.chance, self.secrets)
        self.nodes.append(Node(feeds, fetcher, store, directory))

    async def restart(self) -> None:
        """Stop every process and start one."""
        await self.end()
        self.node()
        self.sync()

    async def allow(self, port: int) -> None:
        """One more port of this machine may be asked; the fetcher learns it with a restart."""
        self.ports.append(port)
        await self.restart()

    async def end(self) -> None:
        """Stop every process."""
        for node in self.nodes:
            await node.feeds.stop()
            await node.fetcher.close()
            node.store.close()
        self.nodes.clear()

    # --- what is seen ---

    def asked(self, path: str) -> list[Request]:
        """The requests for a path, oldest first."""
        return self.web.requests_of(path)

    def polls(self, path: str) -> int:
        """How often a path was asked for."""
        return len(self.asked(path))

    def row(self, name: str) -> SourceRow:
        """A source as it is stored."""
        with self.store.read() as tx:
            return next(row for row in tx.sources.active() if row.spec.name == name)

    def due(self, name: str) -> str:
        """When a source is polled next, as HH:MM:SS, with the day where it is another one."""
        at = self.row(name).next_at
        return f"{at:%H:%M:%S}" if at.date() == self.clock.at.date() else f"{at:%a %H:%M:%S}".lower()

    def interval(self, name: str) -> float:
        """How many minutes lie between a source's last poll and its next."""
        row = self.row(name)
        assert row.checked_at is not None
        return (row.next_at - row.checked_at).total_seconds() / 60

    def told(self) -> list[str]:
        """What was told of sources so far, as `kind name`."""
        return [f"{one.kind} {one.name}" for one in self.notices]

    def messages(self) -> list[str]:
        """The notices that wait to be sent to the admin's chat."""
        with self.store.write() as tx:
            rows = tx.outbox.claim(self.clock.now(), "test", 60, 99, "telegram")
        return [row.body for row in rows]
