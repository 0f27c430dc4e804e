"""Asking through a proxy: plain, with a login, over TLS; guarded like everything else; its password never shown."""

import logging
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.fakes.feedserver import FeedServer
from tests.fakes.proxy import ProxyServer
from tests.fakes.rawserver import Canary, RawServer, client_tls, server_tls
from watchbot.clock import SystemClock
from watchbot.model.errors import FetchError
from watchbot.ports.fetcher import Fetched, FetchRequest, NotModified
from watchbot.sources.fetch import Fetcher


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


@pytest.fixture
def proxy() -> Iterator[ProxyServer]:
    with ProxyServer() as proxy:
        yield proxy


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", client_tls())


def hello(line: object) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")  # type: ignore[attr-defined]


def fetcher_for(*servers: object) -> Fetcher:
    allowed = tuple(f"127.0.0.1:{one.port}" for one in servers)  # type: ignore[attr-defined]
    return Fetcher("watchbot/1.0", allowed, SystemClock(), seconds=5)


async def body_of(fetcher: Fetcher, url: str, proxy: str, **more: object) -> bytes:
    try:
        answer = await fetcher.fetch(FetchRequest(url, proxy=proxy, **more))  # type: ignore[arg-type]
    finally:
        await fetcher.close()
    assert isinstance(answer, Fetched)
    return answer.body


async def refusal(fetcher: Fetcher, url: str, proxy: str) -> str:
    with pytest.raises(FetchError) as caught:
        await body_of(fetcher, url, proxy)
    assert "\n" not in str(caught.value)
    assert "hush" not in str(caught.value)
    assert caught.value.status in (0, 407)
    return str(caught.value)


async def test_a_plain_feed(server: FeedServer, proxy: ProxyServer) -> None:
    url = server.feed("/a", ["Foxconn opens a plant"])
    assert b"Foxconn" in await body_of(fetcher_for(server, proxy), url, proxy.url)
    assert proxy.lines == [f"GET {url} HTTP/1.1"]
    assert server.requests[0].headers["User-Agent"] == "watchbot/1.0"


async def test_not_modified_and_redirects_come_through(server: FeedServer, proxy: ProxyServer) -> None:
    url = server.feed("/a", ["x"])
    old = server.redirect("/old", "/a", 301)
    fetcher = fetcher_for(server, proxy)
    first = await fetcher.fetch(FetchRequest(old, proxy=proxy.url))
    assert first.moved_to == url
    again = await fetcher.fetch(FetchRequest(old, first.etag, first.last_modified, proxy=proxy.url))
    assert isinstance(again, NotModified)
    assert len(proxy.lines) == 4
    await fetcher.close()


async def test_a_login_at_the_proxy(server: FeedServer) -> None:
    with ProxyServer(login="me:hush") as proxy:
        url = server.feed("/a", ["x"])
        there = proxy.url.replace("://", "://me:hush@")
        await body_of(fetcher_for(server, proxy), url, there, headers={"X-Key": "mine"})
        assert proxy.headers_of(0)["proxy-authorization"] == "Basic bWU6aHVzaA=="
        assert "Proxy-Authorization" not in server.requests[0].headers
        assert server.requests[0].headers["X-Key"] == "mine"
        words = await refusal(fetcher_for(server, proxy), url, proxy.url.replace("://", "://me:hush2@"))
        assert "the proxy asks for a login" in words
        assert "the proxy asks for a login" in await refusal(fetcher_for(server, proxy), url, proxy.url)


async def test_a_safe_feed_is_tunnelled(proxy: ProxyServer, trusted: None) -> None:
    with RawServer(hello, server_tls()) as server:
        assert await body_of(fetcher_for(server, proxy), server.url, proxy.url) == b"hello"
        assert proxy.lines == [f"CONNECT 127.0.0.1:{server.port} HTTP/1.1"]
        assert "authorization" not in proxy.headers_of(0)


async def test_what_is_for_the_source_stays_inside_the_tunnel(trusted: None) -> None:
    with RawServer(hello, server_tls()) as server, ProxyServer(login="me:hush") as proxy:
        url = server.url.replace("://", "://reader:word@")
        there = proxy.url.replace("://", "://me:hush@")
        headers = {"X-Key": "mine"}
        assert await body_of(fetcher_for(server, proxy), url, there, headers=headers) == b"hello"
        assert proxy.headers_of(0)["proxy-authorization"] == "Basic bWU6aHVzaA=="
        assert b"mine" not in proxy.heads[0]
        assert b"cmVhZGVyOndvcmQ=" not in proxy.heads[0]
        assert b"X-Key: mine" in server.heads[0]
        assert b"Authorization: Basic cmVhZGVyOndvcmQ=" in server.heads[0]
        assert b"Proxy-Authorization" not in server.heads[0]


async def test_a_certificate_is_looked_at_through_a_tunnel(proxy: ProxyServer) -> None:
    with RawServer(hello, server_tls()) as server:
        words = await refusal(fetcher_for(server, proxy), server.url, proxy.url)
        assert "no safe connection" in words
        assert server.heads == []


async def test_a_proxy_that_is_spoken_to_over_tls(server: FeedServer, trusted: None) -> None:
    with RawServer(hello, server_tls()) as safe, ProxyServer(login="me:hush", tls=server_tls()) as proxy:
        there = proxy.url.replace("://", "://me:hush@")
        assert b"Foxconn" in await body_of(fetcher_for(server, proxy), server.feed("/a", ["Foxconn"]), there)
        assert await body_of(fetcher_for(safe, proxy), safe.url, there) == b"hello"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "the proxy does not let us through (HTTP 403)"),
        (b"HTTP/1.1 407 Login\r\nContent-Length: 0\r\n\r\n", "the proxy asks for a login (HTTP 407)"),
        (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", "the proxy does not let us through (HTTP 410)"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "the proxy does not let us through (HTTP 503)"),
        (b"SSH-2.0-OpenSSH_9.9\r\n\r\n", "is not HTTP"),
    ],
)
async def test_a_proxy_that_does_not_let_a_safe_feed_through(answer: bytes, says: str) -> None:
    with ProxyServer(refuses=answer) as proxy, Canary() as canary:
        url = f"https://127.0.0.1:{canary.port}/"
        there = proxy.url.replace("://", "://me:hush@")
        words = await refusal(fetcher_for(canary, proxy), url, there)
        assert says in words
        assert canary.untouched


async def test_a_proxy_that_is_not_there(server: FeedServer) -> None:
    with Canary() as closed:
        pass
    url = server.feed("/a", ["x"])
    for target in (url, url.replace("http:", "https:")):
        words = await refusal(fetcher_for(server, closed), target, f"http://me:hush@127.0.0.1:{closed.port}")
        assert "the proxy cannot be reached: no connection: connection refused" in words
    assert server.requests == []


async def test_a_private_proxy_must_be_named(server: FeedServer) -> None:
    url = server.feed("/a", ["x"])
    with Canary() as canary:
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"):
            words = await refusal(fetcher_for(server), url, f"http://me:hush@{host}:{canary.port}")
            assert "the proxy " in words
            assert "private" in words
        assert canary.untouched
    assert server.requests == []


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:1234/", "https://10.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/",
     "http://[64:ff9b::a00:1]/", "http://localhost/", "http://metadata.google.internal/", "http://nas.local/",
     "http://router/", "https://printer.home.arpa/", "http://169.254.169.254/"],
)  # fmt: skip
async def test_a_private_target_is_not_asked_for_through_a_proxy(proxy: ProxyServer, target: str) -> None:
    assert "private" in await refusal(fetcher_for(proxy), target, proxy.url)
    assert proxy.connections == 0


async def test_a_redirect_to_a_private_target_is_not_followed_through_a_proxy(
    server: FeedServer, proxy: ProxyServer
) -> None:
    with Canary() as canary:
        url = server.redirect("/a", f"http://127.0.0.1:{canary.port}/secret")
        assert "private address" in await refusal(fetcher_for(server, proxy), url, proxy.url)
        assert canary.untouched
    assert len(proxy.lines) == 1


@pytest.mark.parametrize(
    ("proxy", "says"),
    [
        ("socks5://me:hush@127.0.0.1:1080", "the proxy is a SOCKS proxy"),
        ("socks5h://proxy.example", "the proxy is a SOCKS proxy"),
        ("SOCKS4://proxy.example", "the proxy is a SOCKS proxy"),
        ("proxy.example:3128", "the proxy must be an address such as http://"),
        ("me:hush@proxy.example:3128", "the proxy must be an address such as http://"),
        ("ftp://me:hush@proxy.example", "the proxy must be an address such as http://"),
        ("http://", "the proxy must be an address such as http://"),
        ("http://proxy.example:hush", "the proxy must be an address such as http://"),
        ("http://me:hush@proxy.example:25", "the proxy port 25 is not one of the web"),
    ],
)
async def test_proxies_that_are_none(server: FeedServer, proxy: str, says: str) -> None:
    words = await refusal(fetcher_for(server), server.feed("/a", ["x"]), proxy)
    assert says in words
    assert server.requests == []


async def test_the_password_is_in_no_log(server: FeedServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ProxyServer(refuses=b"garbage\r\n\r\n") as proxy:
        for url in (server.feed("/a", ["x"]), "https://feeds.example/"):
            await refusal(fetcher_for(server, proxy), url, proxy.url.replace("://", "://me:hush@"))
    assert "hush" not in caplog.text
    assert "hush" not in repr(FetchRequest("http://a.example", headers={"X": "hush"}, proxy="http://me:hush@p"))
