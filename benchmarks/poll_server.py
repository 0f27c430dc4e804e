"""The web of bench_poll: N feeds of 20 items on many ports of 127.0.0.1, in a process of its own.

    python -m benchmarks.poll_server --feeds 1000 --ports 50     ports as JSON on stdout; ends when stdin ends

A feed is `/N.xml` on port N modulo the number of ports. Everything is rendered beforehand; a request costs a look-up.
`/__advance` puts a new item on top of every feed (the oldest one falls off), `/__counts` tells and forgets the
answers given since it was last asked.
"""

import argparse
import asyncio
import gzip
import json
import re
import sys
from collections import Counter, deque
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

from typing_extensions import override

from benchmarks.poll_news import LANGUAGES, Newsroom, watched_companies
from benchmarks.poll_shapes import Entry, document, item, kind_of

ITEMS = 20
_VALIDATOR = re.compile(rb"\r\nif-none-match: *([^\r]*)", re.IGNORECASE)
_SINCE = re.compile(rb"\r\nif-modified-since: *([^\r]*)", re.IGNORECASE)
_GZIP = re.compile(rb"\r\naccept-encoding:[^\r]*\bgzip\b", re.IGNORECASE)


class Feed:
    """One feed: its items and its answers as bytes."""

    def __init__(self, number: int, newsroom: Newsroom, base: str, random: Random, mixed: bool = True) -> None:
        """A feed of ITEMS items, spread over the last two days."""
        self._number = number
        self._kind = kind_of(number, mixed)
        self._language = LANGUAGES[number % len(LANGUAGES)]
        self._newsroom = newsroom
        self._base = base
        self._made = 0
        self._items: deque[bytes] = deque(maxlen=ITEMS)
        self.watched = 0
        now = datetime.now(UTC).replace(microsecond=0)
        gap = timedelta(hours=48 / ITEMS)
        for left in reversed(range(1, ITEMS + 1)):
            self._add(now - gap * left + timedelta(minutes=random.randrange(120)))
        self.answers: tuple[bytes, bytes, bytes] = (b"", b"", b"")  # 200 plain, 200 gzip, 304
        self.etag = self.modified = b""

    def _add(self, at: datetime) -> bool:
        story = self._newsroom.item(self._language)
        self._made += 1
        full = self._newsroom.article(self._language, story) if self._kind in ("blog", "atom") else ""
        self._items.appendleft(item(self._kind, Entry(self._base, self._number, self._made, story, full, at)))
        self.watched += story.watched
        return story.watched

    def advance(self) -> bool:
        """A new item on top; whether it names a watched company."""
        return self._add(datetime.now(UTC).replace(microsecond=0))

    def render(self, zipped: bool, close: bool) -> None:
        """Make the answers: 200 plain, 200 gzip, 304."""
        moment = datetime.now(UTC).replace(microsecond=0)
        now = format_datetime(moment, usegmt=True)
        self.etag = f'"{self._number:x}-{self._made:x}"'.encode()
        self.modified = now.encode()
        body = document(self._kind, self._base, self._number, self._language, moment, b"".join(self._items))
        same = f"Date: {now}\r\nETag: {self.etag.decode()}\r\nLast-Modified: {now}\r\nCache-Control: max-age=300\r\n"
        if close:
            same += "Connection: close\r\n"
        full = f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\n{same}"
        packed = gzip.compress(body, 6) if zipped else b""
        self.answers = (
            f"{full}Content-Length: {len(body)}\r\n\r\n".encode() + body,
            f"{full}Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode() + packed
            if zipped
            else b"",
            f"HTTP/1.1 304 Not Modified\r\n{same}\r\n".encode(),
        )


class World:
    """All feeds, and what was answered."""

    def __init__(self, count: int, zipped: bool, close: bool, mixed: bool) -> None:
        """Invent the feeds."""
        random = Random(5)
        newsroom = Newsroom(5, watched_companies())
        self._zipped, self.close = zipped, close
        self.feeds = [
            Feed(number, newsroom, f"https://paper{number}.example", random, mixed) for number in range(count)
        ]
        self.counts: Counter[str] = Counter()
        for feed in self.feeds:
            feed.render(zipped, close)

    def answer(self, path: bytes, head: bytes) -> bytes:
        """The whole answer to one request."""
        if path.startswith(b"/__"):
            return self._control(path)
        number = int(path[1:-4]) if path[1:-4].isdigit() else -1
        if not 0 <= number < len(self.feeds):
            self.counts["404"] += 1
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        feed = self.feeds[number]
        plain, packed, same = feed.answers
        if _known(feed, head):
            self.counts["304"] += 1
            return same
        self.counts["200"] += 1
        return packed if packed and _GZIP.search(head) else plain

    def _control(self, path: bytes) -> bytes:
        if path == b"/__advance":
            fresh = [feed.advance() for feed in self.feeds]
            for feed in self.feeds:
                feed.render(self._zipped, self.close)
            told: dict[str, object] = {"watched": fresh}
        else:
            told = dict(self.counts)
            self.counts.clear()
        body = json.dumps(told).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


class Talk(asyncio.Protocol):
    """One connection."""

    def __init__(self, world: World) -> None:
        """Nothing was said yet."""
        self._world = world
        self._left = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Someone came."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._world.counts["connections"] += 1

    @override
    def data_received(self, data: bytes) -> None:
        """Answer every whole request; none has a body."""
        self._left += data
        while (end := self._left.find(b"\r\n\r\n")) >= 0:
            head, self._left = self._left[:end], self._left[end + 4 :]
            path = head.split(b" ", 2)[1]
            self._transport.write(self._world.answer(path, head))
            if self._world.close and not path.startswith(b"/__"):
                self._transport.close()


def _known(feed: Feed, head: bytes) -> bool:
    """Whether the asker has what the feed shows; an ETag goes before a date."""
    if found := _VALIDATOR.search(head):
        return found[1].strip() == feed.etag
    since = _SINCE.search(head)
    return bool(since and since[1].strip() == feed.modified)


async def serve(world: World, ports: int) -> None:
    """Listen on so many ports, say which, and go when stdin ends."""
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(lambda: Talk(world), "127.0.0.1", 0, backlog=512) for _port in range(ports)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for server in servers:
        server.close()


def main() -> None:
    """Read the arguments and serve."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--feeds", type=int, default=1000)
    arguments.add_argument("--ports", type=int, default=50)
    arguments.add_argument("--gzip", action="store_true")
    arguments.add_argument("--close", action="store_true")
    arguments.add_argument("--light", action="store_true")
    options = arguments.parse_args()
    asyncio.run(serve(World(options.feeds, options.gzip, options.close, not options.light), options.ports))


if __name__ == "__main__":
    main()
