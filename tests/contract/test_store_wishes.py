"""What one chat wants otherwise: mutes, rules, joins; what is known of chats and people; a chat gets another key."""

from collections.abc import Callable

from tests.contract.store_rows import NOW, alert, at, message
from watchbot.model.alert import Move, NewDelivery, State
from watchbot.model.records import ChatInfo, Join, Mute, NewChore, Person, Rule
from watchbot.ports.store import Tx
from watchbot.store import SqlStore

RULE = Rule("7", "supply", "foxconn", "exclude", "薪資 % _")


def test_a_mute_gets_a_new_end_and_keeps_its_id(store: SqlStore) -> None:
    with store.write() as tx:
        first = tx.wishes.mute("7", "watch", "f/foxconn", "Foxconn", at(60), 5, NOW)
        other = tx.wishes.mute("7", "all", "", "everything", None, 5, NOW)
        assert first == Mute(first.id, "7", "watch", "f/foxconn", "Foxconn", at(60), NOW, 5)
        assert other.until is None
        longer = tx.wishes.mute("7", "watch", "f/foxconn", "鴻海", at(600), 6, at(30))
        assert longer == Mute(first.id, "7", "watch", "f/foxconn", "鴻海", at(600), NOW, 6)
        anew = tx.wishes.mute("7", "watch", "f/foxconn", "鴻海", None, 6, at(900))
        assert (anew.id, anew.at, anew.until) == (first.id, at(900), None)
        tx.wishes.mute("8", "watch", "f/foxconn", "Foxconn", at(1), 5, NOW)
        assert [(mute.chat, mute.kind) for mute in tx.wishes.mutes()] == [("7", "watch"), ("7", "all"), ("8", "watch")]
        assert tx.wishes.unmute(first.id)
        assert not tx.wishes.unmute(first.id)
        assert [mute.kind for mute in tx.wishes.mutes()] == ["all", "watch"]


def test_rules_and_joins_are_there_once(store: SqlStore) -> None:
    with store.write() as tx:
        off = Rule("7", "supply", "foxconn", "off")
        assert tx.wishes.add_rule(RULE)
        assert not tx.wishes.add_rule(RULE)
        assert tx.wishes.add_rule(Rule("7", "supply", "foxconn", "exclude", "other"))
        assert tx.wishes.add_rule(off)
        assert {rule.value for rule in tx.wishes.rules()} == {"薪資 % _", "other", ""}
        assert tx.wishes.drop_rule(RULE)
        assert not tx.wishes.drop_rule(RULE)
        assert RULE not in tx.wishes.rules()
        assert off in tx.wishes.rules()
        assert tx.wishes.join("7", "supply", 5, NOW)
        assert not tx.wishes.join("7", "supply", 6, at(1))
        assert tx.wishes.join("8", "supply", 6, at(-1))
        assert tx.wishes.joins() == [Join("8", "supply", 6, at(-1)), Join("7", "supply", 5, NOW)]
        assert tx.wishes.leave("7", "supply")
        assert not tx.wishes.leave("7", "supply")


def test_every_change_makes_the_version_grow_and_nothing_else_does(store: SqlStore) -> None:
    changes: list[Callable[[Tx], object]] = [
        lambda tx: tx.wishes.mute("7", "all", "", "all", None, 5, NOW),
        lambda tx: tx.wishes.mute("7", "all", "", "all", at(9), 5, NOW),
        lambda tx: tx.wishes.unmute(tx.wishes.mutes()[0].id),
        lambda tx: tx.wishes.add_rule(RULE),
        lambda tx: tx.wishes.drop_rule(RULE),
        lambda tx: tx.wishes.join("7", "supply", 5, NOW),
        lambda tx: tx.wishes.leave("7", "supply"),
        lambda tx: tx.chats.set("7", "language", "en"),
        lambda tx: tx.chats.set("7", "language", ""),
    ]
    with store.write() as tx:
        for number, change in enumerate(changes):
            before = tx.chats.version()
            change(tx)
            assert tx.chats.version() > before, number
        before = tx.chats.version()
        assert not tx.wishes.unmute(99)
        assert not tx.wishes.drop_rule(RULE)
        assert not tx.wishes.leave("7", "supply")
        assert tx.chats.version() == before


def test_a_setting_is_taken_away(store: SqlStore) -> None:
    with store.write() as tx:
        tx.chats.set("7", "language", "en")
        tx.chats.set("7", "timezone", "UTC")
        tx.chats.set("7", "language", "")
        tx.chats.set("7", "never set", "")
        assert dict(tx.chats.settings("7")) == {"timezone": "UTC"}


def park(tx: Tx, chat: str) -> None:
    """A chat cannot be reached."""
    row = tx.outbox.queue(message(chat), NOW)
    tx.outbox.claim(NOW, "n", 60, 9, "telegram")
    tx.outbox.finish(row, Move(State.PARKED, NOW, error="blocked", park_chat=True), NOW)


def test_that_a_chat_is_parked_is_told_once_each_time(store: SqlStore) -> None:
    with store.write() as tx:
        park(tx, "7")
        park(tx, "8")
        tx.chats.note_parked("7")
        tx.chats.note_parked("9")
        assert tx.chats.untold_parked() == {"8": "blocked"}
        assert set(tx.chats.parked()) == {"7", "8"}
        tx.chats.unpark("7", NOW)
        assert tx.chats.untold_parked() == {"8": "blocked"}
        (row,) = tx.outbox.claim(NOW, "n", 60, 9, "telegram")
        tx.outbox.finish(row.id, Move(State.PARKED, NOW, error="kicked", park_chat=True), NOW)
        assert tx.chats.untold_parked() == {"7": "kicked", "8": "blocked"}


def test_what_is_known_of_a_chat(store: SqlStore) -> None:
    with store.write() as tx:
        park(tx, "-5")
        assert tx.chats.info("-5") is None
        tx.chats.note(ChatInfo("-5/9", "supergroup", "Desk"))
        assert tx.chats.info("-5") == tx.chats.info("-5/7") == ChatInfo("-5", "supergroup", "Desk")
        tx.chats.note(ChatInfo("-5", "supergroup", "桌"))
        assert tx.chats.info("-5") == ChatInfo("-5", "supergroup", "桌")
        assert set(tx.chats.parked()) == {"-5"}
        assert tx.chats.info("1001") is None
        assert tx.chats.moved() == {}


def test_everybody_who_was_let_in(store: SqlStore) -> None:
    with store.write() as tx:
        for user, role, seconds in ((4, "user", 0), (3, "admin", 5), (2, "admin", 4), (1, "owner", 9)):
            tx.chats.set_role(user, role, at(seconds))
        tx.chats.name_person(3, "Ann 王")
        tx.chats.name_person(99, "Stranger")
        assert tx.chats.everyone() == [
            Person(1, "owner", at(9)),
            Person(2, "admin", at(4)),
            Person(3, "admin", at(5), "Ann 王"),
            Person(4, "user", at(0)),
        ]
        tx.chats.set_role(3, "user", at(20))
        assert [(one.user, one.name) for one in tx.chats.everyone()][-1] == (3, "Ann 王")


def test_a_group_that_moves_takes_its_wishes_along_and_stays_known(store: SqlStore) -> None:
    with store.write() as tx:
        tx.chats.note(ChatInfo("-200", "group", "Desk"))
        own = tx.wishes.mute("-200", "watch", "chat:-200/tsmc", "TSMC", None, 5, NOW)
        lists = tx.wishes.mute("-200", "list", "chat:-200", "own", None, 5, NOW)
        double = tx.wishes.mute("-200", "source", "Wire", "Wire", None, 5, NOW)
        kept = tx.wishes.mute("-100200", "source", "Wire", "Wire", at(60), 6, NOW)
        made = alert(tx, "-200")
        held = NewDelivery("-200", "x", message().form, made, state=State.HELD, hold=f"mute:{double.id}")
        tx.outbox.queue(held, NOW, at(60))
        tx.wishes.add_rule(Rule("-200", "supply", "foxconn", "off"))
        tx.wishes.join("-200", "supply", 5, NOW)
        tx.wishes.join("-100200", "supply", 6, at(1))
        chore = tx.chores.add(NewChore("find", "-200", 5, {}), NOW)
        tx.outbox.rekey("-200", "-100200")

        assert [(mute.id, mute.chat, mute.target) for mute in tx.wishes.mutes()] == [
            (own.id, "-100200", "chat:-100200/tsmc"),
            (lists.id, "-100200", "chat:-100200"),
            (kept.id, "-100200", "Wire"),
        ]
        assert [row.hold for row in tx.outbox.held("-100200")] == [f"mute:{kept.id}"]
        assert tx.wishes.rules() == [Rule("-100200", "supply", "foxconn", "off")]
        assert tx.wishes.joins() == [Join("-100200", "supply", 6, at(1))]
        assert [(one.id, one.asked.chat) for one in tx.chores.begin(NOW, 9)] == [(chore, "-100200")]
        assert tx.chats.moved() == {"-200": "-100200"}
        assert tx.chats.info("-200") == ChatInfo("-200", moved_to="-100200")
        assert tx.chats.info("-100200") == ChatInfo("-100200", "group", "Desk")


def test_a_topic_that_is_gone_moves_to_the_group_but_the_group_did_not_move(store: SqlStore) -> None:
    with store.write() as tx:
        tx.chats.note(ChatInfo("-100200", "supergroup", "Desk"))
        tx.wishes.mute("-100200/7", "all", "", "all", None, 5, NOW)
        tx.outbox.rekey("-100200/7", "-100200")
        tx.outbox.rekey("owner", "1001")
        assert [mute.chat for mute in tx.wishes.mutes()] == ["-100200"]
        assert tx.chats.moved() == {}
        assert tx.chats.info("-100200") == ChatInfo("-100200", "supergroup", "Desk")
