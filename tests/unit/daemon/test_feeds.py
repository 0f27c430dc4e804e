"""Polling: a host that hangs holds up nobody else, and secrets are never stored."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from watchbot.clock import SystemClock
from watchbot.daemon.feeds import A_HOST, Feeds, FindFeed, host_of
from watchbot.model.errors import FetchError, InputError, StoreError
from watchbot.model.item import CutDocument, Item, RawDocument
from watchbot.model.records import PollResult, SourceSpec
from watchbot.model.settings import FetchSettings, Settings
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.ingest import Ingest
from watchbot.pipeline.subscriptions import Access
from watchbot.ports.fetcher import Fetched, FetchRequest, NotModified
from watchbot.store import SqlStore, open_store
from watchbot.text.secrets import without_secrets

DUE = datetime(2026, 11, 20, 8, tzinfo=UTC)


class Answers:
    """A fetcher: one host hangs until it is let go, the others answer."""

    def __init__(self) -> None:
        """Nothing asked yet."""
        self.asked: list[FetchRequest] = []
        self.answered = asyncio.Event()
        self.free = asyncio.Event()
        self.at_once = 0
        self.most = 0

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """An empty feed, or a long wait."""
        self.asked.append(request)
        if "slow" in request.url:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            await self.free.wait()
            self.at_once -= 1
            raise FetchError("it took too long")
        self.answered.set()
        return Fetched(b"x", "text/xml", request.url)

    async def close(self) -> None:
        """Nothing open."""


class OneItem:
    """A cutter."""

    async def cut(self, document: RawDocument) -> CutDocument:
        """Always the same."""
        return CutDocument((Item("1", "A bakery opens", ""),))

    async def close(self) -> None:
        """Nothing runs."""


def feeds_over(
    store: SqlStore,
    answers: Answers,
    addresses: list[str],
    tmp_path: Path,
    cutter: OneItem | None = None,
    find: FindFeed | None = None,
) -> Feeds:
    """Feeds over a real database with these addresses, all due."""
    settings = Settings(tmp_path, "", FetchSettings("t"))
    specs = [SourceSpec(f"s{n}", "feed", without_secrets(address)) for n, address in enumerate(addresses)]
    with store.write() as tx:
        tx.sources.sync(specs, DUE)
    ingest = Ingest(store, Directory(settings), SystemClock())
    secrets = {stored: Access(one) for one in addresses if (stored := without_secrets(one)) != one}
    reader = cutter or OneItem()
    return Feeds(store, answers, reader, ingest, SystemClock(), "me", lambda: None, Random(1), secrets, find)


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    """A database."""
    return open_store(f"sqlite:///{tmp_path}/w.db")


async def test_a_host_that_hangs_holds_up_nobody_else(store: SqlStore, tmp_path: Path) -> None:
    answers = Answers()
    slow = [f"https://slow.example/{n}" for n in range(80)]
    feeds = feeds_over(store, answers, [*slow, "https://good.example/rss"], tmp_path)
    while not answers.answered.is_set():
        await feeds.tick()
    assert answers.most == A_HOST
    answers.free.set()
    while len(answers.asked) < 81:
        await feeds.tick()
    assert answers.most == A_HOST
    await feeds.stop()
    store.close()


async def test_an_end_while_the_database_is_down_is_an_orderly_one(
    store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    feeds = feeds_over(store, Answers(), ["https://good.example/rss"], tmp_path)

    def gone() -> None:
        raise StoreError("the server closed the connection")

    monkeypatch.setattr(feeds, "_release", gone)
    await feeds.stop()
    assert "end by themselves: the server closed the connection" in caplog.text
    store.close()


async def test_the_whole_address_is_asked_and_never_stored(store: SqlStore, tmp_path: Path) -> None:
    answers = Answers()
    feeds = feeds_over(store, answers, ["https://me:hunter22@good.example/rss?key=abcdef"], tmp_path)
    await feeds.poll_all()
    await feeds.stop()
    assert answers.asked[0].url == "https://me:hunter22@good.example/rss?key=abcdef"
    with store.read() as tx:
        (row,) = tx.sources.active()
    assert row.ok_at is not None
    store.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("w.db*"))
    assert b"hunter22" not in stored
    assert b"abcdef" not in stored


def test_hosts() -> None:
    assert host_of("https://me:x@A.example:8443/rss") == "a.example:8443"


class Page(Answers):
    """A fetcher that finds a web page wherever it looks."""

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """The page."""
        self.asked.append(request)
        return Fetched(b"<html><body>We are being mended.</body></html>", "text/html", request.url)


class NoFeed(OneItem):
    """A cutter that knows a page when it sees one."""

    async def cut(self, document: RawDocument) -> CutDocument:
        """No items."""
        raise InputError("this is a web page, not a feed")


@pytest.mark.parametrize(("was_a_feed", "polls"), [(False, 1), (True, 4)])
async def test_a_page_is_looked_through_at_once_or_where_it_stays(
    store: SqlStore, tmp_path: Path, was_a_feed: bool, polls: int
) -> None:
    looked: list[str] = []

    async def find(address: str) -> str:
        looked.append(address)
        return "https://good.example/feed.xml"

    feeds = feeds_over(store, Page(), ["https://good.example/"], tmp_path, NoFeed(), find)
    if was_a_feed:
        with store.write() as tx:
            (row,) = tx.sources.active()
            tx.sources.polled(row.id, PollResult(DUE, DUE))
    for count in range(1, polls + 1):
        await feeds.poll_all()
        assert looked == ([] if count < polls else ["https://good.example/"])
    await feeds.stop()
    with store.read() as tx:
        (row,) = tx.sources.active()
    assert (row.location, row.moved_told) == ("https://good.example/feed.xml", not was_a_feed)
    store.close()
