"""Items about one event."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from watchbot.store.tables import items, stories


class SqlStories:
    """Implements the Stories port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def open(self, item_id: int, at: datetime) -> int:
        """Begin a story with this item; sets the item's story."""
        key = self._connection.execute(insert(stories), {"opened_at": at, "last_at": at}).inserted_primary_key
        assert key is not None
        story = int(key[0])
        self._connection.execute(update(items).where(items.c.id == item_id).values(story=story))
        return story

    def items(self, story: int) -> list[int]:
        """Item ids of a story in order of arrival."""
        query = select(items.c.id).where(items.c.story == story).order_by(items.c.seen_at, items.c.id)
        return list(self._connection.execute(query).scalars())
