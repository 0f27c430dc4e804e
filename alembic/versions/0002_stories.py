"""The shelf of stories: terms, what finds a story, what it looks like, and why an item stands where it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    _terms()
    _profiles()
    _titles_and_documents()
    _places()
    meta = sa.table("meta", sa.column("name"), sa.column("value"))
    op.bulk_insert(meta, [{"name": "stories", "value": 0}])


def _terms():
    op.create_table(
        "story_terms",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_story_terms")),
    )
    op.create_table(
        "story_postings",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("story", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("term", "story", name=op.f("pk_story_postings")),
    )
    op.create_index("ix_story_postings_term_at", "story_postings", ["term", "at", "story"], unique=False)
    op.create_index("ix_story_postings_at", "story_postings", ["at"], unique=False)


def _profiles():
    op.create_table(
        "story_profiles",
        sa.Column("story", _Id, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name=op.f("fk_story_profiles_story"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("story", name=op.f("pk_story_profiles")),
    )
    op.create_index("ix_story_profiles_last_at", "story_profiles", ["last_at"], unique=False)


def _titles_and_documents():
    op.create_table(
        "story_titles",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("story", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_story_titles")),
    )
    op.create_index("ix_story_titles_at", "story_titles", ["at"], unique=False)
    op.create_table(
        "story_documents",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("story", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("document", "story", name=op.f("pk_story_documents")),
    )
    op.create_index("ix_story_documents_at", "story_documents", ["at"], unique=False)


def _places():
    op.create_table(
        "story_places",
        sa.Column("item", _Id, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name=op.f("fk_story_places_item"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_story_places")),
    )
