"""Polls feeds that are due: claim -> fetch -> cut -> written down together with others, each feed on its own.

What is due lies in the database; nothing here remembers anything over a restart.
"""

import asyncio
import hashlib
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from urllib.parse import urlsplit

from watchbot.daemon.ledger import Failed, Ledger, Unchanged
from watchbot.model.errors import FetchError, InputError, StoreError, WatchbotError
from watchbot.model.item import RawDocument
from watchbot.model.records import PollFailure, PollResult, SourceRow
from watchbot.pipeline import polling
from watchbot.pipeline.ingest import Incoming, Ingest, Taken
from watchbot.pipeline.subscriptions import Access
from watchbot.ports.clock import Clock
from watchbot.ports.cutter import Cutter
from watchbot.ports.fetcher import Fetched, FetchRequest, NotModified, SourceFetcher
from watchbot.ports.store import Store
from watchbot.ports.threads import in_thread
from watchbot.text.secrets import without_secrets

log = logging.getLogger(__name__)

FindFeed = Callable[[str], Awaitable[str]]
AT_ONCE = 128
A_HOST = 2
CLAIM_SECONDS = 30.0
ABSENT_SECONDS = 60.0  # a longer gap between two ticks: the machine slept, or nobody polled
SILENT_NETWORK = 3  # different feeds in a row without any answer: rather our network than they
HASTEN_SECONDS = 120.0
MOST_REFUSED = 5
PAGE_STAYS = 3  # failures in a row


@dataclass(slots=True)
class _Network:
    """Whether it looks as if nothing at all could be reached, and since when."""

    down_since: datetime | None = None
    silent: set[int] = field(default_factory=set)

    def unreachable(self, source_id: int, now: datetime) -> None:
        """A feed did not answer in any way."""
        self.down_since = self.down_since or now
        self.silent.add(source_id)

    def answered(self) -> datetime | None:
        """Somebody answered; gives since when nobody had, None where that was no outage of ours."""
        since = self.down_since if len(self.silent) >= SILENT_NETWORK else None
        self.down_since = None
        self.silent.clear()
        return since


class Feeds:
    """The feed side of the daemon."""

    def __init__(
        self,
        store: Store,
        fetcher: SourceFetcher,
        cutter: Cutter,
        ingest: Ingest,
        clock: Clock,
        holder: str,
        told: Callable[[], None],
        random: Random,
        secrets: Mapping[str, Access],
        find_feed: FindFeed | None = None,
    ) -> None:
        """`told` is called after a commit that queued something.

        `secrets` says by the address as it is stored how a source is really asked: keys are never stored. `find_feed`
        gives the feed of a web page's address, and raises WatchbotError where there is none.
        """
        self._store = store
        self._fetcher = fetcher
        self._cutter = cutter
        self._ledger = Ledger(store, ingest)
        self._clock = clock
        self._holder = holder
        self._told = told
        self._random = random
        self.secrets = secrets
        self._find_feed = find_feed
        self._running: set[asyncio.Task[Taken | None]] = set()
        self._hosts: Counter[str] = Counter()
        self._waiting: dict[str, deque[SourceRow]] = {}
        self._filling = asyncio.Lock()
        self._refill: asyncio.Task[None] | None = None
        self._more = False
        self._extend_at = 0.0
        self._ticked_at: datetime | None = None
        self._network = _Network()
        self._refused: Counter[int] = Counter()  # polls in a row that could not be written down

    async def tick(self) -> None:
        """Claim what is due and poll it in the background; after an absence, what fell due meanwhile is spread."""
        now = self._clock.now()
        if self._ticked_at is None or now - self._ticked_at > timedelta(seconds=ABSENT_SECONDS):
            await in_thread(self._spread, now)
        self._ticked_at = now
        await self._keep_claims()
        await self._fill()

    async def _fill(self) -> None:
        """Never more than AT_ONCE feeds, nor A_HOST of one host.

        What waits for its host takes no place from the others, so a host that hangs holds nobody else up.
        """
        async with self._filling:
            room = AT_ONCE - len(self._running)
            if room <= 0:
                return
            rows = await in_thread(self._claim, room)
            self._more = len(rows) == room
            for row in rows:
                host = host_of(row.location or row.spec.address)
                if self._hosts[host] < A_HOST:
                    self._start(host, row)
                else:
                    self._waiting.setdefault(host, deque()).append(row)

    async def _keep_claims(self) -> None:
        """What runs or waits here stays ours; a node that dies stops saying so, and another one polls its feeds."""
        now = self._clock.monotonic()
        if self._running and now >= self._extend_at:
            self._extend_at = now + CLAIM_SECONDS / 3
            await in_thread(self._extend)

    def _start(self, host: str, row: SourceRow) -> None:
        self._hosts[host] += 1
        task = asyncio.create_task(self.poll(row))
        self._running.add(task)
        task.add_done_callback(partial(self._ended, host))

    def _ended(self, host: str, task: "asyncio.Task[Taken | None]") -> None:
        """One poll of a host is over: the next one waiting for it begins, and more are claimed where many are due."""
        self._running.discard(task)
        self._hosts[host] -= 1
        queue = self._waiting.get(host)
        if queue and not task.cancelled():
            self._start(host, queue.popleft())
        if not queue:
            self._waiting.pop(host, None)
        if not self._hosts[host]:
            del self._hosts[host]
        idle = self._refill is None or self._refill.done()
        if self._more and idle and not task.cancelled() and len(self._running) <= AT_ONCE // 2:
            self._refill = asyncio.create_task(self._fill_more())

    async def _fill_more(self) -> None:
        """Go on before the next tick; a database in trouble is told by the tick."""
        try:
            await self._fill()
        except StoreError:
            self._more = False

    async def poll_all(self) -> list[Taken]:
        """Poll every feed once, due or not (`--once`)."""
        rows = iter(await in_thread(self._feeds))
        taken: list[Taken] = []

        async def one_after_the_other() -> None:
            for row in rows:
                if found := await self.poll(row):
                    taken.append(found)

        await asyncio.gather(*(one_after_the_other() for _lane in range(AT_ONCE)))
        return taken

    async def idle(self) -> None:
        """Wait until every poll under way, and all that waits for its host, is over."""
        while self._running or (self._refill and not self._refill.done()):
            await asyncio.wait([*self._running, *([self._refill] if self._refill else [])])

    async def stop(self) -> None:
        """End the polls under way and give their claims back."""
        self._waiting.clear()
        self._more = False
        tasks = [*self._running, *([self._refill] if self._refill else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._ledger.close()
        try:
            await in_thread(self._release)
        except StoreError as error:  # an orderly end all the same
            log.error("claims on feeds could not be given back and end by themselves: %s", error)

    async def poll(self, row: SourceRow) -> Taken | None:
        """Poll one feed. Whatever goes wrong stays with this feed; None where it failed or had nothing."""
        try:
            async with AsyncExitStack() as hold:
                return await self._poll(row, hold)
        except StoreError as error:
            log.error("%s: its poll cannot be noted and is made again: %s", row.spec.name, error)
            await self._not_stored(row)
            return None
        except FetchError as error:
            if error.status:
                await self._answered()
            else:
                self._network.unreachable(row.id, self._clock.now())
            await self._failed(row, str(error), error.status, error.retry_after)
        except WatchbotError as error:
            await self._failed(row, str(error))
        except Exception as error:
            traced = error if log.isEnabledFor(logging.DEBUG) else None
            log.error("poll of %s failed unexpectedly: %s", row.spec.name, type(error).__name__, exc_info=traced)
            await self._failed(row, f"unexpected {type(error).__name__}")
        return None

    async def _poll(self, row: SourceRow, hold: AsyncExitStack) -> Taken | None:
        """`hold` keeps the place of a large body until it is written down: few of them may wait to be cut."""
        access = self.secrets.get(row.spec.address) or Access(row.spec.address)
        pinned, url = access.is_pinned(row.spec.address), access.place(row.spec.address, row.location)
        fetched = await self._fetcher.fetch(
            FetchRequest(url, row.etag, row.last_modified, access.headers, access.proxy, hold)
        )
        await self._answered()
        result = self._result(row, fetched, self._clock.now(), pinned)
        if not isinstance(fetched, Fetched) or (result.body_hash == row.body_hash and row.baseline_done):
            await self._ledger.put(Unchanged(row.id, result))
            self._recovered(row)
            return None
        return await self._take(row, fetched, result, hold)

    def _result(self, row: SourceRow, fetched: Fetched | NotModified, now: datetime, pinned: bool) -> PollResult:
        """What a poll leaves behind so far. Validators are kept where an answer 304 gives none."""
        same = isinstance(fetched, NotModified)
        place = polling.place_after(row, fetched.moved_to, pinned)
        return PollResult(
            now=now,
            next_at=polling.next_poll(row, now, fetched.max_age, self._jitter()),
            etag=(fetched.etag or row.etag) if same else fetched.etag,
            last_modified=(fetched.last_modified or row.last_modified) if same else fetched.last_modified,
            body_hash=row.body_hash if isinstance(fetched, NotModified) else hashlib.sha256(fetched.body).hexdigest(),
            location=place.location,
            moved_to=place.moved_to,
            moved_times=place.times,
        )

    async def _take(self, row: SourceRow, fetched: Fetched, result: PollResult, hold: AsyncExitStack) -> Taken | None:
        known = row.marks if row.baseline_done else b""
        document = RawDocument(
            row.spec.shown, fetched.body, fetched.media_type, result.now, url=fetched.url, known=known
        )
        try:
            cut = await self._cutter.cut(document)
        except InputError:
            await hold.aclose()  # the search may need a place itself
            if not await self._is_found_elsewhere(row, fetched):
                raise
            return None
        facts = polling.facts_of(cut, result.now, row.dates)
        due = polling.next_poll(row, result.now, fetched.max_age, self._jitter(), facts)
        facts = facts if row.spec.title_from_feed else replace(facts, title="")
        taken = await self._ledger.put(Incoming(row, cut, replace(result, next_at=due, facts=facts)))
        for line in cut.skipped:
            log.warning("%s: %s", row.spec.name, line)
        self._recovered(row)
        self._refused.pop(row.id, None)
        if taken.queued:
            self._told()
        return taken

    async def _is_found_elsewhere(self, row: SourceRow, fetched: Fetched) -> bool:
        """A web page's address was given as a source: its feed is asked from now on.

        Where a feed was before, a page may stand for an hour of maintenance; only one that stays is looked through.
        """
        if self._find_feed is None or row.location or row.spec.address in self.secrets:
            return False
        if row.ok_at and row.failures < PAGE_STAYS:
            return False
        if "html" not in fetched.media_type and b"<html" not in fetched.body[:2000].lower():
            return False
        found = await self._find_feed(row.spec.address)
        if without_secrets(found) != found:
            return False
        now = self._clock.now()
        words = f"this is a web page; its feed {found} is asked from now on"
        log.info("%s: %s", row.spec.name, words)
        await self._ledger.put(Failed(row.id, PollFailure(now, now, words, location=found, found=row.ok_at is None)))
        return True

    async def _not_stored(self, row: SourceRow) -> None:
        """A database in trouble is no fault of the feed's; what it refuses again and again is."""
        self._refused[row.id] += 1
        if self._refused[row.id] >= MOST_REFUSED:
            await self._failed(row, "the database does not take what it brings")

    async def _answered(self) -> None:
        """Some host answered: what failed only because nothing could be reached is asked again soon."""
        since = self._network.answered()
        if since is None:
            return
        try:
            await in_thread(self._hasten, since, self._clock.now())
        except StoreError as error:
            log.error("feeds that could not be reached are not hastened: %s", error)

    def _recovered(self, row: SourceRow) -> None:
        if row.failures:
            log.info("%s answers again after %d failed polls", row.spec.name, row.failures)

    async def _failed(self, row: SourceRow, error: str, status: int = 0, retry_after: float = 0.0) -> None:
        now = self._clock.now()
        failure = PollFailure(
            now=now,
            next_at=polling.next_try(row, now, retry_after, self._jitter()),
            error=error,
            gone=polling.is_gone(row, status),
            location=polling.location_after_failure(row, status),
        )
        try:
            await self._ledger.put(Failed(row.id, failure))
        except Exception as trouble:  # noqa: BLE001 - supervisor: its claim runs out and it is polled again
            log.error("%s: the failed poll cannot be noted: %s", row.spec.name, type(trouble).__name__)
            return
        if failure.gone:
            log.warning("%s: %s; it is not asked any more", row.spec.name, error)
        elif not row.failures:
            log.warning("%s: %s; next try %s", row.spec.name, error, failure.next_at.isoformat(timespec="seconds"))

    def _jitter(self) -> float:
        return self._random.uniform(-1, 1)

    def _claim(self, room: int) -> list[SourceRow]:
        with self._store.write() as tx:
            return tx.sources.claim_due(self._clock.now(), self._holder, CLAIM_SECONDS, room)

    def _spread(self, now: datetime) -> None:
        with self._store.write() as tx:
            tx.sources.spread(now, now - timedelta(seconds=ABSENT_SECONDS))

    def _hasten(self, since: datetime, now: datetime) -> None:
        with self._store.write() as tx:
            count = tx.sources.hasten(since, now, HASTEN_SECONDS)
        if count:
            log.info("the network is back; %d feeds that could not be reached are asked again soon", count)

    def _extend(self) -> None:
        until = self._clock.now() + timedelta(seconds=CLAIM_SECONDS)
        with self._store.write() as tx:
            tx.sources.extend(self._holder, until)

    def _feeds(self) -> list[SourceRow]:
        with self._store.read() as tx:
            return [row for row in tx.sources.active() if row.spec.kind == "feed" and not row.gone]

    def _release(self) -> None:
        with self._store.write() as tx:
            tx.sources.release(self._holder)


def host_of(address: str) -> str:
    """The host and port that an address asks."""
    return urlsplit(address).netloc.rpartition("@")[2].lower()
