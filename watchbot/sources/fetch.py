"""Fetching over HTTP: polite, bounded, and blind to private addresses.

    request -> address rules -> its turn (two a host) -> guarded connect -> redirect? once more -> decode -> Fetched

Every socket is checked with the address it is about to connect to, so that neither a redirect nor a name that
resolves to 127.0.0.1 gets through. One deadline covers all of it, drips included; waiting for a turn is not counted.
"""

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from typing_extensions import override
from yarl import URL

from watchbot.model.errors import FetchError
from watchbot.ports.clock import Clock
from watchbot.ports.fetcher import Fetched, FetchRequest, NotModified, SourceFetcher
from watchbot.sources.addresses import Exceptions, is_public, parsed
from watchbot.sources.answers import in_words, max_age, raw_header, read_body, status_error

SECONDS = 30.0
MOST_REDIRECTS = 5
PER_HOST = 2
AT_ONCE = 64
LONGEST_URL = 8192
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1"
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
# Ports of services that are not the web and that a forged request could talk to.
_PORT_NUMBERS = """
    1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 79 109 110 111 113 119 123 135 137 139 143 161 179 389 427 445
    465 512 513 514 515 548 554 563 587 601 636 873 993 995 1433 1521 2049 3306 3389 5060 5061 5432 6000 6379 6566 9200
    11211 27017
"""
_OTHER_PORTS = frozenset(map(int, _PORT_NUMBERS.split()))


@dataclass(frozen=True, slots=True)
class _Moved:
    """A redirect."""

    location: str
    permanent: bool


@dataclass(slots=True)
class _Target:
    """Whom a connection is for: the socket factory itself sees only addresses. `refused` is what it found wrong."""

    host: str = ""
    port: int = 0
    refused: str = ""


_TARGET: ContextVar[_Target] = ContextVar("target")


class Fetcher(SourceFetcher):
    """Fetches documents with one session; `close` it at the end."""

    def __init__(self, user_agent: str, allow_private: tuple[str, ...], clock: Clock, seconds: float = SECONDS) -> None:
        """`allow_private` holds the host:port exceptions to the ban on private addresses."""
        self._user_agent = user_agent
        self._exceptions = Exceptions.read(allow_private)
        self._clock = clock
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._hosts: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @override
    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """The document, or that it has not changed. Raises FetchError in one line, without secrets."""
        shown = shown_url(request.url)
        try:
            async with asyncio.timeout(self._seconds) as deadline:
                return await self._follow(request, deadline)
        except TimeoutError:
            raise FetchError(f"{shown}: no complete answer within {self._seconds:g} s") from None
        except FetchError as error:
            raise FetchError(f"{shown}: {error}", error.status, error.retry_after) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchError(f"{shown}: {in_words(error)}") from None

    @override
    async def close(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def _follow(self, request: FetchRequest, deadline: asyncio.Timeout) -> Fetched | NotModified:
        """Ask, and follow redirects."""
        first = url = checked_url(request.url)
        permanent = True
        for _hop in range(MOST_REDIRECTS + 1):
            async with self._turn(url.host or "", deadline):
                answer = await self._ask(request, url, is_same_place(first, url))
            if not isinstance(answer, _Moved):
                return replace(answer, moved_to=str(url)) if permanent and url != first else answer
            permanent = permanent and answer.permanent
            url = _next_url(url, answer.location)
        raise FetchError(f"it redirects more than {MOST_REDIRECTS} times")

    @contextlib.asynccontextmanager
    async def _turn(self, host: str, deadline: asyncio.Timeout) -> AsyncIterator[None]:
        """Hold one of the host's two places. The deadline stands still meanwhile: a long queue is no slow server."""
        gate, users = self._hosts.get(host, (asyncio.Semaphore(PER_HOST), 0))
        self._hosts[host] = (gate, users + 1)
        loop = asyncio.get_running_loop()
        left = (deadline.when() or loop.time()) - loop.time()
        deadline.reschedule(None)
        try:
            async with gate, self._turns:
                deadline.reschedule(loop.time() + left)
                yield
        finally:
            gate, users = self._hosts[host]
            if users > 1:
                self._hosts[host] = (gate, users - 1)
            else:
                del self._hosts[host]

    async def _ask(self, request: FetchRequest, url: URL, at_home: bool) -> Fetched | NotModified | _Moved:
        """One request of one hop."""
        host, port = url.host or "", url.port or 0
        if not self._exceptions.allow(host, port):
            if port in _OTHER_PORTS:
                raise FetchError(f"port {port} is not one of the web")
            if parsed(host) and not is_public(host):
                raise FetchError(_private(host, host, port))
        proxy = checked_url(request.proxy) if request.proxy else None
        through = proxy or url
        target = _Target(through.host or "", through.port or 0)
        token = _TARGET.set(target)
        try:
            asked = self._opened().get(url, headers=self._headers(request, at_home), allow_redirects=False, proxy=proxy)
            async with asked as response:
                return await self._read(request, response, url)
        except (aiohttp.ClientError, OSError):
            if target.refused:
                raise FetchError(target.refused) from None
            raise
        finally:
            _TARGET.reset(token)

    async def _read(
        self, request: FetchRequest, response: aiohttp.ClientResponse, url: URL
    ) -> Fetched | NotModified | _Moved:
        """The answer of one hop."""
        status, headers, now = response.status, response.headers, self._clock.now()
        if status in _REDIRECTS and (location := headers.get("Location", "").strip()):
            return _Moved(location, status in _PERMANENT)
        etag, last_modified = raw_header(response, b"etag"), raw_header(response, b"last-modified")
        if status == 304 and (request.etag or request.last_modified):
            return NotModified(etag, last_modified, "", max_age(headers, now))
        if status not in (200, 203, 226):
            raise status_error(status, headers, now)
        body = await read_body(response)
        media_type = headers.get("Content-Type", "")[:200]
        return Fetched(body, media_type, str(url), etag, last_modified, "", max_age(headers, now))

    def _headers(self, request: FetchRequest, at_home: bool) -> dict[str, str]:
        """What is said of us and of what we have. A source's own headers (keys, mostly) never leave its host."""
        headers = {"User-Agent": self._user_agent, "Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"}
        for name, value in (("If-None-Match", request.etag), ("If-Modified-Since", request.last_modified)):
            if value and (text := _sendable(value)):
                headers[name] = text
        if at_home:
            headers.update(request.headers)
        return headers

    def _opened(self) -> aiohttp.ClientSession:
        """The session, made at the first request because it belongs to the running loop."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, socket_factory=self._socket)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,
                requote_redirect_url=False,
            )
        return self._session

    def _socket(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for an address that may be asked; the last moment before every connection."""
        family, kind, protocol, _name, address = info
        target = _TARGET.get()
        if not is_public(str(address[0])) and not self._exceptions.allow(target.host, target.port):
            target.refused = _private(str(address[0]), target.host, target.port)
            raise OSError(errno.EACCES, target.refused)
        return socket.socket(family, kind, protocol)


def checked_url(text: str) -> URL:
    """An address that may be asked for at all. Raises FetchError."""
    if len(text) > LONGEST_URL:
        raise FetchError("the address is too long")
    try:
        url = URL(text.strip())
        _port = url.port
    except ValueError:
        raise FetchError("this is no address that can be asked") from None
    if url.scheme not in ("http", "https"):
        raise FetchError("only http and https addresses are fetched")
    if not url.host:
        raise FetchError("the address names no host")
    return url


def shown_url(text: str) -> str:
    """An address as it may stand in a log: without user, password and query, on one line."""
    plain = "".join(mark for mark in text.strip() if mark.isprintable())
    bare, question, _query = plain.partition("?")
    bare = bare.partition("#")[0]
    scheme, colon, rest = bare.partition("://")
    place, slash, path = rest.partition("/")
    shown = f"{scheme}{colon}{place.rpartition('@')[2]}{slash}{path}" if colon else bare.rpartition("@")[2]
    return shown[:200] + ("?…" if question else "")


def is_same_place(first: URL, url: URL) -> bool:
    """Whether an address is still the source's own host: the same one, or its safe twin."""
    if (first.scheme, first.host, first.port) == (url.scheme, url.host, url.port):
        return True
    return first.host == url.host and (first.scheme, first.port, url.scheme, url.port) == ("http", 80, "https", 443)


def _next_url(url: URL, location: str) -> URL:
    """Where a redirect leads."""
    try:
        found = checked_url(str(url.join(URL(location))))
    except ValueError:
        raise FetchError("it redirects to something that is no address") from None
    if url.scheme == "https" and found.scheme == "http":
        raise FetchError(f"it redirects from https to http ({shown_url(str(found))})")
    return found.with_fragment(None)


def _private(address: str, host: str, port: int) -> str:
    """The refusal of a private address."""
    via = "" if address == host else f" ({address})"
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"{place}{via} is a private address; name {place} in fetch.allow_private if that is meant"


def _sendable(value: bytes) -> str:
    """A validator as a header; "" where it cannot be sent back byte for byte."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() else ""
