"""Keeps the lease that lets one node alone talk to Telegram: poller, courier and limiter run while it is held."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from watchbot.daemon.health import Health
from watchbot.ports.clock import Clock
from watchbot.ports.store import Store
from watchbot.ports.threads import in_thread

log = logging.getLogger(__name__)

LEASE_SECONDS = 15.0
RENEW_SECONDS = 4.0
STOP_BEFORE = 3.0


class LeaseKeeper:
    """Runs `work` while the lease is held and stops it before the lease could run out.

    The margin is counted on the monotonic clock from before the renewal was asked for, and a renewal that does not
    come back is not waited for longer than that: a database that hangs only makes the holder stop earlier.
    """

    def __init__(
        self, store: Store, name: str, holder: str, clock: Clock, work: Callable[[], Awaitable[None]], health: Health
    ) -> None:
        """`work` runs until it is cancelled."""
        self._store = store
        self._name = name
        self._holder = holder
        self._clock = clock
        self._work = work
        self._health = health
        self._task: asyncio.Task[None] | None = None
        self._until = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Take the lease whenever it is free, keep it, give it back at the end."""
        try:
            while not stop.is_set():
                await self._renew(stop)
                await pause(stop, RENEW_SECONDS)
        finally:
            await self._end()
            await in_thread(self._release)

    async def _renew(self, stop: asyncio.Event) -> None:
        asked = self._clock.monotonic()
        renewal = asyncio.ensure_future(in_thread(self._acquire))
        renewal.add_done_callback(_looked_at)
        left = self._until - asked if self._task else LEASE_SECONDS
        await asyncio.wait({renewal}, timeout=max(left, 0.0))
        if not renewal.done():
            await self._lose("the database does not answer; poller and courier wait for it")
            stopped = asyncio.ensure_future(stop.wait())
            await asyncio.wait({renewal, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            return
        error = renewal.exception()
        if error is not None:
            log.warning("lease %s could not be renewed: %s", self._name, type(error).__name__)
            if self._clock.monotonic() + RENEW_SECONDS >= self._until:
                await self._lose("the database is in trouble; poller and courier wait for it")
        elif renewal.result():
            self._until = asked + LEASE_SECONDS - STOP_BEFORE
            self._begin()
        else:
            await self._end()
            self._health.well("telegram", "standby: poller and courier run on another node")

    async def _lose(self, why: str) -> None:
        """Stop before the lease could run out."""
        await self._end()
        self._health.unwell("telegram", why)

    def _begin(self) -> None:
        if self._task is not None and self._task.done() and not self._task.cancelled():
            log.warning("poller and courier begin anew: %s", _why(self._task.exception()))
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._work())

    async def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def _acquire(self) -> bool:
        with self._store.write() as tx:
            return tx.machine.acquire(self._name, self._holder, LEASE_SECONDS) is not None

    def _release(self) -> None:
        with self._store.write() as tx:
            tx.machine.release(self._name, self._holder)


def _looked_at(renewal: "asyncio.Future[bool]") -> None:
    """What comes of a renewal that nobody waits for any more is no news."""
    if not renewal.cancelled():
        renewal.exception()


def _why(error: BaseException | None) -> str:
    """What ended the work; of several that failed together the first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__ if error is not None else "they ended"


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait so many seconds, or until `stop` is set."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
