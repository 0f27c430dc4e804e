"""Offers are kept once, on a chat's own watch or as a rule of the chat, and bring back what was before."""

import json

import pytest

from tests.unit.pipeline.conftest import Office, news
from watchbot.model.offer import COMPLAINTS, DELIVER, EXCLUDE, MENTIONS, UPDATES, Offer
from watchbot.model.records import AlertRow, Rule
from watchbot.model.watch import Watch
from watchbot.pipeline import complaints

APPLE = Watch("apple", "Apple", names=("Apple",), mentions="digest")


def alert(office: Office, title: str) -> AlertRow:
    """An alert of chat 7."""
    office.take("Wire", news(1, title))
    with office.store.read() as tx:
        return next(row for row in tx.alerts.last(9) if row.chat == "7")


@pytest.mark.parametrize("complaint", COMPLAINTS)
def test_every_offer_for_a_locked_watch_is_kept_once_and_undone(office: Office, complaint: str) -> None:
    row = alert(office, "Foxconn Interconnect wins an order")
    with office.store.write() as tx:
        offers = complaints.offers(tx, office.directory, row, complaint)
        assert offers
        for offer in offers:
            offer = complaints.load(json.loads(json.dumps(complaints.dump(offer))))
            done = complaints.keep(tx, "7", 7, offer, office.clock.now())
            assert done is not None
            assert done.done
            assert complaints.keep(tx, "7", 7, done, office.clock.now()) == done
            assert len(tx.wishes.rules()) + len(tx.wishes.mutes()) == 1
            back, _ended = complaints.undo(tx, "7", done, office.clock.now())
            assert back == offer
            assert complaints.undo(tx, "7", back, office.clock.now())[0] == offer
            assert (tx.wishes.rules(), tx.wishes.mutes()) == ([], [])


def test_a_rule_takes_the_place_of_another_and_gives_it_back(office: Office) -> None:
    older = Rule("7", "w1", "foxconn", DELIVER, "instant")
    offer = Offer(DELIVER, "digest", "w1", "foxconn", "Foxconn", locked=True)
    with office.store.write() as tx:
        tx.wishes.add_rule(older)
        tx.wishes.add_rule(Rule("8", "w1", "foxconn", DELIVER, "instant"))
        done = complaints.keep(tx, "7", 7, offer, office.clock.now())
        assert done is not None
        assert {(rule.chat, rule.value) for rule in tx.wishes.rules()} == {("7", "digest"), ("8", "instant")}
        complaints.undo(tx, "7", done, office.clock.now())
        assert {(rule.chat, rule.value) for rule in tx.wishes.rules()} == {("7", "instant"), ("8", "instant")}


@pytest.mark.parametrize(("kind", "value", "before"), [(MENTIONS, "off", "digest"), (UPDATES, "off", None)])
def test_a_setting_of_a_chats_watch_comes_back(office: Office, kind: str, value: str, before: str | None) -> None:
    offer = Offer(kind, value, "chat:7", "apple", "Apple")
    with office.store.write() as tx:
        tx.chats.add_watch("7", APPLE, office.clock.now())
        done = complaints.keep(tx, "7", 7, offer, office.clock.now())
        assert done is not None
        assert getattr(tx.chats.watches("7")[0].watch, kind) == value
        complaints.undo(tx, "7", done, office.clock.now())
        assert getattr(tx.chats.watches("7")[0].watch, kind) == before


def test_undoing_leaves_what_was_changed_since(office: Office) -> None:
    offer = Offer(EXCLUDE, "Apple Hospitality", "chat:7", "apple", "Apple")
    with office.store.write() as tx:
        tx.chats.add_watch("7", APPLE, office.clock.now())
        done = complaints.keep(tx, "7", 7, offer, office.clock.now())
        assert done is not None
        stored = tx.chats.watches("7")[0].watch
        assert stored.exclude == ("Apple Hospitality",)
        other = complaints.keep(
            tx, "7", 7, Offer(EXCLUDE, "Apple Valley", "chat:7", "apple", "Apple"), office.clock.now()
        )
        assert other is not None
        complaints.undo(tx, "7", done, office.clock.now())
        assert tx.chats.watches("7")[0].watch.exclude == ("Apple Valley",)


def test_names_and_known_excludes_are_not_offered(office: Office) -> None:
    row = alert(office, "Hon Hai Foxconn hires")
    with office.store.read() as tx:
        values = [
            offer.value for offer in complaints.offers(tx, office.directory, row, "wrong") if offer.kind == EXCLUDE
        ]
    assert not {"foxconn", "hon hai"} & {value.casefold() for value in values}


def test_a_watch_that_is_gone_keeps_nothing(office: Office) -> None:
    offer = Offer(EXCLUDE, "Apple Hospitality", "chat:7", "apple", "Apple")
    with office.store.write() as tx:
        assert complaints.keep(tx, "7", 7, offer, office.clock.now()) is None
        assert tx.chats.watches("7") == []
