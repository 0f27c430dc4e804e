"""Engines and transactions: one writer at a time on SQLite, ordinary transactions on PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from watchbot.model.errors import StoreError
from watchbot.store import address as addresses
from watchbot.store.transaction import SqlTx

BUSY_SECONDS = 10
WRITER_SECONDS = 60
CHECKPOINT_PAGES = 4000  # 16 MB: pages that many polls change are copied home once, not at every fourth commit


class SqlStore:
    """A database of the current schema. Made by `opening.open_store`; implements the Store port."""

    def __init__(self, address: URL) -> None:
        """Connections are opened when first needed."""
        self.kind = addresses.kind(address)
        self._shown = addresses.shown(address)
        self._turn = Lock()
        if self.kind == addresses.SQLITE:
            self._writer = sqlite_engine(address, begin="BEGIN IMMEDIATE")
            self._reader = sqlite_engine(address, begin="BEGIN", read_only=True)
        else:
            self._writer = postgresql_engine(address)
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def read(self) -> Iterator[SqlTx]:
        """One consistent view; writing in it fails."""
        with self._told(), self._reader.connect() as connection, connection.begin():
            yield SqlTx(connection)

    @contextmanager
    def write(self) -> Iterator[SqlTx]:
        """One transaction that commits at the end and rolls back on an error."""
        with self._one_at_a_time(), self._told(), self._writer.begin() as connection:
            yield SqlTx(connection)

    def close(self) -> None:
        """Close all connections."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """On SQLite the writers of this process queue here, where waiting is fair and costs nothing."""
        if self.kind != addresses.SQLITE:
            yield
            return
        if not self._turn.acquire(timeout=WRITER_SECONDS):
            raise StoreError(f"{self._shown}: another change has held the database for {WRITER_SECONDS} s")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever the database says becomes one line for people."""
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreError(f"{self._shown}: {first_line(error)}") from error


def first_line(error: SQLAlchemyError) -> str:
    """The database's own words without the statement and its parameters."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def sqlite_engine(address: URL, begin: str, read_only: bool = False, foreign_keys: bool = True) -> Engine:
    """An engine that begins its transactions itself: the driver's own way would begin them too late."""
    arguments: dict[str, Any] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    if read_only:
        engine = create_engine(address, connect_args=arguments, poolclass=QueuePool, pool_size=4, max_overflow=12)
    else:
        engine = create_engine(address, connect_args=arguments, poolclass=QueuePool, pool_size=1, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def postgresql_engine(address: URL, pooled: bool = True) -> Engine:
    """An engine that notices dead connections, works in UTC and does not leave a lock to a vanished client."""
    arguments: dict[str, Any] = {"connect_timeout": 10, "application_name": "watchbot"}
    if "options" not in address.query:
        arguments["options"] = "-c timezone=UTC -c idle_in_transaction_session_timeout=300000"
    if not pooled:
        return create_engine(address, connect_args=arguments, poolclass=NullPool)
    return create_engine(address, connect_args=arguments, pool_pre_ping=True, pool_size=5, max_overflow=12)


def make_folder(file: Path) -> None:
    """The folder of a SQLite file."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{file}: the folder cannot be made: {error.strerror}") from error
