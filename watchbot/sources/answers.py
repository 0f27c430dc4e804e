"""What an HTTP answer holds: its body decoded within bounds, its wishes in seconds, its faults in words."""

import asyncio
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from aiohttp.http_exceptions import LineTooLong
from multidict import CIMultiDictProxy

from watchbot.model.errors import FetchError
from watchbot.sources.unpack import LARGEST, too_large, unpacker

SMALL = 512 * 1024
LONGEST_WISH = 7 * 86_400.0
_CHUNK, _PACKED_CHUNK = 64 * 1024, 16 * 1024
_STATUS_WORDS = {
    204: "it answers without content",
    205: "it answers without content",
    206: "it answers with a part only",
    304: "it says that nothing changed, but nothing was known",
    400: "it calls our request bad",
    401: "it asks for a login",
    402: "it asks for payment",
    403: "it refuses us",
    404: "there is no such page",
    406: "it offers nothing we can read",
    407: "the proxy asks for a login",
    410: "the page is gone for good",
    429: "it says we ask too often",
    451: "it may not answer for legal reasons",
    500: "the server has an error",
    502: "the server behind it does not answer",
    503: "it is out of service",
    504: "the server behind it is too slow",
}

_CLASS_WORDS = {3: "it redirects to nowhere", 4: "it refuses us", 5: "the server has an error"}

Headers = CIMultiDictProxy[str]


async def read_body(
    response: aiohttp.ClientResponse,
    large: Callable[[], AbstractAsyncContextManager[None]],
    hold: AsyncExitStack | None = None,
) -> bytes:
    """The decoded body. Raises FetchError where it is too large, damaged, or encoded as nobody asked.

    `large` gives a place that a body needs once it is no longer small; it is kept until `hold` closes, where there is
    one. The loop gets its turn after every piece.
    """
    unpack = unpacker(", ".join(response.headers.getall("Content-Encoding", ())))
    if (response.content_length or 0) > LARGEST:
        raise too_large()
    body = bytearray()
    received = 0
    async with AsyncExitStack() as stack:
        has_place = False
        async for chunk in response.content.iter_chunked(_CHUNK if unpack is None else _PACKED_CHUNK):
            received += len(chunk)
            for piece in (chunk,) if unpack is None else unpack.pieces(chunk):
                body += piece
                if max(received, len(body)) > LARGEST:
                    raise too_large()
                if len(body) > SMALL and not has_place:
                    has_place = True
                    await (hold or stack).enter_async_context(large())
                await asyncio.sleep(0)
        if unpack and received and not unpack.complete:
            raise FetchError("the answer broke off")
        return bytes(body)


def raw_header(headers: Headers, name: str) -> bytes | None:
    """A header's bytes as received, None where there is none."""
    value = headers.get(name)
    return None if value is None else value.encode("utf-8", "surrogateescape")


def status_error(status: int, headers: Headers, now: datetime) -> FetchError:
    """The error for a status that is no success."""
    words = _STATUS_WORDS.get(status) or _CLASS_WORDS.get(status // 100, "it answers in an unexpected way")
    return FetchError(f"{words} (HTTP {status})", status, retry_after(headers, now) if status >= 400 else 0.0)


def retry_after(headers: Headers, now: datetime) -> float:
    """For how long, in seconds, the server wants to be left alone; 0 where it says nothing sensible."""
    text = headers.get("Retry-After", "").strip()
    if (seconds := _seconds(text)) is not None:
        return min(seconds, LONGEST_WISH)
    return _until(text, headers, now)


def max_age(headers: Headers, now: datetime) -> float:
    """How long, in seconds, the server says that nothing will change; 0 where it says nothing."""
    cache = ",".join(headers.getall("Cache-Control", ())).lower()
    if "no-cache" in cache or "no-store" in cache:
        return 0.0
    for part in cache.split(","):
        name, _equals, value = part.partition("=")
        if name.strip() == "max-age" and (seconds := _seconds(value.strip('" '))) is not None:
            return min(max(0.0, seconds - _age(headers)), LONGEST_WISH)
    return max(0.0, _until(headers.get("Expires", ""), headers, now) - _age(headers))


def _age(headers: Headers) -> float:
    """How many seconds the answer has lain in caches."""
    return _seconds(headers.get("Age", "")) or 0.0


def _seconds(text: str) -> float | None:
    """A number of seconds, None for anything else."""
    plain = text.strip()
    return float(plain[:12]) if plain.isascii() and plain.isdigit() else None


def _until(text: str, headers: Headers, now: datetime) -> float:
    """Seconds to an HTTP date by the server's own clock, which may go wrong; 0 for the past and for no date."""
    moment = _moment(text)
    if moment is None:
        return 0.0
    left = moment - (_moment(headers.get("Date", "")) or now)
    return min(max(0.0, left.total_seconds()), LONGEST_WISH)


def _moment(text: str) -> datetime | None:
    """An HTTP date, None for anything else."""
    if not text or len(text) > 60:
        return None
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def in_words(error: Exception) -> str:
    """A failed connection in words. Never the library's own text: it may hold the whole address with its secrets."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name cannot be found"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "no safe connection: its certificate or its encryption is not accepted"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"no connection: {_system_words(error.os_error)}"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "the answer broke off"
    if isinstance(error, aiohttp.ClientConnectionError | ConnectionError):
        return "it hung up without an answer"
    if isinstance(error, aiohttp.ClientResponseError):
        return "the head of its answer is too long" if _is_too_long(error) else "what it answers is not HTTP"
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return "this is no address that can be asked"
    if isinstance(error, OSError):
        return f"no connection: {_system_words(error)}"
    return f"the request failed ({type(error).__name__})"


def _is_too_long(error: aiohttp.ClientResponseError) -> bool:
    """Whether its headers were too many, or one too long: then the parser's own error is the cause of the cause."""
    cause = error.__cause__ and error.__cause__.__cause__
    return isinstance(cause, LineTooLong) or error.message.startswith("Too many headers")


def _system_words(error: OSError) -> str:
    """The system's words for an error number, without the addresses that others add to them."""
    return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else "refused or unreachable"
