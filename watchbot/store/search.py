"""Full text of the stored items: FTS5 on SQLite, a tsvector with its index on PostgreSQL; both hold prepared words.

An item is written into `item_unsearched` in the transaction that stores or changes it, and leaves that table in the
one that makes it searchable. So it is in one of both places whatever order transactions commit in (ids are reserved
before, a counter of ids would pass some over), and taking in news costs one short row. What waits there is looked
through word by word. The index only proposes items: each one is looked at again before it is given.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, column, delete, select, table, text

from watchbot.model.records import StoredItem
from watchbot.store.items import stored_item
from watchbot.store.search_words import LONG, MOST_PLACES, Phrase, indexed, phrases, prepare, variants
from watchbot.store.statements import CHUNK, on_postgresql
from watchbot.store.tables import item_unsearched, items, sources

UNINDEXED = 2000  # so many of the newest items that wait are looked through
_PAGE = 100
_SQLITE = table("item_search", column("rowid"))
_POSTGRESQL = table("item_search", column("item_id"))
_PUT_SQLITE = "INSERT INTO item_search (rowid, words) VALUES (?, ?)"
_PUT_POSTGRESQL = "INSERT INTO item_search (item_id, words) VALUES (%s, %s::tsvector)"


class SqlSearch:
    """Implements the Search port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

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
        fresh = {row.id: row for row in self._connection.execute(_unindexed(sight))}
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

    def _indexed(self, sight: Sequence[ColumnElement[bool]], matched: ColumnElement[bool]) -> Iterator[Row[Any]]:
        words = _POSTGRESQL if on_postgresql(self._connection) else _SQLITE
        key = words.c.item_id if on_postgresql(self._connection) else words.c.rowid
        query = select(items).select_from(words).join(items, items.c.id == key)
        query = query.join(sources, sources.c.id == items.c.source_id).where(matched, *sight)
        query = query.order_by(key.desc()).limit(_PAGE)
        last: int | None = None
        while True:
            rows = list(self._connection.execute(query if last is None else query.where(key < last)))
            yield from rows
            if len(rows) < _PAGE:
                return
            last = rows[-1].id


def forget(connection: Connection, ids: Sequence[int]) -> None:
    """These items go, or are written anew: nothing of them stays in the index or waits for it."""
    connection.execute(delete(item_unsearched).where(item_unsearched.c.item_id.in_(ids)))
    words, key = (_POSTGRESQL, "item_id") if on_postgresql(connection) else (_SQLITE, "rowid")
    connection.execute(delete(words).where(words.c[key].in_(ids)))


def _unindexed(sight: Sequence[ColumnElement[bool]]) -> Select[Any]:
    query = select(items).join(item_unsearched, item_unsearched.c.item_id == items.c.id)
    query = query.join(sources, sources.c.id == items.c.source_id).where(*sight)
    return query.order_by(items.c.id.desc()).limit(UNINDEXED)


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
