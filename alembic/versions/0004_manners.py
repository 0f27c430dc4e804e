"""What polling politely needs: a feed's wishes and rhythm, where it moved, what was told of it; quiet watches."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXTS = ("family", "folder", "location", "moved_to", "dates")
FLAGS = ("added", "gone", "moved_told", "gone_told", "quiet_told")
NUMBERS = ("moved_times", "skip_hours", "skip_days")


def upgrade():
    for name in TEXTS:
        op.add_column("sources", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in FLAGS:
        op.add_column("sources", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in NUMBERS:
        op.add_column("sources", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("ttl", sa.Float(), nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("marks", sa.LargeBinary(), nullable=True))
    op.add_column("sources", sa.Column("gap", sa.Float(), nullable=True))
    for name in ("newest_at", "outage_since"):
        op.add_column("sources", sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_index("ix_sources_address", "sources", ["address"])
    op.create_index(op.f("ix_alerts_decided"), "alerts", ["decided_at"])
    op.create_table(
        "watch_silences",
        sa.Column("watchlist", sa.Text(), nullable=False),
        sa.Column("watch", sa.Text(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("watchlist", "watch", name=op.f("pk_watch_silences")),
    )
