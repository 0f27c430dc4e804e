"""News items, the keys they are known by, and the sources that carried them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, or_, select, text, update

from watchbot.model.errors import StoreError
from watchbot.model.item import Item
from watchbot.model.records import ItemSource, NewItem, StoredItem
from watchbot.store.polls import spec_of
from watchbot.store.statements import Bulk, chunks, fit, lock_row, on_postgresql, upsert
from watchbot.store.tables import item_keys, item_sources, item_unsearched, items, sources, storable, to_micros

_KNOWN_SQLITE = "SELECT key, item_id FROM item_keys WHERE key IN (SELECT value FROM json_each(?))"
_KNOWN_POSTGRESQL = "SELECT key, item_id FROM item_keys WHERE key = ANY(%s)"
_ITEMS = Bulk(
    items,
    ("id", "source_id", "guid", "title", "body", "url", "published", "source", "lang", "document", "line", "seen_at",
     "baseline"),
)  # fmt: skip
_CARRIED = Bulk(item_sources, ("item_id", "source_id", "url", "title", "at"))
# Written again where it waits already: whoever makes the item searchable just now is waited for, and is not the last.
_UNSEARCHED = Bulk(item_unsearched, ("item_id",), "(item_id) DO UPDATE SET item_id = excluded.item_id")
_KEYS = Bulk(item_keys, ("key", "item_id"), "DO NOTHING")
_LAST_ID = text("SELECT seq FROM sqlite_sequence WHERE name = 'items'")
_NEXT_IDS = text("SELECT nextval(pg_get_serial_sequence('items', 'id')) FROM generate_series(1, :count)")
_GET = select(items).where(items.c.id == bindparam("item"))


class SqlItems:
    """Implements the Items port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection
        self._alone = False
        self._reserved = 0

    def known(self, keys: Sequence[str]) -> dict[str, int]:
        """Give the item ids stored under those of these keys that exist (the item itself may be gone by now).

        In a writing transaction no other node can add an item between this look and the commit.
        """
        self._be_alone()
        given: dict[str, list[str]] = {}
        for key in keys:
            given.setdefault(fit(key), []).append(key)
        found = {}
        for stored, item in self._stored_keys(list(given)):
            found.update(dict.fromkeys(given[stored], item))
        return found

    def _stored_keys(self, keys: list[str]) -> Iterable[tuple[str, int]]:
        """Those of these keys that exist, each with its item, in one statement whose text is always the same."""
        if not keys:
            return []
        if on_postgresql(self._connection):
            rows = self._connection.exec_driver_sql(_KNOWN_POSTGRESQL, (keys,))
        else:
            rows = self._connection.exec_driver_sql(_KNOWN_SQLITE, (json.dumps(keys),))
        return [(row[0], row[1]) for row in rows]

    def add(self, item: Item, source_id: int, keys: Sequence[str], seen_at: datetime, baseline: bool) -> int:
        """Store a new item under its keys (keys that exist already stay with their item)."""
        (row,) = self.reserve(1)
        self.add_many([NewItem(row, item, source_id, tuple(keys), seen_at, baseline)])
        return row

    def reserve(self, count: int) -> list[int]:
        """Row ids for so many new items; one that is not used is lost, which does no harm."""
        if not count:
            return []
        if on_postgresql(self._connection):
            return [row[0] for row in self._connection.execute(_NEXT_IDS, {"count": count})]
        self._reserved = max(self._reserved, self._connection.execute(_LAST_ID).scalar() or 0)
        first = self._reserved + 1
        self._reserved += count
        return list(range(first, first + count))

    def add_many(self, new: Sequence[NewItem]) -> None:
        """Store new items under their keys (keys that exist already stay with their item)."""
        if not new:
            return
        _ITEMS.write(self._connection, [_row(one) for one in new])
        carried = [
            (one.id, one.source_id, storable(one.item.url), storable(one.item.title), _micros(one.seen_at))
            for one in new
        ]
        _CARRIED.write(self._connection, carried)
        _UNSEARCHED.write(self._connection, [(one.id,) for one in new])
        self._add_keys((key, one.id) for one in new for key in one.keys)

    def add_source(
        self, item_id: int, source_id: int, url: str, title: str, at: datetime, keys: Sequence[str] = ()
    ) -> bool:
        """Note that a further source carried the item, and under which keys; False where that was known or the item
        is gone."""
        if self._connection.execute(_GET.with_only_columns(items.c.id), {"item": item_id}).one_or_none() is None:
            return False
        new = upsert(self._connection, item_sources).on_conflict_do_nothing()
        values = {"item_id": item_id, "source_id": source_id, "url": url, "title": title, "at": at}
        if self._connection.execute(new, values).rowcount <= 0:
            return False
        self._add_keys((key, item_id) for key in keys)
        return True

    def update(self, item_id: int, item: Item, keys: Sequence[str]) -> None:
        """Overwrite title, body, url and published of an edited item and add keys."""
        changed = update(items).where(items.c.id == item_id)
        values = {"title": item.title, "body": item.body, "url": item.url, "published": item.published}
        if self._connection.execute(changed.values(**values)).rowcount:
            _UNSEARCHED.write(self._connection, [(item_id,)])
            self._add_keys((key, item_id) for key in keys)

    def repoint(self, keys: Sequence[str], item_id: int) -> None:
        """From now on these keys mean this item."""
        for part in chunks([fit(key) for key in keys]):
            changed = update(item_keys).where(item_keys.c.key.in_(part), item_keys.c.item_id != item_id)
            self._connection.execute(changed.values(item_id=item_id))

    def get(self, item_id: int) -> StoredItem | None:
        """One item."""
        row = self._connection.execute(_GET, {"item": item_id}).one_or_none()
        return None if row is None else stored_item(row)

    def sources(self, item_id: int) -> list[ItemSource]:
        """The sources that carried an item, the first one first."""
        query = (
            select(item_sources.c.url.label("page"), item_sources.c.title.label("headline"), item_sources.c.at, sources)
            .join(sources, sources.c.id == item_sources.c.source_id)
            .where(item_sources.c.item_id == item_id)
            .order_by(item_sources.c.id)
        )
        return [
            ItemSource(row.id, spec_of(row).shown, row.page, row.headline, row.at, row.chat)
            for row in self._connection.execute(query)
        ]

    def since(self, start: datetime, batch: int = 500) -> Iterator[StoredItem]:
        """All items first seen at or after `start`, oldest first, read in batches."""
        query = select(items).where(items.c.seen_at >= start).order_by(items.c.seen_at, items.c.id).limit(batch)
        last: Row[Any] | None = None
        while True:
            rows = list(self._connection.execute(query if last is None else query.where(_after(last))))
            yield from map(stored_item, rows)
            if len(rows) < batch:
                return
            last = rows[-1]

    def latest(self, limit: int) -> list[StoredItem]:
        """The newest items, newest first."""
        query = select(items).order_by(items.c.seen_at.desc(), items.c.id.desc()).limit(limit)
        return [stored_item(row) for row in self._connection.execute(query)]

    def count(self) -> int:
        """How many items are stored."""
        return self._connection.execute(select(func.count()).select_from(items)).scalar_one()

    def _add_keys(self, pairs: Iterable[tuple[str, int]]) -> None:
        _KEYS.write(self._connection, [(fit(key), item_id) for key, item_id in pairs])

    def _be_alone(self) -> None:
        """Two nodes that find the same news must not both take it for new."""
        if not self._alone and not self._connection.get_execution_options().get("postgresql_readonly"):
            lock_row(self._connection, "items")
            self._alone = True


def _after(row: Row[Any]) -> ColumnElement[bool]:
    """Everything behind this row in the order of arrival."""
    return or_(items.c.seen_at > row.seen_at, and_(items.c.seen_at == row.seen_at, items.c.id > row.id))


def _micros(moment: datetime) -> int:
    """A time as it is stored; the error is one line, as all that comes from the store."""
    try:
        return to_micros(moment)
    except ValueError as error:
        raise StoreError(str(error)) from None


def _row(new: NewItem) -> tuple[Any, ...]:
    """The columns of a new item."""
    item = new.item
    return (
        new.id,
        new.source_id,
        storable(item.id),
        storable(item.title),
        storable(item.body),
        storable(item.url),
        None if item.published is None else _micros(item.published),
        storable(item.source),
        storable(item.lang),
        storable(item.document),
        item.line,
        _micros(new.seen_at),
        new.baseline,
    )


def stored_item(row: Row[Any]) -> StoredItem:
    """A row as the pipeline sees it."""
    item = Item(
        id=row.guid,
        title=row.title,
        body=row.body,
        url=row.url,
        published=row.published,
        source=row.source,
        lang=row.lang,
        document=row.document,
        line=row.line,
    )
    return StoredItem(row.id, row.source_id, item, row.seen_at, row.baseline, row.story)
