"""What the owner and the admins are told of deliveries, each thing once: parked chats, moved chats, dead letters.

parked, moved, given up -> mishaps -> one message to everyone who can be written to; nothing goes into the chat itself
"""

from collections import Counter
from datetime import datetime, timedelta

from watchbot.message.mishaps import Mishap, mishaps
from watchbot.model.alert import Delivery, Form, NewDelivery, Rank
from watchbot.pipeline.access import in_charge
from watchbot.pipeline.directory import OWNER, TOPIC_GONE, Directory
from watchbot.ports.store import Store, Tx

_FOR_GOOD = timedelta(days=36500)  # told-keys are forgotten by age; that a chat moved is told once and for all


def tell_mishaps(store: Store, directory: Directory, now: datetime) -> list[str]:
    """Queue what is to be told of chats and messages; gives a line for the log on each."""
    with store.read() as tx:
        if not _anything(tx):
            return []
    with store.write() as tx:
        directory.refresh(tx)
        dead = tx.outbox.untold_dead()
        found = [*_parked(tx), *_moved(tx, now), *_dead(dead)]
        told = _queue(tx, directory, found, {row.chat for row in dead if _is_notice(row)}, now)
    return [f"{_LOGGED[one.kind].format(one=one)} ({told} told)" for one in found]


def tell_topic(tx: Tx, directory: Directory, old: str, new: str, now: datetime) -> bool:
    """A topic's message went to General: told once, in the transaction that notes it; False where that was known.

    What a file sends to the topic goes to General from then on, and is told as General wants it, until something is
    said in the topic (`topic_spoke`): opening it again is.
    """
    if "/" not in old or old.partition("/")[0] != new:
        return False
    tx.chats.set(old, TOPIC_GONE, now.isoformat(timespec="seconds"))
    if tx.alerts.told(new, [_key(old)]):
        return False
    tx.alerts.tell(new, [_key(old)], now)
    directory.refresh(tx)
    _queue(tx, directory, [Mishap("topic", old, new, _title(tx, new))], set(), now)
    return True


def topic_spoke(tx: Tx, chat: str) -> None:
    """Something was said in this chat: a topic that counted as gone is there again."""
    if "/" in chat and TOPIC_GONE in tx.chats.settings(chat):
        tx.chats.set(chat, TOPIC_GONE, "")


def _queue(tx: Tx, directory: Directory, found: list[Mishap], deaf: set[str], now: datetime) -> int:
    """One silent message for every reader; gives how many there are."""
    readers = _readers(tx, directory, deaf)
    for reader in readers:
        for part, body in enumerate(mishaps(found, directory.view(reader).language)):
            tx.outbox.queue(NewDelivery(reader, body, Form.HTML, part=part, rank=Rank.DIGEST, silent=True), now)
    return len(readers)


def _anything(tx: Tx) -> bool:
    """Whether there is something to tell. Asking for dead letters counts as telling, so they are only looked at."""
    return bool(tx.chats.untold_parked() or tx.outbox.has_untold_dead() or _untold_moves(tx))


def _parked(tx: Tx) -> list[Mishap]:
    """Chats that cannot be written to."""
    found = []
    for chat, why in tx.chats.untold_parked().items():
        tx.chats.note_parked(chat)
        found.append(Mishap("parked", chat, why, _title(tx, chat)))
    return found


def _moved(tx: Tx, now: datetime) -> list[Mishap]:
    """Groups that became supergroups."""
    found = []
    for old, new in _untold_moves(tx):
        tx.alerts.tell(new, [_key(old)], now + _FOR_GOOD)
        found.append(Mishap("moved", old, new, _title(tx, new)))
    return found


def _untold_moves(tx: Tx) -> list[tuple[str, str]]:
    """Old key and new key of every move that was not told yet; an owner who claimed the bot is none, nor is an @name
    whose id became known."""
    moves = [(old, new) for old, new in tx.chats.moved().items() if old != OWNER and not old.startswith("@")]
    return [(old, new) for old, new in moves if not tx.alerts.told(new, [_key(old)])]


def _dead(rows: list[Delivery]) -> list[Mishap]:
    """Messages that were given up, by chat."""
    numbers = Counter(row.chat for row in rows)
    last = {row.chat: row.error for row in rows}
    return [Mishap("dead", chat, last[chat], number=number) for chat, number in numbers.items()]


def _is_notice(row: Delivery) -> bool:
    """Whether a message may be one of these here: quiet, and of no alert."""
    return row.alert is None and row.silent and row.rank is Rank.DIGEST


def _readers(tx: Tx, directory: Directory, deaf: set[str]) -> list[str]:
    """The owner's and the admins' private chats, but not one in which such a notice has just died or that cannot be
    written to: telling it there would die as well, and be told again."""
    deaf = deaf | set(tx.chats.parked())
    return [chat for chat in in_charge(tx, directory.settings, directory.owner()) if chat not in deaf]


def _title(tx: Tx, chat: str) -> str:
    """What people call a chat."""
    info = tx.chats.info(chat)
    return info.title if info else ""


def _key(old: str) -> str:
    """What is remembered of a move that was told."""
    return f"moved:{old}"


_LOGGED = {
    "parked": "chat {one.chat} cannot be written to: {one.text}",
    "moved": "chat {one.chat} is {one.text} now",
    "dead": "{one.number} messages to chat {one.chat} were given up: {one.text}",
}
