"""Long work that messages asked for: done once, whatever dies."""

import pytest

from tests.contract.store_rows import NOW, at
from watchbot.model.records import Chore, NewChore
from watchbot.store import SqlStore, open_store

ASKED = NewChore("find", "-5/7", 1001, {"url": "https://例.example/?a=1", "depth": 2, "words": ["鴻海"]}, reply=44)


def test_a_chore_comes_back_as_it_was_asked(store: SqlStore) -> None:
    with store.write() as tx:
        row = tx.chores.add(ASKED, NOW)
        other = tx.chores.add(NewChore("test", "7", 5, {}), at(1))
        assert (tx.chores.of(1001), tx.chores.of(5), tx.chores.of(6)) == (1, 1, 0)
        assert tx.chores.begin(NOW, 9) == [Chore(row, ASKED, 1, NOW)]
        assert [one.id for one in tx.chores.begin(at(1), 9)] == [other]
        assert tx.chores.begin(at(2), 9) == []


def test_the_oldest_come_first_and_no_more_than_wanted(store: SqlStore) -> None:
    with store.write() as tx:
        rows = [tx.chores.add(ASKED, NOW) for _ in range(5)]
        assert [one.id for one in tx.chores.begin(NOW, 2)] == rows[:2]
        assert [one.id for one in tx.chores.begin(NOW, 9)] == rows[2:]


def test_one_that_was_not_finished_is_begun_again(store: SqlStore) -> None:
    with store.write() as tx:
        row = tx.chores.add(ASKED, NOW)
        tx.chores.begin(NOW, 9)
        assert tx.chores.begin(at(299), 9) == []
        assert [(one.id, one.attempts) for one in tx.chores.begin(at(300), 9)] == [(row, 2)]
        tx.chores.again(row, at(310))
        assert tx.chores.begin(at(309), 9) == []
        assert [one.attempts for one in tx.chores.begin(at(310), 9)] == [3]
        assert tx.chores.finish(row)
        assert not tx.chores.finish(row)
        assert tx.chores.of(1001) == 0
        tx.chores.again(row, at(310))
        assert tx.chores.begin(at(999), 9) == []


def test_what_is_not_committed_is_not_begun(store: SqlStore) -> None:
    with store.write() as tx:
        row = tx.chores.add(ASKED, NOW)
    with pytest.raises(KeyError, match="dies"):
        die_at_work(store, row)
    with store.write() as tx:
        assert [(one.id, one.attempts) for one in tx.chores.begin(NOW, 9)] == [(row, 1)]


def die_at_work(store: SqlStore, row: int) -> None:
    """Begin and finish it, and do not live to see the commit."""
    with store.write() as tx:
        tx.chores.begin(NOW, 9)
        assert tx.chores.finish(row)
        raise KeyError("dies")


@pytest.mark.postgres
def test_two_nodes_do_not_begin_the_same(migrated_postgres_url: str) -> None:
    one, other = open_store(migrated_postgres_url), open_store(migrated_postgres_url)
    with one.write() as tx:
        rows = [tx.chores.add(ASKED, NOW) for _ in range(3)]
    with one.write() as first, other.write() as second:
        assert [chore.id for chore in first.chores.begin(NOW, 2)] == rows[:2]
        assert [chore.id for chore in second.chores.begin(NOW, 9)] == rows[2:]
    one.close()
    other.close()
