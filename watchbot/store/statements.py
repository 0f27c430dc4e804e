"""Small helpers that several repositories share: upserts, lock rows, keys that fit an index."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from secrets import randbelow
from typing import Any

from sqlalchemy import Connection, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from watchbot.store.tables import meta, storable

LONGEST_KEY = 400  # bytes; an index row of PostgreSQL holds about 2700
CHUNK = 500
_STEPS = 1 << 24

Upsert = sqlite.Insert | postgresql.Insert


def upsert(connection: Connection, table: Table) -> Upsert:
    """An INSERT that knows ON CONFLICT, in the dialect of this database; its row count tells whether it wrote."""
    new = postgresql.insert(table) if on_postgresql(connection) else sqlite.insert(table)
    return new.inline().execution_options(preserve_rowcount=True)


def on_postgresql(connection: Connection) -> bool:
    """Whether rows must be locked; on SQLite the whole transaction is the lock."""
    return connection.dialect.name == "postgresql"


def lock_row(connection: Connection, name: str) -> None:
    """Be alone with one subject until the transaction ends (looking first and writing then is safe)."""
    if on_postgresql(connection):
        connection.execute(select(meta.c.value).where(meta.c.name == name).with_for_update())


def grow(connection: Connection, name: str) -> None:
    """Let a counter grow, by chance more or less: who saw a number that was rolled back must not see the same number
    mean something else later."""
    step = 1 + randbelow(_STEPS)
    connection.execute(update(meta).where(meta.c.name == name).values(value=meta.c.value + step))


class Bulk:
    """An insert of many rows that goes to the driver as it is: SQLAlchemy's care for each value costs more than the
    insert itself. Rows are tuples of what the columns hold (times as microseconds, texts as `storable` gives them)."""

    def __init__(self, table: Table, columns: tuple[str, ...], conflict: str = "") -> None:
        """`conflict` is what follows ON CONFLICT."""
        self._columns = columns
        self._head = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES"
        self._end = f" ON CONFLICT {conflict}" if conflict else ""

    def write(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert the rows."""
        if rows:
            mark = "%s" if on_postgresql(connection) else "?"
            sql = f"{self._head} ({', '.join([mark] * len(self._columns))}){self._end}"
            connection.exec_driver_sql(sql, list(rows))


def fit(key: str) -> str:
    """The key as it is stored: a very long one keeps its beginning and the hash of the whole."""
    if len(key) <= LONGEST_KEY and key.isascii() and "\0" not in key:
        return key
    key = storable(key)
    raw = key.encode()
    if len(raw) <= LONGEST_KEY:
        return key
    return f"{raw[:200].decode('utf-8', 'ignore')}…{sha256(raw).hexdigest()}"


def chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """Parts small enough for one statement."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
