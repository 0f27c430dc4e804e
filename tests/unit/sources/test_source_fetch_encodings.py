"""Content encodings: undone whole, within bounds, without holding the loop up."""

import asyncio
import contextlib
import gzip
import random
import struct
import zlib
from collections.abc import AsyncIterator, Callable

import brotli
import pytest
from backports import zstd
from multidict import CIMultiDict, CIMultiDictProxy

from tests.fakes.feedserver import FeedServer
from tests.fakes.loop_gaps import LoopGaps
from watchbot.clock import SystemClock
from watchbot.model.errors import FetchError
from watchbot.ports.fetcher import Fetched, FetchRequest
from watchbot.sources.answers import read_body
from watchbot.sources.fetch import Fetcher
from watchbot.sources.unpack import LARGEST, unpacker

TEXT = "台積電 opens its second plant in Kumamoto; Foxconn follows.\n".encode() * 500
MB = 1024 * 1024


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


@pytest.fixture
async def fetcher(server: FeedServer) -> AsyncIterator[Fetcher]:
    fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{server.port}",), SystemClock(), seconds=20)
    yield fetcher
    await fetcher.close()


async def body_of(fetcher: Fetcher, url: str) -> bytes:
    answer = await fetcher.fetch(FetchRequest(url))
    assert isinstance(answer, Fetched)
    return answer.body


def wide_window(data: bytes) -> bytes:
    """A zstd frame that asks for 128 MB of window: without a length in its head it must be given all of it."""
    parameter = zstd.CompressionParameter
    packer = zstd.ZstdCompressor(options={parameter.window_log: 27, parameter.content_size_flag: 0})
    return packer.compress(data) + packer.flush()


SKIPPABLE = struct.pack("<II", 0x184D2A50, 5) + b"a tag"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("br", brotli.compress(TEXT)),
        ("BR", brotli.compress(TEXT, quality=1)),
        ("zstd", zstd.compress(TEXT)),
        ("zstd", zstd.compress(TEXT[:999]) + zstd.compress(TEXT[999:])),
        ("zstd", SKIPPABLE + zstd.compress(TEXT) + SKIPPABLE),
        ("gzip, br", brotli.compress(gzip.compress(TEXT))),
        ("br,zstd", zstd.compress(brotli.compress(TEXT))),
        ("identity, deflate", zlib.compress(TEXT)),
        ("zstd, gzip", gzip.compress(zstd.compress(TEXT))),
        ("none", TEXT),
        ("UTF-8", TEXT),
    ],
)
async def test_what_is_unpacked(server: FeedServer, fetcher: Fetcher, encoding: str, packed: bytes) -> None:
    assert await body_of(fetcher, server.raw("/a", packed, headers={"Content-Encoding": encoding})) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "gzip, br"])
async def test_an_empty_body_is_empty(server: FeedServer, fetcher: Fetcher, encoding: str) -> None:
    assert await body_of(fetcher, server.raw("/a", b"", headers={"Content-Encoding": encoding})) == b""


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "br": lambda data: brotli.compress(data, quality=4),
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("encoding", PACKERS)
def test_every_size_of_the_pieces_that_arrive(encoding: str) -> None:
    packed = PACKERS[encoding](TEXT)
    for size in (1, 7, 4096, len(packed)):
        unpack = unpacker(encoding)
        assert unpack is not None
        found = b"".join(
            piece for start in range(0, len(packed), size) for piece in unpack.pieces(packed[start : start + size])
        )
        assert found == TEXT
        assert unpack.complete


@pytest.mark.parametrize(
    ("encoding", "packed", "says"),
    [
        ("br", brotli.compress(TEXT)[:-3], "broke off"),
        ("zstd", zstd.compress(TEXT)[:-3], "broke off"),
        ("zstd", zstd.compress(TEXT) + zstd.compress(TEXT)[:20], "broke off"),
        ("gzip, br", brotli.compress(gzip.compress(TEXT)[:-9]), "broke off"),
        ("gzip, br", brotli.compress(gzip.compress(TEXT))[:-2], "broke off"),
        ("br", TEXT, "damaged"),
        ("br", brotli.compress(TEXT) + b"and more", "damaged"),
        ("zstd", TEXT, "damaged"),
        ("zstd", zstd.compress(TEXT) + b"and more", "damaged"),
        ("zstd", zstd.compress(TEXT)[:40] + b"\xff" * 60, "damaged"),
        ("zstd", wide_window(TEXT), "damaged"),
        ("zstd", SKIPPABLE * 1200, "damaged"),
        ("gzip", gzip.compress(b"", mtime=0) * 1200, "damaged"),
        ("gzip, gzip, gzip", gzip.compress(gzip.compress(gzip.compress(TEXT))), "more than 2 times"),
        ("lzma", TEXT, "not asked for ('lzma')"),
        ("gzip, compress", gzip.compress(TEXT), "not asked for ('compress')"),
        ("x" * 300, TEXT, "not asked for"),
    ],
)
async def test_what_is_not_unpacked(
    server: FeedServer, fetcher: Fetcher, encoding: str, packed: bytes, says: str
) -> None:
    url = server.raw("/a", packed, headers={"Content-Encoding": encoding})
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url))
    assert says in str(caught.value)
    assert len(str(caught.value)) < 200


BOMBS = {
    "gzip": gzip.compress(bytes(64 * MB), mtime=0),
    "br": brotli.compress(bytes(64 * MB), quality=5),
    "zstd": zstd.compress(bytes(64 * MB)),
    "gzip, gzip": gzip.compress(gzip.compress(bytes(64 * MB), mtime=0), mtime=0),
    "gzip, br": brotli.compress(gzip.compress(b"", mtime=0) * (2 * MB), quality=5),
    "zstd, br": brotli.compress((struct.pack("<II", 0x184D2A50, MB) + bytes(MB)) * 40, quality=5),
}


@pytest.mark.parametrize("encoding", BOMBS)
async def test_a_bomb_stops_at_the_cap(server: FeedServer, fetcher: Fetcher, encoding: str) -> None:
    assert len(BOMBS[encoding]) < MB
    url = server.raw("/a", BOMBS[encoding], headers={"Content-Encoding": encoding})
    async with LoopGaps() as gaps:
        with pytest.raises(FetchError, match=r"larger than 10 MB|damaged"):
            await fetcher.fetch(FetchRequest(url))
    assert gaps.longest < 0.1


@pytest.mark.parametrize("encoding", BOMBS)
def test_a_bomb_is_unpacked_a_piece_at_a_time(encoding: str) -> None:
    unpack = unpacker(encoding)
    assert unpack is not None
    lengths: list[int] = []
    with pytest.raises(FetchError):
        lengths.extend(len(piece) for piece in unpack.pieces(BOMBS[encoding]))
    assert max(lengths, default=0) <= MB
    assert sum(lengths) <= LARGEST


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "zstd, br", ""])
async def test_ten_megabytes_do_not_hold_the_loop_up(server: FeedServer, fetcher: Fetcher, encoding: str) -> None:
    noise = random.Random(7).randbytes(3 * MB)
    body = noise + TEXT * ((LARGEST - len(noise)) // len(TEXT))
    packed = body
    for name in filter(None, encoding.split(", ")):
        packed = PACKERS[name](packed)
    url = server.raw("/a", packed, headers={"Content-Encoding": encoding} if encoding else {})
    async with LoopGaps() as gaps:
        assert await body_of(fetcher, url) == body
    assert gaps.longest < 0.1


class OneChunk:
    """An answer whose whole body arrives at once."""

    def __init__(self, encoding: str, body: bytes) -> None:
        self.headers = CIMultiDictProxy(CIMultiDict({"Content-Encoding": encoding}))
        self.content_length = len(body)
        self.content = self
        self._body = body

    async def iter_chunked(self, _size: int) -> AsyncIterator[bytes]:
        yield self._body


@pytest.mark.parametrize("encoding", PACKERS)
async def test_the_loop_turns_after_every_piece(encoding: str) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    body = bytes(9 * MB)
    answer = OneChunk(encoding, PACKERS[encoding](body))
    assert await read_body(answer, contextlib.nullcontext) == body  # type: ignore[arg-type]
    counting.cancel()
    assert turns >= 9


async def test_only_large_bodies_need_a_place(server: FeedServer, fetcher: Fetcher) -> None:
    asked, places = [], fetcher._turns.large

    def counted(deadline: asyncio.Timeout) -> object:
        asked.append(deadline)
        return places(deadline)

    fetcher._turns.large = counted  # type: ignore[assignment]
    assert await body_of(fetcher, server.raw("/small", TEXT)) == TEXT
    assert asked == []
    url = server.raw("/large", TEXT * 60)
    bodies = await asyncio.gather(*(body_of(fetcher, url) for _number in range(6)))
    assert bodies == [TEXT * 60] * 6
    assert len(asked) == 6


async def test_a_place_for_a_large_body_is_waited_for_without_the_deadline() -> None:
    from watchbot.sources.turns import LARGE_AT_ONCE, Turns

    turns, full, free = Turns(), asyncio.Event(), asyncio.Event()
    held = 0

    async def hold() -> None:
        nonlocal held
        async with asyncio.timeout(60) as deadline, turns.large(deadline):
            held += 1
            if held == LARGE_AT_ONCE:
                full.set()
            await free.wait()

    holding = [asyncio.create_task(hold()) for _number in range(LARGE_AT_ONCE)]
    await full.wait()
    async with asyncio.timeout(60) as deadline:

        async def wait() -> None:
            async with turns.large(deadline):
                pass

        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        assert deadline.when() is None
        assert not waiting.done()
        free.set()
        await waiting
        assert deadline.when() is not None
    await asyncio.gather(*holding)


async def test_a_page_of_three_megabytes(server: FeedServer, fetcher: Fetcher) -> None:
    page = b"<!doctype html><title>News</title>" + b"<p>One more paragraph of the page.</p>" * 85_000
    url = server.raw("/news", brotli.compress(page, quality=1), headers={"Content-Encoding": "br"})
    answer = await fetcher.fetch(FetchRequest(url))
    assert isinstance(answer, Fetched)
    assert answer.body == page
    assert answer.media_type.startswith("text/html")
