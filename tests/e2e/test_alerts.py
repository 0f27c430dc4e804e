"""The user's path, with the daemon as a process: feeds and dropped pages in, alerts in chats and the terminal out."""

from pathlib import Path

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from tests.fakes.feedserver import FeedServer

pytestmark = pytest.mark.e2e
PAGE = """Evening notes

Hon Hai adds a line in Texas
Hon Hai said it will add an assembly line for servers near Houston next spring.

台電公布冬季供電規劃
台電表示,今年冬季的備轉容量率預估可維持在百分之十二以上。

A bakery in Tainan tests a new oven, its owner said on the local radio.

A drama about DRAM engineers won three prizes at the ceremony on Saturday.
"""


def test_a_dropped_page_is_told_once_and_says_what_was_not(house: House) -> None:
    house.configure()
    house.start()
    house.drop("notes.txt", PAGE)
    house.expects("Hon Hai adds a line in Texas", "台電公布冬季供電規劃", "2 told, 2 others not told: watchbot explain")
    assert house.count("bakery") == 0
    house.drop("again.txt", PAGE)
    house.expects("again.txt: the same file was read before")
    assert house.count("Hon Hai adds a line") == 1
    assert house.stop() == 0


def test_a_restart_tells_nothing_again(house: House) -> None:
    house.configure()
    house.drop("notes.txt", PAGE)
    first = house.run("run", "--once")
    assert first.returncode == 0, first.stderr
    assert "Hon Hai adds a line in Texas" in first.stdout
    assert "台電公布冬季供電規劃" in first.stdout
    again = house.run("run", "--once")
    assert again.returncode == 0
    assert "Hon Hai" not in again.stdout
    assert "Nothing new, 2 told before." in again.stdout


def test_a_new_feed_item_reaches_the_right_chats_once(house: House, feeds: FeedServer, api: BotApiServer) -> None:
    wire = feeds.feed("/wire.xml", ["Foxconn was here before the bot"])
    desk, boss = api.chat(-1001, type="supergroup"), api.chat(1001)
    house.configure({"Wire": wire}, api, chats='["-1001", owner]', admins="1001")
    house.start()
    feeds.wait_for_request("/wire.xml", 2)
    feeds.add_item("/wire.xml", title="Foxconn opens a plant in Kaohsiung", link="https://news.example/a")
    feeds.add_item("/wire.xml", title="A bakery opens in Tainan", link="https://news.example/b")
    for chat in (desk, boss):
        message = chat.expects("Foxconn", "opens a plant in Kaohsiung")
        assert list(message.links.values()) == ["https://news.example/a"]
    feeds.wait_for_request("/wire.xml", len(feeds.requests_of("/wire.xml")) + 2)
    assert len(desk.messages) == 1
    assert len(boss.messages) == 1
    assert house.stop() == 0


def test_a_second_source_edits_the_message(house: House, feeds: FeedServer, api: BotApiServer) -> None:
    wire, post = feeds.feed("/wire.xml", []), feeds.feed("/post.xml", [])
    boss = api.chat(1001)
    house.configure({"Wire": wire, "Post": post}, api, chats="[owner]", admins="1001")
    house.start()
    feeds.wait_for_request("/wire.xml", 2)
    feeds.wait_for_request("/post.xml", 2)
    feeds.add_item("/wire.xml", title="Foxconn opens a plant in Kaohsiung", link="https://news.example/a")
    message = boss.expects("opens a plant in Kaohsiung")
    link = "https://news.example/a?utm_source=post"
    feeds.add_item("/post.xml", title="Foxconn opens a plant in Kaohsiung", link=link)
    boss.expects_edit(message, "+1 more", timeout=10)
    assert len(boss.messages) == 1


def test_a_broken_feed_disturbs_nothing(house: House, feeds: FeedServer) -> None:
    good, bad, gone = feeds.feed("/good.xml", []), feeds.feed("/bad.xml", []), feeds.feed("/gone.xml", [])
    feeds.fault("/bad.xml", "garbage", times=None)
    feeds.fault("/gone.xml", "status", times=None, status=503)
    house.configure({"Good": good, "Bad": bad, "Gone": gone})
    house.start()
    feeds.wait_for_request("/good.xml", 2)
    feeds.add_item("/good.xml", title="Foxconn goes on")
    house.expects("Foxconn goes on", "Bad:", "Gone:")
    assert "Traceback" not in "\n".join(house.lines)
    listed = house.run("sources", "list").stdout
    assert "503" in listed
    assert house.stop() == 0


def test_kill_between_store_and_send_loses_nothing(house: House, feeds: FeedServer, api: BotApiServer) -> None:
    wire = feeds.feed("/wire.xml", [])
    boss = api.chat(1001)
    house.configure({"Wire": wire}, api, chats="[owner]", admins="1001")
    house.start()
    feeds.wait_for_request("/wire.xml", 2)
    hanging = api.fault("hang", times=None)
    feeds.add_item("/wire.xml", title="Foxconn opens a plant in Kaohsiung")
    api.wait_for(lambda: hanging.hits > 0, 15)
    house.kill()
    hanging.cancel()
    assert boss.messages == []
    house.start()
    boss.expects("opens a plant in Kaohsiung", timeout=40)
    assert len(boss.messages) == 1


def test_an_api_that_is_away_loses_nothing(house: House, feeds: FeedServer, api: BotApiServer) -> None:
    wire = feeds.feed("/wire.xml", [])
    boss = api.chat(1001)
    house.configure({"Wire": wire}, api, chats="[owner]", admins="1001")
    house.start()
    feeds.wait_for_request("/wire.xml", 2)
    api.down()
    feeds.add_item("/wire.xml", title="Foxconn opens a plant in Kaohsiung")
    feeds.wait_for_request("/wire.xml", len(feeds.requests_of("/wire.xml")) + 2)
    api.up()
    boss.expects("opens a plant in Kaohsiung", timeout=40)
    assert len(boss.messages) == 1


def test_a_429_is_waited_for(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[owner]", admins="1001")
    api.fault("429", times=1, seconds=2)
    house.start()
    house.drop("notes.txt", PAGE)
    boss.expects("Hon Hai", timeout=20)
    boss.expects("台電", timeout=20)
    assert len(boss.messages) == 2
    assert api.breaches == []


@pytest.mark.postgres
def test_the_same_on_postgresql(house: House, feeds: FeedServer, api: BotApiServer, postgres_url: str) -> None:
    wire = feeds.feed("/wire.xml", [])
    boss = api.chat(1001)
    house.configure({"Wire": wire}, api, chats="[console, owner]", admins="1001", database=postgres_url)
    house.start()
    feeds.wait_for_request("/wire.xml", 2)
    feeds.add_item("/wire.xml", title="Foxconn opens a plant in Kaohsiung")
    boss.expects("opens a plant in Kaohsiung")
    house.kill()
    house.start()
    feeds.wait_for_request("/wire.xml", len(feeds.requests_of("/wire.xml")) + 2)
    assert len(boss.messages) == 1
    assert house.stop() == 0


@pytest.mark.postgres
def test_two_nodes_on_one_database_tell_once(
    tmp_path: Path, feeds: FeedServer, api: BotApiServer, postgres_url: str
) -> None:
    wire = feeds.feed("/wire.xml", [])
    boss = api.chat(1001)
    nodes = [House(tmp_path / name) for name in ("one", "two")]
    try:
        for node in nodes:
            node.configure({"Wire": wire}, api, chats="[owner]", admins="1001", database=postgres_url)
            node.start()
        feeds.wait_for_request("/wire.xml", 2)
        feeds.add_item("/wire.xml", title="Foxconn opens a plant in Kaohsiung")
        boss.expects("opens a plant in Kaohsiung", timeout=20)
        feeds.wait_for_request("/wire.xml", len(feeds.requests_of("/wire.xml")) + 2)
        assert len(boss.messages) == 1
        nodes[0].kill()
        feeds.add_item("/wire.xml", title="The chairman of Hon Hai retires after three decades")
        boss.expects("chairman", timeout=60)
        unmarked = [message for message in boss.messages if "possibly repeated" not in message.text]
        assert len(unmarked) == 2
    finally:
        for node in nodes:
            node.close()
