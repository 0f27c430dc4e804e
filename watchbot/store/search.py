"""Full text of the stored items: FTS5 on SQLite, a tsvector with its index on PostgreSQL; both hold prepared words.

An item is written into `item_unsearched` in the transaction that stores or changes it, and leaves that table in the
one that makes it searchable. So it is in one of both places whatever order transactions commit in (ids are reserved
before, a counter of ids would pass some over), and taking in news costs one short row. What waits there is looked
through word by word. The index only proposes items: each one is looked at again before it is given.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, column, delete, func, select, table, text

from watchbot.model.records import StoredItem
from watchbot.store.items import stored_item
from watchbot.store.search_words import LONG, MOST_PLACES, Phrase, indexed, phrases, prepare, variants
from watchbot.store.statements import CHUNK, on_postgresql
from watchbot.store.tables import item_unsearched, items, sources

UNINDEXED = 2000  # so many of the newest items that wait are looked through
WALK = 2000  # so many of the newest items PostgreSQL goes through before it asks its index
_PAGE = 100
_MORE = 5
_SQLITE = table("item_search", column("rowid"))
_POSTGRESQL = table("item_search", column("item_id"))
_PUT_SQLITE = "INSERT INTO item_search (rowid, words) VALUES (?, ?)"
_PUT_POSTGRESQL = "INSERT INTO item_search (item_id, words) VALUES (%s, %s::tsvector)"


class SqlSearch:
    """Implements the Search port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def waits(self) -> bool:
        """Whether any item is not in the index yet."""
        return self._connection.execute(select(item_unsearched.c.item_id).limit(1)).first() is not None

    def index(self, limit: int) -> int:
        """Make up to `limit` further items searchable, the oldest first; gives how many."""
        query = select(item_unsearched.c.item_id).order_by(item_unsearched.c.item_id).limit(limit)
        if on_postgresql(self._connection):
            query = query.with_for_update(skip_locked=True)
        ids = list(self._connection.execute(query).scalars())
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            wanted = select(items.c.id, items.c.title, items.c.body).where(items.c.id.in_(part))
            words = [(row.id, indexed(row.title, row.body)) for row in self._connection.execute(wanted)]
            forget(self._connection, part)
            self._put(words)
        return len(ids)

    def find(self, words: str, chat: str, limit: int, offset: int = 0) -> list[StoredItem]:
        """The newest items that hold all these words (a "phrase" in quotes as it stands), not yet indexed ones too.

        Never those of another chat's own sources; "" in `chat` is everyone's items only. Nothing where `words` holds
        no word.
        """
        wanted = phrases(words)
        if not wanted:
            return []
        matched = self._query(" AND ", " & ", wanted)
        holds = _holds(wanted, all)
        found = self._newest(_in_sight(chat), matched, holds)
        return [item for _, item in zip(range(offset + limit), found, strict=False)][offset:]

    def candidates(self, terms: Sequence[str], chat: str, since: datetime, limit: int) -> list[StoredItem]:
        """The newest items seen since then in which any of these terms may stand: a superset of what is written as
        the terms are, in any of their usual forms. Guesses at spelling are not among them."""
        wanted = list(dict.fromkeys(phrase for term in terms for phrase in variants(term)))
        if not wanted:
            return []
        matched = self._query(" OR ", " | ", wanted)
        sight = [*_in_sight(chat), items.c.seen_at >= since]
        found = self._newest(sight, matched, _holds(wanted, any))
        return [item for _, item in zip(range(limit), found, strict=False)]

    def _put(self, rows: list[tuple[int, list[str]]]) -> None:
        if rows and on_postgresql(self._connection):
            self._connection.exec_driver_sql(_PUT_POSTGRESQL, [(row, _vector(words)) for row, words in rows])
        elif rows:
            self._connection.exec_driver_sql(_PUT_SQLITE, [(row, " ".join(words)) for row, words in rows])

    def _query(self, sqlite_sign: str, postgresql_sign: str, wanted: list[Phrase]) -> ColumnElement[bool]:
        """The index's own question; words are letters and digits only, so that nothing in them is an operator."""
        if on_postgresql(self._connection):
            parts = postgresql_sign.join(f"({_postgresql(phrase)})" for phrase in wanted)
            asked = text("item_search.words @@ CAST(:wanted AS tsquery)").bindparams(wanted=f"({parts}) | '{LONG}'")
        else:
            parts = sqlite_sign.join(_sqlite(phrase) for phrase in wanted)
            asked = text("item_search MATCH :wanted").bindparams(wanted=f'({parts}) OR "{LONG}"')
        return asked  # type: ignore[return-value]

    def _newest(
        self, sight: Sequence[ColumnElement[bool]], matched: ColumnElement[bool], holds: Callable[[Row[Any]], bool]
    ) -> Iterator[StoredItem]:
        """Items that hold what is wanted, by id, the newest first, read page by page."""
        fresh = {row.id: row for row in self._unindexed(sight)}
        waiting = iter([row for row in fresh.values() if holds(row)])
        ahead = next(waiting, None)
        for row in self._indexed(sight, matched):
            if row.id in fresh or not holds(row):
                continue
            while ahead is not None and ahead.id > row.id:
                yield stored_item(ahead)
                ahead = next(waiting, None)
            yield stored_item(row)
        while ahead is not None:
            yield stored_item(ahead)
            ahead = next(waiting, None)

    def _unindexed(self, sight: Sequence[ColumnElement[bool]]) -> list[Row[Any]]:
        """What waits, the newest first. Asked for by its ids: in one query with `items` either database may begin with
        that table, which is a walk through all of it."""
        newest = select(item_unsearched.c.item_id).order_by(item_unsearched.c.item_id.desc()).limit(UNINDEXED)
        ids = list(self._connection.execute(newest).scalars())
        found: list[Row[Any]] = []
        for start in range(0, len(ids), CHUNK):
            query = select(items).join(sources, sources.c.id == items.c.source_id)
            query = query.where(items.c.id.in_(ids[start : start + CHUNK]), *sight)
            found += self._connection.execute(query.order_by(items.c.id.desc()))
        return found

    def _indexed(self, sight: Sequence[ColumnElement[bool]], matched: ColumnElement[bool]) -> Iterator[Row[Any]]:
        """Rows that the index proposes, the newest first.

        SQLite walks its index in that order. PostgreSQL's has none, and what it guesses of the number of rows leads it
        astray (half a second for a word that nobody wrote). So it is told: first through the newest items one by one,
        as long as they bring full pages (frequent words); the rest by the index, and then sorted.
        """
        page, last, walks = _PAGE, None, on_postgresql(self._connection)
        above = self._walked_to(None) if walks else None
        while True:
            rows = list(self._connection.execute(self._page(sight, matched, above, last, page)))
            yield from rows
            if len(rows) < page and above is None:
                return
            if len(rows) < page:  # all of these were seen; a page of the index costs much, whatever its size
                last, above, page = (above or 0) + 1, None, page * _MORE
            else:
                last = rows[-1].id
                above = self._walked_to(last) if above is not None else None

    def _walked_to(self, last: int | None) -> int:
        """Down to which id the next walk goes."""
        newest = self._connection.execute(select(func.max(_POSTGRESQL.c.item_id))).scalar() if last is None else last
        return (newest or 0) - WALK

    def _page(
        self,
        sight: Sequence[ColumnElement[bool]],
        matched: ColumnElement[bool],
        above: int | None,
        below: int | None,
        limit: int,
    ) -> Select[Any]:
        """Matching items with ids between these two, the newest first."""
        words = _POSTGRESQL if on_postgresql(self._connection) else _SQLITE
        key: ColumnElement[Any] = words.c.item_id if on_postgresql(self._connection) else words.c.rowid
        bounds = [key > above] if above is not None else []
        bounds += [key < below] if below is not None else []
        if on_postgresql(self._connection):
            found = select(key).where(matched, *bounds).cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
            query, key = select(items).select_from(found), found.c.item_id
        else:
            query = select(items).select_from(words).where(matched, *bounds)
        query = query.join(items, items.c.id == key).join(sources, sources.c.id == items.c.source_id)
        return query.where(*sight).order_by(key.desc()).limit(limit)


def forget(connection: Connection, ids: Sequence[int]) -> None:
    """These items go, or are written anew: nothing of them stays in the index or waits for it."""
    connection.execute(delete(item_unsearched).where(item_unsearched.c.item_id.in_(ids)))
    words, key = (_POSTGRESQL, "item_id") if on_postgresql(connection) else (_SQLITE, "rowid")
    connection.execute(delete(words).where(words.c[key].in_(ids)))


def _in_sight(chat: str) -> list[ColumnElement[bool]]:
    """What a chat may see: the items of everyone's sources and of its own."""
    return [sources.c.chat.in_(["", chat])]


def _holds(wanted: list[Phrase], how: Callable[[Iterator[bool]], bool]) -> Callable[[Row[Any]], bool]:
    def holds(row: Row[Any]) -> bool:
        prepared = prepare(row.title, row.body)
        return how(phrase.stands_in(prepared) for phrase in wanted)

    return holds


def _sqlite(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{" *" if phrase.begins else ""}'


def _postgresql(phrase: Phrase) -> str:
    words = [f"'{word}'" for word in phrase.words]
    return " <-> ".join(words) + (":*" if phrase.begins else "")


def _vector(words: list[str]) -> str:
    """Each word with the places where it stands."""
    places: dict[str, list[str]] = {}
    for number, word in enumerate(words, start=1):
        places.setdefault(word, []).append(str(number))
    return " ".join(f"'{word}':{','.join(where[:MOST_PLACES])}" for word, where in places.items())
