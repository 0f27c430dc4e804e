"""The daemon's life: start every part in order, run until asked to stop, stop them in the opposite order.

store -> sources -> console courier -> folders and feeds -> Telegram (under its lease) -> web -> ready -> ... -> stop
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from watchbot.daemon.clockwatch import ClockWatch, catch_up
from watchbot.daemon.drops import Drops, Read
from watchbot.daemon.feeds import Feeds
from watchbot.daemon.greeting import Greeting
from watchbot.daemon.health import Health
from watchbot.daemon.leases import LeaseKeeper, pause
from watchbot.daemon.upkeep import Upkeep
from watchbot.model.alert import State
from watchbot.model.errors import InputError
from watchbot.model.records import SourceRow
from watchbot.pipeline.commands import hand_over
from watchbot.pipeline.holding import put_off, release, reschedule_all
from watchbot.pipeline.ingest import Taken
from watchbot.ports.threads import in_thread
from watchbot.wiring import Parts

if TYPE_CHECKING:
    from watchbot.daemon.telegram import TelegramSide

log = logging.getLogger(__name__)

ONCE_SECONDS = 60.0
SETTLE_SECONDS = 20.0
STOP_SECONDS = 8.0


@dataclass(slots=True)
class _Arrivals:
    """What came in since the start."""

    files: list[Read] = field(default_factory=list)
    polls: list[Taken] = field(default_factory=list)


class Daemon:
    """One node."""

    def __init__(self, parts: Parts, say: Callable[[str], None], terminal: bool) -> None:
        """`say` prints a line for the person in front of it; `terminal` says that there is one."""
        self._parts = parts
        self._terminal = terminal
        self._health = Health()
        self._stop = asyncio.Event()
        self._arrivals = _Arrivals()
        self._greeting = Greeting(parts, say, terminal)
        self._telegram = _telegram_side(parts, self._health, self._greeting) if parts.settings.connected else None
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self, once: bool) -> int:
        """Run until a signal, or with `once` one round; gives the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._parts.close)
            rows = await in_thread(self._begin)
            feeds = self._feeds()
            drops = [drop for row in rows if row.spec.kind == "folder" and (drop := self._drop(row))]
            for drop in drops:
                stack.push_async_callback(drop.close)
            await self._greeting.start(self._health)
            if once:
                await self._once(feeds, drops)
            else:
                await self._forever(stack, feeds, drops)
        return 0

    async def _once(self, feeds: Feeds, drops: list[Drops]) -> None:
        """Poll every feed, wait for files still being written, send what is due, for at most a minute in all."""
        loop = asyncio.get_running_loop()
        end = loop.time() + ONCE_SECONDS
        polls = asyncio.gather(feeds.poll_all(), *(self._settle(drop) for drop in drops))
        await self._unless_stopped(polls, ONCE_SECONDS)
        await feeds.stop()
        await in_thread(release, self._parts.store, self._parts.directory, self._parts.clock.now())
        senders = [self._parts.console.drain(max(1.0, end - loop.time()))]
        if self._telegram:
            senders.append(self._telegram.drain(max(1.0, end - loop.time())))
        await self._unless_stopped(asyncio.gather(*senders), ONCE_SECONDS + 5)
        await self._greeting.summary(self._arrivals.files)

    async def _forever(self, stack: AsyncExitStack, feeds: Feeds, drops: list[Drops]) -> None:
        stack.push_async_callback(feeds.stop)
        scheduler = AsyncIOScheduler(timezone="UTC")
        jobs = [("feeds", feeds.tick), *((f"folder {number}", drop.tick) for number, drop in enumerate(drops, 1))]
        for name, job in jobs:
            careful = partial(self._tick, name, job)
            scheduler.add_job(careful, "interval", seconds=1, name=name, coalesce=True, misfire_grace_time=None)
        upkeep = Upkeep(self._parts, feeds, self._health, self._nudge)
        for name, work, seconds in (
            ("held", upkeep.held, 1),
            ("notices", upkeep.sources, 30),
            ("mishaps", upkeep.mishaps, 15),
            ("night", upkeep.night, 10),
            ("silences", upkeep.watches, 3600),
            ("searches", upkeep.searches, 5),
            ("full text", upkeep.full_text, 2),
            ("retention", upkeep.retention, 600),
        ):
            careful = partial(self._tick, name, work)
            scheduler.add_job(careful, "interval", seconds=seconds, name=name, coalesce=True, misfire_grace_time=None)
        self._start(self._parts.console.run())
        stack.push_async_callback(self._finish)
        if self._telegram:
            self._health.unwell("telegram", "connecting")
            keeper = LeaseKeeper(
                self._parts.store,
                self._telegram.lease,
                self._parts.holder,
                self._parts.clock,
                self._telegram.work,
                self._health,
            )
            self._start(keeper.run(self._stop))
        await self._serve(stack)
        scheduler.start()
        clock_watch = ClockWatch(self._parts.store, self._parts.clock, partial(self._look_again, scheduler))
        self._start(clock_watch.run(self._stop))
        stack.callback(scheduler.shutdown, wait=False)
        self._health.well("start")
        log.info("ready: %s", self._greeting.inventory())
        self._start(self._greet(drops))
        await self._stop.wait()
        log.info("stopping")

    async def _tick(self, name: str, job: Callable[[], Awaitable[None]]) -> None:
        """One tick of one part; trouble is said when it begins and in /readyz, and the next tick tries again."""
        try:
            await job()
        except asyncio.CancelledError:
            return
        except Exception as error:
            if name not in self._health.problems:
                traced = error if log.isEnabledFor(logging.DEBUG) else None
                log.error("%s: %s; trying again every second", name, error, exc_info=traced)
            self._health.unwell(name, f"in trouble ({type(error).__name__})")
        else:
            self._health.well(name)

    def _look_again(self, scheduler: AsyncIOScheduler) -> None:
        """Every job is due now: the times for which they wait were those of another clock."""
        for job in scheduler.get_jobs():
            job.modify(next_run_time=self._parts.clock.now())
        self._nudge()

    async def _serve(self, stack: AsyncExitStack) -> None:
        server = self._parts.web(self._health.report)
        if server is None:
            return
        trouble = await server.start()
        stack.push_async_callback(server.stop)
        if trouble:
            log.error("%s; alerts go on without it", trouble)

    async def _greet(self, drops: list[Drops]) -> None:
        """After the first cards: what was not told, and what to do next."""
        await asyncio.gather(*(self._settle(drop) for drop in drops))
        await self._console_idle()
        await self._greeting.summary(self._arrivals.files)
        self._arrivals.files.clear()
        self._greeting.greeted = True

    async def _console_idle(self) -> None:
        """Wait until every card that is due has been printed."""
        loop = asyncio.get_running_loop()
        end = loop.time() + SETTLE_SECONDS
        while await in_thread(self._console_busy) and not self._stop.is_set() and loop.time() < end:
            await pause(self._stop, 0.1)

    def _console_busy(self) -> bool:
        now = self._parts.clock.now()
        with self._parts.store.read() as tx:
            due = tx.outbox.next_due(now, "console")
            return (due is not None and due <= now) or tx.outbox.counts().get(State.SENDING, 0) > 0

    async def _settle(self, drop: Drops) -> None:
        """Look until no file is being written; a file that never settles does not hold the rest up."""
        loop = asyncio.get_running_loop()
        end = loop.time() + SETTLE_SECONDS
        await drop.tick()
        while not await drop.settled() and loop.time() < end and not self._stop.is_set():
            await pause(self._stop, 0.2)
            await drop.tick()

    async def _finish(self) -> None:
        """Let the couriers end the calls under way, then cancel what is left."""
        self._stop.set()
        await self._parts.console.stop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _unless_stopped(self, work: Awaitable[object], seconds: float) -> None:
        """Await `work`, but not beyond a signal or the time."""
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait({task, stop}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return
        task.result()

    def _start(self, work: Awaitable[None]) -> None:
        self._tasks = [*(task for task in self._tasks if not task.done()), asyncio.ensure_future(work)]

    def _begin(self) -> list[SourceRow]:
        """Bring the sources into the database, take back claims of a death; give a known owner what waited."""
        catch_up(self._parts.store, self._parts.clock)
        with self._parts.store.write() as tx:
            self._parts.directory.refresh(tx)
            rows = tx.sources.sync(self._parts.specs(), self._parts.clock.now())
            tx.sources.release(self._parts.holder)
            hand_over(tx, self._parts.directory, self._parts.clock.now())
            reschedule_all(tx, self._parts.directory, self._parts.clock.now())
        put_off(self._parts.store, self._parts.directory, self._parts.clock.now())
        return list(rows.values())

    def _feeds(self) -> Feeds:
        parts = self._parts
        return Feeds(
            parts.store,
            parts.fetcher,
            parts.cutter,
            parts.ingest,
            parts.clock,
            parts.holder,
            self._nudge,
            parts.random,
            parts.secrets(),
            parts.find_feed,
        )

    def _drop(self, row: SourceRow) -> Drops | None:
        """One folder; one that cannot be used is said and does not stop the others."""
        parts = self._parts
        try:
            inbox = parts.inbox(row)
        except InputError as error:
            log.error("%s: %s", row.spec.name, error)
            self._health.unwell(row.spec.name, str(error))
            return None
        zone = ZoneInfo(parts.settings.defaults.timezone)
        return Drops(row, inbox, parts.cutter, parts.ingest, self._file_read, zone, parts.clock)

    def _file_read(self, read: Read) -> None:
        self._arrivals.files.append(read)
        self._nudge()
        if self._greeting.greeted and len(self._arrivals.files) == 1:
            self._start(self._tell_files())

    async def _tell_files(self) -> None:
        """What came of the files, after their cards: one task, and one look at the console, for any number of them."""
        await self._console_idle()
        files, self._arrivals.files = self._arrivals.files, []
        for read in files:
            self._greeting.file(read)

    def _nudge(self) -> None:
        self._parts.console_queued.set()
        if self._telegram:
            self._telegram.nudge()


def _telegram_side(parts: Parts, health: Health, greeting: Greeting) -> "TelegramSide":
    """The side that talks to Telegram; its library takes 15 MB, which a daemon that is not connected does not spend."""
    from watchbot.daemon.telegram import TelegramSide

    return TelegramSide(parts, health, greeting)
