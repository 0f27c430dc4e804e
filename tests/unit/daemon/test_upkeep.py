"""The daemon's housekeeping: what is said of sources and watches, and searches that follow the watches of chats."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from watchbot.daemon.health import Health
from watchbot.daemon.upkeep import Upkeep
from watchbot.message.codec import dump
from watchbot.model.alert import Card, Form, Marked, NewDelivery, State, Why
from watchbot.model.item import Item
from watchbot.model.reason import Reason
from watchbot.model.records import Decision, PollFailure, PollResult, SourceSpec
from watchbot.model.settings import FetchSettings, Settings, SourceSettings
from watchbot.model.watch import Kind, Level, Watch, Watchlist
from watchbot.pipeline import housekeeping, subscriptions
from watchbot.pipeline.directory import Directory
from watchbot.store import SqlStore, open_store

WHY = Why(Level.MAIN, "Foxconn", "title", Kind.NAME)
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
SEARCH = SourceSettings("search", "News search", "https://news.example/rss?q={query}&key=topsecret")


class House:
    """What the housekeeping works with."""

    def __init__(self, folder: Path, *sources: SourceSettings) -> None:
        """A desk that watches Foxconn."""
        foxconn = Watch("foxconn", "Foxconn", names=("Foxconn",), line=1)
        lists = (Watchlist("w", "desk", (foxconn,), chats=("7",)),)
        self.settings = Settings(folder, "", FetchSettings("t"), sources=sources, watchlists=lists)
        self.store: SqlStore = open_store(f"sqlite:///{folder}/w.db")
        self.directory = Directory(self.settings)
        self.at = NOW
        self.clock = SimpleNamespace(now=lambda: self.at)
        self.feeds = SimpleNamespace(secrets={})
        self.health = Health()
        self.nudges = 0
        everything: Any = self
        self.upkeep = Upkeep(everything, everything.feeds, self.health, self.nudge)

    def nudge(self) -> None:
        """Something was queued."""
        self.nudges += 1

    def specs(self) -> tuple[SourceSpec, ...]:
        """As the wiring makes them."""
        return subscriptions.specs(self.settings, tuple(self.directory.watchlists.values()))

    def secrets(self) -> dict[str, subscriptions.Access]:
        """As the wiring makes them."""
        return subscriptions.secrets(self.settings, tuple(self.directory.watchlists.values()))

    def feeds_named(self, *names: str) -> list[int]:
        """Configure feeds; gives their ids."""
        with self.store.write() as tx:
            rows = tx.sources.sync([SourceSpec(name, "feed", f"https://{name}.example") for name in names], NOW)
        return [rows[name].id for name in names]

    def fail(self, source_id: int, minutes: float, gone: bool = False) -> None:
        """A source has failed for so long."""
        with self.store.write() as tx:
            tx.sources.failed(source_id, PollFailure(self.at - timedelta(minutes=minutes), self.at, "HTTP 500", gone))

    def watch(self, chat: str, name: str) -> None:
        """Somebody watches something in a chat."""
        with self.store.write() as tx:
            tx.chats.add_watch(chat, Watch(name.lower(), name, names=(name,)), NOW)

    def asked(self) -> list[str]:
        """The sources that are asked."""
        with self.store.read() as tx:
            return [row.spec.name for row in tx.sources.active()]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.store.close()


@pytest.fixture
def searching(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path, SEARCH)
    yield house
    house.store.close()


async def test_all_is_well(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.feeds_named("Wire")
    await house.upkeep.sources()
    await house.upkeep.watches()
    assert (house.nudges, house.health.remarks, caplog.text) == (0, {}, "")


async def test_what_was_held_back_is_queued_when_its_time_has_come(house: House) -> None:
    with house.store.write() as tx:
        for number in range(2):
            card = Card(("Foxconn",), Marked(f"News {number}"), "", "", Marked(""), WHY, (), "en", "Asia/Taipei")
            later = NewDelivery("7", dump(card), Form.CARD, state=State.HELD, hold="quiet")
            tx.outbox.queue(later, NOW, NOW + timedelta(hours=1))
    await house.upkeep.held()
    assert house.nudges == 0
    house.at += timedelta(hours=1)
    await house.upkeep.held()
    await house.upkeep.held()
    assert house.nudges == 1
    with house.store.read() as tx:
        counts = tx.outbox.counts()
    assert (counts[State.HELD], counts[State.FOLDED], counts[State.PENDING]) == (0, 2, 1)


async def test_what_fails_is_said_in_readyz_at_once_and_in_the_log_after_half_an_hour(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    (wire,) = house.feeds_named("Wire")
    house.fail(wire, 10)
    await house.upkeep.sources()
    assert house.health.remarks == {"sources": "1 not answering: Wire"}
    assert caplog.text == ""
    house.at += timedelta(minutes=20)
    await house.upkeep.sources()
    await house.upkeep.sources()
    assert [one.message for one in caplog.records] == ["Wire has not answered since 2026-11-20 07:50: HTTP 500"]
    assert house.nudges == 1
    with house.store.write() as tx:
        tx.sources.polled(wire, PollResult(house.at, house.at))
    with caplog.at_level(logging.INFO):
        await house.upkeep.sources()
    assert caplog.messages[-1] == "Wire answers again after an outage since 2026-11-20 07:50"
    assert house.health.remarks == {}


async def test_readyz_names_the_first_few(house: House) -> None:
    ids = house.feeds_named(*(f"Gazette-{number}" for number in range(8)))
    for number, one in enumerate(ids):
        house.fail(one, 20 - number, gone=number == 0)
    await house.upkeep.sources()
    names = ", ".join(f"Gazette-{number}" for number in range(5))
    assert house.health.remarks["sources"] == f"8 not answering: {names} and 3 more"


async def test_a_percent_sign_or_a_brace_in_an_error_is_only_text(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    (wire,) = house.feeds_named("50%s{0}")
    house.fail(wire, 40)
    await house.upkeep.sources()
    assert caplog.messages == ["50%s{0} has not answered since 2026-11-20 07:20: HTTP 500"]


async def test_a_silent_watch_is_said_in_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    (wire,) = house.feeds_named("Wire")
    with house.store.write() as tx:
        for number in range(20):
            at = NOW - timedelta(days=7 + number)
            item = tx.items.add(Item(f"g{number}", "News", ""), wire, [f"g{number}"], at, False)
            tx.alerts.decide(Decision("7", item, "w", "foxconn", Reason.FIRST_REPORT, at))
    await house.upkeep.watches()
    assert caplog.messages == ["Foxconn usually fires but has not since 2026-11-13 08:00"]
    assert house.nudges == 1


async def test_searches_follow_the_watches_of_chats(searching: House) -> None:
    house = searching
    with house.store.write() as tx:
        tx.sources.sync(house.specs(), NOW)
    house.watch("9", "Quanta")  # after the daemon read the watches, before the first look
    await house.upkeep.searches()
    assert house.asked() == ["News search: Foxconn", "News search: Quanta"]
    house.watch("9", "Wistron")
    with house.store.write() as tx:
        tx.chats.remove_watch("9", "quanta")
    await house.upkeep.searches()
    assert house.asked() == ["News search: Foxconn", "News search: Wistron"]


async def test_a_new_search_is_asked_with_its_key_which_is_not_stored(searching: House, tmp_path: Path) -> None:
    house = searching
    await house.upkeep.searches()
    house.watch("9", "Quanta")
    await house.upkeep.searches()
    with house.store.read() as tx:
        addresses = [row.spec.address for row in tx.sources.active()]
    assert set(house.feeds.secrets) == set(addresses)
    assert all("topsecret" in access.url for access in house.feeds.secrets.values())
    assert not any("topsecret" in address for address in addresses)


async def test_new_items_become_searchable_without_holding_the_database(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source,) = house.feeds_named("Wire")
    monkeypatch.setattr(housekeeping, "INDEXED_AT_ONCE", 2)
    with house.store.write() as tx:
        for number in range(5):
            item = Item(f"{number}", f"Foxconn opens plant {number}", "")
            tx.items.add(item, source, (f"g:{number}",), NOW, baseline=False)
    await house.upkeep.full_text()
    with house.store.read() as tx:
        assert not tx.search.waits()
        assert len(tx.search.find("foxconn", "7", 10)) == 5
    monkeypatch.setattr(house.store, "write", None)  # nothing waits: nobody has to wait for a write either
    await house.upkeep.full_text()


async def test_nothing_is_looked_up_where_nothing_searches_or_nothing_changed(searching: House, house: House) -> None:
    await house.upkeep.searches()
    assert house.asked() == []
    await searching.upkeep.searches()
    searching.feeds.secrets = before = {}
    await searching.upkeep.searches()
    assert searching.feeds.secrets is before
