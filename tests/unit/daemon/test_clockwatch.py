"""A clock that was set back: what waits for a time does not wait for so much longer."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from watchbot.clock import SystemClock
from watchbot.daemon import clockwatch
from watchbot.daemon.clockwatch import ClockWatch, catch_up
from watchbot.daemon.core import Daemon
from watchbot.model.alert import Form, NewDelivery
from watchbot.store import SqlStore, open_store

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


class TwoClocks:
    """One on the wall, and one that never goes back."""

    def __init__(self) -> None:
        """At eight."""
        self.wall = NOW
        self.ticks = 1000.0

    def now(self) -> datetime:
        """On the wall."""
        return self.wall

    def monotonic(self) -> float:
        """The other one."""
        return self.ticks

    def passes(self, seconds: float, set_by: float = 0.0) -> None:
        """Time goes by, and somebody sets the clock on the wall."""
        self.ticks += seconds
        self.wall += timedelta(seconds=seconds + set_by)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """A database in which one message waits for half a minute."""
    opened = open_store(f"sqlite:///{tmp_path}/w.db")
    with opened.write() as tx:
        tx.outbox.queue(NewDelivery("7", "text", Form.HTML), NOW, NOW + timedelta(seconds=30))
    yield opened
    opened.close()


def ahead(store: SqlStore, clock: TwoClocks) -> float:
    """Seconds until the message is due."""
    with store.read() as tx:
        due = tx.outbox.next_due(clock.now(), "telegram")
    assert due
    return (due - clock.now()).total_seconds()


async def test_while_the_daemon_runs(store: SqlStore) -> None:
    clock, woken = TwoClocks(), []
    watch = ClockWatch(store, clock, lambda: woken.append(1))
    clock.passes(10, set_by=-4)  # a clock that is put right by the network
    await watch.look()
    assert (ahead(store, clock), woken) == (24, [])
    clock.passes(10, set_by=-3600)
    await watch.look()
    assert (ahead(store, clock), woken) == (14, [1])
    clock.passes(10, set_by=3600)
    await watch.look()
    assert (ahead(store, clock), woken) == (0, [1])


async def test_a_database_in_trouble_is_asked_again(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clockwatch, "EVERY", 0.01)
    clock, stop, failures = TwoClocks(), asyncio.Event(), [1, 1]
    watch = ClockWatch(store, clock, stop.set)
    real = store.write

    def write() -> Any:
        if failures:
            failures.pop()
            raise OSError("disk trouble")
        return real()

    monkeypatch.setattr(store, "write", write)
    clock.passes(0, set_by=-3600)
    await asyncio.wait_for(watch.run(stop), 30)
    assert (failures, ahead(store, clock)) == ([], 30)


@pytest.mark.parametrize(("set_by", "left"), [(-3600, 30), (-86400 * 3, 30), (-30, 60), (20, 10)])
def test_while_the_daemon_was_stopped(store: SqlStore, set_by: float, left: float) -> None:
    clock = TwoClocks()
    clock.passes(0, set_by=set_by)
    for _start in range(2):
        catch_up(store, clock)
        assert ahead(store, clock) == left


async def test_every_timer_looks_at_the_clock_again() -> None:
    scheduler, nudges = AsyncIOScheduler(timezone="UTC"), []
    ran = asyncio.Event()
    job = scheduler.add_job(ran.set, "interval", seconds=3600)
    daemon: Any = SimpleNamespace(_parts=SimpleNamespace(clock=SystemClock()), _nudge=lambda: nudges.append(1))
    scheduler.start()
    assert job.next_run_time > SystemClock().now() + timedelta(seconds=1000)
    Daemon._look_again(daemon, scheduler)
    await asyncio.wait_for(ran.wait(), 30)
    scheduler.shutdown(wait=False)
    assert nudges == [1]
