"""The durable poller: getUpdates -> handle -> effect and offset in one transaction -> next offset.

PTB's own Updater confirms updates before they are handled, so a death would lose commands. Here an update is
confirmed by asking for the next one, which happens only after its effect is committed. One that cannot be read, or
fails three times, is set aside: confirmed, counted and told to the owner and to whoever sent it.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes

from watchbot.bot.sender import sender
from watchbot.bot.talk import Tools
from watchbot.message import replies
from watchbot.model.errors import StoreError
from watchbot.pipeline.setaside import Failed, set_aside
from watchbot.ports.threads import in_thread

log = logging.getLogger(__name__)

ALLOWED = ["message", "channel_post", "callback_query", "my_chat_member"]
LONG_POLL = 25
PAUSES = (0.2, 1.0)  # before the second and the third try: a database that was busy has time to recover
TRIES = len(PAUSES) + 1
DATABASE_PAUSE = 1.0
BACKOFF = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
OFFLINE = (1.0, 2.0, 5.0)  # no longer: whoever presses a button after an outage waits for an answer

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class Poller:
    """Asks Telegram for updates, one after the other, and never confirms one whose effect is not stored."""

    def __init__(
        self,
        application: AnyApplication,
        tools: Tools,
        bot_key: str,
        nudge: Callable[[], None],
        well: Callable[[], None],
        unwell: Callable[[str], None],
    ) -> None:
        """`application.bot` is delivery.application's; `bot_key` names the offset; `nudge` wakes the courier; `well`
        and `unwell` report whether Telegram answers."""
        self._application = application
        self._tools = tools
        self._bot_key = bot_key
        self._nudge = nudge
        self._well = well
        self._unwell = unwell
        self._failure: BaseException | None = None
        application.add_error_handler(self._remember)

    async def run(self) -> None:
        """Poll until cancelled."""
        offset = await in_thread(self._offset)
        failures = 0
        while True:
            try:
                updates = await self._application.bot.raw_updates(offset, LONG_POLL, ALLOWED)
            except TelegramError as error:
                await asyncio.sleep(self._after(error, failures))
                failures += 1
                continue
            failures = 0
            self._well()
            for update in updates:
                if update["update_id"] < offset:
                    await in_thread(self._number_anew, update["update_id"])
                await self.handle(update)
                offset = update["update_id"] + 1

    async def handle(self, raw: Mapping[str, Any]) -> None:
        """Handle one update as Telegram wrote it, and confirm it whatever became of it."""
        try:
            update = Update.de_json(dict(raw), self._application.bot)
        except Exception as error:  # the library raises what its parser stumbled upon
            log.error("update %d cannot be read: %s", raw["update_id"], type(error).__name__, exc_info=_traced(error))
            await self._set_aside(raw, error)
            return
        failure = await self._try_well(update)
        for attempt, pause in enumerate(PAUSES, start=1):
            if failure is None:
                break
            log.warning("update %d failed (try %d): %s", update.update_id, attempt, type(failure).__name__)
            await asyncio.sleep(pause)
            failure = await self._try_well(update)
        if failure is None:
            await in_thread(self._confirm, update.update_id + 1)
            return
        log.error("update %d was set aside after %d tries", update.update_id, TRIES, exc_info=_traced(failure))
        await self._set_aside(raw, failure)

    def _after(self, error: TelegramError, failures: int) -> float:
        """Say what is wrong and give the seconds to wait."""
        if isinstance(error, RetryAfter):
            wait: int | float | timedelta = error.retry_after
            return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        waits: tuple[float, ...] = BACKOFF
        if isinstance(error, InvalidToken):
            self._unwell("Telegram does not accept the token; put the right one in telegram.token")
        elif isinstance(error, Conflict):
            self._unwell("another program polls with the same token; stop it")
        else:
            waits = OFFLINE
            self._unwell(f"Telegram does not answer ({type(error).__name__})")
        if failures == 0:
            log.warning("updates cannot be fetched: %s", type(error).__name__)
        return waits[min(failures, len(waits) - 1)]

    async def _try_well(self, update: Update) -> BaseException | None:
        """Try it once while the database answers: an update is not to blame for a database that is down."""
        failure = await self._try(update)
        while isinstance(failure, StoreError) and not await self._database_answers():
            await asyncio.sleep(DATABASE_PAUSE)
            failure = await self._try(update)
        return failure

    async def _database_answers(self) -> bool:
        try:
            await in_thread(self._offset)
        except StoreError:
            return False
        return True

    async def _try(self, update: Update) -> BaseException | None:
        """Handle it once; gives what went wrong."""
        self._failure = None
        await self._application.process_update(update)
        return self._failure

    async def _remember(self, _update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """PTB hands handler errors only to this place."""
        self._failure = context.error

    async def _set_aside(self, raw: Mapping[str, Any], error: BaseException) -> None:
        """Confirm it with its report in one transaction; a pressed button stops waiting."""
        found = sender(raw)
        shown = bool(found.query) and await self._answer_press(found.query, found.language)
        failed = Failed(raw["update_id"], type(error).__name__, found.chat, found.user, found.language, shown)
        await in_thread(self._commit_failed, failed)
        self._nudge()

    async def _answer_press(self, query: str, language: str) -> bool:
        """Say at the button that it failed; gives whether that arrived."""
        try:
            return bool(await self._application.bot.answer_callback_query(query, replies.failed(language)))
        except TelegramError:
            return False

    def _commit_failed(self, failed: Failed) -> None:
        with self._tools.store.write() as tx:
            set_aside(tx, self._tools.directory, self._bot_key, failed, self._tools.clock.now())

    def _offset(self) -> int:
        with self._tools.store.read() as tx:
            return tx.machine.offset(self._bot_key)

    def _number_anew(self, offset: int) -> None:
        """Telegram gives less than it was asked for only where it has begun to number anew: after a week without
        updates, or at another Bot API server. With the old offset all that people say would count as done before."""
        log.info("Telegram numbers its updates anew, from %d on", offset)
        with self._tools.store.write() as tx:
            tx.machine.set_offset(self._bot_key, offset)

    def _confirm(self, offset: int) -> None:
        """Move the offset where the update's handler had nothing to commit (or nothing handled it)."""
        with self._tools.store.read() as tx:
            if tx.machine.offset(self._bot_key) >= offset:  # nearly always: nobody has to wait for the writers again
                return
        with self._tools.store.write() as tx:
            if tx.machine.offset(self._bot_key) < offset:
                tx.machine.set_offset(self._bot_key, offset)


def _traced(error: BaseException) -> BaseException | None:
    """The traceback is for the debug log; a person reads one line."""
    return error if log.isEnabledFor(logging.DEBUG) else None
