"""The longest turn of an event loop, without taking part in it: no task spins, so that nothing else is slowed down.

turns = LoopTurns(asyncio.get_running_loop())
await work()
assert turns.longest < 0.1

What counts is the processor time of the loop's own thread in one turn, callbacks and garbage collection included; a
machine that is busy with other things does not lengthen it.
"""

import asyncio
import time


class LoopTurns:
    """Measures every turn of a loop from now on. `longest` may be set back to 0 at any time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, skip: int = 0) -> None:
        """Put a clock around each turn but the first `skip`."""
        self.longest = 0.0
        self.count = 0
        turn = loop._run_once  # type: ignore[attr-defined]

        def timed() -> None:
            before = time.thread_time()
            turn()
            self.count += 1
            if self.count > skip:
                self.longest = max(self.longest, time.thread_time() - before)

        loop._run_once = timed  # type: ignore[attr-defined]
