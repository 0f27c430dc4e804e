"""What one chat wants otherwise: mutes, rules beside a file's watches, watchlists it switched on."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, select, update

from watchbot.model.records import Join, Mute, Rule
from watchbot.store.statements import grow, upsert
from watchbot.store.tables_chats import joins, mutes, rules


class SqlWishes:
    """Implements the Wishes port. The counter that every change grows is also the lock that they take in turn."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def mute(
        self, chat: str, kind: str, target: str, label: str, until: datetime | None, user: int, now: datetime
    ) -> Mute:
        """Begin a mute; one of the same chat, kind and target gets the new end and keeps its id (and its beginning,
        unless it had ended)."""
        grow(self._connection, "chats")
        there = (mutes.c.chat == chat, mutes.c.kind == kind, mutes.c.target == target)
        row = self._connection.execute(select(mutes).where(*there)).one_or_none()
        values: dict[str, Any] = {"label": label, "until": until, "user_id": user}
        if row is None:
            new = insert(mutes).values(chat=chat, kind=kind, target=target, at=now, **values)
            self._connection.execute(new)
        else:
            ended = row.until is not None and row.until <= now
            changed = update(mutes).where(mutes.c.id == row.id)
            self._connection.execute(changed.values(at=now if ended else row.at, **values))
        return _mute(self._connection.execute(select(mutes).where(*there)).one())

    def unmute(self, mute: int) -> bool:
        """End a mute."""
        return self._drop(mutes, id=mute)

    def mutes(self) -> list[Mute]:
        """All mutes of all chats, ended ones too, oldest first."""
        return [_mute(row) for row in self._connection.execute(select(mutes).order_by(mutes.c.id))]

    def add_rule(self, rule: Rule) -> bool:
        """Keep a rule; False where it was there."""
        return self._add(rules, **_columns(rule))

    def drop_rule(self, rule: Rule) -> bool:
        """Take a rule away."""
        return self._drop(rules, **_columns(rule))

    def rules(self) -> list[Rule]:
        """All rules of all chats, in a fixed order."""
        rows = self._connection.execute(select(rules))
        found = [Rule(row.chat, row.watchlist, row.watch, row.kind, row.value) for row in rows]
        return sorted(found, key=lambda rule: tuple(_columns(rule).values()))

    def join(self, chat: str, watchlist: str, user: int, now: datetime) -> bool:
        """Switch a watchlist on for a chat; False where it was on."""
        return self._add(joins, chat=chat, watchlist=watchlist, user_id=user, at=now)

    def leave(self, chat: str, watchlist: str) -> bool:
        """Switch it off again."""
        return self._drop(joins, chat=chat, watchlist=watchlist)

    def joins(self) -> list[Join]:
        """All of them, oldest first."""
        rows = self._connection.execute(select(joins))
        found = [Join(row.chat, row.watchlist, row.user_id, row.at) for row in rows]
        return sorted(found, key=lambda join: (join.at, join.chat, join.watchlist))

    def _add(self, table: Table, **values: Any) -> bool:
        """Write a row where it is not there yet."""
        new = upsert(self._connection, table).on_conflict_do_nothing()
        return self._changed(self._connection.execute(new, values).rowcount)

    def _drop(self, table: Table, **values: Any) -> bool:
        """Delete a row by its columns."""
        gone = delete(table).where(*(table.c[name] == value for name, value in values.items()))
        return self._changed(self._connection.execute(gone).rowcount)

    def _changed(self, count: int) -> bool:
        if count <= 0:
            return False
        grow(self._connection, "chats")
        return True


def _columns(rule: Rule) -> dict[str, str]:
    return {
        "chat": rule.chat,
        "watchlist": rule.watchlist,
        "watch": rule.watch,
        "kind": rule.kind,
        "value": rule.value,
    }


def _mute(row: Row[Any]) -> Mute:
    return Mute(row.id, row.chat, row.kind, row.target, row.label, row.until, row.at, row.user_id)
