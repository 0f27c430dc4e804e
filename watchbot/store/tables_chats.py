"""The tables of chats and people: what was set, made, muted and asked for in a chat, and who was let in."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, UniqueConstraint, false, text

from watchbot.store.tables import Moment, Words, _Id, _table

chats = _table(  # the row "*" holds the pause of every chat
    "chats",
    Column("chat", Words, primary_key=True),
    Column("parked", Words),
    Column("paused_until", Moment),
    Column("parked_told", Boolean, nullable=False, server_default=false()),
    Column("kind", String(20), nullable=False, server_default=""),
    Column("title", Words, nullable=False, server_default=""),
    Column("moved_to", Words, nullable=False, server_default=""),  # the new key of what became something else
)

chat_settings = _table(
    "chat_settings",
    Column("chat", Words, primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("value", Words, nullable=False),
)

chat_watches = _table(
    "chat_watches",
    Column("id", _Id, primary_key=True),
    Column("chat", Words, nullable=False),
    Column("watch_id", Words, nullable=False),
    Column("watch", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("chat", "watch_id"),
)

people = _table(
    "people",
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", String(10), nullable=False),
    Column("since", Moment, nullable=False),
    Column("name", Words, nullable=False, server_default=""),
    Index(
        "uq_people_owner",
        "role",
        unique=True,
        sqlite_where=text("role = 'owner'"),
        postgresql_where=text("role = 'owner'"),
    ),
)

invites = _table(
    "invites",
    Column("code_hash", String(128), primary_key=True),
    Column("role", String(10), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_by", BigInteger),
    Column("used_at", Moment),
)

mutes = _table(
    "mutes",
    Column("id", _Id, primary_key=True),
    Column("chat", Words, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("target", Words, nullable=False),
    Column("label", Words, nullable=False),
    Column("until", Moment),  # NULL: until unmuted
    Column("at", Moment, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    UniqueConstraint("chat", "kind", "target"),
)

rules = _table(
    "rules",
    Column("chat", Words, primary_key=True),
    Column("watchlist", Words, primary_key=True),
    Column("watch", Words, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("value", Words, primary_key=True),
)

joins = _table(
    "joins",
    Column("chat", Words, primary_key=True),
    Column("watchlist", Words, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
)

chores = _table(
    "chores",
    Column("id", _Id, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("chat", Words, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("payload", Words, nullable=False),  # JSON
    Column("reply", BigInteger),  # no foreign key: a chore may outlive the message that announced it
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_chores_due", "next_at"),
)
