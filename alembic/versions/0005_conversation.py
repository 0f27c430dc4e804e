"""What talking with people needs: buttons, held messages, mutes, rules, joins, chores, and the search of items."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    _deliveries()
    _chats()
    _wishes()
    _chores()
    _search()


def _text(table, name, kind=None):
    op.add_column(table, sa.Column(name, kind or sa.Text(), nullable=False, server_default=""))


def _flag(table, name):
    op.add_column(table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))


def _partial(name, table, columns, condition):
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _deliveries():
    op.add_column("deliveries", sa.Column("edits", sa.BigInteger(), nullable=True))
    _text("deliveries", "rows")
    _text("deliveries", "token", sa.String(length=32))
    _text("deliveries", "panel")
    _text("deliveries", "hold", sa.String(length=40))
    _flag("deliveries", "told_dead")
    # What was given up before counts as known.
    op.execute("UPDATE deliveries SET told_dead = true WHERE state = 'dead'")
    op.execute(
        "UPDATE deliveries SET edits = (SELECT min(send.id) FROM deliveries AS send WHERE send.alert = deliveries.alert"
        " AND send.act = 'send' AND send.part = deliveries.part) WHERE act = 'edit' AND alert IS NOT NULL"
    )
    op.create_index("ix_deliveries_created", "deliveries", ["chat", "created_at"])
    _partial("ix_deliveries_held", "deliveries", ["next_at"], "state = 'held'")
    _partial("ix_deliveries_dead", "deliveries", ["finished_at"], "state = 'dead'")
    _partial("ix_deliveries_token", "deliveries", ["token"], "token <> ''")
    _partial("ix_deliveries_edits", "deliveries", ["edits"], "edits IS NOT NULL")


def _chats():
    _flag("chats", "parked_told")
    _text("chats", "kind", sa.String(length=20))
    _text("chats", "title")
    _text("chats", "moved_to")
    _text("people", "name")


def _wishes():
    op.create_table(
        "mutes",
        sa.Column("id", _Id, nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
        sa.UniqueConstraint("chat", "kind", "target", name=op.f("uq_mutes_chat_kind_target")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rules",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("watchlist", sa.Text(), nullable=False),
        sa.Column("watch", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chat", "watchlist", "watch", "kind", "value", name=op.f("pk_rules")),
    )
    op.create_table(
        "joins",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("watchlist", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat", "watchlist", name=op.f("pk_joins")),
    )


def _chores():
    op.create_table(
        "chores",
        sa.Column("id", _Id, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("reply", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chores")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_chores_due", "chores", ["next_at"])


def _search():
    """The words of items: a full text index of each database's own kind. What is stored already waits for it."""
    op.create_table(
        "item_unsearched",
        sa.Column("item_id", _Id, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_unsearched_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_unsearched")),
    )
    op.execute("INSERT INTO item_unsearched (item_id) SELECT id FROM items")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE item_search USING fts5(words, tokenize = 'ascii')")
        return
    op.execute(
        "CREATE TABLE item_search (item_id bigint CONSTRAINT pk_item_search PRIMARY KEY"
        " CONSTRAINT fk_item_search_item_id REFERENCES items (id) ON DELETE CASCADE, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_item_search_words ON item_search USING gin (words)")
