"""What the nodes share among themselves: Telegram offsets, leases, dropped files already read."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, literal_column, or_, select, update

from watchbot.model.records import Lease
from watchbot.store import setback
from watchbot.store.statements import on_postgresql, upsert
from watchbot.store.tables import files, leases, telegram_offsets


class SqlMachine:
    """Implements the Machine port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def offset(self, bot: str) -> int:
        """The next Telegram update id to ask for, 0 at first."""
        query = select(telegram_offsets.c.next_update).where(telegram_offsets.c.bot == bot)
        return self._connection.execute(query).scalar() or 0

    def set_offset(self, bot: str, offset: int) -> None:
        """Move the offset on."""
        new = upsert(self._connection, telegram_offsets).values(bot=bot, next_update=offset)
        self._connection.execute(
            new.on_conflict_do_update(index_elements=["bot"], set_={"next_update": new.excluded.next_update})
        )

    def acquire(self, name: str, holder: str, seconds: float) -> Lease | None:
        """Take or renew a lease by the database's clock; None while another holder has it."""
        now = self._now()
        new = upsert(self._connection, leases).values(
            name=name, holder=holder, term=1, expires_at=now + int(seconds * 1_000_000)
        )
        mine = leases.c.holder == new.excluded.holder
        new = new.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "holder": new.excluded.holder,
                "term": case((mine, leases.c.term), else_=leases.c.term + 1),
                "expires_at": new.excluded.expires_at,
            },
            where=or_(mine, leases.c.expires_at <= now),
        )
        if self._connection.execute(new).rowcount <= 0:
            return None
        term = self._connection.execute(select(leases.c.term).where(leases.c.name == name)).scalar_one()
        return Lease(name, holder, term, seconds)

    def release(self, name: str, holder: str) -> None:
        """Give a lease back; its term stays, so that the next holder's is a greater one."""
        held = and_(leases.c.name == name, leases.c.holder == holder)
        self._connection.execute(update(leases).where(held).values(holder="", expires_at=0))

    def holder(self, name: str) -> str:
        """Who holds a lease that has not run out, "" for nobody."""
        query = select(leases.c.holder).where(leases.c.name == name, leases.c.expires_at > self._now())
        return self._connection.execute(query).scalar() or ""

    def seen_file(self, digest: str) -> bool:
        """Whether a dropped file with this sha256 was read before."""
        return self._connection.execute(select(files.c.digest).where(files.c.digest == digest)).first() is not None

    def add_file(self, digest: str, name: str, now: datetime) -> None:
        """Remember a dropped file."""
        new = upsert(self._connection, files).on_conflict_do_nothing()
        self._connection.execute(new.values(digest=digest, name=name, at=now))

    def latest(self) -> datetime | None:
        """The latest time of which it is known that it has been, None in a new database."""
        return setback.latest(self._connection)

    def set_back(self, now: datetime, by: timedelta) -> None:
        """The clock was set back: what waits for a time comes so much earlier."""
        setback.set_back(self._connection, now, by)

    def _now(self) -> ColumnElement[int]:
        """Microseconds since 1970 by the clock of the database, which all nodes share."""
        if on_postgresql(self._connection):
            return _POSTGRESQL_NOW
        return _SQLITE_NOW


_POSTGRESQL_NOW: ColumnElement[Any] = literal_column("(extract(epoch from clock_timestamp()) * 1000000)::bigint")
_SQLITE_NOW: ColumnElement[Any] = literal_column(
    "(CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000)"
)
