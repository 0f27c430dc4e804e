"""What polls came to is written down together, and what is wrong in one of them stays its own."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typing_extensions import override

from watchbot.clock import SystemClock
from watchbot.daemon.ledger import MOST_ENTRIES, MOST_REFUSED, Failed, Ledger, Unchanged
from watchbot.model.errors import StoreError
from watchbot.model.item import CutDocument, Item
from watchbot.model.records import FeedFacts, PollFailure, PollResult, SourceRow, SourceSpec
from watchbot.model.settings import FetchSettings, Settings
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.ingest import Incoming, Ingest, Taken
from watchbot.ports.store import Store, Tx
from watchbot.store import SqlStore, open_store

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
POISON = "a headline that breaks the reader"


class Watched:
    """A store that counts its writing transactions, holds them up and fails on demand."""

    def __init__(self, store: SqlStore) -> None:
        """All is well."""
        self.real = store
        self.writes = 0
        self.broken: Sequence[int] = ()
        self.entered = threading.Event()
        self.gate = threading.Event()
        self.gate.set()

    def read(self) -> object:
        """As always."""
        return self.real.read()

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction; a broken one fails at its commit."""
        self.writes += 1
        number = self.writes
        self.entered.set()
        assert self.gate.wait(10)
        with self.real.write() as tx:
            yield tx
            if number in self.broken:
                raise StoreError("the disk is full")


class Picky(Ingest):
    """An ingest that breaks, after it wrote, on a headline it cannot bear."""

    orders: list[list[str]]

    @override
    def take_in(self, tx: Tx, documents: Sequence[Incoming]) -> list[Taken]:
        """The real thing, and then the break."""
        self.orders.append([one.source.spec.name for one in documents])
        taken = super().take_in(tx, documents)
        if any(item.title == POISON for one in documents for item in one.cut.items):
            raise ValueError("no")
        return taken


class Desk:
    """A ledger over a real database with feeds A to Z and a few hundred more."""

    def __init__(self, folder: Path) -> None:
        """Everything is there and nothing is written."""
        self.store = Watched(open_store(f"sqlite:///{folder}/w.db"))
        self.ingest = Picky(self.store.real, Directory(Settings(folder, "", FetchSettings("t"))), SystemClock())
        self.ingest.orders = []
        store: Store = self.store  # type: ignore[assignment]
        self.ledger = Ledger(store, self.ingest)
        specs = [SourceSpec(f"S{number}", "feed", f"https://s{number}.example/rss") for number in range(300)]
        with self.store.real.write() as tx:
            self.rows = list(tx.sources.sync(specs, NOW).values())

    def unchanged(self, number: int) -> Unchanged:
        """A feed that had nothing new."""
        return Unchanged(self.rows[number].id, PollResult(NOW, NOW + timedelta(minutes=number), etag=b"%d" % number))

    def document(self, number: int, *titles: str) -> Incoming:
        """A feed that brought something."""
        items = tuple(Item(f"{number}-{title}", title, "") for title in titles)
        poll = PollResult(NOW, NOW + timedelta(minutes=5), body_hash="h", facts=FeedFacts(f"Feed {number}"))
        return Incoming(self.rows[number], CutDocument(items), poll)

    def failed(self, number: int) -> Failed:
        """A feed that did not answer."""
        return Failed(self.rows[number].id, PollFailure(NOW, NOW + timedelta(minutes=15), "no answer"))

    def wrong(self, number: int) -> Failed:
        """What the database cannot hold."""
        nonsense = PollFailure(datetime(2026, 1, 1), NOW, "a time without a zone")
        return Failed(self.rows[number].id, nonsense)

    def row(self, number: int) -> SourceRow:
        """A feed as it is stored."""
        with self.store.real.read() as tx:
            row = tx.sources.get(self.rows[number].id)
        assert row is not None
        return row

    def headlines(self) -> list[str]:
        """What is stored, oldest first."""
        with self.store.real.read() as tx:
            return [one.item.title for one in reversed(tx.items.latest(999))]

    async def together(self, *entries: Incoming | Unchanged | Failed) -> list[Taken | BaseException]:
        """What comes of entries that were put at the same time."""
        return await asyncio.gather(*(self.ledger.put(one) for one in entries), return_exceptions=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.real.close()


async def test_one_alone_is_written_at_once(desk: Desk) -> None:
    taken = await desk.ledger.put(desk.document(3, "Foxconn opens a plant", "A bakery opens"))
    assert (taken.items, taken.new) == (2, 2)
    assert (desk.row(3).body_hash, desk.row(3).baseline_done) == ("h", True)
    assert await desk.ledger.put(desk.unchanged(4)) == Taken()
    assert desk.store.writes == 2


async def test_what_comes_during_a_commit_shares_the_next(desk: Desk) -> None:
    desk.store.gate.clear()
    first = asyncio.create_task(desk.ledger.put(desk.unchanged(0)))
    await asyncio.to_thread(desk.store.entered.wait, 10)
    others = [asyncio.create_task(desk.ledger.put(desk.unchanged(number))) for number in range(1, 100)]
    await asyncio.sleep(0)
    desk.store.gate.set()
    await asyncio.gather(first, *others)
    assert desk.store.writes == 2
    assert [desk.row(number).etag for number in range(100)] == [b"%d" % number for number in range(100)]


async def test_no_transaction_holds_everything(desk: Desk) -> None:
    await desk.together(*(desk.unchanged(number) for number in range(300)))
    assert desk.store.writes == -(-300 // MOST_ENTRIES)


async def test_large_documents_do_not_share_one_transaction(desk: Desk) -> None:
    titles = [f"Bulletin {number}" for number in range(90)]
    results = await desk.together(*(desk.document(number, *titles) for number in range(10)))
    assert [one.new for one in results if isinstance(one, Taken)] == [90] * 10
    assert [len(order) for order in desk.ingest.orders] == [5, 5]


async def test_everyone_gets_what_is_his(desk: Desk) -> None:
    results = await desk.together(
        desk.unchanged(0),
        desk.document(1, "One", "Two", "Three"),
        desk.failed(2),
        desk.document(3, "Four"),
        desk.document(4),
        desk.unchanged(5),
    )
    assert [one.new if isinstance(one, Taken) else one for one in results] == [0, 3, 0, 1, 0, 0]
    assert desk.store.writes == 1
    assert desk.row(2).error == "no answer"
    assert desk.row(0).etag == b"0"


async def test_the_order_is_kept(desk: Desk) -> None:
    await desk.together(*(desk.document(number, f"From {number}") for number in (7, 2, 9, 4)))
    assert desk.ingest.orders == [["S7", "S2", "S9", "S4"]]
    assert desk.headlines() == ["From 7", "From 2", "From 9", "From 4"]


async def test_one_bad_document_fails_alone(desk: Desk) -> None:
    results = await desk.together(
        desk.document(1, "Before it"),
        desk.document(2, "Beside it", POISON),
        desk.unchanged(3),
        desk.document(4, "After it"),
    )
    assert [type(one) for one in results] == [Taken, ValueError, Taken, Taken]
    assert desk.headlines() == ["Before it", "After it"]
    assert not desk.row(2).baseline_done
    assert desk.row(3).etag == b"3"


async def test_one_entry_that_the_database_refuses_fails_alone(desk: Desk) -> None:
    results = await desk.together(
        desk.unchanged(1), desk.wrong(2), desk.wrong(3), desk.document(4, "Good news"), desk.failed(5)
    )
    assert [type(one) for one in results] == [Taken, StoreError, StoreError, Taken, Taken]
    assert desk.headlines() == ["Good news"]
    assert desk.row(1).etag == b"1"
    assert (desk.row(2).failures, desk.row(5).failures) == (0, 1)


async def test_one_that_is_alone_and_bad_is_not_tried_twice(desk: Desk) -> None:
    with pytest.raises(ValueError, match="no"):
        await desk.ledger.put(desk.document(2, POISON))
    assert desk.store.writes == 1


async def test_a_database_in_trouble_tells_everyone_and_keeps_nothing_half(desk: Desk) -> None:
    desk.store.broken = range(1, 999)
    entries = [desk.document(1, "One"), *(desk.unchanged(number) for number in range(2, 60)), desk.failed(60)]
    results = await desk.together(*entries)
    assert {type(one) for one in results} == {StoreError}
    assert desk.headlines() == []
    assert {desk.row(number).checked_at for number in range(1, 61)} == {None}
    assert desk.store.writes == 1 + MOST_REFUSED  # it is not asked sixty times


async def test_after_the_trouble_it_goes_on(desk: Desk) -> None:
    desk.store.broken = [1]
    results = await desk.together(desk.document(1, "One"), desk.unchanged(2))
    assert [type(one) for one in results] == [Taken, Taken]
    assert desk.headlines() == ["One"]
    desk.store.broken = [4, 5, 6]
    assert {type(one) for one in await desk.together(desk.unchanged(3), desk.unchanged(4))} == {StoreError}
    assert await desk.ledger.put(desk.unchanged(5)) == Taken()


async def test_a_caller_who_gave_up_harms_nobody(desk: Desk) -> None:
    desk.store.gate.clear()
    first = asyncio.create_task(desk.ledger.put(desk.unchanged(0)))
    await asyncio.to_thread(desk.store.entered.wait, 10)
    impatient = asyncio.create_task(desk.ledger.put(desk.document(1, "Nobody waits for this")))
    bad = asyncio.create_task(desk.ledger.put(desk.document(2, POISON)))
    patient = asyncio.create_task(desk.ledger.put(desk.document(3, "Somebody waits for this")))
    await asyncio.sleep(0)
    for task in (first, impatient, bad):
        task.cancel()
    desk.store.gate.set()
    assert (await patient).new == 1
    await asyncio.gather(first, impatient, bad, return_exceptions=True)
    assert desk.headlines() == ["Nobody waits for this", "Somebody waits for this"]
    assert desk.row(0).etag == b"0"


async def test_closing_waits_for_all_that_waits(desk: Desk) -> None:
    desk.store.gate.clear()
    puts = [asyncio.create_task(desk.ledger.put(desk.unchanged(number))) for number in range(200)]
    await asyncio.to_thread(desk.store.entered.wait, 10)
    for task in puts:
        task.cancel()
    closing = asyncio.create_task(desk.ledger.close())
    await asyncio.sleep(0)
    assert not closing.done()
    desk.store.gate.set()
    await closing
    assert all(desk.row(number).etag == b"%d" % number for number in range(200))
    await asyncio.gather(*puts, return_exceptions=True)


async def test_closing_what_never_wrote(desk: Desk) -> None:
    await desk.ledger.close()
    assert desk.store.writes == 0


async def test_long_documents_let_short_ones_go_first_and_are_not_forgotten(desk: Desk) -> None:
    long = [desk.document(number, *(f"Long {number} {item}" for item in range(101))) for number in range(2)]
    short = [desk.document(number, f"Short {number}") for number in range(2, 6)]
    results = await desk.together(*long, *short)
    assert [one.new for one in results if isinstance(one, Taken)] == [101, 101, 1, 1, 1, 1]
    assert desk.ingest.orders == [["S2", "S3", "S4", "S5"], ["S0"], ["S1"]]
