"""Whose turn it is: two requests a host and port, so many in all, few large bodies; whose connections are kept.

While a request waits for its turn its deadline stands still: a long queue is no slow server.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PER_HOST = 2
AT_ONCE = 128
LARGE_AT_ONCE = 4
MOST_KEPT = 100
KEEP_SECONDS = 15.0


@dataclass(slots=True)
class _Places:
    """The places of one host and how many requests hold or want one."""

    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PER_HOST))
    users: int = 0


class Turns:
    """Hands out the places of one fetcher."""

    def __init__(self) -> None:
        """All places are free."""
        self.hosts: dict[str, _Places] = {}
        self._all = asyncio.Semaphore(AT_ONCE)
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._kept: dict[str, float] = {}

    @asynccontextmanager
    async def of(self, host: str, deadline: asyncio.Timeout) -> AsyncIterator[None]:
        """Hold one of the host's places and one of all."""
        places = self.hosts.get(host)
        if places is None:
            places = self.hosts[host] = _Places()
        places.users += 1
        try:
            left = _stopped(deadline) if places.gate.locked() or self._all.locked() else None
            async with places.gate, self._all:
                _go_on(deadline, left)
                yield
        finally:
            places.users -= 1
            if not places.users:
                del self.hosts[host]

    @asynccontextmanager
    async def large(self, deadline: asyncio.Timeout) -> AsyncIterator[None]:
        """Hold one of the few places for a large body: so many hosts at once must not fill the memory."""
        left = _stopped(deadline) if self._large.locked() else None
        async with self._large:
            _go_on(deadline, left)
            yield

    def keeps(self, host: str, now: float) -> bool:
        """Whether a host's connection may stay open for its next request: idle ones cost a file descriptor each."""
        if self._kept.pop(host, None) is None:
            while self._kept and now - next(iter(self._kept.values())) > KEEP_SECONDS:
                del self._kept[next(iter(self._kept))]
            if len(self._kept) >= MOST_KEPT:
                return False
        self._kept[host] = now
        return True


def _stopped(deadline: asyncio.Timeout) -> float:
    """Let a deadline stand still. Gives the seconds that were left of it."""
    now = asyncio.get_running_loop().time()
    left = (deadline.when() or now) - now
    deadline.reschedule(None)
    return left


def _go_on(deadline: asyncio.Timeout, left: float | None) -> None:
    """Let a deadline that stood still run on."""
    if left is not None:
        deadline.reschedule(asyncio.get_running_loop().time() + left)
