"""The shelf of stories in the database: a few indexed look-ups an item, however many stories there are.

All calls of one placement belong into one transaction. On PostgreSQL the first call takes the lock row of stories, so
that two nodes never place at the same time; on SQLite the writing transaction is that lock.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Executable,
    Select,
    Table,
    TextClause,
    bindparam,
    delete,
    insert,
    literal,
    select,
    text,
    union_all,
    update,
)
from typing_extensions import override

from watchbot.store.statements import fit, lock_row
from watchbot.store.tables import items, meta, stories
from watchbot.store.tables_stories import (
    story_documents,
    story_places,
    story_postings,
    story_profiles,
    story_terms,
    story_titles,
)
from watchbot.stories.shelf import ItemKey, Profile, Shelf, TitleOnShelf

KEEP = timedelta(hours=96)
TIDY_EVERY = 500
MOST_COUNTED = 200_000
# Statements are built once: building them costs more than the database takes to answer.
_ITEMS = select(meta.c.value).where(meta.c.name == "stories")
_SET_ITEMS = update(meta).where(meta.c.name == "stories").values(value=bindparam("items"))
_COUNTS = select(story_terms.c.term, story_terms.c["count"].label("seen")).where(
    story_terms.c.term.in_(bindparam("terms", expanding=True))
)
_COUNT = text(
    "INSERT INTO story_terms (term, count) VALUES (:term, 1) "
    "ON CONFLICT (term) DO UPDATE SET count = story_terms.count + 1"
)
_PROFILES = select(story_profiles).where(story_profiles.c.story.in_(bindparam("stories", expanding=True)))
_TITLE = select(story_titles).where(story_titles.c.key == bindparam("key"), story_titles.c.at >= bindparam("since"))
_JOIN = update(items).where(items.c.id == bindparam("item")).values(story=bindparam("story_id"))
_TOUCH = update(stories).where(stories.c.id == bindparam("story")).values(last_at=bindparam("at"))


class SqlShelf(Shelf):
    """Implements the Shelf port on one open transaction; item keys are row ids."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection
        self._items: int | None = None

    @override
    def items(self) -> int:
        if self._items is None:
            if not self._connection.get_execution_options().get("postgresql_readonly"):
                lock_row(self._connection, "stories")
            self._items = int(self._connection.execute(_ITEMS).scalar_one())
        return self._items

    @override
    def counts(self, terms: Sequence[str]) -> dict[str, int]:
        keys = {fit(term): term for term in terms}
        rows = self._connection.execute(_COUNTS, {"terms": list(keys)})
        return {keys[row.term]: row.seen for row in rows}

    @override
    def count(self, terms: Sequence[str]) -> None:
        before = self.items()
        rows = [{"term": key} for key in sorted({fit(term) for term in terms})]
        if rows:
            self._connection.execute(_COUNT, rows)
        self._set_items(before + 1)
        if before + 1 >= MOST_COUNTED:
            self._halve()

    @override
    def stories_with(self, terms: Sequence[str], since: datetime, limit: int) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {term: [] for term in terms}
        if not terms:
            return found
        self.items()
        values: dict[str, Any] = {f"term{number}": fit(term) for number, term in enumerate(terms)}
        for number, story in self._connection.execute(_found_by(len(terms), limit), values | {"since": since}):
            found[terms[number]].append(story)
        return found

    @override
    def stories_of(self, document: str) -> list[int]:
        query = select(story_documents.c.story).where(story_documents.c.document == fit(document))
        return list(self._connection.execute(query.order_by(story_documents.c.story)).scalars())

    @override
    def profiles(self, stories: Sequence[int]) -> dict[int, Profile]:
        if not stories:
            return {}
        rows = {row.story: row for row in self._connection.execute(_PROFILES, {"stories": list(stories)})}
        return {story: _profile(rows[story]) for story in stories if story in rows}

    @override
    def open(self, item: ItemKey, at: datetime) -> int:
        key = self._connection.execute(insert(stories), {"opened_at": at, "last_at": at}).inserted_primary_key
        assert key is not None
        self.join(int(key[0]), item)
        return int(key[0])

    @override
    def join(self, story: int, item: ItemKey) -> None:
        self._connection.execute(_JOIN, {"item": item, "story_id": story})

    @override
    def save(self, profile: Profile, terms: Sequence[str], at: datetime) -> None:
        values = {"story": profile.story, "opened_at": profile.opened_at, "last_at": profile.last_at}
        self._put(story_profiles, [values | {"profile": _packed(profile)}])
        self._connection.execute(_TOUCH, {"story": profile.story, "at": profile.last_at})
        postings = [{"term": fit(term), "story": profile.story, "at": at} for term in terms]
        self._put(story_postings, postings)
        documents = [{"document": fit(name), "story": profile.story, "at": at} for name in profile.documents]
        self._put(story_documents, documents)
        if self.items() % TIDY_EVERY == 0:
            self._tidy(at - KEEP)

    @override
    def title(self, key: str, since: datetime) -> TitleOnShelf | None:
        self.items()
        row = self._connection.execute(_TITLE, {"key": fit(key), "since": since}).first()
        return TitleOnShelf(row.story, row.item, row.source, row.text, row.at) if row else None

    @override
    def add_title(self, key: str, title: TitleOnShelf) -> None:
        values = {"key": fit(key), "story": title.story, "item": title.item, "source": title.source}
        self._put(story_titles, [values | {"text": title.text, "at": title.at}])

    @override
    def note(self, item: ItemKey, why: Mapping[str, object], at: datetime) -> None:
        words = json.dumps(dict(why), ensure_ascii=False)
        self._put(story_places, [{"item": item, "why": words, "at": at}])

    @override
    def why(self, item: ItemKey) -> dict[str, object] | None:
        query = select(story_places.c.why).where(story_places.c.item == item)
        words = self._connection.execute(query).scalar_one_or_none()
        return None if words is None else dict(json.loads(words))

    def _put(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Write rows, over those of the same keys; in the order of the keys, so that no two nodes lock crosswise."""
        keys = [column.name for column in table.primary_key]
        if rows:
            ordered = sorted(rows, key=lambda row: [str(row[name]) for name in keys])
            self._connection.execute(_writing(table), ordered)

    def _set_items(self, items: int) -> None:
        self._connection.execute(_SET_ITEMS, {"items": items})
        self._items = items

    def _halve(self) -> None:
        """Old news fades: every count is halved, and what stood once is forgotten."""
        count = story_terms.c["count"]
        self._connection.execute(delete(story_terms).where(count <= 1))
        self._connection.execute(update(story_terms).values(count=count // 2))
        self._set_items(self.items() // 2)

    def _tidy(self, before: datetime) -> None:
        """Forget what is out of the window; stories and the reasons of items stay."""
        for table in (story_postings, story_titles, story_documents):
            self._connection.execute(delete(table).where(table.c.at < before))
        self._connection.execute(delete(story_profiles).where(story_profiles.c.last_at < before))


@cache
def _writing(table: Table) -> TextClause:
    """A row over the one of the same key.

    As text, which both databases understand: SQLAlchemy compiles its own ON CONFLICT anew every time.
    """
    names = [f'"{column.name}"' for column in table.columns]
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    values = ", ".join(f":{column.name}" for column in table.columns)
    others = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    words = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values}) "  # noqa: S608 - our own names
    made = text(words + f"ON CONFLICT ({keys}) DO UPDATE SET {others}")
    return made.bindparams(*(bindparam(column.name, type_=column.type) for column in table.columns))


@cache
def _found_by(terms: int, limit: int) -> Executable:
    """The latest stories of each of so many terms."""
    return union_all(*(_latest(number, limit) for number in range(terms)))


def _latest(number: int, limit: int) -> Select[Any]:
    """The latest stories of one term."""
    at, story = story_postings.c.at, story_postings.c.story
    inner = (
        select(story)
        .where(story_postings.c.term == bindparam(f"term{number}"), at >= bindparam("since", type_=at.type))
        .order_by(at.desc(), story.desc())
        .limit(limit)
        .subquery()
    )
    return select(literal(number).label("number"), inner.c.story)


def _packed(profile: Profile) -> str:
    values = asdict(profile)
    for name in ("story", "opened_at", "last_at"):
        del values[name]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _profile(row: Any) -> Profile:
    return Profile(row.story, row.opened_at, row.last_at, **json.loads(row.profile))
