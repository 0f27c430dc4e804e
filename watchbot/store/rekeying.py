"""Move everything of one chat key to another: a group became a supergroup, somebody claimed the bot as owner, the id
behind an @name became known.

Where both keys hold the same thing, the new key's stays: a setting, a watch, a decision. Told-keys are united. Of two
alerts of one story and round one stays; what the other still wanted to send is folded, so that nothing comes twice.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, case, delete, select, update
from sqlalchemy.sql.expression import literal

from watchbot.model.alert import Act, State
from watchbot.pipeline.directory import chat_key
from watchbot.store.statements import grow, upsert
from watchbot.store.tables import alerts, decisions, deliveries, sources, told
from watchbot.store.tables_chats import chat_settings, chat_watches, chats, chores, joins, mutes, rules

_UNSENT = (State.WAITING.value, State.HELD.value, State.PENDING.value, State.UNCERTAIN.value, State.PARKED.value)
_ONCE_SENT = (State.SENT.value, State.SENDING.value)


def rekey(connection: Connection, old: str, new: str, now: datetime | None) -> None:
    """Move everything of `old` to `new` inside this transaction."""
    if old == new:
        return
    for story, round_ in _doubles(connection, old, new):
        _unite(connection, old, new, story, round_, now)
    if _is_group(old) and _is_group(new):
        _leave_messages(connection, old, now)
    connection.execute(update(alerts).where(alerts.c.chat == old).values(chat=new))
    connection.execute(update(deliveries).where(deliveries.c.chat == old).values(chat=new))
    for table in (told, decisions, chat_settings, rules, joins):
        _move(connection, table, old, new)
    _move_watches(connection, old, new)
    _move_mutes(connection, old, new)
    connection.execute(update(chores).where(chores.c.chat == old).values(chat=new))
    connection.execute(update(sources).where(sources.c.chat == old).values(chat=new))
    _move_chat(connection, old, new)
    grow(connection, "chats")


def _leave_messages(connection: Connection, old: str, now: datetime | None) -> None:
    """A supergroup numbers its messages anew: what stands in the old group cannot be changed or answered any more, and
    its number is that of some other message in the new one."""
    mine = deliveries.c.chat == old
    unsent = deliveries.c.state.in_((*_UNSENT, State.DEAD.value))
    late = (deliveries.c.act == Act.EDIT.value, deliveries.c.message_id.is_not(None), unsent)
    connection.execute(update(deliveries).where(mine, *late).values(state=State.FOLDED.value, finished_at=now))
    connection.execute(update(deliveries).where(mine).values(message_id=None, reply_to=None))


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
    own = {"chat": literal(new).label("chat")}
    if "watchlist" in names:  # that of the chat's own watches is named after the chat
        mine = table.c.watchlist == chat_key(old)
        own["watchlist"] = case((mine, literal(chat_key(new))), else_=table.c.watchlist).label("watchlist")
    columns = [own.get(name, table.c[name]) for name in names]
    rows = select(*columns).where(table.c.chat == old)
    connection.execute(upsert(connection, table).from_select(names, rows).on_conflict_do_nothing())
    connection.execute(delete(table).where(table.c.chat == old))


def _move_watches(connection: Connection, old: str, new: str) -> None:
    """Watches keep their row, so that the oldest stays the first."""
    there = select(chat_watches.c.watch_id).where(chat_watches.c.chat == new)
    doubles = delete(chat_watches).where(chat_watches.c.chat == old, chat_watches.c.watch_id.in_(there))
    connection.execute(doubles)
    connection.execute(update(chat_watches).where(chat_watches.c.chat == old).values(chat=new))


def _move_mutes(connection: Connection, old: str, new: str) -> None:
    """A mute of the same thing stays as the new key has it, and what the other held back is held by that one."""
    there = {_muted(row): row for row in connection.execute(select(mutes).where(mutes.c.chat == new))}
    for row in connection.execute(select(mutes).where(mutes.c.chat == old)).all():
        kind, target = _muted(row, old, new)
        kept = there.get((kind, target))
        if kept is None:
            changed = update(mutes).where(mutes.c.id == row.id)
            connection.execute(changed.values(chat=new, target=target))
            continue
        held = update(deliveries).where(deliveries.c.chat == new, deliveries.c.hold == f"mute:{row.id}")
        connection.execute(held.values(hold=f"mute:{kept.id}"))
        connection.execute(delete(mutes).where(mutes.c.id == row.id))


def _muted(row: Row[Any], old: str = "", new: str = "") -> tuple[str, str]:
    """What is muted; the watchlist of the chat's own watches is named after the chat, and so has another key now."""
    name, slash, watch = row.target.rpartition("/") if row.kind == "watch" else (row.target, "", "")
    if old and row.kind in ("watch", "list") and name == chat_key(old):
        name = chat_key(new)
    return row.kind, f"{name}{slash}{watch}"


def _move_chat(connection: Connection, old: str, new: str) -> None:
    """The longer pause holds; whether the chat can be reached is what the new key says, where it says anything. Of a
    whole group that got another key, and of an @name, the old one stays known."""
    before = connection.execute(select(chats).where(chats.c.chat == old)).one_or_none()
    after = connection.execute(select(chats).where(chats.c.chat == new)).one_or_none()
    if before is not None and after is None:
        connection.execute(update(chats).where(chats.c.chat == old).values(chat=new))
    elif before is not None and after is not None:
        pauses = [row.paused_until for row in (before, after) if row.paused_until is not None]
        changed = update(chats).where(chats.c.chat == new)
        names = {"kind": after.kind or before.kind, "title": after.title or before.title}
        connection.execute(changed.values(paused_until=max(pauses, default=None), **names))
        connection.execute(delete(chats).where(chats.c.chat == old))
    if (_is_group(old) or old.startswith("@")) and _is_group(new):
        connection.execute(upsert(connection, chats).values(chat=old, moved_to=new))
    _follow_chat(connection, new, after or before)


def _is_group(chat: str) -> bool:
    """Whether this is the key of a whole group, not of a topic, a person or the owner who is not known yet."""
    return chat.startswith("-") and "/" not in chat


def _follow_chat(connection: Connection, chat: str, row: Row[Any] | None) -> None:
    """Rows that were moved are parked where the chat is, and not where it is not."""
    parked = row is not None and row.parked is not None
    here, there = (State.PENDING, State.PARKED) if parked else (State.PARKED, State.PENDING)
    rows = update(deliveries).where(deliveries.c.chat == chat, deliveries.c.state == here.value)
    connection.execute(rows.values(state=there.value))
