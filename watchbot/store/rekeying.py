"""Move everything of one chat key to another: a group became a supergroup, somebody claimed the bot as owner.

Where both keys hold the same thing, the new key's stays: a setting, a watch, a decision. Told-keys are united. Of two
alerts of one story and round one stays; what the other still wanted to send is folded, so that nothing comes twice.
"""

from datetime import datetime

from sqlalchemy import Connection, Row, Table, delete, select, update
from sqlalchemy.sql.expression import literal

from watchbot.model.alert import State
from watchbot.store.statements import grow, upsert
from watchbot.store.tables import alerts, chat_settings, chat_watches, chats, decisions, deliveries, sources, told

_UNSENT = (State.WAITING.value, State.PENDING.value, State.UNCERTAIN.value, State.PARKED.value)
_ONCE_SENT = (State.SENT.value, State.SENDING.value)


def rekey(connection: Connection, old: str, new: str, now: datetime | None) -> None:
    """Move everything of `old` to `new` inside this transaction."""
    if old == new:
        return
    for story, round_ in _doubles(connection, old, new):
        _unite(connection, old, new, story, round_, now)
    connection.execute(update(alerts).where(alerts.c.chat == old).values(chat=new))
    connection.execute(update(deliveries).where(deliveries.c.chat == old).values(chat=new))
    _move(connection, told, old, new)
    _move(connection, decisions, old, new)
    _move(connection, chat_settings, old, new)
    _move_watches(connection, old, new)
    connection.execute(update(sources).where(sources.c.chat == old).values(chat=new))
    _move_chat(connection, old, new)
    grow(connection, "chats")


def _doubles(connection: Connection, old: str, new: str) -> list[tuple[int, int]]:
    """Story and round of the alerts that both keys have."""
    mine, other = alerts.alias("mine"), alerts.alias("other")
    query = select(mine.c.story, mine.c.round).where(
        mine.c.chat == old, other.c.chat == new, mine.c.story == other.c.story, mine.c.round == other.c.round
    )
    return [(story, round_) for story, round_ in connection.execute(query)]


def _unite(connection: Connection, old: str, new: str, story: int, round_: int, now: datetime | None) -> None:
    """Give the deliveries of a double to the alert that stays, and let no more than one of both be sent."""
    double, kept = (
        connection.execute(
            select(alerts.c.id).where(alerts.c.chat == chat, alerts.c.story == story, alerts.c.round == round_)
        ).scalar_one()
        for chat in (old, new)
    )
    sent = connection.execute(
        select(deliveries.c.id).where(deliveries.c.alert == double, deliveries.c.state.in_(_ONCE_SENT))
    ).first()
    folded = [double] if sent is None else [double, kept]
    rows = update(deliveries).where(deliveries.c.alert.in_(folded), deliveries.c.state.in_(_UNSENT))
    connection.execute(rows.values(state=State.FOLDED.value, finished_at=now))
    connection.execute(update(deliveries).where(deliveries.c.alert == double).values(alert=kept))
    connection.execute(delete(alerts).where(alerts.c.id == double))


def _move(connection: Connection, table: Table, old: str, new: str) -> None:
    """Copy the rows whose key is not there yet, then drop the old ones."""
    names = [column.name for column in table.columns]
    columns = [literal(new).label("chat") if name == "chat" else table.c[name] for name in names]
    rows = select(*columns).where(table.c.chat == old)
    connection.execute(upsert(connection, table).from_select(names, rows).on_conflict_do_nothing())
    connection.execute(delete(table).where(table.c.chat == old))


def _move_watches(connection: Connection, old: str, new: str) -> None:
    """Watches keep their row, so that the oldest stays the first."""
    there = select(chat_watches.c.watch_id).where(chat_watches.c.chat == new)
    doubles = delete(chat_watches).where(chat_watches.c.chat == old, chat_watches.c.watch_id.in_(there))
    connection.execute(doubles)
    connection.execute(update(chat_watches).where(chat_watches.c.chat == old).values(chat=new))


def _move_chat(connection: Connection, old: str, new: str) -> None:
    """The longer pause holds; whether the chat can be reached is what the new key says, where it says anything."""
    before = connection.execute(select(chats).where(chats.c.chat == old)).one_or_none()
    after = connection.execute(select(chats).where(chats.c.chat == new)).one_or_none()
    if before is not None and after is None:
        connection.execute(update(chats).where(chats.c.chat == old).values(chat=new))
    elif before is not None and after is not None:
        pauses = [row.paused_until for row in (before, after) if row.paused_until is not None]
        changed = update(chats).where(chats.c.chat == new)
        connection.execute(changed.values(paused_until=max(pauses, default=None)))
        connection.execute(delete(chats).where(chats.c.chat == old))
    _follow_chat(connection, new, after or before)


def _follow_chat(connection: Connection, chat: str, row: "Row[tuple[str, str | None, datetime | None]] | None") -> None:
    """Rows that were moved are parked where the chat is, and not where it is not."""
    parked = row is not None and row.parked is not None
    here, there = (State.PENDING, State.PARKED) if parked else (State.PARKED, State.PENDING)
    rows = update(deliveries).where(deliveries.c.chat == chat, deliveries.c.state == here.value)
    connection.execute(rows.values(state=there.value))
