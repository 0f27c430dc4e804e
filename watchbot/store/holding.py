"""Deliveries that are kept back, those that pile up, and those that were given up.

What is read to be folded into another message is locked in a writing transaction: no courier takes it meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal_column, or_, select, text, update

from watchbot.model.alert import Act, Delivery, Form, Rank, State
from watchbot.store import claims, delivery_rows
from watchbot.store.statements import CHUNK, lock_row
from watchbot.store.tables import DEAD, HELD, OPEN, deliveries

_SETTLED = (State.WAITING.value, State.HELD.value, State.PENDING.value, State.PARKED.value)
_ROLL_UPS = (Rank.URGENT.value, Rank.ALERT.value)  # many alerts in one message, which is none's own
_TOLD = (State.PENDING.value, State.SENDING.value, State.UNCERTAIN.value, State.SENT.value)


def recent_alerts(connection: Connection, chat: str, since: datetime) -> int:
    """How many messages alerts became in a chat, or are about to, a roll-up of many counting as one; of replies only
    those that ring.

    A row counts by the time at which it was queued, also one that was held first: what is released by a round-up or
    at the end of quiet hours must not use up the cap of the hour that follows.
    """
    query = select(func.count()).where(
        deliveries.c.chat == chat,
        deliveries.c.created_at >= since,
        or_(deliveries.c.alert.is_not(None), deliveries.c.rank.in_(_ROLL_UPS)),
        deliveries.c.act == Act.SEND.value,
        deliveries.c.part == 0,
        or_(deliveries.c.reply_to.is_(None), deliveries.c.silent.is_(False)),
        deliveries.c.state.in_(_TOLD),
    )
    return connection.execute(query).scalar_one()


def held_due(connection: Connection, now: datetime) -> list[tuple[str, str]]:
    """Chat and hold of held rows whose time has come, each once."""
    query = select(deliveries.c.chat, deliveries.c.hold).where(text(HELD), deliveries.c.next_at <= now)
    return sorted({(row.chat, row.hold) for row in connection.execute(query)})  # DISTINCT would go by another index


def held(connection: Connection, chat: str, hold: str) -> list[Delivery]:
    """Held rows of a chat, of one hold or of all, oldest first.

    Who may write has the lock of ingest first, which looks at single held rows in an order of its own.
    """
    if not connection.get_execution_options().get("postgresql_readonly"):
        lock_row(connection, "items")
    query = select(deliveries).where(*_held(chat, hold)).order_by(deliveries.c.id)
    return _records(connection, delivery_rows.locked(connection, query))


def sends(connection: Connection, alert_ids: Sequence[int]) -> dict[int, Delivery]:
    """By alert: its send; one whose content is in another message only where there is no other."""
    found: dict[int, Delivery] = {}
    for start in range(0, len(alert_ids), CHUNK):
        mine = deliveries.c.alert.in_(alert_ids[start : start + CHUNK])
        query = select(deliveries).where(mine, deliveries.c.act == Act.SEND.value).order_by(deliveries.c.id)
        for row in _records(connection, delivery_rows.locked(connection, query)):
            known = found.get(row.alert) if row.alert is not None else None
            folded = known is not None and known.state is State.FOLDED and row.state is not State.FOLDED
            if row.alert is not None and (known is None or folded):
                found[row.alert] = row
    return found


def hold_until(connection: Connection, chat: str, hold: str, next_at: datetime) -> int:
    """Give held rows, of one hold or of all, another time."""
    return connection.execute(update(deliveries).where(*_held(chat, hold)).values(next_at=next_at)).rowcount


def postpone(connection: Connection, ids: Sequence[int], next_at: datetime) -> None:
    """Give these rows another time, those of them that are still held."""
    _change(connection, ids, (State.HELD,), next_at=next_at)


def hold_back(connection: Connection, ids: Sequence[int], hold: str, next_at: datetime) -> None:
    """Keep these rows back, those of them that are held or still to be sent; later they are as good as new."""
    values = {"state": State.HELD.value, "hold": hold, "next_at": next_at, "attempts": 0, "error": ""}
    _change(connection, ids, (State.HELD, State.PENDING), **values)


def hush(connection: Connection, ids: Sequence[int]) -> None:
    """These rows make no sound."""
    _change(connection, ids, (State.PENDING,), silent=True)


def _change(connection: Connection, ids: Sequence[int], states: Sequence[State], **values: Any) -> None:
    """Give the rows that are in one of these states other values."""
    now_in = deliveries.c.state.in_([state.value for state in states])
    for start in range(0, len(ids), CHUNK):
        some = deliveries.c.id.in_(ids[start : start + CHUNK])
        connection.execute(update(deliveries).where(some, now_in).values(**values))


def late(connection: Connection, before: datetime) -> list[Delivery]:
    """Rows of normal rank that were queued before then and are still to be sent; locked as held ones are."""
    if not connection.get_execution_options().get("postgresql_readonly"):
        lock_row(connection, "items")
    query = select(deliveries).where(
        literal_column(OPEN),
        deliveries.c.state == State.PENDING.value,
        deliveries.c.rank.in_((Rank.ALERT.value, Rank.DIGEST.value)),
        deliveries.c.act == Act.SEND.value,
        deliveries.c.created_at < before,
        deliveries.c.chat != claims.CONSOLE,
    )
    return _records(connection, delivery_rows.locked(connection, query.order_by(deliveries.c.id)))


def settle(connection: Connection, ids: Sequence[int], state: State, now: datetime) -> None:
    """Give unsent rows another state; one that was taken for sending, sent or given up meanwhile stays as it is."""
    values: dict[str, Any] = {"state": state.value}
    values |= {"next_at": now} if state is State.PENDING else {"finished_at": now}
    for start in range(0, len(ids), CHUNK):
        some = deliveries.c.id.in_(ids[start : start + CHUNK])
        rows = and_(some, deliveries.c.state.in_(_SETTLED))
        found = connection.execute(select(deliveries.c.chat).where(some).distinct()).scalars().all()
        for chat in found:
            begun = delivery_rows.first_state(connection, chat, state)
            mine = update(deliveries).where(rows, deliveries.c.chat == chat)
            connection.execute(mine.values(**(values | {"state": begun})))


def backlogs(connection: Connection, now: datetime, least: int, waiting_since: datetime) -> list[str]:
    """Chats in which at least so many alerts of normal rank are due and untried, one of them since before then."""
    query = select(deliveries.c.chat).where(*_piled(now)).group_by(deliveries.c.chat)
    query = query.having(func.count() >= least, func.min(deliveries.c.next_at) < waiting_since)
    return list(connection.execute(query.order_by(deliveries.c.chat)).scalars())


def backlog(connection: Connection, chat: str, now: datetime) -> list[Delivery]:
    """Those alerts of one chat, oldest first."""
    query = select(deliveries).where(*_piled(now), deliveries.c.chat == chat).order_by(deliveries.c.id)
    return _records(connection, delivery_rows.locked(connection, query))


def dead(connection: Connection, limit: int) -> list[Delivery]:
    """The newest rows that were given up."""
    query = select(deliveries).where(text(DEAD)).order_by(deliveries.c.finished_at.desc(), deliveries.c.id.desc())
    return _records(connection, query.limit(limit))


def _untold() -> tuple[ColumnElement[bool], ...]:
    """Given-up rows of which nobody was told."""
    return literal_column(DEAD), deliveries.c.told_dead.is_(False)


def has_untold_dead(connection: Connection) -> bool:
    """Whether there are given-up rows of which nobody was told."""
    query = select(deliveries.c.id).where(*_untold())
    return connection.execute(query.limit(1)).first() is not None


def untold_dead(connection: Connection) -> list[Delivery]:
    """Given-up rows of which nobody was told, oldest first; they count as told from now on."""
    query = select(deliveries).where(*_untold())
    query = query.order_by(deliveries.c.finished_at, deliveries.c.id)  # as the index of dead ones is
    rows = _records(connection, delivery_rows.locked(connection, query))
    for start in range(0, len(rows), CHUNK):
        ids = [row.id for row in rows[start : start + CHUNK]]
        connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(told_dead=True))
    return rows


def retry(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Try a given-up row once more, as it was first meant: with its markup, and with as many tries as a new one."""
    row = delivery_rows.first(connection, deliveries.c.id == delivery_id, deliveries.c.state == State.DEAD.value)
    if row is None:
        return False
    changed = update(deliveries).where(deliveries.c.id == delivery_id)
    state = delivery_rows.first_state(connection, row.chat, State.PENDING)
    fresh = {"attempts": 0, "plain": False, "told_dead": False, "finished_at": None}
    connection.execute(changed.values(state=state, next_at=now, **fresh))
    return True


def _held(chat: str, hold: str) -> tuple[ColumnElement[bool], ...]:
    mine = (deliveries.c.chat == chat, deliveries.c.state == State.HELD.value)
    return (*mine, deliveries.c.hold == hold) if hold else mine


def _piled(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Alerts of normal rank that nobody tried yet; the terminal takes as much as comes."""
    return (
        literal_column(OPEN),
        deliveries.c.state == State.PENDING.value,
        deliveries.c.rank == Rank.ALERT.value,
        deliveries.c.act == Act.SEND.value,
        deliveries.c.form == Form.CARD.value,
        deliveries.c.attempts == 0,
        deliveries.c.alert.is_not(None),
        deliveries.c.next_at <= now,
        deliveries.c.chat != claims.CONSOLE,
    )


def _records(connection: Connection, query: Any) -> list[Delivery]:
    return [claims.record(row) for row in connection.execute(query)]
