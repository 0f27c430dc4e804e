"""Offsets, leases by the database's clock, dropped files."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.contract.store_rows import NOW, at, message, retry, source
from watchbot.model.alert import Move, State
from watchbot.model.records import Lease, PollFailure
from watchbot.store import SqlStore


def acquire(store: SqlStore, holder: str, seconds: float = 60, name: str = "bot") -> Lease | None:
    """In a transaction of its own."""
    with store.write() as tx:
        return tx.machine.acquire(name, holder, seconds)


def test_offsets_belong_to_a_bot(store: SqlStore) -> None:
    with store.write() as tx:
        assert tx.machine.offset("1:") == 0
        tx.machine.set_offset("1:", 5_000_000_000)
        tx.machine.set_offset("1:", 5_000_000_001)
        tx.machine.set_offset("2:", 3)
        assert (tx.machine.offset("1:"), tx.machine.offset("2:")) == (5_000_000_001, 3)


def test_files_are_remembered(store: SqlStore) -> None:
    with store.write() as tx:
        assert not tx.machine.seen_file("ab" * 32)
        tx.machine.add_file("ab" * 32, "page.txt", NOW)
        tx.machine.add_file("ab" * 32, "copy.txt", NOW)
        assert tx.machine.seen_file("ab" * 32)


def test_a_lease_has_one_holder_who_may_renew(store: SqlStore) -> None:
    assert acquire(store, "n1") == Lease("bot", "n1", 1, 60)
    assert acquire(store, "n2") is None
    assert acquire(store, "n1", 90) == Lease("bot", "n1", 1, 90)
    assert acquire(store, "n2", name="other") == Lease("other", "n2", 1, 60)
    with store.read() as tx:
        assert (tx.machine.holder("bot"), tx.machine.holder("nobody's")) == ("n1", "")


def test_a_lease_given_back_is_free_with_a_greater_term(store: SqlStore) -> None:
    acquire(store, "n1")
    with store.write() as tx:
        tx.machine.release("bot", "n2")
        assert tx.machine.holder("bot") == "n1"
        tx.machine.release("bot", "n1")
        assert tx.machine.holder("bot") == ""
    assert acquire(store, "n2") == Lease("bot", "n2", 2, 60)
    assert acquire(store, "n1") is None


def test_a_lease_that_ran_out_is_taken_over(store: SqlStore) -> None:
    acquire(store, "n1", 0.05)
    taken = next(filter(None, (acquire(store, "n2") for _ in range(2000))))  # as soon as the database's clock allows
    assert taken.term == 2
    assert acquire(store, "n1") is None


def test_a_lease_of_no_time_is_free_at_once_and_terms_grow(store: SqlStore) -> None:
    terms = [acquire(store, holder, 0) for holder in ("a", "b", "c", "a")]
    assert [lease and lease.term for lease in terms] == [1, 2, 3, 4]
    with store.read() as tx:
        assert tx.machine.holder("bot") == ""


def test_of_many_at_once_one_gets_the_lease(store: SqlStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        leases = list(pool.map(lambda number: acquire(store, f"n{number}"), range(8)))
    won = [lease for lease in leases if lease is not None]
    assert len(won) == 1
    with store.read() as tx:
        assert tx.machine.holder("bot") == won[0].holder


HOUR = timedelta(hours=1)


def test_the_latest_time_that_has_been(store: SqlStore) -> None:
    with store.write() as tx:
        assert tx.machine.latest() is None
        tx.outbox.queue(message(), at(5))
        assert tx.machine.latest() == at(5)
        tx.sources.failed(source(tx).id, PollFailure(at(9), at(60), "gone"))
        assert tx.machine.latest() == at(9)


def test_after_the_clock_was_set_back_nothing_waits_longer(store: SqlStore) -> None:
    with store.write() as tx:
        wire = source(tx)
        tx.sources.failed(wire.id, PollFailure(NOW, at(60), "gone"))
        tried, paused = (tx.outbox.queue(message(chat), NOW) for chat in ("1", "2"))
        tx.outbox.claim(NOW, "me", 60, 9, "telegram")
        tx.outbox.finish(tried, retry(20), NOW)
        tx.outbox.finish(paused, Move(State.PENDING, at(30), pause_chat=30, pause_all=10), NOW)
        held = tx.outbox.queue(message("3", state=State.HELD, hold="digest"), NOW, at(7200))
        back = NOW - HOUR
        tx.machine.set_back(back, HOUR)
        assert tx.outbox.pauses(back) == {"2": back + timedelta(seconds=30), "*": back + timedelta(seconds=10)}
        rows = [tx.outbox.get(number) for number in (tried, paused, held)]
        ahead = [(row.next_at - back).total_seconds() for row in rows if row]
        assert ahead == [20, 30, 10800], "what is held back keeps its time on the wall"
        assert not tx.sources.claim_due(back + timedelta(seconds=59), "me", 60, 9)
        assert [row.id for row in tx.sources.claim_due(back + timedelta(seconds=60), "me", 60, 9)] == [wire.id]
        assert tx.machine.latest() == back, "so it is not set back once more"
