"""What a request says, and what the wishes in an answer mean."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from tests.fakes.feedserver import FeedServer
from tests.fakes.rawserver import RawServer
from watchbot.clock import SystemClock
from watchbot.model.errors import FetchError, UsageError
from watchbot.ports.fetcher import Fetched, FetchRequest, NotModified
from watchbot.sources.answers import max_age, retry_after
from watchbot.sources.fetch import Fetcher
from watchbot.sources.turns import KEEP_SECONDS, MOST_KEPT, Turns

NOW = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


@pytest.fixture
async def fetcher(server: FeedServer) -> AsyncIterator[Fetcher]:
    fetcher = Fetcher("watchbot/1.0 (+https://example.com/我)", (f"127.0.0.1:{server.port}",), SystemClock(), seconds=5)
    yield fetcher
    await fetcher.close()


async def test_the_whole_request() -> None:
    with RawServer(lambda line: line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as raw:
        fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{raw.port}",), SystemClock(), seconds=5)
        await fetcher.fetch(FetchRequest(f"{raw.url}/a.xml", b'W/"1"', b"Mon, 09 Nov 2026 09:00:00 GMT"))
        await fetcher.close()
        line, *headers = raw.heads[0].decode().rstrip().split("\r\n")
    assert line == "GET /a.xml HTTP/1.1"
    names = [header.partition(":")[0] for header in headers]
    assert names == ["Host", "User-Agent", "Accept", "Accept-Encoding", "If-None-Match", "If-Modified-Since"]
    assert "Accept-Encoding: gzip, deflate, br, zstd" in headers
    assert 'If-None-Match: W/"1"' in headers


async def test_a_source_may_say_it_in_its_own_way(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.feed("/a", ["x"])
    own = {"user-agent": "Mozilla/5.0", "ACCEPT": "text/xml", "Cookie": "member=1", "X-Ort": "Zürich 台北"}
    await fetcher.fetch(FetchRequest(url, headers=own))
    headers = server.requests[0].headers
    assert headers.getall("User-Agent") == ["Mozilla/5.0"]
    assert headers.getall("Accept") == ["text/xml"]
    assert headers["Cookie"] == "member=1"
    assert headers["X-Ort"] == "Zürich 台北"
    await fetcher.fetch(FetchRequest(url))
    assert server.requests[1].headers["User-Agent"].startswith("watchbot/1.0")
    assert "Cookie" not in server.requests[1].headers


async def test_its_own_header_stands_before_the_login_of_its_address(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.feed("/a", ["x"]).replace("://", "://reader:word@")
    await fetcher.fetch(FetchRequest(url, headers={"authorization": "Bearer key"}))
    assert server.requests[0].headers.getall("Authorization") == ["Bearer key"]


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"X-Key": "hush\r\nX-Other: 1"}, "X-Key must be one line"),
        ({"X-Key": "hush\nHost: evil.example"}, "X-Key must be one line"),
        ({"X-Key": "hush\0"}, "X-Key must be one line"),
        ({"X-Key: hush\r\nX": "1"}, "a name that is none"),
        ({"X Key": "hush"}, "a name that is none"),
        ({"": "hush"}, "a name that is none"),
        ({"Ключ": "hush"}, "a name that is none"),
        ({"host": "hush.example"}, "host cannot be set"),
        ({"Content-Length": "5"}, "Content-Length cannot be set"),
        ({"Transfer-Encoding": "chunked"}, "Transfer-Encoding cannot be set"),
        ({"Accept-Encoding": "lzma"}, "Accept-Encoding cannot be set"),
    ],
)
async def test_own_headers_that_are_refused(
    server: FeedServer, fetcher: Fetcher, headers: dict[str, str], says: str
) -> None:
    url = server.feed("/a", ["x"])
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url, headers=headers))
    assert says in str(caught.value)
    assert "hush" not in str(caught.value)
    assert server.requests == []


def test_a_name_of_ours_over_two_lines_is_refused() -> None:
    with pytest.raises(UsageError, match=r"fetch\.user_agent"):
        Fetcher("watchbot/1.0\r\nX-Evil: 1", (), SystemClock())


@pytest.mark.parametrize(
    ("etag", "sent"),
    [
        (b'"plain"', '"plain"'),
        (b'W/"weak, with a comma"', 'W/"weak, with a comma"'),
        (b"no quotes at all", "no quotes at all"),
        ('"台"'.encode(), '"台"'),
        (b'"caf\xe9"', None),
        (b'"two\r\nX-Evil: lines"', None),
        (b"x" * 3000, None),
        (b"", None),
    ],
)
async def test_validators_are_sent_back_byte_for_byte_or_not(
    server: FeedServer, fetcher: Fetcher, etag: bytes, sent: str | None
) -> None:
    url = server.raw("/a", b"x", etag=False)
    await fetcher.fetch(FetchRequest(url, etag))
    assert server.requests[0].headers.get("If-None-Match") == sent


async def test_validators_come_back_as_received() -> None:
    def answer(line: object) -> None:
        tags = b'ETag: "caf\xe9 \xe5\x8f\xb0"\r\nLast-Modified: yesterday, about noon\r\n'
        line.sendall(b"HTTP/1.1 200 OK\r\n" + tags + b"Content-Length: 0\r\n\r\n")  # type: ignore[attr-defined]

    with RawServer(answer) as raw:
        fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{raw.port}",), SystemClock(), seconds=5)
        found = await fetcher.fetch(FetchRequest(raw.url))
        await fetcher.fetch(FetchRequest(raw.url, found.etag, found.last_modified))
        await fetcher.close()
        assert found.etag == b'"caf\xe9 \xe5\x8f\xb0"'
        assert b"If-Modified-Since: yesterday, about noon\r\n" in raw.heads[1]


async def test_new_validators_with_not_modified(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.raw("/a", b"x", status=304, headers={"ETag": '"2"', "Cache-Control": "max-age=60"})
    answer = await fetcher.fetch(FetchRequest(url, b'"1"'))
    assert isinstance(answer, NotModified)
    assert (answer.etag, answer.max_age) == (b'"2"', 60.0)


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "3600", 3600.0),
        (503, "Mon, 09 Nov 2026 10:02:00 GMT", 120.0),
        (503, "Mon, 09 Nov 2026 09:00:00 GMT", 0.0),
        (500, "soon", 0.0),
        (404, "-5", 0.0),
        (429, "99999999999999999999", 604800.0),
        (403, "٣٠", 0.0),
    ],
)
async def test_how_long_to_leave_it_alone(
    server: FeedServer, fetcher: Fetcher, status: int, header: str, seconds: float
) -> None:
    date = {"Date": "Mon, 09 Nov 2026 10:00:00 GMT"}
    url = server.raw("/a", b"no", status=status, headers={"Retry-After": header, **date})
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url))
    assert (caught.value.status, caught.value.retry_after) == (status, seconds)


async def test_a_page_that_is_gone(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.raw("/a", b"gone", status=410)
    with pytest.raises(FetchError, match=r"the page is gone for good \(HTTP 410\)") as caught:
        await fetcher.fetch(FetchRequest(url, b'"1"'))
    assert caught.value.status == 410
    server.redirect("/old", "/a")
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(server.url_of("/old")))
    assert caught.value.status == 410


def given(**headers: str) -> CIMultiDictProxy[str]:
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return CIMultiDictProxy(CIMultiDict(pairs))


def at(**ahead: float) -> str:
    return format_datetime(NOW + timedelta(**ahead), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (given(Expires=at(minutes=10)), 600.0),
        (given(Expires=at(minutes=70), Date=at(hours=1)), 600.0),
        (given(Expires=at(minutes=10), Date=at(), Age="60"), 540.0),
        (given(Expires=at(minutes=-1)), 0.0),
        (given(Expires=at(days=400)), 604800.0),
        (given(Expires="-1"), 0.0),
        (given(Expires="Thu, 99 Foo 2026 99:99:99 GMT"), 0.0),
        (given(Expires="x" * 5000), 0.0),
        (given(Cache_Control="max-age=0", Expires=at(minutes=10)), 0.0),
        (given(Cache_Control='private, MAX-AGE="120"'), 120.0),
        (given(Cache_Control="s-maxage=900, max-age = 60"), 60.0),
        (given(Cache_Control="max-age=60", Age="90"), 0.0),
        (given(Cache_Control="max-age=60", Age="old"), 60.0),
        (given(Cache_Control="no-store", Expires=at(minutes=10)), 0.0),
        (given(Cache_Control="public", Expires=at(minutes=10)), 600.0),
        (given(), 0.0),
    ],
)
def test_how_long_it_is_fresh(headers: CIMultiDictProxy[str], seconds: float) -> None:
    assert max_age(headers, NOW) == seconds


def test_several_headers_of_one_name_count_together() -> None:
    headers = CIMultiDictProxy(CIMultiDict([("Cache-Control", "public"), ("cache-control", "max-age=30")]))
    assert max_age(headers, NOW) == 30.0


@pytest.mark.parametrize("text", ["Mon, 09 Nov 2026 10:01:00 GMT", "Monday, 09-Nov-26 10:01:00 GMT", "60", " 60 "])
def test_dates_and_seconds_to_wait(text: str) -> None:
    assert retry_after(given(Retry_After=text), NOW) == 60.0


@pytest.mark.parametrize("text", ["", "1.5", "1e9", "tomorrow", "9" * 70, "Mon, 09 Nov 2026", "2026-11-09T10:01:00Z"])
def test_no_sensible_wait(text: str) -> None:
    assert retry_after(given(Retry_After=text), NOW) <= 604800.0


async def test_connections_are_used_again() -> None:
    with RawServer(lambda line: line.sendall(b"HTTP/1.1 304 Not Modified\r\n\r\n")) as raw:
        fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{raw.port}",), SystemClock(), seconds=5)
        asked = [fetcher.fetch(FetchRequest(f"{raw.url}/{number}", b'"1"')) for number in range(40)]
        assert {type(answer) for answer in await asyncio.gather(*asked)} == {NotModified}
        assert len(raw.heads) == 40
        assert raw.connections <= 2
        await fetcher.close()


def test_only_so_many_hosts_keep_a_connection() -> None:
    turns = Turns()
    assert all(turns.keeps(f"host{number}", 0.0) for number in range(MOST_KEPT))
    assert not turns.keeps("one more", 1.0)
    assert turns.keeps("host0", 2.0)
    assert turns.keeps("one more", KEEP_SECONDS + 1.0)
    assert turns.keeps("host0", KEEP_SECONDS + 1.5)


async def test_a_host_too_many_is_asked_to_hang_up(server: FeedServer, fetcher: Fetcher) -> None:
    now = asyncio.get_running_loop().time()
    for number in range(MOST_KEPT):
        fetcher._turns.keeps(f"host{number}", now)
    url = server.feed("/a", ["x"])
    answer = await fetcher.fetch(FetchRequest(url))
    assert isinstance(answer, Fetched)
    assert server.requests[0].headers["Connection"] == "close"
