"""What the courier asks of the outbox so as to keep Telegram's limits: whom to pass over, and what went out lately."""

from tests.contract.store_rows import NOW, at, message, retry, sent
from watchbot.model.alert import Move, State
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


def test_calls_that_were_not_answered_count_too(store: SqlStore) -> None:
    lost = Move(State.UNCERTAIN, at(20), repeat=True)
    with store.write() as tx:
        rows = {chat: tx.outbox.queue(message(chat), NOW) for chat in ("1", "2", "3", "4", "5")}
        for seconds in (0, 20, 40, 60, 80):
            tx.outbox.claim(at(seconds), "me", 60, 9, "telegram", ["3", "4"])
            tx.outbox.finish(rows["1"], lost, at(seconds))
            tx.outbox.finish(rows["5"], Move(State.PARKED, at(0), error="blocked", park_chat=True), at(seconds))
            if seconds <= 20:
                tx.outbox.finish(rows["2"], sent(when=at(20)) if seconds else retry(0), at(seconds))
        tx.outbox.claim(at(80), "me", 60, 9, "telegram", ["1", "2", "4"])
        assert tx.outbox.sent_since(NOW) == [("2", at(20))] * 2, "one try that was not answered, and the one that was"
        assert sorted(tx.outbox.tried()) == ["1", "1", "1", "3", "5"], (
            "at most three a minute; so do those on their way"
        )
