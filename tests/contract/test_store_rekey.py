"""A chat gets another key: a migration, or somebody claims the bot as owner."""

from dataclasses import replace

from tests.contract.store_rows import NOW, alert, at, card, feed, message, sent, stored
from watchbot.model.alert import Move, Rank, State
from watchbot.model.reason import Reason
from watchbot.model.records import Decision
from watchbot.model.watch import Watch
from watchbot.store import SqlStore


def test_a_migration_moves_everything_in_the_same_transaction(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx, "-5")
        tx.outbox.queue(message("-5", "a", alert=made), NOW)
        tx.outbox.queue(message("-5", "b", Rank.DIGEST), NOW)
        tx.chats.set("-5", "language", "zh-TW")
        tx.chats.add_watch("-5", Watch("w", "W"), NOW)
        tx.alerts.tell("-5", ["k"], NOW)
        item = stored(tx, "other")
        tx.alerts.decide(Decision("-5", item, "", "w", Reason.MUTED, NOW))
        tx.sources.sync([feed("Wire"), feed("Own")], NOW)
        tx.connection.exec_driver_sql("UPDATE sources SET chat = '-5' WHERE name = 'Own'")
        (row,) = tx.outbox.claim(NOW, "n", 60, 9, "telegram")
        tx.outbox.finish(row.id, Move(State.PENDING, NOW, pause_chat=10, new_chat="-1005"), NOW)

        assert [one.chat for one in tx.alerts.last(5)] == ["-1005"]
        assert dict(tx.chats.settings("-1005")) == {"language": "zh-TW"}
        assert dict(tx.chats.settings("-5")) == {}
        assert [one.chat for one in tx.chats.watches()] == ["-1005"]
        assert tx.alerts.told("-1005", ["k"])
        assert not tx.alerts.told("-5", ["k"])
        assert [one.chat for one in tx.alerts.decisions(item)] == ["-1005"]
        assert {one.spec.chat for one in tx.sources.active()} == {"", "-1005"}
        assert tx.outbox.pauses(NOW) == {"-1005": at(10)}
        (again,) = tx.outbox.claim(at(10), "n", 60, 9, "telegram")
        assert (again.chat, again.body) == ("-1005", "a")


def test_the_owner_is_claimed_where_that_chat_has_rows_already(store: SqlStore) -> None:
    with store.write() as tx:
        item = stored(tx)
        story = tx.stories.open(item, NOW)
        waiting, own = (
            tx.alerts.add(chat, story, 0, item, Reason.FIRST_REPORT, card(), NOW) for chat in ("owner", "1001")
        )
        only = alert(tx, "owner", "g2")
        for made in (waiting, only):
            tx.outbox.queue(message("owner", f"owner {made}", alert=made, state=State.WAITING), NOW)
        tx.outbox.queue(message("1001", "own", alert=own), NOW)
        tx.alerts.tell("owner", ["both", "o"], NOW)
        tx.alerts.tell("1001", ["both", "n"], NOW)
        tx.chats.set("owner", "language", "en")
        tx.chats.set("1001", "language", "zh-TW")
        tx.chats.set("owner", "timezone", "UTC")
        tx.chats.add_watch("owner", Watch("w", "old"), NOW)
        tx.chats.add_watch("1001", Watch("w", "new"), NOW)
        tx.alerts.decide(Decision("owner", item, "", "w", Reason.FIRST_REPORT, NOW))
        tx.alerts.decide(Decision("1001", item, "", "w", Reason.MUTED, NOW))
        tx.outbox.rekey("owner", "1001")

        assert {one.id for one in tx.alerts.last(9)} == {own, only}
        assert {one.chat for one in tx.alerts.last(9)} == {"1001"}
        assert [row.body for row in tx.outbox.waiting("1001")] == [f"owner {only}"]
        assert tx.outbox.waiting("owner") == []
        assert tx.outbox.counts()[State.FOLDED] == 1
        assert all(tx.alerts.told("1001", [key]) for key in ("both", "o", "n"))
        assert dict(tx.chats.settings("1001")) == {"language": "zh-TW", "timezone": "UTC"}
        assert [one.watch.label for one in tx.chats.watches()] == ["new"]
        assert [one.reason for one in tx.alerts.decisions(item)] == [Reason.MUTED]
        assert [row.body for row in tx.outbox.claim(NOW, "n", 60, 9, "telegram")] == ["own"]


def test_what_was_sent_under_the_old_key_is_not_sent_again_under_the_new(store: SqlStore) -> None:
    with store.write() as tx:
        item = stored(tx)
        story = tx.stories.open(item, NOW)
        old, new = (tx.alerts.add(chat, story, 0, item, Reason.FIRST_REPORT, card(), NOW) for chat in ("-5", "-1005"))
        tx.outbox.queue(message("-5", "old", alert=old), NOW)
        (row,) = tx.outbox.claim(NOW, "n", 60, 9, "telegram")
        tx.outbox.finish(row.id, sent(7), NOW)
        tx.outbox.queue(message("-1005", "new", alert=new), NOW)
        tx.outbox.rekey("-5", "-1005")
        assert tx.outbox.claim(at(99), "n", 60, 9, "telegram") == []
        counts = tx.outbox.counts()
        assert (counts[State.SENT], counts[State.FOLDED]) == (1, 1)
        told = tx.outbox.sends([new])[new]
        assert (told.body, told.state) == ("old", State.SENT)


def test_messages_stay_in_the_old_group(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx, "-5")
        tx.outbox.queue(message("-5", "told", alert=made), NOW)
        (row,) = tx.outbox.claim(NOW, "n", 60, 9, "telegram")
        tx.outbox.finish(row.id, sent(7), NOW)
        edit = tx.outbox.queue_edit(made, card("more"), NOW, NOW)
        tx.outbox.queue(replace(message("-5", "answer"), reply_to=7), NOW)
        tx.outbox.rekey("-5", "-1005")
        assert edit is not None
        kept = tx.outbox.get(edit)
        assert kept is not None
        assert kept.state is State.FOLDED
        assert tx.outbox.queue_edit(made, card("yet more"), NOW, NOW) is None
        assert tx.outbox.message_id(made) is None
        assert tx.outbox.by_message("-1005", 7) is None
        (answer,) = tx.outbox.claim(NOW, "n", 60, 9, "telegram")
        assert (answer.chat, answer.body, answer.reply_to) == ("-1005", "answer", None)
        tx.outbox.finish(answer.id, sent(8), NOW)
        assert tx.outbox.next_due(at(999), "telegram") is None


def test_whether_a_chat_can_be_reached_is_what_the_new_key_says(store: SqlStore) -> None:
    with store.write() as tx:
        for chat in ("1", "2"):
            tx.outbox.queue(message(chat, chat), NOW)
        rows = tx.outbox.claim(NOW, "n", 60, 9, "telegram")
        for row in rows:
            tx.outbox.finish(row.id, Move(State.PARKED, NOW, park_chat=True, error="blocked"), NOW)
        tx.outbox.rekey("1", "10")
        assert tx.chats.parked() == {"10": "blocked", "2": "blocked"}
        tx.chats.unpark("2", NOW)
        tx.outbox.rekey("10", "2")
        assert tx.chats.parked() == {}
        assert [row.body for row in tx.outbox.claim(NOW, "n", 60, 9, "telegram")] == ["1"]
        tx.outbox.rekey("2", "2")
        assert tx.outbox.counts()[State.SENDING] == 1
