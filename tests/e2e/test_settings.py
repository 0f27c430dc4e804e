"""How a chat wants to be told, with the daemon as a process: quiet hours, mutes, settings, status."""

import json

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer

pytestmark = pytest.mark.e2e
PAGE = "{name} said on Friday that it will build a second plant near the harbour.\n"


def test_quiet_hours_hold_and_a_button_shows(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[owner]", admins="1001")
    house.start()
    boss.says("/quiet mon-sun 00:00-24:00")
    boss.expects("Quiet hours", "Asia/Taipei", "It is quiet now")
    house.drop("one.txt", PAGE.format(name="Foxconn"))
    house.expects("one.txt")
    boss.says("/status")
    boss.expects("1 alert until quiet hours end", "Sending works.")
    held = json.loads(house.run("status", "--json").stdout)["held"]
    assert held == [{"chat": "1001", "hold": "quiet", "count": 1}]
    assert "held:     1001: 1 for quiet" in house.run("status").stdout
    boss.says("/quiet")
    panel = boss.expects("1 alert held back so far.")
    press = boss.presses(panel, "Show 1 now")
    boss.expects_answer(press, "The round-up comes in a moment.")
    boss.expects("Foxconn", "second plant")


def test_a_mute_keeps_and_unmuting_offers(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[owner]", admins="1001")
    house.start()
    boss.says("/mute Foxconn 8h")
    boss.expects("Foxconn", "muted until", "Asia/Taipei")
    house.drop("one.txt", PAGE.format(name="Foxconn"))
    house.drop("two.txt", PAGE.format(name="Taipower"))
    boss.expects("Taipower", "second plant")
    boss.says("/unmute")
    listed = boss.expects("Muted here", "1 alert held back")
    boss.presses(listed, "Unmute Foxconn")
    offered = boss.expects("no longer muted", "1 alert held back")
    boss.expects_edit(listed, "Nothing is muted here.")
    boss.presses(offered, "Show 1")
    boss.expects("Foxconn", "second plant")
    assert boss.unread == []


def test_the_language_of_a_chat(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[owner]", admins="1001")
    house.start()
    boss.says("/settings language zh-TW")
    boss.expects("語言：繁體中文", "在這裡設定")
    boss.says("/digest 平日 08:30")
    boss.expects("定時摘要：週一至週五 08:30", "Asia/Taipei 現在是", "下一次摘要")
    house.drop("one.txt", PAGE.format(name="Foxconn"))
    house.expects("one.txt")
    boss.says("/digest")
    boss.expects("目前保留 1 則通知")
    assert house.run("status").returncode == 0
