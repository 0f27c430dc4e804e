"""The port to the database: one repository per noun, all of them inside a transaction.

    with store.write() as tx:            # BEGIN IMMEDIATE on SQLite; commits at the end, rolls back on an error
        tx.items.add(...); tx.outbox.queue(...)

Everything here is synchronous and is called in a worker thread (ports/threads.py). Times are aware UTC datetimes.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from watchbot.model.alert import Card
from watchbot.model.item import Item
from watchbot.model.reason import Reason
from watchbot.model.records import (
    AlertRow,
    Decision,
    ItemSource,
    Lease,
    NewItem,
    Pair,
    StoredItem,
    WatchRhythm,
)
from watchbot.ports.store_chats import Chats, Chores, Search, Wishes
from watchbot.ports.store_outbox import Outbox
from watchbot.ports.store_sources import Sources
from watchbot.stories.shelf import Shelf


class Items(Protocol):
    """News items, the keys they are known by, and the sources that carried them."""

    def known(self, keys: Sequence[str]) -> dict[str, int]:
        """Give the item ids stored under those of these keys that exist."""
        ...

    def add(self, item: Item, source_id: int, keys: Sequence[str], seen_at: datetime, baseline: bool) -> int:
        """Store a new item under its keys (keys that exist already stay with their item)."""
        ...

    def reserve(self, count: int) -> list[int]:
        """Row ids for so many new items."""
        ...

    def add_many(self, new: Sequence[NewItem]) -> None:
        """Store new items under their reserved ids and their keys (keys that exist stay with their item)."""
        ...

    def add_source(
        self, item_id: int, source_id: int, url: str, title: str, at: datetime, keys: Sequence[str] = ()
    ) -> bool:
        """Note that a further source carried the item, and under which keys; False where that was known."""
        ...

    def update(self, item_id: int, item: Item, keys: Sequence[str]) -> None:
        """Overwrite title, body, url and published of an edited item and add keys."""
        ...

    def repoint(self, keys: Sequence[str], item_id: int) -> None:
        """From now on these keys mean this item."""
        ...

    def get(self, item_id: int) -> StoredItem | None:
        """One item."""
        ...

    def sources(self, item_id: int) -> list[ItemSource]:
        """The sources that carried an item, the first one first."""
        ...

    def since(self, start: datetime, batch: int = 500) -> Iterator[StoredItem]:
        """All items first seen at or after `start`, oldest first, read in batches."""
        ...

    def latest(self, limit: int) -> list[StoredItem]:
        """The newest items, newest first."""
        ...

    def count(self) -> int:
        """How many items are stored."""
        ...


class Stories(Protocol):
    """Items about one event."""

    def open(self, item_id: int, at: datetime) -> int:
        """Begin a story with this item; sets the item's story."""
        ...

    def items(self, story: int) -> list[int]:
        """Item ids of a story in order of arrival."""
        ...

    def split(self, item_id: int, at: datetime) -> int:
        """Take an item out of its story into one of its own; gives the new story."""
        ...

    def add_pair(self, one: Item, other: Item, same: bool, at: datetime) -> None:
        """Remember what a person said about two items."""
        ...

    def pairs(self) -> list[Pair]:
        """Everything people said about pairs of items, oldest first."""
        ...


class Alerts(Protocol):
    """What was decided to be told, and every reason why or why not."""

    def add(
        self, chat: str, story: int, round_: int, item: int, reason: Reason, card: Card, at: datetime
    ) -> int | None:
        """Store an alert; None where UNIQUE(chat, story, round) says it exists."""
        ...

    def of_story(self, story: int) -> list[AlertRow]:
        """All alerts of a story."""
        ...

    def get(self, alert_id: int) -> AlertRow | None:
        """One alert."""
        ...

    def by_message(self, chat: str, message_id: int) -> AlertRow | None:
        """The alert that became this message."""
        ...

    def set_card(self, alert_id: int, card: Card) -> None:
        """Replace what an alert shows."""
        ...

    def decide(self, decision: Decision) -> None:
        """Store why an item was or was not told (the latest reason of a chat, item, watchlist and watch wins)."""
        ...

    def decide_many(self, found: Sequence[Decision]) -> None:
        """The same for many at once."""
        ...

    def decisions(self, item_id: int) -> list[Decision]:
        """All decisions about an item."""
        ...

    def last(self, limit: int) -> list[AlertRow]:
        """The newest alerts, newest first."""
        ...

    def latest(self, chat: str, limit: int, watch: str = "") -> list[AlertRow]:
        """The newest first alerts of a chat, newest first, one a story; with `watch` (a label) only that watch's."""
        ...

    def told(self, chat: str, keys: Sequence[str]) -> bool:
        """Whether something under one of these keys was told to the chat. Told-keys outlive items."""
        ...

    def tell(self, chat: str, keys: Sequence[str], at: datetime) -> None:
        """Remember that this was told to the chat."""
        ...

    def recent(self, chat: str, source_id: int, since: datetime, most: int) -> int:
        """How many alerts, counted up to `most`, a chat got of a source's items since then."""
        ...

    def rhythms(self, since: datetime) -> list[WatchRhythm]:
        """How often every watch fired since then, the baseline left out."""
        ...

    def note_silence(self, watchlist: str, watch: str, last_at: datetime) -> bool:
        """Remember that it was told that a watch has been silent since then; False where that was known."""
        ...

    def count_told(self) -> int:
        """How many stories were told to somebody."""
        ...


class Machine(Protocol):
    """What the nodes share among themselves: offsets, leases, dropped files already read."""

    def offset(self, bot: str) -> int:
        """The next Telegram update id to ask for, 0 at first."""
        ...

    def set_offset(self, bot: str, offset: int) -> None:
        """Move the offset on."""
        ...

    def acquire(self, name: str, holder: str, seconds: float) -> Lease | None:
        """Take or renew a lease by the database's clock; None while another holder has it."""
        ...

    def release(self, name: str, holder: str) -> None:
        """Give a lease back."""
        ...

    def holder(self, name: str) -> str:
        """Who holds a lease that has not run out, "" for nobody."""
        ...

    def seen_file(self, digest: str) -> bool:
        """Whether a dropped file with this sha256 was read before."""
        ...

    def add_file(self, digest: str, name: str, now: datetime) -> None:
        """Remember a dropped file."""
        ...

    def latest(self) -> datetime | None:
        """The latest time of which it is known that it has been, None in a new database."""
        ...

    def set_back(self, now: datetime, by: timedelta) -> None:
        """The clock was set back: what waits for a time comes so much earlier."""
        ...


class Retention(Protocol):
    """What is old goes; keys outlive their items."""

    def forget_told(self, before: datetime) -> int:
        """Drop told-keys, and identity keys of items that are gone, from before this time."""
        ...

    def forget_items(self, before: datetime, matched: bool, limit: int) -> int:
        """Drop up to `limit` items first seen before this time, those with or those without a match; gives how
        many. One whose alert has not left yet stays."""
        ...


class Tx(Protocol):
    """One transaction's repositories."""

    @property
    def sources(self) -> Sources: ...
    @property
    def items(self) -> Items: ...
    @property
    def stories(self) -> Stories: ...
    @property
    def shelf(self) -> Shelf: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def chats(self) -> Chats: ...
    @property
    def wishes(self) -> Wishes: ...
    @property
    def chores(self) -> Chores: ...
    @property
    def search(self) -> Search: ...
    @property
    def machine(self) -> Machine: ...
    @property
    def retention(self) -> Retention: ...


class Store(Protocol):
    """The database behind the pipeline."""

    def read(self) -> AbstractContextManager[Tx]:
        """A read-only view."""
        ...

    def write(self) -> AbstractContextManager[Tx]:
        """The one way to change something; serialised on SQLite."""
        ...
