"""The Telegram side of a node: poller, courier and chores, run only while the lease of the bot token is held."""

import asyncio
import logging
from contextlib import AsyncExitStack
from functools import partial

from watchbot.bot.connection import connect
from watchbot.bot.menu import Menus
from watchbot.bot.poller import Poller
from watchbot.daemon.greeting import Greeting
from watchbot.daemon.health import Health
from watchbot.delivery.courier import Courier
from watchbot.model.errors import StoreError
from watchbot.pipeline.commands import hand_over, note_telegram
from watchbot.ports.threads import in_thread
from watchbot.wiring import Parts

log = logging.getLogger(__name__)

HAND_OVER_SECONDS = 5.0
DRAIN_MARGIN = 15.0


class TelegramSide:
    """Everything that talks to Telegram. `work` is started and cancelled by the lease keeper."""

    def __init__(self, parts: Parts, health: Health, greeting: Greeting) -> None:
        """Nothing is connected yet."""
        assert parts.telegram is not None
        self._parts = parts
        self._telegram = parts.telegram
        self._health = health
        self._greeting = greeting
        self._said: str | None = None
        self._notes: set[asyncio.Future[None]] = set()
        self.lease = f"telegram:{self._telegram.bot_key}"

    async def work(self) -> None:
        """Connect, then poll and send until cancelled."""
        async with AsyncExitStack() as stack:
            application = self._telegram.application()
            stack.push_async_callback(application.shutdown)
            username = await connect(application, self._unwell)
            self._well(username)
            await self._greeting.owner_link(username)
            courier = self._telegram.courier(application)
            assert self._telegram.tools is not None
            poller = Poller(
                application,
                self._telegram.tools,
                self._telegram.bot_key,
                self._telegram.nudge,
                partial(self._answers, username, courier),
                self._unwell,
            )
            menus = Menus(application.bot, self._telegram.tools, self._telegram.bot_key)
            stack.push_async_callback(courier.stop)
            chores = self._telegram.worker()
            async with asyncio.TaskGroup() as group:  # where one of them fails no other goes on without it
                for part in (courier.run(), poller.run(), chores.run(), menus.run(), self._hand_over()):
                    group.create_task(part)

    async def drain(self, seconds: float) -> None:
        """Send what is due (`--once`), without polling for commands."""
        if not await in_thread(self._due):
            return
        if not await in_thread(self._acquire, seconds + DRAIN_MARGIN):
            log.info("another node talks to Telegram; it sends what is due")
            return
        application = self._telegram.application()
        try:
            async with asyncio.timeout(seconds):
                await connect(application, self._unwell)
                await self._telegram.courier(application).drain(seconds)
        except TimeoutError:
            self._greeting.unsent()
        finally:
            await application.shutdown()
            await in_thread(self._release)

    def _acquire(self, seconds: float) -> bool:
        """Only who holds the lease may send, in one round too."""
        with self._parts.store.write() as tx:
            return tx.machine.acquire(self.lease, self._parts.holder, seconds) is not None

    def _release(self) -> None:
        with self._parts.store.write() as tx:
            tx.machine.release(self.lease, self._parts.holder)

    def _due(self) -> bool:
        with self._parts.store.read() as tx:
            return tx.outbox.next_due(self._parts.clock.now(), "telegram") is not None

    def nudge(self) -> None:
        """Something was queued."""
        self._telegram.nudge()

    def _answers(self, username: str, courier: Courier) -> None:
        """Updates are coming in, so messages may go out again."""
        self._well(username)
        if courier.line.down:
            courier.line.try_soon()
            self._telegram.nudge()

    def _well(self, username: str) -> None:
        self._health.well("telegram", f"connected as @{username}")
        self._remember("")

    def _unwell(self, words: str) -> None:
        self._health.unwell("telegram", words)
        self._remember(words)

    def _remember(self, words: str) -> None:
        """Let `status`, which is another process, know too; written only when it changes."""
        if words != self._said:
            self._said = words
            self._notes.add(note := asyncio.ensure_future(self._note(words)))
            note.add_done_callback(self._notes.discard)

    async def _note(self, words: str) -> None:
        """A database in trouble is told the next time."""
        try:
            await in_thread(self._write, words)
        except StoreError as error:
            self._said = None
            log.info("status does not know yet how Telegram is: %s", error)

    def _write(self, words: str) -> None:
        with self._parts.store.write() as tx:
            note_telegram(tx, self._telegram.bot_key, words)

    async def _hand_over(self) -> None:
        """What another node queued for `owner` at the moment of the claim is handed over a little later."""
        while True:
            await in_thread(self._hand_over_once)
            await asyncio.sleep(HAND_OVER_SECONDS)

    def _hand_over_once(self) -> None:
        with self._parts.store.read() as tx:
            self._parts.directory.refresh(tx)
            waiting = self._parts.directory.owner() is not None and bool(tx.outbox.waiting("owner"))
        if waiting:
            with self._parts.store.write() as tx:
                hand_over(tx, self._parts.directory, self._parts.clock.now())
            self._telegram.nudge()
