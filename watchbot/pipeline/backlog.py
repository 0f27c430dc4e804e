"""What piled up for a chat goes out as one round-up: a person wants one message, not fifty.

chats with many untried alerts that wait too long -> backlog message -> queued, the alerts folded, in one transaction
"""

from datetime import datetime, timedelta

from watchbot.message import codec
from watchbot.message.backlog import backlog
from watchbot.model.alert import Card, Delivery, Form, NewDelivery, Rank, State
from watchbot.pipeline.directory import CONSOLE
from watchbot.ports.store import Store, Tx

LEAST = 12
WAIT = timedelta(seconds=60)
EVERY_CHAT = "*"


def fold_backlogs(store: Store, now: datetime) -> int:
    """Fold every chat's backlog; gives how many alerts went into a round-up. Nothing is written where there is none.

    A chat that is left alone for now is not touched: what comes meanwhile joins the same round-up.
    """
    with store.read() as tx:
        if not _piled(tx, now):
            return 0
    with store.write() as tx:
        return sum(_fold(tx, chat, now) for chat in _piled(tx, now))


def _piled(tx: Tx, now: datetime) -> list[str]:
    """Chats whose backlog is to be folded now."""
    chats = tx.outbox.backlogs(now, LEAST, now - WAIT)
    pauses = tx.outbox.pauses(now) if chats else {}
    return [] if EVERY_CHAT in pauses else [chat for chat in chats if chat != CONSOLE and chat not in pauses]


def _fold(tx: Tx, chat: str, now: datetime) -> int:
    """One chat's round-up. It rings once, where one of the alerts would have."""
    rows = [(row, card) for row in tx.outbox.backlog(chat, now) if (card := _card(row)) is not None]
    if not rows:
        return 0
    silent = all(row.silent for row, _card in rows)
    for part, body in enumerate(backlog([card for _row, card in rows], rows[0][1].language)):
        tx.outbox.queue(NewDelivery(chat, body, Form.HTML, part=part, rank=Rank.ALERT, silent=silent or part > 0), now)
    tx.outbox.settle([row.id for row, _card in rows], State.FOLDED, now)
    return len(rows)


def _card(row: Delivery) -> Card | None:
    """What an alert shows; one that cannot be read stays where it is and is refused by itself."""
    try:
        return codec.load(row.body)
    except ValueError:
        return None
