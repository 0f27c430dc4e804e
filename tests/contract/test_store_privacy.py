"""What keeps chats and people apart, on both databases."""

from tests.contract.store_rows import NOW, at, feed, message, news, source, stored
from watchbot.model.alert import Rank, State
from watchbot.store import SqlStore


def test_keys_mean_another_item_from_now_on(store: SqlStore) -> None:
    with store.write() as tx:
        old, new = stored(tx, "g1"), stored(tx, "g2")
        tx.items.repoint(["g:g1", "nobody's"], new)
        assert tx.items.known(["g:g1", "g:g2", "nobody's"]) == {"g:g1": new, "g:g2": new}
        assert tx.items.get(old) is not None


def test_rows_are_parked_without_the_chat(store: SqlStore) -> None:
    with store.write() as tx:
        row = tx.outbox.queue(message("9"), NOW)
        held = tx.outbox.queue(message("9", state=State.HELD, hold="digest"), NOW, at(10))
        other = tx.outbox.queue(message("8"), NOW)
        assert tx.outbox.park_rows("9") == 1
        states = [tx.outbox.get(one).state for one in (row, held, other)]
        assert states == [State.PARKED, State.HELD, State.PENDING]
        assert tx.chats.parked() == {}
        later = tx.outbox.queue(message("9"), NOW)
        assert tx.outbox.get(later).state is State.PENDING
        assert tx.chats.unpark("9", NOW) == 1
        assert tx.outbox.get(row).state is State.PENDING


def test_whether_a_chat_was_answered(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.queue(message("9"), NOW)
        assert not tx.outbox.replied(("9",), NOW, at(9))
        tx.outbox.queue(message("-5/7", rank=Rank.REPLY), NOW)
        assert tx.outbox.replied(("-5", "-5/7"), NOW, at(9))
        assert not tx.outbox.replied(("-5", "-5/7"), at(1), at(9))
        assert not tx.outbox.replied(("-5", "-5/7"), at(-9), NOW)


def test_a_source_of_one_chat_stays_its_own(store: SqlStore) -> None:
    with store.write() as tx:
        own, _new = tx.sources.add(feed("Letter", chat="8"), NOW)
        row = tx.items.add(news("p"), own.id, ["g:p"], NOW, False)
        tx.items.add_source(row, source(tx).id, "https://wire.example/1", "Said", at(1))
        assert [(one.name, one.chat) for one in tx.items.sources(row)] == [("Letter", "8"), ("Wire", "")]
