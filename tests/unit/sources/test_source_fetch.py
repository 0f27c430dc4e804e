"""Fetching from a real server on loopback, which is reachable only because the test names it."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.feedserver import FeedServer
from watchbot.clock import SystemClock
from watchbot.model.errors import FetchError
from watchbot.ports.fetcher import Fetched, FetchRequest, NotModified
from watchbot.sources.addresses import Exceptions, is_public
from watchbot.sources.fetch import Fetcher, shown_url

AGENT = "watchbot/1.0 (+https://example.com/contact)"


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


@pytest.fixture
async def fetcher(server: FeedServer) -> AsyncIterator[Fetcher]:
    fetcher = Fetcher(AGENT, (f"127.0.0.1:{server.port}",), SystemClock(), seconds=5)
    yield fetcher
    await fetcher.close()


async def got(fetcher: Fetcher, url: str, **more: object) -> Fetched:
    answer = await fetcher.fetch(FetchRequest(url, **more))  # type: ignore[arg-type]
    assert isinstance(answer, Fetched)
    return answer


async def refused(fetcher: Fetcher, url: str, **more: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url, **more))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return caught.value


async def test_a_feed_and_its_validators(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.feed("/a.xml", ["Foxconn opens a plant"])
    first = await got(fetcher, url)
    assert b"Foxconn" in first.body
    assert first.media_type.startswith("application/rss+xml")
    assert (first.url, first.moved_to) == (url, "")
    again = await fetcher.fetch(FetchRequest(url, first.etag, first.last_modified))
    assert isinstance(again, NotModified)
    request = server.requests_of("/a.xml")[-1]
    assert request.headers["User-Agent"] == AGENT
    assert request.headers["If-None-Match"].encode() == first.etag
    assert "Cookie" not in request.headers
    assert "Referer" not in request.headers


async def test_cookies_are_not_kept(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.raw("/a", b"x", headers={"Set-Cookie": "a=b"})
    await got(fetcher, url)
    await got(fetcher, url)
    assert all("Cookie" not in request.headers for request in server.requests_of("/a"))


async def test_permanent_and_other_redirects(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.feed("/new", ["x"])
    server.redirect_chain("/old", "/new", 3, status=301)
    assert (await got(fetcher, server.url_of("/old"))).moved_to == url
    server.redirect("/mixed", "/old", 302)
    mixed = await got(fetcher, server.url_of("/mixed"))
    assert (mixed.url, mixed.moved_to) == (url, "")


async def test_five_redirects_and_no_more(server: FeedServer, fetcher: Fetcher) -> None:
    server.feed("/new", ["x"])
    await got(fetcher, server.redirect_chain("/five", "/new", 5))
    assert "more than 5" in str(await refused(fetcher, server.redirect_chain("/six", "/new", 6)))
    server.redirect("/loop", "/loop")
    assert "more than 5" in str(await refused(fetcher, server.url_of("/loop")))


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://example.com/a", "javascript:alert(1)", "http://", "//"])
async def test_redirects_to_what_is_not_http(server: FeedServer, fetcher: Fetcher, to: str) -> None:
    server.redirect("/a", to)
    await refused(fetcher, server.url_of("/a"))


async def test_a_redirect_to_a_private_address(server: FeedServer, fetcher: Fetcher) -> None:
    with FeedServer.in_thread() as canary:
        canary.feed("/secret", ["x"])
        for host in ("127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"):
            server.redirect("/a", f"http://{host}:{canary.port}/secret")
            assert "private address" in str(await refused(fetcher, server.url_of("/a")))
        assert canary.requests == []


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8080/", "http://localhost:8080/", "http://[::1]:8080/", "http://10.0.0.1/", "http://0x7f.1:8080/",
     "http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
     "http://0.0.0.0:8080/", "http://[fe80::1%25lo]/", "https://192.168.1.1/"],
)  # fmt: skip
async def test_private_addresses(fetcher: Fetcher, url: str) -> None:
    assert "private address" in str(await refused(fetcher, url))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "/a",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://",
        "gopher://h/1",
        "data:,x",
        "http://127.1:8080/",
        "http://0:8080/",
        "http://2130706433:8080/",
    ],
)
async def test_what_is_no_web_address(fetcher: Fetcher, url: str) -> None:
    await refused(fetcher, url)


async def test_ports_that_are_not_the_web(fetcher: Fetcher) -> None:
    assert "port 25" in str(await refused(fetcher, "http://example.com:25/"))


async def test_a_named_host_may_be_private(server: FeedServer) -> None:
    server.feed("/a", ["x"])
    fetcher = Fetcher(AGENT, (f"localhost:{server.port}",), SystemClock(), seconds=5)
    await got(fetcher, f"http://localhost:{server.port}/a")
    assert "private" in str(await refused(fetcher, server.url_of("/a")))
    await fetcher.close()


async def test_no_secret_in_an_error(fetcher: Fetcher) -> None:
    error = await refused(fetcher, "http://user:hush@127.0.0.1:8080/a?key=hush#hush")
    assert "hush" not in str(error)
    assert str(error).startswith("http://127.0.0.1:8080/a?…: ")


async def test_own_headers_stay_at_home(server: FeedServer) -> None:
    with FeedServer.in_thread() as other:
        fetcher = Fetcher(AGENT, (f"127.0.0.1:{server.port}", f"127.0.0.1:{other.port}"), SystemClock(), seconds=5)
        other.feed("/there", ["x"])
        server.redirect("/hop", "/a")
        server.redirect("/a", other.url_of("/there"))
        await got(fetcher, server.url_of("/hop"), headers={"Authorization": "Bearer hush"})
        assert all(request.headers["Authorization"] == "Bearer hush" for request in server.requests)
        assert "Authorization" not in other.requests[0].headers
        await fetcher.close()


@pytest.mark.parametrize("kind", ["hang", "stall", "drip"])
async def test_one_deadline_for_everything(server: FeedServer, kind: str) -> None:
    url = server.feed("/a", ["x"] * 20)
    server.fault("/a", kind, seconds=0.1)
    fetcher = Fetcher(AGENT, (f"127.0.0.1:{server.port}",), SystemClock(), seconds=0.5)
    assert "within 0.5 s" in str(await refused(fetcher, url))
    await fetcher.close()


@pytest.mark.parametrize("kind", ["endless", "bomb"])
async def test_the_cap(server: FeedServer, fetcher: Fetcher, kind: str) -> None:
    url = server.feed("/a", ["x"])
    server.fault("/a", kind)
    assert "larger than 10 MB" in str(await refused(fetcher, url))


@pytest.mark.parametrize("kind", ["cut", "long_length", "not_http"])
async def test_answers_that_break(server: FeedServer, fetcher: Fetcher, kind: str) -> None:
    url = server.feed("/a", ["x"])
    server.fault("/a", kind, times=None)
    await refused(fetcher, url)


async def test_a_status_and_its_wish(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.feed("/a", ["x"])
    server.fault("/a", "status", status=503, retry_after="120")
    error = await refused(fetcher, url)
    assert (error.status, error.retry_after) == (503, 120.0)
    assert str(error) == f"{url}: it is out of service (HTTP 503)"
    assert (await refused(fetcher, server.url_of("/nowhere"))).status == 404


async def test_not_modified_that_nobody_asked_for(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.feed("/a", ["x"])
    server.fault("/a", "status", status=304)
    assert (await refused(fetcher, url)).status == 304


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"Foxconn", mtime=0)),
        ("gzip", gzip.compress(b"Fox", mtime=0) + gzip.compress(b"conn", mtime=0)),
        ("gzip", gzip.compress(b"Foxconn", mtime=0) + b"\0\0\0"),
        ("x-gzip", gzip.compress(b"Foxconn", mtime=0)),
        ("deflate", zlib.compress(b"Foxconn")),
        ("deflate", zlib.compress(b"Foxconn")[2:-4]),
        ("identity", b"Foxconn"),
    ],
)
async def test_compressed_answers(server: FeedServer, fetcher: Fetcher, encoding: str, packed: bytes) -> None:
    url = server.raw("/a", packed, headers={"Content-Encoding": encoding})
    assert (await got(fetcher, url)).body == b"Foxconn"


@pytest.mark.parametrize(
    ("encoding", "packed"), [("br", b"x"), ("gzip", b"x"), ("gzip", gzip.compress(b"x" * 999, mtime=0)[:-9])]
)
async def test_damaged_and_unknown_encodings(
    server: FeedServer, fetcher: Fetcher, encoding: str, packed: bytes
) -> None:
    url = server.raw("/a", packed, headers={"Content-Encoding": encoding})
    await refused(fetcher, url)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "public, max-age=600"}, 600.0),
        ({"Cache-Control": "max-age=600", "Age": "100"}, 500.0),
        ({"Cache-Control": "max-age=600, no-cache"}, 0.0),
        ({"Cache-Control": "max-age=999999999999999999999"}, 604800.0),
        ({"Cache-Control": "max-age=x"}, 0.0),
        ({"Expires": "0"}, 0.0),
    ],
)
async def test_how_long_nothing_changes(
    server: FeedServer, fetcher: Fetcher, headers: dict[str, str], seconds: float
) -> None:
    url = server.raw("/a", b"x", headers=headers)
    assert (await got(fetcher, url)).max_age == seconds


async def test_two_at_a_time_and_waiting_is_not_counted(server: FeedServer) -> None:
    url = server.feed("/a", ["x"])
    server.fault("/a", "slow", times=None, seconds=0.2)
    fetcher = Fetcher(AGENT, (f"127.0.0.1:{server.port}",), SystemClock(), seconds=1.0)
    tasks = [asyncio.create_task(fetcher.fetch(FetchRequest(url))) for _number in range(14)]
    await asyncio.sleep(0.1)
    assert len(server.requests) == 2
    assert all(isinstance(one, Fetched) for one in await asyncio.gather(*tasks))
    assert fetcher._turns.hosts == {}
    await fetcher.close()


async def test_a_closed_port_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    fetcher = Fetcher(AGENT, (f"127.0.0.1:{port}",), SystemClock(), seconds=5)
    assert "no connection" in str(await refused(fetcher, f"http://127.0.0.1:{port}/"))
    await fetcher.close()


PUBLIC = ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"]
PRIVATE = [
    "127.0.0.1", "10.1.1.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::", "::1", "fe80::1", "fc00::1", "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::808:808", "2002:7f00:1::", "2001:0:7f00:1::",
    "::ffff:0:7f00:1", "2606:4700::5efe:7f00:1", "fe80::5efe:808:808", "no address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_not_public(address: str) -> None:
    assert not is_public(address)


def test_exceptions_are_exact() -> None:
    named = Exceptions.read(["127.0.0.1:9000", "[::1]:9001", "Feeds.lan:80"])
    assert named.allow("127.0.0.1", 9000)
    assert named.allow("::1", 9001)
    assert named.allow("feeds.LAN.", 80)
    assert not named.allow("127.0.0.1", 9001)
    assert not named.allow("localhost", 9000)


@given(st.text())
def test_any_address_can_be_shown(text: str) -> None:
    shown = shown_url(f"https://user:hush@{text}?hush")
    assert "\n" not in shown
