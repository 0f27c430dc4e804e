"""A small office: a real SQLite store, a directory of watchlists, a clock that stands still until it is moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from watchbot.model.item import CutDocument, Item
from watchbot.model.records import PollResult, SourceRow, SourceSpec
from watchbot.model.settings import FetchSettings, Settings, TelegramSettings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.ingest import Ingest, Taken
from watchbot.store import SqlStore, open_store
from watchbot.store.migrate import upgrade


class StandingClock:
    """Time that only a test moves."""

    def __init__(self) -> None:
        """Begin on a Friday."""
        self.at = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The time now."""
        return self.at

    def monotonic(self) -> float:
        """The same, in seconds."""
        return self.at.timestamp()

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


WATCHES = (
    Watch("foxconn", "Foxconn", names=("Foxconn",), aliases=("Hon Hai", "鴻海"), line=1),
    Watch("memory", "Memory", keywords=("DRAM",), exclude=("drama",), line=2),
)

SPECS = (
    SourceSpec("Wire", "feed", "https://wire.example/rss"),
    SourceSpec("Post", "feed", "https://post.example/rss"),
    SourceSpec("Inbox", "folder", "/inbox"),
)


@dataclass
class Office:
    """Everything a pipeline test needs."""

    store: SqlStore
    directory: Directory
    clock: StandingClock
    sources: dict[str, SourceRow]

    def take(self, source: str, *items: Item, baseline: bool = False) -> Taken:
        """Ingest items as one poll of a feed, or as one dropped page of the Inbox."""
        with self.store.read() as tx:
            row = tx.sources.get(self.sources[source].id)
        assert row
        poll = None
        if row.spec.kind == "feed":
            poll = PollResult(self.clock.now(), self.clock.now() + timedelta(minutes=5))
            if not row.baseline_done and not baseline:
                with self.store.write() as tx:
                    tx.sources.polled(row.id, poll)
                    row = tx.sources.get(row.id)
                assert row
        listed = tuple(reversed(items)) if poll else items  # feeds list the newest first
        return Ingest(self.store, self.directory, self.clock).take(row, CutDocument(listed), poll)

    def cards(self, chat: str) -> list[str]:
        """Headlines of the alerts of a chat, oldest first."""
        with self.store.read() as tx:
            return [row.card.headline.text for row in reversed(tx.alerts.last(1000)) if row.chat == chat]


def settings(watchlists: tuple[Watchlist, ...], tmp_path: Path, **more: object) -> Settings:
    """Settings with these watchlists."""
    return Settings(
        path=tmp_path / "watchbot.yaml",
        database=f"sqlite:///{tmp_path}/watchbot.db",
        fetch=FetchSettings("watchbot-test"),
        watchlists=watchlists,
        **more,
    )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Two feeds, a folder, one watchlist for the terminal and chat 7, one for Post only."""
    lists = (
        Watchlist("w1", "desk", WATCHES, chats=("console", "7")),
        Watchlist("w2", "post only", WATCHES[:1], chats=("8",), sources=("Post",)),
    )
    telegram = TelegramSettings(token="1:a", admins=(7,))
    configured = settings(lists, tmp_path, telegram=telegram)
    upgrade(configured.database)
    store = open_store(configured.database)
    clock = StandingClock()
    with store.write() as tx:
        sources = tx.sources.sync(SPECS, clock.now())
    yield Office(store, Directory(configured), clock, sources)
    store.close()


def news(number: int, title: str, body: str = "", url: str = "", guid: str = "") -> Item:
    """One item."""
    return Item(guid or f"guid-{number}", title, body, url or f"https://news.example/{number}")
