"""Polls feeds that are due: claim -> fetch -> cut -> ingest, each feed on its own.

What is due lies in the database; nothing here remembers anything over a restart.
"""

import asyncio
import hashlib
import logging
from collections import Counter, deque
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from random import Random
from urllib.parse import urlsplit

from watchbot.model.errors import FetchError, WatchbotError
from watchbot.model.item import RawDocument
from watchbot.model.records import PollResult, SourceRow
from watchbot.pipeline.ingest import Ingest, Taken
from watchbot.pipeline.polling import next_poll, next_try
from watchbot.ports.clock import Clock
from watchbot.ports.cutter import Cutter
from watchbot.ports.fetcher import Fetched, FetchRequest, SourceFetcher
from watchbot.ports.store import Store
from watchbot.ports.threads import in_thread

log = logging.getLogger(__name__)

Headers = Mapping[str, str]
AT_ONCE = 64
A_HOST = 2
CLAIM_SECONDS = 30.0


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
        secrets: Mapping[str, tuple[str, Headers]],
    ) -> None:
        """`told` is called after a commit that queued something.

        `secrets` gives the whole address and the headers by the address as it is stored: keys never are.
        """
        self._store = store
        self._fetcher = fetcher
        self._cutter = cutter
        self._ingest = ingest
        self._clock = clock
        self._holder = holder
        self._told = told
        self._random = random
        self._secrets = secrets
        self._running: set[asyncio.Task[Taken | None]] = set()
        self._hosts: Counter[str] = Counter()
        self._waiting: dict[str, deque[SourceRow]] = {}
        self._extend_at = 0.0

    async def tick(self) -> None:
        """Claim what is due and poll it in the background: never more than AT_ONCE feeds, nor A_HOST of one host.

        What waits for its host takes no place from the others, so a host that hangs holds nobody else up.
        """
        await self._keep_claims()
        room = AT_ONCE - len(self._running)
        if room <= 0:
            return
        for row in await in_thread(self._claim, room):
            host = host_of(row.spec.address)
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
        """One poll of a host is over: the next one waiting for it begins."""
        self._running.discard(task)
        self._hosts[host] -= 1
        queue = self._waiting.get(host)
        if queue and not task.cancelled():
            self._start(host, queue.popleft())
        if not queue:
            self._waiting.pop(host, None)
        if not self._hosts[host]:
            del self._hosts[host]

    async def poll_all(self) -> list[Taken]:
        """Poll every feed once, due or not (`--once`)."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(row: SourceRow) -> Taken | None:
            async with gate:
                return await self.poll(row)

        rows = await in_thread(self._feeds)
        return [taken for taken in await asyncio.gather(*(one(row) for row in rows)) if taken]

    async def stop(self) -> None:
        """End the polls under way and give their claims back."""
        self._waiting.clear()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await in_thread(self._release)

    async def poll(self, row: SourceRow) -> Taken | None:
        """Poll one feed. Whatever goes wrong stays with this feed; None where it failed or had nothing."""
        try:
            return await self._poll(row)
        except FetchError as error:
            await self._failed(row, str(error), error.retry_after)
        except WatchbotError as error:
            await self._failed(row, str(error), 0.0)
        except Exception as error:
            traced = error if log.isEnabledFor(logging.DEBUG) else None
            log.error("poll of %s failed unexpectedly: %s", row.spec.name, type(error).__name__, exc_info=traced)
            await self._failed(row, f"unexpected {type(error).__name__}", 0.0)
        return None

    async def _poll(self, row: SourceRow) -> Taken | None:
        address, headers = self._secrets.get(row.spec.address, (row.spec.address, {}))
        fetched = await self._fetcher.fetch(FetchRequest(address, row.etag, row.last_modified, headers))
        now = self._clock.now()
        jitter = self._random.uniform(-1, 1)
        if not isinstance(fetched, Fetched):
            due = next_poll(row, now, fetched.max_age, jitter)
            etag, modified = fetched.etag or row.etag, fetched.last_modified or row.last_modified
            unchanged = PollResult(now, due, etag, modified, row.body_hash)
            await in_thread(self._record, row, unchanged)
            return None
        digest = hashlib.sha256(fetched.body).hexdigest()
        result = PollResult(
            now, next_poll(row, now, fetched.max_age, jitter), fetched.etag, fetched.last_modified, digest
        )
        if digest == row.body_hash and row.baseline_done:
            await in_thread(self._record, row, result)
            return None
        return await self._take(row, fetched, result, jitter)

    async def _take(self, row: SourceRow, fetched: Fetched, result: PollResult, jitter: float) -> Taken:
        document = RawDocument(row.spec.name, fetched.body, fetched.media_type, result.now, url=fetched.url)
        cut = await self._cutter.cut(document)
        wish = max(fetched.max_age, cut.ttl)
        result = PollResult(
            result.now,
            next_poll(row, result.now, wish, jitter),
            result.etag,
            result.last_modified,
            result.body_hash,
            cut.title if row.spec.title_from_feed else "",
        )
        taken = await in_thread(self._ingest.take, row, cut, result)
        for line in cut.skipped:
            log.warning("%s: %s", row.spec.name, line)
        if row.failures:
            log.info("%s answers again after %d failed polls", row.spec.name, row.failures)
        self._told()
        return taken

    async def _failed(self, row: SourceRow, error: str, retry_after: float) -> None:
        now = self._clock.now()
        due = next_try(row, now, retry_after, self._random.uniform(-1, 1))

        def record() -> int:
            with self._store.write() as tx:
                return tx.sources.failed(row.id, now, due, error)

        try:
            failures = await in_thread(record)
        except Exception as trouble:  # noqa: BLE001 - supervisor: its claim runs out and it is polled again
            log.error("%s: the failed poll cannot be noted: %s", row.spec.name, type(trouble).__name__)
            return
        if failures == 1:
            log.warning("%s: %s; next try %s", row.spec.name, error, due.isoformat(timespec="seconds"))

    def _claim(self, room: int) -> list[SourceRow]:
        with self._store.write() as tx:
            return tx.sources.claim_due(self._clock.now(), self._holder, CLAIM_SECONDS, room)

    def _extend(self) -> None:
        until = self._clock.now() + timedelta(seconds=CLAIM_SECONDS)
        with self._store.write() as tx:
            tx.sources.extend(self._holder, until)

    def _feeds(self) -> list[SourceRow]:
        with self._store.read() as tx:
            return [row for row in tx.sources.active() if row.spec.kind == "feed"]

    def _record(self, row: SourceRow, result: PollResult) -> None:
        with self._store.write() as tx:
            tx.sources.polled(row.id, result)

    def _release(self) -> None:
        with self._store.write() as tx:
            tx.sources.release(self._holder)


def host_of(address: str) -> str:
    """The host and port that an address asks."""
    return urlsplit(address).netloc.rpartition("@")[2].lower()
