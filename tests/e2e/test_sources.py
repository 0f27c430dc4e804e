"""Sources as their owner meets them: a page's address is enough, old news comes quietly, a flood as one message."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from tests.fakes.feedserver import FeedServer

pytestmark = pytest.mark.e2e

PAGE = """<!doctype html><html><head><title>Plant News</title>
<link rel="alternate" type="application/rss+xml" title="Plant News" href="/plant.xml"></head>
<body><h1>Plant News</h1><p>All about plants.</p></body></html>"""

FLOOD = """
Taipower asks households to save electricity this winter
Engineers of Taipower climb Jade Mountain to mend a mast
A court in Hualien fines Taipower over a felled tree
Taipower hires four hundred apprentices
Retired Taipower director publishes his memoirs
Typhoon leaves villages dark, says Taipower
Taipower buys gas from Qatar until 2040
Divers inspect cables for Taipower off Penghu
Baseball team of Taipower wins the spring cup
Taipower opens a museum in an old substation
Smart meters by Taipower reach two million homes
Legislators question Taipower about its debts
A drone hits a line of Taipower near Changhua
Taipower and fishermen settle on compensation
Nuclear waste leaves the yard of Taipower
Taipower tests hydrogen in a turbine at Hsinta
Solar farms sue Taipower over late payments
Vietnam sends officials to learn from Taipower
Taipower paints its pylons green for birds
Workers of Taipower vote on a strike
Ratings agency confirms the grade of Taipower
Hackers sent false bills in the name of Taipower
Taipower lends pumps to flooded farms
Two reservoirs are full again, Taipower reports
""".strip().splitlines()


def test_the_address_of_a_page_is_a_source(house: House, feeds: FeedServer) -> None:
    feeds.raw("/", PAGE)
    feeds.feed("/plant.xml", items=["An old headline about nothing"], title="Plant News")
    house.configure({"Plant": feeds.url_of("/")})
    house.start()
    house.expects("its feed", "/plant.xml")
    feeds.wait_for_request("/plant.xml")
    feeds.add_item("/plant.xml", title="Foxconn opens a plant in Kaohsiung")
    house.expects("Foxconn opens a plant in Kaohsiung")
    assert house.stop() == 0


def test_a_page_without_a_feed_says_so_and_harms_nobody(house: House, feeds: FeedServer) -> None:
    feeds.raw("/plain", "<!doctype html><html><body><p>Nothing to subscribe to here.</p></body></html>")
    good = feeds.feed("/good.xml", items=["An old headline"])
    house.configure({"Plain": feeds.url_of("/plain"), "Good": good})
    house.start()
    house.expects("names no feed")
    feeds.add_item("/good.xml", title="Taipower raises its rates")
    house.expects("Taipower raises its rates")
    assert house.stop() == 0


def test_old_news_comes_with_its_year_and_a_flood_as_one_message(house: House, feeds: FeedServer) -> None:
    address = feeds.feed("/wire.xml", items=["An old headline"])
    house.configure({"Wire": address})
    house.start()
    feeds.wait_for_request("/wire.xml")
    house.expects("Nothing new")
    old = datetime.now(UTC) - timedelta(days=400)
    feeds.add_item("/wire.xml", title="Foxconn opened a plant long ago", published=old)
    house.expects("Foxconn opened a plant long ago", str(old.year))
    with feeds.changed:  # one poll sees them all
        for title in FLOOD:
            feeds.add_item("/wire.xml", title=title)
    for title in FLOOD:
        house.expects(title)
    assert house.count("Main subject") == 1  # only the old one came as a card of its own
    assert house.stop() == 0


def test_old_news_makes_no_sound_and_a_flood_one_message_in_telegram(
    house: House, feeds: FeedServer, api: BotApiServer
) -> None:
    address = feeds.feed("/wire.xml", items=["An old headline"])
    boss = api.chat(1001)
    house.configure({"Wire": address}, api, chats="[owner]", admins="1001")
    house.start()
    feeds.wait_for_request("/wire.xml", 2)
    feeds.add_item("/wire.xml", title="Taipower built a dam", published=datetime.now(UTC) - timedelta(days=3))
    assert boss.expects("Taipower built a dam").silent
    feeds.add_item("/wire.xml", title="Hon Hai names a new chairman")
    assert not boss.expects("Hon Hai names a new chairman").silent
    with feeds.changed:
        for title in FLOOD:
            feeds.add_item("/wire.xml", title=title)
    message = boss.expects(*FLOOD)
    assert len(message.links) == len(FLOOD)
    assert len(boss.messages) == 3
    assert house.stop() == 0
