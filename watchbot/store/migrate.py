"""Schema migrations: run at start, in one transaction, safe where several nodes start at once.

The scripts are in `_alembic` inside an installed package, else in `alembic/` of the checkout. Alembic itself is only
imported when there is something to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

import watchbot
from watchbot.model.errors import StoreError
from watchbot.store import address as addresses
from watchbot.store.engine import first_line, make_folder, postgresql_engine, sqlite_engine
from watchbot.store.tables import HEAD

if TYPE_CHECKING:
    from alembic.config import Config

_ONE_AT_A_TIME = Lock()  # Alembic keeps its context in module globals
_LOCK_TABLE = "migration_lock"


def current(url: str) -> str | None:
    """The revision of the database, None for an empty or missing one."""
    address = addresses.parse(url)
    if addresses.kind(address) == addresses.SQLITE and not addresses.sqlite_file(address).exists():
        return None
    with _connection(url) as connection:
        return _revision(connection)


def needs_upgrade(url: str) -> bool:
    """Whether the schema is an older one; a newer one than this program knows is a StoreError."""
    revision = current(url)
    if revision is not None and revision != HEAD:
        _refuse_newer(url, revision)
    return revision != HEAD


def upgrade(url: str) -> None:
    """Bring the schema up to date; makes the database where it is missing."""
    address = addresses.parse(url)
    if addresses.kind(address) == addresses.SQLITE:
        make_folder(addresses.sqlite_file(address))
    if not needs_upgrade(url):
        return
    with _ONE_AT_A_TIME, _connection(url, write=True) as connection:
        if addresses.kind(address) == addresses.POSTGRESQL:
            _lock(connection)
        if _revision(connection) != HEAD:  # another node may have done it meanwhile
            _run(connection)


def scripts() -> Path:
    """The folder of the migration scripts."""
    package = Path(watchbot.__file__).parent
    packed = package / "_alembic"
    return packed if packed.is_dir() else package.parent / "alembic"


def config() -> "Config":
    """Alembic's configuration, made in code: no ini file, any working directory."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    return made


def _run(connection: Connection) -> None:
    from alembic import command

    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, "head")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise StoreError(f"the migration would break the table {broken[0]}; nothing was changed")


@contextmanager
def _connection(url: str, write: bool = False) -> Iterator[Connection]:
    """A connection of its own, in a transaction that is committed at the end."""
    address = addresses.parse(url)
    if addresses.kind(address) == addresses.POSTGRESQL:
        engine = postgresql_engine(address, pooled=False)
    elif write:
        engine = sqlite_engine(address, begin="BEGIN IMMEDIATE", foreign_keys=False)
    else:
        engine = sqlite_engine(address, begin="BEGIN", read_only=True)
    try:
        if write and addresses.kind(address) == addresses.POSTGRESQL:
            with engine.connect() as connection:
                _make_lock_table(connection)
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StoreError(f"{addresses.shown(address)}: {first_line(error)}") from error
    finally:
        engine.dispose()


def _make_lock_table(connection: Connection) -> None:
    """Two nodes may both try: whoever comes second finds the table or an error that says so."""
    try:
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {_LOCK_TABLE} (nothing integer)"))
        connection.commit()
    except DBAPIError:
        connection.rollback()
        if not inspect(connection).has_table(_LOCK_TABLE):
            raise
        connection.rollback()


def _lock(connection: Connection) -> None:
    """Wait until no other node migrates; held until the transaction ends."""
    connection.execute(text(f"LOCK TABLE {_LOCK_TABLE} IN ACCESS EXCLUSIVE MODE"))


def _revision(connection: Connection) -> str | None:
    """What the database says of itself."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _refuse_newer(url: str, revision: str) -> None:
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory.from_config(config()).get_revision(revision)
    except CommandError as error:
        shown = addresses.shown(addresses.parse(url))
        raise StoreError(
            f"{shown}: the database was written by a newer watchbot (schema {revision}, this one knows {HEAD}); "
            "install that version, or go back to a backup"
        ) from error
