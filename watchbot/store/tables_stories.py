"""The tables of the shelf on which stories stand while they may still grow.

Only what lies inside the window is kept here; stories and items themselves are in tables.py. Postings, titles and
documents hold no foreign key: they go by their age, long before the stories they name.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer

from watchbot.store.tables import Moment, Words, _table

story_terms = _table(  # in how many items a term stood
    "story_terms",
    Column("term", Words, primary_key=True),
    Column("count", Integer, nullable=False),
)

story_postings = _table(  # by which terms a story is found
    "story_postings",
    Column("term", Words, primary_key=True),
    Column("story", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Index("ix_story_postings_term_at", "term", "at", "story"),
    Index("ix_story_postings_at", "at"),
)

story_profiles = _table(  # what a story looks like, as JSON
    "story_profiles",
    Column("story", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True),
    Column("opened_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("profile", Words, nullable=False),
    Index("ix_story_profiles_last_at", "last_at"),
)

story_titles = _table(  # headlines told inside the window
    "story_titles",
    Column("key", Words, primary_key=True),
    Column("story", BigInteger, nullable=False),
    Column("item", BigInteger, nullable=False),
    Column("source", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_story_titles_at", "at"),
)

story_documents = _table(  # which stories hold blocks of a dropped page
    "story_documents",
    Column("document", Words, primary_key=True),
    Column("story", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Index("ix_story_documents_at", "at"),
)

story_places = _table(  # why an item stands where it stands, as JSON
    "story_places",
    Column("item", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("why", Words, nullable=False),
    Column("at", Moment, nullable=False),
)
