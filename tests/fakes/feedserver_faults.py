"""Faults of the fake feed server.

Kinds: "status" (`status`, with `retry_after`) "drop" (cut before an answer) "hang" (never answers) "stall" (headers,
then nothing) "drip" (the body in small pieces, one every `seconds`) "slow" (the whole answer after `seconds`)
"endless" (a feed without end) "bomb" (a small gzip body that becomes `size` bytes) "garbage" (bytes that are no feed)
"cut" (half the body, then the connection ends) "long_length" / "short_length" (Content-Length promises more / less
than comes) "not_http" (an answer that is not HTTP).
"""

import asyncio
import random
import zlib
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.serving import drop

KINDS = frozenset(
    {
        "status",
        "drop",
        "hang",
        "stall",
        "drip",
        "slow",
        "endless",
        "bomb",
        "garbage",
        "cut",
        "long_length",
        "short_length",
        "not_http",
    }
)
_PREFIX = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Endless</title>'
_ITEM = b"<item><title>One more</title><description>" + b"again and " * 400 + b"</description></item>"


@dataclass(eq=False)
class Fault:
    """One rule for one path (`*`: every path); `hits` counts how often it struck."""

    path: str
    kind: str
    times: int | None = 1
    status: int = 500
    retry_after: str = ""
    seconds: float = 0.2
    size: int = 64 * 1024 * 1024
    piece: int = 16
    hits: int = 0
    bytes_sent: int = 0

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist."""
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind!r}; there are {sorted(KINDS)}")

    def strikes(self, path: str) -> bool:
        """Whether this request is hit."""
        return self.path in {path, "*"} and (self.times is None or self.hits < self.times)

    def cancel(self) -> None:
        """Strike no more."""
        self.times = self.hits

    async def respond(self, request: web.BaseRequest, page: web.Response) -> web.StreamResponse:
        """Answer wrongly; `page` is what would have been right."""
        body = page.body if isinstance(page.body, bytes) else b""
        match self.kind:
            case "status":
                headers = {"Retry-After": self.retry_after} if self.retry_after else {}
                return web.Response(status=self.status, text="<h1>sorry</h1>", headers=headers)
            case "garbage":
                noise = random.Random(7).randbytes(20_000)
                return web.Response(body=noise, headers={"Content-Type": "application/rss+xml"})
            case "bomb":
                headers = {"Content-Encoding": "gzip", "Content-Type": "application/rss+xml"}
                return web.Response(body=bomb(self.size), headers=headers)
            case "hang":
                await asyncio.Event().wait()
            case "slow":
                await asyncio.sleep(self.seconds)
                return page
            case "stall" | "drip" | "endless":
                return await self._stream(request, body)
            case "cut":
                half = body[: len(body) // 2]
                return self._raw(request, b"Content-Length: %d\r\n" % len(body), half)
            case "long_length":
                return self._raw(request, b"Content-Length: %d\r\n" % (len(body) + 5000), body)
            case "short_length":
                return self._raw(request, b"Content-Length: %d\r\n" % (len(body) // 2), body)
            case "not_http":
                return _write_and_close(request, b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
            case _:
                pass
        return drop(request)

    async def _stream(self, request: web.BaseRequest, body: bytes) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        if self.kind == "stall":
            await asyncio.Event().wait()
        if self.kind == "drip":
            for start in range(0, len(body), self.piece):
                await self._piece(response, body[start : start + self.piece])
                await asyncio.sleep(self.seconds)
            return response
        await self._piece(response, _PREFIX)
        while True:
            await self._piece(response, _ITEM * 16)

    async def _piece(self, response: web.StreamResponse, piece: bytes) -> None:
        await response.write(piece)
        self.bytes_sent += len(piece)
        await asyncio.sleep(0)

    def _raw(self, request: web.BaseRequest, length: bytes, body: bytes) -> web.Response:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n" + length + b"\r\n"
        return _write_and_close(request, head + body)


def bomb(size: int) -> bytes:
    """A gzip body that becomes `size` bytes of the beginning of a feed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    pieces = [packer.compress(_PREFIX)]
    blank = b" " * 1024 * 1024
    pieces.extend(packer.compress(blank) for _ in range(size // len(blank)))
    return b"".join([*pieces, packer.flush()])


def _write_and_close(request: web.BaseRequest, raw: bytes) -> web.Response:
    if request.transport is not None:
        request.transport.write(raw)
        request.transport.close()
    return web.Response(status=500)  # never written
