"""An online copy of a SQLite database, and a look at whether a database is sound."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, text

from watchbot.model.errors import StoreError
from watchbot.store import address as addresses
from watchbot.store.engine import SqlStore
from watchbot.store.migrate import current, needs_upgrade
from watchbot.store.statements import on_postgresql
from watchbot.store.tables import HEAD

_AGREE = {
    "items without a source": "SELECT count(*) FROM items WHERE NOT EXISTS"
    " (SELECT 1 FROM item_sources WHERE item_sources.item_id = items.id)",
    "alerts whose item is not in their story": "SELECT count(*) FROM alerts JOIN items ON items.id = alerts.item"
    " WHERE items.story IS NULL",
    "chats with more than one message on its way": "SELECT count(*) FROM (SELECT chat FROM deliveries"
    " WHERE state = 'sending' GROUP BY chat HAVING count(*) > 1) AS busy",
    "messages on their way that nobody holds": "SELECT count(*) FROM deliveries"
    " WHERE state = 'sending' AND claimed_until IS NULL",
    "messages that are held back for no reason": "SELECT count(*) FROM deliveries WHERE state = 'held' AND hold = ''",
    "deliveries of an alert of another chat": "SELECT count(*) FROM deliveries JOIN alerts"
    " ON alerts.id = deliveries.alert WHERE alerts.chat <> deliveries.chat",
    "alerts that were told without a delivery": "SELECT count(*) FROM alerts WHERE NOT EXISTS"
    " (SELECT 1 FROM deliveries WHERE deliveries.alert = alerts.id)",
}
# Where the words of items are no table, nothing else keeps them together with their items.
_AGREE_ON_SQLITE = {
    "items that are searched and gone": "SELECT count(*) FROM item_search_docsize"
    " WHERE id NOT IN (SELECT id FROM items)",
}


def backup(url: str, file: Path) -> None:
    """Copy the database while others use it; never over an existing file, and never half a copy under its name."""
    address = addresses.parse(url)
    if addresses.kind(address) != addresses.SQLITE:
        raise StoreError("db backup is for SQLite; use `pg_dump --format=custom --file=FILE DATABASE` for PostgreSQL")
    source = addresses.sqlite_file(address)
    if not source.exists():
        raise StoreError(f"{source}: there is no database to back up")
    _reserve(file)
    part = file.with_name(file.name + ".part")
    try:
        _copy(source, part)
        os.replace(part, file)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        file.unlink(missing_ok=True)
        raise StoreError(f"{file}: the backup failed: {error}") from error


def check(url: str) -> list[str]:
    """What is wrong with a database, in words; an empty list for a sound one."""
    address = addresses.parse(url)
    if addresses.kind(address) == addresses.SQLITE:
        file = addresses.sqlite_file(address)
        if not file.exists():
            return [f"{file}: there is no database yet"]
        problems = _sqlite_problems(file)
        if problems:
            return problems
    if needs_upgrade(url):
        return [f"the schema is {current(url) or 'missing'}, not {HEAD}; run `watchbot db upgrade`"]
    store = SqlStore(address)
    try:
        with store.read() as tx:
            return _disagreements(tx.connection)
    finally:
        store.close()


def _reserve(file: Path) -> None:
    """Make the target's name ours."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.open("xb").close()
    except FileExistsError as error:
        raise StoreError(f"{file}: exists already; name another file") from error
    except OSError as error:
        raise StoreError(f"{file}: cannot be written: {error.strerror}") from error


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(_connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        found = copy.execute("PRAGMA quick_check(1)").fetchone()
        if found[0] != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged: {found[0]}")
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    with target.open("rb+") as written:
        os.fsync(written.fileno())


def _connect(file: Path) -> sqlite3.Connection:
    """Open an existing file, never make one."""
    return sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, timeout=10)


def _sqlite_problems(file: Path) -> list[str]:
    try:
        with closing(_connect(file)) as connection:
            pages = [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
            orphans = {row[0] for row in connection.execute("PRAGMA foreign_key_check")}
    except sqlite3.Error as error:
        return [f"{file}: {error}"]
    return pages + [f"{table}: rows point to rows that do not exist" for table in sorted(orphans)]


def _disagreements(connection: Connection) -> list[str]:
    """Counts that must be zero."""
    queries = _AGREE if on_postgresql(connection) else _AGREE | _AGREE_ON_SQLITE
    found = ((what, connection.execute(text(query)).scalar_one()) for what, query in queries.items())
    return [f"{number} {what}" for what, number in found if number]
