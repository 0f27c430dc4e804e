"""What a database address means: which kind, which file, and the form SQLAlchemy wants."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from watchbot.model.errors import MissingExtra, StoreError

SQLITE = "sqlite"
POSTGRESQL = "postgresql"


def parse(url: str) -> URL:
    """The address with its driver; postgres:// and postgresql:// mean postgresql+psycopg://."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError("database: not an address; write sqlite:///FILE or postgresql+psycopg://HOST/NAME") from error
    scheme = address.drivername
    if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        _need_psycopg()
        return address.set(drivername="postgresql+psycopg")
    if scheme in ("sqlite", "sqlite+pysqlite"):
        if not address.database or address.database == ":memory:":
            raise StoreError("database: SQLite needs a file, for example sqlite:///var/watchbot.db")
        return address.set(drivername="sqlite+pysqlite")
    raise StoreError(f"database: {scheme} is not supported; use sqlite:///FILE or postgresql+psycopg://HOST/NAME")


def kind(address: URL) -> str:
    """`sqlite` or `postgresql`."""
    return address.get_backend_name()


def sqlite_file(address: URL) -> Path:
    """The file of a SQLite database."""
    return Path(address.database or "").absolute()


def shown(address: URL) -> str:
    """The address for messages, without its password."""
    return str(sqlite_file(address)) if kind(address) == SQLITE else address.render_as_string(hide_password=True)


def _need_psycopg() -> None:
    """Tell at once what is missing, in words."""
    try:
        import_module("psycopg")
    except ImportError as error:
        raise MissingExtra("PostgreSQL needs one more package: pip install 'watchbot[postgres]'") from error


def exists(url: str) -> bool:
    """Whether there is a database to look at; one on a server is asked when it is opened."""
    address = parse(url)
    return kind(address) != SQLITE or sqlite_file(address).exists()
