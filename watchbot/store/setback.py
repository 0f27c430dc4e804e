"""The machine's clock was set back: what waits for a time would wait for so much longer.

What a person asked for by the clock on the wall (held back until a time, muted until a time) keeps its time.
"""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, Connection, func, select, type_coerce, update

from watchbot.store.tables import deliveries, sources
from watchbot.store.tables_chats import chats, chores

_UNSENT = ("pending", "uncertain")
_AHEAD: tuple[Column[datetime], ...] = (
    sources.c.next_at,
    sources.c.checked_at,
    sources.c.claimed_until,
    deliveries.c.next_at,
    deliveries.c.claimed_until,
    deliveries.c.created_at,
    deliveries.c.finished_at,
    chats.c.paused_until,
    chores.c.next_at,
)


def latest(connection: Connection) -> datetime | None:
    """The latest time of which it is known that it has been: that of a poll, or of the newest message."""
    polled = select(func.max(sources.c.checked_at)).where(sources.c.active)
    queued = select(deliveries.c.created_at).order_by(deliveries.c.id.desc()).limit(1)
    moments = [connection.execute(query).scalar() for query in (polled, queued)]
    return max((moment for moment in moments if moment is not None), default=None)


def set_back(connection: Connection, now: datetime, by: timedelta) -> None:
    """What is ahead of the clock now, because it is to come or because it was before, is so much earlier."""
    micros = by // timedelta(microseconds=1)
    for column in _AHEAD:
        earlier = update(column.table).where(column > now)
        if column is deliveries.c.next_at:
            earlier = earlier.where(deliveries.c.state.in_(_UNSENT))
        connection.execute(earlier.values({column.name: type_coerce(column, BigInteger) - micros}))
