"""The fake feed server, asked with aiohttp and feedparser: pages, validators, records and every fault."""

import asyncio
import urllib.request
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import BytesIO

import aiohttp
import feedparser
import pytest

from tests.fakes.feedserver import FeedItem, FeedServer
from tests.fakes.feedserver_faults import bomb


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    """A running server."""
    async with FeedServer() as running:
        yield running


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    """A client that gives up after two seconds."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
        yield session


async def titles(web: aiohttp.ClientSession, url: str) -> list[str]:
    """The headlines of a feed."""
    async with web.get(url) as response:
        parsed = feedparser.parse(BytesIO(await response.read()))
    return [entry.title for entry in parsed.entries]


async def test_rss_and_atom_carry_what_was_put_in(server: FeedServer, web: aiohttp.ClientSession) -> None:
    when = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    item = FeedItem("A < B & C", "https://example.com/?a=1&b=2", "g1", "<p>Körper 鴻海</p>", when)
    for url in (server.feed("/a.xml", [item]), server.atom("/b.xml", [item])):
        async with web.get(url) as response:
            entry = feedparser.parse(BytesIO(await response.read())).entries[0]
        assert entry.title in {"A < B & C", "A &lt; B &amp; C"}  # feedparser cleans RSS titles as HTML
        assert (entry.link, entry.id) == ("https://example.com/?a=1&b=2", "g1")
        assert entry.summary == "<p>Körper 鴻海</p>"
        assert entry.published_parsed[:5] == (2026, 11, 1, 8, 30)


async def test_what_is_left_out_is_made_up_and_what_is_empty_is_absent(
    server: FeedServer, web: aiohttp.ClientSession
) -> None:
    url = server.feed("/a.xml", ["First", {"title": "Second", "link": "", "guid": "", "published": None}])
    async with web.get(url) as response:
        first, second = feedparser.parse(BytesIO(await response.read())).entries
    assert first.link == first.id
    assert first.link.startswith(server.url)
    assert "published" in first
    assert not {"link", "id", "published"} & set(second)


async def test_new_items_stand_on_top(server: FeedServer, web: aiohttp.ClientSession) -> None:
    url = server.feed("/a.xml", ["old"])
    server.add_item("/a.xml", title="new")
    assert await titles(web, url) == ["new", "old"]


async def test_etag_gives_304_until_the_feed_changes(server: FeedServer, web: aiohttp.ClientSession) -> None:
    url = server.feed("/a.xml", ["old"])
    async with web.get(url) as response:
        tag = response.headers["ETag"]
    for asked, status in ((tag, 304), (f'W/{tag}, "other"', 304), ('"other"', 200), ("*", 304)):
        async with web.get(url, headers={"If-None-Match": asked}) as response:
            assert (response.status, bool(await response.read())) == (status, status == 200)
    server.add_item("/a.xml", title="new")
    async with web.get(url, headers={"If-None-Match": tag}) as response:
        assert response.status == 200
        assert response.headers["ETag"] != tag


async def test_last_modified_gives_304_until_the_feed_changes(server: FeedServer, web: aiohttp.ClientSession) -> None:
    url = server.feed("/a.xml", ["old"], etag=False)
    async with web.get(url) as response:
        assert "ETag" not in response.headers
        since = {"If-Modified-Since": response.headers["Last-Modified"]}
    async with web.get(url, headers=since) as response:
        assert response.status == 304
    server.add_item("/a.xml", title="new")
    async with web.get(url, headers=since) as response:
        assert response.status == 200
    async with web.get(url, headers={"If-Modified-Since": "yesterday"}) as response:
        assert response.status == 200


async def test_if_none_match_wins_over_if_modified_since(server: FeedServer, web: aiohttp.ClientSession) -> None:
    url = server.feed("/a.xml", ["old"])
    async with web.get(url) as response:
        since = response.headers["Last-Modified"]
    async with web.get(url, headers={"If-Modified-Since": since, "If-None-Match": '"other"'}) as response:
        assert response.status == 200


async def test_requests_are_recorded_and_waited_for(server: FeedServer, web: aiohttp.ClientSession) -> None:
    url = server.feed("/a.xml")
    waiting = asyncio.create_task(asyncio.to_thread(server.wait_for_request, "/a.xml", 2))
    for _ in range(2):
        async with web.get(url + "?q=x", headers={"X-Key": "k"}) as response:
            await response.read()
    one, two = await waiting
    assert (one.path, one.query, one.status, one.headers["x-key"]) == ("/a.xml", "q=x", 200, "k")
    assert one.at <= two.at
    with pytest.raises(AssertionError, match=r"3 requests of /a\.xml"):
        server.wait_for_request("/a.xml", 3, timeout=0.01)


async def test_raw_pages_change_and_go(server: FeedServer, web: aiohttp.ClientSession) -> None:
    url = server.raw("/p", "<p>one</p>", headers={"X-Extra": "1"})
    async with web.get(url) as response:
        assert (await response.text(), response.headers["X-Extra"]) == ("<p>one</p>", "1")
    server.change("/p", b"two")
    async with web.get(url) as response:
        assert await response.text() == "two"
    server.remove("/p")
    async with web.get(url) as response:
        assert response.status == 404


async def test_redirect_chains_and_loops(server: FeedServer, web: aiohttp.ClientSession) -> None:
    server.feed("/a.xml", ["x"])
    url = server.redirect_chain("/start", "/a.xml", hops=3, status=301)
    async with web.get(url) as response:
        assert [step.status for step in response.history] == [301, 301, 301]
        assert str(response.url) == server.url_of("/a.xml")
    loop = server.redirect("/loop", "/loop")
    with pytest.raises(aiohttp.TooManyRedirects):
        await web.get(loop)


async def test_status_faults_strike_as_often_as_told(server: FeedServer, web: aiohttp.ClientSession) -> None:
    url = server.feed("/a.xml", ["x"])
    fault = server.fault("/a.xml", "status", times=2, status=503, retry_after="120")
    seen = []
    for _ in range(3):
        async with web.get(url) as response:
            seen.append((response.status, response.headers.get("Retry-After")))
    assert seen == [(503, "120"), (503, "120"), (200, None)]
    assert fault.hits == 2
    assert [one.status for one in server.requests] == [503, 503, 200]


@pytest.mark.parametrize("kind", ["drop", "cut", "long_length", "short_length", "not_http"])
async def test_broken_connections(server: FeedServer, web: aiohttp.ClientSession, kind: str) -> None:
    url = server.feed("/a.xml", ["x"])
    fault = server.fault("/a.xml", kind, times=None)  # not once: aiohttp repeats a GET that was cut, unasked
    with pytest.raises(aiohttp.ClientError):
        await titles(web, url)
    fault.cancel()
    assert await titles(web, url) == ["x"]


@pytest.mark.parametrize("kind", ["hang", "stall", "drip", "endless", "slow"])
async def test_answers_that_take_for_ever(server: FeedServer, web: aiohttp.ClientSession, kind: str) -> None:
    url = server.feed("/a.xml", ["x"] * 20)
    server.fault("/a.xml", kind, times=None, seconds=0.3)
    with pytest.raises(TimeoutError):
        await (await web.get(url, timeout=aiohttp.ClientTimeout(total=0.2))).read()
    server.clear_faults()
    assert len(await titles(web, url)) == 20


async def test_a_cancelled_fault_and_a_slow_answer(server: FeedServer, web: aiohttp.ClientSession) -> None:
    url = server.feed("/a.xml", ["x"])
    server.fault("/a.xml", "slow", seconds=0.01)
    assert await titles(web, url) == ["x"]
    fault = server.fault("*", "drop", times=None)
    fault.cancel()
    assert await titles(web, url) == ["x"]


async def test_garbage_is_no_feed(server: FeedServer, web: aiohttp.ClientSession) -> None:
    url = server.feed("/a.xml", ["x"])
    server.fault("/a.xml", "garbage")
    assert await titles(web, url) == []


async def test_the_bomb_is_small_on_the_wire(server: FeedServer, web: aiohttp.ClientSession) -> None:
    size = 8 * 1024 * 1024
    assert len(bomb(size)) < 20_000
    url = server.feed("/a.xml", ["x"])
    server.fault("/a.xml", "bomb", size=size)
    async with web.get(url) as response:
        assert len(await response.read()) > size


async def test_down_refuses_and_up_serves_on_the_same_port(server: FeedServer, web: aiohttp.ClientSession) -> None:
    url = server.feed("/a.xml", ["x"])
    await titles(web, url)
    server.down()
    with pytest.raises(aiohttp.ClientConnectorError):
        await titles(web, url)
    server.up()
    assert await titles(web, url) == ["x"]


def test_a_synchronous_test_can_use_it() -> None:
    with FeedServer.in_thread() as server:
        url = server.feed("/a.xml", ["x"])
        with urllib.request.urlopen(url, timeout=5) as response:
            assert b"<title>x</title>" in response.read()
        assert server.wait_for_request("/a.xml")


def test_stopping_ends_an_answer_that_hangs() -> None:
    with FeedServer.in_thread() as server:
        url = server.feed("/a.xml")
        server.fault("/a.xml", "hang")

        async def ask() -> None:
            async with aiohttp.ClientSession() as session:
                asked = asyncio.create_task(session.get(url).__aenter__())
                await asyncio.to_thread(server.wait_for_request, "/a.xml")
                await asyncio.to_thread(server.stop)
                with pytest.raises(aiohttp.ClientError):
                    await asked

        asyncio.run(ask())


def test_a_mistake_in_a_test_is_told_at_once() -> None:
    server = FeedServer()
    with pytest.raises(ValueError, match="no such fault"):
        server.fault("/a.xml", "explode")
    server._socket.close()
