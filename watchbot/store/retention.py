"""What is old goes; what was told stays known: keys outlive the items they belong to."""

from datetime import datetime

from sqlalchemy import Connection, and_, delete, exists, func, select

from watchbot.model.alert import State
from watchbot.store.search import forget
from watchbot.store.statements import lock_row
from watchbot.store.tables import alerts, decisions, deliveries, item_keys, items, stories, told

FINAL = (State.SENT.value, State.DEAD.value, State.FOLDED.value)


class SqlRetention:
    """Implements the Retention port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def forget_told(self, before: datetime) -> int:
        """Drop told-keys, and identity keys of items that are gone, from before this time."""
        oldest = self._connection.execute(select(func.max(items.c.id)).where(items.c.seen_at < before)).scalar()
        if oldest is not None:
            gone = ~exists().where(items.c.id == item_keys.c.item_id)
            self._connection.execute(delete(item_keys).where(item_keys.c.item_id <= oldest, gone))
        return self._connection.execute(delete(told).where(told.c.at < before)).rowcount

    def forget_items(self, before: datetime, matched: bool, limit: int) -> int:
        """Drop up to `limit` items first seen before this time, those with or those without a match.

        One whose alert has not left yet stays. Their keys stay too, so that a feed that still lists them is not new.
        """
        lock_row(self._connection, "items")
        has_match = exists().where(decisions.c.item == items.c.id)
        waits = exists().where(
            and_(alerts.c.item == items.c.id, deliveries.c.alert == alerts.c.id, deliveries.c.state.not_in(FINAL))
        )
        old = select(items.c.id, items.c.story).where(
            items.c.seen_at < before, has_match if matched else ~has_match, ~waits
        )
        rows = self._connection.execute(old.order_by(items.c.seen_at).limit(limit)).all()
        ids = [row.id for row in rows]
        if not ids:
            return 0
        sent = select(alerts.c.id).where(alerts.c.item.in_(ids))
        self._connection.execute(delete(deliveries).where(deliveries.c.alert.in_(sent)))
        forget(self._connection, ids)
        self._connection.execute(delete(items).where(items.c.id.in_(ids)))
        self._forget_stories([row.story for row in rows if row.story is not None])
        return len(ids)

    def _forget_stories(self, ids: list[int]) -> None:
        """Stories that hold nothing any more."""
        empty = and_(~exists().where(items.c.story == stories.c.id), ~exists().where(alerts.c.story == stories.c.id))
        self._connection.execute(delete(stories).where(stories.c.id.in_(ids), empty))
