"""A real courier with the real client against the project's Bot API server, and time that tests move on."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from typing_extensions import override

from tests.fakes.botapi import BotApiServer
from tests.fakes.botapi_limits import Limits
from watchbot.delivery.application import make_application
from watchbot.delivery.courier import Courier
from watchbot.delivery.limiter import Limiter
from watchbot.delivery.telegram import TelegramSender
from watchbot.model.alert import Delivery, Form, NewDelivery, State
from watchbot.store.engine import SqlStore


class Ahead:
    """The real time, and as much more as a test lets pass."""

    def __init__(self) -> None:
        """At the real time."""
        self.seconds = 0.0

    def now(self) -> datetime:
        """Wall time."""
        return datetime.now(UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """The same for measuring."""
        return time.monotonic() + self.seconds

    async def wait(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self.seconds += seconds
        await asyncio.sleep(0)


class Broken(httpx.AsyncBaseTransport):
    """The client's own transport, which fails where a test says so: before the call left, or with its answer lost."""

    def __init__(self, real: httpx.AsyncBaseTransport) -> None:
        """Works until told otherwise."""
        self._real = real
        self.errors: list[tuple[Exception, bool]] = []

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on, or fail."""
        if not self.errors or not request.url.path.endswith(("/sendMessage", "/editMessageText")):
            return await self._real.handle_async_request(request)
        error, arrived = self.errors.pop(0)
        if arrived:
            response = await self._real.handle_async_request(request)
            await response.aread()
            await response.aclose()
        raise error

    @override
    async def aclose(self) -> None:
        """Close the real one."""
        await self._real.aclose()


class Post:
    """A store, a Bot API server and a courier between them."""

    def __init__(self, store: SqlStore, api: BotApiServer, wait: Callable[[float], Awaitable[None]] | None) -> None:
        """Nothing is queued. `wait` is how the limiter waits; without it time jumps instead."""
        self.store = store
        self.api = api
        self.clock = Ahead()
        self.api.limits.now = self.clock.monotonic
        self.nudge = asyncio.Event()
        self.moved: list[tuple[str, str]] = []
        self.task: asyncio.Task[None] | None = None
        self._wait = wait or self.clock.wait
        self._applications: list[Any] = []

    async def born(self) -> None:
        """A process begins: a client, a limiter and a courier that know nothing but what the database holds."""
        self.limiter = Limiter(self.clock, self._wait)
        application = make_application(self.api.token, self.api.url, "", self.limiter)
        self._applications.append(application)
        await application.initialize()
        client = application.bot.request._client
        self.transport = client._transport = Broken(client._transport)
        self.sender = TelegramSender(application.bot)
        self.courier = self.another()
        self.start()

    def another(self) -> Courier:
        """A courier as after a restart."""
        return Courier(
            self.store,
            self.sender,
            self.clock,
            "telegram",
            "node",
            self.nudge,
            lambda: 0.0,
            moved=lambda _tx, old, new, _now: self.moved.append((old, new)),
            pace=self.limiter,
        )

    def start(self) -> None:
        """Let the courier work."""
        self.task = asyncio.create_task(self.courier.run())

    async def kill(self) -> None:
        """The process dies: nothing that is under way gets to its end, and what the courier knew is gone."""
        assert self.task
        under_way = [self.task, *self.courier._tasks]
        self.courier._tasks = set()  # nobody waits for what a dead process had begun
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def stop(self) -> None:
        """An orderly end."""
        if self.task and not self.task.done():
            await self.courier.stop(0.2)
            await self.task
        for application in self._applications:
            await application.shutdown()

    def queue(self, chat: str, body: str = "<b>News</b>", **settings: Any) -> int:
        """One more message."""
        with self.store.write() as tx:
            made = tx.outbox.queue(NewDelivery(chat, body, Form.HTML, **settings), self.clock.now())
        self.nudge.set()
        return made

    def edit(self, delivery: int, body: str) -> int:
        """Change a message; gives the row that does it."""
        with self.store.write() as tx:
            tx.outbox.change(delivery, body, Form.HTML, (), self.clock.now())
        self.nudge.set()
        return delivery + 1

    def row(self, delivery: int) -> Delivery:
        """A row of the outbox."""
        with self.store.read() as tx:
            found = tx.outbox.get(delivery)
        assert found is not None
        return found

    def texts(self, chat: int) -> list[str]:
        """What a chat got."""
        return [one.text for one in self.api.sent if one.chat_id == chat]

    def pauses(self) -> set[str]:
        """Which chats are left alone now."""
        with self.store.read() as tx:
            return set(tx.outbox.pauses(self.clock.now()))

    async def until(self, done: Callable[[], object], what: str = "") -> None:
        """Wait until something is so."""
        end = time.monotonic() + 30
        while not done():
            assert time.monotonic() < end, f"not within 30 s: {what}\n{self.api.story()}"
            self._skip()
            await asyncio.sleep(0.01)

    def _skip(self) -> None:
        """Where the limiter does not wait for real, the second between two messages of a chat is skipped too."""
        if self._wait == self.clock.wait and not self.courier._tasks and self.limiter.busy():
            seconds = self.limiter.free_in()
            if 0 < seconds < 1.2:
                self.passes(seconds)

    async def comes_to(self, delivery: int, state: State) -> Delivery:
        """Wait until a row is in this state after at least one call."""
        await self.until(lambda: self.row(delivery).state is state, f"{state} of {self.row(delivery)}")
        return self.row(delivery)

    def passes(self, seconds: float) -> None:
        """Time goes on."""
        self.clock.seconds += seconds
        self.nudge.set()

    async def settled(self) -> None:
        """Wait until no call is under way and the courier has looked again."""
        self.nudge.set()
        await self.until(lambda: not self.nudge.is_set() and not self.courier._tasks, "the courier to be idle")


@asynccontextmanager
async def posting(
    store: SqlStore, limits: Limits | None = None, wait: Callable[[float], Awaitable[None]] | None = None
) -> AsyncIterator[Post]:
    """All of it, running."""
    async with BotApiServer(limits or Limits(enabled=False)) as api:
        post = Post(store, api, wait)
        try:
            await post.born()
            yield post
        finally:
            await post.stop()
