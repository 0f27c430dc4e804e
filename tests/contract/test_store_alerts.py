"""Alerts, decisions and told-keys."""

import pytest

from tests.contract.store_rows import NOW, alert, at, card, message, sent, stored
from watchbot.model.errors import StoreError
from watchbot.model.reason import Reason
from watchbot.model.records import Decision
from watchbot.store import SqlStore


def test_an_alert_comes_back_as_it_was(store: SqlStore) -> None:
    with store.write() as tx:
        item = stored(tx)
        story = tx.stories.open(item, NOW)
        made = tx.alerts.add("-100200/7", story, 0, item, Reason.FIRST_REPORT, card("台積電 🚀"), at(3))
        assert made is not None
        found = tx.alerts.get(made)
        assert found is not None
        assert (found.chat, found.story, found.round, found.item) == ("-100200/7", story, 0, item)
        assert (found.reason, found.card, found.decided_at) == (Reason.FIRST_REPORT, card("台積電 🚀"), at(3))
        tx.alerts.set_card(made, card("Other"))
        assert [one.card for one in tx.alerts.of_story(story)] == [card("Other")]
        assert tx.alerts.get(made + 1) is None


def test_one_alert_a_chat_story_and_round(store: SqlStore) -> None:
    with store.write() as tx:
        item = stored(tx)
        story = tx.stories.open(item, NOW)

        def add(chat: str, round_: int) -> int | None:
            return tx.alerts.add(chat, story, round_, item, Reason.FIRST_REPORT, card(), NOW)

        first = add("7", 0)
        assert first is not None
        assert add("7", 0) is None
        others = [add("7", 1), add("8", 0)]
        assert None not in others
        assert [one.id for one in tx.alerts.of_story(story)] == [first, *others]
        assert [one.id for one in tx.alerts.last(2)] == [others[1], others[0]]
        assert tx.alerts.count_told() == 1


def test_an_alert_is_found_by_its_message(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        row = tx.outbox.queue(message(alert=made), NOW)
        tx.outbox.queue(message(), NOW)
        for claimed in tx.outbox.claim(NOW, "n", 60, 1, "telegram"):
            assert claimed.id == row
        tx.outbox.finish(row, sent(55), NOW)
        found = tx.alerts.by_message("7", 55)
        assert found is not None
        assert found.id == made
        assert tx.alerts.by_message("8", 55) is None
        assert tx.alerts.by_message("7", 56) is None


def test_the_latest_decision_wins(store: SqlStore) -> None:
    with store.write() as tx:
        item = stored(tx)
        tx.alerts.decide(Decision("8", item, "", "b", Reason.MUTED, at(1)))
        tx.alerts.decide(Decision("7", item, "list", "a", Reason.MUTED, at(1)))
        latest = Decision("7", item, "list", "a", Reason.FIRST_REPORT, at(2))
        tx.alerts.decide(latest)
        assert tx.alerts.decisions(item) == [latest, Decision("8", item, "", "b", Reason.MUTED, at(1))]
        assert tx.alerts.decisions(item + 1) == []


def test_told_keys_belong_to_one_chat_and_outlive_items(store: SqlStore) -> None:
    with store.write() as tx:
        stored(tx)
        tx.alerts.tell("7", ["a", "b", "a"], NOW)
        tx.alerts.tell("7", ["b"], at(9))
        tx.alerts.tell("7", [], NOW)
        tx.connection.exec_driver_sql("DELETE FROM items")
        assert tx.alerts.told("7", ["x", "b"])
        assert not tx.alerts.told("7", ["x"])
        assert not tx.alerts.told("7", [])
        assert not tx.alerts.told("8", ["a", "b"])


def test_what_belongs_to_an_item_goes_with_it(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        found = tx.alerts.get(made)
        assert found is not None
        tx.alerts.decide(Decision("7", found.item, "", "w", Reason.FIRST_REPORT, NOW))
        tx.connection.exec_driver_sql("DELETE FROM items")
        assert tx.alerts.get(made) is None
        assert tx.alerts.decisions(found.item) == []


def test_an_item_with_deliveries_cannot_go(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.queue(message(alert=alert(tx)), NOW)
    with pytest.raises(StoreError, match=r"(?i)foreign key"), store.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM items")
    with store.read() as tx:
        assert tx.items.count() == 1


def test_an_alert_needs_its_item(store: SqlStore) -> None:
    with pytest.raises(StoreError, match=r"(?i)foreign key"), store.write() as tx:
        tx.alerts.add("7", 1, 0, 1, Reason.FIRST_REPORT, card(), NOW)
