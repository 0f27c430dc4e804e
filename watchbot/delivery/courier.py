"""The courier: the only one who sends. A loop over the outbox that survives whatever a call does.

    due? -> claim (committed) -> deliver -> finish (committed, one by one) -> wait for the nudge or the next due row
    now and then: what piled up in a chat becomes one round-up

A row is `sending` before its call and changes only after it, so that a death in between is found and told again,
marked. While the far side is down one row at a time is tried, with growing waits.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Literal

from watchbot.delivery.line import Line
from watchbot.delivery.pace import NoPace, Pace, Served, whole
from watchbot.model.alert import Delivery, Move, Outcome, Result, State
from watchbot.pipeline.backlog import fold_backlogs
from watchbot.pipeline.deliver import OWN_LIMIT, after, after_bug
from watchbot.ports.clock import Clock
from watchbot.ports.sender import Sender
from watchbot.ports.store import Store, Tx
from watchbot.ports.threads import in_thread

log = logging.getLogger(__name__)

Chats = Literal["console", "telegram"]
WORKERS = 40
CLAIM_SECONDS = 180.0
RECOVER_EVERY = 15.0
FOLD_EVERY = 3.0
REMEMBERED = timedelta(seconds=61)  # what the limits look back on
LONGEST_NAP = 1.0  # what another node queued makes no sound here
SHORTEST_NAP = 0.1
AFTER_TROUBLE = 2.0
FINISH_TRIES = 6
STOP_SECONDS = 10.0
LEASE_MARGIN = 2.0


class Courier:
    """One for each far side; `chats` says whose rows it takes. `line` tells how the far side is."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        clock: Clock,
        chats: Chats,
        holder: str,
        nudge: asyncio.Event,
        jitter: Callable[[], float],
        workers: int = WORKERS,
        moved: Callable[[Tx, str, str, datetime], object] | None = None,
        pace: Pace | None = None,
    ) -> None:
        """`holder` names the node in the log; `nudge` is this courier's own event, set after every commit that queued
        something; `jitter` gives 0..1. `moved` is called with old and new key in the transaction that notes that a
        message goes to another chat or topic. `pace` says what may be called now; without one anything may.

        Rows are claimed in the name of the far side, not of the node: a lease (and on SQLite a lock) sees to it that
        there is one courier, so what lies in `sending` when it starts was left by a dead one.
        """
        self._store = store
        self._sender = sender
        self._clock = clock
        self._chats = chats
        self._node = holder
        # one courier talks to Telegram, under its lease; every node has a terminal of its own
        self._name = f"courier:{chats}" if chats == "telegram" else f"courier:{chats}:{holder}"
        self._nudge = nudge
        self._jitter = jitter
        self._moved = moved
        self._pace = pace or NoPace()
        self._served = Served()
        self._workers = 1 if chats == "console" else workers
        self._tasks: set[asyncio.Task[None]] = set()
        self._unbegun: list[Delivery] = []
        self._floods: dict[str, float] = {}
        self._recover_at = 0.0
        self._fold_at = 0.0
        self._stopping = False
        self.line = Line(clock, jitter)
        self.sent = 0

    async def run(self) -> None:
        """Send until `stop`. The supervisor of this loop: a database in trouble is waited for."""
        while not self._stopping and not await self._take_over():
            self._nudge.clear()
            await self._nap(None, AFTER_TROUBLE)  # without knowing what was sent lately no limit can be kept
        try:
            while not self._stopping:
                await self._nap(await self._careful_round(), LONGEST_NAP)
        finally:  # cancelled = the lease is about to end, and with it the right to send
            await self._give_back()
            await self._settle(STOP_SECONDS if self._stopping else LEASE_MARGIN)

    async def drain(self, seconds: float) -> None:
        """Send what is due, and what becomes due meanwhile, until nothing is or the time is over."""
        end = self._clock.monotonic() + seconds
        await self._take_over()
        try:
            while not self._stopping:
                due = await self._careful_round()
                left = end - self._clock.monotonic()
                later = due is None or self._until(due) > left
                gone = self._chats == "console" and self.line.down  # a closed pipe does not open again
                if left <= 0 or (not self._tasks and (later or gone)):
                    break
                await self._nap(due, left)
        finally:
            await self._give_back()
            await self._settle(STOP_SECONDS)

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Begin nothing new; calls in flight get some seconds to end. What did not end is told again, marked."""
        self._stopping = True
        self._nudge.set()
        await self._settle(seconds)

    async def _take_over(self) -> bool:
        """Rows that this holder left in `sending` when it died; gives whether the database could be asked."""
        try:
            found = await in_thread(self._taken_over)
        except Exception as error:  # noqa: BLE001 - supervisor: whoever asks again finds them then
            log.error("courier: cannot look for interrupted sends: %s", error)
            return False
        if found:
            log.warning("%s on %s: %d interrupted sends are made again, marked", self._name, self._node, found)
        return True

    def _taken_over(self) -> int:
        """The transaction of it; what was sent lately, and what is to be left alone, counts for whoever begins now."""
        now = self._clock.now()
        with self._store.write() as tx:
            if self._chats == "telegram":
                for chat, at in tx.outbox.sent_since(now - REMEMBERED):
                    ago = max((now - at).total_seconds(), 0.0)  # less than nothing where the clock was set back
                    self._pace.remember(whole(chat), ago)
                for chat in tx.outbox.tried():  # Telegram may have counted what it did not answer
                    self._pace.remember(whole(chat), 0.0)
                for chat, until in tx.outbox.pauses(now).items():  # a topic's pause is that of its whole group
                    self._pace.pause(whole(chat), (until - now).total_seconds())
            return tx.outbox.take_over(self._name, now)

    async def _careful_round(self) -> datetime | None:
        """A round that survives a database in trouble."""
        try:
            return await self._round()
        except Exception as error:  # noqa: BLE001 - supervisor: sending goes on when the database is well again
            log.error("courier: the database is in trouble: %s", error)
            return self._clock.now() + timedelta(seconds=AFTER_TROUBLE)

    async def _round(self) -> datetime | None:
        """Claim what is due and start sending it; gives when the next row will be due."""
        self._nudge.clear()
        free = min(self._workers - len(self._tasks), self._pace.room())
        probing = self.line.down
        if probing:
            free = 1 if not self._tasks and self.line.may_probe() else 0
        due = await in_thread(self._claim, free, self._served.waiting(self._pace.busy()))
        claimed, self._unbegun = self._unbegun, []
        for delivery in claimed:
            self._served.add(delivery.chat)
            task = asyncio.create_task(self._one(delivery, probing), name=f"delivery-{delivery.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return due

    def _claim(self, limit: int, without: Collection[str]) -> datetime | None:
        """The database's side of a round: fills `_unbegun`; nothing is written while nothing is due."""
        now = self._clock.now()
        if self._clock.monotonic() >= self._recover_at:
            self._recover_at = self._clock.monotonic() + RECOVER_EVERY
            with self._store.write() as tx:
                tx.outbox.recover(now)
        self._fold(now)
        with self._store.read() as tx:
            due = tx.outbox.next_due(now, self._chats)
        if due is None or due > now or limit < 1:
            return due
        with self._store.write() as tx:
            claimed = tx.outbox.claim(now, self._name, CLAIM_SECONDS, limit, self._chats, without)
            due = tx.outbox.next_due(now, self._chats)
        self._unbegun = claimed
        return due

    async def _give_back(self) -> None:
        """What was claimed in the moment in which sending ended: nobody called for it, so it is no possible repeat."""
        for delivery in self._unbegun:
            await self._finish(delivery, Move(State.PENDING, self._clock.now(), repeat=delivery.repeat))
        self._unbegun = []

    def _fold(self, now: datetime) -> None:
        """What piled up in a chat becomes one message, now and then; while the line is down it goes on piling up."""
        if self._chats == "telegram" and not self.line.down and self._clock.monotonic() >= self._fold_at:
            self._fold_at = self._clock.monotonic() + FOLD_EVERY
            if folded := fold_backlogs(self._store, now):
                log.info("courier: %d alerts that waited go out as round-ups", folded)

    async def _one(self, delivery: Delivery, probe: bool) -> None:
        """One delivery from its call to its committed result."""
        try:
            move = await self._call(delivery, probe)
            if await self._finish(delivery, move) and move.state is State.SENT:
                self.sent += 1
        finally:
            self._nudge.set()

    async def _call(self, delivery: Delivery, probe: bool) -> Move:
        """Make the call; the supervisor of one row, so that a poisoned one stops no other."""
        try:
            outcome = await self._sender.deliver(delivery)
        except Exception as error:
            log.exception("courier: delivery %d broke the sender", delivery.id)
            return after_bug(delivery, f"{type(error).__name__}: {error}", self._clock.now())
        self.line.heard(outcome, probe)
        if outcome.result is Result.SENT and outcome.chat:  # from here on this chat goes by another key
            self._pace.remember(whole(outcome.chat), 0.0)
        return after(delivery, outcome, self._clock.now(), self._jitter(), self._flood(delivery.chat, outcome))

    def _flood(self, chat: str, outcome: Outcome) -> bool:
        """Whether Telegram asked for a pause while another chat's was not over."""
        if outcome.result is not Result.PAUSED or outcome.error == OWN_LIMIT:
            return False
        now = self._clock.monotonic()
        self._floods = {name: until for name, until in self._floods.items() if until > now}
        others = any(name != chat for name in self._floods)
        self._floods[chat] = now + outcome.seconds
        return others

    async def _finish(self, delivery: Delivery, move: Move) -> bool:
        """Commit the result. A database that will not have it is asked again: without it the row is told twice."""
        for attempt in range(FINISH_TRIES):
            try:
                await in_thread(self._finished, delivery, move)
            except Exception as error:  # noqa: BLE001 - supervisor: the row stays in `sending` and is found again
                log.error("courier: cannot note what became of delivery %d: %s", delivery.id, error)
                await asyncio.sleep(0.1 * 2.0**attempt)
            else:
                self._tell(delivery, move)
                return True
        return False

    def _finished(self, delivery: Delivery, move: Move) -> None:
        """The transaction of it."""
        with self._store.write() as tx:
            now = self._clock.now()
            tx.outbox.finish(delivery.id, move, now)
            if move.new_chat and self._moved:
                self._moved(tx, delivery.chat, move.new_chat, now)

    def _tell(self, delivery: Delivery, move: Move) -> None:
        """What an operator should know goes to the log."""
        if move.state is State.PARKED:
            log.warning("chat %s cannot be reached, its alerts wait: %s", delivery.chat, move.error)
        elif move.state is State.DEAD:
            log.error("delivery %d to chat %s is given up: %s", delivery.id, delivery.chat, move.error)
        elif move.new_chat and move.state is not State.SENT:
            log.warning("chat %s is now %s: %s", delivery.chat, move.new_chat, move.error)
        elif move.state is not State.SENT:
            log.info("delivery %d to chat %s: %s (%s)", delivery.id, delivery.chat, move.state.value, move.error)

    async def _nap(self, due: datetime | None, longest: float) -> None:
        """Wait for the nudge, the next due row, or the next probe."""
        seconds = LONGEST_NAP if due is None else self._until(due)
        if self.line.down:
            seconds = max(seconds, self.line.probe_in())
        elif seconds <= 0:  # its chat, the line or every worker is busy: whoever ends a call sets the nudge
            seconds = self._pace.free_in() if self._tasks or self._pace.busy() else 0.0
        seconds = min(max(seconds, SHORTEST_NAP), longest, LONGEST_NAP)
        try:
            async with asyncio.timeout(seconds):
                await self._nudge.wait()
        except TimeoutError:
            pass

    def _until(self, due: datetime) -> float:
        """Seconds from now."""
        return (due - self._clock.now()).total_seconds()

    async def _settle(self, seconds: float) -> None:
        """Wait for calls in flight, then give them up."""
        if not self._tasks:
            return
        _done, late = await asyncio.wait(set(self._tasks), timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
