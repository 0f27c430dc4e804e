"""Work in threads: it is waited for, and a failure that nobody waits for any more is no traceback in the log."""

import asyncio
import gc
import threading
from typing import Any

import pytest

from watchbot.clock import SystemClock
from watchbot.daemon.health import Health
from watchbot.daemon.leases import LeaseKeeper
from watchbot.model.errors import StoreError
from watchbot.ports.threads import in_thread


class Slow:
    """Work that begins, and fails once it is let go."""

    def __init__(self) -> None:
        """Not begun."""
        self.began = threading.Event()
        self.free = threading.Event()

    def fail(self) -> None:
        """Begin, wait, fail."""
        self.began.set()
        self.free.wait(30)
        raise StoreError("the server closed the connection")


@pytest.fixture
async def unheard() -> list[dict[str, Any]]:
    """What the event loop would complain of."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    return complaints


async def all_ended() -> None:
    """Every task has come to its end, and nobody holds it any more."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others, timeout=30)
    del others
    for _time in range(3):
        await asyncio.sleep(0)
        gc.collect()


async def test_a_failure_after_its_caller_has_gone(unheard: list[dict[str, Any]]) -> None:
    slow = Slow()
    caller = asyncio.ensure_future(in_thread(slow.fail))
    await asyncio.to_thread(slow.began.wait, 30)
    caller.cancel()
    slow.free.set()
    (said,) = await asyncio.gather(caller, return_exceptions=True)
    assert isinstance(said, asyncio.CancelledError)
    del caller, said
    await all_ended()
    assert unheard == []


async def test_a_renewal_that_fails_after_the_end(
    unheard: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow()
    monkeypatch.setattr(LeaseKeeper, "_acquire", lambda _keeper: slow.fail())
    monkeypatch.setattr(LeaseKeeper, "_release", lambda _keeper: None)
    nothing: Any = None
    keeper = LeaseKeeper(nothing, "telegram:1", "me", SystemClock(), nothing, Health())
    running = asyncio.ensure_future(keeper.run(asyncio.Event()))
    await asyncio.to_thread(slow.began.wait, 30)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    slow.free.set()
    del running
    await all_ended()
    assert unheard == []
