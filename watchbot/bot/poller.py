"""The durable poller: getUpdates -> handle -> effect and offset in one transaction -> next offset.

PTB's own Updater confirms updates before they are handled, so a death would lose commands. Here an update is
confirmed by asking for the next one, which happens only after its effect is committed.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes

from watchbot.ports.store import Store
from watchbot.ports.threads import in_thread

log = logging.getLogger(__name__)

ALLOWED = ["message", "callback_query", "my_chat_member"]
LONG_POLL = 25
TRIES = 3
BACKOFF = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class Poller:
    """Asks Telegram for updates, one after the other, and never confirms one whose effect is not stored."""

    def __init__(
        self,
        application: AnyApplication,
        store: Store,
        bot_key: str,
        well: Callable[[], None],
        unwell: Callable[[str], None],
    ) -> None:
        """`bot_key` names the offset; `well` and `unwell` report whether Telegram answers."""
        self._application = application
        self._store = store
        self._bot_key = bot_key
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
                updates = await self._application.bot.get_updates(
                    offset=offset, timeout=LONG_POLL, read_timeout=LONG_POLL + 10, allowed_updates=ALLOWED
                )
            except TelegramError as error:
                await asyncio.sleep(self._after(error, failures))
                failures += 1
                continue
            failures = 0
            self._well()
            for update in updates:
                await self._handle(update)
                offset = update.update_id + 1

    def _after(self, error: TelegramError, failures: int) -> float:
        """Say what is wrong and give the seconds to wait."""
        if isinstance(error, RetryAfter):
            wait: int | float | timedelta = error.retry_after
            return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        if isinstance(error, InvalidToken):
            self._unwell("Telegram does not accept the token; put the right one in telegram.token")
        elif isinstance(error, Conflict):
            self._unwell("another program polls with the same token; stop it")
        else:
            self._unwell(f"Telegram does not answer ({type(error).__name__})")
        if failures == 0:
            log.warning("updates cannot be fetched: %s", type(error).__name__)
        return BACKOFF[min(failures, len(BACKOFF) - 1)]

    async def _handle(self, update: Update) -> None:
        """Handle one update; a poisoned one is set aside after three tries and named in the log."""
        for attempt in range(1, TRIES + 1):
            failure = await self._try(update)
            if failure is None:
                break
            log.warning("update %d failed (try %d): %s", update.update_id, attempt, type(failure).__name__)
            if attempt == TRIES:
                log.error("update %d was set aside after %d tries", update.update_id, TRIES, exc_info=failure)
        await in_thread(self._confirm, update.update_id + 1)

    async def _try(self, update: Update) -> BaseException | None:
        """Handle it once; gives what went wrong."""
        self._failure = None
        await self._application.process_update(update)
        return self._failure

    async def _remember(self, _update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """PTB hands handler errors only to this place."""
        self._failure = context.error

    def _offset(self) -> int:
        with self._store.read() as tx:
            return tx.machine.offset(self._bot_key)

    def _confirm(self, offset: int) -> None:
        """Move the offset where the update's handler had nothing to commit (or nothing handled it)."""
        with self._store.write() as tx:
            if tx.machine.offset(self._bot_key) < offset:
                tx.machine.set_offset(self._bot_key, offset)
