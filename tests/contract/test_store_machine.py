"""Offsets, leases by the database's clock, dropped files."""

from concurrent.futures import ThreadPoolExecutor

from tests.contract.store_rows import NOW
from watchbot.model.records import Lease
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
