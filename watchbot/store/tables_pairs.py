"""What a person said about two items: one event or two. Kept as text, so that it outlives the items."""

from sqlalchemy import Boolean, Column

from watchbot.store.tables import Moment, Words, _Id, _table

story_pairs = _table(
    "story_pairs",
    Column("id", _Id, primary_key=True),
    Column("one", Words, nullable=False),  # an item as JSON: title, body, url, source
    Column("other", Words, nullable=False),
    Column("same", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)
