"""Long work that messages asked for, done beside the conversation: asked of the web first, its effect in one go.

look (a cheap read, on a nudge or every second) -> begin -> prepare, four at once and one a person
    -> one transaction: finished, its effect, the answer in place of "one moment" -> the courier is nudged

Whatever dies in between, the chore is begun again; who finishes it second changes nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from watchbot.bot import answers
from watchbot.bot.making import make_talk
from watchbot.bot.registry import CHORES
from watchbot.bot.talk import Answer, ChoreCase, Talk, Tools
from watchbot.message import replies
from watchbot.model.errors import FetchError, StoreError, WatchbotError, WorkerError
from watchbot.model.records import Chore
from watchbot.pipeline.access import removed
from watchbot.ports.store import Tx
from watchbot.ports.threads import in_thread

log = logging.getLogger(__name__)

AT_ONCE = 4
MOST_HELD = 20
SECONDS = 60.0
LOOK_SECONDS = 1.0
AGAIN = timedelta(seconds=30)
TRIES = 3


class Worker:
    """The one who does chores; run only while this node talks to Telegram."""

    def __init__(self, tools: Tools, nudge: Callable[[], None], cases: Mapping[str, ChoreCase] = CHORES) -> None:
        """`nudge` wakes the courier. Nothing is begun yet."""
        self._tools = tools
        self._courier = nudge
        self._cases = cases
        self._wake = asyncio.Event()
        self._waiting: dict[int, Chore] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._troubled = False

    def nudge(self) -> None:
        """Something may have been asked for."""
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled. What a dead holder of the lease had begun is done first."""
        try:
            await self._careful(self._take_over)
            while True:
                self._wake.clear()
                await self._careful(self._look)
                try:
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._wake.wait()
                except TimeoutError:
                    continue
        finally:
            tasks = list(self._running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def drain(self) -> None:
        """Do all that is due now, to its end."""
        await self._look()
        while self._running:
            await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)
            await self._look()

    async def _careful(self, step: Callable[[], Any]) -> None:
        """A database in trouble is said once, and asked again a second later."""
        try:
            await step()
            self._troubled = False
        except Exception as error:  # noqa: BLE001 - supervisor: the conversation goes on
            if not self._troubled:
                log.error("what people asked for waits: %s", error)
            self._troubled = True

    async def _take_over(self) -> None:
        await in_thread(self._due_at_once)

    def _due_at_once(self) -> None:
        with self._tools.store.write() as tx:
            tx.chores.take_over(self._tools.clock.now())

    async def _look(self) -> None:
        """Begin what is due, as far as there is room; then start what may run."""
        room = MOST_HELD - len(self._waiting) - len(self._running)
        for chore in await in_thread(self._begin, room) if room > 0 else ():
            self._waiting.setdefault(chore.id, chore)
        for chore in list(self._waiting.values()):
            who = str(chore.asked.user or chore.asked.chat)
            if len(self._running) >= AT_ONCE or who in self._running:
                continue
            del self._waiting[chore.id]
            task = asyncio.create_task(self._do(chore))
            self._running[who] = task
            task.add_done_callback(partial(self._ended, who))

    def _begin(self, room: int) -> list[Chore]:
        now = self._tools.clock.now()
        with self._tools.store.read() as tx:
            if not tx.chores.due(now):
                return []
        with self._tools.store.write() as tx:
            return tx.chores.begin(now, room)

    def _ended(self, who: str, _task: "asyncio.Task[None]") -> None:
        """The person's next one may begin."""
        del self._running[who]
        self._wake.set()

    async def _do(self, chore: Chore) -> None:
        """One chore, to its end for now."""
        try:
            case = self._cases.get(chore.asked.kind)
            if case is None or chore.attempts > TRIES:
                await in_thread(self._give_up, chore)
            else:
                result = await self._prepared(case, chore)
                await in_thread(self._finish, chore, case, result)
        except Exception as error:  # noqa: BLE001 - supervisor: no chore may stop the others
            await self._failed(chore, error)
        self._courier()

    async def _prepared(self, case: ChoreCase, chore: Chore) -> Any:
        """What the web said; what it did not like is a result too, told in words."""
        try:
            async with asyncio.timeout(SECONDS):
                return await case.prepare(self._tools, chore)
        except TimeoutError:
            return FetchError(f"it took longer than {SECONDS:.0f} s")
        except (StoreError, WorkerError):
            raise  # trouble of our own: once more
        except WatchbotError as error:
            return error

    def _finish(self, chore: Chore, case: ChoreCase, result: Any) -> None:
        """Effect, answer and the end of the chore in one transaction."""
        with self._tools.store.write() as tx:
            if not tx.chores.finish(chore.id):
                return
            self._tools.directory.refresh(tx)
            talk = self._talk(tx, chore)
            _answer(talk, chore, case.finish(talk, chore, result))

    async def _failed(self, chore: Chore, error: Exception) -> None:
        """Again a little later; after three tries the person is told."""
        traced = error if log.isEnabledFor(logging.DEBUG) else None
        name, tries = type(error).__name__, f"try {chore.attempts} of {TRIES}"
        log.error("%s asked for in a chat failed (%s, %s)", chore.asked.kind, name, tries, exc_info=traced)
        try:
            if chore.attempts >= TRIES:
                await in_thread(self._give_up, chore)
            else:
                await in_thread(self._again, chore)
        except Exception as trouble:  # noqa: BLE001 - supervisor: it is due again by itself in five minutes
            log.error("that cannot be noted: %s", type(trouble).__name__)

    def _again(self, chore: Chore) -> None:
        with self._tools.store.write() as tx:
            tx.chores.again(chore.id, self._tools.clock.now() + AGAIN)

    def _give_up(self, chore: Chore) -> None:
        """Say that it failed; it is not tried any more."""
        log.error("%s asked for in a chat is given up", chore.asked.kind)
        with self._tools.store.write() as tx:
            if tx.chores.finish(chore.id):
                talk = self._talk(tx, chore)
                _answer(talk, chore, Answer(replies.failed(talk.language)))

    def _talk(self, tx: Tx, chore: Chore) -> Talk:
        """The talk in which it was asked for; a private chat has the number of its person."""
        asked = chore.asked
        language, may_change = asked.payload.get("language", ""), bool(asked.payload.get("may_change"))
        private = asked.chat == str(asked.user)
        return make_talk(self._tools, tx, asked.chat, asked.user, private, language, may_change)


def _answer(talk: Talk, chore: Chore, answer: Answer) -> None:
    """The result takes the place of "one moment"; a file comes beside it. Whoever was removed hears nothing more."""
    if chore.asked.chat in removed(talk.tx):
        return
    reply = chore.asked.reply
    if reply is None:
        answers.queue(talk, [answer])
        return
    answers.change(talk, reply, replace(answer, chore=None))
    if answer.document is not None:
        answers.queue(talk, [Answer("", document=answer.document)])
