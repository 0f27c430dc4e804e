"""What the courier asks of the outbox so as to keep Telegram's limits: whom to pass over, and what went out lately."""

from tests.contract.store_rows import NOW, at, message, sent
from watchbot.store import SqlStore


def test_chats_that_may_not_be_called_now_are_passed_over(store: SqlStore) -> None:
    with store.write() as tx:
        for chat in ("1", "2", "3"):
            tx.outbox.queue(message(chat), NOW)
        claimed = tx.outbox.claim(NOW, "me", 60, 9, "telegram", ["2", "9"])
        assert [row.chat for row in claimed] == ["1", "3"]
        assert [row.chat for row in tx.outbox.claim(NOW, "me", 60, 9, "telegram")] == ["2"]


def test_a_busy_chat_takes_no_place_from_others(store: SqlStore) -> None:
    with store.write() as tx:
        for _ in range(20):
            tx.outbox.queue(message("1"), NOW)
        tx.outbox.queue(message("2"), NOW)
        assert [row.chat for row in tx.outbox.claim(NOW, "me", 60, 1, "telegram", ["1"])] == ["2"]


def test_what_was_sent_lately(store: SqlStore) -> None:
    with store.write() as tx:
        for seconds, chat in ((0, "1"), (30, "2"), (40, "1")):
            row = tx.outbox.queue(message(chat), NOW)
            tx.outbox.claim(at(seconds), "me", 60, 9, "telegram")
            tx.outbox.finish(row, sent(when=at(seconds)), at(seconds))
        tx.outbox.queue(message("3"), NOW)
        assert tx.outbox.sent_since(at(10)) == [("2", at(30)), ("1", at(40))]
        assert tx.outbox.sent_since(at(40)) == []
