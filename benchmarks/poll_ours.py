"""Our side of bench_poll: the daemon's own parts, plugged together as `watchbot run` does, polling on demand.

    python -m benchmarks.poll_ours --folder F [--profile]     F/watchbot.yaml is read; the database lies beside it

`start` reads the configuration and opens everything; `deliver` prints what was queued (into nothing); `count` tells
what is stored; `cut` profiles what the worker does; any other phase polls every feed once: fetch -> worker -> match,
place, store, queue.
"""

import argparse
import asyncio
import logging
import sqlite3
import sys
from pathlib import Path

from benchmarks.poll_child import Meter, own_stdout, report
from benchmarks.poll_profile import Profiler, profile_cutting
from watchbot import wiring
from watchbot.daemon import memory
from watchbot.daemon.core import Daemon
from watchbot.daemon.feeds import Feeds


def feeds_of(parts: wiring.Parts) -> Feeds:
    """The feed side as the daemon itself makes it, its sources brought into the database."""
    daemon = Daemon(parts, lambda _line: None, False)
    daemon._begin()
    return daemon._feeds()


class Ours:
    """The parts, opened by the first phase."""

    def __init__(self, folder: Path, profiler: Profiler | None) -> None:
        """Nothing is open yet."""
        self._folder = folder
        self._profiler = profiler
        self._parts: wiring.Parts | None = None

    async def run(self, phase: str) -> dict[str, object]:
        """One phase."""
        if phase == "start":
            self._open()
        elif phase == "count":
            return _counts(self._folder / "watchbot.db")
        elif phase == "deliver":
            await self._opened().console.drain(600)
            return {"sent": self._opened().console.sent}
        elif phase == "cut":
            profile_cutting(self._folder / "addresses.json")
        else:
            await self._poll(phase)
        return {}

    def _opened(self) -> wiring.Parts:
        assert self._parts
        return self._parts

    def _open(self) -> None:
        memory.give_back()
        settings = wiring.settings(self._folder / "watchbot.yaml")
        wiring.migrate(settings)
        self._parts = wiring.assemble(settings)
        self._feeds = feeds_of(self._parts)
        memory.settle()

    async def _poll(self, phase: str) -> None:
        if self._profiler is None:
            await self._feeds.poll_all()
            return
        with self._profiler.phase(phase):
            await self._feeds.poll_all()

    async def close(self) -> None:
        """End as the daemon does."""
        if self._parts:
            await self._feeds.stop()
            await self._parts.close()


def _counts(database: Path) -> dict[str, object]:
    """What the database holds, asked of SQLite itself."""
    questions = {
        "items": "SELECT count(*) FROM items",
        "alerts": "SELECT count(*) FROM alerts",
        "decided": "SELECT count(DISTINCT item) FROM decisions",
        "failed": "SELECT count(*) FROM sources WHERE failures > 0",
    }
    connection = sqlite3.connect(database)
    try:
        return {name: connection.execute(question).fetchone()[0] for name, question in questions.items()}
    finally:
        connection.close()


async def obey(folder: Path, profile: bool) -> None:
    """Do what stdin says until it ends."""
    answers = own_stdout()
    profiler = Profiler() if profile else None
    if profiler:
        asyncio.get_running_loop().set_default_executor(profiler.executor)
    ours = Ours(folder, profiler)
    while order := (await asyncio.to_thread(sys.stdin.readline)).strip():
        meter = Meter()
        said = await ours.run(order)
        cost = meter.cost()
        cost.said = said
        report(answers, cost)
    await ours.close()


def main() -> None:
    """Read the arguments and obey."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--profile", action="store_true")
    options = arguments.parse_args()
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(obey(options.folder, options.profile))


if __name__ == "__main__":
    main()
