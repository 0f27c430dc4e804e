"""Which deliveries may go out now, and when the next one may.

A row may go when it is due, its chat is neither paused nor parked and has nothing in `sending`, and

- an edit knows its message id (so its send has arrived),
- no earlier part of the same alert is unsent,
- no earlier row of the same chat and rank waits for another try (order within a chat); only a reply, in its first
  part, may pass such a one.

Of each chat the first by rank, then the oldest.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    text,
    type_coerce,
)

from watchbot.model.alert import Act, Delivery, Form, Rank, State
from watchbot.store.codec import load_rows
from watchbot.store.statements import on_postgresql
from watchbot.store.tables import OPEN, SENDING, deliveries, to_micros
from watchbot.store.tables_chats import chats

CONSOLE = "console"
_PAGE = 4  # rows read for each one wanted: a chat with a queue gives several


def heads(
    connection: Connection, now: datetime, limit: int, which: str, without: Collection[str] = ()
) -> list[Row[Any]]:
    """The first row of each chat that may go now, at most `limit`, in order of rank and age; none of `without`."""
    found: dict[str, Row[Any]] = {}
    page = max(1, limit) * _PAGE if which != CONSOLE else 1
    while len(found) < limit:
        query = _claimable(now, which).limit(page)
        if passed := [*found, *without]:
            query = query.where(deliveries.c.chat.not_in(passed))
        rows = list(connection.execute(query))
        for row in rows:
            if len(found) < limit:
                found.setdefault(row.chat, row)
        if len(rows) < page or which == CONSOLE:
            break
    return _locked(connection, now, list(found.values()), which)


def _locked(connection: Connection, now: datetime, rows: list[Row[Any]], which: str) -> list[Row[Any]]:
    """These rows, held against other changes. A chat whose first row is just being changed waits for the next claim:
    its second one must not overtake it."""
    if not rows or not on_postgresql(connection):
        return rows
    mine = _claimable(now, which).where(deliveries.c.id.in_([row.id for row in rows]))
    return list(connection.execute(mine.with_for_update(skip_locked=True, of=deliveries)))


def next_due(connection: Connection, now: datetime, which: str, all_paused: datetime | None) -> datetime | None:
    """Now where `heads` gives something, else the first later moment at which anything changes by itself."""
    if connection.execute(_claimable(now, which).limit(1)).first() is not None:
        return max(now, all_paused) if all_paused else now
    later = (
        select(deliveries.c.next_at)
        .where(*_queued(which), deliveries.c.next_at > now, not_(_halted(now)))
        .order_by(deliveries.c.next_at)
        .limit(1)
    )
    paused = (
        select(func.min(chats.c.paused_until))
        .where(chats.c.paused_until > now)
        .where(exists().where(deliveries.c.chat == chats.c.chat, *_queued(which)))
    )
    other = deliveries.alias("other")
    busy = select(func.min(other.c.claimed_until)).where(
        text(f"other.{SENDING}"),
        other.c.claimed_until > now,
        exists().where(deliveries.c.chat == other.c.chat, *_queued(which)),
    )
    moments: list[datetime | None] = [connection.execute(query).scalar() for query in (later, paused, busy)]
    known = [moment for moment in moments if moment is not None]
    if not known:
        return None
    return max(min(known), all_paused) if all_paused else min(known)


def record(row: Row[Any]) -> Delivery:
    """A row as the courier sees it."""
    return Delivery(
        id=row.id,
        chat=row.chat,
        body=row.body,
        form=Form(row.form),
        act=Act(row.act),
        part=row.part,
        rank=Rank(row.rank),
        silent=row.silent,
        state=State(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        created_at=row.created_at,
        alert=row.alert,
        reply_to=row.reply_to,
        message_id=row.message_id,
        repeat=row.repeat,
        plain=row.plain,
        error=row.error,
        rows=load_rows(row.rows),
        token=row.token,
        hold=row.hold,
        finished_at=row.finished_at,
    )


def claimed(row: Row[Any]) -> Delivery:
    """The same, as it is once the claim has marked it."""
    before = record(row)
    return Delivery(
        **{name: getattr(before, name) for name in Delivery.__slots__ if name not in ("state", "attempts", "repeat")},
        state=State.SENDING,
        attempts=before.attempts + 1,
        repeat=before.repeat or before.state is State.UNCERTAIN,
    )


def _claimable(now: datetime, which: str) -> Select[Any]:
    """Rows that may go now, the first one first."""
    return (
        select(deliveries)
        .where(
            *_queued(which),
            type_coerce(deliveries.c.next_at, BigInteger) + 0 <= to_micros(now),  # not by the index of times:
            not_(_halted(now)),  # in order of rank the first rows are found without sorting all
            not_(_busy()),
            not_(_behind_part()),
            not_(_behind_retry(now)),
        )
        .order_by(deliveries.c.rank, deliveries.c.id)
    )


def _queued(which: str) -> tuple[ColumnElement[bool], ...]:
    """Rows of these chats that are to go at some time."""
    chat = deliveries.c.chat == CONSOLE if which == CONSOLE else deliveries.c.chat != CONSOLE
    ready = or_(deliveries.c.act == Act.SEND.value, deliveries.c.message_id.is_not(None))
    return literal_column(_open("deliveries")), chat, ready


def _halted(now: datetime) -> ColumnElement[bool]:
    """The chat is paused or parked."""
    halted = or_(chats.c.parked.is_not(None), chats.c.paused_until > now)
    return exists().where(chats.c.chat == deliveries.c.chat, halted).correlate(deliveries)


def _busy() -> ColumnElement[bool]:
    """The chat has a row on its way."""
    other = deliveries.alias("other")
    return exists().where(other.c.chat == deliveries.c.chat, other.c.state == State.SENDING.value)


def _behind_part() -> ColumnElement[bool]:
    """An earlier part of the same alert is not sent yet."""
    other = deliveries.alias("other")
    unsent = (State.PENDING.value, State.UNCERTAIN.value, State.SENDING.value)
    earlier = exists().where(
        other.c.alert == deliveries.c.alert,
        other.c.act == deliveries.c.act,
        other.c.part < deliveries.c.part,
        other.c.state.in_(unsent),
    )
    return and_(deliveries.c.part > 0, earlier)


def _behind_retry(now: datetime) -> ColumnElement[bool]:
    """An earlier row of the same chat and rank waits for its next try (another part of one alert has its own rule)."""
    other = deliveries.alias("other")
    may_pass = and_(deliveries.c.rank == Rank.REPLY.value, deliveries.c.part == 0)
    return and_(
        not_(may_pass),
        exists().where(
            text(f"other.attempts > 0 AND {_open('other')}"),
            other.c.chat == deliveries.c.chat,
            other.c.rank == deliveries.c.rank,
            other.c.id < deliveries.c.id,
            other.c.next_at > now,
            or_(other.c.act == Act.SEND.value, other.c.message_id.is_not(None)),
            or_(deliveries.c.alert.is_(None), other.c.alert.is_(None), other.c.alert != deliveries.c.alert),
        ),
    )


def _open(table: str) -> str:
    """The condition of the partial indexes with the table's name, literal so that the planner knows it again."""
    return f"{table}.{OPEN}"
