"""Where our CPU goes while feeds are polled: cProfile in the event loop and in every thread it hands work to.

The clock is each thread's own CPU time, so that waiting counts nothing; it makes calls look dear, so read the shares,
not the seconds. The worker process is not seen from here; what it does is run once more, inline.
"""

import cProfile
import json
import pstats
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from typing_extensions import override

from watchbot import wiring
from watchbot.model.item import RawDocument

SHOWN = 25
CUT = 300


class _Executor(ThreadPoolExecutor):
    """A thread pool whose threads profile what they are given while a phase runs."""

    def __init__(self) -> None:
        """As many threads as asyncio takes on a small machine."""
        super().__init__(max_workers=8)
        self.profiles: list[cProfile.Profile] = []
        self.active = False
        self._mine = threading.local()

    @override
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run `fn` under the profile of the thread that takes it."""
        return super().submit(self._profiled, fn, *args, **kwargs)

    def _profiled(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self.active:
            return fn(*args, **kwargs)
        profile = getattr(self._mine, "profile", None)
        if profile is None or profile not in self.profiles:
            profile = self._mine.profile = cProfile.Profile(time.thread_time)
            self.profiles.append(profile)
        return profile.runcall(fn, *args, **kwargs)


class Profiler:
    """Profiles phases and prints each on stderr."""

    def __init__(self) -> None:
        """Give `executor` to the event loop."""
        self.executor = _Executor()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Profile what happens inside."""
        loop = cProfile.Profile(time.thread_time)
        self.executor.profiles.clear()
        self.executor.active = True
        loop.enable()
        try:
            yield
        finally:
            loop.disable()
            self.executor.active = False
            _show(f"{name}: the event loop", [loop])
            _show(f"{name}: threads", self.executor.profiles)


def profile_cutting(addresses: Path) -> None:
    """Cut some of the feeds as the worker does."""
    profile = cProfile.Profile(time.thread_time)
    for address in json.loads(addresses.read_text())[:CUT]:
        with urllib.request.urlopen(address) as answer:
            document = RawDocument("Paper", answer.read(), answer.headers["Content-Type"], datetime.now(UTC), address)
        profile.runcall(wiring.cut_feed, document)
    _show(f"the worker, {CUT} feeds", [profile])


def _show(title: str, profiles: list[cProfile.Profile]) -> None:
    if not profiles:
        return
    stats = pstats.Stats(profiles[0], stream=sys.stderr)
    for profile in profiles[1:]:
        stats.add(profile)
    for order in ("cumulative", "tottime"):
        print(f"\n=== {title}, by {order}", file=sys.stderr, flush=True)
        stats.sort_stats(order).print_stats(SHOWN)
