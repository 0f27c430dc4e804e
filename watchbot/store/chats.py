"""What chats are, their settings, watches made in chats, people and invitations."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, case, delete, or_, select, update

from watchbot.model.alert import State
from watchbot.model.records import ChatInfo, ChatWatch, Person
from watchbot.model.watch import Watch
from watchbot.store.codec import dump_watch, load_watch
from watchbot.store.statements import grow, lock_row, upsert
from watchbot.store.tables import deliveries, meta
from watchbot.store.tables_chats import chat_settings, chat_watches, chats, invites, people

_RANKS = {"": 0, "user": 1, "admin": 2, "owner": 3}


class SqlChats:
    """Implements the Chats port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def settings(self, chat: str) -> Mapping[str, str]:
        """What was set in the chat (language, timezone ...)."""
        query = select(chat_settings.c.name, chat_settings.c.value).where(chat_settings.c.chat == chat)
        return {row.name: row.value for row in self._connection.execute(query)}

    def every_setting(self) -> dict[str, dict[str, str]]:
        """What was set in all chats, by chat."""
        found: dict[str, dict[str, str]] = {}
        query = select(chat_settings.c.chat, chat_settings.c.name, chat_settings.c.value)
        for chat, name, value in self._connection.execute(query):
            found.setdefault(chat, {})[name] = value
        return found

    def set(self, chat: str, name: str, value: str) -> None:
        """Set one setting of a chat; "" takes it away."""
        grow(self._connection, "chats")
        if value == "":
            mine = (chat_settings.c.chat == chat, chat_settings.c.name == name)
            self._connection.execute(delete(chat_settings).where(*mine))
            return
        new = upsert(self._connection, chat_settings).values(chat=chat, name=name, value=value)
        again = new.on_conflict_do_update(index_elements=["chat", "name"], set_={"value": new.excluded.value})
        self._connection.execute(again)

    def parked(self) -> dict[str, str]:
        """Chats that cannot be reached, and why."""
        query = select(chats.c.chat, chats.c.parked).where(chats.c.parked.is_not(None))
        return {row.chat: row.parked for row in self._connection.execute(query)}

    def untold_parked(self) -> dict[str, str]:
        """Parked chats of which nobody was told yet, and why they are parked."""
        query = select(chats.c.chat, chats.c.parked).where(chats.c.parked.is_not(None), chats.c.parked_told.is_(False))
        return {row.chat: row.parked for row in self._connection.execute(query)}

    def note_parked(self, chat: str) -> None:
        """Remember that it was told that a chat is parked, until it can be reached again."""
        parked = update(chats).where(chats.c.chat == chat, chats.c.parked.is_not(None))
        self._connection.execute(parked.values(parked_told=True))

    def info(self, chat: str) -> ChatInfo | None:
        """What is known of a chat (of the whole group for a topic's key); None where nothing is."""
        row = self._connection.execute(select(chats).where(chats.c.chat == _whole(chat))).one_or_none()
        if row is None or not (row.kind or row.title or row.moved_to):
            return None
        return ChatInfo(row.chat, row.kind, row.title, row.moved_to)

    def note(self, info: ChatInfo) -> None:
        """Remember what a chat (for a topic's key the whole group) is and is called; writes only where that changed.

        Where it moved to stays known where `info` does not say it."""
        new = upsert(self._connection, chats)
        values = {"kind": info.kind, "title": info.title, "moved_to": info.moved_to}
        told = {name: new.excluded[name] for name, value in values.items() if value or name != "moved_to"}
        changed = or_(*(chats.c[name] != value for name, value in told.items()))
        again = new.on_conflict_do_update(index_elements=["chat"], set_=told, where=changed)
        self._connection.execute(again, {"chat": _whole(info.chat), **values})

    def moved(self) -> dict[str, str]:
        """Old keys of chats that became something else, and their new keys."""
        query = select(chats.c.chat, chats.c.moved_to).where(chats.c.moved_to != "")
        return {row.chat: row.moved_to for row in self._connection.execute(query)}

    def unpark(self, chat: str, now: datetime) -> int:
        """The chat can be reached again: its parked rows are due; gives how many."""
        self._connection.execute(update(chats).where(chats.c.chat == chat).values(parked=None, parked_told=False))
        rows = update(deliveries).where(deliveries.c.chat == chat, deliveries.c.state == State.PARKED.value)
        return self._connection.execute(rows.values(state=State.PENDING.value, next_at=now)).rowcount

    def add_watch(self, chat: str, watch: Watch, now: datetime) -> None:
        """Store a watch made in a chat (replaces one of the same id)."""
        new = upsert(self._connection, chat_watches)
        new = new.values(chat=chat, watch_id=watch.id, watch=dump_watch(watch), created_at=now)
        again = new.on_conflict_do_update(index_elements=["chat", "watch_id"], set_={"watch": new.excluded.watch})
        self._connection.execute(again)
        grow(self._connection, "chats")

    def remove_watch(self, chat: str, watch_id: str) -> bool:
        """Remove a watch made in a chat."""
        gone = delete(chat_watches).where(chat_watches.c.chat == chat, chat_watches.c.watch_id == watch_id)
        if not self._connection.execute(gone).rowcount:
            return False
        grow(self._connection, "chats")
        return True

    def watches(self, chat: str | None = None) -> list[ChatWatch]:
        """Watches made in a chat, or in all chats, oldest first."""
        query = select(chat_watches).order_by(chat_watches.c.id)
        if chat is not None:
            query = query.where(chat_watches.c.chat == chat)
        rows = self._connection.execute(query)
        return [ChatWatch(row.chat, load_watch(row.watch), row.created_at) for row in rows]

    def version(self) -> int:
        """Grows whenever a watch, a setting, a mute, a rule or a join of a chat or a role changes, on any node."""
        return int(self._connection.execute(select(meta.c.value).where(meta.c.name == "chats")).scalar_one())

    def role(self, user: int) -> str:
        """`owner`, `admin`, `user` or ""."""
        return self._connection.execute(select(people.c.role).where(people.c.user_id == user)).scalar() or ""

    def set_role(self, user: int, role: str, now: datetime) -> None:
        """Give a person a role, "" for none. A new owner makes the former one an admin."""
        lock_row(self._connection, "people")
        grow(self._connection, "chats")
        if role == "":
            self._connection.execute(delete(people).where(people.c.user_id == user))
            return
        if role == "owner":
            former = update(people).where(people.c.role == "owner", people.c.user_id != user)
            self._connection.execute(former.values(role="admin"))
        new = upsert(self._connection, people).values(user_id=user, role=role, since=now)
        self._connection.execute(
            new.on_conflict_do_update(index_elements=["user_id"], set_={"role": new.excluded.role})
        )

    def name_person(self, user: int, name: str) -> None:
        """Remember what somebody who was let in is called; writes only where that changed."""
        known = update(people).where(people.c.user_id == user, people.c.name != name)
        self._connection.execute(known.values(name=name))

    def people(self, role: str) -> list[int]:
        """Who has this role."""
        query = select(people.c.user_id).where(people.c.role == role).order_by(people.c.user_id)
        return [int(user) for user in self._connection.execute(query).scalars()]

    def everyone(self) -> list[Person]:
        """Everybody who was let in: the owner first, then admins, then users, each by the time they came."""
        rank = case({"owner": 0, "admin": 1}, value=people.c.role, else_=2)
        rows = self._connection.execute(select(people).order_by(rank, people.c.since, people.c.user_id))
        return [Person(row.user_id, row.role, row.since, row.name) for row in rows]

    def owner(self) -> int | None:
        """Who claimed the bot."""
        return self._connection.execute(select(people.c.user_id).where(people.c.role == "owner")).scalar()

    def invite(self, code_hash: str, role: str, expires_at: datetime) -> None:
        """Store a one-time code (only its hash)."""
        new = upsert(self._connection, invites).values(code_hash=code_hash, role=role, expires_at=expires_at)
        self._connection.execute(new.on_conflict_do_nothing())

    def redeem(self, code_hash: str, user: int, now: datetime) -> str | None:
        """Use a code: gives its role, sets it; None where unknown, used or expired, or `owner` while there is one.

        Who has that role or a higher one already keeps it, and the code stays good for somebody else. Whoever opens a
        link once more that let them in hears the role they have now.
        """
        lock_row(self._connection, "people")
        usable = (invites.c.code_hash == code_hash, invites.c.used_by.is_(None), invites.c.expires_at > now)
        role: str | None = self._connection.execute(select(invites.c.role).where(*usable)).scalar()
        has = self.role(user)
        if role is None and has:
            mine = select(invites.c.role).where(invites.c.code_hash == code_hash, invites.c.used_by == user)
            return has if self._connection.execute(mine).scalar() else None
        if role is None or (role == "owner" and self.owner() is not None):
            return None
        if _RANKS.get(has, 0) >= _RANKS.get(role, 0):
            return has
        self._connection.execute(update(invites).where(*usable).values(used_by=user, used_at=now))
        self.set_role(user, role, now)
        return role


def _whole(chat: str) -> str:
    """The key of the whole group behind the key of one of its topics."""
    return chat.partition("/")[0]
