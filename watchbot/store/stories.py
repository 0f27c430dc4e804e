"""Items about one event."""

import json
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from watchbot.model.item import Item
from watchbot.model.records import Pair
from watchbot.store.tables import items, stories
from watchbot.store.tables_pairs import story_pairs


def _said(item: Item) -> str:
    """An item as a pair keeps it."""
    return json.dumps(
        {"title": item.title, "body": item.body, "url": item.url, "source": item.source}, ensure_ascii=False
    )


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

    def split(self, item_id: int, at: datetime) -> int:
        """Take an item out of its story into one of its own."""
        return self.open(item_id, at)

    def add_pair(self, one: Item, other: Item, same: bool, at: datetime) -> None:
        """Remember what a person said about two items."""
        row = {"one": _said(one), "other": _said(other), "same": same, "at": at}
        self._connection.execute(insert(story_pairs), row)

    def pairs(self) -> list[Pair]:
        """Everything people said about pairs of items, oldest first."""
        rows = self._connection.execute(select(story_pairs).order_by(story_pairs.c.id))
        return [Pair(json.loads(row.one), json.loads(row.other), row.same, row.at) for row in rows]

    def items(self, story: int) -> list[int]:
        """Item ids of a story in order of arrival."""
        query = select(items.c.id).where(items.c.story == story).order_by(items.c.seen_at, items.c.id)
        return list(self._connection.execute(query).scalars())
