"""Watching from the chat, with the daemon as a process: from /start to news, a list as a file, there and back."""

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from tests.fakes.feedserver import FeedServer

pytestmark = pytest.mark.e2e


def test_from_start_to_news_in_two_steps(house: House, feeds: FeedServer, api: BotApiServer) -> None:
    wire = feeds.feed("/wire.xml", [])
    boss = api.chat(1001)
    house.configure({"Wire": wire}, api, chats="[console]", admins="1001")
    house.start()
    feeds.wait_for_request("/wire.xml", 2)
    feeds.add_item("/wire.xml", title="Micron to build a memory plant in Hiroshima")
    feeds.wait_for_request("/wire.xml", 5)
    boss.says("/start")
    hello = boss.expects("1001", "Whom shall I watch")
    boss.presses(hello, "Micron")
    boss.expects("✓ On: Micron", "Hiroshima")
    feeds.add_item("/wire.xml", title="Micron names a new chairman after the annual meeting")
    boss.expects("chairman")
    assert api.breaches == []


def test_a_loud_name_is_asked_about_before_it_is_on(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    boss.says("/watch Target")
    question = boss.expects("not on yet", "means other things too")
    press = boss.presses(question, "Watch it")
    boss.expects_edit(question, "✓ On: Target Corporation")
    boss.expects_answer(press, "On.")
    house.drop("one.txt", "Target said on Friday that it will build a second plant near the harbour.\n")
    boss.expects("Target", "second plant")


def test_a_file_of_names_and_the_way_back(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    boss.sends_document("names.csv", "代號,公司名稱\n2317,鴻海\n2330,台積電\n".encode("cp950"), caption="/watch")
    boss.expects("✓ On (2)", timeout=20)
    boss.says("/export")
    boss.expects("2 watches")
