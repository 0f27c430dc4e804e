"""Fetching over HTTP: polite, bounded, and blind to private addresses.

    request -> address rules -> its turn (two a host) -> guarded connect -> redirect? once more -> unpack -> Fetched

Every socket is checked with the address it is about to connect to (guard), so that neither a redirect nor a name that
resolves to 127.0.0.1 gets through. One deadline covers all of it, drips included; waiting for a turn is not counted.
"""

import asyncio
from dataclasses import dataclass, replace

import aiohttp
from aiohttp import hdrs
from aiohttp.abc import AbstractResolver
from typing_extensions import override
from yarl import URL

from watchbot.model.errors import FetchError
from watchbot.ports.clock import Clock
from watchbot.ports.fetcher import Fetched, FetchRequest, NotModified, SourceFetcher
from watchbot.sources.answers import in_words, max_age, raw_header, read_body, status_error
from watchbot.sources.guard import Guard
from watchbot.sources.proxies import checked_proxy, proxy_fault
from watchbot.sources.resolver import Resolver
from watchbot.sources.sending import own_headers, standing_headers, validators
from watchbot.sources.turns import KEEP_SECONDS, Turns
from watchbot.sources.urls import checked_url, is_same_place, next_url, shown_url, without_login

SECONDS = 30.0
MOST_REDIRECTS = 5
_LONGEST_HEADER = 32 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_SUCCESS = frozenset({200, 203, 226})


@dataclass(frozen=True, slots=True)
class _Moved:
    """A redirect."""

    location: str
    permanent: bool


@dataclass(slots=True)
class _Walk:
    """One request on its way. `url` is without login; `own` are the headers for the source's own host."""

    request: FetchRequest
    url: URL
    proxy: URL | None
    headers: dict[str, str]
    own: dict[str, str]
    deadline: asyncio.Timeout


class Fetcher(SourceFetcher):
    """Fetches documents with one session; `close` it at the end."""

    def __init__(
        self,
        user_agent: str,
        allow_private: tuple[str, ...],
        clock: Clock,
        seconds: float = SECONDS,
        resolver: AbstractResolver | None = None,
    ) -> None:
        """`allow_private` holds the host:port exceptions to the ban on private addresses. Raises UsageError."""
        self._standing = standing_headers(user_agent)
        self._guard = Guard(allow_private)
        self._clock = clock
        self._seconds = seconds
        self._resolver = resolver or Resolver()
        self._session: aiohttp.ClientSession | None = None
        self._turns = Turns()
        self._under_way: set[asyncio.Timeout] = set()
        self._closed = False

    @override
    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """The document, or that it has not changed. Raises FetchError in one line, without secrets."""
        try:
            async with asyncio.timeout(self._seconds) as deadline:
                self._under_way.add(deadline)
                try:
                    return await self._follow(request, deadline)
                finally:
                    self._under_way.discard(deadline)
        except TimeoutError:
            words = "watchbot is stopping" if self._closed else f"no complete answer within {self._seconds:g} s"
            failed = FetchError(f"{shown_url(request.url)}: {words}")
        except FetchError as error:
            failed = FetchError(f"{shown_url(request.url)}: {error}", error.status, error.retry_after)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failed = FetchError(f"{shown_url(request.url)}: {in_words(error)}")
        raise failed  # out here it is chained to nothing: no megabytes of a body, no address with its secrets

    @override
    async def close(self) -> None:
        """End the requests under way, each with a FetchError, and close all connections."""
        self._closed = True
        now = asyncio.get_running_loop().time()
        for deadline in self._under_way:
            if not deadline.expired():
                deadline.reschedule(now)
        await asyncio.sleep(0)
        session, self._session = self._session, None
        if session:
            await session.close()
        await self._resolver.close()

    async def _follow(self, request: FetchRequest, deadline: asyncio.Timeout) -> Fetched | NotModified:
        """Ask, and follow redirects."""
        first = checked_url(request.url)
        proxy = checked_proxy(request.proxy) if request.proxy else None
        own = own_headers(request.headers, first)
        walk = _Walk(request, without_login(first), proxy, validators(request), own, deadline)
        seen: list[URL] = []
        permanent = True
        for _hop in range(MOST_REDIRECTS + 1):
            async with self._turns.of(walk.url.authority, deadline):
                answer = await self._ask(walk)
            if not isinstance(answer, _Moved):
                return replace(answer, moved_to=_new_address(first, walk.url)) if seen and permanent else answer
            permanent = permanent and answer.permanent
            seen.append(walk.url)
            walk.url = next_url(walk.url, answer.location)
            if walk.own and not is_same_place(first, walk.url):
                walk.own = {}
        circle = ", in a circle" if walk.url in seen else ""
        raise FetchError(f"it redirects more than {MOST_REDIRECTS} times{circle}")

    async def _ask(self, walk: _Walk) -> Fetched | NotModified | _Moved:
        """One request of one hop."""
        session = self._opened()
        self._guard.check(walk.url, named_elsewhere=walk.proxy is not None)
        if walk.proxy:
            _check_proxy(self._guard, walk.proxy)
        headers = walk.headers | walk.own if walk.own else walk.headers
        if not self._turns.keeps(walk.url.authority, asyncio.get_running_loop().time()):
            headers = headers | {"Connection": "close"}
        with self._guard.aim(walk.proxy or walk.url) as aim:
            try:
                async with session.get(walk.url, headers=headers, allow_redirects=False, proxy=walk.proxy) as response:
                    return await self._read(walk, response)
            except (aiohttp.ClientError, OSError) as error:
                if aim.refused:
                    raise FetchError(f"the proxy {aim.refused}" if walk.proxy else aim.refused) from None
                if walk.proxy and (fault := proxy_fault(error)):
                    raise fault from None
                raise

    async def _read(self, walk: _Walk, response: aiohttp.ClientResponse) -> Fetched | NotModified | _Moved:
        """The answer of one hop."""
        status, headers, now = response.status, response.headers, self._clock.now()
        if status in _REDIRECTS and (location := headers.get(hdrs.LOCATION, "").strip()):
            return _Moved(location, status in _PERMANENT)
        etag, last_modified = raw_header(headers, hdrs.ETAG), raw_header(headers, hdrs.LAST_MODIFIED)
        if status == 304 and walk.headers:
            return NotModified(etag, last_modified, "", max_age(headers, now))
        if status not in _SUCCESS:
            raise status_error(status, headers, now)
        body = await read_body(response, lambda: self._turns.large(walk.deadline), walk.request.hold)
        media_type = headers.get(hdrs.CONTENT_TYPE, "")[:200]
        return Fetched(body, media_type, str(walk.url), etag, last_modified, "", max_age(headers, now))

    def _opened(self) -> aiohttp.ClientSession:
        """The session, made at the first request because it belongs to the running loop."""
        if self._closed:
            raise FetchError("watchbot is stopping")
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=0,
                socket_factory=self._guard.socket,
                resolver=self._resolver,
                ttl_dns_cache=60,
                keepalive_timeout=KEEP_SECONDS,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers=self._standing,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,
                requote_redirect_url=False,
                max_line_size=_LONGEST_HEADER,
                max_field_size=_LONGEST_HEADER,
            )
        return self._session


def _check_proxy(guard: Guard, proxy: URL) -> None:
    """Refuse a proxy that must not be asked. Raises FetchError."""
    try:
        guard.check(proxy)
    except FetchError as error:
        raise FetchError(f"the proxy {error}") from None


def _new_address(first: URL, url: URL) -> str:
    """Where a source lives from now on; the login of its address moves along inside its own host."""
    if first.raw_user is None or not is_same_place(first, url):
        return str(url)
    return str(url.with_user(first.user).with_password(first.password))
