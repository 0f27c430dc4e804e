"""The outbox: deliveries are queued, replaced while unsent, finished (docs/states.md draws the states).

queue -> claim (claims.py) -> finish; recover and take_over find what a dead holder left in `sending`

What changes messages is in changes.py, what stands behind buttons in panels.py, what is kept back, piles up or was
given up in holding.py.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, text, update

from watchbot.message.codec import dump
from watchbot.model.alert import Act, Card, Delivery, Form, Move, NewDelivery, Rank, State
from watchbot.model.panel import Panel, PanelRow, Rows
from watchbot.store import changes, claims, delivery_rows, holding, panels
from watchbot.store.changes import Content
from watchbot.store.codec import dump_panel, dump_rows
from watchbot.store.rekeying import rekey
from watchbot.store.statements import lock_row, upsert
from watchbot.store.tables import OPEN, SENDING, deliveries
from watchbot.store.tables_chats import chats

EVERY_CHAT = "*"
AGAIN_AFTER = timedelta(seconds=20)


class SqlOutbox:
    """Implements the Outbox port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def queue(self, delivery: NewDelivery, now: datetime, next_at: datetime | None = None) -> int:
        """Add a row, due at `next_at` or now; in a parked chat it is parked at once. Buttons get a token; an edit of
        an alert has those of its send."""
        buttons = {"rows": dump_rows(delivery.rows), "token": delivery_rows.new_token() if delivery.rows else ""}
        message: dict[str, Any] = {}
        if delivery.act is Act.EDIT and delivery.alert is not None:
            send = delivery_rows.send_of(self._connection, delivery.alert)
            if send is not None:
                message = {"edits": send.id, "message_id": send.message_id}
                buttons = {"rows": buttons["rows"] or send.rows, "token": send.token}
        return delivery_rows.add(
            self._connection,
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
            state=delivery_rows.first_state(self._connection, delivery.chat, delivery.state),
            next_at=next_at or now,
            panel=dump_panel(delivery.panel),
            hold=delivery.hold,
            **(buttons | message),
        )

    def queue_edit(
        self,
        alert_id: int,
        card: Card,
        now: datetime,
        next_at: datetime,
        rows: Rows | None = None,
        rank: Rank = Rank.EDIT,
    ) -> int | None:
        """Make the sent message of an alert show `card`, with `rows` as its buttons (None: those it has).

        An unsent send or an unsent edit of it is replaced in place (gives None; also where nothing was ever queued
        for the alert), else an edit is queued. While the send is on its way the edit waits for its message id. A
        waiting edit becomes as urgent and as soon due as the more urgent of both.
        """
        send = delivery_rows.send_of(self._connection, alert_id)
        if send is None:
            return None
        return changes.change(self._connection, send, Content(dump(card), Form.CARD, rows, rank, next_at), now)

    def change(self, delivery_id: int, body: str, form: Form, rows: Rows, now: datetime) -> None:
        """Make the message that a delivery became say something else, with these buttons: where it is unsent in
        place, else by an edit of rank REPLY, due now. Several at once become one."""
        send = changes.send_behind(self._connection, delivery_id)
        if send is not None:
            changes.change(self._connection, send, Content(body, form, rows, Rank.REPLY, now), now)

    def get(self, delivery_id: int) -> Delivery | None:
        """One row."""
        row = self._connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).one_or_none()
        return None if row is None else claims.record(row)

    def by_message(self, chat: str, message_id: int) -> Delivery | None:
        """The send that became this message."""
        return panels.by_message(self._connection, chat, message_id)

    def panel(self, token: str) -> PanelRow | None:
        """The message whose buttons carry this token; None where nothing answers them."""
        return panels.by_token(self._connection, token)

    def panel_of(self, alert_id: int) -> PanelRow | None:
        """The message of an alert, where something answers its buttons."""
        return panels.of_alert(self._connection, alert_id)

    def set_panel(self, delivery_id: int, panel: Panel) -> None:
        """Replace what stands behind the buttons of a message."""
        panels.set_panel(self._connection, delivery_id, panel)

    def recent_alerts(self, chat: str, since: datetime) -> int:
        """How many messages of their own alerts became in a chat since then, or are about to (see holding.py)."""
        return holding.recent_alerts(self._connection, chat, since)

    def held_due(self, now: datetime) -> list[tuple[str, str]]:
        """Chat and hold of held rows whose time has come, each once."""
        return holding.held_due(self._connection, now)

    def held(self, chat: str, hold: str = "") -> list[Delivery]:
        """Held rows of a chat, of one hold or of all, oldest first."""
        return holding.held(self._connection, chat, hold)

    def hold_until(self, chat: str, hold: str, next_at: datetime) -> int:
        """Give held rows another time; gives how many."""
        return holding.hold_until(self._connection, chat, hold, next_at)

    def postpone(self, ids: Sequence[int], next_at: datetime) -> None:
        """Give these rows another time, those of them that are still held."""
        holding.postpone(self._connection, ids, next_at)

    def hold_back(self, ids: Sequence[int], hold: str, next_at: datetime) -> None:
        """Keep these rows back for another reason until then, those of them that are held or still to be sent."""
        holding.hold_back(self._connection, ids, hold, next_at)

    def late(self, before: datetime) -> list[Delivery]:
        """Alerts, digests and round-ups queued before then that are still to be sent, oldest first."""
        return holding.late(self._connection, before)

    def hush(self, ids: Sequence[int]) -> None:
        """These rows make no sound, those of them that are still to be sent."""
        holding.hush(self._connection, ids)

    def settle(self, ids: Sequence[int], state: State, now: datetime) -> None:
        """Give unsent rows another state: FOLDED (their content is in another message) or PENDING (due now)."""
        holding.settle(self._connection, ids, state, now)

    def backlogs(self, now: datetime, least: int, waiting_since: datetime) -> list[str]:
        """Chats in which at least so many alerts of normal rank are due and were never tried, one since before then."""
        return holding.backlogs(self._connection, now, least, waiting_since)

    def backlog(self, chat: str, now: datetime) -> list[Delivery]:
        """Those alerts of one chat, oldest first."""
        return holding.backlog(self._connection, chat, now)

    def dead(self, limit: int) -> list[Delivery]:
        """The newest rows that were given up."""
        return holding.dead(self._connection, limit)

    def has_untold_dead(self) -> bool:
        """Whether there are given-up rows of which nobody was told."""
        return holding.has_untold_dead(self._connection)

    def untold_dead(self) -> list[Delivery]:
        """Given-up rows of which nobody was told; calling it counts as telling."""
        return holding.untold_dead(self._connection)

    def retry(self, delivery_id: int, now: datetime) -> bool:
        """Try a given-up row once more; False where it is none."""
        return holding.retry(self._connection, delivery_id, now)

    def sends(self, alert_ids: Sequence[int]) -> dict[int, Delivery]:
        """By alert: the row that sends it, or did."""
        return holding.sends(self._connection, alert_ids)

    def message_id(self, alert_id: int) -> int | None:
        """The message that an alert became; None where it is not sent yet."""
        send = delivery_rows.send_of(self._connection, alert_id)
        return None if send is None else send.message_id

    def claim(
        self, now: datetime, holder: str, seconds: float, limit: int, chats: str, without: Collection[str] = ()
    ) -> list[Delivery]:
        """Mark rows `sending` and give them (see claims.py for which), none for a chat key in `without`."""
        if self._all_paused(now, chats):
            return []
        lock_row(self._connection, "outbox")
        rows = claims.heads(self._connection, now, limit, chats, without)
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
        row = delivery_rows.first(self._connection, deliveries.c.id == delivery_id)
        if row is None:
            return
        self._connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(**_moved(move, now)))
        changes.settle_edits(self._connection, row, move, now)
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

    def sent_since(self, since: datetime) -> list[tuple[str, datetime]]:
        """Chat and time of every message sent (or given up) since then, oldest first, once for each call it may have
        taken."""
        done = (deliveries.c.attempts > 0, deliveries.c.finished_at > since)
        columns = (deliveries.c.chat, deliveries.c.finished_at, deliveries.c.attempts)
        query = select(*columns).where(*done).order_by(deliveries.c.finished_at)
        rows = self._connection.execute(query)
        return [(row.chat, row.finished_at) for row in rows for _call in range(_calls(row.attempts))]

    def tried(self) -> list[str]:
        """The chat of every row that was called for and is still to be sent, once for each call within the last
        minute that it may have taken."""
        columns, called = (deliveries.c.chat, deliveries.c.attempts), deliveries.c.attempts > 0
        conditions = (text(OPEN), text(SENDING), deliveries.c.state == State.PARKED.value)
        queries = (select(*columns).where(called, condition) for condition in conditions)
        rows = [row for query in queries for row in self._connection.execute(query)]
        return [row.chat for row in rows for _call in range(_calls(row.attempts))]

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
            begun = delivery_rows.first_state(self._connection, chat, state)
            return self._connection.execute(rows.values(state=begun, next_at=now)).rowcount
        return self._connection.execute(rows.values(state=state.value, finished_at=now)).rowcount

    def rekey(self, old: str, new: str) -> None:
        """Move everything of one chat key to another, told-keys included."""
        lock_row(self._connection, "items")
        rekey(self._connection, old, new, None)

    def park_rows(self, chat: str) -> int:
        """Keep what is queued for a chat until chats.unpark; later rows are not touched. Gives how many."""
        uncertain = deliveries.c.state == State.UNCERTAIN.value
        rows = update(deliveries).where(
            deliveries.c.chat == chat, deliveries.c.state.in_([State.PENDING.value, State.UNCERTAIN.value])
        )
        repeat = case((uncertain, True), else_=deliveries.c.repeat)
        return self._connection.execute(rows.values(state=State.PARKED.value, repeat=repeat)).rowcount

    def replied(self, chats: Sequence[str], since: datetime, before: datetime) -> bool:
        """Whether an answer was queued for one of these chat keys since then, and before that."""
        then = (deliveries.c.created_at >= since, deliveries.c.created_at < before)
        mine = (deliveries.c.chat.in_(chats), *then, deliveries.c.rank == Rank.REPLY.value)
        return self._connection.execute(select(deliveries.c.id).where(*mine).limit(1)).first() is not None

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
        self.park_rows(chat)

    def _doubt(self, now: datetime, condition: ColumnElement[bool]) -> int:
        rows = update(deliveries).where(text(SENDING), condition)
        values = {"state": State.UNCERTAIN.value, "next_at": now + AGAIN_AFTER, "holder": "", "claimed_until": None}
        return self._connection.execute(rows.values(**values)).rowcount


_DONE = (State.SENT, State.DEAD, State.FOLDED)


def _calls(attempts: int) -> int:
    """How many of these tries may have been calls within a minute: after one that may have arrived there are 20 s."""
    return min(max(attempts, 1), 3)


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
