"""Talking to the bot, with the daemon as a process."""

import re

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from tests.fakes.feedserver import FeedServer

pytestmark = pytest.mark.e2e
PAGE = "{name} said on Friday that it will build a second plant near the harbour.\n"


def test_an_admin_watches_lists_and_unwatches(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    boss.says("/watch Zyxomma, Brelvane")
    boss.presses(boss.expects("Unknown (2)", "Zyxomma", "Brelvane"), "Watch 2 as plain names")
    house.drop("one.txt", PAGE.format(name="Zyxomma"))
    boss.expects("Zyxomma", "second plant")
    boss.says("/list")
    boss.expects("Zyxomma", "Brelvane")
    boss.says("/unwatch zyxomma")
    boss.expects("Zyxomma")
    house.drop("two.txt", PAGE.format(name="Zyxomma again"))
    house.drop("three.txt", PAGE.format(name="Brelvane"))
    boss.expects("Brelvane", "second plant")
    assert boss.unread == []


def test_a_stranger_changes_nothing(house: House, api: BotApiServer) -> None:
    api.chat(1001)
    stranger = api.chat(2002)
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    stranger.says("/watch Foxconn")
    stranger.expects("2002")
    said = stranger.says("/list")
    api.wait_confirmed(said.update_id)
    house.drop("one.txt", PAGE.format(name="Foxconn"))
    house.expects("one.txt: 1 told")
    assert stranger.unread == []
    with_help = house.run("status", "--json")
    assert "2002" not in with_help.stdout


def test_commands_sent_while_the_daemon_is_down_are_handled_once(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[console]", admins="1001")
    said = boss.says("/watch Zyxomma")
    house.start()
    boss.expects("Zyxomma")
    api.wait_confirmed(said.update_id)
    house.kill()
    house.start()
    boss.says("/list")
    boss.expects("Zyxomma")
    assert boss.unread == []


def test_the_owner_claims_the_bot_and_gets_what_waited(house: House, api: BotApiServer) -> None:
    person, late = api.chat(3003), api.chat(4004)
    house.configure({}, api, chats="[owner]")
    house.start()
    house.drop("one.txt", PAGE.format(name="Foxconn"))
    house.expects("one.txt: 1 told")
    link = house.run("invite", "--role", "owner").stdout
    code = re.search(r"start=(\S+)", link)
    assert code
    assert link.startswith(f"https://t.me/{api.bot['username']}?start=")
    person.starts(code[1])
    person.expects("3003")
    person.expects("Foxconn", "second plant")
    late.starts(code[1])
    late.expects()
    assert house.run("invite", "--role", "owner").returncode == 1
    house.drop("two.txt", "The chairman of Hon Hai retires after three decades at the helm.\n")
    person.expects("chairman", "Hon Hai")
    assert len(late.messages) == 1
    assert code[1] not in "\n".join(house.lines)


def test_chinese_for_a_chinese_app(house: House, api: BotApiServer) -> None:
    api.user(1001, language="zh-hant")
    boss = api.chat(1001)
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    boss.says("/watch 鴻海")
    boss.expects("鴻海", "已關注")


def test_the_token_never_reaches_the_log(house: House, feeds: FeedServer, api: BotApiServer) -> None:
    api.chat(1001)
    house.configure({"Wire": feeds.feed("/w.xml", [])}, api, chats="[owner]", admins="1001")
    api.fault("502", method="*", times=3)
    house.start("--log-level", "debug")
    feeds.wait_for_request("/w.xml", 2)
    assert house.stop() == 0
    printed = "\n".join(house.lines)
    assert api.token not in printed
    assert "Traceback" not in printed


def test_a_chat_that_comes_back_gets_what_waited(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[owner, console]", admins="1001")
    house.start()
    boss.blocks()
    house.drop("one.txt", PAGE.format(name="Foxconn"))
    house.expects("one.txt: 1 told", "cannot be reached")
    assert boss.messages == []
    boss.unblocks()
    boss.expects("Foxconn", "second plant", timeout=20)


def test_story_answers_an_alert(house: House, feeds: FeedServer, api: BotApiServer) -> None:
    wire, post = feeds.feed("/wire.xml", []), feeds.feed("/post.xml", [])
    boss = api.chat(1001)
    house.configure({"Wire": wire, "Post": post}, api, chats="[owner]", admins="1001")
    house.start()
    feeds.wait_for_request("/wire.xml", 2)
    feeds.wait_for_request("/post.xml", 2)
    feeds.add_item("/wire.xml", title="Foxconn to build AI server plant in Houston")
    message = boss.expects("AI server plant")
    feeds.add_item("/post.xml", title="Foxconn to build an AI server plant in Houston, Texas")
    boss.expects_edit(message, "+1 more")
    boss.says("/story", reply_to=message)
    boss.expects("2 items", "shares", "/story split 2")
    boss.says("/story split 2", reply_to=message)
    boss.expects("Split off")
    boss.expects("Houston, Texas")
    assert house.run("stories", "export").stdout.count('"same": false') == 1
