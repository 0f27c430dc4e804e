"""Who may do what where, as a table; strangers, hurried people and administrators without a face."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.bot.conftest import ADMIN, GROUP, OWNER, STRANGER, USER, Desk, make_desk
from watchbot.bot.asked import ANONYMOUS, Asked
from watchbot.bot.gate import Gate
from watchbot.bot.making import make_talk
from watchbot.bot.talk import Answer, Command
from watchbot.catalogue import Catalogue
from watchbot.message.card import buttons
from watchbot.model.alert import Form, NewDelivery
from watchbot.model.panel import Panel
from watchbot.model.settings import Quotas, TelegramSettings
from watchbot.pipeline.directory import Directory

PLACES = {"private": "private", "group": "group", "topic": "supergroup", "channel": "channel"}
PEOPLE = {"owner": OWNER, "admin": ADMIN, "user": USER, "stranger": STRANGER}
NEEDS = ("anyone", "read", "change", "admin")

# runs, refused (a word of refusal), silent; for anyone, read, change, admin
TABLE = {
    ("owner", "private"): "runs runs runs runs",
    ("owner", "group"): "runs runs runs runs",
    ("owner", "topic"): "runs runs runs runs",
    ("admin", "private"): "runs runs runs runs",
    ("admin", "group"): "runs runs runs runs",
    ("admin", "topic"): "runs runs runs runs",
    ("user", "private"): "runs runs runs refused",
    ("user", "group"): "runs runs refused refused",
    ("user", "topic"): "runs runs refused refused",
    ("user who is a chat admin", "group"): "runs runs runs refused",
    ("user who is a chat admin", "topic"): "runs runs runs refused",
    ("stranger", "private"): "runs refused refused refused",
    ("stranger", "group"): "silent silent silent silent",
    ("stranger", "topic"): "silent silent silent silent",
    ("stranger who is a chat admin", "group"): "refused refused refused refused",
    ("stranger who is a chat admin", "topic"): "refused refused refused refused",
    ("owner", "channel"): "silent silent silent silent",
    ("stranger", "channel"): "silent silent silent silent",
}


def ask(desk: Desk, person: str, place: str, command: str = "thing", **more: Any) -> Asked:
    user = PEOPLE[person.split()[0]]
    chat = str(user) if place == "private" else f"{GROUP}/7" if place == "topic" else str(GROUP)
    return Asked(
        **{
            "chat": chat,
            "user": user,
            "private": place == "private",
            "command": command,
            "argument": "",
            "language": "en",
            "kind": PLACES[place],
            "text": f"/{command}",
            "chat_admin": "chat admin" in person,
        }
        | more
    )


def verdict(desk: Desk, asked: Asked, needs: str | None, gate: Gate | None = None) -> str:
    command = None if needs is None else Command(lambda _talk: (), needs)
    with desk.store.read() as tx:
        talk = make_talk(desk.tools, tx, asked.chat, asked.user, asked.private, asked.language, asked.chat_admin, asked)
        found = (gate or Gate(desk.clock)).refuse(talk, command)
    return "refused" if isinstance(found, Answer) else "silent" if found else "runs"


@pytest.mark.parametrize(("person", "place"), TABLE)
def test_who_may_do_what_where(desk: Desk, person: str, place: str) -> None:
    found = [verdict(desk, ask(desk, person, place), needs) for needs in NEEDS]
    assert found == TABLE[person, place].split()


@pytest.mark.parametrize("place", PLACES)
def test_start_is_for_everybody_everywhere(desk: Desk, place: str) -> None:
    assert verdict(desk, ask(desk, "stranger", place, "start"), "anyone") == "runs"


def test_an_unknown_command_in_a_group_may_be_another_bots(desk: Desk) -> None:
    asked = ask(desk, "owner", "group", "roll")
    assert verdict(desk, asked, None) == "silent"
    assert verdict(desk, replace(asked, text="/roll@watch_test_bot"), None) == "runs"
    assert verdict(desk, ask(desk, "owner", "private", "roll"), None) == "runs"


def test_strangers_hear_one_answer_an_hour_whatever_they_say(desk: Desk) -> None:
    desk.as_(STRANGER)
    assert len(desk.says("/help")) == 1
    assert desk.says("/start") == desk.says("/watch Foxconn") == desk.says("what is this?") == []
    desk.clock.move(3601)
    assert len(desk.says("what is this?")) == 1
    assert desk.says("/help") == []


def test_an_administrator_of_a_group_who_was_never_let_in_hears_so_once_an_hour(desk: Desk) -> None:
    asked, gate = ask(desk, "stranger who is a chat admin", "group", "watch"), Gate(desk.clock)
    in_topic = replace(asked, chat=f"{GROUP}/7")
    found = [verdict(desk, one, "change", gate) for one in (asked, asked, in_topic, replace(asked, user=667))]
    assert found == ["refused", "silent", "silent", "silent"]
    assert verdict(desk, replace(asked, command="roll", text="/roll"), None, Gate(desk.clock)) == "silent"
    desk.clock.move(3601)
    assert verdict(desk, asked, "change", gate) == "refused"


def test_a_strangers_words_leave_nothing_behind(desk: Desk) -> None:
    desk.as_(STRANGER).says("/watch Foxconn")
    desk.as_(STRANGER, -100999).says("/watch Foxconn")
    with desk.store.read() as tx:
        assert tx.chats.info(str(STRANGER)) is None
        assert tx.chats.info("-100999") is None
        assert tx.chats.watches() == []


def test_a_stranger_presses_in_vain(desk: Desk) -> None:
    (listed,) = desk.as_(OWNER).says("/invite list")
    desk.press(listed, "Remove: 8", user=STRANGER)
    assert "somebody else" in desk.toast
    assert desk.deliver() == []


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Ask its owner for an invitation"), ("zh-TW", "請向擁有者索取邀請")]
)
def test_who_gets_alerts_by_a_file_but_was_not_let_in_hears_how(desk: Desk, language: str, words: str) -> None:
    chat = str(STRANGER)
    with desk.store.write() as tx:
        panel = Panel("alert", {"alert": 1})
        tx.outbox.queue(NewDelivery(chat, "news", Form.HTML, rows=buttons(language), panel=panel), desk.clock.now())
    (alert,) = desk.deliver()
    desk.language = language
    for label in alert.buttons:
        assert desk.press(alert, label, user=STRANGER) == []
        assert words in desk.toast
        assert chat in desk.toast
        assert "<" not in desk.toast


def test_a_hurried_user_is_told_once_a_minute(desk: Desk) -> None:
    hurried = replace(desk.tools.settings.telegram, quotas=Quotas(per_minute=3))
    desk.handlers._tools = replace(desk.tools, settings=replace(desk.tools.settings, telegram=hurried))
    desk.as_(USER)
    assert [len(desk.says("/help")) for _ in range(3)] == [1, 1, 1]
    (warned,) = desk.says("/help")
    assert "wait a minute" in warned.text
    assert [desk.says("/help") for _ in range(3)] == [[], [], []]
    desk.clock.move(61)
    (helped,) = desk.says("/help")
    assert "/watch" in helped.text
    for _ in range(9):
        assert len(desk.as_(ADMIN).says("/help")) == 1


def test_an_anonymous_administrator_hears_how_to_be_known(desk: Desk) -> None:
    asked = ask(desk, "stranger", "group", "watch", user=ANONYMOUS, chat_admin=True)
    gate = Gate(desk.clock)
    assert verdict(desk, asked, "change", gate) == "refused"
    assert verdict(desk, asked, "change", gate) == "silent"
    assert verdict(desk, replace(asked, command="", text="hello"), "change", Gate(desk.clock)) == "silent"
    desk.as_(ANONYMOUS, GROUP)
    (hint,) = desk.says("/watch Foxconn")
    assert "Remain anonymous" in hint.text


def test_open_access(desk: Desk, catalogue: Catalogue) -> None:
    telegram = TelegramSettings(token="1:a", admins=(OWNER,), access="open")
    directory = Directory(replace(desk.directory.settings, telegram=telegram))
    opened = make_desk(desk.store, directory, desk.clock, desk.sources, catalogue)
    assert verdict(opened, ask(opened, "stranger", "private"), "change") == "runs"
    assert verdict(opened, ask(opened, "stranger", "private"), "admin") == "refused"
    assert verdict(opened, ask(opened, "stranger", "group"), "read") == "silent"
    assert verdict(opened, ask(opened, "stranger who is a chat admin", "group"), "change") == "runs"
    assert verdict(opened, ask(opened, "stranger", "channel", user=0), "change") == "silent"


def test_a_stranger_who_presses_without_end_is_stopped(desk: Desk) -> None:
    asked = ask(desk, "stranger", "group", "start")
    gate = Gate(desk.clock)
    found = [verdict(desk, asked, "anyone", gate) for _ in range(25)]
    assert found == ["runs"] * 20 + ["silent"] * 5
