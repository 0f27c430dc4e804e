"""The tables, and the column types that behave the same on SQLite and PostgreSQL.

A time is kept as microseconds since 1970 in UTC (BIGINT): it sorts, compares and adds alike on both databases and is
handed out as an aware datetime in UTC. Text loses NUL characters and half surrogate pairs, which PostgreSQL refuses.

What outlives an item when old items are deleted holds no foreign key to it: `item_keys` and `told`. What belongs to
an item goes with it (`item_sources`, `decisions`, `alerts`); an alert that still has deliveries cannot go.

Here: sources, items, stories, alerts, deliveries and what the nodes share. What belongs to chats and people is in
tables_chats.py, the shelf of stories in tables_stories.py, what people said of pairs in tables_pairs.py. The words by
which items are searched stand in `item_search`, which is of another kind on each database (search.py).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from typing_extensions import override

HEAD = "0005"  # the newest migration in alembic/versions; a test keeps the two together

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970; a naive time is a mistake of the caller."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {moment!r}")
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware time in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


class Moment(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """To the database."""
        return None if value is None else to_micros(value)

    @override
    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else from_micros(value)

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        """The same without SQLAlchemy's two calls around it, as for texts."""
        return lambda value: None if value is None else to_micros(value)

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        """The same on the way back."""
        return lambda value: None if value is None else from_micros(value)


class Words(TypeDecorator[str]):
    """Text from outside, without what a database cannot hold."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else storable(value)

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """The same without SQLAlchemy's two calls around it: it is asked for every text that is stored."""
        return lambda value: None if value is None else storable(value)


def storable(value: str) -> str:
    """The same text without NUL characters; half a surrogate pair becomes a question mark."""
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_Id = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER is SQLite's row id


def _table(name: str, *parts: Any) -> Table:
    """A table whose ids, where it has its own, are never given twice."""
    own_id = any(isinstance(part, Column) and part.name == "id" and isinstance(part.type, BigInteger) for part in parts)
    return Table(name, metadata, *parts, sqlite_autoincrement=own_id)


sources = _table(
    "sources",
    Column("id", _Id, primary_key=True),
    Column("name", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("address", Words, nullable=False),
    Column("every", Float),
    Column("max_age", Float),
    Column("chat", Words, nullable=False),
    Column("title_from_feed", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("baseline_done", Boolean, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("etag", LargeBinary),
    Column("last_modified", LargeBinary),
    Column("body_hash", String(128), nullable=False),
    Column("checked_at", Moment),
    Column("ok_at", Moment),
    Column("failing_since", Moment),
    Column("failures", Integer, nullable=False),
    Column("error", Words, nullable=False),
    Column("claimed_by", Words, nullable=False),
    Column("claimed_until", Moment),
    Column("family", Words, nullable=False, server_default=""),
    Column("folder", Words, nullable=False, server_default=""),
    Column("location", Words, nullable=False, server_default=""),
    Column("moved_to", Words, nullable=False, server_default=""),
    Column("moved_times", Integer, nullable=False, server_default="0"),
    Column("added", Boolean, nullable=False, server_default=false()),
    Column("gone", Boolean, nullable=False, server_default=false()),
    Column("outage_since", Moment),
    Column("moved_told", Boolean, nullable=False, server_default=false()),
    Column("gone_told", Boolean, nullable=False, server_default=false()),
    Column("quiet_told", Boolean, nullable=False, server_default=false()),
    Column("ttl", Float, nullable=False, server_default="0"),
    Column("skip_hours", Integer, nullable=False, server_default="0"),  # a bit for each hour of the day, UTC
    Column("skip_days", Integer, nullable=False, server_default="0"),  # a bit for each day, Monday first
    Column("gap", Float),
    Column("newest_at", Moment),
    Column("marks", LargeBinary),
    Column("dates", Text, nullable=False, server_default=""),  # seconds since 1970, a space apart
    Index("ix_sources_due", "active", "kind", "next_at"),
    Index("ix_sources_address", "address"),
)

stories = _table(
    "stories",
    Column("id", _Id, primary_key=True),
    Column("opened_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
)

items = _table(
    "items",
    Column("id", _Id, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("guid", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("published", Moment),
    Column("source", Words, nullable=False),
    Column("lang", Words, nullable=False),
    Column("document", Words, nullable=False),
    Column("line", Integer, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("story", ForeignKey("stories.id", ondelete="SET NULL")),
    Index("ix_items_seen", "seen_at", "id"),
    Index(
        "ix_items_story", "story", sqlite_where=text("story IS NOT NULL"), postgresql_where=text("story IS NOT NULL")
    ),
    Index("ix_items_source", "source_id"),
)

item_keys = _table(
    "item_keys",
    Column("key", Words, primary_key=True),
    Column("item_id", BigInteger, nullable=False),  # no foreign key: keys outlive items
    Index("ix_item_keys_item", "item_id"),
)

item_unsearched = _table(  # what is to be made searchable: written with the item, so both are seen at once
    "item_unsearched",
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
)

item_sources = _table(
    "item_sources",
    Column("id", _Id, primary_key=True),
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), nullable=False),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("url", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("item_id", "source_id"),
    Index("ix_item_sources_source", "source_id"),
)

alerts = _table(
    "alerts",
    Column("id", _Id, primary_key=True),
    Column("chat", Words, nullable=False),
    Column("story", ForeignKey("stories.id"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("item", ForeignKey("items.id", ondelete="CASCADE"), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("card", Words, nullable=False),
    Column("decided_at", Moment, nullable=False),
    UniqueConstraint("chat", "story", "round"),
    Index("ix_alerts_story", "story"),
    Index("ix_alerts_item", "item"),
    Index("ix_alerts_decided", "decided_at"),
)

decisions = _table(
    "decisions",
    Column("item", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("chat", Words, primary_key=True),
    Column("watchlist", Words, primary_key=True),
    Column("watch", Words, primary_key=True),
    Column("reason", String(40), nullable=False),
    Column("at", Moment, nullable=False),
)

# Written out, not bound: only so does SQLite see that a partial index serves.
OPEN = "state IN ('pending', 'uncertain')"
SENDING = "state = 'sending'"
HELD = "state = 'held'"
DEAD = "state = 'dead'"
_TOKEN, _EDITS = "token <> ''", "edits IS NOT NULL"


def _partial(name: str, condition: str, *columns: str) -> Index:
    """An index of those rows only of which the condition holds."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


deliveries = _table(
    "deliveries",
    Column("id", _Id, primary_key=True),
    Column("chat", Words, nullable=False),
    Column("alert", ForeignKey("alerts.id")),
    Column("act", String(10), nullable=False),
    Column("part", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("reply_to", BigInteger),
    Column("form", String(10), nullable=False),
    Column("body", Words, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("message_id", BigInteger),
    Column("repeat", Boolean, nullable=False),
    Column("plain", Boolean, nullable=False),
    Column("error", Words, nullable=False),
    Column("holder", Words, nullable=False),
    Column("claimed_until", Moment),
    Column("edits", BigInteger),  # the delivery whose message an edit changes
    Column("rows", Words, nullable=False, server_default=""),  # buttons as JSON: rows of [text, data]
    Column("token", String(32), nullable=False, server_default=""),  # an edit carries that of its send
    Column("panel", Words, nullable=False, server_default=""),  # what answers the buttons, as JSON
    Column("hold", String(40), nullable=False, server_default=""),
    Column("told_dead", Boolean, nullable=False, server_default=false()),
    _partial("ix_deliveries_order", OPEN, "rank", "id"),
    _partial("ix_deliveries_due", OPEN, "next_at"),
    Index("ix_deliveries_chat", "chat", "state"),
    _partial("ix_deliveries_sending", SENDING, "claimed_until"),
    Index("ix_deliveries_alert", "alert"),
    Index("ix_deliveries_message", "chat", "message_id"),
    _partial("ix_deliveries_retried", f"attempts > 0 AND {OPEN}", "chat", "rank", "id"),
    Index("ix_deliveries_created", "chat", "created_at"),
    _partial("ix_deliveries_held", HELD, "next_at"),
    _partial("ix_deliveries_dead", DEAD, "finished_at"),
    _partial("ix_deliveries_token", _TOKEN, "token"),
    _partial("ix_deliveries_edits", _EDITS, "edits"),
)

told = _table(
    "told",
    Column("chat", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_told_at", "at"),
)

telegram_offsets = _table(
    "telegram_offsets",
    Column("bot", Words, primary_key=True),
    Column("next_update", BigInteger, nullable=False),
)

leases = _table(
    "leases",
    Column("name", Words, primary_key=True),
    Column("holder", Words, nullable=False),
    Column("term", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),  # microseconds by the database's own clock
)

files = _table(
    "files",
    Column("digest", String(64), primary_key=True),
    Column("name", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

watch_silences = _table(  # of which watch it was said that nothing comes any more, and since when nothing did
    "watch_silences",
    Column("watchlist", Words, primary_key=True),
    Column("watch", Words, primary_key=True),
    Column("last_at", Moment, nullable=False),
)

meta = _table(  # counters; on PostgreSQL each row is also the lock of its subject
    "meta",
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

META_ROWS = ("chats", "items", "outbox", "people", "sources", "stories")
