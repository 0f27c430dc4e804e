"""What an HTTP answer holds: its body decoded within bounds, its wishes in seconds, its faults in words."""

import asyncio
import zlib
from datetime import datetime
from email.utils import parsedate_to_datetime

import aiohttp
from multidict import CIMultiDictProxy

from watchbot.model.errors import FetchError

LARGEST = 10 * 1024 * 1024
LONGEST_WISH = 7 * 86_400.0
_STEP = 1024 * 1024
_CHUNK = 64 * 1024
_GZIP_OR_ZLIB, _RAW_DEFLATE = 47, -15
_STATUS_WORDS = {
    204: "it answers without content",
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

Headers = CIMultiDictProxy[str]


async def read_body(response: aiohttp.ClientResponse) -> bytes:
    """The decoded body. Raises FetchError where it is too large or encoded in a way that was not asked for."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FetchError(f"it answers in an encoding that was not asked for ({encoding[:20]!r})")
    if (response.content_length or 0) > LARGEST:
        raise _too_large()
    unpacker = _Unpacker() if encoding not in ("", "identity") else None
    pieces: list[bytes] = []
    size = received = 0
    async for chunk in response.content.iter_chunked(_CHUNK):
        received += len(chunk)
        if received > LARGEST:
            raise _too_large()
        while True:
            piece = unpacker.step(chunk) if unpacker else chunk
            size += len(piece)
            if size > LARGEST:
                raise _too_large()
            pieces.append(piece)
            chunk = unpacker.rest() if unpacker else b""
            if not chunk:
                break
            await asyncio.sleep(0)
    if unpacker and received and not unpacker.complete:
        raise FetchError("the answer broke off")
    return b"".join(pieces)


class _Unpacker:
    """gzip and deflate, at most a megabyte a step; also deflate without its header, as some servers send it."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._decoder: zlib._Decompress | None = None
        self._rest = b""
        self._members = 0
        self.complete = False

    def step(self, data: bytes) -> bytes:
        """Some of what the data becomes; `rest` says whether there is more in it."""
        self._rest = b""
        if self._decoder is None:
            if self.complete and not data.startswith(b"\x1f\x8b"):
                return b""
            raw = data[0] & 0x0F != 8 and not data.startswith(b"\x1f")
            self._decoder = zlib.decompressobj(_RAW_DEFLATE if raw else _GZIP_OR_ZLIB)
        try:
            piece = self._decoder.decompress(data, _STEP)
        except zlib.error:
            raise FetchError("its compressed answer is damaged") from None
        self.complete = self._decoder.eof
        self._rest = self._decoder.unused_data if self.complete else self._decoder.unconsumed_tail
        if self.complete:
            self._decoder = None
            self._members += 1
            if self._members > 1000:
                raise FetchError("its compressed answer is damaged")
        return piece

    def rest(self) -> bytes:
        """What of the data is still to be unpacked."""
        return self._rest


def _too_large() -> FetchError:
    """The error for a body over the cap."""
    return FetchError(f"the answer is larger than {LARGEST // 1024 // 1024} MB")


def raw_header(response: aiohttp.ClientResponse, name: bytes) -> bytes | None:
    """A header's bytes as received, None where there is none."""
    return next((value for key, value in response.raw_headers if key.lower() == name), None)


def status_error(status: int, headers: Headers, now: datetime) -> FetchError:
    """The error for a status that is no success."""
    words = _STATUS_WORDS.get(status, "it answers in an unexpected way")
    return FetchError(f"{words} (HTTP {status})", status, retry_after(headers, now))


def retry_after(headers: Headers, now: datetime) -> float:
    """For how long, in seconds, the server wants to be left alone; 0 where it says nothing sensible."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_WISH)
    return _until(text, now)


def max_age(headers: Headers, now: datetime) -> float:
    """How long, in seconds, the server says that nothing will change; 0 where it says nothing."""
    cache = headers.get("Cache-Control", "").lower()
    if "no-cache" in cache or "no-store" in cache:
        return 0.0
    for part in cache.split(","):
        name, _equals, value = part.strip().partition("=")
        value = value.strip('" ')
        if name == "max-age" and value.isascii() and value.isdigit():
            age = headers.get("Age", "0").strip()
            spent = float(age[:12]) if age.isascii() and age.isdigit() else 0.0
            return min(max(0.0, float(value[:12]) - spent), LONGEST_WISH)
    return _until(headers.get("Expires", ""), now)


def _until(text: str, now: datetime) -> float:
    """Seconds from now to an HTTP date, 0 for the past and for no date."""
    if not text or len(text) > 60:
        return 0.0
    try:
        moment = parsedate_to_datetime(text)
        left = (moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)) - now
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0.0
    return min(max(0.0, left.total_seconds()), LONGEST_WISH)


def in_words(error: Exception) -> str:
    """A failed connection in words. Never the library's own text: it may hold the whole address with its secrets."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name cannot be found"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "no safe connection: its certificate or its encryption is not accepted"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"no connection: {(error.os_error.strerror or 'refused or unreachable')[:100]}"
    if isinstance(error, aiohttp.ServerDisconnectedError | ConnectionError):
        return "it hung up without an answer"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "the answer broke off"
    if isinstance(error, aiohttp.ClientResponseError):
        return "what it answers is not HTTP"
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return "this is no address that can be asked"
    if isinstance(error, OSError):
        return f"no connection: {(error.strerror or 'refused or unreachable')[:100]}"
    return f"the request failed ({type(error).__name__})"
