"""Opening a database: made or migrated where that is allowed, else told what to do."""

from watchbot.model.errors import StoreError
from watchbot.store import address as addresses
from watchbot.store.engine import SqlStore
from watchbot.store.migrate import needs_upgrade, upgrade


def open_store(url: str, *, create: bool = True) -> SqlStore:
    """Open a database whose schema is this program's.

    With `create` a missing SQLite file is made and an older schema is brought up to date; without, both are a
    StoreError that names the command to use.
    """
    address = addresses.parse(url)
    if not create and addresses.kind(address) == addresses.SQLITE and not addresses.sqlite_file(address).exists():
        raise StoreError(f"{addresses.shown(address)}: there is no database yet; `watchbot run` makes it")
    if needs_upgrade(url):
        if not create:
            raise StoreError(f"{addresses.shown(address)}: the schema is an older one; run `watchbot db upgrade`")
        upgrade(url)
    return SqlStore(address)
