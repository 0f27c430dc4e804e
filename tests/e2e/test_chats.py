"""Groups, topics and channels, with the daemon as a process: who may command where, where answers go, migration."""

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from tests.fakes.botapi_chat import Chat

pytestmark = pytest.mark.e2e
PAGE = "{name} said on Friday that it will build a second plant near the harbour.\n"


def test_in_a_group_only_admins_command(house: House, api: BotApiServer) -> None:
    api.chat(1001)
    group = api.chat(-100200, members={1001: "member", 2002: "member", 3003: "administrator"})
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    group.says("/watch Foxconn", user=2002)
    group.says("/list", user=2002)
    group.says("/watch@some_other_bot Foxconn", user=1001)
    for text in ("/watch Foxconn", "/list"):
        group.says(text, user=3003)  # Telegram's menu offers them these
    group.expects("This bot is private", "3003")
    api.wait_confirmed()
    assert group.unread == []
    group.says(f"/watch@{api.bot['username']} Zyxomma", user=1001)
    group.expects("Zyxomma")
    house.drop("one.txt", PAGE.format(name="Zyxomma"))
    group.expects("Zyxomma", "second plant")


def test_a_topic_is_a_chat_of_its_own(house: House, api: BotApiServer) -> None:
    api.chat(1001)
    group = api.chat(-100200, members={1001: "creator"})
    chips, plants = group.topic(7), group.topic(9)
    house.configure({}, api, chats="[console, '-100200/9']", admins="1001")
    house.start()
    chips.says("/watch Zyxomma", user=1001)
    chips.expects("Zyxomma")
    house.drop("one.txt", PAGE.format(name="Zyxomma"))
    chips.expects("Zyxomma", "second plant")
    house.drop("two.txt", "Foxconn said on Friday that it will close an office in the north.\n")
    plants.expects("Foxconn", "close an office")
    assert chips.unread == []
    chips.says("/start", user=1001)
    chips.expects("-100200/7")


def channels(house: House, api: BotApiServer) -> tuple[Chat, Chat]:
    """One that the file knows by its name and one that it knows by its id, and news for both."""
    api.chat(1001)
    named = api.chat(-100300, type="channel", username="chipnews", title="Chip News")
    numbered = api.chat(-100400, type="channel", title="More")
    house.configure({}, api, chats="['@chipnews', '-100400']", admins="1001")
    house.start()
    house.drop("one.txt", PAGE.format(name="Foxconn"))
    return named, numbered


def test_channels_by_name_and_by_id(house: House, api: BotApiServer) -> None:
    named, numbered = channels(house, api)
    named.expects("Foxconn", "second plant")
    numbered.expects("Foxconn", "second plant")
    named.posts("/start")
    named.expects("-100300")
    named.posts("/start")
    named.posts("/watch Zyxomma")
    named.posts("/help")
    api.wait_confirmed()
    assert named.unread == []


def test_what_is_pressed_in_a_channel_holds_for_its_name_in_the_file(house: House, api: BotApiServer) -> None:
    named, other = channels(house, api)
    alert = named.expects("Foxconn", "second plant")
    named.expects_answer(named.presses(alert, "Why", user=6006), "admins")  # not a post for every reader
    named.expects_answer(named.presses(alert, "Why", user=1001))
    named.expects("Why this alert")
    named.expects_answer(named.presses(alert, "Mute", user=1001))
    api.wait_for(lambda: any("8 h" in text for row in alert.buttons for text in map(str, row)), 10, "the mutes")
    named.expects_answer(named.presses(alert, "8 h", user=1001), "muted")
    house.drop("two.txt", "Foxconn said on Friday that it will close an office in the north.\n")
    other.expects("Foxconn", "close an office")
    api.wait_confirmed()
    assert named.unread == []


def test_a_strangers_group_learns_its_id_and_nothing_else(house: House, api: BotApiServer) -> None:
    api.chat(1001)
    group = api.chat(-100500, members={6006: "creator"})
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    group.sets_bot("member", user=6006)
    group.says("/start", user=6006)
    group.expects("-100500")
    for text in ("/start", "/help", "/watch Foxconn", "/invite", "/list"):
        group.says(text, user=6006)
    api.wait_confirmed()
    assert group.unread == []
    assert "-100500" not in house.run("status", "--json").stdout


def test_an_anonymous_administrator_is_told_how_to_be_known(house: House, api: BotApiServer) -> None:
    api.chat(1001)
    group = api.chat(-100200, members={1001: "creator"})
    hidden = api.user(1087968824, name="Group", username="GroupAnonymousBot", is_bot=True)
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    group.says("/watch Foxconn", user=hidden)
    group.expects("Remain anonymous")


@pytest.mark.parametrize("told", ["by a message", "by an error"])
def test_a_group_that_becomes_a_supergroup_takes_everything_along(house: House, api: BotApiServer, told: str) -> None:
    api.chat(1001)
    old = api.chat(-500, members={1001: "creator"})
    house.configure({}, api, chats="[console, '-500']", admins="1001")
    house.start()
    old.says("/watch Zyxomma", user=1001)
    old.expects("Zyxomma")
    api.wait_confirmed()
    if told == "by a message":
        new = old.upgrades(-100500)
    else:
        new = api.chat(-100500, type="supergroup", title="Moved", members={1001: "creator"})
        with api.changed:
            old.state.upgraded_to = new.id
    house.drop("one.txt", PAGE.format(name="Zyxomma"))
    new.expects("Zyxomma", "second plant")
    new.says("/list", user=1001)
    new.expects("Zyxomma", "Foxconn")
    house.drop("two.txt", "Foxconn said on Friday that it will close an office in the north.\n")
    new.expects("Foxconn", "close an office")
    assert new.unread == []
