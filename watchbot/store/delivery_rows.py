"""Rows of the table of deliveries: written, found, and the state in which a new one begins."""

from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, insert, select

from watchbot.model.alert import Act, State
from watchbot.store.statements import on_postgresql
from watchbot.store.tables import deliveries
from watchbot.store.tables_chats import chats

_INSERT = insert(deliveries)
_BLANK: dict[str, Any] = {
    "attempts": 0, "repeat": False, "plain": False, "error": "", "holder": "", "message_id": None, "edits": None,
    "rows": "", "token": "", "panel": "", "hold": "", "told_dead": False,
}  # fmt: skip


def add(connection: Connection, now: datetime, **values: Any) -> int:
    """Write a row; gives its id."""
    key = connection.execute(_INSERT, {**_BLANK, "created_at": now, **values}).inserted_primary_key
    assert key is not None
    return int(key[0])


def first_state(connection: Connection, chat: str, state: State) -> str:
    """A row for a chat that cannot be reached joins the parked ones. Should the chat come back in this moment, it does
    so before or after: else the row would stay behind."""
    parked = select(chats.c.chat).where(chats.c.chat == chat, chats.c.parked.is_not(None))
    if state is State.PENDING and connection.execute(locked(connection, parked)).first() is not None:
        return State.PARKED.value
    return state.value


def first(connection: Connection, *conditions: ColumnElement[bool]) -> Row[Any] | None:
    """The first part's oldest row, locked; one whose content is in another message only where there is no other."""
    folded = case((deliveries.c.state == State.FOLDED.value, 1), else_=0)
    query = select(deliveries).where(*conditions).order_by(folded, deliveries.c.part, deliveries.c.id).limit(1)
    return connection.execute(locked(connection, query)).one_or_none()


def send_of(connection: Connection, alert_id: int) -> Row[Any] | None:
    """The row that sends an alert, or did."""
    return first(connection, deliveries.c.alert == alert_id, deliveries.c.act == Act.SEND.value)


def locked(connection: Connection, query: Any) -> Any:
    """The same query; where rows can be locked and something may be written, nobody else has them until the end."""
    if on_postgresql(connection) and not connection.get_execution_options().get("postgresql_readonly"):
        return query.with_for_update()
    return query


def new_token() -> str:
    """What only somebody who sees the buttons can send: 16 characters for the front of their data."""
    return token_urlsafe(12)
