"""The measure of how long the loop was held up."""

import asyncio
import time

from tests.fakes.loop_gaps import LoopGaps


async def test_work_that_holds_the_loop_up_is_seen() -> None:
    async with LoopGaps() as gaps:
        begun = time.thread_time()
        while time.thread_time() - begun < 0.15:
            pass
    assert gaps.longest >= 0.15


async def test_waiting_is_no_work() -> None:
    async with LoopGaps() as gaps:
        await asyncio.to_thread(time.sleep, 0.15)
    assert gaps.longest < 0.1
