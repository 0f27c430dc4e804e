"""The buttons of an alert with the daemon as a process: Why, Mute, 👎, and the commands that look things up."""

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from tests.fakes.botapi_records import SentMessage
from tests.fakes.feedserver import FeedServer

pytestmark = pytest.mark.e2e
PAGE = "{name} said on Friday that it will build a second plant near the harbour.\n"


def shows(api: BotApiServer, message: SentMessage, *labels: str) -> None:
    """Wait until these buttons, and no others, stand below a message."""
    wanted = list(labels)
    api.wait_for(
        lambda: [button.text for row in message.buttons for button in row] == wanted,
        10.0,
        f"the buttons {wanted} below {message.text!r}",
    )


def test_why_mute_and_undo(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[owner]", admins="1001")
    house.start()
    house.drop("one.txt", PAGE.format(name="Hon Hai"))
    alert = boss.expects("Hon Hai", "second plant")
    shows(api, alert, "Why", "Mute", "👎")
    press = boss.presses(alert, "Why")
    boss.expects_answer(press)
    answer = boss.expects("Why this alert", "alias “Hon Hai”", "Source: Inbox", "Sent")
    assert (answer.reply_to, answer.silent) == (alert.message_id, True)
    assert "Hon Hai" in answer.marked("underline")
    boss.expects_answer(boss.presses(alert, "Why"), "shown below")
    text = alert.text
    boss.presses(alert, "Mute")
    shows(api, alert, "1 h", "8 h", "Today", "This story", "This watch", "‹ Back")
    press = boss.presses(alert, "This watch")
    boss.expects_answer(press, "Foxconn", "muted here until you end it")
    shows(api, alert, "Why", "🔇 muted – undo", "👎")
    house.drop("two.txt", "A thousand welders are hired by Foxconn for works in Ohio.\n")
    house.expects("two.txt")
    house.drop("three.txt", PAGE.format(name="Taipower"))
    boss.expects("Taipower")
    boss.presses(alert, "undo")
    shows(api, alert, "Why", "Mute", "👎")
    offered = boss.expects("1 alert held back")
    boss.presses(offered, "Show 1")
    boss.expects("welders")
    assert alert.text == text
    assert api.breaches == []


def test_an_offer_is_kept_beside_the_file_and_undone(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[owner]", admins="1001")
    house.start()
    house.drop("one.txt", "Foxconn Interconnect wins an order for plugs from a German car maker.\n")
    alert = boss.expects("Foxconn Interconnect")
    boss.presses(alert, "👎")
    shows(api, alert, "Wrong company", "Old", "Duplicate", "Boring", "‹ Back")
    boss.presses(alert, "Wrong company")
    offers = boss.expects("Wrong company?")
    shows(api, alert, "Why", "Mute", "👎")
    boss.presses(offers, "Exclude “Foxconn Interconnect”")
    boss.expects_edit(offers, "Kept for this chat", 'exclude: ["Foxconn Interconnect"]')
    house.drop("two.txt", "Foxconn Interconnect moves its head office to a tower in Taipei.\n")
    house.expects("two.txt")
    boss.says("/why Foxconn Interconnect moves its head office to a tower in Taipei.")
    boss.expects("Why it did not come", "it is inside “Foxconn Interconnect”, which is excluded")
    boss.presses(offers, "Undo")
    house.expects("two.txt")
    api.wait_for(lambda: "✓" not in offers.text, 10.0, "the offer undone")
    house.drop("three.txt", "Foxconn Interconnect buys a maker of glass fibre in Denmark.\n")
    boss.expects("Denmark")


def test_in_a_group_anybody_asks_and_only_admins_change(house: House, api: BotApiServer) -> None:
    api.chat(1001)
    group = api.chat(-100200, members={1001: "creator", 5005: "member"})
    house.configure({}, api, chats="['-100200']", admins="1001")
    house.start()
    house.drop("one.txt", PAGE.format(name="Foxconn"))
    alert = group.expects("Foxconn", "second plant")
    group.expects_answer(group.presses(alert, "Mute", user=5005), "Only")
    group.expects_answer(group.presses(alert, "👎", user=5005), "Only")
    group.expects_answer(group.presses(alert, "Why", user=5005))
    group.expects("Why this alert")
    shows(api, alert, "Why", "Mute", "👎")
    group.presses(alert, "Mute", user=1001)
    shows(api, alert, "1 h", "8 h", "Today", "This story", "This watch", "‹ Back")


def test_latest_and_search(house: House, feeds: FeedServer, api: BotApiServer) -> None:
    wire = feeds.feed("/wire.xml", [])
    boss = api.chat(1001)
    house.configure({"Wire": wire}, api, chats="[owner]", admins="1001")
    house.start()
    feeds.wait_for_request("/wire.xml", 2)
    feeds.add_item("/wire.xml", title="Foxconn to build AI server plant in Houston")
    feeds.add_item("/wire.xml", title="台電公布夏季限電計畫與備轉容量")
    feeds.add_item("/wire.xml", title="A bakery opens in Tainan with three ovens")
    alert = boss.expects("AI server plant")
    boss.expects("台電公布")
    boss.says("/latest Foxconn")
    boss.expects("Latest on Foxconn", "AI server plant", "Wire", "/why")
    boss.says("/search 備轉容量")
    boss.expects("Found", "台電公布夏季限電計畫與備轉容量")
    boss.says("/search bakery ovens")
    boss.expects("A bakery opens in Tainan")
    boss.says("/search unicorn")
    boss.expects("Nothing stored holds “unicorn”")
    boss.says("/why A bakery opens in Tainan with three ovens")
    boss.expects("Brought by Wire", "none of this chat’s watches matched")
    boss.says("/why", reply_to=alert)
    boss.expects("Why this alert", "name “Foxconn”")


def test_buttons_outlive_the_daemon(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[owner]", admins="1001")
    house.start()
    house.drop("one.txt", PAGE.format(name="Foxconn"))
    alert = boss.expects("Foxconn", "second plant")
    boss.presses(alert, "Mute")
    shows(api, alert, "1 h", "8 h", "Today", "This story", "This watch", "‹ Back")
    assert house.stop() == 0
    first, second = boss.presses(alert, "This story"), boss.presses(alert, "This story")
    house.start()
    for press in (first, second):
        boss.expects_answer(press, "This story", "muted")
    shows(api, alert, "Why", "🔇 muted – undo", "👎")
    boss.says("/unmute")
    listed = boss.expects("Muted here", "story Foxconn said")
    assert len(listed.buttons) == 1
    boss.expects_answer(boss.presses_data(alert, "AAAAAAAAAAAAAAAA:why"), "older message")
