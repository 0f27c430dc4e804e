"""Long work that messages asked for: begun by one node at a time, done once, tried again after a death."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from watchbot.model.records import Chore, NewChore
from watchbot.store.statements import on_postgresql
from watchbot.store.tables_chats import chores

LONGEST_TRY = timedelta(minutes=5)  # whoever began it and is not heard of by then is dead


class SqlChores:
    """Implements the Chores port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def add(self, chore: NewChore, now: datetime) -> int:
        """Store it, due now; its payload is kept as JSON."""
        values = {
            "kind": chore.kind,
            "chat": chore.chat,
            "user_id": chore.user,
            "payload": json.dumps(dict(chore.payload), ensure_ascii=False),
            "reply": chore.reply,
            "attempts": 0,
            "next_at": now,
            "created_at": now,
        }
        key = self._connection.execute(insert(chores), values).inserted_primary_key
        assert key is not None
        return int(key[0])

    def begin(self, now: datetime, limit: int) -> list[Chore]:
        """The oldest due ones, each counted as tried and not due again for five minutes."""
        query = select(chores).where(chores.c.next_at <= now).order_by(chores.c.id).limit(limit)
        if on_postgresql(self._connection):
            query = query.with_for_update(skip_locked=True)
        rows = self._connection.execute(query).all()
        begun = update(chores).where(chores.c.id.in_([row.id for row in rows]))
        self._connection.execute(begun.values(attempts=chores.c.attempts + 1, next_at=now + LONGEST_TRY))
        return [
            Chore(
                row.id,
                NewChore(row.kind, row.chat, row.user_id, json.loads(row.payload), row.reply),
                row.attempts + 1,
                row.created_at,
            )
            for row in rows
        ]

    def finish(self, chore: int) -> bool:
        """It is done, in the transaction of its effect; False where somebody else finished it."""
        return self._connection.execute(delete(chores).where(chores.c.id == chore)).rowcount > 0

    def again(self, chore: int, at: datetime) -> None:
        """It failed for now: due again at this time."""
        self._connection.execute(update(chores).where(chores.c.id == chore).values(next_at=at))

    def of(self, user: int) -> int:
        """How many of a person's chores wait."""
        query = select(func.count()).select_from(chores).where(chores.c.user_id == user)
        return self._connection.execute(query).scalar_one()

    def waiting(self) -> int:
        """How many chores wait, everybody's."""
        return self._connection.execute(select(func.count()).select_from(chores)).scalar_one()

    def due(self, now: datetime) -> bool:
        """Whether there is one to begin: a cheap look."""
        return self._connection.execute(select(chores.c.id).where(chores.c.next_at <= now).limit(1)).first() is not None

    def take_over(self, now: datetime) -> int:
        """Whoever began some is dead: all of them are due now; gives how many."""
        return self._connection.execute(update(chores).where(chores.c.next_at > now).values(next_at=now)).rowcount
