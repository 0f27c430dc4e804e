"""The database: tables, migrations and one repository per noun, on SQLite or PostgreSQL. The only SQL."""

from watchbot.store.engine import SqlStore
from watchbot.store.opening import open_store

__all__ = ["SqlStore", "open_store"]
