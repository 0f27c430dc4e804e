"""The outbox: deliveries are queued, replaced while unsent, finished (docs/states.md draws the states).

queue -> claim (claims.py) -> finish; recover and take_over find what a dead holder left in `sending`
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, insert, or_, select, text, update

from watchbot.message.codec import dump
from watchbot.model.alert import Act, Card, Delivery, Form, Move, NewDelivery, Rank, State
from watchbot.store import claims
from watchbot.store.rekeying import rekey
from watchbot.store.statements import lock_row, upsert
from watchbot.store.tables import OPEN, SENDING, chats, deliveries

EVERY_CHAT = "*"
AGAIN_AFTER = timedelta(seconds=20)

_EDITABLE = (State.WAITING, State.PENDING, State.UNCERTAIN, State.PARKED, State.DEAD, State.FOLDED)


class SqlOutbox:
    """Implements the Outbox port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def queue(self, delivery: NewDelivery, now: datetime, next_at: datetime | None = None) -> int:
        """Add a row, due at `next_at` or now; in a parked chat it is parked at once."""
        return self._insert(
            now,
            chat=delivery.chat,
            alert=delivery.alert,
            act=delivery.act.value,
            part=delivery.part,
            rank=delivery.rank.value,
            silent=delivery.silent,
            reply_to=delivery.reply_to,
            form=delivery.form.value,
            body=delivery.body,
            state=self._first_state(delivery.chat, delivery.state),
            next_at=next_at or now,
        )

    def queue_edit(self, alert_id: int, card: Card, now: datetime, next_at: datetime) -> int | None:
        """Make the sent message of an alert show `card`.

        An unsent send or an unsent edit of it is replaced in place (gives None; also where nothing was ever queued
        for the alert), else an edit is queued. While the send is on its way the edit waits for its message id.
        """
        send = self._first_row(deliveries.c.alert == alert_id, deliveries.c.act == Act.SEND.value)
        if send is None:
            return None
        edit = self._first_row(
            deliveries.c.alert == alert_id,
            deliveries.c.act == Act.EDIT.value,
            deliveries.c.state.in_([State.PENDING.value, State.UNCERTAIN.value, State.PARKED.value]),
        )
        unsent = send if State(send.state) in _EDITABLE else edit
        if unsent is not None:
            changed = update(deliveries).where(deliveries.c.id == unsent.id)
            self._connection.execute(changed.values(body=dump(card), form=Form.CARD.value))
            return None
        return self._insert(
            now,
            chat=send.chat,
            alert=alert_id,
            act=Act.EDIT.value,
            part=send.part,
            rank=Rank.EDIT.value,
            silent=send.silent,
            reply_to=None,
            form=Form.CARD.value,
            body=dump(card),
            state=self._first_state(send.chat, State.PENDING),
            next_at=next_at,
            message_id=send.message_id,
        )

    def message_id(self, alert_id: int) -> int | None:
        """The message that an alert became; None where it is not sent yet."""
        send = self._first_row(deliveries.c.alert == alert_id, deliveries.c.act == Act.SEND.value)
        return None if send is None else send.message_id

    def claim(self, now: datetime, holder: str, seconds: float, limit: int, chats: str) -> list[Delivery]:
        """Mark rows `sending` and give them (see claims.py for which)."""
        if self._all_paused(now, chats):
            return []
        lock_row(self._connection, "outbox")
        rows = claims.heads(self._connection, now, limit, chats)
        if not rows:
            return []
        uncertain = deliveries.c.state == State.UNCERTAIN.value
        changed = update(deliveries).where(deliveries.c.id.in_([row.id for row in rows]))
        until = now + timedelta(seconds=seconds)
        changed = changed.values(
            state=State.SENDING.value,
            attempts=deliveries.c.attempts + 1,
            holder=holder,
            claimed_until=until,
            repeat=case((uncertain, True), else_=deliveries.c.repeat),
        )
        self._connection.execute(changed)
        return [claims.claimed(row) for row in rows]

    def finish(self, delivery_id: int, move: Move, now: datetime) -> None:
        """Carry out a move.

        `plain` and `repeat` stay set once they are. A row that is given up or folded takes its waiting edits along.
        """
        if move.new_chat:
            lock_row(self._connection, "items")  # the order in which ingest takes locks
        row = self._first_row(deliveries.c.id == delivery_id)
        if row is None:
            return
        self._connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(**_moved(move, now)))
        if row.act == Act.SEND.value and row.alert is not None:
            self._settle_edits(row, move, now)
        if move.pause_chat > 0:
            self._pause(row.chat, now + timedelta(seconds=move.pause_chat))
        if move.pause_all > 0:
            self._pause(EVERY_CHAT, now + timedelta(seconds=move.pause_all))
        if move.park_chat:
            self._park(row.chat, move.error or "cannot be reached")
        if move.new_chat:
            rekey(self._connection, row.chat, move.new_chat, now)

    def recover(self, now: datetime) -> int:
        """Rows left in `sending` by a dead holder (claim ran out) become `uncertain`, due 20 s later."""
        return self._doubt(now, deliveries.c.claimed_until <= now)

    def take_over(self, holder: str, now: datetime) -> int:
        """Rows in `sending` of this holder's former life become `uncertain`, due 20 s later."""
        return self._doubt(now, deliveries.c.holder == holder)

    def next_due(self, now: datetime, chats: str) -> datetime | None:
        """When the next row could be claimed; None where nothing is queued."""
        return claims.next_due(self._connection, now, chats, self._all_paused(now, chats))

    def _all_paused(self, now: datetime, chats: str) -> datetime | None:
        """Until when every chat of this side is left alone; Telegram's pauses do not hold the terminal up."""
        return None if chats == "console" else self.pauses(now).get(EVERY_CHAT)

    def counts(self) -> dict[State, int]:
        """Rows by state, each state named."""
        query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        found = {row[0]: row[1] for row in self._connection.execute(query)}
        return {state: found.get(state.value, 0) for state in State}

    def waiting(self, chat: str) -> list[Delivery]:
        """Rows of a chat in `waiting`, oldest first."""
        query = select(deliveries).where(deliveries.c.chat == chat, deliveries.c.state == State.WAITING.value)
        return [claims.record(row) for row in self._connection.execute(query.order_by(deliveries.c.id))]

    def move_waiting(self, chat: str, state: State, now: datetime) -> int:
        """Give all `waiting` rows of a chat another state."""
        rows = update(deliveries).where(deliveries.c.chat == chat, deliveries.c.state == State.WAITING.value)
        if state is State.PENDING:
            return self._connection.execute(rows.values(state=self._first_state(chat, state), next_at=now)).rowcount
        return self._connection.execute(rows.values(state=state.value, finished_at=now)).rowcount

    def rekey(self, old: str, new: str) -> None:
        """Move everything of one chat key to another, told-keys included."""
        lock_row(self._connection, "items")
        rekey(self._connection, old, new, None)

    def pauses(self, now: datetime) -> dict[str, datetime]:
        """Chats that are left alone for now and until when; "*" is every chat."""
        query = select(chats.c.chat, chats.c.paused_until).where(chats.c.paused_until > now)
        return {row.chat: row.paused_until for row in self._connection.execute(query)}

    def oldest_due(self, now: datetime) -> datetime | None:
        """When the oldest unsent due row was queued (those being sent just now included)."""
        oldest = select(func.min(deliveries.c.created_at))
        queries = (oldest.where(text(condition), deliveries.c.next_at <= now) for condition in (OPEN, SENDING))
        moments = (self._connection.execute(query).scalar() for query in queries)
        return min((moment for moment in moments if moment is not None), default=None)

    def _insert(self, now: datetime, **values: Any) -> int:
        blank = {"attempts": 0, "repeat": False, "plain": False, "error": "", "holder": ""}
        key = self._connection.execute(_INSERT, {**blank, "message_id": None, "created_at": now, **values})
        assert key.inserted_primary_key is not None
        return int(key.inserted_primary_key[0])

    def _first_state(self, chat: str, state: State) -> str:
        """A row for a chat that cannot be reached joins the parked ones."""
        parked = select(chats.c.chat).where(chats.c.chat == chat, chats.c.parked.is_not(None))
        if state is State.PENDING and self._connection.execute(parked).first() is not None:
            return State.PARKED.value
        return state.value

    def _first_row(self, *conditions: ColumnElement[bool]) -> Row[Any] | None:
        query = select(deliveries).where(*conditions).order_by(deliveries.c.part, deliveries.c.id).limit(1)
        return self._connection.execute(query.with_for_update()).one_or_none()

    def _settle_edits(self, send: Row[Any], move: Move, now: datetime) -> None:
        """Edits wait for their send: they learn its message id, or go with it."""
        edits = and_(
            deliveries.c.alert == send.alert,
            deliveries.c.act == Act.EDIT.value,
            deliveries.c.part == send.part,
            deliveries.c.message_id.is_(None),
        )
        if move.state is State.SENT and move.message_id is not None:
            self._connection.execute(update(deliveries).where(edits).values(message_id=move.message_id))
        elif move.state in (State.DEAD, State.FOLDED):
            query = select(deliveries.c.body, deliveries.c.form).where(edits).order_by(deliveries.c.id.desc()).limit(1)
            newest = self._connection.execute(query).one_or_none()
            if newest is not None:
                changed = update(deliveries).where(deliveries.c.id == send.id)
                self._connection.execute(changed.values(body=newest.body, form=newest.form))
                folded = update(deliveries).where(edits)
                self._connection.execute(folded.values(state=State.FOLDED.value, finished_at=now))

    def _pause(self, chat: str, until: datetime) -> None:
        """A longer pause that holds already stays."""
        new = upsert(self._connection, chats).values(chat=chat, paused_until=until)
        shorter = or_(chats.c.paused_until.is_(None), chats.c.paused_until < new.excluded.paused_until)
        self._connection.execute(
            new.on_conflict_do_update(
                index_elements=["chat"], set_={"paused_until": new.excluded.paused_until}, where=shorter
            )
        )

    def _park(self, chat: str, why: str) -> None:
        new = upsert(self._connection, chats).values(chat=chat, parked=why[:500])
        self._connection.execute(
            new.on_conflict_do_update(index_elements=["chat"], set_={"parked": new.excluded.parked})
        )
        uncertain = deliveries.c.state == State.UNCERTAIN.value
        rows = update(deliveries).where(
            deliveries.c.chat == chat, deliveries.c.state.in_([State.PENDING.value, State.UNCERTAIN.value])
        )
        repeat = case((uncertain, True), else_=deliveries.c.repeat)
        self._connection.execute(rows.values(state=State.PARKED.value, repeat=repeat))

    def _doubt(self, now: datetime, condition: ColumnElement[bool]) -> int:
        rows = update(deliveries).where(text(SENDING), condition)
        values = {"state": State.UNCERTAIN.value, "next_at": now + AGAIN_AFTER, "holder": "", "claimed_until": None}
        return self._connection.execute(rows.values(**values)).rowcount


_INSERT = insert(deliveries)
_DONE = (State.SENT, State.DEAD, State.FOLDED)


def _moved(move: Move, now: datetime) -> dict[str, Any]:
    """The columns of a finished row."""
    values: dict[str, Any] = {
        "state": move.state.value,
        "next_at": move.next_at,
        "error": move.error[:500],
        "holder": "",
        "claimed_until": None,
        "finished_at": now if move.state in _DONE else None,
    }
    if move.message_id is not None:
        values["message_id"] = move.message_id
    if move.plain:
        values["plain"] = True
    if move.repeat:
        values["repeat"] = True
    if move.drop_reply:
        values["reply_to"] = None
    return values
