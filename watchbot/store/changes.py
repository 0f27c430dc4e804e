"""Messages that change: what is unsent is replaced in place, what stands in the chat is edited.

    alert or delivery -> its send -> unsent: replaced | on its way or sent: its waiting edit replaced, or a new one

An edit knows by `edits` whose message it changes. While that one is on its way the edit waits for its message id; it
carries the buttons and the token of its send, because an edit without them would take them off. The newest edit of a
message has the last word: older ones that are unsent when it arrives, or when its send is replaced, have nothing left
to say.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from watchbot.model.alert import Act, Form, Move, Rank, State
from watchbot.model.panel import Rows
from watchbot.model.reason import Reason
from watchbot.store import delivery_rows
from watchbot.store.codec import dump_rows
from watchbot.store.tables import alerts, deliveries

_EDITABLE = (
    State.WAITING, State.HELD, State.PENDING, State.UNCERTAIN, State.PARKED, State.DEAD, State.FOLDED,
)  # fmt: skip
_UNSENT = (State.HELD.value, State.PENDING.value, State.UNCERTAIN.value, State.PARKED.value)
_UNSENT_EDIT = (State.PENDING.value, State.UNCERTAIN.value, State.PARKED.value)


@dataclass(frozen=True, slots=True)
class Content:
    """What a message is to say from now on. `rows` None: the buttons it has. An edit is due at `next_at`."""

    body: str
    form: Form
    rows: Rows | None
    rank: Rank
    next_at: datetime


def change(connection: Connection, send: Row[Any], new: Content, now: datetime) -> int | None:
    """Make the message of a send say something else; gives the id of a new edit, None where none was needed."""
    values: dict[str, Any] = {"body": new.body, "form": new.form.value}
    if new.rows is not None:
        values |= _give_rows(connection, send, new.rows)
    if State(send.state) in _EDITABLE:
        _set(connection, send.id, values)
        _fold(connection, now, deliveries.c.edits == send.id)
        return None
    if send.state == State.SENT.value and send.message_id is None:
        return None  # it stands in a group that became another one
    edit = _newest_edit(connection, send)
    if edit is not None:
        sooner = {} if edit.attempts else {"next_at": min(edit.next_at, new.next_at)}  # a failed one keeps its wait
        _set(connection, edit.id, values | sooner | {"rank": min(edit.rank, new.rank.value)})
        return None
    kept = {"rows": send.rows, "token": send.token}
    return delivery_rows.add(
        connection,
        now,
        chat=send.chat,
        alert=send.alert,
        act=Act.EDIT.value,
        part=send.part,
        rank=new.rank.value,
        silent=send.silent,
        reply_to=None,
        state=delivery_rows.first_state(connection, send.chat, State.PENDING),
        next_at=new.next_at,
        message_id=send.message_id,
        edits=send.id,
        **(kept | values),
    )


def send_behind(connection: Connection, delivery_id: int) -> Row[Any] | None:
    """The row whose message this is: itself, or for an edit the one that it edits."""
    row = delivery_rows.first(connection, deliveries.c.id == delivery_id)
    if row is None or row.edits is None:
        return row
    return delivery_rows.first(connection, deliveries.c.id == row.edits)


def settle_edits(connection: Connection, row: Row[Any], move: Move, now: datetime) -> None:
    """What the end of a try means for edits: those of a send learn its message id, or go with it; a message that says
    the newest is not changed back by what was to be said before."""
    if row.act == Act.EDIT.value:
        if move.state is State.SENT and row.edits is not None:
            _fold(connection, now, deliveries.c.edits == row.edits, deliveries.c.id < row.id)
        return
    edits = and_(deliveries.c.edits == row.id, deliveries.c.message_id.is_(None))
    if move.state is State.SENT and move.message_id is not None:
        connection.execute(update(deliveries).where(edits).values(message_id=move.message_id))
        if row.alert is not None:
            _answer(connection, row.alert, move.message_id)
    elif move.state in (State.DEAD, State.FOLDED):
        newest = _newest_edit(connection, row)
        if newest is not None:
            _set(connection, row.id, {"body": newest.body, "form": newest.form})
            _fold(connection, now, edits)


def _answer(connection: Connection, alert: int, message_id: int) -> None:
    """What follows a story and was queued before its first message had arrived is an answer to it all the same."""
    first, later = alerts.alias("first"), alerts.alias("later")
    related = Reason.RELATED.value
    follows = (later.c.story == first.c.story, later.c.chat == first.c.chat, later.c.reason == related)
    query = select(later.c.id).where(first.c.id == alert, first.c.reason != related, *follows)
    waiting = (deliveries.c.alert.in_(query), deliveries.c.act == Act.SEND.value, deliveries.c.reply_to.is_(None))
    unsent = deliveries.c.state.in_(_UNSENT)
    connection.execute(update(deliveries).where(*waiting, unsent).values(reply_to=message_id))


def _newest_edit(connection: Connection, send: Row[Any]) -> Row[Any] | None:
    """The edit of a message that says the newest, where it is still to go out; None where it is on its way: an older
    one, tried before, may wait behind it."""
    lives = (deliveries.c.edits == send.id, deliveries.c.state.in_([*_UNSENT_EDIT, State.SENDING.value]))
    query = select(deliveries).where(*lives).order_by(deliveries.c.id.desc()).limit(1)
    newest = connection.execute(delivery_rows.locked(connection, query)).one_or_none()
    return None if newest is None or newest.state == State.SENDING.value else newest


def _fold(connection: Connection, now: datetime, *which: ColumnElement[bool]) -> None:
    """Edits that are not to go out any more."""
    unsent = deliveries.c.state.in_([*_UNSENT_EDIT, State.DEAD.value])
    folded = update(deliveries).where(unsent, *which)
    connection.execute(folded.values(state=State.FOLDED.value, finished_at=now))


def _give_rows(connection: Connection, send: Row[Any], rows: Rows) -> dict[str, Any]:
    """Buttons belong to the send too, so that whatever changes it later keeps them; the first ones get a token."""
    values = {"rows": dump_rows(rows), "token": send.token or (delivery_rows.new_token() if rows else "")}
    _set(connection, send.id, values)
    return values


def _set(connection: Connection, delivery_id: int, values: dict[str, Any]) -> None:
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(**values))
