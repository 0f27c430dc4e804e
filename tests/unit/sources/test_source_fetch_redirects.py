"""Redirects: where they lead, what moves along, and which are not followed."""

import logging
from collections.abc import AsyncIterator

import pytest

from tests.fakes.feedserver import FeedServer
from tests.fakes.rawserver import RawServer
from watchbot.clock import SystemClock
from watchbot.model.errors import FetchError
from watchbot.ports.fetcher import Fetched, FetchRequest, NotModified
from watchbot.sources.fetch import Fetcher
from watchbot.sources.urls import checked_url, is_same_place, next_url

ETAG = b'"v1"'


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


@pytest.fixture
async def other() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


@pytest.fixture
async def fetcher(server: FeedServer, other: FeedServer) -> AsyncIterator[Fetcher]:
    allowed = (f"127.0.0.1:{server.port}", f"127.0.0.1:{other.port}")
    fetcher = Fetcher("watchbot/1.0", allowed, SystemClock(), seconds=5)
    yield fetcher
    await fetcher.close()


async def got(fetcher: Fetcher, url: str, **more: object) -> Fetched:
    answer = await fetcher.fetch(FetchRequest(url, **more))  # type: ignore[arg-type]
    assert isinstance(answer, Fetched)
    return answer


async def refusal(fetcher: Fetcher, url: str, **more: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url, **more))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_every_kind_of_redirect(server: FeedServer, fetcher: Fetcher, status: int) -> None:
    url = server.feed("/new", ["x"])
    server.redirect("/old", "/new", status)
    answer = await got(fetcher, server.url_of("/old"))
    assert answer.url == url
    assert answer.moved_to == (url if status in (301, 308) else "")


async def test_a_permanent_move_is_told_with_not_modified_too(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.feed("/new", ["x"])
    server.redirect_chain("/old", "/new", 2, status=308)
    first = await got(fetcher, server.url_of("/old"))
    again = await fetcher.fetch(FetchRequest(server.url_of("/old"), first.etag, first.last_modified))
    assert isinstance(again, NotModified)
    assert again.moved_to == url
    assert (await fetcher.fetch(FetchRequest(url, first.etag))).moved_to == ""


@pytest.mark.parametrize(("first", "second"), [(301, 307), (302, 308), (303, 301)])
async def test_a_temporary_hop_anywhere_is_no_move(
    server: FeedServer, fetcher: Fetcher, first: int, second: int
) -> None:
    server.feed("/new", ["x"])
    server.redirect("/middle", "/new", second)
    server.redirect("/old", "/middle", first)
    assert (await got(fetcher, server.url_of("/old"))).moved_to == ""


async def test_validators_go_along(server: FeedServer, other: FeedServer, fetcher: Fetcher) -> None:
    server.redirect("/old", other.feed("/new", ["x"]))
    first = await got(fetcher, server.url_of("/old"))
    again = await fetcher.fetch(FetchRequest(server.url_of("/old"), first.etag, first.last_modified))
    assert isinstance(again, NotModified)
    assert server.requests[-1].headers["If-None-Match"].encode() == first.etag
    assert other.requests[-1].headers["If-None-Match"].encode() == first.etag


@pytest.mark.parametrize(
    ("location", "path", "query"),
    [
        ("b", "/feeds/b", ""),
        ("../b", "/b", ""),
        ("./?q=two words&x=a+b", "/feeds/", "q=two words&x=a b"),
        ("/b?q=1#part", "/b", "q=1"),
        ("/two words.xml", "/two words.xml", ""),
        ("/台積電", "/台積電", ""),
        ("  /b  ", "/b", ""),
        ("/a%20b%2Fc", "/a b/c", ""),
    ],
)
async def test_locations(server: FeedServer, fetcher: Fetcher, location: str, path: str, query: str) -> None:
    server.redirect("/feeds/a", location)
    server.raw(path, b"found")
    assert (await got(fetcher, server.url_of("/feeds/a"))).body == b"found"
    assert (server.requests[-1].path, server.requests[-1].query) == (path, query)


async def test_a_location_without_a_scheme(server: FeedServer, other: FeedServer, fetcher: Fetcher) -> None:
    url = other.feed("/new", ["x"])
    server.redirect("/a", f"//127.0.0.1:{other.port}/new")
    assert (await got(fetcher, server.url_of("/a"))).url == url


async def test_a_location_in_an_old_charset() -> None:
    def answer(line: object) -> None:
        head = b"301 Moved\r\nLocation: /caf\xe9\r\n" if len(server.heads) == 1 else b"200 OK\r\n"
        line.sendall(b"HTTP/1.1 " + head + b"Content-Length: 0\r\n\r\n")  # type: ignore[attr-defined]

    with RawServer(answer) as server:
        fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{server.port}",), SystemClock(), seconds=5)
        await got(fetcher, server.url)
        await fetcher.close()
        assert server.heads[1].startswith(b"GET /caf%E9 HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "location",
    ["mailto:a@b.example", "http://", "https://:443/", "http://[::1", "http://a b.example/", "http://h:99999/",
     "ftp://127.0.0.1/x", "data:text/html,x", "about:blank", "view-source:http://x.example", "http:\\\\127.0.0.1/",
     "/" + "x" * 9000],
)  # fmt: skip
async def test_locations_that_are_none(server: FeedServer, fetcher: Fetcher, location: str) -> None:
    server.redirect("/a", location)
    await refusal(fetcher, server.url_of("/a"))
    assert [request.path for request in server.requests] == ["/a"]


@pytest.mark.parametrize("status", [300, 301, 302, 305, 306, 307, 308])
async def test_a_redirect_without_a_location(server: FeedServer, fetcher: Fetcher, status: int) -> None:
    url = server.raw("/a", b"elsewhere", status=status)
    error = await refusal(fetcher, url)
    assert error.status == status
    assert f"it redirects to nowhere (HTTP {status})" in str(error)


async def test_circles_are_named(server: FeedServer, fetcher: Fetcher) -> None:
    server.redirect("/a", "/b")
    server.redirect("/b", "/a")
    assert str(await refusal(fetcher, server.url_of("/a"))).endswith("it redirects more than 5 times, in a circle")
    server.redirect_chain("/long", "/end", 9)
    assert str(await refusal(fetcher, server.url_of("/long"))).endswith("it redirects more than 5 times")
    assert len(server.requests) == 12


def test_from_safe_to_unsafe_is_refused() -> None:
    with pytest.raises(FetchError, match="from https to http"):
        next_url(checked_url("https://a.example/x"), "http://a.example/x?key=hush")
    assert str(next_url(checked_url("http://a.example/x"), "https://a.example/x")) == "https://a.example/x"
    assert str(next_url(checked_url("https://a.example/x"), "//b.example/y")) == "https://b.example/y"


async def test_a_login_moves_along_only_at_home(server: FeedServer, other: FeedServer, fetcher: Fetcher) -> None:
    url = server.feed("/new", ["x"])
    server.redirect("/old", url, 301)
    login = server.url_of("/old").replace("://", "://reader:hush%21@")
    answer = await got(fetcher, login)
    assert [one.headers["Authorization"] for one in server.requests] == ["Basic cmVhZGVyOmh1c2gh"] * 2
    assert answer.url == url
    assert answer.moved_to == url.replace("://", "://reader:hush!@")
    server.redirect("/away", other.feed("/there", ["x"]), 301)
    away = await got(fetcher, server.url_of("/away").replace("://", "://reader:hush%21@"))
    assert "Authorization" not in other.requests[0].headers
    assert "hush" not in away.url + away.moved_to


async def test_who_redirects_does_not_choose_a_login(server: FeedServer, other: FeedServer, fetcher: Fetcher) -> None:
    there = other.feed("/there", ["x"])
    server.redirect("/a", there.replace("://", "://planted:word@"), 301)
    assert (await got(fetcher, server.url_of("/a"))).moved_to == there
    assert "Authorization" not in other.requests[0].headers


async def test_own_headers_do_not_come_back_with_a_detour(
    server: FeedServer, other: FeedServer, fetcher: Fetcher
) -> None:
    server.feed("/end", ["x"])
    server.redirect("/a", other.redirect("/there", server.url_of("/end")))
    await got(fetcher, server.url_of("/a"), headers={"X-Key": "hush"})
    assert server.requests[0].headers["X-Key"] == "hush"
    assert "X-Key" not in other.requests[0].headers
    assert "X-Key" not in server.requests[1].headers


@pytest.mark.parametrize(
    ("first", "url", "same"),
    [
        ("http://a.example/", "http://a.example/x", True),
        ("http://a.example/", "https://a.example/", True),
        ("https://a.example/", "http://a.example/", False),
        ("http://a.example/", "http://a.example:8080/", False),
        ("http://a.example:8080/", "https://a.example/", False),
        ("http://a.example/", "http://b.a.example/", False),
        ("http://a.example/", "http://a.example.evil.example/", False),
    ],
)
def test_what_the_own_host_is(first: str, url: str, same: bool) -> None:
    assert is_same_place(checked_url(first), checked_url(url)) is same


async def test_no_secret_in_an_error_or_a_log(
    server: FeedServer, fetcher: Fetcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    login = server.url.replace("://", "://reader:hush@")
    for path, location in (("/a", "http://10.0.0.1/?key=hush"), ("/b", "ftp://x.example/hush"), ("/c", "/nowhere")):
        server.redirect(path, location)
        error = await refusal(fetcher, f"{login}{path}?key=hush#hush", headers={"X-Key": "hush", "Cookie": "a=hush"})
        assert "hush" not in str(error)
    server.fault("/a", "not_http", times=None)
    assert "hush" not in str(await refusal(fetcher, f"{login}/a?key=hush", headers={"X-Key": "hush"}))
    assert "hush" not in caplog.text
