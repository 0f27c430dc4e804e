"""Everything that is stored, to be compared before and after."""

from collections.abc import Collection
from typing import Any

from watchbot.store import SqlStore


def dump(store: SqlStore, without: Collection[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a SQLite database but those named; what the search index keeps for itself is left
    out."""
    with store.read() as tx:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'item_search%'"
        names = [row[0] for row in tx.connection.exec_driver_sql(query)]
        return {
            name: sorted(map(tuple, tx.connection.exec_driver_sql(f'SELECT * FROM "{name}"')), key=repr)
            for name in names
            if name not in without and not name.startswith("sqlite_")
        }
