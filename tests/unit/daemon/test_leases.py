"""The lease keeper: it works while it holds the lease, and stops in time when the database hangs."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from watchbot.clock import SystemClock
from watchbot.daemon import leases
from watchbot.daemon.health import Health
from watchbot.daemon.leases import LeaseKeeper


class Database:
    """A store whose lease can be given, refused, or be long in coming."""

    def __init__(self) -> None:
        """Give the lease."""
        self.gives = True
        self.broken = False
        self.free = threading.Event()
        self.free.set()
        self.released = False

    @contextmanager
    def write(self) -> Iterator[Any]:
        """A transaction."""
        yield SimpleNamespace(machine=self)

    def acquire(self, name: str, holder: str, seconds: float) -> object | None:
        """The lease, once the database answers."""
        self.free.wait(20)
        if self.broken:
            raise OSError("gone")
        return object() if self.gives else None

    def release(self, name: str, holder: str) -> None:
        """Given back."""
        self.released = True


class Heard(Health):
    """Health that a test can wait for."""

    def __init__(self) -> None:
        """Nothing said yet."""
        super().__init__()
        self.said = asyncio.Event()

    def well(self, part: str, remark: str = "") -> None:
        """Said."""
        super().well(part, remark)
        self.said.set()


class Working:
    """The work, with events a test can wait for."""

    def __init__(self) -> None:
        """Not begun."""
        self.began = asyncio.Event()
        self.ended = asyncio.Event()

    async def work(self) -> None:
        """Until cancelled."""
        self.ended.clear()
        self.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.began.clear()
            self.ended.set()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease of six seconds that ends the work after two: a busy machine has four more."""
    monkeypatch.setattr(leases, "LEASE_SECONDS", 6.0)
    monkeypatch.setattr(leases, "STOP_BEFORE", 4.0)
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.1)


async def test_a_hanging_database_ends_the_work_before_the_lease() -> None:
    database, working, health, stop = Database(), Working(), Health(), asyncio.Event()
    keeper = LeaseKeeper(database, "telegram:1", "me", SystemClock(), working.work, health)
    running = asyncio.ensure_future(keeper.run(stop))
    await asyncio.wait_for(working.began.wait(), 30)
    database.free.clear()
    await asyncio.wait_for(working.ended.wait(), 6.0)
    assert "does not answer" in health.problems["telegram"]
    database.free.set()
    await asyncio.wait_for(working.began.wait(), 30)
    stop.set()
    await asyncio.wait_for(running, 30)
    assert working.ended.is_set()
    assert database.released


async def test_a_node_without_the_lease_stands_by_and_takes_over() -> None:
    database, working, health, stop = Database(), Working(), Heard(), asyncio.Event()
    database.gives = False
    keeper = LeaseKeeper(database, "telegram:1", "me", SystemClock(), working.work, health)
    running = asyncio.ensure_future(keeper.run(stop))
    await asyncio.wait_for(health.said.wait(), 30)
    assert "standby" in health.remarks["telegram"]
    database.gives = True
    await asyncio.wait_for(working.began.wait(), 30)
    database.broken = True
    await asyncio.wait_for(working.ended.wait(), 30)
    assert "in trouble" in health.problems["telegram"]
    stop.set()
    await asyncio.wait_for(running, 30)
