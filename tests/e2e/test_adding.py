"""Adding feeds and sending news from a chat, with the daemon as a process, real feeds and a real Bot API."""

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from tests.fakes.feedserver import FeedServer

pytestmark = pytest.mark.e2e
BOSS, USER = 1001, 2002
PAGE = "Zyxomma said on Friday that it will build a second plant near the harbour of Kaohsiung.\n"


def start(house: House, api: BotApiServer, feeds: FeedServer) -> None:
    """A daemon with an admin; the feeds of the server may be fetched."""
    house.configure({}, api, chats="[console]", admins=str(BOSS), private=(feeds.url_of("/").split("/")[2],))
    house.start()


def test_a_feed_added_in_a_chat_is_polled_and_told_there_only(
    house: House, api: BotApiServer, feeds: FeedServer
) -> None:
    address = feeds.feed("/wire.xml", [{"title": "Zyxomma was founded", "guid": "g0"}], title="Harbour Wire")
    boss, group = api.chat(BOSS), api.chat(3003)
    start(house, api, feeds)
    boss.says("/watch Zyxomma")
    boss.expects("Zyxomma")
    said = boss.says(f"/add {address}")
    api.wait_confirmed(said.update_id)
    offer = boss.expects("Harbour Wire", "Zyxomma was founded", timeout=20)
    boss.presses(offer, "Add")
    boss.expects_edit(offer, "is on for this chat")
    feeds.wait_for_request("/wire.xml", 2)  # the daemon polls it by itself
    boss.says("/feeds")
    listed = boss.expects("Harbour Wire (this chat only)")
    boss.presses(listed, "✕ 1")
    boss.expects_edit(listed, "Sources of this chat: 1 source")
    assert group.messages == []


def test_news_that_was_sent_is_told_in_that_chat_only(house: House, api: BotApiServer, feeds: FeedServer) -> None:
    boss = api.chat(BOSS)
    start(house, api, feeds)
    boss.says("/watch Zyxomma")
    boss.expects("Zyxomma")
    boss.says(PAGE)
    boss.expects("Read as news: 1 item", "told: the first report", timeout=20)
    boss.expects("Zyxomma", "second plant")
    boss.sends_document("same.txt", f"{PAGE}\n".encode())
    boss.expects("Read as news", "told before", timeout=20)
    for command in (("status",), ("sources", "list")):
        printed = house.run(*command).stdout
        assert "what people send in chat 1001" in printed
        assert "not polled yet" not in printed


def test_a_chore_outlives_kill_9_and_takes_effect_once(house: House, api: BotApiServer, feeds: FeedServer) -> None:
    address = feeds.feed("/slow.xml", ["Zyxomma was founded"], title="Slow Wire")
    feeds.fault("/slow.xml", "hang")
    boss = api.chat(BOSS)
    start(house, api, feeds)
    said = boss.says(f"/add {address}")
    api.wait_confirmed(said.update_id)
    offer = boss.expects("One moment")
    boss.says("/list")
    boss.expects()  # one after the other: so the first one is noted as sent
    feeds.wait_for_request("/slow.xml", 1)
    house.kill()
    feeds.clear_faults()
    house.start()
    boss.expects_edit(offer, "Slow Wire", "Add it?", timeout=20)
    boss.presses(offer, "Add")
    boss.expects_edit(offer, "is on for this chat")
    assert house.run("sources", "list").stdout.count("Slow Wire") == 1
