"""Whoever runs the bot hears of chats in trouble, from the daemon as a process."""

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer

pytestmark = pytest.mark.e2e
PAGE = "Foxconn said on Friday that it will build a second plant near the harbour.\n"


def test_a_group_that_threw_the_bot_out_and_a_topic_that_is_gone(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    lost = api.chat(-100200, title="Desk")
    forum = api.chat(-100300, topics={7: "Chips"})
    house.configure({}, api, chats="['-100200', '-100300/7']", admins="1001")
    lost.state.bot_status = "kicked"  # nobody told the bot: it learns of it when it sends
    forum.deletes_topic(7)
    house.start()
    house.drop("one.txt", PAGE)
    api.wait_for(lambda: [one for one in forum.messages if one.thread_id is None], 20, "the alert in General")
    boss.expects("-100300/7", "General", timeout=20)
    boss.expects("-100200", "kicked", timeout=30)
    assert boss.unread == []
    assert lost.messages == []
