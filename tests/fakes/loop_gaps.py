"""How long the event loop was ever held up: the longest stretch of work between two turns of the loop.

    async with LoopGaps() as gaps:
        await work()
    assert gaps.longest < 0.1

What counts is the processor time of the loop's own thread, so that a busy machine does not fail a test; and what
earlier tests left behind is kept out of the garbage collector's way.
"""

import asyncio
import gc
import time
from typing import Self


class LoopGaps:
    """Takes part in every turn of the loop and keeps the longest one."""

    def __init__(self) -> None:
        """Nothing was measured yet."""
        self.longest = 0.0
        self._watching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin."""
        gc.collect()
        gc.freeze()
        self._watching = asyncio.create_task(self._watch())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_exception: object) -> None:
        """Take one last turn, then end."""
        await asyncio.sleep(0)
        assert self._watching is not None
        self._watching.cancel()
        gc.unfreeze()

    async def _watch(self) -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            self.longest = max(self.longest, now - before)
            before = now
