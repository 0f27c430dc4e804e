"""Servers that misbehave: every one comes out as one line, in time, and never holds the event loop up."""

import asyncio
import socket
import struct
import time
import tracemalloc
from collections.abc import Callable

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

from tests.fakes.loop_gaps import LoopGaps
from tests.fakes.rawserver import RawServer, Script, server_tls
from watchbot.clock import SystemClock
from watchbot.model.errors import FetchError
from watchbot.ports.fetcher import Fetched, FetchRequest
from watchbot.sources.fetch import Fetcher

OK = b"HTTP/1.1 200 OK\r\n"
PLAIN = OK + b"Content-Type: text/xml\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


class Loopback(AbstractResolver):
    """Every name is this machine."""

    @override
    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_UNSPEC) -> list[ResolveResult]:
        found = ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)
        return [found]

    @override
    async def close(self) -> None:
        pass


def says(*pieces: bytes) -> Script:
    """Send this, then hang up."""

    def script(line: socket.socket) -> None:
        for piece in pieces:
            line.sendall(piece)
        line.shutdown(socket.SHUT_WR)

    return script


def for_ever(head: bytes, piece: bytes) -> Script:
    """Send the head, then the piece without end, as fast as it is taken."""

    def script(line: socket.socket) -> None:
        line.sendall(head)
        while True:
            line.sendall(piece)

    return script


def drips(head: bytes, piece: bytes, seconds: float = 0.02) -> Script:
    """Send the head, then the piece again and again, slowly."""

    def script(line: socket.socket) -> None:
        line.sendall(head)
        while True:
            line.sendall(piece)
            time.sleep(seconds)

    return script


def then_silence(*pieces: bytes) -> Script:
    """Send this and wait for the client to give up."""

    def script(line: socket.socket) -> None:
        for piece in pieces:
            line.sendall(piece)
        line.recv(1)

    return script


def resets(*pieces: bytes) -> Script:
    """Send this, then cut the connection with a reset."""

    def script(line: socket.socket) -> None:
        for piece in pieces:
            line.sendall(piece)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()

    return script


async def outcome(script: Script, seconds: float = 5.0, **more: object) -> Fetched | FetchError:
    """What comes of one fetch; the loop is watched meanwhile."""
    with RawServer(script, **more) as server:  # type: ignore[arg-type]
        fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{server.port}",), SystemClock(), seconds=seconds)
        async with LoopGaps() as gaps:
            asked = fetcher.fetch(FetchRequest(f"{server.url}/feed?key=hush"))
            (answer,) = await asyncio.gather(asked, return_exceptions=True)
        await fetcher.close()
        assert gaps.longest < 0.1
        if isinstance(answer, FetchError):
            assert "hush" not in str(answer)
            assert len(str(answer).splitlines()) == 1
            assert len(str(answer)) < 250
            assert answer.__context__ is None
            return answer
        assert isinstance(answer, Fetched), answer
        return answer


LATE: dict[str, Script] = {
    "nothing at all": then_silence(),
    "half a status line": then_silence(b"HTTP/1.1 2"),
    "headers without an end": then_silence(PLAIN),
    "slow headers": drips(PLAIN, b"X-Drip: 1\r\n"),
    "a slow header line": drips(PLAIN + b"X-Long: ", b"a"),
    "no body": then_silence(PLAIN + b"Content-Length: 100\r\n\r\n"),
    "a slow body": drips(PLAIN + b"Content-Length: 100000\r\n\r\n", b"<"),
    "a slow body without a length": drips(PLAIN + b"\r\n", b"<"),
    "slow chunks": drips(CHUNKED, b"1\r\n<\r\n"),
    "a slow chunk extension": drips(CHUNKED + b"5;x=", b"y"),
    "slow trailers": drips(CHUNKED + b"0\r\n", b"X-T: 1\r\n"),
    "continue for ever, slowly": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "early hints for ever, slowly": drips(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "slow gzip": drips(OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\3", b"\0\0\0\xff\xff"),
    "one interim answer": then_silence(b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("case", LATE)
async def test_what_never_comes_to_an_end(case: str) -> None:
    error = await outcome(LATE[case], seconds=0.4)
    assert isinstance(error, FetchError)
    assert any(words in str(error) for words in ("no complete answer within 0.4 s", "too long", "not HTTP"))


ENDLESS: dict[str, tuple[Script, str]] = {
    "a body": (for_ever(PLAIN + b"\r\n", b"<item>" * 10_000), "larger than 10 MB"),
    "chunks": (for_ever(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"), "larger than 10 MB"),
    "tiny chunks": (for_ever(CHUNKED, b"1\r\nx\r\n" * 10_000), ""),
    "one header line": (for_ever(PLAIN + b"X-Long: ", b"a" * 60_000), "too long"),
    "header lines": (for_ever(PLAIN, b"X-More: and more\r\n" * 4000), "too long"),
    "a status line": (for_ever(b"HTTP/1.1 200 ", b"O" * 60_000), "too long"),
    "interim answers": (for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000), ""),
    "answers": (for_ever(b"", b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n" * 2000), "no such page"),
    "cookies": (for_ever(PLAIN, b"Set-Cookie: a=b; c=d; e=f\r\n" * 1000), "too long"),
    "a chunk extension": (for_ever(CHUNKED + b"5;x=", b"y" * 60_000), ""),
    "trailers": (for_ever(CHUNKED + b"0\r\n", b"X-T: 1\r\n" * 4000), ""),
    "zeros": (for_ever(b"", b"\0" * 60_000), ""),
    "line ends": (for_ever(b"", b"\r\n" * 30_000), ""),
}


@pytest.mark.parametrize("case", ENDLESS)
async def test_what_comes_without_end(case: str) -> None:
    script, words = ENDLESS[case]
    error = await outcome(script, seconds=20.0 if words else 0.5)
    assert isinstance(error, FetchError)
    assert words in str(error)


BROKEN: dict[str, Script] = {
    "an empty answer": says(),
    "a reset at once": resets(),
    "a reset within the head": resets(PLAIN),
    "a reset within the body": resets(PLAIN + b"Content-Length: 900\r\n\r\n", b"<rss>"),
    "less than its length": says(PLAIN + b"Content-Length: 900\r\n\r\n<rss>"),
    "a length below nothing": says(PLAIN + b"Content-Length: -5\r\n\r\n<rss>"),
    "a length in words": says(PLAIN + b"Content-Length: five\r\n\r\n<rss>"),
    "a length beyond all numbers": says(PLAIN + b"Content-Length: 99999999999999999999999999\r\n\r\n<rss>"),
    "two lengths": says(PLAIN + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n<rss>x"),
    "a length over the cap": says(PLAIN + b"Content-Length: 10485761\r\n\r\n<rss>"),
    "chunks that are none": says(CHUNKED + b"hello\r\nworld\r\n0\r\n\r\n"),
    "a chunk below nothing": says(CHUNKED + b"-5\r\n<rss>\r\n0\r\n\r\n"),
    "a chunk beyond all numbers": says(CHUNKED + b"ffffffffffffffffffff\r\n<rss>"),
    "a chunk that is too short": says(CHUNKED + b"9\r\n<rss>\r\n0\r\n\r\n"),
    "no last chunk": says(CHUNKED + b"5\r\n<rss>\r\n"),
    "HTTP/0.9": says(b"<rss>no head at all</rss>"),
    "HTTP/2": says(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0\0\0\4\0\0\0\0\0"),
    "HTTP/2 frames": says(b"\0\0\x12\4\0\0\0\0\0\0\3\0\0\0\x80\0\4\0\1\0\0"),
    "another protocol": says(b"220 mail.example ESMTP\r\n"),
    "TLS on a plain port": says(bytes.fromhex("15030100020228")),
    "a status of two digits": says(b"HTTP/1.1 20 OK\r\n\r\n"),
    "a status of four digits": says(b"HTTP/1.1 2000 OK\r\n\r\n"),
    "a status in words": says(b"HTTP/1.1 OK 200\r\n\r\n"),
    "a version in words": says(b"HTTP/one 200 OK\r\n\r\n"),
    "a header without a colon": says(OK + b"this is no header\r\n\r\n"),
    "a header without a name": says(OK + b": value\r\n\r\n"),
    "a nul in a header": says(OK + b"X-Nul: a\0b\r\nContent-Length: 0\r\n\r\n"),
    "200 headers": says(OK + b"".join(b"X-%d: 1\r\n" % n for n in range(200)) + b"\r\n"),
    "9000 headers": says(OK + b"".join(b"X-%d: 1\r\n" % n for n in range(9000)) + b"\r\n"),
    "a header of 100 KB": says(OK + b"X-Long: " + b"a" * 100_000 + b"\r\n\r\n"),
    "switching protocols": says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\5hello"),
    "an encoding of its own": says(OK + b"Content-Encoding: exi\r\nContent-Length: 5\r\n\r\n<rss>"),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_answers_that_are_broken(case: str) -> None:
    error = await outcome(BROKEN[case])
    assert isinstance(error, FetchError)
    assert "within" not in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        PLAIN + b"\r\n<rss>",
        b"HTTP/1.0 200 OK\r\n\r\n<rss>",
        b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\n<rss>",
        b"HTTP/1.1 203 Changed\r\nContent-Length: 5\r\n\r\n<rss>",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + PLAIN + b"Content-Length: 5\r\n\r\n<rss>",
        CHUNKED + b"2;name=value\r\n<r\r\n3\r\nss>\r\n0\r\nX-Trailer: 1\r\n\r\n",
        PLAIN + b"Set-Cookie: " + b"a=b;" * 2000 + b"\r\nContent-Length: 5\r\n\r\n<rss>",
        PLAIN + b"Content-Security-Policy: " + b"https://cdn.example " * 1000 + b"\r\nContent-Length: 5\r\n\r\n<rss>",
    ],
)  # fmt: skip
async def test_odd_answers_that_can_be_read(answer: bytes) -> None:
    found = await outcome(says(answer))
    assert isinstance(found, Fetched)
    assert found.body == b"<rss>"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (204, "without content"), (205, "without content"), (206, "a part only"), (201, "unexpected"),
        (300, "redirects to nowhere"), (304, "nothing was known"), (400, "our request bad"), (401, "asks for a login"),
        (403, "refuses us"), (405, "refuses us"), (418, "refuses us"), (429, "too often"), (451, "legal reasons"),
        (500, "the server has an error"), (507, "the server has an error"), (522, "the server has an error"),
        (999, "unexpected"), (600, "unexpected"),
    ],
)  # fmt: skip
async def test_a_status_that_is_no_success(status: int, words: str) -> None:
    answer = b"HTTP/1.1 %d Whatever\r\nContent-Length: 0\r\n\r\n" % status
    error = await outcome(says(answer))
    assert isinstance(error, FetchError)
    assert error.status == status
    assert words in str(error)
    assert str(error).endswith(f"(HTTP {status})")


async def test_plain_words_on_a_safe_port() -> None:
    error = await outcome(says(PLAIN + b"\r\n"), tls=server_tls())
    assert isinstance(error, FetchError)
    assert "no safe connection" in str(error)
    with RawServer(says(PLAIN + b"\r\n"), server_tls()) as server:
        fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{server.port}",), SystemClock(), seconds=5)
        with pytest.raises(FetchError, match=r"hung up|not HTTP"):
            await fetcher.fetch(FetchRequest(server.url.replace("https:", "http:")))
        await fetcher.close()


async def test_safe_words_on_a_plain_port() -> None:
    with RawServer(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{server.port}",), SystemClock(), seconds=1)
        with pytest.raises(FetchError, match=r"no safe connection|within 1 s"):
            await fetcher.fetch(FetchRequest(server.url.replace("http:", "https:")))
        await fetcher.close()


async def test_a_handshake_that_never_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{port}",), SystemClock(), seconds=0.3)
        with pytest.raises(FetchError, match=r"within 0.3 s"):
            await fetcher.fetch(FetchRequest(f"https://127.0.0.1:{port}/"))
        await fetcher.close()


async def test_one_that_hangs_harms_nothing_beside_it() -> None:
    good = says(PLAIN + b"Content-Length: 5\r\n\r\n<rss>")
    with RawServer(then_silence()) as bad, RawServer(good) as other:
        allowed = (f"127.0.0.1:{bad.port}", f"127.0.0.1:{other.port}")
        fetcher = Fetcher("watchbot/1.0", allowed, SystemClock(), seconds=0.5)
        urls = [bad.url, bad.url, bad.url]
        hanging = [asyncio.create_task(fetcher.fetch(FetchRequest(url))) for url in urls]
        results = await asyncio.gather(*hanging, return_exceptions=True)
        assert {type(one) for one in results} == {FetchError}
        answer = await fetcher.fetch(FetchRequest(other.url))
        assert isinstance(answer, Fetched)
        await fetcher.close()


def closing(path: str) -> Callable[[socket.socket], None]:
    return then_silence(*([PLAIN + b"Content-Length: 100\r\n\r\n<rss>"] if path == "body" else []))


@pytest.mark.parametrize("path", ["head", "body"])
async def test_closing_ends_what_is_under_way(path: str) -> None:
    with RawServer(closing(path)) as server:
        fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{server.port}",), SystemClock(), seconds=60)
        asked = [asyncio.create_task(fetcher.fetch(FetchRequest(f"{server.url}/{n}"))) for n in range(7)]
        async with asyncio.timeout(10):
            while len(server.heads) < 2:
                await asyncio.wait(asked, timeout=0.01)
        await fetcher.close()
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert {str(one).partition(": ")[2] for one in results} == {"watchbot is stopping"}
        with pytest.raises(FetchError, match="watchbot is stopping"):
            await fetcher.fetch(FetchRequest(server.url))
        await fetcher.close()
        assert len(server.heads) == 2
        assert fetcher._turns.hosts == {}


async def test_a_cancelled_fetch_frees_its_place() -> None:
    with RawServer(then_silence()) as server:
        fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{server.port}",), SystemClock(), seconds=60)
        asked = [asyncio.create_task(fetcher.fetch(FetchRequest(f"{server.url}/{n}"))) for n in range(5)]
        async with asyncio.timeout(10):
            while len(server.heads) < 2:
                await asyncio.wait(asked, timeout=0.01)
        for task in asked:
            task.cancel()
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(one) for one in results} == {asyncio.CancelledError}
        assert fetcher._turns.hosts == {}
        await fetcher.close()


async def test_a_loop_that_is_busy_loses_nothing() -> None:
    with RawServer(says(PLAIN + b"Content-Length: 5\r\n\r\n<rss>")) as server:
        fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{server.port}",), SystemClock(), seconds=30)
        asked = [asyncio.create_task(fetcher.fetch(FetchRequest(f"{server.url}/{n}"))) for n in range(6)]
        for _turn in range(5):
            await asyncio.sleep(0)
            begun = time.thread_time()
            while time.thread_time() - begun < 0.05:
                pass
        answers = await asyncio.gather(*asked)
        assert {one.body for one in answers if isinstance(one, Fetched)} == {b"<rss>"}
        await fetcher.close()


async def test_fifty_endless_bodies_at_once_stay_small() -> None:
    tracemalloc.start()
    try:
        with RawServer(for_ever(PLAIN + b"\r\n", b"<item>" * 10_000)) as server:
            places = [f"feed{number}.example:{server.port}" for number in range(50)]
            fetcher = Fetcher("watchbot/1.0", tuple(places), SystemClock(), seconds=60, resolver=Loopback())
            asked = [fetcher.fetch(FetchRequest(f"http://{place}/")) for place in places]
            results = await asyncio.gather(*asked, return_exceptions=True)
            await fetcher.close()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert {str(one).partition("/: ")[2] for one in results} == {"the answer is larger than 10 MB"}
    assert peak < 150 * 1024 * 1024
