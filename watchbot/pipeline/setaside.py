"""A message that could not be handled: confirmed so that the others go on, counted, and told to whom it concerns.

failed update -> the person who sent it, the owner -> counter for /status -> offset, in one transaction
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from watchbot.message import replies
from watchbot.message.roundup import update_set_aside
from watchbot.model.alert import Form, NewDelivery, Rank
from watchbot.pipeline.commands import role_of
from watchbot.pipeline.directory import Directory
from watchbot.ports.store import Tx

STRANGERS_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Failed:
    """An update that failed: its id, the class of the error, and who sent it where that can be seen: chat key ("" where
    not), user id (0 where not) and the language of their app. `answered`: they saw already that it failed."""

    update: int
    error: str
    chat: str = ""
    user: int = 0
    language: str = "en"
    answered: bool = False


def set_aside(tx: Tx, directory: Directory, bot_key: str, failed: Failed, now: datetime) -> None:
    """Confirm it, count it and tell of it. A stranger hears nothing, and tells the owner at most one an hour."""
    directory.refresh(tx)
    notes = f"telegram:{bot_key}"
    role = role_of(tx, directory.settings, failed.user)
    if role and failed.chat and not failed.answered:
        language = tx.chats.settings(failed.chat).get("language", "") or failed.language
        body = replies.failed(language)
        tx.outbox.queue(NewDelivery(failed.chat, body, Form.HTML, rank=Rank.REPLY), now)
    if role or _stranger_tells(tx, notes, now):
        _tell_owner(tx, directory, failed, now)
    tx.chats.set(notes, "set_aside", str(set_aside_count(tx, bot_key) + 1))
    last = f"{now.isoformat(timespec='seconds')} update {failed.update}: {failed.error}"
    tx.chats.set(notes, "set_aside_last", last)
    if tx.machine.offset(bot_key) <= failed.update:
        tx.machine.set_offset(bot_key, failed.update + 1)


def set_aside_count(tx: Tx, bot_key: str) -> int:
    """How many updates were set aside since this database was made."""
    return int(tx.chats.settings(f"telegram:{bot_key}").get("set_aside", "0"))


def set_aside_last(tx: Tx, bot_key: str) -> str:
    """The last one: time, update id and error class; "" where there was none."""
    return tx.chats.settings(f"telegram:{bot_key}").get("set_aside_last", "")


def _tell_owner(tx: Tx, directory: Directory, failed: Failed, now: datetime) -> None:
    owner = directory.owner()
    if owner is None:
        return
    chat = str(owner)
    body = update_set_aside(directory.view(chat).language, f"update {failed.update}: {failed.error}")
    tx.outbox.queue(NewDelivery(chat, body, Form.HTML, rank=Rank.DIGEST, silent=True), now)


def _stranger_tells(tx: Tx, notes: str, now: datetime) -> bool:
    """Whether the owner is told of a stranger's broken message: nobody outside makes the bot chatter."""
    before = tx.chats.settings(notes).get("set_aside_stranger", "")
    if before and now - datetime.fromisoformat(before) < STRANGERS_EVERY:
        return False
    tx.chats.set(notes, "set_aside_stranger", now.isoformat())
    return True
