"""Notices that the machine's clock was set back: else polls, messages and timers would wait for so much longer."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from watchbot.daemon.leases import pause
from watchbot.ports.clock import Clock
from watchbot.ports.store import Store
from watchbot.ports.threads import in_thread

log = logging.getLogger(__name__)

EVERY = 2.0
WHILE_RUNNING = timedelta(seconds=5)
WHILE_STOPPED = timedelta(seconds=60)  # the clocks of two nodes differ a little


def catch_up(store: Store, clock: Clock) -> None:
    """At the start: what was done before shows whether the clock was set back meanwhile."""
    now = clock.now()
    with store.read() as tx:
        latest = tx.machine.latest()
    if latest is not None and latest - now > WHILE_STOPPED:
        _come_earlier(store, clock, latest - now)


class ClockWatch:
    """Compares the clock on the wall with the one that never goes back. A clock set forward does no harm: what waits
    is due earlier."""

    def __init__(self, store: Store, clock: Clock, wake: Callable[[], None]) -> None:
        """`wake` lets every timer look at the clock again."""
        self._store = store
        self._clock = clock
        self._wake = wake
        self._began = self._beginning()

    async def run(self, stop: asyncio.Event) -> None:
        """Look now and then, until `stop`."""
        while not stop.is_set():
            await pause(stop, EVERY)
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - supervisor: the next look finds it again
                log.error("the clock was set back, which cannot be noted yet: %s", error)

    async def look(self) -> None:
        """See whether the clock was set back since the last look."""
        began = self._beginning()
        by = self._began - began
        if by > WHILE_RUNNING:
            await in_thread(_come_earlier, self._store, self._clock, by)
            self._wake()
        self._began = began

    def _beginning(self) -> timedelta:
        """What the clock on the wall showed when the other one began."""
        return timedelta(seconds=self._clock.now().timestamp() - self._clock.monotonic())


def _come_earlier(store: Store, clock: Clock, by: timedelta) -> None:
    log.warning("the clock was set back by %.0f s: what waits for its time comes so much earlier", by.total_seconds())
    with store.write() as tx:
        tx.machine.set_back(clock.now(), by)
